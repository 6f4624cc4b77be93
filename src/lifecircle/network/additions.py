"""
Roads that are to come, joined to the streets there are: ways and nodes in, ways and nodes out.

The streets there are keep their nodes and their order; only nodes where a new road meets them are
put in. With nothing to add the very same streets come back.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from lifecircle import geo
from lifecircle.network.noding import SNAP_M, node_lines
from lifecircle.tables import StreetWays


@dataclass(frozen=True, kw_only=True)
class Added:
    """
    Streets with the roads that are to come.

    Parameters
    ----------
    streets
        Ways and nodes, the new ones behind the old ones.
    joined
        Places where new roads meet the streets there are.
    loose
        New roads that meet none of them, directly or through other new roads.
    """

    streets: StreetWays
    joined: int
    loose: int


def add_roads(
    streets: StreetWays, roads: gpd.GeoDataFrame, crs: CRS, *, snap_m: float = SNAP_M
) -> Added:
    """
    Join new roads to streets.

    Parameters
    ----------
    streets
        The streets there are; not changed.
    roads
        LineStrings in `crs`, one row a road, columns as in `StreetWays.ways` as far as known.
    crs
        Metric system.
    snap_m
        How far an end may be from what it is joined to [m].

    Returns
    -------
    added
        The streets and what became of the roads.

    Notes
    -----
    A road of the ground joins the streets of the ground it crosses, and those its ends come within
    `snap_m` of; what is a bridge, a tunnel or on another level is only joined at the road's ends.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString
    >>> from lifecircle.network.additions import add_roads
    >>> from lifecircle.network.noding import node_lines
    >>> first = gpd.GeoDataFrame(
    ...     geometry=[LineString([(500000, 3370000), (500200, 3370000)])], crs="EPSG:4549")
    >>> bridge = gpd.GeoDataFrame(
    ...     geometry=[LineString([(500100, 3370000), (500100, 3370090)])], crs="EPSG:4549")
    >>> added = add_roads(node_lines(first).streets, bridge, first.crs)
    >>> len(added.streets), added.joined, added.loose
    (2, 1, 0)
    """
    if len(roads) == 0:
        return Added(streets=streets, joined=0, loose=0)
    new = node_lines(roads).streets
    meetings = _Meetings(streets, new, crs, snap_m)
    ways, joined = meetings.ways()
    return Added(
        streets=_put_together(streets, new, meetings.xy(), ways, crs),
        joined=joined,
        loose=_loose(ways[len(streets) :], ways[: len(streets)]),
    )


class _Meetings:
    """Where new ways meet old ones; nodes are numbered old, new, put in."""

    def __init__(self, old: StreetWays, new: StreetWays, crs: CRS, snap_m: float) -> None:
        self.old, self.new, self.snap_m = old, new, snap_m
        self.old_xy, self.new_xy = geo.project(old.lonlat, crs), geo.project(new.lonlat, crs)
        self.put_in: list[NDArray[np.float64]] = []
        self.cut_old: dict[int, list[tuple[float, int]]] = {}
        self.cut_new: dict[int, list[tuple[float, int]]] = {}
        self.drawn: dict[int, tuple[float, int]] = {}
        self._find()

    def xy(self) -> NDArray[np.float64]:
        """Give all nodes [m]."""
        more = np.array(self.put_in, dtype=np.float64).reshape(-1, 2)
        return np.concatenate([self.old_xy, self.new_xy, more])

    def _find(self) -> None:
        a, b, way = _segments(self.old)
        p, q, road = _segments(self.new)
        lines = shapely.linestrings(np.stack([self.old_xy[a], self.old_xy[b]], axis=1))
        tree = shapely.STRtree(lines)
        level, other = self.old.ways["layer"].to_numpy(), self.new.ways["layer"].to_numpy()
        tips = _tips(self.new)
        for at in range(len(p)):
            mine = shapely.linestrings([self.new_xy[p[at]], self.new_xy[q[at]]])
            for seg in sorted(tree.query(mine, predicate="dwithin", distance=self.snap_m)):
                ground = level[way[seg]] == 0 and other[road[at]] == 0
                if ground and shapely.intersects(mine, lines[seg]):
                    spot = shapely.point_on_surface(shapely.intersection(mine, lines[seg]))
                    self._meet(at, int(seg), (p[at], q[at]), (a[seg], b[seg]), _xy(spot))
                for tip in (p[at], q[at]):
                    point = shapely.points(self.new_xy[tip])
                    if tip in tips and shapely.distance(point, lines[seg]) <= self.snap_m:
                        spot = lines[seg].interpolate(lines[seg].project(point))
                        self._meet(at, int(seg), (p[at], q[at]), (a[seg], b[seg]), _xy(spot))

    def _meet(
        self,
        at: int,
        seg: int,
        mine: tuple[np.int32, np.int32],
        theirs: tuple[np.int32, np.int32],
        spot: NDArray[np.float64],
    ) -> None:
        """Make one node of where a new segment and an old one meet."""
        far = np.hypot(*(self.old_xy[list(theirs)] - spot).T)
        near = [
            (float(far[side]), int(theirs[side])) for side in (0, 1) if far[side] <= self.snap_m
        ]
        away = np.hypot(*(self.new_xy[list(mine)] - spot).T)
        side = int(np.argmin(away))
        if away[side] <= self.snap_m and int(mine[side]) in self.drawn and not near:
            return
        node = min(near)[1] if near else self._put_in(seg, theirs[0], spot)
        if away[side] <= self.snap_m:
            told = (float(away[side]), node)
            self.drawn[int(mine[side])] = min(self.drawn.get(int(mine[side]), told), told)
        else:
            start = self.new_xy[mine[0]]
            self.cut_new.setdefault(at, []).append((float(np.hypot(*(spot - start))), node))

    def _put_in(self, seg: int, first: np.int32, spot: NDArray[np.float64]) -> int:
        node = len(self.old_xy) + len(self.new_xy) + len(self.put_in)
        self.put_in.append(spot)
        along = float(np.hypot(*(spot - self.old_xy[first])))
        self.cut_old.setdefault(seg, []).append((along, node))
        return node

    def ways(self) -> tuple[list[NDArray[np.int64]], int]:
        """Give the nodes of every way, old ones first, and how many nodes they share."""
        name = np.arange(len(self.new_xy)) + len(self.old_xy)
        for node, (_, partner) in self.drawn.items():
            name[node] = partner
        old = _rebuilt(self.old, np.arange(len(self.old_xy)), self.cut_old)
        new = _rebuilt(self.new, name, self.cut_new)
        shared = set(np.concatenate(new).tolist()) & set(np.concatenate(old).tolist())
        return old + new, len(shared)


def _xy(point: shapely.Geometry) -> NDArray[np.float64]:
    return np.asarray(shapely.get_coordinates(point)[0], dtype=np.float64)


def _segments(
    streets: StreetWays,
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]:
    """Cut ways into segments: first node, second node, way."""
    way = np.repeat(np.arange(len(streets)), np.diff(streets.way_ptr))
    inner = way[1:] == way[:-1]
    return streets.way_node[:-1][inner], streets.way_node[1:][inner], way[:-1][inner]


def _tips(streets: StreetWays) -> set[int]:
    return set(streets.way_node[streets.way_ptr[:-1]].tolist()) | set(
        streets.way_node[streets.way_ptr[1:] - 1].tolist()
    )


def _rebuilt(
    streets: StreetWays, name: NDArray[np.int64], cuts: dict[int, list[tuple[float, int]]]
) -> list[NDArray[np.int64]]:
    """Draw ways through the nodes put in, a node met twice in a row once."""
    ways, segment = [], 0
    for first, last in zip(streets.way_ptr[:-1], streets.way_ptr[1:], strict=True):
        nodes = [int(name[streets.way_node[first]])]
        for node in streets.way_node[first + 1 : last]:
            nodes += [one for _, one in sorted(cuts.get(segment, ()))]
            nodes.append(int(name[node]))
            segment += 1
        kept = [one for at, one in enumerate(nodes) if at == 0 or one != nodes[at - 1]]
        ways.append(np.array(kept if len(kept) > 1 else nodes[:2], dtype=np.int64))
    return ways


def _loose(new: list[NDArray[np.int64]], old: list[NDArray[np.int64]]) -> int:
    """Count new ways that hang on no old one, directly or through others."""
    known = set(np.concatenate(old).tolist()) if old else set()
    left = [set(way.tolist()) for way in new]
    while True:
        hung = [way for way in left if way & known]
        if not hung:
            return len(left)
        for way in hung:
            known |= way
        left = [way for way in left if not way & known]


def _put_together(
    old: StreetWays,
    new: StreetWays,
    xy: NDArray[np.float64],
    ways: list[NDArray[np.int64]],
    crs: CRS,
) -> StreetWays:
    used = np.zeros(len(xy), dtype=bool)
    used[: len(old.lonlat)] = True
    used[np.concatenate(ways)] = True
    rank = np.cumsum(used) - 1
    lonlat = np.concatenate([old.lonlat, geo.unproject(xy[len(old.lonlat) :], crs)])[used]
    more = len(lonlat) - len(old.lonlat)
    first_id = int(old.node_id.max(initial=0)) + 1
    table = new.ways.assign(way_id=[f"new:{one}" for one in new.ways["way_id"]])
    return StreetWays(
        lonlat=lonlat,
        node_id=np.concatenate([old.node_id, np.arange(first_id, first_id + more)]),
        node_kind=np.concatenate([old.node_kind, np.zeros(more, dtype=np.uint8)]),
        way_ptr=np.cumsum([0, *map(len, ways)], dtype=np.int64),
        way_node=rank[np.concatenate(ways)].astype(np.int32),
        ways=pd.concat([old.ways, table[list(old.ways.columns)]], ignore_index=True),
    )
