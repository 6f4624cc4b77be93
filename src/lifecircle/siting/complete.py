"""
The set rule: where a unit or a subdistrict lacks a required service altogether, that goes first.

A lack is an area and a requirement that falls short there, for as many people as make a gap,
without any place of its own that counts. What closes it is a place that stands in the area and
serves as many of them, and a tenth of all who lack it there; a link to be opened
brings people to what is elsewhere and closes none.

In `tables.LACKS`, `people` live there without it and `places` is how many candidates would close
it. `site_id` is the site that does, else `why` says why none: ``no_place`` (no candidate lies
there), ``tier`` (what lies there would do but for the rule of tiers: the subdistrict has as many
centres as it needs, or they go elsewhere in it), ``no_room`` (none that lies there has the room or
serves anybody), ``forbidden``, ``cost`` (the budget can pay for none of them) or ``limit`` (the
number of sites or the budget went to others).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.places.asked import people_asked
from lifecircle.places.units import UnitPlan
from lifecircle.reach.matrix import Pinned, Reach
from lifecircle.siting.options import (
    AREA_OF,
    Demands,
    Options,
    accepts,
    fitting,
    need_m2,
    room_m2,
)
from lifecircle.siting.places import Places
from lifecircle.standards import Requirement, Standard
from lifecircle.tables import LACKS

CLOSES_FROM = 0.1
"""Least share of those who lack a service in an area that a place must serve to close it (P)."""
ANY = "any"
"""What stands for the requirement where only some site is asked for (`fair_lacks`)."""


@dataclass(frozen=True, kw_only=True)
class Lacks:
    """
    What is lacking altogether.

    Parameters
    ----------
    table
        One row per lack with the columns `tables.LACKS`, the last three not filled in.
    option, lack
        Pairs of an option and a lack it closes, shape (pairs,).
    """

    table: pd.DataFrame
    option: NDArray[np.int64]
    lack: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.table)


def lacks_of(
    wanted: tuple[Requirement, ...],
    reaches: Mapping[str, Reach],
    homes: Pinned,
    facilities: Pinned,
    demands: Demands,
    units: UnitPlan | None,
) -> pd.DataFrame:
    """
    List which service is lacking altogether in which area.

    Parameters
    ----------
    wanted
        Requirements with gaps.
    reaches
        Requirement id to who reaches what today.
    homes, facilities
        With ``community_id``, ``subdistrict`` and ``unit_id``.
    demands
        Who is not covered.
    units
        The service units; None where nobody knows them.

    Returns
    -------
    lacks
        Columns `tables.LACKS`. What serves a community, subdistrict or unit is asked of each of
        them; what serves anybody of the units in use, each for its own tier, and, beyond 5
        minutes, of the subdistricts.
    """
    tier = {} if units is None else {one.unit_id: one.tier for one in units.units}
    rows: list[tuple[str, str, str, float]] = []
    for index, one in enumerate(wanted):
        people = np.nan_to_num(people_asked(homes.table, one))
        short = np.zeros(len(homes))
        mine = demands.home[demands.requirement == index]
        short[mine] = people[mine]
        covered = np.where(reaches[one.id].covered, people, 0.0)
        for level in _levels(one):
            area = homes.table[AREA_OF[level]].astype(object)
            sums = pd.DataFrame({"people": people, "short": short, "covered": covered})
            sums = sums.groupby(area.to_numpy(), sort=True).sum()
            there = facilities.table[AREA_OF[level]].to_numpy(dtype=object)
            held = set(there[reaches[one.id].counting])
            for name, found in sums.iterrows():
                if level == "unit" and not _of_tier(one, tier, str(name)):
                    continue
                enough = found["covered"] >= one.target_share * found["people"]
                many = found["short"] >= max(one.min_people_short, 1e-9)
                if name not in held and many and not enough:
                    rows.append((level, str(name), one.id, float(found["short"])))
    return _table(rows)


def _levels(one: Requirement) -> tuple[str, ...]:
    if one.serves != "anyone":
        return (one.serves,)
    return ("unit",) if one.circle <= 5 else ("unit", "subdistrict")


def _of_tier(one: Requirement, tier: Mapping[str, int | None], unit: str) -> bool:
    asked = tier.get(unit)
    if one.serves == "unit" or asked is None:
        return True
    return one.circle <= asked if asked <= 5 else 5 < one.circle <= asked


def fair_lacks(homes: Pinned, demands: Demands) -> pd.DataFrame:
    """
    Ask for a site in every subdistrict that has gaps.

    Parameters
    ----------
    homes
        With ``community_id``, ``subdistrict`` and ``unit_id``.
    demands
        Who is not covered.

    Returns
    -------
    lacks
        Columns `tables.LACKS`, requirement `ANY`. Where no subdistricts are known the units in use
        are asked, and where there are none of them the communities.

    Notes
    -----
    A least provision for every region is among the oldest measures of equity in locating
    facilities (Marsh and Schilling 1994, a review).
    """
    short = np.zeros(len(homes))
    np.maximum.at(short, demands.home, demands.weight)
    level = next(
        (one for one in ("subdistrict", "unit") if homes.table[AREA_OF[one]].notna().any()),
        "community",
    )
    area = homes.table[AREA_OF[level]].astype(object).to_numpy()
    sums = pd.Series(short).groupby(area, sort=True).sum()
    return _table([(level, str(name), ANY, float(one)) for name, one in sums.items() if one > 0])


def _table(rows: list[tuple[str, str, str, float]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(LACKS[:4]))
    return table.assign(places=0, site_id=None, why=None)[list(LACKS)]


def joined_lacks(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """
    Put lists of lacks together.

    Parameters
    ----------
    parts
        Tables with the columns `tables.LACKS`.

    Returns
    -------
    lacks
        All rows, numbered anew.
    """
    held = [one for one in parts if len(one)]
    return pd.concat(held, ignore_index=True) if held else _table([])


def closing(
    table: pd.DataFrame,
    wanted: tuple[Requirement, ...],
    options: Options,
    places: Places,
    homes: Pinned,
    demands: Demands,
) -> Lacks:
    """
    Find which option closes which lack.

    Parameters
    ----------
    table
        From `lacks_of` or `fair_lacks`.
    wanted
        The requirements the demands point into.
    options
        What could be built where.
    places, homes
        Where options stand and people live.
    demands
        What options cover.

    Returns
    -------
    lacks
        The table with ``places`` counted, and the pairs.
    """
    number = {one.id: index for index, one in enumerate(wanted)} | {ANY: -1}
    option = np.repeat(np.arange(len(options.parcel), dtype=np.int64), np.diff(options.ptr))
    parcel = options.parcel[option]
    count = len(options.parcel)
    home = demands.home[options.demand]
    asked = demands.requirement[options.demand]
    gate = places.is_gate[parcel]
    pairs: list[tuple[NDArray[np.int64], int]] = []
    for level, rows in table.groupby("level", sort=False):
        column = AREA_OF[str(level)]
        ours = homes.table[column].to_numpy(dtype=object)
        theirs = places.table[column].to_numpy(dtype=object)
        areas = {name: at for at, name in enumerate(dict.fromkeys(rows["area_id"]))}
        of_home = np.array([areas.get(name, -1) for name in ours], dtype=np.int64)[home]
        of_place = np.array([areas.get(name, -2) for name in theirs], dtype=np.int64)[parcel]
        inside = (of_home == of_place) & ~gate
        for at, row in rows.iterrows():
            right = inside & (of_home == areas[row["area_id"]])
            least, people = 0.0, np.ones(len(homes))
            if row["requirement"] != ANY:
                which = number[row["requirement"]]
                right &= asked == which
                least = max(wanted[which].min_people_short, CLOSES_FROM * float(row["people"]))
                people = np.nan_to_num(people_asked(homes.table, wanted[which]))
            served = np.bincount(option[right], weights=people[home[right]], minlength=count)
            pairs.append((np.flatnonzero((served > 0) & (served >= least)), int(str(at))))
    nobody = np.empty(0, dtype=np.int64)
    lack = np.concatenate([nobody, *(np.full(len(found), at) for found, at in pairs)])
    held = np.concatenate([nobody, *(found for found, _ in pairs)])
    spots = pd.DataFrame({"lack": lack, "parcel": options.parcel[held]}).drop_duplicates()
    counted = np.bincount(spots["lack"], minlength=len(table))
    return Lacks(table=table.assign(places=counted), option=held, lack=lack)


def claims_of(lacks: Lacks, options: Options, places: Places) -> pd.DataFrame:
    """
    List which place could close what.

    Parameters
    ----------
    lacks
        From `closing`.
    options, places
        As there.

    Returns
    -------
    claims
        Columns ``parcel_id, requirement, lack, weight``, one row per place and lack: the row of
        the lack in the table, and what it weighs beside others.
    """
    people = lacks.table["people"].to_numpy(dtype=np.float64)
    of = pd.DataFrame({"row": options.parcel[lacks.option], "lack": lacks.lack}).drop_duplicates()
    lack = of["lack"].to_numpy(dtype=np.int64)
    return pd.DataFrame(
        {
            "parcel_id": places.table["parcel_id"].to_numpy(dtype=object)[of["row"]],
            "requirement": lacks.table["requirement"].to_numpy(dtype=object)[lack],
            "lack": lack,
            "weight": 1.0 + people[lack] / max(float(people.max(initial=0.0)), 1e-9),
        }
    )


def left_to_tiers(
    standard: Standard, wanted: tuple[Requirement, ...], places: Places
) -> dict[str, NDArray[np.bool_]]:
    """
    Say where something could be built but for the rule of tiers (`siting.tiers`).

    Parameters
    ----------
    standard
        The standard, with the room each type needs.
    wanted
        The requirements.
    places
        Land, rooms and ways.

    Returns
    -------
    left
        Requirement to the places, shape (places,), with room for a type that answers it and no
        such type allowed there.
    """
    land, types = places.land, standard.types
    is_room = (land["kind"] == "stock_room").to_numpy()
    needs = np.array([[need_m2(one, in_room=bool(at)) for one in types] for at in is_room])
    enough = needs.reshape(len(land), len(types)) <= room_m2(land)[:, None]
    could = fitting(standard, land, tiers=False) & enough
    may = fitting(standard, land) & enough
    left = {}
    for asked in wanted:
        mine = [at for at, one in enumerate(types) if accepts(asked, one)]
        barred = could[:, mine].any(axis=1) & ~may[:, mine].any(axis=1)
        left[asked.id] = np.append(barred, np.zeros(len(places.ways), dtype=bool))
    return left


def told(
    lacks: Lacks,
    options: Options,
    places: Places,
    *,
    chosen: NDArray[np.int64],
    site_of: Mapping[int, str],
    never: frozenset[str],
    payable: NDArray[np.bool_],
    left: Mapping[str, NDArray[np.bool_]],
) -> pd.DataFrame:
    """
    Say of each lack which site closes it, or why none does.

    Parameters
    ----------
    lacks
        From `closing`.
    options, places
        As there.
    chosen
        Options that were chosen.
    site_of
        Place (row) to its site, for those that became one, the first site first.
    never
        Ids of places that are forbidden.
    payable
        Options the budget can pay alone, shape (options,).
    left
        From `left_to_tiers`.

    Returns
    -------
    table
        Columns `tables.LACKS`, all filled in.
    """
    table = lacks.table
    taken = np.zeros(len(options.parcel), dtype=bool)
    taken[chosen] = True
    order = {row: place for place, row in enumerate(site_of)}
    ids = places.table["parcel_id"].to_numpy(dtype=object)
    lying = {
        level: set(places.table[AREA_OF[str(level)]].dropna()) for level in table["level"].unique()
    }
    site: list[str | None] = []
    why: list[str | None] = []
    asked = zip(table["level"], table["area_id"], table["requirement"], strict=True)
    for at, (level, area, requirement) in enumerate(asked):
        mine = lacks.option[lacks.lack == at]
        rows = [int(row) for row in options.parcel[mine[taken[mine]]] if int(row) in order]
        if rows:
            site.append(site_of[min(rows, key=lambda row: order[row])])
            why.append(None)
            continue
        site.append(None)
        free = mine[[ids[row] not in never for row in options.parcel[mine]]]
        if not len(mine):
            here = (places.table[AREA_OF[str(level)]] == area).to_numpy(dtype=bool)
            tier = (left[requirement][here]).any() if requirement in left else False
            why.append("tier" if tier else "no_room" if area in lying[level] else "no_place")
        elif not len(free):
            why.append("forbidden")
        else:
            why.append("limit" if payable[free].any() else "cost")
    return table.assign(site_id=np.array(site, dtype=object), why=np.array(why, dtype=object))
