"""Demands that go before all others, and parcels that take less: held against enumeration."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.errors import InputError
from lifecircle.siting.plan import NEAR, solve
from tests.siting.test_plan import question, reach_of


def met(problem, options, *, first):
    held = [d for d in reach_of(problem, options) if bool(problem.demand_first[d]) is first]
    return sum(problem.demand_weight[d] for d in held), len(held)


@st.composite
def mixed(draw):
    """Options of one parcel each, demands of both kinds; those of the first weigh alike."""
    demands = draw(st.integers(1, 8))
    options = draw(st.integers(1, 7))
    first = np.array(draw(st.lists(st.booleans(), min_size=demands, max_size=demands)))
    weight = np.array(draw(st.lists(st.integers(1, 9), min_size=demands, max_size=demands)))
    ids = st.integers(0, demands - 1)
    reach = [sorted(draw(st.sets(ids, max_size=4))) for _ in range(options)]
    cost = np.array(draw(st.lists(st.integers(0, 4), min_size=options, max_size=options)))
    by_number = draw(st.booleans())
    return question(
        np.where(first, 5, weight),
        reach,
        demand_first=first,
        option_cost=cost.astype(float),
        max_sites=draw(st.integers(0, 4)) if by_number else None,
        budget=None if by_number else float(draw(st.integers(0, 9))),
    )


def affordable(problem):
    for size in range(len(problem.option_parcel) + 1):
        for options in combinations(range(len(problem.option_parcel)), size):
            if problem.max_sites is not None and size > problem.max_sites:
                continue
            if problem.budget is not None and (
                problem.option_cost[list(options)].sum() > problem.budget
            ):
                continue
            yield options


def test_flags_of_another_length_and_efforts_of_none_are_refused():
    with pytest.raises(InputError) as caught:
        question([1, 2], [[0]], demand_first=np.zeros(3, dtype=bool), parcel_effort=np.zeros(4))
    assert [one.where for one in caught.value.problems] == ["demand_first", "parcel_effort"]


def test_one_demand_of_the_first_kind_outweighs_any_number_of_people():
    problem = question(
        [1000, 900, 3], [[0, 1], [2]], demand_first=np.array([False, False, True]), max_sites=1
    )
    found = solve(problem, years=1)
    assert found.opened.tolist() == [1]
    # what goes first is not counted among those covered
    assert (found.covered, found.bound, found.gap, found.method) == (0.0, 0.0, 0.0, "exact")
    both = solve(replace(problem, max_sites=2), years=1)
    assert both.opened.tolist() == [1, 0]
    assert both.opened_gain.tolist() == [0.0, 1900.0]
    assert both.coverable == 1900.0


def test_of_demands_of_the_first_kind_the_heavier_goes_before():
    problem = question([7, 8], [[0], [1]], demand_first=np.array([True, True]), max_sites=1)
    assert solve(problem, years=1).opened.tolist() == [1]


@settings(max_examples=120, deadline=None)
@given(mixed())
def test_the_answer_is_the_best_of_those_that_meet_most_of_the_first(problem):
    best = max(
        (met(problem, o, first=True)[1], met(problem, o, first=False)[0])
        for o in affordable(problem)
    )
    found = solve(problem, years=1)
    assert met(problem, found.chosen, first=True)[1] == best[0]
    assert found.covered == pytest.approx(best[1])
    assert found.covered == pytest.approx(met(problem, found.chosen, first=False)[0])
    assert found.bound >= best[1] - 1e-9
    assert found.method == "exact"
    assert found.opened_gain.sum() == pytest.approx(found.covered)
    for other in found.alternatives:
        assert other.without not in other.opened
        assert met(problem, other.chosen, first=True)[1] == best[0] - other.first_lost
        assert other.covered == pytest.approx(met(problem, other.chosen, first=False)[0])


def test_no_demand_of_the_first_kind_changes_nothing():
    problem = question([30, 20, 10], [[0, 1], [1, 2], [0]], max_sites=1)
    none = replace(problem, demand_first=np.zeros(3, dtype=bool), parcel_effort=np.zeros(3))
    assert solve(none, years=1).opened.tolist() == solve(problem, years=1).opened.tolist()
    assert solve(none, years=1).covered == 50.0


# -- what takes less ---------------------------------------------------------------------------
def test_of_equals_the_one_that_takes_less_is_used_and_what_is_given_up_is_said():
    weight = [1000.0, 4.0, 500.0]
    problem = question(weight, [[0, 1], [0], [2]], max_sites=2)
    assert solve(problem, years=1).opened.tolist() == [0, 2]
    spared = replace(problem, parcel_effort=np.array([4.0, 0.0, 4.0]))
    found = solve(spared, years=1)
    assert found.opened.tolist() == [1, 2]
    assert (found.covered, found.given_up, found.bound) == (1500.0, 4.0, 1504.0)
    assert found.method == "exact"
    assert found.gap == pytest.approx(4 / 1504)
    dear = replace(
        problem,
        demand_weight=np.array([1000.0, 40.0, 500.0]),
        parcel_effort=np.array([4.0, 0.0, 4.0]),
    )
    assert solve(dear, years=1).opened.tolist() == [0, 2]  # 40 of 1540 are too many to give up


def test_no_lack_is_opened_up_again_to_spare_land():
    problem = question(
        [100, 100, 1],
        [[0, 2], [0], [1]],
        demand_first=np.array([False, False, True]),
        max_sites=2,
        parcel_effort=np.array([4.0, 0.0, 4.0]),
    )
    assert solve(problem, years=1).opened.tolist() == [0, 2]


@settings(max_examples=80, deadline=None)
@given(mixed(), st.data())
def test_sparing_land_loses_next_to_nobody(problem, data):
    size = len(problem.option_parcel)
    effort = np.array(data.draw(st.lists(st.integers(0, 4), min_size=size, max_size=size)))
    plain = solve(problem, years=1)
    found = solve(replace(problem, parcel_effort=effort.astype(float)), years=1)
    assert found.covered >= plain.covered * (1 - NEAR) - 1e-9
    assert found.given_up == pytest.approx(plain.covered - found.covered)
    assert met(problem, found.chosen, first=True) == met(problem, plain.chosen, first=True)
    assert tuple(found.chosen.tolist()) in set(affordable(problem))
