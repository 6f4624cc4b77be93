"""Outlines that geometry operations accept: crossed rings mended, stray lines dropped."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

Shapes = NDArray[np.object_]


def only_valid(shapes: Shapes) -> Shapes:
    """
    Repair outlines that cross themselves.

    Parameters
    ----------
    shapes
        Polygons, shape (n,).

    Returns
    -------
    repaired
        Polygons that geometry operations accept; the sound ones are the same objects.
    """
    bad = ~shapely.is_valid(shapes)
    if not bad.any():
        return shapes
    repaired = shapes.copy()
    repaired[bad] = shapely.make_valid(shapes[bad], method="structure", keep_collapsed=False)
    return repaired


def areal(shapes: Shapes) -> Shapes:
    """
    Drop the lines and points that cutting leaves beside polygons: overlays refuse a mixture.

    Parameters
    ----------
    shapes
        Any shapes, shape (n,).

    Returns
    -------
    clean
        Collections reduced to their polygons; all others as they are.
    """
    mixed = np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION)
    if not len(mixed):
        return shapes
    clean = shapes.copy()
    for place in mixed:
        parts = shapely.get_parts(shapely.get_parts(shapes[place]))
        areal = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
        clean[place] = shapely.multipolygons(parts[areal])
    return clean
