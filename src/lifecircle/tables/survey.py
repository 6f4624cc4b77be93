"""Tables of the survey: what files say, before any judgement, in WGS 84."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.provenance import Source
from lifecircle.tables.land import LandFiles
from lifecircle.tables.schema import AREA, COUNT, ID, LINE, POINT, TEXT, Column, Schema

PLACES_OF_INTEREST = Schema(
    name="places of interest",
    columns={
        "poi_id": ID,
        "name": TEXT,
        "tags": Column(kind="object"),
        "source": TEXT,
    },
    geometry=POINT + AREA,
)
BUILDINGS = Schema(
    name="buildings",
    columns={
        "building_id": ID,
        "use": TEXT,
        "name": TEXT,
        "levels": COUNT,
        "flats": COUNT,
        "people": COUNT,
    },
    geometry=AREA,
)
GROUND = Schema(
    name="ground",
    columns={
        "ground_id": ID,
        "kind": Column(kind="text", filled=True),
        "tag": TEXT,
        "name": TEXT,
    },
    geometry=AREA,
)
BARRIERS = Schema(
    name="barriers",
    columns={
        "barrier_id": ID,
        "kind": Column(
            kind="text",
            filled=True,
            allowed=("wall", "fence", "hedge", "rail", "water", "motorway"),
        ),
        "name": TEXT,
    },
    geometry=LINE,
)
GATES = Schema(
    name="gates",
    columns={
        "gate_id": ID,
        "name": TEXT,
        "kind": TEXT,
        "access": TEXT,
        "hours": TEXT,
        "estate_id": TEXT,
    },
    geometry=POINT,
)
"""Gates: `hours` like ``06:00-23:00``; one with the access ``no`` lets no walker through."""
DOORS = Schema(
    name="entrances",
    columns={"entrance_id": ID, "kind": TEXT, "facility_id": TEXT},
    geometry=POINT,
)
NAMED_PLACES = Schema(
    name="named places",
    columns={
        "place_id": ID,
        "kind": Column(kind="text", filled=True),
        "name": TEXT,
        "people": COUNT,
    },
    geometry=POINT,
)
ADMIN_AREAS = Schema(
    name="administrative areas",
    columns={
        "admin_id": ID,
        "level": Column(kind="count"),
        "name": TEXT,
        "people": COUNT,
        "closed_gap_m": COUNT,
    },
    geometry=AREA,
)

ROADS = Schema(
    name="roads",
    columns={
        "way_id": ID,
        "name": TEXT,
        "highway": Column(kind="text", filled=True),
    },
    geometry=("LineString",),
)
"""Official roads: ``layer`` (int), ``oneway`` and flags of `STREET_FLAGS` follow."""
GRIDS = Schema(
    name="grids",
    columns={"cell_id": ID, "people": Column(kind="count")},
    geometry=AREA,
)
POPULATION_CELLS = Schema(
    name="population cells",
    columns={"cell_id": ID, "people": Column(kind="count", filled=True)},
    geometry=AREA,
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
    estate_gates
        The planner's gates of estates (`GATES`); None without a list. `gates` are the map's.
    land
        What offices say of land beside the parcels; None where they say nothing.
    records
        Residents' answers, earlier projects and opinions, by name; empty without any.
    population
        Cells of a population raster that have people (`POPULATION_CELLS`); None without one.
    grids
        Outlines with the people in each (`GRIDS`); None without a file of them.
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
    estate_gates: gpd.GeoDataFrame | None = None
    population: gpd.GeoDataFrame | None = None
    grids: gpd.GeoDataFrame | None = None
    land: LandFiles | None = None
    records: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    sources: tuple[Source, ...] = field(default=())
