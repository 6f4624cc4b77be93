"""What is said of the choice of sites: its sheet, its part of the report, its public edition."""

from __future__ import annotations

import dataclasses

import docx
import numpy as np
import openpyxl
import pytest

from lifecircle.outputs.csvs import write_tables
from lifecircle.outputs.names import Names
from lifecircle.outputs.release import released
from lifecircle.outputs.report.choice import curve_picture, steady_text
from lifecircle.outputs.report.write import write_report
from lifecircle.outputs.sentences import with_sentences
from lifecircle.outputs.workbook.choice import before_and_after, choice_sheet, community_block
from lifecircle.outputs.workbook.wishes import wish_block, wish_totals
from lifecircle.outputs.workbook.write import write_workbook


def test_nothing_to_say_is_no_sheet(content_empty):
    assert choice_sheet(content_empty, Names.of(content_empty)) is None


def test_before_and_after_lists_what_changes(content):
    block = before_and_after(content, Names.of(content))
    study = content.after[
        (content.after["level"] == "study") & (content.after["requirement"] == "medical_15")
    ].iloc[0]
    assert len(block.rows) == 1
    assert block.rows[0][3:7] == pytest.approx(
        (study["people"], study["share"], 1.0, study["gained"]), abs=1e-4
    )


def test_wishes_are_added_up_by_reason(content):
    names = Names.of(content)
    rows = wish_totals(content, names).rows
    assert [row[:5] for row in rows] == [
        ("候选用地用房面积不足", "医疗卫生", 1.0, 1.0, 320.0),
        ("用地不可用", "医疗卫生", 1.0, 1.0, 6.0),
    ]
    assert [row[6] for row in rows] == ["寻找更大地块或减小规模分设", "调整用地限制或另找用地"]
    # both are reasons of one gap: the one most people have stands first
    (row,) = wish_block(content, names).rows
    assert row[2:4] == (326.0, "候选用地用房面积不足")
    assert row[5] == "用地不可用 6人"
    few = content.wishes.assign(people_left=[320.0, np.nan])
    (held,) = wish_block(dataclasses.replace(content, wishes=few), names).rows
    assert held[2] is None
    assert held[5] == "用地不可用"


def test_gaps_are_counted_by_community_before_and_after(content):
    rows = community_block(content, Names.of(content)).rows
    assert sum(row[2] for row in rows) == len(content.real_gaps)
    assert sum(row[3] for row in rows) == content.wishes["gap_id"].nunique()
    assert all(row[3] <= row[2] for row in rows)


def test_the_workbook_holds_it_and_hostile_ids_are_inert(content, tmp_path):
    refused = dataclasses.replace(content, wishes=content.wishes.iloc[[1]])
    write_workbook(with_sentences(refused), tmp_path / "gaps.xlsx")
    book = openpyxl.load_workbook(tmp_path / "gaps.xlsx")
    cells = [cell for row in book["选址论证"].iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any(str(cell.value).startswith("=l9") for cell in cells)
    layout = list(book["设施布局与选址一览表"].iter_rows(values_only=True))
    assert any("建成后新增覆盖840人" in str(row[-1]) for row in layout)


def test_the_report_holds_the_sentences_and_the_curve(content, tmp_path):
    told = with_sentences(content)
    write_report(told, tmp_path / "report.docx")
    page = docx.Document(str(tmp_path / "report.docx"))
    texts = [paragraph.text for paragraph in page.paragraphs]
    for number, sentence in enumerate(told.sites.sort_values("site_id")["sentence"], start=1):
        assert f"{number}. {sentence}" in texts
    assert any(text.startswith("全部 2 处选址共新增覆盖 845 人") for text in texts)


def test_a_curve_of_two_sites_is_not_drawn(content):
    names = Names.of(content)
    assert curve_picture(content, names) is None
    longer = content.curve.assign(planned=True)
    assert curve_picture(dataclasses.replace(content, curve=longer), names) is not None
    longer.loc[0, "people"] = np.nan
    assert curve_picture(dataclasses.replace(content, curve=longer), names) is None


def test_how_steady_the_choice_is(content):
    names = Names.of(content)
    shares = content.sites.assign(chosen_in=[0.95, 0.2])
    told = steady_text(dataclasses.replace(content, sites=shares), names)
    assert "2 处选址中 1 处在90%以上的抽样中仍入选，1 处低于50%" in told
    sure = steady_text(dataclasses.replace(content, sites=shares.assign(chosen_in=1.0)), names)
    assert "低于" not in sure


def test_a_public_edition_tells_no_few_and_no_plots(content_public):
    edition = released(with_sentences(content_public))
    assert edition.sites["sentence"].isna().all()
    assert edition.alternatives.empty
    assert edition.frequency.empty
    assert edition.wishes["parcel_id"].isna().all()
    assert edition.wishes["people_left"].tolist()[0] == 320.0
    assert np.isnan(edition.wishes["people_left"].tolist()[1])
    assert edition.curve["planned"].all()
    assert edition.curve["people"].isna().all()  # the second site adds five people
    few = edition.after["gained"]
    assert not ((few > 0) & (few < 10)).any()


def test_numbers_agree_between_table_sheet_and_report(content, tmp_path):
    write_tables(with_sentences(content), tmp_path)
    text = (tmp_path / "curve.csv").read_text(encoding="utf-8-sig").splitlines()
    assert text[1] == "1,s1,l1,1,840.0,840.0,0.9941,840.0,true,true"
    block = choice_sheet(content, Names.of(content)).blocks[1]
    assert block.rows[0][2:7] == (1.0, 840.0, 840.0, 0.9941, 840.0)
