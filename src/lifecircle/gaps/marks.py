"""What marks a gap of any kind: an id that lasts, and a place on the map."""

from __future__ import annotations

import hashlib

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle import geo


def gap_id(area_id: object, asked: str) -> str:
    """
    Make an id that stays the same from run to run and tells nothing.

    Parameters
    ----------
    area_id
        The area that falls short.
    asked
        Id of the requirement or norm.

    Returns
    -------
    gap_id
        ``g`` and twelve hexadecimal digits.
    """
    digest = hashlib.sha256(f"{area_id}|{asked}".encode()).hexdigest()
    return f"g{digest[:12]}"


def middle_of(
    homes: gpd.GeoDataFrame, people: NDArray[np.float64], at: NDArray[np.int64]
) -> tuple[float, float]:
    """
    Find the home nearest to the centre of some people: a place on the map.

    Parameters
    ----------
    homes
        `tables.HOMES`.
    people
        People of each home, shape (homes,); somebody lives in the rows `at`.
    at
        The rows in question.

    Returns
    -------
    lonlat
        Longitude and latitude.
    """
    xy = shapely.get_coordinates(homes.geometry.to_numpy()[at])
    centre = np.average(xy, axis=0, weights=people[at])
    nearest = xy[int(np.hypot(*(xy - centre).T).argmin())]
    lon, lat = geo.unproject(nearest[None, :], homes.crs)[0]
    return float(lon), float(lat)
