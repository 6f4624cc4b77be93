"""
Layers of a planner's own -> cells read as text, numbers and codes.

What a cell says that nobody can use is told with its row and left missing, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.errors import DoubtfulRowsWarning, InputError, Problem
from lifecircle.provenance import Source
from lifecircle.sources.sheets.columns import clean_text, recognise_columns, unit_above
from lifecircle.sources.vectors.layers import read_vector

MU_M2 = 10_000 / 15
"""One 亩 [m²]: fifteen to the hectare."""
PIECES: Mapping[str, float] = dict.fromkeys(("", "层", "f", "户", "人", "张", "床", "个"), 1.0)
"""Units a number of pieces may carry."""

_AREAS: Mapping[str, float] = {
    **dict.fromkeys(("", "m2", "平方米", "平米", "sqm"), 1.0),
    **dict.fromkeys(("亩", "mu"), MU_M2),
    **dict.fromkeys(("公顷", "ha", "hm2", "万平方米", "万平米", "万m2"), 10_000.0),
    **dict.fromkeys(("平方公里", "平方千米", "km2"), 1_000_000.0),
}
_NUMBER = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?)\s*(\D.*)?")
_ABOUT = re.compile(r"^(?:大约|约|近|~|≈)\s*|(?:左右|余|多)(?=\D*$)")
_LARGE_UNIT = re.compile(
    r"平方公里|平方千米|km2|万平方米|万平米|万m2|公顷|hm2|亩|(?<![a-z])(?:ha|mu)(?![a-z])"
)


@dataclass(frozen=True, kw_only=True)
class Layer:
    """
    One layer of a planner's file with its columns told apart.

    Parameters
    ----------
    table
        Rows whose shape is of a wanted type, in the file's own system; a fresh index.
    found
        Meaning to column.
    row
        Number each row has in the file, counted from 1 among those with a shape, shape (n,).
    renumbered
        Whether rows without a shape were left out, so that `row` may be behind the file's own.
    source
        Origin and counts; rows of another type of shape are `rows_doubtful`.
    where
        Name for messages.
    notes
        What stands above and below the records of a sheet, line by line.
    """

    table: gpd.GeoDataFrame
    found: Mapping[str, str]
    row: NDArray[np.int64]
    renumbered: bool
    source: Source
    where: str
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.row.flags.writeable = False

    def __len__(self) -> int:
        return len(self.table)


def read_layer(
    path: Path,
    *,
    wanted: Mapping[str, tuple[str, ...]],
    columns: Mapping[str, str] | None,
    geometry: Sequence[str],
    layer: str | None,
    crs: str | None,
    encoding: str | None,
) -> Layer:
    """
    Read a vector file and tell its columns apart.

    Parameters
    ----------
    path
        Vector file.
    wanted
        Meaning to the names such a column is known by.
    columns
        Meaning to the column the planner says.
    geometry
        Types of shape that can be used.
    layer, crs, encoding
        As for `read_vector`.

    Returns
    -------
    layer
        The rows that have such a shape; a multipoint of one point is a point.

    Raises
    ------
    InputError
        If no row has a shape of the wanted types; else as `read_vector` and `recognise_columns`.

    Warns
    -----
    DoubtfulRowsWarning
        If rows have shapes of another type and are left out.
    """
    where = path.name
    table, source = read_vector(path, layer=layer, crs=crs, encoding=encoding)
    found = recognise_columns(table, wanted, columns, where)
    shapes = np.asarray(table.geometry.array, dtype=object)
    alone = (shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOINT) & (
        shapely.get_num_geometries(shapes) == 1
    )
    shapes = np.where(alone, shapely.get_geometry(shapes, 0), shapes)
    table = table.set_geometry(gpd.GeoSeries(shapes, index=table.index, crs=table.crs))
    types = np.asarray(table.geom_type, dtype=object)
    fits = np.isin(types, geometry)
    others = ", ".join(sorted(set(types[~fits])))
    named = " or ".join(one for one in geometry if not one.startswith("Multi"))
    if not fits.any():
        remedy = "close the lines to polygons in a GIS" if "Line" in others else "name another file"
        raise InputError(
            Problem(what=f"holds only {others}, {named} is needed", where=where, remedy=remedy)
        )
    whole = Layer(
        table=table,
        found=found,
        row=np.arange(1, len(table) + 1, dtype=np.int64),
        renumbered=source.rows_in > source.rows_used,
        source=source,
        where=where,
    )
    warn_of_rows(whole, ~fits, f"are {others}, not {named}, and are left out")
    return kept_rows(whole, fits)


def kept_rows(layer: Layer, keep: NDArray[np.bool_]) -> Layer:
    """
    Keep some rows of a layer and count the others as doubtful.

    Parameters
    ----------
    layer
        The layer; not changed.
    keep
        Which rows stay, shape (n,).

    Returns
    -------
    layer
        Those rows; they alone are `rows_used`.
    """
    gone = int((~keep).sum())
    source = layer.source
    return replace(
        layer,
        table=layer.table[keep].reset_index(drop=True),
        row=layer.row[keep],
        source=replace(
            source, rows_used=source.rows_used - gone, rows_doubtful=source.rows_doubtful + gone
        ),
    )


def warn_of_rows(layer: Layer, bad: NDArray[np.bool_], what: str, *, most: int = 5) -> None:
    """
    Warn of rows, with their count and the first of their numbers.

    Parameters
    ----------
    layer
        The layer.
    bad
        Which rows are meant, shape (n,); nothing is said of none.
    what
        What is the matter with them and what follows, as the rest of a sentence.
    most
        How many rows are named.
    """
    rows = layer.row[bad].tolist()
    if not rows:
        return
    more = f" and {len(rows) - most} more" if len(rows) > most else ""
    among = ", counted among those with a shape" if layer.renumbered else ""
    named = ", ".join(map(str, rows[:most]))
    warnings.warn(
        f"{layer.where}: {len(rows)} of {len(layer)} rows {what} (row {named}{more}{among})",
        DoubtfulRowsWarning,
        stacklevel=3,
    )


def warn_of_words(layer: Layer, meaning: str, unknown: NDArray[np.bool_], what: str) -> None:
    """
    Warn of rows that hold a word nobody knows.

    Parameters
    ----------
    layer
        The layer.
    meaning
        What the column means.
    unknown
        Which rows are meant, shape (n,); nothing is said of none.
    what
        What follows, as the rest of a sentence after the word.
    """
    if unknown.any():
        words = sorted(set(texts_of(layer, meaning)[unknown]))
        named = ", ".join(f"'{word[:20]}'" for word in words[:3]) + ", …" * (len(words) > 3)
        warn_of_rows(layer, unknown, f"hold {named} in '{layer.found[meaning]}', which {what}")


def texts_of(layer: Layer, meaning: str) -> pd.Series:
    """
    Read a column as text.

    Parameters
    ----------
    layer
        The layer.
    meaning
        What the column means.

    Returns
    -------
    texts
        Text without blanks around it, None for an empty cell; all None without such a column.
    """
    if meaning not in layer.found:
        return pd.Series([None] * len(layer), index=layer.table.index, dtype=object)
    return clean_text(layer.table[layer.found[meaning]])


def numbers_of(
    layer: Layer,
    meaning: str,
    *,
    units: Mapping[str, float] = PIECES,
    most: float = np.inf,
    about: bool = False,
) -> NDArray[np.float64]:
    """
    Read a column as numbers that are never negative.

    Parameters
    ----------
    layer
        The layer.
    meaning
        What the column means.
    units
        Unit a cell may carry to its factor; the empty one is what a bare number is taken times.
    most
        Largest value that can be right, in the unit of the result.
    about
        Whether 约 before a number or 左右 behind it still makes it one.

    Returns
    -------
    numbers
        Numbers in the unit of the factors, shape (n,); NaN for an empty cell, and for text,
        negative and impossible values, which are warned of.

    Warns
    -----
    DoubtfulRowsWarning
        If cells hold text, a negative or an impossible number.
    """
    texts = texts_of(layer, meaning)
    pairs = [(np.nan, "") if text is None else _number(text, about=about) for text in texts]
    factor = np.array([units.get(unit, np.nan) for _, unit in pairs], dtype=np.float64)
    numbers = np.array([number for number, _ in pairs], dtype=np.float64) * factor
    column = layer.found.get(meaning, meaning)
    given = texts.notna().to_numpy(dtype=bool)
    for bad, what in (
        (given & ~np.isfinite(numbers), "text"),
        (numbers < 0, "a negative number"),
        (np.isfinite(numbers) & (numbers > most), f"a number above {most:g}"),
    ):
        if bad.any():
            example = texts[bad].iloc[0][:20]
            warn_of_rows(layer, bad, f"hold {what} in '{column}' ('{example}'), taken as missing")
    return np.where(np.isfinite(numbers) & (numbers >= 0) & (numbers <= most), numbers, np.nan)


def is_number(text: str) -> bool:
    """
    Tell whether a cell says a number, with or without a unit.

    Parameters
    ----------
    text
        What the cell says.

    Returns
    -------
    number
        Whether it is one, as ``1,200``, ``约3.5亩`` and ``40人`` are and 60岁以上 is not.

    Examples
    --------
    >>> from lifecircle.sources.sheets.cells import is_number
    >>> is_number("约1,200人"), is_number("城东社区")
    (True, False)
    """
    number, unit = _number(text, about=True)
    return bool(np.isfinite(number)) and (unit in PIECES or unit in _AREAS)


def _number(text: str, *, about: bool) -> tuple[float, str]:
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    if about:
        plain = _ABOUT.sub("", plain)
    try:
        return float(plain), ""
    except ValueError:
        hit = _NUMBER.fullmatch(plain)
    return (np.nan, "") if hit is None else (float(hit[1].replace(",", "")), (hit[2] or "").strip())


def areas_of(layer: Layer, meaning: str, *, about: bool = False) -> NDArray[np.float64]:
    """
    Read a column as areas, in the unit its name or a cell says.

    Parameters
    ----------
    layer
        The layer.
    meaning
        What the column means.
    about
        As for `numbers_of`.

    Returns
    -------
    area_m2
        Areas [m²], shape (n,); NaN where there is none. 亩, 公顷 and others behind a number, in the
        column's name or in a line above (单位：亩; not for floors) are turned into square metres.

    Warns
    -----
    DoubtfulRowsWarning
        As `numbers_of`.
    """
    name = unicodedata.normalize("NFKC", layer.found.get(meaning, "")).casefold()
    large = _LARGE_UNIT.search(name)
    said = meaning == "floor" or re.search("m2|平方?米", name)
    bare = _AREAS[large.group() if large else "" if said else unit_above(layer.notes, _AREAS)]
    return numbers_of(layer, meaning, units={**_AREAS, "": bare}, about=about)


def codes_of(
    layer: Layer, meaning: str, rules: Sequence[tuple[str, str]]
) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """
    Read a column of words as codes.

    Parameters
    ----------
    layer
        The layer.
    meaning
        What the column means.
    rules
        Code and the pattern of the whole words it stands for, the first that fits decides;
        patterns see small letters of half width.

    Returns
    -------
    codes
        Codes, None where the cell is empty or unknown, shape (n,).
    unknown
        Whether there is a word that no rule knows, shape (n,).
    """
    texts = texts_of(layer, meaning)
    codes = np.array([None if text is None else _code(text, rules) for text in texts], dtype=object)
    return codes, texts.notna().to_numpy(dtype=bool) & pd.isna(codes)


def _code(text: str, rules: Sequence[tuple[str, str]]) -> str | None:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return next((code for code, pattern in rules if re.fullmatch(pattern, plain)), None)
