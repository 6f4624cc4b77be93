"""
Files with names or addresses and their places, and what a map says -> entries of a gazetteer.

Columns are told by their names, and where these are codes or lie, by what stands in them.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle import geo
from lifecircle.errors import InputError, LifecircleWarning, Problem
from lifecircle.provenance import Source
from lifecircle.sources.geocoding.text import plain
from lifecircle.sources.sheets.cells import Layer, texts_of
from lifecircle.sources.vectors.placed import in_wgs84, read_places
from lifecircle.tables import Survey
from lifecircle.tables.schema import AREA, POINT

ADDRESS_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "address": (
        *("address", "标准地址", "地址全称", "详细地址", "地址", "门牌地址", "坐落", "机构地址"),
        *("设施地址", "单位地址", "所在地址", "DZQC", "BZDZ", "DZMC", "DZ", "XXDZ", "full_address"),
    ),
    "street": (
        *("street", "街路巷", "街路巷名称", "道路名称", "道路", "路名", "街巷", "DLMC", "JLX"),
        *("JLXMC", "LM", "road"),
    ),
    "number": (
        *("number", "门牌号", "门牌号码", "门牌", "门楼牌", "MPH", "MPHM", "MP", "housenumber"),
        "house_number",
    ),
    "estate": ("estate", "小区", "小区名称", "住宅小区", "XQ", "XQMC"),
    "building": ("building", "楼栋号", "楼栋", "楼幢号", "幢号", "楼号", "栋号", "LDH", "ZH", "LH"),
    "community": (
        *(
            "community",
            "社区",
            "社区名称",
            "村社区",
            "社区村",
            "村居",
            "所属社区",
            "所在社区",
            "村",
        ),
        *("SQ", "SQMC", "SSSQ"),
    ),
    "subdistrict": (
        *("subdistrict", "街道", "乡镇", "镇街", "街镇", "乡镇街道", "所属街道", "所在街道"),
        *("所属乡镇", "属地", "JD", "JDMC", "SSJD", "XZ"),
    ),
    "name": (
        *("name", "名称", "地名", "设施名称", "机构名称", "单位名称", "场所名称", "场馆名称"),
        *("项目名称", "机构", "MC", "title"),
    ),
    "note": ("note", "备注", "状态", "BZ", "ZT", "remark", "status"),
}
"""What the columns of a file of addresses are known by; the keys are those of ``columns = {…}``."""

_LOOKS: Mapping[str, re.Pattern[str]] = {
    "subdistrict": re.compile(r".{1,8}(?:街道|镇|乡|办事处|管委会)"),
    "community": re.compile(r".{1,10}(?:社区|村|居委会|居民委员会|村委会|村民委员会|社)"),
    "address": re.compile(r".{4,}\d+.{0,3}(?:号|弄|幢|室|楼).*"),
    "street": re.compile(r".{1,12}(?:路|街|巷|弄|道|大道|浜|埭|村|农居点|里|庄|庙|桥)"),
    "number": re.compile(r"\d{1,5}(?:[-之]\d+)?(?:号|弄)"),
    "building": re.compile(r"#?[0-9a-zA-Z]{1,4}(?:幢|号楼|栋|座|#)"),
}
_MOSTLY = 0.6  # of a column's cells that look like it make it one (P)
_HARDLY = 0.2  # below this a column's name is not believed (P)
_SAMPLE = 2000
_OLD = re.compile(r"旧|原门牌|历史|注销|废止|作废|停用")


def read_addresses(
    path: Path,
    *,
    columns: Mapping[str, str] | None = None,
    layer: str | None = None,
    crs: str | None = None,
    encoding: str | None = None,
    datum: str | None = None,
) -> tuple[gpd.GeoDataFrame, Source]:
    """
    Read a file of addresses or of places with names.

    Parameters
    ----------
    path
        Vector file, or a workbook or a text table with columns of coordinates.
    columns
        Column of ``address, street, number, estate, building, community, subdistrict, name,
        note`` where it is not recognised.
    layer, crs, encoding
        As for `read_vector`; of a workbook `layer` is the sheet.
    datum
        As for `read_facility_list`.

    Returns
    -------
    entries
        Columns of `gazetteer.ENTRY_COLUMNS`, WGS 84. A row whose note says that the number is an
        old one is of the kind ``old_address``.
    source
        Origin and counts.

    Raises
    ------
    InputError
        If no column of addresses or names is found.
    LifecircleError
        As `read_facility_list`.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import geopandas as gpd
    >>> from lifecircle.sources.geocoding.gazetteer_files import read_addresses
    >>> doors = gpd.GeoDataFrame(
    ...     {"F1": ["文澜街12号"], "F2": ["12号"], "BZ": ["旧门牌"]},
    ...     geometry=gpd.points_from_xy([121.1], [30.46]), crs="EPSG:4326",
    ... )
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     doors.to_file(Path(folder) / "doors.gpkg")
    ...     entries, source = read_addresses(Path(folder) / "doors.gpkg")
    >>> entries[["address", "number", "kind"]].values.tolist(), source.rows_used
    ([['文澜街12号', '12号', 'old_address']], 1)
    """
    cells, said = read_places(
        path,
        wanted=ADDRESS_COLUMNS,
        geometry=POINT + AREA,
        columns=columns,
        datum=datum,
        layer=layer,
        crs=crs,
        encoding=encoding,
    )
    cells = replace(cells, found=by_content(cells, columns or {}))
    if not {"address", "street", "estate", "name"} & set(cells.found):
        named = ", ".join(str(one) for one in cells.table.columns if one != "geometry")
        raise InputError(
            Problem(
                what="no column of addresses or names was found",
                where=cells.where,
                remedy='give columns = {address = "…"} or {street = "…", number = "…"}; columns '
                f"found: {named or 'none'}",
            )
        )
    doors = "number" in cells.found or "building" in cells.found or "name" not in cells.found
    old = texts_of(cells, "note").map(lambda one: bool(one) and _OLD.search(one) is not None)
    kind = np.where(old.to_numpy(dtype=bool), "old_address", "address" if doors else "place")
    return _entries(cells, in_wgs84(cells, said), kind, path.name), cells.source


def by_content(cells: Layer, given: Mapping[str, str]) -> dict[str, str]:
    """
    Correct and complete what columns mean by what stands in them.

    Parameters
    ----------
    cells
        The layer, with columns told by their names.
    given
        What the planner said, which is not overruled.

    Returns
    -------
    found
        Meaning to column: without those whose cells look otherwise, and with those whose cells
        all look alike though their names say nothing.
    """
    table = cells.table.drop(columns="geometry").head(_SAMPLE)
    shares = {str(name): _shares(table[name]) for name in table.columns}
    found = {
        meaning: column
        for meaning, column in cells.found.items()
        if meaning in given
        or meaning not in _LOOKS
        or meaning == "address"
        or shares.get(column, {}).get(meaning, 1.0) >= (_HARDLY if meaning != "number" else 0.0)
    }
    taken = set(found.values())
    for meaning in _LOOKS:
        if meaning in found:
            continue
        free = [name for name in shares if name not in taken]
        best = max(free, key=lambda name: shares[name].get(meaning, 0.0), default=None)
        if best is not None and shares[best].get(meaning, 0.0) >= _MOSTLY:
            found[meaning] = best
            taken.add(best)
    return found


def _shares(values: pd.Series) -> dict[str, float]:
    texts = [plain(one) for one in values if isinstance(one, str) and one.strip()]
    if not texts:
        return {}
    return {
        meaning: sum(look.fullmatch(one) is not None for one in texts) / len(texts)
        for meaning, look in _LOOKS.items()
    }


def entries_of_list(
    path: Path,
    *,
    datum: str | None = None,
    columns: Mapping[str, str] | None = None,
    layer: str | None = None,
    crs: str | None = None,
    encoding: str | None = None,
) -> gpd.GeoDataFrame:
    """
    Take the names and addresses of a facility list where it says their places.

    Parameters
    ----------
    path, datum, columns, layer, crs, encoding
        As for `read_facility_list`; columns of other meanings are passed over.

    Returns
    -------
    entries
        Columns of `gazetteer.ENTRY_COLUMNS`, WGS 84: the rows with coordinates; none where the
        list has none. Whoever reads the list for its facilities tells what is wrong with it.
    """
    known = {
        key: column
        for key, column in (columns or {}).items()
        if key in ADDRESS_COLUMNS or key in ("lon", "lat", "lonlat")
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LifecircleWarning)
        cells, said = read_places(
            path,
            wanted={**ADDRESS_COLUMNS, "name": (*ADDRESS_COLUMNS["name"], "SSMC", "JGMC")},
            geometry=POINT + AREA,
            columns=known,
            datum=datum,
            layer=layer,
            crs=crs,
            encoding=encoding,
            keep_unplaced=True,
        )
        shapes = in_wgs84(cells, said)
    placed = ~shapely.is_missing(shapes)
    cells = replace(cells, table=cells.table[placed], row=cells.row[placed])
    return _entries(cells, shapes[placed], np.full(int(placed.sum()), "place"), path.name)


def _entries(
    cells: Layer, shapes: NDArray[np.object_], kind: NDArray[np.str_], source: str
) -> gpd.GeoDataFrame:
    values: dict[str, object] = {
        meaning: texts_of(cells, meaning).reset_index(drop=True)
        for meaning in ADDRESS_COLUMNS
        if meaning != "note"
    }
    values |= {"kind": pd.Series(kind, dtype=object), "source": source}
    values["row"] = pd.Series([str(one) for one in cells.row], dtype=object)
    return gpd.GeoDataFrame(values, geometry=shapes, crs=geo.WGS84)


def entries_of_survey(survey: Survey) -> list[gpd.GeoDataFrame]:
    """
    Take what the map and the planner's own tables know by name.

    Parameters
    ----------
    survey
        What the files say.

    Returns
    -------
    entries
        Named buildings, places of interest, named places and listed gates of estates, WGS 84;
        addresses where a place of interest is tagged with one.
    """
    frames = []
    for frame, source in (
        (survey.pois, "OSM"),
        (survey.buildings, "buildings"),
        (survey.named_places, "OSM"),
        (survey.estate_gates, "gates"),
    ):
        if frame is None or not frame["name"].notna().any():
            continue
        named = frame[frame["name"].notna()]
        values: dict[str, object] = {
            "name": named["name"].to_numpy(dtype=object),
            "kind": "place",
            "source": source,
        }
        if "tags" in named:
            for key, tag in (("street", "addr:street"), ("number", "addr:housenumber")):
                values[key] = np.array([tags.get(tag) for tags in named["tags"]], dtype=object)
        frames.append(gpd.GeoDataFrame(values, geometry=named.geometry.to_numpy(), crs=geo.WGS84))
    return frames


def streets_of_survey(survey: Survey) -> gpd.GeoDataFrame:
    """
    Take the streets with a name.

    Parameters
    ----------
    survey
        What the files say.

    Returns
    -------
    streets
        ``name`` and lines, WGS 84.
    """
    ways = survey.streets
    names = ways.ways["name"].to_numpy(dtype=object)
    rows = [
        row
        for row, name in enumerate(names)
        if isinstance(name, str) and ways.way_ptr[row + 1] - ways.way_ptr[row] > 1
    ]
    lines = [
        shapely.LineString(ways.lonlat[ways.way_node[ways.way_ptr[row] : ways.way_ptr[row + 1]]])
        for row in rows
    ]
    return gpd.GeoDataFrame(
        {"name": names[rows]}, geometry=gpd.GeoSeries(lines, crs=geo.WGS84), crs=geo.WGS84
    )
