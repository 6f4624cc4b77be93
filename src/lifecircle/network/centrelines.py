"""
Road centrelines -> where they cross, touch, repeat each other or run side by side.

Nothing is changed here; places are found the same way whatever the order of the lines was.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

DOUBLE_M = 1.0
"""A line that stays this near to another one all along repeats it [m] (P)."""
DUAL_M = (2.0, 40.0)
"""How far apart the two sides of a dual carriageway run [m] (P)."""

_DUAL_SPREAD_M = 10.0
_DUAL_LENGTH_M = 30.0

Rows = NDArray[np.int64]
Shapes = NDArray[np.object_]


def canonical(table: gpd.GeoDataFrame) -> list[int]:
    """
    Order lines by where they run, then by what is said of them.

    Parameters
    ----------
    table
        LineStrings with columns.

    Returns
    -------
    order
        Rows in an order that does not depend on the one they came in.
    """
    shapes = shapely.to_wkb(np.asarray(table.geometry.array, dtype=object))
    said = table.drop(columns=table.geometry.name).astype(str).to_numpy(dtype=object)
    keys = [(shape, *row) for shape, row in zip(shapes, said, strict=True)]
    return sorted(range(len(table)), key=keys.__getitem__)


def near_doubles(shapes: Shapes, levels: Rows) -> NDArray[np.bool_]:
    """
    Find lines that repeat another one of their level.

    Parameters
    ----------
    shapes
        LineStrings [m], shape (n,).
    levels
        Level of each, shape (n,).

    Returns
    -------
    double
        Whether all of a line lies within `DOUBLE_M` of a longer one that stays (of the first
        where both are as long), shape (n,). A line shorter than twice that may join others that
        stop there, and is never one unless it is the very same.
    """
    length = shapely.length(shapes)
    small, large = _pairs(shapes, DOUBLE_M)
    box = shapely.bounds(shapes)
    inner, outer = box[small], box[large]
    fits = (inner[:, :2] >= outer[:, :2] - DOUBLE_M).all(axis=1)
    fits &= (inner[:, 2:] <= outer[:, 2:] + DOUBLE_M).all(axis=1)
    fits &= levels[small] == levels[large]
    longer = length[large] > length[small] + 1e-6
    alike = np.abs(length[large] - length[small]) <= 1e-6
    fits &= longer | (alike & (large < small))
    small, large = small[fits], large[fits]
    for share in (0.0, 0.5, 1.0):
        point = shapely.line_interpolate_point(shapes[small], share, normalized=True)
        near = shapely.distance(point, shapes[large]) <= DOUBLE_M
        small, large = small[near], large[near]
    same = shapely.equals(shapes[small], shapes[large])
    whole = shapely.covered_by(
        shapes[small], shapely.buffer(shapes[large], DOUBLE_M, cap_style="round")
    )
    keep = same | (whole & (length[small] > 2 * DOUBLE_M))
    small, large = small[keep], large[keep]
    double = np.zeros(len(shapes), dtype=bool)
    # The longest first: a line goes only for one that stays.
    for at in np.lexsort((small, large, -length[large])):
        double[small[at]] |= not double[large[at]]
    return double


def _pairs(shapes: Shapes, distance: float) -> tuple[Rows, Rows]:
    """Pair lines that come this near to each other, both ways round."""
    left, right = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=distance)
    other = left != right
    left, right = left[other], right[other]
    order = np.lexsort((right, left))
    return left[order], right[order]


def crossings(shapes: Shapes, levels: Rows) -> tuple[Rows, Rows, Shapes, int]:
    """
    Find where lines of one level have a point in common.

    Parameters
    ----------
    shapes
        LineStrings [m], shape (n,).
    levels
        Level of each, shape (n,).

    Returns
    -------
    left, right
        Rows of the two lines, shape (k,) each.
    where
        Points they share, shape (k,); of a stretch they share its two ends.
    kept_apart
        How many places there are where lines of different levels cross.
    """
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = left < right
    left, right = left[once], right[once]
    order = np.lexsort((right, left))
    left, right = left[order], right[order]
    level = levels[left] == levels[right]
    over = ~level & shapely.crosses(shapes[left], shapes[right])
    places = shapely.intersection(shapes[left[over]], shapes[right[over]])
    apart = int(shapely.get_num_geometries(places).sum())
    left, right = left[level], right[level]
    parts, owner = shapely.get_parts(
        shapely.intersection(shapes[left], shapes[right]), return_index=True
    )
    stretch = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    where = np.concatenate(
        [
            parts[~stretch],
            shapely.get_point(parts[stretch], 0),
            shapely.get_point(parts[stretch], -1),
        ]
    )
    owner = np.concatenate([owner[~stretch], owner[stretch], owner[stretch]])
    return left[owner], right[owner], where, apart


def self_crossings(shapes: Shapes) -> tuple[Rows, NDArray[np.float64], NDArray[np.float64]]:
    """
    Find where a line crosses or touches itself.

    Parameters
    ----------
    shapes
        LineStrings [m], shape (n,).

    Returns
    -------
    line
        Row of the line, shape (k,).
    first_m, second_m
        Where along it the same place is passed [m], shape (k,) each.
    """
    found: list[tuple[int, float, float]] = []
    for row in np.flatnonzero(~shapely.is_simple(shapes)):
        xy = shapely.get_coordinates(shapes[row])
        steps = np.hypot(*np.diff(xy, axis=0).T)
        start = np.concatenate([[0.0], np.cumsum(steps)[:-1]])
        segments = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1))
        pieces = shapely.get_parts(shapely.node(shapes[row]))
        ends = np.concatenate([shapely.get_point(pieces, 0), shapely.get_point(pieces, -1)])
        for place in shapely.points(np.unique(shapely.get_coordinates(ends), axis=0)):
            on = np.flatnonzero(shapely.distance(segments, place) <= 1e-6)
            along = np.sort(start[on] + shapely.line_locate_point(segments[on], place))
            passes = along[np.concatenate([[True], np.diff(along) > 1e-3])]
            found += [(int(row), float(passes[0]), float(later)) for later in passes[1:]]
    rows = np.array(found, dtype=np.float64).reshape(-1, 3)
    return rows[:, 0].astype(np.int64), rows[:, 1], rows[:, 2]


def tip_touches(shapes: Shapes, tips: Shapes, *, reach_m: float) -> tuple[Rows, Rows]:
    """
    Find the lines that ends of other lines come near to.

    Parameters
    ----------
    shapes
        LineStrings [m], shape (n,).
    tips
        Their first points, then their last ones, shape (2n,).
    reach_m
        How near [m].

    Returns
    -------
    tip, line
        Which end, and which line it is not an end of, shape (k,) each.
    """
    tip, line = shapely.STRtree(shapes).query(tips, predicate="dwithin", distance=reach_m)
    other = tip % len(shapes) != line
    tip, line = tip[other], line[other]
    order = np.lexsort((line, tip))
    return tip[order], line[order]


def dual_pairs(shapes: Shapes, levels: Rows, names: NDArray[np.object_]) -> int:
    """
    Count the pairs of lines that are two sides of one road.

    Parameters
    ----------
    shapes
        LineStrings [m], shape (n,).
    levels
        Level of each, shape (n,).
    names
        Name of each, None where there is none, shape (n,).

    Returns
    -------
    pairs
        Pairs of one name and level, one of which keeps `DUAL_M` away from the other, at a
        distance that hardly changes along it.
    """
    named = np.array([isinstance(name, str) for name in names], dtype=bool)
    long = np.flatnonzero(named & (shapely.length(shapes) >= _DUAL_LENGTH_M))
    middle = shapely.line_interpolate_point(shapes[long], 0.5, normalized=True)
    at, other = shapely.STRtree(shapes).query(middle, predicate="dwithin", distance=DUAL_M[1])
    line = long[at]
    alike = (line != other) & (names[line] == names[other]) & (levels[line] == levels[other])
    line, other = line[alike], other[alike]
    gaps = np.stack(
        [
            shapely.distance(
                shapely.line_interpolate_point(shapes[line], share, normalized=True), shapes[other]
            )
            for share in (0.25, 0.5, 0.75)
        ]
    )
    beside = (gaps >= DUAL_M[0]).all(axis=0) & (gaps <= DUAL_M[1]).all(axis=0)
    beside &= np.ptp(gaps, axis=0) <= _DUAL_SPREAD_M
    pairs = np.sort(np.column_stack([line[beside], other[beside]]), axis=1)
    return len(np.unique(pairs, axis=0))
