"""From a study file to the communities it judges: a file's, or drawn ones."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from lifecircle.config import StudyConfig
from lifecircle.errors import InputError, Problem
from lifecircle.network.streets import StreetNetwork
from lifecircle.places.communities import (
    communities_around_places,
    communities_of_admin,
    communities_of_grid,
)
from lifecircle.tables import COMMUNITIES, check


def communities_of_study(
    config: StudyConfig,
    survey: Mapping[str, gpd.GeoDataFrame],
    network: StreetNetwork,
    area: shapely.Geometry,
    crs: CRS,
) -> gpd.GeoDataFrame:
    """
    Take communities from their file, or draw them as the study asks.

    Parameters
    ----------
    config
        The study file.
    survey
        Tables of the survey in the metric system.
    network
        The streets.
    area
        Outline of the study area.
    crs
        The metric system.

    Returns
    -------
    communities
        `tables.COMMUNITIES`.

    Raises
    ------
    InputError
        If there is none in the area.
    """
    if "communities" in survey:
        table = survey["communities"]
        meets = shapely.intersects(area, table.geometry.to_numpy())
        if not meets.any():
            raise InputError(
                Problem(
                    what="no community lies in the study area",
                    where="communities.file",
                    remedy="check its coordinate reference system and the area",
                )
            )
        table = table[meets].sort_values("community_id", kind="stable")
        return check(table, COMMUNITIES, where="communities.file")
    part = config.communities
    if part.draw == "places":
        wanted = survey["named_places"]["kind"].isin(part.place_kinds)
        return communities_around_places(survey["named_places"][wanted], network, area=area)
    if part.draw == "admin":
        return communities_of_admin(survey["admin_areas"], area=area, level=part.admin_level)
    return communities_of_grid(area=area, cell_m=part.cell_m, crs=crs)


def with_units(communities: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Name the unit of communities whose file says nothing of units.

    Parameters
    ----------
    communities
        `tables.COMMUNITIES`; not changed.
    units
        `tables.PLAN_UNITS` in the same system.

    Returns
    -------
    communities
        Those without a unit have the one that holds most of them, if it holds half of them.
    """
    shapes, zones = communities.geometry.to_numpy(), units.geometry.to_numpy()
    at, unit = shapely.STRtree(zones).query(shapes, predicate="intersects")
    shared = shapely.area(shapely.intersection(shapes[at], zones[unit])) / shapely.area(shapes)[at]
    named = communities["unit_id"].to_numpy(dtype=object).copy()
    for row in np.lexsort((-unit, shared)):
        if shared[row] >= 0.5 and pd.isna(communities["unit_id"].iloc[at[row]]):
            named[at[row]] = units["unit_id"].iloc[unit[row]]
    named[pd.isna(named)] = None
    return communities.assign(unit_id=pd.Series(named, index=communities.index, dtype=object))
