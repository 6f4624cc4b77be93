"""The sheet of places to find: inert text, empty cells to fill in, nothing in a public edition."""

from __future__ import annotations

import dataclasses

import openpyxl
import pandas as pd
import pytest

from lifecircle.outputs.names import Names
from lifecircle.outputs.release import released
from lifecircle.outputs.words import LABELS
from lifecircle.outputs.workbook.places import place_sheet
from lifecircle.outputs.workbook.write import write_workbook
from lifecircle.sources.geocoding.locate import DOUBTS, METHODS
from tests.outputs.conftest import FORMULA

ROWS = pd.DataFrame(
    {
        "place_key": ["p2", "p1"],
        "list": "care.xlsx",
        "row": [9, 4],
        "name": [FORMULA, "北庄村卫生室"],
        "address": [None, "北庄村港西浜"],
        "community": [None, "北庄村"],
        "guess_lon": [float("nan"), 121.1234567],
        "guess_lat": [float("nan"), 30.4],
        "method": [None, "street"],
        "confidence": [0.0, 0.46],
        "evidence": ["", "北庄村港西浜"],
        "doubts": ["nowhere", "no_number;several_places"],
        "lon": [float("nan"), 121.5],
        "lat": [float("nan"), 30.5],
        "services": ["medical;elder_care", "medical"],
        "types": "medical.station",
        "status": None,
    }
)


@pytest.fixture
def asking(content):
    return dataclasses.replace(content, to_place=ROWS)


def test_where_every_row_has_a_place_there_is_no_sheet(content):
    assert place_sheet(content, Names.of(content)) is None
    none = dataclasses.replace(content, to_place=ROWS.iloc[:0])
    assert place_sheet(none, Names.of(none)) is None


def test_a_public_edition_lists_no_places_to_find(asking, content):
    public = released(dataclasses.replace(asking, release="public"))
    assert len(public.to_place) == 0
    assert len(asking.to_place) == 2


@pytest.mark.parametrize(("language", "tab"), [("zh", "待定位"), ("en", "Places to find")])
def test_the_sheet_as_a_spreadsheet_program_shows_it(asking, tmp_path, language, tab):
    edition = dataclasses.replace(asking, language=language)
    page = openpyxl.load_workbook(write_workbook(edition, tmp_path / "gaps.xlsx"))[tab]
    heads = [str(cell.value).replace("\n", "") for cell in page[3]]
    first, second = (
        dict(zip(heads, (cell.value for cell in page[row]), strict=True)) for row in (4, 5)
    )
    zh = language == "zh"
    key, lon, name = ("定位编号", "经度", "名称") if zh else ("place_key", "lon", "name")
    assert (first[key], second[key]) == ("p1", "p2")  # in the order of the list's rows
    assert (first[lon], second[lon]) == (121.5, None)
    assert first["推测经度" if zh else "guessed longitude"] == 121.123457
    assert second["推测经度" if zh else "guessed longitude"] is None
    assert second[name] == FORMULA
    assert page.cell(5, heads.index(name) + 1).data_type == "s"
    told = first["疑点" if zh else "doubts"]
    assert told == ("没有门牌号；同一文字对应多处" if zh else "no number; several places fit")
    assert first["推测方法" if zh else "guessed by"] == (
        "社区内路段" if zh else "stretch of a street"
    )


def test_every_code_has_words():
    assert set(METHODS) <= set(LABELS["placed"])
    assert set(DOUBTS) == set(LABELS["place_doubt"])
