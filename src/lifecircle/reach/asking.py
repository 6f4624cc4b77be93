"""
From what a planner asks for to what searches take: profiles, whole limits, points, rasters.

Whatever cannot be answered is refused here, with the rows it concerns.
"""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from lifecircle import geo
from lifecircle.errors import Problem, RuleError, SchemaError
from lifecircle.network.pins import PIN_LIMIT_M
from lifecircle.network.streets import StreetNetwork
from lifecircle.reach.raster import Raster, prepare_raster
from lifecircle.walk import PROFILES, Profile

DIRECTIONS = ("to_facility", "from_facility")


def asked(profile: str, direction: str) -> tuple[Profile, bool]:
    """
    Check who walks which way.

    Parameters
    ----------
    profile, direction
        A name in `lifecircle.walk.PROFILES`; ``to_facility`` or ``from_facility``.

    Returns
    -------
    profile, from_facility
        The profile, and whether walks run from the points.

    Raises
    ------
    RuleError
        If either is unknown.
    """
    if profile not in PROFILES or direction not in DIRECTIONS:
        raise RuleError(
            f"unknown profile '{profile}' or direction '{direction}'; profiles: "
            f"{', '.join(PROFILES)}; directions: {', '.join(DIRECTIONS)}"
        )
    return PROFILES[profile], direction == "from_facility"


def whole_limits(minutes: Sequence[float]) -> list[int]:
    """
    Turn limits into the integers searches run on.

    Parameters
    ----------
    minutes
        Limits [min].

    Returns
    -------
    bands
        Limits [1/100 s], at least 1.

    Raises
    ------
    RuleError
        If there is none, or one is not a positive number of at most a day.
    """
    if len(minutes) == 0 or not all(0 < one <= 1440 for one in minutes):
        raise RuleError("minutes must be one or more positive numbers, none above 1440")
    return [max(1, round(one * 6000)) for one in minutes]


def local_points(crs: CRS, points: gpd.GeoDataFrame, *, where: str) -> NDArray[np.object_]:
    """
    Move points into a metric reference system.

    Parameters
    ----------
    crs
        That of the streets.
    points
        Points in any reference system.
    where
        What messages call them.

    Returns
    -------
    points
        Shapely points, shape (n,).

    Raises
    ------
    SchemaError
        If a row is no point.
    CrsError
        If the points have no reference system.
    """
    shapes = geo.to_crs(points, crs, where=where).geometry.to_numpy()
    right = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    right &= ~shapely.is_empty(shapes)
    if not right.all():
        wrong = ", ".join(map(str, points.index[~right][:5]))
        raise SchemaError(
            Problem(
                what=f"{int((~right).sum())} rows are no points (index {wrong})",
                where=where,
                remedy="take the points people enter at, or points on the shapes",
            )
        )
    return np.asarray(shapes, dtype=object)


def rasters_around(
    network: StreetNetwork,
    points: NDArray[np.object_],
    profile: Profile,
    minutes: float,
    cell_m: float,
    given: Raster | None,
) -> list[tuple[NDArray[np.bool_], Raster]]:
    """
    Prepare a raster around every group of points whose surroundings meet.

    Parameters
    ----------
    network
        The streets.
    points
        In the network's system, shape (n,).
    profile, minutes
        Who walks, rides or drives, and for how long at most [min].
    cell_m
        Side of a cell [m].
    given
        A raster to take instead.

    Returns
    -------
    groups
        Which points, shape (n,), and the raster for them; no point is in two groups.

    Raises
    ------
    RuleError
        If the raster given belongs to another network.
    """
    if given is not None:
        given = own_raster(network, given)
    if len(points) == 0:
        return []
    if given is not None:
        return [(np.ones(len(points), dtype=bool), given)]
    reach_m = profile.furthest_m(minutes) + PIN_LIMIT_M
    parts = shapely.get_parts(shapely.union_all(shapely.buffer(points, reach_m)))
    return [
        (
            shapely.intersects(part, points),
            prepare_raster(network, part, modes=(profile.mode,), cell_m=cell_m),
        )
        for part in parts
    ]


def own_raster(network: StreetNetwork, raster: Raster) -> Raster:
    """
    Check that a raster was prepared for a network.

    Parameters
    ----------
    network, raster
        Both.

    Returns
    -------
    raster
        The same raster.

    Raises
    ------
    RuleError
        If it belongs to another network.
    """
    if raster.network is not network:
        raise RuleError("the raster was prepared for another network: prepare one for this one")
    return raster
