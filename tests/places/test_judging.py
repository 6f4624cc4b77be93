"""Plots of simple shapes on a plane that rises by known amounts."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from pyproj import CRS

from lifecircle import geo
from lifecircle.places.judging import judge, largest_rectangle
from lifecircle.tables import BARRIERS, GROUND, PARCELS, check, empty

CRS_M = CRS.from_epsg(32633)
EAST, NORTH = 400_000.0, 5_900_000.0


def box(west, south, east, north):
    return shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def line(*points):
    return shapely.LineString([(EAST + x, NORTH + y) for x, y in points])


def plot(shape=None, **columns):
    shape = box(0, 0, 100, 100) if shape is None else shape
    given = {"parcel_id": ["a"], "kind": "vacant", "origin": "residual", "area_m2": 10_000.0}
    table = gpd.GeoDataFrame({**given, **columns}, geometry=[shape], crs=CRS_M)
    return check(table, PARCELS, where="test")


def judged(parcels=None, **given):
    values = {
        "ground": empty(GROUND, CRS_M),
        "barriers": empty(BARRIERS, CRS_M),
        "street_lines": gpd.GeoDataFrame({"highway": []}, geometry=[], crs=CRS_M),
    }
    return judge(plot() if parcels is None else parcels, **{**values, **given})


def rising(pct):
    def height_at(lonlat):
        return (geo.project(lonlat, CRS_M)[:, 0] - EAST) * pct / 100

    return height_at


def test_no_parcels_keep_their_columns():
    found = judged(plot().iloc[:0])
    assert list(found.columns) == [*PARCELS.columns, "geometry"]


def test_inputs_are_unchanged_and_what_nobody_knows_is_missing():
    before = plot()
    kept = before.copy()
    row = judged(before).iloc[0]
    assert_geodataframe_equal(before, kept)
    assert np.isnan(row["slope_pct"])
    assert row[["near", "consent", "reasons", "checks"]].isna().all()


@pytest.mark.parametrize("turn", [0, 17, 45, 80])
def test_the_rectangle_of_a_turned_box_is_the_box(turn):
    shape = shapely.affinity.rotate(box(0, 0, 60, 25), turn)
    assert largest_rectangle(shape) == pytest.approx((60, 25), abs=0.01)


def test_the_rectangle_of_an_l_is_its_larger_arm():
    shape = shapely.union(box(0, 0, 92, 20), box(0, 0, 12, 60))
    length, width = largest_rectangle(shape)
    assert length == pytest.approx(92, abs=4)
    assert width == pytest.approx(20, abs=3)
    assert length * width <= shapely.area(shape)


def test_a_room_has_no_rectangle():
    row = judged(plot(shapely.Point(EAST, NORTH), kind="stock_room", origin="listed")).iloc[0]
    assert np.isnan(row["rect_length_m"])


@pytest.mark.parametrize(
    ("pct", "origin", "status", "reasons", "checks"),
    [
        (10, "residual", "candidate", None, None),
        (20, "residual", "candidate", None, "steep"),
        (30, "residual", "refused", "too_steep", "steep"),
        (30, "listed", "candidate", None, "steep"),
    ],
)
def test_steep_land_is_told_and_leads_on_it_refused(pct, origin, status, reasons, checks):
    parcels = plot(status="candidate", origin=origin)
    row = judged(parcels, height_at=rising(pct)).iloc[0]
    assert row["slope_pct"] == pytest.approx(pct, rel=1e-3)
    assert (row["status"], row["reasons"], row["checks"]) == (status, reasons, checks)


def test_what_is_near_is_named():
    ground = check(
        gpd.GeoDataFrame(
            {"ground_id": ["g", "h"], "kind": "other", "tag": ["amenity=fuel", "power=substation"]},
            geometry=[box(149, 0, 170, 20), box(131, 50, 140, 60)],
            crs=CRS_M,
        ),
        GROUND,
        where="test",
    )
    streets = gpd.GeoDataFrame(
        {"highway": ["motorway_link", "residential"]},
        geometry=[line((0, 149), (100, 149)), line((0, 101), (100, 101))],
        crs=CRS_M,
    )
    found = judged(ground=ground, street_lines=streets)
    assert found["near"].tolist() == ["fuel_station; motorway"]  # the substation is 31 m away


@pytest.mark.parametrize(
    ("columns", "consent"),
    [
        ({"kind": "in_estate"}, "owners"),
        ({"owner": "东街村经济合作社", "rights": "collective"}, "collective"),
        ({"owner": "城西街道办事处"}, "subdistrict"),
        ({"owner": "区土地储备中心"}, "right_holder"),
        ({"checks": "sport_only; under_bridge"}, "road_keeper"),
        ({"checks": "sport_only; along_rail"}, "railway_keeper"),
    ],
)
def test_who_has_to_agree(columns, consent):
    assert judged(plot(**columns))["consent"].tolist() == [consent]
