"""
A town small enough to read in a blink: 6 x 6 streets of 100 m, 30 houses, one of each service.

Written as an OpenStreetMap file with a study file beside it, for the tests of reading and running.
"""

from __future__ import annotations

from pathlib import Path

from tests.sources.osm_xml import osm_text, square, write_osm

WEST, SOUTH = 13.0, 53.0
STEP_LON, STEP_LAT = 0.00149, 0.0009
BBOX = (12.999, 52.999, 13.009, 53.006)
BOUNDS = (12.94, 52.96, 13.07, 53.05)
SERVICES = {
    "medical": {"amenity": "clinic", "name": "Clinic"},
    "culture": {"amenity": "library", "name": "Library"},
    "fitness": {"leisure": "fitness_centre", "name": "Gym"},
    "elder_care": {"amenity": "social_facility", "social_facility": "nursing_home"},
}
STUDY = {
    "study": 'name = "Small town"\nlanguage = "en"',
    "area": f"bbox = {list(BBOX)}",
    "network": 'osm = "town.osm"',
    "communities": 'draw = "places"\nplace_kinds = ["suburb"]',
    "homes": "total = 300",
}


def write_town(folder: Path, *, services=tuple(SERVICES), houses=True, places=True) -> Path:
    """Write ``town.osm``; leave out what a test wants to be missing."""
    nodes = [
        (1 + 6 * i + j, WEST + STEP_LON * i, SOUTH + STEP_LAT * j, {})
        for i in range(6)
        for j in range(6)
    ]
    ways = []
    for i in range(6):
        tags = {"highway": "residential", "name": f"Street {i}"}
        ways.append((100 + i, [1 + 6 * i + j for j in range(6)], tags))
        ways.append((200 + i, [1 + 6 * j + i for j in range(6)], tags))
    for number, service in enumerate(services):
        at = (WEST + STEP_LON * (number + 0.3), SOUTH + STEP_LAT * 2 + 0.00005)
        nodes.append((900 + number, *at, SERVICES[service]))
    if places:
        for number, name in enumerate(("West", "East")):
            at = (WEST + STEP_LON * (1 + 3 * number), SOUTH + STEP_LAT * 2.5)
            nodes.append((950 + number, *at, {"place": "suburb", "name": name}))
    if houses:
        for number in range(30):
            i, j = divmod(number, 6)
            first = 1000 + 10 * number
            west, south = WEST + STEP_LON * (i + 0.5), SOUTH + STEP_LAT * j + 0.0001
            nodes += square(first, west, south, size=0.0001)
            outline = [first, first + 1, first + 2, first + 3, first]
            ways.append((3000 + number, outline, {"building": "apartments"}))
    return write_osm(folder, osm_text(nodes, ways, bounds=BOUNDS))


def write_study(folder: Path, extra: str = "", **sections: str | None) -> Path:
    """Write ``study.toml``, some of its sections replaced or taken out (None)."""
    texts = {**STUDY, **sections}
    parts = [f"[{name}]\n{text}\n" for name, text in texts.items() if text is not None]
    path = folder / "study.toml"
    path.write_text("\n".join(parts) + extra, encoding="utf-8")
    return path
