"""Lists without coordinates: what is placed, what is asked of the planner, and its way back."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from lifecircle.errors import InputError, SourceError
from lifecircle.sources.facilities.lists import locate_facility_list, read_facility_list
from lifecircle.sources.geocoding.placing import TO_PLACE, Placer, place_keys, read_placed
from tests.sources import hand_town
from tests.sources.planner_files import heard, is_balanced
from tests.sources.sheet_making import book, text

PLACER = Placer(gazetteer=hand_town.gazetteer())
HEAD = ["机构名称", "地址", "状态", "经度", "纬度"]
THERE = hand_town.lonlat((250, 250))[0].tolist()
ROWS = [
    ["河东社区卫生服务站", "文澜街12号", "现状", *THERE],  # has a place already
    ["河西社区卫生服务站", "城南镇人民路5号", None, None, None],
    ["北庄村卫生室", "北庄村港西浜8号", None, None, None],
    ["北庄村卫生室（第二分点）", "位置待核实", "现状", None, None],
    ["城南养老院", "人民路5号", "关闭", None, None],
    ["张三面馆", "文澜街14号", None, None, None],
]


def listed(folder, rows=ROWS, placer=PLACER, **options):
    return locate_facility_list(
        book(folder, [HEAD, *rows]), placer=placer, datum="wgs84", **options
    )


# -- bad input ---------------------------------------------------------------------------------
def test_a_returned_file_must_have_keys_and_one_place_each(tmp_path):
    with pytest.raises(SourceError, match="no such file"):
        read_placed(tmp_path / "none.xlsx")
    with pytest.raises(InputError, match="no column of keys"):
        read_placed(text(tmp_path, ["名称,经度,纬度", "甲,121.1,30.4"]))
    twice = ["place_key,lon,lat", "p1,121.1,30.4", "p1,121.2,30.4", "p2,121.1,30.4"]
    with pytest.raises(InputError, match="'p1' has two places"):
        read_placed(text(tmp_path, twice))


def test_a_returned_file_nobody_filled_in_is_told(tmp_path):
    with heard() as said:
        assert read_placed(text(tmp_path, ["place_key,lon,lat", "p1,,", "p2,,"])) == {}
    assert "none of its 2 rows has coordinates" in said[0]


def test_without_a_placer_a_list_without_coordinates_is_still_refused(tmp_path):
    path = book(tmp_path, [["机构名称", "地址"], ["北庄村卫生室", "北庄村港西浜8号"]])
    with pytest.raises(InputError, match="no columns of coordinates"):
        read_facility_list(path)


# -- types and columns -------------------------------------------------------------------------
def test_a_list_whose_rows_all_have_coordinates_is_read_as_ever(tmp_path):
    with heard() as said:
        found = listed(tmp_path, ROWS[:1])
        plain, _ = read_facility_list(book(tmp_path, [HEAD, *ROWS[:1]]), datum="wgs84")
    assert said == []
    assert list(found.to_place.columns) == [*TO_PLACE, "services", "types", "status"]
    assert len(found.to_place) == 0
    assert found.placed == {"coordinates": 1}
    pd.testing.assert_frame_equal(found.facilities, plain)


# -- placing -----------------------------------------------------------------------------------
def test_rows_are_placed_or_asked_of_the_planner_and_none_is_lost(tmp_path):
    with heard() as said:
        found = listed(tmp_path)
    table = found.facilities
    assert table["name"].tolist() == ["河东社区卫生服务站", "河西社区卫生服务站", "北庄村卫生室"]
    assert table["facility_id"].tolist() == ["t1_2:medical", "t1_3:medical", "t1_4:medical"]
    assert table["placed"].tolist() == ["surveyed", "address", "address"]
    assert table["place_confidence"].isna().tolist() == [True, False, False]
    assert table["address"].tolist()[1] == "城南镇人民路5号"
    at = hand_town.metres(table)
    np.testing.assert_allclose(at, [(250, 250), (1500, 500), (140, 1500)], atol=0.1)
    assert dict(found.placed) == {"coordinates": 1, "address": 2}
    asked = found.to_place
    assert asked["name"].tolist() == ["北庄村卫生室（第二分点）", "城南养老院"]
    assert asked["row"].tolist() == [5, 6]
    assert asked["services"].tolist() == ["medical", "elder_care"]
    assert asked["status"].tolist() == ["existing", "closed"]
    assert asked["community"].tolist() == ["北庄村", None]
    assert asked["guess_lon"].notna().tolist() == [False, True]
    assert asked["lon"].isna().all()
    texts = ["place_key", "name", "address", "method", "evidence", "doubts", "status"]
    assert not asked[texts].map(lambda one: isinstance(one, float)).any(axis=None)
    source = found.source
    assert (source.rows_in, source.rows_used, source.rows_doubtful) == (6, 3, 3)
    assert is_balanced(source)
    assert len(said) == 2
    assert "2 of 5 rows have no coordinates and no address that is sure enough" in said[1]
    assert "(row 5, 6)" in said[1]


def test_the_planner_decides_how_sure_is_sure(tmp_path):
    strict = Placer(gazetteer=PLACER.gazetteer, accept=1.0)
    with heard():
        found = listed(tmp_path, placer=strict)
    assert dict(found.placed) == {"coordinates": 1}
    assert len(found.to_place) == 4


def test_coordinates_that_cannot_be_right_are_looked_up_too(tmp_path):
    rows = [ROWS[0], ["北庄村卫生室", "北庄村港西浜8号", None, 121.1, 95.5]]
    with heard() as said:
        found = listed(tmp_path, rows)
    assert found.facilities["placed"].tolist() == ["surveyed", "address"]
    assert "coordinates outside where wgs84 is used, which are not used" in said[0]


def test_columns_may_be_named(tmp_path):
    rows = [["单位名称", "在哪里"], ["北庄村卫生室", "北庄村港西浜8号"]]
    found = locate_facility_list(book(tmp_path, rows), placer=PLACER, columns={"address": "在哪里"})
    assert dict(found.placed) == {"address": 1}


# -- the way back ------------------------------------------------------------------------------
def test_keys_stay_when_rows_are_moved_and_tell_rows_apart_that_say_the_same():
    names = np.array(["甲", "乙", "甲"], dtype=object)
    there = np.array(["文澜街１号", None, "文澜街1号"], dtype=object)
    keys = place_keys("list.xlsx", names, there)
    assert len(set(keys)) == 3
    turned = place_keys("list.xlsx", names[::-1], there[::-1])
    assert set(turned) == set(keys)
    assert set(place_keys("other.xlsx", names, there)).isdisjoint(keys)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_a_planner_fills_in_is_used_and_kept(tmp_path, kind):
    with heard():
        first = listed(tmp_path)
    lon, lat = hand_town.lonlat((222, 1333))[0]
    asked = first.to_place
    rows = [
        ["编号", "名称", "推测经度", "推测纬度", "经度", "纬度", "备注"],
        [asked["place_key"][0], "北庄村卫生室", 1.0, 2.0, lon, lat, "现场核实"],
        [asked["place_key"][1], "城南养老院", 1.0, 2.0, None, None, None],
    ]
    if kind == "xlsx":
        back = book(tmp_path, ("待定位", rows), name="back.xlsx")
    else:
        lines = [",".join("" if one is None else str(one) for one in row) for row in rows]
        back = text(tmp_path, lines, name="back.csv", encoding="gb18030")
    given = read_placed(back)
    assert list(given) == [asked["place_key"][0]]
    with heard() as said:
        found = listed(tmp_path, placer=Placer(gazetteer=PLACER.gazetteer, given=given))
    row = found.facilities.iloc[-1]
    assert (row["name"], row["placed"], row["place_confidence"]) == (
        "北庄村卫生室（第二分点）",
        "planner",
        1.0,
    )
    assert hand_town.metres(found.facilities)[-1] == pytest.approx((222, 1333), abs=0.1)
    assert found.placed["planner"] == 1
    # The next sheet holds it still, with its place, so that it is found again and again.
    kept = found.to_place.set_index("place_key")
    assert kept.index.tolist() == asked["place_key"].tolist()
    assert kept["lon"].notna().tolist() == [True, False]
    assert "1 of 5 rows have no coordinates" in said[-1]


def test_a_returned_sheet_may_be_in_another_datum(tmp_path):
    here = hand_town.frame({"place_key": ["p1"]}, [(222, 1333)])
    metric = gpd.GeoDataFrame(here).to_crs("EPSG:4528").geometry[0]
    path = text(tmp_path, ["place_key,X,Y", f"p1,{metric.y:.2f},{metric.x:.2f}"])
    with heard():
        ((lon, lat),) = read_placed(path, datum="cgcs2000").values()
    assert (lon, lat) == pytest.approx((here.geometry[0].x, here.geometry[0].y), abs=1e-6)
