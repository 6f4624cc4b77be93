"""What is doubtful about homes is told with the people it concerns."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import shapely

from lifecircle.errors import FarFromStreetWarning
from lifecircle.study.checking.doubts import warn_of_crossing_legs
from tests.making import homes_at, streets

STREET = streets([(0, 0), (500, 0)])


def lines(*shapes):
    return np.array([shapely.LineString(one) for one in shapes], dtype=object)


def told(obstacles, *homes, network=STREET, compound=None, **columns):
    """What is said of homes, pinned with these obstacles."""
    pinned = homes_at(network, *homes, obstacles=obstacles, **columns)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", FarFromStreetWarning)
        warn_of_crossing_legs(
            pinned.table,
            pinned.compound if compound is None else compound,
            pinned.ends.pins,
            network=network,
            obstacles=obstacles,
        )
    return [str(one.message) for one in caught]


def test_nothing_is_said_without_homes_or_obstacles():
    river = lines([(0, 20), (500, 20)])
    assert told(river) == []
    assert told(lines(), (100, 50)) == []
    assert told(river, (100, 10)) == []
    assert told(river, (100, 300)) == []  # far from every street: told elsewhere


@pytest.mark.parametrize("people", [7.0, 0.0])
def test_homes_whose_only_street_is_over_the_river_are_counted_with_their_people(people):
    river = lines([(0, 20), (250, 20)])
    said = told(river, (100, 50), (100, 10), (400, 50), people=[people, 5.0, 9.0])
    assert said == [
        "homes every street within 200 m of which lies beyond a railway, water, a wall or a "
        f"motorway: 1, with {people:.0f} people; they are taken to get there"
    ]


def test_a_home_with_a_farther_street_on_its_own_side_is_no_doubt():
    both = streets([(0, 0), (500, 0)], [(0, 150), (500, 150)])
    assert told(lines([(0, 20), (500, 20)]), (100, 50), network=both) == []


def test_homes_in_closed_estates_leave_by_their_gates():
    river = lines([(0, 20), (500, 20)])
    assert told(river, (100, 50), compound=np.array([0], dtype=np.int32)) == []
