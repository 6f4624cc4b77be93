"""
A population raster -> its cells with people, as polygons in the raster's own reference system.

Only the part around the area is read; a cell that says nothing believable holds nobody, and counts.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle import geo
from lifecircle.errors import DoubtfulRowsWarning, InputError, Problem
from lifecircle.provenance import Source, sha256_of
from lifecircle.sources.bands import Bounds, Placing, moved, read_band
from lifecircle.tables import POPULATION_CELLS, check

MOST_PEOPLE = 1e9
"""No cell holds more people than this: a larger number is an undeclared mark for no data (P)."""


def read_population(
    path: Path, *, bounds: Bounds, kind: Literal["count", "density"] = "count"
) -> tuple[gpd.GeoDataFrame, Source]:
    """
    Read the cells of a population raster that have people.

    Parameters
    ----------
    path
        GeoTIFF, or anything else GDAL reads as a raster of one band.
    bounds
        West, south, east and north of the part that is needed, WGS 84 [°].
    kind
        ``count``: a value is the people of its cell; ``density``: people per km². A file does not
        say which, so it cannot be found out.

    Returns
    -------
    cells
        `tables.POPULATION_CELLS` in the raster's reference system, by row and column: one row per
        cell with people in the rectangle of the raster around the bounds. `cell_id` is
        ``c<row>_<column>``, counted in the whole file from 0 at its first corner; `people` is a
        float, scale and offset of the band applied; the shape is the cell's outline.
    source
        Name, hash of the whole file, and counts of the cells in the rectangle: `rows_doubtful`
        are those with impossible values, all others are used, with people or without.

    Raises
    ------
    SourceError
        If there is no such file, or it is no raster that can be read.
    InputError
        If the raster has several bands, or one of colours or complex numbers, no position, or
        the bounds or the kind make no sense.
    CrsError
        If the raster has no reference system, or one that leads nowhere.
    ExtentError
        If the raster does not meet the bounds.

    Warns
    -----
    DoubtfulRowsWarning
        If cells hold negative, infinite or impossibly large values that the raster does not
        declare as no data; nobody lives there then.

    Notes
    -----
    For ``density`` the area of a cell is that of its outline in the metric system of the bounds
    (`geo.metric_crs`), as all areas of a study are; within 0.1 % of the ground.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import numpy as np, rasterio
    >>> from lifecircle.sources.people.rasters import read_population
    >>> place = rasterio.Affine(0.01, 0, 13.0, 0, -0.01, 53.0)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "people.tif"
    ...     with rasterio.open(file, "w", driver="GTiff", width=3, height=1, count=1,
    ...                        dtype="float32", crs="EPSG:4326", transform=place) as raster:
    ...         raster.write(np.array([[[5, 0, 7.5]]], dtype="float32"))
    ...     cells, source = read_population(file, bounds=(13.0, 52.9, 13.1, 53.1))
    >>> cells[["cell_id", "people"]].values.tolist(), source.rows_used
    ([['c0_0', 5.0], ['c0_2', 7.5]], 3)
    """
    if kind not in ("count", "density"):
        raise InputError(
            Problem(
                what=f"'{kind}' is no kind of values", where=path.name, remedy="count or density"
            )
        )
    band = read_band(path, bounds, holds="people per cell")
    people, doubtful = _believable(band.values, path.name)
    row, column = np.nonzero(people > 0)
    people = people[row, column]
    first_row, first_column = band.first
    row, column = row + first_row, column + first_column
    table = gpd.GeoDataFrame(
        {
            "cell_id": np.array(
                [f"c{i}_{j}" for i, j in zip(row, column, strict=True)], dtype=object
            )
        },
        geometry=_outlines(band.file_to_place, row, column),
        crs=band.crs,
    )
    if kind == "density":
        people = people * _area_km2(table, bounds)
    table.insert(1, "people", people)
    source = Source(
        name=path.name,
        sha256=sha256_of(path),
        rows_in=band.values.size,
        rows_used=band.values.size - doubtful,
        rows_doubtful=doubtful,
    )
    return check(table, POPULATION_CELLS, where=path.name), source


def _believable(values: NDArray[np.float64], where: str) -> tuple[NDArray[np.float64], int]:
    """Put nobody where a value is missing or impossible, and tell of the impossible ones."""
    wrong = (values < 0) | (values > MOST_PEOPLE)
    if wrong.any():
        some = ", ".join(f"{value:g}" for value in np.unique(values[wrong])[:3])
        warnings.warn(
            f"{where}: {int(wrong.sum()):,} cells hold impossible numbers of people ({some}) that "
            "the raster does not declare as no data: nobody is counted there",
            DoubtfulRowsWarning,
            stacklevel=3,
        )
    return np.where(wrong | np.isnan(values), 0.0, values), int(wrong.sum())


def _outlines(
    placing: Placing, row: NDArray[np.int64], column: NDArray[np.int64]
) -> NDArray[np.object_]:
    """Draw cells; neighbours have the very same corners, so nothing lies between them."""
    columns = column[:, None] + np.array([0, 1, 1, 0, 0])
    rows = row[:, None] + np.array([0, 0, 1, 1, 0])
    x, y = moved(placing, columns.astype(np.float64), rows.astype(np.float64))
    return np.asarray(shapely.polygons(np.stack([x, y], axis=-1)), dtype=object)


def _area_km2(cells: gpd.GeoDataFrame, bounds: Bounds) -> NDArray[np.float64]:
    west, south, east, north = bounds
    crs = geo.metric_crs((west + east) / 2, (south + north) / 2)
    outlines = geo.to_crs(cells, crs, where="cells").geometry.to_numpy()
    return np.asarray(shapely.area(outlines) / 1e6, dtype=np.float64)
