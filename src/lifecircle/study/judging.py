"""From who reaches what to scores and gaps: one way for a run and for what is tried on it."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lifecircle.access.doubts import Cause, causes_of, doubted_homes
from lifecircle.access.levels import Level, levels_of
from lifecircle.access.scorecard import Scorecard, score
from lifecircle.access.supply import LOST_SHARE, unknown_requirements
from lifecircle.config import StudyConfig
from lifecircle.errors import MissingDataWarning
from lifecircle.gaps.confidence import Lost
from lifecircle.gaps.diagnosis import Gaps, diagnose
from lifecircle.places.asked import share_asked, warn_of_unknown_class
from lifecircle.places.groups import flat_groups, people_per_home
from lifecircle.reach.matrix import Reach
from lifecircle.standards import Standard
from lifecircle.study.inputs import Inputs
from lifecircle.study.placing import lost_communities, lost_shares, warn_of_lost
from lifecircle.study.supply import Sizes, sizes_of_study
from lifecircle.study.surroundings import surroundings_of
from lifecircle.study.units import unit_names
from lifecircle.study.unreported import silence_of
from lifecircle.study.waist import Waist


@dataclass(frozen=True, kw_only=True)
class Judged:
    """
    How every area does, and what nobody can judge.

    Parameters
    ----------
    levels
        The areas of every level.
    scorecard
        How they do.
    unknown
        Requirements the data say too little about.
    doubted
        Requirement id to the homes nobody can judge, shape (homes,).
    causes
        Requirement id to why.
    lost
        Listed facilities without a place.
    flat
        Groups that are a declared share of everybody.
    people_per_home
        Where counts are of homes: how many people live in one; None where they are of people.
    """

    levels: tuple[Level, ...]
    scorecard: Scorecard
    unknown: frozenset[str]
    doubted: Mapping[str, NDArray[np.bool_]]
    causes: Mapping[str, tuple[Cause, ...]]
    lost: Lost
    flat: frozenset[str]
    people_per_home: float | None


def judge(
    config: StudyConfig, inputs: Inputs, waist: Waist, reaches: Mapping[str, Reach]
) -> Judged:
    """
    Score every area, and say what nobody can judge.

    Parameters
    ----------
    config
        The study file.
    inputs
        What was read.
    waist
        Streets, homes, facilities and communities.
    reaches
        Requirement id to who reaches what.

    Returns
    -------
    judged
        The scores, not yet with how steady they are.

    Warns
    -----
    MissingDataWarning
        If too little is known of some service, or of who lives where.
    """
    standard = inputs.standard
    people = waist.homes.table["people"].sum()
    known = people_known(waist)
    lost = Lost(
        shares=lost_shares(inputs.placing, waist.facilities.table),
        communities=lost_communities(inputs.placing, waist.communities),
    )
    warn_of_lost(lost.shares, inputs.placing.lost(), most=LOST_SHARE)
    unknown = unknown_requirements(
        standard,
        reaches,
        people=float(people) if known else None,
        complete=waist.complete,
        lost=lost.shares,
        asked={one.id: share_asked(waist.homes.table, one) for one in standard.requirements},
    )
    _warn_unknown(standard, unknown)
    flat = flat_groups(waist.homes.table, config.homes.groups)
    unknown |= _of_flat_groups(standard, flat)
    silence = silence_of(
        inputs.placing.unreported,
        inputs.placing.unplaced,
        waist.communities,
        same_as=config.communities.same_as,
    )
    causes = {one.id: causes_of(one, waist.homes, silence) for one in standard.requirements}
    doubted = {
        name: doubted_homes(said, len(waist.homes)) | (name in unknown)
        for name, said in causes.items()
    }
    per_home = None if known else people_per_home(waist.homes.table)
    warn_of_unknown_class(waist.homes.table, standard.requirements)
    levels = levels_of(
        waist.communities,
        waist.homes,
        waist.facilities,
        study_name=config.study.name,
        estates=waist.survey.get("estates"),
        unit_names=unit_names(waist.units),
    )
    scorecard = score(
        standard,
        reaches,
        homes=waist.homes,
        facilities=waist.facilities,
        levels=levels,
        unknown=unknown,
        doubted=doubted,
        people_per_home=per_home,
    )
    return Judged(
        levels=levels,
        scorecard=scorecard,
        unknown=unknown,
        doubted=doubted,
        causes=causes,
        lost=lost,
        flat=flat,
        people_per_home=per_home,
    )


def sizes_judged(
    inputs: Inputs, waist: Waist, reaches: Mapping[str, Reach], judged: Judged
) -> Sizes:
    """
    Judge the norms of a study and share its supply out.

    Parameters
    ----------
    inputs
        What was read.
    waist
        Streets, homes, facilities and communities.
    reaches
        Requirement id to who reaches what.
    judged
        The areas and what is not known.

    Returns
    -------
    sizes
        Norms, supply and loads.
    """
    return sizes_of_study(
        inputs.standard,
        reaches,
        waist,
        judged.levels,
        inputs.placing,
        complete=waist.complete,
        lost_shares=judged.lost.shares,
        people_known=people_known(waist),
    )


def gaps_judged(
    config: StudyConfig,
    waist: Waist,
    reaches: Mapping[str, Reach],
    judged: Judged,
    standard: Standard,
) -> Gaps:
    """
    List the gaps of access.

    Parameters
    ----------
    config
        The study file.
    waist
        Streets, homes, facilities and communities.
    reaches
        Requirement id to who reaches what.
    judged
        How areas do.
    standard
        What is asked: the study's standard, or some of its requirements.

    Returns
    -------
    gaps
        With the reason of every home.
    """
    return diagnose(
        standard,
        judged.scorecard,
        reaches,
        homes=waist.homes,
        facilities=waist.facilities,
        communities=waist.communities,
        network=waist.network,
        surroundings=surroundings_of(waist),
        unknown=judged.unknown,
        complete=waist.complete,
        causes=judged.causes,
        lost=judged.lost,
        flat=judged.flat,
        counted=people_known(waist),
        language=config.study.language,
    )


def people_known(waist: Waist) -> bool:
    """
    Say whether homes hold people.

    Parameters
    ----------
    waist
        The homes.

    Returns
    -------
    known
        False where they are only counted.
    """
    return not bool((waist.homes.table["origin"] == "equal").any())


def _of_flat_groups(standard: Standard, flat: frozenset[str]) -> frozenset[str]:
    """Take requirements for groups that nobody counts: no shortfall and no gap, only a note."""
    asked = frozenset(one.id for one in standard.requirements if one.group in flat)
    groups = sorted({one.group for one in standard.requirements if one.group in flat})
    if groups:
        warnings.warn(
            f"group {', '.join(groups)} is the same declared share of everybody everywhere "
            "(homes.groups), which says nothing of where they live: no shortfall and no gap is "
            "drawn for them; count them by community (homes.table) to get one",
            MissingDataWarning,
            stacklevel=3,
        )
    return asked


def _warn_unknown(standard: Standard, unknown: frozenset[str]) -> None:
    ids = [one.id for one in standard.requirements if one.id in unknown and one.makes_gaps]
    if ids:
        warnings.warn(
            f"too few facilities are known to judge {', '.join(ids)}: no verdict is given "
            "(declare a list complete under facilities.complete if it is)",
            MissingDataWarning,
            stacklevel=3,
        )
