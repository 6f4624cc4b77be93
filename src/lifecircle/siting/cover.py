"""
Turns "this column covers those demands" into an indexed table, on bare arrays.

What a choice of columns covers is the same before and after demands are merged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]

_HASH_STEP = np.uint64(0x9E3779B97F4A7C15)  # golden-ratio increment of SplitMix64


@dataclass(frozen=True, kw_only=True)
class Cover:
    """
    Which column covers which demand, in both directions.

    Parameters
    ----------
    weight
        Weight of each demand, shape (d,), positive.
    ptr, demand
        CSR: column ``c`` covers ``demand[ptr[c]:ptr[c + 1]]``, ascending and without doubles;
        shapes (c + 1,) and (nnz,).
    demand_ptr, column
        The same the other way round: demand ``i`` is covered by
        ``column[demand_ptr[i]:demand_ptr[i + 1]]``; shapes (d + 1,) and (nnz,).
    """

    weight: Floats
    ptr: Longs
    demand: Longs
    demand_ptr: Longs
    column: Longs

    def __post_init__(self) -> None:
        for name in ("weight", "ptr", "demand", "demand_ptr", "column"):
            getattr(self, name).flags.writeable = False

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.ptr) - 1

    def covered(self, chosen: Longs) -> float:
        """
        Weight covered by a choice of columns.

        Parameters
        ----------
        chosen
            Columns, shape (k,).

        Returns
        -------
        covered
            Sum of the weights of the demands that at least one of them covers.
        """
        seen = np.zeros(len(self.weight), dtype=np.bool_)
        seen[gather(self.ptr, self.demand, chosen)] = True
        return float(self.weight[seen].sum())


def gather(ptr: Longs, values: Longs, rows: Longs) -> Longs:
    """
    Put rows of a CSR table one behind the other.

    Parameters
    ----------
    ptr, values
        CSR arrays, shapes (n + 1,) and (nnz,).
    rows
        Rows wanted, shape (k,).

    Returns
    -------
    joined
        Values of the rows in the order asked for.
    """
    first = ptr[rows]
    count = ptr[rows + 1] - first
    shift = np.repeat(first - (np.cumsum(count) - count), count)
    return values[shift + np.arange(len(shift), dtype=np.int64)]


def crumb(cover: Cover) -> float:
    """
    Tell how far two sums of the same weights may differ by the order of adding.

    Parameters
    ----------
    cover
        The table.

    Returns
    -------
    crumb
        The largest difference that means nothing.
    """
    return 1e-10 * float(cover.weight.sum())


def sums(ptr: Longs, values: Floats) -> Floats:
    """
    Sum the rows of a CSR table.

    Parameters
    ----------
    ptr, values
        CSR arrays, shapes (n + 1,) and (nnz,).

    Returns
    -------
    total
        Sum of each row, shape (n,); zero for an empty one.
    """
    # reduceat returns the next row's first value for an empty row, hence the mask
    full = np.flatnonzero(np.diff(ptr))
    total = np.zeros(len(ptr) - 1)
    if len(full):
        total[full] = np.add.reduceat(values, ptr[full])
    return total


def build_cover(weight: Floats, ptr: Longs, demand: Longs) -> Cover:
    """
    Index a covering table in both directions.

    Parameters
    ----------
    weight
        Weight of each demand, shape (d,).
    ptr, demand
        CSR column -> demands, shapes (c + 1,) and (nnz,); doubled entries are taken once.

    Returns
    -------
    cover
        The table, both ways round.

    Examples
    --------
    >>> import numpy as np
    >>> from lifecircle.siting.cover import build_cover
    >>> cover = build_cover(np.array([2.0, 5.0]), np.array([0, 1, 3]), np.array([0, 0, 1]))
    >>> cover.covered(np.array([0])), cover.covered(np.array([1]))
    (2.0, 7.0)
    """
    weight = np.array(weight, dtype=np.float64)
    size = max(len(weight), 1)
    column = np.repeat(np.arange(len(ptr) - 1, dtype=np.int64), np.diff(ptr))
    key = column * size + np.asarray(demand, dtype=np.int64)
    if len(key) > 1 and not (np.diff(key) > 0).all():
        key = np.unique(key)
    column, demand = key // size, key % size
    order = np.argsort(demand, kind="stable")
    return Cover(
        weight=weight,
        ptr=_ptr(column, len(ptr) - 1),
        demand=demand,
        demand_ptr=_ptr(demand, len(weight)),
        column=column[order],
    )


def _ptr(rows: Longs, size: int) -> Longs:
    return np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=size))]).astype(np.int64)


def merge_demand(cover: Cover) -> Cover:
    """
    Merge demands that the same columns cover, and drop those that no column covers.

    Parameters
    ----------
    cover
        The table; not changed.

    Returns
    -------
    merged
        The same columns over fewer demands; what any choice covers stays the same.

    Notes
    -----
    Equal sets are found by a 64-bit sum of mixed column numbers and then compared entry by entry,
    so that a collision costs a merge and never an error.
    """
    count = np.diff(cover.demand_ptr)
    kept = np.flatnonzero((count > 0) & (cover.weight > 0))
    mixed = _mix(np.arange(cover.columns, dtype=np.uint64))
    ends = np.concatenate([[np.uint64(0)], np.cumsum(mixed[cover.column], dtype=np.uint64)])
    sign = (ends[cover.demand_ptr[1:]] - ends[cover.demand_ptr[:-1]])[kept]
    order = np.lexsort((kept, sign, count[kept]))
    kept, sign = kept[order], sign[order]
    fresh = np.ones(len(kept), dtype=np.bool_)
    fresh[1:] = (sign[1:] != sign[:-1]) | (count[kept[1:]] != count[kept[:-1]])
    leader = kept[np.flatnonzero(fresh)[np.cumsum(fresh) - 1]] if len(kept) else kept
    owner = np.repeat(np.arange(len(kept)), count[kept])
    same = gather(cover.demand_ptr, cover.column, kept) == gather(
        cover.demand_ptr, cover.column, leader
    )
    unequal = np.bincount(owner[~same], minlength=len(kept)) > 0
    leader = np.where(unequal, kept, leader)
    heads, member = np.unique(leader, return_inverse=True)
    summed = np.bincount(member, weights=cover.weight[kept], minlength=len(heads))
    column = gather(cover.demand_ptr, cover.column, heads)
    demand = np.repeat(np.arange(len(heads), dtype=np.int64), count[heads])
    order = np.argsort(column, kind="stable")
    return Cover(
        weight=summed.astype(np.float64),
        ptr=_ptr(column, cover.columns),
        demand=demand[order],
        demand_ptr=_ptr(demand, len(heads)),
        column=column,
    )


def _mix(number: NDArray[np.uint64]) -> NDArray[np.uint64]:
    with np.errstate(over="ignore"):
        number = (number + np.uint64(1)) * _HASH_STEP
        number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return number ^ (number >> np.uint64(31))


@dataclass(frozen=True, kw_only=True)
class Limits:
    """
    What a choice of columns has to keep to.

    Parameters
    ----------
    group
        Group (parcel) of each column, shape (c,); at most one column of a group is chosen.
    cost
        Cost of each column, shape (c,).
    required, forbidden
        Groups that must and must not be used, shape (g,).
    max_groups
        Most groups used; None for no limit.
    budget
        Most cost in all; None for no limit.
    """

    group: Longs
    cost: Floats
    required: Flags
    forbidden: Flags
    max_groups: int | None
    budget: float | None

    @property
    def most_cost(self) -> float:
        """Budget, infinite where there is none."""
        return np.inf if self.budget is None else self.budget * (1 + 1e-12)
