"""
Projects become the project pool (补短板项目库) and the yearly programme (分年度实施计划表).

Projects are counted once however many communities they serve; people served are not added up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pandas as pd

from lifecircle.outputs import style
from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import in_order
from lifecircle.outputs.names import Names
from lifecircle.outputs.sentences import open_sentence
from lifecircle.outputs.workbook.grid import (
    Block,
    Cell,
    Choices,
    Field,
    Row,
    Worksheet,
    added,
    land_code,
    records,
    rows_by,
)


def project_sheet(content: Content, names: Names) -> Worksheet:
    """
    Lay out the project pool (补短板项目库).

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        One row per project in the order of years, totals by year and mode below.
    """
    say, head = names.say, names.heading
    projects = _by_year(in_order(content.projects, "projects"))
    sites = rows_by(in_order(content.sites, "sites"), "site_id")
    parcels = rows_by(content.parcels, "parcel_id")
    asked = dict(zip(content.gaps["gap_id"], content.gaps["requirement"], strict=True))
    offers = Choices.of(content, names)
    fields = (
        Field(heading=say("序号", "no."), form="number"),
        Field(heading=head("project_id")),
        Field(heading=say("项目名称", "project"), form="wide"),
        Field(heading=head("mode"), choices=offers.modes, planner=True, code="mode"),
        Field(heading=head("services"), form="wide"),
        Field(heading=head("types"), form="wide"),
        Field(heading=head("communities"), form="wide"),
        Field(heading=head("gap_ids"), form="wide"),
        Field(heading=head("site_id")),
        Field(heading=head("parcel_id")),
        Field(heading=say("存量类型", "kind of land")),
        Field(heading=say("现状地类代码", "land code")),
        Field(heading=say("是否调整控规", "change of the plan")),
        Field(heading=head("rights")),
        Field(heading=head("owner")),
        Field(heading=head("consent"), form="wide"),
        Field(heading=head("handover")),
        Field(heading=head("area_m2"), form="metres"),
        Field(heading=head("floor_m2"), form="metres"),
        Field(heading=head("outdoor_m2"), form="metres"),
        Field(heading=head("lead_body"), choices=offers.bodies, planner=True, code="lead_body"),
        Field(
            heading=head("cooperating_body"),
            choices=offers.bodies,
            planner=True,
            code="cooperating_body",
        ),
        Field(heading=head("year"), form="number", choices=offers.years, planner=True, code="year"),
        Field(heading=head("people_served"), form="people"),
        Field(
            heading=say("投资估算（万元）", "cost (10,000 CNY)"),
            form="metres",
            planner=True,
            code="cost",
        ),
        Field(heading=say("资金来源", "funding"), planner=True, code="funding"),
        Field(heading=say("运营主体", "operator"), planner=True, code="operator"),
        Field(heading=head("status"), choices=offers.states, planner=True, code="status"),
        Field(heading=say("备注", "remarks"), form="wide", planner=True, code="note"),
    )
    rows = []
    for number, project in enumerate(records(projects), start=1):
        site = sites.get(project["site_id"], {})
        rows.append(
            (
                float(number),
                project["project_id"],
                project["name"],
                names.label("mode", project["mode"]),
                names.listed(names.services, project["services"]),
                names.listed(names.types, project["types"]),
                names.listed(names.communities, project["communities"]),
                _counted(project["gap_ids"], asked, names),
                project["site_id"],
                site.get("parcel_id"),
                names.label("site_kind", site.get("kind", _kind_of(project))),
                land_code(parcels.get(site.get("parcel_id"), {})),
                names.label("conforms", project["conforms"]),
                names.label("rights", project["rights"]),
                project["owner"],
                consent(names, project["consent"]),
                names.label("provision_status", project["handover"]),
                project["area_m2"],
                project["floor_m2"],
                project["outdoor_m2"],
                project["lead_body"],
                project["cooperating_body"],
                project["year"],
                project["people_served"],
                project["cost_wan"],
                None,
                project["operator"],
                names.label("project_status", project["status"]),
                project["note"],
            )
        )
    return Worksheet(
        name=say("补短板项目库", "Projects"),
        note=(
            open_sentence(content, names)
            + say(
                "一个项目可补多项短板；受益人口可能重叠，不作合计。建设方式、责任单位、运营主体与年度为建议，"
                "未填年度的列入储备；浅黄色列由编制单位核定。",
                " A project may close several gaps; people served may overlap and are not added up."
                " Modes, bodies, operators and years are suggestions, without a year it is held in"
                " reserve; pale yellow columns are yours to settle.",
            )
        ).strip(),
        blocks=(
            Block(
                title=say("补短板项目库", "Project pool"),
                fields=fields,
                rows=tuple(rows),
                table="projects",
                key=(1,),
                empty=say("没有项目。", "No projects."),
            ),
            _project_totals(projects, names),
        ),
        pages_wide=2,
        held=3,
    )


def _counted(gap_ids: Cell, asked: Mapping[str, str], names: Names) -> str:
    """Say how many gaps a project answers, and of what; the gap list names the project of each."""
    counts = Counter(asked.get(one, one) for one in str(gap_ids or "").split("; ") if one)
    told = [
        names.say("{} {}条", "{} ({})").format(names.listed(names.requirements, one), count)
        for one, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    return names.say("；", "; ").join(told)


def _by_year(projects: pd.DataFrame) -> pd.DataFrame:
    """Put projects in the order they are done, of a year those for most people first."""
    year, people = (pd.to_numeric(projects[name]) for name in ("year", "people_served"))
    order = pd.DataFrame({"year": year, "people": -people, "id": projects["project_id"]})
    return projects.loc[order.sort_values(["year", "people", "id"]).index]


def _kind_of(project: dict[str, Cell]) -> str | None:
    """Say what a project without a site does: it shares, opens or extends what is there."""
    by_mode = {"share": "share", "open": "gate"}
    known = "extension" if project["facility_id"] is not None else None
    return by_mode.get(str(project["mode"]), known)


def consent(names: Names, cell: Cell) -> str:
    """
    Name who has to agree to a project.

    Parameters
    ----------
    names
        Words of the run.
    cell
        Codes with ``; `` between them, or missing.

    Returns
    -------
    text
        Their labels.
    """
    codes = [] if cell is None else [one.strip() for one in str(cell).split(";")]
    known = style.codes("consent")
    said = [names.label("consent" if code in known else "land_note", code) for code in codes]
    return names.say("；", "; ").join(said)


def _project_totals(projects: pd.DataFrame, names: Names) -> Block:
    rows: list[Row] = []
    for (year, mode), part in projects.groupby(["year", "mode"], dropna=False):
        rows.append(
            (
                None if pd.isna(year) else float(year),
                names.label("mode", mode),
                float(len(part)),
                added(part["area_m2"]),
                added(part["floor_m2"]),
                added(part["cost_wan"]),
            )
        )
    rows.sort(key=lambda row: (row[0] is None, row[0] or 0.0, str(row[1])))
    if len(projects):
        sums = (added(projects[one]) for one in ("area_m2", "floor_m2", "cost_wan"))
        rows.append((None, names.say("合计", "all"), float(len(projects)), *sums))
    return Block(
        title=names.say("汇总：年度 × 建设方式", "Totals: year by mode"),
        fields=(
            Field(heading=names.heading("year"), form="number"),
            Field(heading=names.heading("mode")),
            Field(heading=names.say("项目数（个）", "projects"), form="number"),
            Field(heading=names.heading("area_m2"), form="metres"),
            Field(heading=names.heading("floor_m2"), form="metres"),
            Field(heading=names.heading("cost_wan"), form="metres"),
        ),
        rows=tuple(rows),
        totals=1 if rows else 0,
        empty=names.say("没有可汇总的项目。", "No projects to add up."),
    )


def programme_sheet(content: Content, names: Names) -> Worksheet:
    """
    Lay out the yearly programme (分年度实施计划表).

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        One row per year, project and community, totals by year and subdistrict below.
    """
    say, head = names.say, names.heading
    programme = in_order(content.programme, "programme")
    offers = Choices.of(content, names)
    fields = (
        Field(heading=head("year"), form="number", choices=offers.years, planner=True, code="year"),
        Field(heading=head("project_id")),
        Field(heading=say("项目名称", "project"), form="wide"),
        Field(heading=head("subdistrict")),
        Field(heading=head("community")),
        Field(heading=head("services")),
        Field(heading=head("types"), form="wide"),
        Field(heading=head("mode"), choices=offers.modes, planner=True, code="mode"),
        Field(
            heading=say("责任主体（牵头）", "lead body"),
            choices=offers.bodies,
            planner=True,
            code="lead_body",
        ),
        Field(
            heading=say("责任主体（配合）", "cooperating body"),
            choices=offers.bodies,
            planner=True,
            code="cooperating_body",
        ),
        Field(heading=head("people_served"), form="people"),
        Field(
            heading=say("投资估算（万元）", "cost (10,000 CNY)"),
            form="metres",
            planner=True,
            code="cost",
        ),
        Field(heading=say("进展", "progress"), choices=offers.states, planner=True, code="status"),
        Field(heading=say("备注", "remarks"), form="wide", planner=True, code="note"),
    )
    rows = tuple(
        (
            item["year"],
            item["project_id"],
            item["name"],
            item["subdistrict"],
            item["community"],
            names.listed(names.services, item["services"]),
            names.listed(names.types, item["types"]),
            names.label("mode", item["mode"]),
            item["lead_body"],
            item["cooperating_body"],
            item["people_served"],
            None,
            names.label("project_status", item["status"]),
            None,
        )
        for item in records(programme)
    )
    return Worksheet(
        name=say("分年度实施计划表", "Programme"),
        note=say(
            "按年度、项目、社区逐行列出；同一项目涉及多个社区时列多行。",
            "One row per year, project and community; a project for several communities has"
            " several rows.",
        ),
        blocks=(
            Block(
                title=say("分年度实施计划表", "Yearly programme"),
                fields=fields,
                rows=rows,
                table="programme",
                key=(1, 4),
                empty=say("没有排入年度的项目。", "No project has been given a year."),
            ),
            _programme_totals(programme, names),
        ),
        paper="A3",
        held=3,
    )


def _programme_totals(programme: pd.DataFrame, names: Names) -> Block:
    everywhere = names.say("合计", "all")
    rows: list[Row] = []
    for year, part in programme.groupby("year", dropna=False):
        shown = None if pd.isna(year) else float(year)
        places = [
            *sorted(part.groupby("subdistrict", dropna=False), key=lambda place: str(place[0])),
            (everywhere, part),
        ]
        for subdistrict, of_place in places:
            rows.append(
                (
                    shown,
                    None if pd.isna(subdistrict) else str(subdistrict),
                    float(of_place["project_id"].nunique()),
                    float(of_place["community_id"].nunique()),
                )
            )
    return Block(
        title=names.say("汇总：年度 × 街道/镇", "Totals: year by subdistrict"),
        fields=(
            Field(heading=names.heading("year"), form="number"),
            Field(heading=names.heading("subdistrict")),
            Field(heading=names.say("项目数（个）", "projects"), form="number"),
            Field(heading=names.say("涉及社区（个）", "communities concerned"), form="number"),
        ),
        rows=tuple(rows),
        empty=names.say("没有可汇总的项目。", "No projects to add up."),
    )
