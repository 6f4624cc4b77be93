"""
What becomes of a plan where one of its sites cannot be had: the best plan known without it.

Owners refuse, ground turns out to be bad: for every site a planner needs to know what comes
instead and what that costs.
"""

from __future__ import annotations

import numpy as np

from lifecircle.siting.case import Case, pruned
from lifecircle.siting.choose import greedy_swap
from lifecircle.siting.cover import Longs
from lifecircle.siting.problem import Alternative


def without_each(case: Case, chosen: Longs) -> tuple[Alternative, ...]:
    """
    Leave out each parcel in turn and choose anew.

    Parameters
    ----------
    case
        The question.
    chosen
        Options of the plan, ascending.

    Returns
    -------
    alternatives
        One for each parcel of the plan that is not required, the least loss first: demands of the
        first kind, then weight, then the lowest parcel. The others stay at first and are exchanged
        for as long as that helps; no proof is asked for.
    """
    held = case.bundles_of(chosen)
    group = case.bundles.parcel[held]
    met = case.count_first(chosen)
    found: list[Alternative] = []
    for parcel in np.unique(group)[~case.rules.required[np.unique(group)]]:
        closed = case.forbidden.copy()
        closed[parcel] = True
        columns = greedy_swap(
            case.built, case.limits(case.built, closed), start=held[group != parcel]
        )
        options = pruned(case, case.options(columns))
        opened = np.unique(case.rules.parcel[options])
        found.append(
            Alternative(
                without=int(parcel),
                chosen=options,
                opened=np.sort(np.concatenate([opened, case.idle])),
                covered=case.told.covered(options),
                first_lost=met - case.count_first(options),
            )
        )
    found.sort(key=lambda one: (one.first_lost, -one.covered, one.without))
    return tuple(found)
