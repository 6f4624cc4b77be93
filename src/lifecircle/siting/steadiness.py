"""
How often each candidate is chosen when what the choice rests on is a little off.

Speed, pins, lists of facilities and weights are drawn anew; in every draw as many sites as the plan
has are chosen greedily. A site that is chosen nearly always is a safe one; one that rarely is could
as well be another.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.access import tally
from lifecircle.access.draws import Draws, Spreads, draw
from lifecircle.reach.choices import Choices
from lifecircle.reach.matrix import Pinned, limit_units
from lifecircle.siting.brought import Brought
from lifecircle.siting.picking import pick
from lifecircle.standards import Requirement
from lifecircle.walk import PROFILES

DRAWS = 64
"""How often inputs are drawn anew (P)."""
WEIGHT = 0.2
"""The weight of a service is drawn from a triangle, this share less to this share more (P)."""


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """
    Inputs of a choice, drawn many times.

    Parameters
    ----------
    draws
        Speed, metres that walks are longer, and which facilities are there.
    place_m
        Metres walks to a candidate are longer, shape (draws, candidates).
    factor
        What a service counts, shape (draws, requirements).
    covered
        Requirement id to who is covered before, shape (draws, homes).
    """

    draws: Draws
    place_m: NDArray[np.float32]
    factor: NDArray[np.float64]
    covered: Mapping[str, NDArray[np.bool_]]


def drawn(
    wanted: tuple[Requirement, ...],
    ids: NDArray[np.object_],
    choices: Mapping[str, tuple[Choices, ...]],
    *,
    homes: Pinned,
    facilities: Pinned,
    spreads: Spreads,
) -> Drawn:
    """
    Draw the inputs of a choice.

    Parameters
    ----------
    wanted
        The requirements that are asked about.
    ids
        Ids of the candidates.
    choices
        Requirement id to every home's nearest few facilities.
    homes, facilities
        Both sides.
    spreads
        How unsure the inputs are, with the number of draws and the seed.

    Returns
    -------
    drawn
        The same for the same ids, spreads and seed.
    """
    draws = draw(spreads, homes.table["home_id"], facilities.table)
    land = pd.DataFrame({"place_id": ids, "origin": "osm", "placed": "mapped"})
    place_m = draw(spreads, (), land).place_m
    services = sorted({one.service for one in wanted})
    by_service = {
        name: 1.0
        + WEIGHT
        * (draw(replace(spreads, speed=1.0, seed=spreads.seed + 1 + at), (), land[:0]).speed - 1.0)
        for at, name in enumerate(services)
    }
    rows = np.arange(len(homes), dtype=np.int64)
    covered = {}
    for one in wanted:
        covered[one.id] = np.ones((spreads.draws, len(homes)), dtype=bool)
        per_metre, slower = _price(one, draws.speed)
        for known in choices[one.id]:
            tally.within(
                known.ptr,
                known.facility,
                known.cost,
                known.at_least,
                float(limit_units(one)),
                per_metre,
                slower,
                draws.home_m,
                draws.place_m,
                draws.there,
                rows,
                covered[one.id],
            )
    factor = np.array([by_service[one.service] for one in wanted]).T
    return Drawn(draws=draws, place_m=place_m, factor=factor, covered=covered)


def _price(
    requirement: Requirement, speed: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    """Say what a metre costs, and how many times as long walks take; metres know no speed."""
    if requirement.minutes is None:
        return 100.0, np.ones_like(speed)
    return 100.0 / PROFILES[requirement.profile].speed_mps, 1.0 / speed


def picks(
    found: Brought,
    weight: Mapping[str, NDArray[np.float64]],
    inputs: Drawn,
    *,
    sites: int,
    first: NDArray[np.int64] | None = None,
    never: NDArray[np.bool_] | None = None,
    claims: pd.DataFrame | None = None,
) -> NDArray[np.int32]:
    """
    Choose sites greedily in every draw.

    Parameters
    ----------
    found
        Whom every candidate could bring inside.
    weight
        Requirement id to what its people count, shape (homes,); zero where nobody is to be served.
    inputs
        What was drawn.
    sites
        How many are chosen.
    first
        Candidates that are chosen before all others.
    never
        Candidates that are not, shape (candidates,).
    claims
        What goes first, as `complete.claims_of` tells it; None for nothing.

    Returns
    -------
    picked
        Candidates in the order they are chosen, -1 where none brings anything, shape
        (draws, sites).
    """
    wanted, draws = found.wanted, inputs.draws
    count = len(draws.speed)
    picked = np.full((count, sites), -1, dtype=np.int32)
    if not len(found.ids) or not sites or not wanted:
        return picked
    prices = [_price(one, draws.speed) for one in wanted]
    worth = np.concatenate([weight[one.id] for one in wanted])
    ptr, home, cost = _of_weight(found, worth)
    usable = np.ones(len(found.ids), dtype=bool) if never is None else ~never
    slower = np.ascontiguousarray(np.array([one for _, one in prices]).T)
    claimed = _claimed(found, claims, 2.0 * float(worth.sum()))

    def run(part: slice) -> None:
        covered = np.concatenate([inputs.covered[one.id][part] for one in wanted], axis=1)
        pick(
            len(wanted),
            ptr,
            home,
            cost,
            worth,
            np.ascontiguousarray(covered),
            found.limits.astype(np.float64),
            np.array([one for one, _ in prices]),
            slower[part],
            draws.home_m[part],
            np.ascontiguousarray(inputs.place_m[part]),
            np.ascontiguousarray(inputs.factor[part]),
            found.groups,
            np.ascontiguousarray(found.need),
            found.room,
            usable,
            np.empty(0, dtype=np.int64) if first is None else first.astype(np.int64),
            sites,
            picked[part],
            *claimed,
        )

    parts = [slice(at, at + 8) for at in range(0, count, 8)]
    with ThreadPoolExecutor(min(os.cpu_count() or 1, 4)) as pool:
        list(pool.map(run, parts))
    return picked


def _of_weight(
    found: Brought, worth: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    """Leave out walks that may not serve, or serve nobody who counts."""
    count = len(found.wanted)
    n = len(worth) // max(count, 1)
    asked = np.tile(np.arange(count), len(found.ids))
    of = np.repeat(asked, np.diff(found.ptr))
    kept = found.own & (worth[of * n + found.home] > 0)
    ends = np.concatenate([[0], np.cumsum(kept)])
    return ends[found.ptr].astype(np.int64), found.home[kept], found.cost[kept]


def _claimed(
    found: Brought, claims: pd.DataFrame | None, most: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Lay out claims as walks are, each of them worth more than all people together."""
    count = len(found.wanted)
    slots = len(found.ids) * count
    if claims is None or not len(claims):
        none = np.zeros(0)
        return np.zeros(slots + 1, dtype=np.int64), none.astype(np.int64), none
    row = {name: at for at, name in enumerate(found.ids)}
    number = {one.id: at for at, one in enumerate(found.wanted)}
    reached = np.diff(found.ptr).reshape(-1, count) > 0
    pairs = set()
    for name, asked, lack in claims[["parcel_id", "requirement", "lack"]].itertuples(index=False):
        if name in row:
            # Where any site will do, it is told with the first thing the candidate serves.
            at = number.get(asked, int(np.argmax(reached[row[name]])))
            pairs.add((row[name] * count + at, int(lack)))
    held = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
    weight = np.zeros(int(claims["lack"].max()) + 1)
    weight[claims["lack"]] = claims["weight"] * most / float(claims["weight"].min())
    ptr = np.concatenate([[0], np.cumsum(np.bincount(held[:, 0], minlength=slots))])
    return ptr.astype(np.int64), np.ascontiguousarray(held[:, 1]), weight


def certain(
    wanted: tuple[Requirement, ...], covered: Mapping[str, NDArray[np.bool_]], candidates: int
) -> Drawn:
    """
    Give one draw in which nothing is off.

    Parameters
    ----------
    wanted
        The requirements that are asked about.
    covered
        Requirement id to who is covered, shape (homes,).
    candidates
        How many there are.

    Returns
    -------
    drawn
        Inputs as they are.
    """
    homes = len(next(iter(covered.values()))) if covered else 0
    return Drawn(
        draws=Draws(
            speed=np.ones(1),
            target=np.zeros(1),
            home_m=np.zeros((1, homes), dtype=np.float32),
            place_m=np.zeros((1, 0), dtype=np.float32),
            there=np.ones((1, 0), dtype=bool),
        ),
        place_m=np.zeros((1, candidates), dtype=np.float32),
        factor=np.ones((1, len(wanted))),
        covered={name: one[None, :] for name, one in covered.items()},
    )


def chosen_in(picked: NDArray[np.int32], candidates: int) -> NDArray[np.float64]:
    """
    Count how often each candidate is chosen.

    Parameters
    ----------
    picked
        As `picks` gives it.
    candidates
        How many there are.

    Returns
    -------
    share
        Of the draws, shape (candidates,).

    Examples
    --------
    >>> import numpy as np
    >>> from lifecircle.siting.steadiness import chosen_in
    >>> chosen_in(np.array([[0, 2], [0, -1]], dtype=np.int32), 3).tolist()
    [1.0, 0.0, 0.5]
    """
    counted = np.bincount(picked[picked >= 0], minlength=candidates)
    return np.asarray(counted / max(len(picked), 1), dtype=np.float64)
