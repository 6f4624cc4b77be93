"""
The search kernel: shortest times on integer arcs, arrays in and arrays out.

Results are exact for any non-negative integer arc, zero included. Equal times go to the lowest
label, so row order never shows. Every function is compiled with an explicit signature, releases the
GIL and is cached on disk.
"""

from __future__ import annotations

import numba
import numpy as np
from numba import int32, int64, uint64, void
from numba.types import UniTuple
from numpy.typing import NDArray

from lifecircle.network.buckets import FAR, Ints, flood, put, queue, take

__all__ = ["FAR", "Ints", "components", "nearest", "nodes_each", "reach_each", "read_off"]

# Which bit of a word with one bit is set: a de Bruijn sequence times the word has it on top.
_SEQUENCE = np.uint64(0x03F79D71B4CB0A89)
_BIT = np.argsort([(int(_SEQUENCE) << bit) % 2**64 >> 58 for bit in range(64)]).astype(np.int32)
_6, _58, _63, _1 = (np.uint64(number) for number in (6, 58, 63, 1))

_i4, _i44, _u8 = int32[::1], int32[:, ::1], uint64[::1]


@numba.njit(
    UniTuple(_i4, 3)(_i4, _i4, _i4, _i4, _i4, _i4, _i4, _i4, _i4, int64), nogil=True, cache=True
)
def nearest(
    indptr: Ints,
    heads: Ints,
    costs: Ints,
    seconds: Ints,
    seed_node: Ints,
    seed_cost: Ints,
    seed_second: Ints,
    seed_label: Ints,
    order: Ints,
    limit: int,
) -> tuple[Ints, Ints, Ints]:
    """
    Find for every node the nearest of many labelled seeds, within a limit.

    Parameters
    ----------
    indptr, heads
        CSR adjacency, shapes (n + 1,) and (m,).
    costs, seconds
        What is minimised, and what is summed along the way, per arc, shape (m,), non-negative.
    seed_node, seed_cost, seed_second, seed_label
        Where searches start, with what both sums and with which label, shape (s,).
    order
        Order in which seeds are pushed, shape (s,); any permutation gives the same result.
    limit
        Largest cost kept, inclusive.

    Returns
    -------
    cost, second, label
        Per node, shape (n,); `FAR` where no seed is within the limit. Ties of cost go to the
        lowest label, then to the smallest second sum.
    """
    n = indptr.size - 1
    dist, link, bucket = queue(n, limit)
    second = np.full(n, FAR, np.int32)
    label = np.full(n, FAR, np.int32)
    for k in order:
        v = np.uint64(seed_node[k])
        c = seed_cost[k]
        if c > limit or c > dist[v]:
            continue
        if c == dist[v] and (
            seed_label[k] > label[v] or (seed_label[k] == label[v] and seed_second[k] >= second[v])
        ):
            continue
        second[v] = seed_second[k]
        label[v] = seed_label[k]
        put(dist, link, bucket, v, c)
    for b in range(bucket.size):
        while bucket[b] >= 0:
            u = take(link, bucket, b)
            c = dist[u]
            u_label = label[u]
            u_second = second[u]
            for a in range(np.uint64(indptr[u]), np.uint64(indptr[u + _1])):
                reached = c + costs[a]
                v = np.uint64(heads[a])
                if reached > limit or reached > dist[v]:
                    continue
                v_second = u_second + seconds[a]
                if reached == dist[v] and (
                    u_label > label[v] or (u_label == label[v] and v_second >= second[v])
                ):
                    continue
                second[v] = v_second
                label[v] = u_label
                put(dist, link, bucket, v, reached)
    return dist, second, label


@numba.njit(void(_i4, int64, _u8, _u8), nogil=True, cache=True)
def _sort(found: Ints, n_found: int, mark: NDArray[np.uint64], top: NDArray[np.uint64]) -> None:
    """Sort the first of some numbers, all different, over a bit for each and one per 64 bits."""
    for i in range(n_found):
        p = np.uint64(found[i])
        mark[p >> _6] |= _1 << (p & _63)
        top[p >> _6 >> _6] |= _1 << (p >> _6 & _63)
    k = 0
    for t in range(top.size):
        words = top[t]
        top[t] = 0
        while words:
            low = words & (~words + _1)
            words ^= low
            w = (np.uint64(t) << _6) + np.uint64(_BIT[low * _SEQUENCE >> _58])
            word = mark[w]
            mark[w] = 0
            while word:
                low = word & (~word + _1)
                word ^= low
                found[k] = (w << _6) + np.uint64(_BIT[low * _SEQUENCE >> _58])
                k += 1


@numba.njit(UniTuple(_i4, 3)(_i4, _i4, _i4, _i4, _i4, _i4, int64), nogil=True, cache=True)
def nodes_each(
    indptr: Ints,
    heads: Ints,
    costs: Ints,
    seed_ptr: Ints,
    seed_node: Ints,
    seed_cost: Ints,
    limit: int,
) -> tuple[Ints, Ints, Ints]:
    """
    Search from each of many sources on its own and list the nodes it reaches.

    Parameters
    ----------
    indptr, heads, costs
        CSR adjacency and what is minimised, shapes (n + 1,), (m,) and (m,).
    seed_ptr, seed_node, seed_cost
        CSR: where source ``s`` starts and with what cost.
    limit
        Largest cost kept, inclusive.

    Returns
    -------
    count, node, cost
        For each source how many nodes it reaches, then the nodes (ascending within a source) and
        their costs, one after the other.
    """
    n = indptr.size - 1
    n_sources = seed_ptr.size - 1
    dist, link, bucket = queue(n, limit)
    touched = np.empty(n, np.int32)
    mark, top = np.zeros((n >> 6) + 1, np.uint64), np.zeros((n >> 12) + 1, np.uint64)
    count = np.zeros(n_sources, np.int32)
    out_node, out_cost = np.empty(4096, np.int32), np.empty(4096, np.int32)
    total = 0
    for s in range(n_sources):
        n_touched = flood(
            indptr, heads, costs, seed_node, seed_cost, seed_ptr[s], seed_ptr[s + 1], limit,
            dist, link, bucket, touched,
        )  # fmt: skip
        _sort(touched, n_touched, mark, top)
        while total + n_touched > out_node.size:
            out_node = np.concatenate((out_node, np.empty_like(out_node)))
            out_cost = np.concatenate((out_cost, np.empty_like(out_cost)))
        for i in range(n_touched):
            v = np.uint64(touched[i])
            out_node[total + i] = v
            out_cost[total + i] = dist[v]
            dist[v] = FAR
        total += n_touched
        count[s] = n_touched
    return count, out_node[:total].copy(), out_cost[:total].copy()


@numba.njit(
    int64(_i4, _i4, int64, _i4, _i4, _i4, _i4, _i4, int64, int64, int64, _i4, _i4),
    nogil=True,
    cache=True,
)
def read_off(
    dist: Ints,
    touched: Ints,
    n_touched: int,
    reader_ptr: Ints,
    reader_point: Ints,
    reader_cost: Ints,
    direct_point: Ints,
    direct_cost: Ints,
    first: int,
    last: int,
    limit: int,
    best: Ints,
    found: Ints,
) -> int:
    """
    Read a finished search off at points, and make its costs ready for the next.

    Parameters
    ----------
    dist, touched, n_touched
        What `flood` left; costs are set back to `FAR`.
    reader_ptr, reader_point, reader_cost
        CSR: which points read node ``v``, and what they add to its cost.
    direct_point, direct_cost
        Points reached along the source's own edge without passing a node.
    first, last
        Those of this source: ``first <= k < last``.
    limit
        Largest cost kept, inclusive.
    best
        Cost per point: `FAR` throughout on entry, filled in place.
    found
        Filled in place with the points reached, as long as `best`.

    Returns
    -------
    n_found
        How many points were reached.
    """
    n_found = 0
    for i in range(n_touched):
        v = np.uint64(touched[i])
        c = dist[v]
        dist[v] = FAR
        for k in range(np.uint64(reader_ptr[v]), np.uint64(reader_ptr[v + _1])):
            reached = c + reader_cost[k]
            p = np.uint64(reader_point[k])
            if reached <= limit and reached < best[p]:
                if best[p] == FAR:
                    found[n_found] = p
                    n_found += 1
                best[p] = reached
    for k in range(first, last):
        p = np.uint64(direct_point[k])
        if direct_cost[k] <= limit and direct_cost[k] < best[p]:
            if best[p] == FAR:
                found[n_found] = p
                n_found += 1
            best[p] = direct_cost[k]
    return n_found


@numba.njit(
    UniTuple(_i4, 3)(
        _i4, _i4, _i4, _i4, _i4, _i4, _i4, _i4, _i4, _i4, _i4, _i4, int64, int64, int64, int64
    ),
    nogil=True,
    cache=True,
)
def reach_each(
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
    n_points: int,
    limit: int,
    first: int,
    last: int,
) -> tuple[Ints, Ints, Ints]:
    """
    Search from each of many sources on its own and read the times off at points.

    Parameters
    ----------
    indptr, heads, costs
        CSR adjacency and what is minimised, shapes (n + 1,), (m,) and (m,).
    seed_ptr, seed_node, seed_cost
        CSR: where source ``s`` starts and with what cost.
    reader_ptr, reader_point, reader_cost
        CSR: which points read node ``v``, and what they add to its cost.
    direct_ptr, direct_point, direct_cost
        CSR: points that source ``s`` reaches along its own edge without passing a node.
    n_points
        Number of points.
    limit
        Largest cost kept, inclusive.
    first, last
        The sources this call is for: ``first <= s < last``.

    Returns
    -------
    count, point, cost
        For each source how many points it reaches, shape (last - first,), then the points
        (ascending within a source) and their costs, one after the other.
    """
    n = indptr.size - 1
    dist, link, bucket = queue(n, limit)
    touched = np.empty(n, np.int32)
    best = np.full(n_points, FAR, np.int32)
    found = np.empty(n_points, np.int32)
    mark, top = np.zeros((n_points >> 6) + 1, np.uint64), np.zeros((n_points >> 12) + 1, np.uint64)
    count = np.zeros(last - first, np.int32)
    out_point, out_cost = np.empty(4096, np.int32), np.empty(4096, np.int32)
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
        _sort(found, n_found, mark, top)
        while total + n_found > out_point.size:
            out_point = np.concatenate((out_point, np.empty_like(out_point)))
            out_cost = np.concatenate((out_cost, np.empty_like(out_cost)))
        for i in range(n_found):
            p = np.uint64(found[i])
            out_point[total + i] = p
            out_cost[total + i] = best[p]
            best[p] = FAR
        total += n_found
        count[s - first] = n_found
    return count, out_point[:total].copy(), out_cost[:total].copy()


@numba.njit(_i4(int64, _i4, _i4), nogil=True, cache=True)
def components(n: int, tail: Ints, head: Ints) -> Ints:
    """
    Label the connected components of an undirected graph.

    Parameters
    ----------
    n
        Number of nodes.
    tail, head
        Ends of each edge, shape (m,).

    Returns
    -------
    root
        The lowest node of each node's component, shape (n,).
    """
    root = np.arange(n).astype(np.int32)
    for k in range(tail.size):
        a = tail[k]
        b = head[k]
        while root[a] != a:
            root[a] = root[root[a]]
            a = root[a]
        while root[b] != b:
            root[b] = root[root[b]]
            b = root[b]
        if a < b:
            root[b] = a
        elif b < a:
            root[a] = b
    for v in range(n):
        r = v
        while root[r] != r:
            r = root[r]
        root[v] = r
    return root
