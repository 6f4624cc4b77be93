"""What the sheets of units and communities print of a run: rows of texts, ready for a table."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from lifecircle.outputs import style
from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.sheets.grid import Cell, Column

Rows = list[list[str | Cell]]


def people(value: object) -> str:
    """
    Write a number of people.

    Parameters
    ----------
    value
        A number, or missing.

    Returns
    -------
    text
        Whole people with thousands, or a dash.
    """
    return "–" if value is None or pd.isna(value) else f"{float(str(value)):,.0f}"


def requirement_table(
    content: Content, names: Names, scores: pd.DataFrame, width: float
) -> tuple[list[Column], Rows]:
    """
    Lay out what is asked and what is reached.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.
    scores
        Rows with ``requirement, share, target_share, verdict, facilities`` of one area.
    width
        Of the table [mm].

    Returns
    -------
    columns, rows
        Required items of the base view, in the order of the standard.
    """
    columns = [
        Column(heading=names.say("项目（标准要求）", "required"), width=0.5 * width),
        Column(heading=names.say("现状处数", "places"), width=0.14 * width, across="right"),
        Column(heading=names.say("覆盖率", "covered"), width=0.12 * width, across="right"),
        Column(heading=names.say("目标", "target"), width=0.1 * width, across="right"),
        Column(heading=names.say("结论", "verdict"), width=0.14 * width, across="center"),
    ]
    held = scores.set_index("requirement")
    rows: Rows = []
    for asked in content.standard.requirements:
        if not asked.makes_gaps or asked.id not in held.index:
            continue
        row = held.loc[asked.id]
        known = row["verdict"] in ("met", "short") and pd.notna(row["share"])
        rows.append(
            [
                names.requirements[asked.id],
                "–" if pd.isna(row["facilities"]) else f"{row['facilities']:.0f}",
                f"{row['share']:.0%}" if known else "–",
                "–" if pd.isna(row["target_share"]) else f"{row['target_share']:.0%}",
                _verdict(names, str(row["verdict"])),
            ]
        )
    return columns, rows


def _verdict(names: Names, code: str) -> Cell:
    grade = {"met": "good", "short": "poor"}.get(code, "none")
    return Cell(
        text=names.label("verdict", code),
        fill=style.GRADE_COLOURS[grade],
        ink=style.GRADE_INK[grade],
    )


def gap_table(
    content: Content, names: Names, communities: Collection[str], width: float, *, named: bool
) -> tuple[list[Column], Rows]:
    """
    Lay out gaps of the service, those with most people first.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.
    communities
        Ids of the communities concerned.
    width
        Of the table [mm].
    named
        Whether each row says which community it is of.

    Returns
    -------
    columns, rows
        One row a gap.
    """
    parts = (0.2, 0.32, 0.14, 0.18, 0.16) if named else (0.0, 0.42, 0.15, 0.22, 0.21)
    columns = [
        Column(heading=names.say("短板项目", "what falls short"), width=parts[1] * width),
        Column(
            heading=names.say("未覆盖人口", "people short"), width=parts[2] * width, across="right"
        ),
        Column(heading=names.say("主要原因", "main reason"), width=parts[3] * width),
        Column(heading=names.say("建议措施", "remedy"), width=parts[4] * width),
    ]
    if named:
        columns.insert(0, Column(heading=names.say("社区", "community"), width=parts[0] * width))
    gaps = content.real_gaps
    gaps = gaps[gaps["community_id"].isin(list(communities))]
    gaps = gaps.sort_values(["people_short", "gap_id"], ascending=[False, True], kind="stable")
    rows: Rows = []
    for gap in gaps.to_dict("records"):
        row: list[str | Cell] = [
            names.requirements.get(str(gap["requirement"]), str(gap["requirement"])),
            people(gap["people_short"]),
            names.label("reason", gap["reason"]),
            names.label("remedy", gap["remedy"]),
        ]
        rows.append([str(gap["community"] or ""), *row] if named else row)
    return columns, rows


def project_table(
    content: Content, names: Names, communities: Collection[str], width: float
) -> tuple[list[Column], Rows]:
    """
    Lay out the projects that serve some communities.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.
    communities
        Ids of the communities concerned.
    width
        Of the table [mm].

    Returns
    -------
    columns, rows
        One row a project, by year; sites carry the number they have on the maps.
    """
    columns = [
        Column(heading=names.say("图上序号", "on map"), width=0.1 * width, across="center"),
        Column(heading=names.say("项目", "project"), width=0.4 * width),
        Column(heading=names.say("建设方式", "mode"), width=0.14 * width),
        Column(heading=names.say("年度", "year"), width=0.1 * width, across="center"),
        Column(heading=names.say("责任主体", "lead body"), width=0.26 * width),
    ]
    numbers = {name: place for place, name in enumerate(content.sites["site_id"], start=1)}
    mine = content.programme[content.programme["community_id"].isin(list(communities))]
    projects = content.projects[content.projects["project_id"].isin(mine["project_id"])]
    projects = projects.sort_values(["year", "project_id"], kind="stable")
    rows: Rows = [
        [
            str(numbers.get(one["site_id"], "–")),
            str(one["name"]),
            names.label("mode", one["mode"]),
            "–" if pd.isna(one["year"]) else f"{one['year']:g}",
            str(one["lead_body"] or "–"),
        ]
        for one in projects.to_dict("records")
    ]
    return columns, rows
