"""Warnings in Chinese: numbers and names stay, and what is said of rows has a wording."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import lifecircle
from lifecircle.outputs.names import Names
from lifecircle.outputs.words_of_warnings import told_warnings, warning_in_chinese

SOURCE = Path(lifecircle.__file__).parent


def said_of_rows() -> list[str]:
    """What the source says of rows, with a 7 for what is filled in."""
    found = []
    for path in sorted((SOURCE / "sources").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id not in ("warn_of_rows", "_warn_of_rows"):
                continue
            for argument in node.args[1:]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    found += [argument.value]
                elif isinstance(argument, ast.JoinedStr) and "others" not in ast.unparse(argument):
                    parts = [getattr(part, "value", None) for part in argument.values]
                    filled = "".join(part if isinstance(part, str) else "7" for part in parts)
                    # What begins with a variable says nothing of its own.
                    found += [filled.replace("study7", "study").replace("out7", "out")] * (
                        not filled.startswith("7")
                    )
    return found


def test_what_is_not_worded_stays_english_and_is_told_apart(content):
    names = Names.of(content)
    known = "a.shp: 1 of 2 rows enclose nothing and are left out (row 2)"
    worded, left = told_warnings((known, "nobody worded this"), names)
    assert worded == ["a.shp：2 行中有 1 行图形不闭合成面，未采用（第 2 行）"]
    assert left == ["nobody worded this"]


def test_in_english_nothing_is_changed(content_en):
    said = ("a.shp: 1 of 2 rows enclose nothing and are left out (row 2)", "nobody worded this")
    assert told_warnings(said, Names.of(content_en)) == (list(said), [])


@pytest.mark.parametrize("what", said_of_rows())
def test_everything_said_of_rows_has_a_wording(what):
    assert warning_in_chinese(f"a.xlsx, sheet '表': 3 of 9 rows {what} (row 1, 2, 5)", {}), what


def test_files_rows_numbers_and_ids_are_kept():
    text = (
        "a: b.xlsx, sheet '名册': 7 of 1,674 rows have a status nobody knows and are taken as to "
        "come (row 1, 2, 3, 4, 5 and 2 more)"
    )
    assert warning_in_chinese(text, {}) == (
        "a: b.xlsx“名册”表：1,674 行中有 7 行状态无法识别，按待建处理"
        "（第 1, 2, 3, 4, 5 行等，另有 2 行）"
    )
    text = "c.dxf: 12 texts on layers of buildings and labels are no storeys (at 1.0, 2.0)"
    assert warning_in_chinese(text, {}) == (
        "c.dxf：房屋与注记图层上 12 处文字不是层数（坐标 1.0, 2.0）"
    )
    text = (
        "too few facilities are known to judge medical_15: no verdict is given (declare a list "
        "complete under facilities.complete if it is)"
    )
    assert "无法判断：卫生站" in str(warning_in_chinese(text, {"medical_15": "卫生站"}))
