"""
A workbook or a text table -> its sheets as grids of cells, as a person sees them.

Cells are text, numbers or empty; nothing is dropped or moved, and the bytes decide what a file is.
"""

from __future__ import annotations

import datetime
import io
import warnings
from dataclasses import dataclass, replace
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    WorksheetNotFound,
)

from lifecircle.errors import InputError, LifecircleWarning, Problem, SourceError
from lifecircle.sources.sheets.columns import seen_text
from lifecircle.sources.sheets.formulas import tell_of_formulas
from lifecircle.sources.sheets.text import grid_of_text
from lifecircle.sources.vectors.foreign import refuse_foreign

SHEET_SUFFIXES = frozenset(
    ".csv .tsv .txt .xlsx .xlsm .xlsb .xls .ods .et .ett .numbers .wps .doc .docx .pdf".split()
)
"""Endings of files that are tables without shapes, or documents somebody took for one."""

Cell = str | float | None
Grid = tuple[tuple[Cell, ...], ...]

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")


@dataclass(frozen=True, kw_only=True)
class RawSheet:
    """
    One sheet as it stands in its file.

    Parameters
    ----------
    name
        Name of the sheet; empty for a text table.
    cells
        Rows of cells from the sheet's first row on, all of one length; an empty cell is None.
    merges
        Merged ranges: first row, first column, last row, last column, counted from 0.
    """

    name: str
    cells: Grid
    merges: tuple[tuple[int, int, int, int], ...] = ()


def read_sheets(
    path: Path, *, sheet: str | None = None, encoding: str | None = None, where: str = ""
) -> tuple[RawSheet, ...]:
    """
    Read the sheets of a workbook, or a text table as the only one.

    Parameters
    ----------
    path
        ``.xlsx``, ``.xls``, ``.xlsm``, ``.xlsb``, ``.ods``, or text with any common delimiter.
    sheet
        Name of the only sheet wanted, or its number from 1; else all sheets that are not hidden.
    encoding
        Encoding of a text table, where it is not told rightly by itself.
    where
        Name for messages; the file's own when empty.

    Returns
    -------
    sheets
        In the order of the file.

    Raises
    ------
    SourceError
        If the file is missing, damaged, locked by a password or no table, with the way to make
        it one.
    InputError
        If it has no such sheet, or nothing in it.

    Warns
    -----
    LifecircleWarning
        If cells hold the error of a formula, or one that was never worked out, which are taken as
        empty; as `grid_of_text`.
    """
    where = where or path.name
    refuse_foreign(path, where=where)
    try:
        data = path.read_bytes()
    except OSError as error:
        what = "no such file" if isinstance(error, FileNotFoundError) else "cannot be read"
        raise SourceError(
            Problem(what=what, where=where, remedy="check its name; close it elsewhere")
        ) from error
    if not data.strip():
        raise InputError(Problem(what="is empty", where=where))
    if data.startswith((_ZIP, _OLE)):
        sheets = _of_workbook(data, sheet, where)
        tell_of_formulas(data, [one.name for one in sheets], where=where)
    elif data[:400].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith((b"<", b"mime-version")):
        raise SourceError(
            Problem(
                what="is a web page, whatever its ending says",
                where=where,
                remedy="open it in a spreadsheet program and save it as .xlsx",
            )
        )
    else:
        cells = grid_of_text(data, encoding=encoding, where=where)
        sheets = (RawSheet(name="", cells=cells),)
    return tuple(_without_errors(one, where) for one in sheets)


def _of_workbook(data: bytes, wanted: str | None, where: str) -> tuple[RawSheet, ...]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        table = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        seen = [one.name for one in table if one.visible == SheetVisibleEnum.Visible]
        names = [one.name for one in table]
        if wanted is not None:
            seen = [_named(wanted, names, where)]
        return tuple(_raw(book, name) for name in seen or names)
    except PasswordError as error:
        raise _locked(where) from error
    # A damaged archive is told by whichever of its parts breaks first.
    except (CalamineError, WorksheetNotFound, OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        if _is_encrypted(data):
            raise _locked(where) from error
        raise SourceError(
            Problem(
                what="is damaged, or no workbook whatever its ending says",
                where=where,
                remedy="open it in a spreadsheet program and save it as .xlsx",
            )
        ) from error


def _is_encrypted(data: bytes) -> bool:
    # A workbook with a password is an OLE file that holds a stream of this name in UTF-16.
    return data.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") in data


def _locked(where: str) -> SourceError:
    return SourceError(
        Problem(
            what="is locked by a password",
            where=where,
            remedy="open it and save it again without a password",
        )
    )


def _named(wanted: str, names: list[str], where: str) -> str:
    plain = {name.strip().casefold(): name for name in names}
    if wanted.strip().casefold() in plain:
        return plain[wanted.strip().casefold()]
    if wanted.strip().isdecimal() and 1 <= int(wanted) <= len(names):
        return names[int(wanted) - 1]
    raise InputError(
        Problem(
            what=f"has no sheet '{wanted}'",
            where=where,
            remedy=f"sheets found: {', '.join(names)}",
        )
    )


def _raw(book: CalamineWorkbook, name: str) -> RawSheet:
    sheet = book.get_sheet_by_name(name)
    rows = sheet.to_python(skip_empty_area=False)
    merges = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
    return RawSheet(
        name=name,
        cells=tuple(tuple(_cell(value) for value in row) for row in rows),
        merges=tuple(sorted(merges)),
    )


def _cell(value: object) -> Cell:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    text = seen_text(str(value))
    # An apostrophe told the spreadsheet to leave the digits of a code alone.
    return (text[1:] if text[:1] == "'" and text[1:].isdecimal() else text) or None


def _without_errors(sheet: RawSheet, where: str) -> RawSheet:
    broken = [
        row
        for row, cells in enumerate(sheet.cells, start=1)
        if any(isinstance(cell, str) and cell in _ERRORS for cell in cells)
    ]
    if not broken:
        return sheet
    named = ", ".join(map(str, broken[:5]))
    warnings.warn(
        f"{where}: formulas of {len(broken)} rows give an error, taken as empty (row {named})",
        LifecircleWarning,
        stacklevel=3,
    )
    return replace(
        sheet,
        cells=tuple(
            tuple(None if isinstance(cell, str) and cell in _ERRORS else cell for cell in row)
            for row in sheet.cells
        ),
    )
