"""
A planner's own buildings and estates -> checked tables in the file's own system.

Every row is used, or left out with a warning and counted; what a cell does not say stays missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from lifecircle.provenance import Source
from lifecircle.sources.drawings.read import read_drawing
from lifecircle.sources.facilities.lists import read_facility_list
from lifecircle.sources.facilities.openings import year_in
from lifecircle.sources.gate_lists import read_gates
from lifecircle.sources.people.groups import asked_groups, groups_among
from lifecircle.sources.sheets.cells import (
    Layer,
    codes_of,
    numbers_of,
    read_layer,
    texts_of,
    warn_of_rows,
    warn_of_words,
)
from lifecircle.sources.sheets.ids import ids_of
from lifecircle.sources.sheets.words import (
    BUILDING_COLUMNS,
    CLOSED,
    ESTATE_COLUMNS,
    USES,
)
from lifecircle.tables import BUILDINGS, ESTATES, Schema, check

__all__ = [
    "read_buildings",
    "read_estates",
    "read_facility_list",
    "read_gates",
]


def read_buildings(
    path: Path,
    *,
    columns: Mapping[str, str] | None = None,
    layer: str | None = None,
    crs: str | None = None,
    encoding: str | None = None,
) -> tuple[gpd.GeoDataFrame, Source]:
    """
    Read outlines of buildings, with storeys, dwellings and people as far as they are known.

    Parameters
    ----------
    path
        Vector file, one row per building; or a drawing (.dxf), `layer` then being its outlines'.
    columns
        Column of ``id, name, use, levels, flats, people`` or of a group, ``people_60plus``, where
        its name is not recognised.
    layer, crs, encoding
        As for `read_vector`.

    Returns
    -------
    buildings
        The columns of `tables.BUILDINGS`, one ``people_<group>`` column per group the file counts,
        and the outlines, in the file's reference system, in the order of the ids. `use` is
        ``residential`` or ``apartments`` where the file says so in Chinese, else its own word.
    source
        Origin and counts.

    Raises
    ------
    InputError
        If no row is a polygon, or a named column is missing; else as `read_vector`.

    Warns
    -----
    DoubtfulRowsWarning
        If rows are no polygons, have no id, or hold text or impossible numbers where storeys,
        dwellings or people are counted; such cells are missing then.
    """
    if path.suffix.lower() == ".dxf":
        named = {"buildings": layer} if layer else None
        drawing = read_drawing(path, crs=crs, layers=named, encoding=encoding)
        return drawing.buildings, drawing.source
    cells = read_layer(
        path,
        wanted={**BUILDING_COLUMNS, **asked_groups(columns)},
        columns=columns,
        geometry=BUILDINGS.geometry,
        layer=layer,
        crs=crs,
        encoding=encoding,
    )
    uses = texts_of(cells, "use").to_numpy(dtype=object)
    codes, _ = codes_of(cells, "use", USES)
    values: dict[str, object] = {
        "building_id": ids_of(cells, prefix="b"),
        "use": np.where(pd.isna(codes), uses, codes),
        "name": texts_of(cells, "name"),
        # No building has more storeys than that: a larger number is a year or an area.
        "levels": numbers_of(cells, "levels", most=200),
    }
    for meaning in cells.found:
        if meaning in ("flats", "people") or meaning.startswith("people_"):
            values[meaning] = numbers_of(cells, meaning)
    others = groups_among(cells.table.columns, {*cells.found, *cells.found.values()})
    for group in others:
        values[group] = numbers_of(replace(cells, found={**cells.found, **others}), group)
    return _checked(cells, BUILDINGS, values), cells.source


def _checked(cells: Layer, schema: Schema, values: Mapping[str, object]) -> gpd.GeoDataFrame:
    table = gpd.GeoDataFrame(dict(values), geometry=cells.table.geometry.array, crs=cells.table.crs)
    return check(
        table.sort_values(next(iter(schema.columns)), ignore_index=True),
        schema,
        where=cells.where,
        row_offset=1,
    )


def read_estates(
    path: Path,
    *,
    columns: Mapping[str, str] | None = None,
    layer: str | None = None,
    crs: str | None = None,
    encoding: str | None = None,
) -> tuple[gpd.GeoDataFrame, Source]:
    """
    Read outlines of housing estates and whether they are closed.

    Parameters
    ----------
    path
        Vector file, one row per estate.
    columns
        Column of ``id, name, closed, year_built, dwellings`` where its name is not recognised.
    layer, crs, encoding
        As for `read_vector`.

    Returns
    -------
    estates
        The columns of `tables.ESTATES` and the outlines, in the file's reference system, in the
        order of the ids. An estate of which the file does not say it is closed is open.
    source
        Origin and counts.

    Raises
    ------
    InputError
        If no row is a polygon, or a named column is missing; else as `read_vector`.

    Warns
    -----
    DoubtfulRowsWarning
        If rows are no polygons, have no id of their own, or do not say in words that are known
        whether they are closed.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import geopandas as gpd, shapely
    >>> from lifecircle.sources.planner_tables import read_estates
    >>> estates = gpd.GeoDataFrame(
    ...     {"XQBH": ["7"], "是否封闭": ["是"]},
    ...     geometry=[shapely.box(121.08, 30.45, 121.081, 30.451)], crs="EPSG:4326",
    ... )
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     estates.to_file(Path(folder) / "estates.gpkg")
    ...     table, source = read_estates(Path(folder) / "estates.gpkg")
    >>> table[["estate_id", "closed"]].values.tolist(), source.rows_used
    ([['7', True]], 1)
    """
    cells = read_layer(
        path,
        wanted=ESTATE_COLUMNS,
        columns=columns,
        geometry=ESTATES.geometry,
        layer=layer,
        crs=crs,
        encoding=encoding,
    )
    codes, unknown = codes_of(cells, "closed", CLOSED)
    warn_of_words(cells, "closed", unknown, "is taken as open; write 是 or 否")
    silent = pd.isna(codes) & ~unknown
    warn_of_rows(
        cells,
        silent,
        "do not say whether the estate is closed and are taken as open"
        + ("" if "closed" in cells.found else ': give columns = {closed = "…"}'),
    )
    values = {
        "estate_id": ids_of(cells, prefix="e"),
        "name": texts_of(cells, "name"),
        "closed": codes == "yes",
        "year_built": [year_in(text) for text in texts_of(cells, "year_built")],
        "dwellings": numbers_of(cells, "dwellings", about=True),
    }
    return _checked(cells, ESTATES, values), cells.source
