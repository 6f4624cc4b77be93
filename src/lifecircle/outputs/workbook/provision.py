"""
What became of what estates had to provide becomes a sheet (小区配建核查表).

Every estate with something to tell stands in it; those that fit none are listed below.
"""

from __future__ import annotations

import pandas as pd

from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import in_order
from lifecircle.outputs.names import Names
from lifecircle.outputs.workbook.grid import Block, Field, Row, Worksheet, records

_OTHER = ("其他用房", "other rooms")


def provision_sheet(content: Content, names: Names) -> Worksheet | None:
    """
    Lay out the check of estates (小区配建核查表).

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        Estates, counts by status, and rows that fit no estate. None where nobody knows.
    """
    if content.provision is None:
        return None
    say = names.say
    return Worksheet(
        name=say("小区配建核查表", "Estates"),
        note=say(
            "只统计小区范围内的设施；“按户数应有”的数值未经浙江规定核实（见依据中的证据等级），"
            "新旧小区以建成年份划分，为本项目建议值。",
            "Only what lies in the estate counts. The areas asked for are not checked against a"
            " rule of the province (tags in the evidence); new is told by the year, a value of"
            " ours.",
        ),
        blocks=(
            _estates(content.provision, names),
            status_counts(content, names),
            _unjoined(content, names),
        ),
        held=2,
        pages_wide=2,
    )


def _service(names: Names, code: object) -> str:
    return names.say(*_OTHER) if code == "other" else names.listed(names.services, code)


def _estates(table: pd.DataFrame, names: Names) -> Block:
    head = names.heading
    rows: list[Row] = [
        (
            row["community"],
            row["estate"],
            row["estate_id"],
            row["year_built"],
            row["dwellings"],
            row["people"],
            names.say("新建", "new")
            if row["new"] is True
            else names.say("既有", "older")
            if row["new"] is False
            else None,
            _service(names, row["service"]),
            names.listed(names.types, row["types"]),
            row["promised"],
            row["promised_m2"],
            row["built_m2"],
            names.label("handed_over", row["handed_over"]),
            row["handed_over_m2"],
            row["handed_over_on"],
            row["required_m2"],
            row["short_m2"],
            names.label("provision_status", row["status"]),
            row["evidence"],
        )
        for row in records(in_order(table, "provision"))
    ]
    return Block(
        title=names.say("小区配建核查表", "Estates and what they had to provide"),
        fields=(
            Field(heading=head("community")),
            Field(heading=head("estate")),
            Field(heading=head("estate_id")),
            Field(heading=head("year_built"), form="number"),
            Field(heading=head("dwellings"), form="people"),
            Field(heading=head("people"), form="people"),
            Field(heading=names.say("新旧", "new or older")),
            Field(heading=head("service")),
            Field(heading=head("types"), form="wide"),
            Field(heading=head("promised")),
            Field(heading=head("promised_m2"), form="metres"),
            Field(heading=head("built_m2"), form="metres"),
            Field(heading=head("handed_over")),
            Field(heading=head("handed_over_m2"), form="metres"),
            Field(heading=head("handed_over_on")),
            Field(heading=head("required_m2"), form="metres"),
            Field(heading=head("short_m2"), form="metres"),
            Field(heading=names.say("结论", "verdict")),
            Field(heading=head("evidence"), form="prose"),
        ),
        rows=tuple(rows),
        empty=names.say("没有可核查的小区。", "No estate can be checked."),
    )


def status_counts(content: Content, names: Names) -> Block:
    """
    Count the checked items by service and status.

    Parameters
    ----------
    content
        What the run has to show, with the check of estates.
    names
        Its words.

    Returns
    -------
    table
        One row per service and status, for new and older estates.
    """
    table = pd.DataFrame() if content.provision is None else content.provision
    rows: list[Row] = []
    if len(table):
        new = table["new"].astype(object)
        for (service, status), part in table.groupby(["service", "status"], sort=True):
            of_new = int((new.loc[part.index] == True).sum())  # noqa: E712 - missing is neither
            short = part["short_m2"].dropna()
            rows.append(
                (
                    _service(names, service),
                    names.label("provision_status", status),
                    float(len(part)),
                    float(of_new),
                    float(short.sum()) if len(short) else None,
                )
            )
    return Block(
        title=names.say("配建核查汇总", "Estates by verdict"),
        fields=(
            Field(heading=names.heading("service"), form="wide"),
            Field(heading=names.say("结论", "verdict"), form="wide"),
            Field(heading=names.say("项数", "items"), form="number"),
            Field(heading=names.say("其中新建小区", "of new estates"), form="number"),
            Field(heading=names.heading("short_m2"), form="metres"),
        ),
        rows=tuple(rows),
        empty=names.say("没有可核查的小区。", "No estate can be checked."),
    )


def _unjoined(content: Content, names: Names) -> Block:
    frame = content.provision_unjoined
    rows: list[Row] = [
        (
            row["estate"],
            row["name"],
            row["floor_m2"],
            names.say("移交台账", "ledger")
            if row["source"] == "ledger"
            else names.say("详细规划", "detailed plan"),
            row["row_id"],
            names.label("unjoined", row["reason"]),
        )
        for row in ([] if frame is None else records(frame))
    ]
    head = names.heading
    return Block(
        title=names.say("未对应到小区的记录", "Rows that fit no estate"),
        fields=(
            Field(heading=head("estate")),
            Field(heading=head("name"), form="wide"),
            Field(heading=head("floor_m2"), form="metres"),
            Field(heading=head("source")),
            Field(heading=names.say("记录编号", "row")),
            Field(heading=names.say("原因", "reason")),
        ),
        rows=tuple(rows),
        empty=names.say("全部记录都已对应到小区。", "Every row fits an estate."),
    )
