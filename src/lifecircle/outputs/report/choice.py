"""The part of the report on the choice of sites: sentences, curve, near equals, what stays open."""

from __future__ import annotations

import numpy as np
import pandas as pd

from lifecircle.outputs import style
from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import in_order
from lifecircle.outputs.names import Names
from lifecircle.outputs.printing import Picture, new_figure, png_of
from lifecircle.outputs.report.parts import Writer
from lifecircle.outputs.sentences import curve_sentence, open_sentence
from lifecircle.outputs.workbook.choice import alternative_block, before_and_after
from lifecircle.outputs.workbook.grid import records
from lifecircle.outputs.workbook.wishes import wish_totals

_FEWEST_DRAWN = 3


def write_choice(writer: Writer, content: Content, names: Names) -> None:
    """
    Write what the sites bring, how steady the choice is and what it leaves open.

    Parameters
    ----------
    writer
        The document.
    content
        What the run has to show; nothing is written where nothing was chosen.
    names
        Its words.
    """
    say = names.say
    sentences = [
        f"{number}. {site['sentence']}"
        for number, site in enumerate(records(in_order(content.sites, "sites")), start=1)
        if site["sentence"]
    ]
    if sentences:
        writer.text(say("各选址说明（序号同表）：", "The sites in words, numbered as above:"))
        writer.points(sentences)
    said = curve_sentence(content, names)
    if said:
        writer.text(said)
    picture = curve_picture(content, names)
    if picture is not None:
        writer.picture(picture)
    if len(content.curve):
        writer.table(before_and_after(content, names), columns=(0, 2, 3, 4, 5, 6, 8))
        writer.text(steady_text(content, names))
        if len(content.alternatives):
            writer.table(alternative_block(content, names), columns=(0, 1, 3, 4, 5))
    if len(content.wishes):
        writer.text(
            open_sentence(content, names)
            + say(
                "下表按原因和服务汇总，逐条见 gaps.xlsx“选址论证”；各行人口有重叠，不可相加。",
                " The table adds them up by reason and service; one by one in gaps.xlsx, Choice of"
                " sites. People of several rows overlap.",
            )
        )
        writer.table(wish_totals(content, names), columns=(0, 1, 2, 3, 4, 6))


def steady_text(content: Content, names: Names) -> str:
    """
    Say how steady the choice is.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    text
        How many sites nearly every draw chooses, and which rarely.
    """
    say = names.say
    shares = pd.to_numeric(content.sites["chosen_in"]).dropna()
    sure, rare = int((shares >= style.SAFE_SITE).sum()), int((shares < style.WEAK_SITE).sum())
    return say(
        f"步速、位置、设施名录与权重随机变动时重新选址：{len(shares)} 处选址中 {sure} 处在"
        f"{style.SAFE_SITE:.0%}以上的抽样中仍入选"
        + f"，{rare} 处低于{style.WEAK_SITE:.0%}，可由邻近用地替代，宜先比选" * (rare > 0)
        + "。",
        f"Chosen anew while pace, places, lists and weights are drawn: {sure} of {len(shares)}"
        f" sites stay in at least {style.SAFE_SITE:.0%} of the draws"
        + f", {rare} in less than {style.WEAK_SITE:.0%}: others would do as well" * (rare > 0)
        + ".",
    )


def curve_picture(content: Content, names: Names) -> Picture | None:
    """
    Draw people newly covered by the number of sites, with the knee.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    picture
        None with fewer than three sites, or where people are held back.
    """
    say, curve = names.say, in_order(content.curve, "curve")
    people = pd.to_numeric(curve["people"]).to_numpy(dtype=np.float64)
    planned = (curve["planned"] == True).to_numpy(dtype=bool)  # noqa: E712 - objects
    if planned.sum() < _FEWEST_DRAWN or np.isnan(people).any():
        return None
    sites, n = np.arange(1, len(people) + 1), int(planned.sum())
    figure = new_figure(height=2.3)
    axes = figure.add_axes((0.12, 0.2, 0.84, 0.74))
    colour = style.BASE_COLOURS["site"]
    axes.plot([0, *sites[planned]], [0, *people[planned]], color=colour, marker="o", markersize=3)
    if len(people) > n:
        axes.plot(
            sites[n - 1 :], people[n - 1 :], color=colour, marker="o", markersize=3,
            markerfacecolor="white", linestyle=":", label=say("再增选址", "further sites"),
        )  # fmt: skip
    axes.plot(
        [0, n], [0, people[n - 1]], color="#999999", linewidth=0.7, label=say("首末连线", "chord")
    )
    for row in records(curve[curve["knee"] == True]):  # noqa: E712 - objects
        at, high = float(row["sites"] or 0), float(row["people"] or 0)
        axes.plot([at], [high], marker="o", markersize=7, markerfacecolor="none", color="#b3262e")
        text = say(
            f"拐点：{at:.0f} 处，{high:,.0f} 人", f"knee: {at:.0f} sites, {high:,.0f} people"
        )
        axes.annotate(text, (at, high), textcoords="offset points", xytext=(8, -12), fontsize=6.5)
    axes.set_xlabel(names.heading("sites"), fontsize=7)
    axes.set_ylabel(say("累计新增覆盖（人）", "people newly covered"), fontsize=7)
    axes.set_xlim(0, len(people) + 0.5)
    axes.set_ylim(0, None)
    axes.set_xticks(sites)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.tick_params(labelsize=6, length=2)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(fontsize=6, frameon=False, loc="lower right")
    return Picture(
        caption=say("选址数与累计新增覆盖人口", "Number of sites and people newly covered"),
        png=png_of(figure, names),
    )
