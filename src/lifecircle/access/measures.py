"""
The numbers of access: shares, weighted medians and scores, arrays in and arrays out.

Everything is summed from homes; nothing is an average of averages.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

COVERAGE_WEIGHT, ADEQUACY_WEIGHT, COUNT_WEIGHT = 0.6, 0.25, 0.15
LEAST_SCORE = 1.0
"""What a lower score counts as in a geometric mean: areas without a service still compare (P)."""


def sum_by(values: NDArray[np.float64], area: NDArray[np.int32], n: int) -> NDArray[np.float64]:
    """
    Sum a value over areas.

    Parameters
    ----------
    values
        Value of each home, shape (homes,).
    area
        Area of each home, -1 in none, shape (homes,).
    n
        Number of areas.

    Returns
    -------
    total
        Sum per area, shape (n,); 0 where nobody is.
    """
    known = area >= 0
    total = np.bincount(area[known], weights=values[known], minlength=n)
    return np.asarray(total, dtype=np.float64)


def median_by(
    values: NDArray[np.float64],
    weights: NDArray[np.float64],
    area: NDArray[np.int32],
    n: int,
) -> NDArray[np.float64]:
    """
    Find the weighted median over areas.

    Parameters
    ----------
    values
        Value of each home; missing counts as larger than any, shape (homes,).
    weights
        Weight of each home, shape (homes,).
    area
        Area of each home, -1 in none, shape (homes,).
    n
        Number of areas.

    Returns
    -------
    median
        The smallest value that at least half the weight does not exceed, shape (n,); missing
        when the median person has no value, or nobody is there.
    """
    return quantile_by(values, weights, area, n, 0.5)


def quantile_by(
    values: NDArray[np.float64],
    weights: NDArray[np.float64],
    area: NDArray[np.int32],
    n: int,
    part: float,
) -> NDArray[np.float64]:
    """
    Find a weighted quantile over areas.

    Parameters
    ----------
    values
        Value of each home; missing counts as larger than any, shape (homes,).
    weights
        Weight of each home, shape (homes,).
    area
        Area of each home, -1 in none, shape (homes,).
    n
        Number of areas.
    part
        Which quantile, in (0, 1]: 0.5 for the median, 0.9 for the walk nine in ten do not exceed.

    Returns
    -------
    quantile
        The smallest value that at least this part of the weight does not exceed, shape (n,);
        missing when the person there has no value, or nobody is there. Nothing is interpolated:
        it is somebody's value (the inverse of the distribution, type 1 of Hyndman & Fan 1996).
    """
    quantile = np.full(n, np.nan)
    use = (area >= 0) & (weights > 0)
    filled = np.where(np.isnan(values), np.inf, values)[use]
    weight, where = weights[use], area[use]
    order = np.lexsort((filled, where))
    filled, weight, where = filled[order], weight[order], where[order]
    start = np.searchsorted(where, np.arange(n), side="left")
    stop = np.searchsorted(where, np.arange(n), side="right")
    for index in range(n):
        rows = slice(int(start[index]), int(stop[index]))
        if rows.start == rows.stop:
            continue
        running = np.cumsum(weight[rows])
        at = int(np.searchsorted(running, running[-1] * part * (1 - 1e-12)))
        value = filled[rows][at]
        quantile[index] = value if np.isfinite(value) else np.nan
    return quantile


def gini(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """
    Measure how unequally a value is spread over people.

    Parameters
    ----------
    values
        Non-negative value of each home, none missing, shape (homes,).
    weights
        People of each home, shape (homes,).

    Returns
    -------
    gini
        Mean difference of two people drawn at random over twice the mean: 0 where all have the
        same, towards 1 where few have it all; missing where nobody is, or the mean is 0.

    Notes
    -----
    Gini (1912), from the Lorenz curve of weighted values.

    Examples
    --------
    >>> import numpy as np
    >>> from lifecircle.access.measures import gini
    >>> round(gini(np.array([0.0, 1.0]), np.array([3.0, 1.0])), 3)
    0.75
    """
    use = weights > 0
    order = np.argsort(values[use], kind="stable")
    value, weight = values[use][order], weights[use][order]
    held = np.concatenate([[0.0], np.cumsum(value * weight)])
    if held[-1] <= 0:
        return float("nan")
    twice = (weight * (held[1:] + held[:-1])).sum() / (weight.sum() * held[-1])
    return float(max(1.0 - twice, 0.0))


def worst_part(
    values: NDArray[np.float64], weights: NDArray[np.float64], part: float
) -> NDArray[np.float64]:
    """
    Pick the people with the largest values.

    Parameters
    ----------
    values
        Value of each home; missing counts as larger than any, shape (homes,).
    weights
        People of each home, shape (homes,).
    part
        Which part of the people, in (0, 1].

    Returns
    -------
    picked
        People picked of each home, shape (homes,); they add up to `part` of all. Homes of the
        value that splits them give the same share of their people each.
    """
    filled = np.where(np.isnan(values), np.inf, values)
    wanted = weights.sum() * part
    order = np.argsort(-filled, kind="stable")
    before = np.concatenate([[0.0], np.cumsum(weights[order])])
    at = int(np.searchsorted(before[1:], wanted * (1 - 1e-12)))
    picked = np.zeros(len(values))
    if wanted <= 0:
        return picked
    edge = filled[order[min(at, len(order) - 1)]]
    beyond, tied = filled > edge, filled == edge
    picked[beyond] = weights[beyond]
    rest = max(wanted - picked.sum(), 0.0)
    picked[tied] = weights[tied] * min(rest / weights[tied].sum(), 1.0)
    return picked


def service_score(
    coverage: NDArray[np.float64],
    adequacy: NDArray[np.float64],
    count_rule: NDArray[np.float64],
    *,
    use_adequacy: bool,
    use_count: bool,
) -> NDArray[np.float64]:
    """
    Score a service: ``100 (0.6 C + 0.25 A + 0.15 N)`` over the terms in use.

    Parameters
    ----------
    coverage, adequacy, count_rule
        The terms, 0 to 1, shape (areas,).
    use_adequacy, use_count
        Which terms are used: fixed for the whole study, so that scores compare.

    Returns
    -------
    score
        0 to 100, missing where a used term is, shape (areas,).

    Notes
    -----
    The project's own method (evidence tag P), never an official index.
    """
    weight = COVERAGE_WEIGHT + ADEQUACY_WEIGHT * use_adequacy + COUNT_WEIGHT * use_count
    total = COVERAGE_WEIGHT * coverage
    if use_adequacy:
        total = total + ADEQUACY_WEIGHT * adequacy
    if use_count:
        total = total + COUNT_WEIGHT * count_rule
    return np.asarray(100.0 * total / weight, dtype=np.float64)


def joined_scores(
    points: NDArray[np.float64], weights: NDArray[np.float64], *, geometric: bool
) -> NDArray[np.float64]:
    """
    Join the scores of services into one number.

    Parameters
    ----------
    points
        Score of every area on every service, 0 to 100, shape (areas, services).
    weights
        Relative weight of each service, shape (services,).
    geometric
        Whether the weighted geometric mean is taken, so that a missing service cannot be bought
        by another, instead of the arithmetic one.

    Returns
    -------
    index
        0 to 100, missing where any score is, shape (areas,). The geometric mean takes scores
        below `LEAST_SCORE` as that much, and is never above the arithmetic mean of what it takes.

    Examples
    --------
    >>> import numpy as np
    >>> from lifecircle.access.measures import joined_scores
    >>> points, weights = np.array([[100.0, 0.0]]), np.ones(2)
    >>> joined_scores(points, weights, geometric=False).tolist()
    [50.0]
    >>> joined_scores(points, weights, geometric=True).round(6).tolist()
    [10.0]
    """
    share = weights / weights.sum()
    if not geometric:
        return np.asarray(points @ weights / weights.sum(), dtype=np.float64)
    return np.asarray(np.exp(np.log(np.maximum(points, LEAST_SCORE)) @ share), dtype=np.float64)
