"""
A table of split and merged communities -> which of today's each former one became.

Nothing is applied here: who joins people to communities decides whether a row is a former one's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from lifecircle.errors import InputError, Problem
from lifecircle.provenance import Source
from lifecircle.sources.sheets.cells import Layer, numbers_of, texts_of
from lifecircle.sources.sheets.spreadsheets import cells_of, read_sheet

CROSSWALK_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "old_id": ("old_id", "原代码", "原社区代码", "旧代码", "旧社区代码", "原编码", "调整前代码"),
    "old": (
        *("old", "原社区", "原社区名称", "旧社区", "旧社区名称", "原名称", "调整前", "调整前社区"),
        *("原村", "原村社区", "撤并前", "析出自"),
    ),
    "new_id": ("new_id", "新代码", "新社区代码", "现代码", "现社区代码", "新编码", "调整后代码"),
    "new": (
        *("new", "新社区", "新社区名称", "现社区", "现社区名称", "新名称", "调整后", "调整后社区"),
        *("新村", "现名称", "撤并后", "析出社区"),
    ),
    "share": ("share", "人口比例", "人口占比", "比例", "占比", "份额", "比重"),
}
"""What the columns of a crosswalk are known by."""

_SHARES: Mapping[str, float] = {"": 1.0, "%": 0.01}


@dataclass(frozen=True, kw_only=True)
class Crosswalk:
    """
    Former communities and what they became.

    Parameters
    ----------
    table
        ``old_id``, ``old``, ``new_id``, ``new`` (text or missing), ``share`` of the former one's
        people (0 to 1, NaN where it does not say).
    source
        Origin and counts.
    where
        Name for messages.
    """

    table: pd.DataFrame
    source: Source
    where: str


def read_crosswalk(path: Path) -> Crosswalk:
    """
    Read which community became which.

    Parameters
    ----------
    path
        Workbook or text table: one row for each former community and each one it became, by
        code or name, with the share of its people where that is known.

    Returns
    -------
    crosswalk
        Its rows.

    Raises
    ------
    InputError
        If a column is missing, a row names only one side, or a share is not between 0 and 1.
    LifecircleError
        As `read_sheet`.
    """
    found = read_sheet(path, wanted=CROSSWALK_COLUMNS, needed=("old", "new"))
    sides = [("old_id", "old"), ("new_id", "new")]
    if not all(any(key in found.found for key in side) for side in sides):
        raise InputError(
            Problem(
                what="needs columns of former and of present communities",
                where=found.where,
                remedy="call them 原社区 (or 原代码), 现社区 (or 现代码) and, if known, 人口比例; "
                f"columns found: {', '.join(map(str, found.frame.columns))}",
            )
        )
    cells = cells_of(found, found.frame, found.row)
    table = pd.DataFrame(
        {key: texts_of(cells, key) for side in sides for key in side}
        | {"share": _shares(cells, len(found))}
    )
    problems = [
        Problem(
            what="names no community on one side",
            where=f"{found.where}, row {found.row[at]}",
            remedy="write the former and the present community",
        )
        for at in range(len(table))
        if any(table[list(side)].iloc[at].isna().all() for side in sides)
    ]
    outside = (table["share"] < 0) | (table["share"] > 1)
    problems += [
        Problem(
            what=f"a share of {table['share'].iloc[at]:g} is not between 0 and 1",
            where=f"{found.where}, row {found.row[at]}",
            remedy="write 0.4 or 40%",
        )
        for at in np.flatnonzero(outside)
    ]
    if problems:
        raise InputError(problems)
    return Crosswalk(table=table, source=found.source, where=found.where)


def _shares(cells: Layer, count: int) -> np.ndarray:
    if "share" not in cells.found:
        return np.full(count, np.nan)
    return numbers_of(cells, "share", units=_SHARES, most=1e3, about=True)
