"""What a gap's reason rests on where walks are known: which place, how far by air and on foot."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.access.doubts import straight_limit_m
from lifecircle.gaps.reasons import Why
from lifecircle.gaps.words import between_words
from lifecircle.reach.matrix import SEARCH_FACTOR, Pinned, Reach
from lifecircle.standards import Standard


def walk_evidence(
    standard: Standard,
    reach: Reach,
    why: Why,
    reason: str,
    at: NDArray[np.int64],
    people: NDArray[np.float64],
    homes: Pinned,
    facilities: Pinned,
    language: str,
) -> str | None:
    """
    Say what a reason rests on, by the median of the people it holds for.

    Parameters
    ----------
    standard
        The standard, for labels of types.
    reach
        Who reaches what.
    why
        Reasons, and what they were decided by.
    reason
        ``tier_missing``, ``barrier``, ``too_far`` or ``none``.
    at
        Rows of the homes that are not covered, shape (k,).
    people
        People of each home, shape (homes,).
    homes, facilities
        Both sides.
    language
        ``zh`` or ``en``.

    Returns
    -------
    evidence
        One sentence; None for any other reason, or where the reason holds for nobody.
    """
    mine = at[why.reason[at] == reason]
    if reason not in ("tier_missing", "barrier", "too_far", "none") or len(mine) == 0:
        return None
    if reason == "barrier":
        # What most of them stand behind is the one that is told.
        name = _most(why.barrier[mine].tolist(), people[mine])
        mine = mine[why.barrier[mine] == name]
    by = {"tier_missing": why.other_m, "too_far": reach.measured}.get(reason, why.air_m)
    home = _median(mine, by[mine], people[mine])
    to = int(reach.facility[home])
    chinese = language == "zh"

    def called(row: int) -> str:
        return _called(standard, facilities, row, chinese=chinese)

    if reason == "tier_missing":
        walk = _metres(why.other_m[home])
        other = called(int(why.other_to[home]))
        if chinese:
            return f"限值内只有同类其他层级设施：{other}，步行 {walk} 米"
        return f"within the limit only another tier of the service: {other}, {walk} m on foot"
    if reason == "too_far":
        line = shapely.distance(homes.table.geometry.iloc[home], facilities.table.geometry.iloc[to])
        on_foot = _on_foot(reach, home, chinese=chinese)
        if chinese:
            return f"最近的合格设施为{called(to)}：{on_foot}，直线 {_metres(line)} 米"
        return f"the nearest right place is {called(to)}: {on_foot}, {_metres(line)} m by air"
    air = int(why.air_to[home])
    if air < 0:
        return "数据中没有合格设施" if chinese else "no right place is in the data"
    line = why.air_m[home]
    if reason == "none":
        far = _beyond(reach, chinese=chinese)
        if chinese:
            return f"{far}没有合格设施；直线最近的为{called(air)}，{_metres(line)} 米"
        return f"no right place {far}; the nearest by air is {called(air)}, {_metres(line)} m"
    between = between_words(str(why.barrier[home]), language)
    if to < 0:
        walk = (
            f"步行 {_beyond(reach, chinese=True)}到不了"
            if chinese
            else (f"out of reach on foot {_beyond(reach, chinese=False)}")
        )
    elif to == air:
        walk = _on_foot(reach, home, chinese=chinese)
        walk += (
            f"，为直线的 {reach.length_m[home] / max(line, 1.0):.1f} 倍"
            if chinese
            else f", {reach.length_m[home] / max(line, 1.0):.1f} times that"
        )
    else:
        walk = _on_foot(reach, home, chinese=chinese)
        walk = (
            f"步行最近的为{called(to)}，{walk}"
            if chinese
            else (f"the nearest on foot is {called(to)}, {walk}")
        )
    if chinese:
        return f"{called(air)}直线 {_metres(line)} 米，其间为{between}；{walk}"
    return f"{called(air)} is {_metres(line)} m by air, between them {between}; {walk}"


def near_border(reach: Reach, why: Why, at: NDArray[np.int64], *, language: str) -> str | None:
    """
    Say that places beyond the border of the data may serve some of the homes, too.

    Parameters
    ----------
    reach
        Who reaches what.
    why
        Reasons and distances to the border.
    at
        Rows of the homes, shape (k,).
    language
        ``zh`` or ``en``.

    Returns
    -------
    words
        With the least distance; None where all live farther from the border than the limit.
    """
    limit_m = straight_limit_m(reach.requirement)
    near = at[(why.border_m[at] < limit_m) & (why.reason[at] != "edge")]
    if len(near) == 0:
        return None
    least = _metres(why.border_m[near].min())
    if language == "zh":
        return f"部分住户距数据边界不足限值（最近 {least} 米），界外设施未知"
    return f"some homes are nearer to the border of the data than the limit ({least} m at least)"


def _called(standard: Standard, facilities: Pinned, row: int, *, chinese: bool) -> str:
    """Name a place, by its type where it has no name."""
    one = facilities.table.iloc[row]
    if isinstance(one["name"], str) and one["name"].strip():
        name = " ".join(one["name"].split())
        return f"“{name}”" if chinese else f'"{name}"'
    kinds = {kind.id: kind.label_zh if chinese else kind.label_en for kind in standard.types}
    label = kinds.get(str(one["type"]), str(one["type"]))
    return f"一处无名称的{label}" if chinese else f"an unnamed place ({label})"


def _on_foot(reach: Reach, home: int, *, chinese: bool) -> str:
    metres, minutes = _metres(reach.length_m[home]), float(reach.walk_s[home]) / 60.0
    if chinese:
        return f"步行 {metres} 米、{minutes:.1f} 分钟"
    return f"{metres} m, {minutes:.1f} min on foot"


def _beyond(reach: Reach, *, chinese: bool) -> str:
    asked = reach.requirement
    if asked.minutes is not None:
        far = asked.minutes * SEARCH_FACTOR
        return f"{far:g} 分钟内" if chinese else f"within {far:g} min"
    far = (asked.limit_m or 0.0) * SEARCH_FACTOR
    return f"{far:g} 米内" if chinese else f"within {far:g} m"


def _metres(value: float) -> str:
    return f"{float(value):.0f}"


def _median(rows: NDArray[np.int64], by: NDArray[np.float64], people: NDArray[np.float64]) -> int:
    order = np.lexsort((rows, np.nan_to_num(by, nan=np.inf)))
    running = np.cumsum(people[order])
    return int(rows[order[int(np.searchsorted(running, running[-1] / 2))]])


def _most(names: Iterable[object], people: NDArray[np.float64]) -> object:
    held: dict[str, float] = {}
    for name, count in zip(names, people.tolist(), strict=True):
        held[str(name)] = held.get(str(name), 0.0) + count
    return max(sorted(held), key=lambda name: held[name])
