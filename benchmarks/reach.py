"""
Searches against a C++ bucket queue, scipy and networkx on the same integer arcs, in one run.

    python benchmarks/reach.py [FILE.osm.pbf]

Prints the median of interleaved runs and the ratio to C++ (one thread, -O3, compiled here when
there is a g++). Only ratios travel from one machine to another.
"""

from __future__ import annotations

import argparse
import ctypes
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from shapely import points

from lifecircle.network import search
from lifecircle.network.pins import pin_points
from lifecircle.network.reading import read_streets
from lifecircle.network.router import Router
from lifecircle.network.streets import StreetNetwork
from lifecircle.network.walks import Ends
from lifecircle.walk import PROFILES

TOWN = Path(__file__).resolve().parents[1] / "data" / "neubrandenburg" / "neubrandenburg.osm.pbf"
LIMIT = 90_000  # 15 minutes in 1/100 s

CPP = r"""
#include <cstdint>
#include <vector>
// Dial's queue on integer arcs, buckets 64 units wide, labels corrected inside a bucket.
static const int SHIFT = 6;
struct Dial {
    int n; const int32_t *ptr, *head, *cost; int limit;
    std::vector<int32_t> dist; std::vector<std::vector<std::pair<int32_t,int32_t>>> bucket;
    std::vector<int32_t> touched;
    Dial(int n_, const int32_t* p, const int32_t* h, const int32_t* c, int l)
        : n(n_), ptr(p), head(h), cost(c), limit(l),
          dist(n_, INT32_MAX), bucket((l >> SHIFT) + 1) {}
    inline void reach(int32_t v, int32_t c) {
        if (c > limit || c >= dist[v]) return;
        if (dist[v] == INT32_MAX) touched.push_back(v);
        dist[v] = c;
        bucket[c >> SHIFT].push_back({v, c});
    }
    void run() {
        for (auto& list : bucket) {
            while (!list.empty()) {
                auto entry = list.back();
                list.pop_back();
                if (entry.second != dist[entry.first]) continue;
                for (int a = ptr[entry.first]; a < ptr[entry.first + 1]; ++a)
                    reach(head[a], entry.second + cost[a]);
            }
        }
    }
    void clear() { for (auto v : touched) dist[v] = INT32_MAX; touched.clear(); }
};
extern "C" void many(int n, const int32_t* p, const int32_t* h, const int32_t* c, int limit,
                     int k, const int32_t* source, int32_t* out) {
    Dial dial(n, p, h, c, limit);
    for (int i = 0; i < k; ++i) dial.reach(source[i], 0);
    dial.run();
    for (int v = 0; v < n; ++v) out[v] = dial.dist[v];
}
extern "C" int64_t each(int n, const int32_t* p, const int32_t* h, const int32_t* c, int limit,
                        int k, const int32_t* source) {
    Dial dial(n, p, h, c, limit);
    int64_t reached = 0;
    for (int i = 0; i < k; ++i) {
        dial.reach(source[i], 0);
        dial.run();
        reached += dial.touched.size();
        dial.clear();
    }
    return reached;
}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=TOWN)
    parser.add_argument("--runs", type=int, default=7)
    asked = parser.parse_args()
    begun = time.perf_counter()
    network = read_streets(asked.file)
    network.walk_index  # noqa: B018  the index of pins belongs to a ready network
    print(f"{network}\nfile to a ready network: {time.perf_counter() - begun:.2f} s")
    graph = Router(network=network, profile=PROFILES["gb"]).graph(from_facility=False)
    rng = np.random.default_rng(0)
    n = len(graph[0]) - 1
    print(f"{n:,} nodes, {len(graph[1]):,} arcs; 15 minutes; median of {asked.runs} runs")
    compare("nearest of 248 sources, all nodes", nearest_tools(graph, rng, n), asked.runs)
    compare("1,000 reach sets", reach_tools(graph, rng, n), asked.runs)
    compare("all walks, 20,000 homes x 500 facilities", matrix_tools(network, rng), asked.runs)


def compare(title: str, tools: dict[str, Callable[[], object]], runs: int) -> None:
    for tool in tools.values():
        tool()  # warm
    seconds: dict[str, list[float]] = {name: [] for name in tools}
    for _ in range(runs):
        for name, tool in tools.items():
            begun = time.perf_counter()
            tool()
            seconds[name].append(time.perf_counter() - begun)
    base = statistics.median(seconds.get("C++", next(iter(seconds.values()))))
    print(f"\n{title}")
    for name, values in seconds.items():
        middle = statistics.median(values)
        print(f"  {name:<12} {middle:9.4f} s  {middle / base:7.2f} x")


def nearest_tools(graph, rng, n) -> dict[str, Callable[[], object]]:
    indptr, heads, costs, second = graph
    source = rng.choice(n, 248, replace=False).astype(np.int32)
    nothing = np.zeros(len(source), np.int32)
    order = np.arange(len(source), dtype=np.int32)
    tools: dict[str, Callable[[], object]] = {}
    library = compiled()
    out = np.empty(n, np.int32)
    if library is not None:
        tools["C++"] = lambda: library.many(
            n,
            pointer(indptr),
            pointer(heads),
            pointer(costs),
            LIMIT,
            len(source),
            pointer(source),
            pointer(out),
        )
    tools["lifecircle"] = lambda: search.nearest(
        indptr, heads, costs, second, source, nothing, nothing, order, order, LIMIT
    )
    if library is not None:
        tools["C++"]()
        ours = tools["lifecircle"]()[0]
        assert (ours == out).all(), "the two searches differ"
    matrix = sparse(graph, n)
    tools["scipy"] = lambda: dijkstra(matrix, indices=source, min_only=True, limit=LIMIT)
    tools["networkx"] = networkx_nearest(graph, n, source)
    return tools


def reach_tools(graph, rng, n) -> dict[str, Callable[[], object]]:
    indptr, heads, costs, _ = graph
    source = rng.choice(n, 1000).astype(np.int32)
    ptr = np.arange(1001, dtype=np.int32)
    nothing = np.zeros(1000, np.int32)
    readers = np.arange(n + 1, dtype=np.int32)
    node = np.arange(n, dtype=np.int32)
    free = np.zeros(n, np.int32)
    none = np.zeros(0, np.int32)
    tools: dict[str, Callable[[], object]] = {}
    library = compiled()
    if library is not None:
        library.each.restype = ctypes.c_int64
        tools["C++"] = lambda: library.each(
            n, pointer(indptr), pointer(heads), pointer(costs), LIMIT, 1000, pointer(source)
        )
    tools["lifecircle"] = lambda: search.reach_each(
        indptr,
        heads,
        costs,
        ptr,
        source,
        nothing,
        readers,
        node,
        free,
        np.zeros(1001, np.int32),
        none,
        none,
        n,
        LIMIT,
        0,
        1000,
    )
    if library is not None:
        assert tools["C++"]() == len(tools["lifecircle"]()[1]), "the two searches differ"
    matrix = sparse(graph, n)
    tools["scipy"] = lambda: [
        dijkstra(matrix, indices=block, limit=LIMIT) for block in np.split(source, 20)
    ]
    return tools


def matrix_tools(network: StreetNetwork, rng) -> dict[str, Callable[[], object]]:
    west, south = network.node_xy.min(axis=0)
    east, north = network.node_xy.max(axis=0)

    def ends(count: int) -> Ends:
        near = network.node_xy[rng.integers(0, len(network.node_xy), count)]
        xy = np.clip(near + rng.normal(0, 30, (count, 2)), (west, south), (east, north))
        return Ends.single(pin_points(network, points(xy)))

    homes, facilities = ends(20_000), ends(500)
    router = Router(network=network, profile=PROFILES["gb"])
    return {"lifecircle": lambda: router.matrix(homes, facilities, limit=LIMIT)}


def networkx_nearest(graph, n, source) -> Callable[[], object]:
    indptr, heads, costs, _ = graph
    tail = np.repeat(np.arange(n), np.diff(indptr))
    net = nx.DiGraph()
    net.add_weighted_edges_from(zip(tail.tolist(), heads.tolist(), costs.tolist(), strict=True))
    wanted = {int(node) for node in source if int(node) in net}
    return lambda: nx.multi_source_dijkstra_path_length(net, wanted, cutoff=LIMIT)


def sparse(graph, n):
    indptr, heads, costs, _ = graph
    # A zero would be no arc at all for scipy; parallel arcs would be added up.
    tail = np.repeat(np.arange(n), np.diff(indptr))
    order = np.lexsort((costs, heads, tail))
    first = np.ones(len(order), dtype=bool)
    first[1:] = (np.diff(tail[order]) != 0) | (np.diff(heads[order]) != 0)
    keep = order[first]
    return csr_matrix((np.maximum(costs[keep], 1e-9), (tail[keep], heads[keep])), shape=(n, n))


def pointer(array):
    return array.ctypes.data_as(ctypes.POINTER(ctypes.c_int32))


_LIBRARY: list[ctypes.CDLL | None] = []


def compiled() -> ctypes.CDLL | None:
    """The C++ search, compiled once; None without a g++."""
    if not _LIBRARY:
        _LIBRARY.append(_compile())
    return _LIBRARY[0]


def _compile() -> ctypes.CDLL | None:
    gxx = shutil.which("g++")
    if gxx is None:
        return None
    folder = Path(tempfile.mkdtemp())
    (folder / "dial.cpp").write_text(CPP, encoding="utf-8")
    subprocess.run(
        [gxx, "-O3", "-march=native", "-shared", "-fPIC", "-o", "dial.so", "dial.cpp"],
        cwd=folder,
        check=True,
    )
    return ctypes.CDLL(str(folder / "dial.so"))


if __name__ == "__main__":
    main()
