"""
A planner's table of unit costs (单价表) -> cost of each type, by how it is brought about.

A price is one for a place or for a square metre, in 元 or in 万元: the cell, the column of units or
the header says which, and a price of which nobody does is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from lifecircle.errors import InputError, Problem
from lifecircle.provenance import Source
from lifecircle.sources.facilities.tagging import classify_name
from lifecircle.sources.sheets.cells import Layer, codes_of, texts_of, warn_of_rows
from lifecircle.sources.sheets.spreadsheets import cells_of, read_sheet
from lifecircle.standards import Standard
from lifecircle.tables.costs import GATE, UNIT_COSTS, UnitCosts

COST_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "type": (
        *("type", "设施类型", "设施名称", "设施类别", "设施", "项目类型", "类型", "类别", "名称"),
        *("项目名称", "项目", "facility"),
    ),
    "mode": ("mode", "建设方式", "建设模式", "实施方式", "配置方式", "建设类型", "方式"),
    "price": (
        *("price", "单价", "造价", "单位造价", "造价指标", "投资指标", "综合单价", "单位投资"),
        *("估算指标", "费用", "投资", "价格", "cost", "unit_cost"),
    ),
    "each": ("each_wan", "每处造价", "每处投资", "单处投资", "每处费用", "单处造价", "每处单价"),
    "metre": (
        *("per_m2", "每平方米造价", "每平米造价", "平米造价", "单方造价", "平方米单价", "平米单价"),
        *("建安单价", "每平方米单价"),
    ),
    "unit": ("unit", "单位", "计量单位", "计价单位", "价格单位"),
    "note": ("note", "备注", "说明"),
}
"""What the columns of a table of unit costs are known by."""

MODES = (
    ("open", ".*(?:打通|开口|开门|出入口|连通|连接).*|open"),
    ("extend", ".*(?:扩建|改建|提升|提质|加建|增建).*|extend|extension"),
    ("convert", ".*(?:改造|装修|盘活|存量|利用).*|convert"),
    ("lease", ".*(?:租).*|lease|rent"),
    ("buy", ".*(?:购|回购|收购).*|buy"),
    ("swap", ".*置换.*|swap"),
    ("share", ".*(?:共享|共用|开放|兼用).*|share"),
    ("new", ".*(?:新建|新增|建设|配建|重建|迁建).*|new|build"),
)
"""What a way of building is called, the first that fits decides."""

_ANY_MODE = re.compile("全部|所有|不限|各类|任意|any|all")
_REST = re.compile("其他|其它|其余|(?:其他|其它|其余)(?:各类)?(?:设施|类型|类)|other|others|rest")
_LINK = re.compile(".*(?:出入口|开口|通道|打通|连接|步行口|gate|link).*", re.IGNORECASE)
_MONEY = {"亿元": 1e4, "亿": 1e4, "万元": 1.0, "万": 1.0, "元": 1e-4, "千元": 0.1}
_SQUARE = {"m2": 1.0, "平方米": 1.0, "平米": 1.0, "平方": 1.0, "平": 1.0}
_LARGE = {"亩": 10_000 / 15, "公顷": 10_000.0, "hm2": 10_000.0, "ha": 10_000.0}
_UNIT = re.compile(
    "(亿元|亿|千元|万元|万|元)"
    "(?:[/每／·]+\\s*(?:每)?(m2|平方米|平米|平方|平|亩|公顷|hm2|ha|[处个座所家项套点间])?)?"
)
_PRICE = re.compile("(?:约|大约)?([0-9][0-9,]*(?:\\.[0-9]+)?)(.*)")
_SEVERAL = re.compile("[、;；,，/|\n]+")


def read_costs(
    path: Path, standard: Standard, *, columns: Mapping[str, str] | None = None
) -> tuple[UnitCosts, Source]:
    """
    Read unit costs.

    Parameters
    ----------
    path
        Workbook or text table, one row per type (or several with 、) and way of building.
    standard
        Whose types the rows name, by label or id; 其他 stands for all that no row names, and
        步行出入口 and its like for links that are opened.
    columns
        Column of ``type, mode, price, each, metre, unit, note`` where its name is not recognised.

    Returns
    -------
    costs
        One row per type and mode.
    source
        Origin and counts; rows that cannot be used are `rows_refused`.

    Raises
    ------
    InputError
        If there is no column of types or none of prices, or no row can be used.
    LifecircleError
        As `read_sheet`.

    Warns
    -----
    DoubtfulRowsWarning
        Of rows whose type, way of building, price or unit nobody knows, with the closest types,
        and of rows that repeat another one.
    """
    sheet = read_sheet(path, wanted=COST_COLUMNS, columns=columns, needed=("type", "price"))
    if "type" not in sheet.found or not {"price", "each", "metre"} & set(sheet.found):
        lost = "types" if "type" not in sheet.found else "prices"
        raise InputError(
            Problem(
                what=f"no column of {lost} was found",
                where=sheet.where,
                remedy="name the columns 设施类型, 建设方式, 单价 and 单位; columns found: "
                + ", ".join(map(str, sheet.frame.columns)),
            )
        )
    cells = cells_of(sheet)
    prices = _prices(cells)
    types, closest = _types(texts_of(cells, "type"), standard)
    modes, unknown = codes_of(cells, "mode", (("any", _ANY_MODE.pattern), *MODES))
    priced = np.isfinite(prices).any(axis=1)
    named = np.array([bool(held) for held in types], dtype=bool)
    if len(closest):
        words = "; ".join(f"{word[:20]} → {near}" for word, near in list(closest.items())[:5])
        warn_of_rows(cells, ~named, f"name no type of the standard and are left out ({words})")
    warn_of_rows(cells, named & unknown, "say a way of building nobody knows and are left out")
    warn_of_rows(
        cells,
        named & ~unknown & ~priced,
        "have no price, or one without a unit (万元/处, 元/㎡), and are left out",
    )
    good = named & ~unknown & priced
    rows, used = _rows(types, modes, prices, cells, good, standard)
    if not len(rows):
        raise InputError(
            Problem(
                what="no row of unit costs can be used",
                where=sheet.where,
                remedy="name types as the standard does and give each price its unit",
            )
        )
    gone = int((~used).sum())
    source = sheet.source
    counted = replace(
        source, rows_used=source.rows_used - gone, rows_refused=source.rows_refused + gone
    )
    return UnitCosts(table=rows), counted


def _rows(
    types: list[tuple[str, ...]],
    modes: np.ndarray,
    prices: np.ndarray,
    cells: Layer,
    good: np.ndarray,
    standard: Standard,
) -> tuple[pd.DataFrame, np.ndarray]:
    """One row per type and mode, the first of equals; what names the rest comes last."""
    found: dict[tuple[str, str | None], tuple[float, float, int]] = {}
    used = np.zeros(len(cells), dtype=bool)
    wild: list[int] = []
    doubled = np.zeros(len(cells), dtype=bool)
    for at in np.flatnonzero(good).tolist():
        if types[at] == ("*",):
            wild.append(at)
            continue
        mode = None if modes[at] in (None, "any") else str(modes[at])
        for name in types[at]:
            if (name, mode) in found:
                doubled[at] = True
                continue
            found[name, mode] = (prices[at, 0], prices[at, 1], int(cells.row[at]))
            used[at] = True
    own = {name for name, _ in found}
    for at in wild:
        mode = None if modes[at] in (None, "any") else str(modes[at])
        for one in standard.types:
            if one.id not in own and (one.id, mode) not in found:
                found[one.id, mode] = (prices[at, 0], prices[at, 1], int(cells.row[at]))
                used[at] = True
        doubled[at] = not used[at]
    warn_of_rows(cells, doubled, "name a type and a way of building again: the first row counts")
    table = pd.DataFrame(
        [(name, mode, *held) for (name, mode), held in found.items()], columns=list(UNIT_COSTS)
    )
    table["mode"] = table["mode"].astype(object).where(table["mode"].notna(), None)
    return table, used


def _prices(cells: Layer) -> np.ndarray:
    """Cost of one [万元] and of a square metre [万元/m²], shape (rows, 2); missing if unknown."""
    found = np.full((len(cells), 2), np.nan)
    beside = texts_of(cells, "unit")
    for meaning, base in (("price", None), ("each", 0), ("metre", 1)):
        if meaning not in cells.found:
            continue
        header = _unit(cells.found[meaning])
        for at, text in enumerate(texts_of(cells, meaning)):
            hit = None if text is None else _PRICE.fullmatch(_plain(text))
            if hit is None:
                continue
            units = (hit[2], beside.iloc[at]) if base is None else (hit[2],)
            said = [_unit(one) for one in units if one]
            unit = next((one for one in said if one is not None), header)
            if hit[2] and _unit(hit[2]) is None:
                unit = None  # something stands behind the number that is no unit of money
            if unit is None:
                continue
            factor, per_m2 = unit
            column = per_m2 if base is None else base
            found[at, column] = float(hit[1].replace(",", "")) * factor
    return found


def _unit(text: str) -> tuple[float, int] | None:
    """Factor to 万元, and whether it is for a square metre; None where no money is named."""
    hit = _UNIT.search(_plain(text))
    if hit is None:
        return None
    money, base = _MONEY[hit[1]], hit[2]
    if base in _SQUARE:
        return money, 1
    if base in _LARGE:
        return money / _LARGE[base], 1
    return money, 0


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub("\\s+", "", plain)


def _types(texts: pd.Series, standard: Standard) -> tuple[list[tuple[str, ...]], dict[str, str]]:
    """Types each cell names (``*`` for the rest), and unknown words with the closest label."""
    labels: dict[str, str] = {}
    for one in standard.types:
        for word in (one.id, one.label_zh, one.label_en):
            labels.setdefault(_bare(word), one.id)
    for one in standard.types:  # 养老院、老年养护院 is known by either of its names
        for word in re.split("[、,]|或", one.label_zh):
            labels.setdefault(_bare(word), one.id)
    shown = {one.label_zh: one.id for one in standard.types}
    found: list[tuple[str, ...]] = []
    closest: dict[str, str] = {}
    for text in texts:
        if text is None:
            found.append(())
            continue
        whole = labels.get(_bare(text))  # a name may have 、 in it
        parts = (
            (whole,)
            if whole
            else tuple(
                _one_type(part, labels, standard) for part in _SEVERAL.split(text) if part.strip()
            )
        )
        known = tuple(dict.fromkeys(one for one in parts if one))
        if not known or len([one for one in parts if one]) < len(parts):
            near = process.extractOne(text, list(shown), scorer=fuzz.ratio)
            closest[text] = "" if near is None else str(near[0])
            known = ()
        found.append(known)
    return found, closest


def _one_type(text: str, labels: Mapping[str, str], standard: Standard) -> str | None:
    bare = _bare(text)
    if bare in labels:
        return labels[bare]
    if _REST.fullmatch(bare):
        return "*"
    own = [
        one.id
        for one in standard.types
        if any(re.search(pattern, text, re.IGNORECASE) for pattern in one.names)
    ]
    ids = {one.id for one in standard.types}
    if not own:
        own = [one.type for one in classify_name(text) if one.type in ids]
    if len(set(own)) == 1:
        return str(own[0])
    held = sorted((word for word in labels if len(word) > 2 and word in bare), key=len)
    if held:  # 社区文化活动站 holds the name of one
        return labels[held[-1]]
    return GATE if _LINK.fullmatch(bare) else None


def _bare(text: str) -> str:
    return re.sub("\\(.*?\\)|_|-", "", _plain(text))
