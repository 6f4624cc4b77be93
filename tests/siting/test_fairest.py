"""The worst-off area first: worked by hand and held against enumeration."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.siting.plan import solve
from lifecircle.siting.problem import Areas
from tests.siting.test_plan import allowed, question, questions, reach_of


def asked(problem, area, covered, total):
    areas = Areas(
        demand=np.array(area, dtype=np.int64),
        covered=np.array(covered, dtype=float),
        total=np.array(total, dtype=float),
    )
    return replace(problem, areas=areas)


def shares(problem, options):
    held = problem.areas.covered.copy()
    for demand in reach_of(problem, options):
        held[problem.areas.demand[demand]] += problem.demand_weight[demand]
    return held / problem.areas.total


def test_the_worst_off_area_goes_first_however_few_live_there():
    # three areas: 10 of 1000 people in reach today, 0 of 20, 5 of 50; one site for each
    problem = asked(
        question([900, 10, 15], [[0], [1], [2]], max_sites=1), [0, 1, 2], [10, 0, 5], [1000, 20, 50]
    )
    found = solve(problem, years=1)
    assert (found.opened.tolist(), found.covered, found.method) == ([1], 10.0, "exact")
    # with two: 1 % is the lowest once area 1 is at half
    assert sorted(solve(replace(problem, max_sites=2), years=1).opened.tolist()) == [0, 1]


def test_an_area_nobody_can_help_does_not_keep_the_others_from_help():
    problem = asked(
        question([90, 30, 20], [[0], [1], [2]], max_sites=1), [0, 1, 1], [50, 20, 0], [200, 100, 9]
    )
    found = solve(problem, years=1)
    assert found.opened.tolist() == [1]  # area 2 stays at nothing; area 1 at 20 % rises to 50 %


@st.composite
def fair_questions(draw):
    problem = draw(questions())
    demands = len(problem.demand_weight)
    count = draw(st.integers(1, 3))
    area = np.array(draw(st.lists(st.integers(0, count - 1), min_size=demands, max_size=demands)))
    covered = np.array(draw(st.lists(st.integers(0, 9), min_size=count, max_size=count)))
    more = np.array(draw(st.lists(st.integers(1, 5), min_size=count, max_size=count)))
    open_ = np.bincount(area.astype(int), weights=problem.demand_weight, minlength=count)
    return asked(
        replace(problem, parcel_required=np.zeros_like(problem.parcel_required)),
        area.astype(int),
        covered,
        covered + more + open_,
    )


@settings(max_examples=80, deadline=None)
@given(fair_questions())
def test_no_plan_is_fairer_and_none_as_fair_covers_more(problem):
    count = len(problem.option_parcel)
    best = max(
        (tuple(np.round(np.sort(shares(problem, options)), 6)), weight)
        for size in range(count + 1)
        for options in combinations(range(count), size)
        if allowed(problem, options)
        for weight in [sum(problem.demand_weight[d] for d in reach_of(problem, options))]
    )
    found = solve(problem, years=1)
    assert allowed(problem, found.chosen.tolist())
    assert tuple(np.round(np.sort(shares(problem, found.chosen.tolist())), 6)) == best[0]
    assert found.covered == pytest.approx(best[1])
    assert found.bound >= best[1] - 1e-6
    assert found.method == "exact"
