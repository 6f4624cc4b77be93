"""What residents ask for beside the scores, by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from lifecircle.access.needs import needs_beside_scores, service_of_need
from lifecircle.standards import load_standard
from lifecircle.tables import NEEDS
from tests.making import BASIC, community_table

SERVICES = load_standard("zhejiang").services


def answers(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["community_id", "needs", "satisfaction"])


def services(**scores) -> pd.DataFrame:
    """Scores of community a, each in the wide circle; a narrow one says nothing."""
    rows = [
        {"level": "community", "area_id": "a", "service": name, "minutes": minutes, "score": score}
        for name, value in scores.items()
        for minutes, score in ((5, 1.0), (15, value))
    ]
    return pd.DataFrame(rows, columns=["level", "area_id", "service", "minutes", "score"])


SCORED = services(medical=40.0, culture=20.0, fitness=90.0, elder_care=20.0)


@pytest.mark.parametrize(
    ("need", "service"),
    [
        ("养老服务/助餐点", "elder_care"),
        ("社区卫生服务站", "medical"),
        ("健身场地", "fitness"),
        ("文化活动室/书房", "culture"),
        ("托育", "childcare"),
        ("菜市场", "daily"),
        ("停车", None),
        ("公园绿地", None),
    ],
)
def test_needs_mean_services(need, service):
    assert service_of_need(need, SERVICES) == (service if service in SERVICES else None)


def test_a_service_nobody_asks_about_is_none():
    assert service_of_need("托育", ("medical",)) is None


def test_needs_stand_beside_scores_and_ranks():
    told = answers(
        ("a", "健身场地; 停车", 2.0), ("a", "健身场地; 文化活动室", 4.0), (None, "托育", 1.0)
    )
    table = needs_beside_scores(BASIC, told, SCORED, community_table("a"))
    assert list(table.columns) == list(NEEDS)
    assert table["need"].tolist() == ["健身场地", "停车", "文化活动室"]
    first = table.iloc[0]
    assert (first["answers"], first["satisfaction_of_5"], first["named"]) == (2, 3.0, 2)
    assert (first["service"], first["score"], first["score_rank"]) == ("fitness", 90.0, 4)
    assert first["services_scored"] == 4
    assert first["disagrees"] is True
    assert first["community"] == "Community a"
    assert table["rank"].tolist() == [1, 2, 3]
    assert pd.isna(table.iloc[1]["service"])
    assert table["disagrees"].isna().tolist() == [False, True, True]
    assert table.iloc[2]["score_rank"] == 1  # ties share the better rank


@pytest.mark.parametrize(
    ("need", "disagrees"), [("养老服务", False), ("卫生站", True), ("停车", None)]
)
def test_a_first_need_among_the_two_lowest_agrees(need, disagrees):
    table = needs_beside_scores(BASIC, answers(("a", need, 3.0)), SCORED, community_table("a"))
    found = table.iloc[0]["disagrees"]
    assert (None if pd.isna(found) else bool(found)) is disagrees


def test_a_service_without_a_score_is_not_held_against_people():
    unknown = services(medical=float("nan"), culture=10.0)
    table = needs_beside_scores(BASIC, answers(("a", "卫生站", 3.0)), unknown, community_table("a"))
    assert pd.isna(table.iloc[0]["disagrees"])
    assert table.iloc[0]["services_scored"] == 1  # a narrower circle does not stand in


def test_no_survey_gives_no_rows():
    for told in (None, answers()):
        table = needs_beside_scores(BASIC, told, SCORED, community_table("a"))
        assert len(table) == 0
        assert list(table.columns) == list(NEEDS)
