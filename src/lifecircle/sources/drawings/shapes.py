"""
Lines of a drawing -> closed outlines, and gates out of the marks that stand for them.

Nothing is invented: a line that does not close stays a line.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

CLOSE_M = 0.05
"""An outline whose ends lie this near each other [m] is closed: a slip of the hand (P)."""

LEAST_M2 = 1.0
"""A smaller ring is a symbol, no building [m²] (P)."""

SAME_SHARE = 0.95
"""Outlines that share this much of their common area are drawn twice (P)."""

POST_M = 3.0
"""A mark no wider than this is a gate post, a longer one the gate itself [m] (P)."""

GATE_M = 15.0
"""Two posts stand no farther apart, and a gate's name no farther from it [m] (P)."""


@dataclass(frozen=True, kw_only=True)
class Outlines:
    """
    Closed outlines among the lines of a drawing.

    Parameters
    ----------
    shape
        Polygons, shape (n,).
    closed, repaired
        Which of all lines were closed over a small gap, or cross themselves.
    pieced
        Which of all lines make an outline together with others.
    open, small, again
        Which of all lines gave no outline: not closed, too small, or drawn twice.
    """

    shape: NDArray[np.object_]
    closed: NDArray[np.bool_]
    repaired: NDArray[np.bool_]
    pieced: NDArray[np.bool_]
    open: NDArray[np.bool_]
    small: NDArray[np.bool_]
    again: NDArray[np.bool_]


def outlines_of(lines: NDArray[np.object_]) -> Outlines:
    """
    Close lines to polygons.

    Parameters
    ----------
    lines
        Lines or polygons in metres, shape (m,).

    Returns
    -------
    outlines
        The polygons, valid, each once, and what became of every line. Lines that are not closed
        are pieced together where their ends meet.
    """
    n = len(lines)
    flags = {name: np.zeros(n, dtype=bool) for name in ("closed", "repaired", "open", "small")}
    shapes: list[shapely.Geometry] = []
    for at, line in enumerate(lines):
        shape = _ring(line)
        if shape is None:
            flags["open"][at] = True
            shape = shapely.Polygon()
        elif line.geom_type == "LineString":
            flags["closed"][at] = not line.is_closed
        if not shape.is_valid:
            flags["repaired"][at] = True
            shape = shapely.make_valid(shape, method="structure", keep_collapsed=False)
        shapes.append(shape)
    polygons = np.asarray(shapes, dtype=object)
    flags["small"] = ~flags["open"] & (shapely.area(polygons) < LEAST_M2)
    faces, pieced = _pieced(lines, flags["open"])
    flags["open"] &= ~pieced
    kept = np.flatnonzero(~flags["open"] & ~flags["small"] & ~pieced)
    # Faces come last: of two outlines in one place the one that was drawn whole stays.
    shapes_kept = np.concatenate([polygons[kept], faces])
    doubled = _drawn_again(shapes_kept)
    again = np.zeros(n, dtype=bool)
    again[kept[doubled[doubled < len(kept)]]] = True
    return Outlines(shape=np.delete(shapes_kept, doubled), again=again, pieced=pieced, **flags)


def _pieced(
    lines: NDArray[np.object_], left: NDArray[np.bool_]
) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Piece lines together that meet end to end; also which lines were of use."""
    rows = np.flatnonzero(left)
    faces = np.asarray(shapely.get_parts(shapely.polygonize(lines[rows])), dtype=object)
    faces = faces[shapely.area(faces) >= LEAST_M2]
    used = np.zeros(len(lines), dtype=bool)
    rims = shapely.boundary(faces)
    of, _ = shapely.STRtree(rims).query(lines[rows], predicate="covered_by")
    used[rows[of]] = True
    return faces, used


def _ring(line: shapely.Geometry) -> shapely.Geometry | None:
    """Make a polygon of a line that comes back to its start; a polygon stays one."""
    if line.geom_type in ("Polygon", "MultiPolygon"):
        return line
    if line.geom_type != "LineString":
        return None
    xy = shapely.get_coordinates(line)
    gap = float(np.hypot(*(xy[0] - xy[-1])))
    if gap > CLOSE_M or len(np.unique(xy, axis=0)) < 3:
        return None
    if gap > 0:
        xy = np.vstack([xy[:-1], xy[:1]]) if len(xy) > 4 else np.vstack([xy, xy[:1]])
    return shapely.Polygon(xy)


def _drawn_again(shapes: NDArray[np.object_]) -> NDArray[np.int64]:
    """Find outlines that lie on an earlier one; an earlier one that is itself a copy counts too."""
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    first = left < right
    left, right = left[first], right[first]
    size = shapely.area(shapes)
    alike = np.minimum(size[left], size[right]) >= SAME_SHARE * np.maximum(size[left], size[right])
    left, right = left[alike], right[alike]
    common = shapely.area(shapely.intersection(shapes[left], shapes[right]))
    together = size[left] + size[right] - common
    return np.unique(right[common >= SAME_SHARE * together]).astype(np.int64)


def gates_of(
    marks: NDArray[np.object_], names: NDArray[np.object_]
) -> tuple[NDArray[np.float64], NDArray[np.object_], NDArray[np.float64]]:
    """
    Find gates among the marks of a drawing.

    Parameters
    ----------
    marks
        Points of names, circles and squares of posts, lines of gates; metres, shape (n,).
    names
        The text of each mark that is one, else None, shape (n,).

    Returns
    -------
    xy
        Where the gates stand: in the middle of two posts, or of a line, or at a name that has
        neither near it; shape (g, 2).
    name
        What stands beside each, or None, shape (g,).
    alone
        Posts that have no second one and stand for a gate each, shape (k, 2).
    """
    written = np.array([name is not None for name in names], dtype=bool)
    bounds = shapely.bounds(marks).reshape(-1, 4)
    middle = (bounds[:, :2] + bounds[:, 2:]) / 2
    wide = np.hypot(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1]) > POST_M
    posts = middle[~written & ~wide]
    pairs, single = _pairs(posts)
    between = posts[pairs].mean(axis=1) if len(pairs) else np.empty((0, 2))
    xy = np.vstack([middle[~written & wide], between, posts[single]])
    said: list[str | None] = [None] * len(xy)
    extra = []
    tree = shapely.STRtree(shapely.points(xy))
    for at in np.flatnonzero(written):
        near = tree.query_nearest(shapely.Point(middle[at]), max_distance=GATE_M)
        if len(near):
            said[int(near[0])] = str(names[at])
        else:
            extra.append(at)
    xy = np.vstack([xy, middle[extra]])
    return xy, np.array([*said, *names[extra]], dtype=object), posts[single]


def _pairs(posts: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Join posts to pairs, the nearest first; those left over come second."""
    points = shapely.points(posts)
    left, right = shapely.STRtree(points).query(points, predicate="dwithin", distance=GATE_M)
    first = left < right
    left, right = left[first], right[first]
    apart = np.hypot(*(posts[left] - posts[right]).T) if len(left) else np.empty(0)
    free = np.ones(len(posts), dtype=bool)
    pairs = []
    for at in np.lexsort((right, left, np.round(apart, 3))):
        one, other = int(left[at]), int(right[at])
        if free[one] and free[other]:
            free[one] = free[other] = False
            pairs.append((one, other))
    return np.array(pairs, dtype=np.int64).reshape(-1, 2), np.flatnonzero(free).astype(np.int64)


def closed_outlines(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """
    Take the closed lines of a drawing as areas.

    Parameters
    ----------
    shapes
        Any shapes, shape (n,).

    Returns
    -------
    outlines
        A polygon for every closed line of three corners or more, in their order.

    Examples
    --------
    >>> import numpy as np, shapely
    >>> from lifecircle.sources.drawings.shapes import closed_outlines
    >>> ring = shapely.LineString([(0, 0), (2, 0), (2, 1), (0, 0)])
    >>> shapes = np.array([ring, shapely.Point(0, 0)], dtype=object)
    >>> [one.area for one in closed_outlines(shapes)]
    [1.0]
    """
    lines = shapes[shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING]
    closed = lines[shapely.is_closed(lines) & (shapely.get_num_points(lines) > 3)]
    rings = [shapely.linearrings(one.coords) for one in closed]
    return np.asarray(shapely.polygons(rings), dtype=object)
