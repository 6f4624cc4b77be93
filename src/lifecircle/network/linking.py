"""From streets and short links between them to streets that are joined there."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.network.cutting import cut_edges, rebuilt
from lifecircle.network.mending import lights_of
from lifecircle.network.streets import StreetNetwork
from lifecircle.tables import STREET_FLAGS


def feet_of(
    network: StreetNetwork, points: NDArray[np.object_]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """
    Find the place of the walkable streets nearest to each point.

    Parameters
    ----------
    network
        The streets.
    points
        Shapely points, shape (n,).

    Returns
    -------
    edge, away_m
        The edge that place is on, the lowest of several, and how far away it is [m], shape (n,).
    """
    at, away_m = network.tree.query_nearest(points, return_distance=True)
    edge = np.full(len(points), np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(edge, at[0], network.walkable[at[1]])
    away = np.full(len(points), np.inf)
    away[at[0]] = away_m
    return edge, away


def with_links(
    network: StreetNetwork, start_xy: NDArray[np.float64], end_xy: NDArray[np.float64]
) -> StreetNetwork:
    """
    Open straight footpaths between streets.

    Parameters
    ----------
    network
        The streets, none of them inside a closed estate yet.
    start_xy, end_xy
        Ends of each link [m], shape (k, 2) each; each is joined to the nearest walkable street.

    Returns
    -------
    network
        The joined streets. A link meets every street of the ground it is drawn across. Lengths
        of cut edges add up to what they were; crossings are counted anew.

    Examples
    --------
    >>> import geopandas as gpd, numpy as np
    >>> from shapely import LineString
    >>> from lifecircle.network.linking import with_links
    >>> from lifecircle.network.streets import StreetNetwork
    >>> two = gpd.GeoDataFrame(geometry=[LineString([(0, 0), (90, 0)]),
    ...     LineString([(0, 40), (90, 40)])], crs="EPSG:4550")
    >>> linked = with_links(
    ...     StreetNetwork.from_lines(two), np.array([[50.0, 0.0]]), np.array([[50.0, 40.0]]))
    >>> sorted(linked.length_m.tolist())
    [40.0, 40.0, 40.0, 50.0, 50.0]
    """
    links, edges, at_m = [], [], []
    for link in range(len(start_xy)):
        places = _places(network, start_xy[link], end_xy[link])
        links.append(len(places))
        edges += [edge for edge, _ in places]
        at_m += [at for _, at in places]
    cuts = cut_edges(network, np.asarray(edges, dtype=np.int64), np.asarray(at_m))
    first = np.concatenate([[0], np.cumsum(links)]).astype(int)
    u, v, name = [], [], []
    for link in range(len(links)):
        nodes = cuts.target[first[link] : first[link + 1]]
        for one, other in pairwise(nodes):
            if one != other:
                u.append(one)
                v.append(other)
                name.append("link/{:.2f}/{:.2f}".format(*start_xy[link]))
    lines = shapely.linestrings(
        np.stack([cuts.node_xy[u], cuts.node_xy[v]], axis=1).reshape(-1, 2, 2)
    )
    table = pd.DataFrame(
        {
            "way_id": name,
            "highway": "footway",
            "layer": 0,
            **{flag: flag.startswith("foot") for flag in STREET_FLAGS},
            "u": u,
            "v": v,
            "length": shapely.length(lines),
        }
    )
    lit = lights_of(network, cuts.node_xy)
    return rebuilt(network, cuts, lights=lit, links=table, lines=lines)


def _places(
    network: StreetNetwork, start: NDArray[np.float64], end: NDArray[np.float64]
) -> list[tuple[int, float]]:
    """Find where a link meets streets, in order along it: edge and metres along its line."""
    edge, _ = feet_of(network, shapely.points([start, end]))
    at = shapely.line_locate_point(network.lines[edge], shapely.points([start, end]))
    ends = shapely.line_interpolate_point(network.lines[edge], at)
    line = shapely.LineString(shapely.get_coordinates(ends))
    ground = network.edges["layer"].to_numpy() == 0
    met = network.walkable[network.tree.query(line, predicate="crosses")]
    between = [
        (float(shapely.line_locate_point(line, shapely.Point(xy))), int(one), xy)
        for one in np.sort(met[ground[met]])
        for xy in shapely.get_coordinates(shapely.intersection(line, network.lines[one]))
    ]
    return [
        (int(edge[0]), float(at[0])),
        *(
            (one, float(shapely.line_locate_point(network.lines[one], shapely.Point(xy))))
            for _, one, xy in sorted(between, key=lambda place: place[:2])
        ),
        (int(edge[1]), float(at[1])),
    ]
