"""The indicators of an annual check-up become one sheet (体检指标表): the whole, then its parts."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import in_order
from lifecircle.outputs.names import Names
from lifecircle.outputs.workbook.grid import Block, Cell, Field, Row, Worksheet, records

_WORDS = {
    "share": ("比例", "share"),
    "areas_lacking": ("缺失社区（个）", "areas lacking it"),
    "people": ("人口", "people"),
    "all": ("人口", "people"),
    "residential_land": ("居住用地", "residential land"),
    "floor_area": ("住宅建筑面积", "floor area"),
    "community": ("社区", "communities"),
    "network": ("步行路网", "network"),
    "radius": ("直线半径", "straight radius"),
    "count": ("计数", "count"),
}


def checkup_sheet(content: Content, names: Names) -> Worksheet | None:
    """
    Lay out the indicators of an annual check-up (体检指标表).

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        One row per indicator, area and base, the whole area first; None where the standard is no
        check-up.
    """
    if not content.standard.checkup:
        return None
    say = names.say
    table = in_order(content.checkup, "checkup")
    whole = table["level"].isin(("study", "county", "city"))
    return Worksheet(
        name=say("体检指标表", "Check-up"),
        note=say(
            "每个数值旁注明分母与量算方式；“报送口径”为该规程采用的分母和方式，未读到的不标。空白为"
            "数据不足以判断（清单完整的，请在 facilities.complete 注明）。",
            "Each value has its base and method beside it; 'official' marks those the text takes, "
            "where they are known. Blank: the data say too little (declare a list complete under "
            "facilities.complete if it is).",
        ),
        blocks=(
            _block(say("全域", "Whole area"), table[whole], names),
            _block(say("街道、社区", "Subdistricts and communities"), table[~whole], names),
        ),
        held=2,
    )


def _block(title: str, table: pd.DataFrame, names: Names) -> Block:
    head, say = names.heading, names.say
    return Block(
        title=title,
        fields=(
            Field(heading=head("label"), form="wide"),
            Field(heading=head("level")),
            Field(heading=head("area_name"), form="wide"),
            Field(heading=say("数值", "value"), form="ratio"),
            Field(heading=head("unit")),
            Field(heading=say("分母", "base")),
            Field(heading=say("量算方式", "method")),
            Field(heading=say("报送口径", "official")),
            Field(heading=say("已覆盖量", "covered"), form="number"),
            Field(heading=say("分母总量", "total"), form="number"),
            Field(heading=head("verdict")),
            Field(heading=head("clause"), form="wide"),
            Field(heading=head("tag")),
        ),
        rows=tuple(_row(row, names) for row in records(table)),
        empty=say("没有指标。", "There is no indicator."),
    )


def _row(row: Mapping[str, Cell], names: Names) -> Row:
    def word(code: object) -> str:
        zh, en = _WORDS.get(str(code), (str(code), str(code)))
        return names.say(zh, en)

    return (
        _text(row["label"]),
        names.label("level", row["level"]),
        _text(row["area_name"]),
        _number(row["value"]),
        word(row["unit"]),
        word(row["base"]),
        word(row["method"]),
        bool(row["official"]),
        _number(row["covered"]),
        _number(row["total"]),
        names.label("verdict", row["verdict"]),
        _text(row["clause"]),
        _text(row["tag"]),
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _number(value: object) -> float | None:
    return value if isinstance(value, float) else None
