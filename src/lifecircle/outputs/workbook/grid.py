"""
What a sheet is made of before it is drawn: fields, rows, tables one below the other.

A sheet is a value; `workbook` is the only place that turns it into a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from lifecircle.outputs import style
from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names

Cell = str | float | bool | None
Row = tuple[Cell, ...]
Form = Literal[
    "text",
    "wide",
    "prose",
    "number",
    "people",
    "share",
    "metres",
    "minutes",
    "score",
    "ratio",
    "grade",
    "sheet",
]


@dataclass(frozen=True, kw_only=True)
class Field:
    """
    One column of a sheet.

    Parameters
    ----------
    heading
        What stands above it.
    form
        How its values are shown: ``wide`` and ``prose`` are text that wraps, ``share`` is a
        percentage, ``grade`` a grade code drawn in its colour, ``sheet`` the name of a sheet, which
        leads there; the others are numbers.
    choices
        Values offered in a drop-down; others may be typed.
    planner
        Whether the planner is meant to fill it in or change it.
    span
        Columns of the sheet it takes, so that long text and short figures share one sheet.
    code
        What the planner's entries in it are kept under, the same in every language; empty where
        they are not kept.
    """

    heading: str
    form: Form = "text"
    choices: tuple[str, ...] = ()
    planner: bool = False
    span: int = 1
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class Block:
    """
    One table on a sheet.

    Parameters
    ----------
    title
        What stands above its headings.
    fields
        Its columns.
    rows
        Its values, one per field.
    totals
        How many of the last rows are totals.
    empty
        What is said where there are no rows.
    column
        Where it begins, so that its columns fall under ones of like width.
    table
        What the planner's entries in it are kept under; empty where they are not kept.
    key
        Places of the fields that together name a row, where entries are kept.
    """

    title: str
    fields: tuple[Field, ...]
    rows: tuple[Row, ...]
    totals: int = 0
    empty: str = ""
    column: int = 0
    table: str = ""
    key: tuple[int, ...] = ()

    def key_of(self, row: Row) -> str:
        """
        Name a row by its key.

        Parameters
        ----------
        row
            One of its rows.

        Returns
        -------
        key
            The cells of the key without blanks, ``|`` between them.
        """
        return "|".join("".join(str(row[place] or "").split()) for place in self.key)


@dataclass(frozen=True, kw_only=True)
class Worksheet:
    """
    One sheet: tables one below the other.

    Parameters
    ----------
    name
        Its tab, at most 31 characters.
    note
        One line under the title: base, unit, how to read it.
    blocks
        Its tables from top to bottom.
    paper
        ``A3`` or ``A4``, printed landscape.
    pages_wide
        Pages the main table may take side by side.
    held
        Columns that stay in view and are printed again on every page. Where there are any, the
        first table is the main one and carries the filter and the frozen, repeated headings.
    """

    name: str
    note: str
    blocks: tuple[Block, ...]
    paper: Literal["A3", "A4"] = "A3"
    pages_wide: int = 1
    held: int = 0


def records(frame: pd.DataFrame) -> list[dict[str, Cell]]:
    """
    Give a table's rows as plain values.

    Parameters
    ----------
    frame
        Any table; geometry is left out.

    Returns
    -------
    rows
        Column to value, missing values as None.
    """
    plain = pd.DataFrame(frame.drop(columns="geometry", errors="ignore")).astype(object)
    rows: list[dict[str, Cell]] = plain.where(plain.notna(), None).to_dict("records")
    return rows


def rows_by(frame: pd.DataFrame, key: str) -> dict[Cell, dict[str, Cell]]:
    """
    Index a table's rows by an id.

    Parameters
    ----------
    frame
        Any table.
    key
        Column of the ids.

    Returns
    -------
    rows
        Id to row.
    """
    return {row[key]: row for row in records(frame)}


def rounded(value: Cell) -> float | None:
    """
    Round people or an area as the CSV files do.

    Parameters
    ----------
    value
        A number or missing.

    Returns
    -------
    rounded
        With one decimal; None where it is no number.
    """
    return None if value is None or isinstance(value, str) else round(float(value), 1)


def added(values: Iterable[Cell]) -> float | None:
    """
    Add up what is known.

    Parameters
    ----------
    values
        Numbers and missing values.

    Returns
    -------
    total
        None where nothing is known.
    """
    known = [float(value) for value in values if isinstance(value, int | float)]
    return round(sum(known), 1) if known else None


def land_code(parcel: Mapping[str, Cell]) -> str | None:
    """
    Write a land code with its code system, without which it means nothing.

    Parameters
    ----------
    parcel
        A row of parcels; may be empty.

    Returns
    -------
    text
        For example ``2301 (2023)``.
    """
    code, system = parcel.get("code"), parcel.get("code_system")
    if code is None:
        return None
    return f"{code} ({system})" if system is not None else str(code)


@dataclass(frozen=True, kw_only=True)
class Choices:
    """
    What the drop-downs of the planner's columns offer.

    Parameters
    ----------
    modes, states
        Labels of the modes of building and of a project's status.
    bodies
        Bodies the standard suggests or the projects name.
    years
        Years of the programme and two more.
    """

    modes: tuple[str, ...]
    states: tuple[str, ...]
    bodies: tuple[str, ...]
    years: tuple[str, ...]

    @classmethod
    def of(cls, content: Content, names: Names) -> Choices:
        """
        Collect what a run can offer.

        Parameters
        ----------
        content
            What the run has to show.
        names
            Its words.

        Returns
        -------
        choices
            In the run's language.
        """
        bodies = {
            str(getattr(kind, f"{role}_body_{names.language}"))
            for kind in content.standard.types
            for role in ("lead", "cooperating")
        }
        years: set[int] = set()
        for frame in (content.projects, content.programme):
            for column in ("lead_body", "cooperating_body"):
                bodies |= {str(body) for body in frame[column].dropna()}
            years |= {int(year) for year in frame["year"].dropna()}
        # A programme can be stretched: two more years than are planned are offered.
        last = max(years, default=0)
        return cls(
            modes=tuple(names.label("mode", code) for code in style.codes("mode")),
            states=tuple(
                names.label("project_status", code) for code in style.codes("project_status")
            ),
            bodies=tuple(sorted(body for body in bodies if body)),
            years=tuple(str(year) for year in sorted(years | {last + 1, last + 2})),
        )
