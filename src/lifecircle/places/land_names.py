"""Names land nobody named as a planner would: community, estate or street, kind, number."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

STREET_M = 150.0
"""Farthest a street is that land is called after [m] (P)."""

_KINDS: Mapping[str, tuple[str, str]] = {
    "corner": ("边角地", "corner plot"),
    "interlocked": ("插花地", "interlocked plot"),
    "enclosed": ("夹心地", "enclosed plot"),
    "underused": ("低效地", "underused land"),
    "vacant": ("空闲地", "vacant land"),
    "in_estate": ("小区内空地", "open land in an estate"),
    "stock_room": ("存量用房", "idle premises"),
}
_SIDES = (("东侧", "east of"), ("北侧", "north of"), ("西侧", "west of"), ("南侧", "south of"))


def with_names(
    parcels: gpd.GeoDataFrame,
    *,
    communities: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame,
    estates: gpd.GeoDataFrame | None = None,
    language: str = "zh",
) -> gpd.GeoDataFrame:
    """
    Name the land and rooms nobody named.

    Parameters
    ----------
    parcels
        `tables.PARCELS`.
    communities
        `tables.COMMUNITIES`.
    streets
        Lines with ``name`` where a street has one, in the same system.
    estates
        `tables.ESTATES`; None where none are known.
    language
        ``zh`` or ``en``.

    Returns
    -------
    parcels
        With ``name``: what a list says stays. Else the community, the estate it lies in or the side
        of the nearest named street within `STREET_M`, and its kind (``疑似`` where the map alone
        suggests it); equal names are numbered in the order of their ids.
    """
    # a survey calls land by its class, which is no name
    classes = [one for words in _KINDS.values() for one in words]
    bare = (parcels["name"].isna() | parcels["name"].isin(classes)).to_numpy()
    if not bare.any():
        return parcels
    mine = parcels[bare]
    place = dict(zip(communities["community_id"], communities["name"], strict=True))
    points = shapely.point_on_surface(mine.geometry.to_numpy())
    inside = _inside(points, estates)
    side = _beside(points, streets, chinese=language == "zh")
    names = []
    for row, (kind, origin, community) in enumerate(
        zip(mine["kind"], mine["origin"], mine["community_id"], strict=True)
    ):
        called = place.get(community)
        where = inside[row] or side[row]
        lead = origin == "residual"
        said = _KINDS.get(str(kind), (str(kind), str(kind)))
        if language == "zh":
            known = called if isinstance(called, str) else ""
            names.append(f"{known}{where}{'疑似' if lead else ''}{said[0]}")
        else:
            parts = [f"{'possible ' if lead else ''}{said[1]}{' ' if where else ''}{where}", called]
            names.append(", ".join(part for part in parts if isinstance(part, str)))
    told = pd.Series(names, index=mine.index)
    order = mine["parcel_id"].sort_values().index
    count = told.loc[order].groupby(told.loc[order]).cumcount().reindex(mine.index) + 1
    many = told.map(told.value_counts()) > 1
    gap = "" if language == "zh" else " "
    told = told.where(~many, told + gap + count.astype(str))
    return parcels.assign(name=parcels["name"].astype(object).where(~bare, told))


def _inside(points: NDArray[np.object_], estates: gpd.GeoDataFrame | None) -> list[str]:
    found = [""] * len(points)
    if estates is None or not len(estates):
        return found
    row, estate = estates.sindex.query(points, predicate="within")
    names = estates["name"].to_numpy(dtype=object)
    for at, one in zip(row[::-1], estate[::-1], strict=True):
        found[at] = names[one] if isinstance(names[one], str) else found[at]
    return found


def _beside(points: NDArray[np.object_], streets: gpd.GeoDataFrame, *, chinese: bool) -> list[str]:
    found = [""] * len(points)
    named = streets[streets["name"].map(lambda one: isinstance(one, str) and bool(one.strip()))]
    if not len(named):
        return found
    lines = named.geometry.to_numpy()
    row, street = shapely.STRtree(lines).query_nearest(
        points, max_distance=STREET_M, all_matches=False
    )
    near = shapely.get_point(shapely.shortest_line(lines[street], points[row]), 0)
    dx = shapely.get_x(points[row]) - shapely.get_x(near)
    dy = shapely.get_y(points[row]) - shapely.get_y(near)
    quarter = np.rint(np.arctan2(dy, dx) / (np.pi / 2)).astype(int) % 4
    for at, one, turn in zip(row, street, quarter, strict=True):
        name, words = str(named["name"].iloc[one]).strip(), _SIDES[turn]
        found[at] = f"{name}{words[0]}" if chinese else f"{words[1]} {name}"
    return found
