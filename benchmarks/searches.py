"""
Nearest service, reach sets, many to many: everybody on the same integer arcs.

    python -m benchmarks.searches [--data FOLDER] [--runs N]

C++, scipy and igraph must find the same as lifecircle before the clock starts.
"""

from __future__ import annotations

import time

import numpy as np

from benchmarks import graphs, native
from benchmarks.asking import asked
from benchmarks.graphs import LIMIT
from benchmarks.peers import Igraph, Networkx, Pandana, Scipy, installed
from benchmarks.timing import Tool, table
from lifecircle.network import search

FAR = search.FAR
CATEGORIES, SITES = 4, 62
FEW = 50  # sources of a tool that needs seconds for all


def main() -> None:
    options = asked(__doc__)
    path = graphs.file_of(options.data)
    graph = graphs.every_node(path)
    peers = made(graph)
    draw = np.random.default_rng(0)
    print(
        f"\n`{path.name}`, every corner a node: {graph.n:,} nodes, {len(graph.heads):,} arcs; "
        "15 minutes.\n"
    )
    for title, tools in (
        (
            f"Nearest of {SITES} services of each of {CATEGORIES} kinds, for all nodes",
            nearest(graph, peers, draw),
        ),
        ("1,000 reach sets, nodes and times listed", reach_sets(graph, peers, draw)),
        ("20,000 origins x 500 facilities, all pairs", pairs(graph, peers, draw)),
    ):
        print(f"\n**{title}**\n\n{table(tools, options.runs)}\n", flush=True)


def made(graph):
    """The peers that are installed, ready."""
    found = [Scipy(graph), Networkx(graph)]
    for module, peer in (("igraph", Igraph), ("pandana", Pandana)):
        if installed(module):
            begun = time.perf_counter()
            found.append(peer(graph))
            found[-1].ready_s = time.perf_counter() - begun
    return found


def ours_nearest(graph, source):
    nothing = np.zeros(len(source), np.int32)
    order = np.arange(len(source), dtype=np.int32)
    return search.nearest(
        graph.indptr, graph.heads, graph.costs, graph.costs,
        source, nothing, nothing, order, order, LIMIT,
    )  # fmt: skip


def ours_each(graph, source):
    ptr = np.arange(len(source) + 1, dtype=np.int32)
    nothing = np.zeros(len(source), np.int32)
    return search.nodes_each(graph.indptr, graph.heads, graph.costs, ptr, source, nothing, LIMIT)


def ours_pairs(graph, facility, readers, points):
    k = len(facility)
    ptr, reader = readers
    none = np.zeros(0, np.int32)
    return search.reach_each(
        graph.indptr, graph.heads, graph.costs, np.arange(k + 1, dtype=np.int32), facility,
        np.zeros(k, np.int32), ptr, reader, np.zeros(len(reader), np.int32),
        np.zeros(k + 1, np.int32), none, none, points, LIMIT, 0, k,
    )  # fmt: skip


def both(name, call):
    """The C++ peer with either queue, where it could be compiled."""
    if native.compiled() is None:
        return []
    return [
        Tool(name=f"C++, {queue}", call=lambda linked=linked: call(linked=linked), note=name)
        for queue, linked in (("growing buckets", False), ("linked buckets", True))
    ]


def nearest(graph, peers, draw, sites=SITES):
    kinds = [draw.choice(graph.n, sites, replace=False).astype(np.int32) for _ in range(CATEGORIES)]
    tools = [
        *both(
            "times only",
            lambda linked: [native.nearest(graph, one, LIMIT, linked=linked) for one in kinds],
        ),
        Tool(
            name="**lifecircle**",
            call=lambda: [ours_nearest(graph, one) for one in kinds],
            note="times, lengths and which",
        ),
    ]
    expected = ours_nearest(graph, kinds[0])[0]
    if native.compiled() is not None:
        for linked in (False, True):
            assert (native.nearest(graph, kinds[0], LIMIT, linked=linked) == expected).all()
    for peer in peers:
        if isinstance(peer, Scipy):
            found = peer.nearest(kinds[0])
            assert (np.isfinite(found) == (expected != FAR)).all()
            assert np.abs(found - expected)[expected != FAR].max() < 0.5
        tools.append(
            Tool(
                name=peer.name,
                call=lambda peer=peer: [peer.nearest(one) for one in kinds],
                note=readiness(peer),
            )
        )
    return tools


def reach_sets(graph, peers, draw, count=1000):
    source = draw.choice(graph.n, count).astype(np.int32)
    few = source[:FEW]
    part = count / FEW
    expected = ours_each(graph, source)
    if native.compiled() is not None:
        for linked in (False, True):
            assert same(native.each(graph, source, LIMIT, linked=linked), expected)
    tools = [
        *both(
            "in the order found",
            lambda linked: native.each(graph, source, LIMIT, linked=linked),
        ),
        Tool(
            name="**lifecircle**", call=lambda: ours_each(graph, source), note="in order of nodes"
        ),
    ]
    for peer in peers:
        if isinstance(peer, Igraph):
            call, times, note = (lambda peer=peer: peer.each(few)), part, f"{FEW} sources; no limit"
        elif isinstance(peer, Scipy):
            call, times, note = (lambda peer=peer: peer.each(source)), 1.0, "full rows, then sifted"
        else:
            call, times, note = (lambda peer=peer: peer.each(source)), 1.0, readiness(peer)
        tools.append(Tool(name=peer.name, call=call, times=times, note=note))
        if isinstance(peer, Networkx):
            tools.append(
                Tool(
                    name="networkx ego_graph (OSMnx's recipe)",
                    call=lambda peer=peer: peer.ego(few),
                    times=part,
                    note=f"{FEW} sources",
                )
            )
    return tools


def same(one, other):
    """Two lists of reach sets are equal, whatever the order within a set."""
    owner = [np.repeat(np.arange(len(found[0])), found[0]) for found in (one, other)]
    order = [np.lexsort((found[1], of)) for found, of in zip((one, other), owner, strict=True)]
    return (one[0] == other[0]).all() and all(
        (one[k][order[0]] == other[k][order[1]]).all() for k in (1, 2)
    )


def pairs(graph, peers, draw, origins=20_000, facilities=500):
    origin = draw.choice(graph.n, origins).astype(np.int32)
    facility = draw.choice(graph.n, facilities).astype(np.int32)
    ptr = np.concatenate(([0], np.cumsum(np.bincount(origin, minlength=graph.n)))).astype(np.int32)
    readers = ptr, np.argsort(origin, kind="stable").astype(np.int32)
    expected = ours_pairs(graph, facility, readers, origins)
    few, part = facility[:FEW], facilities / FEW

    def compiled(*, linked):
        return native.each(graph, facility, LIMIT, linked=linked, readers=readers, points=origins)

    if native.compiled() is not None:
        assert all(same(compiled(linked=linked), expected) for linked in (False, True))
    tools = [
        *both("in the order found", compiled),
        Tool(
            name="**lifecircle**",
            call=lambda: ours_pairs(graph, facility, readers, origins),
            note=f"{len(expected[1]):,} pairs, in order",
        ),
    ]
    for peer in peers:
        if isinstance(peer, Igraph):
            tools.append(
                Tool(
                    name=peer.name,
                    call=lambda peer=peer: peer.pairs(few, origin),
                    times=part,
                    note=f"{FEW} facilities; no limit",
                )
            )
            continue
        tools.append(
            Tool(
                name=peer.name,
                call=lambda peer=peer: peer.pairs(facility, origin),
                note=readiness(peer),
            )
        )
    return tools


def readiness(peer):
    ready = getattr(peer, "ready_s", None)
    return "" if ready is None else f"{ready:.1f} s to build"


if __name__ == "__main__":
    main()
