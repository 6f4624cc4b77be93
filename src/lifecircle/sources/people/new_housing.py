"""
A list of housing to come (拟建、在建住宅) -> dwellings, people, status, year and what names it.

Nothing is placed here but what has coordinates or an outline of its own; the rest is kept as texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from lifecircle import geo
from lifecircle.errors import InputError, Problem
from lifecircle.provenance import Source
from lifecircle.sources.facilities.notes import read_note
from lifecircle.sources.facilities.openings import OPENS_COLUMNS, opening_year, year_in
from lifecircle.sources.sheets.cells import codes_of, numbers_of, texts_of, warn_of_rows
from lifecircle.sources.vectors.placed import in_wgs84, read_places
from lifecircle.tables import AREA, POINT

HOUSING_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": (
        *("name", "项目名称", "小区", "小区名称", "楼盘", "楼盘名称", "名称", "XMMC", "XQMC", "MC"),
        "estate",
    ),
    "plot": (
        *("plot_id", "地块编号", "地块编码", "宗地编号", "宗地号", "出让编号", "DKBH", "ZDDM"),
        "parcel_id",
    ),
    "address": ("address", "坐落", "地址", "位置", "四至", "地块位置", "ZL"),
    "community": ("community", "社区", "所属社区", "社区（村）", "社区(村)", "所在社区"),
    "dwellings": (
        *(
            "dwellings",
            "户数",
            "套数",
            "规划户数",
            "住宅套数",
            "住宅户数",
            "总户数",
            "拟建套数",
            "HS",
        ),
        "households",
    ),
    "people": ("people", "人口", "规划人口", "新增人口", "预测人口", "居住人口", "RK"),
    "status": ("status", "状态", "建设状态", "建设情况", "进度", "建设进度", "项目状态", "ZT"),
    "year": (
        "year",
        "交付时间",
        "交付年份",
        "预计交付",
        "预计交付时间",
        "入住时间",
        *OPENS_COLUMNS,
    ),
    "note": ("note", "备注", "说明", "BZ"),
}
"""What the columns of a list of housing to come are known by."""

_STATUS = (
    ("existing", ".*(?:已交付|已入住|交付使用|已建成|现状|existing|occupied).*"),
    ("closed", ".*(?:取消|终止|撤销|收回|停建|cancelled).*"),
    ("building", ".*(?:在建|施工|建设中|building|construction).*"),
    ("planned", ".*(?:规划|拟建|待建|未建|已出让|出让|批而未建|planned|sold).*"),
    ("promised", ".*(?:承诺|promised).*"),
)


def read_new_housing(
    path: Path,
    *,
    columns: Mapping[str, str] | None = None,
    layer: str | None = None,
    datum: str | None = None,
) -> tuple[gpd.GeoDataFrame, Source]:
    """
    Read housing to come.

    Parameters
    ----------
    path
        Vector file of points or outlines, workbook or text table, one row per estate or plot.
    columns
        Column of the meanings of `HOUSING_COLUMNS` where its name is not recognised.
    layer
        Layer or sheet.
    datum
        As for `read_places`.

    Returns
    -------
    housing
        ``row_id`` (``new<row>``), ``name, plot, address, community`` (text or missing),
        ``dwellings``, ``people`` (NaN where not said), ``status`` (``building planned promised
        existing closed`` or missing), ``year`` (NaN where not said) and the shape, WGS 84, missing
        where the row has none.
    source
        Origin and counts; rows with neither dwellings nor people are `rows_doubtful`.

    Raises
    ------
    InputError
        If there is neither a column of dwellings nor one of people.
    LifecircleError
        As `read_places`.

    Warns
    -----
    DoubtfulRowsWarning
        If rows say neither dwellings nor people, or a status nobody knows.
    """
    cells, datum = read_places(
        path,
        wanted=HOUSING_COLUMNS,
        geometry=AREA + POINT,
        columns=columns,
        datum=datum,
        layer=layer,
        keep_unplaced=True,
    )
    if not {"dwellings", "people"} & set(cells.found):
        listed = ", ".join(str(name) for name in cells.table.columns if name != "geometry")
        raise InputError(
            Problem(
                what="no column of dwellings or people was found",
                where=cells.where,
                remedy=f'give housing_columns = {{dwellings = "…"}}; columns found: {listed}',
            )
        )
    status, odd = codes_of(cells, "status", _STATUS)
    warn_of_rows(cells, odd, "have a status nobody knows and are taken as to come")
    notes = texts_of(cells, "note")
    said = [read_note(note).status for note in notes]
    years = [
        told if np.isnan(cell) else cell
        for cell, told in zip(
            map(year_in, texts_of(cells, "year")), map(opening_year, notes), strict=True
        )
    ]
    table = gpd.GeoDataFrame(
        {
            "row_id": [f"new{row}" for row in cells.row],
            **{
                name: texts_of(cells, name).to_numpy(dtype=object)
                for name in ("name", "plot", "address", "community")
            },
            "dwellings": numbers_of(cells, "dwellings", about=True),
            "people": numbers_of(cells, "people", about=True),
            "status": [one or note for one, note in zip(status, said, strict=True)],
            "year": np.array(years, dtype=np.float64),
        },
        geometry=in_wgs84(cells, datum),
        crs=geo.WGS84,
    )
    empty = (table["dwellings"].isna() & table["people"].isna()).to_numpy(dtype=bool)
    warn_of_rows(cells, empty, "say neither dwellings nor people and are left out")
    gone = int(empty.sum())
    source = replace(
        cells.source,
        rows_used=cells.source.rows_used - gone,
        rows_doubtful=cells.source.rows_doubtful + gone,
    )
    kept = table[~empty].reset_index(drop=True)
    shapes = np.asarray(kept.geometry.array, dtype=object)
    shapes[shapely.is_empty(shapes)] = None
    return kept.set_geometry(gpd.GeoSeries(shapes, crs=geo.WGS84)), source
