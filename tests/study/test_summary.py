"""The page a run prints says what its tables say, in the study's language."""

from __future__ import annotations

import dataclasses
import re

import pytest

from lifecircle.outputs.style import label
from lifecircle.study import Study
from lifecircle.study.summary import summarise


@pytest.fixture(scope="module")
def page(toy_findings):
    return toy_findings.summary()


def width(text):
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


def test_the_page_opens_with_the_study_and_its_counts(page):
    lines = page.splitlines()
    assert lines[0] == "Toytown"
    assert lines[1].startswith("4 communities, 18 homes, 2,088 people, ")


def test_the_index_is_called_the_projects_own(page, toy_findings):
    index = toy_findings.scorecard.index
    study = index[index["level"] == "study"].set_index("minutes")["index"]
    for minutes in (5, 15):
        assert f"service index within {minutes} minutes: {study[minutes]:.1f} (" in page
    assert page.count("this project's own method") == 2


def test_every_requirement_is_there_with_share_target_and_verdict(page, toy_findings):
    scores = toy_findings.scorecard.scores
    for row in scores[scores["level"] == "study"].itertuples():
        title = toy_findings.content.standard.requirement(row.requirement).label_en
        (line,) = [one for one in page.splitlines() if title in one]
        assert f"{row.share:.1%}" in line
        assert f"{row.target_share:.0%}" in line
        assert line.endswith(label("verdict", row.verdict, "en"))


def test_the_worst_community_comes_first(page):
    lines = page.splitlines()
    at = lines.index("Lowest index within 15 minutes")
    assert [line.split()[0] for line in lines[at + 1 : at + 4]] == [
        "东乡村",
        "南岸社区",
        "北岸社区",
    ]


def test_gaps_and_sites_add_up(page, toy_findings):
    assert f"\n{len(toy_findings.gaps)} gaps\n" in page
    lines = page.splitlines()
    at = lines.index(f"{len(toy_findings.gaps)} gaps")
    rows = lines[at + 1 : lines.index("", at)]
    counts = [int(re.search(r"  (\d+)  ", row)[1]) for row in rows]
    assert sum(counts) == len(toy_findings.gaps)
    people = f"{toy_findings.sites.newly_covered:,.0f}"
    assert f"{len(toy_findings.sites)} sites bring {people} people inside" in page
    assert "proved within 0.00% of the best choice" in page


def test_columns_stand_in_line_though_chinese_signs_are_wide(toy_findings):
    chinese = summarise(
        dataclasses.replace(toy_findings.content, language="zh"), toy_findings.sites
    )
    lines = chinese.splitlines()
    at = lines.index("15分钟指数最低的社区")
    rows = lines[at + 1 : at + 4]
    ends = {width(row[: re.search(r"\d[\d,]*  ", row).start()]) for row in rows}
    assert len(ends) == 1
    assert "非官方指数" in chinese
    assert "短板 11 条" in chinese
    assert not re.search(r"people|gaps|minutes", chinese)


def test_without_gaps_and_sites_the_page_says_so(toy_findings):
    content = toy_findings.content
    bare = dataclasses.replace(
        content,
        gaps=content.gaps.iloc[:0],
        sites=content.sites.iloc[:0],
        index=content.index.assign(index=float("nan"), grade=None),
    )
    for language, words in (
        ("en", ("No gaps.", "No site is proposed.", "unknown (")),
        ("zh", ("没有短板。", "没有选址建议。", "无法评价（")),
    ):
        page = summarise(dataclasses.replace(bare, language=language), toy_findings.sites)
        for text in words:
            assert text in page
        assert "nan" not in page.lower()


def test_a_chinese_study_reads_chinese():
    page = Study.toytown(language="zh").run().summary()
    assert page.splitlines()[1].startswith("4 个社区，18 处住宅，2,088 人，")
