"""The door every table passes: all problems at once, rows named, types given back."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from lifecircle import tables
from lifecircle.errors import SchemaError
from lifecircle.tables import COMMUNITIES, HOMES, Column, Schema, StreetWays, check, empty
from lifecircle.tables.shown import shown

CRS = "EPSG:4550"
SCHEMAS = [one for one in vars(tables).values() if isinstance(one, Schema)]
THING = Schema(
    name="things",
    columns={
        "thing_id": Column(kind="id"),
        "colour": Column(kind="text", filled=True, allowed=("red", "blue")),
        "note": Column(kind="text", required=False),
        "height_m": Column(kind="number", required=False),
        "people": Column(kind="count"),
        "open": Column(kind="flag", required=False),
        "tags": Column(kind="object", required=False),
    },
    geometry=("Point",),
)


def things(count: int = 3, **columns: object) -> gpd.GeoDataFrame:
    data = {
        "thing_id": [f"t{k}" for k in range(count)],
        "colour": "red",
        "people": 1.0,
        **columns,
    }
    return gpd.GeoDataFrame(data, geometry=shapely.points(np.zeros((count, 2))), crs=CRS)


def refused(frame: gpd.GeoDataFrame, schema: Schema = THING, **options: object) -> list[str]:
    with pytest.raises(SchemaError) as caught:
        check(frame, schema, where="a.xlsx", **options)
    return [str(problem) for problem in caught.value.problems]


# -- bad input ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"thing_id": ["a", "b", "a"]}, "row 0, 2: column 'thing_id' holds the same id twice"),
        ({"thing_id": ["a", None, " "]}, "row 1, 2: column 'thing_id' is empty"),
        ({"colour": ["red", "green", "blue"]}, "row 1: column 'colour' holds an unknown value"),
        ({"colour": ["red", None, "blue"]}, "row 1: column 'colour' is empty"),
        ({"people": [1, "two", "3"]}, "row 1: column 'people' holds text where a number"),
        ({"people": [1, -2, 3]}, "row 1: column 'people' holds a negative number"),
        ({"people": [1, np.inf, 3]}, "row 1: column 'people' holds an infinite number"),
        ({"height_m": [-1, 1, -np.inf]}, "row 2: column 'height_m' holds an infinite number"),
        ({"open": [True, "yes", None]}, "row 1: column 'open' must be true or false"),
        ({"open": [True, 2, None]}, "row 1: column 'open' must be true or false"),
    ],
)
def test_a_bad_value_is_refused_by_file_row_and_column(columns, message):
    found = refused(things(**columns))
    assert len(found) == 1
    assert found[0].startswith(f"a.xlsx, {message}")


def test_every_problem_of_a_table_is_told_at_once():
    frame = things(colour="green", thing_id=["same"] * 3, people=-1.0).drop(columns="geometry")
    frame = gpd.GeoDataFrame(frame, geometry=[None, shapely.Point(), shapely.box(0, 0, 1, 1)])
    found = "\n".join(refused(frame.assign(note=7)))
    for part in (
        "same id twice",
        "unknown value; known: red, blue",
        "negative number",
        "no coordinate reference system",
        "row 0, 1: geometry is missing",
        "row 2: geometry must be Point",
    ):
        assert part in found
    assert len(refused(frame)) == 6


def test_a_missing_column_names_what_was_found():
    (found,) = refused(things().drop(columns="people"))
    assert "column 'people' is missing" in found
    assert "columns found: thing_id, colour, geometry" in found


def test_rows_are_counted_as_the_spreadsheet_shows_them_and_not_all_listed():
    (found,) = refused(things(9, people=-1.0), row_offset=2)
    assert "row 2, 3, 4, 5, 6 and 4 more:" in found
    shuffled = things(people=[1.0, -1.0, 1.0])
    shuffled.index = [7, 8, 9]
    assert "row 1:" in refused(shuffled)[0]


def test_a_table_without_geometry_is_refused_in_words():
    for frame in (pd.DataFrame(things().drop(columns="geometry")), gpd.GeoDataFrame({"a": [1]})):
        assert refused(frame) == ["a.xlsx: holds no geometry"]


# -- what comes back ---------------------------------------------------------------------------
def test_types_order_and_absent_columns():
    frame = things(extra=[1, 2, 3], people=["1", "2.5", None], open=[True, 0, None])
    frame = frame[["extra", "open", "geometry", "people", "colour", "thing_id"]]
    frame.index = [5, 5, 9]
    table = check(frame, THING, where="a.xlsx")
    assert list(table.columns) == [*THING.columns, "extra", "geometry"]
    assert table.index.tolist() == [0, 1, 2]
    assert table["people"].dtype == "float64"
    np.testing.assert_equal(table["people"].to_numpy(), [1.0, 2.5, np.nan])
    assert table["open"].dtype == "boolean"
    assert table["open"].tolist() == [True, False, pd.NA]
    assert table["note"].tolist() == [None, None, None]
    assert table["height_m"].isna().all()
    assert table["height_m"].dtype == "float64"
    assert table.crs == frame.crs


def test_every_kind_of_missing_text_becomes_none():
    table = check(things(note=["a", np.nan, pd.NA]), THING, where="x")
    assert table["note"].tolist() == ["a", None, None]


def test_the_given_table_is_not_changed():
    frame = things(people=["1", "2", "3"])
    before = frame.copy(deep=True)
    table = check(frame, THING, where="x")
    table.loc[0, "colour"] = "blue"
    pd.testing.assert_frame_equal(frame, before)


def test_geometry_may_be_called_anything():
    table = check(things().rename_geometry("the_geom"), THING, where="x")
    assert list(table.columns)[-1] == "geometry"
    assert table.geometry.name == "geometry"


def test_checking_twice_changes_nothing():
    once = check(things(open=[True, None, False]), THING, where="x")
    pd.testing.assert_frame_equal(check(once, THING, where="x"), once)


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda one: one.name)
def test_an_empty_table_has_all_columns_and_passes(schema):
    table = empty(schema, CRS)
    again = check(table, schema, where="x")
    assert len(again) == 0
    assert list(again.columns) == [*schema.columns, "geometry"]
    assert again.dtypes.equals(table.dtypes)
    assert again.crs == CRS
    kinds = {"count": "float64", "number": "float64", "flag": "boolean"}
    for name, column in schema.columns.items():
        assert again[name].dtype == kinds.get(column.kind, object)


def test_homes_may_not_lack_people_nor_take_a_status_of_their_own():
    home = {"home_id": ["a"], "status": ["lost"], "people": [np.nan], "origin": ["people"]}
    frame = gpd.GeoDataFrame(home, geometry=[shapely.Point(0, 0)], crs=CRS)
    found = "\n".join(refused(frame, HOMES))
    assert "known: ok, far, island, edge, outside" in found
    assert "column 'people' is empty" in found


# -- the schemas themselves --------------------------------------------------------------------
def test_schemas_cannot_be_changed():
    with pytest.raises(TypeError):
        COMMUNITIES.columns["new"] = Column(kind="text")


def test_street_ways_are_read_only():
    ways = StreetWays(
        lonlat=np.zeros((2, 2)),
        node_id=np.arange(2),
        node_kind=np.zeros(2, np.uint8),
        way_ptr=np.array([0, 2]),
        way_node=np.array([0, 1], np.int32),
        ways=pd.DataFrame({"way_id": ["a"]}),
    )
    assert len(ways) == 1
    for name in ("lonlat", "node_id", "node_kind", "way_ptr", "way_node"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(ways, name)[0] = 1


def test_result_columns_are_named_once():
    for columns in (
        tables.SCORES,
        tables.SERVICES,
        tables.INDEX,
        tables.GAPS,
        tables.SITES,
        tables.PROJECTS,
        tables.PROGRAMME,
    ):
        assert len(set(columns)) == len(columns)
        assert all(name.isidentifier() for name in columns)
    assert tables.LEVELS[-1] == "study"


def test_a_shown_table_is_cut_and_says_what_is_left():
    table = pd.DataFrame({"name": [f"n{k}" for k in range(12)], "share": [0.1234] * 12})
    html = shown(table, lead="twelve <names>", most=10)
    assert html.count("<tr") == 1 + 10 + 1
    assert "… 2 more: .table" in html
    assert "twelve &lt;names&gt;" in html
    assert "0.123" in html
    assert "more" not in shown(table.head(0), lead="none")
