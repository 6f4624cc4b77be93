"""What a link is called, and the one sentence that says what it brings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.network.linking import feet_of
from lifecircle.network.streets import StreetNetwork
from lifecircle.standards import Requirement

_OPENS = {
    "street": ("打通断头道路", "opens a cut-off street"),
    "park": ("在绿地、公园边界增设出入口", "opens a way in or out of a park"),
    "campus": ("与学校、医院等单位协商开放通道", "opens a way through a campus, to be agreed"),
    "estate": ("建议协商增设步行出入口", "a further gate for walkers, proposed for negotiation"),
}


def told_link(
    network: StreetNetwork,
    ends: NDArray[np.float64],
    main: tuple[Requirement, float, float, float],
    *,
    what: str,
    language: str,
    estate: str | None = None,
) -> tuple[str, str]:
    """
    Name a link and say what it brings.

    Parameters
    ----------
    network
        The streets.
    ends
        Both ends [m], shape (2, 2).
    main
        The requirement most people gain, these people, and their median walk before and after, in
        the unit of its limit.
    what
        One of `link_ground.WHAT`.
    language
        ``zh`` or ``en``.
    estate
        Name of the closed estate the link leads into, where it does.

    Returns
    -------
    name, evidence
        Texts.
    """
    zh = language == "zh"
    first, second = street_names(network, ends, language)
    if estate is not None:
        first = estate
    metres = float(np.hypot(*(ends[0] - ends[1])))
    requirement, people, before, after = main
    label = requirement.label_zh if zh else requirement.label_en
    dash = "—" if zh else " – "
    name = first if first == second else f"{first}{dash}{second}"
    walks = (_walk(before, requirement, language), _walk(after, requirement, language))
    if zh:
        return name, (
            f"{_OPENS[what][0]}：自{first}至{second}，新开步行通道约{metres:.0f}米；"
            f"“{label}”新覆盖{people:.0f}人，其中位步行由{walks[0]}降至{walks[1]}（须现场核实）"
        )
    return name, (
        f"{_OPENS[what][1]}: from {first} to {second}, about {metres:.0f} m of new footpath; "
        f"brings {people:,.0f} people inside for {label}, whose median walk falls from "
        f"{walks[0]} to {walks[1]} (to be checked on site)"
    )


def street_names(
    network: StreetNetwork, ends: NDArray[np.float64], language: str
) -> tuple[str, str]:
    """
    Name the streets at both ends of a link.

    Parameters
    ----------
    network
        The streets.
    ends
        Both ends [m], shape (2, 2).
    language
        ``zh`` or ``en``.

    Returns
    -------
    first, second
        A street without a name is called what it is.
    """
    edge, _ = feet_of(network, shapely.points(ends))
    nameless = "无名道路" if language == "zh" else "an unnamed way"
    names = [network.edges["name"].iloc[one] for one in edge.tolist()]
    first, second = (nameless if pd.isna(name) or not str(name) else str(name) for name in names)
    return first, second


def _walk(value: float, requirement: Requirement, language: str) -> str:
    timed = requirement.minutes is not None
    if np.isinf(value):
        limit = requirement.limit * 2
        unit = ("分钟" if timed else "米") if language == "zh" else (" min" if timed else " m")
        return f"{limit:g}{unit}以上" if language == "zh" else f"over {limit:g}{unit}"
    if timed:
        return f"{value:.1f}分钟" if language == "zh" else f"{value:.1f} min"
    return f"{value:.0f}米" if language == "zh" else f"{value:.0f} m"
