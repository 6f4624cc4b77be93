"""
Which land and rooms were looked at, and why some cannot be used, become one sheet (用地用房筛查表).

Nothing on a list of land is missing here: it is a candidate, doubtful, refused, or without a place.
"""

from __future__ import annotations

import pandas as pd

from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.workbook.grid import Block, Field, Row, Worksheet, records, rounded

_ORDER = {"refused": 0, "doubtful": 1, "candidate": 2}


def land_sheet(content: Content, names: Names) -> Worksheet:
    """
    Lay out what became of every plot and room.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        Land and rooms, the refused ones first, each with its reasons and what has to be checked;
        then the rows of lists that have no place on the map. A public edition has neither.
    """
    say, head = names.say, names.heading
    return Worksheet(
        name=say("用地用房筛查表", "Land and rooms"),
        note=say(
            "“不可用”者未参与选址；“须核实事项”未办结前不得作为建设依据；“疑似”仅为线索。",
            "Refused land was not proposed; what has to be checked must be settled before building;"
            " leads are leads only.",
        ),
        blocks=(
            Block(
                title=say("用地用房筛查表", "Land and rooms that were looked at"),
                fields=(
                    Field(heading=head("parcel_id")),
                    Field(heading=head("name"), form="wide"),
                    Field(heading=head("list")),
                    Field(heading=say("存量类型", "kind of land")),
                    Field(heading=say("线索来源", "lead from")),
                    Field(heading=say("筛查结论", "verdict")),
                    Field(heading=head("reasons_land"), form="wide"),
                    Field(heading=head("checks"), form="wide"),
                    Field(heading=head("community"), form="wide"),
                    Field(heading=head("area_m2"), form="metres"),
                    Field(heading=head("floor_m2"), form="metres"),
                    Field(heading=head("ground_m2"), form="metres"),
                    Field(heading=head("storeys")),
                    Field(heading=head("rectangle_m")),
                    Field(heading=head("inscribed_m"), form="metres"),
                    Field(heading=head("frontage_m"), form="metres"),
                    Field(heading=head("slope_pct"), form="metres"),
                    Field(heading=head("near"), form="wide"),
                    Field(heading=head("consent"), form="wide"),
                    Field(heading=head("fits"), form="wide"),
                    Field(heading=head("misfits"), form="wide"),
                    Field(heading=head("code")),
                    Field(heading=head("code_system")),
                    Field(heading=head("conforms")),
                    Field(heading=head("rights")),
                    Field(heading=head("owner"), form="wide"),
                    Field(heading=head("available")),
                    Field(heading=head("evidence"), form="wide"),
                    Field(heading=head("cover"), form="wide"),
                ),
                rows=_parcels(content, names),
                empty=say(
                    "没有用地或用房（公开版不列）。", "No land or rooms (none in a public edition)."
                ),
            ),
            Block(
                title=say("未能落图的台账记录", "Rows of lists without a place"),
                fields=(
                    Field(heading=say("编号", "id")),
                    Field(heading=head("list")),
                    Field(heading=head("address"), form="wide"),
                    Field(heading=head("area_m2"), form="metres"),
                    Field(heading=say("原因", "why"), form="wide"),
                    Field(heading=head("note"), form="wide"),
                    Field(heading=head("source"), form="wide"),
                ),
                rows=_unplaced(content.unplaced, names),
                empty=say(
                    "所有记录均已落图（公开版不列）。",
                    "Every row has a place (none in a public edition).",
                ),
            ),
        ),
        pages_wide=2,
        held=2,
    )


def land_words(cell: object, names: Names) -> str:
    """
    Name the reasons or checks of a plot.

    Parameters
    ----------
    cell
        Codes with ``;`` between them, or missing.
    names
        The run's words.

    Returns
    -------
    text
        Their names.
    """
    return coded("land_note", cell, names)


def coded(domain: str, cell: object, names: Names) -> str:
    """
    Name the codes of a cell that may hold several.

    Parameters
    ----------
    domain
        Kind of code.
    cell
        Codes with ``;`` between them, or missing.
    names
        The run's words.

    Returns
    -------
    text
        Their names.
    """
    if not isinstance(cell, str):
        return ""
    parts = [part.strip() for part in cell.split(";")]
    return names.say("、", ", ").join(names.label(domain, part) for part in parts if part)


def _rectangle(length_m: object, width_m: object) -> str:
    sides = [side for side in (length_m, width_m) if isinstance(side, float) and side == side]  # noqa: PLR0124 - NaN
    return " × ".join(f"{side:.0f}" for side in sides)


def _misfits(cell: object, names: Names) -> str:
    """Group the types that do not fit by what stands against them."""
    if not isinstance(cell, str):
        return ""
    grouped: dict[str, list[str]] = {}
    for part in cell.split(";"):
        kind, _, reason = part.strip().partition("=")
        grouped.setdefault(reason, []).append(names.types.get(kind, kind))
    comma, colon, stop = names.say("、", ", "), names.say("：", ": "), names.say("；", "; ")
    return stop.join(
        f"{names.label('misfit', reason)}{colon}{comma.join(kinds)}"
        for reason, kinds in grouped.items()
    )


def _cover(cell: object, names: Names) -> str:
    """Name what a raster shows, with its share."""
    if not isinstance(cell, str):
        return ""
    parts = [part.strip().partition("=") for part in cell.split(";")]
    return names.say("、", ", ").join(
        f"{names.label('cover', code)} {float(share):.0%}" for code, _, share in parts
    )


def _parcels(content: Content, names: Names) -> tuple[Row, ...]:
    table = content.parcels.assign(
        order=content.parcels["status"].fillna("candidate").map(_ORDER)
    ).sort_values(["order", "parcel_id"], kind="stable")
    return tuple(
        (
            row["parcel_id"],
            row["name"],
            row["list"],
            names.label("site_kind", row["kind"]),
            names.label("parcel_origin", row["origin"]),
            names.label("parcel_status", row["status"] or "candidate"),
            land_words(row["reasons"], names),
            land_words(row["checks"], names),
            names.listed(names.communities, row["community_id"]),
            rounded(row["area_m2"]),
            rounded(row["floor_m2"]),
            rounded(row["ground_m2"]),
            row["storeys"],
            _rectangle(row["rect_length_m"], row["rect_width_m"]),
            rounded(row["inscribed_m"]),
            rounded(row["frontage_m"]),
            rounded(row["slope_pct"]),
            coded("near", row["near"], names),
            names.label("consent", row["consent"]),
            names.listed(names.types, row["fits"]),
            _misfits(row["misfits"], names),
            row["code"],
            row["code_system"],
            names.label("conforms", row["conforms"]),
            names.label("rights", row["rights"]),
            row["owner"],
            row["available"],
            names.evidence(row["evidence"]),
            _cover(row["cover"], names),
        )
        for row in records(table)
    )


def _unplaced(table: pd.DataFrame, names: Names) -> tuple[Row, ...]:
    ordered = table.sort_values(["source", "row_id"], kind="stable") if len(table) else table
    return tuple(
        (
            row["row_id"],
            row["list"],
            row["address"],
            rounded(row["area_m2"]),
            land_words(row["reason"], names),
            row["note"],
            row["source"],
        )
        for row in records(ordered)
    )
