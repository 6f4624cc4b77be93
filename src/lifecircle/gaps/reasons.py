"""
From a home that is not covered to the reason, the first that applies.

Too little data comes before everything: a gap in the data is never told as a gap of the service.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.access.doubts import DETOUR, edge_distances, straight_limit_m
from lifecircle.gaps.between import what_lies_between
from lifecircle.gaps.by_air import nearest_by_air
from lifecircle.network.router import Router
from lifecircle.network.streets import StreetNetwork
from lifecircle.network.walks import Nearest
from lifecircle.reach.matrix import (
    SEARCH_FACTOR,
    Pinned,
    Reach,
    limit_units,
    usable_facilities,
)
from lifecircle.standards import Requirement
from lifecircle.walk import PROFILES

REASONS = ("no_data", "edge", "tier_missing", "barrier", "too_far", "none")


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """
    What lies around the homes that can explain a missing walk.

    Parameters
    ----------
    extent
        Within it the data are complete; metric.
    barriers
        `tables.BARRIERS` in the metric system, and the outlines of closed estates with the kind
        ``estate``.
    ground
        `tables.GROUND` in the metric system; None where nothing is known of it.
    landmarks
        What barriers without a name are told by: ``kind`` (``estate``, ``ground``, ``street``),
        ``name`` and a shape; None where there is none.
    """

    extent: shapely.Geometry
    barriers: gpd.GeoDataFrame
    ground: gpd.GeoDataFrame | None = None
    landmarks: gpd.GeoDataFrame | None = None


@dataclass(frozen=True, kw_only=True)
class Why:
    """
    Why homes are not covered.

    Parameters
    ----------
    reason
        Code per home, shape (homes,).
    barrier
        What lies between the home and the place, of homes behind a barrier, shape (homes,).
    air_m, air_to
        The right place nearest in a straight line: metres (inf) and row (-1), shape (homes,).
    other_m, other_to
        The place of another tier within the limit: metres (NaN) and row (-1), shape (homes,).
    border_m
        Straight distance to the border of the data, shape (homes,).
    """

    reason: NDArray[np.object_]
    barrier: NDArray[np.object_]
    air_m: NDArray[np.float64]
    air_to: NDArray[np.int64]
    other_m: NDArray[np.float64]
    other_to: NDArray[np.int64]
    border_m: NDArray[np.float64]


def reasons_of(
    requirement: Requirement,
    reach: Reach,
    homes: Pinned,
    facilities: Pinned,
    network: StreetNetwork,
    surroundings: Surroundings,
    *,
    doubted: NDArray[np.bool_],
    language: str = "en",
) -> Why:
    """
    Decide for every uncovered home the first reason that applies.

    Parameters
    ----------
    requirement
        The question.
    reach
        Who reaches what.
    homes, facilities
        Both sides.
    network
        The streets.
    surroundings
        Border of the data and barriers.
    doubted
        Homes about which the data say too little, shape (homes,).
    language
        ``zh`` or ``en``: of what a barrier without a name is told by.

    Returns
    -------
    why
        A reason per home; what stands there for covered homes means nothing.
    """
    n = len(homes)
    reason = np.full(n, "none", dtype=object)
    barrier = np.full(n, None, dtype=object)
    air_m, air_to = np.full(n, np.inf), np.full(n, -1, dtype=np.int64)
    other_m, other_to = np.full(n, np.nan), np.full(n, -1, dtype=np.int64)
    border_m = np.full(n, np.inf)
    why = Why(
        reason=reason,
        barrier=barrier,
        air_m=air_m,
        air_to=air_to,
        other_m=other_m,
        other_to=other_to,
        border_m=border_m,
    )
    short = np.flatnonzero(~reach.covered)
    if doubted[short].all():
        reason[short] = "no_data"
        return why
    limit_m = straight_limit_m(requirement)
    near = nearest_by_air(reach, homes, facilities, short, within_m=limit_m)
    air_m[short], air_to[short] = near.distance_m, near.facility
    border_m[short] = edge_distances(homes, surroundings.extent)[short]
    # Later reasons first, so that earlier ones overwrite them.
    with np.errstate(invalid="ignore"):
        walked = reach.measured[short] <= requirement.limit * SEARCH_FACTOR
    reason[short[walked]] = "too_far"
    # Within the limit by air and not even within twice of it on foot: nothing but a barrier.
    cut = (near.distance_m <= limit_m / DETOUR) | ((near.distance_m <= limit_m) & ~walked)
    reason[short[cut]] = "barrier"
    if requirement.accepted:
        found = _other_tier(requirement, reach, homes, facilities, network)
        other_m[:], other_to[:] = found.length_cm / 100.0, found.to
        reason[short[found.to[short] >= 0]] = "tier_missing"
    # A place nobody lists can be the nearer one only where the border is nearer than the known.
    reason[short[border_m[short] < np.minimum(limit_m, near.distance_m)]] = "edge"
    reason[short[doubted[short]]] = "no_data"
    told = short[reason[short] == "barrier"]
    barrier[told] = _between(told, air_to[told], homes, facilities, surroundings, language)
    return why


def _between(
    at: NDArray[np.intp],
    to: NDArray[np.int64],
    homes: Pinned,
    facilities: Pinned,
    surroundings: Surroundings,
    language: str,
) -> NDArray[np.object_]:
    """Name what lies between homes and places."""
    nothing = surroundings.barriers.iloc[:0]
    links = shapely.shortest_line(
        homes.table.geometry.to_numpy()[at], facilities.table.geometry.to_numpy()[to]
    )
    return what_lies_between(
        links,
        surroundings.barriers,
        nothing if surroundings.ground is None else surroundings.ground,
        nothing if surroundings.landmarks is None else surroundings.landmarks,
        language=language,
    )


def _other_tier(
    requirement: Requirement,
    reach: Reach,
    homes: Pinned,
    facilities: Pinned,
    network: StreetNetwork,
) -> Nearest:
    """Find the place of another tier of the same service within the limit."""
    others = (
        (facilities.table["service"] == requirement.service).to_numpy()
        & ~reach.counting
        & usable_facilities(facilities.table)
        & ~facilities.table["open_to"].fillna("anyone").eq("residents").to_numpy()
    )
    if not others.any():
        n = len(homes)
        return Nearest(
            walk_cs=np.full(n, np.nan),
            length_cm=np.full(n, np.nan),
            to=np.full(n, -1, dtype=np.int32),
        )
    router = Router(
        network=network,
        profile=PROFILES[requirement.profile],
        metric="time" if requirement.minutes is not None else "distance",
    )
    return router.nearest(
        homes.ends.select(~reach.covered),
        facilities.ends.select(others),
        limit=limit_units(requirement),
        from_facility=requirement.direction == "from_facility",
    )
