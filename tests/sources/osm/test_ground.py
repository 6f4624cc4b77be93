import math

import numpy as np
import pytest

from lifecircle.sources.osm import ground as osm_ground
from lifecircle.sources.osm.areas import assemble_areas
from lifecircle.sources.osm.ground import ground_kind, mean_count
from lifecircle.sources.osm.raw import read_raw
from lifecircle.tables import BARRIERS, BUILDINGS, GROUND
from tests.sources.osm_xml import osm_text, ring, square, write_osm


def load(tmp_path, tag_sets, *, closed=True):
    nodes, ways = [], []
    for at, tags in enumerate(tag_sets):
        first = 10 * at + 1
        nodes += square(first, 13.0 + at / 100, 53.0)
        refs = ring(first) if closed else ring(first)[:-1]
        ways.append((at + 1, refs, tags))
    raw = read_raw(write_osm(tmp_path, osm_text(nodes, ways)))
    return raw, assemble_areas(raw, osm_ground.may_have_outline(raw))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("3", 3.0), ("3.5", 3.5), ("3,5", 3.5), ("3;4", 3.5), ("2-6", 4.0), ("0", 0.0)],
)
def test_counts_are_read(text, expected):
    assert mean_count(text) == expected


@pytest.mark.parametrize("text", [None, "", "EG", "3;x", "-2", "1e3", "1000"])
def test_counts_that_are_none_are_missing(text):
    assert math.isnan(mean_count(text))


@pytest.mark.parametrize(
    ("tags", "kind", "tag"),
    [
        ({"landuse": "residential"}, "residential", "landuse=residential"),
        ({"landuse": "grass", "leisure": "pitch"}, "pitch", "leisure=pitch"),
        ({"landuse": "forest", "leisure": "nature_reserve"}, "protected", "leisure=nature_reserve"),
        ({"landuse": "village_green"}, "grass", "landuse=village_green"),
        ({"landuse": "brownfield"}, "brownfield", "landuse=brownfield"),
        ({"landuse": "greenfield"}, "greenfield", "landuse=greenfield"),
        ({"landuse": "vacant"}, "vacant", "landuse=vacant"),
        ({"disused:landuse": "industrial"}, "vacant", "disused:landuse=industrial"),
        ({"landuse": "industrial", "disused": "yes"}, "vacant", "disused=yes"),
        ({"landuse": "orchard"}, "farmland", "landuse=orchard"),
        ({"landuse": "reservoir"}, "water", "landuse=reservoir"),
        ({"waterway": "riverbank"}, "water", "waterway=riverbank"),
        ({"natural": "water", "landuse": "grass"}, "water", "natural=water"),
        ({"natural": "wood"}, "forest", "natural=wood"),
        ({"natural": "scrub"}, "other", "natural=scrub"),
        ({"amenity": "parking"}, "parking", "amenity=parking"),
        ({"amenity": "kindergarten"}, "school", "amenity=kindergarten"),
        ({"amenity": "hospital"}, "hospital", "amenity=hospital"),
        ({"amenity": "grave_yard"}, "cemetery", "amenity=grave_yard"),
        ({"boundary": "protected_area"}, "protected", "boundary=protected_area"),
        ({"landuse": "military"}, "military", "landuse=military"),
        ({"place": "square"}, "square", "place=square"),
        ({"highway": "pedestrian", "area": "yes"}, "square", "highway=pedestrian"),
    ],
)
def test_kinds_of_ground(tags, kind, tag):
    assert ground_kind(tags) == (kind, tag)


@pytest.mark.parametrize(
    "tags",
    [{}, {"building": "yes"}, {"building": "school", "amenity": "school"}, {"shop": "mall"}],
)
def test_what_says_nothing_about_the_ground(tags):
    assert ground_kind(tags) is None


def test_tables_of_areas(tmp_path):
    tags = [
        {"building": "apartments", "building:levels": "6", "building:flats": "24", "name": "1"},
        {"building": "no"},
        {"building": "yes", "building:levels": "?"},
        {"landuse": "grass", "name": "草地"},
        {"amenity": "school", "barrier": "fence"},
        {"highway": "service"},
    ]
    raw, areas = load(tmp_path, tags)
    buildings = osm_ground.buildings(areas)
    assert list(buildings.columns) == [*BUILDINGS.columns, "geometry"]
    assert buildings["building_id"].tolist() == ["w1", "w3"]
    assert buildings["use"].tolist() == ["apartments", "yes"]
    assert buildings["levels"].iloc[0] == 6.0
    assert buildings["flats"].iloc[0] == 24.0
    assert np.isnan(buildings["levels"].iloc[1])
    assert buildings["people"].isna().all()
    ground = osm_ground.ground(areas)
    assert list(ground.columns) == [*GROUND.columns, "geometry"]
    assert ground["ground_id"].tolist() == ["w4", "w5"]
    assert ground["kind"].tolist() == ["grass", "school"]
    assert ground["name"].tolist() == ["草地", None]
    barriers = osm_ground.barriers(raw)
    assert barriers["barrier_id"].tolist() == ["w5"]


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"barrier": "wall"}, "wall"),
        ({"barrier": "city_wall"}, "wall"),
        ({"barrier": "fence"}, "fence"),
        ({"barrier": "hedge"}, "hedge"),
        ({"railway": "rail"}, "rail"),
        ({"railway": "rail", "bridge": "yes"}, "rail"),
        ({"railway": "light_rail"}, "rail"),
        ({"waterway": "river"}, "water"),
        ({"waterway": "canal"}, "water"),
        ({"highway": "motorway"}, "motorway"),
        ({"highway": "motorway_link", "bridge": "yes"}, "motorway"),
        ({"highway": "trunk", "motorroad": "yes"}, "motorway"),
    ],
)
def test_lines_nobody_crosses(tmp_path, tags, kind):
    raw, _ = load(tmp_path, [tags], closed=False)
    table = osm_ground.barriers(raw)
    assert list(table.columns) == [*BARRIERS.columns, "geometry"]
    assert table["kind"].tolist() == [kind]


@pytest.mark.parametrize(
    "tags",
    [
        {"barrier": "kerb"},
        {"railway": "rail", "tunnel": "yes"},
        {"railway": "tram"},
        {"railway": "abandoned"},
        {"waterway": "river", "tunnel": "culvert"},
        {"waterway": "stream"},
        {"highway": "trunk"},
    ],
)
def test_lines_that_stop_nobody(tmp_path, tags):
    raw, _ = load(tmp_path, [tags], closed=False)
    assert len(osm_ground.barriers(raw)) == 0
