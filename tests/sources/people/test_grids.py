"""People of grids: residents by outline, households where nobody counted people."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from lifecircle.errors import CrsError, InputError
from lifecircle.sources.people.grids import read_grids
from lifecircle.tables import GRIDS, check
from tests.sources.planner_files import heard, is_balanced, points, saved, squares
from tests.sources.sheet_making import text


# -- bad input ---------------------------------------------------------------------------------
def test_a_file_that_counts_nobody_names_its_columns(tmp_path):
    with pytest.raises(InputError, match=r"neither people nor households.*WGDM"):
        read_grids(saved(tmp_path, {"WGDM": ["1"]}, squares(1)))


def test_points_of_a_vector_file_are_no_grids(tmp_path):
    with pytest.raises(InputError, match="holds only Point"):
        read_grids(saved(tmp_path, {"RK": [5]}, points(1)))


def test_a_table_in_china_must_say_its_datum(tmp_path):
    lines = ["lon,lat,人口", "121.1,30.4,5", "121.2,30.4,6"]
    with pytest.raises(CrsError, match="nothing says what its coordinates are"):
        read_grids(text(tmp_path, lines))


# -- numbers -----------------------------------------------------------------------------------
def test_people_are_residents_and_an_empty_cell_is_unknown(tmp_path):
    columns = {"WGDM": ["b", "a"], "RK": [10.0, np.nan], "LDRK": [99.0, 99.0]}
    table, source = read_grids(saved(tmp_path, columns, squares(2)))
    assert table["cell_id"].tolist() == ["a", "b"]
    assert table["people"].tolist()[1] == 10
    assert np.isnan(table["people"][0])
    assert is_balanced(source)
    check(table, GRIDS, where="grids")


def test_households_stand_in_with_the_mean_of_the_others(tmp_path):
    columns = {"WGDM": ["a", "b", "c"], "RK": [20.0, 10.0, None], "HS": [8.0, 4.0, 6.0]}
    with heard() as said:
        table, _ = read_grids(saved(tmp_path, columns, squares(3)))
    assert table["people"].tolist() == [20, 10, 15]
    assert "times 2.50" in said[0]


def test_points_with_people_become_squares_as_wide_as_they_are_apart(tmp_path):
    lines = ["id,lon,lat,population", "a,-51.2,-30,5", "b,-51.199,-30,6", "c,-51.198,-30,0"]
    table, _ = read_grids(text(tmp_path, lines))
    assert table["people"].tolist() == [5, 6, 0]
    side = np.sqrt(shapely.area(table.geometry.to_numpy()))
    assert side == pytest.approx(96.5, abs=0.5)  # 0.001° at 30° south
