"""
Places that stand and are closed to people, opened to them: a club, a canteen, a school's grounds.

What a place opens is proposed (P); who has to agree is said, and what only its owners may open is
listed and never chosen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.network.compounds import Compounds
from lifecircle.reach.matrix import Pinned
from lifecircle.siting.options import accepts, need_m2
from lifecircle.siting.standing import (
    Town,
    as_ways,
    asked_of,
    brought_inside,
    pinned_places,
    short_of,
    way_id,
)
from lifecircle.siting.ways import Ways, joined
from lifecircle.standards import FacilityType, Standard

GROUNDS_OF = {"education": "fitness"}
"""Service whose sites hold open grounds, to the service that could use them after hours (P)."""

GROUND_SHARE = 0.5
"""At most so much of a school's site is open ground (P)."""

SURE_GROUND_M2 = 1000.0
"""Open ground a school of unknown size is taken to have at least [m²] (P)."""

_KNOWN_TWICE_M = 150.0
"""A school of the map this near to a listed one is that one [m] (P)."""


_NO_GROUNDS = re.compile(
    "驾校|驾驶|培训|辅导|补习|音乐|舞蹈|美术|老年大学|"
    "musik|music|música|musica|dance|danza|tanz|driving|fahrschule|autoescuela|language|idiomas"
    "|sprachschule|kunstschule|volkshochschule|academia",
    re.IGNORECASE,
)
"""Names of schools that teach in rooms."""


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """
    Schools with their sites.

    Parameters
    ----------
    places
        ``facility_id, name, community_id, subdistrict, unit_id, site_m2`` (missing where nobody
        knows it) and where each is entered, pinned.
    key
        What tells one from another, also where it is no facility, shape (places,).
    """

    places: Pinned
    key: NDArray[np.object_]


def opened_places(town: Town) -> Ways:
    """
    Find places for members or residents only that would serve others if they were open to them.

    Parameters
    ----------
    town
        Homes, facilities, streets and what falls short.

    Returns
    -------
    ways
        One per place: what is for members or staff needs its owner's consent and competes for
        being chosen; what is for the residents of an estate needs that of its owners and is only
        listed, as is a place of which nobody knows whose residents it is for.
    """
    table = town.facilities.table
    open_to = table["open_to"].fillna("anyone").to_numpy(dtype=object)
    exists = table["status"].fillna("existing").eq("existing").to_numpy()
    closed = exists & np.isin(open_to, ("members", "residents"))
    serves: dict[int, dict[str, NDArray[np.int64]]] = {}
    for requirement in asked_of(town.standard, town.gaps):
        right = (
            table["type"].isin(requirement.accepted).to_numpy()
            if requirement.accepted
            else table["service"].eq(requirement.service).to_numpy()
        )
        found = brought_inside(
            requirement,
            town.homes,
            town.facilities,
            town.compounds,
            short=short_of(requirement, town),
            at=closed & right,
        )
        for row, homes in found.items():
            serves.setdefault(row, {})[requirement.id] = homes
    rows, points = [], []
    held = {}
    chinese = town.language == "zh"
    for row in sorted(serves):
        facility = table.iloc[row]
        members = open_to[row] == "members"
        # Of a place the map calls private nobody knows whose it is, but inside a closed estate.
        owners = not members and (facility["origin"] != "osm" or town.facilities.compound[row] >= 0)
        name = way_id("share", facility["facility_id"], str(facility["type"]))
        held[name] = serves[row]
        said = (
            ("仅限本单位、会员使用" if members else "仅限业主、住户使用")
            if chinese
            else ("for members or staff only" if members else "for residents only")
        )
        rows.append(
            {
                "way_id": name,
                "kind": "share",
                "facility_id": facility["facility_id"],
                "name": facility["name"],
                "types": facility["type"],
                "what": "open_up",
                "consent": "owners" if owners else "owner",
                "competes": members,
                "evidence": said,
                "community_id": facility["community_id"],
            }
        )
        points.append(shapely.centroid(facility.geometry))
    return as_ways(rows, held, points, table.crs)


def shared_grounds(town: Town, grounds: Grounds) -> Ways:
    """
    Find schools whose open grounds would serve people after hours.

    Parameters
    ----------
    town
        Homes, facilities, streets and what falls short.
    grounds
        Schools.

    Returns
    -------
    ways
        One per school, with the open-air types its ground has room for: as much as half its site,
        1,000 m² where the site is not known, and then only listed (P). All need the consent of
        the school.
    """
    table = grounds.places.table
    types = _open_air(town.standard)
    site = table["site_m2"].to_numpy(dtype=np.float64)
    room = np.where(np.isfinite(site), GROUND_SHARE * site, SURE_GROUND_M2)
    fits = np.array([[need_m2(one, in_room=False) <= each for one in types] for each in room])
    fits = fits.reshape(len(table), len(types))
    serves: dict[int, dict[str, NDArray[np.int64]]] = {}
    for requirement in asked_of(town.standard, town.gaps):
        mine = np.array([accepts(requirement, one) for one in types], dtype=bool)
        if not mine.any():
            continue
        found = brought_inside(
            requirement,
            town.homes,
            grounds.places,
            town.compounds,
            short=short_of(requirement, town),
            at=(fits & mine).any(axis=1),
        )
        for row, homes in found.items():
            serves.setdefault(row, {})[requirement.id] = homes
    rows, points = [], []
    held = {}
    chinese = town.language == "zh"
    for row in sorted(serves):
        place = table.iloc[row]
        offered = "; ".join(one.id for one, ok in zip(types, fits[row], strict=True) if ok)
        name = way_id("share", grounds.key[row], offered)
        held[name] = serves[row]
        known = bool(np.isfinite(site[row]))
        rows.append(
            {
                "way_id": name,
                "kind": "share",
                "facility_id": place["facility_id"],
                "name": place["name"],
                "types": offered,
                "what": "open_grounds",
                "consent": "school",
                "competes": known,
                "evidence": _told(site[row], chinese=chinese),
                "community_id": place["community_id"],
            }
        )
        points.append(shapely.centroid(place.geometry))
    return as_ways(rows, held, points, table.crs)


def sharing_ways(town: Town, grounds: Grounds | None) -> Ways:
    """
    Find every place that could be shared.

    Parameters
    ----------
    town
        Homes, facilities, streets and what falls short.
    grounds
        Schools; None where none is known.

    Returns
    -------
    ways
        Closed places and schools' grounds.
    """
    parts = [opened_places(town)]
    if grounds is not None and len(grounds.places):
        parts.append(shared_grounds(town, grounds))
    return joined(parts, town.facilities.table.crs)


def grounds_of(
    facilities: Pinned,
    pois: gpd.GeoDataFrame,
    communities: gpd.GeoDataFrame,
    community: NDArray[np.int32],
    compounds: Compounds,
    obstacles: NDArray[np.object_],
) -> Grounds | None:
    """
    Gather schools: facilities of a service that has grounds, and those of the map beside them.

    Parameters
    ----------
    facilities
        The facilities.
    pois
        Places of interest of the map: ``poi_id, name, tags`` and geometry.
    communities
        `tables.COMMUNITIES`.
    community
        Community (row) of each place of interest, -1 in none, shape (pois,).
    compounds
        Streets and closed estates.
    obstacles
        Lines that legs should not cross.

    Returns
    -------
    grounds
        Schools that exist; None where there is none.
    """
    table = facilities.table
    listed = (
        table["service"].isin(GROUNDS_OF).to_numpy()
        & table["status"].fillna("existing").eq("existing").to_numpy()
    )
    columns = ["facility_id", "name", "community_id", "subdistrict", "unit_id"]
    mine = table.loc[listed, [*columns, "site_m2", "geometry"]].reset_index(drop=True)
    drawn = shapely.area(mine.geometry.to_numpy())
    mine["site_m2"] = mine["site_m2"].where(
        mine["site_m2"].notna(), np.where(drawn > 0, drawn, np.nan)
    )
    mine["key"] = mine["facility_id"]
    mapped = np.array(
        [
            tags.get("amenity") == "school" and not _NO_GROUNDS.search(str(name or ""))
            for tags, name in zip(pois["tags"], pois["name"], strict=True)
        ],
        dtype=bool,
    )
    mapped &= community >= 0
    shapes = pois.geometry.to_numpy()[mapped]
    if len(mine) and len(shapes):
        near = shapely.STRtree(mine.geometry.to_numpy()).query(
            shapes, predicate="dwithin", distance=_KNOWN_TWICE_M
        )[0]
        mapped[np.flatnonzero(mapped)[np.unique(near)]] = False
        shapes = pois.geometry.to_numpy()[mapped]
    of = communities.iloc[community[mapped]]
    area = shapely.area(shapes)
    more = gpd.GeoDataFrame(
        {
            "facility_id": [None] * len(shapes),
            "name": pois["name"].to_numpy(dtype=object)[mapped],
            **{one: of[one].to_numpy(dtype=object) for one in columns[2:]},
            "site_m2": np.where(area > 0, area, np.nan),
            "key": pois["poi_id"].to_numpy(dtype=object)[mapped],
        },
        geometry=gpd.GeoSeries(shapes, crs=table.crs),
        crs=table.crs,
    )
    kept = [part for part in (mine, more) if len(part)]
    if not kept:
        return None
    both = gpd.GeoDataFrame(pd.concat(kept, ignore_index=True), crs=table.crs)
    both = both.sort_values("key", kind="stable").reset_index(drop=True)
    return Grounds(
        places=pinned_places(both, compounds, obstacles),
        key=both["key"].to_numpy(dtype=object),
    )


def _open_air(standard: Standard) -> list[FacilityType]:
    """List what needs open ground and no building, of the services that could use grounds."""
    return [
        one
        for one in standard.types
        if one.service in GROUNDS_OF.values()
        and one.proposed
        and one.site_min_m2 is not None
        and one.floor_min_m2 is None
    ]


def _told(site_m2: float, *, chinese: bool) -> str:
    if np.isfinite(site_m2):
        return (
            f"校园用地约 {site_m2:,.0f} 平方米，场地按不超过其半数估算（P），待核实"
            if chinese
            else f"site of about {site_m2:,.0f} m², at most half of it ground (P); to be checked"
        )
    return (
        "校园用地面积未知，场地待核实" if chinese else "site not known; its ground is to be checked"
    )
