"""Topographic maps under [[drawings]]: what they add, fill in and never overrule."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lifecircle.config import load_config
from lifecircle.errors import CrsError, ExtentError, MissingDataWarning, RuleError
from lifecircle.study.inputs import read_inputs
from tests.small_town import SOUTH, STEP_LAT, STEP_LON, WEST, write_study
from tests.sources.drawing_making import X, Y, drawing, polyline, post, ring, text
from tests.sources.planner_files import heard

LOCAL = f"+proj=tmerc +lat_0={SOUTH} +lon_0={WEST} +x_0={X:.0f} +y_0={Y:.0f} +ellps=GRS80"
METRIC = "EPSG:25833"


def house_corner(number):
    """South-west corner of a house of the small town, metres from the town's."""
    i, j = divmod(number, 6)
    lon, lat = WEST + STEP_LON * (i + 0.5), SOUTH + STEP_LAT * j + 0.0001
    point = gpd.GeoSeries([shapely.Point(lon, lat)], crs=4326).to_crs(LOCAL).iloc[0]
    return point.x - X, point.y - Y


def with_drawing(folder, *entities, more=""):
    drawing(folder, *entities)
    extra = f'[[drawings]]\nfile = "图.dxf"\ncrs = "{LOCAL}"\n{more}\n'
    return write_study(folder, extra)


def survey_of(path):
    with heard() as said:
        return read_inputs(load_config(path)).survey, said


def test_unknown_uses_are_refused(small_study):
    drawing(small_study.parent, ring(0, 0))
    write_study(small_study.parent, '[[drawings]]\nfile = "图.dxf"\nuse = ["roads"]\n')
    with pytest.raises(RuleError) as caught:
        load_config(small_study)
    assert [one.what for one in caught.value.problems] == [
        "must be one of buildings, walls, gates, not the text 'roads'",
    ]


def test_a_drawing_that_lies_elsewhere(small_study):
    path = with_drawing(small_study.parent, ring(90_000, 0), text(90_005, 5, "砖"))
    with pytest.raises(ExtentError, match=r"图\.dxf: does not lie in the study area .*meridian"):
        read_inputs(load_config(path))


def test_columns_say_nothing_of_a_drawing(small_study):
    drawing(small_study.parent, ring(0, 0))
    write_study(
        small_study.parent, homes='buildings = "图.dxf"\ncrs = "EPSG:4549"\ncolumns = {id = "a"}'
    )
    with pytest.raises(RuleError, match="a drawing has layers, no columns"):
        load_config(small_study)


def test_storeys_walls_and_gates(small_study):
    before, _ = survey_of(small_study)
    x, y = house_corner(8)
    path = with_drawing(
        small_study.parent,
        ring(x, y, 7.0, 11.0),
        text(x + 2, y + 2, "混6"),
        ring(20, 20),
        text(25, 25, "砖3"),
        polyline([(10, 10), (50, 10)], layer="围墙"),
        post(50, 10),
        post(50, 15),
    )
    found, said = survey_of(path)
    assert said == [
        "MissingDataWarning: 图.dxf: 1 buildings without storeys take those of the drawing; 1 "
        "buildings are on the drawing only and are added, their use unknown"
    ]
    assert len(found.buildings) == len(before.buildings) + 1
    known = found.buildings[found.buildings["levels"].notna()].to_crs(METRIC)
    assert known["levels"].tolist() == [6.0, 3.0]
    assert known["use"].fillna("").tolist() == ["apartments", ""]
    assert known.iloc[1].geometry.area == pytest.approx(200.0, rel=2e-3)
    assert len(found.barriers) == len(before.barriers) + 1
    assert found.barriers["kind"].tolist()[-1] == "wall"
    new = found.gates.tail(1).to_crs(LOCAL).geometry.iloc[0]
    assert (new.x - X, new.y - Y) == pytest.approx((50.0, 12.5), abs=1e-3)
    assert found.sources[-1].name == "图.dxf"


def test_only_what_is_asked_for_is_taken(small_study):
    before, _ = survey_of(small_study)
    path = with_drawing(
        small_study.parent,
        ring(20, 20),
        text(25, 25, "砖3"),
        polyline([(10, 10), (50, 10)], layer="围墙"),
        more='use = ["walls"]',
    )
    found, said = survey_of(path)
    assert said == []
    assert len(found.buildings) == len(before.buildings)
    assert len(found.barriers) == len(before.barriers) + 1


def test_a_file_of_gates_stands(small_study):
    folder = small_study.parent
    yard = shapely.box(WEST, SOUTH, WEST + 0.002, SOUTH + 0.002)
    gpd.GeoDataFrame({"id": ["1"], "closed": ["是"]}, geometry=[yard], crs=4326).to_file(
        folder / "estates.gpkg"
    )
    gate = shapely.Point(WEST, SOUTH + 0.001)
    gpd.GeoDataFrame({"id": ["1"]}, geometry=[gate], crs=4326).to_file(folder / "gates.gpkg")
    drawing(folder, post(50, 10), post(50, 15))
    extra = f'[[drawings]]\nfile = "图.dxf"\ncrs = "{LOCAL}"\n'
    path = write_study(folder, extra, estates='file = "estates.gpkg"\ngates = "gates.gpkg"')
    with pytest.warns(MissingDataWarning, match="its 1 gates are not used, .* 1 of them lie"):
        found = read_inputs(load_config(path)).survey
    assert found.estate_gates["gate_id"].tolist() == ["1"]


# -- a drawing nobody knows the system of ---------------------------------------------------------
def test_its_system_is_found_by_the_buildings_it_shares(small_study):
    folder = small_study.parent
    rng = np.random.default_rng(5)
    corners, sides = rng.uniform(100, 900, (14, 2)), rng.uniform(9, 60, (14, 2))
    low = corners + np.array([X, Y])
    boxes = shapely.box(*low.T, *(low + sides).T)
    known = gpd.GeoDataFrame({"id": [str(one) for one in range(14)]}, geometry=boxes, crs=LOCAL)
    known.to_crs(4326).to_file(folder / "buildings.gpkg")
    labels = [text(x + 2, y + 2, "混5") for x, y in corners]
    rings = [ring(x, y, w, h) for (x, y), (w, h) in zip(corners, sides, strict=True)]
    drawing(folder, *rings, *labels)
    path = write_study(
        folder, '[[drawings]]\nfile = "图.dxf"\n', homes='buildings = "buildings.gpkg"'
    )
    found, said = survey_of(path)
    assert found.buildings["levels"].tolist() == [5.0] * 14
    assert any("compared with the buildings it is in" in one for one in said)


def test_without_buildings_in_common_the_system_is_asked_for(small_study):
    drawing(small_study.parent, ring(0, 0), ring(50, 0, 9.0, 33.0))
    path = write_study(small_study.parent, '[[drawings]]\nfile = "图.dxf"\n')
    with pytest.raises(CrsError, match=r"图\.dxf: no drawing says .* central meridian"):
        read_inputs(load_config(path))
