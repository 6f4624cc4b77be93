"""
From a network and a profile to walks between pinned rows: to the nearest, or between all.

Searches run from the facilities: one for the nearest of all, one per facility for the matrix.
Everything is counted in integer units (1/100 s, or cm for a distance clause), so a second engine on
the same arcs gives the same digits.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lifecircle.network import search
from lifecircle.network.arcs import Arcs
from lifecircle.network.pins import Pins
from lifecircle.network.streets import StreetNetwork
from lifecircle.network.walks import Direct, Doors, Ends, Matrix, Nearest, csr
from lifecircle.walk import Profile

Metric = Literal["time", "distance"]
Graph = tuple[search.Ints, search.Ints, search.Ints, search.Ints]


@dataclass(frozen=True, kw_only=True)
class Router:
    """
    A network priced for a profile and a metric, ready for searches.

    Parameters
    ----------
    network
        The streets.
    profile
        Who walks.
    metric
        Whether time or distance is minimised.
    """

    network: StreetNetwork
    profile: Profile
    metric: Metric = "time"

    @cached_property
    def arcs(self) -> Arcs:
        """Arcs of the profile."""
        return self.network.arcs(self.profile)

    @cached_property
    def _prices(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        forward, backward = self.network.prices(self.profile)
        length = np.rint(self.network.length_m * 100).astype(np.int64)
        return forward, backward, length

    def _graph(self, *, reverse: bool) -> Graph:
        """CSR of the arcs, with what is minimised and what is summed along."""
        arcs = self.arcs
        tail, head = (arcs.head, arcs.tail) if reverse else (arcs.tail, arcs.head)
        order = np.lexsort((head, tail))
        indptr = np.zeros(arcs.n + 1, dtype=np.int32)
        np.cumsum(np.bincount(tail, minlength=arcs.n), out=indptr[1:])
        first, second = self.ranked(arcs.walk_cs, arcs.length_cm)
        return indptr, head[order], first[order], second[order]

    def ranked(
        self, time: NDArray[np.int32], length: NDArray[np.int32]
    ) -> tuple[search.Ints, search.Ints]:
        """
        Put what the metric minimises first.

        Parameters
        ----------
        time, length
            Times [1/100 s] and lengths [cm], shape (k,).

        Returns
        -------
        first, second
            The same arrays in the order of the metric.
        """
        time, length = time.astype(np.int32), length.astype(np.int32)
        return (time, length) if self.metric == "time" else (length, time)

    @cached_property
    def _toward(self) -> Graph:
        return self._graph(reverse=True)

    @cached_property
    def _away(self) -> Graph:
        return self._graph(reverse=False)

    def nearest(
        self, homes: Ends, facilities: Ends, *, limit: int, from_facility: bool = False
    ) -> Nearest:
        """
        Find every home's nearest facility.

        Parameters
        ----------
        homes, facilities
            Both ends of the walks.
        limit
            Longest walk kept, inclusive, in the metric's integer unit.
        from_facility
            Whether walks run from the facility to the home instead.

        Returns
        -------
        nearest
            One row per home; ties go to the facility with the lowest row.
        """
        homes, facilities = homes.of(self.profile.mode), facilities.of(self.profile.mode)
        seeds, readers, graph = self._roles(homes, facilities, from_facility=from_facility)
        label = facilities.row[facilities.pins.point[seeds.pin]]
        cost, second, owner = search.nearest(
            *graph,
            seeds.node,
            *self.ranked(seeds.time, seeds.length),
            label.astype(np.int32),
            np.arange(len(label), dtype=np.int32),
            limit,
        )
        primary, other = self.ranked(readers.time, readers.length)
        reached = cost[readers.node].astype(np.int64) + primary
        seen = cost[readers.node] != search.FAR
        rows = homes.row[homes.pins.point[readers.pin]]
        direct = self.direct(homes, facilities, from_facility=from_facility)
        d_primary, d_other = self.ranked(direct.time, direct.length)
        all_rows = np.concatenate([rows[seen], direct.home])
        all_cost = np.concatenate([reached[seen], d_primary.astype(np.int64)])
        all_other = np.concatenate(
            [second[readers.node][seen].astype(np.int64) + other[seen], d_other]
        )
        all_to = np.concatenate([owner[readers.node][seen], direct.facility])
        # Most rows are settled by the lowest cost alone; only what ties for it need be sorted.
        lowest = np.full(homes.n, limit + 1, dtype=np.int64)
        np.minimum.at(lowest, all_rows, all_cost)
        keep = (all_cost <= limit) & (all_cost == lowest[all_rows])
        order = np.lexsort((all_other[keep], all_to[keep], all_rows[keep]))
        rows = all_rows[keep][order]
        first = np.ones(len(rows), dtype=bool)
        first[1:] = rows[1:] != rows[:-1]
        best = np.flatnonzero(keep)[order][first]
        primary_out, other_out = np.full(homes.n, np.nan), np.full(homes.n, np.nan)
        to = np.full(homes.n, -1, dtype=np.int32)
        primary_out[rows[first]] = all_cost[best]
        other_out[rows[first]] = all_other[best]
        to[rows[first]] = all_to[best]
        if self.metric == "time":
            return Nearest(walk_cs=primary_out, length_cm=other_out, to=to)
        return Nearest(walk_cs=other_out, length_cm=primary_out, to=to)

    def matrix(
        self,
        homes: Ends,
        facilities: Ends,
        *,
        limit: int,
        from_facility: bool = False,
        beyond: NDArray[np.int64] | None = None,
    ) -> Matrix:
        """
        Find all walks between homes and facilities within a limit.

        Parameters
        ----------
        homes, facilities
            Both ends of the walks.
        limit
            Longest walk kept, inclusive, in the metric's integer unit.
        from_facility
            Whether walks run from the facility to the home instead.
        beyond
            What a walk costs beyond each facility, in the metric's unit, shape (facilities,);
            nothing where None.

        Returns
        -------
        matrix
            All pairs within the limit.
        """
        homes, facilities = homes.of(self.profile.mode), facilities.of(self.profile.mode)
        seeds, readers, graph = self._roles(homes, facilities, from_facility=from_facility)
        seed_row = facilities.row[facilities.pins.point[seeds.pin]]
        seed_cost, _ = self.ranked(seeds.time, seeds.length)
        reader_cost, _ = self.ranked(readers.time, readers.length)
        direct = self.direct(homes, facilities, from_facility=from_facility)
        direct_cost, _ = self.ranked(direct.time, direct.length)
        if beyond is not None:
            seed_cost = (seed_cost + beyond[seed_row]).astype(np.int32)
            direct_cost = (direct_cost + beyond[direct.facility]).astype(np.int32)
        indptr, heads, costs, _ = graph
        seed_ptr, by_seed = csr(seed_row, facilities.n)
        reader_ptr, by_reader = csr(readers.node, self.arcs.n)
        direct_ptr, by_direct = csr(direct.facility, facilities.n)
        reader_home = homes.row[homes.pins.point[readers.pin]].astype(np.int32)
        fixed = (
            indptr,
            heads,
            costs,
            seed_ptr,
            seeds.node[by_seed].astype(np.int32),
            seed_cost[by_seed],
            reader_ptr,
            reader_home[by_reader],
            reader_cost[by_reader],
            direct_ptr,
            direct.home[by_direct].astype(np.int32),
            direct_cost[by_direct],
        )
        workers = min(os.cpu_count() or 1, max(1, facilities.n // 64))
        edges = np.linspace(0, facilities.n, 4 * workers + 1 if workers > 1 else 2).astype(int)
        with ThreadPoolExecutor(workers) as pool:
            blocks = list(
                pool.map(
                    lambda pair: search.reach_each(*fixed, homes.n, limit, *pair),
                    pairwise(edges.tolist()),
                )
            )
        counts = np.concatenate([block[0] for block in blocks])
        return Matrix(
            ptr=np.concatenate(([0], np.cumsum(counts, dtype=np.int64))),
            home=np.concatenate([block[1] for block in blocks]),
            cost=np.concatenate([block[2] for block in blocks]),
        )

    def nodes(self, sources: Ends, *, limit: int, from_facility: bool = False) -> Matrix:
        """
        Find the routing nodes within a limit of each source.

        Parameters
        ----------
        sources
            Where walks end (or begin).
        limit
            Longest walk kept, inclusive, in the metric's integer unit.
        from_facility
            Whether walks run from the source to the node instead.

        Returns
        -------
        matrix
            Sources in the place of facilities, routing nodes in that of homes.
        """
        seeds = self.doors(sources.pins, leaving=from_facility)
        cost, _ = self.ranked(seeds.time, seeds.length)
        seed_ptr, order = csr(sources.row[sources.pins.point[seeds.pin]], sources.n)
        indptr, heads, costs, _ = self.graph(from_facility=from_facility)
        count, node, found = search.nodes_each(
            indptr, heads, costs, seed_ptr, seeds.node[order], cost[order], limit
        )
        ptr = np.concatenate(([0], np.cumsum(count, dtype=np.int64)))
        return Matrix(ptr=ptr, home=node, cost=found)

    def _roles(
        self, homes: Ends, facilities: Ends, *, from_facility: bool
    ) -> tuple[Doors, Doors, Graph]:
        """Start searches at the facilities; who departs depends on the direction."""
        return (
            self.doors(facilities.pins, leaving=from_facility),
            self.doors(homes.pins, leaving=not from_facility),
            self.graph(from_facility=from_facility),
        )

    def graph(self, *, from_facility: bool) -> Graph:
        """
        Give the arcs searches run on.

        Parameters
        ----------
        from_facility
            Whether walks run from the facility; otherwise arcs are reversed.

        Returns
        -------
        indptr, heads, costs, seconds
            CSR by routing node: where arcs lead, what is minimised, what is summed along.
        """
        return self._away if from_facility else self._toward

    def doors(self, pins: Pins, *, leaving: bool) -> Doors:
        """
        Give the ways between pins and the nodes at the ends of their edges.

        Parameters
        ----------
        pins
            Places on the streets.
        leaving
            Whether walks lead from the pins to the nodes (start copies inside a closed estate)
            or from the nodes to the pins (end copies there).

        Returns
        -------
        doors
            One row per pin and end of its edge that the profile may use.
        """
        return self._departing(pins) if leaving else self._arriving(pins)

    def _departing(self, pins: Pins) -> Doors:
        """Ways from pins to the nodes of their edges (start copies inside a closed estate)."""
        forward, backward, _ = self._prices
        return self._doors(pins, to_first=backward, to_second=forward, end=False)

    def _arriving(self, pins: Pins) -> Doors:
        """Ways from the nodes of their edges (end copies inside a closed estate) to pins."""
        forward, backward, _ = self._prices
        return self._doors(pins, to_first=forward, to_second=backward, end=True)

    def _doors(
        self, pins: Pins, *, to_first: NDArray[np.int64], to_second: NDArray[np.int64], end: bool
    ) -> Doors:
        length = self._prices[2][pins.edge]
        leg_cs = self.profile.centiseconds(pins.leg_m)
        leg_cm = np.rint(pins.leg_m * 100).astype(np.int64)
        at, node, time, metres = [], [], [], []
        for side, price, share in (
            (0, to_first[pins.edge], pins.share),
            (1, to_second[pins.edge], 1.0 - pins.share),
        ):
            open_way = np.flatnonzero(price >= 0)
            nodes = self.network.edge_node[pins.edge[open_way], side]
            at.append(open_way)
            node.append(self.arcs.end_node[nodes] if end else nodes)
            time.append(leg_cs[open_way] + _part(price[open_way], share[open_way]))
            metres.append(leg_cm[open_way] + _part(length[open_way], share[open_way]))
        return Doors(
            pin=np.concatenate(at),
            node=np.concatenate(node).astype(np.int32),
            time=np.concatenate(time).astype(np.int32),
            length=np.concatenate(metres).astype(np.int32),
        )

    def direct(self, homes: Ends, facilities: Ends, *, from_facility: bool) -> Direct:
        """
        Measure walks along one edge that pass no node.

        Parameters
        ----------
        homes, facilities
            Both ends of the walks.
        from_facility
            Whether walks run from the facility to the home instead.

        Returns
        -------
        direct
            One row per pair of pins on one edge.
        """
        forward, backward, length = self._prices
        near, far = homes.pins, facilities.pins
        order = np.argsort(far.edge, kind="stable")
        low = np.searchsorted(far.edge[order], near.edge, side="left")
        high = np.searchsorted(far.edge[order], near.edge, side="right")
        count = high - low
        a = np.repeat(np.arange(len(near.edge)), count)
        within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        b = order[np.repeat(low, count) + within]
        ahead = far.share[b] - near.share[a]
        if from_facility:
            ahead = -ahead
        edge = near.edge[a]
        price = np.where(ahead >= 0, forward[edge], backward[edge])
        legs = near.leg_m[a], far.leg_m[b]
        time = sum(self.profile.centiseconds(leg) for leg in legs) + _part(price, np.abs(ahead))
        metres = sum(np.rint(leg * 100) for leg in legs) + _part(length[edge], np.abs(ahead))
        keep = (price >= 0) | (ahead == 0)
        return Direct(
            home=homes.row[near.point[a]][keep],
            facility=facilities.row[far.point[b]][keep],
            time=np.asarray(time, dtype=np.int32)[keep],
            length=np.asarray(metres, dtype=np.int32)[keep],
        )


def _part(whole: NDArray[np.int64], share: NDArray[np.float64]) -> NDArray[np.int64]:
    """Round a share of an integer price, half to even."""
    return np.rint(whole * share).astype(np.int64)
