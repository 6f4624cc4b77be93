"""Communities: drawn around places, taken from administration or cut from a grid."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lifecircle.errors import InputError
from lifecircle.places.communities import (
    communities_around_places,
    communities_of_admin,
    communities_of_grid,
    community_of,
)
from lifecircle.tables import ADMIN_AREAS, COMMUNITIES, NAMED_PLACES, check, empty
from tests.making import CRS, community_table, points, streets
from tests.network.test_router import random_town

AREA = shapely.box(-100, -100, 1100, 100)


def places(*rows: tuple[str, float, float]) -> gpd.GeoDataFrame:
    return check(
        gpd.GeoDataFrame(
            {
                "place_id": [row[0] for row in rows],
                "kind": "suburb",
                "name": [row[0].upper() for row in rows],
            },
            geometry=points(*(row[1:] for row in rows)),
            crs=CRS,
        ),
        NAMED_PLACES,
        where="places",
    )


def admin(*rows: tuple[str, int, shapely.Geometry]) -> gpd.GeoDataFrame:
    return check(
        gpd.GeoDataFrame(
            {
                "admin_id": [row[0] for row in rows],
                "level": [row[1] for row in rows],
                "name": [f"Area {row[0]}" for row in rows],
            },
            geometry=[row[2] for row in rows],
            crs=CRS,
        ),
        ADMIN_AREAS,
        where="admin",
    )


def assert_tiles(table: gpd.GeoDataFrame, area: shapely.Geometry) -> None:
    assert list(table.columns[: len(COMMUNITIES.columns)]) == list(COMMUNITIES.columns)
    assert table.geometry.is_valid.all()
    assert table.geometry.area.sum() == pytest.approx(area.area, rel=1e-6)
    assert table.geometry.union_all().area == pytest.approx(area.area, rel=1e-6)


# -- around places -----------------------------------------------------------------------------
def test_ground_belongs_to_the_place_with_the_shortest_walk_not_the_nearest_by_air():
    # A long hairpin: the north arm is 40 m from place b by air and 2 km on foot.
    arm = [(0, 20), (0, -20)]
    network = streets([(0, 20), (1000, 20)], arm, [(0, -20), (1000, -20)])
    table = communities_around_places(
        places(("a", 0, 20), ("b", 1000, -20)), network, area=AREA
    ).set_index("community_id")
    assert_tiles(table.reset_index(), AREA)
    assert table.loc["a", "name"] == "A"
    assert table.geometry["a"].contains(shapely.Point(990, 60))
    assert table.geometry["b"].contains(shapely.Point(990, -60))
    # half of the 2,040 m way from a to b: 20 m beyond the corner of 40 m, so at x = 480
    border = shapely.intersection(
        table.geometry["b"], shapely.LineString([(-100, -20), (1100, -20)])
    )
    assert border.bounds[0] == pytest.approx(480, abs=25)


def test_the_order_of_places_changes_nothing():
    network = random_town(5)
    named = places(("a", 0, 0), ("b", 480, 30), ("c", 200, 450))
    area = shapely.box(-50, -50, 550, 550)
    one = communities_around_places(named, network, area=area)
    two = communities_around_places(named.iloc[[2, 0, 1]], network, area=area)
    assert one["community_id"].tolist() == ["a", "b", "c"]
    assert (
        shapely.to_wkb(one.geometry.array).tolist() == shapely.to_wkb(two.geometry.array).tolist()
    )
    assert_tiles(one, area)


def test_places_outside_are_left_out_and_none_is_an_error():
    network = streets([(0, 0), (1000, 0)])
    table = communities_around_places(places(("a", 0, 0), ("z", 0, 900)), network, area=AREA)
    assert table["community_id"].tolist() == ["a"]
    assert_tiles(table, AREA)
    for named in (places(("z", 0, 900)), empty(NAMED_PLACES, CRS)):
        with pytest.raises(InputError, match="no named place lies in the area"):
            communities_around_places(named, network, area=AREA)


def test_streets_no_place_reaches_follow_the_nearest_that_one_does():
    network = streets([(0, 0), (1000, 0)], [(0, 80), (400, 80)])
    table = communities_around_places(places(("a", 0, 0), ("b", 1000, 0)), network, area=AREA)
    shape = table.set_index("community_id").geometry["a"]
    assert shape.contains(shapely.Point(100, 85))
    assert_tiles(table, AREA)


# -- administration ----------------------------------------------------------------------------
WEST, EAST = shapely.box(-100, -100, 500, 100), shapely.box(500, -100, 1100, 100)


def test_the_finest_level_with_two_areas_is_taken_unless_one_is_named():
    table = admin(("1", 8, AREA), ("2", 9, WEST), ("3", 9, EAST), ("4", 10, WEST))
    found = communities_of_admin(table, area=AREA, level=None)
    assert found["community_id"].tolist() == ["2", "3"]
    assert found["name"].tolist() == ["Area 2", "Area 3"]
    assert communities_of_admin(table, area=AREA, level=10)["community_id"].tolist() == ["4"]
    assert communities_of_admin(table.iloc[:1], area=AREA, level=None)["community_id"].tolist() == [
        "1"
    ]


def test_areas_are_clipped_and_those_that_only_touch_are_left_out():
    beyond = shapely.box(1100, -100, 2000, 100)
    table = admin(("1", 9, WEST), ("2", 9, shapely.box(500, -500, 3000, 500)), ("3", 9, beyond))
    found = communities_of_admin(table, area=AREA, level=9)
    assert found["community_id"].tolist() == ["1", "2"]
    assert_tiles(found, AREA)


@pytest.mark.parametrize("level", [None, 7])
def test_no_area_of_the_level_names_the_levels_there_are(level):
    with pytest.raises(InputError, match="levels found: none"):
        communities_of_admin(empty(ADMIN_AREAS, CRS), area=AREA, level=level)
    if level:
        with pytest.raises(InputError, match="levels found: 8, 9"):
            communities_of_admin(admin(("1", 8, AREA), ("2", 9, WEST)), area=AREA, level=level)


# -- grid --------------------------------------------------------------------------------------
def test_a_grid_covers_the_area_and_is_named_from_the_north_west():
    area = shapely.box(0, 0, 250, 150)
    table = communities_of_grid(area=area, cell_m=100, crs=CRS)
    assert table["name"].tolist() == ["A1", "A2", "A3", "B1", "B2", "B3"]
    assert table["community_id"].tolist()[0] == "grid_A1"
    assert table.geometry[0].bounds == (0, 50, 100, 150)
    assert table.geometry[5].bounds == (200, 0, 250, 50)
    assert_tiles(table, area)
    one = communities_of_grid(area=area, cell_m=1e5, crs=CRS)
    assert_tiles(one, area)
    corner = communities_of_grid(
        area=shapely.Polygon([(0, 0), (300, 0), (0, 300)]), cell_m=100, crs=CRS
    )
    assert "A3" not in set(corner["name"])
    many = communities_of_grid(area=shapely.box(0, 0, 10, 2800), cell_m=100, crs=CRS)
    assert many["name"].tolist()[24:] == ["Y1", "Z1", "AA1", "AB1"]


# -- lookup ------------------------------------------------------------------------------------
def test_a_point_lies_in_the_lowest_row_that_holds_it():
    table = community_table("a", "b", "c")
    table = table.assign(geometry=[*table.geometry[:2], shapely.box(500, -500, 1500, 500)])
    row = community_of(points((10, 0), (1000, 0), (1400, 0), (5000, 0)), table)
    assert row.tolist() == [0, 0, 1, -1]
    assert row.dtype == np.int32
    assert community_of(points((10, 0)), empty(COMMUNITIES, CRS)).tolist() == [-1]
    assert community_of(np.empty(0, dtype=object), table).shape == (0,)
