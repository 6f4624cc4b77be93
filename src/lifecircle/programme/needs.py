"""
Gaps of size (规模不足) that an existing facility answers: which facility, and by how much.

A facility that is too small or too crowded is one project, however many gaps it stands behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.access.levels import Level
from lifecircle.access.sizes import counting_of
from lifecircle.gaps.diagnosis import Gaps
from lifecircle.gaps.undersized import FEWEST_SHORT
from lifecircle.places.groups import people_of
from lifecircle.reach.matrix import Pinned, Reach
from lifecircle.standards import Norm, Standard


@dataclass(frozen=True, kw_only=True)
class Need:
    """
    One gap of size, and the facilities to enlarge for it.

    Parameters
    ----------
    gap_id
        The gap.
    measure
        What is short: ``floor_m2, site_m2, beds, places``.
    types
        Types of facility that would add to it.
    where
        Communities within which they would.
    short
        How much is short in the area, in the measure's unit.
    behind
        Facility to how much it needs more and the people who lack that, one or several.
    """

    gap_id: str
    measure: str
    types: frozenset[str]
    where: frozenset[str]
    short: float
    behind: Mapping[str, tuple[float, float]]


def needs_of(
    standard: Standard,
    gaps: Gaps,
    norms: pd.DataFrame,
    loads: pd.DataFrame,
    reaches: Mapping[str, Reach],
    *,
    homes: Pinned,
    facilities: Pinned,
    levels: Iterable[Level],
) -> tuple[Need, ...]:
    """
    Find the facilities behind the gaps of size that ask for an extension.

    Parameters
    ----------
    standard
        The standard.
    gaps
        The gap list.
    norms, loads
        `tables.NORMS` and `tables.LOADS`.
    reaches
        Requirement id to who reaches what.
    homes, facilities
        Both sides.
    levels
        The areas.

    Returns
    -------
    needs
        In the order of the gap list. Where people crowd into facilities (``over_capacity``), every
        facility that has `FEWEST_SHORT` people of the area too many, or else the one with most, is
        to grow by what all its people lack. Where what stands in an area is too small
        (``undersized``), one facility there is to grow by what is short: the most crowded, then
        the one most people depend on, then the lowest id (P). A gap counted in facilities is no
        matter of extending one.
    """
    by_name = {one.name: one for one in levels}
    known = {one.id: one for one in standard.norms}
    table = gaps.table
    rows = table[(table["kind"] == "size") & (table["remedy"] == "extend")]
    found = []
    for gap in rows.to_dict("records"):
        norm = known.get(str(gap["requirement"]))
        level = None if norm is None else by_name.get(norm.level)
        if norm is None or level is None or norm.measure == "facilities":
            continue
        area_id = gap["community_id"] if norm.level == "community" else gap["unit_id"]
        if area_id not in level.area_id:
            continue
        area = level.area_id.index(str(area_id))
        verdict = norms[
            (norms["norm"] == norm.id)
            & (norms["level"] == norm.level)
            & (norms["area_id"] == area_id)
        ]
        if gap["reason"] == "over_capacity":
            behind = _crowded(norm, loads, reaches, homes, facilities, level, area)
            short = sum(more for more, _ in behind.values())
        else:
            short = float(verdict["short_by"].iloc[0]) if len(verdict) else float("nan")
            people = float(gap["people_short"])
            chosen = _one_to_grow(norm, loads, facilities, level, area)
            behind = dict.fromkeys(chosen, (short, people))
        of_home = homes.table["community_id"].to_numpy(dtype=object)[level.of_home == area]
        found.append(
            Need(
                gap_id=str(gap["gap_id"]),
                measure=norm.measure,
                types=_types(standard, norm),
                where=frozenset(one for one in set(of_home) if isinstance(one, str)),
                short=short,
                behind=behind,
            )
        )
    return tuple(one for one in found if one.behind)


def _types(standard: Standard, norm: Norm) -> frozenset[str]:
    own = (one.id for one in standard.types if one.service == norm.service)
    return frozenset(norm.types or own)


def _crowded(
    norm: Norm,
    loads: pd.DataFrame,
    reaches: Mapping[str, Reach],
    homes: Pinned,
    facilities: Pinned,
    level: Level,
    area: int,
) -> dict[str, tuple[float, float]]:
    """Find the crowded facilities people of an area depend on, with those too many of them."""
    over = loads[(loads["norm"] == norm.id) & loads["over"].eq(other=True)]
    people = people_of(homes.table, norm.of)
    position = pd.Index(facilities.table["facility_id"])
    found: dict[str, tuple[float, float]] = {}
    for row in over.itertuples():
        at = position.get_loc(row.facility_id)
        reach = reaches[str(row.requirement)]
        mine = reach.covered & (reach.facility == at) & (level.of_home == area)
        beyond = float(people[mine].sum()) * (1.0 - 1.0 / float(row.load))
        size = float(facilities.table[norm.measure].iloc[at])
        if beyond > 0:
            found[str(row.facility_id)] = (size * (float(row.load) - 1.0), beyond)
    many = {one: said for one, said in found.items() if said[1] >= FEWEST_SHORT}
    if many or not found:
        return many
    first = min(found, key=lambda one: (-found[one][1], one))
    return {first: found[first]}


def _one_to_grow(
    norm: Norm, loads: pd.DataFrame, facilities: Pinned, level: Level, area: int
) -> list[str]:
    """Choose the one facility of an area that is to grow."""
    table = facilities.table
    counting: NDArray[np.bool_] = counting_of(table, norm.service, norm.types)
    here = table.loc[counting & (level.of_facility == area), "facility_id"]
    if len(here) == 0:
        return []
    told = loads.drop_duplicates("facility_id").set_index("facility_id")
    load = told["load"].reindex(here).astype(float).fillna(0.0)
    people = told["people_nearest"].reindex(here).astype(float).fillna(0.0)
    return [min(here, key=lambda one: (-float(load[one]), -float(people[one]), str(one)))]
