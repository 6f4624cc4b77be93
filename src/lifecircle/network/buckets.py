"""
The bucket queue (Dial 1969) and the search it serves: nodes of a graph in the order of their cost.

Buckets are a power of two wide; inside a bucket costs are corrected until nothing changes, so
results are exact for any non-negative integer arc, zero included. A bucket is a list linked through
the nodes themselves: a node waits in one place and moves when it gets cheaper, so nothing grows.

Every function is compiled with an explicit signature, releases the GIL and is cached on disk. numba
does not see that `search` and `spread` hold these functions as well: whoever changes them here
saves those two files anew.
"""

from __future__ import annotations

import numba
import numpy as np
from numba import int32, int64, uint64, void
from numba.types import Tuple
from numpy.typing import NDArray

Ints = NDArray[np.int32]

FAR = np.int32(2**31 - 1)
"""Stands for "not reached" inside this package only; it never leaves it."""

_SHIFT = 6  # buckets are 64 units wide: 15 minutes are 1,407 buckets, which stay in the L1 cache
_NEXT, _BEFORE = 0, 1  # columns of the links
_NONE, _OUT = -1, -2  # no node there; waits in no bucket

_1 = np.uint64(1)
_i4, _i44 = int32[::1], int32[:, ::1]


@numba.njit(Tuple((_i4, _i44, _i4))(int64, int64), nogil=True, cache=True)
def queue(n: int, limit: int) -> tuple[Ints, Ints, Ints]:
    """
    Lay out what a search keeps of its nodes.

    Parameters
    ----------
    n
        Number of nodes.
    limit
        Largest cost kept, inclusive.

    Returns
    -------
    dist
        Cost of each node, `FAR` before it is reached, shape (n,).
    link
        The next node in its bucket and the one before, without a meaning before a node is
        reached: of a large city only what is walked through is ever touched. Shape (n, 2).
    bucket
        First node of each bucket; all are empty.
    """
    return (
        np.full(n, FAR, np.int32),
        np.empty((n, 2), np.int32),
        np.full((limit >> _SHIFT) + 1, _NONE, np.int32),
    )


@numba.njit(void(_i4, _i44, _i4, int64, int64), nogil=True, cache=True)
def put(dist: Ints, link: Ints, bucket: Ints, node: int, cost: int) -> None:
    """
    Give a node a cost, and let it wait in the bucket of that cost.

    Parameters
    ----------
    dist, link, bucket
        What `queue` laid out; changed in place.
    node
        Waiting somewhere or nowhere.
    cost
        No higher than its own, within the limit and not below the bucket searched now.
    """
    v = np.uint64(node)
    old = dist[v]
    dist[v] = cost
    after = np.int32(_OUT)
    if old != FAR:
        after = link[v, _NEXT]
    if after != _OUT:
        if old >> _SHIFT == cost >> _SHIFT:
            return
        ahead = link[v, _BEFORE]
        if after >= 0:
            link[np.uint64(after), _BEFORE] = ahead
        if ahead >= 0:
            link[np.uint64(ahead), _NEXT] = after
        else:
            bucket[np.uint64(old >> _SHIFT)] = after
    place = np.uint64(cost >> _SHIFT)
    after = bucket[place]
    link[v, _NEXT] = after
    link[v, _BEFORE] = _NONE
    if after >= 0:
        link[np.uint64(after), _BEFORE] = node
    bucket[place] = node


@numba.njit(uint64(_i44, _i4, int64), nogil=True, cache=True)
def take(link: Ints, bucket: Ints, place: int) -> np.uint64:
    """
    Take the first node out of a bucket.

    Parameters
    ----------
    link, bucket
        What `queue` laid out; changed in place.
    place
        A bucket that is not empty.

    Returns
    -------
    node
        Its cost stays as it is.
    """
    node = np.uint64(bucket[place])
    after = link[node, _NEXT]
    bucket[place] = after
    if after >= 0:
        link[np.uint64(after), _BEFORE] = _NONE
    link[node, _NEXT] = _OUT
    return node


@numba.njit(
    int64(_i4, _i4, _i4, _i4, _i4, int64, int64, int64, _i4, _i44, _i4, _i4), nogil=True, cache=True
)
def flood(
    indptr: Ints,
    heads: Ints,
    costs: Ints,
    seed_node: Ints,
    seed_cost: Ints,
    first: int,
    last: int,
    limit: int,
    dist: Ints,
    link: Ints,
    bucket: Ints,
    touched: Ints,
) -> int:
    """
    Search from some seeds up to a limit.

    Parameters
    ----------
    indptr, heads, costs
        CSR adjacency and what is minimised, shapes (n + 1,), (m,) and (m,), costs non-negative.
    seed_node, seed_cost
        Where a search may start and with what cost.
    first, last
        The seeds of this search: ``first <= k < last``.
    limit
        Largest cost kept, inclusive.
    dist, link, bucket
        What `queue` laid out for this limit. Filled in place; whoever sets `dist` back to `FAR`
        for the nodes reached can search again.
    touched
        Filled in place with the nodes reached, shape (n,).

    Returns
    -------
    n_touched
        How many nodes were reached.
    """
    n_touched = 0
    for k in range(first, last):
        v = np.uint64(seed_node[k])
        c = seed_cost[k]
        if c > limit or c >= dist[v]:
            continue
        if dist[v] == FAR:
            touched[n_touched] = v
            n_touched += 1
        put(dist, link, bucket, v, c)
    for b in range(bucket.size):
        while bucket[b] >= 0:
            u = take(link, bucket, b)
            c = dist[u]
            for a in range(np.uint64(indptr[u]), np.uint64(indptr[u + _1])):
                reached = c + costs[a]
                v = np.uint64(heads[a])
                if reached > limit or reached >= dist[v]:
                    continue
                if dist[v] == FAR:
                    touched[n_touched] = v
                    n_touched += 1
                put(dist, link, bucket, v, reached)
    return n_touched
