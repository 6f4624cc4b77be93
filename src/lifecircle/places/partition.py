"""
Areas that touch -> groups of them, as close to a wanted size as the map lets them be.

What a grouping costs is a tuple of whole numbers that are compared in their order, so the answer
rests on no weights and on no luck: the same areas give the same groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from heapq import heappop, heappush
from itertools import combinations

from lifecircle.places.patchwork import Cost, Patchwork, areas_in, sum_of, total

Groups = tuple[int, ...]
"""Groups as bit masks of areas, in the order of their first area."""

_EXACT = 10  # areas that hang together whose every division is tried
_PAIR = 7  # areas of two groups whose every division is tried
_THREE = 6  # areas of three groups that are divided anew together
_SEEDS = (4, 2000)  # areas two large groups are divided from anew: at least, over all areas
_MOST = 70_000  # groups that are priced before a search ends
_SMALL = 200  # areas up to which searches begin in more ways than one
_ROUNDS = 30  # of mending; it ends by itself much earlier


def partition(patchwork: Patchwork) -> Groups:
    """
    Group all areas at the least cost that is found.

    Parameters
    ----------
    patchwork
        The areas.

    Returns
    -------
    groups
        Every area in exactly one. The least cost of all wherever no more than ten areas hang
        together; else that of a search which ends where neither joining, dividing anew nor moving
        or swapping single areas between two neighbouring groups makes it less.

    Examples
    --------
    >>> import numpy as np
    >>> from lifecircle.places.partition import partition
    >>> from lifecircle.places.patchwork import Patchwork, areas_in
    >>> row = np.eye(4, k=1, dtype=bool) | np.eye(4, k=-1, dtype=bool)
    >>> pairs = Patchwork(linked=row, price=lambda members: (abs(len(members) - 2),))
    >>> [areas_in(group) for group in partition(pairs)]
    [(0, 1), (2, 3)]
    """
    left, groups = (1 << len(patchwork.near)) - 1, []
    while left:
        part = patchwork.spread(left & -left, left)
        left &= ~part
        groups += (
            _best_of(patchwork, part) if part.bit_count() <= _EXACT else _found(patchwork, part)
        )
    return _sorted(groups)


def _sorted(groups: Iterable[int]) -> Groups:
    return tuple(sorted(groups, key=lambda group: (group & -group, group)))


def _best_of(patchwork: Patchwork, areas: int) -> list[int]:
    """Try all ways to divide a few areas; of equal ones the first that is met stays."""
    best: dict[int, tuple[Cost, tuple[int, ...]]] = {}

    def solve(left: int) -> tuple[Cost, tuple[int, ...]]:
        if left in best:
            return best[left]
        first = left & -left
        rest, chosen = left ^ first, None
        part = rest
        while True:  # every subset of the rest, the largest first
            cost = patchwork.cost(first | part)
            if cost is not None:
                if rest ^ part:
                    more, groups = solve(rest ^ part)
                    cost = sum_of((cost, more))
                else:
                    groups = ()
                if chosen is None or cost < chosen[0]:
                    chosen = (cost, (first | part, *groups))
            if not part:
                break
            part = (part - 1) & rest
        if chosen is None:
            raise ValueError("an area alone must be a group")
        best[left] = chosen
        return chosen

    return list(solve(areas)[1])


def _found(patchwork: Patchwork, areas: int) -> list[int]:
    """Join what gains most, then mend; of several ways to begin the best result counts."""
    alone = [1 << area for area in areas_in(areas)]
    starts = [alone]
    named = [district & areas for district in patchwork.districts if district & areas]
    if named:
        inside = [
            group
            for district in named
            for group in _joined(patchwork, [one for one in alone if one & district])
        ]
        starts.append([*inside, *(one for one in alone if not any(one & part for part in named))])
    ways = (False, True) if len(alone) <= _SMALL else (False,)
    answers = [
        _mended(patchwork, _joined(patchwork, start, dear=dear))
        for start in starts
        for dear in ways
    ]
    return min(answers, key=lambda groups: (total(patchwork, groups), _sorted(groups)))


def _joined(patchwork: Patchwork, groups: Sequence[int], *, dear: bool = False) -> list[int]:
    """Join neighbours while that gains: the greatest gain first, or the dearest group first."""
    owner = {area: group for group in groups for area in areas_in(group)}
    waiting: list[tuple[Cost, Cost, int, int]] = []

    def offer(one: int, other: int) -> None:
        gain = _gain(patchwork, (one, other), (one | other,))
        if gain < _nothing(gain):
            costs = [cost for cost in map(patchwork.cost, (one, other)) if cost is not None]
            rank = tuple(-part for part in max(costs)) if dear else gain
            heappush(waiting, (rank, gain, one, other))

    for one, other in _neighbours(patchwork, groups):
        offer(one, other)
    left = set(groups)
    while waiting:
        _, _, one, other = heappop(waiting)
        if one not in left or other not in left:
            continue
        both = one | other
        left = left - {one, other} | {both}
        owner.update(dict.fromkeys(areas_in(both), both))
        beside = {owner[area] for area in areas_in(patchwork.around(both)) if area in owner}
        for group in sorted(beside):
            offer(min(both, group), max(both, group))
    return sorted(left)


_NEVER = 2**62


def _gain(patchwork: Patchwork, old: tuple[int, ...], new: tuple[int, ...]) -> Cost:
    """Price a change: below zero where it is for the better."""
    before = total(patchwork, old)
    costs = [patchwork.cost(group) for group in new]
    if any(cost is None for cost in costs):
        return (_NEVER,) * len(before)
    after = sum_of(cost for cost in costs if cost is not None)
    return tuple(a - b for a, b in zip(after, before, strict=True))


def _nothing(cost: Cost) -> Cost:
    return (0,) * len(cost)


def _neighbours(patchwork: Patchwork, groups: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs of groups that a link joins, in order."""
    owner = {area: group for group in groups for area in areas_in(group)}
    pairs = {
        (min(group, owner[area]), max(group, owner[area]))
        for group in groups
        for area in areas_in(patchwork.around(group))
        if area in owner
    }
    return sorted(pairs, key=lambda pair: (pair[0] & -pair[0], pair[1] & -pair[1], pair))


def _mended(patchwork: Patchwork, groups: Sequence[int]) -> list[int]:
    """Divide neighbours anew until that gains nothing; only what changed is tried again."""
    left, tried = set(groups), set[tuple[int, ...]]()
    for _ in range(_ROUNDS):
        before = frozenset(left)
        alone = [(group,) for group in sorted(left)]
        for old in (*_neighbours(patchwork, sorted(left)), *alone):
            if old in tried or not left.issuperset(old):
                continue
            tried.add(old)
            left = left.difference(old).union(_again(patchwork, old))
            if patchwork.priced > _MOST:
                return sorted(left)
        for old in _threes(patchwork, sorted(left)):
            if old in tried or not left.issuperset(old):
                continue
            tried.add(old)
            left = left.difference(old).union(_again(patchwork, old))
        if left == before:
            break
    return sorted(left)


def _threes(patchwork: Patchwork, groups: Sequence[int]) -> list[tuple[int, ...]]:
    """Chains of three groups that are few areas together."""
    beside: dict[int, set[int]] = {group: set() for group in groups}
    for one, other in _neighbours(patchwork, groups):
        beside[one].add(other)
        beside[other].add(one)
    found = {
        tuple(sorted((one, middle, other)))
        for middle, others in beside.items()
        for one, other in combinations(sorted(others), 2)
        if (one | middle | other).bit_count() <= _THREE
    }
    return sorted(found)


def _again(patchwork: Patchwork, old: tuple[int, ...]) -> tuple[int, ...]:
    """Divide the areas of one or two groups in the best way that is found."""
    areas = 0
    for group in old:
        areas |= group
    if areas.bit_count() <= _PAIR + len(old) - 2:
        new = tuple(_best_of(patchwork, areas))
        return new if total(patchwork, new) < total(patchwork, old) else old
    before = total(patchwork, old)
    best, least = old, _nothing(before)
    for new, weights in _divisions(patchwork, areas, old):
        if sum(map(patchwork.least, weights)) - before[0] > least[0]:
            continue
        gain = _gain(patchwork, old, new)
        if gain < least:
            best, least = new, gain
    return best


_Division = tuple[tuple[int, ...], tuple[float, ...]]


def _divisions(patchwork: Patchwork, areas: int, old: tuple[int, ...]) -> Iterator[_Division]:
    """Ways to divide many areas: one group, a part cut off, single areas moved or swapped."""
    weight = patchwork.weight or (0.0,) * len(patchwork.near)
    members = areas_in(areas)
    whole = sum(weight[area] for area in members)
    yield (areas,), (whole,)
    seeds = max(_SEEDS[0], _SEEDS[1] // len(patchwork.near))
    for start in members[:: max(1, len(members) // seeds)]:
        here = 0.0
        for area, part in _growing(patchwork, areas, start):
            here += weight[area]
            if part != areas:
                yield (part, areas ^ part), (here, whole - here)
    if len(old) == 2:
        one, other = old
        light = sum(weight[area] for area in areas_in(one))
        border = areas_in(patchwork.around(other) & one)
        across = areas_in(patchwork.around(one) & other)
        for out in ((area,) for area in border):
            yield from _moved(one, other, out, (), weight, light, whole)
        for back in across:
            yield from _moved(one, other, (), (back,), weight, light, whole)
            for area in border:
                yield from _moved(one, other, (area,), (back,), weight, light, whole)


def _moved(
    one: int,
    other: int,
    out: tuple[int, ...],
    back: tuple[int, ...],
    weight: Sequence[float],
    light: float,
    whole: float,
) -> Iterator[_Division]:
    swap = sum(1 << area for area in (*out, *back))
    if one ^ swap and other ^ swap:
        here = light - sum(weight[area] for area in out) + sum(weight[area] for area in back)
        yield (one ^ swap, other ^ swap), (here, whole - here)


def _growing(patchwork: Patchwork, areas: int, start: int) -> Iterator[tuple[int, int]]:
    """Grow from one area ring by ring: what was added last, and all so far."""
    edge, mask = [start], 1 << start
    yield start, mask
    while edge:
        ring = []
        for area in edge:
            for one in areas_in(patchwork.near[area] & areas & ~mask):
                mask |= 1 << one
                ring.append(one)
                yield one, mask
        edge = ring
