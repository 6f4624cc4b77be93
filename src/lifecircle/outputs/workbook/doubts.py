"""
What a run is unsure of becomes one sheet (存疑数据).

Nothing listed here was left out of the results; it is what should be checked first.
"""

from __future__ import annotations

import pandas as pd

from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import in_order
from lifecircle.outputs.names import Names, community_of
from lifecircle.outputs.workbook.grid import (
    Block,
    Cell,
    Field,
    Row,
    Worksheet,
    added,
    records,
    rounded,
)
from lifecircle.outputs.workbook.steady import sentences_of

REVIEW_BELOW = 0.6
"""Facilities classified with less confidence than this are listed for review (P)."""

PLACE_REVIEW_BELOW = 0.75
"""Facilities whose place was looked up with less confidence than this are listed too (P)."""


def doubt_sheet(content: Content, names: Names) -> Worksheet:
    """
    Lay out what should be checked before anybody relies on it (存疑数据).

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        Facilities of uncertain class or without a name, homes off the network, gaps that hang
        on missing data or on a hair, inputs with rows that were kept aside.
    """
    say, head = names.say, names.heading
    doubtful = tuple(
        (source.name, float(source.rows_doubtful), float(source.rows_refused))
        for source in content.sources
        if source.rows_doubtful or source.rows_refused
    )
    return Worksheet(
        name=say("存疑数据", "Doubtful data"),
        note=say(
            "以下内容建议先核实再引用；未作任何删除。",
            "Check these before relying on them; nothing has been deleted.",
        ),
        blocks=(
            Block(
                title=say("待核实的设施", "Facilities to review"),
                fields=(
                    Field(heading=head("facility_id")),
                    Field(heading=head("name"), form="wide"),
                    Field(heading=head("service")),
                    Field(heading=head("type"), form="wide"),
                    Field(heading=head("community"), form="wide"),
                    Field(heading=head("confidence"), form="ratio"),
                    Field(heading=head("rule"), form="wide"),
                    Field(heading=say("疑点", "doubt"), form="wide"),
                ),
                rows=_facility_doubts(content, names),
                empty=say("没有存疑的设施。", "No facility is in doubt."),
            ),
            Block(
                title=say("未接入路网的住户点", "Homes off the network"),
                fields=(
                    Field(heading=head("community_id")),
                    Field(heading=head("community"), form="wide"),
                    Field(heading=head("status")),
                    Field(heading=say("住户点（个）", "homes"), form="number"),
                    Field(heading=head("people"), form="people"),
                ),
                rows=_home_doubts(content, names),
                empty=say(
                    "没有未接入路网的住户点（公开版不列住户点）。",
                    "No home is off the network (a public edition lists no homes).",
                ),
            ),
            Block(
                title=say("待核实的短板", "Gaps to check first"),
                fields=(
                    Field(heading=head("gap_id")),
                    Field(heading=head("community"), form="wide"),
                    Field(heading=head("service")),
                    Field(heading=head("requirement"), form="wide"),
                    Field(heading=head("reason")),
                    Field(heading=head("robust")),
                    Field(heading=say("稳健性说明", "how steady"), form="wide"),
                    Field(heading=head("evidence"), form="wide"),
                    Field(heading=head("people_short"), form="people"),
                ),
                rows=_gap_doubts(content, names),
                empty=say("没有需要先核实的短板。", "No gap needs checking first."),
            ),
            Block(
                title=say("有存疑或被拒绝行的输入", "Inputs with rows kept aside"),
                fields=(
                    Field(heading=head("name"), form="wide"),
                    Field(heading=say("存疑", "doubtful"), form="number"),
                    Field(heading=say("拒绝", "refused"), form="number"),
                ),
                rows=doubtful,
                empty=say("所有输入行均已采用。", "Every row of every input was used."),
            ),
        ),
        paper="A4",
    )


def _facility_doubts(content: Content, names: Names) -> tuple[Row, ...]:
    facilities = content.facilities.sort_values("facility_id", kind="stable")
    where = community_of(facilities.geometry, content.communities)
    rows: list[Row] = []
    for facility, community_id in zip(records(facilities), where, strict=True):
        doubts = []
        confidence = _number(facility["confidence"])
        if confidence is not None and confidence < REVIEW_BELOW:
            doubts.append(names.say("归类把握不足", "class is uncertain"))
        sure = _number(facility.get("place_confidence"))
        if sure is not None and sure < PLACE_REVIEW_BELOW:
            way = names.label("placed", facility.get("placed"))
            doubts.append(names.say(f"位置把握不足（{way}）", f"place is uncertain ({way})"))
        if facility["name"] is None:
            doubts.append(names.say("没有名称", "has no name"))
        if community_id is None:
            doubts.append(names.say("不在任何社区内", "lies in no community"))
        # Around the area there are always facilities outside all communities: no doubt by itself.
        if len(doubts) > (community_id is None):
            rows.append(
                (
                    facility["facility_id"],
                    facility["name"],
                    names.listed(names.services, facility["service"]),
                    names.listed(names.types, facility["type"]),
                    None if community_id is None else names.listed(names.communities, community_id),
                    confidence,
                    facility["rule"],
                    names.say("；", "; ").join(doubts),
                )
            )
    return tuple(rows)


def _number(value: Cell) -> float | None:
    return None if value is None or isinstance(value, str) else float(value)


def _home_doubts(content: Content, names: Names) -> tuple[Row, ...]:
    off = content.homes[content.homes["status"] != "ok"]
    rows: list[Row] = []
    for (community_id, status), part in off.groupby(["community_id", "status"], dropna=False):
        known = None if pd.isna(community_id) else str(community_id)
        rows.append(
            (
                known,
                None if known is None else names.listed(names.communities, known),
                names.label("home_status", status),
                float(len(part)),
                rounded(added(part["people"].tolist())),
            )
        )
    return tuple(sorted(rows, key=lambda row: (str(row[0]), str(row[2]))))


def _gap_doubts(content: Content, names: Names) -> tuple[Row, ...]:
    steady = sentences_of(content, names.language)
    return tuple(
        (
            gap["gap_id"],
            gap["community"],
            names.listed(names.services, gap["service"]),
            names.listed(names.requirements, gap["requirement"]),
            names.label("reason", gap["reason"]),
            names.label("robust", gap["robust"]),
            steady.get((str(gap["community_id"]), str(gap["requirement"]))),
            gap["evidence"],
            gap["people_short"],
        )
        for gap in records(in_order(content.gaps, "gaps"))
        if gap["reason"] in ("no_data", "edge") or gap["robust"] == "marginal"
    )
