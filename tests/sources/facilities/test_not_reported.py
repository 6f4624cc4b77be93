"""Notes of lists: who did not report, in any wording, and what is no name."""

from __future__ import annotations

import pytest

from lifecircle.sources.facilities.not_reported import names_not_reported, says_missing


@pytest.mark.parametrize(
    ("note", "names"),
    [
        (
            "注：城东社区、城西社区、塘下村未报送，待补；坐标为百度坐标",
            ("城东社区", "城西社区", "塘下村"),
        ),
        ("未报送：城东、城西、塘下", ("城东", "城西", "塘下")),
        ("以下社区未上报：城东、城西", ("城东", "城西")),
        ("城东、城西等2个社区未上报", ("城东", "城西")),
        ("缺城东、城西社区", ("城东", "城西社区")),
        ("暂缺城东社区、城西社区数据，后补", ("城东社区", "城西社区")),
        ("城东社区和城西社区数据尚未提供", ("城东社区", "城西社区")),
        ("（城东、城西、塘下三个社区资料暂缺）", ("城东", "城西", "塘下")),
        ("除城东、城西未报送外，其余社区已报齐", ("城东", "城西")),
        ("未报送社区（２个）：城东，城西", ("城东", "城西")),
        ("城东 城西 未报送", ("城东", "城西")),
        ("和平社区、共和村未报送", ("和平社区", "共和村")),
        ("Not reported: Westend, Eastend and Mill Lane", ("Westend", "Eastend", "Mill Lane")),
        ("Westend did not report", ("Westend",)),
    ],
)
def test_names_are_found_in_any_wording(note, names):
    assert names_not_reported([note]) == names
    assert says_missing(note)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "经纬度由高德地图拾取",
        "注：部分设施面积缺失，坐标为百度坐标",
        "电话待补",
        "填报单位：体育局  待补充",
        "城东社区电话未填报",
    ],
)
def test_what_is_no_community_is_no_name(note):
    assert names_not_reported([note]) == ()


def test_each_name_is_told_once_in_the_order_of_the_notes():
    notes = ["城西未报送", "城东、城西未上报"]
    assert names_not_reported(notes) == ("城西", "城东")
    assert names_not_reported([]) == ()
