"""
A run becomes the chapter a planner pastes into the plan: a Word document.

Its tables are those of the workbook and its numbers those of the tables; nothing is computed here
but counts of rows.
"""

from __future__ import annotations

from pathlib import Path

from lifecircle.errors import Problem, SourceError
from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.printing import font_of
from lifecircle.outputs.release import released
from lifecircle.outputs.report.choice import write_choice
from lifecircle.outputs.report.figures import (
    coverage_pictures,
    gap_picture,
    site_picture,
)
from lifecircle.outputs.report.horizons import write_horizons, write_provision
from lifecircle.outputs.report.measures import measures_part
from lifecircle.outputs.report.method import method
from lifecircle.outputs.report.parts import Writer
from lifecircle.outputs.report.remedies import write_remedies
from lifecircle.outputs.report.summary import title_lines, write_summary
from lifecircle.outputs.report.tables import (
    by_community,
    by_subdistrict,
    indices,
    site_table,
    some_columns,
    told,
)
from lifecircle.outputs.report.units import write_units
from lifecircle.outputs.unjudged import cure_block
from lifecircle.outputs.words_of_warnings import told_warnings
from lifecircle.outputs.workbook.areas import layout_sheet
from lifecircle.outputs.workbook.community_programme import community_counts
from lifecircle.outputs.workbook.entered import entered
from lifecircle.outputs.workbook.gap_totals import gap_totals_sheet
from lifecircle.outputs.workbook.handing_on import handover_annex
from lifecircle.outputs.workbook.last_round import last_round_table, last_round_text
from lifecircle.outputs.workbook.notes import data_sheet, method_sheet
from lifecircle.outputs.workbook.opinions import opinion_block
from lifecircle.outputs.workbook.overrides import override_block
from lifecircle.outputs.workbook.projects import programme_sheet, project_sheet
from lifecircle.outputs.workbook.steady import edge_count, steady_counts
from lifecircle.outputs.workbook.supply import norm_block
from lifecircle.provenance import OSM_CREDIT

_IN_ANNEX = ("评价指数", "Index")
_MOST_WARNINGS = 40
_HALF_PAGE_CM = 11.2  # as wide as a map may be for two of them, with their text, to share a page


def write_report(content: Content, path: Path) -> Path:
    """
    Write the report of a run.

    Parameters
    ----------
    content
        What the run has to show; the public edition is made here where it is asked for.
    path
        The ``.docx`` file.

    Returns
    -------
    path
        The file written, in the content's language: data, method, standard, results by service
        and level with figures, gaps, projects, sites, programme, limits; the index in an annex.

    Raises
    ------
    SourceError
        If the file cannot be written, for instance while Word holds it.
    """
    content = released(content)
    names = Names.of(content)
    writer = Writer.new(content.language, title=content.title)
    writer.title(content.title, title_lines(content, names))
    place = writer.contents(names.say("目录", "Contents"))
    for chapter in (
        *(
            write_summary,
            _data,
            _method,
            _standard,
            _results,
            _gaps,
            write_horizons,
            write_provision,
        ),
        *(_projects, _limits),
    ):
        chapter(writer, content, names)
    _annex(writer, content, names)
    _hand_work(writer, content, names)
    writer.fill_contents(place)
    try:
        writer.save(path)
    except OSError as error:
        raise SourceError(
            Problem(
                what=f"cannot be written ({error.strerror})",
                where=path.name,
                remedy="close it in Word and run again",
            )
        ) from error
    return path


def _hand_work(writer: Writer, content: Content, names: Names) -> None:
    """Tell what was changed by hand and how departments were answered, where there is any."""
    say = names.say
    if len(content.overrides):
        writer.heading(say("附：人工修改记录", "Annex: values replaced by hand"))
        writer.table(override_block(content, names))
    if len(content.opinions):
        writer.heading(say("附：意见采纳情况表", "Annex: opinions and answers"))
        block = entered(opinion_block(content, names), content.entries)
        writer.table(block, columns=(1, 2, 3, 4, 7, 8))


# -- chapters ----------------------------------------------------------------------------------
def _data(writer: Writer, content: Content, names: Names) -> None:
    say = names.say
    writer.heading(say("2 范围与数据", "2 Area and data"))
    facts, sources, *_ = data_sheet(content, names).blocks
    writer.text(
        say(
            "下列数据按其记载的日期使用；读入行数等于采用、存疑与拒绝之和。",
            "Data are used as of the day they name; rows in are those used, doubtful and refused"
            " together.",
        )
    )
    writer.table(facts)
    writer.table(sources, columns=(0, 1, 2, 4, 5, 6, 7))
    if any("ODbL" in source.licence for source in content.sources):
        writer.text(OSM_CREDIT)


def _method(writer: Writer, content: Content, names: Names) -> None:
    writer.heading(names.say("3 方法", "3 Method"))
    for step, text in method(content):
        if step not in _IN_ANNEX:
            writer.heading(step, level=2)
            writer.text(text)


def _standard(writer: Writer, content: Content, names: Names) -> None:
    say = names.say
    writer.heading(say("4 评价标准", "4 Standard"))
    writer.table(method_sheet(content, names).blocks[1], columns=(0, 1, 3, 6, 7, 8, 10))
    unverified = data_sheet(content, names).blocks[3]
    writer.text(
        say(
            f"其中 {len(unverified.rows)} 个数值尚未与正式文本核对"
            "（证据等级 C 为有旁证，R 为仅凭记忆，N 为未见文本，P 为本项目建议值），"
            "用于法定规划前应逐一核对。",
            f"{len(unverified.rows)} of its numbers have not been checked against the printed text"
            " (C shown by another text, R recalled only, N no text found, P proposed by this"
            " project); check each before a statutory plan rests on it.",
        )
    )
    writer.table(unverified, columns=(0, 1, 2, 3, 4))


def _results(writer: Writer, content: Content, names: Names) -> None:
    say = names.say
    writer.heading(say("5 评价结果", "5 Results"))
    asked = [one for one in content.standard.requirements if one.makes_gaps]
    pictures = coverage_pictures(content, names)
    for number, (one, picture) in enumerate(zip(asked, pictures, strict=True), start=1):
        writer.heading(f"5.{number} {names.requirements[one.id]}", level=2)
        writer.text(told(content, names, one.id))
        writer.picture(picture, width_cm=_HALF_PAGE_CM)
    table = by_subdistrict(content, names)
    number = len(asked) + 1
    if table.rows:
        writer.heading(say(f"5.{number} 各街道（镇）", f"5.{number} Subdistricts"), 2)
        writer.table(table)
        number += 1
    sizes = norm_block(content, names, smallest="subdistrict")
    if sizes.rows:
        writer.heading(say(f"5.{number} 千人指标与规模", f"5.{number} Norms and sizes"), 2)
        writer.text(
            say(
                "按单元内现状设施合计；规模未填或名录未声明完整而不足的，记为“无法判断”。"
                "逐社区的结论见 gaps.xlsx“规模与负荷”。",
                "What stands in an area today, added up; too little without known sizes or a"
                " complete list cannot be judged. Communities stand in gaps.xlsx.",
            )
        )
        writer.table(sizes, columns=(0, 1, 2, 4, 6, 7, 8, 12))
        number += 1
    if len(content.units):
        write_units(writer, content, names, number)
        number += 1
    measures_part(writer, content, names, number)


def _gaps(writer: Writer, content: Content, names: Names) -> None:
    say = names.say
    writer.heading(say("6 短板清单", "6 Gaps"))
    writer.text(
        say(
            "下表按社区汇总；逐条的现状、标准、原因与措施见 gaps.xlsx。"
            "人口按要求分别计，不可相加。",
            "By community; what there is, what is asked, reasons and remedies of each stand in"
            " gaps.xlsx. People are counted per requirement and must not be added up.",
        )
    )
    writer.picture(gap_picture(content, names))
    writer.table(by_community(content, names))
    totals = gap_totals_sheet(content, names).blocks[1]
    writer.table(totals)
    write_remedies(writer, content, names)


def _projects(writer: Writer, content: Content, names: Names) -> None:
    say = names.say
    writer.heading(say("7 选址、项目与年度计划", "7 Sites, projects and programme"))
    picture = site_picture(content, names)
    if picture is not None:
        writer.picture(picture)
    if content.newly_covered is not None and len(content.sites):
        writer.text(
            say(
                f"全部选址共新增覆盖 {content.newly_covered:,.0f} 人；"
                "同一人可因不同设施被多处选址新增覆盖，各选址人数不可相加。",
                f"All sites together newly cover {content.newly_covered:,.0f} people; one may bring"
                " a person a clinic and another one a library, so sites must not be added up.",
            )
        )
    writer.table(site_table(content, names))
    write_choice(writer, content, names)
    writer.landscape(on=True)
    writer.table(
        some_columns(
            project_sheet(content, names),
            names,
            (
                "project_id",
                say("项目名称", "project"),
                "mode",
                "services",
                "communities",
                "lead_body",
                "year",
                "people_served",
            ),
        )
    )
    writer.table(
        some_columns(
            programme_sheet(content, names),
            names,
            (
                "year",
                say("项目名称", "project"),
                "subdistrict",
                "community",
                "services",
                "mode",
                say("责任主体（牵头）", "lead body"),
                "people_served",
            ),
        )
    )
    writer.table(programme_sheet(content, names).blocks[1])
    if content.projects["cost_wan"].notna().any():
        writer.table(project_sheet(content, names).blocks[1])
    if content.community_programme["projects"].fillna(0).sum() > 0:
        writer.table(community_counts(content, names))
    writer.landscape(on=False)
    if len(content.last_round):
        writer.heading(say("7.1 上一轮实施评估", "7.1 The last round"), 2)
        writer.text(last_round_text(content, names))
        writer.table(last_round_table(content, names))


def _limits(writer: Writer, content: Content, names: Names) -> None:
    say = names.say
    writer.heading(say("8 局限与提示", "8 Limits"))
    robust, marginal = steady_counts(content)
    limits = [
        say(
            "短板取决于设施名录是否完整：未声明完整且设施过少的服务，结论为“数据不足”。",
            "Gaps rest on complete lists: a service with too few known facilities whose list is"
            " not declared complete is told as too little data.",
        ),
        say(
            f"短板中 {robust} 条结论稳健、{marginal} 条临界"
            "（步速、位置、设施名录、目标覆盖率同时随机变动，"
            f"幅度为本项目设定），{edge_count(content.real_gaps)} 条主因为邻近数据边界，"
            "须补充相邻区（县）设施名录；临界的先核实再引用，见 gaps.xlsx“结论稳健性”。",
            f"{robust} gaps are robust and {marginal} marginal when pace, places, lists and target"
            " share are drawn anew (spreads of our own);"
            f" {edge_count(content.real_gaps)} lie at the border of the data. Check marginal ones"
            " before quoting them: gaps.xlsx, Steadiness.",
        ),
        say(
            "地图推断的用地一律为“疑似”线索，须现场、权属与规划核实。",
            "Land found on the map is a lead: it needs checking on site, in the register and"
            " against the plan.",
        ),
        say(
            "责任单位与年度为建议，由编制单位核定。",
            "Bodies and years are suggestions for the planner to settle.",
        ),
    ]
    if font_of(content.language) is None:
        limits.append("本机没有中文字体，图中文字可能缺失。")
    writer.points(limits)
    if content.warnings:
        worded, left = told_warnings(content.warnings, names)
        writer.text(say("读入数据时的提示：", "What was noticed in the data:"))
        writer.points(worded[:_MOST_WARNINGS])
        if left:
            writer.text("以下提示尚无中文表述，照录英文：")
            writer.points(left[: max(_MOST_WARNINGS - len(worded), 0)])
        more = len(content.warnings) - _MOST_WARNINGS
        if more > 0:
            writer.text(say(f"另有 {more} 条见 gaps.xlsx。", f"{more} more stand in gaps.xlsx."))


def _annex(writer: Writer, content: Content, names: Names) -> None:
    say = names.say
    writer.heading(say("附录 评价指数（非官方）", "Annex: index (not official)"))
    for step, text in method(content):
        if step in _IN_ANNEX:
            writer.text(text)
    cures = cure_block(content, names)
    if cures.rows:
        writer.text(
            say(
                "任一应配建要求无法判断的，该圈层不给指数，也不以估计值代替；下表列明原因与所需资料。",
                "A circle has no index where a required item cannot be judged, and none is made up:"
                " below is why, and what would give one.",
            )
        )
        writer.table(cures)
    writer.landscape(on=True)
    writer.table(indices(content, names))
    if len(content.handover):
        writer.heading(say("附：规划传导表", "Annex: what detailed plans take over"))
        writer.text(
            say(
                "规划用地代码为建议（P），由详细规划核定；条款与权属见 gaps.xlsx“规划传导表”。",
                "Target codes are proposals (P) for the detailed plan to settle; clauses and"
                " rights stand in gaps.xlsx, Handing on.",
            )
        )
        writer.table(handover_annex(content, names))
    facilities = layout_sheet(content, names).blocks[0]
    writer.text(
        say(
            f"现状设施与选址共 {len(facilities.rows)} 行，见 gaps.xlsx“设施布局与选址一览表”。",
            f"All {len(facilities.rows)} facilities and sites stand in gaps.xlsx.",
        )
    )
