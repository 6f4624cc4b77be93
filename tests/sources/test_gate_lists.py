"""Gates of estates as surveyors hand them over."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import CRS

from lifecircle import geo, tables
from lifecircle.errors import CrsError, DoubtfulRowsWarning, InputError, SchemaError, SourceError
from lifecircle.provenance import sha256_of
from lifecircle.sources.gate_lists import read_gates
from tests.sources.planner_files import LANPU, SOUTH, WEST, heard, is_balanced, points, saved
from tests.sources.sheet_making import book, text

ZONE = CRS.from_epsg(4528)
HEAD = ["名称", "类型", "是否刷卡", "开放时段", "X", "Y"]
needs_lanpu = pytest.mark.skipif(not LANPU.exists(), reason="no shared data beside the checkout")


def sheet(folder, *rows, head=HEAD, title="住宅小区出入口调查表"):
    return book(folder, [[title], head, *rows])


def metres(table, crs=ZONE):
    return shapely.get_coordinates(table.to_crs(crs).geometry.to_numpy()).round(2).tolist()


# -- bad input ---------------------------------------------------------------------------------
def test_a_file_that_is_not_there_or_a_column_that_is_not_there(tmp_path):
    with pytest.raises(SourceError, match="no such file"):
        read_gates(tmp_path / "none.shp")
    path = saved(tmp_path, {"编号": ["a"]}, points(1))
    with pytest.raises(SchemaError, match="'楼号', given for id, is missing"):
        read_gates(path, columns={"id": "楼号"})
    with pytest.raises(SchemaError, match="no column can mean 'colour'"):
        read_gates(path, columns={"colour": "编号"})


def test_lines_alone_and_a_sheet_without_coordinates_are_refused(tmp_path):
    line = shapely.LineString([(WEST, SOUTH), (WEST, SOUTH + 9)])
    with pytest.raises(InputError, match="holds only LineString, Point is needed"):
        read_gates(saved(tmp_path, {"编号": ["a"]}, [line]))
    path = book(tmp_path, [["名称", "类型"], ["文澜苑北门", "人行"]])
    with pytest.raises(InputError, match="no columns of coordinates were found"):
        read_gates(path, datum="cgcs2000")


def test_degrees_of_which_nothing_is_said_are_never_guessed(tmp_path):
    path = text(tmp_path, ["名称,经度,纬度", "文澜苑北门,121.07,30.46"])
    with pytest.raises(CrsError, match="nothing says what its coordinates are"):
        read_gates(path, beside=ZONE)


def test_metres_without_a_zone_need_the_estates_beside_them(tmp_path):
    path = sheet(tmp_path, ["文澜苑北门", "人行", "是", "全天", SOUTH, WEST - 40_000_000])
    with pytest.raises(CrsError, match="do not say their zone"):
        read_gates(path, datum="cgcs2000")
    with pytest.raises(CrsError, match="do not say their zone"):
        read_gates(path, datum="cgcs2000", beside=CRS.from_epsg(4490))


def test_multipoints_of_one_point_are_points_and_others_are_left_out(tmp_path):
    one, two, three = points(3)
    shapes = [shapely.MultiPoint([one]), shapely.MultiPoint([two, three])]
    path = saved(tmp_path, {"编号": ["a", "b"]}, shapes)
    with pytest.warns(DoubtfulRowsWarning, match=r"are MultiPoint, not Point.*\(row 2\)"):
        table, source = read_gates(path)
    assert metres(table) == [[WEST, SOUTH]]
    assert (source.rows_in, source.rows_used, source.rows_doubtful) == (2, 1, 1)


# -- types and columns -------------------------------------------------------------------------
def test_tables_pass_their_schema_and_the_file_stays_what_it_was(tmp_path):
    path = saved(tmp_path, {"编号": ["b", "a"]}, points(2))
    before = sha256_of(path)
    table, source = read_gates(path)
    assert list(table.columns) == [*tables.GATES.columns, "geometry"]
    pd.testing.assert_frame_equal(tables.check(table, tables.GATES, where="again"), table)
    assert table["gate_id"].tolist() == ["a", "b"]
    assert table.crs == geo.WGS84
    assert (source.name, source.rows_used, is_balanced(source)) == ("list.gpkg", 2, True)
    assert sha256_of(path) == before


# -- places ------------------------------------------------------------------------------------
def test_a_surveyors_x_is_north_and_the_zone_is_told_by_the_easting(tmp_path):
    path = sheet(
        tmp_path,
        ["文澜苑北门", "人行", "是", "6:00-23:00", 3371477.14, 40602683.99],
        ["文澜苑东门", "车行", "否", "0:00-24:00", "3371234.73", "40602930"],
        ["文澜苑西门", "人行", "否", "0:00-24:00", None, None],
    )
    with heard() as said:
        table, source = read_gates(path, datum="cgcs2000")
    assert metres(table) == [[40602683.99, 3371477.14], [40602930.0, 3371234.73]]
    assert table["gate_id"].tolist() == ["g3", "g4"]  # the rows a spreadsheet program shows
    assert (source.rows_in, source.rows_used, source.rows_doubtful) == (3, 2, 1)
    assert any("'X' is north, 'Y' is east (CGCS2000 / 3-degree" in one for one in said)
    assert any("1 of 3 rows have no coordinates" in one for one in said)


@pytest.mark.parametrize("shift", [0.0, 40_000_000.0])
@pytest.mark.parametrize("datum", [None, "cgcs2000"])
@pytest.mark.parametrize("epsg", [4528, 4549])
@pytest.mark.parametrize("turned", [False, True])
def test_the_zone_may_be_left_out_on_either_side(tmp_path, shift, datum, epsg, turned):
    x, y = SOUTH, WEST - 40_000_000 + shift
    row = ["文澜苑北门", "人行", "是", "全天", *((y, x) if turned else (x, y))]
    with heard() as said:
        table, _ = read_gates(sheet(tmp_path, row), datum=datum, beside=CRS.from_epsg(epsg))
    assert metres(table) == [[WEST, SOUTH]]
    assert any("give the datum to be sure" in one for one in said) == (datum is None)
    assert any("north and east" in one for one in said) != turned


def test_a_shifted_datum_is_undone_in_sheets_and_vector_files_alike(tmp_path):
    lonlat = geo.wgs84_to_gcj02(np.array([[121.07, 30.46]]))
    rows = ["名称,经度,纬度", f"文澜苑北门,{lonlat[0, 0]:.8f},{lonlat[0, 1]:.8f}"]
    listed, _ = read_gates(text(tmp_path, rows), datum="gcj02")
    drawn, _ = read_gates(
        saved(tmp_path, {"编号": ["a"]}, shapely.points(lonlat), crs="EPSG:4326"), datum="gcj02"
    )
    for table in (listed, drawn):
        found = shapely.get_coordinates(table.geometry.to_numpy())
        np.testing.assert_allclose(found, [[121.07, 30.46]], atol=1e-6)


# -- kind, access, hours -----------------------------------------------------------------------
def test_gates_with_kind_access_and_estate(tmp_path):
    rows = {
        "编号": list("abcd"),
        "类型": ["车行", "人行", None, "人行"],
        "是否开放": ["是", "否", "常闭", "看保安"],
        "小区编号": [7.0, 7.0, np.nan, 12.0],
    }
    table, _ = read_gates(saved(tmp_path, rows, points(4)))
    assert table["access"].tolist() == ["yes", "private", "no", "看保安"]
    assert table["kind"].tolist() == ["车行", "人行", None, "人行"]
    assert table["estate_id"].tolist() == ["7", "7", None, "12"]


def test_a_card_is_the_opposite_of_an_open_gate(tmp_path):
    path = saved(tmp_path, {"编号": ["a", "b"], "是否刷卡": ["是", "否"]}, points(2))
    assert read_gates(path)[0]["access"].tolist() == ["private", "yes"]


@pytest.mark.parametrize(
    ("name", "kind", "hours", "walkable"),
    [
        ("文澜苑北门", "人行", "6:00-22:00", True),
        ("文澜苑北门", "车行", "0:00-24:00", True),
        ("文澜苑北门", "人车混行", None, True),
        ("文澜苑北门", "非机动车", None, True),
        ("文澜苑消防门", "消防", "应急", False),
        ("文澜苑消防门", "人行", None, True),  # the kind is surer than the name
        ("文澜苑消防门", None, None, False),
        ("文澜苑北门", "人行", "应急", False),
        ("文澜苑北门", "应急出口", None, False),
        ("文澜苑北门", "仅车行", None, False),
        ("文澜苑北门", "机动车专用", None, False),
        ("文澜苑北门", "禁止行人", None, False),
        ("文澜苑北门", "地下车库出入口", None, False),
    ],
)
def test_who_walks_through_what(name, kind, hours, walkable, tmp_path):
    path = sheet(tmp_path, [name, kind, "是", hours, SOUTH, WEST])
    with heard():
        table, _ = read_gates(path, datum="cgcs2000")
    assert table["access"].tolist() == ["private" if walkable else "no"]


def test_hours_become_values_and_others_are_kept_open_and_told(tmp_path):
    path = sheet(
        tmp_path,
        ["文澜苑北门", "人行", "是", "6:00-23:00", SOUTH, WEST],
        ["文澜苑南门", "人行", "是", "上下学时段", SOUTH, WEST + 10],
        ["文澜苑东门", "人行", "是", None, SOUTH, WEST + 20],
    )
    with heard() as said:
        table, _ = read_gates(path, datum="cgcs2000")
    assert table["hours"].tolist() == ["06:00-23:00", None, None]
    assert table["access"].tolist() == ["private"] * 3
    odd = [one for one in said if "no plain daily rule" in one]
    assert len(odd) == 1
    assert "1 of 3 rows have opening hours" in odd[0]
    assert "('上下学时段'): kept open (row 4)" in odd[0]


# -- a district's own list -----------------------------------------------------------------------
@needs_lanpu
@pytest.mark.parametrize("datum", [None, "cgcs2000"])
def test_every_gate_of_the_district_is_read_and_stands_in_it(datum):
    with heard():
        table, source = read_gates(LANPU / "07b_出入口.xlsx", datum=datum, beside=ZONE)
    assert (source.rows_in, source.rows_used) == (395, 395)
    assert table["access"].value_counts().to_dict() == {"private": 238, "yes": 115, "no": 42}
    assert set(table["hours"]) == {"00:00-24:00", "06:00-22:00", "06:00-23:00", "off"}
    west, south, east, north = table.total_bounds
    assert 121.0 < west < east < 121.2
    assert 30.4 < south < north < 30.5
