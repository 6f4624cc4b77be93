"""
A workbook with a sheet per year -> the sheet that counts last.

Dates are read in the sheets' names and in the lines above their headers.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Mapping
from pathlib import Path

from lifecircle.errors import LifecircleWarning
from lifecircle.sources.sheets.files import read_sheets
from lifecircle.sources.sheets.head import find_head

_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?!\d)\s*(?:[年./-]\s*(\d{1,2})(?!\d)\s*(?:[月./-]\s*(\d{1,2})(?!\d))?)?"
)


def date_in(text: str) -> tuple[int, int, int] | None:
    """
    Find the latest date a text names.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    date
        Year, month and day, 0 where it does not say; None where it names no year.

    Examples
    --------
    >>> from lifecircle.sources.people.sheets import date_in
    >>> date_in("标准时点：2020年11月1日零时"), date_in("公安2025"), date_in("单位：人")
    ((2020, 11, 1), (2025, 0, 0), None)
    """
    plain = unicodedata.normalize("NFKC", text)
    found = [tuple(int(part or 0) for part in one.groups()) for one in _DATE.finditer(plain)]
    dates = [(year, month, day) for year, month, day in found if month <= 12 and day <= 31]
    return max(dates, default=None)


def latest_sheet(
    path: Path,
    *,
    wanted: Mapping[str, tuple[str, ...]],
    columns: Mapping[str, str] | None,
    needed: tuple[str, ...],
) -> str | None:
    """
    Choose among sheets that all have the needed columns.

    Parameters
    ----------
    path
        Workbook or text table.
    wanted
        Meaning to the names such a column is known by.
    columns
        Meaning to the column the planner says.
    needed
        Meanings a sheet must have.

    Returns
    -------
    sheet
        Name of the one with the latest date; None where there are not several, or no date tells
        them apart.

    Warns
    -----
    LifecircleWarning
        Which sheet was chosen, and which others there are.
    """
    dated = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LifecircleWarning)  # told when the sheet is read
        raw = read_sheets(path)
    for one in raw:
        head = find_head(one, wanted, columns)
        if head is None or not set(needed) <= set(head.found):
            continue
        above = " ".join(
            str(cell) for row in one.cells[: head.rows[0]] for cell in row if cell is not None
        )
        dated.append((date_in(f"{one.name} {above}") or (0, 0, 0), one.name))
    if len(dated) < 2:
        return None
    latest, name = max(dated, key=lambda pair: pair[0])
    if latest == (0, 0, 0) or [date for date, _ in dated].count(latest) > 1:
        return None
    others = ", ".join(f"'{other}' ({_said(date)})" for date, other in dated if other != name)
    warnings.warn(
        f"{path.name}: sheet '{name}' is read, the latest ({_said(latest)}); others: {others}",
        LifecircleWarning,
        stacklevel=3,
    )
    return name


def _said(date: tuple[int, int, int]) -> str:
    parts = [f"{date[0]:04d}", *(f"{part:02d}" for part in date[1:] if part)]
    return "-".join(parts) if date[0] else "no date"
