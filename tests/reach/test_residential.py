"""Cells of residential land: where they lie, and that they are pinned as homes are."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from lifecircle.reach.matrix import reach_of
from lifecircle.reach.raster import prepare_raster
from lifecircle.reach.residential import land_cells, pinned_cells
from tests.making import CRS, facilities_at, homes_at, requirement, streets

STREET = streets([(0, 0), (2000, 0)])
AREA = shapely.box(0, -300, 2000, 300)


def polygons(*shapes: shapely.Geometry) -> np.ndarray:
    return np.array([*shapes, None], dtype=object)[:-1]


def test_cells_are_found_once_inside_the_area():
    raster = prepare_raster(STREET, AREA)
    land = polygons(
        shapely.box(90, 30, 150, 70), shapely.box(110, 30, 150, 70), shapely.box(-90, 30, 10, 70)
    )
    cell, xy = land_cells(raster, land, AREA)
    assert sorted(map(tuple, xy.tolist())) == [
        *((100.0, 40.0), (100.0, 60.0), (120.0, 40.0), (120.0, 60.0)),
        *((140.0, 40.0), (140.0, 60.0)),
    ]
    assert (np.diff(cell) > 0).all()
    assert len(land_cells(raster, polygons(), AREA)[0]) == 0
    assert len(land_cells(raster, polygons(shapely.box(91, 41, 99, 59)), AREA)[0]) == 0


def test_cells_walk_as_homes_in_their_place_do():
    raster = prepare_raster(STREET, AREA)
    land = polygons(shapely.box(0, -300, 2000, 300))
    cell, xy = land_cells(raster, land, AREA)
    table = gpd.GeoDataFrame(
        {name: [None] * len(cell) for name in ("community_id", "subdistrict", "unit_id")},
        geometry=shapely.points(xy),
        crs=CRS,
    )
    cells = pinned_cells(raster, cell, table, np.full(len(cell), -1, dtype=np.int32))
    homes = homes_at(STREET, *map(tuple, xy.tolist()))
    town = facilities_at(STREET, (100, 0))
    of_cells = reach_of(requirement(), cells, town, STREET)
    of_homes = reach_of(requirement(), homes, town, STREET)
    np.testing.assert_array_equal(of_cells.covered, of_homes.covered)
    np.testing.assert_array_equal(of_cells.walk_s, of_homes.walk_s)
    far = np.abs(xy[:, 1]) > 200
    assert far.any()
    assert not of_cells.covered[far].any()
    assert set(cells.ends.pins.status[far]) == {"far"}
