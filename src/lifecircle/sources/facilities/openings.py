"""
What a note or a cell says of when a place opens -> the year, or nothing.

Only the end of building is an opening: the year of a plan or of a beginning says nothing of it.
"""

from __future__ import annotations

import re
import unicodedata

OPENS_COLUMNS = (
    *("opens", "投用时间", "投用年份", "计划投用时间", "预计投用时间", "开业时间", "计划开业时间"),
    *(
        "建成时间",
        "计划建成时间",
        "预计建成时间",
        "竣工时间",
        "计划竣工时间",
        "opening_year",
        "TYSJ",
    ),
)
"""Names of columns that say when a place opens or opened."""

_YEAR = r"((?:19|20)\d{2})"
_DONE = (
    "投用|投入使用|投入运营|启用|建成|竣工|完工|交付|开放|开业|开园|开诊|运营|运行|"
    "opens?|opening|ready"
)
_BEGUN = re.compile("停|关|撤|拆|开工|启动|开建|立项|动工")
_NOTE = re.compile(
    rf"{_YEAR}(?:年|[./\-])?(?P<between>(?:(?!\d{{4}})[^;。]){{0,14}}?)(?:{_DONE})"
    rf"|(?:opens?|opening|ready)(?P<before>[^;。]{{0,14}}?){_YEAR}"
)
_CELL = re.compile(_YEAR)


def opening_year(note: object) -> float:
    """
    Read from a note when a place opens.

    Parameters
    ----------
    note
        Text of a cell; whatever is no text says nothing.

    Returns
    -------
    year
        NaN where the note does not say it.

    Examples
    --------
    >>> from lifecircle.sources.facilities.openings import opening_year
    >>> opening_year("在建，预计2027年投用"), opening_year("2026年12月底前建成")
    (2027.0, 2026.0)
    >>> opening_year("2024年11月起停业"), opening_year("计划2026年开工")
    (nan, nan)
    """
    if not isinstance(note, str):
        return float("nan")
    plain = "".join(unicodedata.normalize("NFKC", note).casefold().split())
    for hit in _NOTE.finditer(plain):
        between = hit["between"] or hit["before"] or ""
        if not _BEGUN.search(between):
            return float(hit[1] or hit.groups()[-1])
    return float("nan")


def year_in(cell: object) -> float:
    """
    Read the year of a cell that holds a date or a year.

    Parameters
    ----------
    cell
        Such as ``2027``, ``2027.6``, ``2027年底`` or ``2027-06-30``.

    Returns
    -------
    year
        NaN where there is none.

    Examples
    --------
    >>> from lifecircle.sources.facilities.openings import year_in
    >>> year_in("2027年底"), year_in("2019.7"), year_in("待定")
    (2027.0, 2019.0, nan)
    """
    plain = "" if cell is None else unicodedata.normalize("NFKC", str(cell))
    hit = _CELL.search(plain)
    return float(hit[1]) if hit is not None else float("nan")
