"""Writes small OpenStreetMap files for the tests."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

Node = tuple[int, float, float, Mapping[str, str]]  # id, lon, lat, tags
Way = tuple[int, Sequence[int], Mapping[str, str]]
Relation = tuple[int, Sequence[tuple[int, str]], Mapping[str, str]]  # members: way, role


def osm_text(
    nodes: Sequence[Node] = (),
    ways: Sequence[Way] = (),
    relations: Sequence[Relation] = (),
    *,
    bounds: tuple[float, float, float, float] | None = None,
    head: str = "",
    order: str = "nwr",
) -> str:
    parts = {
        "n": [
            f'<node id="{number}" lon="{lon:.7f}" lat="{lat:.7f}">{_tags(tags)}</node>'
            for number, lon, lat, tags in nodes
        ],
        "w": [
            f'<way id="{number}">'
            + "".join(f'<nd ref="{ref}"/>' for ref in refs)
            + f"{_tags(tags)}</way>"
            for number, refs, tags in ways
        ],
        "r": [
            f'<relation id="{number}">'
            + "".join(f'<member type="way" ref="{ref}" role="{role}"/>' for ref, role in members)
            + f"{_tags(tags)}</relation>"
            for number, members, tags in relations
        ],
    }
    box = ""
    if bounds is not None:
        west, south, east, north = bounds
        box = f'<bounds minlon="{west}" minlat="{south}" maxlon="{east}" maxlat="{north}"/>'
    body = "\n".join("\n".join(parts[kind]) for kind in order)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">{head}{box}\n{body}\n</osm>'


def write_osm(folder: Path, text: str, name: str = "town.osm") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def square(first: int, west: float, south: float, size: float = 0.001) -> list[Node]:
    """Four corner nodes with ids first to first + 3, counter-clockwise from the south-west."""
    corners = [(0, 0), (size, 0), (size, size), (0, size)]
    return [
        (first + at, west + east, south + north, {}) for at, (east, north) in enumerate(corners)
    ]


def ring(first: int) -> list[int]:
    return [first, first + 1, first + 2, first + 3, first]


def _tags(tags: Mapping[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())
