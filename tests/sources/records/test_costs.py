"""A planner's unit costs: types by name, prices by their unit, nothing guessed."""

from __future__ import annotations

import pandas as pd
import pytest

from lifecircle.errors import InputError
from lifecircle.sources.records.costs import read_costs
from lifecircle.standards import load_standard
from lifecircle.tables.costs import GATE, UNIT_COSTS
from tests.sources.planner_files import heard, is_balanced
from tests.sources.sheet_making import book

BASIC = load_standard("basic")


def costs_in(tmp_path, rows):
    with heard() as said:
        costs, source = read_costs(book(tmp_path, rows), BASIC)
    return costs, source, said


def test_tables_without_types_prices_or_any_good_row_are_refused(tmp_path):
    for rows in (
        [["甲", "单价(万元)"], ["门诊", 3]],
        [["设施类型", "备注"], ["社区卫生服务站", "无"]],
        [["设施类型", "单价"], ["社区卫生服务站", 300]],  # of nothing that is said
        [["设施类型", "单价(万元/处)"], ["航天中心", 300]],
    ):
        with pytest.raises(InputError):
            costs_in(tmp_path, rows)


def test_units_stand_in_the_header_beside_the_price_or_behind_it(tmp_path):
    costs, source, messages = costs_in(
        tmp_path,
        [
            ["设施类型", "建设方式", "单价（万元/处）", "单位", "备注"],
            ["社区卫生服务站", "新建", 120, None, None],
            ["社区卫生服务站", "租赁", 800, "元/㎡", None],
            ["社区日间照料中心", None, "约０.35万元/平方米", None, None],
            ["健身房", None, "60,000元", None, None],
            ["足球场", "", 20, "万元/亩", None],
            ["步行出入口", "打通", 15, "万元／处", None],
        ],
    )
    assert list(costs.table.columns) == list(UNIT_COSTS)
    assert not messages
    assert is_balanced(source)
    assert source.rows_used == 6
    told = costs.table.set_index(["type", "mode"])
    assert costs.of("medical.station", "new", 999.0) == pytest.approx(120)
    assert costs.of("medical.station", "lease", 200.0) == pytest.approx(16)
    assert costs.of("elder_care.daycare", "new", 400.0) == pytest.approx(140)
    assert costs.of(GATE, "open", 0.0) == pytest.approx(15)
    assert costs.of("medical.station", "share", 200.0) is None
    assert told["row"].tolist()[:2] == [2, 3]
    field = costs.table[costs.table["row"] == 6].iloc[0]
    assert field["per_m2_wan"] == pytest.approx(20 / (10_000 / 15))


def test_what_cannot_be_used_is_refused_with_its_row_and_the_closest_type(tmp_path):
    costs, source, messages = costs_in(
        tmp_path,
        [
            ["类别", "建设方式", "造价", "计价单位"],
            ["社区卫生服务站", "新建", 120, "万元/处"],
            ["社区卫生服务店铺子", "新建", 120, "万元/处"],
            ["社区卫生服务站", "魔法", 120, "万元/处"],
            ["社区文化活动站", "新建", "面议", "万元/处"],
            ["社区文化活动站", "新建", 33, None],
            ["社区卫生服务站", "新建", 99, "万元/处"],
        ],
    )
    assert costs.of("medical.station", "new", 0.0) == 120
    assert is_balanced(source)
    assert (source.rows_in, source.rows_used, source.rows_refused) == (6, 1, 5)
    said = "\n".join(messages)
    for part in ("(row 4)", "(row 5, 6)", "(row 7)", "again"):
        assert part in said, said


def test_several_types_in_a_cell_and_the_rest(tmp_path):
    costs, source, _ = costs_in(
        tmp_path,
        [
            ["设施", "单价(元/㎡)"],
            ["medical.station、elder_care.daycare", 5000],
            ["其他设施", 3000],
        ],
    )
    assert is_balanced(source)
    assert set(costs.table["type"]) == {one.id for one in BASIC.types}
    assert costs.of("medical.station", "new", 100.0) == pytest.approx(50)
    assert costs.of("culture.station", "lease", 100.0) == pytest.approx(30)
    assert costs.table["mode"].isna().all()


def test_prices_of_one_and_of_a_square_metre_add_up_and_text_tables_are_read(tmp_path):
    path = tmp_path / "单价.csv"
    path.write_text("设施类型,每处造价(万元),每平方米造价(元)\n社区卫生服务站,20,2000\n", "gb18030")
    costs, source = read_costs(path, BASIC)
    assert costs.of("medical.station", "new", 150.0) == pytest.approx(50)
    assert source.rows_used == 1
    empty = costs.table.iloc[:0]
    assert isinstance(empty, pd.DataFrame)
