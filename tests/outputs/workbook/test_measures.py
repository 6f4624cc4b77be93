"""Sheets and sentences of the measures beside the headline: words, gaps and limits."""

from __future__ import annotations

import dataclasses

import docx
import pandas as pd
import pytest

from lifecircle.gaps.unsure import Unsure
from lifecircle.outputs.names import Names
from lifecircle.outputs.release import released
from lifecircle.outputs.report.measures import bases_told, equity_told, needs_told
from lifecircle.outputs.report.method import method
from lifecircle.outputs.report.write import write_report
from lifecircle.outputs.workbook.areas import evaluation_sheet
from lifecircle.outputs.workbook.equity import equity_sheet
from lifecircle.outputs.workbook.measures import coverage_sheet
from lifecircle.outputs.workbook.needs import needs_sheet


def table(sheet, number=0):
    block = sheet.blocks[number]
    heads = [one.heading.replace("\n", " ") for one in block.fields]
    return [dict(zip(heads, row, strict=True)) for row in block.rows]


def test_every_base_stands_in_one_row(content):
    rows = table(coverage_sheet(content, Names.of(content)))
    scores = content.scores[content.scores["level"] == "study"].set_index("requirement")["share"]
    assert rows[0]["层级"] == "研究范围"
    assert [row["人口 路网步行"] for row in rows[: len(scores)]] == scores.round(4).tolist()
    for row in rows:
        if row["人口 路网步行"] is not None:
            assert row["人口 直线半径"] >= row["人口 路网步行"]
    assert {row["标准所用口径"] for row in rows} == {"人口、路网步行"}


def test_nearness_is_told_in_minutes(content_en):
    rows = table(coverage_sheet(content_en, Names.of(content_en)), 1)
    walks = content_en.nearness[content_en.nearness["level"] == "study"]
    assert rows[0]["nearest median"] == pytest.approx(walks["median_s"].iloc[0] / 60, abs=1e-3)
    assert all(row["third median"] is None for row in rows)


def test_what_cannot_be_judged_shows_no_share(content):
    scores = content.scores.copy()
    scores.loc[scores["requirement"] == "medical_15", "verdict"] = "unknown"
    hidden = dataclasses.replace(content, scores=scores)
    names = Names.of(content)
    label = names.requirements["medical_15"]
    for sheet, column in (
        (coverage_sheet(hidden, names), "人口 直线半径"),
        (equity_sheet(hidden, names), "步行时间基尼系数"),
    ):
        for row in table(sheet):
            if row["配置要求"] == label:
                assert row[column] is None
    assert label not in [row["配置要求"] for row in table(coverage_sheet(hidden, names), 1)]


def test_equity_tells_differences_in_points_and_why_there_is_none(content):
    (first, *_) = content.equity.itertuples()
    rows = equity_sheet(content, Names.of(content)).blocks[0].rows
    heads = [one.heading for one in equity_sheet(content, Names.of(content)).blocks[0].fields]
    row = rows[0]
    # Groups by id: infants first, then elders, then villages, then the worst tenth.
    assert row[5] == "按统一比例推算，不作比较"
    assert row[6] == pytest.approx(first.of_value, abs=1e-4)
    assert row[8] == pytest.approx(-5.0)
    assert row[11] == "城乡属性未知"
    assert heads[6].startswith("60岁及以上")
    assert row[-2:] == (0.31, 0.42)


def test_needs_that_disagree_stand_first(content):
    (row,) = table(needs_sheet(content, Names.of(content)))
    assert row["需求与得分不一致"] == "是"
    assert row["前三位需求（提及次数）"] == "=1+1 25；停车 6"  # text: the pen writes no formula
    assert row["得分位次（1为最低）"] == "4 / 4"


def test_without_measures_there_are_no_sheets(content_empty):
    names = Names.of(content_empty)
    for lay_out in (coverage_sheet, equity_sheet, needs_sheet):
        assert lay_out(content_empty, names) is None


def test_what_leaves_an_area_without_an_index_is_named_with_what_would_cure_it(content):
    scores = content.scores.copy()
    c1 = (scores["area_id"] == "c1") & (scores["requirement"] == "culture_15")
    scores.loc[c1, "verdict"] = "unknown"
    index = content.index.copy()
    index.loc[index["minutes"] == 15, ["index", "grade", "weakest_service"]] = None
    names = Names.of(content)
    unsure = {"culture_15": Unsure(what="未报送：c1", cure="补报")}
    lost = dataclasses.replace(content, scores=scores, index=index, unsure=unsure)
    sheet = evaluation_sheet(lost, names)
    rows = table(sheet)
    named = {row[names.heading("area_id")]: row["15分钟 无法判断的要求"] for row in rows}
    assert named["c1"] == names.requirements["culture_15"]
    assert named["c2"] is None
    assert all(row["5分钟 无法判断的要求"] is None for row in rows)
    assert sheet.blocks[1].rows == (
        (15.0, names.requirements["culture_15"], 1.0, "未报送：c1", "补报"),
    )
    assert len(evaluation_sheet(content, names).blocks) == 1


# -- the report --------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["zh", "en"])
def test_sentences_state_figures_of_the_run(content, content_en, language):
    run = content if language == "zh" else content_en
    names = Names.of(run)
    bases = " ".join(bases_told(run, names))
    assert ("地图标注" if language == "zh" else "map") in bases
    assert "50.0%" in bases  # of the people live on that land
    assert ("资料不全" if language == "zh" else "too thinly") in bases
    told = " ".join(equity_told(run, names))
    assert "0.31" in told
    for word in ("统一比例", "城乡属性") if language == "zh" else ("declared share", "villages"):
        assert word in told
    need = needs_told(run, names)
    assert "1" in need


def test_the_report_has_the_chapters(content, tmp_path):
    page = docx.Document(str(write_report(content, tmp_path / "report.docx")))
    heads = [one.text for one in page.paragraphs if one.style.name == "Heading 2"]
    ours = [text.split(" ")[1] for text in heads if text.startswith("5.")][-3:]
    assert ours == ["覆盖率口径比较", "公平性", "居民需求与得分对照"]
    numbers = [text.split(" ")[0] for text in heads if text.startswith("5.")]
    assert numbers == [f"5.{k}" for k in range(1, len(numbers) + 1)]


def test_the_method_says_how_scores_are_joined(content):
    geometric = content.standard.model_copy(update={"index_mean": "geometric"})
    plain = dict(method(content))["评价指数"]
    bound = dict(method(dataclasses.replace(content, standard=geometric)))["评价指数"]
    assert "加权算术平均" in plain
    assert "加权几何平均" in bound
    assert {"覆盖率的其他口径", "就近程度", "公平性"} <= set(dict(method(content)))


# -- the public edition ------------------------------------------------------------------------
def test_few_people_are_hidden_in_the_measures(content_public):
    coverage = content_public.coverage.copy()
    at = coverage[
        (coverage["area_id"] == "study")
        & (coverage["requirement"] == "medical_15")
        & (coverage["method"] == "network")
    ].index
    people = at[coverage.loc[at, "base"] == "people"]
    coverage.loc[people, "covered"] = coverage.loc[people, "total"] - 4
    equity = content_public.equity.copy()
    first = equity.index[equity["of"] == "60plus"][0]
    equity.loc[first, "of_people"], equity.loc[first, "of_value"] = 100.0, 0.96
    run = dataclasses.replace(content_public, coverage=coverage, equity=equity)
    edition = released(run)
    assert edition.coverage.loc[people, ["covered", "share"]].isna().all(axis=None)
    floor = at[coverage.loc[at, "base"] == "floor_area"]
    assert edition.coverage.loc[floor, ["covered", "share"]].isna().all(axis=None)
    land = at[coverage.loc[at, "base"] == "residential_land"]
    assert edition.coverage.loc[land, "share"].notna().all()
    assert edition.equity.loc[first, ["value", "of_value"]].isna().all()
    assert edition.needs["named"].tolist()[0] == 25
    assert pd.isna(edition.needs["named"].tolist()[1])
    few = edition.nearness["area_id"] == "c3"  # 8 people live there
    assert edition.nearness.loc[few, "people"].isna().all()
