"""Values around walks: rows pinned to the streets, their ways to nodes, what a search found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lifecircle.network.pins import Pins
from lifecircle.walk import Mode


@dataclass(frozen=True, kw_only=True)
class Ends:
    """
    Rows of a table that walks start or end at, each with one or more pinned points.

    Parameters
    ----------
    n
        Number of rows.
    row
        Which row each pinned point belongs to, shape (points,): homes have one point each,
        facilities one per entrance.
    pins
        Where the points are on the streets of walkers.
    others
        Where they are on the streets of riders and drivers, as far as somebody asks for it.
    """

    n: int
    row: NDArray[np.int32]
    pins: Pins
    others: Mapping[Mode, Pins] = field(default_factory=dict)

    @classmethod
    def single(cls, pins: Pins, others: Mapping[Mode, Pins] | None = None) -> Ends:
        """
        Take rows with one point each.

        Parameters
        ----------
        pins
            Pins of as many points as there are rows.
        others
            Pins of the same points to the streets of riders and drivers.

        Returns
        -------
        ends
            Row ``i`` has point ``i``.
        """
        row = np.arange(pins.n, dtype=np.int32)
        return cls(n=pins.n, row=row, pins=pins, others=others or {})

    def of(self, mode: Mode) -> Ends:
        """
        Take the pins of a mode.

        Parameters
        ----------
        mode
            On foot, by bicycle or by car.

        Returns
        -------
        ends
            The same rows with that mode's pins as `pins`. Where none were made the walkers' pins
            stand; those on streets closed to the mode then lead nowhere.
        """
        pins = self.others.get(mode)
        return self if pins is None else Ends(n=self.n, row=self.row, pins=pins)

    def select(self, rows: NDArray[np.bool_]) -> Ends:
        """
        Keep only some rows' points; row numbers stay.

        Parameters
        ----------
        rows
            Which rows, shape (n,).

        Returns
        -------
        ends
            The same rows, those left out without any point.
        """
        others = {
            mode: _kept(pins, rows[self.row[pins.point]]) for mode, pins in self.others.items()
        }
        kept = _kept(self.pins, rows[self.row[self.pins.point]])
        return Ends(n=self.n, row=self.row, pins=kept, others=others)


def _kept(pins: Pins, keep: NDArray[np.bool_]) -> Pins:
    return Pins(
        n=pins.n,
        point=pins.point[keep],
        edge=pins.edge[keep],
        share=pins.share[keep],
        leg_m=pins.leg_m[keep],
        status=pins.status.copy(),
    )


@dataclass(frozen=True, kw_only=True)
class Nearest:
    """
    The nearest of many, per row.

    Parameters
    ----------
    walk_cs, length_cm
        Time [1/100 s] and length [cm] of the best walk, shape (n,); NaN when nothing is within
        the limit.
    to
        Row of the other end, -1 when there is none, shape (n,).
    """

    walk_cs: NDArray[np.float64]
    length_cm: NDArray[np.float64]
    to: NDArray[np.int32]


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """
    Sparse matrix of all walks within a limit, by facility.

    Parameters
    ----------
    ptr
        CSR pointer by facility, shape (facilities + 1,).
    home
        Homes that reach it, ascending within a facility, shape (k,).
    cost
        Time [1/100 s] or length [cm], shape (k,).
    """

    ptr: NDArray[np.int64]
    home: NDArray[np.int32]
    cost: NDArray[np.int32]

    @property
    def facility(self) -> NDArray[np.int32]:
        """Facility of each entry, shape (k,)."""
        return np.repeat(np.arange(len(self.ptr) - 1, dtype=np.int32), np.diff(self.ptr))


@dataclass(frozen=True, kw_only=True)
class Doors:
    """
    Ways between pins and the nodes at the ends of their edges.

    Parameters
    ----------
    pin
        Row of the pin, shape (k,).
    node
        Routing node, shape (k,).
    time, length
        Time [1/100 s] and length [cm] of the way, leg included, shape (k,).
    """

    pin: NDArray[np.int64]
    node: NDArray[np.int32]
    time: NDArray[np.int32]
    length: NDArray[np.int32]


@dataclass(frozen=True, kw_only=True)
class Direct:
    """
    Walks that stay on one edge.

    Parameters
    ----------
    home, facility
        Rows at both ends, shape (k,).
    time, length
        Time [1/100 s] and length [cm], legs included, shape (k,).
    """

    home: NDArray[np.int32]
    facility: NDArray[np.int32]
    time: NDArray[np.int32]
    length: NDArray[np.int32]


def csr(key: NDArray[np.int32], n: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """
    Group rows by a key.

    Parameters
    ----------
    key
        Group of each row, shape (k,).
    n
        Number of groups.

    Returns
    -------
    ptr, order
        Rows of group ``g`` are ``order[ptr[g]:ptr[g + 1]]``, ascending.
    """
    order = np.argsort(key, kind="stable")
    ptr = np.zeros(n + 1, dtype=np.int32)
    np.cumsum(np.bincount(key, minlength=n), out=ptr[1:])
    return ptr, order
