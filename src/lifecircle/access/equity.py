"""
From shares and walks to who is served worse than whom: older people, villages, the worst tenth.

A comparison is made of counted people only: a group that is a flat share of everybody walks as
everybody does, whatever the truth, so nothing is said of it but that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.access.levels import Level
from lifecircle.access.measures import gini, median_by, worst_part
from lifecircle.places.asked import is_asked, people_asked
from lifecircle.places.groups import GROUP_PREFIX, people_of
from lifecircle.reach.matrix import SEARCH_FACTOR, Pinned, Reach
from lifecircle.standards import Standard
from lifecircle.tables import EQUITY

LEVELS = ("unit", "subdistrict", "county", "city", "study")
"""A community is too small to be unequal in itself."""

WORST_PART = 0.1
"""The people with the longest walks (P)."""

MEASURES = ("share_gap", "median_gap_s", "gini", "concentration")
_FLAT = 1e-9
_MISSING = float("nan")


@dataclass(frozen=True, kw_only=True)
class _Side:
    """Some people and how they fare."""

    people: float
    share: float
    median_s: float


def equity(
    standard: Standard,
    reaches: Mapping[str, Reach],
    *,
    homes: Pinned,
    levels: tuple[Level, ...],
    communities: gpd.GeoDataFrame,
) -> pd.DataFrame:
    """
    Compare how groups of people are served.

    Parameters
    ----------
    standard
        The standard.
    reaches
        Requirement id to who reaches what.
    homes
        Where people live, with the groups that are counted.
    levels
        The areas.
    communities
        `tables.COMMUNITIES`, with ``urban`` where it is known.

    Returns
    -------
    equity
        With the columns of `tables.EQUITY`, on the levels of `LEVELS`. `value` is `of_value` less
        `against_value`: of the covered shares (``share_gap``) or of the median walks
        (``median_gap_s`` [s]) of a group against ``all``, of ``village`` against ``town``, of the
        ``worst_tenth`` against everybody the requirement asks about; a median nobody reaches is
        missing. ``gini`` is that of the walks, ``concentration`` the share of uncovered people
        who would have to live in other communities to be spread as people are. `note` says why a
        value is missing: ``flat_share``, ``nobody``, ``not_reached`` or ``unknown``.

    Notes
    -----
    Walks nobody completes within twice the limit enter the Gini as twice the limit (P). The
    concentration is the index of dissimilarity (Duncan & Duncan 1955).
    """
    table = homes.table
    everybody = people_of(table, "all")
    groups = {
        str(name).removeprefix(GROUP_PREFIX): np.nan_to_num(table[name].to_numpy(dtype=np.float64))
        for name in sorted(table.columns)
        if str(name).startswith(GROUP_PREFIX) and table[name].notna().any()
    }
    of_community = next(level for level in levels if level.name == "community").of_home
    town, village = _towns(communities, of_community)
    rows: list[dict[str, object]] = []
    for level in levels:
        if level.name not in LEVELS:
            continue
        for area, area_id in enumerate(level.area_id):
            here = np.flatnonzero(level.of_home == area)
            for one in standard.requirements:
                reach = reaches[one.id]
                asked = np.nan_to_num(people_asked(table, one))[here]
                told = _Told(
                    walk_s=reach.walk_s[here],
                    covered=reach.covered[here],
                    measured=reach.measured[here],
                )
                spoken_of = is_asked(table, one)[here]
                whole = everybody[here] * spoken_of
                all_of_it = told.side(whole)
                found = [
                    *(
                        _against_all(told, group, people[here] * spoken_of, whole, all_of_it)
                        for group, people in groups.items()
                    ),
                    _village_and_town(told, asked * village[here], asked * town[here]),
                    _compared(
                        ("worst_tenth", told.side(worst_part(told.measured, asked, WORST_PART))),
                        (one.group, all_of_it if one.group == "all" else told.side(asked)),
                    ),
                    [
                        _gini(told, one.group, asked, one.limit * SEARCH_FACTOR),
                        _concentration(told, one.group, asked, of_community[here]),
                    ],
                ]
                of_area = {
                    "level": level.name,
                    "area_id": area_id,
                    "area_name": level.area_name[area],
                    "service": one.service,
                    "requirement": one.id,
                }
                rows += [{**of_area, **row} for part in found for row in part]
    return pd.DataFrame(rows, columns=list(EQUITY))


@dataclass(frozen=True, kw_only=True)
class _Told:
    """What one requirement says of the homes of an area."""

    walk_s: NDArray[np.float64]
    covered: NDArray[np.bool_]
    measured: NDArray[np.float64]

    def side(self, people: NDArray[np.float64]) -> _Side:
        total = float(people.sum())
        if total <= 0:
            return _Side(people=0.0, share=_MISSING, median_s=_MISSING)
        one = np.zeros(len(people), dtype=np.int32)
        return _Side(
            people=total,
            share=min(float(people[self.covered].sum()) / total, 1.0),
            median_s=float(median_by(self.walk_s, people, one, 1)[0]),
        )


def is_flat(group: NDArray[np.float64], everybody: NDArray[np.float64]) -> bool:
    """
    Say whether a group is nothing but one share of everybody.

    Parameters
    ----------
    group, everybody
        People of each home, shape (homes,).

    Returns
    -------
    flat
        True where the group is the same share of the people in every home, so that it cannot be
        told from everybody.
    """
    lived = everybody > 0
    share = group[lived] / everybody[lived]
    return bool(len(share) and np.ptp(share) <= _FLAT)


def _against_all(
    told: _Told,
    group: str,
    people: NDArray[np.float64],
    everybody: NDArray[np.float64],
    all_of_it: _Side,
) -> list[dict[str, object]]:
    if people.sum() > 0 and is_flat(people, everybody):
        nothing = {"of": group, "against": "all", "note": "flat_share"}
        counted = {"of_people": float(people.sum()), "against_people": float(everybody.sum())}
        return [{"measure": name, **nothing, **counted} for name in ("share_gap", "median_gap_s")]
    return _compared((group, told.side(people)), ("all", all_of_it))


def _compared(of: tuple[str, _Side], against: tuple[str, _Side]) -> list[dict[str, object]]:
    one, other = of[1], against[1]
    rows: list[dict[str, object]] = []
    for measure, mine, theirs in (
        ("share_gap", one.share, other.share),
        ("median_gap_s", one.median_s, other.median_s),
    ):
        note = None
        if one.people <= 0 or other.people <= 0:
            note = "nobody"
        elif np.isnan(mine - theirs):
            note = "not_reached"
        rows.append(
            {
                "measure": measure,
                "of": of[0],
                "against": against[0],
                "value": mine - theirs,
                "of_value": mine,
                "against_value": theirs,
                "of_people": one.people,
                "against_people": other.people,
                "note": note,
            }
        )
    return rows


def _village_and_town(
    told: _Told, village: NDArray[np.float64], town: NDArray[np.float64]
) -> list[dict[str, object]]:
    rows = _compared(("village", told.side(village)), ("town", told.side(town)))
    # Nobody is known to live in either: what the communities are was not said.
    unknown = village.sum() + town.sum() <= 0
    return [{**row, "note": "unknown"} if unknown else row for row in rows]


def _gini(
    told: _Told, group: str, people: NDArray[np.float64], unreached: float
) -> dict[str, object]:
    walks = np.where(np.isnan(told.measured), unreached, told.measured)
    value = gini(walks, people)
    return {
        "measure": "gini",
        "of": group,
        "value": value,
        "of_people": float(people.sum()),
        "note": "nobody" if np.isnan(value) else None,
    }


def _concentration(
    told: _Told, group: str, people: NDArray[np.float64], community: NDArray[np.int32]
) -> dict[str, object]:
    known = community >= 0
    n = int(community.max(initial=-1)) + 1
    lived = np.bincount(community[known], weights=people[known], minlength=n)
    left = np.where(told.covered, 0.0, people)
    left = np.bincount(community[known], weights=left[known], minlength=n)
    value = _MISSING
    if left.sum() > 0:
        value = float(np.abs(left / left.sum() - lived / lived.sum()).sum() / 2)
    return {
        "measure": "concentration",
        "of": "uncovered",
        "against": group,
        "value": value,
        "of_people": float(left.sum()),
        "against_people": float(lived.sum()),
        "note": "nobody" if np.isnan(value) else None,
    }


def _towns(
    communities: gpd.GeoDataFrame, of_community: NDArray[np.int32]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say which homes lie in a community known to be a town's, and which in a village."""
    flag = np.full(len(communities) + 1, None, dtype=object)  # the last one is that of none
    if "urban" in communities:
        urban = communities["urban"].astype(object)
        flag[:-1] = urban.where(urban.notna(), None)
    town = np.array([one is not None and bool(one) for one in flag], dtype=bool)
    village = np.array([one is not None and not one for one in flag], dtype=bool)
    return town[of_community], village[of_community]
