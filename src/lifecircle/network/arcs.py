"""Directed arcs with integer prices: what a search runs on, and what a profile pays for an edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.walk import Mode, Profile


@dataclass(frozen=True, kw_only=True)
class Arcs:
    """
    What a search runs on: directed arcs with integer prices.

    Parameters
    ----------
    n
        Number of routing nodes: the network's nodes, then one end copy per node inside a closed
        estate.
    tail, head
        Routing nodes each arc leaves and enters, shape (a,).
    edge_id
        Edge the arc runs along, shape (a,); -1 for the zero arc from a start copy to its twin.
    length_m
        Length [m], shape (a,).
    walk_cs
        Time [1/100 s], shape (a,).
    end_node
        Where walks to each network node end, shape (nodes,): the end copy inside a closed
        estate, the node itself elsewhere.
    """

    n: int
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    edge_id: NDArray[np.int32]
    length_m: NDArray[np.float64]
    walk_cs: NDArray[np.int32]
    end_node: NDArray[np.int32]

    @property
    def walk_s(self) -> NDArray[np.float64]:
        """Time of each arc [s], shape (a,): the quantised value."""
        return self.walk_cs / 100.0

    @property
    def length_cm(self) -> NDArray[np.int32]:
        """Length of each arc [cm], shape (a,), rounded: what a distance clause is searched on."""
        return np.rint(self.length_m * 100.0).astype(np.int32)


_MODE_FLAG: Mapping[Mode, str] = {"foot": "foot", "bike": "bike", "car": "car"}


def open_directions(
    edges: pd.DataFrame, profile: Profile
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """
    Say which edges a profile may use along and against their direction.

    Parameters
    ----------
    edges
        Columns of `StreetWays.ways`.
    profile
        Who walks, rides or drives.

    Returns
    -------
    forward, backward
        Shape (m,) each.
    """
    flag = _MODE_FLAG[profile.mode]
    forward = edges[f"{flag}_forward"].to_numpy(dtype=bool)
    backward = edges[f"{flag}_backward"].to_numpy(dtype=bool)
    if profile.stairs_factor == 0:
        passable = ~edges["steps"].to_numpy(dtype=bool) | edges["ramp"].to_numpy(dtype=bool)
        forward, backward = forward & passable, backward & passable
    return forward, backward


def price_of(
    edges: pd.DataFrame, length_m: NDArray[np.float64], profile: Profile
) -> NDArray[np.int64]:
    """
    Price edges for a profile, stairs and crossings included.

    Parameters
    ----------
    edges
        Columns of `StreetWays.ways`.
    length_m
        Their lengths [m], shape (m,).
    profile
        Who walks, rides or drives.

    Returns
    -------
    price_cs
        Time [1/100 s], shape (m,).
    """
    price = profile.centiseconds(length_m, steps=edges["steps"].to_numpy(dtype=bool))
    if profile.crossing_s or profile.signal_s:
        crossing = edges["crossing"].to_numpy(dtype=object)
        signals = crossing == "traffic_signals"
        marked = pd.notna(crossing) & ~signals
        price = price + np.rint(100 * (signals * profile.signal_s + marked * profile.crossing_s))
    return np.asarray(price, dtype=np.int64)


def lay_arcs(
    edge_node: NDArray[np.int32],
    length_m: NDArray[np.float64],
    prices: tuple[NDArray[np.int64], NDArray[np.int64]],
    edge_compound: NDArray[np.int32],
    node_compound: NDArray[np.int32],
) -> Arcs:
    """
    Lay arcs along edges, twice inside closed estates.

    Parameters
    ----------
    edge_node, length_m
        Nodes at both ends of each edge, shape (m, 2), and its length [m], shape (m,).
    prices
        Time along and against each edge [1/100 s], -1 where closed, shape (m,) each.
    edge_compound, node_compound
        Index of the closed estate an edge or node lies inside, -1 outside, shapes (m,) and (n,).

    Returns
    -------
    arcs
        As `StreetNetwork.arcs` gives them.
    """
    forward_cs, backward_cs = prices
    forward, backward = forward_cs >= 0, backward_cs >= 0
    ids = np.arange(len(length_m), dtype=np.int32)
    edge = np.concatenate([ids[forward], ids[backward]])
    tail = np.concatenate([edge_node[forward, 0], edge_node[backward, 1]])
    head = np.concatenate([edge_node[forward, 1], edge_node[backward, 0]])
    inside = np.flatnonzero(node_compound >= 0)
    end_node = np.arange(len(node_compound), dtype=np.int32)
    end_node[inside] = len(node_compound) + np.arange(len(inside), dtype=np.int32)
    in_estate = edge_compound[edge] >= 0
    enters = in_estate & (node_compound[tail] < 0)
    leaves = in_estate & (node_compound[head] < 0)
    within = in_estate & ~enters & ~leaves
    tail = np.concatenate([tail, end_node[tail[within]], inside]).astype(np.int32)
    head = np.concatenate(
        [np.where(enters, end_node[head], head), end_node[head[within]], end_node[inside]]
    ).astype(np.int32)
    price = np.concatenate([forward_cs[forward], backward_cs[backward]])
    none = np.full(len(inside), -1, dtype=np.int32)
    edge_id = np.concatenate([edge, edge[within], none])
    zero = edge_id < 0
    return Arcs(
        n=len(node_compound) + len(inside),
        tail=tail,
        head=head,
        edge_id=edge_id,
        length_m=np.where(zero, 0.0, length_m[edge_id]),
        walk_cs=np.concatenate([price, price[within], np.zeros(len(inside))]).astype(np.int32),
        end_node=end_node,
    )
