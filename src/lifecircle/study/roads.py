"""
Official road centrelines -> the streets of a survey, with or without OSM data beside them.

The roads replace every street of the map; what had to be done to join them is told.
"""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from lifecircle import geo
from lifecircle.config.sections import NetworkSection
from lifecircle.errors import DoubtfulRowsWarning, ExtentError, InputError, Problem
from lifecircle.network.noding import NodingReport, node_lines
from lifecircle.network.pins import PIN_LIMIT_M
from lifecircle.sources.roads import read_roads
from lifecircle.tables import (
    ADMIN_AREAS,
    BARRIERS,
    BUILDINGS,
    DOORS,
    GATES,
    GROUND,
    NAMED_PLACES,
    PLACES_OF_INTEREST,
    STREET_FLAGS,
    STREET_TEXTS,
    StreetWays,
    Survey,
    empty,
)


def survey_without_osm() -> Survey:
    """
    Make a survey that says nothing yet.

    Returns
    -------
    survey
        Empty tables, no streets and no extent.
    """
    names = ["way_id", "highway", *STREET_FLAGS, "layer", *STREET_TEXTS, "maxspeed_kmh"]
    return Survey(
        streets=StreetWays(
            lonlat=np.empty((0, 2)),
            node_id=np.empty(0, dtype=np.int64),
            node_kind=np.empty(0, dtype=np.uint8),
            way_ptr=np.zeros(1, dtype=np.int64),
            way_node=np.empty(0, dtype=np.int32),
            ways=pd.DataFrame({name: pd.Series([], dtype=object) for name in names}),
        ),
        pois=empty(PLACES_OF_INTEREST, geo.WGS84),
        buildings=empty(BUILDINGS, geo.WGS84),
        ground=empty(GROUND, geo.WGS84),
        barriers=empty(BARRIERS, geo.WGS84),
        gates=empty(GATES, geo.WGS84),
        doors=empty(DOORS, geo.WGS84),
        named_places=empty(NAMED_PLACES, geo.WGS84),
        admin_areas=empty(ADMIN_AREAS, geo.WGS84),
        extent=shapely.Polygon(),
    )


def with_roads(
    network: NetworkSection,
    survey: Survey,
    *,
    bbox: tuple[float, float, float, float],
    crs: CRS,
) -> tuple[Survey, NodingReport]:
    """
    Put official roads in the place of a survey's streets.

    Parameters
    ----------
    network
        The section of the study file that names the roads.
    survey
        What the map says; not changed.
    bbox
        West, south, east and north of where streets matter, WGS 84 [°].
    crs
        Metric system of the study.

    Returns
    -------
    survey
        The survey with these streets. Its extent is the hull of the roads widened by 200 m, as
        far as a home may be from its street, and where there was one only what both share.
    report
        What was done so that the roads meet.

    Raises
    ------
    ExtentError
        If no road lies in the box.
    InputError
        If no roads are named; else as `read_roads`.

    Warns
    -----
    DoubtfulRowsWarning
        If lines repeat others, are mere stubs, or stop just short of one another.
    """
    if network.roads is None:
        raise InputError(Problem(what="names no roads", where="study.toml, network"))
    where = network.roads.name
    roads, source = read_roads(
        network.roads,
        columns=network.columns,
        layer=network.layer,
        crs=network.crs,
        encoding=network.encoding,
        elevated=network.elevated,
    )
    roads = geo.to_crs(roads, geo.WGS84, where=where)
    inside = np.asarray(shapely.intersects(shapely.box(*bbox), roads.geometry.array), dtype=bool)
    if not inside.any():
        box = "/".join(f"{value:.3f}" for value in roads.total_bounds)
        raise ExtentError(
            Problem(
                what=f"no road lies near the study area (roads {box})",
                where=where,
                remedy="check the area and the reference system of the roads",
            )
        )
    roads = geo.to_crs(roads[inside].reset_index(drop=True), crs, where=where)
    noded = node_lines(roads, mend_m=network.mend_m)
    hull = shapely.buffer(shapely.convex_hull(shapely.union_all(roads.geometry.array)), PIN_LIMIT_M)
    extent = geo.project_shape(hull, crs, geo.WGS84)
    if not survey.extent.is_empty:
        extent = shapely.intersection(extent, survey.extent)
    _warn(where, noded.report, network.mend_m, crs)
    return replace(
        survey,
        streets=noded.streets,
        extent=extent,
        sources=(*survey.sources, source),
    ), noded.report


def _warn(where: str, report: NodingReport, mend_m: float, crs: CRS, most: int = 3) -> None:
    for count, what in (
        (report.doubles, "run on top of another one"),
        (report.stubs, "are shorter than about 1 m"),
    ):
        if count:
            warnings.warn(
                f"{where}: {count} lines {what} and are left out",
                DoubtfulRowsWarning,
                stacklevel=3,
            )
    if report.breaks or report.mended:
        closed = (
            f"; {report.mended} up to {mend_m:g} m wide were closed (network.mend_m)"
            if mend_m
            else "; they stay open: network.mend_m = 3 closes them"
        )
        first = geo.unproject(report.break_xy[:most], crs) if report.breaks else np.empty((0, 2))
        places = "; ".join(f"{lon:.5f}, {lat:.5f}" for lon, lat in first)
        more = "; …" if report.breaks > most else ""
        warnings.warn(
            f"{where}: {report.breaks} dead ends stop less than 3 m short of another road "
            f"({places}{more}){closed}",
            DoubtfulRowsWarning,
            stacklevel=3,
        )
