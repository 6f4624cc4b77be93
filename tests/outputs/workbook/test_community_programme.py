"""The sheet of the programme of communities, and what the project pool says of rights and money."""

from __future__ import annotations

from dataclasses import replace

from lifecircle.outputs.names import Names
from lifecircle.outputs.workbook.community_programme import (
    community_counts,
    community_programme_sheet,
)
from lifecircle.outputs.workbook.projects import project_sheet


def rows_of(block):
    heads = [one.heading for one in block.fields]
    return [dict(zip(heads, row, strict=True)) for row in block.rows]


def test_without_projects_there_is_no_sheet(content, content_empty):
    names = Names.of(content)
    assert community_programme_sheet(content_empty, names) is None
    idle = replace(content, community_programme=content.community_programme.assign(projects=0))
    assert community_programme_sheet(idle, names) is None


def test_every_community_is_a_row_and_counts_add_up(content):
    names = Names.of(content)
    sheet = community_programme_sheet(content, names)
    rows = rows_of(sheet.blocks[0])
    assert len(rows) == len(content.communities)
    kinds = {row["引领型/普惠型"] for row in rows}
    assert kinds == {"引领型（建议）", ""}
    offered = {one.heading: one.choices for one in sheet.blocks[0].fields if one.choices}
    assert offered["引领型/普惠型"] == ("引领型（建议）", "普惠型（建议）")
    assert offered["新建/旧改"] == ("新建类", "旧改类")
    *parts, whole = rows_of(community_counts(content, names))
    assert whole["社区数（个）"] == len(rows) == sum(row["社区数（个）"] for row in parts)
    for heading in ("引领型（建议）", "旧改类", "现状短板（条）"):
        assert whole[heading] == sum(row[heading] for row in parts)


def test_the_pool_says_rights_consents_handover_operator_and_cost(content):
    names = Names.of(content)
    pool, totals = project_sheet(content, names).blocks
    row = rows_of(pool)[0]
    assert row["土地权属"] == "国有"
    assert row["须征得同意"] == "须村集体同意；须业主（住户）同意"
    assert row["配套移交"] == "建而未交"
    assert row["运营主体"] == "=运营公司"
    assert row["投资估算（万元）"] == 120.5
    assert row["备注"] == "可用期限：5年"
    assert rows_of(totals)[-1]["投资估算（万元）"] == 120.5 * len(pool.rows)
