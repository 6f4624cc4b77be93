"""Layers that name no system: placed by numbers, by shapes, or left to be asked for."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lifecircle.config import (
    AreaSection,
    CommunitiesSection,
    EstatesSection,
    LandSection,
    NetworkSection,
    StudyConfig,
    StudySection,
)
from lifecircle.sources.systems.local_systems import gauss_system
from lifecircle.study.unplaced import place_layers
from tests.sources.planner_files import heard, saved
from tests.sources.town_making import CRS_OF_TOWN, houses, quarters

LOCAL = gauss_system("甲2000", central_meridian="121°05′", false_northing=-3_000_000)
PLOTS = gpd.GeoDataFrame(geometry=houses(), crs=CRS_OF_TOWN)
BOX = tuple(map(float, PLOTS.to_crs(4326).total_bounds))


def placed(folder, shapes, *, estates=PLOTS.geometry, systems=None, crs=None):
    parcels = saved(folder, {"BH": np.arange(len(shapes))}, shapes, name="rights.shp", crs=None)
    known = saved(folder, {"BH": np.arange(len(estates))}, estates, name="e.gpkg", crs=CRS_OF_TOWN)
    areas = saved(folder, {"id": range(4)}, quarters(), name="c.gpkg", crs=CRS_OF_TOWN)
    config = StudyConfig(
        path=folder / "study.toml",
        study=StudySection(name="Town"),
        area=AreaSection(bbox=BOX),
        network=NetworkSection(osm=areas),
        communities=CommunitiesSection(file=areas),
        estates=EstatesSection(file=known),
        land=LandSection(parcels=parcels, crs=crs),
    )
    return place_layers(config, box=BOX, systems=systems or {})


def right(config, shapes):
    there = gpd.GeoSeries(shapes, crs=config.land.crs).to_crs(CRS_OF_TOWN)
    return there.centroid.distance(PLOTS.centroid).max() < 0.01


# -- bad input ---------------------------------------------------------------------------------
def test_where_nothing_tells_the_system_stays_open(tmp_path):
    shapes = list(shapely.transform(houses(seed=9), lambda xy: xy - np.array([6e5, 3.36e6])))
    assert placed(tmp_path, shapes).land.crs is None


def test_a_declared_system_is_not_touched(tmp_path):
    shapes = list(PLOTS.to_crs(LOCAL).geometry)
    assert placed(tmp_path, shapes, crs="EPSG:4549").land.crs == "EPSG:4549"


# -- hand-worked -------------------------------------------------------------------------------
@pytest.mark.parametrize("code", [4528, 4549])
def test_metres_of_a_zone_are_placed_by_their_numbers(tmp_path, code):
    shapes = list(PLOTS.to_crs(code).geometry)
    with heard() as said:
        config = placed(tmp_path, shapes, estates=quarters())
    assert right(config, shapes)
    assert "lie in the study area as CGCS2000" in said[0]


def test_metres_of_a_declared_system_are_placed_by_their_numbers(tmp_path):
    shapes = list(PLOTS.to_crs(LOCAL).geometry)
    with heard() as said:
        config = placed(tmp_path, shapes, estates=quarters(), systems={"甲2000": LOCAL})
    assert right(config, shapes)
    assert "as 甲2000 only" in said[0]


def test_an_unknown_system_is_found_by_shapes_and_told(tmp_path):
    shapes = list(PLOTS.to_crs(LOCAL).geometry)
    with heard() as said:
        config = placed(tmp_path, shapes)
    assert right(config, shapes)
    assert "compared with e.gpkg" in said[0]
    assert "central meridian 121°05′" in said[0]
    assert "200 of 200 shapes are matched" in said[0]
