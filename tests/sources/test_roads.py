"""A planner's road file: classes, levels, directions, and what is left out with its rows."""

from __future__ import annotations

import warnings
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from shapely import LineString, MultiLineString

from lifecircle.errors import DoubtfulRowsWarning, InputError, SchemaError
from lifecircle.sources.roads import read_roads
from lifecircle.tables import ROADS, STREET_FLAGS

SHARED = Path(__file__).resolve().parents[2] / "../shared/data"


def road(number, length=0.002):
    south = 30.45 + 0.001 * number
    return LineString([(121.08, south), (121.08 + length, south)])


def save(folder, shapes=None, **columns):
    count = len(next(iter(columns.values())))
    columns = {"BH": [str(number) for number in range(1, count + 1)], **columns}
    shapes = [road(number) for number in range(count)] if shapes is None else shapes
    path = folder / "roads.gpkg"
    gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4490").to_file(path)
    return path


def read(path, **how):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        table, source = read_roads(path, **how)
    return table, source, [str(one.message) for one in said]


def test_a_file_without_lines_is_refused(tmp_path):
    with pytest.raises(InputError, match="LineString is needed"):
        read_roads(save(tmp_path, [shapely.Point(121, 30)], DLMC=["x"]))


def test_a_column_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(SchemaError, match="DJ"):
        read_roads(save(tmp_path, DLMC=["x"]), columns={"class": "DJ"})


def test_only_planned_roads_are_refused(tmp_path):
    path = save(tmp_path, DLDJ=["支路"], ZT=["规划"])
    with (
        pytest.warns(DoubtfulRowsWarning, match="planned"),
        pytest.raises(InputError, match="no road that exists"),
    ):
        read_roads(path)


def test_an_elevated_road_that_is_not_there_is_refused(tmp_path):
    path = save(tmp_path, DLMC=["江滨路"], DLDJ=["支路"])
    with pytest.raises(InputError, match="no road is called 环城高架"):
        read_roads(path, elevated=["环城高架"])


def test_columns_types_and_order(tmp_path):
    table, source, said = read(save(tmp_path, DLMC=["乙", "甲"], DLDJ=["支路", "主干路"]))
    assert list(table.columns)[: len(ROADS.columns)] == list(ROADS.columns)
    assert {*STREET_FLAGS[:6], "steps", "bridge", "tunnel"} <= set(table.columns)
    assert table["layer"].dtype == "int64"
    assert all(table[flag].dtype == bool for flag in STREET_FLAGS[:6])
    assert table["way_id"].tolist() == ["1", "2"]
    assert (source.rows_in, source.rows_used, said) == (2, 2, [])


@pytest.mark.parametrize(
    ("word", "highway", "on_foot"),
    [
        ("高速公路", "motorway", False),
        ("快速路", "trunk", True),
        ("主干", "primary", True),
        ("城市主干路", "primary", True),
        ("次干路", "secondary", True),
        ("支路", "residential", True),
        ("街巷", "residential", True),
        ("国道", "trunk", True),
        ("省道", "primary", True),
        ("县道", "secondary", True),
        ("乡道", "tertiary", True),
        ("小区路", "service", True),
        ("弄", "service", True),
        ("滨水步道", "footway", True),
        ("人行道", "footway", True),
        ("绿道", "footway", True),
        ("台阶", "steps", True),
        ("living_street", "living_street", True),
        ("['tertiary', 'residential']", "tertiary", True),
    ],
)
def test_classes_by_word(tmp_path, word, highway, on_foot):
    table, _, said = read(save(tmp_path, 道路等级=[word]))
    assert table["highway"].tolist() == [highway]
    assert table["foot_forward"].tolist() == table["foot_backward"].tolist() == [on_foot]
    assert table["steps"].tolist() == [highway == "steps"]
    assert said == []


def test_unknown_and_missing_classes_are_residential_and_counted(tmp_path):
    table, _, said = read(save(tmp_path, DLDJ=["支路", "魔法路", None]))
    assert table["highway"].tolist() == ["residential"] * 3
    assert len(said) == 2
    assert "1 of 3 rows are of a class nobody knows ('魔法路')" in said[0]
    assert "1 of 3 rows do not say their class" in said[1]


@pytest.mark.parametrize(
    ("column", "word", "layer"),
    [
        ("CC", "高架", 1),
        ("CC", "地面", 0),
        ("CC", "-1", -1),
        ("layer", 2, 2),
        ("layer", 1.0, 1),
        ("是否桥梁", "是", 1),
        ("是否隧道", "是", -1),
        ("是否隧道", "否", 0),
    ],
)
def test_levels_by_column(tmp_path, column, word, layer):
    table, _, said = read(save(tmp_path, DLDJ=["主干路"], **{column: [word]}))
    assert (table["layer"].tolist(), said) == ([layer], [])
    assert table["foot_forward"].all()


def test_an_unknown_level_lies_on_the_ground_and_is_counted(tmp_path):
    table, _, said = read(save(tmp_path, DLDJ=["支路"], CC=["云端"]))
    assert table["layer"].tolist() == [0]
    assert "at a level nobody knows" in said[0]


def test_levels_by_name_where_no_column_says_them(tmp_path):
    names = ["江滨高架", "过街天桥", "凤凰山隧道", "石桥头弄", "隧道口路"]
    classes = ["快速路", "人行道", "主干路", "街巷", "支路"]
    table, _, said = read(save(tmp_path, DLMC=names, DLDJ=classes))
    assert table["layer"].tolist() == [1, 1, -1, 0, 0]
    assert table["foot_forward"].tolist() == [False, True, True, True, True]
    assert "3 of 5 rows are kept off the ground for their names" in said[0]
    table, _, said = read(save(tmp_path, DLMC=names, DLDJ=classes, CC=["地面"] * 5))
    assert (table["layer"].tolist(), said) == ([0] * 5, [])


def test_declared_elevated_roads_are_above_all_and_closed_to_walkers(tmp_path):
    path = save(
        tmp_path, DLMC=["环城路", "跨江桥", "江滨路"], DLDJ=["主干路"] * 3, CC=[None, "2", "0"]
    )
    table, _, said = read(path, elevated=["环城路"])
    assert table["layer"].tolist() == [2, 2, 0]
    assert table["foot_forward"].tolist() == [False, True, True]
    assert said == []


def test_one_way_rules_bind_cars_only(tmp_path):
    table, _, _ = read(save(tmp_path, DLDJ=["支路"] * 3, 是否单向=["是", "反向", "双向"]))
    assert table["car_forward"].tolist() == [True, False, True]
    assert table["car_backward"].tolist() == [False, True, True]
    assert table["oneway"].tolist() == [True, True, False]
    assert table[["foot_forward", "foot_backward"]].all(axis=None)


def test_what_is_planned_closed_or_of_no_length_is_left_out_and_counted(tmp_path):
    states = ["现状", "规划", "在建", "已拆除", "谁知道", None]
    shapes = [road(number) for number in range(6)]
    shapes[5] = LineString([(121.08, 30.5), (121.08, 30.5)])
    table, source, said = read(save(tmp_path, shapes, DLDJ=["支路"] * 6, ZT=states))
    assert table["way_id"].tolist() == ["1", "5"]
    assert (source.rows_in, source.rows_used) == (6, 2)
    assert source.rows_doubtful + source.rows_refused == 4
    text = "\n".join(said)
    assert "2 of" in text
    assert "are planned or being built" in text
    assert "are closed or given up" in text
    assert "have an unknown status" in text


def test_rows_drawn_twice_are_left_out_in_either_direction(tmp_path):
    shapes = [road(0), shapely.reverse(road(0)), road(0), road(1)]
    path = save(tmp_path, shapes, DLDJ=["支路"] * 4, CC=["0", "0", "1", "0"])
    table, source, said = read(path)
    assert table["way_id"].tolist() == ["1", "3", "4"]
    assert source.rows_doubtful == 1
    assert "1 of 4 rows are drawn on top of another row" in said[0]


def test_parts_of_a_row_are_rows_of_their_own(tmp_path):
    table, source, _ = read(save(tmp_path, [MultiLineString([road(0), road(3)])], DLDJ=["支路"]))
    assert table["way_id"].tolist() == ["1/1", "1/2"]
    assert set(table.geom_type) == {"LineString"}
    assert source.rows_used == 1


def test_the_order_of_rows_changes_nothing(tmp_path):
    shapes = [road(0), shapely.reverse(road(0)), road(2), MultiLineString([road(3), road(5)])]
    columns = {"DLMC": ["甲", "乙", "丙", "丁"], "DLDJ": ["支路", "主干路", "巷", "次干路"]}
    straight, _, _ = read(save(tmp_path, shapes, **columns))
    order = [3, 1, 0, 2]
    turned = {name: [values[at] for at in order] for name, values in columns.items()}
    ids = [str(at + 1) for at in order]
    other, _, _ = read(save(tmp_path, [shapes[at] for at in order], BH=ids, **turned))
    assert straight.equals(other)


def test_the_roads_of_a_district():
    file = SHARED / "cn_lanpu" / "06_道路中心线.shp"
    if not file.exists():
        pytest.skip("sample data are not there")
    table, source, said = read(file)
    assert (source.rows_in, source.rows_used) == (967, 955)
    assert table["highway"].value_counts().to_dict() == {
        "residential": 878,
        "secondary": 54,
        "primary": 22,
        "trunk": 1,
    }
    assert table.loc[table["layer"] == 1, "name"].tolist() == ["澜浦高架"]
    assert any("12 of 967 rows are drawn on top of another row" in text for text in said)
