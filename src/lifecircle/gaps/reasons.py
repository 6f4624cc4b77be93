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

from lifecircle.network.router import Router
from lifecircle.network.streets import StreetNetwork
from lifecircle.reach.matrix import (
    SEARCH_FACTOR,
    Pinned,
    Reach,
    limit_units,
    usable_facilities,
)
from lifecircle.standards import Requirement
from lifecircle.walk import PROFILES

DETOUR = 1.3
"""Walks are taken to be up to 1.3 times the straight line where nothing blocks them (P)."""

REASONS = ("no_data", "edge", "tier_missing", "barrier", "too_far", "none")

_HEAVIEST = ("rail", "water", "motorway", "estate", "wall", "fence", "hedge")


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
    """

    extent: shapely.Geometry
    barriers: gpd.GeoDataFrame


@dataclass(frozen=True, kw_only=True)
class Why:
    """Reason code per home, with the barrier named where there is one."""

    reason: NDArray[np.object_]
    barrier: NDArray[np.object_]


def reasons_of(
    requirement: Requirement,
    reach: Reach,
    homes: Pinned,
    facilities: Pinned,
    network: StreetNetwork,
    surroundings: Surroundings,
    *,
    unknown: frozenset[str],
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
    unknown
        Requirements the data say too little about.

    Returns
    -------
    why
        A reason per home; what stands there for covered homes means nothing.
    """
    n = len(homes)
    reason = np.full(n, "none", dtype=object)
    barrier = np.full(n, None, dtype=object)
    short = np.flatnonzero(~reach.covered)
    if requirement.id in unknown:
        reason[short] = "no_data"
        return Why(reason=reason, barrier=barrier)
    limit_m = (
        requirement.limit_m
        if requirement.limit_m is not None
        else PROFILES[requirement.profile].metres(requirement.limit)
    )
    points = homes.table.geometry.to_numpy()[short]
    # Later reasons first, so that earlier ones overwrite them.
    measured = reach.measured[short]
    with np.errstate(invalid="ignore"):
        reason[short[measured <= requirement.limit * SEARCH_FACTOR]] = "too_far"
    with np.errstate(invalid="ignore"):
        # A home that walks to one in time but lacks others (a count rule) stands behind nothing.
        beyond = ~(measured <= requirement.limit)
    by_air, names = _behind_barrier(
        reach, facilities, points[beyond], limit_m / DETOUR, surroundings
    )
    reason[short[beyond][by_air]] = "barrier"
    barrier[short[beyond][by_air]] = names
    if requirement.accepted:
        reason[short[_other_tier(requirement, reach, homes, facilities, network)[short]]] = (
            "tier_missing"
        )
    at_edge = shapely.distance(points, shapely.boundary(surroundings.extent)) < limit_m
    at_edge |= ~shapely.intersects(surroundings.extent, points)
    reason[short[at_edge]] = "edge"
    return Why(reason=reason, barrier=barrier)


def _behind_barrier(
    reach: Reach,
    facilities: Pinned,
    points: NDArray[np.object_],
    radius_m: float,
    surroundings: Surroundings,
) -> tuple[NDArray[np.bool_], NDArray[np.object_]]:
    """Find homes near a counting facility by air but not on foot, and what stands between."""
    behind = np.zeros(len(points), dtype=bool)
    # What is for residents only would be closed to others with no wall around it, too.
    private = facilities.table["open_to"].fillna("anyone").eq("residents").to_numpy()
    counting = np.flatnonzero(reach.counting & ~private)
    if len(counting) == 0 or len(points) == 0:
        return behind, np.empty(0, dtype=object)
    shapes = facilities.table.geometry.to_numpy()[counting]
    (at, to), distance = shapely.STRtree(shapes).query_nearest(
        points, max_distance=radius_m, return_distance=True, all_matches=False
    )
    del distance
    behind[at] = True
    links = shapely.shortest_line(points[at], shapes[to])
    lines = surroundings.barriers.geometry.to_numpy()
    names = np.full(len(at), "", dtype=object)
    if len(lines):
        link, line = shapely.STRtree(lines).query(links, predicate="intersects")
        kinds = surroundings.barriers["kind"].to_numpy(dtype=object)
        titles = surroundings.barriers["name"].to_numpy(dtype=object)
        # The heaviest barrier is named: a river before a fence; ties by name.
        rank = {kind: place for place, kind in enumerate(_HEAVIEST)}
        order = sorted(
            range(len(link)),
            key=lambda k: (link[k], rank.get(kinds[line[k]], 9), str(titles[line[k]] or "~")),
        )
        for k in reversed(order):
            title = titles[line[k]]
            kind = str(kinds[line[k]])
            names[link[k]] = f"{kind}: {title}" if isinstance(title, str) and title else kind
    return behind, names


def _other_tier(
    requirement: Requirement,
    reach: Reach,
    homes: Pinned,
    facilities: Pinned,
    network: StreetNetwork,
) -> NDArray[np.bool_]:
    """Find homes that reach another tier of the same service within the limit."""
    others = (
        (facilities.table["service"] == requirement.service).to_numpy()
        & ~reach.counting
        & usable_facilities(facilities.table)
        & ~facilities.table["open_to"].fillna("anyone").eq("residents").to_numpy()
    )
    if not others.any():
        return np.zeros(len(homes), dtype=bool)
    router = Router(
        network=network,
        profile=PROFILES[requirement.profile],
        metric="time" if requirement.minutes is not None else "distance",
    )
    found = router.nearest(
        homes.ends.select(~reach.covered),
        facilities.ends.select(others),
        limit=limit_units(requirement),
        from_facility=requirement.direction == "from_facility",
    )
    return np.asarray(found.to >= 0)
