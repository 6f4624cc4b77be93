"""
A list of places in a workbook or a text table -> a layer of points, by the columns that say where.

No datum is guessed: it is declared, or the list itself says it; a row without a place is told.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from lifecircle import geo
from lifecircle.errors import CrsError, InputError, LifecircleWarning, Problem
from lifecircle.sources.facilities.not_reported import says_missing
from lifecircle.sources.sheets.cells import Layer, kept_rows, texts_of, warn_of_rows
from lifecircle.sources.sheets.spreadsheets import Sheet, read_sheet
from lifecircle.sources.systems.frames import CHOICES, frame_of, is_system, named
from lifecircle.sources.systems.readings import are_degrees, zone_epsg
from lifecircle.sources.vectors.strays import stray_rows

PLACE_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "lon": (
        *("lon", "lng", "longitude", "经度", "东经", "经度坐标", "X", "X坐标", "坐标X", "横坐标"),
        *("POINT_X", "东坐标", "JD"),
    ),
    "lat": (
        *("lat", "latitude", "纬度", "北纬", "纬度坐标", "Y", "Y坐标", "坐标Y", "纵坐标"),
        *("POINT_Y", "北坐标", "WD"),
    ),
    "lonlat": (
        *("lonlat", "lnglat", "location", "经纬度", "经纬度坐标", "坐标", "坐标点", "位置坐标"),
        *("地理坐标", "点位坐标", "定位"),
    ),
}
"""What the columns that say where a place is are known by; ``lonlat`` holds both numbers."""

_SAID = (
    ("gcj02", re.compile(r"高德|腾讯|gcj-?02|火星坐标", re.IGNORECASE)),
    ("bd09", re.compile(r"百度|bd-?09", re.IGNORECASE)),
    ("cgcs2000", re.compile(r"国家\s*2000|2000国家|cgcs\s*2000|大地2000|天地图", re.IGNORECASE)),
    ("wgs84", re.compile(r"wgs-?\s*84|\bgps\b", re.IGNORECASE)),
)
_PART = r"(\d{1,3})[°度](\d{1,2})['分](\d{1,2}(?:\.\d+)?)(?:\"|''|秒)?"
_ANGLE = re.compile(_PART)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e\+?\d+)?")


def read_sheet_places(
    path: Path,
    *,
    wanted: Mapping[str, tuple[str, ...]],
    columns: Mapping[str, str] | None,
    datum: str | None,
    sheet: str | None,
    encoding: str | None,
    beside: CRS | None = None,
    keep_unplaced: bool = False,
) -> tuple[Layer, str]:
    """
    Read a list of places.

    Parameters
    ----------
    path
        Workbook or text table.
    wanted
        Meaning to the names such a column is known by, without those of `PLACE_COLUMNS`.
    columns
        Meaning to the column the planner says; ``lon``, ``lat`` and ``lonlat`` too.
    datum
        ``wgs84``, ``gcj02``, ``bd09``, ``cgcs2000`` or ``epsg:N``; None where the list says it.
    sheet, encoding
        As for `read_sheet`.
    beside
        System of the layer these places belong to. Metres whose datum nobody declares or says are
        then of it, as are metres of ``cgcs2000`` that do not say their zone.
    keep_unplaced
        Whether rows without coordinates that can be used are kept, with no shape.

    Returns
    -------
    layer
        Rows that have coordinates, as points of the system the numbers are in; `row` is the one
        a spreadsheet program shows. The shift of ``gcj02`` and ``bd09`` is still in them.
    datum
        The declared one, or the one the list says; ``wgs84`` where no row has coordinates.

    Raises
    ------
    InputError
        If no column says where the places are, or no row has coordinates, and rows without are
        not kept.
    CrsError
        If no datum is declared or said, or the numbers are not of it.
    LifecircleError
        As `read_sheet`.

    Warns
    -----
    DoubtfulRowsWarning
        If rows have no coordinates, or such as cannot be right, and are left out; if rows lie far
        from all the others.
    LifecircleWarning
        If the list itself said the datum or says another, or x and y stand in each other's column.

    Notes
    -----
    CGCS2000 in metres is a Gauss-Krüger zone, told by the first two digits of the easting: 13 to
    23 are zones of 6°, 25 to 45 of 3°. Chinese surveys call the northing X.
    """
    table = read_sheet(
        path, wanted={**wanted, **PLACE_COLUMNS}, columns=columns, sheet=sheet, encoding=encoding
    )
    if keep_unplaced and not ({"lon", "lat"} <= set(table.found) or "lonlat" in table.found):
        for half in {"lon", "lat"} & set(table.found):
            _warn(
                f"{table.where}: has one column of coordinates only ('{table.found[half]}'), which "
                "places nothing: its rows are looked up by address and name"
            )
        return _without_places(table), datum or "wgs84"
    x, y = pairs_of(table)
    given = _given(x, y)
    if keep_unplaced and not given.any():
        return _without_places(table), datum or "wgs84"
    _tell_of_missing(table)
    if datum is None and beside is not None and not datums_said(table) and given.any():
        datum = _datum_beside(beside, x[given], y[given], table.where)
    if datum is None:
        datum = _said_datum(table)
    elif (said := datums_said(table)) and datum not in said and not is_system(datum):
        _warn(f"{table.where}: {datum} is declared, and the list speaks of {', '.join(said)}")
    if not given.any():
        raise InputError(
            Problem(
                what=f"none of its {len(table)} rows has coordinates",
                where=table.where,
                remedy="fill them in, or leave the list out",
            )
        )
    frame = frame_of(datum, x[given], y[given], table.where, beside)
    right, turned = frame.holds(x, y) & given, frame.holds(y, x) & given
    if turned.sum() > right.sum():
        x, y, right = y, x, turned
        _warn(
            f"{table.where}: north and east stand in each other's column and are taken so"
            f"{_north_and_east(table)} ({frame.crs.name})"
        )
    alone = frame.holds(y, x) & given & ~right
    if right.any() and alone.any():
        x, y, right = np.where(alone, y, x), np.where(alone, x, y), right | alone
        rows = ", ".join(map(str, table.row[alone][:5]))
        _warn(
            f"{table.where}: north and east are exchanged in {alone.sum()} rows only, which are "
            f"taken the right way round (row {rows})"
        )
    if not right.any():
        at = int(np.flatnonzero(given)[0])
        raise CrsError(
            Problem(
                what=f"its coordinates (row {table.row[at]}: {x[at]:.12g}, {y[at]:.12g}) do not "
                f"lie where {named(datum)} is used",
                where=table.where,
                remedy=f"check them; {CHOICES}",
            )
        )
    points = gpd.GeoDataFrame(
        table.frame, geometry=shapely.points(np.where(right, x, 0.0), np.where(right, y, 0.0))
    ).set_crs(frame.crs)
    layer = Layer(
        table=points,
        found=table.found,
        row=table.row.copy(),
        renumbered=False,
        source=table.source,
        where=table.where,
        notes=_notes(table),
    )
    names = texts_of(layer, "name")
    beyond = f"have coordinates outside where {named(datum)} is used"
    if keep_unplaced:
        bad = given & ~right
        warn_of_rows(layer, bad, f"{beyond}, which are not used{_some(names[bad])}")
        shapes = np.asarray(points.geometry.array, dtype=object)
        shapes[~right] = None
        shown = points.set_geometry(gpd.GeoSeries(shapes, index=points.index, crs=frame.crs))
        return replace(layer, table=shown), datum
    for bad, what in (
        (~given, "have no coordinates and are left out"),
        (given & ~right, f"{beyond} and are left out"),
    ):
        warn_of_rows(layer, bad, f"{what}{_some(names[bad])}")
    layer = kept_rows(layer, right)
    stray = stray_rows(layer.table)
    warn_of_rows(
        layer,
        stray,
        "lie more than 100 km from the others; check their coordinates"
        + _some(texts_of(layer, "name")[stray]),
    )
    return layer, datum


def _north_and_east(table: Sheet) -> str:
    """Name the columns of a list whose first column of coordinates is the northing."""
    if "lon" not in table.found or "lat" not in table.found:
        return ""
    return f": '{table.found['lon']}' is north, '{table.found['lat']}' is east"


def _given(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray(np.isfinite(x) & np.isfinite(y) & ~((x == 0) & (y == 0)), dtype=bool)


def _notes(table: Sheet) -> tuple[str, ...]:
    return (*table.titles, *(one.text for one in table.apart))


def _tell_of_missing(table: Sheet) -> None:
    missing = [text for text in _notes(table) if says_missing(text)]
    if missing:
        _warn(f"{table.where}: is not complete, for it says '{missing[0][:80]}'")


def _without_places(table: Sheet) -> Layer:
    _tell_of_missing(table)
    shapes = gpd.GeoSeries([None] * len(table), crs=geo.WGS84)
    return Layer(
        table=gpd.GeoDataFrame(table.frame, geometry=shapes),
        found=table.found,
        row=table.row.copy(),
        renumbered=False,
        source=table.source,
        where=table.where,
        notes=_notes(table),
    )


def _warn(text: str) -> None:
    warnings.warn(text, LifecircleWarning, stacklevel=4)


def _some(names: pd.Series) -> str:
    told = [f"'{name[:30]}'" for name in names if name is not None]
    return f" ({', '.join(told[:3])}{', …' if len(told) > 3 else ''})" if told else ""


def pairs_of(table: Sheet) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Read the two numbers of every row, in the order its columns give them.

    Parameters
    ----------
    table
        A sheet read with `PLACE_COLUMNS` among its wanted ones.

    Returns
    -------
    x, y
        The numbers, NaN where there are none, shape (n,) each.

    Raises
    ------
    InputError
        If no column holds coordinates.
    """
    if "lon" in table.found and "lat" in table.found:
        x, y = (
            np.array(
                [_coordinate(cell) for cell in table.frame[table.found[key]]], dtype=np.float64
            )
            for key in ("lon", "lat")
        )
        return x, y
    if "lonlat" not in table.found:
        half = [table.found[key] for key in ("lon", "lat") if key in table.found]
        raise InputError(
            Problem(
                what=f"only '{half[0]}' says where the places are"
                if half
                else "no columns of coordinates were found",
                where=table.where,
                remedy='give columns = {lon = "…", lat = "…"}, or {lonlat = "…"} where both stand '
                f"in one cell; columns found: {', '.join(map(str, table.frame.columns))}; "
                "addresses are not looked up",
            )
        )
    both = [_both(cell) for cell in table.frame[table.found["lonlat"]]]
    return np.array([x for x, _ in both], dtype=float), np.array([y for _, y in both], dtype=float)


def _coordinate(cell: object) -> float:
    if isinstance(cell, float):
        return cell
    found = _numbers(cell)
    return found[0] if len(found) == 1 else np.nan


def _both(cell: object) -> tuple[float, float]:
    found = _numbers(cell)
    return (found[0], found[1]) if len(found) == 2 else (np.nan, np.nan)


def _numbers(cell: object) -> list[float]:
    if cell is None:
        return []
    plain = unicodedata.normalize("NFKC", str(cell)).casefold()
    plain = plain.replace("′", "'").replace("’", "'").replace("”", '"')
    angles = _ANGLE.findall(plain)
    if angles:
        return [float(d) + float(m) / 60 + float(s) / 3600 for d, m, s in angles]
    return [float(number) for number in _NUMBER.findall(plain.replace(", ", ","))]


def datums_said(table: Sheet) -> dict[str, str]:
    """
    Find the datums a list itself speaks of.

    Parameters
    ----------
    table
        A sheet read with `PLACE_COLUMNS` among its wanted ones.

    Returns
    -------
    said
        Datum to the title, the note or the name of a column that says it.
    """
    heads = [table.found[key] for key in PLACE_COLUMNS if key in table.found]
    notes = [one.text for one in table.apart if one.kind == "note"]
    said: dict[str, str] = {}
    for line in (*heads, *table.titles, *notes):
        for datum, words in _SAID:
            if words.search(unicodedata.normalize("NFKC", line)):
                said.setdefault(datum, line)
    return said


def _said_datum(table: Sheet) -> str:
    said = datums_said(table)
    if len(said) != 1:
        raise CrsError(
            Problem(
                what=f"the list speaks of {' and of '.join(said)}"
                if said
                else "nothing says what its coordinates are",
                where=table.where,
                remedy=CHOICES,
            )
        )
    ((datum, line),) = said.items()
    _warn(
        f"{table.where}: coordinates are taken as {datum}, for it says '{line[:60]}'; give datum "
        "to be sure"
    )
    return datum


def _datum_beside(
    beside: CRS, x: NDArray[np.float64], y: NDArray[np.float64], where: str
) -> str | None:
    """Take metres for those of the layer they belong to; of degrees nothing can be told."""
    if are_degrees(x, y):
        return None
    zone = zone_epsg(x, y)
    if zone is None and beside.is_geographic:
        return None
    _warn(
        f"{where}: nothing says what its metres are; they are taken as "
        + ("CGCS2000 by the zone in their easting" if zone else f"those of {beside.name}")
        + "; give the datum to be sure"
    )
    return "cgcs2000"
