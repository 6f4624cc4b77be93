"""
Turns a siting question into a proved or bounded answer: which options on which parcels, and when.

Whatever the method, the covered weight is counted again from the chosen options alone, and the
bound is never below the optimum.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lifecircle.errors import Problem, SitingError
from lifecircle.siting.bound import Bound, lagrangian_bound
from lifecircle.siting.capped import credited, within_capacity
from lifecircle.siting.case import Case, prepare, pruned
from lifecircle.siting.choose import greedy_swap, shake
from lifecircle.siting.cover import Cover, Flags, Floats, Longs, crumb, gather, sums
from lifecircle.siting.exact import Rules, solve_exact
from lifecircle.siting.fairest import fairest
from lifecircle.siting.gentle import gentler
from lifecircle.siting.problem import Alternative, Areas, SitingProblem, SitingSolution
from lifecircle.siting.refused import without_each

__all__ = ["Alternative", "SitingProblem", "SitingSolution", "solve"]

EXACT_ENTRIES = 60_000
"""Entries of the covering table up to which the mixed-integer model is tried, after hopeless
options are gone (a third of it with a budget: knapsacks are harder to prove), and the curve."""
EASY_ENTRIES = 25_000
"""Entries up to which the model is tried after a few kicks only: it is the quicker of the two."""
NEAR = 0.005
"""Plans that cover at most this share less count as equal when one takes less (this project's
choice)."""
NODE_ENTRIES = 3_000_000
"""Entries times nodes of one exact search: the larger the model, the fewer nodes it gets."""
FIRST_KICKS, KICKS = 25, 150
"""How often a choice that is not proved optimal is shaken, before the model and where that stays
open."""


def solve(
    problem: SitingProblem,
    *,
    years: int,
    alternatives: int | None = None,
    node_limit: int = 2000,
    seed: int = 0,
) -> SitingSolution:
    """
    Choose what is built where, so that most weight is covered within the limits.

    Parameters
    ----------
    problem
        The question.
    years
        Years the plan is spread over: balanced numbers of parcels, largest gains first.
    alternatives
        Most alternatives told; None for one per parcel that is not required.
    node_limit
        Most branch-and-bound nodes of each exact search.
    seed
        Seed of the solver and of the shaking.

    Returns
    -------
    solution
        The plan, with the proved gap.

    Raises
    ------
    SitingError
        If there are no years, or what is required costs more than the budget.

    Notes
    -----
    Identical demands are merged. A greedy choice is exchanged and shaken; a Lagrangian bound
    shows how good it is and which options no better plan can hold; what is left goes to a
    mixed-integer model (Church and ReVelle 1974) where it is small enough. Among plans of equal
    coverage one with few parcels is kept: superfluous options are closed, and on small problems
    the fewest parcels are searched for. Then parcels are exchanged for such as take less, where
    all exchanges together lose at most `NEAR` of the weight covered. An option that covers nothing
    is never chosen. Ties go to the lowest index; the covered weight does not depend on the order
    of the options as long as the gap is zero. With capacities it is made again by
    `capped.within_capacity` where a place of it is full.

    Examples
    --------
    >>> import numpy as np
    >>> from lifecircle.siting.plan import SitingProblem, solve
    >>> question = SitingProblem(
    ...     demand_weight=np.array([30.0, 20.0, 10.0]),
    ...     option_parcel=np.array([0, 1, 2]), option_area_m2=np.full(3, 150.0),
    ...     option_type=np.zeros(3, dtype=int), option_cost=np.zeros(3),
    ...     cover_ptr=np.array([0, 2, 4, 5]), cover_demand=np.array([0, 1, 1, 2, 0]),
    ...     parcel_area_m2=np.full(3, 400.0), parcel_required=np.zeros(3, dtype=bool),
    ...     parcel_forbidden=np.zeros(3, dtype=bool), max_sites=1, budget=None)
    >>> found = solve(question, years=1)
    >>> found.opened.tolist(), found.covered, found.gap, found.method
    ([0], 50.0, 0.0, 'exact')
    """
    if years < 1:
        raise SitingError(Problem(what=f"a plan needs at least one year, not {years}"))
    case = prepare(problem)
    if problem.areas is not None and len(problem.areas) and len(case.usable):
        return _fair(problem, problem.areas, case, years=years, node_limit=node_limit, seed=seed)
    chosen, bound = _best(case, node_limit=node_limit, seed=seed)
    chosen = _fewest(case, chosen, node_limit=node_limit, seed=seed)
    best = case.told.covered(chosen)
    bound = min(max(bound, best), max(case.coverable, best))
    if bound - best <= crumb(case.cover) * 10:
        bound = best
    chosen, proved = _gentler(case, chosen), bound == best
    covered = case.told.covered(chosen)
    bound = max(bound, covered)
    room = None if problem.capacities is None else credited(problem, chosen)
    if room is not None and room < covered - 10 * crumb(case.told):
        nodes = _nodes(node_limit, len(case.cover.demand))
        # nothing is exchanged afterwards: replacements by reach alone would be no replacements
        roomy = within_capacity(problem, case, chosen, bound, node_limit=nodes, seed=seed)
        proved = roomy.bound == roomy.credit
        return _solution(
            case, roomy.chosen, years=years, bound=roomy.bound, proved=proved, room=roomy.credit
        )
    room = None if room is None else covered
    found = _solution(case, chosen, years=years, bound=bound, proved=proved, room=room)
    return replace(
        found,
        curve=_curve(case, found.opened_gain),
        alternatives=without_each(case, chosen)[:alternatives],
        given_up=max(best - covered, 0.0),
    )


def _solution(
    case: Case,
    chosen: Longs,
    *,
    years: int,
    bound: float,
    proved: bool,
    room: float | None = None,
) -> SitingSolution:
    opened, gain = _order(case, chosen)
    covered = case.told.covered(chosen)
    reached = covered if room is None else room
    return SitingSolution(
        chosen=chosen,
        opened=opened,
        opened_gain=gain,
        opened_year=_years(len(opened), years),
        covered=covered,
        coverable=case.coverable,
        bound=bound,
        gap=(bound - reached) / bound if bound > 0 else 0.0,
        method="exact" if proved else "heuristic",
        curve=np.cumsum(gain),
        alternatives=(),
        credited=room,
    )


def _fair(
    problem: SitingProblem, areas: Areas, case: Case, *, years: int, node_limit: int, seed: int
) -> SitingSolution:
    """Raise the worst-off areas first; nothing is exchanged or left out afterwards."""
    met, closed = 0.0, True
    if len(case.asked.weight):
        start, most = _searched(case.of_first(), node_limit=node_limit, seed=seed)
        met = case.first(start)
        closed = most <= met
    nodes = _nodes(node_limit, len(case.cover.demand))
    found = fairest(problem, areas, case, met, node_limit=nodes, seed=seed)
    if found is None:
        raise SitingError(
            Problem(
                what="no fair plan was found within the limits of the search",
                where="siting.fair",
                remedy="choose from fewer candidates, or leave siting.fair at true or false",
            )
        )
    chosen = pruned(case, found.chosen)
    covered = case.told.covered(chosen)
    proved = found.proved and closed and found.bound <= covered + 10 * crumb(case.cover)
    bound = covered if proved else min(max(found.bound, covered), max(case.coverable, covered))
    return _solution(case, chosen, years=years, bound=bound, proved=proved)


def _best(case: Case, *, node_limit: int, seed: int) -> tuple[Longs, float]:
    """
    Choose what meets most demands of the first kind and, of such choices, covers most.

    The bound speaks of the others. Beside demands that outweigh everybody the bound of a
    relaxation says next to nothing of people. So what is met at most is settled first, alone; the
    question is then asked with demands of the first kind that weigh just enough for all of that
    to be met. With any weight, what plans cover that meet as many is bounded by the bound less
    what these weigh.
    """
    if not len(case.asked.weight):
        return _searched(case, node_limit=node_limit, seed=seed)
    alone = case.of_first()
    start, most = _searched(alone, node_limit=node_limit, seed=seed)
    full = case.cover.weight[-1] / case.asked.weight[-1]
    gain = sums(case.told.ptr, case.told.weight[case.told.demand])
    each = max(np.ceil(gain.max(initial=0.0) / case.asked.weight.min()), 1.0)
    while most <= case.first(start) and each < full:
        chosen, bound = _searched(case.weighing(each), node_limit=node_limit, seed=seed)
        if case.first(chosen) >= most:
            return chosen, bound - each * most
        each *= 8
    chosen, bound = _searched(case, node_limit=node_limit, seed=seed)
    return chosen, bound - full * case.first(chosen)


def _searched(case: Case, *, node_limit: int, seed: int) -> tuple[Longs, float]:
    limits = case.limits(case.built, case.forbidden)
    held = greedy_swap(case.built, limits)
    value = case.built.covered(held)
    proof = lagrangian_bound(case.columns, case.limits(case.columns, case.forbidden), reached=value)
    bound = float(_rounded(case.cover, proof.value))
    chosen = case.options(held)
    if bound <= value + crumb(case.cover):
        return chosen, value
    appeal = proof.price[: case.built.columns]
    # a few kicks often help, and what they find narrows the model; many are for large questions
    for kicks, most in ((FIRST_KICKS, EASY_ENTRIES), (KICKS, _most_entries(case.rules))):
        start = case.bundles_of(chosen)
        held = shake(case.built, limits, start, appeal=appeal, enough=bound, kicks=kicks, seed=seed)
        if case.built.covered(held) > case.cover.covered(chosen) + crumb(case.cover):
            chosen = case.options(held)
        value = case.cover.covered(chosen)
        if bound > value + crumb(case.cover) and _entries(case, _alive(case, proof, value)) <= most:
            chosen, bound = _modelled(case, proof, chosen, bound, node_limit=node_limit, seed=seed)
            value = case.cover.covered(chosen)
        if bound <= value + crumb(case.cover):
            return chosen, value
    return chosen, bound


def _alive(case: Case, proof: Bound, value: float) -> Flags:
    # a better plan holds none of the bundles whose own bound is not above this one
    alive = _rounded(case.cover, proof.with_column) > value + crumb(case.cover)
    usable = np.zeros(case.cover.columns, dtype=np.bool_)
    usable[gather(case.bundles.ptr, case.bundles.option, np.flatnonzero(alive))] = True
    return usable


def _entries(case: Case, usable: Flags) -> int:
    return int(np.diff(case.cover.ptr)[usable].sum())


def _modelled(
    case: Case, proof: Bound, chosen: Longs, bound: float, *, node_limit: int, seed: int
) -> tuple[Longs, float]:
    """Look for a better plan among those the bound leaves open."""
    value = case.cover.covered(chosen)
    usable = _alive(case, proof, value)
    # ... and it uses every parcel without which none can be better
    needed = _rounded(case.cover, proof.without_group) <= value + crumb(case.cover)
    answer = solve_exact(
        case.cover,
        replace(case.rules, required=case.rules.required | needed),
        usable=usable,
        start=chosen,
        node_limit=_nodes(node_limit, _entries(case, usable)),
        seed=seed,
    )
    if answer.chosen is not None and case.rules.hold(answer.chosen):
        reached = case.cover.covered(answer.chosen)
        if reached > value + crumb(case.cover):
            chosen, value = answer.chosen, reached
    if answer.proved:
        return chosen, value
    return chosen, min(bound, max(value, float(_rounded(case.cover, answer.bound))))


def _rounded(cover: Cover, bound: float | Floats) -> Floats:
    # whole people are covered or not: a bound between two whole numbers is the lower one
    whole = bool((cover.weight == np.rint(cover.weight)).all())
    return np.asarray(np.floor(np.asarray(bound) + 1e-6) if whole else bound, dtype=np.float64)


def _most_entries(rules: Rules) -> int:
    return EXACT_ENTRIES if rules.budget is None else EXACT_ENTRIES // 3


def _nodes(node_limit: int, entries: int) -> int:
    return min(node_limit, max(NODE_ENTRIES // max(entries, 1), 20))


def _fewest(case: Case, chosen: Longs, *, node_limit: int, seed: int) -> Longs:
    chosen = pruned(case, chosen)
    sites = len(np.unique(case.rules.parcel[chosen]))
    if sites <= max(int(case.rules.required.sum()), 1):
        return chosen
    covered = case.cover.covered(chosen)
    # Where all options of a parcel fit together, a parcel to spare would have covered what of
    # their reach is left open.
    single = np.bincount(case.bundles.parcel, minlength=len(case.rules.required)) == 1
    roomy = case.usable[single[case.rules.parcel[case.usable]]]
    if case.rules.budget is None and covered < case.cover.covered(roomy) - crumb(case.cover):
        return chosen
    target = covered - 2 * crumb(case.cover)
    chosen, sites = _fewer(case, chosen, target, seed=seed)
    fewer = replace(case.limits(case.columns, case.forbidden), max_groups=sites - 1)
    if lagrangian_bound(case.columns, fewer, reached=target).value < target:
        return chosen  # proved: one parcel less covers less
    usable = np.zeros(case.cover.columns, dtype=np.bool_)
    usable[case.usable] = True
    entries = int(np.diff(case.cover.ptr)[usable].sum())
    if entries > _most_entries(case.rules):
        return chosen
    answer = solve_exact(
        case.cover,
        case.rules,
        usable=usable,
        start=chosen,
        node_limit=_nodes(node_limit, 10 * entries),
        seed=seed,
        fewest=covered * (1 - 1e-9),
    )
    if answer.chosen is None or not case.rules.hold(answer.chosen):
        return chosen
    other = pruned(case, answer.chosen)
    smaller = len(np.unique(case.rules.parcel[other])) < sites
    return other if smaller and case.cover.covered(other) >= target else chosen


def _fewer(case: Case, chosen: Longs, target: float, *, seed: int) -> tuple[Longs, int]:
    """Leave out a parcel at a time for as long as exchanges make up for it."""
    while True:
        sites = len(np.unique(case.rules.parcel[chosen]))
        if sites <= max(int(case.rules.required.sum()), 1):
            return chosen, sites
        limits = replace(case.limits(case.built, case.forbidden), max_groups=sites - 1)
        held = greedy_swap(case.built, limits)
        if case.built.covered(held) < target:
            appeal = sums(case.built.ptr, case.built.weight[case.built.demand])
            held = shake(
                case.built, limits, held, appeal=appeal, enough=target, kicks=FIRST_KICKS, seed=seed
            )
        options = pruned(case, case.options(held))
        if case.cover.covered(options) < target or not case.rules.hold(options):
            return chosen, sites
        chosen = options


def _gentler(case: Case, chosen: Longs) -> Longs:
    limits = case.limits(case.built, case.forbidden)
    held = case.bundles_of(chosen)
    slack = NEAR * case.told.covered(chosen)  # less than any demand of the first kind weighs
    found = gentler(case.built, limits, held, effort=case.effort, slack=slack)
    if np.array_equal(found, held):
        return chosen
    options = pruned(case, case.options(found))
    kept = case.told.covered(options) >= case.told.covered(chosen) - slack - crumb(case.cover)
    kept &= case.first(options) >= case.first(chosen)
    return options if kept and case.rules.hold(options) else chosen


def _order(case: Case, chosen: Longs) -> tuple[Longs, Floats]:
    parcels = np.unique(case.rules.parcel[chosen])
    options = [chosen[case.rules.parcel[chosen] == parcel] for parcel in parcels]
    reach = [gather(case.cover.ptr, case.cover.demand, held) for held in options]
    left, told_left = case.cover.weight.copy(), case.told.weight.copy()
    waiting = list(range(len(parcels)))
    opened: list[int] = []
    gains: list[float] = []
    while waiting:
        gain = [float(left[np.unique(reach[place])].sum()) for place in waiting]
        best = waiting[int(np.argmax(gain))]
        opened.append(int(parcels[best]))
        told = np.unique(gather(case.told.ptr, case.told.demand, options[best]))
        gains.append(float(told_left[told].sum()))
        left[reach[best]] = 0.0
        told_left[told] = 0.0
        waiting.remove(best)
    gain_all = np.array([*gains, *[0.0] * len(case.idle)], dtype=np.float64)
    return np.array([*opened, *case.idle.tolist()], dtype=np.int64), gain_all


def _years(sites: int, years: int) -> Longs:
    size = [len(part) for part in np.array_split(np.arange(sites), years)]
    return np.repeat(np.arange(1, years + 1, dtype=np.int64), size)


def _curve(case: Case, gain: Floats) -> Floats:
    curve = np.cumsum(gain)
    if len(case.built.demand) <= EXACT_ENTRIES:
        limits = case.limits(case.built, case.forbidden)
        for sites in range(max(int(case.rules.required.sum()), 1), len(gain)):
            held = greedy_swap(case.built, replace(limits, max_groups=sites))
            reached = case.told.covered(case.options(held))
            curve[sites - 1] = max(curve[sites - 1], reached)
    total = curve[-1] if len(curve) else 0.0
    return np.minimum(np.maximum.accumulate(curve), total)
