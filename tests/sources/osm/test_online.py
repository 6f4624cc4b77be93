"""Fetching from servers on this machine that answer well, late, in part or not at all."""

from __future__ import annotations

import socket
from pathlib import Path

import osmnx
import pandas as pd
import pytest
import shapely

from lifecircle.errors import InputError, SourceError
from lifecircle.sources.osm.file import read_osm_file
from lifecircle.sources.osm.online import Servers, fetch_osm, find_place
from tests.sources.map_server import Elements, map_server

TOWN = Path(__file__).parents[3] / "data" / "neubrandenburg" / "neubrandenburg.osm.pbf"
BOX = (13.255, 53.553, 13.270, 53.562)
SMALL = (13.262, 53.556, 13.264, 53.557)
PLACE = {
    "place_id": 1,
    "osm_type": "relation",
    "osm_id": 62705,
    "boundingbox": ["53.5", "53.6", "13.2", "13.3"],
    "lat": "53.55",
    "lon": "13.25",
    "display_name": "Neubrandenburg, Deutschland",
    "class": "boundary",
    "type": "administrative",
    "importance": 0.6,
    "geojson": {
        "type": "Polygon",
        "coordinates": [[[13.2, 53.5], [13.3, 53.5], [13.3, 53.6], [13.2, 53.6], [13.2, 53.5]]],
    },
}
POINT = PLACE | {"importance": 0.9, "geojson": {"type": "Point", "coordinates": [13.2, 53.5]}}


@pytest.fixture(scope="module")
def elements() -> Elements:
    west, south, east, north = BOX
    return Elements(TOWN, (west - 0.02, south - 0.01, east + 0.02, north + 0.01))


def servers(address: str, folder: Path, **changes) -> Servers:
    given = {"overpass": f"{address}/api", "nominatim": address, "timeout_s": 20.0, "pause_s": 0.0}
    return Servers(cache=folder / "cache", **(given | changes))


def same(left: pd.DataFrame, right: pd.DataFrame) -> None:
    key = left.columns[0]
    left, right = (one.sort_values(key).reset_index(drop=True) for one in (left, right))
    pd.testing.assert_frame_equal(left.drop(columns="geometry"), right.drop(columns="geometry"))
    shapes = (shapely.normalize(one.geometry.to_numpy()) for one in (left, right))
    assert shapely.equals_exact(*shapes, tolerance=0.0).all()


# -- what comes --------------------------------------------------------------------------------
@pytest.mark.filterwarnings("ignore::lifecircle.errors.LifecircleWarning")
def test_the_same_area_from_a_file_and_from_a_server_is_the_same_survey(elements, tmp_path):
    with map_server(elements) as server:
        path = fetch_osm(BOX, servers(server.address, tmp_path, contact="office@example.org"))
        asked = len(server.asked)
        assert any("office@example.org" in agent for agent in server.agents)
        assert fetch_osm(BOX, servers(server.address, tmp_path)) == path
        assert len(server.asked) == asked  # the second time nobody is asked
    assert fetch_osm(BOX, servers(server.address, tmp_path)) == path  # nor needed
    fetched, read = read_osm_file(path, bbox=BOX), read_osm_file(TOWN, bbox=BOX)
    assert len(read.streets.ways) > 300
    pd.testing.assert_frame_equal(fetched.streets.ways, read.streets.ways)
    assert (fetched.streets.lonlat == read.streets.lonlat).all()
    assert (fetched.streets.way_node == read.streets.way_node).all()
    for name in ("pois", "buildings", "ground", "barriers", "gates", "doors", "named_places"):
        same(getattr(fetched, name), getattr(read, name))
    assert fetched.extent.equals(shapely.box(*BOX))
    assert fetched.sources[0].date == "2016-02-10"


def test_a_place_is_found_by_name_once(tmp_path):
    with map_server(places=[POINT, PLACE]) as server:
        outline, source = find_place("Neubrandenburg", servers(server.address, tmp_path))
    assert outline.bounds == (13.2, 53.5, 13.3, 53.6)
    assert source.name == "Neubrandenburg, Deutschland (Nominatim)"
    assert source.licence == "ODbL"
    again, _ = find_place("Neubrandenburg", servers(server.address, tmp_path))
    assert again.equals(outline)


def test_a_relation_is_looked_up_by_its_id(tmp_path):
    with map_server(places=[PLACE]) as server:
        find_place("R62705", servers(server.address, tmp_path))
        assert "/lookup" in server.asked[0]
        assert "R62705" in server.asked[0]


def test_settings_of_osmnx_and_the_resolver_are_put_back(elements, tmp_path):
    before = {name: getattr(osmnx.settings, name) for name in dir(osmnx.settings) if "_" in name}
    resolver = socket.getaddrinfo
    with map_server(elements) as server:
        fetch_osm(SMALL, servers(server.address, tmp_path))
        server.moods = ["400"]
        with pytest.raises(SourceError):
            find_place("x", servers(server.address, tmp_path))
    after = {name: getattr(osmnx.settings, name) for name in before}
    assert {k for k in before if before[k] != after[k] and not k.startswith("__")} == set()
    assert socket.getaddrinfo is resolver


# -- what goes wrong ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("mood", "words"),
    [
        ("400", "refuses (status 400)"),
        ("500", "refuses (status 500)"),
        ("slow", "did not answer in time"),
        ("cut", "broke off in the middle"),
        ("short", "broke off in the middle"),
        ("page", "broke off in the middle of its answer, or is no Overpass"),
        ("remark", "half an answer (runtime error: Query timed out)"),
        ("empty", "knows of no street in 13.2620/53.5560"),
    ],
)
def test_a_bad_answer_is_told_and_not_kept(mood, words, elements, tmp_path):
    with map_server(elements) as server:
        asking = servers(server.address, tmp_path, timeout_s=1.0 if mood == "slow" else 20.0)
        server.moods = [mood] * (7 if mood == "empty" else 1)
        with pytest.raises(SourceError) as caught:
            fetch_osm(SMALL, asking)
        assert words in str(caught.value)
        assert "127.0.0.1" in str(caught.value)
        assert not list((tmp_path / "cache").glob("*.pbf"))
        if mood != "empty":
            server.moods = []
            assert fetch_osm(SMALL, servers(server.address, tmp_path)).is_file()


def test_a_busy_server_is_asked_again_and_not_forever(elements, tmp_path):
    with map_server(elements) as server:
        server.moods = ["429", "504"]
        assert fetch_osm(SMALL, servers(server.address, tmp_path)).is_file()
        server.moods = ["504"] * 9
        with pytest.raises(SourceError, match=r"busy \(status 504, asked 3 times\)"):
            fetch_osm((13.2, 53.5, 13.21, 53.51), servers(server.address, tmp_path, tries=3))
        assert server.moods == ["504"] * 6


def test_without_a_network_it_says_what_to_fetch_instead(tmp_path):
    nobody = servers("http://127.0.0.1:9", tmp_path)
    with pytest.raises(SourceError, match=r"cannot be reached.*Geofabrik.*cache folder"):
        fetch_osm(SMALL, nobody)
    with pytest.raises(SourceError, match=r"cannot be reached.*Geofabrik"):
        find_place("Neubrandenburg", nobody)


@pytest.mark.parametrize("places", [[], [POINT]])
def test_a_name_nobody_knows_an_outline_of_is_told(places, tmp_path):
    with (
        map_server(places=places) as server,
        pytest.raises(InputError, match="no place with an outline is called '<b>x</b>'"),
    ):
        find_place("<b>x</b>", servers(server.address, tmp_path))


def test_a_line_is_no_area(tmp_path):
    line = PLACE | {"geojson": {"type": "LineString", "coordinates": [[13, 53], [14, 53]]}}
    with (
        map_server(places=[line]) as server,
        pytest.raises(InputError, match="is a linestring, not an area"),
    ):
        find_place("W5", servers(server.address, tmp_path))


def test_a_cut_answer_about_a_place_is_told(tmp_path):
    with map_server(places=[PLACE]) as server:
        server.moods = ["cut"]
        with pytest.raises(SourceError, match="answers what nobody can read"):
            find_place("Neubrandenburg", servers(server.address, tmp_path))
