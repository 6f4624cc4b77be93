"""
All homes and facilities within reach of each other, where the nearest alone says too little.

Audiences are those of coverage: residents' facilities count inside their own estate, a community's
own for its people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lifecircle.network.router import Router
from lifecircle.network.streets import StreetNetwork
from lifecircle.reach.matrix import Pinned, audiences, limit_units
from lifecircle.standards import Requirement
from lifecircle.walk import PROFILES


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """
    Walks within a limit.

    Parameters
    ----------
    home, facility
        Rows of both ends, shape (pairs,); each pair once, by home and then by facility.
    part
        The walk as a part of the limit, 0 to 1, shape (pairs,).
    """

    home: NDArray[np.int64]
    facility: NDArray[np.int64]
    part: NDArray[np.float64]


def pairs_within(
    requirement: Requirement,
    counting: NDArray[np.bool_],
    *,
    homes: Pinned,
    facilities: Pinned,
    network: StreetNetwork,
) -> Pairs:
    """
    Find every walk to a counting facility within a requirement's limit.

    Parameters
    ----------
    requirement
        The question: limit, profile, direction and whom facilities serve.
    counting
        Which facilities count, shape (facilities,).
    homes, facilities
        Both sides, pinned.
    network
        The streets.

    Returns
    -------
    pairs
        Empty where nobody reaches anything.
    """
    router = Router(
        network=network,
        profile=PROFILES[requirement.profile],
        metric="time" if requirement.minutes is not None else "distance",
    )
    limit = limit_units(requirement)
    home: list[NDArray[np.int64]] = []
    facility: list[NDArray[np.int64]] = []
    cost: list[NDArray[np.float64]] = []
    for served, serving in audiences(requirement, homes, facilities, counting):
        found = router.matrix(
            homes.ends.select(served),
            facilities.ends.select(serving),
            limit=limit,
            from_facility=requirement.direction == "from_facility",
        )
        home.append(found.home.astype(np.int64))
        facility.append(found.facility.astype(np.int64))
        cost.append(found.cost.astype(np.float64))
    if not home:
        nothing = np.empty(0, dtype=np.int64)
        return Pairs(home=nothing, facility=nothing, part=np.empty(0))
    rows, places, walks = np.concatenate(home), np.concatenate(facility), np.concatenate(cost)
    order = np.lexsort((places, rows))
    return Pairs(home=rows[order], facility=places[order], part=walks[order] / limit)
