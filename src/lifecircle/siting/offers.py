"""What land and rooms offer: who could be brought inside by what, before anything is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.config import SitingSection
from lifecircle.gaps.diagnosis import Gaps
from lifecircle.network.compounds import Compounds
from lifecircle.network.pins import Pins, pin_points
from lifecircle.network.walks import Ends
from lifecircle.reach.matrix import Pinned, Reach, modes_of
from lifecircle.siting.options import Demands, Options, demands_of, options_of
from lifecircle.standards import Requirement, Standard
from lifecircle.walk import Mode


@dataclass(frozen=True, kw_only=True)
class Offer:
    """
    What there was to choose from.

    Parameters
    ----------
    parcels, pinned
        Land and rooms that may be proposed, and where they stand on the streets.
    wanted
        Requirements that fall short and that one new place can meet.
    demands
        Uncovered people of the communities that fall short, by home and requirement.
    options
        Each type on each parcel that has room for it, with the demands it would cover.
    """

    parcels: gpd.GeoDataFrame
    pinned: Pinned
    wanted: tuple[Requirement, ...]
    demands: Demands
    options: Options


def offer_of(
    standard: Standard,
    wanted: tuple[Requirement, ...],
    reaches: Mapping[str, Reach],
    gaps: Gaps,
    parcels: gpd.GeoDataFrame,
    *,
    homes: Pinned,
    compounds: Compounds,
    obstacles: NDArray[np.object_],
) -> Offer | None:
    """
    Find what land and rooms offer, where nothing is to be chosen.

    Parameters
    ----------
    standard
        The standard, with the room each type needs.
    wanted
        Requirements that fall short and that one new place can meet.
    reaches
        Requirement id to who reaches what today.
    gaps
        What falls short.
    parcels
        `tables.PARCELS`.
    homes
        Where people live, pinned.
    compounds
        Streets and closed estates.
    obstacles
        Lines that legs should not cross.

    Returns
    -------
    offer
        What could be built where, and for whom; None where there is no land.
    """
    open_ones = parcels[parcels["status"].isna() | (parcels["status"] == "candidate")]
    table = open_ones.sort_values("parcel_id", kind="stable").reset_index(drop=True)
    if len(table) == 0:
        return None
    pinned = pinned_places(table, compounds, obstacles, modes_of(standard.requirements))
    everybody = SitingSection()
    demands = (
        demands_of(wanted, gaps, reaches, homes, everybody)
        if wanted
        else Demands(home=np.empty(0, int), requirement=np.empty(0, np.int32), weight=np.empty(0))
    )
    options = options_of(standard, wanted, demands, table, pinned, homes, compounds)
    return Offer(parcels=table, pinned=pinned, wanted=wanted, demands=demands, options=options)


def pinned_places(
    table: gpd.GeoDataFrame,
    compounds: Compounds,
    obstacles: NDArray[np.object_],
    modes: tuple[Mode, ...],
) -> Pinned:
    """
    Pin shapes to the streets by a point in each.

    Parameters
    ----------
    table
        The shapes.
    compounds
        Streets and closed estates.
    obstacles
        Lines that legs should not cross.
    modes
        Who else than walkers asks for them.

    Returns
    -------
    pinned
        The table on the streets.
    """
    points = shapely.point_on_surface(table.geometry.to_numpy())
    compound = compounds.locate(points)

    def pinned(mode: Mode) -> Pins:
        return pin_points(
            compounds.network, points, mode=mode, obstacles=obstacles, compound=compound
        )

    ends = Ends.single(pinned("foot"), {mode: pinned(mode) for mode in modes})
    return Pinned(table=table, ends=ends, compound=compound)
