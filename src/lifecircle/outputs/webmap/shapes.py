"""
Layers become the integer lists the map page draws: rings, lines and dots in steps of a degree.

Each list holds longitude, latitude of its first point and then steps, in units of 1 / scale
degrees. Outer rings turn left and holes right, so a non-zero fill leaves exactly the holes open.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from lifecircle import geo
from lifecircle.outputs.content import Content

FINE = 1_000_000
"""Units per degree of buildings and facilities: about 0.1 m."""
COARSE = 100_000
"""Units per degree of everything else: about 1 m."""
STREET_CLASSES: dict[str, tuple[str, ...]] = {
    "major": ("motorway", "trunk", "primary", "motorway_link", "trunk_link", "primary_link"),
    "middle": ("secondary", "tertiary", "secondary_link", "tertiary_link"),
    "minor": ("residential", "unclassified", "living_street", "service", "road", "pedestrian"),
}
"""Drawing classes of streets; every other class is drawn as a path."""

_WGS84 = CRS.from_epsg(4326)
_BLOCK_M = 500.0
_GROUND = ("built", "green", "water")


def base_map(content: Content) -> dict[str, Any]:
    """
    Pack the ground, the streets and the buildings.

    Parameters
    ----------
    content
        What the run has to show.

    Returns
    -------
    base
        ``ground`` (kind to rings), ``rail`` and ``rivers`` (lines), ``streets`` (drawing class
        to lines), ``buildings`` (blocks of rings, `FINE`), ``area`` (rings of the study area).
        Lines carry no names and no ids: streets of a class are merged.
    """
    backdrop = content.backdrop
    shapes = np.asarray(backdrop.geometry.array, dtype=object)
    kinds = backdrop["kind"].to_numpy(dtype=object)
    areas = shapely.get_dimensions(shapes) == 2
    ground = {
        kind: rings(_lonlat(shapes[(kinds == kind) & areas], content.crs, 1.0), COARSE)
        for kind in _GROUND
    }
    drawn = {
        kind: lines(_lonlat(shapes[(kinds == kind) & ~areas], content.crs, 1.0), COARSE)
        for kind in ("rail", "water")
    }
    return {
        "ground": ground,
        "rail": drawn["rail"],
        "rivers": drawn["water"],
        "streets": _streets(content),
        "buildings": _buildings(content),
        "area": base_area(content),
    }


def base_area(content: Content) -> list[list[int]]:
    """
    Pack the outline of the study area.

    Parameters
    ----------
    content
        What the run has to show.

    Returns
    -------
    rings
        `COARSE`.
    """
    shapes = np.array([content.area], dtype=object)
    return rings(_lonlat(shapes, content.crs, 1.0), COARSE)


def polygons(frame: gpd.GeoDataFrame, *, tolerance_m: float) -> list[list[list[int]]]:
    """
    Pack the outline of every row.

    Parameters
    ----------
    frame
        Areas (points give no ring) in a metric reference system.
    tolerance_m
        How far a simplified outline may leave the true one [m].

    Returns
    -------
    outlines
        Per row its rings, `COARSE`.
    """
    shapes = _lonlat(np.asarray(frame.geometry.array, dtype=object), frame.crs, tolerance_m)
    return [rings(np.array([shape], dtype=object), COARSE) for shape in shapes]


def points(frame: gpd.GeoDataFrame) -> list[list[float]]:
    """
    Give a point inside every row.

    Parameters
    ----------
    frame
        Points or areas in a metric reference system.

    Returns
    -------
    latlon
        Per row latitude and longitude, six decimals: the order Leaflet wants.
    """
    if frame.empty:
        return []
    inside = gpd.GeoDataFrame(geometry=frame.geometry.representative_point(), crs=frame.crs)
    lonlat = shapely.get_coordinates(geo.to_crs(inside, _WGS84, where="map").geometry.array)
    return [[round(float(lat), 6), round(float(lon), 6)] for lon, lat in lonlat]


def dots(frame: gpd.GeoDataFrame) -> list[int]:
    """
    Pack points as one list of steps.

    Parameters
    ----------
    frame
        Points in a metric reference system.

    Returns
    -------
    steps
        Flat list, `COARSE`, in the order of the rows.
    """
    if frame.empty:
        return []
    lonlat = shapely.get_coordinates(geo.to_crs(frame, _WGS84, where="map").geometry.array)
    return _steps(lonlat, COARSE)


def rings(shapes: NDArray[np.object_], scale: int) -> list[list[int]]:
    """
    Pack polygons as rings.

    Parameters
    ----------
    shapes
        Polygons and multipolygons, WGS 84; anything else in it is left out.
    scale
        Units per degree.

    Returns
    -------
    rings
        One flat list of steps per ring; rings that vanish at this scale are left out.
    """
    parts = shapely.get_parts(np.asarray(shapes, dtype=object))
    # A collection can nest multipolygons, so parts are taken twice.
    parts = shapely.get_parts(parts)
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    found, owner = shapely.get_rings(parts, return_index=True)
    if not len(found):
        return []
    hole = np.concatenate([[False], owner[1:] == owner[:-1]])
    turned = shapely.is_ccw(found) == hole
    found = np.where(turned, shapely.reverse(found), found)
    # A closed ring repeats its first point; the page closes rings itself.
    packed = [_steps(shapely.get_coordinates(ring)[:-1], scale) for ring in found]
    return [steps for steps in packed if len(steps) >= 6]


def lines(shapes: NDArray[np.object_], scale: int) -> list[list[int]]:
    """
    Pack lines.

    Parameters
    ----------
    shapes
        Lines and multilines, WGS 84; anything else in it is left out.
    scale
        Units per degree.

    Returns
    -------
    lines
        One flat list of steps per line; lines that vanish at this scale are left out.
    """
    parts = shapely.get_parts(np.asarray(shapes, dtype=object))
    kinds = shapely.get_type_id(parts)
    parts = parts[(kinds == shapely.GeometryType.LINESTRING) | (kinds == 2)]
    packed = [_steps(shapely.get_coordinates(part), scale) for part in parts]
    return [steps for steps in packed if len(steps) >= 4]


def _steps(lonlat: NDArray[np.float64], scale: int) -> list[int]:
    units = np.rint(lonlat * scale).astype(np.int64)
    if not len(units):
        return []
    moved = np.diff(units, axis=0, prepend=0)
    return [int(step) for step in moved.ravel()]


def _lonlat(shapes: NDArray[np.object_], crs: CRS, tolerance_m: float) -> NDArray[np.object_]:
    if not len(shapes):
        return shapes
    simple = shapely.simplify(shapes, tolerance_m, preserve_topology=True)
    frame = gpd.GeoDataFrame(geometry=simple, crs=crs)
    return np.asarray(geo.to_crs(frame, _WGS84, where="map").geometry.array, dtype=object)


def _streets(content: Content) -> dict[str, list[list[int]]]:
    streets = content.streets
    drawn = pd.Series("path", index=streets.index, dtype="object")
    for name, classes in STREET_CLASSES.items():
        drawn[streets["highway"].isin(classes)] = name
    packed = {}
    for name in (*STREET_CLASSES, "path"):
        chosen = np.asarray(streets.geometry.array[(drawn == name).to_numpy()], dtype=object)
        merged = shapely.line_merge(shapely.union_all(chosen)) if len(chosen) else None
        shapes = np.array([] if merged is None else [merged], dtype=object)
        packed[name] = lines(_lonlat(shapes, content.crs, 1.0), COARSE)
    return packed


def _buildings(content: Content) -> list[list[list[int]]]:
    shapes = np.asarray(content.buildings.geometry.array, dtype=object)
    if not len(shapes):
        return []
    # Blocks let the page skip what is off the screen.
    corner = shapely.bounds(shapes)[:, :2]
    block = np.floor(corner / _BLOCK_M).astype(np.int64)
    order = np.lexsort((corner[:, 0], corner[:, 1], block[:, 0], block[:, 1]))
    block = block[order]
    lonlat = _lonlat(shapes[order], content.crs, 0.3)
    first = np.flatnonzero(np.any(block[1:] != block[:-1], axis=1)) + 1
    return [rings(part, FINE) for part in np.split(lonlat, first)]
