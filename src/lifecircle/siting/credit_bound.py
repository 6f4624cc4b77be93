"""No choice is credited with more than this, where places are credited with what they can serve."""

from __future__ import annotations

import numpy as np

from lifecircle.siting.case import Case
from lifecircle.siting.cover import Cover, Flags, Floats, Longs, sums

ITERATIONS = 150


def credit_bound(
    case: Case, table: Cover, kind: Longs, most: Floats, *, met: float, reached: float
) -> float:
    """
    Bound what a choice is credited with by Lagrangian relaxation.

    Parameters
    ----------
    case
        The question made ready.
    table, kind
        Options and merged demands, and the kind of each of these.
    most
        Most weight an option is credited with of each kind, shape (o, kinds).
    met
        What a choice meets of the demands of the first kind, as `Case.first` weighs them.
    reached
        Weight some choice is known to be credited with; steers the step length only.

    Returns
    -------
    bound
        No choice that meets as much is credited with more.

    Notes
    -----
    With a price between 0 and 1 on each person, what is not priced away plus the best parcels by
    price is a bound: alone, an option is best used by those of highest price up to its room (a
    fractional knapsack). Budget and required parcels are not kept to: that only raises it. Demands
    of the first kind weigh as in `Case.weighing`, and what they weigh is taken off again.
    """
    each = 0.0
    if met > 0:
        gain = sums(case.told.ptr, case.told.weight[case.told.demand])
        each = max(np.ceil(gain.max(initial=0.0) / case.asked.weight.min()), 1.0)
    entry, kinds = table.demand, most.shape[1]
    slot = np.repeat(np.arange(table.columns), np.diff(table.ptr)) * kinds + kind[entry]
    room = most.ravel()
    claim = each * case.asked.weight
    asker = np.repeat(np.arange(case.asked.columns), np.diff(case.asked.ptr))
    bundles, parcels = case.bundles, len(case.rules.required)
    of_option = np.repeat(np.arange(len(bundles.parcel)), np.diff(bundles.ptr))
    limit = parcels if case.rules.max_sites is None else case.rules.max_sites
    price, dues = np.ones(len(table.weight)), np.ones(len(claim))
    best, kept, stalled, theta = np.inf, (price, dues), 0, 1.0
    for _ in range(ITERATIONS):
        order = np.lexsort((-price[entry], slot))
        use = np.zeros(len(entry))
        use[order] = _filled(slot[order], table.weight[entry[order]], room)
        worth = np.bincount(slot, weights=use * price[entry], minlength=len(room))
        worth = worth.reshape(most.shape).sum(axis=1)
        worth += sums(case.asked.ptr, (claim * dues)[case.asked.demand])
        taken = _best(bundles.parcel, sums(bundles.ptr, worth[bundles.option]), parcels, limit)
        chosen = np.zeros(table.columns)
        chosen[bundles.option[taken[of_option]]] = 1.0
        value = float(sums(bundles.ptr, worth[bundles.option])[taken].sum())
        value += float((table.weight * (1.0 - price)).sum() + (claim * (1.0 - dues)).sum())
        if value < best * (1 - 1e-6) or not np.isfinite(best):
            best, kept, stalled = value, (price, dues), 0
        else:
            stalled += 1
            if stalled > 10:
                theta, stalled, (price, dues) = theta * 0.6, 0, kept
        if best - each * met <= reached * (1 + 1e-9):
            break
        own = np.bincount(entry, weights=use * chosen[slot // kinds], minlength=len(price))
        slope = own - table.weight
        due = np.bincount(case.asked.demand, weights=chosen[asker], minlength=len(claim))
        lack = claim * (due - 1.0)
        slope[((price >= 1) & (slope < 0)) | ((price <= 0) & (slope > 0))] = 0.0
        lack[((dues >= 1) & (lack < 0)) | ((dues <= 0) & (lack > 0))] = 0.0
        norm = float((slope**2).sum() + (lack**2).sum())
        if norm < 1e-12:
            break
        step = theta * max(value - each * met - reached, 0.0) / norm
        price = np.clip(price - step * slope, 0.0, 1.0)
        dues = np.clip(dues - step * lack, 0.0, 1.0)
    return best - each * met


def _filled(slot: Longs, weight: Floats, room: Floats) -> Floats:
    """Use the room of each slot for its entries in their order: the weight each may use."""
    if not len(slot):
        return weight
    before = np.cumsum(weight) - weight
    start = np.flatnonzero(np.append(True, slot[1:] != slot[:-1]))
    before -= np.repeat(before[start], np.diff(np.append(start, len(slot))))
    return np.asarray(np.clip(room[slot] - before, 0.0, weight), dtype=np.float64)


def _best(parcel: Longs, worth: Floats, parcels: int, limit: int) -> Flags:
    """Pick the best bundle of each of the best parcels: which bundles."""
    order = np.lexsort((worth, parcel))
    last = order[np.append(parcel[order][1:] != parcel[order][:-1], True)] if len(order) else order
    picked = last[np.argsort(-worth[last], kind="stable")][: min(limit, parcels)]
    taken = np.zeros(len(parcel), dtype=bool)
    taken[picked] = True
    return taken
