"""
Says how many people what is built at a site can serve, and holds newly covered people against it.

Who is newly covered is decided by the walk alone. What a place can serve is told beside it, and
credited to it in the choice where a study asks for that (`siting.capacity`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.access.loads import capacity_of
from lifecircle.places.asked import people_asked
from lifecircle.siting.options import Demands, Options, accepts
from lifecircle.siting.problem import Capacities
from lifecircle.standards import FacilityType, Requirement, Standard

_SIZES = ("floor_m2", "site_m2", "beds", "places")


def room_for(standard: Standard, one: FacilityType, asked: Requirement) -> float:
    """
    Say how many people of a requirement a new place of a type serves.

    Parameters
    ----------
    standard
        The standard.
    one
        The type, built as large as it asks at least.
    asked
        The requirement, with whom it counts.

    Returns
    -------
    people
        By a norm of communities or units that counts the same people, else the people one place of
        the type is for; missing where nothing says so.

    Examples
    --------
    >>> from lifecircle.siting.capacity import room_for
    >>> from lifecircle.standards import load_standard
    >>> basic = load_standard("basic")
    >>> station = next(one for one in basic.types if one.id == "medical.station")
    >>> room_for(basic, station, basic.requirement("medical_5"))
    12000.0
    """
    sizes = dict.fromkeys(_SIZES, np.nan) | {
        "floor_m2": np.nan if one.floor_min_m2 is None else one.floor_min_m2,
        "site_m2": np.nan if one.site_min_m2 is None else one.site_min_m2,
    }
    found = capacity_of(standard, pd.Series({"service": one.service, **sizes}), one.id)
    if found is not None and found.group in (None, asked.group):
        return found.people
    return np.nan if one.people_per_facility is None else one.people_per_facility


def told_capacity(
    standard: Standard,
    served: Mapping[str, Mapping[str, NDArray[np.int64]]],
    built: Mapping[str, Sequence[FacilityType]],
    homes: pd.DataFrame,
) -> pd.DataFrame:
    """
    Hold whom sites newly cover against what they can serve.

    Parameters
    ----------
    standard
        The standard.
    served
        Site to requirement to the homes (rows) it newly covers, as a fresh search found them.
    built
        Site to the types that are built there; nothing for ways.
    homes
        `tables.HOMES`.

    Returns
    -------
    told
        By site: ``capacity``, the people it can serve by the type that is used most, and
        ``over_people``, the newly covered beyond it. Missing where no type says.

    Notes
    -----
    Types that answer one requirement share its people. Those who have a place within reach today
    and would change to the new one are not counted: the load of a site is at least what is told.
    """
    rows = {}
    for site, gained in served.items():
        best = (np.nan, np.nan)
        for name, at in gained.items():
            asked = standard.requirement(name)
            room = sum(room_for(standard, one, asked) for one in _serving(asked, built[site]))
            people = float(np.nan_to_num(people_asked(homes, asked))[at].sum())
            if room > 0 and not people / room <= best[0]:
                best = (people / room, room)
        load, room = best
        rows[site] = (room, max(load * room - room, 0.0) if room > 0 else np.nan)
    return pd.DataFrame.from_dict(
        rows, orient="index", columns=["capacity", "over_people"], dtype="float64"
    )


def _serving(asked: Requirement, built: Sequence[FacilityType]) -> list[FacilityType]:
    return [one for one in built if accepts(asked, one)]


def capacities(
    standard: Standard,
    wanted: tuple[Requirement, ...],
    weights: Mapping[str, float],
    options: Options,
    demands: Demands,
    lacks: int,
) -> Capacities:
    """
    Say what each option is credited with at most.

    Parameters
    ----------
    standard
        The standard.
    wanted
        The requirements the demands point into.
    weights
        Weight of a service or group in the choice.
    options
        What could be built where; ways are credited with everybody.
    demands
        Whom options cover.
    lacks
        How many demands of the first kind stand behind them.

    Returns
    -------
    capacities
        In people times weights, like the demands.
    """
    table = np.full((len(standard.types) + 1, len(wanted)), np.inf)
    for column, asked in enumerate(wanted):
        weight = weights.get(asked.service, 1.0) * weights.get(asked.group, 1.0)
        for row, one in enumerate(standard.types):
            if accepts(asked, one):
                room = room_for(standard, one, asked)
                table[row, column] = np.inf if np.isnan(room) else room * weight
    kind = np.concatenate([demands.requirement, np.full(lacks, -1)]).astype(np.int64)
    return Capacities(kind=kind, most=table[np.asarray(options.type, dtype=np.int64)])
