"""
A planner's table of bodies (责任主体) -> who leads, helps with and runs which type, and where.

A row names types, services, or every type; what it calls a thing nobody knows is told, not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from lifecircle.errors import InputError, Problem
from lifecircle.provenance import Source
from lifecircle.sources.facilities.recognition import Recognition
from lifecircle.sources.facilities.tagging import classify_name, plain_name
from lifecircle.sources.records.names import read_project_name
from lifecircle.sources.sheets.cells import Layer, texts_of, warn_of_rows
from lifecircle.sources.sheets.spreadsheets import cells_of, read_sheet
from lifecircle.standards import Standard
from lifecircle.tables.bodies import BODIES, Bodies

BODY_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "type": (
        *("type", "设施类型", "设施类别", "设施名称", "设施", "类型", "项目类型", "项目类别"),
        *("服务", "服务类别", "service"),
    ),
    "subdistrict": ("subdistrict", "街道", "街道(镇)", "街道/镇", "镇街", "乡镇街道", "所属街道"),
    "lead": (
        *("lead", "牵头", "牵头单位", "牵头部门", "责任单位", "责任主体", "责任部门", "实施主体"),
        *("建设主体", "主管部门", "lead body"),
    ),
    "cooperating": (
        *("cooperating", "配合", "配合单位", "配合部门", "协同单位", "协助单位"),
        "cooperating body",
    ),
    "operator": ("operator", "运营主体", "运营单位", "运营", "运维单位", "管理单位"),
}
"""What the columns of a table of bodies are known by."""

_EVERY = re.compile(r"(?:其[他它余]|全部|所有|默认|通用|一切|各类)(?:设施|类型|类)?|all|other|\*")
_BRACKETS = re.compile(r"[（(][^（）()]*[)）]")
_BETWEEN = re.compile(r"[、,，;；/\n]+")


def read_bodies(
    path: Path,
    standard: Standard,
    *,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
) -> tuple[Bodies, Source]:
    """
    Read who leads, helps with and runs what is built.

    Parameters
    ----------
    path
        Workbook or text table, one row per type of facility or service.
    standard
        The standard, whose types and services a row may name by id, label or the usual words.
    columns
        Column of ``type, subdistrict, lead, cooperating, operator`` where its name is not
        recognised.
    sheet
        Name of the sheet, or its number from 1.

    Returns
    -------
    bodies
        One row per type or service a row names; a cell may name several with 、 between them, and
        其他 or 全部 means every type.
    source
        Origin and counts; doubtful are rows that name nothing known, or nobody, or contradict an
        earlier one.

    Raises
    ------
    InputError
        If there is no column of types, or none of bodies.
    LifecircleError
        As `read_sheet`.

    Warns
    -----
    DoubtfulRowsWarning
        If rows name no type or service that is known, or no body; or say of one type in one
        subdistrict what an earlier row says differently: the first row holds.
    """
    found = read_sheet(path, wanted=BODY_COLUMNS, columns=columns, needed=("type",), sheet=sheet)
    named = {"lead", "cooperating", "operator"} & set(found.found)
    if "type" not in found.found or not named:
        lacks = "of types" if "type" not in found.found else "of bodies"
        raise InputError(
            Problem(
                what=f"no column {lacks} was found",
                where=found.where,
                remedy="a table of bodies has the columns 设施类型, 街道 (where it differs), 牵头, "
                "配合, 运营主体; columns found: " + ", ".join(map(str, found.frame.columns)),
            )
        )
    cells = cells_of(found)
    texts = {name: texts_of(cells, name) for name in BODY_COLUMNS}
    said = pd.DataFrame(texts).astype(object)
    silent = said[["lead", "cooperating", "operator"]].isna().all(axis=1).to_numpy(dtype=bool)
    own = Recognition.of(standard.types)
    rows: list[dict[str, object]] = []
    unknown = np.zeros(len(said), dtype=bool)
    for at, row in enumerate(said.to_dict("records")):
        meant = list(_meant(str(row["type"] or ""), standard, own))
        unknown[at] = not meant
        if not silent[at]:
            rows += [
                {**row, "type": kind, "service": service, "row": int(found.row[at])}
                for kind, service in meant
            ]
    _tell(cells, unknown, silent & ~unknown)
    table = pd.DataFrame(rows, columns=list(BODIES)).astype(object)
    table = table.where(table.notna(), None)
    key = ["type", "service", "subdistrict"]
    again = table.duplicated(key).to_numpy(dtype=bool)
    differs = again & ~table.duplicated([*key, "lead", "cooperating", "operator"]).to_numpy()
    of_file = np.isin(found.row, table["row"][differs].to_numpy(dtype=np.int64))
    warn_of_rows(cells, of_file, "say otherwise than an earlier row; the first one holds")
    table = table[~again].reset_index(drop=True)
    doubtful = int((unknown | silent | of_file).sum())
    source = replace(
        found.source,
        rows_used=found.source.rows_used - doubtful,
        rows_doubtful=found.source.rows_doubtful + doubtful,
    )
    return Bodies(table=table), source


def _tell(cells: Layer, unknown: np.ndarray, silent: np.ndarray) -> None:
    words = sorted(set(texts_of(cells, "type")[unknown].dropna()))
    some = ", ".join(f"'{word[:20]}'" for word in words[:4]) + ", …" * (len(words) > 4)
    warn_of_rows(
        cells,
        unknown,
        f"name no type or service of the standard ({some or 'empty'}) and are left out: write its "
        "label or id",
    )
    warn_of_rows(cells, silent, "name no body and are left out")


def _meant(cell: str, standard: Standard, own: Recognition) -> Iterator[tuple[str | None, ...]]:
    """Give type and service of each thing a cell names; nothing where one of them is not known."""
    found: list[tuple[str | None, str | None]] = []
    whole = _labelled(plain_name(cell), standard)  # a label may hold a 、 itself
    if whole is not None:
        yield whole
        return
    for part in _BETWEEN.split(cell):
        if not part.strip():
            continue
        one = _one(part, standard, own)
        if one is None:
            return
        found.append(one)
    yield from dict.fromkeys(found)


def _labelled(plain: str, standard: Standard) -> tuple[str | None, str | None] | None:
    """Find what an id, a label or a word for everything names; None where it is none of these."""
    if _EVERY.fullmatch(plain):
        return None, None
    for kind in standard.types:
        if plain in (kind.id, *_spellings(kind.label_zh), *_spellings(kind.label_en)):
            return kind.id, kind.service
    for service in standard.services:
        labels = standard.service_labels.get(service, {})
        if plain in (service, *(plain_name(str(one)) for one in labels.values())):
            return None, service
    return None


def _spellings(label: str) -> set[str]:
    """Give a label as it stands, without what is in brackets, and each of the names it joins."""
    bare = _BRACKETS.sub("", label)
    return {plain_name(one) for one in (label, bare, *_BETWEEN.split(bare))} - {""}


def _one(text: str, standard: Standard, own: Recognition) -> tuple[str | None, str | None] | None:
    exact = _labelled(plain_name(text), standard)
    if exact is not None:
        return exact
    ids = {kind.id: kind.service for kind in standard.types}
    for hit in classify_name(text, own):
        if hit.type in ids:
            return hit.type, ids[hit.type]
    guess = read_project_name("", text).service
    return (None, guess) if guess in standard.services else None
