"""Reference systems and datums: the right zone, exact round trips, readable refusals."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from lifecircle import geo
from lifecircle.errors import CrsError

CHINA = st.tuples(st.floats(74, 135), st.floats(18, 53))


# -- bad input ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("lon", "lat"),
    [(500_000.0, 3_365_000.0), (181.0, 0.0), (0.0, 86.0), (np.nan, 30.0), (120.0, np.nan)],
)
def test_what_is_no_longitude_and_latitude_is_refused(lon, lat):
    with pytest.raises(CrsError, match="no longitude and latitude"):
        geo.metric_crs(lon, lat)


def test_a_table_without_a_system_is_refused_by_name():
    frame = gpd.GeoDataFrame(geometry=[shapely.Point(0, 0)])
    with pytest.raises(CrsError, match=r"^homes\.gpkg: has no coordinate reference system"):
        geo.to_crs(frame, geo.WGS84, where="homes.gpkg")


# -- which system ------------------------------------------------------------------------------
@pytest.mark.parametrize("meridian", range(75, 136, 3))
def test_every_chinese_zone_has_its_central_meridian(meridian):
    for lon in (meridian - 1.4, meridian, meridian + 1.4):
        if not 73.5 <= lon <= 135.1:
            continue
        crs = geo.metric_crs(lon, 30.0)
        found = {one.name: one.value for one in crs.coordinate_operation.params}
        assert found["Longitude of natural origin"] == meridian
        assert found["False easting"] == 500_000.0  # without the zone as a prefix
        assert crs.geodetic_crs.name == "China Geodetic Coordinate System 2000"
        assert crs.axis_info[0].unit_name == "metre"


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (13.26, 53.56, 32633),
        (-180.0, 10.0, 32601),
        (180.0, 10.0, 32660),
        (-70.65, -33.4, 32719),
        (0.0, 0.0, 32631),
    ],
)
def test_elsewhere_the_utm_zone(lon, lat, code):
    assert geo.metric_crs(lon, lat).to_epsg() == code


# -- moving ------------------------------------------------------------------------------------
@given(CHINA)
@settings(max_examples=40, deadline=None)
def test_projecting_there_and_back_closes(place):
    here = np.array([place])
    crs = geo.metric_crs(*place)
    xy = geo.project(here, crs)
    assert xy.shape == (1, 2)
    np.testing.assert_allclose(geo.unproject(xy, crs), here, rtol=0, atol=1e-9)


def test_x_comes_first_whatever_the_system_says():
    # EPSG:4549 declares northing before easting.
    (x, y) = geo.project(np.array([[121.1, 30.46]]), CRS.from_epsg(4549))[0]
    assert 600_000 < x < 610_000
    assert 3_300_000 < y < 3_400_000


def test_moving_a_table_or_a_shape_leaves_the_given_one_alone():
    frame = gpd.GeoDataFrame(geometry=[shapely.Point(121.0, 30.0)], crs=geo.WGS84)
    crs = geo.metric_crs(121.0, 30.0)
    moved = geo.to_crs(frame, crs, where="x")
    assert moved.crs == crs
    assert frame.geometry[0].coords[0] == (121.0, 30.0)
    shape = shapely.box(121.0, 30.0, 121.1, 30.1)
    metric = geo.project_shape(shape, geo.WGS84, crs)
    np.testing.assert_allclose(
        shapely.get_coordinates(metric), geo.project(shapely.get_coordinates(shape), crs)
    )
    assert shape.bounds == (121.0, 30.0, 121.1, 30.1)
    back = geo.project_shape(metric, crs, geo.WGS84)
    assert shapely.equals_exact(back, shape, tolerance=1e-9)


def test_a_degree_on_the_ellipsoid():
    # WGS 84: a = 6,378,137 m; pi/180 a along the equator, and the first degree of the meridian.
    start, east, north = (np.array([xy]) for xy in ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0)))
    assert geo.ground_m(start, east)[0] == pytest.approx(np.pi / 180 * 6_378_137.0, abs=1e-4)
    assert geo.ground_m(start, north)[0] == pytest.approx(110_574.389, abs=1e-2)
    assert geo.ground_m(north, start)[0] == geo.ground_m(start, north)[0]


def test_nothing_to_move():
    nothing = np.empty((0, 2))
    crs = geo.metric_crs(121.0, 30.0)
    for move in (lambda xy: geo.project(xy, crs), lambda xy: geo.unproject(xy, crs)):
        assert move(nothing).shape == (0, 2)
    for shift in (
        geo.gcj02_to_wgs84,
        geo.wgs84_to_gcj02,
        geo.bd09_to_gcj02,
        geo.gcj02_to_bd09,
    ):
        assert shift(nothing).shape == (0, 2)


# -- datums ------------------------------------------------------------------------------------
def test_published_values_of_the_shifts():
    # Worked example in the README of wandergis/coordtransform, for (116.404, 39.915).
    there = np.array([[116.404, 39.915]])
    shifted = geo.wgs84_to_gcj02(there)
    np.testing.assert_allclose(
        shifted, [[116.41024449916938, 39.91640428150164]], rtol=0, atol=1e-12
    )
    further = geo.gcj02_to_bd09(there)
    np.testing.assert_allclose(
        further, [[116.41036949371029, 39.92133699351021]], rtol=0, atol=1e-12
    )


@given(CHINA)
@settings(max_examples=60, deadline=None)
def test_undoing_a_shift_closes_to_a_millimetre(place):
    here = np.array([place])
    for there, back in (
        (geo.wgs84_to_gcj02, geo.gcj02_to_wgs84),
        (geo.gcj02_to_bd09, geo.bd09_to_gcj02),
    ):
        shifted = there(here)
        assert geo.ground_m(back(shifted), here)[0] < 0.001
        assert 5.0 < geo.ground_m(shifted, here)[0] < 2000.0
    assert here.tolist() == [list(place)]
