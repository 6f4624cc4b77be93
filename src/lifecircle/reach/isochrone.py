"""
From walks to areas that can be drawn: nested polygons, each with its measured error.

The area is a raster whose cells are pinned to the streets as homes are; contours of the cells'
times nest by construction. Coverage is never read off these polygons.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.errors import RuleError
from lifecircle.network.pins import pin_points
from lifecircle.network.router import Router
from lifecircle.network.streets import StreetNetwork
from lifecircle.network.walks import Ends
from lifecircle.reach.asking import asked, local_points, rasters_around, whole_limits
from lifecircle.reach.bands import draw_counted, draw_each, draw_nearest, draw_union
from lifecircle.reach.matrix import Pinned, Reach, limit_units
from lifecircle.reach.raster import CELL_M, Raster
from lifecircle.walk import PROFILES

Form = Literal["each", "union", "nearest"]

_FORMS = ("each", "union", "nearest")
_COLUMNS = ["point", "minutes", "wrongly_in", "wrongly_out", "geometry"]


def isochrones(
    network: StreetNetwork,
    points: gpd.GeoDataFrame,
    minutes: Sequence[float] = (5, 15),
    *,
    profile: str = "gb",
    direction: str = "to_facility",
    form: Form = "each",
    homes: gpd.GeoDataFrame | None = None,
    cell_m: float = CELL_M,
    raster: Raster | None = None,
) -> gpd.GeoDataFrame:
    """
    Draw the areas from which points are reached within some minutes.

    Parameters
    ----------
    network
        The streets.
    points
        Points in any reference system; their index names the rows of the result.
    minutes
        Limits [min].
    profile
        Who walks, rides or drives, a name in `lifecircle.walk.PROFILES`.
    direction
        ``to_facility`` for walks to the point, ``from_facility`` for walks from it.
    form
        ``each`` for the area of every point on its own, ``union`` for one area around all of
        them, ``nearest`` for that area shared out so that everybody belongs to the nearest point.
    homes
        Points with an optional ``people`` column to measure the drawing by.
    cell_m
        Side of a raster cell [m]; that of `raster` counts where one is given.
    raster
        What `prepare_raster` made of this network, to be used again; nothing is drawn outside
        it. Without one the surroundings of the points are prepared at each call.

    Returns
    -------
    areas
        One row per point and limit (per limit for ``union``): ``point`` (its index, missing for
        ``union``), ``minutes``, ``wrongly_in`` and ``wrongly_out`` (people wrongly inside and
        outside, as shares of the people truly reached; missing without homes) and multipolygons,
        empty where nothing is reached, in the system of `points`. Areas of one point nest.

    Raises
    ------
    RuleError
        If profile, direction or form is unknown, a limit is not positive, or the raster belongs
        to another network.
    SchemaError
        If a row of the points is no point.
    CrsError
        If the points have no reference system.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString, Point
    >>> from lifecircle.network.streets import StreetNetwork
    >>> from lifecircle.reach.isochrone import isochrones
    >>> street = gpd.GeoDataFrame(geometry=[LineString([(0, 0), (2000, 0)])], crs="EPSG:4550")
    >>> place = gpd.GeoDataFrame(geometry=[Point(1000, 0)], crs="EPSG:4550")
    >>> areas = isochrones(StreetNetwork.from_lines(street), place, [5, 15])
    >>> areas.geometry.bounds.maxx.round(-1).tolist()
    [1330.0, 2000.0]
    """
    who, from_facility = asked(profile, direction)
    limits = sorted({float(one) for one in minutes})
    bands = whole_limits(limits)
    if form not in _FORMS:
        raise RuleError(f"unknown form '{form}'; forms: {', '.join(_FORMS)}")
    xy = local_points(network.crs, points, where="points")
    ends = Ends.single(pin_points(network, xy, mode=who.mode))
    drawn = np.full((len(points), len(bands)), shapely.MultiPolygon(), dtype=object)
    united = np.full(len(bands), shapely.MultiPolygon(), dtype=object)
    for members, cells in rasters_around(network, xy, who, limits[-1], cell_m, raster):
        readers = cells.readers(who, from_facility=from_facility)
        some = ends.select(members)
        if form == "union":
            united = _joined(united, draw_union(cells, readers, some, bands=bands))
        else:
            draw = draw_each if form == "each" else draw_nearest
            drawn[members] = draw(cells, readers, some, bands=bands)[members]
    areas = united.reshape(1, -1) if form == "union" else drawn
    names = [None] if form == "union" else points.index
    wrong = np.full((len(areas), len(bands), 2), np.nan)
    if homes is not None:
        router = Router(network=network, profile=who)
        wrong = _errors(router, areas, ends, homes, bands, form, from_facility=from_facility)
    table = gpd.GeoDataFrame(
        {
            "point": np.repeat(np.asarray(names, dtype=object), len(bands)),
            "minutes": np.tile(limits, len(areas)),
            "wrongly_in": wrong[:, :, 0].ravel(),
            "wrongly_out": wrong[:, :, 1].ravel(),
            "geometry": areas.ravel(),
        },
        columns=_COLUMNS,
        crs=network.crs,
    )
    if form != "union":
        table["point"] = points.index.repeat(len(bands))
    return table.to_crs(points.crs)


def _joined(some: NDArray[np.object_], others: NDArray[np.object_]) -> NDArray[np.object_]:
    """Put areas that lie apart into one multipolygon per band."""
    parts = [shapely.get_parts([one, other]) for one, other in zip(some, others, strict=True)]
    return np.asarray([shapely.multipolygons(both) for both in parts], dtype=object)


def _errors(
    router: Router,
    areas: NDArray[np.object_],
    ends: Ends,
    homes: gpd.GeoDataFrame,
    bands: Sequence[int],
    form: Form,
    *,
    from_facility: bool,
) -> NDArray[np.float64]:
    """Measure every drawing by the homes: shares wrongly in and out, shape (areas, bands, 2)."""
    places = local_points(router.network.crs, homes, where="homes")
    people = (
        homes["people"].to_numpy(dtype=np.float64) if "people" in homes else np.ones(len(homes))
    )
    living = Ends.single(pin_points(router.network, places, mode=router.profile.mode))
    if form == "each":
        pairs = router.matrix(living, ends, limit=max(bands), from_facility=from_facility)
        home, area = pairs.home.astype(np.int64), pairs.facility.astype(np.int64)
        cost = pairs.cost.astype(np.float64)
    else:
        found = router.nearest(living, ends, limit=max(bands), from_facility=from_facility)
        home = np.flatnonzero(found.to >= 0)
        area = found.to[home].astype(np.int64) * (form == "nearest")
        cost = found.walk_cs[home]
    tree = shapely.STRtree(places)
    wrong = np.full((*areas.shape, 2), np.nan)
    for column, band in enumerate(bands):
        near = cost <= band
        truly = area[near] * len(places) + home[near]
        drawn_area, drawn_home = tree.query(areas[:, column], predicate="intersects")
        drawn = drawn_area * len(places) + drawn_home
        reached = _people_by_area(truly, people, len(areas))
        some = reached > 0
        for side, keys in enumerate((np.setdiff1d(drawn, truly), np.setdiff1d(truly, drawn))):
            wrong[some, column, side] = _people_by_area(keys, people, len(areas))[some]
            wrong[some, column, side] /= reached[some]
    return wrong


def _people_by_area(
    keys: NDArray[np.int64], people: NDArray[np.float64], areas: int
) -> NDArray[np.float64]:
    """Sum the people of pairs ``area * homes + home``."""
    area, home = np.divmod(keys, max(1, len(people)))
    return np.bincount(area, weights=people[home], minlength=areas).astype(np.float64)


def isochrones_of_study(
    raster: Raster,
    reaches: Sequence[Reach],
    *,
    homes: Pinned,
    facilities: Pinned,
) -> gpd.GeoDataFrame:
    """
    Draw where every requirement is met, and measure how wrong the drawing is.

    That is the union of all circles; where a requirement counts places, where there are enough.

    Parameters
    ----------
    raster
        The prepared cells.
    reaches
        The requirements' answers.
    homes, facilities
        Both sides.

    Returns
    -------
    isochrones
        ``service, requirement, minutes, facility_id`` (empty), ``wrongly_in`` and ``wrongly_out``
        (people wrongly inside and outside, as shares of the people truly covered) and geometry.
    """
    rows = []
    points = homes.table.geometry.to_numpy()
    people = homes.table["people"].to_numpy(dtype=np.float64)
    for reach in reaches:
        requirement = reach.requirement
        timed = requirement.minutes is not None
        readers = raster.readers(
            PROFILES[requirement.profile],
            metric="time" if timed else "distance",
            from_facility=requirement.direction == "from_facility",
        )
        anyone = ~facilities.table["open_to"].fillna("anyone").eq("residents").to_numpy()
        bands = [limit_units(requirement)]
        if requirement.counts:
            kinds = facilities.table["type"]
            rules = [
                (rule.at_least, reach.counting & anyone & kinds.isin(rule.types).to_numpy())
                for rule in requirement.counts
            ]
            ends = [(number, facilities.ends.select(those)) for number, those in rules]
            area = draw_counted(raster, readers, ends, bands=bands)[0]
        else:
            some = facilities.ends.select(reach.counting & anyone)
            area = draw_union(raster, readers, some, bands=bands)[0]
        with np.errstate(invalid="ignore"):
            truly = reach.measured <= requirement.limit
        wrongly_in, wrongly_out = _drawing_error(area, points, people, truly)
        rows.append(
            {
                "service": requirement.service,
                "requirement": requirement.id,
                "minutes": requirement.circle,
                "facility_id": "",
                "wrongly_in": wrongly_in,
                "wrongly_out": wrongly_out,
                "geometry": area,
            }
        )
    columns = ["service", "requirement", "minutes", "facility_id", "wrongly_in", "wrongly_out"]
    return gpd.GeoDataFrame(rows, columns=[*columns, "geometry"], crs=raster.network.crs)


def _drawing_error(
    area: shapely.Geometry,
    points: NDArray[np.object_],
    people: NDArray[np.float64],
    truly: NDArray[np.bool_],
) -> tuple[float, float]:
    """Give people wrongly inside and outside as shares of those truly reached."""
    shapely.prepare(area)
    inside = shapely.intersects(area, points)
    reached = float(people[truly].sum())
    if reached <= 0:
        return np.nan, np.nan
    return (
        float(people[inside & ~truly].sum()) / reached,
        float(people[~inside & truly].sum()) / reached,
    )
