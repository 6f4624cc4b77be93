"""
Whom every candidate could bring inside, with walks a little beyond the limit.

What is told of a choice is read off here: its curve, how steady it is, which wishes stay open.
Nothing is searched anew for each question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.network.compounds import Compounds
from lifecircle.network.pins import pin_points
from lifecircle.network.walks import Ends, Matrix
from lifecircle.reach.matrix import Pinned, limit_units
from lifecircle.siting.options import accepts, fitting, need_m2, room_m2, router_of
from lifecircle.siting.ways import Ways
from lifecircle.standards import Requirement, Standard
from lifecircle.walk import Mode

BEYOND = 1.25
"""Walks are kept up to this many times the limit: what a faster walker could still reach (P)."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Brought:
    """
    Candidates, what has room on them, and who lives how far.

    Parameters
    ----------
    wanted
        The requirements that are asked about.
    ids
        Ids of parcels, then of ways, shape (candidates,).
    parcels
        How many of them are parcels.
    room
        Room on each [m²], infinite on a way, shape (candidates,).
    groups
        Which requirements a group of types answers, shape (groups, requirements).
    need
        Room the smallest type of a group takes on a candidate that it fits on [m²], infinite where
        none fits, shape (candidates, groups). Its size is not compared with the room.
    smallest
        The same wherever the shape of the land would let it fit, tiers apart, shape (candidates,
        groups).
    ptr
        Walks of candidate ``c`` for requirement ``r`` are ``ptr[c * len(wanted) + r]`` to the next.
    home, cost
        Row of the home, and the walk in the integers of `limit_units`, shape (walks,).
    own
        Whether the candidate may serve that home, shape (walks,).
    """

    wanted: tuple[Requirement, ...]
    ids: NDArray[np.object_]
    parcels: int
    room: NDArray[np.float64]
    groups: NDArray[np.bool_]
    need: NDArray[np.float64]
    smallest: NDArray[np.float64]
    ptr: NDArray[np.int64]
    home: NDArray[np.int32]
    cost: NDArray[np.int32]
    own: NDArray[np.bool_]

    @property
    def limits(self) -> NDArray[np.int64]:
        """Limit of each requirement, in the unit of `cost`."""
        return np.array([limit_units(one) for one in self.wanted], dtype=np.int64)

    def homes(self, candidate: int, requirement: int) -> NDArray[np.int32]:
        """
        List the homes within the limit that a candidate may serve.

        Parameters
        ----------
        candidate, requirement
            Their places.

        Returns
        -------
        homes
            Rows.
        """
        at = candidate * len(self.wanted) + requirement
        part = slice(self.ptr[at], self.ptr[at + 1])
        near = (self.cost[part] <= self.limits[requirement]) & self.own[part]
        return np.asarray(self.home[part][near], dtype=np.int32)


def pin_candidates(
    parcels: gpd.GeoDataFrame,
    compounds: Compounds,
    obstacles: NDArray[np.object_],
    modes: tuple[Mode, ...],
) -> Pinned:
    """
    Put parcels on the streets, each with a point inside it.

    Parameters
    ----------
    parcels
        `tables.PARCELS`.
    compounds
        Streets and closed estates.
    obstacles
        Lines that legs should not cross.
    modes
        Who else than walkers is asked for.

    Returns
    -------
    pinned
        The rows in their order.
    """
    points = shapely.point_on_surface(parcels.geometry.to_numpy())
    compound = compounds.locate(points)
    foot, *others = (
        pin_points(compounds.network, points, mode=mode, obstacles=obstacles, compound=compound)
        for mode in ("foot", *modes)
    )
    ends = Ends.single(foot, dict(zip(modes, others, strict=True)))
    return Pinned(table=parcels, ends=ends, compound=compound)


def brought(
    standard: Standard,
    wanted: tuple[Requirement, ...],
    pinned: Pinned,
    ways: Ways,
    *,
    asked: Mapping[str, NDArray[np.bool_]],
    homes: Pinned,
    compounds: Compounds,
) -> Brought:
    """
    Search from every candidate once per kind of walk.

    Parameters
    ----------
    standard
        The standard, with the room each type needs.
    wanted
        The requirements asked about; none that counts several places.
    pinned
        `tables.PARCELS` on the streets.
    ways
        What needs no land; those that only are listed are left out.
    asked
        Requirement id to the homes of interest, shape (homes,).
    homes
        Where people live.
    compounds
        Streets and closed estates.

    Returns
    -------
    brought
        Parcels in their order, then ways in theirs.
    """
    competing = ways.table[ways.table["competes"].astype(bool)] if len(ways) else ways.table
    n, count = len(pinned), len(wanted)
    groups = _groups(standard, wanted)
    blocks: list[list[NDArray[np.int32]]] = []
    sizes = np.zeros((n + len(competing), count), dtype=np.int64)
    known: dict[object, Matrix] = {}
    for place, one in enumerate(wanted):
        key = (one.profile, one.minutes, one.limit_m, one.direction)
        if key not in known:
            known[key] = router_of(one, compounds).matrix(
                homes.ends,
                pinned.ends,
                limit=int(limit_units(one) * BEYOND),
                from_facility=one.direction == "from_facility",
            )
        found = known[key]
        row = np.repeat(np.arange(n), np.diff(found.ptr))
        kept = asked[one.id][found.home]
        row, home, cost = row[kept], found.home[kept], found.cost[kept]
        own = _own(one, homes.table, pinned.table, home, row)
        sizes[:n, place] = np.bincount(row, minlength=n)
        for at, name in enumerate(competing["way_id"]):
            served = ways.serves.get(str(name), {}).get(one.id, np.empty(0, dtype=np.int64))
            sizes[n + at, place] = len(served)
            home = np.concatenate([home, served]).astype(np.int32)
        more = len(home) - len(cost)
        cost = np.concatenate([cost, np.zeros(more)]).astype(np.int32)
        blocks.append([home.astype(np.int32), cost, np.append(own, np.ones(more)).astype(np.int32)])
    ptr, order = _woven(sizes)
    none = np.empty(0, dtype=np.int32)
    home, cost, own = (
        np.concatenate([none, *(block[part] for block in blocks)])[order] for part in range(3)
    )
    smallest = _smallest(standard, wanted, groups, pinned.table, tiers=False)
    allowed = _smallest(standard, wanted, groups, pinned.table, tiers=True)
    room = room_m2(pinned.table)
    every = np.full((len(competing), len(groups) + 1), np.inf)
    every[:, -1] = 0.0
    land = np.pad(np.where(allowed <= room[:, None], allowed, np.inf), ((0, 0), (0, 1)))
    land[:, -1] = np.inf
    return Brought(
        wanted=wanted,
        ids=np.concatenate([pinned.table["parcel_id"], competing["way_id"]]).astype(object),
        parcels=n,
        room=np.concatenate([room, np.full(len(competing), np.inf)]),
        groups=np.vstack([groups, np.ones((1, count), dtype=bool)]),
        need=np.vstack([land, every]),
        smallest=np.vstack(
            [np.hstack([smallest, np.full((n, 1), np.inf)]), np.full_like(every, np.inf)]
        ),
        ptr=ptr,
        home=home,
        cost=cost,
        own=own.astype(bool),
    )


def _groups(standard: Standard, wanted: tuple[Requirement, ...]) -> NDArray[np.bool_]:
    """List the different sets of requirements that types answer, shape (groups, requirements)."""
    sets = {tuple(accepts(asked, one) for asked in wanted) for one in standard.types}
    found = sorted((one for one in sets if any(one)), reverse=True)
    return np.array(found, dtype=bool).reshape(len(found), len(wanted))


def _smallest(
    standard: Standard,
    wanted: tuple[Requirement, ...],
    groups: NDArray[np.bool_],
    parcels: gpd.GeoDataFrame,
    *,
    tiers: bool,
) -> NDArray[np.float64]:
    """Find the room the smallest type of each group takes, where land and room suit it at all."""
    suits = fitting(standard, parcels, tiers=tiers)
    is_room = (parcels["kind"] == "stock_room").to_numpy()
    found = np.full((len(parcels), len(groups)), np.inf)
    for position, one in enumerate(standard.types):
        serving = np.array([accepts(asked, one) for asked in wanted], dtype=bool)
        group = np.flatnonzero((groups == serving).all(axis=1))
        if not serving.any() or not len(group):
            continue
        need = np.where(is_room, need_m2(one, in_room=True), need_m2(one, in_room=False))
        mine = np.where(suits[:, position], need, np.inf)
        found[:, group[0]] = np.minimum(found[:, group[0]], mine)
    return found


def _own(
    asked: Requirement,
    homes: pd.DataFrame,
    parcels: pd.DataFrame,
    home: NDArray[np.int32],
    row: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Say which parcels may serve which homes: those of their own area where that is asked."""
    column = {"community": "community_id", "subdistrict": "subdistrict", "unit": "unit_id"}
    key = column.get(asked.serves)
    if key is None:
        return np.ones(len(home), dtype=bool)
    above = homes.drop_duplicates("community_id").set_index("community_id", drop=False)[key]
    ours = homes[key].to_numpy(dtype=object)
    theirs = above.reindex(parcels["community_id"]).to_numpy(dtype=object)
    return np.asarray(ours[home] == theirs[row], dtype=bool)


def _woven(sizes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Order blocks by requirement as blocks by candidate and requirement."""
    ptr = np.concatenate([[0], np.cumsum(sizes.ravel())]).astype(np.int64)
    if not sizes.size:
        return ptr, np.empty(0, dtype=np.int64)
    start = np.concatenate([[0], np.cumsum(sizes.T.ravel())[:-1]])
    start = start.reshape(sizes.shape[1], sizes.shape[0]).T.ravel()
    count = sizes.ravel()
    shift = np.repeat(start - ptr[:-1], count)
    return ptr, (np.arange(ptr[-1]) + shift).astype(np.int64)
