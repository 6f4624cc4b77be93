"""
Supply shared among all who can reach it: the enhanced two-step floating catchment area method.

Arrays in, arrays out. Nothing is lost: what people get adds up to what there is, wherever somebody
is in reach.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ZONE_WEIGHTS = (1.0, 0.68, 0.22)
"""
Weight of a walk in the first, second and last third of the limit.

The slow decay of Luo and Qi (2009), whose zones were 10 minutes of driving each; that thirds of a
walk are weighted alike is this project's proposal (P).
"""


@dataclass(frozen=True, kw_only=True)
class Shared:
    """
    Who gets how much.

    Parameters
    ----------
    ratio
        Supply of each facility per weighted person in reach, missing where nobody is or the supply
        is not known, shape (facilities,).
    access
        Supply per person at each home, 0 where nothing is in reach, shape (homes,).
    """

    ratio: NDArray[np.float64]
    access: NDArray[np.float64]


def zone_weights(part: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Weigh walks by the third of the limit they end in.

    Parameters
    ----------
    part
        Walks as parts of the limit, 0 to 1, shape (pairs,); the ends of a third belong to it.

    Returns
    -------
    weight
        Of `ZONE_WEIGHTS`, shape (pairs,); 0 beyond the limit.

    Examples
    --------
    >>> import numpy as np
    >>> zone_weights(np.array([0.0, 0.5, 1.0, 1.1])).tolist()
    [1.0, 0.68, 0.22, 0.0]
    """
    ends = np.arange(1, len(ZONE_WEIGHTS) + 1) / len(ZONE_WEIGHTS)
    # A walk of exactly two thirds must not leave its zone for a rounding of 1/3.
    zone = np.searchsorted(ends + 1e-12, part, side="left")
    return np.append(np.asarray(ZONE_WEIGHTS), 0.0)[zone]


def share_supply(
    home: NDArray[np.int64],
    facility: NDArray[np.int64],
    weight: NDArray[np.float64],
    *,
    people: NDArray[np.float64],
    supply: NDArray[np.float64],
) -> Shared:
    """
    Share the supply of facilities among the people in reach of them.

    Parameters
    ----------
    home, facility, weight
        Pairs in reach of each other and their weights, shape (pairs,).
    people
        People of each home, shape (homes,).
    supply
        What each facility offers, missing where nobody knows, shape (facilities,).

    Returns
    -------
    shared
        Ratios of the facilities and access of the homes.

    Notes
    -----
    ``R_j = S_j / sum_i w_ij P_i`` and ``A_i = sum_j w_ij R_j`` (Luo and Qi 2009), so that
    ``sum_i P_i A_i`` is the supply of all facilities with somebody in reach.

    Examples
    --------
    >>> import numpy as np
    >>> two = np.array([0, 1])
    >>> found = share_supply(two, two * 0, np.array([1.0, 0.5]),
    ...                      people=np.array([100.0, 200.0]), supply=np.array([40.0]))
    >>> found.access.tolist()
    [0.2, 0.1]
    """
    demand = np.bincount(facility, weights=weight * people[home], minlength=len(supply))
    ratio = np.full(len(supply), np.nan)
    np.divide(supply, demand, out=ratio, where=demand > 0)
    offered = np.nan_to_num(ratio)[facility]
    access = np.bincount(home, weights=weight * offered, minlength=len(people))
    return Shared(ratio=ratio, access=access.astype(np.float64))
