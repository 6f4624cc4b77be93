"""
Cuts obstacles off pieces of land, and takes out what is too narrow to be a site.

An opening (erosion, then dilation, both mitred) by a radius leaves what a square of twice that
side could be pushed through.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from operator import itemgetter
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.places.outlines import areal, only_valid

Shapes = NDArray[np.object_]
_Found = TypeVar("_Found")


def carve(
    bases: Shapes,
    obstacles: Shapes,
    *,
    radius_m: float,
    smallest_m2: float,
    wanted: Callable[[Shapes], NDArray[np.bool_]] | None = None,
) -> Shapes:
    """
    Cut obstacles off pieces of land and open what is left.

    Parameters
    ----------
    bases
        Polygons, shape (n,).
    obstacles
        Polygons, shape (o,).
    radius_m
        Radius of the opening [m].
    smallest_m2
        Smallest piece that is kept [m²].
    wanted
        Says of pieces, before they are opened, which could be of use; None where all could.

    Returns
    -------
    pieces
        Polygons, in the order of the bases they come from.

    Examples
    --------
    >>> import numpy as np, shapely
    >>> from lifecircle.places.carving import carve
    >>> field, house = np.array([shapely.box(0, 0, 50, 20)]), np.array([shapely.box(0, 0, 20, 18)])
    >>> [piece.area for piece in carve(field, house, radius_m=4.0, smallest_m2=100.0)]
    [600.0]
    """
    obstacles = obstacles[~shapely.is_empty(obstacles)]
    bases = bases[shapely.area(bases) >= smallest_m2]
    base, obstacle = shapely.STRtree(obstacles).query(bases, predicate="intersects")
    ends = np.searchsorted(base, np.arange(len(bases) + 1))

    def left(place: int) -> Shapes:
        rest = bases[[place]]
        if ends[place] < ends[place + 1]:
            near = obstacles[obstacle[ends[place] : ends[place + 1]]]
            # a forest of many square kilometres is cut down to the block before it is joined
            near = only_valid(shapely.clip_by_rect(near, *_frame(bases[place])))
            rest = shapely.get_parts(shapely.difference(rest, shapely.union_all(near)))
        rest = rest[shapely.area(rest) >= smallest_m2]
        if wanted is not None and len(rest):
            rest = rest[wanted(rest)]
        return opened(rest, radius_m, smallest_m2)

    # the longest work first, so that no core waits for the last block
    order = np.argsort(-np.diff(ends), kind="stable")
    found = each(lambda rank: left(int(order[rank])), len(bases))
    return joined([found[rank] for rank in np.argsort(order, kind="stable")])


def opened(shapes: Shapes, radius_m: float, smallest_m2: float) -> Shapes:
    """
    Take out what is narrower than twice a radius.

    Parameters
    ----------
    shapes
        Polygons, shape (n,).
    radius_m
        The radius [m].
    smallest_m2
        Smallest piece that is kept [m²].

    Returns
    -------
    pieces
        Polygons, each inside the shape it comes from.
    """
    shapes = shapes[shapely.area(shapes) >= smallest_m2]
    eroded = shapely.buffer(shapes, -radius_m, join_style="mitre", mitre_limit=2.0)
    owner = np.repeat(np.arange(len(shapes)), shapely.get_num_geometries(eroded))
    grown = only_valid(
        shapely.buffer(shapely.get_parts(eroded), radius_m, join_style="mitre", mitre_limit=2.0)
    )
    large = shapely.area(grown) >= smallest_m2
    grown, owner = grown[large], owner[large]
    # mitred corners may leave the land they came from by a little
    home = areal(only_valid(shapes))[owner]
    many = shapely.get_num_coordinates(home) > 8 * shapely.get_num_coordinates(grown)
    for at in np.flatnonzero(many):
        home[at] = shapely.clip_by_rect(home[at], *_frame(grown[at]))
    home[many] = areal(only_valid(home[many]))
    parts = shapely.get_parts(shapely.intersection(grown, home))
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return np.asarray(parts[shapely.area(parts) >= smallest_m2])


def opened_each(shapes: Shapes, radius_m: float, smallest_m2: float) -> list[Shapes]:
    """As `opened`, with the pieces of each shape apart."""
    return each(lambda place: opened(shapes[[place]], radius_m, smallest_m2), len(shapes))


def each(work: Callable[[int], _Found], count: int) -> list[_Found]:
    """Do the work for 0, 1 … `count` - 1 on all cores: GEOS lets go of the interpreter's lock."""
    workers = min(os.cpu_count() or 1, count)
    found: list[list[tuple[int, _Found]]] = [[] for _ in range(workers)]
    # one list of turns for all: a task of its own for every small block costs more than the block
    turns = iter(range(count))

    def run(worker: int) -> None:
        found[worker] += [(at, work(at)) for at in turns]

    with ThreadPoolExecutor(max(workers, 1)) as pool:
        list(pool.map(run, range(workers)))
    return [result for _, result in sorted(chain.from_iterable(found), key=itemgetter(0))]


def joined(parts: list[Shapes]) -> Shapes:
    """Put arrays of shapes behind each other; none of them give an empty array."""
    return np.concatenate([np.zeros(0, dtype=object), *parts])


def _frame(shape: shapely.Geometry) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.bounds(shape)
    return float(west) - 1, float(south) - 1, float(east) + 1, float(north) + 1
