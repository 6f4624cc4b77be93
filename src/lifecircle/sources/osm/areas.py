"""
Turns closed ways and boundary relations into polygons.

An outline is filled by the even-odd rule, whatever the roles of its members say; an outline with
a hole in it is either closed openly, with the length of the gap written down, or left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.geo import ground_m
from lifecircle.sources.osm.raw import RawOsm
from lifecircle.tables import ADMIN_AREAS, Schema, check, empty

MAX_GAP_M = 500.0
"""Longest gap in an administrative outline that is closed by a straight line [m]."""
_MAX_GAP_SHARE = 0.05  # of the whole outline: a short gap in a short scrap proves nothing


@dataclass(frozen=True, kw_only=True)
class Areas:
    """
    Everything in a file that has an outline.

    Parameters
    ----------
    area_id
        ``w45`` for a closed way, ``r6`` for a relation; ways before relations, ids ascending.
    tags
        Their tags.
    shape
        Polygons and multipolygons, valid, shape (n,).
    open_relations
        How many multipolygons with tags have an outline that does not close.
    bad_outlines
        How many outlines enclose nothing.
    """

    area_id: tuple[str, ...]
    tags: tuple[Mapping[str, str], ...]
    shape: NDArray[np.object_]
    open_relations: int
    bad_outlines: int

    def __post_init__(self) -> None:
        self.shape.flags.writeable = False


def assemble_areas(raw: RawOsm, wanted: NDArray[np.bool_]) -> Areas:
    """
    Build polygons from closed ways and from multipolygon relations.

    Parameters
    ----------
    raw
        The file.
    wanted
        Which ways may be areas, shape (ways,); an open one among them is passed over here.

    Returns
    -------
    areas
        Polygons. A relation without tags of its own (as mapped until 2016) leaves them to its
        outer way: that way's polygon gets the holes, or the relation gets the way's tags where
        several ways make up the outline.
    """
    ring = wanted & ~raw.way_cut & shapely.is_closed(raw.way_line)
    ring &= shapely.get_num_coordinates(raw.way_line) > 3
    picked = np.flatnonzero(ring)
    points, ring_of = shapely.get_coordinates(raw.way_line[picked], return_index=True)
    shapes = list(_valid(shapely.polygons(shapely.linearrings(points, indices=ring_of))))
    ids = [f"w{raw.way_id[at]}" for at in picked]
    tags: list[Mapping[str, str]] = [raw.way_tags[at] for at in picked]
    row_of = {way: row for row, way in enumerate(picked.tolist())}
    position = {way: at for at, way in enumerate(raw.way_id.tolist())}
    open_relations = 0
    for relation_id, own_tags, members in raw.relations:
        known = [position[way] for way in members if way in position]
        if own_tags.get("boundary") == "administrative" or not known:
            continue
        leader = _leader(raw, known) if len(own_tags) < 2 else None
        lines = shapely.get_parts(raw.way_line[known])
        if len(known) < len(members) or raw.way_cut[known].any() or not _all_closed(lines):
            open_relations += leader is None or leader not in row_of
        elif leader is None:
            ids.append(f"r{relation_id}")
            tags.append(own_tags)
            shapes.append(_filled(lines))
        elif leader in row_of:
            shapes[row_of[leader]] = _filled(lines)
        elif raw.way_tags[leader]:
            ids.append(f"r{relation_id}")
            tags.append(raw.way_tags[leader])
            shapes.append(_filled(lines))
    keep = [at for at, shape in enumerate(shapes) if shape is not None and not shape.is_empty]
    return Areas(
        area_id=tuple(ids[at] for at in keep),
        tags=tuple(tags[at] for at in keep),
        shape=as_shapes([shapes[at] for at in keep]),
        open_relations=open_relations,
        bad_outlines=len(shapes) - len(keep),
    )


def _leader(raw: RawOsm, known: list[int]) -> int:
    """Find the outer way: the tagged one that spreads widest, ties by lowest id."""
    west, south, east, north = shapely.bounds(raw.way_line[known]).T
    tagged = np.array([bool(raw.way_tags[at]) for at in known])
    spread = np.where(tagged, (east - west) + (north - south), -1.0)
    best = np.flatnonzero(spread == spread.max())
    return min(known[at] for at in best)


def _valid(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Mend outlines that cross themselves; keep only what has an area."""
    shapes = shapes.copy()
    for at in np.flatnonzero(~shapely.is_valid(shapes)):
        parts = shapely.get_parts(shapely.get_parts(shapely.make_valid(shapes[at])))
        parts = parts[shapely.get_dimensions(parts) == 2]
        shapes[at] = shapely.union_all(parts) if len(parts) else None
    return shapes


def _all_closed(lines: NDArray[np.object_]) -> bool:
    """Whether every line end meets another one."""
    ends = np.concatenate([_ends(lines, 0), _ends(lines, -1)])
    _, count = np.unique(ends, axis=0, return_counts=True)
    return bool((count % 2 == 0).all())


def _ends(lines: NDArray[np.object_], index: int) -> NDArray[np.float64]:
    return np.asarray(shapely.get_coordinates(shapely.get_point(lines, index)))


def _filled(lines: NDArray[np.object_]) -> shapely.Geometry | None:
    """Fill by the even-odd rule: a face counts when an odd number of outlines lie around it."""
    faces = shapely.get_parts(shapely.polygonize(lines))
    if not len(faces):
        return None
    if len(faces) > 1:
        around = shapely.polygons(shapely.get_exterior_ring(faces))
        inside = shapely.STRtree(around).query(shapely.point_on_surface(faces), "within")[0]
        faces = faces[np.bincount(inside, minlength=len(faces)) % 2 == 1]
    whole = _valid(np.array([shapely.union_all(faces)], dtype=object))[0]
    return whole if whole is None else shapely.normalize(whole)


@dataclass(frozen=True, kw_only=True)
class AdminAreas:
    """
    Administrative areas of a file.

    Parameters
    ----------
    table
        Columns of `lifecircle.tables.ADMIN_AREAS`, WGS 84.
    closed
        Name and gap [m] of each area whose outline had to be closed.
    dropped
        Names of the areas left out, because too much of their outline lies outside the file.
    """

    table: gpd.GeoDataFrame
    closed: tuple[tuple[str, float], ...]
    dropped: tuple[str, ...]


def assemble_admin_areas(raw: RawOsm) -> AdminAreas:
    """
    Build administrative areas from boundary relations, closing short gaps.

    Parameters
    ----------
    raw
        The file.

    Returns
    -------
    areas
        Areas whose outline closes by itself, or by straight lines of at most `MAX_GAP_M` each
        that make up at most 5 % of the outline; the sum stands in ``closed_gap_m``.

    Notes
    -----
    An extract rarely holds the whole of a boundary. Ends are joined nearest first, ties by
    coordinates. An area that misses members although nothing is open has lost a whole ring and
    is left out, as is one whose gaps are too long.
    """
    position = {way: at for at, way in enumerate(raw.way_id.tolist())}
    rows: list[tuple[str, float, str | None, float, float]] = []
    shapes: list[shapely.Geometry] = []
    closed: list[tuple[str, float]] = []
    dropped: list[str] = []
    for relation_id, tags, members in raw.relations:
        level = tags.get("admin_level", "")
        if tags.get("boundary") != "administrative" or not level.isdecimal():
            continue
        name = tags.get("name", f"r{relation_id}")
        known = [position[way] for way in members if way in position]
        lost = len(members) - len(known) + int(raw.way_cut[known].sum())
        shape, gap_m = _closed(shapely.get_parts(raw.way_line[known]), lost=lost)
        if shape is None:
            dropped.append(name)
            continue
        if gap_m > 0:
            closed.append((name, gap_m))
        people = population(tags)
        rows.append((f"r{relation_id}", float(level), tags.get("name"), people, gap_m))
        shapes.append(shape)
    columns = list(zip(*rows, strict=True)) or [()] * len(ADMIN_AREAS.columns)
    named = dict(zip(ADMIN_AREAS.columns, map(list, columns), strict=True))
    return AdminAreas(
        table=survey_table(ADMIN_AREAS, named, as_shapes(shapes)),
        closed=tuple(closed),
        dropped=tuple(dropped),
    )


def _closed(lines: NDArray[np.object_], *, lost: int) -> tuple[shapely.Geometry | None, float]:
    if not len(lines):
        return None, 0.0
    if _all_closed(lines):
        return (None, 0.0) if lost else (_filled(lines), 0.0)
    ends = np.concatenate([_ends(lines, 0), _ends(lines, -1)])
    ends, count = np.unique(ends, axis=0, return_counts=True)
    ends = ends[count % 2 == 1]  # a joint belongs to two lines, a loose end to one
    bridges, gap_m = _bridges(ends)
    if bridges is None:
        return None, 0.0
    points, owner = shapely.get_coordinates(lines, return_index=True)
    step_m = ground_m(points[:-1], points[1:])[owner[:-1] == owner[1:]]
    if gap_m > _MAX_GAP_SHARE * (float(step_m.sum()) + gap_m):
        return None, 0.0
    return _filled(np.concatenate([lines, bridges])), gap_m


def _bridges(ends: NDArray[np.float64]) -> tuple[NDArray[np.object_] | None, float]:
    """Join loose ends pairwise, nearest first; None where one stays loose."""
    first, second = np.triu_indices(len(ends), k=1)
    far = np.abs(ends[first, 1] - ends[second, 1]) * 110_000 > MAX_GAP_M  # metres per degree
    first, second = first[~far], second[~far]
    length = ground_m(ends[first], ends[second])
    total, loose, bridges = 0.0, set(range(len(ends))), []
    for at in np.lexsort((second, first, length)).tolist():
        pair = {int(first[at]), int(second[at])}
        if length[at] <= MAX_GAP_M and pair <= loose:
            loose -= pair
            bridges.append(shapely.LineString(ends[sorted(pair)]))
            total += float(length[at])
    return (None, 0.0) if loose else (np.array(bridges, dtype=object), total)


def population(tags: Mapping[str, str]) -> float:
    """
    Read the number of people from tags.

    Parameters
    ----------
    tags
        Tags of a place or an area.

    Returns
    -------
    people
        Value of ``population``, thousands separators removed; NaN where there is no number.

    Examples
    --------
    >>> from lifecircle.sources.osm.areas import population
    >>> population({"population": "63,437"}), population({"population": "many"})
    (63437.0, nan)
    """
    text = "".join(tags.get("population", "").replace(",", "").split())
    return float(text) if text.isdecimal() else float("nan")


def name_of(tags: Mapping[str, str]) -> str | None:
    """
    Name an object as its people do.

    Parameters
    ----------
    tags
        Its tags.

    Returns
    -------
    name
        The local name, else the Chinese or English one, else None.
    """
    return tags.get("name") or tags.get("name:zh") or tags.get("name:en")


def survey_table(
    schema: Schema, columns: Mapping[str, object], shapes: NDArray[np.object_]
) -> gpd.GeoDataFrame:
    """
    Put columns and shapes into a checked table of the survey.

    Parameters
    ----------
    schema
        What the table must be.
    columns
        Its columns, one value per shape each.
    shapes
        Geometry in WGS 84, shape (n,).

    Returns
    -------
    table
        The table; empty, but with all columns, where there is no shape.
    """
    if not len(shapes):
        return empty(schema, "EPSG:4326")
    frame = gpd.GeoDataFrame(dict(columns), geometry=as_shapes(shapes), crs="EPSG:4326")
    return check(frame, schema, where=schema.name)


def as_shapes(shapes: Sequence[shapely.Geometry] | NDArray[np.object_]) -> NDArray[np.object_]:
    """
    Put shapes into an array, one per element.

    Parameters
    ----------
    shapes
        Any geometries.

    Returns
    -------
    array
        Shape (n,).
    """
    array = np.empty(len(shapes), dtype=object)
    array[:] = shapes
    return array
