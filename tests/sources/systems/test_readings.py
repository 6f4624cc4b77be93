"""Numbers that could be coordinates: of which system, in which order, in which zone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from lifecircle.sources.systems.local_systems import gauss_system
from lifecircle.sources.systems.readings import are_degrees, readings_of, zone_epsg

PLACES = np.array([[121.085, 30.451], [121.101, 30.462], [121.12, 30.44]])
BOX = (121.0, 30.4, 121.2, 30.5)


def metres(code, lonlat=PLACES):
    """By pyproj itself, apart from the project's own door to it."""
    return np.column_stack(
        Transformer.from_crs("EPSG:4490", code, always_xy=True).transform(*lonlat.T)
    )


# -- bad input ---------------------------------------------------------------------------------
def test_nothing_and_nonsense_have_no_reading():
    nan = np.array([np.nan, np.nan])
    assert readings_of(nan, nan, box=BOX) == ()
    assert readings_of(np.array([]), np.array([]), box=BOX) == ()
    far = np.array([1e12, 5.0])
    assert readings_of(far, far, box=BOX) == ()
    assert readings_of(np.array([13.2]), np.array([53.5]), box=BOX) == ()


# -- hand-worked -------------------------------------------------------------------------------
def test_degrees_in_either_order():
    (plain,) = readings_of(*PLACES.T, box=BOX)
    assert (plain.datum, plain.swapped, plain.inside.tolist()) == ("wgs84", False, [True] * 3)
    (turned,) = readings_of(*PLACES[:, ::-1].T, box=BOX)
    assert turned.swapped
    np.testing.assert_allclose(turned.lonlat, PLACES)
    assert are_degrees(*PLACES.T)
    assert not are_degrees(*metres("EPSG:4549").T)


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    ("code", "expected"), [(4528, 4528), (4549, 4549), (4499, 4499), (4510, 4552)]
)
def test_metres_of_zones_with_and_without_their_number(code, expected, order):
    # EPSG:4510 is 6° with central meridian 123°, the same plane as 3° with 123° (4552 is 129°).
    expected = 4550 if code == 4510 else expected
    x, y = metres(f"EPSG:{code}")[:, ::order].T
    (found,) = readings_of(x, y, box=BOX)
    assert (found.datum, found.swapped) == (f"epsg:{expected}", order == -1)
    np.testing.assert_allclose(found.lonlat, PLACES, atol=1e-8)
    assert zone_epsg(x, y) == (code if code in (4528, 4499) else None)


def test_a_local_system_is_found_by_the_box_alone():
    local = gauss_system("澜浦2000", central_meridian="121°05′", false_northing=-3_000_000)
    x, y = metres(local).T
    assert readings_of(x, y, box=BOX) == ()
    (found,) = readings_of(x, y, box=BOX, systems={"澜浦2000": local})
    assert (found.datum, found.swapped) == ("澜浦2000", False)


def test_stray_rows_are_outside_and_absent_ones_nowhere():
    x, y = np.append(PLACES, [[0.0, 0.0], [np.nan, 30.0]], axis=0).T
    (found,) = readings_of(x, y, box=BOX)
    assert found.inside.tolist() == [True, True, True, False, False]
    assert np.isnan(found.lonlat[4]).all()


def test_without_a_box_metres_without_a_zone_may_be_of_many():
    x, y = metres("EPSG:4549").T
    assert {one.datum for one in readings_of(x, y)} >= {"epsg:4549", "epsg:4546", "epsg:4540"}
    assert {one.datum for one in readings_of(*metres("EPSG:4528").T)} == {"epsg:4528"}


# -- law ---------------------------------------------------------------------------------------
@given(st.floats(74.0, 135.0), st.floats(18.0, 53.0), st.booleans(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_all_over_china_the_zone_is_found_again(lon, lat, prefixed, turned):
    place = np.array([[lon, lat]])
    zone = round((lon - 75) / 3)
    code = (4513 if prefixed else 4534) + zone
    x, y = metres(f"EPSG:{code}", place)[:, :: -1 if turned else 1].T
    box = (lon - 0.2, lat - 0.2, lon + 0.2, lat + 0.2)
    (found,) = readings_of(x, y, box=box)
    assert (found.datum, found.swapped) == (f"epsg:{code}", turned)
    np.testing.assert_allclose(found.lonlat, place, atol=1e-7)
    assert CRS.from_epsg(code).name.startswith("CGCS2000 / 3-degree")
