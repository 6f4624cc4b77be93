"""
Places that stand, raised to another type or enlarged: what is lacking of them in floor, and whom.

How far a place can grow is proposed (P); where its size is not known that is said, and such a place
is listed and never chosen.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.access.sizes import counting_of, sizes_of
from lifecircle.reach.matrix import Pinned, usable_facilities
from lifecircle.siting.options import ASSUMED_AREA_M2, accepts, need_m2
from lifecircle.siting.standing import Town, as_ways, asked_of, brought_inside, short_of, way_id
from lifecircle.siting.ways import Ways
from lifecircle.standards import FacilityType, Norm

MOST_ENLARGED = 1.0
"""A place is enlarged by at most this share of what it has (P)."""

_UNITS = {
    "floor_m2": ("平方米", "m² of floor"),
    "site_m2": ("平方米用地", "m² of site"),
    "beds": ("床", "beds"),
    "places": ("座（托位）", "places"),
}

ENLARGED = ("facility_id", "name", "measure", "has", "more", "serves", "fits")
"""Columns of `enlargements`."""


def raised_places(town: Town) -> Ways:
    """
    Find places of the right service that would serve people if they were of the type asked for.

    Parameters
    ----------
    town
        Homes, facilities, streets and what falls short.

    Returns
    -------
    ways
        One per place and type. Only types listed in a circle are raised, and only to types sites
        are proposed for; an open ground stays one. A smaller type is taken in beside what is
        there, a larger one takes its place; either may ask for at most twice the floor there is.
        A place of unknown size is taken to be as its own type asks, and only listed.
    """
    table = town.facilities.table
    public = (
        usable_facilities(table) & ~table["open_to"].fillna("anyone").eq("residents").to_numpy()
    )
    kinds = {one.id: one for one in town.standard.types}
    serves: dict[tuple[int, str], dict[str, NDArray[np.int64]]] = {}
    lacking: dict[str, NDArray[np.float64]] = {}
    for requirement in asked_of(town.standard, town.gaps):
        reach = town.reaches[requirement.id]
        if not requirement.accepted:
            continue
        short = short_of(requirement, town)
        others = public & table["service"].eq(requirement.service).to_numpy() & ~reach.counting
        wanted = [one for one in town.standard.types if accepts(requirement, one)]
        for one in wanted:
            if one.id not in lacking:
                lacking[one.id] = _lacking(table, kinds, one)
        possible = {one.id: others & np.isfinite(lacking[one.id]) for one in wanted}
        at = np.logical_or.reduce([np.zeros(len(table), dtype=bool), *possible.values()])
        found = brought_inside(
            requirement, town.homes, town.facilities, town.compounds, short=short, at=at
        )
        for row, homes in found.items():
            # Of the types that would do, the one that takes least.
            best = min(
                (name for name, here in possible.items() if here[row]),
                key=lambda name: (max(lacking[name][row], 0.0), need_m2(kinds[name], in_room=True)),
            )
            serves.setdefault((row, best), {})[requirement.id] = homes
    rows, points = [], []
    held = {}
    done: set[tuple[object, str]] = set()
    for row, kind in sorted(serves, key=lambda key: (max(lacking[key[1]][key[0]], 0.0), *key)):
        facility = table.iloc[row]
        place = facility["place_id"] if pd.notna(facility["place_id"]) else facility["facility_id"]
        if (place, kind) in done:
            continue  # the same house under another type
        done.add((place, kind))
        own = kinds[str(facility["type"])]
        name = way_id("extension", place, kind)
        held[name] = serves[row, kind]
        size, known = _size(facility, own, kinds[kind])
        rows.append(
            {
                "way_id": name,
                "kind": "extension",
                "facility_id": facility["facility_id"],
                "name": facility["name"],
                "types": kind,
                "what": "raise" if _larger(kinds[kind], own) else "take_in",
                "consent": "operator",
                "competes": known,
                "evidence": _told(
                    size,
                    float(lacking[kind][row]),
                    known=known,
                    named=_named(kinds[kind]),
                    language=town.language,
                ),
                "community_id": facility["community_id"],
            }
        )
        points.append(shapely.centroid(facility.geometry))
    return as_ways(rows, held, points, table.crs)


def enlargements(
    gap: pd.Series,
    norm: Norm,
    facilities: Pinned,
    at: NDArray[np.bool_],
) -> pd.DataFrame:
    """
    Say how much a gap of size asks of each place that could be enlarged.

    Parameters
    ----------
    gap
        A row of `tables.GAPS` of the kind ``size``.
    norm
        Its norm.
    facilities
        The facilities.
    at
        Those the gap is about, shape (facilities,).

    Returns
    -------
    enlargements
        Columns `ENLARGED`, one row per place, those that serve most first: its size today
        (missing where nobody knows), how much more of the measure (at most as much again as it
        has, P; all that lacks where its size is unknown), the people that serves, and whether the
        place is known to be able to take it (None where nobody knows).

    Notes
    -----
    What lacks is the norm for the people short. Where facilities are counted nothing is enlarged:
    one more is asked for.
    """
    rows: list[dict[str, object]] = []
    if norm.measure != "facilities":
        table = facilities.table
        places = sizes_of(table, counting_of(table, norm.service, norm.types) & at, norm.measure)
        short = float(gap["people_short"])
        lacks = norm.at_least * (short / norm.per if norm.per else short / float(gap["people"]))
        site = table["site_m2"].to_numpy(dtype=np.float64)
        floor = table["floor_m2"].to_numpy(dtype=np.float64)
        for row, has in zip(places.row.tolist(), places.size.tolist(), strict=True):
            known = bool(np.isfinite(has)) and has > 0
            more = min(lacks, MOST_ENLARGED * has) if known else lacks
            fits: bool | None = None
            if norm.measure == "floor_m2" and known and np.isfinite(site[row]):
                # Twice the site in floor is an ordinary house of two storeys (P).
                fits = bool(floor[row] + more <= 2 * site[row])
            rows.append(
                {
                    "facility_id": table["facility_id"].iloc[row],
                    "name": table["name"].iloc[row],
                    "measure": norm.measure,
                    "has": has,
                    "more": more,
                    "serves": short * more / lacks if lacks > 0 else 0.0,
                    "fits": fits,
                }
            )
    found = pd.DataFrame(rows, columns=list(ENLARGED))
    return found.sort_values(
        ["serves", "facility_id"], ascending=[False, True], kind="stable"
    ).reset_index(drop=True)


def told_enlargement(place: Mapping[Hashable, Any], language: str) -> str:
    """
    Say in words how much larger a place would become.

    Parameters
    ----------
    place
        A row of `enlargements`.
    language
        ``zh`` or ``en``.

    Returns
    -------
    sentence
        What it has, what it would get, and whether there is room.
    """
    chinese = language == "zh"
    units = _UNITS.get(str(place["measure"]), ("", ""))
    unit = units[0] if chinese else f" {units[1]}"
    has = float(place["has"])
    now = (
        (f"现状 {has:,.0f}{unit}" if chinese else f"{has:,.0f}{unit} today")
        if has > 0
        else ("现状规模未知" if chinese else "its size is not known")
    )
    more = (
        f"增加约 {place['more']:,.0f}{unit}"
        if chinese
        else f"about {place['more']:,.0f}{unit} more"
    )
    if place["fits"] is None:
        room = "有无扩建余地待核实" if chinese else "whether there is room is to be checked"
    elif place["fits"]:
        room = "用地有扩建余地（P）" if chinese else "its site has room (P)"
    else:
        room = "用地扩建余地不足（P）" if chinese else "its site is too small (P)"
    return f"{now}，{more}；{room}" if chinese else f"{now}, {more}; {room}"


def _lacking(
    table: gpd.GeoDataFrame, kinds: dict[str, FacilityType], asked: FacilityType
) -> NDArray[np.float64]:
    """
    Say how much floor each place lacks to be of a type as well [m²], missing where it cannot be.

    Negative is room to spare.
    """
    lacking = np.full(len(table), np.nan)
    for row in np.flatnonzero(table["service"].eq(asked.service)):
        own = kinds.get(str(table["type"].iloc[row]))
        if own is None or own.circle is None or _open_air(own) != _open_air(asked):
            continue
        facility = table.iloc[row]
        size, _ = _size(facility, own, asked)
        need = _need(asked) if _larger(asked, own) else _need(own) + _need(asked)
        if need - size <= MOST_ENLARGED * size:
            lacking[row] = need - size
    return lacking


def _larger(asked: FacilityType, own: FacilityType) -> bool:
    return _need(asked) > _need(own)


def _need(one: FacilityType) -> float:
    return need_m2(one, in_room=not _open_air(one))


def _size(facility: pd.Series, own: FacilityType, asked: FacilityType) -> tuple[float, bool]:
    """Give the size of a place in what a type asks for, and whether it is known."""
    size = float(facility["site_m2" if _open_air(asked) else "floor_m2"])
    return (size, True) if np.isfinite(size) and size > 0 else (_need(own), False)


def _open_air(one: FacilityType) -> bool:
    return one.site_min_m2 is not None and one.floor_min_m2 is None


def _named(one: FacilityType) -> bool:
    return one.site_min_m2 is not None or one.floor_min_m2 is not None


def _told(size: float, lacking: float, *, known: bool, named: bool, language: str) -> str:
    if language == "zh":
        if not known:
            return "现状面积未知，能否提升待核实"
        room = "现有面积可容纳" if lacking <= 0 else f"尚需增加约 {lacking:,.0f} 平方米"
        basis = "（P）" if named else f"（标准未列面积，按 {ASSUMED_AREA_M2:.0f} 平方米估，P）"
        return f"现状 {size:,.0f} 平方米，{room}{basis}"
    if not known:
        return "its size is not known: whether it can be raised is to be checked"
    room = "enough" if lacking <= 0 else f"about {lacking:,.0f} m² more are needed"
    basis = "(P)" if named else f"(no size in the standard, {ASSUMED_AREA_M2:.0f} m² assumed, P)"
    return f"{size:,.0f} m² today, {room} {basis}"
