"""
Profiles: how metres become seconds, with the source of every number.

Times are integer centiseconds from here on, so that two engines can agree to the last digit.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, isfinite
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lifecircle.errors import Problem, RuleError

Mode = Literal["foot", "bike", "car"]

CENTISECONDS = 100

TOBLER_STEEPNESS = 3.5
"""Tobler (1993): v = 6 km/h · exp(-3.5 |s + 0.05|) at a slope s, rise over run (V)."""
TOBLER_BEST = 0.05
"""Tobler (1993): walkers are fastest going down at this slope (V)."""

ROUGH_SURFACES = frozenset(
    (
        "cobblestone",
        "cobblestone:flattened",
        "grass_paver",
        "gravel",
        "pebblestone",
        "rock",
        "sett",
        "stepping_stones",
        "stone",
        "unhewn_cobblestone",
        "unpaved",
    )
)
"""Values of ``surface`` that are hard but uneven (P)."""
SOFT_SURFACES = frozenset(
    "bark_mulch clay dirt earth grass ground mud sand snow soil woodchips".split()
)
"""Values of ``surface`` that give way (P)."""


@dataclass(frozen=True, kw_only=True)
class Profile:
    """
    Somebody on the streets: a speed on the flat and what slows it down.

    Parameters
    ----------
    name
        How a requirement calls it.
    speed_mps
        Speed on flat ground [m/s]; for a rider or driver the speed on streets without a class
        speed and on the legs between a place and its street.
    source
        Where the numbers come from, with their evidence tags.
    mode
        Which direction flags of the streets count.
    slope
        Whether Tobler's function, scaled to `speed_mps`, prices slopes where heights are known.
    stairs_up, stairs_down
        How many times as long as flat ground a staircase takes, by direction; their mean where
        the direction is not known. They stand in place of the slope.
    step_free
        Whether stairs are impassable unless they have a ramp, which then counts as flat ground.
    wheelchair
        Whether ways marked ``wheelchair=no`` are impassable.
    rough, soft
        How many times as long as firm ground `ROUGH_SURFACES` and `SOFT_SURFACES` take.
    crossing_s, minor_crossing_s
        Delay at a crossing of a main road (trunk, primary, secondary) and of a tertiary one [s].
    signal_s
        Delay at a crossing with traffic lights [s].
    class_kmh
        Speed by ``highway`` class [km/h], for riders and drivers.
    maxspeed
        Whether a lower speed limit of the street replaces its class speed.

    Raises
    ------
    RuleError
        If a number is out of range, a walker has speeds by class, a class has two speeds, or
        slopes are asked for somebody who does not walk. Everything wrong is told at once.

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
    slope: bool = False
    stairs_up: float = 1.0
    stairs_down: float = 1.0
    step_free: bool = False
    wheelchair: bool = False
    rough: float = 1.0
    soft: float = 1.0
    crossing_s: float = 0.0
    minor_crossing_s: float = 0.0
    signal_s: float = 0.0
    class_kmh: tuple[tuple[str, float], ...] = ()
    maxspeed: bool = False

    def __post_init__(self) -> None:
        said = [*self._wrong_numbers(), *self._two_speeds()]
        if said:
            raise RuleError([Problem(what=text, where=f"profile '{self.name}'") for text in said])

    def _wrong_numbers(self) -> list[str]:
        said = []
        if not (self.speed_mps > 0 and isfinite(self.speed_mps)):
            said.append(f"the speed must be positive, not {self.speed_mps}")
        said += [
            f"{name} must be a positive number of times, not {value}"
            for name in ("stairs_up", "stairs_down", "rough", "soft")
            if not 0 < (value := getattr(self, name)) < inf
        ]
        if not all(0 <= s < inf for s in (self.crossing_s, self.minor_crossing_s, self.signal_s)):
            said.append("a delay cannot be negative or endless")
        said += [
            f"the speed on '{name}' must be positive, not {speed}"
            for name, speed in self.class_kmh
            if not 0 < speed < inf
        ]
        return said

    def _two_speeds(self) -> list[str]:
        said = []
        names = [name for name, _ in self.class_kmh]
        if self.mode == "foot" and (names or self.maxspeed):
            said.append("a walker has one speed, not others by class or speed limit")
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            said.append(f"two speeds on {', '.join(twice)}")
        if self.slope and self.mode != "foot":
            said.append("slopes are priced for walkers only")
        return said

    @property
    def top_mps(self) -> float:
        """Speed nobody of this profile exceeds anywhere [m/s]."""
        fastest = max([self.speed_mps, *(speed / 3.6 for _, speed in self.class_kmh)])
        best = exp(TOBLER_STEEPNESS * TOBLER_BEST) if self.slope else 1.0
        return fastest * best / min(1.0, self.stairs_up, self.stairs_down, self.rough, self.soft)

    def centiseconds(
        self, length_m: NDArray[np.float64] | float, *, times: NDArray[np.float64] | float = 1.0
    ) -> NDArray[np.int64]:
        """
        Price lengths at the speed on flat ground.

        Parameters
        ----------
        length_m
            Lengths [m], any shape.
        times
            How many times as long as flat ground they take, same shape or one number.

        Returns
        -------
        walk_cs
            Time [1/100 s], rounded half to even.
        """
        seconds = np.asarray(length_m, dtype=np.float64) / self.speed_mps * times
        return np.rint(seconds * CENTISECONDS).astype(np.int64)

    def metres(self, minutes: float) -> float:
        """
        Distance covered on the flat at `speed_mps`.

        Parameters
        ----------
        minutes
            Time [min].

        Returns
        -------
        length_m
            Distance [m].
        """
        return self.speed_mps * 60.0 * minutes

    def furthest_m(self, minutes: float) -> float:
        """
        Distance nobody of this profile gets beyond, at `top_mps`.

        Parameters
        ----------
        minutes
            Time [min].

        Returns
        -------
        length_m
            Distance [m].
        """
        return self.top_mps * 60.0 * minutes


def slope_times(slope: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Price slopes by Tobler's function, relative to flat ground.

    Parameters
    ----------
    slope
        Rise over run in the direction walked, any shape.

    Returns
    -------
    times
        How many times as long as flat ground, same shape.

    Notes
    -----
    Tobler, W. (1993), Three presentations on geographical analysis and modeling: the speed is
    6 exp(-3.5 |s + 0.05|) km/h, 5.04 km/h on the flat. Only its shape is used, so that the flat
    speed stays that of the profile.

    Examples
    --------
    >>> import numpy as np
    >>> from lifecircle.walk import slope_times
    >>> slope_times(np.array([-0.1, -0.05, 0.0, 0.1])).round(3).tolist()
    [1.0, 0.839, 1.0, 1.419]
    """
    steep = TOBLER_STEEPNESS * np.abs(np.asarray(slope, dtype=np.float64) + TOBLER_BEST)
    return np.asarray(np.exp(steep - TOBLER_STEEPNESS * TOBLER_BEST), dtype=np.float64)


# Main roads 15 s is the lower end of 15 to 30 s for arterials without lights; 30 s for lights is
# what the HCM formula (C - g)^2 / 2C gives for a cycle of 90 s with 17 s of green.
_ON_FOOT = (
    "Tobler 1993 for slopes (V); stairs 2.25 times up, 1.75 times down, twice on average (P); "
    "crossings 15 s, tertiary roads 8 s, signals 30 s (P)"
)
_NO_STEPS = (
    "Tobler 1993 for slopes (V, made for walkers); no stairs without a ramp; "
    "crossings 15 s, tertiary roads 8 s, signals 30 s (P)"
)

BIKE_KMH = (
    ("bridleway", 10.0),
    ("cycleway", 18.0),
    ("footway", 8.0),
    ("living_street", 12.0),
    ("path", 12.0),
    ("pedestrian", 8.0),
    ("service", 12.0),
    ("track", 12.0),
)
"""A rider's speed where it differs from 15 km/h [km/h] (P)."""

DRIVE_KMH = (
    ("motorway", 90.0),
    ("motorway_link", 45.0),
    ("trunk", 85.0),
    ("trunk_link", 40.0),
    ("primary", 65.0),
    ("primary_link", 30.0),
    ("secondary", 55.0),
    ("secondary_link", 25.0),
    ("tertiary", 40.0),
    ("tertiary_link", 20.0),
    ("unclassified", 25.0),
    ("residential", 25.0),
    ("service", 15.0),
    ("living_street", 10.0),
    ("track", 10.0),
)
"""A driver's speed by class [km/h]: as common route planners assume it (R), tracks P."""

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
            source=f"4.5 km/h planning practice (V); {_ON_FOOT}",
            slope=True,
            stairs_up=2.25,
            stairs_down=1.75,
            crossing_s=15.0,
            minor_crossing_s=8.0,
            signal_s=30.0,
        ),
        Profile(
            name="elder",
            speed_mps=48.0 / 60.0,
            source="0.8 m/s, below the 1.0 m/s crossing design speed of GB 50647-2011 (P); "
            "mean 0.82 m/s of people over 65, Bollard & Fleming 2013 (V); "
            f"{_ON_FOOT}; rough surfaces 1.1 times, soft ones 1.25 times (P)",
            slope=True,
            stairs_up=2.25,
            stairs_down=1.75,
            rough=1.1,
            soft=1.25,
            crossing_s=15.0,
            minor_crossing_s=8.0,
            signal_s=30.0,
        ),
        Profile(
            name="child",
            speed_mps=54.0 / 60.0,
            source=f"0.9 m/s (R); {_ON_FOOT}",
            slope=True,
            stairs_up=2.25,
            stairs_down=1.75,
            crossing_s=15.0,
            minor_crossing_s=8.0,
            signal_s=30.0,
        ),
        Profile(
            name="wheelchair",
            speed_mps=40.0 / 60.0,
            source="40 m/min, practice value (V); ways marked wheelchair=no closed; "
            f"{_NO_STEPS}; rough surfaces 1.5 times, soft ones twice (P)",
            slope=True,
            step_free=True,
            wheelchair=True,
            rough=1.5,
            soft=2.0,
            crossing_s=15.0,
            minor_crossing_s=8.0,
            signal_s=30.0,
        ),
        Profile(
            name="stroller",
            speed_mps=60.0 / 60.0,
            source=f"1.0 m/s (P); {_NO_STEPS}; rough surfaces 1.25 times, soft ones 1.5 times (P)",
            slope=True,
            step_free=True,
            rough=1.25,
            soft=1.5,
            crossing_s=15.0,
            minor_crossing_s=8.0,
            signal_s=30.0,
        ),
        Profile(
            name="bike",
            speed_mps=15.0 / 3.6,
            source="15 km/h (P), less by class of way (P); rough surfaces 1.25 times, soft ones "
            "1.5 times, stairs pushed in 4 times the time (P); no slopes, no waiting",
            mode="bike",
            stairs_up=4.0,
            stairs_down=4.0,
            rough=1.25,
            soft=1.5,
            class_kmh=BIKE_KMH,
        ),
        Profile(
            name="drive",
            speed_mps=30.0 / 3.6,
            source="class speeds as route planners assume them (R), 30 km/h elsewhere (P), "
            "speed limits where lower; no turns, no waiting",
            mode="car",
            step_free=True,
            class_kmh=DRIVE_KMH,
            maxspeed=True,
        ),
    )
}
"""Profiles a requirement may name. ``gb`` is the planning speed of the statutory verdicts."""
