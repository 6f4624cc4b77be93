"""
From a survey to homes with people: buildings, cells of a raster or residential land.

Which evidence decided is in each home's `origin`; what had to be assumed is a warning.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.config import StudyConfig
from lifecircle.errors import (
    DoubtfulRowsWarning,
    ExtentError,
    InputError,
    MissingDataWarning,
    Problem,
)
from lifecircle.places.communities import community_of
from lifecircle.places.homes import (
    GROUP_PREFIX,
    homes_of_buildings,
    homes_of_land,
    people_homes,
    share_area_groups,
    share_groups,
)
from lifecircle.places.population import cells_in_area, homes_of_cells, scale_people
from lifecircle.standards import Standard

_A_PERSON = 0.5  # less is rounding


def homes_of_survey(
    config: StudyConfig,
    standard: Standard,
    survey: Mapping[str, gpd.GeoDataFrame],
    communities: gpd.GeoDataFrame,
    area: shapely.Geometry,
) -> gpd.GeoDataFrame:
    """
    Find where people live and how many.

    Parameters
    ----------
    config
        The study file.
    standard
        Its rules for homes.
    survey
        Tables of the survey in the metric system.
    communities
        `tables.COMMUNITIES`, with ``people`` and ``people_<group>`` where they are counted.
    area
        Outline of the study area.

    Returns
    -------
    homes
        `tables.HOMES`, not yet in communities or on streets.

    Raises
    ------
    InputError
        If there is no home at all, or people are known where no home is.
    ExtentError
        If nobody of the population raster lives in the area.

    Warns
    -----
    MissingDataWarning
        If land or cells stand for homes, or no population is known.
    DoubtfulRowsWarning
        If numbers of people contradict each other: which of them decided.
    """
    homes = homes_of_buildings(
        survey["buildings"] if config.homes.buildings is not None else survey["buildings"].iloc[:0],
        survey["ground"],
        area=area,
        rules=standard.home_rules,
        not_homes=frozenset(survey["pois"]["poi_id"]),
    )
    if "population" in survey:
        return _homes_of_raster(config, homes, survey["population"], communities, area)
    if len(homes) == 0:
        homes = homes_of_land(survey["ground"], area=area)
        if len(homes) == 0:
            raise InputError(
                Problem(
                    what="neither a residential building nor residential land lies in the area",
                    where="homes",
                    remedy="name a file of buildings under homes.buildings, or check the area",
                )
            )
        _say(
            f"no residential building lies in the area: {len(homes):,} points of residential "
            "land stand for homes"
        )
    area_of = area_people = None
    if "people" in communities and communities["people"].notna().any():
        area_of = community_of(homes.geometry.to_numpy(), communities)
        area_people = communities["people"].to_numpy(dtype=np.float64)
    table = people_homes(
        homes,
        total=config.homes.total,
        area_of=area_of,
        area_people=area_people,
        groups=_declared(config, communities),
    )
    table = _with_counted_groups(config, table, communities)
    if area_people is not None:
        _compare(table, community_of(table.geometry.to_numpy(), communities), area_people)
    if (table["origin"] == "equal").any():
        _say(
            f"no population is known: {len(table):,} homes weigh the same, and every count of "
            "people is a count of homes"
        )
    return table


def _counted(communities: gpd.GeoDataFrame) -> dict[str, NDArray[np.float64]]:
    """Take the groups communities count, by group."""
    return {
        str(name).removeprefix(GROUP_PREFIX): communities[name].to_numpy(dtype=np.float64)
        for name in communities.columns
        if str(name).startswith(GROUP_PREFIX) and communities[name].notna().any()
    }


def _declared(config: StudyConfig, communities: gpd.GeoDataFrame) -> dict[str, float]:
    """Take the flat shares of groups that no community counts."""
    counted = _counted(communities)
    return {key: share for key, share in config.homes.groups.items() if key not in counted}


def _with_counted_groups(
    config: StudyConfig, homes: gpd.GeoDataFrame, communities: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    counted = _counted(communities)
    if not counted or "people" not in communities:
        return homes
    table, assumed = share_area_groups(
        homes,
        area_of=community_of(homes.geometry.to_numpy(), communities),
        area_people=communities["people"].to_numpy(dtype=np.float64),
        area_groups=counted,
        groups=config.homes.groups,
    )
    for group, people in assumed.items():
        if people > _A_PERSON:
            way = "homes.groups" if group in config.homes.groups else "the mean of the others"
            _say(
                f"group {group} is not counted where {people:,.0f} people live: its share there "
                f"is that of {way}"
            )
    return table


def _compare(
    homes: gpd.GeoDataFrame, area: NDArray[np.int32], area_people: NDArray[np.float64]
) -> None:
    """Say where counted people contradict those of their community, and who got none."""
    people = homes["people"].to_numpy(dtype=np.float64)
    inside = area >= 0
    placed = np.bincount(area[inside], weights=people[inside], minlength=len(area_people))
    gap = np.nan_to_num(area_people - placed)
    wrong = np.abs(gap) > _A_PERSON
    if wrong.any():
        _say(
            f"communities whose buildings count other people than the community itself: "
            f"{wrong.sum()} (together {gap.sum():+,.0f}); the buildings' counts stand",
            DoubtfulRowsWarning,
        )
    unknown = np.ones(len(homes), dtype=bool)
    unknown[inside] = np.isnan(area_people)[area[inside]]
    without = unknown & (people == 0)
    if without.any():
        _say(f"homes in no community whose people are known: {without.sum():,}; they count nobody")


def _say(text: str, category: type[Warning] = MissingDataWarning) -> None:
    warnings.warn(text, category, stacklevel=3)


def _homes_of_raster(
    config: StudyConfig,
    buildings: gpd.GeoDataFrame,
    population: gpd.GeoDataFrame,
    communities: gpd.GeoDataFrame,
    area: shapely.Geometry,
) -> gpd.GeoDataFrame:
    """Take people from a raster: cells are the smallest known areas, better totals scale them."""
    cells = cells_in_area(population, area=area)
    if len(cells) == 0:
        raise ExtentError(
            Problem(
                what="the raster counts nobody in the study area",
                where="homes.raster",
                remedy="check the raster and the area, or leave it out and give homes.total",
            )
        )
    homes = homes_of_cells(buildings, cells, area=area)
    _tell_of_cells(homes, cells, len(buildings))
    area_of = area_people = None
    if "people" in communities and communities["people"].notna().any():
        area_of = community_of(homes.geometry.to_numpy(), communities)
        area_people = communities["people"].to_numpy(dtype=np.float64)
    scaled = scale_people(homes, total=config.homes.total, area_of=area_of, area_people=area_people)
    _tell_of_totals(config, homes, scaled, communities)
    table = share_groups(scaled, _declared(config, communities))
    return _with_counted_groups(config, table, communities)


def _tell_of_cells(homes: gpd.GeoDataFrame, cells: gpd.GeoDataFrame, buildings: int) -> None:
    own = homes["origin"] == "raster"
    counted = homes["origin"] == "people"
    if buildings == 0:
        _say(
            f"{own.sum():,} cells of the population raster stand for homes: no residential "
            "building in the area is known or asked for"
        )
    elif own.any():
        _say(
            f"cells of the population raster without a home: {own.sum():,}, with "
            f"{homes.loc[own, 'people'].sum():,.0f} people; each has one at its middle"
        )
    at = community_of(homes.geometry.to_numpy(), cells)
    nowhere = (at < 0) & ~counted.to_numpy()
    if nowhere.any():
        _say(f"homes where the population raster counts nobody: {nowhere.sum():,}, taken as empty")
    known, found = cells["people"].sum(), homes["people"].sum()
    if counted.any() and abs(found - known) > 0.5:
        _say(
            f"buildings that count their own people keep them: {found:,.0f} people in all, where "
            f"the population raster has {known:,.0f}",
            DoubtfulRowsWarning,
        )


def _tell_of_totals(
    config: StudyConfig,
    homes: gpd.GeoDataFrame,
    scaled: gpd.GeoDataFrame,
    communities: gpd.GeoDataFrame,
) -> None:
    before, after, total = homes["people"].sum(), scaled["people"].sum(), config.homes.total
    known = int(communities["people"].notna().sum()) if "people" in communities else 0
    if known:
        _say(
            f"communities that count their own people: {known:,}; the population raster only says "
            "where in them they live",
            DoubtfulRowsWarning,
        )
    if total is None:
        return
    if abs(after - total) > 1e-6 * total:
        _say(
            f"homes.total is {total:,.0f}, but communities and buildings with people of their own "
            f"make {after:,.0f}, which stands",
            DoubtfulRowsWarning,
        )
    elif abs(before - total) > 1e-6 * total:
        _say(
            f"the population raster counts {before:,.0f} people in the area: scaled to "
            f"homes.total, {total:,.0f} (x {total / before:.3g})",
            DoubtfulRowsWarning,
        )
