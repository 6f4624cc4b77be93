"""Rasters of heights: refusals, values between cells, missing ones, and fine ones averaged."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import rasterio

from lifecircle import geo
from lifecircle.errors import CrsError, DoubtfulRowsWarning, ExtentError, InputError, SourceError
from lifecircle.provenance import sha256_of
from lifecircle.sources.heights import FINEST_M, read_heights
from tests.sources.people.test_rasters import AROUND, real, save

NOTHING = -9999.0


def heights_of(path, lonlat, bounds=AROUND):
    heights, _ = read_heights(path, bounds=bounds)
    return heights.at(np.asarray(lonlat, dtype=float))


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda folder: folder / "no.tif", SourceError, "there is no such file"),
        (lambda folder: folder, SourceError, "is a folder"),
        (
            lambda folder: save(folder, np.ones((3, 2, 2))),
            InputError,
            "holds 3 bands, and which of them holds heights is not known",
        ),
        (lambda folder: save(folder, [[1, 2]], crs=None), CrsError, "no coordinate reference"),
        (
            lambda folder: save(
                folder, [[1.0, 2.0]], place=rasterio.Affine(0.01, 0, 20.0, 0, -0.01, 53.0)
            ),
            ExtentError,
            "does not meet the area",
        ),
        (
            lambda folder: save(folder, [[NOTHING, NOTHING]], nodata=NOTHING),
            InputError,
            "knows no height around the streets",
        ),
    ],
)
def test_what_holds_no_heights_is_refused(tmp_path, make, error, said):
    with pytest.raises(error) as caught:
        read_heights(make(tmp_path), bounds=AROUND)
    (problem,) = caught.value.problems
    assert said in problem.what


def test_what_cannot_be_read_asks_for_heights(tmp_path):
    (tmp_path / "text.tif").write_text("no raster")
    with pytest.raises(SourceError, match="name a GeoTIFF of heights"):
        read_heights(tmp_path / "text.tif", bounds=AROUND)


def test_heights_lie_on_straight_lines_between_the_middles_of_cells(tmp_path):
    # middles at 13.005, 13.015 and 52.995, 52.985
    path = save(tmp_path, [[10.0, 20.0], [30.0, 60.0]])
    heights, source = read_heights(path, bounds=AROUND)
    found = heights.at(
        np.array([[13.005, 52.995], [13.010, 52.995], [13.010, 52.990], [13.0125, 52.9875]])
    )
    np.testing.assert_allclose(found, [10, 15, 30, 43.75], atol=1e-6)
    # the outer half of the outer cells has the height of the cell, and beyond there is none
    found = heights.at(np.array([[13.001, 52.999], [13.019, 52.981], [12.999, 52.995]]))
    np.testing.assert_allclose(found, [10, 60, np.nan], atol=1e-6)
    assert (source.name, source.rows_in, source.rows_used, source.rows_doubtful) == (
        "people.tif", 4, 4, 0,
    )  # fmt: skip
    assert source.sha256 == sha256_of(path)
    assert heights.cell_m == pytest.approx(1113, abs=2)  # the height of a cell; it is 670 m wide
    assert heights.at(np.empty((0, 2))).shape == (0,)


def test_only_the_part_around_the_bounds_is_read(tmp_path):
    values = np.arange(10_000.0).reshape(100, 100) / 10
    path = save(tmp_path, values)
    part, source = read_heights(path, bounds=(13.205, 52.705, 13.215, 52.715))
    whole, _ = read_heights(path, bounds=(13.0, 52.0, 14.0, 53.0))
    assert source.rows_in == 36  # two cells each way, and two more on each side
    inside = np.random.default_rng(5).uniform([13.195, 52.695], [13.225, 52.725], (50, 2))
    np.testing.assert_allclose(part.at(inside), whole.at(inside), atol=1e-9)
    assert np.isfinite(part.at(inside)).all()


def test_missing_heights_stay_missing_and_impossible_ones_are_told(tmp_path):
    path = save(tmp_path, [[NOTHING, 20.0, 30.0]], nodata=NOTHING)
    found = heights_of(path, [[13.005, 52.995], [13.008, 52.995], [13.012, 52.995]])
    np.testing.assert_allclose(found, [np.nan, np.nan, 20.0])
    undeclared = save(tmp_path, [[NOTHING, 20.0, 30.0]], name="undeclared.tif")
    with pytest.warns(DoubtfulRowsWarning, match=r"1 cells hold impossible heights \(-9999\)"):
        heights, source = read_heights(undeclared, bounds=AROUND)
    assert np.isnan(heights.height_m[0, 0])
    assert (source.rows_used, source.rows_doubtful) == (2, 1)


def test_the_sea_floor_of_a_polder_is_a_height(tmp_path):
    path = save(tmp_path, [[-4.0, -6.0]])
    assert heights_of(path, [[13.010, 52.995]]).tolist() == [pytest.approx(-5.0)]


def test_scale_and_offset_apply(tmp_path):
    path = save(tmp_path, np.array([[10, 30]], dtype="int16"))
    with rasterio.open(path, "r+") as raster:
        raster.scales, raster.offsets = (0.5,), (100.0,)
    assert heights_of(path, [[13.010, 52.995]]).tolist() == [pytest.approx(110.0)]


def test_fine_cells_are_averaged_and_keep_their_places(tmp_path):
    # 300 x 300 cells of 1 m, a slope of 10 % to the east with half a metre of noise
    x = np.arange(300) + 0.5
    noise = np.random.default_rng(1).normal(0, 0.5, (300, 300))
    place = rasterio.Affine(1.0, 0, 400_000.0, 0, -1.0, 5_900_000.0)
    path = save(tmp_path, 0.1 * x + noise, crs="EPSG:32633", place=place)
    corner, other = geo.unproject(
        np.array([[400_000.0, 5_899_700.0], [400_300.0, 5_900_000.0]]), "EPSG:32633"
    )
    heights, _ = read_heights(path, bounds=(*corner, *other))
    assert heights.height_m.shape == (10, 10)
    assert heights.cell_m == pytest.approx(FINEST_M, rel=0.01)
    xy = np.column_stack([np.linspace(400_020, 400_280, 40), np.full(40, 5_899_850.0)])
    found = heights.at(geo.unproject(xy, "EPSG:32633"))
    np.testing.assert_allclose(found, 0.1 * (xy[:, 0] - 400_000), atol=0.1)


def test_a_grid_that_stands_askew_is_read_in_its_own_directions(tmp_path):
    # columns run north, rows run east
    place = rasterio.Affine(0, 0.01, 13.0, 0.01, 0, 52.95)
    path = save(tmp_path, [[1.0, 2.0], [3.0, 4.0]], place=place)
    found = heights_of(path, [[13.005, 52.955], [13.005, 52.965], [13.015, 52.955]])
    np.testing.assert_allclose(found, [1.0, 2.0, 3.0], atol=1e-6)


def test_a_real_terrain_model_gives_the_heights_of_real_places():
    path = real("ad_andorra/andorra_srtm90m.tif")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        heights, source = read_heights(path, bounds=(1.42, 42.43, 1.75, 42.65))
    # Andorra la Vella lies at about 1,023 m, the summit of Coma Pedrosa at 2,943 m
    town, peak = heights.at(np.array([[1.5218, 42.5063], [1.4446, 42.5917]]))
    assert town == pytest.approx(1023, abs=40)
    assert peak == pytest.approx(2943, abs=120)
    assert 60 < heights.cell_m < 100
    assert source.rows_used > 0.99 * source.rows_in
