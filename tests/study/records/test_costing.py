"""Unit costs from the study file to what is read and told of it."""

from __future__ import annotations

import pytest

from lifecircle.config import load_config
from lifecircle.errors import InputError
from lifecircle.study.inputs import read_inputs
from tests.small_town import write_study
from tests.sources.sheet_making import book

ROWS = [["设施类型", "单价(万元/处)"], ["社区卫生服务站", 120], ["其他", 50]]


def test_a_table_that_is_none_is_refused(small_study):
    (small_study.parent / "list.xlsx").touch()
    path = write_study(small_study.parent, siting='unit_costs = "list.xlsx"')
    with pytest.raises(Exception, match=r"list\.xlsx"):
        read_inputs(load_config(path))


def test_without_a_table_there_are_no_costs(small_study):
    assert len(read_inputs(load_config(small_study)).unit_costs) == 0


def test_costs_of_the_study_are_read_and_stand_among_its_sources(small_study):
    book(small_study.parent, ROWS)
    path = write_study(small_study.parent, siting='unit_costs = "list.xlsx"\nbudget = 300')
    inputs = read_inputs(load_config(path))
    assert inputs.unit_costs.of("medical.station", "new", 0.0) == 120.0
    assert inputs.unit_costs.of("culture.station", "lease", 0.0) == 50.0
    assert "list.xlsx" in [one.name for one in inputs.survey.sources]


def test_a_table_without_prices_is_refused_by_name(small_study):
    book(small_study.parent, [["设施类型", "备注"], ["社区卫生服务站", "无"]])
    path = write_study(small_study.parent, siting='unit_costs = "list.xlsx"')
    with pytest.raises(InputError, match="no column of prices"):
        read_inputs(load_config(path))
