"""The compiled kernel that chooses sites greedily in every draw, arrays in and arrays out."""

from __future__ import annotations

import numba
import numpy as np
from numba import boolean, float32, float64, int32, int64, void
from numpy.typing import NDArray


@numba.njit(
    int64(
        *(int64, int64, int64[::1], int32[::1], int32[::1], float64[::1], boolean[::1]),
        *(float64[::1], float64[::1], float64[::1], float32[::1], float32[::1], float64[::1]),
        *(boolean[:, ::1], float64[:, ::1], float64, boolean[::1], float64[::1]),
        *(int64[::1], int64[::1], float64[::1]),
    ),
    nogil=True,
    cache=True,
)
def _worth(
    candidate: int,
    count: int,
    ptr: NDArray[np.int64],
    home: NDArray[np.int32],
    cost: NDArray[np.int32],
    weight: NDArray[np.float64],
    open_: NDArray[np.bool_],
    limit: NDArray[np.float64],
    per_metre: NDArray[np.float64],
    slower: NDArray[np.float64],
    home_m: NDArray[np.float32],
    place_m: NDArray[np.float32],
    factor: NDArray[np.float64],
    groups: NDArray[np.bool_],
    need: NDArray[np.float64],
    room: float,
    taken: NDArray[np.bool_],
    value: NDArray[np.float64],
    claim_ptr: NDArray[np.int64],
    claim: NDArray[np.int64],
    unmet: NDArray[np.float64],
) -> int:
    """Pack the best groups on a candidate: sets `taken` by requirement and `value[0]`."""
    n = len(home_m)
    gain = np.zeros(count)
    for r in range(count):
        slot = candidate * count + r
        taken[r] = False
        first, last = ptr[slot], ptr[slot + 1]
        longest = limit[r] - place_m[candidate] * per_metre[r]
        for at in range(first, last):
            place = r * n + home[at]
            if open_[place]:
                walk = cost[at] * slower[r] + home_m[home[at]] * per_metre[r]
                if walk <= longest:
                    gain[r] += weight[place]
        gain[r] *= factor[r]
        for at in range(claim_ptr[slot], claim_ptr[slot + 1]):
            gain[r] += unmet[claim[at]]
    left = room * (1.0 + 1e-9)
    value[0] = 0.0
    while True:
        best, most = -1, 0.0
        for g in range(groups.shape[0]):
            if need[candidate, g] > left:
                continue
            worth = 0.0
            for r in range(count):
                if groups[g, r] and not taken[r]:
                    worth += gain[r]
            if worth > most:
                best, most = g, worth
        if best < 0:
            return 0
        left -= need[candidate, best]
        value[0] += most
        for r in range(count):
            if groups[best, r]:
                taken[r] = True


@numba.njit(
    void(
        *(int64, int64[::1], int32[::1], int32[::1], float64[::1], boolean[:, ::1]),
        *(float64[::1], float64[::1], float64[:, ::1], float32[:, ::1], float32[:, ::1]),
        *(float64[:, ::1], boolean[:, ::1], float64[:, ::1], float64[::1]),
        *(boolean[::1], int64[::1], int64, int32[:, ::1]),
        *(int64[::1], int64[::1], float64[::1]),
    ),
    nogil=True,
    cache=True,
)
def pick(
    count: int,
    ptr: NDArray[np.int64],
    home: NDArray[np.int32],
    cost: NDArray[np.int32],
    weight: NDArray[np.float64],
    covered: NDArray[np.bool_],
    limit: NDArray[np.float64],
    per_metre: NDArray[np.float64],
    slower: NDArray[np.float64],
    home_m: NDArray[np.float32],
    place_m: NDArray[np.float32],
    factor: NDArray[np.float64],
    groups: NDArray[np.bool_],
    need: NDArray[np.float64],
    room: NDArray[np.float64],
    usable: NDArray[np.bool_],
    first: NDArray[np.int64],
    sites: int,
    picked: NDArray[np.int32],
    claim_ptr: NDArray[np.int64],
    claim: NDArray[np.int64],
    claim_weight: NDArray[np.float64],
) -> None:
    """
    Choose candidates one by one, each the best that is left.

    Parameters
    ----------
    count
        How many requirements.
    ptr, home, cost, groups, need, room
        As `Brought`; only walks that may serve.
    weight
        Weight of each demand, requirement by requirement and home by home.
    covered
        Whether a demand is covered before, shape (draws, demands).
    limit, per_metre
        Limit and what a metre costs, by requirement.
    slower
        How many times as long walks take, shape (draws, requirements).
    home_m, place_m
        Metres walks are longer, shapes (draws, homes) and (draws, candidates).
    factor
        What a demand counts in a draw, shape (draws, requirements).
    usable
        Which candidates may be chosen.
    first
        Candidates that are chosen before all others.
    sites
        How many are chosen at most.
    picked
        Changed in place: candidates in the order they are chosen, -1 where none brings anything,
        shape (draws, sites).
    claim_ptr, claim
        What goes first and is met by a candidate for a requirement, laid out as `ptr`.
    claim_weight
        What each of these counts beside people.

    Notes
    -----
    A candidate is looked at again only while what it was worth before is more than what the best
    is worth now (Minoux 1978).
    """
    n = home_m.shape[1]
    for draw in range(slower.shape[0]):
        open_ = ~covered[draw]
        unmet = claim_weight.copy()
        worth = np.zeros(len(usable))
        fresh = np.full(len(usable), -1)
        taken = np.zeros(count, dtype=np.bool_)
        value = np.zeros(1)
        for turn in range(-1, sites):
            best = -1
            while turn >= 0 and turn >= len(first):
                best = int(np.argmax(worth))
                if worth[best] <= 0.0 or fresh[best] == turn:
                    break
                _worth(
                    best,
                    count,
                    ptr,
                    home,
                    cost,
                    weight,
                    open_,
                    limit,
                    per_metre,
                    slower[draw],
                    home_m[draw],
                    place_m[draw],
                    factor[draw],
                    groups,
                    need,
                    room[best],
                    taken,
                    value,
                    claim_ptr,
                    claim,
                    unmet,
                )
                worth[best], fresh[best] = value[0], turn
            if turn < 0:
                for candidate in range(len(usable)):
                    if usable[candidate]:
                        _worth(
                            candidate,
                            count,
                            ptr,
                            home,
                            cost,
                            weight,
                            open_,
                            limit,
                            per_metre,
                            slower[draw],
                            home_m[draw],
                            place_m[draw],
                            factor[draw],
                            groups,
                            need,
                            room[candidate],
                            taken,
                            value,
                            claim_ptr,
                            claim,
                            unmet,
                        )
                        worth[candidate] = value[0]
                continue
            if turn < len(first):
                best = first[turn]
            elif best < 0 or worth[best] <= 0.0:
                break
            _worth(
                best,
                count,
                ptr,
                home,
                cost,
                weight,
                open_,
                limit,
                per_metre,
                slower[draw],
                home_m[draw],
                place_m[draw],
                factor[draw],
                groups,
                need,
                room[best],
                taken,
                value,
                claim_ptr,
                claim,
                unmet,
            )
            picked[draw, turn] = best
            worth[best] = -1.0
            for r in range(count):
                if not taken[r]:
                    continue
                slot = best * count + r
                for at in range(claim_ptr[slot], claim_ptr[slot + 1]):
                    unmet[claim[at]] = 0.0
                longest = limit[r] - place_m[draw, best] * per_metre[r]
                for at in range(ptr[slot], ptr[slot + 1]):
                    walk = cost[at] * slower[draw, r] + home_m[draw, home[at]] * per_metre[r]
                    if walk <= longest:
                        open_[r * n + home[at]] = False
