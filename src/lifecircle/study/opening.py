"""A study's streets with more gates or links: what is pinned to them is pinned anew."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS

from lifecircle.errors import LifecircleWarning
from lifecircle.network.compounds import enclose
from lifecircle.network.linking import with_links
from lifecircle.places.upper_areas import with_area_ids
from lifecircle.reach.matrix import modes_of
from lifecircle.standards import Standard
from lifecircle.study.joins import Joins
from lifecircle.study.pinning import pinned_facilities, pinned_homes
from lifecircle.study.units import with_proposed
from lifecircle.study.waist import Waist
from lifecircle.tables import ESTATES, GATES, check, empty


def with_opened(
    waist: Waist,
    standard: Standard,
    *,
    links: NDArray[np.float64] | None = None,
    gates: gpd.GeoDataFrame | None = None,
) -> Waist:
    """
    Open straight footpaths between streets, and gates of closed estates.

    Parameters
    ----------
    waist
        The study as it is; not changed.
    standard
        What is asked, which says who else than walkers is pinned.
    links
        Ends of each link [m], shape (k, 2, 2).
    gates
        Rows of `tables.GATES` in the waist's system, only where some estate is known.

    Returns
    -------
    waist
        With them in use; communities, units and estates are as they were.
    """
    joins = waist.joins
    if links is not None and len(links):
        joins = replace(joins, whole=with_links(joins.whole, links[:, 0], links[:, 1]))
    if gates is not None and joins.gates is not None and len(gates):
        rows = pd.concat([joins.gates.gates, gates], ignore_index=True)
        used = gpd.GeoDataFrame(rows, crs=gates.crs)
        joins = replace(joins, gates=replace(joins.gates, gates=used))
    return _pinned_anew(waist, standard, joins)


def gate_rows(
    places: NDArray[np.object_], estates: Sequence[str], ids: Sequence[str], crs: CRS
) -> gpd.GeoDataFrame:
    """
    Write gates as a survey has them.

    Parameters
    ----------
    places
        Points in the walls.
    estates, ids
        The estate of each, and what it is called.
    crs
        Their system.

    Returns
    -------
    gates
        `tables.GATES`.
    """
    table = {name: [None] * len(ids) for name in GATES.columns} | {
        "gate_id": list(ids),
        "kind": ["gate"] * len(ids),
        "estate_id": list(estates),
    }
    return check(gpd.GeoDataFrame(table, geometry=places, crs=crs), GATES, where="gates")


def _pinned_anew(waist: Waist, standard: Standard, joins: Joins) -> Waist:
    """Close the estates on changed streets, and pin homes and facilities to them."""
    crs = waist.network.crs
    compounds = enclose(
        joins.whole,
        empty(ESTATES, crs) if joins.estates is None else joins.estates,
        empty(GATES, crs) if joins.gates is None else joins.gates.gates,
    )
    modes = modes_of(standard.requirements)
    with warnings.catch_warnings():  # today's run has said all of it
        warnings.simplefilter("ignore", LifecircleWarning)
        facilities, entrances = pinned_facilities(
            waist.facilities.table.copy(),
            waist.survey,
            compounds,
            waist.obstacles,
            with_area_ids(waist.communities),
            waist.leg_factor,
            modes,
            None,
        )
    with_proposed(waist.units, facilities.table)
    homes = pinned_homes(
        waist.homes.table,
        compounds,
        waist.obstacles,
        area=waist.area,
        extent=waist.extent,
        leg_factor=waist.leg_factor,
        modes=modes,
    )
    return replace(
        waist,
        joins=replace(joins, compounds=compounds),
        compounds=compounds,
        homes=homes,
        facilities=facilities,
        entrances=entrances,
    )
