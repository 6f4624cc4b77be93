"""
From the costs of cells to nested polygons: contours, per source, over all, or shared out.

A contour runs between a cell within the limit and one beyond it, where the limit is met along
their straight connection. Costs are cut off one cell's walk from the limit, so a far or unreached
neighbour ends the area half way between the two and no farther; all bands of one raster
nest by construction, and a cell's middle lies inside exactly when its cost is within the band.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import contourpy
import numpy as np
import rasterio.features
import shapely
from numpy.typing import NDArray
from rasterio import Affine

from lifecircle.network import search
from lifecircle.network.readers import Readers
from lifecircle.network.walks import Ends
from lifecircle.reach.raster import Raster

_SLACK_CELLS = 1.0
_BLOCK = 32  # sources per task of the thread pool

_Rings = tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]
"""Coordinates, where rings begin in them, where polygons begin in the rings."""


def draw_each(
    raster: Raster, readers: Readers, sources: Ends, *, bands: Sequence[int]
) -> NDArray[np.object_]:
    """
    Draw the area within each band of each source on its own.

    Parameters
    ----------
    raster, readers
        The prepared cells, and `Raster.readers` of them.
    sources
        Where walks end (or begin).
    bands
        Limits in the router's integer unit.

    Returns
    -------
    areas
        Valid multipolygons, empty where nothing is reached, shape (sources, bands).
    """
    slack = _slack(raster, readers)
    limit = max(bands) + slack

    def block(first: int) -> NDArray[np.object_]:
        rings = [
            _contour(window.cost, band, slack, raster, window.row, window.column)
            for window in readers.windows(
                sources,
                limit=limit,
                at=raster.at,
                columns=raster.columns,
                first=first,
                last=min(first + _BLOCK, sources.n),
            )
            for band in bands
        ]
        return _polygons(rings).reshape(-1, len(bands))

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        blocks = list(pool.map(block, range(0, sources.n, _BLOCK)))
    return np.concatenate([np.empty((0, len(bands)), dtype=object), *blocks])


def draw_union(
    raster: Raster, readers: Readers, sources: Ends, *, bands: Sequence[int]
) -> NDArray[np.object_]:
    """
    Draw the area within each band of the nearest of all sources.

    Parameters
    ----------
    raster, readers
        The prepared cells, and `Raster.readers` of them.
    sources
        Where walks end (or begin).
    bands
        Limits in the router's integer unit.

    Returns
    -------
    areas
        Valid multipolygons, empty where nothing is reached, shape (bands,).
    """
    slack = _slack(raster, readers)
    cost, _ = raster.nearest(readers, sources, limit=max(bands) + slack)
    return _outline(raster, cost, bands, slack)


def draw_counted(
    raster: Raster,
    readers: Readers,
    rules: Sequence[tuple[int, Ends]],
    *,
    bands: Sequence[int],
) -> NDArray[np.object_]:
    """
    Draw the area from which so many sources of every rule are within each band.

    Parameters
    ----------
    raster, readers
        The prepared cells, and `Raster.readers` of them.
    rules
        How many sources are wanted, and of which.
    bands
        Limits in the router's integer unit.

    Returns
    -------
    areas
        Valid multipolygons, empty where nobody has them all, shape (bands,).

    Notes
    -----
    A cell costs what the farthest of its wanted sources costs: the n-th nearest of a rule, the
    longest over the rules, as homes are judged.
    """
    slack = _slack(raster, readers)
    limit = max(bands) + slack
    met = np.zeros((raster.rows, raster.columns))
    for at_least, sources in rules:
        # Framed by a cell all around, as windows are.
        lowest = np.full((at_least, raster.rows + 2, raster.columns + 2), float(search.FAR))
        for window in readers.windows(
            sources, limit=limit, at=raster.at, columns=raster.columns, first=0, last=sources.n
        ):
            down, wide = window.cost.shape
            here = lowest[
                :,
                window.row + 1 : window.row + 1 + down,
                window.column + 1 : window.column + 1 + wide,
            ]
            both = np.concatenate([here, window.cost[np.newaxis].astype(np.float64)])
            here[:] = np.sort(both, axis=0)[:at_least]
        met = np.maximum(met, lowest[-1, 1:-1, 1:-1])
    return _outline(raster, np.where(met >= search.FAR, np.nan, met), bands, slack)


def draw_nearest(
    raster: Raster, readers: Readers, sources: Ends, *, bands: Sequence[int]
) -> NDArray[np.object_]:
    """
    Share the area within each band out among the sources: every cell to its nearest.

    Parameters
    ----------
    raster, readers
        The prepared cells, and `Raster.readers` of them.
    sources
        Where walks end (or begin).
    bands
        Limits in the router's integer unit.

    Returns
    -------
    areas
        Valid multipolygons that do not overlap within a band and together make the area of
        `draw_union`, empty where a source is nearest to no cell, shape (sources, bands).

    Notes
    -----
    A Voronoi diagram of the network (Erwig 2000). Borders between sources run along the cells'
    sides; a cell as near to two sources belongs to the one in the lower row.
    """
    slack = _slack(raster, readers)
    cost, to = raster.nearest(readers, sources, limit=max(bands) + slack)
    outlines = _outline(raster, cost, bands, slack)
    owned = _grown(cost, to)
    shares = np.full((sources.n, len(bands)), shapely.MultiPolygon(), dtype=object)
    for source, cells in _cells_of(raster, owned):
        for band, outline in enumerate(outlines):
            near = shapely.clip_by_rect(outline, *cells.bounds)
            shares[source, band] = _areal(shapely.intersection(cells, shapely.make_valid(near)))
    return shares


def _slack(raster: Raster, readers: Readers) -> int:
    """Price the way from a cell to where its cost no longer matters."""
    length_m = _SLACK_CELLS * raster.cell_m
    if readers.router.metric == "distance":
        return round(100 * length_m)
    return max(1, int(readers.router.profile.centiseconds(length_m)))


def _outline(
    raster: Raster, cost: NDArray[np.float64], bands: Sequence[int], slack: int
) -> NDArray[np.object_]:
    """Contour the reached part of a whole raster."""
    reached = np.isfinite(cost)
    if not reached.any():
        return np.full(len(bands), shapely.MultiPolygon(), dtype=object)
    rows, columns = np.flatnonzero(reached.any(axis=1)), np.flatnonzero(reached.any(axis=0))
    part = cost[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    window = np.full((part.shape[0] + 2, part.shape[1] + 2), float(search.FAR))
    window[1:-1, 1:-1] = np.where(np.isfinite(part), part, float(search.FAR))
    south, west = int(rows[0]) - 1, int(columns[0]) - 1
    return _polygons([_contour(window, band, slack, raster, south, west) for band in bands])


def _contour(
    cost: NDArray[Any], band: int, slack: int, raster: Raster, row: int, column: int
) -> _Rings | None:
    """Trace one band of a framed window."""
    if not cost.size:
        return None
    # The limit itself is inside: costs are whole numbers, so half a unit more divides them.
    over = np.clip(cost - (band + 0.5), -float(slack), float(slack))
    generator: Any = contourpy.contour_generator(
        z=over, fill_type=contourpy.FillType.ChunkCombinedOffsetOffset
    )
    points, rings, polygons = (found[0] for found in generator.filled(-2.0 * slack, 0.0))
    if points is None:
        return None
    corner = np.asarray([raster.west + raster.cell_m * column, raster.south + raster.cell_m * row])
    return (
        points * raster.cell_m + corner,
        rings.astype(np.int64),
        polygons.astype(np.int64),
    )


def _polygons(parts: Sequence[_Rings | None]) -> NDArray[np.object_]:
    """Make one multipolygon of each part, all at once."""
    some = [part for part in parts if part is not None]
    areas = np.full(len(parts), shapely.MultiPolygon(), dtype=object)
    if not some:
        return areas
    coordinates = np.concatenate([part[0] for part in some])
    rings, polygons = _chained([part[1] for part in some]), _chained([part[2] for part in some])
    wholes = np.concatenate(([0], np.cumsum([len(part[2]) - 1 for part in some])))
    made = shapely.from_ragged_array(
        shapely.GeometryType.MULTIPOLYGON, coordinates, (rings, polygons, wholes)
    )
    broken = np.flatnonzero(~shapely.is_valid(made))
    made[broken] = [_areal(one) for one in shapely.make_valid(made[broken])]
    areas[[part is not None for part in parts]] = made
    return areas


def _chained(offsets: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Put CSR pointers behind each other."""
    ends = np.cumsum([0, *(one[-1] for one in offsets)])
    shifted = [one[1:] + start for one, start in zip(offsets, ends[:-1], strict=True)]
    return np.concatenate([np.zeros(1, np.int64), *shifted])


def _areal(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """Keep what has an area, as one multipolygon."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    kept = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return shapely.multipolygons(kept[~shapely.is_empty(kept)])


def _grown(cost: NDArray[np.float64], to: NDArray[np.int32]) -> NDArray[np.int32]:
    """Give the unreached neighbours of reached cells an owner too: outlines end among them."""
    known = np.pad(np.where(to >= 0, cost, np.inf), 1, constant_values=np.inf)
    owner = np.pad(to, 1, constant_values=-1)
    best, grown = known.copy(), owner.copy()
    rows, columns = to.shape
    for down in (0, 1, 2):
        for right in (0, 1, 2):
            near = known[down : down + rows, right : right + columns]
            label = owner[down : down + rows, right : right + columns]
            middle, mine = best[1:-1, 1:-1], grown[1:-1, 1:-1]
            closer = (to < 0) & (label >= 0)
            closer &= (near < middle) | ((near == middle) & (label < mine))
            middle[closer], mine[closer] = near[closer], label[closer]
    return grown[1:-1, 1:-1]


def _cells_of(
    raster: Raster, owned: NDArray[np.int32]
) -> Iterator[tuple[int, shapely.MultiPolygon]]:
    """Give each source the squares of its cells as one shape."""
    half = raster.cell_m / 2
    north = raster.south + raster.cell_m * (raster.rows - 1) + half
    corner = Affine(raster.cell_m, 0.0, raster.west - half, 0.0, -raster.cell_m, north)
    upright = np.ascontiguousarray(owned[::-1])
    parts: dict[int, list[shapely.Geometry]] = {}
    for outline, source in rasterio.features.shapes(upright, mask=upright >= 0, transform=corner):
        shell, *holes = outline["coordinates"]
        parts.setdefault(int(source), []).append(shapely.Polygon(shell, holes))
    for source in sorted(parts):
        yield source, shapely.multipolygons(parts[source])
