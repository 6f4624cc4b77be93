"""
A planner's own land and rooms, drawn -> checked parcels in the file's own system.

Every row is used, or left out with a warning and counted; codes keep the system they belong to.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle import geo
from lifecircle.errors import InputError, MissingDataWarning, Problem
from lifecircle.provenance import Source
from lifecircle.sources.land.words import code_system_of, owner_words, rights_of
from lifecircle.sources.sheets.cells import (
    Layer,
    areas_of,
    codes_of,
    kept_rows,
    read_layer,
    texts_of,
    warn_of_rows,
    warn_of_words,
)
from lifecircle.sources.sheets.ids import ids_of
from lifecircle.sources.sheets.words import KINDS_OF_LAND, PARCEL_COLUMNS
from lifecircle.tables import PARCELS, SITE_KINDS, check


def read_parcels(
    path: Path,
    *,
    columns: Mapping[str, str] | None = None,
    layer: str | None = None,
    crs: str | None = None,
    encoding: str | None = None,
    kind: str = "vacant",
    code_system: str | None = None,
) -> tuple[gpd.GeoDataFrame, Source]:
    """
    Read a list of land and rooms that could take a facility.

    Parameters
    ----------
    path
        Vector file of polygons or points, one row per parcel or room.
    columns
        Column of ``id, name, kind, area, floor, code, owner, available, note`` where its name is
        not recognised.
    layer, crs, encoding
        As for `read_vector`.
    kind
        One of `tables.SITE_KINDS`, for rows that do not say it.
    code_system
        Which land-use codes the file carries, where its columns and codes do not tell.

    Returns
    -------
    parcels
        The columns of `tables.PARCELS` and the shapes, in the file's reference system, in the
        order of the ids; `origin` is ``listed``, `evidence` the file's name. `area_m2` is the
        listed one (亩 and 公顷 turned into square metres where the column's name or the cell says
        so), else that of the outline in the metric system of the place.
    source
        Origin and counts.

    Raises
    ------
    InputError
        If `kind` is unknown, no row is a polygon or a point, no row has an area, or a named column
        is missing; else as `read_vector`.

    Warns
    -----
    DoubtfulRowsWarning
        If rows have no id of their own, a kind nobody knows, an area that is no number or far from
        that of the outline; if points have neither area nor floor area and are left out.
    """
    if kind not in SITE_KINDS:
        known = ", ".join(SITE_KINDS)
        raise InputError(Problem(what=f"kind '{kind}' is unknown", remedy=f"known: {known}"))
    cells = read_layer(
        path,
        wanted=PARCEL_COLUMNS,
        columns=columns,
        geometry=PARCELS.geometry,
        layer=layer,
        crs=crs,
        encoding=encoding,
    )
    area_m2, floor_m2 = areas_of(cells, "area"), areas_of(cells, "floor")
    area_m2 = _settled_areas(cells, area_m2, floor_m2)
    sized = ~np.isnan(area_m2)
    if not sized.any():
        raise InputError(
            Problem(
                what="its points have no area",
                where=cells.where,
                remedy='give columns = {area = "…"}, or a file of outlines',
            )
        )
    warn_of_rows(cells, ~sized, "are points without an area and are left out")
    cells = kept_rows(cells, sized)
    kinds, unknown = codes_of(cells, "kind", KINDS_OF_LAND)
    warn_of_words(cells, "kind", unknown, f"is no known kind of land and is taken as {kind}")
    owner = texts_of(cells, "owner")
    values = {
        "parcel_id": ids_of(cells, prefix="p"),
        "name": texts_of(cells, "name"),
        "list": texts_of(cells, "kind"),
        "owner": [owner_words(text) for text in owner],
        "rights": [rights_of(text) for text in owner],
        "available": texts_of(cells, "available"),
        "note": texts_of(cells, "note"),
        "kind": np.where(pd.isna(kinds), kind, kinds),
        "origin": "listed",
        "evidence": path.name,
        "area_m2": area_m2[sized],
        "floor_m2": floor_m2[sized],
        "code": texts_of(cells, "code"),
        "code_system": _code_system(cells, code_system),
    }
    table = gpd.GeoDataFrame(values, geometry=cells.table.geometry.array, crs=cells.table.crs)
    table = table.sort_values("parcel_id", ignore_index=True)
    return check(table, PARCELS, where=cells.where, row_offset=1), cells.source


def _code_system(cells: Layer, declared: str | None) -> str | None:
    codes = texts_of(cells, "code").dropna()
    if codes.empty:
        return declared
    system = code_system_of(cells.table.columns, codes, declared=declared, where=cells.where)
    if system is None:
        warnings.warn(
            f"{cells.where}: it cannot be told which land-use codes it carries, so they mean "
            'nothing here: give land.code_system = "2023" or "3diao"',
            MissingDataWarning,
            stacklevel=3,
        )
    return system


def _settled_areas(
    cells: Layer, listed_m2: NDArray[np.float64], floor_m2: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Take the listed area, else the outline's, else for a room that is a point its floor."""
    west, south, east, north = geo.to_crs(cells.table, geo.WGS84, where=cells.where).total_bounds
    metric = geo.metric_crs((west + east) / 2, (south + north) / 2)
    outline_m2 = geo.to_crs(cells.table, metric, where=cells.where).area.to_numpy(dtype=np.float64)
    outlined = outline_m2 > 0
    listed = listed_m2 > 0
    both = listed & outlined
    ratio = np.divide(listed_m2, outline_m2, out=np.ones_like(outline_m2), where=both)
    warn_of_rows(
        cells,
        both & ((ratio > 2) | (ratio < 0.5)),
        "list an area less than half or more than double that of the outline, which is kept as "
        "listed; if it is 亩 or 公顷, say so in the column's name",
    )
    rest = np.where(outlined, outline_m2, np.where(floor_m2 > 0, floor_m2, np.nan))
    return np.where(listed, listed_m2, rest)
