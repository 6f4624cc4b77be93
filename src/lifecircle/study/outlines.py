"""The study area, from a file, a box, a name or a boundary relation, as one outline in WGS 84."""

from __future__ import annotations

import shapely

from lifecircle import geo
from lifecircle.config import StudyConfig
from lifecircle.errors import ExtentError, InputError, Problem
from lifecircle.provenance import Source
from lifecircle.sources.vectors.layers import read_vector
from lifecircle.study.online import place_of_study
from lifecircle.tables import Survey


def outline_of(config: StudyConfig) -> tuple[shapely.Geometry | None, list[Source]]:
    """
    Take the area from its file, its box or its name.

    Parameters
    ----------
    config
        The study file.

    Returns
    -------
    area
        Its outline, WGS 84; None when it is a relation of the OSM file.
    sources
        The file it came from.

    Raises
    ------
    LifecircleError
        If the file cannot be read or holds no polygon.
    """
    if config.area.bbox is not None:
        return shapely.box(*config.area.bbox), []
    if config.area.boundary is None:
        outline, source = place_of_study(config)
        return outline, [] if source is None else [source]
    where = f"area.boundary ({config.area.boundary.name})"
    table, source = read_vector(
        config.area.boundary, layer=config.area.layer, crs=config.area.crs, where=where
    )
    table = geo.to_crs(table, geo.WGS84, where=where)
    areas = table.geometry[table.geometry.geom_type.isin(["Polygon", "MultiPolygon"])]
    outline = shapely.union_all(areas.to_numpy())
    if outline.is_empty:
        raise InputError(
            Problem(what="holds no polygon", where=where, remedy="name a file with the outline")
        )
    return outline, [source]


def relation_of(config: StudyConfig, survey: Survey) -> shapely.Geometry:
    """
    Take the area from a boundary relation of the OSM file.

    Parameters
    ----------
    config
        The study file.
    survey
        What the OSM file says.

    Returns
    -------
    area
        The outline, WGS 84.

    Raises
    ------
    ExtentError
        If the relation is not there.
    """
    wanted = f"r{config.area.relation}"
    found = survey.admin_areas[survey.admin_areas["admin_id"] == wanted]
    if len(found) == 0:
        some = ", ".join(
            f"{row.admin_id[1:]} {row.name_text}"
            for row in survey.admin_areas.rename(columns={"name": "name_text"})
            .sort_values(["level", "admin_id"])
            .head(8)
            .itertuples()
        )
        raise ExtentError(
            Problem(
                what=f"boundary relation {config.area.relation} is not in the OSM file, or its "
                "ring has gaps too wide to close",
                where="study.toml, area.relation",
                remedy=f"relations found: {some or 'none'}; or use area.boundary or area.bbox",
            )
        )
    return found.geometry.iloc[0]
