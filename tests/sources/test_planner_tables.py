"""Buildings, estates, gates and parcels as planners hold them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from lifecircle import tables
from lifecircle.errors import CrsError, DoubtfulRowsWarning, InputError, SchemaError, SourceError
from lifecircle.provenance import sha256_of
from lifecircle.sources.land.parcels import read_parcels
from lifecircle.sources.planner_tables import (
    read_buildings,
    read_estates,
)
from tests.sources.planner_files import (
    LANPU,
    SOUTH,
    WEST,
    heard,
    is_balanced,
    points,
    saved,
    squares,
)

READERS = [
    (read_buildings, tables.BUILDINGS, squares),
    (read_estates, tables.ESTATES, squares),
    (read_parcels, tables.PARCELS, squares),
]
needs_lanpu = pytest.mark.skipif(not LANPU.exists(), reason="no shared data beside the checkout")


# -- bad input ---------------------------------------------------------------------------------
@pytest.mark.parametrize(("read", "schema", "shapes"), READERS)
def test_a_file_that_is_not_there_or_a_column_that_is_not_there(read, schema, shapes, tmp_path):
    with pytest.raises(SourceError, match="no such file"):
        read(tmp_path / "none.shp")
    path = saved(tmp_path, {"编号": ["a"]}, shapes(1))
    with pytest.raises(SchemaError, match="'楼号', given for id, is missing"):
        read(path, columns={"id": "楼号"})
    with pytest.raises(SchemaError, match="no column can mean 'colour'"):
        read(path, columns={"colour": "编号"})


@pytest.mark.parametrize(("read", "schema", "shapes"), READERS)
def test_lines_alone_are_refused(read, schema, shapes, tmp_path):
    path = saved(
        tmp_path, {"编号": ["a"]}, [shapely.LineString([(WEST, SOUTH), (WEST, SOUTH + 9)])]
    )
    with pytest.raises(InputError, match="holds only LineString") as error:
        read(path)
    assert "polygons in a GIS" in str(error.value)


@pytest.mark.parametrize(("read", "schema", "shapes"), READERS)
def test_rows_of_another_shape_are_left_out_told_and_counted(read, schema, shapes, tmp_path):
    mixed = [*shapes(3), shapely.LineString([(WEST, SOUTH), (WEST, SOUTH + 9)]), None]
    path = saved(tmp_path, {"编号": list("abcde"), "是否封闭": ["是"] * 5}, mixed)
    with heard() as said:
        table, source = read(path)
    assert table.iloc[:, 0].tolist() == ["a", "b", "c"]
    assert (source.rows_in, source.rows_used, source.rows_doubtful) == (5, 3, 2)
    assert is_balanced(source)
    assert len(said) == 2
    assert "1 of 5 rows have no shape" in said[0]
    assert "are LineString, not" in said[1]
    assert "(row 4, counted among those with a shape)" in said[1]


def test_a_file_without_a_system_is_refused_until_it_is_declared(tmp_path):
    path = saved(tmp_path, {"编号": ["a"]}, squares(1), name="b.shp", crs=None, encoding="utf-8")
    with pytest.raises(CrsError, match="no coordinate reference system"):
        read_buildings(path)
    assert read_buildings(path, crs="EPSG:4528")[0].crs.to_epsg() == 4528


# -- types and columns -------------------------------------------------------------------------
@pytest.mark.parametrize(("read", "schema", "shapes"), READERS)
def test_tables_pass_their_schema_and_the_file_stays_what_it_was(read, schema, shapes, tmp_path):
    path = saved(tmp_path, {"编号": ["b", "a"], "closed": [True, False]}, shapes(2))
    before = sha256_of(path)
    table, source = read(path)
    assert list(table.columns) == [*schema.columns, "geometry"]
    pd.testing.assert_frame_equal(tables.check(table, schema, where="again"), table)
    assert table.crs.to_epsg() == 4528
    assert table.iloc[:, 0].tolist() == ["a", "b"]
    assert (source.name, source.sha256, source.rows_used) == ("list.gpkg", before, 2)
    assert sha256_of(path) == before


# -- buildings ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("word", "use"),
    [
        *[(one, "residential") for one in ("住宅", "居住", "住", "商住", "城镇住宅", "非成套住宅")],
        *[(one, "residential") for one in ("11 成套住宅", "商住混合", "Residential", "住宅、商业")],
        *[(one, "apartments") for one in ("公寓", "集体宿舍", "apartments")],
        *[(one, one) for one in ("非住宅", "非居住", "住宅配套用房", "商业", "住院部", "house")],
        (None, None),
        ("  ", None),
    ],
)
def test_uses_people_live_in_are_told_from_others(word, use, tmp_path):
    path = saved(tmp_path, {"编号": ["a", "b"], "用途": [word, "仓库"]}, squares(2))
    assert read_buildings(path)[0]["use"].tolist() == [use, "仓库"]


def test_counts_that_nobody_can_use_are_missing_and_told(tmp_path):
    rows = {
        "FWBH": list("abcdefg"),
        "楼层": ["6", "６层", "-1", "不详", "2017", None, "3-5"],
        "HS": ["12户", "1,200", "0", "", "十二", "<Null>", "24.0"],
        "人口": [30, -9999, 0, np.nan, 12, 7, 8],
    }
    with heard() as said:
        table, source = read_buildings(saved(tmp_path, rows, squares(7)))
    nan = np.nan
    np.testing.assert_array_equal(table["levels"], [6, 6, nan, nan, nan, nan, nan])
    np.testing.assert_array_equal(table["flats"], [12, 1200, 0, nan, nan, nan, 24])
    np.testing.assert_array_equal(table["people"], [30, nan, 0, nan, 12, 7, 8])
    assert [each.split(": ", 2)[2] for each in said] == [
        "2 of 7 rows hold text in '楼层' ('不详'), taken as missing (row 4, 7)",
        "1 of 7 rows hold a negative number in '楼层' ('-1'), taken as missing (row 3)",
        "1 of 7 rows hold a number above 200 in '楼层' ('2017'), taken as missing (row 5)",
        "1 of 7 rows hold text in 'HS' ('十二'), taken as missing (row 5)",
        "1 of 7 rows hold a negative number in '人口' ('-9999'), taken as missing (row 2)",
    ]
    assert (source.rows_used, is_balanced(source)) == (7, True)


def test_groups_by_known_name_by_given_name_and_by_their_own(tmp_path):
    rows = {
        "id": ["a", "b"],
        "pop": [40, 10],
        "60岁以上": [11, -2],
        "people_80plus": [3, 1],
        "婴儿": [1, 0],
        "peoplemover": ["x", "y"],
    }
    path = saved(tmp_path, rows, squares(2))
    with pytest.warns(
        DoubtfulRowsWarning, match="1 of 2 rows hold a negative number in '60岁以上'"
    ):
        table, _ = read_buildings(path, columns={"people_0_1": "婴儿"})
    groups = [name for name in table if name.startswith("people_")]
    assert groups == ["people_60plus", "people_0_1", "people_80plus"]
    np.testing.assert_array_equal(table["people_60plus"], [11, np.nan])
    assert table["people_0_1"].tolist() == [1, 0]
    assert table["people_80plus"].tolist() == [3, 1]
    assert table["people"].tolist() == [40, 10]


def test_a_shapefile_in_gbk_with_names_cut_at_ten_bytes(tmp_path):
    path = saved(
        tmp_path,
        {"房屋编号": ["幢1"], "房屋用途": ["居住"], "地上层数": [6]},
        squares(1),
        name="房屋.shp",
        encoding="gbk",
    )
    path.with_suffix(".cpg").unlink(missing_ok=True)
    table, _ = read_buildings(path)
    found = table.loc[0, ["building_id", "use", "levels"]].tolist()
    assert found == ["幢1", "residential", 6]


# -- estates -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("word", "closed"),
    [
        *[(one, True) for one in ("是", "封闭", "封闭式管理", "全封闭", "1", "TRUE", "yes", "√")],
        *[(one, False) for one in ("否", "开放", "开放式", "不封闭", "未封闭", "0", "False", "no")],
    ],
)
def test_whether_an_estate_is_closed(word, closed, tmp_path):
    path = saved(tmp_path, {"XQBH": ["a"], "是否封闭": [word]}, squares(1))
    assert read_estates(path)[0]["closed"].tolist() == [closed]


@pytest.mark.parametrize("values", [[True, False], [1.0, 0.0], [1, 0]])
def test_closed_as_a_flag_or_a_number(values, tmp_path):
    path = saved(tmp_path, {"id": ["a", "b"], "closed": values}, squares(2))
    table, _ = read_estates(path)
    assert table["closed"].tolist() == [True, False]
    assert str(table["closed"].dtype) == "boolean"


def test_estates_that_do_not_say_are_open_and_told(tmp_path):
    rows = {"XQBH": list("abcde"), "封闭": ["是", "半封闭", "半封闭", "早晚", None]}
    with heard() as said:
        table, source = read_estates(saved(tmp_path, rows, squares(5)))
    assert table["closed"].tolist() == [True, False, False, False, False]
    assert [each.split(": ", 2)[2] for each in said] == [
        "3 of 5 rows hold '半封闭', '早晚' in '封闭', which is taken as open; write 是 or 否 "
        "(row 2, 3, 4)",
        "1 of 5 rows do not say whether the estate is closed and are taken as open (row 5)",
    ]
    assert (source.rows_used, is_balanced(source)) == (5, True)


def test_a_file_that_says_nothing_about_closing_names_the_key(tmp_path):
    path = saved(tmp_path, {"XQBH": ["a"], "XQMC": ["文澜苑"]}, squares(1))
    with pytest.warns(DoubtfulRowsWarning, match=r"columns = \{closed"):
        table, _ = read_estates(path)
    assert table[["name", "closed"]].to_numpy().tolist() == [["文澜苑", False]]


# -- parcels -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("边角地", "corner"),
        ("插花地", "interlocked"),
        ("夹心地", "enclosed"),
        ("低效工业用地", "underused"),
        ("批而未供", "vacant"),
        ("供而未用", "vacant"),
        ("拆后空地", "vacant"),
        ("闲置土地", "vacant"),
        ("闲置用房", "stock_room"),
        ("存量用房", "stock_room"),
        ("Stock Room", "stock_room"),
        *[(code, code) for code in tables.SITE_KINDS],
        (None, "extension"),
    ],
)
def test_kinds_of_land(word, kind, tmp_path):
    path = saved(tmp_path, {"编号": ["a", "b"], "类型": [word, "corner"]}, squares(2))
    assert read_parcels(path, kind="extension")[0]["kind"].tolist() == [kind, "corner"]


def test_a_kind_nobody_knows_is_the_default_and_told(tmp_path):
    path = saved(tmp_path, {"编号": ["a", "b"], "类型": ["工业", "低效"]}, squares(2))
    with pytest.warns(DoubtfulRowsWarning, match=r"hold '工业' in '类型'.*as vacant \(row 1\)"):
        table, _ = read_parcels(path)
    assert table["kind"].tolist() == ["vacant", "underused"]
    with pytest.raises(InputError, match="kind 'waste' is unknown"):
        read_parcels(path, kind="waste")


@pytest.mark.parametrize(
    ("column", "cell", "area_m2"),
    [
        ("面积(亩)", "3.75", 2500),
        ("面积（亩）", "3.75", 2500),
        ("area_mu", "3.75", 2500),
        ("用地面积(公顷)", "0.25", 2500),
        ("面积(万㎡)", "0.25", 2500),
        ("面积(㎡)", "2500", 2500),
        ("面积", "2500", 2500),
        ("面积", "3.75亩", 2500),
        ("面积(亩)", "2500平方米", 2500),
    ],
)
def test_areas_in_the_unit_that_is_written(column, cell, area_m2, tmp_path):
    # The name of the column does not come through a file geodatabase, but through GeoPackage.
    path = saved(tmp_path, {"编号": ["a"], column: [cell]}, squares(1))
    assert read_parcels(path)[0]["area_m2"].tolist() == pytest.approx([area_m2], rel=1e-12)


def test_areas_that_are_missing_or_text_come_from_the_outline(tmp_path):
    rows = {"编号": list("abc"), "面积(亩)": ["约52.7", None, "0"]}
    path = saved(tmp_path, rows, squares(3, side_m=60.0))
    with pytest.warns(DoubtfulRowsWarning, match=r"hold text in '面积\(亩\)' \('约52.7'\)"):
        table, _ = read_parcels(path)
    # 60 x 60 m in the zone's own projection.
    assert table["area_m2"].tolist() == pytest.approx([3600] * 3, rel=1e-6)


def test_areas_of_a_file_in_degrees_are_metric(tmp_path):
    shapes = gpd.GeoSeries(squares(1, side_m=100.0), crs="EPSG:4528").to_crs("EPSG:4326")
    path = saved(tmp_path, {"编号": ["a"]}, shapes, name="land.geojson", crs="EPSG:4326")
    table, _ = read_parcels(path)
    assert table["area_m2"].tolist() == pytest.approx([10_000], rel=1e-5)
    assert table.crs.to_epsg() == 4326


def test_mu_without_the_word_is_noticed(tmp_path):
    path = saved(tmp_path, {"编号": ["a", "b"], "MJ": [3.75, 2500.0]}, squares(2))
    with pytest.warns(DoubtfulRowsWarning, match=r"1 of 2 rows list an area.*亩.*\(row 1\)"):
        table, _ = read_parcels(path)
    assert table["area_m2"].tolist() == [3.75, 2500]


def test_rooms_that_are_points_take_their_floor_and_points_without_size_are_left_out(tmp_path):
    rows = {"编号": list("abc"), "kind": ["stock_room"] * 3, "建筑面积": [420.0, np.nan, 300.0]}
    rows["面积"] = [160.0, np.nan, np.nan]
    path = saved(tmp_path, rows, points(3))
    with pytest.warns(DoubtfulRowsWarning, match=r"points without an area.*\(row 2\)"):
        table, source = read_parcels(path, code_system="2023")
    assert table[["parcel_id", "area_m2", "floor_m2"]].to_numpy().tolist() == [
        ["a", 160, 420],
        ["c", 300, 300],
    ]
    assert (source.rows_in, source.rows_used, source.rows_doubtful) == (3, 2, 1)
    assert set(table["origin"]) == {"listed"}
    assert set(table["evidence"]) == {"list.gpkg"}
    assert set(table["code_system"]) == {"2023"}
    with pytest.raises(InputError, match="its points have no area"):
        read_parcels(saved(tmp_path, {"编号": ["a"]}, points(1), name="no_size.gpkg"))


# -- a whole planner's folder ------------------------------------------------------------------
@needs_lanpu
def test_the_estates_of_lanpu():
    table, source = read_estates(LANPU / "07_小区.shp")
    assert (len(table), source.rows_in, is_balanced(source)) == (340, 340, True)
    assert int(table["closed"].sum()) == 146
    assert table.loc[0, ["estate_id", "name"]].tolist() == ["XQ0001", "横泾新村"]
    assert table.crs.to_epsg() == 4528


@needs_lanpu
def test_the_buildings_of_lanpu():
    table, source = read_buildings(LANPU / "04_房屋调查.gdb")
    assert (len(table), source.rows_in, is_balanced(source)) == (15_496, 15_496, True)
    # 13,616 of 居住 and 627 of 商住; 634 rows say no storeys.
    assert int((table["use"] == "residential").sum()) == 14_243
    assert int(table["levels"].isna().sum()) == 634
    assert table["levels"].max() == 18
    assert table["people"].isna().all()
    assert (table.loc[table["use"] != "residential", "flats"] == 0).all()


@needs_lanpu
def test_the_leftover_land_of_lanpu():
    table, source = read_parcels(LANPU / "11_低效用地.shp")
    assert (len(table), is_balanced(source)) == (27, True)
    assert table["kind"].value_counts().to_dict() == {"vacant": 19, "underused": 8}
    assert table["area_m2"].to_numpy() == pytest.approx(table.area.to_numpy(), rel=1e-4)
