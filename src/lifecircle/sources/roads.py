"""
A planner's file of road centrelines -> lines with class, level and directions, one part a row.

Every row is used, or left out with a warning and counted; lines need not be noded.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.errors import InputError, Problem
from lifecircle.provenance import Source
from lifecircle.sources.osm.streets import passage
from lifecircle.sources.road_words import (
    ABOVE,
    BELOW,
    FLAGS,
    LEVELS,
    ROAD_CLASSES,
    ROAD_COLUMNS,
    STATES,
    VIADUCT,
)
from lifecircle.sources.sheets.cells import (
    Layer,
    codes_of,
    kept_rows,
    read_layer,
    texts_of,
    warn_of_rows,
)
from lifecircle.sources.sheets.ids import ids_of
from lifecircle.tables import LINE, ROADS, check, empty

_ON_FOOT = ("footway", "pedestrian", "path", "steps", "living_street")


def read_roads(
    path: Path,
    *,
    columns: Mapping[str, str] | None = None,
    layer: str | None = None,
    crs: str | None = None,
    encoding: str | None = None,
    elevated: Sequence[str] = (),
    status: Literal["existing", "building", "planned"] = "existing",
) -> tuple[gpd.GeoDataFrame, Source]:
    """
    Read road centrelines, noded or not.

    Parameters
    ----------
    path
        Vector file of lines.
    columns
        Column of ``id, name, class, level, bridge, tunnel, oneway, status`` where its name is not
        recognised.
    layer, crs, encoding
        As for `read_vector`.
    elevated
        Names of roads that run above all others, where the file does not say it.
    status
        Which roads are wanted: those there are, those being built or those planned.

    Returns
    -------
    roads
        The columns of `tables.ROADS` and one LineString a row, in the file's reference system, in
        the order of the ids; the parts of a multi-part line have ids like ``7/1``. `highway` is
        an OpenStreetMap class, ``residential`` where no word says another. `layer` is the level
        the file says, else 1 for a bridge and -1 for a tunnel, else what a name like 某某高架 or
        某某隧道 says, else 0.
    source
        Origin and counts.

    Raises
    ------
    InputError
        If no row is a line that can be used, a road of `elevated` is not there, or a named column
        is missing; else as `read_vector`. Where another `status` is wanted, no row is no error.

    Warns
    -----
    DoubtfulRowsWarning
        If rows are no lines, have no length, repeat another row, are planned or given up, or hold
        words nobody knows.

    Notes
    -----
    Nobody walks on motorways, nor on elevated or sunken expressways (快速路), nor on roads that are
    declared or named elevated (高架) unless their class is one for walkers. One-way rules bind
    cars, and bicycles where no rule frees them, never walkers.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import geopandas as gpd
    >>> from shapely import LineString
    >>> from lifecircle.sources.roads import read_roads
    >>> lines = gpd.GeoDataFrame(
    ...     {"BH": ["1", "2"], "DLDJ": ["主干路", "快速路"], "CC": ["地面", "高架"]},
    ...     geometry=[LineString([(121.08, 30.45), (121.081, 30.45)]),
    ...               LineString([(121.0805, 30.449), (121.0805, 30.451)])],
    ...     crs="EPSG:4490",
    ... )
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     lines.to_file(Path(folder) / "roads.gpkg")
    ...     roads, source = read_roads(Path(folder) / "roads.gpkg")
    >>> roads[["way_id", "highway", "layer", "foot_forward"]].values.tolist()
    [['1', 'primary', 0, True], ['2', 'trunk', 1, False]]
    """
    cells = read_layer(
        path,
        wanted=ROAD_COLUMNS,
        columns=columns,
        geometry=LINE,
        layer=layer,
        crs=crs,
        encoding=encoding,
    )
    cells = _of_status(cells, status)
    if len(cells) == 0:
        return empty(ROADS, cells.table.crs), cells.source
    highway, level = _classes(cells), _levels(cells, elevated)
    cells, kept = _distinct(cells, highway, level)
    return _exploded(cells, highway[kept], level[kept], elevated), cells.source


def _of_status(cells: Layer, status: str) -> Layer:
    """Leave out what cannot be walked on yet or any more, and lines of no length."""
    states, unknown = codes_of(cells, "status", STATES)
    if status != "existing":
        long = shapely.length(np.asarray(cells.table.geometry.array, dtype=object)) > 0
        return kept_rows(cells, (states == status) & long)
    warn_of_rows(cells, unknown, "have an unknown status and are taken as existing roads")
    planned, gone = np.isin(states.astype(str), ("planned", "building")), states == "gone"
    warn_of_rows(cells, planned, "are planned or being built and are left out")
    warn_of_rows(cells, gone, "are closed or given up and are left out")
    short = shapely.length(np.asarray(cells.table.geometry.array, dtype=object)) == 0
    warn_of_rows(cells, short & ~planned & ~gone, "have no length and are left out")
    keep = ~(planned | gone | short)
    if not keep.any():
        raise InputError(
            Problem(
                what="holds no road that exists",
                where=cells.where,
                remedy="check its column of states, or name another file",
            )
        )
    return kept_rows(cells, keep)


def _classes(cells: Layer) -> NDArray[np.object_]:
    said = texts_of(cells, "class")
    # A class that came out of a list of several: the first of them.
    first = said.str.extract(r"^\[\s*['\"]?([a-z_]+)", expand=False)
    single = first.where(first.notna(), said).astype(object)
    plain = cells.table.assign(_class=single.to_numpy(dtype=object))
    codes, unknown = codes_of(
        replace(cells, table=plain, found={**cells.found, "class": "_class"}),
        "class",
        ROAD_CLASSES,
    )
    words = sorted(set(said[unknown]))[:3]
    named = ", ".join(f"'{word[:20]}'" for word in words)
    warn_of_rows(cells, unknown, f"are of a class nobody knows ({named}), taken as residential")
    silent = pd.isna(codes) & ~unknown
    warn_of_rows(cells, silent, "do not say their class and are taken as residential")
    return np.where(pd.isna(codes), "residential", codes)


def _levels(cells: Layer, elevated: Sequence[str]) -> NDArray[np.int64]:
    said, unknown = codes_of(cells, "level", LEVELS)
    warn_of_rows(cells, unknown, "are at a level nobody knows and are taken to lie on the ground")
    bridge, _ = codes_of(cells, "bridge", FLAGS)
    tunnel, _ = codes_of(cells, "tunnel", FLAGS)
    names = texts_of(cells, "name")
    _require_names(cells, names, elevated)
    silent = pd.isna(said)
    flagged = np.where(bridge == "yes", 1, np.where(tunnel == "yes", -1, 0))
    by_name = np.where(_names(names, ABOVE), 1, np.where(_names(names, BELOW), -1, 0))
    guessed = silent & (flagged == 0) & (by_name != 0) & ~names.isin(elevated).to_numpy()
    some = ", ".join(sorted(set(names[guessed]))[:3])
    warn_of_rows(cells, guessed, f"are kept off the ground for their names ({some})")
    level = np.where(silent, np.where(flagged != 0, flagged, by_name), 0)
    level = level + np.array([int(one) if one is not None else 0 for one in said], dtype=np.int64)
    highest = max(1, int(level.max()))
    return np.where(names.isin(elevated).to_numpy(), highest, level).astype(np.int64)


def _require_names(cells: Layer, names: pd.Series, elevated: Sequence[str]) -> None:
    absent = [name for name in elevated if not (names == name).any()]
    if absent:
        raise InputError(
            Problem(
                what=f"no road is called {', '.join(absent)}",
                where=f"{cells.where}, network.elevated",
                remedy="write the names as the file does, or take them out",
            )
        )


def _names(names: pd.Series, pattern: str) -> NDArray[np.bool_]:
    return np.array(
        [
            name is not None and re.fullmatch(pattern, unicodedata.normalize("NFKC", name))
            for name in names
        ],
        dtype=bool,
    )


def _distinct(
    cells: Layer, highway: NDArray[np.object_], level: NDArray[np.int64]
) -> tuple[Layer, NDArray[np.int64]]:
    """Leave out rows drawn twice at one level, in either direction; the first by id stays."""
    shapes = np.asarray(cells.table.geometry.array, dtype=object)
    key = pd.DataFrame(
        {
            "level": level,
            "shape": shapely.to_wkb(shapely.normalize(shapes)),
            "id": texts_of(cells, "id").fillna("").astype(str),
            "name": texts_of(cells, "name").fillna("").astype(str),
            "highway": highway.astype(str),
            "oneway": texts_of(cells, "oneway").fillna("").astype(str),
        }
    )
    ordered = key.sort_values(list(key.columns), kind="stable")
    again = ordered.duplicated(["level", "shape"]).sort_index().to_numpy(dtype=bool)
    warn_of_rows(cells, again, "are drawn on top of another row and are left out")
    return kept_rows(cells, ~again), np.flatnonzero(~again)


def _exploded(
    cells: Layer,
    highway: NDArray[np.object_],
    level: NDArray[np.int64],
    elevated: Sequence[str],
) -> gpd.GeoDataFrame:
    names = texts_of(cells, "name")
    oneway, unknown = codes_of(cells, "oneway", FLAGS)
    warn_of_rows(cells, unknown, "do not say in words that are known whether they are one-way")
    viaduct = _names(names, VIADUCT) | names.isin(elevated).to_numpy()
    closed = ((highway == "trunk") & (level != 0)) | (viaduct & (level != 0))
    closed &= ~np.isin(highway, _ON_FOOT)
    direction = {"yes": "yes", "back": "-1", "no": "no"}
    rows = []
    for at in range(len(cells)):
        tags = {"highway": str(highway[at])}
        if oneway[at] is not None:
            tags["oneway"] = direction[str(oneway[at])]
        if closed[at]:
            tags |= {"foot": "no", "bicycle": "no"}
        rows.append(vars(passage(tags)))
    ids = ids_of(cells, prefix="road")
    shapes = np.asarray(cells.table.geometry.array, dtype=object)
    parts, owner = shapely.get_parts(shapes, return_index=True)
    long = shapely.length(parts) > 0
    parts, owner = parts[long], owner[long]
    count = np.bincount(owner, minlength=len(cells))
    number = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count) + 1
    way_id = [
        f"{ids[row]}/{part}" if count[row] > 1 else str(ids[row])
        for row, part in zip(owner, number, strict=True)
    ]
    table = gpd.GeoDataFrame(
        {
            "way_id": way_id,
            "name": names.to_numpy(dtype=object)[owner],
            "highway": highway[owner],
            "layer": level[owner],
            "oneway": (pd.Series(oneway).isin(["yes", "back"]).to_numpy())[owner],
            **{name: [rows[row][name] for row in owner] for name in rows[0]},
            "steps": (highway == "steps")[owner],
            "bridge": (level > 0)[owner],
            "tunnel": (level < 0)[owner],
        },
        geometry=parts,
        crs=cells.table.crs,
    )
    return check(table.sort_values("way_id", ignore_index=True), ROADS, where=cells.where)
