import pytest

from lifecircle.sources.facilities.tagging import (
    NAME_AND_TAG,
    NAME_ONLY,
    TAG_ONLY,
    WEAK_TAG,
    Classified,
    classify_name,
    classify_osm,
    plain_name,
    tag_values,
)


def types(found):
    return [each.type for each in found]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("临江社区卫生服务中心", ["medical.center"]),
        ("横浦镇卫生院", ["medical.center"]),
        ("长河社区卫生服务站（第二分点）", ["medical.station"]),
        ("大漾村卫生室", ["medical.station"]),
        ("澜浦区人民医院", ["medical.hospital"]),
        ("澜浦区人民医院（南院区）", ["medical.hospital"]),
        ("仁济门诊部", ["medical.clinic"]),
        ("大漾村居家养老服务照料中心", ["elder_care.daycare"]),
        ("锦绣社区日间照料中心", ["elder_care.daycare"]),
        ("澜城颐养院", ["elder_care.institution"]),
        ("区社会福利院", ["elder_care.institution"]),
        ("东门社区老年食堂", ["elder_care.canteen"]),
        ("星河老年活动中心", ["elder_care.activity"]),
        ("老年大学", ["elder_care.activity"]),
        ("澜浦区图书馆", ["culture.library"]),
        ("澜浦城市书房(北寺馆)", ["culture.station"]),
        ("白荡村文化礼堂", ["culture.station"]),
        ("横浦镇综合文化站", ["culture.center"]),
        ("区文化馆", ["culture.center"]),
        ("南京市博物馆", ["culture.venue"]),
        ("横浦镇全民健身中心", ["fitness.center"]),
        ("澜浦体育馆", ["fitness.center"]),
        ("澜浦体育场", ["fitness.field"]),
        ("锦绣百姓健身房", ["fitness.hall"]),
        ("洋泾新苑健身苑", ["fitness.outdoor"]),
        ("海浦镇笼式多功能球场", ["fitness.court"]),
        ("笼式足球场", ["fitness.court"]),
        ("云栖门球场", ["fitness.court"]),
        ("五老村幼儿园", ["childcare.kindergarten"]),
        ("东门向日葵托育园", ["childcare.nursery"]),
        ("澜城街道便民服务中心", ["service_centre.street"]),
        ("西仓社区党群服务中心", ["service_centre.community"]),
        ("东乡社区服务中心", ["service_centre.community"]),
        ("丰乐村便民服务站", ["service_centre.community"]),
        ("科巷菜市场", ["daily.market"]),
        ("南塘便利店", ["daily.shop"]),
        ("新村大药房", ["daily.pharmacy"]),
        ("锦绣邻里中心 社区卫生服务站", ["medical.station", "service_centre.community"]),
        ("文体中心图书馆", ["culture.library", "fitness.center"]),
    ],
)
def test_names_that_tell(name, expected):
    found = classify_name(name)
    assert types(found) == expected
    assert all(each.confidence == NAME_ONLY for each in found)
    assert all(each.rule.startswith("name ") for each in found)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "金色宠物医院",
        "动物医院",
        "图书馆停车场",
        "永安口腔门诊部",
        "盛世美容医院",
        "养老护理员培训中心",
        "人民医院东门",
        "东方里(东门)",
        "体育馆(公交站)",
        "人民医院宿舍",
        "东方书店",
        "盛世台球俱乐部",
        "养生会所健康小屋",
        "儿童福利院",
        "医院路",
        "体育场路",
        "临江花园",
        "Dr. Bonhoeffer Klinikum",
    ],
)
def test_names_that_tell_nothing(name):
    assert classify_name(name) == ()


def test_the_rule_shows_the_words_that_decided():
    (found,) = classify_name("临江社区卫生服务站（第二分点）")
    assert found == Classified(
        service="medical",
        type="medical.station",
        confidence=NAME_ONLY,
        rule="name 社区卫生服务站",
    )


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"amenity": "hospital"}, [("medical.hospital", TAG_ONLY)]),
        ({"amenity": "clinic"}, [("medical.clinic", TAG_ONLY)]),
        ({"amenity": "doctors"}, [("medical.clinic", TAG_ONLY)]),
        ({"healthcare": "doctor"}, [("medical.clinic", TAG_ONLY)]),
        ({"healthcare": "centre"}, [("medical.center", WEAK_TAG)]),
        ({"building": "hospital"}, [("medical.hospital", WEAK_TAG)]),
        ({"amenity": "pharmacy"}, [("daily.pharmacy", TAG_ONLY)]),
        ({"amenity": "pharmacy", "healthcare": "pharmacy"}, [("daily.pharmacy", TAG_ONLY)]),
        ({"amenity": "library"}, [("culture.library", TAG_ONLY)]),
        ({"amenity": "community_centre"}, [("culture.center", TAG_ONLY)]),
        ({"tourism": "museum"}, [("culture.venue", TAG_ONLY)]),
        ({"amenity": "theatre"}, [("culture.venue", TAG_ONLY)]),
        ({"leisure": "sports_centre"}, [("fitness.center", TAG_ONLY)]),
        ({"leisure": "fitness_centre"}, [("fitness.hall", TAG_ONLY)]),
        ({"leisure": "fitness_station"}, [("fitness.outdoor", TAG_ONLY)]),
        ({"leisure": "stadium"}, [("fitness.field", TAG_ONLY)]),
        ({"leisure": "pitch", "sport": "soccer"}, [("fitness.court", TAG_ONLY)]),
        ({"leisure": "swimming_pool", "access": "customers"}, [("fitness.center", WEAK_TAG)]),
        ({"amenity": "kindergarten"}, [("childcare.kindergarten", TAG_ONLY)]),
        ({"amenity": "childcare"}, [("childcare.nursery", TAG_ONLY)]),
        ({"amenity": "marketplace"}, [("daily.market", TAG_ONLY)]),
        ({"shop": "supermarket"}, [("daily.shop", TAG_ONLY)]),
        ({"amenity": "nursing_home"}, [("elder_care.institution", TAG_ONLY)]),
        (
            {"amenity": "social_facility", "social_facility": "nursing_home"},
            [("elder_care.institution", TAG_ONLY)],
        ),
        (
            {"social_facility": "group_home", "social_facility:for": "disabled;senior"},
            [("elder_care.institution", TAG_ONLY)],
        ),
        (
            {"social_facility": "day_care", "social_facility:for": "senior"},
            [("elder_care.daycare", TAG_ONLY)],
        ),
        ({"social_facility": "day_care"}, [("elder_care.daycare", WEAK_TAG)]),
        (
            {"amenity": "community_centre", "community_centre:for": "senior"},
            [("elder_care.activity", TAG_ONLY)],
        ),
        (
            {"amenity": "library", "leisure": "fitness_centre"},
            [("culture.library", TAG_ONLY), ("fitness.hall", TAG_ONLY)],
        ),
    ],
)
def test_tags_that_tell(tags, expected):
    assert [(each.type, each.confidence) for each in classify_osm(tags)] == expected


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"amenity": "dentist"},
        {"amenity": "clinic", "healthcare": "dentist"},
        {"amenity": "veterinary"},
        {"amenity": "cinema"},
        {"amenity": "townhall"},
        {"amenity": "public_bookcase"},
        {"office": "government"},
        {"leisure": "playground"},
        {"leisure": "pitch", "access": "private"},
        {"leisure": "pitch", "sport": "equestrian"},
        {"leisure": "track", "sport": "motocross"},
        {"leisure": "swimming_pool"},
        {"leisure": "swimming_pool", "name": "Hotel", "access": "private"},
        {"social_facility": "group_home"},
        {"social_facility": "nursing_home", "social_facility:for": "disabled"},
        {"amenity": "hospital", "disused": "yes"},
        {"highway": "bus_stop", "name": "人民医院"},
        {"amenity": "hospital", "name": "金色宠物医院"},
        {"amenity": "hospital", "name": "江苏省口腔医院"},
    ],
)
def test_tags_that_tell_nothing(tags):
    assert classify_osm(tags) == ()


def test_name_and_tag_agree():
    (found,) = classify_osm({"amenity": "clinic", "name": "临江社区卫生服务站"})
    assert found.type == "medical.station"
    assert found.confidence == NAME_AND_TAG
    assert found.rule == "name 社区卫生服务站, tag amenity=clinic"


def test_a_strong_name_outranks_another_tag():
    (found,) = classify_osm({"amenity": "community_centre", "name": "星河老年活动中心"})
    assert (found.type, found.confidence) == ("elder_care.activity", NAME_ONLY)


def test_words_of_other_languages_refine_what_a_tag_says():
    (found,) = classify_osm({"amenity": "hospital", "name": "Centro de Salud de Schamann"})
    assert (found.type, found.confidence) == ("medical.center", NAME_AND_TAG)
    assert classify_osm({"shop": "books", "name": "Centro de Salud"}) == ()


def test_tags_are_not_changed():
    tags = {"amenity": "clinic", "name": "x"}
    classify_osm(tags)
    assert tags == {"amenity": "clinic", "name": "x"}


def test_spellings_are_brought_together():
    assert plain_name("　ＡＢＣ（东门） x") == "abc(东门)x"
    assert types(classify_name("临江 社区卫生 服务站")) == ["medical.station"]
    assert tag_values("a b a") == frozenset("ab")
