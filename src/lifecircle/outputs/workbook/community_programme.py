"""
What the programme makes of every community becomes the programme of communities (社区建设计划表).

Types are suggestions of this project (P); a planner's column decides and is kept.
"""

from __future__ import annotations

import pandas as pd

from lifecircle.outputs import style
from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import in_order
from lifecircle.outputs.names import Names
from lifecircle.outputs.workbook.grid import Block, Choices, Field, Row, Worksheet, records

_TABLE = "community_programme"


def community_programme_sheet(content: Content, names: Names) -> Worksheet | None:
    """
    Lay out the programme of communities (社区建设计划表).

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        One row per community, then how many start in which year by county; None where nothing is
        planned.
    """
    if content.community_programme["projects"].fillna(0).sum() == 0:
        return None
    say = names.say
    return Worksheet(
        name=say("社区建设计划表", "Communities"),
        note=say(
            "新建/旧改按小区建成年份推定，引领型/普惠型与启动年度按规则建议（本项目方法，非官方认定）；"
            "浅黄色列由编制单位核定。",
            "Age of estates as far as known; leading or basic and the starting year are suggested"
            " by rule (our method, not official); pale yellow columns are yours to settle.",
        ),
        blocks=(_communities(content, names), community_counts(content, names)),
        paper="A3",
        held=3,
    )


def _communities(content: Content, names: Names) -> Block:
    say, head = names.say, names.heading
    offers = Choices.of(content, names)

    def labels(domain: str) -> tuple[str, ...]:
        return tuple(names.label(domain, code) for code in style.codes(domain))

    fields = (
        Field(heading=head("community_id")),
        Field(heading=head("subdistrict")),
        Field(heading=head("community")),
        Field(heading=head("people"), form="people"),
        Field(
            heading=head("estate_kind"),
            choices=labels("estate_kind"),
            planner=True,
            code="estate_kind",
        ),
        Field(heading=head("built_median"), form="number"),
        Field(heading=head("old_share"), form="share"),
        Field(
            heading=say("引领型/普惠型", "leading or basic"),
            choices=labels("community_kind"),
            planner=True,
            code="kind",
        ),
        Field(
            heading=head("start_year"),
            form="number",
            choices=offers.years,
            planner=True,
            code="start_year",
        ),
        Field(heading=head("end_year"), form="number"),
        Field(heading=head("projects"), form="number"),
        Field(heading=head("gaps_now"), form="number"),
        Field(heading=head("gaps_left"), form="number"),
        Field(heading=head("services_left")),
        Field(heading=say("建议依据", "why"), form="wide"),
        Field(heading=say("备注", "remarks"), form="wide", planner=True, code="note"),
    )
    table = in_order(content.community_programme, _TABLE)
    rows = tuple(
        (
            row["community_id"],
            row["subdistrict"],
            row["community"],
            row["people"],
            names.label("estate_kind", row["estate_kind"]),
            row["built_median"],
            row["old_share"],
            names.label("community_kind", row["kind"]),
            row["start_year"],
            row["end_year"],
            row["projects"],
            row["gaps_now"],
            row["gaps_left"],
            names.listed(names.services, row["services_left"]),
            row["why"],
            None,
        )
        for row in records(table)
    )
    return Block(
        title=say("社区建设计划表", "Programme of communities"),
        fields=fields,
        rows=rows,
        table=_TABLE,
        key=(0,),
    )


def community_counts(content: Content, names: Names) -> Block:
    """
    Count communities by county, the year they start and type.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    table
        One row per county and year, those without a year last, then all.
    """
    say, head = names.say, names.heading
    table = content.community_programme.copy()
    table["county"] = table["county"].fillna("")
    kinds = [("kind", code) for code in style.codes("community_kind")]
    kinds += [("estate_kind", code) for code in style.codes("estate_kind")]

    def counted(part: pd.DataFrame) -> tuple[float, ...]:
        of_kinds = (float((part[column] == code).sum()) for column, code in kinds)
        left = pd.to_numeric(part["gaps_left"]).sum()
        return (float(len(part)), *of_kinds, float(pd.to_numeric(part["gaps_now"]).sum()), left)

    rows: list[Row] = []
    years = pd.to_numeric(table["start_year"])
    for county, of_county in table.groupby("county"):
        when = years[of_county.index]
        rows.extend(
            (county or None, float(year), *counted(of_county[when == year]))
            for year in sorted(when.dropna().unique())
        )
        if when.isna().any():
            rows.append((county or None, None, *counted(of_county[when.isna()])))
    rows.append((say("合计", "all"), None, *counted(table)))
    return Block(
        title=say("汇总：县（市、区）× 启动年度", "Totals: county by starting year"),
        fields=(
            Field(heading=head("county")),
            Field(heading=head("start_year"), form="number"),
            Field(heading=say("社区数（个）", "communities"), form="number"),
            *(
                Field(
                    heading=names.label("community_kind" if column == "kind" else column, code),
                    form="number",
                )
                for column, code in kinds
            ),
            Field(heading=head("gaps_now"), form="number"),
            Field(heading=head("gaps_left"), form="number"),
        ),
        rows=tuple(rows),
        totals=1,
    )
