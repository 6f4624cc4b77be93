"""
The numbers of access: shares, weighted medians and scores, arrays in and arrays out.

Everything is summed from homes; nothing is an average of averages.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

COVERAGE_WEIGHT, ADEQUACY_WEIGHT, COUNT_WEIGHT = 0.6, 0.25, 0.15


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
    median = np.full(n, np.nan)
    use = (area >= 0) & (weights > 0)
    filled = np.where(np.isnan(values), np.inf, values)[use]
    weight, where = weights[use], area[use]
    order = np.lexsort((filled, where))
    filled, weight, where = filled[order], weight[order], where[order]
    start = np.searchsorted(where, np.arange(n), side="left")
    stop = np.searchsorted(where, np.arange(n), side="right")
    for index in range(n):
        part = slice(int(start[index]), int(stop[index]))
        if part.start == part.stop:
            continue
        running = np.cumsum(weight[part])
        at = int(np.searchsorted(running, running[-1] / 2 * (1 - 1e-12)))
        value = filled[part][at]
        median[index] = value if np.isfinite(value) else np.nan
    return median


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
