"""
Tables and layers become pictures for print: maps of communities, gaps and sites, and bars.

A picture carries its legend, scale, north and data credit in itself. Chinese is set in a font of
this machine that holds it; where there is none the report says so.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from numpy.typing import NDArray

from lifecircle.outputs import style
from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.printing import Picture, new_figure, png_of
from lifecircle.outputs.report.plots import (
    cut,
    dot,
    dots,
    draw_map,
    fill,
    share_colour,
    share_legend,
    span,
)


def coverage_pictures(content: Content, names: Names) -> tuple[Picture, ...]:
    """
    Draw, for every required item of the base view, the share of people covered by community.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    pictures
        One per requirement with its facilities, in the order of the standard.
    """
    pictures = []
    for asked in content.standard.requirements:
        if not asked.makes_gaps:
            continue
        mine = content.scores[
            (content.scores["level"] == "community") & (content.scores["requirement"] == asked.id)
        ].set_index("area_id")
        shares = content.communities["community_id"].map(mine["share"]).to_numpy(dtype=np.float64)
        verdicts = content.communities["community_id"].map(mine["verdict"])
        shares = np.where(verdicts == "unknown", np.nan, shares)
        facilities = content.facilities[content.facilities["service"] == asked.service]

        def draw(
            axes: Axes,
            shares: NDArray[np.float64] = shares,
            facilities: gpd.GeoDataFrame = facilities,
            service: str = asked.service,
        ) -> list[object]:
            fill(axes, content.communities, [share_colour(one) for one in shares])
            colour = style.service_colour(service, content.standard.services)
            dots(axes, facilities, colour)
            named = names.services.get(service, service)
            return [*share_legend(names), dot(colour, named)]

        title = names.requirements[asked.id]
        pictures.append(
            draw_map(
                content,
                names,
                draw,
                caption=names.say(
                    f"{title}：各社区人口覆盖率", f"{title}: share of people covered by community"
                ),
                values=["" if np.isnan(one) else f"{one:.0%}" for one in shares],
            )
        )
    return tuple(pictures)


def gap_picture(content: Content, names: Names) -> Picture:
    """
    Draw how many gaps each community has.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    picture
        A map.
    """
    mine = content.gap_counts
    classes = style.gap_classes(mine.tolist())

    def draw(axes: Axes) -> list[object]:
        colours = [next(c for least, c in reversed(classes) if one >= least) for one in mine]
        fill(axes, content.communities, colours)
        ends = [0, *(least - 1 for least, _ in classes[2:]), None]
        return [
            Patch(
                facecolor=colour,
                edgecolor="#888888",
                label=names.say(f"{span(least, end)} 条", f"{span(least, end)} gaps"),
            )
            for (least, colour), end in zip(classes, ends, strict=True)
        ]

    return draw_map(
        content,
        names,
        draw,
        caption=names.say("各社区短板数量", "Gaps by community"),
        values=[str(one) for one in mine],
    )


def site_picture(content: Content, names: Names) -> Picture | None:
    """
    Draw proposed sites among the candidate land.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    picture
        A map; None where sites have no place (the public edition) or there are none.
    """
    sites = content.sites.dropna(subset=["x", "y"])
    if len(sites) == 0:
        return None

    def draw(axes: Axes) -> list[object]:
        fill(axes, content.communities, ["#f4f3ef"] * len(content.communities))
        usable = content.parcels[~content.parcels["status"].isin(["doubtful", "refused"])]
        fill(axes, usable, ["#d9c27a"] * len(usable), edge="#a58a3a")
        xy = sites[["x", "y"]].to_numpy(dtype=np.float64)
        colour = style.BASE_COLOURS["site"]
        axes.scatter(
            xy[:, 0], xy[:, 1], s=46, color=colour, edgecolor="white", linewidth=0.8, zorder=6
        )
        for number, place in enumerate(xy, start=1):
            axes.annotate(
                str(number), place, color="white", fontsize=5, ha="center", va="center", zorder=7
            )
        return [
            dot(
                colour, names.say("建议选址（序号同表）", "proposed site (number as in the table)")
            ),
            Patch(
                facecolor="#d9c27a",
                edgecolor="#a58a3a",
                label=names.say("存量用地线索", "candidate land"),
            ),
        ]

    return draw_map(content, names, draw, caption=names.say("建议选址", "Proposed sites"))


def share_bars(content: Content, names: Names) -> Picture:
    """
    Draw the share of people covered in the whole area beside its target.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    picture
        Bars, one per requirement of the base view.
    """
    asked = {one.id: one for one in content.standard.requirements if one.view == "base"}
    scores = content.scores[
        (content.scores["level"] == "study") & content.scores["requirement"].isin(list(asked))
    ]
    order = list(asked)
    rows = sorted(scores.itertuples(), key=lambda row: order.index(row.requirement), reverse=True)
    figure = new_figure(height=0.6 + 0.26 * max(len(rows), 2))
    axes = figure.add_axes((0.43, 0.12, 0.5, 0.84))
    for place, row in enumerate(rows):
        known = row.verdict != "unknown" and pd.notna(row.share)
        colour = style.service_colour(row.service, content.standard.services)
        if known:
            axes.barh(place, row.share, color=colour, height=0.62)
            axes.text(row.share + 0.01, place, f"{row.share:.1%}", va="center", fontsize=6)
        else:
            axes.text(
                0.01, place, names.say("数据不足", "too little data"), va="center", fontsize=6
            )
        axes.plot([row.target_share] * 2, [place - 0.4, place + 0.4], color="black", linewidth=1.2)
    axes.set_yticks(
        range(len(rows)), [cut(names.requirements[row.requirement]) for row in rows], fontsize=6
    )
    axes.set_xlim(0, 1.12)
    axes.set_ylim(-0.6, max(len(rows), 1) - 0.4)
    axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1.0], ["0", "20%", "40%", "60%", "80%", "100%"])
    axes.tick_params(labelsize=6, length=2)
    axes.spines[["top", "right"]].set_visible(False)
    return Picture(
        caption=names.say(
            "全域各项要求人口覆盖率（竖线为目标值）",
            "Share of people covered in the whole area (the line is the target)",
        ),
        png=png_of(figure, names),
    )
