"""From the waist to candidate land: found, screened, and told where files contradict each other."""

from __future__ import annotations

import warnings

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from lifecircle.config import StudyConfig
from lifecircle.errors import DoubtfulRowsWarning, LifecircleWarning
from lifecircle.places.corridors import lay_out_streets
from lifecircle.places.covering import with_cover
from lifecircle.places.judging import judge
from lifecircle.places.land import find_parcels
from lifecircle.places.land_names import with_names
from lifecircle.places.screening import Ground, screen
from lifecircle.sources.heights import Heights
from lifecircle.sources.land.cover import LandCover
from lifecircle.study.waist import Waist


def candidates_of_study(
    config: StudyConfig,
    waist: Waist,
    crs: CRS,
    heights: Heights | None = None,
    cover: LandCover | None = None,
) -> gpd.GeoDataFrame:
    """
    Find and judge the land and rooms of a study.

    Parameters
    ----------
    config
        The study file.
    waist
        Streets, buildings, communities and what offices say of land.
    crs
        Metric system.
    heights
        Heights of the ground; None without a DEM.
    cover
        What the ground looks like from above; None without a raster.

    Returns
    -------
    parcels
        `tables.PARCELS`: candidates, doubtful and refused ones.

    Warns
    -----
    DoubtfulRowsWarning
        If buildings with people stand on land that is listed as cleared.
    """
    lines = waist.network.to_frame()
    for flag in ("bridge", "tunnel"):
        lines[flag] = waist.network.edges[flag].to_numpy()
    streets = lay_out_streets(lines)
    found = find_parcels(
        ground=waist.survey["ground"],
        buildings=waist.survey["buildings"],
        barriers=waist.survey["barriers"],
        street_lines=lines,
        area=waist.area,
        communities=waist.communities,
        listed=waist.survey.get("parcels"),
        crs=crs,
        cover=waist.land.cover,
        leads=config.land.osm and config.network.osm is not None,
        streets=streets,
    )
    parcels = screen(
        found,
        Ground(
            land=waist.land,
            buildings=waist.survey["buildings"].geometry.to_numpy(),
            streets=streets,
        ),
    )
    parcels = judge(
        parcels,
        ground=waist.survey["ground"],
        barriers=waist.survey["barriers"],
        street_lines=lines,
        height_at=None if heights is None else heights.at,
    )
    parcels = with_cover(parcels, cover)
    _tell_of_cleared(parcels, waist)
    return with_names(
        parcels,
        communities=waist.communities,
        streets=lines,
        estates=waist.survey.get("estates"),
        language=config.study.language,
    )


def proposable(config: StudyConfig, parcels: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Take the land and rooms that compete for sites.

    Parameters
    ----------
    config
        The study file.
    parcels
        `tables.PARCELS`.

    Returns
    -------
    competing
        All of them, or without leads where the study names land of its own or ``land.leads`` says
        so; what ``siting.must`` names stays.

    Warns
    -----
    LifecircleWarning
        How many leads are shown and do not compete.
    """
    land = config.land
    own = bool(land.parcels or land.stock_rooms or land.survey)
    leads = land.leads if land.leads is not None else not own
    aside = (parcels["origin"] == "residual") & ~parcels["parcel_id"].isin(config.siting.must)
    if leads or not aside.any():
        return parcels
    if land.leads is None:
        warnings.warn(
            f"{int(aside.sum()):,} leads found on the map are shown and not proposed, for the "
            "study names land of its own: they are mostly yards and verges (leads = true under "
            "[land] lets them compete)",
            LifecircleWarning,
            stacklevel=3,
        )
    return parcels[~aside].reset_index(drop=True)


def _tell_of_cleared(parcels: gpd.GeoDataFrame, waist: Waist) -> None:
    """Say how many people the files still count on land that is listed as cleared."""
    cleared = parcels[parcels["checks"].fillna("").str.contains("buildings_drawn")]
    if len(cleared) == 0:
        return
    homes = waist.homes.table
    inside = np.zeros(len(homes), dtype=bool)
    tree = shapely.STRtree(homes.geometry.to_numpy())
    inside[tree.query(cleared.geometry.to_numpy(), predicate="contains")[1]] = True
    if inside.any():
        warnings.warn(
            f"{int(inside.sum())} homes with {homes.loc[inside, 'people'].sum():,.0f} people stand "
            f"on {len(cleared)} plots that are listed as cleared "
            f"({', '.join(cleared['parcel_id'].head(5))}): the file of buildings is probably older",
            DoubtfulRowsWarning,
            stacklevel=3,
        )
