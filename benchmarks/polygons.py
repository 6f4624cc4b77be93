"""
1,000 isochrone polygons: how fast, and how many people they put on the wrong side.

    python -m benchmarks.polygons [--data FOLDER] [--runs N] [--valhalla PYTHON]

People are those of the embedded study, whatever the folder. Every home is judged by its walk along
the streets and by the drawing. Pooled are people wrongly inside (outside) of all polygons over the
people truly reached by all; single polygons are looked at where at least 100 people are reached.
"""

from __future__ import annotations

import geopandas as gpd
import networkx as nx
import numpy as np
import shapely

from benchmarks import engine as valhalla
from benchmarks import graphs
from benchmarks.asking import asked
from benchmarks.timing import Tool, seconds
from lifecircle.network.pins import pin_points
from lifecircle.network.reading import read_streets
from lifecircle.network.router import Router
from lifecircle.network.walks import Ends
from lifecircle.reach.isochrone import isochrones
from lifecircle.reach.raster import prepare_raster
from lifecircle.study import Study
from lifecircle.walk import PROFILES

MINUTES = (5, 15)
MANY, JUDGED, FEW, FEWER = 1000, 200, 20, 4
WHO = PROFILES["gb"]


class Town:
    """Streets, 1,000 places to draw around, and what draws."""

    def __init__(self, network, places):
        self.network, self.places = network, places
        self.router = Router(network=network, profile=WHO)
        self.raster = None
        self._graph = None

    def frame(self, count):
        return gpd.GeoDataFrame(geometry=self.places[:count], crs=self.network.crs)

    def prepared(self, area=None, cell_m=20.0):
        self.raster = prepare_raster(self.network, area, cell_m=cell_m)
        isochrones(self.network, self.frame(1), [15], raster=self.raster)

    def ours(self, minutes, count):
        return isochrones(self.network, self.frame(count), [minutes], raster=self.raster).geometry

    def hulls(self, minutes, count, hull=shapely.convex_hull):
        """Our search, then a hull around the nodes reached."""
        ends = Ends.single(pin_points(self.network, self.places[:count]))
        found = self.router.nodes(ends, limit=6000 * minutes)
        owner = np.repeat(np.arange(count), np.diff(found.ptr))
        xy = self.network.node_xy[found.home]
        points = shapely.multipoints(xy, indices=owner, out=np.full(count, shapely.MultiPoint()))
        return hull(points)

    @property
    def graph(self):
        """The streets as OSMnx has them, with walking times."""
        if self._graph is None:
            self._graph = nx.Graph(self.network.to_networkx())
            for _, _, data in self._graph.edges(data=True):
                data["time"] = data["length"] / WHO.speed_mps
            xy = self.network.node_xy
            self._near = shapely.STRtree(shapely.points(xy))
        return self._graph

    def ego(self, minutes, count):
        graph = self.graph
        for node in self._near.nearest(self.places[:count]).tolist():
            yield nx.ego_graph(graph, node, radius=60 * minutes, distance="time")

    def osmnx_hulls(self, minutes, count):
        """OSMnx's example: the hull of an ego graph."""
        xy = self.network.node_xy
        return np.asarray(
            [
                shapely.convex_hull(shapely.multipoints(xy[list(one)]))
                for one in self.ego(minutes, count)
            ]
        )

    def osmnx_buffers(self, minutes, count):
        """OSMnx's other example: nodes and edges of the ego graph with a border, united."""
        xy, drawn = self.network.node_xy, []
        for one in self.ego(minutes, count):
            lines = [data["geometry"] for _, _, data in one.edges(data=True)]
            parts = [*shapely.buffer(shapely.points(xy[list(one)]), 50), *shapely.buffer(lines, 25)]
            drawn.append(shapely.union_all(parts))
        return np.asarray(drawn)

    def lonlat(self, count):
        return shapely.get_coordinates(self.frame(count).to_crs(4326).geometry).tolist()


def main() -> None:
    options = asked(__doc__)
    results = Study.demo().run().results
    network, homes = results.waist.network, results.waist.homes.table
    homes = homes[homes["people"] > 0].reset_index(drop=True)
    homes = gpd.GeoDataFrame(homes[["people"]], geometry=homes.geometry, crs=network.crs)
    draw = np.random.default_rng(1)
    near = homes.geometry.to_numpy()[draw.integers(0, len(homes), MANY)]
    xy = shapely.get_coordinates(near) + draw.normal(0, 30, (MANY, 2))
    area = shapely.convex_hull(shapely.union_all(homes.geometry.to_numpy())).buffer(1200)
    town = Town(network, shapely.points(xy))
    town.prepared(area)
    engine = valhalla.start(options.valhalla, graphs.TOWN)
    print(f"\n`{graphs.TOWN.name}` ({graphs.told(network)}); {len(homes):,} homes.\n")
    speed(town, engine, options.runs, others=True)
    chosen = np.sort(draw.choice(len(homes), JUDGED, replace=False))
    judged = Town(network, homes.geometry.to_numpy()[chosen])
    errors(judged, engine, homes, area)
    if engine:
        engine.close()
    if options.data is not None:
        path = graphs.file_of(options.data)
        network = read_streets(path)
        main_part = np.flatnonzero(~network.island_nodes)
        xy = network.node_xy[draw.choice(main_part, MANY)] + draw.normal(0, 30, (MANY, 2))
        town = Town(network, shapely.points(xy))
        town.prepared()
        print(f"\n`{path.name}` ({graphs.told(network)}).\n")
        speed(town, None, options.runs, others=False)


def drawers(town, engine, *, others):
    """Name, function of minutes and count, how many of the 1,000 are drawn, how many judged."""
    found = [
        ("**lifecircle**, cells of 20 m", town.ours, MANY, JUDGED),
        ("lifecircle's search, convex hulls", town.hulls, MANY, JUDGED),
        (
            "lifecircle's search, concave hulls (0.2)",
            lambda minutes, count: town.hulls(
                minutes, count, lambda points: shapely.concave_hull(points, ratio=0.2)
            ),
            MANY,
            JUDGED,
        ),
    ]
    if engine:

        def contours(minutes, count, *, keep=False):
            return engine.ask(
                "isochrones",
                points=town.lonlat(count),
                minutes=minutes,
                options=valhalla.ALIKE,
                keep=keep,
            )

        found.append(("Valhalla (own costs, generalised)", contours, MANY, JUDGED))
    if others:
        found.append(("OSMnx recipe: ego_graph, hull", town.osmnx_hulls, FEW, 40))
        found.append(("OSMnx recipe: buffers, union", town.osmnx_buffers, FEWER, 8))
    return found


def speed(town, engine, runs, *, others):
    print("| 1,000 polygons | 15 min, s | 5 min, s | |\n|---|---|---|---|")
    some = drawers(town, engine, others=others)
    taken = []
    for minutes in (15, 5):
        tools = [
            Tool(
                name=name,
                call=lambda draw=draw, count=count: draw(minutes, count),  # noqa: B023
                times=MANY / count,
            )
            for name, draw, count, _ in some
        ]
        taken.append(seconds(tools, runs))
    for name, _, count, _ in some:
        note = "" if count == MANY else f"from {count}"
        print(f"| {name} | {taken[0][name]:.2f} | {taken[1][name]:.2f} | {note} |", flush=True)


def errors(town, engine, homes, area):
    truth = people_reached(town, homes)
    people = homes["people"].to_numpy()
    tree = shapely.STRtree(homes.geometry.to_numpy())
    town.prepared(area)
    fine = Town(town.network, town.places)
    fine.prepared(area, cell_m=10.0)
    some = drawers(town, engine, others=True)
    some.insert(1, ("lifecircle, cells of 10 m", fine.ours, MANY, JUDGED))
    print(
        "\n| people on the wrong side | min | polygons | wrongly in: pooled | 95 of 100 | worst "
        "| wrongly out: pooled | 95 of 100 | worst |\n|---|---|---|---|---|---|---|---|---|"
    )
    for name, draw, _, count in some:
        for column, minutes in enumerate(MINUTES):
            if name.startswith("Valhalla"):
                got = draw(minutes, count, keep=True)["polygons"]
                shapes = [shapely.geometry.shape(one) for one in got]
                drawn = gpd.GeoSeries(shapes, crs=4326).to_crs(town.network.crs).to_numpy()
            else:
                drawn = np.asarray(draw(minutes, count))
            inside = np.zeros((count, len(homes)), dtype=bool)
            inside[tuple(tree.query(drawn, predicate="intersects"))] = True
            truly = truth[column][:count]
            reached = truly @ people
            enough = reached >= 100
            told = []
            for wrong in (inside & ~truly, ~inside & truly):
                each = wrong @ people
                shares = each[enough] / reached[enough]
                told += [
                    f"{100 * share:.1f} %"
                    for share in (
                        each.sum() / reached.sum(),
                        np.percentile(shares, 95),
                        shares.max(),
                    )
                ]
            print(f"| {name} | {minutes} | {count} | {' | '.join(told)} |", flush=True)


def people_reached(town, homes):
    """Which homes each place truly reaches within each limit, shape (limits, places, homes)."""
    ends = [
        Ends.single(pin_points(town.network, places))
        for places in (homes.geometry.to_numpy(), town.places)
    ]
    pairs = town.router.matrix(*ends, limit=6000 * MINUTES[-1])
    truly = np.zeros((len(MINUTES), len(town.places), len(homes)), dtype=bool)
    for column, minutes in enumerate(MINUTES):
        near = pairs.cost <= 6000 * minutes
        truly[column, pairs.facility[near], pairs.home[near]] = True
    return truly


if __name__ == "__main__":
    main()
