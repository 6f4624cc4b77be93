"""Layers without a system, placed by the shapes they share with a known one."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lifecircle.sources.systems.local_systems import gauss_system
from lifecircle.sources.systems.shape_fit import fit_by_shapes
from tests.sources.planner_files import LANPU

LOCAL = gauss_system("甲2000", central_meridian="121°05′", false_northing=-3_000_000)
ODD = gauss_system("甲", central_meridian=121.0917, false_easting=88_123.4)


def plots(count=60, seed=1):
    """Boxes and triangles of all sizes, EPSG:4549."""
    rng = np.random.default_rng(seed)
    corner = rng.uniform([602_000, 3_368_000], [610_000, 3_374_000], (count, 2))
    side = rng.uniform(15, 120, (count, 2))
    boxes = shapely.box(*corner.T, *(corner + side).T)
    turned = [
        shapely.affinity.rotate(box, angle)
        for box, angle in zip(boxes, rng.uniform(0, 90, count), strict=True)
    ]
    return gpd.GeoDataFrame(geometry=turned, crs="EPSG:4549")


def unplaced(table, crs):
    moved = table.to_crs(crs)
    return moved.set_crs(None, allow_override=True)


def worst_m(table, found, truth):
    there = table.set_crs(found.crs).to_crs(4549).centroid
    return there.distance(truth.to_crs(4549).centroid).max()


# -- bad input ---------------------------------------------------------------------------------
def test_nothing_in_common_is_no_fit():
    known = plots(60, seed=1)
    assert fit_by_shapes(unplaced(plots(60, seed=2), LOCAL), known) is None
    assert fit_by_shapes(unplaced(known.iloc[:5], LOCAL), known) is None
    assert fit_by_shapes(unplaced(known, LOCAL), known.iloc[:0].copy()) is None


def test_equal_shapes_in_a_grid_are_no_fit():
    corner = np.array([[x, y] for x in range(0, 1000, 100) for y in range(0, 1000, 100)], float)
    boxes = shapely.box(*corner.T, *(corner + 50).T)
    known = gpd.GeoDataFrame(
        geometry=shapely.transform(boxes, lambda xy: xy + np.array([6e5, 3.37e6])), crs=4549
    )
    assert fit_by_shapes(unplaced(known, LOCAL), known) is None


# -- hand-worked -------------------------------------------------------------------------------
def test_a_gauss_system_is_found_exactly():
    known = plots()
    layer = unplaced(known, LOCAL)
    found = fit_by_shapes(layer, known, name="甲2000")
    assert (found.matched, found.shapes) == (60, 60)
    assert found.gauss.central_meridian == pytest.approx(121 + 5 / 60)
    assert (found.gauss.false_easting, found.gauss.false_northing) == (500_000, -3_000_000)
    assert found.crs.name == "甲2000"
    assert "60 of 60 shapes are matched" in str(found)
    assert worst_m(layer, found, known) < 1e-3


def test_any_other_system_is_found_to_decimetres():
    known = plots()
    layer = unplaced(known, ODD)
    found = fit_by_shapes(layer, known)
    assert found.gauss is None
    assert found.rms_m < 0.15
    assert worst_m(layer, found, known) < 0.3
    assert "turned by" in str(found)


def test_half_of_the_shapes_and_strangers_and_holes_are_enough():
    known = plots()
    layer = gpd.GeoDataFrame(
        geometry=[
            *unplaced(known.iloc[::2], LOCAL).geometry,
            *unplaced(plots(40, seed=9), LOCAL).geometry,
            None,
        ]
    )
    found = fit_by_shapes(layer, known)
    assert found.matched == 30
    assert found.gauss is not None


def test_x_as_the_northing():
    known = plots()
    layer = unplaced(known, LOCAL)
    layer["geometry"] = shapely.transform(layer.geometry.array, lambda xy: xy[:, ::-1])
    found = fit_by_shapes(layer, known)
    assert found.fit.swapped
    assert "x and y exchanged" in str(found)
    assert worst_m(layer, found, known) < 0.3


def test_shapes_drawn_anew_within_decimetres():
    known = plots()
    rng = np.random.default_rng(5)
    drawn = known.copy()
    drawn["geometry"] = [
        shapely.Polygon(np.asarray(one.exterior.coords)[:-1] + rng.normal(0, 0.03, (4, 2)))
        for one in known.geometry
    ]
    layer = unplaced(drawn, LOCAL)
    before = layer.copy()
    found = fit_by_shapes(layer, known)
    assert found.matched >= 30
    assert worst_m(layer, found, known) < 0.2
    assert layer.equals(before)


def test_the_same_answer_whatever_the_order_of_the_rows():
    known = plots()
    layer = unplaced(known, ODD)
    first, second = fit_by_shapes(layer, known), fit_by_shapes(layer.iloc[::-1], known)
    assert first.matched == second.matched
    assert abs(first.fit.turn - second.fit.turn) < 1e-7


@pytest.mark.skipif(not LANPU.exists(), reason="no data of Lanpu")
@pytest.mark.parametrize("name", ["07_小区.shp", "11_低效用地.shp"])
def test_rights_without_a_system_are_placed_by_estates_or_by_leftover_land(name):
    rights = gpd.read_file(LANPU / "10_宗地.shp")
    found = fit_by_shapes(rights, gpd.read_file(LANPU / name))
    # The README beside the data says so.
    assert found.gauss.central_meridian == pytest.approx(121 + 5 / 60)
    assert (found.gauss.false_easting, found.gauss.false_northing) == (500_000, -3_000_000)
