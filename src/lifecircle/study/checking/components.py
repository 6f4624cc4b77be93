"""
Streets and homes -> the parts the walkable streets fall into, and who lives on which.

Everybody who stands near a street is counted on exactly one part.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.network.pins import PIN_LIMIT_M, Pins
from lifecircle.network.streets import StreetNetwork


@dataclass(frozen=True, kw_only=True)
class Components:
    """
    Parts of the walkable streets that no walk connects.

    Parameters
    ----------
    length_m
        Streets of each part [m], the longest part first, shape (c,).
    people
        People whose home stands on each, shape (c,).
    island
        Whether it is an island: under 1 % of the walkable length, shape (c,).
    """

    length_m: NDArray[np.float64]
    people: NDArray[np.float64]
    island: NDArray[np.bool_]


def components_of(network: StreetNetwork, homes: gpd.GeoDataFrame, pins: Pins) -> Components:
    """
    Count the people on each part of the streets.

    Parameters
    ----------
    network
        The streets.
    homes
        `tables.HOMES` in the network's system.
    pins
        The homes on the streets; those on islands have none.

    Returns
    -------
    components
        Parts by falling length. A home with pins stands on the part of its shortest leg, one on
        an island on that of the nearest street.
    """
    walkable = network.walkable
    part = network.component[network.edge_node[walkable, 0]]
    label, of_edge = np.unique(part, return_inverse=True)
    length_m = np.bincount(of_edge, weights=network.length_m[walkable], minlength=len(label))
    on = np.full(len(homes), -1, dtype=np.int64)
    order = np.lexsort((pins.edge, pins.leg_m, pins.point))[::-1]
    edge_part = np.full(len(network.length_m), -1, dtype=np.int64)
    edge_part[walkable] = of_edge
    on[pins.point[order]] = edge_part[pins.edge[order]]
    lost = np.flatnonzero((homes["status"] == "island").to_numpy() & (on < 0))
    if len(lost):
        xy = shapely.get_coordinates(homes.geometry.to_numpy()[lost])
        near = network.walk_index.near(xy, slack_m=0.0, limit_m=PIN_LIMIT_M)
        nearest = np.lexsort((near.line, near.leg_m, near.point))[::-1]
        on[lost[near.point[nearest]]] = of_edge[near.line[nearest]]
    people = np.bincount(
        on[on >= 0],
        weights=homes["people"].to_numpy(dtype=np.float64)[on >= 0],
        minlength=len(label),
    )
    rank = np.lexsort((label, -length_m))
    island = np.isin(label, network.component[network.island_nodes])
    return Components(
        length_m=np.asarray(length_m[rank], dtype=np.float64),
        people=np.asarray(people[rank], dtype=np.float64),
        island=island[rank],
    )
