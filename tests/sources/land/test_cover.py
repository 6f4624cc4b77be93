"""Rasters of land cover: refusals, codes of several lists, colours, and what a plot is told."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from pyproj import CRS

from lifecircle import geo
from lifecircle.errors import DoubtfulRowsWarning, ExtentError, InputError
from lifecircle.places.covering import with_cover
from lifecircle.sources.land.cover import COVER_CODES, COVERS, read_land_cover
from lifecircle.tables import PARCELS, check
from tests.sources.people.test_rasters import AROUND, real, save

UTM = CRS.from_epsg(32633)
CORNER = geo.project(np.array([[13.0, 53.0]]), UTM)[0].round(-1)


def seen(folder, values, codes="worldcover"):
    path = save(folder, np.asarray(values, dtype="uint8"), name="cover.tif")
    cover, source = read_land_cover(path, codes=codes, bounds=AROUND)
    return cover.shows.tolist(), source


def names(shows):
    return [[COVERS[at] if at >= 0 else None for at in row] for row in shows]


# -- what is refused ---------------------------------------------------------------------------
def test_codes_that_nobody_names_are_refused(tmp_path):
    with pytest.raises(InputError, match="what its numbers mean is not said") as caught:
        seen(tmp_path, [[10, 80]], codes=None)
    assert all(name in caught.value.problems[0].remedy for name in COVER_CODES)


def test_codes_of_another_list_are_refused(tmp_path):
    with pytest.raises(InputError, match="hardly any of its numbers is a code of clcd"):
        seen(tmp_path, [[10, 80, 50]], codes="clcd")


def test_a_raster_without_data_in_the_area_is_refused(tmp_path):
    with pytest.raises(InputError, match="has no data in the area"):
        seen(tmp_path, [[0, 0]])


def test_a_raster_of_another_place_is_refused(tmp_path):
    place = rasterio.Affine(0.01, 0, 20.0, 0, -0.01, 53.0)
    path = save(tmp_path, np.array([[10]], dtype="uint8"), place=place)
    with pytest.raises(ExtentError):
        read_land_cover(path, codes="worldcover", bounds=AROUND)


def test_numbers_the_list_does_not_know_are_told(tmp_path):
    with pytest.warns(DoubtfulRowsWarning, match=r"1 cells hold numbers worldcover .* \(37\)"):
        shows, source = seen(tmp_path, [[10, 10, 37, 0]])
    assert names(shows) == [["trees", "trees", None, None]]
    assert (source.rows_in, source.rows_used, source.rows_doubtful) == (4, 3, 1)


# -- what is read ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("codes", "numbers", "said"),
    [
        ("worldcover", [10, 40, 50, 80], ["trees", "crop", "built", "water"]),
        ("clcd", [1, 2, 5, 8], ["crop", "trees", "water", "built"]),
        ("globeland30", [10, 20, 60, 80], ["crop", "trees", "water", "built"]),
        ("esri", [1, 2, 5, 7], ["water", "trees", "crop", "built"]),
        ("corine", [2, 10, 12, 41], ["built", "grass", "crop", "water"]),
        ("3diao", [1, 3, 7, 11], ["crop", "trees", "built", "water"]),
    ],
)
def test_the_same_numbers_mean_what_their_list_says(tmp_path, codes, numbers, said):
    assert names(seen(tmp_path, [numbers], codes)[0]) == [said]


def test_a_table_of_colours_is_no_harm(tmp_path):
    path = save(tmp_path, np.array([[10, 80]], dtype="uint8"), photometric="palette")
    with rasterio.open(path, "r+") as raster:
        raster.write_colormap(1, {10: (0, 100, 0, 255), 80: (0, 0, 255, 255)})
    cover, _ = read_land_cover(path, codes="worldcover", bounds=AROUND)
    assert names(cover.shows.tolist()) == [["trees", "water"]]


def test_the_clc_of_an_island_is_read():
    path = real("pt_sao_miguel_rasters/clc2018_v2020_20u1.tif")
    cover, source = read_land_cover(path, codes="corine", bounds=(-25.72, 37.72, -25.62, 37.78))
    assert source.rows_doubtful == 0
    town, sea, lake = (-25.668, 37.744), (-25.665, 37.725), (-25.79, 37.86)
    shown = cover.at(np.array([town, sea, lake]))
    assert [COVERS[at] if at >= 0 else None for at in shown] == ["built", "water", None]


# -- what candidates are told ------------------------------------------------------------------
def plots(cover_of, origin, size=40.0, status="candidate", folder=None):
    """Squares whose west half lies in two cells of 10 m and whose east half in the next two."""
    path = save(
        folder,
        np.repeat(np.asarray([cover_of], dtype="uint8"), 2, axis=1),
        name="cover.tif",
        crs="EPSG:32633",
        place=rasterio.Affine(10, 0, CORNER[0], 0, -10, CORNER[1]),
    )
    cover, _ = read_land_cover(path, codes="worldcover", bounds=AROUND)
    shape = shapely.box(CORNER[0], CORNER[1] - 10, CORNER[0] + size, CORNER[1])
    table = gpd.GeoDataFrame(
        {
            "parcel_id": ["a"],
            "kind": "vacant",
            "origin": origin,
            "evidence": "list",
            "area_m2": shape.area,
            "status": status,
        },
        geometry=[shape],
        crs=UTM,
    )
    table = check(table, PARCELS, where="test")
    before = table.copy()
    row = with_cover(table, cover).iloc[0]
    assert table.equals(before)
    return row


@pytest.mark.parametrize(
    ("cover_of", "origin", "status", "reasons", "checks"),
    [
        ([80, 80], "residual", "refused", "seen_water", "seen_water"),
        ([40, 40], "tagged", "doubtful", "seen_crop", "seen_crop"),
        ([10, 10], "residual", "candidate", None, "seen_trees"),
        ([80, 80], "listed", "candidate", None, "seen_water"),
        ([40, 40], "surveyed", "candidate", None, "seen_crop"),
        ([50, 60], "residual", "candidate", None, None),
    ],
)
def test_leads_are_doubted_and_a_planners_land_is_told(
    tmp_path, cover_of, origin, status, reasons, checks
):
    row = plots(cover_of, origin, folder=tmp_path)
    assert (row["status"], row["reasons"], row["checks"]) == (status, reasons, checks)


def test_shares_are_those_of_the_ground(tmp_path):
    row = plots([50, 10], "listed", folder=tmp_path)
    assert row["cover"] == "built=0.50; trees=0.50"
    assert row["evidence"] == "list; seen from above (cover.tif): built=0.50; trees=0.50"


def test_a_lead_smaller_than_two_cells_is_only_told(tmp_path):
    row = plots([80, 80], "residual", size=15.0, folder=tmp_path)
    assert (row["status"], row["checks"]) == ("candidate", "seen_water")


def test_beyond_the_raster_nothing_is_said(tmp_path):
    row = plots([0, 80], "listed", size=9.0, folder=tmp_path)
    assert row["cover"] is None
    assert row["evidence"] == "list"


def test_without_a_raster_nothing_changes():
    empty = gpd.GeoDataFrame({"parcel_id": []}, geometry=[], crs=UTM)
    assert with_cover(empty, None) is empty
