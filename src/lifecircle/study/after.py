"""The study once all sites are there: who is covered then, and the scorecard of today beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.access.scorecard import scores_of
from lifecircle.reach.matrix import Pinned, concerned, modes_of, reach_of
from lifecircle.siting.sites import Sites
from lifecircle.standards import Standard
from lifecircle.study.horizons.new_homes import joined
from lifecircle.study.horizons.run import Today, site_facilities
from lifecircle.tables import AFTER

_LEFT_OUT = ("estate",)  # scores.csv tells of estates today; before and after say too little there


def covered_after(
    standard: Standard, today: Today, sites: Sites, verified: tuple[str, ...]
) -> dict[str, NDArray[np.bool_]]:
    """
    Say who is covered once all sites are there.

    Parameters
    ----------
    standard
        The standard.
    today
        The run as it stands.
    sites
        The sites, with the homes their fresh search found.
    verified
        Requirements that search was made for; the others are searched here.

    Returns
    -------
    covered
        Requirement id to who is covered then, shape (homes,).
    """
    waist = today.waist
    covered = {name: reach.covered.copy() for name, reach in today.reaches.items()}
    for served in sites.served.values():
        for name, homes in served.items():
            covered[name][homes] = True
    built = sites.table[sites.table["types"].astype(str) != ""]
    if not len(built):
        return covered
    more = site_facilities(standard, built, waist, modes_of(standard.requirements))
    for one in standard.requirements:
        if one.id in verified or not concerned(one, more.table):
            continue
        if one.counts:
            every = joined(waist.facilities, more)
            covered[one.id] |= reach_of(one, waist.homes, every, waist.network).covered
            continue
        left = Pinned(
            table=waist.homes.table,
            ends=waist.homes.ends.select(~covered[one.id]),
            compound=waist.homes.compound,
        )
        covered[one.id] |= reach_of(one, left, more, waist.network).covered
    return covered


def after_table(
    standard: Standard, today: Today, covered: Mapping[str, NDArray[np.bool_]]
) -> pd.DataFrame:
    """
    Put every share with the sites beside the one of today.

    Parameters
    ----------
    standard
        The standard.
    today
        The run as it stands.
    covered
        Requirement id to who is covered then, shape (homes,).

    Returns
    -------
    after
        Columns of `tables.AFTER`, from the community up. `gained` is people of the group. A verdict
        is `unknown` only where it is today.
    """
    waist, scores = today.waist, today.scorecard.scores
    then = scores_of(
        standard.requirements,
        {name: replace(reach, covered=covered[name]) for name, reach in today.reaches.items()},
        homes=waist.homes,
        facilities=waist.facilities,
        levels=today.levels,
        unknown=today.unknown,
        doubted=today.doubted,
        people_per_home=today.people_per_home,
        before=scores,
    )
    keys = ["level", "area_id", "requirement"]
    both = scores.merge(
        then[[*keys, "covered", "share", "verdict"]], on=keys, suffixes=("", "_then")
    )
    both = both.assign(
        share_after=both["share_then"],
        verdict_after=both["verdict_then"],
        gained=both["covered_then"] - both["covered"],
    )
    return both[~both["level"].isin(_LEFT_OUT)].reset_index(drop=True)[list(AFTER)]
