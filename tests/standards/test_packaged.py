import tomllib
from importlib import resources

import pytest

from lifecircle.errors import RuleError
from lifecircle.standards import Standard, load_standard, packaged_standards

EDITIONS = (
    "basic",
    "emergency",
    "gb50180",
    "mohurd_check",
    "rural",
    "shanghai",
    "tdt1062",
    "tdt1063",
    "wanzheng",
    "zhejiang",
)
TAGS = {"V", "C", "R", "N", "P"}
# A circle or tier says where a row is listed; it is no limit of its own.
CLASSES = {"circle"}


def raw(name):
    entry = resources.files("lifecircle.standards").joinpath(f"{name}.toml")
    return tomllib.loads(entry.read_text(encoding="utf-8"))


def evidence(standard: Standard):
    for requirement in standard.requirements:
        yield from ((requirement.id, item) for item in requirement.evidence)
    for norm in standard.norms:
        yield from ((norm.id, item) for item in norm.evidence)
    for kind in standard.types:
        yield from ((kind.id, item) for item in kind.evidence)
    yield from (("home_rules", item) for item in standard.home_rules.evidence)
    yield from (("standard", item) for item in standard.evidence)


def test_the_editions_are_packaged():
    assert packaged_standards() == EDITIONS


@pytest.mark.parametrize("name", EDITIONS)
def test_edition_loads_under_its_own_name(name):
    standard = load_standard(name)
    assert standard.name == name
    assert {kind.service for kind in standard.types} == set(standard.services)
    assert set(standard.service_labels) == set(standard.services)
    assert set(standard.weights.values()) == {1.0}


@pytest.mark.parametrize("name", [*EDITIONS, "common"])
def test_every_number_typed_in_a_file_has_evidence_beside_it(name):
    document = raw(name)
    rows = [
        *document.get("requirements", []),
        *document.get("types", []),
        *document.get("requirement_defaults", []),
    ]
    if "home_rules" in document:
        rows.append(document["home_rules"])
    assert rows
    for row in rows:
        proved = {item["field"] for item in row.get("evidence", [])}
        numbers = {
            key
            for key, value in row.items()
            if isinstance(value, int | float) or key in ("counts", "levels_default")
        }
        assert numbers - CLASSES <= proved, row.get("id")


@pytest.mark.parametrize("name", EDITIONS)
def test_no_typed_row_is_lost_on_the_way(name):
    standard = load_standard(name)
    typed = {row["id"] for row in raw(name)["requirements"]}
    assert typed <= {requirement.id for requirement in standard.requirements}


@pytest.mark.parametrize("name", EDITIONS)
def test_numbers_of_the_loaded_standard_have_evidence(name):
    standard = load_standard(name)
    for requirement in standard.requirements:
        proved = [item.field for item in requirement.evidence]
        limit = "minutes" if requirement.limit_m is None else "limit_m"
        for field in (limit, "target_share", "min_people_short", "profile"):
            assert proved.count(field) == 1, (requirement.id, field)
    assert {"weights", "grades", "weak_below", "no_data_factor"} <= {
        item.field for item in standard.evidence
    }


@pytest.mark.parametrize("name", EDITIONS)
def test_tags_and_sources_are_known(name):
    standard = load_standard(name)
    for owner, item in evidence(standard):
        assert item.tag in TAGS, owner
        assert standard.sources[item.source], owner


@pytest.mark.parametrize("name", EDITIONS)
def test_a_proposal_never_sounds_like_the_authorities(name):
    standard = load_standard(name)
    for owner, item in evidence(standard):
        if item.tag == "P":
            text = f"{item.clause} {item.note} {standard.sources[item.source]}".lower()
            for word in ("official", "statutory", "官方", "法定"):
                assert word not in text, owner
    for note in standard.notes:
        assert "官方" not in note
        assert "official" not in note.lower()


@pytest.mark.parametrize("name", EDITIONS)
def test_targets_scores_and_home_rules_are_proposals(name):
    standard = load_standard(name)
    for owner, item in evidence(standard):
        if owner in ("home_rules", "standard") or item.field == "target_share":
            # Shanghai publishes a target of its own; nobody else is held to it.
            theirs = name == "shanghai" and item.source == "S19"
            assert item.tag == ("V" if theirs else "P"), (owner, item.field)


@pytest.mark.parametrize("name", EDITIONS)
def test_unverified_lists_exactly_what_is_neither_read_nor_corroborated(name):
    standard = load_standard(name)
    told = [item for _, item in standard.unverified()]
    assert told == [item for _, item in evidence(standard) if item.tag not in ("V", "C")]


def test_basic_asks_four_services_twice():
    standard = load_standard("basic")
    assert [requirement.id for requirement in standard.requirements] == [
        f"{service}_{minutes}"
        for service in ("medical", "culture", "fitness", "elder_care")
        for minutes in (5, 15)
    ]
    for requirement in standard.requirements:
        assert requirement.accepted == ()
        assert (requirement.profile, requirement.group) == ("gb", "all")
        assert requirement.minutes == requirement.circle
        assert requirement.obligation == "must"
        assert requirement.target_share == {5: 0.6, 15: 0.8}[requirement.circle]
        assert requirement.min_people_short == 100


@pytest.mark.parametrize(
    ("requirement_id", "limit_m", "obligation", "tag"),
    [
        ("medical_center_15", 1000, "must", "C"),
        ("medical_clinic_15", 1000, "must", "R"),
        ("medical_station_5", 300, "as_needed", "C"),
        ("culture_center_15", 1000, "must", "C"),
        ("culture_station_5", 500, "must", "C"),
        ("fitness_center_15", 1000, "as_needed", "R"),
        ("fitness_field_15", 1000, "must", "R"),
        ("fitness_court_10", 500, "must", "R"),
        ("fitness_court_5", 300, "must", "R"),
        ("fitness_outdoor_5", 300, "must", "C"),
        ("elder_daycare_5", 300, "must", "C"),
        ("kindergarten_5", 300, "must", "V"),
        ("nursery_5", 300, "as_needed", "R"),
        ("service_centre_street_15", 1000, "must", "C"),
        ("service_centre_community_5", 300, "must", "C"),
        ("daily_market_10", 500, "must", "C"),
    ],
)
def test_radii_of_gb50180(requirement_id, limit_m, obligation, tag):
    for name in ("gb50180", "zhejiang"):
        requirement = load_standard(name).requirement(requirement_id)
        assert requirement.limit_m == limit_m
        assert requirement.minutes is None
        assert requirement.obligation == obligation
        assert requirement.limit_evidence.tag == tag
        assert requirement.clause == "GB 50180-2018 附录C"
        assert requirement.view == "base"
        assert f"_{requirement.circle}" in requirement.id


def test_only_the_health_station_is_satisfied_by_a_higher_tier():
    standard = load_standard("gb50180")
    station = standard.requirement("medical_station_5")
    assert station.accepted == ("medical.station", "medical.center")
    assert [r.id for r in standard.requirements if r.satisfied_by] == ["medical_station_5"]


def test_quality_view_is_a_proposal_for_elders_that_makes_no_shortfall():
    standard = load_standard("gb50180")
    quality = [r for r in standard.requirements if r.view == "quality"]
    assert len(quality) == 7
    for requirement in quality:
        assert (requirement.profile, requirement.group) == ("elder", "60plus")
        assert (requirement.circle, requirement.minutes) == (15, 15)
        assert requirement.limit_evidence.tag == "P"
        assert requirement.obligation == "as_needed"
    base_15 = {r.accepted for r in standard.requirements if r.circle == 15 and r.view == "base"}
    assert base_15 < {r.accepted for r in quality}


@pytest.mark.parametrize(
    ("type_id", "floor", "site", "people"),
    [
        ("medical.center", 1700, 1420, 100_000),
        ("medical.station", 120, None, 12_000),
        ("medical.hospital", None, None, None),
        ("culture.center", 3000, 3000, 100_000),
        ("culture.station", 250, None, 12_000),
        ("fitness.center", 2000, 1200, 100_000),
        ("fitness.field", None, 3150, 100_000),
        ("fitness.court", None, 770, 12_000),
        ("fitness.outdoor", None, 150, 12_000),
        ("elder_care.institution", 3500, 1750, 100_000),
        ("elder_care.daycare", 350, None, 12_000),
        ("elder_care.canteen", None, None, None),
        ("service_centre.street", 700, 600, 100_000),
        ("service_centre.community", 600, 500, 12_000),
        ("childcare.kindergarten", 3150, 5240, 12_000),
        ("daily.market", 750, None, 25_000),
        ("daily.shop", 50, None, 3_000),
    ],
)
def test_sizes_of_facility_types(type_id, floor, site, people):
    kind = load_standard("gb50180").type(type_id)
    assert kind.floor_min_m2 == floor
    assert kind.site_min_m2 == site
    assert kind.people_per_facility == people


def test_zhejiang_keeps_the_base_and_adds_the_circles():
    base = load_standard("gb50180")
    standard = load_standard("zhejiang")
    assert {r.id for r in standard.requirements} - {r.id for r in base.requirements} == {
        "culture_circle_15",
        "culture_circle_1km",
        "culture_circle_1_5km",
        "fitness_circle_10",
        "fitness_circle_1km",
        "medical_circle_15",
        "elder_daycare_15",
        "elder_institution_15",
        "nursery_15",
    }
    for requirement in base.requirements:
        assert standard.requirement(requirement.id) == requirement
    order = [standard.services.index(r.service) for r in standard.requirements]
    assert order == sorted(order)
    assert set(base.notes) < set(standard.notes)


def test_culture_circle_counts_one_required_and_three_in_all():
    standard = load_standard("zhejiang")
    timed = standard.requirement("culture_circle_15")
    measured = standard.requirement("culture_circle_1km")
    assert (timed.minutes, measured.limit_m) == (15, 1000)
    assert timed.counts == measured.counts
    required, everything = timed.counts
    assert (required.at_least, everything.at_least) == (1, 3)
    assert set(required.types) < set(everything.types) == set(timed.types)
    assert timed.limit_evidence.tag == "V"


def test_zhejiang_proposals_make_no_shortfall():
    for requirement in load_standard("zhejiang").requirements:
        if requirement.limit_evidence.tag == "P":
            assert requirement.obligation == "as_needed", requirement.id
    assert load_standard("zhejiang").requirement("medical_circle_15").limit_evidence.tag == "P"


def test_targets_of_another_city_are_not_taken_over():
    for name in set(EDITIONS) - {"shanghai"}:
        targets = {r.target_share for r in load_standard(name).requirements}
        assert targets <= {0.6, 0.7, 0.8}


def test_a_standard_that_contradicts_itself_is_listed_not_refused():
    (sentence,) = load_standard("zhejiang").inconsistencies()
    assert "fitness_circle_10" in sentence
    assert "667 m" in sentence
    assert "1000 m" in sentence
    assert load_standard("gb50180").inconsistencies() == ()


def test_notes_speak_both_languages():
    for name in EDITIONS:
        for note in load_standard(name).notes:
            chinese, _, english = note.partition(" / ")
            assert any("\u4e00" <= sign <= "\u9fff" for sign in chinese)
            assert english.isascii()


@pytest.mark.parametrize("code", ["7", "070", "07020", "0702a", "社区"])
def test_a_land_code_has_two_four_or_six_digits(code):
    with pytest.raises(RuleError, match="land_code_2023"):
        load_standard("basic", override={"type.medical.station.land_code_2023": code})


def test_codes_and_settings_of_new_facilities_can_be_replaced():
    override = {
        "type.fitness.court.land_code_2023": "080501",
        "type.fitness.court.land_code_rural": "0704",
        "type.fitness.court.setting": "joint",
    }
    court = load_standard("basic", override=override).type("fitness.court")
    assert (court.land_code_2023, court.land_code_rural, court.setting) == (
        "080501",
        "0704",
        "joint",
    )
    assert {item.tag for item in court.evidence if item.field == "setting"} == {"P"}


@pytest.mark.parametrize("name", packaged_standards())
def test_every_type_that_is_proposed_says_which_code_it_takes(name):
    standard = load_standard(name)
    for kind in standard.types:
        if kind.proposed and kind.service in ("medical", "culture", "fitness", "elder_care"):
            assert kind.land_code_2023, kind.id
        # The small ones stand in 0702, in the countryside in 0704.
        assert bool(kind.land_code_rural) is (kind.land_code_2023 == "0702"), kind.id
