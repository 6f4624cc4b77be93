"""
From walks to how near things are: median and ninth decile, the next nearest, and how many.

Every figure weighs people, from homes; nothing is an average of averages.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from lifecircle.access.levels import Level
from lifecircle.access.measures import median_by, quantile_by, sum_by
from lifecircle.access.supply import mean_by
from lifecircle.places.asked import people_asked
from lifecircle.reach.matrix import Pinned, Reach
from lifecircle.reach.nearest_few import NearestFew
from lifecircle.standards import Standard
from lifecircle.tables import NEARNESS

FAR_PART = 0.9
"""The walk that nine people in ten do not exceed."""


def nearness(
    standard: Standard,
    reaches: Mapping[str, Reach],
    choices: Mapping[str, NearestFew],
    *,
    homes: Pinned,
    levels: tuple[Level, ...],
) -> pd.DataFrame:
    """
    Tell how near every requirement is, area by area.

    Parameters
    ----------
    standard
        The standard.
    reaches
        Requirement id to who reaches what.
    choices
        Requirement id to what each home has to choose from.
    homes
        Where people live.
    levels
        The areas.

    Returns
    -------
    nearness
        With the columns of `tables.NEARNESS`, on every level but the estates: people of the
        requirement's group, the walk [s] half of them and nine in ten do not exceed, the median
        walk to the second and third nearest facility that counts, and the mean number of
        facilities that count within the limit. A walk is missing where the person it belongs to
        reaches nothing within twice the limit. Where a requirement counts places, its walk is to
        the one that completes them, the second and third nearest are of all that count.
    """
    blocks = []
    for level in levels:
        if level.name == "estate":
            continue
        n, of_home = len(level.area_id), level.of_home
        for one in standard.requirements:
            people = people_asked(homes.table, one)
            known = not np.isnan(people).all() or len(people) == 0
            people = np.nan_to_num(people)
            walk, choice = reaches[one.id].walk_s, choices[one.id]
            blocks.append(
                pd.DataFrame(
                    {
                        "level": level.name,
                        "area_id": level.area_id,
                        "area_name": level.area_name,
                        "service": one.service,
                        "requirement": one.id,
                        "group": one.group,
                        "people": sum_by(people, of_home, n) if known else np.nan,
                        "median_s": median_by(walk, people, of_home, n),
                        "p90_s": quantile_by(walk, people, of_home, n, FAR_PART),
                        "nearest_2_s": median_by(choice.walk_s[1], people, of_home, n),
                        "nearest_3_s": median_by(choice.walk_s[2], people, of_home, n),
                        "within": mean_by(choice.within.astype(float), people, of_home, n),
                    }
                )
            )
    if not blocks:
        return pd.DataFrame(columns=list(NEARNESS))
    return pd.concat(blocks, ignore_index=True)[list(NEARNESS)]
