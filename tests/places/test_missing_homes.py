"""People who are counted where nobody drew a home."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lifecircle.places.homes import people_homes
from lifecircle.places.missing_homes import with_missing_homes
from lifecircle.tables import GROUND, check, empty

CRS = "EPSG:4550"
AREA = shapely.box(0, 0, 300, 100)


def communities(people, shapes=None):
    shapes = shapes or [shapely.box(100 * n, 0, 100 * n + 100, 100) for n in range(len(people))]
    return gpd.GeoDataFrame(
        {
            "community_id": [f"c{n}" for n in range(len(people))],
            "name": [f"第{n}社区" for n in range(len(people))],
            "people": people,
        },
        geometry=shapes,
        crs=CRS,
    )


def homes(*xy):
    return gpd.GeoDataFrame(
        {
            "home_id": [f"h{n}" for n in range(len(xy))],
            "community_id": None,
            "estate_id": None,
            "status": "ok",
            "people": 0.0,
            "floor_m2": 100.0,
            "origin": "floor_area",
            "flats": np.nan,
            "known_people": np.nan,
            "assumed_use": False,
            "assumed_storeys": False,
            "people_60plus": 1.0,
        },
        geometry=shapely.points(np.asarray(xy, float).reshape(-1, 2)),
        crs=CRS,
    )


def land(*boxes):
    if not boxes:
        return empty(GROUND, CRS)
    table = gpd.GeoDataFrame(
        {"ground_id": [f"g{n}" for n in range(len(boxes))], "kind": "residential"},
        geometry=[shapely.box(*one) for one in boxes],
        crs=CRS,
    )
    return check(table, GROUND, where="ground")


def test_where_everybody_has_a_home_nothing_is_added():
    given = homes((50, 50), (150, 50), (250, 50))
    table, told = with_missing_homes(given, communities([5, 6, np.nan]), land(), area=AREA)
    assert table is given
    assert told == ()


@pytest.mark.parametrize("people", [0.0, np.nan])
def test_nobody_needs_no_home(people):
    _, told = with_missing_homes(homes((50, 50)), communities([5, people]), land(), area=AREA)
    assert told == ()


def test_residential_land_stands_for_homes():
    table, told = with_missing_homes(
        homes((50, 50)), communities([5, 40]), land((100, 0, 200, 50)), area=AREA
    )
    assert [(one.name, one.people, one.points) for one in told] == [("第1社区", 40, 2)]
    added = table.iloc[1:]
    assert added["origin"].tolist() == ["residential_land"] * 2
    assert shapely.get_coordinates(added.geometry.array).tolist() == [[125, 25], [175, 25]]
    assert added["people_60plus"].tolist() == [0.0, 0.0]


def test_without_land_the_middle_of_what_lies_in_the_area_does():
    table, told = with_missing_homes(
        homes((50, 50)), communities([5, 40]), land(), area=shapely.box(0, 0, 120, 100)
    )
    assert told[0].points == 0
    assert table["home_id"].tolist() == ["h0", "community_c1"]
    point = table.geometry.iloc[1]
    assert 100 <= point.x <= 120
    assert table["origin"].iloc[1] == "community"


def test_the_middle_is_never_on_ground_that_counts_for_another_community():
    shapes = [shapely.box(0, 0, 100, 100), shapely.box(0, 0, 110, 100)]
    table, _ = with_missing_homes(homes((50, 50)), communities([5, 4], shapes), land(), area=AREA)
    assert table.geometry.iloc[1].x > 100


def test_people_are_kept_to_the_person():
    people = np.array([5.0, 40.0, 7.0])
    table, _ = with_missing_homes(
        homes((50, 50)), communities(people), land((100, 0, 200, 100)), area=AREA
    )
    area_of = np.array([0, *[1] * 4, 2], dtype=np.int32)
    placed = people_homes(table, total=None, area_of=area_of, area_people=people)
    at = np.floor(placed.geometry.x / 100).astype(int)
    assert placed.groupby(at.to_numpy())["people"].sum().tolist() == pytest.approx([5, 40, 7])
