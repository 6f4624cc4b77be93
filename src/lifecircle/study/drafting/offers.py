"""What an OpenStreetMap extract and a raster offer a study that is drawn up from them."""

from __future__ import annotations

import math
import re
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from lifecircle.errors import LifecircleError
from lifecircle.sources.bands import read_band
from lifecircle.sources.osm.file import read_osm_file
from lifecircle.sources.vectors.looks import Bounds
from lifecircle.study.drafting.recognise import Seen
from lifecircle.tables import Survey

_PLACES = (("suburb", "quarter", "neighbourhood"), ("town", "village", "hamlet"))
_WITHIN = 0.9  # of a boundary that lies within the extract
_LARGE = 0.02  # of the extract a boundary must cover to be taken for the area
_FEW = 5  # buildings that make a map of homes
_COVER_NAMES = re.compile(
    r"(?P<worldcover>worldcover)|(?P<clcd>clcd)|(?P<globeland30>globeland|lc030)|"
    r"(?P<corine>corine|clc\d{4}|u\d{4}_clc)"
)

_EDGE = 0.1  # of each side of the data: beyond it nobody knows the streets
_SIDE_M = 10_000.0  # of an area nobody named: a whole city takes hours and answers nobody


@dataclass(frozen=True, kw_only=True)
class Extract:
    """
    What an extract says about an area.

    Parameters
    ----------
    box
        West, south, east, north it is complete in, WGS 84.
    relation, name
        The largest boundary within it; 0 and empty where there is none.
    area
        Outline of that boundary, or the box without its edge.
    place_kinds
        Kinds of named places, three or more, in the area; empty where there are none.
    admin_level
        Level of boundaries, three or more, in the area; 0 where there is none.
    people
        People the map counts in that boundary; 0 where it does not.
    has_homes
        Whether buildings people live in, or residential land, are mapped.
    """

    box: Bounds
    relation: int
    name: str
    area: shapely.Geometry
    place_kinds: tuple[str, ...]
    admin_level: int
    people: int
    has_homes: bool


def look_at_extract(path: Path, around: Bounds | None) -> Extract:
    """
    Read an extract and say what a study could take from it.

    Parameters
    ----------
    path
        The extract.
    around
        The area, where other files say it, WGS 84.

    Returns
    -------
    extract
        Its box, a boundary, named places, whether homes are mapped.

    Raises
    ------
    LifecircleError
        As `read_osm_file`.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # told when the study is checked
        survey = read_osm_file(path, bbox=around)
    west, south, east, north = survey.extent.bounds
    relation, name, area = 0, "", survey.extent
    if around is not None:
        area = shapely.box(*around)
    else:
        relation, name, area = _boundary(survey)
    inside = shapely.intersects(area, survey.named_places.geometry.to_numpy())
    kinds = survey.named_places["kind"].to_numpy(dtype=object)[inside]
    levels = survey.admin_areas[
        shapely.intersects(area, shapely.point_on_surface(survey.admin_areas.geometry.to_numpy()))
    ]["level"].dropna()
    counted = levels.value_counts()
    several = sorted(int(level) for level, count in counted.items() if count >= 3)
    homes = (survey.buildings["use"].notna().sum() >= _FEW) or bool(
        (survey.ground["kind"] == "residential").any()
    )
    return Extract(
        box=(west, south, east, north),
        relation=relation,
        name=name,
        area=area,
        place_kinds=next((some for some in _PLACES if np.isin(kinds, some).sum() >= 3), ()),
        admin_level=several[0] if several else 0,
        people=_people(survey, relation, name),
        has_homes=homes,
    )


def _people(survey: Survey, relation: int, name: str) -> int:
    """Take the people of a boundary, or of the one town or city of its name."""
    if not relation:
        return 0
    areas, places = survey.admin_areas, survey.named_places
    counted = areas.loc[areas["admin_id"] == f"r{relation}", "people"].dropna()
    if not len(counted):
        same = (places["name"] == name) & places["kind"].isin(["city", "town"])
        counted = places.loc[same, "people"].dropna()
    return int(counted.iloc[0]) if len(counted) == 1 and counted.iloc[0] > 0 else 0


def _boundary(survey: Survey) -> tuple[int, str, shapely.Geometry]:
    inner = shapely.box(*middle_of(survey.extent.bounds))
    areas = survey.admin_areas[survey.admin_areas["admin_id"].str.fullmatch(r"r\d+")]
    shapes = areas.geometry.to_numpy()
    size = shapely.area(shapes)
    within = shapely.area(shapely.intersection(survey.extent, shapes))
    fits = (within >= _WITHIN * size) & (size >= _LARGE * shapely.area(survey.extent))
    if not fits.any():
        return 0, "", inner
    best = int(np.argmax(np.where(fits, size, -1.0)))
    row = areas.iloc[best]
    return int(str(row["admin_id"])[1:]), str(row["name"] or ""), shapes[best]


def middle_of(data: Bounds) -> Bounds:
    """
    Take the middle of data as the area where nothing says what the area is.

    Parameters
    ----------
    data
        West, south, east, north of the data, WGS 84.

    Returns
    -------
    middle
        The box without a tenth at each side, and no side longer than 10 km.

    Examples
    --------
    >>> from lifecircle.study.drafting.offers import middle_of
    >>> west, south, east, north = middle_of((120.0, 30.0, 121.0, 30.1))
    >>> round(east - west, 3), round(north - south, 3)
    (0.104, 0.08)
    """
    west, south, east, north = data
    x, y = (west + east) / 2, (south + north) / 2
    degree = math.radians(1.0) * 6_371_000.0
    high = min((0.5 - _EDGE) * (north - south), _SIDE_M / 2 / degree)
    wide = min((0.5 - _EDGE) * (east - west), _SIDE_M / 2 / degree / math.cos(math.radians(y)))
    return x - wide, y - high, x + wide, y + high


def box_of(shape: shapely.Geometry) -> Bounds:
    """
    Give the box of a shape.

    Parameters
    ----------
    shape
        Any shape, WGS 84.

    Returns
    -------
    box
        West, south, east, north.
    """
    west, south, east, north = shape.bounds
    return float(west), float(south), float(east), float(north)


def look_at_raster(path: Path, around: Bounds) -> Seen:
    """
    Tell heights from people by the numbers of a raster.

    Parameters
    ----------
    path
        The raster.
    around
        The area, WGS 84.

    Returns
    -------
    seen
        ``dem``, ``raster`` or nothing: heights change little from cell to cell and are hardly
        ever 0, people are never negative; a few whole numbers are the classes of a map.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            values = read_band(path, around, holds="numbers").values
    except LifecircleError as error:
        return Seen(kind="", why="; ".join(one.what for one in error.problems))
    known = values[np.isfinite(values)]
    if not len(known):
        return Seen(kind="", why="has no data in the area")
    name = path.stem.casefold()
    span = f"cells from {known.min():,.6g} to {known.max():,.6g}"
    whole = bool((known == np.round(known)).all())
    few = len(np.unique(known)) <= 50 and known.min() >= 0 and whole
    if few and not re.search("dem|dtm|srtm|elev|height|高程", name) and len(known) > 500:
        return Seen(kind="", why=f"{span}, few whole numbers: a map of classes, not of people")
    smooth = _smoothness(values)
    if re.search("pop|人口|people|ghs|gpw", name) and known.min() >= 0:
        return Seen(kind="raster", why=f"{span}: people per cell, by its name")
    heights = bool(re.search("dem|dtm|dsm|srtm|elev|height|高程|地形", name))
    if known.min() > -500 and known.max() < 9000 and (heights or smooth > 0.9):
        return Seen(kind="dem", why=f"{span}, {smooth:.0%} alike from cell to cell: heights")
    return Seen(kind="", why=f"{span}: neither heights nor people by its numbers or its name")


def cover_codes_of(path: Path) -> str | None:
    """
    Tell by the name of a file which product of land cover it holds.

    Parameters
    ----------
    path
        The raster.

    Returns
    -------
    codes
        As `lifecircle.sources.land.cover.COVER_CODES`; None where the name does not tell.
    """
    found = _COVER_NAMES.search(path.stem.casefold())
    return None if found is None or found.lastgroup is None else found.lastgroup


def look_at_cover(path: Path, around: Bounds) -> Seen:
    """
    Take a raster whose name is that of a product for land cover, if it has data in the area.

    Parameters
    ----------
    path
        The raster.
    around
        The area, WGS 84.

    Returns
    -------
    seen
        ``cover``, or nothing.
    """
    try:
        read_band(path, around, holds="classes of land", classes=True)
    except LifecircleError as error:
        return Seen(kind="", why="; ".join(one.what for one in error.problems))
    return Seen(kind="cover", why=f"land cover, by its name codes of {cover_codes_of(path)}")


def _smoothness(values: np.ndarray) -> float:
    """Correlate each cell with the one to its right."""
    left, right = values[:, :-1].ravel(), values[:, 1:].ravel()
    both = np.isfinite(left) & np.isfinite(right)
    if both.sum() < 3 or np.ptp(left[both]) == 0 or np.ptp(right[both]) == 0:
        return 0.0
    return float(np.corrcoef(left[both], right[both])[0, 1])
