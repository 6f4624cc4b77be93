"""
What is told of the choice of sites, as a public edition may say it.

Counts of people from 1 to 9 are missing, and so is whatever they would follow from.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.outputs.content import Content
from lifecircle.outputs.suppression import few


def choice_released(content: Content) -> dict[str, Any]:
    """
    Hide few people in whatever is said of remedies, of the choice and of communities.

    Parameters
    ----------
    content
        What the run has to show; not changed.

    Returns
    -------
    tables
        Fields of `Content`: the whole curve goes where one of its steps counts few; wishes name no
        parcel, and what is not in the plan is left out, for it is parcels.
    """
    curve = content.curve[content.curve["planned"].astype(bool)].copy()
    if any(_few(curve[name]).any() for name in ("people", "added", "needs")):
        curve[["people", "added", "needs", "share"]] = np.nan
    after = content.after.copy()
    people, gained = _numbers(after["people"]), _numbers(after["gained"])
    told = _few(people) | _few(gained)
    for share in ("share", "share_after"):
        covered = people * _numbers(after[share])
        told |= _few(covered) | _few(people - covered)
    for column in ("share", "share_after", "gained"):
        after[column] = after[column].mask(told)
    after["people"] = after["people"].mask(_few(people))
    wishes = content.wishes.copy()
    for column in ("people_left", "gain"):
        wishes[column] = wishes[column].mask(_few(wishes[column]))
    return {
        "curve": curve,
        "after": after,
        "wishes": wishes.assign(parcel_id=None, evidence=None),
        "alternatives": content.alternatives.iloc[:0].copy(),
        "frequency": content.frequency.iloc[:0].copy(),
        "ways": content.ways.iloc[:0].copy(),
        "lacks": _masked(content.lacks, ("people",)),
        "remedies": _remedies(content),
        "community_programme": _masked(content.community_programme, ("people",)),
    }


def _numbers(values: pd.Series) -> pd.Series:
    return pd.to_numeric(values, errors="coerce").astype(float)


def _few(values: pd.Series) -> NDArray[np.bool_]:
    # Sums of homes are off by a hair: a hair above nobody is nobody.
    return few(_numbers(values).round(6))


def _masked(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    return frame.assign(
        **{name: frame[name].mask(_few(frame[name])) for name in columns if name in frame}
    )


def _remedies(content: Content) -> pd.DataFrame:
    """Hide few people and what tells them, where each remedy is, and how land was found."""
    shown = _masked(content.remedies, ("people_60plus", "people_0_3"))
    short = _numbers(shown["gap_id"].map(content.gaps.set_index("gap_id")["people_short"]))
    people = _numbers(shown["people"])
    told = _few(people) | _few(short - people) | _few(short)
    for column in ("people", "share_after", "closes"):
        shown[column] = shown[column].mask(told)
    name = shown["name"].mask(shown["parcel_id"].notna())
    return shown.assign(name=name, parcel_id=None, evidence=None, lon=np.nan, lat=np.nan)
