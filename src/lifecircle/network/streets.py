"""
From street ways to a `StreetNetwork`: junctions, edges with geometry, and arcs priced by a profile.

An edge is a piece of one way between two junctions, so it has one class, one set of directions and
one geometry. Nodes and edges are ordered along a Hilbert curve with ties broken by identifier:
the order of rows in the source changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from lifecircle import geo
from lifecircle.errors import CrsError, NetworkError, Problem
from lifecircle.network import search
from lifecircle.network.lines import LineIndex
from lifecircle.sources.osm_raw import read_raw
from lifecircle.sources.osm_streets import street_ways
from lifecircle.tables import NODE_KINDS, STREET_FLAGS, STREET_TEXTS, StreetWays
from lifecircle.walk import Mode, Profile

if TYPE_CHECKING:
    import networkx as nx

ISLAND_SHARE = 0.01
"""A component with less than this share of the walkable length is an island (P)."""

_BREAKING = tuple(NODE_KINDS.index(kind) for kind in ("gate", "stile", "entrance", "blocked"))
_HILBERT_LEVEL = 15


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


@dataclass(frozen=True, kw_only=True)
class StreetNetwork:
    """
    Streets as a graph of junctions and edges, for every mode.

    Parameters
    ----------
    crs
        Metric system of the coordinates.
    node_xy
        Position of each node [m], shape (n, 2).
    edge_node
        Nodes at both ends of each edge, shape (m, 2).
    length_m
        Length of each edge on the ground [m], shape (m,).
    shape_ptr, shape_xy
        CSR of the edges' geometry: edge ``e`` runs through
        ``shape_xy[shape_ptr[e]:shape_ptr[e + 1]]``.
    edges
        One row per edge: ``way_id, highway, name``, the direction flags and texts of
        `StreetWays`, ``layer``.
    edge_compound, node_compound
        Index of the closed estate an edge or a node lies inside, -1 outside, shapes (m,) and (n,).

    Examples
    --------
    >>> from lifecircle.network.streets import StreetNetwork
    >>> import geopandas as gpd
    >>> from shapely import LineString
    >>> lines = gpd.GeoDataFrame(geometry=[LineString([(0, 0), (90, 0)]),
    ...     LineString([(90, 0), (90, 60)])], crs="EPSG:4550")
    >>> StreetNetwork.from_lines(lines).length_m.tolist()
    [90.0, 60.0]
    """

    crs: CRS
    node_xy: NDArray[np.float64]
    edge_node: NDArray[np.int32]
    length_m: NDArray[np.float64]
    shape_ptr: NDArray[np.int64]
    shape_xy: NDArray[np.float64]
    edges: pd.DataFrame
    edge_compound: NDArray[np.int32]
    node_compound: NDArray[np.int32]

    def __post_init__(self) -> None:
        for name in ("node_xy", "edge_node", "length_m", "shape_ptr", "shape_xy"):
            getattr(self, name).flags.writeable = False

    def __repr__(self) -> str:
        walkable = self.walkable
        island = self.island_nodes
        return (
            f"<StreetNetwork: {len(self.node_xy):,} nodes, {len(self.length_m):,} edges, "
            f"{self.length_m[walkable].sum() / 1000:,.0f} km walkable, "
            f"{island.sum():,} nodes on islands, {self.crs.name}>"
        )

    # -- making one ---------------------------------------------------------------------------
    @classmethod
    def from_ways(cls, streets: StreetWays, crs: CRS) -> StreetNetwork:
        """
        Build the network from street ways that share nodes at junctions.

        Parameters
        ----------
        streets
            Ways as surveyed, WGS 84.
        crs
            Metric system to work in.

        Returns
        -------
        network
            Edges between junctions; lengths measured on the ellipsoid.

        Raises
        ------
        NetworkError
            If there is no street at all.
        """
        if len(streets) == 0:
            raise NetworkError(
                Problem(
                    what="no streets were found",
                    remedy="check that the street file covers the area and holds highway ways",
                )
            )
        node, ptr = streets.way_node, streets.way_ptr
        way_of = np.repeat(np.arange(len(streets), dtype=np.int64), np.diff(ptr))
        breaks = _break_positions(streets)
        # An edge starts at every break that is not the last position of its way.
        is_last = np.zeros(len(node), dtype=bool)
        is_last[ptr[1:] - 1] = True
        at = np.flatnonzero(breaks)
        start, stop = at[:-1], at[1:]
        keep = ~is_last[start]
        start, stop = start[keep], stop[keep]
        step_m = np.zeros(len(node) + 1)
        step_m[1:-1] = geo.ground_m(streets.lonlat[node[:-1]], streets.lonlat[node[1:]])
        # Summed edge by edge: a running sum would carry the rounding of the ways before.
        spans = np.column_stack([start + 1, stop + 1]).ravel()
        length_m = np.add.reduceat(step_m, spans)[::2] if len(spans) else np.empty(0)
        xy = geo.project(streets.lonlat, crs)
        counts = stop - start + 1
        shape_ptr = np.concatenate(([0], np.cumsum(counts)))
        shape_pos = np.arange(shape_ptr[-1]) - np.repeat(shape_ptr[:-1] - start, counts)
        edges = streets.ways.iloc[way_of[start]].reset_index(drop=True)
        ends, parent = _severed(streets, edges, np.column_stack([start, stop]))
        return _ordered(
            crs=crs,
            ends=ends,
            length_m=length_m,
            shape_ptr=shape_ptr,
            shape_xy=xy[node[shape_pos]],
            edges=edges,
            node_xy=xy[parent],
            node_id=streets.node_id[parent],
        )

    @classmethod
    def from_lines(cls, lines: gpd.GeoDataFrame) -> StreetNetwork:
        """
        Build the network from noded lines: lines meet only where their end points coincide.

        Parameters
        ----------
        lines
            LineStrings in a metric system; optional columns as in `StreetWays.ways`.

        Returns
        -------
        network
            One edge per line, walkable both ways where no column says otherwise.

        Raises
        ------
        NetworkError
            If there is no line, or a geometry is no LineString.
        CrsError
            If the lines lie in no metric system.
        """
        _require_metric(lines.crs, "lines")
        shapes = lines.geometry.array
        usable = (np.asarray(shapes.geom_type) == "LineString") & ~np.asarray(shapes.is_empty)
        if len(lines) == 0 or not usable.all():
            raise NetworkError(
                Problem(what="streets must be LineStrings, at least one", where="lines")
            )
        coords, owner = shapely.get_coordinates(shapes, return_index=True)
        counts = np.bincount(owner, minlength=len(lines))
        shape_ptr = np.concatenate(([0], np.cumsum(counts)))
        tips = np.column_stack([shape_ptr[:-1], shape_ptr[1:] - 1])
        # Half a centimetre: below it end points are the same junction.
        keys = np.rint(coords[tips.ravel()] * 200).astype(np.int64)
        _, first, node = np.unique(keys, axis=0, return_index=True, return_inverse=True)
        xy = coords[tips.ravel()][first]
        return _ordered(
            crs=lines.crs,
            ends=node.reshape(-1, 2).astype(np.int32),
            length_m=np.asarray(shapely.length(shapes)),
            shape_ptr=shape_ptr,
            shape_xy=coords,
            edges=_complete_columns(pd.DataFrame(lines.drop(columns=lines.geometry.name))),
            node_xy=xy,
            node_id=np.arange(len(xy), dtype=np.int64),
        )

    @classmethod
    def from_frames(cls, nodes: gpd.GeoDataFrame, edges: gpd.GeoDataFrame) -> StreetNetwork:
        """
        Build the network from node and edge tables.

        Parameters
        ----------
        nodes
            Points in a metric system, indexed by node id.
        edges
            LineStrings with columns ``u`` and ``v`` (or an index whose first two levels are
            those) and optionally ``length`` [m] and the columns of `StreetWays.ways`.

        Returns
        -------
        network
            One edge per row.

        Raises
        ------
        NetworkError
            If there is no edge, or one names a node that is not there or is no LineString.
        CrsError
            If the edges lie in no metric system.
        """
        _require_metric(edges.crs, "edges")
        table = edges if "u" in edges.columns else edges.reset_index()
        shapes = table.geometry.array
        usable = (np.asarray(shapes.geom_type) == "LineString") & ~np.asarray(shapes.is_empty)
        if len(table) == 0 or not usable.all():
            raise NetworkError(
                Problem(what="streets must be LineStrings, at least one", where="edges")
            )
        u = nodes.index.get_indexer(table["u"])
        v = nodes.index.get_indexer(table["v"])
        if (u < 0).any() or (v < 0).any():
            bad = int(((u < 0) | (v < 0)).sum())
            raise NetworkError(
                Problem(what=f"{bad} edges name a node that is not in the node table")
            )
        coords, owner = shapely.get_coordinates(table.geometry.array, return_index=True)
        counts = np.bincount(owner, minlength=len(table))
        lengths = (
            table["length"].to_numpy(dtype=np.float64)
            if "length" in table.columns
            else np.asarray(shapely.length(table.geometry.array))
        )
        extra = table.drop(columns=[table.geometry.name, "u", "v", "length"], errors="ignore")
        return _ordered(
            crs=edges.crs,
            ends=np.column_stack([u, v]).astype(np.int32),
            length_m=lengths,
            shape_ptr=np.concatenate(([0], np.cumsum(counts))),
            shape_xy=coords,
            edges=_complete_columns(pd.DataFrame(extra)),
            node_xy=shapely.get_coordinates(nodes.geometry.array),
            node_id=np.arange(len(nodes), dtype=np.int64),
        )

    @classmethod
    def from_networkx(cls, graph: nx.MultiDiGraph) -> StreetNetwork:
        """
        Take an OSMnx graph.

        Parameters
        ----------
        graph
            A projected or unprojected `networkx.MultiDiGraph` as OSMnx makes it.

        Returns
        -------
        network
            Walkable both ways unless the graph lacks the reverse edge of a `oneway` street.

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
        low = table[["u", "v"]].min(axis=1)
        high = table[["u", "v"]].max(axis=1)
        forward = (table["u"] <= table["v"]).to_numpy()
        key = pd.DataFrame({"u": low, "v": high, "length": table["length"].round(2)})
        table["foot_forward"] = forward
        table["foot_backward"] = ~forward | (table["u"] == table["v"]).to_numpy()
        group = key.groupby(["u", "v", "length"], sort=False).ngroup()
        both = table.groupby(group)[["foot_forward", "foot_backward"]].transform("any")
        table[["foot_forward", "foot_backward"]] = both
        # The first row of each group stands for it; turn it round where it runs high to low.
        table = table[~group.duplicated().to_numpy()].copy()
        turned = (table["u"] > table["v"]).to_numpy()
        table.loc[turned, ["u", "v"]] = table.loc[turned, ["v", "u"]].to_numpy()
        table.loc[turned, "geometry"] = shapely.reverse(table.geometry.array[turned])
        for flag in ("bike", "car"):
            table[f"{flag}_forward"] = table["foot_forward"]
            table[f"{flag}_backward"] = table["foot_backward"]
        columns = ["u", "v", "length", "highway", "name", *STREET_FLAGS[:7], "geometry"]
        table["highway"] = table["highway"].map(
            lambda tag: tag[0] if isinstance(tag, list) else tag
        )
        table["steps"] = (table["highway"] == "steps").to_numpy()
        table["name"] = (
            table["name"].map(lambda tag: tag[0] if isinstance(tag, list) else tag)
            if "name" in table.columns
            else None
        )
        return cls.from_frames(nodes, table[columns])

    # -- views --------------------------------------------------------------------------------
    @cached_property
    def lines(self) -> NDArray[np.object_]:
        """Edges as shapely LineStrings, shape (m,)."""
        owner = np.repeat(np.arange(len(self.length_m)), np.diff(self.shape_ptr))
        return np.asarray(shapely.linestrings(self.shape_xy, indices=owner))

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index over the walkable edges' geometry (`walkable` gives their edge ids)."""
        return shapely.STRtree(self.lines[self.walkable])

    @cached_property
    def walk_index(self) -> LineIndex:
        """Index over the walkable edges, in the order of `walkable`."""
        return LineIndex.of(self.lines[self.walkable])

    @cached_property
    def walkable(self) -> NDArray[np.int64]:
        """Ids of the edges somebody on foot may use, shape (k,)."""
        edges = self.edges
        return np.flatnonzero(edges["foot_forward"].to_numpy() | edges["foot_backward"].to_numpy())

    @cached_property
    def component(self) -> NDArray[np.int32]:
        """Lowest node of the walkable component each node belongs to, shape (n,)."""
        ends = self.edge_node[self.walkable]
        labels: NDArray[np.int32] = search.components(
            len(self.node_xy), np.ascontiguousarray(ends[:, 0]), np.ascontiguousarray(ends[:, 1])
        )
        return labels

    @cached_property
    def island_nodes(self) -> NDArray[np.bool_]:
        """Nodes on a component with under 1 % of the walkable length, shape (n,)."""
        ends = self.edge_node[self.walkable]
        on_foot = np.zeros(len(self.node_xy), dtype=bool)
        on_foot[ends.ravel()] = True
        length = np.bincount(
            self.component[ends[:, 0]],
            weights=self.length_m[self.walkable],
            minlength=len(self.node_xy),
        )
        small = length < ISLAND_SHARE * length.sum()
        island: NDArray[np.bool_] = on_foot & small[self.component]
        return island

    def to_frame(self) -> gpd.GeoDataFrame:
        """
        Edges as a table.

        Returns
        -------
        edges
            ``edge_id, u, v, length_m, highway, name, foot`` and LineString geometry.
        """
        foot = self.edges["foot_forward"] | self.edges["foot_backward"]
        return gpd.GeoDataFrame(
            {
                "edge_id": np.arange(len(self.length_m)),
                "u": self.edge_node[:, 0],
                "v": self.edge_node[:, 1],
                "length_m": self.length_m,
                "highway": self.edges["highway"],
                "name": self.edges["name"],
                "foot": foot.to_numpy(),
            },
            geometry=self.lines,
            crs=self.crs,
        )

    def arcs(self, profile: Profile) -> Arcs:
        """
        Price the streets for somebody.

        Parameters
        ----------
        profile
            Who walks.

        Returns
        -------
        arcs
            One arc per edge and allowed direction; inside a closed estate one per copy; a zero
            arc from each start copy to its end twin.

        Notes
        -----
        A closed estate leads nowhere else: arcs in at a gate enter the end copies, arcs out at a
        gate leave from the start copies, and only start leads to end. So a walk may leave the
        estate it begins in, and enter the one it ends in, but pass through none.
        """
        forward_cs, backward_cs = self.prices(profile)
        forward, backward = forward_cs >= 0, backward_cs >= 0
        ids = np.arange(len(self.length_m), dtype=np.int32)
        edge = np.concatenate([ids[forward], ids[backward]])
        tail = np.concatenate([self.edge_node[forward, 0], self.edge_node[backward, 1]])
        head = np.concatenate([self.edge_node[forward, 1], self.edge_node[backward, 0]])
        inside = np.flatnonzero(self.node_compound >= 0)
        end_node = np.arange(len(self.node_xy), dtype=np.int32)
        end_node[inside] = len(self.node_xy) + np.arange(len(inside), dtype=np.int32)
        in_estate = self.edge_compound[edge] >= 0
        enters = in_estate & (self.node_compound[tail] < 0)
        leaves = in_estate & (self.node_compound[head] < 0)
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
            n=len(self.node_xy) + len(inside),
            tail=tail,
            head=head,
            edge_id=edge_id,
            length_m=np.where(zero, 0.0, self.length_m[edge_id]),
            walk_cs=np.concatenate([price, price[within], np.zeros(len(inside))]).astype(np.int32),
            end_node=end_node,
        )

    def prices(self, profile: Profile) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """
        Price every edge along and against its direction.

        Parameters
        ----------
        profile
            Who walks.

        Returns
        -------
        forward_cs, backward_cs
            Time [1/100 s], shape (m,) each; -1 where that direction is closed to the profile.
        """
        price = _price(self.edges, self.length_m, profile)
        forward, backward = _open_directions(self.edges, profile)
        return np.where(forward, price, -1), np.where(backward, price, -1)

    def with_compounds(
        self, edge_compound: NDArray[np.int32], node_compound: NDArray[np.int32]
    ) -> StreetNetwork:
        """
        Say which edges and nodes lie inside closed estates.

        Parameters
        ----------
        edge_compound, node_compound
            Index of the estate, -1 outside, shapes (m,) and (n,).

        Returns
        -------
        network
            The same streets with that knowledge.
        """
        return replace(self, edge_compound=edge_compound, node_compound=node_compound)


def read_streets(path: Path | str) -> StreetNetwork:
    """
    Read the streets of an OSM file.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm``, ``.osm.bz2`` or ``.osm.gz``.

    Returns
    -------
    network
        All streets of the file, in the metric system of their middle.

    Raises
    ------
    SourceError
        If the file cannot be read.
    NetworkError
        If it holds no streets.
    """
    streets = street_ways(read_raw(Path(path)))
    if len(streets) == 0:
        raise NetworkError(
            Problem(what="holds no streets", where=Path(path).name, remedy="take another extract")
        )
    lon, lat = np.median(streets.lonlat, axis=0)
    return StreetNetwork.from_ways(streets, geo.metric_crs(float(lon), float(lat)))


def _require_metric(crs: CRS | None, where: str) -> None:
    if crs is None or crs.is_geographic:
        raise CrsError(
            Problem(
                what="streets need a metric coordinate reference system",
                where=where,
                remedy="declare it, or move the table with to_crs",
            )
        )


_MODE_FLAG: Mapping[Mode, str] = {"foot": "foot", "bike": "bike", "car": "car"}


def _open_directions(
    edges: pd.DataFrame, profile: Profile
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say which edges a profile may use along and against their direction."""
    flag = _MODE_FLAG[profile.mode]
    forward = edges[f"{flag}_forward"].to_numpy(dtype=bool)
    backward = edges[f"{flag}_backward"].to_numpy(dtype=bool)
    if profile.stairs_factor == 0:
        passable = ~edges["steps"].to_numpy(dtype=bool) | edges["ramp"].to_numpy(dtype=bool)
        forward, backward = forward & passable, backward & passable
    return forward, backward


def _price(
    edges: pd.DataFrame, length_m: NDArray[np.float64], profile: Profile
) -> NDArray[np.int64]:
    price = profile.centiseconds(length_m, steps=edges["steps"].to_numpy(dtype=bool))
    if profile.crossing_s or profile.signal_s:
        crossing = edges["crossing"].to_numpy(dtype=object)
        signals = crossing == "traffic_signals"
        marked = pd.notna(crossing) & ~signals
        price = price + np.rint(100 * (signals * profile.signal_s + marked * profile.crossing_s))
    return np.asarray(price, dtype=np.int64)


def _break_positions(streets: StreetWays) -> NDArray[np.bool_]:
    """Mark the positions in `way_node` where an edge must begin or end."""
    node, ptr = streets.way_node, streets.way_ptr
    uses = np.bincount(node, minlength=len(streets.node_id))
    is_end = np.zeros(len(node), dtype=bool)
    is_end[ptr[:-1]] = True
    is_end[ptr[1:] - 1] = True
    special = np.isin(streets.node_kind, _BREAKING)
    breaks: NDArray[np.bool_] = is_end | (uses[node] > 1) | special[node]
    return breaks


def _severed(
    streets: StreetWays, edges: pd.DataFrame, position: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Let every edge end at a blocked node in a dead end of its own; give ends and node parents."""
    ends = streets.way_node[position].astype(np.int64)
    n = len(streets.node_id)
    edge, side = np.nonzero(streets.node_kind[ends] == NODE_KINDS.index("blocked"))
    # By way, then along it: the order of rows must not number the copies.
    way = pd.factorize(edges["way_id"], sort=True)[0][edge]
    order = np.lexsort((side, position[edge, side], way))
    edge, side = edge[order], side[order]
    parent = np.concatenate([np.arange(n), ends[edge, side]])
    ends[edge, side] = n + np.arange(len(edge))
    return ends, parent


def _complete_columns(edges: pd.DataFrame) -> pd.DataFrame:
    """Give edges the columns of `StreetWays.ways`, walkable both ways where nothing is said."""
    table = edges.reset_index(drop=True).copy()
    for flag in STREET_FLAGS:
        default = flag.startswith(("foot", "bike", "car"))
        table[flag] = table[flag].fillna(default).astype(bool) if flag in table else default
    for text in ("highway", *STREET_TEXTS):
        if text not in table:
            table[text] = pd.Series([None] * len(table), dtype=object)
    if "way_id" not in table:
        table["way_id"] = [str(number) for number in range(len(table))]
    if "layer" not in table:
        table["layer"] = 0
    return table


def _ordered(
    *,
    crs: CRS,
    ends: NDArray[Any],
    length_m: NDArray[np.float64],
    shape_ptr: NDArray[np.int64],
    shape_xy: NDArray[np.float64],
    edges: pd.DataFrame,
    node_xy: NDArray[np.float64],
    node_id: NDArray[np.int64],
) -> StreetNetwork:
    """Renumber nodes along a Hilbert curve and edges by their nodes; drop nodes without edges."""
    used = np.unique(ends)
    points = shapely.points(node_xy[used])
    curve = _hilbert(points)
    rank = np.lexsort((node_id[used], node_xy[used, 1], node_xy[used, 0], curve))
    new = np.full(len(node_xy), -1, dtype=np.int32)
    new[used[rank]] = np.arange(len(used), dtype=np.int32)
    ends = new[ends]
    low, high = ends.min(axis=1), ends.max(axis=1)
    way = pd.factorize(edges["way_id"], sort=True)[0]
    order = np.lexsort((ends[:, 0], np.round(length_m, 3), way, high, low))
    counts = np.diff(shape_ptr)[order]
    new_ptr = np.concatenate(([0], np.cumsum(counts)))
    take = np.arange(new_ptr[-1]) - np.repeat(new_ptr[:-1] - shape_ptr[:-1][order], counts)
    m = len(order)
    return StreetNetwork(
        crs=crs,
        node_xy=node_xy[used[rank]],
        edge_node=np.ascontiguousarray(ends[order], dtype=np.int32),
        length_m=length_m[order],
        shape_ptr=new_ptr.astype(np.int64),
        shape_xy=shape_xy[take],
        edges=edges.iloc[order].reset_index(drop=True),
        edge_compound=np.full(m, -1, dtype=np.int32),
        node_compound=np.full(len(used), -1, dtype=np.int32),
    )


def _hilbert(points: NDArray[np.object_]) -> NDArray[np.int64]:
    if len(points) < 2 or not np.ptp(shapely.get_coordinates(points), axis=0).all():
        return np.zeros(len(points), dtype=np.int64)
    return np.asarray(gpd.GeoSeries(points).hilbert_distance(level=_HILBERT_LEVEL), dtype=np.int64)
