"""
From outlines, named places or nothing at all to communities that cover the study area.

A community without people keeps its row; a home in no community is counted under the study only.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.errors import InputError, Problem
from lifecircle.network.pins import Pins
from lifecircle.network.router import Router
from lifecircle.network.streets import StreetNetwork
from lifecircle.network.walks import Ends
from lifecircle.tables import COMMUNITIES, check
from lifecircle.walk import PROFILES

SAMPLE_M = 40.0
"""Spacing of the street points a network Voronoi is drawn from [m]."""


def communities_around_places(
    places: gpd.GeoDataFrame, network: StreetNetwork, *, area: shapely.Geometry
) -> gpd.GeoDataFrame:
    """
    Draw communities as the streets nearest on foot to named places.

    Parameters
    ----------
    places
        `tables.NAMED_PLACES` of the wanted kinds in the network's system.
    network
        The streets.
    area
        Outline of the study area; places outside it are left out.

    Returns
    -------
    communities
        `tables.COMMUNITIES`: one per place, covering the area without overlap.

    Raises
    ------
    InputError
        If no place of the wanted kinds lies in the area.

    Notes
    -----
    The network Voronoi diagram (Erwig 2000): every stretch of street belongs to the place with the
    shortest walk; ground belongs to its nearest stretch.
    """
    inside = places[shapely.intersects(area, places.geometry.array)].sort_values("place_id")
    if len(inside) == 0:
        raise InputError(
            Problem(
                what="no named place lies in the area to draw communities around",
                where='communities.draw = "places"',
                remedy='use draw = "grid", draw = "admin" or a file of communities',
            )
        )
    samples, pins = _street_samples(network, area)
    targets = _nearest_pins(network, inside.geometry.to_numpy())
    router = Router(network=network, profile=PROFILES["gb"], metric="distance")
    owner = router.nearest(Ends.single(pins), Ends.single(targets), limit=2**30).to
    known = owner >= 0
    if not known.any():
        owner = _nearest_of(inside.geometry.to_numpy(), samples)
    elif not known.all():
        # Streets cut off from every place follow the nearest street that is not.
        owner[~known] = owner[known][_nearest_of(samples[known], samples[~known])]
    shapes = _dissolved_voronoi(samples, owner, len(inside), area)
    return check(
        gpd.GeoDataFrame(
            {
                "community_id": inside["place_id"].to_numpy(dtype=object),
                "name": inside["name"].to_numpy(dtype=object),
            },
            geometry=shapes,
            crs=network.crs,
        ).pipe(lambda table: table[~table.geometry.is_empty]),
        COMMUNITIES,
        where="communities drawn around places",
    )


def communities_of_admin(
    admin: gpd.GeoDataFrame, *, area: shapely.Geometry, level: int | None
) -> gpd.GeoDataFrame:
    """
    Take administrative areas as communities.

    Parameters
    ----------
    admin
        `tables.ADMIN_AREAS` in the study's metric system.
    area
        Outline of the study area.
    level
        Administrative level; None takes the finest of which at least two meet the area.

    Returns
    -------
    communities
        `tables.COMMUNITIES`, clipped to the area.

    Raises
    ------
    InputError
        If no level has areas that meet the study area.
    """
    meets = admin[shapely.area(shapely.intersection(np.asarray(admin.geometry), area)) > 1.0]
    if level is None and len(meets):
        counts = meets["level"].value_counts()
        several = counts[counts >= 2]
        level = int(several.index.max()) if len(several) else int(counts.index.max())
    chosen = meets[meets["level"] == level].sort_values("admin_id")
    if len(chosen) == 0:
        known = ", ".join(str(int(value)) for value in sorted(meets["level"].unique()))
        raise InputError(
            Problem(
                what="no administrative area of the wanted level meets the study area",
                where='communities.draw = "admin"',
                remedy=f'levels found: {known or "none"}; or use draw = "grid"',
            )
        )
    return check(
        gpd.GeoDataFrame(
            {
                "community_id": chosen["admin_id"].to_numpy(dtype=object),
                "name": chosen["name"].to_numpy(dtype=object),
            },
            geometry=_polygons(shapely.intersection(np.asarray(chosen.geometry), area)),
            crs=admin.crs,
        ),
        COMMUNITIES,
        where="administrative areas",
    )


def communities_of_grid(*, area: shapely.Geometry, cell_m: float, crs: object) -> gpd.GeoDataFrame:
    """
    Cut the area into square cells, for places where no community is known.

    Parameters
    ----------
    area
        Outline of the study area in a metric system.
    cell_m
        Side of a cell [m].
    crs
        The metric system.

    Returns
    -------
    communities
        `tables.COMMUNITIES` named by row and column, clipped to the area.
    """
    west, south, east, north = area.bounds
    columns = max(1, int(np.ceil((east - west) / cell_m)))
    rows = max(1, int(np.ceil((north - south) / cell_m)))
    names, shapes = [], []
    for row in range(rows):
        for column in range(columns):
            x, y = west + column * cell_m, north - (row + 1) * cell_m
            shape = shapely.intersection(shapely.box(x, y, x + cell_m, y + cell_m), area)
            if shape.area > 1.0:
                names.append(f"{_letters(row)}{column + 1}")
                shapes.append(shape)
    return check(
        gpd.GeoDataFrame(
            {"community_id": [f"grid_{name}" for name in names], "name": names},
            geometry=_polygons(np.asarray(shapes, dtype=object)),
            crs=crs,
        ),
        COMMUNITIES,
        where="grid of communities",
    )


def community_of(points: NDArray[np.object_], communities: gpd.GeoDataFrame) -> NDArray[np.int32]:
    """
    Find the community each point lies in.

    Parameters
    ----------
    points
        Shapely points in the communities' system, shape (n,).
    communities
        `tables.COMMUNITIES`.

    Returns
    -------
    row
        Row of the community, -1 in none; the lowest row where outlines overlap or touch.
    """
    row = np.full(len(points), -1, dtype=np.int32)
    if len(communities) and len(points):
        found, area = shapely.STRtree(np.asarray(communities.geometry.array)).query(
            points, predicate="intersects"
        )
        order = np.argsort(-area, kind="stable")
        row[found[order]] = area[order]
    return row


def _street_samples(
    network: StreetNetwork, area: shapely.Geometry
) -> tuple[NDArray[np.object_], Pins]:
    """Take points every 40 m along walkable streets in and near the area, as pins on them."""
    shapely.prepare(area)
    reach = shapely.buffer(shapely.envelope(area), 500.0)
    edges = network.walkable[shapely.intersects(reach, network.lines[network.walkable])]
    count = np.maximum(1, np.ceil(network.length_m[edges] / SAMPLE_M)).astype(int)
    edge = np.repeat(edges, count)
    index = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    share = (index + 0.5) / np.repeat(count, count)
    points = shapely.line_interpolate_point(network.lines[edge], share, normalized=True)
    # Two streets over one another would give two samples in one place.
    _, first = np.unique(np.round(shapely.get_coordinates(points), 2), axis=0, return_index=True)
    first.sort()
    return points[first], _pins_at(edge[first], share[first])


def _pins_at(edge: NDArray[np.int64], share: NDArray[np.float64]) -> Pins:
    n = len(edge)
    return Pins(
        n=n,
        point=np.arange(n, dtype=np.int32),
        edge=edge.astype(np.int32),
        share=share,
        leg_m=np.zeros(n),
        status=np.full(n, "ok", dtype=object),
    )


def _nearest_pins(network: StreetNetwork, points: NDArray[np.object_]) -> Pins:
    """Pin label points to the nearest street of the main network, however far it is."""
    main = network.walkable[~network.island_nodes[network.edge_node[network.walkable, 0]]]
    edge = main[shapely.STRtree(network.lines[main]).query_nearest(points, all_matches=False)[1]]
    share = shapely.line_locate_point(network.lines[edge], points, normalized=True)
    return _pins_at(edge, np.nan_to_num(share))


def _nearest_of(targets: NDArray[np.object_], points: NDArray[np.object_]) -> NDArray[np.int32]:
    _, nearest = shapely.STRtree(targets).query_nearest(points, all_matches=False)
    return np.asarray(nearest, dtype=np.int32)


def _dissolved_voronoi(
    samples: NDArray[np.object_], owner: NDArray[np.int32], n: int, area: shapely.Geometry
) -> NDArray[np.object_]:
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(samples), extend_to=area, ordered=True)
    )
    shapes = [
        shapely.intersection(shapely.coverage_union_all(cells[owner == index]), area)
        if (owner == index).any()
        else shapely.Polygon()
        for index in range(n)
    ]
    return _polygons(np.asarray(shapes, dtype=object))


def _polygons(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Keep the areal parts of clipped shapes."""
    kept = np.empty(len(shapes), dtype=object)
    for index, shape in enumerate(shapes):
        if shape.geom_type in ("Polygon", "MultiPolygon"):
            kept[index] = shape
        else:
            parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
            kept[index] = shapely.multipolygons(parts) if parts else shapely.Polygon()
    return kept


def _letters(number: int) -> str:
    text = ""
    number += 1
    while number:
        number, digit = divmod(number - 1, 26)
        text = chr(65 + digit) + text
    return text
