"""
Sites and facilities that are too small become projects, before anybody gives them a year.

What stands on one parcel, or is done to one facility, is one project. Its id depends on what it is
and never on its place in a list.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.programme.answering import built_anyway, by_community, served_gaps
from lifecircle.programme.grounds import Ground, Grounds
from lifecircle.programme.naming import facility_name, site_name, told_apart, way_name
from lifecircle.programme.needs import Need
from lifecircle.siting.modes import mode_of
from lifecircle.siting.sites import Sites, people_gained
from lifecircle.standards import FacilityType, Standard

_ELDERS = "people_60plus"
_OF_PLACES = ("share", "extension")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """
    A project without a year.

    Parameters
    ----------
    project_id, name
        What it is called.
    kind
        One of `tables.SITE_KINDS`.
    mode
        How the place is got.
    types
        What it holds.
    services
        Their services; for a link those it brings people to.
    closed
        Which gaps it answers, shape (gaps,).
    gains
        Community to the people it newly serves there.
    people, elders
        People it serves, and those aged 60 or more as far as known.
    area_m2, floor_m2, outdoor_m2
        Of its site, of its floor, and of open-air grounds on it: for an extension what is added
        [m²].
    sites
        Rows of the table of sites; none for a facility that is extended.
    ground
        What it stands on.
    cost
        Of its sites, where that is known [10,000 CNY].
    more
        Measure to how much an existing facility has to grow.
    """

    project_id: str
    name: str
    kind: str
    mode: str
    types: tuple[FacilityType, ...]
    services: str
    closed: NDArray[np.bool_]
    gains: Mapping[str, float]
    people: float
    elders: float = 0.0
    area_m2: float = float("nan")
    floor_m2: float = float("nan")
    outdoor_m2: float = float("nan")
    sites: tuple[int, ...] = ()
    ground: Ground = field(default_factory=Ground)
    cost: float | None = None
    more: Mapping[str, float] = field(default_factory=dict)


def project_id(key: str) -> str:
    """
    Name a project by what it is.

    Parameters
    ----------
    key
        Id of its site, or ``facility:`` and the id of the facility it changes.

    Returns
    -------
    project_id
        The same for the same key, whatever else is planned.
    """
    return f"x{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def drafts_of_sites(
    standard: Standard,
    gaps: pd.DataFrame,
    sites: Sites,
    *,
    homes: gpd.GeoDataFrame,
    names: Mapping[str, str],
    grounds: Grounds,
    language: str,
) -> list[Draft]:
    """
    Make a project of every site; sites that change one facility are one project.

    Parameters
    ----------
    standard
        The standard.
    gaps
        The gap list.
    sites
        The chosen sites.
    homes
        `tables.HOMES`.
    names
        Community to its name.
    grounds
        What is known of land, ways and estates.
    language
        ``zh`` or ``en``.

    Returns
    -------
    drafts
        In the order of the sites.
    """
    in_community = homes["community_id"].to_numpy(dtype=object)
    real = (gaps["reason"] != "no_data").to_numpy(dtype=bool)
    groups: dict[str, list[int]] = {}
    ground: dict[str, Ground] = {}
    for at, site in enumerate(sites.table.to_dict("records")):
        services = set(str(site["services"]).split("; "))
        found = grounds.of_site(
            str(site["parcel_id"]), float(site["x"]), float(site["y"]), services
        )
        of_place = found.facility_id is not None and site["kind"] in _OF_PLACES
        key = f"facility:{found.facility_id}" if of_place else str(site["site_id"])
        groups.setdefault(key, []).append(at)
        ground.setdefault(key, found)
    drafts = []
    for key, rows in groups.items():
        table = sites.table.iloc[rows]
        served = _together([sites.served.get(str(one), {}) for one in table["site_id"]])
        types = _types(standard, table["types"])
        closed = served_gaps(gaps, served, in_community)
        closed |= built_anyway(standard, gaps, closed, {one.id for one in types})
        gained = people_gained(standard, served, homes)
        gains = by_community(gained, in_community)
        by_gain = sorted(gains, key=lambda one: (-gains[one], one))
        kind = str(table["kind"].iloc[0])
        mine = ground[key]
        mode = mode_of(kind, rights=mine.rights, owner=mine.owner, available=mine.available)
        places = [names[one] for one in by_gain]
        if mine.label is not None:
            name = way_name(kind, mine.label, language)
        elif types:
            stands = names.get(mine.community or "", places[0] if places else "")
            room = mine.name if kind == "stock_room" else None
            name = site_name(standard, types, stands, language, room=room)
        else:
            name = way_name(kind, places[0] if places else "", language)
        alone = len(rows) == 1
        people = float(table["newly_covered"].iloc[0]) if alone else float(gained.sum())
        elders = homes.loc[gained > 0, _ELDERS].sum() if _ELDERS in homes else 0.0
        drafts.append(
            Draft(
                project_id=project_id(key),
                name=name,
                kind=kind,
                mode=mode,
                types=types,
                services=_services(standard, types, served),
                closed=closed & real,
                gains=gains,
                people=people,
                elders=float(np.nan_to_num(elders)),
                area_m2=float(table["area_m2"].astype(float).max()),
                floor_m2=float(table["floor_m2"].astype(float).sum(min_count=1)),
                outdoor_m2=float(table["outdoor_m2"].astype(float).sum(min_count=1)),
                sites=tuple(rows),
                ground=mine,
                cost=_cost(table),
            )
        )
    grounds_of = [one.ground.name for one in drafts]
    called = told_apart([one.name for one in drafts], grounds_of, language)
    return [replace(one, name=name) for one, name in zip(drafts, called, strict=True)]


def with_needs(
    drafts: Sequence[Draft],
    needs: Sequence[Need],
    gaps: pd.DataFrame,
    *,
    facilities: pd.DataFrame,
    names: Mapping[str, str],
    grounds: Grounds,
    standard: Standard,
    language: str,
) -> list[Draft]:
    """
    Add what existing facilities need: to the project that answers it, else as one of their own.

    Parameters
    ----------
    drafts
        Projects of the sites.
    needs
        From `needs.needs_of`.
    gaps
        The gap list.
    facilities
        `tables.FACILITIES`.
    names
        Community to its name.
    grounds
        What is known of estates.
    standard
        The standard.
    language
        ``zh`` or ``en``.

    Returns
    -------
    drafts
        Those given, with gaps of size that a new site nearby answers whole or that fall on a
        facility they change already; then one project per facility that has to grow, by the
        people who lack it.
    """
    found = list(drafts)
    row_of = {str(gap): row for row, gap in enumerate(gaps["gap_id"])}
    by_facility: dict[str, list[Need]] = {}
    for need in needs:
        row = row_of.get(need.gap_id)
        if row is None:
            continue
        at = next((at for at, one in enumerate(found) if _answers(one, need)), None)
        if at is not None:
            found[at] = _closing(found[at], row)
            continue
        for facility_id in need.behind:
            by_facility.setdefault(facility_id, []).append(need)
    there = {str(one["facility_id"]): one for one in facilities.to_dict("records")}
    own: list[Draft] = []
    for facility_id, mine in sorted(by_facility.items()):
        rows = [row_of[need.gap_id] for need in mine]
        more: dict[str, float] = {}
        gains: dict[str, float] = {}
        for need, row in zip(mine, rows, strict=True):
            amount, people = need.behind[facility_id]
            more[need.measure] = max(more.get(need.measure, 0.0), amount)
            community = str(gaps["community_id"].iloc[row])
            gains[community] = max(gains.get(community, 0.0), people)
        at = next(
            (at for at, one in enumerate(found) if one.ground.facility_id == facility_id), None
        )
        if at is not None:
            for row in rows:
                found[at] = _closing(found[at], row)
            found[at] = replace(found[at], mode="extend", more=more)
            continue
        place = there[facility_id]
        kind = next((one for one in standard.types if one.id == place["type"]), None)
        closed = np.zeros(len(gaps), dtype=bool)
        closed[rows] = True
        elders = all(str(gaps["group"].iloc[row]) == "60plus" for row in rows)
        estate = place.get("estate_id")
        owed = grounds.owed(
            [str(estate)] if isinstance(estate, str) else [], {str(place["service"])}
        )
        owner = place.get("owner")
        own.append(
            Draft(
                project_id=project_id(f"facility:{facility_id}"),
                name=facility_name(place, kind, names, language),
                kind="extension",
                mode="extend",
                types=() if kind is None else (kind,),
                services=str(place["service"]),
                closed=closed,
                gains=gains,
                people=float(sum(gains.values())),
                elders=float(sum(gains.values())) if elders else 0.0,
                area_m2=more.get("site_m2", float("nan")),
                floor_m2=more.get("floor_m2", float("nan")),
                ground=Ground(
                    facility_id=facility_id,
                    handover=owed,
                    owner=owner if isinstance(owner, str) else None,
                ),
                more=more,
            )
        )
    return found + sorted(own, key=lambda one: (-one.people, one.project_id))


def _closing(draft: Draft, row: int) -> Draft:
    closed = draft.closed.copy()
    closed[row] = True
    return replace(draft, closed=closed)


def _answers(draft: Draft, need: Need) -> bool:
    """Say whether a new site builds, where it counts, all that is short."""
    if draft.kind in ("gate", "share") or not need.where & set(draft.gains):
        return False
    sizes = {
        "floor_m2": [one.floor_min_m2 for one in draft.types if one.id in need.types],
        "site_m2": [one.site_min_m2 for one in draft.types if one.id in need.types],
    }.get(need.measure, [])
    return need.short > 0 and sum(size or 0.0 for size in sizes) >= need.short


def _together(
    parts: Sequence[Mapping[str, NDArray[np.int64]]],
) -> Mapping[str, NDArray[np.int64]]:
    if len(parts) == 1:
        return parts[0]
    found: dict[str, NDArray[np.int64]] = {}
    for part in parts:
        for requirement, rows in part.items():
            before = found.get(requirement, np.empty(0, dtype=np.int64))
            found[requirement] = np.union1d(before, rows)
    return found


def _types(standard: Standard, cells: pd.Series) -> tuple[FacilityType, ...]:
    ids = [one for cell in cells.dropna() for one in str(cell).split("; ") if one]
    return tuple(standard.type(name) for name in dict.fromkeys(ids))


def _services(
    standard: Standard,
    types: Sequence[FacilityType],
    served: Mapping[str, NDArray[np.int64]],
) -> str:
    """Name the services it holds; for a link, those of the requirements it brings people inside."""
    mine = {one.service for one in types}
    if not mine:
        mine = {standard.requirement(name).service for name in served}
    return "; ".join(name for name in standard.services if name in mine)


def _cost(table: pd.DataFrame) -> float | None:
    if "cost_wan" not in table or table["cost_wan"].isna().any():
        return None
    return float(table["cost_wan"].astype(float).sum())
