"""Crossings mapped apart hang on the streets they lead over and to."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.network.kerbs import KERB_M, join_crossings
from lifecircle.walk import Profile
from tests.making import streets
from tests.network.test_router import random_town
from tests.network.test_streets import walks

METRE = Profile(name="metre", speed_mps=1.0, source="test: a metre a second")
WALKER = Profile(name="walker", speed_mps=1.0, source="test", crossing_s=15.0)
NOTHING = np.empty(0, dtype=object)
# Two pavements 80 m apart with a road between them, too far from one another to share a pin.
SOUTH, ROAD, NORTH = [(0, 0), (200, 0)], [(0, 40), (200, 40)], [(0, 80), (200, 80)]
ZEBRA = [(100, 2), (100, 78)]


def joined(network, obstacles=NOTHING):
    return join_crossings(network, obstacles=obstacles, closed_xy=np.empty((0, 2)))


def town(zebra, **columns):
    lines = [SOUTH, ROAD, NORTH, zebra]
    given = {
        "highway": ["footway", "primary", "footway", "footway"],
        "crossing": [None, None, None, "zebra"],
        "car_forward": [False, True, False, False],
        "car_backward": [False, True, False, False],
        **columns,
    }
    return streets(*lines, **given)


def test_streets_without_marked_crossings_stay_as_they_are():
    for network in (streets(SOUTH, NORTH), town([(100, 1), (100, 79)], crossing=[None] * 4)):
        assert joined(network) == (network, 0)
    unmarked = town([(100, 1), (100, 79)], crossing=[None, None, None, "unmarked"])
    assert joined(unmarked)[1] == 0


def test_a_crossing_drawn_apart_meets_the_road_and_both_kerbs():
    network = town(ZEBRA)
    before = network.edges.copy()
    whole, count = joined(network)
    assert count == 3
    # 100 m along one pavement, 80 m over, 100 m along the other
    assert walks(whole, (0, 0), (200, 80), profile=METRE) == [pytest.approx(280, abs=0.02)]
    assert walks(whole, (0, 0), (200, 40), profile=METRE) == [pytest.approx(240, abs=0.02)]
    assert walks(whole, (0, 0), (200, 80), profile=WALKER) == [pytest.approx(295, abs=0.02)]
    assert np.isnan(walks(network, (0, 0), (200, 80), profile=METRE)[0])
    assert whole.length_m.sum() == pytest.approx(network.length_m.sum() + 4)
    assert network.edges.equals(before)


@pytest.mark.parametrize(("gap", "count"), [(KERB_M, 2), (KERB_M + 0.1, 1)])
def test_ten_metres_to_a_kerb_are_inclusive(gap, count):
    # it crosses the road and ends short of a far pavement
    far = [(0, 78 + gap), (200, 78 + gap)]
    network = streets(ROAD, ZEBRA, far, crossing=[None, "zebra", None])
    assert joined(network)[1] == count


def test_nothing_is_joined_over_a_wall_or_on_another_level():
    wall = np.array([shapely.LineString([(0, 79), (200, 79)])], dtype=object)
    assert joined(town(ZEBRA), wall)[1] == 2
    assert joined(town(ZEBRA, layer=[1, 1, 1, 0]))[1] == 0


def test_two_carriageways_are_crossed_by_one_drawn_line():
    network = streets(ROAD, SOUTH, [(100, -20), (100, 60)], crossing=[None, None, "zebra"])
    whole, count = joined(network)
    assert count == 2
    assert walks(whole, (0, 0), (0, 40), profile=METRE) == [pytest.approx(240, abs=0.02)]


def test_crossings_that_cross_each_other_meet_once():
    network = streets([(0, 0), (20, 20)], [(0, 20), (20, 0)], crossing=["zebra", "zebra"])
    whole, count = joined(network)
    assert count == 1
    assert len(whole.length_m) == 4
    assert walks(whole, (0, 0), (20, 0), profile=METRE) == [pytest.approx(800**0.5, abs=0.02)]


def test_a_crossing_that_meets_its_road_is_left_alone():
    network = streets(
        [(0, 8), (100, 8)], [(100, 8), (200, 8)], [(100, 0), (100, 8)], [(100, 8), (100, 16)],
        crossing=[None, None, "zebra", "zebra"],
    )  # fmt: skip
    assert joined(network) == (network, 0)


@given(st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_no_metre_is_lost_and_nothing_is_parted(seed):
    network = random_town(seed)
    edges = network.edges.copy()
    edges["crossing"] = np.where(np.arange(len(edges)) % 3 == 0, "zebra", None)
    tagged = type(network)(**{**vars_of(network), "edges": edges})
    whole, count = joined(tagged)
    assert whole.length_m.sum() >= tagged.length_m.sum() - 1e-6
    assert len(np.unique(whole.component[whole.edge_node])) <= len(
        np.unique(tagged.component[tagged.edge_node])
    )
    assert joined(whole)[1] <= count


def vars_of(network):
    return {name: getattr(network, name) for name in network.__dataclass_fields__}
