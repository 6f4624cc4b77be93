"""
Turns the planner's lists, mapped vacant land and the shapes of blocks into candidate parcels.

Listed land comes first and as it was given; nothing found here overlaps it. What only geometry
suggests is a lead: its origin is ``residual`` and its evidence begins with 疑似.
"""

from __future__ import annotations

import hashlib

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from lifecircle.errors import CrsError, Problem
from lifecircle.places.corridors import Streets, frontage_m, lay_out_streets
from lifecircle.places.leads import residual_land, tagged_land
from lifecircle.places.outlines import only_valid
from lifecircle.places.residual import Shapes
from lifecircle.tables import PARCELS, check, empty

_MEASURES = ("inscribed_m", "compactness", "frontage_m")


def find_parcels(
    *,
    ground: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame,
    street_lines: gpd.GeoDataFrame,
    area: shapely.Geometry,
    communities: gpd.GeoDataFrame,
    listed: gpd.GeoDataFrame | None,
    crs: CRS,
    cover: gpd.GeoDataFrame | None = None,
    standard_min_m2: float = 150.0,
    leads: bool = True,
    streets: Streets | None = None,
) -> gpd.GeoDataFrame:
    """
    Find candidate land: listed, surveyed or mapped as vacant, and left over between uses.

    Parameters
    ----------
    ground, buildings, barriers
        Tables of `tables.GROUND`, `tables.BUILDINGS` and `tables.BARRIERS` in `crs`.
    street_lines
        Columns ``highway`` and ``foot`` and LineString geometry in `crs`.
    area
        Study area in `crs`: nothing is searched for outside it.
    communities
        `tables.COMMUNITIES` in `crs`.
    listed
        The planner's parcels, columns of `tables.PARCELS` (missing ones are filled in), in
        `crs`; None where there are none. All of them are kept.
    crs
        Metric system of everything.
    cover
        `tables.LAND_COVER` in `crs`; None without a land survey.
    standard_min_m2
        Smallest site worth telling [m²]: an outdoor gym with 150 m² unless said otherwise.
    leads
        Whether land is looked for on the map too, beside lists and survey.
    streets
        `street_lines` with their corridors, where they are laid out already.

    Returns
    -------
    parcels
        `tables.PARCELS` in `crs`: listed, then surveyed, then tagged, then residual land, each
        ordered by id.
        ``area_m2`` [m²]; ``inscribed_m``, diameter of the largest circle inside [m];
        ``compactness``, 4 pi area / outline²; ``frontage_m``, outline along walkable streets [m].

    Raises
    ------
    CrsError
        If a table is not in `crs`.
    SchemaError
        If the planner's parcels are not what `tables.PARCELS` says.

    Notes
    -----
    Kinds: ``vacant`` is mapped as brownfield, greenfield or vacant, or is a residual piece of
    2,000 m² and more along a street; ``corner`` is a smaller one; ``in_estate`` lies between
    blocks of flats and needs their owners' consent. ``interlocked``, ``enclosed`` and
    ``underused`` are findings of law and come from the planner's lists only. Tagged land keeps
    its size; residual land has at most 2 ha. Farmland, forest, water, parks and other protected
    or used ground is never proposed, and untagged open country neither. An id is made of the
    place and size of a parcel, so that it stays when rows are reordered.
    """
    _check_crs(
        crs,
        ground=ground,
        buildings=buildings,
        barriers=barriers,
        street_lines=street_lines,
        communities=communities,
    )
    streets = lay_out_streets(street_lines) if streets is None else streets
    given = _listed(listed, crs)
    taken = given.geometry.to_numpy()
    taken = taken[shapely.get_dimensions(taken) == 2]
    surveyed = _surveyed(cover, taken, area, crs)
    taken = np.concatenate([taken, surveyed.geometry.to_numpy()])
    parts = [(given, "listed"), (surveyed, "surveyed")]
    if leads:
        if cover is not None:
            ground = _with_cover(ground, cover)
        tagged = tagged_land(
            ground=ground,
            buildings=buildings,
            streets=streets,
            area=area,
            taken=taken,
            smallest_m2=standard_min_m2,
        )
        parts.append((tagged, "tagged"))
        residual = residual_land(
            ground=ground,
            buildings=buildings,
            barriers=barriers,
            street_lines=street_lines,
            streets=streets,
            area=area,
            known=np.concatenate([taken, tagged.geometry.to_numpy()]),
            smallest_m2=standard_min_m2,
        )
        parts.append((residual, "residual"))
    found = [_finished(part, origin, streets, communities) for part, origin in parts]
    filled = [part for part in found if len(part)]
    if not filled:
        return empty(PARCELS, crs)
    joined = gpd.GeoDataFrame(pd.concat(filled, ignore_index=True), geometry="geometry", crs=crs)
    joined["parcel_id"] = _distinct(joined["parcel_id"].tolist())
    return check(joined, PARCELS, where="candidate land")


def _check_crs(crs: CRS, **tables: gpd.GeoDataFrame) -> None:
    problems = [
        Problem(
            what=f"is in {table.crs or 'no reference system'}, not in {crs}",
            where=name,
            remedy="move it with geo.to_crs first",
        )
        for name, table in tables.items()
        if table.crs is None or CRS.from_user_input(table.crs) != crs
    ]
    if problems:
        raise CrsError(problems)


def _listed(listed: gpd.GeoDataFrame | None, crs: CRS) -> gpd.GeoDataFrame:
    if listed is None or len(listed) == 0:
        return empty(PARCELS, crs)
    _check_crs(crs, parcels=listed)
    table = listed.copy()
    if "origin" not in table.columns:
        table["origin"] = "listed"
    table["origin"] = table["origin"].fillna("listed")
    own = pd.Series(shapely.area(table.geometry.to_numpy()), index=table.index)
    table["area_m2"] = table["area_m2"].fillna(own) if "area_m2" in table.columns else own
    return check(table, PARCELS, where="parcels").sort_values("parcel_id", kind="stable")


def _surveyed(
    cover: gpd.GeoDataFrame | None, taken: Shapes, area: shapely.Geometry, crs: CRS
) -> gpd.GeoDataFrame:
    """Take the vacant plots of the land survey that no list holds already."""
    if cover is None:
        return gpd.GeoDataFrame({"kind": [], "evidence": []}, geometry=[], crs=crs)
    _check_crs(crs, cover=cover)
    free = cover[cover["kind"] == "vacant"].sort_values("cover_id", kind="stable")
    shapes = shapely.intersection(only_valid(free.geometry.to_numpy()), area)
    tree = shapely.STRtree(taken)
    left = np.array(
        [
            shapely.difference(shape, shapely.union_all(taken[np.sort(tree.query(shape))]))
            for shape in shapes
        ],
        dtype=object,
    )
    rest = np.array([_one_piece(shape) for shape in left], dtype=object)
    # what a list holds for the most part is that list's land, and slivers of it are nobody's
    keep = shapely.area(rest) > 0.5 * np.maximum(shapely.area(free.geometry.to_numpy()), 1.0)
    rows = free[keep]
    return gpd.GeoDataFrame(
        {
            "kind": np.full(len(rows), "vacant", dtype=object),
            "name": rows["name"].to_numpy(dtype=object),
            "evidence": [
                f"land survey: {code} {name or ''} ({system}), {cover_id}".replace("  ", " ")
                for code, name, system, cover_id in zip(
                    rows["code"], rows["name"], rows["code_system"], rows["cover_id"], strict=True
                )
            ],
            "code": rows["code"].to_numpy(dtype=object),
            "code_system": rows["code_system"].to_numpy(dtype=object),
        },
        geometry=rest[keep],
        crs=crs,
    )


def _one_piece(shape: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(shape)
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return parts[np.argmax(shapely.area(parts))] if len(parts) else shapely.Polygon()


def _with_cover(ground: gpd.GeoDataFrame, cover: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put the ground of the land survey, but what is vacant, beside what is mapped."""
    used = cover[cover["kind"] != "vacant"]
    kinds = used["kind"].replace({"transport": "road", "special": "military", "public": "other"})
    added = gpd.GeoDataFrame(
        {"ground_id": used["cover_id"], "kind": kinds, "tag": used["code"], "name": used["name"]},
        geometry=used.geometry,
        crs=ground.crs,
    )
    return gpd.GeoDataFrame(pd.concat([ground, added], ignore_index=True), crs=ground.crs)


def _finished(
    table: gpd.GeoDataFrame, origin: str, streets: Streets, communities: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    table = table.reset_index(drop=True)
    shapes = table.geometry.to_numpy()
    for name in _MEASURES:
        known = table[name] if name in table.columns else pd.Series(np.nan, index=table.index)
        table[name] = known.astype("float64")
    _measure(table, streets)
    spot = shapely.point_on_surface(shapes)
    where = _community(spot, communities)
    if origin == "listed":
        table["community_id"] = table["community_id"].fillna(where)
        return table
    table["area_m2"] = shapely.area(shapes)
    table["origin"] = origin
    table["community_id"] = where
    xy = shapely.get_coordinates(spot)
    table["parcel_id"] = [
        _id_of(x, y, size) for (x, y), size in zip(xy, table["area_m2"], strict=True)
    ]
    return table.sort_values("parcel_id", kind="stable")


def _measure(table: gpd.GeoDataFrame, streets: Streets) -> None:
    """Fill in the measures of outlines that nobody gave."""
    shapes = table.geometry.to_numpy()
    flat = shapely.get_dimensions(shapes) == 2
    for name, measure in (
        ("inscribed_m", _inscribed_m),
        ("compactness", lambda one: 4 * np.pi * shapely.area(one) / shapely.length(one) ** 2),
        ("frontage_m", lambda one: frontage_m(one, streets, streets.walkable)),
    ):
        asked = flat & table[name].isna().to_numpy()
        if asked.any():
            table.loc[asked, name] = measure(shapes[asked])


def _inscribed_m(shapes: Shapes) -> NDArray[np.float64]:
    circle = shapely.maximum_inscribed_circle(shapes, tolerance=0.25)
    return np.asarray(2 * shapely.length(circle))


def _community(spot: Shapes, communities: gpd.GeoDataFrame) -> pd.Series:
    ordered = communities.sort_values("community_id", kind="stable")
    point, zone = shapely.STRtree(ordered.geometry.to_numpy()).query(spot, predicate="intersects")
    names = pd.Series([None] * len(spot), dtype="object")
    # on a border the lower id has it
    first = pd.Series(zone).groupby(point).min()
    names.iloc[first.index] = ordered["community_id"].to_numpy()[first.to_numpy()]
    return names


def _id_of(x: float, y: float, area_m2: float) -> str:
    text = f"{round(x)} {round(y)} {round(area_m2)}"
    return "p" + hashlib.blake2b(text.encode(), digest_size=5).hexdigest()


def _distinct(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    distinct = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        distinct.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return distinct
