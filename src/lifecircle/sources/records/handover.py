"""
A ledger of rooms handed over with estates (配套用房移交台账) -> rooms, their estates and states.

A row says an estate by its name and a use in words; which estate that is, is found elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from lifecircle.errors import InputError, Problem
from lifecircle.provenance import Source
from lifecircle.sources.facilities.tagging import classify_name
from lifecircle.sources.sheets.cells import areas_of, codes_of, texts_of
from lifecircle.sources.sheets.spreadsheets import cells_of, read_sheet

HANDOVER_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "estate": (
        *("estate", "小区", "小区名称", "住宅小区", "所在小区", "项目名称", "楼盘名称", "项目"),
    ),
    "kind": (
        "kind",
        "用房类型",
        "配套类型",
        "配套内容",
        "用房名称",
        "设施名称",
        "配套设施",
        "类别",
    ),
    "use": ("use", "现状用途", "使用用途", "用途", "现状", "使用情况", "使用现状"),
    "floor": ("floor_m2", "面积", "建筑面积", "移交面积", "用房面积", "房屋面积", "JZMJ"),
    "promised": ("promised_m2", "应配面积", "规划面积", "配建面积", "应配建面积", "约定面积"),
    "date": ("handed_over_on", "移交日期", "移交时间", "移交年月", "交付日期", "接收日期"),
    "state": ("handed_over", "移交情况", "是否移交", "移交状态", "接收情况"),
    "note": ("note", "备注", "说明", "存在问题"),
}
"""What the columns of a ledger of rooms handed over are known by."""

_STATE = (
    ("no", "否|n|no|0|.*(?:未移交|未交|拒收|待移交|尚未).*"),
    ("partly", ".*(?:部分|产权未|未验收|未办|待办|待验收|手续未).*"),
    ("yes", "是|y|yes|1|.*(?:已移交|移交|已接收|接收).*"),
)
# What an office calls a room of the community, which is no name of a facility.
_COMMUNITY_ROOM = re.compile("社区(?:服务|办公|公共|综合|管理)?(?:服务)?(?:用房|中心|站)")
_USE = (
    ("let", ".*(?:出租|租赁|租用|商业|经营).*"),
    ("idle", ".*(?:闲置|空置|未使用|未启用|堆放).*"),
    ("property", ".*(?:物业|业委会|业主委员会).*"),
)


def read_handover(
    path: Path, *, columns: Mapping[str, str] | None = None, sheet: str | None = None
) -> tuple[pd.DataFrame, Source]:
    """
    Read rooms handed over with estates.

    Parameters
    ----------
    path
        Workbook or text table, one row per room.
    columns
        Column of ``estate, kind, use, floor, promised, date, state, note`` where its name is not
        recognised.
    sheet
        Name of the sheet, or its number from 1.

    Returns
    -------
    rooms
        ``row_id`` (``handover<row>``), ``estate``, ``name`` (what the room was to be, else what it
        is), ``services`` (those its name tells, with ``; ``), ``use`` (``service let idle property
        other`` or missing), ``floor_m2``, ``promised_m2`` [m²], ``date`` as written,
        ``handed_over`` (``yes no partly unknown``) and ``note``. A date says it was handed over; a
        note that title or acceptance are open makes it ``partly``.
    source
        Origin and counts.

    Raises
    ------
    InputError
        If there is no column of estates.
    LifecircleError
        As `read_sheet`.

    Warns
    -----
    DoubtfulRowsWarning
        If areas are no numbers.
    """
    found = read_sheet(
        path, wanted=HANDOVER_COLUMNS, columns=columns, needed=("estate", "date"), sheet=sheet
    )
    if "estate" not in found.found:
        raise InputError(
            Problem(
                what="no column of estates was found",
                where=found.where,
                remedy='give columns = {estate = "…"}; columns found: '
                + ", ".join(map(str, found.frame.columns)),
            )
        )
    cells = cells_of(found)
    kinds, uses, dates = (texts_of(cells, one) for one in ("kind", "use", "date"))
    names = kinds.where(kinds.notna(), uses)
    services = [_services(name) for name in names]
    words, _ = codes_of(cells, "use", _USE)
    states, _ = codes_of(cells, "state", _STATE)
    notes, _ = codes_of(cells, "note", _STATE)
    table = pd.DataFrame(
        {
            "row_id": [f"handover{row}" for row in found.row],
            "estate": texts_of(cells, "estate"),
            "name": names,
            "services": services,
            "use": pd.Series(
                [
                    word or ("service" if known else None if use is None else "other")
                    for word, known, use in zip(words, services, uses, strict=True)
                ],
                dtype=object,
            ),
            "floor_m2": areas_of(cells, "floor", about=True),
            "promised_m2": areas_of(cells, "promised", about=True),
            "date": dates,
            "handed_over": [
                _state(*said) for said in zip(states, notes, dates.notna(), strict=True)
            ],
            "note": texts_of(cells, "note"),
        }
    )
    return table, found.source


def _services(name: str | None) -> str:
    if name is None:
        return ""
    found = dict.fromkeys(one.service for one in classify_name(name))
    if not found and _COMMUNITY_ROOM.search(name):
        return "service_centre"
    return "; ".join(found)


def _state(state: str | None, note: str | None, dated: bool) -> str:  # noqa: FBT001
    if "no" in (state, note):
        return "no"
    if "partly" in (state, note):
        return "partly"
    return "yes" if state == "yes" or dated else "unknown"
