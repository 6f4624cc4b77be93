"""
From a survey to the waist: streets, homes, facilities and communities in one metric system.

Everything after it is a pure pipeline; every row of the survey is here, kept with a status, or
counted in a warning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from lifecircle import geo
from lifecircle.config import EstatesSection, StudyConfig
from lifecircle.network.compounds import Compounds
from lifecircle.network.pins import LEG_FACTOR
from lifecircle.network.streets import StreetNetwork
from lifecircle.places.asked import WHERE, where_of
from lifecircle.places.communities import community_of
from lifecircle.places.merging import Merged
from lifecircle.places.units import UnitPlan
from lifecircle.places.upper_areas import with_area_ids
from lifecircle.reach.matrix import Pinned, modes_of
from lifecircle.sources.facilities.recognition import Recognition
from lifecircle.sources.osm.facilities import facilities_from_pois
from lifecircle.standards import Standard
from lifecircle.study.areas import communities_of_study, with_units
from lifecircle.study.checking.doubts import (
    warn_of_crossing_legs,
    warn_of_homes,
    warn_of_legs,
    warn_of_services,
)
from lifecircle.study.homes import homes_of_survey
from lifecircle.study.inputs import Inputs
from lifecircle.study.joins import Concerned, Joins, count_concerned, join_streets
from lifecircle.study.land import land_in
from lifecircle.study.merging import complete_services, merge_of_study
from lifecircle.study.pinning import estate_of, pinned_facilities, pinned_homes, taken
from lifecircle.study.records.overriding import Overrides, overridden, with_told
from lifecircle.study.stages import Stages
from lifecircle.study.units import units_of_study, with_proposed
from lifecircle.tables import FACILITIES, LandFiles, Survey, check

_MOVED = (
    "pois buildings ground barriers gates doors named_places admin_areas communities estates "
    "estate_gates homes facilities facility_entrances parcels population grids"
).split()
_OBSTACLES = ("rail", "water", "wall", "motorway")


@dataclass(frozen=True, kw_only=True)
class Waist:
    """
    What every later stage trusts, in one metric system.

    Parameters
    ----------
    survey
        The survey's tables moved into the metric system.
    compounds
        The streets with closed estates.
    homes, facilities
        Pinned, with their communities.
    entrances
        `tables.FACILITY_ENTRANCES`.
    communities
        `tables.COMMUNITIES` with ``people``.
    area
        Outline of the study area.
    extent
        Where the data are complete.
    obstacles
        Lines that legs should not cross.
    land
        What offices say of land.
    joins, concerned
        How the streets hang together, and the people whom doubts about it concern.
    merged
        What became of the rows of all lists of facilities.
    complete
        Services whose lists are declared complete.
    units
        Service units, given and proposed.
    leg_factor
        Walk inside a closed estate without paths over the straight line to its gate.
    overrides
        The planner's, with what became of those of facilities.
    """

    survey: Mapping[str, gpd.GeoDataFrame]
    compounds: Compounds
    homes: Pinned
    facilities: Pinned
    entrances: gpd.GeoDataFrame
    communities: gpd.GeoDataFrame
    area: shapely.Geometry
    extent: shapely.Geometry
    obstacles: NDArray[np.object_]
    joins: Joins
    concerned: Concerned
    merged: Merged
    complete: frozenset[str]
    units: UnitPlan
    land: LandFiles = field(default_factory=LandFiles)
    leg_factor: float = LEG_FACTOR
    overrides: Overrides = field(default_factory=Overrides)

    @property
    def network(self) -> StreetNetwork:
        """The streets."""
        return self.compounds.network


def build_waist(config: StudyConfig, inputs: Inputs, stages: Stages) -> Waist:
    """
    Turn a survey into streets, homes, facilities and communities.

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
    waist
        The tables every later stage trusts.
    """
    crs = inputs.crs
    estates = EstatesSection() if config.estates is None else config.estates
    leg_factor = estates.leg_factor
    area = geo.project_shape(inputs.area, geo.WGS84, crs)
    extent = geo.project_shape(inputs.survey.extent, geo.WGS84, crs)
    shapely.prepare(area)
    with stages.stage("streets"):
        survey = _metric(inputs.survey, crs)
        network = StreetNetwork.from_ways(inputs.survey.streets, crs)
        if inputs.heights is not None:
            network = network.with_heights(inputs.heights)
        joins = join_streets(config, network, inputs.survey.streets, survey)
        network, compounds = joins.whole, joins.compounds
        if joins.estates is not None:
            survey["estates"] = joins.estates
        obstacles = _obstacles(survey["barriers"])
    with stages.stage("communities"):
        communities = communities_of_study(config, survey, network, area, crs)
        land = land_in(inputs.survey.land, crs)
        given = frozenset(communities["unit_id"].dropna().map(str))
        if land.units is not None:
            communities = with_units(communities, land.units)
        keyed = with_area_ids(communities)
    with stages.stage("facilities"):
        pois = inputs.survey.pois if config.facilities.osm else inputs.survey.pois.iloc[:0]
        mapped, _ = facilities_from_pois(pois, Recognition.of(inputs.standard.types))
        complete = complete_services(config, inputs.survey.facilities)
        merged = merge_of_study(
            config,
            survey.get("facilities"),
            geo.to_crs(mapped, crs, where="facilities"),
            complete=complete,
            area=area,
        )
        settled, told = overridden(inputs.overrides, "facilities", merged.table)
        facilities, entrances = pinned_facilities(
            check(settled, FACILITIES, where="facilities"),
            survey,
            compounds,
            obstacles,
            keyed,
            leg_factor,
            modes_of(inputs.standard.requirements),
            land.promised,
        )
        warn_of_services(inputs.standard, facilities.table)
    with stages.stage("homes"):
        homes = _homes(
            config,
            inputs.standard,
            survey,
            compounds,
            obstacles,
            keyed,
            area,
            extent,
            leg_factor,
        )
        concerned = count_concerned(joins, homes, open_at=estates.open_at)
        warn_of_legs(homes.table, homes.compound, network=compounds.network, factor=leg_factor)
    people = homes.table.groupby("community_id")["people"].sum()
    communities["people"] = communities["community_id"].map(people).fillna(0.0).astype(float)
    with stages.stage("units"):
        units = units_of_study(
            config,
            inputs.standard,
            communities,
            homes,
            compounds.network,
            given=given,
            land=land,
            barriers=survey["barriers"],
        )
        with_proposed(units, communities, homes.table, facilities.table)
    return Waist(
        survey=survey,
        compounds=compounds,
        homes=homes,
        facilities=facilities,
        entrances=entrances,
        communities=communities,
        area=area,
        extent=extent,
        obstacles=obstacles,
        joins=joins,
        concerned=concerned,
        merged=merged,
        complete=complete,
        units=units,
        land=land,
        leg_factor=leg_factor,
        overrides=with_told(inputs.overrides, told),
    )


def _metric(survey: Survey, crs: CRS) -> dict[str, gpd.GeoDataFrame]:
    """Move every table of the survey into the metric system."""
    return {
        name: geo.to_crs(frame, crs, where=name)
        for name in _MOVED
        if (frame := getattr(survey, name)) is not None
    }


def _obstacles(barriers: gpd.GeoDataFrame) -> NDArray[np.object_]:
    blocking = barriers[barriers["kind"].isin(_OBSTACLES)]
    return np.asarray(blocking.geometry.to_numpy(), dtype=object)


def _homes(
    config: StudyConfig,
    standard: Standard,
    survey: Mapping[str, gpd.GeoDataFrame],
    compounds: Compounds,
    obstacles: NDArray[np.object_],
    communities: gpd.GeoDataFrame,
    area: shapely.Geometry,
    extent: shapely.Geometry,
    leg_factor: float,
) -> Pinned:
    if "homes" in survey:
        table = survey["homes"].sort_values("home_id", kind="stable").reset_index(drop=True)
        table["status"] = "ok"
        table["community_id"] = None
    else:
        table = homes_of_survey(config, standard, survey, communities, area)
    points = table.geometry.to_numpy()
    at = community_of(points, communities)
    for column in ("community_id", "subdistrict", "unit_id", "county", "city"):
        table[column] = taken(communities[column].to_numpy(dtype=object), at)
    table[WHERE] = where_of(communities, at)
    named = table["estate_id"].to_numpy(dtype=object)
    table["estate_id"] = np.where(pd.isna(named), estate_of(points, survey), named)
    homes = pinned_homes(
        table,
        compounds,
        obstacles,
        area=area,
        extent=extent,
        leg_factor=leg_factor,
        modes=modes_of(standard.requirements),
    )
    warn_of_homes(homes.table, compounds.network)
    warn_of_crossing_legs(
        homes.table,
        homes.compound,
        homes.ends.pins,
        network=compounds.network,
        obstacles=obstacles,
    )
    return homes
