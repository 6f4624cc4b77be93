"""
Turns an OpenStreetMap file into plain tagged nodes, way lines and relations.

Everything comes out sorted by id, whatever the order in the file; a way that lost nodes when its
file was cut keeps the pieces it still has, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import shapely
from numpy.typing import NDArray

from lifecircle.errors import Problem, SourceError
from lifecircle.provenance import sha256_of

_NODE_KEYS = (
    "amenity",
    "barrier",
    "building",
    "entrance",
    "healthcare",
    "highway",
    "leisure",
    "name",
    "office",
    "place",
    "shop",
    "social_facility",
    "sport",
    "tourism",
)


@dataclass(frozen=True, kw_only=True)
class RawOsm:
    """
    What an OpenStreetMap file says, sorted by id.

    Parameters
    ----------
    node_id
        Ids of the nodes with tags of interest, shape (n,).
    node_lonlat
        Their WGS 84 longitudes and latitudes [°], shape (n, 2).
    node_tags
        Their tags.
    way_id
        Ids of all ways with at least two nodes, shape (w,).
    way_line
        Their lines, shape (w,): a LineString, or a MultiLineString of the pieces left where nodes
        are missing from the file.
    way_tags
        Their tags.
    way_refs
        Node ids along a way, for streets and ferries only, by position in `way_id`: one list per
        piece.
    way_cut
        Whether nodes of the way are missing from the file, shape (w,).
    lost_ways, lost_nodes
        How many ways have no two neighbouring nodes left; how many nodes with tags stand nowhere.
    relations
        Multipolygons and boundaries: id, tags and ids of the member ways.
    box
        West, south, east and north [°] from the file's header; None where it has none.
    date
        Day the data stand for (ISO); empty where nothing says so.
    sha256
        Hash of the file.
    """

    node_id: NDArray[np.int64]
    node_lonlat: NDArray[np.float64]
    node_tags: tuple[dict[str, str], ...]
    way_id: NDArray[np.int64]
    way_line: NDArray[np.object_]
    way_tags: tuple[dict[str, str], ...]
    way_refs: dict[int, list[list[int]]]
    way_cut: NDArray[np.bool_]
    lost_ways: int
    lost_nodes: int
    relations: tuple[tuple[int, dict[str, str], tuple[int, ...]], ...]
    box: tuple[float, float, float, float] | None
    date: str
    sha256: str

    def __post_init__(self) -> None:
        for name in ("node_id", "node_lonlat", "way_id", "way_line", "way_cut"):
            getattr(self, name).flags.writeable = False


def read_raw(path: Path) -> RawOsm:
    """
    Read an OpenStreetMap file in one pass.

    Parameters
    ----------
    path
        A file in one of the formats pbf, XML, XML in gzip or XML in bzip2; the first bytes
        decide, not the name.

    Returns
    -------
    raw
        Its nodes, ways and relations.

    Raises
    ------
    SourceError
        If the file is missing, of another format, cut off or empty.

    Notes
    -----
    Some files list ways before the nodes they run through. Such a file is sorted in memory and
    read once more.
    """
    kind = _sniffed(path)
    try:
        reader = osmium.io.Reader(osmium.io.File(str(path), kind))
        header = reader.header()
        box = header.box()
        date = header.get("osmosis_replication_timestamp") or header.get("timestamp")
        date = date or _overpass_date(path, kind)
        found = _Collector(dated=not date)
        osmium.apply(reader, *_chain(), found)
        if found.disordered or 20 * found.cut_ways > len(found.way_id):
            again = _Collector(dated=not date)
            merged = osmium.MergeInputReader()
            merged.add_buffer(path.read_bytes(), kind)
            merged.apply(*_chain(), again, simplify=False)
            found = again
    except (RuntimeError, ValueError, OSError, osmium.InvalidLocationError) as error:
        raise SourceError(
            Problem(
                what=f"cannot be read as OpenStreetMap data ({error})",
                where=path.name,
                remedy="the download may be cut off: fetch the file again",
            )
        ) from None
    bounds = None
    if box.valid():
        low, high = box.bottom_left, box.top_right
        bounds = (low.lon, low.lat, high.lon, high.lat)
    raw = found.raw(
        box=bounds, date=(date or found.latest.isoformat())[:10], sha256=sha256_of(path)
    )
    if not len(raw.way_id) and not len(raw.node_id):
        raise SourceError(
            Problem(
                what="holds no OpenStreetMap objects with tags",
                where=path.name,
                remedy="ask for a larger box, or for nodes, ways and relations alike",
            )
        )
    return raw


def _sniffed(path: Path) -> str:
    if not path.is_file():
        raise SourceError(
            Problem(
                what="there is no such file",
                where=path.name,
                remedy="check the path; it is relative to study.toml",
            )
        )
    try:
        with path.open("rb") as stream:
            start = stream.read(64)
    except OSError as error:
        raise SourceError(
            Problem(what=f"cannot be opened ({error.strerror})", where=path.name)
        ) from None
    if not start:
        raise SourceError(Problem(what="is empty", where=path.name, remedy="fetch the file again"))
    if start.startswith(b"\x1f\x8b"):
        return "osm.gz"
    if start.startswith(b"BZh"):
        return "osm.bz2"
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return "osm"
    if b"OSMHeader" in start:
        return "pbf"
    raise SourceError(
        Problem(
            what="is no OpenStreetMap file",
            where=path.name,
            remedy="give a .osm.pbf, .osm, .osm.gz or .osm.bz2 file",
        )
    )


def _overpass_date(path: Path, kind: str) -> str:
    """Overpass keeps the day of its data in an element osmium does not read."""
    if kind != "osm":
        return ""
    with path.open("rb") as stream:
        found = re.search(rb'osm_base="(\d{4}-\d{2}-\d{2})', stream.read(2000))
    return found.group(1).decode() if found else ""


def _chain() -> list[object]:
    """Put node places into ways, then let through all ways and relations, but few nodes."""
    places = osmium.NodeLocationsForWays(osmium.index.create_map("flex_mem"))
    places.ignore_errors()
    tagged = osmium.filter.KeyFilter(*_NODE_KEYS)
    tagged.enable_for(osmium.osm.NODE)
    return [places, tagged]


class _Collector:
    """Takes what osmium hands over, object by object."""

    def __init__(self, *, dated: bool) -> None:
        self.node_id: list[int] = []
        self.node_xy: list[tuple[int, int]] = []
        self.node_tags: list[dict[str, str]] = []
        self.way_id: list[int] = []
        self.way_tags: list[dict[str, str]] = []
        self.way_wkb: list[str | None] = []
        self.way_refs: dict[int, list[list[int]]] = {}
        self.way_pieces: dict[int, list[NDArray[np.float64]]] = {}
        self.relations: list[tuple[int, dict[str, str], tuple[int, ...]]] = []
        self.cut_ways = 0
        self.lost_nodes = 0
        self.disordered = False
        self.latest = datetime.min.replace(tzinfo=UTC)
        self._dated = dated
        self._line: Callable[[Any, Any], str] = osmium.geom.WKBFactory().create_linestring
        self._all = osmium.geom.use_nodes.ALL

    def node(self, node: Any) -> None:  # noqa: ANN401
        place = node.location
        self.disordered |= bool(self.way_id)
        if not place.valid():
            self.lost_nodes += 1
            return
        self.node_id.append(node.id)
        self.node_xy.append((place.x, place.y))
        self.node_tags.append(dict(node.tags))

    def way(self, way: Any) -> None:  # noqa: ANN401
        self.disordered |= bool(self.relations)
        position = len(self.way_id)
        tags = dict(way.tags)
        try:
            self.way_wkb.append(self._line(way, self._all))
            if _is_street(tags):
                self.way_refs[position] = [[node.ref for node in way.nodes]]
        except (osmium.InvalidLocationError, RuntimeError):
            self._cut(way, position)
        self.way_id.append(way.id)
        self.way_tags.append(tags)
        if self._dated:
            self.latest = max(self.latest, way.timestamp)

    def _cut(self, way: Any, position: int) -> None:  # noqa: ANN401
        self.cut_ways += 1
        refs: list[list[int]] = [[]]
        points: list[list[tuple[int, int]]] = [[]]
        for node in way.nodes:
            if node.location.valid():
                refs[-1].append(node.ref)
                points[-1].append((node.x, node.y))
            else:
                refs.append([])
                points.append([])
        self.way_wkb.append(None)
        self.way_refs[position] = [piece for piece in refs if len(piece) > 1]
        self.way_pieces[position] = [
            np.array(piece, dtype=np.float64) / 1e7 for piece in points if len(piece) > 1
        ]

    def relation(self, relation: Any) -> None:  # noqa: ANN401
        tags = dict(relation.tags)
        if tags.get("type") in ("multipolygon", "boundary"):
            ways = tuple(member.ref for member in relation.members if member.type == "w")
            self.relations.append((relation.id, tags, ways))

    def raw(
        self, *, box: tuple[float, float, float, float] | None, date: str, sha256: str
    ) -> RawOsm:
        """Sort by id; where an id comes twice, keep the one with more tags."""
        nodes = _first_of_each(self.node_id, self.node_tags)
        ways = [
            at
            for at in _first_of_each(self.way_id, self.way_tags)
            if self.way_wkb[at] is not None or self.way_pieces[at]
        ]
        lines = np.asarray(shapely.from_wkb([self.way_wkb[at] for at in ways]), dtype=object)
        for position, at in enumerate(ways):
            if lines[position] is None:
                lines[position] = shapely.MultiLineString(self.way_pieces[at])
        relations = [
            self.relations[at]
            for at in _first_of_each(
                [row[0] for row in self.relations], [row[1] for row in self.relations]
            )
        ]
        return RawOsm(
            node_id=np.array([self.node_id[at] for at in nodes], dtype=np.int64),
            node_lonlat=np.array([self.node_xy[at] for at in nodes], dtype=np.float64).reshape(
                -1, 2
            )
            / 1e7,
            node_tags=tuple(self.node_tags[at] for at in nodes),
            way_id=np.array([self.way_id[at] for at in ways], dtype=np.int64),
            way_line=lines,
            way_tags=tuple(self.way_tags[at] for at in ways),
            way_refs={
                position: self.way_refs[at]
                for position, at in enumerate(ways)
                if at in self.way_refs and _is_street(self.way_tags[at])
            },
            way_cut=np.array([self.way_wkb[at] is None for at in ways], dtype=bool),
            lost_ways=len(set(self.way_id)) - len(ways),
            lost_nodes=self.lost_nodes,
            relations=tuple(relations),
            box=box,
            date="" if date < "1971" else date,
            sha256=sha256,
        )


def _is_street(tags: dict[str, str]) -> bool:
    return (
        "highway" in tags
        or tags.get("route") == "ferry"
        or tags.get("railway") == "platform"
        or tags.get("public_transport") == "platform"
    )


def _first_of_each(ids: list[int], tags: list[dict[str, str]]) -> list[int]:
    order = sorted(range(len(ids)), key=lambda at: (ids[at], -len(tags[at])))
    return [at for k, at in enumerate(order) if k == 0 or ids[at] != ids[order[k - 1]]]
