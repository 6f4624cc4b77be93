import copy
import json
import pickle

import pytest
from pydantic import ValidationError

from lifecircle.errors import RuleError
from lifecircle.standards import FacilityType, Requirement, Standard, load_standard

PROOF = [
    {"field": field, "clause": "1.2", "source": "ours", "tag": "P"}
    for field in ("minutes", "target_share", "min_people_short", "profile")
]


def requirement(**changes):
    values = {
        "id": "medical_15",
        "service": "medical",
        "label_zh": "医疗",
        "label_en": "Medical",
        "circle": 15,
        "minutes": 15,
        "target_share": 0.8,
        "min_people_short": 100,
        "evidence": tuple(PROOF),
    }
    return Requirement.model_validate({**values, **changes})


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"limit_m": 1000.0}, "two limits"),
        ({"minutes": None}, "no limit"),
        ({"profile": "runner"}, "unknown profile 'runner'"),
        ({"evidence": tuple(PROOF[1:])}, "minutes stands without evidence"),
        ({"evidence": (*PROOF, PROOF[0])}, "two entries of evidence for minutes"),
        ({"satisfied_by": ("medical.center",)}, "any type of its service"),
        ({"target_share": 0.0}, "target_share"),
        ({"target_share": 1.1}, "target_share"),
        ({"minutes": float("nan")}, "minutes"),
        ({"minutes": "15"}, "minutes"),
        ({"minutes": True}, "minutes"),
        ({"circle": 0}, "circle"),
        ({"id": "Medical 15"}, "id"),
        ({"group": "60+"}, "group"),
        ({"view": "best"}, "view"),
        ({"radius_m": 3}, "radius_m"),
    ],
)
def test_a_requirement_that_contradicts_itself_cannot_be_built(changes, told):
    with pytest.raises(ValidationError, match=told):
        requirement(**changes)


def test_a_facility_type_belongs_to_its_service():
    with pytest.raises(ValidationError, match="not of the service 'culture'"):
        FacilityType(id="medical.station", service="culture", label_zh="站", label_en="Station")
    with pytest.raises(ValidationError, match="floor_min_m2 stands without evidence"):
        FacilityType(
            id="medical.station",
            service="medical",
            label_zh="站",
            label_en="Station",
            floor_min_m2=120.0,
        )


def test_derived_values_of_a_requirement():
    timed = requirement(types=("medical.station",), satisfied_by=("medical.center",))
    assert timed.limit == 15
    assert timed.clause == "1.2"
    assert timed.accepted == ("medical.station", "medical.center")
    proof = ({**PROOF[0], "field": "limit_m", "clause": "9"}, *PROOF[1:])
    measured = requirement(minutes=None, limit_m=300.0, evidence=proof)
    assert measured.limit == 300
    assert measured.clause == "9"
    assert measured.accepted == ()


def test_nothing_can_be_changed_afterwards():
    standard = load_standard("basic")
    with pytest.raises(ValidationError):
        standard.weak_below = 10.0
    with pytest.raises(ValidationError):
        standard.requirements[0].minutes = 10.0
    for mapping in (standard.weights, standard.sources, standard.home_rules.levels_default):
        with pytest.raises(TypeError):
            mapping["medical"] = 3.0
    with pytest.raises(TypeError):
        standard.service_labels["medical"]["zh"] = "x"


def test_a_standard_survives_json_pickle_and_copy():
    standard = load_standard("zhejiang")
    dumped = standard.model_dump(mode="json")
    assert json.loads(json.dumps(dumped, ensure_ascii=False)) == dumped
    assert dumped["weights"]["medical"] == 1.0
    assert dumped["service_labels"]["medical"]["zh"] == "医疗卫生"
    assert pickle.loads(pickle.dumps(standard)) == standard
    assert copy.deepcopy(standard) == standard
    assert Standard.model_validate(standard.model_dump()) == standard


def test_lookups():
    standard = load_standard("gb50180")
    assert standard.requirement("culture_station_5").limit_m == 500
    assert standard.type("elder_care.daycare").label_en == "Day-care centre for the elderly"
    assert [r.id for r in standard.requirements_of("medical", 5)] == ["medical_station_5"]
    assert {r.circle for r in standard.requirements_of("fitness")} == {5, 10, 15}
    assert standard.requirements_of("police") == ()
    assert standard.requirements_of("medical", 7) == ()


def test_an_unknown_name_is_answered_with_the_closest():
    standard = load_standard("gb50180")
    with pytest.raises(RuleError, match=r"no requirement 'culture_station'.*culture_station_5"):
        standard.requirement("culture_station")
    with pytest.raises(RuleError, match=r"no facility type 'medical.centre'.*medical\.center"):
        standard.type("medical.centre")


def test_grades_are_those_of_the_contract():
    assert load_standard("basic").grades == (
        ("excellent", 90),
        ("good", 80),
        ("fair", 70),
        ("low", 60),
        ("poor", 0),
    )
    assert load_standard("basic").weak_below == 60
    assert load_standard("basic").no_data_factor == 0.25


def test_home_rules():
    rules = load_standard("basic").home_rules
    assert rules.untagged_min_m2 == 50
    assert rules.untagged_only_in_residential is True
    assert "apartments" in rules.residential_uses
    assert "yes" not in rules.residential_uses
    assert rules.levels_default["default"] > 0
    assert set(rules.levels_default) - {"default"} <= set(rules.residential_uses)
