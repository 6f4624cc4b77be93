"""
What became of several lists of facilities becomes one sheet (设施清单比对).

Counts of every two lists first, then facility by facility: who has it, how far apart, and why it
was taken for one place or not.
"""

from __future__ import annotations

from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.workbook.grid import Block, Field, Row, Worksheet, records

_ORDER = ("doubtful", "unconfirmed", "merged", "single")


def lists_sheet(content: Content, names: Names) -> Worksheet | None:
    """
    Lay out how the lists of facilities agree (设施清单比对).

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        Lists in pairs with what both have and what one has alone; then what is in doubt, what was
        merged and what one list has alone; None where there were no lists to compare.
    """
    if not len(content.list_pairs):
        return None
    say, head = names.say, names.heading
    pairs = tuple(
        (row["list_a"], row["list_b"], row["both"], row["only_a"], row["only_b"])
        for row in records(content.list_pairs)
    )
    return Worksheet(
        name=say("设施清单比对", "Lists compared"),
        note=say(
            "每处设施只计一次；存疑的不合并，请核实后在清单中更正。",
            "Every place counts once; what is in doubt stays apart: check it and correct the list.",
        ),
        blocks=(
            Block(
                title=say("两两比对（处）", "Lists in pairs (facilities)"),
                fields=(
                    Field(heading=say("清单甲", "list A"), form="wide"),
                    Field(heading=say("清单乙", "list B"), form="wide"),
                    Field(heading=say("两者都有", "in both"), form="number"),
                    Field(heading=say("仅甲", "only in A"), form="number"),
                    Field(heading=say("仅乙", "only in B"), form="number"),
                ),
                rows=pairs,
                empty=say("只有一份清单。", "There is only one list."),
            ),
            Block(
                title=say("逐处比对", "Facility by facility"),
                fields=(
                    Field(heading=head("facility_id"), form="wide"),
                    Field(heading=head("name"), form="wide"),
                    Field(heading=head("service")),
                    Field(heading=head("type")),
                    Field(heading=head("status")),
                    Field(heading=head("decision")),
                    Field(heading=head("lists"), form="wide"),
                    Field(heading=head("members"), form="wide"),
                    Field(heading=head("distance_m"), form="metres"),
                    Field(heading=head("evidence"), form="wide"),
                ),
                rows=_rows(content, names),
                empty=say("没有需要比对的设施。", "There is nothing to compare."),
            ),
        ),
    )


def _rows(content: Content, names: Names) -> tuple[Row, ...]:
    if len(content.list_pairs) == 0:
        return ()
    ranked = sorted(
        records(content.merged),
        key=lambda row: (_ORDER.index(str(row["decision"])), str(row["facility_id"])),
    )
    return tuple(
        (
            row["facility_id"],
            row["name"],
            names.listed(names.services, row["service"]),
            names.listed(names.types, row["type"]),
            names.label("facility_status", row["status"] or "existing"),
            names.label("merge_decision", row["decision"]),
            row["lists"],
            row["members"],
            row["distance_m"],
            names.say("；", "; ").join(
                names.label("merge_evidence", code)
                for code in str(row["evidence"] or "").split(";")
                if code
            ),
        )
        for row in ranked
    )
