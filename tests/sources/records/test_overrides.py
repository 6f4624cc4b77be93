"""A file of overrides: which table, which row, which value, why and by whom."""

from __future__ import annotations

import pytest

from lifecircle.errors import InputError
from lifecircle.sources.records.overrides import read_overrides
from tests.sources.planner_files import heard, is_balanced
from tests.sources.sheet_making import book

HEAD = ["表", "编号", "字段", "新值", "理由", "修改人", "日期"]


def test_a_file_without_the_columns_is_refused(tmp_path):
    with pytest.raises(InputError, match="no column of"):
        read_overrides(book(tmp_path, [["表", "编号"], ["设施", "f1"]]))


def test_rows_of_unknown_tables_or_without_id_are_told_all_at_once(tmp_path):
    path = book(
        tmp_path,
        [
            HEAD,
            ["道路", "f1", "名称", "x", "y", "z", ""],
            ["设施", None, "名称", "x", "y", "z", ""],
        ],
    )
    with pytest.raises(InputError) as raised:
        read_overrides(path)
    assert [one.where.rsplit(", ", 1)[1] for one in raised.value.problems] == ["row 2", "row 3"]


def test_rows_are_read_in_order_and_unexplained_ones_told(tmp_path):
    rows = [
        ["设施", "f1", "类型", "卫生服务站", "已改造", "张", "2026-03-01"],
        ["社区", "c1", "常住人口", "1,200", None, None, None],
    ]
    path = book(tmp_path, [HEAD, *rows])
    with heard() as said:
        file = read_overrides(path)
    assert file.table["table"].tolist() == ["facilities", "communities"]
    assert file.table["row"].tolist() == [2, 3]
    assert file.table["value"].tolist() == ["卫生服务站", "1,200"]
    assert any("say not why" in text for text in map(str, said))
    assert is_balanced(file.source)
