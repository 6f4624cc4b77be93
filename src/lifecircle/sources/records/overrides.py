"""A planner's file of overrides -> rows that each replace one value, by whom and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from lifecircle.errors import InputError, Problem
from lifecircle.provenance import Source
from lifecircle.sources.sheets.cells import texts_of, warn_of_rows
from lifecircle.sources.sheets.spreadsheets import cells_of, read_sheet

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "table": ("table", "表", "对象", "图层", "数据表"),
    "id": ("id", "编号", "标识", "对象编号", "设施编号", "社区编号", "地块编号"),
    "field": ("field", "字段", "列", "指标", "修改字段"),
    "value": ("value", "新值", "修改后", "修改为", "改为"),
    "reason": ("reason", "理由", "原因", "修改理由", "依据", "说明"),
    "who": ("who", "修改人", "人员", "填报人", "经办人", "by"),
    "date": ("date", "日期", "修改日期", "时间"),
}
_TABLES = {
    **dict.fromkeys(("facilities", "facility", "设施", "现状设施", "公共服务设施"), "facilities"),
    **dict.fromkeys(("communities", "community", "社区", "社区/村", "村社区"), "communities"),
    **dict.fromkeys(
        ("parcels", "parcel", "地块", "用地", "用房", "用地用房", "存量用地", "存量用房"), "parcels"
    ),
}


@dataclass(frozen=True, kw_only=True)
class OverrideFile:
    """
    Replaced values as they stand in their file.

    Parameters
    ----------
    table
        ``row, table, id, field, value, reason, who, date``: texts; `table` is ``facilities``,
        ``communities`` or ``parcels``.
    source
        Origin and counts.
    """

    table: pd.DataFrame
    source: Source


def read_overrides(path: Path) -> OverrideFile:
    """
    Read single values a planner replaces.

    Parameters
    ----------
    path
        Workbook or text table with a row per value.

    Returns
    -------
    overrides
        Nothing is judged yet but the names of tables.

    Raises
    ------
    InputError
        If columns lack, or rows name no known table, id or field: all at once.
    LifecircleError
        As `sources.sheets.spreadsheets.read_sheet`.

    Warns
    -----
    DoubtfulRowsWarning
        If rows give no reason or no name: they are applied.
    """
    needed = ("table", "id", "field", "value")
    sheet = read_sheet(path, wanted=COLUMNS, needed=needed)
    lacking = [name for name in needed if name not in sheet.found]
    if lacking:
        raise InputError(
            Problem(
                what=f"no column of {' and '.join(lacking)} was found",
                where=sheet.where,
                remedy="an override has the columns 表, 编号, 字段, 新值, 理由, 修改人, 日期",
            )
        )
    cells = cells_of(sheet)
    table = pd.DataFrame({name: texts_of(cells, name) for name in COLUMNS})
    table.insert(0, "row", list(sheet.row))
    known = table["table"].map(lambda name: _TABLES.get(str(name).strip().casefold()))
    problems = []
    for row in table[known.isna() | table["id"].isna() | table["field"].isna()].itertuples():
        lacks = "names no table that can be changed" if pd.isna(known[row.Index]) else "lacks"
        detail = (
            []
            if pd.isna(known[row.Index])
            else [name for name in ("id", "field") if pd.isna(getattr(row, name))]
        )
        problems.append(
            Problem(
                what=" ".join([lacks, " and ".join(detail)]).strip(),
                where=f"{sheet.where}, row {row.row}",
                remedy="write 设施, 社区 or 用地用房, the id of the row and the name of the column",
            )
        )
    if problems:
        raise InputError(problems)
    unexplained = (table["reason"].isna() | table["who"].isna()).to_numpy(dtype=bool)
    warn_of_rows(cells, unexplained, "say not why or by whom; they are applied all the same")
    return OverrideFile(table=table.assign(table=known), source=sheet.source)
