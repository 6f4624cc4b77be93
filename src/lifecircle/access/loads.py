"""
From walks to loads: how many people depend on each facility, beside how many it can serve.

Most capacities are this project's proposal; a load is told for every facility and makes a
shortfall only where a norm that must be met says what a size serves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.places.groups import people_of
from lifecircle.reach.matrix import Pinned, Reach
from lifecircle.standards import FacilityType, Norm, Standard
from lifecircle.tables import LOADS

_NEAR = ("community", "unit")
_ROUNDING = 1e-9


class Capacity(NamedTuple):
    """
    How many people a facility serves.

    Attributes
    ----------
    people
        Their number.
    group
        Whom it counts; None for whomever a requirement asks for.
    norm
        The norm that says so; None where the type does.
    clause
        Its clause and tag.
    """

    people: float
    group: str | None
    norm: str | None
    clause: str


def loads_of(
    standard: Standard,
    reaches: Mapping[str, Reach],
    *,
    homes: Pinned,
    facilities: Pinned,
) -> pd.DataFrame:
    """
    Count the people who depend on each facility, beside those it can serve.

    Parameters
    ----------
    standard
        The standard: norms, and the people one facility of a type serves.
    reaches
        Requirement id to its reach.
    homes, facilities
        Both sides.

    Returns
    -------
    loads
        With the columns of `tables.LOADS`, one row per facility that counts for a base
        requirement, by facility. `people_nearest` are the covered people whose nearest counting
        facility it is, of the requirement that names its type, else of the one with most people;
        `capacity` the people it serves: its size by a norm of communities or units, else the people
        per facility of its type, less where it is smaller than the type asks. Missing where nothing
        says so. `load` is their ratio, `over` whether it exceeds 1.

    Notes
    -----
    Capacities of types are proposals (P): the tag stands in `clause`.
    """
    table = facilities.table
    asked = [
        (one, reaches[one.id])
        for one in standard.requirements
        if one.view == "base" and not one.counts
    ]
    depending = {one.id: _depending(reach, homes, one.group) for one, reach in asked}
    rows: list[dict[str, object]] = []
    for at in np.flatnonzero(_any([reach.counting for _, reach in asked], len(table))):
        kind = str(table["type"].iloc[at])
        mine = [one for one, reach in asked if reach.counting[at]]
        named = [one for one in mine if kind in one.types] or mine
        requirement = named[int(np.argmax([depending[one.id][at] for one in named]))]
        capacity = capacity_of(standard, table.iloc[at], kind)
        people = depending[requirement.id][at]
        if capacity is not None and capacity.group not in (None, requirement.group):
            group = str(capacity.group)
            key = f"{requirement.id}|{group}"
            if key not in depending:
                depending[key] = _depending(reaches[requirement.id], homes, group)
            people = depending[key][at]
        limit = np.nan if capacity is None else capacity.people
        load = people / limit if limit > 0 else np.nan
        rows.append(
            {
                "facility_id": table["facility_id"].iloc[at],
                "name": table["name"].iloc[at],
                "service": table["service"].iloc[at],
                "type": kind,
                "people_nearest": people,
                "capacity": limit,
                "load": load,
                "over": None if np.isnan(load) else bool(load > 1 + _ROUNDING),
                "requirement": requirement.id,
                "norm": None if capacity is None else capacity.norm,
                "clause": None if capacity is None else capacity.clause,
            }
        )
    return pd.DataFrame(rows, columns=list(LOADS))


def _any(masks: list[NDArray[np.bool_]], n: int) -> NDArray[np.bool_]:
    return np.asarray(np.logical_or.reduce([np.zeros(n, dtype=bool), *masks]), dtype=bool)


def _depending(reach: Reach, homes: Pinned, group: str) -> NDArray[np.float64]:
    """Count the covered people of a group by their nearest facility; missing where unknown."""
    people = people_of(homes.table, group)
    if np.isnan(people).any():
        return np.full(len(reach.counting), np.nan)
    at = reach.covered & (reach.facility >= 0)
    return np.bincount(
        reach.facility[at], weights=people[at], minlength=len(reach.counting)
    ).astype(np.float64)


def capacity_of(standard: Standard, facility: pd.Series, kind: str) -> Capacity | None:
    """
    Say how many people a facility serves: by a norm, a duty before a wish, else by its type.

    Parameters
    ----------
    standard
        The standard.
    facility
        Its ``service`` and its sizes, missing where nobody knows.
    kind
        Its type.

    Returns
    -------
    capacity
        None where nothing says so.
    """
    norms = sorted(_norms(standard, facility, kind), key=lambda one: one.obligation != "must")
    for norm in norms:
        size = 1.0 if norm.measure == "facilities" else float(facility[norm.measure])
        if norm.per is not None and np.isfinite(size):
            served = size / norm.at_least * norm.per
            return Capacity(served, norm.of, norm.id, f"{norm.clause} [{norm.number_evidence.tag}]")
    one = next((one for one in standard.types if one.id == kind), None)
    if one is None or one.people_per_facility is None:
        return None
    told = next(item for item in one.evidence if item.field == "people_per_facility")
    part = _part_of_least(one, facility)
    return Capacity(one.people_per_facility * part, None, None, f"{told.clause} [{told.tag}]")


def _norms(standard: Standard, facility: pd.Series, kind: str) -> Iterator[Norm]:
    for norm in standard.norms:
        # What a county has in all its beds says nothing of the one house nearby.
        if norm.level not in _NEAR:
            continue
        if kind in norm.types or (not norm.types and norm.service == facility["service"]):
            yield norm


def _part_of_least(one: FacilityType, facility: pd.Series) -> float:
    """Say which part of the least size of its type a facility has, at most 1."""
    for least, column in ((one.floor_min_m2, "floor_m2"), (one.site_min_m2, "site_m2")):
        size = float(facility[column])
        if least is not None and np.isfinite(size):
            return min(1.0, size / least)
    return 1.0
