"""The table of contents of a workbook."""

from __future__ import annotations

import openpyxl
import pytest

from lifecircle.outputs.workbook.write import write_workbook


@pytest.mark.parametrize(("fixture", "name"), [("content", "目录"), ("content_en", "Contents")])
def test_contents_lead_to_every_other_sheet_in_order(tmp_path, request, fixture, name):
    content = request.getfixturevalue(fixture)
    book = openpyxl.load_workbook(write_workbook(content, tmp_path / "gaps.xlsx"))
    page = book[name]
    rows = list(page.iter_rows(min_row=4, max_col=4))
    shown = [one.title for one in book.worksheets if one.sheet_state == "visible"]
    assert shown[1] == name
    assert [row[0].value for row in rows] == [one for one in shown if one != name]
    for row in rows:
        assert row[0].hyperlink.location == f"'{row[0].value}'!A1"
        assert row[3].value == book[row[0].value]["A2"].value
