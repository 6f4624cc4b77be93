import math

import pytest

from lifecircle.sources.osm import ground as osm_ground
from lifecircle.sources.osm import places as osm_places
from lifecircle.sources.osm.areas import assemble_areas
from lifecircle.sources.osm.raw import read_raw
from lifecircle.tables import DOORS, GATES, NAMED_PLACES, PLACES_OF_INTEREST
from tests.sources.osm_xml import osm_text, ring, square, write_osm


def load(tmp_path, node_tags=(), area_tags=()):
    nodes = [(at, 12.9, 53.0, tags) for at, tags in enumerate(node_tags, start=1)]
    ways = []
    for at, tags in enumerate(area_tags):
        first = 1000 + 10 * at
        nodes += square(first, 13.0 + at / 100, 53.0)
        ways.append((at + 1, ring(first), tags))
    raw = read_raw(write_osm(tmp_path, osm_text(nodes, ways)))
    return raw, assemble_areas(raw, osm_ground.may_have_outline(raw))


def test_places_that_may_serve(tmp_path):
    raw, areas = load(
        tmp_path,
        [
            {"amenity": "clinic", "name": "x"},
            {"amenity": "bench"},
            {"shop": "convenience"},
            {"healthcare": "dentist"},
            {"tourism": "hotel", "name": "y"},
            {"name": "临江社区卫生服务站"},
            {"name": "临江花园"},
            {"barrier": "gate"},
        ],
        [
            {"amenity": "hospital", "name": "H"},
            {"building": "hospital"},
            {"building": "house", "name": "Haus"},
            {"leisure": "pitch"},
            {"leisure": "park"},
        ],
    )
    pois = osm_places.places_of_interest(raw, areas)
    assert list(pois.columns) == [*PLACES_OF_INTEREST.columns, "geometry"]
    assert pois["poi_id"].tolist() == ["n1", "n3", "n4", "n6", "w1", "w2", "w4"]
    assert pois["tags"].iloc[0] == {"amenity": "clinic", "name": "x"}
    assert type(pois["tags"].iloc[4]) is dict
    assert pois.geom_type.tolist() == ["Point"] * 4 + ["Polygon"] * 3
    assert set(pois["source"]) == {"OSM"}


def test_gates_tell_what_holds_for_walkers(tmp_path):
    raw, _ = load(
        tmp_path,
        [
            {"barrier": "gate", "access": "private", "foot": "yes"},
            {"barrier": "lift_gate", "access": "private"},
            {"barrier": "kissing_gate"},
            {"barrier": "bollard"},
            {"barrier": "entrance"},
        ],
    )
    gates = osm_places.gates(raw)
    assert list(gates.columns) == [*GATES.columns, "geometry"]
    assert gates["gate_id"].tolist() == ["n1", "n2", "n3", "n5"]
    assert gates["kind"].tolist() == ["gate", "lift_gate", "kissing_gate", "entrance"]
    assert gates["access"].tolist() == ["yes", "private", None, None]


def test_doors(tmp_path):
    raw, _ = load(
        tmp_path,
        [{"entrance": "main"}, {"entrance": "no"}, {"building": "entrance"}, {"building": "yes"}],
    )
    doors = osm_places.doors(raw)
    assert list(doors.columns) == [*DOORS.columns, "geometry"]
    assert doors["entrance_id"].tolist() == ["n1", "n3"]
    assert doors["kind"].tolist() == ["main", "yes"]


def test_named_places_from_nodes_and_areas(tmp_path):
    raw, areas = load(
        tmp_path,
        [{"place": "town", "name": "T", "population": "63,437"}, {"place": "suburb"}],
        [{"place": "suburb", "name": "S"}],
    )
    places = osm_places.named_places(raw, areas)
    assert list(places.columns) == [*NAMED_PLACES.columns, "geometry"]
    assert places["place_id"].tolist() == ["n1", "n2", "w1"]
    assert places["people"].iloc[0] == 63437.0
    assert math.isnan(places["people"].iloc[1])
    assert areas.shape[0].contains(places.geometry.iloc[2])


@pytest.mark.parametrize(
    ("table", "schema"),
    [("gates", GATES), ("doors", DOORS)],
)
def test_tables_without_rows_have_their_columns(tmp_path, table, schema):
    raw, _ = load(tmp_path, [{"amenity": "cafe"}])
    found = getattr(osm_places, table)(raw)
    assert len(found) == 0
    assert list(found.columns) == [*schema.columns, "geometry"]
