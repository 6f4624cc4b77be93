"""
From inputs to findings: the one place that runs the stages in order.

Every stage takes frozen values and gives frozen values; what is measured here is only how long each
took and what it had to warn of.
"""

from __future__ import annotations

import warnings
from dataclasses import replace

from lifecircle.access.doubts import causes_of, doubted_homes
from lifecircle.access.levels import levels_of
from lifecircle.access.scorecard import score
from lifecircle.access.supply import LOST_SHARE, unknown_requirements
from lifecircle.access.unit_table import unit_services, unit_table
from lifecircle.config import StudyConfig
from lifecircle.errors import (
    MissingDataWarning,
)
from lifecircle.gaps.diagnosis import Lost, diagnose
from lifecircle.places.asked import share_asked, warn_of_unknown_class
from lifecircle.places.groups import flat_groups, people_per_home
from lifecircle.reach.isochrone import isochrones_of_study
from lifecircle.reach.matrix import modes_of, reach_of
from lifecircle.reach.raster import prepare_raster
from lifecircle.standards import Standard
from lifecircle.study.advice import advice_of_study
from lifecircle.study.answers import answers_of_study
from lifecircle.study.horizons.run import Today, run_horizons
from lifecircle.study.horizons.tables import closing
from lifecircle.study.inputs import Inputs
from lifecircle.study.measures import measures_of_study
from lifecircle.study.pinning import pin_by_rules
from lifecircle.study.placing import lost_communities, lost_shares, warn_of_lost
from lifecircle.study.records.provision import provision_of_study
from lifecircle.study.results import Results
from lifecircle.study.stages import Stages
from lifecircle.study.steady import with_steadiness
from lifecircle.study.supply import sizes_of_study, with_size_gaps
from lifecircle.study.surroundings import surroundings_of
from lifecircle.study.units import unit_names
from lifecircle.study.unreported import silence_of
from lifecircle.study.waist import build_waist


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
    with stages.stage("robustness"):
        scorecard, steady = with_steadiness(
            standard, waist, levels, scorecard, doubted=doubted, people_per_home=per_home
        )
    with stages.stage("sizes"):
        sizes = sizes_of_study(
            standard,
            reaches,
            waist,
            levels,
            inputs.placing,
            complete=complete,
            lost_shares=lost.shares,
            people_known=known,
        )
        of_units = unit_services(
            waist.units,
            standard,
            reaches,
            homes=waist.homes,
            facilities=waist.facilities,
            unknown=unknown,
            doubted=doubted,
            people_per_home=per_home,
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
            surroundings=surroundings_of(waist),
            unknown=unknown,
            complete=complete,
            causes=causes,
            lost=lost,
            flat=flat,
            counted=per_home is None,
            language=config.study.language,
        )
        gaps = with_size_gaps(
            gaps, sizes, standard, reaches, waist, levels, language=config.study.language
        )
    answers = answers_of_study(config, inputs, waist, standard, reaches, gaps, stages)
    with stages.stage("provision"):
        provision = provision_of_study(config, waist, inputs.handover)
    today = Today(
        waist=waist,
        reaches=reaches,
        levels=levels,
        scorecard=scorecard,
        unknown=unknown,
        doubted=doubted,
        people_per_home=per_home,
        sites=answers.sites.table,
    )
    horizons = run_horizons(config, inputs, today, stages)
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
    with stages.stage("measures"):
        measures = measures_of_study(
            waist,
            standard,
            reaches,
            levels,
            scorecard,
            raster,
            study_name=config.study.name,
            answers=inputs.survey.records.get("answers"),
        )
    return Results(
        waist=waist,
        standard=standard,
        reaches=reaches,
        levels=levels,
        unknown=unknown,
        scorecard=scorecard,
        sizes=sizes,
        steadiness=steady,
        gaps=replace(gaps, table=closing(answers.programme.gaps, horizons)),
        ways=answers.ways,
        sites=answers.sites,
        programme=answers.programme,
        parcels=answers.parcels,
        isochrones=isochrones,
        overrides=answers.overrides,
        measures=measures,
        warnings=tuple(stages.warnings),
        units=units,
        unit_services=of_units,
        advice=advice,
        timings=stages.timings,
        today=today,
        horizons=horizons,
        provision=provision,
    )


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
