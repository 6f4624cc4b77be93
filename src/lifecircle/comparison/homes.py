"""
Homes of two runs -> one list in which each home stands once, with its people and area in both.

A home is the same where its place is; its id only helps, for ids may be row numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.comparison.run import Run
from lifecircle.places.groups import people_of

SAME_PLACE_M = 1.0
"""Homes this near are one whatever their ids [m] (P)."""
REDRAWN_M = 30.0
"""A home that keeps its id may have been drawn anew this far off [m] (P)."""


@dataclass(frozen=True, kw_only=True)
class BothHomes:
    """
    Every home of two runs once.

    Parameters
    ----------
    tables
        Homes of A and of B.
    rows
        Row in A and in B, shape (homes, 2); -1 where it has none.
    communities
        Community id in A and in B, shape (homes, 2): the home's own where the run knows it,
        else that of the outline it lies in; None outside all.
    """

    tables: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]
    rows: NDArray[np.int64]
    communities: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.rows)

    def people(self, run: int, group: str) -> NDArray[np.float64]:
        """
        Count the people of a group in one run.

        Parameters
        ----------
        run
            0 for A, 1 for B.
        group
            ``all`` or a group.

        Returns
        -------
        people
            Shape (homes,), zero where a home is not in that run.
        """
        counted = np.nan_to_num(people_of(self.tables[run], group))
        return np.asarray(self.taken(run, counted, 0.0), dtype=np.float64)

    def taken(self, run: int, values: NDArray[np.generic], missing: object) -> NDArray[np.generic]:
        """
        Bring a column of one run into the order of both.

        Parameters
        ----------
        run
            0 for A, 1 for B.
        values
            One value per home of that run.
        missing
            Taken for homes that run does not have.

        Returns
        -------
        values
            Shape (homes,).
        """
        found = np.full(len(self), missing, dtype=values.dtype)
        there = self.rows[:, run] >= 0
        found[there] = values[self.rows[there, run]]
        return found


def match_homes(a: Run, b: Run) -> BothHomes:
    """
    Find the homes that are in both runs.

    Parameters
    ----------
    a, b
        Runs with homes.

    Returns
    -------
    homes
        First those of B in their order, then those only A has.

    Raises
    ------
    ValueError
        If a run has no homes.
    """
    if a.homes is None or b.homes is None:
        raise ValueError("both runs must hold homes")
    points_a = a.homes.geometry.to_crs(b.crs).to_numpy()
    points_b = b.homes.geometry.to_numpy()
    partner = np.full(len(b.homes), -1, dtype=np.int64)
    free = np.ones(len(a.homes), dtype=bool)
    row_of = {key: row for row, key in enumerate(a.homes["home_id"])}
    same_id = np.array([row_of.get(key, -1) for key in b.homes["home_id"]], dtype=np.int64)
    for reach, by_id in ((SAME_PLACE_M, True), (SAME_PLACE_M, False), (REDRAWN_M, True)):
        if by_id:
            rows = np.flatnonzero((partner < 0) & (same_id >= 0))
            rows = rows[free[same_id[rows]]]
            near = shapely.distance(points_a[same_id[rows]], points_b[rows]) <= reach
            partner[rows[near]] = same_id[rows[near]]
        else:
            here, there = np.flatnonzero(partner < 0), np.flatnonzero(free)
            tree = shapely.STRtree(points_a[there])
            at, found = tree.query_nearest(points_b[here], max_distance=reach, all_matches=True)
            taken: set[int] = set()
            for row, other in sorted(zip(here[at].tolist(), there[found].tolist(), strict=True)):
                if partner[row] < 0 and other not in taken:
                    partner[row] = other
                    taken.add(other)
        free[partner[partner >= 0]] = False
    only_a = np.flatnonzero(free)
    rows = np.column_stack(
        [
            np.concatenate([partner, only_a]),
            np.concatenate([np.arange(len(b.homes)), np.full(len(only_a), -1)]),
        ]
    ).astype(np.int64)
    points = np.concatenate([points_b, points_a[only_a]])
    communities = np.column_stack(
        [_communities(run, rows[:, k], points, b) for k, run in enumerate((a, b))]
    )
    return BothHomes(tables=(a.homes, b.homes), rows=rows, communities=communities)


def _communities(
    run: Run, rows: NDArray[np.int64], points: NDArray[np.object_], b: Run
) -> NDArray[np.object_]:
    found = np.full(len(rows), None, dtype=object)
    there = rows >= 0
    if run.homes is not None:
        own = run.homes["community_id"].to_numpy(dtype=object)[rows[there]]
        found[there] = [one if isinstance(one, str) else None for one in own]
    lacking = np.flatnonzero(~there)
    areas = run.communities.to_crs(b.crs)
    ids = areas["community_id"].to_numpy(dtype=object)
    at, area = shapely.STRtree(areas.geometry.to_numpy()).query(points[lacking], "intersects")
    # Written from the highest id down, so that the lowest one stays.
    for k in sorted(range(len(at)), key=lambda k: str(ids[area[k]]), reverse=True):
        found[lacking[at[k]]] = ids[area[k]]
    return found
