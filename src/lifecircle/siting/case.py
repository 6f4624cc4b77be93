"""
Turns a siting question into the tables its answer is searched in.

Only options that cover something, fit on their parcel and are allowed take part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lifecircle.errors import Problem, SitingError
from lifecircle.siting.bundles import Bundles, bundle
from lifecircle.siting.cover import (
    Cover,
    Flags,
    Floats,
    Limits,
    Longs,
    build_cover,
    gather,
    merge_demand,
    sums,
)
from lifecircle.siting.exact import TOLERANCE, Rules
from lifecircle.siting.problem import SitingProblem


@dataclass(frozen=True, kw_only=True)
class Case:
    """
    A question made ready: options and the bundles they form, over merged demands.

    Parameters
    ----------
    rules
        Where options may stand; the sites that idle parcels take are gone from its number.
    usable
        Options that cover something, fit and are allowed, ascending.
    cover
        Options and merged demands; those of the first kind outweigh all others together.
    told
        Options and the demands that are counted: without those of the first kind.
    bundles
        What parcels can hold at once.
    columns, built
        Bundles and merged demands, with and without the relaxed bundles.
    idle
        Required parcels that no usable option stands on, ascending.
    forbidden
        Parcels that must not be used, shape (p,).
    effort
        How much each parcel takes, shape (p,).
    """

    rules: Rules
    usable: Longs
    cover: Cover
    told: Cover
    bundles: Bundles
    columns: Cover
    built: Cover
    idle: Longs
    forbidden: Flags
    effort: Floats

    def limits(self, columns: Cover, forbidden: Flags) -> Limits:
        """
        Limits for choosing bundles.

        Parameters
        ----------
        columns
            `columns` or `built`.
        forbidden
            Parcels that must not be used, shape (p,).

        Returns
        -------
        limits
            One group per parcel.
        """
        return Limits(
            group=self.bundles.parcel[: columns.columns],
            cost=self.bundles.cost[: columns.columns],
            required=self.rules.required,
            forbidden=forbidden,
            max_groups=self.rules.max_sites,
            budget=self.rules.budget,
        )

    @property
    def coverable(self) -> float:
        """Weight that all usable options cover together."""
        return self.told.covered(self.usable)

    def first(self, chosen: Longs) -> float:
        """
        Tell how far a choice meets the demands of the first kind.

        Parameters
        ----------
        chosen
            Options, shape (k,).

        Returns
        -------
        met
            What they weigh in `cover`; 0 where there are none.
        """
        if self.told is self.cover:
            return 0.0
        return self.cover.covered(chosen) - self.told.covered(chosen)

    def options(self, chosen: Longs) -> Longs:
        """
        Options of some bundles.

        Parameters
        ----------
        chosen
            Bundles, shape (k,).

        Returns
        -------
        options
            Their options, ascending.
        """
        return np.sort(gather(self.bundles.ptr, self.bundles.option, chosen))


def prepare(problem: SitingProblem) -> Case:
    """
    Merge demands, drop useless options and list the bundles.

    Parameters
    ----------
    problem
        The question; not changed.

    Returns
    -------
    case
        Ready to be answered.

    Raises
    ------
    SitingError
        If what is required costs more than the budget.
    """
    ptr = np.asarray(problem.cover_ptr, dtype=np.int64)
    demand = np.asarray(problem.cover_demand, dtype=np.int64)
    weight = np.asarray(problem.demand_weight, dtype=np.float64)
    first = problem.demand_first
    told = merge_demand(build_cover(weight if first is None else weight * ~first, ptr, demand))
    cover = told
    if first is not None and (first & (weight > 0)).any():
        cover = merge_demand(build_cover(_outweighing(weight, first, told), ptr, demand))
    parcel = np.asarray(problem.option_parcel, dtype=np.int64)
    area = np.asarray(problem.option_area_m2, dtype=np.float64)
    cost = np.asarray(problem.option_cost, dtype=np.float64)
    room = np.asarray(problem.parcel_area_m2, dtype=np.float64)
    useful = (np.diff(cover.ptr) > 0) & ~problem.parcel_forbidden[parcel]
    useful &= area <= room[parcel] * (1 + TOLERANCE)
    if problem.budget is not None:
        useful &= cost <= problem.budget * (1 + TOLERANCE)
    usable = np.flatnonzero(useful)
    held = np.bincount(parcel[usable], minlength=len(room)) > 0
    idle = np.flatnonzero(problem.parcel_required & ~held)
    rules = Rules(
        parcel=parcel,
        kind=np.asarray(problem.option_type, dtype=np.int64),
        area_m2=area,
        cost=cost,
        parcel_area_m2=room,
        required=problem.parcel_required & held,
        max_sites=None if problem.max_sites is None else problem.max_sites - len(idle),
        budget=problem.budget,
    )
    _affordable(rules, usable)
    bundles = bundle(rules, usable, sums(cover.ptr, cover.weight[cover.demand]))
    columns = build_cover(cover.weight, *bundles.reach(cover.ptr, cover.demand))
    built = columns
    if bundles.relaxed:
        size = columns.columns - bundles.relaxed
        ptr = columns.ptr[: size + 1]
        built = build_cover(cover.weight, ptr, columns.demand[: ptr[-1]])
    return Case(
        rules=rules,
        usable=usable,
        cover=cover,
        told=told,
        bundles=bundles,
        columns=columns,
        built=built,
        idle=idle,
        forbidden=np.asarray(problem.parcel_forbidden, dtype=np.bool_),
        effort=np.zeros(len(room))
        if problem.parcel_effort is None
        else np.asarray(problem.parcel_effort, dtype=np.float64),
    )


def _outweighing(weight: Floats, first: Flags, told: Cover) -> Floats:
    """
    Weigh demands of the first kind so that one of them is worth more than all people together.

    The largest counts twice the smallest, no more: sums stay small enough to be exact.
    """
    least = max(np.floor(told.weight.sum()) + 1.0, 1000.0)  # fine enough to tell them apart
    share = weight / max(float(weight[first].max()), 1e-9)
    return np.where(first & (weight > 0), np.rint(least * (1.0 + share)), weight)


def _affordable(rules: Rules, usable: Longs) -> None:
    if rules.budget is None:
        return
    cheapest = np.full(len(rules.required), np.inf)
    np.minimum.at(cheapest, rules.parcel[usable], rules.cost[usable])
    least = float(cheapest[rules.required].sum())
    if least > rules.budget * (1 + TOLERANCE):
        raise SitingError(
            Problem(
                what=f"the parcels that must be used cost at least {least:g}, the budget is "
                f"{rules.budget:g}",
                remedy="raise the budget or shorten the list",
            )
        )
