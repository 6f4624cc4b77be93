"""
The topographic maps a study names -> walls, gates and buildings beside what is known already.

A drawing fills in and adds; it never overrules a list.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifecircle import geo
from lifecircle.config import DrawingFile, StudyConfig
from lifecircle.errors import (
    CrsError,
    ExtentError,
    LifecircleWarning,
    MissingDataWarning,
    Problem,
)
from lifecircle.sources.drawings.read import Drawing, read_drawing
from lifecircle.sources.drawings.shapes import closed_outlines
from lifecircle.sources.systems.shape_fit import fit_by_shapes
from lifecircle.sources.vectors.layers import ALL_LAYERS, read_unplaced
from lifecircle.tables import BARRIERS, BUILDINGS, GATES, Survey, check

SAME_SHARE = 0.5
"""Two outlines that share this much of the smaller one are the same building (P)."""

SAME_GATE_M = 20.0
"""A listed gate this near is the one that is drawn [m] (P)."""


def with_drawings(config: StudyConfig, survey: Survey, area: shapely.Geometry) -> Survey:
    """
    Add what drawings say to a survey.

    Parameters
    ----------
    config
        The study file.
    survey
        What map and lists say; not changed.
    area
        Outline of the study area, WGS 84.

    Returns
    -------
    survey
        With the walls and gates of all drawings. Buildings without storeys take those of the
        outline they share half of the smaller one with; outlines that share that much with no
        building are added, their use unknown. Gates stay out where the study names a file of
        gates.

    Raises
    ------
    ExtentError
        If a drawing does not lie near the area.
    CrsError
        If a drawing whose system nobody declares shares no outlines with the buildings.
    InputError
        As `read_drawing`.

    Warns
    -----
    LifecircleWarning
        How the system of a drawing was found.
    MissingDataWarning
        How many buildings were given storeys or added, or that gates are not used.
    """
    for part in config.drawings:
        crs = part.crs or _system(part, survey)
        drawing = read_drawing(part.file, crs=crs, layers=part.layers, encoding=part.encoding)
        _check_place(part, drawing, area)
        changes: dict[str, gpd.GeoDataFrame] = {}
        if "buildings" in part.use and config.homes.buildings is not None:
            changes["buildings"] = _with_buildings(survey.buildings, drawing, part.file.name)
        if "walls" in part.use:
            rows = [survey.barriers, geo.to_crs(drawing.walls, geo.WGS84, where=part.file.name)]
            changes["barriers"] = check(_stacked(rows), BARRIERS, where="drawings")
        listed = survey.estate_gates
        if "gates" in part.use and listed is not None and len(drawing.gates):
            lacking = _far_from(drawing.gates, listed, part.file.name)
            _say(
                f"{part.file.name}: its {len(drawing.gates)} gates are not used, estates.gates is; "
                f"{lacking} of them lie more than {SAME_GATE_M:g} m from every gate listed there"
            )
        elif "gates" in part.use:
            rows = [survey.gates, geo.to_crs(drawing.gates, geo.WGS84, where=part.file.name)]
            changes["gates"] = check(_stacked(rows), GATES, where="drawings")
        survey = replace(survey, sources=(*survey.sources, drawing.source), **changes)
    return survey


def _system(part: DrawingFile, survey: Survey) -> str:
    """Find the system of a drawing by the outlines it shares with known buildings."""
    name = part.file.name
    with warnings.catch_warnings():  # the drawing is read again, and tells then
        warnings.simplefilter("ignore", LifecircleWarning)
        drawn = read_unplaced(part.file, layer=ALL_LAYERS, encoding=part.encoding)
    shapes = np.empty(0, dtype=object) if drawn is None else drawn.geometry.to_numpy()
    outlines = gpd.GeoDataFrame(geometry=closed_outlines(np.asarray(shapes, dtype=object)))
    fit = fit_by_shapes(outlines, survey.buildings, name="fitted by shapes")
    if fit is None:
        raise CrsError(
            Problem(
                what="no drawing says its reference system, and its outlines agree with no known "
                "buildings",
                where=name,
                remedy="give crs under [[drawings]], or a system under [[systems]]: ask for its "
                "central meridian, false easting and false northing",
            )
        )
    warnings.warn(
        f"{name}: names no reference system and none is declared; compared with the buildings it "
        f"is in {fit}; give crs to be sure",
        LifecircleWarning,
        stacklevel=4,
    )
    return str(fit.crs.to_wkt("WKT2_2019"))


def _check_place(part: DrawingFile, drawing: Drawing, area: shapely.Geometry) -> None:
    frames = [drawing.buildings, drawing.walls, drawing.gates]
    boxes = np.array([frame.total_bounds for frame in frames if len(frame)])
    corners = shapely.box(*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0))
    sheet = geo.project_shape(corners, drawing.buildings.crs, geo.WGS84)
    if shapely.intersects(sheet, shapely.box(*area.bounds)):
        return
    lies, wanted = ("/".join(f"{one:.3f}" for one in shape.bounds) for shape in (sheet, area))
    raise ExtentError(
        Problem(
            what=f"does not lie in the study area (drawing {lies}, area {wanted})",
            where=part.file.name,
            remedy="crs under [[drawings]] is not its system: ask for its central meridian, "
            "false easting and false northing",
        )
    )


def _with_buildings(known: gpd.GeoDataFrame, drawing: Drawing, where: str) -> gpd.GeoDataFrame:
    drawn = geo.to_crs(drawing.buildings, geo.WGS84, where=where)
    ours, theirs = (np.asarray(one.geometry.array, dtype=object) for one in (known, drawn))
    row, outline = shapely.STRtree(theirs).query(ours, predicate="intersects")
    # Both lie in degrees, whose stretch cancels out of a share.
    common = shapely.area(shapely.intersection(ours[row], theirs[outline]))
    share = common / np.minimum(shapely.area(ours[row]), shapely.area(theirs[outline]))
    same = share >= SAME_SHARE
    row, outline, share = row[same], outline[same], common[same]
    order = np.argsort(share, kind="stable")
    best = np.full(len(known), -1, dtype=np.int64)
    best[row[order]] = outline[order]  # what is shared most is written last
    levels = known["levels"].to_numpy(dtype=np.float64).copy()
    said = drawn["levels"].to_numpy(dtype=np.float64)
    blank = ~(levels > 0) & (best >= 0)
    blank[blank] = said[best[blank]] > 0
    levels[blank] = said[best[blank]]
    new = np.setdiff1d(np.arange(len(drawn)), outline)
    if blank.any() or len(new):
        _say(
            f"{where}: {blank.sum():,} buildings without storeys take those of the drawing; "
            f"{len(new):,} buildings are on the drawing only and are added, their use unknown"
        )
    added = drawn.iloc[new].drop(columns="structure")
    return check(_stacked([known.assign(levels=levels), added]), BUILDINGS, where="drawings")


def _far_from(drawn: gpd.GeoDataFrame, listed: gpd.GeoDataFrame, where: str) -> int:
    """Count the gates of a drawing that are on no list."""
    points = np.asarray(geo.to_crs(listed, drawn.crs, where=where).geometry.array, dtype=object)
    near, _ = shapely.STRtree(points).query(
        np.asarray(drawn.geometry.array, dtype=object), predicate="dwithin", distance=SAME_GATE_M
    )
    return len(drawn) - len(np.unique(near))


def _stacked(frames: Sequence[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    filled = [frame for frame in frames if len(frame)] or list(frames[:1])
    return gpd.GeoDataFrame(pd.concat(filled, ignore_index=True), crs=geo.WGS84)


def _say(text: str) -> None:
    warnings.warn(text, MissingDataWarning, stacklevel=4)
