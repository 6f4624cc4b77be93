"""
Scores and places become the evaluation (社区公共服务评价表) and the layout (设施布局与选址一览表).

Areas stand at their own level with their own figures; nothing is averaged here.
"""

from __future__ import annotations

from lifecircle.outputs import style
from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import in_order
from lifecircle.outputs.names import LIST_MARK, Names, community_of
from lifecircle.outputs.rounding import whole_people
from lifecircle.outputs.unjudged import cure_block, unjudged
from lifecircle.outputs.workbook.grid import (
    Block,
    Cell,
    Field,
    Row,
    Worksheet,
    added,
    records,
    rounded,
    rows_by,
)

URBAN = {True: "urban", False: "rural"}
"""The flag of a community as a code with a label."""

_LOAD = ("people_nearest", "capacity", "load", "over")


def evaluation_sheet(content: Content, names: Names) -> Worksheet:
    """
    Lay out the evaluation of public services (社区公共服务评价表).

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        One row per area from the whole study down to the community; for every circle the index,
        the grade, the weakest service, the requirements that leave it without an index, and each
        service's covered share and score; last whether a community is urban or rural. Below it,
        where an index is missing, what would give one.
    """
    say, head = names.say, names.heading
    index = in_order(content.index, "index")
    services = in_order(content.services, "services")
    circles = sorted({float(value) for value in index["minutes"] if value is not None})
    fields = [
        Field(heading=head("level")),
        Field(heading=head("subdistrict")),
        Field(heading=head("area_name")),
        Field(heading=head("area_id")),
        Field(heading=head("people"), form="people"),
        Field(heading=head("gaps"), form="number"),
    ]
    for circle in circles:
        ring = say(f"{circle:g}分钟", f"{circle:g} min")
        fields += [
            Field(heading=f"{ring}\n{say('指数', 'index')}", form="score"),
            Field(heading=f"{ring}\n{head('grade')}", form="grade"),
            Field(heading=f"{ring}\n{head('weakest_service')}"),
            Field(heading=f"{ring}\n{say('无法判断的要求', 'cannot be judged')}"),
        ]
        for service in names.services.values():
            fields += [
                Field(heading=f"{ring}\n{service}\n{say('人口覆盖率', 'covered')}", form="share"),
                Field(heading=f"{ring}\n{service}\n{head('score')}", form="score"),
            ]
    fields.append(Field(heading=say("城乡", "urban or rural")))
    whole = whole_people(content)
    silent = unjudged(content)
    of_service: dict[tuple[Cell, ...], dict[str, Cell]] = {
        (item["level"], item["area_id"], item["minutes"], item["service"]): item
        for item in records(services)
    }
    where = rows_by(content.communities, "community_id")
    levels = [level for level in reversed(style.codes("level")) if level != "estate"]
    rows: list[Row] = []
    for level in levels:
        areas = index[index["level"] == level].groupby("area_id", sort=True)
        for area_id, part in areas:
            of_circle = {item["minutes"]: item for item in records(part)}
            first = part.iloc[0]
            row: list[Cell] = [
                names.label("level", level),
                where.get(area_id, {}).get("subdistrict") if level == "community" else None,
                first["area_name"],
                area_id,
                whole.get((level, area_id), first["people"]),
                added(part["gaps"]),
            ]
            for circle in circles:
                item = of_circle.get(circle, {})
                row += [
                    item.get("index"),
                    item.get("grade") or "none",
                    names.listed(names.services, item.get("weakest_service")),
                    names.listed(
                        names.requirements,
                        LIST_MARK.join(silent.get((level, str(area_id), int(circle)), ())),
                    )
                    or None,
                ]
                for service in names.services:
                    score = of_service.get((level, area_id, circle, service), {})
                    row += [score.get("coverage"), score.get("score")]
            urban = where.get(area_id, {}).get("urban") if level == "community" else None
            row.append(None if urban is None else names.label("urban", URBAN[bool(urban)]))
            rows.append(tuple(row))
    return Worksheet(
        name=say("社区公共服务评价表", "Evaluation"),
        note=say(
            "覆盖率以步行可达人口计。指数与等级为本项目自定方法，仅供比较，不是官方指数；"
            "小区层级见 tables/index.csv。人口取整，各级之和等于上一级。"
            + "指数空缺处列明无法判断的要求，所需资料见表末。"
            * bool(silent),
            "Coverage counts people who can walk there. Index and grade are this project's own"
            " method, for comparison only, and not official; estates are in tables/index.csv."
            " People are rounded so that each level adds up to the one above."
            + " Where there is no index, what it would take stands below."
            * bool(silent),
        ),
        blocks=(
            Block(
                title=say("社区公共服务评价表", "Evaluation of public services (annex)"),
                fields=tuple(fields),
                rows=tuple(rows),
                empty=say("没有可评价的单元。", "There is no area to evaluate."),
            ),
            *((cure_block(content, names),) if silent else ()),
        ),
        pages_wide=2,
        held=3,
    )


def layout_sheet(content: Content, names: Names) -> Worksheet:
    """
    Lay out facilities and proposed sites (设施布局与选址一览表).

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        Proposed sites first, then the facilities there are, each with its community.
    """
    say, head = names.say, names.heading
    parcels = rows_by(content.parcels, "parcel_id")
    ways = rows_by(content.ways, "way_id") if len(content.ways) else {}
    where = rows_by(content.communities, "community_id")
    fields = (
        Field(heading=say("类别", "class")),
        Field(heading=say("编号", "id")),
        Field(heading=head("name"), form="wide"),
        Field(heading=head("services")),
        Field(heading=head("types"), form="wide"),
        Field(heading=head("status")),
        Field(heading=head("subdistrict")),
        Field(heading=head("community")),
        Field(heading=head("floor_m2"), form="metres"),
        Field(heading=head("outdoor_m2"), form="metres"),
        Field(heading=head("area_m2"), form="metres"),
        Field(heading=head("beds"), form="number"),
        Field(heading=head("parcel_id")),
        Field(heading=say("存量类型", "kind of land")),
        Field(heading=say("线索来源", "lead from")),
        Field(heading=head("conforms")),
        Field(heading=head("newly_covered"), form="people"),
        Field(heading=head("year"), form="number"),
        Field(heading=head("project_id")),
        Field(heading=head("source"), form="wide"),
        Field(heading=head("placed")),
        Field(heading=head("place_confidence"), form="ratio"),
        Field(heading=head("people_nearest"), form="people"),
        Field(heading=head("capacity"), form="people"),
        Field(heading=head("load"), form="ratio"),
        Field(heading=head("over")),
        Field(heading=head("chosen_in"), form="share"),
        Field(heading=say("选址说明", "in words"), form="prose"),
    )
    rows: list[Row] = []
    for site in records(in_order(content.sites, "sites")):
        parcel = parcels.get(site["parcel_id"]) or ways.get(site["parcel_id"], {})
        here = where.get(parcel.get("community_id"), {})
        rows.append(
            (
                say("规划选址", "proposed site"),
                site["site_id"],
                parcel.get("name"),
                names.listed(names.services, site["services"]),
                names.listed(names.types, site["types"]),
                names.label("project_status", "proposed"),
                here.get("subdistrict"),
                here.get("name"),
                site["floor_m2"],
                site["outdoor_m2"],
                site["area_m2"],
                None,
                site["parcel_id"],
                names.label("site_kind", site["kind"]),
                names.label("parcel_origin", parcel.get("origin")),
                names.label("conforms", site["conforms"]),
                site["newly_covered"],
                site["year"],
                site["project_id"],
                names.evidence(parcel.get("evidence")),
                *[None] * 3,
                site["capacity"],
                *[None] * 2,
                site["chosen_in"],
                site["sentence"],
            )
        )
    loads = rows_by(in_order(content.loads, "loads"), "facility_id")
    facilities = content.facilities.sort_values("facility_id", kind="stable")
    homes = community_of(facilities.geometry, content.communities)
    for facility, community_id in zip(records(facilities), homes, strict=True):
        here = where.get(community_id, {})
        rows.append(
            (
                say("现状设施", "facility"),
                facility["facility_id"],
                facility["name"],
                names.listed(names.services, facility["service"]),
                names.listed(names.types, facility["type"]),
                names.label("facility_status", facility["status"]),
                here.get("subdistrict"),
                here.get("name"),
                rounded(facility["floor_m2"]),
                None,
                rounded(facility["site_m2"]),
                rounded(facility["beds"]),
                *[None] * 7,
                facility["source"],
                names.label("placed", facility.get("placed")),
                facility.get("place_confidence"),
                *(loads.get(facility["facility_id"], {}).get(name) for name in _LOAD),
                None,
                None,
            )
        )
    return Worksheet(
        name=say("设施布局与选址一览表", "Facilities and sites"),
        note=say(
            "先列规划选址，后列现状设施；“疑似”地块仅为线索，须现场与权属核实。"
            "各选址新增覆盖人数不可相加。",
            "Proposed sites first, then existing facilities; land marked as a lead needs checking"
            " on site and in the register. People of several sites must not be added up.",
        ),
        blocks=(
            Block(
                title=say("设施布局与选址一览表", "Facilities and proposed sites"),
                fields=fields,
                rows=tuple(rows),
                empty=say("没有设施，也没有选址。", "There are no facilities and no sites."),
            ),
        ),
        held=3,
    )
