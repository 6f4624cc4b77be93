"""
From walks to areas that can be drawn: nested polygons, each with its measured error.

The area is a raster whose cells are pinned to the streets as homes are; contours of the cells'
times nest by construction. Coverage is never read off these polygons.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import contourpy
import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle import geo
from lifecircle.errors import RuleError
from lifecircle.network.pins import PIN_LIMIT_M, Pins, pin_points
from lifecircle.network.router import Router
from lifecircle.network.streets import StreetNetwork
from lifecircle.network.walks import Ends
from lifecircle.reach.matrix import Pinned, Reach
from lifecircle.reach.raster import CELL_M, Raster, prepare_raster, time_field
from lifecircle.walk import PROFILES, Mode


def draw_bands(
    raster: Raster,
    router: Router,
    facilities: Ends,
    *,
    bands: Sequence[int],
    from_facility: bool = False,
) -> list[shapely.Geometry]:
    """
    Draw the area within each band of the nearest of some facilities.

    Parameters
    ----------
    raster
        The prepared cells.
    router
        Network, profile and metric.
    facilities
        Where walks end (or begin).
    bands
        Limits in the router's integer unit, ascending.
    from_facility
        Whether walks run from the facility.

    Returns
    -------
    areas
        One valid polygon or multipolygon per band, empty where nothing is reached; each lies
        within the next.
    """
    # Cells somewhat beyond the limit take part, so that a contour runs where the limit is met.
    limit = max(bands) + _beyond(router, 2.0 * PIN_LIMIT_M)
    field = time_field(raster, router, facilities, limit=limit, from_facility=from_facility)
    if not np.nanmin(field, initial=np.inf) <= max(bands):
        return [shapely.Polygon() for _ in bands]
    # A cell nobody can be pinned in ends the area half a cell outside its neighbour.
    far = float(limit)
    filled = np.full((raster.rows + 2, raster.columns + 2), far)
    filled[1:-1, 1:-1] = np.where(np.isfinite(field), field, far)
    xs = raster.west + raster.cell_m * (np.arange(raster.columns + 2) - 1)
    ys = raster.south + raster.cell_m * (np.arange(raster.rows + 2) - 1)
    generator: Any = contourpy.contour_generator(
        xs, ys, filled, fill_type=contourpy.FillType.OuterOffset
    )
    areas: list[shapely.Geometry] = []
    for band in bands:
        # The upper edge is inclusive: a time equal to the limit is inside.
        found = generator.filled(-1.0, float(band) + 0.5)
        rings = [
            shapely.Polygon(
                xy[ends[0] : ends[1]],
                [xy[ends[k] : ends[k + 1]] for k in range(1, len(ends) - 1)],
            )
            for xy, ends in zip(found[0], found[1], strict=True)
        ]
        areas.append(shapely.make_valid(shapely.MultiPolygon(rings)))
    return _nested(areas)


def _beyond(router: Router, length_m: float) -> int:
    """Price a length in the router's integer unit."""
    if router.metric == "distance":
        return round(100 * length_m)
    return int(router.profile.centiseconds(length_m))


def isochrones(
    network: StreetNetwork,
    points: gpd.GeoDataFrame,
    minutes: Sequence[float] = (5, 15),
    *,
    profile: str = "gb",
    direction: str = "to_facility",
    homes: gpd.GeoDataFrame | None = None,
    cell_m: float = CELL_M,
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
    homes
        Points with an optional ``people`` column to measure the drawing by.
    cell_m
        Side of a raster cell [m].

    Returns
    -------
    areas
        One row per point and limit: ``point`` (its index), ``minutes``, ``wrongly_in`` and
        ``wrongly_out`` (shares of the people truly reached; missing without homes), in the system
        of `points`.

    Raises
    ------
    RuleError
        If profile or direction is unknown or a limit is not positive.
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
    >>> areas.geometry.bounds.minx.round(-1).tolist()
    [670.0, 0.0]
    """
    if profile not in PROFILES or direction not in ("to_facility", "from_facility"):
        raise RuleError(
            f"unknown profile '{profile}' or direction '{direction}'; profiles: "
            f"{', '.join(PROFILES)}; directions: to_facility, from_facility"
        )
    if len(minutes) == 0 or min(minutes) <= 0:
        raise RuleError("minutes must be one or more positive numbers")
    local = geo.to_crs(points, network.crs, where="points")
    limits = sorted(float(one) for one in minutes)
    bands = [round(one * 6000) for one in limits]
    who = PROFILES[profile]
    reach_m = who.furthest_m(limits[-1]) + PIN_LIMIT_M
    router = Router(network=network, profile=who)
    back = direction == "from_facility"
    ends = _pinned(network, local.geometry.to_numpy(), who.mode)
    living = None
    if homes is not None:
        people = homes["people"].to_numpy(dtype=np.float64) if "people" in homes else 1.0
        places = geo.to_crs(homes, network.crs, where="homes").geometry.to_numpy()
        pinned = _pinned(network, places, who.mode)
        living = (places, np.broadcast_to(people, len(places)), pinned)
    rows = []
    for position, index in enumerate(points.index):
        here = np.arange(len(points)) == position
        only = ends.select(here)
        around = shapely.buffer(local.geometry.iloc[position], reach_m)
        raster = prepare_raster(network, around, modes=(who.mode,), cell_m=cell_m)
        areas = draw_bands(raster, router, only, bands=bands, from_facility=back)
        truth = None
        if living is not None:
            truth = router.nearest(living[2], only, limit=bands[-1], from_facility=back).walk_cs
        for limit, band, area in zip(limits, bands, areas, strict=True):
            error = (np.nan, np.nan)
            if living is not None and truth is not None:
                with np.errstate(invalid="ignore"):
                    error = _drawing_error(area, living[0], living[1], truth <= band)
            rows.append(
                {
                    "point": index,
                    "minutes": limit,
                    "wrongly_in": error[0],
                    "wrongly_out": error[1],
                    "geometry": area,
                }
            )
    columns = ["point", "minutes", "wrongly_in", "wrongly_out", "geometry"]
    return gpd.GeoDataFrame(rows, columns=columns, crs=network.crs).to_crs(points.crs)


def _pinned(network: StreetNetwork, points: NDArray[np.object_], mode: Mode) -> Ends:
    others: dict[Mode, Pins] = {}
    if mode != "foot":
        others[mode] = pin_points(network, points, mode=mode)
    return Ends.single(pin_points(network, points), others)


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


def isochrones_of_study(
    raster: Raster,
    reaches: Sequence[Reach],
    *,
    homes: Pinned,
    facilities: Pinned,
    network: StreetNetwork,
) -> gpd.GeoDataFrame:
    """
    Draw the union of all circles of every requirement, and measure how wrong the drawing is.

    Parameters
    ----------
    raster
        The prepared cells.
    reaches
        The requirements' answers.
    homes, facilities
        Both sides.
    network
        The streets.

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
        router = Router(
            network=network,
            profile=PROFILES[requirement.profile],
            metric="time" if timed else "distance",
        )
        anyone = ~facilities.table["open_to"].fillna("anyone").eq("residents").to_numpy()
        area = draw_bands(
            raster,
            router,
            facilities.ends.select(reach.counting & anyone),
            bands=[round(requirement.limit * (6000 if timed else 100))],
            from_facility=requirement.direction == "from_facility",
        )[0]
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
    return gpd.GeoDataFrame(rows, columns=[*columns, "geometry"], crs=network.crs)


def _nested(areas: list[shapely.Geometry]) -> list[shapely.Geometry]:
    """Keep areal parts only; contours of one raster already nest."""
    clean: list[shapely.Geometry] = []
    for area in areas:
        parts = [part for part in shapely.get_parts(area) if part.geom_type == "Polygon"]
        nested = [
            inner
            for part in shapely.get_parts(area)
            if part.geom_type == "MultiPolygon"
            for inner in shapely.get_parts(part)
        ]
        clean.append(shapely.multipolygons([*parts, *nested]) if parts or nested else area)
    return clean
