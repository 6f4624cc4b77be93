"""
From streets and a model of heights to how many times as long as flat ground each edge takes.

Heights are read along an edge, not at its ends alone; a bridge or a tunnel runs straight from end
to end, whatever the ground does.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from lifecircle import geo
from lifecircle.errors import MissingDataWarning
from lifecircle.sources.heights import Heights, read_heights
from lifecircle.walk import slope_times

SPACING_M = 30.0
"""Heights are read at most this far apart along a street [m] (P)."""
STEEPEST = 0.4
"""A steeper street is taken for noise and priced at this slope, rise over run (P)."""

_SETTLED_M = 0.001
_MOST_ROUNDS = 2000

HeightAt = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Heights [m] at points, shape (k, 2) -> (k,), NaN where nothing is known."""


@dataclass(frozen=True, kw_only=True)
class Slopes:
    """
    What slopes do to walks along edges.

    Parameters
    ----------
    forward, backward
        How many times as long as flat ground an edge takes along and against its direction,
        shape (m,); 1 where heights are missing.
    rise_m
        How much higher an edge ends than it begins [m], shape (m,); NaN where it is not known.
    """

    forward: NDArray[np.float64]
    backward: NDArray[np.float64]
    rise_m: NDArray[np.float64]


def edges_with_slopes(
    edges: pd.DataFrame,
    lines: NDArray[np.object_],
    length_m: NDArray[np.float64],
    edge_node: NDArray[np.int32],
    *,
    crs: CRS,
    heights: Heights | Path | str,
) -> pd.DataFrame:
    """
    Write slopes into a table of edges.

    Parameters
    ----------
    edges
        Columns of `StreetNetwork.edges`; not changed.
    lines
        Edges as LineStrings, shape (m,).
    length_m
        Their length on the ground [m], shape (m,).
    edge_node
        Nodes at both ends of each edge, shape (m, 2).
    crs
        System of the lines.
    heights
        Heights of the ground, or a raster of them, which is read around the lines.

    Returns
    -------
    edges
        The same rows with ``slope_forward``, ``slope_backward`` and ``rise_m``.
    """
    if isinstance(heights, Heights):
        ground = heights
    else:
        around = geo.project_shape(shapely.box(*shapely.total_bounds(lines)), crs, geo.WGS84)
        ground, _ = read_heights(Path(heights), bounds=shapely.bounds(around))
    slopes = slopes_of(
        lines,
        length_m,
        edge_node,
        level=edges[["bridge", "tunnel", "covered"]].any(axis=1).to_numpy(dtype=bool),
        height_at=lambda xy: ground.at(geo.unproject(xy, crs)),
        cell_m=ground.cell_m,
    )
    return edges.assign(
        slope_forward=slopes.forward, slope_backward=slopes.backward, rise_m=slopes.rise_m
    )


def slopes_of(
    lines: NDArray[np.object_],
    length_m: NDArray[np.float64],
    edge_node: NDArray[np.int32],
    *,
    level: NDArray[np.bool_],
    height_at: HeightAt,
    cell_m: float,
) -> Slopes:
    """
    Price the slopes of edges.

    Parameters
    ----------
    lines
        Edges as LineStrings, shape (m,).
    length_m
        Their length on the ground [m], shape (m,).
    edge_node
        Nodes at both ends of each edge, shape (m, 2).
    level
        Edges that run straight from end to end: bridges, tunnels, covered ways, shape (m,).
    height_at
        Heights at points in the system of `lines`.
    cell_m
        Size of a cell of the heights [m].

    Returns
    -------
    slopes
        Times along and against each edge.

    Warns
    -----
    MissingDataWarning
        If heights are missing along some edges, which then count as flat.

    Notes
    -----
    Between the ends of an edge heights are averaged with their neighbours within half a cell to
    either side, at least the next one (P): a model of heights is noisy from cell to cell, a street
    is not. A node where only bridges and tunnels meet takes its height from where they end.
    """
    pieces = np.maximum(1, np.ceil(length_m / SPACING_M)).astype(np.int64)
    count = pieces + 1
    first = np.concatenate(([0], np.cumsum(count)))
    edge = np.repeat(np.arange(len(lines)), count)
    along = np.arange(first[-1]) - first[edge]
    part = along / pieces[edge]
    points = shapely.line_interpolate_point(lines[edge], part, normalized=True)
    height = np.asarray(height_at(shapely.get_coordinates(points)), dtype=np.float64)
    tips = np.column_stack([height[first[:-1]], height[first[1:] - 1]])
    tips[level] = _spanned(tips, edge_node, length_m, level)[level]
    straight = tips[edge, 0] + part * (tips[edge, 1] - tips[edge, 0])
    height = np.where(level[edge], straight, height)
    unknown = np.zeros(len(lines), dtype=bool)
    unknown[edge[np.isnan(height)]] = True
    height = _smoothed(height, along, pieces[edge], round(cell_m / 2 / SPACING_M))
    _warn_missing(unknown, length_m)
    inner = along < pieces[edge]
    run = (length_m / pieces)[edge][inner]
    rise = np.append(np.diff(height), 0.0)[inner]
    slope = np.divide(rise, run, out=np.zeros_like(rise), where=run > 0)
    slope = np.clip(slope, -STEEPEST, STEEPEST)
    starts = np.concatenate(([0], np.cumsum(pieces)))[:-1]

    def mean(times: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where(unknown, 1.0, np.add.reduceat(times, starts) / pieces)

    return Slopes(
        forward=mean(slope_times(slope)),
        backward=mean(slope_times(-slope)),
        rise_m=np.where(unknown, np.nan, tips[:, 1] - tips[:, 0]),
    )


def _spanned(
    tips: NDArray[np.float64],
    edge_node: NDArray[np.int32],
    length_m: NDArray[np.float64],
    level: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Give nodes where only bridges and tunnels meet the heights of straight lines over them."""
    n = int(edge_node.max(initial=-1)) + 1
    height = np.zeros(n)
    height[edge_node.ravel()] = tips.ravel()
    ends = edge_node[level].astype(np.int64)
    weight = 1.0 / np.maximum(length_m[level], 0.01)
    hung = np.bincount(ends.ravel(), minlength=n) == np.bincount(edge_node.ravel(), minlength=n)
    hung &= np.bincount(edge_node.ravel(), minlength=n) >= 2
    if hung.any():
        # A bridge may hang over ground whose height is not known.
        height[hung & np.isnan(height)] = 0.0
        total = np.bincount(ends.ravel(), weights=np.repeat(weight, 2), minlength=n)
        for _ in range(_MOST_ROUNDS):
            pull = np.bincount(ends[:, 0], weights=weight * height[ends[:, 1]], minlength=n)
            pull += np.bincount(ends[:, 1], weights=weight * height[ends[:, 0]], minlength=n)
            settled = np.where(hung, pull / np.where(hung, total, 1.0), height)
            moved = np.abs(settled - height)[hung]
            height = settled
            if not np.nanmax(moved, initial=0.0) > _SETTLED_M:
                break
    return height[edge_node]


def _smoothed(
    height: NDArray[np.float64], along: NDArray[np.int64], last: NDArray[np.int64], reach: int
) -> NDArray[np.float64]:
    """Average with as many neighbours on either side; the ends of an edge stay."""
    reach = max(1, reach)
    room = np.minimum(np.minimum(along, last - along), reach)
    total, n = height.copy(), len(height)
    for step in range(1, reach + 1):
        at = np.flatnonzero(room >= step)
        total[at] += height[at - step] + height[np.minimum(at + step, n - 1)]
    return np.asarray(total / (2 * room + 1), dtype=np.float64)


def _warn_missing(unknown: NDArray[np.bool_], length_m: NDArray[np.float64]) -> None:
    if unknown.any():
        warnings.warn(
            f"{int(unknown.sum()):,} of {len(unknown):,} pieces of street "
            f"({length_m[unknown].sum() / 1000:,.1f} km) have no heights: they count as flat",
            MissingDataWarning,
            stacklevel=4,
        )
