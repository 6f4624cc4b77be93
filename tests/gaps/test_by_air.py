"""The place that would cover a home if nothing stood between."""

from __future__ import annotations

import numpy as np

from lifecircle.gaps.by_air import nearest_by_air
from lifecircle.reach.matrix import reach_of
from lifecircle.standards import CountRule
from tests.making import facilities_at, homes_at, requirement, streets

STREET = streets([(0, 0), (5000, 0)])


def found(homes, town, asked=None, *, within_m=1000.0):
    reach = reach_of(asked or requirement(), homes, town, STREET)
    short = np.arange(len(homes))
    answer = nearest_by_air(reach, homes, town, short, within_m=within_m)
    return answer.distance_m.tolist(), answer.facility.tolist()


def test_without_a_right_place_nothing_is_near():
    homes = homes_at(STREET, (0, 0), people=1.0)
    town = facilities_at(STREET, (10, 0), kind="culture.library")
    assert found(homes, town) == ([np.inf], [-1])


def test_the_nearest_is_found_however_far_and_ties_go_to_the_lowest():
    homes = homes_at(STREET, (0, 0), (2000, 0), people=1.0)
    assert found(homes, facilities_at(STREET, (4000, 0), (3000, 0))) == ([3000, 1000], [1, 1])
    assert found(homes, facilities_at(STREET, (1500, 0), (2500, 0))) == ([1500, 500], [0, 0])


def test_places_for_residents_and_planned_ones_are_not_asked():
    homes = homes_at(STREET, (0, 0), people=1.0)
    town = facilities_at(
        STREET, (10, 0), (20, 0), (30, 0), open_to=["residents", None, None],
        status=[None, "planned", None],
    )  # fmt: skip
    assert found(homes, town) == ([30], [2])


def test_where_several_are_counted_the_one_that_completes_them_is_found():
    rule = CountRule(types=("culture.library",), at_least=2)
    asked = requirement("culture_15", counts=(rule,))
    homes = homes_at(STREET, (0, 0), people=1.0)
    town = facilities_at(STREET, (10, 0), (700, 0), (20, 0), kind="culture.library")
    assert found(homes, town, asked) == ([20], [2])
    assert found(homes, town, asked, within_m=15.0) == ([np.inf], [-1])
