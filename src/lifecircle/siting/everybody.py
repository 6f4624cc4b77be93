"""
Asks how many sites it would take: the fewest that serve everybody whom any candidate could serve.

A set covering question (Toregas et al. 1971). It needs no number and no budget; its answer stands
beside what the plan's own number of sites brings.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import highspy
import numpy as np

from lifecircle.siting.case import Case, prepare, pruned
from lifecircle.siting.choose import greedy_swap
from lifecircle.siting.cover import Cover, Flags, Floats, Longs, crumb, gather
from lifecircle.siting.problem import SitingProblem

MOST_CELLS = 30_000_000
"""Bundles times demands, or bundles times bundles, up to which the table is narrowed before it goes
to the solver: both are held whole meanwhile."""


@dataclass(frozen=True, kw_only=True)
class Everybody:
    """
    The fewest parcels that cover all that can be covered.

    Parameters
    ----------
    chosen
        Options, ascending.
    sites
        Parcels they stand on.
    at_least
        No plan that covers as much opens fewer.
    covered
        Weight covered: all there is, but for what cannot stand on one parcel at once.
    whole
        Whether everything that some option covers is covered.
    """

    chosen: Longs
    sites: int
    at_least: int
    covered: float
    whole: bool

    @property
    def proved(self) -> bool:
        """Whether no plan opens fewer parcels."""
        return self.sites == self.at_least


def fewest_for_all(problem: SitingProblem, *, node_limit: int = 50, seed: int = 0) -> Everybody:
    """
    Find the fewest parcels with which everybody is covered who can be.

    Parameters
    ----------
    problem
        The question; its number and budget are not kept to, all its other rules are.
    node_limit
        Most branch-and-bound nodes.
    seed
        Seed of the solver.

    Returns
    -------
    everybody
        The plan with its bound. Where a parcel would have to hold more than it can, the plan is
        that of exchanges alone and its bound is 0.

    Notes
    -----
    Demands that are met whenever another one is and bundles that another one can replace are
    dropped; what is left is a set covering model, whose relaxation is strong.

    Examples
    --------
    >>> import numpy as np
    >>> from lifecircle.siting.everybody import fewest_for_all
    >>> from lifecircle.siting.problem import SitingProblem
    >>> question = SitingProblem(
    ...     demand_weight=np.array([30.0, 20.0, 10.0]),
    ...     option_parcel=np.array([0, 1, 2]), option_area_m2=np.full(3, 150.0),
    ...     option_type=np.zeros(3, dtype=int), option_cost=np.zeros(3),
    ...     cover_ptr=np.array([0, 2, 4, 5]), cover_demand=np.array([0, 1, 1, 2, 0]),
    ...     parcel_area_m2=np.full(3, 400.0), parcel_required=np.zeros(3, dtype=bool),
    ...     parcel_forbidden=np.zeros(3, dtype=bool), max_sites=1, budget=None)
    >>> found = fewest_for_all(question)
    >>> found.sites, found.proved, found.covered
    (2, True, 60.0)
    """
    first = problem.demand_first
    weight = problem.demand_weight if first is None else problem.demand_weight * ~first
    case = prepare(
        replace(
            problem,
            demand_weight=weight,
            demand_first=None,
            max_sites=len(problem.parcel_area_m2),
            budget=None,
        )
    )
    answer = _model(case, node_limit=node_limit, seed=seed)
    if answer is None:
        columns = greedy_swap(case.built, case.limits(case.built, case.forbidden))
        chosen, bound = case.options(columns), 0
    else:
        columns, bound = answer
        chosen = case.options(columns)
    chosen = pruned(case, chosen)
    sites = len(np.unique(case.rules.parcel[chosen])) + len(case.idle)
    covered = case.told.covered(chosen)
    return Everybody(
        chosen=chosen,
        sites=sites,
        at_least=min(bound + len(case.idle), sites),
        covered=covered,
        whole=covered >= case.coverable - crumb(case.told),
    )


def _model(case: Case, *, node_limit: int, seed: int) -> tuple[Longs, int] | None:
    """Bundles that cover most, and the least number of parcels for that; None where unknown."""
    cover = case.built
    if case.bundles.relaxed:
        return None  # not all bundles are listed: no bound
    held = np.bincount(case.bundles.parcel, minlength=len(case.rules.required))
    contested = _contested(cover, case.bundles.parcel, held)
    columns = np.arange(cover.columns, dtype=np.int64)
    most = _Model(case, np.flatnonzero(contested), contested, columns)
    best = most.solve(node_limit=node_limit, seed=seed, target=None)
    if best is None:
        return None
    target = float(best[1] @ cover.weight[contested])
    rows = np.arange(len(cover.weight), dtype=np.int64)
    if max(len(rows), len(columns)) * len(columns) <= MOST_CELLS:
        required = case.rules.required[case.bundles.parcel]
        rows, columns = _narrowed(
            cover, contested, case.bundles.parcel, held[case.bundles.parcel] == 1, required
        )
    least = _Model(case, rows, contested, columns)
    found = least.solve(node_limit=node_limit, seed=seed, target=target)
    return None if found is None else (columns[found[0]], int(np.ceil(found[2] - 1e-6)))


def _contested(cover: Cover, parcel: Longs, held: Longs) -> Flags:
    """Demands that no parcel covers whichever of its bundles is built."""
    row = np.repeat(np.arange(len(cover.weight)), np.diff(cover.demand_ptr))
    pairs, times = np.unique(row * len(held) + parcel[cover.column], return_counts=True)
    sure = times == held[pairs % len(held)]
    contested = np.ones(len(cover.weight), dtype=np.bool_)
    contested[(pairs // len(held))[sure]] = False
    return contested


def _narrowed(
    cover: Cover, contested: Flags, parcel: Longs, single: Flags, required: Flags
) -> tuple[Longs, Longs]:
    """
    Drop demands met whenever another one is, and columns another one can stand for.

    One that is `single` on its parcel may always be taken; others only in place of each other.
    """
    table = np.zeros((len(cover.weight), cover.columns), dtype=np.bool_)
    table[np.repeat(np.arange(len(cover.weight)), np.diff(cover.demand_ptr)), cover.column] = True
    rows = np.arange(len(cover.weight), dtype=np.int64)
    columns = np.arange(cover.columns, dtype=np.int64)
    while True:
        before = len(rows), len(columns)
        sure = rows[~contested[rows]]
        rows = np.sort(np.concatenate([sure[_least(table[sure])], rows[contested[rows]]]))
        part = table[np.ix_(rows, columns)].astype(np.float32)
        both = part.T @ part
        size = np.diag(both)
        mine = parcel[columns]
        able = single[columns][np.newaxis, :] & ~required[columns][:, np.newaxis]
        able |= mine[:, np.newaxis] == mine
        worse = (both == size[:, np.newaxis]) & able
        # of two that can stand for each other the first stays
        order = np.arange(len(columns))
        worse &= ~worse.T | (order[:, np.newaxis] > order)
        np.fill_diagonal(worse, val=False)
        gone = worse.any(axis=1)
        table[:, columns[gone]] = False
        columns = columns[~gone]
        if (len(rows), len(columns)) == before:
            return rows, columns


def _least(table: Flags) -> Longs:
    """Rows that contain no other row, the first of equals, ascending."""
    waiting = np.argsort(table.sum(axis=1), kind="stable")
    kept = []
    while len(waiting):
        first = waiting[0]
        kept.append(first)
        waiting = waiting[~table[np.ix_(waiting, np.flatnonzero(table[first]))].all(axis=1)]
    return np.sort(np.array(kept, dtype=np.int64))


class _Model:
    """Columns to take, so that sure demands are met and contested ones as far as asked."""

    def __init__(self, case: Case, rows: Longs, contested: Flags, columns: Longs) -> None:
        cover = case.built
        self.size = len(columns)
        own = np.flatnonzero(contested[rows])
        self.weight = cover.weight[rows[own]]
        inside = np.zeros(cover.columns, dtype=np.bool_)
        inside[columns] = True
        reach = gather(cover.demand_ptr, cover.column, rows)
        owner = np.repeat(np.arange(len(rows)), np.diff(cover.demand_ptr)[rows])
        kept = inside[reach]
        parcel, slot = np.unique(case.bundles.parcel[columns], return_inverse=True)
        # at most one bundle of a parcel, and one of a required parcel
        self.row = np.concatenate([owner[kept], own, len(rows) + slot])
        self.column = np.concatenate(
            [
                (np.cumsum(inside) - 1)[reach[kept]],
                self.size + np.arange(len(own)),
                np.arange(self.size),
            ]
        )
        self.value = np.concatenate(
            [np.ones(int(kept.sum())), -np.ones(len(own)), np.ones(self.size)]
        )
        self.lower = np.concatenate(
            [~contested[rows], case.rules.required[parcel]], dtype=np.float64
        )
        self.upper = np.concatenate([np.full(len(rows), np.inf), np.ones(len(parcel))])

    def solve(
        self, *, node_limit: int, seed: int, target: float | None
    ) -> tuple[Longs, Floats, float] | None:
        """Columns, what is met of the contested, and the bound; most weight without a target."""
        more = len(self.weight)
        if target is None and not more:
            return np.zeros(0, dtype=np.int64), np.zeros(0), 0.0
        row, column, value = self.row, self.column, self.value
        lower, upper = self.lower, self.upper
        if target:
            row = np.concatenate([row, np.full(more, len(lower))])
            column = np.concatenate([column, self.size + np.arange(more)])
            value = np.concatenate([value, self.weight / target])
            lower, upper = np.append(lower, 1.0 - 1e-7), np.append(upper, np.inf)
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, setting in (
            ("output_flag", False),
            ("threads", 1),
            ("parallel", "off"),
            ("random_seed", seed),
            ("mip_max_nodes", node_limit),
            # sites are whole numbers
            ("mip_abs_gap", 1e-6 if target is None else 0.999),
        ):
            solver.setOptionValue(name, setting)
        order = np.lexsort((column, row))
        start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(lower)))])
        sites = np.concatenate([np.ones(self.size), np.zeros(more)])
        people = np.concatenate([np.zeros(self.size), self.weight])
        solver.passModel(
            self.size + more,
            len(lower),
            len(row),
            int(highspy.MatrixFormat.kRowwise),
            int(highspy.ObjSense.kMaximize if target is None else highspy.ObjSense.kMinimize),
            0.0,
            people if target is None else sites,
            np.zeros(self.size + more),
            np.ones(self.size + more),
            lower,
            upper,
            start.astype(np.int32),
            column[order].astype(np.int32),
            value[order],
            sites.astype(np.int32),
        )
        solver.run()
        info = solver.getInfo()
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None
        values = np.array(solver.getSolution().col_value)
        taken = np.flatnonzero(values[: self.size] > 0.5)
        return taken, values[self.size :], float(info.mip_dual_bound)
