"""Land nobody named is called after where it lies; what a list says stays."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import LineString, box

from lifecircle.places.land_names import with_names

CRS = "EPSG:4549"
X, Y = 500_000, 3_370_000


def square(dx, dy):
    return box(X + dx, Y + dy, X + dx + 20, Y + dy + 20)


def parcels(*rows):
    return gpd.GeoDataFrame(
        {
            "parcel_id": [one[0] for one in rows],
            "name": [one[1] for one in rows],
            "kind": [one[2] for one in rows],
            "origin": [one[3] for one in rows],
            "community_id": [one[4] for one in rows],
        },
        geometry=[one[5] for one in rows],
        crs=CRS,
    )


LAND = parcels(
    ("b", None, "vacant", "residual", "c1", square(0, 40)),
    ("a", None, "vacant", "residual", "c1", square(60, 40)),
    ("c", "站前<空地>", "vacant", "listed", "c1", square(0, 40)),
    ("d", "空闲地", "vacant", "surveyed", "c1", square(0, -60)),
    ("e", None, "in_estate", "residual", "c1", square(300, 300)),
    ("f", None, "corner", "residual", None, square(2000, 2000)),
)
AREAS = gpd.GeoDataFrame(
    {"community_id": ["c1"], "name": ["文澜社区"]}, geometry=[square(0, 0)], crs=CRS
)
STREETS = gpd.GeoDataFrame(
    {"name": ["青年路", None]},
    geometry=[LineString([(X - 50, Y), (X + 200, Y)]), LineString([(X, Y + 300), (X + 300, Y)])],
    crs=CRS,
)
ESTATES = gpd.GeoDataFrame({"name": ["御景苑"]}, geometry=[box(X + 290, Y + 290, X + 400, Y + 400)])


def named(language="zh", land=LAND):
    found = with_names(land, communities=AREAS, streets=STREETS, estates=ESTATES, language=language)
    return dict(zip(found["parcel_id"], found["name"], strict=True))


def test_names_worked_by_hand():
    before = LAND.copy()
    assert named() == {
        "a": "文澜社区青年路北侧疑似空闲地1",
        "b": "文澜社区青年路北侧疑似空闲地2",
        "c": "站前<空地>",
        "d": "文澜社区青年路南侧空闲地",
        "e": "文澜社区御景苑疑似小区内空地",
        "f": "疑似边角地",
    }
    assert LAND.equals(before)


def test_english_names():
    told = named("en")
    assert told["a"] == "possible vacant land north of 青年路, 文澜社区 1"
    assert told["f"] == "possible corner plot"


@pytest.mark.parametrize("turned", [False, True])
def test_the_order_of_rows_changes_no_name(turned):
    assert named(land=LAND.iloc[::-1] if turned else LAND) == named()


def test_no_land_stays_no_land():
    assert len(with_names(LAND.iloc[:0], communities=AREAS, streets=STREETS)) == 0
