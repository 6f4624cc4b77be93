"""What became of the last round's projects, as a sheet (上轮项目评估) and a table of the report."""

from __future__ import annotations

from lifecircle.outputs import style
from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import in_order
from lifecircle.outputs.names import Names
from lifecircle.outputs.workbook.grid import Block, Field, Worksheet, records


def last_round_sheet(content: Content, names: Names) -> Worksheet | None:
    """
    Lay out every project of the last round (上轮项目评估).

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        One row per project: what the list claims, what is there today, and why; None without any.
    """
    if not len(content.last_round):
        return None
    say, head = names.say, names.heading
    rows = tuple(
        (
            row["project"],
            row["name"],
            row["community"],
            names.listed(names.services, row["service"]),
            names.listed(names.types, row["type"]),
            row["year"],
            names.label("claimed", row["claimed"]),
            names.label("last_round", row["status"]),
            row["evidence"],
            row["confidence"],
            names.listed(names.facilities, row["facility_id"]),
            row["gap_id"],
            row["new_project_id"],
        )
        for row in records(in_order(content.last_round, "last_round"))
    )
    return Worksheet(
        name=say("上轮项目评估", "Last round"),
        note=say(
            "“项目库标注”为上轮项目库原文；评估结论以现状设施名录核对得出（本项目方法），矛盾处请核实。",
            "Claims are those of the list of projects; the findings compare them with today's"
            " facilities (this project's method): check what contradicts.",
        ),
        blocks=(
            Block(
                title=say("上轮项目评估", "Last round"),
                fields=(
                    Field(heading=say("上轮项目编号", "id in the last round")),
                    Field(heading=head("name"), form="wide"),
                    Field(heading=head("community")),
                    Field(heading=head("service")),
                    Field(heading=head("type")),
                    Field(heading=head("year"), form="number"),
                    Field(heading=head("claimed")),
                    Field(heading=say("评估结论", "finding")),
                    Field(heading=head("evidence"), form="prose"),
                    Field(heading=head("confidence"), form="ratio"),
                    Field(heading=say("现状设施", "facility today"), form="wide"),
                    Field(heading=head("gap_id")),
                    Field(heading=head("new_project_id")),
                ),
                rows=rows,
                empty=say("没有上轮项目。", "There are no projects of a last round."),
            ),
        ),
        held=2,
    )


def last_round_text(content: Content, names: Names) -> str:
    """
    Sum the last round up in a sentence.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    text
        Projects by finding.
    """
    table = content.last_round
    counts = table["status"].value_counts()
    told = names.say("，", ", ").join(
        f"{names.label('last_round', code)} {counts[code]}{names.say(' 个', '')}"
        for code in style.codes("last_round")
        if code in counts.index
    )
    return names.say(
        f"上轮项目库共 {len(table)} 个项目，按现状设施核对：{told}。"
        "改造提升类项目是否完成，设施名录不能证实；标注与名录矛盾的逐项列明，供核实。",
        f"Of {len(table)} projects of the last round, checked against today's facilities: {told}. "
        "Whether a facility was renewed no list can tell; contradictions are listed to be checked.",
    )


def last_round_table(content: Content, names: Names) -> Block:
    """
    Lay out the last round for the report: what is not simply done, with the evidence.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    table
        Projects that are not done, or where claim and list differ.
    """
    table = in_order(content.last_round, "last_round")
    plain = (table["status"] == "done") & (table["claimed"] == "done")
    rows = tuple(
        (
            row["name"],
            row["community"],
            names.label("claimed", row["claimed"]),
            names.label("last_round", row["status"]),
            row["evidence"],
        )
        for row in records(table[~plain])
    )
    return Block(
        title=names.say(
            "上轮项目中未实施、在建或有矛盾的",
            "Projects of the last round that are not simply done",
        ),
        fields=(
            Field(heading=names.heading("name"), form="wide"),
            Field(heading=names.heading("community")),
            Field(heading=names.heading("claimed")),
            Field(heading=names.say("评估结论", "finding")),
            Field(heading=names.heading("evidence"), form="prose"),
        ),
        rows=rows,
        empty=names.say("上轮项目均已实施。", "All projects of the last round are done."),
    )
