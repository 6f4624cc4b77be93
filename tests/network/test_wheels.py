"""Riders and drivers: class speeds, limits, one-way streets, pins of their own, circles by car."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from lifecircle import geo
from lifecircle.network.pins import pin_points
from lifecircle.network.router import Ends, Router
from lifecircle.network.streets import StreetNetwork
from lifecircle.reach.isochrone import isochrones
from lifecircle.sources.toytown import toytown
from lifecircle.walk import PROFILES, Profile
from tests.making import edge_of, points, streets

DRIVE, BIKE = PROFILES["drive"], PROFILES["bike"]


def minutes(network, profile, start, stop, *, from_facility=False) -> float:
    """Minutes from a home to a facility, or from the facility to the home."""
    ends = [
        Ends.single(
            pin_points(network, points(xy)),
            {profile.mode: pin_points(network, points(xy), mode=profile.mode)},
        )
        for xy in (start, stop)
    ]
    found = Router(network=network, profile=profile).nearest(
        *ends, limit=10**7, from_facility=from_facility
    )
    return float(found.walk_cs[0] / 6000)


def test_the_class_says_how_fast_and_the_limit_how_fast_at_most():
    lines = [[(0, 100 * k), (900, 100 * k)] for k in range(5)]
    network = streets(
        *lines,
        highway=["primary", "primary", "residential", None, "motorway"],
        maxspeed_kmh=[np.nan, 50.0, 100.0, 20.0, np.nan],
    )
    edge = [edge_of(network, line) for line in lines]
    # 900 m at 65, 50, 25 (no limit makes anybody faster), 20 and 90 km/h
    expected = [round(900 / (kmh / 3.6) * 100) for kmh in (65, 50, 25, 20, 90)]
    assert network.prices(DRIVE)[0][edge].tolist() == expected
    slow = [round(900 / (kmh / 3.6) * 100) for kmh in (15, 15, 15, 15, 15)]
    assert network.prices(BIKE)[0][edge].tolist() == slow
    assert network.prices(PROFILES["gb"])[0][edge].tolist() == [81_000] * 5


def test_riders_slow_down_on_paths_and_push_on_stairs():
    lines = [[(0, 100 * k), (900, 100 * k)] for k in range(3)]
    network = streets(
        *lines,
        highway=["cycleway", "path", "steps"],
        surface=["asphalt", "ground", None],
        steps=[False, False, True],
    )
    edge = [edge_of(network, line) for line in lines]
    assert network.prices(BIKE)[0][edge].tolist() == [18_000, 40_500, 86_400]


def test_a_one_way_street_is_driven_one_way_and_walked_both():
    # a block of 300 x 100 m, its south side one-way to the east
    network = streets(
        [(0, 0), (300, 0)],
        [(300, 0), (300, 100)],
        [(300, 100), (0, 100)],
        [(0, 100), (0, 0)],
        highway=["residential"] * 4,
        car_backward=[False, True, True, True],
    )
    west, east = (0, 0), (300, 0)
    assert minutes(network, DRIVE, west, east) == pytest.approx(300 / (25 / 3.6) / 60, abs=1e-4)
    assert minutes(network, DRIVE, east, west) == pytest.approx(500 / (25 / 3.6) / 60, abs=1e-4)
    # a response circle: from the station in the east to the home in the west, and not back
    assert minutes(network, DRIVE, west, east, from_facility=True) == pytest.approx(
        500 / (25 / 3.6) / 60, abs=1e-4
    )
    assert minutes(network, PROFILES["gb"], east, west) == pytest.approx(4.5)


def path_and_road() -> StreetNetwork:
    """A footpath past the house, a road 60 m behind it, joined far away in the east."""
    return streets(
        [(0, 0), (500, 0)],
        [(0, 60), (500, 60)],
        [(500, 0), (500, 60)],
        highway=["footway", "residential", "footway"],
        car_forward=[False, True, False],
        car_backward=[False, True, False],
    )


def test_drivers_are_pinned_to_roads_though_a_path_is_nearer():
    network = path_and_road()
    road = edge_of(network, [(0, 60), (500, 60)])
    on_foot = pin_points(network, points((100, 5)))
    by_car = pin_points(network, points((100, 5)), mode="car")
    assert road not in on_foot.edge
    assert by_car.edge.tolist() == [road]
    assert by_car.leg_m.tolist() == [55.0]
    # 55 m off the road at 30 km/h, 300 m at 25, 5 m at 30
    expected = 60 / (30 / 3.6) + 300 / (25 / 3.6)
    assert minutes(network, DRIVE, (100, 5), (400, 55)) * 60 == pytest.approx(expected, abs=0.02)


def test_islands_are_those_of_the_mode():
    # a car park of 9 m that only a path leads to
    network = streets(
        [(0, 0), (5_000, 0)],
        [(0, 0), (0, 150)],
        [(0, 150), (9, 150)],
        car_forward=[True, False, True],
        car_backward=[True, False, True],
    )
    assert not network.island_nodes.any()
    assert network.node_xy[network.islands("car")][:, 1].tolist() == [150.0, 150.0]
    assert pin_points(network, points((5, 150)), mode="car").status.tolist() == ["island"]
    assert pin_points(network, points((5, 150))).status.tolist() == ["ok"]


def test_a_choice_of_rows_keeps_the_pins_of_every_mode():
    network = path_and_road()
    here = points((100, 5), (200, 5))
    ends = Ends.single(pin_points(network, here), {"car": pin_points(network, here, mode="car")})
    second = ends.select(np.array([False, True])).of("car")
    assert second.pins.point.tolist() == [1]
    assert second.pins.leg_m.tolist() == [55.0]
    assert ends.of("bike") is ends


def test_response_circles_by_car_nest_and_outgrow_those_on_foot():
    survey = toytown()
    lon, lat = np.median(survey.streets.lonlat, axis=0)
    network = StreetNetwork.from_ways(survey.streets, geo.metric_crs(float(lon), float(lat)))
    station = survey.facilities[survey.facilities["facility_id"] == "M1"]
    station = station[["geometry"]]
    circles = {
        name: isochrones(
            network, station, [0.5, 1], profile=name, direction="from_facility",
            homes=survey.homes,
        ).to_crs(network.crs)
        for name in ("gb", "bike", "drive")
    }  # fmt: skip
    areas = {name: table.area.tolist() for name, table in circles.items()}
    for table in circles.values():
        small, large = table.geometry
        assert small.difference(large).area < 1.0
    assert areas["gb"][1] < areas["bike"][1] < areas["drive"][1]
    assert shapely.is_valid(np.concatenate([table.geometry for table in circles.values()])).all()


def test_a_walker_at_the_speed_of_a_rider_reaches_the_same():
    rng = np.random.default_rng(2)
    network = path_and_road()
    rider = Profile(name="rider", speed_mps=4.0, source="test", mode="bike")
    walker = Profile(name="walker", speed_mps=4.0, source="test")
    for _ in range(5):
        start, stop = rng.uniform(0, 500), rng.uniform(0, 500)
        ends = (start, 10.0), (stop, 50.0)
        assert minutes(network, rider, *ends) == minutes(network, walker, *ends)
