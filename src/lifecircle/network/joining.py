"""
From street ways, lines or tables to nodes and edges in one order.

Nodes and edges are ordered along a Hilbert curve with ties broken by identifier: the order of rows
in the source changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from lifecircle import geo
from lifecircle.errors import CrsError, NetworkError, Problem
from lifecircle.network.crossings import count_crossings
from lifecircle.tables import NODE_KINDS, STREET_FLAGS, STREET_TEXTS, StreetWays

_BREAKING = tuple(NODE_KINDS.index(kind) for kind in ("gate", "stile", "entrance", "blocked"))
_HILBERT_LEVEL = 15


@dataclass(frozen=True, kw_only=True)
class Joined:
    """
    Streets cut into edges between nodes.

    Parameters
    ----------
    crs
        Metric system of the coordinates.
    node_xy
        Position of each node [m], shape (n, 2).
    edge_node
        Nodes at both ends of each edge, shape (m, 2).
    length_m
        Length of each edge on the ground [m], shape (m,).
    shape_ptr, shape_xy
        CSR of the edges' geometry.
    edges
        One row per edge with the columns of `StreetNetwork.edges`.
    lights_xy
        Where there are traffic lights, at junctions and between them [m], shape (k, 2).
    """

    crs: CRS
    node_xy: NDArray[np.float64]
    edge_node: NDArray[np.int32]
    length_m: NDArray[np.float64]
    shape_ptr: NDArray[np.int64]
    shape_xy: NDArray[np.float64]
    edges: pd.DataFrame
    lights_xy: NDArray[np.float64]


def join_ways(streets: StreetWays, crs: CRS) -> Joined:
    """
    Cut street ways into edges at the nodes they share.

    Parameters
    ----------
    streets
        Ways as surveyed, WGS 84.
    crs
        Metric system to work in.

    Returns
    -------
    joined
        Nodes and edges in order.

    Raises
    ------
    NetworkError
        If there is no street at all.
    """
    if len(streets) == 0:
        raise NetworkError(
            Problem(
                what="no streets were found",
                remedy="check that the street file covers the area and holds highway ways",
            )
        )
    node, ptr = streets.way_node, streets.way_ptr
    way_of = np.repeat(np.arange(len(streets), dtype=np.int64), np.diff(ptr))
    breaks = _break_positions(streets)
    # An edge starts at every break that is not the last position of its way.
    is_last = np.zeros(len(node), dtype=bool)
    is_last[ptr[1:] - 1] = True
    at = np.flatnonzero(breaks)
    start, stop = at[:-1], at[1:]
    keep = ~is_last[start]
    start, stop = start[keep], stop[keep]
    step_m = np.zeros(len(node) + 1)
    step_m[1:-1] = geo.ground_m(streets.lonlat[node[:-1]], streets.lonlat[node[1:]])
    # Summed edge by edge: a running sum would carry the rounding of the ways before.
    spans = np.column_stack([start + 1, stop + 1]).ravel()
    length_m = np.add.reduceat(step_m, spans)[::2] if len(spans) else np.empty(0)
    xy = geo.project(streets.lonlat, crs)
    counts = stop - start + 1
    shape_ptr = np.concatenate(([0], np.cumsum(counts)))
    shape_pos = np.arange(shape_ptr[-1]) - np.repeat(shape_ptr[:-1] - start, counts)
    edges = streets.ways.iloc[way_of[start]].reset_index(drop=True)
    ends, parent = _severed(streets, edges, np.column_stack([start, stop]))
    lights = streets.node_kind[parent] == NODE_KINDS.index("signals")
    return _ordered(
        lights=lights,
        lights_xy=xy[streets.node_kind == NODE_KINDS.index("signals")],
        crs=crs,
        ends=ends,
        length_m=length_m,
        shape_ptr=shape_ptr,
        shape_xy=xy[node[shape_pos]],
        edges=edges,
        node_xy=xy[parent],
        node_id=streets.node_id[parent],
    )


def join_lines(lines: gpd.GeoDataFrame) -> Joined:
    """
    Join noded lines at their ends.

    Parameters
    ----------
    lines
        LineStrings in a metric system that meet only where their end points coincide.

    Returns
    -------
    joined
        Nodes and edges in order.

    Raises
    ------
    NetworkError
        If there is no line, or a geometry is no LineString.
    CrsError
        If the lines lie in no metric system.
    """
    _require_metric(lines.crs, "lines")
    shapes = lines.geometry.array
    usable = (np.asarray(shapes.geom_type) == "LineString") & ~np.asarray(shapes.is_empty)
    if len(lines) == 0 or not usable.all():
        raise NetworkError(Problem(what="streets must be LineStrings, at least one", where="lines"))
    coords, owner = shapely.get_coordinates(shapes, return_index=True)
    counts = np.bincount(owner, minlength=len(lines))
    shape_ptr = np.concatenate(([0], np.cumsum(counts)))
    tips = np.column_stack([shape_ptr[:-1], shape_ptr[1:] - 1])
    # Half a centimetre: below it end points are the same junction.
    keys = np.rint(coords[tips.ravel()] * 200).astype(np.int64)
    _, first, node = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    xy = coords[tips.ravel()][first]
    return _ordered(
        crs=lines.crs,
        ends=node.reshape(-1, 2).astype(np.int32),
        length_m=np.asarray(shapely.length(shapes)),
        shape_ptr=shape_ptr,
        shape_xy=coords,
        edges=_complete_columns(pd.DataFrame(lines.drop(columns=lines.geometry.name))),
        node_xy=xy,
        node_id=np.arange(len(xy), dtype=np.int64),
    )


def join_frames(nodes: gpd.GeoDataFrame, edges: gpd.GeoDataFrame) -> Joined:
    """
    Join edges at the nodes they name.

    Parameters
    ----------
    nodes
        Points in a metric system, indexed by node id; ``lights`` (bool) where some have traffic
        lights.
    edges
        LineStrings with ``u`` and ``v``.

    Returns
    -------
    joined
        Nodes and edges in order.

    Raises
    ------
    NetworkError
        If there is no edge, or one names a node that is not there or is no LineString.
    CrsError
        If the edges lie in no metric system.
    """
    _require_metric(edges.crs, "edges")
    table = edges if "u" in edges.columns else edges.reset_index()
    shapes = table.geometry.array
    usable = (np.asarray(shapes.geom_type) == "LineString") & ~np.asarray(shapes.is_empty)
    if len(table) == 0 or not usable.all():
        raise NetworkError(Problem(what="streets must be LineStrings, at least one", where="edges"))
    u = nodes.index.get_indexer(table["u"])
    v = nodes.index.get_indexer(table["v"])
    if (u < 0).any() or (v < 0).any():
        bad = int(((u < 0) | (v < 0)).sum())
        raise NetworkError(Problem(what=f"{bad} edges name a node that is not in the node table"))
    coords, owner = shapely.get_coordinates(table.geometry.array, return_index=True)
    counts = np.bincount(owner, minlength=len(table))
    lengths = (
        table["length"].to_numpy(dtype=np.float64)
        if "length" in table.columns
        else np.asarray(shapely.length(table.geometry.array))
    )
    extra = table.drop(columns=[table.geometry.name, "u", "v", "length"], errors="ignore")
    return _ordered(
        crs=edges.crs,
        ends=np.column_stack([u, v]).astype(np.int32),
        length_m=lengths,
        shape_ptr=np.concatenate(([0], np.cumsum(counts))),
        shape_xy=coords,
        edges=_complete_columns(pd.DataFrame(extra)),
        node_xy=shapely.get_coordinates(nodes.geometry.array),
        node_id=np.arange(len(nodes), dtype=np.int64),
        lights=nodes["lights"].to_numpy(dtype=bool) if "lights" in nodes else None,
    )


def _require_metric(crs: CRS | None, where: str) -> None:
    if crs is None or crs.is_geographic:
        raise CrsError(
            Problem(
                what="streets need a metric coordinate reference system",
                where=where,
                remedy="declare it, or move the table with to_crs",
            )
        )


def _break_positions(streets: StreetWays) -> NDArray[np.bool_]:
    """Mark the positions in `way_node` where an edge must begin or end."""
    node, ptr = streets.way_node, streets.way_ptr
    uses = np.bincount(node, minlength=len(streets.node_id))
    is_end = np.zeros(len(node), dtype=bool)
    is_end[ptr[:-1]] = True
    is_end[ptr[1:] - 1] = True
    special = np.isin(streets.node_kind, _BREAKING)
    breaks: NDArray[np.bool_] = is_end | (uses[node] > 1) | special[node]
    return breaks


def _severed(
    streets: StreetWays, edges: pd.DataFrame, position: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Let every edge end at a blocked node in a dead end of its own; give ends and node parents."""
    ends = streets.way_node[position].astype(np.int64)
    n = len(streets.node_id)
    edge, side = np.nonzero(streets.node_kind[ends] == NODE_KINDS.index("blocked"))
    # By way, then along it: the order of rows must not number the copies.
    way = pd.factorize(edges["way_id"], sort=True)[0][edge]
    order = np.lexsort((side, position[edge, side], way))
    edge, side = edge[order], side[order]
    parent = np.concatenate([np.arange(n), ends[edge, side]])
    ends[edge, side] = n + np.arange(len(edge))
    return ends, parent


def _complete_columns(edges: pd.DataFrame) -> pd.DataFrame:
    """Give edges the columns of `StreetWays.ways`, walkable both ways where nothing is said."""
    table = edges.reset_index(drop=True).copy()
    for flag in STREET_FLAGS:
        default = flag.startswith(("foot", "bike", "car"))
        table[flag] = table[flag].fillna(default).astype(bool) if flag in table else default
    for text in ("highway", *STREET_TEXTS):
        if text not in table:
            table[text] = pd.Series([None] * len(table), dtype=object)
    if "way_id" not in table:
        table["way_id"] = [str(number) for number in range(len(table))]
    if "layer" not in table:
        table["layer"] = 0
    if "maxspeed_kmh" not in table:
        table["maxspeed_kmh"] = np.nan
    return table


def _ordered(
    *,
    crs: CRS,
    ends: NDArray[Any],
    length_m: NDArray[np.float64],
    shape_ptr: NDArray[np.int64],
    shape_xy: NDArray[np.float64],
    edges: pd.DataFrame,
    node_xy: NDArray[np.float64],
    node_id: NDArray[np.int64],
    lights: NDArray[np.bool_] | None = None,
    lights_xy: NDArray[np.float64] | None = None,
) -> Joined:
    """Renumber nodes along a Hilbert curve and edges by their nodes; drop nodes without edges."""
    lights = np.zeros(len(node_xy), dtype=bool) if lights is None else lights
    edges = count_crossings(_on_the_flat(edges), ends.astype(np.int64), length_m, lights)
    used = np.unique(ends)
    points = shapely.points(node_xy[used])
    curve = _hilbert(points)
    rank = np.lexsort((node_id[used], node_xy[used, 1], node_xy[used, 0], curve))
    new = np.full(len(node_xy), -1, dtype=np.int32)
    new[used[rank]] = np.arange(len(used), dtype=np.int32)
    ends = new[ends]
    low, high = ends.min(axis=1), ends.max(axis=1)
    way = pd.factorize(edges["way_id"], sort=True)[0]
    order = np.lexsort((ends[:, 0], np.round(length_m, 3), way, high, low))
    counts = np.diff(shape_ptr)[order]
    new_ptr = np.concatenate(([0], np.cumsum(counts)))
    take = np.arange(new_ptr[-1]) - np.repeat(new_ptr[:-1] - shape_ptr[:-1][order], counts)
    return Joined(
        crs=crs,
        node_xy=node_xy[used[rank]],
        edge_node=np.ascontiguousarray(ends[order], dtype=np.int32),
        length_m=length_m[order],
        shape_ptr=new_ptr.astype(np.int64),
        shape_xy=shape_xy[take],
        edges=edges.iloc[order].reset_index(drop=True),
        lights_xy=node_xy[lights] if lights_xy is None else lights_xy,
    )


def _on_the_flat(edges: pd.DataFrame) -> pd.DataFrame:
    """Add what heights will say, where they have not said it yet."""
    flat = {
        name: edges[name].fillna(1.0) if name in edges else 1.0
        for name in ("slope_forward", "slope_backward")
    }
    return edges.assign(**flat, rise_m=edges.get("rise_m", np.nan))


def _hilbert(points: NDArray[np.object_]) -> NDArray[np.int64]:
    if len(points) < 2 or not np.ptp(shapely.get_coordinates(points), axis=0).all():
        return np.zeros(len(points), dtype=np.int64)
    return np.asarray(gpd.GeoSeries(points).hilbert_distance(level=_HILBERT_LEVEL), dtype=np.int64)
