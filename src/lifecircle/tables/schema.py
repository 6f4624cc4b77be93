"""What a table must hold, and the one door it is checked at: every problem, with its row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.errors import Problem, SchemaError

Kind = Literal["id", "text", "number", "count", "flag", "object"]

POINT = ("Point",)
LINE = ("LineString", "MultiLineString")
AREA = ("Polygon", "MultiPolygon")


@dataclass(frozen=True, kw_only=True)
class Column:
    """
    What a column must hold.

    Parameters
    ----------
    kind
        ``id`` unique non-empty text; ``text``; ``number`` any finite number or missing;
        ``count`` a number that is never negative, or missing; ``flag`` True or False;
        ``object`` anything.
    required
        Whether the column must be there; an absent optional column is added, filled with missing.
    allowed
        The only values a text may take; empty when any may.
    filled
        Whether missing values are refused.
    """

    kind: Kind
    required: bool = True
    allowed: tuple[str, ...] = ()
    filled: bool = False


@dataclass(frozen=True, kw_only=True)
class Schema:
    """
    A table's name, columns and geometry types.

    Parameters
    ----------
    name
        What the table is called in messages.
    columns
        Column name to what it must hold, in output order.
    geometry
        Allowed geometry types; empty for a table without geometry.
    """

    name: str
    columns: Mapping[str, Column]
    geometry: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", MappingProxyType(dict(self.columns)))


ID = Column(kind="id")
TEXT = Column(kind="text", required=False)
NUMBER = Column(kind="number", required=False)
COUNT = Column(kind="count", required=False)


def empty(schema: Schema, crs: object) -> gpd.GeoDataFrame:
    """
    Make an empty table of a schema.

    Parameters
    ----------
    schema
        The schema.
    crs
        Reference system of its geometry.

    Returns
    -------
    table
        No rows, all columns, right types.

    Examples
    --------
    >>> from lifecircle.tables import COMMUNITIES, empty
    >>> list(empty(COMMUNITIES, "EPSG:4528").columns)[:2]
    ['community_id', 'name']
    """
    data = {name: pd.Series([], dtype=_dtype(column)) for name, column in schema.columns.items()}
    return gpd.GeoDataFrame(data, geometry=gpd.GeoSeries([], crs=crs), crs=crs)


def check(
    frame: gpd.GeoDataFrame, schema: Schema, *, where: str, row_offset: int = 0
) -> gpd.GeoDataFrame:
    """
    Check a table against its schema and give it back in the schema's order and types.

    Parameters
    ----------
    frame
        The table; not changed.
    schema
        What it must be.
    where
        File or layer name for the messages.
    row_offset
        Added to a row's position in the messages, so that they name the row a spreadsheet shows.

    Returns
    -------
    table
        A copy: schema columns first (absent optional ones filled with missing), any others
        after them, geometry last, a fresh index.

    Raises
    ------
    SchemaError
        With every problem of the table: absent columns, doubled or empty ids, values that are no
        number, negative or not allowed, geometry that is missing, empty or of another type.
    """
    table = frame.reset_index(drop=True)
    problems: list[Problem] = []
    if schema.geometry and getattr(table, "_geometry_column_name", None) not in table.columns:
        raise SchemaError(Problem(what="holds no geometry", where=where))
    if schema.geometry and table.geometry.name != "geometry":
        table = table.rename_geometry("geometry")
    for name, column in schema.columns.items():
        if name not in table.columns:
            if column.required:
                problems.append(
                    Problem(
                        what=f"column '{name}' is missing",
                        where=where,
                        remedy=f"columns found: {', '.join(map(str, table.columns)) or 'none'}",
                    )
                )
            else:
                table[name] = pd.Series([None] * len(table), dtype=_dtype(column))
            continue
        table[name], found = _checked_column(table[name], name, column, where, row_offset)
        problems += found
    if schema.geometry:
        problems += _geometry_problems(table, schema, where, row_offset)
    if problems:
        raise SchemaError(problems)
    if not schema.geometry:
        return table
    known = [*schema.columns]
    others = [name for name in table.columns if name not in known and name != "geometry"]
    return table[[*known, *others, "geometry"]]


def _dtype(column: Column) -> str:
    return {"number": "float64", "count": "float64", "flag": "boolean"}.get(column.kind, "object")


def _checked_column(
    values: pd.Series, name: str, column: Column, where: str, row_offset: int
) -> tuple[pd.Series, list[Problem]]:
    problems: list[Problem] = []

    def refuse(bad: NDArray[np.bool_], what: str, remedy: str = "") -> None:
        if bad.any():
            problems.append(
                Problem(
                    what=f"column '{name}' {what}",
                    where=_rows(where, bad, row_offset),
                    remedy=remedy,
                )
            )

    missing = values.isna().to_numpy()
    if column.kind in ("number", "count"):
        numbers = pd.to_numeric(values, errors="coerce").astype("float64")
        refuse(numbers.isna().to_numpy() & ~missing, "holds text where a number is needed")
        refuse(np.isinf(numbers.to_numpy()), "holds an infinite number")
        if column.kind == "count":
            refuse((numbers < 0).to_numpy(), "holds a negative number", "correct or empty it")
        values = numbers
    elif column.kind == "flag":
        refuse(~values.isin([True, False]).to_numpy() & ~missing, "must be true or false")
        if not problems:
            # One by one: a column may mix True with 1.
            known = [None if gone else bool(one) for one, gone in zip(values, missing, strict=True)]
            values = pd.Series(known, index=values.index, dtype="boolean")
    elif column.kind in ("id", "text"):
        values = values.astype("object").where(~missing, None)
        if column.allowed:
            bad = ~values.isin(column.allowed).to_numpy() & ~missing
            refuse(bad, f"holds an unknown value; known: {', '.join(column.allowed)}")
    if column.kind == "id":
        blank = missing | (values.astype(str).str.strip() == "").to_numpy()
        refuse(blank, "is empty", "give every row an id")
        refuse(values.duplicated(keep=False).to_numpy() & ~blank, "holds the same id twice")
    elif column.filled:
        refuse(missing, "is empty")
    return values, problems


def _geometry_problems(
    table: gpd.GeoDataFrame, schema: Schema, where: str, row_offset: int
) -> list[Problem]:
    problems = []
    if table.crs is None:
        problems.append(
            Problem(
                what="has no coordinate reference system", where=where, remedy="declare its crs"
            )
        )
    shapes = table.geometry.array
    missing = np.asarray(shapes.isna()) | np.asarray(shapes.is_empty)
    if missing.any():
        problems.append(
            Problem(what="geometry is missing", where=_rows(where, missing, row_offset))
        )
    other = ~np.isin(np.asarray(shapes.geom_type, dtype=object), schema.geometry) & ~missing
    if other.any():
        problems.append(
            Problem(
                what=f"geometry must be {' or '.join(schema.geometry)}",
                where=_rows(where, other, row_offset),
            )
        )
    return problems


def _rows(where: str, bad: NDArray[np.bool_], row_offset: int, most: int = 5) -> str:
    rows: Sequence[int] = (np.flatnonzero(bad) + row_offset).tolist()
    named = ", ".join(str(row) for row in rows[:most])
    more = f" and {len(rows) - most} more" if len(rows) > most else ""
    return f"{where}, row {named}{more}"
