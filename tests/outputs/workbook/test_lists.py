"""The sheet of lists compared: counts first, doubts on top, every code in words."""

from __future__ import annotations

import dataclasses

import openpyxl
import pandas as pd
import pytest

from lifecircle.outputs.names import Names
from lifecircle.outputs.workbook.lists import lists_sheet
from lifecircle.outputs.workbook.write import write_workbook
from lifecircle.places.merge_report import PAIR_COLUMNS, REPORT_COLUMNS

PAIRS = pd.DataFrame([("a.xlsx", "=p.csv", 2, 1, 0)], columns=list(PAIR_COLUMNS))
ROWS = pd.DataFrame(
    [
        ("a1", "=1+1", "medical", "medical.station", "closed", "merged", "a.xlsx; =p.csv",
         "a1 甲; p1 甲", 12.0, "same_name;status_differs"),
        ("p2", "乙", "medical", "medical.station", None, "single", "=p.csv", "p2 乙", None, ""),
        ("p3", None, "medical", "medical.station", "unconfirmed", "unconfirmed", "=p.csv", "p3",
         None, ""),
        ("a1", "甲", "medical", "medical.station", "closed", "doubtful", "a.xlsx; =p.csv",
         "a1 甲; p4 丁", 30.0, "near_other_name"),
    ],
    columns=list(REPORT_COLUMNS),
)  # fmt: skip


@pytest.mark.parametrize(
    ("language", "decisions", "evidence"),
    [
        (
            "zh",
            ["疑似同一处，未合并", "部门清单未列，待核实", "多源合并", "仅一处清单"],
            "名称一致且位置相近；各清单状态不一，以部门清单为准",
        ),
        (
            "en",
            [
                "perhaps one place, kept apart",
                "not in the bureau's list, unconfirmed",
                "in several lists, merged",
                "in one list only",
            ],
            "same name, near; lists differ on the status; the bureau's holds",
        ),
    ],
)
def test_doubts_come_first_and_codes_are_words(content_en, language, decisions, evidence):
    content = dataclasses.replace(content_en, language=language, merged=ROWS, list_pairs=PAIRS)
    pairs, rows = lists_sheet(content, Names.of(content)).blocks
    assert pairs.rows == (("a.xlsx", "=p.csv", 2, 1, 0),)
    assert [row[5] for row in rows.rows] == decisions
    assert rows.rows[2][9] == evidence
    assert all(len(row) == len(rows.fields) for row in rows.rows)


def test_the_sheet_is_there_only_where_lists_are_compared(content_en, tmp_path):
    one = dataclasses.replace(content_en, merged=ROWS, list_pairs=PAIRS)
    book = openpyxl.load_workbook(write_workbook(one, tmp_path / "a.xlsx"))
    cells = [cell for row in book["Lists compared"].iter_rows() for cell in row]
    assert "=1+1" in [cell.value for cell in cells]
    assert all(cell.data_type != "f" for cell in cells)  # no text becomes a formula
    book = openpyxl.load_workbook(write_workbook(content_en, tmp_path / "b.xlsx"))
    assert "Lists compared" not in book.sheetnames
