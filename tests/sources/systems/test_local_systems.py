"""A city's own system by its parameters, and recognised from points."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Transformer

from lifecircle.config.angles import parse_meridian
from lifecircle.sources.systems.local_systems import gauss_system, recognise_gauss
from tests.sources.planner_files import heard

PLACES = np.array([[121.06, 30.43], [121.14, 30.43], [121.1, 30.49], [121.09, 30.46]])


def local(crs, lonlat=PLACES):
    return np.column_stack(Transformer.from_crs(4490, crs, always_xy=True).transform(*lonlat.T))


# -- bad input ---------------------------------------------------------------------------------
@pytest.mark.parametrize("angle", ["", "abc", "121 05", "200", "121°75′", "121°05′61″", "nan"])
def test_what_is_no_meridian_is_refused(angle):
    with pytest.raises(ValueError, match="is no"):
        parse_meridian(angle)


# -- hand-worked -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("121°05′", 121 + 5 / 60),
        ("121°05'", 121 + 5 / 60),
        ("东经121°05′30″", 121 + 5.5 / 60),
        ("121度5分", 121 + 5 / 60),
        ("121:05", 121 + 5 / 60),
        ("１２１°０５′", 121 + 5 / 60),
        ("E 121°5'", 121 + 5 / 60),
        (120, 120.0),
        (120.75, 120.75),
        ("121.0842", 121.0842),
    ],
)
def test_ways_to_write_a_meridian(text, degrees):
    meridian, rounded = parse_meridian(text)
    assert meridian == pytest.approx(degrees, abs=1e-12)
    assert not rounded


def test_a_rounded_minute_is_the_whole_one_and_told():
    assert parse_meridian(121.0833) == (121 + 5 / 60, True)
    assert parse_meridian("121.083333333") == (121 + 5 / 60, False)
    with heard() as said:
        short = gauss_system("甲", central_meridian=121.0833)
    assert "121.0833 is taken as 121°05′" in said[0]
    np.testing.assert_allclose(
        local(short), local(gauss_system("甲", central_meridian="121°05′")), atol=1e-9
    )


def test_the_parameters_are_those_of_transverse_mercator():
    crs = gauss_system("甲", central_meridian="120°", ellipsoid="cgcs2000")
    np.testing.assert_allclose(local(crs), local("EPSG:4549"), atol=1e-6)
    shifted = gauss_system("甲", central_meridian=120, false_easting=40_500_000)
    np.testing.assert_allclose(local(shifted), local("EPSG:4528"), atol=1e-6)
    lower = gauss_system("甲", central_meridian=120, false_northing=-3_000_000)
    np.testing.assert_allclose(local(lower), local("EPSG:4549") - [0, 3_000_000], atol=1e-6)


def test_a_higher_plane_is_wider():
    flat = local(gauss_system("甲", central_meridian=121))
    high = local(gauss_system("甲", central_meridian=121, plane_height=637.1))
    wider = np.linalg.norm(high[0] - high[1]) / np.linalg.norm(flat[0] - flat[1])
    assert wider == pytest.approx(1.0001, abs=1e-9)


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize(("meridian", "north"), [("121°05′", -3e6), ("120°", 0.0), ("120°30′", 0)])
def test_round_parameters_are_recognised_from_points(meridian, north, swapped):
    crs = gauss_system("甲", central_meridian=meridian, false_northing=north)
    points = local(crs) + np.random.default_rng(3).normal(0, 0.01, PLACES.shape)
    found = recognise_gauss(points[:, :: -1 if swapped else 1], PLACES, swapped=swapped)
    assert found is not None
    assert found.central_meridian == pytest.approx(parse_meridian(meridian)[0], abs=1e-12)
    assert (found.false_easting, found.false_northing) == (500_000.0, north)
    assert found.rms_m < 0.05


def test_a_system_of_odd_numbers_is_not_taken_for_a_round_one():
    crs = gauss_system("甲", central_meridian=121.09, false_easting=500_321.7)
    assert recognise_gauss(local(crs), PLACES) is None
