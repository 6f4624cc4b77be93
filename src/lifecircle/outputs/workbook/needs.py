"""
Residents' answers become a sheet (居民需求与得分对照): what they ask for beside the scores.

Communities where the two disagree stand first.
"""

from __future__ import annotations

from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import in_order
from lifecircle.outputs.names import Names
from lifecircle.outputs.workbook.grid import Block, Cell, Field, Row, Worksheet, records, rows_by

_TOLD_NEEDS = 3


def needs_sheet(content: Content, names: Names) -> Worksheet | None:
    """
    Lay out what residents ask for beside the scores (居民需求与得分对照).

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        One row per community that answered; None without a survey.
    """
    block = needs_block(content, names)
    if block is None:
        return None
    return Worksheet(
        name=block.title,
        note=names.say(
            "问卷不参与评分和判定；“不一致”指首位需求对应的服务不在本社区得分最低的两类之中。"
            "全部需求见 tables/needs.csv。",
            "Answers change no score; they disagree where the first need is not among the two"
            " services its community scores lowest on. All needs are in tables/needs.csv.",
        ),
        blocks=(block,),
        held=2,
    )


def needs_block(content: Content, names: Names) -> Block | None:
    """
    Lay out the table of `needs_sheet`.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    table
        Communities where need and score disagree first; None without a survey.
    """
    if len(content.needs) == 0:
        return None
    head, say = names.heading, names.say
    table = in_order(content.needs, "needs")
    where = rows_by(content.communities, "community_id")
    rows: list[tuple[tuple[bool, str, str], Row]] = []
    for community, part in table.groupby("community_id", sort=True):
        ranked = records(part)
        first = ranked[0]
        subdistrict = where.get(community, {}).get("subdistrict")
        told = say("；", "; ").join(
            f"{row['need']} {_count(row['named'])}" for row in ranked[:_TOLD_NEEDS]
        )
        rank = first["score_rank"]
        rows.append(
            (
                (not first["disagrees"], str(subdistrict), str(community)),
                (
                    subdistrict,
                    first["community"],
                    first["answers"],
                    first["satisfaction_of_5"],
                    told,
                    names.listed(names.services, first["service"]),
                    first["score"],
                    None
                    if rank is None
                    else f"{_count(rank)} / {_count(first['services_scored'])}",
                    names.label("flag", first["disagrees"]),
                ),
            )
        )
    return Block(
        title=say("居民需求与得分对照", "Needs and scores"),
        fields=(
            Field(heading=head("subdistrict")),
            Field(heading=head("community")),
            Field(heading=head("answers"), form="people"),
            Field(heading=head("satisfaction_of_5"), form="ratio"),
            Field(
                heading=say("前三位需求（提及次数）", "first three needs (named by)"), form="wide"
            ),
            Field(heading=say("首位需求对应服务", "service of the first")),
            Field(heading=say("该服务得分", "its score"), form="score"),
            Field(heading=head("score_rank")),
            Field(heading=head("disagrees")),
        ),
        rows=tuple(row for _, row in sorted(rows, key=lambda pair: pair[0])),
    )


def _count(value: Cell) -> str:
    return "<10" if value is None else f"{float(value):.0f}"
