"""Sheets for print: how many there are, what stands on them, that the same run gives the same."""

from __future__ import annotations

import dataclasses
import hashlib

import pytest
from matplotlib.text import Text

from lifecircle.outputs.names import Names
from lifecircle.outputs.release import released
from lifecircle.outputs.sheets.atlas import atlas
from lifecircle.outputs.sheets.cards import cards
from lifecircle.outputs.sheets.grid import Cell, Column, table
from lifecircle.outputs.sheets.maps import SCALES, scale_for
from lifecircle.outputs.sheets.page import A4, Frame, open_page, wrapped
from lifecircle.outputs.sheets.unit_sheets import unit_sheets
from lifecircle.outputs.sheets.write import write_sheets
from tests.outputs.conftest import HOSTILE_COMMUNITY

FRAME = Frame(organisation="某某规划院", date="2026年11月", number="LP-")


def texts(figure):
    return [one.get_text() for one in figure.findobj(match=Text) if one.get_text()]


def sheets(kind, content):
    edition = released(content)
    return [texts(one) for one in kind(edition, Names.of(edition), FRAME)]


def test_nothing_is_asked_for_and_nothing_is_written(content, tmp_path):
    assert write_sheets(content, tmp_path / "sheets", draw=()) == ()
    assert not (tmp_path / "sheets").exists()


def test_an_empty_run_still_gives_an_atlas(content_empty, tmp_path):
    files = write_sheets(content_empty, tmp_path / "sheets", draw=("atlas", "cards", "units"))
    assert [one.name for one in files][:1] == ["atlas.pdf"]


def test_one_card_per_community_with_its_own_numbers(content):
    found = sheets(cards, content)
    assert len(found) == len(content.communities)
    by_title = {one[0]: one for one in found}
    card = next(one for one in found if any("和平社区 体检卡" in text for text in one))
    assert "2,000" in card
    mine = content.scores[
        (content.scores["level"] == "community") & (content.scores["area_id"] == "c1")
    ].set_index("requirement")
    for asked in content.standard.requirements:
        row = mine.loc[asked.id]
        if asked.view == "base" and asked.obligation == "must" and row["verdict"] != "unknown":
            assert f"{row['share']:.0%}" in card
    gaps = content.real_gaps
    assert str(int((gaps["community_id"] == "c1").sum())) in card
    assert by_title


def test_a_hostile_name_is_a_text(content):
    found = sheets(cards, content)
    assert any(HOSTILE_COMMUNITY[:6] in text for one in found for text in one)


def test_the_atlas_numbers_its_sheets_and_frames_each(content):
    found = sheets(atlas, dataclasses.replace(content, secrecy="内部"))
    assert len(found) >= 5
    for number, one in enumerate(found, start=1):
        assert f"LP-{number:02d}" in one
        assert {"某某规划院", "2026年11月", "内部", "审图号", content.crs.name} <= set(one)
    scales = {text for one in found for text in one if text.startswith("1:")}
    assert scales
    assert {int(one[2:].replace(",", "")) for one in scales} <= set(SCALES)


def test_every_unit_has_a_sheet_that_lists_its_gaps(content):
    used = content.units[content.units["in_use"].fillna(value=False).astype(bool)]
    shown = used if len(used) else content.units
    found = sheets(unit_sheets, content)
    assert len(found) == len(shown)
    for unit, one in zip(shown.sort_values("unit_id").itertuples(), found, strict=True):
        assert any(str(unit.name)[:8] in text for text in one)


def test_a_public_edition_shows_no_land_and_no_few_people(content):
    public = dataclasses.replace(content, release="public")
    internal = sheets(atlas, content)
    found = sheets(atlas, public)
    assert any("存量空间分布图" in one for one in internal)
    assert not any("存量空间分布图" in one for one in found)
    assert not any("设施选址布局图" in one for one in found)
    card = next(one for one in sheets(cards, public) if any("南湖社区" in text for text in one))
    assert "8" not in card[:8]
    assert any("边界为示意" in text for one in found for text in one)


@pytest.mark.parametrize("format_", ["pdf", "png"])
def test_the_same_run_gives_the_same_bytes(content, tmp_path, format_):
    def digest(folder):
        files = write_sheets(
            content, folder, draw=("cards",), formats=(format_,), frame=FRAME, dpi=50
        )
        return [hashlib.sha256(one.read_bytes()).hexdigest() for one in files]

    first = digest(tmp_path / "one")
    assert len(first) == (1 if format_ == "pdf" else len(content.communities))
    assert first == digest(tmp_path / "two")


def test_a_map_takes_the_largest_round_scale_that_holds_it():
    assert scale_for((0, 0, 2700, 2000), 270.0, 200.0) == 10_000
    assert scale_for((0, 0, 2701, 2000), 270.0, 200.0) == 15_000
    assert scale_for((0, 0, 1, 2500), 270.0, 200.0) == 15_000


def test_lines_break_where_they_may():
    assert wrapped("", 10, 8) == [""]
    assert wrapped("one two", 100, 8) == ["one two"]
    lines = wrapped("公共服务设施（15分钟）", 14.0, 8.0)
    assert "".join(lines) == "公共服务设施（15分钟）"
    assert all(one[0] not in "）」，。" for one in lines)


def test_rows_that_do_not_fit_are_counted():
    page = open_page(A4)
    columns = [Column(heading="name", width=40), Column(heading="n", width=20, across="right")]
    rows = [[f"row {number}", Cell(text="1", fill="#ffffff")] for number in range(50)]
    end = table(page, 10, 10, columns, rows, until=60, more="{n} more")
    said = texts(page.figure)
    shown = sum(one.startswith("row ") for one in said)
    assert f"{50 - shown} more" in said
    assert end <= 60
