"""
From streets that end just short of another one to a count of such breaks, and streets joined there.

A break is a place where mapped streets nearly touch; nothing is joined across a wall, a railway,
water or a motorway, between two levels, or at a place where the map says nobody passes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.network.cutting import SAME_M, cut_edges, rebuilt
from lifecircle.network.streets import StreetNetwork
from lifecircle.tables import STREET_FLAGS

BREAK_M = 3.0
"""A street that ends this near to another one without meeting it is probably broken [m] (P)."""

STUB_M = 30.0
"""Who walks this far round by the last junction is at no break [m] (P)."""

LIGHTS_M = 15.0
"""A link that arrives at a road this near to its traffic lights is crossed with them [m] (P)."""


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
            shapely.points(network.node_xy[dead]), predicate="dwithin", distance=SAME_M
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
    facing = np.where(to_end_m[rows, side] <= gap_m + SAME_M, ends[rows, side], -1)
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
    cuts = cut_edges(network, breaks.edge, at_m)
    lit = lights_of(network, cuts.node_xy)
    # Coordinates, not node numbers, name a link: they hold whatever else is in the file.
    links = pd.DataFrame(
        {
            "way_id": [f"mend/{x:.2f}/{y:.2f}" for x, y in breaks.xy],
            "highway": "footway",
            "layer": network.edges["layer"].to_numpy()[breaks.edge],
            **{flag: flag.startswith("foot") for flag in STREET_FLAGS},
            "u": breaks.node,
            "v": cuts.target,
            "length": breaks.gap_m,
        }
    )
    lines = shapely.linestrings(np.stack([breaks.xy, cuts.node_xy[cuts.target]], axis=1))
    return rebuilt(network, cuts, lights=lit, links=links, lines=lines)


def lights_of(network: StreetNetwork, node_xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    """
    Say which nodes have traffic lights.

    Parameters
    ----------
    network
        The streets.
    node_xy
        Its nodes, then new ones [m], shape (n, 2).

    Returns
    -------
    lit
        True where lights are mapped, and for new nodes within 15 m of some, shape (n,).
    """
    if len(network.lights_xy) == 0:
        return np.zeros(len(node_xy), dtype=bool)
    lights = shapely.STRtree(shapely.points(network.lights_xy))
    at, away_m = lights.query_nearest(
        shapely.points(node_xy), all_matches=False, return_distance=True
    )
    reach_m = np.where(np.arange(len(node_xy)) < len(network.node_xy), SAME_M, LIGHTS_M)
    lit: NDArray[np.bool_] = away_m <= reach_m[at[0]]
    return lit
