"""What a gap's reason rests on where the data end or say nothing, in words, and what settles it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.access.doubts import Cause, edge_distances, straight_limit_m, words_of
from lifecircle.gaps.evidence_of_walks import (
    home_told,
    near_border,
    those_there,
    walk_evidence,
)
from lifecircle.gaps.reasons import Surroundings, Why
from lifecircle.places.asked import people_asked
from lifecircle.reach.matrix import Pinned, Reach
from lifecircle.standards import Requirement, Standard

_SIDES = (
    ("东", "east"),
    ("东北", "north-east"),
    ("北", "north"),
    ("西北", "north-west"),
    ("西", "west"),
    ("西南", "south-west"),
    ("南", "south"),
    ("东南", "south-east"),
)


def evidence_of(
    standard: Standard,
    reach: Reach,
    why: Why,
    reason: str,
    at: NDArray[np.int64],
    people: NDArray[np.float64],
    homes: Pinned,
    facilities: Pinned,
    causes: tuple[Cause, ...],
    surroundings: Surroundings,
    names: pd.Series,
    language: str,
    *,
    here: NDArray[np.int64],
    expected: float = 0.0,
    lacking: str | None = None,
) -> str | None:
    """
    Say what a reason rests on.

    Parameters
    ----------
    standard
        The standard.
    reach
        Who reaches what.
    why
        Reasons, and what they were decided by.
    reason
        Main reason of the gap.
    at
        Rows of the homes that are not covered, shape (k,).
    people
        People of each home, shape (homes,).
    homes, facilities
        Both sides.
    causes
        Why homes cannot be judged.
    surroundings
        Border of the data.
    names
        Community id to its name.
    language
        ``zh`` or ``en``.
    here
        Rows of the places of the community itself that count.
    expected
        How many facilities the norm lets one expect; 0 where nobody knows.
    lacking
        What most people lack of several things that are counted.

    Returns
    -------
    evidence
        One or two sentences; None where the reason needs none.
    """
    chinese = language == "zh"
    if reason == "edge":
        return _edge(reach.requirement, at, homes, surroundings, chinese=chinese)
    said = words_of(causes, at, names, language=language)
    if reason == "no_data":
        if not said:
            return too_few_words(standard, reach, expected, chinese=chinese)
        then = "补报或定位后重算" if chinese else "settled by their report or its place"
        return f"{said}；{then}" if chinese else f"{said}; {then}"
    doubts = f"另有住户点受其影响：{said}" if chinese else f"some homes may be served: {said}"
    home = home_told(reach, why, reason, at, people)
    there = None
    if reason == "none" and home is not None:
        told = int(why.air_to[home])
        there = those_there(standard, facilities, here, lacking, named=told, language=language)
    parts = [
        walk_evidence(standard, reach, why, reason, at, people, homes, facilities, language),
        there,
        near_border(reach, why, at, language=language),
        doubts if said else None,
    ]
    return ("；" if chinese else "; ").join(part for part in parts if part) or None


def too_few_words(standard: Standard, reach: Reach, expected: float, *, chinese: bool) -> str:
    """
    Say how much less is known than the norm lets one expect.

    Parameters
    ----------
    standard
        The standard.
    reach
        Who reaches what.
    expected
        How many facilities the norm lets one expect; 0 where nobody knows.
    chinese
        In Chinese, else in English.

    Returns
    -------
    words
        With both numbers where they are known.
    """
    mapped, least = int(reach.counting.sum()), standard.no_data_factor
    if 0 < mapped < least * expected:
        if chinese:
            return (
                f"数据中仅 {mapped} 处，按每处服务人口应有约 {expected:.0f} 处，"
                f"不足其 {least:.0%}，无法判断"
            )
        return (
            f"{mapped} places are in the data, about {expected:.0f} are expected for so many "
            f"people: less than {least:.0%} of them, too few to judge"
        )
    if mapped == 0:
        return (
            "数据中没有一处该类设施，名录未声明完整，无法判断"
            if chinese
            else ("no such place is in the data, and no list is declared complete: not judged")
        )
    return "该类设施数据过少，无法判断" if chinese else "too few facilities are known"


def _edge(
    requirement: Requirement,
    at: NDArray[np.int64],
    homes: Pinned,
    surroundings: Surroundings,
    *,
    chinese: bool,
) -> str:
    """Name the side on which the data end for most people, and how near."""
    extent = surroundings.extent
    distance = edge_distances(homes, extent)[at]
    near = at[distance < straight_limit_m(requirement)]
    points = homes.table.geometry.to_numpy()[near]
    lines = shapely.shortest_line(points, shapely.boundary(extent))
    ends = shapely.get_coordinates(lines).reshape(-1, 2, 2)
    step = ends[:, 1] - ends[:, 0]
    step[~shapely.intersects(extent, points)] *= -1.0
    side = np.rint(np.degrees(np.arctan2(step[:, 1], step[:, 0])) / 45.0).astype(int) % 8
    people = np.nan_to_num(people_asked(homes.table, requirement))[near]
    most = int(np.bincount(side, weights=people, minlength=8).argmax())
    zh, en = _SIDES[most]
    least = float(distance.min())
    if chinese:
        return (
            f"数据在{zh}侧边界处终止，最近处距未覆盖住户点 {least:.0f} 米；"
            "补充相邻区（县）设施名录后方可判定"
        )
    return (
        f"the data end on the {en} side, {least:.0f} m from the nearest home not covered; a list "
        "of the neighbouring district's facilities settles it"
    )
