"""
Layers of a study that name no reference system -> the system each is in, where anything tells it.

Numbers tell it first, then shapes shared with a layer of known system; what is found is told.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
from pyproj import CRS

from lifecircle.config import StudyConfig
from lifecircle.errors import LifecircleError, LifecircleWarning
from lifecircle.sources.sheets.files import SHEET_SUFFIXES
from lifecircle.sources.systems.helmert import exchanged_axes
from lifecircle.sources.systems.readings import readings_of
from lifecircle.sources.systems.shape_fit import fit_by_shapes
from lifecircle.sources.vectors.layers import read_unplaced, read_vector

LAYERS: Mapping[str, str] = {
    "communities": "file",
    "homes": "buildings",
    "estates": "file",
    "land": "parcels",
}
"""Section to the key that names its outlines; ``layer``, ``crs`` and ``encoding`` stand beside."""

_SLACK = 0.02  # how far outside the study area a layer may lie [°]


def place_layers(
    config: StudyConfig,
    *,
    box: tuple[float, float, float, float],
    systems: Mapping[str, CRS],
) -> StudyConfig:
    """
    Find the system of layers that name none and for which none is declared.

    Parameters
    ----------
    config
        The study file; not changed.
    box
        West, south, east and north of the study area, WGS 84 [°].
    systems
        The study's own systems by name.

    Returns
    -------
    config
        With ``crs`` written where a system was found; a layer for which none was is refused by
        its reader.

    Warns
    -----
    LifecircleWarning
        If a system was found, with the evidence.
    """
    known: dict[str, gpd.GeoDataFrame] = {}
    unplaced: dict[str, gpd.GeoDataFrame] = {}
    for section, key in LAYERS.items():
        part, path = getattr(config, section), _outlines(config, section, key)
        if path is None or part.crs is not None:
            continue
        layer = _silently(path, part.layer, part.encoding)
        if layer is not None:
            unplaced[section] = layer
    if not unplaced:
        return config
    for section, key in LAYERS.items():
        part, path = getattr(config, section), _outlines(config, section, key)
        if path is not None and section not in unplaced:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", LifecircleWarning)
                    known[path.name], _ = read_vector(
                        path, layer=part.layer, crs=part.crs, encoding=part.encoding
                    )
            except LifecircleError:
                continue  # its own reader tells
    changes = {}
    for section, layer in unplaced.items():
        part = getattr(config, section)
        path = _outlines(config, section, LAYERS[section])
        name = "" if path is None else path.name
        crs, evidence = system_of(layer, known, box=box, systems=systems)
        if crs is not None:
            warnings.warn(
                f"{name}: names no reference system and none is declared; {evidence}; give crs to "
                "be sure",
                LifecircleWarning,
                stacklevel=3,
            )
            changes[section] = part.model_copy(update={"crs": crs.to_wkt("WKT2_2019")})
    return config.model_copy(update=changes) if changes else config


def _outlines(config: StudyConfig, section: str, key: str) -> Path | None:
    """Find the file of outlines a key names, the first one where it names several."""
    part = getattr(config, section)
    named = None if part is None else getattr(part, key)
    files = named if isinstance(named, tuple) else (named,)
    drawn = (
        one for one in files if isinstance(one, Path) and one.suffix.lower() not in SHEET_SUFFIXES
    )
    return next(drawn, None)


def _silently(path: Path, layer: str | None, encoding: str | None) -> gpd.GeoDataFrame | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", LifecircleWarning)
            return read_unplaced(path, layer=layer, encoding=encoding)
    except LifecircleError:
        return None  # its own reader tells


def system_of(
    layer: gpd.GeoDataFrame,
    known: Mapping[str, gpd.GeoDataFrame],
    *,
    box: tuple[float, float, float, float],
    systems: Mapping[str, CRS],
) -> tuple[CRS | None, str]:
    """
    Find the system of one layer that names none.

    Parameters
    ----------
    layer
        Its shapes, without a system.
    known
        Layers with systems, by the names of their files.
    box
        West, south, east and north of the study area, WGS 84 [°].
    systems
        The study's own systems by name.

    Returns
    -------
    crs
        The system; None where nothing tells it.
    evidence
        What told it, for people.

    Notes
    -----
    Metres that lie in the study area under one system only are of that one. Degrees are never
    taken by their numbers alone, for those of map services are shifted.
    """
    middles = layer.geometry.bounds.to_numpy(dtype=np.float64)
    x, y = (middles[:, 0] + middles[:, 2]) / 2, (middles[:, 1] + middles[:, 3]) / 2
    west, south, east, north = box
    wide = (west - _SLACK, south - _SLACK, east + _SLACK, north + _SLACK)
    readings = [one for one in readings_of(x, y, box=wide, systems=systems) if not one.degrees]
    if len({(one.datum, one.swapped) for one in readings}) == 1:
        found = readings[0]
        crs = exchanged_axes(found.crs) if found.swapped else found.crs
        order = ", x being north" if found.swapped else ""
        return crs, (
            f"its metres lie in the study area as {found.crs.name}{order} only, and are taken so"
        )
    best, beside = None, ""
    for name, other in known.items():
        fit = fit_by_shapes(layer, other, name="fitted by shapes")
        if fit is not None and (best is None or fit.matched > best.matched):
            best, beside = fit, name
    if best is None:
        return None, ""
    return best.crs, f"compared with {beside} it is in {best}"
