"""Which services a row of a list offers, by name, class, type and what else it says."""

from __future__ import annotations

import pytest

from lifecircle.sources.facilities.classes import DISAGREE, Row, classify_rows
from lifecircle.sources.facilities.map_codes import classify_amap, classify_baidu
from lifecircle.sources.facilities.tagging import NAME_AND_TAG, NAME_ONLY, WEAK_TAG


def told(row, codes=None):
    (found,) = classify_rows([row], codes=codes)
    return [(one.type, one.confidence) for one in found]


def test_no_rows_and_rows_that_say_nothing():
    assert classify_rows([]) == []
    assert told(Row()) == []
    assert told(Row(name="张三面馆", category="其他")) == []


@pytest.mark.parametrize(
    ("name", "category", "expected"),
    [
        ("临江社区卫生服务站", "社区卫生服务站", [("medical.station", NAME_AND_TAG)]),
        ("临江幸福苑", "居家养老服务站", [("elder_care.daycare", NAME_ONLY)]),
        ("临江健身苑", "健身苑点", [("fitness.outdoor", NAME_AND_TAG)]),
        ("临江笼式足球场", "运动场地", [("fitness.court", NAME_ONLY)]),
        ("临江文化活动室", "文化家园/活动室", [("culture.station", NAME_AND_TAG)]),
        ("临江智慧健康站", "社区卫生服务中心", [("medical.center", DISAGREE)]),
        ("康宁中医诊所", "诊所/其他", [("medical.clinic", NAME_AND_TAG)]),
        ("仁济大药房", "诊所/其他", [("daily.pharmacy", NAME_ONLY)]),
        ("安心宠物医院", "诊所/其他", []),
        ("临江口腔门诊部", "诊所/其他", []),
        ("临江艺术学校", "培训机构", []),
    ],
)
def test_a_name_goes_first_and_a_whole_class_gives_the_type(name, category, expected):
    assert told(Row(name=name, category=category)) == expected


def test_a_class_adds_a_service_the_name_does_not_say():
    found = told(Row(name="临江社区党群服务中心", category="文化家园"))
    assert found == [("service_centre.community", NAME_ONLY), ("culture.station", DISAGREE)]


@pytest.mark.parametrize(("cell", "fed"), [("有", True), ("是", True), ("无", False), ("", False)])
def test_a_canteen_is_a_second_place_of_elder_care(cell, fed):
    found = told(Row(name="临江居家养老服务站", canteen=cell))
    assert (("elder_care.canteen", NAME_ONLY) in found) is fed
    assert told(Row(name="临江社区卫生服务站", canteen="有")) == [("medical.station", NAME_ONLY)]
    assert len(told(Row(name="临江老年食堂", canteen="有"))) == 1


def test_day_care_with_many_beds_is_an_institution():
    name = "横浦镇综合养老服务中心"
    assert told(Row(name=name, beds=239)) == [("elder_care.institution", NAME_ONLY)]
    assert told(Row(name=name, beds=8)) == [("elder_care.daycare", NAME_ONLY)]
    assert told(Row(name=name)) == [("elder_care.daycare", NAME_ONLY)]


def test_words_of_amap_stand_for_its_codes():
    for code, words in (
        ("090300", "医疗保健服务;诊所;诊所"),
        ("140500", "科教文化服务;图书馆;图书馆"),
        ("060200", "购物服务;便民商店/便利店;便民商店/便利店"),
    ):
        by_code, by_words = classify_amap("无名", code), classify_amap("无名", words)
        assert [one.type for one in by_code] == [one.type for one in by_words]
    assert classify_amap("某某馆", "体育休闲服务;运动场馆;台球厅") == ()
    assert told(Row(name="临江卫生站", code="医疗保健服务;诊所;诊所"), "amap") == [
        ("medical.station", NAME_AND_TAG)
    ]


@pytest.mark.parametrize(
    ("name", "code", "expected"),
    [
        ("少年宫快餐", "050300", []),
        ("体育场便利店", "购物服务;便民商店/便利店;便利店", ["daily.shop"]),
        ("大剧院大药房", "090601", ["daily.pharmacy"]),
        ("云栖城市书房(总店)", "061200", ["culture.station"]),
        ("幸福食堂云栖店", "050100", ["elder_care.canteen"]),
        ("少年宫", "140800", ["culture.center"]),
    ],
)
def test_a_shop_is_not_what_it_is_named_after(name, code, expected):
    assert [one.type for one in classify_amap(name, code)] == expected


@pytest.mark.parametrize(
    ("name", "tag", "expected"),
    [
        ("康宁堂", "医疗;诊所", [("medical.clinic", WEAK_TAG)]),
        ("临江卫生服务站", "医疗;诊所", [("medical.station", NAME_AND_TAG)]),
        ("临江", "运动健身;健身中心", [("fitness.hall", WEAK_TAG)]),
        ("临江", "政府机构;居民委员会", [("service_centre.community", WEAK_TAG)]),
        ("临江", "政府机构;福利机构", []),
        ("临江养老院", "政府机构;福利机构", [("elder_care.institution", NAME_ONLY)]),
        ("临江度假村", "休闲娱乐;度假村", []),
        ("临江医院", "医疗;专科医院", []),
        ("临江", "", []),
    ],
)
def test_baidus_two_levels(name, tag, expected):
    assert [(one.type, one.confidence) for one in classify_baidu(name, tag)] == expected
    assert told(Row(name=name, code=tag), "baidu") == expected
