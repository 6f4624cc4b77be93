"""
Says where centres may stand: in each unit and subdistrict that needs one, no lower tier beside it.

A centre is a building that a standard lists at the circle of 15 minutes, the scale of a
subdistrict, with the people one of them is for. Where a subdistrict has as many as its people ask
for, and each of its units of that scale has its own, none is proposed, however far some of them
have to walk: what helps there is a smaller place or another boundary, and that is told as a wish.
Else the plots that bring most people may take one each, and no other. Of other buildings of one
service a plot takes a single tier.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from lifecircle.places.asked import people_asked
from lifecircle.reach.matrix import Pinned, usable_facilities
from lifecircle.siting.options import AREA_OF, fitting, need_m2, open_air, room_m2
from lifecircle.siting.standing import Town, asked_of, brought_inside, short_of
from lifecircle.siting.ways import Ways
from lifecircle.standards import FacilityType, Requirement, Standard

CENTRE_FROM = 15
"""Circle from which on a type is a centre [min]: the scale of a subdistrict (P)."""


def with_tiers(
    town: Town, land: Pinned, ways: Ways, *, units: Collection[str] = ()
) -> tuple[gpd.GeoDataFrame, Ways]:
    """
    Say what plots must not take and which ways are not proposed, for the sake of tiers.

    Parameters
    ----------
    town
        Homes, facilities, streets and what falls short.
    land
        `tables.PARCELS` that may be proposed, pinned.
    ways
        What needs no new ground.
    units
        Ids of the service units that a centre is for: the set rule asks for one in each.

    Returns
    -------
    parcels
        The same rows with ``barred``: ids of types with ``; ``, missing where none is. Barred are
        types no requirement asks for by name where one takes them for another; a centre everywhere
        but on the plots picked for it; on those the other buildings of its service; elsewhere,
        where buildings of several tiers would do, all tiers but the one that brings most people.
    ways
        Raising a place to a centre competes only where it is picked.

    Notes
    -----
    A unit without a centre needs one. A subdistrict needs one per `people_per_facility` people
    of its type, and at least one, less those it has or its units get. Places are picked one after
    the other by the people of the area they bring inside who are not yet; ties go to ways, then by
    row. Where no subdistricts are known the study area counts as one.
    """
    standard, parcels = town.standard, land.table
    types = standard.types
    barred = np.zeros((len(parcels), len(types)), dtype=bool)
    barred[:, [at for at, one in enumerate(types) if only_counts(standard, one)]] = True
    is_room = (parcels["kind"] == "stock_room").to_numpy()
    needs = np.array([[need_m2(one, in_room=bool(at)) for one in types] for at in is_room])
    fits = fitting(standard, parcels) & ~barred
    fits &= needs.reshape(fits.shape) <= room_m2(parcels)[:, None]
    raised = ways.table["types"].to_numpy(dtype=object)
    competes = ways.table["competes"].eq(True).to_numpy(dtype=bool)  # noqa: FBT003 - missing is not
    competes = competes & ~np.isin(
        raised.astype(str), [one.id for one in types if only_counts(standard, one)]
    )
    centres = [at for at, one in enumerate(types) if _asked(town, one)]
    # the one that takes most room first: it has the least choice
    for at in sorted(centres, key=lambda at: (-need_m2(types[at], in_room=False), at)):
        mine = raised == types[at].id
        on_land, on_ways = _picked(town, land, ways, types[at], fits[:, at], competes & mine, units)
        others = [
            place
            for place, one in enumerate(types)
            if one.service == types[at].service and place != at and not open_air(one)
        ]
        barred[:, at] |= ~on_land
        barred[np.ix_(np.flatnonzero(on_land), np.array(others, dtype=np.int64))] = True
        fits &= ~barred
        competes = competes & (~mine | on_ways)
    barred |= _lesser_tiers(town, land, fits)
    ids = np.array([one.id for one in types], dtype=object)
    told = ["; ".join(ids[row]) or None for row in barred]
    kept = ways.table.assign(competes=competes.astype(object))
    return (
        parcels.assign(barred=np.array(told, dtype=object)),
        replace(ways, table=kept) if len(ways) else ways,
    )


def only_counts(standard: Standard, one: FacilityType) -> bool:
    """
    Say whether a type is never asked for and only taken in place of another.

    Parameters
    ----------
    standard
        The standard.
    one
        The type.

    Returns
    -------
    only_counts
        A hospital that serves whom a health centre would is nothing to build for that.
    """
    named = any(one.id in asked.types for asked in standard.requirements)
    return not named and any(one.id in asked.satisfied_by for asked in standard.requirements)


def _asked(town: Town, one: FacilityType) -> bool:
    """Say whether a type is a centre that falls short somewhere."""
    centre = one.people_per_facility is not None and (one.circle or 0) >= CENTRE_FROM
    return centre and one.proposed and not open_air(one) and bool(_asking(town, one))


def _asking(town: Town, one: FacilityType) -> list[Requirement]:
    return [asked for asked in asked_of(town.standard, town.gaps) if one.id in asked.types]


def _level(asked: list[Requirement]) -> str:
    """Choose the areas of which each has its own: what the standard says, else subdistricts."""
    said = {one.serves for one in asked} - {"anyone"}
    return min(said) if len(said) == 1 else "subdistrict"


def _picked(
    town: Town,
    land: Pinned,
    ways: Ways,
    one: FacilityType,
    fits: NDArray[np.bool_],
    raises: NDArray[np.bool_],
    units: Collection[str],
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Pick the plots and the ways that may make a centre, shapes (plots,) and (ways,)."""
    asked = _asking(town, one)
    homes, facilities = town.homes.table, town.facilities.table
    there = usable_facilities(facilities) & (facilities["type"] == one.id).to_numpy()
    served = [
        brought_inside(asks, town.homes, land, town.compounds, short=short_of(asks, town), at=fits)
        for asks in asked
    ]
    # ways first, so that ties go to them
    candidates = [(-1 - row, name) for row, name in enumerate(ways.table["community_id"])]
    candidates = [place for place in candidates if raises[-1 - place[0]]]
    candidates += [(row, name) for row, name in enumerate(land.table["community_id"]) if fits[row]]
    ids = ways.table["way_id"].tolist()
    nobody = np.empty(0, dtype=np.int64)

    def reached(place: int, at: int) -> NDArray[np.int64]:
        if place >= 0:
            return served[at].get(place, nobody)
        return np.asarray(ways.serves[ids[-1 - place]].get(asked[at].id, nobody), dtype=np.int64)

    level = _level(asked)
    picked: list[int] = []
    for each in ("unit", level) if units and level == "subdistrict" else (level,):
        column = AREA_OF[each]
        known = column in homes and homes[column].notna().any()
        ours = homes[column].to_numpy(dtype=object) if known else np.full(len(homes), "")
        area_of = dict(zip(homes["community_id"], ours, strict=True))
        # one in a community where nobody lives serves its subdistrict, too
        has = facilities[column] if known else facilities["community_id"].notna().map({True: ""})
        # of a unit one will do, however many live in it; of the others as many as are asked for
        most = np.inf if each != level else one.people_per_facility or np.inf
        named = {place: area_of.get(name) for place, name in candidates}
        total = homes["people"].fillna(0.0).groupby(ours).sum()
        for area in sorted(str(name) for name in total.index if each == level or name in units):
            wanted = max(1, math.ceil(total[area] / most))
            wanted -= int((has == area)[there].sum()) + sum(named[one] == area for one in picked)
            left = [np.nan_to_num(people_asked(homes, asks)) * (ours == area) for asks in asked]
            mine = [place for place in named if named[place] == area and place not in picked]
            for at, rest in enumerate(left):
                for place in picked:
                    rest[reached(place, at)] = 0.0
            for _ in range(wanted):
                gain = [
                    round(
                        sum(float(rest[reached(place, at)].sum()) for at, rest in enumerate(left)),
                        6,
                    )
                    for place in mine
                ]
                if max(gain, default=0.0) <= 0:
                    break
                picked.append(mine[int(np.argmax(gain))])
                for at, rest in enumerate(left):
                    rest[reached(picked[-1], at)] = 0.0
    rows = np.array(picked, dtype=np.int64)
    return (
        np.isin(np.arange(len(fits)), rows[rows >= 0]),
        np.isin(np.arange(len(ways)), -1 - rows[rows < 0]),
    )


def _lesser_tiers(town: Town, land: Pinned, fits: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Bar buildings of a tier where another tier of their service brings more people."""
    types = town.standard.types
    barred = np.zeros_like(fits)
    for service in town.standard.services:
        tiers: dict[int, list[int]] = {}
        for at, one in enumerate(types):
            tiered = one.service == service and one.circle is not None and not open_air(one)
            if tiered and fits[:, at].any() and _asking(town, one):
                tiers.setdefault(one.circle or 0, []).append(at)
        if len(tiers) < 2:
            continue
        gain = np.array([_gain(town, land, fits, tiers[tier]) for tier in sorted(tiers)])
        best = np.argmax(np.round(gain, 6), axis=0)
        for number, tier in enumerate(sorted(tiers)):
            rows = (best != number) & (gain.max(axis=0) > 0)
            barred[np.ix_(rows, tiers[tier])] = True
    return barred


def _gain(
    town: Town, land: Pinned, fits: NDArray[np.bool_], types: list[int]
) -> NDArray[np.float64]:
    """Count the people types of one tier would bring inside from each plot."""
    gain = np.zeros(len(fits))
    for at in types:
        for asks in _asking(town, town.standard.types[at]):
            people = np.nan_to_num(people_asked(town.homes.table, asks))
            for row, homes in brought_inside(
                asks, town.homes, land, town.compounds, short=short_of(asks, town), at=fits[:, at]
            ).items():
                gain[row] += people[homes].sum()
    return gain
