"""
From streets that end just short of another one to a count of such breaks, and streets joined there.

A break is a place where mapped streets nearly touch; nothing is joined across a wall, a railway,
water or a motorway, between two levels, or at a place where the map says nobody passes.
"""

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
from lifecircle.tables import STREET_FLAGS

BREAK_M = 3.0
"""A street that ends this near to another one without meeting it is probably broken [m] (P)."""

STUB_M = 30.0
"""Who walks this far round by the last junction is at no break [m] (P)."""

LIGHTS_M = 15.0
"""A link that arrives at a road this near to its traffic lights is crossed with them [m] (P)."""

_SAME_M = 0.005  # nearer than this, two places are one


@dataclass(frozen=True, kw_only=True)
class Breaks:
    """
    Places where a walkable street ends just short of another one.

    Parameters
    ----------
    node
        The dead end, shape (k,), ascending.
    edge
        The nearest edge it could be joined to, shape (k,).
    gap_m
        How far that is [m], shape (k,).
    xy
        Where the dead end is [m], shape (k, 2).
    parts
        Lowest node of the components on both sides, shape (k, 2); where they differ somebody may
        be cut off.
    """

    node: NDArray[np.int64]
    edge: NDArray[np.int64]
    gap_m: NDArray[np.float64]
    xy: NDArray[np.float64]
    parts: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.node)

    @property
    def severing(self) -> NDArray[np.bool_]:
        """Whether the two sides are joined nowhere else, shape (k,)."""
        return np.asarray(self.parts[:, 0] != self.parts[:, 1], dtype=bool)


def find_breaks(
    network: StreetNetwork,
    *,
    within_m: float = BREAK_M,
    obstacles: NDArray[np.object_],
    closed_xy: NDArray[np.float64],
) -> Breaks:
    """
    Find where streets end just short of another one.

    Parameters
    ----------
    network
        The streets.
    within_m
        How near the other street must be [m], inclusive.
    obstacles
        Lines that are never joined across, any shape.
    closed_xy
        Places nobody passes (a locked gate) [m], shape (c, 2): streets that end there end on
        purpose.

    Returns
    -------
    breaks
        Each dead end with the nearest edge of its own level that it does not belong to.

    Examples
    --------
    >>> import geopandas as gpd, numpy as np, shapely
    >>> from lifecircle.network.mending import find_breaks
    >>> from lifecircle.network.streets import StreetNetwork
    >>> lines = [shapely.LineString([(0, 0), (90, 0)]), shapely.LineString([(50, 2), (50, 60)])]
    >>> network = StreetNetwork.from_lines(gpd.GeoDataFrame(geometry=lines, crs="EPSG:4550"))
    >>> find_breaks(network, obstacles=np.empty(0, object), closed_xy=np.empty((0, 2))).gap_m
    array([2.])
    """
    walkable = network.walkable
    ends = network.edge_node[walkable]
    uses = np.bincount(ends.ravel(), minlength=len(network.node_xy))
    dead = np.flatnonzero(uses == 1)
    if len(closed_xy) and len(dead):
        near_closed = shapely.STRtree(shapely.points(closed_xy)).query(
            shapely.points(network.node_xy[dead]), predicate="dwithin", distance=_SAME_M
        )[0]
        dead = np.delete(dead, np.unique(near_closed))
    at, found = network.tree.query(
        shapely.points(network.node_xy[dead]), predicate="dwithin", distance=within_m
    )
    node, edge = dead[at], walkable[found]
    own = np.full(len(network.node_xy), -1, dtype=np.int64)
    own[ends.ravel()] = np.repeat(walkable, 2)
    layer = network.edges["layer"].to_numpy()
    strange = (network.edge_node[edge] != node[:, None]).all(axis=1)
    keep = strange & (layer[own[node]] == layer[edge])
    node, edge = node[keep], edge[keep]
    beside = _beside_junction(network, node, edge, own[node])
    node, edge = node[~beside], edge[~beside]
    link = shapely.shortest_line(shapely.points(network.node_xy[node]), network.lines[edge])
    if len(obstacles) and len(link):
        crossed = np.unique(shapely.STRtree(obstacles).query(link, predicate="intersects")[0])
        node, edge, link = (np.delete(values, crossed) for values in (node, edge, link))
    gap_m = shapely.length(link)
    order = np.lexsort((edge, gap_m, node))
    _, first = np.unique(node[order], return_index=True)
    pick = order[first]
    pick = pick[_once(network, node[pick], edge[pick], gap_m[pick])]
    node, edge = node[pick].astype(np.int64), edge[pick].astype(np.int64)
    return Breaks(
        node=node,
        edge=edge,
        gap_m=gap_m[pick],
        xy=network.node_xy[node],
        parts=np.column_stack(
            [network.component[node], network.component[network.edge_node[edge, 0]]]
        ).astype(np.int32),
    )


def _beside_junction(
    network: StreetNetwork,
    node: NDArray[np.int64],
    edge: NDArray[np.int64],
    own: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Say which dead ends are stubs that branch off from the very street they end beside."""
    at_m = shapely.line_locate_point(network.lines[edge], shapely.points(network.node_xy[node]))
    along_m = np.stack([at_m, shapely.length(network.lines[edge]) - at_m], axis=1)
    meets = network.edge_node[edge][:, :, None] == network.edge_node[own][:, None, :]
    round_m = np.where(meets.any(axis=2), along_m + network.length_m[own][:, None], np.inf)
    stub: NDArray[np.bool_] = round_m.min(axis=1) <= STUB_M
    return stub


def _once(
    network: StreetNetwork,
    node: NDArray[np.int64],
    edge: NDArray[np.int64],
    gap_m: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Keep one of two breaks where two dead ends face each other."""
    ends = network.edge_node[edge]
    to_end_m = np.hypot(*np.moveaxis(network.node_xy[ends] - network.node_xy[node][:, None], 2, 0))
    side = np.argmin(to_end_m, axis=1)
    rows = np.arange(len(node))
    facing = np.where(to_end_m[rows, side] <= gap_m + _SAME_M, ends[rows, side], -1)
    faced = dict(zip(node.tolist(), facing.tolist(), strict=True))
    keep = [faced.get(b) != a or a < b for a, b in faced.items()]
    return np.asarray(keep, dtype=bool)


def mend(network: StreetNetwork, breaks: Breaks) -> StreetNetwork:
    """
    Join streets at their breaks.

    Parameters
    ----------
    network
        The streets, none of them inside a closed estate yet.
    breaks
        Where to join them; each dead end gets a footway straight to the nearest place of its
        edge, which is cut there.

    Returns
    -------
    network
        The joined streets; the network itself where there is nothing to join. Lengths of cut
        edges add up to what they were; crossings are counted anew, links and lights included.
    """
    if len(breaks) == 0:
        return network
    at_m = shapely.line_locate_point(network.lines[breaks.edge], shapely.points(breaks.xy))
    target, node_xy, pieces = _cut(network, breaks, at_m)
    whole = np.setdiff1d(np.arange(len(network.length_m)), breaks.edge)
    parent = np.concatenate([whole, np.asarray([piece[0] for piece in pieces], dtype=np.int64)])
    table = network.edges.iloc[parent].reset_index(drop=True).drop(columns=list(COUNTS))
    table["u"] = [*network.edge_node[whole, 0], *(piece[1] for piece in pieces)]
    table["v"] = [*network.edge_node[whole, 1], *(piece[2] for piece in pieces)]
    table["length"] = [*network.length_m[whole], *(piece[3] for piece in pieces)]
    lines = [*network.lines[whole], *(piece[4] for piece in pieces)]
    # Coordinates, not node numbers, name a link: they hold whatever else is in the file.
    links = pd.DataFrame(
        {
            "way_id": [f"mend/{x:.2f}/{y:.2f}" for x, y in breaks.xy],
            "highway": "footway",
            "layer": network.edges["layer"].to_numpy()[breaks.edge],
            **{flag: flag.startswith("foot") for flag in STREET_FLAGS},
            "u": breaks.node,
            "v": target,
            "length": breaks.gap_m,
        }
    )
    lines += list(shapely.linestrings(np.stack([breaks.xy, node_xy[target]], axis=1)))
    columns = [*table.columns]
    edges = gpd.GeoDataFrame(
        {
            name: [*table[name], *(links[name] if name in links else [None] * len(links))]
            for name in columns
        },
        geometry=lines,
        crs=network.crs,
    ).astype({name: table[name].dtype for name in columns})
    nodes = gpd.GeoDataFrame(
        {"lights": _lights(network, node_xy)}, geometry=shapely.points(node_xy), crs=network.crs
    )
    return replace(StreetNetwork.from_frames(nodes, edges), lights_xy=network.lights_xy)


def _lights(network: StreetNetwork, node_xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say which nodes have lights: those mapped with some, and new ones beside some."""
    if len(network.lights_xy) == 0:
        return np.zeros(len(node_xy), dtype=bool)
    lights = shapely.STRtree(shapely.points(network.lights_xy))
    at, away_m = lights.query_nearest(
        shapely.points(node_xy), all_matches=False, return_distance=True
    )
    reach_m = np.where(np.arange(len(node_xy)) < len(network.node_xy), _SAME_M, LIGHTS_M)
    lit: NDArray[np.bool_] = away_m <= reach_m[at[0]]
    return lit


_Piece = tuple[int, int, int, float, shapely.LineString]
"""Edge it was cut from, its two nodes, its length [m] and its line."""


def _cut(
    network: StreetNetwork, breaks: Breaks, at_m: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], list[_Piece]]:
    """Cut edges where links arrive; give the links' far nodes, all nodes and the pieces."""
    target = np.empty(len(breaks), dtype=np.int64)
    added: list[tuple[float, float]] = []
    pieces: list[_Piece] = []
    n = len(network.node_xy)
    for edge in np.unique(breaks.edge).tolist():
        line, (first, last) = network.lines[edge], network.edge_node[edge].tolist()
        scale = network.length_m[edge] / line.length if line.length > 0 else 0.0
        left, left_m = first, 0.0
        mine = np.flatnonzero(breaks.edge == edge)
        for k in mine[np.argsort(at_m[mine], kind="stable")].tolist():
            here = float(at_m[k])
            if here >= line.length - _SAME_M:
                target[k] = last
            elif here <= left_m + _SAME_M:
                target[k] = left
            else:
                node = n + len(added)
                piece = shapely.ops.substring(line, left_m, here)
                added.append(piece.coords[-1])
                pieces.append((edge, left, node, (here - left_m) * scale, piece))
                target[k], left, left_m = node, node, here
        rest = shapely.ops.substring(line, left_m, line.length) if left_m > 0 else line
        length = network.length_m[edge] - left_m * scale
        pieces.append((edge, left, last, float(length), rest))
    node_xy = np.concatenate([network.node_xy, np.asarray(added).reshape(-1, 2)])
    return target, node_xy, pieces
