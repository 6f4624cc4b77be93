"""
Rows of a table -> those that lie far from all the others: a zero or a digit too much in a place.

A stray row is told and kept: only the planner knows whether it belongs.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

FAR_M = 100_000.0
"""Nearer rows are never stray [m]: a district and its neighbours are not that wide (P)."""

FAR_TIMES = 20.0
"""Nor are rows less than this many times as far out as the middle one of all rows (P)."""

_METRES_PER_DEGREE = 111_320.0


def stray_rows(table: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """
    Find rows that lie far from all the others.

    Parameters
    ----------
    table
        Rows with shapes, in degrees or metres.

    Returns
    -------
    stray
        Whether the row lies more than 100 km, and 20 times as far as half of the rows do, from
        the middle of them all, shape (n,). Never with fewer than three rows.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from lifecircle.sources.vectors.strays import stray_rows
    >>> places = gpd.points_from_xy([121.1, 121.2, 121.15, 0.0], [30.4, 30.4, 30.5, 0.0])
    >>> stray_rows(gpd.GeoDataFrame(geometry=places, crs="EPSG:4326")).tolist()
    [False, False, False, True]
    """
    if len(table) < 3:
        return np.zeros(len(table), dtype=bool)
    bounds = table.geometry.bounds.to_numpy(dtype=np.float64)
    middle = (bounds[:, :2] + bounds[:, 2:]) / 2
    if table.crs is not None and table.crs.is_geographic:
        scale = _METRES_PER_DEGREE * np.cos(np.radians(np.median(middle[:, 1])))
        middle = middle * np.array([scale, _METRES_PER_DEGREE])
    out_m = np.hypot(*(middle - np.median(middle, axis=0)).T)
    return np.asarray(out_m > max(FAR_M, FAR_TIMES * float(np.median(out_m))), dtype=bool)
