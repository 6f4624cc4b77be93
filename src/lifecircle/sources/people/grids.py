"""
Grids of a social service, or cells of a census -> how many people live in each.

Residents only: where a file counts floating people too, they are not added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle import geo
from lifecircle.errors import CrsError, InputError, Problem
from lifecircle.provenance import Source
from lifecircle.sources.sheets.cells import Layer, numbers_of, read_layer, warn_of_rows
from lifecircle.sources.sheets.files import SHEET_SUFFIXES
from lifecircle.sources.sheets.ids import ids_of
from lifecircle.sources.sheets.places import read_sheet_places
from lifecircle.tables import GRIDS, check

GRID_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": (
        *("grid_id", "网格代码", "网格编码", "网格编号", "WGDM", "WGBM", "WGBH", "编号", "编码"),
        *("代码", "code", "id", "OBJECTID", "FID"),
    ),
    "name": ("name", "网格名称", "WGMC", "名称", "MC"),
    "people": (
        *("people", "常住人口", "常住人口数", "人口", "人口数", "RK", "RKS", "CZRK", "population"),
        "pop",
    ),
    "households": ("households", "户数", "总户数", "HS", "ZHS"),
}
"""What the columns of a file of grids are known by."""

_NARROWEST_M = 10.0  # side of a square around points that stand on each other [m]


def read_grids(
    path: Path,
    *,
    columns: Mapping[str, str] | None = None,
    layer: str | None = None,
) -> tuple[gpd.GeoDataFrame, Source]:
    """
    Read outlines with the people in each.

    Parameters
    ----------
    path
        Vector file, one row per grid; or a table of points with people, which stand in the middle
        of squares as wide as the points are apart.
    columns
        Column of ``id, name, people, households`` where its name is not recognised.
    layer
        As for `read_vector`; the sheet of a workbook.

    Returns
    -------
    grids
        The columns of `tables.GRIDS`: people, NaN where neither people nor households are known.
        Where only households are, they count the mean of people per household of the others, or
        one each where no row counts people.
    source
        Origin and counts.

    Raises
    ------
    InputError
        If no row is a polygon, or there is neither a column of people nor one of households;
        else as `read_vector`.

    Warns
    -----
    DoubtfulRowsWarning
        If numbers cannot be read, or people were taken from households.
    """
    if path.suffix.lower() in SHEET_SUFFIXES:
        cells = _squares(_points(path, columns, layer))
    else:
        cells = read_layer(
            path,
            wanted=GRID_COLUMNS,
            columns=columns,
            geometry=GRIDS.geometry,
            layer=layer,
            crs=None,
            encoding=None,
        )
    if not {"people", "households"} & set(cells.found):
        listed = ", ".join(str(name) for name in cells.table.columns if name != "geometry")
        raise InputError(
            Problem(
                what="counts neither people nor households",
                where=cells.where,
                remedy=f'give grid_columns = {{people = "…"}}; columns found: {listed}',
            )
        )
    people = numbers_of(cells, "people", about=True)
    households = numbers_of(cells, "households", about=True)
    known = np.isfinite(people)
    filled = known | np.isfinite(households)
    size = _mean_size(people, households)
    warn_of_rows(
        cells,
        filled & ~known,
        f"count no people: their households are taken times {size:.2f}",
    )
    table = gpd.GeoDataFrame(
        {
            "cell_id": ids_of(cells, prefix="g"),
            "people": np.where(known, people, households * size),
        },
        geometry=cells.table.geometry.array,
        crs=cells.table.crs,
    )
    ordered = table.sort_values("cell_id", ignore_index=True)
    return check(ordered, GRIDS, where=cells.where, row_offset=1), cells.source


def _points(path: Path, columns: Mapping[str, str] | None, sheet: str | None) -> Layer:
    def placed(datum: str | None) -> Layer:
        return read_sheet_places(
            path, wanted=GRID_COLUMNS, columns=columns, datum=datum, sheet=sheet, encoding=None
        )[0]

    try:
        return placed(None)
    except CrsError:
        cells = placed("wgs84")
        lies = shapely.box(*cells.table.total_bounds)
        if not lies.intersects(shapely.box(*geo.SHIFTED_BOX)):
            return cells  # where nothing is shifted
        raise


def _squares(cells: Layer) -> Layer:
    """Put each point into the middle of a square as wide as points are apart."""
    lonlat = geo.to_crs(cells.table, geo.WGS84, where=cells.where)
    west, south, east, north = lonlat.total_bounds
    crs = geo.metric_crs((west + east) / 2, (south + north) / 2)
    table = geo.to_crs(lonlat, crs, where=cells.where)
    points = table.geometry.to_numpy()
    _, apart = shapely.STRtree(points).query_nearest(
        points, exclusive=True, return_distance=True, all_matches=False
    )
    half = max(float(np.median(apart)) if len(apart) else 0.0, _NARROWEST_M) / 2
    x, y = shapely.get_coordinates(points).T
    squares = shapely.box(x - half, y - half, x + half, y + half)
    return replace(cells, table=table.set_geometry(gpd.GeoSeries(squares, table.index, crs=crs)))


def _mean_size(people: NDArray[np.float64], households: NDArray[np.float64]) -> float:
    both = np.isfinite(people) & (households > 0)
    return float(people[both].sum() / households[both].sum()) if both.any() else 1.0
