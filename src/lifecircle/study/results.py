"""What the stages of a run found, as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from lifecircle.access.levels import Level
from lifecircle.access.robustness import Steadiness
from lifecircle.access.scorecard import Scorecard
from lifecircle.gaps.diagnosis import Gaps
from lifecircle.places.provision import Provision
from lifecircle.programme import Programme
from lifecircle.reach.matrix import Reach
from lifecircle.siting.sites import Sites
from lifecircle.siting.ways import Ways
from lifecircle.standards import Standard
from lifecircle.study.choice import Choice
from lifecircle.study.horizons.run import Horizon, Today
from lifecircle.study.measures import Measures
from lifecircle.study.records.overriding import Overrides
from lifecircle.study.supply import Sizes
from lifecircle.study.waist import Waist
from lifecircle.tables import COMMUNITY_PROGRAMME


@dataclass(frozen=True, kw_only=True)
class Results:
    """
    What the stages found.

    Parameters
    ----------
    waist
        Streets, homes, facilities and communities.
    standard
        What was asked.
    reaches
        Requirement id to who reaches what.
    levels
        The areas of every level.
    unknown
        Requirements the data say too little about.
    scorecard, gaps, sites, programme
        The answers.
    sizes
        Norms judged, supply shared out and loads of facilities.
    ways
        Ways to close gaps that need no land.
    remedies
        `tables.REMEDIES`: what would close each gap, ranked.
    parcels
        Candidate land and rooms, with those that were refused.
    isochrones
        Union of the circles of every requirement.
    facility_areas
        Areas of every facility, as `reach.facility_areas` draws them.
    overrides
        The planner's, with what became of each.
    measures
        What stands beside the scores.
    warnings
        What there is to say about the inputs.
    steadiness
        How often each verdict is kept when its inputs are drawn anew.
    units, unit_services, advice
        Service units, which services they have, and what there is to advise on communities.
    timings
        Stage to seconds.
    choice
        What is told of the choice of sites.
    today, horizons
        What horizons are compared with, and what each of them brings.
    provision
        What became of what estates had to provide; None where nobody knows.
    community_programme
        What the programme makes of every community: `tables.COMMUNITY_PROGRAMME`.
    """

    waist: Waist
    standard: Standard
    reaches: Mapping[str, Reach]
    levels: tuple[Level, ...]
    unknown: frozenset[str]
    scorecard: Scorecard
    sizes: Sizes
    gaps: Gaps
    ways: Ways
    remedies: pd.DataFrame
    sites: Sites
    programme: Programme
    parcels: gpd.GeoDataFrame
    isochrones: gpd.GeoDataFrame
    facility_areas: gpd.GeoDataFrame
    overrides: Overrides
    measures: Measures
    warnings: tuple[str, ...]
    steadiness: Steadiness
    units: gpd.GeoDataFrame
    unit_services: pd.DataFrame
    advice: pd.DataFrame
    timings: Mapping[str, float] = field(default_factory=dict)
    choice: Choice | None = None
    today: Today | None = None
    horizons: tuple[Horizon, ...] = ()
    provision: Provision | None = None
    community_programme: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(COMMUNITY_PROGRAMME))
    )
