"""A study's verdicts, each with how steady it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lifecircle.access.doubts import edge_distances, straight_limit_m
from lifecircle.access.draws import Spreads
from lifecircle.access.levels import Level
from lifecircle.access.robustness import Steadiness, steadiness
from lifecircle.access.scorecard import Scorecard, in_homes
from lifecircle.reach.choices import choices_of
from lifecircle.standards import Standard
from lifecircle.study.waist import Waist

SPREADS = Spreads()
"""What a study draws from (P)."""


def with_steadiness(
    standard: Standard,
    waist: Waist,
    levels: tuple[Level, ...],
    scorecard: Scorecard,
    *,
    doubted: Mapping[str, NDArray[np.bool_]],
    people_per_home: float | None,
    spreads: Spreads = SPREADS,
) -> tuple[Scorecard, Steadiness]:
    """
    Find how steady every verdict is.

    Parameters
    ----------
    standard
        What was asked.
    waist
        Streets, homes and facilities.
    levels
        The areas.
    scorecard
        The verdicts; not changed.
    doubted
        Requirement id to the homes that cannot be judged, shape (homes,).
    people_per_home
        As for `score`.
    spreads
        How unsure the inputs are.

    Returns
    -------
    scorecard
        The same with ``robust`` filled in.
    steadiness
        The draws counted.
    """
    asked = standard.requirements
    if people_per_home is not None:
        asked = tuple(in_homes(one, people_per_home) for one in asked)
    border = edge_distances(waist.homes, waist.extent)
    found = steadiness(
        asked,
        {one.id: choices_of(one, waist.homes, waist.facilities, waist.network) for one in asked},
        homes=waist.homes,
        facilities=waist.facilities,
        levels=levels,
        scores=scorecard.scores,
        doubted=doubted,
        edge={one.id: border < straight_limit_m(one) for one in asked},
        spreads=spreads,
    )
    return replace(scorecard, scores=scorecard.scores.assign(robust=found.codes)), found
