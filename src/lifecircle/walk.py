"""
Profiles: how metres become seconds, with the source of every number.

Times are integer centiseconds from here on, so that two engines can agree to the last digit.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lifecircle.errors import RuleError

Mode = Literal["foot", "bike", "car"]

CENTISECONDS = 100


@dataclass(frozen=True, kw_only=True)
class Profile:
    """
    Somebody who walks: a speed on the flat and what slows it down.

    Parameters
    ----------
    name
        How a requirement calls it.
    speed_mps
        Speed on flat ground [m/s].
    source
        Where the speed comes from, with its evidence tag.
    mode
        Which direction flags of the streets count.
    stairs_factor
        Factor on the speed on stairs, in (0, 1]; 0 when stairs are impassable.
    crossing_s, signal_s
        Delay at a marked crossing and at traffic lights [s].

    Raises
    ------
    RuleError
        If the speed is not positive or a factor or delay is out of range.

    Examples
    --------
    >>> from lifecircle.walk import PROFILES
    >>> int(PROFILES["gb"].centiseconds(1000.0))
    90000
    """

    name: str
    speed_mps: float
    source: str
    mode: Mode = "foot"
    stairs_factor: float = 1.0
    crossing_s: float = 0.0
    signal_s: float = 0.0

    def __post_init__(self) -> None:
        if not (self.speed_mps > 0 and isfinite(self.speed_mps)):
            raise RuleError(
                f"profile '{self.name}': the speed must be positive, not {self.speed_mps}"
            )
        if not 0 <= self.stairs_factor <= 1:
            raise RuleError(f"profile '{self.name}': stairs_factor must lie between 0 and 1")
        if not (0 <= self.crossing_s < inf and 0 <= self.signal_s < inf):
            raise RuleError(f"profile '{self.name}': a delay cannot be negative or endless")

    def centiseconds(
        self, length_m: NDArray[np.float64] | float, *, steps: NDArray[np.bool_] | bool = False
    ) -> NDArray[np.int64]:
        """
        Price lengths.

        Parameters
        ----------
        length_m
            Lengths [m], any shape.
        steps
            Where the length is stairs, same shape.

        Returns
        -------
        walk_cs
            Time [1/100 s], rounded half to even; stairs that are impassable are priced as flat
            and must be left out by the caller.
        """
        factor = np.where(np.asarray(steps) & (self.stairs_factor > 0), self.stairs_factor, 1.0)
        seconds = np.asarray(length_m, dtype=np.float64) / (self.speed_mps * factor)
        return np.rint(seconds * CENTISECONDS).astype(np.int64)

    def metres(self, minutes: float) -> float:
        """
        Distance walked on the flat.

        Parameters
        ----------
        minutes
            Walking time [min].

        Returns
        -------
        length_m
            Distance [m].
        """
        return self.speed_mps * 60.0 * minutes


_STAIRS = "stairs at half speed (P, project proposal)"

PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile(
            name="gb",
            speed_mps=1000.0 / 900.0,
            source="GB 50180-2018 3.0.4: 15 minutes are 800–1000 m; 1000 m taken (C)",
        ),
        Profile(
            name="adult",
            speed_mps=75.0 / 60.0,
            source=f"4.5 km/h planning practice (V); {_STAIRS}; crossings 15 s, signals 30 s (P)",
            stairs_factor=0.5,
            crossing_s=15.0,
            signal_s=30.0,
        ),
        Profile(
            name="elder",
            speed_mps=48.0 / 60.0,
            source="0.8 m/s, below the 1.0 m/s crossing design speed of GB 50647-2011 (P); "
            "mean 0.82 m/s of people over 65, Bollard & Fleming 2013 (V); "
            f"{_STAIRS}; crossings 15 s, signals 30 s (P)",
            stairs_factor=0.5,
            crossing_s=15.0,
            signal_s=30.0,
        ),
        Profile(
            name="child",
            speed_mps=54.0 / 60.0,
            source=f"0.9 m/s (R); {_STAIRS}; crossings 15 s, signals 30 s (P)",
            stairs_factor=0.5,
            crossing_s=15.0,
            signal_s=30.0,
        ),
    )
}
"""Profiles a requirement may name. ``gb`` is the planning speed of the statutory verdicts."""
