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


def choice_released(content: Content, *, fewest: int) -> dict[str, Any]:
    """
    Hide few people in the curve, in near equals, in wishes and before and after.

    Parameters
    ----------
    content
        What the run has to show; not changed.
    fewest
        The smallest count above nobody that is told.

    Returns
    -------
    tables
        Fields of `Content`: the whole curve goes where one of its steps counts few; wishes name no
        parcel, and what is not in the plan is left out, for it is parcels.
    """
    curve = content.curve[content.curve["planned"].astype(bool)].copy()
    if any(_few(curve[name], fewest).any() for name in ("people", "added", "needs")):
        curve[["people", "added", "needs", "share"]] = np.nan
    after = content.after.copy()
    people, gained = _numbers(after["people"]), _numbers(after["gained"])
    told = _few(people, fewest) | _few(gained, fewest)
    for share in ("share", "share_after"):
        covered = people * _numbers(after[share])
        told |= _few(covered, fewest) | _few(people - covered, fewest)
    for column in ("share", "share_after", "gained"):
        after[column] = after[column].mask(told)
    after["people"] = after["people"].mask(_few(people, fewest))
    wishes = content.wishes.copy()
    for column in ("people", "gain"):
        wishes[column] = wishes[column].mask(_few(wishes[column], fewest))
    return {
        "curve": curve,
        "after": after,
        "wishes": wishes.assign(parcel_id=None, evidence=None),
        "alternatives": content.alternatives.iloc[:0].copy(),
        "frequency": content.frequency.iloc[:0].copy(),
        "ways": content.ways.iloc[:0].copy(),
    }


def _numbers(values: pd.Series) -> pd.Series:
    return pd.to_numeric(values, errors="coerce").astype(float)


def _few(values: pd.Series, fewest: int) -> NDArray[np.bool_]:
    # Sums of homes are off by a hair: a hair above nobody is nobody.
    numbers = _numbers(values).round(6).to_numpy()
    return np.asarray((numbers > 0) & (numbers < fewest))
