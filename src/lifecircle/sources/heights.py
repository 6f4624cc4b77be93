"""
A raster of heights -> heights at any points, straight between the middles of its cells.

Only the part around the streets is read; what is not known is missing, never 0.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from lifecircle import geo
from lifecircle.errors import DoubtfulRowsWarning, InputError, Problem
from lifecircle.provenance import Source, sha256_of
from lifecircle.sources.bands import Band, Bounds, read_band

FINEST_M = 30.0
"""Smaller cells are averaged to about this size [m] (P): a street follows no single boulder."""
LOWEST_M, HIGHEST_M = -500.0, 9000.0
"""Nothing on land lies lower or higher [m]: such values are undeclared marks for no data."""

_MARGIN_CELLS = 2.0


@dataclass(frozen=True, kw_only=True)
class Heights:
    """
    Heights of the ground on a grid.

    Parameters
    ----------
    height_m
        Height of each cell [m], NaN where it is not known, shape (rows, columns).
    to_place
        ``a, b, c, d, e, f`` with x = a column + b row + c and y = d column + e row + f for the
        corners of cells, counted from 0.
    crs
        Reference system of x and y.
    cell_m
        Size of a cell on the ground [m].
    """

    height_m: NDArray[np.float64]
    to_place: tuple[float, float, float, float, float, float]
    crs: CRS
    cell_m: float

    def __post_init__(self) -> None:
        self.height_m.flags.writeable = False

    def at(self, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        """
        Read heights at points, linear in both directions between the middles of four cells.

        Parameters
        ----------
        lonlat
            WGS 84 longitudes and latitudes [°], shape (n, 2).

        Returns
        -------
        height_m
            Heights [m], shape (n,); NaN outside the grid and where more than half of what the
            four cells weigh is not known.

        Examples
        --------
        >>> import numpy as np
        >>> from pyproj import CRS
        >>> from lifecircle.sources.heights import Heights
        >>> grid = Heights(height_m=np.array([[10.0, 20.0]]), cell_m=1000.0,
        ...     to_place=(0.01, 0.0, 13.0, 0.0, -0.01, 53.0), crs=CRS.from_epsg(4326))
        >>> grid.at(np.array([[13.005, 52.995], [13.01, 52.995], [14.0, 52.995]])).round(6).tolist()
        [10.0, 15.0, nan]
        """
        xy = geo.project(np.asarray(lonlat, dtype=np.float64).reshape(-1, 2), self.crs)
        a, b, c, d, e, f = self.to_place
        x, y = xy[:, 0] - c, xy[:, 1] - f
        area = a * e - b * d
        column, row = (e * x - b * y) / area - 0.5, (a * y - d * x) / area - 0.5
        rows, columns = self.height_m.shape
        inside = (row >= -0.5) & (row <= rows - 0.5) & (column >= -0.5) & (column <= columns - 0.5)
        row = np.clip(np.where(inside, row, 0.0), 0, rows - 1)
        column = np.clip(np.where(inside, column, 0.0), 0, columns - 1)
        top, left = np.floor(row).astype(np.int64), np.floor(column).astype(np.int64)
        low, high = row - top, column - left
        total, known = np.zeros(len(xy)), np.zeros(len(xy))
        for down, right, weight in (
            (0, 0, (1 - low) * (1 - high)),
            (0, 1, (1 - low) * high),
            (1, 0, low * (1 - high)),
            (1, 1, low * high),
        ):
            value = self.height_m[
                np.minimum(top + down, rows - 1), np.minimum(left + right, columns - 1)
            ]
            there = ~np.isnan(value)
            total += np.where(there, value, 0.0) * weight
            known += there * weight
        ok = inside & (known >= 0.5)
        height_m = np.full(len(xy), np.nan)
        height_m[ok] = total[ok] / known[ok]
        return height_m


def read_heights(path: Path, *, bounds: Bounds) -> tuple[Heights, Source]:
    """
    Read a raster of heights around some streets.

    Parameters
    ----------
    path
        GeoTIFF, or anything else GDAL reads as a raster of one band, heights in metres. Whether
        it shows the ground or the tops of houses and trees it does not say: take a terrain model.
    bounds
        West, south, east and north of the part that is needed, WGS 84 [°].

    Returns
    -------
    heights
        The part of the grid around the bounds; cells under 30 m are averaged to about that size.
    source
        Name, hash of the whole file, and counts of the cells read: `rows_used` have a height,
        `rows_doubtful` an impossible one.

    Raises
    ------
    SourceError
        If there is no such file, or it is no raster that can be read.
    InputError
        If the raster has several bands, or one of colours or complex numbers, no position, no
        height at all, or the bounds make no sense.
    CrsError
        If the raster has no reference system, or one that leads nowhere.
    ExtentError
        If the raster does not meet the bounds.

    Warns
    -----
    DoubtfulRowsWarning
        If cells hold impossible heights that the raster does not declare as no data.
    """
    band = read_band(path, bounds, holds="heights", margin_cells=_MARGIN_CELLS, finest_m=FINEST_M)
    wrong = (band.values < LOWEST_M) | (band.values > HIGHEST_M)
    if wrong.any():
        some = ", ".join(f"{value:g}" for value in np.unique(band.values[wrong])[:3])
        warnings.warn(
            f"{path.name}: {int(wrong.sum()):,} cells hold impossible heights ({some}) that the "
            "raster does not declare as no data: no height is known there",
            DoubtfulRowsWarning,
            stacklevel=2,
        )
    height_m = np.where(wrong, np.nan, band.values)
    known = int(np.isfinite(height_m).sum())
    if known == 0:
        raise InputError(
            Problem(
                what="knows no height around the streets",
                where=path.name,
                remedy="take a raster of heights in metres that covers the area",
            )
        )
    heights = Heights(height_m=height_m, to_place=band.to_place, crs=band.crs, cell_m=_cell_m(band))
    source = Source(
        name=path.name,
        sha256=sha256_of(path),
        rows_in=height_m.size,
        rows_used=known,
        rows_doubtful=int(wrong.sum()),
    )
    return heights, source


def _cell_m(band: Band) -> float:
    """Measure a cell in the middle of what was read: the longer of its sides."""
    rows, columns = band.values.shape
    return max(band.sides_m(rows / 2.0, columns / 2.0))
