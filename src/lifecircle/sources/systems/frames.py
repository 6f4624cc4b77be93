"""
A datum as a study file names it, and numbers -> the system they are in and where it is used.

Numbers of another kind than the datum's are refused here, never bent.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from lifecircle import geo
from lifecircle.errors import CrsError, LifecircleWarning, Problem
from lifecircle.sources.systems.readings import are_degrees, zone_epsg

CHOICES = (
    'give datum = "gcj02" (Amap, Tencent), "bd09" (Baidu), "cgcs2000", "wgs84" (GPS, OSM) or '
    '"epsg:N" of the list'
)
"""What a list without a datum is answered with."""
_BEYOND = 3.0  # how far past its zone a projection is used [°]


@dataclass(frozen=True, kw_only=True)
class Frame:
    """Where numbers of a system may lie, and whether they are degrees."""

    crs: CRS
    degrees: bool
    box: tuple[float, float, float, float]

    def holds(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which pairs lie where the system is used."""
        lonlat = np.column_stack([x, y])
        ok = np.asarray(np.isfinite(lonlat).all(axis=1), dtype=bool)
        if not self.degrees:
            # Metres beyond this are no place on Earth and only upset the projection.
            ok &= (np.abs(lonlat) < 1e8).all(axis=1)
            lonlat = geo.unproject(np.where(ok[:, None], lonlat, 0.0), self.crs)
        west, south, east, north = self.box
        inside = (lonlat[:, 0] >= west) & (lonlat[:, 0] <= east)
        inside &= (lonlat[:, 1] >= south) & (lonlat[:, 1] <= north)
        return np.asarray(ok & inside, dtype=bool)


def frame_of(
    datum: str,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    where: str,
    beside: CRS | None,
) -> Frame:
    """
    Find the system numbers of a datum are in.

    Parameters
    ----------
    datum
        ``wgs84``, ``gcj02``, ``bd09``, ``cgcs2000``, ``epsg:N`` or the text of a system.
    x, y
        The numbers, in either order, shape (n,).
    where
        File, for messages.
    beside
        System of the layer these places belong to, for metres that do not say their zone.

    Returns
    -------
    frame
        The system, and where it is used.

    Raises
    ------
    CrsError
        If the datum is unknown, the numbers are of another kind, or do not say their zone.

    Warns
    -----
    LifecircleWarning
        If it is an old Chinese datum, whose shift is known to metres only, or not at all.
    """
    degrees = are_degrees(x, y)
    if is_system(datum):
        crs = _system(datum, where)
        if degrees and not crs.is_geographic:
            raise CrsError(
                Problem(
                    what=f"its coordinates are degrees, {named(datum)} is in metres",
                    where=where,
                    remedy=CHOICES,
                )
            )
        if doubt := geo.shift_doubt(crs):
            warnings.warn(
                f"{where}: {doubt}; declare it by control points under [[systems]]",
                LifecircleWarning,
                stacklevel=4,
            )
        return _used_frame(crs, crs)
    if degrees:
        crs = CRS.from_epsg(4490 if datum == "cgcs2000" else 4326)
        box = (-180.0, -90.0, 180.0, 90.0) if datum == "wgs84" else geo.SHIFTED_BOX
        return Frame(crs=crs, degrees=True, box=box)
    if datum == "cgcs2000":
        zone = zone_epsg(x, y)
        if zone is not None:
            return Frame(crs=CRS.from_epsg(zone), degrees=False, box=geo.SHIFTED_BOX)
        if beside is None or beside.is_geographic:
            raise CrsError(
                Problem(
                    what="its metres do not say their zone (an easting of eight digits begins "
                    "with it)",
                    where=where,
                    remedy='give datum = "epsg:N", such as "epsg:4549" for the central meridian '
                    "120°",
                )
            )
        return _used_frame(geo.without_zone(beside), beside)
    raise CrsError(
        Problem(
            what=f"its coordinates are metres, {datum} is in degrees",
            where=where,
            remedy='give datum = "cgcs2000" or "epsg:N" of the system the metres are in',
        )
    )


def _used_frame(crs: CRS, known: CRS) -> Frame:
    use = known.area_of_use
    box = (
        (-180.0, -90.0, 180.0, 90.0)
        if use is None
        else (use.west - _BEYOND, use.south - _BEYOND, use.east + _BEYOND, use.north + _BEYOND)
    )
    return Frame(crs=crs, degrees=crs.is_geographic, box=box)


def is_system(datum: str) -> bool:
    """
    Tell a reference system from a datum that has a name of its own here.

    Parameters
    ----------
    datum
        ``gcj02`` and the like, ``epsg:N``, or the text of a system (WKT).

    Returns
    -------
    system
        Whether it is one of the last two.
    """
    return datum.startswith("epsg:") or "CRS[" in datum.upper()


def named(datum: str) -> str:
    """
    Name a datum for a message.

    Parameters
    ----------
    datum
        As `is_system` takes it.

    Returns
    -------
    name
        The datum; of a text its name.
    """
    return str(CRS.from_user_input(datum).name) if "CRS[" in datum.upper() else datum


def _system(datum: str, where: str) -> CRS:
    try:
        return CRS.from_user_input(datum.upper() if datum.startswith("epsg:") else datum)
    except ValueError as error:  # pyproj's own error is one
        raise CrsError(
            Problem(what=f"datum '{datum}' is unknown", where=where, remedy=CHOICES)
        ) from error
    except RuntimeError as error:
        raise CrsError(
            Problem(what=f"datum '{datum}' is unknown", where=where, remedy=CHOICES)
        ) from error
