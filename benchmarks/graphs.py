"""
Graphs to search: every corner of every walkable street is a node, and copies of it side by side.

Costs are whole 1/100 s at the GB planning speed; nodes lie along a Hilbert curve, as those of a
`StreetNetwork` do.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from lifecircle.network.reading import read_streets
from lifecircle.walk import PROFILES

TOWN = Path(__file__).resolve().parents[1] / "data" / "neubrandenburg" / "neubrandenburg.osm.pbf"
LARGE = Path("br_porto_alegre") / "poa_osm.pbf"
LIMIT = 90_000  # 15 minutes in 1/100 s
SEAMS = 40  # streets between two copies


@dataclass(frozen=True, kw_only=True)
class Graph:
    """Directed arcs as CSR: `indptr` (n + 1,), `heads` and `costs` [1/100 s], (m,), int32."""

    xy: np.ndarray
    indptr: np.ndarray
    heads: np.ndarray
    costs: np.ndarray

    @property
    def n(self) -> int:
        return len(self.indptr) - 1

    @property
    def tails(self) -> np.ndarray:
        return np.repeat(np.arange(self.n, dtype=np.int32), np.diff(self.indptr))

    @classmethod
    def of(cls, xy, tail, head, cost):
        """Order nodes along the curve; arcs both ways."""
        rank = np.argsort(_hilbert(xy), kind="stable")
        new = np.empty(len(xy), np.int32)
        new[rank] = np.arange(len(xy), dtype=np.int32)
        tail, head = new[np.concatenate([tail, head])], new[np.concatenate([head, tail])]
        cost = np.concatenate([cost, cost]).astype(np.int32)
        order = np.argsort(tail, kind="stable")
        indptr = np.concatenate(([0], np.cumsum(np.bincount(tail, minlength=len(xy)))))
        return cls(
            xy=xy[rank], indptr=indptr.astype(np.int32), heads=head[order], costs=cost[order]
        )

    def save(self, path: Path) -> None:
        np.savez(path, xy=self.xy, indptr=self.indptr, heads=self.heads, costs=self.costs)

    @classmethod
    def load(cls, path: Path):
        with np.load(path) as arrays:
            return cls(**arrays)


def file_of(folder: Path | None) -> Path:
    """The large file of a folder of sample data, the embedded town without one."""
    return TOWN if folder is None else folder / LARGE


def told(network) -> str:
    return f"{len(network.node_xy):,} nodes, {len(network.length_m):,} edges"


def every_node(path: Path) -> Graph:
    """The largest part of a file's walkable streets, corners and all."""
    network = read_streets(path)
    edge = network.walkable
    counts = np.diff(network.shape_ptr)[edge]
    stop = np.cumsum(counts)
    start = stop - counts
    at = np.arange(stop[-1]) + np.repeat(network.shape_ptr[edge] - start, counts)
    xy = network.shape_xy[at]
    node = len(network.node_xy) + np.arange(len(at))
    node[start], node[stop - 1] = network.edge_node[edge].T
    inner = np.ones(len(at), dtype=bool)
    inner[stop - 1] = False
    tail, head = node[:-1][inner[:-1]], node[1:][inner[:-1]]
    step = np.hypot(*(xy[1:] - xy[:-1])[inner[:-1]].T)
    cost = PROFILES["gb"].centiseconds(step)
    places = np.zeros((len(network.node_xy) + len(at), 2))
    places[: len(network.node_xy)] = network.node_xy
    places[node] = xy
    n = len(places)
    _, part = connected_components(coo_matrix((np.ones(len(tail)), (tail, head)), shape=(n, n)))
    main = part == np.bincount(part).argmax()
    new = np.cumsum(main) - 1
    keep = main[tail]
    return Graph.of(places[main], new[tail[keep]], new[head[keep]], cost[keep])


def stitched(one: Graph, copies: int) -> Graph:
    """Lay copies side by side and join neighbours by some streets at their borders."""
    columns = int(np.ceil(np.sqrt(copies)))
    low = one.xy.min(axis=0)
    size = one.xy.max(axis=0) - low
    tail, head = one.tails.astype(np.int64), one.heads.astype(np.int64)
    once = tail < head
    tail, head, cost = tail[once], head[once], one.costs[once]
    xy, tails, heads, costs = [], [], [], []
    for copy in range(copies):
        row, column = divmod(copy, columns)
        xy.append(one.xy + size * (column, row))
        tails.append(tail + copy * one.n)
        heads.append(head + copy * one.n)
        costs.append(cost)
        for axis, other in ((0, copy - 1 if column else -1), (1, copy - columns)):
            if other < 0:
                continue
            far, near = _border(one.xy, axis, last=True), _border(one.xy, axis, last=False)
            between = one.xy[far] - one.xy[near] - size * (np.arange(2) == axis)
            tails.append(far + other * one.n)
            heads.append(near + copy * one.n)
            costs.append(PROFILES["gb"].centiseconds(np.hypot(*between.T)))
    return Graph.of(*(np.concatenate(parts) for parts in (xy, tails, heads, costs)))


def _border(xy, axis, *, last):
    """The outermost node in each of some strips."""
    along = xy[:, 1 - axis]
    strip = ((along - along.min()) / (np.ptp(along) + 1e-9) * SEAMS).astype(int)
    depth = xy[:, axis] * (1 if last else -1)
    order = np.lexsort((depth, strip))
    return order[np.append(np.diff(strip[order]) > 0, True)]


def _hilbert(xy, level=16):
    """Distance along a Hilbert curve over the square around the points."""
    side = 1 << level
    cell = (xy - xy.min(axis=0)) / (np.ptp(xy, axis=0).max() + 1e-9) * (side - 1)
    x, y = cell.astype(np.int64).T
    distance = np.zeros(len(xy), np.int64)
    step = side >> 1
    while step:
        right, top = (x & step) > 0, (y & step) > 0
        distance += step * step * ((3 * right) ^ top)
        flip = ~top & right
        x, y = (
            np.where(flip, step - 1 - (x & (step - 1)), x & (step - 1)),
            np.where(flip, step - 1 - (y & (step - 1)), y & (step - 1)),
        )
        x, y = np.where(~top, y, x), np.where(~top, x, y)
        step >>= 1
    return distance
