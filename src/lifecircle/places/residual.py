"""
Turns blocks, buildings and mapped ground into the pieces of land nobody seems to use.

A piece touches no street corridor, building (with its setback), water, rail, farmland, forest or
other ground that is somebody's; what may be a private garden is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.places.carving import carve, each, joined, opened, opened_each
from lifecircle.places.corridors import Streets, frontage_m
from lifecircle.places.outlines import only_valid

Shapes = NDArray[np.object_]
Flags = NDArray[np.bool_]

SETBACK_M = 6.0
OPENING_M = 4.0
NEAR_M = 60.0
NEIGHBOUR_M = 35.0
SMALL_FOOTPRINT_M2 = 200.0
DETACHED_M2 = 300.0
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
_WIDE_M2 = 250_000.0  # a block as wide as this holds open country
_TOWN_M = 150.0
_TOUCHING_M = 0.5
_VERGE_M = 11.0
_AROUND_POINTS, _AROUND_SHARE = 32, 0.3
_FIELDS = ("farmland", "meadow")
_FIELD_M, _FIELD_SHARE = 5.0, 0.5
_TRAFFIC_ISLAND_M2, _TRAFFIC_SHARE = 1000.0, 0.75
_ROUND = 0.85
_ISLAND_M2 = 8000.0
_FLATS = frozenset(["apartments", "dormitory"])


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
    frontage_m
        Length of the outline along walkable streets [m], shape (n,).
    """

    shape: Shapes
    ground: NDArray[np.object_]
    in_estate: Flags
    frontage_m: NDArray[np.float64]


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
    buildings within 60 m and 8 m along a walkable street, and one that is not mapped grass a
    large building (flats, or 400 m²) within 35 m: what lies further out is open country, and so
    is what runs on for more than 150 m beyond large buildings. Where half of the buildings within
    35 m are houses, smaller than 200 m², or smaller than 300 m² and touching no other, the piece
    is taken for a garden, unless it is mapped grass along a street of the town. A strip with a
    mean width below 11 m that has a third of its outline along a street is a verge and left out.
    Less than 1,000 m² with streets along three quarters of its outline is a traffic island; land,
    mapped grass apart, of which less than 30 % of the outline lies within 35 m of buildings is a
    field at the edge of the town, and so is grass with half of its outline along fields. All
    numbers are this project's choice.
    """
    kinds = ground["kind"].to_numpy(dtype=object)
    shapes = only_valid(ground.geometry.to_numpy())
    built = _built(buildings)
    grass = shapes[kinds == "grass"]
    homes_ground = shapes[kinds == "residential"]
    obstacles = np.concatenate(
        [
            streets.corridor,
            shapely.buffer(built.shape, SETBACK_M, join_style="mitre", mitre_limit=2.0),
            shapes[np.isin(kinds, list(_TAKEN))],
            _barrier_land(barriers),
            known,
        ]
    )
    blocks = _blocks(streets, barriers, area)
    island = _is_island(blocks, built.shape)
    lawns = _inside(grass, area)
    on_island = shapely.STRtree(blocks[island]).query(shapely.point_on_surface(lawns), "within")[0]
    lawns = np.delete(lawns, np.unique(on_island))
    large = shapely.STRtree(built.shape[built.large])
    blocks, open_side = _settled(blocks[~island], built.shape[built.large], large)
    found = [carve(lawns, obstacles, radius_m=OPENING_M, smallest_m2=smallest_m2)]
    rest = carve(
        blocks,
        np.concatenate([obstacles, grass]),
        radius_m=OPENING_M,
        smallest_m2=smallest_m2,
        wanted=lambda parts: _near(large, parts, NEIGHBOUR_M),
    )
    found += _split(rest, homes_ground, smallest_m2)
    size = [len(part) for part in found]
    every = joined(found)
    label = np.repeat(np.array(["grass", "residential", "untagged"], dtype=object), size)
    every, label = _without_arms(every, label, open_side, smallest_m2)
    order = np.lexsort(shapely.get_coordinates(shapely.point_on_surface(every)).T)
    every, label = every[order], label[order]
    fields = shapely.STRtree(shapes[np.isin(kinds, _FIELDS)])
    meadow = (label == "grass") & (_share_near(every, fields, _FIELD_M) >= _FIELD_SHARE)
    return _kept(every[~meadow], label[~meadow], streets, built, homes_ground)


@dataclass(frozen=True, kw_only=True)
class _Built:
    """Buildings, sheds apart: which are small (houses), and which are large (flats and halls)."""

    shape: Shapes
    shed: Flags
    small: Flags
    large: Flags


def _built(buildings: gpd.GeoDataFrame) -> _Built:
    shape = only_valid(buildings.geometry.to_numpy())
    use = buildings["use"].to_numpy().astype(str)
    footprint = shapely.area(shape)
    shed = np.isin(use, list(_SHEDS)) | (footprint < _SHED_M2)
    flats = np.isin(use, list(_FLATS))
    real = np.flatnonzero(~shed)
    one, other = shapely.STRtree(shape[real]).query(
        shape[real], predicate="dwithin", distance=_TOUCHING_M
    )
    joined_on = np.zeros(len(shape), dtype=np.bool_)
    joined_on[real[one[one != other]]] = True
    villa = (footprint < DETACHED_M2) & ~joined_on & ~flats
    return _Built(
        shape=shape,
        shed=shed,
        small=np.isin(use, list(_HOUSES)) | (footprint < SMALL_FOOTPRINT_M2) | villa,
        large=~shed & (flats | (footprint >= _FLATS_M2)),
    )


def _settled(blocks: Shapes, large: Shapes, tree: shapely.STRtree) -> tuple[Shapes, Shapes]:
    """Cut wide blocks off where the town ends, and give the lines along which they were cut."""
    blocks = blocks[_near(tree, blocks, NEIGHBOUR_M)]
    wide = np.flatnonzero(shapely.area(blocks) > _WIDE_M2)
    kept, lines = [np.delete(blocks, wide)], []
    for at in wide:
        near = large[tree.query(blocks[at], predicate="dwithin", distance=NEIGHBOUR_M)]
        west, south, east, north = shapely.bounds(near).T
        town = shapely.union_all(
            shapely.box(west - _TOWN_M, south - _TOWN_M, east + _TOWN_M, north + _TOWN_M)
        )
        kept.append(_polygons(shapely.intersection(blocks[at], town)))
        lines.append(shapely.intersection(shapely.boundary(town), blocks[at]))
    return joined(kept), shapely.get_parts(np.array(lines, dtype=object))


def _polygons(shapes: Shapes | shapely.Geometry) -> Shapes:
    parts = shapely.get_parts(shapes)
    return np.asarray(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])


def _barrier_land(barriers: gpd.GeoDataFrame) -> Shapes:
    half = barriers["kind"].map(_BARRIER_HALF_M).fillna(0.3).to_numpy(dtype=np.float64)
    return np.asarray(shapely.buffer(barriers.geometry.to_numpy(), half, quad_segs=1))


def _blocks(streets: Streets, barriers: gpd.GeoDataFrame, area: shapely.Geometry) -> Shapes:
    edges = barriers.geometry.to_numpy()[barriers["kind"].isin(["rail", "water"]).to_numpy()]
    lines = np.concatenate([streets.line[streets.public], edges])
    shapely.prepare(area)
    lines = lines[shapely.intersects(area, lines)]
    noded = shapely.union_all(np.append(lines, shapely.boundary(area)))
    faces = shapely.get_parts(shapely.polygonize([noded]))
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


def _split(shapes: Shapes, zones: Shapes, smallest_m2: float) -> list[Shapes]:
    """Part what lies in residential ground from what does not."""
    tree = shapely.STRtree(zones)
    whole = np.unique(tree.query(shapes, predicate="within")[0])
    piece, zone = tree.query(shapes, predicate="intersects")
    other = ~np.isin(piece, whole)
    piece, zone = piece[other], zone[other]
    touched = np.unique(piece)
    ends = np.searchsorted(piece, np.append(touched, len(shapes)))

    def parted(rank: int) -> tuple[Shapes, Shapes]:
        near = shapely.union_all(zones[zone[ends[rank] : ends[rank + 1]]])
        shape = shapes[[touched[rank]]]
        inside, outside = shapely.intersection(shape, near), shapely.difference(shape, near)
        return opened(inside, OPENING_M, smallest_m2), opened(outside, OPENING_M, smallest_m2)

    parts = each(parted, len(touched))
    free = np.delete(shapes, np.concatenate([whole, touched]))
    return [
        joined([shapes[whole], *(part for part, _ in parts)]),
        joined([free, *(part for _, part in parts)]),
    ]


def _without_arms(
    shapes: Shapes, label: NDArray[np.object_], open_side: Shapes, smallest_m2: float
) -> tuple[Shapes, NDArray[np.object_]]:
    country = shapely.STRtree(open_side)
    whole: list[Shapes] = []
    named: list[NDArray[np.object_]] = []
    for radius_m in (*_CORE_RADII_M, None):
        compactness = 4 * np.pi * shapely.area(shapes) / shapely.length(shapes) ** 2
        good = (compactness >= _RAGGED) & (shapely.area(shapes) <= LARGEST_M2)
        good &= ~_near(country, shapes, 1.0)
        whole.append(shapes[good])
        named.append(label[good])
        shapes, label = shapes[~good], label[~good]
        if radius_m is None:
            break
        cores = opened_each(shapes, radius_m, smallest_m2)
        label = np.repeat(label, [len(parts) for parts in cores])
        shapes = joined(cores)
    return np.concatenate(whole), np.concatenate(named)


def _kept(
    shape: Shapes,
    label: NDArray[np.object_],
    streets: Streets,
    built: _Built,
    homes_ground: Shapes,
) -> Pieces:
    real = ~built.shed
    tree = shapely.STRtree(built.shape[real])
    near, other = tree.query(shape, predicate="dwithin", distance=NEAR_M)
    settled = np.bincount(near, minlength=len(shape)) >= 3
    shape, label = shape[settled], label[settled]
    near, other = tree.query(shape, predicate="dwithin", distance=NEIGHBOUR_M)
    around = np.bincount(near, minlength=len(shape))
    little = np.bincount(near, weights=built.small[real][other], minlength=len(shape))
    garden = little * 2 >= np.maximum(around, 1)
    flats = np.bincount(near, weights=built.large[real][other], minlength=len(shape)) > 0
    lived = np.zeros(len(shape), dtype=np.bool_)
    spot = shapely.point_on_surface(shape)
    lived[shapely.STRtree(homes_ground).query(spot, predicate="within")[0]] = True
    between = ~garden & flats
    possible = (between | (label == "grass")) & (shapely.area(shape) <= LARGEST_M2)
    shape, label, lived, between = (one[possible] for one in (shape, label, lived, between))
    along = frontage_m(shape, streets, streets.walkable)
    in_estate = lived & between & (along >= _FRONTAGE_M)
    street_side = ~in_estate & (along >= _FRONTAGE_M) & ((label == "grass") | ~lived)
    asked = np.flatnonzero(street_side)
    town = frontage_m(shape[asked], streets, streets.walkable & streets.public)
    street_side[asked] = (town >= _FRONTAGE_M) & ~_is_traffic_island(shape[asked], streets)
    good = (in_estate | street_side) & ~_is_verge(shape, along)
    asked = np.flatnonzero(good & (label != "grass"))
    # land of the town has neighbours on more sides than a field at its edge
    good[asked] = _share_near(shape[asked], tree, NEIGHBOUR_M) >= _AROUND_SHARE
    return Pieces(
        shape=shape[good], ground=label[good], in_estate=in_estate[good], frontage_m=along[good]
    )


def _share_near(shapes: Shapes, others: shapely.STRtree, distance_m: float) -> NDArray[np.float64]:
    """Measure which share of each outline lies near something."""
    share = np.linspace(0, 1, _AROUND_POINTS, endpoint=False)
    points = shapely.line_interpolate_point(
        shapely.get_exterior_ring(shapes)[:, None], share, normalized=True
    )
    near = _near(others, points.ravel(), distance_m).reshape(-1, _AROUND_POINTS)
    return np.asarray(near.mean(axis=1))


def _is_traffic_island(shapes: Shapes, streets: Streets) -> Flags:
    small = shapely.area(shapes) < _TRAFFIC_ISLAND_M2
    found = np.zeros(len(shapes), dtype=np.bool_)
    everything = np.ones(len(streets.line), dtype=np.bool_)
    along = frontage_m(shapes[small], streets, everything)
    found[small] = along > _TRAFFIC_SHARE * shapely.length(shapes[small])
    return found


def _is_verge(shapes: Shapes, along_m: NDArray[np.float64]) -> Flags:
    around, size = shapely.length(shapes), shapely.area(shapes)
    narrow = (2 * size < _VERGE_M * around) & (4 * np.pi * size < 0.5 * around**2)
    return np.asarray(narrow & (3 * along_m > around))


def _near(tree: shapely.STRtree, shapes: Shapes, distance_m: float) -> Flags:
    found = np.zeros(len(shapes), dtype=np.bool_)
    found[tree.query(shapes, predicate="dwithin", distance=distance_m)[0]] = True
    return found
