"""From a study file to the heights of the ground around its streets, if it names any."""

from __future__ import annotations

import warnings
from pathlib import Path

import shapely

from lifecircle.errors import LifecircleWarning
from lifecircle.provenance import Source
from lifecircle.sources.heights import Heights, read_heights
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
