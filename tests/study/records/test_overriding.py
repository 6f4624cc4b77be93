"""Overrides replace single values, tell what stood there, and lose no row."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from lifecircle.config.land_sections import RecordSection
from lifecircle.errors import DoubtfulRowsWarning, RuleError
from lifecircle.standards import load_standard
from lifecircle.study.records.overriding import (
    Overrides,
    overridden,
    overrides_of_study,
    warn_of_overrides,
    with_told,
)
from tests.sources.sheet_making import book

HEAD = ["表", "编号", "字段", "新值", "理由", "修改人", "日期"]
BASIC = load_standard("basic")


def overrides(tmp_path, *rows):
    path = book(tmp_path, [HEAD, *[[*row, "因", "张", "2026-03-01"] for row in rows]])
    return overrides_of_study(RecordSection(overrides=path), BASIC)


def facilities():
    return gpd.GeoDataFrame(
        {
            "facility_id": ["f1", "f2"],
            "name": ["甲", None],
            "service": "culture",
            "type": "culture.station",
            "status": "existing",
            "floor_m2": [100.0, None],
        },
        geometry=[shapely.Point(0, 0), shapely.Point(10, 0)],
        crs="EPSG:32651",
    )


def test_every_value_that_cannot_stand_is_told_at_once(tmp_path):
    with pytest.raises(RuleError) as raised:
        overrides(
            tmp_path,
            ("设施", "f1", "类型", "飞机场"),
            ("设施", "f1", "建筑面积", "-5"),
            ("设施", "f1", "颜色", "红"),
            ("社区", "c1", "是否城镇", "也许"),
            ("地块", "p1", "状态", "也许"),
        )
    assert len(raised.value.problems) == 5
    assert "row 2" in raised.value.problems[0].where


def test_without_a_file_nothing_changes(tmp_path):
    none = overrides_of_study(RecordSection(), BASIC)
    frame, told = overridden(none, "facilities", facilities())
    assert len(none) == len(told) == 0
    pd.testing.assert_frame_equal(frame, facilities())


def test_values_replace_those_of_a_facility_and_say_what_stood_there(tmp_path):
    given = facilities()
    rules = overrides(
        tmp_path,
        ("设施", "f1", "类型", "medical.station"),
        ("设施", "f1", "状态", "在建"),
        ("设施", "f2", "建筑面积", "１２０"),
        ("设施", "f1", "名称", "甲"),
        ("设施", "f9", "名称", "乙"),
    )
    frame, told = overridden(rules, "facilities", given)
    first = frame.iloc[0]
    assert (first["type"], first["service"], first["status"]) == (
        "medical.station",
        "medical",
        "building",
    )
    assert frame["floor_m2"].tolist() == [100.0, 120.0]
    assert told["state"].tolist() == ["applied", "applied", "applied", "same", "no_row"]
    assert told["old"].tolist() == ["culture.station", "existing", None, "甲", None]
    pd.testing.assert_frame_equal(given, facilities())
    with pytest.warns(DoubtfulRowsWarning, match="1 overrides name a row"):
        warn_of_overrides(with_told(rules, told))


def test_a_facility_moves_to_the_place_given(tmp_path):
    rules = overrides(tmp_path, ("设施", "f1", "经度", "120.5"), ("设施", "f1", "纬度", "30.25"))
    frame, told = overridden(rules, "facilities", facilities())
    moved = frame.geometry.iloc[[0]].to_crs("EPSG:4326").iloc[0]
    assert (round(moved.x, 6), round(moved.y, 6)) == (120.5, 30.25)
    assert frame.geometry.iloc[1].equals(shapely.Point(10, 0))
    assert told["state"].tolist() == ["applied", "applied"]


def test_only_rows_of_the_table_are_applied(tmp_path):
    rules = overrides(tmp_path, ("社区", "f1", "名称", "丙"))
    frame, told = overridden(rules, "facilities", facilities())
    assert frame["name"].iloc[0] == "甲"
    assert len(told) == 0
    assert len(Overrides()) == 0
