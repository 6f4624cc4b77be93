"""
Says of candidate land what a planner asks next: the largest rectangle, slope, what is near, whose.

Nothing is refused here but land too steep to build on that only the map suggested.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from lifecircle import geo
from lifecircle.tables import PARCELS, check

Shapes = NDArray[np.object_]

NEAR_M: Mapping[str, float] = MappingProxyType(
    {"fuel_station": 50.0, "substation": 30.0, "railway": 50.0, "motorway": 50.0}
)
"""What is told when it is as near as this [m]: fire, noise and fields (this project's choice)."""
STEEP_PCT = 15.0
TOO_STEEP_PCT = 25.0
"""Mean slopes [%] that are told, and that take out land only the map suggests (P)."""

_NODES = 24
_FAST = ("motorway", "trunk")
_FOUND = ("tagged", "residual")


def judge(
    parcels: gpd.GeoDataFrame,
    *,
    ground: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame,
    street_lines: gpd.GeoDataFrame,
    height_at: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = None,
) -> gpd.GeoDataFrame:
    """
    Add what else is to be known of each candidate.

    Parameters
    ----------
    parcels
        `tables.PARCELS` in a metric system, screened.
    ground, barriers
        Tables of the survey in the same system.
    street_lines
        Columns ``highway`` and LineString geometry.
    height_at
        Heights [m] of WGS 84 points, shape (n, 2) to (n,); None without a DEM.

    Returns
    -------
    parcels
        The same rows with ``rect_length_m`` and ``rect_width_m`` (sides of the largest rectangle
        found, within a cell of a grid of 24 x 24), ``slope_pct`` (mean over the outline), ``near``
        (codes with ``; ``) and ``consent`` (code of who has to agree first). Slopes from 15 % are
        a check, and from 25 % a reason to refuse land that only the map suggests.
    """
    table = parcels.reset_index(drop=True).copy()
    shapes = table.geometry.to_numpy()
    length, width = _rectangles(shapes)
    table["rect_length_m"], table["rect_width_m"] = length, width
    table["slope_pct"] = _slopes(shapes, CRS.from_user_input(table.crs), height_at)
    table["near"] = _near(shapes, ground, barriers, street_lines)
    steep = table["slope_pct"].to_numpy() >= STEEP_PCT
    table["checks"] = _with_code(table["checks"], steep, "steep")
    out = (table["slope_pct"].to_numpy() >= TOO_STEEP_PCT) & table["origin"].isin(_FOUND).to_numpy()
    table["reasons"] = _with_code(table["reasons"], out, "too_steep")
    table["status"] = table["status"].mask(out, "refused")
    table["consent"] = [
        _consent(*row)
        for row in table[["kind", "checks", "owner", "rights"]].itertuples(index=False, name=None)
    ]
    return check(table, PARCELS, where="candidate land")


def largest_rectangle(shape: shapely.Polygon) -> tuple[float, float]:
    """
    Measure the largest rectangle found in an outline.

    Parameters
    ----------
    shape
        Polygon.

    Returns
    -------
    length_m, width_m
        Its sides, the longer one first; zero where none is found.

    Notes
    -----
    A sweep in two directions, that of the tightest box around the outline and that of its longest
    side; in each, runs of nodes of a 24 x 24 grid that lie inside. It is no larger than the true
    one by more than what passes between two nodes.

    Examples
    --------
    >>> import shapely
    >>> from lifecircle.places.judging import largest_rectangle
    >>> [round(side) for side in largest_rectangle(shapely.box(0, 0, 40, 20))]
    [40, 20]
    """
    length, width = _rectangles(np.array([shape], dtype=object))
    return float(length[0]), float(width[0])


def _rectangles(shapes: Shapes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    length, width = np.full(len(shapes), np.nan), np.full(len(shapes), np.nan)
    flat = np.flatnonzero((shapely.get_dimensions(shapes) == 2) & (shapely.area(shapes) > 0))
    if not len(flat):
        return length, width
    best, sides = np.zeros(len(flat)), np.zeros((len(flat), 2))
    areas = shapes[flat].copy()
    shapely.prepare(areas)
    for angle in (_box_angle(areas), _side_angle(areas)):
        inside, step = _nodes_inside(areas, angle)
        down, right = _largest_run(inside, step)
        better = down * right > best
        best[better] = (down * right)[better]
        sides[better] = np.column_stack([down, right])[better]
    length[flat], width[flat] = sides.max(axis=1), sides.min(axis=1)
    return length, width


def _box_angle(areas: Shapes) -> NDArray[np.float64]:
    return _direction(shapely.oriented_envelope(areas))


def _side_angle(areas: Shapes) -> NDArray[np.float64]:
    return _direction(areas)


def _direction(areas: Shapes) -> NDArray[np.float64]:
    """Take the direction of the longest side of each outline."""
    outer = shapely.get_exterior_ring(shapely.get_geometry(areas, 0))
    xy, owner = shapely.get_coordinates(outer, return_index=True)
    same = owner[1:] == owner[:-1]
    step = np.diff(xy, axis=0)[same]
    owner = owner[1:][same]
    order = np.lexsort((np.hypot(*step.T), owner))
    last = np.append(np.flatnonzero(np.diff(owner[order])), len(order) - 1)
    angle = np.zeros(len(areas))
    chosen = order[last]
    angle[owner[chosen]] = np.arctan2(step[chosen, 1], step[chosen, 0])
    return angle


def _nodes_inside(
    areas: Shapes, angle: NDArray[np.float64]
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Lay a turned grid over each outline; which nodes lie inside, and the steps both ways [m]."""
    xy, owner = shapely.get_coordinates(areas, return_index=True)
    along = np.column_stack([np.cos(angle), np.sin(angle)])
    across = np.column_stack([-along[:, 1], along[:, 0]])
    u, v = (xy * along[owner]).sum(axis=1), (xy * across[owner]).sum(axis=1)
    start = np.searchsorted(owner, np.arange(len(areas)))
    low = np.column_stack([np.minimum.reduceat(one, start) for one in (u, v)]) + 1e-6
    high = np.column_stack([np.maximum.reduceat(one, start) for one in (u, v)]) - 1e-6
    share = np.linspace(0, 1, _NODES)
    at = low[:, None, :] + share[None, :, None] * (high - low)[:, None, :]
    points = (
        at[:, :, None, :1] * along[:, None, None, :] + at[:, None, :, 1:] * across[:, None, None, :]
    )
    inside = shapely.contains_xy(areas[:, None, None], points[..., 0], points[..., 1])
    return inside, (high - low) / (_NODES - 1)


def _largest_run(
    inside: NDArray[np.bool_], step: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Find the rectangle of nodes inside with the largest area: its sides [m]."""
    count = len(inside)
    best, down, right = np.zeros(count), np.zeros(count), np.zeros(count)
    for first in range(_NODES - 1):
        held = inside[:, first].copy()
        for last in range(first + 1, _NODES):
            held &= inside[:, last]
            run, longest = np.zeros(count), np.zeros(count)
            for column in held.T:
                run = (run + 1) * column
                np.maximum(longest, run, out=longest)
            side = (last - first) * step[:, 0], np.maximum(longest - 1, 0) * step[:, 1]
            better = side[0] * side[1] > best
            if better.any():
                best[better] = (side[0] * side[1])[better]
                down[better], right[better] = side[0][better], side[1][better]
    return down, right


def _slopes(
    shapes: Shapes,
    crs: CRS,
    height_at: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None,
) -> NDArray[np.float64]:
    """Fit a plane to the heights at the corners of the box around each outline [%]."""
    slope = np.full(len(shapes), np.nan)
    flat = np.flatnonzero(shapely.get_dimensions(shapes) == 2)
    if height_at is None or not len(flat):
        return slope
    west, south, east, north = shapely.bounds(shapes[flat]).T
    # a box below 60 m would only tell of the noise of the raster
    x, y = (west + east) / 2, (south + north) / 2
    dx, dy = np.maximum(east - west, 60.0) / 2, np.maximum(north - south, 60.0) / 2
    corners = np.stack([[x - dx, y], [x + dx, y], [x, y - dy], [x, y + dy]])
    points = corners.transpose(0, 2, 1).reshape(-1, 2)
    left, right, low, high = height_at(geo.unproject(points, crs)).reshape(4, -1)
    slope[flat] = 100 * np.hypot((right - left) / (2 * dx), (high - low) / (2 * dy))
    return slope


def _near(
    shapes: Shapes,
    ground: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame,
    street_lines: gpd.GeoDataFrame,
) -> list[str | None]:
    tags = ground["tag"].astype(str)
    fuel = tags.str.contains("amenity=fuel").to_numpy(dtype=bool)
    power = tags.str.contains("power=").to_numpy(dtype=bool)
    classes = street_lines["highway"].fillna("").astype(str).str.removesuffix("_link")
    sources = {
        "fuel_station": ground.geometry.to_numpy()[fuel],
        "substation": ground.geometry.to_numpy()[power],
        "railway": barriers.geometry.to_numpy()[(barriers["kind"] == "rail").to_numpy(bool)],
        "motorway": np.concatenate(
            [
                street_lines.geometry.to_numpy()[classes.isin(_FAST).to_numpy()],
                barriers.geometry.to_numpy()[(barriers["kind"] == "motorway").to_numpy(bool)],
            ]
        ),
    }
    told: list[list[str]] = [[] for _ in shapes]
    for code, others in sources.items():
        tree = shapely.STRtree(others)
        for row in np.unique(tree.query(shapes, predicate="dwithin", distance=NEAR_M[code])[0]):
            told[row].append(code)
    return ["; ".join(codes) or None for codes in told]


def _with_code(texts: pd.Series, rows: NDArray[np.bool_], code: str) -> list[str | None]:
    return [
        (f"{text}; {code}" if isinstance(text, str) and text else code)
        if row
        else (text if isinstance(text, str) else None)
        for text, row in zip(texts, rows, strict=True)
    ]


def _consent(kind: str, checks: object, owner: object, rights: object) -> str | None:
    """Say who has to agree before anything else."""
    codes = checks.split("; ") if isinstance(checks, str) else []
    said = owner if isinstance(owner, str) else ""
    asked = {
        "road_keeper": "under_bridge" in codes,
        "railway_keeper": "along_rail" in codes,
        "river_keeper": "along_river" in codes,
        "owners": kind == "in_estate" or "业主" in said or "owners_consent" in codes,
        "collective": "collective" in codes or rights == "collective",
        "subdistrict": "街道" in said or "镇" in said,
        "right_holder": bool(said),
    }
    return next((code for code, applies in asked.items() if applies), None)
