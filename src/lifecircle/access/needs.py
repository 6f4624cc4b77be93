"""
From residents' answers to what a community asks for first, beside how it scores.

Answers change no score and no verdict. Where people ask first for what the figures call good, a
planner has to look: the figures may miss something, or people may.
"""

from __future__ import annotations

import re
from collections import Counter

import geopandas as gpd
import pandas as pd

from lifecircle.sources.facilities.tagging import classify_name
from lifecircle.sources.records.tables import choices
from lifecircle.standards import Standard
from lifecircle.tables import NEEDS

LOWEST = 2
"""A service is among a community's weakest where fewer than so many score lower (P)."""

# What a questionnaire calls a service where the name of a place would say more (P).
_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (service, re.compile(words))
    for service, words in (
        ("elder_care", "养老|老年|助餐|日间照料|居家照护"),
        ("childcare", "托育|托幼|托儿|幼儿|婴幼"),
        ("medical", "卫生|医疗|看病|诊所|医院|药"),
        ("fitness", "健身|体育|运动|球场|步道"),
        ("culture", "文化|图书|书房|阅览|文体"),
        ("daily", "菜市|农贸|生鲜|便利店|买菜"),
        ("service_centre", "党群|便民服务|政务|办事"),
    )
)


def service_of_need(need: str, services: tuple[str, ...]) -> str | None:
    """
    Tell which service a need of a questionnaire means.

    Parameters
    ----------
    need
        As it stands in the answers.
    services
        Services that are asked about.

    Returns
    -------
    service
        Service id; None where it is none of them (停车, 公园绿地).

    Examples
    --------
    >>> from lifecircle.access.needs import service_of_need
    >>> service_of_need("健身场地", ("medical", "fitness")), service_of_need("停车", ("medical",))
    ('fitness', None)
    """
    found = [one.service for one in classify_name(need)]
    found += [service for service, words in _WORDS if words.search(need)]
    return next((service for service in found if service in services), None)


def needs_beside_scores(
    standard: Standard,
    answers: pd.DataFrame | None,
    services: pd.DataFrame,
    communities: gpd.GeoDataFrame,
) -> pd.DataFrame:
    """
    Put what residents ask for beside what the scores say.

    Parameters
    ----------
    standard
        The standard.
    answers
        From `sources.records.tables.read_answers`; None without a survey.
    services
        `tables.SERVICES`.
    communities
        `tables.COMMUNITIES`.

    Returns
    -------
    needs
        With the columns of `tables.NEEDS`, one row per community and need, the most named first
        (`rank` 1; ties by name): how many answers there are and how many name it, the mean
        satisfaction of 5, the service it means (missing for none of the standard's), that
        service's score in the widest circle, its rank among the community's scored services
        (1 the lowest; ties share the better rank) and how many are scored. `disagrees`, told of
        first needs alone: the service is not among the community's lowest (P: `LOWEST`); missing
        where there is no score.
    """
    if answers is None or len(answers) == 0:
        return pd.DataFrame(columns=list(NEEDS))
    of_community = _scores(services)
    names = dict(zip(communities["community_id"], communities["name"], strict=True))
    meant: dict[str, str | None] = {}
    rows: list[tuple[object, ...]] = []
    for community, part in answers.dropna(subset=["community_id"]).groupby("community_id"):
        counted = Counter(need for text in part["needs"].dropna() for need in choices(text))
        ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
        scores = of_community.get(str(community), {})
        for rank, (need, named) in enumerate(ranked, start=1):
            if need not in meant:
                meant[need] = service_of_need(need, standard.services)
            service = meant[need]
            score = scores.get(service or "")
            below = None if score is None else sum(one < score for one in scores.values())
            disagrees = None
            if rank == 1 and score is not None:
                disagrees = (below or 0) >= LOWEST
            rows.append(
                (
                    community,
                    names.get(community),
                    len(part),
                    part["satisfaction"].mean(),
                    rank,
                    need,
                    named,
                    service,
                    score,
                    None if below is None else below + 1,
                    len(scores),
                    disagrees,
                )
            )
    return pd.DataFrame(rows, columns=list(NEEDS))


def _scores(services: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Take each community's scores in the widest circle each service is scored in."""
    rows = services[services["level"] == "community"].sort_values("minutes", kind="stable")
    widest = rows.drop_duplicates(["area_id", "service"], keep="last").dropna(subset=["score"])
    found: dict[str, dict[str, float]] = {}
    for community, service, score in zip(
        widest["area_id"], widest["service"], widest["score"], strict=True
    ):
        found.setdefault(str(community), {})[str(service)] = float(score)
    return found
