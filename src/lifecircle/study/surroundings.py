"""What lies around a study's homes and can explain a missing walk, with names to tell it by."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifecircle.gaps.reasons import Surroundings
from lifecircle.network.streets import StreetNetwork
from lifecircle.study.waist import Waist


def surroundings_of(waist: Waist) -> Surroundings:
    """
    Gather the border of the data, barriers, ground and what barriers are told by.

    Parameters
    ----------
    waist
        Streets, homes and what the files say around them.

    Returns
    -------
    surroundings
        Mapped barriers with the outlines of closed estates; named estates, grounds and streets.
    """
    ground = waist.survey["ground"][["kind", "name", "geometry"]]
    return Surroundings(
        extent=waist.extent,
        barriers=_barriers(waist),
        ground=ground,
        landmarks=_landmarks(waist, ground),
    )


def _barriers(waist: Waist) -> gpd.GeoDataFrame:
    """Gather what can stand between a home and a facility: mapped barriers, closed estates."""
    barriers = waist.survey["barriers"][["kind", "name", "geometry"]]
    if "estates" not in waist.survey:
        return barriers
    estates = waist.survey["estates"]
    closed = estates[estates["estate_id"].isin(waist.compounds.estate_id)]
    walls = gpd.GeoDataFrame(
        {"kind": "estate", "name": closed["name"]},
        geometry=shapely.boundary(closed.geometry.to_numpy()),
        crs=barriers.crs,
    )
    return gpd.GeoDataFrame(pd.concat([barriers, walls], ignore_index=True), crs=barriers.crs)


def _landmarks(waist: Waist, ground: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    parts = [ground.assign(kind="ground"), _named_streets(waist.compounds.network)]
    if "estates" in waist.survey:
        parts.append(waist.survey["estates"][["name", "geometry"]].assign(kind="estate"))
    named = [part[part["name"].map(_is_name).to_numpy(dtype=bool)] for part in parts]
    return gpd.GeoDataFrame(
        pd.concat([part[["kind", "name", "geometry"]] for part in named], ignore_index=True),
        crs=ground.crs,
    )


def _named_streets(network: StreetNetwork) -> gpd.GeoDataFrame:
    names = network.edges["name"].to_numpy(dtype=object)
    rows = np.flatnonzero([_is_name(name) for name in names])
    return gpd.GeoDataFrame(
        {"kind": "street", "name": names[rows]}, geometry=network.lines[rows], crs=network.crs
    )


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
