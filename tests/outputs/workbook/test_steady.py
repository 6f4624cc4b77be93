"""Sentences about steadiness, and the sheet of marginal verdicts."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from lifecircle.access.robustness import KEPT
from lifecircle.outputs.csvs import write_tables
from lifecircle.outputs.names import Names
from lifecircle.outputs.release import released
from lifecircle.outputs.workbook import steady
from lifecircle.outputs.workbook.steady import (
    edge_count,
    sentences_of,
    steady_counts,
    steady_sentence,
    steady_sheet,
)


def said(kept, tips, speed_tip=np.nan, language="zh"):
    return steady_sentence({"kept": kept, "tips": tips, "speed_tip": speed_tip}, language)


def test_without_a_verdict_there_is_no_sentence():
    assert said(np.nan, None) is None
    assert said(None, "none") is None


@pytest.mark.parametrize(
    ("row", "zh"),
    [
        ((1.0, "none"), "稳健：100%的扰动下结论不变"),
        ((0.62, "speed", -0.1), "临界：62%的扰动下结论不变；步速慢10%即翻转"),
        (
            (0.62, "speed;pin", 0.04),
            "临界：62%的扰动下结论不变；步速快4%即翻转；位置误差单独即可使其翻转",
        ),
        ((0.9, "none"), "临界：90%的扰动下结论不变；多项误差叠加时可能翻转"),
        ((1.0, "edge"), "临界：100%的扰动下结论不变；相邻区县设施单独即可使其翻转"),
    ],
)
def test_a_sentence_says_how_often_and_what_turns_it(row, zh):
    assert said(*row) == zh
    assert said(*row, language="en")


def test_what_is_robust_is_said_the_same_everywhere():
    assert steady._KEPT == KEPT


def test_every_gap_has_its_sentence(content):
    sentences = sentences_of(content, "zh")
    for gap in content.gaps.itertuples():
        assert (gap.community_id, gap.requirement) in sentences


def test_the_sheet_holds_what_is_marginal_and_only_that(content, content_empty):
    sheet = steady_sheet(content, Names.of(content))
    (block,) = sheet.blocks
    musts = {
        one.id
        for one in content.standard.requirements
        if one.view == "base" and one.obligation == "must"
    }
    table = content.robustness
    marginal = table[table["requirement"].isin(musts) & (table["kept"] < KEPT)]
    assert len(block.rows) == len(marginal) > 0
    assert all(row[-1].startswith("临界") for row in block.rows)
    nothing = steady_sheet(content_empty, Names.of(content_empty))
    assert nothing.blocks[0].rows == ()


def test_gaps_are_counted_by_how_steady_they_are_and_at_the_border(content):
    assert sum(steady_counts(content)) == content.real_gaps["robust"].notna().sum()
    gaps = content.gaps.assign(reason="edge")
    assert edge_count(gaps) == len(gaps)
    assert edge_count(gaps.iloc[:0]) == 0


def test_a_public_edition_hides_what_a_few_people_could_be_read_from(content_public):
    scores = content_public.scores.copy()
    at = scores.index[(scores["area_id"] == "c1") & (scores["requirement"] == "medical_5")][0]
    scores.loc[at, "covered"] = 4.0
    edition = released(dataclasses.replace(content_public, scores=scores))
    mine = edition.robustness[
        (edition.robustness["area_id"] == "c1") & (edition.robustness["requirement"] == "medical_5")
    ]
    assert mine[["kept", "share_low", "share_high"]].isna().all(axis=None)


def test_the_table_is_written_in_order_whatever_order_it_came_in(content, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    write_tables(content, tmp_path / "a")
    turned = dataclasses.replace(content, robustness=content.robustness.iloc[::-1])
    write_tables(turned, tmp_path / "b")
    one, two = ((tmp_path / name / "robustness.csv").read_bytes() for name in "ab")
    assert one == two
