"""
Two rows of facility lists -> what speaks for their being one place.

Nothing is decided by nearness alone where both have names, and branches are never one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import shapely

from lifecircle.places.place_names import (
    PlaceName,
    door_of,
    read_place_name,
    same_door,
    same_name,
    same_owner,
)
from lifecircle.sources.facilities.notes import read_name_notes, read_note
from lifecircle.sources.facilities.tagging import plain_name

SAME_PLACE_M = 50.0
"""Two places of a type this near, one without a name, are one; named otherwise, a doubt [m] (P)."""
ERROR_M: Mapping[str, float] = {
    "surveyed": 15.0,
    "planner": 30.0,
    "picked": 35.0,
    "mapped": 35.0,
    "building": 40.0,
    "gate": 40.0,
    "name": 50.0,
    "address": 60.0,
    "crossing": 80.0,
    "interpolated": 100.0,
    "similar_name": 100.0,
    "nearest_number": 150.0,
    "estate_side": 150.0,
    "estate": 200.0,
    "street": 500.0,
    "street_elsewhere": 800.0,
    "community": 800.0,
}
"""How far off a place is by the way it was found; two rows may be the sum of both apart [m] (P)."""
UNKNOWN_ERROR_M = 100.0
"""The same for a way nobody named [m] (P)."""
DOOR_M = 300.0
"""One door of a large estate may be put so far apart; what has its name and its door is one (P)."""
ORIGINS = ("bureau", "poi", "osm")
"""Whose word goes first."""

_LETTERS = {False: 8, True: 4}  # shortest name that may stand for a longer one: Latin, Chinese
# Kinds of place that lists take for one another; any other two types of a service are two places.
_FAMILIES = (
    frozenset(("fitness.court", "fitness.outdoor", "fitness.field")),
    frozenset(("elder_care.daycare", "elder_care.activity")),
    frozenset(("culture.station", "culture.library")),
    frozenset(("medical.station", "medical.clinic")),
)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """
    One row and service of a list, ready to be compared.

    Parameters
    ----------
    at
        Its position in the table.
    service, type, source, origin
        As in `tables.FACILITIES`.
    name
        Its name taken apart.
    aliases
        Names its note or its brackets say it had or has, taken apart.
    door, address
        Its street and number, and all of its address in one spelling; empty where unknown.
    size
        Floor or site [m²]; NaN where unknown.
    error_m
        How far off its place may be [m].
    shape
        Where it is, in a metric system.
    """

    at: int
    service: str
    type: str
    source: str
    origin: str
    name: PlaceName
    aliases: tuple[PlaceName, ...]
    door: str
    address: str
    size: float
    error_m: float
    shape: shapely.Geometry


def entries_of(table: pd.DataFrame) -> list[Entry]:
    """
    Make the rows of a table of facilities ready to be compared.

    Parameters
    ----------
    table
        `tables.FACILITIES`.

    Returns
    -------
    entries
        In the order of the table.
    """
    found = []
    for at, row in enumerate(table.to_dict("records")):
        service, placed, site = str(row["service"]), row["placed"], row["site_m2"]
        said = (
            *read_note(_text(row["note"])).aliases,
            *read_name_notes(_text(row["name"])).aliases,
        )
        found.append(
            Entry(
                at=at,
                service=service,
                type=str(row["type"]),
                source=_text(row["source"]) or "",
                origin=_text(row["origin"]) or "bureau",
                name=read_place_name(_text(row["name"]), service),
                aliases=tuple(read_place_name(alias, service) for alias in said),
                door=door_of(_text(row["address"])),
                address=plain_name(_text(row["address"]) or ""),
                size=float(row["floor_m2"] if pd.notna(row["floor_m2"]) else site),
                error_m=ERROR_M["picked"]
                if pd.isna(placed)
                else ERROR_M.get(str(placed), UNKNOWN_ERROR_M),
                shape=row["geometry"],
            )
        )
    return found


def like(one: Entry, other: Entry) -> bool:
    """
    Tell whether lists could take one type for the other.

    Parameters
    ----------
    one, other
        Entries of one service.

    Returns
    -------
    like
        Whether the types are the same or of one family.
    """
    if one.type == other.type:
        return True
    return any(one.type in family and other.type in family for family in _FAMILIES)


def branches_differ(one: Entry, other: Entry) -> bool:
    """
    Tell whether two entries are branches of one owner, hence two places.

    Parameters
    ----------
    one, other
        Entries of one service.

    Returns
    -------
    differ
        Whether they have different numbers, and either the same name otherwise or a number each.
    """
    if one.name.branch == other.name.branch:
        return False
    if min(one.name.branch, other.name.branch) > 1:
        return True
    return one.name.head == other.name.head and one.name.kind == other.name.kind


def sure_evidence(one: Entry, other: Entry, apart_m: float) -> str:
    """
    Say what makes two entries one place without looking at any other.

    Parameters
    ----------
    one, other
        Entries of one service.
    apart_m
        How far apart they are [m].

    Returns
    -------
    evidence
        ``same_row``, ``same_address_and_size``, ``same_name``, ``former_name``, ``nearby``; empty
        where nothing does.
    """
    named = same_name(one.name, other.name)
    room = one.source == other.source and one.address != "" and same_address(one, other)
    door = room or (named and same_door(one.door, other.door))
    within = (door and apart_m <= DOOR_M) or apart_m <= one.error_m + other.error_m
    if branches_differ(one, other) or not within:
        return ""
    if one.source == other.source:
        if named and one.type == other.type:
            return "same_row" if same_address(one, other) else ""
        alike = one.size > 0 and one.size == other.size and one.type == other.type
        return "same_address_and_size" if alike and room else ""
    if named:
        return "same_name"
    if any(same_name(alias, other.name) for alias in one.aliases) or any(
        same_name(alias, one.name) for alias in other.aliases
    ):
        return "former_name"
    near = apart_m <= SAME_PLACE_M and one.type == other.type
    return "nearby" if near and _no_contradiction(one.name, other.name) else ""


def door_evidence(one: Entry, other: Entry, apart_m: float) -> str:
    """
    Say what makes two entries one place under two names, if neither has a namesake.

    Parameters
    ----------
    one, other
        Entries of one service in two lists.
    apart_m
        How far apart they are [m].

    Returns
    -------
    evidence
        ``same_door`` where owner and door are the same; empty elsewhere.
    """
    if one.source == other.source or branches_differ(one, other) or not like(one, other):
        return ""
    within = apart_m <= one.error_m + other.error_m
    owner = same_owner(one.name, other.name)
    return "same_door" if within and owner and same_door(one.door, other.door) else ""


def same_address(one: Entry, other: Entry) -> bool:
    """
    Tell whether two addresses are one, however much of the county stands before them.

    Parameters
    ----------
    one, other
        Entries.

    Returns
    -------
    same
        Also true where neither has an address.
    """
    if one.address == other.address:
        return True
    short, long = sorted((one.address, other.address), key=len)
    return len(short) >= 4 and long.endswith(short) and same_door(one.door, other.door)


def _no_contradiction(one: PlaceName, other: PlaceName) -> bool:
    """Tell whether one has no name, or a name of which the other is a part."""
    if not one.whole or not other.whole:
        return True
    if one.kind and other.kind:
        return False
    short, long = sorted((one.whole, other.whole), key=len)
    return short in long and len(short) >= _LETTERS[not short.isascii()]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
