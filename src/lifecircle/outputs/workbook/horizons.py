"""
The study at later moments becomes a sheet (分期评价表): shares then, gaps that close, new ones.

Today's figures stand beside those of every horizon; nothing is computed here but differences told.
"""

from __future__ import annotations

import re

import pandas as pd

from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import in_order
from lifecircle.outputs.names import Names
from lifecircle.outputs.workbook.grid import Block, Cell, Field, Row, Worksheet, records

_CAUSE = re.compile(r"^(opens|site) (.+) (\d+)$|^(opens|roads|people|more) ([+-]?\d+)$")


def horizon_sheet(content: Content, names: Names) -> Worksheet | None:
    """
    Lay out the horizons (分期评价表).

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        Every requirement in the whole area by horizon; people, index and gaps by horizon; gaps that
        close by what is promised; new gaps. None where the study names no horizon.
    """
    if content.horizons is None or content.horizons_index is None:
        return None
    say = names.say
    return Worksheet(
        name=say("分期评价表", "Horizons"),
        note=say(
            "各期按当期已建成的设施、人口、道路分别评价；“较现状变化”为当期减现状。"
            "逐社区结果见 tables/horizons.csv。",
            "Each horizon counts what is there by then; a change is the share then minus now. By "
            "community: tables/horizons.csv.",
        ),
        blocks=(
            requirements_by_horizon(content, names),
            totals_by_horizon(content, names),
            closing_gaps(content, names),
            new_gaps(content, names),
        ),
        held=1,
    )


def _whole(content: Content) -> pd.DataFrame:
    scores = content.horizons
    return (
        pd.DataFrame()
        if scores is None
        else in_order(scores[scores["level"] == "study"], "horizons")
    )


def requirements_by_horizon(content: Content, names: Names) -> Block:
    """
    Put the shares of the whole area beside each other.

    Parameters
    ----------
    content
        What the run has to show, with horizons.
    names
        Its words.

    Returns
    -------
    table
        One row per requirement, one column per horizon, then the changes.
    """
    head, say = names.heading, names.say
    moments = list(content.horizon_names)
    later = moments[1:]
    rows_of = {(row["requirement"], row["horizon"]): row for row in records(_whole(content))}
    rows: list[Row] = []
    for one in content.standard.requirements:
        if (one.id, moments[0]) not in rows_of:
            continue
        mine = [rows_of.get((one.id, moment), {}) for moment in moments]
        unknown = any(row.get("verdict") == "unknown" for row in mine)
        rows.append(
            (
                names.requirements[one.id],
                names.label("obligation", one.obligation),
                mine[0].get("target_share"),
                *(None if unknown else row.get("share") for row in mine),
                *(None if unknown else row.get("change") for row in mine[1:]),
                names.label("verdict", mine[-1].get("verdict")),
            )
        )
    change = head("change")
    return Block(
        title=say("各期人口覆盖率", "Shares covered by horizon"),
        fields=(
            Field(heading=head("requirement"), form="wide"),
            Field(heading=head("obligation")),
            Field(heading=head("target_share"), form="share"),
            *(Field(heading=content.horizon_names[one], form="share") for one in moments),
            *(
                Field(heading=f"{content.horizon_names[one]}\n{change}", form="share")
                for one in later
            ),
            Field(heading=say("末期结论", "verdict at the last")),
        ),
        rows=tuple(rows),
        empty=say("没有可评价的要求。", "Nothing was asked."),
    )


def totals_by_horizon(content: Content, names: Names) -> Block:
    """
    Put people, index and gaps of the whole area below each other.

    Parameters
    ----------
    content
        What the run has to show, with horizons.
    names
        Its words.

    Returns
    -------
    table
        One row per horizon and circle.
    """
    head, say = names.heading, names.say
    index = content.horizons_index
    whole = (
        pd.DataFrame()
        if index is None
        else in_order(index[index["level"] == "study"], "horizons_index")
    )
    rows: list[Row] = [
        (
            content.horizon_names.get(str(row["horizon"]), str(row["horizon"])),
            row["minutes"],
            row["people"],
            row["index"],
            row["change"],
            row["gaps"],
            row["closed"],
            row["new"],
        )
        for row in records(whole)
    ]
    return Block(
        title=say("各期人口、指数与短板数", "People, index and gaps by horizon"),
        fields=(
            Field(heading=head("horizon"), form="wide"),
            Field(heading=head("minutes"), form="number"),
            Field(heading=head("people"), form="people"),
            Field(heading=head("index"), form="score"),
            Field(heading=head("change"), form="score"),
            Field(heading=head("gaps"), form="number"),
            Field(heading=head("closed"), form="number"),
            Field(heading=head("new"), form="number"),
        ),
        rows=tuple(rows),
        empty=say("没有应配建的要求。", "Nothing must be provided."),
    )


def closing_gaps(content: Content, names: Names) -> Block:
    """
    List the gaps of today that close by what is promised already.

    Parameters
    ----------
    content
        What the run has to show, with horizons.
    names
        Its words.

    Returns
    -------
    table
        One row per gap, with the horizon it closes in and what closes it.
    """
    head, say = names.heading, names.say
    gaps = in_order(content.gaps, "gaps")
    why = _causes(content)
    rows: list[Row] = []
    for gap in records(gaps[gaps["closes"].notna()]):
        key = (gap["closes"], gap["community_id"], gap["requirement"])
        rows.append(
            (
                gap["gap_id"],
                gap["subdistrict"],
                gap["community"],
                names.listed(names.requirements, gap["requirement"]),
                gap["people_short"],
                content.horizon_names.get(str(gap["closes"]), str(gap["closes"])),
                told(why.get(key), names),
            )
        )
    return Block(
        title=say("由已承诺设施消除的短板", "Gaps that close by what is promised"),
        fields=(
            Field(heading=head("gap_id")),
            Field(heading=head("subdistrict")),
            Field(heading=head("community")),
            Field(heading=head("requirement"), form="wide"),
            Field(heading=head("people_short"), form="people"),
            Field(heading=head("closes")),
            Field(heading=head("why"), form="prose"),
        ),
        rows=tuple(rows),
        empty=say("没有短板会由已承诺的设施消除。", "No gap closes by what is promised."),
    )


def new_gaps(content: Content, names: Names) -> Block:
    """
    List what communities fall short of later and not today.

    Parameters
    ----------
    content
        What the run has to show, with horizons.
    names
        Its words.

    Returns
    -------
    table
        One row per horizon, community and requirement.
    """
    head, say = names.heading, names.say
    asked = {one.id for one in content.standard.requirements if one.makes_gaps}
    scores = content.horizons
    rows: list[Row] = []
    if scores is not None:
        short = scores[
            (scores["level"] == "community")
            & (scores["verdict"] == "short")
            & scores["requirement"].isin(asked)
        ]
        short = in_order(short, "horizons")
        today = short[short["horizon"] == "now"]
        known = set(zip(today["area_id"], today["requirement"], strict=True))
        rows += [
            (
                content.horizon_names.get(str(row["horizon"]), str(row["horizon"])),
                row["area_name"],
                names.listed(names.requirements, row["requirement"]),
                row["people"],
                row["share"],
                row["change"],
                told(row["why"], names),
            )
            for row in records(short[short["horizon"] != "now"])
            if (row["area_id"], row["requirement"]) not in known
        ]
    return Block(
        title=say("新增短板", "New gaps"),
        fields=(
            Field(heading=head("horizon"), form="wide"),
            Field(heading=head("community")),
            Field(heading=head("requirement"), form="wide"),
            Field(heading=head("people"), form="people"),
            Field(heading=head("share"), form="share"),
            Field(heading=head("change"), form="share"),
            Field(heading=head("why"), form="prose"),
        ),
        rows=tuple(rows),
        empty=say("没有新增短板。", "No gap is new."),
    )


def _causes(content: Content) -> dict[tuple[Cell, Cell, Cell], Cell]:
    if content.horizons is None:
        return {}
    places = content.horizons[content.horizons["level"] == "community"]
    return {
        (row["horizon"], row["area_id"], row["requirement"]): row["why"] for row in records(places)
    }


def told(why: Cell, names: Names) -> str | None:
    """
    Put the causes of a change into words.

    Parameters
    ----------
    why
        As in ``horizons.csv``; may be missing.
    names
        The run's words.

    Returns
    -------
    text
        None where nothing is said.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from lifecircle.outputs.workbook.horizons import told
    >>> names = SimpleNamespace(say=lambda zh, en: en, facilities={"f1": "Clinic"})
    >>> told("opens f1 120; people +300", names)
    'Clinic opens (120); people +300'
    """
    if not isinstance(why, str):
        return None
    return names.say("；", "; ").join(_said(part, names) for part in why.split("; "))


def _said(part: str, names: Names) -> str:
    hit = _CAUSE.match(part)
    if hit is None:
        return part
    if hit[1] is not None:
        place = names.facilities.get(hit[2], hit[2].partition(":")[0])
        if hit[1] == "site":
            return names.say(f"选址{place}建成（{hit[3]}人）", f"site {place} is built ({hit[3]})")
        return names.say(f"{place}投用（{hit[3]}人）", f"{place} opens ({hit[3]})")
    words = {
        "opens": names.say(f"设施数达标（{hit[5]}人）", f"enough places ({hit[5]})"),
        "roads": names.say(f"规划道路（{hit[5]}人）", f"roads to come ({hit[5]})"),
        "people": names.say(f"人口{hit[5]}", f"people {hit[5]}"),
        "more": names.say(f"另有{hit[5]}处", f"{hit[5]} more places"),
    }
    return words[hit[4]]
