"""Vector files as nobody should send them: refused with a way out, or read and every doubt told."""

from __future__ import annotations

import json
import re
import warnings
import zipfile

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from lifecircle.errors import LifecircleError, LifecircleWarning
from lifecircle.sources.osm.file import read_osm_file
from lifecircle.sources.people.communities import read_communities
from lifecircle.sources.planner_tables import read_buildings, read_estates, read_gates
from lifecircle.sources.vectors.layers import read_vector
from tests.sources.planner_files import SOUTH, WEST, heard, is_balanced, points, saved, squares
from tests.sources.test_formats import FORMATS


def plain(said):
    return [re.sub(r"^\w+: [^:]*: ", "", one) for one in said]


def told(read, *args, **how):
    with heard() as said:
        table, source = read(*args, **how)
    assert is_balanced(source)
    return table, source, plain(said)


def refused(read, path, match):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LifecircleWarning)
        with pytest.raises(LifecircleError, match=match) as caught:
            read(path)
    assert path.name in str(caught.value)
    assert str(path.parent) not in str(caught.value)
    assert "/opt/" not in str(caught.value)


# -- files that are empty, cut off or something else -------------------------------------------
FILES = [
    kind
    for kind in FORMATS
    if "gdb" not in kind and kind not in ("shp in GB18030", "zipped kml", "zipped gml")
]


@pytest.mark.parametrize("kind", FILES)
def test_empty_files(tmp_path, kind):
    path = FORMATS[kind](tmp_path)
    path.write_bytes(b"")
    refused(read_vector, path, r"is empty \(0 bytes\) — copy it again")


@pytest.mark.parametrize("kind", FILES)
def test_files_cut_off_in_the_middle(tmp_path, kind):
    path = FORMATS[kind](tmp_path)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    refused(
        read_vector,
        path,
        "is cut off|cannot be read as a vector file|cannot be unpacked|neither UTF-8 nor",
    )


@pytest.mark.parametrize("keep", [0, 60])
def test_a_geodatabase_with_damaged_parts(tmp_path, keep):
    path = FORMATS["gdb"](tmp_path)
    for part in path.glob("a0000000[19].gdbtable"):
        part.write_bytes(part.read_bytes()[:keep])
    refused(read_vector, path, r"cannot be read as a vector file|has no rows")


def test_an_empty_geodatabase_folder(tmp_path):
    (tmp_path / "楼.gdb").mkdir()
    refused(read_vector, tmp_path / "楼.gdb", "cannot be read as a vector file")


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("a.geojson", "<!DOCTYPE html><html>404</html>", "is a web page, whatever its ending says"),
        ("a.shp", "<html>login</html>", "is a web page, whatever its ending says"),
        ("a.gpkg", "version https://git-lfs", "cannot be read as a vector file"),
        ("a.geojson", "[1, 2]", "cannot be read as a vector file"),
        ("a.geojson", '{"a": 1}', "cannot be read as a vector file"),
        ("a.geojson", '{"type": "FeatureCollection", "features": []}', "has no rows"),
        ("a.geojson", '{"type": "FeatureCollection", "features": [', "cannot be read as a vector"),
        ("a.kml", "<kml></kml>", "cannot be read as a vector file|holds no shapes"),
        ("a.zip", "PK", "cannot be unpacked"),
        ("a.csv", "x,y\n1,2\n", "holds no shapes, only a table"),
        ("a.xyz", "1 2 3", "cannot be read as a vector file"),
    ],
)
def test_files_that_hold_no_layer(tmp_path, name, text, what):
    (tmp_path / name).write_text(text, encoding="utf-8")
    refused(read_vector, tmp_path / name, what)


def test_a_zip_file_with_a_password(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("楼.gpkg", b"x" * 100)
    data = bytearray((tmp_path / "a.zip").read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1  # the flag of encryption
    (tmp_path / "a.zip").write_bytes(bytes(data))
    refused(read_vector, tmp_path / "a.zip", "cannot be unpacked .*password.* — unpack it yourself")


@pytest.mark.parametrize("data", [b"", b"<html>429</html>", b"<osm><node", b"\x00" * 100])
def test_extracts_that_are_none(tmp_path, data):
    path = tmp_path / "town.osm.pbf"
    path.write_bytes(data)
    refused(read_osm_file, path, "is empty|cannot be read as OpenStreetMap|is no OpenStreetMap")


# -- shapes ------------------------------------------------------------------------------------
def feature(shape, **properties):
    return {"type": "Feature", "properties": properties, "geometry": shape}


def collection(folder, *shapes):
    good = {"type": "Point", "coordinates": [120.1, 30.2]}
    rows = [feature(good, n=0), *(feature(one, n=at) for at, one in enumerate(shapes, start=1))]
    path = folder / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("shape", "what"),
    [
        (None, "have no shape and are left out"),
        ({"type": "Point", "coordinates": []}, "have no shape and are left out"),
        ({"type": "Point", "coordinates": ["a", "b"]}, "have no shape and are left out"),
        ({"type": "Polygon", "coordinates": []}, "have no shape and are left out"),
        (
            {"type": "Polygon", "coordinates": [[[120, 30], [120.1, 30], [120, 30]]]},
            "enclose nothing and are left out",
        ),
        (
            {"type": "Polygon", "coordinates": [[[120, 30], [120.1, 30], [120.1, 30.1]]]},
            "have no shape and are left out",  # its ring is not closed
        ),
        (
            {"type": "Polygon", "coordinates": [[[120, 30], [120.1, 30], [120.2, 30], [120, 30]]]},
            "enclose nothing and are left out",
        ),
    ],
)
def test_shapes_that_are_none(tmp_path, shape, what):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        table, source = read_vector(collection(tmp_path, shape))
    assert f"a.geojson: 1 of 2 rows {what} (row 2)" in [str(one.message) for one in caught]
    assert table["n"].tolist() == [0]
    assert (source.rows_in, source.rows_used, source.rows_doubtful) == (2, 1, 1)
    assert is_balanced(source)


@pytest.mark.parametrize(
    ("shape", "area_m2"),
    [
        (Polygon([(0, 0), (20, 20), (20, 0), (0, 20)]), 200.0),  # a bow-tie
        (Polygon([(0, 0), (20, 0), (20, 20), (10, 0), (0, 20)]), 200.0),  # touches itself
        (box(0, 0, 20, 20) - box(0, 0, 10, 10), 300.0),
        (Polygon(box(0, 0, 20, 20).exterior, [box(15, 15, 30, 30).exterior.coords]), None),
        (MultiPolygon([box(0, 0, 20, 20), box(10, 0, 30, 20)]), 600.0),  # overlapping parts
    ],
)
def test_outlines_that_cross_themselves(tmp_path, shape, area_m2):
    shape = shapely.affinity.translate(shape, WEST, SOUTH)
    path = saved(tmp_path, {"编号": ["1", "2"], "层数": [1, 2]}, [*squares(1), shape])
    table, source, said = told(read_buildings, path)
    assert table.is_valid.all()
    if area_m2 is not None:
        assert table.area.tolist()[1] == pytest.approx(area_m2)
    assert source.rows_used == 2
    assert said in ([], ["1 of 2 rows cross themselves and were repaired (row 2)"])
    assert bool(said) == (not shape.is_valid)


def test_rows_in_the_sea_and_outlines_drawn_twice(tmp_path):
    one, two, three = squares(3)
    path = saved(tmp_path, {"编号": list("1234")}, [one, two, one.reverse(), box(0, 0, 1, 1)])
    table, source, said = told(read_buildings, path)
    assert len(table) == source.rows_used == 4
    assert said == [
        "1 of 4 rows lie more than 100 km from the others; check their coordinates (row 4)",
        "1 of 4 rows have the outline of an earlier row; both are kept (row 3)",
    ]
    path = saved(tmp_path, {"编号": list("123")}, [one, two, three], name="b.gpkg")
    assert told(read_buildings, path)[2] == []


@pytest.mark.parametrize(
    ("read", "shapes", "what"),
    [
        (read_buildings, points(2), "holds only Point, Polygon is needed — name another file"),
        (
            read_buildings,
            [LineString([(WEST, SOUTH), (WEST + 9, SOUTH)])],
            "holds only LineString, Polygon is needed — close the lines",
        ),
        (read_estates, points(1), "holds only Point, Polygon is needed"),
        (read_gates, squares(2), "holds only Polygon, Point is needed"),
    ],
)
def test_shapes_of_the_wrong_kind(tmp_path, read, shapes, what):
    refused(read, saved(tmp_path, {"编号": list("12")[: len(shapes)]}, shapes), what)


# -- reference systems -------------------------------------------------------------------------
METRES = box(WEST, SOUTH, WEST + 50, SOUTH + 50)
DEGREES = box(121.08, 30.45, 121.081, 30.451)
LOCAL = box(500_000, 370_000, 500_050, 370_050)


@pytest.mark.parametrize(
    ("shape", "stated", "declared", "what"),
    [
        (METRES, None, None, 'has no coordinate reference system — give crs = "EPSG:…"'),
        (METRES, None, "EPSG:4490", "its coordinates are metres .*carry zone number 40"),
        (METRES, 4326, None, "its coordinates are metres .*carry zone number 40"),
        (METRES, None, "EPSG:4549", "do not lie where EPSG:4549 .*carry zone number 40"),
        (DEGREES, None, "EPSG:4528", "its coordinates are degrees .*not metres"),
        (DEGREES, 4528, None, "its coordinates are degrees .*correct the .prj"),
        (shapely.transform(DEGREES, lambda xy: xy[:, ::-1]), 4326, None, "latitude are swapped"),
        (shapely.transform(METRES, lambda xy: xy[:, ::-1]), 4528, None, "x and y are swapped"),
        (LOCAL, 4549, None, "a city's own system: ask for its central meridian"),
        (METRES, 4528, "EPSG:4549", r"by its own statement, not in EPSG:4549 .* take crs out"),
        (METRES, None, "EPSG:999999", "crs 'EPSG:999999' is not known"),
        (METRES, None, "国家2000", "crs '国家2000' is not known — give it as"),
        (METRES, None, "", "crs '' is not known"),
        (box(500, 100, 501, 101), 4326, None, "are metres .*not degrees"),
    ],
)
def test_systems_that_do_not_fit(tmp_path, shape, stated, declared, what):
    crs = None if stated is None else f"EPSG:{stated}"
    path = saved(tmp_path, {"编号": ["1"]}, [shape], crs=crs, name="a.shp")
    refused(lambda one: read_vector(one, crs=declared), path, what)


# -- columns and cells -------------------------------------------------------------------------
def test_columns_that_are_missing_or_meant_twice(tmp_path):
    path = saved(tmp_path, {"甲": ["1"], "乙": ["2"]}, squares(1))
    refused(
        lambda one: read_communities(one, columns={"id": "丙", "nmae": "乙"}),
        path,
        "column '丙', given for id, is missing — columns found: 甲, 乙",
    )
    refused(
        lambda one: read_communities(one, columns={"id": "丙", "nmae": "乙"}),
        path,
        "no column can mean 'nmae' — known: id, name",
    )


@pytest.mark.parametrize(
    ("ids", "what"),
    [
        (["1", "1", "2"], r"row 1, 2: id '1' stands in 2 rows .* — merge the parts"),
        (["1", None, "2"], r"row 2: column 'community_id' is empty — give every row an id"),
        (["1", " ", "2"], r"row 2: column 'community_id' is empty"),
        (["1", "\u200b", "2"], r"row 2: column 'community_id' is empty"),
        (["1", "\u200b1", "2"], r"row 1, 2: id '1' stands in 2 rows"),
    ],
)
def test_ids_of_communities(tmp_path, ids, what):
    path = saved(tmp_path, {"编号": ids, "名称": list("甲乙丙")}, squares(3))
    refused(read_communities, path, what)


@pytest.mark.parametrize("cell", ["-5", "约四百", "400-500", "12+3", "#N/A"])
def test_people_of_communities_that_are_no_number(tmp_path, cell):
    columns = {"编号": list("12"), "名称": list("甲乙"), "人口": ["1,234", cell]}
    path = saved(tmp_path, columns, squares(2))
    refused(read_communities, path, rf"row 2: '{re.escape(cell)}' is no number of people — correct")


@pytest.mark.parametrize(
    ("cell", "levels", "what"),
    [
        ("6层", 6.0, None),
        ("６", 6.0, None),
        ("6F", 6.0, None),
        ("6.0", 6.0, None),
        ("—", None, None),
        ("6+1", None, "text"),
        ("6/7", None, "text"),
        ("六", None, "text"),
        ("-1", None, "a negative number"),
        ("2019", None, "a number above 200"),
        ("1e9", None, "a number above 200"),
    ],
)
def test_storeys(tmp_path, cell, levels, what):
    path = saved(tmp_path, {"编号": list("12"), "层数": ["3", cell]}, squares(2))
    table, _, said = told(read_buildings, path)
    found = table["levels"].tolist()
    assert found[0] == 3.0
    assert (found[1] == levels) or (levels is None and np.isnan(found[1]))
    if what is None:
        assert said == []
    else:
        assert len(said) == 1
        assert said[0].startswith(f"1 of 2 rows hold {what} in '层数'")


@pytest.mark.parametrize(
    "name",
    [
        "<img src=x onerror=alert(1)>",
        '=HYPERLINK("http://x")',
        "</script>",
        "../../x",
        "多" * 80_000,
        "甲'乙\"丙;--",
        "甲\r\n乙",
    ],
)
def test_names_are_texts_and_nothing_else(tmp_path, name):
    path = saved(tmp_path, {"编号": ["1"], "名称": [name]}, squares(1))
    table, _, said = told(read_communities, path)
    assert table["name"].tolist() == [name]
    assert said == []


def test_columns_no_one_can_see_the_difference_of(tmp_path):
    path = saved(tmp_path, {"\ufeff编\u200b号": ["１"], "名\u00a0称": ["甲\u200b"]}, squares(1))
    table, _, said = told(read_communities, path)
    assert table[["community_id", "name"]].to_numpy().tolist() == [["１", "甲"]]
    assert said == []


def test_mixed_shapes_keep_the_count(tmp_path):
    shapes = [*squares(2), Point(WEST, SOUTH), None]
    path = tmp_path / "a.gpkg"
    gpd.GeoDataFrame({"编号": list("1234")}, geometry=shapes, crs="EPSG:4528").to_file(path)
    table, source, said = told(read_buildings, path)
    assert len(table) == 2
    assert (source.rows_in, source.rows_used, source.rows_doubtful) == (4, 2, 2)
    assert said == [
        "1 of 4 rows have no shape and are left out (row 4)",
        "1 of 3 rows are Point, not Polygon, and are left out (row 3, counted among those with a "
        "shape)",
    ]
