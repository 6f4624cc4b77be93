"""
Finds the ground under elevated roads: leads for sport without a building, and for nothing else.

It is never in water, on a street or on a track, and keeps a distance from rails.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.places.carving import carve
from lifecircle.places.corridors import HALF_WIDTH_M, flagged, lay_out_streets
from lifecircle.places.outlines import only_valid

Shapes = NDArray[np.object_]

ELEVATED = ("motorway", "trunk", "primary", "secondary")
"""Roads whose decks are wide and high enough to use the ground below (P)."""
DECK_M = 100.0
"""A shorter deck is a bridge over something and no elevated road (P)."""
RAIL_M = 15.0
"""Distance kept from tracks [m] (P; the keeper of the line settles it)."""
BANK_M = 5.0
"""Distance kept from water [m] (P)."""
_SETBACK_M = 6.0
_OPENING_M = 4.0
_FREE = ("grass", "residential", "brownfield", "greenfield", "vacant")
_GROUND_NEEDS = 3
_NEAR_M = 60.0


def under_bridges(
    *,
    street_lines: gpd.GeoDataFrame,
    ground: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame,
    area: shapely.Geometry,
    known: Shapes,
    smallest_m2: float,
) -> Shapes:
    """
    Find usable ground under elevated roads.

    Parameters
    ----------
    street_lines
        Columns ``highway``, ``foot`` and, where it is known, ``bridge`` and ``tunnel``; LineString
        geometry in a metric system.
    ground, buildings, barriers
        Tables in the same system.
    area
        Where to look.
    known
        Land that is proposed already.
    smallest_m2
        Smallest piece worth telling [m²].

    Returns
    -------
    pieces
        Polygons under the decks, ordered by place; none where no bridge is known.

    Notes
    -----
    A deck counts from 100 m on. What is not water with its bank, a street on the ground, a track
    with 15 m, a building with its setback or ground in use is left, opened by 4 m, in pieces with
    three buildings within 60 m. All numbers are this project's choice.
    """
    decks = _decks(street_lines, area)
    if not len(decks):
        return decks
    on_ground = street_lines[~flagged(street_lines, "bridge")]
    below = lay_out_streets(_close(on_ground, decks))
    houses = only_valid(_close(buildings, decks).geometry.to_numpy())
    obstacles = np.concatenate(
        [
            shapely.buffer(below.corridor, 1.0, quad_segs=1),
            shapely.buffer(houses, _SETBACK_M, join_style="mitre", mitre_limit=2.0),
            _in_use(_close(ground, decks)),
            _lines(_close(barriers, decks), "rail", RAIL_M),
            _lines(_close(barriers, decks), "water", BANK_M + 4.0),
            known,
        ]
    )
    pieces = carve(decks, obstacles, radius_m=_OPENING_M, smallest_m2=smallest_m2)
    near, _ = shapely.STRtree(houses).query(pieces, predicate="dwithin", distance=_NEAR_M)
    pieces = pieces[np.bincount(near, minlength=len(pieces)) >= _GROUND_NEEDS]
    order = np.lexsort(shapely.get_coordinates(shapely.point_on_surface(pieces)).T)
    return np.asarray(pieces[order])


def _decks(street_lines: gpd.GeoDataFrame, area: shapely.Geometry) -> Shapes:
    classes = street_lines["highway"].fillna("").astype(str).str.removesuffix("_link")
    chosen = flagged(street_lines, "bridge") & classes.isin(ELEVATED).to_numpy()
    line = street_lines.geometry.to_numpy()[chosen]
    if not len(line):
        return np.empty(0, dtype=object)
    half = classes[chosen].map(HALF_WIDTH_M).to_numpy(dtype=np.float64)
    decks = shapely.get_parts(shapely.union_all(shapely.buffer(line, half, cap_style="flat")))
    run, deck = shapely.STRtree(decks).query(line, predicate="intersects")
    length = np.bincount(deck, weights=shapely.length(line)[run], minlength=len(decks))
    decks = shapely.get_parts(shapely.intersection(decks[length >= DECK_M], area))
    return np.asarray(decks[shapely.get_type_id(decks) == shapely.GeometryType.POLYGON])


def _close(table: gpd.GeoDataFrame, decks: Shapes) -> gpd.GeoDataFrame:
    """Take the rows that matter to the decks."""
    tree = shapely.STRtree(decks)
    rows = tree.query(table.geometry.to_numpy(), predicate="dwithin", distance=2 * _NEAR_M)[0]
    return table.iloc[np.unique(rows)]


def _in_use(ground: gpd.GeoDataFrame) -> Shapes:
    used = ground[~ground["kind"].isin(_FREE)]
    shapes = only_valid(used.geometry.to_numpy())
    wet = used["kind"].isin(["water", "wetland"]).to_numpy()
    rails = (used["kind"] == "railway").to_numpy()
    return np.asarray(shapely.buffer(shapes, np.where(wet, BANK_M, np.where(rails, RAIL_M, 0.0))))


def _lines(barriers: gpd.GeoDataFrame, kind: str, half_m: float) -> Shapes:
    lines = barriers.geometry.to_numpy()[(barriers["kind"] == kind).to_numpy()]
    return np.asarray(shapely.buffer(lines, half_m, quad_segs=2))
