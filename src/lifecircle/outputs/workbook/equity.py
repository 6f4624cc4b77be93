"""
Equity becomes a sheet (公平性): who is served worse than whom, from the study down to its units.

Every figure is one of the equity table; a requirement nobody can judge shows none.
"""

from __future__ import annotations

from collections.abc import Mapping

from lifecircle.outputs import style
from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import in_order
from lifecircle.outputs.names import Names
from lifecircle.outputs.workbook.grid import Block, Cell, Field, Row, Worksheet, records
from lifecircle.outputs.workbook.measures import asked, judged


def equity_sheet(content: Content, names: Names) -> Worksheet | None:
    """
    Lay out who is served worse than whom (公平性).

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        Areas by required item, from the whole study down to the service unit; None where
        nothing was measured.
    """
    if len(content.equity) == 0:
        return None
    say, head = names.say, names.heading
    table = in_order(content.equity, "equity")
    groups = sorted(
        {row["of"] for row in records(table) if row["against"] == "all"}
        - {"worst_tenth", "uncovered"},
        key=str,
    )
    known = judged(content)
    found: dict[tuple[Cell, ...], dict[str, Cell]] = {}
    areas: dict[tuple[Cell, Cell], Cell] = {}
    for row in records(table):
        key = (row["level"], row["area_id"], row["requirement"])
        areas.setdefault(key[:2], row["area_name"])
        if known(*key):
            found[*key, row["measure"], row["of"]] = row
    rows: list[Row] = []
    order = {level: place for place, level in enumerate(reversed(style.codes("level")))}
    for (level, area_id), area_name in sorted(
        areas.items(), key=lambda item: (order.get(str(item[0][0]), 99), str(item[0][1]))
    ):
        for one in asked(content):
            key = (level, area_id, one.id)
            compared: list[Cell] = []
            for side in (*groups, "village", "worst_tenth"):
                row = found.get((*key, "share_gap", side), {})
                compared += [row.get("of_value"), row.get("against_value"), _noted(row, names)]
            rows.append(
                (
                    names.label("level", level),
                    area_name,
                    names.requirements[one.id],
                    *compared,
                    found.get((*key, "gini", one.group), {}).get("value"),
                    found.get((*key, "concentration", "uncovered"), {}).get("value"),
                )
            )
    fields = [
        Field(heading=head("level")),
        Field(heading=head("area_name")),
        Field(heading=head("requirement"), form="wide"),
    ]
    everybody = names.label("group", "all")
    for side, other in (
        *((names.label("group", group), everybody) for group in groups),
        (names.label("equity_side", "village"), names.label("equity_side", "town")),
        (names.label("equity_side", "worst_tenth"), say("评价人群", "those asked")),
    ):
        fields += [
            Field(heading=f"{side}\n{say('覆盖率', 'covered')}", form="share"),
            Field(heading=f"{other}\n{say('覆盖率', 'covered')}", form="share"),
            Field(heading=say("差值\n（百分点）", "difference\n(points)"), form="score"),
        ]
    fields += [
        Field(heading=names.label("equity_measure", "gini"), form="ratio"),
        Field(heading=names.label("equity_measure", "concentration"), form="ratio"),
    ]
    return Worksheet(
        name=say("公平性", "Equity"),
        note=say(
            "差值为对象减对照；按统一比例推算的人群不作比较。基尼系数0为人人相同，未到达的按"
            "两倍限值计；集中度为未覆盖人口偏离人口分布的比例。方法见“方法”。",
            "Differences are the first less the second; groups that are one declared share"
            " everywhere are not compared. Gini: 0 where all walk alike, those who reach nothing"
            " counted at twice the limit; concentration: see the method.",
        ),
        blocks=(
            Block(
                title=say("公平性", "Equity"),
                fields=tuple(fields),
                rows=tuple(rows),
                empty=say("没有可比较的要求。", "Nothing can be compared."),
            ),
        ),
        held=3,
    )


def _noted(row: Mapping[str, Cell], names: Names) -> Cell:
    value = row.get("value")
    if isinstance(value, int | float):
        return 100.0 * float(value)
    return names.label("equity_note", row["note"]) if row.get("note") else None
