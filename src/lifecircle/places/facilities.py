"""
From facilities to the points people enter them at.

Given entrances win; else doors and gates on the outline; else where streets meet the outline; else
the outline's point nearest to a street. Every facility keeps at least one entrance.
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
        `tables.DOORS` and `tables.GATES` as mapped.
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
    for points, origin in ((doors, "entrance"), (gates, "gate")):
        todo = np.flatnonzero(~done)
        at, point = _on_outline(shapes[todo], points.geometry.to_numpy())
        found.append((todo[at], point, origin))
        done[todo[at]] = True
    todo = np.flatnonzero(~done)
    at, point = _street_crossings(shapes[todo], network)
    found.append((todo[at], point, "street"))
    done[todo[at]] = True
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


def _street_crossings(
    shapes: NDArray[np.object_], network: StreetNetwork
) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Find where walkable streets outside closed estates' walls meet each outline."""
    if len(shapes) == 0 or len(network.walkable) == 0:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=object)
    rims = shapely.boundary(shapes)
    at, edge = network.tree.query(rims, predicate="intersects")
    met = shapely.intersection(rims[at], network.lines[network.walkable[edge]])
    xy, owner = shapely.get_coordinates(met, return_index=True)
    keyed = np.column_stack([at[owner].astype(np.float64), np.round(xy, 2)])
    keyed = np.unique(keyed, axis=0)
    return keyed[:, 0].astype(np.int64), shapely.points(keyed[:, 1:])


def _nearest_outline(shapes: NDArray[np.object_], network: StreetNetwork) -> NDArray[np.object_]:
    if len(shapes) == 0:
        return np.empty(0, dtype=object)
    if len(network.walkable) == 0:
        return np.asarray(shapely.point_on_surface(shapes))
    rims = shapely.boundary(shapes)
    _, edge = network.tree.query_nearest(rims, all_matches=False)
    link = shapely.shortest_line(rims, network.lines[network.walkable[edge]])
    return np.asarray(shapely.get_point(link, 0))
