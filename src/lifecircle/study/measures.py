"""
A study's measures beside the headline: other bases, nearness, equity, and what residents ask for.

They explain a verdict and never make one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.access.bases import Ground, coverage_by_base
from lifecircle.access.equity import equity
from lifecircle.access.levels import Level, levels_of
from lifecircle.access.nearness import nearness
from lifecircle.access.needs import needs_beside_scores
from lifecircle.access.scorecard import Scorecard
from lifecircle.places.asked import WHERE, where_of
from lifecircle.places.communities import community_of
from lifecircle.places.upper_areas import with_area_ids
from lifecircle.reach.matrix import Pinned, Reach, reach_of
from lifecircle.reach.nearest_few import nearest_few
from lifecircle.reach.radius import within_radius
from lifecircle.reach.raster import Raster
from lifecircle.reach.residential import land_cells, pinned_cells
from lifecircle.standards import Standard
from lifecircle.study.waist import Waist


@dataclass(frozen=True, kw_only=True)
class Measures:
    """
    What stands beside the scores.

    Parameters
    ----------
    coverage, nearness, equity, needs
        Tables with the columns of `tables.COVERAGE`, `tables.NEARNESS`, `tables.EQUITY` and
        `tables.NEEDS`.
    land_from
        Who says what residential land is: ``survey``, ``map`` or ``plan``; None where nobody does.
    cell_m
        Side of a cell of that land [m].
    """

    coverage: pd.DataFrame
    nearness: pd.DataFrame
    equity: pd.DataFrame
    needs: pd.DataFrame
    land_from: str | None
    cell_m: float


def measures_of_study(
    waist: Waist,
    standard: Standard,
    reaches: Mapping[str, Reach],
    levels: tuple[Level, ...],
    scorecard: Scorecard,
    raster: Raster,
    *,
    study_name: str,
    answers: pd.DataFrame | None,
) -> Measures:
    """
    Work out every measure beside the headline share.

    Parameters
    ----------
    waist
        Streets, homes, facilities and communities.
    standard
        What was asked.
    reaches
        Requirement id to who reaches what.
    levels
        The areas of every level.
    scorecard
        The scores residents' answers stand beside.
    raster
        Cells pinned as homes are.
    study_name
        What the whole area is called.
    answers
        What residents answered; None without a survey.

    Returns
    -------
    measures
        The tables.
    """
    homes, facilities = waist.homes, waist.facilities
    circles = {
        one.id: within_radius(one, homes, facilities, waist.entrances)
        for one in standard.requirements
    }
    land_from, shapes = residential_land(waist)
    land = _land(waist, standard, raster, shapes, study_name) if land_from else None
    coverage = coverage_by_base(
        standard,
        Ground(rows=homes, levels=levels, reaches=reaches, circles=circles),
        land,
        cell_m2=raster.cell_m**2,
        on_land=_stand_on(homes, shapes) if land is not None else None,
    )
    choices = nearest_few(standard.requirements, homes, facilities, waist.network)
    return Measures(
        coverage=coverage,
        nearness=nearness(standard, reaches, choices, homes=homes, levels=levels),
        equity=equity(standard, reaches, homes=homes, levels=levels, communities=waist.communities),
        needs=needs_beside_scores(standard, answers, scorecard.services, waist.communities),
        land_from=land_from if land is not None else None,
        cell_m=raster.cell_m,
    )


def residential_land(waist: Waist) -> tuple[str | None, NDArray[np.object_]]:
    """
    Find the residential land of a study, of the best source that has any.

    Parameters
    ----------
    waist
        With what offices say of land and what the map shows.

    Returns
    -------
    land_from
        ``survey`` (the land survey), ``map``, or ``plan`` (plots of the detailed plan); None
        where none of them holds residential land in the area.
    shapes
        Its polygons.
    """
    ground, cover, plots = waist.survey["ground"], waist.land.cover, waist.land.plots
    found: list[tuple[str, gpd.GeoSeries]] = []
    if cover is not None:
        found.append(("survey", cover.geometry[cover["kind"] == "residential"]))
    found.append(("map", ground.geometry[ground["kind"] == "residential"]))
    if plots is not None:
        kind = plots["code"].map(_is_residential, na_action="ignore").fillna(value=False)
        found.append(("plan", plots.geometry[kind.astype(bool)]))
    for land_from, geometry in found:
        shapes = np.asarray(geometry.to_numpy(), dtype=object)
        inside = shapes[shapely.intersects(waist.area, shapes)]
        if len(inside):
            return land_from, inside
    return None, np.empty(0, dtype=object)


def _is_residential(code: str) -> bool:
    return str(code).startswith(("0701", "0703"))


def _land(
    waist: Waist,
    standard: Standard,
    raster: Raster,
    shapes: NDArray[np.object_],
    study_name: str,
) -> Ground | None:
    cell, xy = land_cells(raster, shapes, waist.area)
    if len(cell) == 0:
        return None
    points = shapely.points(xy)
    at = community_of(points, waist.communities)
    keyed = with_area_ids(waist.communities)
    columns: dict[str, NDArray[np.object_]] = {}
    for name in ("community_id", "subdistrict", "unit_id"):
        values = np.array([*keyed[name].astype(object), None], dtype=object)
        columns[name] = values[at]  # row -1, in no community, takes the last
    columns[WHERE] = where_of(waist.communities, at)
    columns["estate_id"] = np.full(len(cell), None, dtype=object)
    table = gpd.GeoDataFrame(columns, geometry=points, crs=waist.network.crs)
    rows = pinned_cells(raster, cell, table, waist.compounds.locate(points))
    return Ground(
        rows=rows,
        levels=levels_of(
            waist.communities,
            rows,
            waist.facilities,
            study_name=study_name,
            estates=waist.survey.get("estates"),
        ),
        reaches={
            one.id: reach_of(one, rows, waist.facilities, waist.network)
            for one in standard.requirements
        },
        circles={
            one.id: within_radius(one, rows, waist.facilities, waist.entrances)
            for one in standard.requirements
        },
    )


def _stand_on(homes: Pinned, shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    on_land = np.zeros(len(homes), dtype=bool)
    found, _ = shapely.STRtree(shapes).query(
        homes.table.geometry.to_numpy(), predicate="intersects"
    )
    on_land[found] = True
    return on_land
