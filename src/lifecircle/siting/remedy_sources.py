"""Whom land, rooms and ways would bring inside, requirement by requirement: one shape for all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle import geo
from lifecircle.places.asked import people_asked
from lifecircle.reach.matrix import Pinned
from lifecircle.siting.options import accepts, fitting, need_m2, room_m2
from lifecircle.siting.standing import Town, asked_of, brought_inside, one_short, short_of
from lifecircle.siting.ways import Ways
from lifecircle.standards import Requirement

_OF_WAY = {"share": "share", "gate": "open", "extension": "extend"}
_OF_PARCEL = {**_OF_WAY, "stock_room": "convert"}
_CONSENT = {"in_estate": "owners", "stock_room": "owner"}


@dataclass(frozen=True, kw_only=True)
class Found:
    """
    Homes that ways or parcels would bring inside for one requirement.

    Parameters
    ----------
    requirement
        The requirement.
    owner, home
        Row of what would do it and of the home, one entry per pair.
    types
        Row of what would do it to the types that would count.
    described
        One row per way or parcel: ``kind what way_id parcel_id facility_id name consent competes
        evidence lon lat``, as far as it has them.
    """

    requirement: Requirement
    owner: NDArray[np.int64]
    home: NDArray[np.int64]
    types: Mapping[int, str]
    described: pd.DataFrame


def of_land(town: Town, land: Pinned) -> Iterator[Found]:
    """
    Take whom each parcel would bring inside.

    Parameters
    ----------
    town
        Homes, facilities, streets and what falls short.
    land
        `tables.PARCELS` that may be built on, pinned.

    Yields
    ------
    found
        Once for each requirement that somebody would gain: by the type that brings most, the
        smallest of those that bring as many. Where several places are counted, homes that lack a
        single one.
    """
    parcels, types = land.table, town.standard.types
    if len(parcels) == 0:
        return
    described = _parcels(parcels)
    is_room = (parcels["kind"] == "stock_room").to_numpy()
    needs = np.array([[need_m2(one, in_room=bool(at)) for one in types] for at in is_room])
    fits = fitting(town.standard, parcels) & (needs <= room_m2(parcels)[:, None])
    everywhere = {one.id: short_of(one, town) for one in asked_of(town.standard, town.gaps)}
    counted = asked_of(town.standard, town.gaps, counted=True)
    for requirement in (*asked_of(town.standard, town.gaps), *counted):
        gains = (
            one_short(requirement, town)
            if requirement.counts
            else {one.id: everywhere[requirement.id] for one in types}
        )
        # A type of known size before one whose room is assumed.
        possible = [
            place
            for place, one in enumerate(types)
            if one.id in gains and accepts(requirement, one)
        ]
        possible.sort(
            key=lambda at: (types[at].site_min_m2 is None and types[at].floor_min_m2 is None, at)
        )
        if not possible:
            continue
        served = brought_inside(
            requirement,
            town.homes,
            land,
            town.compounds,
            short=np.logical_or.reduce([gains[types[at].id] for at in possible]),
            at=np.asarray(fits[:, possible].any(axis=1), dtype=bool),
        )
        people = np.nan_to_num(people_asked(town.homes.table, requirement))
        owner, home, chosen = [], [], {}
        for parcel, homes in served.items():
            best, most = homes[:0], 0.0
            for at in sorted(possible, key=lambda at: needs[parcel, at]):
                if not fits[parcel, at]:
                    continue
                mine = homes[gains[types[at].id][homes]]
                if people[mine].sum() > most:
                    best, most, chosen[parcel] = mine, people[mine].sum(), types[at].id
            owner.append(np.full(len(best), parcel))
            home.append(best)
        if owner:
            yield Found(
                requirement=requirement,
                owner=np.concatenate(owner),
                home=np.concatenate(home),
                types=chosen,
                described=described,
            )


def of_ways(town: Town, ways: Ways) -> Iterator[Found]:
    """
    Take whom each way would bring inside.

    Parameters
    ----------
    town
        What is asked.
    ways
        Sharing, extending and opening links.

    Yields
    ------
    found
        Once for each requirement that somebody would gain.
    """
    if len(ways) == 0:
        return
    table = ways.table
    raised = (table["what"] == "raise").to_numpy()
    described = pd.DataFrame(
        {
            "kind": np.where(raised, "upgrade", table["kind"].map(_OF_WAY)),
            **{name: table[name].to_numpy() for name in ("what", "way_id", "facility_id", "name")},
            **{name: table[name].to_numpy() for name in ("consent", "competes", "evidence")},
            **{name: table[name].to_numpy() for name in ("lon", "lat")},
        }
    )
    types = dict(enumerate(table["types"].fillna("").astype(str)))
    for requirement in town.standard.requirements:
        found = {
            row: ways.serves[name][requirement.id]
            for row, name in enumerate(table["way_id"])
            if requirement.id in ways.serves.get(name, {})
        }
        if found:
            yield Found(
                requirement=requirement,
                owner=np.repeat(list(found), [len(one) for one in found.values()]),
                home=np.concatenate(list(found.values())),
                types={row: types[row] for row in found},
                described=described,
            )


def _parcels(parcels: gpd.GeoDataFrame) -> pd.DataFrame:
    """Describe land and rooms as remedies."""
    kinds = parcels["kind"].map(_OF_PARCEL).fillna("new")
    points = shapely.point_on_surface(parcels.geometry.to_numpy())
    lonlat = geo.unproject(shapely.get_coordinates(points), parcels.crs)
    return pd.DataFrame(
        {
            "kind": kinds.to_numpy(),
            "what": parcels["kind"].to_numpy(),
            "parcel_id": parcels["parcel_id"].to_numpy(),
            "name": parcels["name"].to_numpy(),
            "consent": parcels["kind"]
            .map(_CONSENT)
            .mask(parcels["checks"].fillna("").str.contains("stilted"), "owners")
            .to_numpy(dtype=object),
            "competes": True,
            "evidence": parcels["evidence"].to_numpy(),
            "lon": lonlat[:, 0],
            "lat": lonlat[:, 1],
        }
    )
