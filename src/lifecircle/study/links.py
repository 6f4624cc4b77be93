"""The links a study could open, from what its waist knows of the ground between streets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from lifecircle import geo
from lifecircle.config import StudyConfig
from lifecircle.gaps.diagnosis import Gaps
from lifecircle.places.judging import TOO_STEEP_PCT
from lifecircle.reach.matrix import Reach, reach_of
from lifecircle.siting.estate_gates import find_gates
from lifecircle.siting.link_ground import LinkGround
from lifecircle.siting.links import find_links
from lifecircle.siting.ways import Ways, joined
from lifecircle.sources.heights import Heights
from lifecircle.standards import Standard
from lifecircle.study.opening import gate_rows, with_opened
from lifecircle.study.waist import Waist

_LEAST_RUN_M = 60.0  # a shorter run would only tell of the noise of the raster (P)


def links_of_study(
    config: StudyConfig,
    waist: Waist,
    standard: Standard,
    reaches: Mapping[str, Reach],
    gaps: Gaps,
    heights: Heights | None = None,
) -> Ways:
    """
    Find the links that would bring people inside who are behind a barrier.

    Parameters
    ----------
    config
        The study file; gates of housing estates only where it asks for them.
    waist
        Streets, homes, facilities, and the ground between them.
    standard
        What is asked.
    reaches
        Requirement id to who reaches what today.
    gaps
        What falls short, and why, home by home.
    heights
        Heights of the ground; None without a DEM.

    Returns
    -------
    ways
        Of the kind ``gate``; evidence tells the slope where heights are known.
    """
    ground, language = ground_of(waist), config.study.language
    estates = config.siting.estate_gates
    links, ends = find_links(
        standard,
        reaches,
        gaps.home_reason,
        homes=waist.homes,
        facilities=waist.facilities,
        ground=ground,
        language=language,
        estates=estates,
    )
    links = _with_slopes(links, ends, heights, waist.network.crs, language)
    if not estates:
        return _confirmed(waist, standard, links, ends, {})
    gates, of_estate = find_gates(
        standard,
        reaches,
        gaps.home_reason,
        homes=waist.homes,
        facilities=waist.facilities,
        ground=ground,
        obstacles=waist.obstacles,
        names=estate_names(waist),
        leg_factor=waist.leg_factor,
        language=language,
    )
    both = joined([links, gates], waist.network.crs)
    return _confirmed(waist, standard, both, ends, of_estate)


def _with_slopes(
    ways: Ways,
    ends: Mapping[str, NDArray[np.float64]],
    heights: Heights | None,
    crs: CRS,
    language: str,
) -> Ways:
    """Say how steep the ground along each link is; what is too steep is shown and not proposed."""
    if heights is None or len(ways) == 0:
        return ways
    line = np.array([ends[way] for way in ways.table["way_id"]]).reshape(-1, 2, 2)
    run = line[:, 1] - line[:, 0]
    long = np.hypot(*run.T)
    half = run / np.maximum(long, 1e-9)[:, None] * np.maximum(long, _LEAST_RUN_M)[:, None] / 2
    middle = line.mean(axis=1)
    low, high = (heights.at(geo.unproject(middle + side * half, crs)) for side in (-1, 1))
    slope = 100 * np.abs(high - low) / np.maximum(long, _LEAST_RUN_M)
    said = "；沿线坡度约{:.0f}%（DEM推算）" if language == "zh" else "; slope about {:.0f} % (DEM)"
    told = [
        text if np.isnan(one) else f"{text}{said.format(one)}"
        for text, one in zip(ways.table["evidence"], slope, strict=True)
    ]
    walkable = ways.table["competes"].to_numpy(dtype=bool) & ~(slope >= TOO_STEEP_PCT)
    return replace(ways, table=ways.table.assign(evidence=told, competes=walkable))


def _confirmed(
    waist: Waist,
    standard: Standard,
    ways: Ways,
    ends: Mapping[str, NDArray[np.float64]],
    estates: Mapping[str, str],
) -> Ways:
    """Search anew with all links open, and keep only whom that brings inside."""
    if len(ways) == 0:
        return ways
    gates = ways.table[ways.table["way_id"].isin(list(estates))]
    opened = with_opened(
        waist,
        standard,
        links=np.array(list(ends.values())).reshape(-1, 2, 2),
        gates=gate_rows(
            np.asarray(gates.geometry.to_numpy(), dtype=object),
            [estates[way] for way in gates["way_id"]],
            list(gates["way_id"]),
            waist.network.crs,
        ),
    )
    inside: dict[str, NDArray[np.bool_]] = {}
    for name in sorted({name for served in ways.serves.values() for name in served}):
        one = standard.requirement(name)
        found = reach_of(one, opened.homes, opened.facilities, opened.network)
        inside[name] = found.covered
    serves = {
        way: {
            name: kept
            for name, rows in served.items()
            for kept in [rows[inside[name][rows]]]
            if len(kept)
        }
        for way, served in ways.serves.items()
    }
    table = ways.table[[bool(serves[way]) for way in ways.table["way_id"]]]
    return Ways(
        table=table.reset_index(drop=True),
        serves={way: serves[way] for way in table["way_id"]},
    )


def ground_of(waist: Waist) -> LinkGround:
    """
    Gather what a link can run into.

    Parameters
    ----------
    waist
        The survey's tables and what offices say of land.

    Returns
    -------
    ground
        The map's ground and the land survey's, buildings, barriers, estates, protected land.
    """
    survey, land = waist.survey, waist.land
    cover = [] if land.cover is None else [land.cover]
    return LinkGround(
        buildings=survey["buildings"],
        barriers=survey["barriers"],
        ground=(survey["ground"], *cover),
        protected=_shapes(land.protected),
        estates=_shapes(survey.get("estates")),
        compounds=waist.compounds,
    )


def estate_names(waist: Waist) -> dict[str, str]:
    """
    Name the estates.

    Parameters
    ----------
    waist
        The survey's estates.

    Returns
    -------
    names
        Estate id to name, the id where there is none.
    """
    estates = waist.survey.get("estates")
    if estates is None:
        return {}
    named = estates["name"].where(estates["name"].notna(), estates["estate_id"])
    return dict(zip(estates["estate_id"], named.astype(str), strict=True))


def _shapes(table: gpd.GeoDataFrame | None) -> NDArray[np.object_]:
    if table is None:
        return np.empty(0, dtype=object)
    return np.asarray(table.geometry.to_numpy(), dtype=object)
