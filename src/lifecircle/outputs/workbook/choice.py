"""
What there is to say of the choice of sites becomes a sheet (选址论证): curve, near equals, wishes.

Today's figures stand beside those with the sites; nothing is computed here but counts of rows.
"""

from __future__ import annotations

import pandas as pd

from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import in_order
from lifecircle.outputs.names import Names
from lifecircle.outputs.sentences import curve_sentence
from lifecircle.outputs.workbook.grid import Block, Field, Row, Worksheet, records
from lifecircle.outputs.workbook.wishes import wish_block, wish_totals

_MOST_OTHERS = 10


def choice_sheet(content: Content, names: Names) -> Worksheet | None:
    """
    Lay out what the choice of sites brings and leaves open (选址论证).

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        Before and after by requirement and by community; the curve; alternatives; candidates
        chosen often; gaps that stay open, by reason and one by one. None where nothing was chosen
        and nothing stays open.
    """
    if not len(content.curve) and not len(content.wishes):
        return None
    say = names.say
    return Worksheet(
        name=say("选址论证", "Choice of sites"),
        note=" ".join(
            part
            for part in (
                curve_sentence(content, names),
                say(
                    "选址以新增覆盖“人·项”（每人每项各计一次）最多为目标，"
                    "每人只计一次的人数不一定逐处递减。逐社区逐项的前后对比见 tables/after.csv。",
                    "Sites are chosen by people × needs, a person counted once for each thing newly"
                    " within the limit; people counted once need not fall from site to site."
                    " By community and requirement: tables/after.csv.",
                ),
            )
            if part
        ),
        blocks=(
            before_and_after(content, names),
            curve_block(content, names),
            alternative_block(content, names),
            often_block(content, names),
            wish_totals(content, names),
            community_block(content, names),
            wish_block(content, names),
        ),
    )


def before_and_after(content: Content, names: Names) -> Block:
    """
    Put shares of the whole area today and with the sites beside each other.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    table
        One row per requirement that a site brings anybody.
    """
    head, say = names.heading, names.say
    after = in_order(content.after[content.after["level"] == "study"], "after")
    rows = {row["requirement"]: row for row in records(after)}
    shown = [
        (
            names.requirements[one.id],
            names.label("obligation", one.obligation),
            names.label("group", one.group),
            row["people"],
            row["share"],
            row["share_after"],
            row["gained"],
            names.label("verdict", row["verdict"]),
            names.label("verdict", row["verdict_after"]),
        )
        for one in content.standard.requirements
        if (row := rows.get(one.id)) is not None and row["gained"] != 0
    ]
    return Block(
        title=say("选址前后人口覆盖率", "Shares before and after"),
        fields=(
            Field(heading=head("requirement"), form="wide"),
            Field(heading=head("obligation")),
            Field(heading=head("group")),
            Field(heading=head("people"), form="people"),
            Field(heading=say("现状覆盖率", "share today"), form="share"),
            Field(heading=head("share_after"), form="share"),
            Field(heading=head("gained"), form="people"),
            Field(heading=say("现状结论", "verdict today")),
            Field(heading=head("verdict_after")),
        ),
        rows=tuple(shown),
        empty=say("选址未带来新增覆盖。", "No site brings anybody inside."),
    )


def curve_block(content: Content, names: Names) -> Block:
    """
    Lay out the curve: people newly covered by the first site, the first two, and so on.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    table
        One row per site in the order of gain, then those that would come next.
    """
    head, say = names.heading, names.say
    sites = content.sites.set_index("site_id")["types"]
    rows = tuple(
        (
            row["site_id"] or row["parcel_id"],
            names.listed(names.types, sites.get(str(row["site_id"]))),
            row["sites"],
            row["people"],
            row["added"],
            row["share"],
            row["needs"],
            say("拐点", "knee")
            if row["knee"]
            else ""
            if row["planned"]
            else say("未列入方案", "not in the plan"),
        )
        for row in records(in_order(content.curve, "curve"))
    )
    return Block(
        title=say("选址数与新增覆盖人口", "Sites and people newly covered"),
        fields=(
            Field(heading=say("选址（地块）", "site (parcel)"), form="wide"),
            Field(heading=head("types")),
            Field(heading=head("sites"), form="number"),
            Field(heading=say("累计新增覆盖（人）", "newly covered so far"), form="people"),
            Field(heading=head("added"), form="people"),
            Field(heading=say("占方案比例", "share of the plan"), form="share"),
            Field(heading=head("needs"), form="people"),
            Field(heading=say("说明", "note")),
        ),
        rows=rows,
        empty=say("没有选址。", "No site was chosen."),
    )


def alternative_block(content: Content, names: Names) -> Block:
    """
    Lay out what would come where a site cannot be had.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    table
        One row per site: what leaves, what comes, what is lost, the least loss first.
    """
    head, say = names.heading, names.say
    stands = dict(zip(content.sites["site_id"], content.sites["parcel_id"], strict=True))
    rows = tuple(
        (
            _place(stands.get(row["leaves"], row["leaves"]), names),
            _place(row["comes"], names) or say("（不补）", "(nothing)"),
            row["alternative"],
            row["needs_lost"],
            row["loss"],
            row["lacks_lost"],
        )
        for row in records(in_order(content.alternatives, "alternatives"))
    )
    return Block(
        title=say(
            "若某选址落空：最佳替补与损失",
            "If a site cannot be had: what comes instead, and the loss",
        ),
        fields=(
            Field(heading=head("leaves"), form="wide"),
            Field(heading=head("comes"), form="wide"),
            Field(heading=head("alternative"), form="number"),
            Field(heading=head("needs_lost"), form="people"),
            Field(heading=head("loss"), form="share"),
            Field(heading=head("lacks_lost"), form="number"),
        ),
        rows=rows,
        empty=say("没有可替换的选址。", "There is no site to be replaced."),
    )


def often_block(content: Content, names: Names) -> Block:
    """
    List candidates that are not in the plan and would often be chosen.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    table
        At most ten, most often first.
    """
    head, say = names.heading, names.say
    others = in_order(content.frequency[content.frequency["site_id"].isna()], "frequency")
    others = others.sort_values("chosen_in", ascending=False, kind="stable").head(_MOST_OTHERS)
    rows = tuple(
        (
            row["parcel_id"],
            names.label("site_kind", row["kind"]),
            names.communities.get(str(row["community_id"])),
            row["area_m2"],
            row["chosen_in"],
        )
        for row in records(others)
    )
    return Block(
        title=say("未入选但扰动下常被选中的用地用房", "Not in the plan, and often chosen"),
        fields=(
            Field(heading=head("parcel_id"), form="wide"),
            Field(heading=say("存量类型", "kind of land")),
            Field(heading=head("community")),
            Field(heading=head("area_m2"), form="metres"),
            Field(heading=head("chosen_in"), form="share"),
        ),
        rows=rows,
        empty=say("没有。", "None."),
    )


def community_block(content: Content, names: Names) -> Block:
    """
    Count gaps by community, today and once all projects are done.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    table
        One row per community with gaps, those that gain most first.
    """
    head, say = names.heading, names.say
    now = content.real_gaps.drop_duplicates("gap_id")["community_id"].value_counts()
    left = content.wishes.drop_duplicates("gap_id")["community_id"].value_counts()
    here = in_order(content.after[content.after["level"] == "community"], "after")
    here = here.astype({"gained": float})
    best: dict[str, Row] = {}
    for area, part in here[here["gained"] > 0].groupby("area_id"):
        top = part.sort_values(["gained", "requirement"], ascending=[False, True]).iloc[0]
        named = names.requirements[str(top["requirement"])]
        best[str(area)] = (
            named,
            float(top["share"]),
            float(top["share_after"]),
            float(top["gained"]),
        )
    where = content.communities.set_index("community_id")["subdistrict"]
    rows: list[Row] = []
    for area, count in now.items():
        subdistrict = where.get(area)
        told: Row = best.get(str(area), (None, None, None, None))
        rows.append(
            (
                names.communities.get(str(area), str(area)),
                None if pd.isna(subdistrict) else str(subdistrict),
                float(count),
                float(left.get(area, 0)),
                *told,
            )
        )
    rows.sort(key=lambda row: (-float(row[7] or 0.0), str(row[0])))
    return Block(
        title=say("各社区短板：实施前后", "Gaps by community, before and after"),
        fields=(
            Field(heading=head("community"), form="wide"),
            Field(heading=head("subdistrict")),
            Field(heading=say("现状短板（条）", "gaps today"), form="number"),
            Field(heading=say("实施后短板（条）", "gaps after all projects"), form="number"),
            Field(heading=say("改善最大的要求", "what improves most")),
            Field(heading=say("现状覆盖率", "share today"), form="share"),
            Field(heading=head("share_after"), form="share"),
            Field(heading=head("gained"), form="people"),
        ),
        rows=tuple(rows),
        empty=say("没有短板。", "There are no gaps."),
    )


def _place(parcel: object, names: Names) -> str:
    """Name a plot or a place with its id behind it, for people look it up in other tables."""
    if not isinstance(parcel, str) or not parcel:
        return ""
    name = names.parcels.get(parcel)
    if name is None or name == parcel:
        return parcel
    return names.say(f"{name}（{parcel}）", f"{name} ({parcel})")
