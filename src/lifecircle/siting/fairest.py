"""
The fairest choice: the worst-off area is raised as far as can be, then the next, then most people.

Shares of areas are compared in order from the lowest (leximin): a plan whose lowest share is higher
is fairer, however few people it serves; of plans with the same lowest share the next one decides.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from lifecircle.errors import SitingError
from lifecircle.siting.case import Case
from lifecircle.siting.cover import Cover, Floats, Longs, build_cover, merge_demand
from lifecircle.siting.problem import Areas, SitingProblem

LEVELS = 8
"""So many of the worst-off areas are raised one after the other before people are counted (P)."""
_SLACK = 1e-7


@dataclass(frozen=True, kw_only=True)
class Fairest:
    """
    A choice with what is proved of it.

    Parameters
    ----------
    chosen
        Options, ascending.
    bound
        No plan as fair covers more weight.
    proved
        Whether every step was: no plan is fairer, and none as fair covers more.
    """

    chosen: Longs
    bound: float
    proved: bool


def fairest(
    problem: SitingProblem, areas: Areas, case: Case, met: float, *, node_limit: int, seed: int
) -> Fairest | None:
    """
    Choose so that the lowest shares are as high as can be, and then so that most is covered.

    Parameters
    ----------
    problem
        The question.
    areas
        Its areas.
    case
        The question made ready.
    met
        What must be met of the demands of the first kind, as `Case.first` weighs them.
    node_limit
        Most branch-and-bound nodes of each step.
    seed
        Seed of the solver.

    Returns
    -------
    fairest
        None where the solver finds no plan at all within its nodes.

    Notes
    -----
    The sum of the k lowest shares is the most that ``k t - sum(d)`` can be with ``d >= t - share``
    and ``d >= 0`` (Ogryczak and Tamir 2003); raising these sums one after the other raises the
    lowest share, then the next. Each is a row of the next step.
    """
    model = _Model(problem, areas, case, met)
    proved = not case.bundles.relaxed
    for level in range(1, min(LEVELS, model.areas) + 1):
        found = model.run(model.sum_of_lowest(level), node_limit=node_limit, seed=seed)
        if found is None:
            return None
        model.keep(level, found[1])
        proved &= found[3]
    found = model.run(model.people(), node_limit=node_limit, seed=seed)
    if found is None:
        return None
    columns, value, bound, done = found
    most = case.coverable if case.bundles.relaxed else max(bound, value)
    return Fairest(chosen=case.options(columns), bound=most, proved=proved and done)


def _by_area(problem: SitingProblem, areas: Areas) -> tuple[Cover, Longs]:
    """Merge demands within areas: the table and the area of each demand, -1 for none."""
    ptr = np.asarray(problem.cover_ptr, dtype=np.int64)
    demand = np.asarray(problem.cover_demand, dtype=np.int64)
    counted = problem.demand_weight.copy()
    if problem.demand_first is not None:
        counted[problem.demand_first] = 0.0
    parts = [
        merge_demand(build_cover(np.where(areas.demand == area, counted, 0.0), ptr, demand))
        for area in np.unique(areas.demand)
    ]
    start = np.cumsum([0, *(len(one.weight) for one in parts)])
    each = np.arange(len(ptr) - 1, dtype=np.int64)
    owner = np.concatenate([np.repeat(each, np.diff(one.ptr)) for one in parts])
    which = np.concatenate([one.demand + at for one, at in zip(parts, start, strict=False)])
    order = np.argsort(owner, kind="stable")
    joined = build_cover(
        np.concatenate([one.weight for one in parts]),
        np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=len(each)))]),
        which[order],
    )
    return joined, np.repeat(np.unique(areas.demand), np.diff(start))


class _Model:
    """Bundles, demands and, for every level, a threshold and what areas lack of it."""

    def __init__(self, problem: SitingProblem, areas: Areas, case: Case, met: float) -> None:
        table, area = _by_area(problem, areas)
        bundles = case.bundles
        size = case.built.columns
        joined = build_cover(table.weight, *bundles.reach(table.ptr, table.demand))
        claims = build_cover(case.asked.weight, *bundles.reach(case.asked.ptr, case.asked.demand))
        self.size, self.areas = size, len(areas.total)
        self.weight = joined.weight
        self.levels = min(LEVELS, self.areas)
        self.first = size + len(joined.weight)
        self.claims = self.first
        self.first += len(claims.weight)
        self.width = self.first + self.levels * (1 + self.areas)
        self._rows: list[tuple[Longs, Floats, float, float]] = []
        self._demands(joined, size)
        self._demands(claims, self.claims)
        parcel = bundles.parcel[:size]
        for one in np.unique(parcel):
            held = np.flatnonzero(parcel == one)
            least = float(case.rules.required[one])
            if len(held) > 1 or least:
                self._add(held, np.ones(len(held)), least, 1.0)
        every = np.arange(size, dtype=np.int64)
        if case.rules.max_sites is not None:
            self._add(every, np.ones(size), -np.inf, float(case.rules.max_sites))
        if case.rules.budget is not None:
            scale = max(case.rules.budget, 1e-9)
            most = case.rules.budget / scale
            self._add(every, bundles.cost[:size] / scale, -np.inf, most)
        if met > 0:
            held = self.claims + np.arange(len(claims.weight))
            self._add(held, claims.weight / met, 1.0 - 1e-9, np.inf)
        for level in range(self.levels):
            at = self.first + level * (1 + self.areas)
            for one in range(self.areas):
                mine = np.flatnonzero(area == one)
                share = self.weight[mine] / areas.total[one]
                today = areas.covered[one] / areas.total[one]
                # share today + share gained + lack >= threshold
                column = np.concatenate([size + mine, [at + 1 + one, at]])
                self._add(column, np.concatenate([share, [1.0, -1.0]]), -today, np.inf)

    def sum_of_lowest(self, level: int) -> Floats:
        cost = np.zeros(self.width)
        at = self.first + (level - 1) * (1 + self.areas)
        cost[at] = level
        cost[at + 1 : at + 1 + self.areas] = -1.0
        return cost

    def people(self) -> Floats:
        cost = np.zeros(self.width)
        cost[self.size : self.size + len(self.weight)] = self.weight
        return cost

    def keep(self, level: int, value: float) -> None:
        cost = self.sum_of_lowest(level)
        held = np.flatnonzero(cost)
        self._add(held, cost[held], value - _SLACK, np.inf)

    def run(
        self, cost: Floats, *, node_limit: int, seed: int
    ) -> tuple[Longs, float, float, bool] | None:
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, setting in (
            ("output_flag", False),
            ("threads", 1),
            ("parallel", "off"),
            ("random_seed", seed),
            ("mip_max_nodes", node_limit),
            ("mip_rel_gap", 1e-9),
            ("mip_abs_gap", 1e-9),
        ):
            solver.setOptionValue(name, setting)
        ends = np.cumsum([0, *(len(one[0]) for one in self._rows)])
        whole = np.zeros(self.width, dtype=np.int32)
        whole[: self.size] = 1
        upper = np.ones(self.width)
        upper[self.first :] = np.inf
        status = solver.passModel(
            self.width,
            len(self._rows),
            int(ends[-1]),
            int(highspy.MatrixFormat.kRowwise),
            int(highspy.ObjSense.kMaximize),
            0.0,
            cost,
            np.zeros(self.width),
            upper,
            np.array([one[2] for one in self._rows]),
            np.array([one[3] for one in self._rows]),
            ends.astype(np.int32),
            np.concatenate([one[0] for one in self._rows]).astype(np.int32),
            np.concatenate([one[1] for one in self._rows]),
            whole,
        )
        if status == highspy.HighsStatus.kError or solver.run() == highspy.HighsStatus.kError:
            raise SitingError("the solver stopped with an error on the siting model")
        info = solver.getInfo()
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None
        values = np.array(solver.getSolution().col_value)
        return (
            np.flatnonzero(values[: self.size] > 0.5),
            float(info.objective_function_value),
            float(info.mip_dual_bound),
            solver.getModelStatus() == highspy.HighsModelStatus.kOptimal,
        )

    def _add(self, column: Longs, value: Floats, lower: float, upper: float) -> None:
        self._rows.append((column, value, lower, upper))

    def _demands(self, table: Cover, first: int) -> None:
        for row in range(len(table.weight)):
            column = table.column[table.demand_ptr[row] : table.demand_ptr[row + 1]]
            column = column[column < self.size]
            value = np.append(np.ones(len(column)), -1.0)
            self._add(np.append(column, first + row), value, 0.0, np.inf)
