"""Nearest few: the same answer as the search, kept a little beyond the limit."""

from __future__ import annotations

import numpy as np

from lifecircle.reach.choices import FEW, choices_of
from lifecircle.reach.matrix import limit_units, reach_of
from lifecircle.standards import CountRule
from tests.making import facilities_at, homes_at, requirement, streets

STREET = streets([(0, 0), (5000, 0)])


def of_home(one, home):
    part = slice(one.ptr[home], one.ptr[home + 1])
    return one.facility[part].tolist(), one.cost[part].tolist()


def test_nobody_and_nothing():
    (none,) = choices_of(requirement(), homes_at(STREET), facilities_at(STREET), STREET)
    assert none.ptr.tolist() == [0]
    assert len(none.facility) == len(none.cost) == 0


def test_nearest_first_up_to_half_beyond_the_limit():
    homes = homes_at(STREET, (0, 0), (4000, 0))
    town = facilities_at(STREET, (1400, 0), (200, 0), (1600, 0))
    (found,) = choices_of(requirement(), homes, town, STREET)
    # 1,000 m in 15 minutes: 200 m are 180 s; 1,500 m is where choices end
    assert of_home(found, 0) == ([1, 0], [18_000, 126_000])
    assert of_home(found, 1) == ([], [])


def test_only_a_few_are_kept_beyond_those_that_are_asked_for():
    homes = homes_at(STREET, (0, 0))
    town = facilities_at(STREET, *((10 * k, 0) for k in range(20)), kind="culture.library")
    rule = CountRule(types=("culture.library",), at_least=3)
    (found,) = choices_of(requirement("culture_15", counts=(rule,)), homes, town, STREET)
    assert len(found.facility) == FEW + 2
    assert found.at_least == 3


def test_they_say_who_is_covered_as_the_search_does():
    rng = np.random.default_rng(7)
    homes = homes_at(STREET, *((x, 0) for x in rng.uniform(0, 5000, 60)))
    kinds = rng.choice(["culture.library", "culture.museum"], 12)
    town = facilities_at(STREET, *((x, 0) for x in rng.uniform(0, 5000, 12)), kind=kinds)
    rules = (
        CountRule(types=("culture.library",), at_least=1),
        CountRule(types=("culture.museum",), at_least=2),
    )
    for asked in (requirement("culture_15"), requirement("culture_15", counts=rules)):
        covered = np.ones(60, dtype=bool)
        for one in choices_of(asked, homes, town, STREET):
            home = np.repeat(np.arange(60), np.diff(one.ptr))
            near = np.bincount(home[one.cost <= limit_units(asked)], minlength=60)
            covered &= near >= one.at_least
        np.testing.assert_array_equal(covered, reach_of(asked, homes, town, STREET).covered)
