"""From a study file to how each of its files is read: columns, system, encoding, rows inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from lifecircle.config import StudyConfig
from lifecircle.sources.facilities.lists import FACILITY_COLUMNS
from lifecircle.sources.people.communities import COLUMN_NAMES
from lifecircle.sources.people.grids import GRID_COLUMNS
from lifecircle.sources.people.groups import asked_groups, groups_among
from lifecircle.sources.people.sheets import date_in
from lifecircle.sources.people.tables import PEOPLE_COLUMNS
from lifecircle.sources.road_words import ROAD_COLUMNS
from lifecircle.sources.sheets.columns import recognise_columns
from lifecircle.sources.sheets.files import SHEET_SUFFIXES
from lifecircle.sources.sheets.places import PLACE_COLUMNS
from lifecircle.sources.sheets.words import (
    BUILDING_COLUMNS,
    ESTATE_COLUMNS,
    GATE_COLUMNS,
    PARCEL_COLUMNS,
)
from lifecircle.sources.vectors.looks import Look, look_at_layers, look_at_sheets

Names = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class FileRead:
    """
    How a file of a study is read.

    Parameters
    ----------
    key
        The key that names it.
    name
        Its name, with layer or sheet where there are several.
    columns
        Meaning to column.
    override
        The key by which another column can be named.
    others
        Columns nothing is taken from.
    system, encoding
        Reference system and encoding of its texts, empty where it has none.
    inside
        Share of its rows whose middle lies in the study area; None without shapes.
    """

    key: str
    name: str
    columns: Mapping[str, str]
    override: str
    others: tuple[str, ...]
    system: str = ""
    encoding: str = ""
    inside: float | None = None

    def __str__(self) -> str:
        told = [f"{meaning} = {column}" for meaning, column in self.columns.items()]
        parts = [", ".join(told) or "no column was recognised"]
        parts += [
            part for part in (self.system, self.encoding and f"texts {self.encoding}") if part
        ]
        if self.inside is not None:
            parts.append(f"{self.inside:.0%} of its rows in the area")
        return "; ".join(parts)


def files_read(config: StudyConfig, area: shapely.Geometry) -> tuple[FileRead, ...]:
    """
    Say how each file of a study is read.

    Parameters
    ----------
    config
        The study file.
    area
        Outline of the study area, WGS 84.

    Returns
    -------
    files
        In the order of the study file's sections.
    """
    shapely.prepare(area)
    return tuple(
        one
        for key, path, part, names, given, override in _asked(config)
        if (one := _read(key, path, part, names, given, override, area)) is not None
    )


_Asked = tuple[str, Path, str | None, Names, Mapping[str, str] | None, str]


def _asked(config: StudyConfig) -> Iterator[_Asked]:
    network, places, homes = config.network, config.communities, config.homes
    estates, land = config.estates, config.land
    if network.roads is not None:
        yield (
            "network.roads",
            network.roads,
            network.layer,
            ROAD_COLUMNS,
            network.columns,
            "columns",
        )
    if places.file is not None:
        yield "communities.file", places.file, places.layer, COLUMN_NAMES, places.columns, "columns"
    if isinstance(homes.buildings, Path):
        given = homes.columns
        yield "homes.buildings", homes.buildings, homes.layer, BUILDING_COLUMNS, given, "columns"
    if homes.table is not None:
        given = homes.table_columns
        people: Names = {**PEOPLE_COLUMNS, **asked_groups(given)}
        yield "homes.table", homes.table, homes.sheet, people, given, "table_columns"
    if homes.grids is not None:
        given = homes.grid_columns
        yield "homes.grids", homes.grids, homes.grid_layer, GRID_COLUMNS, given, "grid_columns"
    if estates is not None and estates.file is not None:
        given = estates.columns
        yield "estates.file", estates.file, estates.layer, ESTATE_COLUMNS, given, "columns"
    if estates is not None and estates.gates is not None:
        names: Names = {**GATE_COLUMNS, **PLACE_COLUMNS}
        yield "estates.gates", estates.gates, None, names, estates.gate_columns, "gate_columns"
    for part in config.facilities.tables:
        names = {**FACILITY_COLUMNS, **PLACE_COLUMNS}
        yield "facilities.tables", part.file, part.layer, names, part.columns, "columns"
    parcels = land.parcels
    for path in (parcels,) if isinstance(parcels, Path) else parcels or ():
        yield "land.parcels", path, land.layer, PARCEL_COLUMNS, land.columns, "columns"


def _read(
    key: str,
    path: Path,
    part: str | None,
    names: Names,
    given: Mapping[str, str] | None,
    override: str,
    area: shapely.Geometry,
) -> FileRead | None:
    table = path.suffix.lower() in SHEET_SUFFIXES
    looks = [look for look in (look_at_sheets if table else look_at_layers)(path) if len(look)]
    looks = [look for look in looks if part in (None, look.part) or not look.part] or looks
    if not looks:
        return None
    found = [recognise_columns(look.cells, names, _known(look, names, given), "") for look in looks]
    # Of sheets alike the latest is read, as `people_sheets` does.
    best = max(
        range(len(looks)), key=lambda at: (len(found[at]), date_in(looks[at].words) or (0, 0, 0))
    )
    look, columns = looks[best], found[best]
    if names is BUILDING_COLUMNS or "registered" in names:
        columns = {**columns, **groups_among(look.columns, {*columns, *columns.values()})}
    return FileRead(
        key=key,
        name=f"{path.name}, {look.part}" if look.part else path.name,
        columns=columns,
        override=override,
        others=tuple(name for name in look.columns if name not in columns.values()),
        system=look.system,
        encoding=look.encoding,
        inside=_inside(look, area),
    )


def _known(look: Look, names: Names, given: Mapping[str, str] | None) -> dict[str, str]:
    return {key: one for key, one in (given or {}).items() if key in names and one in look.columns}


def _inside(look: Look, area: shapely.Geometry) -> float | None:
    if not len(look.lonlat):
        return None
    return float(np.mean(shapely.intersects(area, shapely.points(look.lonlat))))
