"""
From gaps and sites to projects and a programme by year.

Many gaps go to one project: a site is one project, however many services stand on it. Ids depend
on what a project is, not on its place in a list, so they stay the same from run to run.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.gaps.diagnosis import Gaps
from lifecircle.siting.sites import Sites, people_gained
from lifecircle.standards import FacilityType, Standard
from lifecircle.tables import PROGRAMME, PROJECTS

_MODE = {"stock_room": "lease", "extension": "extend", "share": "share", "gate": "open"}


@dataclass(frozen=True, kw_only=True)
class Programme:
    """
    What is to be done, by whom and when.

    Parameters
    ----------
    projects, programme
        Tables with the columns of `tables.PROJECTS` and `tables.PROGRAMME`.
    gaps, sites
        The gap list and the sites with their project, site and year filled in.
    """

    projects: pd.DataFrame
    programme: pd.DataFrame
    gaps: pd.DataFrame
    sites: pd.DataFrame

    def _repr_html_(self) -> str:
        shown = ["year", "name", "services", "mode", "lead_body", "people_served"]
        html: str = self.projects[shown].to_html(index=False, na_rep="–", escape=True)
        return html


def draw_up(
    standard: Standard,
    gaps: Gaps,
    sites: Sites,
    *,
    homes: gpd.GeoDataFrame,
    communities: gpd.GeoDataFrame,
    language: str,
) -> Programme:
    """
    Turn sites into projects and spread them over the years.

    Parameters
    ----------
    standard
        The standard, whose types suggest the responsible bodies (proposals, to be settled).
    gaps
        The gap list.
    sites
        The chosen sites.
    homes
        `tables.HOMES`, which the sites' served rows point into.
    communities
        `tables.COMMUNITIES`.
    language
        ``zh`` or ``en``: language of names and bodies.

    Returns
    -------
    programme
        Projects, the yearly programme, and gaps and sites linked to them.
    """
    gap_table = gaps.table.copy()
    site_table = sites.table.copy()
    names = communities.set_index("community_id")
    in_community = homes["community_id"].to_numpy(dtype=object)
    projects: list[dict[str, object]] = []
    plan: list[dict[str, object]] = []
    for position, site in site_table.iterrows():
        served = sites.served.get(site["site_id"], {})
        types = [standard.type(name) for name in str(site["types"]).split("; ") if name]
        project_id = f"x{hashlib.sha256(str(site['site_id']).encode()).hexdigest()[:12]}"
        site_table.loc[position, "project_id"] = project_id
        closed = _closed_gaps(gap_table, served, in_community)
        closed |= _built_anyway(standard, gap_table, closed, {one.id for one in types})
        # A gap belongs to the first site that serves it: the one with the larger gain.
        fresh = closed & gap_table["project_id"].isna().to_numpy()
        gap_table.loc[fresh, "project_id"] = project_id
        gap_table.loc[fresh, "site_id"] = site["site_id"]
        gap_table.loc[fresh, "year"] = site["year"]
        gains = _gains(people_gained(standard, served, homes), in_community)
        where = sorted(gains)
        # Named after the community it serves most, not the one whose id comes first.
        by_gain = sorted(where, key=lambda one: (-gains[one], one))
        lead, helping = _bodies(types, language)
        label = _name(standard, types, [str(names.loc[one, "name"]) for one in by_gain], language)
        shared = {
            "project_id": project_id,
            "name": label,
            "services": site["services"],
            "types": site["types"],
            "mode": _MODE.get(str(site["kind"]), "new"),
            "lead_body": lead,
            "cooperating_body": helping,
            "year": site["year"],
            "status": "proposed",
        }
        projects.append(
            shared
            | {
                "communities": "; ".join(where),
                "gap_ids": "; ".join(gap_table.loc[closed, "gap_id"]),
                "site_id": site["site_id"],
                "people_served": site["newly_covered"],
                "area_m2": site["area_m2"],
                "floor_m2": site["floor_m2"],
            }
        )
        plan += [
            shared
            | {
                "community_id": one,
                "community": names.loc[one, "name"],
                "subdistrict": names.loc[one, "subdistrict"],
                "people_served": gains[one],
            }
            for one in where
        ]
    programme = pd.DataFrame(plan, columns=list(PROGRAMME))
    if len(programme):
        programme = programme.sort_values(["year", "project_id", "community_id"])
    return Programme(
        projects=pd.DataFrame(projects, columns=list(PROJECTS)),
        programme=programme.reset_index(drop=True),
        gaps=gap_table,
        sites=site_table,
    )


def _closed_gaps(gaps: pd.DataFrame, served: object, in_community: np.ndarray) -> np.ndarray:
    """Mark the gaps some of whose people a site newly covers."""
    closed = np.zeros(len(gaps), dtype=bool)
    if isinstance(served, dict):
        for requirement, rows in served.items():
            where = set(in_community[rows])
            closed |= (
                (gaps["requirement"] == requirement) & gaps["community_id"].isin(where)
            ).to_numpy()
    return closed


def _built_anyway(
    standard: Standard, gaps: pd.DataFrame, closed: np.ndarray, types: set[str]
) -> np.ndarray:
    """Mark gaps of size that ask for a first facility where the site builds one: one lack, once."""
    joined = np.zeros(len(gaps), dtype=bool)
    where = set(gaps.loc[closed, "community_id"])
    for norm in standard.norms:
        asked = norm.types or tuple(one.id for one in standard.types if one.service == norm.service)
        if types & set(asked):
            joined |= (
                (gaps["requirement"] == norm.id)
                & (gaps["kind"] == "size")
                & (gaps["remedy"] == "new")
                & gaps["community_id"].isin(where)
            ).to_numpy()
    return joined


def _gains(gained: NDArray[np.float64], in_community: NDArray[np.object_]) -> dict[str, float]:
    """Count the people each community gains from a site, whether it had a gap or not."""
    where = {name for name in in_community[gained > 0] if isinstance(name, str)}
    return {one: float(gained[in_community == one].sum()) for one in where}


def _bodies(types: list[FacilityType], language: str) -> tuple[str, str]:
    lead = [one.lead_body_zh if language == "zh" else one.lead_body_en for one in types]
    helping = [
        one.cooperating_body_zh if language == "zh" else one.cooperating_body_en for one in types
    ]
    mark = "、" if language == "zh" else ", "
    first = dict.fromkeys(name for names in lead if names for name in names.split(mark))
    others = dict.fromkeys(name for names in helping if names for name in names.split(mark))
    return mark.join(first), mark.join(name for name in others if name not in first)


def _name(standard: Standard, types: list[FacilityType], places: list[str], language: str) -> str:
    """Name a project by where it is and what it holds."""
    place = (places[0] if places else "") + ("等" if language == "zh" and len(places) > 1 else "")
    if len(types) == 1:
        kind = types[0].label_zh if language == "zh" else types[0].label_en
    else:
        labels = [
            standard.service_labels[name][language]
            for name in standard.services
            if name in {one.service for one in types}
        ]
        kind = (
            f"综合体（{'、'.join(labels)}）"
            if language == "zh"
            else (f"centre for {', '.join(label.lower() for label in labels)}")
        )
    if language == "zh":
        return f"{place}{kind}"
    more = " and others" if len(places) > 1 else ""
    return f"{kind}, {place}{more}" if place else kind
