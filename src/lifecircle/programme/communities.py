"""
The programme of communities (社区建设计划): of which type each is, when it starts, what it leaves.

Types and the rule behind them are this project's proposal (P); the planner's columns decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from lifecircle.programme.projects import Programme
from lifecircle.siting.easy import still_open
from lifecircle.siting.sites import Sites
from lifecircle.standards import Standard
from lifecircle.tables import COMMUNITY_PROGRAMME

OLD_BEFORE = 2000
"""Estates built before this year are old ones, as in renewal of old estates (P)."""
_HALF = 0.5
SERVICES_OF_A_CENTRE = 3
"""Services in one project that make it a centre (S10: at least three functions)."""


def community_programme(
    standard: Standard,
    drawn: Programme,
    sites: Sites,
    *,
    homes: gpd.GeoDataFrame,
    communities: gpd.GeoDataFrame,
    estates: pd.DataFrame | None = None,
    language: str = "en",
) -> pd.DataFrame:
    """
    Say for every community what the programme makes of it.

    Parameters
    ----------
    standard
        The standard.
    drawn
        Projects with their years.
    sites
        The sites and what is easy, with the homes each newly serves.
    homes
        `tables.HOMES`.
    communities
        `tables.COMMUNITIES`.
    estates
        `tables.ESTATES`, with ``year_built`` and ``dwellings`` as far as known.
    language
        ``zh`` or ``en``: of the reason.

    Returns
    -------
    table
        Columns `tables.COMMUNITY_PROGRAMME`, one row per community, by its id. `estate_kind` is
        ``old`` where at least half of the dwellings of estates of known age were built before
        `OLD_BEFORE`, else ``new``, missing where the age of fewer than half is known. `gaps_left`
        are those no project of the programme's years closes: enough of the people short are still
        short, or nobody answers it. `kind` is ``leading`` where a centre of at least
        `SERVICES_OF_A_CENTRE` services is built that serves nobody more than this community, else
        ``basic``; missing where nothing is planned. `start_year` and `end_year` are those of its
        first and last project.
    """
    people = homes.groupby("community_id")["people"].sum()
    age = _ages(homes, estates)
    gaps = drawn.gaps[drawn.gaps["reason"] != "no_data"]
    left = _left(standard, drawn, sites, gaps, homes)
    plan = drawn.programme[drawn.programme["year"].notna()]
    by_community = dict(tuple(plan.groupby("community_id")))
    centred = _centred(plan)
    rows = []
    for area in communities.sort_values("community_id", kind="stable").to_dict("records"):
        key = area["community_id"]
        mine = by_community.get(key)
        now = gaps["community_id"] == key
        still = now & left
        years = [] if mine is None else mine["year"].astype(int).tolist()
        built, old = age.get(str(key), (float("nan"), float("nan")))
        kind = ("leading" if key in centred else "basic") if years else None
        rows.append(
            {
                "community_id": key,
                "community": area["name"],
                "subdistrict": area["subdistrict"],
                "county": area["county"],
                "people": float(people.get(key, 0.0)),
                "estate_kind": None if np.isnan(old) else ("old" if old >= _HALF else "new"),
                "built_median": built,
                "old_share": old,
                "kind": kind,
                "start_year": min(years, default=float("nan")),
                "end_year": max(years, default=float("nan")),
                "projects": 0 if mine is None else int(mine["project_id"].nunique()),
                "gaps_now": int(now.sum()),
                "gaps_left": int(still.sum()),
                "services_left": "; ".join(
                    name for name in standard.services if name in set(gaps.loc[still, "service"])
                )
                or None,
                "why": _why(kind, int(now.sum()), language),
            }
        )
    return pd.DataFrame(rows, columns=list(COMMUNITY_PROGRAMME))


def _ages(
    homes: gpd.GeoDataFrame, estates: pd.DataFrame | None
) -> Mapping[str, tuple[float, float]]:
    """Give every community the middle year its dwellings were built in, and the share of old."""
    if estates is None or "year_built" not in estates or len(estates) == 0:
        return {}
    lived = homes[homes["estate_id"].notna()]
    share = lived.groupby(["community_id", "estate_id"])["people"].sum().reset_index()
    whole = share.groupby("estate_id")["people"].transform("sum")
    told = estates.set_index("estate_id")
    flats = pd.to_numeric(told["dwellings"], errors="coerce") if "dwellings" in told else None
    share["weight"] = share["people"]
    # Dwellings where all estates tell them, shared out as the people are; else the people.
    if flats is not None and flats.reindex(share["estate_id"]).notna().all():
        part = (share["people"] / whole).where(whole > 0, 0.0)
        share["weight"] = part * flats.reindex(share["estate_id"]).to_numpy()
    year = pd.to_numeric(told["year_built"], errors="coerce").reindex(share["estate_id"])
    share["year"] = year.to_numpy(dtype=np.float64)
    found = {}
    for key, mine in share.groupby("community_id"):
        known = mine[mine["year"].notna() & (mine["weight"] > 0)].sort_values("year")
        weight = known["weight"].to_numpy(dtype=np.float64)
        if weight.sum() <= 0 or weight.sum() < _HALF * float(mine["weight"].sum()):
            continue
        years = known["year"].to_numpy(dtype=np.float64)
        middle = years[np.searchsorted(np.cumsum(weight), weight.sum() / 2)]
        found[str(key)] = (float(middle), float(weight[years < OLD_BEFORE].sum() / weight.sum()))
    return found


def with_open_gaps(
    table: pd.DataFrame, drawn: Programme, services: Sequence[str], wishes: pd.DataFrame
) -> pd.DataFrame:
    """
    Count what is left anew, by the search that followed all sites.

    Parameters
    ----------
    table
        From `community_programme`, whose own count knows no requirement that counts several
        places; not changed.
    drawn
        The programme.
    services
        Services in the order of the standard.
    wishes
        `tables.WISHES`: gaps of access that no site closes.

    Returns
    -------
    table
        With ``gaps_left`` and ``services_left``; the table itself where a site has no year, for the
        search took all sites as built.
    """
    if drawn.sites["year"].isna().any():
        return table
    gaps = drawn.gaps[drawn.gaps["reason"] != "no_data"]
    size = gaps["kind"] == "size"
    left = gaps[(size & gaps["year"].isna()) | (~size & gaps["gap_id"].isin(wishes["gap_id"]))]
    counts = left["community_id"].value_counts()
    named = left.groupby("community_id")["service"].agg(set).to_dict()
    areas = table["community_id"].tolist()
    return table.assign(
        gaps_left=[int(counts.get(one, 0)) for one in areas],
        services_left=[
            "; ".join(name for name in services if name in named.get(one, ())) or None
            for one in areas
        ],
    )


def _left(
    standard: Standard,
    drawn: Programme,
    sites: Sites,
    gaps: pd.DataFrame,
    homes: gpd.GeoDataFrame,
) -> pd.Series:
    """Mark the gaps that still are gaps when every project with a year is done."""
    years = drawn.projects.set_index("project_id")["year"]
    of_site = sites.table["parcel_id"].map(drawn.project_of).map(years)
    built = sites.table.loc[of_site.notna(), "site_id"]
    served = [sites.served[one] for one in built if one in sites.served]
    return pd.Series(still_open(standard, gaps, served, homes), index=gaps.index, dtype=bool)


def _centred(plan: pd.DataFrame) -> set[object]:
    """Find the communities a centre serves more than any other."""
    centres = plan[plan["services"].str.count(";") + 1 >= SERVICES_OF_A_CENTRE]
    first = centres.sort_values(["people_served", "community_id"], ascending=[False, True])
    return set(first.drop_duplicates("project_id")["community_id"])


def _why(kind: str | None, now: int, language: str) -> str:
    reasons = {
        "leading": (
            "拟建三项以上服务的综合体，主要服务本社区",
            "a centre is built, above all for it",
        ),
        "basic": ("补齐单项短板，或由邻近综合体服务", "single gaps, or a centre of its neighbours"),
        None: ("短板尚未安排项目", "no project for its gaps yet") if now else ("无短板", "no gap"),
    }
    return reasons[kind][language != "zh"]
