"""
Pairs of numbers -> the ways they can be coordinates: of which system, and in which order.

The one place that recognises degrees, metres, zones and swapped axes from numbers alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import ProjError

from lifecircle import geo

_EARTH = (-180.0, -90.0, 180.0, 90.0)
_ZONES_6 = range(13, 24)  # CGCS2000 zones with their number before the easting
_ZONES_3 = range(25, 46)
_MERIDIANS = range(75, 136, 3)  # zones without a number
_METRES = 1e8  # beyond this nothing is a place on Earth


@dataclass(frozen=True, kw_only=True)
class Reading:
    """
    One way to understand pairs of numbers.

    Parameters
    ----------
    crs
        The system they would be in; WGS 84 for degrees, whose shift no number tells.
    datum
        What a study file calls it: ``wgs84``, ``epsg:N`` or the name of a local system.
    swapped
        Whether the first number is the northing or the latitude.
    inside
        Rows that lie in the box so understood, shape (n,).
    lonlat
        Where they lie, WGS 84 [°], NaN where nowhere, shape (n, 2).
    """

    crs: CRS
    datum: str
    swapped: bool
    inside: NDArray[np.bool_] = field(repr=False)
    lonlat: NDArray[np.float64] = field(repr=False)

    def __post_init__(self) -> None:
        self.inside.flags.writeable = False
        self.lonlat.flags.writeable = False

    @property
    def degrees(self) -> bool:
        """Whether the numbers are degrees."""
        return self.crs.is_geographic


def are_degrees(x: NDArray[np.float64], y: NDArray[np.float64]) -> bool:
    """
    Tell degrees from metres.

    Parameters
    ----------
    x, y
        Coordinates, NaN where absent, shape (n,).

    Returns
    -------
    degrees
        Whether the middle pair could be a longitude and a latitude in either order.
    """
    middle = [float(np.nanmedian(np.abs(one))) for one in (x, y)]
    return max(middle) <= 180 and min(middle) <= 90


def zone_epsg(x: NDArray[np.float64], y: NDArray[np.float64]) -> int | None:
    """
    Find the CGCS2000 zone whose number stands before the eastings.

    Parameters
    ----------
    x, y
        Metres in either order, NaN where absent, shape (n,).

    Returns
    -------
    code
        EPSG number; None where no zone stands before them.

    Examples
    --------
    >>> import numpy as np
    >>> from lifecircle.sources.systems.readings import zone_epsg
    >>> zone_epsg(np.array([3371477.14]), np.array([40602683.99]))
    4528
    """
    zone = int(np.nanmedian(np.maximum(x, y)) // 1_000_000)
    if zone in _ZONES_6:
        return 4491 + zone - _ZONES_6.start
    return 4513 + zone - _ZONES_3.start if zone in _ZONES_3 else None


def readings_of(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    box: tuple[float, float, float, float] | None = None,
    systems: Mapping[str, CRS] | None = None,
) -> tuple[Reading, ...]:
    """
    Find every way numbers can be coordinates of places in a box.

    Parameters
    ----------
    x, y
        The numbers, NaN where absent, shape (n,).
    box
        West, south, east and north of where places are expected, WGS 84 [°], wide enough for a
        datum's shift; China for metres and the Earth for degrees where None.
    systems
        Local systems by name.

    Returns
    -------
    readings
        Those that put half of the rows or more into the box, best first; of metres without a zone
        number and without a box there are many.

    Notes
    -----
    CGCS2000 Gauss-Krüger: with the zone's number, 13 to 23 (6°) and 25 to 45 (3°); without one,
    central meridians 75° to 135° in steps of 3°, of which those of 6° are a part.
    """
    given = np.isfinite(x) & np.isfinite(y)
    if not given.any():
        return ()
    found = []
    for datum, crs in _systems(x[given], y[given], systems or {}):
        limits = box or (_EARTH if crs.is_geographic else geo.SHIFTED_BOX)
        for swapped in (False, True):
            lonlat = _placed(crs, y if swapped else x, x if swapped else y)
            west, south, east, north = limits
            inside = np.asarray(
                (lonlat[:, 0] >= west)
                & (lonlat[:, 0] <= east)
                & (lonlat[:, 1] >= south)
                & (lonlat[:, 1] <= north),
                dtype=bool,
            )
            if 2 * inside.sum() >= given.sum():
                found.append(
                    Reading(crs=crs, datum=datum, swapped=swapped, inside=inside, lonlat=lonlat)
                )
    return tuple(sorted(found, key=lambda one: -int(one.inside.sum())))


def _systems(
    x: NDArray[np.float64], y: NDArray[np.float64], systems: Mapping[str, CRS]
) -> list[tuple[str, CRS]]:
    if are_degrees(x, y):
        return [("wgs84", geo.WGS84)]
    zone = zone_epsg(x, y)
    if zone is not None:
        return [(f"epsg:{zone}", CRS.from_epsg(zone)), *systems.items()]
    codes = [4534 + at for at in range(len(_MERIDIANS))]
    return [*systems.items(), *((f"epsg:{code}", CRS.from_epsg(code)) for code in codes)]


def _placed(crs: CRS, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    xy = np.column_stack([x, y])
    good = np.isfinite(xy).all(axis=1) & (np.abs(xy) < _METRES).all(axis=1)
    lonlat = np.full(xy.shape, np.nan)
    if crs.is_geographic:
        lonlat[good] = xy[good]
        return lonlat
    try:
        lonlat[good] = geo.unproject(xy[good], crs)
    except ProjError:
        return lonlat
    lonlat[~np.isfinite(lonlat).all(axis=1)] = np.nan
    return lonlat
