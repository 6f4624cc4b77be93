"""
Road centrelines -> places on them that are one junction.

Two places are one junction only for a reason that is counted: lines of one level that meet there, a
level that would stop there, or a break that was to be mended.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.network import search
from lifecircle.network.centrelines import Rows, Shapes, crossings, self_crossings, tip_touches

BREAK_M = 3.0
"""A dead end that stops this near to another end or line is a break worth telling [m] (P)."""

_DRAWN_ONTO_M = 0.05  # an end on a line of another level is a ramp's only where drawn onto it
_SAME_M = 0.001

Links = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Places:
    """
    Places on lines where something meets.

    Parameters
    ----------
    line
        Line each lies on, shape (k,); the first 2n are the first points of all n lines and then
        their last ones.
    along_m
        How far along it [m], shape (k,).
    junction
        Lowest place of the junction each belongs to, shape (k,).
    """

    line: Rows
    along_m: NDArray[np.float64]
    junction: Rows

    def with_more(self, line: Rows, along_m: NDArray[np.float64]) -> tuple[Places, Rows]:
        """
        Add places that are no junction yet.

        Parameters
        ----------
        line, along_m
            Where they are, shape (j,) each.

        Returns
        -------
        places
            All places.
        added
            Numbers of the new ones, shape (j,).
        """
        added = np.arange(len(self.line), len(self.line) + len(line))
        places = Places(
            line=np.concatenate([self.line, line]),
            along_m=np.concatenate([self.along_m, along_m]),
            junction=np.concatenate([self.junction, added]),
        )
        return places, added

    def linked(self, links: Links) -> Places:
        """
        Make one junction of linked places.

        Parameters
        ----------
        links
            Pairs of places, shape (j, 2).

        Returns
        -------
        places
            The same places with wider junctions.
        """
        own = np.arange(len(self.line))
        pairs = np.concatenate([links, np.column_stack([own, self.junction])])
        root = search.components(
            len(own),
            np.ascontiguousarray(pairs[:, 0], dtype=np.int32),
            np.ascontiguousarray(pairs[:, 1], dtype=np.int32),
        )
        return replace(self, junction=root.astype(np.int64))

    def in_order(self) -> Rows:
        """
        Order places along their lines.

        Returns
        -------
        order
            By line, then along it, shape (k,).
        """
        return np.lexsort((self.junction, self.along_m, self.line))

    def visits(self, snap_m: float) -> tuple[Rows, Rows]:
        """
        Gather places of one junction that follow each other closely on a line.

        Parameters
        ----------
        snap_m
            How closely [m].

        Returns
        -------
        order
            As `in_order`.
        visit
            Number of the visit of each place in that order, shape (k,).
        """
        order = self.in_order()
        line, along, junction = self.line[order], self.along_m[order], self.junction[order]
        fresh = np.ones(len(order), dtype=bool)
        fresh[1:] = (line[1:] != line[:-1]) | (junction[1:] != junction[:-1])
        fresh[1:] |= np.diff(along) > snap_m + _SAME_M
        return order, np.cumsum(fresh) - 1

    def branches(self, n: int, snap_m: float) -> Rows:
        """
        Count the stretches of line that leave each junction.

        Parameters
        ----------
        n
            Number of lines.
        snap_m
            As `visits`.

        Returns
        -------
        count
            At the number of each junction, shape (k,).
        """
        order, visit = self.visits(snap_m)
        tips = np.bincount(visit, weights=order < 2 * n).astype(np.int64)
        first = np.flatnonzero(np.concatenate([[True], np.diff(visit) > 0]))
        count = np.bincount(
            self.junction[order[first]],
            weights=np.maximum(2 - tips, 0),
            minlength=len(self.line),
        )
        return count.astype(np.int64)


@dataclass(frozen=True, kw_only=True)
class Junctions:
    """
    Where lines meet, and what was done for it.

    Parameters
    ----------
    places
        Places on the lines.
    crossings, kept_apart, snapped, mended
        As in the report of noding.
    break_xy
        Where the breaks are [m], shape (b, 2).
    """

    places: Places
    crossings: int
    kept_apart: int
    snapped: int
    mended: int
    break_xy: NDArray[np.float64]


def find_junctions(shapes: Shapes, levels: Rows, *, snap_m: float, mend_m: float) -> Junctions:
    """
    Find where lines meet.

    Parameters
    ----------
    shapes
        LineStrings [m], shape (n,).
    levels
        Level of each, shape (n,).
    snap_m
        How far an end may be from what it is drawn onto [m].
    mend_m
        How wide a break may be that is closed [m].

    Returns
    -------
    junctions
        Places on the lines, and which of them are one junction.
    """
    n = len(shapes)
    length = shapely.length(shapes)
    tips = np.concatenate([shapely.get_point(shapes, 0), shapely.get_point(shapes, -1)])
    tip_level = np.tile(levels, 2)
    places = Places(
        line=np.tile(np.arange(n), 2),
        along_m=np.concatenate([np.zeros(n), length]),
        junction=np.arange(2 * n),
    )
    left, right, where, kept_apart = crossings(shapes, levels)
    places, on_left = places.with_more(left, _along(shapes, left, where))
    places, on_right = places.with_more(right, _along(shapes, right, where))
    looped, first_m, second_m = self_crossings(shapes)
    places, once = places.with_more(looped, first_m)
    places, again = places.with_more(looped, second_m)
    near = _near_tips(tips, snap_m)
    level = tip_level[near[:, 0]] == tip_level[near[:, 1]]
    tip, line = tip_touches(shapes, tips, reach_m=snap_m)
    gap_m = shapely.distance(tips[tip], shapes[line])
    onto_level = tip_level[tip] == levels[line]
    meant = onto_level | (gap_m <= _DRAWN_ONTO_M)
    tip, line, gap_m, onto_level = tip[meant], line[meant], gap_m[meant], onto_level[meant]
    places, landed = places.with_more(line, _along(shapes, line, tips[tip]))
    onto = np.column_stack([tip, landed])
    places = places.linked(
        np.concatenate(
            [
                np.column_stack([on_left, on_right]),
                np.column_stack([once, again]),
                near[level],
                onto[onto_level],
                _neighbours(places, snap_m),
            ]
        )
    )
    # A level that stops here joins the other; two that go on by themselves stay apart.
    ramps = np.concatenate([near[~level], onto[~onto_level]])
    branches = places.branches(n, snap_m)[places.junction[ramps]]
    places = places.linked(ramps[(branches == 1).any(axis=1)])
    joined = np.concatenate([near, near[:, ::-1], np.column_stack([tip, line])])
    joined_m = np.concatenate([np.tile(_gaps(tips, near), 2), gap_m])
    places, mended, break_xy = _mended(places, shapes, levels, tips, snap_m=snap_m, mend_m=mend_m)
    return Junctions(
        places=places,
        crossings=_proper(places, on_left, on_right, length, snap_m),
        kept_apart=kept_apart,
        snapped=_snapped(joined[:, 0], joined_m, 2 * n),
        mended=mended,
        break_xy=break_xy,
    )


def _along(shapes: Shapes, line: Rows, where: Shapes) -> NDArray[np.float64]:
    return np.asarray(shapely.line_locate_point(shapes[line], where), dtype=np.float64)


def _near_tips(tips: Shapes, reach_m: float) -> Links:
    near = shapely.STRtree(tips).query(tips, predicate="dwithin", distance=reach_m).T
    near = near[near[:, 0] < near[:, 1]]
    return np.asarray(near[np.lexsort((near[:, 1], near[:, 0]))], dtype=np.int64)


def _gaps(tips: Shapes, pairs: Links) -> NDArray[np.float64]:
    return np.asarray(shapely.distance(tips[pairs[:, 0]], tips[pairs[:, 1]]), dtype=np.float64)


def _neighbours(places: Places, snap_m: float) -> Links:
    """Link places that follow each other closely on one line: an end that runs over, a stub."""
    order = places.in_order()
    line, along = places.line[order], places.along_m[order]
    close = (line[1:] == line[:-1]) & (np.diff(along) <= snap_m)
    return np.column_stack([order[:-1][close], order[1:][close]])


def _proper(
    places: Places,
    on_left: Rows,
    on_right: Rows,
    length: NDArray[np.float64],
    snap_m: float,
) -> int:
    """Count the junctions where two lines cross away from their ends."""
    inner = np.ones(len(on_left), dtype=bool)
    for side in (on_left, on_right):
        along = places.along_m[side]
        inner &= (along > snap_m) & (along < length[places.line[side]] - snap_m)
    return len(np.unique(places.junction[on_left[inner]]))


def _snapped(tip: Rows, gap_m: NDArray[np.float64], n_tips: int) -> int:
    """Count the ends that came near something without having been drawn onto anything."""
    nearest = np.full(n_tips, np.inf)
    np.minimum.at(nearest, tip, gap_m)
    return int((np.isfinite(nearest) & (nearest > _SAME_M)).sum())


def _mended(
    places: Places,
    shapes: Shapes,
    levels: Rows,
    tips: Shapes,
    *,
    snap_m: float,
    mend_m: float,
) -> tuple[Places, int, NDArray[np.float64]]:
    """Find breaks, and close those that are narrow enough."""
    n = len(shapes)
    reach_m = max(BREAK_M, mend_m)
    dead = places.branches(n, snap_m)[places.junction[: 2 * n]] == 1
    ends = _near_tips(tips, reach_m)
    ends = ends[dead[ends].all(axis=1)]
    ends = ends[places.junction[ends[:, 0]] != places.junction[ends[:, 1]]]
    width = _gaps(tips, ends)
    stop = np.flatnonzero(dead)
    at, line = shapely.STRtree(shapes).query(tips[stop], predicate="dwithin", distance=reach_m)
    tip = stop[at]
    other = (tip % n != line) & (levels[tip % n] == levels[line])
    tip, line = tip[other], line[other]
    apart = ~_adjacent(places, tip % n, line)
    tip, line = tip[apart], line[apart]
    gap_m = shapely.distance(tips[tip], shapes[line])
    # Each dead end has one break: the nearest, another end before the side of a line.
    rank = np.lexsort(
        (
            np.concatenate([ends[:, 1], ends[:, 0], 2 * n + line]),
            np.concatenate([width, width, gap_m]).round(6),
            np.concatenate([ends[:, 0], ends[:, 1], tip]),
        )
    )
    which = np.concatenate([ends[:, 0], ends[:, 1], tip])[rank]
    target = np.concatenate([ends[:, 1], ends[:, 0], 2 * n + line])[rank]
    wide_m = np.concatenate([width, width, gap_m])[rank]
    nearest = np.ones(len(which), dtype=bool)
    nearest[1:] = which[1:] != which[:-1]
    which, target, wide_m = which[nearest], target[nearest], wide_m[nearest]
    mutual = np.isin(target * 2 * n + which, which * 2 * n + target) & (target < which)
    which, target, wide_m = which[~mutual], target[~mutual], wide_m[~mutual]
    break_xy = shapely.get_coordinates(tips[which[wide_m <= BREAK_M]])
    close = wide_m <= mend_m
    if not close.any():
        return places, 0, break_xy
    which, target = which[close], target[close]
    side = target >= 2 * n
    onto = target[side] - 2 * n
    places, landed = places.with_more(onto, _along(shapes, onto, tips[which[side]]))
    target[side] = landed
    places = places.linked(
        np.concatenate([np.column_stack([which, target]), _neighbours(places, snap_m)])
    )
    return places, int(close.sum()), break_xy


def _adjacent(places: Places, left: Rows, right: Rows) -> NDArray[np.bool_]:
    """Say which pairs of lines share a junction."""
    n = int(places.line.max()) + 1
    wanted = np.unique(left)
    mine = np.isin(places.line, wanted)
    key = np.unique(np.column_stack([places.junction, places.line]), axis=0)
    start = np.searchsorted(key[:, 0], places.junction[mine])
    stop = np.searchsorted(key[:, 0], places.junction[mine], side="right")
    count = stop - start
    take = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count - start, count)
    known = np.repeat(places.line[mine], count) * n + key[take, 1]
    adjacent: NDArray[np.bool_] = np.isin(left * n + right, known)
    return adjacent
