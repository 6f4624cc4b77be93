"""
From a choice by reach alone to one in which no place is credited with more than it can serve.

Whom a place covers is still decided by the walk. Only the credit of the choice is limited: people
beyond what a place has room for count for it no more, so that a second place beside a crowded one
is worth its site.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lifecircle.siting.bound import lagrangian_bound
from lifecircle.siting.bundle_model import BundleModel, Model, merged_within
from lifecircle.siting.case import Case
from lifecircle.siting.cover import Cover, Flags, Floats, Longs, build_cover, crumb, gather, sums
from lifecircle.siting.credit_bound import credit_bound
from lifecircle.siting.problem import Capacities, SitingProblem

ROUNDS = 6
"""Most rounds of exchanges of the greedy choice."""
_CLOSE = 1e-6  # the solver's own tolerance
MOST_ENTRIES = 120_000
"""Entries of the model up to which it is tried; larger questions keep the better of two plans."""


@dataclass(frozen=True, kw_only=True)
class Credited:
    """
    A choice with what its places have room for.

    Parameters
    ----------
    chosen
        Options, ascending.
    credit
        Weight they cover and have room for.
    bound
        No plan that meets as many demands of the first kind is credited with more.
    """

    chosen: Longs
    credit: float
    bound: float


def credited(problem: SitingProblem, chosen: Longs) -> float:
    """
    Work out what of the weight a choice covers its places have room for.

    Parameters
    ----------
    problem
        The question, with capacities.
    chosen
        Options, shape (k,).

    Returns
    -------
    credit
        The most that can be shared out: whom several places cover goes where there is room.

    Raises
    ------
    ValueError
        If the problem has no capacities.

    Examples
    --------
    >>> import numpy as np
    >>> from lifecircle.siting.capped import credited
    >>> from lifecircle.siting.problem import Capacities, SitingProblem
    >>> two = SitingProblem(
    ...     demand_weight=np.array([30.0, 20.0]), option_parcel=np.array([0, 1]),
    ...     option_area_m2=np.ones(2), option_type=np.zeros(2, dtype=int),
    ...     option_cost=np.zeros(2), cover_ptr=np.array([0, 2, 3]),
    ...     cover_demand=np.array([0, 1, 1]), parcel_area_m2=np.full(2, 9.0),
    ...     parcel_required=np.zeros(2, dtype=bool), parcel_forbidden=np.zeros(2, dtype=bool),
    ...     max_sites=2, budget=None,
    ...     capacities=Capacities(kind=np.zeros(2, dtype=int), most=np.array([[35.0], [35.0]])))
    >>> credited(two, np.array([0])), credited(two, np.array([0, 1]))
    (35.0, 50.0)
    """
    capacities = _of(problem)
    kept = np.zeros(len(problem.option_parcel), dtype=bool)
    kept[chosen] = True
    table, kind = merged_within(problem, capacities.kind, kept)
    owner, full = _full(table, kind, capacities)
    free = np.bincount(table.demand[~full], minlength=len(table.weight)) > 0
    total = float(table.weight[free].sum())
    entry = full & ~free[table.demand]
    if not entry.any():
        return total
    model = Model(0)
    user, used = owner[entry], table.demand[entry]
    use = model.columns(len(user), upper=1.0)
    for one in np.unique(used).tolist():
        mine = use[used == one]
        model.row(mine, np.ones(len(mine)), -np.inf, 1.0)
    for option, of in np.unique(np.column_stack([user, kind[used]]), axis=0).tolist():
        mine = (user == option) & (kind[used] == of)
        most = max(float(capacities.most[option, of]), 1e-9)
        model.row(use[mine], table.weight[used[mine]] / most, -np.inf, 1.0)
    found = model.run(table.weight[used], node_limit=1, seed=0)
    return total + (0.0 if found is None else found.value)


def within_capacity(
    problem: SitingProblem, case: Case, chosen: Longs, bound: float, *, node_limit: int, seed: int
) -> Credited:
    """
    Choose again so that most of what is covered has room.

    Parameters
    ----------
    problem
        The question, with capacities.
    case
        It made ready.
    chosen
        The choice by reach alone.
    bound
        No plan covers more than this, so none is credited with more.
    node_limit
        Most branch-and-bound nodes.
    seed
        Seed of the solver.

    Returns
    -------
    credited
        At least as good as `chosen`, and meeting as many demands of the first kind.

    Notes
    -----
    The maximal covering problem with capacities (Current and Storbeck 1988); the people of a demand
    may be shared out. A greedy choice by what is left of demands and of room is exchanged site by
    site; what may be better than that, by the bound of the question without capacities, goes into a
    mixed-integer model where it is small enough.
    """
    met, most = case.first(chosen), _of(problem).most
    best, credit = chosen, credited(problem, chosen)
    search = _Search(problem, case)
    queue = [search.filled(np.zeros(0, dtype=np.int64)), case.bundles_of(chosen)]
    for _ in range(ROUNDS):
        found = best
        for held in queue:
            options = case.options(held)
            value = credited(problem, options) if case.first(options) >= met else -1.0
            if value > credit + crumb(case.told) and case.rules.hold(options):
                found, credit = options, value
        if found is best and len(queue) > 2:
            break
        best, start = found, case.bundles_of(found)
        queue = [search.filled(np.delete(start, at), shut=start[at]) for at in range(len(start))]
        queue += [search.filled(np.delete(start, at)) for at in range(len(start))]
    bound = min(bound, search.bound(met, credit))
    if bound > credit + crumb(case.told):
        alive = _alive(case, met, credit)
        if int(np.diff(case.told.ptr)[alive].sum()) + (most < np.inf).sum() <= MOST_ENTRIES:
            model = _CreditModel(problem, case, met, alive)
            start = case.bundles_of(best)
            answer = model.run(model.people(), node_limit=node_limit, seed=seed, start=start)
            if answer is not None:
                options = case.options(answer.columns)
                value = credited(problem, options)
                if value > credit + crumb(case.told) and case.rules.hold(options):
                    best, credit = options, value
                if not case.bundles.relaxed:
                    bound = min(bound, max(answer.bound, credit))
    best = _pruned(problem, case, best, credit, met)
    bound = max(bound, credit)
    close = bound - credit <= _CLOSE * max(credit, 1.0)
    return Credited(chosen=best, credit=credit, bound=credit if close else bound)


def _of(problem: SitingProblem) -> Capacities:
    if problem.capacities is None:
        raise ValueError("a choice within capacities needs a problem that has them")
    return problem.capacities


def _full(table: Cover, kind: Longs, capacities: Capacities) -> tuple[Longs, Flags]:
    """Give the option of each entry, and whether it covers more of that kind than it can serve."""
    owner = np.repeat(np.arange(table.columns, dtype=np.int64), np.diff(table.ptr))
    kinds = capacities.most.shape[1]
    slot = owner * kinds + kind[table.demand]
    weight = np.bincount(slot, weights=table.weight[table.demand], minlength=table.columns * kinds)
    return owner, weight[slot] > capacities.most.ravel()[slot] * (1 + 1e-12)


class _Search:
    """Greedy choice by what is left of demands and of room, parcel by parcel."""

    def __init__(self, problem: SitingProblem, case: Case) -> None:
        self._case, self._most = case, _of(problem).most
        every = np.zeros(len(problem.option_parcel), dtype=bool)
        every[case.usable] = True
        self._table, self._kind = merged_within(problem, _of(problem).kind, every)
        kinds = self._most.shape[1]
        owner = np.repeat(np.arange(self._table.columns), np.diff(self._table.ptr))
        self._slot = owner * kinds + self._kind[self._table.demand]

    def _worth(self, left: Floats) -> Floats:
        """Say what each option would be credited with of what is left, by itself."""
        size = self._most.size
        weight = np.bincount(self._slot, weights=left[self._table.demand], minlength=size)
        return np.minimum(weight.reshape(self._most.shape), self._most)

    def bound(self, met: float, credit: float) -> float:
        """Bound what any plan that meets as much is credited with."""
        args = (self._case, self._table, self._kind, self._most)
        return credit_bound(*args, met=met, reached=credit)

    def filled(self, held: Longs, *, shut: int = -1) -> Longs:
        """
        Add bundles, those first that demands of the first kind or required parcels ask for.

        The parcel of one that is `shut` takes none, unless it is required.
        """
        case, rules = self._case, self._case.rules
        bundles, size = case.bundles, case.built.columns
        left = self._table.weight.copy()
        claim = case.asked.weight.copy()
        chosen: list[int] = []
        waiting = held.tolist()
        used = np.zeros(len(rules.required), dtype=bool)
        cost = bundles.cost[:size]
        closed = np.zeros(size, dtype=bool)
        if shut >= 0 and not rules.required[bundles.parcel[shut]]:
            closed = bundles.parcel[:size] == bundles.parcel[shut]
        limit = len(used) if rules.max_sites is None else rules.max_sites
        most = np.inf if rules.budget is None else rules.budget
        above = self._table.weight.sum() + 1.0
        while len(chosen) < limit:
            worth = self._worth(left).sum(axis=1)
            if len(claim):
                worth += above * sums(case.asked.ptr, claim[case.asked.demand])
            gain = sums(bundles.ptr, worth[bundles.option])[:size]
            due = (rules.required & ~used)[bundles.parcel[:size]]
            gain = np.where(due, gain + above * (1.0 + claim.sum()), gain)
            gain[closed | used[bundles.parcel[:size]] | (cost > most - cost[chosen].sum())] = -1.0
            column = waiting.pop(0) if waiting else int(np.argmax(gain)) if size else -1
            if column < 0 or gain[column] <= crumb(self._table):
                break
            chosen.append(column)
            used[bundles.parcel[column]] = True
            for option in bundles.option[bundles.ptr[column] : bundles.ptr[column + 1]].tolist():
                self._take(option, left)
                claim[case.asked.demand[case.asked.ptr[option] : case.asked.ptr[option + 1]]] = 0.0
        return np.array(sorted(chosen), dtype=np.int64)

    def _take(self, option: int, left: Floats) -> None:
        """Use up an option's room, the same part of every demand it covers."""
        mine = self._table.demand[self._table.ptr[option] : self._table.ptr[option + 1]]
        there = np.bincount(self._kind[mine], weights=left[mine], minlength=self._most.shape[1])
        with np.errstate(invalid="ignore", divide="ignore"):
            part = np.where(there > 0, np.minimum(self._most[option] / there, 1.0), 1.0)
        left[mine] *= 1.0 - part[self._kind[mine]]


def _alive(case: Case, met: float, credit: float) -> Flags:
    """
    Say which options may be in a better plan, by the bound of the question without capacities.

    Demands of the first kind weigh just enough there to be met, as in the choice by reach.
    """
    each = 0.0
    if len(case.asked.weight):
        gain = sums(case.told.ptr, case.told.weight[case.told.demand])
        each = max(np.ceil(gain.max(initial=0.0) / case.asked.weight.min()), 1.0)
        case = case.weighing(each)
    reached = each * met + credit
    limits = case.limits(case.columns, case.forbidden)
    proof = lagrangian_bound(case.columns, limits, reached=reached)
    alive = np.zeros(case.cover.columns, dtype=np.bool_)
    held = np.flatnonzero(proof.with_column > reached + crumb(case.cover))
    alive[gather(case.bundles.ptr, case.bundles.option, held)] = True
    return alive


class _CreditModel(BundleModel):
    """Bundles, demands, and of options that can be full which part of a demand uses them."""

    def __init__(self, problem: SitingProblem, case: Case, met: float, alive: Flags) -> None:
        super().__init__(case, met)
        capacities, bundles = _of(problem), case.bundles
        table, kind = merged_within(problem, capacities.kind, alive)
        owner, full = _full(table, kind, capacities)
        free = np.concatenate([[0], np.cumsum(~full)])[table.ptr].astype(np.int64)
        whole = build_cover(table.weight, *bundles.reach(free, table.demand[~full]))
        self.weight = table.weight
        self.held = self.columns(len(table.weight), upper=1.0)
        user, used = owner[full], table.demand[full]
        use = self.columns(len(user), upper=1.0)
        by_demand = np.argsort(used, kind="stable")
        ends = np.searchsorted(used[by_demand], np.arange(len(table.weight) + 1))
        for at, mine in enumerate(self.held.tolist()):
            column = whole.column[whole.demand_ptr[at] : whole.demand_ptr[at + 1]]
            some = use[by_demand[ends[at] : ends[at + 1]]]
            column = np.concatenate([column[column < self.size], some])
            self.row(np.append(column, mine), np.append(np.ones(len(column)), -1.0), 0.0, np.inf)
        of_option = np.repeat(np.arange(len(bundles.parcel)), np.diff(bundles.ptr))
        holds = {
            one: of_option[(bundles.option == one) & (of_option < self.size)]
            for one in np.unique(user).tolist()
        }
        for at, option in enumerate(user.tolist()):
            column = np.append(holds[option], use[at])
            self.row(column, np.append(np.ones(len(column) - 1), -1.0), 0.0, np.inf)
        for option, of in np.unique(np.column_stack([user, kind[used]]), axis=0).tolist():
            mine = (user == option) & (kind[used] == of)
            most = max(float(capacities.most[option, of]), 1e-9)
            column = np.concatenate([holds[option], use[mine]])
            part = table.weight[used[mine]] / most
            self.row(column, np.append(np.ones(len(holds[option])), -part), 0.0, np.inf)

    def people(self) -> Floats:
        cost = np.zeros(self.width)
        cost[self.held] = self.weight
        return cost


def _pruned(problem: SitingProblem, case: Case, chosen: Longs, credit: float, met: float) -> Longs:
    """Close parcels, then options, without which no less is credited."""
    parcels = case.rules.parcel
    needed = case.rules.required
    whole = [chosen[parcels[chosen] == one] for one in np.unique(parcels[chosen])[::-1]]
    for some in (*whole, *[chosen[[at]] for at in range(len(chosen) - 1, -1, -1)]):
        left = np.setdiff1d(chosen, some)
        if len(left) == len(chosen) or (
            needed[parcels[some[0]]] and parcels[some[0]] not in parcels[left]
        ):
            continue
        if case.first(left) >= met and credited(problem, left) >= credit - crumb(case.told):
            chosen = left
    return chosen
