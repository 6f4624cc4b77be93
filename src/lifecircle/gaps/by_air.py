"""
From homes that are not covered to the place that would cover them if nothing stood between.

Straight lines only: what a walk makes of them is known already.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.reach.matrix import Pinned, Reach, audiences


@dataclass(frozen=True, kw_only=True)
class ByAir:
    """
    The right place nearest to each home in a straight line; where places are counted, the n-th.

    Parameters
    ----------
    distance_m
        Straight distance, inf where there is none, shape (k,).
    facility
        Row of the place, -1 where there is none, shape (k,).
    """

    distance_m: NDArray[np.float64]
    facility: NDArray[np.int64]


def nearest_by_air(
    reach: Reach,
    homes: Pinned,
    facilities: Pinned,
    short: NDArray[np.intp],
    *,
    within_m: float,
) -> ByAir:
    """
    Find the place that would cover each home if nothing stood between.

    Parameters
    ----------
    reach
        Who reaches what, with the rule each home completes last where places are counted.
    homes, facilities
        Both sides.
    short
        Rows of the homes, shape (k,).
    within_m
        How far the n-th place is looked for where several are counted; a single one is found
        however far it is.

    Returns
    -------
    by_air
        In the order of `short`. Only places that serve a home and are open to others than the
        residents of an estate are asked: those would be closed with no wall around them, too.
        Ties go to the lowest row.
    """
    shapes = facilities.table.geometry.to_numpy()
    points = homes.table.geometry.to_numpy()[short]
    public = ~facilities.table["open_to"].fillna("anyone").eq("residents").to_numpy()
    distance_m = np.full(len(short), np.inf)
    facility = np.full(len(short), -1, dtype=np.int64)
    rules = [(-1, reach.counting, 1)] + [
        (
            number,
            reach.counting & facilities.table["type"].isin(rule.types).to_numpy(),
            rule.at_least,
        )
        for number, rule in enumerate(reach.requirement.counts)
    ]
    for number, right, at_least in rules:
        for served, serving in audiences(reach.requirement, homes, facilities, right & public):
            mine = np.flatnonzero((reach.rule[short] == number) & served[short])
            places = np.flatnonzero(serving)
            if len(places) < at_least or len(mine) == 0:
                continue
            rows, nth, far = _nth(points[mine], shapes[places], at_least, within_m)
            distance_m[mine[rows]] = far
            facility[mine[rows]] = places[nth]
    return ByAir(distance_m=distance_m, facility=facility)


def _nth(
    points: NDArray[np.object_], places: NDArray[np.object_], at_least: int, within_m: float
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Find the n-th nearest place: rows of points that have one, its row, its distance."""
    tree = shapely.STRtree(places)
    if at_least == 1:
        home, place = tree.query_nearest(points)
    else:
        home, place = tree.query(points, predicate="dwithin", distance=within_m)
    distance = shapely.distance(points[home], places[place])
    order = np.lexsort((place, distance, home))
    start = np.searchsorted(home[order], np.arange(len(points)))
    rows = np.flatnonzero(np.bincount(home, minlength=len(points)) >= at_least)
    nth = order[start[rows] + at_least - 1]
    return rows, place[nth], distance[nth]
