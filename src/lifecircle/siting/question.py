"""A study's question of sites as one value, and as the arrays it is solved on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lifecircle.config import SitingSection
from lifecircle.network.compounds import Compounds
from lifecircle.places.asked import people_asked
from lifecircle.reach.matrix import Pinned, Reach
from lifecircle.siting.capacity import capacities
from lifecircle.siting.complete import Lacks
from lifecircle.siting.options import AREA_OF, Demands, Options, room_m2
from lifecircle.siting.places import Places
from lifecircle.siting.problem import Areas, SitingProblem
from lifecircle.standards import Requirement, Standard


@dataclass(frozen=True, kw_only=True)
class Question:
    """
    Everything a choice is made from and described with.

    Parameters
    ----------
    standard, wanted
        The standard, and its requirements with gaps.
    places, pinned
        Land, rooms and ways, and where they are on the streets.
    options, cost
        What could be built where, and what that costs [10,000 CNY], missing where unknown.
    lacks
        What goes first.
    reaches
        Requirement id to who reaches what today.
    homes, facilities
        Where people live and what is there, pinned.
    compounds
        Streets and closed estates.
    config
        Numbers, weights, forced and forbidden places.
    """

    standard: Standard
    wanted: tuple[Requirement, ...]
    places: Places
    pinned: Pinned
    options: Options
    cost: NDArray[np.float64]
    lacks: Lacks
    reaches: Mapping[str, Reach]
    homes: Pinned
    facilities: Pinned | None
    compounds: Compounds
    config: SitingSection

    @property
    def payable(self) -> NDArray[np.bool_]:
        """Options the budget can pay alone."""
        most = np.inf if self.config.budget is None else self.config.budget
        return np.asarray(np.nan_to_num(self.cost) <= most, dtype=bool)


def problem_of(case: Question, demands: Demands) -> SitingProblem:
    """
    Ask who is to be covered and, before them, which lacks are to be closed.

    Parameters
    ----------
    case
        The question.
    demands
        Who is not covered.

    Returns
    -------
    problem
        Checked arrays; a way without a cost is forbidden under a budget.
    """
    options, places, config, lacks = case.options, case.places, case.config, case.lacks
    size, count = len(demands.weight), len(options.parcel)
    option = np.concatenate([np.repeat(np.arange(count), np.diff(options.ptr)), lacks.option])
    demand = np.concatenate([options.demand.astype(np.int64), size + lacks.lack])
    order = np.lexsort((demand, option))
    ids = places.table["parcel_id"]
    unpriced = np.zeros(len(places), dtype=bool)
    if config.budget is not None:
        unpriced[options.parcel[np.isnan(case.cost)]] = True
    return SitingProblem(
        demand_weight=np.concatenate([demands.weight, lacks.table["people"].to_numpy(float)]),
        option_parcel=options.parcel,
        option_area_m2=options.area_m2,
        option_type=options.type,
        option_cost=np.nan_to_num(case.cost),
        cover_ptr=np.concatenate([[0], np.cumsum(np.bincount(option, minlength=count))]),
        cover_demand=demand[order].astype(np.int32),
        parcel_area_m2=np.concatenate([room_m2(places.land), np.full(len(places.ways), np.inf)]),
        parcel_required=ids.isin(config.must).to_numpy(),
        parcel_forbidden=ids.isin(config.never).to_numpy() | unpriced,
        max_sites=config.max_sites,
        budget=config.budget,
        demand_first=np.arange(size + len(lacks)) >= size,
        parcel_effort=places.effort,
        areas=_areas_of(case, demands) if config.fair == "worst_first" else None,
        capacities=capacities(
            case.standard, case.wanted, config.weights, options, demands, len(lacks)
        )
        if config.capacity
        else None,
    )


def _areas_of(case: Question, demands: Demands) -> Areas:
    """
    Tell how well areas are served today.

    The units in use (else subdistricts, else communities) with somebody to be served; people times
    what is asked for, with the weights of the choice. A share of 1 is everybody for everything.
    """
    homes = case.homes.table
    level = next(
        (one for one in ("unit", "subdistrict") if homes[AREA_OF[one]].notna().any()), "community"
    )
    names, at = np.unique(homes[AREA_OF[level]].fillna("").astype(str), return_inverse=True)
    total, covered = np.zeros(len(names)), np.zeros(len(names))
    for one in case.wanted:
        people = np.nan_to_num(people_asked(homes, one))
        people = people * case.config.weights.get(one.service, 1.0)
        people = people * case.config.weights.get(one.group, 1.0)
        total += np.bincount(at, weights=people, minlength=len(names))
        served = people * case.reaches[one.id].covered
        covered += np.bincount(at, weights=served, minlength=len(names))
    area = at[demands.home]
    asked = np.bincount(area, weights=demands.weight, minlength=len(names)) > 0
    asked &= names != ""
    number = np.where(asked, np.cumsum(asked) - 1, -1).astype(np.int64)
    none = np.full(len(case.lacks), -1, dtype=np.int64)
    return Areas(
        demand=np.concatenate([number[area], none]), covered=covered[asked], total=total[asked]
    )
