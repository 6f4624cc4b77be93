"""
People covered, against another reader and another engine: the 1,227 hexagons of Porto Alegre.

    python -m benchmarks.coverage --data FOLDER

Ours: `read_streets`, pins on edges, the search kernel. Theirs: the file read by osmium into nodes
no more than 10 m apart, searched by pandana (igraph where pandana is absent), every point at its
nearest node; and once more at every node within 30 m of the nearest, as lifecircle pins to streets.
Both: 1,000 m from a hexagon's middle to the middle of one with health care, the legs included; who
lives farther than 200 m from any street, or on an island of streets, is not covered.
"""

from __future__ import annotations

import warnings

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from benchmarks.asking import asked
from benchmarks.peers import installed
from benchmarks.timing import skip
from lifecircle.network.pins import pin_points
from lifecircle.network.reading import read_streets
from lifecircle.network.router import Router
from lifecircle.network.walks import Ends
from lifecircle.walk import PROFILES

METRES, FARTHEST, STEP, ISLAND, AROUND = 1000.0, 200.0, 10.0, 0.01, 30.0
NOT_WALKED = ("motorway", "motorway_link", "construction", "proposed", "raceway", "bus_guideway")


def main() -> None:
    options = asked(__doc__)
    folder = None if options.data is None else options.data / "br_porto_alegre"
    if folder is None or not (folder / "poa_hexgrid.csv").exists():
        skip("coverage", "needs --data with br_porto_alegre/")
        return
    hexagons = pd.read_csv(folder / "poa_hexgrid.csv")
    network = read_streets(folder / "poa_osm.pbf")
    middles = gpd.GeoSeries.from_xy(hexagons["lon"], hexagons["lat"], crs=4326).to_crs(network.crs)
    xy = np.column_stack([middles.x, middles.y])
    people = hexagons["population"].to_numpy(float)
    cared = hexagons["healthcare"].to_numpy() > 0
    ours = _ours(network, xy, cared)
    streets = _read(folder / "poa_osm.pbf", network.crs)
    name = "pandana" if installed("pandana") else "igraph"
    print(
        f"\n{len(xy):,} hexagons, {people.sum():,.0f} people, {cared.sum()} hexagons with health "
        "care; 1,000 m on foot.\n"
    )
    print(
        "| engine | hexagons covered | people covered | share | differ | people | within 25 m of "
        "the limit | apart, m: 50 % | 95 % |\n|---|---|---|---|---|---|---|---|---|"
    )
    held = people[ours <= METRES].sum()
    print(
        f"| lifecircle | {(ours <= METRES).sum()} | {held:,.0f} | {held / people.sum():.2%} "
        "| | | | | |"
    )
    for around, how in ((0.0, "nearest node"), (AROUND, "all nodes within 30 m of the nearest")):
        theirs = _theirs(name, *streets, xy, cared, around)
        inside = theirs <= METRES
        differ = (ours <= METRES) != inside
        near = np.minimum(np.abs(ours - METRES), np.abs(theirs - METRES)) <= 25
        both = np.isfinite(ours) & np.isfinite(theirs)
        apart = np.abs(ours[both] - theirs[both])
        held, moved = people[inside].sum(), people[differ].sum()
        print(
            f"| {name}, own reading, {how} | {inside.sum()} | {held:,.0f} "
            f"| {held / people.sum():.2%} | {differ.sum()} "
            f"| {moved:,.0f} ({moved / people.sum():.2%}) "
            f"| {(differ & near).sum()} | {np.median(apart):.1f} | {np.quantile(apart, 0.95):.1f} |"
        )


def _ours(network, xy, cared):
    ends = Ends.single(pin_points(network, shapely.points(xy)))
    router = Router(network=network, profile=PROFILES["gb"], metric="distance")
    found = router.nearest(ends, ends.select(cared), limit=int(2 * METRES * 100))
    return np.where(np.isnan(found.length_cm), np.inf, found.length_cm / 100)


def _theirs(engine, nodes, edges, xy, cared, around):
    """Walks in metres; points are joined one way, so that nobody walks through them."""
    tree = cKDTree(nodes)
    nearest, at = tree.query(xy)
    legs = [
        (point, node, np.hypot(*(nodes[node] - xy[point])))
        for point in np.flatnonzero(nearest <= FARTHEST)
        for node in (
            tree.query_ball_point(xy[point], min(nearest[point] + around, FARTHEST))
            if around
            else [at[point]]
        )
    ]
    point, node, leg = (np.asarray(part) for part in zip(*legs, strict=True))
    first, last = len(nodes) + point, len(nodes) + len(xy) + point
    length = np.hypot(*(nodes[edges[:, 0]] - nodes[edges[:, 1]]).T)
    tail = np.concatenate([edges[:, 0], edges[:, 1], first, node])
    head = np.concatenate([edges[:, 1], edges[:, 0], node, last])
    cost = np.concatenate([length, length, leg, leg])
    places = np.concatenate([nodes, xy, xy])
    to = len(nodes) + len(xy) + np.flatnonzero(cared)
    start = len(nodes) + np.arange(len(xy))
    if engine == "pandana":
        import pandana  # noqa: PLC0415

        graph = pandana.Network(
            pd.Series(places[:, 0]),
            pd.Series(places[:, 1]),
            pd.Series(tail),
            pd.Series(head),
            pd.DataFrame({"metres": cost}),
            twoway=False,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pairs without a way, by the thousand
            pairs = graph.shortest_path_lengths(np.repeat(start, len(to)), np.tile(to, len(start)))
        best = np.asarray(pairs).reshape(len(start), len(to)).min(axis=1)
    else:
        import igraph  # noqa: PLC0415

        graph = igraph.Graph(n=len(places), edges=np.column_stack([tail, head]), directed=True)
        walks = graph.distances(to.tolist(), start.tolist(), weights=cost, mode="in")
        best = np.asarray(walks).min(axis=0)
    return np.where(best > 2 * METRES, np.inf, best)


def _read(path, crs):
    """Walkable ways as nodes at most 10 m apart, and the edges between them; no islands."""
    lines = []
    ids = []
    ways = osmium.FileProcessor(str(path)).with_locations()
    for way in ways.with_filter(osmium.filter.KeyFilter("highway")):
        if not way.is_way() or not _walked(dict(way.tags)):
            continue
        known = [(node.ref, node.lon, node.lat) for node in way.nodes if node.location.valid()]
        if len(known) > 1:
            ids.append([one[0] for one in known])
            lines.append(shapely.LineString([one[1:] for one in known]))
    shapes = gpd.GeoSeries(lines, crs=4326).to_crs(crs)
    place: dict[object, int] = {}
    nodes, edges = [], []

    def number(key, point):
        if key not in place:
            place[key] = len(nodes)
            nodes.append(point)
        return place[key]

    for way, (refs, shape) in enumerate(zip(ids, shapes, strict=True)):
        corners = shapely.get_coordinates(shape)
        for part in range(len(refs) - 1):
            a, b = corners[part], corners[part + 1]
            count = max(int(np.ceil(np.hypot(*(b - a)) / STEP)), 1)
            last = number(refs[part], a)
            for step in range(1, count + 1):
                key = refs[part + 1] if step == count else (way, part, step)
                here = number(key, a + (b - a) * step / count)
                edges.append((last, here))
                last = here
    nodes, edges = np.asarray(nodes), np.asarray(edges)
    from scipy.sparse import coo_matrix  # noqa: PLC0415
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    matrix = coo_matrix((np.ones(len(edges)), edges.T), shape=(len(nodes),) * 2)
    _, label = connected_components(matrix, directed=False)
    keep = (np.bincount(label) >= ISLAND * len(nodes))[label]
    new = np.cumsum(keep) - 1
    return nodes[keep], new[edges[keep[edges].all(axis=1)]]


def _walked(tags):
    kind, foot, access = tags.get("highway"), tags.get("foot"), tags.get("access")
    if tags.get("area") == "yes":
        return False
    if foot in ("yes", "designated", "permissive", "private", "destination"):
        return True
    return kind not in NOT_WALKED and foot not in ("no", "use_sidepath") and access != "no"


if __name__ == "__main__":
    main()
