"""
What competes for a site, in one table: land, rooms, and ways that need neither.

Rows of land and rooms come first; a way stands at the point it is done at and takes no room.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.network.compounds import Compounds
from lifecircle.network.pins import Pins, pin_points
from lifecircle.network.walks import Ends
from lifecircle.reach.matrix import Pinned
from lifecircle.siting.ways import Ways, no_ways
from lifecircle.walk import Mode

_EFFORT = {"share": 0.0, "gate": 1.0, "extension": 2.0, "stock_room": 3.0}
_LAND = 4.0


@dataclass(frozen=True, kw_only=True)
class Places:
    """
    Candidate land and rooms, then ways.

    Parameters
    ----------
    table
        `tables.PARCELS` of land and rooms, then one row per way: its id, its kind, its community
        and its point. With ``subdistrict`` and ``unit_id`` as far as homes say them.
    ways
        The ways, in the order of the last rows.
    """

    table: gpd.GeoDataFrame
    ways: Ways

    def __len__(self) -> int:
        return len(self.table)

    @property
    def land(self) -> gpd.GeoDataFrame:
        """Land and rooms alone."""
        return self.table.iloc[: len(self.table) - len(self.ways)]

    @property
    def is_way(self) -> NDArray[np.bool_]:
        """Which rows are ways, shape (rows,)."""
        return np.arange(len(self.table)) >= len(self.table) - len(self.ways)

    @property
    def is_gate(self) -> NDArray[np.bool_]:
        """Which rows are links to open, shape (rows,): no service stands there."""
        return np.asarray(self.is_way & (self.table["kind"] == "gate").to_numpy(), dtype=bool)

    @property
    def effort(self) -> NDArray[np.float64]:
        """
        How much each row takes, shape (rows,).

        A shared place takes least, then a link, an extension, a room, and land most.
        """
        kinds = self.table["kind"].map(_EFFORT).fillna(_LAND)
        return np.asarray(kinds.to_numpy(dtype=np.float64))


def places_of(parcels: gpd.GeoDataFrame, ways: Ways | None, homes: pd.DataFrame) -> Places:
    """
    Put what competes into one table.

    Parameters
    ----------
    parcels
        `tables.PARCELS`; those refused or in doubt are left out.
    ways
        Ways; those that do not compete are left out.
    homes
        `tables.HOMES`, which say the subdistrict and the unit of each community.

    Returns
    -------
    places
        What the planner listed before what the map only suggests, by id: ties go to the first.
    """
    free = parcels[parcels["status"].isna() | (parcels["status"] == "candidate")]
    rank = free["origin"].map({"listed": 0, "surveyed": 1, "tagged": 2, "residual": 3})
    table = free.assign(rank=rank).sort_values(["rank", "parcel_id"], kind="stable")
    table = table.drop(columns="rank").reset_index(drop=True)
    if ways is None:
        return Places(table=with_areas(table, homes), ways=no_ways(parcels.crs))
    keep = ways.table["competes"].eq(True).to_numpy(dtype=bool)  # noqa: FBT003 - missing is not
    held = ways.table[keep].sort_values("way_id", kind="stable").reset_index(drop=True)
    ids = set(held["way_id"])
    chosen = Ways(
        table=held, serves={name: rows for name, rows in ways.serves.items() if name in ids}
    )
    if len(held):
        rows = held.rename(columns={"way_id": "parcel_id"})
        rows = rows[["parcel_id", "name", "kind", "community_id", "geometry"]]
        rows = rows.reindex(columns=table.columns)
        both = pd.concat([table, rows], ignore_index=True) if len(table) else rows
        table = gpd.GeoDataFrame(both, geometry="geometry", crs=parcels.crs)
    return Places(table=with_areas(table, homes), ways=chosen)


def with_areas(table: gpd.GeoDataFrame, homes: pd.DataFrame) -> gpd.GeoDataFrame:
    """
    Say of each place which subdistrict and unit its community is of.

    Parameters
    ----------
    table
        Places with ``community_id``; not changed.
    homes
        `tables.HOMES`.

    Returns
    -------
    table
        With ``subdistrict`` and ``unit_id`` as far as homes know them.
    """
    known = homes.dropna(subset=["community_id"]).drop_duplicates("community_id")
    known = known.set_index("community_id")
    areas = {
        name: table["community_id"].map(known[name]).astype(object)
        for name in ("subdistrict", "unit_id")
        if name in known
    }
    return table.assign(**areas)


def pinned_places(
    places: Places,
    compounds: Compounds,
    obstacles: NDArray[np.object_],
    modes: tuple[Mode, ...],
) -> Pinned:
    """
    Put the places on the streets.

    Parameters
    ----------
    places
        The places.
    compounds
        Streets and closed estates.
    obstacles
        Lines that legs should not cross.
    modes
        Who else than walkers comes.

    Returns
    -------
    pinned
        One point each: inside a parcel, or where a way is done.
    """
    points = shapely.point_on_surface(places.table.geometry.to_numpy())
    compound = compounds.locate(points)

    def pinned(mode: Mode) -> Pins:
        return pin_points(
            compounds.network, points, mode=mode, obstacles=obstacles, compound=compound
        )

    ends = Ends.single(pinned("foot"), {mode: pinned(mode) for mode in modes})
    return Pinned(table=places.table, ends=ends, compound=compound)


def site_id_of(place: object) -> str:
    """Name a site by its parcel or way: the same from run to run."""
    return f"s{hashlib.sha256(str(place).encode()).hexdigest()[:12]}"
