"""
From a list of facilities to whether it says enough to judge a service by.

A service whose list is not declared complete and holds far less than the norm is unknown: its
absence from the data is no proof of its absence from the town.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from lifecircle.access.measures import sum_by
from lifecircle.reach.matrix import Pinned, Reach
from lifecircle.standards import FacilityType, Requirement, Standard

KNOWN_SUPPLY = 0.8
"""Share of the people reached whose facility must have a known size before sizes count (P)."""

LOST_SHARE = 0.15
"""A service is not judged when more of its listed facilities than this have no place (P)."""


def unknown_requirements(
    standard: Standard,
    reaches: Mapping[str, Reach],
    *,
    people: float | None,
    complete: Collection[str],
    lost: Mapping[str, float] | None = None,
    asked: Mapping[str, float] | None = None,
) -> frozenset[str]:
    """
    Find the requirements the data say too little about.

    Parameters
    ----------
    standard
        The standard, with the population one facility of each type serves.
    reaches
        Requirement id to its reach.
    people
        People of the whole study; None when nobody knows.
    complete
        Services whose list of facilities is declared complete.
    lost
        Service to the share of its listed facilities that have no place.
    asked
        Requirement id to the share of the people it asks about; all of them where it is not told.

    Returns
    -------
    unknown
        Ids of requirements with fewer counting facilities than `Standard.no_data_factor` times
        the norm, or none at all; and of all those of a service that lost more than `LOST_SHARE`,
        however complete its list is.
    """
    unknown = set()
    for requirement in standard.requirements:
        share = (asked or {}).get(requirement.id, 1.0)
        if share == 0:
            continue  # there is nobody to judge
        if (lost or {}).get(requirement.service, 0.0) > LOST_SHARE:
            unknown.add(requirement.id)
            continue
        if requirement.service in complete:
            continue
        mapped = int(reaches[requirement.id].counting.sum())
        expected = expected_facilities(standard, requirement, people=people, share=share)
        if mapped == 0 or mapped < standard.no_data_factor * expected:
            unknown.add(requirement.id)
    return frozenset(unknown)


def expected_facilities(
    standard: Standard, requirement: Requirement, *, people: float | None, share: float = 1.0
) -> float:
    """
    Say how many facilities a town of so many people would have by the norm.

    Parameters
    ----------
    standard
        The standard, with the population one facility of each type serves.
    requirement
        The requirement.
    people
        People of the whole study; None when nobody knows.
    share
        Share of them the requirement asks about.

    Returns
    -------
    expected
        By the type that serves fewest; 0 where the people or the norm are not known.
    """
    serves = [
        one.people_per_facility
        for one in _types(standard, requirement.accepted, requirement.service)
        if one.people_per_facility is not None
    ]
    return people * share / min(serves) if people is not None and serves else 0.0


def size_adequacy(
    standard: Standard, reach: Reach, facilities: Pinned, people: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """
    Measure how far the facility each covered home reaches has the size the standard asks.

    Parameters
    ----------
    standard
        The standard, with least floor areas and sites.
    reach
        Who reaches what.
    facilities
        The facilities.
    people
        People of each home, shape (homes,).

    Returns
    -------
    adequacy
        ``min(1, size / least size)`` of each covered home's facility, missing elsewhere, shape
        (homes,); None where sizes are known for under 80 % of the people reached.
    """
    table = facilities.table
    ratio = np.full(len(table), np.nan)
    for one in standard.types:
        rows = (table["type"] == one.id).to_numpy()
        for least, column in ((one.floor_min_m2, "floor_m2"), (one.site_min_m2, "site_m2")):
            if least is not None:
                size = table[column].to_numpy(dtype=np.float64)
                use = rows & np.isnan(ratio) & np.isfinite(size)
                ratio[use] = np.minimum(1.0, size[use] / least)
    at = reach.covered & (reach.facility >= 0)
    adequacy = np.full(len(people), np.nan)
    adequacy[at] = ratio[reach.facility[at]]
    reached = people[at].sum()
    known = people[at & np.isfinite(adequacy)].sum()
    if reached <= 0 or known < KNOWN_SUPPLY * reached:
        return None
    return adequacy


def mean_by(
    values: NDArray[np.float64],
    people: NDArray[np.float64],
    area: NDArray[np.int32],
    n: int,
) -> NDArray[np.float64]:
    """
    Average a value over the people who have one.

    Parameters
    ----------
    values
        Value of each home, missing where there is none, shape (homes,).
    people
        People of each home, shape (homes,).
    area
        Area of each home, -1 in none, shape (homes,).
    n
        Number of areas.

    Returns
    -------
    mean
        Per area, shape (n,); missing where nobody has a value.
    """
    known = np.isfinite(values)
    weight = np.where(known, people, 0.0)
    total = sum_by(weight, area, n)
    with np.errstate(invalid="ignore", divide="ignore"):
        return sum_by(np.where(known, values, 0.0) * weight, area, n) / np.where(
            total > 0, total, np.nan
        )


def _types(standard: Standard, accepted: tuple[str, ...], service: str) -> tuple[FacilityType, ...]:
    if accepted:
        return tuple(one for one in standard.types if one.id in accepted)
    return tuple(one for one in standard.types if one.service == service)
