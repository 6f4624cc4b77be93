"""
From road centrelines that merely cross to streets that meet at junctions.

Lines become junctions only where they meet at one level: a road above another one is never taken
for a crossroads, and the order of rows changes nothing.
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
from lifecircle.errors import CrsError, NetworkError, Problem
from lifecircle.network.centrelines import Rows, Shapes, canonical, dual_pairs, near_doubles
from lifecircle.network.junctions import Places, find_junctions
from lifecircle.tables import STREET_FLAGS, STREET_TEXTS, StreetWays

SNAP_M = 1.0
"""An end this near to another line of its level is drawn onto it [m] (P)."""

_WITH_TWO_SIDES = ("motorway", "trunk", "primary", "secondary", "tertiary")
_VERTEX_M = 0.01  # a vertex this near to a junction on its line is the junction


@dataclass(frozen=True, kw_only=True)
class NodingReport:
    """
    What was done to lines so that they meet.

    Parameters
    ----------
    lines
        Lines that became streets.
    doubles
        Lines left out because they run within 1 m of another one of their level all along.
    stubs
        Lines left out because they are shorter than what ends are drawn together over.
    crossings
        Junctions made where two lines of one level cross.
    kept_apart
        Places where lines cross at different levels and no junction was made.
    snapped
        Ends drawn onto a line or an end that they did not touch.
    breaks
        Dead ends that stop up to 3 m short of another end or a line of their level.
    mended
        Breaks that were closed on request.
    break_xy
        Where the breaks are [m], shape (breaks, 2).
    dual_pairs
        Pairs of lines of one name, tertiary roads or larger, that run side by side: walkers
        change sides at junctions only.
    """

    lines: int
    doubles: int
    stubs: int
    crossings: int
    kept_apart: int
    snapped: int
    breaks: int
    mended: int
    break_xy: NDArray[np.float64]
    dual_pairs: int

    def __post_init__(self) -> None:
        self.break_xy.flags.writeable = False


@dataclass(frozen=True, kw_only=True)
class Noded:
    """
    Streets that meet at junctions.

    Parameters
    ----------
    streets
        One way per line, WGS 84; lines that meet share a node.
    report
        What was done.
    """

    streets: StreetWays
    report: NodingReport


def node_lines(
    lines: gpd.GeoDataFrame,
    *,
    snap_m: float = SNAP_M,
    mend_m: float = 0.0,
    level: str = "layer",
) -> Noded:
    """
    Node road centrelines.

    Parameters
    ----------
    lines
        LineStrings in a metric system; not changed. Optional columns as in `StreetWays.ways`.
    snap_m
        How far an end may be from what it is drawn onto [m].
    mend_m
        How wide a break may be that is closed [m]; 0 closes none.
    level
        Column with the level of each line; all lie on the ground without it.

    Returns
    -------
    noded
        Streets for `StreetNetwork.from_ways`, walkable both ways where no column says otherwise.

    Raises
    ------
    NetworkError
        If there is no line, or a geometry is no LineString with a length.
    CrsError
        If the lines lie in no metric system.

    Notes
    -----
    Lines of one level meet where they cross and where an end comes within `snap_m`. Ends that
    meet at different levels are joined where one of the levels would stop there (the end of a
    bridge, a ramp), and kept apart where each goes on by itself. Lines that repeat another one
    within 1 m all along are left out. Both sides of a dual carriageway stay.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString
    >>> from lifecircle.network.noding import node_lines
    >>> lines = gpd.GeoDataFrame(
    ...     {"layer": [0, 0, 1]},
    ...     geometry=[LineString([(500000, 3370000), (500200, 3370000)]),
    ...               LineString([(500050, 3369900), (500050, 3370100)]),
    ...               LineString([(500150, 3369900), (500150, 3370100)])],
    ...     crs="EPSG:4549",
    ... )
    >>> report = node_lines(lines).report
    >>> report.crossings, report.kept_apart
    (1, 1)
    """
    table = _complete(lines, level)
    shapes = np.asarray(table.geometry.array, dtype=object)
    levels = table["layer"].to_numpy(dtype=np.int64)
    double = near_doubles(shapes, levels)
    table = table[~double].reset_index(drop=True)
    shapes, levels = shapes[~double], levels[~double]
    found = find_junctions(shapes, levels, snap_m=snap_m, mend_m=mend_m)
    streets = _streets(table, shapes, found.places, snap_m)
    return Noded(
        streets=streets,
        report=NodingReport(
            lines=len(streets),
            doubles=int(double.sum()),
            stubs=len(table) - len(streets),
            crossings=found.crossings,
            kept_apart=found.kept_apart,
            snapped=found.snapped,
            breaks=len(found.break_xy),
            mended=found.mended,
            break_xy=found.break_xy,
            dual_pairs=dual_pairs(shapes, levels, _names_of_roads(table)),
        ),
    )


def _complete(lines: gpd.GeoDataFrame, level: str) -> gpd.GeoDataFrame:
    """Give lines every column of `StreetWays.ways`, in an order the rows do not decide."""
    if lines.crs is None or lines.crs.is_geographic:
        raise CrsError(
            Problem(
                what="roads need a metric coordinate reference system",
                where="lines",
                remedy="declare it, or move the table with to_crs",
            )
        )
    shapes = np.asarray(lines.geometry.array, dtype=object)
    straight = shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING
    if len(lines) == 0 or not (straight & (shapely.length(shapes) > 0)).all():
        raise NetworkError(
            Problem(what="roads must be LineStrings with a length, at least one", where="lines")
        )
    table = gpd.GeoDataFrame(
        lines.drop(columns=lines.geometry.name).reset_index(drop=True),
        geometry=shapely.force_2d(shapes),
        crs=lines.crs,
    )
    table["layer"] = table[level].fillna(0).astype(np.int64) if level in table else 0
    for flag in STREET_FLAGS:
        default = flag.startswith(("foot", "bike", "car"))
        table[flag] = table[flag].fillna(default).astype(bool) if flag in table else default
    for text in ("highway", *STREET_TEXTS):
        if text not in table:
            table[text] = pd.Series([None] * len(table), dtype=object)
    if "maxspeed_kmh" not in table:
        table["maxspeed_kmh"] = np.nan
    table = table.iloc[canonical(table)].reset_index(drop=True)
    if "way_id" not in table:
        table["way_id"] = [f"road{number}" for number in range(1, len(table) + 1)]
    return table


def _names_of_roads(table: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Name only roads that can have two sides: paths on both banks of a river are no road."""
    highway = table["highway"]
    wide = highway.isna() | highway.isin(_WITH_TWO_SIDES)
    names: NDArray[np.object_] = table["name"].where(wide, None).to_numpy(dtype=object)
    return names


def _streets(table: gpd.GeoDataFrame, shapes: Shapes, places: Places, snap_m: float) -> StreetWays:
    """Draw every line through its junctions."""
    junction_xy = _junction_xy(shapes, places)
    line, junction, xy = _positions(shapes, places, snap_m)
    at_junction = junction >= 0
    xy[at_junction] = junction_xy[junction[at_junction]]
    # A line that meets one junction twice in a row has no way between.
    idle = np.zeros(len(line), dtype=bool)
    idle[1:] = (line[1:] == line[:-1]) & at_junction[1:] & (junction[1:] == junction[:-1])
    line, junction, xy = line[~idle], junction[~idle], xy[~idle]
    count = np.bincount(line, minlength=len(table))
    whole = count > 1
    keep = whole[line]
    line, junction, xy = line[keep], junction[keep], xy[keep]
    # Vertices of their own behind the junctions; nodes are numbered from west to east.
    own = np.where(junction >= 0, junction, len(places.line) + np.arange(len(line)))
    _, first, node = np.unique(own, return_index=True, return_inverse=True)
    order = np.lexsort((first, xy[first, 1], xy[first, 0]))
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    names = ["way_id", "highway", *STREET_FLAGS, "layer", *STREET_TEXTS, "maxspeed_kmh"]
    return StreetWays(
        lonlat=_lonlat(xy[first[order]], table.crs),
        node_id=np.arange(1, len(order) + 1, dtype=np.int64),
        node_kind=np.zeros(len(order), dtype=np.uint8),
        way_ptr=np.concatenate([[0], np.cumsum(count[whole], dtype=np.int64)]),
        way_node=rank[node],
        ways=pd.DataFrame(table[whole])[names].reset_index(drop=True),
    )


def _lonlat(xy: NDArray[np.float64], crs: CRS) -> NDArray[np.float64]:
    return geo.unproject(xy, crs) if len(xy) else np.empty((0, 2))


def _junction_xy(shapes: Shapes, places: Places) -> NDArray[np.float64]:
    """Place each junction on a line that passes, else at the westernmost of its ends."""
    spot = shapely.line_interpolate_point(shapes[places.line], places.along_m)
    xy = shapely.get_coordinates(spot)
    is_tip = np.arange(len(xy)) < 2 * len(shapes)
    order = np.lexsort((xy[:, 1], xy[:, 0], is_tip, places.junction))
    first = np.ones(len(order), dtype=bool)
    first[1:] = places.junction[order][1:] != places.junction[order][:-1]
    at = np.full((len(xy), 2), np.nan)
    at[places.junction[order[first]]] = xy[order[first]]
    return at


def _positions(
    shapes: Shapes, places: Places, snap_m: float
) -> tuple[Rows, Rows, NDArray[np.float64]]:
    """List what each line runs through: its own vertices (junction -1), and one row a visit."""
    owner, along_m, vertex = _inner_vertices(shapes)
    order, visit = places.visits(snap_m)
    n_places, n_vertices = len(order), len(owner)
    # The first point of a line stands before all else on it, the last one behind.
    side = np.select([order < len(shapes), order < 2 * len(shapes)], [-1, 1], 0)
    line = np.concatenate([places.line[order], owner])
    along = np.concatenate([places.along_m[order], along_m])
    own = np.arange(n_places + n_vertices) >= n_places
    by = np.lexsort((own, along, np.concatenate([side, np.zeros(n_vertices, np.int64)]), line))
    own, along = own[by], along[by]
    stay = np.concatenate([visit, np.full(n_vertices, -1)])[by]
    index = np.arange(len(by))
    before = np.maximum.accumulate(np.where(own, 0, index))
    after = np.minimum.accumulate(np.where(own, index[-1], index)[::-1])[::-1]
    inside = stay[before] == stay[after]
    close = (along - along[before] < _VERTEX_M) | (along[after] - along < _VERTEX_M)
    first = np.zeros(len(by), dtype=bool)
    first[np.unique(stay, return_index=True)[1]] = True
    take = by[np.where(own, ~(inside | close), first)]
    junction = np.concatenate([places.junction[order], np.full(n_vertices, -1)])
    xy = np.concatenate([np.full((n_places, 2), np.nan), vertex])
    return line[take], junction[take], xy[take]


def _inner_vertices(shapes: Shapes) -> tuple[Rows, NDArray[np.float64], NDArray[np.float64]]:
    """List the vertices between the ends: their line, how far along it, and where."""
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    step = np.zeros(len(xy))
    step[1:] = np.hypot(*np.diff(xy, axis=0).T)
    head = np.concatenate([[True], np.diff(owner) > 0])
    inner = ~head & ~np.append(head[1:], True)
    along_m = np.concatenate(
        [np.cumsum(one) for one in np.split(np.where(head, 0.0, step), np.flatnonzero(head)[1:])]
    )
    return owner[inner], along_m[inner], xy[inner]
