"""What stays open in a community is told with its main reasons and what would help."""

from __future__ import annotations

import pandas as pd

from lifecircle.outputs.sentences import main_reasons
from lifecircle.study.left_open import with_reasons
from lifecircle.tables import WISHES

ROWS = [
    # gap, community, people, why, would help
    ("g1", "c1", 90.0, "no_land", "find_land"),
    ("g1", "c1", 10.0, "cut_off", "check_streets"),
    ("g2", "c1", 50.0, "no_land", "find_land"),
    ("g3", "c1", 40.0, "tier", "lower_tier"),
    ("g4", "c1", 5.0, "several", "second_place"),
]
TABLE = pd.DataFrame(
    {"community_id": ["c1", "c2"], "gaps_left": [4, 0], "why": ["短板尚未安排项目", "无短板"]}
)


def wishes(rows):
    names = ["gap_id", "community_id", "people_left", "why", "would_help"]
    return pd.DataFrame(rows, columns=names).reindex(columns=list(WISHES))


def test_a_gap_has_the_reason_most_of_its_people_have():
    first = main_reasons(wishes(ROWS)).set_index("gap_id")["why"]
    assert first.to_dict() == {"g1": "no_land", "g2": "no_land", "g3": "tier", "g4": "several"}


def test_two_reasons_are_told_and_the_rest_is_left_alone():
    before = TABLE.copy()
    told = with_reasons(TABLE, wishes(ROWS), "zh")["why"].tolist()
    assert told[0].startswith("短板尚未安排项目；余4条短板，主因：限值内无候选用地用房（2）、")
    assert "可行途径：" in told[0]
    assert "路网" not in told[0]
    assert told[1] == "无短板"
    assert TABLE.equals(before)
    english = with_reasons(TABLE, wishes(ROWS), "en")["why"].iloc[0]
    assert "; 4 gaps left, mostly: " in english
    assert " (2), " in english
    assert "（" not in english


def test_without_wishes_nothing_changes():
    assert with_reasons(TABLE, wishes([]), "zh").equals(TABLE)
