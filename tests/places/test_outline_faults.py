"""Outlines that should share an area out: overlaps, gaps, parts apart, grids across."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from lifecircle.places.outline_faults import outline_faults, pieces_across
from tests.making import CRS


def outlines(*shapes):
    return gpd.GeoDataFrame(geometry=list(shapes), crs=CRS)


def test_outlines_that_fit_have_no_faults():
    faults = outline_faults(
        outlines(*(shapely.box(100 * i, 0, 100 * i + 100, 100) for i in range(3)))
    )
    assert (faults.overlaps, faults.gaps, faults.parts) == ((), (), ())
    alone = outline_faults(outlines(shapely.box(0, 0, 1, 1)))
    assert (alone.gap_m2, alone.overlap_m2) == (0, 0)


def test_no_outlines_have_no_faults():
    assert outline_faults(outlines()).overlaps == ()


def test_overlaps_are_measured_by_pair():
    faults = outline_faults(
        outlines(
            shapely.box(0, 0, 100, 100), shapely.box(200, 0, 300, 9), shapely.box(90, 0, 200, 50)
        )
    )
    assert faults.overlaps == ((0, 2, 500.0),)
    assert faults.overlap_m2 == 500


def test_a_hole_and_a_slit_are_gaps_and_a_bay_is_not():
    ring = shapely.box(0, 0, 300, 300).difference(shapely.box(100, 100, 120, 110))
    slit = shapely.box(310, 0, 600, 300)
    bay = shapely.box(0, 300, 300, 600).difference(shapely.box(0, 440, 200, 450))
    faults = outline_faults(outlines(ring, slit, bay))
    areas = [shapely.area(gap) for gap in faults.gaps]
    assert areas == pytest.approx([3000, 200], abs=120)
    assert areas[1] == pytest.approx(200)


def test_parts_apart_are_measured_without_the_largest():
    two = shapely.MultiPolygon([shapely.box(0, 0, 100, 100), shapely.box(500, 0, 520, 20)])
    sliver = shapely.MultiPolygon([shapely.box(0, 200, 100, 300), shapely.box(500, 200, 501, 201)])
    assert outline_faults(outlines(two, sliver)).parts == ((0, 2, 400.0),)


def test_a_grid_across_a_line_says_how_much_is_where():
    places = outlines(shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100))
    grids = outlines(
        shapely.box(0, 0, 50, 50), shapely.box(70, 0, 110, 100), shapely.box(150, 0, 199, 9)
    )
    assert pieces_across(grids, places) == ((1, ((0, 0.75), (1, 0.25))),)
