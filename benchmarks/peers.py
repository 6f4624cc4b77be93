"""What the peers need of a graph: each class builds its own once and answers as the peer does."""

from __future__ import annotations

import importlib

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from benchmarks.graphs import LIMIT
from benchmarks.timing import skip


def installed(module: str) -> bool:
    """Say whether a peer can be imported, and on standard error when it cannot."""
    try:
        importlib.import_module(module)
    except ImportError as error:
        skip(module, f"{error}; pip install -r benchmarks/requirements.txt")
        return False
    return True


class Scipy:
    name = "scipy dijkstra"

    def __init__(self, graph):
        # Parallel arcs would be added up, and a zero would be no arc at all.
        order = np.lexsort((graph.costs, graph.heads, graph.tails))
        tail, head = graph.tails[order], graph.heads[order]
        first = np.append(True, (np.diff(tail) != 0) | (np.diff(head) != 0))
        cost = np.maximum(graph.costs[order][first], 1e-9)
        self.matrix = csr_matrix((cost, (tail[first], head[first])), shape=(graph.n, graph.n))

    def nearest(self, source):
        return dijkstra(self.matrix, indices=source, min_only=True, limit=LIMIT)

    def each(self, source, block=50):
        found = []
        for begin in range(0, len(source), block):
            rows = dijkstra(self.matrix, indices=source[begin : begin + block], limit=LIMIT)
            at = np.nonzero(np.isfinite(rows))
            found.append((*at, rows[at]))
        return found

    def pairs(self, facility, origin, block=50):
        found = []
        for begin in range(0, len(facility), block):
            rows = dijkstra(self.matrix, indices=facility[begin : begin + block], limit=LIMIT)
            rows = rows[:, origin]
            at = np.nonzero(np.isfinite(rows))
            found.append((*at, rows[at]))
        return found


class Networkx:
    name = "networkx"

    def __init__(self, graph):
        import networkx as nx  # noqa: PLC0415  heavy

        self.nx = nx
        self.graph = nx.DiGraph()
        self.graph.add_nodes_from(range(graph.n))
        # Of parallel arcs the cheapest.
        order = np.argsort(-graph.costs, kind="stable")
        arcs = (graph.tails[order], graph.heads[order], graph.costs[order])
        self.graph.add_weighted_edges_from(zip(*(part.tolist() for part in arcs), strict=True))

    def nearest(self, source):
        wanted = set(source.tolist())
        return self.nx.multi_source_dijkstra_path_length(self.graph, wanted, cutoff=LIMIT)

    def each(self, source):
        walk = self.nx.single_source_dijkstra_path_length
        return [walk(self.graph, one, cutoff=LIMIT) for one in source.tolist()]

    def pairs(self, facility, origin):
        at = set(origin.tolist())
        return [
            {node: cost for node, cost in found.items() if node in at}
            for found in self.each(facility)
        ]

    def ego(self, source):
        """OSMnx's usual recipe: a subgraph for every source."""
        return [
            self.nx.ego_graph(self.graph, one, radius=LIMIT, distance="weight")
            for one in source.tolist()
        ]


class Igraph:
    name = "igraph"

    def __init__(self, graph):
        import igraph  # noqa: PLC0415  optional

        self.n = graph.n
        arcs = np.column_stack([graph.tails, graph.heads])
        self.graph = igraph.Graph(n=graph.n + 1, edges=arcs, directed=True)
        self.costs = graph.costs.tolist()
        self.igraph = igraph

    def nearest(self, source):
        """From one more node with an arc of nothing to every source."""
        graph = self.graph.copy()
        graph.add_edges([(self.n, one) for one in source.tolist()])
        return graph.distances(source=[self.n], weights=[*self.costs, *[0] * len(source)])

    def each(self, source):
        return self.graph.distances(source=source.tolist(), weights=self.costs)

    def pairs(self, facility, origin):
        return self.graph.distances(
            source=facility.tolist(), target=sorted(set(origin.tolist())), weights=self.costs
        )


class Pandana:
    name = "pandana"

    def __init__(self, graph):
        import pandana  # noqa: PLC0415  optional

        self.xy = graph.xy
        self.net = pandana.Network(
            pd.Series(graph.xy[:, 0]),
            pd.Series(graph.xy[:, 1]),
            pd.Series(graph.tails.astype(np.int64)),
            pd.Series(graph.heads.astype(np.int64)),
            pd.DataFrame({"cs": graph.costs.astype(float)}),
            twoway=False,
        )
        self.net.precompute(LIMIT)

    def nearest(self, source, *, name="places"):
        x, y = (pd.Series(self.xy[source, axis]) for axis in (0, 1))
        self.net.set_pois(name, LIMIT, 1, x, y)
        return self.net.nearest_pois(LIMIT, name, num_pois=1, imp_name="cs")

    def each(self, source):
        return self.net.nodes_in_range(source.tolist(), LIMIT, imp_name="cs")

    def pairs(self, facility, origin):
        found = self.each(facility)
        at = pd.DataFrame({"destination": origin, "origin": np.arange(len(origin))})
        return found.merge(at, on="destination")
