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
from lifecircle.siting.offers import Offer
from lifecircle.siting.options import accepts, fitting, need_m2, room_m2
from lifecircle.siting.standing import Town, asked_of, brought_inside, one_short
from lifecircle.siting.ways import Ways
from lifecircle.standards import Requirement

_OF_WAY = {"share": "share", "gate": "open", "extension": "extend"}
_OF_PARCEL = {**_OF_WAY, "stock_room": "convert"}
_CONSENT = {"in_estate": "estate_owners", "stock_room": "owner"}


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


def of_land(town: Town, offer: Offer | None) -> Iterator[Found]:
    """
    Take whom each parcel would bring inside.

    Parameters
    ----------
    town
        Homes, facilities, streets and what falls short.
    offer
        What land and rooms offer; None where there are none.

    Yields
    ------
    found
        Once for each requirement that somebody would gain; where several places are counted,
        homes that lack a single one.
    """
    if offer is None:
        return
    described = _parcels(offer.parcels)
    options, demands = offer.options, offer.demands
    names = [one.id for one in town.standard.types]
    of_option = np.repeat(np.arange(len(options.parcel)), np.diff(options.ptr))
    asked = demands.requirement[options.demand]
    for index, requirement in enumerate(offer.wanted):
        mine = asked == index
        # One type of each parcel is enough: the smallest that would do; all reach the same homes.
        there = np.unique(of_option[mine])
        order = np.lexsort((options.type[there], options.area_m2[there], options.parcel[there]))
        _, first = np.unique(options.parcel[there][order], return_index=True)
        best = there[order][first]
        mine &= np.isin(of_option, best)
        yield Found(
                requirement=requirement,
                owner=options.parcel[of_option[mine]].astype(np.int64),
                home=demands.home[options.demand[mine]],
                types={int(options.parcel[one]): names[options.type[one]] for one in best},
                described=described,
            )
    yield from _counted_land(town, offer, described)


def _counted_land(town: Town, offer: Offer, described: pd.DataFrame) -> Iterator[Found]:
    """Find the homes that lack one place of several, for each parcel by the type that helps most."""
    names = [one.id for one in town.standard.types]
    fits = fitting(town.standard, offer.parcels)
    room = room_m2(offer.parcels)
    is_room = (offer.parcels["kind"] == "stock_room").to_numpy()
    needs = np.array(
        [[need_m2(one, in_room=bool(inside)) for one in town.standard.types] for inside in is_room]
    )
    fits = fits & (needs <= room[:, None])
    for requirement in asked_of(town.standard, town.gaps, counted=True):
        lacking = one_short(
            requirement, town.reaches[requirement.id], town.homes, town.facilities, town.compounds
        )
        types = [
            place
            for place, one in enumerate(town.standard.types)
            if one.id in lacking and accepts(requirement, one)
        ]
        short = np.logical_or.reduce(list(lacking.values()))
        served = brought_inside(
            requirement,
            town.homes,
            offer.pinned,
            town.compounds,
            short=short,
            at=fits[:, types].any(axis=1),
        )
        owner, home, chosen = [], [], {}
        people = np.nan_to_num(people_asked(town.homes.table, requirement))
        for parcel, homes in served.items():
            best, most = -1, 0.0
            for place in sorted(types, key=lambda one: (needs[parcel, one], one)):
                if fits[parcel, place]:
                    gain = people[homes[lacking[names[place]][homes]]].sum()
                    best, most = (place, gain) if gain > most else (best, most)
            if best >= 0:
                homes = homes[lacking[names[best]][homes]]
                owner.append(np.full(len(homes), parcel))
                home.append(homes)
                chosen[parcel] = names[best]
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
            "consent": parcels["kind"].map(_CONSENT).to_numpy(dtype=object),
            "competes": True,
            "evidence": parcels["evidence"].to_numpy(),
            "lon": lonlat[:, 0],
            "lat": lonlat[:, 1],
        }
    )
