"""Breaks: streets that nearly touch are counted, and joined where nothing stands between."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.network.mending import BREAK_M, find_breaks, mend
from lifecircle.network.router import Router
from lifecircle.network.streets import StreetNetwork
from lifecircle.walk import Profile
from tests.making import CRS, open_town, pin_rows, points, streets
from tests.network.test_router import random_town

METRE = Profile(name="metre", speed_mps=1.0, source="test: a metre a second")
NOTHING = np.empty(0, dtype=object)
NOWHERE = np.empty((0, 2))
STREET = [(0, 0), (100, 0)]
PATH = [(40, 2), (40, 50)]  # ends 2 m short of the street


def breaks_of(network, *, within_m=BREAK_M, obstacles=NOTHING, closed_xy=NOWHERE):
    return find_breaks(network, within_m=within_m, obstacles=obstacles, closed_xy=closed_xy)


def metres(network, start, stop) -> float:
    town = open_town(network)
    a, b = pin_rows(town, points(start)), pin_rows(town, points(stop))
    found = Router(network=network, profile=METRE).nearest(a, b, limit=10**7)
    return float(found.walk_cs[0]) / 100


# -- finding -----------------------------------------------------------------------------------
def test_joined_streets_have_no_break_and_mending_leaves_them():
    network = streets([(0, 0), (40, 0)], [(40, 0), (100, 0)], [(40, 0), (40, 50)])
    found = breaks_of(network)
    assert len(found) == 0
    assert found.parts.shape == (0, 2)
    assert found.xy.shape == (0, 2)
    assert mend(network, found) is network


def test_a_path_that_ends_two_metres_short():
    found = breaks_of(streets(STREET, PATH))
    assert found.gap_m.tolist() == [2.0]
    assert found.xy.tolist() == [[40.0, 2.0]]
    assert found.severing.tolist() == [True]
    round_about = streets(STREET, PATH, [(40, 50), (100, 50)], [(100, 50), (100, 0)])
    assert breaks_of(round_about).severing.tolist() == [False]


@pytest.mark.parametrize(("gap", "broken"), [(0.0, 1), (3.0, 1), (3.01, 0)])
def test_three_metres_are_inclusive(gap, broken):
    assert BREAK_M == 3.0
    assert len(breaks_of(streets(STREET, [(40, gap), (40, 50)]))) == broken


def test_what_is_no_break():
    for columns in (
        {"layer": [0, 1]},  # a bridge above
        {"foot_forward": [False, True], "foot_backward": [False, True]},  # a motorway
    ):
        assert len(breaks_of(streets(STREET, PATH, **columns))) == 0
    between = np.asarray([shapely.LineString([(30, 1), (50, 1)])], dtype=object)
    assert len(breaks_of(streets(STREET, PATH), obstacles=between)) == 0
    locked = np.asarray([[40.0, 2.0]])
    assert len(breaks_of(streets(STREET, PATH), closed_xy=locked)) == 0
    # a stub beside the street it branches off from
    stub = streets([(0, 0), (50, 0)], [(50, 0), (100, 0)], [(50, 0), (60, 2)])
    assert len(breaks_of(stub)) == 0


def test_a_path_beside_the_street_it_left_long_ago_is_broken():
    # 60 m round by the junction; 30 m would be a stub
    assert len(breaks_of(streets([(0, 0), (100, 0)], [(0, 0), (0, 2), (28, 2)]))) == 1
    assert len(breaks_of(streets([(0, 0), (100, 0)], [(0, 0), (0, 2), (14, 2)]))) == 0


def test_the_nearest_street_is_the_one():
    found = breaks_of(streets(STREET, PATH, [(0, 3.5), (39, 3.5)]))
    network = streets(STREET, PATH, [(0, 3.5), (39, 3.5)])
    at = {tuple(xy): gap for xy, gap in zip(found.xy.tolist(), found.gap_m, strict=True)}
    assert at[40.0, 2.0] == pytest.approx(np.hypot(1.0, 1.5))
    assert at[39.0, 3.5] == 1.0  # and back: the path itself is a metre off
    assert breaks_of(network).edge.tolist() == found.edge.tolist()


def test_two_ends_that_face_each_other_are_one_break():
    network = streets([(0, 0), (50, 0)], [(51, 0), (100, 0)])
    found = breaks_of(network)
    assert found.gap_m.tolist() == [1.0]
    whole = mend(network, found)
    assert sorted(whole.length_m.tolist()) == [1.0, 49.0, 50.0]
    assert metres(whole, (0, 0), (100, 0)) == pytest.approx(100, abs=0.02)


# -- mending -----------------------------------------------------------------------------------
def test_a_mended_break_is_walked_over():
    network = streets(STREET, PATH)
    assert np.isnan(metres(network, (40, 50), (100, 0)))
    whole = mend(network, breaks_of(network))
    assert metres(whole, (40, 50), (100, 0)) == pytest.approx(48 + 2 + 60, abs=0.02)
    assert metres(whole, (0, 0), (40, 50)) == pytest.approx(40 + 2 + 48, abs=0.02)
    assert sorted(whole.length_m.tolist()) == [2.0, 40.0, 48.0, 60.0]
    link = whole.edges[whole.edges["way_id"].str.startswith("mend/")]
    assert link["way_id"].tolist() == ["mend/40.00/2.00"]
    assert link["highway"].tolist() == ["footway"]
    assert link[["foot_forward", "foot_backward"]].to_numpy().all()
    assert not link[["car_forward", "steps", "bridge"]].to_numpy().any()
    assert whole.edges.dtypes.equals(network.edges[whole.edges.columns].dtypes)
    assert len(breaks_of(whole)) == 0


def test_two_paths_at_one_street_cut_it_twice_and_ends_are_joined_to_ends():
    north, south = [(70, 2), (70, 50)], [(30, -1), (30, -50)]
    network = streets(STREET, north, south, [(102, 0), (150, 0)])
    found = breaks_of(network)
    whole = mend(network, found)
    assert metres(whole, (70, 50), (30, -50)) == pytest.approx(48 + 2 + 40 + 1 + 49, abs=0.02)
    assert metres(whole, (0, 0), (150, 0)) == pytest.approx(150, abs=0.02)
    assert len(np.unique(whole.component)) == 1


def test_lengths_on_the_ground_are_kept():
    nodes = gpd.GeoDataFrame(geometry=points((0, 0), (100, 0), (40, 2), (40, 50)), crs=CRS)
    edges = gpd.GeoDataFrame(
        {"u": [0, 2], "v": [1, 3], "length": [110.0, 48.0]},
        geometry=[shapely.LineString(STREET), shapely.LineString(PATH)],
        crs=CRS,
    )
    network = StreetNetwork.from_frames(nodes, edges)
    whole = mend(network, breaks_of(network))
    assert sorted(whole.length_m.tolist()) == pytest.approx([2.0, 44.0, 48.0, 66.0])


def test_the_order_of_streets_changes_nothing():
    lines = [STREET, PATH, [(70, 2), (70, 50)], [(102, 0), (150, 0)]]
    ids = ["a", "b", "c", "d"]
    one = streets(*lines, way_id=ids)
    two = streets(*lines[::-1], way_id=ids[::-1])
    left, right = (mend(network, breaks_of(network)) for network in (one, two))
    assert left.shape_xy.tobytes() == right.shape_xy.tobytes()
    assert left.edge_node.tolist() == right.edge_node.tolist()
    assert left.edges["way_id"].tolist() == right.edges["way_id"].tolist()


@given(st.integers(0, 10_000), st.floats(1.0, 60.0))
@settings(max_examples=15, deadline=None)
def test_mending_loses_no_metre_and_parts_nothing(seed, within_m):
    network = random_town(seed)
    found = breaks_of(network, within_m=within_m)
    whole = mend(network, found)
    assert whole.length_m.sum() == pytest.approx(network.length_m.sum() + found.gap_m.sum())
    parts = len(np.unique(network.component[network.edge_node]))
    after = len(np.unique(whole.component[whole.edge_node]))
    assert after <= parts
    assert (after < parts) == bool(found.severing.any())
