"""From waist tables to warnings: what is doubtful, how many it concerns, what follows."""

from __future__ import annotations

import warnings

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.errors import BoundaryWarning, FarFromStreetWarning, MissingDataWarning
from lifecircle.network.pins import Pins
from lifecircle.network.streets import StreetNetwork
from lifecircle.reach.matrix import usable_facilities
from lifecircle.standards import Standard


def warn_of_homes(homes: gpd.GeoDataFrame, network: StreetNetwork) -> None:
    """
    Warn of homes that are off the network or beyond the data.

    Parameters
    ----------
    homes
        `tables.HOMES`.
    network
        The streets.
    """
    parts = len(np.unique(network.component[network.edge_node[network.walkable]]))
    islands = len(np.unique(network.component[network.island_nodes]))
    consequence = {
        "far": "farther than 200 m from any street, counted as not covered",
        "island": "on an island of streets, counted as not covered",
        "edge": "beyond the data, marked as edge",
        "outside": "outside the study area, counted for no community",
    }
    for status, what in consequence.items():
        rows = homes["status"] == status
        if rows.any():
            people = homes.loc[rows, "people"].sum()
            more = f"; {islands} of {parts} parts of the streets are islands"
            warnings.warn(
                f"homes {what}: {rows.sum():,}, with {people:,.0f} people"
                f"{more if status == 'island' else ''}",
                FarFromStreetWarning if status in ("far", "island") else BoundaryWarning,
                stacklevel=4,
            )


def warn_of_crossing_legs(
    homes: gpd.GeoDataFrame,
    compound: NDArray[np.int32],
    pins: Pins,
    *,
    network: StreetNetwork,
    obstacles: NDArray[np.object_],
) -> None:
    """
    Warn of homes every street near which lies beyond a railway, water, a wall or a motorway.

    Parameters
    ----------
    homes
        `tables.HOMES`.
    compound
        Closed estate each home lies in, -1 in none, shape (homes,).
    pins
        The homes on the streets: of one home's legs all cross, or none does.
    network
        The streets.
    obstacles
        Lines that legs should not cross.
    """
    point, first = np.unique(pins.point, return_index=True)
    plain = (compound[point] < 0) & (homes["status"].to_numpy(dtype=object)[point] == "ok")
    point, first = point[plain], first[plain]
    if len(point) == 0 or len(obstacles) == 0:
        return
    foot = shapely.line_interpolate_point(
        network.lines[pins.edge[first]], pins.share[first], normalized=True
    )
    legs = shapely.shortest_line(homes.geometry.to_numpy()[point], foot)
    over = np.unique(shapely.STRtree(obstacles).query(legs, predicate="crosses")[0])
    if len(over):
        people = homes["people"].to_numpy(dtype=np.float64)[point[over]].sum()
        warnings.warn(
            "homes every street within 200 m of which lies beyond a railway, water, a wall or a "
            f"motorway: {len(over):,}, with {people:,.0f} people; they are taken to get there",
            FarFromStreetWarning,
            stacklevel=4,
        )


def warn_of_services(standard: Standard, facilities: gpd.GeoDataFrame) -> None:
    """
    Warn of services without any facility that can be used today.

    Parameters
    ----------
    standard
        The standard.
    facilities
        `tables.FACILITIES`.
    """
    usable = facilities[usable_facilities(facilities)]
    missing = [one for one in standard.services if not (usable["service"] == one).any()]
    if missing:
        warnings.warn(
            f"no facility of {', '.join(missing)} is in the data",
            MissingDataWarning,
            stacklevel=3,
        )


def warn_of_estates(
    without_gates: tuple[str, ...], unknown: tuple[str, ...], homes: gpd.GeoDataFrame
) -> None:
    """
    Warn of closed estates nobody knows a gate of.

    Parameters
    ----------
    without_gates
        Their ids.
    unknown
        Ids of those that no street leads into either.
    homes
        `tables.HOMES`, each with its estate.
    """
    if without_gates:
        people = homes.loc[homes["estate_id"].isin(without_gates), "people"].sum()
        warnings.warn(
            f"closed estates without a known gate: {len(without_gates)} "
            f"({', '.join(without_gates[:5])}), with {people:,.0f} people; every street "
            "across their outline is taken as one, and from those no street leads into "
            f"({len(unknown)}) homes walk straight to the streets around",
            MissingDataWarning,
            stacklevel=3,
        )


def warn_of_legs(
    homes: gpd.GeoDataFrame,
    compound: NDArray[np.int32],
    *,
    network: StreetNetwork,
    factor: float,
) -> None:
    """
    Warn of homes whose way inside a closed estate is not known.

    Parameters
    ----------
    homes
        `tables.HOMES`.
    compound
        Closed estate each home lies in, -1 in none, shape (homes,).
    network
        The streets.
    factor
        What the straight line to a gate is taken times.
    """
    with_paths = np.unique(network.edge_compound[network.walkable])
    rows = (compound >= 0) & ~np.isin(compound, with_paths)
    rows &= (homes["status"] != "outside").to_numpy()
    if not rows.any():
        return
    inside = (homes["status"] != "outside").to_numpy()
    people = homes["people"].to_numpy(dtype=np.float64)
    everybody = people[inside].sum()
    share = people[rows].sum() / everybody if everybody > 0 else rows.sum() / inside.sum()
    warnings.warn(
        f"closed estates without known paths inside: {len(np.unique(compound[rows])):,}; the way "
        f"of {rows.sum():,} homes, with {people[rows].sum():,.0f} people ({share:.1%}), to the "
        f"gates is taken as {factor:g} times the straight line",
        MissingDataWarning,
        stacklevel=3,
    )
