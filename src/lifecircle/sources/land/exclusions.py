"""
Files of land that is never proposed -> polygons, each with its own reason.

What a layer protects is told by its rows, else by its name; what nobody recognises is excluded too.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import geopandas as gpd
import pandas as pd

from lifecircle import geo
from lifecircle.errors import InputError, Problem
from lifecircle.provenance import Source
from lifecircle.sources.land.layers import added_up, layers_of, read_named_layer, tell_of_unread
from lifecircle.sources.sheets.cells import Layer
from lifecircle.sources.sheets.columns import clean_text
from lifecircle.tables import AREA, PROTECTED, check

_REASONS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("heritage_control", re.compile(r"建设控制地带|建控地带|环境协调|风貌协调")),
    ("heritage_protection", re.compile(r"保护范围|文保|文物|历史|古建|古树|紫线|WBBH|WWBH|ZIXIAN")),
    ("permanent_farmland", re.compile(r"永久基本农田|基本农田|永农|YJJBNT|YJNT|JBNT")),
    ("ecological_red_line", re.compile(r"生态.*红线|红线|自然保护|水源|STBHHX|STHX")),
    ("river_line", re.compile(r"蓝线|河道|水域|行洪|LX_HD|HDLX|HDGL|LANXIAN")),
    ("green_line", re.compile(r"绿线|LVXIAN")),
    ("utility_line", re.compile(r"黄线|高压|走廊|管廊|管线|HUANGXIAN")),
    ("hazard_zone", re.compile(r"地质灾害|地灾|隐患|滑坡|塌陷|DZZH")),
    ("contaminated", re.compile(r"污染")),
)


def read_exclusions(path: Path) -> tuple[gpd.GeoDataFrame, Source]:
    """
    Read everything in a file that must not be built on.

    Parameters
    ----------
    path
        Vector file; all its layers of polygons are read.

    Returns
    -------
    protected
        `tables.PROTECTED`, WGS 84: ``reason`` is ``permanent_farmland``, ``ecological_red_line``,
        ``heritage_protection``, ``heritage_control``, ``river_line``, ``green_line``,
        ``utility_line``, ``hazard_zone``, ``contaminated``, or ``excluded`` where nothing says
        why.
    source
        Origin and counts.

    Raises
    ------
    InputError
        If no layer holds polygons.
    LifecircleError
        As `read_vector`.

    Warns
    -----
    DoubtfulRowsWarning
        If a layer holds no polygons and is left out.
    """
    parts: list[gpd.GeoDataFrame] = []
    sources: list[Source] = []
    flat = []
    names = layers_of(path, where=path.name)
    for layer in names:
        try:
            cells = read_named_layer(path, layer=layer, wanted={}, geometry=AREA).cells
        except InputError as error:
            if "is needed" not in str(error):
                raise
            flat.append(layer)
            continue
        parts.append(_protected(cells, layer, path, alone=len(names) == 1))
        sources.append(cells.source)
    if not parts:
        raise InputError(
            Problem(
                what="no layer holds polygons",
                where=path.name,
                remedy="close the lines to polygons in a GIS",
            )
        )
    tell_of_unread(path, flat, "hold no polygons and exclude nothing")
    table = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=geo.WGS84)
    return check(table, PROTECTED, where=path.name), added_up(sources, path.name)


def _protected(cells: Layer, layer: str, path: Path, *, alone: bool) -> gpd.GeoDataFrame:
    texts = cells.table.drop(columns="geometry").select_dtypes(include=["object", "string"])
    said = texts.apply(clean_text) if len(texts.columns) else texts
    rows = [" ".join(str(one) for one in row if one is not None) for row in said.to_numpy()]
    rows = rows or [""] * len(cells)
    around = layer if not alone else f"{layer} {path.stem}"
    return gpd.GeoDataFrame(
        {
            "protected_id": [f"{path.stem}/{layer}/{number}" for number in cells.row],
            "reason": [_reason(row, around) for row in rows],
            "name": [_name(row, layer) for row in said.to_dict("records")]
            if len(said.columns)
            else layer,
            "source": f"{path.name}, {layer}",
        },
        geometry=cells.table.geometry.array,
        crs=geo.WGS84,
    )


def _reason(row: str, around: str) -> str:
    for text in (row, around):
        plain = unicodedata.normalize("NFKC", text).upper()
        for reason, pattern in _REASONS:
            if pattern.search(plain):
                return reason
    return "excluded"


def _name(row: dict[str, object], layer: str) -> str:
    """Take what reads like a name: the column that is called so, else the layer's."""
    for column, value in row.items():
        if isinstance(value, str) and re.search(r"MC$|名称|^NAME$", str(column).upper()):
            return value[:60]
    return layer
