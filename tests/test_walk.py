"""Profiles: refused numbers, hand-worked prices, and a source for each speed."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from math import exp, inf, nan

import numpy as np
import pytest

from lifecircle.errors import RuleError
from lifecircle.walk import BIKE_KMH, DRIVE_KMH, PROFILES, Profile, slope_times


@pytest.mark.parametrize("speed", [0.0, -1.0, nan, inf])
def test_a_speed_nobody_walks_at_is_refused(speed):
    with pytest.raises(RuleError, match="'ghost': the speed must be positive"):
        Profile(name="ghost", speed_mps=speed, source="test")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"stairs_up": 0.0}, "stairs_up must be a positive number of times, not 0.0"),
        ({"stairs_down": -1.1}, "stairs_down must be a positive number of times, not -1.1"),
        ({"rough": nan}, "rough must be a positive number of times, not nan"),
        ({"soft": inf}, "soft must be a positive number of times, not inf"),
        ({"crossing_s": -1.0}, "a delay cannot be negative or endless"),
        ({"minor_crossing_s": -1.0}, "a delay cannot be negative or endless"),
        ({"signal_s": nan}, "a delay cannot be negative or endless"),
        ({"signal_s": inf}, "a delay cannot be negative or endless"),
        ({"mode": "bike", "class_kmh": (("path", 0.0),)}, "the speed on 'path' must be positive"),
        ({"class_kmh": (("path", 3.0),)}, "a walker has one speed"),
        ({"maxspeed": True}, "a walker has one speed"),
        ({"mode": "car", "class_kmh": (("road", 3.0), ("road", 4.0))}, "two speeds on road"),
        ({"mode": "bike", "slope": True}, "slopes are priced for walkers only"),
    ],
)
def test_numbers_out_of_range_and_second_speeds_are_refused(wrong, said):
    with pytest.raises(RuleError) as caught:
        Profile(name="odd", speed_mps=1.0, source="test", **wrong)
    (problem,) = caught.value.problems
    assert problem.where == "profile 'odd'"
    assert said in problem.what


def test_everything_wrong_is_told_at_once():
    with pytest.raises(RuleError) as caught:
        Profile(name="odd", speed_mps=0.0, source="test", rough=-1.0, signal_s=nan, maxspeed=True)
    assert len(caught.value.problems) == 4


def test_a_thousand_metres_are_fifteen_minutes():
    gb = PROFILES["gb"]
    assert gb.centiseconds(1000.0) == 90_000
    assert gb.metres(15) == pytest.approx(1000.0, abs=1e-9)
    assert gb.furthest_m(15) == gb.metres(15)


def test_the_planning_speed_knows_no_slope_stairs_or_crossing():
    gb = PROFILES["gb"]
    assert (gb.slope, gb.step_free, gb.wheelchair, gb.maxspeed) == (False, False, False, False)
    assert (gb.stairs_up, gb.stairs_down, gb.rough, gb.soft) == (1.0, 1.0, 1.0, 1.0)
    assert (gb.crossing_s, gb.minor_crossing_s, gb.signal_s, gb.class_kmh) == (0.0, 0.0, 0.0, ())


def test_prices_are_integers_rounded_half_to_even():
    walker = Profile(name="one", speed_mps=1.0, source="test")
    lengths = np.array([0.0, 0.005, 0.015, 0.0149, 12.34])
    prices = walker.centiseconds(lengths)
    assert prices.dtype == np.int64
    assert prices.tolist() == [0, 0, 2, 1, 1234]
    assert lengths.tolist() == [0.0, 0.005, 0.015, 0.0149, 12.34]
    assert walker.centiseconds(np.empty(0)).shape == (0,)
    assert walker.centiseconds(np.zeros((2, 3))).shape == (2, 3)
    assert walker.centiseconds(lengths[:3] * 100, times=np.array([1, 2, 3])).tolist() == [
        0, 100, 450,
    ]  # fmt: skip


def test_slopes_follow_tobler_scaled_to_flat_ground():
    slope = np.array([0.1, 0.0, -0.05, -0.1, -0.3])
    expected = [exp(0.35), 1.0, exp(-0.175), 1.0, exp(0.7)]
    np.testing.assert_allclose(slope_times(slope), expected, rtol=1e-12)
    # 5.04 km/h on the flat and 6 km/h at best, as published
    assert 6 * exp(-3.5 * 0.05) == pytest.approx(5.04, abs=0.005)
    assert 5.04 / slope_times(np.array([-0.05]))[0] == pytest.approx(6.0, abs=0.01)


def test_nobody_is_faster_than_the_top_speed():
    assert PROFILES["elder"].top_mps == pytest.approx(0.8 * exp(0.175))
    assert PROFILES["drive"].top_mps == pytest.approx(90 / 3.6)
    assert PROFILES["bike"].top_mps == pytest.approx(18 / 3.6)
    odd = Profile(name="odd", speed_mps=1.0, source="test", stairs_down=0.5)
    assert odd.top_mps == 2.0
    assert odd.furthest_m(1) == 120.0


def test_every_profile_answers_to_its_name_and_names_its_source():
    assert list(PROFILES) == [
        "gb", "adult", "elder", "child", "wheelchair", "stroller", "bike", "drive",
    ]  # fmt: skip
    for name, profile in PROFILES.items():
        assert profile.name == name
        assert any(f"({tag}" in profile.source for tag in "VCRP")
    assert PROFILES["elder"].speed_mps < PROFILES["child"].speed_mps < PROFILES["gb"].speed_mps
    assert PROFILES["wheelchair"].speed_mps < PROFILES["elder"].speed_mps
    assert dict(DRIVE_KMH) == dict(PROFILES["drive"].class_kmh)
    assert dict(BIKE_KMH) == dict(PROFILES["bike"].class_kmh)
    with pytest.raises(FrozenInstanceError):
        PROFILES["gb"].speed_mps = 2.0
