"""
From outlines of closed estates to a network that knows inside from outside.

Streets are cut where they meet an outline; a cut at a gate stays a junction, any other cut is a
wall. Edges and nodes inside get the estate's index, from which `StreetNetwork.arcs` makes copies
so that an estate serves those who live in it or visit it and leads nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import shapely.ops
from numpy.typing import NDArray

from lifecircle.network.crossings import cut_crossings
from lifecircle.network.pins import GATE_REACH_M
from lifecircle.network.streets import StreetNetwork

__all__ = ["GATE_REACH_M", "Compounds", "enclose"]

_INSET_M = 0.5  # a street on the outline itself counts as outside


@dataclass(frozen=True, kw_only=True)
class Compounds:
    """
    Closed estates on the network.

    Parameters
    ----------
    network
        The streets, cut at the outlines, with `edge_compound` and `node_compound` set.
    estate_id
        Id of each closed estate, shape (c,); its position is the compound index.
    outline
        Outline of each, shape (c,).
    gate_xy, gate_compound
        Where its gates are [m] and which estate each belongs to, shapes (g, 2) and (g,).
    without_gates
        Ids of closed estates for which no gate is known: every street across the outline passes.
    walled_streets
        How many streets were cut because they cross an outline away from every gate.
    unknown_ways_in
        Ids of those `without_gates` that no street leads into either. Somebody lives there and
        gets out, only nobody knows where: points inside count as outside every closed estate.
    """

    network: StreetNetwork
    estate_id: tuple[str, ...]
    outline: NDArray[np.object_]
    gate_xy: NDArray[np.float64]
    gate_compound: NDArray[np.int32]
    without_gates: tuple[str, ...]
    walled_streets: int
    unknown_ways_in: tuple[str, ...] = ()

    def locate(self, points: NDArray[np.object_]) -> NDArray[np.int32]:
        """
        Find the closed estate each point lies in.

        Parameters
        ----------
        points
            Shapely points, shape (n,).

        Returns
        -------
        compound
            Index of the estate, -1 outside, shape (n,); the lowest where estates overlap.
        """
        compound = np.full(len(points), -1, dtype=np.int32)
        if len(self.outline):
            inside, estate = shapely.STRtree(self.outline).query(points, predicate="intersects")
            order = np.argsort(-estate, kind="stable")
            compound[inside[order]] = estate[order]
        no_way = np.isin(np.asarray(self.estate_id, dtype=object), self.unknown_ways_in)
        compound[np.isin(compound, np.flatnonzero(no_way))] = -1
        return compound


def enclose(
    network: StreetNetwork, estates: gpd.GeoDataFrame, gates: gpd.GeoDataFrame
) -> Compounds:
    """
    Close the closed estates.

    Parameters
    ----------
    network
        The streets.
    estates
        `tables.ESTATES` in the network's system; only rows with ``closed`` true matter.
    gates
        `tables.GATES` in the network's system; a gate without ``estate_id`` belongs to every
        closed estate whose outline it stands within 20 m of.

    Returns
    -------
    compounds
        The estates and the cut network.
    """
    closed = estates[estates["closed"].fillna(value=False).astype(bool)].sort_values("estate_id")
    outline = closed.geometry.to_numpy()
    ids = tuple(closed["estate_id"])
    gate_xy, gate_compound = _gates_of(outline, ids, gates)
    if len(outline) == 0:
        return Compounds(
            network=network,
            estate_id=(),
            outline=outline,
            gate_xy=gate_xy,
            gate_compound=gate_compound,
            without_gates=(),
            walled_streets=0,
        )
    cut, owner, walled, crossing_xy, crossing_of = _cut_streets(
        network, outline, gate_xy, gate_compound
    )
    missing = np.setdiff1d(np.arange(len(outline)), gate_compound)
    as_gate = np.isin(crossing_of, missing)
    node_compound = _inside_nodes(cut, owner)
    return Compounds(
        network=cut.with_compounds(owner, node_compound),
        estate_id=ids,
        outline=outline,
        gate_xy=np.concatenate([gate_xy, crossing_xy[as_gate]]),
        gate_compound=np.concatenate([gate_compound, crossing_of[as_gate]]).astype(np.int32),
        without_gates=tuple(ids[index] for index in missing),
        walled_streets=walled,
        unknown_ways_in=tuple(ids[index] for index in np.setdiff1d(missing, crossing_of)),
    )


def _gates_of(
    outline: NDArray[np.object_], ids: tuple[str, ...], gates: gpd.GeoDataFrame
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    xy: list[NDArray[np.float64]] = []
    owner: list[int] = []
    if len(outline) and len(gates):
        rims = shapely.boundary(outline)
        points = gates.geometry.to_numpy()
        near, estate = shapely.STRtree(rims).query(
            points, predicate="dwithin", distance=GATE_REACH_M
        )
        named = gates["estate_id"].to_numpy(dtype=object)
        position = {estate_id: index for index, estate_id in enumerate(ids)}
        pairs = {
            (int(gate), int(index))
            for gate, index in zip(near, estate, strict=True)
            if pd.isna(named[gate])
        }
        pairs |= {(gate, position[name]) for gate, name in enumerate(named) if name in position}
        for gate, index in sorted(pairs, key=lambda pair: (pair[1], str(gates.iloc[pair[0], 0]))):
            xy.append(shapely.get_coordinates(points[gate])[0])
            owner.append(index)
    return np.asarray(xy, dtype=np.float64).reshape(-1, 2), np.asarray(owner, dtype=np.int32)


@dataclass(kw_only=True)
class _Cuts:
    """Pieces of cut edges, gathered while walking over the edges that meet an outline."""

    parent: list[int]
    low: list[float]
    high: list[float]
    ends: list[tuple[int, int]]
    compound: list[int]
    new_xy: list[NDArray[np.float64]]


def _cut_streets(
    network: StreetNetwork,
    outline: NDArray[np.object_],
    gate_xy: NDArray[np.float64],
    gate_compound: NDArray[np.int32],
) -> tuple[StreetNetwork, NDArray[np.int32], int, NDArray[np.float64], NDArray[np.int32]]:
    """Split edges at outlines; give the new network, its edges' estates and what was crossed."""
    inner = shapely.buffer(outline, -_INSET_M)
    tree = shapely.STRtree(network.lines)
    estate, edge = tree.query(inner, predicate="intersects")
    order = np.lexsort((estate, edge))
    estate, edge = estate[order], edge[order]
    n_nodes = len(network.node_xy)
    cuts = _Cuts(parent=[], low=[], high=[], ends=[], compound=[], new_xy=[])
    walled = 0
    crossing_xy: list[NDArray[np.float64]] = []
    crossing_of: list[int] = []
    touched = np.unique(edge)
    for e in touched:
        line = network.lines[e]
        mine = estate[edge == e]
        stops = _crossings(line, inner, mine)
        marks = [0.0, *(at for at, _ in stops), line.length]
        left = int(network.edge_node[e, 0])
        for k in range(len(marks) - 1):
            middle = shapely.line_interpolate_point(line, (marks[k] + marks[k + 1]) / 2)
            inside = [index for index in mine if shapely.intersects(inner[index], middle)]
            right = int(network.edge_node[e, 1])
            next_left = right
            if k < len(stops):
                at, of = stops[k]
                here = shapely.get_coordinates(shapely.line_interpolate_point(line, at))[0]
                crossing_xy.append(here)
                crossing_of.append(of)
                own_gates = gate_xy[gate_compound == of]
                is_gate = (
                    len(own_gates) == 0 or np.hypot(*(own_gates - here).T).min() <= GATE_REACH_M
                )
                right = n_nodes + len(cuts.new_xy)
                cuts.new_xy.append(here)
                next_left = right
                if not is_gate:  # a wall: the two sides end at the same place, unconnected
                    walled += 1
                    next_left = n_nodes + len(cuts.new_xy)
                    cuts.new_xy.append(here)
            passes = bool(inside) and not _has_inner_end(line, inner[inside[0]], marks, k)
            _add_piece(cuts, network, int(e), marks[k : k + 2], (left, right), inside, split=passes)
            left = next_left
    cut, owner = _rebuild(network, touched, cuts)
    return (
        cut,
        owner,
        walled,
        np.asarray(crossing_xy, dtype=np.float64).reshape(-1, 2),
        np.asarray(crossing_of, dtype=np.int32),
    )


def _crossings(
    line: shapely.LineString, inner: NDArray[np.object_], estates: NDArray[np.int64]
) -> list[tuple[float, int]]:
    """Find where a street meets the outlines: metres along it and which estate."""
    stops: list[tuple[float, int]] = []
    for index in estates:
        met = shapely.intersection(line, shapely.boundary(inner[index]))
        for xy in shapely.get_coordinates(met):
            at = shapely.line_locate_point(line, shapely.Point(xy))
            if 1e-6 < at < line.length - 1e-6:
                stops.append((float(at), int(index)))
    return sorted(set(stops))


def _has_inner_end(
    line: shapely.LineString, inner: shapely.Geometry, marks: list[float], k: int
) -> bool:
    """Say whether a piece inside an estate ends at a junction inside it."""
    ends = []
    if k == 0:
        ends.append(shapely.get_point(line, 0))
    if k == len(marks) - 2:
        ends.append(shapely.get_point(line, -1))
    return any(shapely.contains_properly(inner, end) for end in ends)


def _add_piece(
    cuts: _Cuts,
    network: StreetNetwork,
    edge: int,
    span: list[float],
    ends: tuple[int, int],
    inside: list[int],
    *,
    split: bool,
) -> None:
    marks, nodes = list(span), list(ends)
    if split:
        # From outline to outline without a junction: a node in the middle keeps walks from
        # passing through.
        half = (marks[0] + marks[1]) / 2
        marks.insert(1, half)
        nodes.insert(1, len(network.node_xy) + len(cuts.new_xy))
        middle = shapely.line_interpolate_point(network.lines[edge], half)
        cuts.new_xy.append(shapely.get_coordinates(middle)[0])
    for k in range(len(marks) - 1):
        cuts.parent.append(edge)
        cuts.low.append(marks[k])
        cuts.high.append(marks[k + 1])
        cuts.ends.append((nodes[k], nodes[k + 1]))
        cuts.compound.append(inside[0] if inside else -1)


def _rebuild(
    network: StreetNetwork, touched: NDArray[np.int64], cuts: _Cuts
) -> tuple[StreetNetwork, NDArray[np.int32]]:
    """Put the pieces in the place of the edges they were cut from."""
    whole = np.setdiff1d(np.arange(len(network.length_m)), touched)
    parent = np.concatenate([whole, np.asarray(cuts.parent, dtype=np.int64)])
    pieces = [
        # A street without length has no substring, and is its own only piece.
        shapely.ops.substring(network.lines[edge], low, high) if high > low else network.lines[edge]
        for edge, low, high in zip(cuts.parent, cuts.low, cuts.high, strict=True)
    ]
    span = np.asarray(cuts.high) - np.asarray(cuts.low)
    planar = shapely.length(network.lines[np.asarray(cuts.parent, dtype=np.int64)])
    share = np.divide(span, planar, out=np.zeros_like(span), where=planar > 0)
    lines = np.concatenate([network.lines[whole], np.asarray(pieces, dtype=object)])
    coords, owner = shapely.get_coordinates(lines, return_index=True)
    counts = np.bincount(owner, minlength=len(lines))
    ends = np.concatenate(
        [network.edge_node[whole], np.asarray(cuts.ends, dtype=np.int32).reshape(-1, 2)]
    )
    compound = np.concatenate(
        [np.full(len(whole), -1), np.asarray(cuts.compound, dtype=np.int64)]
    ).astype(np.int32)
    new_xy = np.asarray(cuts.new_xy, dtype=np.float64).reshape(-1, 2)
    node_xy = np.concatenate([network.node_xy, new_xy])
    rebuilt = StreetNetwork(
        crs=network.crs,
        node_xy=node_xy,
        edge_node=ends.astype(np.int32),
        length_m=np.concatenate(
            [network.length_m[whole], network.length_m[np.asarray(cuts.parent, np.int64)] * share]
        ),
        shape_ptr=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        shape_xy=coords,
        edges=cut_crossings(
            network.edges.iloc[parent].reset_index(drop=True),
            # A street without length is its own only piece.
            np.concatenate([np.ones(len(whole)), np.where(planar > 0, share, 1.0)]),
        ),
        edge_compound=compound,
        node_compound=np.full(len(node_xy), -1, dtype=np.int32),
        lights_xy=network.lights_xy,
    )
    return rebuilt, compound


def _inside_nodes(network: StreetNetwork, owner: NDArray[np.int32]) -> NDArray[np.int32]:
    """Find the nodes all of whose edges lie inside; a gate has edges on both sides."""
    ends = network.edge_node
    n = len(network.node_xy)
    low = np.full(n, np.iinfo(np.int32).max, dtype=np.int32)
    high = np.full(n, -1, dtype=np.int32)
    for side in (0, 1):
        np.minimum.at(low, ends[:, side], owner)
        np.maximum.at(high, ends[:, side], owner)
    return np.where((low == high) & (low >= 0), low, -1).astype(np.int32)
