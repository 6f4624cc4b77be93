"""
Turns options on parcels into one mixed-integer model and its proved answer (HiGHS).

One thread, a fixed seed and a limit in nodes: the same model gives the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from lifecircle.errors import SitingError
from lifecircle.siting.cover import (
    Cover,
    Flags,
    Floats,
    Longs,
    build_cover,
    gather,
    merge_demand,
)

TOLERANCE = 1e-6
"""Relative slack of areas and budgets, the solver's own feasibility tolerance."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """
    Where options may stand and how many.

    Parameters
    ----------
    parcel, kind
        Parcel and facility type of each option, shape (o,).
    area_m2, cost
        Area each option takes and its cost, shape (o,).
    parcel_area_m2
        Room on each parcel, shape (p,); infinite where unlimited.
    required
        Parcels that must be used, shape (p,).
    max_sites, budget
        Most parcels opened and most cost in all; None for no limit.
    """

    parcel: Longs
    kind: Longs
    area_m2: Floats
    cost: Floats
    parcel_area_m2: Floats
    required: Flags
    max_sites: int | None
    budget: float | None

    def hold(self, chosen: Longs) -> bool:
        """
        Tell whether a choice keeps to every rule.

        Parameters
        ----------
        chosen
            Options, shape (k,).

        Returns
        -------
        kept
            True where areas, types, required parcels, number and budget are all kept.
        """
        parcel = self.parcel[chosen]
        used = np.bincount(parcel, weights=self.area_m2[chosen], minlength=len(self.required))
        opened = np.unique(parcel)
        slots = np.unique(np.column_stack([parcel, self.kind[chosen]]), axis=0)
        return bool(
            (used <= self.parcel_area_m2 * (1 + TOLERANCE)).all()
            and len(slots) == len(chosen)
            and np.isin(np.flatnonzero(self.required), opened).all()
            and (self.max_sites is None or len(opened) <= self.max_sites)
            and (self.budget is None or self.cost[chosen].sum() <= self.budget * (1 + TOLERANCE))
        )


@dataclass(frozen=True, kw_only=True)
class Answer:
    """
    What the solver found.

    Parameters
    ----------
    chosen
        Options, ascending; None when no solution was found within the limits.
    bound
        Proved bound of the objective (weight, or number of sites).
    proved
        Whether the search was finished.
    """

    chosen: Longs | None
    bound: float
    proved: bool


class _Rows:
    """Rows of a sparse matrix, gathered block by block."""

    def __init__(self) -> None:
        self._row: list[Longs] = []
        self._column: list[Longs] = []
        self._value: list[Floats] = []
        self.lower: list[Floats] = []
        self.upper: list[Floats] = []
        self.count = 0

    def add(
        self, row: Longs, column: Longs, value: Floats, *, lower: Floats, upper: Floats
    ) -> None:
        self._row.append(row + self.count)
        self._column.append(column)
        self._value.append(value)
        self.lower.append(lower)
        self.upper.append(upper)
        self.count += len(upper)

    def add_most(self, row: Longs, column: Longs, value: Floats, *, upper: Floats) -> None:
        self.add(row, column, value, lower=np.full(len(upper), -np.inf), upper=upper)

    def matrix(self) -> tuple[Longs, Longs, Floats]:
        row, column = np.concatenate(self._row), np.concatenate(self._column)
        order = np.lexsort((column, row))
        start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=self.count))])
        return start, column[order], np.concatenate(self._value)[order]


def solve_exact(
    cover: Cover,
    rules: Rules,
    *,
    usable: Flags,
    start: Longs,
    node_limit: int,
    seed: int,
    fewest: float | None = None,
) -> Answer:
    """
    Choose options so that most weight is covered, or that as few parcels as possible are opened.

    Parameters
    ----------
    cover
        Options (columns) and demands, merged.
    rules
        Where options may stand.
    usable
        Options that may be chosen, shape (o,).
    start
        Options to warm-start from; ignored where one is not usable.
    node_limit
        Most branch-and-bound nodes.
    seed
        Random seed of the solver.
    fewest
        None maximises the weight; a number asks for the fewest parcels that cover that weight.

    Returns
    -------
    answer
        Options, bound and whether it is proved.

    Raises
    ------
    SitingError
        If the solver refuses the model.

    Notes
    -----
    Church and ReVelle (1974) with a binary for each option and for each parcel that holds
    several, and continuous coverage; a demand with a single usable option becomes a price on it.
    """
    cover = merge_demand(_only(cover, usable))
    layout = _Layout(cover, rules, usable)
    rows = _constraints(layout, rules)
    cost, sense = layout.worth(), -1
    if fewest is not None:
        held = np.flatnonzero(cost)
        size = float(np.abs(cost[held]).max()) if len(held) else 1.0
        rows.add(
            np.zeros(len(held), dtype=np.int64),
            held,
            cost[held] / size,
            lower=np.array([fewest / size]),
            upper=np.array([np.inf]),
        )
        cost, sense = layout.opened_cost(), 1
    return _run(layout, rows, cost, sense=sense, start=start, nodes=node_limit, seed=seed)


def _only(cover: Cover, usable: Flags) -> Cover:
    """Empty the columns that are not usable: fewer demands differ then."""
    size = np.where(usable, np.diff(cover.ptr), 0)
    ptr = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
    return build_cover(cover.weight, ptr, gather(cover.ptr, cover.demand, np.flatnonzero(usable)))


class _Layout:
    """Columns of the model: usable options, parcels with several of them, shared demands."""

    def __init__(self, cover: Cover, rules: Rules, usable: Flags) -> None:
        self.option = np.flatnonzero(usable)
        self.size = len(self.option)
        self.place = np.full(cover.columns, self.size)  # past the end: not in the model
        self.place[self.option] = np.arange(self.size)
        self.parcel = rules.parcel[self.option]
        held = np.bincount(self.parcel, minlength=len(rules.parcel_area_m2))
        self.shared = np.flatnonzero(held > 1)
        # a parcel with one option needs no column of its own: the option's stands for it
        self.site_column = np.full(len(held), self.size)
        self.site_column[self.parcel] = np.arange(self.size)
        self.site_column[self.shared] = self.size + np.arange(len(self.shared))
        self.sites = np.flatnonzero(held > 0)
        entry = usable[cover.column]
        owner = np.repeat(np.arange(len(cover.weight)), np.diff(cover.demand_ptr))[entry]
        column = self.place[cover.column[entry]]
        times = np.bincount(owner, minlength=len(cover.weight))
        single = times[owner] == 1
        self.alone = np.bincount(
            column[single], weights=cover.weight[owner[single]], minlength=self.size
        )[: self.size]
        self.demand = np.flatnonzero(times > 1)
        rank = np.cumsum(times > 1) - 1
        self.need_row = rank[owner[~single]]
        self.need_column = column[~single]
        self.weight = cover.weight[self.demand]
        self.first_demand = self.size + len(self.shared)
        self.width = self.first_demand + len(self.demand)
        self.lower = np.zeros(self.width)
        self.lower[self.site_column[self.sites[rules.required[self.sites]]]] = 1.0

    def worth(self) -> Floats:
        cost = np.zeros(self.width)
        cost[: self.size] = self.alone
        cost[self.first_demand :] = self.weight
        return cost

    def opened_cost(self) -> Floats:
        cost = np.zeros(self.width)
        cost[self.site_column[self.sites]] = 1.0
        return cost

    def point(self, start: Longs) -> Floats | None:
        if not len(start) or (self.place[start] == self.size).any():
            return None
        values = np.zeros(self.width)
        values[self.place[start]] = 1.0
        met = values[self.need_column] > 0
        values[self.site_column[np.unique(self.parcel[self.place[start]])]] = 1.0
        served = np.bincount(self.need_row[met], minlength=len(self.demand)) > 0
        values[self.first_demand :] = served
        return values


def _constraints(layout: _Layout, rules: Rules) -> _Rows:
    rows = _Rows()
    demands = len(layout.demand)
    own = np.arange(demands, dtype=np.int64)
    rows.add_most(
        np.concatenate([own, layout.need_row]),
        np.concatenate([layout.first_demand + own, layout.need_column]),
        np.concatenate([np.ones(demands), -np.ones(len(layout.need_row))]),
        upper=np.zeros(demands),
    )
    several = np.flatnonzero(np.isin(layout.parcel, layout.shared))
    _add_parcels(rows, layout, rules, several)
    if rules.max_sites is not None:
        sites = layout.site_column[layout.sites]
        rows.add_most(
            np.zeros(len(sites), dtype=np.int64),
            sites,
            np.ones(len(sites)),
            upper=np.array([float(rules.max_sites)]),
        )
    if rules.budget is not None:
        cost = rules.cost[layout.option]
        size = max(rules.budget, 1e-9)
        rows.add_most(
            np.zeros(layout.size, dtype=np.int64),
            np.arange(layout.size),
            cost / size,
            upper=np.array([rules.budget / size]),
        )
    return rows


def _add_parcels(rows: _Rows, layout: _Layout, rules: Rules, several: Longs) -> None:
    option = layout.option[several]
    parcel, kind = rules.parcel[option], rules.kind[option]
    _, slot = np.unique(np.column_stack([parcel, kind]), axis=0, return_inverse=True)
    slot = slot.reshape(-1)
    slots = int(slot.max()) + 1 if len(slot) else 0
    slot_parcel = np.zeros(slots, dtype=np.int64)
    slot_parcel[slot] = parcel
    # at most one option of a type on a parcel, and none on a closed parcel
    rows.add_most(
        np.concatenate([slot, np.arange(slots)]),
        np.concatenate([several, layout.site_column[slot_parcel]]),
        np.concatenate([np.ones(len(slot)), -np.ones(slots)]),
        upper=np.zeros(slots),
    )
    room = rules.parcel_area_m2[layout.shared]
    where = np.searchsorted(layout.shared, parcel)
    wanted = np.bincount(where, weights=rules.area_m2[option], minlength=len(layout.shared))
    tight = np.flatnonzero(np.isfinite(room) & (wanted > room))
    rank = np.searchsorted(tight, where)
    inside = np.isin(where, tight)
    rows.add_most(
        np.concatenate([rank[inside], np.arange(len(tight))]),
        np.concatenate([several[inside], layout.site_column[layout.shared[tight]]]),
        np.concatenate(
            [
                rules.area_m2[option[inside]] / np.maximum(room[where[inside]], 1e-9),
                -np.ones(len(tight)),
            ]
        ),
        upper=np.zeros(len(tight)),
    )
    due = np.flatnonzero(rules.required[layout.shared])
    inside = np.isin(where, due)
    rows.add(
        np.searchsorted(due, where[inside]),
        several[inside],
        np.ones(int(inside.sum())),
        lower=np.ones(len(due)),
        upper=np.full(len(due), np.inf),
    )


def _run(
    layout: _Layout,
    rows: _Rows,
    cost: Floats,
    *,
    sense: int,
    start: Longs,
    nodes: int,
    seed: int,
) -> Answer:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, setting in (
        ("output_flag", False),
        ("threads", 1),
        ("parallel", "off"),
        ("random_seed", seed),
        ("mip_max_nodes", nodes),
        ("mip_rel_gap", 1e-9),
        ("mip_abs_gap", 1e-6),
    ):
        solver.setOptionValue(name, setting)
    begin, index, value = rows.matrix()
    integer = np.zeros(layout.width, dtype=np.int32)
    integer[: layout.first_demand] = 1
    status = solver.passModel(
        layout.width,
        rows.count,
        len(index),
        int(highspy.MatrixFormat.kRowwise),
        sense,
        0.0,
        cost,
        layout.lower,
        np.ones(layout.width),
        np.concatenate(rows.lower),
        np.concatenate(rows.upper),
        begin.astype(np.int32),
        index.astype(np.int32),
        value,
        integer,
    )
    if status == highspy.HighsStatus.kError:
        raise SitingError("the solver refused the siting model")
    point = layout.point(start)
    if point is not None:
        solver.setSolution(layout.width, np.arange(layout.width, dtype=np.int32), point)
    if solver.run() == highspy.HighsStatus.kError:
        raise SitingError("the solver stopped with an error on the siting model")
    info = solver.getInfo()
    proved = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    chosen: Longs | None = None
    if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        values = np.array(solver.getSolution().col_value)[: layout.size]
        chosen = layout.option[values > 0.5]
    if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return Answer(chosen=None, bound=np.inf if sense > 0 else -np.inf, proved=True)
    return Answer(chosen=chosen, bound=float(info.mip_dual_bound), proved=proved)
