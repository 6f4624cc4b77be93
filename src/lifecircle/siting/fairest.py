"""
The fairest choice: the worst-off area is raised as far as can be, then the next, then most people.

Shares of areas are compared in order from the lowest (leximin): a plan whose lowest share is higher
is fairer, however few people it serves; of plans with the same lowest share the next one decides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lifecircle.siting.bundle_model import BundleModel, merged_within
from lifecircle.siting.case import Case
from lifecircle.siting.cover import Floats, Longs, build_cover
from lifecircle.siting.problem import Areas, SitingProblem

LEVELS = 5
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
    start: Longs | None = None
    for level in range(1, min(LEVELS, model.areas) + 1):
        found = model.run(model.sum_of_lowest(level), node_limit=node_limit, seed=seed, start=start)
        if found is None:
            return None
        model.keep(level, found.value)
        proved &= found.proved
        start = found.columns
    found = model.run(model.people(), node_limit=node_limit, seed=seed, start=start)
    if found is None:
        return None
    most = case.coverable if case.bundles.relaxed else max(found.bound, found.value)
    return Fairest(chosen=case.options(found.columns), bound=most, proved=proved and found.proved)


class _Model(BundleModel):
    """Bundles, demands, the share of every area and, for every level, a threshold and lacks."""

    def __init__(self, problem: SitingProblem, areas: Areas, case: Case, met: float) -> None:
        super().__init__(case, met)
        table, area = merged_within(problem, areas.demand)
        joined = build_cover(table.weight, *case.bundles.reach(table.ptr, table.demand))
        held = self.demands(joined)
        self.weight, self.held, self.areas = joined.weight, held, len(areas.total)
        self.levels = min(LEVELS, self.areas)
        share = self.columns(self.areas, upper=np.inf)
        for one in range(self.areas):
            mine = np.flatnonzero(area == one)
            gained = self.weight[mine] / areas.total[one]
            today = areas.covered[one] / areas.total[one]
            column = np.append(held[mine], share[one])
            self.row(column, np.append(gained, -1.0), -today, -today)
        self._lowest = []
        for _ in range(self.levels):
            threshold = self.columns(1, upper=np.inf)
            lack = self.columns(self.areas, upper=np.inf)
            self._lowest.append((threshold, lack))
            for one in range(self.areas):
                column = np.array([share[one], lack[one], threshold[0]])
                self.row(column, np.array([1.0, 1.0, -1.0]), 0.0, np.inf)

    def sum_of_lowest(self, level: int) -> Floats:
        cost = np.zeros(self.width)
        threshold, lack = self._lowest[level - 1]
        cost[threshold] = level
        cost[lack] = -1.0
        return cost

    def people(self) -> Floats:
        cost = np.zeros(self.width)
        cost[self.held] = self.weight
        return cost

    def keep(self, level: int, value: float) -> None:
        cost = self.sum_of_lowest(level)
        held = np.flatnonzero(cost)
        self.row(held, cost[held], value - _SLACK, np.inf)
