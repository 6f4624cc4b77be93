"""Who is served worse: the toy town by hand, flat groups, and what is unknown."""

from __future__ import annotations

import numpy as np
import pytest

from lifecircle.access.equity import LEVELS, equity, is_flat
from lifecircle.access.levels import levels_of
from lifecircle.reach.matrix import reach_of
from lifecircle.tables import EQUITY
from tests.making import community_table, facilities_at, homes_at, requirement, standard, streets
from tests.toytown_answers import TOLERANCE_S

STREET = streets([(0, 0), (5000, 0)])


@pytest.fixture(scope="module")
def toy(toy_findings):
    return toy_findings.results.measures.equity


def one(table, requirement_id, measure, of, area="study"):
    found = table[
        (table["area_id"] == area)
        & (table["requirement"] == requirement_id)
        & (table["measure"] == measure)
        & (table["of"] == of)
    ]
    assert len(found) == 1
    return found.iloc[0]


def compared(homes, town, communities, *asked):
    rule = standard(*(asked or (requirement(),)))
    return equity(
        rule,
        {one.id: reach_of(one, homes, town, STREET) for one in rule.requirements},
        homes=homes,
        levels=levels_of(communities, homes, town, study_name="Town"),
        communities=communities,
    )


# -- the toy town ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("requirement_id", "of", "mine", "theirs"),
    [
        # Covered within 300 s: h06-h14 and h16, 350 of 595 elders and 30 of 62 infants.
        ("medical_5", "60plus", 350 / 595, 1128 / 2088),
        ("medical_5", "0_3", 30 / 62, 1128 / 2088),
        # 东乡村 c3 (160 of 184) against c1 and c2 (968 of 1,904).
        ("medical_5", "village", 160 / 184, 968 / 1904),
        # 208.8 people: h17 and h18 (24) reach nothing, 184.8 of h05 and h15 walk 468 s.
        ("medical_15", "worst_tenth", 184.8 / 208.8, 2064 / 2088),
        ("medical_5", "worst_tenth", 0.0, 1128 / 2088),
    ],
)
def test_toy_shares_are_those_worked_by_hand(toy, requirement_id, of, mine, theirs):
    row = one(toy, requirement_id, "share_gap", of)
    assert row["of_value"] == pytest.approx(mine)
    assert row["against_value"] == pytest.approx(theirs)
    assert row["value"] == pytest.approx(mine - theirs)
    assert row["note"] is None or row["note"] != row["note"]


def test_toy_medians_of_the_worst_tenth(toy):
    row = one(toy, "medical_15", "median_gap_s", "worst_tenth")
    assert row["of_value"] == pytest.approx(468.0, abs=TOLERANCE_S)
    assert row["value"] == pytest.approx(180.0, abs=TOLERANCE_S)
    assert row["of_people"] == pytest.approx(208.8)
    # The worst tenth of culture_15 is h16, whose 160 people walk 1260 s, then 990 s.
    never = one(toy, "culture_5", "median_gap_s", "worst_tenth")
    assert np.isnan(never["value"])
    assert never["note"] == "not_reached"


def test_toy_gini_is_the_mean_difference_of_two_people(toy, toy_findings):
    homes = toy_findings.homes
    walk = homes["medical_15_s"].fillna(2 * 900).to_numpy() / 60
    people = homes["people"].to_numpy()
    apart = (np.abs(walk[:, None] - walk[None, :]) * people[:, None] * people[None, :]).sum()
    mean = (walk * people).sum() / people.sum()
    expected = apart / (2 * mean * people.sum() ** 2)
    assert one(toy, "medical_15", "gini", "all")["value"] == pytest.approx(expected)


def test_toy_concentration_is_worked_by_hand(toy):
    # All 24 uncovered people live in c3, where 184 of 2,088 live: 1 - 184/2088 are elsewhere.
    row = one(toy, "medical_15", "concentration", "uncovered")
    assert row["value"] == pytest.approx(1904 / 2088)
    assert row["of_people"] == pytest.approx(24)
    # u2 is c2 and c3; nobody of c2 is uncovered, and 864 of its 1,048 people live there.
    row = one(toy, "medical_15", "concentration", "uncovered", area="u2")
    assert row["value"] == pytest.approx(864 / 1048)


def test_only_areas_above_the_community_are_compared(toy):
    assert set(toy["level"]) == set(LEVELS)
    shares = toy[toy["measure"].isin(["gini", "concentration"])]["value"].dropna()
    assert shares.between(0, 1).all()
    assert list(toy.columns) == list(EQUITY)


# -- by hand on one street ---------------------------------------------------------------------
def test_a_flat_share_is_not_compared_and_says_so():
    homes = homes_at(
        STREET,
        (500, 0),
        (2500, 0),
        people=[30.0, 10.0],
        people_60plus=[7.5, 2.5],
        people_0_3=[1, 0],
    )
    table = compared(homes, facilities_at(STREET, (0, 0)), community_table("c1"))
    row = one(table, "medical_15", "share_gap", "60plus")
    assert row["note"] == "flat_share"
    assert np.isnan(row["value"])
    assert np.isnan(row["of_value"])
    assert one(table, "medical_15", "share_gap", "0_3")["value"] == pytest.approx(1 - 0.75)


def test_flat_is_one_share_of_those_who_live_there():
    people = np.array([10.0, 0.0, 30.0])
    assert is_flat(0.2 * people, people)
    assert not is_flat(np.array([2.0, 0.0, 6.1]), people)
    assert not is_flat(people[1:2], people[1:2])  # nobody is no share


@pytest.mark.parametrize(
    ("urban", "note"),
    [([None, None], "unknown"), ([True, True], "nobody"), ([True, False], None)],
)
def test_towns_and_villages_are_compared_where_they_are_known(urban, note):
    communities = community_table("a", "b", urban=urban)
    homes = homes_at(STREET, (500, 0), (1500, 0), community=["a", "b"])
    table = compared(homes, facilities_at(STREET, (0, 0)), communities)
    row = one(table, "medical_15", "share_gap", "village")
    assert (row["note"] if isinstance(row["note"], str) else None) == note
    if note is None:
        assert (row["of_value"], row["against_value"], row["value"]) == (0.0, 1.0, -1.0)
    else:
        assert np.isnan(row["value"])


def test_everybody_covered_concentrates_nowhere():
    homes = homes_at(STREET, (500, 0))
    table = compared(homes, facilities_at(STREET, (0, 0)), community_table("c1"))
    row = one(table, "medical_15", "concentration", "uncovered")
    assert np.isnan(row["value"])
    assert row["note"] == "nobody"


def test_nobody_at_all():
    homes = homes_at(STREET, (500, 0), people=0.0)
    table = compared(homes, facilities_at(STREET, (0, 0)), community_table("c1"))
    assert table["value"].isna().all()
    assert table["note"].notna().all()


def test_inputs_stay_as_they_are():
    homes = homes_at(STREET, (500, 0), people_60plus=4.0)
    communities = community_table("c1")
    before = homes.table.copy(), communities.copy()
    compared(homes, facilities_at(STREET, (0, 0)), communities)
    assert homes.table.equals(before[0])
    assert communities.equals(before[1])
