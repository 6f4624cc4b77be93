"""
A number that stands in several files of a run is the same in all of them.

The files are read by other readers than those that wrote them. Tables of the CSV files, sheets of
the workbook, layers, the map's facts and tables of the report are paired by the ids and headings
they share, so that a table added later is compared too.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pyogrio
import pytest
from python_calamine import CalamineWorkbook

from lifecircle.outputs.headings import HEADINGS
from lifecircle.outputs.webmap.offline import unpack
from lifecircle.study import Study

KEYS = ("gap_id", "site_id", "project_id", "facility_id", "unit_id", "parcel_id")
LANGUAGES = {"zh": 0, "en": 1}
EDITIONS = [(language, release) for language in LANGUAGES for release in ("internal", "public")]
_NUMBER = re.compile(r"^[+-]?\d[\d,]*(?:\.\d+)?%?$")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Edition:
    """One written run and what was read back of it."""

    language: str
    release: str
    folder: Path
    tables: dict[str, pd.DataFrame]
    grids: dict[str, list[list[object]]]

    def heading(self, column: str) -> str:
        return flat(HEADINGS[column][LANGUAGES[self.language]])


@pytest.fixture(scope="module")
def runs():
    return {language: Study.toytown(language=language).run() for language in LANGUAGES}


@pytest.fixture(scope="module", params=EDITIONS, ids="-".join)
def edition(request, runs, tmp_path_factory):
    language, release = request.param
    found = runs[language]
    study = found.config.study.model_copy(update={"release": release})
    config = found.config.model_copy(update={"study": study})
    folder = tmp_path_factory.mktemp("run") / f"{language}-{release}"
    dataclasses.replace(found, config=config).save(folder)
    book = CalamineWorkbook.from_path(folder / "gaps.xlsx")
    return Edition(
        language=language,
        release=release,
        folder=folder,
        tables={
            path.stem: pd.read_csv(path, encoding="utf-8-sig", dtype_backend="numpy_nullable")
            for path in sorted((folder / "tables").glob("*.csv"))
        },
        grids={
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names
        },
    )


def flat(text: object) -> str:
    return re.sub(r"\s+", "", str(text))


def blocks(grid: list[list[object]], heading: str) -> Iterator[list[dict[str, object]]]:
    """Find the tables of a sheet that have a heading, each as its rows."""
    for top, row in enumerate(grid):
        heads = [flat(cell) for cell in row]
        if heading not in heads or sum(bool(head) for head in heads) < 3:
            continue
        rows = []
        for line in grid[top + 1 :]:
            if all(cell in ("", None) for cell in line):
                break
            rows.append(dict(zip(heads, line, strict=True)))
        yield rows


def number(value: object) -> float | None:
    """Read a number however it is written; None where it is none."""
    if isinstance(value, bool) or value is None or value is pd.NA:
        return None
    if isinstance(value, int | float):
        return None if math.isnan(value) else float(value)
    text = str(value).strip()
    if not _NUMBER.match(text):
        return None
    plain = float(text.rstrip("%").replace(",", ""))
    return plain / 100 if text.endswith("%") else plain


def grain(text: object) -> float:
    """Half of the last place a written number shows."""
    digits = str(text).rstrip("%").partition(".")[2]
    return 0.5 * 10.0 ** -(len(digits) + 2 * str(text).endswith("%")) + 1e-9


def is_of(block: list[dict[str, object]], key: str, edition: Edition) -> bool:
    """Tell whether a sheet's table has one row per id of a kind, and not merely names it."""
    first = next((one for one in KEYS if block and edition.heading(one) in block[0]), None)
    ids = [row[edition.heading(key)] for row in block]
    return first == key and len(set(ids)) == len(ids)


def by_key(frame: pd.DataFrame) -> str | None:
    """Name the id that tells the rows of a table apart."""
    return next((key for key in KEYS if key in frame and frame[key].is_unique), None)


# -- the workbook ------------------------------------------------------------------------------
def test_sheets_hold_the_numbers_of_the_tables(edition):
    compared = 0
    pairs = set()
    for table, frame in edition.tables.items():
        key = by_key(frame)
        if key is None:
            continue
        rows = frame.set_index(key)
        for sheet, grid in edition.grids.items():
            for block in blocks(grid, edition.heading(key)):
                if not is_of(block, key, edition):
                    continue
                for row in block:
                    name = row[edition.heading(key)]
                    if name not in rows.index:
                        continue
                    for column in frame.columns.drop(key):
                        heading = edition.heading(column) if column in HEADINGS else None
                        told = rows.loc[name, column]
                        ours, theirs = number(told), number(row.get(heading))
                        wordy = ours is None and not pd.isna(told)
                        if heading not in row or wordy or (ours is None and theirs is None):
                            continue
                        assert theirs == pytest.approx(ours, abs=0.051), (
                            sheet,
                            table,
                            name,
                            column,
                        )
                        compared += 1
                        pairs.add((table, sheet))
    assert {table for table, _ in pairs} >= {"gaps", "projects"}
    assert compared > 40


def test_two_readers_see_the_same_cells(edition):
    book = openpyxl.load_workbook(edition.folder / "gaps.xlsx", data_only=False)
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        grid = edition.grids[sheet.title]
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
                if cell.value is not None:
                    assert flat(grid[cell.row - 1][cell.column - 1]) in (
                        flat(cell.value),
                        flat(float(cell.value)) if cell.data_type == "n" else flat(cell.value),
                    )


def test_the_totals_count_the_rows_of_the_gap_list(edition):
    heading = edition.heading
    sheets = list(edition.grids)
    listed = next(iter(blocks(edition.grids[sheets[0]], heading("gap_id"))))
    gaps = edition.tables["gaps"]
    gaps = gaps[gaps["reason"] != "no_data"]
    assert [row[heading("gap_id")] for row in listed] == gaps["gap_id"].tolist()
    assert gaps["priority"].tolist() == sorted(gaps["priority"])
    by_community, by_subdistrict = blocks(edition.grids[sheets[2]], heading("gaps"))
    assert sum(row[heading("gaps")] for row in by_community) == len(gaps)
    for row in by_community:
        mine = gaps[gaps["community"] == row[heading("community")]]
        assert row[heading("gaps")] == len(mine)
    everywhere = [row for row in by_subdistrict if row[heading("subdistrict")] in ("合计", "all")]
    assert sum(row[heading("gaps")] for row in everywhere) == len(gaps)
    for row in everywhere:
        mine = [one for one in listed if one[heading("requirement")] == row[heading("requirement")]]
        short = sum(number(one[heading("people_short")]) or 0.0 for one in mine)
        assert (number(row[heading("people_short")]) or 0.0) == pytest.approx(short, abs=0.051)


# -- layers and the map ------------------------------------------------------------------------
def test_layers_hold_the_numbers_of_the_tables(edition):
    compared = set()
    for layer, _ in pyogrio.list_layers(edition.folder / "results.gpkg"):
        if layer == "layer_styles":
            continue
        drawn = pyogrio.read_dataframe(edition.folder / "results.gpkg", layer=layer)
        for table, frame in edition.tables.items():
            key = by_key(frame)
            if key is None or key not in drawn or not drawn[key].is_unique:
                continue
            both = frame.merge(pd.DataFrame(drawn.drop(columns="geometry")), on=key)
            for column in frame.columns.drop(key):
                if f"{column}_y" not in both:
                    continue
                for ours, theirs in zip(both[f"{column}_x"], both[f"{column}_y"], strict=True):
                    one, other = number(ours), number(theirs)
                    if one is None and other is None:
                        continue
                    # A public layer may hold a place more coarsely than the table, never otherwise.
                    near = 0.051 if column not in ("lon", "lat") else 0.001
                    assert other == pytest.approx(one, abs=near), (layer, table, column)
                    compared.add((table, layer))
    assert {table for table, _ in compared} >= {"gaps"}


def test_the_map_holds_the_numbers_of_the_tables(edition):
    page = (edition.folder / "map.html").read_text(encoding="utf-8")
    packed = re.search(r'id="lc-facts">([^<]*)</script>', page)[1]
    facts = unpack(packed)
    compared = set()
    lists = {name: rows for name, rows in facts.items() if isinstance(rows, list) and rows}
    for table, frame in edition.tables.items():
        key = by_key(frame)
        if key is None:
            continue
        rows = frame.set_index(key)
        for name, shown in lists.items():
            for one in shown:
                if not isinstance(one, dict) or key not in one or one[key] not in rows.index:
                    continue
                row = rows.loc[one[key]]
                for column, value in one.items():
                    ours = number(row.get(column)) if column in rows else None
                    if ours is None or number(value) is None or (name, column) in RENAMED:
                        continue
                    assert number(value) == pytest.approx(ours, abs=0.51), (name, table, column)
                    compared.add((table, name))
    assert {table for table, _ in compared} >= {"gaps", "sites"}
    gaps = edition.tables["gaps"].set_index("gap_id")
    for one in facts["gaps"]:
        told = number(gaps.loc[one["gap_id"], "people_short"])
        assert number(one["people"]) == told
    scores = edition.tables["scores"]
    for row in scores[scores["level"] == "community"].itertuples():
        drawn = next(one for one in facts["communities"] if one["id"] == row.area_id)
        share = drawn["scores"][row.requirement]["share"]
        if share is not None and not pd.isna(row.share):
            assert share == pytest.approx(row.share, abs=0.0051)
    index = edition.tables["index"].rename(columns={"index": "score"})
    for row in index[index["level"] == "community"].itertuples():
        drawn = next(one for one in facts["communities"] if one["id"] == row.area_id)
        told = drawn["index"][str(row.minutes)]
        assert told["gaps"] == row.gaps
        assert told["grade"] == (None if pd.isna(row.grade) else row.grade)
        if told["index"] is not None:
            assert told["index"] == pytest.approx(row.score, abs=0.051)


RENAMED = {("gaps", "people")}
"""What the map calls otherwise: people of its gaps are those short, compared by themselves."""


# -- the report --------------------------------------------------------------------------------
COUNTERS = {"序号", "no."}
"""Every table counts its own rows."""


def tables_of(document) -> Iterator[list[dict[str, str]]]:
    for table in document.tables:
        cells = [[cell.text.strip() for cell in row.cells] for row in table.rows]
        heads = [flat(head) for head in cells[0]]
        yield [dict(zip(heads, row, strict=True)) for row in cells[1:]]


def test_the_reports_tables_hold_the_numbers_of_the_sheets(edition):
    """A table of the report is part of a sheet: rows with the same words have the same numbers."""
    document = docx.Document(str(edition.folder / "report.docx"))
    compared = 0
    for shown in tables_of(document):
        if not shown:
            continue
        heads = list(shown[0])
        for grid in edition.grids.values():
            for block in blocks(grid, heads[1]):
                same = [head for head in heads if head not in COUNTERS]
                if not block or not set(same) <= set(block[0]):
                    continue
                words = [
                    head for head in same if not any(number(row[head]) is not None for row in shown)
                ]
                if len(same) < 3 or not words:
                    continue
                known: dict[tuple[str, ...], list[dict[str, object]]] = {}
                for row in block:
                    known.setdefault(tuple(flat(row[head]) for head in words), []).append(row)
                for row in shown:
                    found = known.get(tuple(flat(row[head]) for head in words), [])
                    if len(found) != 1:
                        continue
                    for head in set(same) - set(words):
                        told = number(row[head])
                        if told is None:
                            continue
                        value = number(found[0][head])
                        assert value == pytest.approx(told, abs=grain(row[head])), (heads, row)
                        compared += 1
    assert compared > 10


def test_sentences_of_the_report_count_what_the_tables_hold(edition):
    document = docx.Document(str(edition.folder / "report.docx"))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    index, gaps = edition.tables["index"], edition.tables["gaps"]
    gaps = gaps[gaps["reason"] != "no_data"]
    communities = index[(index["level"] == "community")]["area_id"].nunique()
    people = index.loc[index["level"] == "study", "people"].iloc[0]
    if edition.language == "zh":
        pattern = (
            r"共 ([\d,]+) 个社区（村），([\d,]+) 人。.*短板共 ([\d,]+) 条，涉及 ([\d,]+) 个社区"
            r".*选址 ([\d,]+) 处、项目 ([\d,]+) 个"
        )
    else:
        pattern = (
            r"([\d,]+) communities with ([\d,]+) people.*fall short ([\d,]+) times, in ([\d,]+)"
            r" communities.*?([\d,]+) sites and ([\d,]+) projects"
        )
    told = [int(one.replace(",", "")) for one in re.search(pattern, text).groups()]
    assert told == [
        communities,
        people,
        len(gaps),
        gaps["community_id"].nunique(),
        len(edition.tables["sites"]),
        len(edition.tables["projects"]),
    ]
    scores = edition.tables["scores"]
    shares = scores.loc[scores["level"] == "study", "share"].dropna().tolist()
    pattern = r"人口覆盖率 ([\d.]+)%（目标" if edition.language == "zh" else r"([\d.]+)% of people"
    found = [float(one) / 100 for one in re.findall(pattern, text)]
    assert all(min(abs(one - share) for share in shares) < 0.00051 for one in found)
    if edition.language == "zh":
        assert len(found) == len(shares)


# -- within the tables -------------------------------------------------------------------------
def test_a_gap_is_what_the_scores_leave_uncovered(edition):
    scores = edition.tables["scores"].set_index(["level", "area_id", "requirement"])
    told = 0
    for row in edition.tables["gaps"].itertuples():
        score = scores.loc[("community", row.community_id, row.requirement)]
        parts = [number(one) for one in (row.people_short, score["people"], score["covered"])]
        if None in parts:
            continue
        assert parts[0] == pytest.approx(parts[1] - parts[2], abs=0.11)
        said = sum(float(one) for one in re.findall(r"(?<= )\d+(?=;|$)", row.reasons))
        if "<" not in row.reasons:
            assert said == pytest.approx(parts[0], abs=len(row.reasons.split(";")))
        told += 1
    assert told > 3


def test_projects_years_and_people_are_the_same_in_the_programme(edition):
    projects = edition.tables["projects"].set_index("project_id")
    programme = edition.tables["programme"]
    assert set(programme["project_id"]) <= set(projects.index)
    for row in programme.itertuples():
        assert row.year == projects.loc[row.project_id, "year"]
    for row in edition.tables["sites"].itertuples():
        assert row.year == projects.loc[row.project_id, "year"]
    gaps = edition.tables["gaps"].dropna(subset=["project_id"])
    for row in gaps.itertuples():
        assert row.gap_id in projects.loc[row.project_id, "gap_ids"].split("; ")
        assert row.year == projects.loc[row.project_id, "year"]
