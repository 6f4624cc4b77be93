"""
From a study file to what the rest of the run needs: the survey, the area and the standard.

Everything a study file names is read or refused here; nothing is quietly left out.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from lifecircle import geo
from lifecircle.config import EstatesSection, StudyConfig
from lifecircle.errors import (
    BoundaryWarning,
    ExtentError,
    Problem,
)
from lifecircle.network.noding import NodingReport
from lifecircle.provenance import Source
from lifecircle.sources.facilities.recognition import Recognition
from lifecircle.sources.heights import Heights
from lifecircle.sources.land.cover import LandCover
from lifecircle.sources.osm.file import read_osm_file
from lifecircle.sources.people.communities import read_communities
from lifecircle.sources.people.rasters import read_population
from lifecircle.sources.planner_tables import (
    read_buildings,
    read_estates,
    read_gates,
)
from lifecircle.standards import Standard, load_standard
from lifecircle.study.datums import settle_datums
from lifecircle.study.drawings import with_drawings
from lifecircle.study.gates import with_shut_gates
from lifecircle.study.heights import cover_of_study, heights_of_study
from lifecircle.study.horizons.inputs import HorizonInputs, horizons_of_study
from lifecircle.study.land import with_land
from lifecircle.study.online import extract_of_study
from lifecircle.study.outlines import outline_of, relation_of
from lifecircle.study.people import with_people
from lifecircle.study.placing import (
    Placing,
    facility_lists_of_study,
    placer_of_study,
    placing_of,
)
from lifecircle.study.records.bodies import bodies_of_study
from lifecircle.study.records.costing import costs_of_study
from lifecircle.study.records.handover import handover_of_study
from lifecircle.study.records.overriding import Overrides, overridden, overrides_of_study, with_told
from lifecircle.study.records.read import with_records
from lifecircle.study.records.returning import returned_entries
from lifecircle.study.roads import survey_without_osm, with_roads
from lifecircle.study.systems import systems_of, with_systems
from lifecircle.study.unplaced import place_layers
from lifecircle.tables import FACILITIES, Entries, Survey, check
from lifecircle.tables.bodies import Bodies
from lifecircle.tables.costs import UnitCosts
from lifecircle.walk import PROFILES


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """
    What a study is computed from.

    Parameters
    ----------
    survey
        What the files say.
    area
        Outline of the study area, WGS 84.
    crs
        Metric system of the study.
    standard
        What is asked.
    heights
        Heights of the ground; None without a raster of them.
    cover
        What the ground looks like from above; None without a raster of it.
    noding
        What was done to official roads; None without any.
    datums
        Name of a local system or of a facility list to how its system or datum is known.
    placing
        What became of the rows of facility lists that have no coordinates.
    overrides
        Single values a planner replaces.
    entries
        What a planner wrote into workbooks of earlier runs.
    horizons
        What is to come, by horizon.
    handover
        Rooms handed over with estates; None without a ledger.
    unit_costs
        What the planner says things cost; empty without a table.
    bodies
        Who leads, helps with and runs what is built, as far as the planner says.
    """

    survey: Survey
    area: shapely.Geometry
    crs: CRS
    standard: Standard
    heights: Heights | None = None
    cover: LandCover | None = None
    noding: NodingReport | None = None
    datums: Mapping[str, str] = field(default_factory=dict)
    placing: Placing = field(default_factory=Placing)
    overrides: Overrides = field(default_factory=Overrides)
    entries: Entries = field(default_factory=Entries)
    horizons: tuple[HorizonInputs, ...] = ()
    handover: pd.DataFrame | None = None
    unit_costs: UnitCosts = field(default_factory=UnitCosts)
    bodies: Bodies = field(default_factory=Bodies)


def read_inputs(config: StudyConfig) -> Inputs:
    """
    Read everything a study file names.

    Parameters
    ----------
    config
        The validated study file.

    Returns
    -------
    inputs
        Survey, area, metric system and standard.

    Raises
    ------
    LifecircleError
        With everything that is wrong with the study or its files.
    """
    standard = load_standard(
        config.standard.name, file=config.standard.file, override=config.standard.override
    )
    own = Recognition.of(standard.types)
    systems = systems_of(config)
    config = with_systems(config, systems)
    area, sources = outline_of(config)
    bbox = None if area is None else _padded(area, standard)
    osm = config.network.osm if bbox is None else extract_of_study(config, bbox)
    survey = survey_without_osm() if osm is None else _mapped(osm, area, bbox, own)
    survey = with_shut_gates(survey, EstatesSection() if config.estates is None else config.estates)
    if area is None:
        area = relation_of(config, survey)
        bbox = _padded(area, standard)
    centre = area.centroid
    crs = geo.metric_crs(centre.x, centre.y)
    noding = None
    if config.network.roads is not None and bbox is not None:
        survey, noding = with_roads(config.network, survey, bbox=bbox, crs=crs)
    config = place_layers(config, box=area.bounds, systems=systems.by_name)
    survey, datums, placing = _with_planner_tables(config, survey, area, crs, systems.by_name, own)
    survey = with_drawings(config, survey, area)
    survey = with_records(config.record, survey)
    overrides = overrides_of_study(config.record, standard)
    if survey.communities is not None:
        communities, told = overridden(overrides, "communities", survey.communities)
        survey = replace(survey, communities=communities)
        overrides = with_told(overrides, told)
    sources += (*systems.sources, *overrides.sources)
    survey = _with_population(config, replace(survey, sources=(*survey.sources, *sources)), area)
    _check_extent(area, survey)
    horizons = horizons_of_study(config, survey)
    handover, ledger = handover_of_study(config)
    unit_costs, priced = costs_of_study(config.siting, standard)
    bodies, named = bodies_of_study(config, standard)
    sources = [
        *(one for horizon in horizons for one in horizon.sources),
        *(*ledger, *priced, *named),
    ]
    heights, used = heights_of_study(config.network.dem, standard, survey.streets)
    cover, seen = cover_of_study(config.land, survey.streets)
    survey = replace(survey, sources=(*survey.sources, *sources, *used, *seen))
    return Inputs(
        survey=survey,
        area=area,
        crs=crs,
        standard=standard,
        heights=heights,
        cover=cover,
        noding=noding,
        datums={**systems.words, **datums},
        placing=placing,
        overrides=overrides,
        entries=returned_entries(config.record.returned),
        horizons=horizons,
        handover=handover,
        unit_costs=unit_costs,
        bodies=bodies,
    )


def _mapped(
    osm: Path,
    area: shapely.Geometry | None,
    bbox: tuple[float, float, float, float] | None,
    own: Recognition,
) -> Survey:
    try:
        return read_osm_file(osm, bbox=bbox, own=own)
    except ExtentError as error:  # told of the box that was widened, which nobody typed
        raise _elsewhere(osm, area, error) from error


def _elsewhere(osm: Path, area: shapely.Geometry | None, error: ExtentError) -> ExtentError:
    if area is None:
        return error
    said = "; ".join(problem.remedy for problem in error.problems)
    return ExtentError(
        Problem(
            what=f"the study area ({_box(area)}) lies outside {osm.name}",
            where="study.toml, area",
            remedy=f"{said}; check the area, swapped x and y, or take another extract",
        )
    )


def longest_walk_m(standard: Standard) -> float:
    """
    Find how far outside the area streets and facilities matter.

    Parameters
    ----------
    standard
        The standard.

    Returns
    -------
    length_m
        Longest limit of all requirements [m]; of time limits what nobody gets beyond.
    """
    return max(
        one.limit_m if one.limit_m is not None else PROFILES[one.profile].furthest_m(one.limit)
        for one in standard.requirements
    )


def _padded(area: shapely.Geometry, standard: Standard) -> tuple[float, float, float, float]:
    """Widen the area's box by twice the longest limit, as far as searches look."""
    west, south, east, north = area.bounds
    metres = 2.0 * longest_walk_m(standard)
    d_lat = metres / 110_500.0
    d_lon = metres / (111_320.0 * max(0.1, float(np.cos(np.radians(max(abs(south), abs(north)))))))
    return west - d_lon, south - d_lat, east + d_lon, north + d_lat


def _check_extent(area: shapely.Geometry, survey: Survey) -> None:
    if not shapely.intersects(area, survey.extent):
        raise ExtentError(
            Problem(
                what="the study area and the streets do not overlap "
                f"(area {_box(area)}, data {_box(survey.extent)})",
                where="area",
                remedy="check the area, swapped x and y, or take another file",
            )
        )
    beyond = shapely.area(shapely.difference(area, survey.extent)) / shapely.area(area)
    if beyond > 1e-6:
        warnings.warn(
            f"{beyond:.1%} of the area lies beyond the streets' data: homes there are marked as "
            "edge",
            BoundaryWarning,
            stacklevel=4,
        )


def _box(shape: shapely.Geometry) -> str:
    return "/".join(f"{value:.3f}" for value in shape.bounds)


def _with_planner_tables(
    config: StudyConfig,
    survey: Survey,
    area: shapely.Geometry,
    crs: CRS,
    systems: Mapping[str, CRS],
    own: Recognition,
) -> tuple[Survey, Mapping[str, str], Placing]:
    """Add the planner's own tables to what the map says, and say how their datums are known."""
    changes: dict[str, Any] = {}
    sources = list(survey.sources)
    for name, frame, source in _planner_tables(config):
        changes[name] = frame
        sources.append(source)
    known = with_people(config, replace(survey, **changes, sources=tuple(sources)))
    settled = settle_datums(config, known, crs=crs, box=area.bounds, systems=systems)
    placer, used = placer_of_study(settled.config, known)
    lists = list(facility_lists_of_study(settled.config, placer, own))
    facilities = known.facilities
    frames = [one.facilities for one in lists if len(one.facilities)]
    if frames:
        facilities = check(
            gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=geo.WGS84),
            FACILITIES,
            where="facilities.tables",
        )
    sources = [*known.sources, *used, *(one.source for one in lists)]
    survey = replace(known, facilities=facilities, sources=tuple(sources))
    if placer is None:
        survey = with_land(config.land, survey, own=own)
    else:
        survey = with_land(config.land, survey, placer.gazetteer, accept=placer.accept, own=own)
    return survey, settled.words, placing_of(lists, placer)


def _planner_tables(config: StudyConfig) -> Iterator[tuple[str, gpd.GeoDataFrame, Source]]:
    if config.communities.file is not None:
        part = config.communities
        frame, source = read_communities(
            config.communities.file,
            columns=part.columns,
            layer=part.layer,
            crs=part.crs,
            encoding=part.encoding,
        )
        yield "communities", geo.to_crs(frame, geo.WGS84, where="communities.file"), source
    if config.homes.buildings is not None and config.homes.buildings != "osm":
        homes = config.homes
        frame, source = read_buildings(
            homes.buildings,  # type: ignore[arg-type]
            columns=homes.columns,
            layer=homes.layer,
            crs=homes.crs,
            encoding=homes.encoding,
        )
        yield "buildings", geo.to_crs(frame, geo.WGS84, where="homes.buildings"), source
    if config.estates is not None and config.estates.file is not None:
        estates = config.estates
        frame, source = read_estates(
            config.estates.file,
            columns=estates.columns,
            layer=estates.layer,
            crs=estates.crs,
            encoding=estates.encoding,
        )
        yield "estates", geo.to_crs(frame, geo.WGS84, where="estates.file"), source
        if estates.gates is not None:
            gates, source = read_gates(
                estates.gates,
                columns=estates.gate_columns,
                datum=estates.gate_datum,
                beside=frame.crs,
            )
            yield "estate_gates", gates, source


def _with_population(config: StudyConfig, survey: Survey, area: shapely.Geometry) -> Survey:
    """Add the cells of a population raster around the area."""
    if config.homes.raster is None:
        return survey
    west, south, east, north = area.bounds
    # A side straight in degrees is bent in metres, and homes are picked in metres.
    margin = 0.01 * max(east - west, north - south)
    cells, source = read_population(
        config.homes.raster,
        bounds=(west - margin, south - margin, east + margin, north + margin),
        kind=config.homes.raster_values,
    )
    return replace(
        survey,
        population=geo.to_crs(cells, geo.WGS84, where=source.name),
        sources=(*survey.sources, source),
    )
