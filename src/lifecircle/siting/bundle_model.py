"""
A mixed-integer model over bundles, row by row: what further questions of a choice are built on.

One thread, a fixed seed and a limit in nodes: the same model gives the same answer.
"""

from __future__ import annotations

from typing import NamedTuple

import highspy
import numpy as np

from lifecircle.errors import SitingError
from lifecircle.siting.case import Case
from lifecircle.siting.cover import (
    Cover,
    Flags,
    Floats,
    Longs,
    build_cover,
    gather,
    merge_demand,
)
from lifecircle.siting.problem import SitingProblem


class Found(NamedTuple):
    """
    What the solver found.

    Attributes
    ----------
    columns
        Chosen bundles, ascending.
    values
        Value of every column of the model.
    value, bound
        Of the objective: reached, and never exceeded.
    proved
        Whether the search was finished.
    """

    columns: Longs
    values: Floats
    value: float
    bound: float
    proved: bool


def merged_within(
    problem: SitingProblem, label: Longs, kept: Flags | None = None
) -> tuple[Cover, Longs]:
    """
    Merge demands of one label that the same options cover.

    Parameters
    ----------
    problem
        The question; its demands of the first kind are left out.
    label
        Label of each demand, shape (d,).
    kept
        Options that may be chosen, shape (o,); None for all. The others cover nothing.

    Returns
    -------
    table, label
        Options and merged demands, and the label of each of these.
    """
    ptr = np.asarray(problem.cover_ptr, dtype=np.int64)
    demand = np.asarray(problem.cover_demand, dtype=np.int64)
    if kept is not None:
        size = np.where(kept, np.diff(ptr), 0)
        demand = gather(ptr, demand, np.flatnonzero(kept))
        ptr = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
    counted = problem.demand_weight.copy()
    if problem.demand_first is not None:
        counted[problem.demand_first] = 0.0
    labels = np.unique(label) if len(label) else np.array([-1])
    parts = [
        merge_demand(build_cover(np.where(label == one, counted, 0.0), ptr, demand))
        for one in labels
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
    return joined, np.repeat(labels, np.diff(start))


class Model:
    """
    Columns and rows, to be maximised.

    Parameters
    ----------
    size
        How many columns, the first ones, are chosen or not.
    """

    def __init__(self, size: int) -> None:
        self.size, self.width = size, 0
        self._upper: list[Floats] = []
        self._rows: list[tuple[Longs, Floats, float, float]] = []
        self.columns(size, upper=1.0)

    def columns(self, count: int, *, upper: float) -> Longs:
        """
        Add columns from 0 up.

        Parameters
        ----------
        count
            How many.
        upper
            Most of each.

        Returns
        -------
        columns
            Their numbers.
        """
        self._upper.append(np.full(count, upper))
        self.width += count
        return np.arange(self.width - count, self.width, dtype=np.int64)

    def row(self, column: Longs, value: Floats, lower: float, upper: float) -> None:
        """
        Add a row.

        Parameters
        ----------
        column, value
            Its entries.
        lower, upper
            What their sum keeps to.
        """
        self._rows.append((column, value, lower, upper))

    @property
    def entries(self) -> int:
        """Entries of all rows: how large the model is."""
        return sum(len(one[0]) for one in self._rows)

    def run(
        self,
        cost: Floats,
        *,
        node_limit: int,
        seed: int,
        start: Longs | None = None,
    ) -> Found | None:
        """
        Maximise.

        Parameters
        ----------
        cost
            What each column is worth, shape (width,).
        node_limit
            Most branch-and-bound nodes.
        seed
            Seed of the solver.
        start
            Columns chosen at the start.

        Returns
        -------
        found
            None where no choice was found within the nodes.

        Raises
        ------
        SitingError
            If the solver refuses the model.
        """
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
        status = solver.passModel(
            self.width,
            len(self._rows),
            int(ends[-1]),
            int(highspy.MatrixFormat.kRowwise),
            int(highspy.ObjSense.kMaximize),
            0.0,
            cost,
            np.zeros(self.width),
            np.concatenate(self._upper),
            np.array([one[2] for one in self._rows]),
            np.array([one[3] for one in self._rows]),
            ends.astype(np.int32),
            np.concatenate([one[0] for one in self._rows]).astype(np.int32),
            np.concatenate([one[1] for one in self._rows]),
            whole,
        )
        if start is not None:
            picked = np.zeros(self.size)
            picked[start] = 1.0
            solver.setSolution(self.size, np.arange(self.size, dtype=np.int32), picked)
        if status == highspy.HighsStatus.kError or solver.run() == highspy.HighsStatus.kError:
            raise SitingError("the solver stopped with an error on the siting model")
        info = solver.getInfo()
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None
        values = np.array(solver.getSolution().col_value)
        return Found(
            np.flatnonzero(values[: self.size] > 0.5),
            values,
            float(info.objective_function_value),
            float(info.mip_dual_bound),
            solver.getModelStatus() == highspy.HighsModelStatus.kOptimal,
        )


class BundleModel(Model):
    """
    A choice of bundles within the limits of a question.

    Parameters
    ----------
    case
        The question made ready.
    met
        What must be met of the demands of the first kind, as `Case.first` weighs them.
    """

    def __init__(self, case: Case, met: float) -> None:
        super().__init__(case.built.columns)
        bundles, rules = case.bundles, case.rules
        parcel = bundles.parcel[: self.size]
        for one in np.unique(parcel):
            held = np.flatnonzero(parcel == one)
            least = float(rules.required[one])
            if len(held) > 1 or least:
                self.row(held, np.ones(len(held)), least, 1.0)
        every = np.arange(self.size, dtype=np.int64)
        if rules.max_sites is not None:
            self.row(every, np.ones(self.size), -np.inf, float(rules.max_sites))
        if rules.budget is not None:
            scale = max(rules.budget, 1e-9)
            self.row(every, bundles.cost[: self.size] / scale, -np.inf, rules.budget / scale)
        if met > 0:
            claims = build_cover(
                case.asked.weight, *bundles.reach(case.asked.ptr, case.asked.demand)
            )
            held = self.demands(claims)
            self.row(held, claims.weight / met, 1.0 - 1e-9, np.inf)

    def demands(self, table: Cover) -> Longs:
        """
        Add a column for each demand, covered only if a bundle that covers it is chosen.

        Parameters
        ----------
        table
            Bundles (relaxed ones are left out) and demands.

        Returns
        -------
        columns
            One per demand.
        """
        own = self.columns(len(table.weight), upper=1.0)
        for at, mine in enumerate(own.tolist()):
            column = table.column[table.demand_ptr[at] : table.demand_ptr[at + 1]]
            column = column[column < self.size]
            self.row(np.append(column, mine), np.append(np.ones(len(column)), -1.0), 0.0, np.inf)
        return own
