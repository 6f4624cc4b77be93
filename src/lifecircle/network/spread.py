"""
Searches read off at the cells of a raster: one window of costs per source; arrays in and out.

The search is that of `lifecircle.network.buckets`; a source touches only the nodes and cells within
its limit, whatever the size of the raster. Every function is compiled with an explicit signature,
releases the GIL and is cached on disk.
"""

from __future__ import annotations

import numba
import numpy as np
from numba import int32, int64
from numba.types import Tuple
from numpy.typing import NDArray

from lifecircle.network.buckets import FAR, flood, queue
from lifecircle.network.search import read_off

Ints = NDArray[np.int32]

_i4, _i8 = int32[::1], int64[::1]


@numba.njit(Tuple((_i4, _i4, _i4))(_i4, _i4, _i4, int64, int64), nogil=True, cache=True)
def group(node: Ints, point: Ints, cost: Ints, n: int, n_points: int) -> tuple[Ints, Ints, Ints]:
    """
    Group readers by node and keep the cheapest of each point at a node.

    Parameters
    ----------
    node, point, cost
        One row per way between a node and a point, shape (k,).
    n, n_points
        Numbers of nodes and points.

    Returns
    -------
    ptr, point, cost
        CSR by node; a point stands once at each node, in the order it first comes there.
    """
    start = np.zeros(n + 1, np.int32)
    for k in range(node.size):
        start[node[k] + 1] += 1
    for v in range(n):
        start[v + 1] += start[v]
    order = np.empty(node.size, np.int32)
    fill = start[:-1].copy()
    for k in range(node.size):
        order[fill[node[k]]] = k
        fill[node[k]] += 1
    ptr = np.zeros(n + 1, np.int32)
    kept_point = np.empty(node.size, np.int32)
    kept_cost = np.empty(node.size, np.int32)
    place = np.full(n_points, -1, np.int32)
    total = 0
    for v in range(n):
        for i in range(start[v], start[v + 1]):
            p = point[order[i]]
            c = cost[order[i]]
            # A place before this node's first is that of an earlier node.
            if place[p] >= ptr[v]:
                kept_cost[place[p]] = min(kept_cost[place[p]], c)
                continue
            place[p] = total
            kept_point[total] = p
            kept_cost[total] = c
            total += 1
        ptr[v + 1] = total
    return ptr, kept_point[:total].copy(), kept_cost[:total].copy()


@numba.njit(
    Tuple((_i8, _i4, _i4))(
        _i4, _i4, _i4, _i4, _i4, _i4, _i4, _i4, _i4, _i4, _i4, _i4, _i8, int64, int64, int64, int64
    ),
    nogil=True,
    cache=True,
)
def windows(
    indptr: Ints,
    heads: Ints,
    costs: Ints,
    seed_ptr: Ints,
    seed_node: Ints,
    seed_cost: Ints,
    reader_ptr: Ints,
    reader_point: Ints,
    reader_cost: Ints,
    direct_ptr: Ints,
    direct_point: Ints,
    direct_cost: Ints,
    at: NDArray[np.int64],
    columns: int,
    limit: int,
    first: int,
    last: int,
) -> tuple[NDArray[np.int64], Ints, Ints]:
    """
    Search from each of many sources and write what its cells cost into a window of its own.

    Parameters
    ----------
    indptr, heads, costs
        CSR adjacency and what is minimised.
    seed_ptr, seed_node, seed_cost
        CSR: where source ``s`` starts and with what cost.
    reader_ptr, reader_point, reader_cost
        CSR: which cells read node ``v``, and what they add to its cost.
    direct_ptr, direct_point, direct_cost
        CSR: cells that source ``s`` reaches along its own edge without passing a node.
    at, columns
        Place of each cell in the flattened raster, and the raster's number of columns.
    limit
        Largest cost kept, inclusive.
    first, last
        The sources this call is for: ``first <= s < last``.

    Returns
    -------
    ptr, box, cost
        The windows one after the other, row by row with a frame one cell wide, `FAR` where a cell
        is not reached: window ``k`` is ``cost[ptr[k]:ptr[k + 1]]``; ``box[4 * k:4 * k + 4]`` is
        its first row, first column (both of the frame), rows and columns, zeros where nothing is
        reached.
    """
    dist, link, bucket = queue(indptr.size - 1, limit)
    touched = np.empty(indptr.size - 1, np.int32)
    best = np.full(at.size, FAR, np.int32)
    found = np.empty(at.size, np.int32)
    ptr = np.zeros(last - first + 1, np.int64)
    box = np.zeros(4 * (last - first), np.int32)
    out = np.empty(1 << 16, np.int32)
    total = 0
    for s in range(first, last):
        n_touched = flood(
            indptr, heads, costs, seed_node, seed_cost, seed_ptr[s], seed_ptr[s + 1], limit,
            dist, link, bucket, touched,
        )  # fmt: skip
        n_found = read_off(
            dist, touched, n_touched, reader_ptr, reader_point, reader_cost,
            direct_point, direct_cost, direct_ptr[s], direct_ptr[s + 1], limit, best, found,
        )  # fmt: skip
        if n_found:
            south = at[found[0]] // columns
            north = south
            west = at[found[0]] % columns
            east = west
            for i in range(n_found):
                row = at[found[i]] // columns
                column = at[found[i]] % columns
                south = min(south, row)
                north = max(north, row)
                west = min(west, column)
                east = max(east, column)
            wide = east - west + 3
            size = wide * (north - south + 3)
            while total + size > out.size:
                out = np.concatenate((out, np.empty(out.size, np.int32)))
            out[total : total + size] = FAR
            for i in range(n_found):
                p = found[i]
                row = at[p] // columns - south + 1
                column = at[p] % columns - west + 1
                out[total + row * wide + column] = best[p]
                best[p] = FAR
            box[4 * (s - first)] = south - 1
            box[4 * (s - first) + 1] = west - 1
            box[4 * (s - first) + 2] = north - south + 3
            box[4 * (s - first) + 3] = wide
            total += size
        ptr[s - first + 1] = total
    return ptr, box, out[:total].copy()


@numba.njit(Tuple((_i4, _i4))(_i4, _i4, _i4, _i4, _i4, int64, int64), nogil=True, cache=True)
def read_nearest(
    cost: Ints,
    label: Ints,
    reader_ptr: Ints,
    reader_point: Ints,
    reader_cost: Ints,
    n_points: int,
    limit: int,
) -> tuple[Ints, Ints]:
    """
    Read a finished search off at points.

    Parameters
    ----------
    cost, label
        Cost and label per node, shape (n,); `FAR` where it was not reached.
    reader_ptr, reader_point, reader_cost
        CSR: which points read node ``v``, and what they add to its cost.
    n_points
        Number of points.
    limit
        Largest cost kept, inclusive.

    Returns
    -------
    best, owner
        Cost and label per point, shape (n_points,), `FAR` and -1 beyond the limit; ties go to the
        lowest label.
    """
    best = np.full(n_points, FAR, np.int32)
    owner = np.full(n_points, -1, np.int32)
    for v in range(cost.size):
        if cost[v] > limit:
            continue
        for k in range(reader_ptr[v], reader_ptr[v + 1]):
            reached = cost[v] + reader_cost[k]
            p = reader_point[k]
            if reached > limit or reached > best[p]:
                continue
            if reached < best[p] or label[v] < owner[p]:
                best[p] = reached
                owner[p] = label[v]
    return best, owner
