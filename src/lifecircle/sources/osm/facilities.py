"""
Turns the survey's places of interest into facilities: one row per place and service.

A place mapped twice (a campus, its main building, a node for its label) becomes one facility;
which rows went into it is written down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.geo import metric_crs, to_crs
from lifecircle.sources.facilities.notes import read_name_notes
from lifecircle.sources.facilities.recognition import NO_RULES, Recognition
from lifecircle.sources.facilities.tagging import Classified, classify_osm, plain_name
from lifecircle.tables import FACILITIES, PLACES_OF_INTEREST, check, empty

SAME_PLACE_M = 50.0
"""Two rows of one name and service are one place up to this distance [m]: our own rule."""
_LETTERS = {False: 8, True: 4}  # shortest name that may stand for a longer one: Latin, Chinese
_CLOSED_TO_OTHERS = frozenset(("private", "residents", "no", "members", "permit"))


def facilities_from_pois(
    pois: gpd.GeoDataFrame, own: Recognition = NO_RULES
) -> tuple[gpd.GeoDataFrame, int]:
    """
    Classify places of interest and merge what is mapped twice.

    Parameters
    ----------
    pois
        Columns of `lifecircle.tables.PLACES_OF_INTEREST`, WGS 84; not changed.
    own
        Rules of the standard; they go before the general ones.

    Returns
    -------
    facilities
        Columns of `lifecircle.tables.FACILITIES` and ``merged``, WGS 84, by ``facility_id``
        (``w45:medical``). ``merged`` lists the ids of all rows that are this place, the kept one
        first, separated by semicolons; it is missing where there is only one.
    duplicates
        How many rows were merged into another.

    Raises
    ------
    SchemaError
        If `pois` lacks columns.

    Notes
    -----
    Two rows of one service are one place when they lie within `SAME_PLACE_M` and their names
    agree: the same up to case, spaces and brackets; or, for the same type, one name within the
    other; or one of them inside the other, of the same type, and without a name of its own or
    known by its building only. The larger area is kept, then the lower id. A doctor's practice
    inside a hospital has another name and stays a facility of its own.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from lifecircle.sources.osm.facilities import facilities_from_pois
    >>> pois = gpd.GeoDataFrame(
    ...     {"poi_id": ["n1", "w2"], "name": "Klinik", "tags": [{"amenity": "hospital"}] * 2,
    ...      "source": "OSM"},
    ...     geometry=[shapely.Point(13.26, 53.56), shapely.box(13.259, 53.559, 13.261, 53.561)],
    ...     crs="EPSG:4326")
    >>> facilities, duplicates = facilities_from_pois(pois)
    >>> list(facilities["facility_id"]), list(facilities["merged"]), duplicates
    (['w2:medical'], ['w2;n1'], 1)
    """
    pois = check(pois, PLACES_OF_INTEREST, where="places of interest")
    rows = _rows(pois, own)
    if not rows:
        table = empty(FACILITIES, "EPSG:4326")
        table.insert(len(FACILITIES.columns), "merged", np.empty(0, dtype=object))
        return table, 0
    groups = _places(rows)
    kept = sorted(groups, key=lambda at: (rows[at].poi_id, rows[at].found.service))
    best = {
        at: max([at, *groups[at]], key=lambda row: (rows[row].found.confidence, row == at))
        for at in kept
    }
    names = {
        at: next((rows[row].name for row in [at, *groups[at]] if rows[row].name), None)
        for at in kept
    }
    table = gpd.GeoDataFrame(
        {
            "facility_id": [f"{rows[at].poi_id}:{rows[at].found.service}" for at in kept],
            "place_id": [rows[at].poi_id for at in kept],
            "name": [names[at] for at in kept],
            "service": [rows[at].found.service for at in kept],
            "type": [rows[best[at]].found.type for at in kept],
            "confidence": [rows[best[at]].found.confidence for at in kept],
            "rule": [rows[best[at]].found.rule for at in kept],
            "status": ["existing"] * len(kept),
            "open_to": [_open_to(rows[at].tags, names[at]) for at in kept],
            "beds": [_beds(rows[at].tags) for at in kept],
            "hours": [rows[at].tags.get("opening_hours") for at in kept],
            "owner": [rows[at].tags.get("operator") for at in kept],
            "origin": ["osm"] * len(kept),
            "placed": ["mapped"] * len(kept),
            "source": ["OSM"] * len(kept),
            "merged": [
                ";".join(rows[row].poi_id for row in [at, *groups[at]]) if groups[at] else None
                for at in kept
            ],
        },
        geometry=pois.geometry.array[[rows[at].position for at in kept]],
        crs=pois.crs,
    )
    merged = sum(len(others) for others in groups.values())
    return check(table, FACILITIES, where="facilities"), merged


@dataclass(frozen=True, kw_only=True)
class _Row:
    position: int
    poi_id: str
    name: str | None
    stem: str
    tags: Mapping[str, str]
    found: Classified
    shape: shapely.Geometry
    area_m2: float


def _rows(pois: gpd.GeoDataFrame, own: Recognition) -> list[_Row]:
    """One row per place and service, larger areas first, then by id."""
    found = [classify_osm(tags, own) for tags in pois["tags"]]
    serving = [at for at, services in enumerate(found) if services]
    if not serving:
        return []
    west, south, east, north = pois.geometry.iloc[serving].total_bounds
    crs = metric_crs((west + east) / 2, (south + north) / 2)
    shapes = to_crs(pois.iloc[serving], crs, where="places of interest").geometry.array
    rows = [
        _Row(
            position=at,
            poi_id=pois["poi_id"].iat[at],
            name=pois["name"].iat[at],
            stem=_stem(pois["name"].iat[at]),
            tags=pois["tags"].iat[at],
            found=service,
            shape=shape,
            area_m2=float(shape.area),
        )
        for at, shape in zip(serving, shapes, strict=True)
        for service in found[at]
    ]
    return sorted(rows, key=lambda row: (-row.area_m2, row.poi_id, row.found.service))


def _stem(name: str | None) -> str:
    """Name without brackets, signs and spaces: what two mappers would both have written."""
    plain = plain_name(name or "")
    outside = plain
    while "(" in outside and ")" in outside[outside.index("(") :]:
        start = outside.index("(")
        outside = outside[:start] + outside[outside.index(")", start) + 1 :]
    return "".join(letter for letter in outside or plain if letter.isalnum())


def _places(rows: list[_Row]) -> dict[int, list[int]]:
    """Rows kept, each with the rows that are the same place."""
    shapes: NDArray[np.object_] = np.array([row.shape for row in rows], dtype=object)
    near = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=SAME_PLACE_M)
    before: dict[int, list[int]] = {}
    for later, earlier in near.T.tolist():
        if earlier < later and rows[earlier].found.service == rows[later].found.service:
            before.setdefault(later, []).append(earlier)
    groups: dict[int, list[int]] = {}
    for at, row in enumerate(rows):
        home = next(
            (
                keeper
                for keeper in sorted(before.get(at, ()))
                if keeper in groups and _same_place(rows[keeper], row)
            ),
            None,
        )
        if home is None:
            groups[at] = []
        else:
            groups[home].append(at)
    return groups


def _same_place(keeper: _Row, row: _Row) -> bool:
    if row.stem and row.stem == keeper.stem:
        return True
    if row.found.type != keeper.found.type:
        return False
    short, long = sorted((row.stem, keeper.stem), key=len)
    if short in long and len(short) >= _LETTERS[not short.isascii()]:
        return True
    nameless = not row.stem or not keeper.stem or row.found.rule.startswith("tag building=")
    return nameless and keeper.area_m2 > 0 and bool(shapely.covers(keeper.shape, row.shape))


def _open_to(tags: Mapping[str, str], name: str | None) -> str:
    said = read_name_notes(name).open_to
    if said is not None:
        return said
    return "residents" if tags.get("access") in _CLOSED_TO_OTHERS else "anyone"


def _beds(tags: Mapping[str, str]) -> float:
    text = tags.get("beds", tags.get("capacity:beds", ""))
    return float(text) if text.isdecimal() else float("nan")
