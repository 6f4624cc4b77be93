"""
Land that only the map suggests: mapped as vacant, left over in blocks, and under elevated roads.

What geometry alone suggests is a lead, whose evidence begins with 疑似.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.places.corridors import Streets
from lifecircle.places.outlines import only_valid
from lifecircle.places.residual import Flags, Shapes, residual_pieces
from lifecircle.places.under_bridges import under_bridges

CORNER_M2 = 2000.0
"""Below 3 mu (2,000 m²) land that cannot stand alone is 边角地 (国土资发〔2016〕147号)."""
VACANT_KINDS = ("brownfield", "greenfield", "vacant")
"""Ground kinds that say nobody uses the land now; a building site is not among them."""
_NEVER = (
    *("water", "wetland", "forest", "farmland", "allotments", "cemetery", "protected", "military"),
    *("railway", "road", "park", "garden", "school", "hospital", "pitch", "playground", "sports"),
)
INSIDE_SHARE = 0.1
"""Mapped land of which less lies in the area is left to its neighbours (P)."""
BESIDE_RIVER_M, BESIDE_RAIL_M = 15.0, 30.0
"""Residual land as near to a river or a railway [m] is a lead for sport only (P)."""


def tagged_land(
    *,
    ground: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    streets: Streets,
    area: shapely.Geometry,
    taken: Shapes,
    smallest_m2: float,
) -> gpd.GeoDataFrame:
    """
    Take land mapped as brownfield, greenfield or vacant, without what stands or runs on it.

    Parameters
    ----------
    ground, buildings
        Tables in one metric system.
    streets
        Streets with their corridors.
    area
        Where to look.
    taken
        Land that is proposed already.
    smallest_m2
        Smallest piece worth telling [m²].

    Returns
    -------
    tagged
        ``name, kind, evidence`` and polygons.
    """
    free = ground[ground["kind"].isin(VACANT_KINDS)].sort_values("ground_id", kind="stable")
    whole = only_valid(free.geometry.to_numpy())
    shapes = shapely.intersection(whole, area)
    # the end of a plot that the border of the area cuts off is no plot
    inside = shapely.area(shapes) >= INSIDE_SHARE * shapely.area(whole)
    free, shapes = free[inside], shapes[inside]
    never = ground.geometry.to_numpy()[ground["kind"].isin(_NEVER).to_numpy()]
    obstacles = only_valid(
        np.concatenate([buildings.geometry.to_numpy(), never, streets.corridor, taken])
    )
    tree, same = shapely.STRtree(obstacles), shapely.STRtree(shapes)
    parts: list[Shapes] = []
    source: list[int] = []
    for place, shape in enumerate(shapes):
        # the same land mapped twice is proposed once
        earlier = [parts[other] for other in sorted(same.query(shape)) if other < place]
        near = np.concatenate([obstacles[tree.query(shape, predicate="intersects")], *earlier])
        left = shapely.get_parts(shapely.difference(shape, shapely.union_all(near)))
        left = left[shapely.get_type_id(left) == shapely.GeometryType.POLYGON]
        left = left[shapely.area(left) >= smallest_m2]
        parts.append(left)
        source += [place] * len(left)
    rows = free.iloc[source]
    tag = rows["tag"].where(rows["tag"].notna(), rows["kind"])
    return gpd.GeoDataFrame(
        {
            "name": rows["name"].to_numpy() if "name" in rows.columns else None,
            "kind": np.full(len(rows), "vacant", dtype=object),
            "evidence": ("mapped: " + tag.astype(str)).to_numpy(),
        },
        geometry=np.concatenate([np.zeros(0, dtype=object), *parts]),
        crs=ground.crs,
    )


def residual_land(
    *,
    ground: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame,
    street_lines: gpd.GeoDataFrame,
    streets: Streets,
    area: shapely.Geometry,
    known: Shapes,
    smallest_m2: float,
) -> gpd.GeoDataFrame:
    """
    Find the leads: what is left of blocks, and what lies under elevated roads.

    Parameters
    ----------
    ground, buildings, barriers
        Tables in one metric system.
    street_lines, streets
        Streets, and the same with their corridors.
    area
        Where to look.
    known
        Land that is proposed already.
    smallest_m2
        Smallest piece worth telling [m²].

    Returns
    -------
    leads
        ``kind, evidence, frontage_m, checks`` and polygons.
    """
    pieces = residual_pieces(
        ground=ground,
        buildings=buildings,
        barriers=barriers,
        streets=streets,
        area=area,
        known=known,
        smallest_m2=smallest_m2,
    )
    below = under_bridges(
        street_lines=street_lines,
        ground=ground,
        buildings=buildings,
        barriers=barriers,
        area=area,
        known=np.concatenate([known, pieces.shape]),
        smallest_m2=smallest_m2,
    )
    shape = np.concatenate([pieces.shape, below])
    inside = np.append(pieces.in_estate, np.zeros(len(below), dtype=np.bool_))
    beside = [*_beside(pieces.shape, pieces.in_estate, barriers), *["under_bridge"] * len(below)]
    kind = np.where(shapely.area(shape) < CORNER_M2, "corner", "vacant").astype(object)
    kind[inside] = "in_estate"
    what = np.append(pieces.ground, np.full(len(below), "under_bridge", dtype=object))
    return gpd.GeoDataFrame(
        {
            "kind": kind,
            "evidence": _evidence(what, inside, beside),
            "frontage_m": np.append(pieces.frontage_m, np.full(len(below), np.nan)),
            "checks": [None if code is None else f"sport_only; {code}" for code in beside],
        },
        geometry=shape,
        crs=ground.crs,
    )


def _beside(shapes: Shapes, in_estate: Flags, barriers: gpd.GeoDataFrame) -> list[str | None]:
    """Tell which pieces lie along a railway or a river: good for sport, not for a building."""
    found: list[str | None] = [None] * len(shapes)
    for code, kind, distance in (
        ("along_river", "water", BESIDE_RIVER_M),
        ("along_rail", "rail", BESIDE_RAIL_M),
    ):
        lines = barriers.geometry.to_numpy()[(barriers["kind"] == kind).to_numpy()]
        near = shapely.STRtree(lines).query(shapes, predicate="dwithin", distance=distance)[0]
        for place in np.unique(near):
            found[place] = None if in_estate[place] else code
    return found


def _evidence(ground: NDArray[np.object_], in_estate: Flags, beside: list[str | None]) -> list[str]:
    what = {
        "grass": "residual land of a block; grass",
        "residential": "residual land of a block; open ground in residential land",
        "untagged": "residual land of a block; no use mapped",
        "under_bridge": "ground below an elevated road",
    }
    consent = "; between blocks of flats, owners' consent needed"
    return [
        f"疑似: {what[kind]}{consent if inside else ''}"
        + ("" if code is None else f"; {code}: sport without a building only")
        for kind, inside, code in zip(ground.tolist(), in_estate.tolist(), beside, strict=True)
    ]
