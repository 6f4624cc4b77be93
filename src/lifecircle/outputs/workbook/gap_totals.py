"""
The gap list on one page (短板汇总): communities by service, then subdistricts by requirement.

The same people may lack several things: over requirements gaps are counted, people never added up.
"""

from __future__ import annotations

import pandas as pd

from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import in_order
from lifecircle.outputs.names import Names
from lifecircle.outputs.siblings import counted_once
from lifecircle.outputs.workbook.grid import (
    Block,
    Cell,
    Field,
    Row,
    Worksheet,
    added,
    records,
    rounded,
)


def gap_totals_sheet(content: Content, names: Names) -> Worksheet:
    """
    Lay out the gap list by community and service (短板汇总).

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        One row per community, most gaps first: how many, the first of them by priority, and per
        service how many, the most people one of them leaves out and the reason of that one. Below
        it subdistricts by requirement.
    """
    gaps = in_order(content.real_gaps, "gaps")
    say = names.say
    return Worksheet(
        name=say("短板汇总", "Gap totals"),
        note=say(
            "由“短板清单”汇总。每类服务给出短板条数、其中未覆盖人口最多的一条的人数及其主因；"
            "同一居民可能缺多项，人数不跨要求相加。同一规则的时间款与距离款同缺的，项数按一项计。次序：短板条数，其次单条未覆盖人口。",
            "From the gap list. Each service shows its gaps, the people of the one that leaves out"
            " most and that one's reason; people may lack several things, so they are not added up"
            " over requirements. Two clauses of one rule, in minutes and in metres, count once in"
            " a column of their own. Order: most gaps, then most people left out by one.",
        ),
        blocks=(_by_community(content, gaps, names), _by_subdistrict(gaps, names)),
        pages_wide=2,
        held=2,
    )


def _by_community(content: Content, gaps: pd.DataFrame, names: Names) -> Block:
    say, head = names.say, names.heading
    asked = {one.service for one in content.standard.requirements if one.obligation == "must"}
    asked |= {one.service for one in content.standard.norms if one.obligation == "must"}
    services = [one for one in names.services if one in asked]
    unknown = content.gaps.loc[~content.gaps.index.isin(content.real_gaps.index)]
    silent = unknown["community_id"].value_counts()
    mine = dict(tuple(gaps.groupby("community_id")))
    rows = []
    for area in records(content.communities.sort_values("community_id")):
        part = mine.get(area["community_id"], gaps.iloc[:0])
        first = next(iter(records(part.head(1))), {})
        cells: list[Cell] = [
            area["subdistrict"],
            str(area["name"]),
            rounded(area["people"]),
            float(len(part)),
            float(counted_once(content.standard, part)),
            float((part["robust"] == "robust").sum()),
            float((part["reason"] == "edge").sum()),
            float(silent.get(area["community_id"], 0)),
            names.listed(names.requirements, first.get("requirement")) or None,
            first.get("people_short"),
        ]
        for service in services:
            cells += _of_service(part[part["service"] == service], names)
        rows.append(tuple(cells))
    rows.sort(key=lambda row: (-_number(row[3]), -_number(row[9])))
    return Block(
        title=say("社区 × 服务", "Community by service"),
        fields=(
            Field(heading=head("subdistrict")),
            Field(heading=head("community")),
            Field(heading=say("社区人口（人）", "people of the community"), form="people"),
            Field(heading=head("gaps"), form="number"),
            Field(heading=say("短板项数（两款计一项）", "two clauses counted once"), form="number"),
            Field(heading=say("其中稳健（条）", "of them robust"), form="number"),
            Field(heading=say("其中邻近数据边界（条）", "of them at the border"), form="number"),
            Field(heading=say("另有数据不足（条）", "too little data"), form="number"),
            Field(heading=say("首要短板", "first gap"), form="wide"),
            Field(heading=say("首要短板未覆盖（人）", "not covered by it"), form="people"),
            *(
                field
                for service in services
                for field in (
                    Field(
                        heading=f"{names.services[service]}{say('（条）', ' (gaps)')}",
                        form="number",
                    ),
                    Field(
                        heading=f"{names.services[service]}{say('（最多人数）', ' (most people)')}",
                        form="people",
                    ),
                    Field(heading=f"{names.services[service]}{say('（主因）', ' (reason)')}"),
                )
            ),
        ),
        rows=tuple(rows),
        empty=say("没有社区。", "No communities."),
    )


def _of_service(part: pd.DataFrame, names: Names) -> list[Cell]:
    if not len(part):
        return [None, None, None]
    people = pd.to_numeric(part["people_short"])
    # Held-back counts come last; of equals the first by priority.
    worst = part.iloc[int(people.fillna(-1.0).to_numpy().argmax())]
    return [
        float(len(part)),
        None if people.isna().all() else float(people.max()),
        names.label("reason", worst["reason"]),
    ]


def _by_subdistrict(gaps: pd.DataFrame, names: Names) -> Block:
    order = {key: place for place, key in enumerate(names.requirements)}
    everywhere = names.say("合计", "all")
    rows: list[Row] = []
    parts = [
        *sorted(gaps.groupby("subdistrict", dropna=False), key=lambda part: str(part[0])),
        (everywhere, gaps),
    ]
    for subdistrict, part in parts if len(gaps) else ():
        kinds = sorted(part.groupby("requirement"), key=lambda k: (order.get(k[0], 999), k[0]))
        for requirement, of_kind in kinds:
            rows.append(
                (
                    None if pd.isna(subdistrict) else str(subdistrict),
                    names.listed(names.services, of_kind["service"].iloc[0]),
                    float(of_kind["community_id"].nunique()),
                    float(len(of_kind)),
                    added(of_kind["people_short"]),
                    names.listed(names.requirements, requirement),
                )
            )
    return Block(
        title=names.say("汇总：街道/镇 × 配置要求", "Totals: subdistrict by requirement"),
        fields=(
            Field(heading=names.heading("subdistrict")),
            Field(heading=names.heading("service")),
            Field(heading=names.say("涉及社区（个）", "communities concerned"), form="number"),
            Field(heading=names.heading("gaps"), form="number"),
            Field(heading=names.heading("people_short"), form="people"),
            Field(heading=names.heading("requirement"), form="wide", span=4),
        ),
        rows=tuple(rows),
        totals=sum(row[0] == everywhere for row in rows),
        empty=names.say("没有可汇总的短板。", "No gaps to add up."),
    )


def _number(value: Cell) -> float:
    return float(value) if isinstance(value, int | float) else -1.0
