"""People in a study: grids say where in a community they live, totals stay to the person."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lifecircle.errors import RuleError
from lifecircle.study import Study
from tests.small_town import SOUTH, STEP_LAT, STEP_LON, WEST, write_study, write_town
from tests.sources.sheet_making import text

MIDDLE, EAST, NORTH = WEST + 2.5 * STEP_LON, WEST + 6 * STEP_LON, SOUTH + 6 * STEP_LAT


def box(west, south, east, north):
    return shapely.box(west, south, east, north)


def town(folder, *, people=("东门社区,100", "塘湾村,60"), grids=(90.0, 30.0, 40.0), **sections):
    """Two communities side by side; the western one in two grids, north and south."""
    write_town(folder)
    shapes = [
        box(WEST - 0.001, SOUTH - 0.001, MIDDLE, NORTH),
        box(MIDDLE, SOUTH - 0.001, EAST, NORTH),
    ]
    gpd.GeoDataFrame(
        {"id": ["1", "2"], "name": ["东门社区", "塘湾村"]}, geometry=shapes, crs="EPSG:4326"
    ).to_file(folder / "communities.gpkg")
    half = SOUTH + 2.95 * STEP_LAT
    cells = [
        box(WEST - 0.001, SOUTH - 0.001, MIDDLE, half),
        box(WEST - 0.001, half, MIDDLE, NORTH),
        shapes[1],
    ]
    gpd.GeoDataFrame(
        {"WGDM": ["a", "b", "c"], "RK": grids}, geometry=cells, crs="EPSG:4326"
    ).to_file(folder / "grids.gpkg")
    text(folder, ["社区,常住人口", *people], name="people.csv")
    options = {
        "communities": 'file = "communities.gpkg"',
        "homes": 'table = "people.csv"\ngrids = "grids.gpkg"',
        **sections,
    }
    return Study.load(write_study(folder, **options))


def homes_of(study):
    found = study.run()
    return found.homes, found.warnings


def test_a_raster_beside_grids_is_a_contradiction(tmp_path):
    (tmp_path / "pop.tif").touch()
    with pytest.raises(RuleError, match="from a raster and from grids"):
        town(tmp_path, homes='grids = "grids.gpkg"\nraster = "pop.tif"')


def test_grid_keys_without_grids_are_refused(tmp_path):
    with pytest.raises(RuleError, match="no effect without grids"):
        town(tmp_path, homes='grid_layer = "a"')


def test_grids_share_out_the_people_of_a_community(tmp_path):
    homes, _ = homes_of(town(tmp_path))
    by_community = homes.groupby("community_id")["people"].sum()
    assert by_community.to_dict() == pytest.approx({"1": 100, "2": 60})
    west = homes[homes["community_id"] == "1"]
    south = west.geometry.to_crs(4326).y < SOUTH + 2.95 * STEP_LAT
    assert west.loc[south, "people"].sum() == pytest.approx(75)
    assert west.loc[~south, "people"].sum() == pytest.approx(25)


def test_a_community_no_row_counts_has_the_people_of_its_grids(tmp_path):
    homes, _ = homes_of(town(tmp_path, people=("东门社区,100",)))
    by_community = homes.groupby("community_id")["people"].sum()
    assert by_community.to_dict() == pytest.approx({"1": 100, "2": 40})


def test_homes_of_a_grid_nobody_counted_are_as_dense_as_their_community(tmp_path):
    homes, said = homes_of(town(tmp_path, grids=(90.0, np.nan, 40.0)))
    west = homes[homes["community_id"] == "1"]
    assert west["people"].sum() == pytest.approx(100)
    assert west["people"].min() == pytest.approx(west["people"].max(), rel=1e-3)
    assert any("homes no grid speaks of" in one for one in said)


def test_a_crosswalk_shares_a_former_community_by_the_grids(tmp_path):
    text(tmp_path, ["原社区,现社区", "老城社区,东门社区", "老城社区,塘湾村"], name="walk.csv")
    study = town(
        tmp_path,
        people=("老城社区,320",),
        communities='file = "communities.gpkg"\ncrosswalk = "walk.csv"',
    )
    homes, said = homes_of(study)
    by_community = homes.groupby("community_id")["people"].sum()
    assert by_community.to_dict() == pytest.approx({"1": 240, "2": 80})
    assert any("became 东门社区 75.0%, 塘湾村 25.0%, shared by homes" in one for one in said)
