"""
What a survey knows of the ground -> how well points lie on it, as counts in classes.

Each clue sorts every point into a class; what the classes mean is for the judge of datums to say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.tables import StreetWays

_BUILDING_M = (0.5, 5.0, 15.0, 40.0, 100.0)
_STREET_M = (4.0, 12.0, 25.0, 60.0)
_NAMED_STREET_M = (15.0, 40.0, 90.0, 200.0, 400.0)
_SAME_NAME_M = (15.0, 50.0, 120.0, 300.0, 600.0)
_OF_COMMUNITY = re.compile(r"(?:社区|村)?(?:居民|村民)?(?:委员会|居委会|村委会|居委)?$")
_ROAD = re.compile(r"(?:[路街道巷弄线浜埭]|大道|支路)$")
_OTHER_THING = re.compile(
    r"[路街道巷弄线浜埭里苑园]|大道|支路|新村|[东南西北]?[一二三四五六]?[村区]"
)
_SHORT = 2  # names of one sign say nothing


@dataclass(frozen=True, kw_only=True)
class Ground:
    """
    What points are compared with, in one metric system; empty arrays where nothing is known.

    Parameters
    ----------
    buildings, streets, areas
        Outlines, centrelines and outlines of communities, shape (n,) each.
    street_names, area_names
        Their names, empty where unknown, shape (n,).
    places_xy
        Places whose datum is known [m], shape (n, 2).
    place_names
        Their names, shape (n,).
    """

    buildings: NDArray[np.object_] = field(repr=False)
    streets: NDArray[np.object_] = field(repr=False)
    street_names: NDArray[np.object_] = field(repr=False)
    areas: NDArray[np.object_] = field(repr=False)
    area_names: NDArray[np.object_] = field(repr=False)
    places_xy: NDArray[np.float64] = field(repr=False)
    place_names: NDArray[np.object_] = field(repr=False)

    def __bool__(self) -> bool:
        return bool(len(self.buildings) or len(self.streets) or len(self.areas))


@dataclass(frozen=True, kw_only=True)
class Clue:
    """
    One clue: the class of each point, and what it measured.

    Parameters
    ----------
    name
        ``building``, ``street``, ``community``, ``address`` or ``same_name``.
    classes
        Number of classes, the best first.
    of
        Class of each point, -1 where the clue says nothing of it, shape (n,).
    metres
        Distance the class is taken from [m], NaN where none, shape (n,).
    """

    name: str
    classes: int
    of: NDArray[np.int64]
    metres: NDArray[np.float64]


def plain_name(text: str | None) -> str:
    """
    Bring a name to a form that can be compared.

    Parameters
    ----------
    text
        A name, perhaps with blanks, line breaks and brackets.

    Returns
    -------
    name
        Without these and in one width; empty for None.
    """
    if text is None:
        return ""
    plain = unicodedata.normalize("NFKC", str(text)).casefold()
    return re.sub(r"\s+", "", plain)


class Clues:
    """
    The clues a ground gives, prepared once and asked for many sets of points.

    Parameters
    ----------
    ground
        What is known.
    """

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._buildings = shapely.STRtree(ground.buildings)
        self._streets = shapely.STRtree(ground.streets)
        shapely.prepare(ground.areas)
        stems = [_OF_COMMUNITY.sub("", plain_name(name)) for name in ground.area_names]
        self._stems = _unique(stems)
        self._roads: dict[str, list[int]] = {}
        for at, name in enumerate(ground.street_names):
            plain = plain_name(name)
            if len(plain) > _SHORT - 1 and _ROAD.search(plain):
                self._roads.setdefault(plain, []).append(at)
        self._places = _unique([plain_name(name) for name in ground.place_names])

    def rows(self, names: Sequence[str | None], addresses: Sequence[str | None]) -> Rows:
        """
        Find what the texts of rows point at.

        Parameters
        ----------
        names, addresses
            Texts of the rows, None where there are none, n each.

        Returns
        -------
        rows
            For each row the community, the street and the place its texts name, -1 where none.
        """
        count = len(names)
        area = np.full(count, -1, dtype=np.int64)
        place = np.full(count, -1, dtype=np.int64)
        roads: list[tuple[int, ...]] = []
        for at, (name, address) in enumerate(zip(names, addresses, strict=True)):
            plain, where = plain_name(name), plain_name(address)
            place[at] = self._places.get(plain, -1)
            named = self._area_in(plain, begins=True)
            area[at] = named if named >= 0 else self._area_in(where, begins=False)
            roads.append(self._roads_in(where))
        return Rows(area=area, place=place, roads=tuple(roads))

    def _area_in(self, text: str, *, begins: bool) -> int:
        """Find the one community of a text; a name may begin with it, an address must spell it."""
        found = set()
        for stem, area in self._stems.items():
            if stem not in text:
                continue
            rest = text.partition(stem)[2]
            # 新桥街 is a street and 凤鸣新村 an estate: neither lies in the community so called.
            spelt = rest.startswith(("社区", "村", "居委"))
            if spelt or (begins and text.startswith(stem) and not _OTHER_THING.match(rest)):
                found.add(area)
        return found.pop() if len(found) == 1 else -1

    def _roads_in(self, text: str) -> tuple[int, ...]:
        named = [name for name in self._roads if name in text]
        longest = max(named, key=len, default="")
        # 东方支路 must not count as 支路, nor may an address that names two streets.
        if not longest or any(name not in longest for name in named):
            return ()
        return tuple(self._roads[longest])

    def of(self, xy: NDArray[np.float64], rows: Rows) -> tuple[Clue, ...]:
        """
        Sort points into the classes of every clue.

        Parameters
        ----------
        xy
            Points in the ground's system [m], shape (n, 2); finite.
        rows
            What their texts point at.

        Returns
        -------
        clues
            Those the ground can give.
        """
        ground = self._ground
        points = shapely.points(xy)
        found = []
        if len(ground.buildings):
            found.append(_clue("building", _nearest(self._buildings, points), _BUILDING_M))
        if len(ground.streets):
            found.append(_clue("street", _nearest(self._streets, points), _STREET_M))
        if (rows.area >= 0).any():
            inside = np.full(len(xy), np.nan)
            at = rows.area >= 0
            inside[at] = np.where(
                shapely.intersects(ground.areas[rows.area[at]], points[at]), 0.0, 1.0
            )
            found.append(_clue("community", inside, (0.5,)))
        if any(rows.roads):
            counts = np.array([len(roads) for roads in rows.roads])
            each = np.repeat(np.arange(len(xy)), counts)
            pieces = np.array([one for roads in rows.roads for one in roads], dtype=np.intp)
            metres = np.full(len(xy), np.inf)
            np.minimum.at(metres, each, shapely.distance(ground.streets[pieces], points[each]))
            metres[counts == 0] = np.nan
            found.append(_clue("address", metres, _NAMED_STREET_M))
        if (rows.place >= 0).any():
            metres = np.full(len(xy), np.nan)
            at = rows.place >= 0
            metres[at] = np.hypot(*(ground.places_xy[rows.place[at]] - xy[at]).T)
            found.append(_clue("same_name", metres, _SAME_NAME_M))
        return tuple(found)


@dataclass(frozen=True, kw_only=True)
class Rows:
    """
    What the texts of rows point at.

    Parameters
    ----------
    area
        Index of the community named, -1 where none or several, shape (n,).
    place
        Index of the one place of the same name, -1 where none, shape (n,).
    roads
        Indices of the pieces of the one street named.
    """

    area: NDArray[np.int64]
    place: NDArray[np.int64]
    roads: tuple[tuple[int, ...], ...]

    def take(self, rows: NDArray[np.intp]) -> Rows:
        """
        Pick rows.

        Parameters
        ----------
        rows
            Which, repeats allowed.

        Returns
        -------
        rows
            Those.
        """
        return Rows(
            area=self.area[rows],
            place=self.place[rows],
            roads=tuple(self.roads[at] for at in rows),
        )


def ground_of(
    *,
    crs: object,
    buildings: gpd.GeoDataFrame | None = None,
    streets: StreetWays | None = None,
    communities: gpd.GeoDataFrame | None = None,
    places: gpd.GeoDataFrame | None = None,
) -> Ground:
    """
    Gather what points can be compared with.

    Parameters
    ----------
    crs
        Metric system of the study.
    buildings, communities, places
        Tables with reference systems; communities and places have a ``name``.
    streets
        Streets of a survey.

    Returns
    -------
    ground
        Everything in `crs`.
    """
    lines, street_names = _lines(streets, crs)
    spots = np.empty((0, 2))
    names = np.empty(0, dtype=object)
    if places is not None and len(places):
        middles = places.to_crs(crs).geometry.representative_point()
        spots = np.column_stack([middles.x, middles.y])
        names = places["name"].to_numpy(dtype=object)
    return Ground(
        buildings=_shapes(buildings, crs),
        streets=lines,
        street_names=street_names,
        areas=_shapes(communities, crs),
        area_names=np.empty(0, dtype=object)
        if communities is None
        else communities["name"].to_numpy(dtype=object),
        places_xy=spots,
        place_names=names,
    )


def _shapes(table: gpd.GeoDataFrame | None, crs: object) -> NDArray[np.object_]:
    if table is None or not len(table):
        return np.empty(0, dtype=object)
    return np.asarray(table.to_crs(crs).geometry.array, dtype=object)


def _lines(
    streets: StreetWays | None, crs: object
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    if streets is None or not len(streets):
        return np.empty(0, dtype=object), np.empty(0, dtype=object)
    lengths = np.diff(streets.way_ptr)
    good = lengths >= 2
    nodes = streets.way_node[np.repeat(good, lengths)]
    ways = np.repeat(np.arange(int(good.sum())), lengths[good])
    lines = shapely.linestrings(streets.lonlat[nodes], indices=ways)
    names = streets.ways["name"].to_numpy(dtype=object)[good]
    metric = gpd.GeoSeries(lines, crs="EPSG:4326").to_crs(crs)
    return np.asarray(metric.array, dtype=object), names


def _unique(names: Sequence[str]) -> dict[str, int]:
    """Index names that stand for one thing only."""
    seen: dict[str, int] = {}
    doubled = set()
    for at, name in enumerate(names):
        if name in seen:
            doubled.add(name)
        seen.setdefault(name, at)
    return {name: at for name, at in seen.items() if len(name) >= _SHORT and name not in doubled}


def _nearest(tree: shapely.STRtree, points: NDArray[np.object_]) -> NDArray[np.float64]:
    (at, _), metres = tree.query_nearest(points, return_distance=True, all_matches=False)
    found = np.full(len(points), np.nan)
    found[at] = metres
    return found


def _clue(name: str, metres: NDArray[np.float64], limits: tuple[float, ...]) -> Clue:
    classes = np.searchsorted(np.asarray(limits), metres, side="left")
    return Clue(
        name=name,
        classes=len(limits) + 1,
        of=np.where(np.isnan(metres), -1, classes).astype(np.int64),
        metres=metres,
    )
