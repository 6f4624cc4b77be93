"""
From the cells of a population raster to homes with people.

People are conserved: the homes of a cell hold exactly the people of its part of the area, and a
cell without any home gets one.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.errors import InputError, Problem
from lifecircle.places.communities import community_of
from lifecircle.places.homes import people_homes
from lifecircle.tables import HOMES, check

_NOTHING = 1e-9  # share of a cell that is a rounding of its shared border, not a part


def cells_in_area(cells: gpd.GeoDataFrame, *, area: shapely.Geometry) -> gpd.GeoDataFrame:
    """
    Keep the cells in an area, with the people of their part in it.

    Parameters
    ----------
    cells
        `tables.POPULATION_CELLS` in the study's metric system; not changed.
    area
        Outline of the study area.

    Returns
    -------
    cells
        Those that meet the area, by id, each with its whole outline: `people` times the `share` of
        the cell's area that lies in the study area, for people are taken to live evenly in a cell.
    """
    shapes = cells.geometry.to_numpy()
    share = shapely.covers(area, shapes).astype(np.float64)
    cut = np.flatnonzero((share == 0) & shapely.intersects(area, shapes))
    share[cut] = shapely.area(shapely.intersection(area, shapes[cut])) / shapely.area(shapes[cut])
    table = cells[["cell_id", "people", "geometry"]].copy()
    table["people"] = table["people"].to_numpy(dtype=np.float64) * share
    table["share"] = share
    kept = table[(share > _NOTHING) & (table["people"] > 0).to_numpy()]
    return kept.sort_values("cell_id", kind="stable", ignore_index=True)


def homes_of_cells(
    homes: gpd.GeoDataFrame, cells: gpd.GeoDataFrame, *, area: shapely.Geometry
) -> gpd.GeoDataFrame:
    """
    Share the people of cells out to the homes in them.

    Parameters
    ----------
    homes
        As `places.homes.homes_of_buildings` makes them; may be none; not changed.
    cells
        As `cells_in_area` gives them.
    area
        Outline of the study area.

    Returns
    -------
    homes
        `tables.HOMES`. The homes of a cell have its people by floor area, or by flats where all
        have them; homes that count their own people keep them, and the others of the cell share
        the rest. A cell without a home gets one at its middle (``raster_<cell_id>``, `origin`
        ``raster``); where the area's border cuts the cell, at the middle of what lies inside. A
        home in no cell has nobody. A home on the line between cells belongs to the first.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from lifecircle.places.population import cells_in_area, homes_of_cells
    >>> area = shapely.box(0, 0, 150, 100)
    >>> cells = gpd.GeoDataFrame(
    ...     {"cell_id": ["c0_0", "c0_1"], "people": [60.0, 30.0]},
    ...     geometry=[shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)],
    ...     crs="EPSG:4549",
    ... )
    >>> houses = gpd.GeoDataFrame(
    ...     {"home_id": ["a", "b"], "community_id": None, "estate_id": None, "status": "ok",
    ...      "floor_m2": [100.0, 200.0], "origin": "floor_area", "flats": float("nan"),
    ...      "known_people": float("nan")},
    ...     geometry=[shapely.Point(20, 20), shapely.Point(80, 80)], crs="EPSG:4549",
    ... )
    >>> homes = homes_of_cells(houses, cells_in_area(cells, area=area), area=area)
    >>> homes[["home_id", "people"]].values.tolist()
    [['a', 20.0], ['b', 40.0], ['raster_c0_1', 15.0]]
    """
    at = community_of(homes.geometry.to_numpy(), cells)
    empty = np.ones(len(cells), dtype=bool)
    empty[at[at >= 0]] = False
    return people_homes(
        _with_own_homes(homes, cells[empty], area),
        total=None,
        area_of=np.concatenate([at, np.flatnonzero(empty).astype(np.int32)]),
        area_people=cells["people"].to_numpy(dtype=np.float64),
    )


def _with_own_homes(
    homes: gpd.GeoDataFrame, cells: gpd.GeoDataFrame, area: shapely.Geometry
) -> gpd.GeoDataFrame:
    """Put one home for each cell behind the others."""
    own: dict[str, object] = {
        "home_id": ("raster_" + cells["cell_id"].astype(str)).to_numpy(dtype=object),
        "community_id": None,
        "estate_id": None,
        "status": "ok",
        "origin": "raster",
        "assumed_use": False,
        "assumed_storeys": False,
        "floor_m2": np.nan,
        "flats": np.nan,
        "known_people": np.nan,
    }
    columns = {}
    for name in homes.columns.drop("geometry"):
        old = homes[name].to_numpy()
        # What is left are numbers of people: of all, and of groups that buildings count.
        new = np.full(len(cells), own.get(name, 0.0), dtype=old.dtype)
        columns[name] = np.concatenate([old, new])
    points = np.concatenate([homes.geometry.to_numpy(), _middles(cells, area)])
    return gpd.GeoDataFrame(columns, geometry=points, crs=cells.crs)


def _middles(cells: gpd.GeoDataFrame, area: shapely.Geometry) -> NDArray[np.object_]:
    """Find the middle of each cell's part in the area, a point of that part in any case."""
    parts = cells.geometry.to_numpy().copy()
    cut = (cells["share"] < 1).to_numpy()
    parts[cut] = shapely.intersection(area, parts[cut])
    middles = shapely.centroid(parts)
    beside = ~shapely.intersects(parts, middles)
    middles[beside] = shapely.point_on_surface(parts[beside])
    return np.asarray(middles, dtype=object)


def scale_people(
    homes: gpd.GeoDataFrame,
    *,
    total: float | None,
    area_of: NDArray[np.int32] | None = None,
    area_people: NDArray[np.float64] | None = None,
) -> gpd.GeoDataFrame:
    """
    Bring people shared out before to numbers that are known better.

    Parameters
    ----------
    homes
        `tables.HOMES` with people; not changed.
    total
        People of the whole study; None leaves them as they are.
    area_of, area_people
        Area with a better number each home lies in (-1 none), shape (homes,), and that number
        (NaN unknown), shape (areas,).

    Returns
    -------
    homes
        The homes of an area with a better number are scaled to it, those of all other areas
        together to what is left of the total. Homes that count their own people (`origin`
        ``people``) keep them; where nobody was shared out, floor area decides.

    Raises
    ------
    InputError
        If people are known for an area without any home.
    """
    table = homes.copy()
    people = table["people"].to_numpy(dtype=np.float64).copy()
    floor = np.nan_to_num(table["floor_m2"].to_numpy(dtype=np.float64))
    counted = (table["origin"] == "people").to_numpy()
    area = np.full(len(table), -1) if area_of is None else area_of
    known = np.empty(0) if area_people is None else area_people
    settled = counted.copy()
    problems = []
    for index in np.flatnonzero(~np.isnan(known)):
        inside = area == index
        if known[index] > 0 and not inside.any():
            problems.append(
                Problem(
                    what=f"{known[index]:,.0f} people are known for an area without any home",
                    where=f"area number {index + 1}",
                    remedy="check the buildings and the raster of that area, or its people",
                )
            )
        _scale(people, floor, inside & ~counted, known[index] - people[inside & counted].sum())
        settled |= inside
    if problems:
        raise InputError(problems)
    if total is not None:
        _scale(people, floor, ~settled, total - people[settled].sum())
    table["people"] = people
    return check(table, HOMES, where="homes")


def _scale(
    people: NDArray[np.float64],
    floor: NDArray[np.float64],
    rows: NDArray[np.bool_],
    wanted: float,
) -> None:
    """Scale some rows of `people` in place; where they hold nobody, floor area decides."""
    weight = next(
        (one[rows] for one in (people, floor) if one[rows].sum() > 0), np.ones(int(rows.sum()))
    )
    people[rows] = max(wanted, 0.0) * weight / weight.sum()
