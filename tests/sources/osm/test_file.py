import gzip
import warnings
from pathlib import Path

import numpy as np
import pytest
import shapely

from lifecircle.errors import (
    BoundaryWarning,
    DoubtfulRowsWarning,
    ExtentError,
    InputError,
    MissingDataWarning,
    SourceError,
)
from lifecircle.sources.osm.facilities import facilities_from_pois
from lifecircle.sources.osm.file import read_osm_file
from tests.sources.osm_xml import osm_text, ring, square, write_osm

ROOT = Path(__file__).resolve().parents[3]
EMBEDDED = ROOT / "data/neubrandenburg/neubrandenburg.osm.pbf"
SHARED = ROOT / "../shared/data"
TABLES = (
    "pois",
    "buildings",
    "ground",
    "barriers",
    "gates",
    "doors",
    "named_places",
    "admin_areas",
)


def shared(name):
    path = SHARED / name
    if not path.exists():
        pytest.skip("the shared data are not here")
    return path


def read_quietly(path, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return read_osm_file(path, **options)


def town(**options):
    nodes = [
        *square(1, 13.0, 53.0),
        *square(11, 13.01, 53.0),
        (21, 13.0, 53.002, {"barrier": "gate"}),
        (22, 13.012, 53.002, {"place": "suburb", "name": "S"}),
        (23, 13.011, 53.002, {"amenity": "clinic"}),
    ]
    ways = [
        (1, ring(1), {"building": "house"}),
        (2, ring(11), {"landuse": "grass"}),
        (3, [1, 21], {"highway": "path"}),
        (4, [11, 12], {"barrier": "wall"}),
    ]
    return osm_text(nodes, ways, **options)


BOX = (12.99, 52.99, 13.02, 53.01)


@pytest.mark.parametrize("bbox", [(13, 53, 13, 54), (14, 53, 13, 54), (13, 54, 14, 53)])
def test_a_box_that_is_none_is_refused(tmp_path, bbox):
    with pytest.raises(InputError, match="is no box"):
        read_osm_file(write_osm(tmp_path, town()), bbox=bbox)


def test_a_box_elsewhere_is_refused(tmp_path):
    with pytest.raises(ExtentError, match="outside the data") as caught:
        read_osm_file(write_osm(tmp_path, town(bounds=BOX)), bbox=(14, 53, 15, 54))
    assert "12.9900, 52.9900, 13.0200, 53.0100" in str(caught.value)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(SourceError, match="no such file"):
        read_osm_file(tmp_path / "none.osm")


def test_a_small_town(tmp_path):
    survey = read_osm_file(write_osm(tmp_path, town(bounds=BOX)))
    assert survey.buildings["building_id"].tolist() == ["w1"]
    assert survey.ground["ground_id"].tolist() == ["w2"]
    assert survey.streets.ways["way_id"].tolist() == ["w3"]
    assert survey.barriers["barrier_id"].tolist() == ["w4"]
    assert survey.gates["gate_id"].tolist() == ["n21"]
    assert survey.named_places["place_id"].tolist() == ["n22"]
    assert survey.pois["poi_id"].tolist() == ["n23"]
    assert len(survey.doors) == len(survey.admin_areas) == 0
    assert survey.extent.bounds == BOX
    for name in TABLES:
        assert getattr(survey, name).crs.to_epsg() == 4326
    (source,) = survey.sources
    assert (source.name, source.licence, source.date) == ("town.osm", "ODbL", "")
    assert (source.rows_in, source.rows_used) == (7, 7)


def test_only_streets_or_only_places_will_do(tmp_path):
    streets = osm_text([(1, 13, 53, {}), (2, 13.001, 53, {})], [(1, [1, 2], {"highway": "path"})])
    survey = read_osm_file(write_osm(tmp_path, streets))
    assert len(survey.streets) == 1
    assert len(survey.pois) == 0
    places = osm_text([(1, 13, 53, {"amenity": "clinic"})])
    survey = read_osm_file(write_osm(tmp_path, places))
    assert len(survey.streets) == 0
    assert survey.streets.lonlat.shape == (0, 2)
    assert len(survey.pois) == 1


def test_a_box_keeps_what_touches_it_whole(tmp_path):
    path = write_osm(tmp_path, town(bounds=BOX))
    survey = read_osm_file(path, bbox=(12.995, 52.995, 13.0005, 53.0015))
    assert survey.buildings["building_id"].tolist() == ["w1"]
    assert survey.buildings.geometry.iloc[0].bounds == pytest.approx((13, 53, 13.001, 53.001))
    assert survey.streets.ways["way_id"].tolist() == ["w3"]
    assert survey.streets.node_id.tolist() == [1, 21]
    assert len(survey.ground) == len(survey.gates) == len(survey.pois) == 0
    assert survey.extent.bounds == (12.995, 52.995, 13.0005, 53.0015)


def test_extent_without_a_header_leaves_out_what_sticks_out(tmp_path):
    nodes, ways = [], []
    for at in range(100):
        first = 10 * at + 1
        nodes += square(first, 13.0 + (at % 10) / 1000, 53.0 + (at // 10) / 1000, 0.0005)
        ways.append((at + 1, ring(first), {"building": "yes"}))
    nodes += [(9001, 13.005, 53.0, {}), (9002, 14.0, 54.0, {})]
    nodes += square(9011, 15.0, 55.0)
    ways += [(900, [9001, 9002], {"highway": "primary"}), (901, ring(9011), {"building": "yes"})]
    relation = (1, [(901, "platform")], {"type": "multipolygon", "name": "far"})
    survey = read_osm_file(write_osm(tmp_path, osm_text(nodes, ways, [relation])))
    assert survey.extent.bounds == pytest.approx((13.00025, 53.00025, 13.00925, 53.00925), abs=1e-4)


def test_missing_nodes_are_counted_and_streets_keep_their_pieces(tmp_path):
    nodes = [(at, 13.0 + at / 1000, 53.0 + at**2 / 10000, {}) for at in (1, 2, 4, 5, 6)]
    ways = [
        (1, [1, 2, 3, 4, 5], {"highway": "path"}),
        (2, [4, 5, 9, 4], {"building": "yes"}),
        (3, [1, 2], {"highway": "path"}),
    ]
    with pytest.warns(MissingDataWarning, match="2 ways lack nodes"):
        survey = read_osm_file(write_osm(tmp_path, osm_text(nodes, ways)))
    assert survey.streets.ways["way_id"].tolist() == ["w1/1", "w1/2", "w3"]
    assert len(survey.buildings) == 0
    (source,) = survey.sources
    # One street is whole, one in two pieces, the house is gone.
    assert (source.rows_used, source.rows_doubtful, source.rows_refused) == (1, 2, 1)
    total = source.rows_used + source.rows_doubtful + source.rows_refused
    assert source.rows_in == total


def test_open_buildings_and_open_multipolygons_are_counted(tmp_path):
    nodes = square(1, 13.0, 53.0)
    ways = [(1, [1, 2, 3], {"building": "yes"}), (2, [1, 4], {})]
    relation = (5, [(2, "outer")], {"type": "multipolygon", "landuse": "forest"})
    path = write_osm(tmp_path, osm_text(nodes, ways, [relation]))
    with (
        pytest.warns(DoubtfulRowsWarning, match="1 buildings"),
        pytest.warns(MissingDataWarning, match="1 multipolygons"),
    ):
        survey = read_osm_file(path)
    assert survey.sources[0].rows_refused == 2


def test_a_closed_boundary_is_named_with_its_metres(tmp_path):
    nodes = [*square(1, 13.0, 53.0, 0.1), (5, 13.0, 53.097, {})]
    ways = [(1, [1, 2, 3, 4], {}), (2, [1, 5], {})]
    tags = {"type": "boundary", "boundary": "administrative", "admin_level": "8", "name": "T"}
    relations = [
        (6, [(1, "outer"), (2, "outer")], tags),
        (7, [(2, "outer"), (9, "outer")], {**tags, "name": "U"}),
    ]
    path = write_osm(tmp_path, osm_text(nodes, ways, relations))
    with pytest.warns(BoundaryWarning, match=r"closed by straight lines: T \(334 m\); 1 areas"):
        survey = read_osm_file(path)
    assert survey.admin_areas["admin_id"].tolist() == ["r6"]


def test_gz_and_xml_give_the_same_survey(tmp_path):
    plain = write_osm(tmp_path, town(bounds=BOX))
    packed = tmp_path / "town.osm.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    first, second = read_osm_file(plain), read_osm_file(packed)
    assert first.sources[0].sha256 != second.sources[0].sha256
    assert_same(first, second)


def assert_same(first, second):
    for name in TABLES:
        one, other = getattr(first, name), getattr(second, name)
        assert one.drop(columns="geometry").equals(other.drop(columns="geometry")), name
        assert shapely.equals_exact(one.geometry.array, other.geometry.array).all()
    for name in ("lonlat", "node_id", "node_kind", "way_ptr", "way_node"):
        assert np.array_equal(getattr(first.streets, name), getattr(second.streets, name))
    assert first.streets.ways.equals(second.streets.ways)
    assert first.extent.equals(second.extent)


# -- the embedded town -------------------------------------------------------------------------
@pytest.fixture(scope="module")
def embedded():
    return read_quietly(EMBEDDED)


def test_counts_of_the_embedded_town(embedded):
    ways = embedded.streets.ways
    assert int(ways["steps"].sum()) == 114
    assert int((embedded.gates["kind"] == "gate").sum()) == 142
    # 25 suburb nodes and one area.
    assert int((embedded.named_places["kind"] == "suburb").sum()) == 26
    assert int((embedded.named_places["kind"] == "village").sum()) == 40
    assert int((embedded.buildings["use"] == "apartments").sum()) == 144
    assert int((embedded.buildings["use"] == "house").sum()) == 686
    assert len(embedded.doors) > 1500
    assert embedded.extent.bounds == (13.1094, 53.4382, 13.4074, 53.6153)
    people = embedded.named_places.set_index("place_id")["people"]
    assert people["n29680830"] == 63437.0
    assert embedded.sources[0].date == "2016-02-10"


def test_the_embedded_town_boundary_is_closed(embedded):
    town = embedded.admin_areas.set_index("admin_id").loc["r62705"]
    assert town["name"] == "Neubrandenburg"
    assert town["closed_gap_m"] == pytest.approx(345, abs=1)
    square_km = town.geometry.area * 111.32**2 * np.cos(np.radians(53.55))
    assert square_km == pytest.approx(85.7, abs=0.5)


def test_the_embedded_town_warns_of_its_boundary():
    with (
        pytest.warns(BoundaryWarning, match=r"Neubrandenburg \(345 m\); 29 areas"),
        pytest.warns(MissingDataWarning, match="0 ways lack nodes .* 13 multipolygons"),
    ):
        read_osm_file(EMBEDDED)


def test_services_of_the_embedded_town(embedded):
    facilities, duplicates = facilities_from_pois(embedded.pois)
    counts = facilities["type"].value_counts()
    assert counts["culture.library"] == 3
    assert counts["daily.pharmacy"] == 23
    assert counts["elder_care.institution"] == 8
    # Three hospitals are mapped; one of them is a house of doctors by name.
    assert counts["medical.hospital"] == 2
    clinic = facilities.set_index("facility_id").loc["w210572994:medical"]
    assert clinic["merged"].startswith("w210572994;")
    assert duplicates == 28


def test_the_embedded_file_says_what_its_origin_says(embedded):
    origin = shared("de_neubrandenburg/neubrandenburg.osm.bz2")
    assert_same(embedded, read_quietly(origin))


def test_overpass_xml_without_versions():
    survey = read_quietly(shared("cn_nanjing_gulou/nanjing_gulou_2021.osm"))
    assert len(survey.streets) == 384
    assert len(survey.buildings) > 1270
    assert survey.sources[0].date == "2021-06-12"
    west, south, east, north = survey.extent.bounds
    assert 118.75 < west < 118.77 < 118.79 < east < 118.81
    assert 32.03 < south < north < 32.06
