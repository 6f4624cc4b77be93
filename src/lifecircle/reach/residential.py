"""
From residential land to cells that are asked like homes: how much of the land is covered.

The cells are those of the raster isochrones are drawn on, pinned by the rule homes are pinned by.
"""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.network.pins import Pins
from lifecircle.network.walks import Ends
from lifecircle.reach.matrix import Pinned
from lifecircle.reach.raster import Raster
from lifecircle.walk import Mode


def land_cells(
    raster: Raster, land: NDArray[np.object_], area: shapely.Geometry
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """
    Find the cells of a raster whose middle lies on some land.

    Parameters
    ----------
    raster
        The raster.
    land
        Polygons in its system; where they overlap a cell is found once.
    area
        Outline of the study area: cells outside are left out.

    Returns
    -------
    cell
        Place of each cell in the flattened raster, south first, ascending, shape (cells,).
    xy
        Their middles [m], shape (cells, 2).
    """
    inside = np.zeros((raster.rows, raster.columns), dtype=bool)
    xs = raster.west + raster.cell_m * np.arange(raster.columns)
    ys = raster.south + raster.cell_m * np.arange(raster.rows)
    for shape in land[shapely.intersects(area, land)]:
        west, south, east, north = shape.bounds
        left, right = np.searchsorted(xs, west), np.searchsorted(xs, east, side="right")
        low, high = np.searchsorted(ys, south), np.searchsorted(ys, north, side="right")
        if left == right or low == high:
            continue
        east_of, north_of = np.meshgrid(xs[left:right], ys[low:high])
        shapely.prepare(shape)
        inside[low:high, left:right] |= shapely.contains_xy(shape, east_of, north_of)
    cell = np.flatnonzero(inside.ravel())
    xy = np.column_stack([xs[cell % raster.columns], ys[cell // raster.columns]])
    shapely.prepare(area)
    kept = shapely.contains_xy(area, xy[:, 0], xy[:, 1])
    return cell[kept].astype(np.int64), xy[kept]


def pinned_cells(
    raster: Raster,
    cell: NDArray[np.int64],
    table: gpd.GeoDataFrame,
    compound: NDArray[np.int32],
) -> Pinned:
    """
    Put cells of a raster on the streets, as homes are.

    Parameters
    ----------
    raster
        The raster.
    cell
        Places in the flattened raster, ascending, shape (cells,).
    table
        A row per cell with ``community_id``, ``subdistrict``, ``unit_id`` and ``estate_id``.
    compound
        Closed estate each cell lies in, -1 in none, shape (cells,).

    Returns
    -------
    cells
        Those farther than 200 m from any street are rows without a pin: nobody reaches anything
        from there.
    """
    row = np.full(raster.rows * raster.columns, -1, dtype=np.int32)
    row[cell] = np.arange(len(cell), dtype=np.int32)
    of_point = row[raster.at]
    others: Mapping[Mode, Pins] = {
        mode: _chosen(pins, of_point, len(cell)) for mode, pins in raster.ends.others.items()
    }
    pins = _chosen(raster.ends.pins, of_point, len(cell))
    return Pinned(table=table, ends=Ends.single(pins, others), compound=compound)


def _chosen(pins: Pins, of_point: NDArray[np.int32], n: int) -> Pins:
    point = of_point[pins.point]
    keep = point >= 0
    status = np.full(n, "far", dtype=object)
    known = of_point >= 0
    status[of_point[known]] = pins.status[known]
    return Pins(
        n=n,
        point=point[keep],
        edge=pins.edge[keep],
        share=pins.share[keep],
        leg_m=pins.leg_m[keep],
        status=status,
    )
