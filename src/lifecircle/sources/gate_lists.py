"""
A planner's list of the gates of housing estates -> checked points with kind, access and hours.

Which estate a gate belongs to is still what the list says, an id or a name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS

from lifecircle import geo
from lifecircle.provenance import Source
from lifecircle.sources.facilities.opening_hours import read_hours
from lifecircle.sources.sheets.cells import Layer, codes_of, texts_of, warn_of_rows
from lifecircle.sources.sheets.ids import ids_of
from lifecircle.sources.sheets.words import (
    CARD_GATE,
    CARS_ONLY,
    GATE_COLUMNS,
    NOT_ON_FOOT,
    OPEN_GATE,
)
from lifecircle.sources.vectors.placed import in_wgs84, read_places
from lifecircle.tables import GATES, check


def read_gates(
    path: Path,
    *,
    columns: Mapping[str, str] | None = None,
    datum: str | None = None,
    layer: str | None = None,
    crs: str | None = None,
    encoding: str | None = None,
    beside: CRS | None = None,
) -> tuple[gpd.GeoDataFrame, Source]:
    r"""
    Read the gates of housing estates.

    Parameters
    ----------
    path
        Vector file of points, one row per gate; or a workbook or a text table with columns of
        coordinates, as `read_sheet_places` takes them.
    columns
        Column of ``id, name, kind, access, hours, estate_id`` where its name is not recognised;
        in a table without shapes ``lon, lat, lonlat`` too.
    datum
        As for `read_places`.
    layer, crs, encoding
        As for `read_vector`; of a workbook `layer` is the sheet.
    beside
        System of the estates' outlines: metres of which nothing is said are taken as of it.

    Returns
    -------
    gates
        The columns of `tables.GATES` and the points, WGS 84, in the order of the ids; without a
        column of ids the row is one. `access` is ``no`` for a gate that is shut for good, opens
        in an emergency only (消防, 应急) or is for cars alone (仅车行, 车库), ``private`` for one
        with a card or for residents, else ``yes`` or the list's own word. A 车行 gate without
        more is one for walkers as well. `hours` is like ``06:00-23:00``, missing where the list
        says nothing, or nothing that can be read.
    source
        Origin and counts.

    Raises
    ------
    InputError
        If no row is a point, or a named column is missing; else as `read_places`.

    Warns
    -----
    DoubtfulRowsWarning
        If rows are no points, have no id of their own, or hours that are no plain daily rule:
        such a gate is kept open.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from lifecircle.sources.gate_lists import read_gates
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "gates.csv"
    ...     lines = "名称,类型,开放时段,经度,纬度\n文澜苑北门,人行,6:00-22:00,121.07,30.46"
    ...     _ = path.write_text(lines, encoding="utf-8")
    ...     table, _ = read_gates(path, datum="cgcs2000")
    >>> table[["name", "kind", "hours"]].values.tolist()
    [['文澜苑北门', '人行', '06:00-22:00']]
    """
    cells, datum = read_places(
        path,
        wanted=GATE_COLUMNS,
        geometry=GATES.geometry,
        columns=columns,
        datum=datum,
        layer=layer,
        crs=crs,
        encoding=encoding,
        beside=beside,
    )
    hours = _hours(cells)
    kind = texts_of(cells, "kind")
    said = kind.where(kind.notna(), texts_of(cells, "name"))
    never = (hours == "off") | _speaks(said, NOT_ON_FOOT) | _speaks(kind, CARS_ONLY)
    table = gpd.GeoDataFrame(
        {
            "gate_id": _ids(cells),
            "name": texts_of(cells, "name"),
            "kind": kind,
            "access": np.where(never, "no", _access(cells)),
            "hours": hours,
            "estate_id": texts_of(cells, "estate_id"),
        },
        geometry=in_wgs84(cells, datum),
        crs=geo.WGS84,
    )
    table = table.sort_values("gate_id", ignore_index=True)
    return check(table, GATES, where=cells.where, row_offset=1), cells.source


def _ids(cells: Layer) -> NDArray[np.object_]:
    if "id" in cells.found:
        return ids_of(cells, prefix="g")
    # Nothing refers to a gate by its id: the row is enough.
    width = len(str(cells.row.max()))
    return np.array([f"g{row:0{width}d}" for row in cells.row], dtype=object)


def _access(cells: Layer) -> NDArray[np.object_]:
    by_card = re.search("刷卡|门禁|SFSK", cells.found.get("access", ""), re.IGNORECASE)
    codes, unknown = codes_of(cells, "access", CARD_GATE if by_card else OPEN_GATE)
    return np.where(unknown, texts_of(cells, "access").to_numpy(dtype=object), codes)


def _hours(cells: Layer) -> NDArray[np.object_]:
    texts = texts_of(cells, "hours")
    given = texts.notna().to_numpy(dtype=bool)
    found = [None if text is None else read_hours(text) for text in texts]
    odd = given & np.array([one is None for one in found], dtype=bool)
    if odd.any():
        some = ", ".join(f"'{text[:30]}'" for text in sorted(set(texts[odd]))[:3])
        warn_of_rows(
            cells, odd, f"have opening hours that are no plain daily rule ({some}): kept open"
        )
    return np.array([None if one is None else str(one) for one in found], dtype=object)


def _speaks(texts: pd.Series, pattern: str) -> NDArray[np.bool_]:
    found = [
        text is not None
        and re.fullmatch(pattern, unicodedata.normalize("NFKC", text).casefold()) is not None
        for text in texts
    ]
    return np.array(found, dtype=bool)
