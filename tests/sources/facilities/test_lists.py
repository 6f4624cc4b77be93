"""Lists of facilities: which services they offer, where they are, and what cannot be told."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from lifecircle import geo, tables
from lifecircle.errors import CrsError, DoubtfulRowsWarning, InputError, SchemaError, SourceError
from lifecircle.provenance import sha256_of
from lifecircle.sources.planner_tables import read_facility_list
from tests.sources.planner_files import heard, is_balanced, points, saved, squares

HERE = np.array([[121.085, 30.451], [121.0896, 30.4709]])
STATION = "临江社区卫生服务站"


def lonlat_file(folder, lonlat, *, name="poi.gpkg", crs="EPSG:4326", **options):
    names = [STATION, "城东养老院"][: len(lonlat)]
    return saved(folder, {"名称": names}, shapely.points(lonlat), name=name, crs=crs, **options)


# -- bad input ---------------------------------------------------------------------------------
def test_what_cannot_be_read_or_is_not_there(tmp_path):
    with pytest.raises(SourceError, match="no such file"):
        read_facility_list(tmp_path / "none.gpkg")
    path = saved(tmp_path, {"MC": [STATION]}, points(1))
    with pytest.raises(SchemaError, match="'机构', given for name, is missing"):
        read_facility_list(path, columns={"name": "机构"})
    with pytest.raises(CrsError, match="datum 'mars' is unknown"):
        read_facility_list(path, datum="mars")


def test_without_names_there_is_nothing_to_go_by(tmp_path):
    path = saved(tmp_path, {"序号": [1]}, points(1))
    with pytest.raises(InputError, match="no column of names") as error:
        read_facility_list(path)
    assert "columns found: 序号" in str(error.value)
    table, _ = read_facility_list(path, service="medical", kind="medical.station")
    assert table[["name", "type"]].to_numpy().tolist() == [[None, "medical.station"]]


def test_a_list_nobody_can_classify_is_refused(tmp_path):
    path = saved(tmp_path, {"名称": ["金色宠物医院", None, "东门"]}, points(3))
    with pytest.raises(InputError, match="none of its 3 rows") as error:
        read_facility_list(path)
    assert "'金色宠物医院', 'no name', '东门'" in str(error.value)
    assert "give service and type" in str(error.value)


# -- types and columns -------------------------------------------------------------------------
def test_the_table_passes_its_schema_and_the_file_stays_what_it_was(tmp_path):
    path = saved(tmp_path, {"机构名称": [STATION, "某社区文体中心"]}, squares(2))
    before = sha256_of(path)
    table, source = read_facility_list(path)
    assert list(table.columns) == [*tables.FACILITIES.columns, "geometry"]
    pd.testing.assert_frame_equal(tables.check(table, tables.FACILITIES, where="again"), table)
    assert table.crs == geo.WGS84
    assert set(table.geom_type) == {"Polygon"}
    assert (source.name, source.sha256) == ("list.gpkg", before)
    assert sha256_of(path) == before


# -- services ----------------------------------------------------------------------------------
def test_a_row_may_offer_several_services_and_unknown_rows_are_told(tmp_path):
    names = ["张三面馆", "城北社区卫生服务站、居家养老服务中心", "老兵茶馆", STATION]
    with heard() as said:
        table, source = read_facility_list(saved(tmp_path, {"名称": names}, points(4)), number=3)
    assert table["facility_id"].tolist() == ["t3_2:medical", "t3_2:elder_care", "t3_4:medical"]
    assert table["place_id"].tolist() == ["t3_2", "t3_2", "t3_4"]
    assert table["type"].tolist() == ["medical.station", "elder_care.daycare", "medical.station"]
    assert set(table["source"]) == {"list.gpkg"}
    assert table.geometry[0] == table.geometry[1] != table.geometry[2]
    assert (table["confidence"] == 0.85).all()
    assert table.loc[2, "rule"] == "name 社区卫生服务站"
    assert (source.rows_in, source.rows_used, source.rows_doubtful) == (4, 2, 2)
    assert is_balanced(source)
    assert len(said) == 1
    assert "2 of 4 rows cannot be classified by name and are left out" in said[0]
    assert "('张三面馆', '老兵茶馆')" in said[0]
    assert "(row 1, 3)" in said[0]


def test_what_the_study_says_of_the_whole_list_goes_before_names(tmp_path):
    path = saved(tmp_path, {"名称": ["张三面馆", STATION]}, points(2))
    table, source = read_facility_list(path, service="elder_care", kind="elder_care.canteen")
    assert table["service"].tolist() == ["elder_care"] * 2
    assert table["type"].tolist() == ["elder_care.canteen"] * 2
    assert table["rule"].tolist() == ["study.toml"] * 2
    assert table["confidence"].tolist() == [0.95] * 2
    assert (source.rows_used, source.rows_doubtful) == (2, 0)


def test_a_type_alone_names_its_service_and_a_service_alone_picks_from_the_names(tmp_path):
    names = ["城北社区卫生服务站、居家养老服务中心", STATION]
    path = saved(tmp_path, {"名称": names}, points(2))
    only_type, _ = read_facility_list(path, kind="culture.library")
    assert only_type["service"].tolist() == ["culture", "culture"]
    with pytest.warns(DoubtfulRowsWarning, match="1 of 2 rows cannot be classified"):
        only_service, source = read_facility_list(path, service="elder_care")
    assert only_service["facility_id"].tolist() == ["t1_1:elder_care"]
    assert (source.rows_used, source.rows_doubtful) == (1, 1)


# -- attributes --------------------------------------------------------------------------------
def test_status_openness_sizes_and_owner(tmp_path):
    rows = {
        "设施名称": [STATION] * 6,
        "状态": ["现状", "在建", "规划新建", "承诺", "已关闭", "待定"],
        "是否对外开放": ["是", "否", "对外开放", "仅限居民", None, "看情况"],
        "建筑面积(㎡)": ["120", "1,200", "-5", None, "300平方米", "约80"],
        "用地面积(亩)": [1.5, np.nan, 3, 0, 15, 6],
        "床位数": ["12张", "0", "若干", None, "8", "-1"],
        "主管部门": ["卫健局", None, " 卫健局 ", "", "民政局", "=1+1"],
    }
    with heard() as said:
        table, source = read_facility_list(saved(tmp_path, rows, points(6)))
    assert table["status"].tolist() == [
        *("existing", "building", "planned", "promised", "closed"),
        None,
    ]
    assert table["open_to"].tolist() == [
        *("anyone", "residents", "anyone", "residents"),
        None,
        None,
    ]
    nan = np.nan
    np.testing.assert_array_equal(table["floor_m2"], [120, 1200, nan, nan, 300, 80])
    np.testing.assert_allclose(table["site_m2"], [1000, nan, 2000, 0, 10_000, 4000])
    np.testing.assert_array_equal(table["beds"], [12, 0, nan, nan, 8, nan])
    assert table["owner"].tolist() == ["卫健局", None, "卫健局", None, "民政局", "=1+1"]
    told = " ".join(said)
    assert len(said) == 5
    for part in (
        "status nobody knows",
        "whom they are open to",
        "'-5'",
        "'若干'",
        "'-1'",
    ):
        assert part in told
    assert (source.rows_used, is_balanced(source)) == (6, True)


@pytest.mark.parametrize("word", ["未运营", "未投用"])
def test_a_word_for_not_yet_is_not_taken_for_running(word, tmp_path):
    path = saved(tmp_path, {"名称": [STATION], "状态": [word]}, points(1))
    with pytest.warns(DoubtfulRowsWarning, match="status nobody knows"):
        assert read_facility_list(path)[0]["status"].tolist() == [None]


# -- places ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("datum", "shift"),
    [
        ("gcj02", geo.wgs84_to_gcj02),
        ("bd09", lambda xy: geo.gcj02_to_bd09(geo.wgs84_to_gcj02(xy))),
        ("GCJ-02", geo.wgs84_to_gcj02),
        ("wgs84", lambda xy: xy),
        ("cgcs2000", lambda xy: xy),
        (None, lambda xy: xy),
    ],
)
def test_places_come_back_to_where_they_are(datum, shift, tmp_path):
    shifted = shift(HERE)
    assert (np.abs(shifted - HERE).max() > 1e-3) == (datum not in ("wgs84", "cgcs2000", None))
    table, _ = read_facility_list(lonlat_file(tmp_path, shifted), datum=datum)
    np.testing.assert_allclose(shapely.get_coordinates(table.geometry), HERE, atol=1e-8)


def test_outlines_are_moved_by_every_corner(tmp_path):
    box = shapely.box(121.08, 30.45, 121.081, 30.451)
    shifted = shapely.transform(box, geo.wgs84_to_gcj02)
    path = saved(tmp_path, {"名称": [STATION]}, [shifted], crs="EPSG:4326")
    table, _ = read_facility_list(path, datum="gcj02")
    assert table.geometry[0].equals_exact(box, 1e-8)


def test_a_datum_stands_in_for_a_missing_system(tmp_path):
    path = lonlat_file(tmp_path, HERE, name="poi.shp", crs=None, encoding="utf-8")
    with pytest.raises(CrsError, match="no coordinate reference system"):
        read_facility_list(path)
    table, _ = read_facility_list(path, datum="cgcs2000")
    np.testing.assert_allclose(shapely.get_coordinates(table.geometry), HERE, atol=1e-9)
    metres = saved(
        tmp_path, {"名称": [STATION]}, points(1), name="m.shp", crs=None, encoding="utf-8"
    )
    expected = gpd.GeoSeries(points(1), crs="EPSG:4528").to_crs(4326)
    table, _ = read_facility_list(metres, datum="epsg:4528")
    assert table.geometry[0].equals_exact(expected[0], 1e-9)
    with pytest.raises(CrsError, match="metres"):
        read_facility_list(metres, datum="gcj02")


def test_shifted_metres_of_web_maps_are_shifted_back_too(tmp_path):
    degrees = gpd.GeoSeries(shapely.points(geo.wgs84_to_gcj02(HERE)), crs="EPSG:4326")
    path = saved(tmp_path, {"名称": [STATION] * 2}, degrees.to_crs("EPSG:3857"), crs="EPSG:3857")
    table, _ = read_facility_list(path, datum="gcj02")
    np.testing.assert_allclose(shapely.get_coordinates(table.geometry), HERE, atol=1e-8)


def test_a_chinese_datum_elsewhere_is_refused(tmp_path):
    path = lonlat_file(tmp_path, np.array([[13.26, 53.56]]))
    with pytest.raises(CrsError, match="not in China, where alone gcj02 is used"):
        read_facility_list(path, datum="gcj02")


def test_rows_without_a_place_and_of_lines_are_counted(tmp_path):
    shapes = [
        *points(2),
        None,
        shapely.LineString([(40_604_000, 3_371_000), (40_604_009, 3_371_000)]),
    ]
    names = [STATION, "张三面馆", STATION, STATION]
    with heard() as said:
        table, source = read_facility_list(saved(tmp_path, {"名称": names}, shapes))
    assert table["facility_id"].tolist() == ["t1_1:medical"]
    assert (source.rows_in, source.rows_used, source.rows_doubtful) == (4, 1, 3)
    assert is_balanced(source)
    assert len(said) == 3
