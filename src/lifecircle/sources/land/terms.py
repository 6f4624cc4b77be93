"""For how many years a list says land or rooms can be had, and what that is enough for."""

from __future__ import annotations

import re
import unicodedata

from lifecircle.sources.geocoding.text import number_of

LAND_YEARS = 10
"""Least stated term of land a building is put on [years] (P)."""
ROOM_YEARS = 3
"""Least time a room fitted out can be used from its opening [years] (P)."""
GROUND_YEARS = 1
"""Least time a ground without buildings can be used from its opening [years] (P)."""
SHORT = "short_term"
"""Check of land or rooms whose term is too short: code of the labels."""

_TO = r"\-–—~、至到"
_YEARS = re.compile(
    rf"(?<![\d.第{_TO}])(\d{{1,2}}(?:\.\d+)?|半)(?:[{_TO}]\d{{1,2}})?\s*(?:年(半)?|years?)"
    r"(?:零?(\d{1,2})\s*(?:个月|months?))?",
    re.IGNORECASE,
)
_MONTHS = re.compile(
    rf"(?<![\d.{_TO}])(\d{{1,3}})(?:[{_TO}]\d{{1,3}})?\s*(?:个月|months?)", re.IGNORECASE
)
_WRITTEN = re.compile(
    rf"(?<![一二两三四五六七八九十〇])[一二两三四五六七八九十]+(?=[{_TO}一二三四五六七八九十]*(?:年|个月))"
)


def term_years(text: object) -> float | None:
    """
    Read a term.

    Parameters
    ----------
    text
        What the list says; missing or anything else than text says nothing.

    Returns
    -------
    years
        None where no number of years is told: for good, to be agreed, until some date. Of a span
        the least; a bare number is years.

    Examples
    --------
    >>> from lifecircle.sources.land.terms import term_years
    >>> term_years("2年(临时)"), term_years("三年"), term_years("18个月")
    (2.0, 3.0, 1.5)
    >>> term_years("十五年"), term_years("3-5年"), term_years("1年6个月")
    (15.0, 3.0, 1.5)
    >>> term_years("长期"), term_years("2027年底到期")
    (None, None)
    """
    if not isinstance(text, str):
        return None
    plain = unicodedata.normalize("NFKC", text).strip()
    if re.fullmatch(r"\d{1,2}(?:\.\d+)?", plain):
        return float(plain)
    plain = _WRITTEN.sub(lambda hit: str(number_of(hit[0])), plain)
    if found := _YEARS.search(plain):
        years = 0.5 if found[1] == "半" else float(found[1])
        return years + 0.5 * bool(found[2]) + float(found[3] or 0) / 12.0
    found = _MONTHS.search(plain)
    return None if found is None else float(found[1]) / 12.0


def last_opening(text: object, *, room: bool) -> int | None:
    """
    Tell the last year of a programme in which a place can open and still be used long enough.

    Parameters
    ----------
    text
        Its term, counted from the beginning of the programme.
    room
        Whether it is a room that is fitted out, or land.

    Returns
    -------
    year
        None where no term is told.

    Examples
    --------
    >>> from lifecircle.sources.land.terms import last_opening
    >>> last_opening("5年", room=True), last_opening("2年(临时)", room=False)
    (2, 1)
    >>> last_opening("长期", room=True) is None
    True
    """
    years = term_years(text)
    least = ROOM_YEARS if room else GROUND_YEARS
    return None if years is None else int(max(years - least, 0))


def short_term(text: object, *, room: bool) -> bool:
    """
    Say whether a term is too short for what is built or fitted out.

    Parameters
    ----------
    text
        The term.
    room
        Whether it is a room, which is fitted out in the first year at the earliest.

    Returns
    -------
    short
        False where no term is told.
    """
    years = term_years(text)
    if years is None:
        return False
    return last_opening(text, room=True) == 0 if room else years < LAND_YEARS
