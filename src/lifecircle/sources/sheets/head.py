"""
A grid of cells -> its column names, and which rows are records, totals, notes or nothing.

Every row that is not empty is given one kind; no row is guessed to be a record of another table.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from lifecircle.sources.sheets.cells import is_number
from lifecircle.sources.sheets.columns import recognise_columns
from lifecircle.sources.sheets.files import Cell, RawSheet

_CODE_DIGITS = 9  # no number of people or square metres has that many
_SEARCHED = 40  # rows from the top among which the header is looked for
_UNITS = frozenset("人 万人 户 个 张 处 亩 公顷 m2 平方米 万平方米 万m2 米 m 万元 元 %".split())
_TOTAL = re.compile(r".{0,12}(?:合计|小计|总计|共计|总和)|(?:sub|grand)?total|sum", re.IGNORECASE)
_NOTE = re.compile(
    r"(?:注\d*|备注|说明|附注|填表\w*|填报\w*|制表\w*|审核\w*|数据来源|资料来源|单位负责人|负责人|"
    r"联系人|联系电话|统计口径|notes?|sources?)[:：].*",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, kw_only=True)
class Head:
    """
    Where a sheet's columns get their names.

    Parameters
    ----------
    rows
        Rows of the header, counted from 0: one or two.
    names
        Name of each column, no name twice.
    found
        Meaning to column name, of those recognised.
    """

    rows: tuple[int, ...]
    names: tuple[str, ...]
    found: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Apart:
    """
    A row below the header that is no record.

    Parameters
    ----------
    row
        Its number in the file, from 1.
    kind
        ``total``, ``note`` or ``header`` (a header that is printed again).
    text
        What it says.
    """

    row: int
    kind: str
    text: str


def find_head(
    sheet: RawSheet,
    wanted: Mapping[str, tuple[str, ...]],
    given: Mapping[str, str] | None,
) -> Head | None:
    """
    Find the header of a sheet by what its cells say.

    Parameters
    ----------
    sheet
        The sheet.
    wanted
        Meaning to the names such a column is known by.
    given
        Meaning to the column the planner says.

    Returns
    -------
    head
        The row, or the pair of rows, in which most meanings are recognised, the first of equals;
        where none is, the first row of more than one text. None where there is no such row.
    """
    best: Head | None = None
    most = 0
    plain: Head | None = None
    for row in range(min(_SEARCHED, len(sheet.cells))):
        texts = [cell for cell in sheet.cells[row] if cell is not None]
        if not texts or any(isinstance(cell, float) for cell in texts):
            continue
        if len(texts) > 1 and plain is None:
            plain = _head(sheet, (row,), wanted, given)
        rows = (row, row + 1) if _goes_on(sheet, row) else (row,)
        head = _head(sheet, rows, wanted, given)
        if len(head.found) > most:
            best, most = head, len(head.found)
    return best or plain


def _goes_on(sheet: RawSheet, row: int) -> bool:
    """Whether the next row holds the second half of the column names."""
    if row + 1 >= len(sheet.cells):
        return False
    upper, lower = sheet.cells[row], sheet.cells[row + 1]
    told = [cell for cell in lower if cell is not None]
    if not told or any(isinstance(cell, float) or is_number(cell) for cell in told):
        return False
    if all(_is_unit(cell) for cell in told):
        return True
    if len([cell for cell in upper if cell is not None]) < 2:
        return False
    if any(
        top == row and (row < bottom or (left < right and any(lower[left : right + 1])))
        for top, left, bottom, right in sheet.merges
    ):
        return True
    # Without merges: names stand below a heading and the empty cells after it, nowhere else.
    within = [
        cell is None or (at + 1 < len(upper) and upper[at + 1] is None)
        for at, cell in enumerate(upper)
    ]
    return [cell is not None for cell in lower] == within


def _head(
    sheet: RawSheet,
    rows: tuple[int, ...],
    wanted: Mapping[str, tuple[str, ...]],
    given: Mapping[str, str] | None,
) -> Head:
    lines = [[_one_line(cell) for cell in sheet.cells[row]] for row in rows]
    if len(lines) == 2:
        _spread(lines[0], lines[1], sheet, rows[0])
        spelled = [_spellings(over, under) for over, under in zip(lines[0], lines[1], strict=True)]
    else:
        spelled = [(name,) for name in lines[0]]
    # The planner may write either half, or both.
    asked = {_key(name): name for name in (given or {}).values()}
    names = _unlike(
        [next((asked[_key(way)] for way in one if _key(way) in asked), one[0]) for one in spelled]
    )
    found = _recognised(names, spelled, wanted, given)
    return Head(rows=rows, names=tuple(names), found=found)


def _recognised(
    names: list[str],
    spelled: Sequence[tuple[str, ...]],
    wanted: Mapping[str, tuple[str, ...]],
    given: Mapping[str, str] | None,
) -> dict[str, str]:
    said = {
        meaning: name
        for meaning, name in (given or {}).items()
        if meaning in wanted and any(_key(name) == _key(column) for column in names)
    }
    found = recognise_columns(pd.DataFrame(columns=names), wanted, said, "")
    for turn in range(1, max((len(one) for one in spelled), default=1)):
        # The same column by another of its spellings, under a name that leads back to it.
        left = [
            (spelled[at][turn], name)
            for at, name in enumerate(names)
            if len(spelled[at]) > turn and name not in found.values()
        ]
        back = dict(reversed(left))
        open_meanings = {key: value for key, value in wanted.items() if key not in found}
        more = recognise_columns(pd.DataFrame(columns=list(back)), open_meanings, None, "")
        found |= {meaning: back[column] for meaning, column in more.items()}
    return {meaning: found[meaning] for meaning in wanted if meaning in found}


def _spread(upper: list[str], lower: list[str], sheet: RawSheet, row: int) -> None:
    """Write a heading that stands over several columns over each of them."""
    here = [one for one in sheet.merges if one[0] <= row <= one[2]]
    for _, left, _, right in here:
        upper[left : right + 1] = [upper[left]] * len(upper[left : right + 1])
    if not here:
        for at in range(1, len(upper)):
            if not upper[at] and lower[at]:
                upper[at] = upper[at - 1]


def _spellings(over: str, under: str) -> tuple[str, ...]:
    if not under or over == under:
        return (over,)
    if not over:
        return (under,)
    if _is_unit(under):
        return (f"{over}({_bare(under)})",)
    return (f"{over} {under}", under, f"{under}{over}")


def _bare(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip("() \n").removeprefix("单位:")


def _is_unit(cell: Cell) -> bool:
    return isinstance(cell, str) and _bare(cell) in _UNITS


def _unlike(names: list[str]) -> list[str]:
    taken: dict[str, int] = {}
    unlike = []
    for at, name in enumerate(names, start=1):
        base = name or f"column {at}"
        taken[base] = taken.get(base, 0) + 1
        unlike.append(base if taken[base] == 1 else f"{base} ({taken[base]})")
    return unlike


def _one_line(cell: Cell) -> str:
    return "" if cell is None else joined_lines(str(cell))


def joined_lines(text: str) -> str:
    r"""
    Take the line breaks out of a cell.

    Parameters
    ----------
    text
        What a cell says.

    Returns
    -------
    text
        On one line: a break beside a Chinese character or within a code leaves nothing, any other
        leaves a blank: two short numbers in one cell stay two.

    Examples
    --------
    >>> from lifecircle.sources.sheets.head import joined_lines
    >>> joined_lines("西仓社区\n文化家园"), joined_lines("Town\nHall")
    ('西仓社区文化家园', 'Town Hall')
    >>> joined_lines("3399010\n01001"), joined_lines("400\n500")
    ('339901001001', '400 500')
    """
    if "\n" not in text and "\r" not in text and "_x000D_" not in text:
        return text.strip()
    text = re.sub(r"[ \t]*(?:\r\n|\r|\n|_x000D_)+[ \t]*", "\n", text.strip())
    if len(text) <= _CODE_DIGITS and re.fullmatch(r"[\d.,]+(?:\n[\d.,]+)+", text):
        return text.replace("\n", " ")
    text = re.sub(r"(?<=[^\x00-\xff])\n|\n(?=[^\x00-\xff])|(?<=\d)\n(?=\d)", "", text)
    return text.replace("\n", " ")


def kind_of_row(
    sheet: RawSheet, row: int, head: Head, *, columns: Sequence[int]
) -> tuple[str, str]:
    """
    Tell what a row below the header is.

    Parameters
    ----------
    sheet
        The sheet.
    row
        The row, counted from 0.
    head
        The sheet's header.
    columns
        Positions of the columns a record is known by, such as its name.

    Returns
    -------
    kind, text
        ``record``, ``total``, ``note``, ``header`` or ``empty``, and what the row says.
    """
    cells = sheet.cells[row]
    filled = [(at, joined_lines(str(cell))) for at, cell in enumerate(cells) if cell is not None]
    if not filled:
        return "empty", ""
    text = " ".join(one for _, one in filled)
    first = _key(filled[0][1])
    if _NOTE.fullmatch(first) or (len(filled) == 1 and re.match(r"注[\d(、.]|[※*]", first)):
        return "note", text
    if any(_TOTAL.fullmatch(_key(one).rstrip(":：")) for _, one in filled[:4]):
        return "total", text
    if any(_same_row(sheet, row, other) for other in head.rows):
        return "header", text
    if len(filled) == 1 and len(cells) > 2:
        across = any(
            top == row == bottom and left < right for top, left, bottom, right in sheet.merges
        )
        if across or filled[0][0] not in columns:
            return "note", text
    return "record", text


def _same_row(sheet: RawSheet, row: int, other: int) -> bool:
    return all(
        _one_line(one) == _one_line(two)
        for one, two in zip(sheet.cells[row], sheet.cells[other], strict=True)
    )


def _key(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).replace("_", "").casefold().split())
