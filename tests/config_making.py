"""The smallest good study file, with sections to put in its place."""

from __future__ import annotations

from pathlib import Path

BASE = {
    "study": 'name = "Town"',
    "area": "bbox = [13.2, 53.5, 13.3, 53.6]",
    "network": 'osm = "extract.osm.pbf"',
}
FILES = ("extract.osm.pbf", "communities.gpkg", "poi.csv", "costs.xlsx", "roads.shp", "Area.gpkg")


def fill(folder: Path) -> Path:
    """Put empty files of all names the studies use into a folder."""
    for name in FILES:
        (folder / name).touch()
    return folder


def write(folder: Path, extra: str = "", **sections: str | None) -> Path:
    """Write the smallest good study, some of its sections replaced or taken out (None)."""
    texts = {**BASE, **sections}
    parts = [f"[{name}]\n{text}\n" for name, text in texts.items() if text is not None]
    path = folder / "study.toml"
    path.write_text("".join(parts) + extra, encoding="utf-8")
    return path
