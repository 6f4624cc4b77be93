"""Homes nobody can judge, worked by hand on one street."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from lifecircle.access.doubts import (
    Silence,
    causes_of,
    doubted_homes,
    edge_distances,
    straight_limit_m,
    words_of,
)
from tests.making import homes_at, requirement, streets

STREET = streets([(0, 0), (5000, 0)])
# 1,000 m / 1.3 = 769 m: at 500 both of b's homes are as near, at 300 one of two, at 100 none.
HOMES = homes_at(
    STREET,
    *((100, 0), (300, 0), (500, 0), (1000, 0), (1200, 0)),
    community=["a", "a", "a", "b", "b"],
)
B_SILENT = Silence(unreported={"medical": {"b": "list.xlsx"}})


def doubted(silence, homes=HOMES, asked=None):
    causes = causes_of(requirement() if asked is None else asked, homes, silence)
    return doubted_homes(causes, len(homes)).tolist()


def test_nothing_kept_silent_leaves_nothing_in_doubt():
    assert doubted(Silence()) == [False] * 5
    assert doubted(Silence(unreported={"culture": {"b": "x"}})) == [False] * 5
    assert doubted(B_SILENT, homes_at(STREET)) == []


def test_all_homes_of_a_community_that_did_not_report_and_those_near_half_of_it():
    assert doubted(B_SILENT) == [False, True, True, True, True]
    # where a service counts for its own community only, neighbours know what they have
    assert doubted(B_SILENT, asked=requirement(serves="community")) == [False] * 3 + [True] * 2


def test_a_row_without_a_place_concerns_those_it_would_as_likely_as_not_serve():
    lost = Silence(unplaced={"medical.station": {"b": "list.xlsx"}})
    assert doubted(lost) == [False, True, True, True, True]
    short = requirement("medical_5")  # 333 m / 1.3 = 256 m: b's two homes are 200 m apart
    assert doubted(lost, asked=short) == [False] * 3 + [True] * 2
    other = Silence(unplaced={"culture.library": {"b": "list.xlsx"}})
    assert doubted(other) == [False] * 5
    asked = requirement(types=("medical.hospital",))
    assert doubted(lost, asked=asked) == [False] * 5


def test_the_order_of_rows_changes_nothing():
    turned = homes_at(
        STREET,
        *((1200, 0), (1000, 0), (500, 0), (300, 0), (100, 0)),
        community=["b", "b", "a", "a", "a"],
    )
    assert doubted(B_SILENT, turned) == doubted(B_SILENT)[::-1]


def test_the_border_is_as_far_as_it_is_and_beyond_it_nothing_is():
    extent = shapely.box(0, -2000, 1000, 2000)
    np.testing.assert_allclose(edge_distances(HOMES, extent), [100, 300, 500, 0, 0])


def test_a_limit_in_minutes_is_what_its_walker_makes():
    assert abs(straight_limit_m(requirement()) - 1000.0) < 1e-6
    assert straight_limit_m(requirement(minutes=None, limit_m=300.0)) == 300.0


def test_words_name_communities_and_lists():
    silence = Silence(
        unreported={"medical": {"b": "list.xlsx"}},
        unplaced={"medical.station": {"b": "rooms.xlsx"}},
    )
    causes = causes_of(requirement(), HOMES, silence)
    names = pd.Series({"b": "河东社区"})
    at = np.array([4])
    assert words_of(causes, at, names, language="zh") == (
        "未报送：河东社区（list.xlsx）；有设施列名但位置不明：河东社区（rooms.xlsx）"
    )
    assert words_of(causes, at, names, language="en").startswith("did not report: 河东社区 (")
    assert words_of(causes, np.array([0]), names, language="en") == ""
