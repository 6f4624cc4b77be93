"""Workbooks and text tables as offices fill them in, written for one test."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook


def book(folder, *sheets, name="list.xlsx", merge=(), hidden=()):
    """Write sheets of rows; a sheet is its rows, or its name and its rows."""
    made = Workbook()
    made.remove(made.active)
    for number, one in enumerate(sheets, start=1):
        title, rows = one if isinstance(one, tuple) else (f"Sheet{number}", one)
        page = made.create_sheet(title)
        for row in rows:
            page.append(row)
        for cells in merge:
            page.merge_cells(cells)
        if title in hidden:
            page.sheet_state = "hidden"
    path = Path(folder) / name
    made.save(path)
    return path


def text(folder, lines, *, name="list.csv", encoding="utf-8"):
    path = Path(folder) / name
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path
