"""What each edition asks, number by number, and how much of it was read."""

from __future__ import annotations

import pytest

from lifecircle.standards import evidence_counts, load_standard, packaged_standards, standards_page
from tests.test_docs import text_of

# edition, requirement, limit, unit, profile, tag of the limit
ASKED = [
    ("tdt1062", "medical_center_15", 15, "min", "gb", "C"),
    ("tdt1062", "medical_station_10", 500, "m", "gb", "C"),
    ("tdt1062", "primary_school_10", 10, "min", "gb", "R"),
    ("tdt1062", "middle_school_15", 15, "min", "gb", "C"),
    ("wanzheng", "elder_station_10", 10, "min", "gb", "R"),
    ("wanzheng", "green_10", 10, "min", "gb", "R"),
    ("shanghai", "elder_5", 5, "min", "gb", "V"),
    ("shanghai", "nursery_500m", 500, "m", "gb", "V"),
    ("shanghai", "bus_300m", 300, "m", "gb", "V"),
    ("shanghai", "service_centre_town", 5000, "m", "gb", "V"),
    ("rural", "culture_circle_1_5km", 1500, "m", "gb", "V"),
    ("rural", "fitness_circle_15", 15, "min", "bike", "V"),
    ("rural", "town_medical_15", 15, "min", "bike", "R"),
    ("rural", "village_medical_15", 15, "min", "gb", "R"),
    ("emergency", "fire_5", 5, "min", "drive", "V"),
    ("emergency", "joint_15", 15, "min", "drive", "V"),
    ("tdt1063", "primary_school_10", 10, "min", "gb", "V"),
    ("tdt1063", "elder_5", 5, "min", "gb", "V"),
    ("tdt1063", "market_10", 10, "min", "gb", "V"),
    ("tdt1063", "park_5", 5, "min", "gb", "V"),
    ("mohurd_check", "elder_10", 10, "min", "gb", "P"),
    ("zhejiang", "culture_circle_1_5km", 1500, "m", "gb", "V"),
]


@pytest.mark.parametrize(("edition", "name", "limit", "unit", "profile", "tag"), ASKED)
def test_limits(edition, name, limit, unit, profile, tag):
    one = load_standard(edition).requirement(name)
    assert (one.limit, one.profile) == (limit, profile)
    assert (one.minutes is None) == (unit == "m")
    assert one.limit_evidence.tag == tag


def test_the_annex_of_tdt1062_is_nowhere_called_read():
    standard = load_standard("tdt1062")
    for one in standard.requirements:
        assert {item.tag for item in one.evidence} <= {"C", "R", "P"}
        assert next(item.tag for item in one.evidence if item.field == "types") == "R"


@pytest.mark.parametrize("edition", ["emergency", "tdt1063"])
def test_help_drives_from_the_station_to_the_home(edition):
    standard = load_standard(edition)
    for one in standard.requirements_of("emergency"):
        assert (one.direction, one.profile) == ("from_facility", "drive")
    for one in standard.requirements:
        assert (one.direction == "from_facility") == (one.service == "emergency")


def test_micro_stations_belong_to_the_response_circle_only():
    standard = load_standard("emergency")
    with_them = [one.id for one in standard.requirements if "emergency.micro_station" in one.types]
    assert with_them == ["response_5"]
    assert standard.requirement("response_5").obligation == "as_needed"


def test_only_check_ups_are_check_ups():
    checkups = [name for name in packaged_standards() if load_standard(name).checkup]
    assert checkups == ["mohurd_check", "tdt1063"]


def test_official_bases_of_the_check_up_are_recalled_but_that_of_parks():
    for one in load_standard("tdt1063").requirements:
        proof = {item.field: item.tag for item in one.evidence}
        if one.service == "emergency":  # nobody has read its base
            assert (one.official_base, "official_base" in proof) == ("people", False)
        else:
            assert one.official_base == "residential_land"
            assert proof["official_base"] == ("V" if one.service == "park" else "R")
        assert one.official_method == "network"


@pytest.mark.parametrize(
    ("edition", "name", "at_least", "per", "of", "tag"),
    [
        ("wanzheng", "service_floor", 30, 100, "households", "V"),
        ("wanzheng", "kindergarten_each", 1, None, "all", "R"),
        ("mohurd_check", "elder_each", 1, None, "all", "R"),
        ("zhejiang", "elder_beds", 40, 1000, "60plus", "V"),
        ("zhejiang", "sports_land", 2.8, 1, "all", "V"),
    ],
)
def test_norms(edition, name, at_least, per, of, tag):
    norm = load_standard(edition).norm(name)
    assert (norm.at_least, norm.per, norm.of) == (at_least, per, of)
    assert norm.number_evidence.tag == tag


def test_no_ratio_of_rooms_for_elder_care_is_called_zhejiangs():
    for norm in load_standard("zhejiang").norms:
        assert not (norm.service == "elder_care" and norm.measure == "floor_m2")


def test_town_and_country_are_asked_apart():
    asked = {one.id: one.where for one in load_standard("zhejiang").requirements if one.where}
    assert asked == {"culture_circle_1km": "urban", "culture_circle_1_5km": "rural"}
    for name in ("basic", "gb50180"):
        assert all(one.where is None for one in load_standard(name).requirements)


def test_what_only_a_plan_can_place_is_never_proposed():
    known = {
        kind.id: kind.proposed
        for name in ("tdt1063", "shanghai")
        for kind in load_standard(name).types
    }
    assert {name for name, proposed in known.items() if not proposed} == {
        "education.primary",
        "education.middle",
        "education.nine_year",
        "emergency.fire_station",
        "transport.bus_stop",
    }


def test_limits_are_counted_by_their_evidence():
    assert evidence_counts(load_standard("tdt1062")) == {"C": 14, "R": 1}
    assert evidence_counts(load_standard("wanzheng")) == {"V": 1, "R": 16}


def test_the_page_of_standards_is_up_to_date():
    assert text_of("docs/standards.md") == standards_page(), (
        'write it anew: python -c "from pathlib import Path; from lifecircle.standards import '
        "standards_page; Path('docs/standards.md').write_text(standards_page(), encoding='utf-8')\""
    )
