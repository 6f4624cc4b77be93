"""
A population raster -> its cells with people, as polygons in the raster's own reference system.

Only the part around the area is read; a cell that says nothing believable holds nobody, and counts.
"""

from __future__ import annotations

import math
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError, ProjError

from lifecircle import geo
from lifecircle.errors import (
    CrsError,
    DoubtfulRowsWarning,
    ExtentError,
    InputError,
    Problem,
    SourceError,
)
from lifecircle.provenance import Source, sha256_of
from lifecircle.tables import POPULATION_CELLS, check

if TYPE_CHECKING:
    from rasterio import Affine
    from rasterio.io import DatasetReader

MOST_PEOPLE = 1e9
"""No cell holds more people than this: a larger number is an undeclared mark for no data (P)."""

Bounds = tuple[float, float, float, float]
Window = tuple[int, int, int, int]  # first row, first column, end row, end column


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
    >>> from lifecircle.sources.rasters import read_population
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
    import rasterio  # noqa: PLC0415  only a study with a raster waits for it
    from rasterio.errors import NotGeoreferencedWarning, RasterioError  # noqa: PLC0415

    _check_question(path, bounds, kind)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            raster = rasterio.open(path)
        with raster:
            _check_raster(raster, path.name)
            crs = _crs_of(raster, path.name)
            window = _window(raster, crs, bounds, path.name)
            values = _values(raster, window)
            to_place = raster.transform
    except RasterioError as error:
        raise SourceError(
            Problem(
                what=f"cannot be read as a raster ({error})",
                where=path.name,
                remedy="name a GeoTIFF of people per cell; a damaged file must be copied again",
            )
        ) from error
    people, doubtful = _believable(values, path.name)
    row, column = np.nonzero(people > 0)
    people = people[row, column]
    row, column = row + window[0], column + window[1]
    table = gpd.GeoDataFrame(
        {
            "cell_id": np.array(
                [f"c{i}_{j}" for i, j in zip(row, column, strict=True)], dtype=object
            )
        },
        geometry=_outlines(to_place, row, column),
        crs=crs,
    )
    if kind == "density":
        people = people * _area_km2(table, bounds)
    table.insert(1, "people", people)
    source = Source(
        name=path.name,
        sha256=sha256_of(path),
        rows_in=values.size,
        rows_used=values.size - doubtful,
        rows_doubtful=doubtful,
    )
    return check(table, POPULATION_CELLS, where=path.name), source


def _check_question(path: Path, bounds: Bounds, kind: str) -> None:
    if kind not in ("count", "density"):
        raise InputError(
            Problem(
                what=f"'{kind}' is no kind of values", where=path.name, remedy="count or density"
            )
        )
    west, south, east, north = bounds
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise InputError(
            Problem(
                what=f"{_box(bounds)} is no box of longitudes and latitudes",
                where=path.name,
                remedy="give west, south, east, north in degrees",
            )
        )
    if not path.exists():
        raise SourceError(Problem(what="there is no such file", where=path.name))
    if path.is_dir():
        raise SourceError(Problem(what="is a folder", where=path.name, remedy="name a GeoTIFF"))


def _box(bounds: Bounds) -> str:
    return "/".join(f"{value:.3f}" for value in bounds)


def _check_raster(raster: DatasetReader, where: str) -> None:
    """Refuse what holds no numbers of people in places, all of it at once."""
    problems = []
    if raster.count == 0:
        problems.append(
            Problem(
                what="holds several data sets and no band of its own",
                where=where,
                remedy="save the one with people as a GeoTIFF",
            )
        )
    elif raster.count > 1:
        name = f", '{raster.descriptions[0]}'" if raster.descriptions[0] else ""
        problems.append(
            Problem(
                what=f"holds {raster.count} bands, and which of them counts people is not known",
                where=where,
                remedy=f"save one alone as a GeoTIFF, such as the first (band 1{name})",
            )
        )
    elif raster.colorinterp[0].name == "palette":
        problems.append(
            Problem(
                what="is a picture: its values are numbers of colours",
                where=where,
                remedy="name the raster the picture was made from",
            )
        )
    elif "complex" in raster.dtypes[0]:
        problems.append(Problem(what="holds complex numbers", where=where))
    if raster.transform.is_identity or raster.transform.is_degenerate:
        problems.append(
            Problem(
                what="does not say where its cells lie",
                where=where,
                remedy="georeference it, and save it as a GeoTIFF",
            )
        )
    if problems:
        raise InputError(problems)


def _crs_of(raster: DatasetReader, where: str) -> CRS:
    if raster.crs is None:
        raise CrsError(
            Problem(
                what="has no coordinate reference system",
                where=where,
                remedy="set it in a GIS and save the file as a GeoTIFF",
            )
        )
    try:
        return CRS.from_user_input(raster.crs)
    except CRSError as error:
        raise CrsError(
            Problem(
                what="has a coordinate reference system nobody knows",
                where=where,
                remedy="set it in a GIS and save the file as a GeoTIFF",
            )
        ) from error


def _window(raster: DatasetReader, crs: CRS, bounds: Bounds, where: str) -> Window:
    """Find the rectangle of cells that holds the bounds, or as much of it as the file has."""
    west, south, east, north = bounds
    # Straight sides in degrees are bent in most projections.
    side = max(east - west, north - south) / 64
    outline = shapely.segmentize(shapely.box(*bounds), max_segment_length=side)
    try:
        there = shapely.get_coordinates(geo.project_shape(outline, geo.WGS84, crs))
    except ProjError as error:
        raise CrsError(
            Problem(
                what=f"its reference system ({crs.name}) cannot be tied to longitude and latitude",
                where=where,
                remedy="bring the raster into EPSG:4326 in a GIS",
            )
        ) from error
    there = there[np.isfinite(there).all(axis=1)]
    if len(there):
        column, row = _moved(~raster.transform, there[:, 0], there[:, 1])
        first_row, end_row = _cut(row, raster.height)
        first_column, end_column = _cut(column, raster.width)
        if first_row < end_row and first_column < end_column:
            return first_row, first_column, end_row, end_column
    raise ExtentError(
        Problem(
            what=f"does not meet the area ({_box(bounds)}); it covers {_covered(raster, crs)}",
            where=where,
            remedy="take a raster of the area; check the area, swapped x and y",
        )
    )


def _moved(
    transform: Affine, x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return (
        transform.a * x + transform.b * y + transform.c,
        transform.d * x + transform.e * y + transform.f,
    )


def _cut(position: NDArray[np.float64], size: int) -> tuple[int, int]:
    """Widen positions to whole cells and keep those the file has; a hair's breadth is none."""
    first = math.floor(position.min() + 1e-9)
    end = math.ceil(position.max() - 1e-9)
    return max(first, 0), min(end, size)


def _covered(raster: DatasetReader, crs: CRS) -> str:
    outline = geo.project_shape(shapely.box(*raster.bounds), crs, geo.WGS84)
    return _box(shapely.bounds(outline))


def _values(raster: DatasetReader, window: Window) -> NDArray[np.float64]:
    """Read a rectangle of the band as numbers, NaN where it declares no data."""
    first_row, first_column, end_row, end_column = window
    read = raster.read(1, window=((first_row, end_row), (first_column, end_column)), masked=True)
    values = np.where(np.ma.getmaskarray(read), np.nan, read.data.astype(np.float64))
    return np.asarray(values * raster.scales[0] + raster.offsets[0], dtype=np.float64)


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
    transform: Affine, row: NDArray[np.int64], column: NDArray[np.int64]
) -> NDArray[np.object_]:
    """Draw cells; neighbours have the very same corners, so nothing lies between them."""
    columns = column[:, None] + np.array([0, 1, 1, 0, 0])
    rows = row[:, None] + np.array([0, 0, 1, 1, 0])
    x, y = _moved(transform, columns.astype(np.float64), rows.astype(np.float64))
    return np.asarray(shapely.polygons(np.stack([x, y], axis=-1)), dtype=object)


def _area_km2(cells: gpd.GeoDataFrame, bounds: Bounds) -> NDArray[np.float64]:
    west, south, east, north = bounds
    crs = geo.metric_crs((west + east) / 2, (south + north) / 2)
    outlines = geo.to_crs(cells, crs, where="cells").geometry.to_numpy()
    return np.asarray(shapely.area(outlines) / 1e6, dtype=np.float64)
