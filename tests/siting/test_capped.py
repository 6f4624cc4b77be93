"""A choice in which no place is credited with more than it can serve, held against enumeration."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.siting.capped import credited
from lifecircle.siting.plan import solve
from lifecircle.siting.problem import Capacities
from tests.siting.test_plan import allowed, question, questions, reach_of


def limited(problem, kind, most):
    return replace(
        problem,
        capacities=Capacities(
            kind=np.array(kind, dtype=np.int64), most=np.array(most, dtype=float)
        ),
    )


def by_cuts(problem, options):
    """Most that can be shared out, by the smallest cut: no program is solved."""
    total, kinds = 0.0, problem.capacities.most.shape[1]
    for kind in range(kinds):
        mine = [d for d in reach_of(problem, options) if problem.capacities.kind[d] == kind]
        best = np.inf
        for size in range(len(options) + 1):
            for cut in combinations(options, size):
                served = reach_of(problem, [one for one in options if one not in cut])
                held = sum(problem.demand_weight[d] for d in mine if d in served)
                best = min(best, held + sum(problem.capacities.most[one, kind] for one in cut))
        total += best
    return total


def test_a_problem_without_capacities_credits_nobody():
    with pytest.raises(ValueError, match="needs a problem that has them"):
        credited(question([100], [[0]]), np.array([0]))


def test_a_crowded_place_leaves_room_for_a_second_one():
    # by reach alone one place covers everybody and a second one elsewhere 10 more
    problem = question([100, 100, 10], [[0, 1], [0, 1], [2]], max_sites=2)
    assert solve(problem, years=1).opened.tolist() == [0, 2]
    roomy = solve(limited(problem, [0, 0, 0], [[120], [120], [120]]), years=1)
    assert sorted(roomy.opened.tolist()) == [0, 1]
    assert (roomy.covered, roomy.credited, roomy.bound) == (200.0, 200.0, 200.0)


def test_people_beyond_the_room_are_covered_and_not_credited():
    found = solve(limited(question([100], [[0]]), [0], [[30]]), years=1)
    assert (found.covered, found.credited, found.bound) == (100.0, 30.0, 30.0)
    assert found.method == "exact"


def test_where_everything_has_room_nothing_changes():
    problem = question([30, 20, 10], [[0, 1], [1, 2], [0]])
    with_room = solve(limited(problem, [0, 0, 0], np.full((3, 1), 50.0)), years=1)
    plain = solve(problem, years=1)
    assert with_room.chosen.tolist() == plain.chosen.tolist()
    assert (with_room.credited, with_room.bound) == (plain.covered, plain.bound)


def test_each_use_of_a_place_has_its_own_room():
    problem = limited(question([40, 40], [[0, 1]]), [0, 1], [[30, np.inf]])
    assert credited(problem, np.array([0])) == 70.0


@st.composite
def roomy_questions(draw):
    problem = draw(questions())
    demands, options = len(problem.demand_weight), len(problem.option_parcel)
    kinds = draw(st.integers(1, 2))
    kind = draw(st.lists(st.integers(0, kinds - 1), min_size=demands, max_size=demands))
    room = st.sampled_from([3.0, 6.0, 11.0, np.inf])
    most = draw(st.lists(room, min_size=options * kinds, max_size=options * kinds))
    problem = replace(problem, parcel_required=np.zeros_like(problem.parcel_required))
    return limited(problem, kind, np.reshape(most, (options, kinds)))


@settings(max_examples=60, deadline=None)
@given(roomy_questions())
def test_no_plan_is_credited_with_more_and_no_bound_lies_below(problem):
    count = len(problem.option_parcel)
    best = max(
        by_cuts(problem, options)
        for size in range(count + 1)
        for options in combinations(range(count), size)
        if allowed(problem, options)
    )
    found = solve(problem, years=1)
    assert allowed(problem, found.chosen.tolist())
    assert found.credited == pytest.approx(by_cuts(problem, found.chosen.tolist()), abs=1e-6)
    assert found.bound >= best - 1e-4
    assert found.credited == pytest.approx(best, abs=1e-4)
    assert found.gap == pytest.approx(0.0, abs=1e-9)
