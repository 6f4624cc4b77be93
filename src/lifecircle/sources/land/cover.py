"""
A raster of land cover -> what the ground looks like from above at any points.

Codes of products share numbers with other meanings, so none is read without the name of its list.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from lifecircle import geo
from lifecircle.errors import DoubtfulRowsWarning, InputError, Problem
from lifecircle.provenance import Source, sha256_of
from lifecircle.sources.bands import Bounds, Placing, read_band
from lifecircle.sources.land.words import kind_of_code

COVERS = ("built", "bare", "grass", "trees", "crop", "water", "wetland")
"""What a cell may show, snow and ice apart, which is ``bare``."""
FINEST_M = 5.0
"""Of smaller cells the most frequent class in about this size [m] is read (P)."""

_OF_SURVEY = {
    "farmland": "crop",
    "forest": "trees",
    **dict.fromkeys(("meadow", "park"), "grass"),
    **dict.fromkeys(("water", "wetland"), "water"),
    **dict.fromkeys(("vacant", "bare", "quarry"), "bare"),
}
_CODES: Mapping[str, Mapping[str, Collection[int]]] = MappingProxyType(
    {
        "worldcover": {
            "trees": (10,),
            "grass": (20, 30, 100),
            "crop": (40,),
            "built": (50,),
            "bare": (60, 70),
            "water": (80,),
            "wetland": (90, 95),
        },
        "clcd": {
            "crop": (1,),
            "trees": (2,),
            "grass": (3, 4),
            "water": (5,),
            "bare": (6, 7),
            "built": (8,),
            "wetland": (9,),
        },
        "globeland30": {
            "crop": (10,),
            "trees": (20,),
            "grass": (30, 40, 70),
            "wetland": (50,),
            "water": (60,),
            "built": (80,),
            "bare": (90, 100),
        },
        "esri": {
            "water": (1,),
            "trees": (2,),
            "wetland": (4,),
            "crop": (5,),
            "built": (7,),
            "bare": (8, 9),
            "grass": (11,),
        },
        "corine": {
            "built": (*range(1, 10), 11),
            "grass": (10, 18, 26, 27, 28),
            "crop": (*range(12, 18), *range(19, 23)),
            "trees": (23, 24, 25, 29),
            "bare": range(30, 35),
            "wetland": range(35, 40),
            "water": range(40, 45),
        },
    }
)
COVER_CODES = (*_CODES, "3diao")
"""Lists of codes that are known: products, and first or second level codes of the land survey."""


@dataclass(frozen=True, kw_only=True)
class LandCover:
    """
    What the ground looks like, on a grid.

    Parameters
    ----------
    shows
        Places in `COVERS`, -1 where nothing is known, shape (rows, columns).
    to_place
        As in `lifecircle.sources.bands.Band`.
    crs
        Reference system of x and y.
    cell_m2
        Size of a cell on the ground [m²].
    name
        What evidence calls it.
    """

    shows: NDArray[np.int8]
    to_place: Placing
    crs: CRS
    cell_m2: float
    name: str

    def __post_init__(self) -> None:
        self.shows.flags.writeable = False

    def at(self, lonlat: NDArray[np.float64]) -> NDArray[np.int8]:
        """
        Look at points.

        Parameters
        ----------
        lonlat
            WGS 84 longitudes and latitudes [°], shape (n, 2).

        Returns
        -------
        shows
            Places in `COVERS`, -1 where nothing is known, shape (n,).

        Examples
        --------
        >>> import numpy as np
        >>> from pyproj import CRS
        >>> from lifecircle.sources.land.cover import COVERS, LandCover
        >>> seen = LandCover(shows=np.array([[0, 5]], dtype=np.int8), cell_m2=100.0, name="c.tif",
        ...     to_place=(0.01, 0.0, 13.0, 0.0, -0.01, 53.0), crs=CRS.from_epsg(4326))
        >>> [COVERS[one] for one in seen.at(np.array([[13.005, 52.995], [13.015, 52.995]]))]
        ['built', 'water']
        """
        xy = geo.project(np.asarray(lonlat, dtype=np.float64).reshape(-1, 2), self.crs)
        a, b, c, d, e, f = self.to_place
        x, y = xy[:, 0] - c, xy[:, 1] - f
        area = a * e - b * d
        column = np.floor((e * x - b * y) / area).astype(np.int64)
        row = np.floor((a * y - d * x) / area).astype(np.int64)
        rows, columns = self.shows.shape
        inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        shows = np.full(len(xy), -1, dtype=np.int8)
        shows[inside] = self.shows[row[inside], column[inside]]
        return shows


def read_land_cover(path: Path, *, codes: str | None, bounds: Bounds) -> tuple[LandCover, Source]:
    """
    Read a raster of land cover around some streets.

    Parameters
    ----------
    path
        GeoTIFF, or anything else GDAL reads as a raster of one band; a table of colours is no
        harm.
    codes
        One of `COVER_CODES`: what the numbers mean.
    bounds
        West, south, east and north of the part that is needed, WGS 84 [°].

    Returns
    -------
    cover
        The part of the grid around the bounds.
    source
        Name, hash of the whole file, and counts of the cells read: `rows_doubtful` have a number
        the list does not know, all others are used, those without data too.

    Raises
    ------
    InputError
        If `codes` is missing, or knows hardly any number of the raster, or there is no data in
        the area; else as `read_band`.
    SourceError, CrsError, ExtentError
        As `read_band`.

    Warns
    -----
    DoubtfulRowsWarning
        If cells hold numbers the list does not know; 0 is no data.
    """
    if codes is None:
        raise InputError(
            Problem(
                what="what its numbers mean is not said",
                where=f"land.cover, {path.name}",
                remedy=f"set land.cover_codes to one of {', '.join(COVER_CODES)}",
            )
        )
    band = read_band(path, bounds, holds="classes of land", finest_m=FINEST_M, classes=True)
    values = band.values
    shows = np.full(values.shape, -1, dtype=np.int8)
    numbers = np.unique(values[np.isfinite(values) & (values != 0)])
    known = {number: shown for number in numbers if (shown := _cover_of(number, codes))}
    for number, shown in known.items():
        shows[values == number] = COVERS.index(shown)
    strange = np.isfinite(values) & (values != 0) & (shows < 0)
    used, lost = int((shows >= 0).sum()), int(strange.sum())
    said = ", ".join(f"{number:g}" for number in numbers if number not in known)
    if not used and not lost:
        raise InputError(
            Problem(
                what="has no data in the area",
                where=f"land.cover, {path.name}",
                remedy="name a raster of the area, or leave land.cover out",
            )
        )
    if used <= lost:
        raise InputError(
            Problem(
                what=f"hardly any of its numbers is a code of {codes} ({said})",
                where=f"land.cover, {path.name}",
                remedy=f"set land.cover_codes to one of {', '.join(COVER_CODES)}",
            )
        )
    if lost:
        warnings.warn(
            f"{path.name}: {lost:,} cells hold numbers {codes} does not know ({said}): nothing is "
            "known there",
            DoubtfulRowsWarning,
            stacklevel=2,
        )
    width, height = band.sides_m(values.shape[0] / 2.0, values.shape[1] / 2.0)
    cover = LandCover(
        shows=shows,
        to_place=band.to_place,
        crs=band.crs,
        cell_m2=width * height,
        name=path.name,
    )
    return cover, Source(
        name=path.name,
        sha256=sha256_of(path),
        rows_in=values.size,
        rows_used=values.size - lost,
        rows_doubtful=lost,
    )


def _cover_of(number: float, codes: str) -> str | None:
    if number != round(number):
        return None
    if codes != "3diao":
        return next((one for one, those in _CODES[codes].items() if number in those), None)
    level = 2 if number < 100 else 4
    if not (1 <= number <= 12 or 100 < number <= 1299):
        return None
    return _OF_SURVEY.get(kind_of_code(f"{int(number):0{level}d}", "3diao"), "built")
