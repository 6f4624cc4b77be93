"""
Words for opening hours -> the hours of a day a gate is open.

Rules by weekday, season or sunrise are not guessed: whoever asks keeps the gate open and says so.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_DAY = 24 * 60
_TIME = r"([01]?\d|2[0-4])\s*(?:[:.时点]\s*([0-5]\d)?\s*分?)"
_SPAN = re.compile(rf"{_TIME}\s*(?:-|~|至|到)\s*(次日|翌日|第二天)?\s*{_TIME}")
_DASHES = re.compile(r"-{2,}|[‐-―−～∼〜]+")
_EVERY_DAY = re.compile(r"^(?:mo\s*-\s*su|每[日天]|周一(?:-|~|至|到)周[日天])\s*:?\s*")
_ALWAYS = re.compile(r"24\s*/\s*7|(?:每[日天])?(?:24\s*小时|全天候?|全日)(?:开放|通行|开启)?")
_NEVER = re.compile(
    r"off|closed|.*(?:应急|紧急|消防).*|(?:平时|日常)?(?:关闭|不开放)|常闭|长期关闭|(?:已)?封(?:闭|堵)"
)
_JOINS = re.compile(r"\s*[,;,;、/和及]\s*")


@dataclass(frozen=True, kw_only=True)
class Hours:
    """
    When a gate is open, every day alike.

    Parameters
    ----------
    spans
        Minutes after midnight it opens and shuts, in order, none overlapping and none past 24:00;
        empty when it never opens in daily life.
    """

    spans: tuple[tuple[int, int], ...]

    def __str__(self) -> str:
        return ",".join(f"{_clock(start)}-{_clock(end)}" for start, end in self.spans) or "off"

    def covers(self, start: int, end: int) -> bool:
        """
        Tell whether the gate is open from one minute of the day to another.

        Parameters
        ----------
        start, end
            Minutes after midnight; the same for one moment. When the end comes first, the time
            runs over midnight.

        Returns
        -------
        open
            Whether it is open all that time; it is still open at the minute it shuts.
        """
        if end < start:
            return self.covers(start, _DAY) and self.covers(0, end)
        # A gate that shuts at 24:00 and opens at 0:00 is open at midnight either way.
        return any(low <= start and end <= high for low, high in self.spans)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def read_hours(text: str) -> Hours | None:
    """
    Read opening hours as offices and maps write them.

    Parameters
    ----------
    text
        Such as ``6:00-23:00``, ``全天``, ``应急``, ``24/7`` or ``Mo-Su 06:00-22:00``.

    Returns
    -------
    hours
        When it is open; None when the text is no plain rule for every day.

    Examples
    --------
    >>> from lifecircle.sources.facilities.opening_hours import read_hours
    >>> str(read_hours("6:00至9:00、16:30-次日1:00")), str(read_hours("应急"))
    ('00:00-01:00,06:00-09:00,16:30-24:00', 'off')
    >>> read_hours("Mo-Fr 07:00-19:00") is None
    True
    """
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", text).strip().casefold())
    plain = _EVERY_DAY.sub("", plain).rstrip("; ")
    if _ALWAYS.fullmatch(plain):
        return Hours(spans=((0, _DAY),))
    if _NEVER.fullmatch(plain):
        return Hours(spans=())
    spans: list[tuple[int, int]] = []
    for part in _JOINS.split(plain):
        hit = _SPAN.fullmatch(part)
        if hit is None:
            return None
        start = int(hit[1]) * 60 + int(hit[2] or 0)
        end = int(hit[4]) * 60 + int(hit[5] or 0)
        if max(start, end) > _DAY or (start == end and not hit[3]):
            return None
        if end < start or hit[3]:
            spans += [(start, _DAY), (0, end)]
        else:
            spans.append((start, end))
    return Hours(spans=_merged(spans))


def _merged(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(span for span in spans if span[1] > span[0]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def minutes_asked(open_at: str) -> tuple[int, int]:
    """
    Read the hour a study is made for.

    Parameters
    ----------
    open_at
        ``HH:MM``, or ``HH:MM-HH:MM`` for all the time between.

    Returns
    -------
    start, end
        Minutes after midnight; the same for one moment.

    Examples
    --------
    >>> from lifecircle.sources.facilities.opening_hours import minutes_asked
    >>> minutes_asked("10:00"), minutes_asked("06:30-21:00")
    ((600, 600), (390, 1260))
    """
    first, _, last = open_at.partition("-")
    start, end = (
        int(one.split(":")[0]) * 60 + int(one.split(":")[1]) for one in (first, last or first)
    )
    return start, end
