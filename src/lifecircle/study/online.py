"""What a study that may use the internet fetches from it: its area and its OpenStreetMap data."""

from __future__ import annotations

from pathlib import Path

import shapely

from lifecircle.config import StudyConfig
from lifecircle.provenance import Source
from lifecircle.sources.osm.online import NOMINATIM, OVERPASS, Servers, fetch_osm, find_place


def place_of_study(config: StudyConfig) -> tuple[shapely.Geometry | None, Source | None]:
    """
    Look up the area a study names.

    Parameters
    ----------
    config
        The study file.

    Returns
    -------
    outline
        WGS 84; None where the area is a relation of the study's own OSM file.
    source
        Where the outline comes from.

    Raises
    ------
    LifecircleError
        As `find_place`.
    """
    wanted = config.area.place
    if wanted is None and config.network.online and config.area.relation is not None:
        wanted = f"R{config.area.relation}"
    if wanted is None:
        return None, None
    return find_place(wanted, _servers(config))


def extract_of_study(config: StudyConfig, box: tuple[float, float, float, float]) -> Path | None:
    """
    Find the OSM file of a study, fetched where the study says so.

    Parameters
    ----------
    config
        The study file.
    box
        West, south, east and north of what is needed [°, WGS 84].

    Returns
    -------
    path
        The file; None where the study does without OSM data.

    Raises
    ------
    LifecircleError
        As `fetch_osm`.
    """
    return fetch_osm(box, _servers(config)) if config.network.online else config.network.osm


def _servers(config: StudyConfig) -> Servers:
    online = config.online
    return Servers(
        cache=config.folder / online.cache,
        overpass=online.overpass or OVERPASS,
        nominatim=online.nominatim or NOMINATIM,
        contact=online.contact or "",
        timeout_s=online.timeout_s,
    )
