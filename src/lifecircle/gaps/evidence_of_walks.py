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

_WHOSE = ("主因居民的中位住户点：", "median resident concerned: ")


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
    home = home_told(reach, why, reason, at, people)
    if reason not in REASONS_OF_WALKS or home is None:
        return None
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
    # Whom the numbers are of is said once, before them: nobody else's stand in the row.
    return f"{_WHOSE[0] if words.chinese else _WHOSE[1]}{tell[reason](home)}"


def home_told(
    reach: Reach, why: Why, reason: str, at: NDArray[np.int64], people: NDArray[np.float64]
) -> int | None:
    """
    Choose the home a gap is told by: all numbers of a row are this one's.

    Parameters
    ----------
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

    Returns
    -------
    home
        Row of the median person the reason holds for, by the walk (to the other tier where that is
        the reason), then by the straight line where nobody walks there. None where the reason
        holds for nobody.
    """
    mine = at[why.reason[at] == reason]
    if len(mine) == 0:
        return None
    if reason == "barrier":
        # What most of them stand behind is the one that is told.
        name = _most(why.barrier[mine].tolist(), people[mine])
        mine = mine[why.barrier[mine] == name]
    walk = why.other_m if reason == "tier_missing" else reach.measured
    order = mine[np.lexsort((mine, why.air_m[mine], np.nan_to_num(walk[mine], nan=np.inf)))]
    running = np.cumsum(people[order])
    return int(order[int(np.searchsorted(running, running[-1] / 2))])


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

    def right_place(self) -> str:
        """Name what is asked for: one place, or the last of several."""
        if self.reach.requirement.counts:
            return self.say("补齐所需的最后一处", "the place that completes the set")
        return self.say("最近的合格设施", "the nearest right place")

    def nobody_near(self) -> str:
        if self.reach.requirement.counts:
            return self.say(
                f"步行 {self.beyond()}凑不齐所需的各处",
                f"the set is not complete {self.beyond()} on foot",
            )
        return self.say(
            f"步行 {self.beyond()}没有合格设施", f"no right place {self.beyond()} on foot"
        )

    def other_tier(self, home: int) -> str:
        walk = _metres(self.why.other_m[home])
        other = self.called(int(self.why.other_to[home]))
        to = int(self.reach.facility[home])
        right = (
            self.nobody_near()
            if to < 0
            else self.say(
                f"{self.right_place()}为{self.called(to)}，{self.on_foot(home)}",
                f"{self.right_place()} is {self.called(to)}, {self.on_foot(home)}",
            )
        )
        return self.say(
            f"限值内只有同类其他层级设施：{other}，步行 {walk} 米；{right}",
            f"within the limit only another tier of the service: {other}, {walk} m on foot;"
            f" {right}",
        )

    def too_far(self, home: int) -> str:
        to = int(self.reach.facility[home])
        line = _metres(
            shapely.distance(
                self.homes.table.geometry.iloc[home], self.facilities.table.geometry.iloc[to]
            )
        )
        walk = self.on_foot(home)
        over = self.over(home)
        return self.say(
            f"{self.right_place()}为{self.called(to)}：{walk}（超出限值 {over}），直线 {line} 米",
            f"{self.right_place()} is {self.called(to)}: {walk} ({over} over the limit),"
            f" {line} m by air",
        )

    def over(self, home: int) -> str:
        asked = self.reach.requirement
        if asked.minutes is not None:
            minutes = float(self.reach.walk_s[home]) / 60.0 - asked.minutes
            return self.say(f"{minutes:.1f} 分钟", f"{minutes:.1f} min")
        metres = _metres(float(self.reach.length_m[home]) - (asked.limit_m or 0.0))
        return self.say(f"{metres} 米", f"{metres} m")

    def nothing(self, home: int) -> str:
        air = int(self.why.air_to[home])
        if air < 0 and not self.reach.requirement.counts:
            return self.say("数据中没有合格设施", "no right place is in the data")
        if air < 0:
            return self.nobody_near()
        line = _metres(self.why.air_m[home])
        return self.nobody_near() + self.say(
            f"；直线上{self.right_place()}为{self.called(air)}，{line} 米",
            f"; by air {self.right_place()} is {self.called(air)}, {line} m",
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


def those_there(
    standard: Standard,
    facilities: Pinned,
    here: NDArray[np.int64],
    lacking: str | None,
    *,
    named: int,
    language: str,
) -> str | None:
    """
    Say why places of the community itself do not help those who have nothing near.

    Parameters
    ----------
    standard
        The standard, for labels of types.
    facilities
        The places.
    here
        Rows of those of the community itself that count.
    lacking
        What most people lack of several things that are counted.
    named
        Row of the place that is told already, -1 for none.
    language
        ``zh`` or ``en``.

    Returns
    -------
    words
        With one of them by name; None where the community has none that counts, or only the one
        that is told already.
    """
    if len(here) == 0 or here.tolist() == [named]:
        return None
    chinese, n = language == "zh", len(here)
    called = facilities.table["name"].iloc[here].notna().to_numpy(dtype=bool)
    first = _called(standard, facilities, int(here[int(called.argmax())]), chinese=chinese)
    if chinese:
        those = f"本社区现有 {n} 处" + (f"（{first}{'等' if n > 1 else ''}）")
        return those + (f"，尚缺{lacking}" if lacking else "，不在这些居民的该范围内或不对其开放")
    those = f"the community has {n} ({first}{', …' if n > 1 else ''})"
    return those + (
        f", and lacks {lacking}" if lacking else ", beyond that for them or not open to them"
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


def _most(names: Iterable[object], people: NDArray[np.float64]) -> object:
    held: dict[str, float] = {}
    for name, count in zip(names, people.tolist(), strict=True):
        held[str(name)] = held.get(str(name), 0.0) + count
    return max(sorted(held), key=lambda name: held[name])
