"""Opinions of departments become the table of answers (意见采纳情况表) a planner completes."""

from __future__ import annotations

from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.workbook.grid import Block, Cell, Field, Row, Worksheet, records


def opinion_sheet(content: Content, names: Names) -> Worksheet | None:
    """
    Lay out the opinions with what the run holds on them (意见采纳情况表).

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        One row per opinion; the answer is the planner's and comes back in later runs. None
        without opinions.
    """
    if not len(content.opinions):
        return None
    say = names.say
    return Worksheet(
        name=say("意见采纳情况表", "Opinions"),
        note=say(
            "相关短板与项目按所涉社区列出，供答复时参考；浅黄色列由编制单位填写，再次运行时保留。",
            "Gaps and projects of the community concerned are listed for reference; pale yellow"
            " columns are yours and stay from run to run.",
        ),
        blocks=(opinion_block(content, names),),
        held=2,
    )


def opinion_block(content: Content, names: Names) -> Block:
    """
    Lay out the table of opinions.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    block
        In the order of the file.
    """
    say = names.say
    answers = (
        say("采纳", "adopted"),
        say("部分采纳", "adopted in part"),
        say("不采纳", "not adopted"),
    )
    return Block(
        title=say("意见采纳情况表", "Opinions and answers"),
        fields=(
            Field(heading=say("编号", "id")),
            Field(heading=say("提出单位", "body")),
            Field(heading=say("条目", "clause")),
            Field(heading=say("意见内容", "opinion"), form="prose"),
            Field(heading=names.heading("community")),
            Field(heading=say("该社区短板（条）", "gaps there"), form="number"),
            Field(heading=say("该社区项目", "projects there"), form="wide"),
            Field(heading=say("采纳情况", "answer"), choices=answers, planner=True, code="answer"),
            Field(heading=say("处理说明", "explanation"), form="wide", planner=True, code="note"),
        ),
        rows=tuple(_row(one, content, names) for one in records(content.opinions)),
        table="opinions",
        key=(0,),
        empty=say("没有收到意见。", "No opinions were received."),
    )


def _row(one: dict[str, Cell], content: Content, names: Names) -> Row:
    here = one["community_id"]
    gaps = content.real_gaps
    mine = gaps[gaps["community_id"] == here]
    plan = content.programme[content.programme["community_id"] == here]
    projects = plan.drop_duplicates("project_id")["name"].dropna().tolist()
    return (
        one["opinion_id"],
        one["body"],
        one["clause"],
        one["text"],
        names.listed(names.communities, here) if here is not None else one["community"],
        float(len(mine)) if here is not None else None,
        names.say("；", "; ").join(str(name) for name in projects) or None,
        None,
        None,
    )
