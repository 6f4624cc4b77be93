"""
Turns a siting question into the tables its answer is searched in.

Only options that cover something, fit on their parcel and are allowed take part.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

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
    asked
        Options and the demands of the first kind, the last rows of `cover`, by what they weigh
        among themselves.
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
    asked: Cover
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
            What they weigh in `asked`, a whole number; 0 where there are none.
        """
        return self.asked.covered(chosen)

    def count_first(self, chosen: Longs) -> int:
        """
        Count the demands of the first kind that a choice meets.

        Parameters
        ----------
        chosen
            Options, shape (k,).

        Returns
        -------
        met
            Their number.
        """
        return len(np.unique(gather(self.asked.ptr, self.asked.demand, chosen)))

    def of_first(self) -> Case:
        """
        Ask for the demands of the first kind alone.

        Returns
        -------
        case
            The same question over `asked`.
        """
        columns, built = _by_bundle(self.asked, self.bundles)
        return replace(self, cover=self.asked, told=self.asked, columns=columns, built=built)

    def weighing(self, each: float) -> Case:
        """
        Let the demands of the first kind weigh less or more beside the others.

        Parameters
        ----------
        each
            What a unit of their weight in `asked` counts.

        Returns
        -------
        case
            The same question.
        """
        weight = np.concatenate([self.told.weight, each * self.asked.weight])
        return replace(
            self,
            cover=replace(self.cover, weight=weight),
            columns=replace(self.columns, weight=weight),
            built=replace(self.built, weight=weight),
        )

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

    def bundles_of(self, chosen: Longs) -> Longs:
        """
        Bundles that stand for a choice of options.

        Parameters
        ----------
        chosen
            Options, shape (k,).

        Returns
        -------
        bundles
            The one of each opened parcel that holds most of what was chosen there, ascending.
        """
        picked = np.zeros(self.cover.columns, dtype=np.bool_)
        picked[chosen] = True
        ptr, option = self.bundles.ptr, self.bundles.option
        columns = []
        for parcel in np.unique(self.rules.parcel[chosen]):
            ranked = []
            for column in np.flatnonzero(self.bundles.parcel[: self.built.columns] == parcel):
                held = option[ptr[column] : ptr[column + 1]]
                if self.rules.budget is None or picked[held].all():
                    ranked.append((-int(picked[held].sum()), len(held), int(column)))
            columns += [min(ranked)[2]] if ranked else []
        return np.array(sorted(columns), dtype=np.int64)


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
    first = np.zeros(len(weight), dtype=np.bool_)
    if problem.demand_first is not None:
        first = problem.demand_first & (weight > 0)
    told = merge_demand(build_cover(weight * ~first, ptr, demand))
    asked = _claims(weight, first, ptr, demand)
    cover = _stacked(told, asked) if len(asked.weight) else told
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
    columns, built = _by_bundle(cover, bundles)
    return Case(
        rules=rules,
        usable=usable,
        cover=cover,
        told=told,
        asked=asked,
        bundles=bundles,
        columns=columns,
        built=built,
        idle=idle,
        forbidden=np.asarray(problem.parcel_forbidden, dtype=np.bool_),
        effort=np.zeros(len(room))
        if problem.parcel_effort is None
        else np.asarray(problem.parcel_effort, dtype=np.float64),
    )


def _by_bundle(cover: Cover, bundles: Bundles) -> tuple[Cover, Cover]:
    """Join what bundles cover, with and without the relaxed ones."""
    columns = build_cover(cover.weight, *bundles.reach(cover.ptr, cover.demand))
    if not bundles.relaxed:
        return columns, columns
    ptr = columns.ptr[: columns.columns - bundles.relaxed + 1]
    return columns, build_cover(cover.weight, ptr, columns.demand[: ptr[-1]])


def _claims(weight: Floats, first: Flags, ptr: Longs, demand: Longs) -> Cover:
    """
    Take the demands of the first kind that can be met: the largest counts twice the smallest.

    Whole numbers: their sums are exact, and fine enough to tell them apart.
    """
    kept = first[demand]
    rows, renumbered = np.unique(demand[kept], return_inverse=True)
    share = weight[rows] / max(float(weight[rows].max(initial=0.0)), 1e-9)
    ends = np.concatenate([[0], np.cumsum(kept)])[ptr]
    return build_cover(np.rint(1000.0 * (1.0 + share)), ends.astype(np.int64), renumbered)


def _stacked(told: Cover, asked: Cover) -> Cover:
    """Put demands of the first kind behind the others, each worth more than all of those."""
    column = np.arange(told.columns, dtype=np.int64)
    owner = np.concatenate([np.repeat(column, np.diff(one.ptr)) for one in (told, asked)])
    demand = np.concatenate([told.demand, asked.demand + len(told.weight)])
    order = np.argsort(owner, kind="stable")
    most = np.floor(told.weight.sum()) + 1.0
    weight = asked.weight * np.ceil(most / asked.weight.min())
    return build_cover(np.concatenate([told.weight, weight]), told.ptr + asked.ptr, demand[order])


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


def pruned(case: Case, chosen: Longs) -> Longs:
    """
    Close options that others make up for.

    Parameters
    ----------
    case
        The question.
    chosen
        Options, shape (k,).

    Returns
    -------
    kept
        Those without which less would be covered, or that a required parcel needs, ascending.
    """
    times = np.bincount(gather(case.cover.ptr, case.cover.demand, chosen), minlength=1)
    kept = set(chosen.tolist())
    parcels = case.rules.parcel[chosen]
    whole = [chosen[parcels == parcel] for parcel in np.unique(parcels)[::-1]]
    single = [chosen[[place]] for place in range(len(chosen) - 1, -1, -1)]
    for options in (*whole, *single):
        if not kept.issuperset(options.tolist()):
            continue
        parcel = int(case.rules.parcel[options[0]])
        left = kept.difference(options.tolist())
        if case.rules.required[parcel] and not any(
            case.rules.parcel[option] == parcel for option in left
        ):
            continue
        reach = gather(case.cover.ptr, case.cover.demand, options)
        own = np.bincount(reach, minlength=len(times))
        if ((own > 0) & (times == own)).any():
            continue
        times = times - own
        kept = left
    return np.array(sorted(kept), dtype=np.int64)
