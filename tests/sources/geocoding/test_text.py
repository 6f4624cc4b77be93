"""One spelling for names, addresses and numbers."""

from __future__ import annotations

import pytest

from lifecircle.sources.geocoding.text import (
    building_key,
    community_key,
    is_nowhere,
    number_of,
    plain,
)


@pytest.mark.parametrize(
    ("text", "one"),
    [
        (None, ""),
        ("", ""),
        ("文澜街１２６３\n号", "文澜街1263号"),
        ("文 澜\u3000街 12号\r\n", "文澜街12号"),
        ("水岸家园（三幢）", "水岸家园(3幢)"),
        ("水岸家园【十二幢】", "水岸家园(12幢)"),
        ("育才一村二十三号楼", "育才一村23号楼"),
        ("三里桥路5号", "三里桥路5号"),
        ("a\u200bb", "ab"),
    ],
)
def test_texts_are_written_one_way(text, one):
    assert plain(text) == one
    assert plain(plain(text)) == plain(text)


def test_numbers_in_digits_and_in_chinese():
    texts = ["7", "十", "十二", "二十", "二十三", "一百零五", "两", "", "路"]
    assert [number_of(one) for one in texts] == [7, 10, 12, 20, 23, 105, 2, 0, 0]


def test_one_community_has_many_names():
    names = ["河东社区居民委员会", "河东居委会", "河东社区居委会", "河东社区", " 河东 社区"]
    assert {community_key(one) for one in names} == {"河东社区"}
    villages = ["北庄村村民委员会", "北庄村民委员会", "北庄村委会", "北庄村"]
    assert {community_key(one) for one in villages} == {"北庄村"}
    assert community_key("北庄社区") != community_key("北庄村")
    assert [community_key(one) for one in (None, "开发区")] == ["", "开发区"]


def test_one_building_has_many_names():
    assert {building_key(one) for one in ("6幢", "6号楼", "六栋", "６#", "6座", "6")} == {"6"}
    assert building_key("A幢") == "a"
    assert building_key(None) == ""


@pytest.mark.parametrize(
    "text", ["位置待核实", "待核实", "不详", "无", "—", " ", None, float("nan"), "N/A", "？？"]
)
def test_what_says_no_place(text):
    assert is_nowhere(text)


@pytest.mark.parametrize("text", ["无锡路3号", "待庄路1号", "文澜街12号（待核实）", "河东社区"])
def test_what_says_a_place_after_all(text):
    assert not is_nowhere(text)
