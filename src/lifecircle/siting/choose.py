"""
Turns a covering table and limits into a good choice of columns: greedy, exchange, shaking.

Every choice keeps to the limits and is the same for the same arrays (ties by lowest index).
"""

from __future__ import annotations

import numpy as np

from lifecircle.siting.cover import Cover, Flags, Floats, Limits, Longs, crumb, gather, sums


def greedy_swap(cover: Cover, limits: Limits, *, start: Longs | None = None) -> Longs:
    """
    Choose columns: greedily by gain, then exchange pairs while that helps.

    Parameters
    ----------
    cover
        Columns and demands.
    limits
        What the choice keeps to.
    start
        Columns to begin with (they must keep to the limits); None begins with nothing.

    Returns
    -------
    chosen
        Columns, ascending.

    Notes
    -----
    Gains are kept up to date demand by demand, so that the whole greedy pass reads each entry of
    the table once (the end that lazy evaluation, Minoux 1978, is a means to). With a number limit
    and nothing required the pass covers at least (1 - 1/e) of the optimum (Nemhauser, Wolsey and
    Fisher 1978). With a budget the gain per cost decides, and the better of that and the greedy
    pass by plain gain is kept. The exchange (Teitz and Bart 1968) looks at all pairs at once and
    takes the best one.
    """
    seeds = np.zeros(0, dtype=np.int64) if start is None else start
    rounds = [True] if limits.budget is None else [False, True]
    best = np.zeros(0, dtype=np.int64)
    best_value = -1.0
    for plain in rounds:
        chosen = _exchange(cover, limits, _greedy(cover, limits, seeds, plain=plain))
        value = cover.covered(chosen)
        if value > best_value:
            best, best_value = chosen, value
    return best


def _greedy(cover: Cover, limits: Limits, start: Longs, *, plain: bool) -> Longs:
    open_group = np.zeros(len(limits.required), dtype=np.bool_)
    uncovered = np.ones(len(cover.weight), dtype=np.bool_)
    gain = sums(cover.ptr, cover.weight[cover.demand])
    chosen = [int(column) for column in start]
    for column in chosen:
        _take(cover, column, uncovered, gain)
        open_group[limits.group[column]] = True
    spent = float(limits.cost[start].sum())
    # what is required must stay affordable while the rest is chosen
    cheapest = np.full(len(open_group), np.inf)
    np.minimum.at(cheapest, limits.group, limits.cost)
    while True:
        due = limits.required & ~open_group & np.isfinite(cheapest)
        reserve = float(cheapest[due].sum())
        spare = np.where(due[limits.group], reserve - cheapest[limits.group], reserve)
        free = ~open_group[limits.group] & ~limits.forbidden[limits.group]
        free &= spent + limits.cost + spare <= limits.most_cost
        if limits.max_groups is not None:
            if int(open_group.sum()) >= limits.max_groups:
                break
            if int(open_group.sum()) + int(due.sum()) >= limits.max_groups:
                free &= due[limits.group]
        worth = gain if plain else gain / np.maximum(limits.cost, 1e-9)
        worth = np.where(free & ((gain > crumb(cover)) | due[limits.group]), worth, -1.0)
        column = int(np.argmax(worth)) if len(worth) else -1
        if column < 0 or worth[column] < 0:
            break
        chosen.append(column)
        spent += float(limits.cost[column])
        open_group[limits.group[column]] = True
        _take(cover, column, uncovered, gain)
    return np.array(sorted(chosen), dtype=np.int64)


def _take(cover: Cover, column: int, uncovered: Flags, gain: Floats) -> None:
    reach = cover.demand[cover.ptr[column] : cover.ptr[column + 1]]
    new = reach[uncovered[reach]]
    uncovered[new] = False
    others = gather(cover.demand_ptr, cover.column, new)
    lost = np.repeat(cover.weight[new], cover.demand_ptr[new + 1] - cover.demand_ptr[new])
    gain -= np.bincount(others, weights=lost, minlength=len(gain))


def _exchange(cover: Cover, limits: Limits, chosen: Longs) -> Longs:
    for _ in range(10 * len(chosen) + 100):
        if not len(chosen):
            return chosen
        value = exchange_values(cover, chosen)
        value[~exchangeable(limits, chosen)] = -np.inf
        best = int(np.argmax(value))
        out, into = divmod(best, cover.columns)
        if value[out, into] <= crumb(cover):
            return chosen
        chosen = np.sort(np.append(np.delete(chosen, out), into))
        if limits.budget is not None or len(chosen) != limits.max_groups:
            chosen = _greedy(cover, limits, chosen, plain=limits.budget is None)
    return chosen


def exchange_values(cover: Cover, chosen: Longs) -> Floats:
    """
    Work out what every exchange of one column would change.

    Parameters
    ----------
    cover
        Columns and demands.
    chosen
        The choice, shape (k,), k > 0.

    Returns
    -------
    value
        Weight covered more (or less) once the column of a row left and that of a column of the
        table came instead, shape (k, c).
    """
    demands = np.arange(len(cover.weight), dtype=np.int64)
    reach = gather(cover.ptr, cover.demand, chosen)
    place = np.repeat(np.arange(len(chosen)), cover.ptr[chosen + 1] - cover.ptr[chosen])
    times = np.bincount(reach, minlength=len(demands))
    owner = np.zeros(len(demands), dtype=np.int64)
    owner[reach] = place
    once = demands[times == 1]
    loss = np.bincount(owner[once], weights=cover.weight[once], minlength=len(chosen))
    gain = sums(cover.ptr, np.where(times == 0, cover.weight, 0.0)[cover.demand])
    # what a newcomer takes over of the one that leaves
    width = cover.demand_ptr[once + 1] - cover.demand_ptr[once]
    pair = np.repeat(owner[once] * cover.columns, width)
    pair += gather(cover.demand_ptr, cover.column, once)
    taken = np.bincount(
        pair,
        weights=np.repeat(cover.weight[once], width),
        minlength=len(chosen) * cover.columns,
    ).reshape(len(chosen), cover.columns)
    return np.asarray(gain + taken - loss[:, np.newaxis], dtype=np.float64)


def exchangeable(limits: Limits, chosen: Longs) -> Flags:
    """
    Say which exchanges of one column keep to the limits.

    Parameters
    ----------
    limits
        What a choice keeps to.
    chosen
        The choice, shape (k,).

    Returns
    -------
    allowed
        Shape (k, c).
    """
    own = limits.group[chosen][:, np.newaxis] == limits.group
    used = np.zeros(len(limits.required), dtype=np.bool_)
    used[limits.group[chosen]] = True
    free = ~used[limits.group] & ~limits.forbidden[limits.group]
    allowed = own | (free & ~limits.required[limits.group[chosen]][:, np.newaxis])
    left = limits.most_cost - limits.cost[chosen].sum() + limits.cost[chosen]
    allowed &= limits.cost <= left[:, np.newaxis]
    allowed[np.arange(len(chosen)), chosen] = False
    return np.asarray(allowed, dtype=np.bool_)


def shake(
    cover: Cover,
    limits: Limits,
    chosen: Longs,
    *,
    appeal: Floats,
    enough: float,
    kicks: int,
    seed: int,
) -> Longs:
    """
    Improve a choice by replacing a part of it at random and exchanging again.

    Parameters
    ----------
    cover
        Columns and demands.
    limits
        What the choice keeps to.
    chosen
        The choice to improve; it keeps to the limits.
    appeal
        How promising each column is, shape (c,): newcomers come from the best of them
        (a dual price from `bound.lagrangian_bound` serves well).
    enough
        Weight that cannot be exceeded: reaching it ends the search.
    kicks
        How often to try; a third of that without any success ends the search.
    seed
        Seed of the random numbers.

    Returns
    -------
    better
        The best choice seen, ascending; never worse than `chosen`.
    """
    random = np.random.default_rng(seed)
    usable = np.flatnonzero(~limits.forbidden[limits.group])
    pool = usable[np.argsort(-appeal[usable], kind="stable")][: 5 * len(chosen) + 20]
    best, best_value = chosen, cover.covered(chosen)
    idle = 0
    for _ in range(kicks if len(chosen) > 1 else 0):
        if best_value >= enough - crumb(cover) or idle > kicks // 3:
            break
        idle += 1
        loose = best[~limits.required[limits.group[best]]]
        leaving = random.permutation(loose)[: max(2, len(best) // 4)]
        tried = _refill(limits, np.setdiff1d(best, leaving), random.permutation(pool))
        tried = _exchange(cover, limits, _greedy(cover, limits, tried, plain=limits.budget is None))
        value = cover.covered(tried)
        if value > best_value + crumb(cover):
            best, best_value, idle = tried, value, 0
    return best


def _refill(limits: Limits, kept: Longs, newcomers: Longs) -> Longs:
    chosen = [int(column) for column in kept]
    used = set(limits.group[kept].tolist())
    spent = float(limits.cost[kept].sum())
    room = len(limits.required) if limits.max_groups is None else limits.max_groups
    for column in newcomers.tolist():
        group = int(limits.group[column])
        if len(used) >= room:
            break
        if group in used or spent + limits.cost[column] > limits.most_cost:
            continue
        chosen.append(column)
        used.add(group)
        spent += float(limits.cost[column])
    return np.array(sorted(chosen), dtype=np.int64)
