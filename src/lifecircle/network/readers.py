"""
From a router and fixed rows to searches that touch only the rows within their limit.

Rows (the cells of a raster) are grouped once by the routing nodes they read; results equal
`Router.nearest` and `Router.matrix` to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lifecircle.network import search, spread
from lifecircle.network.pins import Pins
from lifecircle.network.router import Router
from lifecircle.network.walks import Ends, csr

Ints = NDArray[np.int32]


@dataclass(frozen=True, kw_only=True)
class Window:
    """
    What the cells around one source cost.

    Parameters
    ----------
    row, column
        Place of the window's first cell in the raster; the frame may lie one outside.
    cost
        Shape (rows, columns), framed by one cell all around; `lifecircle.network.search.FAR`
        where a cell is not reached. Empty where nothing is reached.
    """

    row: int
    column: int
    cost: Ints


@dataclass(frozen=True, kw_only=True)
class Readers:
    """
    Rows on the streets, ready to be reached again and again.

    Parameters
    ----------
    router
        Network, profile and metric.
    pins
        Where the rows are, one point each.
    from_facility
        Whether walks run from the sources to the rows; otherwise to the sources.
    """

    router: Router
    pins: Pins
    from_facility: bool = False

    @cached_property
    def _by_node(self) -> tuple[Ints, Ints, Ints]:
        """CSR by routing node: rows that read it, and what they add."""
        doors = self.router.doors(self.pins, leaving=not self.from_facility)
        cost, _ = self.router.ranked(doors.time, doors.length)
        row = self.pins.point[doors.pin].astype(np.int32)
        # A row with pins on several edges of one node reads it by the shortest way only.
        grouped: tuple[Ints, Ints, Ints] = spread.group(
            doors.node, row, cost, self.router.arcs.n, self.pins.n
        )
        return grouped

    @cached_property
    def _by_edge(self) -> tuple[Ints, NDArray[np.int64]]:
        return csr(self.pins.edge, len(self.router.network.length_m))

    def nearest(self, sources: Ends, *, limit: int) -> tuple[NDArray[np.float64], Ints]:
        """
        Find the nearest source of every row.

        Parameters
        ----------
        sources
            Where searches start.
        limit
            Longest walk kept, inclusive, in the router's integer unit.

        Returns
        -------
        cost, to
            In the router's integer unit, NaN beyond the limit, and the row of the source, -1
            there; ties go to the lowest. Shape (rows,) each.
        """
        sources = sources.of(self.router.profile.mode)
        seeds = self.router.doors(sources.pins, leaving=self.from_facility)
        label = sources.row[sources.pins.point[seeds.pin]].astype(np.int32)
        first, second = self.router.ranked(seeds.time, seeds.length)
        order = np.arange(len(label), dtype=np.int32)
        graph = self.router.graph(from_facility=self.from_facility)
        cost, _, owner = search.nearest(*graph, seeds.node, first, second, label, order, limit)
        best, to = spread.read_nearest(cost, owner, *self._by_node, self.pins.n, limit)
        row, source, price = self._direct(sources)
        keep = price <= limit
        row, source, price = row[keep], source[keep], price[keep]
        # Lowest cost, then lowest source: the first of each row's group.
        ranked = np.lexsort((source, price, row))
        lead = ranked[np.unique(row[ranked], return_index=True)[1]]
        row, source, price = row[lead], source[lead], price[lead]
        better = (price < best[row]) | ((price == best[row]) & (source < to[row]))
        best[row[better]], to[row[better]] = price[better], source[better]
        return np.where(best == search.FAR, np.nan, best.astype(np.float64)), to

    def windows(
        self,
        sources: Ends,
        *,
        limit: int,
        at: NDArray[np.int64],
        columns: int,
        first: int,
        last: int,
    ) -> Iterator[Window]:
        """
        Search from each of some sources on its own.

        Parameters
        ----------
        sources
            Where searches start.
        limit
            Longest walk kept, inclusive, in the router's integer unit.
        at, columns
            Place of each row in a flattened raster, and the raster's number of columns.
        first, last
            The sources wanted: ``first <= s < last``.

        Yields
        ------
        window
            One per source, in order.
        """
        wanted = np.zeros(sources.n, dtype=bool)
        wanted[first:last] = True
        some = sources.of(self.router.profile.mode).select(wanted)
        seeds = self.router.doors(some.pins, leaving=self.from_facility)
        seed_cost, _ = self.router.ranked(seeds.time, seeds.length)
        source = some.row[some.pins.point[seeds.pin]]
        seed_ptr, by_seed = csr(source, sources.n)
        row, to, price = self._direct(some)
        direct_ptr, by_source = csr(to, sources.n)
        indptr, heads, costs, _ = self.router.graph(from_facility=self.from_facility)
        ptr, box, cost = spread.windows(
            indptr,
            heads,
            costs,
            seed_ptr,
            seeds.node[by_seed],
            seed_cost[by_seed],
            *self._by_node,
            direct_ptr,
            row[by_source],
            price[by_source],
            at,
            columns,
            limit,
            first,
            last,
        )
        for k, (south, west, rows, wide) in enumerate(box.reshape(-1, 4).tolist()):
            window = cost[ptr[k] : ptr[k + 1]].reshape(rows, wide)
            yield Window(row=south, column=west, cost=window)

    def _direct(self, sources: Ends) -> tuple[Ints, Ints, Ints]:
        """Row, source and cost of walks that stay on an edge, of the sources' edges only."""
        ptr, order = self._by_edge
        edges = np.unique(sources.pins.edge)
        count = ptr[edges + 1] - ptr[edges]
        within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        near = order[np.repeat(ptr[edges], count) + within]
        pins = Pins(
            n=self.pins.n,
            point=self.pins.point[near],
            edge=self.pins.edge[near],
            share=self.pins.share[near],
            leg_m=self.pins.leg_m[near],
            status=self.pins.status,
        )
        found = self.router.direct(Ends.single(pins), sources, from_facility=self.from_facility)
        cost, _ = self.router.ranked(found.time, found.length)
        return found.home.astype(np.int32), found.facility.astype(np.int32), cost
