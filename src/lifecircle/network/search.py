"""
The search kernel: shortest times on integer arcs, arrays in and arrays out.

A bucket queue (Dial 1969) with buckets a power of two wide; inside a bucket labels are corrected
until nothing changes, so results are exact for any non-negative integer arc, zero included. Equal
times go to the lowest label, so row order never shows. Every function is compiled with an explicit
signature, releases the GIL and is cached on disk.
"""

from __future__ import annotations

import numba
import numpy as np
from numba import int32, int64
from numba.types import UniTuple
from numpy.typing import NDArray

Ints = NDArray[np.int32]

FAR = np.int32(2**31 - 1)
"""Stands for "not reached" inside this module only; it never leaves the network package."""

_SHIFT = 6  # buckets are 64 units wide: 15 minutes are 1,407 buckets, which stay in the L1 cache

_i4 = int32[::1]


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
    cost = np.full(n, FAR, np.int32)
    second = np.full(n, FAR, np.int32)
    label = np.full(n, FAR, np.int32)
    n_buckets = (limit >> _SHIFT) + 1
    bucket = np.full(n_buckets, -1, np.int32)
    capacity = max(1024, 2 * seed_node.size)
    entry_node = np.empty(capacity, np.int32)
    entry_cost = np.empty(capacity, np.int32)
    entry_next = np.empty(capacity, np.int32)
    used = 0
    free = -1
    for k in order:
        v = seed_node[k]
        c = seed_cost[k]
        if c > limit or c > cost[v]:
            continue
        if c == cost[v] and (
            seed_label[k] > label[v] or (seed_label[k] == label[v] and seed_second[k] >= second[v])
        ):
            continue
        cost[v] = c
        second[v] = seed_second[k]
        label[v] = seed_label[k]
        b = c >> _SHIFT
        entry_node[used] = v
        entry_cost[used] = c
        entry_next[used] = bucket[b]
        bucket[b] = used
        used += 1
    for b in range(n_buckets):
        while bucket[b] >= 0:
            entry = bucket[b]
            bucket[b] = entry_next[entry]
            u = entry_node[entry]
            c = entry_cost[entry]
            entry_next[entry] = free
            free = entry
            if c != cost[u]:
                continue
            u_label = label[u]
            u_second = second[u]
            for a in range(indptr[u], indptr[u + 1]):
                reached = c + costs[a]
                v = heads[a]
                if reached > limit or reached > cost[v]:
                    continue
                v_second = u_second + seconds[a]
                if reached == cost[v] and (
                    u_label > label[v] or (u_label == label[v] and v_second >= second[v])
                ):
                    continue
                cost[v] = reached
                second[v] = v_second
                label[v] = u_label
                if free >= 0:
                    slot = free
                    free = entry_next[slot]
                else:
                    if used == capacity:
                        entry_node = np.concatenate((entry_node, np.empty(capacity, np.int32)))
                        entry_cost = np.concatenate((entry_cost, np.empty(capacity, np.int32)))
                        entry_next = np.concatenate((entry_next, np.empty(capacity, np.int32)))
                        capacity *= 2
                    slot = used
                    used += 1
                target = reached >> _SHIFT
                entry_node[slot] = v
                entry_cost[slot] = reached
                entry_next[slot] = bucket[target]
                bucket[target] = slot
    return cost, second, label


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
    dist = np.full(n, FAR, np.int32)
    best = np.full(n_points, FAR, np.int32)
    n_buckets = (limit >> _SHIFT) + 1
    bucket = np.full(n_buckets, -1, np.int32)
    capacity = 4096
    entry_node = np.empty(capacity, np.int32)
    entry_cost = np.empty(capacity, np.int32)
    entry_next = np.empty(capacity, np.int32)
    touched = np.empty(n, np.int32)
    found = np.empty(n_points, np.int32)
    count = np.zeros(last - first, np.int32)
    out_capacity = 4096
    out_point = np.empty(out_capacity, np.int32)
    out_cost = np.empty(out_capacity, np.int32)
    total = 0
    for s in range(first, last):
        used = 0
        free = -1
        n_touched = 0
        for k in range(seed_ptr[s], seed_ptr[s + 1]):
            v = seed_node[k]
            c = seed_cost[k]
            if c > limit or c >= dist[v]:
                continue
            if dist[v] == FAR:
                touched[n_touched] = v
                n_touched += 1
            dist[v] = c
            if used == capacity:
                entry_node = np.concatenate((entry_node, np.empty(capacity, np.int32)))
                entry_cost = np.concatenate((entry_cost, np.empty(capacity, np.int32)))
                entry_next = np.concatenate((entry_next, np.empty(capacity, np.int32)))
                capacity *= 2
            b = c >> _SHIFT
            entry_node[used] = v
            entry_cost[used] = c
            entry_next[used] = bucket[b]
            bucket[b] = used
            used += 1
        for b in range(n_buckets):
            while bucket[b] >= 0:
                entry = bucket[b]
                bucket[b] = entry_next[entry]
                u = entry_node[entry]
                c = entry_cost[entry]
                entry_next[entry] = free
                free = entry
                if c != dist[u]:
                    continue
                for a in range(indptr[u], indptr[u + 1]):
                    reached = c + costs[a]
                    v = heads[a]
                    if reached > limit or reached >= dist[v]:
                        continue
                    if dist[v] == FAR:
                        touched[n_touched] = v
                        n_touched += 1
                    dist[v] = reached
                    if free >= 0:
                        slot = free
                        free = entry_next[slot]
                    else:
                        if used == capacity:
                            entry_node = np.concatenate((entry_node, np.empty(capacity, np.int32)))
                            entry_cost = np.concatenate((entry_cost, np.empty(capacity, np.int32)))
                            entry_next = np.concatenate((entry_next, np.empty(capacity, np.int32)))
                            capacity *= 2
                        slot = used
                        used += 1
                    target = reached >> _SHIFT
                    entry_node[slot] = v
                    entry_cost[slot] = reached
                    entry_next[slot] = bucket[target]
                    bucket[target] = slot
        n_found = 0
        for i in range(n_touched):
            v = touched[i]
            c = dist[v]
            dist[v] = FAR
            for k in range(reader_ptr[v], reader_ptr[v + 1]):
                reached = c + reader_cost[k]
                p = reader_point[k]
                if reached <= limit and reached < best[p]:
                    if best[p] == FAR:
                        found[n_found] = p
                        n_found += 1
                    best[p] = reached
        for k in range(direct_ptr[s], direct_ptr[s + 1]):
            p = direct_point[k]
            if direct_cost[k] <= limit and direct_cost[k] < best[p]:
                if best[p] == FAR:
                    found[n_found] = p
                    n_found += 1
                best[p] = direct_cost[k]
        while total + n_found > out_capacity:
            out_point = np.concatenate((out_point, np.empty(out_capacity, np.int32)))
            out_cost = np.concatenate((out_cost, np.empty(out_capacity, np.int32)))
            out_capacity *= 2
        ordered = np.sort(found[:n_found])
        for i in range(n_found):
            p = ordered[i]
            out_point[total] = p
            out_cost[total] = best[p]
            best[p] = FAR
            total += 1
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
