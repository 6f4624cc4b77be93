"""The sheet of a unit (单元图则): today, its indicators, what it lacks, what is laid out."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from lifecircle.outputs.content import Content
from lifecircle.outputs.names import LIST_MARK, Names
from lifecircle.outputs.report.plots import fill
from lifecircle.outputs.sheets import maps
from lifecircle.outputs.sheets.grid import table
from lifecircle.outputs.sheets.page import (
    A3,
    MARGIN_MM,
    STRIP_MM,
    Frame,
    Page,
    frame_page,
    open_page,
)
from lifecircle.outputs.sheets.tables import (
    gap_table,
    people,
    project_table,
    requirement_table,
)

_TOP = MARGIN_MM + 18
_SIDE = 150.0  # width of the tables beside the map [mm]


def unit_sheets(content: Content, names: Names, frame: Frame) -> Iterator[Figure]:
    """
    Draw one sheet per unit.

    Parameters
    ----------
    content
        What the run has to show, already in the edition its release asks for.
    names
        Its words.
    frame
        What every sheet says.

    Yields
    ------
    figure
        An A3 sheet per unit in use; per proposed unit where none is in use.
    """
    used = content.units[content.units["in_use"].fillna(value=False).astype(bool)]
    shown = used if len(used) else content.units
    for number, unit in enumerate(
        shown.sort_values("unit_id", kind="stable").itertuples(), start=1
    ):
        page = open_page(A3)
        one = shown[shown["unit_id"] == unit.unit_id]
        members = [part.strip() for part in str(unit.communities).split(LIST_MARK) if part.strip()]
        scale = _map(page, content, names, one, members)
        _side(page, content, names, one.iloc[0], members)
        frame_page(
            page,
            content,
            names,
            frame,
            title=names.say(f"{unit.name} 公共服务单元图则", f"Service unit {unit.name}"),
            place=content.title,
            number=f"U{number:02d}",
            scale=scale,
        )
        yield page.figure


def _map(
    page: Page, content: Content, names: Names, unit: gpd.GeoDataFrame, members: list[str]
) -> int:
    width = page.width - 2 * MARGIN_MM - _SIDE - 9
    height = page.height - _TOP - MARGIN_MM - STRIP_MM - 3
    west, south, east, north = (float(one) for one in unit.total_bounds)
    pad = 0.04 * max(east - west, north - south)
    axes, scale = maps.open_map(
        page,
        (MARGIN_MM + 3, _TOP, width, height),
        (west - pad, south - pad, east + pad, north + pad),
        content,
    )
    inside = content.communities[content.communities["community_id"].isin(members)]
    fill(axes, unit, ["#fff6dd"], order=0.4)
    maps.outline(axes, content.communities, colour="#8b9098", width=0.5)
    maps.outline(axes, unit, colour="#b3262e", width=1.8)
    entries: list[object] = [
        Patch(facecolor="#fff6dd", edgecolor="#b3262e", label=names.say("单元范围", "the unit"))
    ]
    used = content.parcels[content.parcels["parcel_id"].isin(content.sites["parcel_id"])]
    if len(used):
        fill(axes, used, ["#d9c27a"] * len(used), edge="#a58a3a", order=2.8)
        label = names.say("选用地块", "land of a site")
        entries.append(Patch(facecolor="#d9c27a", edgecolor="#a58a3a", label=label))
    entries += maps.places(
        axes, _near(content.facilities, axes.get_xlim(), axes.get_ylim()), content, names
    )
    numbers = {name: place for place, name in enumerate(content.sites["site_id"], start=1)}
    entries += maps.sites(axes, content.sites, numbers, names)
    maps.name_areas(axes, inside, size=7)
    maps.put_legend(axes, entries)
    return scale


def _near(
    frame: gpd.GeoDataFrame, across: tuple[float, float], up: tuple[float, float]
) -> gpd.GeoDataFrame:
    return frame.cx[across[0] : across[1], up[0] : up[1]]


def _side(page: Page, content: Content, names: Names, unit: pd.Series, members: list[str]) -> None:
    x = page.width - MARGIN_MM - 3 - _SIDE
    low = page.height - MARGIN_MM - STRIP_MM - 3
    say = names.say
    more = say("另有 {n} 行，见 gaps.xlsx", "{n} more rows: see gaps.xlsx")
    y = _TOP
    page.text(x, y + 2, say("一、现状", "1 The unit today"), size=9, bold=True)
    facts = (
        (say("常住人口", "people"), people(unit["people"])),
        (say("60岁及以上", "aged 60+"), people(unit["people_60plus"])),
        (say("3岁以下", "aged 0-3"), people(unit["people_0_3"])),
        (say("面积（公顷）", "area (ha)"), people(unit["area_m2"] / 1e4)),
        (say("社区（村）", "communities"), str(len(members))),
        (say("应配项 / 达标", "asked / met"), f"{people(unit['asked'])} / {people(unit['met'])}"),
    )
    for place, (label, value) in enumerate(facts):
        at = x + place * _SIDE / len(facts)
        page.text(at, y + 8, value, size=10, bold=True)
        page.text(at, y + 12.5, label, size=6, colour="#5b6068")
    y += 19
    page.text(x, y, say("二、指标", "2 Indicators"), size=9, bold=True)
    mine = content.unit_services[content.unit_services["unit_id"] == unit["unit_id"]]
    verdicts = mine.assign(
        verdict=[
            "unknown" if pd.isna(one) else "met" if bool(one) else "short" for one in mine["met"]
        ]
    )
    columns, rows = requirement_table(content, names, verdicts, _SIDE)
    y = table(page, x, y + 4, columns, rows, until=y + 0.42 * (low - y), more=more)
    page.text(x, y + 6, say("三、短板", "3 What falls short"), size=9, bold=True)
    columns, rows = gap_table(content, names, members, _SIDE, named=True)
    y = table(page, x, y + 10, columns, rows, until=y + 0.62 * (low - y), more=more)
    page.text(x, y + 6, say("四、布局与实施", "4 Layout and programme"), size=9, bold=True)
    columns, rows = project_table(content, names, members, _SIDE)
    table(page, x, y + 10, columns, rows, until=low, more=more)
