"""
Walking times against second engines on the same file: do they say the same?

    python -m benchmarks.agreement [--data FOLDER] [--valhalla PYTHON]

igraph and pandana search lifecircle's own arcs. Valhalla reads the file itself, walks at the same
speed, with nothing added for steps or gates, from junction to junction.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from benchmarks import engine, graphs
from benchmarks.asking import asked
from benchmarks.graphs import LIMIT, Graph
from benchmarks.peers import Igraph, Pandana, installed
from benchmarks.searches import ours_each
from lifecircle.network.reading import read_streets
from lifecircle.network.router import Router
from lifecircle.walk import PROFILES

SOURCES, TARGETS = 200, 50
SHARES = (1, 5, 25, 50, 75, 95, 99)


def main() -> None:
    options = asked(__doc__)
    path = graphs.file_of(options.data)
    network = read_streets(path)
    router = Router(network=network, profile=PROFILES["gb"])
    indptr, heads, costs, _ = router.graph(from_facility=True)
    graph = Graph(xy=network.node_xy, indptr=indptr, heads=heads, costs=costs)
    draw = np.random.default_rng(0)
    mainland = np.flatnonzero(~network.island_nodes)
    source = draw.choice(mainland, SOURCES, replace=False).astype(np.int32)
    count, node, cost = ours_each(graph, source)
    owner = np.repeat(np.arange(SOURCES), count)
    print(
        f"\n`{path.name}` ({graphs.told(network)}); {SOURCES} junctions, all within 15 minutes.\n"
    )
    print(
        "| engine | walks compared | largest difference | reached by one only |\n|---|---|---|---|"
    )
    full = np.full((SOURCES, graph.n), np.inf)
    full[owner, node] = cost
    if installed("igraph"):
        other = np.asarray(Igraph(graph).each(source))[:, : graph.n]
        tell("igraph, same arcs", full, np.where(other > LIMIT, np.inf, other))
    if installed("pandana"):
        found = Pandana(graph).each(source)
        at = {one: place for place, one in enumerate(source.tolist())}
        other = np.full(full.shape, np.inf)
        other[found["source"].map(at), found["destination"]] = found["cs"]
        tell("pandana, same arcs", full, other)
    asked_of = engine.start(options.valhalla, path)
    if asked_of is None:
        return
    lonlat = shapely.get_coordinates(
        gpd.GeoSeries(shapely.points(network.node_xy), crs=network.crs).to_crs(4326)
    )
    rows = []
    for one, start in enumerate(source.tolist()):
        near = node[(owner == one) & (cost > 12_000)]
        if len(near) == 0:
            continue
        chosen = np.sort(draw.choice(near, min(TARGETS, len(near)), replace=False))
        answer = asked_of.ask(
            "matrix",
            source=lonlat[start].tolist(),
            targets=lonlat[chosen].tolist(),
            options=engine.ALIKE,
        )
        for target, seconds, metres in zip(
            chosen.tolist(), answer["seconds"], answer["metres"], strict=True
        ):
            rows.append((start, target, full[one, target] / 100, seconds, metres))
    asked_of.close()
    report(rows, asked_of.ready["version"])
    worst(rows, lonlat)


def tell(name, ours, other):
    both = np.isfinite(ours) & np.isfinite(other)
    off = np.abs(ours[both] - other[both]).max() / 100
    alone = (np.isfinite(ours) != np.isfinite(other)).sum()
    print(f"| {name} | {both.sum():,} | {off:.4f} s | {alone} |", flush=True)


def report(rows, version):
    """Percentiles of Valhalla less lifecircle, in seconds and on its way's length alone."""
    ours, theirs, metres = np.asarray(
        [
            (mine, their, way)
            for _, _, mine, their, way in rows
            if their is not None and way is not None
        ]
    ).T
    length_s = metres / PROFILES["gb"].speed_mps
    print(
        f"\nValhalla {version}: {len(rows):,} walks over 2 minutes, "
        f"{len(rows) - len(ours)} without an answer.\n"
    )
    print(f"| Valhalla less lifecircle | {' | '.join(f'{one} %' for one in SHARES)} |")
    print("|---" * (len(SHARES) + 1) + "|")
    for name, off, unit in (
        ("time as told, s", theirs - ours, ".0f"),
        ("time as told, %", 100 * (theirs / ours - 1), ".1f"),
        ("its way's length at the same speed, s", length_s - ours, ".0f"),
        ("the same, %", 100 * (length_s / ours - 1), ".1f"),
    ):
        values = " | ".join(f"{one:{unit}}" for one in np.percentile(off, SHARES))
        print(f"| {name} | {values} |")
    near = np.abs(length_s - ours)
    print(
        f"\nWays of the same length within 2 s: {100 * np.mean(near <= 2):.1f} %; "
        f"within 1 %: {100 * np.mean(near <= 0.01 * ours):.1f} %; "
        f"within 5 %: {100 * np.mean(near <= 0.05 * ours):.1f} %; "
        f"over 1 % shorter: {100 * np.mean(length_s < 0.99 * ours - 2):.1f} %.",
        flush=True,
    )


def worst(rows, lonlat, count=6):
    """The walks whose lengths differ most, longer and shorter, to be looked up on a map."""
    known = [row for row in rows if row[4] is not None]
    known.sort(key=lambda row: row[4] / PROFILES["gb"].speed_mps - row[2])
    print("\n| from (lon, lat) | to | lifecircle, m | Valhalla, m |\n|---|---|---|---|")
    for start, target, mine, _, metres in [*known[:count], *known[-count:]]:
        ends = " | ".join(
            f"{lonlat[node][0]:.5f}, {lonlat[node][1]:.5f}" for node in (start, target)
        )
        print(f"| {ends} | {mine * PROFILES['gb'].speed_mps:.0f} | {metres:.0f} |")


if __name__ == "__main__":
    main()
