"""
Communities whose people are known and whose homes are not -> homes for them, each named.

Residential land stands for the homes that nobody drew; where there is none, the middle does.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifecircle.places.communities import community_of
from lifecircle.places.groups import GROUP_PREFIX
from lifecircle.places.homes import homes_of_land


@dataclass(frozen=True, kw_only=True)
class Homeless:
    """
    A community whose people had no home.

    Parameters
    ----------
    name
        What it is called.
    people
        Who are said to live there.
    points
        Points of residential land that stand for their homes; 0: the middle of the community does.
    """

    name: str
    people: float
    points: int


def with_missing_homes(
    homes: gpd.GeoDataFrame,
    communities: gpd.GeoDataFrame,
    ground: gpd.GeoDataFrame,
    *,
    area: shapely.Geometry,
) -> tuple[gpd.GeoDataFrame, tuple[Homeless, ...]]:
    """
    Give homes to the people of communities where no home is known.

    Parameters
    ----------
    homes
        Homes before or after people are shared out; not changed.
    communities
        `tables.COMMUNITIES` with ``people`` (NaN unknown), in the order in which overlaps are
        decided.
    ground
        `tables.GROUND`, all in one metric system.
    area
        Outline of the study area.

    Returns
    -------
    homes
        With homes of nobody yet behind the others: points of residential land (`origin`
        ``residential_land``), else the middle of the community (``community``).
    told
        Each community that got some, in order.
    """
    people = communities["people"].to_numpy(dtype=np.float64)
    at = community_of(homes.geometry.to_numpy(), communities)
    lived = np.zeros(len(communities), dtype=bool)
    lived[at[at >= 0]] = True
    shapes = communities.geometry.to_numpy()
    added, told = [], []
    for row in np.flatnonzero((people > 0) & ~lived):
        # Ground of two communities counts for the first one.
        others = shapes[:row][shapely.intersects(shapes[:row], shapes[row])]
        part = shapely.intersection(shapes[row], area)
        if len(others):
            part = shapely.difference(part, shapely.union_all(others))
        if shapely.area(part) <= 0:
            continue
        points = homes_of_land(ground, area=part)
        told.append(
            Homeless(
                name=str(communities["name"].iloc[row] or communities["community_id"].iloc[row]),
                people=float(people[row]),
                points=len(points),
            )
        )
        added.append(points if len(points) else _middle(communities.iloc[row], part, homes.crs))
    if not added:
        return homes, ()
    table = pd.concat([homes, *(_like(one, homes) for one in added)], ignore_index=True)
    return gpd.GeoDataFrame(table, geometry="geometry", crs=homes.crs), tuple(told)


def _middle(community: pd.Series, part: shapely.Geometry, crs: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "home_id": [f"community_{community['community_id']}"],
            "community_id": None,
            "estate_id": None,
            "status": "ok",
            "people": 0.0,
            "floor_m2": np.nan,
            "origin": "community",
            "flats": np.nan,
            "known_people": np.nan,
            "assumed_use": False,
            "assumed_storeys": False,
        },
        geometry=[shapely.point_on_surface(part)],
        crs=crs,
    )


def _like(points: gpd.GeoDataFrame, homes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give points the columns of the other homes; they count no group yet."""
    groups = [name for name in homes if str(name).startswith(GROUP_PREFIX)]
    kept = [name for name in homes if name in points]
    return points[kept].assign(**dict.fromkeys(groups, 0.0))
