"""
Outlines in an unknown plane system -> that system, found by the same outlines in a known layer.

Shapes are matched by their sizes, which no shift or turn changes; the evidence is handed back.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from lifecircle import geo
from lifecircle.sources.systems.helmert import Helmert, complex_of, fit_helmert, helmert_crs
from lifecircle.sources.systems.local_systems import Gauss, gauss_system, recognise_gauss

_SIZES = (0.0015, 0.006)  # how far sizes of the same shape may differ; a far meridian takes 0.0008
_MOST_ALIKE = 8  # a shape like more others than that says nothing
_MOST_SHAPES = 4000  # the largest are compared
_APART_M = 150.0  # two matches nearer than this do not tell a turn
_STRETCH = 0.003  # lengths of the same pair in both layers
_NEAR_M = 1.5  # centres of the same shape after the fit
_FEWEST = 6  # matches a system may rest on
_HYPOTHESES = 600
_CLEAR = 2.0  # the best fit has this many times the matches of the next one elsewhere


@dataclass(frozen=True, kw_only=True)
class ShapeFit:
    """
    A reference system found by matching shapes, with its evidence.

    Parameters
    ----------
    crs
        The system of the unknown layer.
    gauss
        Its parameters where it is a Gauss-Krüger system of round numbers; then `crs` is exactly
        that, else a turn, scale and shift of the known layer's metric system.
    fit
        The four parameters, from the unknown layer to the metric system of the known one.
    matched, shapes
        Shapes matched, and shapes of the unknown layer that were compared.
    rms_m
        Root mean square of the distances between matched centres [m].
    """

    crs: CRS
    gauss: Gauss | None
    fit: Helmert
    matched: int
    shapes: int
    rms_m: float

    def __str__(self) -> str:
        system = (
            str(self.gauss)
            if self.gauss is not None
            else (
                f"a system turned by {-self.fit.rotation_deg:.4f}° and scaled by "
                f"{1 / self.fit.scale:.6f}"
            )
        )
        swapped = ", x and y exchanged" if self.fit.swapped else ""
        return (
            f"{system}{swapped}: {self.matched} of {self.shapes} shapes are matched, "
            f"{self.rms_m:.2f} m apart (root mean square)"
        )


@dataclass(frozen=True, kw_only=True)
class _Shapes:
    """Centres and sizes of the outlines of a layer."""

    z: NDArray[np.complex128]
    sizes: NDArray[np.float64]


def fit_by_shapes(
    unknown: gpd.GeoDataFrame, known: gpd.GeoDataFrame, *, name: str = "fitted", seed: int = 0
) -> ShapeFit | None:
    """
    Find the plane system of a layer by the shapes it shares with a layer of known system.

    Parameters
    ----------
    unknown
        Polygons in metres of an unknown system; a system it claims is not looked at.
    known
        Polygons with a reference system: of the same things, or partly so (rights and plots of a
        detailed plan; a survey of buildings and those of a topographic map).
    name
        What the found system is called.
    seed
        Seed of the pairs of matches that are tried.

    Returns
    -------
    found
        The system and its evidence; None where fewer than 6 shapes agree, they lie in a heap, or
        another place fits nearly as well.

    Notes
    -----
    Area, perimeter and area of the convex hull are compared; two matched shapes give a turn and a
    shift, and the one that brings most centres onto centres of the same sizes wins.

    Examples
    --------
    >>> import geopandas as gpd, numpy as np, shapely
    >>> from lifecircle.sources.systems.shape_fit import fit_by_shapes
    >>> rng = np.random.default_rng(7)
    >>> corners, sides = rng.uniform(0, 3000, (30, 2)), rng.uniform(10, 90, (30, 2))
    >>> boxes = shapely.box(*corners.T, *(corners + sides).T)
    >>> here = gpd.GeoDataFrame(geometry=shapely.transform(boxes, lambda xy: xy + [6e5, 3.37e6]))
    >>> there = gpd.GeoDataFrame(geometry=boxes)
    >>> found = fit_by_shapes(there, here.set_crs("EPSG:4549"))
    >>> found.matched, found.rms_m < 0.01
    (30, True)
    """
    if not len(known) or not len(unknown):
        return None
    metric = _metric(known)
    there, here = _shapes_of(unknown), _shapes_of(metric)
    for spread in _SIZES:
        first, second = _alike(there, here, spread)
        found = None
        for swapped in (False, True):
            fit, matched = _agreed(there, here, first, second, seed, swapped=swapped)
            if fit is not None and (found is None or matched > found[1]):
                found = fit, matched
        if found is not None:
            return _told(found[0], found[1], there, metric.crs, name)
    return None


def _metric(known: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    lonlat = geo.to_crs(known, geo.WGS84, where="the known layer")
    west, south, east, north = lonlat.total_bounds
    return lonlat.to_crs(geo.metric_crs((west + east) / 2, (south + north) / 2))


def _shapes_of(layer: gpd.GeoDataFrame) -> _Shapes:
    shapes = np.asarray(layer.geometry.array, dtype=object)
    shapes = shapely.get_parts(shapes[~shapely.is_missing(shapes)])
    flat = shapely.force_2d(shapes[shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON])
    area = shapely.area(flat)
    flat = flat[np.argsort(-area, kind="stable")][:_MOST_SHAPES]
    flat = flat[shapely.area(flat) > 1.0]
    centres = shapely.centroid(flat)
    sizes = np.column_stack(
        [
            np.sqrt(shapely.area(flat)),
            shapely.length(flat),
            np.sqrt(shapely.area(shapely.convex_hull(flat))),
        ]
    )
    xy = np.column_stack([shapely.get_x(centres), shapely.get_y(centres)])
    return _Shapes(z=complex_of(xy), sizes=np.log(sizes))


def _alike(
    there: _Shapes, here: _Shapes, spread: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pair every shape with the few of the other layer that have its sizes."""
    if not len(there.z) or not len(here.z):
        return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)
    tree = shapely.STRtree(shapely.points(here.sizes[:, :2]))
    boxes = shapely.box(*(there.sizes[:, :2] - spread).T, *(there.sizes[:, :2] + spread).T)
    first, second = tree.query(boxes, predicate="intersects")
    close = np.abs(there.sizes[first, 2] - here.sizes[second, 2]) <= spread
    first, second = first[close], second[close]
    few = np.bincount(first, minlength=len(there.z))[first] <= _MOST_ALIKE
    few &= np.bincount(second, minlength=len(here.z))[second] <= _MOST_ALIKE
    order = np.lexsort((second[few], first[few]))
    return first[few][order], second[few][order]


def _agreed(
    there: _Shapes,
    here: _Shapes,
    first: NDArray[np.intp],
    second: NDArray[np.intp],
    seed: int,
    *,
    swapped: bool,
) -> tuple[Helmert | None, int]:
    if len(np.unique(first)) < _FEWEST:
        return None, 0
    z = there.z[first].imag + 1j * there.z[first].real if swapped else there.z[first]
    w = here.z[second]
    a, b = _pairs(z, w, seed)
    counts = np.zeros(len(a), dtype=np.int64)
    turns = (w[b] - w[a]) / (z[b] - z[a])
    shifts = w[a] - turns * z[a]
    for at in range(len(a)):
        near = np.abs(turns[at] * z + shifts[at] - w) <= _NEAR_M
        counts[at] = len(np.unique(first[near]))
    if not len(a) or counts.max() < _FEWEST:
        return None, 0
    best = int(np.argmax(counts))
    middle = z.mean()
    elsewhere = np.abs((turns - turns[best]) * middle + shifts - shifts[best]) > 5 * _NEAR_M
    if counts[elsewhere].max(initial=0) * _CLEAR > counts[best]:
        return None, 0
    near = np.abs(turns[best] * z + shifts[best] - w) <= _NEAR_M
    pair_z, pair_w = z[near], w[near]
    fit = fit_helmert(
        np.column_stack([pair_z.real, pair_z.imag][:: -1 if swapped else 1]),
        np.column_stack([pair_w.real, pair_w.imag]),
        tolerance_m=_NEAR_M,
        swapped=swapped,
        seed=seed,
    )
    # Shapes in a row or a heap fix a place but not a turn.
    across = np.linalg.svd(
        np.column_stack([pair_w.real, pair_w.imag]) - [pair_w.real.mean(), pair_w.imag.mean()],
        compute_uv=False,
    )[1] / np.sqrt(len(pair_w))
    return (None, 0) if across < _APART_M / 10 else (fit, len(np.unique(first[near])))


def _pairs(
    z: NDArray[np.complex128], w: NDArray[np.complex128], seed: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Draw pairs of matches that are apart, and as far apart in both layers."""
    rng = np.random.default_rng(seed)
    a, b = rng.integers(0, len(z), size=(2, 400_000))
    there, here = np.abs(z[a] - z[b]), np.abs(w[a] - w[b])
    good = (there > _APART_M) & (np.abs(here - there) <= _STRETCH * there)
    return a[good][:_HYPOTHESES].astype(np.intp), b[good][:_HYPOTHESES].astype(np.intp)


def _told(fit: Helmert, matched: int, there: _Shapes, metric: CRS, name: str) -> ShapeFit:
    # Corners of the layer stand in for its shapes: what they miss a round system by is the fit's.
    here = fit.turn * _turned(there.z, swapped=fit.swapped) + fit.shift
    lonlat = geo.unproject(np.column_stack([here.real, here.imag]), metric)
    local = np.column_stack([there.z.real, there.z.imag])
    gauss = recognise_gauss(local, lonlat, swapped=fit.swapped)
    if gauss is None or fit.swapped:
        crs = helmert_crs(name, fit, metric)
    else:
        crs = gauss_system(
            name,
            central_meridian=gauss.central_meridian,
            false_easting=gauss.false_easting,
            false_northing=gauss.false_northing,
        )
    return ShapeFit(
        crs=crs, gauss=gauss, fit=fit, matched=matched, shapes=len(there.z), rms_m=fit.rms_m
    )


def _turned(z: NDArray[np.complex128], *, swapped: bool) -> NDArray[np.complex128]:
    return np.asarray(z.imag + 1j * z.real if swapped else z, dtype=np.complex128)
