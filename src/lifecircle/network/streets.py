"""
From street ways to a `StreetNetwork`: junctions, edges with geometry, and arcs priced by a profile.

An edge is a piece of one way between two junctions, so it has one class, one set of directions and
one geometry. Nodes and edges are ordered along a Hilbert curve with ties broken by identifier:
the order of rows in the source changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from lifecircle.network.arcs import Arcs, arcs_of, open_directions, open_to, price_of
from lifecircle.network.graphs import join_networkx, to_graph
from lifecircle.network.heights import edges_with_slopes
from lifecircle.network.islands import components_of, islands_of
from lifecircle.network.joining import Joined, join_frames, join_lines, join_ways
from lifecircle.network.lines import LineIndex
from lifecircle.sources.heights import Heights
from lifecircle.tables import StreetWays
from lifecircle.walk import Mode, Profile

if TYPE_CHECKING:
    import networkx as nx


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
        One row per edge: the columns of `StreetWays.ways`; ``cross_main``, ``cross_minor``,
        ``cross_signals`` (crossings a walk along it takes part in); ``slope_forward``,
        ``slope_backward`` (how many times as long as flat ground, 1 without heights), ``rise_m``
        (missing without heights).
    edge_compound, node_compound
        Index of the closed estate an edge or a node lies inside, -1 outside, shapes (m,) and (n,).
    lights_xy
        Where there are traffic lights, at junctions and between them [m], shape (k, 2).

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
    lights_xy: NDArray[np.float64]

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
        return cls._of(join_ways(streets, crs))

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
        return cls._of(join_lines(lines))

    @classmethod
    def from_frames(cls, nodes: gpd.GeoDataFrame, edges: gpd.GeoDataFrame) -> StreetNetwork:
        """
        Build the network from node and edge tables.

        Parameters
        ----------
        nodes
            Points in a metric system, indexed by node id; ``lights`` (bool) where some have
            traffic lights.
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
        return cls._of(join_frames(nodes, edges))

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
            Walkable both ways unless the graph lacks the reverse edge of a street. Streets that
            join the same nodes stay apart.

        Raises
        ------
        NetworkError
            If the graph has no street.
        CrsError
            If the graph has no reference system.
        """
        return cls._of(join_networkx(graph))

    @classmethod
    def _of(cls, joined: Joined) -> StreetNetwork:
        """Take nodes and edges outside every closed estate."""
        return cls(
            **vars(joined),
            edge_compound=np.full(len(joined.length_m), -1, dtype=np.int32),
            node_compound=np.full(len(joined.node_xy), -1, dtype=np.int32),
        )

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
        return self.open_edges("foot")

    @cached_property
    def component(self) -> NDArray[np.int32]:
        """Lowest node of the walkable component each node belongs to, shape (n,)."""
        return components_of(len(self.node_xy), self.edge_node[self.walkable])

    @cached_property
    def island_nodes(self) -> NDArray[np.bool_]:
        """Nodes on a component with under 1 % of the walkable length, shape (n,)."""
        return self.islands("foot")

    def open_edges(self, mode: Mode) -> NDArray[np.int64]:
        """Ids of the edges a mode may use in some direction, shape (k,)."""
        forward, backward = open_to(self.edges, mode)
        return np.flatnonzero(forward | backward)

    def islands(self, mode: Mode) -> NDArray[np.bool_]:
        """Nodes on a component with under 1 % of the length open to a mode, shape (n,)."""
        edge = self.open_edges(mode)
        ends = self.edge_node[edge]
        return islands_of(components_of(len(self.node_xy), ends), ends, self.length_m[edge])

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

    def to_networkx(self) -> nx.MultiDiGraph:
        """
        Give the streets people walk as a graph like those OSMnx makes.

        Returns
        -------
        graph
            Nodes with ``x, y``; one edge per direction open on foot with ``osmid, highway, name,
            length, geometry, oneway, reversed``; `from_networkx` reads it back as it was. Closed
            estates, other modes and what else a profile prices are not in it.
        """
        return to_graph(
            self.crs, self.node_xy, self.edge_node, self.length_m, self.lines, self.edges
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
        return arcs_of(
            edge_node=self.edge_node,
            length_m=self.length_m,
            prices=self.prices(profile),
            edge_compound=self.edge_compound,
            node_compound=self.node_compound,
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
        forward_cs, backward_cs = price_of(self.edges, self.length_m, profile)
        forward, backward = open_directions(self.edges, profile)
        return np.where(forward, forward_cs, -1), np.where(backward, backward_cs, -1)

    def with_heights(self, heights: Heights | Path | str) -> StreetNetwork:
        """
        Let slopes count for the profiles that have them.

        Parameters
        ----------
        heights
            Heights of the ground, or a raster of them, which is read around the streets.

        Returns
        -------
        network
            The same streets, with ``slope_forward``, ``slope_backward`` and ``rise_m``.

        Raises
        ------
        LifecircleError
            If the raster cannot be read, or does not meet the streets.

        Warns
        -----
        MissingDataWarning
            If streets lie where nothing is known; they count as flat.
        """
        edges = edges_with_slopes(
            self.edges, self.lines, self.length_m, self.edge_node, crs=self.crs, heights=heights
        )
        return replace(self, edges=edges)

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
