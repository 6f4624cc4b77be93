"""From edges and places along them to a network that has nodes there; nothing gets longer."""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import shapely.ops
from numpy.typing import NDArray

from lifecircle.network.crossings import COUNTS
from lifecircle.network.streets import StreetNetwork

SAME_M = 0.005
"""Nearer than this, two places along a street are one [m]."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Part of an edge: which one, between which nodes, how long [m] and where."""

    edge: int
    first: int
    last: int
    length_m: float
    line: shapely.LineString


@dataclass(frozen=True, kw_only=True)
class Cuts:
    """
    Edges cut at places.

    Parameters
    ----------
    target
        Node at each place, shape (k,).
    node_xy
        Nodes of the network, then new ones [m], shape (n, 2).
    pieces
        What became of the edges that were cut.
    """

    target: NDArray[np.int64]
    node_xy: NDArray[np.float64]
    pieces: tuple[Piece, ...]


def cut_edges(network: StreetNetwork, edge: NDArray[np.int64], at_m: NDArray[np.float64]) -> Cuts:
    """
    Cut edges at places along them.

    Parameters
    ----------
    network
        The streets.
    edge, at_m
        Edge of each place and how far along its drawn line it is [m], shape (k,) each.

    Returns
    -------
    cuts
        An end of the edge where the place is at it, else a new node; places of one edge that are
        one get one node.
    """
    target = np.empty(len(edge), dtype=np.int64)
    added: list[tuple[float, float]] = []
    pieces: list[Piece] = []
    n = len(network.node_xy)
    for one in np.unique(edge).tolist():
        line, (first, last) = network.lines[one], network.edge_node[one].tolist()
        scale = network.length_m[one] / line.length if line.length > 0 else 0.0
        left, left_m = first, 0.0
        mine = np.flatnonzero(edge == one)
        for k in mine[np.argsort(at_m[mine], kind="stable")].tolist():
            here = float(at_m[k])
            if here >= line.length - SAME_M:
                target[k] = last
            elif here <= left_m + SAME_M:
                target[k] = left
            else:
                node = n + len(added)
                part = shapely.ops.substring(line, left_m, here)
                added.append(part.coords[-1])
                metres = (here - left_m) * scale
                pieces.append(Piece(edge=one, first=left, last=node, length_m=metres, line=part))
                target[k], left, left_m = node, node, here
        rest = shapely.ops.substring(line, left_m, line.length) if left_m > 0 else line
        metres = float(network.length_m[one] - left_m * scale)
        pieces.append(Piece(edge=one, first=left, last=last, length_m=metres, line=rest))
    node_xy = np.concatenate([network.node_xy, np.asarray(added).reshape(-1, 2)])
    return Cuts(target=target, node_xy=node_xy, pieces=tuple(pieces))


def rebuilt(
    network: StreetNetwork,
    cuts: Cuts,
    *,
    lights: NDArray[np.bool_],
    links: pd.DataFrame | None = None,
    lines: NDArray[np.object_] | None = None,
    same: NDArray[np.int64] | None = None,
) -> StreetNetwork:
    """
    Put pieces in the place of the edges they were cut from, and links beside them.

    Parameters
    ----------
    network
        The streets, none of them inside a closed estate yet.
    cuts
        Its cut edges.
    lights
        Which nodes have traffic lights, shape (n,).
    links, lines
        New edges: ``u, v, length`` and columns of `StreetWays.ways`, and their LineStrings.
    same
        The node each node is, where several are one, shape (n,).

    Returns
    -------
    network
        The new streets; crossings are counted anew.
    """
    gone = np.array([piece.edge for piece in cuts.pieces], dtype=np.int64)
    whole = np.setdiff1d(np.arange(len(network.length_m)), gone)
    parent = np.concatenate([whole, gone])
    table = network.edges.iloc[parent].reset_index(drop=True).drop(columns=list(COUNTS))
    table["u"] = [*network.edge_node[whole, 0], *(piece.first for piece in cuts.pieces)]
    table["v"] = [*network.edge_node[whole, 1], *(piece.last for piece in cuts.pieces)]
    table["length"] = [*network.length_m[whole], *(piece.length_m for piece in cuts.pieces)]
    shapes = [*network.lines[whole], *(piece.line for piece in cuts.pieces)]
    added = pd.DataFrame(columns=["u"]) if links is None else links
    columns = [*table.columns]
    edges = gpd.GeoDataFrame(
        {
            name: [*table[name], *(added[name] if name in added else [None] * len(added))]
            for name in columns
        },
        geometry=[*shapes, *([] if lines is None else lines)],
        crs=network.crs,
    ).astype({name: table[name].dtype for name in columns})
    if same is not None:
        edges = edges.assign(u=same[edges["u"]], v=same[edges["v"]])
    nodes = gpd.GeoDataFrame(
        {"lights": lights}, geometry=shapely.points(cuts.node_xy), crs=network.crs
    )
    return replace(StreetNetwork.from_frames(nodes, edges), lights_xy=network.lights_xy)
