"""
Sizes become one sheet (规模与负荷): norms area by area, supply shared out, loads of facilities.

Every number is the rounded one the CSV files hold.
"""

from __future__ import annotations

from lifecircle.outputs import style
from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import in_order
from lifecircle.outputs.names import Names
from lifecircle.outputs.workbook.grid import Block, Field, Worksheet, records
from lifecircle.standards.describe import norm_words


def supply_sheet(content: Content, names: Names) -> Worksheet | None:
    """
    Lay out sizes and loads (规模与负荷).

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        Norms, largest areas first; facilities by load, the most crowded first; supply per 1,000
        people. None where a run knows of none of them.
    """
    if not (len(content.norms) or len(content.supply) or len(content.loads)):
        return None
    say = names.say
    return Worksheet(
        name=say("规模与负荷", "Sizes and loads"),
        note=say(
            "指标按单元内现状设施合计判定，逐级汇总，不取平均；规模未填或名录未声明完整的，"
            "不足时记为“无法判断”。负荷为覆盖范围内以该设施为最近的人口与其服务能力之比，"
            "能力多为建议值（P），仅供参考；名录不完整时负荷偏高。",
            "Norms are judged on what stands in an area today and summed from level to level,"
            " never averaged; where sizes or a complete list are missing, too little is told as"
            " not to be judged. A load is the covered people whose nearest it is over those it"
            " serves: most capacities are proposals (P); missing facilities make loads too high.",
        ),
        blocks=(norm_block(content, names), _loads(content, names), _supply_block(content, names)),
        held=3,
    )


def norm_block(content: Content, names: Names, *, smallest: str = "community") -> Block:
    """
    Lay out how areas do on norms.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.
    smallest
        Smallest level shown.

    Returns
    -------
    table
        One row per norm and area, in the order of the standard, largest areas first.
    """
    say, head = names.say, names.heading
    levels = [one for one in reversed(style.codes("level")) if one != "estate"]
    levels = levels[: levels.index(smallest) + 1]
    order = {norm.id: place for place, norm in enumerate(content.standard.norms)}
    asked = {norm.id: norm_words(norm, names.language) for norm in content.standard.norms}
    rows = [row for row in records(in_order(content.norms, "norms")) if row["level"] in levels]
    rows.sort(key=lambda row: (order.get(str(row["norm"]), 999), levels.index(str(row["level"]))))
    return Block(
        title=say("千人指标与规模要求", "Norms"),
        fields=(
            Field(heading=head("norm"), form="wide"),
            Field(heading=head("level")),
            Field(heading=head("area_name")),
            Field(heading=head("service")),
            Field(heading=say("指标要求", "asked"), form="wide"),
            Field(heading=head("measure")),
            Field(heading=head("have"), form="number"),
            Field(heading=head("need"), form="number"),
            Field(heading=say("满足率", "met"), form="share"),
            Field(heading=head("short_by"), form="number"),
            Field(heading=head("facilities"), form="number"),
            Field(heading=head("known"), form="share"),
            Field(heading=head("verdict")),
            Field(heading=head("obligation")),
            Field(heading=head("clause"), form="wide"),
        ),
        rows=tuple(
            (
                names.listed(names.norms, row["norm"]),
                names.label("level", row["level"]),
                row["area_name"],
                names.listed(names.services, row["service"]),
                asked.get(str(row["norm"])),
                names.label("measure", row["measure"]),
                row["have"],
                row["need"],
                row["share"],
                row["short_by"],
                row["facilities"],
                row["known"],
                names.label("verdict", row["verdict"]),
                names.label("obligation", row["obligation"]),
                row["clause"],
            )
            for row in rows
        ),
        empty=say("所用标准没有千人指标。", "The standard has no norms."),
    )


def _supply_block(content: Content, names: Names) -> Block:
    say, head = names.say, names.heading
    levels = [one for one in reversed(style.codes("level")) if one != "estate"]
    rows = [row for row in records(in_order(content.supply, "supply")) if row["level"] in levels]
    rows.sort(key=lambda row: (str(row["requirement"]), levels.index(str(row["level"]))))
    return Block(
        title=say("人均可及供给（两步移动搜索法）", "Supply within reach (E2SFCA)"),
        fields=(
            Field(heading=head("requirement"), form="wide"),
            Field(heading=head("level")),
            Field(heading=head("area_name")),
            Field(heading=head("service")),
            Field(heading=head("measure")),
            Field(heading=head("supply_per_1000"), form="number"),
            Field(heading=head("demand_ratio"), form="number"),
            Field(heading=head("known"), form="share"),
            Field(heading=head("people"), form="people"),
        ),
        rows=tuple(
            (
                names.listed(names.requirements, row["requirement"]),
                names.label("level", row["level"]),
                row["area_name"],
                names.listed(names.services, row["service"]),
                names.label("measure", row["measure"]),
                row["supply_per_1000"],
                row["demand_ratio"],
                row["known"],
                row["people"],
            )
            for row in rows
        ),
        empty=say(
            "可达设施的规模已知比例均不足80%，不计算。",
            "Sizes are known for under 80 % of what is reached, for every requirement.",
        ),
    )


def _loads(content: Content, names: Names) -> Block:
    say, head = names.say, names.heading
    rows = [row for row in records(in_order(content.loads, "loads")) if row["load"] is not None]
    rows.sort(key=lambda row: (-float(row["load"] or 0.0), str(row["facility_id"])))
    return Block(
        title=say("设施负荷（高者在前）", "Loads of facilities, the most crowded first"),
        fields=(
            Field(heading=head("name"), form="wide"),
            Field(heading=head("facility_id")),
            Field(heading=head("type"), form="wide"),
            Field(heading=head("service")),
            Field(heading=head("people_nearest"), form="people"),
            Field(heading=head("capacity"), form="people"),
            Field(heading=head("load"), form="ratio"),
            Field(heading=head("over")),
            Field(heading=head("requirement"), form="wide"),
            Field(heading=head("clause"), form="wide"),
        ),
        rows=tuple(
            (
                row["name"],
                row["facility_id"],
                names.listed(names.types, row["type"]),
                names.listed(names.services, row["service"]),
                row["people_nearest"],
                row["capacity"],
                row["load"],
                row["over"],
                names.listed(names.requirements, row["requirement"]),
                row["clause"],
            )
            for row in rows
        ),
        empty=say("没有可判断负荷的设施。", "No facility has a known capacity."),
    )
