"""
From a survey to homes with people: buildings, cells of a raster or residential land.

Which evidence decided is in each home's `origin`; what had to be assumed is a warning.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

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
from lifecircle.places.groups import GROUP_PREFIX, HOUSEHOLDS, share_area_groups, share_groups
from lifecircle.places.homes import homes_of_buildings, homes_of_land, people_homes
from lifecircle.places.missing_homes import Homeless, with_missing_homes
from lifecircle.places.population import cells_in_area, homes_of_cells, scale_people
from lifecircle.standards import Standard

_A_PERSON = 0.5  # less is rounding
_SLIVER = 0.001  # share of a grid beyond the border that is a slip of the pen (P)


@dataclass(frozen=True, kw_only=True)
class _Evidence:
    """How a source of people by small areas is called."""

    key: str
    name: str
    cells: str
    origin: str


# Grids were counted, rasters modelled: the first that is there decides.
_CELLS = {
    "grids": _Evidence(key="grids", name="the file of grids", cells="grids", origin="grid"),
    "population": _Evidence(
        key="raster",
        name="the population raster",
        cells="cells of the population raster",
        origin="raster",
    ),
}


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
        If people, or a file of buildings, are given and there is no home.
    ExtentError
        If nobody of the population raster lives in the area.

    Warns
    -----
    MissingDataWarning
        If land or cells stand for homes, no population is known, or no home at all.
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
    for name, evidence in _CELLS.items():
        if name in survey:
            return _homes_of_cells(
                config, homes, survey[name], communities, survey["ground"], area, evidence
            )
    if len(homes) == 0:
        homes = homes_of_land(survey["ground"], area=area)
        if len(homes) == 0 and _nobody_asked(config, communities):
            _say(
                "no home is known in the area: land is found and judged, and no gap and no site "
                "is told (name a file under homes.buildings, or a raster under homes.raster)"
            )
            return people_homes(homes, total=None)
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
        homes, homeless = with_missing_homes(homes, communities, survey["ground"], area=area)
        _tell_of_homeless(homeless)
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


def _nobody_asked(config: StudyConfig, communities: gpd.GeoDataFrame) -> bool:
    """Tell an area nobody lives in, by the map, from people whose homes are not found."""
    counted = "people" in communities and communities["people"].notna().any()
    return config.homes.buildings == "osm" and config.homes.total is None and not counted


def _counted(communities: gpd.GeoDataFrame) -> dict[str, NDArray[np.float64]]:
    """Take the groups communities count, by group, households too."""
    counted = {
        str(name).removeprefix(GROUP_PREFIX): communities[name].to_numpy(dtype=np.float64)
        for name in communities.columns
        if str(name).startswith(GROUP_PREFIX) and communities[name].notna().any()
    }
    if HOUSEHOLDS in communities and communities[HOUSEHOLDS].notna().any():
        counted[HOUSEHOLDS] = communities[HOUSEHOLDS].to_numpy(dtype=np.float64)
    return counted


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
    return table.rename(columns={f"{GROUP_PREFIX}{HOUSEHOLDS}": HOUSEHOLDS})


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


def _homes_of_cells(
    config: StudyConfig,
    buildings: gpd.GeoDataFrame,
    counted: gpd.GeoDataFrame,
    communities: gpd.GeoDataFrame,
    ground: gpd.GeoDataFrame,
    area: shapely.Geometry,
    evidence: _Evidence,
) -> gpd.GeoDataFrame:
    """Take people from cells or grids, the smallest known areas; better totals scale them."""
    cells = cells_in_area(counted, area=area)
    if evidence.key == "grids":
        # Borders drawn twice are never quite the same: a sliver outside takes nobody along.
        whole = cells["share"] > 1 - _SLIVER
        cells["people"] = cells["people"].where(~whole, cells["people"] / cells["share"])
    if len(cells) == 0:
        raise ExtentError(
            Problem(
                what=f"{evidence.name} counts nobody in the study area",
                where=f"homes.{evidence.key}",
                remedy="check the file and the area, or leave it out and give homes.total",
            )
        )
    homes = homes_of_cells(buildings, cells, area=area)
    if evidence.key == "grids":
        homes = _beyond_grids(_called_grids(homes), counted, communities, total=config.homes.total)
    _tell_of_cells(homes, cells, len(buildings), evidence)
    area_of = area_people = None
    if "people" in communities and communities["people"].notna().any():
        homes, homeless = with_missing_homes(homes, communities, ground, area=area)
        _tell_of_homeless(homeless)
        area_of = community_of(homes.geometry.to_numpy(), communities)
        area_people = communities["people"].to_numpy(dtype=np.float64)
    scaled = scale_people(homes, total=config.homes.total, area_of=area_of, area_people=area_people)
    _tell_of_totals(config, homes, scaled, communities, evidence)
    table = share_groups(scaled, _declared(config, communities))
    return _with_counted_groups(config, table, communities)


def _tell_of_homeless(homeless: tuple[Homeless, ...]) -> None:
    """Name the communities whose people live where nobody drew a home."""
    if not homeless:
        return
    named = ", ".join(
        f"{one.name[:30]} {one.people:,.0f} "
        + (f"on {one.points:,} points of residential land" if one.points else "in its middle")
        for one in homeless[:8]
    )
    more = f" and {len(homeless) - 8} more" if len(homeless) > 8 else ""
    _say(
        f"communities with people and without a known home: {len(homeless)}, with "
        f"{sum(one.people for one in homeless):,.0f} people, who are put where homes may be "
        f"({named}{more}): check the buildings there"
    )


def _called_grids(homes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    table = homes.copy()
    own = (table["origin"] == "raster").to_numpy()
    names = table.loc[own, "home_id"].str.removeprefix("raster_")
    table.loc[own, "home_id"] = "grid_" + names
    table.loc[own, "origin"] = "grid"
    return table


def _beyond_grids(
    homes: gpd.GeoDataFrame,
    grids: gpd.GeoDataFrame,
    communities: gpd.GeoDataFrame,
    *,
    total: float | None,
) -> gpd.GeoDataFrame:
    """
    Give homes no grid speaks of the people their floor holds in the grids around.

    That is done in grids whose people are left out, and beyond all grids where a better number
    (of the community, or homes.total) is shared out among the same people. Elsewhere a file that
    has no grid says that nobody lives there, and nobody is added to those it counts.
    """
    points = homes.geometry.to_numpy()
    people = homes["people"].to_numpy(dtype=np.float64).copy()
    known_grid = grids["people"].notna().to_numpy()
    said = community_of(points, grids[known_grid].reset_index(drop=True)) >= 0
    gone = ~said & (people == 0)
    if not gone.any():
        return homes
    at = community_of(points, communities)
    silent = community_of(points, grids[~known_grid].reset_index(drop=True)) >= 0
    better = np.full(len(homes), total is not None)
    if "people" in communities:
        better |= (at >= 0) & communities["people"].notna().to_numpy()[at]
    gone &= silent | better
    if not gone.any():
        return homes
    floor = np.nan_to_num(homes["floor_m2"].to_numpy(dtype=np.float64))
    known = said & (floor > 0)
    density = people[known].sum() / max(floor[known].sum(), 1.0)
    for community in np.unique(at[gone]):
        here = known & (at == community)
        held = floor[here].sum()
        rows = gone & (at == community)
        people[rows] = floor[rows] * (people[here].sum() / held if held else density)
    estimated = people[gone & ~better].sum()
    _say(
        f"homes no grid speaks of: {gone.sum():,}; they are taken to be as densely lived in as "
        "those of their community that grids count"
        + (f", which adds {estimated:,.0f} people nobody counted" if estimated else "")
    )
    table = homes.copy()
    table["people"] = people
    return table


def _tell_of_cells(
    homes: gpd.GeoDataFrame, cells: gpd.GeoDataFrame, buildings: int, evidence: _Evidence
) -> None:
    own = homes["origin"] == evidence.origin
    counted = homes["origin"] == "people"
    if buildings == 0:
        _say(
            f"{own.sum():,} {evidence.cells} stand for homes: no residential "
            "building in the area is known or asked for"
        )
    elif own.any():
        _say(
            f"{evidence.cells} without a home: {own.sum():,}, with "
            f"{homes.loc[own, 'people'].sum():,.0f} people; each has one at its middle"
        )
    at = community_of(homes.geometry.to_numpy(), cells)
    nowhere = (at < 0) & ~counted.to_numpy()
    nowhere &= (homes["people"] == 0).to_numpy()
    if nowhere.any():
        _say(f"homes where {evidence.name} counts nobody: {nowhere.sum():,}, taken as empty")
    known, found = cells["people"].sum(), homes["people"].sum()
    if counted.any() and abs(found - known) > 0.5:
        _say(
            f"buildings that count their own people keep them: {found:,.0f} people in all, where "
            f"{evidence.name} has {known:,.0f}",
            DoubtfulRowsWarning,
        )


def _tell_of_totals(
    config: StudyConfig,
    homes: gpd.GeoDataFrame,
    scaled: gpd.GeoDataFrame,
    communities: gpd.GeoDataFrame,
    evidence: _Evidence,
) -> None:
    before, after, total = homes["people"].sum(), scaled["people"].sum(), config.homes.total
    known = int(communities["people"].notna().sum()) if "people" in communities else 0
    if known:
        _say(
            f"communities that count their own people: {known:,}; {evidence.name} only says "
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
            f"{evidence.name} counts {before:,.0f} people in the area: scaled to "
            f"homes.total, {total:,.0f} (x {total / before:.3g})",
            DoubtfulRowsWarning,
        )
