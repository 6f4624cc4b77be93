"""
Pieces of lines in a square grid: which lie near a point, which does a leg cross; arrays only.

Plain geometry compiled, because a raster asks a quarter of a million times. Every function has an
explicit signature, releases the GIL and is cached on disk.
"""

from __future__ import annotations

import numba
import numpy as np
from numba import boolean, float64, int32, int64
from numba.types import Tuple
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]

_i4, _f8, _xy = int32[::1], float64[::1], float64[:, ::1]


@numba.njit(Tuple((_i4, _i4))(_xy, float64, float64, float64, int64, int64), nogil=True, cache=True)
def fill(
    pieces: Floats, west: float, south: float, cell_m: float, columns: int, rows: int
) -> tuple[Ints, Ints]:
    """
    Put pieces of lines into every cell their boxes touch.

    Parameters
    ----------
    pieces
        Both ends of each piece, ``x1, y1, x2, y2`` [m], shape (s, 4).
    west, south, cell_m, columns, rows
        The grid.

    Returns
    -------
    ptr, item
        CSR: pieces of cell ``row * columns + column``.
    """
    ptr = np.zeros(columns * rows + 1, np.int32)
    item = np.empty(0, np.int32)
    for turn in range(2):
        for k in range(pieces.shape[0]):
            c0 = int((min(pieces[k, 0], pieces[k, 2]) - west) / cell_m)
            c1 = int((max(pieces[k, 0], pieces[k, 2]) - west) / cell_m)
            r0 = int((min(pieces[k, 1], pieces[k, 3]) - south) / cell_m)
            r1 = int((max(pieces[k, 1], pieces[k, 3]) - south) / cell_m)
            for row in range(r0, r1 + 1):
                for column in range(c0, c1 + 1):
                    cell = row * columns + column
                    if turn == 0:
                        ptr[cell + 1] += 1
                    else:
                        item[ptr[cell]] = k
                        ptr[cell] += 1
        if turn == 0:
            for cell in range(columns * rows):
                ptr[cell + 1] += ptr[cell]
            item = np.empty(ptr[columns * rows], np.int32)
    for cell in range(columns * rows, 0, -1):
        ptr[cell] = ptr[cell - 1]
    ptr[0] = 0
    return ptr, item


@numba.njit(
    Tuple((_i4, _i4, _f8, _f8, _xy))(
        _xy, _xy, _i4, _f8, _i4, _i4, float64, float64, float64, int64, int64, float64, float64
    ),
    nogil=True,
    cache=True,
)
def near(
    points: Floats,
    pieces: Floats,
    owner: Ints,
    from_m: Floats,
    ptr: Ints,
    item: Ints,
    west: float,
    south: float,
    cell_m: float,
    columns: int,
    rows: int,
    slack_m: float,
    limit_m: float,
) -> tuple[Ints, Ints, Floats, Floats, Floats]:
    """
    Find for every point the lines within a slack of its nearest one.

    Parameters
    ----------
    points
        Where to look from [m], shape (n, 2).
    pieces, owner, from_m
        Both ends of each piece [m], shape (s, 4), the line it belongs to and how far along that
        line it begins [m], shape (s,).
    ptr, item, west, south, cell_m, columns, rows
        The grid `fill` made.
    slack_m
        How much farther than the nearest a line may be [m]; infinite for all within the limit.
    limit_m
        Farthest a line may be [m], inclusive.

    Returns
    -------
    point, line, leg_m, along_m, foot
        One row per point and line: how far the line is, where along it its nearest place lies
        [m], and where that is [m], the last of shape (k, 2). Rows ascend by point.
    """
    capacity = max(1024, 2 * points.shape[0])
    out_point = np.empty(capacity, np.int32)
    out_line = np.empty(capacity, np.int32)
    out_leg = np.empty(capacity, np.float64)
    out_along = np.empty(capacity, np.float64)
    out_foot = np.empty((capacity, 2), np.float64)
    total = 0
    rings = int(limit_m / cell_m) + 1
    for p in range(points.shape[0]):
        x = points[p, 0]
        y = points[p, 1]
        column = int(np.floor((x - west) / cell_m))
        row = int(np.floor((y - south) / cell_m))
        radius = limit_m
        if slack_m < limit_m:
            best = np.inf
            inner = min(
                x - west - column * cell_m,
                west + (column + 1) * cell_m - x,
                y - south - row * cell_m,
                south + (row + 1) * cell_m - y,
            )
            for ring in range(rings + 1):
                for r in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
                    edge_row = r == row - ring or r == row + ring
                    step = 1 if edge_row or ring == 0 else 2 * ring
                    for c in range(column - ring, column + ring + 1, step):
                        if c < 0 or c >= columns:
                            continue
                        for k in range(ptr[r * columns + c], ptr[r * columns + c + 1]):
                            s = item[k]
                            dx = pieces[s, 2] - pieces[s, 0]
                            dy = pieces[s, 3] - pieces[s, 1]
                            square = dx * dx + dy * dy
                            t = 0.0
                            if square > 0.0:
                                t = ((x - pieces[s, 0]) * dx + (y - pieces[s, 1]) * dy) / square
                                t = min(1.0, max(0.0, t))
                            leg = np.hypot(x - pieces[s, 0] - t * dx, y - pieces[s, 1] - t * dy)
                            best = min(best, leg)
                if best <= inner + ring * cell_m:
                    break
            radius = min(best + slack_m, limit_m)
            if best > limit_m:
                continue
        first = total
        c0 = max(int(np.floor((x - radius - west) / cell_m)), 0)
        c1 = min(int(np.floor((x + radius - west) / cell_m)), columns - 1)
        r0 = max(int(np.floor((y - radius - south) / cell_m)), 0)
        r1 = min(int(np.floor((y + radius - south) / cell_m)), rows - 1)
        for r in range(r0, r1 + 1):
            for c in range(c0, c1 + 1):
                for k in range(ptr[r * columns + c], ptr[r * columns + c + 1]):
                    s = item[k]
                    dx = pieces[s, 2] - pieces[s, 0]
                    dy = pieces[s, 3] - pieces[s, 1]
                    square = dx * dx + dy * dy
                    t = 0.0
                    if square > 0.0:
                        t = ((x - pieces[s, 0]) * dx + (y - pieces[s, 1]) * dy) / square
                        t = min(1.0, max(0.0, t))
                    leg = np.hypot(x - pieces[s, 0] - t * dx, y - pieces[s, 1] - t * dy)
                    if leg > radius:
                        continue
                    along = from_m[s] + t * np.sqrt(square)
                    at = -1
                    for known in range(first, total):
                        if out_line[known] == owner[s]:
                            at = known
                            break
                    if at >= 0 and not (
                        leg < out_leg[at] or (leg == out_leg[at] and along < out_along[at])
                    ):
                        continue
                    if at < 0:
                        if total == capacity:
                            out_point = np.concatenate((out_point, np.empty(capacity, np.int32)))
                            out_line = np.concatenate((out_line, np.empty(capacity, np.int32)))
                            out_leg = np.concatenate((out_leg, np.empty(capacity)))
                            out_along = np.concatenate((out_along, np.empty(capacity)))
                            out_foot = np.concatenate((out_foot, np.empty((capacity, 2))))
                            capacity *= 2
                        at = total
                        total += 1
                    out_point[at] = p
                    out_line[at] = owner[s]
                    out_leg[at] = leg
                    out_along[at] = along
                    out_foot[at, 0] = pieces[s, 0] + t * dx
                    out_foot[at, 1] = pieces[s, 1] + t * dy
    return (
        out_point[:total].copy(),
        out_line[:total].copy(),
        out_leg[:total].copy(),
        out_along[:total].copy(),
        out_foot[:total].copy(),
    )


@numba.njit(
    boolean[::1](_xy, _xy, _i4, _i4, float64, float64, float64, int64, int64, float64),
    nogil=True,
    cache=True,
)
def crossed(
    legs: Floats,
    pieces: Floats,
    ptr: Ints,
    item: Ints,
    west: float,
    south: float,
    cell_m: float,
    columns: int,
    rows: int,
    touch_m: float,
) -> NDArray[np.bool_]:
    """
    Say which legs cross a piece of line properly.

    Parameters
    ----------
    legs
        Both ends of each leg [m], the second on a street, shape (n, 4).
    pieces
        Both ends of each piece [m], shape (s, 4).
    ptr, item, west, south, cell_m, columns, rows
        The grid `fill` made.
    touch_m
        A leg whose second end lies this near to a piece touches it and does not cross it [m].

    Returns
    -------
    hit
        Shape (n,).
    """
    hit = np.zeros(legs.shape[0], np.bool_)
    for p in range(legs.shape[0]):
        ax, ay, bx, by = legs[p, 0], legs[p, 1], legs[p, 2], legs[p, 3]
        c0 = max(int(np.floor((min(ax, bx) - west) / cell_m)), 0)
        c1 = min(int(np.floor((max(ax, bx) - west) / cell_m)), columns - 1)
        r0 = max(int(np.floor((min(ay, by) - south) / cell_m)), 0)
        r1 = min(int(np.floor((max(ay, by) - south) / cell_m)), rows - 1)
        for r in range(r0, r1 + 1):
            for c in range(c0, c1 + 1):
                for k in range(ptr[r * columns + c], ptr[r * columns + c + 1]):
                    s = item[k]
                    px, py, qx, qy = pieces[s, 0], pieces[s, 1], pieces[s, 2], pieces[s, 3]
                    a = (qx - px) * (ay - py) - (qy - py) * (ax - px)
                    b = (qx - px) * (by - py) - (qy - py) * (bx - px)
                    if not ((a > 0.0 and b < 0.0) or (a < 0.0 and b > 0.0)):
                        continue
                    u = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
                    v = (bx - ax) * (qy - ay) - (by - ay) * (qx - ax)
                    # One end counts as on the left, so that a leg through a corner of a wall
                    # crosses it once.
                    if (u >= 0.0) == (v >= 0.0):
                        continue
                    length = np.hypot(qx - px, qy - py)
                    if abs(b) > touch_m * length:
                        hit[p] = True
    return hit
