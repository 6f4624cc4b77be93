"""From a study file to the people of its communities: a table, what it leaves open, and grids."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle import geo
from lifecircle.config import StudyConfig
from lifecircle.places.communities import community_of
from lifecircle.sources.people.crosswalks import read_crosswalk
from lifecircle.sources.people.grids import read_grids
from lifecircle.sources.people.joining import join_people
from lifecircle.sources.people.tables import read_people_table
from lifecircle.tables import Survey


def with_people(config: StudyConfig, survey: Survey) -> Survey:
    """
    Add what a study's own files say about people.

    Parameters
    ----------
    config
        The study file.
    survey
        The survey with the planner's communities and buildings, WGS 84.

    Returns
    -------
    survey
        With grids, and with the people of a table beside the communities.

    Raises
    ------
    LifecircleError
        If a file cannot be used.
    """
    homes = config.homes
    if homes.grids is not None:
        grids, source = read_grids(homes.grids, columns=homes.grid_columns, layer=homes.grid_layer)
        grids = geo.to_crs(grids, geo.WGS84, where="homes.grids")
        survey = replace(survey, grids=grids, sources=(*survey.sources, source))
    if homes.table is None or survey.communities is None:
        return survey
    people = read_people_table(homes.table, columns=homes.table_columns, sheet=homes.sheet)
    walk = config.communities.crosswalk
    crosswalk = None if walk is None else read_crosswalk(walk)
    counted = _counted(survey, survey.communities)
    weights = counted if counted is not None else _homes_in(survey, survey.communities)
    communities, source = join_people(
        survey.communities,
        people,
        same_as=config.communities.same_as,
        crosswalk=crosswalk,
        weights=weights if crosswalk is not None else None,
        counted=counted,
    )
    used = [source] if crosswalk is None else [source, crosswalk.source]
    return replace(survey, communities=communities, sources=(*survey.sources, *used))


def _counted(survey: Survey, communities: gpd.GeoDataFrame) -> NDArray[np.float64] | None:
    """Sum the people of grids by the community they mostly lie in."""
    if survey.grids is None:
        return None
    middles = shapely.point_on_surface(survey.grids.geometry.to_numpy())
    return _summed(middles, survey.grids["people"].to_numpy(dtype=np.float64), communities)


def _homes_in(survey: Survey, communities: gpd.GeoDataFrame) -> NDArray[np.float64] | None:
    """Sum the dwellings of buildings by community, or their number where none counts any."""
    if len(survey.buildings) == 0:
        return None
    flats = survey.buildings["flats"].to_numpy(dtype=np.float64)
    weight = np.nan_to_num(flats) if np.nansum(flats) > 0 else np.ones(len(flats))
    middles = shapely.point_on_surface(survey.buildings.geometry.to_numpy())
    return _summed(middles, weight, communities)


def _summed(
    points: NDArray[np.object_], values: NDArray[np.float64], communities: gpd.GeoDataFrame
) -> NDArray[np.float64]:
    at = community_of(points, communities)
    inside = (at >= 0) & np.isfinite(values)
    sums = np.bincount(at[inside], weights=values[inside], minlength=len(communities))
    return np.where(np.isin(np.arange(len(communities)), at[inside]), sums, np.nan)
