"""
Rows of a list without coordinates -> their places, or a row of the sheet of what is to be placed.

What a planner placed by hand goes before what is looked up; what is in doubt is never used.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.errors import InputError, LifecircleWarning, Problem
from lifecircle.provenance import Source
from lifecircle.sources.geocoding.gazetteer import Gazetteer
from lifecircle.sources.geocoding.gazetteer_files import ADDRESS_COLUMNS
from lifecircle.sources.geocoding.locate import ACCEPT, locate
from lifecircle.sources.geocoding.parts import split_address, split_name
from lifecircle.sources.geocoding.text import plain
from lifecircle.sources.sheets.cells import Layer, texts_of, warn_of_rows
from lifecircle.sources.vectors.placed import in_wgs84, read_places

ASKED_COLUMNS: Mapping[str, tuple[str, ...]] = {
    meaning: ADDRESS_COLUMNS[meaning] for meaning in ("address", "community", "subdistrict")
}
"""What the columns of a list that say where its rows are, without coordinates, are known by."""

TO_PLACE = (
    *("place_key", "list", "row", "name", "address", "community", "guess_lon", "guess_lat"),
    *("method", "confidence", "evidence", "doubts", "lon", "lat"),
)
"""
Columns of what is to be placed; `row` is the one a spreadsheet program shows. ``lon`` and ``lat``
are what a planner gave, NaN where nobody did: such rows have a place, and are listed to keep it.
"""

PLACED_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "place_key": ("place_key", "编号", "定位编号", "id"),
    "note": ("note", "备注"),
}
"""What the columns of a returned sheet are known by, beside those of coordinates."""


@dataclass(frozen=True, kw_only=True)
class Placer:
    """
    What rows without coordinates are placed by.

    Parameters
    ----------
    gazetteer
        What is known of places.
    accept
        Least confidence of a place that is used.
    given
        `place_key` to longitude and latitude (WGS 84) a planner gave.
    """

    gazetteer: Gazetteer
    accept: float = ACCEPT
    given: Mapping[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Placed:
    """
    Where rows of a list are.

    Parameters
    ----------
    shapes
        Shape of each row, WGS 84, None where it has no place that can be used, shape (n,).
    how
        ``planner`` or the way it was found (`geocode.METHODS`); None for rows that had
        coordinates or have no place, shape (n,).
    confidence
        Of what was found, NaN elsewhere, shape (n,).
    to_place
        The rows without a place and those a planner placed, columns `TO_PLACE`; indexed by their
        position.
    """

    shapes: NDArray[np.object_]
    how: NDArray[np.object_]
    confidence: NDArray[np.float64]
    to_place: pd.DataFrame


def place_rows(
    cells: Layer, shapes: NDArray[np.object_], placer: Placer, *, list_name: str
) -> Placed:
    """
    Place the rows of a list that have no coordinates.

    Parameters
    ----------
    cells
        The list, with the columns of `ASKED_COLUMNS` and ``name`` told apart.
    shapes
        Shape of each row, WGS 84, None where it has none, shape (n,).
    placer
        What they are placed by.
    list_name
        Name of the file, part of the keys.

    Returns
    -------
    placed
        Where the rows are; those with a shape keep it.
    """
    n = len(cells)
    shapes = shapes.copy()
    how = np.full(n, None, dtype=object)
    confidence = np.full(n, np.nan)
    texts = {
        meaning: texts_of(cells, meaning).to_numpy(dtype=object)
        for meaning in ("name", *ASKED_COLUMNS)
    }
    keys = place_keys(list_name, texts["name"], texts["address"])
    rows = np.flatnonzero(shapely.is_missing(shapes))
    by_hand = np.array([keys[row] in placer.given for row in rows], dtype=bool)
    for row in rows[by_hand]:
        shapes[row] = shapely.Point(placer.given[keys[row]])
        how[row], confidence[row] = "planner", 1.0
    found = locate(
        placer.gazetteer,
        names=texts["name"][rows].tolist(),
        addresses=texts["address"][rows].tolist(),
        communities=texts["community"][rows].tolist(),
        subdistricts=texts["subdistrict"][rows].tolist(),
    )
    sure = (found["confidence"].to_numpy() >= placer.accept) & ~by_hand
    points = np.asarray(found.geometry.array, dtype=object)
    shapes[rows[sure]] = points[sure]
    how[rows[sure]] = found["method"].to_numpy(dtype=object)[sure]
    confidence[rows[sure]] = found["confidence"].to_numpy()[sure]
    rest, at = found[~sure], rows[~sure]
    given = np.array(
        [placer.given.get(keys[row], (np.nan, np.nan)) for row in at], dtype=np.float64
    ).reshape(-1, 2)
    known = placer.gazetteer.vocabulary
    speaks_of = [
        split_address(texts["address"][row], known).community
        or split_name(texts["name"][row], known).community
        or None
        for row in at
    ]
    to_place = pd.DataFrame(
        {
            "place_key": pd.Series(keys[at], index=at, dtype=object),
            "list": list_name,
            "row": cells.row[at],
            "name": pd.Series(texts["name"][at], index=at, dtype=object),
            "address": pd.Series(texts["address"][at], index=at, dtype=object),
            "community": pd.Series(speaks_of, index=at, dtype=object),
            "guess_lon": rest.geometry.x.to_numpy(dtype=np.float64),
            "guess_lat": rest.geometry.y.to_numpy(dtype=np.float64),
            "method": pd.Series(rest["method"].to_numpy(dtype=object), index=at, dtype=object),
            "confidence": rest["confidence"].to_numpy(dtype=np.float64),
            "evidence": pd.Series(rest["evidence"].to_numpy(dtype=object), index=at, dtype=object),
            "doubts": pd.Series(rest["doubts"].to_numpy(dtype=object), index=at, dtype=object),
            "lon": given[:, 0],
            "lat": given[:, 1],
        },
        index=at,
        columns=list(TO_PLACE),
    )
    return Placed(shapes=shapes, how=how, confidence=confidence, to_place=to_place)


@dataclass(frozen=True, kw_only=True)
class FacilityList:
    """
    A list of facilities, and its rows that have no place.

    Parameters
    ----------
    facilities
        `tables.FACILITIES`, WGS 84: the rows that have a place.
    source
        Origin and counts.
    to_place
        The rows without one, and those a planner placed: `TO_PLACE` with ``services``, ``types``
        (separated by semicolons) and ``status``; empty where rows without coordinates are not
        looked up.
    placed
        How rows were placed (``coordinates``, ``planner`` or a way of `geocode.METHODS`) to their
        number.
    not_reported
        Communities that are not in it, by its own notes or as a planner says.
    """

    facilities: gpd.GeoDataFrame
    source: Source
    to_place: pd.DataFrame
    placed: Mapping[str, int]
    not_reported: tuple[str, ...] = ()


def rows_to_place(
    cells: Layer,
    placed: Placed | None,
    *,
    services: Sequence[Sequence[str]],
    types: Sequence[Sequence[str]],
    status: NDArray[np.object_],
) -> pd.DataFrame:
    """
    Tell of the rows without a place, and say what they would offer.

    Parameters
    ----------
    cells
        The list.
    placed
        Where its rows are; None where nothing was looked up.
    services, types
        What each row offers, shape (n,).
    status
        Status of each row, None where nobody says, shape (n,).

    Returns
    -------
    to_place
        As `FacilityList.to_place`.

    Warns
    -----
    DoubtfulRowsWarning
        If there are such rows.
    """
    if placed is None:
        return pd.DataFrame(columns=[*TO_PLACE, "services", "types", "status"])
    rows = placed.to_place.index.to_numpy(dtype=np.intp)
    lost = np.zeros(len(cells), dtype=bool)
    lost[rows[placed.to_place["lon"].isna().to_numpy()]] = True
    warn_of_rows(
        cells,
        lost,
        "have no coordinates and no address that is sure enough, and are left out: fill in the "
        "sheet of places to find and name it under geocode.placed",
    )
    return placed.to_place.assign(
        services=[";".join(services[row]) for row in rows],
        types=[";".join(types[row]) for row in rows],
        status=pd.Series(status[rows], index=rows, dtype=object),
    ).reset_index(drop=True)


def place_keys(
    list_name: str, names: NDArray[np.object_], addresses: NDArray[np.object_]
) -> NDArray[np.object_]:
    """
    Give every row of a list a key that stays the same from run to run.

    Parameters
    ----------
    list_name
        Name of the file.
    names, addresses
        What each row says, shape (n,).

    Returns
    -------
    keys
        Made of what the row says, not of where it stands, so that rows may be added, moved and
        sorted; rows that say the same are numbered in their order. Shape (n,).

    Examples
    --------
    >>> import numpy as np
    >>> from lifecircle.sources.geocoding.placing import place_keys
    >>> names = np.array(["卫生室", "文化站"], dtype=object)
    >>> there = np.array(["文澜街12号", None], dtype=object)
    >>> a, b = place_keys("list.xlsx", names, there)
    >>> place_keys("list.xlsx", names[::-1], there[::-1]).tolist() == [b, a]
    True
    """
    seen: dict[str, int] = {}
    keys = []
    for name, address in zip(names, addresses, strict=True):
        text = f"{list_name}|{plain(name)}|{plain(address)}"
        seen[text] = seen.get(text, 0) + 1
        digest = hashlib.sha256(f"{text}|{seen[text]}".encode()).hexdigest()
        keys.append(f"p{digest[:12]}")
    return np.array(keys, dtype=object)


def read_placed(
    path: Path, *, datum: str | None = None, sheet: str | None = None
) -> dict[str, tuple[float, float]]:
    """
    Read the places a planner filled in.

    Parameters
    ----------
    path
        The returned workbook, another one, or a text table with the same columns.
    datum
        What the coordinates are, as for `read_facility_list`; WGS 84 where nothing is said.
    sheet
        Which sheet; the one with such columns where it is not said.

    Returns
    -------
    given
        `place_key` to longitude and latitude, WGS 84, of the rows that have both.

    Raises
    ------
    InputError
        If the file has no column of keys, or one key has two places.
    LifecircleError
        As `read_facility_list`.

    Warns
    -----
    LifecircleWarning
        If no row is filled in.
    """
    cells, said = read_places(
        path,
        wanted=PLACED_COLUMNS,
        geometry=("Point",),
        columns=None,
        datum=datum or "wgs84",
        layer=sheet,
        keep_unplaced=True,
    )
    if "place_key" not in cells.found:
        raise InputError(
            Problem(
                what="has no column of keys (place_key, 编号)",
                where=cells.where,
                remedy="return the sheet of places to find as the run wrote it",
            )
        )
    shapes = in_wgs84(cells, said)
    keys = texts_of(cells, "place_key").to_numpy(dtype=object)
    given: dict[str, tuple[float, float]] = {}
    problems = []
    for row, key, shape in zip(cells.row, keys, shapes, strict=True):
        if shape is None or key is None:
            continue
        place = (float(shape.x), float(shape.y))
        if given.setdefault(key, place) != place:
            problems.append(
                Problem(
                    what=f"'{key}' has two places",
                    where=f"{cells.where}, row {row}",
                    remedy="keep one row of it",
                )
            )
    if problems:
        raise InputError(problems)
    if not given:
        warnings.warn(
            f"{cells.where}: none of its {len(cells)} rows has coordinates: nothing is placed by "
            "hand",
            LifecircleWarning,
            stacklevel=2,
        )
    return given
