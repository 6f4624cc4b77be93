"""Whole people: what is shown adds up, and nobody is moved by more than one."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from lifecircle.outputs.rounding import largest_remainder, whole_people


@pytest.mark.parametrize("bad", [-0.1, float("nan"), float("inf")])
def test_what_is_no_count_is_refused(bad):
    with pytest.raises(ValueError, match="only finite numbers"):
        largest_remainder([1.0, bad])


@pytest.mark.parametrize(
    ("values", "total", "whole"),
    [
        ([], None, []),
        ([2.0, 3.0], None, [2, 3]),
        ([1.4, 1.4, 1.2], None, [2, 1, 1]),
        ([0.5, 0.5], None, [1, 0]),
        ([0.5], None, [1]),
        ([1.25, 2.25, 3.5], None, [1, 2, 4]),
        ([0.3, 0.3, 0.3], 0, [0, 0, 0]),
        ([56.9999999999, 3.0], None, [57, 3]),
        ([2.0, 3.0], 9, [2, 3]),
    ],
)
def test_values_worked_by_hand(values, total, whole):
    assert largest_remainder(values, total) == whole


@given(st.lists(st.floats(0, 1e6).map(lambda value: round(value, 3)), max_size=60))
def test_the_sum_is_that_of_the_numbers_and_nobody_moves_by_more_than_one(values):
    whole = largest_remainder(values)
    assert abs(sum(whole) - sum(values)) <= 0.5 + 1e-6
    assert all(abs(one - value) < 1 for one, value in zip(whole, values, strict=True))


def nested(content, people, **changes):
    """Four communities of two subdistricts; people by community, and who lives in none."""
    ids = ["a", "b", "c", "d"]
    communities = gpd.GeoDataFrame(
        {
            "community_id": ids,
            "subdistrict": ["s1", "s1", "s2", "s2"],
            "county": None,
            "city": None,
            "people": people[:4],
            **changes,
        },
        geometry=[shapely.box(n, 0, n + 1, 1) for n in range(4)],
        crs=content.crs,
    )
    rows = [("community", one, count) for one, count in zip(ids, people[:4], strict=True)]
    rows += [("subdistrict", "s1", sum(people[:2])), ("subdistrict", "s2", sum(people[2:4]))]
    rows.append(("study", "study", sum(people)))
    index = pd.DataFrame(rows, columns=["level", "area_id", "people"])
    twice = pd.concat([index.assign(minutes=5), index.assign(minutes=15)])
    return whole_people(replace(content, communities=communities, index=twice))


def test_each_level_adds_up_to_the_one_above(content):
    told = nested(content, [1.4, 1.4, 1.4, 1.4])
    # 5.6 people are 6; 2.8 and 2.8 are 3 and 3; 1.4 and 1.4 are 2 and 1.
    assert told["study", "study"] == 6
    assert (told["subdistrict", "s1"], told["subdistrict", "s2"]) == (3, 3)
    assert [told["community", one] for one in "abcd"] == [2, 1, 2, 1]


def test_rounding_by_itself_would_not(content):
    assert sum(round(one) for one in [1.4] * 4) == 4
    told = nested(content, [1.4] * 4)
    assert sum(told["community", one] for one in "abcd") == 6


def test_who_lives_in_no_community_keeps_a_share_of_the_rounding(content):
    told = nested(content, [1.2, 1.0, 1.0, 1.0, 0.8])
    assert told["study", "study"] == 5
    assert sum(told["community", one] for one in "abcd") == 4


def test_what_is_not_told_stays_untold(content):
    told = nested(content, [1.4, float("nan"), 1.4, 1.4])
    assert ("community", "b") not in told
    assert told["community", "a"] == 1
