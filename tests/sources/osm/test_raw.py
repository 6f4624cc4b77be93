import bz2
import gzip
from pathlib import Path

import numpy as np
import pytest
import shapely

from lifecircle.errors import SourceError
from lifecircle.sources.osm.raw import read_raw
from tests.sources.osm_xml import osm_text, ring, square, write_osm

PBF = Path(__file__).resolve().parents[3] / "data/neubrandenburg/neubrandenburg.osm.pbf"
TOWN = osm_text(
    [(1, 13.0, 53.0, {}), (2, 13.001, 53.0, {"barrier": "gate"}), (3, 13.002, 53.0, {})],
    [(7, [1, 2, 3], {"highway": "residential"})],
    bounds=(12.9, 52.9, 13.1, 53.1),
)


def test_missing_file_and_folder_are_refused(tmp_path):
    for path in (tmp_path / "none.osm", tmp_path):
        with pytest.raises(SourceError, match="no such file"):
            read_raw(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"id,name\n1,a\n", "no OpenStreetMap file"),
        (b"<html><body/></html>", "cannot be read"),
        (b"<osm><node id='1' lat='1' lon='1'/></osm>", "cannot be read"),
        (b"<osm version='0.6'><node id='x' lat='1' lon='1'/></osm>", "cannot be read"),
        (b"<osm version='0.6'></osm>", "holds no OpenStreetMap objects"),
        (b"<osm version='0.6'><way id='1'><nd ref='1'/></way></osm>", "holds no"),
    ],
)
def test_other_files_are_refused(tmp_path, content, message):
    path = tmp_path / "town.osm"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=message) as caught:
        read_raw(path)
    assert caught.value.problems[0].where == "town.osm"
    assert str(tmp_path) not in str(caught.value)
    assert caught.value.problems[0].remedy


@pytest.mark.parametrize("share", [0.3, 0.9])
@pytest.mark.parametrize("kind", ["osm", "gz", "bz2", "pbf"])
def test_truncated_files_are_refused(tmp_path, kind, share):
    plain = TOWN.encode()
    whole = {
        "osm": plain,
        "gz": gzip.compress(plain),
        "bz2": bz2.compress(plain),
        "pbf": PBF.read_bytes(),
    }[kind]
    path = tmp_path / f"town.{kind}"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(SourceError, match="cannot be read as OpenStreetMap data") as caught:
        read_raw(path)
    assert "fetch the file again" in str(caught.value)
    assert caught.value.__cause__ is None


def test_bytes_decide_on_the_format(tmp_path):
    plain = TOWN.encode()
    for name, content in (
        ("a.xml", plain),
        ("b.data", gzip.compress(plain)),
        ("c", bz2.compress(plain)),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        assert read_raw(path).way_id.tolist() == [7]


def test_columns_of_a_small_file(tmp_path):
    raw = read_raw(write_osm(tmp_path, TOWN))
    assert raw.node_id.tolist() == [2]
    assert raw.node_lonlat.tolist() == [[13.001, 53.0]]
    assert raw.node_tags == ({"barrier": "gate"},)
    assert raw.way_refs == {0: [[1, 2, 3]]}
    assert shapely.get_coordinates(raw.way_line[0]).tolist() == [
        [13.0, 53.0],
        [13.001, 53.0],
        [13.002, 53.0],
    ]
    assert raw.box == (12.9, 52.9, 13.1, 53.1)
    assert (raw.date, raw.lost_ways, raw.lost_nodes) == ("", 0, 0)
    assert len(raw.sha256) == 64
    with pytest.raises(ValueError, match="read-only"):
        raw.node_lonlat[0, 0] = 0.0


def test_order_of_the_file_does_not_matter(tmp_path):
    nodes = [*square(1, 13.0, 53.0), (9, 13.1, 53.1, {"name": "x"})]
    ways = [(4, ring(1), {}), (3, [1, 3], {"highway": "path"})]
    relations = [(5, [(4, "outer")], {"type": "multipolygon", "landuse": "grass"})]
    first = read_raw(write_osm(tmp_path, osm_text(nodes, ways, relations), "a.osm"))
    other = osm_text(nodes[::-1], ways[::-1], relations, order="rwn")
    second = read_raw(write_osm(tmp_path, other, "b.osm"))
    assert first.way_id.tolist() == second.way_id.tolist() == [3, 4]
    assert shapely.equals_exact(first.way_line, second.way_line).all()
    assert first.way_refs == second.way_refs == {0: [[1, 3]]}
    assert first.relations == second.relations
    assert first.node_tags == second.node_tags


def test_overpass_layout_with_doubled_ways_keeps_the_tags(tmp_path):
    """`out body; >; out skel;` writes ways before their nodes, and members a second time."""
    skeleton = "".join(
        f'<node id="{number}" lon="{lon:.7f}" lat="{lat:.7f}"/>'
        for number, lon, lat, _ in square(1, 118.7, 32.0)
    )
    refs = "".join(f'<nd ref="{ref}"/>' for ref in ring(1))
    text = (
        '<osm version="0.6"><meta osm_base="2021-06-12T07:41:41Z"/>'
        f'<way id="8">{refs}<tag k="building" v="yes"/></way>'
        '<relation id="2"><member type="way" ref="8" role="outer"/>'
        '<tag k="type" v="multipolygon"/></relation>'
        f'{skeleton}<way id="8">{refs}</way></osm>'
    )
    raw = read_raw(write_osm(tmp_path, text))
    assert raw.way_id.tolist() == [8]
    assert raw.way_tags == ({"building": "yes"},)
    assert not raw.way_cut.any()
    assert raw.date == "2021-06-12"


def test_ways_split_where_nodes_are_missing(tmp_path):
    nodes = [(number, 13.0 + number / 1000, 53.0, {}) for number in (1, 2, 5, 6, 8)]
    raw = read_raw(
        write_osm(
            tmp_path,
            osm_text(nodes, [(3, [1, 2, 4, 5, 6, 7, 8], {"highway": "path"}), (4, [8, 9], {})]),
        )
    )
    assert raw.way_id.tolist() == [3]
    assert raw.way_refs == {0: [[1, 2], [5, 6]]}
    assert raw.way_cut.tolist() == [True]
    assert raw.way_line[0].geom_type == "MultiLineString"
    assert raw.lost_ways == 1


def test_nodes_without_a_position_are_counted(tmp_path):
    text = osm_text([(1, 13.0, 53.0, {"name": "a"}), (2, 13.0, 95.0, {"name": "b"})])
    raw = read_raw(write_osm(tmp_path, text))
    assert raw.node_id.tolist() == [1]
    assert raw.lost_nodes == 1


def test_the_latest_edit_dates_a_file_without_a_header():
    shared = Path(__file__).resolve().parents[3] / "../shared/data/fi_helsinki/Helsinki.osm.pbf"
    if not shared.exists():
        pytest.skip("the shared data are not here")
    raw = read_raw(shared)
    assert raw.date == "2019-04-21"
    assert raw.way_cut.sum() == 309
    assert np.all(np.diff(raw.way_id) > 0)
