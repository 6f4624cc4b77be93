"""
What a planner wrote into an earlier workbook stands in the next one too, and in its tables.

A workbook carries, on a hidden sheet, what the run itself had put into every cell: so a later run
knows an entry from a figure that merely grew old.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from numbers import Real

import pandas as pd

from lifecircle.outputs import style
from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.sentences import with_sentences
from lifecircle.outputs.workbook.grid import Block, Cell, Field, Row, Worksheet
from lifecircle.tables import Entries, Entry

LEDGER = "_lifecircle"
"""The hidden sheet: one JSON text per row, of a table, a row of it, or an entry without a row."""

_CODED = {
    "mode": "mode",
    "status": "project_status",
    "kind": "community_kind",
    "estate_kind": "estate_kind",
}
_IN_TABLES = ("mode", "lead_body", "cooperating_body", "year", "status")
_OF_PROJECTS = {name: name for name in (*_IN_TABLES, "operator", "note")} | {"cost": "cost_wan"}
_OF_COMMUNITIES = ("kind", "estate_kind", "start_year")
_NUMBERS = ("year", "cost", "start_year")


def with_entries(content: Content) -> Content:
    """
    Carry a planner's entries into the tables of projects, programme, sites and gaps.

    Parameters
    ----------
    content
        What the run has to show, with its entries.

    Returns
    -------
    content
        Projects with the planner's mode, bodies, operator, cost, year, status and remarks; their
        rows of the programme, their sites and their gaps follow the year and the rest, unless such
        a row has an entry of its own. Communities with the planner's types and starting year. A
        year or cost that is no number stays an entry of the workbook only. Each entry's
        `was` is what this run computed.
    """
    entries = content.entries.by_place()
    if not entries:
        return content
    names = Names.of(content)
    content, fresh = _with_projects(content, names)
    programme, gaps = content.programme.copy(), content.gaps.copy()
    communities = _started(content.community_programme, programme)
    for place, entry in entries.items():
        value = _table_value(entry)
        if entry.table == "programme" and entry.field in _IN_TABLES:
            table, at = programme, _programme_rows(programme, entry.key)
        elif entry.table == "gaps" and entry.field == "year":
            table, at = gaps, gaps["gap_id"] == entry.key
        elif entry.table == "community_programme" and entry.field in _OF_COMMUNITIES:
            table, at = communities, communities["community_id"].astype(str) == entry.key
        else:
            continue
        if at.any() and not _no_number(entry, value):
            was = _shown(table.loc[at, entry.field].iloc[0], entry.field, names)
            fresh[place] = replace(entry, was=was)
            _set(table, at, entry.field, value)
    if len(programme):
        programme = programme.sort_values(["year", "project_id", "community_id"], kind="stable")
    return with_sentences(
        replace(
            content,
            programme=programme.reset_index(drop=True),
            community_programme=communities,
            gaps=gaps,
            entries=replace(content.entries, cells=tuple(fresh[place] for place in sorted(fresh))),
        )
    )


def _with_projects(
    content: Content, names: Names
) -> tuple[Content, dict[tuple[str, str, str], Entry]]:
    """Carry what was entered for whole projects into all tables that tell of them."""
    projects, programme = content.projects.copy(), content.programme.copy()
    sites, gaps = content.sites.copy(), content.gaps.copy()
    fresh = content.entries.by_place()
    for place, entry in content.entries.by_place().items():
        column = _OF_PROJECTS.get(entry.field)
        if entry.table != "projects" or column is None:
            continue
        at = projects["project_id"] == entry.key
        value = _table_value(entry)
        if not at.any() or _no_number(entry, value):
            continue
        fresh[place] = replace(
            entry, was=_shown(projects.loc[at, column].iloc[0], entry.field, names)
        )
        _set(projects, at, column, value)
        if entry.field in _IN_TABLES:
            _set(programme, programme["project_id"] == entry.key, entry.field, value)
        if entry.field == "year":
            if ("projects", entry.key, "status") not in fresh:
                _leave_reserve((projects, programme), entry.key)
            _set(sites, sites["project_id"] == entry.key, "year", value)
            _set(gaps, gaps["project_id"] == entry.key, "year", value)
    tables = {"projects": projects, "programme": programme, "sites": sites, "gaps": gaps}
    return replace(content, **tables), fresh


def _leave_reserve(tables: tuple[pd.DataFrame, ...], project_id: str) -> None:
    """Take a project that was given a year out of the reserve."""
    for table in tables:
        _set(
            table,
            (table["project_id"] == project_id) & table["status"].eq("reserve"),
            "status",
            "proposed",
        )


def _started(communities: pd.DataFrame, programme: pd.DataFrame) -> pd.DataFrame:
    """Begin and end every community's part with its projects, years a planner moved included."""
    years = pd.to_numeric(programme["year"]).groupby(programme["community_id"])
    start, end = years.min(), years.max()
    keys = communities["community_id"]
    return communities.assign(start_year=keys.map(start), end_year=keys.map(end))


def overlaid(sheets: Sequence[Worksheet], entries: Entries) -> tuple[Worksheet, ...]:
    """
    Put a planner's entries into the cells they belong to.

    Parameters
    ----------
    sheets
        The sheets of a run.
    entries
        What the planner wrote.

    Returns
    -------
    sheets
        With the planner's values in the planner's columns.
    """
    return tuple(
        replace(sheet, blocks=tuple(entered(block, entries) for block in sheet.blocks))
        for sheet in sheets
    )


def entered(block: Block, entries: Entries) -> Block:
    """
    Put a planner's entries into one table.

    Parameters
    ----------
    block
        The table.
    entries
        What the planner wrote.

    Returns
    -------
    block
        The table itself where nothing of it was filled in.
    """
    known = entries.by_place()
    if not block.table or not known:
        return block
    return replace(
        block,
        rows=tuple(
            tuple(
                known[place].value if (place := _place(block, row, spec)) in known else cell
                for spec, cell in zip(block.fields, row, strict=True)
            )
            for row in block.rows
        ),
    )


def ledger(sheets: Sequence[Worksheet], entries: Entries) -> tuple[str, ...]:
    """
    Write down what stands in every cell whose entries are kept.

    Parameters
    ----------
    sheets
        The sheets of a run, before `overlaid`.
    entries
        What the planner wrote.

    Returns
    -------
    lines
        JSON texts: ``table`` (name of the sheet, headings and codes of its columns, places of the
        key), ``row`` (its key, what the run computed, what the planner had entered), ``loose`` (an
        entry whose row is no longer there) and ``added`` (a row the planner wrote).
    """
    known = entries.by_place()
    lines: list[dict[str, object]] = []
    for sheet in sheets:
        for block in sheet.blocks:
            if not block.table:
                continue
            lines.append(
                {
                    "kind": "table",
                    "table": block.table,
                    "sheet": sheet.name,
                    "headings": [spec.heading for spec in block.fields],
                    "codes": [spec.code for spec in block.fields],
                    "key": list(block.key),
                }
            )
            rows = block.rows[: len(block.rows) - block.totals]
            lines += [_ledger_row(block, row, known) for row in rows]
    lines += [{"kind": "loose", **vars(entry)} for entry in _loose(sheets, entries)]
    for table, cells in entries.added:
        lines.append({"kind": "added", "table": table, "cells": [list(cell) for cell in cells]})
    return tuple(json.dumps(line, ensure_ascii=False, sort_keys=True) for line in lines)


def kept_sheet(sheets: Sequence[Worksheet], content: Content, names: Names) -> Worksheet | None:
    """
    List the entries that have no row any more, and the rows a planner added.

    Parameters
    ----------
    sheets
        The sheets of the run.
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        None where every entry has its row.
    """
    say = names.say
    titles = {block.table: sheet.name for sheet in sheets for block in sheet.blocks if block.table}
    headings = {
        (block.table, spec.code): spec.heading
        for sheet in sheets
        for block in sheet.blocks
        for spec in block.fields
        if spec.code
    }
    rows: list[Row] = [
        (
            titles.get(entry.table, entry.table),
            entry.key,
            headings.get((entry.table, entry.field), entry.field),
            entry.value,
            say(
                "该行本次已不存在（如短板已补齐）",
                "its row is no longer there, e.g. the gap is closed",
            ),
        )
        for entry in _loose(sheets, content.entries)
    ]
    for table, cells in content.entries.added:
        told = "；".join(f"{heading}：{value}" for heading, value in cells if value is not None)
        rows.append(
            (
                titles.get(table, table),
                None,
                None,
                told,
                say("编制单位自行添加的行", "a row added by hand"),
            )
        )
    why = say(
        "改动了计算列，未采用；如确有依据，请写入 overrides",
        "a computed cell was changed; not taken over: use overrides if it is wrong",
    )
    rows += [(None, None, None, text, why) for text in content.entries.changed]
    if not rows:
        return None
    return Worksheet(
        name=say("填报留存", "Kept entries"),
        note=say(
            "此前填写、本次没有对应行的内容，原样留存；对应行再出现时自动回填。",
            "What was filled in before and has no row now; it returns with its row.",
        ),
        blocks=(
            Block(
                title=say("填报留存", "Kept entries"),
                fields=(
                    Field(heading=say("表", "sheet")),
                    Field(heading=say("编号", "id")),
                    Field(heading=say("列", "column")),
                    Field(heading=say("填写内容", "entry"), form="prose"),
                    Field(heading=say("说明", "why it is here"), form="wide"),
                ),
                rows=tuple(rows),
            ),
        ),
        held=2,
    )


def _place(block: Block, row: Row, spec: Field) -> tuple[str, str, str]:
    return block.table, block.key_of(row) if spec.code else "", spec.code


def _ledger_row(
    block: Block, row: Row, known: dict[tuple[str, str, str], Entry]
) -> dict[str, object]:
    computed: list[Cell] = list(row)
    entered: dict[str, Cell] = {}
    for at, spec in enumerate(block.fields):
        entry = known.get(_place(block, row, spec))
        if spec.code and entry is not None:
            entered[spec.code] = entry.value
            # Tables already hold the entry where they can; what was computed stands beside it.
            if row[at] == entry.value:
                computed[at] = entry.was
    return {
        "kind": "row",
        "table": block.table,
        "key": block.key_of(row),
        "computed": computed,
        "entered": entered,
    }


def _loose(sheets: Sequence[Worksheet], entries: Entries) -> list[Entry]:
    there = {
        (block.table, block.key_of(row), spec.code)
        for sheet in sheets
        for block in sheet.blocks
        if block.table
        for row in block.rows
        for spec in block.fields
        if spec.code
    }
    return [entry for entry in entries.cells if entry.place not in there]


def _programme_rows(programme: pd.DataFrame, key: str) -> pd.Series:
    told = programme["project_id"].astype(str) + "|" + programme["community"].fillna("").astype(str)
    return told == key


def _set(table: pd.DataFrame, at: pd.Series, column: str, value: Cell) -> None:
    if column in table and at.any():
        if value is None or isinstance(value, str):
            table[column] = table[column].astype(object)
        table.loc[at, column] = value


def _table_value(entry: Entry) -> Cell:
    """Turn what a planner wrote into what the tables hold: a code, a year, or the text itself."""
    domain = _CODED.get(entry.field)
    if domain is not None and isinstance(entry.value, str):
        labels = {
            style.label(domain, code, language): code
            for code in style.codes(domain)
            for language in ("zh", "en")
        }
        return labels.get(entry.value.strip(), entry.value)
    if entry.field in _NUMBERS and isinstance(entry.value, str):
        plain = entry.value.strip().removesuffix("年").removesuffix("万元").replace(",", "")
        try:
            return float(plain)
        except ValueError:
            return entry.value
    return entry.value


def _no_number(entry: Entry, value: Cell) -> bool:
    return entry.field in _NUMBERS and not isinstance(value, float)


def _shown(value: object, field: str, names: Names) -> Cell:
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return None
    domain = _CODED.get(field)
    if domain is not None:
        return names.label(domain, value)
    return float(value) if isinstance(value, Real) else str(value)
