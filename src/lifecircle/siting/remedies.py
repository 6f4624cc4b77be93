"""
From what could be done to the table of remedies: for every gap, what would bring whom inside.

Nothing is searched again that was searched for the choice of sites; what counts several places is
searched here. Each remedy is judged as if it were done alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle import geo
from lifecircle.gaps.undersized import FEWEST_SHORT
from lifecircle.places.asked import is_asked, people_asked
from lifecircle.places.groups import people_of
from lifecircle.reach.matrix import Pinned
from lifecircle.siting.extending import enlargements, told_enlargement
from lifecircle.siting.remedy_sources import Found, of_land, of_ways
from lifecircle.siting.sites import Sites
from lifecircle.siting.standing import Town
from lifecircle.siting.ways import Ways
from lifecircle.tables import REMEDIES

MOST_LISTED = 3
"""Remedies of a kind that are listed for one gap, beside what was chosen."""

EASE = ("share", "open", "extend", "upgrade", "convert", "new")
"""Kinds of remedies, the one that takes least first (P)."""

_TOLD_GROUPS = ("60plus", "0_3")
_OF_GAP = ("gap_id", "community_id", "community", "requirement")
_MAY_LACK = ("way_id", "parcel_id", "facility_id", "site_id")


def remedies_of(
    town: Town,
    land: Pinned,
    ways: Ways,
    sites: Sites,
    loads: pd.DataFrame,
    *,
    flat: frozenset[str] = frozenset(),
) -> pd.DataFrame:
    """
    List what would close each gap, with the people it brings inside.

    Parameters
    ----------
    town
        Homes, facilities, streets and what falls short.
    land
        `tables.PARCELS` that may be proposed, pinned.
    ways
        Sharing, extending and opening links.
    sites
        What was chosen.
    loads
        `tables.LOADS`: who depends on which facility.
    flat
        Groups that are a declared share of everybody: nobody knows where they live.

    Returns
    -------
    remedies
        Columns of `tables.REMEDIES`, one row per gap and remedy that brings somebody inside;
        gaps the data say too little of have none. Ranked by whether it may be chosen at all, by
        people, by what it takes (`EASE`), by id; at most `MOST_LISTED` of a kind, and what was
        chosen.
    """
    table = town.gaps.table
    real = table[(table["reason"] != "no_data")]
    walks = real[real["kind"] != "size"]
    parts = [_size_remedies(town, real[real["kind"] == "size"], loads)]
    groups = {
        one: None if one in flat else people_of(town.homes.table, one) for one in _TOLD_GROUPS
    }
    parts += [
        _counted(town, walks, found, groups)
        for found in (*of_land(town, land), *of_ways(town, ways))
    ]
    kept = [part for part in parts if len(part)]
    if not kept:
        return pd.DataFrame(columns=list(REMEDIES))
    remedies = pd.concat([part.astype(object) for part in kept], ignore_index=True)
    remedies = remedies.reindex(columns=[*remedies.columns, *({*_MAY_LACK} - {*remedies.columns})])
    remedies = remedies.astype(object).where(remedies.notna(), None)
    remedies = _with_choice(remedies, sites, town)
    return _ranked(remedies)


def with_remedies(gaps: pd.DataFrame, remedies: pd.DataFrame) -> pd.DataFrame:
    """
    Write the best remedy into a gap list.

    Parameters
    ----------
    gaps
        `tables.GAPS`; not changed.
    remedies
        `tables.REMEDIES`.

    Returns
    -------
    gaps
        With the kind of what was chosen for the gap, else of the first remedy, else
        ``none_found``. A gap that is not judged for want of data, or lies where the data end, is
        to be surveyed first; where nothing of a kind that is counted stands, one is to be built.
    """
    shown = gaps.copy()
    if len(shown) == 0:
        return shown
    order = remedies.sort_values(["chosen", "rank"], ascending=[False, True], kind="stable")
    best = order.drop_duplicates("gap_id").set_index("gap_id")["kind"]
    told = shown["gap_id"].map(best)
    told = told.astype(object).where(told.notna(), "none_found")
    survey = shown["reason"].isin(["no_data", "edge"])
    first = (shown["kind"] == "size") & (told == "none_found") & (shown["remedy"] == "new")
    shown["remedy"] = np.where(survey, "survey", np.where(first, "new", told))
    return shown


def with_projects(remedies: pd.DataFrame, project_of: Mapping[str, str]) -> pd.DataFrame:
    """
    Put their projects beside the remedies that were chosen.

    Parameters
    ----------
    remedies
        `tables.REMEDIES`; not changed.
    project_of
        Parcel or way to its project.

    Returns
    -------
    remedies
        With `project_id` where a chosen one has a project.
    """
    ref = remedies["parcel_id"].where(remedies["parcel_id"].notna(), remedies["way_id"])
    project = ref.map(project_of).where(remedies["chosen"].astype(bool))
    return remedies.assign(project_id=project.astype(object).where(project.notna(), None))


def _counted(
    town: Town,
    gaps: pd.DataFrame,
    found: Found,
    groups: Mapping[str, NDArray[np.float64] | None],
) -> pd.DataFrame:
    """Count whom each would bring inside in every community that falls short."""
    mine = gaps[gaps["requirement"] == found.requirement.id].reset_index(drop=True)
    if len(mine) == 0 or len(found.home) == 0:
        return pd.DataFrame()
    homes = town.homes.table
    gap = pd.Index(mine["community_id"]).get_indexer(homes["community_id"])[found.home]
    at = gap >= 0
    key, group = np.unique(found.owner[at] * len(mine) + gap[at], return_inverse=True)
    here = found.home[at]

    def total(people: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(
            np.bincount(group, weights=people[here], minlength=len(key)), dtype=np.float64
        )

    asked = np.nan_to_num(people_asked(homes, found.requirement))
    people = total(asked)
    owner, gap = key // len(mine), key % len(mine)
    rows = mine.iloc[gap].reset_index(drop=True)
    whole = rows["people"].to_numpy(dtype=np.float64)
    short = rows["people_short"].to_numpy(dtype=np.float64)
    # Whoever lives where a requirement speaks of, whatever its group.
    spoken = is_asked(homes, found.requirement)
    table = pd.DataFrame(
        {
            **{name: rows[name].to_numpy() for name in _OF_GAP},
            "types": [found.types[int(one)] for one in owner],
            "people": people,
            **{
                f"people_{name}": np.nan if counts is None else total(counts * spoken)
                for name, counts in groups.items()
            },
            "share_after": (whole - short + people) / whole,
        }
    )
    table["closes"] = table["share_after"] >= found.requirement.target_share - 1e-12
    said = found.described.iloc[owner].reset_index(drop=True)
    table = pd.concat([table, said], axis=1)
    return _listed(table[table["people"] > 0].assign(owner=owner[people > 0]))


def _listed(table: pd.DataFrame) -> pd.DataFrame:
    """Mark the first few of a kind for each gap."""
    order = table.sort_values(
        ["gap_id", "kind", "competes", "people", "owner"],
        ascending=[True, True, False, False, True],
        kind="stable",
    )
    place = order.groupby(["gap_id", "kind"]).cumcount()
    return table.assign(listed=place < MOST_LISTED).drop(columns="owner")


def _size_remedies(town: Town, gaps: pd.DataFrame, loads: pd.DataFrame) -> pd.DataFrame:
    """List the places that could be enlarged for each gap of size."""
    table = town.facilities.table
    points = geo.unproject(
        shapely.get_coordinates(shapely.centroid(table.geometry.to_numpy())), table.crs
    )
    norms = {one.id: one for one in town.standard.norms}
    position = pd.Index(table["facility_id"])
    parts = []
    for _, gap in gaps.iterrows():
        norm = norms[gap["requirement"]]
        more = enlargements(gap, norm, town.facilities, _concerned(town, gap, loads))
        more = more[more["serves"] > 0].head(MOST_LISTED)
        at = position.get_indexer(more["facility_id"])
        whole, short = float(gap["people"]), float(gap["people_short"])
        people = more["serves"].to_numpy(dtype=np.float64)
        parts.append(
            pd.DataFrame(
                {
                    **{name: gap[name] for name in _OF_GAP},
                    "types": table["type"].to_numpy()[at],
                    "people": people,
                    **{
                        f"people_{one}": people if norm.of == one else np.nan
                        for one in _TOLD_GROUPS
                    },
                    "share_after": (whole - short + people) / whole,
                    "closes": short - people < FEWEST_SHORT,
                    "kind": "extend",
                    "what": "enlarge",
                    "facility_id": more["facility_id"].to_numpy(),
                    "name": more["name"].to_numpy(),
                    "consent": "operator",
                    "competes": more["has"].notna().to_numpy(),
                    "evidence": [
                        told_enlargement(one, town.language) for one in more.to_dict("records")
                    ],
                    "lon": points[at, 0],
                    "lat": points[at, 1],
                    "listed": True,
                }
            )
        )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _concerned(town: Town, gap: pd.Series, loads: pd.DataFrame) -> NDArray[np.bool_]:
    """Say which facilities a gap of size is about: those of its area, or those it crowds."""
    table = town.facilities.table
    if gap["reason"] == "over_capacity":
        at = np.zeros(len(table), dtype=bool)
        living = (town.homes.table["community_id"] == gap["community_id"]).to_numpy()
        over = loads[(loads["norm"] == gap["requirement"]) & loads["over"].eq(other=True)]
        for requirement, crowded in over.groupby("requirement"):
            reach = town.reaches[str(requirement)]
            used = np.unique(reach.facility[living & reach.covered & (reach.facility >= 0)])
            ids = set(crowded["facility_id"])
            at[[row for row in used if table["facility_id"].iloc[row] in ids]] = True
        return at
    norm = next(one for one in town.standard.norms if one.id == gap["requirement"])
    key = "unit_id" if norm.level == "unit" else "community_id"
    return np.asarray((table[key] == gap[key]).to_numpy(), dtype=bool)


def _with_choice(remedies: pd.DataFrame, sites: Sites, town: Town) -> pd.DataFrame:
    """Mark what became a site that serves people of the gap; keep that and the first few."""
    site_of = dict(zip(sites.table["parcel_id"], sites.table["site_id"], strict=True))
    community = town.homes.table["community_id"].to_numpy(dtype=object)
    serves = {
        (site, requirement, area)
        for site, served in sites.served.items()
        for requirement, rows in served.items()
        for area in set(community[rows])
    }
    ref = remedies["parcel_id"].where(remedies["parcel_id"].notna(), remedies["way_id"])
    site = [site_of.get(one) for one in ref]
    chosen = np.array(
        [
            (one, requirement, area) in serves
            for one, requirement, area in zip(
                site, remedies["requirement"], remedies["community_id"], strict=True
            )
        ],
        dtype=bool,
    )
    site_id = [one if here else None for one, here in zip(site, chosen, strict=True)]
    kept = chosen | remedies["listed"].to_numpy(dtype=bool)
    return remedies.assign(chosen=chosen, site_id=site_id)[kept].reset_index(drop=True)


def _ranked(remedies: pd.DataFrame) -> pd.DataFrame:
    """Name and rank the remedies of each gap."""
    ref = remedies["parcel_id"]
    for name in ("way_id", "facility_id"):
        ref = ref.where(ref.notna(), remedies[name])
    ids = [
        f"r{hashlib.sha256('|'.join(map(str, key)).encode()).hexdigest()[:12]}"
        for key in zip(remedies["gap_id"], remedies["kind"], remedies["types"], ref, strict=True)
    ]
    ease = remedies["kind"].map({kind: place for place, kind in enumerate(EASE)})
    told = remedies.assign(
        remedy_id=ids,
        ease=ease,
        # People are rounded as they are told, so that equal ones are equal.
        most=-remedies["people"].astype(float).round(1),
        last=~remedies["competes"].astype(bool),
        project_id=None,
    ).sort_values(["gap_id", "last", "most", "ease", "remedy_id"], kind="stable")
    told["rank"] = told.groupby("gap_id").cumcount() + 1
    return told[list(REMEDIES)].reset_index(drop=True)
