import pytest

from lifecircle.sources.facilities.classes import Row, classify_rows
from lifecircle.sources.facilities.map_codes import classify_amap, classify_baidu
from lifecircle.sources.facilities.recognition import NO_RULES, Recognition
from lifecircle.sources.facilities.tagging import classify_name, classify_osm
from lifecircle.standards import FacilityType, load_standard


def kind(name, **rules):
    return FacilityType(
        id=name, service=name.split(".")[0], label_zh="名", label_en="name", **rules
    )


RULES = Recognition.of(
    [
        kind(
            "park.park", tags=({"leisure": "park"},), names=("(?<!体育)公园$",), codes=("110101",)
        ),
        kind("toilet.public", tags=({"amenity": "toilets"},), names=("公厕|Public Toilet",)),
        kind("market.night", tags=({"amenity": "marketplace", "opening": "*"},)),
        kind("medical.room", names=("医务室",)),
        kind("culture.plain"),
    ]
)


def types(found):
    return [one.type for one in found]


def test_without_rules_nothing_changes():
    for tags in ({"leisure": "park"}, {"amenity": "clinic"}, {"name": "临江社区卫生服务站"}, {}):
        assert classify_osm(tags) == classify_osm(tags, NO_RULES)
    assert types(classify_osm({"leisure": "park"})) == []
    assert types(classify_name("中山公园")) == []


def test_types_without_rules_have_none():
    assert "culture.plain" not in [rule.type for rule in RULES.rules]


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        ({"leisure": "park"}, ["park.park"]),
        ({"leisure": "parking"}, []),
        ({"leisure": "park;garden"}, ["park.park"]),
        ({"leisure": "park", "disused": "yes"}, []),
        ({"amenity": "toilets", "name": "中山公园停车场"}, ["toilet.public"]),
        ({"amenity": "marketplace"}, ["daily.market"]),
        ({"amenity": "marketplace", "opening": "night"}, ["daily.market", "market.night"]),
        ({"leisure": "park", "name": "滨江体育公园"}, ["fitness.center", "park.park"]),
        ({"name": "Public Toilet 3"}, ["toilet.public"]),
        ({"name": "中山公园停车场"}, []),
    ],
)
def test_tags(tags, found):
    assert types(classify_osm(tags, RULES)) == found


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("中山公园", ["park.park"]),
        ("中山公园东门", []),
        ("中山公园公厕", ["toilet.public"]),
        ("体育公园", ["fitness.center"]),
        ("厂区医务室", ["medical.room"]),  # the general rules would say medical.clinic
        ("公厕管理培训中心", []),
        ("", []),
    ],
)
def test_names(name, found):
    assert types(classify_name(name, RULES)) == found


def test_codes_go_before_what_the_general_rules_refuse():
    rules = Recognition.of([kind("cinema.any", codes=("080601", "休闲娱乐;电影院"))])
    assert types(classify_amap("大光明", "080601")) == []
    assert types(classify_amap("大光明", "080601", rules)) == ["cinema.any"]
    assert types(classify_amap("大光明", "050300|080601", rules)) == ["cinema.any"]
    assert types(classify_baidu("大光明", "休闲娱乐；电影院", rules)) == ["cinema.any"]
    assert types(classify_amap("大光明停车场", "080601", rules)) == []


def test_a_list_is_read_by_name_class_or_code():
    rows = [
        Row(name="临江公厕"),
        Row(name="临江3号", category="公厕"),
        Row(name="临江三角地", code="110101"),
        Row(name="临江公厕停车场"),
    ]
    assert [types(one) for one in classify_rows(rows[:2], own=RULES)] == [["toilet.public"]] * 2
    assert [types(one) for one in classify_rows(rows[2:], codes="amap", own=RULES)] == [
        ["park.park"],
        [],
    ]


def test_name_and_tag_together_are_surer():
    (one,) = classify_osm({"leisure": "park", "name": "中山公园"}, RULES)
    assert (one.confidence, one.rule) == (0.95, "name 公园, tag leisure=park")


@pytest.mark.parametrize(
    ("edition", "name", "found"),
    [
        ("tdt1063", "临江实验小学", ["education.primary"]),
        ("tdt1063", "临江小学附属幼儿园", ["childcare.kindergarten"]),
        ("tdt1063", "临江第二中学", ["education.middle"]),
        ("tdt1063", "临江高级中学", []),
        ("tdt1063", "临江九年一贯制学校", ["education.nine_year"]),
        ("tdt1063", "临江滨河公园", ["park.waterfront"]),
        ("tdt1063", "临江体育公园", ["fitness.center"]),
        ("tdt1063", "公园路", []),
        ("emergency", "临江消防救援站", ["emergency.fire_station"]),
        ("emergency", "锦绣社区微型消防站", ["emergency.micro_station"]),
        ("shanghai", "临江路公交站", ["transport.bus_stop"]),
    ],
)
def test_rules_of_the_packaged_editions(edition, name, found):
    own = Recognition.of(load_standard(edition).types)
    assert types(classify_name(name, own)) == found
    assert types(classify_osm({"name": name}, own)) == found
