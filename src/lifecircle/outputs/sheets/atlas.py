"""The atlas (图集): one sheet a subject, from what is there to what is proposed, year by year."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from lifecircle.outputs import style
from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.report.plots import fill, share_colour, share_legend, span
from lifecircle.outputs.sheets import maps
from lifecircle.outputs.sheets.page import (
    A3,
    MARGIN_MM,
    STRIP_MM,
    Frame,
    Page,
    frame_page,
    open_page,
)
from lifecircle.outputs.webmap.units import unit_colours

_TOP = MARGIN_MM + 18
_PLAIN = "#f4f3ef"
_USED = "#f3e6c4"

Entries = list[object]


@dataclass(frozen=True, kw_only=True)
class _Panel:
    """One map of a sheet: its heading and what is drawn above the ground."""

    heading: str
    draw: Callable[[Axes], Entries]


@dataclass(frozen=True, kw_only=True)
class _Subject:
    """A sheet of the atlas."""

    title: str
    panels: tuple[_Panel, ...]
    legend: Entries = field(default_factory=list)


def atlas(content: Content, names: Names, frame: Frame) -> Iterator[Figure]:
    """
    Draw the sheets of the atlas.

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
        An A3 sheet: what is there, each tier by service, gaps, units, land, sites, each year;
        subjects without anything to show are left out.
    """
    for number, subject in enumerate(_subjects(content, names), start=1):
        page = open_page(A3)
        scale = _draw(page, subject, content)
        frame_page(
            page,
            content,
            names,
            frame,
            title=subject.title,
            place=content.title,
            number=f"{number:02d}",
            scale=scale,
        )
        yield page.figure


def _subjects(content: Content, names: Names) -> Iterator[_Subject]:
    yield _present(content, names)
    for minutes in sorted(content.services["minutes"].dropna().unique()):
        yield _tier(content, names, float(minutes))
    yield _gaps(content, names)
    if len(content.units):
        yield _units(content, names)
    if len(content.parcels):
        yield _land(content, names)
    if content.sites["x"].notna().any():
        yield _sites(content, names)
    if content.programme["year"].notna().any():
        yield _years(content, names)


def _draw(page: Page, subject: _Subject, content: Content) -> int:
    """Lay the panels out in rows that leave the least paper empty; all have one scale."""
    width = page.width - 2 * MARGIN_MM - 6
    height = page.height - _TOP - MARGIN_MM - STRIP_MM - 3
    bounds = tuple(float(one) for one in content.area.bounds)
    count = len(subject.panels)
    head = 6.0 if count > 1 else 0.0

    def size(columns: int) -> tuple[float, float]:
        rows = -(-count // columns)
        return (width - 3 * (columns - 1)) / columns, (height - 3 * (rows - 1)) / rows - head

    columns = min(
        range(1, count + 1),
        key=lambda one: (
            maps.scale_for((bounds[0], bounds[1], bounds[2], bounds[3]), *size(one)),
            one,
        ),
    )
    wide, tall = size(columns)
    scale = maps.scale_for((bounds[0], bounds[1], bounds[2], bounds[3]), wide, tall)
    for place, panel in enumerate(subject.panels):
        x = MARGIN_MM + 3 + (place % columns) * (wide + 3)
        y = _TOP + (place // columns) * (tall + head + 3)
        if head:
            page.text(x, y + 2.5, panel.heading, size=9, bold=True)
        axes, _ = maps.open_map(
            page,
            (x, y + head, wide, tall),
            (bounds[0], bounds[1], bounds[2], bounds[3]),
            content,
            scale=scale,
        )
        entries = panel.draw(axes)
        maps.outline(axes, content.communities)
        maps.name_areas(axes, content.communities, size=6.5 if count == 1 else 4.5)
        shown = [*entries, *(subject.legend if place == 0 else [])]
        maps.put_legend(axes, shown, size=7 if count == 1 else 5.5)
    return scale


def _present(content: Content, names: Names) -> _Subject:
    today = content.facilities[content.facilities["status"].fillna("existing") == "existing"]

    def draw(axes: Axes) -> Entries:
        fill(axes, content.communities, [_PLAIN] * len(content.communities), order=0.4)
        return [*maps.places(axes, today, content, names)]

    return _Subject(
        title=names.say("现状设施分布图", "Facilities today"),
        panels=(_Panel(heading="", draw=draw),),
    )


def _tier(content: Content, names: Names, minutes: float) -> _Subject:
    """One panel a service: its coverage by community, as in services.csv."""
    rows = content.services[
        (content.services["level"] == "community") & (content.services["minutes"] == minutes)
    ]
    panels = []
    for service in content.standard.services:
        mine = rows[rows["service"] == service].set_index("area_id")["coverage"]
        if len(mine) == 0:
            continue
        shares = content.communities["community_id"].map(mine).to_numpy(dtype=np.float64)

        def draw(axes: Axes, shares: np.ndarray = shares, service: str = service) -> Entries:
            fill(axes, content.communities, [share_colour(one) for one in shares])
            part = content.facilities[content.facilities["service"] == service]
            return [*maps.places(axes, part, content, names, size=9)]

        panels.append(_Panel(heading=names.services.get(service, service), draw=draw))
    return _Subject(
        title=names.say(
            f"{minutes:g}分钟层级公共服务覆盖图", f"Coverage of services, {minutes:g}-minute tier"
        ),
        panels=tuple(panels),
        legend=[*share_legend(names)],
    )


def _gaps(content: Content, names: Names) -> _Subject:
    counts = content.real_gaps["community_id"].value_counts()
    mine = content.communities["community_id"].map(counts).fillna(0).to_numpy(dtype=np.int64)
    steps = _breaks(mine)
    colours = [colour for _, colour in style.GAP_COUNT_COLOURS]

    def draw(axes: Axes) -> Entries:
        held = [colours[int(np.searchsorted(steps, one, side="right"))] for one in mine]
        fill(axes, content.communities, held)
        lows = [0, *steps]
        ends = [one - 1 for one in steps] + [None]
        return [
            Patch(
                facecolor=colours[place],
                edgecolor="#888888",
                label=names.say(f"{span(low, end)} 条", f"{span(low, end)} gaps"),
            )
            for place, (low, end) in enumerate(zip(lows, ends, strict=True))
        ]

    return _Subject(
        title=names.say("公共服务短板分布图", "Gaps of public services"),
        panels=(_Panel(heading="", draw=draw),),
    )


def _breaks(counts: np.ndarray) -> list[int]:
    """Where classes of counts begin: none, then about as many communities in each."""
    some = counts[counts > 0]
    if len(some) == 0:
        return [1]
    parts = np.quantile(some, [0.25, 0.5, 0.75], method="higher")
    return sorted({1, *(int(one) for one in parts if one > 1)})


def _units(content: Content, names: Names) -> _Subject:
    used = content.units[content.units["in_use"].fillna(value=False).astype(bool)]
    shown = used if len(used) else content.units

    def draw(axes: Axes) -> Entries:
        fill(axes, content.communities, [_PLAIN] * len(content.communities), order=0.4)
        fill(axes, shown, unit_colours(shown))
        maps.outline(axes, shown, colour="#3b4048", width=1.3)
        return [
            Patch(
                facecolor="none",
                edgecolor="#3b4048",
                label=names.say(f"公共服务基本单元 {len(shown)} 个", f"{len(shown)} service units"),
            )
        ]

    return _Subject(
        title=names.say("公共服务基本单元划分图", "Service units"),
        panels=(_Panel(heading="", draw=draw),),
    )


def _land(content: Content, names: Names) -> _Subject:
    refused = content.parcels["status"].isin(["refused", "doubtful"])

    def draw(axes: Axes) -> Entries:
        fill(axes, content.communities, [_PLAIN] * len(content.communities), order=0.4)
        entries: Entries = []
        for kind in style.codes("site_kind"):
            part = content.parcels[(content.parcels["kind"] == kind) & ~refused]
            if len(part) == 0:
                continue
            colour = style.SITE_KIND_COLOURS[kind]
            _areas_or_dots(axes, part, colour)
            label = f"{names.label('site_kind', kind)} {len(part)}"
            entries.append(Patch(facecolor=colour, label=label))
        part = content.parcels[refused]
        if len(part):
            _areas_or_dots(axes, part, "#c9ccd1")
            label = names.say(f"不可用或存疑 {len(part)}", f"refused or doubtful {len(part)}")
            entries.append(Patch(facecolor="#c9ccd1", label=label))
        return entries

    return _Subject(
        title=names.say("存量空间分布图", "Leftover land and rooms"),
        panels=(_Panel(heading="", draw=draw),),
    )


def _areas_or_dots(axes: Axes, part: gpd.GeoDataFrame, colour: str) -> None:
    """Draw land as it is, and what would be too small to see, or has no outline, as a dot."""
    fill(axes, part, [colour] * len(part), edge=colour, order=5.0)
    middle = part.geometry.representative_point()
    axes.scatter(
        middle.x, middle.y, s=7, color=colour, edgecolor="white", linewidth=0.4, zorder=5.5
    )


def _numbers(content: Content) -> dict[str, int]:
    return {name: place for place, name in enumerate(content.sites["site_id"], start=1)}


def _sites(content: Content, names: Names) -> _Subject:
    numbers = _numbers(content)

    def draw(axes: Axes) -> Entries:
        fill(axes, content.communities, [_PLAIN] * len(content.communities), order=0.4)
        used = content.parcels[content.parcels["parcel_id"].isin(content.sites["parcel_id"])]
        fill(axes, used, ["#d9c27a"] * len(used), edge="#a58a3a", order=2.8)
        return [*maps.sites(axes, content.sites, numbers, names)]

    return _Subject(
        title=names.say("设施选址布局图", "Proposed sites"),
        panels=(_Panel(heading="", draw=draw),),
    )


def _years(content: Content, names: Names) -> _Subject:
    numbers = _numbers(content)
    panels = []
    for year in sorted(content.programme["year"].dropna().unique()):
        part: pd.DataFrame = content.programme[content.programme["year"] == year]
        there = set(part["community_id"])
        mine = content.sites[content.sites["project_id"].isin(part["project_id"])]

        def draw(axes: Axes, there: set[str] = there, mine: pd.DataFrame = mine) -> Entries:
            inside = content.communities["community_id"].isin(there)
            fill(axes, content.communities, [_USED if one else _PLAIN for one in inside], order=0.4)
            served = names.say("当年受益社区", "communities served")
            return [Patch(facecolor=_USED, label=served), *maps.sites(axes, mine, numbers, names)]

        count = part["project_id"].nunique()
        heading = names.say(
            f"第{year:g}年：{count} 个项目，{len(there)} 个社区",
            f"Year {year:g}: {count} projects, {len(there)} communities",
        )
        panels.append(_Panel(heading=heading, draw=draw))
    return _Subject(title=names.say("分年度实施计划图", "Programme by year"), panels=tuple(panels))
