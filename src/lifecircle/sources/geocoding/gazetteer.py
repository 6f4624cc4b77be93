"""
Everything with a name and a place that a study holds -> one gazetteer that texts are looked up in.

It keeps what was said and where; which of it a text means is for `geocode` to judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from lifecircle import geo
from lifecircle.sources.geocoding.parts import Vocabulary, split_address, split_name
from lifecircle.sources.geocoding.text import building_key, community_key, plain

ENTRY_COLUMNS = (
    *("name", "address", "street", "number", "estate", "building", "community", "subdistrict"),
    *("kind", "source", "row"),
)
"""Texts of an entry; `kind` is ``address``, ``old_address``, ``place`` or ``estate``."""

POINT_COLUMNS = (
    *("street", "number", "estate", "building", "community", "subdistrict", "rank"),
    *("text", "source", "x", "y"),
)
NAME_COLUMNS = ("key", "branch", "community", "estate", "text", "source", "row", "x", "y")
_Key = TypeVar("_Key")
GATE_COLUMNS = ("estate", "side", "text", "source", "x", "y")


@dataclass(frozen=True, kw_only=True)
class Gazetteer:
    """
    Places that texts can mean, in one metric system.

    Parameters
    ----------
    crs
        The metric system.
    vocabulary
        Names of places, by which texts are taken apart.
    points
        Doors and buildings: ``street, number, estate, building, community, subdistrict, rank,
        text, source, x, y``. The lower the rank, the better the word: 0 an official address, 1
        an old one, 2 the address of a place in some list.
    names
        Places known by name: ``key, branch, community, estate, text, source, row, x, y``.
    gates
        Gates of estates: ``estate, side, text, source, x, y``; the side is empty where unknown.
    estates, streets, communities
        Name to shape.

    Notes
    -----
    The frames are not to be changed.
    """

    crs: CRS
    vocabulary: Vocabulary
    points: pd.DataFrame
    names: pd.DataFrame
    gates: pd.DataFrame
    estates: Mapping[str, shapely.Geometry]
    streets: Mapping[str, shapely.Geometry]
    communities: Mapping[str, shapely.Geometry]

    def __len__(self) -> int:
        return len(self.points) + len(self.names) + len(self.estates) + len(self.communities)

    @cached_property
    def by_number(self) -> Mapping[tuple[str, int], NDArray[np.intp]]:
        """Rows of `points` by street and number."""
        known = self.points[(self.points["street"] != "") & self.points["number"].notna()]
        return _indexed(zip(known["street"], known["number"].astype(int), strict=True), known.index)

    @cached_property
    def by_street(self) -> Mapping[str, NDArray[np.intp]]:
        """Rows of `points` by street."""
        known = self.points[self.points["street"] != ""]
        return _indexed(known["street"], known.index)

    @cached_property
    def by_building(self) -> Mapping[tuple[str, str], NDArray[np.intp]]:
        """Rows of `points` by estate and building."""
        known = self.points[(self.points["estate"] != "") & (self.points["building"] != "")]
        return _indexed(zip(known["estate"], known["building"], strict=True), known.index)

    @cached_property
    def by_estate(self) -> Mapping[str, NDArray[np.intp]]:
        """Rows of `points` by estate."""
        known = self.points[self.points["estate"] != ""]
        return _indexed(known["estate"], known.index)

    @cached_property
    def by_name(self) -> Mapping[tuple[str, int], NDArray[np.intp]]:
        """Rows of `names` by key and branch."""
        return _indexed(zip(self.names["key"], self.names["branch"], strict=True), self.names.index)

    def xy(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        """
        Give the places of rows of `points`.

        Parameters
        ----------
        rows
            Positions, shape (n,).

        Returns
        -------
        xy
            Metric coordinates, shape (n, 2).
        """
        return self._points_xy[rows]

    @cached_property
    def _points_xy(self) -> NDArray[np.float64]:
        return np.asarray(self.points[["x", "y"]].to_numpy(dtype=np.float64))


def build_gazetteer(
    entries: Sequence[gpd.GeoDataFrame],
    *,
    communities: gpd.GeoDataFrame | None = None,
    estates: gpd.GeoDataFrame | None = None,
    streets: gpd.GeoDataFrame | None = None,
) -> Gazetteer:
    """
    Put together what is known of places.

    Parameters
    ----------
    entries
        Frames with columns of `ENTRY_COLUMNS`, any of them, and points or outlines, WGS 84.
    communities, estates
        ``name`` (of communities ``subdistrict`` and ``county`` too) and outlines, WGS 84.
    streets
        ``name`` and lines, WGS 84.

    Returns
    -------
    gazetteer
        What texts can be looked up in.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from lifecircle.sources.geocoding.gazetteer import build_gazetteer
    >>> doors = gpd.GeoDataFrame(
    ...     {"kind": ["address"], "street": ["文澜街"], "number": ["12号"]},
    ...     geometry=gpd.points_from_xy([121.1], [30.46]), crs="EPSG:4326",
    ... )
    >>> gazetteer = build_gazetteer([doors])
    >>> len(gazetteer), ("文澜街", 12) in gazetteer.by_number
    (1, True)
    """
    frames = [_entry_frame(one) for one in entries if len(one)]
    table = (
        pd.concat(frames, ignore_index=True)
        if frames
        else pd.DataFrame(columns=[*ENTRY_COLUMNS, "geometry"])
    )
    shapes = np.asarray(table["geometry"].to_numpy(), dtype=object)
    crs = _metric(shapes, communities, estates, streets)
    outlines = _shapes_by_name(communities, crs, community_key)
    grounds = _shapes_by_name(estates, crs, plain)
    roads = _shapes_by_name(streets, crs, plain)
    vocabulary = _vocabulary(table, communities, frozenset(grounds), frozenset(roads))
    xy = _centres(shapes, crs)
    parts = _Parts()
    for at, row in enumerate(table.itertuples(index=False)):
        parts.add(row, float(xy[at, 0]), float(xy[at, 1]), vocabulary)
    return Gazetteer(
        crs=crs,
        vocabulary=vocabulary,
        points=pd.DataFrame(parts.points, columns=list(POINT_COLUMNS)),
        names=pd.DataFrame(parts.names, columns=list(NAME_COLUMNS)),
        gates=pd.DataFrame(parts.gates, columns=list(GATE_COLUMNS)),
        estates=grounds,
        streets=roads,
        communities=outlines,
    )


def _indexed(keys: Iterable[_Key], rows: pd.Index) -> dict[_Key, NDArray[np.intp]]:
    found: dict[_Key, list[int]] = {}
    for key, row in zip(keys, rows, strict=True):
        found.setdefault(key, []).append(int(row))
    return {key: np.array(at, dtype=np.intp) for key, at in found.items()}


def _entry_frame(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    values: dict[str, object] = {}
    for column in ENTRY_COLUMNS:
        cells = frame[column].tolist() if column in frame else [None] * len(frame)
        values[column] = pd.Series(cells, dtype=object)
    if "kind" not in frame:
        values["kind"] = "place"
    values["geometry"] = pd.Series(list(frame.geometry.array), dtype=object)
    return pd.DataFrame(values)


def _metric(shapes: NDArray[np.object_], *frames: gpd.GeoDataFrame | None) -> CRS:
    boxes = [shapely.bounds(shapes)] if len(shapes) else []
    boxes += [
        shapely.bounds(np.asarray(one.geometry.array))
        for one in frames
        if one is not None and len(one)
    ]
    if not boxes:
        return geo.metric_crs(0.0, 0.0)
    centre = np.nanmedian(np.concatenate(boxes), axis=0)
    return geo.metric_crs(float(centre[[0, 2]].mean()), float(centre[[1, 3]].mean()))


def _shapes_by_name(
    frame: gpd.GeoDataFrame | None, crs: CRS, key: object
) -> dict[str, shapely.Geometry]:
    if frame is None or not len(frame):
        return {}
    table = geo.to_crs(frame, crs, where="gazetteer")
    found: dict[str, list[shapely.Geometry]] = {}
    for name, shape in zip(table["name"], table.geometry.array, strict=True):
        if isinstance(name, str) and plain(name):
            found.setdefault(key(name), []).append(shape)  # type: ignore[operator]
    return {name: shapely.union_all(parts) for name, parts in sorted(found.items())}


def _centres(shapes: NDArray[np.object_], crs: CRS) -> NDArray[np.float64]:
    if not len(shapes):
        return np.empty((0, 2))
    flat = shapely.get_type_id(shapes) != shapely.GeometryType.POINT
    shapes = shapes.copy()
    shapes[flat] = shapely.point_on_surface(shapes[flat])
    return geo.project(shapely.get_coordinates(shapes), crs)


def _vocabulary(
    table: pd.DataFrame,
    communities: gpd.GeoDataFrame | None,
    estates: frozenset[str],
    roads: frozenset[str],
) -> Vocabulary:
    def column(name: str) -> frozenset[str]:
        return frozenset(key for one in table[name] if (key := plain(one)))

    subdistricts, counties = set(column("subdistrict")), set()
    belongs = {community_key(one): "" for one in column("community")}
    if communities is not None:
        for row in communities.itertuples():
            key = community_key(row.name)
            subdistrict = plain(getattr(row, "subdistrict", None) or "")
            county = plain(getattr(row, "county", None) or "")
            belongs[key] = subdistrict
            subdistricts.add(subdistrict)
            counties.add(county)
    for text, community, subdistrict in zip(
        table["address"], table["community"], table["subdistrict"], strict=True
    ):
        whole, part = plain(text), plain(subdistrict)
        if part and plain(community):
            belongs[community_key(community)] = part
        if part and 0 < (at := whole.find(part)) <= 12:
            counties.add(_county(whole[:at]))
    return Vocabulary(
        counties=frozenset(counties - {""}),
        subdistricts=frozenset(subdistricts - {""}),
        communities={key: belongs[key] for key in sorted(belongs) if key},
        streets=column("street") | roads,
        estates=column("estate") | estates,
    )


def _county(text: str) -> str:
    """Take the last of province, city and county before a subdistrict."""
    for ending in ("省", "市", "自治区"):
        at = text.rfind(ending)
        if 0 < at < len(text) - 1:
            text = text[at + len(ending) :]
    return text


class _Parts:
    """Rows of the gazetteer's frames while they are gathered."""

    def __init__(self) -> None:
        self.points: list[tuple[object, ...]] = []
        self.names: list[tuple[object, ...]] = []
        self.gates: list[tuple[object, ...]] = []

    def add(self, row: object, x: float, y: float, known: Vocabulary) -> None:
        """Take up one entry: as a door, as a named place, as a gate."""
        name, address = _text(row, "name"), _text(row, "address")
        source, kind = _text(row, "source"), _text(row, "kind")
        read = split_address(address, known)
        number = split_address("路" + _text(row, "number"), known).number
        if number is None:
            number = _leading(_text(row, "number"))
        street = _text(row, "street") or read.street
        estate = _text(row, "estate") or read.estate
        community = community_key(_text(row, "community")) or read.community
        subdistrict = _text(row, "subdistrict") or read.subdistrict
        if number is None and street == read.street:
            number = read.number
        building = building_key(_text(row, "building")) or read.building
        rank = {"address": 0, "old_address": 1}.get(kind, 2)
        if (street and number is not None) or (estate and building):
            self.points.append(
                (
                    *(street, number, estate, building, community),
                    subdistrict or known.communities.get(community, ""),
                    *(rank, address or read.label, source, x, y),
                )
            )
        if not name:
            return
        at_gate = split_address(name, known)
        if at_gate.gate and at_gate.estate in known.estates:
            side = "" if at_gate.gate == "门" else at_gate.gate
            self.gates.append((at_gate.estate, side, name, source, x, y))
            return
        parts = split_name(name, known)
        self.names.append(
            (
                *(parts.key, parts.branch, parts.community or community),
                *(parts.estate or estate, name, source, _text(row, "row"), x, y),
            )
        )


def _leading(text: str) -> int | None:
    digits = ""
    for letter in text:
        if not letter.isdigit():
            break
        digits += letter
    return int(digits) if digits else None


def _text(row: object, name: str) -> str:
    value = getattr(row, name)
    return plain(value) if isinstance(value, str) else ""
