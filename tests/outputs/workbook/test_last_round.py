"""The sheet and the table of the last round's projects."""

from __future__ import annotations

import dataclasses

import pandas as pd

from lifecircle.outputs.names import Names
from lifecircle.outputs.workbook.last_round import (
    last_round_sheet,
    last_round_table,
    last_round_text,
)
from lifecircle.tables import LAST_ROUND


def rounds(content):
    rows = [
        ("p1", "站建设工程", "临江社区", "medical", "medical.station", 2024.0, "done", "done"),
        (
            "p2",
            "=站改造",
            "塘湾村",
            "medical",
            "medical.station",
            2025.0,
            "not_started",
            "rolled_on",
        ),
    ]
    table = pd.DataFrame(rows, columns=list(LAST_ROUND[:8]))
    table = table.assign(
        facility_id=None, gap_id=None, evidence="依据", confidence=0.5, new_project_id=None
    )
    return dataclasses.replace(content, last_round=table)


def test_a_sheet_has_every_project_in_words(toy_findings):
    content = rounds(toy_findings.content)
    sheet = last_round_sheet(content, Names.of(content))
    (block,) = sheet.blocks
    assert [row[0] for row in block.rows] == ["p1", "p2"]
    assert block.rows[1][6:8] == ("not started", "rolled on")
    assert all(len(row) == len(block.fields) for row in block.rows)


def test_without_projects_there_is_no_sheet(toy_findings):
    content = toy_findings.content
    assert last_round_sheet(content, Names.of(content)) is None


def test_the_report_counts_all_and_lists_what_is_not_simply_done(toy_findings):
    content = rounds(toy_findings.content)
    names = Names.of(content)
    assert "Of 2 projects" in last_round_text(content, names)
    assert "done 1, rolled on 1" in last_round_text(content, names)
    assert [row[0] for row in last_round_table(content, names).rows] == ["=站改造"]
    chinese = Names.of(dataclasses.replace(content, language="zh"))
    assert "已实施 1 个，转入本轮 1 个" in last_round_text(content, chinese)
