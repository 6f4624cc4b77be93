"""
From facilities to the points people enter them at.

Given entrances win; else doors on the outline; else gates on it together with the places where
streets meet it; else the outline's point nearest to a street. What is private is an entrance only
where nothing else is known, and every facility keeps at least one.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.network.streets import StreetNetwork
from lifecircle.tables import FACILITIES, FACILITY_ENTRANCES, check

ON_OUTLINE_M = 1.0
"""How near a door or gate must be to an outline to belong to it [m]."""

AT_GATE_M = 5.0
"""A street that meets an outline this near to a gate passes through that gate [m] (P)."""

_PRIVATE = ("private", "no", "residents", "permit")
_NOT_FOR_VISITORS = ("emergency", "exit", "garage", "service")


def entrances_of(
    facilities: gpd.GeoDataFrame,
    *,
    given: gpd.GeoDataFrame | None,
    doors: gpd.GeoDataFrame,
    gates: gpd.GeoDataFrame,
    network: StreetNetwork,
) -> gpd.GeoDataFrame:
    """
    Find the entrances of facilities.

    Parameters
    ----------
    facilities
        `tables.FACILITIES`: points or outlines in the network's system.
    given
        `tables.FACILITY_ENTRANCES` the planner brought; None when there are none.
    doors, gates
        `tables.DOORS` and `tables.GATES` as mapped. Doors for emergencies, goods and cars count
        for nobody; a private gate is no entrance, nor is the street through it.
    network
        The streets.

    Returns
    -------
    entrances
        `tables.FACILITY_ENTRANCES`: at least one per facility, in the facilities' order.
    """
    table = check(facilities, FACILITIES, where="facilities")
    ids = table["facility_id"].to_numpy(dtype=object)
    shapes = table.geometry.to_numpy()
    found: list[tuple[NDArray[np.int64], NDArray[np.object_], str]] = []
    done = np.zeros(len(table), dtype=bool)
    if given is not None and len(given):
        row = pd.Index(ids).get_indexer(given["facility_id"])
        known = row >= 0
        found.append((row[known], given.geometry.to_numpy()[known], "given"))
        done[row[known]] = True
    is_point = np.asarray(shapely.get_type_id(shapes)) == shapely.GeometryType.POINT
    plain = np.flatnonzero(is_point & ~done)
    found.append((plain, shapes[plain], "point"))
    done |= is_point
    todo = np.flatnonzero(~done)
    usable = doors[~doors["kind"].isin(_NOT_FOR_VISITORS)].geometry.to_numpy()
    at, point = _on_outline(shapes[todo], usable)
    found.append((todo[at], point, "entrance"))
    done[todo[at]] = True
    todo = np.flatnonzero(~done)
    private = gates["access"].isin(_PRIVATE).to_numpy(dtype=bool)
    places = gates.geometry.to_numpy()
    at, point = _on_outline(shapes[todo], places[~private])
    found.append((todo[at], point, "gate"))
    met, cross, closed = _street_crossings(shapes[todo], network)
    by_gate = _near(cross, places, AT_GATE_M)
    public = ~closed & ~by_gate
    found.append((todo[met[public]], cross[public], "street"))
    done[todo[at]] = True
    done[todo[met[public]]] = True
    rest = ~done[todo[met]]  # a private way in is better than none
    found.append((todo[met[rest]], cross[rest], "street"))
    done[todo[met[rest]]] = True
    todo = np.flatnonzero(~done)
    found.append((todo, _nearest_outline(shapes[todo], network), "outline"))
    rows = np.concatenate([row for row, _, _ in found])
    points = np.concatenate([point for _, point, _ in found])
    origins = np.repeat([name for _, _, name in found], [len(row) for row, _, _ in found])
    xy = shapely.get_coordinates(points)
    order = np.lexsort((xy[:, 1], xy[:, 0], rows))
    return check(
        gpd.GeoDataFrame(
            {"facility_id": ids[rows[order]], "origin": origins[order].astype(object)},
            geometry=points[order],
            crs=table.crs,
        ),
        FACILITY_ENTRANCES,
        where="facility entrances",
    )


def _on_outline(
    shapes: NDArray[np.object_], points: NDArray[np.object_]
) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    if len(shapes) == 0 or len(points) == 0:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=object)
    rims = shapely.STRtree(shapely.boundary(shapes))
    point, shape = rims.query(points, predicate="dwithin", distance=ON_OUTLINE_M)
    return shape, points[point]


def _near(
    points: NDArray[np.object_], places: NDArray[np.object_], within_m: float
) -> NDArray[np.bool_]:
    near = np.zeros(len(points), dtype=bool)
    near[shapely.STRtree(places).query(points, predicate="dwithin", distance=within_m)[0]] = True
    return near


def _street_crossings(
    shapes: NDArray[np.object_], network: StreetNetwork
) -> tuple[NDArray[np.int64], NDArray[np.object_], NDArray[np.bool_]]:
    """Find where walkable streets meet each outline, and whether they are private there."""
    if len(shapes) == 0 or len(network.walkable) == 0:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=object), np.empty(0, dtype=bool)
    rims = shapely.boundary(shapes)
    at, edge = network.tree.query(rims, predicate="intersects")
    edge = network.walkable[edge]
    met = shapely.intersection(rims[at], network.lines[edge])
    xy, owner = shapely.get_coordinates(met, return_index=True)
    private = network.edges["access"].isin(_PRIVATE).to_numpy(dtype=bool)[edge[owner]]
    keyed = np.column_stack([at[owner].astype(np.float64), np.round(xy, 2), private])
    keyed = np.unique(keyed, axis=0)
    # Public streets sort before private ones, and decide where both meet.
    _, first = np.unique(keyed[:, :3], axis=0, return_index=True)
    keyed = keyed[first]
    return keyed[:, 0].astype(np.int64), shapely.points(keyed[:, 1:3]), keyed[:, 3] > 0


def _nearest_outline(shapes: NDArray[np.object_], network: StreetNetwork) -> NDArray[np.object_]:
    if len(shapes) == 0:
        return np.empty(0, dtype=object)
    if len(network.walkable) == 0:
        return np.asarray(shapely.point_on_surface(shapes))
    rims = shapely.boundary(shapes)
    _, edge = network.tree.query_nearest(rims, all_matches=False)
    link = shapely.shortest_line(rims, network.lines[network.walkable[edge]])
    return np.asarray(shapely.get_point(link, 0))
