"""
Schemas of every table that crosses a stage, and the one door they are checked at.

`Survey` is what files say, before any judgement, in WGS 84. The waist tables (homes, facilities,
communities, estates, parcels) are what every later stage trusts, in one metric reference system.
`check` reports every problem of a table at once, with the row it sits in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.errors import Problem, SchemaError
from lifecircle.provenance import Source

Kind = Literal["id", "text", "number", "count", "flag", "object"]

POINT = ("Point",)
LINE = ("LineString", "MultiLineString")
AREA = ("Polygon", "MultiPolygon")


@dataclass(frozen=True, kw_only=True)
class Column:
    """
    What a column must hold.

    Parameters
    ----------
    kind
        ``id`` unique non-empty text; ``text``; ``number`` any finite number or missing;
        ``count`` a number that is never negative, or missing; ``flag`` True or False;
        ``object`` anything.
    required
        Whether the column must be there; an absent optional column is added, filled with missing.
    allowed
        The only values a text may take; empty when any may.
    filled
        Whether missing values are refused.
    """

    kind: Kind
    required: bool = True
    allowed: tuple[str, ...] = ()
    filled: bool = False


@dataclass(frozen=True, kw_only=True)
class Schema:
    """
    A table's name, columns and geometry types.

    Parameters
    ----------
    name
        What the table is called in messages.
    columns
        Column name to what it must hold, in output order.
    geometry
        Allowed geometry types; empty for a table without geometry.
    """

    name: str
    columns: Mapping[str, Column]
    geometry: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", MappingProxyType(dict(self.columns)))


_ID = Column(kind="id")
_TEXT = Column(kind="text", required=False)
_NUMBER = Column(kind="number", required=False)
_COUNT = Column(kind="count", required=False)

# -- survey tables: as found, WGS 84 ----------------------------------------------------------
PLACES_OF_INTEREST = Schema(
    name="places of interest",
    columns={
        "poi_id": _ID,
        "name": _TEXT,
        "tags": Column(kind="object"),
        "source": _TEXT,
    },
    geometry=POINT + AREA,
)
BUILDINGS = Schema(
    name="buildings",
    columns={
        "building_id": _ID,
        "use": _TEXT,
        "name": _TEXT,
        "levels": _COUNT,
        "flats": _COUNT,
        "people": _COUNT,
    },
    geometry=AREA,
)
GROUND = Schema(
    name="ground",
    columns={
        "ground_id": _ID,
        "kind": Column(kind="text", filled=True),
        "tag": _TEXT,
        "name": _TEXT,
    },
    geometry=AREA,
)
BARRIERS = Schema(
    name="barriers",
    columns={
        "barrier_id": _ID,
        "kind": Column(
            kind="text",
            filled=True,
            allowed=("wall", "fence", "hedge", "rail", "water", "motorway"),
        ),
        "name": _TEXT,
    },
    geometry=LINE,
)
GATES = Schema(
    name="gates",
    columns={"gate_id": _ID, "kind": _TEXT, "access": _TEXT, "estate_id": _TEXT},
    geometry=POINT,
)
DOORS = Schema(
    name="entrances",
    columns={"entrance_id": _ID, "kind": _TEXT, "facility_id": _TEXT},
    geometry=POINT,
)
NAMED_PLACES = Schema(
    name="named places",
    columns={
        "place_id": _ID,
        "kind": Column(kind="text", filled=True),
        "name": _TEXT,
        "people": _COUNT,
    },
    geometry=POINT,
)
ADMIN_AREAS = Schema(
    name="administrative areas",
    columns={
        "admin_id": _ID,
        "level": Column(kind="count"),
        "name": _TEXT,
        "people": _COUNT,
        "closed_gap_m": _COUNT,
    },
    geometry=AREA,
)

# -- waist tables: one metric reference system ------------------------------------------------
HOMES = Schema(
    name="homes",
    columns={
        "home_id": _ID,
        "community_id": _TEXT,
        "estate_id": _TEXT,
        "status": Column(
            kind="text", filled=True, allowed=("ok", "far", "island", "edge", "outside")
        ),
        "people": Column(kind="count", filled=True),
        "floor_m2": _COUNT,
        "origin": Column(
            kind="text",
            filled=True,
            allowed=("people", "flats", "floor_area", "raster", "residential_land", "equal"),
        ),
    },
    geometry=POINT,
)
"""Group columns (``people_60plus``, ``people_0_3`` …) follow `people`; each is a ``count``."""
FACILITIES = Schema(
    name="facilities",
    columns={
        "facility_id": _ID,
        "place_id": _TEXT,
        "name": _TEXT,
        "service": Column(kind="text", filled=True),
        "type": Column(kind="text", filled=True),
        "confidence": Column(kind="count", required=False),
        "rule": _TEXT,
        "status": Column(
            kind="text",
            required=False,
            allowed=("existing", "building", "planned", "promised", "closed"),
        ),
        "open_to": Column(kind="text", required=False, allowed=("anyone", "residents")),
        "floor_m2": _COUNT,
        "site_m2": _COUNT,
        "beds": _COUNT,
        "owner": _TEXT,
        "source": _TEXT,
    },
    geometry=POINT + AREA,
)
FACILITY_ENTRANCES = Schema(
    name="facility entrances",
    columns={
        "facility_id": Column(kind="text", filled=True),
        "origin": Column(
            kind="text",
            filled=True,
            allowed=("given", "entrance", "gate", "street", "outline", "point"),
        ),
    },
    geometry=POINT,
)
COMMUNITIES = Schema(
    name="communities",
    columns={
        "community_id": _ID,
        "name": _TEXT,
        "subdistrict": _TEXT,
        "county": _TEXT,
        "city": _TEXT,
        "unit_id": _TEXT,
        "urban": Column(kind="flag", required=False),
    },
    geometry=AREA,
)
ESTATES = Schema(
    name="estates",
    columns={"estate_id": _ID, "name": _TEXT, "closed": Column(kind="flag")},
    geometry=AREA,
)
SITE_KINDS = (
    "corner",
    "interlocked",
    "enclosed",
    "underused",
    "vacant",
    "in_estate",
    "stock_room",
    "extension",
    "share",
    "gate",
)
PARCELS = Schema(
    name="parcels",
    columns={
        "parcel_id": _ID,
        "name": _TEXT,
        "kind": Column(kind="text", filled=True, allowed=SITE_KINDS),
        "origin": Column(kind="text", filled=True, allowed=("listed", "tagged", "residual")),
        "evidence": _TEXT,
        "area_m2": Column(kind="count", filled=True),
        "floor_m2": _COUNT,
        "inscribed_m": _COUNT,
        "compactness": _COUNT,
        "frontage_m": _COUNT,
        "code": _TEXT,
        "code_system": _TEXT,
        "conforms": _TEXT,
        "community_id": _TEXT,
    },
    geometry=AREA + POINT,
)


@dataclass(frozen=True, kw_only=True)
class StreetWays:
    """
    Street ways as mapped: nodes, and per way the nodes it runs through.

    Parameters
    ----------
    lonlat
        WGS 84 longitude and latitude of each node, shape (n, 2).
    node_id
        Identifier of each node in its source, shape (n,).
    node_kind
        Code of what stands on the node, shape (n,): an index into `NODE_KINDS`.
    way_ptr, way_node
        CSR: way ``w`` runs through nodes ``way_node[way_ptr[w]:way_ptr[w + 1]]``.
    ways
        One row per way: ``way_id`` (text), ``highway`` (text), ``name`` (text or missing),
        ``foot_forward, foot_backward, bike_forward, bike_backward, car_forward, car_backward``
        (bool), ``steps, ramp, bridge, tunnel, covered`` (bool), ``layer`` (int), ``surface``,
        ``incline``, ``access``, ``wheelchair``, ``crossing`` (text or missing),
        ``maxspeed_kmh`` (float or missing).
    """

    lonlat: NDArray[np.float64]
    node_id: NDArray[np.int64]
    node_kind: NDArray[np.uint8]
    way_ptr: NDArray[np.int64]
    way_node: NDArray[np.int32]
    ways: pd.DataFrame

    def __post_init__(self) -> None:
        for name in ("lonlat", "node_id", "node_kind", "way_ptr", "way_node"):
            getattr(self, name).flags.writeable = False

    def __len__(self) -> int:
        return len(self.ways)


NODE_KINDS = ("plain", "crossing", "signals", "gate", "bollard", "stile", "entrance", "blocked")
"""What stands on a street node. ``blocked`` lets nobody pass (a wall without a gate)."""

STREET_FLAGS = (
    "foot_forward",
    "foot_backward",
    "bike_forward",
    "bike_backward",
    "car_forward",
    "car_backward",
    "steps",
    "ramp",
    "bridge",
    "tunnel",
    "covered",
)
STREET_TEXTS = ("name", "surface", "incline", "access", "wheelchair", "crossing")


@dataclass(frozen=True, kw_only=True)
class Survey:
    """
    What the files say, before any judgement: raw tables in WGS 84 (EPSG:4326).

    Parameters
    ----------
    streets
        Street ways of all modes.
    pois, buildings, ground, barriers, gates, doors, named_places, admin_areas
        Tables of the schemas of this module.
    extent
        The polygon within which the source is complete, WGS 84.
    communities, estates, homes, facilities, facility_entrances, parcels
        The planner's own tables where there are any (WGS 84, columns of the waist schemas, for
        homes without `status` and `community_id`); None where there are none.
    sources
        Origin of each input.
    """

    streets: StreetWays
    pois: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    ground: gpd.GeoDataFrame
    barriers: gpd.GeoDataFrame
    gates: gpd.GeoDataFrame
    doors: gpd.GeoDataFrame
    named_places: gpd.GeoDataFrame
    admin_areas: gpd.GeoDataFrame
    extent: shapely.Geometry
    communities: gpd.GeoDataFrame | None = None
    estates: gpd.GeoDataFrame | None = None
    homes: gpd.GeoDataFrame | None = None
    facilities: gpd.GeoDataFrame | None = None
    facility_entrances: gpd.GeoDataFrame | None = None
    parcels: gpd.GeoDataFrame | None = None
    sources: tuple[Source, ...] = field(default=())


def empty(schema: Schema, crs: object) -> gpd.GeoDataFrame:
    """
    Make an empty table of a schema.

    Parameters
    ----------
    schema
        The schema.
    crs
        Reference system of its geometry.

    Returns
    -------
    table
        No rows, all columns, right types.

    Examples
    --------
    >>> from lifecircle.tables import COMMUNITIES, empty
    >>> list(empty(COMMUNITIES, "EPSG:4528").columns)[:2]
    ['community_id', 'name']
    """
    data = {name: pd.Series([], dtype=_dtype(column)) for name, column in schema.columns.items()}
    return gpd.GeoDataFrame(data, geometry=gpd.GeoSeries([], crs=crs), crs=crs)


def check(
    frame: gpd.GeoDataFrame, schema: Schema, *, where: str, row_offset: int = 0
) -> gpd.GeoDataFrame:
    """
    Check a table against its schema and give it back in the schema's order and types.

    Parameters
    ----------
    frame
        The table; not changed.
    schema
        What it must be.
    where
        File or layer name for the messages.
    row_offset
        Added to a row's position in the messages, so that they name the row a spreadsheet shows.

    Returns
    -------
    table
        A copy: schema columns first (absent optional ones filled with missing), any others
        after them, geometry last, a fresh index.

    Raises
    ------
    SchemaError
        With every problem of the table: absent columns, doubled or empty ids, values that are no
        number, negative or not allowed, geometry that is missing, empty or of another type.
    """
    table = frame.reset_index(drop=True)
    problems: list[Problem] = []
    if schema.geometry and getattr(table, "_geometry_column_name", None) not in table.columns:
        raise SchemaError(Problem(what="holds no geometry", where=where))
    if schema.geometry and table.geometry.name != "geometry":
        table = table.rename_geometry("geometry")
    for name, column in schema.columns.items():
        if name not in table.columns:
            if column.required:
                problems.append(
                    Problem(
                        what=f"column '{name}' is missing",
                        where=where,
                        remedy=f"columns found: {', '.join(map(str, table.columns)) or 'none'}",
                    )
                )
            else:
                table[name] = pd.Series([None] * len(table), dtype=_dtype(column))
            continue
        table[name], found = _checked_column(table[name], name, column, where, row_offset)
        problems += found
    if schema.geometry:
        problems += _geometry_problems(table, schema, where, row_offset)
    if problems:
        raise SchemaError(problems)
    if not schema.geometry:
        return table
    known = [*schema.columns]
    others = [name for name in table.columns if name not in known and name != "geometry"]
    return table[[*known, *others, "geometry"]]


def _dtype(column: Column) -> str:
    return {"number": "float64", "count": "float64", "flag": "boolean"}.get(column.kind, "object")


def _checked_column(
    values: pd.Series, name: str, column: Column, where: str, row_offset: int
) -> tuple[pd.Series, list[Problem]]:
    problems: list[Problem] = []

    def refuse(bad: NDArray[np.bool_], what: str, remedy: str = "") -> None:
        if bad.any():
            problems.append(
                Problem(
                    what=f"column '{name}' {what}",
                    where=_rows(where, bad, row_offset),
                    remedy=remedy,
                )
            )

    missing = values.isna().to_numpy()
    if column.kind in ("number", "count"):
        numbers = pd.to_numeric(values, errors="coerce").astype("float64")
        refuse(numbers.isna().to_numpy() & ~missing, "holds text where a number is needed")
        refuse(np.isinf(numbers.to_numpy()), "holds an infinite number")
        if column.kind == "count":
            refuse((numbers < 0).to_numpy(), "holds a negative number", "correct or empty it")
        values = numbers
    elif column.kind == "flag":
        refuse(~values.isin([True, False]).to_numpy() & ~missing, "must be true or false")
        if not problems:
            # One by one: a column may mix True with 1.
            known = [None if gone else bool(one) for one, gone in zip(values, missing, strict=True)]
            values = pd.Series(known, index=values.index, dtype="boolean")
    elif column.kind in ("id", "text"):
        values = values.astype("object").where(~missing, None)
        if column.allowed:
            bad = ~values.isin(column.allowed).to_numpy() & ~missing
            refuse(bad, f"holds an unknown value; known: {', '.join(column.allowed)}")
    if column.kind == "id":
        blank = missing | (values.astype(str).str.strip() == "").to_numpy()
        refuse(blank, "is empty", "give every row an id")
        refuse(values.duplicated(keep=False).to_numpy() & ~blank, "holds the same id twice")
    elif column.filled:
        refuse(missing, "is empty")
    return values, problems


def _geometry_problems(
    table: gpd.GeoDataFrame, schema: Schema, where: str, row_offset: int
) -> list[Problem]:
    problems = []
    if table.crs is None:
        problems.append(
            Problem(
                what="has no coordinate reference system", where=where, remedy="declare its crs"
            )
        )
    shapes = table.geometry.array
    missing = np.asarray(shapes.isna()) | np.asarray(shapes.is_empty)
    if missing.any():
        problems.append(
            Problem(what="geometry is missing", where=_rows(where, missing, row_offset))
        )
    other = ~np.isin(np.asarray(shapes.geom_type, dtype=object), schema.geometry) & ~missing
    if other.any():
        problems.append(
            Problem(
                what=f"geometry must be {' or '.join(schema.geometry)}",
                where=_rows(where, other, row_offset),
            )
        )
    return problems


def _rows(where: str, bad: NDArray[np.bool_], row_offset: int, most: int = 5) -> str:
    rows: Sequence[int] = (np.flatnonzero(bad) + row_offset).tolist()
    named = ", ".join(str(row) for row in rows[:most])
    more = f" and {len(rows) - most} more" if len(rows) > most else ""
    return f"{where}, row {named}{more}"


# -- result tables: the columns a run writes, in order -----------------------------------------
def _columns(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


LEVELS = ("estate", "community", "unit", "subdistrict", "county", "city", "study")
SCORES = _columns(
    "level, area_id, area_name, service, requirement, minutes, limit_m, profile, group, obligation,"
    "people, covered, share, target_share, verdict, median_s, facilities, supply, robust"
)
SERVICES = _columns(
    "level, area_id, area_name, service, minutes, coverage, adequacy, count_rule, score, weak"
)
INDEX = _columns("level, area_id, area_name, people, minutes, index, grade, weakest_service, gaps")
GAPS = _columns(
    "gap_id, community_id, community, subdistrict, unit_id, service, requirement, obligation,"
    "minutes, limit_m, group, kind, reason, reasons, people, people_short, missing_m, nearest_s,"
    "nearest_facility_id, existing, required, remedy, site_id, project_id, priority, year, clause,"
    "confidence, robust, lon, lat"
)
SITES = _columns(
    "site_id, parcel_id, kind, services, types, year, x, y, lon, lat, area_m2, floor_m2,"
    "newly_covered, conforms, project_id, score"
)
PROJECTS = _columns(
    "project_id, name, mode, services, types, communities, gap_ids, site_id, lead_body,"
    "cooperating_body, year, people_served, area_m2, floor_m2, status"
)
PROGRAMME = _columns(
    "year, project_id, name, community_id, community, subdistrict, services, types, mode,"
    "lead_body, cooperating_body, people_served, status"
)
