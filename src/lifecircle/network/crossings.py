"""
From streets to the roads that walks over them cross, counted per edge in halves.

Whoever comes out of a lesser way onto a road that goes on, or leaves it into one, pays half of a
crossing there; so a walk straight over pays once, and a walk along the road pays nothing.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

COUNTS = ("cross_main", "cross_minor", "cross_signals")
"""Columns of edges: how many crossings of each kind a walk along the whole edge takes part in."""

_SMALL, _TERTIARY, _SECONDARY, _PRIMARY = 1, 2, 3, 4
_RANK = {
    "trunk": _PRIMARY,
    "trunk_link": _PRIMARY,
    "primary": _PRIMARY,
    "primary_link": _PRIMARY,
    "secondary": _SECONDARY,
    "secondary_link": _SECONDARY,
    "tertiary": _TERTIARY,
    "tertiary_link": _TERTIARY,
    "unclassified": _SMALL,
    "residential": _SMALL,
    "living_street": _SMALL,
    "service": _SMALL,
    "road": _SMALL,
}
_UNMARKED = frozenset(("no", "unmarked", "informal"))
_LIGHTS = "traffic_signals"


def count_crossings(
    edges: pd.DataFrame,
    ends: NDArray[np.int64],
    length_m: NDArray[np.float64],
    signals: NDArray[np.bool_],
) -> pd.DataFrame:
    """
    Count the crossings that walking each edge takes part in.

    Parameters
    ----------
    edges
        Columns of `StreetWays.ways`; not changed.
    ends
        Nodes at both ends of each edge, shape (m, 2).
    length_m
        Length of each edge [m], shape (m,).
    signals
        Nodes with traffic lights, shape (n,).

    Returns
    -------
    edges
        The same rows with `COUNTS`; columns that were there are kept.

    Notes
    -----
    Roads rank primary (and trunk), secondary, tertiary, all smaller ones; paths and what no car may
    use rank below. At a node that the highest-ranking road runs through (two of its edges meet
    there) every edge of lower rank gets half a crossing of that road: one with lights where the
    node, or a crossing way that ends there, has them. Two roads of one rank that meet say nothing
    about who crosses which, and count for nothing; nor do small roads without lights. A marked
    crossing way that shares no node with a road counts as one crossing of a main road (or one with
    lights), spread over the way's edges by length.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from lifecircle.network.crossings import count_crossings
    >>> edges = pd.DataFrame({"way_id": ["a", "b", "c", "c"],
    ...     "highway": ["footway", "footway", "primary", "primary"],
    ...     "car_forward": [False, False, True, True], "car_backward": False, "crossing": None})
    >>> ends = np.array([[0, 1], [1, 2], [3, 1], [1, 4]])
    >>> counted = count_crossings(edges, ends, np.full(4, 10.0), np.zeros(5, dtype=bool))
    >>> counted["cross_main"].tolist()
    [0.5, 0.5, 0.0, 0.0]
    """
    if all(column in edges.columns for column in COUNTS):
        return edges.assign(
            **{column: edges[column].fillna(0.0).astype(np.float64) for column in COUNTS}
        )
    rank = _rank_of(edges)
    n = len(signals)
    top = np.zeros(n, dtype=np.int64)
    for side in (0, 1):
        np.maximum.at(top, ends[:, side], rank)
    passes = np.zeros(n, dtype=np.int64)
    for side in (0, 1):
        np.add.at(passes, ends[:, side], rank == top[ends[:, side]])
    marked = marked_crossings(edges)
    lights = marked & edges["crossing"].eq(_LIGHTS).to_numpy(dtype=bool)
    lit = signals.copy()
    lit[ends[lights].ravel()] = True
    counts = np.zeros((3, len(edges)))
    for side in (0, 1):
        at = ends[:, side]
        pays = (rank < top[at]) & (passes[at] >= 2)
        kind = np.where(lit[at], 2, np.where(top[at] >= _SECONDARY, 0, 1))
        pays &= lit[at] | (top[at] >= _TERTIARY)
        counts[kind[pays], np.flatnonzero(pays)] += 0.5
    way = pd.factorize(edges["way_id"])[0]
    meets = np.zeros(way.max(initial=-1) + 1, dtype=bool)
    meets[way[(top[ends] > 0).any(axis=1)]] = True
    alone = np.flatnonzero(marked & ~meets[way])
    counts[np.where(lights[alone], 2, 0), alone] += _share_of_way(way, length_m)[alone]
    return edges.assign(**dict(zip(COUNTS, counts, strict=True)))


def marked_crossings(edges: pd.DataFrame) -> NDArray[np.bool_]:
    """
    Say which edges are marked crossings on their own.

    Parameters
    ----------
    edges
        Columns of `StreetWays.ways`.

    Returns
    -------
    marked
        True for ways for walkers that are tagged as a marked crossing, shape (m,).
    """
    tag = edges["crossing"].to_numpy(dtype=object)
    return np.asarray(
        pd.notna(tag) & ~np.isin(tag, list(_UNMARKED)) & (_rank_of(edges) == 0), dtype=bool
    )


def _rank_of(edges: pd.DataFrame) -> NDArray[np.int64]:
    rank = edges["highway"].map(_RANK).fillna(0).to_numpy(dtype=np.int64)
    cars = edges["car_forward"].to_numpy(dtype=bool) | edges["car_backward"].to_numpy(dtype=bool)
    return np.where(cars, rank, 0)


def _share_of_way(way: NDArray[np.int64], length_m: NDArray[np.float64]) -> NDArray[np.float64]:
    whole = np.bincount(way, weights=length_m)[way]
    pieces = np.bincount(way)[way]
    return np.divide(length_m, whole, out=1.0 / pieces, where=whole > 0)


def cut_crossings(edges: pd.DataFrame, share: NDArray[np.float64]) -> pd.DataFrame:
    """
    Share the crossings of edges out over their pieces.

    Parameters
    ----------
    edges
        One row per piece, with the columns of the edge it was cut from; not changed.
    share
        Part of its edge each piece is, shape (m,).

    Returns
    -------
    edges
        The same rows; the counts of an edge's pieces sum to those of the edge.
    """
    return edges.assign(**{column: edges[column].to_numpy() * share for column in COUNTS})
