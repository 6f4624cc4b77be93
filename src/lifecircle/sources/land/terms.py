"""For how many years a list says land or rooms can be had, and what that is enough for."""

from __future__ import annotations

import re
import unicodedata

LAND_YEARS = 10
"""Least stated term of land a building is put on [years] (P)."""
ROOM_YEARS = 3
"""Least time a room fitted out can be used from its opening [years] (P)."""
GROUND_YEARS = 1
"""Least time a ground without buildings can be used from its opening [years] (P)."""
SHORT = "short_term"
"""Check of land or rooms whose term is too short: code of the labels."""

_DIGITS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "八": 8, "十": 10}
_YEARS = re.compile(r"(?<![\d.])(\d{1,2}(?:\.\d+)?)\s*(?:年|years?)", re.IGNORECASE)
_WRITTEN = re.compile(rf"([{''.join(_DIGITS)}])年")
_MONTHS = re.compile(r"(?<![\d.年])(\d{1,3})\s*(?:个月|months?)", re.IGNORECASE)


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
        None where no number of years is told: for good, to be agreed, until some date.

    Examples
    --------
    >>> from lifecircle.sources.land.terms import term_years
    >>> term_years("2年(临时)"), term_years("三年"), term_years("18个月")
    (2.0, 3.0, 1.5)
    >>> term_years("长期"), term_years("2027年底到期")
    (None, None)
    """
    if not isinstance(text, str):
        return None
    plain = unicodedata.normalize("NFKC", text)
    if found := _YEARS.search(plain):
        return float(found[1])
    if found := _WRITTEN.search(plain):
        return float(_DIGITS[found[1]])
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
