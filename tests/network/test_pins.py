"""Where points stand on the streets: every near edge, no walls crossed, a status for each."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.network.compounds import enclose
from lifecircle.network.pins import PIN_LIMIT_M, Pins, pin_points
from lifecircle.network.router import Ends, Router
from lifecircle.walk import Profile
from tests.making import edge_of, estate_table, gate_table, pin_rows, points, streets
from tests.network.test_router import random_town

METRE = Profile(name="metre", speed_mps=1.0, source="test: a metre a second")
WEST, EAST = [(0.0, 0.0), (0.0, 400.0)], [(60.0, 0.0), (60.0, 400.0)]
RUNG = [(0.0, 0.0), (60.0, 0.0)]


def legs(pins: Pins, point: int = 0) -> dict[int, float]:
    mine = pins.point == point
    return dict(zip(pins.edge[mine].tolist(), pins.leg_m[mine].tolist(), strict=True))


def metres(network, start: Pins, stop: Pins) -> float:
    found = Router(network=network, profile=METRE).nearest(
        Ends.single(start), Ends.single(stop), limit=10**7
    )
    return float(found.walk_cs[0]) / 100


# -- shapes, types, order ----------------------------------------------------------------------
def test_no_points_and_no_streets_on_foot():
    network = streets(WEST)
    none = pin_points(network, np.empty(0, dtype=object))
    assert (none.n, len(none.point), len(none.status)) == (0, 0, 0)
    assert none.nearest_leg_m.shape == (0,)
    motorway = streets(WEST, foot_forward=[False], foot_backward=[False])
    pins = pin_points(motorway, points((1, 1)))
    assert pins.status.tolist() == ["far"]
    assert np.isnan(pins.nearest_leg_m).all()


def test_pins_are_ordered_read_only_and_leave_the_points_alone():
    network = streets(WEST, EAST, RUNG)
    shapes = points((30, 20), (5, 300), (55, 100))
    before = shapely.to_wkb(shapes)
    pins = pin_points(network, shapes)
    keys = list(zip(pins.point.tolist(), pins.edge.tolist(), strict=True))
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
    assert ((pins.share >= 0) & (pins.share <= 1)).all()
    assert (pins.leg_m <= PIN_LIMIT_M).all()
    assert (shapely.to_wkb(shapes) == before).all()
    for name in ("point", "edge", "share", "leg_m", "status"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(pins, name)[0] = 0


def test_the_order_of_points_only_renumbers_them():
    network = streets(WEST, EAST, RUNG)
    rng = np.random.default_rng(0)
    xy = rng.uniform(-50, 110, (20, 2))
    pins = pin_points(network, shapely.points(xy))
    order = rng.permutation(20)
    again = pin_points(network, shapely.points(xy[order]))
    assert again.status.tolist() == pins.status[order].tolist()
    for new, old in enumerate(order):
        assert legs(again, new) == legs(pins, int(old))
    np.testing.assert_array_equal(again.nearest_leg_m, pins.nearest_leg_m[order])


# -- distances ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("x", "both"), [(15.0, True), (15.01, True), (14.99, False), (30.0, True), (45.01, False)]
)
def test_every_edge_within_thirty_metres_of_the_nearest_one(x, both):
    # x and 60 - x from two streets: the farther is at most 30 m farther where 15 <= x <= 45.
    pins = pin_points(streets(WEST, EAST), points((x, 200)))
    assert sorted(legs(pins).values()) == pytest.approx(
        sorted((x, 60 - x)) if both else [min(x, 60 - x)]
    )
    assert pins.nearest_leg_m[0] == pytest.approx(min(x, 60 - x))


@pytest.mark.parametrize(
    ("x", "status"), [(-199.999, "ok"), (-200.0, "ok"), (-200.001, "far"), (-5000.0, "far")]
)
def test_two_hundred_metres_are_inclusive(x, status):
    pins = pin_points(streets(WEST), points((x, 200)))
    assert pins.status.tolist() == [status]
    assert len(pins.point) == (status == "ok")
    # the slack does not reach beyond the limit
    wide = pin_points(streets(WEST, [(20.0, 0.0), (20.0, 400.0)]), points((-190, 200)))
    assert list(legs(wide).values()) == [190.0]


def test_a_point_on_a_node_on_an_end_and_on_an_edge():
    network = streets(WEST, RUNG, [(60.0, 0.0), (60.0, -80.0)])
    west, rung, tail = (
        edge_of(network, line) for line in (WEST, RUNG, [(60.0, 0.0), (60.0, -80.0)])
    )
    node = pin_points(network, points((0, 0)))
    assert legs(node) == {west: 0.0, rung: 0.0}
    end = pin_points(network, points((60, -80)))
    assert legs(end) == {tail: 0.0}
    on_edge = pin_points(network, points((30, 0)))
    assert legs(on_edge)[rung] == 0.0
    assert on_edge.share[on_edge.edge == rung].tolist() == [0.5]
    assert metres(network, node, end) == 140.0
    assert metres(network, end, node) == 140.0
    assert metres(network, node, node) == 0.0
    assert metres(network, on_edge, node) == 30.0


def test_two_points_on_one_edge_walk_between_without_a_node():
    network = streets([(0, 0), (1000, 0)])
    a, b = pin_points(network, points((400, 10))), pin_points(network, points((700, -20)))
    assert metres(network, a, b) == 10 + 300 + 20
    one_way = streets([(0, 0), (1000, 0)], foot_backward=[False])
    assert metres(one_way, a, b) == 330
    assert np.isnan(metres(one_way, b, a))
    here = pin_points(one_way, points((400, -5)))
    assert metres(one_way, a, here) == metres(one_way, here, a) == 15


def test_a_loop_and_a_street_without_length():
    ring = streets([(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)])
    a, b = pin_points(ring, points((10, 0))), pin_points(ring, points((0, 10)))
    assert metres(ring, a, b) == 20
    c = pin_points(ring, points((100, 90)))
    assert metres(ring, a, c) == 180
    dot = streets([(0, 0), (100, 0)], [(100, 0), (100, 0)], [(100, 0), (200, 0)])
    assert sorted(dot.length_m.tolist()) == [0.0, 100.0, 100.0]
    at_dot = pin_points(dot, points((100, 7)))
    assert len(at_dot.point) == 3
    assert np.isfinite(at_dot.share).all()
    far = pin_points(dot, points((180, 0)))
    assert metres(dot, at_dot, far) == 87
    assert metres(dot, far, at_dot) == 87


# -- islands -----------------------------------------------------------------------------------
def test_a_point_on_an_island_says_so_and_has_no_pin():
    network = streets([(0, 0), (20_000, 0)], [(500, 300), (600, 300)])
    pins = pin_points(network, points((550, 300), (550, 100), (550, 140), (550, 600)))
    # 100 m from the main street and 200 from the island: only the main one is near
    # 140 and 160: both are near, the main one counts
    assert pins.status.tolist() == ["island", "ok", "ok", "far"]
    assert pins.nearest_leg_m[1:3].tolist() == [100.0, 140.0]
    assert np.isnan(pins.nearest_leg_m[[0, 3]]).all()
    assert set(pins.edge.tolist()) == {edge_of(network, [(0, 0), (20_000, 0)])}


# -- obstacles ---------------------------------------------------------------------------------
def line(*xy: tuple[float, float]) -> np.ndarray:
    return np.array([shapely.LineString(xy)], dtype=object)


WALL = line((10, -100), (10, 500))


def test_a_leg_over_a_wall_is_dropped_when_there_is_another_pin():
    network = streets(WEST, EAST)
    free = pin_points(network, points((20, 200)))
    assert sorted(legs(free).values()) == [20.0, 40.0]
    walled = pin_points(network, points((20, 200)), obstacles=WALL)
    assert legs(walled) == {edge_of(network, EAST): 40.0}
    assert walled.status.tolist() == ["ok"]


def test_the_other_pin_may_be_farther_than_the_slack_but_not_than_the_limit():
    far_east = [(150.0, 0.0), (150.0, 400.0)]
    network = streets(WEST, far_east, [(0.0, 0.0), (150.0, 0.0)])
    pins = pin_points(network, points((20, 200)), obstacles=WALL)
    assert legs(pins) == {edge_of(network, far_east): 130.0}
    beyond = [(221.0, 0.0), (221.0, 400.0)]
    network = streets(WEST, beyond, [(0.0, -300.0), (221.0, -300.0)])
    pins = pin_points(network, points((20, 200)), obstacles=WALL)
    assert legs(pins) == {edge_of(network, WEST): 20.0}  # nothing else: over the wall after all


def test_a_leg_that_only_touches_the_obstacle_is_no_crossing():
    network = streets(WEST, EAST)
    west = edge_of(network, WEST)
    # the point stands on the wall; the wall runs along the street; the wall ends at the leg
    on_wall = pin_points(network, points((10, 200)), obstacles=WALL)
    assert west in legs(on_wall)
    along = pin_points(network, points((20, 200)), obstacles=line((0, 0), (0, 400)))
    assert west in legs(along)
    short = pin_points(network, points((20, 200)), obstacles=line((10, 201), (10, 500)))
    assert west in legs(short)
    over = pin_points(network, points((20, 200)), obstacles=line((10, 199), (10, 201)))
    assert west not in legs(over)


def test_several_points_are_judged_one_by_one():
    network = streets(WEST, EAST)
    pins = pin_points(network, points((20, 200), (5, 200), (45, 200)), obstacles=WALL)
    west, east = edge_of(network, WEST), edge_of(network, EAST)
    assert legs(pins, 0) == {east: 40.0}
    assert legs(pins, 1) == {west: 5.0}
    assert legs(pins, 2) == {east: 15.0}
    same = pin_points(network, points((20, 200)), obstacles=np.empty(0, dtype=object))
    assert sorted(legs(same).values()) == [20.0, 40.0]


@given(st.integers(0, 10_000), st.booleans())
@settings(max_examples=40, deadline=None)
def test_pins_equal_a_plain_search_over_all_edges(seed, walled):
    """The rule, edge by edge, with shapely's own distances and crossings."""
    rng = np.random.default_rng(seed)
    network = random_town(seed)
    xy = np.concatenate([rng.uniform(-260, 760, (12, 2)), network.node_xy[:2]])
    shapes = shapely.points(xy)
    walls = None
    if walled:
        walls = shapely.linestrings(rng.uniform(-100, 600, (6, 3, 2)))
    pins = pin_points(network, shapes, obstacles=walls)
    for number, point in enumerate(shapes):
        distance = shapely.distance(network.lines, point)
        near = {
            int(edge): float(distance[edge])
            for edge in np.flatnonzero(distance <= min(distance.min() + 30.0, PIN_LIMIT_M))
        }
        if walled and near:
            free = {
                edge: leg for edge, leg in near.items() if not over(network, point, edge, walls)
            }
            if not free:
                within = np.flatnonzero(distance <= PIN_LIMIT_M)
                reach = [int(edge) for edge in within if not over(network, point, edge, walls)]
                least = min((distance[edge] for edge in reach), default=np.inf) + 30.0
                free = {edge: float(distance[edge]) for edge in reach if distance[edge] <= least}
            near = free or near
        kept = {
            edge: leg
            for edge, leg in near.items()
            if not network.island_nodes[network.edge_node[edge, 0]]
        }
        assert legs(pins, number) == pytest.approx(kept, abs=1e-9)
        assert pins.status[number] == ("ok" if kept else "island" if near else "far")
    foot = shapely.line_interpolate_point(network.lines[pins.edge], pins.share, normalized=True)
    np.testing.assert_allclose(
        shapely.distance(foot, shapes[pins.point]), pins.leg_m, rtol=0, atol=1e-6
    )


def over(network, point, edge, walls) -> bool:
    leg = shapely.shortest_line(point, network.lines[edge])
    # A wall that the leg's foot all but stands on is touched, not crossed.
    ends = shapely.get_coordinates(walls).reshape(len(walls), -1, 2)
    pieces = shapely.linestrings(
        np.stack([ends[:, :-1].reshape(-1, 2), ends[:, 1:].reshape(-1, 2)], axis=1)
    )
    apart = shapely.distance(shapely.get_point(leg, -1), pieces) > 0.01
    return bool((shapely.crosses(leg, pieces) & apart).any())


# -- compounds ---------------------------------------------------------------------------------
BOX = shapely.box(0, 0, 100, 100)


def test_a_wall_is_never_crossed_even_without_paths_inside():
    # The street runs 10 m outside the wall all around; the only gate is in the east.
    ring = [(-10, -10), (110, -10), (110, 110), (-10, 110), (-10, -10)]
    town = enclose(streets(ring), estate_table(BOX), gate_table((100, 50), estate=["e0"]))
    assert (town.network.edge_compound == -1).all()
    inside, outside = points((50, 50)), points((-5, 50))
    pins = pin_rows(town, inside).pins
    assert legs(pins) == {0: pytest.approx(50 * 1.3 + 10)}
    assert shapely.line_interpolate_point(
        town.network.lines[0], pins.share[0], normalized=True
    ).coords[0] == pytest.approx((110, 50))
    assert pins.nearest_leg_m.tolist() == pytest.approx([75.0])
    # round the wall: 75 to the street, 60 + 120 + 60 along it, 5 back
    assert metres(town.network, pins, pin_rows(town, outside).pins) == pytest.approx(
        320.0, abs=0.02
    )


def test_without_paths_legs_run_to_every_gate_by_the_declared_factor():
    ring = [(-10, -10), (110, -10), (110, 110), (-10, 110), (-10, -10)]
    town = enclose(
        streets(ring), estate_table(BOX), gate_table((100, 50), (30, 0), estate=["e0", "e0"])
    )
    gates = pin_points(town.network, shapely.points(town.gate_xy))
    shapes = points((30, 50), (100, 50))
    pins = pin_points(
        town.network,
        shapes,
        compound=town.locate(shapes),
        gate_pins=gates,
        gate_compound=town.gate_compound,
        gate_xy=town.gate_xy,
        leg_factor=2.0,
    )
    first = sorted(pins.leg_m[pins.point == 0].tolist())
    assert first == pytest.approx([50 * 2 + 10, 70 * 2 + 10])
    assert min(pins.leg_m[pins.point == 1]) == pytest.approx(10.0)
    alone = pin_points(town.network, shapes, compound=town.locate(shapes))
    assert alone.status.tolist() == ["far", "far"]  # no gate is given: nobody gets out


def test_points_inside_take_inner_paths_and_points_outside_never_do():
    # A path from the gate in the west to the middle; streets outside on all sides.
    ring = [(-10, 50), (-10, -10), (110, -10), (110, 110), (-10, 110), (-10, 50)]
    path = [(-10, 50), (50, 50)]
    town = enclose(streets(ring, path), estate_table(BOX), gate_table((0, 50)))
    inner = np.flatnonzero(town.network.edge_compound == 0)
    assert len(inner) == 1
    inside = pin_rows(town, points((95, 50), (50, 95))).pins
    assert set(inside.edge.tolist()) == set(inner.tolist())
    assert inside.nearest_leg_m.tolist() == [45.0, 45.0]
    outside = pin_rows(town, points((-3, 45), (104, 50))).pins
    assert not set(outside.edge.tolist()) & set(inner.tolist())


def test_paths_inside_that_lead_to_no_gate_shut_nobody_in():
    # A path from the west gate, another one in the east that is joined to nothing.
    ring = [(-10, 50), (-10, -10), (110, -10), (110, 110), (-10, 110), (-10, 50)]
    path, lone = [(-10, 50), (30, 50)], [(70, 50), (90, 50)]
    town = enclose(streets(ring, path, lone), estate_table(BOX), gate_table((0, 50)))
    pins = pin_rows(town, points((80, 60), (30, 60))).pins
    assert pins.status.tolist() == ["ok", "ok"]
    # to the lone path; 1.3 times the way to the gate, where the west path ends; 10 m on
    far = sorted(set(pins.leg_m[pins.point == 0].round(6).tolist()))
    straight = 1.3 * np.hypot(80, 10)
    assert far == pytest.approx([10, straight, straight + 10])
    # whom the path leads to the gate takes no short cut
    assert pins.leg_m[pins.point == 1].tolist() == [10.0]


def test_a_gate_without_a_path_is_walked_to_straight():
    ring = [(-10, 50), (-10, -10), (110, -10), (110, 110), (-10, 110), (-10, 50)]
    path = [(-10, 50), (50, 50)]
    town = enclose(streets(ring, path), estate_table(BOX), gate_table((0, 50), (100, 50)))
    pins = pin_rows(town, points((90, 50))).pins
    assert sorted(pins.leg_m.tolist()) == pytest.approx([13 + 10, 40])


def test_a_point_only_streets_inside_estates_are_near_to_is_far():
    path = [(10, 50), (90, 50)]
    town = enclose(streets(path, [(0, 5000), (900, 5000)]), estate_table(BOX), gate_table((0, 50)))
    pins = pin_rows(town, points((105, 50))).pins
    assert pins.status.tolist() == ["far"]
