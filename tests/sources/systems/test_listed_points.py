"""The numbers and texts of a list, before anybody says their datum."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from lifecircle.errors import InputError, SourceError
from lifecircle.sources.systems.listed_points import read_listed_points
from tests.sources.planner_files import SOUTH, WEST, points, saved, squares
from tests.sources.sheet_making import text

ROWS = ["甲站,某路1号,121.1,30.4", "乙站,,121.2,30.5", "丙站,某路3号,,"]


# -- bad input ---------------------------------------------------------------------------------
def test_no_coordinates_are_an_error_and_empty_ones_no_points(tmp_path):
    with pytest.raises(InputError, match="no columns of coordinates"):
        read_listed_points(text(tmp_path, ["名称,地址", "甲站,某路1号"]))
    assert read_listed_points(text(tmp_path, ["名称,经度,纬度", "甲站,,"])) is None
    with pytest.raises(SourceError):
        read_listed_points(tmp_path / "missing.gpkg")


# -- hand-worked -------------------------------------------------------------------------------
def test_a_table_gives_rows_with_numbers_and_what_its_title_says(tmp_path):
    path = text(tmp_path, ["坐标为百度坐标", "名称,地址,经度,纬度", *ROWS])
    found = read_listed_points(path)
    assert found.xy.tolist() == [[121.1, 30.4], [121.2, 30.5]]
    assert found.row.tolist() == [3, 4]
    assert found.names == ("甲站", "乙站")
    assert found.addresses == ("某路1号", None)
    assert (found.said, found.lonlat) == ("bd09", None)


def test_two_datums_said_are_none(tmp_path):
    path = text(tmp_path, ["高德或百度拾取", "名称,地址,经度,纬度", *ROWS])
    assert read_listed_points(path).said is None


def test_a_vector_file_gives_places_by_its_own_system(tmp_path):
    path = saved(tmp_path, {"名称": ["甲", "乙"], "地址": ["某路1号", None]}, points(2))
    found = read_listed_points(path)
    assert found.xy[0].tolist() == [WEST, SOUTH]
    assert found.lonlat[0] == pytest.approx([121.087, 30.458], abs=0.02)
    assert found.lonlat_said
    assert found.names == ("甲", "乙")


def test_outlines_stand_for_a_point_inside_and_a_system_may_be_absent(tmp_path):
    path = saved(tmp_path, {"MC": ["甲", "乙"]}, squares(2), name="list.shp", crs=None)
    found = read_listed_points(path)
    inside = shapely.contains(np.array(squares(2)), shapely.points(found.xy))
    assert inside.all()
    assert found.lonlat is None
