"""
What is told of the choice of sites, as a public edition may say it.

Counts of people from 1 to 9 are missing, and so is whatever they would follow from.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from lifecircle.outputs.content import Content
from lifecircle.outputs.suppression import Flags, Held, few, held_back


def choice_released(content: Content, held: Held) -> dict[str, Any]:
    """
    Hide few people in whatever is said of remedies, of the choice and of communities.

    Parameters
    ----------
    content
        What the run has to show; not changed.
    held
        What its scores hold back: wishes, remedies and shares afterwards would tell it again.

    Returns
    -------
    tables
        Fields of `Content`: the whole curve goes where one of its steps counts few; wishes name no
        parcel, and what is not in the plan is left out, for it is parcels.
    """
    curve = content.curve[content.curve["planned"].astype(bool)].copy()
    if any(_few(curve[name]).any() for name in ("people", "added", "needs")):
        curve[["people", "added", "needs", "share"]] = np.nan
    wishes = content.wishes.copy()
    told = held.of_requirement(_of_communities(wishes))
    for column in ("people_left", "gain"):
        wishes[column] = wishes[column].mask(told | _few(wishes[column]))
    return {
        "curve": curve,
        "after": _after(content.after, held),
        "wishes": wishes.assign(parcel_id=None, evidence=None),
        "alternatives": content.alternatives.iloc[:0].copy(),
        "frequency": content.frequency.iloc[:0].copy(),
        "ways": content.ways.iloc[:0].copy(),
        "lacks": _lacks(content.lacks, held),
        "remedies": _remedies(content, held),
        "community_programme": _programme(content.community_programme, held),
    }


def _of_communities(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(level="community", area_id=frame["community_id"])


def _after(after: pd.DataFrame, held: Held) -> pd.DataFrame:
    """Hide what the scores hold back, and gains and shares afterwards that are of few people."""
    people = _numbers(after["people"])
    then = (people * _numbers(after["share_after"])).round(6)
    told = held.of_requirement(after)
    for part in (then, _numbers(after["gained"]).round(6)):
        counted = after.assign(people=people, part=part)
        told |= held_back(counted, held.families, per=("requirement",), part="part")[1]
    shown = after.copy()
    for column in ("share", "share_after", "gained"):
        shown[column] = shown[column].mask(told)
    few_people = _few(people) | held.of_requirement(after, all_people=True)
    return shown.assign(people=shown["people"].mask(few_people))


def _lacks(lacks: pd.DataFrame, held: Held) -> pd.DataFrame:
    told = held.of_requirement(lacks) | held.of_requirement(lacks, all_people=True)
    return lacks.assign(people=lacks["people"].mask(told | _few(lacks["people"])))


def _programme(programme: pd.DataFrame, held: Held) -> pd.DataFrame:
    told = held.of_area(_of_communities(programme)) | _few(programme["people"])
    return programme.assign(people=programme["people"].mask(told))


def _numbers(values: pd.Series) -> pd.Series:
    return pd.to_numeric(values, errors="coerce").astype(float)


def _few(values: pd.Series) -> Flags:
    # Sums of homes are off by a hair: a hair above nobody is nobody.
    return few(_numbers(values).round(6))


def _masked(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    return frame.assign(
        **{name: frame[name].mask(_few(frame[name])) for name in columns if name in frame}
    )


def _remedies(content: Content, held: Held) -> pd.DataFrame:
    """Hide few people and what tells them, where each remedy is, and how land was found."""
    shown = _masked(content.remedies, ("people_60plus", "people_0_3"))
    short = _numbers(shown["gap_id"].map(content.gaps.set_index("gap_id")["people_short"]))
    people = _numbers(shown["people"])
    told = _few(people) | _few(short - people) | _few(short)
    told |= held.of_requirement(_of_communities(shown))
    for column in ("people", "share_after", "closes"):
        shown[column] = shown[column].mask(told)
    name = shown["name"].mask(shown["parcel_id"].notna())
    return shown.assign(name=name, parcel_id=None, evidence=None, lon=np.nan, lat=np.nan)
