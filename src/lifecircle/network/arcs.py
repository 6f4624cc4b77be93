"""Directed arcs with integer prices: what a search runs on, and what a profile pays for an edge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.walk import CENTISECONDS, ROUGH_SURFACES, SOFT_SURFACES, Mode, Profile


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


def open_to(edges: pd.DataFrame, mode: Mode) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """
    Say which edges a mode may use along and against their direction.

    Parameters
    ----------
    edges
        Columns of `StreetWays.ways`.
    mode
        On foot, by bicycle or by car.

    Returns
    -------
    forward, backward
        Shape (m,) each.
    """
    return (
        edges[f"{mode}_forward"].to_numpy(dtype=bool),
        edges[f"{mode}_backward"].to_numpy(dtype=bool),
    )


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
    forward, backward = open_to(edges, profile.mode)
    passable = np.ones(len(edges), dtype=bool)
    if profile.step_free:
        passable &= ~edges["steps"].to_numpy(dtype=bool) | edges["ramp"].to_numpy(dtype=bool)
    if profile.wheelchair:
        passable &= ~edges["wheelchair"].eq("no").to_numpy(dtype=bool)
    return forward & passable, backward & passable


def price_of(
    edges: pd.DataFrame, length_m: NDArray[np.float64], profile: Profile
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Price edges for a profile along and against their direction.

    Parameters
    ----------
    edges
        Columns of `StreetNetwork.edges`.
    length_m
        Their lengths [m], shape (m,).
    profile
        Who walks, rides or drives.

    Returns
    -------
    forward_cs, backward_cs
        Time [1/100 s], rounded half to even, shape (m,) each.
    """
    forward, backward = seconds_of(edges, length_m, profile)
    return (
        np.rint(forward * CENTISECONDS).astype(np.int64),
        np.rint(backward * CENTISECONDS).astype(np.int64),
    )


def seconds_of(
    edges: pd.DataFrame, length_m: NDArray[np.float64], profile: Profile
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Time edges for a profile before anything is rounded.

    Parameters
    ----------
    edges
        Columns of `StreetNetwork.edges`.
    length_m
        Their lengths [m], shape (m,).
    profile
        Who walks, rides or drives.

    Returns
    -------
    forward_s, backward_s
        Length over speed, times what stairs or slope and surface take, plus the crossings [s],
        shape (m,) each.
    """
    flat = length_m / _speed_of(edges, profile)
    delay = (
        edges["cross_main"].to_numpy() * profile.crossing_s
        + edges["cross_minor"].to_numpy() * profile.minor_crossing_s
        + edges["cross_signals"].to_numpy() * profile.signal_s
    )
    surface = _surface_times(edges, profile)
    steps = edges["steps"].to_numpy(dtype=bool)
    up, down = _stairs_times(edges, profile)
    slope_along, slope_against = _slope_columns(edges, profile)
    forward = np.where(steps, up, slope_along)
    backward = np.where(steps, down, slope_against)
    return flat * (forward * surface) + delay, flat * (backward * surface) + delay


def _speed_of(edges: pd.DataFrame, profile: Profile) -> NDArray[np.float64]:
    """Speed on flat, firm ground [m/s]."""
    speed = np.full(len(edges), profile.speed_mps)
    if profile.class_kmh:
        known = edges["highway"].map(dict(profile.class_kmh)).to_numpy(dtype=np.float64)
        speed = np.where(np.isnan(known), speed, known / 3.6)
    if profile.maxspeed:
        limit = edges["maxspeed_kmh"].to_numpy(dtype=np.float64) / 3.6
        speed = np.where(limit > 0, np.minimum(speed, limit), speed)
    return speed


def _surface_times(edges: pd.DataFrame, profile: Profile) -> NDArray[np.float64]:
    times = np.ones(len(edges))
    if profile.rough != 1.0 or profile.soft != 1.0:
        times[edges["surface"].isin(ROUGH_SURFACES).to_numpy()] = profile.rough
        times[edges["surface"].isin(SOFT_SURFACES).to_numpy()] = profile.soft
    return times


def _stairs_times(
    edges: pd.DataFrame, profile: Profile
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Price stairs along and against their direction: the tag decides, then heights."""
    stairs = edges["steps"].to_numpy(dtype=bool)
    said = edges["incline"][stairs].astype("string").str.strip().str.lower()
    tagged, falls = np.zeros_like(stairs), np.zeros_like(stairs)
    tagged[stairs] = said.str.match(r"(?:up|\+?\d)").fillna(value=False).to_numpy(dtype=bool)
    falls[stairs] = said.str.match(r"(?:down|-\d)").fillna(value=False).to_numpy(dtype=bool)
    rise = edges["rise_m"].to_numpy(dtype=np.float64)
    rises = tagged | (~falls & (rise > 0))
    falls |= ~tagged & (rise < 0)
    mean = (profile.stairs_up + profile.stairs_down) / 2.0
    along = np.where(rises, profile.stairs_up, np.where(falls, profile.stairs_down, mean))
    against = np.where(rises, profile.stairs_down, np.where(falls, profile.stairs_up, mean))
    return along, against


def _slope_columns(
    edges: pd.DataFrame, profile: Profile
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if not profile.slope:
        return np.ones(len(edges)), np.ones(len(edges))
    return edges["slope_forward"].to_numpy(), edges["slope_backward"].to_numpy()


def arcs_of(
    *,
    edge_node: NDArray[np.int32],
    length_m: NDArray[np.float64],
    prices: tuple[NDArray[np.int64], NDArray[np.int64]],
    edge_compound: NDArray[np.int32],
    node_compound: NDArray[np.int32],
) -> Arcs:
    """
    Lay arcs along edges, and copies of them inside closed estates.

    Parameters
    ----------
    edge_node
        Nodes at both ends of each edge, shape (m, 2).
    length_m
        Length of each edge [m], shape (m,).
    prices
        Price along and against each edge [1/100 s], -1 where closed, shape (m,) each.
    edge_compound, node_compound
        Index of the closed estate an edge or a node lies inside, -1 outside, shapes (m,) and (n,).

    Returns
    -------
    arcs
        One arc per edge and open direction; inside a closed estate one per copy; a zero arc from
        each start copy to its end twin.
    """
    n = len(node_compound)
    forward, backward = prices[0] >= 0, prices[1] >= 0
    ids = np.arange(len(length_m), dtype=np.int32)
    edge = np.concatenate([ids[forward], ids[backward]])
    tail = np.concatenate([edge_node[forward, 0], edge_node[backward, 1]])
    head = np.concatenate([edge_node[forward, 1], edge_node[backward, 0]])
    inside = np.flatnonzero(node_compound >= 0)
    end_node = np.arange(n, dtype=np.int32)
    end_node[inside] = n + np.arange(len(inside), dtype=np.int32)
    in_estate = edge_compound[edge] >= 0
    enters = in_estate & (node_compound[tail] < 0)
    leaves = in_estate & (node_compound[head] < 0)
    within = in_estate & ~enters & ~leaves
    tail = np.concatenate([tail, end_node[tail[within]], inside]).astype(np.int32)
    head = np.concatenate(
        [np.where(enters, end_node[head], head), end_node[head[within]], end_node[inside]]
    ).astype(np.int32)
    price = np.concatenate([prices[0][forward], prices[1][backward]])
    none = np.full(len(inside), -1, dtype=np.int32)
    edge_id = np.concatenate([edge, edge[within], none])
    zero = edge_id < 0
    return Arcs(
        n=n + len(inside),
        tail=tail,
        head=head,
        edge_id=edge_id,
        length_m=np.where(zero, 0.0, length_m[edge_id]),
        walk_cs=np.concatenate([price, price[within], np.zeros(len(inside))]).astype(np.int32),
        end_node=end_node,
    )
