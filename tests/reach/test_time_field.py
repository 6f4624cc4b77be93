"""Time fields: every cell's walk, and a GeoTIFF other programs read."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import rasterio

from lifecircle.errors import CrsError, RuleError, SourceError
from lifecircle.network.pins import pin_points
from lifecircle.network.router import Ends, Router
from lifecircle.reach.raster import prepare_raster
from lifecircle.reach.time_field import time_field
from lifecircle.walk import PROFILES
from tests.making import CRS, points, streets
from tests.network.test_router import random_points, random_town

STREET = streets([(0, 0), (4000, 0)])


def places(*xy: tuple[float, float], crs: str = CRS) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=points(*xy), crs=CRS).to_crs(crs)


def test_what_cannot_be_timed_is_refused(tmp_path):
    for wrong in ({"profile": "bird"}, {"direction": "up"}, {"minutes": -1}, {"cell_m": -1.0}):
        with pytest.raises(RuleError):
            time_field(STREET, places((0, 0)), **wrong)
    with pytest.raises(RuleError, match="at least one point"):
        time_field(STREET, places())
    with pytest.raises(RuleError, match="another network"):
        time_field(STREET, places((0, 0)), raster=prepare_raster(streets([(0, 0), (9, 0)])))
    with pytest.raises(CrsError):
        time_field(STREET, gpd.GeoDataFrame(geometry=points((0, 0))))
    field = time_field(STREET, places((2000, 0)))
    with pytest.raises(RuleError, match=r"'field\.png' is no name of a GeoTIFF"):
        field.save(tmp_path / "field.png")
    with pytest.raises(SourceError, match=r"field\.tif: cannot be written"):
        field.save(tmp_path / "nowhere" / "field.tif")


def test_values_on_one_street():
    field = time_field(STREET, places((2000, 0)), minutes=15)
    assert field.minutes.dtype == np.float32
    assert field.crs == CRS
    there = places((2000, 0), (2400, 0), (2400, 60), (2985, 0), (3020, 0), (2000, 260), (1e6, 0))
    expected = [0.0, 6.0, 6.9, 14.7, np.nan, np.nan, np.nan]
    # a cell has the time of its middle: 2985 reads the cell of 2980
    np.testing.assert_allclose(field.at(there), expected, atol=0.01)
    np.testing.assert_array_equal(np.isnan(field.at(there)), np.isnan(expected))
    in_degrees = places((2400, 0), crs="EPSG:4326")
    assert field.at(in_degrees).tolist() == pytest.approx([6.0], abs=0.01)
    nobody = time_field(STREET, places((2000, 900)))
    assert np.isnan(nobody.minutes).all()


def test_cells_are_those_of_the_router():
    network = random_town(5)
    raster = prepare_raster(network)
    spots = gpd.GeoDataFrame(geometry=random_points(5, 3), crs=CRS)
    field = time_field(
        network, spots, minutes=9, raster=raster, profile="elder", direction="from_facility"
    )
    found = Router(network=network, profile=PROFILES["elder"]).nearest(
        raster.ends,
        Ends.single(pin_points(network, spots.geometry.to_numpy())),
        limit=54_000,
        from_facility=True,
    )
    cells = field.minutes[::-1].ravel()[raster.at]
    np.testing.assert_array_equal(cells, (found.walk_cs / 6000).astype(np.float32))
    assert np.isfinite(field.minutes).sum() == np.isfinite(found.walk_cs).sum() > 0


def test_a_saved_field_is_read_by_rasterio(tmp_path):
    field = time_field(STREET, places((2000, 0)), cell_m=25.0)
    path = field.save(tmp_path / "field.tif")
    with rasterio.open(path) as file:
        assert file.count == 1
        assert file.dtypes == ("float32",)
        assert np.isnan(file.nodata)
        assert file.crs.to_epsg() == 4550
        assert file.res == (25.0, 25.0)
        np.testing.assert_array_equal(file.read(1), field.minutes)
        at = [(2000.0, 0.0), (2500.0, 0.0), (2000.0, 500.0)]
        for (here,), there in zip(file.sample(at), field.at(places(*at)), strict=True):
            np.testing.assert_equal(here, there)
    once = path.read_bytes()
    assert field.save(str(path)).read_bytes() == once
