"""Straight lines: by hand, with several doors and places, and never short of the streets."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.reach.matrix import reach_of
from lifecircle.reach.radius import radius_m, within_radius
from lifecircle.standards import CountRule
from lifecircle.tables import FACILITY_ENTRANCES, check
from tests.making import (
    facilities_at,
    homes_at,
    requirement,
    streets,
)
from tests.network.test_router import random_points, random_town

STREET = streets([(0, 0), (5000, 0)])


def entrances(town, *more):
    """A door at every facility, and more as (facility, x, y)."""
    table = town.table[["facility_id", "geometry"]].assign(origin="point")
    for facility, x, y in more:
        table.loc[len(table)] = [facility, shapely.Point(x, y), "gate"]
    return check(table, FACILITY_ENTRANCES, where="entrances")


@pytest.mark.parametrize(
    ("asked", "radius"),
    [
        (requirement(limit_m=300.0, minutes=None), 300.0),
        (requirement("medical_5"), 1000 / 3),
        (requirement(profile="elder"), 720.0),
    ],
)
def test_a_time_becomes_metres_at_the_walkers_speed(asked, radius):
    assert radius_m(asked) == pytest.approx(radius)


def test_the_limit_is_inclusive_and_streets_do_not_count():
    homes = homes_at(STREET, (300, 0), (301, 0), (180, 240), (0, -300))
    town = facilities_at(STREET, (0, 0))
    asked = requirement(limit_m=300.0, minutes=None)
    found = within_radius(asked, homes, town, entrances(town))
    assert found.tolist() == [True, False, True, True]
    assert found.dtype == bool


def test_any_door_of_a_facility_counts_once():
    homes = homes_at(STREET, (1000, 0), (500, 0))
    town = facilities_at(STREET, (0, 0))
    doors = entrances(town, ("f000", 950.0, 0.0), ("f000", 1050.0, 0.0))
    asked = requirement(limit_m=300.0, minutes=None)
    assert within_radius(asked, homes, town, doors).tolist() == [True, False]
    twice = requirement(
        limit_m=300.0, minutes=None, counts=(CountRule(types=("medical.station",), at_least=2),)
    )
    assert within_radius(twice, homes, town, doors).tolist() == [False, False]


def test_count_rules_ask_for_all_they_name():
    homes = homes_at(STREET, (0, 0), (400, 0), (900, 0))
    town = facilities_at(
        STREET,
        (0, 0),
        (100, 0),
        (200, 0),
        kind=["culture.center", "culture.station", "culture.station"],
    )
    asked = requirement(
        "culture_15",
        limit_m=300.0,
        minutes=None,
        counts=(
            CountRule(types=("culture.center",), at_least=1),
            CountRule(types=("culture.station",), at_least=2),
        ),
    )
    # At 400 both stations are within 300 m and the centre is not.
    assert within_radius(asked, homes, town, entrances(town)).tolist() == [True, False, False]


def test_closed_planned_and_residents_places_count_as_on_the_streets():
    homes = homes_at(STREET, (0, 0))
    for column in ({"status": "planned"}, {"open_to": "members"}, {"open_to": "residents"}):
        town = facilities_at(STREET, (10, 0), **column)
        assert not within_radius(requirement(), homes, town, entrances(town)).any()


def test_what_serves_a_community_serves_no_other():
    homes = homes_at(STREET, (0, 0), (0, 5), community=["c1", "c2"])
    town = facilities_at(STREET, (10, 0), community="c2")
    asked = requirement(serves="community")
    assert within_radius(asked, homes, town, entrances(town)).tolist() == [False, True]


def test_nobody_and_nothing():
    homes, none = homes_at(STREET, (0, 0)), facilities_at(STREET)
    assert within_radius(requirement(), homes, none, entrances(none)).tolist() == [False]
    nobody, town = homes_at(STREET), facilities_at(STREET, (0, 0))
    assert within_radius(requirement(), nobody, town, entrances(town)).shape == (0,)


@given(seed=st.integers(0, 10_000), limit=st.integers(50, 1500))
@settings(max_examples=25, deadline=None)
def test_nobody_covered_along_streets_is_outside_the_circle(seed, limit):
    network = random_town(seed)
    homes = homes_at(network, *shapely.get_coordinates(random_points(seed, 30)).tolist())
    town = facilities_at(network, *shapely.get_coordinates(random_points(seed + 1, 4)).tolist())
    # A walk is added up in whole centimetres: the circle gets as much slack as it has pieces.
    asked = requirement(limit_m=float(limit), minutes=None)
    wider = requirement(limit_m=float(limit) + 0.5, minutes=None)
    on_foot = reach_of(asked, homes, town, network).covered
    assert (within_radius(wider, homes, town, entrances(town)) | ~on_foot).all()
