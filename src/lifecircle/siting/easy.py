"""
Ways that close a gap by themselves: no land, nothing new built, so no place in the choice is due.

A study's number of sites is for what is to be built. Sharing, raising or enlarging a place and
opening a link that alone close a gap become projects beside them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.places.asked import people_asked
from lifecircle.siting.places import site_id_of
from lifecircle.siting.sites import Sites, people_gained
from lifecircle.siting.ways import Ways
from lifecircle.standards import Standard
from lifecircle.tables import SITES

EASY = ("share", "open", "extend", "upgrade")
"""Kinds of remedies that take no land."""

Served = Mapping[str, NDArray[np.int64]]


def still_open(
    standard: Standard, gaps: pd.DataFrame, served: Sequence[Served], homes: gpd.GeoDataFrame
) -> NDArray[np.bool_]:
    """
    Mark the gaps that still are gaps once some homes are served.

    Parameters
    ----------
    standard
        The standard.
    gaps
        `tables.GAPS`.
    served
        What is done: requirement id to the homes (rows) newly covered by each.
    homes
        `tables.HOMES`.

    Returns
    -------
    still
        Shape (gaps,). A gap of size is closed by a project or not: it is where it has no ``year``.
    """
    known = {one.id: one for one in standard.requirements}
    in_community = homes["community_id"].to_numpy(dtype=object)
    brought: dict[tuple[str, object], float] = {}
    for name in known:
        parts = [one[name] for one in served if name in one]
        if not parts:
            continue
        rows = np.unique(np.concatenate(parts))
        asked = np.nan_to_num(people_asked(homes, known[name]))[rows]
        sums = pd.Series(asked).groupby(in_community[rows]).sum()
        brought |= {(name, key): float(value) for key, value in sums.items()}
    left = []
    for gap in gaps.to_dict("records"):
        requirement = known.get(gap["requirement"])
        if requirement is None:
            left.append(pd.isna(gap["year"]))
            continue
        rest = float(gap["people_short"]) - brought.get((requirement.id, gap["community_id"]), 0.0)
        share = 1.0 - rest / float(gap["people"]) if gap["people"] else 1.0
        left.append(
            rest > 0 and rest >= requirement.min_people_short and share < requirement.target_share
        )
    return np.array(left, dtype=bool)


def easy_sites(
    standard: Standard,
    gaps: pd.DataFrame,
    remedies: pd.DataFrame,
    ways: Ways,
    sites: Sites,
    *,
    homes: gpd.GeoDataFrame,
    never: Collection[str] = (),
) -> Sites:
    """
    Take the ways that by themselves close a gap no site closes.

    Parameters
    ----------
    standard
        The standard.
    gaps
        `tables.GAPS`.
    remedies
        `tables.REMEDIES`, which say what closes a gap by itself.
    ways
        What needs no new ground.
    sites
        What was chosen.
    homes
        `tables.HOMES`.
    never
        Ids of ways that must not be used.

    Returns
    -------
    easy
        One row per way with the columns `tables.SITES`, the one that closes most gaps first (then
        by people, then by id), until no gap is left that one would close. Each serves the homes
        nothing before it does.
    """
    real = gaps[(gaps["reason"] != "no_data") & (gaps["kind"] != "size")]
    held = list(sites.served.values())
    still = set(real.loc[still_open(standard, real, held, homes), "gap_id"])
    could = remedies[
        remedies["kind"].isin(EASY)
        & remedies["way_id"].notna()
        & remedies["closes"].eq(other=True)
        & remedies["competes"].eq(other=True)
        & ~remedies["way_id"].isin([*never, *sites.table["parcel_id"]])
    ]
    picked: list[str] = []
    while len(open_ones := could[could["gap_id"].isin(still)]):
        sums = open_ones.groupby("way_id")["people"].agg(["size", "sum"]).round(6).reset_index()
        best = sums.sort_values(["size", "sum", "way_id"], ascending=[False, False, True])
        picked.append(str(best["way_id"].iloc[0]))
        still -= set(open_ones.loc[open_ones["way_id"] == picked[-1], "gap_id"])
    rows = []
    served: dict[str, Served] = {}
    done = {one.id: np.zeros(len(homes), dtype=bool) for one in standard.requirements}
    for part in held:
        for name, at in part.items():
            done[name][at] = True
    table = ways.table.set_index("way_id")
    for name in picked:
        mine: dict[str, NDArray[np.int64]] = {}
        for asked, found in ways.serves[name].items():
            at = np.asarray(found, dtype=np.int64)
            at = at[~done[asked][at]]
            done[asked][at] = True
            if len(at):
                mine[asked] = at
        site_id = site_id_of(name)
        served[site_id] = mine
        way = table.loc[name]
        services = {standard.requirement(asked).service for asked in mine}
        rows.append(
            dict.fromkeys(SITES)
            | {
                "site_id": site_id,
                "parcel_id": name,
                "kind": way["kind"],
                "services": "; ".join(one for one in standard.services if one in services),
                "types": way["types"] if isinstance(way["types"], str) else "",
                "x": way["geometry"].x,
                "y": way["geometry"].y,
                "lon": way["lon"],
                "lat": way["lat"],
                "newly_covered": float(people_gained(standard, mine, homes).sum()),
            }
        )
    numbers = dict.fromkeys(
        ("area_m2", "floor_m2", "outdoor_m2", "cost_wan", "capacity", "over_people"), "float64"
    )
    every = [people_gained(standard, one, homes) for one in served.values()]
    return Sites(
        table=pd.DataFrame(rows, columns=list(SITES)).astype(numbers),
        solution=None,
        served=served,
        newly_covered=float(np.max(every, axis=0).sum()) if every else 0.0,
    )


def with_easy(sites: Sites, easy: Sites) -> Sites:
    """
    Put what was chosen and what is easy into one table.

    Parameters
    ----------
    sites, easy
        Both.

    Returns
    -------
    both
        The sites first. People newly covered are those of the sites.
    """
    if not len(easy):
        return sites
    parts = [one.table for one in (sites, easy) if len(one)]
    return replace(
        sites,
        table=pd.concat(parts, ignore_index=True),
        served={**sites.served, **easy.served},
    )


def with_easy_remedies(remedies: pd.DataFrame, easy: Sites) -> pd.DataFrame:
    """
    Mark the remedies that became projects for being easy.

    Parameters
    ----------
    remedies
        `tables.REMEDIES`; not changed.
    easy
        From `easy_sites`.

    Returns
    -------
    remedies
        ``chosen`` where one closes its gap and was taken; it has a project and no site.
    """
    taken = remedies["way_id"].isin(easy.table["parcel_id"]) & remedies["closes"].eq(other=True)
    return remedies.assign(chosen=remedies["chosen"].astype(bool) | taken)
