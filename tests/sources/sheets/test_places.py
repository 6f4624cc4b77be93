"""Facility lists without shapes: where the places are, in which datum, and which services."""

from __future__ import annotations

import numpy as np
import pytest

from lifecircle import geo, tables
from lifecircle.errors import CrsError, InputError, SourceError
from lifecircle.sources.facilities.map_codes import classify_amap
from lifecircle.sources.facilities.tagging import NAME_AND_TAG, NAME_ONLY, WEAK_TAG
from lifecircle.sources.planner_tables import read_facility_list
from lifecircle.sources.sheets.places import read_sheet_places
from tests.sources.planner_files import LANPU, heard, is_balanced
from tests.sources.sheet_making import book, text

STATION, HOME = "临江社区卫生服务站", "城东养老院"
LON, LAT = 121.085, 30.451
# The same spot in EPSG:4528 (3°, zone 40), by pyproj's own projection of LON, LAT.
EAST, NORTH = geo.project(np.array([[LON, LAT]]), geo.CRS.from_epsg(4528))[0]


def place_of(path, **options):
    table, source = read_facility_list(path, **options)
    assert is_balanced(source)
    return np.column_stack([table.geometry.x, table.geometry.y])


def at(path, **options):
    return place_of(path, **options)[0].tolist()


# -- bad input ---------------------------------------------------------------------------------
def test_without_a_datum_the_choices_are_named(tmp_path):
    path = text(tmp_path, ["名称,经度,纬度", f"{STATION},{LON},{LAT}"])
    with pytest.raises(CrsError, match="nothing says what its coordinates are") as caught:
        read_facility_list(path)
    for choice in ("gcj02", "bd09", "cgcs2000", "wgs84", "epsg:N"):
        assert choice in str(caught.value)


def test_a_list_that_says_two_datums_says_none(tmp_path):
    path = text(tmp_path, ["高德或百度拾取", "名称,经度,纬度", f"{STATION},{LON},{LAT}"])
    with pytest.raises(CrsError, match="speaks of gcj02 and of bd09"):
        read_facility_list(path)


def test_without_coordinates_the_columns_are_named(tmp_path):
    with pytest.raises(InputError, match=r"no columns of coordinates.*columns found: 名称, 地址"):
        read_facility_list(text(tmp_path, ["名称,地址", f"{STATION},某路1号"]), datum="wgs84")
    with pytest.raises(InputError, match="only '经度' says where"):
        read_facility_list(text(tmp_path, ["名称,经度", f"{STATION},121"]), datum="wgs84")
    with pytest.raises(InputError, match="none of its 1 rows has coordinates"):
        read_facility_list(text(tmp_path, ["名称,坐标", f"{STATION},暂无"]), datum="wgs84")


@pytest.mark.parametrize(
    ("datum", "x", "y", "match"),
    [
        ("gcj02", 13.27, 53.55, "do not lie where gcj02 is used"),
        ("gcj02", EAST, NORTH, "are metres, gcj02 is in degrees"),
        ("wgs84", EAST, NORTH, "are metres, wgs84 is in degrees"),
        ("cgcs2000", EAST - 40e6, NORTH, "do not say their zone"),
        ("epsg:32633", 121.0, 30.0, "are degrees, epsg:32633 is in metres"),
        ("epsg:32633", EAST, NORTH, "do not lie where epsg:32633 is used"),
        ("epsg:999999", LON, LAT, "'epsg:999999' is unknown"),
        ("mars", LON, LAT, "datum 'mars' is unknown"),
        ("wgs84", 500.0, 100.0, "are metres"),
    ],
)
def test_numbers_that_are_not_of_the_datum_are_refused(tmp_path, datum, x, y, match):
    path = text(tmp_path, ["名称,X,Y", f"{STATION},{x},{y}"])
    with pytest.raises(CrsError, match=match):
        read_facility_list(path, datum=datum)


def test_a_document_is_refused_with_a_way_out(tmp_path):
    (tmp_path / "a.docx").write_bytes(b"PK\x03\x04")
    with pytest.raises(SourceError, match="copy the table into a workbook"):
        read_facility_list(tmp_path / "a.docx", datum="wgs84")


def test_type_codes_that_are_unknown_or_missing(tmp_path):
    path = text(tmp_path, ["name,location", f'{STATION},"{LON},{LAT}"'])
    with pytest.raises(InputError, match=r"type codes 'tencent' are unknown.*amap"):
        read_facility_list(path, datum="wgs84", codes="tencent")
    with pytest.raises(InputError, match="no column of type codes"):
        read_facility_list(path, datum="wgs84", codes="amap")


# -- where the places are ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("经度,纬度", f"{LON},{LAT}"),
        ("lng,lat", f"{LON},{LAT}"),
        ("X,Y", f"{LON},{LAT}"),
        ("纬度,经度", f"{LAT},{LON}"),
        ("经纬度", f'"{LON},{LAT}"'),
        ("坐标", f"{LON}，{LAT}"),
        ("坐标", f'"{LON}, {LAT}"'),
        ("坐标", f"E{LON} N{LAT}"),
        ("经度,纬度", "１２１.０８５,３０.４５１"),
        ("经度,纬度", "121°5′6″,30°27′3.6″"),
        ("经度,纬度", "东经121度5分6秒,北纬30度27分3.6秒"),
    ],
)
def test_ways_to_write_a_place(tmp_path, head, cells):
    path = text(tmp_path, [f"名称,{head}", f"{STATION},{cells}"])
    assert at(path, datum="wgs84") == pytest.approx([LON, LAT], abs=1e-9)


@pytest.mark.parametrize(("x", "y"), [(EAST, NORTH), (NORTH, EAST)])
@pytest.mark.parametrize("datum", ["cgcs2000", "epsg:4528"])
def test_metres_of_a_zone_in_either_order(tmp_path, datum, x, y):
    path = book(tmp_path, [["名称", "X", "Y"], [STATION, float(x), float(y)]])
    with heard() as said:
        found = at(path, datum=datum)
    assert found == pytest.approx([LON, LAT], abs=1e-7)
    turned = [one for one in said if "north and east stand in each other's column" in one]
    assert len(turned) == (x == NORTH)


def test_a_zone_of_six_degrees_and_metres_without_a_zone(tmp_path):
    for code, datum in ((4499, "cgcs2000"), (4549, "epsg:4549")):
        x, y = geo.project(np.array([[LON, LAT]]), geo.CRS.from_epsg(code))[0]
        path = text(tmp_path, ["名称,横坐标,纵坐标", f"{STATION},{x},{y}"])
        assert at(path, datum=datum) == pytest.approx([LON, LAT], abs=1e-7)


def test_swapped_degrees_are_turned_and_told(tmp_path):
    path = text(tmp_path, ["名称,经度,纬度", f"{STATION},{LAT},{LON}"])
    with heard() as said:
        assert at(path, datum="cgcs2000") == pytest.approx([LON, LAT], abs=1e-7)
    assert "north and east" in said[0]


def test_single_rows_with_exchanged_numbers_are_turned_and_named(tmp_path):
    rows = [f"{STATION},{LON},{LAT}", f"{STATION},{LAT},{LON}", f"{STATION},{LON},{LAT}"]
    path = text(tmp_path, ["名称,经度,纬度", *rows])
    with heard() as said:
        found = place_of(path, datum="cgcs2000")
    np.testing.assert_allclose(found, [[LON, LAT]] * 3, atol=1e-7)
    assert "exchanged in 1 rows only, which are taken the right way round (row 3)" in said[0]


def test_half_a_pair_of_coordinates_places_nothing_and_is_told(tmp_path):
    path = text(tmp_path, ["名称,横坐标", f"{STATION},40605490.4"])
    options = dict.fromkeys(("columns", "datum", "sheet", "encoding"))
    with heard() as said:
        layer, _ = read_sheet_places(
            path, wanted={"name": ("名称",)}, keep_unplaced=True, **options
        )
    assert layer.row.tolist() == [2]
    assert "one column of coordinates only ('横坐标')" in said[0]


def test_old_datums_are_read_with_a_warning(tmp_path):
    x, y = geo.project(np.array([[LON, LAT]]), geo.CRS.from_epsg(2437))[0]
    path = text(tmp_path, ["名称,X,Y", f"{STATION},{x},{y}"])
    with heard() as said:
        assert at(path, datum="epsg:2437") == pytest.approx([LON, LAT], abs=1e-6)
    assert "Beijing 1954 is shifted by public parameters" in said[0]


def test_shifted_datums_are_shifted_back(tmp_path):
    spot = np.array([[LON, LAT]])
    amap = geo.wgs84_to_gcj02(spot)
    for datum, lonlat in (("gcj02", amap), ("bd09", geo.gcj02_to_bd09(amap))):
        x, y = lonlat[0]
        path = text(tmp_path, ["名称,经度,纬度", f"{STATION},{x:.9f},{y:.9f}"])
        found = np.array([at(path, datum=datum)])
        assert geo.ground_m(found, spot)[0] < 1.0


@pytest.mark.parametrize(
    ("said", "datum"),
    [
        ("坐标由高德地图拾取", "gcj02"),
        ("坐标为百度坐标", "bd09"),
        ("坐标：国家２０００", "cgcs2000"),
        ("CGCS2000", "cgcs2000"),
        ("WGS-84", "wgs84"),
    ],
)
def test_the_list_itself_may_say_its_datum(tmp_path, said, datum):
    lines = [said, "名称,经度,纬度", f"{STATION},{LON},{LAT}"]
    path = text(tmp_path, lines)
    with heard() as told:
        found = at(path)
    assert found == at(text(tmp_path, lines[1:], name="b.csv"), datum=datum)
    assert f"taken as {datum}" in told[0]


def test_a_declared_datum_stands_against_the_list_and_is_told(tmp_path):
    path = text(tmp_path, ["名称,经纬度(高德)", f'{STATION},"{LON},{LAT}"'])
    with heard() as said:
        assert at(path, datum="wgs84") == pytest.approx([LON, LAT])
    assert "wgs84 is declared, and the list speaks of gcj02" in said[0]


def test_rows_without_a_place_are_counted_and_named(tmp_path):
    path = book(
        tmp_path,
        [
            ["名称", "经度", "纬度"],
            [STATION, LON, LAT],
            [HOME, None, None],
            ["城西养老院", 0, 0],
            ["城北养老院", 12.1, 30.4],
            ["合计", 4, None],
        ],
    )
    with heard() as said:
        table, source = read_facility_list(path, datum="gcj02", number=2)
    assert table["place_id"].tolist() == ["t2_2"]
    assert (source.rows_in, source.rows_used, source.rows_doubtful) == (4, 1, 3)
    assert "2 of 4 rows have no coordinates" in said[0]
    assert HOME in said[0]
    assert "(row 3, 4)" in said[0]
    assert "1 of 4 rows have coordinates outside where gcj02 is used" in said[1]


def test_the_table_passes_its_schema_and_reads_its_cells(tmp_path):
    path = book(
        tmp_path,
        ("封面", [["某局"]]),
        (
            "名录",
            [
                ["某局名录", None, None, None, None, None],
                ["机构\n名称", "床位", "建筑面积(㎡)", "占地面积（亩）", "经度", "纬度"],
                [HOME, "约40张", "1,200", 3, LON, LAT],
            ],
        ),
    )
    table, source = read_facility_list(path, datum="wgs84")
    assert list(table.columns) == [*tables.FACILITIES.columns, "geometry"]
    row = table.iloc[0]
    assert (row["beds"], row["floor_m2"], row["site_m2"]) == (40.0, 1200.0, 2000.0)
    assert (row["name"], row["type"]) == (HOME, "elder_care.institution")
    assert (source.name, source.rows_in) == ("list.xlsx", 1)


def test_named_columns_and_sheets_decide(tmp_path):
    path = book(
        tmp_path,
        ("一", [["A", "B", "C"], [STATION, LON, LAT]]),
        ("二", [["A", "B", "C"], [HOME, LON, LAT]]),
    )
    columns = {"name": "A", "lon": "B", "lat": "C"}
    table, _ = read_facility_list(path, datum="wgs84", columns=columns, layer="二")
    assert table["name"].tolist() == [HOME]


def test_names_that_look_like_formulas_stay_what_they_are(tmp_path):
    name = "=cmd|'/c calc'!A1 卫生服务站"
    path = text(tmp_path, ["名称;经度;纬度", f"{name};{LON};{LAT}"])
    assert read_facility_list(path, datum="wgs84")[0]["name"].tolist() == [name]


# -- type codes --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "code", "expected"),
    [
        ("临江卫生服务站", "090300", [("medical.station", NAME_AND_TAG)]),
        ("临江卫生服务站", "", [("medical.station", NAME_ONLY)]),
        ("临江卫生服务站", "120304", [("medical.station", NAME_ONLY)]),
        ("仁爱医疗", "090300", [("medical.clinic", WEAK_TAG)]),
        ("仁爱医疗", "050100|090300", [("medical.clinic", WEAK_TAG)]),
        ("爱宠动物医院", "090100", []),
        ("某某中心", "090701", []),
        ("星光养老院", "080402", [("elder_care.institution", NAME_ONLY)]),
        ("星光之家", "080402", []),
        ("临江书房", "061205", [("culture.station", NAME_ONLY)]),
        ("新华图书馆店", "061205", []),
        ("Gym", "080111", [("fitness.hall", WEAK_TAG)]),
        ("好口味", "050300", []),
    ],
)
def test_names_first_then_codes(name, code, expected):
    found = classify_amap(name, code)
    assert [(one.type, one.confidence) for one in found] == expected


def test_codes_classify_rows_whose_names_say_nothing(tmp_path):
    path = text(
        tmp_path,
        ["name,typecode,location", f'仁爱,090300,"{LON},{LAT}"', f'好味,050300,"{LON},{LAT}"'],
        encoding="gb18030",
    )
    with heard() as said:
        table, source = read_facility_list(path, datum="wgs84", codes="amap")
    assert table[["type", "rule"]].to_numpy().tolist() == [["medical.clinic", "amap 090300"]]
    assert (source.rows_used, source.rows_doubtful) == (1, 1)
    assert "1 of 2 rows cannot be classified" in said[0]


# -- one district's lists ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("file", "options", "counts", "service"),
    [
        ("13a_卫健_医疗机构.xlsx", {}, (74, 36, 38), {"medical": 36}),
        ("13c_文广_文化设施.xlsx", {}, (70, 30, 40), {"culture": 30}),
        ("13d_体育_健身设施.xlsx", {}, (49, 29, 20), {"fitness": 29}),
        ("13e_教育_托育机构.xlsx", {}, (60, 24, 36), {"childcare": 24}),
    ],
)
def test_lists_of_the_bureaus_read_as_they_are(file, options, counts, service):
    if not LANPU.exists():
        pytest.skip("no data of Lanpu")
    with heard():
        table, source = read_facility_list(LANPU / file, **options)
    assert (source.rows_in, source.rows_used, source.rows_doubtful) == counts
    assert table["service"].value_counts().to_dict() == service


def test_three_datums_of_one_district_meet_on_the_ground():
    if not LANPU.exists():
        pytest.skip("no data of Lanpu")
    with heard():
        poi, source = read_facility_list(LANPU / "15_poi_gaode.csv", datum="gcj02", codes="amap")
        assert (source.rows_in, source.rows_used, source.rows_doubtful) == (1669, 474, 1195)
        where = poi.drop_duplicates("name", keep=False).set_index("name").geometry
        for file in ("13a_卫健_医疗机构.xlsx", "13d_体育_健身设施.xlsx"):
            mine = read_facility_list(LANPU / file)[0].set_index("name").geometry
            both = [name for name in mine.index if name in where.index]
            assert len(both) >= 5
            apart = geo.ground_m(
                np.array([[mine[name].x, mine[name].y] for name in both]),
                np.array([[where[name].x, where[name].y] for name in both]),
            )
            # A wrong datum would put all of them hundreds of metres apart.
            assert np.median(apart) < 60.0, (file, apart)


def test_a_list_that_says_what_it_lacks_is_told(tmp_path):
    lines = ["名称,经度,纬度", f"{STATION},{LON},{LAT}", "注：甲社区、乙村未报送，待补"]
    with heard() as said:
        read_facility_list(text(tmp_path, lines), datum="wgs84")
    assert len(said) == 1
    assert "is not complete, for it says '注:甲社区、乙村未报送" in said[0].replace("：", ":")
