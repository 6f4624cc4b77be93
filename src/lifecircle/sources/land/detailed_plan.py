"""
A detailed plan (详细规划) -> its units, plots and roads, each layer told by its name and columns.

What a plan promises is never what there is: promised facilities and planned roads stay apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from lifecircle import geo
from lifecircle.errors import InputError, Problem
from lifecircle.provenance import Source
from lifecircle.sources.land.layers import (
    added_up,
    columns_of,
    ids_or_numbers,
    layers_of,
    read_named_layer,
    tell_of_unread,
)
from lifecircle.sources.land.survey import settled_system
from lifecircle.sources.land.words import plain_code
from lifecircle.sources.sheets.cells import Layer, codes_of, numbers_of, texts_of
from lifecircle.tables import AREA, LINE, PLAN_PLOTS, PLAN_ROADS, PLAN_UNITS, check

UNIT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("unit_id", "单元编号", "单元代码", "DYBH", "DYDM", "DYBM", "编号", "BH"),
    "name": ("name", "单元名称", "DYMC", "名称", "MC"),
    "people": (
        *("people", "规划人口", "规划人口规模", "GHRK", "GHRK2035", "GHRKGM", "2035年人口"),
        *("规划常住人口", "人口规模", "人口容量", "RKGM", "RKRL", "RK"),
    ),
}
PLOT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("plot_id", "地块编号", "地块编码", "DKBH", "DKBM", "DKDM", "编号", "BH"),
    "code": ("code", "用地代码", "规划用地代码", "用地性质代码", "YDDM", "GHYDDM", "YDYHFLDM"),
    "name": ("name", "用地名称", "用地性质", "规划用途", "YDMC", "YDXZ", "GHYT"),
    "facilities": ("facilities", "配套设施", "配建设施", "配建要求", "PTSS", "PJSS", "PTGG"),
    "built": ("built", "是否实现", "是否实施", "实施情况", "建设情况", "SFSX", "SFSS"),
}
ROAD_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("road_id", "道路编号", "DLBH", "编号", "BH"),
    "name": ("name", "道路名称", "DLMC", "名称", "MC"),
    "class": ("class", "道路等级", "DLDJ", "等级"),
    "built": PLOT_COLUMNS["built"],
}
_BUILT = (
    ("no", r"否|0|未.*|规划|n|no|false|拟建|待建"),
    ("yes", r"是|1|已.*|现状|y|yes|true|建成"),
)
_ROLES = (
    ("units", re.compile(r"GHDY|DANYUAN|单元|UNIT")),
    ("plots", re.compile(r"GHDK|DIKUAI|地块|PLOT|GHYD|用地")),
    ("roads", re.compile(r"GHDL|DAOLU|道路|ROAD")),
)


@dataclass(frozen=True, kw_only=True)
class DetailedPlan:
    """
    A detailed plan, WGS 84.

    Parameters
    ----------
    units, plots, roads
        `tables.PLAN_UNITS`, `tables.PLAN_PLOTS`, `tables.PLAN_ROADS`; None where the file has no
        such layer.
    source
        Origin and counts, over all layers.
    """

    units: gpd.GeoDataFrame | None
    plots: gpd.GeoDataFrame | None
    roads: gpd.GeoDataFrame | None
    source: Source


def read_detailed_plan(path: Path, *, code_system: str | None = None) -> DetailedPlan:
    """
    Read the layers of a detailed plan.

    Parameters
    ----------
    path
        Vector file; layers are recognised by name (GHDY, GHDK, GHDL, 单元, 地块, 道路), else by
        their columns.
    code_system
        ``2023`` or ``3diao``, where columns and codes do not tell.

    Returns
    -------
    plan
        Its layers.

    Raises
    ------
    InputError
        If no layer is recognised, two are the same, or codes cannot be told.
    LifecircleError
        As `read_vector`.

    Warns
    -----
    DoubtfulRowsWarning
        If layers are not recognised, or rows are not usable.
    """
    where = path.name
    roles: dict[str, str] = {}
    unread = []
    for layer in layers_of(path, where=where):
        role = _role(layer, columns_of(path, layer))
        if role is None:
            unread.append(layer)
        elif role in roles:
            raise InputError(
                Problem(
                    what=f"both {roles[role]} and {layer} look like {role} of a plan",
                    where=where,
                    remedy="keep one of them in the file",
                )
            )
        else:
            roles[role] = layer
    if not roles:
        raise InputError(
            Problem(
                what=f"no layer looks like units, plots or roads of a plan: {', '.join(unread)}",
                where=where,
                remedy="call the layers GHDY, GHDK and GHDL",
            )
        )
    tell_of_unread(path, unread, "are no units, plots or roads and are not read")
    sources: list[Source] = []
    tables: dict[str, gpd.GeoDataFrame] = {}
    readers = {"units": _units, "plots": _plots, "roads": _roads}
    wanted = {"units": UNIT_COLUMNS, "plots": PLOT_COLUMNS, "roads": ROAD_COLUMNS}
    for role, layer in roles.items():
        cells = read_named_layer(
            path, layer=layer, wanted=wanted[role], geometry=LINE if role == "roads" else AREA
        ).cells
        tables[role] = readers[role](cells, code_system)
        sources.append(cells.source)
    return DetailedPlan(
        units=tables.get("units"),
        plots=tables.get("plots"),
        roads=tables.get("roads"),
        source=added_up(sources, path.name),
    )


def _role(layer: str, columns: tuple[str, ...]) -> str | None:
    name = layer.upper()
    for role, pattern in _ROLES:
        if pattern.search(name):
            return role
    plain = {plain_code(column) for column in columns}
    if plain & {"DYBH", "DYMC", "单元编号", "单元名称"} and not plain & {"YDDM", "DKBH"}:
        return "units"
    if plain & {"YDDM", "GHYDDM", "DKBH", "用地代码", "地块编号"}:
        return "plots"
    return "roads" if plain & {"DLDJ", "HXKD", "道路等级"} else None


def _units(cells: Layer, _: str | None) -> gpd.GeoDataFrame:
    return _checked(
        cells,
        PLAN_UNITS,
        {
            "unit_id": ids_or_numbers(cells, "u"),
            "name": texts_of(cells, "name"),
            "people_planned": numbers_of(
                cells, "people", units={"": 1.0, "人": 1.0, "万": 1e4, "万人": 1e4}, about=True
            ),
        },
    )


def _plots(cells: Layer, declared: str | None) -> gpd.GeoDataFrame:
    codes = [None if code is None else plain_code(code) for code in texts_of(cells, "code")]
    system = settled_system(
        cells.table.columns,
        [code for code in codes if code is not None],
        declared=declared if declared == "2023" else None,
        where=cells.where,
    )
    return _checked(
        cells,
        PLAN_PLOTS,
        {
            "plot_id": ids_or_numbers(cells, "k"),
            "code": codes,
            "code_system": system,
            "name": texts_of(cells, "name"),
            "facilities": texts_of(cells, "facilities"),
            "built": _built(cells),
        },
    )


def _roads(cells: Layer, _: str | None) -> gpd.GeoDataFrame:
    return _checked(
        cells,
        PLAN_ROADS,
        {
            "road_id": ids_or_numbers(cells, "r"),
            "name": texts_of(cells, "name"),
            "class": texts_of(cells, "class"),
            "built": _built(cells),
        },
    )


def _built(cells: Layer) -> pd.Series:
    said, _ = codes_of(cells, "built", _BUILT)
    return pd.Series([None if one is None else one == "yes" for one in said], dtype="boolean")


def _checked(cells: Layer, schema: object, values: dict[str, object]) -> gpd.GeoDataFrame:
    table = gpd.GeoDataFrame(values, geometry=cells.table.geometry.array, crs=geo.WGS84)
    first = next(iter(values))
    ordered = table.sort_values(first, ignore_index=True)
    return check(ordered, schema, where=cells.where)  # type: ignore[arg-type]


def promised_names(text: str | None) -> tuple[str, ...]:
    """
    Split what a plot has to provide into single facilities.

    Parameters
    ----------
    text
        Such as ``居家养老服务用房、物业用房``.

    Returns
    -------
    names
        One per facility, in their order.

    Examples
    --------
    >>> from lifecircle.sources.land.detailed_plan import promised_names
    >>> promised_names("居家养老服务用房、物业用房；托育")
    ('居家养老服务用房', '物业用房', '托育')
    """
    if text is None:
        return ()
    parts = (part.strip() for part in re.split(r"[、,，;；/+\n]|和|及", text))
    return tuple(part for part in parts if part)
