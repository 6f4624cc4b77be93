"""How much choice there is: by hand, and against every walk on its own."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.network.router import Router
from lifecircle.reach.matrix import reach_of
from lifecircle.reach.nearest_few import DEEPEST, nearest_few
from lifecircle.walk import PROFILES
from tests.making import facilities_at, homes_at, requirement, streets
from tests.network.test_router import random_points, random_town

STREET = streets([(0, 0), (5000, 0)])


def choice(asked, homes, town, network=STREET):
    return nearest_few([asked], homes, town, network)[asked.id]


def test_the_nearest_three_and_how_many_are_within():
    homes = homes_at(STREET, (0, 0), (4000, 0))
    town = facilities_at(STREET, (100, 0), (900, 0), (1100, 0), (1900, 0))
    found = choice(requirement(), homes, town)
    assert found.within.tolist() == [2, 0]
    assert found.walk_s[:, 0].tolist() == [90.0, 810.0, 990.0]
    assert np.isnan(found.walk_s[:, 1]).tolist() == [True, True, True]  # 1900 is 2,100 m away


def test_a_distance_is_counted_in_metres_and_timed_in_seconds():
    homes = homes_at(STREET, (0, 0))
    town = facilities_at(STREET, (200, 0), (300, 0), (301, 0), (601, 0))
    found = choice(requirement(limit_m=300.0, minutes=None), homes, town)
    assert found.within.tolist() == [2]
    assert found.walk_s[:, 0].round(1).tolist() == [180.0, 270.0, 270.9]


def test_residents_places_and_own_communities_count_for_their_own():
    homes = homes_at(STREET, (0, 0), (0, 0), community=["c1", "c2"])
    town = facilities_at(STREET, (100, 0), (200, 0), (300, 0), community=["c1", "c1", "c2"])
    assert choice(requirement(serves="community"), homes, town).within.tolist() == [2, 1]
    town = facilities_at(STREET, (100, 0), (200, 0), open_to=["residents", "anyone"])
    assert choice(requirement(), homes, town).within.tolist() == [1, 1]


def test_nobody_and_nothing():
    found = choice(requirement(), homes_at(STREET, (0, 0)), facilities_at(STREET))
    assert found.within.tolist() == [0]
    assert np.isnan(found.walk_s).all()
    found = choice(requirement(), homes_at(STREET), facilities_at(STREET, (0, 0)))
    assert found.walk_s.shape == (DEEPEST, 0)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_the_nearest_few_are_those_of_all_walks_sorted(seed):
    network = random_town(seed)
    homes = homes_at(network, *shapely.get_coordinates(random_points(seed, 25)).tolist())
    town = facilities_at(network, *shapely.get_coordinates(random_points(seed + 1, 6)).tolist())
    asked = requirement("medical_5")
    found = choice(asked, homes, town, network)
    router = Router(network=network, profile=PROFILES["gb"])
    matrix = router.matrix(homes.ends, town.ends, limit=60_000)
    walks = np.full((len(town), len(homes)), np.nan)
    walks[matrix.facility, matrix.home] = matrix.cost / 100.0
    np.testing.assert_array_equal(found.walk_s, np.sort(walks, axis=0)[:DEEPEST])
    with np.errstate(invalid="ignore"):
        assert found.within.tolist() == (walks <= 300.0).sum(axis=0).tolist()
    np.testing.assert_array_equal(found.walk_s[0], reach_of(asked, homes, town, network).walk_s)
