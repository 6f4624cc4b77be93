"""
From points to pins: where on the street network a home or an entrance stands.

A point is pinned to every walkable edge within 30 m of its nearest one and later takes the best.
Each point keeps a status; a point without pins is not covered, never lost.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.network import search
from lifecircle.network.lines import LineIndex, Near
from lifecircle.network.streets import StreetNetwork
from lifecircle.walk import Mode

PIN_SLACK_M = 30.0
PIN_LIMIT_M = 200.0
GATE_REACH_M = 20.0
"""A street passes an outline at a gate when it crosses within this distance (P)."""

GATE_OPENS_M = 2.0
"""A leg from a gate is stopped by no wall this near to the gate, which is its opening (P)."""

LEG_FACTOR = 1.3
"""Walk inside an estate over the straight line to its gate, where no paths are known (P)."""
STATUS = ("ok", "far", "island")

_Found = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64], NDArray[np.float64]]
"""Point, edge, share along it and leg of some pins."""


@dataclass(frozen=True, kw_only=True)
class Pins:
    """
    Places of points on edges.

    Parameters
    ----------
    n
        Number of points.
    point, edge
        Which point sits on which edge, shape (k,), ascending by point, then edge.
    share
        How far along the edge, 0 at its first node to 1 at its second, shape (k,).
    leg_m
        Way from the point to the edge [m], shape (k,).
    status
        Per point ``ok``, ``far`` (no street within 200 m) or ``island``, shape (n,).
    """

    n: int
    point: NDArray[np.int32]
    edge: NDArray[np.int32]
    share: NDArray[np.float64]
    leg_m: NDArray[np.float64]
    status: NDArray[np.object_]

    def __post_init__(self) -> None:
        for name in ("point", "edge", "share", "leg_m", "status"):
            getattr(self, name).flags.writeable = False

    @property
    def nearest_leg_m(self) -> NDArray[np.float64]:
        """Shortest leg of each point [m], NaN without a pin, shape (n,)."""
        legs = np.full(self.n, np.nan)
        order = np.lexsort((self.leg_m, self.point))
        points = self.point[order]
        first = np.ones(len(points), dtype=bool)
        first[1:] = points[1:] != points[:-1]
        legs[points[first]] = self.leg_m[order][first]
        return legs


def pin_points(
    network: StreetNetwork,
    points: NDArray[np.object_],
    *,
    mode: Mode = "foot",
    obstacles: NDArray[np.object_] | None = None,
    compound: NDArray[np.int32] | None = None,
    gate_pins: Pins | None = None,
    gate_compound: NDArray[np.int32] | None = None,
    gate_xy: NDArray[np.float64] | None = None,
    leg_factor: float = LEG_FACTOR,
    opens_m: float = 0.0,
) -> Pins:
    """
    Pin points to the network.

    Parameters
    ----------
    network
        The streets.
    points
        Shapely points in the network's system, shape (n,).
    mode
        Whose streets the points are pinned to: those open to the mode.
    obstacles
        Lines a leg should not cross (rails, water, walls), any shape.
    compound
        Closed estate each point lies inside, -1 outside, shape (n,).
    gate_pins, gate_compound, gate_xy
        The estates' gates pinned to the streets outside, the estate each belongs to, shape (g,),
        and where they are, shape (g, 2): used for points no inside path leads from to a gate.
    leg_factor
        Detour factor on straight legs to a gate.
    opens_m
        How near to the points nothing stops a leg [m]: gates stand in the very wall they open.

    Returns
    -------
    pins
        All pins of all points, with a status for each point.

    Notes
    -----
    A leg that crosses an obstacle is dropped when the point has another pin, at most 200 m away.
    A point inside a closed estate is pinned to the estate's own paths only, and by straight legs
    to those of its gates none of these paths leads to: so that paths that are not mapped shut
    nobody in. A point outside is never pinned to paths inside.
    """
    n = len(points)
    compound = np.full(n, -1, dtype=np.int32) if compound is None else compound
    usable = network.open_edges(mode)
    if n == 0 or len(usable) == 0:
        return _assemble(n, [], np.full(n, "far", dtype=object))
    parts: list[_Found] = []
    edge_compound = network.edge_compound[usable]
    walls = None if obstacles is None or len(obstacles) == 0 else LineIndex.of(obstacles)
    xy = shapely.get_coordinates(points)
    for estate in np.unique(compound):
        members = np.flatnonzero(compound == estate)
        # One index per side of the wall: a pin never crosses it.
        own = usable[edge_compound == estate]
        whole = len(own) == len(usable) and mode == "foot"
        index = network.walk_index if whole else LineIndex.of(network.lines[own])
        near = _near_edges(index, xy[members], walls, opens_m)
        parts.append(
            (
                members[near.point].astype(np.int32),
                own[near.line].astype(np.int32),
                near.share,
                near.leg_m,
            )
        )
        if estate < 0 or gate_pins is None or gate_compound is None or gate_xy is None:
            continue
        gates = np.flatnonzero(gate_compound == estate)
        led = _led(network, own, near, gate_xy[gates], len(members))
        for gate, by_path in zip(gates.tolist(), led.T, strict=True):
            away = members[~by_path]
            parts.append(_gate_legs(xy[away], away, gate_pins, gate, gate_xy[gate], leg_factor))
    islands = network.island_nodes if mode == "foot" else network.islands(mode)
    return _with_status(network, islands, n, parts)


def _near_edges(
    index: LineIndex, xy: NDArray[np.float64], walls: LineIndex | None, opens_m: float
) -> Near:
    """Find the edges within the slack of the nearest that no wall stands before."""
    near = index.near(xy, slack_m=PIN_SLACK_M, limit_m=PIN_LIMIT_M)
    if walls is None:
        return near
    blocked = walls.crossed(_start(xy, near, opens_m), near.foot)
    stuck = np.setdiff1d(near.point[blocked], near.point[~blocked])
    free = near.kept(~blocked)
    if len(stuck) == 0:
        return free
    # Every near edge lies behind a wall: look farther, and let the leg cross if nothing is free.
    wide = index.near(xy[stuck], slack_m=np.inf, limit_m=PIN_LIMIT_M)
    blocked = walls.crossed(_start(xy[stuck], wide, opens_m), wide.foot)
    has_free = np.zeros(len(stuck), dtype=bool)
    has_free[wide.point[~blocked]] = True
    keep = ~blocked | ~has_free[wide.point]
    nearest = np.full(len(stuck), np.inf)
    np.minimum.at(nearest, wide.point[keep], wide.leg_m[keep])
    wide = wide.kept(keep & (wide.leg_m <= nearest[wide.point] + PIN_SLACK_M))
    return Near(
        point=np.concatenate([free.point, stuck[wide.point]]),
        line=np.concatenate([free.line, wide.line]),
        leg_m=np.concatenate([free.leg_m, wide.leg_m]),
        share=np.concatenate([free.share, wide.share]),
        foot=np.concatenate([free.foot, wide.foot]),
    )


def _start(xy: NDArray[np.float64], near: Near, opens_m: float) -> NDArray[np.float64]:
    """Let legs begin a little way from their points."""
    start = xy[near.point]
    if opens_m <= 0:
        return start
    part = opens_m / np.maximum(near.leg_m, opens_m)
    moved: NDArray[np.float64] = start + (near.foot - start) * part[:, None]
    return moved


def _led(
    network: StreetNetwork,
    own: NDArray[np.int64],
    near: Near,
    gate_xy: NDArray[np.float64],
    n: int,
) -> NDArray[np.bool_]:
    """Say for each point and gate whether an inside path leads from one to the other."""
    ends = network.edge_node[own]
    part = search.components(
        len(network.node_xy), np.ascontiguousarray(ends[:, 0]), np.ascontiguousarray(ends[:, 1])
    )
    outside = network.edge_node[network.walkable[network.edge_compound[network.walkable] < 0]]
    rim = np.intersect1d(ends, outside)
    led = np.zeros((n, len(gate_xy)), dtype=bool)
    for gate, xy in enumerate(gate_xy):
        met = rim[np.hypot(*(network.node_xy[rim] - xy).T) <= GATE_REACH_M]
        led[near.point[np.isin(part[ends[near.line, 0]], part[met])], gate] = True
    return led


def _gate_legs(
    xy: NDArray[np.float64],
    members: NDArray[np.int64],
    gate_pins: Pins,
    gate: int,
    gate_xy: NDArray[np.float64],
    leg_factor: float,
) -> _Found:
    """Lead points of an estate straight to a gate and on to the streets it is pinned to."""
    at = np.flatnonzero(gate_pins.point == gate)
    straight = np.hypot(*(xy - gate_xy).T)
    legs = straight[:, None] * leg_factor + gate_pins.leg_m[at]
    return (
        np.repeat(members, len(at)).astype(np.int32),
        np.tile(gate_pins.edge[at], len(members)),
        np.tile(gate_pins.share[at], len(members)),
        legs.ravel(),
    )


def _with_status(
    network: StreetNetwork,
    islands: NDArray[np.bool_],
    n: int,
    parts: list[_Found],
) -> Pins:
    """Drop pins on islands, and tell far points from island ones."""
    point, edge, share, leg = (np.concatenate(column) for column in zip(*parts, strict=True))
    on_island = islands[network.edge_node[edge, 0]]
    status = np.full(n, "far", dtype=object)
    status[point[on_island]] = "island"
    status[point[~on_island]] = "ok"
    keep = ~on_island
    return _assemble(n, [(point[keep], edge[keep], share[keep], leg[keep])], status)


def _assemble(
    n: int,
    parts: list[_Found],
    status: NDArray[np.object_],
) -> Pins:
    if not parts:
        return Pins(
            n=n,
            point=np.empty(0, np.int32),
            edge=np.empty(0, np.int32),
            share=np.empty(0),
            leg_m=np.empty(0),
            status=status,
        )
    point, edge, share, leg = parts[0]
    order = np.lexsort((leg, edge, point))
    return Pins(
        n=n,
        point=point[order].astype(np.int32),
        edge=edge[order].astype(np.int32),
        share=share[order],
        leg_m=leg[order],
        status=status,
    )
