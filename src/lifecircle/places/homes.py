"""
From buildings, tables or land to homes: points with people.

The best evidence wins, the origin of each number is kept, and people are conserved: the homes of an
area hold exactly the people known for it.
"""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.errors import InputError, Problem
from lifecircle.places.groups import GROUP_PREFIX, _within, share_groups
from lifecircle.standards import HomeRules
from lifecircle.tables import HOMES, check

LAND_CELL_M = 50.0
"""Spacing of the points that stand for residential land without buildings [m] (P)."""

_NOT_HOMES = ("school", "hospital", "industrial", "military", "sports", "railway", "allotments")


def homes_of_buildings(
    buildings: gpd.GeoDataFrame,
    ground: gpd.GeoDataFrame,
    *,
    area: shapely.Geometry,
    rules: HomeRules,
    not_homes: frozenset[str] = frozenset(),
) -> gpd.GeoDataFrame:
    """
    Pick the buildings people live in and measure their floors.

    Parameters
    ----------
    buildings
        `tables.BUILDINGS` in the study's metric system.
    ground
        `tables.GROUND` in the same system.
    area
        Outline of the study area.
    rules
        What counts as a home where nothing is said.
    not_homes
        Ids of untagged buildings known to be something else (a facility, a shop).

    Returns
    -------
    homes
        `tables.HOMES` with zero people and the building's ``flats`` and ``known_people`` beside
        them; ``assumed_use`` and ``assumed_storeys`` say that its use or its storeys come from the
        rule and not from the data. Groups the buildings count (``people_60plus`` …) are kept.
    """
    outline = buildings.geometry.array
    points = shapely.point_on_surface(np.asarray(outline))
    inside = shapely.intersects(area, points)
    footprint = shapely.area(np.asarray(outline))
    use = buildings["use"].fillna("yes").to_numpy(dtype=object)
    tagged = np.isin(use.astype(str), rules.residential_uses)
    plain = (use == "yes") & (footprint >= rules.untagged_min_m2)
    plain &= ~buildings["building_id"].isin(not_homes).to_numpy()
    plain &= ~_within(points, ground[ground["kind"].isin(_NOT_HOMES)])
    if rules.untagged_only_in_residential:
        plain &= _within(points, ground[ground["kind"] == "residential"])
    # Offices are listed with zero flats: only a positive number makes a home.
    peopled = ((buildings["people"] > 0) | (buildings["flats"] > 0)).to_numpy()
    keep = inside & (tagged | plain | peopled)
    levels = buildings["levels"].to_numpy(dtype=np.float64)
    default = rules.levels_default["default"]
    assumed_levels = np.asarray([rules.levels_default.get(str(tag), default) for tag in use])
    # A given zero is a slip of the pen: a building that stands has a storey.
    given = levels > 0
    floor = footprint * np.where(given, levels, assumed_levels)
    kept = buildings[keep]
    return gpd.GeoDataFrame(
        {
            "home_id": kept["building_id"].to_numpy(dtype=object),
            "community_id": None,
            "estate_id": None,
            "status": "ok",
            "people": 0.0,
            "floor_m2": floor[keep],
            "origin": "floor_area",
            "flats": kept["flats"].to_numpy(dtype=np.float64),
            "known_people": kept["people"].to_numpy(dtype=np.float64),
            "assumed_use": (plain & ~tagged & ~peopled)[keep],
            "assumed_storeys": ~given[keep],
            **{
                name: kept[name].fillna(0.0).to_numpy(dtype=np.float64)
                for name in kept
                if str(name).startswith(GROUP_PREFIX)
            },
        },
        geometry=points[keep],
        crs=buildings.crs,
    )


def homes_of_land(ground: gpd.GeoDataFrame, *, area: shapely.Geometry) -> gpd.GeoDataFrame:
    """
    Spread homes over residential land where no buildings are known.

    Parameters
    ----------
    ground
        `tables.GROUND` in the study's metric system.
    area
        Outline of the study area.

    Returns
    -------
    homes
        One point per 50 m cell of residential land with zero people; `floor_m2` is the cell's
        land, which stands in for floor area.
    """
    living = ground[ground["kind"] == "residential"].geometry
    west, south, east, north = area.bounds
    xs = np.arange(np.floor(west / LAND_CELL_M), np.ceil(east / LAND_CELL_M)) + 0.5
    ys = np.arange(np.floor(south / LAND_CELL_M), np.ceil(north / LAND_CELL_M)) + 0.5
    grid = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2) * LAND_CELL_M
    points = shapely.points(grid)
    points = points[shapely.intersects(area, points)]
    points = points[_within(points, gpd.GeoDataFrame(geometry=living, crs=ground.crs))]
    xy = shapely.get_coordinates(points)
    return gpd.GeoDataFrame(
        {
            "home_id": [f"cell{x:.0f}_{y:.0f}" for x, y in xy],
            "community_id": None,
            "estate_id": None,
            "status": "ok",
            "people": 0.0,
            "floor_m2": LAND_CELL_M**2,
            "origin": "residential_land",
            "flats": np.nan,
            "known_people": np.nan,
            "assumed_use": False,
            "assumed_storeys": False,
        },
        geometry=points,
        crs=ground.crs,
    )


def people_homes(
    homes: gpd.GeoDataFrame,
    *,
    total: float | None,
    area_of: NDArray[np.int32] | None = None,
    area_people: NDArray[np.float64] | None = None,
    groups: Mapping[str, float] | None = None,
) -> gpd.GeoDataFrame:
    """
    Share people out to homes.

    Parameters
    ----------
    homes
        As `homes_of_buildings` makes them; not changed.
    total
        People of the whole study; None when nobody knows.
    area_of, area_people
        Smallest known area each home lies in (-1 none), shape (homes,), and its people (NaN
        unknown), shape (areas,).
    groups
        Flat declared shares of groups, such as ``{"60plus": 0.23}``, for groups that are not
        counted per home.

    Returns
    -------
    homes
        `tables.HOMES`, people filled, one ``people_<group>`` column per group.

    Raises
    ------
    InputError
        If people are known but there is nobody's home to put them in.

    Notes
    -----
    Evidence in order: people counted per building; else people of the smallest known area shared
    by floor area (`flats` take the place of floor area where every building of the area has
    them); else, with no total at all, every home weighs the same and counts mean homes.
    """
    rank = np.argsort(homes["home_id"].to_numpy(dtype=str), kind="stable")
    table = homes.iloc[rank].reset_index(drop=True)
    area = np.full(len(table), -1) if area_of is None else area_of[rank]
    known_area = np.empty(0) if area_people is None else area_people
    counted = table["known_people"].to_numpy(dtype=np.float64)
    people = np.nan_to_num(counted)
    origin = np.where(np.isnan(counted), table["origin"], "people").astype(object)
    open_homes = np.isnan(counted)
    flats = table["flats"].to_numpy(dtype=np.float64)
    floor = table["floor_m2"].to_numpy(dtype=np.float64)
    # Sorted once: a raster has as many areas as cells.
    by_area = np.argsort(area, kind="stable")
    ends = np.searchsorted(area[by_area], np.arange(len(known_area) + 1))
    for index, in_area in enumerate(known_area):
        if np.isnan(in_area):
            continue
        rows = by_area[ends[index] : ends[index + 1]]
        members = rows[open_homes[rows]]
        rest = in_area - people[rows[~open_homes[rows]]].sum()
        if len(members):
            people[members], way = _shares(flats[members], floor[members], max(rest, 0.0))
            origin[members] = way or origin[members]
            open_homes[members] = False
        elif rest > 0 and not len(rows):
            raise InputError(
                Problem(
                    what=f"{in_area:,.0f} people are known for an area without any home",
                    where=f"area number {index + 1}",
                    remedy="check the buildings of that area or its people",
                )
            )
    if total is not None and open_homes.any():
        rest = max(total - people.sum(), 0.0)
        people[open_homes], way = _shares(flats[open_homes], floor[open_homes], rest)
        origin[open_homes] = way or origin[open_homes]
    elif total is not None and len(table) == 0:
        raise InputError(
            Problem(
                what=f"{total:,.0f} people were given, but no home was found to put them in",
                where="homes",
                remedy="check that the buildings or the residential land cover the area",
            )
        )
    elif total is None and open_homes.any() and not (people > 0).any():
        people[:] = 1.0
        origin[:] = "equal"
    table["people"] = people
    table["origin"] = origin
    table = share_groups(table, groups)
    return check(table.drop(columns=["flats", "known_people"]), HOMES, where="homes")


def _shares(
    flats: NDArray[np.float64], floor: NDArray[np.float64], people: float
) -> tuple[NDArray[np.float64], str | None]:
    """Divide people by flats where all have them, else by floor area; the sum is exact."""
    by_flats = bool(np.isfinite(flats).all() and flats.sum() > 0)
    weight = flats if by_flats else np.nan_to_num(floor)
    if weight.sum() <= 0:
        weight = np.ones(len(weight))
    return people * weight / weight.sum(), "flats" if by_flats else None
