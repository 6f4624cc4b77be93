"""From gaps to projects: land, rooms, ways that need neither, sites and their programme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd

from lifecircle.config import StudyConfig
from lifecircle.gaps.diagnosis import Gaps
from lifecircle.programme import Programme
from lifecircle.reach.matrix import Reach
from lifecircle.siting.easy import easy_sites, with_easy_remedies
from lifecircle.siting.fits import with_fits
from lifecircle.siting.remedies import with_projects, with_remedies
from lifecircle.siting.sites import Sites, propose
from lifecircle.siting.ways import Ways
from lifecircle.standards import Standard
from lifecircle.study.candidates import candidates_of_study, proposable
from lifecircle.study.inputs import Inputs
from lifecircle.study.programming import Known, programme_of_study
from lifecircle.study.records.overriding import Overrides, overridden, warn_of_overrides, with_told
from lifecircle.study.remedies import remedies_of_study, tiered, town_of
from lifecircle.study.stages import Stages
from lifecircle.study.waist import Waist
from lifecircle.study.ways import ways_of_study


@dataclass(frozen=True, kw_only=True)
class Answers:
    """
    What is proposed.

    Parameters
    ----------
    parcels
        Candidate land and rooms, with those that were refused.
    overrides
        The planner's, with what became of each.
    ways
        Ways to close gaps that need no land.
    remedies
        `tables.REMEDIES`: what would close each gap.
    sites, programme
        What was chosen, and when it is done.
    communities
        What the programme makes of every community: `tables.COMMUNITY_PROGRAMME`.
    competing
        The land and rooms that competed.
    easy
        Ways that close a gap by themselves and are projects beside the sites.
    """

    parcels: gpd.GeoDataFrame
    overrides: Overrides
    ways: Ways
    remedies: pd.DataFrame
    sites: Sites
    programme: Programme
    communities: pd.DataFrame
    competing: gpd.GeoDataFrame
    easy: Sites


def answers_of_study(
    config: StudyConfig,
    inputs: Inputs,
    waist: Waist,
    standard: Standard,
    reaches: Mapping[str, Reach],
    gaps: Gaps,
    known: Known,
    stages: Stages,
) -> Answers:
    """
    Answer the gaps of a study.

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
    known
        What else earlier stages found that a programme needs.
    stages
        Stopwatch and collector of warnings.

    Returns
    -------
    answers
        Land, ways, sites and programme.
    """
    with stages.stage("land"):
        parcels = candidates_of_study(config, waist, inputs.crs, inputs.heights, inputs.cover)
        parcels, told = overridden(waist.overrides, "parcels", parcels)
        overrides = with_told(waist.overrides, told)
        warn_of_overrides(overrides)
        parcels = with_fits(standard, parcels)
    with stages.stage("ways"):
        ways = ways_of_study(config, inputs, waist, standard, reaches, gaps)
    with stages.stage("siting"):
        town = town_of(config, waist, standard, reaches, gaps)
        competing, ways = tiered(config, waist, town, proposable(config, parcels), ways)
        sites = propose(
            standard,
            reaches,
            gaps,
            competing,
            homes=waist.homes,
            compounds=waist.compounds,
            obstacles=waist.obstacles,
            config=config.siting,
            ways=ways,
            facilities=waist.facilities,
            units=waist.units,
            unit_costs=inputs.unit_costs,
        )
    with stages.stage("remedies"):
        remedies = remedies_of_study(config, waist, town, ways, sites, competing, known.sizes.loads)
        easy = easy_sites(
            standard,
            gaps.table,
            remedies,
            ways,
            sites,
            homes=waist.homes.table,
            never=config.siting.never,
        )
        remedies = with_easy_remedies(remedies, easy)
        gaps = replace(gaps, table=with_remedies(gaps.table, remedies))
    with stages.stage("programme"):
        programme, communities = programme_of_study(
            config,
            waist,
            standard,
            gaps,
            sites,
            parcels=parcels,
            ways=ways,
            known=known,
            bodies=inputs.bodies,
            entries=inputs.entries,
            costs=inputs.unit_costs,
            easy=easy,
        )
    return Answers(
        parcels=parcels,
        overrides=overrides,
        ways=ways,
        remedies=with_projects(remedies, programme.project_of),
        sites=replace(sites, table=programme.sites),
        programme=programme,
        communities=communities,
        competing=competing,
        easy=easy,
    )
