"""
A raster of one band -> the numbers of its cells around an area, with their places.

Only the part around the area is read; a cell without data is missing, never 0.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError, ProjError

from lifecircle import geo
from lifecircle.errors import CrsError, ExtentError, InputError, Problem, SourceError

if TYPE_CHECKING:
    from rasterio import Affine
    from rasterio.io import DatasetReader

Bounds = tuple[float, float, float, float]
Placing = tuple[float, float, float, float, float, float]
Window = tuple[int, int, int, int]  # first row, first column, end row, end column


@dataclass(frozen=True, kw_only=True)
class Band:
    """
    The numbers of a raster around some bounds.

    Parameters
    ----------
    values
        One number per cell, scale and offset applied, NaN where the file declares no data,
        shape (rows, columns).
    to_place
        ``a, b, c, d, e, f`` with x = a column + b row + c and y = d column + e row + f for the
        corners of these cells.
    file_to_place
        The same for the cells of the whole file.
    first
        Row and column of the file these cells begin at.
    crs
        Reference system of x and y.
    """

    values: NDArray[np.float64]
    to_place: Placing
    file_to_place: Placing
    first: tuple[int, int]
    crs: CRS

    def sides_m(self, row: float, column: float) -> tuple[float, float]:
        """
        Measure a cell on the ground.

        Parameters
        ----------
        row, column
            Where.

        Returns
        -------
        sides_m
            Its width and height [m].
        """
        x, y = moved(
            self.to_place,
            column + np.array([0.0, 1.0, 0.0]),
            row + np.array([0.0, 0.0, 1.0]),
        )
        lonlat = geo.unproject(np.column_stack([x, y]), self.crs)
        width, height = geo.ground_m(lonlat[[0, 0]], lonlat[1:])
        return float(width), float(height)


def read_band(
    path: Path,
    bounds: Bounds,
    *,
    holds: str,
    margin_cells: float = 0.0,
    finest_m: float | None = None,
    classes: bool = False,
) -> Band:
    """
    Read the numbers of a raster around some bounds.

    Parameters
    ----------
    path
        GeoTIFF, or anything else GDAL reads as a raster of one band.
    bounds
        West, south, east and north of the part that is needed, WGS 84 [°].
    holds
        What the numbers are, for messages.
    margin_cells
        How many cells more to read on each side.
    finest_m
        Cells smaller than this [m] are averaged to about this size; None leaves them as they are.
    classes
        Whether the numbers are codes: they may carry colours, and are counted, not averaged.

    Returns
    -------
    band
        The rectangle of cells that holds the bounds, or as much of it as the file has.

    Raises
    ------
    SourceError
        If there is no such file, or it is no raster that can be read.
    InputError
        If the raster has several bands, or one of colours or complex numbers, no position, or
        the bounds make no sense.
    CrsError
        If the raster has no reference system, or one that leads nowhere.
    ExtentError
        If the raster does not meet the bounds.
    """
    import rasterio  # noqa: PLC0415  only a study with a raster waits for it
    from rasterio.errors import NotGeoreferencedWarning, RasterioError  # noqa: PLC0415

    _check_question(path, bounds)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            raster = rasterio.open(path)
        with raster:
            _check_raster(raster, path.name, holds, classes=classes)
            crs = _crs_of(raster, path.name)
            window = _window(raster, crs, bounds, path.name, margin_cells)
            whole = Band(
                values=np.empty((0, 0)),
                to_place=_placing(raster.transform),
                file_to_place=_placing(raster.transform),
                first=window[:2],
                crs=crs,
            )
            shape = _shape(whole, window, finest_m)
            values = _values(raster, window, shape, classes=classes)
    except RasterioError as error:
        raise SourceError(
            Problem(
                what=f"cannot be read as a raster ({error})",
                where=path.name,
                remedy=f"name a GeoTIFF of {holds}; a damaged file must be copied again",
            )
        ) from error
    return replace(whole, values=values, to_place=_part(whole.file_to_place, window, shape))


def moved(
    placing: Placing, x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Move corners of cells to their places.

    Parameters
    ----------
    placing
        ``a, b, c, d, e, f`` of `Band`.
    x, y
        Columns and rows, any shape.

    Returns
    -------
    x, y
        Places in the raster's reference system, same shape.
    """
    a, b, c, d, e, f = placing
    return a * x + b * y + c, d * x + e * y + f


def _check_question(path: Path, bounds: Bounds) -> None:
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


def _check_raster(raster: DatasetReader, where: str, holds: str, *, classes: bool) -> None:
    """Refuse what holds no numbers in places, all of it at once."""
    problems = []
    if raster.count == 0:
        problems.append(
            Problem(
                what="holds several data sets and no band of its own",
                where=where,
                remedy=f"save the one with {holds} as a GeoTIFF",
            )
        )
    elif raster.count > 1:
        name = f", '{raster.descriptions[0]}'" if raster.descriptions[0] else ""
        problems.append(
            Problem(
                what=f"holds {raster.count} bands, and which of them holds {holds} is not known",
                where=where,
                remedy=f"save one alone as a GeoTIFF, such as the first (band 1{name})",
            )
        )
    elif raster.colorinterp[0].name == "palette" and not classes:
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


def _window(
    raster: DatasetReader, crs: CRS, bounds: Bounds, where: str, margin_cells: float
) -> Window:
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
        column, row = moved(_placing(~raster.transform), there[:, 0], there[:, 1])
        first_row, end_row = _cut(row, raster.height, margin_cells)
        first_column, end_column = _cut(column, raster.width, margin_cells)
        if first_row < end_row and first_column < end_column:
            return first_row, first_column, end_row, end_column
    raise ExtentError(
        Problem(
            what=f"does not meet the area ({_box(bounds)}); it covers {_covered(raster, crs)}",
            where=where,
            remedy="take a raster of the area; check the area, swapped x and y",
        )
    )


def _placing(transform: Affine) -> Placing:
    a, b, c, d, e, f = transform[:6]
    return a, b, c, d, e, f


def _cut(position: NDArray[np.float64], size: int, margin: float) -> tuple[int, int]:
    """Widen positions to whole cells and keep those the file has; a hair's breadth is none."""
    first = math.floor(position.min() + 1e-9)
    end = math.ceil(position.max() - 1e-9)
    if end <= 0 or first >= size:
        return 0, 0
    return max(math.floor(first - margin), 0), min(math.ceil(end + margin), size)


def _shape(whole: Band, window: Window, finest_m: float | None) -> tuple[int, int]:
    """Count the rows and columns to read a rectangle as."""
    first_row, first_column, end_row, end_column = window
    rows, columns = end_row - first_row, end_column - first_column
    if finest_m is None:
        return rows, columns
    width, height = whole.sides_m(first_row + rows / 2.0, first_column + columns / 2.0)
    return (
        max(1, round(rows * min(1.0, height / finest_m))),
        max(1, round(columns * min(1.0, width / finest_m))),
    )


def _part(placing: Placing, window: Window, shape: tuple[int, int]) -> Placing:
    """Place the cells of a rectangle that was read as another number of rows and columns."""
    a, b, c, d, e, f = placing
    first_row, first_column, end_row, end_column = window
    down, right = (end_row - first_row) / shape[0], (end_column - first_column) / shape[1]
    return (
        a * right,
        b * down,
        a * first_column + b * first_row + c,
        d * right,
        e * down,
        d * first_column + e * first_row + f,
    )


def _covered(raster: DatasetReader, crs: CRS) -> str:
    outline = geo.project_shape(shapely.box(*raster.bounds), crs, geo.WGS84)
    return _box(shapely.bounds(outline))


def _values(
    raster: DatasetReader, window: Window, shape: tuple[int, int], *, classes: bool
) -> NDArray[np.float64]:
    """Read a rectangle of the band as numbers, NaN where it declares no data."""
    from rasterio.enums import Resampling  # noqa: PLC0415

    first_row, first_column, end_row, end_column = window
    place = ((first_row, end_row), (first_column, end_column))
    fewer = Resampling.mode if classes else Resampling.average
    averaged = shape != (end_row - first_row, end_column - first_column)
    read = raster.read(
        1,
        window=place,
        masked=True,
        out_shape=shape,
        out_dtype="float64",
        resampling=fewer if averaged else Resampling.nearest,
    )
    values = np.where(np.ma.getmaskarray(read), np.nan, read.data.astype(np.float64))
    return np.asarray(values * raster.scales[0] + raster.offsets[0], dtype=np.float64)
