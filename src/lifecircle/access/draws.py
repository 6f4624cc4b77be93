"""
Random draws that belong to ids, not to rows: the same id draws the same numbers in every run.

Neither the order of rows nor a facility more or less changes what another one draws.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_30, _27, _31, _11 = (np.uint64(number) for number in (30, 27, 31, 11))

PLACE_M = {"surveyed": 5.0, "mapped": 12.0, "picked": 12.0, "building": 12.0}
LOOKED_UP_M = 20.0
COARSE_M = 60.0
_COARSE = ("estate", "estate_side", "street", "nearest_number", "similar_name", "community")
"""Standard deviation of where a facility is, by how it was placed [m] (P)."""

MISSING = {"bureau": 0.02, "poi": 0.1, "osm": 0.1}
"""Chance that a place on a list is not there, by who lists it (P)."""


@dataclass(frozen=True, kw_only=True)
class Spreads:
    """
    How unsure the inputs of a verdict are taken to be; every number is ours (P).

    Parameters
    ----------
    speed
        Walking speed is drawn from a triangle, this share slower to this share faster.
    home_m
        Standard deviation of where a home's door is [m].
    place
        How many times the spread of `PLACE_M` facilities get.
    missing
        How many times the chance of `MISSING` facilities get.
    target
        The target share is drawn from a triangle, this much lower to this much higher.
    draws
        How many draws.
    seed
        Another seed gives other draws.
    """

    speed: float = 0.15
    home_m: float = 10.0
    place: float = 1.0
    missing: float = 1.0
    target: float = 0.03
    draws: int = 200
    seed: int = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class Draws:
    """
    What may be wrong, drawn many times.

    Parameters
    ----------
    speed
        Walking speed as a share of the profile's, shape (draws,).
    target
        What is added to target shares, shape (draws,).
    home_m
        Metres a home's walks are longer, shape (draws, homes).
    place_m
        Metres walks to a facility are longer, shape (draws, facilities).
    there
        Whether a facility is there, shape (draws, facilities).
    """

    speed: NDArray[np.float64]
    target: NDArray[np.float64]
    home_m: NDArray[np.float32]
    place_m: NDArray[np.float32]
    there: NDArray[np.bool_]
    names: tuple[str, ...] = field(default=("speed", "pin", "facilities", "threshold"))

    def only(self, name: str) -> Draws:
        """
        Leave one doubt and take away the others.

        Parameters
        ----------
        name
            One of `names`.

        Returns
        -------
        draws
            As many as before.
        """
        return Draws(
            speed=self.speed if name == "speed" else np.ones_like(self.speed),
            target=self.target if name == "threshold" else np.zeros_like(self.target),
            home_m=self.home_m if name == "pin" else np.zeros_like(self.home_m),
            place_m=self.place_m if name == "pin" else np.zeros_like(self.place_m),
            there=self.there if name == "facilities" else np.ones_like(self.there),
        )


def draw(spreads: Spreads, home_ids: Iterable[object], facilities: pd.DataFrame) -> Draws:
    """
    Draw what may be wrong.

    Parameters
    ----------
    spreads
        How unsure the inputs are.
    home_ids
        Ids of the homes, in the order of their rows.
    facilities
        ``place_id``, ``origin`` and ``placed``: services of one place are there, or off, together.

    Returns
    -------
    draws
        The same for the same ids, spreads and seed.

    Examples
    --------
    >>> import pandas as pd
    >>> from lifecircle.access.draws import Spreads, draw
    >>> town = pd.DataFrame({"place_id": ["p"], "origin": ["osm"], "placed": ["mapped"]})
    >>> one = draw(Spreads(), ["h1", "h2"], town)
    >>> other = draw(Spreads(), ["h2", "h1"], town)
    >>> bool((one.home_m[:, 0] == other.home_m[:, 1]).all())
    True
    """
    n, seed = spreads.draws, spreads.seed
    homes = _keys(home_ids, seed)
    ids = facilities["place_id"]
    if "facility_id" in facilities:  # a facility without a place of its own stands for itself
        ids = ids.where(ids.notna(), facilities["facility_id"])
    places = _keys(ids, seed)
    spread_m = _spread_m(facilities["placed"]) * spreads.place
    chance = facilities["origin"].map(MISSING).fillna(MISSING["osm"]).to_numpy(dtype=np.float64)
    return Draws(
        speed=1.0 + spreads.speed * _triangle(_even(n, seed, "speed")),
        target=spreads.target * _triangle(_even(n, seed, "target")),
        home_m=(_normal(homes, n) * spreads.home_m).astype(np.float32),
        place_m=(_normal(places, n) * spread_m).astype(np.float32),
        there=_uniform(places, n, 3) >= np.minimum(chance * spreads.missing, 1.0),
    )


def _spread_m(placed: pd.Series) -> NDArray[np.float64]:
    spread = placed.map(PLACE_M).astype(float)
    spread = spread.where(~placed.isin(_COARSE), COARSE_M)
    return np.asarray(spread.fillna(LOOKED_UP_M), dtype=np.float64)


def _keys(ids: Iterable[object], seed: int) -> NDArray[np.uint64]:
    """Turn ids into numbers that tell nothing of each other."""
    digests = [hashlib.blake2b(f"{seed}|{one}".encode(), digest_size=8).digest() for one in ids]
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)


def _uniform(keys: NDArray[np.uint64], n: int, stream: int) -> NDArray[np.float64]:
    """Draw from (0, 1), shape (n, keys): the mixing function of SplitMix64 on a counter."""
    counter = (np.arange(n, dtype=np.uint64) * np.uint64(8) + np.uint64(stream + 1))[:, None]
    with np.errstate(over="ignore"):
        z = keys[None, :] + counter * _STEP
        z = (z ^ (z >> _30)) * _MIX_1
        z = (z ^ (z >> _27)) * _MIX_2
        z = z ^ (z >> _31)
    return np.asarray(((z >> _11).astype(np.float64) + 0.5) * 2.0**-53, dtype=np.float64)


def _normal(keys: NDArray[np.uint64], n: int) -> NDArray[np.float64]:
    """Draw standard normal numbers (Box and Muller 1958), shape (n, keys)."""
    radius = np.sqrt(-2.0 * np.log(_uniform(keys, n, 0)))
    return np.asarray(radius * np.cos(2.0 * np.pi * _uniform(keys, n, 1)), dtype=np.float64)


def _even(n: int, seed: int, name: str) -> NDArray[np.float64]:
    """Spread n numbers evenly over (0, 1), in an order nobody can guess."""
    order = np.argsort(_uniform(_keys([name], seed), n, 5)[:, 0], kind="stable")
    return np.asarray((order + 0.5) / n, dtype=np.float64)


def _triangle(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn even numbers into a triangle over (-1, 1)."""
    low = np.sqrt(2.0 * np.minimum(u, 0.5)) - 1.0
    high = 1.0 - np.sqrt(2.0 * np.minimum(1.0 - u, 0.5))
    return np.where(u < 0.5, low, high)
