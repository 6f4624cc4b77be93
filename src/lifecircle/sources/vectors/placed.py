"""
A vector file, a workbook or a text table of places -> a layer in a declared datum, and WGS 84.

What a table without shapes needs for it, the columns of coordinates, `sheet_places` finds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from lifecircle import geo
from lifecircle.errors import CrsError, Problem
from lifecircle.sources.sheets.cells import Layer, read_layer
from lifecircle.sources.sheets.files import SHEET_SUFFIXES
from lifecircle.sources.sheets.places import read_sheet_places
from lifecircle.sources.systems.frames import is_system
from lifecircle.sources.vectors.crs import SHIFTED, undo_shift

# The system of a file that has a datum but names no system.
_SYSTEM_OF = {
    "gcj02": "EPSG:4326",
    "bd09": "EPSG:4326",
    "wgs84": "EPSG:4326",
    "cgcs2000": "EPSG:4490",
}


def read_places(
    path: Path,
    *,
    wanted: Mapping[str, tuple[str, ...]],
    geometry: Sequence[str],
    columns: Mapping[str, str] | None,
    datum: str | None,
    layer: str | None = None,
    crs: str | None = None,
    encoding: str | None = None,
    beside: CRS | None = None,
    keep_unplaced: bool = False,
) -> tuple[Layer, str | None]:
    """
    Read places from whatever kind of file holds them.

    Parameters
    ----------
    path
        Vector file, workbook or text table.
    wanted
        Meaning to the names such a column is known by.
    geometry
        Types of shape that can be used; a table without shapes gives points.
    columns
        Meaning to the column the planner says.
    datum
        ``wgs84``, ``gcj02``, ``bd09``, ``cgcs2000`` or ``epsg:N``; None where nothing is declared.
    layer, crs, encoding
        As for `read_vector`; of a workbook `layer` is the sheet.
    beside
        System of the layer these places belong to, as for `read_sheet_places`.
    keep_unplaced
        Whether rows of a table without shapes are kept that have no coordinates.

    Returns
    -------
    layer
        The places in the system their numbers are in, the shift of ``gcj02`` and ``bd09`` still
        in them.
    datum
        The declared one, or the one a table says.

    Raises
    ------
    CrsError
        If the datum is unknown.
    LifecircleError
        As `read_layer` and `read_sheet_places`.
    """
    datum = None if datum in (None, "auto") else _known_datum(datum, path.name)
    if path.suffix.lower() in SHEET_SUFFIXES:
        said = datum if datum is not None or crs is None else _known_datum(crs, path.name)
        return read_sheet_places(
            path,
            wanted=wanted,
            columns=columns,
            datum=said,
            sheet=layer,
            encoding=encoding,
            beside=beside,
            keep_unplaced=keep_unplaced,
        )

    def read(system: str | None) -> Layer:
        return read_layer(
            path,
            wanted=wanted,
            columns=columns,
            geometry=geometry,
            layer=layer,
            crs=system,
            encoding=encoding,
        )

    if crs is not None or datum is None:
        return read(crs), datum
    if is_system(datum):
        return read(datum.upper() if datum.startswith("epsg:") else datum), datum
    try:
        # A system the file names goes first: map services' metres are shifted degrees too.
        return read(None), datum
    except CrsError:
        return read(_SYSTEM_OF[datum]), datum


def _known_datum(datum: str, where: str) -> str:
    plain = datum.strip().casefold().replace("-", "")
    if is_system(datum) and not plain.startswith("epsg:"):
        return datum
    if plain not in _SYSTEM_OF and not re.fullmatch(r"epsg:\d{4,6}", plain):
        known = f"known: {', '.join(_SYSTEM_OF)}, epsg:4528"
        raise CrsError(Problem(what=f"datum '{datum}' is unknown", where=where, remedy=known))
    return plain


def in_wgs84(cells: Layer, datum: str | None) -> NDArray[np.object_]:
    """
    Move a layer's shapes to WGS 84, the shift of a Chinese map service undone.

    Parameters
    ----------
    cells
        The layer.
    datum
        What its coordinates are.

    Returns
    -------
    shapes
        Shapely shapes in longitude and latitude, shape (n,).

    Raises
    ------
    CrsError
        If the datum is a Chinese map service's though the places lie elsewhere.
    """
    table = geo.to_crs(cells.table, geo.WGS84, where=cells.where)
    if datum not in SHIFTED:
        return np.asarray(table.geometry.array, dtype=object)
    return undo_shift(table, str(datum), where=cells.where)
