"""The sheets of a workbook become its table of contents (目录)."""

from __future__ import annotations

from collections.abc import Sequence

from lifecircle.outputs.names import Names
from lifecircle.outputs.workbook.grid import Block, Field, Worksheet


def contents_sheet(groups: Sequence[tuple[str, Sequence[Worksheet]]], names: Names) -> Worksheet:
    """
    Lay out the table of contents (目录).

    Parameters
    ----------
    groups
        What sheets are for, and the sheets for it, in the order of the workbook.
    names
        Words of the run.

    Returns
    -------
    sheet
        One row per sheet: what it is for, how many rows its tables have, how to read it.
    """
    say = names.say
    rows = tuple(
        (sheet.name, purpose, float(sum(len(block.rows) for block in sheet.blocks)), sheet.note)
        for purpose, sheets in groups
        for sheet in sheets
    )
    title = say("目录", "Contents")
    return Worksheet(
        name=title,
        note=say("点击表名可转到该表。", "A click on a name leads to the sheet."),
        blocks=(
            Block(
                title=title,
                fields=(
                    Field(heading=say("表名", "sheet"), form="sheet"),
                    Field(heading=say("用途", "what for")),
                    Field(heading=say("行数", "rows"), form="people"),
                    Field(heading=say("说明", "how to read it"), form="prose"),
                ),
                rows=rows,
            ),
        ),
        paper="A4",
        held=1,
    )
