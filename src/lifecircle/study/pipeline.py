"""
From inputs to findings: the one place that runs the stages in order.

Every stage takes frozen values and gives frozen values; what is measured here is only how long each
took and what it had to warn of.
"""

from __future__ import annotations

from dataclasses import replace

from lifecircle.access.unit_table import unit_services, unit_table
from lifecircle.config import StudyConfig
from lifecircle.programme.communities import with_open_gaps
from lifecircle.reach.facility_areas import facility_areas
from lifecircle.reach.isochrone import isochrones_of_study
from lifecircle.reach.matrix import modes_of, reach_of
from lifecircle.reach.raster import prepare_raster
from lifecircle.study.advice import advice_of_study
from lifecircle.study.answers import answers_of_study
from lifecircle.study.choice import choice_of_study
from lifecircle.study.horizons.run import Today, run_horizons
from lifecircle.study.horizons.tables import closing
from lifecircle.study.inputs import Inputs
from lifecircle.study.judging import gaps_judged, judge, sizes_judged
from lifecircle.study.left_open import with_reasons
from lifecircle.study.measures import measures_of_study
from lifecircle.study.pinning import pin_by_rules
from lifecircle.study.programming import Known
from lifecircle.study.records.provision import provision_of_study
from lifecircle.study.results import Results
from lifecircle.study.stages import Stages
from lifecircle.study.steady import with_steadiness
from lifecircle.study.supply import with_size_gaps
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
    with stages.stage("reach"):
        reaches = {
            one.id: reach_of(one, waist.homes, waist.facilities, waist.network)
            for one in standard.requirements
        }
    with stages.stage("access"):
        judged = judge(config, inputs, waist, reaches)
        scorecard, levels, per_home = judged.scorecard, judged.levels, judged.people_per_home
    with stages.stage("robustness"):
        scorecard, steady = with_steadiness(
            standard, waist, levels, scorecard, doubted=judged.doubted, people_per_home=per_home
        )
    with stages.stage("sizes"):
        sizes = sizes_judged(inputs, waist, reaches, judged)
        of_units = unit_services(
            waist.units,
            standard,
            reaches,
            homes=waist.homes,
            facilities=waist.facilities,
            unknown=judged.unknown,
            doubted=judged.doubted,
            people_per_home=per_home,
        )
        units = unit_table(waist.units, waist.communities, waist.homes.table, of_units)
        advice = advice_of_study(config, waist)
    with stages.stage("gaps"):
        gaps = gaps_judged(config, waist, reaches, replace(judged, scorecard=scorecard), standard)
        gaps = with_size_gaps(
            gaps, sizes, standard, reaches, waist, levels, language=config.study.language
        )
    with stages.stage("provision"):
        provision = provision_of_study(config, waist, inputs.handover)
    found = Known(reaches=reaches, levels=levels, sizes=sizes, provision=provision)
    answers = answers_of_study(config, inputs, waist, standard, reaches, gaps, found, stages)
    today = Today(
        waist=waist,
        reaches=reaches,
        levels=levels,
        scorecard=scorecard,
        unknown=judged.unknown,
        doubted=judged.doubted,
        people_per_home=per_home,
        sites=answers.sites.table,
    )
    with stages.stage("choice"):
        choice = choice_of_study(config, standard, today, gaps, answers, steady)
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
        areas = facility_areas(
            raster, standard.requirements, homes=waist.homes, facilities=waist.facilities
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
        unknown=judged.unknown,
        scorecard=scorecard,
        sizes=sizes,
        steadiness=steady,
        gaps=replace(gaps, table=closing(answers.programme.gaps, horizons)),
        ways=answers.ways,
        remedies=answers.remedies,
        sites=replace(answers.sites, table=choice.sites),
        choice=choice,
        programme=answers.programme,
        community_programme=with_reasons(
            with_open_gaps(
                answers.communities, answers.programme, standard.services, choice.wishes
            ),
            choice.wishes,
            config.study.language,
        ),
        parcels=answers.parcels,
        isochrones=isochrones,
        facility_areas=areas,
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
