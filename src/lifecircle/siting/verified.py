"""
Finds whom a chosen place really serves: a fresh search over the streets, from the choice alone.

Nobody counts for a place because a model assumed it. Only of links that are to be opened the
estimate is taken, for they change the streets themselves; they are verified where that is done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lifecircle.network.compounds import Compounds
from lifecircle.reach.matrix import Pinned, Reach, limit_units
from lifecircle.siting.options import AREA_OF, router_of
from lifecircle.siting.places import Places
from lifecircle.standards import Requirement

Gained = dict[int, dict[str, NDArray[np.int64]]]
"""Place (row) to requirement to the homes (rows) it newly covers."""


def newly_covered(
    wanted: tuple[Requirement, ...],
    serving: Mapping[str, NDArray[np.bool_]],
    opened: Sequence[int],
    places: Places,
    pinned: Pinned,
    *,
    reaches: Mapping[str, Reach],
    homes: Pinned,
    facilities: Pinned | None,
    compounds: Compounds,
) -> Gained:
    """
    Find the homes uncovered today that each chosen place is nearest to, within the limit.

    Parameters
    ----------
    wanted
        The requirements.
    serving
        Requirement id to the chosen places that would answer it, shape (places,).
    opened
        Rows of the chosen places, the most useful first.
    places, pinned
        All places, and where they are on the streets.
    reaches
        Requirement id to who reaches what today.
    homes
        Where people live, pinned.
    facilities
        Existing places, pinned: what is shared or extended is reached by its own entrances. None
        takes the point of the way.
    compounds
        Streets and closed estates.

    Returns
    -------
    gained
        For every opened place; a link serves those it names whom no other place serves.
    """
    gained: Gained = {row: {} for row in opened}
    gate = places.is_gate
    for requirement in wanted:
        name = requirement.id
        at = serving[name] & ~gate
        left = ~reaches[name].covered
        if at.any():
            to = _nearest(requirement, at, places, pinned, left, homes, facilities, compounds)
            for row in np.unique(to[to >= 0]).tolist():
                gained[row][name] = np.flatnonzero(to == row)
            left = left & (to < 0)
        for row in opened:
            if not gate[row] or not serving[name][row]:
                continue
            named = np.asarray(places.ways.serves[places.table["parcel_id"].iloc[row]][name])
            found = named[left[named]]
            if len(found):
                gained[row][name] = found
                left[found] = False
    return gained


def _nearest(
    requirement: Requirement,
    at: NDArray[np.bool_],
    places: Places,
    pinned: Pinned,
    left: NDArray[np.bool_],
    homes: Pinned,
    facilities: Pinned | None,
    compounds: Compounds,
) -> NDArray[np.int64]:
    """Place nearest to each home that is left, -1 where none is within the limit."""
    row_of, at = _by_entrances(places, at, facilities)
    sides = [(pinned, at)]
    if facilities is not None and len(row_of):
        held = np.zeros(len(facilities), dtype=bool)
        held[list(row_of)] = True
        sides.append((facilities, held))
    best = np.full(len(homes), np.inf)
    to = np.full(len(homes), -1, dtype=np.int64)
    router = router_of(requirement, compounds)
    for side, serving in sides:
        for who, where in _groups(requirement, homes, side, serving):
            found = router.nearest(
                homes.ends.select(who & left),
                side.ends.select(where),
                limit=limit_units(requirement),
                from_facility=requirement.direction == "from_facility",
            )
            cost = found.walk_cs if router.metric == "time" else found.length_cm
            cost = np.where(found.to >= 0, cost, np.inf)
            nearer = cost < best
            best[nearer] = cost[nearer]
            rows = found.to[nearer].astype(np.int64)
            to[nearer] = (
                rows if side is pinned else np.array([row_of[row] for row in rows.tolist()])
            )
    return to


def _by_entrances(
    places: Places, at: NDArray[np.bool_], facilities: Pinned | None
) -> tuple[dict[int, int], NDArray[np.bool_]]:
    """Facility to the way that is done there, and the places searched from their own point."""
    if facilities is None or not (at & places.is_way).any():
        return {}, at
    at = at.copy()
    first = len(places) - len(places.ways)
    row = {name: place for place, name in enumerate(facilities.table["facility_id"])}
    found: dict[int, int] = {}
    for place in np.flatnonzero(at & places.is_way).tolist():
        facility = row.get(places.ways.table["facility_id"].iloc[place - first])
        if facility is not None:
            found.setdefault(facility, place)  # of two ways at one place the first is told
            at[place] = False
    return found, at


def _groups(
    requirement: Requirement, homes: Pinned, side: Pinned, serving: NDArray[np.bool_]
) -> list[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """Pair homes with what may serve them: everybody, or those of the same area."""
    if requirement.serves == "anyone":
        everybody = np.ones(len(homes), dtype=bool)
        return [(everybody, serving)] if serving.any() else []
    column = AREA_OF[requirement.serves]
    ours = homes.table[column].to_numpy(dtype=object)
    theirs = side.table[column].to_numpy(dtype=object)
    areas = sorted({str(area) for area in theirs[serving] if isinstance(area, str)})
    return [(ours == area, serving & (theirs == area)) for area in areas]
