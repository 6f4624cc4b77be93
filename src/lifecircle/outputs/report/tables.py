"""
The tables and sentences of the report that no sheet of the workbook has as they stand there.

They pick columns, add labels and count rows; every number is one of the result tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import in_order
from lifecircle.outputs.names import Names
from lifecircle.outputs.sentences import UNLIVED
from lifecircle.outputs.siblings import joined_label, twice_listed
from lifecircle.outputs.unjudged import why_unjudged
from lifecircle.outputs.workbook.areas import evaluation_sheet
from lifecircle.outputs.workbook.grid import Block, Cell, Field, Row, Worksheet, records


def by_requirement(content: Content, names: Names) -> Block:
    """
    Lay out how every requirement fares in the whole area.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    table
        One row per requirement; no share where the data say too little.
    """
    scores = in_order(content.scores, "scores")
    whole = {row["requirement"]: row for row in records(scores[scores["level"] == "study"])}
    gaps = content.real_gaps["requirement"].value_counts()
    rows: list[Row] = []
    for one in content.standard.requirements:
        row = whole.get(one.id)
        if row is None:
            continue
        rows.append(
            (
                names.requirements[one.id],
                names.label("view", one.view),
                names.label("obligation", one.obligation),
                row["people"],
                row["covered"] if row["verdict"] != "unknown" else None,
                row["share"] if row["verdict"] != "unknown" else None,
                row["target_share"],
                names.label("verdict", row["verdict"]),
                float(gaps.get(one.id, 0)),
            )
        )
    head, say = names.heading, names.say
    return Block(
        title=say("全域评价结果", "Results for the whole area"),
        fields=(
            Field(heading=head("requirement"), form="wide"),
            Field(heading=say("口径", "view")),
            Field(heading=head("obligation")),
            Field(heading=head("people"), form="people"),
            Field(heading=head("covered"), form="people"),
            Field(heading=head("share"), form="share"),
            Field(heading=head("target_share"), form="share"),
            Field(heading=head("verdict")),
            Field(heading=say("短板（社区数）", "communities short"), form="number"),
        ),
        rows=tuple(rows),
        empty=say("没有可评价的要求。", "Nothing was asked."),
    )


def told(content: Content, names: Names, requirement: str) -> str:
    """
    Say in a sentence how one requirement fares.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.
    requirement
        Id of the requirement.

    Returns
    -------
    sentence
        Share, target, median walk and the communities with the lowest shares.
    """
    say = names.say
    scores = content.scores[content.scores["requirement"] == requirement]
    whole = scores[scores["level"] == "study"]
    places = scores[scores["level"] == "community"]
    if len(whole) == 0:
        return say("未评价。", "Not evaluated.")
    row = whole.iloc[0]
    if row["verdict"] == "unknown" or pd.isna(row["share"]):
        return say("暂不能判断：", "No judgement yet: ") + (
            why_unjudged(content, requirement, names.language) + say("。", ".")
        )
    short = int((places["verdict"] == "short").sum())
    worst = places[places["verdict"] == "short"].sort_values(["share", "area_id"]).head(3)
    named = say("、", ", ").join(
        f"{name} {share:.0%}"
        for name, share in zip(worst["area_name"], worst["share"], strict=True)
        if pd.notna(share)
    )
    median = row["median_s"]
    return say(
        f"全域人口覆盖率 {row['share']:.1%}（目标 {row['target_share']:.0%}）"
        + (f"，步行时间中位数 {median / 60:.1f} 分钟" if pd.notna(median) else "")
        + f"；{short} 个社区未达标"
        + (f"，覆盖率最低的为 {named}" if named else "")
        + "。",
        f"{row['share']:.1%} of the people are covered (target {row['target_share']:.0%})"
        + (f"; the median walk takes {median / 60:.1f} minutes" if pd.notna(median) else "")
        + f"; {short} communities fall short"
        + (f", the lowest shares are {named}" if named else "")
        + ".",
    )


def by_subdistrict(content: Content, names: Names) -> Block:
    """
    Lay out the share of people covered by subdistrict.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    table
        One column per required item of the base view; no rows where no subdistrict is known.
    """
    scores = in_order(content.scores, "scores")
    scores = scores[scores["level"] == "subdistrict"]
    asked = [one for one in content.standard.requirements if one.makes_gaps]
    found = {(row["area_id"], row["requirement"]): row for row in records(scores)}
    areas = scores[["area_id", "area_name"]].drop_duplicates("area_id")
    rows = tuple(
        (
            area.area_name,
            *(
                row["share"]
                if (row := found.get((area.area_id, one.id), {})).get("verdict")
                not in (None, "unknown")
                else None
                for one in asked
            ),
        )
        for area in areas.itertuples()
    )
    return Block(
        title=names.say("各街道（镇）人口覆盖率", "Share of people covered by subdistrict"),
        fields=(
            Field(heading=names.heading("subdistrict")),
            *(Field(heading=names.requirements[one.id], form="share") for one in asked),
        ),
        rows=rows,
    )


def by_community(content: Content, names: Names) -> Block:
    """
    Lay out the gaps of each community in one row.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    table
        Communities of a subdistrict together, those with most gaps first.
    """
    gaps = in_order(content.real_gaps, "gaps")
    order = {key: place for place, key in enumerate(names.requirements)}
    rows: list[Row] = []
    parts = sorted(
        gaps.groupby("community_id"),
        key=lambda part: (str(part[1]["subdistrict"].iloc[0]), -len(part[1]), str(part[0])),
    )
    for _, part in parts:
        part = part.sort_values(  # noqa: PLW2901
            "requirement", key=lambda column: column.map(order).fillna(999), kind="stable"
        )
        others = twice_listed(content.standard, part)
        rows_of = records(part)
        first = rows_of[0]
        rows.append(
            (
                first["subdistrict"],
                first["community"],
                float(len(rows_of)),
                "\n".join(_lines(rows_of, others.tolist(), names)),
            )
        )
    return Block(
        title=names.say("短板清单（按社区）", "Gaps by community"),
        fields=(
            Field(heading=names.heading("subdistrict")),
            Field(heading=names.heading("community")),
            Field(heading=names.heading("gaps"), form="number"),
            Field(
                heading=names.say(
                    "要求：未覆盖人口，主要原因，措施", "requirement: people short, reason, remedy"
                ),
                form="prose",
            ),
        ),
        rows=tuple(rows),
        empty=names.say(*UNLIVED)
        if content.unlived
        else names.say("没有短板。", "There are no gaps."),
    )


def _lines(gaps: list[dict[str, Cell]], others: Sequence[object], names: Names) -> Iterator[str]:
    """Write one line per gap, and one for both clauses of a rule where they say the same."""
    rows = {str(gap["requirement"]): gap for gap in gaps}
    told = set()
    for gap, other in zip(gaps, others, strict=True):
        if str(gap["requirement"]) in told:
            continue
        twin = rows.get(str(other))
        same = ("people_short", "reason", "lacking", "remedy")
        if twin is None or any(gap[name] != twin[name] for name in same):
            yield _one_gap(gap, names.listed(names.requirements, gap["requirement"]), names)
            continue
        told.add(str(other))
        label = joined_label(names, str(gap["requirement"]), str(other))
        yield _one_gap(gap, label, names)


def _one_gap(gap: dict[str, Cell], label: str, names: Names) -> str:
    people = gap["people_short"]
    counted = f"{people:,.0f}" if isinstance(people, int | float) else "<10"
    lacking = f"（{gap['lacking']}）" if gap["lacking"] else ""
    return names.say("：", ": ").join(
        (
            label,
            names.say("，", ", ").join(
                (
                    counted,
                    names.label("reason", gap["reason"]) + lacking,
                    names.label("remedy", gap["remedy"]),
                )
            ),
        )
    )


def site_table(content: Content, names: Names) -> Block:
    """
    Lay out the proposed sites.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    table
        In the order of the numbers on the map.
    """
    head = names.heading
    sites = in_order(content.sites, "sites")
    parcels = {row["parcel_id"]: row for row in records(content.parcels)}
    where = {row["community_id"]: row["name"] for row in records(content.communities)}
    rows = tuple(
        (
            float(number),
            where.get(parcels.get(site["parcel_id"], {}).get("community_id")),
            names.label("site_kind", site["kind"]),
            names.listed(names.types, site["types"]),
            site["area_m2"],
            site["newly_covered"],
            site["year"],
            names.label("conforms", site["conforms"]),
        )
        for number, site in enumerate(records(sites), start=1)
    )
    return Block(
        title=names.say("建议选址", "Proposed sites"),
        fields=(
            Field(heading=names.say("序号", "no."), form="number"),
            Field(heading=head("community")),
            Field(heading=names.say("存量类型", "kind of land")),
            Field(heading=head("types"), form="wide"),
            Field(heading=head("area_m2"), form="metres"),
            Field(heading=head("newly_covered"), form="people"),
            Field(heading=head("year"), form="number"),
            Field(heading=head("conforms")),
        ),
        rows=rows,
        empty=names.say("没有建议选址。", "No site is proposed."),
    )


def indices(content: Content, names: Names) -> Block:
    """
    Lay out index and grades for the annex.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    table
        The evaluation of the workbook without the single services.
    """
    block = evaluation_sheet(content, names).blocks[0]
    keep = [
        place
        for place, one in enumerate(block.fields)
        if place in (0, 1, 2, 4, 5) or one.heading.count("\n") == 1
    ]
    return replace(
        block,
        fields=tuple(block.fields[place] for place in keep),
        rows=tuple(tuple(row[place] for place in keep) for row in block.rows),
    )


def some_columns(sheet: Worksheet, names: Names, wanted: tuple[str, ...]) -> Block:
    """
    Take some columns of a sheet's main table.

    Parameters
    ----------
    sheet
        A sheet of the workbook.
    names
        Words of the run.
    wanted
        Columns of the result tables, or headings as they stand on the sheet.

    Returns
    -------
    table
        The main table with these columns, in this order.
    """
    block = sheet.blocks[0]
    heads = [one.heading for one in block.fields]
    keep = [heads.index(names.heading(one)) for one in wanted]
    return replace(
        block,
        fields=tuple(block.fields[place] for place in keep),
        rows=tuple(tuple(row[place] for place in keep) for row in block.rows),
    )
