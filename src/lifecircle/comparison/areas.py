"""
Areas of two runs -> which of one was which of the other: the same, renamed, split, merged, redrawn.

What decides is who lives in both, and how far outlines overlap where nobody does; never an id.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.comparison.homes import BothHomes
from lifecircle.comparison.run import Run
from lifecircle.errors import Problem, RuleError
from lifecircle.sources.people.community_names import name_key

LEVELS = ("community", "unit", "subdistrict", "county", "city", "study")
"""Levels that are compared; estates are not."""
SLIVER = 0.05
"""A part of an area below this is a border drawn otherwise, not another area (P)."""
LEAST_SHARED = 0.1
"""Runs whose outlines share less of the smaller one are of different places (P)."""
_PER_M2 = 1e-9  # ground counts only where nobody lives: a square kilometre as 0.001 people


@dataclass(frozen=True, kw_only=True)
class Pair:
    """
    An area and what it was before.

    Parameters
    ----------
    old, new
        Its place among the areas of A and of B; -1 where there is none.
    relation
        ``same``, ``renamed``, ``recoded``, ``split``, ``merged``, ``redrawn``, ``new``, ``gone``.
    part
        Share of the old area's people that live in the new one; 0 where there is no old one.
    """

    old: int
    new: int
    relation: str
    part: float


@dataclass(frozen=True, kw_only=True)
class Areas:
    """
    The areas of one level in both runs.

    Parameters
    ----------
    level
        One of `LEVELS`.
    ids, names
        Per run, ids and names of its areas.
    of_home
        Place among the areas in A and in B of every home, shape (homes, 2), -1 in none; no rows
        where homes are not known.
    pairs
        Which was which.
    """

    level: str
    ids: tuple[tuple[str, ...], tuple[str, ...]]
    names: tuple[tuple[str, ...], tuple[str, ...]]
    of_home: NDArray[np.int64]
    pairs: tuple[Pair, ...]


def refuse_other_place(a: Run, b: Run) -> None:
    """
    Make sure two runs are of one place.

    Parameters
    ----------
    a, b
        The runs.

    Raises
    ------
    RuleError
        If their areas have hardly any ground in common.
    """
    one = shapely.union_all(a.communities.to_crs(b.crs).geometry.to_numpy())
    other = shapely.union_all(b.communities.geometry.to_numpy())
    smaller = min(one.area, other.area)
    if not smaller or shapely.intersection(one, other).area < LEAST_SHARED * smaller:
        raise RuleError(
            Problem(
                what=f"'{a.title}' and '{b.title}' are of different places",
                remedy="compare two runs of one area",
            )
        )


def match_areas(a: Run, b: Run, homes: BothHomes | None) -> tuple[Areas, ...]:
    """
    Pair the areas of every level both runs know.

    Parameters
    ----------
    a, b
        The runs.
    homes
        Homes of both; None where they are not known.

    Returns
    -------
    areas
        One per level.
    """
    return tuple(
        _of_level(level, a, b, homes)
        for level in LEVELS
        if level in set(a.scores["level"]) and level in set(b.scores["level"])
    )


def outlines(run: Run, level: str, ids: tuple[str, ...]) -> NDArray[np.object_]:
    """
    Draw the areas of a level.

    Parameters
    ----------
    run
        The run.
    level
        One of `LEVELS`.
    ids
        The areas.

    Returns
    -------
    shapes
        In the run's system, shape (areas,); empty where no community belongs to an area.
    """
    shapes = run.communities.geometry.to_numpy()
    key = area_of_community(run.communities, level)
    return np.array([shapely.union_all(shapes[key == one]) for one in ids], dtype=object)


def area_of_community(communities: gpd.GeoDataFrame, level: str) -> NDArray[np.object_]:
    """
    Name the area of a level each community lies in.

    Parameters
    ----------
    communities
        Layer of a run.
    level
        One of `LEVELS`.

    Returns
    -------
    area_id
        Shape (communities,), None where there is none.
    """
    if level == "study":
        return np.full(len(communities), "study", dtype=object)
    column = {"community": "community_id", "unit": "unit_id"}.get(level, level)
    if column not in communities:
        return np.full(len(communities), None, dtype=object)
    found = [None if pd.isna(one) else str(one) for one in communities[column]]
    return np.array(found, dtype=object)


def _of_level(level: str, a: Run, b: Run, homes: BothHomes | None) -> Areas:
    ids, names = [], []
    for run in (a, b):
        rows = run.index[run.index["level"] == level].drop_duplicates("area_id")
        if rows.empty:
            rows = run.scores[run.scores["level"] == level].drop_duplicates("area_id")
        ids.append(tuple(rows["area_id"]))
        names.append(
            tuple(one or key for one, key in zip(rows["area_name"], rows["area_id"], strict=True))
        )
    weights = np.zeros((len(ids[0]), len(ids[1])))
    of_home = np.empty((0, 2), dtype=np.int64)
    if homes is not None:
        of_home = np.column_stack(
            [_places(run, level, ids[k], homes.communities[:, k]) for k, run in enumerate((a, b))]
        )
        living = np.maximum(homes.people(0, "all"), homes.people(1, "all"))
        inside = (of_home >= 0).all(axis=1)
        np.add.at(weights, (of_home[inside, 0], of_home[inside, 1]), living[inside])
    if level == "study":
        weights += 1.0
    else:
        old = shapely.to_wkb(outlines(a, level, ids[0]))
        shapes = gpd.GeoSeries.from_wkb(old, crs=a.crs).to_crs(b.crs).to_numpy()
        others = outlines(b, level, ids[1])
        at, to = shapely.STRtree(others).query(shapes, "intersects")
        weights[at, to] += _PER_M2 * shapely.area(shapely.intersection(shapes[at], others[to]))
    return Areas(
        level=level,
        ids=(ids[0], ids[1]),
        names=(names[0], names[1]),
        of_home=of_home,
        pairs=_pairs(weights, (ids[0], ids[1]), (names[0], names[1])),
    )


def _places(
    run: Run, level: str, ids: tuple[str, ...], community: NDArray[np.object_]
) -> NDArray[np.int64]:
    if level == "study":
        return np.zeros(len(community), dtype=np.int64)
    areas = area_of_community(run.communities, level)
    place = {one: at for at, one in enumerate(ids)}
    known = {
        key: place.get(area, -1)
        for key, area in zip(run.communities["community_id"], areas, strict=True)
    }
    return np.array([known.get(one, -1) for one in community], dtype=np.int64)


def _pairs(
    weights: NDArray[np.float64],
    ids: tuple[tuple[str, ...], tuple[str, ...]],
    names: tuple[tuple[str, ...], tuple[str, ...]],
) -> tuple[Pair, ...]:
    leaving, coming = weights.sum(axis=1), weights.sum(axis=0)
    source = [int(np.argmax(weights[:, j])) if coming[j] > 0 else -1 for j in range(len(ids[1]))]
    target = [int(np.argmax(weights[i])) if leaving[i] > 0 else -1 for i in range(len(ids[0]))]
    pairs = []
    linked = [(source[j], j) for j in range(len(ids[1]))]
    linked += [
        (i, target[i]) for i in range(len(ids[0])) if target[i] < 0 or source[target[i]] != i
    ]
    for i, j in linked:
        if i < 0 or j < 0:
            pairs.append(Pair(old=i, new=j, relation="new" if i < 0 else "gone", part=0.0))
            continue
        part, drawn = weights[i, j] / leaving[i], weights[i, j] / coming[j]
        if sum(one == i for one in source) > 1:
            relation = "split"
        elif sum(one == j for one in target) > 1 or source[j] != i:
            relation = "merged"
        elif min(part, drawn) < 1 - SLIVER:
            relation = "redrawn"
        elif name_key(names[0][i]) != name_key(names[1][j]):
            relation = "renamed"
        else:
            relation = "same" if ids[0][i] == ids[1][j] else "recoded"
        pairs.append(Pair(old=i, new=j, relation=relation, part=float(part)))
    return tuple(pairs)
