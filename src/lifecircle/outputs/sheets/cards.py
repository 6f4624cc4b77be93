"""The card of a community (社区体检卡): its map, its scores, its gaps, what is planned."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from lifecircle.outputs import style
from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.report.plots import fill, share_colour, short_name
from lifecircle.outputs.sheets import maps
from lifecircle.outputs.sheets.grid import table
from lifecircle.outputs.sheets.page import (
    A4,
    MARGIN_MM,
    STRIP_MM,
    Frame,
    Page,
    frame_page,
    open_page,
)
from lifecircle.outputs.sheets.tables import gap_table, people, project_table, requirement_table

_TOP = MARGIN_MM + 17
_MAP_HEIGHT = 82.0
_BARS = 62.0  # width of the bars beside the map [mm]


def cards(content: Content, names: Names, frame: Frame) -> Iterator[Figure]:
    """
    Draw one card per community.

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
        An A4 sheet per community, by subdistrict and id.
    """
    order = content.communities.sort_values(["subdistrict", "community_id"], kind="stable")
    for number, key in enumerate(order["community_id"], start=1):
        one = order[order["community_id"] == key]
        row = one.iloc[0]
        name = row["name"] if isinstance(row["name"], str) else str(key)
        where = " · ".join(
            str(part) for part in (row["county"], row["subdistrict"]) if isinstance(part, str)
        )
        page = open_page(A4)
        scale = _card(page, content, names, one)
        frame_page(
            page,
            content,
            names,
            frame,
            title=names.say(f"{short_name(name)} 体检卡", f"Community card: {name}"),
            place=where or content.title,
            number=f"C{number:03d}",
            scale=scale,
        )
        yield page.figure


def _card(page: Page, content: Content, names: Names, one: gpd.GeoDataFrame) -> int:
    say = names.say
    key = str(one["community_id"].iloc[0])
    x, width = MARGIN_MM + 3, page.width - 2 * MARGIN_MM - 6
    low = page.height - MARGIN_MM - STRIP_MM - 3
    more = say("另有 {n} 行，见 gaps.xlsx", "{n} more rows: see gaps.xlsx")
    _facts(page, content, names, one.iloc[0], x, width)
    y = _TOP + 14
    scale = _map(page, content, names, one, (x, y, width - _BARS - 3, _MAP_HEIGHT))
    _bars(page, content, names, key, (x + width - _BARS, y, _BARS, _MAP_HEIGHT))
    y += _MAP_HEIGHT + 5
    rest = low - y
    page.text(x, y, say("标准要求与现状", "What is asked and what is reached"), size=8, bold=True)
    scores = content.scores[
        (content.scores["level"] == "community") & (content.scores["area_id"] == key)
    ]
    columns, rows = requirement_table(content, names, scores, width)
    y = table(page, x, y + 3, columns, rows, until=y + 0.5 * rest, more=more, size=5.8)
    page.text(x, y + 5, say("短板清单", "Gaps"), size=8, bold=True)
    columns, rows = gap_table(content, names, [key], width, named=False)
    y = table(page, x, y + 8, columns, rows, until=y + 0.62 * (low - y), more=more, size=5.8)
    page.text(x, y + 5, say("补短板项目", "Projects"), size=8, bold=True)
    columns, rows = project_table(content, names, [key], width)
    table(page, x, y + 8, columns, rows, until=low, more=more, size=5.8)
    return scale


def _facts(
    page: Page, content: Content, names: Names, row: pd.Series, x: float, width: float
) -> None:
    say = names.say
    gaps = content.real_gaps
    facts = [(say("常住人口", "people"), people(row.get("people")))]
    for column, zh, en in (
        ("people_60plus", "60岁及以上", "aged 60+"),
        ("people_0_3", "3岁以下", "aged 0-3"),
    ):
        if column in row:
            facts.append((say(zh, en), people(row[column])))
    scores = content.scores[
        (content.scores["level"] == "community")
        & (content.scores["area_id"] == row["community_id"])
        & (content.scores["obligation"] == "must")
    ]
    base = {one.id for one in content.standard.requirements if one.view == "base"}
    verdicts = scores[scores["requirement"].isin(base)]["verdict"].value_counts()
    judged = int(verdicts.get("met", 0) + verdicts.get("short", 0))
    facts += [
        (say("必配项达标", "required, met"), f"{verdicts.get('met', 0)} / {judged}"),
        (say("无法判断", "cannot be judged"), str(verdicts.get("unknown", 0))),
        (say("短板", "gaps"), str(int((gaps["community_id"] == row["community_id"]).sum()))),
    ]
    for place, (label, value) in enumerate(facts):
        at = x + place * width / len(facts)
        page.text(at, _TOP + 3, value, size=11, bold=True)
        page.text(at, _TOP + 8, label, size=6, colour="#5b6068")


def _map(
    page: Page,
    content: Content,
    names: Names,
    one: gpd.GeoDataFrame,
    box: tuple[float, float, float, float],
) -> int:
    west, south, east, north = (float(edge) for edge in one.total_bounds)
    pad = 0.08 * max(east - west, north - south)
    axes, scale = maps.open_map(
        page, box, (west - pad, south - pad, east + pad, north + pad), content
    )
    fill(axes, one, ["#fff6dd"], order=0.4)
    maps.outline(axes, content.communities, colour="#8b9098", width=0.5)
    maps.outline(axes, one, colour="#b3262e", width=1.5)
    (low, high), (down, up) = axes.get_xlim(), axes.get_ylim()
    entries: list[object] = [
        *maps.places(axes, content.facilities.cx[low:high, down:up], content, names, size=9)
    ]
    numbers = {name: place for place, name in enumerate(content.sites["site_id"], start=1)}
    entries += maps.sites(axes, content.sites, numbers, names)
    maps.put_legend(axes, entries, size=4.8)
    return scale


def _bars(
    page: Page,
    content: Content,
    names: Names,
    key: str,
    box: tuple[float, float, float, float],
) -> None:
    """Draw a bar per service and tier: the covered share, as in services.csv."""
    x, y, width, height = box
    rows = content.services[
        (content.services["level"] == "community") & (content.services["area_id"] == key)
    ]
    rows = rows.assign(
        order=rows["service"].map({name: n for n, name in enumerate(content.standard.services)})
    ).sort_values(["order", "minutes"], kind="stable")
    page.text(x, y + 2, names.say("各服务覆盖率（按层级）", "Covered share by service and tier"),
              size=6.5, bold=True)  # fmt: skip
    step = min(6.5, (height - 6) / max(len(rows), 1))
    for place, row in enumerate(rows.to_dict("records")):
        at = y + 6 + (place + 0.5) * step
        tier = names.say(f"{row['minutes']:g}分钟", f"{row['minutes']:g} min")
        service = names.services.get(str(row["service"]), str(row["service"]))
        page.text(x, at, f"{service} {tier}", size=5.8)
        share = float(row["coverage"]) if pd.notna(row["coverage"]) else np.nan
        left, full = x + 0.5 * width, 0.36 * width
        page.box(left, at - 0.3 * step, full, 0.6 * step, fill="#eef0f2")
        if np.isnan(share):
            page.text(left + full + 1, at, "–", size=5.8)
            continue
        colour = share_colour(share)
        edge = style.GRADE_INK["none"] if share > 0 else "none"
        page.box(left, at - 0.3 * step, full * share, 0.6 * step, fill=colour, edge=edge)
        page.text(left + full + 1, at, f"{share:.0%}", size=5.8)
