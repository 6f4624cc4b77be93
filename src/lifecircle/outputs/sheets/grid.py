"""Tables on a sheet: columns in millimetres, cells that wrap, rows that do not fit counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lifecircle.outputs.sheets.page import INK, MM_OF_POINT, Page, wrapped


@dataclass(frozen=True, kw_only=True)
class Column:
    """
    A column of a printed table.

    Parameters
    ----------
    heading
        What stands above it.
    width
        Its width [mm].
    across
        ``left``, ``center`` or ``right``.
    """

    heading: str
    width: float
    across: str = "left"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """
    A cell with a colour of its own.

    Parameters
    ----------
    text
        What it says.
    fill, ink
        Its colours.
    """

    text: str
    fill: str | None = None
    ink: str = INK


def table(
    page: Page,
    x: float,
    y: float,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str | Cell]],
    *,
    until: float,
    more: str,
    size: float = 6.5,
) -> float:
    """
    Print a table; rows that do not fit are counted below it.

    Parameters
    ----------
    page
        The sheet.
    x, y
        Upper left corner [mm].
    columns
        Its columns.
    rows
        A text or a `Cell` per column; long texts take up to three lines.
    until
        Lowest it may reach [mm].
    more
        What is said of rows that do not fit, with ``{n}``.
    size
        Of the letters [points].

    Returns
    -------
    y
        Where it ends [mm].
    """
    line = size * MM_OF_POINT * 1.3
    width = sum(one.width for one in columns)
    page.box(x, y, width, line + 1.6, fill="#e9ecef")
    at = x
    for column in columns:
        _put(page, column, at, y + (line + 1.6) / 2, column.heading, size, bold=True)
        at += column.width
    y += line + 1.6
    for done, row in enumerate(rows):
        cells = [one if isinstance(one, Cell) else Cell(text=one) for one in row]
        lines = [
            wrapped(cell.text, column.width - 1.6, size)[:3]
            for cell, column in zip(cells, columns, strict=True)
        ]
        height = max(len(one) for one in lines) * line + 1.2
        left = len(rows) - done
        if y + height + (line if left > 1 else 0) > until:
            page.text(x + 0.8, y + line * 0.7, more.format(n=left), size=size, colour="#5b6068")
            return y + line
        at = x
        for cell, column, texts in zip(cells, columns, lines, strict=True):
            if cell.fill is not None:
                page.box(at + 0.3, y + 0.3, column.width - 0.6, height - 0.6, fill=cell.fill)
            first = y + height / 2 - line * (len(texts) - 1) / 2
            for number, text in enumerate(texts):
                _put(page, column, at, first + number * line, text, size, colour=cell.ink)
            at += column.width
        y += height
        page.rule(x, y, width, weight=0.25)
    return y


def _put(
    page: Page,
    column: Column,
    x: float,
    y: float,
    text: str,
    size: float,
    *,
    colour: str = INK,
    bold: bool = False,
) -> None:
    where = {"left": x + 0.8, "center": x + column.width / 2, "right": x + column.width - 0.8}
    page.text(where[column.across], y, text, size=size, colour=colour, across=column.across,
              bold=bold)  # fmt: skip
