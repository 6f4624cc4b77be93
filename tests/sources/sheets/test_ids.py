"""Every row of a planner's file gets an id of its own, whatever the file says."""

from __future__ import annotations

import pandas as pd
import pytest

from lifecircle import tables
from lifecircle.errors import DoubtfulRowsWarning
from lifecircle.sources.land.parcels import read_parcels
from lifecircle.sources.planner_tables import (
    read_buildings,
    read_estates,
    read_gates,
)
from tests.sources.planner_files import heard, points, saved, squares

READERS = [
    (read_buildings, tables.BUILDINGS, squares),
    (read_estates, tables.ESTATES, squares),
    (read_gates, tables.GATES, points),
    (read_parcels, tables.PARCELS, squares),
]


@pytest.mark.parametrize(("read", "schema", "shapes"), READERS)
def test_the_order_of_the_rows_does_not_matter(read, schema, shapes, tmp_path):
    # Two rows share an id, two have none, and two of them lie in the same place.
    rows = {
        "编号": ["x", "x", None, None, "y"],
        "名称": ["东", "西", "南", "北", "中"],
        "closed": [1, 0, 1, 0, 1],
    }
    places = [*shapes(3), shapes(3)[2], shapes(4)[3]]
    order = [4, 2, 0, 3, 1]
    path = saved(tmp_path, rows, places, name="one.gpkg")
    mixed = {name: [values[at] for at in order] for name, values in rows.items()}
    shuffled = saved(tmp_path, mixed, [places[at] for at in order], name="other.gpkg")
    with heard() as said:
        one, _ = read(path)
        other, _ = read(shuffled)
    drop = ["evidence"] if schema is tables.PARCELS else []
    pd.testing.assert_frame_equal(one.drop(columns=drop), other.drop(columns=drop))
    first = one.columns[0]
    prefix = first[0]
    assert one[first].tolist() == sorted([f"{prefix}1", f"{prefix}2", "x#1", "x#2", "y"])
    assert sum("share an id" in each for each in said) == 2
    assert sum("have no id" in each for each in said) == 2


def test_numbers_given_to_rows_never_meet_ids_that_are_there(tmp_path):
    rows = {"编号": ["b1", None, "a", "a", "a#1"]}
    with heard() as said:
        table, source = read_buildings(saved(tmp_path, rows, squares(5)))
    assert table["building_id"].tolist() == ["a#1", "a#2", "a#3", "b1", "b2"]
    assert (len(said), source.rows_used) == (2, 5)


def test_without_a_column_of_ids_all_rows_are_numbered_by_place(tmp_path):
    path = saved(tmp_path, {"层数": [3.0, 2.0, 1.0]}, squares(3)[::-1])
    with pytest.warns(DoubtfulRowsWarning, match=r"no column of ids was found.*columns = \{id"):
        table, _ = read_buildings(path)
    assert table["building_id"].tolist() == ["b1", "b2", "b3"]
    assert table["levels"].tolist() == [1, 2, 3]


def test_ids_that_came_as_numbers_keep_their_digits(tmp_path):
    path = saved(tmp_path, {"OBJECTID": [330109001001.0, 7.0]}, squares(2))
    assert read_buildings(path)[0]["building_id"].tolist() == ["330109001001", "7"]


def test_hostile_names_come_through_unchanged(tmp_path):
    name = '=HYPERLINK("x")</script>{0}%s'
    path = saved(tmp_path, {"编号": ["{0}", "{0}"], "名称": [name, name]}, squares(2))
    with pytest.warns(DoubtfulRowsWarning, match="share an id"):
        table, _ = read_buildings(path)
    assert table["name"].tolist() == [name, name]
    assert table["building_id"].tolist() == ["{0}#1", "{0}#2"]
