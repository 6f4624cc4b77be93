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
from lifecircle.network.router import Router
from lifecircle.network.streets import StreetNetwork
from lifecircle.reach.matrix import (
    SEARCH_FACTOR,
    Pinned,
    Reach,
    audiences,
    limit_units,
    usable_facilities,
)
from lifecircle.standards import Requirement
from lifecircle.walk import PROFILES

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
    doubted: NDArray[np.bool_],
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

    Returns
    -------
    why
        A reason per home; what stands there for covered homes means nothing.
    """
    n = len(homes)
    reason = np.full(n, "none", dtype=object)
    barrier = np.full(n, None, dtype=object)
    short = np.flatnonzero(~reach.covered)
    if doubted[short].all():
        reason[short] = "no_data"
        return Why(reason=reason, barrier=barrier)
    limit_m = straight_limit_m(requirement)
    # Later reasons first, so that earlier ones overwrite them.
    measured = reach.measured[short]
    with np.errstate(invalid="ignore"):
        reason[short[measured <= requirement.limit * SEARCH_FACTOR]] = "too_far"
    by_air, names = _behind_barrier(reach, homes, facilities, short, limit_m / DETOUR, surroundings)
    reason[short[by_air]] = "barrier"
    barrier[short[by_air]] = names
    if requirement.accepted:
        reason[short[_other_tier(requirement, reach, homes, facilities, network)[short]]] = (
            "tier_missing"
        )
    reason[short[edge_distances(homes, surroundings.extent)[short] < limit_m]] = "edge"
    reason[short[doubted[short]]] = "no_data"
    return Why(reason=reason, barrier=barrier)


def _behind_barrier(
    reach: Reach,
    homes: Pinned,
    facilities: Pinned,
    short: NDArray[np.intp],
    radius_m: float,
    surroundings: Surroundings,
) -> tuple[NDArray[np.intp], NDArray[np.object_]]:
    """Find homes near enough by air but not on foot, and what stands between."""
    points = homes.table.geometry.to_numpy()[short]
    at, goals = _near_by_air(reach, homes, facilities, short, radius_m)
    links = shapely.shortest_line(points[at], goals)
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
    return at, names


def _near_by_air(
    reach: Reach,
    homes: Pinned,
    facilities: Pinned,
    short: NDArray[np.intp],
    radius_m: float,
) -> tuple[NDArray[np.intp], NDArray[np.object_]]:
    """Find who would be covered if nothing stood between, and the place that would do it."""
    shapes = facilities.table.geometry.to_numpy()
    points = homes.table.geometry.to_numpy()[short]
    # What is for residents only would be closed to others with no wall around it, too.
    public = ~facilities.table["open_to"].fillna("anyone").eq("residents").to_numpy()
    rules = [(-1, reach.counting, 1)] + [
        (
            number,
            reach.counting & facilities.table["type"].isin(rule.types).to_numpy(),
            rule.at_least,
        )
        for number, rule in enumerate(reach.requirement.counts)
    ]
    found, goals = [], []
    for number, at_least, (served, serving) in [
        (number, at_least, pair)
        for number, right, at_least in rules
        for pair in audiences(reach.requirement, homes, facilities, right & public)
    ]:
        counted = shapes[serving]
        mine = np.flatnonzero((reach.rule[short] == number) & served[short])
        if len(counted) == 0 or len(mine) == 0:
            continue
        home, place = shapely.STRtree(counted).query(
            points[mine], predicate="dwithin", distance=radius_m
        )
        distance = shapely.distance(points[mine][home], counted[place])
        order = np.lexsort((place, distance, home))
        start = np.searchsorted(home[order], np.arange(len(mine)))
        enough = np.bincount(home, minlength=len(mine)) >= at_least
        nth = order[start[enough] + at_least - 1]
        found.append(mine[enough])
        goals.append(counted[place[nth]])
    if not found:
        return np.empty(0, dtype=np.intp), np.empty(0, dtype=object)
    return np.concatenate(found), np.concatenate(goals)


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
