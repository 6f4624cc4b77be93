"""
Outlines and lines of a gazetteer -> the places a row without a door may mean.

The surer, the smaller the shape: what is returned is the share of it that lies near the point.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.sources.geocoding.found import (
    SURE,
    WRONG_M,
    Asked,
    Candidate,
    fitting,
    in_community,
    middle,
)
from lifecircle.sources.geocoding.gazetteer import Gazetteer


def in_shapes(asked: Asked, gazetteer: Gazetteer) -> Iterator[Candidate]:
    """
    Find gates, sides and middles of estates, crossings, stretches of streets and communities.

    Parameters
    ----------
    asked
        What the row says.
    gazetteer
        What is known.

    Yields
    ------
    candidate
        At most one of each way of finding.
    """
    yield from _crossings(asked, gazetteer)
    yield from _estates(asked, gazetteer)
    yield from _streets(asked, gazetteer)
    yield from _communities(asked, gazetteer)


def _crossings(asked: Asked, gazetteer: Gazetteer) -> Iterator[Candidate]:
    address = asked.address
    first, second = (gazetteer.streets.get(one) for one in (address.street, address.crossing))
    if first is None or second is None:
        return
    met = shapely.intersection(shapely.buffer(first, 15.0), shapely.buffer(second, 15.0))
    parts = shapely.get_parts(met)
    if not len(parts):
        return
    xy = shapely.get_coordinates(shapely.centroid(parts))
    kept = in_community(xy, asked, gazetteer)
    at, share = middle(xy[kept])
    yield Candidate(
        x=float(xy[kept][at, 0]),
        y=float(xy[kept][at, 1]),
        confidence=SURE["crossing"] * share,
        method="crossing",
        evidence=f"{address.street} × {address.crossing}",
    )


def _estates(asked: Asked, gazetteer: Gazetteer) -> Iterator[Candidate]:
    """Find an estate the address names, or the name where the address says nothing better."""
    address = asked.address
    estate = address.estate or ("" if address.street else asked.name.estate)
    rows = gazetteer.by_estate.get(estate, np.empty(0, dtype=np.intp))
    outline = gazetteer.estates.get(estate)
    if not estate or (not len(rows) and outline is None):
        return
    worth, doubts = 1.0, tuple[str, ...]()
    if len(rows):
        picked = fitting(rows, asked, gazetteer)
        worth, doubts = picked.factor, picked.doubts
    if address.building:
        worth *= 0.85  # the building itself was not found
    if not address.estate:
        worth *= 0.75  # only the name speaks of the estate
    method = "estate"
    if outline is None:
        xy = gazetteer.xy(rows)
        at, share = middle(xy)
        x, y = float(xy[at, 0]), float(xy[at, 1])
    else:
        outline = _part_meant(outline, asked, gazetteer)
        if address.gate:
            yield from _gates(estate, outline, asked, gazetteer)
        side = address.side or (address.gate if address.gate in _TOWARDS else "")
        if side:
            method, share = "estate_side", 1.0
            x, y = _side_of(outline, side)
        else:
            x, y = _centre(outline)
            share = _share_near(outline, x, y)
    yield Candidate(
        x=x,
        y=y,
        confidence=SURE[method] * share * worth,
        method=method,
        evidence=estate,
        doubts=doubts,
    )


def _part_meant(outline: shapely.Geometry, asked: Asked, gazetteer: Gazetteer) -> shapely.Geometry:
    """Of estates of one name keep those in the community that is meant."""
    parts = shapely.get_parts(outline)
    if len(parts) < 2:
        return outline
    xy = shapely.get_coordinates(shapely.point_on_surface(parts))
    return shapely.union_all(parts[in_community(xy, asked, gazetteer)])


def _centre(outline: shapely.Geometry) -> tuple[float, float]:
    centre = shapely.centroid(outline)
    if not shapely.contains(outline, centre):
        centre = shapely.point_on_surface(outline)
    return float(centre.x), float(centre.y)


def _share_near(outline: shapely.Geometry, x: float, y: float) -> float:
    near = shapely.intersection(outline, shapely.Point(x, y).buffer(WRONG_M))
    return float(near.area / outline.area) if outline.area > 0 else 1.0


_TOWARDS = {"东": (1.0, 0.0), "西": (-1.0, 0.0), "南": (0.0, -1.0), "北": (0.0, 1.0)}


def _towards(side: str) -> NDArray[np.float64]:
    way = np.sum([_TOWARDS[one] for one in side if one in _TOWARDS], axis=0)
    length = float(np.hypot(*way))
    return np.asarray(way / length if length > 0 else way, dtype=np.float64)


def _side_of(outline: shapely.Geometry, side: str) -> tuple[float, float]:
    """Give the middle of an outline's side."""
    centre = shapely.centroid(outline)
    west, south, east, north = outline.bounds
    way = _towards(side) * (east - west + north - south)
    ray = shapely.LineString([(centre.x, centre.y), (centre.x + way[0], centre.y + way[1])])
    met = shapely.intersection(ray, shapely.boundary(outline))
    if met.is_empty:
        return centre.x, centre.y
    xy = shapely.get_coordinates(met)
    at = int(np.argmax((xy - (centre.x, centre.y)) @ _towards(side)))
    return float(xy[at, 0]), float(xy[at, 1])


def _gates(
    estate: str, outline: shapely.Geometry, asked: Asked, gazetteer: Gazetteer
) -> Iterator[Candidate]:
    """Find a gate; its side is told by where it stands, for lists often name it wrongly."""
    table = gazetteer.gates
    rows = np.flatnonzero((table["estate"] == estate).to_numpy())
    if not len(rows):
        return
    xy = table[["x", "y"]].to_numpy(dtype=np.float64)[rows]
    texts = table["text"].to_numpy(dtype=object)[rows]
    gate = asked.address.gate
    if gate in _TOWARDS:
        centre = np.array(shapely.get_coordinates(shapely.centroid(outline))[0])
        box = np.array(outline.bounds)
        ways = (xy - centre) / np.maximum((box[2:] - box[:2]) / 2, 1.0)
        sides = np.array(
            [max(_TOWARDS, key=lambda one: float(way @ _towards(one))) for way in ways]
        )
        kept = sides == gate
        if not kept.any():
            return
        xy, texts = xy[kept], texts[kept]
    kept = in_community(xy, asked, gazetteer)
    xy, texts = xy[kept], texts[kept]
    at, share = middle(xy)
    yield Candidate(
        x=float(xy[at, 0]),
        y=float(xy[at, 1]),
        confidence=SURE["gate"] * share,
        method="gate",
        evidence=str(texts[at]),
    )


def _streets(asked: Asked, gazetteer: Gazetteer) -> Iterator[Candidate]:
    """Find a street without a number, or one whose numbers do not help: the middle of it."""
    address = asked.address
    street = address.street
    if not street:
        return
    missed = 0.7 if address.number is not None else 1.0
    area = asked.community or asked.name.community
    rows = gazetteer.by_street.get(street)
    doors = np.empty((0, 2))
    if rows is not None:
        of = gazetteer.points["community"].to_numpy(dtype=object)[rows]
        doors = gazetteer.xy(rows[of == area] if area else rows)
    line = gazetteer.streets.get(street)
    outline = gazetteer.communities.get(area)
    along = np.empty((0, 2))
    if line is not None:
        part = line if outline is None else shapely.intersection(line, outline.buffer(20.0))
        along = _steps(part)
    xy = np.concatenate([doors, along])
    method = "street"
    if not len(xy):
        if rows is None and line is None:
            return
        xy = gazetteer.xy(rows) if rows is not None else _steps(line)
        method = "street_elsewhere"
    if not len(xy):
        return
    at, share = middle(xy)
    worth = 1.0 if asked.community else 0.85
    yield Candidate(
        x=float(xy[at, 0]),
        y=float(xy[at, 1]),
        confidence=SURE[method] * share * worth * missed,
        method=method,
        evidence=f"{area}{street}",
        doubts=("no_number",) if address.number is None else ("number_unknown",),
    )


def _steps(line: shapely.Geometry | None) -> NDArray[np.float64]:
    if line is None or line.is_empty:
        return np.empty((0, 2))
    return np.asarray(shapely.get_coordinates(shapely.segmentize(line, 25.0)), dtype=np.float64)


def _communities(asked: Asked, gazetteer: Gazetteer) -> Iterator[Candidate]:
    area = asked.community or asked.name.community
    outline = gazetteer.communities.get(area)
    if outline is None:
        return
    inside = shapely.point_on_surface(outline)
    yield Candidate(
        x=inside.x,
        y=inside.y,
        confidence=SURE["community"] * _share_near(outline, inside.x, inside.y),
        method="community",
        evidence=area,
        doubts=("only_community",),
    )
