"""Names that want to be commands are text in every file of a run."""

from __future__ import annotations

import csv
import dataclasses

import docx
import openpyxl
import pytest

from lifecircle.outputs.csvs import write_tables
from lifecircle.outputs.report.write import write_report
from lifecircle.outputs.webmap import write as webmap
from lifecircle.outputs.workbook.write import write_workbook

NAMES = (
    '=HYPERLINK("http://x","y")',
    "+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "-1+1",
    "\t=1+1",
    "\r=1+1",
    "<img src=x onerror=alert(1)>",
)


@pytest.fixture(scope="module", params=NAMES)
def attacked(request, content):
    communities = content.communities.assign(name=request.param, subdistrict=request.param)
    gaps = content.gaps.assign(
        community=request.param, evidence=request.param, existing=request.param
    )
    return dataclasses.replace(content, communities=communities, gaps=gaps)


def test_hostile_names_are_inert_in_the_workbook_and_the_tables(attacked, tmp_path):
    book = openpyxl.load_workbook(write_workbook(attacked, tmp_path / "gaps.xlsx"))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    # The contents lead to the workbook's own sheets, and nothing leads elsewhere.
    links = [cell.hyperlink for cell in cells if cell.hyperlink]
    assert {one.location for one in links} <= {f"'{sheet.title}'!A1" for sheet in book}
    assert not [one for one in links if one.target]
    write_tables(attacked, tmp_path)
    with (tmp_path / "gaps.csv").open(encoding="utf-8-sig", newline="") as file:
        values = [value for row in csv.reader(file) for value in row]
    assert not [one for one in values if one.strip()[:1] in {"=", "+", "@"}]
    assert not [one for one in values if one.strip()[:1] == "-" and not _is_number(one)]


def test_hostile_names_are_inert_in_the_report_and_on_the_map(attacked, tmp_path):
    document = docx.Document(str(write_report(attacked, tmp_path / "report.docx")))
    fields = document.element.xpath("//w:instrText | //w:fldSimple/@w:instr")
    said = [getattr(one, "text", None) or str(one) for one in fields]
    assert not [one for one in said if 'HYPERLINK "http' in one or "calc" in one]
    page = webmap.web_map(attacked).get_root().render()
    assert "onerror=alert" not in page


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
