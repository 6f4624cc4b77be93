"""Gaps that stay open with all sites become tables: added up by the reason, and one by one."""

from __future__ import annotations

from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import in_order
from lifecircle.outputs.names import Names
from lifecircle.outputs.sentences import wish_evidence
from lifecircle.outputs.workbook.grid import Block, Field, Row, added, records

_MOST_LISTED = 200


def wish_totals(content: Content, names: Names) -> Block:
    """
    Add up gaps that stay open by the reason.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    table
        One row per reason, most people first.
    """
    head, say = names.heading, names.say
    rows: list[Row] = []
    for (why, helps), part in content.wishes.groupby(["why", "would_help"], sort=True):
        largest = part.sort_values(["people_left", "gap_id"], ascending=[False, True]).iloc[0]
        rows.append(
            (
                names.label("wish", why),
                names.label("would_help", helps),
                float(part["gap_id"].nunique()),
                float(part["community_id"].nunique()),
                added(part["people_left"].dropna().tolist()),
                say("：", ": ").join(
                    (
                        str(largest["community"]),
                        names.requirements.get(
                            str(largest["requirement"]), str(largest["requirement"])
                        ),
                    )
                ),
            )
        )
    rows.sort(key=lambda row: (-float(row[4] or 0.0), str(row[0])))
    return Block(
        title=say(
            "选址后仍未解决的短板：原因与途径", "Gaps that stay open: why, and what would help"
        ),
        fields=(
            Field(heading=say("未解决原因", "why"), form="wide"),
            Field(heading=head("would_help"), form="wide"),
            Field(heading=say("涉及短板（项）", "gaps"), form="number"),
            Field(heading=say("涉及社区（个）", "communities"), form="number"),
            Field(heading=say("未覆盖（人·项）", "people × needs"), form="people"),
            Field(heading=say("人数最多的一项", "the largest")),
        ),
        rows=tuple(rows),
        empty=say("全部短板均由选址解决。", "The sites close every gap."),
    )


def wish_block(content: Content, names: Names) -> Block:
    """
    List the gaps that stay open with their reasons.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    table
        One row per gap and reason, most people first, at most two hundred.
    """
    head, say = names.heading, names.say
    left = max(len(content.wishes) - _MOST_LISTED, 0)
    wishes = in_order(content.wishes, "wishes").sort_values(
        "people_left", ascending=False, kind="stable"
    )
    rows = tuple(
        (
            row["community"],
            names.listed(names.requirements, row["requirement"]),
            row["people_left"],
            names.label("wish", row["why"]),
            wish_evidence(row, names),
            names.label("would_help", row["would_help"]),
            row["gap_id"],
        )
        for row in records(wishes.head(_MOST_LISTED))
    )
    return Block(
        title=say("选址后仍未解决的短板（逐条）", "Gaps that stay open, one by one")
        + say(
            f"：人数最多的{_MOST_LISTED}条，另有{left}条见 tables/wishes.csv",
            f": the largest {_MOST_LISTED}; {left} more in tables/wishes.csv",
        )
        * (left > 0),
        fields=(
            Field(heading=head("community"), form="wide"),
            Field(heading=head("requirement")),
            Field(heading=head("people_left"), form="people"),
            Field(heading=say("未解决原因", "why"), span=2),
            Field(heading=head("evidence"), span=2),
            Field(heading=head("would_help"), span=2),
            Field(heading=head("gap_id")),
        ),
        rows=rows,
        empty=say("全部短板均由选址解决。", "The sites close every gap."),
    )
