"""From ways, lines, frames and OSMnx graphs to one network: refusals, columns, lengths, order."""

from __future__ import annotations

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

from lifecircle import geo
from lifecircle.errors import CrsError, NetworkError, SourceError
from lifecircle.network.pins import pin_points
from lifecircle.network.reading import read_streets
from lifecircle.network.router import Ends, Router
from lifecircle.network.streets import StreetNetwork
from lifecircle.tables import NODE_KINDS, STREET_FLAGS, STREET_TEXTS, StreetWays
from lifecircle.walk import PROFILES, Profile
from tests.conftest import NEUBRANDENBURG
from tests.making import CRS, edge_of, points, streets
from tests.network.test_router import random_town

LINE = shapely.LineString
METRE = Profile(name="metre", speed_mps=1.0, source="test: a metre a second")
ORIGIN = np.array([500_000.0, 3_365_000.0])  # in the sea on the central meridian: scale 1


def ways_of(
    runs: list[list[int]],
    xy: list[tuple[float, float]],
    *,
    kinds: dict[int, str] | None = None,
    node_id: list[int] | None = None,
    **columns: list,
) -> StreetWays:
    """Street ways through nodes that are given in metres."""
    kind = np.zeros(len(xy), dtype=np.uint8)
    for node, name in (kinds or {}).items():
        kind[node] = NODE_KINDS.index(name)
    table = pd.DataFrame({"way_id": [f"w{k}" for k in range(len(runs))], "highway": "residential"})
    for flag in STREET_FLAGS:
        table[flag] = flag.startswith(("foot", "bike", "car"))
    for text in STREET_TEXTS:
        table[text] = pd.Series([None] * len(runs), dtype=object)
    table["layer"], table["maxspeed_kmh"] = 0, np.nan
    for name, values in columns.items():
        table[name] = values
    return StreetWays(
        lonlat=geo.unproject(np.asarray(xy, dtype=float).reshape(-1, 2) + ORIGIN, CRS),
        node_id=np.asarray(range(1, len(xy) + 1) if node_id is None else node_id, dtype=np.int64),
        node_kind=kind,
        way_ptr=np.cumsum([0, *map(len, runs)], dtype=np.int64),
        way_node=np.asarray([node for run in runs for node in run], dtype=np.int32),
        ways=table,
    )


def built(*args, **options) -> StreetNetwork:
    return StreetNetwork.from_ways(ways_of(*args, **options), geo.metric_crs(123.0, 30.4))


def at(x: float, y: float) -> tuple[float, float]:
    return (ORIGIN[0] + x, ORIGIN[1] + y)


def digest(network: StreetNetwork) -> tuple:
    arrays = (
        network.node_xy,
        network.edge_node,
        network.length_m,
        network.shape_ptr,
        network.shape_xy,
    )
    return *(array.tobytes() for array in arrays), network.edges.to_csv()


def walks(network: StreetNetwork, start, *stops, profile=METRE) -> list[float]:
    ends = [Ends.single(pin_points(network, points(*xy))) for xy in ((start,), stops)]
    found = Router(network=network, profile=profile).matrix(ends[0], ends[1], limit=10**7)
    result = np.full(len(stops), np.nan)
    result[found.facility] = found.cost / 100
    return result.tolist()


# -- bad input ---------------------------------------------------------------------------------
def test_no_streets_is_an_error_everywhere():
    with pytest.raises(NetworkError, match="no streets were found"):
        built([], [])
    empty = gpd.GeoDataFrame(geometry=[], crs=CRS)
    with pytest.raises(NetworkError, match="at least one"):
        StreetNetwork.from_lines(empty)
    with pytest.raises(NetworkError, match="at least one"):
        StreetNetwork.from_frames(empty, empty.assign(u=[], v=[]))
    with pytest.raises(NetworkError, match="holds no streets"):
        StreetNetwork.from_networkx(nx.MultiDiGraph(crs="EPSG:4326"))


@pytest.mark.parametrize(
    "shape", [shapely.Point(0, 0), shapely.MultiLineString([[(0, 0), (1, 1)]]), LINE(), None]
)
def test_a_street_that_is_no_line_is_refused(shape):
    lines = gpd.GeoDataFrame(geometry=[LINE([(0, 0), (9, 0)]), shape], crs=CRS)
    with pytest.raises(NetworkError, match="LineStrings"):
        StreetNetwork.from_lines(lines)
    nodes = gpd.GeoDataFrame(geometry=points((0, 0), (9, 0)), crs=CRS)
    with pytest.raises(NetworkError, match="LineStrings"):
        StreetNetwork.from_frames(nodes, lines.assign(u=0, v=1))


@pytest.mark.parametrize("crs", [None, "EPSG:4326", "EPSG:4490"])
def test_degrees_are_never_taken_for_metres(crs):
    lines = gpd.GeoDataFrame(geometry=[LINE([(121.0, 30.0), (121.1, 30.0)])], crs=crs)
    with pytest.raises(CrsError, match="metric coordinate reference system"):
        StreetNetwork.from_lines(lines)
    nodes = gpd.GeoDataFrame(geometry=points((121.0, 30.0), (121.1, 30.0)), crs=crs)
    with pytest.raises(CrsError, match="metric coordinate reference system"):
        StreetNetwork.from_frames(nodes, lines.assign(u=0, v=1))


def test_an_edge_to_nowhere_is_counted():
    nodes = gpd.GeoDataFrame(geometry=points((0, 0), (9, 0)), crs=CRS)
    edges = gpd.GeoDataFrame({"u": [0, 0], "v": [1, 7]}, geometry=[LINE([(0, 0), (9, 0)])] * 2)
    with pytest.raises(NetworkError, match="1 edges name a node"):
        StreetNetwork.from_frames(nodes, edges.set_crs(CRS))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(SourceError, match=r"nothing\.osm\.pbf"):
        read_streets(tmp_path / "nothing.osm.pbf")


# -- from ways ---------------------------------------------------------------------------------
def test_ways_are_cut_where_they_meet_and_nowhere_else():
    # 0 - 1 - 2 - 3 with a bend at 1 and a side street from 2.
    network = built(
        [[0, 1, 2, 3], [2, 4]], [(0, 0), (100, 0), (100, 100), (200, 100), (100, 300)],
        name=["High Street", None],
    )  # fmt: skip
    assert sorted(network.length_m.round(3).tolist()) == [100.0, 200.0, 200.0]
    assert len(network.node_xy) == 4  # the bend is no junction
    assert network.shape_ptr[-1] == 3 + 2 + 2
    assert network.edges["name"].isin(["High Street", None]).all()
    assert network.edges["way_id"].value_counts().to_dict() == {"w0": 2, "w1": 1}
    # every edge's geometry runs from its first node to its second
    for edge, line in enumerate(network.lines):
        ends = network.node_xy[network.edge_node[edge]]
        np.testing.assert_allclose(shapely.get_coordinates(line)[[0, -1]], ends, rtol=0, atol=1e-9)


def test_lengths_are_measured_on_the_ground_not_on_the_map():
    # 1.5 degrees from the central meridian the projection stretches by about 0.03 %.
    lonlat = np.array([[121.5, 30.0], [121.51, 30.0]])
    ways = ways_of([[0, 1]], [(0, 0), (1, 0)])
    ways = StreetWays(**{**vars(ways), "lonlat": lonlat})
    network = StreetNetwork.from_ways(ways, geo.metric_crs(123.0, 30.0))
    true = float(geo.ground_m(lonlat[:1], lonlat[1:])[0])
    assert network.length_m[0] == pytest.approx(true, abs=1e-6)
    assert network.lines[0].length > true + 0.1


def test_a_loop_a_doubled_node_and_a_way_through_itself():
    square = [(0, 0), (100, 0), (100, 100), (0, 100)]
    loop = built([[0, 1, 2, 3, 0]], square)
    assert loop.length_m.round(6).tolist() == [400.0]
    assert loop.edge_node.tolist() == [[0, 0]]
    # by the far side of the ring or by its one junction, whichever is nearer
    assert walks(loop, at(100, 100), at(0, 90)) == pytest.approx([110.0], abs=0.011)
    assert walks(loop, at(0, 10), at(10, 0)) == pytest.approx([20.0], abs=0.011)
    double = built([[0, 1, 1, 2]], square)
    assert sorted(double.length_m.round(6).tolist()) == [0.0, 100.0, 100.0]
    assert walks(double, at(0, 0), at(100, 100)) == pytest.approx([200.0], abs=0.011)
    eight = built([[0, 1, 2, 0, 3]], square)
    assert len(eight.length_m) == 2
    assert walks(eight, at(0, 100), at(100, 0)) == pytest.approx([200.0], abs=0.011)


def test_nobody_passes_a_blocked_node():
    street = ([[0, 1, 2], [1, 3]], [(0, 0), (100, 0), (200, 0), (100, 100)])
    start, stops = at(0, 0), [at(100, 0), at(200, 0), at(100, 100)]
    assert walks(built(*street), start, *stops) == pytest.approx([100, 200, 200], abs=0.011)
    for kind in ("gate", "bollard", "stile", "entrance", "crossing", "signals"):
        network = built(*street, kinds={1: kind})
        assert walks(network, start, *stops) == pytest.approx([100, 200, 200], abs=0.011)
    walled = built(*street, kinds={1: "blocked"})
    assert len(np.unique(walled.component)) == 3
    found = walks(walled, start, *stops[1:])
    assert np.isnan(found).all()
    # ... but one may walk up to it
    assert walks(walled, start, at(95, 0))[0] == pytest.approx(95, abs=0.011)
    # A wall in the middle of one way parts it too.
    alone = built([[0, 1, 2]], street[1][:3], kinds={1: "blocked"})
    assert np.isnan(walks(alone, start, at(195, 0))).all()


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_ways_and_nodes_changes_no_byte(seed):
    runs = [[0, 1, 2, 3], [2, 4], [4, 5, 1], [1, 5, 4], [5, 0], [3, 6, 7]]
    xy = [(0, 0), (100, 0), (100, 100), (200, 100), (100, 300), (0, 200), (300, 100), (300, 0)]
    kinds = {6: "blocked", 2: "gate"}
    base = digest(built(runs, xy, kinds=kinds))
    rng = np.random.default_rng(seed)
    order, nodes = rng.permutation(len(runs)), rng.permutation(len(xy))
    place = np.argsort(nodes)
    again = built(
        [[int(place[node]) for node in runs[k]] for k in order],
        [xy[node] for node in nodes],
        kinds={int(place[node]): kind for node, kind in kinds.items()},
        node_id=[int(node) + 1 for node in nodes],
        way_id=[f"w{k}" for k in order],
    )
    assert digest(again) == base


# -- from lines --------------------------------------------------------------------------------
def test_lines_meet_only_where_their_ends_do():
    crossing = streets([(0, 0), (100, 0)], [(50, -50), (50, 50)], [(100, 0), (100, 80)])
    assert len(crossing.node_xy) == 5
    assert len(np.unique(crossing.component)) == 2
    near = streets([(0, 0), (100, 0)], [(100.001, 0), (200, 0)], [(200.02, 0), (300, 0)])
    assert len(near.node_xy) == 5  # a millimetre is the same corner, two centimetres are not


def test_columns_are_completed_and_kept():
    network = streets([(0, 0), (100, 0)], [(100, 0), (100, 80)], steps=[True, None], width=[1, 2])
    wanted = {*STREET_FLAGS, *STREET_TEXTS, "highway", "way_id", "layer", "width"}
    assert wanted <= set(network.edges.columns)
    assert all(network.edges[flag].dtype == bool for flag in STREET_FLAGS)
    assert network.edges["foot_forward"].all()
    assert network.edges["foot_backward"].all()
    assert sorted(network.edges["steps"].tolist()) == [False, True]


def test_the_given_lines_are_not_changed_nor_the_network_changeable():
    lines = gpd.GeoDataFrame({"steps": [True]}, geometry=[LINE([(0, 0), (9, 0)])], crs=CRS)
    before = lines.copy(deep=True)
    network = StreetNetwork.from_lines(lines)
    pd.testing.assert_frame_equal(lines, before)
    for name in ("node_xy", "edge_node", "length_m", "shape_ptr", "shape_xy"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(network, name)[0] = 1


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_lines_changes_no_byte(seed):
    frame = random_town(11).to_frame()
    frame["way_id"] = [f"w{k:04d}" for k in range(len(frame))]
    frame = frame[["way_id", "geometry"]]
    shuffled = frame.sample(frac=1.0, random_state=seed)
    assert digest(StreetNetwork.from_lines(shuffled)) == digest(StreetNetwork.from_lines(frame))


def test_duplicate_streets_stay_and_change_no_time():
    one = streets([(0, 0), (100, 0)], [(100, 0), (200, 0)])
    two = streets([(0, 0), (100, 0)], [(0, 0), (100, 0)], [(100, 0), (0, 0)], [(100, 0), (200, 0)])
    assert len(two.length_m) == 4
    for network in (one, two):
        assert walks(network, (0, 10), (200, 10), (50, 0)) == [220.0, 60.0]


# -- from frames and graphs --------------------------------------------------------------------
def frames():
    nodes = gpd.GeoDataFrame(index=[70, 10, 40], geometry=points((0, 0), (100, 0), (100, 50)))
    edges = gpd.GeoDataFrame(
        {"u": [70, 10], "v": [10, 40], "length": [120.0, 50.0], "steps": [False, True]},
        geometry=[LINE([(0, 0), (50, 20), (100, 0)]), LINE([(100, 0), (100, 50)])],
        crs=CRS,
    )
    return nodes.set_crs(CRS), edges


def test_frames_keep_the_given_lengths_and_accept_an_index():
    nodes, edges = frames()
    network = StreetNetwork.from_frames(nodes, edges)
    assert sorted(network.length_m.tolist()) == [50.0, 120.0]
    indexed = StreetNetwork.from_frames(nodes, edges.assign(key=0).set_index(["u", "v", "key"]))
    np.testing.assert_array_equal(indexed.length_m, network.length_m)
    np.testing.assert_array_equal(indexed.edge_node, network.edge_node)
    unmeasured = StreetNetwork.from_frames(nodes, edges.drop(columns="length"))
    assert sorted(unmeasured.length_m.round(6).tolist()) == [50.0, round(2 * np.hypot(50, 20), 6)]
    assert network.edges.loc[network.edges["steps"], "way_id"].tolist() == ["1"]
    assert {"u", "v", "length"}.isdisjoint(network.edges.columns)


def osmnx_graph(crs: str = CRS) -> nx.MultiDiGraph:
    """One street both ways, one one-way, two parallel ones, a loop, stairs, two names."""
    graph = nx.MultiDiGraph(crs=crs)
    for node, (x, y) in {5: (0, 0), 3: (100, 0), 9: (100, 100)}.items():
        graph.add_node(node, x=float(x), y=float(y))
    bent = LINE([(0, 0), (50, 10), (100, 0)])
    graph.add_edge(5, 3, length=102.0, highway="residential", name=["A", "B"], geometry=bent)
    graph.add_edge(
        3, 5, length=102.0, highway="residential", name=["A", "B"], geometry=bent.reverse()
    )
    graph.add_edge(9, 3, length=100.0, highway=["service", "track"], oneway=True)
    over = LINE([(0, 0), (0, 100), (100, 100)])
    graph.add_edge(5, 9, length=200.0, highway="steps", geometry=over)
    graph.add_edge(9, 5, length=200.0, highway="steps", geometry=over.reverse())
    straight = LINE([(0, 0), (100, 100)])
    graph.add_edge(5, 9, length=150.0, highway="path", geometry=straight)
    graph.add_edge(9, 5, length=150.0, highway="path", geometry=straight.reverse())
    ring = LINE([(100, 100), (150, 100), (150, 150), (100, 100)])
    graph.add_edge(9, 9, length=170.0, highway="residential", geometry=ring)
    return graph


def test_an_osmnx_graph_comes_through_with_its_one_way_streets():
    graph = osmnx_graph()
    network = StreetNetwork.from_networkx(graph)
    assert sorted(network.length_m.tolist()) == [100.0, 102.0, 150.0, 170.0, 200.0]
    edges = network.edges.assign(length_m=network.length_m).set_index("length_m")
    both = edges["foot_forward"] & edges["foot_backward"]
    assert both.to_dict() == {100.0: False, 102.0: True, 150.0: True, 170.0: True, 200.0: True}
    assert edges.loc[100.0, "highway"] == "service"
    assert edges.loc[102.0, "name"] == "A"
    assert edges["steps"].to_dict()[200.0]
    assert edges["steps"].sum() == 1
    # 9 -> 3 is open, 3 -> 9 goes round by 5: 102 + 150.
    assert walks(network, (100, 100), (100, 0)) == [100.0]
    assert walks(network, (100, 0), (100, 100)) == [252.0]
    elder = walks(network, (0, 100), (100, 100), profile=PROFILES["elder"])
    assert elder == [250.0]  # stairs at half speed
    # times agree with networkx on the graph itself
    for node, place in graph.nodes(data=True):
        lengths = nx.single_source_dijkstra_path_length(graph, node, weight="length")
        stops = [(graph.nodes[one]["x"], graph.nodes[one]["y"]) for one in lengths]
        mine = walks(network, (place["x"], place["y"]), *stops)
        assert mine == [float(length) for length in lengths.values()]


def test_a_graph_goes_to_frames_and_back():
    network = StreetNetwork.from_networkx(osmnx_graph())
    table = network.to_frame()
    assert list(table.columns) == [
        "edge_id", "u", "v", "length_m", "highway", "name", "foot", "geometry",
    ]  # fmt: skip
    assert table["foot"].all()
    nodes = gpd.GeoDataFrame(geometry=shapely.points(network.node_xy), crs=network.crs)
    edges = gpd.GeoDataFrame(
        network.edges.assign(u=table["u"], v=table["v"], length=table["length_m"]),
        geometry=table.geometry,
    )
    assert digest(StreetNetwork.from_frames(nodes, edges)) == digest(network)


def test_an_unprojected_graph_takes_the_study_system():
    graph = osmnx_graph("EPSG:4326")
    xy = np.array([(place["x"], place["y"]) for _, place in graph.nodes(data=True)])
    for (_, place), (lon, lat) in zip(
        graph.nodes(data=True), geo.unproject(xy + ORIGIN, CRS), strict=True
    ):
        place["x"], place["y"] = float(lon), float(lat)
    for _, _, data in graph.edges(data=True):
        if "geometry" in data:
            data["geometry"] = shapely.transform(
                data["geometry"], lambda xy: geo.unproject(xy + ORIGIN, CRS)
            )
    network = StreetNetwork.from_networkx(graph)
    assert network.crs.to_epsg() == 4550  # and not the UTM zone
    assert sorted(network.length_m.tolist()) == [100.0, 102.0, 150.0, 170.0, 200.0]
    np.testing.assert_allclose(
        np.sort(network.node_xy, axis=0), np.sort(xy + ORIGIN, axis=0), rtol=0, atol=1e-3
    )


def test_a_graph_without_a_system_is_refused():
    graph = osmnx_graph()
    del graph.graph["crs"]
    with pytest.raises(CrsError, match="graph: has no coordinate reference system"):
        StreetNetwork.from_networkx(graph)


# -- prices ------------------------------------------------------------------------------------
def test_prices_by_direction_stairs_and_mode():
    network = streets(
        [(0, 0), (100, 0)],
        [(100, 0), (200, 0)],
        [(200, 0), (300, 0)],
        foot_backward=[True, False, True],
        steps=[False, False, True],
        ramp=[False, False, False],
        car_forward=[False, True, True],
        car_backward=[False, False, False],
        crossing=["zebra", None, None],
    )
    one, two, three = (edge_of(network, [(x, 0), (x + 100, 0)]) for x in (0, 100, 200))
    forward, backward = network.prices(PROFILES["elder"])
    assert forward[[one, two, three]].tolist() == [12_500 + 1_500, 12_500, 25_000]
    assert backward[[one, two, three]].tolist() == [12_500 + 1_500, -1, 25_000]
    wheels = Profile(name="wheels", speed_mps=1.0, source="test", step_free=True)
    assert network.prices(wheels)[0][[one, two, three]].tolist() == [10_000, 10_000, -1]
    car = Profile(name="car", speed_mps=10.0, source="test", mode="car")
    assert network.prices(car)[0][[one, two, three]].tolist() == [-1, 1_000, 1_000]
    assert (network.prices(car)[1] == -1).all()
    arcs = network.arcs(PROFILES["gb"])
    assert arcs.n == 4
    assert len(arcs.tail) == 5
    np.testing.assert_array_equal(arcs.walk_s, arcs.walk_cs / 100)
    np.testing.assert_array_equal(arcs.length_cm, np.rint(arcs.length_m * 100))


def test_traffic_lights_take_longer_than_a_zebra():
    network = streets([(0, 0), (10, 0)], [(10, 0), (20, 0)], crossing=["traffic_signals", "marked"])
    forward, _ = network.prices(PROFILES["adult"])
    assert sorted((forward - 800).tolist()) == [1_500, 3_000]


@pytest.mark.parametrize("tag", ["no", "unmarked", "informal"])
def test_what_is_no_crossing_costs_nothing(tag):
    network = streets([(0, 0), (10, 0)], crossing=[tag])
    assert network.prices(PROFILES["adult"])[0].tolist() == [800]


# -- islands -----------------------------------------------------------------------------------
def test_an_island_is_a_component_under_one_percent_of_the_length():
    main = [(0, 0), (9_900, 0)]
    at_limit = streets(main, [(0, 500), (100, 500)])  # 100 of 10,000 m
    assert not at_limit.island_nodes.any()
    below = streets(main, [(0, 500), (99, 500)])
    assert below.node_xy[below.island_nodes][:, 1].tolist() == [500.0, 500.0]
    closed = streets(
        main, [(0, 0), (0, 99)], [(0, 99), (0, 200)],
        foot_forward=[True, False, True], foot_backward=[True, False, True],
    )  # fmt: skip
    # what hangs on the rest by a motorway only is an island on foot: 101 of 10,001 m is not
    assert closed.island_nodes.sum() == 0
    assert len(closed.walkable) == 2


def test_the_printed_form_says_what_there_is():
    text = repr(streets([(0, 0), (9_900, 0)], [(0, 500), (99, 500)]))
    assert text.startswith("<StreetNetwork: 4 nodes, 2 edges, 10 km walkable, 2 nodes on islands")


# -- real data ---------------------------------------------------------------------------------
def test_the_embedded_town_reads_the_same_both_ways(neubrandenburg):
    network = read_streets(NEUBRANDENBURG)
    assert network.crs.to_epsg() == 32633
    again = StreetNetwork.from_ways(neubrandenburg.streets, network.crs)
    assert digest(again) == digest(network)
    assert len(network.length_m) > 10_000
    planar = shapely.length(network.lines)
    scale = planar.sum() / network.length_m.sum()
    assert 0.9996 < scale < 1.0004  # UTM at 13.3° E
    assert (network.length_m >= 0).all()
    assert network.island_nodes.mean() < 0.2
