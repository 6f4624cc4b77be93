"""
From points to the walking time of every place around them, as a raster that can be saved.

Cells take the time of their nearest pin, as homes do; a cell nobody reaches within the limit is
missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from rasterio import Affine

from lifecircle.errors import Problem, RuleError, SourceError
from lifecircle.network.pins import PIN_LIMIT_M, pin_points
from lifecircle.network.streets import StreetNetwork
from lifecircle.network.walks import Ends
from lifecircle.reach.asking import asked, local_points, own_raster, whole_limits
from lifecircle.reach.raster import CELL_M, Raster, prepare_raster

_SUFFIXES = (".tif", ".tiff")


@dataclass(frozen=True, kw_only=True)
class TimeField:
    """
    Walking times over an area.

    Parameters
    ----------
    minutes
        Time of each cell [min], float32, NaN where nobody walks within the limit, north first,
        shape (rows, columns).
    west, north
        Outer corner of the first cell [m].
    cell_m
        Side of a cell [m].
    crs
        Metric system of the corner.
    """

    minutes: NDArray[np.float32]
    west: float
    north: float
    cell_m: float
    crs: CRS

    def __post_init__(self) -> None:
        self.minutes.flags.writeable = False

    def at(self, points: gpd.GeoDataFrame) -> NDArray[np.float32]:
        """
        Read the time of the cells points lie in.

        Parameters
        ----------
        points
            Points in any reference system.

        Returns
        -------
        minutes
            NaN outside the raster and where nobody walks, shape (points,).

        Raises
        ------
        CrsError
            If the points have no reference system.
        """
        xy = shapely.get_coordinates(local_points(self.crs, points, where="points"))
        column = np.floor((xy[:, 0] - self.west) / self.cell_m).astype(np.int64)
        row = np.floor((self.north - xy[:, 1]) / self.cell_m).astype(np.int64)
        rows, columns = self.minutes.shape
        inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        found = np.full(len(xy), np.nan, dtype=np.float32)
        found[inside] = self.minutes[row[inside], column[inside]]
        return found

    def save(self, path: Path | str) -> Path:
        """
        Write a GeoTIFF: one band of float32 minutes, NaN for no data.

        Parameters
        ----------
        path
            Name ending in ``.tif``; an existing file is replaced.

        Returns
        -------
        path
            The file written.

        Raises
        ------
        RuleError
            If the name does not end in ``.tif`` or ``.tiff``.
        SourceError
            If the file cannot be written.
        """
        target = Path(path)
        if target.suffix.lower() not in _SUFFIXES:
            raise RuleError(f"'{target.name}' is no name of a GeoTIFF: let it end in .tif")
        rows, columns = self.minutes.shape
        try:
            with rasterio.open(
                target,
                "w",
                driver="GTiff",
                height=rows,
                width=columns,
                count=1,
                dtype="float32",
                crs=rasterio.crs.CRS.from_wkt(self.crs.to_wkt()),
                transform=Affine(self.cell_m, 0.0, self.west, 0.0, -self.cell_m, self.north),
                nodata=np.nan,
                compress="deflate",
            ) as file:
                file.write(self.minutes, 1)
                file.set_band_description(1, "walking time [min]")
        except (rasterio.errors.RasterioError, OSError) as error:
            raise SourceError(
                Problem(
                    what="cannot be written",
                    where=target.name,
                    remedy="close programs that hold it open, and check that its folder exists",
                )
            ) from error
        return target


def time_field(
    network: StreetNetwork,
    points: gpd.GeoDataFrame,
    *,
    minutes: float = 15,
    profile: str = "gb",
    direction: str = "to_facility",
    cell_m: float = CELL_M,
    raster: Raster | None = None,
) -> TimeField:
    """
    Time the walk from every place to the nearest of some points.

    Parameters
    ----------
    network
        The streets.
    points
        Points in any reference system, at least one.
    minutes
        Longest walk kept [min], inclusive.
    profile
        Who walks, a name in `lifecircle.walk.PROFILES`.
    direction
        ``to_facility`` for walks to the points, ``from_facility`` for walks from them.
    cell_m
        Side of a raster cell [m]; that of `raster` counts where one is given, and it grows where
        the area would need more than four million cells.
    raster
        What `prepare_raster` made of this network, to be used again.

    Returns
    -------
    field
        The times, in the network's system.

    Raises
    ------
    RuleError
        If there are no points, profile or direction is unknown, the limit is not positive, or the
        raster belongs to another network.
    SchemaError
        If a row of the points is no point.
    CrsError
        If the points have no reference system.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString, Point
    >>> from lifecircle.network.streets import StreetNetwork
    >>> from lifecircle.reach.time_field import time_field
    >>> street = gpd.GeoDataFrame(geometry=[LineString([(0, 0), (2000, 0)])], crs="EPSG:4550")
    >>> place = gpd.GeoDataFrame(geometry=[Point(1000, 0)], crs="EPSG:4550")
    >>> field = time_field(StreetNetwork.from_lines(street), place)
    >>> there = gpd.GeoDataFrame(geometry=[Point(1800, 0), Point(1000, 0)], crs="EPSG:4550")
    >>> field.at(there).tolist()
    [12.0, 0.0]
    """
    who, from_facility = asked(profile, direction)
    (limit,) = whole_limits([minutes])
    xy = local_points(network.crs, points, where="points")
    if len(xy) == 0:
        raise RuleError("a time field needs at least one point")
    if raster is None:
        around = shapely.union_all(shapely.buffer(xy, who.furthest_m(minutes) + PIN_LIMIT_M))
        raster = prepare_raster(network, around, modes=(who.mode,), cell_m=cell_m)
    cells = own_raster(network, raster)
    readers = cells.readers(who, from_facility=from_facility)
    ends = Ends.single(pin_points(network, xy, mode=who.mode))
    cost, _ = cells.nearest(readers, ends, limit=limit)
    half = cells.cell_m / 2
    return TimeField(
        minutes=np.ascontiguousarray(cost[::-1] / 6000).astype(np.float32),
        west=cells.west - half,
        north=cells.south + cells.cell_m * (cells.rows - 1) + half,
        cell_m=cells.cell_m,
        crs=network.crs,
    )
