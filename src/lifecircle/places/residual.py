"""
Turns blocks, buildings and mapped ground into the pieces of land nobody seems to use.

A piece touches no street corridor, building (with its setback), water, rail, farmland, forest or
other ground that is somebody's; what may be a private garden is left out.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.places.outlines import areal, only_valid

Shapes = NDArray[np.object_]
Flags = NDArray[np.bool_]
_Found = TypeVar("_Found")

HALF_WIDTH_M: Mapping[str, float] = MappingProxyType(
    {
        "motorway": 15.0,
        "trunk": 12.0,
        "primary": 10.0,
        "secondary": 8.0,
        "tertiary": 7.0,
        "residential": 5.0,
        "unclassified": 5.0,
        "living_street": 5.0,
        "pedestrian": 5.0,
        "road": 5.0,
        "busway": 5.0,
        "service": 3.5,
        "track": 2.5,
    }
)
"""Half the corridor of a street, pavements included (this project's choice); others 2 m."""
PUBLIC_STREETS = tuple(
    name for name in HALF_WIDTH_M if name not in ("motorway", "service", "track")
)
SETBACK_M = 6.0
OPENING_M = 4.0
NEAR_M = 60.0
NEIGHBOUR_M = 35.0
SMALL_FOOTPRINT_M2 = 200.0
LARGEST_M2 = 20_000.0

_BARRIER_HALF_M = MappingProxyType({"rail": 8.0, "motorway": 15.0, "water": 4.0})
_TAKEN = frozenset(
    {"water", "wetland", "forest", "farmland", "meadow", "allotments", "cemetery", "protected"}
    | {"military", "railway", "quarry", "landfill", "pitch", "playground", "sports", "school"}
    | {"hospital", "parking", "garden", "park", "square", "religious", "construction", "other"}
    | {"road", "bare"}
    | {"industrial", "commercial", "retail"}  # open ground on premises is somebody's yard
)
_HOUSES = frozenset(
    {"house", "detached", "semidetached_house", "terrace", "bungalow", "farm", "cabin"}
)
_SHEDS = frozenset(
    {"garage", "garages", "shed", "carport", "roof", "hut", "entrance", "greenhouse", "kiosk"}
    | {"service", "ruins", "transformer_tower", "container"}
)
_SHED_M2 = 40.0
_FRONTAGE_M = 8.0
_CORE_RADII_M = (6.0, 9.0)
_RAGGED = 0.25  # compactness below which a piece is all arms
_FLATS_M2 = 400.0
_ROUND = 0.85
_ISLAND_M2 = 8000.0
_FLATS = frozenset(["apartments", "dormitory"])


@dataclass(frozen=True, kw_only=True)
class Streets:
    """
    Streets and the land they take.

    Parameters
    ----------
    line
        Centre lines, shape (s,).
    half_m
        Half the corridor [m], shape (s,).
    walkable, public
        Whether one may walk there, and whether it is a street of the town, shape (s,).
    corridor
        The land taken, shape (s,).
    """

    line: Shapes
    half_m: NDArray[np.float64]
    walkable: Flags
    public: Flags
    corridor: Shapes


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """
    Pieces of residual land.

    Parameters
    ----------
    shape
        Polygons, shape (n,).
    ground
        ``grass``, ``residential`` or ``untagged``, shape (n,).
    in_estate
        Whether the piece lies in residential ground between blocks of flats, shape (n,).
    """

    shape: Shapes
    ground: NDArray[np.object_]
    in_estate: Flags


def lay_out_streets(street_lines: gpd.GeoDataFrame) -> Streets:
    """
    Give every street the corridor of its class.

    Parameters
    ----------
    street_lines
        Columns ``highway``, ``foot`` and LineString geometry in a metric system.

    Returns
    -------
    streets
        Lines, corridors and what they are good for.
    """
    classes = street_lines["highway"].fillna("").astype(str).str.removesuffix("_link")
    half = classes.map(HALF_WIDTH_M).fillna(2.0).to_numpy(dtype=np.float64)
    line = street_lines.geometry.to_numpy()
    return Streets(
        line=line,
        half_m=half,
        walkable=street_lines["foot"].fillna(value=False).to_numpy(dtype=np.bool_),
        public=classes.isin(PUBLIC_STREETS).to_numpy(),
        corridor=shapely.buffer(line, half, quad_segs=2),
    )


def frontage_m(shapes: Shapes, streets: Streets, chosen: Flags) -> NDArray[np.float64]:
    """
    Measure how much of an outline lies along streets.

    Parameters
    ----------
    shapes
        Polygons, shape (n,).
    streets
        The streets.
    chosen
        Streets that count, shape (s,).

    Returns
    -------
    length_m
        Length of the outline within a street's corridor plus 1.5 m, shape (n,).
    """
    wide = shapely.buffer(streets.line[chosen], streets.half_m[chosen] + 1.5, quad_segs=2)
    piece, street = shapely.STRtree(wide).query(shapes, predicate="intersects")
    ends = np.searchsorted(piece, np.arange(len(shapes) + 1))

    def along(place: int) -> float:
        near = shapely.union_all(wide[street[ends[place] : ends[place + 1]]])
        return float(shapely.length(shapely.intersection(shapely.boundary(shapes[place]), near)))

    return np.array(_each(along, len(shapes)), dtype=np.float64)


def residual_pieces(
    *,
    ground: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame,
    streets: Streets,
    area: shapely.Geometry,
    known: Shapes,
    smallest_m2: float,
) -> Pieces:
    """
    Find what is left of the blocks.

    Parameters
    ----------
    ground, buildings, barriers
        Tables in one metric system.
    streets
        Streets with their corridors, same system.
    area
        Where to look.
    known
        Land that is proposed already (listed or tagged), shape (k,): not found again.
    smallest_m2
        Smallest piece worth telling [m²].

    Returns
    -------
    pieces
        Polygons of at least that size and at most 2 ha, ordered by place.

    Notes
    -----
    Blocks are the faces between streets of the town, railways, waters and the border. Grass
    mapped as such is looked at on its own, before what carries no tag. Roundabouts are left out.
    An opening by 4 m (erosion and dilation, mitred) takes out slivers; what is ragged or too
    large is opened again by 6 m and by 9 m, and left out if it stays so. A piece needs three
    buildings within 60 m and 8 m along a walkable street. Where half of the buildings within 35 m
    are houses or smaller than 200 m², or none has 400 m², it is taken for a garden, unless it is
    mapped grass along a street of the town. All numbers are this project's choice.
    """
    kinds = ground["kind"].to_numpy(dtype=object)
    shapes = only_valid(ground.geometry.to_numpy())
    houses = only_valid(buildings.geometry.to_numpy())
    grass = shapes[kinds == "grass"]
    homes_ground = shapes[kinds == "residential"]
    obstacles = np.concatenate(
        [
            streets.corridor,
            shapely.buffer(houses, SETBACK_M, join_style="mitre", mitre_limit=2.0),
            shapes[np.isin(kinds, list(_TAKEN))],
            _barrier_land(barriers),
            known,
        ]
    )
    blocks = _blocks(streets, barriers, area)
    island = _is_island(blocks, houses)
    lawns = _inside(grass, area)
    on_island = shapely.STRtree(blocks[island]).query(shapely.point_on_surface(lawns), "within")[0]
    lawns = np.delete(lawns, np.unique(on_island))
    blocks = blocks[~island]
    found = [_cut(lawns, obstacles, smallest_m2)]
    rest = _cut(blocks, np.concatenate([obstacles, grass]), smallest_m2)
    found += _split(rest, homes_ground, smallest_m2)
    size = [len(part) for part in found]
    every = np.concatenate(found)
    label = np.repeat(np.array(["grass", "residential", "untagged"], dtype=object), size)
    every, label = _without_arms(every, label, smallest_m2)
    order = np.lexsort(shapely.get_coordinates(shapely.point_on_surface(every)).T)
    return _kept(
        every[order], label[order], streets, houses, buildings["use"].to_numpy(), homes_ground
    )


def _barrier_land(barriers: gpd.GeoDataFrame) -> Shapes:
    half = barriers["kind"].map(_BARRIER_HALF_M).fillna(0.3).to_numpy(dtype=np.float64)
    return np.asarray(shapely.buffer(barriers.geometry.to_numpy(), half, quad_segs=1))


def _blocks(streets: Streets, barriers: gpd.GeoDataFrame, area: shapely.Geometry) -> Shapes:
    edges = barriers.geometry.to_numpy()[barriers["kind"].isin(["rail", "water"]).to_numpy()]
    lines = np.concatenate([streets.line[streets.public], edges])
    lines = lines[shapely.intersects(lines, area)]
    noded = shapely.union_all(np.append(lines, shapely.boundary(area)))
    faces = shapely.get_parts(shapely.polygonize([noded]))
    shapely.prepare(area)
    return np.asarray(faces[shapely.contains(area, shapely.point_on_surface(faces))])


def _is_island(blocks: Shapes, houses: Shapes) -> Flags:
    # the middle of a roundabout: small, round and without a building
    built = np.unique(shapely.STRtree(houses).query(blocks, predicate="intersects")[0])
    round_ = 4 * np.pi * shapely.area(blocks) / shapely.length(blocks) ** 2 > _ROUND
    small = shapely.area(blocks) < _ISLAND_M2
    return np.asarray(round_ & small & ~np.isin(np.arange(len(blocks)), built))


def _inside(shapes: Shapes, area: shapely.Geometry) -> Shapes:
    shapely.prepare(area)
    shapes = shapes[shapely.intersects(area, shapes)]
    parts = shapely.get_parts(shapely.intersection(shapes, area))
    return np.asarray(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])


def _cut(bases: Shapes, obstacles: Shapes, smallest_m2: float) -> Shapes:
    obstacles = obstacles[~shapely.is_empty(obstacles)]
    base, obstacle = shapely.STRtree(obstacles).query(bases, predicate="intersects")
    ends = np.searchsorted(base, np.arange(len(bases) + 1))

    def left(place: int) -> Shapes:
        near = obstacles[obstacle[ends[place] : ends[place + 1]]]
        # a forest of many square kilometres is cut down to the block before it is joined
        near = only_valid(shapely.clip_by_rect(near, *_frame(bases[place])))
        rest = shapely.difference(bases[[place]], shapely.union_all(near))
        return _opened(rest if len(near) else bases[[place]], OPENING_M, smallest_m2)

    return _joined(_each(left, len(bases)))


def _frame(shape: shapely.Geometry) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.bounds(shape)
    return float(west) - 1, float(south) - 1, float(east) + 1, float(north) + 1


def _opened(shapes: Shapes, radius_m: float, smallest_m2: float) -> Shapes:
    eroded = shapely.buffer(shapes, -radius_m, join_style="mitre", mitre_limit=2.0)
    parts = shapely.get_parts(eroded)
    grown = shapely.buffer(parts, radius_m, join_style="mitre", mitre_limit=2.0)
    owner = np.repeat(np.arange(len(shapes)), shapely.get_num_geometries(eroded))
    # mitred corners may leave the land they came from by a little
    home = areal(only_valid(shapes))[owner]
    parts = shapely.get_parts(shapely.intersection(only_valid(grown), home))
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return np.asarray(parts[shapely.area(parts) >= smallest_m2])


def _opened_each(shapes: Shapes, radius_m: float, smallest_m2: float) -> list[Shapes]:
    return _each(lambda place: _opened(shapes[[place]], radius_m, smallest_m2), len(shapes))


def _split(shapes: Shapes, zones: Shapes, smallest_m2: float) -> list[Shapes]:
    piece, zone = shapely.STRtree(zones).query(shapes, predicate="intersects")
    touched = np.unique(piece)
    ends = np.searchsorted(piece, np.append(touched, len(shapes)))

    def parted(rank: int) -> tuple[Shapes, Shapes]:
        near = shapely.union_all(zones[zone[ends[rank] : ends[rank + 1]]])
        shape = shapes[[touched[rank]]]
        inside, outside = shapely.intersection(shape, near), shapely.difference(shape, near)
        return _opened(inside, OPENING_M, smallest_m2), _opened(outside, OPENING_M, smallest_m2)

    parts = _each(parted, len(touched))
    free = _opened(np.delete(shapes, touched), OPENING_M, smallest_m2)
    return [_joined([part for part, _ in parts]), _joined([free, *(part for _, part in parts)])]


def _without_arms(
    shapes: Shapes, label: NDArray[np.object_], smallest_m2: float
) -> tuple[Shapes, NDArray[np.object_]]:
    whole: list[Shapes] = []
    named: list[NDArray[np.object_]] = []
    for radius_m in (*_CORE_RADII_M, None):
        compactness = 4 * np.pi * shapely.area(shapes) / shapely.length(shapes) ** 2
        good = (compactness >= _RAGGED) & (shapely.area(shapes) <= LARGEST_M2)
        whole.append(shapes[good])
        named.append(label[good])
        shapes, label = shapes[~good], label[~good]
        if radius_m is None:
            break
        opened = _opened_each(shapes, radius_m, smallest_m2)
        label = np.repeat(label, [len(parts) for parts in opened])
        shapes = _joined(opened)
    return np.concatenate(whole), np.concatenate(named)


def _kept(
    shape: Shapes,
    label: NDArray[np.object_],
    streets: Streets,
    houses: Shapes,
    uses: NDArray[np.object_],
    homes_ground: Shapes,
) -> Pieces:
    footprint = shapely.area(houses)
    shed = np.isin(uses.astype(str), list(_SHEDS)) | (footprint < _SHED_M2)
    small = np.isin(uses.astype(str), list(_HOUSES)) | (footprint < SMALL_FOOTPRINT_M2)
    tree = shapely.STRtree(houses[~shed])
    settled = _count(tree, shape, NEAR_M) >= 3
    shape, label = shape[settled], label[settled]
    near, other = tree.query(shape, predicate="dwithin", distance=NEIGHBOUR_M)
    around = np.bincount(near, minlength=len(shape))
    little = np.bincount(near, weights=small[~shed][other], minlength=len(shape))
    garden = little * 2 >= np.maximum(around, 1)
    large = np.isin(uses.astype(str), list(_FLATS)) | (footprint >= _FLATS_M2)
    blocks_near = np.bincount(near, weights=large[~shed][other], minlength=len(shape)) > 0
    spot = shapely.point_on_surface(shape)
    lived = np.zeros(len(shape), dtype=np.bool_)
    lived[shapely.STRtree(homes_ground).query(spot, predicate="within")[0]] = True
    on_public = frontage_m(shape, streets, streets.walkable & streets.public) >= _FRONTAGE_M
    on_any = frontage_m(shape, streets, streets.walkable) >= _FRONTAGE_M
    in_estate = lived & ~garden & blocks_near & on_any
    alone = around == 0
    street_side = on_public & ((label == "grass") | (~lived & (alone | (~garden & blocks_near))))
    good = (in_estate | street_side) & (shapely.area(shape) <= LARGEST_M2)
    return Pieces(shape=shape[good], ground=label[good], in_estate=in_estate[good])


def _count(tree: shapely.STRtree, shapes: Shapes, distance_m: float) -> NDArray[np.int64]:
    near, _ = tree.query(shapes, predicate="dwithin", distance=distance_m)
    return np.bincount(near, minlength=len(shapes))


def _each(work: Callable[[int], _Found], count: int) -> list[_Found]:
    """Do the work for 0, 1 … `count` - 1 on all cores: GEOS lets go of the interpreter's lock."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(work, range(count)))


def _joined(parts: list[Shapes]) -> Shapes:
    return np.concatenate([np.zeros(0, dtype=object), *parts])
