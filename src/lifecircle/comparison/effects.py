"""
Homes of two runs -> the change of every area's share, taken apart by what was swapped.

One input after the other is changed from A to B, always in this order: which homes belong to the
area, who lives in them, facilities, streets. The steps add up to the whole change. The order is
this project's convention (P): where several things changed at once, another order would share
what they do together differently.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lifecircle.comparison.areas import Areas
from lifecircle.comparison.causes import CAUSES, Causes
from lifecircle.comparison.homes import BothHomes

EFFECTS = ("people", "facilities", "streets", "areas", "other")
"""What a change of a share is made of; ``other`` is what cannot be told apart."""


@dataclass(frozen=True, kw_only=True)
class Shares:
    """
    Shares of the pairs of one level, for one requirement.

    Parameters
    ----------
    share
        In A and in B, shape (pairs, 2); missing where nobody of the group lives.
    covered
        People covered in A and B, shape (pairs, 2).
    effects
        Effect to what it adds to the share, shape (pairs,); missing where a share is.
    """

    share: NDArray[np.float64]
    covered: NDArray[np.float64]
    effects: Mapping[str, NDArray[np.float64]]


def shares_of(areas: Areas, homes: BothHomes, causes: Causes, group: str) -> Shares:
    """
    Take the change of every pair of areas apart.

    Parameters
    ----------
    areas
        Areas of a level.
    homes
        Homes of both runs.
    causes
        Who is covered, and what changed it.
    group
        Whose people are counted.

    Returns
    -------
    shares
        One row per pair.
    """
    old = np.array([pair.old for pair in areas.pairs], dtype=np.int64)
    new = np.array([pair.new for pair in areas.pairs], dtype=np.int64)
    people = [np.asarray(homes.people(run, group), dtype=np.float64) for run in (0, 1)]

    def measured(
        run: int, weights: NDArray[np.float64], cover: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        place, of_pair = areas.of_home[:, run], (old, new)[run]
        inside = place >= 0
        n = len(areas.ids[run])
        total = np.bincount(place[inside], weights[inside], n)
        some = np.bincount(place[inside], (weights * cover)[inside], n)
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(total > 0, some / total, np.nan)
        there = of_pair >= 0
        return (
            np.where(there, share[of_pair] if n else np.nan, np.nan),
            np.where(there, some[of_pair] if n else np.nan, np.nan),
        )

    first, covered_a = measured(0, people[0], causes.before)
    last, covered_b = measured(1, people[1], causes.after)
    # Where nobody of A lives in the new outline, its people cannot be told from its ground.
    redrawn, _ = measured(1, people[0], causes.before)
    redrawn = np.where(np.isnan(redrawn), first, redrawn)
    state, _ = measured(1, people[1], causes.before)
    effects = {"areas": redrawn - first, "people": state - redrawn}
    cover = causes.before.copy()
    for cause in CAUSES:
        mine = causes.cause == cause
        cover[mine] = causes.after[mine]
        then, _ = measured(1, people[1], cover)
        effects[cause] = effects.get(cause, 0.0) + (then - state)
        state = then
    return Shares(
        share=np.column_stack([first, last]),
        covered=np.column_stack([covered_a, covered_b]),
        effects=effects,
    )


def rounded_parts(
    effects: Mapping[str, float], change: float, decimals: int = 4
) -> dict[str, float]:
    """
    Round effects so that they still add up to the rounded change.

    Parameters
    ----------
    effects
        Effect to its value.
    change
        The change, rounded already.
    decimals
        Decimals of all.

    Returns
    -------
    effects
        Rounded; what rounding leaves over goes to the largest.

    Examples
    --------
    >>> from lifecircle.comparison.effects import rounded_parts
    >>> rounded_parts({"people": 0.00004, "streets": -0.10008}, -0.1)
    {'people': 0.0, 'streets': -0.1}
    """
    parts = {name: round(float(value), decimals) + 0.0 for name, value in effects.items()}
    largest = max(effects, key=lambda name: abs(effects[name]))
    rest = change - sum(parts.values())
    parts[largest] = round(parts[largest] + rest, decimals) + 0.0
    return parts
