"""Four parameters: exact where points agree, told where one does not, and a system of their own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from lifecircle.errors import InputError
from lifecircle.sources.systems.helmert import exchanged_axes, fit_helmert, helmert_crs

THERE = np.array([[0.0, 0.0], [4000.0, 0.0], [4000.0, 3000.0], [0.0, 3000.0], [2000.0, 1000.0]])


def moved(xy, *, degrees=0.5, scale=1.0002, east=604_000.0, north=3_371_000.0):
    """By a rotation matrix, not by complex numbers."""
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return scale * xy @ turn.T + [east, north]


# -- bad input ---------------------------------------------------------------------------------
def test_points_on_one_spot_and_other_scales_are_refused():
    with pytest.raises(InputError, match="no two points agree"):
        fit_helmert(np.zeros((3, 2)), np.zeros((3, 2)))
    with pytest.raises(InputError, match="no two points agree"):
        fit_helmert(THERE, THERE * 1.5)
    with pytest.raises(InputError, match="no two points agree"):
        fit_helmert(THERE[:1], THERE[:1])


# -- hand-worked -------------------------------------------------------------------------------
def test_what_was_put_in_comes_out():
    fit = fit_helmert(THERE, moved(THERE))
    assert fit.scale == pytest.approx(1.0002, abs=1e-10)
    assert fit.rotation_deg == pytest.approx(0.5, abs=1e-8)
    assert fit.rms_m < 1e-6
    assert not fit.swapped
    assert fit.used.all()
    np.testing.assert_allclose(fit.apply(THERE), moved(THERE), atol=1e-6)


def test_a_bad_point_is_left_out_with_its_residual():
    here = moved(THERE)
    here[3] += [3.0, 4.0]
    fit = fit_helmert(THERE, here)
    assert fit.used.tolist() == [True, True, True, False, True]
    assert fit.residual_m[3] == pytest.approx(5.0, abs=1e-6)


def test_exchanged_columns_are_found_out():
    fit = fit_helmert(THERE[:, ::-1], moved(THERE))
    assert fit.swapped
    assert fit.rms_m < 1e-6
    np.testing.assert_allclose(fit.apply(THERE[:, ::-1]), moved(THERE), atol=1e-6)


def test_least_squares_where_points_scatter():
    # Two points on a line: the fit goes through both; four around: residuals cancel.
    here = THERE[:4] + np.array([[0.01, 0], [-0.01, 0], [0.01, 0], [-0.01, 0]])
    fit = fit_helmert(THERE[:4], here)
    assert fit.scale == pytest.approx(1.0 - 0.0, abs=1e-5)
    assert np.abs((fit.apply(THERE[:4]) - here).sum(axis=0)).max() < 1e-6
    assert fit.rms_m == pytest.approx(0.01, rel=0.05)


@pytest.mark.parametrize("code", [4549, 4528, 32651, 2437])
@pytest.mark.parametrize("order", [1, -1])
def test_the_fit_is_a_system_others_can_read(code, order):
    base = CRS.from_epsg(code)
    here = moved(THERE)
    fit = fit_helmert(THERE[:, ::order], here)
    crs = helmert_crs("城东2000", fit, base)
    there = Transformer.from_crs(crs, base, always_xy=True).transform(*THERE[:, ::order].T)
    np.testing.assert_allclose(np.column_stack(there), here, atol=1e-5)
    assert crs.name == "城东2000"
    assert CRS.from_wkt(crs.to_wkt("WKT2_2019")) == crs


def test_exchanged_axes_put_north_first():
    crs = exchanged_axes(CRS.from_epsg(4549))
    x, y = Transformer.from_crs("EPSG:4490", crs, always_xy=True).transform(121.1, 30.45)
    east, north = Transformer.from_crs("EPSG:4490", 4549, always_xy=True).transform(121.1, 30.45)
    assert (x, y) == (pytest.approx(north, abs=1e-6), pytest.approx(east, abs=1e-6))


# -- law ---------------------------------------------------------------------------------------
@given(st.floats(-180, 180), st.floats(0.995, 1.005), st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_any_turn_and_scale_comes_back(degrees, scale, seed):
    there = np.random.default_rng(seed).uniform(0, 9000, (7, 2))
    before = there.copy()
    fit = fit_helmert(there, moved(there, degrees=degrees, scale=scale))
    np.testing.assert_allclose(
        fit.apply(there), moved(there, degrees=degrees, scale=scale), atol=1e-5
    )
    np.testing.assert_array_equal(there, before)
