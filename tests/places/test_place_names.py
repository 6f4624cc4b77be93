"""Names and addresses taken apart: what two lists would both have written."""

from __future__ import annotations

import pytest

from lifecircle.places.place_names import (
    door_of,
    read_place_name,
    same_door,
    same_name,
    same_owner,
)


@pytest.mark.parametrize(
    ("name", "service", "head", "level", "branch"),
    [
        (None, "medical", "", "", 1),
        ("", "medical", "", "", 1),
        ("卫生院", "medical", "", "", 1),
        ("临江社区卫生服务站", "medical", "临江", "community", 1),
        ("临江居委会卫生服务站", "medical", "临江", "community", 1),
        ("临江村卫生室（第十二分点）", "medical", "临江", "village", 12),
        ("临江村卫生室第3分点", "medical", "临江", "village", 3),
        ("横浦镇卫生院", "medical", "横浦镇", "", 1),
        ("横浦镇临江村卫生室", "medical", "临江", "village", 1),
        ("望潮街道全民健身中心", "fitness", "望潮街道", "", 1),
        ("临江社区婴幼儿照护驿站", "childcare", "临江", "community", 1),
        ("浙江省海州市海州区人民医院有限公司", "medical", "人民", "", 1),
        ("Stadtbibliothek", "culture", "stadtbibliothek", "", 1),
    ],
)
def test_whose_place_a_name_says_it_is(name, service, head, level, branch):
    found = read_place_name(name, service)
    assert (found.head, found.level, found.branch) == (head, level, branch)


def named(*names, service="medical"):
    return [read_place_name(name, service) for name in names]


def test_same_names_are_symmetric_and_an_empty_name_is_like_none():
    names = named("临江卫生站", "临江社区卫生服务站", "临江村卫生室", None, "临江街道卫生院")
    for one in names:
        for other in names:
            assert same_name(one, other) == same_name(other, one)
            assert same_owner(one, other) == same_owner(other, one)
    assert not same_name(names[3], names[3])


def test_a_room_in_brackets_tells_places_apart():
    one, other = named("海州城市书房(新桥馆)", "海州城市书房(临江馆)", service="culture")
    assert not same_name(one, other)
    assert same_name(one, one)


@pytest.mark.parametrize(
    ("address", "door"),
    [
        (None, ""),
        ("位置待核实", ""),
        ("南塘新村8幢旁", ""),
        ("长河社区横泾农居点", ""),
        ("丽水路702", "丽水路702"),
        ("浙江省海州区望潮街道长青路９６５号 水北新村9幢", "浙江省海州区望潮街道长青路965"),
        ("东升村北庄浜21号", "东升村北庄浜21"),
    ],
)
def test_the_door_of_an_address(address, door):
    assert door_of(address) == door


def test_doors_are_one_only_behind_names_of_areas():
    assert same_door("海州区横浦镇丽水路702", "丽水路702")
    assert not same_door("北丽水路702", "丽水路702")
    assert not same_door("丽水路702", "丽水路70")
    assert not same_door("", "")
