"""
The only place that picks or changes a coordinate reference system or a datum.

Every result lies in one metric system; every input says where it comes from or is refused.
"""

from __future__ import annotations

from functools import lru_cache

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Geod, Transformer

from lifecircle.errors import CrsError, Problem

WGS84 = CRS.from_epsg(4326)

_CHINA = (73.5, 17.0, 135.1, 53.7)
SHIFTED_BOX = (72.0, 3.0, 136.5, 55.0)
"""West, south, east, north where map services shift, with the sea and some slack [°]."""
_CGCS2000_3_DEGREES_75E = 4534  # EPSG code of the 3-degree zone with central meridian 75° E
_GEOD = Geod(ellps="WGS84")

# Krasovsky-like constants of the published GCJ-02 approximation.
_GCJ_A = 6378245.0
_GCJ_EE = 0.00669342162296594323
_BD_PI = np.pi * 3000.0 / 180.0


def metric_crs(lon: float, lat: float) -> CRS:
    """
    Pick the metric reference system a study is computed and delivered in.

    Parameters
    ----------
    lon, lat
        Middle of the study area, WGS 84 [°].

    Returns
    -------
    crs
        In China the CGCS2000 3-degree Gauss-Kruger zone without prefix (自然资发〔2019〕87号
        asks for CGCS2000), elsewhere the UTM zone.

    Raises
    ------
    CrsError
        If the point is no longitude and latitude.

    Examples
    --------
    >>> from lifecircle.geo import metric_crs
    >>> metric_crs(121.1, 30.46).to_epsg(), metric_crs(13.26, 53.56).to_epsg()
    (4549, 32633)
    """
    if not (-180 <= lon <= 180 and -85 <= lat <= 85):
        raise CrsError(
            Problem(
                what=f"({lon:g}, {lat:g}) is no longitude and latitude",
                remedy="coordinates may be metres, or x and y may be swapped",
            )
        )
    west, south, east, north = _CHINA
    if west <= lon <= east and south <= lat <= north:
        return CRS.from_epsg(_CGCS2000_3_DEGREES_75E + round((lon - 75.0) / 3.0))
    zone = min(int((lon + 180.0) // 6.0) + 1, 60)
    return CRS.from_epsg((32600 if lat >= 0 else 32700) + zone)


def in_china(lonlat: NDArray[np.float64]) -> bool:
    """
    Tell whether places lie where Chinese map services shift coordinates.

    Parameters
    ----------
    lonlat
        Longitudes and latitudes [°], NaN where absent, shape (n, 2).

    Returns
    -------
    inside
        Whether the middle one does.
    """
    west, south, east, north = _CHINA
    lon, lat = np.nanmedian(lonlat, axis=0)
    return bool(west <= lon <= east and south <= lat <= north)


def shift_doubt(crs: CRS) -> str:
    """
    Say how badly the shift from an old Chinese datum is known.

    Parameters
    ----------
    crs
        Any system.

    Returns
    -------
    doubt
        Empty but for Beijing 1954, Xian 1980 and New Beijing, whose exact shifts are not public.
    """
    datum = "" if crs.geodetic_crs is None else crs.geodetic_crs.name
    if datum == "Beijing 1954":
        return "Beijing 1954 is shifted by public parameters: places may be off by some 10 m"
    if datum in ("Xian 1980", "New Beijing"):
        return f"no shift of {datum} is public and none is applied: places may be off by 100 m"
    return ""


def without_zone(crs: CRS) -> CRS:
    """
    Give a zone's reference system without the number of the zone before its eastings.

    Parameters
    ----------
    crs
        A projected system.

    Returns
    -------
    crs
        The same system with a false easting below 1,000 km; itself where that is so already.

    Examples
    --------
    >>> from pyproj import CRS
    >>> from lifecircle.geo import unproject, without_zone
    >>> import numpy as np
    >>> crs = without_zone(CRS.from_epsg(4528))
    >>> unproject(np.array([[602683.99, 3371477.14]]), crs).round(3).tolist()
    [[121.069, 30.459]]
    """
    plain = crs.to_json_dict()
    for one in plain.get("conversion", {}).get("parameters", []):
        if one["name"] == "False easting" and one["value"] >= 1e6:
            one["value"] %= 1e6
            plain["name"] = f"{crs.name} (without zone)"
            plain.pop("id", None)
            plain["conversion"].pop("id", None)
            return CRS.from_json_dict(plain)
    return crs


def to_crs(frame: gpd.GeoDataFrame, crs: CRS, *, where: str) -> gpd.GeoDataFrame:
    """
    Move a table into a reference system.

    Parameters
    ----------
    frame
        The table; not changed.
    crs
        Where to.
    where
        File or layer name for messages.

    Returns
    -------
    table
        The table in `crs`.

    Raises
    ------
    CrsError
        If the table has none of its own.
    """
    if frame.crs is None:
        raise CrsError(
            Problem(
                what="has no coordinate reference system",
                where=where,
                remedy='add crs = "EPSG:…" beside the file in study.toml',
            )
        )
    return frame.to_crs(crs)


def project(lonlat: NDArray[np.float64], crs: CRS) -> NDArray[np.float64]:
    """
    Project WGS 84 coordinates.

    Parameters
    ----------
    lonlat
        Longitudes and latitudes [°], shape (n, 2).
    crs
        Metric system.

    Returns
    -------
    xy
        Eastings and northings [m], shape (n, 2).
    """
    transformer = _transformer(WGS84, crs)
    x, y = transformer.transform(lonlat[:, 0], lonlat[:, 1])
    return np.column_stack([x, y])


def unproject(xy: NDArray[np.float64], crs: CRS) -> NDArray[np.float64]:
    """
    Bring metric coordinates back to WGS 84.

    Parameters
    ----------
    xy
        Eastings and northings [m], shape (n, 2).
    crs
        Their system.

    Returns
    -------
    lonlat
        Longitudes and latitudes [°], shape (n, 2).
    """
    transformer = _transformer(crs, WGS84)
    lon, lat = transformer.transform(xy[:, 0], xy[:, 1])
    return np.column_stack([lon, lat])


@lru_cache(maxsize=32)  # making one takes 50 ms, using it none
def _transformer(source: CRS, target: CRS) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def project_shape(shape: shapely.Geometry, source: CRS, target: CRS) -> shapely.Geometry:
    """
    Move one shape between reference systems.

    Parameters
    ----------
    shape
        Any geometry.
    source, target
        From where to where.

    Returns
    -------
    moved
        The shape in `target`.
    """
    transformer = _transformer(source, target)
    return shapely.transform(shape, lambda xy: np.column_stack(transformer.transform(*xy.T)))


def ground_m(lonlat_a: NDArray[np.float64], lonlat_b: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Distance on the ellipsoid between pairs of WGS 84 points.

    Parameters
    ----------
    lonlat_a, lonlat_b
        Longitudes and latitudes [°], shape (n, 2) each.

    Returns
    -------
    length_m
        Distances [m], shape (n,).
    """
    _, _, length = _GEOD.inv(lonlat_a[:, 0], lonlat_a[:, 1], lonlat_b[:, 0], lonlat_b[:, 1])
    return np.asarray(length, dtype=np.float64)


def gcj02_to_wgs84(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Undo the GCJ-02 shift of Chinese map services.

    Parameters
    ----------
    lonlat
        GCJ-02 longitudes and latitudes [°], shape (n, 2).

    Returns
    -------
    lonlat
        WGS 84 longitudes and latitudes [°], shape (n, 2).

    Notes
    -----
    The public formula is an approximation: the round trip closes to a millimetre, the truth is
    met within metres.

    Examples
    --------
    >>> import numpy as np
    >>> from lifecircle.geo import gcj02_to_wgs84, wgs84_to_gcj02
    >>> there = np.array([[120.1551, 30.2741]])
    >>> bool(np.allclose(gcj02_to_wgs84(wgs84_to_gcj02(there)), there, atol=1e-9))
    True
    """
    lonlat = np.asarray(lonlat, dtype=np.float64)
    guess = lonlat.copy()
    for _ in range(12):  # a fixed point: the shift changes by 1e-5 of itself per step
        guess = np.subtract(lonlat, wgs84_to_gcj02(guess) - guess)
    return guess


def wgs84_to_gcj02(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Apply the GCJ-02 shift (public approximation).

    Parameters
    ----------
    lonlat
        WGS 84 longitudes and latitudes [°], shape (n, 2).

    Returns
    -------
    lonlat
        GCJ-02 longitudes and latitudes [°], shape (n, 2).
    """
    lonlat = np.asarray(lonlat, dtype=np.float64)
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    x, y = lon - 105.0, lat - 35.0
    wave = 20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)
    root = np.sqrt(np.abs(x))
    d_lat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    d_lat += (
        wave
        + 20.0 * np.sin(y * np.pi)
        + 40.0 * np.sin(y / 3.0 * np.pi)
        + 160.0 * np.sin(y / 12.0 * np.pi)
        + 320.0 * np.sin(y * np.pi / 30.0)
    ) * (2.0 / 3.0)
    d_lon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    d_lon += (
        wave
        + 20.0 * np.sin(x * np.pi)
        + 40.0 * np.sin(x / 3.0 * np.pi)
        + 150.0 * np.sin(x / 12.0 * np.pi)
        + 300.0 * np.sin(x / 30.0 * np.pi)
    ) * (2.0 / 3.0)
    rad = np.radians(lat)
    magic = 1.0 - _GCJ_EE * np.sin(rad) ** 2
    root = np.sqrt(magic)
    d_lat = np.degrees(d_lat / (_GCJ_A * (1.0 - _GCJ_EE) / (magic * root)))
    d_lon = np.degrees(d_lon / (_GCJ_A / root * np.cos(rad)))
    return np.column_stack([lon + d_lon, lat + d_lat])


def bd09_to_gcj02(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Undo the further BD-09 shift (public approximation).

    Parameters
    ----------
    lonlat
        BD-09 longitudes and latitudes [°], shape (n, 2).

    Returns
    -------
    lonlat
        GCJ-02 longitudes and latitudes [°], shape (n, 2).
    """
    lonlat = np.asarray(lonlat, dtype=np.float64)
    guess: NDArray[np.float64] = lonlat - np.array([0.0065, 0.006])
    for _ in range(12):
        guess = np.subtract(lonlat, gcj02_to_bd09(guess) - guess)
    return guess


def gcj02_to_bd09(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Apply the further BD-09 shift (public approximation).

    Parameters
    ----------
    lonlat
        GCJ-02 longitudes and latitudes [°], shape (n, 2).

    Returns
    -------
    lonlat
        BD-09 longitudes and latitudes [°], shape (n, 2).
    """
    lonlat = np.asarray(lonlat, dtype=np.float64)
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    z = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_PI)
    theta = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_PI)
    return np.column_stack([z * np.cos(theta) + 0.0065, z * np.sin(theta) + 0.006])
