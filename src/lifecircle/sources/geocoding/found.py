"""
What a row asks and what may answer it: the values and the measures every way of finding shares.

How sure each way is by itself stands here, in one table.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.sources.geocoding.gazetteer import Gazetteer
from lifecircle.sources.geocoding.parts import Address, Name

WRONG_M = 200.0
"""A place farther from the right one than this is wrong [m] (P)."""
SURE = {
    "building": 0.96,
    "address": 0.94,
    "gate": 0.92,
    "crossing": 0.85,
    "name": 0.88,
    "similar_name": 0.68,
    "interpolated": 0.85,
    "nearest_number": 0.7,
    "estate": 0.9,
    "estate_side": 0.72,
    "street": 0.8,
    "street_elsewhere": 0.4,
    "community": 0.5,
}
"""How sure each way is where all it found lies together (P); measured, see docs/method.md."""
METHODS = tuple(SURE)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """
    What a row says, taken apart.

    Parameters
    ----------
    name, address
        Its name and its address.
    community, subdistrict
        Where it says to be, by its address or by columns of its own; empty where it does not.
    """

    name: Name
    address: Address
    community: str = ""
    subdistrict: str = ""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """
    A place a row may mean.

    Parameters
    ----------
    x, y
        Metric place.
    confidence
        How sure this way is, 0 to 1.
    method
        One of `METHODS`.
    evidence
        What was found, and in which file.
    doubts
        Codes of what speaks against it.
    """

    x: float
    y: float
    confidence: float
    method: str
    evidence: str
    doubts: tuple[str, ...] = ()


def middle(xy: NDArray[np.float64]) -> tuple[int, float]:
    """
    Find the point with most others near it.

    Parameters
    ----------
    xy
        Metric places, shape (n, 2), n > 0.

    Returns
    -------
    row, share
        Its position, ties by the smallest sum of distances, and the share of all points within
        `WRONG_M` of it: how probable it is that any of them is near it.
    """
    """Find the point with most others near it, and the share of them that is."""
    if len(xy) > 600:  # evenly thinned: only the share matters
        kept = np.linspace(0, len(xy) - 1, 600).astype(np.intp)
        at, share = middle(xy[kept])
        return int(kept[at]), share
    apart = np.hypot(*(xy[:, None, :] - xy[None, :, :]).transpose(2, 0, 1))
    near = (apart <= WRONG_M).sum(axis=1)
    order = np.lexsort((xy[:, 1], xy[:, 0], apart.sum(axis=1).round(3), -near))
    return int(order[0]), float(near[order[0]] / len(xy))


def in_community(xy: NDArray[np.float64], asked: Asked, gazetteer: Gazetteer) -> NDArray[np.bool_]:
    """
    Tell which places lie in the community that is meant.

    Parameters
    ----------
    xy
        Metric places, shape (n, 2).
    asked
        What the row says.
    gazetteer
        What is known.

    Returns
    -------
    kept
        All, where no community is meant, its outline is not known or none lies in it.
    """
    outline = gazetteer.communities.get(asked.community or asked.name.community)
    if outline is None:
        return np.ones(len(xy), dtype=bool)
    inside = np.asarray(shapely.dwithin(outline, shapely.points(xy), 30.0), dtype=bool)
    return inside if inside.any() else np.ones(len(xy), dtype=bool)


@dataclass(frozen=True, kw_only=True)
class Picked:
    """
    Doors that fit where a row says to be.

    Parameters
    ----------
    rows
        Positions among the gazetteer's points.
    factor
        What the confidence is taken times.
    doubts
        Codes of what speaks against them.
    """

    rows: NDArray[np.intp]
    factor: float = 1.0
    doubts: tuple[str, ...] = ()


def fitting(rows: NDArray[np.intp], asked: Asked, gazetteer: Gazetteer) -> Picked:
    """
    Keep the doors in the subdistrict and community a row speaks of.

    Parameters
    ----------
    rows
        Positions among the gazetteer's points.
    asked
        What the row says.
    gazetteer
        What is known.

    Returns
    -------
    picked
        Those that fit best: by the address first; by the row's name only where the doors do not
        lie together, for a place may stand outside the community it serves.
    """
    points = gazetteer.points
    communities = points["community"].to_numpy(dtype=object)[rows]
    subdistricts = points["subdistrict"].to_numpy(dtype=object)[rows]
    factor = 1.0
    doubts: tuple[str, ...] = ()
    known = gazetteer.vocabulary.subdistricts
    if asked.subdistrict and known and asked.subdistrict not in known:
        factor, doubts = 0.5, ("other_subdistrict",)
    elif asked.subdistrict:
        fits = (subdistricts == asked.subdistrict) | (subdistricts == "")
        if fits.any():
            rows, communities, subdistricts = rows[fits], communities[fits], subdistricts[fits]
        else:
            factor, doubts = 0.5, ("other_subdistrict",)
    if asked.community:
        fits = communities == asked.community
        if fits.any():
            return Picked(rows=rows[fits], factor=factor, doubts=doubts)
        if (communities != "").all():
            factor, doubts = factor * 0.75, (*doubts, "other_community")
    if _together(gazetteer.xy(rows)):
        return Picked(rows=rows, factor=factor, doubts=doubts)
    for said, values, worth in (
        (asked.name.community, communities, 0.95),
        (asked.name.subdistrict, subdistricts, 0.85),
    ):
        fits = values == said if said else np.zeros(len(rows), dtype=bool)
        if fits.any() and not fits.all():
            return Picked(rows=rows[fits], factor=factor * worth, doubts=doubts)
    return Picked(rows=rows, factor=factor, doubts=doubts)


def _together(xy: NDArray[np.float64]) -> bool:
    return bool(np.ptp(xy, axis=0).max() <= WRONG_M) if len(xy) else True
