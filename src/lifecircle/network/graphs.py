"""
From OSMnx graphs to edges and back.

A graph has one edge per direction, a network one per street: the two directions of a street are
told by their geometry, so streets that join the same nodes stay apart, however alike they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from lifecircle import geo
from lifecircle.errors import CrsError, NetworkError, Problem
from lifecircle.network.joining import Joined, join_frames

if TYPE_CHECKING:
    import networkx as nx

_MODES = ("foot", "bike", "car")
_FLAGS = [f"{mode}_{way}" for mode in _MODES for way in ("forward", "backward")]
_GRID_M = 0.01  # both directions of a street run through the same corners, to the centimetre


def join_networkx(graph: nx.MultiDiGraph) -> Joined:
    """
    Join the streets of an OSMnx graph, the two directions of a street into one edge.

    Parameters
    ----------
    graph
        A graph as OSMnx makes it.

    Returns
    -------
    joined
        Nodes and edges in order.

    Raises
    ------
    NetworkError
        If the graph has no street.
    CrsError
        If the graph has no reference system.
    """
    import osmnx as ox  # noqa: PLC0415  heavy, and only needed here

    if graph.number_of_edges() == 0:
        raise NetworkError(Problem(what="holds no streets", where="graph"))
    if graph.graph.get("crs") is None:
        raise CrsError(Problem(what="has no coordinate reference system", where="graph"))
    if CRS.from_user_input(graph.graph["crs"]).is_geographic:
        lonlat = np.asarray([(place["x"], place["y"]) for _, place in graph.nodes(data=True)])
        lon, lat = np.median(lonlat, axis=0)
        graph = ox.project_graph(graph, to_crs=geo.metric_crs(float(lon), float(lat)))
    nodes, edges = ox.graph_to_gdfs(graph)
    table = edges.reset_index()
    shapes, against = _upright(table.geometry.to_numpy(), (table["u"] > table["v"]).to_numpy())
    turned = table.loc[against, ["v", "u"]].to_numpy()
    table.loc[against, ["u", "v"]] = turned
    table["geometry"] = shapes
    key = pd.DataFrame(
        {
            "u": table["u"],
            "v": table["v"],
            "length": table["length"].round(2),
            "shape": shapely.to_wkb(shapely.set_precision(shapes, _GRID_M, mode="pointwise")),
            "against": against,
        }
    )
    # Streets alike in everything are counted through, each direction for itself.
    key["turn"] = key.groupby(list(key.columns), sort=False).cumcount()
    street = key.groupby(["u", "v", "length", "shape", "turn"], sort=False).ngroup()
    for mode in _MODES:
        for way, runs in (("forward", ~against), ("backward", against)):
            table[f"{mode}_{way}"] = pd.Series(runs).groupby(street).transform("any").to_numpy()
    # A loop that is there once is open both ways, unless it says it is not.
    loop = (table["u"] == table["v"]).to_numpy()
    if "oneway" in table.columns:
        loop = loop & ~table["oneway"].map(_is_true).to_numpy(dtype=bool)
    table.loc[loop, _FLAGS] = True
    table = table[~street.duplicated().to_numpy()].copy()
    for column in ("highway", "name"):
        table[column] = table[column].map(_first) if column in table.columns else None
    table["steps"] = (table["highway"] == "steps").to_numpy()
    columns = ["u", "v", "length", "highway", "name", *_FLAGS, "steps", "geometry"]
    if "osmid" in table.columns:
        table["way_id"] = table["osmid"].map(_first).astype(str)
        columns.append("way_id")
    return join_frames(nodes, gpd.GeoDataFrame(table[columns], geometry="geometry", crs=edges.crs))


def _upright(
    shapes: NDArray[np.object_], falling: NDArray[np.bool_]
) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Turn lines round that run from the higher node to the lower, or round a loop backwards."""
    shapes, against = shapes.copy(), falling.copy()
    coords, owner = shapely.get_coordinates(shapes, return_index=True)
    ptr = np.searchsorted(owner, np.arange(len(shapes) + 1))
    loop = np.flatnonzero((coords[ptr[:-1]] == coords[ptr[1:] - 1]).all(axis=1) & ~falling)
    area = [shapely.is_ccw(shapes[one]) for one in loop]
    against[loop] = ~np.asarray(area, dtype=bool)
    shapes[against] = shapely.reverse(shapes[against])
    return shapes, against


def _first(tag: object) -> object:
    """Take the first of several values OSMnx joined into a list."""
    return tag[0] if isinstance(tag, list) else tag


def _is_true(tag: object) -> bool:
    """Read a flag that may also be missing or a list."""
    return isinstance(tag, bool | np.bool_) and bool(tag)


def to_graph(
    crs: CRS,
    node_xy: NDArray[np.float64],
    edge_node: NDArray[np.int32],
    length_m: NDArray[np.float64],
    lines: NDArray[np.object_],
    edges: pd.DataFrame,
) -> nx.MultiDiGraph:
    """
    Make a graph as OSMnx does, with an edge for each direction open on foot.

    Parameters
    ----------
    crs, node_xy, edge_node, length_m, edges
        As `StreetNetwork` holds them.
    lines
        Geometry of the edges, shape (m,).

    Returns
    -------
    graph
        A `networkx.MultiDiGraph`.
    """
    import networkx as nx  # noqa: PLC0415  only needed here

    graph = nx.MultiDiGraph(crs=crs)
    graph.add_nodes_from((node, {"x": x, "y": y}) for node, (x, y) in enumerate(node_xy.tolist()))
    forward, backward = (
        edges[f"foot_{way}"].to_numpy(dtype=bool) for way in ("forward", "backward")
    )
    told = [
        edges[column].astype(object).where(edges[column].notna(), None).tolist()
        for column in ("way_id", "highway", "name")
    ]
    for edge, (u, v) in enumerate(edge_node.tolist()):
        facts = {
            "osmid": told[0][edge],
            "highway": told[1][edge],
            "name": told[2][edge],
            "length": float(length_m[edge]),
            "oneway": bool(forward[edge] != backward[edge]),
        }
        if forward[edge]:
            graph.add_edge(u, v, **facts, reversed=False, geometry=lines[edge])
        if backward[edge]:
            graph.add_edge(v, u, **facts, reversed=True, geometry=shapely.reverse(lines[edge]))
    return graph
