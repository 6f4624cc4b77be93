"""
From straight lines between homes and places to what lies across them, in words a planner knows.

A barrier without a name is told by what it stands beside; where no barrier is drawn, by the ground
the line crosses most; else no street leads through, and that is said.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.gaps.words import BETWEEN, NO_STREET

_HEAVIEST = ("rail", "water", "motorway", "estate", "wall", "fence", "hedge")

_BESIDE_M = {"estate": 30.0, "ground": 30.0, "street": 60.0}
"""How near a named thing lies to a barrier it tells of, the first that applies [m] (P)."""

CROSSED = 0.2
"""A piece of ground lies between two points when it takes a fifth of the line (P)."""

_CLOSED_GROUND = ("water", *(set(BETWEEN) - {*_HEAVIEST, NO_STREET}))
"""Ground that may lie across a walk without a wall around it (P)."""


def what_lies_between(
    links: NDArray[np.object_],
    barriers: gpd.GeoDataFrame,
    ground: gpd.GeoDataFrame,
    landmarks: gpd.GeoDataFrame,
    *,
    language: str,
) -> NDArray[np.object_]:
    """
    Name what lies across each of some lines.

    Parameters
    ----------
    links
        Straight lines, shape (k,).
    barriers
        Lines nobody walks across, with ``kind`` and ``name``.
    ground
        Areas with ``kind`` and ``name``; empty where nothing is known.
    landmarks
        What barriers may be told by: ``kind`` (``estate``, ``ground`` or ``street``) and ``name``.
    language
        ``zh`` or ``en``.

    Returns
    -------
    names
        ``kind: name`` or ``kind`` alone, shape (k,). The heaviest barrier is named, a railway
        before water, motorway, estate, wall, fence and hedge. `NO_STREET` where nothing is drawn.
    """
    names = np.full(len(links), NO_STREET, dtype=object)
    lines = barriers.geometry.to_numpy()
    link, line = (
        shapely.STRtree(lines).query(links, predicate="intersects")
        if len(lines) and len(links)
        else (np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp))
    )
    kinds = barriers["kind"].to_numpy(dtype=object)
    titles = _texts(barriers["name"])
    if len(link):
        ranks = {kind: place for place, kind in enumerate(_HEAVIEST)}
        rank = np.array([ranks.get(kind, len(ranks)) for kind in kinds])[line]
        # Of one kind the named before the nameless, then by name, then as they stand.
        key = np.array([titles[row] or "\uffff" for row in line], dtype=object).astype(str)
        order = np.lexsort((line, key, rank, link))
        first = order[np.r_[True, np.diff(link[order]) > 0]]
        at, chosen = link[first], line[first]
        nameless = np.array([titles[row] is None for row in chosen], dtype=bool)
        told = dict.fromkeys(chosen[~nameless].tolist(), "")
        told |= {row: str(titles[row]) for row in told}
        if nameless.any():
            crossing = shapely.centroid(
                shapely.intersection(links[at[nameless]], lines[chosen[nameless]])
            )
            told |= _beside(chosen[nameless], crossing, landmarks, language)
        for where, row in zip(at.tolist(), chosen.tolist(), strict=True):
            names[where] = _said(kinds[row], told[row])
    bare = np.flatnonzero(names == NO_STREET)
    if len(bare) and len(ground):
        names[bare] = _crossed(links[bare], ground)
    return names


def _beside(
    rows: NDArray[np.intp],
    crossing: NDArray[np.object_],
    landmarks: gpd.GeoDataFrame,
    language: str,
) -> dict[int, str]:
    """Tell each barrier without a name by the landmark beside it where lines cross it."""
    told: dict[int, str] = {}
    shapes = landmarks.geometry.to_numpy()
    kinds = landmarks["kind"].to_numpy(dtype=object)
    titles = _texts(landmarks["name"])
    tree = shapely.STRtree(shapes)
    for row in np.unique(rows).tolist():
        # One barrier has one name, wherever it is crossed: that at the middle of the crossings.
        spot = shapely.centroid(shapely.multipoints(crossing[rows == row]))
        near = tree.query(spot, predicate="dwithin", distance=max(_BESIDE_M.values()))
        found = sorted(
            (list(_BESIDE_M).index(kinds[k]), round(float(far), 2), str(titles[k]))
            for k, far in zip(near, shapely.distance(spot, shapes[near]), strict=True)
            if titles[k] is not None and far <= _BESIDE_M[kinds[k]]
        )
        name = found[0][2] if found else ""
        told[row] = (f"{name}旁" if language == "zh" else f"by {name}") if name else ""
    return told


def _crossed(links: NDArray[np.object_], ground: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Name the ground a line crosses most, where it crosses enough of any."""
    names = np.full(len(links), NO_STREET, dtype=object)
    closed = ground[ground["kind"].isin(_CLOSED_GROUND).to_numpy()]
    shapes = closed.geometry.to_numpy()
    if len(shapes) == 0:
        return names
    link, area = shapely.STRtree(shapes).query(links, predicate="intersects")
    share = shapely.length(shapely.intersection(links[link], shapes[area])) / np.maximum(
        shapely.length(links[link]), 1e-9
    )
    kinds, titles = closed["kind"].to_numpy(dtype=object), _texts(closed["name"])
    for k in np.lexsort((-area, share)):  # the largest share is written last
        if share[k] >= CROSSED:
            names[link[k]] = _said(kinds[area[k]], titles[area[k]] or "")
    return names


def _texts(column: object) -> list[str | None]:
    """Names as they can stand in a list of reasons: one line, no mark that divides it."""
    return [
        " ".join(one.replace(";", ",").split()) if isinstance(one, str) and one.strip() else None
        for one in np.asarray(column, dtype=object).tolist()
    ]


def _said(kind: object, name: str) -> str:
    return f"{kind}: {name}" if name else str(kind)
