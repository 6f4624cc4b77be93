"""
Outlines that should share an area out -> where they overlap, leave gaps or lie in several parts.

Nothing is mended: a point in an overlap is the lower id's, one in a gap is nobody's, and both are
told with their areas.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.places.outlines import areal, only_valid

LEAST_M2 = 1.0
"""Overlaps and gaps under this are roundings of shared corners [m²] (P)."""
_LEAST_PART_M2 = 100.0  # a smaller part of an outline is a slip of the pen (P)
_HALF_OPEN_M = 25.0  # a gap narrower than twice this is one, though it is open at an end (P)
_A_PART = 0.01  # of a grid that lies in another community, less is a slip of the pen (P)


@dataclass(frozen=True, kw_only=True)
class OutlineFaults:
    """
    What is wrong with outlines that should share an area out.

    Parameters
    ----------
    overlaps
        Rows of two outlines, the lower first, and the area they share [m²].
    gaps
        Pieces that lie between outlines, metric system.
    parts
        Row and number of parts of outlines in several parts, and the area of all but the largest
        [m²].
    """

    overlaps: tuple[tuple[int, int, float], ...]
    gaps: tuple[shapely.Geometry, ...]
    parts: tuple[tuple[int, int, float], ...]

    @property
    def gap_m2(self) -> float:
        """Area of all gaps [m²]."""
        return float(sum(shapely.area(gap) for gap in self.gaps))

    @property
    def overlap_m2(self) -> float:
        """Area of all overlaps [m²]."""
        return float(sum(area for _, _, area in self.overlaps))


def outline_faults(outlines: gpd.GeoDataFrame) -> OutlineFaults:
    """
    Find overlaps, gaps and exclaves.

    Parameters
    ----------
    outlines
        Polygons in a metric system; not changed.

    Returns
    -------
    faults
        Overlaps and gaps of `LEAST_M2` and more, in the order of the rows; a gap is a hole of all
        outlines together, or a slit between them under 50 m wide. Parts under 100 m² are not
        counted.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from lifecircle.places.outline_faults import outline_faults
    >>> two = gpd.GeoDataFrame(
    ...     geometry=[shapely.box(0, 0, 100, 100), shapely.box(90, 0, 200, 100)], crs="EPSG:4549"
    ... )
    >>> outline_faults(two).overlaps, outline_faults(two).gaps
    (((0, 1, 1000.0),), ())
    """
    shapes = only_valid(np.asarray(outlines.geometry.array, dtype=object))
    tree = shapely.STRtree(shapes)
    left, right = tree.query(shapes, predicate="intersects")
    pairs = left < right
    left, right = left[pairs], right[pairs]
    shared = shapely.area(shapely.intersection(shapes[left], shapes[right]))
    order = np.lexsort((right, left))
    overlaps = tuple(
        (int(left[at]), int(right[at]), float(shared[at])) for at in order if shared[at] >= LEAST_M2
    )
    parts = []
    for row, shape in enumerate(shapes):
        pieces = shapely.area(shapely.get_parts(shape))
        large = int((pieces >= _LEAST_PART_M2).sum())
        if large > 1:
            parts.append((row, large, float(pieces.sum() - pieces.max())))
    return OutlineFaults(overlaps=overlaps, gaps=_gaps(shapes), parts=tuple(parts))


def _gaps(shapes: NDArray[np.object_]) -> tuple[shapely.Geometry, ...]:
    if len(shapes) < 2:
        return ()
    whole = shapely.union_all(shapes)
    rings = [ring for one in shapely.get_parts(whole) for ring in one.interiors]
    holes = [shapely.Polygon(ring) for ring in rings]
    closed = shapely.buffer(
        shapely.buffer(whole, _HALF_OPEN_M, join_style="mitre"), -_HALF_OPEN_M, join_style="mitre"
    )
    slits = shapely.get_parts(shapely.difference(closed, shapely.union_all([whole, *holes])))
    # A bay in the outer border is closed as well; a slit has outlines of two on its sides.
    tree = shapely.STRtree(shapes)
    slits = areal(np.asarray(slits, dtype=object))
    between = [
        one
        for one in slits
        if len(tree.query(shapely.buffer(one, 0.5), predicate="intersects")) > 1
    ]
    found = [one for one in [*holes, *between] if shapely.area(one) >= LEAST_M2]
    return tuple(sorted(found, key=lambda one: (-shapely.area(one), *one.bounds)))


def pieces_across(
    grids: gpd.GeoDataFrame, outlines: gpd.GeoDataFrame
) -> tuple[tuple[int, tuple[tuple[int, float], ...]], ...]:
    """
    Find grids that lie in several communities.

    Parameters
    ----------
    grids, outlines
        Polygons in one metric system; not changed.

    Returns
    -------
    across
        Row of the grid, then of each community and the share of the grid's area in it, the
        largest first; shares under 1 % are left out.
    """
    cells = only_valid(np.asarray(grids.geometry.array, dtype=object))
    shapes = only_valid(np.asarray(outlines.geometry.array, dtype=object))
    cell, shape = shapely.STRtree(shapes).query(cells, predicate="intersects")
    share = shapely.area(shapely.intersection(cells[cell], shapes[shape])) / shapely.area(
        cells[cell]
    )
    across = []
    for row in np.unique(cell):
        here = (cell == row) & (share >= _A_PART)
        if here.sum() > 1:
            parts = sorted(zip(shape[here], share[here], strict=True), key=lambda one: -one[1])
            across.append((int(row), tuple((int(at), float(part)) for at, part in parts)))
    return tuple(across)
