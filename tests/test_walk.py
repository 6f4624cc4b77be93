"""Profiles: refused numbers, hand-worked prices, and a source for each speed."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from lifecircle.errors import RuleError
from lifecircle.walk import PROFILES, Profile


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan"), float("inf")])
def test_a_speed_nobody_walks_at_is_refused(speed):
    with pytest.raises(RuleError, match="'ghost': the speed must be positive"):
        Profile(name="ghost", speed_mps=speed, source="test")


@pytest.mark.parametrize(
    "wrong",
    [
        {"stairs_factor": -0.1},
        {"stairs_factor": 1.1},
        {"stairs_factor": float("nan")},
        {"crossing_s": -1.0},
        {"signal_s": float("nan")},
        {"signal_s": float("inf")},
    ],
)
def test_factors_and_delays_out_of_range_are_refused(wrong):
    with pytest.raises(RuleError, match=r"'odd': (stairs_factor must|a delay cannot)"):
        Profile(name="odd", speed_mps=1.0, source="test", **wrong)


def test_a_thousand_metres_are_fifteen_minutes():
    assert PROFILES["gb"].centiseconds(1000.0) == 90_000
    assert PROFILES["gb"].metres(15) == pytest.approx(1000.0, abs=1e-9)


def test_prices_are_integers_rounded_half_to_even():
    walker = Profile(name="one", speed_mps=1.0, source="test")
    lengths = np.array([0.0, 0.005, 0.015, 0.0149, 12.34])
    prices = walker.centiseconds(lengths)
    assert prices.dtype == np.int64
    assert prices.tolist() == [0, 0, 2, 1, 1234]
    assert lengths.tolist() == [0.0, 0.005, 0.015, 0.0149, 12.34]
    assert walker.centiseconds(np.empty(0)).shape == (0,)
    assert walker.centiseconds(np.zeros((2, 3))).shape == (2, 3)


def test_stairs_are_slower_by_the_factor_and_flat_where_impassable():
    lengths, steps = np.array([100.0, 100.0]), np.array([False, True])
    assert PROFILES["elder"].centiseconds(lengths, steps=steps).tolist() == [12_500, 25_000]
    assert PROFILES["gb"].centiseconds(lengths, steps=steps).tolist() == [9_000, 9_000]
    wheels = Profile(name="wheels", speed_mps=1.0, source="test", stairs_factor=0.0)
    assert wheels.centiseconds(lengths, steps=steps).tolist() == [10_000, 10_000]


def test_every_profile_answers_to_its_name_and_names_its_source():
    assert list(PROFILES) == ["gb", "adult", "elder", "child"]
    assert all(profile.name == name and profile.source for name, profile in PROFILES.items())
    assert PROFILES["elder"].speed_mps < PROFILES["child"].speed_mps < PROFILES["gb"].speed_mps
    with pytest.raises(FrozenInstanceError):
        PROFILES["gb"].speed_mps = 2.0
