"""
Facilities of two runs -> which is which, and what became of each: by name and place, not by id.

Ids of lists are row numbers, so an id alone says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.comparison.run import Run
from lifecircle.sources.facilities.tagging import plain_name

MOVED_M = 1.0
"""A facility farther from its place than this has moved [m] (P)."""
NEAR_M = 30.0
"""Facilities of a service this near, one of them renamed, are one [m] (P)."""
FAR_M = 2000.0
"""A facility of one name has moved at most so far; beyond it is another [m] (P)."""


@dataclass(frozen=True, kw_only=True)
class BothFacilities:
    """
    Facilities of two runs.

    Parameters
    ----------
    tables
        Facilities of A and of B, both in B's system.
    partner
        Per run, the row of the same facility in the other one, -1 where there is none.
    moved_m
        Per run, how far it lies from there [m]; missing without a partner.
    """

    tables: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]
    partner: tuple[NDArray[np.int64], NDArray[np.int64]]
    moved_m: tuple[NDArray[np.float64], NDArray[np.float64]]

    def change_of(self, run: int, row: int) -> str:
        """
        Say what became of a facility.

        Parameters
        ----------
        run
            0 for a row of A, 1 for one of B.
        row
            The row.

        Returns
        -------
        change
            ``added`` or ``removed``: in one run only; ``opened`` or ``closed``: another status;
            ``reclassified``, ``moved``, ``audience``; empty where it is as it was.
        """
        other = int(self.partner[run][row])
        if other < 0:
            return "removed" if run == 0 else "added"
        old, new = (row, other) if run == 0 else (other, row)
        before, after = self.tables[0].iloc[old], self.tables[1].iloc[new]
        was, now = (_or(one["status"], "existing") for one in (before, after))
        if was != now and "existing" in (was, now):
            return "opened" if now == "existing" else "closed"
        if (before["service"], before["type"]) != (after["service"], after["type"]):
            return "reclassified"
        if _or(before["open_to"], "anyone") != _or(after["open_to"], "anyone"):
            return "audience"
        return "moved" if self.moved_m[run][row] > MOVED_M else ""


def match_facilities(a: Run, b: Run) -> BothFacilities:
    """
    Find the facilities that are in both runs.

    Parameters
    ----------
    a, b
        The runs.

    Returns
    -------
    facilities
        With partners: first what has one id, service and name or place; then one name, service
        and type, the nearest first; then one place and service; last one name and place, of
        another service.
    """
    tables = (
        a.facilities.to_crs(b.crs).reset_index(drop=True),
        b.facilities.reset_index(drop=True),
    )
    keys = [_keys(table) for table in tables]
    points = [table.geometry.to_numpy() for table in tables]
    partner = [np.full(len(table), -1, dtype=np.int64) for table in tables]
    rules = (
        (("id", "service", "name"), FAR_M),
        (("id", "service"), NEAR_M),
        (("service", "type", "name"), FAR_M),
        (("service", "name"), FAR_M),
        (("service", "type"), NEAR_M),
        (("name",), NEAR_M),
    )
    for columns, reach in rules:
        _match(keys, columns, reach, points, partner)
    moved = []
    for run in (0, 1):
        far = np.full(len(tables[run]), np.nan)
        there = partner[run] >= 0
        far[there] = shapely.distance(points[run][there], points[1 - run][partner[run][there]])
        moved.append(far)
    return BothFacilities(
        tables=tables, partner=(partner[0], partner[1]), moved_m=(moved[0], moved[1])
    )


def _keys(table: gpd.GeoDataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": table["facility_id"].astype(object),
            "service": table["service"].astype(object),
            "type": table["type"].astype(object),
            "name": [plain_name(one) if isinstance(one, str) else "" for one in table["name"]],
        }
    )


def _match(
    keys: list[pd.DataFrame],
    columns: tuple[str, ...],
    reach: float,
    points: list[NDArray[np.object_]],
    partner: list[NDArray[np.int64]],
) -> None:
    free = [keys[run][partner[run] < 0] for run in (0, 1)]
    if "name" in columns:
        free = [one[one["name"] != ""] for one in free]
    both = pd.merge(
        *(one.assign(row=one.index)[[*columns, "row"]] for one in free),
        on=list(columns),
        suffixes=("_a", "_b"),
    )
    if both.empty:
        return
    rows_a, rows_b = both["row_a"].to_numpy(), both["row_b"].to_numpy()
    apart = shapely.distance(points[0][rows_a], points[1][rows_b])
    for at in np.lexsort((rows_b, rows_a, np.round(apart, 2))).tolist():
        one, other = int(rows_a[at]), int(rows_b[at])
        if apart[at] <= reach and partner[0][one] < 0 and partner[1][other] < 0:
            partner[0][one], partner[1][other] = other, one


def _or(value: object, otherwise: str) -> str:
    return value if isinstance(value, str) else otherwise
