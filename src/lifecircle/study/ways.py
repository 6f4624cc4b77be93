"""From gaps to the ways that would close them without new ground, over all kinds of ways."""

from __future__ import annotations

from collections.abc import Mapping

from lifecircle.config import StudyConfig
from lifecircle.gaps.diagnosis import Gaps
from lifecircle.reach.matrix import Reach
from lifecircle.siting.ways import Ways, joined
from lifecircle.standards import Standard
from lifecircle.study.inputs import Inputs
from lifecircle.study.links import links_of_study
from lifecircle.study.remedies import standing_ways, town_of
from lifecircle.study.waist import Waist


def ways_of_study(
    config: StudyConfig,
    inputs: Inputs,
    waist: Waist,
    standard: Standard,
    reaches: Mapping[str, Reach],
    gaps: Gaps,
) -> Ways:
    """
    Find the ways that need no new ground.

    Parameters
    ----------
    config
        The study file.
    inputs
        What was read.
    waist
        Streets, homes, facilities and communities.
    standard
        What is asked.
    reaches
        Requirement id to who reaches what today.
    gaps
        What falls short.

    Returns
    -------
    ways
        Sharing, extending and opening links, with whom each would bring inside.
    """
    town = town_of(config, waist, standard, reaches, gaps)
    parts = [
        standing_ways(town, waist),
        links_of_study(config, waist, standard, reaches, gaps, inputs.heights),
    ]
    return joined(parts, inputs.crs)
