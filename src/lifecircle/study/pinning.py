"""Points, facilities and homes to pins by the rules of closed estates and obstacles."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.errors import FarFromStreetWarning
from lifecircle.network.compounds import Compounds
from lifecircle.network.pins import GATE_OPENS_M, LEG_FACTOR, Pins, pin_points
from lifecircle.network.walks import Ends
from lifecircle.places.communities import community_of
from lifecircle.places.facilities import entrances_of
from lifecircle.reach.matrix import Pinned
from lifecircle.tables import FACILITIES, HOMES, check
from lifecircle.walk import Mode


def pin_by_rules(
    compounds: Compounds,
    points: NDArray[np.object_],
    compound: NDArray[np.int32],
    obstacles: NDArray[np.object_],
    leg_factor: float = LEG_FACTOR,
    *,
    mode: Mode = "foot",
) -> Pins:
    """
    Pin points by the rules of closed estates and obstacles.

    Parameters
    ----------
    compounds
        Streets and closed estates.
    points
        Shapely points, shape (n,).
    compound
        Closed estate each point lies in, -1 in none, shape (n,).
    obstacles
        Lines that legs should not cross.
    leg_factor
        Walk inside a closed estate without paths over the straight line to its gate.
    mode
        Whose streets the points are pinned to.

    Returns
    -------
    pins
        The points on the streets.
    """
    gates = pin_points(
        compounds.network,
        shapely.points(compounds.gate_xy),
        mode=mode,
        obstacles=obstacles,
        opens_m=GATE_OPENS_M,
    )
    return pin_points(
        compounds.network,
        points,
        mode=mode,
        obstacles=obstacles,
        compound=compound,
        gate_pins=gates,
        gate_compound=compounds.gate_compound,
        gate_xy=compounds.gate_xy,
        leg_factor=leg_factor,
    )


def pinned_facilities(
    table: gpd.GeoDataFrame,
    survey: Mapping[str, gpd.GeoDataFrame],
    compounds: Compounds,
    obstacles: NDArray[np.object_],
    communities: gpd.GeoDataFrame,
    leg_factor: float,
    modes: tuple[Mode, ...],
    promised: gpd.GeoDataFrame | None,
) -> tuple[Pinned, gpd.GeoDataFrame]:
    """
    Pin facilities by their entrances, and say which community and estate each lies in.

    Parameters
    ----------
    table
        `tables.FACILITIES`.
    survey
        Given entrances, doors, gates and estates.
    compounds
        Streets and closed estates.
    obstacles
        Lines that legs should not cross.
    communities
        `tables.COMMUNITIES` with the ids of areas above them.
    leg_factor
        Walk inside a closed estate without paths over the straight line to its gate.
    modes
        Who else than walkers is asked for.
    promised
        Facilities a plan has to provide, beside the table.

    Returns
    -------
    facilities, entrances
        The rows by id where some are promised, else in their order; `FACILITY_ENTRANCES`.

    Warns
    -----
    FarFromStreetWarning
        If facilities of the area stand on no street.
    """
    if promised is not None:
        both = pd.concat([table, promised]).sort_values("facility_id", kind="stable")
        frame = gpd.GeoDataFrame(both.reset_index(drop=True), crs=compounds.network.crs)
        table = check(frame, FACILITIES, where="facilities")
    entrances = entrances_of(
        table,
        given=survey.get("facility_entrances"),
        doors=survey["doors"],
        gates=survey["gates"],
        network=compounds.network,
    )
    points = entrances.geometry.to_numpy()
    inner = shapely.point_on_surface(table.geometry.to_numpy())
    compound = compounds.locate(inner)
    rows = table.set_index("facility_id").index.get_indexer(entrances["facility_id"])
    doors = compounds.locate(points)
    pins = pin_by_rules(compounds, points, doors, obstacles, leg_factor)
    others = {
        mode: pin_by_rules(compounds, points, doors, obstacles, leg_factor, mode=mode)
        for mode in modes
    }
    at = community_of(inner, communities)
    for column in ("community_id", "subdistrict", "unit_id"):
        table[column] = taken(communities[column].to_numpy(dtype=object), at)
    table["estate_id"] = estate_of(inner, survey)
    facilities = Pinned(
        table=table,
        ends=Ends(n=len(table), row=rows.astype(np.int32), pins=pins, others=others),
        compound=compound,
    )
    pinned = np.zeros(len(table), dtype=bool)
    pinned[rows[pins.point]] = True
    inside = at >= 0
    if (~pinned & inside).any():
        lost = table.loc[~pinned & inside, "facility_id"]
        warnings.warn(
            "facilities on no street within 200 m, or on an island of streets, counted as "
            f"reached by nobody: {len(lost)} ({', '.join(lost.head(5))})",
            FarFromStreetWarning,
            stacklevel=3,
        )
    return facilities, entrances


def pinned_homes(
    table: gpd.GeoDataFrame,
    compounds: Compounds,
    obstacles: NDArray[np.object_],
    *,
    area: shapely.Geometry,
    extent: shapely.Geometry,
    leg_factor: float,
    modes: tuple[Mode, ...],
) -> Pinned:
    """
    Pin homes and say which of them can be judged.

    Parameters
    ----------
    table
        `tables.HOMES`; not changed.
    compounds
        Streets and closed estates.
    obstacles
        Lines that legs should not cross.
    area, extent
        Outline of the study area, and of where the data are complete.
    leg_factor
        Walk inside a closed estate without paths over the straight line to its gate.
    modes
        Who else than walkers is asked for.

    Returns
    -------
    homes
        The rows in their order with ``status`` and ``pin_leg_m``.
    """
    points = table.geometry.to_numpy()
    compound = compounds.locate(points)
    pins = pin_by_rules(compounds, points, compound, obstacles, leg_factor)
    others = {
        mode: pin_by_rules(compounds, points, compound, obstacles, leg_factor, mode=mode)
        for mode in modes
    }
    status = pins.status.copy()
    status[~shapely.intersects(extent, points)] = "edge"
    status[~shapely.intersects(area, points)] = "outside"
    table = check(table.assign(status=status, pin_leg_m=pins.nearest_leg_m), HOMES, where="homes")
    return Pinned(table=table, ends=Ends.single(pins, others), compound=compound)


def estate_of(
    points: NDArray[np.object_], survey: Mapping[str, gpd.GeoDataFrame]
) -> NDArray[np.object_]:
    """
    Name the estate each point lies in, open ones too; where two overlap the lower id.

    Parameters
    ----------
    points
        Shapely points, shape (n,).
    survey
        With ``estates`` where there are any.

    Returns
    -------
    estate_id
        None in none, shape (n,).
    """
    estates = survey.get("estates")
    if estates is None or len(estates) == 0:
        return np.full(len(points), None, dtype=object)
    ordered = estates.sort_values("estate_id", kind="stable")
    ids = ordered["estate_id"].to_numpy(dtype=object)
    return taken(ids, community_of(points, ordered))


def taken(values: NDArray[np.object_], at: NDArray[np.int32]) -> NDArray[np.object_]:
    """
    Look values up by row.

    Parameters
    ----------
    values
        Shape (k,).
    at
        Rows, -1 for none, shape (n,).

    Returns
    -------
    found
        None where there is no row, shape (n,).
    """
    found = np.full(len(at), None, dtype=object)
    found[at >= 0] = values[at[at >= 0]]
    return found
