"""From a study file to rasters of heights and of land cover around its streets, if it names any."""

from __future__ import annotations

import warnings
from pathlib import Path

import shapely

from lifecircle.config.land_sections import LandSection
from lifecircle.errors import LifecircleWarning
from lifecircle.provenance import Source
from lifecircle.sources.heights import Heights, read_heights
from lifecircle.sources.land.cover import LandCover, read_land_cover
from lifecircle.standards import Standard
from lifecircle.tables import StreetWays
from lifecircle.walk import PROFILES


def heights_of_study(
    dem: Path | None, standard: Standard, streets: StreetWays
) -> tuple[Heights | None, tuple[Source, ...]]:
    """
    Read the heights a study names.

    Parameters
    ----------
    dem
        Raster of heights; None where the study names none.
    standard
        What is asked, and of whom.
    streets
        Streets whose slopes matter.

    Returns
    -------
    heights
        Heights around the streets; None without a raster.
    sources
        Where they come from, one or none.

    Warns
    -----
    LifecircleWarning
        If nobody the standard asks about is slowed down by slopes.
    """
    if dem is None:
        return None, ()
    if not any(PROFILES[one.profile].slope for one in standard.requirements):
        warnings.warn(
            f"network.dem changes no walk: no requirement of the standard '{standard.name}' is "
            "asked of a profile that slopes slow down (it still tells how steep land is)",
            LifecircleWarning,
            stacklevel=3,
        )
    west, south, east, north = shapely.total_bounds(shapely.points(streets.lonlat)).tolist()
    heights, source = read_heights(dem, bounds=(west, south, east, north))
    return heights, (source,)


def cover_of_study(
    section: LandSection, streets: StreetWays
) -> tuple[LandCover | None, tuple[Source, ...]]:
    """
    Read the land cover a study names.

    Parameters
    ----------
    section
        What the study says of land.
    streets
        Streets around which it is needed.

    Returns
    -------
    cover
        What the ground looks like; None without a raster.
    sources
        Where it comes from, one or none.
    """
    if section.cover is None:
        return None, ()
    west, south, east, north = shapely.total_bounds(shapely.points(streets.lonlat)).tolist()
    cover, source = read_land_cover(
        section.cover, codes=section.cover_codes, bounds=(west, south, east, north)
    )
    return cover, (source,)
