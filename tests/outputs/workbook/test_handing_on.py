"""The sheet of what detailed plans take over, and its short form in the report."""

from __future__ import annotations

import dataclasses

import openpyxl
import pandas as pd
import pytest

from lifecircle.outputs.names import Names
from lifecircle.outputs.workbook.handing_on import handover_annex, handover_block, handover_sheet
from lifecircle.outputs.workbook.write import write_workbook
from lifecircle.tables import HANDOVER


@pytest.fixture
def handed(content):
    rows = [
        {
            "site_id": "s1",
            "kind": "vacant",
            "community": "=1+1",
            "type": "fitness.court",
            "plan_code": "1201",
            "plan_system": "3diao",
            "target_code": "0702",
            "target_system": "2023",
            "target_note": "type",
            "main_code": "0702",
            "site_min_m2": 770.0,
            "width_min_m": 12.0,
            "setting": "own_preferred",
            "clause": "site_min_m2 GB 50180-2018 附录C [R]; width_min_m [P]",
            "size": "narrow",
            "action": "adjust_plan",
        },
        {"site_id": "s1", "type": "medical.station", "ground_floor": True, "action": "compatible"},
    ]
    table = pd.DataFrame([dict.fromkeys(HANDOVER) | row for row in rows], columns=list(HANDOVER))
    return dataclasses.replace(content, handover=table)


def test_there_is_no_sheet_without_a_site(content):
    assert handover_sheet(content, Names.of(content)) is None


def test_codes_stand_with_their_system_and_numbers_with_their_clause(handed):
    block = handover_block(handed, Names.of(handed))
    heads = [one.heading for one in block.fields]
    row = dict(zip(heads, block.rows[0], strict=True))
    assert row["控规用地代码"] == "1201 (三调)"
    assert row["规划用地代码（建议）"] == "0702 (2023)"
    assert row["设置要求"] == "宜独立占地；宽≥12米"
    assert row["条款来源"] == (
        "最小用地面积: GB 50180-2018 附录C (R 凭记忆，须核对)；最小宽度: (P 本项目建议)"
    )
    assert (row["面积是否满足"], row["规划手续"]) == ("宽度不足", "调整控规")
    assert dict(zip(heads, block.rows[1], strict=True))["设置要求"] == "首层"


def test_the_report_has_a_row_per_site_with_all_it_asks(handed):
    block = handover_annex(handed, Names.of(handed))
    assert len(block.rows) == 1
    assert block.rows[0][4].count("\n") == 1
    assert "0702，用地≥770㎡，宜独立占地；宽≥12米" in block.rows[0][4]
    assert block.rows[0][7] == "调整控规；核实用途兼容"


def test_hostile_names_stay_text(handed, tmp_path):
    book = openpyxl.load_workbook(write_workbook(handed, tmp_path / "a.xlsx"))
    cells = [cell for row in book["规划传导表"].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.value == "=1+1"] == ["s"]
