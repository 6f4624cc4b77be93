"""
From walks and sizes to how much supply people have once they share it with all who compete for it.

Only where sizes are known for most of what is reached; elsewhere nothing is said, and that is told.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

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
        found = _competing(reach, people, homes=homes, facilities=facilities, network=network)
        if found is None:
            untold.append(requirement.id)
            continue
        blocks += [_rows(reach, found, people, level) for level in levels]
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


@dataclass(frozen=True, kw_only=True)
class _Competing:
    """
    What each home has of one measure: people times access, and sums over its pairs by weight.

    `total` weighs all its pairs, `sized` those of known size, `base` those of more than nothing,
    `crowded` these times the people per unit.
    """

    measure: str
    held: _Floats
    total: _Floats
    sized: _Floats
    base: _Floats
    crowded: _Floats


def _competing(
    reach: Reach,
    people: _Floats,
    *,
    homes: Pinned,
    facilities: Pinned,
    network: StreetNetwork,
) -> _Competing | None:
    """Share the first size that is known for enough of what is reached; None where none is."""
    measures = _likely(reach, facilities, people)
    if not measures:
        return None
    # A house listed under two types offers its size once.
    sizes = {name: sizes_of(facilities.table, reach.counting, name) for name in measures}
    counting = np.zeros(len(facilities), dtype=bool)
    counting[sizes[measures[0]].row] = True
    pairs = pairs_within(
        reach.requirement, counting, homes=homes, facilities=facilities, network=network
    )
    weight = zone_weights(pairs.part)
    heavy = weight * people[pairs.home]

    def by_home(values: _Floats) -> _Floats:
        return np.bincount(pairs.home, weights=values, minlength=len(homes)).astype(np.float64)

    for measure, places in sizes.items():
        supply = np.full(len(facilities), np.nan)
        supply[places.row] = places.size
        known = np.isfinite(supply)[pairs.facility]
        if heavy[known].sum() < KNOWN_SUPPLY * heavy.sum():
            continue
        shared = share_supply(pairs.home, pairs.facility, weight, people=people, supply=supply)
        # A known size of nothing has no people per unit.
        with np.errstate(divide="ignore", invalid="ignore"):
            crowd = (1.0 / shared.ratio)[pairs.facility]
        told = np.isfinite(crowd)
        return _Competing(
            measure=measure,
            held=people * shared.access,
            total=by_home(heavy),
            sized=by_home(heavy * known),
            base=by_home(heavy * told),
            crowded=by_home(np.where(told, heavy * crowd, 0.0)),
        )
    return None


def _likely(reach: Reach, facilities: Pinned, people: _Floats) -> list[str]:
    """
    List the sizes that are known for enough of the nearest facilities, which is quickly seen.

    A station with no beds has a size all the same, in other units: only more than nothing counts.
    """
    at = reach.covered & (reach.facility >= 0)
    reached = people[at].sum()
    likely = []
    for measure in MEASURES:
        size = facilities.table[measure].to_numpy(dtype=np.float64)
        known = people[at & (size > 0)[reach.facility]].sum()
        if reached > 0 and known >= KNOWN_SUPPLY * reached:
            likely.append(measure)
    return likely


def _rows(reach: Reach, found: _Competing, people: _Floats, level: Level) -> pd.DataFrame:
    n = len(level.area_id)
    held, total, sized, base, crowded, here = (
        sum_by(values, level.of_home, n)
        for values in (
            found.held,
            found.total,
            found.sized,
            found.base,
            found.crowded,
            people,
        )
    )
    return pd.DataFrame(
        {
            "level": level.name,
            "area_id": level.area_id,
            "area_name": level.area_name,
            "service": reach.requirement.service,
            "requirement": reach.requirement.id,
            "measure": found.measure,
            "supply_per_1000": 1000.0 * _divided(held, here),
            "demand_ratio": _divided(crowded, base),
            "known": _divided(sized, total),
            "people": here,
        }
    )


def _divided(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    share = np.full(len(whole), np.nan)
    np.divide(part, whole, out=share, where=whole > 0)
    return share
