"""
Gaps become the gap list (短板清单), the sheet a planner hands in first.

Every number is the rounded one the CSV files hold; people are never added up over requirements.
"""

from __future__ import annotations

import pandas as pd

from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import in_order
from lifecircle.outputs.names import Names
from lifecircle.outputs.sentences import UNLIVED
from lifecircle.outputs.siblings import twice_listed
from lifecircle.outputs.workbook.grid import (
    Block,
    Cell,
    Choices,
    Field,
    Worksheet,
    land_code,
    records,
    rounded,
    rows_by,
)
from lifecircle.outputs.workbook.steady import edge_count, sentences_of


def gap_sheet(content: Content, names: Names) -> Worksheet:
    """
    Lay out the gap list (短板清单).

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        One row per gap with the columns planners hand in, by priority.
    """
    say, head = names.say, names.heading
    gaps = in_order(content.real_gaps, "gaps")
    unknown = len(content.gaps) - len(gaps)
    at_edge = edge_count(gaps)
    where = rows_by(content.communities, "community_id")
    sites = rows_by(in_order(content.sites, "sites"), "site_id")
    projects = rows_by(in_order(content.projects, "projects"), "project_id")
    parcels = rows_by(content.parcels, "parcel_id")
    offers = Choices.of(content, names)
    fields = (
        Field(heading=say("序号", "no."), form="number"),
        Field(heading=head("gap_id")),
        Field(heading=head("county")),
        Field(heading=head("subdistrict")),
        Field(heading=head("community")),
        Field(heading=say("公共服务基本单元", "service unit")),
        Field(heading=say("社区人口（人）", "people of the community"), form="people"),
        Field(heading=say("其中60岁及以上（人）", "of them 60 and over"), form="people"),
        Field(heading=say("其中0—3岁（人）", "of them under 3"), form="people"),
        Field(heading=head("service")),
        Field(heading=head("requirement"), form="wide"),
        Field(
            heading=say("同一规则的另一款（计一项）", "other clause of it (one gap)"), form="wide"
        ),
        Field(heading=head("obligation")),
        Field(heading=say("层级（分钟）", "circle (min)"), form="number"),
        Field(heading=say("距离上限（米）", "limit (m)"), form="number"),
        Field(heading=head("existing"), form="wide"),
        Field(heading=head("required"), form="wide"),
        Field(heading=head("lacking"), form="wide"),
        Field(heading=head("clause"), form="wide"),
        Field(heading=say("缺口类型", "kind of gap")),
        Field(heading=head("reason")),
        Field(heading=head("reasons"), form="wide"),
        Field(heading=head("group")),
        Field(heading=say("服务人群人口（人）", "people of the group"), form="people"),
        Field(heading=head("people_short"), form="people"),
        Field(heading=say("最近设施", "nearest facility"), form="wide"),
        Field(heading=say("步行时间（分钟）", "walk to it (min)"), form="minutes"),
        Field(heading=head("missing_m"), form="metres"),
        Field(heading=head("remedy")),
        Field(heading=head("mode"), choices=offers.modes, planner=True, code="mode"),
        Field(heading=say("选址（地块编号）", "site (parcel)")),
        Field(heading=say("存量类型", "kind of land")),
        Field(heading=head("area_m2"), form="metres"),
        Field(heading=head("floor_m2"), form="metres"),
        Field(heading=say("现状地类代码", "land code")),
        Field(heading=say("权属", "rights"), planner=True, code="rights"),
        Field(heading=head("conforms")),
        Field(heading=head("lead_body"), choices=offers.bodies, planner=True, code="lead_body"),
        Field(
            heading=head("cooperating_body"),
            choices=offers.bodies,
            planner=True,
            code="cooperating_body",
        ),
        Field(heading=head("year"), form="number", choices=offers.years, planner=True, code="year"),
        Field(
            heading=say("投资估算（万元）", "cost (10,000 CNY)"),
            form="metres",
            planner=True,
            code="cost",
        ),
        Field(heading=say("资金来源", "funding"), planner=True, code="funding"),
        Field(heading=say("运营主体", "operator"), planner=True, code="operator"),
        Field(heading=head("priority"), form="number"),
        Field(heading=head("robust")),
        Field(heading=say("稳健性说明", "how steady"), form="wide"),
        Field(heading=head("evidence"), form="prose"),
        Field(heading=head("confidence"), form="ratio"),
        Field(heading=head("project_id")),
        *([Field(heading=head("closes"))] if content.horizon_names else []),
        Field(heading=say("备注", "remarks"), form="wide", planner=True, code="note"),
    )
    steady = sentences_of(content, names.language)
    elders, infants = _grouped(content, "people_60plus"), _grouped(content, "people_0_3")
    rows = []
    others = twice_listed(content.standard, gaps)
    for number, (gap, other) in enumerate(zip(records(gaps), others, strict=True), start=1):
        here = where.get(gap["community_id"], {})
        site = sites.get(gap["site_id"], {})
        parcel = parcels.get(site.get("parcel_id"), {})
        project = projects.get(gap["project_id"], {})
        rows.append(
            (
                float(number),
                gap["gap_id"],
                here.get("county"),
                gap["subdistrict"],
                gap["community"],
                names.listed(names.units, gap["unit_id"]),
                rounded(here.get("people")),
                elders.get(str(gap["community_id"])),
                infants.get(str(gap["community_id"])),
                names.listed(names.services, gap["service"]),
                names.listed(names.requirements, gap["requirement"]),
                names.listed(names.requirements, other) or None,
                names.label("obligation", gap["obligation"]),
                gap["minutes"],
                gap["limit_m"],
                gap["existing"],
                gap["required"],
                gap["lacking"],
                gap["clause"],
                names.label("gap_kind", gap["kind"]),
                names.label("reason", gap["reason"]),
                names.reasons(gap["reasons"]),
                names.label("group", gap["group"]),
                gap["people"],
                gap["people_short"],
                names.listed(names.facilities, gap["nearest_facility_id"]),
                _minutes(gap["nearest_s"]),
                gap["missing_m"],
                names.label("remedy", gap["remedy"]),
                names.label("mode", project.get("mode")),
                site.get("parcel_id"),
                names.label("site_kind", site.get("kind")),
                site.get("area_m2"),
                site.get("floor_m2"),
                land_code(parcel),
                None,
                names.label("conforms", site.get("conforms")),
                _body(gap, project, "lead_body"),
                _body(gap, project, "cooperating_body"),
                gap["year"],
                None,
                None,
                None,
                gap["priority"],
                names.label("robust", gap["robust"]),
                steady.get((str(gap["community_id"]), str(gap["requirement"]))),
                gap["evidence"],
                gap["confidence"],
                gap["project_id"],
                *([_moment(content, gap["closes"])] if content.horizon_names else []),
                None,
            )
        )
    return Worksheet(
        name=say("短板清单", "Gaps"),
        note=say(
            "只列底线口径下未达标的应配建（▲）要求，按未覆盖人口排定优先序；人口按要求分别计，各行之间不可相加。"
            "按社区和服务的汇总见“短板汇总”。浅黄色列由编制单位填写。"
            + "同一规则的时间款与距离款分别评价、各占一行，同缺的按一项计。"
            * bool(others.notna().any()),
            "Only required items that fall short on the base limit, most people not covered first;"
            " people are counted per requirement and must not be added up over rows. Totals by"
            " community and service stand in their own sheet. Pale yellow columns are yours."
            + " Two clauses of one rule, in minutes and in metres, have a row each and count once."
            * bool(others.notna().any()),
        )
        + say(
            f"另有 {unknown} 条因设施数据不足无法判断，见“存疑数据”，不计为短板。",
            f" {unknown} more cannot be judged for want of data: see the doubtful rows.",
        )
        * bool(unknown)
        + say(
            "规模不足一类的未覆盖人口为按指标尚未得到服务的人口。",
            " Where a size is too small, people not covered are those beyond what it serves.",
        )
        * bool((gaps["kind"] == "size").any())
        + say(
            f"本清单中 {at_edge} 条主因为邻近数据边界，须补充相邻区（县）设施名录后方可判定。",
            f" {at_edge} of those below lie at the border of the data: lists of the neighbouring"
            " district settle them.",
        )
        * bool(at_edge),
        blocks=(
            Block(
                title=say("短板清单", "Gap list"),
                fields=fields,
                rows=tuple(rows),
                table="gaps",
                key=(1,),
                empty=say(*UNLIVED)
                if content.unlived
                else say(
                    "没有短板：各社区的应配建要求均达到目标覆盖率，或未覆盖人口少于计入下限。",
                    "No gaps: every required item reaches its target share, or too few people"
                    " are left out to count.",
                ),
            ),
        ),
        pages_wide=3,
        held=5,
    )


def _body(gap: dict[str, Cell], project: dict[str, Cell], role: str) -> Cell:
    """Name who answers for a gap: of a project for this service alone, those of the project."""
    return project[role] if project.get("services") == gap["service"] else gap[role]


def _grouped(content: Content, group: str) -> dict[str, float]:
    """Count a group by community; nothing where nobody counts it, or homes are not told."""
    homes = content.homes
    if group not in homes or not len(homes):
        return {}
    people = pd.to_numeric(homes[group]).groupby(homes["community_id"]).sum(min_count=1)
    return {str(key): round(float(count), 1) for key, count in people.dropna().items()}


def _moment(content: Content, closes: Cell) -> str | None:
    return None if closes is None else content.horizon_names.get(str(closes), str(closes))


def _minutes(seconds: Cell) -> float | None:
    return None if seconds is None or isinstance(seconds, str) else round(seconds / 60.0, 1)
