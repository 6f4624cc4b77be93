"""Remedies become the sheet on which a planner compares them (措施比选), gap by gap."""

from __future__ import annotations

from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import in_order
from lifecircle.outputs.names import Names
from lifecircle.outputs.workbook.grid import Block, Cell, Field, Worksheet, records, rows_by

MOST_SHOWN = 3
"""Remedies of a gap on the sheet; the table has more."""


def remedy_sheet(content: Content, names: Names) -> Worksheet | None:
    """
    Lay out the best remedies of every gap (措施比选).

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        The first three remedies of each gap and those that were chosen, by the priority of the
        gap; None where nothing was found.
    """
    if not len(content.remedies):
        return None
    say, head = names.say, names.heading
    gaps = rows_by(in_order(content.gaps, "gaps"), "gap_id")
    shown = [
        row
        for row in records(in_order(content.remedies, "remedies"))
        if _number(row["rank"]) <= MOST_SHOWN or row["chosen"]
    ]
    shown.sort(
        key=lambda row: (
            _number(gaps.get(row["gap_id"], {}).get("priority")),
            str(row["gap_id"]),
            _number(row["rank"]),
        )
    )
    found = {row["gap_id"] for row in shown}
    real = content.real_gaps
    bare = int((~real["gap_id"].isin(found)).sum())
    rows = tuple(
        (
            gaps.get(row["gap_id"], {}).get("subdistrict"),
            row["community"],
            names.listed(names.requirements, row["requirement"]),
            gaps.get(row["gap_id"], {}).get("people_short"),
            row["rank"],
            names.label("remedy", row["kind"]),
            names.label("remedy_what", row["what"]),
            _place(row, names),
            names.listed(names.types, row["types"]),
            row["people"],
            row["people_60plus"],
            row["people_0_3"],
            row["share_after"],
            names.label("flag", row["closes"]),
            names.label("consent", row["consent"]),
            names.label("chosen", row["chosen"]),
            names.evidence(row["evidence"]),
            row["site_id"],
            row["gap_id"],
        )
        for row in shown
    )
    return Worksheet(
        name=say("措施比选", "Remedies"),
        note=say(
            "每条短板列可纳入人口最多的前三项措施及已入选措施；各措施按单独实施计，人口不可相加。"
            "仅供协商的（业主专用场所、规模未知的设施）排在其后，不参与选址。",
            "The three remedies that bring most people inside for each gap, and those chosen; each"
            " counted as if done alone, so people must not be added up. What can only be negotiated"
            " (places for residents, places of unknown size) comes last and is never chosen.",
        )
        + say(
            f"另有 {bare} 条短板未找到可纳入人口的措施。",
            f" For {bare} gaps nothing was found that brings anybody inside.",
        )
        * bool(bare),
        blocks=(
            Block(
                title=say("措施比选", "Remedies compared"),
                fields=(
                    Field(heading=head("subdistrict")),
                    Field(heading=head("community")),
                    Field(heading=head("requirement"), form="wide"),
                    Field(heading=head("people_short"), form="people"),
                    Field(heading=say("排序", "rank"), form="number"),
                    Field(heading=head("remedy")),
                    Field(heading=head("what")),
                    Field(heading=say("场所或地块", "place or parcel"), form="wide"),
                    Field(heading=head("types"), form="wide"),
                    Field(heading=say("可纳入人口（人）", "people brought inside"), form="people"),
                    Field(heading=say("其中60岁以上", "of them 60+"), form="people"),
                    Field(heading=say("其中0—3岁", "of them 0–3"), form="people"),
                    Field(heading=head("share_after"), form="share"),
                    Field(heading=say("可否补齐", "closes the gap")),
                    Field(heading=head("consent"), form="wide"),
                    Field(heading=head("chosen")),
                    Field(heading=head("evidence"), form="wide"),
                    Field(heading=head("site_id")),
                    Field(heading=head("gap_id")),
                ),
                rows=rows,
            ),
        ),
        pages_wide=2,
        held=3,
    )


def _place(row: dict[str, Cell], names: Names) -> Cell:
    """Name a place, and a parcel by its id too: many have the name of their kind."""
    parts = [part for part in (row["name"], row["parcel_id"]) if part]
    if len(parts) < 2:
        return parts[0] if parts else row["way_id"]
    return names.say("{}（{}）", "{} ({})").format(*parts)


def _number(value: Cell) -> float:
    """Put what has no number last."""
    return float(value) if isinstance(value, int | float) else float("inf")
