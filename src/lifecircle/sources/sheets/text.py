"""
Bytes of a text table in any encoding and with any delimiter -> a grid of cells.

Bytes that fit no encoding are told; a cell is never cut at a sign within quotes.
"""

from __future__ import annotations

import codecs
import csv
import io
import warnings
from collections import Counter

from lifecircle.errors import LifecircleWarning, Problem, SourceError
from lifecircle.sources.sheets.columns import seen_text

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = ",\t;，|"
_SAMPLE = 200  # rows that tell the delimiter
_COMMON = 0.8  # share of common letters that settles an encoding
_TOLD = 0.01  # share of letters that may be broken before the encoding is wrong


def grid_of_text(
    data: bytes, *, encoding: str | None = None, where: str
) -> tuple[tuple[str | None, ...], ...]:
    r"""
    Read a text table.

    Parameters
    ----------
    data
        Its bytes.
    encoding
        What the planner declares; goes before all guessing.
    where
        Name for messages.

    Returns
    -------
    cells
        Rows of cells of one length, without blanks around them; an empty cell is None. Rows that
        are longer than most keep their cells.

    Raises
    ------
    SourceError
        If the bytes are no text, the declared encoding does not fit, or quotes never end.

    Warns
    -----
    LifecircleWarning
        If single letters are broken, or the text fits no Chinese encoding.

    Examples
    --------
    >>> from lifecircle.sources.sheets.text import grid_of_text
    >>> grid_of_text("名称;坐标\n城东;121.1,30.4".encode("gb18030"), where="list.csv")
    (('名称', '坐标'), ('城东', '121.1,30.4'))
    """
    text = _decoded(data, encoding, where)
    rows = _rows(text, _delimiter(text), where)
    width = max((len(row) for row in rows), default=0)
    return tuple(tuple(row) + (None,) * (width - len(row)) for row in rows)


def _rows(text: str, delimiter: str, where: str) -> list[list[str | None]]:
    try:
        found = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        return [[_plain(cell) for cell in row] for row in found]
    except csv.Error as error:
        raise SourceError(
            Problem(
                what=f"cannot be read as a text table ({error})",
                where=where,
                remedy="look for a quote that never ends, or save it as .xlsx",
            )
        ) from error


def _plain(cell: str) -> str | None:
    cell = seen_text(cell)
    # How spreadsheets are told in a text table to leave digits alone.
    if cell.startswith('="') and cell.endswith('"'):
        cell = cell[2:-1]
    elif cell.startswith("'") and cell[1:].isdecimal():
        cell = cell[1:]
    return cell.strip() or None


def _delimiter(text: str) -> str:
    best, most = ",", 0
    for delimiter in _DELIMITERS:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        widths: Counter[int] = Counter()
        try:
            for _, row in zip(range(_SAMPLE), reader, strict=False):
                widths[len(row)] += len(row) > 1
        except csv.Error:
            continue
        score = max((count * (width - 1) for width, count in widths.items()), default=0)
        if score > most:
            best, most = delimiter, score
    return best


def _decoded(data: bytes, declared: str | None, where: str) -> str:
    if declared is not None:
        return _declared(data, declared, where)
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data.decode(codec, errors="replace")
    if wide := _wide(data):
        return data.decode(wide, errors="replace")
    if b"\x00" in data:
        raise SourceError(
            Problem(
                what="is neither a workbook nor a text table",
                where=where,
                remedy="save it as .xlsx, or as .csv in UTF-8",
            )
        )
    for codec, common in (("utf-8", 0.0), ("gb18030", _COMMON), ("big5", _COMMON)):
        whole = _strictly(data, codec)
        if whole is not None and _share_of_common(whole, codec) >= common:
            return whole
    for codec in ("utf-8", "gb18030"):
        text = data.decode(codec, "replace")
        letters = sum(not letter.isascii() for letter in text)
        broken = text.count("\ufffd")
        if broken <= max(1.0, _TOLD * letters) and _share_of_common(text, codec) >= 0.5:
            _warn(f"{where}: {broken} letters are broken and cannot be read")
            return text
    _warn(
        f'{where}: its texts are neither UTF-8 nor Chinese and are read as "cp1252"; '
        'give encoding = "…" if names look wrong'
    )
    return data.decode("cp1252", errors="replace")


def _declared(data: bytes, declared: str, where: str) -> str:
    # GB18030 holds all of GBK and GB 2312, and programs call all of them by each other's name.
    chinese = declared.lower().replace("-", "") in ("gbk", "gb2312", "cp936", "ansi", "936")
    try:
        text = data.decode("gb18030" if chinese else declared)
    except (LookupError, UnicodeDecodeError) as error:
        known = isinstance(error, UnicodeDecodeError)
        raise SourceError(
            Problem(
                what=f"encoding '{declared}' "
                + ("does not fit its texts" if known else "is not known"),
                where=where,
                remedy='leave encoding out, or give "utf-8", "gb18030" or "big5"',
            )
        ) from error
    return text.removeprefix("\ufeff")


def _wide(data: bytes) -> str | None:
    """Tell UTF-16 without its mark by the zeros that ASCII leaves in every second byte."""
    head = data[:4000]
    for codec, at in (("utf-16-le", 1), ("utf-16-be", 0)):
        zeros = head[at::2].count(0)
        if zeros and zeros > 0.05 * len(head) and head[1 - at :: 2].count(0) == 0:
            return codec
    return None


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _share_of_common(text: str, codec: str) -> float:
    """Count how many of the letters beyond ASCII are common ones of that encoding."""
    narrow = {"gb18030": "gb2312"}.get(codec, codec)
    sample = [letter for letter in text[:20_000] if not letter.isascii()]
    if codec == "utf-8" or not sample:
        return 1.0
    common = 0
    for letter in sample:
        try:
            code = letter.encode(narrow)
        except UnicodeEncodeError:
            continue
        # First planes of both: signs and the characters of every day.
        common += code < b"\xd8" if narrow == "gb2312" else code < b"\xc6\x7f"
    return common / len(sample)


def _warn(text: str) -> None:
    warnings.warn(text, LifecircleWarning, stacklevel=5)
