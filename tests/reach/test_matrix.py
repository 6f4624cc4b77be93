"""Who reaches what: inclusive limits, the right facilities, audiences, counts and directions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.network.compounds import enclose
from lifecircle.reach.matrix import counting_facilities, limit_units, reach_of
from lifecircle.standards import CountRule
from tests.making import (
    estate_table,
    facilities_at,
    gate_table,
    homes_at,
    requirement,
    streets,
)

# One street due east; with ``gb`` a metre costs 0.9 s, so 15 minutes are 1,000 m.
STREET = streets([(0, 0), (5000, 0)])


def test_empty_tables_keep_their_shapes():
    ask = requirement()
    nobody, somebody = homes_at(STREET), homes_at(STREET, (0, 0), (9, 0))
    nothing, something = facilities_at(STREET), facilities_at(STREET, (0, 0))
    assert reach_of(ask, nobody, something, STREET).covered.shape == (0,)
    assert reach_of(ask, nobody, nothing, STREET).counting.shape == (0,)
    reach = reach_of(ask, somebody, nothing, STREET)
    assert np.isnan(reach.walk_s).all()
    assert np.isnan(reach.length_m).all()
    assert reach.facility.tolist() == [-1, -1]
    assert reach.covered.dtype == bool
    assert not reach.covered.any()


def test_the_limit_is_inclusive_and_twice_the_limit_is_still_measured():
    homes = homes_at(STREET, *((x, 0) for x in (1000, 1000.01, 1000.02, 2000, 2000.02)))
    reach = reach_of(requirement(), homes, facilities_at(STREET, (0, 0)), STREET)
    # 1,000.01 m are 900.009 s, which rounds to 900.01
    assert reach.walk_s[:4].tolist() == [900.0, 900.01, 900.02, 1800.0]
    assert reach.length_m[:4].tolist() == [1000.0, 1000.01, 1000.02, 2000.0]
    assert reach.covered.tolist() == [True, False, False, False, False]
    assert np.isnan(reach.walk_s[4])
    assert reach.facility.tolist() == [0, 0, 0, 0, -1]
    assert reach.measured[0] == 15.0


def test_a_distance_clause_is_measured_in_metres_and_not_in_minutes():
    ask = requirement(minutes=None, limit_m=300.0, profile="elder")
    assert limit_units(ask) == 30_000
    homes = homes_at(STREET, (300, 0), (300.02, 0), (600, 0))
    reach = reach_of(ask, homes, facilities_at(STREET, (0, 0)), STREET)
    assert reach.covered.tolist() == [True, False, False]
    assert reach.measured.tolist() == [300.0, 300.02, 600.0]
    assert reach.walk_s.tolist() == [375.0, 375.02, 750.0]


def test_only_what_exists_and_is_asked_for_counts():
    kinds = ["medical.station", "medical.center", "culture.station", "medical.station"]
    town = facilities_at(
        STREET,
        (0, 0), (10, 0), (20, 0), (30, 0),
        kind=kinds, status=["existing", None, "existing", "planned"],
    )  # fmt: skip
    whole = requirement()
    assert counting_facilities(whole, town.table).tolist() == [True, True, False, False]
    stations = requirement(types=("medical.station",))
    assert counting_facilities(stations, town.table).tolist() == [True, False, False, False]
    either = requirement(types=("medical.station",), satisfied_by=("medical.center",))
    assert counting_facilities(either, town.table).tolist() == [True, True, False, False]
    for status in ("building", "planned", "promised", "closed", "unconfirmed"):
        later = facilities_at(STREET, (0, 0), status=[status])
        assert not counting_facilities(whole, later.table).any()
    staff = facilities_at(STREET, (0, 0), (1, 0), (2, 0), open_to=["members", "anyone", None])
    assert counting_facilities(whole, staff.table).tolist() == [False, True, True]


def test_ties_go_to_the_lowest_row_and_the_nearest_wins():
    homes = homes_at(STREET, (500, 0), (499, 0), (501, 0))
    town = facilities_at(STREET, (400, 0), (600, 0))
    reach = reach_of(requirement(), homes, town, STREET)
    assert reach.facility.tolist() == [0, 0, 1]
    assert reach.walk_s.tolist() == [90.0, 89.1, 89.1]


def test_walks_run_home_to_facility_unless_the_clause_says_otherwise():
    one_way = streets([(0, 0), (1000, 0)], foot_backward=[False])
    homes, town = homes_at(one_way, (100, 0), (900, 0)), facilities_at(one_way, (500, 0))
    there = reach_of(requirement(), homes, town, one_way)
    assert there.covered.tolist() == [True, False]
    back = reach_of(requirement(direction="from_facility"), homes, town, one_way)
    assert back.covered.tolist() == [False, True]
    assert back.walk_s[1] == 360.0


# -- audiences ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("serves", "column"),
    [("community", "community_id"), ("subdistrict", "subdistrict"), ("unit", "unit_id")],
)
def test_a_facility_that_serves_an_area_counts_for_its_own(serves, column):
    homes = homes_at(
        STREET, (0, 0), (100, 0), (200, 0), (300, 0), **{column: ["a", "b", None, "c"]}
    )
    town = facilities_at(STREET, (0, 0), (250, 0), (10, 0), **{column: ["a", "b", None]})
    reach = reach_of(requirement(serves=serves), homes, town, STREET)
    assert reach.facility.tolist() == [0, 1, -1, -1]
    assert reach.covered.tolist() == [True, True, False, False]
    anyone = reach_of(requirement(), homes, town, STREET)
    assert anyone.facility.tolist() == [0, 2, 1, 1]


def test_a_residents_facility_counts_for_its_own_closed_estate_only():
    ring = [(-10, 50), (-10, -10), (110, -10), (110, 110), (-10, 110), (-10, 50)]
    box = shapely.box(0, 0, 100, 100)
    town = enclose(streets(ring, [(-10, 50), (90, 50)]), estate_table(box), gate_table((0, 50)))
    homes = homes_at(town, (50, 50), (-10, 80), (-10, 20))
    gym = facilities_at(town, (80, 50), (-10, 90), open_to=["residents", "residents"])
    reach = reach_of(requirement(), homes, gym, town.network)
    # the second one stands outside every closed estate: nobody knows whose it is
    assert reach.facility.tolist() == [0, -1, -1]
    assert reach.walk_s[0] == 27.0
    open_gym = facilities_at(town, (80, 50), open_to=["anyone"])
    visited = reach_of(requirement(), homes, open_gym, town.network)
    assert visited.covered.all()
    assert visited.walk_s[1] == pytest.approx((30 + 90) * 0.9, abs=0.05)
    # a public one farther away is taken by those outside, and the nearer private one by those in
    both = facilities_at(town, (80, 50), (-10, 110), open_to=["residents", None])
    mixed = reach_of(requirement(), homes, both, town.network)
    assert mixed.facility.tolist() == [0, 1, 1]


# -- count rules -------------------------------------------------------------------------------
def test_every_count_rule_must_hold_within_the_limit():
    kinds = ["culture.center", "culture.library", "culture.venue", "culture.library"]
    town = facilities_at(STREET, (0, 0), (500, 0), (1500, 0), (1600, 0), kind=kinds)
    rules = (
        CountRule(types=("culture.center",), at_least=1),
        CountRule(types=("culture.library", "culture.venue"), at_least=2),
    )
    ask = requirement("culture_15", counts=rules)
    homes = homes_at(STREET, (0, 0), (500, 0), (600, 0), (1000, 0), (1001, 0))
    reach = reach_of(ask, homes, town, STREET)
    # others: 500 alone | 500 and 1,500 | 500, 1,500, 1,600 | all | the centre is too far
    assert reach.covered.tolist() == [False, True, True, True, False]
    # the walk leads to the place that completes the set: the second of the others, or the centre
    assert reach.facility.tolist() == [2, 2, 2, 0, 0]
    assert reach.length_m.tolist() == [1500.0, 1000.0, 900.0, 1000.0, 1001.0]
    assert reach.rule.tolist() == [1, 1, 1, 0, 0]
    single = reach_of(requirement("culture_15"), homes, town, STREET)
    assert single.covered.all()
    assert single.rule.tolist() == [-1] * 5


def test_a_set_nobody_completes_has_no_walk_but_names_what_lacks():
    town = facilities_at(STREET, (0, 0), (10, 0), kind=["culture.center", "culture.library"])
    rules = (
        CountRule(types=("culture.center",), at_least=1),
        CountRule(types=("culture.library",), at_least=2),
    )
    homes = homes_at(STREET, (0, 0))
    reach = reach_of(requirement("culture_15", counts=rules), homes, town, STREET)
    assert reach.covered.tolist() == [False]
    assert np.isnan(reach.walk_s[0])
    assert (reach.facility[0], reach.rule[0]) == (-1, 1)


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_the_completing_walk_is_the_later_of_the_nth_nearest(data):
    spots = data.draw(st.lists(st.integers(0, 1900), min_size=0, max_size=7))
    kinds = [data.draw(st.sampled_from(["culture.center", "culture.library"])) for _ in spots]
    asked = [data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))]
    at = data.draw(st.integers(0, 1900))
    rules = (
        CountRule(types=("culture.center",), at_least=asked[0]),
        CountRule(types=("culture.center", "culture.library"), at_least=asked[1]),
    )
    town = facilities_at(STREET, *((x, 0) for x in spots), kind=kinds)
    ask = requirement("culture_15", counts=rules)
    reach = reach_of(ask, homes_at(STREET, (at, 0)), town, STREET)
    walks = [
        sorted(abs(x - at) for x, kind in zip(spots, kinds, strict=True) if kind in rule.types)
        for rule in rules
    ]
    nth = [walk[n - 1] if len(walk) >= n else np.inf for walk, n in zip(walks, asked, strict=True)]
    assert reach.covered[0] == (max(nth) <= 1000)
    if max(nth) <= 1900:
        assert reach.length_m[0] == max(nth)
    assert reach.rule[0] == int(nth[1] > nth[0])


def test_counts_never_count_what_does_not_exist_or_another_estates_own():
    kinds = ["culture.library"] * 3
    rule = (CountRule(types=("culture.library",), at_least=2),)
    ask = requirement("culture_15", counts=rule)
    homes = homes_at(STREET, (0, 0))
    for columns in (
        {"status": [None, "planned", "closed"]},
        {"open_to": [None, "residents", "residents"]},
    ):
        town = facilities_at(STREET, (0, 0), (10, 0), (20, 0), kind=kinds, **columns)
        assert not reach_of(ask, homes, town, STREET).covered.any()
    town = facilities_at(STREET, (0, 0), (10, 0), (20, 0), kind=kinds)
    assert reach_of(ask, homes, town, STREET).covered.all()


# -- inputs ------------------------------------------------------------------------------------
def test_inputs_are_left_alone():
    homes, town = homes_at(STREET, (0, 0), (9, 0)), facilities_at(STREET, (5, 0))
    before = homes.table.copy(deep=True), town.table.copy(deep=True)
    reach_of(requirement(serves="community"), homes, town, STREET)
    pd.testing.assert_frame_equal(homes.table, before[0])
    pd.testing.assert_frame_equal(town.table, before[1])


def test_units_of_the_limit():
    assert limit_units(requirement()) == 90_000
    assert limit_units(requirement(minutes=7.3)) == 43_800
    assert limit_units(requirement(minutes=None, limit_m=0.29)) == 29
