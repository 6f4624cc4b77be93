"""Old people and children, colours, projects without a site, and what cannot be told."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from lifecircle.outputs import style
from lifecircle.outputs.webmap.easy import easy_projects, of_ages
from lifecircle.outputs.webmap.values import Teller
from lifecircle.standards import load_standard
from tests.outputs.conftest import HOSTILE_FACILITY

ELDERS = "medical_center_15_elder"
BASE = "medical_center_15"


@pytest.fixture(scope="module")
def aged(content):
    """The town asked by a standard that asks for people of 60 and over; base and elders differ."""
    rows = content.scores[content.scores["requirement"] == "medical_15"]
    elders = rows.assign(
        requirement=ELDERS,
        group="60plus",
        people=rows["people"] / 5,
        covered=rows["covered"] / 10,
        share=rows["share"] / 2,
        verdict=rows["verdict"].where(rows["verdict"] == "empty", "short"),
    )
    scores = pd.concat([rows.assign(requirement=BASE), elders], ignore_index=True)
    return dataclasses.replace(content, standard=load_standard("gb50180"), scores=scores)


@pytest.fixture(scope="module")
def easy(content):
    """The town with a project that shares a school: a gap's remedy says where."""
    gap = content.gaps[content.gaps["site_id"].isna()].iloc[0]
    projects = content.projects.iloc[:1].assign(
        project_id="e1", site_id=None, mode="share", name=HOSTILE_FACILITY, year=2.0
    )
    projects["gap_ids"] = gap["gap_id"]
    chosen = (content.remedies["gap_id"] == gap["gap_id"]) & content.remedies["way_id"].notna()
    mine = content.gaps["gap_id"] == gap["gap_id"]
    return dataclasses.replace(
        content,
        projects=pd.concat([content.projects, projects], ignore_index=True),
        remedies=content.remedies.assign(
            project_id=content.remedies["project_id"].mask(chosen, "e1"),
            lon=content.remedies["lon"].mask(chosen, 121.0),
            lat=content.remedies["lat"].mask(chosen, 30.0),
        ),
        gaps=content.gaps.assign(project_id=content.gaps["project_id"].mask(mine, "e1")),
    )


@pytest.mark.parametrize("edition", ["basic", "gb50180", "zhejiang"])
def test_what_is_asked_for_an_age_stands_beside_what_all_are_asked(edition):
    standard = load_standard(edition)
    for requirement in standard.requirements:
        told = of_ages(requirement, standard)
        assert told["ages"] == (requirement.group != "all")
        if told["everybody"] is None:
            continue
        beside = standard.requirement(told["everybody"])
        assert (beside.group, beside.view) == ("all", "base")
        assert beside.types == requirement.types
        assert beside.satisfied_by == requirement.satisfied_by


def test_projects_without_a_site_lie_where_their_way_does(easy):
    (row,) = easy_projects(easy, Teller(public=False))
    assert (row["project_id"], row["mode"], row["year"]) == ("e1", "share", 2)
    assert row["at"] == [30, 121]
    assert row["gaps"] == easy.gaps.loc[easy.gaps["project_id"] == "e1", "gap_id"].tolist()
    placed = easy.projects.assign(
        facility_id=easy.facilities["facility_id"].iloc[0],
    )
    without = easy.remedies.assign(lon=np.nan, lat=np.nan)
    (row,) = easy_projects(
        dataclasses.replace(easy, projects=placed, remedies=without), Teller(public=False)
    )
    assert row["at"] not in (None, [30, 121]), "else where its facility is"
    assert easy_projects(easy, Teller(public=True)) == []


@pytest.mark.parametrize(
    ("colours", "ink"),
    [(style.GRADE_COLOURS, style.GRADE_INK), (style.LIGHT_COLOURS, style.LIGHT_INK)],
)
def test_ink_can_be_read_on_every_colour(colours, ink):
    for grade, ground in colours.items():
        light, dark = sorted((luminance(ground), luminance(ink[grade])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, grade


def luminance(colour):
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.browser
def test_the_view_of_ages_shows_the_scores_of_the_group(opened, aged):
    tab = opened(aged)
    tab.click("[data-key=viewelders]")
    rows = aged.scores[aged.scores["group"] == "60plus"].set_index("area_id")
    study = rows[rows["level"] == "study"].iloc[0]
    head = tab.inner_text(".lc-headline")
    assert f"{study['share']:.0%}" in head
    assert f"{study['people'] - study['covered']:,.0f} 人未覆盖" in head
    assert "60岁" in head
    everybody = aged.scores[aged.scores["requirement"] == BASE].set_index("area_id")["share"]
    assert f"全体居民底线 {everybody['study']:.0%}" in head
    said = tab.locator(".lc-list-value").all_inner_texts()
    assert f"{rows.loc['c2', 'share']:.0%} / {everybody['c2']:.0%}" in said[0]
    colour = "lifecircle.layers.communities.get('c1').fill.options.fillColor"
    assert tab.evaluate(colour) == style.GRADE_COLOURS["poor"]  # 0.5, where all have 1


@pytest.mark.browser
def test_ages_nobody_counted_are_told_and_not_drawn(opened, content, aged):
    scores = aged.scores.copy()
    of_age = scores["group"] == "60plus"
    scores.loc[of_age, ["people", "covered"]] = 0.0
    scores.loc[of_age, "share"] = np.nan
    for shown, word in (
        (dataclasses.replace(aged, scores=scores), "没有分年龄的人口"),
        (content, "没有专门针对老年人"),
    ):
        tab = opened(shown)
        tab.click("[data-key=viewelders]")
        assert word in tab.inner_text(".lc-explain >> nth=0")
        assert "%" not in tab.inner_text(".lc-headline")
        fills = "[...new Set(lifecircle.layers.fills)]"
        assert tab.evaluate(fills) == [style.GRADE_COLOURS["none"]]


@pytest.mark.browser
def test_the_colours_switch_everywhere(opened, content):
    tab = opened(content)
    tab.click("[data-key=servicemedical]")
    tab.click("[data-key=palettelights]")
    assert tab.get_attribute("[data-key=palettelights]", "aria-pressed") == "true"
    colour = "lifecircle.layers.communities.get('%s').fill.options.fillColor"
    assert tab.evaluate(colour % "c1") == style.LIGHT_COLOURS["excellent"]
    assert tab.evaluate(colour % "c2") == style.LIGHT_COLOURS["poor"]
    legend = tab.locator(".lc-legend >> nth=0").inner_text()
    assert "≥ 80%" in legend
    assert "60–80%" in legend
    assert "90" not in legend
    tab.click("[data-key=viewindex]")
    assert "优、良" in tab.inner_text(".lc-legend >> nth=0")
    assert tab.evaluate("lifecircle.state.palette") == "lights"
    tab.click("[data-key=print]")
    ground = "getComputedStyle(document.querySelector('.lc-sheet .lc-swatch')).backgroundColor"
    assert tab.evaluate(ground) == "rgb(31, 127, 76)"


@pytest.mark.browser
def test_a_project_without_a_site_has_a_symbol_and_a_card(opened, easy):
    tab = opened(easy)
    tab.click("[data-key=viewsites]")
    assert tab.locator(".lc-easy").count() == 1
    assert "不需选址" in tab.inner_text(".lc-legend >> nth=0")
    assert "另有 1 个项目不需选址" in tab.inner_text(".lc-headline")
    tab.evaluate("document.querySelector('.lc-easy').click()")
    card = tab.inner_text(".lc-card")
    assert HOSTILE_FACILITY in card
    assert "共享" in card
    assert "第 2 年" in card
    assert "卫生健康局" in card
    tab.locator(".lc-card .lc-links button").first.click()
    assert "由项目改善" in tab.inner_text(".lc-card")


@pytest.mark.browser
def test_where_nobody_is_known_to_live_no_gap_is_no_good_news(opened, content):
    index = content.index.assign(people=0, index=np.nan, grade=None)
    tab = opened(dataclasses.replace(content, index=index, gaps=content.gaps.iloc[:0]))
    tab.click("[data-key=viewindex]")
    assert "无法判断有无短板" in tab.inner_text(".lc-explain >> nth=1")
    tab.click("[data-key=viewgaps]")
    assert tab.inner_text(".lc-headline strong") == "—"
    assert "无法判断有无短板" in tab.inner_text(".lc-explain >> nth=0")
    tab.fill("input[type=search]", "和平")
    tab.click(".lc-hits button >> nth=0")
    assert "没有短板" not in tab.inner_text(".lc-card")
    assert "无法判断有无短板" in tab.inner_text(".lc-card")
