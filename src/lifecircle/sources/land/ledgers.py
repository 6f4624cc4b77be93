"""
Ledgers of land (批而未供, 供而未用, 低效用地, 拆后空地) -> rows with area and address.

A workbook holds one list per sheet; the name of the list is the name of its sheet or its title.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from lifecircle.errors import InputError, Problem
from lifecircle.provenance import Source, sha256_of
from lifecircle.sources.land.words import owner_words, rights_of
from lifecircle.sources.sheets.cells import Layer, areas_of, texts_of, warn_of_rows
from lifecircle.sources.sheets.files import read_sheets
from lifecircle.sources.sheets.spreadsheets import Sheet, cells_of, read_sheet
from lifecircle.sources.sheets.words import KINDS_OF_LAND, PARCEL_COLUMNS
from lifecircle.tables import UNPLACED

LEDGER_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": PARCEL_COLUMNS["id"],
    "address": (
        *("address", "坐落", "地块坐落", "土地坐落", "宗地坐落", "位置", "地块位置", "地址"),
        *("具体位置", "四至", "ZL", "TDZL"),
    ),
    "name": ("name", "地块名称", "宗地名称", "项目名称", "名称"),
    "kind": ("kind", "地块类型", "存量类型", "土地类型", "台账类型", "类型", "类别"),
    "area": PARCEL_COLUMNS["area"],
    "floor": PARCEL_COLUMNS["floor"],
    "owner": (
        *("owner", "权属", "权属单位", "权利人", "土地使用权人", "使用权人", "使用单位", "权属人"),
        *("产权单位", "管理单位"),
    ),
    "available": ("available", "可用年限", "可使用年限", "使用期限", "可租期", "年限", "期限"),
    "note": ("note", "备注", "说明", "存在问题", "问题", "情况说明", "BZ"),
}
"""What the columns of a ledger are known by."""

_LIST = re.compile(
    r"批而未供|批而未用|供而未用|供而未尽|低效\w{0,2}用地|拆后\w{0,2}[空土]地|空闲地|闲置土地"
)
_NOWHERE = re.compile(r"待(?:核实|定|查|确认|补)|不详|不明|未知|无法")
_ABOUT = re.compile(r"约|左右|余|近|~|≈")


def read_land_ledgers(
    path: Path, *, columns: Mapping[str, str] | None = None, sheet: str | None = None
) -> tuple[pd.DataFrame, Source]:
    """
    Read lists of land that have no outlines.

    Parameters
    ----------
    path
        Workbook or text table; every sheet with a column of areas is a list.
    columns
        Column of ``id, address, name, kind, area, floor, owner, available, note`` where its name
        is not recognised.
    sheet
        The only sheet wanted, by name or number.

    Returns
    -------
    rows
        `tables.UNPLACED`: ``list`` is the name of the list, ``kind`` one of `tables.SITE_KINDS`,
        ``area_m2`` [m²], ``owner`` never a person's name; ``reason`` is ``no_place`` where the
        ledger itself says that the place is not known, else missing.
    source
        Origin and counts; rows without a known place are `rows_doubtful`.

    Raises
    ------
    InputError
        If no sheet has a column of areas and one of places.
    LifecircleError
        As `read_sheet`.

    Warns
    -----
    DoubtfulRowsWarning
        If rows have no known place, no area, or an unknown kind.
    """
    names = [None if not one.name else one.name for one in read_sheets(path, sheet=sheet)]
    parts: list[pd.DataFrame] = []
    counts = np.zeros(4, dtype=np.int64)
    for name in names:
        found = _sheet(path, columns, name)
        if found is None:
            continue
        rows = _rows(found, path.name)
        lost = rows["reason"].notna().to_numpy(dtype=bool)
        warn_of_rows(
            cells_of(found), lost, "have no known place and are shown as doubtful, never proposed"
        )
        parts.append(rows)
        counts += (
            found.source.rows_in,
            int((~lost).sum()),
            int(lost.sum()),
            found.source.rows_refused,
        )
    if not parts:
        raise InputError(
            Problem(
                what="no sheet has a column of areas and one of places",
                where=path.name,
                remedy='give columns = {area = "…", address = "…"}',
            )
        )
    table = pd.concat(parts, ignore_index=True)
    table["row_id"] = _distinct(table["row_id"].tolist())
    source = Source(
        name=path.name,
        sha256=sha256_of(path),
        rows_in=int(counts[0]),
        rows_used=int(counts[1]),
        rows_doubtful=int(counts[2]),
        rows_refused=int(counts[3]),
    )
    return table, source


def _sheet(path: Path, columns: Mapping[str, str] | None, name: str | None) -> Sheet | None:
    try:
        found = read_sheet(
            path, wanted=LEDGER_COLUMNS, columns=columns, needed=("area", "address"), sheet=name
        )
    except InputError:
        if columns is not None and name is None:
            raise
        return None  # a cover sheet or a page of notes
    return found if {"area", "address"} <= set(found.found) else None


def _rows(found: Sheet, file: str) -> pd.DataFrame:
    cells = cells_of(found)
    address = texts_of(cells, "address")
    area_m2 = areas_of(_with_unit(cells, found.titles), "area", about=True)
    said = texts_of(cells, "area")
    listed = _list_name(found)
    kinds = texts_of(cells, "kind")
    kind = [_kind(text) or _kind(listed) for text in kinds]
    warn_of_rows(
        cells,
        np.array([one is None for one in kind], dtype=bool),
        "are of no known kind of land and are taken as vacant",
    )
    owner = texts_of(cells, "owner")
    ids = texts_of(cells, "id")
    table = pd.DataFrame(
        {
            "row_id": [
                f"{listed}-{row}" if text is None else text
                for text, row in zip(ids, found.row, strict=True)
            ],
            "name": texts_of(cells, "name"),
            "kind": [one or "vacant" for one in kind],
            "list": [listed if text is None or _kind(text) is None else text for text in kinds],
            "area_m2": area_m2,
            "area_about": [text is not None and bool(_ABOUT.search(text)) for text in said],
            "floor_m2": areas_of(cells, "floor", about=True),
            "owner": [owner_words(text) for text in owner],
            "rights": [rights_of(text) for text in owner],
            "available": texts_of(cells, "available"),
            "note": texts_of(cells, "note"),
            "address": address,
            "source": file,
            "reason": [_nowhere(text) for text in address],
        }
    )
    # pandas takes a column of texts and nothing for numbers and their absence
    texts = table.drop(columns=["area_m2", "floor_m2", "area_about"]).astype(object)
    table[texts.columns] = texts.where(texts.notna(), None)
    return table[list(UNPLACED)]


def _with_unit(cells: Layer, titles: tuple[str, ...]) -> Layer:
    """Let the line above say the unit of areas where the column does not."""
    column = cells.found["area"]
    above = re.search(r"单位[:：\s]*(亩|公顷|万平方米)", " ".join(titles))
    if above is None or re.search(r"亩|公顷|ha|mu|㎡|平方|m2", column, re.IGNORECASE):
        return cells
    named = f"{column}({above[1]})"
    table = cells.table.rename(columns={column: named})
    return replace(cells, table=table, found={**cells.found, "area": named})


def _list_name(found: Sheet) -> str:
    for text in (found.name, *found.titles):
        hit = _LIST.search(text)
        if hit:
            return hit[0]
    return found.name or found.titles[0] if found.titles else found.name


def _kind(text: str | None) -> str | None:
    if text is None:
        return None
    return next((code for code, rule in KINDS_OF_LAND if re.fullmatch(rule, text.casefold())), None)


def _nowhere(text: str | None) -> str | None:
    return "no_place" if text is None or _NOWHERE.search(text) else None


def _distinct(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    distinct = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        distinct.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return distinct


def plain_id(text: str) -> str:
    """
    Bring the id of a plot into one spelling.

    Parameters
    ----------
    text
        Such as ``PW-01`` or ``pw01``.

    Returns
    -------
    plain
        Letters and digits alone, small, of half width.

    Examples
    --------
    >>> from lifecircle.sources.land.ledgers import plain_id
    >>> plain_id("PW-01") == plain_id("ＰＷ01")
    True
    """
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())
