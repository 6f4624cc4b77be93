"""Crossings: paid once by who walks over, never by who walks along; lights, ranks, cut ways."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from lifecircle.network.compounds import enclose
from lifecircle.network.crossings import COUNTS
from lifecircle.network.mending import find_breaks, mend
from lifecircle.network.streets import StreetNetwork
from lifecircle.walk import PROFILES, Profile
from tests.making import estate_table, gate_table, streets
from tests.network.test_streets import at, built, walks

# One metre a second, and delays that tell each other apart.
WALKER = Profile(
    name="walker",
    speed_mps=1.0,
    source="test",
    crossing_s=15.0,
    minor_crossing_s=8.0,
    signal_s=30.0,
)


def cross(road="primary", path="footway", kinds=None, car=True, crossing=None) -> StreetNetwork:
    """A road from west to east, a path from south to north, 100 m each way from where they meet."""
    xy = [(-100, 0), (0, 0), (100, 0), (0, -100), (0, 100)]
    return built(
        [[0, 1, 2], [3, 1, 4]],
        xy,
        kinds=kinds,
        highway=[road, path],
        car_forward=[car, path != "footway"],
        car_backward=[False, path != "footway"],
        crossing=[None, crossing],
    )


def over(network: StreetNetwork, profile=WALKER) -> list[float]:
    """Seconds over the road, along it, and from the path into it, beyond 200 m of walking."""
    south, north, west, east = at(0, -100), at(0, 100), at(-100, 0), at(100, 0)
    across = walks(network, south, north, east, profile=profile)
    along = walks(network, west, east, profile=profile)
    return [round(one - 200, 2) for one in (across[0], along[0], across[1])]


@pytest.mark.parametrize(
    ("road", "seconds"),
    [
        ("trunk", 15.0),
        ("primary_link", 15.0),
        ("secondary", 15.0),
        ("tertiary", 8.0),
        ("residential", 0.0),
        ("footway", 0.0),
    ],
)
def test_who_walks_over_pays_once_and_who_walks_along_nothing(road, seconds):
    assert over(cross(road)) == [seconds, 0.0, seconds / 2]
    assert over(cross(road), PROFILES["gb"]) == [-20.0, -20.0, -20.0]  # 200 m in 180 s


@pytest.mark.parametrize("road", ["primary", "tertiary", "residential"])
def test_lights_count_whatever_the_road(road):
    assert over(cross(road, kinds={1: "signals"})) == [30.0, 0.0, 15.0]
    assert over(cross(road, crossing="traffic_signals")) == [30.0, 0.0, 15.0]


def test_a_mapped_crossing_does_not_pay_again():
    assert over(cross("primary", kinds={1: "crossing"}, crossing="zebra")) == [15.0, 0.0, 7.5]
    assert over(cross("residential", kinds={1: "crossing"}, crossing="zebra")) == [0.0, 0.0, 0.0]


def test_a_lesser_road_crosses_a_greater_one():
    assert over(cross("primary", "secondary")) == [15.0, 0.0, 7.5]
    assert over(cross("tertiary", "residential")) == [8.0, 0.0, 4.0]
    # two of one rank: nobody knows who crosses which
    assert over(cross("primary", "trunk")) == [0.0, 0.0, 0.0]
    # the road from south to north is the greater one
    assert over(cross("residential", "tertiary")) == [0.0, 8.0, 4.0]


def test_a_road_no_car_may_use_is_a_path():
    assert over(cross("primary", car=False)) == [0.0, 0.0, 0.0]


def test_nothing_is_crossed_where_a_road_begins():
    network = built(
        [[0, 1], [2, 1, 3]],
        [(-100, 0), (0, 0), (0, -100), (0, 100)],
        highway=["primary", "footway"],
        car_forward=[True, False],
        car_backward=[True, False],
    )
    assert network.edges[list(COUNTS)].to_numpy().sum() == 0.0


def test_a_crossing_way_in_two_pieces_pays_once():
    # its middle node is where another path meets it; it shares no node with a road
    lines = [[(0, 0), (40, 0)], [(40, 0), (100, 0)], [(40, 0), (40, 90)]]
    network = streets(*lines, way_id=["c", "c", "p"], crossing=["zebra", "zebra", None])
    assert sorted(network.edges["cross_main"].tolist()) == [0.0, 0.4, 0.6]
    assert walks(network, (0, 0), (100, 0), profile=WALKER) == [100 + 15]
    apart = streets(*lines, way_id=["c", "d", "p"], crossing=["zebra", "zebra", None])
    assert walks(apart, (0, 0), (100, 0), profile=WALKER) == [100 + 30]


def test_an_estate_that_cuts_a_crossing_does_not_double_it():
    network = streets([(0, 0), (10, 0)], [(10, 0), (50, 0)], crossing=["zebra", None])
    # outlines are drawn in by half a metre
    cut = enclose(network, estate_table(shapely.box(1.5, -9, 60, 9)), gate_table()).network
    assert len(cut.length_m) == 3
    assert cut.edges["cross_main"].sum() == pytest.approx(1.0, abs=1e-12)
    parts = cut.edges.loc[cut.edges["cross_main"] > 0, "cross_main"]
    np.testing.assert_allclose(sorted(parts), [0.2, 0.8], atol=1e-4)


def test_counts_that_are_given_are_kept():
    network = streets([(0, 0), (10, 0)], cross_main=[2.0], cross_minor=[np.nan], cross_signals=[0])
    assert network.edges[list(COUNTS)].to_numpy().tolist() == [[2.0, 0.0, 0.0]]
    assert network.prices(WALKER)[0].tolist() == [1_000 + 3_000]


# -- mended breaks -----------------------------------------------------------------------------
def broken(kinds=None, x=0.0) -> StreetNetwork:
    """A main road from west to east, a path to it from the north that stops 2 m short."""
    return built(
        [[0, 1, 2], [3, 4]],
        [(-100, 0), (0, 0), (100, 0), (x, 100), (x, 2)],
        kinds=kinds,
        highway=["primary", "footway"],
        car_forward=[True, False],
        car_backward=[True, False],
    )


def mended(network: StreetNetwork) -> StreetNetwork:
    none = np.empty(0, dtype=object)
    found = find_breaks(network, obstacles=none, closed_xy=np.empty((0, 2)))
    assert len(found) == 1
    return mend(network, found)


@pytest.mark.parametrize(
    ("kinds", "x", "seconds"),
    [
        (None, 0.0, 7.5),  # onto a node of the road: half a crossing of a main road
        ({1: "signals"}, 0.0, 15.0),  # with lights: half of 30 s
        (None, 40.0, 7.5),  # between two nodes: the road is cut there
        ({1: "signals"}, 15.0, 15.0),  # beside the lights
        ({1: "signals"}, 15.1, 7.5),
    ],
)
def test_a_mended_link_pays_at_the_road_it_was_joined_to(kinds, x, seconds):
    network = mended(broken(kinds, x))
    path, west, east = at(x, 100), at(-100, 0), at(100, 0)
    down = walks(network, path, east, profile=WALKER)[0]
    assert down == pytest.approx(100 + (100 - x) + seconds, abs=0.02)
    # along the road nothing is paid, though it is cut where the link arrives
    assert walks(network, west, east, profile=WALKER) == [pytest.approx(200, abs=0.02)]


def test_mending_elsewhere_leaves_every_crossing_as_it_was():
    # a zebra that meets no road, cut in the middle by a link: still one crossing
    lines = [[(0, 0), (100, 0)], [(50, 2), (50, 80)]]
    network = streets(*lines, crossing=["zebra", None], way_id=["c", "p"])
    before = network.edges["cross_main"].tolist()
    joined = mended(network)
    assert network.edges["cross_main"].tolist() == before
    assert joined.edges["cross_main"].sum() == pytest.approx(1.0)
    assert walks(joined, (0, 0), (100, 0), profile=WALKER) == [100 + 15]
