"""
From pinned homes to how much choice people have: the nearest few, and how many are in reach.

One place may close, be full or be shut: the walk to the second and third nearest tells what is
left then. Coverage is not decided here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lifecircle.network.router import Metric, Router
from lifecircle.network.streets import StreetNetwork
from lifecircle.reach.matrix import (
    SEARCH_FACTOR,
    Pinned,
    audiences,
    counting_facilities,
    limit_units,
)
from lifecircle.standards import Requirement
from lifecircle.walk import PROFILES

DEEPEST = 3
"""How many of the nearest facilities are told apart."""

_BLOCK = 512  # facilities searched at once: what a block reaches is held in memory


@dataclass(frozen=True, kw_only=True)
class NearestFew:
    """
    What each home has to choose from.

    Parameters
    ----------
    within
        Number of counting facilities within the limit, shape (homes,).
    walk_s
        Time [s] to the nearest, second and third nearest facility that counts and serves the
        home, missing beyond twice the limit, shape (`DEEPEST`, homes).
    """

    within: NDArray[np.int64]
    walk_s: NDArray[np.float64]


def nearest_few(
    requirements: Iterable[Requirement],
    homes: Pinned,
    facilities: Pinned,
    network: StreetNetwork,
) -> dict[str, NearestFew]:
    """
    Count what each home can reach, and time its nearest few.

    Parameters
    ----------
    requirements
        The questions.
    homes, facilities
        Both sides, pinned.
    network
        The streets.

    Returns
    -------
    choices
        Requirement id to what each home has to choose from.

    Notes
    -----
    The nearest few are the quickest to reach whatever the unit of the limit; how many are within
    the limit is counted in its own unit. A count rule is passed over: every facility that any
    of its rules counts is counted alike.
    """
    routers: dict[tuple[str, Metric], Router] = {}

    def router(profile: str, metric: Metric) -> Router:
        key = (profile, metric)
        if key not in routers:
            made = Router(network=network, profile=PROFILES[profile], metric=metric)
            routers[key] = made
        return routers[key]

    found = {}
    for one in requirements:
        timed = router(one.profile, "time")
        limit = limit_units(one)
        if one.minutes is not None:
            within, walk = _search(one, homes, facilities, timed, limit)
        else:
            # What the limit takes at the flat speed; slower walkers still find their second.
            longest = round(one.limit / PROFILES[one.profile].speed_mps * 100)
            _, walk = _search(one, homes, facilities, timed, longest)
            by_length = router(one.profile, "distance")
            within, _ = _search(one, homes, facilities, by_length, limit, farthest=limit)
        found[one.id] = NearestFew(within=within, walk_s=walk / 100.0)
    return found


def _search(
    requirement: Requirement,
    homes: Pinned,
    facilities: Pinned,
    router: Router,
    limit: int,
    *,
    farthest: int | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Count what costs at most the limit, and keep the lowest costs up to a farther one."""
    counting = counting_facilities(requirement, facilities.table)
    longest = int(limit * SEARCH_FACTOR) if farthest is None else farthest
    within = np.zeros(len(homes), dtype=np.int64)
    lowest = np.full((DEEPEST, len(homes)), np.nan)
    for served, serving in audiences(requirement, homes, facilities, counting):
        rows = np.flatnonzero(serving)
        for start in range(0, len(rows), _BLOCK):
            some = np.zeros(len(facilities), dtype=bool)
            some[rows[start : start + _BLOCK]] = True
            pairs = router.matrix(
                homes.ends.select(served),
                facilities.ends.select(some),
                limit=longest,
                from_facility=requirement.direction == "from_facility",
            )
            within += np.bincount(pairs.home[pairs.cost <= limit], minlength=len(homes))
            lowest = _merged(lowest, pairs.home, pairs.cost)
    return within, lowest


def _merged(
    lowest: NDArray[np.float64], home: NDArray[np.int32], cost: NDArray[np.int32]
) -> NDArray[np.float64]:
    """Put new costs among the lowest of each home."""
    order = np.lexsort((cost, home))
    home, cost = home[order], cost[order]
    place = np.arange(len(home)) - np.searchsorted(home, home, side="left")
    new = np.full(lowest.shape, np.nan)
    near = place < DEEPEST
    new[place[near], home[near]] = cost[near]
    # Missing costs sort behind all others.
    return np.sort(np.concatenate([lowest, new]), axis=0)[:DEEPEST]
