"""
What a file and the planner say about coordinates -> the reference system they really are in.

Coordinates are never moved or turned here: a statement they do not fit is refused.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError, ProjError

from lifecircle.errors import CrsError, LifecircleWarning, Problem
from lifecircle.geo import (
    SHIFTED_BOX,
    WGS84,
    bd09_to_gcj02,
    gcj02_to_wgs84,
    shift_doubt,
    to_crs,
    unproject,
)

_GEOJSON = (".geojson", ".json", ".geojsonl")
SHIFTED = ("gcj02", "bd09")
"""Datums of map services, moved from where places are."""

_CHINA_SWAPPED = (18.0, 73.5, 53.7, 135.1)  # China's box with x and y exchanged
_SLACK_DEGREES = 10.0  # a neighbouring zone is common practice, another continent is a mistake


def settle_crs(
    frame: gpd.GeoDataFrame, *, file: Path, declared: str | None, where: str
) -> gpd.GeoDataFrame:
    """
    Find the reference system of a layer and make sure its coordinates fit it.

    Parameters
    ----------
    frame
        The layer as read, with at least one finite coordinate; not changed.
    file
        The file it was read from: GeoJSON without a statement is WGS 84.
    declared
        What the planner declares, as in ``EPSG:4528``; needed where the file says nothing.
        ``gcj02`` and ``bd09`` stand beside what a file says: map services' files call their
        shifted degrees WGS 84.
    where
        Name for messages.

    Returns
    -------
    layer
        The layer with its reference system set; coordinates unchanged, but for a shift that is
        undone, in WGS 84.

    Raises
    ------
    CrsError
        If nobody says the system, the two statements differ, or the coordinates do not fit:
        metres in a system of degrees or the other way round, x and y swapped, a zone number that
        that is there or missing.

    Warns
    -----
    LifecircleWarning
        If it is an old Chinese datum, whose shift is known to metres only, or not at all.
    """
    datum = "" if declared is None else declared.strip().casefold().replace("-", "")
    if datum in SHIFTED:
        named_by_file = names_system(frame, file=file)
        plain = settle_crs(
            frame, file=file, declared=None if named_by_file else "EPSG:4326", where=where
        )
        lonlat = to_crs(plain, WGS84, where=where)
        shapes = undo_shift(lonlat, datum, where=where)
        return plain.set_geometry(gpd.GeoSeries(shapes, index=plain.index, crs=WGS84))
    stated = _usable(frame.crs)
    if file.suffix.lower() in _GEOJSON and not _says_crs(file, stated, declared):
        stated = None if declared is not None else stated
    named = None if declared is None else _parsed(declared, where)
    bounds = np.asarray(frame.total_bounds, dtype=np.float64)
    if stated is not None and named is not None and not _same_place(stated, named, bounds):
        raise CrsError(
            Problem(
                what=f"is in {label(stated)} by its own statement, not in {label(named)}",
                where=where,
                remedy="take crs out, or correct the statement in the file",
            )
        )
    crs = stated if stated is not None else named
    if crs is None:
        raise CrsError(
            Problem(
                what="has no coordinate reference system",
                where=where,
                remedy='give crs = "EPSG:…" (4490 for CGCS2000 in degrees, 4549 for metres at '
                "120° E without a zone number, 4528 with zone 40)",
            )
        )
    # The middle one of many shapes: a single stray one must not decide where a layer lies.
    typical = np.nanmedian(frame.geometry.bounds.to_numpy(dtype=np.float64), axis=0)
    if problem := _misfit(bounds, typical, crs, where):
        raise CrsError(problem)
    if doubt := shift_doubt(crs):
        warnings.warn(
            f"{where}: is in {label(crs)}; {doubt}; declare it by control points under [[systems]]",
            LifecircleWarning,
            stacklevel=3,
        )
    return frame.set_crs(crs, allow_override=True)


def undo_shift(lonlat: gpd.GeoDataFrame, datum: str, *, where: str) -> NDArray[np.object_]:
    """
    Undo the shift of a Chinese map service.

    Parameters
    ----------
    lonlat
        A layer in degrees; not changed.
    datum
        ``gcj02`` or ``bd09``.
    where
        Name for messages.

    Returns
    -------
    shapes
        Its shapes in WGS 84, shape (n,).

    Raises
    ------
    CrsError
        If they lie elsewhere than in China, where alone such datums are used.
    """
    west, south, east, north = lonlat.total_bounds
    low_x, low_y, high_x, high_y = SHIFTED_BOX
    if west < low_x or south < low_y or east > high_x or north > high_y:
        raise CrsError(
            Problem(
                what=f"its coordinates ({west:.3f}/{south:.3f}/{east:.3f}/{north:.3f}) are not in "
                f"China, where alone {datum} is used",
                where=where,
                remedy="correct or leave out datum",
            )
        )

    def unshifted(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return gcj02_to_wgs84(bd09_to_gcj02(xy) if datum == "bd09" else xy)

    shapes = np.asarray(lonlat.geometry.array, dtype=object)
    return np.asarray(shapely.transform(shapes, unshifted), dtype=object)


def names_system(frame: gpd.GeoDataFrame, *, file: Path) -> bool:
    """
    Tell whether a layer says which reference system it is in.

    Parameters
    ----------
    frame
        The layer as read.
    file
        The file it was read from.

    Returns
    -------
    named
        Whether it does; GeoJSON always does.
    """
    return file.suffix.lower() in _GEOJSON or _usable(frame.crs) is not None


def label(crs: CRS) -> str:
    """
    Name a reference system for a message.

    Parameters
    ----------
    crs
        The system.

    Returns
    -------
    text
        Authority and code where known, and the name.
    """
    authority = crs.to_authority()
    return f"{':'.join(authority)} ({crs.name})" if authority else str(crs.name)


def has_system(frame: gpd.GeoDataFrame) -> bool:
    """
    Tell whether a layer says where on Earth it lies.

    Parameters
    ----------
    frame
        A layer as read.

    Returns
    -------
    known
        Whether it names a reference system that is more than a local plane.
    """
    return _usable(frame.crs) is not None


def _usable(crs: object) -> CRS | None:
    """Take undefined and purely local systems for what they say: nothing."""
    if crs is None:
        return None
    found = CRS.from_user_input(crs)
    plane = found.is_projected or found.type_name == "Derived Projected CRS"
    return found if found.is_geographic or plane or found.is_compound else None


def _says_crs(file: Path, stated: CRS | None, declared: str | None) -> bool:
    # GDAL gives WGS 84 to every GeoJSON; whether the file says so only matters beside a statement.
    if declared is None or stated is None or stated.to_epsg() != 4326:
        return True
    content = file.read_bytes()
    if b'"crs"' not in content:
        return False
    try:
        found = json.loads(content.decode("utf-8-sig", "replace"))
    except ValueError:
        return False
    return isinstance(found, dict) and found.get("crs") is not None


def _parsed(declared: str, where: str) -> CRS:
    try:
        return CRS.from_user_input(declared)
    except CRSError as error:
        raise CrsError(
            Problem(
                what=f"crs '{declared}' is not known",
                where=where,
                remedy='give it as "EPSG:4549", "gcj02" or "bd09", or as the text of a .prj',
            )
        ) from error


def _same_place(one: CRS, other: CRS, bounds: NDArray[np.float64]) -> bool:
    """Whether two systems mean the same by these coordinates, to a centimetre or 1e-7 degrees."""
    corners = bounds.reshape(2, 2)
    try:
        here, there = unproject(corners, one), unproject(corners, other)
    except ProjError:
        return False
    return bool(np.allclose(here, there, rtol=0.0, atol=1e-7))


def _misfit(
    bounds: NDArray[np.float64], typical: NDArray[np.float64], crs: CRS, where: str
) -> Problem | None:
    west, south, east, north = bounds
    shown = f"x {west:.7g} to {east:.7g}, y {south:.7g} to {north:.7g}"
    in_degrees = max(abs(west), abs(east)) <= 360 and max(abs(south), abs(north)) <= 180
    if crs.is_geographic and not in_degrees:
        return Problem(
            what=f"its coordinates are metres ({shown}), not degrees as {label(crs)} says",
            where=where,
            remedy=_zone_hint(bounds) or 'give crs = "EPSG:…"',
        )
    if crs.is_geographic:
        return _misfit_in_degrees(bounds, shown, where)
    if in_degrees:
        return Problem(
            what=f"its coordinates are degrees ({shown}), not metres as {label(crs)} says",
            where=where,
            remedy='give crs = "EPSG:4490" or "EPSG:4326", and correct the .prj',
        )
    if _lies_within(typical, crs):
        return None
    what = f"its coordinates ({shown}) do not lie where {label(crs)} is used"
    if _lies_within(typical[[1, 0, 3, 2]], crs):
        remedy = "x and y are swapped: export it again with x = east and y = north"
    else:
        remedy = _zone_hint(bounds) or "find out its true system"
    return Problem(what=what, where=where, remedy=remedy)


def _misfit_in_degrees(bounds: NDArray[np.float64], shown: str, where: str) -> Problem | None:
    west, south, east, north = bounds
    if not _is_china_swapped(bounds):
        if max(-west, east) <= 180 and max(-south, north) <= 90:
            return None
        if max(-west, east) > 90:
            return Problem(what=f"its coordinates are no degrees on earth ({shown})", where=where)
    return Problem(
        what=f"longitude and latitude are swapped ({shown})",
        where=where,
        remedy="export it again with x = longitude and y = latitude",
    )


def _is_china_swapped(bounds: NDArray[np.float64]) -> bool:
    # The same numbers unswapped lie in the Arctic Ocean, where nobody plans.
    low_x, low_y, high_x, high_y = _CHINA_SWAPPED
    west, south, east, north = bounds
    return bool(west >= low_x and east <= high_x and south >= low_y and north <= high_y)


def _lies_within(bounds: NDArray[np.float64], crs: CRS) -> bool:
    middle = bounds.reshape(2, 2).mean(axis=0, keepdims=True)
    try:
        lon, lat = unproject(middle, crs)[0]
    except ProjError:
        return False
    area = crs.area_of_use
    if not (np.isfinite(lon) and np.isfinite(lat)):
        return False
    if area is None:
        return True
    slack = _SLACK_DEGREES
    across = area.west > area.east  # a system that runs over the date line
    beside = across or area.west - slack <= lon <= area.east + slack
    return bool(beside and area.south - slack <= lat <= area.north + slack)


def _zone_hint(bounds: NDArray[np.float64]) -> str:
    """Read from Chinese metres whether they carry a zone number, and name what they may be."""
    west, south, east, north = bounds
    zone = int(west // 1e6)
    if 25 <= zone <= 45 and int(east // 1e6) == zone:
        return f'the eastings carry zone number {zone}: give crs = "EPSG:{4513 + zone - 25}"'
    if not 100_000 < west < east < 900_000:
        return ""
    if 1_900_000 < south < north < 6_000_000:
        return (
            "the eastings carry no zone number: CGCS2000 without one is EPSG:4534 (75° E) "
            "to EPSG:4554 (135° E) in steps of 3°"
        )
    return (
        "this may be a city's own system: ask for its central meridian and origin, declare them "
        'under [[systems]] with a name, and give crs = "that name"'
    )
