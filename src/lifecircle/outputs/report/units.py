"""Service units and the advice on communities become a part of the report, with a map each tier."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.printing import Picture
from lifecircle.outputs.report.parts import Writer
from lifecircle.outputs.report.plots import draw_map, fill
from lifecircle.outputs.report.tables import some_columns
from lifecircle.outputs.webmap.units import unit_colours
from lifecircle.outputs.workbook.units import advice_sheet, units_sheet

_MOST_ADVICE = 30
_HALF_PAGE_CM = 11.2
_EDGES = {"below": "#b5651d", "within": "#1d3557", "above": "#9d0208"}


def write_units(writer: Writer, content: Content, names: Names, number: int) -> None:
    """
    Write the part on service units; nothing where there are none.

    Parameters
    ----------
    writer
        The document.
    content
        What the run has to show.
    names
        Its words.
    number
        The part's number in its chapter.
    """
    say = names.say
    if not len(content.units):
        return
    writer.heading(say(f"5.{number} 公共服务基本单元", f"5.{number} Service units"), level=2)
    proposed = content.units[content.units["origin"] == "proposed"]
    if len(proposed):
        writer.text(
            say(
                "“本次建议”的单元由相邻、可步行相通的整社区组合而成，人口规模对照生活圈居住区，"
                "尽量不跨街道、不被主干路、铁路、河流与规划单元线分隔；供比选，不是划定结果。",
                "Proposed units are whole communities that touch and can be walked between, of the"
                " population of their circle, within a subdistrict and not cut by main roads,"
                " railways, water or planning units where that can be had; they are there to"
                " choose from, nothing is decided.",
            )
        )
    for tier in (15.0, 5.0):
        units = proposed[proposed["tier"] == tier]
        if len(units):
            writer.picture(unit_picture(content, names, units, tier), width_cm=_HALF_PAGE_CM)
    listed = units_sheet(content, names)
    if listed is None:
        return
    writer.table(
        some_columns(
            listed,
            names,
            (
                say("单元名称", "unit"),
                "tier",
                "origin",
                "communities",
                "people",
                "in_band",
                "cut_by",
                "met",
                "asked",
            ),
        )
    )
    sheet = advice_sheet(content, names)
    if sheet is not None:
        table = some_columns(
            sheet, names, ("subdistrict", "community", "people_concerned", "sentence")
        )
        more = len(table.rows) - _MOST_ADVICE
        writer.table(replace(table, rows=table.rows[:_MOST_ADVICE]))
        if more > 0:
            writer.text(say(f"另有 {more} 条见 gaps.xlsx。", f"{more} more stand in gaps.xlsx."))


def unit_picture(content: Content, names: Names, units: gpd.GeoDataFrame, tier: float) -> Picture:
    """
    Draw the units of one tier.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.
    units
        Rows of `tables.UNITS` with outlines.
    tier
        Their tier [min].

    Returns
    -------
    picture
        A map; the line of a unit tells its size, its fill only sets it apart.
    """

    def draw(axes: Axes) -> list[object]:
        fill(axes, units, unit_colours(units))
        for code, colour in _EDGES.items():
            edges = units[units["in_band"] == code].boundary
            if len(edges):
                edges.plot(ax=axes, color=colour, linewidth=1.6, zorder=5)
        return [
            Patch(facecolor="none", edgecolor=colour, label=names.label("in_band", code))
            for code, colour in _EDGES.items()
        ]

    return draw_map(
        content,
        names,
        draw,
        caption=names.say(
            f"建议的服务单元（{tier:g} 分钟生活圈）", f"Proposed service units ({tier:g} minutes)"
        ),
    )
