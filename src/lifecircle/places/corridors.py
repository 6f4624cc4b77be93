"""Gives every street the land it takes, and measures how much of an outline lies along streets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.places.carving import each, joined

Shapes = NDArray[np.object_]
Flags = NDArray[np.bool_]

HALF_WIDTH_M: Mapping[str, float] = MappingProxyType(
    {
        "motorway": 15.0,
        "trunk": 12.0,
        "primary": 10.0,
        "secondary": 8.0,
        "tertiary": 7.0,
        "residential": 5.0,
        "unclassified": 5.0,
        "living_street": 5.0,
        "pedestrian": 5.0,
        "road": 5.0,
        "busway": 5.0,
        "service": 3.5,
        "track": 2.5,
    }
)
"""Half the corridor of a street, pavements included (this project's choice); others 2 m."""
PUBLIC_STREETS = tuple(
    name for name in HALF_WIDTH_M if name not in ("motorway", "service", "track")
)


@dataclass(frozen=True, kw_only=True)
class Streets:
    """
    Streets and the land they take.

    Parameters
    ----------
    line
        Centre lines, shape (s,).
    half_m
        Half the corridor [m], shape (s,).
    walkable, public
        Whether one may walk there, and whether it is a street of the town, shape (s,).
    corridor
        The land they take, shape (c,): streets of one width that follow each other are one.
    """

    line: Shapes
    half_m: NDArray[np.float64]
    walkable: Flags
    public: Flags
    corridor: Shapes


def lay_out_streets(street_lines: gpd.GeoDataFrame) -> Streets:
    """
    Give every street the corridor of its class.

    Parameters
    ----------
    street_lines
        Columns ``highway``, ``foot`` and LineString geometry in a metric system; ``tunnel`` where
        it is known: a tunnel takes no land.

    Returns
    -------
    streets
        Lines, corridors and what they are good for.
    """
    classes = street_lines["highway"].fillna("").astype(str).str.removesuffix("_link")
    half = classes.map(HALF_WIDTH_M).fillna(2.0).to_numpy(dtype=np.float64)
    line = street_lines.geometry.to_numpy()
    on_ground = ~flagged(street_lines, "tunnel")
    widths = np.unique(half[on_ground])

    def corridors(place: int) -> Shapes:
        lines = shapely.multilinestrings(line[on_ground & (half == widths[place])])
        chains = shapely.get_parts(shapely.line_merge(lines))
        return np.asarray(shapely.buffer(chains, widths[place], quad_segs=2))

    return Streets(
        line=line,
        half_m=half,
        walkable=street_lines["foot"].fillna(value=False).to_numpy(dtype=np.bool_),
        public=classes.isin(PUBLIC_STREETS).to_numpy(),
        corridor=joined(each(corridors, len(widths))),
    )


def flagged(street_lines: gpd.GeoDataFrame, name: str) -> Flags:
    """Tell which streets carry a flag, ``bridge`` or ``tunnel``; none where nobody knows."""
    if name not in street_lines.columns:
        return np.zeros(len(street_lines), dtype=np.bool_)
    return np.asarray(street_lines[name].fillna(value=False), dtype=np.bool_)


def frontage_m(shapes: Shapes, streets: Streets, chosen: Flags) -> NDArray[np.float64]:
    """
    Measure how much of an outline lies along streets.

    Parameters
    ----------
    shapes
        Polygons, shape (n,).
    streets
        The streets.
    chosen
        Streets that count, shape (s,).

    Returns
    -------
    length_m
        Length of the outline within a street's corridor plus 1.5 m, shape (n,).
    """
    line, half_m = streets.line[chosen], streets.half_m[chosen] + 1.5
    # only a corridor whose box meets that of a shape can touch it: most streets need no buffer
    tree = shapely.STRtree(shapes)
    west, south, east, north = shapely.bounds(line).T
    boxes = shapely.box(west - half_m, south - half_m, east + half_m, north + half_m)
    near = np.unique(tree.query(boxes)[0])
    wide = shapely.buffer(line[near], half_m[near], quad_segs=2)
    piece, street = shapely.STRtree(wide).query(shapes, predicate="intersects")
    ends = np.searchsorted(piece, np.arange(len(shapes) + 1))

    def along(place: int) -> float:
        near = shapely.union_all(wide[street[ends[place] : ends[place + 1]]])
        return float(shapely.length(shapely.intersection(shapely.boundary(shapes[place]), near)))

    return np.array(each(along, len(shapes)), dtype=np.float64)
