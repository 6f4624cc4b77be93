"""
Where a run's numbers come from becomes two sheets: data (数据说明) and method (方法).

Nothing here is computed; it says what the other sheets rest on and what should be checked first.
"""

from __future__ import annotations

import re

from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import COLUMNS
from lifecircle.outputs.names import Names
from lifecircle.outputs.report.method import method
from lifecircle.outputs.suppression import FEWEST_SHOWN
from lifecircle.outputs.words_of_warnings import told_warnings
from lifecircle.outputs.workbook.grid import Block, Field, Row, Worksheet
from lifecircle.provenance import OSM_CREDIT
from lifecircle.standards.describe import note_in

_SHA_SHOWN = 12
_TAGS = {
    "V": ("已在文本中读到", "read in a text"),
    "C": ("凭记忆并有旁证", "recalled, and shown by another text"),
    "R": ("仅凭记忆，未见文本", "recalled only, no text seen"),
    "N": ("未找到出处", "no text found"),
    "P": ("本项目建议值", "proposed by this project"),
}


def data_sheet(content: Content, names: Names) -> Worksheet:
    """
    Lay out what the run rests on (数据说明).

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        Facts of the study, sources, warnings, numbers of the standard that nobody has checked
        against the printed text, and what the columns of the tables mean.
    """
    say, head = names.say, names.heading
    worded, left = told_warnings(content.warnings, names)
    sources = tuple(
        (
            source.name,
            source.licence or None,
            source.date or None,
            source.sha256[:_SHA_SHOWN] or None,
            float(source.rows_in),
            float(source.rows_used),
            float(source.rows_merged),
            float(source.rows_doubtful),
            float(source.rows_refused),
        )
        for source in content.sources
    )
    unverified: list[Row] = []
    standard = content.standard
    known = set(standard.sources)
    cited = {evidence.source for _, evidence in standard.unverified()}
    for owner, evidence in standard.unverified():
        tag = say(*_TAGS[evidence.tag]) if evidence.tag in _TAGS else ""
        plain = owner.removeprefix("type.")
        unverified.append(
            (
                names.requirements.get(
                    owner, names.types.get(plain, names.label("standard_part", owner))
                ),
                re.sub(r"^cf\. ", say("参照 ", "cf. "), evidence.clause),
                names.label("standard_part", evidence.field),
                f"{evidence.tag} {tag}".strip(),
                evidence.source,
                evidence.note or None,
            )
        )
    return Worksheet(
        name=say("数据说明", "Data"),
        note=say(
            "本表说明数据来源、口径与局限，提交成果时请一并附上。",
            "Sources, bases and limits; hand this in together with the results.",
        ),
        blocks=(
            Block(
                title=say("基本情况", "The study"),
                fields=(
                    Field(heading=say("项目", "item"), form="wide"),
                    Field(heading=say("内容", "value"), form="prose", span=8),
                ),
                rows=_facts(content, names),
            ),
            Block(
                title=say("数据来源", "Sources"),
                fields=(
                    Field(heading=head("name"), form="wide"),
                    Field(heading=say("许可或条款", "licence or terms"), form="wide"),
                    Field(heading=say("数据日期", "date")),
                    Field(heading=say("SHA-256（前12位）", "SHA-256 (first 12)")),
                    Field(heading=say("读入行数", "rows in"), form="number"),
                    Field(heading=say("采用", "used"), form="number"),
                    Field(heading=say("并入他处", "merged"), form="number"),
                    Field(heading=say("存疑", "doubtful"), form="number"),
                    Field(heading=say("拒绝", "refused"), form="number"),
                ),
                rows=sources,
                empty=say("没有登记数据来源。", "No source is on record."),
            ),
            Block(
                title=say("提示", "Warnings"),
                fields=(
                    Field(heading=say("序号", "no."), form="number"),
                    Field(heading=say("内容", "value"), form="prose", span=8),
                ),
                rows=tuple(
                    (float(number), text)
                    for number, text in enumerate(
                        (*worded, *(f"（尚无中文表述）{text}" for text in left)), start=1
                    )
                ),
                empty=say("没有提示。", "No warnings."),
            ),
            Block(
                title=say("评价标准中尚未核对的数值", "Numbers of the standard not yet verified"),
                fields=(
                    Field(heading=say("条目", "entry"), form="wide"),
                    Field(heading=head("clause"), form="wide"),
                    Field(heading=say("参数", "parameter")),
                    Field(heading=say("证据等级", "evidence")),
                    Field(heading=say("依据", "source"), span=2),
                    Field(heading=say("说明", "note"), form="prose", span=6),
                ),
                rows=tuple(unverified),
                empty=say("全部数值均已核对。", "Every number has been verified."),
            ),
            Block(
                title=say("依据全称", "Sources of the standard"),
                fields=(
                    Field(heading=say("依据", "source")),
                    Field(heading=say("全称", "in full"), form="prose", span=8),
                ),
                rows=tuple((key, standard.sources[key]) for key in sorted(cited & known)),
                empty=say("没有引用其他依据。", "Nothing else is cited."),
            ),
            Block(
                title=say("字段对照（tables/*.csv）", "Columns of tables/*.csv"),
                fields=(
                    Field(heading=say("表", "table")),
                    Field(
                        heading=say("字段与含义", "columns and what they mean"),
                        form="prose",
                        span=8,
                    ),
                ),
                rows=tuple(
                    (
                        f"{table}.csv",
                        say("；", "; ").join(f"{column} {head(column)}" for column in columns),
                    )
                    for table, columns in COLUMNS.items()
                ),
            ),
        ),
        paper="A4",
    )


def _facts(content: Content, names: Names) -> tuple[Row, ...]:
    say, standard = names.say, content.standard
    facts: list[Row] = [
        (say("研究名称", "study"), content.title),
        (say("发布范围", "release"), names.label("release", content.release)),
        (say("密级", "secrecy level"), content.secrecy or None),
        (say("审图号", "map approval number"), content.map_approval or None),
        (say("坐标系", "reference system"), content.crs.name),
        (
            say("评价标准", "standard"),
            f"{getattr(standard, f'title_{names.language}')} ({standard.name}, {standard.edition})",
        ),
    ]
    facts += [
        (say("标准说明", "note of the standard"), text)
        for text in (note_in(one, names.language) for one in standard.notes)
    ]
    facts += [(str(key), str(value)) for key, value in content.notes.items()]
    if any("ODbL" in source.licence for source in content.sources):
        facts.append((say("数据署名", "data credit"), OSM_CREDIT))
        if "CGCS2000" in content.crs.name:
            facts.append(
                (
                    say("使用限制", "limits of use"),
                    say(
                        "OSM 数据仅供研究参考，不作为法定依据；"
                        "报批成果应以官方道路和设施名录为准。",
                        "OpenStreetMap data are for research and no statutory basis; official"
                        " roads and lists come first.",
                    ),
                )
            )
    if content.release == "public":
        facts.append(
            (
                say("公开版处理", "public edition"),
                say(
                    f"少于 {FEWEST_SHOWN} 人的人数及可由其推算的数值留空；"
                    "不含住户点、地块与选址坐标；边界为示意。",
                    f"Counts under {FEWEST_SHOWN} people, and figures that give them away, are"
                    " left blank; no homes, no coordinates of parcels or sites; boundaries are a"
                    " sketch.",
                ),
            )
        )
    return tuple(facts)


def method_sheet(content: Content, names: Names) -> Worksheet:
    """
    Lay out how the numbers came about (方法).

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        One row per step, and the requirements that were asked.
    """
    say, head = names.say, names.heading
    asked = tuple(
        (
            names.services.get(item.service, item.service),
            names.requirements[item.id],
            names.listed(names.types, ";".join((*item.types, *item.satisfied_by)))
            or say("本类任一设施", "any of the service"),
            f"{item.minutes:g} {say('分钟', 'min')}"
            if item.minutes is not None
            else f"{item.limit_m:g} m",
            item.profile,
            names.label("group", item.group),
            names.label("obligation", item.obligation),
            names.label("view", item.view),
            item.target_share,
            float(item.min_people_short),
            item.clause,
        )
        for item in content.standard.requirements
    )
    return Worksheet(
        name=say("方法", "Method"),
        note=say(
            "用平实的话说明本成果如何得出；详见项目文档。",
            "How these results came about, in plain words; the project's documents say more.",
        ),
        blocks=(
            Block(
                title=say("方法", "Method"),
                fields=(
                    Field(heading=say("步骤", "step"), form="wide"),
                    Field(heading=say("做法", "what is done"), form="prose", span=10),
                ),
                rows=method(content),
            ),
            Block(
                title=say("本次采用的配置要求", "Requirements asked in this run"),
                fields=(
                    Field(heading=head("service"), form="wide"),
                    Field(heading=head("requirement"), form="wide"),
                    Field(heading=head("types"), form="wide"),
                    Field(heading=say("时间或距离上限", "limit")),
                    Field(heading=head("profile")),
                    Field(heading=head("group")),
                    Field(heading=head("obligation")),
                    Field(heading=say("口径", "view")),
                    Field(heading=head("target_share"), form="share"),
                    Field(heading=say("计入下限（人）", "fewest people"), form="number"),
                    Field(heading=head("clause"), form="wide"),
                ),
                rows=asked,
                empty=say("标准中没有配置要求。", "The standard asks nothing."),
            ),
        ),
        paper="A4",
    )
