"""
Who the people of a home are: its groups, counted or shared out, and how many live in a home.

A group nobody counts is missing, never nought.
"""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

GROUP_PREFIX = "people_"
"""Columns that count the people of a group begin so."""

HOUSEHOLDS = "households"
"""Column that counts households, which norms may be asked of; they are no group of people."""

FLOOR_PER_PERSON_M2 = 40.0
HOUSEHOLD = 2.6
"""Floor area a person has [m²], people of a household: to tell a few homes from many (P)."""


def share_groups(homes: gpd.GeoDataFrame, groups: Mapping[str, float] | None) -> gpd.GeoDataFrame:
    """
    Count groups that no home counts by flat declared shares.

    Parameters
    ----------
    homes
        Homes with people; not changed.
    groups
        Share of each group, such as ``{"60plus": 0.23}``.

    Returns
    -------
    homes
        With one ``people_<group>`` column more per group that was not counted.
    """
    table = homes.copy()
    for group, share in sorted((groups or {}).items()):
        if f"{GROUP_PREFIX}{group}" not in table:
            table[f"{GROUP_PREFIX}{group}"] = table["people"] * share
    return table


def flat_groups(homes: pd.DataFrame, declared: Mapping[str, float]) -> frozenset[str]:
    """
    Find groups that are the same share of everybody everywhere.

    Parameters
    ----------
    homes
        Homes with people and groups.
    declared
        Flat declared share of each group.

    Returns
    -------
    groups
        Those that no home, grid or community counts: they say nothing of where the group lives.

    Examples
    --------
    >>> import pandas as pd
    >>> from lifecircle.places.groups import flat_groups
    >>> homes = pd.DataFrame({"people": [10.0, 20.0], "people_60plus": [2.0, 4.0]})
    >>> sorted(flat_groups(homes, {"60plus": 0.2})), sorted(flat_groups(homes, {"60plus": 0.3}))
    (['60plus'], [])
    """
    people = homes["people"].to_numpy(dtype=np.float64)
    return frozenset(
        group
        for group, share in declared.items()
        if f"{GROUP_PREFIX}{group}" in homes
        and np.array_equal(homes[f"{GROUP_PREFIX}{group}"].to_numpy(np.float64), people * share)
    )


def share_area_groups(
    homes: gpd.GeoDataFrame,
    *,
    area_of: NDArray[np.int32],
    area_people: NDArray[np.float64],
    area_groups: Mapping[str, NDArray[np.float64]],
    groups: Mapping[str, float],
) -> tuple[gpd.GeoDataFrame, dict[str, float]]:
    """
    Count groups by their share of the people of the area a home lies in.

    Parameters
    ----------
    homes
        Homes with people; not changed.
    area_of, area_people
        Area each home lies in (-1 none), shape (homes,), and its people (NaN unknown), shape
        (areas,).
    area_groups
        People of each group by area (NaN unknown), shape (areas,) each.
    groups
        Flat declared shares, for homes whose area does not count the group.

    Returns
    -------
    homes
        With one ``people_<group>`` column more per group that no home counted.
    assumed
        Of each such group the people whose share is a declared one, or the mean of the areas
        that count it.
    """
    table = homes.copy()
    people = table["people"].to_numpy(dtype=np.float64)
    assumed: dict[str, float] = {}
    for group, count in sorted(area_groups.items()):
        if f"{GROUP_PREFIX}{group}" in table:
            continue
        known = np.isfinite(count) & np.isfinite(area_people) & (area_people > 0)
        every = float(area_people[known].sum())
        mean = float(count[known].sum()) / every if every else 0.0
        share = np.full(len(area_people) + 1, np.nan)  # the last one is that of no area
        share[:-1][known] = count[known] / area_people[known]
        of_home = share[np.where(area_of < 0, len(area_people), area_of)]
        unknown = np.isnan(of_home)
        assumed[group] = float(people[unknown].sum())
        table[f"{GROUP_PREFIX}{group}"] = people * np.where(
            unknown, groups.get(group, mean), of_home
        )
    return table, assumed


def _within(points: NDArray[np.object_], areas: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    inside = np.zeros(len(points), dtype=bool)
    if len(areas) and len(points):
        found, _ = shapely.STRtree(np.asarray(areas.geometry.array)).query(
            points, predicate="intersects"
        )
        inside[found] = True
    return inside


def people_per_home(homes: pd.DataFrame) -> float:
    """
    Guess how many people live in a home where nobody counted any.

    Parameters
    ----------
    homes
        `tables.HOMES`.

    Returns
    -------
    people
        Mean over the homes: one for every `FLOOR_PER_PERSON_M2` of floor, of those without a
        floor area a household of `HOUSEHOLD`; at least 1. Only good to tell a handful of homes
        from a shortfall, never shown as a count.
    """
    floor = homes["floor_m2"].to_numpy(dtype=np.float64)
    guess = np.where(np.isfinite(floor) & (floor > 0), floor / FLOOR_PER_PERSON_M2, HOUSEHOLD)
    return max(1.0, float(guess.mean())) if len(guess) else HOUSEHOLD


def people_of(homes: pd.DataFrame, group: str) -> NDArray[np.float64]:
    """
    Count the people of a group in every home.

    Parameters
    ----------
    homes
        `tables.HOMES` with group columns.
    group
        ``all``, a group the table counts, or ``households``.

    Returns
    -------
    people
        People per home, shape (homes,); all missing when the table does not count the group.
    """
    if group == "all":
        return np.asarray(homes["people"], dtype=np.float64)
    column = HOUSEHOLDS if group == HOUSEHOLDS else f"{GROUP_PREFIX}{group}"
    if column not in homes:
        return np.full(len(homes), np.nan)
    return np.asarray(homes[column], dtype=np.float64)
