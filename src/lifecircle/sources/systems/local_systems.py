"""
A city's own plane system, by its parameters -> a reference system like any other.

What a planner declares is taken as it stands; what a declared number leaves open is told.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.crs import ProjectedCRS
from pyproj.crs.coordinate_operation import TransverseMercatorConversion

from lifecircle import geo
from lifecircle.config.angles import parse_meridian
from lifecircle.errors import LifecircleWarning
from lifecircle.sources.systems.helmert import complex_of, fit_helmert

Ellipsoid = Literal["cgcs2000", "wgs84", "beijing54", "xian80"]

_EARTH_M = 6_371_000.0  # a projection plane at a height is wider by height over this
_GEODETIC: Mapping[str, int] = {"cgcs2000": 4490, "wgs84": 4326, "beijing54": 4214, "xian80": 4610}
_ROUND_M = 1000.0  # false eastings and northings are whole kilometres
_SAME_M = 0.25  # as near to one as a fit must come to mean it


@dataclass(frozen=True, kw_only=True)
class Gauss:
    """
    A Gauss-Krüger system recognised from a fit.

    Parameters
    ----------
    central_meridian
        Longitude [°].
    false_easting, false_northing
        Origin [m].
    rms_m
        Root mean square of what the points miss it by [m].
    """

    central_meridian: float
    false_easting: float
    false_northing: float
    rms_m: float

    def __str__(self) -> str:
        degrees, minutes = divmod(round(self.central_meridian * 60), 60)
        return (
            f"a Gauss-Krüger system with central meridian {degrees}°{minutes:02d}′, false easting "
            f"{self.false_easting / 1000:g} km and false northing {self.false_northing / 1000:g} km"
        )


def gauss_system(
    name: str,
    *,
    central_meridian: float | str,
    false_easting: float = 500_000.0,
    false_northing: float = 0.0,
    ellipsoid: Ellipsoid = "cgcs2000",
    scale: float = 1.0,
    plane_height: float = 0.0,
) -> CRS:
    """
    Make a city's Gauss-Krüger system from its parameters.

    Parameters
    ----------
    name
        What it is called, as in 澜浦2000.
    central_meridian
        Degrees, or text such as ``121°05′``.
    false_easting, false_northing
        What is added to eastings and northings [m].
    ellipsoid
        Datum the system stands on.
    scale
        Scale on the central meridian.
    plane_height
        Height of the projection plane over the ellipsoid [m].

    Returns
    -------
    crs
        The system; x is its easting, y its northing.

    Raises
    ------
    ValueError
        If the central meridian is no angle.

    Warns
    -----
    LifecircleWarning
        If a decimal meridian is a rounded minute of arc and is taken as the whole minute: the
        fourth digit of a degree is 10 m.

    Notes
    -----
    A plane at height h makes the map wider by h / 6,371 km; against a plane laid through the city
    by expanding the ellipsoid this differs by up to some centimetres. Control points are surer.

    Examples
    --------
    >>> from lifecircle.sources.systems.local_systems import gauss_system
    >>> crs = gauss_system("澜浦2000", central_meridian="121°05′", false_northing=-3_000_000)
    >>> crs.name, crs.is_projected
    ('澜浦2000', True)
    """
    meridian, rounded = parse_meridian(central_meridian)
    if rounded:
        degrees, minutes = divmod(round(meridian * 60), 60)
        warnings.warn(
            f"{name}: central meridian {central_meridian} is taken as {degrees}°{minutes:02d}′; "
            'write it so, or with more digits (central_meridian = "121°05′")',
            LifecircleWarning,
            stacklevel=2,
        )
    return ProjectedCRS(
        conversion=TransverseMercatorConversion(
            latitude_natural_origin=0.0,
            longitude_natural_origin=meridian,
            false_easting=false_easting,
            false_northing=false_northing,
            scale_factor_natural_origin=scale * (1.0 + plane_height / _EARTH_M),
        ),
        name=name,
        geodetic_crs=CRS.from_epsg(_GEODETIC[ellipsoid]),
    )


def recognise_gauss(
    local: NDArray[np.float64], lonlat: NDArray[np.float64], *, swapped: bool = False
) -> Gauss | None:
    """
    Find whether points known in both systems lie in a Gauss-Krüger system of round numbers.

    Parameters
    ----------
    local
        Coordinates in the unknown system [m], shape (n, 2).
    lonlat
        The same points, WGS 84 [°], shape (n, 2).
    swapped
        Whether x is the northing.

    Returns
    -------
    found
        A central meridian on a whole minute of arc with false eastings and northings of whole
        kilometres, within a few decimetres of all points; None where no such system fits.

    Notes
    -----
    How far north turns from the edge of the sheet tells the meridian: 1′ at 30° N turns it by
    0.5′, which is 0.7 m over 5 km; so points some kilometres apart are needed.
    """
    z = complex_of(local, swapped=swapped)
    middle = lonlat.mean(axis=0)
    rough = _gauss_xy(lonlat, middle[0])
    turn = fit_helmert(
        np.column_stack([z.real, z.imag]), rough, tolerance_m=np.inf, swapped=False
    ).turn
    sine = np.sin(np.radians(middle[1]))
    if abs(sine) < 0.05:
        return None
    guess = middle[0] + np.degrees(np.angle(turn)) / sine
    best: Gauss | None = None
    minute = round(guess * 60)
    for at in range(minute - 2, minute + 3):
        there = complex_of(_gauss_xy(lonlat, at / 60))
        shift = (z - there).mean()
        near = complex(
            round(shift.real / _ROUND_M) * _ROUND_M, round(shift.imag / _ROUND_M) * _ROUND_M
        )
        rms = float(np.sqrt(np.mean(np.abs(z - there - near) ** 2)))
        if rms <= _SAME_M and (best is None or rms < best.rms_m):
            best = Gauss(
                central_meridian=at / 60,
                false_easting=near.real,
                false_northing=near.imag,
                rms_m=rms,
            )
    return best


def _gauss_xy(lonlat: NDArray[np.float64], meridian: float) -> NDArray[np.float64]:
    plain = CRS.from_dict(
        {"proj": "tmerc", "lon_0": float(meridian), "ellps": "GRS80", "no_defs": True}
    )
    return geo.project(lonlat, plain)
