"""
Texts that say where something is, and a gazetteer -> points with a confidence and their evidence.

Nothing is looked up online. What two texts of a row say must agree; what does not is in doubt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifecircle import geo
from lifecircle.sources.geocoding.doors import at_doors
from lifecircle.sources.geocoding.found import (
    METHODS,
    WRONG_M,
    Asked,
    Candidate,
)
from lifecircle.sources.geocoding.gazetteer import Gazetteer
from lifecircle.sources.geocoding.parts import split_address, split_name
from lifecircle.sources.geocoding.shapes import in_shapes
from lifecircle.sources.geocoding.text import community_key, is_nowhere, plain

__all__ = ["ACCEPT", "DOUBTS", "METHODS", "locate"]

ACCEPT = 0.6
"""A place found with at least this confidence is used (P)."""
DOUBTS = (
    "nowhere",
    "not_found",
    "two_places",
    "several_places",
    "other_subdistrict",
    "other_community",
    "outside_community",
    "old_address",
    "no_number",
    "number_unknown",
    "only_community",
)
"""Codes of what speaks against a place."""

_BY_NAME = ("name", "similar_name")
_VAGUE = ("street", "street_elsewhere", "community", "estate")
_BESIDE_M = 60.0  # how far outside its community a place may stand [m] (P)
_OUTSIDE = 0.6  # what the confidence is taken times where it stands farther out (P)
_FAR_M = 500.0  # beyond this from what an address names roughly a place is another one [m] (P)
_HEARD = 0.4  # what is less sure than this neither confirms nor contradicts (P)
_APART = 0.5  # highest confidence where name and address mean two places (P)


def locate(
    gazetteer: Gazetteer,
    *,
    addresses: Sequence[str | None],
    names: Sequence[str | None] | None = None,
    communities: Sequence[str | None] | None = None,
    subdistricts: Sequence[str | None] | None = None,
) -> gpd.GeoDataFrame:
    """
    Look up where rows say to be.

    Parameters
    ----------
    gazetteer
        What is known of places.
    addresses
        What each row says of its place, shape (n,); None where it says nothing.
    names
        Name of each row, shape (n,); None where names say nothing of the place.
    communities, subdistricts
        What columns of the rows' own say, shape (n,).

    Returns
    -------
    places
        One row per text, WGS 84: ``confidence`` (0 to 1; 0 without a point), ``method`` (one of
        `METHODS`, missing without a point), ``evidence`` (what was found, in which file),
        ``doubts`` (codes of `DOUBTS`, separated by semicolons, empty where there are none); the
        geometry is missing where nothing was found.

    Raises
    ------
    ValueError
        If the sequences are of different lengths.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from lifecircle.sources.geocoding.gazetteer import build_gazetteer
    >>> from lifecircle.sources.geocoding.locate import locate
    >>> doors = gpd.GeoDataFrame(
    ...     {"kind": "address", "street": "文澜街", "number": ["10号", "14号"]},
    ...     geometry=gpd.points_from_xy([121.1000, 121.1004], [30.46, 30.46]), crs="EPSG:4326",
    ... )
    >>> gazetteer = build_gazetteer([doors])
    >>> found = locate(gazetteer, addresses=["文澜街１４", "文澜街12号", "位置待核实"])
    >>> found["method"].tolist(), found.geometry.x.round(4).tolist()
    (['address', 'interpolated', None], [121.1004, 121.1002, nan])
    """
    n = len(addresses)
    columns = [
        [None] * n if one is None else list(one) for one in (names, communities, subdistricts)
    ]
    if any(len(one) != n for one in columns):
        raise ValueError("texts of one row each are needed: the lengths differ")
    found = [_located(gazetteer, *texts) for texts in zip(list(addresses), *columns, strict=True)]
    xy = np.array([(one.x, one.y) for one in found], dtype=np.float64).reshape(-1, 2)
    known = np.array([bool(one.method) for one in found], dtype=bool)
    points = np.full(n, None, dtype=object)
    if known.any():
        points[known] = shapely.points(geo.unproject(xy[known], gazetteer.crs))
    frame = pd.DataFrame(
        {
            "confidence": np.array([round(one.confidence, 3) for one in found], dtype=np.float64),
            "method": pd.Series([one.method or None for one in found], dtype=object),
            "evidence": pd.Series([one.evidence for one in found], dtype=object),
            "doubts": pd.Series([";".join(one.doubts) for one in found], dtype=object),
        }
    )
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(points, crs=geo.WGS84), crs=geo.WGS84)


def _nothing(doubt: str) -> Candidate:
    return Candidate(x=np.nan, y=np.nan, confidence=0.0, method="", evidence="", doubts=(doubt,))


def _located(
    gazetteer: Gazetteer,
    address: str | None,
    name: str | None,
    community: str | None,
    subdistrict: str | None,
) -> Candidate:
    known = gazetteer.vocabulary
    read = split_address("" if is_nowhere(address) else address, known)
    own = community_key(community)
    asked = Asked(
        name=split_name(name, known),
        address=read,
        community=read.community or (own if own in known.communities else ""),
        subdistrict=read.subdistrict
        or plain(subdistrict)
        or known.communities.get(read.community or own, ""),
    )
    said_so = bool(plain(address)) and is_nowhere(address)
    found = sorted(
        (*at_doors(asked, gazetteer), *in_shapes(asked, gazetteer)),
        key=lambda one: (-one.confidence, METHODS.index(one.method), one.x, one.y),
    )
    if said_so:  # only another list that knows the place may contradict it
        found = [one for one in found if one.method in _BY_NAME]
    if not found:
        return _nothing("nowhere" if said_so or not (read.text or asked.name.text) else "not_found")
    best = _contained(found[0], asked, gazetteer)
    return _weighed(best, found[1:], asked, gazetteer)


def _weighed(
    best: Candidate, others: Sequence[Candidate], asked: Asked, gazetteer: Gazetteer
) -> Candidate:
    """Let the other text of the row confirm or contradict what was found by the surer one."""
    for unchecked in others:
        if (unchecked.method in _BY_NAME) == (best.method in _BY_NAME):
            continue
        vague = unchecked.method in _VAGUE
        if unchecked.confidence < (ACCEPT if vague else _HEARD):
            continue
        other = _contained(unchecked, asked, gazetteer)
        apart = float(np.hypot(best.x - other.x, best.y - other.y))
        if vague and apart <= _FAR_M:  # it lies somewhere in there, or somebody drew it so
            continue
        evidence = f"{best.evidence}; {other.method} {other.evidence} {apart:.0f} m"
        if apart <= WRONG_M:
            both = 1 - (1 - best.confidence) * (1 - 0.7 * other.confidence)
            return replace(best, confidence=min(0.98, both), evidence=evidence)
        return replace(
            best,
            confidence=min(best.confidence, _APART),
            evidence=evidence,
            doubts=(*best.doubts, "two_places"),
        )
    return best


def _contained(one: Candidate, asked: Asked, gazetteer: Gazetteer) -> Candidate:
    """Ask whether a place stands in the community the row speaks of."""
    area = asked.community or asked.name.community
    outline = gazetteer.communities.get(area)
    if outline is None:
        return one
    apart = float(shapely.distance(outline, shapely.Point(one.x, one.y)))
    if apart <= _BESIDE_M:
        return one
    return replace(
        one,
        confidence=one.confidence * _OUTSIDE,
        evidence=f"{one.evidence}; {area} {apart:.0f} m",
        doubts=(*one.doubts, "outside_community"),
    )
