"""
From points to who has a facility within a circle: the straight line, for comparison only.

The older way to count coverage (服务半径) knows no streets, rivers or walls. It stands beside the
walks so that a planner sees what it hides; no verdict is ever taken from it.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.reach.matrix import (
    Pinned,
    audiences,
    counting_facilities,
    usable_facilities,
)
from lifecircle.standards import Requirement
from lifecircle.walk import PROFILES

_SLACK = 1e-9  # the limit is inclusive, and a hypotenuse is rounded


def radius_m(requirement: Requirement) -> float:
    """
    Turn a limit into the radius of a circle.

    Parameters
    ----------
    requirement
        The requirement.

    Returns
    -------
    radius
        A distance limit itself; a time limit at the flat speed of the profile [m].

    Examples
    --------
    >>> from lifecircle.reach.radius import radius_m
    >>> from lifecircle.standards import load_standard
    >>> round(radius_m(load_standard("basic").requirement("medical_15")), 6)
    1000.0
    """
    if requirement.minutes is None:
        return requirement.limit
    return PROFILES[requirement.profile].metres(requirement.minutes)


def within_radius(
    requirement: Requirement,
    rows: Pinned,
    facilities: Pinned,
    entrances: gpd.GeoDataFrame,
) -> NDArray[np.bool_]:
    """
    Say for whom a requirement would be met as the crow flies.

    Parameters
    ----------
    requirement
        The question.
    rows
        Homes or cells of land.
    facilities
        The facilities.
    entrances
        `tables.FACILITY_ENTRANCES` of these facilities.

    Returns
    -------
    within
        True where enough facilities that count, and that serve the row at all, have an entrance
        within the limit in a straight line, the limit included; shape (rows,). Count rules ask
        for several, as on the streets.
    """
    reach = _Circles(rows, facilities, entrances, radius_m(requirement))
    if not requirement.counts:
        counting = counting_facilities(requirement, facilities.table)
        return _counted(requirement, rows, facilities, counting, reach) >= 1
    usable = usable_facilities(facilities.table)
    met = np.ones(len(rows), dtype=bool)
    for rule in requirement.counts:
        right = facilities.table["type"].isin(rule.types).to_numpy() & usable
        met &= _counted(requirement, rows, facilities, right, reach) >= rule.at_least
    return met


def _counted(
    requirement: Requirement,
    rows: Pinned,
    facilities: Pinned,
    counting: NDArray[np.bool_],
    circles: _Circles,
) -> NDArray[np.int64]:
    found = np.zeros(len(rows), dtype=np.int64)
    for served, serving in audiences(requirement, rows, facilities, counting):
        for facility in np.flatnonzero(serving):
            inside = circles.around(int(facility))
            found[inside[served[inside]]] += 1
    return found


class _Circles:
    """Rows around the entrances of a facility, looked up in the order of their eastings."""

    def __init__(
        self,
        rows: Pinned,
        facilities: Pinned,
        entrances: gpd.GeoDataFrame,
        radius: float,
    ) -> None:
        xy = shapely.get_coordinates(rows.table.geometry.to_numpy())
        self._order = np.argsort(xy[:, 0], kind="stable")
        self._x, self._y = xy[self._order].T
        door = shapely.get_coordinates(entrances.geometry.to_numpy())
        owner = pd.Index(facilities.table["facility_id"]).get_indexer(entrances["facility_id"])
        self._doors = door[np.argsort(owner, kind="stable")]
        self._at = np.searchsorted(np.sort(owner), np.arange(len(facilities) + 1))
        self._radius = radius + _SLACK

    def around(self, facility: int) -> NDArray[np.int64]:
        """Rows within the radius of any entrance of a facility, each once."""
        found: list[NDArray[np.int64]] = []
        for x, y in self._doors[self._at[facility] : self._at[facility + 1]].tolist():
            first = np.searchsorted(self._x, x - self._radius, side="left")
            last = np.searchsorted(self._x, x + self._radius, side="right")
            near = np.hypot(self._x[first:last] - x, self._y[first:last] - y) <= self._radius
            found.append(self._order[first:last][near].astype(np.int64))
        if len(found) == 1:
            return found[0]
        return np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)
