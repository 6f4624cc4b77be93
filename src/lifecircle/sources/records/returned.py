"""A workbook a run wrote and a planner filled in -> what the planner wrote into it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lifecircle.errors import InputError, LifecircleError, Problem
from lifecircle.sources.sheets.files import Cell, RawSheet, read_sheets
from lifecircle.tables import Entries, Entry
from lifecircle.tables.entries import Value

_LEDGER = "_lifecircle"
_KNOWN_HEADINGS = 0.6  # of a table's headings, for a row of cells to be its header
_HIGHEST_HEADER = 30  # rows of a sheet among which a header is looked for


@dataclass(frozen=True, kw_only=True)
class Returned:
    """
    What stands in a returned workbook.

    Parameters
    ----------
    carried
        Entries of earlier rounds, unchanged since the run wrote them.
    fresh
        Cells changed since then; rows and computed cells that were changed too.
    gone
        Rows of the run that are no longer in the workbook.
    """

    carried: Entries
    fresh: Entries
    gone: int


@dataclass(frozen=True, kw_only=True)
class _Table:
    """One table as the run wrote it; rows by key: what was computed, what had been entered."""

    name: str
    sheet: str
    headings: tuple[str, ...]
    codes: tuple[str, ...]
    key: tuple[int, ...]
    rows: Mapping[str, tuple[tuple[object, ...], Mapping[str, object]]]


def read_returned(path: Path) -> Returned:
    """
    Read what a planner wrote into the workbook of a run.

    Parameters
    ----------
    path
        The workbook; rows may be sorted, filtered, deleted or added, sheets renamed or moved.

    Returns
    -------
    returned
        Every cell of the planner's columns that differs from what the run had computed; rows are
        known by their ids, columns by their headings.

    Raises
    ------
    InputError
        If it was not written by a run, or has lost the hidden sheet that says what the run wrote.
    SourceError
        As `sources.sheets.files.read_sheets`.
    """
    lines = _ledger(path)
    sheets = read_sheets(path)
    carried = [_loose(line) for line in lines if line["kind"] == "loose"]
    added = [
        (str(line["table"]), tuple((str(name), _value(value)) for name, value in line["cells"]))
        for line in lines
        if line["kind"] == "added"
    ]
    fresh: list[Entry] = []
    changed: list[str] = []
    gone = 0
    for table in _tables(lines):
        met: set[str] = set()
        for cells in _rows_of(table, sheets):
            key = "|".join("" if cells[at] is None else _text(cells[at]) for at in table.key)
            if key in table.rows and key not in met:
                met.add(key)
                changed += _changed(table, key, cells)
                for entry, is_fresh in _entries(table, key, cells):
                    (fresh if is_fresh else carried).append(entry)
            elif any(cell is not None for cell in cells):
                told = zip(table.headings, map(_value, cells), strict=True)
                added.append((table.name, tuple(one for one in told if one[1] is not None)))
        # A row that was deleted keeps its earlier entries: deleting is no answer.
        for key in table.rows.keys() - met:
            gone += 1
            carried += _earlier(table, key)
    return Returned(
        carried=Entries().then(Entries(cells=tuple(carried))),
        fresh=Entries().then(
            Entries(cells=tuple(fresh), added=tuple(added), changed=tuple(changed))
        ),
        gone=gone,
    )


def is_returned(path: Path) -> bool:
    """
    Tell whether a workbook was written by a run and still says what the run wrote.

    Parameters
    ----------
    path
        Any file.

    Returns
    -------
    is_returned
        False also for files that cannot be read.
    """
    try:
        return bool(_ledger(path))
    except LifecircleError:
        return False


def _ledger(path: Path) -> list[dict[str, Any]]:
    try:
        sheet = read_sheets(path, sheet=_LEDGER)[0]
        lines = [
            json.loads("".join(str(cell) for cell in row if cell is not None))
            for row in sheet.cells
            if any(cell is not None for cell in row)
        ]
    except (InputError, ValueError) as error:
        raise InputError(
            Problem(
                what="has lost the hidden sheet that says what the run had written",
                where=path.name,
                remedy="fill in the workbook a run wrote, and save it as .xlsx",
            )
        ) from error
    return [line for line in lines if isinstance(line, dict) and "kind" in line]


def _tables(lines: list[dict[str, Any]]) -> list[_Table]:
    return [
        _Table(
            name=line["table"],
            sheet=line["sheet"],
            headings=tuple(line["headings"]),
            codes=tuple(line["codes"]),
            key=tuple(line["key"]),
            rows={
                row["key"]: (tuple(row["computed"]), row["entered"])
                for row in lines
                if row["kind"] == "row" and row["table"] == line["table"]
            },
        )
        for line in lines
        if line["kind"] == "table"
    ]


def _rows_of(table: _Table, sheets: tuple[RawSheet, ...]) -> Iterator[list[Cell]]:
    """Give the rows below a table's header, their cells in the order the run wrote them."""
    wanted = [_plain(text) for text in table.headings]
    best: tuple[float, RawSheet, int, list[int]] | None = None
    for sheet in sheets:
        for at, row in enumerate(sheet.cells[:_HIGHEST_HEADER]):
            texts = ["" if cell is None else _plain(str(cell)) for cell in row]
            columns = [texts.index(name) if name in texts else -1 for name in wanted]
            known = sum(column >= 0 for column in columns) / len(wanted)
            rank = known + 0.01 * (sheet.name == table.sheet)
            if known >= _KNOWN_HEADINGS and (best is None or rank > best[0]):
                best = (rank, sheet, at, columns)
    if best is None:
        return
    _, sheet, at, columns = best
    for row in sheet.cells[at + 1 :]:
        if all(cell is None for cell in row):
            return  # totals and other tables follow below an empty row
        yield [row[column] if column >= 0 else None for column in columns]


def _entries(table: _Table, key: str, cells: list[Cell]) -> Iterator[tuple[Entry, bool]]:
    """Give the planner's cells that differ from what was computed; fresh if from what was shown."""
    computed, entered = table.rows[key]
    for at, code in enumerate(table.codes):
        value, was = _value(cells[at]), _value(computed[at])
        if not code or _same(value, was):
            continue
        shown = _value(entered[code]) if code in entered else was
        entry = Entry(table=table.name, key=key, field=code, value=value, was=was)
        yield entry, not _same(value, shown)


def _changed(table: _Table, key: str, cells: list[Cell]) -> Iterator[str]:
    """Tell of computed cells that were overwritten."""
    for code, heading, cell, computed in zip(
        table.codes, table.headings, cells, table.rows[key][0], strict=True
    ):
        value, was = _value(cell), _value(computed)
        if code or value is None or isinstance(computed, bool) or _same(value, was):
            continue
        yield f"{table.sheet} {key}, {heading}: {_text(was) or '—'} → {_text(value)}"


def _earlier(table: _Table, key: str) -> list[Entry]:
    computed, entered = table.rows[key]
    return [
        Entry(
            table=table.name,
            key=key,
            field=code,
            value=_value(value),
            was=_value(computed[table.codes.index(code)]),
        )
        for code, value in sorted(entered.items())
    ]


def _loose(line: Mapping[str, Any]) -> Entry:
    return Entry(
        table=line["table"],
        key=line["key"],
        field=line["field"],
        value=_value(line["value"]),
        was=_value(line["was"]),
    )


def _same(one: Value, other: Value) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= 1e-6 * max(1.0, abs(one))
    return _text(one) == _text(other)


def _value(cell: object) -> Value:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    return None if cell is None else str(cell).strip() or None


def _text(cell: Value) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else _plain(str(cell))


def _plain(text: str) -> str:
    return "".join(text.split())
