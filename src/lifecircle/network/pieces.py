"""
From sources to the pieces of edges within a limit of them, cut where the limit is met.

Along a piece the cost runs linearly from one end to the other; pieces of an edge do not overlap.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.network.router import Router
from lifecircle.network.streets import StreetNetwork
from lifecircle.network.walks import Ends, csr

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """
    Parts of edges with what they cost.

    Parameters
    ----------
    edge
        Edge of each piece, shape (k,).
    from_share, to_share
        Where it begins and ends along the edge, 0 at its first node to 1 at its second, shape
        (k,).
    from_cost, to_cost
        Time [1/100 s] at both, shape (k,).
    """

    edge: NDArray[np.int64]
    from_share: Floats
    to_share: Floats
    from_cost: Floats
    to_cost: Floats


@dataclass(frozen=True, kw_only=True)
class Spans:
    """
    Edges around one source, cut at its pins: what the limit is laid on.

    Parameters
    ----------
    edge
        Edge of each span, shape (k,).
    first, last
        Shares along the edge the span runs between, shape (k,).
    first_cost, last_cost
        Time [1/100 s] at both as reached over that end, infinite where it cannot be, shape (k,).
    up, down
        Time [1/100 s] the whole edge takes away from its first and from its second node, shape
        (k,).
    """

    edge: NDArray[np.int64]
    first: Floats
    last: Floats
    first_cost: Floats
    last_cost: Floats
    up: Floats
    down: Floats

    def within(self, limit: int) -> Pieces:
        """
        Keep what lies within a limit.

        Parameters
        ----------
        limit
            Longest walk kept [1/100 s], inclusive.

        Returns
        -------
        pieces
            By edge, then along it; pieces of no length are left out.
        """
        end = _meeting(limit, self.first, self.first_cost, self.up)
        begin = -_meeting(limit, -self.last, self.last_cost, self.down)
        end, begin = np.minimum(end, self.last), np.maximum(begin, self.first)
        both = end > begin
        # Where ways over both ends meet, each takes its side of the place they cost the same.
        with np.errstate(invalid="ignore", divide="ignore"):
            even = self.last_cost - self.first_cost + self.down * self.last + self.up * self.first
            even = even / (self.up + self.down)
        even = np.where(np.isfinite(even), even, (self.first + self.last) / 2)
        even = np.clip(even, self.first, self.last)
        end, begin = (
            np.where(both, np.minimum(end, even), end),
            np.where(both, np.maximum(begin, even), begin),
        )
        left, right = end > self.first, begin < self.last
        pieces = Pieces(
            edge=np.concatenate([self.edge[left], self.edge[right]]),
            from_share=np.concatenate([self.first[left], begin[right]]),
            to_share=np.concatenate([end[left], self.last[right]]),
            from_cost=np.concatenate(
                [
                    self.first_cost[left],
                    (self.last_cost + self.down * (self.last - begin))[right],
                ]
            ),
            to_cost=np.concatenate(
                [(self.first_cost + self.up * (end - self.first))[left], self.last_cost[right]]
            ),
        )
        order = np.lexsort((pieces.from_share, pieces.edge))
        return Pieces(**{name: values[order] for name, values in vars(pieces).items()})


def _meeting(limit: int, start: Floats, cost: Floats, price: Floats) -> Floats:
    """Find how far along an edge the limit is met from a start."""
    with np.errstate(divide="ignore", invalid="ignore"):
        way = np.where(price > 0, (limit - cost) / price, np.inf)
    return np.where(cost <= limit, start + way, start)


def spans_around(
    router: Router, sources: Ends, *, limit: int, from_facility: bool = False
) -> list[Spans]:
    """
    Cost the edges around each source.

    Parameters
    ----------
    router
        Network and profile, searched by time.
    sources
        Where walks end (or begin).
    limit
        Longest walk looked at [1/100 s].
    from_facility
        Whether walks run from the source.

    Returns
    -------
    spans
        One per source.
    """
    network = router.network
    forward, backward = network.prices(router.profile)
    up, down = (forward, backward) if from_facility else (backward, forward)
    up, down = up.astype(np.float64), down.astype(np.float64)
    ends = router.arcs.end_node[network.edge_node] if from_facility else network.edge_node
    ptr, order = csr(ends.ravel(), router.arcs.n)
    reached = router.nodes(sources, limit=limit, from_facility=from_facility)
    cost = np.full(router.arcs.n, np.inf)
    owner = sources.row[sources.pins.point]
    legs = router.profile.centiseconds(sources.pins.leg_m)
    found = []
    for source in range(sources.n):
        here = slice(reached.ptr[source], reached.ptr[source + 1])
        nodes = reached.home[here]
        cost[nodes] = reached.cost[here]
        mine = np.flatnonzero(owner == source)
        own = sources.pins.edge[mine].astype(np.int64)
        count = ptr[nodes + 1] - ptr[nodes]
        within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        around = order[np.repeat(ptr[nodes], count) + within]
        edges = np.union1d(around // 2, own)
        cut = np.sort(
            np.concatenate([edges, own[sources.pins.share[mine] > 0]])
        )  # one span per edge, one more per pin along it
        first, last = _shares(cut, own, sources.pins.share[mine])
        first_cost = cost[ends[cut, 0]] + np.where(first > 0, up[cut] * first, 0.0)
        last_cost = cost[ends[cut, 1]] + np.where(last < 1, down[cut] * (1 - last), 0.0)
        for edge, share, leg in zip(own, sources.pins.share[mine], legs[mine], strict=True):
            ahead = np.flatnonzero((cut == edge) & (first >= share))
            before = np.flatnonzero((cut == edge) & (last <= share))
            first_cost[ahead] = np.minimum(
                first_cost[ahead], leg + up[edge] * (first[ahead] - share)
            )
            last_cost[before] = np.minimum(
                last_cost[before], leg + down[edge] * (share - last[before])
            )
        found.append(
            Spans(
                edge=cut,
                first=first,
                last=last,
                first_cost=np.where(up[cut] >= 0, first_cost, np.inf),
                last_cost=np.where(down[cut] >= 0, last_cost, np.inf),
                up=up[cut],
                down=down[cut],
            )
        )
        cost[nodes] = np.inf
    return found


def _shares(cut: NDArray[np.int64], own: NDArray[np.int64], share: Floats) -> tuple[Floats, Floats]:
    """Give every span its ends: pins of an edge cut it, in their order."""
    first, last = np.zeros(len(cut)), np.ones(len(cut))
    for edge in np.unique(own):
        at = np.flatnonzero(cut == edge)
        stops = np.sort(share[(own == edge) & (share > 0)])
        first[at[1:]] = stops
        last[at[:-1]] = stops
    return first, last


def cut_lines(network: StreetNetwork, pieces: Pieces) -> NDArray[np.object_]:
    """
    Cut pieces out of the edges' geometry.

    Parameters
    ----------
    network
        The streets.
    pieces
        Parts of its edges, each longer than nothing.

    Returns
    -------
    lines
        LineStrings in the direction of the edges, shape (k,).
    """
    xy, ptr = network.shape_xy, network.shape_ptr
    step = np.hypot(*np.diff(xy, axis=0).T)
    step[ptr[1:-1] - 1] = 0.0  # from the end of one edge to the start of the next
    run = np.concatenate(([0.0], np.cumsum(step)))
    start, whole = run[ptr[pieces.edge]], run[ptr[pieces.edge + 1] - 1] - run[ptr[pieces.edge]]
    begin, end = start + whole * pieces.from_share, start + whole * pieces.to_share
    low, high = ptr[pieces.edge] + 1, ptr[pieces.edge + 1] - 1
    # Corners strictly between the two cuts; those of other edges may lie at the same run.
    inner = np.clip(np.searchsorted(run, begin, side="right"), low, high)
    stop = np.clip(np.searchsorted(run, end, side="left"), inner, high)
    count = stop - inner
    line = np.repeat(np.arange(len(begin)), count)
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    corners = xy[inner[line] + within]
    places = np.concatenate([_along(xy, run, inner, begin), corners, _along(xy, run, stop, end)])
    numbers = np.arange(len(begin))
    owner = np.concatenate([numbers, line, numbers])
    rank = np.concatenate([np.full(len(begin), -1), within, np.full(len(begin), len(run))])
    order = np.lexsort((rank, owner))
    return np.asarray(shapely.linestrings(places[order], indices=owner[order]), dtype=object)


def _along(xy: Floats, run: Floats, after: NDArray[np.int64], place: Floats) -> Floats:
    """Put a place between the corner before and the corner after it."""
    gap = run[after] - run[after - 1]
    part = np.divide(place - run[after - 1], gap, out=np.zeros_like(place), where=gap > 0)
    part = np.clip(part, 0.0, 1.0).reshape(-1, 1)
    placed: Floats = xy[after - 1] * (1 - part) + xy[after] * part
    return placed
