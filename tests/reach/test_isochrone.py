"""Isochrones: nested, honest about their error, and never wider than the walk."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.errors import CrsError, RuleError
from lifecircle.network.pins import pin_points
from lifecircle.network.router import Ends, Router
from lifecircle.reach.isochrone import (
    draw_bands,
    isochrones,
    isochrones_of_study,
    prepare_raster,
    time_field,
)
from lifecircle.reach.matrix import reach_of
from lifecircle.walk import PROFILES
from tests.making import CRS, facilities_at, homes_at, points, requirement, streets
from tests.network.test_router import random_points, random_town

STREET = streets([(0, 0), (4000, 0)])
COLUMNS = ["point", "minutes", "wrongly_in", "wrongly_out", "geometry"]


def places(*xy: tuple[float, float], crs: str = CRS, index=None) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=points(*xy), crs=CRS, index=index).to_crs(crs)


# -- bad input ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "wrong",
    [
        {"profile": "bird"},
        {"direction": "sideways"},
        {"minutes": []},
        {"minutes": [5, 0]},
        {"minutes": [-5]},
    ],
)
def test_unknown_words_and_empty_limits_are_refused(wrong):
    with pytest.raises(RuleError, match=r"unknown profile|positive numbers"):
        isochrones(STREET, places((0, 0)), **{"minutes": [5], **wrong})


def test_points_without_a_system_are_refused():
    nowhere = gpd.GeoDataFrame(geometry=points((0, 0)))
    with pytest.raises(CrsError, match="points: has no coordinate reference system"):
        isochrones(STREET, nowhere, [5])


# -- columns and shapes ------------------------------------------------------------------------
def test_columns_order_and_system_are_those_of_the_points():
    table = isochrones(STREET, places((2000, 0), (1000, 0), index=["b", "a"]), [15, 5])
    assert list(table.columns) == COLUMNS
    assert table["point"].tolist() == ["b", "b", "a", "a"]
    assert table["minutes"].tolist() == [5.0, 15.0, 5.0, 15.0]
    assert table[["wrongly_in", "wrongly_out"]].isna().all(axis=None)
    assert table.geometry.is_valid.all()
    degrees = isochrones(STREET, places((2000, 0), crs="EPSG:4326"), [5])
    assert degrees.crs == "EPSG:4326"
    back = degrees.to_crs(CRS).geometry[0]
    assert back.symmetric_difference(table.geometry[0]).area < 0.05 * back.area


def test_no_points_give_an_empty_table():
    table = isochrones(STREET, places(), [5, 15])
    assert len(table) == 0
    assert list(table.columns) == COLUMNS
    assert table.crs == CRS


def test_points_far_from_every_street_have_empty_areas():
    table = isochrones(STREET, places((2000, 900)), [5, 15], homes=places((2000, 0)))
    assert table.geometry.is_empty.all()
    assert table["wrongly_in"].isna().all()


# -- values ------------------------------------------------------------------------------------
def test_an_area_on_one_street_is_a_diamond():
    table = isochrones(STREET, places((2000, 0)), [5, 15])
    for minutes, reach_m in ((5, 1000 / 3), (15, 1000.0)):
        shape = table.set_index("minutes").geometry[minutes]
        west, south, east, north = shape.bounds
        assert (2000 - west, east - 2000) == pytest.approx((reach_m, reach_m), abs=2)
        # beside the point the leg is the whole walk, and 200 m at most
        assert (north, -south) == pytest.approx((min(reach_m, 200),) * 2, abs=21)


def test_a_band_too_short_for_any_cell_is_empty():
    # 150 m off the street: 135 s of leg alone
    table = isochrones(STREET, places((2000, 150)), [1, 15]).set_index("minutes")
    assert table.geometry[1].is_empty
    assert table.geometry[15].area > 0


def test_both_directions_of_a_one_way_street():
    one_way = streets([(0, 0), (4000, 0)], foot_backward=[False])
    to = isochrones(one_way, places((2000, 0)), [15]).geometry[0].bounds
    away = (
        isochrones(one_way, places((2000, 0)), [15], direction="from_facility").geometry[0].bounds
    )
    assert to[0] == pytest.approx(1000, abs=2)
    assert to[2] < 2050
    assert away[2] == pytest.approx(3000, abs=2)
    assert away[0] > 1950


def test_the_measured_error_is_that_of_the_homes():
    network = random_town(2, size=8)
    homes = gpd.GeoDataFrame(
        {"people": np.arange(1.0, 301.0)}, geometry=random_points(2, 300, size=8), crs=CRS
    )
    place = places((350, 350))
    table = isochrones(network, place, [3, 5], homes=homes)
    router = Router(network=network, profile=PROFILES["gb"])
    ends = [Ends.single(pin_points(network, one.geometry.to_numpy())) for one in (homes, place)]
    walk = router.nearest(*ends, limit=10**6).walk_cs
    people = homes["people"].to_numpy()
    for row in table.itertuples():
        truly = walk <= row.minutes * 6000
        drawn = shapely.intersects(row.geometry, homes.geometry.to_numpy())
        assert row.wrongly_in == pytest.approx(people[drawn & ~truly].sum() / people[truly].sum())
        assert row.wrongly_out == pytest.approx(people[~drawn & truly].sum() / people[truly].sum())
        assert row.wrongly_in < 0.1
        assert row.wrongly_out < 0.1
    unweighted = isochrones(network, place, [5], homes=homes[["geometry"]])
    assert unweighted["wrongly_in"].notna().all()


def test_the_union_of_a_requirement_is_measured_on_the_studys_homes():
    homes = homes_at(STREET, (1000, 0), (2000, 10), (2990, 0), (3050, 0), people=[1, 2, 3, 4])
    town = facilities_at(STREET, (2000, 0), (300, 0), status=["existing", "planned"])
    ask = requirement()
    reach = reach_of(ask, homes, town, STREET)
    raster = prepare_raster(STREET, shapely.box(0, -100, 4000, 100))
    table = isochrones_of_study(raster, [reach], homes=homes, facilities=town, network=STREET)
    assert table["requirement"].tolist() == [ask.id]
    assert table["facility_id"].tolist() == [""]
    assert table.geometry[0].bounds[0] == pytest.approx(
        1000, abs=2
    )  # the planned one draws nothing
    assert table["wrongly_in"].tolist() == [0.0]
    assert table["wrongly_out"].tolist() == [0.0]
    nothing = isochrones_of_study(raster, [], homes=homes, facilities=town, network=STREET)
    assert len(nothing) == 0
    assert "geometry" in nothing.columns


# -- laws --------------------------------------------------------------------------------------
@given(st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_areas_of_one_raster_nest(seed):
    network = random_town(seed)
    raster = prepare_raster(network, shapely.box(0, 0, 500, 500))
    router = Router(network=network, profile=PROFILES["gb"])
    ends = Ends.single(pin_points(network, random_points(seed, 2)))
    bands = [3_000, 12_000, 12_001, 30_000, 60_000]
    areas = draw_bands(raster, router, ends, bands=bands)
    assert len(areas) == len(bands)
    for inner, outer in pairwise(areas):
        assert inner.is_valid
        assert inner.difference(outer).area < 1e-6
        assert inner.area <= outer.area + 1e-6
    # a cell well inside an area is within its limit, one well outside is not
    field = time_field(raster, router, ends, limit=200_000)
    xs = raster.west + raster.cell_m * np.arange(raster.columns)
    ys = raster.south + raster.cell_m * np.arange(raster.rows)
    cells = shapely.points(*(axis.ravel() for axis in np.meshgrid(xs, ys)))
    for band, area in zip(bands, areas, strict=True):
        np.testing.assert_array_equal(
            shapely.intersects(area, cells), (field <= band).ravel(), err_msg=str(band)
        )


def test_the_raster_grows_coarser_rather_than_too_big():
    raster = prepare_raster(STREET, shapely.box(0, 0, 60_000, 60_000), cell_m=10.0)
    assert raster.rows * raster.columns < 4_100_000
    assert raster.cell_m > 10.0
    again = prepare_raster(STREET, shapely.box(0, 0, 60_000, 60_000), cell_m=10.0)
    assert again.ends.pins.leg_m.tobytes() == raster.ends.pins.leg_m.tobytes()
