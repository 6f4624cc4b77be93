"""
From walks and sizes to how much supply people have once they share it with all who compete for it.

Only where sizes are known for most of what is reached; elsewhere nothing is said, and that is told.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.access.catchments import share_supply, zone_weights
from lifecircle.access.levels import Level
from lifecircle.access.measures import sum_by
from lifecircle.access.sizes import sizes_of
from lifecircle.access.supply import KNOWN_SUPPLY
from lifecircle.errors import MissingDataWarning
from lifecircle.network.streets import StreetNetwork
from lifecircle.places.asked import people_asked
from lifecircle.reach.matrix import Pinned, Reach
from lifecircle.reach.pairs import pairs_within
from lifecircle.standards import Standard
from lifecircle.tables import SUPPLY

_Floats = NDArray[np.float64]

MEASURES = ("beds", "places", "floor_m2", "site_m2")
"""Sizes supply is measured by, the most telling first."""


def shared_supply(
    standard: Standard,
    reaches: Mapping[str, Reach],
    *,
    homes: Pinned,
    facilities: Pinned,
    network: StreetNetwork,
    levels: tuple[Level, ...],
) -> pd.DataFrame:
    """
    Measure on every level how much supply people have, shared among all who can reach it.

    Parameters
    ----------
    standard
        The standard.
    reaches
        Requirement id to its reach.
    homes, facilities
        Both sides.
    network
        The streets.
    levels
        The areas.

    Returns
    -------
    supply
        With the columns of `tables.SUPPLY`, for base requirements only: `supply_per_1000` is 1000
        times the people-weighted mean of what each home has, homes out of reach counting 0;
        `demand_ratio` the people per unit of supply at the facilities in reach, weighted by
        distance and people. No row for a requirement whose sizes are known for too little.

    Warns
    -----
    MissingDataWarning
        Naming the requirements that are left out.

    Notes
    -----
    Enhanced two-step floating catchment area, Luo and Qi (2009); see `access.catchments`.
    """
    blocks, untold = [], []
    for requirement in standard.requirements:
        reach = reaches[requirement.id]
        people = np.nan_to_num(people_asked(homes.table, requirement))
        if requirement.view != "base" or people.sum() <= 0 or not reach.covered.any():
            continue
        measure = _measure(reach, facilities, people)
        if measure is None:
            untold.append(requirement.id)
            continue
        # A house listed under two types offers its size once.
        places = sizes_of(facilities.table, reach.counting, measure)
        counting = np.zeros(len(facilities), dtype=bool)
        counting[places.row] = True
        supply = np.full(len(facilities), np.nan)
        supply[places.row] = places.size
        pairs = pairs_within(
            requirement, counting, homes=homes, facilities=facilities, network=network
        )
        weight = zone_weights(pairs.part)
        shared = share_supply(pairs.home, pairs.facility, weight, people=people, supply=supply)
        # A known size of nothing has no people per unit.
        with np.errstate(divide="ignore", invalid="ignore"):
            crowd = 1.0 / shared.ratio
        told = np.isfinite(crowd)[pairs.facility]
        heavy = weight * people[pairs.home]

        def by_home(values: NDArray[np.float64], home: NDArray[np.int64] = pairs.home) -> _Floats:
            return np.bincount(home, weights=values, minlength=len(homes)).astype(np.float64)

        total = by_home(heavy)
        sized = by_home(heavy * np.isfinite(supply)[pairs.facility])
        base = by_home(heavy * told)
        crowded = by_home(np.where(told, heavy * crowd[pairs.facility], 0.0))
        for level in levels:
            areas = len(level.area_id)
            here = sum_by(people, level.of_home, areas)
            blocks.append(
                pd.DataFrame(
                    {
                        "level": level.name,
                        "area_id": level.area_id,
                        "area_name": level.area_name,
                        "service": requirement.service,
                        "requirement": requirement.id,
                        "measure": measure,
                        "supply_per_1000": 1000.0
                        * _divided(sum_by(people * shared.access, level.of_home, areas), here),
                        "demand_ratio": _divided(
                            sum_by(crowded, level.of_home, areas),
                            sum_by(base, level.of_home, areas),
                        ),
                        "known": _divided(
                            sum_by(sized, level.of_home, areas), sum_by(total, level.of_home, areas)
                        ),
                        "people": here,
                    }
                )
            )
    if untold:
        warnings.warn(
            f"sizes are known for under {KNOWN_SUPPLY:.0%} of what {', '.join(untold)} reach: how "
            "much supply people share is not told there (add floor areas, sites, beds or places)",
            MissingDataWarning,
            stacklevel=2,
        )
    if not blocks:
        return pd.DataFrame(columns=list(SUPPLY))
    return pd.concat(blocks, ignore_index=True)[list(SUPPLY)]


def _measure(reach: Reach, facilities: Pinned, people: NDArray[np.float64]) -> str | None:
    """
    Choose the first size that is known for enough of the people reached.

    A station with no beds has a size all the same, in other units: only more than nothing counts.
    """
    at = reach.covered & (reach.facility >= 0)
    reached = people[at].sum()
    for measure in MEASURES:
        size = facilities.table[measure].to_numpy(dtype=np.float64)
        known = people[at & (size > 0)[reach.facility]].sum()
        if reached > 0 and known >= KNOWN_SUPPLY * reached:
            return measure
    return None


def _divided(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    share = np.full(len(whole), np.nan)
    np.divide(part, whole, out=share, where=whole > 0)
    return share
