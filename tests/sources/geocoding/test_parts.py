"""Addresses and names taken apart by the names that are known."""

from __future__ import annotations

import dataclasses

import pytest

from lifecircle.sources.geocoding.parts import Vocabulary, split_address, split_name
from tests.sources.hand_town import gazetteer

KNOWN = gazetteer().vocabulary


def said(text, known=KNOWN):
    """The parts of an address that are not empty."""
    parts = dataclasses.asdict(split_address(text, known))
    return {
        key: value
        for key, value in parts.items()
        if value not in ("", None, False) and key not in ("text", "rest")
    }


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", {}),
        (
            "浙江省临江区城南镇文澜街12号",
            {"subdistrict": "城南镇", "street": "文澜街", "number": 12},
        ),
        ("临江区城南镇文澜街１２", {"subdistrict": "城南镇", "street": "文澜街", "number": 12}),
        ("文澜街1\n2号", {"street": "文澜街", "number": 12}),
        ("文澜街12-3号", {"street": "文澜街", "number": 12}),
        ("文澜街12号3楼301室", {"street": "文澜街", "number": 12}),
        ("文澜街12号（原供销社）", {"street": "文澜街", "number": 12}),
        (
            "城南镇花园路8号水岸家园二号楼",
            {
                "subdistrict": "城南镇",
                "street": "花园路",
                "number": 8,
                "estate": "水岸家园",
                "building": "2",
            },
        ),
        (
            "城南镇北庄村港西浜7号",
            {"subdistrict": "城南镇", "community": "北庄村", "street": "港西浜", "number": 7},
        ),
        ("河东社区文澜街", {"community": "河东社区", "street": "文澜街"}),
        ("河东居委会水岸家园", {"community": "河东社区", "estate": "水岸家园"}),
        ("水岸家园3幢旁", {"estate": "水岸家园", "building": "3", "beside": True}),
        ("水岸家园东门旁", {"estate": "水岸家园", "gate": "东", "beside": True}),
        ("水岸家园（北门）", {"estate": "水岸家园", "gate": "北"}),
        ("河东社区桂花巷东侧", {"community": "河东社区", "street": "桂花巷", "side": "东"}),
        ("文澜街与桂花巷交叉口", {"street": "文澜街", "crossing": "桂花巷"}),
        # A subdistrict with one letter wrong is the one that is known.
        ("城男镇文澜街12号", {"subdistrict": "城南镇", "street": "文澜街", "number": 12}),
        # Streets and estates nobody knows are still told apart.
        ("无名路12号", {"street": "无名路", "number": 12}),
        ("和平里5幢", {"estate": "和平里", "building": "5"}),
        ("下沙埭33", {"street": "下沙埭", "number": 33}),
    ],
)
def test_addresses_come_apart(text, parts):
    assert said(text) == parts


def test_a_road_named_like_a_community_stays_a_road():
    known = Vocabulary(
        communities={"北庄村": ""}, streets=frozenset({"北庄村路"}), estates=frozenset({"北庄新村"})
    )
    assert said("北庄村路3号", known) == {"street": "北庄村路", "number": 3}
    assert said("北庄新村3幢", known) == {"estate": "北庄新村", "building": "3"}


def test_a_name_may_end_like_what_every_village_is_called():
    known = Vocabulary(
        communities={"文村村": "", "文村": "", "二轻新村社区": ""}, streets=frozenset({"水心埭"})
    )
    assert said("文村村水心埭6号", known) == {
        "community": "文村村",
        "street": "水心埭",
        "number": 6,
    }
    assert said("文村水心埭6号", known)["community"] == "文村"
    assert split_name("二轻新村健身苑", known).community == "二轻新村社区"


def test_a_road_named_like_the_beginning_of_an_estate_stays_apart():
    known = Vocabulary(streets=frozenset({"新村街"}), estates=frozenset({"新村街花园"}))
    assert said("新村街花园2幢", known) == {"estate": "新村街花园", "building": "2"}
    assert said("新村街2号", known) == {"street": "新村街", "number": 2}


@pytest.mark.parametrize("text", ["=1+1", "<script>", "号", "12", "(", "第", "😀路3号", "路" * 300])
def test_hostile_texts_do_no_harm(text):
    assert split_address(text, KNOWN).text
    assert split_name(text, KNOWN).text


def test_names_of_one_place_have_one_key():
    names = [
        "河东社区卫生服务站",
        "河东卫生服务站",
        "城南镇河东居委会卫生服务站",
        "河东社区 卫生服务站",
    ]
    found = [split_name(one, KNOWN) for one in names]
    assert {one.key.rpartition("|")[2] for one in found} == {"卫生服务站"}
    assert {one.community for one in found} == {"河东社区"}
    assert {one.subdistrict for one in found} == {"城南镇"}


@pytest.mark.parametrize(
    ("text", "branch"),
    [
        ("北庄村卫生室", 1),
        ("北庄村卫生室（第二分点）", 2),
        ("北庄村卫生室第三分点", 3),
        ("北庄村卫生室(第12分站)", 12),
        ("北庄村卫生室（二分点）", 2),
        ("北庄村第一小学", 1),
    ],
)
def test_branches_are_other_places(text, branch):
    name = split_name(text, KNOWN)
    assert name.branch == branch
    assert (name.key == split_name("北庄村卫生室", KNOWN).key) == ("卫生室" in text)


def test_an_estate_in_a_name_is_no_community():
    known = Vocabulary(communities={"白荡村": ""}, estates=frozenset({"白荡新村"}))
    name = split_name("白荡新村健身苑", known)
    assert (name.estate, name.community) == ("白荡新村", "")
    assert split_name("白荡健身苑", known).community == "白荡村"
    both = Vocabulary(communities={"白荡村": "", "白荡社区": ""})
    assert split_name("白荡健身苑", both).community == ""
