"""Rows of a layer or sheet -> which columns and which words they hold, as shares of their cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

import pandas as pd

from lifecircle.sources.sheets.cells import is_number
from lifecircle.sources.sheets.columns import recognise_columns
from lifecircle.sources.sheets.places import PLACE_COLUMNS
from lifecircle.sources.vectors.looks import Look

_PLURAL = {"polygon": "outlines", "line": "lines", "point": "points"}


def columns_of(cells: pd.DataFrame, wanted: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """
    Tell columns by the names they are known by.

    Parameters
    ----------
    cells
        The rows.
    wanted
        Meaning to names.

    Returns
    -------
    columns
        Meaning to column.
    """
    return recognise_columns(cells, wanted, None, "")


def named(cells: pd.DataFrame, *names: str) -> str | None:
    """
    Find the first column of one of these names, blanks and brackets left aside.

    Parameters
    ----------
    cells
        The rows.
    names
        What it may be called.

    Returns
    -------
    column
        Its name in the file; None without one.
    """
    plain = {_plain(str(column)): str(column) for column in cells.columns}
    return next((plain[_plain(name)] for name in names if _plain(name) in plain), None)


def _plain(name: str) -> str:
    return re.sub(r"\(.*?\)|\s", "", unicodedata.normalize("NFKC", name)).casefold()


def share_of(cells: pd.DataFrame, column: str | None, pattern: str) -> float:
    """
    Say how many of a column's filled cells fit a pattern, 0 where none is filled.

    Parameters
    ----------
    cells
        The rows.
    column
        One of them, or None.
    pattern
        What a whole cell must fit, small letters or large.

    Returns
    -------
    share
        0 to 1.
    """
    if column is None:
        return 0.0
    filled = cells[column].dropna().astype(str)
    fits = filled.str.fullmatch(pattern, flags=re.IGNORECASE | re.DOTALL)
    return float(fits.mean()) if len(filled) else 0.0


def numbers_in(cells: pd.DataFrame, column: str | None) -> float:
    """
    Say how many of a column's filled cells are numbers, 0 where none is filled.

    Parameters
    ----------
    cells
        The rows.
    column
        One of them, or None.

    Returns
    -------
    share
        0 to 1.
    """
    if column is None:
        return 0.0
    filled = cells[column].dropna().astype(str)
    return float(filled.map(is_number).mean()) if len(filled) else 0.0


def described(look: Look, *columns: str | None) -> str:
    """
    Describe a layer by its rows and some columns.

    Parameters
    ----------
    look
        The layer or sheet.
    columns
        Columns to name; None is left out.

    Returns
    -------
    text
        As in ``340 outlines with XQMC, SFFB``.
    """
    told = ", ".join(column for column in columns if column)
    plural = _PLURAL.get(look.shape, "rows")
    what = f"{len(look):,} {plural if len(look) != 1 else plural.removesuffix('s')}"
    return f"{what} with {told}" if told else what


def is_placed(cells: pd.DataFrame) -> bool:
    """
    Tell whether a table says where its rows are.

    Parameters
    ----------
    cells
        The rows.

    Returns
    -------
    placed
        Whether it has coordinates.
    """
    found = columns_of(cells, PLACE_COLUMNS)
    return "lonlat" in found or {"lon", "lat"} <= set(found)
