"""Networks to OSMnx graphs and back: nothing is merged, nothing is lost."""

from __future__ import annotations

import networkx as nx
import numpy as np
import osmnx as ox
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString

from lifecircle.network.streets import StreetNetwork
from lifecircle.walk import PROFILES
from tests.making import CRS, streets
from tests.network.test_router import random_town

COLUMNS = {"osmid", "highway", "name", "length", "geometry", "oneway", "reversed"}


def arcs_of(network: StreetNetwork) -> list[tuple[object, ...]]:
    """Every arc with its ends, price and geometry, whatever way its edge was drawn."""
    arcs = network.arcs(PROFILES["elder"])
    found = []
    for tail, head, edge, length, price in zip(
        arcs.tail, arcs.head, arcs.edge_id, arcs.length_m, arcs.walk_cs, strict=True
    ):
        drawn = shapely.get_coordinates(network.lines[edge]).round(6).tolist()
        shape = min(drawn, drawn[::-1])
        name = network.edges["name"][edge]
        found.append((int(tail), int(head), round(length, 6), int(price), str(shape), str(name)))
    return sorted(found)


@given(st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_a_round_trip_keeps_every_arc(seed):
    network = random_town(seed)
    # stairs are told by their class in a graph
    edges = network.edges.assign(
        highway=np.where(network.edges["steps"], "steps", "residential"), name="Ring"
    )
    named = StreetNetwork(**{**vars(network), "edges": edges})
    back = StreetNetwork.from_networkx(named.to_networkx())
    np.testing.assert_array_equal(back.node_xy, network.node_xy)
    assert back.crs == network.crs
    assert arcs_of(back) == arcs_of(named)
    assert sorted(back.edges["way_id"]) == sorted(network.edges["way_id"])


def test_the_graph_is_what_osmnx_makes():
    network = streets(
        [(0, 0), (50, 20), (100, 0)],
        [(100, 0), (100, 80)],
        foot_backward=[True, False],
        highway=["residential", "footway"],
        name=["A", None],
    )
    graph = network.to_networkx()
    assert isinstance(graph, nx.MultiDiGraph)
    assert graph.number_of_nodes() == 3
    assert graph.number_of_edges() == 3
    nodes, edges = ox.graph_to_gdfs(graph)
    assert set(edges.columns) == COLUMNS
    assert nodes.crs == edges.crs == CRS
    assert {(place["x"], place["y"]) for _, place in graph.nodes(data=True)} == {
        (0.0, 0.0), (100.0, 0.0), (100.0, 80.0),
    }  # fmt: skip
    by_class = edges.set_index("highway")
    assert by_class.loc["footway", "oneway"]
    assert not by_class.loc["residential", "oneway"].any()
    assert sorted(by_class.loc["residential", "reversed"]) == [False, True]
    for (u, v, _), row in edges.iterrows():
        ends = shapely.get_coordinates(row.geometry)[[0, -1]]
        assert ends.tolist() == [[graph.nodes[one]["x"], graph.nodes[one]["y"]] for one in (u, v)]
    # OSMnx walks on it: the one-way street is passed one way only
    bottom, top = (ox.nearest_nodes(graph, 100, y) for y in (0, 80))
    assert ox.shortest_path(graph, bottom, top) == [bottom, top]
    assert ox.shortest_path(graph, top, bottom) is None


def test_streets_a_mode_of_wheels_alone_may_use_are_left_out():
    network = streets(
        [(0, 0), (100, 0)],
        [(100, 0), (200, 0)],
        foot_forward=[True, False],
        foot_backward=[True, False],
    )
    assert network.to_networkx().number_of_edges() == 2


def test_parallel_streets_of_one_length_stay_apart():
    """A street on either side of a square, and one drawn twice."""
    upper, lower = [(0, 0), (50, 30), (100, 0)], [(0, 0), (50, -30), (100, 0)]
    network = streets(upper, lower, upper, foot_backward=[True, False, True])
    assert len(set(network.length_m.round(6))) == 1
    back = StreetNetwork.from_networkx(network.to_networkx())
    assert len(back.length_m) == 3
    assert arcs_of(back) == arcs_of(network)


def test_loops_keep_their_direction():
    ring = [(100, 0), (150, 0), (150, 50), (100, 0)]
    for way in (ring, ring[::-1]):
        for backward in (True, False):
            network = streets([(0, 0), (100, 0)], way, foot_backward=[True, backward])
            back = StreetNetwork.from_networkx(network.to_networkx())
            assert len(back.length_m) == 2
            assert arcs_of(back) == arcs_of(network)
            loop = int(np.flatnonzero(back.edge_node[:, 0] == back.edge_node[:, 1])[0])
            open_ways = back.edges.loc[loop, ["foot_forward", "foot_backward"]].tolist()
            assert sorted(open_ways) == [backward, True]
            if not backward:
                # along the drawn ring, whichever way the edge now runs
                along = back.lines[loop] if open_ways[0] else shapely.reverse(back.lines[loop])
                assert shapely.is_ccw(along) == shapely.is_ccw(LineString(way))
