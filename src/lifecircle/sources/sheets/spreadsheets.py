"""
A sheet as an office fills it in -> records with known columns, and all that stands around them.

Every row below the header is a record, a total, a note, a header again or empty: none is lost.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.errors import DoubtfulRowsWarning, InputError, LifecircleWarning, Problem
from lifecircle.provenance import Source, sha256_of
from lifecircle.sources.sheets.cells import Layer, is_number
from lifecircle.sources.sheets.columns import recognise_columns
from lifecircle.sources.sheets.files import Cell, RawSheet, read_sheets
from lifecircle.sources.sheets.head import Apart, Head, find_head, joined_lines, kind_of_row


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """
    One sheet with its header found.

    Parameters
    ----------
    name
        Name of the sheet; empty for a text table.
    frame
        Records: text, numbers (float) and None; one column per name of the header.
    found
        Meaning to column, of those recognised.
    row
        Number of each record in the file, from 1, as a spreadsheet program shows it, shape (n,).
    header_row
        Number of the header's last row, from 1.
    titles
        What stands above the header, line by line.
    totals
        Rows of sums, with the columns of `frame`; their index is the number in the file.
    apart
        Totals, notes and repeated headers, in the order of the file.
    source
        Origin and counts of the records; broken ones are `rows_refused`.
    where
        Name for messages.
    """

    name: str
    frame: pd.DataFrame
    found: Mapping[str, str]
    row: NDArray[np.int64]
    header_row: int
    titles: tuple[str, ...]
    totals: pd.DataFrame
    apart: tuple[Apart, ...]
    source: Source
    where: str

    def __post_init__(self) -> None:
        self.row.flags.writeable = False

    def __len__(self) -> int:
        return len(self.frame)


def read_sheet(
    path: Path,
    *,
    wanted: Mapping[str, tuple[str, ...]],
    columns: Mapping[str, str] | None = None,
    needed: tuple[str, ...] = (),
    sheet: str | None = None,
    encoding: str | None = None,
) -> Sheet:
    r"""
    Read the sheet that has the wanted columns.

    Parameters
    ----------
    path
        Workbook or text table.
    wanted
        Meaning to the names such a column is known by.
    columns
        Meaning to the column the planner says.
    needed
        Meanings without which a sheet is of no use.
    sheet
        Name of the sheet, or its number from 1; else the one with most of the needed, then of all
        wanted columns, then of records; the first of equals.
    encoding
        Encoding of a text table.

    Returns
    -------
    sheet
        Its records and all around them. Text that is merged over several rows stands in each of
        them; a merged number stays in the first, so that no sum counts it twice.

    Raises
    ------
    SchemaError
        If a column the planner names is missing.
    InputError
        If no sheet has a header with rows below it, or every row is broken.
    SourceError
        As `read_sheets`.

    Warns
    -----
    LifecircleWarning
        If other sheets have such columns too.
    DoubtfulRowsWarning
        If rows have more cells than the header, and are refused.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from lifecircle.sources.sheets.spreadsheets import read_sheet
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "people.csv"
    ...     lines = "2025年人口\n社区,人口\n城东,1200\n合计,1200\n注：年末"
    ...     _ = path.write_text(lines, "gb18030")
    ...     sheet = read_sheet(path, wanted={"name": ("社区",), "people": ("人口",)})
    >>> sheet.frame.values.tolist(), sheet.titles, [one.kind for one in sheet.apart]
    ([['城东', '1200']], ('2025年人口',), ['total', 'note'])
    """
    where = path.name
    choice: tuple[tuple[int, int, int], RawSheet, Head] | None = None
    alike = []
    for raw in read_sheets(path, sheet=sheet, encoding=encoding):
        head = find_head(raw, wanted, columns)
        if head is None or head.rows[-1] + 1 >= len(raw.cells):
            continue
        rank = (
            len(set(needed) & set(head.found)),
            len(head.found),
            len(raw.cells) - head.rows[-1],
        )
        if set(needed) <= set(head.found):
            alike.append(raw.name)
        if choice is None or rank > choice[0]:
            choice = (rank, raw, head)
    if choice is None:
        raise InputError(
            Problem(
                what="no row of column names with rows below it was found",
                where=where,
                remedy="put the names of the columns above the rows",
            )
        )
    _, raw, head = choice
    others = [name for name in alike if name != raw.name]
    if others:
        warnings.warn(
            f"{where}: sheet '{raw.name}' is read; sheets with such columns too: "
            f"{', '.join(others)}; name another one in the study file if it is meant",
            LifecircleWarning,
            stacklevel=3,
        )
    if raw.name:
        where = f"{where}, sheet '{raw.name}'"
    return _sheet(path, raw, head, wanted, columns, where)


def cells_of(
    sheet: Sheet, frame: pd.DataFrame | None = None, row: NDArray[np.int64] | None = None
) -> Layer:
    """
    Give the cell readers what they know: rows with columns told apart, here without shapes.

    Parameters
    ----------
    sheet
        The sheet.
    frame, row
        Other rows with its columns, such as its totals, and their numbers; else its records.

    Returns
    -------
    cells
        What `texts_of`, `numbers_of` and their like take.
    """
    table = sheet.frame if frame is None else frame
    return Layer(
        table=gpd.GeoDataFrame(table.reset_index(drop=True)),
        found=sheet.found,
        row=(sheet.row if row is None else row).copy(),
        renumbered=False,
        source=sheet.source,
        where=sheet.where,
        notes=(*sheet.titles, *(one.text for one in sheet.apart if one.kind == "note")),
    )


def _sheet(
    path: Path,
    raw: RawSheet,
    head: Head,
    wanted: Mapping[str, tuple[str, ...]],
    columns: Mapping[str, str] | None,
    where: str,
) -> Sheet:
    names = list(head.names)
    # Says which named column is missing, in the words used everywhere.
    recognise_columns(pd.DataFrame(columns=names), wanted, columns, where)
    known = [names.index(column) for column in head.found.values()]
    for column in head.found.values():
        if f"{column} (2)" in names:
            warnings.warn(
                f"{where}: column '{column}' is there more than once; the first is read",
                LifecircleWarning,
                stacklevel=4,
            )
    first = head.rows[-1] + 1
    cells = _filled(raw, first)
    kinds = [(row, *kind_of_row(raw, row, head, columns=known)) for row in range(first, len(cells))]
    apart = [
        Apart(row=row + 1, kind=kind, text=text)
        for row, kind, text in kinds
        if kind not in ("record", "empty")
    ]
    width = _width(raw, head)
    records = [row for row, kind, _ in kinds if kind == "record"]
    # In a text table a comma too many moves every value after it into another column.
    broken = [] if raw.name else [row for row in records if _longer(cells[row], width)]
    whole = [row for row in records if row not in set(broken)]
    _tell_of_broken(broken, len(records), where)
    if not whole:
        raise InputError(
            Problem(
                what=f"none of its {len(records)} rows can be used" if records else "has no rows",
                where=where,
                remedy="put texts with commas into quotes, or save it as .xlsx" if records else "",
            )
        )
    totals = [row for row, kind, _ in kinds if kind == "total"]
    empty = [
        at
        for at, name in enumerate(names)
        if re.fullmatch(r"column \d+", name) and all(cells[row][at] is None for row in whole)
    ]
    frame = _frame(cells, whole, names).drop(columns=[names[at] for at in empty])
    sums = _frame(cells, totals, names)[list(frame.columns)]
    sums.index = pd.Index([row + 1 for row in totals], dtype=np.int64)
    return Sheet(
        name=raw.name,
        frame=frame,
        found=head.found,
        row=np.array([row + 1 for row in whole], dtype=np.int64),
        header_row=first,
        titles=_titles(raw, head),
        totals=sums,
        apart=tuple(apart),
        source=Source(
            name=path.name,
            sha256=sha256_of(path),
            rows_in=len(records),
            rows_used=len(whole),
            rows_refused=len(broken),
        ),
        where=where,
    )


def _titles(raw: RawSheet, head: Head) -> tuple[str, ...]:
    above = (
        " ".join(joined_lines(str(cell)) for cell in row if cell is not None)
        for row in raw.cells[: head.rows[0]]
    )
    return tuple(line for line in above if line)


def _width(raw: RawSheet, head: Head) -> int:
    named = [at for row in head.rows for at, cell in enumerate(raw.cells[row]) if cell is not None]
    return max(named, default=0) + 1


def _longer(cells: list[Cell], width: int) -> bool:
    return any(cell is not None for cell in cells[width:])


def _tell_of_broken(broken: list[int], count: int, where: str) -> None:
    if broken:
        named = ", ".join(str(row + 1) for row in broken[:5])
        more = f" and {len(broken) - 5} more" if len(broken) > 5 else ""
        warnings.warn(
            f"{where}: {len(broken)} of {count} rows have more cells than the header and are "
            f"refused: put texts with commas into quotes (row {named}{more})",
            DoubtfulRowsWarning,
            stacklevel=5,
        )


def _filled(raw: RawSheet, first: int) -> list[list[Cell]]:
    """Write merged text into every row it stands beside."""
    cells = [list(row) for row in raw.cells]
    for top, left, bottom, right in raw.merges:
        if top < first or bottom == top or bottom >= len(cells):
            continue
        value = raw.cells[top][left]
        if isinstance(value, str) and not is_number(value):
            for row in cells[top : bottom + 1]:
                row[left : right + 1] = [value] * len(row[left : right + 1])
    return cells


def _frame(cells: list[list[Cell]], rows: list[int], names: list[str]) -> pd.DataFrame:
    values = [
        [joined_lines(cell) if isinstance(cell, str) else cell for cell in cells[row]]
        for row in rows
    ]
    return pd.DataFrame(values, columns=names, dtype=object)
