"""
From inputs to findings: the one place that runs the stages in order.

Every stage takes frozen values and gives frozen values; what is measured here is only how long each
took and what it had to warn of.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import geopandas as gpd
import pandas as pd
import shapely

from lifecircle.access.levels import Level, levels_of
from lifecircle.access.scorecard import Scorecard, score
from lifecircle.access.supply import LOST_SHARE, unknown_requirements
from lifecircle.access.unit_table import unit_services, unit_table
from lifecircle.config import StudyConfig
from lifecircle.errors import (
    MissingDataWarning,
)
from lifecircle.gaps.diagnosis import Gaps, Lost, diagnose
from lifecircle.gaps.reasons import Surroundings
from lifecircle.programme import Programme, draw_up
from lifecircle.reach.isochrone import isochrones_of_study
from lifecircle.reach.matrix import Reach, modes_of, reach_of
from lifecircle.reach.raster import prepare_raster
from lifecircle.siting.sites import Sites, propose
from lifecircle.standards import Standard
from lifecircle.study.advice import advice_of_study
from lifecircle.study.candidates import candidates_of_study, proposable
from lifecircle.study.inputs import Inputs
from lifecircle.study.pinning import pin_by_rules
from lifecircle.study.placing import lost_communities, lost_shares, warn_of_lost
from lifecircle.study.stages import Stages
from lifecircle.study.units import unit_names
from lifecircle.study.waist import Waist, build_waist


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
    parcels
        Candidate land and rooms, with those that were refused.
    isochrones
        Union of the circles of every requirement.
    warnings
        What there is to say about the inputs.
    units, unit_services, advice
        Service units, which services they have, and what there is to advise on communities.
    timings
        Stage to seconds.
    """

    waist: Waist
    standard: Standard
    reaches: Mapping[str, Reach]
    levels: tuple[Level, ...]
    unknown: frozenset[str]
    scorecard: Scorecard
    gaps: Gaps
    sites: Sites
    programme: Programme
    parcels: gpd.GeoDataFrame
    isochrones: gpd.GeoDataFrame
    warnings: tuple[str, ...]
    units: gpd.GeoDataFrame
    unit_services: pd.DataFrame
    advice: pd.DataFrame
    timings: Mapping[str, float] = field(default_factory=dict)


def run_stages(config: StudyConfig, inputs: Inputs, stages: Stages) -> Results:
    """
    Run everything after reading.

    Parameters
    ----------
    config
        The study file.
    inputs
        What was read.
    stages
        Stopwatch and collector of warnings.

    Returns
    -------
    results
        All findings.
    """
    standard = inputs.standard
    waist = build_waist(config, inputs, stages)
    complete = waist.complete
    with stages.stage("reach"):
        reaches = {
            one.id: reach_of(one, waist.homes, waist.facilities, waist.network)
            for one in standard.requirements
        }
    with stages.stage("access"):
        people = waist.homes.table["people"].sum()
        known = not (waist.homes.table["origin"] == "equal").any()
        lost = Lost(
            shares=lost_shares(inputs.placing, waist.facilities.table),
            communities=lost_communities(inputs.placing, waist.communities),
        )
        warn_of_lost(lost.shares, inputs.placing.lost(), most=LOST_SHARE)
        unknown = unknown_requirements(
            standard,
            reaches,
            people=float(people) if known else None,
            complete=complete,
            lost=lost.shares,
        )
        _warn_unknown(standard, unknown)
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
            people_known=known,
        )
        of_units = unit_services(
            waist.units,
            standard,
            reaches,
            homes=waist.homes,
            facilities=waist.facilities,
            unknown=unknown,
            people_known=known,
        )
        units = unit_table(waist.units, waist.communities, waist.homes.table, of_units)
        advice = advice_of_study(config, waist)
    with stages.stage("gaps"):
        gaps = diagnose(
            standard,
            scorecard,
            reaches,
            homes=waist.homes,
            facilities=waist.facilities,
            communities=waist.communities,
            network=waist.network,
            surroundings=Surroundings(extent=waist.extent, barriers=_barriers(waist)),
            unknown=unknown,
            complete=complete,
            lost=lost,
            language=config.study.language,
        )
    with stages.stage("land"):
        parcels = candidates_of_study(config, waist, inputs.crs)
    with stages.stage("siting"):
        sites = propose(
            standard,
            reaches,
            gaps,
            proposable(config, parcels),
            homes=waist.homes,
            compounds=waist.compounds,
            obstacles=waist.obstacles,
            config=config.siting,
        )
    with stages.stage("programme"):
        programme = draw_up(
            standard,
            gaps,
            sites,
            homes=waist.homes.table,
            communities=waist.communities,
            language=config.study.language,
        )
    with stages.stage("isochrones"):
        raster = prepare_raster(
            waist.network,
            waist.area,
            pin=lambda points, mode: pin_by_rules(
                waist.compounds,
                points,
                waist.compounds.locate(points),
                waist.obstacles,
                waist.leg_factor,
                mode=mode,
            ),
            modes=modes_of(standard.requirements),
        )
        isochrones = isochrones_of_study(
            raster,
            list(reaches.values()),
            homes=waist.homes,
            facilities=waist.facilities,
        )
    return Results(
        waist=waist,
        standard=standard,
        reaches=reaches,
        levels=levels,
        unknown=unknown,
        scorecard=scorecard,
        gaps=replace(gaps, table=programme.gaps),
        sites=replace(sites, table=programme.sites),
        programme=programme,
        parcels=parcels,
        isochrones=isochrones,
        warnings=tuple(stages.warnings),
        units=units,
        unit_services=of_units,
        advice=advice,
        timings=stages.timings,
    )


def _barriers(waist: Waist) -> gpd.GeoDataFrame:
    """Gather what can stand between a home and a facility: mapped barriers, closed estates."""
    barriers = waist.survey["barriers"][["kind", "name", "geometry"]]
    if "estates" not in waist.survey:
        return barriers
    estates = waist.survey["estates"]
    closed = estates[estates["estate_id"].isin(waist.compounds.estate_id)]
    walls = gpd.GeoDataFrame(
        {"kind": "estate", "name": closed["name"]},
        geometry=shapely.boundary(closed.geometry.to_numpy()),
        crs=barriers.crs,
    )
    return gpd.GeoDataFrame(pd.concat([barriers, walls], ignore_index=True), crs=barriers.crs)


def _warn_unknown(standard: Standard, unknown: frozenset[str]) -> None:
    ids = [
        one.id
        for one in standard.requirements
        if one.id in unknown and one.view == "base" and one.obligation == "must"
    ]
    if ids:
        warnings.warn(
            f"too few facilities are known to judge {', '.join(ids)}: no verdict is given "
            "(declare a list complete under facilities.complete if it is)",
            MissingDataWarning,
            stacklevel=3,
        )
