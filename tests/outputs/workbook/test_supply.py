"""The sheet of sizes and loads: rows, words, order, and no sheet where nothing is known."""

from __future__ import annotations

import dataclasses
import json

import pytest

from lifecircle.outputs.names import Names
from lifecircle.outputs.release import released
from lifecircle.outputs.webmap.facts import facts
from lifecircle.outputs.workbook.areas import layout_sheet
from lifecircle.outputs.workbook.supply import norm_block, supply_sheet


@pytest.fixture
def sheet(content_en):
    return supply_sheet(content_en, Names.of(content_en))


def rows_of(block):
    headings = [field.heading for field in block.fields]
    return [dict(zip(headings, row, strict=True)) for row in block.rows]


def test_no_sheet_where_nothing_is_known(content_en):
    names = ("norms", "supply", "loads")
    bare = dataclasses.replace(
        content_en, **{name: getattr(content_en, name).iloc[:0] for name in names}
    )
    assert supply_sheet(bare, Names.of(bare)) is None


def test_norms_are_told_in_words_the_largest_area_first(sheet):
    rows = rows_of(sheet.blocks[0])
    assert rows[0]["area"] == "测试镇"
    assert rows[0]["norm"] == "Rooms for primary care"
    assert rows[0]["asked"] == "at least 50 m² of floor area per 1,000 people"
    by_name = {row["area"]: row for row in rows}
    assert sum(row["verdict"] == "met" for row in rows) == 1
    assert len(by_name) == len(rows)


def test_only_larger_areas_where_asked(content_en):
    block = norm_block(content_en, Names.of(content_en), smallest="subdistrict")
    assert [row[2] for row in block.rows] == ["测试镇"]


def test_loads_come_crowded_first_and_only_where_told(sheet):
    rows = rows_of(sheet.blocks[1])
    assert [row["load"] for row in rows] == [1.5, 0.0]
    assert [row["over capacity"] for row in rows] == [True, False]


def test_the_layout_has_the_loads_too(content_en):
    rows = rows_of(layout_sheet(content_en, Names.of(content_en)).blocks[0])
    told = [row for row in rows if row["load"] is not None]
    assert [row["people whose nearest it is"] for row in told] == [3000, 6]


def test_the_card_of_a_facility_tells_its_load_but_not_of_a_few_people(content_en, content_public):
    told = [row for row in facts(content_en)["facilities"] if "load" in row]
    assert [(row["people_nearest"], row["capacity"]) for row in told] == [(3000, 2000), (6, 2000)]
    public = [row for row in facts(released(content_public))["facilities"] if "load" in row]
    assert [row["people_nearest"] for row in public] == [3000]
    assert "medical_floor" in json.dumps(facts(content_en)["norms"])
