"""What a detailed plan takes over from sites becomes one sheet (规划传导表) and its short form."""

from __future__ import annotations

from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import in_order
from lifecircle.outputs.names import Names
from lifecircle.outputs.workbook.grid import Block, Cell, Field, Row, Worksheet, records

_TAGS = {
    "V": ("原文", "read"),
    "C": ("有旁证", "corroborated"),
    "R": ("凭记忆，须核对", "recalled, check"),
    "P": ("本项目建议", "proposal"),
    "N": ("未公布", "not published"),
}


def handover_sheet(content: Content, names: Names) -> Worksheet | None:
    """
    Lay out what detailed plans take over (规划传导表).

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        One row per site and type of facility; None where there is no site.
    """
    block = handover_block(content, names)
    if not block.rows:
        return None
    return Worksheet(
        name=names.say("规划传导表", "Handing on"),
        note=names.say(
            "规划用地代码为2023年分类，属本项目建议（P），由详细规划核定；面积、设置要求及条款见各行，"
            "标注“凭记忆”“有旁证”的须核对正式文本。",
            "Target codes are of the 2023 classification and proposals (P), to be settled by the"
            " detailed plan; sizes and settings name their clause, to be checked where it was"
            " recalled.",
        ),
        blocks=(block,),
        pages_wide=2,
        held=3,
    )


def handover_block(content: Content, names: Names) -> Block:
    """
    Lay out the table itself.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    table
        In the order of the sites.
    """
    head, say = names.heading, names.say
    projects = {row["project_id"]: row["name"] for row in records(content.projects)}
    rows = tuple(
        _row(row, projects, names) for row in records(in_order(content.handover, "handover"))
    )
    return Block(
        title=say("规划传导表", "What detailed plans take over"),
        fields=(
            Field(heading=head("site_id")),
            Field(heading=say("项目名称", "project"), form="wide"),
            Field(heading=say("存量类型", "kind of land")),
            Field(heading=head("subdistrict")),
            Field(heading=head("community")),
            Field(heading=head("parcel_id")),
            Field(heading=head("type"), form="wide"),
            Field(heading=head("present_code")),
            Field(heading=head("plan_code")),
            Field(heading=head("target_code")),
            Field(heading=head("target_note"), form="wide"),
            Field(heading=head("main_code")),
            Field(heading=head("site_min_m2"), form="metres"),
            Field(heading=head("floor_min_m2"), form="metres"),
            Field(heading=head("setting"), form="wide"),
            Field(heading=head("clause"), form="wide"),
            Field(heading=head("area_m2"), form="metres"),
            Field(heading=head("floor_m2"), form="metres"),
            Field(heading=head("needed_m2"), form="metres"),
            Field(heading=head("size")),
            Field(heading=head("conforms")),
            Field(heading=head("action")),
            Field(heading=head("plan_unit")),
            Field(heading=head("plan_plot")),
            Field(heading=head("rights")),
        ),
        rows=rows,
        empty=say("没有选址。", "No site is proposed."),
    )


def _row(row: dict[str, Cell], projects: dict[Cell, Cell], names: Names) -> Row:
    return (
        row["site_id"],
        projects.get(row["project_id"]),
        names.label("site_kind", row["kind"]),
        row["subdistrict"],
        row["community"],
        row["parcel_id"],
        names.listed(names.types, row["type"]),
        _code(row["present_code"], row["present_system"]),
        _code(row["plan_code"], row["plan_system"]),
        _code(row["target_code"], row["target_system"]),
        names.label("target_note", row["target_note"]),
        row["main_code"],
        row["site_min_m2"],
        row["floor_min_m2"],
        _setting(row, names),
        _clauses(row["clause"], names),
        row["area_m2"],
        row["floor_m2"],
        row["needed_m2"],
        names.label("size_met", row["size"]),
        names.label("conforms", row["conforms"]),
        names.label("plan_action", row["action"]),
        row["plan_unit"],
        row["plan_plot"],
        names.label("rights", row["rights"]),
    )


def handover_annex(content: Content, names: Names) -> Block:
    """
    Lay out the table as the report has it, one row per site.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    table
        The columns a detailed plan cannot do without; the types of a site line by line.
    """
    head, say = names.heading, names.say
    together: dict[Cell, list[dict[str, Cell]]] = {}
    for row in records(in_order(content.handover, "handover")):
        together.setdefault(row["site_id"], []).append(row)
    rows = []
    for site, members in together.items():
        first = members[0]
        steps = dict.fromkeys(names.label("plan_action", one["action"]) for one in members)
        rows.append(
            (
                site,
                first["community"],
                _code(first["plan_code"], first["plan_system"]),
                first["main_code"],
                "\n".join(_one_type(one, names) for one in members),
                first["area_m2"],
                names.label("size_met", first["size"]),
                say("；", "; ").join(steps),
                first["plan_unit"],
                first["plan_plot"],
            )
        )
    return Block(
        title=say("规划传导表", "What detailed plans take over"),
        fields=(
            Field(heading=head("site_id")),
            Field(heading=head("community")),
            Field(heading=head("plan_code")),
            Field(heading=head("main_code")),
            Field(
                heading=say(
                    "设施：规划用地代码（建议），最小规模，设置要求",
                    "facility: target code (proposal), least size, setting",
                ),
                form="prose",
            ),
            Field(heading=head("area_m2"), form="metres"),
            Field(heading=head("size")),
            Field(heading=head("action")),
            Field(heading=head("plan_unit")),
            Field(heading=head("plan_plot")),
        ),
        rows=tuple(rows),
        empty=say("没有选址。", "No site is proposed."),
    )


def _one_type(row: dict[str, Cell], names: Names) -> str:
    sizes = [
        f"{words}≥{size:g}㎡"
        for words, size in (
            (names.say("用地", "site "), row["site_min_m2"]),
            (names.say("建筑", "floor "), row["floor_min_m2"]),
        )
        if isinstance(size, int | float)
    ]
    parts = [str(row["target_code"] or "—"), *sizes, _setting(row, names)]
    kind = names.listed(names.types, row["type"]) or names.label("site_kind", row["kind"])
    told = names.say("，", ", ").join(part for part in parts if part)
    return names.say(f"{kind}：{told}", f"{kind}: {told}")


def _code(code: Cell, system: Cell) -> str | None:
    if code is None:
        return None
    shown = {"3diao": "三调"}.get(str(system), system)
    return str(code) if system is None else f"{code} ({shown})"


def _setting(row: dict[str, Cell], names: Names) -> str:
    parts = [names.label("setting", row["setting"])]
    if row["ground_floor"] is True:
        parts.append(names.say("首层", "ground floor"))
    if isinstance(row["width_min_m"], int | float):
        parts.append(names.say(f"宽≥{row['width_min_m']:g}米", f"width ≥ {row['width_min_m']:g} m"))
    return names.say("；", "; ").join(part for part in parts if part)


def _clauses(cell: Cell, names: Names) -> str:
    """Write where the numbers are from, those of one clause together."""
    together: dict[str, list[str]] = {}
    for part in str(cell or "").split("; "):
        field, _, source = part.removesuffix("]").partition(" ")
        if not field:
            continue
        clause, _, tag = source.rpartition("[")
        words = names.say(*_TAGS.get(tag, (tag, tag)))
        told = f"{clause.strip()} ({tag} {words})".strip()
        together.setdefault(told, []).append(names.heading(field).split("（")[0].split(" (")[0])
    mark = names.say("、", ", ")
    return names.say("；", "; ").join(
        f"{mark.join(fields)}: {told}" for told, fields in together.items()
    )
