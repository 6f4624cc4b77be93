"""How many sites it would take: held against enumeration."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from lifecircle.siting.everybody import fewest_for_all
from tests.siting.test_plan import allowed, best_by_enumeration, question, questions, weight_of


def test_nobody_takes_no_site():
    found = fewest_for_all(question([], [[]], max_sites=0))
    assert (found.sites, found.at_least, found.covered, found.whole) == (0, 0, 0.0, True)


def test_neither_the_number_nor_the_budget_of_the_plan_is_kept_to():
    problem = question([5, 4, 3, 2], [[0, 1], [1, 2], [2, 3], [3]], max_sites=1)
    found = fewest_for_all(problem)
    assert (found.sites, found.at_least, found.covered) == (2, 2, 14.0)
    assert found.chosen.tolist() == [0, 2]
    never = replace(problem, parcel_forbidden=np.array([True, False, False, False]))
    assert fewest_for_all(never).covered == 9.0


def test_what_cannot_stand_on_one_parcel_at_once_is_left_open_and_said():
    problem = question(
        [5, 4, 3],
        [[0], [1], [2]],
        option_parcel=np.array([0, 0, 1]),
        parcel_area_m2=np.full(2, 150.0),
    )
    found = fewest_for_all(problem)
    assert (found.sites, found.at_least, found.covered, found.whole) == (2, 2, 8.0, False)


@settings(max_examples=150, deadline=None)
@given(questions())
def test_no_plan_that_covers_as_much_opens_fewer(problem):
    free = replace(problem, max_sites=len(problem.parcel_area_m2), budget=None)
    best, fewest = best_by_enumeration(free)
    found = fewest_for_all(problem)
    assert found.covered == pytest.approx(best)
    assert (found.sites, found.at_least, found.proved) == (fewest, fewest, True)
    assert allowed(free, found.chosen.tolist())
    assert weight_of(free, found.chosen) == pytest.approx(found.covered)
