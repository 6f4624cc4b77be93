"""Closed estates: a gate passes, a wall does not, and nobody walks through."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.network.compounds import GATE_REACH_M, enclose
from lifecircle.network.router import Router
from lifecircle.places.gates import gates_in_use
from lifecircle.tables import ESTATES, GATES, empty
from lifecircle.walk import PROFILES, Profile
from tests.making import CRS, estate_table, gate_table, pin_rows, points, streets
from tests.network.test_router import random_town

METRE = Profile(name="metre", speed_mps=1.0, source="test: a metre a second")
BOX = shapely.box(0, 0, 100, 100)
# A street through the estate from west to east, and the way round it by the south.
THROUGH = [(-50.0, 50.0), (150.0, 50.0)]
ROUND = [(-50.0, 50.0), (-50.0, -50.0), (150.0, -50.0), (150.0, 50.0)]
WEST_GATE, EAST_GATE = (0.0, 50.0), (100.0, 50.0)


def metres(town, start: tuple[float, float], stop: tuple[float, float]) -> float:
    """Metres from a point to a point; NaN where there is no way."""
    a, b = pin_rows(town, points(start)), pin_rows(town, points(stop))
    found = Router(network=town.network, profile=METRE).nearest(a, b, limit=10**7)
    return float(found.walk_cs[0]) / 100


# -- nothing to close --------------------------------------------------------------------------
def test_open_estates_and_none_at_all_leave_the_streets_as_they_are():
    network = streets(THROUGH, ROUND)
    for estates in (empty(ESTATES, CRS), estate_table(BOX, closed=False)):
        town = enclose(network, estates, gate_table(WEST_GATE))
        assert town.network is network
        assert (town.estate_id, town.walled_streets, town.without_gates) == ((), 0, ())
        assert town.gate_xy.shape == (0, 2)
        assert town.locate(points((50, 50))).tolist() == [-1]
    assert enclose(
        network, estate_table(shapely.box(5000, 0, 5100, 100)), empty(GATES, CRS)
    ).locate(np.empty(0, dtype=object)).shape == (0,)


def test_unknown_whether_closed_means_open():
    estates = estate_table(BOX, BOX, closed=[None, True])
    town = enclose(streets(THROUGH, ROUND), estates, empty(GATES, CRS))
    assert town.estate_id == ("e1",)


# -- gates and walls ---------------------------------------------------------------------------
def test_nobody_walks_through_but_residents_leave_and_visitors_enter():
    town = enclose(streets(THROUGH, ROUND), estate_table(BOX), gate_table(WEST_GATE, EAST_GATE))
    assert town.walled_streets == 0
    assert town.without_gates == ()
    # 200 m through, 400 round
    assert metres(town, (-50, 50), (150, 50)) == pytest.approx(400, abs=0.02)
    for inside, west, east in (((20, 50), 70, 130), ((90, 50), 140, 60)):
        for outside, wanted in (((-50, 50), west), ((150, 50), east)):
            assert metres(town, inside, outside) == pytest.approx(wanted, abs=0.02)
            assert metres(town, outside, inside) == pytest.approx(wanted, abs=0.02)
    assert metres(town, (10, 50), (90, 50)) == pytest.approx(80, abs=0.02)


def test_a_wall_stops_residents_too():
    town = enclose(streets(THROUGH, ROUND), estate_table(BOX), gate_table(WEST_GATE))
    assert town.walled_streets == 1
    assert metres(town, (90, 50), (150, 50)) == pytest.approx(90 + 50 + 400, abs=0.02)
    assert metres(town, (150, 50), (90, 50)) == pytest.approx(90 + 50 + 400, abs=0.02)
    # up to the wall from either side, but not over it
    assert metres(town, (99, 50), (101, 50)) == pytest.approx(99 + 50 + 400 + 49, abs=0.05)


def test_a_gate_opens_the_crossing_within_twenty_metres():
    assert GATE_REACH_M == 20.0
    near = gate_table((0.5, 69.5), estate=["e0"])
    town = enclose(streets(THROUGH, ROUND), estate_table(BOX), near)
    assert town.walled_streets == 1
    assert metres(town, (50, 50), (-50, 50)) == pytest.approx(100, abs=0.02)


def test_farther_off_the_street_ends_at_the_wall_and_residents_go_straight_to_the_gate():
    far = gate_table((0.5, 71.0), estate=["e0"])
    town = enclose(streets(THROUGH, ROUND), estate_table(BOX), far)
    assert town.walled_streets == 2
    # 1.3 times the way to the gate, 21 m along the wall to the street, 50.5 m along it
    straight = 1.3 * np.hypot(49.5, 21.0)
    assert metres(town, (50, 50), (-50, 50)) == pytest.approx(straight + 21 + 50.5, abs=0.02)


def test_an_estate_without_a_known_gate_is_passed_at_every_crossing():
    town = enclose(streets(THROUGH, ROUND), estate_table(BOX), empty(GATES, CRS))
    assert town.without_gates == ("e0",)
    assert town.walled_streets == 0
    assert sorted(town.gate_xy[:, 0].round().tolist()) == [0.0, 100.0]
    assert town.gate_compound.tolist() == [0, 0]
    assert metres(town, (50, 50), (150, 50)) == pytest.approx(100, abs=0.02)
    assert metres(town, (-50, 50), (150, 50)) == pytest.approx(400, abs=0.02)  # still not through


def test_a_gate_with_a_card_lets_residents_out_and_visitors_in_but_nobody_through():
    gates = gate_table(WEST_GATE, EAST_GATE).assign(access="private")
    mapped = empty(GATES, CRS)
    used = gates_in_use(estate_table(BOX), listed=gates, mapped=mapped, open_at="10:00").gates
    town = enclose(streets(THROUGH, ROUND), estate_table(BOX), used)
    assert metres(town, (20, 50), (-50, 50)) == pytest.approx(70, abs=0.02)
    assert metres(town, (-50, 50), (20, 50)) == pytest.approx(70, abs=0.02)
    assert metres(town, (-50, 50), (150, 50)) == pytest.approx(400, abs=0.02)


@pytest.mark.parametrize("missing", [None, np.nan])
def test_a_gate_of_no_named_estate_belongs_to_the_wall_it_stands_on(missing):
    gates = gpd.GeoDataFrame(
        {"gate_id": ["g"], "estate_id": [missing]}, geometry=points(WEST_GATE), crs=CRS
    )
    town = enclose(streets(THROUGH, ROUND), estate_table(BOX), gates)
    assert town.gate_xy.tolist() == [list(WEST_GATE)]
    assert town.walled_streets == 1


def test_a_named_gate_opens_its_own_estate_only():
    beside = shapely.box(0, 105, 100, 200)
    gates = gate_table((50, 102), estate=["e1"])
    town = enclose(streets([(50, -50), (50, 300)]), estate_table(BOX, beside), gates)
    assert town.gate_compound.tolist() == [1, 0, 0]  # the crossings stand in for gates of e0
    assert town.without_gates == ("e0",)
    # e0 passes at both crossings for want of gates, e1 at its south side only
    assert town.walled_streets == 1
    assert metres(town, (50, -50), (50, 150)) != metres(town, (50, 101), (50, 150))
    assert metres(town, (50, 103), (50, 150)) == pytest.approx(47, abs=0.02)
    assert np.isnan(metres(town, (50, 210), (50, 150)))


def test_a_street_along_the_wall_stays_outside():
    # on the outline itself, and bulging in by less than half a metre
    along = [(0.0, -50.0), (0.0, 150.0)]
    bulge = [(100.0, -50.0), (99.7, 50.0), (100.0, 150.0)]
    town = enclose(streets(along, bulge), estate_table(BOX), gate_table((50.0, 0.0)))
    assert (town.network.edge_compound == -1).all()
    assert len(town.network.length_m) == 2


def test_streets_without_length_inside_an_estate_are_kept():
    network = streets([(-50, 50), (50, 50)], [(50, 50), (50, 50)], [(50, 50), (150, 50)])
    town = enclose(network, estate_table(BOX), gate_table(WEST_GATE, EAST_GATE))
    assert town.network.length_m.sum() == pytest.approx(200)
    assert (town.network.length_m == 0).sum() == 1
    assert metres(town, (50, 50), (-50, 50)) == pytest.approx(100, abs=0.02)
    assert np.isnan(metres(town, (-50, 50), (150, 50)))


def test_a_street_that_comes_in_twice_is_cut_four_times():
    zigzag = [(-20, 20), (120, 20), (120, 80), (-20, 80)]
    town = enclose(
        streets(zigzag), estate_table(BOX), gate_table((0, 20), (100, 20), (100, 80), (0, 80))
    )
    inside = town.network.edge_compound == 0
    assert town.network.length_m[inside].sum() == pytest.approx(2 * 99, abs=0.01)
    assert np.isnan(metres(town, (-20, 20), (-20, 80)))
    assert metres(town, (120, 20), (120, 80)) == pytest.approx(60)


def test_neighbours_share_a_wall_and_nobody_crosses_two_estates():
    beside = shapely.box(100, 0, 200, 100)
    street = [(-50.0, 50.0), (250.0, 50.0)]
    town = enclose(
        streets(street), estate_table(BOX, beside), gate_table((0, 50), (100, 50), (200, 50))
    )
    # from the first estate into the second by the gate between them
    assert metres(town, (50, 50), (150, 50)) == pytest.approx(100, abs=0.02)
    assert metres(town, (50, 50), (-50, 50)) == pytest.approx(100, abs=0.02)
    assert np.isnan(metres(town, (50, 50), (250, 50)))
    assert np.isnan(metres(town, (-50, 50), (150, 50)))


# -- what comes back ---------------------------------------------------------------------------
def test_points_are_located_the_lowest_estate_first():
    town = enclose(
        streets(THROUGH), estate_table(BOX, shapely.box(50, 0, 150, 100)), empty(GATES, CRS)
    )
    found = town.locate(points((10, 10), (75, 10), (140, 10), (200, 10), (0, 50)))
    assert found.tolist() == [0, 0, 1, -1, 0]
    assert found.dtype == np.int32


def test_estates_come_in_the_order_of_their_ids_whatever_the_rows():
    estates = estate_table(BOX, shapely.box(300, 0, 400, 100))
    network = streets(THROUGH, [(250, 50), (450, 50)])
    one = enclose(network, estates, gate_table(WEST_GATE, (300, 50)))
    two = enclose(network, estates.iloc[::-1], gate_table((300, 50), WEST_GATE))
    assert one.estate_id == two.estate_id == ("e0", "e1")
    assert one.network.edge_compound.tolist() == two.network.edge_compound.tolist()
    assert one.network.shape_xy.tobytes() == two.network.shape_xy.tobytes()
    assert sorted(map(tuple, one.gate_xy)) == sorted(map(tuple, two.gate_xy))


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_cutting_conserves_every_metre_and_every_column(seed):
    network = random_town(seed)
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(-50, 350, 2)
    box = shapely.box(x, y, x + rng.uniform(30, 300), y + rng.uniform(30, 300))
    gates = gate_table(*shapely.get_coordinates(box)[: rng.integers(0, 3)].tolist())
    town = enclose(network, estate_table(box), gates)
    cut = town.network
    assert cut.length_m.sum() == pytest.approx(network.length_m.sum(), rel=1e-9)
    assert shapely.length(cut.lines).sum() == pytest.approx(cut.length_m.sum(), rel=1e-9)
    assert list(cut.edges.columns) == list(network.edges.columns)
    ends = shapely.get_coordinates(shapely.get_point(cut.lines, [[0], [-1]]).ravel())
    nodes = np.concatenate([cut.node_xy[cut.edge_node[:, side]] for side in (0, 1)])
    np.testing.assert_allclose(ends, nodes, rtol=0, atol=1e-6)
    # what is inside is inside, what is outside is outside
    middle = shapely.line_interpolate_point(cut.lines, 0.5, normalized=True)
    inner = shapely.buffer(box, -0.5)
    np.testing.assert_array_equal(shapely.intersects(inner, middle), cut.edge_compound == 0)
    # no arc leads from outside in and out again: end copies never lead out
    arcs = cut.arcs(PROFILES["gb"])
    copies = set(range(len(cut.node_xy), arcs.n))
    leaving = [h for t, h in zip(arcs.tail, arcs.head, strict=True) if t in copies]
    assert set(leaving) <= copies
    entering = set(arcs.head[~np.isin(arcs.tail, arcs.tail[arcs.edge_id < 0])].tolist())
    starts = set(np.flatnonzero(cut.node_compound >= 0).tolist())
    assert not entering & starts


def test_an_estate_nobody_knows_the_way_into_shuts_nobody_in():
    # A street runs past the outline; no gate is known and no street crosses it.
    town = enclose(streets([(-50, -20), (300, -20)]), estate_table(BOX), gate_table())
    assert (town.without_gates, town.unknown_ways_in) == (("e0",), ("e0",))
    assert town.locate(points((50, 50))).tolist() == [-1]
    assert pin_rows(town, points((50, 50))).pins.leg_m.tolist() == [70.0]
