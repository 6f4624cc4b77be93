"""What a gap's reason rests on where walks are known: which place, how far by air and on foot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.access.doubts import straight_limit_m
from lifecircle.gaps.reasons import Why
from lifecircle.gaps.words import between_words
from lifecircle.reach.matrix import SEARCH_FACTOR, Pinned, Reach
from lifecircle.standards import Standard

REASONS_OF_WALKS = ("tier_missing", "barrier", "too_far", "none")


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
        One of `REASONS_OF_WALKS`.
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
    if reason not in REASONS_OF_WALKS or len(mine) == 0:
        return None
    if reason == "barrier":
        # What most of them stand behind is the one that is told.
        name = _most(why.barrier[mine].tolist(), people[mine])
        mine = mine[why.barrier[mine] == name]
    by = {"tier_missing": why.other_m, "too_far": reach.measured}.get(reason, why.air_m)
    home = _median(mine, by[mine], people[mine])
    words = _Words(
        standard=standard,
        reach=reach,
        why=why,
        homes=homes,
        facilities=facilities,
        chinese=language == "zh",
    )
    tell = {
        "tier_missing": words.other_tier,
        "too_far": words.too_far,
        "none": words.nothing,
        "barrier": words.behind,
    }
    return tell[reason](home)


@dataclass(frozen=True, kw_only=True)
class _Words:
    """Sentences about one home."""

    standard: Standard
    reach: Reach
    why: Why
    homes: Pinned
    facilities: Pinned
    chinese: bool

    def say(self, zh: str, en: str) -> str:
        return zh if self.chinese else en

    def called(self, row: int) -> str:
        return _called(self.standard, self.facilities, row, chinese=self.chinese)

    def on_foot(self, home: int) -> str:
        metres = _metres(self.reach.length_m[home])
        minutes = float(self.reach.walk_s[home]) / 60.0
        return self.say(
            f"步行 {metres} 米、{minutes:.1f} 分钟", f"{metres} m, {minutes:.1f} min on foot"
        )

    def beyond(self) -> str:
        asked = self.reach.requirement
        if asked.minutes is not None:
            far = asked.minutes * SEARCH_FACTOR
            return self.say(f"{far:g} 分钟内", f"within {far:g} min")
        far = (asked.limit_m or 0.0) * SEARCH_FACTOR
        return self.say(f"{far:g} 米内", f"within {far:g} m")

    def other_tier(self, home: int) -> str:
        walk = _metres(self.why.other_m[home])
        other = self.called(int(self.why.other_to[home]))
        return self.say(
            f"限值内只有同类其他层级设施：{other}，步行 {walk} 米",
            f"within the limit only another tier of the service: {other}, {walk} m on foot",
        )

    def too_far(self, home: int) -> str:
        to = int(self.reach.facility[home])
        line = _metres(
            shapely.distance(
                self.homes.table.geometry.iloc[home], self.facilities.table.geometry.iloc[to]
            )
        )
        walk = self.on_foot(home)
        return self.say(
            f"最近的合格设施为{self.called(to)}：{walk}，直线 {line} 米",
            f"the nearest right place is {self.called(to)}: {walk}, {line} m by air",
        )

    def nothing(self, home: int) -> str:
        air = int(self.why.air_to[home])
        if air < 0:
            return self.say("数据中没有合格设施", "no right place is in the data")
        line = _metres(self.why.air_m[home])
        return self.say(
            f"步行 {self.beyond()}没有合格设施；直线最近的为{self.called(air)}，{line} 米",
            f"no right place {self.beyond()} on foot; "
            f"the nearest by air is {self.called(air)}, {line} m",
        )

    def behind(self, home: int) -> str:
        air, to = int(self.why.air_to[home]), int(self.reach.facility[home])
        line = float(self.why.air_m[home])
        if to < 0:
            walk = self.say(f"步行 {self.beyond()}到不了", f"out of reach on foot {self.beyond()}")
        elif to == air:
            times = self.reach.length_m[home] / max(line, 1.0)
            walk = self.on_foot(home)
            walk += self.say(f"，为直线的 {times:.1f} 倍", f", {times:.1f} times that")
        else:
            walk = self.on_foot(home)
            walk = self.say(
                f"步行最近的为{self.called(to)}，{walk}",
                f"the nearest on foot is {self.called(to)}, {walk}",
            )
        between = between_words(str(self.why.barrier[home]), "zh" if self.chinese else "en")
        return self.say(
            f"{self.called(air)}直线 {_metres(line)} 米，其间为{between}；{walk}",
            f"{self.called(air)} is {_metres(line)} m by air, between them {between}; {walk}",
        )


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
