"""The parts of the report about later moments (分期评价) and about estates (配建核查)."""

from __future__ import annotations

from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.report.parts import Writer
from lifecircle.outputs.workbook.horizons import (
    closing_gaps,
    new_gaps,
    requirements_by_horizon,
    totals_by_horizon,
)
from lifecircle.outputs.workbook.provision import status_counts


def write_horizons(writer: Writer, content: Content, names: Names) -> None:
    """
    Write what changes by itself, and what does not.

    Parameters
    ----------
    writer
        The document.
    content
        What the run has to show; nothing is written where it names no horizon.
    names
        Its words.
    """
    if content.horizons is None:
        return
    say = names.say
    closing, new = closing_gaps(content, names), new_gaps(content, names)
    number = _number(content)
    writer.heading(say(f"{number} 分期评价", f"{number} Horizons"), level=2)
    writer.text(
        say(
            f"按{'、'.join(content.horizon_names.values())}分别评价：各期只计当期已有的设施、人口与道路。",
            f"Evaluated for {', '.join(content.horizon_names.values())}: each counts the"
            " facilities, people and roads there by then.",
        ),
        say(
            f"现有短板中 {len(closing.rows)} 条将由在建、规划或承诺的设施与道路消除，不必重复安排；"
            f"新增短板 {len(new.rows)} 条。",
            f"{len(closing.rows)} of today's gaps close by what is being built, planned or promised"
            f" and need no second project; {len(new.rows)} are new.",
        ),
    )
    writer.table(requirements_by_horizon(content, names))
    writer.table(totals_by_horizon(content, names))
    if closing.rows:
        writer.table(closing, columns=(2, 3, 4, 5, 6))
    if new.rows:
        writer.table(new)


def write_provision(writer: Writer, content: Content, names: Names) -> None:
    """
    Write what became of what estates had to provide.

    Parameters
    ----------
    writer
        The document.
    content
        What the run has to show; nothing is written where nobody knows.
    names
        Its words.
    """
    table = content.provision
    if table is None:
        return
    say = names.say
    count = table["status"].value_counts()
    lost = 0 if content.provision_unjoined is None else len(content.provision_unjoined)
    number = _number(content, after=content.horizons is not None)
    told = (f"{number} 小区配建核查", f"{number} Estates and what they had to provide")
    writer.heading(say(*told), level=2)
    writer.text(
        say(
            f"核查小区 {table['estate_id'].nunique()} 个："
            f"应配未建 {int(count.get('not_built', 0))} 项，"
            f"移交手续未完 {int(count.get('title_open', 0))} 项，"
            f"移交后出租或闲置 {int(count.get('let', 0) + count.get('idle', 0))} 项；"
            f"{lost} 条记录未能对应到小区，见 gaps.xlsx。",
            f"{table['estate_id'].nunique()} estates were checked: {int(count.get('not_built', 0))}"
            f" items promised and not built, {int(count.get('title_open', 0))} with title or"
            f" acceptance open, {int(count.get('let', 0) + count.get('idle', 0))} let or idle;"
            f" {lost} rows fit no estate (gaps.xlsx).",
        ),
        say(
            "按户数应有的面积为凭记忆引用或本项目建议值，用于法定规划前须核对当地规定。",
            "The areas asked for per 100 households are recalled or proposed: check the rule of the"
            " place before a statutory plan rests on them.",
        ),
    )
    writer.table(status_counts(content, names))


def _number(content: Content, *, after: bool = False) -> str:
    """Give the number of a part behind the remedies, where they are told, and another such part."""
    remedies = len(content.real_gaps) > 0 and len(content.remedies) > 0
    return f"6.{1 + remedies + after}"
