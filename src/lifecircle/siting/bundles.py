"""
Turns options on parcels into bundles: what one parcel can hold all at once.

A bundle keeps to its parcel's area and to one option of each type; choosing at most one bundle of
each parcel says the same as choosing options, unless a parcel has very many (`Bundles.relaxed`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lifecircle.siting.cover import Floats, Longs, gather
from lifecircle.siting.exact import TOLERANCE, Rules

MOST_BUNDLES = 128
_MOST_LEAVES = 2048  # sets looked at on one parcel before the rest is left to the relaxed bundle


@dataclass(frozen=True, kw_only=True)
class Bundles:
    """
    Sets of options that fit on one parcel together.

    Parameters
    ----------
    ptr, option
        CSR bundle -> options, shapes (b + 1,) and (n,).
    parcel
        Parcel of each bundle, shape (b,).
    cost
        Cost of each bundle, shape (b,).
    relaxed
        How many of the last bundles cannot be built: each holds all options of a parcel with more
        sets than are listed, so that a bound stays a bound.
    """

    ptr: Longs
    option: Longs
    parcel: Longs
    cost: Floats
    relaxed: int

    def reach(self, ptr: Longs, demand: Longs) -> tuple[Longs, Longs]:
        """
        Join what the options of each bundle cover.

        Parameters
        ----------
        ptr, demand
            CSR option -> demands.

        Returns
        -------
        ptr, demand
            CSR bundle -> demands, possibly with doubled entries.
        """
        size = np.diff(ptr)[self.option]
        ends = np.concatenate([[0], np.cumsum(size)])[self.ptr]
        return ends.astype(np.int64), gather(ptr, demand, self.option)


def bundle(rules: Rules, usable: Longs, worth: Floats) -> Bundles:
    """
    List the bundles of every parcel.

    Parameters
    ----------
    rules
        Options, parcels and limits.
    usable
        Options that may be chosen, ascending; each fits on its parcel alone.
    worth
        Weight each option covers, shape (o,): better options are tried first.

    Returns
    -------
    bundles
        Without a budget only those nothing can be added to; with a budget all of them.
    """
    by_parcel = usable[np.argsort(rules.parcel[usable], kind="stable")]
    cuts = np.flatnonzero(np.diff(rules.parcel[by_parcel])) + 1
    sets: list[tuple[int, ...]] = []
    relaxed: list[tuple[int, ...]] = []
    for options in np.split(by_parcel, cuts) if len(by_parcel) else []:
        order = options[np.argsort(-worth[options], kind="stable")]
        found, whole = _fitting(rules, [int(option) for option in order])
        sets += found
        if not whole:
            relaxed.append(tuple(sorted(int(option) for option in options)))
    everything = sets + relaxed
    option = np.array([o for held in everything for o in held], dtype=np.int64)
    size = np.array([len(held) for held in everything], dtype=np.int64)
    cost = [float(rules.cost[list(held)].sum()) for held in sets]
    cost += [float(rules.cost[list(held)].min()) for held in relaxed]
    return Bundles(
        ptr=np.concatenate([[0], np.cumsum(size)]).astype(np.int64),
        option=option,
        parcel=rules.parcel[np.array([held[0] for held in everything], dtype=np.int64)],
        cost=np.array(cost, dtype=np.float64),
        relaxed=len(relaxed),
    )


def _fitting(rules: Rules, options: list[int]) -> tuple[list[tuple[int, ...]], bool]:
    kinds = [int(kind) for kind in rules.kind[options]]
    areas = [float(area) for area in rules.area_m2[options]]
    room = float(rules.parcel_area_m2[rules.parcel[options[0]]]) * (1 + TOLERANCE)
    every = rules.budget is not None
    if not every and len(set(kinds)) == len(kinds) and sum(areas) <= room:
        return [tuple(sorted(options))], True
    found: list[tuple[int, ...]] = []
    leaves = 0
    stack: list[tuple[int, tuple[int, ...]]] = [(0, ())]
    while stack:
        if len(found) >= MOST_BUNDLES or leaves >= _MOST_LEAVES:
            return found, False
        level, held = stack.pop()
        used = sum(areas[place] for place in held)
        taken = {kinds[place] for place in held}
        if level == len(options):
            leaves += 1
            free = (
                place
                for place in range(len(options))
                if kinds[place] not in taken and used + areas[place] <= room
            )
            if held and (every or next(free, None) is None):
                found.append(tuple(sorted(options[place] for place in held)))
            continue
        stack.append((level + 1, held))  # tried after the set with this option in it
        if kinds[level] not in taken and used + areas[level] <= room:
            stack.append((level + 1, (*held, level)))
    return found, True
