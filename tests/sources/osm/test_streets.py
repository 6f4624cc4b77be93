import math

import numpy as np
import pytest

from lifecircle.sources.osm.raw import read_raw
from lifecircle.sources.osm.streets import (
    clipped,
    node_kind,
    passage,
    speed_kmh,
    street_ways,
)
from lifecircle.tables import NODE_KINDS, STREET_FLAGS, STREET_TEXTS
from tests.sources.osm_xml import osm_text, write_osm


def modes(tags):
    """Foot, bike and car as two letters each: f forward, b backward, - not."""
    who = passage(tags)
    return " ".join(
        ("f" if getattr(who, f"{mode}_forward") else "-")
        + ("b" if getattr(who, f"{mode}_backward") else "-")
        for mode in ("foot", "bike", "car")
    )


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"highway": "residential"}, "fb fb fb"),
        ({"highway": "residential", "oneway": "yes"}, "fb f- f-"),
        ({"highway": "residential", "oneway": "-1"}, "fb -b -b"),
        ({"highway": "residential", "oneway": "yes", "oneway:bicycle": "no"}, "fb fb f-"),
        ({"highway": "residential", "oneway": "yes", "cycleway:left": "opposite_lane"}, "fb fb f-"),
        ({"highway": "residential", "junction": "roundabout"}, "fb f- f-"),
        ({"highway": "residential", "oneway:foot": "yes"}, "f- fb fb"),
        ({"highway": "residential", "foot:backward": "no"}, "f- fb fb"),
        ({"highway": "residential", "access": "private"}, "fb fb fb"),
        ({"highway": "residential", "access": "no"}, "-- -- --"),
        ({"highway": "residential", "access": "no", "foot": "yes"}, "fb -- --"),
        ({"highway": "service", "motor_vehicle": "no"}, "fb fb --"),
        ({"highway": "service", "vehicle": "no", "bicycle": "yes"}, "fb fb --"),
        ({"highway": "motorway"}, "-- -- f-"),
        ({"highway": "motorway_link", "oneway": "no"}, "-- -- fb"),
        ({"highway": "trunk"}, "fb fb fb"),
        ({"highway": "trunk", "motorroad": "yes"}, "-- -- fb"),
        ({"highway": "trunk", "sidewalk": "no"}, "-- fb fb"),
        ({"highway": "trunk", "sidewalk": "no", "foot": "yes"}, "fb fb fb"),
        ({"highway": "primary", "foot": "use_sidepath"}, "-- fb fb"),
        ({"highway": "footway"}, "fb -- --"),
        ({"highway": "footway", "bicycle": "yes"}, "fb fb --"),
        ({"highway": "path", "foot": "designated", "bicycle": "dismount"}, "fb -- --"),
        ({"highway": "cycleway"}, "fb fb --"),
        ({"highway": "cycleway", "foot": "no"}, "-- fb --"),
        ({"highway": "track"}, "fb fb --"),
        ({"highway": "track", "motor_vehicle": "yes"}, "fb fb fb"),
        ({"highway": "track", "motor_vehicle": "forestry"}, "fb fb --"),
        ({"highway": "pedestrian", "area": "yes"}, "fb -- --"),
        ({"highway": "pedestrian", "motor_vehicle": "destination"}, "fb -- fb"),
        ({"highway": "steps"}, "fb -- --"),
        ({"highway": "steps", "conveying": "forward"}, "f- -- --"),
        ({"highway": "steps", "conveying": "backward"}, "-b -- --"),
        ({"highway": "footway", "oneway": "yes"}, "fb -- --"),
        ({"highway": "corridor"}, "fb -- --"),
        ({"highway": "busway"}, "-- -- --"),
        ({"railway": "platform"}, "fb -- --"),
        ({"route": "ferry"}, "fb -- --"),
        ({"route": "ferry", "motor_vehicle": "yes", "bicycle": "yes"}, "fb fb fb"),
    ],
)
def test_who_may_pass(tags, expected):
    assert modes(tags) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("50", 50.0), ("30 mph", 48.28032), ("20 km/h", 20.0), ("7.5", 7.5)],
)
def test_speeds_are_read(text, expected):
    assert speed_kmh(text) == pytest.approx(expected)


@pytest.mark.parametrize("text", [None, "", "DE:urban", "walk", "none", "50;30", "signals", "-5"])
def test_speeds_without_one_number_are_missing(text):
    assert math.isnan(speed_kmh(text))


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"highway": "crossing"}, "crossing"),
        ({"highway": "crossing", "crossing": "traffic_signals"}, "signals"),
        ({"highway": "crossing", "crossing": "no"}, "plain"),
        ({"highway": "traffic_signals"}, "signals"),
        ({"barrier": "gate"}, "gate"),
        ({"barrier": "gate", "access": "private"}, "gate"),
        ({"barrier": "gate", "access": "no"}, "blocked"),
        ({"barrier": "gate", "access": "no", "foot": "yes"}, "gate"),
        ({"barrier": "swing_gate"}, "gate"),
        ({"barrier": "entrance"}, "gate"),
        ({"barrier": "bollard", "highway": "crossing"}, "bollard"),
        ({"barrier": "bollard", "motor_vehicle": "no"}, "bollard"),
        ({"barrier": "cycle_barrier"}, "bollard"),
        ({"barrier": "kissing_gate"}, "stile"),
        ({"barrier": "turnstile"}, "stile"),
        ({"barrier": "wall"}, "blocked"),
        ({"barrier": "debris"}, "blocked"),
        ({"barrier": "fence", "foot": "yes"}, "plain"),
        ({"barrier": "kerb"}, "plain"),
        ({"entrance": "main"}, "entrance"),
        ({"entrance": "no"}, "plain"),
        ({}, "plain"),
    ],
)
def test_what_stands_on_a_node(tags, expected):
    assert node_kind(tags) == expected


def street_file(tmp_path, ways, node_tags=None):
    kinds = node_tags or {}
    nodes = [(at, 13.0 + at / 1000, 53.0, kinds.get(at, {})) for at in range(1, 9)]
    return read_raw(write_osm(tmp_path, osm_text(nodes, ways)))


def test_a_file_without_streets_gives_empty_columns(tmp_path):
    streets = street_ways(street_file(tmp_path, [(1, [1, 2, 3, 1], {"building": "yes"})]))
    assert len(streets) == 0
    assert streets.lonlat.shape == (0, 2)
    assert streets.way_ptr.tolist() == [0]
    names = ["way_id", "highway", *STREET_FLAGS, "layer", *STREET_TEXTS, "maxspeed_kmh"]
    assert list(streets.ways.columns) == names
    assert all(streets.ways[flag].dtype == bool for flag in STREET_FLAGS)


def test_attributes_are_kept(tmp_path):
    tags = {
        "highway": "steps",
        "ramp": "yes",
        "bridge": "viaduct",
        "covered": "yes",
        "layer": "-1",
        "name": "石阶",
        "name:en": "Stairs",
        "surface": "stone",
        "incline": "up",
        "foot": "private",
        "wheelchair": "no",
        "maxspeed": "30 mph",
    }
    row = street_ways(street_file(tmp_path, [(7, [1, 2], tags)])).ways.iloc[0]
    assert row["way_id"] == "w7"
    assert row["name"] == "石阶"
    assert (row["steps"], row["ramp"], row["bridge"], row["tunnel"], row["covered"]) == (
        True,
        True,
        True,
        False,
        True,
    )
    assert (row["layer"], row["surface"], row["incline"]) == (-1, "stone", "up")
    assert (row["access"], row["wheelchair"], row["crossing"]) == ("private", "no", None)
    assert row["maxspeed_kmh"] == pytest.approx(48.28032)


def test_crossings_passages_and_odd_layers(tmp_path):
    ways = [
        (1, [1, 2], {"highway": "footway", "footway": "crossing"}),
        (2, [2, 3], {"highway": "footway", "footway": "crossing", "crossing": "marked"}),
        (3, [3, 4], {"highway": "service", "tunnel": "building_passage", "layer": "ground"}),
        (4, [4, 5], {"highway": "service", "tunnel": "yes", "bridge": "no"}),
    ]
    frame = street_ways(street_file(tmp_path, ways)).ways
    assert frame["crossing"].tolist() == ["yes", "marked", None, None]
    assert frame["tunnel"].tolist() == [False, False, False, True]
    assert frame["covered"].tolist() == [False, False, True, False]
    assert frame["bridge"].tolist() == [False] * 4
    assert frame["layer"].tolist() == [0] * 4


@pytest.mark.parametrize("highway", ["proposed", "construction", "abandoned", "razed"])
def test_what_is_not_built_is_no_street(tmp_path, highway):
    raw = street_file(tmp_path, [(1, [1, 2], {"highway": highway}), (2, [2, 3], {"highway": "x"})])
    assert street_ways(raw).ways["way_id"].tolist() == ["w2"]


def test_nodes_are_those_of_streets_only_with_their_kinds(tmp_path):
    ways = [
        (2, [5, 3, 1], {"highway": "path"}),
        (1, [3, 4], {"highway": "path"}),
        (3, [6, 7, 8, 6], {"building": "yes"}),
    ]
    kinds = {3: {"barrier": "gate"}, 5: {"highway": "crossing"}, 6: {"entrance": "yes"}}
    streets = street_ways(street_file(tmp_path, ways, kinds))
    assert streets.node_id.tolist() == [1, 3, 4, 5]
    assert [NODE_KINDS[kind] for kind in streets.node_kind] == [
        "plain",
        "gate",
        "plain",
        "crossing",
    ]
    assert streets.ways["way_id"].tolist() == ["w1", "w2"]
    assert streets.way_ptr.tolist() == [0, 2, 5]
    assert streets.node_id[streets.way_node].tolist() == [3, 4, 5, 3, 1]
    assert streets.lonlat[0].tolist() == [13.001, 53.0]


def test_pieces_of_a_cut_way_are_rows_of_their_own(tmp_path):
    raw = street_file(tmp_path, [(1, [1, 2, 99, 4, 5, 6], {"highway": "path"})])
    streets = street_ways(raw)
    assert streets.ways["way_id"].tolist() == ["w1/1", "w1/2"]
    assert streets.way_ptr.tolist() == [0, 2, 5]
    assert streets.node_id.tolist() == [1, 2, 4, 5, 6]
    assert np.allclose(streets.lonlat[:, 0], 13.0 + streets.node_id / 1000)


def test_clipping_keeps_whole_ways_and_their_nodes(tmp_path):
    ways = [(1, [1, 2, 3], {"highway": "path"}), (2, [3, 4, 5], {"highway": "path"})]
    streets = street_ways(street_file(tmp_path, ways))
    kept = clipped(streets, np.array([False, True]))
    assert kept.ways["way_id"].tolist() == ["w2"]
    assert kept.node_id.tolist() == [3, 4, 5]
    assert kept.way_node.tolist() == [0, 1, 2]
    assert len(streets) == 2
    assert len(clipped(streets, np.array([False, False])).lonlat) == 0
