"""
Areas as bits of a mask, which of them may be grouped, and what a group of them costs.

A group's price is worked out once: searches ask for the same groups again and again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Cost = tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Patchwork:
    """
    Areas, which of them may be grouped, and what a group costs.

    Parameters
    ----------
    linked
        Which areas can be joined directly, symmetric, shape (n, n).
    price
        Cost of one group, from its members in ascending order; costs of groups add up, and are
        compared number by number. Every group of one area has a price.
    allowed
        Whether a connected group of several areas may be at all.
    weight, least
        Weight of each area, and the first number of the least cost a group of that weight can
        have: with them hopeless groups need not be priced.
    districts
        Masks of areas that probably belong together: one search begins with each by itself.
    """

    linked: NDArray[np.bool_]
    price: Callable[[tuple[int, ...]], Cost]
    allowed: Callable[[tuple[int, ...]], bool] = field(default=lambda _: True)
    weight: Sequence[float] = ()
    least: Callable[[float], int] = field(default=lambda _: 0)
    districts: tuple[int, ...] = ()
    _prices: dict[int, Cost | None] = field(default_factory=dict, repr=False)

    @cached_property
    def near(self) -> tuple[int, ...]:
        """Mask of the areas linked to each, shape (n,)."""
        return tuple(sum(1 << int(at) for at in np.flatnonzero(row)) for row in self.linked)

    @property
    def priced(self) -> int:
        """How many groups have been priced so far."""
        return len(self._prices)

    def cost(self, group: int) -> Cost | None:
        """
        Price one group.

        Parameters
        ----------
        group
            Mask of its areas.

        Returns
        -------
        cost
            None where it hangs together nowhere or is not allowed.
        """
        if group not in self._prices:
            members = areas_in(group)
            whole = self.connected(group) and (len(members) == 1 or self.allowed(members))
            self._prices[group] = self.price(members) if whole else None
        return self._prices[group]

    def connected(self, group: int) -> bool:
        """
        Tell whether a group hangs together.

        Parameters
        ----------
        group
            Mask of its areas.

        Returns
        -------
        connected
            Over links inside of it alone.
        """
        return group != 0 and self.spread(group & -group, group) == group

    def spread(self, start: int, within: int) -> int:
        """
        Find what hangs together with an area.

        Parameters
        ----------
        start, within
            Masks of where to begin and of what may be used.

        Returns
        -------
        mask
            The part of `within` that links reach.
        """
        reached = edge = start
        while edge:
            fresh = 0
            for area in areas_in(edge):
                fresh |= self.near[area]
            edge = fresh & within & ~reached
            reached |= edge
        return reached

    def around(self, group: int) -> int:
        """
        Find the neighbours of a group.

        Parameters
        ----------
        group
            Mask of its areas.

        Returns
        -------
        mask
            Areas outside that a link joins to it.
        """
        found = 0
        for area in areas_in(group):
            found |= self.near[area]
        return found & ~group


def areas_in(mask: int) -> tuple[int, ...]:
    """
    Name the areas of a mask.

    Parameters
    ----------
    mask
        One bit per area.

    Returns
    -------
    areas
        Ascending.

    Examples
    --------
    >>> from lifecircle.places.patchwork import areas_in
    >>> areas_in(0b1011)
    (0, 1, 3)
    """
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return tuple(found)


def total(patchwork: Patchwork, groups: Iterable[int]) -> Cost:
    """
    Add up what groups cost.

    Parameters
    ----------
    patchwork
        The areas.
    groups
        Masks.

    Returns
    -------
    cost
        The sum, number by number.

    Raises
    ------
    ValueError
        If a group may not be.
    """
    costs = [patchwork.cost(group) for group in groups]
    if any(cost is None for cost in costs):
        raise ValueError("a group does not hang together or is not allowed")
    return sum_of(cost for cost in costs if cost is not None)


def sum_of(costs: Iterable[Cost]) -> Cost:
    """
    Add costs up, number by number.

    Parameters
    ----------
    costs
        At least one, of one length.

    Returns
    -------
    cost
        Their sum.

    Examples
    --------
    >>> from lifecircle.places.patchwork import sum_of
    >>> sum_of([(1, 20), (0, 5)])
    (1, 25)
    """
    return tuple(sum(parts) for parts in zip(*costs, strict=True))
