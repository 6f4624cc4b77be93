"""Remedies become a part of the report: how many there are of each kind and what they would do."""

from __future__ import annotations

from lifecircle.outputs import style
from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.report.parts import Writer
from lifecircle.outputs.workbook.grid import Block, Field


def write_remedies(writer: Writer, content: Content, names: Names) -> None:
    """
    Write the part on remedies; nothing where there are no gaps.

    Parameters
    ----------
    writer
        The document.
    content
        What the run has to show.
    names
        Its words.
    """
    say = names.say
    real = content.real_gaps
    if not len(real) or not len(content.remedies):
        return
    found = content.remedies["gap_id"].nunique()
    closed = content.remedies.loc[content.remedies["closes"].eq(other=True), "gap_id"].nunique()
    writer.heading(say("6.1 措施比选", "6.1 Remedies"), level=2)
    writer.text(
        say(
            f"{len(real)} 条短板中，{found} 条至少有一项措施可纳入未覆盖人口，"
            f"其中 {closed} 条有单独一项措施即可达到目标；其余须另行选址或组合实施。"
            "各措施按单独实施、路网重新搜索计算，人口不可相加；逐条见 gaps.xlsx“措施比选”。",
            f"Of {len(real)} gaps {found} have a remedy that brings somebody inside, and {closed}"
            " have one that reaches the target by itself; the others need other land or several"
            " at once. Each is searched anew on the streets as if done alone, so people must not"
            " be added up: see gaps.xlsx, Remedies.",
        )
    )
    writer.table(remedy_kinds(content, names))


def remedy_kinds(content: Content, names: Names) -> Block:
    """
    Lay out the remedies by kind.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    table
        One row per kind of remedy: how many, for how many gaps, how many of those they reach the
        target of by themselves, how many are the first of their gap, and how many were chosen.
    """
    table = content.remedies
    rows = []
    for kind in style.codes("remedy"):
        mine = table[table["kind"] == kind]
        if len(mine) == 0:
            continue
        closes = mine[mine["closes"].eq(other=True)]
        consents = [str(one) for one in mine["consent"].dropna().unique()]
        rows.append(
            (
                names.label("remedy", kind),
                float(len(mine)),
                float(mine["gap_id"].nunique()),
                float(closes["gap_id"].nunique()),
                float((mine["rank"] == 1).sum()),
                float(mine["chosen"].eq(other=True).sum()),
                names.say("；", "; ").join(
                    names.label("consent", one)
                    for one in style.codes("consent")
                    if one in consents and one != "none"
                ),
            )
        )
    say = names.say
    return Block(
        title=say("各类措施可补齐的短板", "Remedies by kind"),
        fields=(
            Field(heading=names.heading("remedy")),
            Field(heading=say("措施（项）", "remedies"), form="number"),
            Field(heading=say("涉及短板（条）", "gaps they help"), form="number"),
            Field(heading=say("单独可达标（条）", "gaps they close alone"), form="number"),
            Field(heading=say("排序第一（项）", "first of their gap"), form="number"),
            Field(heading=say("已入选（项）", "chosen"), form="number"),
            Field(heading=names.heading("consent"), form="wide"),
        ),
        rows=tuple(rows),
    )
