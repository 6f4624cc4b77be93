"""
From crossings mapped apart to crossings that hang on the streets they belong to.

A marked crossing is there to be walked on: it meets every street it is drawn across, and each of
its ends the street beside it, whatever the map forgot to join.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.network.crossings import marked_crossings
from lifecircle.network.cutting import cut_edges, rebuilt
from lifecircle.network.islands import components_of
from lifecircle.network.mending import Breaks, find_breaks, lights_of, mend
from lifecircle.network.streets import StreetNetwork

KERB_M = 10.0
"""A marked crossing that ends this near to a street ends at its kerb [m] (P)."""


def join_crossings(
    network: StreetNetwork,
    *,
    obstacles: NDArray[np.object_],
    closed_xy: NDArray[np.float64],
) -> tuple[StreetNetwork, int]:
    """
    Join marked crossings to the streets they lead over and to.

    Parameters
    ----------
    network
        The streets, none of them inside a closed estate yet.
    obstacles, closed_xy
        As for `find_breaks`.

    Returns
    -------
    network
        The joined streets; the network itself where there is nothing to join.
    joined
        How many places were joined: where a crossing and a street of its level cross without
        meeting, and dead ends of crossings within 10 m of a street of their level.

    Examples
    --------
    >>> import geopandas as gpd, numpy as np, shapely
    >>> from lifecircle.network.kerbs import join_crossings
    >>> from lifecircle.network.streets import StreetNetwork
    >>> road = shapely.LineString([(0, 0), (200, 0)])
    >>> zebra = shapely.LineString([(100, -8), (100, 8)])
    >>> network = StreetNetwork.from_lines(gpd.GeoDataFrame(
    ...     {"crossing": [None, "zebra"]}, geometry=[road, zebra], crs="EPSG:4550"))
    >>> whole, joined = join_crossings(
    ...     network, obstacles=np.empty(0, dtype=object), closed_xy=np.empty((0, 2)))
    >>> joined, len(whole.length_m)
    (1, 4)
    """
    network, crossed = _over(network)
    marked = np.flatnonzero(marked_crossings(network.edges))
    found = find_breaks(network, within_m=KERB_M, obstacles=obstacles, closed_xy=closed_xy)
    ends = _some(found, np.isin(found.node, network.edge_node[marked]))
    return mend(network, ends), crossed + len(ends)


def _some(breaks: Breaks, rows: NDArray[np.bool_]) -> Breaks:
    return replace(
        breaks, **{name: values[rows] for name, values in vars(breaks).items() if len(values)}
    )


def _over(network: StreetNetwork) -> tuple[StreetNetwork, int]:
    """Let crossings meet the streets they are drawn across."""
    walkable = network.walkable
    zebra = np.intersect1d(np.flatnonzero(marked_crossings(network.edges)), walkable)
    at, found = network.tree.query(network.lines[zebra], predicate="crosses")
    left, right = zebra[at], walkable[found]
    layer = network.edges["layer"].to_numpy()
    apart = (network.edge_node[left][:, :, None] != network.edge_node[right][:, None, :]).all(
        axis=(1, 2)
    ) & (layer[left] == layer[right])
    left, right = left[apart], right[apart]
    met = shapely.intersection(network.lines[left], network.lines[right])
    xy, pair = shapely.get_coordinates(met, return_index=True)
    if len(xy) == 0:
        return network, 0
    edge = np.concatenate([left[pair], right[pair]])
    at_m = shapely.line_locate_point(network.lines[edge], shapely.points(np.concatenate([xy, xy])))
    cuts = cut_edges(network, edge, at_m)
    ends = cuts.target.reshape(2, -1).T.astype(np.int32)
    same = components_of(len(cuts.node_xy), ends).astype(np.int64)
    joined = rebuilt(network, cuts, lights=lights_of(network, cuts.node_xy), same=same)
    # Two crossings that cross each other were found from both sides.
    return joined, len(np.unique(same[cuts.target]))
