"""
Turns an OpenStreetMap file into a survey.

Nothing in the file is judged here: every street, place and outline comes through, and what the
file lacks or breaks is counted in a warning.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from lifecircle.errors import (
    BoundaryWarning,
    DoubtfulRowsWarning,
    ExtentError,
    InputError,
    MissingDataWarning,
    Problem,
)
from lifecircle.provenance import Source
from lifecircle.sources.facilities.recognition import NO_RULES, Recognition
from lifecircle.sources.osm import ground as osm_ground
from lifecircle.sources.osm import places as osm_places
from lifecircle.sources.osm.areas import AdminAreas, Areas, assemble_admin_areas, assemble_areas
from lifecircle.sources.osm.raw import RawOsm, read_raw
from lifecircle.sources.osm.streets import clipped, street_ways
from lifecircle.tables import Survey

_SHORT_DEG = 0.002  # about 200 m: a way this short hardly sticks out of the box asked for
_EDGE_PERCENT = 0.1

_TABLES = (
    "pois",
    "buildings",
    "ground",
    "barriers",
    "gates",
    "doors",
    "named_places",
    "admin_areas",
)


def read_osm_file(
    path: Path,
    *,
    bbox: tuple[float, float, float, float] | None = None,
    own: Recognition = NO_RULES,
) -> Survey:
    """
    Read an OpenStreetMap file: streets, places, buildings, ground, barriers, boundaries.

    Parameters
    ----------
    path
        A .osm.pbf, .osm, .osm.gz or .osm.bz2 file, with or without version attributes. The first
        bytes decide on the format, not the name.
    bbox
        West, south, east and north [°, WGS 84]; what does not touch the box is left out, what
        touches it stays whole. None keeps everything.
    own
        What a standard recognises its facilities by: such places are kept too.

    Returns
    -------
    survey
        Raw tables in WGS 84. ``extent`` is the box in the file's header. Where there is none it
        is the box of the middle points of all ways shorter than about 200 m that no relation
        pulled in (0.1 to 99.9 percentile each way), since long ways and relations stick out of
        the box a file was asked for; with ``bbox`` it is what both have in common.

    Raises
    ------
    SourceError
        If the file is missing, of another format, cut off or empty.
    InputError
        If `bbox` is no box.
    ExtentError
        If `bbox` lies outside the data.

    Warns
    -----
    MissingDataWarning
        How many ways lack nodes and how many multipolygons lack members.
    DoubtfulRowsWarning
        How many outlines enclose nothing, buildings are drawn open or nodes stand nowhere.
    BoundaryWarning
        Which administrative areas had to be closed over how many metres; how many were left out.

    Notes
    -----
    Ids are ``n``, ``w`` or ``r`` with the OpenStreetMap number, the same in every table.
    ``rows_in`` of the source counts the rows of all tables and what was left out;
    ``rows_doubtful`` counts streets and barriers that lack nodes, ``rows_refused`` what was left
    out.
    """
    if bbox is not None and not (bbox[0] < bbox[2] and bbox[1] < bbox[3]):
        raise InputError(
            Problem(
                what=f"bbox {bbox} is no box",
                remedy="give west, south, east, north in degrees, west < east, south < north",
            )
        )
    path = Path(path)
    raw = read_raw(path)
    areas = assemble_areas(raw, osm_ground.may_have_outline(raw))
    admin = assemble_admin_areas(raw)
    open_buildings = _open_buildings(raw)
    survey = Survey(
        streets=street_ways(raw),
        pois=osm_places.places_of_interest(raw, areas, own),
        buildings=osm_ground.buildings(areas),
        ground=osm_ground.ground(areas),
        barriers=osm_ground.barriers(raw),
        gates=osm_places.gates(raw),
        doors=osm_places.doors(raw),
        named_places=osm_places.named_places(raw, areas),
        admin_areas=admin.table,
        extent=_extent(raw),
    )
    cut = {f"w{way}" for way in raw.way_id[raw.way_cut].tolist()}
    gone = cut - set(_line_ids(survey))
    if bbox is not None:
        survey = _within(survey, bbox, where=path.name)
    in_pieces = sum(way in cut for way in _line_ids(survey))
    rows = len(survey.streets) + sum(len(getattr(survey, name)) for name in _TABLES)
    refused = raw.lost_ways + raw.lost_nodes + areas.open_relations + areas.bad_outlines
    refused += open_buildings + len(admin.dropped) + len(gone)
    source = Source(
        name=path.name,
        licence="ODbL",
        date=raw.date,
        sha256=raw.sha256,
        rows_in=rows + refused,
        rows_used=rows - in_pieces,
        rows_doubtful=in_pieces,
        rows_refused=refused,
    )
    _warn(path.name, raw, areas, admin, open_buildings)
    return replace(survey, sources=(source,))


def _line_ids(survey: Survey) -> list[str]:
    """Ids of the ways that may stay in pieces, once per row."""
    streets = survey.streets.ways["way_id"].str.split("/").str[0]
    return [*streets, *survey.barriers["barrier_id"]]


def _open_buildings(raw: RawOsm) -> int:
    """Count building outlines that do not close and that no relation closes for them."""
    members = {way for _, _, ways in raw.relations for way in ways}
    drawn = [
        at
        for at, tags in enumerate(raw.way_tags)
        if tags.get("building", "no") != "no"
        and not raw.way_cut[at]
        and int(raw.way_id[at]) not in members
    ]
    return int((~shapely.is_closed(raw.way_line[drawn])).sum())


def _extent(raw: RawOsm) -> shapely.Geometry:
    if raw.box is not None:
        return shapely.box(*raw.box)
    members = np.array([way for _, _, ways in raw.relations for way in ways], dtype=np.int64)
    west, south, east, north = shapely.bounds(raw.way_line).T.reshape(4, -1)
    short = (east - west < _SHORT_DEG) & (north - south < _SHORT_DEG)
    short &= ~np.isin(raw.way_id, members)
    middle = np.column_stack([(west + east) / 2, (south + north) / 2])[short]
    if len(middle) < 10:
        middle = np.concatenate([raw.node_lonlat, shapely.get_coordinates(raw.way_line)])
    low, high = np.percentile(middle, [_EDGE_PERCENT, 100 - _EDGE_PERCENT], axis=0)
    return shapely.box(*low, *high)


def _within(survey: Survey, bbox: tuple[float, float, float, float], *, where: str) -> Survey:
    box = shapely.box(*bbox)
    extent = shapely.intersection(survey.extent, box)
    if extent.is_empty or extent.area == 0:
        west, south, east, north = survey.extent.bounds
        raise ExtentError(
            Problem(
                what=f"bbox {bbox} lies outside the data",
                where=where,
                remedy=f"the file covers {west:.4f}, {south:.4f}, {east:.4f}, {north:.4f}",
            )
        )
    shapely.prepare(box)
    streets = survey.streets
    lines = shapely.linestrings(
        streets.lonlat[streets.way_node],
        indices=np.repeat(np.arange(len(streets)), np.diff(streets.way_ptr)),
    )
    kept: dict[str, gpd.GeoDataFrame] = {}
    for name in _TABLES:
        table = getattr(survey, name)
        touching = np.asarray(shapely.intersects(box, table.geometry.array), dtype=bool)
        kept[name] = table[touching].reset_index(drop=True)
    streets = clipped(streets, np.asarray(shapely.intersects(box, lines), dtype=bool))
    return replace(survey, streets=streets, extent=extent, **kept)


def _warn(name: str, raw: RawOsm, areas: Areas, admin: AdminAreas, open_buildings: int) -> None:
    incomplete = int(raw.way_cut.sum()) + raw.lost_ways
    if incomplete or areas.open_relations:
        warnings.warn(
            f"{name}: the file was cut: {incomplete} ways lack nodes (streets keep the pieces "
            f"that are there, outlines are left out) and {areas.open_relations} multipolygons "
            "lack members and are left out; an extract with complete ways and relations has them",
            MissingDataWarning,
            stacklevel=3,
        )
    if areas.bad_outlines or open_buildings or raw.lost_nodes:
        warnings.warn(
            f"{name}: {areas.bad_outlines} outlines enclose nothing, {open_buildings} buildings "
            f"are drawn as open lines and {raw.lost_nodes} nodes have no position; they are left "
            "out",
            DoubtfulRowsWarning,
            stacklevel=3,
        )
    if admin.closed or admin.dropped:
        gaps = ", ".join(f"{area} ({gap_m:.0f} m)" for area, gap_m in admin.closed)
        closed = f"closed by straight lines: {gaps}; " if gaps else ""
        warnings.warn(
            f"{name}: administrative boundaries are incomplete; {closed}"
            f"{len(admin.dropped)} areas are left out because too much of their outline is not in "
            "the file",
            BoundaryWarning,
            stacklevel=3,
        )
