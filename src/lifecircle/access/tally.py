"""The compiled kernel that counts who is covered in every draw, arrays in and arrays out."""

from __future__ import annotations

import numba
import numpy as np
from numba import boolean, float32, float64, int32, int64, void
from numpy.typing import NDArray


@numba.njit(
    void(
        int64[::1],
        int32[::1],
        int32[::1],
        int64,
        float64,
        float64,
        float64[::1],
        float32[:, ::1],
        float32[:, ::1],
        boolean[:, ::1],
        int64[::1],
        boolean[:, ::1],
    ),
    nogil=True,
    cache=True,
)
def within(
    ptr: NDArray[np.int64],
    facility: NDArray[np.int32],
    cost: NDArray[np.int32],
    at_least: int,
    limit: float,
    per_metre: float,
    slower: NDArray[np.float64],
    home_m: NDArray[np.float32],
    place_m: NDArray[np.float32],
    there: NDArray[np.bool_],
    rows: NDArray[np.int64],
    covered: NDArray[np.bool_],
) -> None:
    """
    Take away from `covered` who has too few choices within the limit.

    Parameters
    ----------
    ptr, facility, cost, at_least
        As `Choices`.
    limit
        In the unit of `cost`.
    per_metre
        What a metre costs.
    slower
        How many times as long walks take, shape (draws,).
    home_m, place_m, there
        As `Draws`.
    rows
        The homes that are asked about, shape (k,).
    covered
        Changed in place, shape (draws, k).
    """
    for draw in range(slower.shape[0]):
        factor = slower[draw]
        for k in range(rows.shape[0]):
            home = rows[k]
            if not covered[draw, k]:
                continue
            rest = limit - home_m[draw, home] * per_metre
            enough = 0
            for at in range(ptr[home], ptr[home + 1]):
                place = facility[at]
                if not there[draw, place]:
                    continue
                if cost[at] * factor + place_m[draw, place] * per_metre <= rest:
                    enough += 1
                    if enough >= at_least:
                        break
            if enough < at_least:
                covered[draw, k] = False


@numba.njit(
    void(boolean[:, ::1], float64[::1], int32[:, ::1], float64[:, ::1]), nogil=True, cache=True
)
def add_up(
    counted: NDArray[np.bool_],
    people: NDArray[np.float64],
    area: NDArray[np.int32],
    total: NDArray[np.float64],
) -> None:
    """
    Add up the people counted in every draw and area.

    Parameters
    ----------
    counted
        Shape (draws, k).
    people
        Shape (k,).
    area
        Area of each home on every level, -1 in none, shape (levels, k).
    total
        Changed in place, shape (draws, areas).
    """
    for draw in range(counted.shape[0]):
        for k in range(people.shape[0]):
            if counted[draw, k]:
                for level in range(area.shape[0]):
                    where = area[level, k]
                    if where >= 0:
                        total[draw, where] += people[k]
