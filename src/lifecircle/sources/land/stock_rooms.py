"""
A list of idle premises (存量用房) -> rooms with floor area, storeys, owner and term.

A list names where a room is and no more: it gets its place by its address, or none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from lifecircle.errors import InputError, Problem
from lifecircle.provenance import Source
from lifecircle.sources.land.terms import SHORT, short_term
from lifecircle.sources.land.words import hazards_of, is_stilted, owner_words, rights_of
from lifecircle.sources.sheets.cells import is_number, texts_of, warn_of_rows
from lifecircle.sources.sheets.spreadsheets import cells_of, read_sheet

ROOM_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("room_id", "编号", "序号", "房屋编号", "BH", "id"),
    "name": ("name", "名称", "房屋名称", "资产名称", "用房名称", "项目名称"),
    "address": ("address", "坐落", "房屋坐落", "地址", "位置", "坐落位置", "具体位置"),
    "owner": ("owner", "产权单位", "权属单位", "产权人", "权属", "所有权人", "资产单位"),
    "floor": ("floor_m2", "建筑面积", "面积", "房屋面积", "可用面积", "总建筑面积", "JZMJ"),
    "storeys": ("storeys", "楼层", "所在楼层", "层数", "楼层数", "所在层"),
    "structure": ("structure", "结构", "建筑结构", "房屋结构"),
    "use": ("use", "现状用途", "使用现状", "现状", "使用状况", "用途", "使用情况"),
    "idle_since": ("idle_since", "闲置起始", "闲置时间", "空置时间", "闲置起始时间"),
    "available": ("available", "可租期", "可用期限", "可使用年限", "租期", "期限"),
    "contact": ("contact", "联系部门", "联系人", "主管部门"),
    "note": ("note", "备注", "说明", "存在问题"),
}
"""What the columns of a list of rooms are known by."""

_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_PART = re.compile(r"(?:第)?([一二两三四五六七八九]|-?\d+)(?:层|楼|F)[:：]?(?:约)?([\d.,]+)")
_RENTED = re.compile(r"(?<!未)(?:出租|租赁|租用|使用中|占用|借用)")


def read_stock_rooms(
    path: Path, *, columns: Mapping[str, str] | None = None, sheet: str | None = None
) -> tuple[pd.DataFrame, Source]:
    """
    Read rooms that could take a facility.

    Parameters
    ----------
    path
        Workbook or text table, one row per room.
    columns
        Column of ``id, name, address, owner, floor, storeys, use, available, note`` where its
        name is not recognised.
    sheet
        Name of the sheet, or its number from 1.

    Returns
    -------
    rooms
        One row per room, in the order of the file: ``row_id`` (``room<row>``), ``name``,
        ``address``, ``owner`` (never a person), ``rights``, ``floor_m2`` [m²], ``ground_m2``, the
        part of it on the ground floor as far as it is told [m²], ``storeys`` as written,
        ``ground_floor`` (True, False or missing), ``available``, ``note``, ``checks`` (codes
        with ``; ``), ``source`` and ``reason``: ``no_place`` without an address, ``no_area``
        without a floor area.
    source
        Origin and counts; rows with a `reason` are `rows_doubtful`.

    Raises
    ------
    InputError
        If there is no column of addresses or none of floor areas.
    LifecircleError
        As `read_sheet`.

    Warns
    -----
    DoubtfulRowsWarning
        If rows have no address or no floor area.
    """
    found = read_sheet(
        path, wanted=ROOM_COLUMNS, columns=columns, needed=("address", "floor"), sheet=sheet
    )
    lacking = [name for name in ("address", "floor") if name not in found.found]
    if lacking:
        raise InputError(
            Problem(
                what=f"no column of {' and '.join(lacking)} was found",
                where=found.where,
                remedy=f"columns found: {', '.join(map(str, found.frame.columns))}",
            )
        )
    cells = cells_of(found)
    areas = [floor_areas(text) for text in texts_of(cells, "floor")]
    storeys = texts_of(cells, "storeys")
    address, owner = texts_of(cells, "address"), texts_of(cells, "owner")
    floor_m2 = np.array([total for total, _ in areas], dtype=np.float64)
    ground = [_on_ground(text, part) for text, (_, part) in zip(storeys, areas, strict=True)]
    table = pd.DataFrame(
        {
            "row_id": [f"room{row}" for row in found.row],
            "name": texts_of(cells, "name"),
            "address": address,
            "owner": [owner_words(text) for text in owner],
            "rights": [rights_of(text) for text in owner],
            "floor_m2": floor_m2,
            "ground_m2": [
                _ground_m2(total, part, text, on=on)
                for (total, part), text, on in zip(areas, storeys, ground, strict=True)
            ],
            "storeys": storeys,
            "ground_floor": pd.Series(ground, dtype="boolean"),
            "available": texts_of(cells, "available"),
            "note": texts_of(cells, "note"),
            "checks": [
                _checks(use, term, note, on=on, stilted=is_stilted(name, storey, use))
                for name, storey, use, term, note, on in zip(
                    texts_of(cells, "name"),
                    storeys,
                    texts_of(cells, "use"),
                    texts_of(cells, "available"),
                    texts_of(cells, "note"),
                    ground,
                    strict=True,
                )
            ],
            "source": path.name,
            "reason": [
                "no_place" if place is None else "no_area" if not size > 0 else None
                for place, size in zip(address, floor_m2, strict=True)
            ],
        }
    )
    texts = ("owner", "rights", "checks", "reason")
    table = table.astype(dict.fromkeys(texts, object))
    table[list(texts)] = table[list(texts)].where(table[list(texts)].notna(), None)
    lost = table["reason"].notna().to_numpy(dtype=bool)
    warn_of_rows(cells, lost, "have no address or no floor area and are never proposed")
    source = found.source
    gone = int(lost.sum())
    return table, Source(
        name=source.name,
        sha256=source.sha256,
        rows_in=source.rows_in,
        rows_used=source.rows_used - gone,
        rows_doubtful=source.rows_doubtful + gone,
        rows_refused=source.rows_refused,
    )


def floor_areas(text: str | None) -> tuple[float, float]:
    """
    Read a floor area, which may be given storey by storey.

    Parameters
    ----------
    text
        What a cell says.

    Returns
    -------
    total_m2, ground_m2
        Floor area and the part of it on the ground floor [m²]; NaN where it is not said.

    Examples
    --------
    >>> from lifecircle.sources.land.stock_rooms import floor_areas
    >>> floor_areas("一层166，二层111"), floor_areas("约745")
    ((277.0, 166.0), (745.0, nan))
    """
    if text is None:
        return np.nan, np.nan
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    parts = _PART.findall(plain)
    if parts:
        sizes = [(_number(storey), float(size.replace(",", ""))) for storey, size in parts]
        ground = [size for storey, size in sizes if storey == 1]
        return sum(size for _, size in sizes), sum(ground) if ground else 0.0
    if not is_number(plain):
        return np.nan, np.nan
    return float(re.search(r"\d[\d,]*\.?\d*", plain)[0].replace(",", "")), np.nan  # type: ignore[index]


def storeys_of(text: str | None) -> tuple[int, ...]:
    """
    Read which storeys a room is on.

    Parameters
    ----------
    text
        ``1F``; ``3/4``, the third of four; ``2层``; ``1、2层``; ``1-3层``.

    Returns
    -------
    storeys
        In rising order; none where it is not said.

    Examples
    --------
    >>> from lifecircle.sources.land.stock_rooms import storeys_of
    >>> storeys_of("1F"), storeys_of("3/4"), storeys_of("1、2层"), storeys_of("一至三层")
    ((1,), (3,), (1, 2), (1, 2, 3))
    """
    if text is None:
        return ()
    plain = "".join(unicodedata.normalize("NFKC", text).upper().split())
    of = re.fullmatch(r"(-?\d+)/\d+(?:层|F)?", plain)
    if of:
        return (int(of[1]),)
    span = re.fullmatch(r"(.+?)(?:-|~|至|到)(.+?)(?:层|楼|F)?", plain)
    if span and _is_storey(span[1]) and _is_storey(span[2]):
        return tuple(range(_number(span[1]), _number(span[2]) + 1))
    parts = [part for part in re.split(r"[、,;/和及]|层|楼|F", plain) if part]
    return tuple(sorted({_number(part) for part in parts if _is_storey(part)}))


def _is_storey(text: str) -> bool:
    return text in _DIGITS or bool(re.fullmatch(r"-?\d{1,2}", text)) or text in ("底", "首")


def _number(text: str) -> int:
    return 1 if text in ("底", "首") else _DIGITS[text] if text in _DIGITS else int(text)


def _on_ground(text: str | None, part: float) -> bool | None:
    storeys = storeys_of(text)
    if part > 0:
        return True
    return None if not storeys else 1 in storeys


def _ground_m2(total: float, part: float, text: str | None, *, on: bool | None) -> float:
    """Count what is known to lie on the ground floor; storeys without areas share it equally."""
    if np.isfinite(part):
        return part
    if on is None:
        return np.nan
    return total / len(storeys_of(text)) if on else 0.0


def _checks(
    use: str | None, term: str | None, note: str | None, *, on: bool | None, stilted: bool
) -> str | None:
    found = list(hazards_of(use if use and "临时出租" not in use else None, term, note))
    if use is not None and _RENTED.search(use):
        found.append("rented")
    if term is not None and re.search(r"到期|面议", term):
        found.append("term")
    if "temporary" not in found and short_term(term, room=True):
        found.append(SHORT)
    if on is None:
        found.append("storey")
    if stilted:  # it belongs to the owners in common, and its use is theirs to settle
        found += ["stilted", "owners_consent"]
    return "; ".join(found) or None
