"""
The nearest few facilities of every home, a little beyond the limit: what a doubt could turn to.

One search per requirement; whoever asks what happens if a walk is slower or a place is closed reads
the answer off here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lifecircle.network.router import Router
from lifecircle.network.streets import StreetNetwork
from lifecircle.reach.matrix import (
    Pinned,
    audiences,
    counting_facilities,
    limit_units,
    usable_facilities,
)
from lifecircle.standards import Requirement
from lifecircle.walk import PROFILES

BEYOND = 1.5
"""Walks are kept up to this many times the limit (P)."""

FEW = 8
"""Facilities kept per home, beyond those a count rule asks for (P)."""


@dataclass(frozen=True, kw_only=True)
class Choices:
    """
    Facilities each home could walk to for one thing that is asked.

    Parameters
    ----------
    at_least
        How many of them must be within the limit.
    ptr
        Choices of home ``h`` are ``ptr[h]:ptr[h + 1]``, shape (homes + 1,).
    facility
        Rows of the facilities, nearest first, ties by row, shape (k,).
    cost
        Walks in the integers of `limit_units`, shape (k,).
    """

    at_least: int
    ptr: NDArray[np.int64]
    facility: NDArray[np.int32]
    cost: NDArray[np.int32]


def choices_of(
    requirement: Requirement, homes: Pinned, facilities: Pinned, network: StreetNetwork
) -> tuple[Choices, ...]:
    """
    Find the nearest few counting facilities of every home.

    Parameters
    ----------
    requirement
        The question.
    homes, facilities
        Both sides, pinned.
    network
        The streets.

    Returns
    -------
    choices
        One per count rule, else one. A home is covered where of each of them `at_least` cost no
        more than the limit: the same answer as `reach_of`.
    """
    router = Router(
        network=network,
        profile=PROFILES[requirement.profile],
        metric="time" if requirement.minutes is not None else "distance",
    )
    usable = usable_facilities(facilities.table)
    asked = [
        (rule.at_least, facilities.table["type"].isin(rule.types).to_numpy() & usable)
        for rule in requirement.counts
    ] or [(1, counting_facilities(requirement, facilities.table))]
    limit = int(limit_units(requirement) * BEYOND)
    return tuple(
        _choices(requirement, homes, facilities, right, router, limit, at_least)
        for at_least, right in asked
    )


def _choices(
    requirement: Requirement,
    homes: Pinned,
    facilities: Pinned,
    right: NDArray[np.bool_],
    router: Router,
    limit: int,
    at_least: int,
) -> Choices:
    pairs = [
        router.matrix(
            homes.ends.select(served),
            facilities.ends.select(serving),
            limit=limit,
            from_facility=requirement.direction == "from_facility",
        )
        for served, serving in audiences(requirement, homes, facilities, right)
    ]
    none = np.empty(0, dtype=np.int32)
    home = np.concatenate([none, *(one.home for one in pairs)])
    cost = np.concatenate([none, *(one.cost for one in pairs)])
    place = np.concatenate([none, *(one.facility for one in pairs)])
    order = np.lexsort((place, cost, home))
    home, cost, place = home[order], cost[order], place[order]
    start = np.searchsorted(home, np.arange(len(homes)))
    rank = np.arange(len(home)) - start[home] if len(home) else np.empty(0, dtype=np.int64)
    keep = rank < at_least + FEW - 1
    home = home[keep]
    return Choices(
        at_least=at_least,
        ptr=np.searchsorted(home, np.arange(len(homes) + 1)).astype(np.int64),
        facility=place[keep].astype(np.int32),
        cost=cost[keep].astype(np.int32),
    )
