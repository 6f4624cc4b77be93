"""What a notebook shows of findings."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from lifecircle.study.overview import overview


def rows_of(html: str) -> list[list[str]]:
    """The cells of each row of the body, as text."""
    body = html.split("<tbody>")[1].split("</tbody>", maxsplit=1)[0]
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]
        for row in re.findall(r"<tr[^>]*>(.*?)</tr>", body)
    ]


def test_every_requirement_has_a_row_with_the_numbers_of_the_tables(toy_findings):
    rows = rows_of(toy_findings._repr_html_())
    scores = toy_findings.content.scores
    study = scores[scores["level"] == "study"]
    assert len(rows) == len(study)
    for cells, score in zip(rows, study.itertuples(), strict=True):
        assert cells[2] == f"{score.share:.1%}"
        assert cells[3] == f"{score.target_share:.0%}"
        assert cells[5] == f"{score.people - score.covered:,.0f}"
    gaps = toy_findings.content.real_gaps
    assert sum(int(cells[6] or 0) for cells in rows) == len(gaps)


def test_rows_that_make_no_gaps_are_pale(toy_findings):
    content = toy_findings.content
    first, *others = content.standard.requirements
    asked = (first.model_copy(update={"obligation": "as_needed"}), *others)
    content = replace(content, standard=content.standard.model_copy(update={"requirements": asked}))
    html = overview(content, toy_findings.sites, 0)
    assert html.count("opacity:0.6") == 1
    assert "pale rows make no gaps" in html


def test_the_foot_tells_sites_years_and_warnings(toy_findings):
    foot = toy_findings._repr_html_().split("<tfoot>")[1]
    assert f"{len(toy_findings.sites)} sites bring" in foot
    assert "projects by year" in foot
    assert (".warnings" in foot) == bool(toy_findings.warnings)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_names_stay_text_in_both_languages(toy_findings, language):
    content = replace(toy_findings.content, language=language, title="<script>x</script>")
    html = overview(content, toy_findings.sites, 0)
    assert "<script>" not in html
    assert ("人口覆盖率" in html) == (language == "zh")


def test_a_study_without_sites_and_gaps_still_shows_itself(toy_findings):
    content = toy_findings.content
    bare = replace(
        content,
        gaps=content.gaps.iloc[:0],
        sites=content.sites.iloc[:0],
        projects=content.projects.iloc[:0],
    )
    html = overview(bare, toy_findings.sites, 0)
    assert "0 gaps in 0 communities" in html
    assert "sites bring" not in html
