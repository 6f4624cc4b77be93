"""Replaced values become one sheet (人工修改记录): what was changed by hand, by whom and why."""

from __future__ import annotations

from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.workbook.grid import Block, Field, Worksheet, records


def override_sheet(content: Content, names: Names) -> Worksheet | None:
    """
    Lay out the values a planner replaced (人工修改记录).

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        One row per row of the file of overrides; None without such a file.
    """
    if not len(content.overrides):
        return None
    return Worksheet(
        name=names.say("人工修改记录", "Overrides"),
        note=names.say(
            "按 overrides 文件逐条替换的数值；每次运行重新套用，未找到编号的不会丢失。",
            "Values replaced as the file of overrides says, on every run; one whose id is not found"
            " stays listed.",
        ),
        blocks=(override_block(content, names),),
        held=3,
    )


def override_block(content: Content, names: Names) -> Block:
    """
    Lay out the table of replaced values.

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
    return Block(
        title=say("人工修改记录", "Overrides"),
        fields=(
            Field(heading=say("对象", "table")),
            Field(heading=say("编号", "id")),
            Field(heading=say("字段", "field")),
            Field(heading=say("原值", "before"), form="wide"),
            Field(heading=say("新值", "value"), form="wide"),
            Field(heading=say("理由", "reason"), form="wide"),
            Field(heading=say("修改人", "who")),
            Field(heading=say("日期", "date")),
            Field(heading=say("结果", "result")),
        ),
        rows=tuple(
            (
                names.label("override_table", one["table"]),
                one["id"],
                one["field"],
                one["old"],
                one["value"],
                one["reason"],
                one["who"],
                one["date"],
                names.label("override_state", one["state"]),
            )
            for one in records(content.overrides)
        ),
        empty=say("没有人工修改。", "Nothing was replaced by hand."),
    )
