"""
Turns outlines and lines of a file into the survey's buildings, ground and barriers.

One object may stand in several tables (a fenced school is a place of interest, ground and a
barrier); within a table it has one row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from lifecircle.sources.facilities.tagging import tag_values
from lifecircle.sources.osm.areas import Areas, name_of, survey_table
from lifecircle.sources.osm.raw import RawOsm
from lifecircle.tables import (
    BARRIERS,
    BUILDINGS,
    GROUND,
)

_AREA_KEYS = tag_values(
    "aeroway amenity area boundary building healthcare historic landuse leisure man_made military "
    "natural office place power railway shop social_facility sport tourism waterway"
)
# Which key is asked first, and what its values say about the ground. The special stands before
# the general: a sports ground on grass is a sports ground.
_GROUND: tuple[tuple[str, Mapping[str, str]], ...] = tuple(
    (key, {value: kind for kind, text in kinds.items() for value in text.split()})
    for key, kinds in (
        (
            "leisure",
            {
                "pitch": "pitch",
                "playground": "playground",
                "sports": "sports_centre stadium track golf_course ice_rink horse_riding "
                "swimming_pool swimming_area water_park sports_hall miniature_golf",
                "park": "park common dog_park",
                "garden": "garden",
                "protected": "nature_reserve",
                "other": "marina resort",
            },
        ),
        (
            "amenity",
            {
                "school": "school kindergarten college university childcare music_school "
                "language_school driving_school prep_school",
                "hospital": "hospital clinic",
                "parking": "parking bicycle_parking motorcycle_parking parking_space",
                "cemetery": "grave_yard crematorium",
                "religious": "place_of_worship monastery",
                "commercial": "marketplace",
                "other": "fuel",
            },
        ),
        ("boundary", {"protected": "protected_area national_park"}),
        ("military", {"military": "barracks base danger_area range training_area airfield"}),
        ("natural", {"water": "water bay", "wetland": "wetland"}),
        (
            "waterway",
            {"water": "riverbank dock boatyard"},
        ),
        (
            "landuse",
            {
                "residential": "residential garages_residential",
                "commercial": "commercial",
                "retail": "retail",
                "industrial": "industrial port depot",
                "farmland": "farmland farmyard orchard vineyard plant_nursery "
                "greenhouse_horticulture aquaculture farm",
                "forest": "forest wood",
                "meadow": "meadow",
                "grass": "grass village_green greenery flowerbed",
                "allotments": "allotments",
                "cemetery": "cemetery",
                "water": "basin reservoir salt_pond",
                "park": "recreation_ground",
                "railway": "railway",
                "military": "military",
                "quarry": "quarry",
                "landfill": "landfill",
                "construction": "construction",
                "brownfield": "brownfield",
                "greenfield": "greenfield",
                "vacant": "vacant disused",
                "religious": "religious",
                "school": "education",
                "parking": "garages",
                "square": "plaza",
                "other": "conservation highway institutional",
            },
        ),
        (
            "natural",
            {
                "forest": "wood",
                "meadow": "grassland heath fell",
                "other": "scrub beach sand bare_rock scree shingle glacier mud bedrock rock",
            },
        ),
        ("place", {"square": "square"}),
        (
            "aeroway",
            {"other": "aerodrome apron heliport"},
        ),
        ("power", {"other": "plant substation"}),
        ("man_made", {"other": "wastewater_plant water_works works"}),
    )
)
_BARRIER_KINDS = {
    "wall": "wall",
    "city_wall": "wall",
    "retaining_wall": "wall",
    "fence": "fence",
    "hedge": "hedge",
}
_TRACKS = tag_values("rail light_rail narrow_gauge subway monorail")
_CLEARED = tag_values("no demolished razed")


def may_have_outline(raw: RawOsm) -> NDArray[np.bool_]:
    """
    Tell which ways could be areas by their tags.

    Parameters
    ----------
    raw
        The file.

    Returns
    -------
    wanted
        Shape (ways,).
    """
    return np.array([not _AREA_KEYS.isdisjoint(tags) for tags in raw.way_tags], dtype=bool)


def buildings(areas: Areas) -> gpd.GeoDataFrame:
    """
    Collect the buildings.

    Parameters
    ----------
    areas
        Areas of a file.

    Returns
    -------
    buildings
        Columns of `lifecircle.tables.BUILDINGS`, WGS 84. ``use`` is the value of ``building``;
        ``people`` is missing, since OpenStreetMap does not know it.
    """
    rows = [at for at, tags in enumerate(areas.tags) if tags.get("building", "no") not in _CLEARED]
    tags = [areas.tags[at] for at in rows]
    columns = {
        "building_id": [areas.area_id[at] for at in rows],
        "use": [each["building"] for each in tags],
        "name": [name_of(each) for each in tags],
        "levels": [mean_count(each.get("building:levels")) for each in tags],
        "flats": [mean_count(each.get("building:flats")) for each in tags],
        "people": [float("nan")] * len(rows),
    }
    return survey_table(BUILDINGS, columns, areas.shape[rows])


def mean_count(text: str | None) -> float:
    """
    Read a count that mappers write as one number or several.

    Parameters
    ----------
    text
        Such as "3", "3.5", "3;4" or "3-5".

    Returns
    -------
    count
        The mean of the numbers; NaN where the text holds anything else, or more than 200.

    Examples
    --------
    >>> from lifecircle.sources.osm.ground import mean_count
    >>> mean_count("3;4"), mean_count("3,5"), mean_count("EG")
    (3.5, 3.5, nan)
    """
    if text is None:
        return float("nan")
    parts = re.split(r"\s*[;-]\s*", text.strip().replace(",", "."))
    if not all(re.fullmatch(r"\d+(\.\d+)?", part) for part in parts):
        return float("nan")
    mean = sum(map(float, parts)) / len(parts)
    return mean if mean <= 200 else float("nan")


def ground(areas: Areas) -> gpd.GeoDataFrame:
    """
    Collect what covers the ground.

    Parameters
    ----------
    areas
        Areas of a file.

    Returns
    -------
    ground
        Columns of `lifecircle.tables.GROUND`, WGS 84; ``tag`` names the tag that decided.
    """
    found = [(at, ground_kind(tags)) for at, tags in enumerate(areas.tags)]
    known = [(at, *answer) for at, answer in found if answer is not None]
    rows = [at for at, _, _ in known]
    columns = {
        "ground_id": [areas.area_id[at] for at in rows],
        "kind": [kind for _, kind, _ in known],
        "tag": [tag for _, _, tag in known],
        "name": [name_of(areas.tags[at]) for at in rows],
    }
    return survey_table(GROUND, columns, areas.shape[rows])


def ground_kind(tags: Mapping[str, str]) -> tuple[str, str] | None:
    """
    Say what an area's tags make of the ground.

    Parameters
    ----------
    tags
        Tags of an area.

    Returns
    -------
    answer
        Kind and deciding tag; None where the tags say nothing about the ground. An area marked
        as disused is ``vacant`` whatever it was.

    Examples
    --------
    >>> from lifecircle.sources.osm.ground import ground_kind
    >>> ground_kind({"landuse": "grass", "leisure": "pitch"})
    ('pitch', 'leisure=pitch')
    """
    if "building" in tags and "landuse" not in tags:
        # A hospital or a kindergarten drawn as its building covers no ground beside it.
        return None
    for key in ("disused:landuse", "abandoned:landuse"):
        if key in tags:
            return "vacant", f"{key}={tags[key]}"
    if tags.get("disused") == "yes" and "landuse" in tags:
        return "vacant", "disused=yes"
    for key, kinds in _GROUND:
        kind = kinds.get(tags.get(key, ""))
        if kind is not None:
            return kind, f"{key}={tags[key]}"
    if tags.get("area") == "yes" and tags.get("highway") in ("pedestrian", "footway"):
        return "square", f"highway={tags['highway']}"
    return None


def barriers(raw: RawOsm) -> gpd.GeoDataFrame:
    """
    Collect the lines nobody walks across.

    Parameters
    ----------
    raw
        The file.

    Returns
    -------
    barriers
        Columns of `lifecircle.tables.BARRIERS`, WGS 84. Bridges of rail, motorways and rivers
        stay in: streets that cross under or over them are what the network knows. What runs in
        a tunnel is no barrier.
    """
    found = [(at, _barrier_kind(tags)) for at, tags in enumerate(raw.way_tags)]
    known = [(at, kind) for at, kind in found if kind is not None]
    rows = [at for at, _ in known]
    columns = {
        "barrier_id": [f"w{raw.way_id[at]}" for at in rows],
        "kind": [kind for _, kind in known],
        "name": [name_of(raw.way_tags[at]) for at in rows],
    }
    return survey_table(BARRIERS, columns, raw.way_line[rows])


def _barrier_kind(tags: Mapping[str, str]) -> str | None:
    kind = _BARRIER_KINDS.get(tags.get("barrier", ""))
    if kind is not None:
        return kind
    if tags.get("tunnel", "no") != "no":
        return None
    if tags.get("railway") in _TRACKS:
        return "rail"
    if tags.get("waterway") in ("river", "canal"):
        return "water"
    fast = tags.get("highway", "").startswith("motorway") or (
        tags.get("highway", "").startswith("trunk") and tags.get("motorroad") == "yes"
    )
    return "motorway" if fast else None
