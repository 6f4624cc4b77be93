"""A study with a population raster: read around the area, shared out, scaled, and nobody lost."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely

from lifecircle.config import load_config
from lifecircle.errors import CrsError, ExtentError, RuleError
from lifecircle.study import Study
from lifecircle.study.stages import Stages
from lifecircle.study.waist import build_waist
from tests.small_town import BBOX, SOUTH, STEP_LAT, STEP_LON, WEST, write_study, write_town

# Five columns of cells, one street block wide each: six houses stand in every column.
PLACE = rasterio.Affine(STEP_LON, 0, WEST, 0, -5.2 * STEP_LAT, SOUTH + 5.2 * STEP_LAT)
COLUMNS = np.array([[100.0, 0, 30, 60, 10]])
WITH_RASTER = 'raster = "people.tif"'


def save(folder, values=COLUMNS, place=PLACE, **options):
    values = np.asarray(values, dtype="float32")
    with rasterio.open(
        folder / "people.tif",
        "w",
        driver="GTiff",
        count=1,
        height=values.shape[0],
        width=values.shape[1],
        dtype="float32",
        transform=place,
        **{"crs": "EPSG:4326", **options},
    ) as raster:
        raster.write(values[None])


def town(folder, homes=WITH_RASTER, extra="", houses=True, **sections):
    write_town(folder, houses=houses)
    return Study.load(write_study(folder, extra, homes=homes, **sections))


def waist_of(study):
    stages = Stages()
    waist = build_waist(study.config, study._inputs(stages), stages)
    return waist, stages.warnings


def by_column(homes):
    """People by column of the raster, from where the homes stand."""
    lon = homes.to_crs(4326).geometry.x
    at = np.floor((lon - WEST) / STEP_LON).astype(int)
    return homes.groupby(at.to_numpy())["people"].sum().to_dict()


def halves(folder, people):
    middle = WEST + 2.5 * STEP_LON
    shapes = [
        shapely.box(BBOX[0], BBOX[1], middle, BBOX[3]),
        shapely.box(middle, BBOX[1], BBOX[2], BBOX[3]),
    ]
    table = gpd.GeoDataFrame(
        {"id": ["w", "e"], "name": ["W", "E"], "人口": people}, geometry=shapes, crs=4326
    )
    table.to_file(folder / "c.gpkg")


# -- what is refused ---------------------------------------------------------------------------
def test_a_raster_elsewhere_is_told_with_both_boxes(tmp_path):
    save(tmp_path, place=rasterio.Affine(0.01, 0, 20.0, 0, -0.01, 53.0))
    with pytest.raises(ExtentError, match=r"people\.tif: does not meet the area .*20\.000/52\.990"):
        waist_of(town(tmp_path))


def test_a_raster_with_nobody_in_the_area_is_told(tmp_path):
    save(tmp_path, np.zeros((1, 5)))
    with pytest.raises(ExtentError, match=r"homes\.raster: the population raster counts nobody"):
        waist_of(town(tmp_path))


def test_a_raster_without_a_reference_system_is_told(tmp_path):
    save(tmp_path, crs=None)
    with pytest.raises(CrsError, match=r"people\.tif: has no coordinate reference system"):
        waist_of(town(tmp_path))


def test_people_of_a_community_without_buildings_or_cells_live_in_its_middle(tmp_path):
    save(tmp_path, COLUMNS[:, :2])
    halves(tmp_path, [70, 130])
    study = town(tmp_path, houses=False, communities='file = "c.gpkg"')
    waist, warnings = waist_of(study)
    homes = waist.homes.table
    (home,) = homes[homes["origin"] == "community"].itertuples()
    assert (home.home_id, home.people) == ("community_e", pytest.approx(130))
    told = "communities with people and without a known home: 1, with 130 people"
    assert any(told in one and "130 in its middle" in one for one in warnings)


@pytest.mark.parametrize(
    ("homes", "what"),
    [
        ('raster_values = "density"', "has no effect without raster"),
        (f'{WITH_RASTER}\nraster_values = "people"', "raster_values"),
    ],
)
def test_keys_that_make_no_sense_are_refused(tmp_path, homes, what):
    save(tmp_path)
    write_town(tmp_path)
    with pytest.raises(RuleError, match=what):
        load_config(write_study(tmp_path, homes=homes))


# -- people ------------------------------------------------------------------------------------
def test_people_of_a_cell_live_in_its_houses(tmp_path):
    save(tmp_path)
    waist, said = waist_of(town(tmp_path))
    homes = waist.homes.table
    assert by_column(homes) == pytest.approx({0: 100, 1: 0, 2: 30, 3: 60, 4: 10}, abs=1e-9)
    assert homes["people"].sum() == pytest.approx(200, abs=1e-9)
    assert waist.communities["people"].sum() == pytest.approx(200, abs=1e-9)
    assert set(homes["origin"]) == {"floor_area"}
    assert said == ["homes where the population raster counts nobody: 6, taken as empty"]


def test_the_raster_is_one_of_the_sources(tmp_path):
    save(tmp_path)
    report = town(tmp_path).check()
    assert report.facts["files"]["people.tif"] == "5 rows in = 5 used + 0 doubtful + 0 refused"
    assert report.facts["homes"]["people"] == pytest.approx(200)


def test_a_cell_without_a_house_has_a_home_of_its_own(tmp_path):
    """One more row of cells in the north, where no house stands; half of it is in the area."""
    north = SOUTH + 5.2 * STEP_LAT
    size = 2 * (BBOX[3] - north)
    place = rasterio.Affine(STEP_LON, 0, WEST, 0, -size, north + size)
    save(tmp_path, np.array([[0.0, 40, 0, 0, 0]]), place=place)
    waist, said = waist_of(town(tmp_path))
    homes = waist.homes.table.set_index("home_id")
    own = homes[homes["origin"] == "raster"]
    assert own.index.tolist() == ["raster_c0_1"]
    assert own["people"].tolist() == pytest.approx([20], rel=1e-4)
    assert own["status"].tolist() == ["ok"]
    assert own["community_id"].notna().all()
    (spot,) = own.to_crs(4326).geometry
    assert (spot.x, spot.y) == pytest.approx((WEST + 1.5 * STEP_LON, north + size / 4), abs=1e-5)
    assert said == [
        "cells of the population raster without a home: 1, with 20 people; each has one at its "
        "middle",
        "homes where the population raster counts nobody: 30, taken as empty",
    ]


@pytest.mark.parametrize(("houses", "homes"), [(False, ""), (True, "buildings = false\n")])
def test_without_houses_cells_are_homes(tmp_path, houses, homes):
    save(tmp_path)
    waist, said = waist_of(town(tmp_path, homes=homes + WITH_RASTER, houses=houses))
    homes = waist.homes.table
    assert dict(zip(homes["home_id"], homes["people"], strict=True)) == pytest.approx(
        {"raster_c0_0": 100, "raster_c0_2": 30, "raster_c0_3": 60, "raster_c0_4": 10}
    )
    assert set(homes["status"]) == {"ok"}
    assert said[0] == (
        "4 cells of the population raster stand for homes: no residential building in the area is "
        "known or asked for"
    )


def test_a_total_scales_the_raster_and_it_is_said(tmp_path):
    save(tmp_path)
    waist, said = waist_of(town(tmp_path, homes=f"{WITH_RASTER}\ntotal = 500"))
    homes = waist.homes.table
    assert homes["people"].sum() == pytest.approx(500, abs=1e-9)
    assert by_column(homes) == pytest.approx({0: 250, 1: 0, 2: 75, 3: 150, 4: 25}, abs=1e-9)
    assert said[-1] == (
        "the population raster counts 200 people in the area: scaled to homes.total, 500 (x 2.5)"
    )


def test_people_of_the_communities_file_win(tmp_path):
    save(tmp_path)
    halves(tmp_path, [70, 130])
    waist, said = waist_of(town(tmp_path, communities='file = "c.gpkg"'))
    people = waist.communities.set_index("community_id")["people"]
    assert people["w"] == pytest.approx(70, abs=1e-9)
    assert people["e"] == pytest.approx(130, abs=1e-9)
    assert by_column(waist.homes.table)[1] == 0
    assert said[-1] == (
        "communities that count their own people: 2; the population raster only says where in "
        "them they live"
    )


def test_a_total_beside_communities_that_count_everybody_is_told(tmp_path):
    save(tmp_path)
    halves(tmp_path, [70, 130])
    study = town(tmp_path, homes=f"{WITH_RASTER}\ntotal = 999", communities='file = "c.gpkg"')
    waist, said = waist_of(study)
    assert waist.homes.table["people"].sum() == pytest.approx(200, abs=1e-9)
    assert said[-1] == (
        "homes.total is 999, but communities and buildings with people of their own make 200, "
        "which stands"
    )


def test_densities_are_turned_into_people(tmp_path):
    """A thousand people per km² on cells of 100 m x 521 m."""
    save(tmp_path, np.full((1, 5), 1000.0))
    waist, _ = waist_of(town(tmp_path, homes=f'{WITH_RASTER}\nraster_values = "density"'))
    assert waist.homes.table["people"].sum() == pytest.approx(5 * 0.1 * 0.521 * 1000, rel=2e-3)


def test_groups_are_shares_of_the_scaled_people(tmp_path):
    save(tmp_path)
    homes = f'{WITH_RASTER}\ntotal = 500\ngroups = {{"60plus" = 0.2}}'
    waist, _ = waist_of(town(tmp_path, homes=homes))
    assert waist.homes.table["people_60plus"].sum() == pytest.approx(100, abs=1e-9)


def test_impossible_values_are_a_doubt_of_the_study(tmp_path):
    save(tmp_path, [[100, -1, 30, 60, 10]])
    report = town(tmp_path).check()
    assert report.facts["files"]["people.tif"] == "5 rows in = 4 used + 1 doubtful + 0 refused"
    assert any(one.startswith("people.tif: 1 cells hold impossible") for one in report.warnings)


def test_a_raster_in_another_system_gives_the_same_people(tmp_path):
    """100 m cells of a metric grid over the whole town, one person each, cut by the area."""
    place = rasterio.Affine(100, 0, 365_000, 0, -100, 5_876_000)
    save(tmp_path, np.ones((60, 60)), place=place, crs="EPSG:32633")
    waist, _ = waist_of(town(tmp_path))
    area_m2 = shapely.area(waist.area)
    assert waist.homes.table["people"].sum() == pytest.approx(area_m2 / 1e4, rel=2e-3)
    assert (waist.homes.table["status"] != "outside").all()


def test_running_twice_gives_the_same(tmp_path):
    save(tmp_path)
    study = town(tmp_path)
    one, two = waist_of(study)[0], waist_of(study)[0]
    assert one.homes.table.equals(two.homes.table)
