"""
What a planner keeps beside the map: residents' answers, earlier projects, opinions of departments.

Every row is joined to a community by name; nothing is computed with them, and nothing is lost.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.errors import InputError, Problem
from lifecircle.provenance import Source
from lifecircle.sources.people.community_names import match_names, named_in
from lifecircle.sources.sheets.cells import Layer, codes_of, numbers_of, texts_of, warn_of_rows
from lifecircle.sources.sheets.columns import unit_above
from lifecircle.sources.sheets.spreadsheets import Sheet, cells_of, read_sheet

ANSWER_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("answer_id", "问卷编号", "编号", "序号", "答卷编号"),
    "community": (
        "community",
        "社区",
        "所在社区",
        "居住社区",
        "社区(村)",
        "村社区",
        "您所在的社区",
    ),
    "age": ("age", "年龄段", "年龄", "年龄组"),
    "needs": (
        *("needs", "最需要的设施", "需要的设施", "最需要", "需求", "设施需求", "急需设施"),
        *("最希望增加的设施", "希望增加的设施"),
    ),
    "satisfaction": ("satisfaction", "满意度", "总体满意度", "满意度评分", "评分"),
    "minutes": ("minutes", "步行可接受", "可接受步行时间", "步行时间", "可接受时间"),
}
PROJECT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("project_id", "编号", "项目编号", "项目代码", "序号"),
    "name": ("name", "项目", "项目名称", "名称", "工程名称"),
    "community": ("community", "社区", "所在社区", "涉及社区", "社区(村)", "村社区", "建设地点"),
    "type": ("type", "类型", "项目类型", "类别", "设施类型"),
    "year": ("year", "年度", "实施年度", "年份", "计划年度", "建设年限"),
    "body": ("body", "责任主体", "责任单位", "实施主体", "牵头单位", "建设单位"),
    "cost": ("cost", "投资", "总投资", "投资额", "投资(万元)", "估算投资", "计划投资"),
    "status": ("status", "状态", "进展", "实施状态", "建设状态", "进度"),
    "note": ("note", "备注", "说明"),
}
OPINION_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "body": ("body", "单位", "部门", "提出单位", "反馈单位", "反馈部门", "征求单位"),
    "clause": ("clause", "条目", "条款", "章节", "对应条文", "页码"),
    "text": ("text", "意见", "意见内容", "修改意见", "反馈意见", "意见建议", "具体意见"),
    "community": ("community", "涉及社区", "社区", "涉及区域", "涉及范围"),
}
_STATUS = (
    ("cancelled", r".*(?:取消|撤销|终止|停建|不再实施|调出).*|cancelled"),
    ("done", r"(?!.*未).*(?:完成|完工|建成|竣工|投用|交付|验收).*|done"),
    ("not_started", r".*(?:未启动|未开工|未实施|拟建|前期|规划|待建|谋划).*|not started"),
    ("building", r".*(?:在建|施工|建设中|实施中|进行|续建).*|building"),
)
_WAN: Mapping[str, float] = {
    **dict.fromkeys(("", "万", "万元"), 1.0),
    **dict.fromkeys(("亿", "亿元"), 1e4),
    "元": 1e-4,
}
_SEVERAL = re.compile(r"[;；|┋\n]+")
_EVERYWHERE = re.compile(r"^(?:全|各|所有|整个).*|.*(?:全域|全范围)$")


@dataclass(frozen=True, kw_only=True)
class Record:
    """
    One table of records.

    Parameters
    ----------
    table
        Its rows; ``community_id`` is missing where no community was found.
    source
        Origin and counts; rows without a community are `rows_doubtful`.
    """

    table: pd.DataFrame
    source: Source


def read_answers(path: Path, communities: gpd.GeoDataFrame) -> Record:
    """
    Read what residents answered.

    Parameters
    ----------
    path
        Workbook or text table, one row per answer; several choices are divided by ``;``.
    communities
        `tables.COMMUNITIES`.

    Returns
    -------
    answers
        ``answer_id, community_id, community, age, needs, satisfaction, minutes``: `needs` with
        ``; `` between them, `satisfaction` from 1 to 5, `minutes` [min].

    Raises
    ------
    InputError
        If there is no column of communities or none of needs.
    LifecircleError
        As `read_sheet`.

    Warns
    -----
    DoubtfulRowsWarning
        If rows name no community of the study, share a number, or hold impossible values.
    """
    sheet, cells = _read(path, ANSWER_COLUMNS, ("community", "needs"))
    named = texts_of(cells, "community")
    at = match_names(named.tolist(), communities["name"].tolist())
    ids = texts_of(cells, "id")
    _tell_of_doubles(cells, ids, "share a number with another answer; all are kept")
    table = pd.DataFrame(
        {
            "answer_id": _numbered(ids, sheet),
            "community_id": pd.Series(_ids(communities, at), dtype=object),
            "community": named,
            "age": texts_of(cells, "age"),
            "needs": pd.Series(
                ["; ".join(choices(text)) or None for text in texts_of(cells, "needs")],
                dtype=object,
            ),
            "satisfaction": numbers_of(cells, "satisfaction", units={"": 1.0, "分": 1.0}, most=5),
            "minutes": [_minutes(text) for text in texts_of(cells, "minutes")],
        }
    )
    return _record(table, sheet, cells, at)


def needs_by_community(answers: pd.DataFrame) -> pd.DataFrame:
    """
    Rank what the residents of each community ask for.

    Parameters
    ----------
    answers
        From `read_answers`.

    Returns
    -------
    needs
        ``community_id, answers, satisfaction`` (mean) and ``needs``: each need with the number of
        answers that name it, the most frequent first, ties by name.

    Examples
    --------
    >>> import pandas as pd
    >>> from lifecircle.sources.records.tables import needs_by_community
    >>> answers = pd.DataFrame(
    ...     {"community_id": "1", "needs": ["养老; 托育", "托育"], "satisfaction": [2.0, 4.0]}
    ... )
    >>> needs_by_community(answers).values.tolist()
    [['1', 2, 3.0, '托育 2; 养老 1']]
    """
    rows = []
    for community, part in answers.dropna(subset=["community_id"]).groupby("community_id"):
        counted = Counter(need for text in part["needs"].dropna() for need in choices(text))
        ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
        told = "; ".join(f"{need} {count}" for need, count in ranked)
        rows.append((community, len(part), part["satisfaction"].mean(), told))
    return pd.DataFrame(rows, columns=["community_id", "answers", "satisfaction", "needs"])


def choices(text: str | None) -> tuple[str, ...]:
    """
    Split a cell of a question with several answers.

    Parameters
    ----------
    text
        Such as ``养老服务/助餐点;托育``.

    Returns
    -------
    choices
        Each once, in their order.

    Examples
    --------
    >>> from lifecircle.sources.records.tables import choices
    >>> choices("养老服务/助餐点;托育；托育")
    ('养老服务/助餐点', '托育')
    """
    parts = _SEVERAL.split(text or "")
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def read_projects(path: Path, communities: gpd.GeoDataFrame) -> Record:
    """
    Read the projects of an earlier round.

    Parameters
    ----------
    path
        Workbook or text table, one row per project.
    communities
        `tables.COMMUNITIES`.

    Returns
    -------
    projects
        ``project_id, name, community_id, community, type, year, body, cost_wan`` [万元], ``status``
        (``building``, ``done``, ``not_started``, ``cancelled`` or missing) and ``note``.

    Raises
    ------
    InputError
        If there is no column of names or none of states.
    LifecircleError
        As `read_sheet`.

    Warns
    -----
    DoubtfulRowsWarning
        If rows name no community of the study, repeat another project, or have a state nobody
        knows; how many were cancelled.
    """
    sheet, cells = _read(path, PROJECT_COLUMNS, ("name", "status"))
    name, named = texts_of(cells, "name"), texts_of(cells, "community")
    at = _by_name_or_text(communities, named, name)
    status, unknown = codes_of(cells, "status", _STATUS)
    warn_of_rows(cells, unknown, "have a state nobody knows: write 在建, 已完成, 未启动 or 取消")
    _tell_of_doubles(cells, name, "repeat the name of another project; all are kept")
    ids = texts_of(cells, "id")
    _tell_of_doubles(cells, ids, "share a number with another project; all are kept")
    warn_of_rows(cells, status == "cancelled", "were cancelled and are kept apart")
    table = pd.DataFrame(
        {
            "project_id": _numbered(ids, sheet),
            "name": name,
            "community_id": pd.Series(_ids(communities, at), dtype=object),
            "community": named,
            "type": texts_of(cells, "type"),
            "year": numbers_of(cells, "year", units={"": 1.0, "年": 1.0}, most=2200),
            "body": texts_of(cells, "body"),
            "cost_wan": numbers_of(cells, "cost", units={**_WAN, "": _money(cells)}, about=True),
            "status": pd.Series(status, dtype=object),
            "note": texts_of(cells, "note"),
        }
    )
    return _record(table, sheet, cells, at)


def _money(cells: Layer) -> float:
    """Give what a bare number of the column of costs is in 万元: its name says, or a line above."""
    said = re.search("亿元|万元|(?<=[(（])元", cells.found.get("cost", ""))
    return _WAN[said.group() if said else unit_above(cells.notes, _WAN)]


def read_opinions(path: Path, communities: gpd.GeoDataFrame) -> Record:
    """
    Read what departments said of a draft.

    Parameters
    ----------
    path
        Workbook or text table, one row per opinion.
    communities
        `tables.COMMUNITIES`.

    Returns
    -------
    opinions
        ``opinion_id, body, clause, text, community_id, community``; an opinion on the whole area
        has no community, and is used.

    Raises
    ------
    InputError
        If there is no column of texts.
    LifecircleError
        As `read_sheet`.

    Warns
    -----
    DoubtfulRowsWarning
        If rows name a community that is not in the study.
    """
    sheet, cells = _read(path, OPINION_COLUMNS, ("text",))
    text, named = texts_of(cells, "text"), texts_of(cells, "community")
    at = _by_name_or_text(communities, named, text)
    table = pd.DataFrame(
        {
            "opinion_id": [f"opinion{row}" for row in sheet.row],
            "body": texts_of(cells, "body"),
            "clause": texts_of(cells, "clause"),
            "text": text,
            "community_id": pd.Series(_ids(communities, at), dtype=object),
            "community": named,
        }
    )
    everywhere = [name is None or bool(_EVERYWHERE.match(name)) for name in named]
    return _record(table, sheet, cells, at, anyway=np.array(everywhere, dtype=bool))


def _read(
    path: Path, wanted: Mapping[str, tuple[str, ...]], needed: tuple[str, ...]
) -> tuple[Sheet, Layer]:
    sheet = read_sheet(path, wanted=wanted, needed=needed)
    lacking = [name for name in needed if name not in sheet.found]
    if lacking:
        raise InputError(
            Problem(
                what=f"no column of {' and '.join(lacking)} was found",
                where=sheet.where,
                remedy=f"columns found: {', '.join(map(str, sheet.frame.columns))}",
            )
        )
    return sheet, cells_of(sheet)


def _by_name_or_text(
    communities: gpd.GeoDataFrame, named: pd.Series, texts: pd.Series
) -> NDArray[np.int64]:
    names = communities["name"].tolist()
    at = match_names(named.tolist(), names)
    for row in np.flatnonzero(at < 0):
        at[row] = named_in(texts.iloc[row], names)
    return at


def _ids(communities: gpd.GeoDataFrame, at: NDArray[np.int64]) -> NDArray[np.object_]:
    found = np.full(len(at), None, dtype=object)
    found[at >= 0] = communities["community_id"].to_numpy(dtype=object)[at[at >= 0]]
    return found


def _numbered(ids: pd.Series, sheet: Sheet) -> list[str]:
    return [f"row{row}" if one is None else one for one, row in zip(ids, sheet.row, strict=True)]


def _minutes(text: str | None) -> float:
    plain = unicodedata.normalize("NFKC", text or "")
    numbers = [float(one) for one in re.findall(r"\d+(?:\.\d+)?", plain)]
    return max(numbers) if numbers else np.nan


def _tell_of_doubles(cells: Layer, texts: pd.Series, what: str) -> None:
    warn_of_rows(cells, (texts.duplicated() & texts.notna()).to_numpy(dtype=bool), what)


def _record(
    table: pd.DataFrame,
    sheet: Sheet,
    cells: Layer,
    at: NDArray[np.int64],
    anyway: NDArray[np.bool_] | None = None,
) -> Record:
    lost = at < 0 if anyway is None else (at < 0) & ~anyway
    some = _few(table["community"][lost].dropna().unique().tolist())
    warn_of_rows(cells, lost, f"name no community of the study{f' ({some})' if some else ''}")
    gone = int(lost.sum())
    source = sheet.source
    return Record(
        table=table,
        source=replace(
            source, rows_used=source.rows_used - gone, rows_doubtful=source.rows_doubtful + gone
        ),
    )


def _few(names: Sequence[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(name[:30] for name in names[:most])}{more}"
