"""
Numbers a table leaves out -> what its own sums say they must be.

A sum less all its other rows is the missing number; several missing ones share what is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lifecircle.errors import InputError, Problem

Numbers = NDArray[np.float64]
_SLACK = 0.5  # people by which a sum may differ from its rows
_FEWEST_OF_A_TABLE = 100.0  # people of its largest community


@dataclass(frozen=True, kw_only=True)
class Recovered:
    """
    A column with its missing numbers filled in as far as sums tell them.

    Parameters
    ----------
    values
        The column, NaN where no sum helps, shape (n,).
    exact
        Rows that are one sum less its other rows, shape (n,).
    shared
        Number in the file of the sum that several rows share the rest of, 0 of none, shape (n,).
    """

    values: Numbers
    exact: NDArray[np.bool_]
    shared: NDArray[np.int64]


def recover(
    values: Numbers,
    sums: Numbers,
    *,
    row: NDArray[np.int64],
    sum_row: NDArray[np.int64],
    beside: Sequence[tuple[Numbers, Numbers]] = (),
    weights: Sequence[Numbers] = (),
) -> Recovered:
    """
    Fill in what a column leaves out and its sums imply.

    Parameters
    ----------
    values, sums
        The column in the rows and in the rows of sums, NaN where it says nothing, shapes (n,) and
        (m,).
    row, sum_row
        Number of each row and each row of sums in the file, rising, shapes (n,) and (m,).
    beside
        Other columns in the same way: they tell which rows a sum is of, and a sum that contradicts
        one of them is not trusted.
    weights
        By what several missing rows of one sum share; the first that all of them have.

    Returns
    -------
    recovered
        The column and how each number was found.

    Notes
    -----
    Sums stand below their rows or above them; whichever agrees with more complete sums is taken,
    and none where no complete sum agrees. A sum no row stands before is that of the whole table.

    Examples
    --------
    >>> import numpy as np
    >>> from lifecircle.sources.people.totals import recover
    >>> people, births = np.array([40.0, np.nan, 30.0]), np.array([4.0, 6.0, 3.0])
    >>> recover(
    ...     people, np.array([100.0, 130.0]), row=np.array([2, 3, 5]), sum_row=np.array([4, 6]),
    ...     beside=[(births, np.array([10.0, 13.0]))],
    ... ).values.tolist()
    [40.0, 60.0, 30.0]
    """
    filled = values.copy()
    exact = np.zeros(len(values), dtype=bool)
    shared = np.zeros(len(values), dtype=np.int64)
    columns = [(values, sums), *beside]
    for members in _parts(columns, row, sum_row):
        for at, rows in members:
            gone = rows & np.isnan(filled)
            rest = sums[at] - np.nansum(filled[rows])
            if not gone.any() or not np.isfinite(rest) or rest < 0:
                continue
            if gone.sum() == 1:
                filled[gone], exact[gone] = rest, True
                continue
            weight = next((one[gone] for one in weights if _usable(one[gone])), None)
            if weight is not None:
                filled[gone], shared[gone] = _whole(rest * weight / weight.sum()), sum_row[at]
    return Recovered(values=filled, exact=exact, shared=shared)


_Member = tuple[int, NDArray[np.bool_]]


def _parts(
    columns: Sequence[tuple[Numbers, Numbers]],
    row: NDArray[np.int64],
    sum_row: NDArray[np.int64],
) -> list[list[_Member]]:
    """List the trusted sums with their rows: those of parts first, then that of the table."""
    best: tuple[int, list[_Member]] = (0, [])
    for below in (True, False):
        edges = np.concatenate([[-1], sum_row] if below else [sum_row, [np.iinfo(np.int64).max]])
        members = [(at, (row > edges[at]) & (row < edges[at + 1])) for at in range(len(sum_row))]
        members = [(at, rows) for at, rows in members if rows.any()]
        if len(sum_row) > 1 and len(members) == len(sum_row):
            continue  # rows on the far side of every sum: the first or the last has none
        votes = [_vote(columns, at, rows) for at, rows in members]
        if sum(votes) > best[0]:
            kept = [one for one, vote in zip(members, votes, strict=True) if vote >= 0]
            best = (sum(votes), kept)
    every = np.ones(len(row), dtype=bool)
    of_part = {at for at, _ in best[1]}
    whole = [
        (at, every)
        for at in range(len(sum_row))
        if at not in of_part and _vote(columns, at, every) > 0
    ]
    return [best[1], whole]


def _vote(columns: Sequence[tuple[Numbers, Numbers]], at: int, rows: NDArray[np.bool_]) -> int:
    """Count the columns that agree with a sum; -1 where one contradicts it."""
    agree = 0
    for values, sums in columns:
        rest = sums[at] - values[rows].sum()
        if np.isfinite(rest):
            if abs(rest) > _SLACK:
                return -1
            agree += 1
    return agree


def _usable(weight: Numbers) -> bool:
    return bool(np.isfinite(weight).all() and (weight >= 0).all() and weight.sum() > 0)


def _whole(parts: Numbers) -> Numbers:
    """Round to whole people and keep the sum: the largest remainders are rounded up."""
    floors = np.floor(parts)
    left = round(float(parts.sum() - floors.sum()))
    order = np.argsort(-(parts - floors), kind="stable")
    floors[order[:left]] += 1
    return floors


def refuse_fractions(people: NDArray[np.float64], column: str, where: str) -> None:
    """
    Refuse numbers of people that can only be counted in a larger unit nobody named.

    Parameters
    ----------
    people
        Residents of each row as they stand; NaN where there are none.
    column, where
        Their column and table, for the message.

    Raises
    ------
    InputError
        If none is as large as 100 and most are no whole numbers: 0.69 is 6,900 people in 万人.
    """
    known = people[np.isfinite(people)]
    if len(known) == 0 or known.max() >= _FEWEST_OF_A_TABLE or np.mean(known % 1 > 0) <= 0.5:
        return
    some = ", ".join(f"{value:g}" for value in known[:3])
    raise InputError(
        Problem(
            what=f"its numbers of people are fractions ({some} …) and look like 万人",
            where=where,
            remedy=f"write 单位：万人 above the table, or '{column}(万人)' as the heading",
        )
    )
