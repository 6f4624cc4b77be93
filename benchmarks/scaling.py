"""
From a city to a province: copies of one graph side by side, times as ratios, and peak memory.

    python -m benchmarks.scaling [--data FOLDER] [--runs N]

Every size is measured in a process of its own, lifecircle alone before the peers: its peak of
memory is that process's so far, arcs and Python included.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks import graphs, native
from benchmarks.asking import asked
from benchmarks.graphs import LIMIT, Graph
from benchmarks.searches import CATEGORIES, SITES, ours_each, ours_nearest
from benchmarks.timing import Tool, seconds

COPIES = (1, 30, 132)


def main() -> None:
    options = asked(__doc__)
    path = graphs.file_of(options.data)
    one = graphs.every_node(path)
    print(
        f"\nCopies of `{path.name}`: nearest of {SITES} services of each of {CATEGORIES} kinds per "
        "copy, for all nodes; 1,000 reach sets; 15 minutes.\n\n"
        "| nodes | arcs | nearest: C++ s | lifecircle s | x | reach sets: C++ s | lifecircle s | x "
        "| peak of the process, MB |\n|---|---|---|---|---|---|---|---|---|"
    )
    context = multiprocessing.get_context("spawn")
    for copies in COPIES:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "graph.npz"
            made = one if copies == 1 else graphs.stitched(one, copies)
            made.save(file)
            del made
            with context.Pool(1) as pool:
                print(pool.apply(row, (file, copies, options.runs)), flush=True)


def row(file, copies, runs):
    """Measure one size."""
    graph = Graph.load(file)
    draw = np.random.default_rng(0)
    sites = SITES * copies
    kinds = [draw.choice(graph.n, sites, replace=False).astype(np.int32) for _ in range(CATEGORIES)]
    source = draw.choice(graph.n, 1000).astype(np.int32)

    def near():
        for one in kinds:
            ours_nearest(graph, one)

    near()
    ours_each(graph, source)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1024 if sys.platform != "darwin" else 1024**2
    )
    taken = []
    for tool, compiled in (
        (near, lambda linked: [native.nearest(graph, one, LIMIT, linked=linked) for one in kinds]),
        (
            lambda: ours_each(graph, source),
            lambda linked: native.each(graph, source, LIMIT, linked=linked),
        ),
    ):
        tools = [Tool(name="lifecircle", call=tool)]
        if native.compiled() is not None:
            tools += [
                Tool(name=f"C++ {linked}", call=lambda linked=linked, call=compiled: call(linked))
                for linked in (False, True)
            ]
        found = seconds(tools, runs)
        mine = found.pop("lifecircle")
        best = min(found.values(), default=None)
        taken += (
            ["", f"{mine:.3f}", ""]
            if best is None
            else ([f"{best:.3f}", f"{mine:.3f}", f"{mine / best:.2f}"])
        )
    return f"| {graph.n:,} | {len(graph.heads):,} | {' | '.join(taken)} | {peak:,.0f} |"


if __name__ == "__main__":
    main()
