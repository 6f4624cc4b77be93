"""A study's streets with one more gate or link: what is pinned to them is pinned anew."""

from __future__ import annotations

import warnings
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

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
from lifecircle.tables import ESTATES, GATES, empty


def with_opened_links(
    waist: Waist, standard: Standard, start_xy: NDArray[np.float64], end_xy: NDArray[np.float64]
) -> Waist:
    """
    Open straight footpaths between streets.

    Parameters
    ----------
    waist
        The study as it is; not changed.
    standard
        What is asked, which says who else than walkers is pinned.
    start_xy, end_xy
        Ends of each link [m], shape (k, 2) each.

    Returns
    -------
    waist
        With the links in its streets; communities, units and estates are as they were.
    """
    joins = replace(waist.joins, whole=with_links(waist.joins.whole, start_xy, end_xy))
    return _pinned_anew(waist, standard, joins)


def with_opened_gate(waist: Waist, standard: Standard, gate: gpd.GeoDataFrame) -> Waist:
    """
    Open one more gate of a closed estate.

    Parameters
    ----------
    waist
        The study as it is; not changed.
    standard
        What is asked.
    gate
        One row of `tables.GATES` in the waist's system.

    Returns
    -------
    waist
        With the gate in use.
    """
    joins = waist.joins
    if joins.gates is None:
        raise ValueError("a study without estates has no gates")
    rows = pd.concat([joins.gates.gates, gate], ignore_index=True)
    gates = replace(joins.gates, gates=gpd.GeoDataFrame(rows, crs=gate.crs))
    return _pinned_anew(waist, standard, replace(joins, gates=gates))


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
