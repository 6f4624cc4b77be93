"""From gaps and parcels to what could be built where, and whom each choice would bring inside."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from lifecircle.config import SitingSection
from lifecircle.gaps.diagnosis import Gaps
from lifecircle.network.compounds import Compounds
from lifecircle.network.router import Router
from lifecircle.network.walks import Matrix
from lifecircle.places.asked import people_asked
from lifecircle.reach.matrix import Pinned, Reach, limit_units
from lifecircle.siting.places import Places
from lifecircle.sources.land.terms import SHORT
from lifecircle.standards import FacilityType, Requirement, Standard
from lifecircle.walk import PROFILES

ASSUMED_AREA_M2 = 150.0
"""Room taken for a type for which no standard names a size [m²] (P)."""

AREA_OF = {"community": "community_id", "subdistrict": "subdistrict", "unit": "unit_id"}
"""Column of homes and places that tells whom a place of a requirement serves."""


@dataclass(frozen=True, kw_only=True)
class Demands:
    """Uncovered people of one home for one requirement, each."""

    home: NDArray[np.int64]
    requirement: NDArray[np.int32]
    weight: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Options:
    """A type on a parcel, each, with the demands it would cover."""

    parcel: NDArray[np.int32]
    type: NDArray[np.int32]
    area_m2: NDArray[np.float64]
    ptr: NDArray[np.int64]
    demand: NDArray[np.int32]


def demands_of(
    wanted: tuple[Requirement, ...],
    gaps: Gaps,
    reaches: Mapping[str, Reach],
    homes: Pinned,
    config: SitingSection,
) -> Demands:
    """Collect the uncovered homes of the communities that fall short."""
    home, which, weight = [], [], []
    for index, requirement in enumerate(wanted):
        rows = gaps.table[gaps.table["requirement"] == requirement.id]
        people = np.nan_to_num(people_asked(homes.table, requirement))
        people = people * config.weights.get(requirement.service, 1.0)
        people = people * config.weights.get(requirement.group, 1.0)
        short = (
            homes.table["community_id"].isin(rows["community_id"]).to_numpy()
            & ~reaches[requirement.id].covered
            & (people > 0)
        )
        at = np.flatnonzero(short)
        home.append(at)
        which.append(np.full(len(at), index, dtype=np.int32))
        weight.append(people[at])
    return Demands(
        home=np.concatenate(home),
        requirement=np.concatenate(which),
        weight=np.concatenate(weight),
    )


def options_of(
    standard: Standard,
    wanted: tuple[Requirement, ...],
    demands: Demands,
    places: Places,
    pinned: Pinned,
    homes: Pinned,
    compounds: Compounds,
    *,
    priced: Collection[str] | None = None,
) -> Options:
    """
    Pair each place with the types it has room for, and find whom each pair would cover.

    A way is one option: whatever it names. Of types that answer the same requirements the smallest
    one that is `priced` is taken, None for all.
    """
    land = places.land
    room = room_m2(land)
    is_room = (land["kind"] == "stock_room").to_numpy()
    fits = fitting(standard, land)
    covered = _covered(wanted, demands, land, pinned, homes, compounds)
    nobody = np.empty(0, dtype=np.int64)
    parcel, kind, area, covers = [], [], [], []
    for serving, positions in _alike(standard, wanted):
        if priced is not None:
            known = [one for one in positions if standard.types[one].id in priced]
            positions = known or positions  # noqa: PLW2901 - none of them has a cost: told later
        for row in range(len(land)):
            possible = (
                (need_m2(standard.types[position], in_room=bool(is_room[row])), position)
                for position in positions
                if fits[row, position]
            )
            need, position = next(
                ((need, position) for need, position in possible if need <= room[row]), (0.0, -1)
            )
            if position < 0:
                continue
            demand = np.concatenate([covered[index].get(row, nobody) for index in serving])
            if len(demand):
                parcel.append(row)
                kind.append(position)
                area.append(need)
                covers.append(np.sort(demand))
    for row, demand in _of_ways(wanted, demands, places, homes):
        parcel.append(row)
        kind.append(len(standard.types))
        area.append(0.0)
        covers.append(demand)
    ptr = np.concatenate(([0], np.cumsum([len(one) for one in covers]))).astype(np.int64)
    return Options(
        parcel=np.asarray(parcel, dtype=np.int32),
        type=np.asarray(kind, dtype=np.int32),
        area_m2=np.asarray(area, dtype=np.float64),
        ptr=ptr,
        demand=np.concatenate([*covers, nobody]).astype(np.int32),
    )


def _of_ways(
    wanted: tuple[Requirement, ...], demands: Demands, places: Places, homes: Pinned
) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """Rows of ways and the demands they name."""
    if not len(places.ways):
        return
    rows_of = np.full((len(wanted), len(homes)), -1, dtype=np.int64)
    rows_of[demands.requirement, demands.home] = np.arange(len(demands.home))
    first = len(places) - len(places.ways)
    for number, way in enumerate(places.ways.table["way_id"]):
        serves = places.ways.serves.get(way, {})
        named = [
            rows_of[index][np.asarray(serves[one.id], dtype=np.int64)]
            for index, one in enumerate(wanted)
            if one.id in serves
        ]
        demand = np.concatenate([np.empty(0, dtype=np.int64), *named])
        demand = np.sort(demand[demand >= 0])
        if len(demand):
            yield first + number, demand


def _alike(
    standard: Standard, wanted: tuple[Requirement, ...]
) -> list[tuple[tuple[int, ...], list[int]]]:
    """Group types that answer the same requirements; those of known, small size come first."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for position, one in enumerate(standard.types):
        serving = tuple(
            index for index, requirement in enumerate(wanted) if accepts(requirement, one)
        )
        if serving:
            groups.setdefault(serving, []).append(position)

    def size(position: int) -> tuple[bool, float, int]:
        one = standard.types[position]
        known = one.site_min_m2 is not None or one.floor_min_m2 is not None
        return not known, need_m2(one, in_room=False), position

    return [(serving, sorted(positions, key=size)) for serving, positions in groups.items()]


def accepts(requirement: Requirement, one: FacilityType) -> bool:
    """
    Say whether a new facility of a type would answer a requirement.

    Parameters
    ----------
    requirement
        The requirement.
    one
        The type.

    Returns
    -------
    accepted
        For a requirement that any type answers, only types listed in a circle are proposed; types
        whose sites only a plan can give never are.
    """
    if not one.proposed:
        return False
    if requirement.accepted:
        return one.id in requirement.accepted
    return one.service == requirement.service and one.circle is not None


def fitting(
    standard: Standard, parcels: gpd.GeoDataFrame, *, tiers: bool = True
) -> NDArray[np.bool_]:
    """
    Say which types could stand on which parcel at all, its size apart.

    Parameters
    ----------
    standard
        The standard, with its types.
    parcels
        `tables.PARCELS`; with ``barred`` from `siting.tiers` where tiers are settled.
    tiers
        Whether what is barred for the sake of tiers does not fit.

    Returns
    -------
    fits
        Shape (parcels, types). Land must be as wide as the type asks. Rooms take no type that
        needs open ground (a site and no floor), and a type of the ground floor only where enough
        of it is known to lie there. Land that is free for a few years only, its term says so,
        takes nothing but types without a building, and such a room nothing; land under roads, along
        rails or rivers nothing but sport without one.
    """
    types = standard.types
    width = parcels["inscribed_m"].to_numpy(dtype=np.float64)[:, None]
    needed = np.array([one.width_min_m or 0.0 for one in types])[None, :]
    outside = np.array([open_air(one) for one in types])
    low = np.array([bool(one.ground_floor) for one in types])
    least = np.array([need_m2(one, in_room=True) for one in types])
    is_room = (parcels["kind"] == "stock_room").to_numpy()[:, None]
    brief = np.array(
        [bool({"temporary", SHORT} & {*codes_in(text)}) for text in parcels["checks"]], dtype=bool
    )
    sport = np.array(["sport_only" in codes_in(text) for text in parcels["checks"]], dtype=bool)
    play = outside & np.array([one.service == "fitness" for one in types])
    ground = np.nan_to_num(parcels["ground_m2"].to_numpy(dtype=np.float64))[:, None]
    told = (parcels["ground_floor"].notna() | parcels["storeys"].notna()).to_numpy()[:, None]
    below = ~told | (ground >= least[None, :])
    on_land = ~(width < needed) & (~brief[:, None] | outside[None, :])
    on_land &= ~sport[:, None] | play[None, :]
    in_room = ~outside[None, :] & (~low[None, :] | below) & ~brief[:, None]
    fits = np.where(is_room, in_room, on_land)
    if tiers and "barred" in parcels:
        held = [codes_in(text) for text in parcels["barred"]]
        barred = np.array([[one.id in ids for one in types] for ids in held], dtype=bool)
        fits &= ~barred.reshape(fits.shape)
    return np.asarray(fits, dtype=bool)


def open_air(one: FacilityType) -> bool:
    """Say whether a type is a ground and no building: a site and no floor."""
    return one.site_min_m2 is not None and one.floor_min_m2 is None


def codes_in(text: object) -> tuple[str, ...]:
    """
    Split the codes of a cell that may hold several.

    Parameters
    ----------
    text
        Codes with ``;`` between them, or missing.

    Returns
    -------
    codes
        In their order.
    """
    return tuple(part.strip() for part in text.split(";")) if isinstance(text, str) else ()


def need_m2(one: FacilityType, *, in_room: bool) -> float:
    """Room a type takes: its floor in a stock room, its site (else its floor) on land."""
    sizes = (one.floor_min_m2, one.site_min_m2) if in_room else (one.site_min_m2, one.floor_min_m2)
    return next((size for size in sizes if size is not None), ASSUMED_AREA_M2)


def room_m2(parcels: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Room on each parcel: floor area of a stock room, area of land [m²]."""
    floor = parcels["floor_m2"].to_numpy(dtype=np.float64)
    area = parcels["area_m2"].to_numpy(dtype=np.float64)
    is_room = (parcels["kind"] == "stock_room").to_numpy()
    return np.asarray(np.where(is_room & np.isfinite(floor), floor, area), dtype=np.float64)


def router_of(requirement: Requirement, compounds: Compounds) -> Router:
    """
    Price the streets as a requirement asks.

    Parameters
    ----------
    requirement
        The requirement.
    compounds
        Streets and closed estates.

    Returns
    -------
    router
        Ready for searches.
    """
    return Router(
        network=compounds.network,
        profile=PROFILES[requirement.profile],
        metric="time" if requirement.minutes is not None else "distance",
    )


def _covered(
    wanted: tuple[Requirement, ...],
    demands: Demands,
    land: gpd.GeoDataFrame,
    pinned: Pinned,
    homes: Pinned,
    compounds: Compounds,
) -> list[dict[int, NDArray[np.int64]]]:
    """Find, for each requirement and each parcel, the demands within the limit."""
    found: list[dict[int, NDArray[np.int64]]] = []
    longest: dict[tuple[str, str, str], int] = {}
    for one in wanted:
        longest[_walk(one)] = max(longest.get(_walk(one), 0), limit_units(one))
    short = np.zeros(len(homes), dtype=bool)
    short[demands.home] = True
    on_land = np.arange(len(pinned)) < len(land)
    matrices: dict[tuple[str, str, str], Matrix] = {}
    for index, one in enumerate(wanted):
        walk = _walk(one)
        if walk not in matrices:  # one search for all requirements that walk alike
            matrices[walk] = router_of(one, compounds).matrix(
                homes.ends.select(short),
                pinned.ends.select(on_land),
                limit=longest[walk],
                from_facility=one.direction == "from_facility",
            )
        matrix = matrices[walk]
        row_of = np.full(len(homes), -1, dtype=np.int64)
        mine = np.flatnonzero(demands.requirement == index)
        row_of[demands.home[mine]] = mine
        demand, parcel = row_of[matrix.home], matrix.facility
        keep = (demand >= 0) & (matrix.cost <= limit_units(one))
        if one.serves != "anyone":
            column = AREA_OF[one.serves]
            ours = homes.table[column].to_numpy(dtype=object)[matrix.home]
            theirs = land[column].to_numpy(dtype=object)[parcel]
            keep &= np.asarray(ours == theirs, dtype=bool)
        demand, parcel = demand[keep], parcel[keep]
        rows, first = np.unique(parcel, return_index=True)  # by parcel already
        parts = np.split(demand, first[1:]) if len(rows) else []
        found.append(dict(zip(rows.tolist(), parts, strict=True)))
    return found


def _walk(requirement: Requirement) -> tuple[str, str, str]:
    """Say what a search hangs on, its limit apart."""
    metric = "time" if requirement.minutes is not None else "distance"
    return requirement.profile, metric, requirement.direction
