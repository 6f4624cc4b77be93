"""
Turns a covering table and limits into a proof: no choice can cover more than this.

The bound is never below the optimum, whatever the multipliers are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lifecircle.siting.cover import Cover, Flags, Floats, Limits, Longs, gather, sums


@dataclass(frozen=True, kw_only=True)
class Bound:
    """
    A proved upper bound and what it says of each column.

    Parameters
    ----------
    value
        No choice within the limits covers more weight than this.
    price
        Dual price of each column, shape (c,): how promising it is.
    with_column
        Upper bound for choices that contain the column, shape (c,).
    without_group
        Upper bound for choices that leave the group out, shape (g,).
    """

    value: float
    price: Floats
    with_column: Floats
    without_group: Floats


def lagrangian_bound(
    cover: Cover, limits: Limits, *, reached: float, iterations: int = 1500
) -> Bound:
    """
    Bound the best coverage by Lagrangian relaxation of "covered only if a column is chosen".

    Parameters
    ----------
    cover
        Columns and demands.
    limits
        What a choice keeps to. With both a number and a budget the tighter of the two counts.
    reached
        Weight some choice is known to cover; steers the step length only.
    iterations
        Most steps taken.

    Returns
    -------
    bound
        The best bound seen.

    Notes
    -----
    With multipliers ``0 <= m <= weight`` on the demands, the weight not priced away plus the best
    choice by priced column is an upper bound (Galvão and ReVelle 1996). Minimising it by
    deflected subgradient steps of Polyak length comes down to the bound of the linear relaxation
    where every group holds one column. With a budget the choice is a fractional knapsack.
    """
    chooser = _Chooser(cover, limits)
    weight = cover.weight
    price = weight * 0.5
    best_price, best, theta, stalled = price, np.inf, 1.0, 0
    way = np.zeros_like(weight)
    for _ in range(iterations):
        value, taken = chooser.best(sums(cover.ptr, price[cover.demand]))
        value += float((weight - price).sum())
        if value < best * (1 - 1e-6) or not np.isfinite(best):
            best, best_price, stalled = value, price, 0
        else:
            stalled += 1
            if stalled > 30:
                theta, stalled, price = theta * 0.66, 0, best_price
                way = np.zeros_like(weight)
        if best <= reached * (1 + 1e-9) or theta < 1e-3:
            break
        slope = _slope(cover, taken) - 1.0
        slope[((price >= weight) & (slope < 0)) | ((price <= 0) & (slope > 0))] = 0.0
        way = 0.15 * slope + 0.85 * way
        norm = float((way * way).sum())
        if norm < 1e-12:
            break
        price = np.clip(price - theta * max(value - reached, 0.0) / norm * way, 0.0, weight)
    columns = sums(cover.ptr, best_price[cover.demand])
    rest = float((weight - best_price).sum())
    value = rest + chooser.best(columns)[0]
    return Bound(
        value=min(value, float(weight.sum())),
        price=columns,
        with_column=rest + chooser.with_each(columns),
        without_group=rest + chooser.without_each(columns),
    )


def _slope(cover: Cover, taken: Floats) -> Floats:
    rows = np.flatnonzero(taken)
    share = np.repeat(taken[rows], cover.ptr[rows + 1] - cover.ptr[rows])
    reach = gather(cover.ptr, cover.demand, rows)
    slope = np.bincount(reach, weights=share, minlength=len(cover.weight))
    return slope.astype(np.float64)


class _Chooser:
    """The best choice when every column has a price of its own: a sort."""

    def __init__(self, cover: Cover, limits: Limits) -> None:
        self._limits = limits
        self._allowed: Flags = ~limits.forbidden[limits.group]
        self._columns = np.arange(cover.columns, dtype=np.int64)
        self._groups = len(limits.required)
        held = np.bincount(limits.group[self._allowed], minlength=self._groups) > 0
        self._due: Flags = limits.required & held
        most = self._groups if limits.max_groups is None else limits.max_groups
        self._room = max(most - int(self._due.sum()), 0)
        self._lone = bool((np.bincount(limits.group, minlength=self._groups) <= 1).all())

    def best(self, price: Floats) -> tuple[float, Floats]:
        by_number = self._by_number(price)
        if self._limits.budget is None:
            return by_number
        by_cost = self._by_cost(price)
        return by_cost if by_cost[0] < by_number[0] else by_number

    def with_each(self, price: Floats) -> Floats:
        if self._limits.budget is not None:
            return np.full(len(price), np.inf)
        worth, _ = self._worth(price)
        total, _ = self._by_number(price)
        group = self._limits.group
        free = np.sort(worth[~self._due])[::-1]
        last = float(free[self._room - 1]) if 0 < self._room <= len(free) else 0.0
        if self._room == 0:
            last = np.inf  # nothing but what is required fits
        # a column outside pushes out the last one inside; inside, it replaces its group's best
        inside = self._due[group] | (worth[group] >= last)
        value = np.where(inside, total - worth[group] + price, total - last + price)
        return np.where(self._allowed, value, -np.inf)

    def without_each(self, price: Floats) -> Floats:
        if self._limits.budget is not None:
            return np.full(self._groups, np.inf)
        worth, _ = self._worth(price)
        total, taken = self._by_number(price)
        used = np.zeros(self._groups, dtype=np.bool_)
        used[self._limits.group[taken > 0]] = True
        waiting = worth[~used & ~self._due]
        # whoever leaves makes room for the best of those outside
        follower = float(waiting.max()) if len(waiting) else 0.0
        return np.where(used, total - worth + follower, total)

    def _worth(self, price: Floats) -> tuple[Floats, Longs]:
        group = self._limits.group
        order = self._columns[self._allowed]
        lead = order
        if not self._lone:
            order = order[np.lexsort((order, -price[order], group[order]))]
            first = np.ones(len(order), dtype=np.bool_)
            first[1:] = group[order[1:]] != group[order[:-1]]
            lead = order[first]
        worth = np.zeros(self._groups)
        worth[group[lead]] = price[lead]
        return worth, lead

    def _by_number(self, price: Floats) -> tuple[float, Floats]:
        lead = self._worth(price)[1]
        taken = np.zeros(len(price))
        forced = self._due[self._limits.group[lead]]
        free = lead[~forced]
        free = free[np.argsort(-price[free], kind="stable")][: self._room]
        chosen = np.concatenate([lead[forced], free])
        taken[chosen] = 1.0
        return float(price[chosen].sum()), taken

    def _by_cost(self, price: Floats) -> tuple[float, Floats]:
        cost = self._limits.cost
        order = self._columns[self._allowed & (price > 0)]
        order = order[np.argsort(-price[order] / np.maximum(cost[order], 1e-9), kind="stable")]
        before = np.cumsum(cost[order]) - cost[order]
        left = self._limits.most_cost - before
        part = np.where(cost[order] > 0, left / np.maximum(cost[order], 1e-300), 1.0)
        taken = np.zeros(len(price))
        taken[order] = np.where(left < 0, 0.0, np.clip(part, 0.0, 1.0))
        taken[order[cost[order] == 0]] = 1.0
        return float((taken * price).sum()), taken
