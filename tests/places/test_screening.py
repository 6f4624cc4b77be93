"""One block of 100 x 100 m is judged against whatever a test puts on it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal

from lifecircle.places.corridors import lay_out_streets
from lifecircle.places.screening import Ground, screen
from lifecircle.tables import (
    LAND_COVER,
    PARCELS,
    PLAN_PLOTS,
    PROTECTED,
    RIGHTS,
    LandFiles,
    check,
)

CRS_M = "EPSG:4528"
EAST, NORTH = 40_604_000.0, 3_371_000.0


def box(west, south, east, north):
    return shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def frame(schema, shapes, **columns):
    first = next(iter(schema.columns))
    data = {first: [f"{first}{at}" for at in range(len(shapes))], **columns}
    return check(gpd.GeoDataFrame(data, geometry=shapes, crs=CRS_M), schema, where="test")


def parcel(shape=None, **columns):
    shape = box(0, 0, 100, 100) if shape is None else shape
    given = {"kind": "vacant", "origin": "listed", "area_m2": 10_000.0, **columns}
    return frame(PARCELS, [shape], **given)


def ground(*, buildings=(), streets=(), **land):
    lines = gpd.GeoDataFrame(
        {"highway": ["residential"] * len(streets), "foot": [True] * len(streets)},
        geometry=list(streets),
        crs=CRS_M,
    )
    shapes = np.array([None] * len(buildings), dtype=object)
    shapes[:] = buildings
    return Ground(land=LandFiles(**land), buildings=shapes, streets=lay_out_streets(lines))


def judged(found):
    row = found.iloc[0]
    return row["status"], row["reasons"], row["checks"]


def protected(reason, shape):
    return frame(PROTECTED, [shape], reason=reason)


def cover(kind, shape, code="0101"):
    return frame(LAND_COVER, [shape], kind=kind, code=code, code_system="3diao")


def plots(code, shape):
    return frame(PLAN_PLOTS, [shape], code=code, code_system="2023")


def test_land_with_nothing_against_it_stays_as_it_is():
    before = parcel()
    kept = before.copy()
    found = screen(before, ground())
    assert judged(found) == ("candidate", None, None)
    assert found["area_m2"].tolist() == [10_000]
    assert found["conforms"].tolist() == [None]
    assert_geodataframe_equal(before, kept)


def test_a_table_without_rows_keeps_its_columns():
    found = screen(parcel().iloc[:0], ground())
    assert list(found.columns) == [*PARCELS.columns, "geometry"]


@pytest.mark.parametrize("reason", ["permanent_farmland", "heritage_control", "river_line"])
def test_exclusions_win_over_lists_and_keep_the_outline(reason):
    found = screen(parcel(), ground(protected=protected(reason, box(-9, -9, 109, 109))))
    assert judged(found) == ("refused", reason, None)
    assert found.geometry.area.iloc[0] == pytest.approx(10_000)


@pytest.mark.parametrize("kind", ["farmland", "water", "road", "park"])
def test_used_ground_of_the_land_survey_is_cut_off(kind):
    found = screen(parcel(), ground(cover=cover(kind, box(0, 0, 40, 100))))
    assert judged(found) == ("candidate", None, f"partly_excluded; {kind}")
    assert found["area_m2"].iloc[0] == pytest.approx(6000)
    assert found["inscribed_m"].iloc[0] == pytest.approx(60, abs=1)


def test_a_sliver_is_cut_off_and_not_told():
    found = screen(parcel(), ground(cover=cover("road", box(0, 0, 3, 100))))
    assert judged(found) == ("candidate", None, None)
    assert found["area_m2"].iloc[0] == pytest.approx(9700)


def test_buildings_and_streets_are_cut_off():
    across = shapely.LineString([(EAST + 50, NORTH - 9), (EAST + 50, NORTH + 109)])
    found = screen(parcel(), ground(buildings=[box(80, 0, 100, 100)], streets=[across]))
    assert judged(found) == ("candidate", None, "partly_excluded; built; street")
    assert found["area_m2"].iloc[0] == pytest.approx(4500)  # 45 m west of a street of 10 m


def test_cleared_land_keeps_what_old_buildings_take_and_says_so():
    found = screen(parcel(list="拆后空地"), ground(buildings=[box(0, 0, 60, 100)]))
    assert judged(found) == ("candidate", None, "buildings_drawn")
    assert found["area_m2"].tolist() == [10_000]


def test_what_is_too_small_or_polluted_is_refused():
    small = parcel(box(0, 0, 10, 10), area_m2=100.0)
    assert judged(screen(small, ground()))[:2] == ("refused", "too_small")
    dirty = parcel(note="原印染企业，土壤污染状况调查未完成")
    assert judged(screen(dirty, ground()))[:2] == ("refused", "contaminated")
    brief = parcel(available="2年(临时)")
    assert judged(screen(brief, ground())) == ("candidate", None, "temporary")
    for term, told in (("5年", "short_term"), ("10年", None), ("长期", None)):
        found = screen(parcel(available=term), ground())
        assert judged(found) == ("candidate", None, told)


@pytest.mark.parametrize(
    ("code", "shape", "conforms"),
    [
        ("0702", box(0, 0, 100, 100), "conform"),
        ("070102", box(0, 0, 100, 100), "adjust"),
        ("0702", box(0, 0, 40, 100), "not_covered"),
    ],
)
def test_the_detailed_plan_says_whether_land_conforms(code, shape, conforms):
    found = screen(parcel(), ground(plots=plots(code, shape)))
    assert found["conforms"].tolist() == [conforms]
    told = (code, "2023") if conforms != "not_covered" else (None, None)
    assert (found["code"].iloc[0], found["code_system"].iloc[0]) == told


def test_planned_green_is_refused():
    found = screen(parcel(), ground(plots=plots("1401", box(-1, -1, 101, 101))))
    assert judged(found)[:2] == ("refused", "planned_park")


def test_the_register_wins_and_contradictions_are_told():
    rights = frame(RIGHTS, [box(0, 0, 100, 100)], owner="东街村经济合作社", rights="collective")
    land = cover("residential", box(0, 0, 100, 100), "0701").assign(rights="state")
    found = screen(parcel(), ground(rights=rights, cover=land))
    assert found[["rights", "owner"]].values.tolist() == [["collective", "东街村经济合作社"]]
    assert judged(found)[2] == "rights_differ; collective"


def test_industrial_land_needs_a_look_at_its_soil():
    found = screen(parcel(), ground(cover=cover("industrial", box(0, 0, 100, 100), "0601")))
    assert judged(found) == ("candidate", None, "soil_check")


def test_a_room_stands_already_so_protection_is_a_check():
    room = parcel(shapely.Point(EAST, NORTH), kind="stock_room", area_m2=300.0, floor_m2=300.0)
    zone = protected("heritage_control", box(-9, -9, 9, 9))
    found = screen(room, ground(protected=zone, buildings=[box(-5, -5, 5, 5)]))
    assert judged(found) == ("candidate", None, "heritage_control")


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("3幢架空层", "stilted; owners_consent"),
        ("3幢东侧空地", None),
        ("无架空层地块", None),
        ("架空线下空地", None),
    ],
)
def test_an_open_ground_floor_is_its_owners_in_common(name, asked):
    assert judged(screen(parcel(name=name), ground())) == ("candidate", None, asked)


def test_a_doubtful_point_stays_doubtful_with_its_reason():
    point = parcel(shapely.Point(EAST, NORTH), status="doubtful", reasons="no_outline")
    zone = protected("permanent_farmland", box(-9, -9, 9, 9))
    assert judged(screen(point, ground(protected=zone))) == ("doubtful", "no_outline", None)
