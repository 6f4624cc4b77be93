"""
Communities and streets -> which communities can make a unit, and what lies between them.

Two communities are linked when they share a border and somebody can walk from one to the other
without a third, or without much of a detour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.network.islands import components_of
from lifecircle.network.pins import Pins
from lifecircle.network.router import Router
from lifecircle.network.streets import StreetNetwork
from lifecircle.network.walks import Ends
from lifecircle.places.communities import community_of
from lifecircle.walk import PROFILES, Profile

MAIN_ROADS = ("motorway", "trunk", "primary", "motorway_link", "trunk_link", "primary_link")
"""Classes of roads that divide (主干路 and above) (P)."""
BARRIERS = ("road", "rail", "water", "plan")
"""What can run along a border: a main road, a railway, water, the edge of a planning unit."""
TOUCH_M = 15.0
"""Outlines nearer than this share a border: what offices draw has slits [m] (P)."""
BORDER_MIN_M = 60.0
"""A shorter border is a corner, over which nobody is a neighbour [m] (P)."""
ALONG_M = 30.0
"""A barrier this near runs along the border [m] (P)."""
ALONG_SHARE = 0.5
"""A barrier along less of a border crosses it and divides nobody (P)."""
DETOUR = 2.0
"""A walk between centres over this many times the straight line is a detour (P)."""
STRAIGHT = 1.3
"""Walk over straight line where a centre is on no street (P)."""
_STEP_M = 20.0


@dataclass(frozen=True, kw_only=True)
class UnitGraph:
    """
    Communities as a graph, in the order of their ids.

    Parameters
    ----------
    community_id
        Shape (n,).
    centre_xy
        Where the middle of each community's people lives [m], shape (n, 2).
    linked
        Which can be joined directly, symmetric, shape (n, n).
    border_m
        Length of each shared border [m], symmetric, shape (n, n).
    barrier_m
        Barrier to the length of shared border it runs along [m], shape (n, n) each; zero where it
        runs along less than half of it.
    walk_s
        Walks between centres, the longer of both ways [s], shape (n, n); NaN beyond the limit.
    """

    community_id: tuple[str, ...]
    centre_xy: NDArray[np.float64]
    linked: NDArray[np.bool_]
    border_m: NDArray[np.float64]
    barrier_m: Mapping[str, NDArray[np.float64]]
    walk_s: NDArray[np.float64]


def unit_graph(
    communities: gpd.GeoDataFrame,
    homes: gpd.GeoDataFrame,
    ends: Ends,
    network: StreetNetwork,
    *,
    barriers: Mapping[str, NDArray[np.object_]],
    limit_minutes: float,
    profile: str = "gb",
) -> UnitGraph:
    """
    Find out which communities can be joined, and what divides them.

    Parameters
    ----------
    communities
        `tables.COMMUNITIES`; not changed.
    homes, ends
        `tables.HOMES` with their pins.
    network
        The streets.
    barriers
        Kind of `BARRIERS` to lines in the network's system.
    limit_minutes
        Longest walk between centres that is looked for [min].
    profile
        Who walks.

    Returns
    -------
    graph
        Communities by ascending id, whatever their order was. Those known to be urban are never
        linked with those known not to be.
    """
    table = communities.sort_values("community_id", kind="stable").reset_index(drop=True)
    shapes = np.asarray(table.geometry.array, dtype=object)
    border = _borders(shapes)
    n = len(table)
    border_m = np.zeros((n, n))
    along_m = {kind: np.zeros((n, n)) for kind in BARRIERS}
    trees = {kind: shapely.STRtree(barriers[kind]) for kind in BARRIERS if len(barriers[kind])}
    for (one, other), line in border.items():
        border_m[one, other] = border_m[other, one] = shapely.length(line)
        for kind, length in _along(line, trees).items():
            along_m[kind][one, other] = along_m[kind][other, one] = length
    walker = PROFILES[profile]
    centre = centre_homes(table["community_id"].to_numpy(dtype=object), homes, ends)
    xy = _centre_xy(shapes, homes, centre)
    walk_s = _walks(centre, xy, ends, network, walker, limit_minutes)
    joined = _joined_inside(shapes, table, network, list(border))
    straight_s = _straight_m(xy) / (walker.metres(1.0) / 60.0)
    with np.errstate(invalid="ignore"):
        direct = walk_s <= DETOUR * np.maximum(straight_s, 60.0)
    direct &= (centre >= 0)[:, None] & (centre >= 0)[None, :]  # else nobody has walked it
    linked = np.zeros((n, n), dtype=bool)
    alike = _alike(table)
    for one, other in border:
        may = alike[one, other] and ((one, other) in joined or direct[one, other])
        linked[one, other] = linked[other, one] = may
    return UnitGraph(
        community_id=tuple(table["community_id"]),
        centre_xy=xy,
        linked=linked,
        border_m=border_m,
        barrier_m=along_m,
        walk_s=walk_s,
    )


def _alike(table: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Say which two are both of the town, both villages, or not known to be either."""
    n = len(table)
    if "urban" not in table:
        return np.ones((n, n), dtype=bool)
    known = table["urban"].notna().to_numpy(dtype=bool)
    urban = table["urban"].fillna(value=False).to_numpy(dtype=bool)
    both = known[:, None] & known[None, :]
    return np.asarray(~both | (urban[:, None] == urban[None, :]), dtype=bool)


def _borders(shapes: NDArray[np.object_]) -> dict[tuple[int, int], shapely.Geometry]:
    """Draw the border of every two neighbours, seen from the one with the lower row."""
    grown = shapely.buffer(shapes, TOUCH_M, quad_segs=2)
    one, other = shapely.STRtree(shapes).query(grown, predicate="intersects")
    pairs = one < other
    one, other = one[pairs], other[pairs]
    lines = shapely.intersection(shapely.boundary(shapes[one]), grown[other])
    length = shapely.length(lines)
    order = np.lexsort((other, one))
    return {(int(one[at]), int(other[at])): lines[at] for at in order if length[at] >= BORDER_MIN_M}


def _along(line: shapely.Geometry, trees: Mapping[str, shapely.STRtree]) -> dict[str, float]:
    """Measure how much of a border each kind of barrier runs along."""
    pieces = shapely.get_parts(shapely.segmentize(line, _STEP_M))
    pieces = pieces[shapely.length(pieces) > 0]
    at, part = shapely.get_coordinates(pieces, return_index=True)
    same = part[1:] == part[:-1]
    ends = np.concatenate([at[:-1], at[1:]], axis=1)[same]
    middle = shapely.points((ends[:, :2] + ends[:, 2:]) / 2)
    length = np.hypot(*(ends[:, 2:] - ends[:, :2]).T)
    found = {}
    for kind, tree in trees.items():
        near = np.unique(tree.query(middle, predicate="dwithin", distance=ALONG_M)[0])
        along = float(length[near].sum())
        found[kind] = along if along >= ALONG_SHARE * length.sum() else 0.0
    return found


def centre_homes(
    ids: NDArray[np.object_], homes: gpd.GeoDataFrame, ends: Ends
) -> NDArray[np.int64]:
    """
    Find the home nearest to the middle of each community's people.

    Parameters
    ----------
    ids
        The communities, shape (n,).
    homes, ends
        `tables.HOMES` with their pins.

    Returns
    -------
    rows
        Row of the home, -1 where none is on a street, shape (n,).
    """
    pinned = np.zeros(len(homes), dtype=bool)
    pinned[ends.pins.point] = True
    xy = np.column_stack([homes.geometry.x, homes.geometry.y])
    people = homes["people"].to_numpy(dtype=float)
    name = homes["home_id"].to_numpy(dtype=str)
    living = homes.groupby("community_id").indices
    found = np.full(len(ids), -1, dtype=np.int64)
    for row, key in enumerate(ids):
        here = np.asarray(living.get(key, ()), dtype=np.int64)
        here = here[pinned[here]]
        if not len(here):
            continue
        here = here[np.argsort(name[here], kind="stable")]
        weight = people[here] if people[here].sum() > 0 else np.ones(len(here))
        middle = np.average(xy[here], axis=0, weights=weight)
        off = np.round(np.hypot(*(xy[here] - middle).T), 2)
        found[row] = here[int(off.argmin())]
    return found


def _centre_xy(
    shapes: NDArray[np.object_], homes: gpd.GeoDataFrame, centre: NDArray[np.int64]
) -> NDArray[np.float64]:
    inner = shapely.point_on_surface(shapes)
    xy = np.column_stack([shapely.get_x(inner), shapely.get_y(inner)])
    known = centre >= 0
    points = homes.geometry.to_numpy()[centre[known]]
    xy[known] = np.column_stack([shapely.get_x(points), shapely.get_y(points)])
    return np.asarray(np.nan_to_num(xy), dtype=np.float64)


def _straight_m(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.hypot(xy[:, None, 0] - xy[None, :, 0], xy[:, None, 1] - xy[None, :, 1])


def _walks(
    centre: NDArray[np.int64],
    xy: NDArray[np.float64],
    ends: Ends,
    network: StreetNetwork,
    profile: Profile,
    limit_minutes: float,
) -> NDArray[np.float64]:
    """Walk between all centres; straight on, times a factor, where one is on no street."""
    limit = round(limit_minutes * 6000)
    n = len(centre)
    known = np.flatnonzero(centre >= 0)
    straight = _straight_m(xy) * STRAIGHT / (profile.metres(1.0) / 60.0)
    straight[straight > limit / 100] = np.nan
    walk = straight
    if len(known):
        some = only(ends, centre[known])
        found = Router(network=network, profile=profile).matrix(some, some, limit=limit)
        one_way = np.full((len(known), len(known)), np.nan)
        one_way[found.home, found.facility] = found.cost / 100.0
        walk[np.ix_(known, known)] = np.maximum(one_way, one_way.T)
    walk[np.arange(n), np.arange(n)] = 0.0
    return walk


def only(ends: Ends, rows: NDArray[np.int64]) -> Ends:
    """
    Take some rows with one point each, numbered anew.

    Parameters
    ----------
    ends
        All rows.
    rows
        Which of them.

    Returns
    -------
    some
        Row ``i`` is row ``rows[i]`` of `ends`.
    """
    pins = ends.pins
    place = np.full(pins.n, -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    at = place[pins.point]
    keep = at >= 0
    return Ends.single(
        Pins(
            n=len(rows),
            point=at[keep].astype(pins.point.dtype),
            edge=pins.edge[keep],
            share=pins.share[keep],
            leg_m=pins.leg_m[keep],
            status=pins.status[rows],
        )
    )


def _joined_inside(
    shapes: NDArray[np.object_],
    table: gpd.GeoDataFrame,
    network: StreetNetwork,
    pairs: list[tuple[int, int]],
) -> set[tuple[int, int]]:
    """Find neighbours whose main streets hang together without leaving the two."""
    owner = community_of(shapely.points(network.node_xy), table)
    edges = network.edge_node[network.walkable]
    length = network.length_m[network.walkable]
    sides = owner[edges]
    known = (sides >= 0).all(axis=1)
    inner = known & (sides[:, 0] == sides[:, 1])
    part = components_of(len(owner), edges[inner])
    metres = np.bincount(part[edges[inner][:, 0]], weights=length[inner], minlength=len(owner))
    main = np.full(len(shapes), -1, dtype=np.int64)
    root = np.flatnonzero(metres > 0)
    for at in root[np.lexsort((root, -metres[root]))][::-1]:
        main[owner[at]] = at  # the longest part comes last and stays
    crossing: dict[tuple[int, int], list[tuple[int, int]]] = {}
    over = edges[known & ~inner]
    for tail, head in over:
        key = (int(min(owner[tail], owner[head])), int(max(owner[tail], owner[head])))
        crossing.setdefault(key, []).append((int(part[tail]), int(part[head])))
    return {
        pair
        for pair in pairs
        if pair in crossing and _reaches(crossing[pair], int(main[pair[0]]), int(main[pair[1]]))
    }


def _reaches(steps: list[tuple[int, int]], start: int, goal: int) -> bool:
    if start < 0 or goal < 0:
        return False
    reached, grown = {start}, True
    while grown:
        fresh = {b for a, b in steps if a in reached} | {a for a, b in steps if b in reached}
        grown = not fresh <= reached
        reached |= fresh
    return goal in reached


def main_roads(network: StreetNetwork) -> NDArray[np.object_]:
    """
    Take the roads that divide a town.

    Parameters
    ----------
    network
        The streets.

    Returns
    -------
    lines
        Of the classes `MAIN_ROADS`, tunnels left out, shape (k,).
    """
    edges = network.edges
    divides = edges["highway"].isin(MAIN_ROADS) & ~pd.Series(edges["tunnel"]).astype(bool)
    return np.asarray(network.lines[divides.to_numpy(dtype=bool)], dtype=object)
