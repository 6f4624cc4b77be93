"""From a study's land, ways and sites to what would close each of its gaps."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd
import shapely

from lifecircle.config import StudyConfig
from lifecircle.gaps.diagnosis import Gaps
from lifecircle.places.communities import community_of
from lifecircle.places.groups import flat_groups
from lifecircle.reach.matrix import Pinned, Reach, modes_of
from lifecircle.siting.extending import raised_places
from lifecircle.siting.places import with_areas
from lifecircle.siting.remedies import remedies_of
from lifecircle.siting.sharing import grounds_of, sharing_ways
from lifecircle.siting.sites import Sites
from lifecircle.siting.standing import Town, pinned_places
from lifecircle.siting.tiers import CENTRE_FROM, with_tiers
from lifecircle.siting.ways import Ways, joined
from lifecircle.standards import Standard
from lifecircle.study.waist import Waist


def town_of(
    config: StudyConfig,
    waist: Waist,
    standard: Standard,
    reaches: Mapping[str, Reach],
    gaps: Gaps,
) -> Town:
    """
    Gather what searches for ways start from.

    Parameters
    ----------
    config
        The study file.
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
    town
        All of it.
    """
    return Town(
        standard=standard,
        reaches=reaches,
        gaps=gaps,
        homes=waist.homes,
        facilities=waist.facilities,
        compounds=waist.compounds,
        language=config.study.language,
    )


def standing_ways(town: Town, waist: Waist) -> Ways:
    """
    Find what sharing and raising existing places would bring inside.

    Parameters
    ----------
    town
        What searches start from.
    waist
        The places of interest of the map, communities and obstacles.

    Returns
    -------
    ways
        Sharing and extending.
    """
    pois = waist.survey["pois"]
    points = shapely.point_on_surface(pois.geometry.to_numpy())
    grounds = grounds_of(
        waist.facilities,
        pois,
        waist.communities,
        community_of(points, waist.communities),
        waist.compounds,
        waist.obstacles,
    )
    return joined((sharing_ways(town, grounds), raised_places(town)), pois.crs)


def remedies_of_study(
    config: StudyConfig,
    waist: Waist,
    town: Town,
    ways: Ways,
    sites: Sites,
    parcels: gpd.GeoDataFrame,
    loads: pd.DataFrame,
) -> pd.DataFrame:
    """
    List what would close each gap of a study.

    Parameters
    ----------
    config
        The study file.
    waist
        Homes, streets and obstacles.
    town
        What searches start from.
    ways
        What needs no new ground.
    sites
        What was chosen.
    parcels
        The land and rooms that may be proposed.
    loads
        `tables.LOADS`.

    Returns
    -------
    remedies
        `tables.REMEDIES`.
    """
    land = _pinned(config, waist, town, parcels)
    flat = flat_groups(waist.homes.table, config.homes.groups)
    return remedies_of(town, land, ways, sites, loads, flat=flat)


def tiered(
    config: StudyConfig, waist: Waist, town: Town, parcels: gpd.GeoDataFrame, ways: Ways
) -> tuple[gpd.GeoDataFrame, Ways]:
    """
    Say of a study's candidates what they must not become, for the sake of tiers.

    Parameters
    ----------
    config
        The study file.
    waist
        Streets and obstacles.
    town
        What searches start from.
    parcels
        The land and rooms that may be proposed.
    ways
        What needs no new ground.

    Returns
    -------
    parcels, ways
        As `siting.tiers.with_tiers` gives them; ``barred`` is missing for what does not compete.
    """
    units = () if waist.units is None else waist.units.units
    told, ways = with_tiers(
        town,
        _pinned(config, waist, town, parcels),
        ways,
        # the set rule asks for a centre in each of them
        units=[one.unit_id for one in units if one.tier is None or one.tier >= CENTRE_FROM]
        if config.siting.complete_first
        else (),
    )
    barred = told.set_index("parcel_id")["barred"]
    return parcels.assign(barred=parcels["parcel_id"].map(barred).astype(object)), ways


def _pinned(config: StudyConfig, waist: Waist, town: Town, parcels: gpd.GeoDataFrame) -> Pinned:
    """Put the land and rooms that may be proposed on the streets, by id."""
    free = parcels["status"].isna() | (parcels["status"] == "candidate")
    free &= ~parcels["parcel_id"].isin(config.siting.never)
    table = parcels[free].sort_values("parcel_id", kind="stable").reset_index(drop=True)
    table = with_areas(table, waist.homes.table)
    modes = modes_of(town.standard.requirements)
    return pinned_places(table, waist.compounds, waist.obstacles, modes)
