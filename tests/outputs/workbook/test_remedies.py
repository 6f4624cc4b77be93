"""The sheet of remedies, its part of the report and what the map's cards say of them."""

from __future__ import annotations

import dataclasses

from lifecircle.outputs.names import Names
from lifecircle.outputs.release import released
from lifecircle.outputs.report.remedies import remedy_kinds
from lifecircle.outputs.webmap.facts import facts
from lifecircle.outputs.workbook.remedies import remedy_sheet


def rows_of(block):
    headings = [field.heading for field in block.fields]
    return [dict(zip(headings, row, strict=True)) for row in block.rows]


def test_no_sheet_where_nothing_was_found(content_empty):
    assert remedy_sheet(content_empty, Names.of(content_empty)) is None
    assert remedy_kinds(content_empty, Names.of(content_empty)).rows == ()


def test_gaps_come_by_priority_and_their_remedies_by_rank(content_en):
    sheet = remedy_sheet(content_en, Names.of(content_en))
    rows = rows_of(sheet.blocks[0])
    assert len(rows) == len(content_en.remedies)
    order = content_en.gaps.sort_values("priority")["gap_id"]
    assert list(dict.fromkeys(row["gap id"] for row in rows)) == order.tolist()
    assert [row["rank"] for row in rows[:2]] == [1, 2]
    assert rows[0]["remedy"] == "build a facility"
    assert rows[1]["who has to agree"].startswith("school sports grounds")
    assert rows[1]["place or parcel"] == "=实验小学"
    # Half of those not covered, as the table has it.
    short = content_en.gaps.set_index("gap_id")["people_short"][order.iloc[0]]
    assert rows[1]["people brought inside"] == round(short / 2, 1)


def test_a_fourth_remedy_is_left_to_the_table_unless_it_was_chosen(content_en):
    mine = content_en.remedies.iloc[:2]
    more = mine.assign(rank=[4, 5], chosen=[False, True], remedy_id=["r8", "r9"])
    sheet = remedy_sheet(dataclasses.replace(content_en, remedies=more), Names.of(content_en))
    assert [row["rank"] for row in rows_of(sheet.blocks[0])] == [5]


def test_gaps_nothing_was_found_for_are_counted(content_en):
    one = content_en.remedies[content_en.remedies["gap_id"] == content_en.gaps["gap_id"].iloc[0]]
    sheet = remedy_sheet(dataclasses.replace(content_en, remedies=one), Names.of(content_en))
    assert f"For {len(content_en.real_gaps) - 1} gaps nothing was found" in sheet.note


def test_kinds_are_counted_once_each(content_en):
    rows = rows_of(remedy_kinds(content_en, Names.of(content_en)))
    assert [row["remedy"] for row in rows] == ["share existing premises", "build a facility"]
    gaps = content_en.remedies["gap_id"].nunique()
    assert [row["gaps they help"] for row in rows] == [gaps, gaps]
    assert [row["first of their gap"] for row in rows] == [0, gaps]


def test_a_card_says_how_many_the_best_remedy_brings_inside(content_en, content_public):
    told = {row["gap_id"]: row for row in facts(content_en)["gaps"]}
    best = content_en.remedies[content_en.remedies["rank"] == 1].set_index("gap_id")["people"]
    assert {name: row["brings"] for name, row in told.items()} == best.round(1).to_dict()
    few = content_public.remedies.assign(people=6.0)
    edition = released(dataclasses.replace(content_public, remedies=few))
    assert all(row["brings"] is None for row in facts(edition)["gaps"])
