"""
What an extract holds, and how answers of an Overpass server become one.

Each object is in it once, sorted as files are, with the box that was asked for and the day the data
stand for in the header.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import osmium

WAYS = (
    '["highway"]',
    '["railway"]',
    '["waterway"]',
    '["barrier"]',
    '["route"="ferry"]',
    '["public_transport"="platform"]',
)
"""Lines, asked for as ways only: the relation of a river would bring the whole river."""

FEATURES: dict[str, bool | str | list[str]] = {
    **dict.fromkeys(
        (
            *("amenity", "building", "healthcare", "landuse", "leisure", "office", "shop"),
            *("social_facility", "tourism", "entrance", "military"),
        ),
        True,
    ),
    "highway": ["crossing", "traffic_signals", "elevator", "bus_stop"],
    "barrier": [
        "gate",
        "lift_gate",
        "swing_gate",
        "entrance",
        "bollard",
        "turnstile",
        "kissing_gate",
    ],
    "natural": [
        *("water", "bay", "wetland", "wood", "grassland", "heath", "scrub", "beach", "sand"),
        *("bare_rock", "rock", "scree", "shingle", "mud"),
    ],
    "waterway": ["riverbank", "dock", "boatyard"],
    "boundary": ["protected_area", "national_park"],
    # Also those whose tags stand on their outer way, as they used to be drawn.
    "type": ["multipolygon"],
    # No country and no province: their outlines are longer than all the rest.
    "admin_level": ["6", "7", "8", "9", "10", "11"],
    "place": [
        *("city", "town", "suburb", "quarter", "neighbourhood", "city_block", "village", "hamlet"),
        *("isolated_dwelling", "locality", "square"),
    ],
    "aeroway": ["aerodrome", "apron", "heliport"],
    "power": ["plant", "substation"],
    "man_made": ["wastewater_plant", "water_works", "works"],
}
"""Places and grounds, asked for as nodes, ways and relations."""

_ORDER = {"node": 0, "way": 1, "relation": 2}


def write_extract(answers: Path, path: Path, *, box: tuple[float, float, float, float]) -> bool:
    """
    Write the objects of a folder of answers as an extract.

    Parameters
    ----------
    answers
        Folder of answers in Overpass's JSON.
    path
        The file to write, ending in ``.osm.pbf``.
    box
        West, south, east and north of what was asked for [°, WGS 84].

    Returns
    -------
    with_streets
        Whether there is a street in it.

    Examples
    --------
    >>> import json, tempfile
    >>> from pathlib import Path
    >>> from lifecircle.sources.osm.extract import write_extract
    >>> node = {"type": "node", "id": 1, "lon": 121.1, "lat": 30.4, "tags": {"amenity": "clinic"}}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "a.json").write_text(json.dumps({"elements": [node]}))
    ...     box = (121.0, 30.4, 121.2, 30.5)
    ...     write_extract(Path(folder), Path(folder) / "town.osm.pbf", box=box)
    False
    """
    objects: dict[tuple[int, int], dict[str, Any]] = {}
    days: set[str] = set()
    for file in sorted(answers.glob("*.json")):
        answer = json.loads(file.read_text(encoding="utf-8"))
        days.add(str(answer.get("osm3s", {}).get("timestamp_osm_base", "")))
        for one in answer.get("elements", []):
            key = _ORDER.get(one.get("type"), -1), int(one["id"])
            # An object may come bare from one question and with its tags from another.
            if key[0] >= 0 and len(one.get("tags", ())) >= len(
                objects.get(key, {}).get("tags", ())
            ):
                objects[key] = one
    header = osmium.io.Header()
    header.add_box(osmium.osm.Box(*box))
    day = min(days - {""}, default="")
    if day:
        header.set("osmosis_replication_timestamp", day)
    part = path.with_name(f"part-{path.name}")
    writer = osmium.SimpleWriter(str(part), header=header, overwrite=True)
    try:
        for (kind, _), one in sorted(objects.items(), key=lambda item: item[0]):
            (writer.add_node, writer.add_way, writer.add_relation)[kind](_mutable(one))
    finally:
        writer.close()
    part.replace(path)
    return any(
        kind == _ORDER["way"] and "highway" in one.get("tags", {})
        for (kind, _), one in objects.items()
    )


def _mutable(one: dict[str, Any]) -> Any:  # noqa: ANN401 - classes of a library without types
    tags = {str(key): str(value) for key, value in one.get("tags", {}).items()}
    if one["type"] == "node":
        place = (one["lon"], one["lat"])
        return osmium.osm.mutable.Node(id=one["id"], location=place, tags=tags)
    if one["type"] == "way":
        return osmium.osm.mutable.Way(id=one["id"], nodes=one.get("nodes", []), tags=tags)
    members = [(each["type"][0], each["ref"], each.get("role", "")) for each in one["members"]]
    return osmium.osm.mutable.Relation(id=one["id"], members=members, tags=tags)
