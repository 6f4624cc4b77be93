"""
Units become their list (公共服务基本单元一览表), advice its own (社区规模与边界建议).

Proposals and advice are marked as such: what counts is what the planning body settles.
"""

from __future__ import annotations

from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import in_order
from lifecircle.outputs.names import Names
from lifecircle.outputs.workbook.grid import Block, Cell, Field, Row, Worksheet, records


def units_sheet(content: Content, names: Names) -> Worksheet | None:
    """
    Lay out service units (公共服务基本单元一览表).

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        One row per unit with its communities, people, shape and the services it lacks; below, one
        row per unit and service of its tier; None where there are no units.
    """
    if not len(content.units):
        return None
    say = names.say
    return Worksheet(
        name=say("公共服务基本单元一览表", "Service units"),
        note=say(
            "“本次建议”的单元由整社区组合而成，供编制单位比选，不是划定结果；人口规模对照"
            "GB 50180—2018 生活圈居住区人口。",
            "Proposed units are groups of whole communities to choose from, not a decision; their"
            " size is compared with the population of the circle in GB 50180-2018.",
        ),
        blocks=(
            unit_block(content, names),
            Block(
                title=say("单元配套情况", "Services of the units"),
                fields=(
                    Field(heading=names.heading("unit_id")),
                    Field(heading=say("单元名称", "unit"), form="wide"),
                    Field(heading=names.heading("tier"), form="number"),
                    Field(heading=names.heading("service")),
                    Field(heading=names.heading("requirement"), form="wide"),
                    Field(heading=names.heading("facilities"), form="number"),
                    Field(heading=names.heading("people"), form="people"),
                    Field(heading=names.heading("covered"), form="people"),
                    Field(heading=names.heading("share"), form="share"),
                    Field(heading=names.heading("target_share"), form="share"),
                    Field(heading=names.heading("met")),
                ),
                rows=tuple(
                    (
                        row["unit_id"],
                        row["name"],
                        row["tier"],
                        names.listed(names.services, row["service"]),
                        names.requirements.get(str(row["requirement"]), str(row["requirement"])),
                        row["facilities"],
                        row["people"],
                        row["covered"],
                        row["share"],
                        row["target_share"],
                        row["met"],
                    )
                    for row in records(in_order(content.unit_services, "unit_services"))
                ),
                empty=say("没有单元，或标准未提出要求。", "No units, or nothing is asked of them."),
            ),
        ),
        pages_wide=2,
        held=2,
    )


def unit_block(content: Content, names: Names) -> Block:
    """
    Lay out the units themselves.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    block
        One row per unit, given ones first, then by tier.
    """
    head, say = names.heading, names.say
    fields = (
        Field(heading=head("unit_id")),
        Field(heading=say("单元名称", "unit"), form="wide"),
        Field(heading=head("tier"), form="number"),
        Field(heading=head("origin")),
        Field(heading=head("in_use")),
        Field(heading=head("subdistricts"), form="wide"),
        Field(heading=head("communities"), form="prose"),
        Field(heading=say("社区数", "communities"), form="number"),
        Field(heading=head("people"), form="people"),
        Field(heading=say("60岁及以上（人）", "aged 60 and over"), form="people"),
        Field(heading=head("in_band")),
        Field(heading=head("connected")),
        Field(heading=head("cut_by")),
        Field(heading=head("cut_m"), form="metres"),
        Field(
            heading=say("社区间步行中位数（分钟）", "walk between centres (min)"), form="minutes"
        ),
        Field(heading=say("最远社区步行（分钟）", "farthest centre (min)"), form="minutes"),
        Field(heading=head("asked"), form="number"),
        Field(heading=head("met"), form="number"),
        Field(heading=head("missing"), form="prose"),
    )
    return Block(
        title=say("公共服务基本单元一览表", "Service units"),
        fields=fields,
        rows=tuple(_unit(row, names) for row in records(in_order(content.units, "units"))),
        empty=say("没有单元。", "There are no units."),
    )


def _unit(row: dict[str, Cell], names: Names) -> Row:
    barriers = [names.label("barrier", kind) for kind in str(row["cut_by"] or "").split(";")]
    return (
        row["unit_id"],
        row["name"],
        row["tier"],
        names.label("unit_origin", row["origin"]),
        row["in_use"],
        names.listed({}, row["subdistricts"]),
        names.listed(names.communities, row["communities"]),
        float(len(str(row["communities"]).split(";"))),
        row["people"],
        row["people_60plus"],
        names.label("in_band", row["in_band"]),
        row["connected"],
        names.say("、", ", ").join(one for one in barriers if one),
        row["cut_m"],
        _minutes(row["walk_s"]),
        _minutes(row["farthest_s"]),
        row["asked"],
        row["met"],
        names.listed(names.requirements, row["missing"]),
    )


def _minutes(seconds: Cell) -> float | None:
    return seconds / 60 if isinstance(seconds, int | float) else None


def advice_sheet(content: Content, names: Names) -> Worksheet | None:
    """
    Lay out the advice on communities (社区规模与边界建议).

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        One row per community and matter, most people concerned first; None without any.
    """
    if not len(content.advice):
        return None
    head, say = names.heading, names.say
    table = in_order(content.advice, "advice")
    ranked = sorted(
        records(table),
        key=lambda row: (
            -row["people_concerned"] if isinstance(row["people_concerned"], float) else 0.0,
            str(row["community_id"]),
            str(row["code"]),
        ),
    )
    rows = tuple(
        (
            row["subdistrict"],
            row["community"],
            row["community_id"],
            names.label("advice", row["code"]),
            row["people"],
            row["people_concerned"],
            names.say("、", ", ").join(
                names.label("barrier", kind) for kind in str(row["cut_by"] or "").split(";") if kind
            ),
            row["area_m2"],
            row["sentence"],
        )
        for row in ranked
    )
    return Worksheet(
        name=say("社区规模与边界建议", "Advice on communities"),
        note=say(
            "以下为数据提示，供研究社区规模与界线时参考，不代表调整决定。",
            "What the data show, for those who look into sizes and borders; nothing is decided.",
        ),
        blocks=(
            Block(
                title=say("社区规模与边界建议", "Advice on size and borders of communities"),
                fields=(
                    Field(heading=head("subdistrict")),
                    Field(heading=head("community")),
                    Field(heading=head("community_id")),
                    Field(heading=say("类型", "kind")),
                    Field(heading=head("people"), form="people"),
                    Field(heading=head("people_concerned"), form="people"),
                    Field(heading=say("分隔物", "barrier")),
                    Field(heading=head("area_m2"), form="metres"),
                    Field(heading=head("sentence"), form="prose"),
                ),
                rows=rows,
                empty=say(
                    "没有需要提示的社区，或社区界线由程序划分。",
                    "There is nothing to advise, or communities were drawn by the program.",
                ),
            ),
        ),
        held=2,
    )
