"""
Horizons beside each other: shares, what changes them, which gaps close and which are new.

Every number is one of a scorecard; a change is the share then minus the share now.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.access.index import circles_of, gap_counts, scored_requirements
from lifecircle.access.levels import Level
from lifecircle.access.scorecard import Scorecard
from lifecircle.config import HorizonSection
from lifecircle.places.groups import people_of
from lifecircle.standards import Requirement, Standard
from lifecircle.study.horizons.run import Horizon, Today
from lifecircle.tables import HORIZONS, HORIZONS_INDEX

NOW = "now"
_MOST_NAMED = 3
_A_PERSON = 0.5  # less is rounding
_LEFT_OUT = ("estate",)  # scores.csv tells of estates today; by horizon they say too little


def horizon_scores(
    standard: Standard,
    today: Today,
    horizons: Sequence[Horizon],
    sections: Sequence[HorizonSection],
) -> pd.DataFrame:
    """
    Put the scores of every horizon below those of today.

    Parameters
    ----------
    standard
        The standard.
    today
        The run.
    horizons
        What is to come.
    sections
        The horizons of the study file, of which ``now`` may say its year.

    Returns
    -------
    table
        Columns of `tables.HORIZONS`, from the community up. `change` is missing today. `why` tells
        what made it, the largest first: ``opens <facility> <people>`` (newly covered by a facility
        that opens), ``site <facility> <people>`` (by a site of the programme), ``roads <people>``
        (by a road to come), ``people <people>`` (more or fewer of them).
    """
    now = today.scorecard.scores.assign(
        horizon=NOW, year=_year(sections, NOW), change=np.nan, why=None
    )
    parts = [now]
    keys = ["level", "area_id", "requirement"]
    before = today.scorecard.scores.set_index(keys)["share"]
    for one in horizons:
        scores = one.scorecard.scores
        was = before.reindex(pd.MultiIndex.from_frame(scores[keys])).to_numpy(dtype=np.float64)
        parts.append(
            scores.assign(
                horizon=one.section.name,
                year=np.nan if one.section.year is None else float(one.section.year),
                change=scores["share"].to_numpy(dtype=np.float64) - was,
                why=_why(standard, today, one, scores),
            )
        )
    table = pd.concat(parts, ignore_index=True)
    return table[~table["level"].isin(_LEFT_OUT)].reset_index(drop=True)[list(HORIZONS)]


def _year(sections: Sequence[HorizonSection], name: str) -> float:
    return next((float(one.year) for one in sections if one.name == name and one.year), np.nan)


def _why(standard: Standard, today: Today, one: Horizon, scores: pd.DataFrame) -> list[str | None]:
    told: dict[tuple[str, str, str], str] = {}
    for level, was in zip(one.levels, today.levels, strict=True):
        if level.name in _LEFT_OUT:
            continue
        for requirement in standard.requirements:
            for area, text in _causes(requirement, today, one, level, was).items():
                told[level.name, area, requirement.id] = text
    keys = zip(scores["level"], scores["area_id"], scores["requirement"], strict=True)
    return [told.get(key) for key in keys]


def _causes(
    requirement: Requirement, today: Today, one: Horizon, level: Level, was: Level
) -> dict[str, str]:
    """Say per area who is newly covered by what, and how many people more there are."""
    reach, before = one.reaches[requirement.id], today.reaches[requirement.id]
    old = len(before.covered)
    people = np.nan_to_num(people_of(one.homes.table, requirement.group))
    then = np.nan_to_num(people_of(today.waist.homes.table, requirement.group))
    n = len(level.area_id)
    causes: list[tuple[int, str, float]] = []
    gained = reach.covered[:old] & ~before.covered
    lost = before.covered & ~reach.covered[:old]
    opened = np.isin(reach.facility[:old], one.opened)
    ids = one.facilities.table["facility_id"].to_numpy(dtype=object)
    sites = len(today.waist.facilities)
    for facility in np.unique(reach.facility[:old][gained & opened]):
        rows = gained & (reach.facility[:old] == facility)
        word = "site" if facility >= sites else "opens"
        causes += _by_area(f"{word} {ids[facility]}", people[:old] * rows, level, n)
    if one.roads:
        rest = (gained & ~opened).astype(float) - lost
    else:  # what is counted may be completed by a place that was there before
        rest = (gained & ~opened).astype(float)
    causes += _by_area("roads" if one.roads else "opens", people[:old] * rest, level, n)
    more = _sums(people, level.of_home, n) - _sums(then, was.of_home, n)
    causes += [
        (int(area), f"people {more[area]:+.0f}", abs(float(more[area])))
        for area in np.flatnonzero(np.abs(more) > _A_PERSON)
    ]
    found: dict[str, list[tuple[float, str]]] = {}
    for area, text, size in causes:
        found.setdefault(level.area_id[area], []).append((-size, text))
    return {area: _joined(sorted(those)) for area, those in found.items()}


def _by_area(
    word: str, people: NDArray[np.float64], level: Level, n: int
) -> list[tuple[int, str, float]]:
    sums = _sums(people, level.of_home[: len(people)], n)
    return [
        (int(area), f"{word} {sums[area]:.0f}", abs(float(sums[area])))
        for area in np.flatnonzero(np.abs(sums) > _A_PERSON)
    ]


def _sums(values: NDArray[np.float64], at: NDArray[np.int32], n: int) -> NDArray[np.float64]:
    inside = at >= 0
    return np.bincount(at[inside], weights=values[inside], minlength=n).astype(np.float64)


def _joined(texts: list[tuple[float, str]]) -> str:
    """Join causes, the largest first; of the facilities only the first few by name."""
    named = [text for _, text in texts]
    places = [text for text in named if text.startswith(("opens ", "site "))]
    kept = [text for text in named if text not in places[_MOST_NAMED:]]
    more = [f"more {len(places) - _MOST_NAMED}"] if len(places) > _MOST_NAMED else []
    return "; ".join(kept + more)


def horizon_index(
    standard: Standard,
    today: Today,
    horizons: Sequence[Horizon],
    sections: Sequence[HorizonSection],
) -> pd.DataFrame:
    """
    Put the index and the gaps of every horizon below those of today.

    Parameters
    ----------
    standard, today, horizons, sections
        As for `horizon_scores`.

    Returns
    -------
    table
        Columns of `tables.HORIZONS_INDEX`, from the community up: ``change`` of the index,
        ``gaps`` then, and of them those that are ``new``; ``closed`` are gaps of today that are no
        more.
    """
    now = today.scorecard.index.assign(
        horizon=NOW, year=_year(sections, NOW), change=np.nan, closed=np.nan, new=np.nan
    )
    parts = [now]
    keys = ["level", "area_id", "minutes"]
    before = today.scorecard.index.set_index(keys)["index"]
    for one in horizons:
        index = one.scorecard.index
        was = before.reindex(pd.MultiIndex.from_frame(index[keys])).to_numpy(dtype=np.float64)
        closed, new = _turned(standard, today, one)
        parts.append(
            index.assign(
                horizon=one.section.name,
                year=np.nan if one.section.year is None else float(one.section.year),
                change=index["index"].to_numpy(dtype=np.float64) - was,
                closed=_counted(standard, closed, one, index),
                new=_counted(standard, new, one, index),
            )
        )
    table = pd.concat(parts, ignore_index=True)
    return table[~table["level"].isin(_LEFT_OUT)].reset_index(drop=True)[list(HORIZONS_INDEX)]


Pairs = frozenset[tuple[str, str]]


def short_of(standard: Standard, scorecard: Scorecard) -> Pairs:
    """
    List what communities fall short of.

    Parameters
    ----------
    standard
        The standard.
    scorecard
        How they do.

    Returns
    -------
    short
        Pairs of community and requirement, of the base requirements that must be met.
    """
    asked = [one.id for one in scored_requirements(standard)]
    scores = scorecard.scores
    rows = scores[
        (scores["level"] == "community")
        & (scores["verdict"] == "short")
        & scores["requirement"].isin(asked)
    ]
    return frozenset(zip(rows["area_id"], rows["requirement"], strict=True))


def _turned(standard: Standard, today: Today, one: Horizon) -> tuple[Pairs, Pairs]:
    """Tell the gaps of today that are closed then, and those that are new."""
    before, after = short_of(standard, today.scorecard), short_of(standard, one.scorecard)
    return before - after, after - before


def _counted(
    standard: Standard, pairs: Pairs, one: Horizon, index: pd.DataFrame
) -> NDArray[np.float64]:
    """Count pairs by area and circle, in the order of an index."""
    circle = {asked.id: asked.circle for asked in scored_requirements(standard)}
    communities = next(level for level in one.levels if level.name == "community")
    counts = np.zeros(len(index))
    at = {
        key: row
        for row, key in enumerate(
            zip(index["level"], index["area_id"], index["minutes"], strict=True)
        )
    }
    for minutes in circles_of(standard):
        mine = sorted(pair[0] for pair in pairs if circle[pair[1]] == minutes)
        for level in one.levels:
            found = gap_counts(pd.Series(mine, dtype=object), communities, level)
            for area, number in zip(level.area_id, found, strict=True):
                counts[at[level.name, area, minutes]] = number
    return counts


def closing(gaps: pd.DataFrame, horizons: Sequence[Horizon]) -> pd.DataFrame:
    """
    Say of each gap in which horizon it closes by what is promised already.

    Parameters
    ----------
    gaps
        `tables.GAPS`; not changed.
    horizons
        In their order.

    Returns
    -------
    gaps
        With ``closes``: the first horizon from which on the community no longer falls short, the
        sites of the programme not counted; missing where none does.
    """
    closes = np.full(len(gaps), None, dtype=object)
    still = np.ones(len(gaps), dtype=bool)
    for one in reversed(horizons):
        scores = one.promised.scores
        good = scores[(scores["level"] == "community") & scores["verdict"].isin(["met", "empty"])]
        met = set(zip(good["area_id"], good["requirement"], strict=True))
        now = np.array(
            [pair in met for pair in zip(gaps["community_id"], gaps["requirement"], strict=True)],
            dtype=bool,
        )
        still &= now
        closes[still] = one.section.name
    return gaps.assign(closes=closes)
