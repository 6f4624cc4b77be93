"""
A table of points known in a city's own system and in a public one -> that system.

The points are not trusted alike: one that does not follow the others is left out and named.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from lifecircle import geo
from lifecircle.errors import CrsError, DoubtfulRowsWarning, InputError, LifecircleWarning, Problem
from lifecircle.provenance import Source
from lifecircle.sources.sheets.spreadsheets import Sheet, read_sheet
from lifecircle.sources.systems.helmert import Helmert, fit_helmert, helmert_crs
from lifecircle.sources.systems.local_systems import gauss_system, recognise_gauss
from lifecircle.sources.systems.readings import are_degrees, readings_of

CONTROL_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "点号", "点名", "控制点", "控制点号", "控制点名", "编号", "序号", "id"),
    "x": (
        *("x", "local_x", "地方X", "地方坐标X", "独立X", "独立坐标X", "城市X", "城市坐标X"),
        *("本地X", "本地坐标X", "旧X", "源X", "源坐标X", "X坐标", "纵坐标", "x1"),
    ),
    "y": (
        *("y", "local_y", "地方Y", "地方坐标Y", "独立Y", "独立坐标Y", "城市Y", "城市坐标Y"),
        *("本地Y", "本地坐标Y", "旧Y", "源Y", "源坐标Y", "Y坐标", "横坐标", "y1"),
    ),
    "known_x": (
        *("known_x", "国家2000X", "国家2000坐标X", "2000X", "CGCS2000X", "国家X", "国家坐标X"),
        *("新X", "目标X", "目标坐标X", "已知X", "x2"),
    ),
    "known_y": (
        *("known_y", "国家2000Y", "国家2000坐标Y", "2000Y", "CGCS2000Y", "国家Y", "国家坐标Y"),
        *("新Y", "目标Y", "目标坐标Y", "已知Y", "y2"),
    ),
    "lon": ("lon", "经度", "东经", "L", "大地经度"),
    "lat": ("lat", "纬度", "北纬", "B", "大地纬度"),
}
"""What the columns of a table of control points are known by."""

_FEWEST = 3
_TOLERANCE_M = 0.5  # a control point off by more is a blunder, not a survey
_COARSE_M = 0.1


@dataclass(frozen=True, kw_only=True)
class ControlSystem:
    """
    A local system found from control points.

    Parameters
    ----------
    crs
        The system.
    fit
        Its parameters and the residual of every point.
    names
        Names of the points, in the order of the residuals.
    source
        Origin and counts; points left out are `rows_doubtful`.
    words
        What was found, for people.
    """

    crs: CRS
    fit: Helmert
    names: tuple[str, ...]
    source: Source
    words: str


def read_control_points(
    path: Path,
    *,
    name: str,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    known: CRS | None = None,
) -> ControlSystem:
    """
    Find a local system from a table of control points.

    Parameters
    ----------
    path
        Workbook or text table, one row per point.
    name
        What the system is called.
    columns
        Column of ``name, x, y, known_x, known_y, lon, lat`` where its name is not recognised.
    sheet
        Which sheet, where there are several.
    known
        System of the known coordinates; where None, degrees are CGCS2000 and metres say their
        zone.

    Returns
    -------
    system
        The system, the residuals, and what was found.

    Raises
    ------
    CrsError
        If fewer than three points are known in both systems, their known system is not said, or
        they do not agree on one fit.
    LifecircleError
        As `read_sheet`.

    Warns
    -----
    DoubtfulRowsWarning
        If points do not follow the others and are left out, each with its residual.
    LifecircleWarning
        If the fit is coarser than 0.1 m.

    Notes
    -----
    Four parameters (shift, turn, scale) between the local plane and the Gauss-Krüger plane of the
    place, by least squares. Where they amount to a Gauss-Krüger system of round numbers that system
    is taken. Which column is north, in either system, the fit tells.
    """
    table = read_sheet(path, wanted=CONTROL_COLUMNS, columns=columns, sheet=sheet)
    local = _pair(table, "x", "y")
    lonlat, given = _known(table, known)
    good = given & np.isfinite(local).all(axis=1)
    if good.sum() < _FEWEST:
        raise CrsError(
            Problem(
                what=f"only {int(good.sum())} of its {len(table)} points are known in both systems",
                where=table.where,
                remedy=f"{_FEWEST} are needed to see whether they agree; columns are x, y and "
                "known_x, known_y or lon, lat",
            )
        )
    rows = np.flatnonzero(good)
    names = tuple(_name(table, int(at)) for at in rows)
    middle = lonlat[rows].mean(axis=0)
    metric = geo.metric_crs(*middle)
    target = geo.project(lonlat[rows], metric)
    fit = None
    with contextlib.suppress(InputError):  # no two points agree: said below
        fit = fit_helmert(local[rows], target, tolerance_m=_TOLERANCE_M)
    if fit is None or 2 * fit.used.sum() <= len(rows) or fit.used.sum() < _FEWEST:
        raise CrsError(
            Problem(
                what=f"its points do not agree: no {_FEWEST} of them, and not half of them, lie "
                f"within {_TOLERANCE_M:g} m of one turn, scale and shift",
                where=table.where,
                remedy="check which column is which, the zone of the known coordinates, and crs",
            )
        )
    _tell(table, fit, names)
    words = f"{int(fit.used.sum())} of {len(rows)} control points, {fit.rms_m:.3f} m (rms)"
    crs, system = _system(name, fit, local[rows][fit.used], lonlat[rows][fit.used], metric)
    doubtful = len(table) - int(fit.used.sum())
    source = replace(
        table.source,
        rows_used=table.source.rows_used - doubtful,
        rows_doubtful=table.source.rows_doubtful + doubtful,
    )
    return ControlSystem(
        crs=crs, fit=fit, names=names, source=source, words=f"{name}: {system}, by {words}"
    )


def _system(
    name: str,
    fit: Helmert,
    local: NDArray[np.float64],
    lonlat: NDArray[np.float64],
    metric: CRS,
) -> tuple[CRS, str]:
    gauss = recognise_gauss(local, lonlat, swapped=fit.swapped)
    if gauss is not None and gauss.rms_m <= max(2 * fit.rms_m, 0.02):
        crs = gauss_system(
            name,
            central_meridian=gauss.central_meridian,
            false_easting=gauss.false_easting,
            false_northing=gauss.false_northing,
        )
        return crs, str(gauss)
    return (
        helmert_crs(name, replace(fit, swapped=False), metric),
        f"turned by {fit.rotation_deg:.5f}° and scaled by {fit.scale:.7f} to {metric.name}",
    )


def _pair(table: Sheet, first: str, second: str) -> NDArray[np.float64]:
    values = np.full((len(table), 2), np.nan)
    for at, key in enumerate((first, second)):
        if key in table.found:
            column = table.frame[table.found[key]]
            values[:, at] = [_number(cell) for cell in column]
    return values


def _number(cell: object) -> float:
    if isinstance(cell, int | float):
        return float(cell)
    try:
        return float(str(cell).replace(",", "").replace("，", "")) if cell is not None else np.nan
    except ValueError:
        return np.nan


def _known(table: Sheet, known: CRS | None) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Bring the known coordinates to WGS 84."""
    degrees = "lon" in table.found and "lat" in table.found
    pairs = _pair(table, "lon", "lat") if degrees else _pair(table, "known_x", "known_y")
    given = np.isfinite(pairs).all(axis=1)
    if not given.any():
        listed = ", ".join(map(str, table.frame.columns))
        raise CrsError(
            Problem(
                what="no columns of known coordinates were found",
                where=table.where,
                remedy='give columns = {x = "…", y = "…", known_x = "…", known_y = "…"}; columns '
                f"found: {listed}",
            )
        )
    x, y = pairs.T
    if known is None or (known.is_geographic and are_degrees(x, y)):
        found = readings_of(x, y)
    else:
        found = tuple(one for one in readings_of(x, y, systems={"": known}) if one.datum == "")
    if degrees and found and not all(one.swapped for one in found):
        found = tuple(one for one in found if not one.swapped)
    systems = {(one.crs.to_wkt(), one.swapped) for one in found}
    if len(systems) != 1:
        raise CrsError(
            Problem(
                what="the known coordinates do not say their system"
                if known is None
                else f"the known coordinates do not lie where {known.name} is used",
                where=table.where,
                remedy='give crs = "EPSG:4549" (or 4490 for degrees) beside control',
            )
        )
    lonlat = np.array(found[0].lonlat)
    return lonlat, np.asarray(given & np.isfinite(lonlat).all(axis=1), dtype=bool)


def _name(table: Sheet, at: int) -> str:
    cell = table.frame[table.found["name"]].iloc[at] if "name" in table.found else None
    return f"row {table.row[at]}" if cell is None else f"{cell} (row {table.row[at]})"


def _tell(table: Sheet, fit: Helmert, names: tuple[str, ...], most: int = 5) -> None:
    bad = np.flatnonzero(~fit.used)
    if len(bad):
        worst = bad[np.argsort(-fit.residual_m[bad])][:most]
        listed = ", ".join(f"{names[at]} by {fit.residual_m[at]:.2f} m" for at in worst)
        warnings.warn(
            f"{table.where}: {len(bad)} of {len(names)} control points do not follow the others "
            f"and are left out: {listed}",
            DoubtfulRowsWarning,
            stacklevel=3,
        )
    if fit.rms_m > _COARSE_M:
        warnings.warn(
            f"{table.where}: the control points agree to {fit.rms_m:.2f} m only (rms)",
            LifecircleWarning,
            stacklevel=3,
        )
