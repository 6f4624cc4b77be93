import copy

import pytest

from lifecircle.errors import RuleError
from lifecircle.standards import load_standard

KEYS = {
    "medical_15.minutes": 12,
    "culture_5.target_share": 0.9,
    "type.medical.station.floor_min_m2": 150,
    "weights.medical": 2,
    "index_mean": "geometric",
    "weak_below": 55,
    "no_data_factor": 0.5,
    "home_rules.untagged_min_m2": 40,
    "home_rules.levels_default.apartments": 6,
}


def message(name, override):
    with pytest.raises(RuleError) as caught:
        load_standard(name, override=override)
    return str(caught.value)


def test_unknown_keys_are_all_refused_with_the_closest():
    told = message("basic", {"medical_15.minuts": 12, "weight.medical": 2, "medical_15.limit_m": 9})
    assert "unknown key 'medical_15.minuts' — closest: medical_15.minutes" in told
    assert "unknown key 'weight.medical' — closest: weights.medical" in told
    # A time never becomes a distance.
    assert "unknown key 'medical_15.limit_m'" in told
    assert len(told.splitlines()) == 3


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("medical_15.minutes", -3),
        ("medical_15.minutes", "12"),
        ("medical_15.minutes", True),
        ("medical_15.target_share", 80),
        ("medical_15.profile", "runner"),
        ("medical_15.obligation", "perhaps"),
        ("type.medical.station.floor_min_m2", 0),
        ("weights.medical", -1),
        ("index_mean", "harmonic"),
        ("weak_below", 200),
        ("no_data_factor", "little"),
        ("home_rules.untagged_min_m2", -1),
        ("home_rules.levels_default.apartments", "six"),
    ],
)
def test_a_bad_value_is_told_with_the_key_that_typed_it(key, value):
    told = message("basic", {key: value})
    assert f'study.toml [standard.override] "{key}"' in told


def test_weights_may_be_typed_as_one_table():
    standard = load_standard("basic", override={"weights": {"medical": 3, "elder_care": 2}})
    assert [standard.weights[one] for one in standard.services] == [3, 1, 1, 2]
    told = message("basic", {"weights": {"hospital": 3}})
    assert "unknown key 'weights.hospital'" in told


def test_weights_that_are_all_nothing_are_told_with_the_keys():
    nothing = {f"weights.{service}": 0 for service in load_standard("basic").services}
    told = message("basic", nothing)
    assert "all weights are 0" in told
    assert 'study.toml [standard.override] "weights.' in told
    del nothing["weights.medical"]
    assert load_standard("basic", override=nothing).weights["culture"] == 0


def test_values_and_evidence_change_together():
    standard = load_standard("basic", override=KEYS)
    requirement = standard.requirement("medical_15")
    assert requirement.minutes == 12
    assert (requirement.limit_evidence.tag, requirement.clause) == ("P", "override")
    assert requirement.limit_evidence.source == "study.toml"
    assert standard.sources["study.toml"]
    assert standard.requirement("culture_5").target_share == 0.9
    station = standard.type("medical.station")
    assert station.floor_min_m2 == 150
    assert {item.field: item.tag for item in station.evidence}["floor_min_m2"] == "P"
    assert (standard.weights["medical"], standard.weights["culture"]) == (2, 1)
    assert (standard.weak_below, standard.no_data_factor) == (55, 0.5)
    assert standard.index_mean == "geometric"
    assert standard.home_rules.untagged_min_m2 == 40
    assert standard.home_rules.levels_default["apartments"] == 6
    assert standard.home_rules.levels_default["house"] == 2
    told = {
        (owner, item.field) for owner, item in standard.unverified() if item.clause == "override"
    }
    assert told == {
        ("medical_15", "minutes"),
        ("culture_5", "target_share"),
        ("type.medical.station", "floor_min_m2"),
        ("standard", "weights"),
        ("standard", "index_mean"),
        ("standard", "weak_below"),
        ("standard", "no_data_factor"),
        ("home_rules", "untagged_min_m2"),
        ("home_rules", "levels_default"),
    }


def test_everything_else_stays():
    plain = load_standard("gb50180")
    changed = load_standard("gb50180", override={"culture_station_5.limit_m": 600})
    assert changed.requirement("culture_station_5").limit_m == 600
    for requirement in plain.requirements:
        if requirement.id != "culture_station_5":
            assert changed.requirement(requirement.id) == requirement
    assert changed.types == plain.types


def test_nested_tables_mean_the_same_as_dotted_keys():
    nested = {"medical_15": {"minutes": 12}, "type": {"medical": {"station": {"site_min_m2": 90}}}}
    dotted = {"medical_15.minutes": 12, "type.medical.station.site_min_m2": 90}
    assert load_standard("basic", override=nested) == load_standard("basic", override=dotted)


def test_a_number_the_standard_leaves_open_can_be_set():
    standard = load_standard("basic", override={"type.elder_care.canteen.floor_min_m2": 50})
    canteen = standard.type("elder_care.canteen")
    assert canteen.floor_min_m2 == 50
    assert ("floor_min_m2", "P") in [(item.field, item.tag) for item in canteen.evidence]


def test_the_override_is_left_as_it_was_and_an_empty_one_changes_nothing():
    given = {"medical_15": {"minutes": 12}}
    before = copy.deepcopy(given)
    load_standard("basic", override=given)
    assert given == before
    assert load_standard("basic", override={}) == load_standard("basic")
    # Nothing of the override stays behind for the next study.
    assert load_standard("basic").requirement("medical_15").minutes == 15


def test_order_of_keys_does_not_matter():
    backwards = dict(reversed(list(KEYS.items())))
    one, other = load_standard("basic", override=KEYS), load_standard("basic", override=backwards)
    assert one.requirements == other.requirements
    assert one.types == other.types
    assert one.weights == other.weights
