"""The report: real headings and captions, the tables' numbers, nothing hostile or private."""

from __future__ import annotations

import dataclasses
import re
import zipfile

import docx
import pandas as pd
import pytest

from lifecircle.errors import SourceError
from lifecircle.outputs import printing
from lifecircle.outputs.names import Names
from lifecircle.outputs.printing import font_of
from lifecircle.outputs.report.figures import coverage_pictures, gap_picture, site_picture
from lifecircle.outputs.report.write import write_report
from tests.outputs.conftest import FORMULA, HOSTILE_COMMUNITY


def texts(path) -> list[str]:
    page = docx.Document(str(path))
    cells = [cell.text for table in page.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in page.paragraphs] + cells


def headings(path) -> list[str]:
    page = docx.Document(str(path))
    return [one.text for one in page.paragraphs if one.style.name == "Heading 1"]


@pytest.fixture(scope="module")
def written(content, tmp_path_factory):
    return write_report(content, tmp_path_factory.mktemp("report") / "report.docx")


def test_chapters_are_real_headings_and_the_contents_list_them(written):
    found = headings(written)
    assert len(found) == 9
    contents = next(text for text in texts(written) if text.count("\n") > 8)
    assert [line for line in contents.split("\n") if not line.startswith(" ")] == found


def test_captions_are_numbered_by_fields(written):
    page = docx.Document(str(written))
    captions = [one for one in page.paragraphs if one.style.name == "Caption"]
    assert len(captions) > 8
    for one in captions:
        assert "SEQ " in one._p.xml
        assert re.match(r"(Table|Figure|表|图) \d+  \S", one.text)
    assert sum("图" in one.text or "Figure" in one.text for one in captions) == len(
        page.inline_shapes
    )


def test_its_numbers_are_those_of_the_tables(written, content):
    said = "\n".join(texts(written))
    real = content.real_gaps
    assert re.search(rf"fall short {len(real)} times|短板共 {len(real)} 条", said)
    whole = content.scores[content.scores["level"] == "study"]
    for share in whole.loc[whole["verdict"].isin(["met", "short"]), "share"].dropna():
        assert f"{share:.1%}" in said
    for gap in real.itertuples():
        assert f"{gap.people_short:,.0f}" in said
    for name in content.projects["name"]:
        assert name in said


def test_what_nobody_can_judge_has_no_share(content, tmp_path):
    scores = content.scores.copy()
    scores["verdict"] = "unknown"
    path = write_report(dataclasses.replace(content, scores=scores), tmp_path / "r.docx")
    table = docx.Document(str(path)).tables[0]
    for row in table.rows[1:]:
        assert row.cells[5].text == "—"


def test_hostile_names_stay_text(written, content):
    said = texts(written)
    assert any(HOSTILE_COMMUNITY in text for text in said)
    with zipfile.ZipFile(written) as archive:
        xml = archive.read("word/document.xml").decode()
        names = archive.namelist()
    assert "<script" not in xml
    assert not any("vba" in name.lower() for name in names)
    assert FORMULA not in xml or "HYPERLINK" not in re.findall(r"<w:instrText[^>]*>([^<]*)", xml)


@pytest.mark.parametrize("bad", ["a\x00b\x1bc\ud800", "x" * 40_000, "$\\frac$"])
def test_odd_text_is_written(bad, content, tmp_path):
    communities = content.communities.copy()
    communities["name"] = pd.Series([bad] * len(communities), index=communities.index, dtype=object)
    odd = dataclasses.replace(content, title=bad, communities=communities, warnings=(bad,))
    path = write_report(odd, tmp_path / "r.docx")
    assert headings(path)


def test_the_public_edition_holds_no_places_and_no_small_counts(content_public, tmp_path):
    path = write_report(content_public, tmp_path / "r.docx")
    assert site_picture(content_public, Names.of(content_public)) is None or len(
        content_public.sites.dropna(subset=["x"])
    )
    page = docx.Document(str(path))
    captions = [one.text for one in page.paragraphs if one.style.name == "Caption"]
    assert not [one for one in captions if one.startswith(("图", "Figure")) and "选址" in one]


def test_an_empty_run_says_so(content, tmp_path):
    empty = dataclasses.replace(
        content,
        gaps=content.gaps.iloc[:0],
        sites=content.sites.iloc[:0],
        projects=content.projects.iloc[:0],
        programme=content.programme.iloc[:0],
        facilities=content.facilities.iloc[:0],
    )
    said = "\n".join(texts(write_report(empty, tmp_path / "r.docx")))
    assert "没有短板" in said or "There are no gaps" in said


def test_both_languages_say_it_in_their_own_words(content, tmp_path):
    for language, word in (("zh", "方法"), ("en", "Method")):
        path = write_report(
            dataclasses.replace(content, language=language), tmp_path / f"{language}.docx"
        )
        assert any(word in heading for heading in headings(path))


def test_a_folder_that_is_not_there_is_told(content, tmp_path):
    with pytest.raises(SourceError, match="cannot be written"):
        write_report(content, tmp_path / "nowhere" / "r.docx")


# -- pictures ----------------------------------------------------------------------------------
def test_there_is_a_map_for_every_required_item_of_the_base_view(content):
    names = Names.of(content)
    asked = [
        one
        for one in content.standard.requirements
        if one.view == "base" and one.obligation == "must"
    ]
    pictures = coverage_pictures(content, names)
    assert len(pictures) == len(asked)
    for picture, one in zip(pictures, asked, strict=True):
        assert names.requirements[one.id] in picture.caption
        assert picture.png.startswith(b"\x89PNG")


def test_the_same_content_gives_the_same_picture(content):
    names = Names.of(content)
    assert gap_picture(content, names).png == gap_picture(content, names).png


def test_without_a_chinese_font_the_picture_says_so(content, monkeypatch, tmp_path):
    monkeypatch.setattr(printing, "_CHINESE", ())
    assert font_of("zh") is None
    assert font_of("en") is not None
    zh = dataclasses.replace(content, language="zh")
    said = texts(write_report(zh, tmp_path / "r.docx"))
    assert any("本机没有中文字体" in text for text in said) == (font_of("zh") is None)
