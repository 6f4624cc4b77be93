"""Rows and widths of a Word table."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from lifecircle.outputs import style
from lifecircle.outputs.printing import printable
from lifecircle.outputs.workbook.grid import Cell, Form

_PADDING_CM = 0.42
_CHARACTER_CM = 0.175  # of a Latin letter at 8 points; Chinese takes two


def docx_row(
    texts: Sequence[str],
    widths: Sequence[float],
    numeric: Sequence[bool],
    *,
    head: bool = False,
    bold: bool = False,
) -> object:
    """
    Make a row of a table.

    Parameters
    ----------
    texts
        One per cell.
    widths
        Of the cells [cm].
    numeric
        Which are set to the right.
    head
        Whether the row is repeated on every page.
    bold
        Whether it is a total.

    Returns
    -------
    row
        An element of the document; cell by cell through python-docx a long list takes minutes.
    """
    row = OxmlElement("w:tr")
    properties = OxmlElement("w:trPr")
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))
    row.append(properties)
    for text, width, number in zip(texts, widths, numeric, strict=True):
        cell = OxmlElement("w:tc")
        about = OxmlElement("w:tcPr")
        size = OxmlElement("w:tcW")
        size.set(qn("w:w"), str(int(width * 567)))
        size.set(qn("w:type"), "dxa")
        about.append(size)
        if head:
            shade = OxmlElement("w:shd")
            shade.set(qn("w:val"), "clear")
            shade.set(qn("w:fill"), "E8ECEF")
            about.append(shade)
        cell.append(about)
        cell.append(_cell_text(text, right=number, bold=head or bold))
        row.append(cell)
    return row


def _cell_text(text: str, *, right: bool, bold: bool) -> object:
    paragraph = OxmlElement("w:p")
    layout = OxmlElement("w:pPr")
    spacing = OxmlElement("w:spacing")
    for key, value in (("before", "10"), ("after", "10"), ("line", "240"), ("lineRule", "auto")):
        spacing.set(qn(f"w:{key}"), value)
    layout.append(spacing)
    if right:
        side = OxmlElement("w:jc")
        side.set(qn("w:val"), "right")
        layout.append(side)
    paragraph.append(layout)
    run = OxmlElement("w:r")
    look = OxmlElement("w:rPr")
    if bold:
        look.append(OxmlElement("w:b"))
    size = OxmlElement("w:sz")
    size.set(qn("w:val"), "16")
    look.append(size)
    run.append(look)
    for number, line in enumerate(printable(text).split("\n")):
        if number:
            run.append(OxmlElement("w:br"))
        words = OxmlElement("w:t")
        words.set(qn("xml:space"), "preserve")
        words.text = line
        run.append(words)
    paragraph.append(run)
    return paragraph


def shown(value: Cell, form: Form, language: str) -> str:
    """
    Write a value as the workbook shows it.

    Parameters
    ----------
    value
        A cell.
    form
        How its column is shown.
    language
        ``zh`` or ``en``.

    Returns
    -------
    text
        A dash where there is nothing.
    """
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return "—"
    if form == "grade":
        return style.label("grade", value, language)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    formats = {
        "share": "{:.1%}",
        "people": "{:,.0f}",
        "metres": "{:,.0f}",
        "minutes": "{:.1f}",
        "score": "{:.1f}",
        "ratio": "{:.2f}",
    }
    return formats.get(form, "{:g}").format(value)


def widths_of(heads: Sequence[str], rows: Sequence[Sequence[str]], whole: float) -> list[float]:
    """
    Share the width of the text out: every column's longest word fits, the rest by length.

    Parameters
    ----------
    heads
        Headings.
    rows
        Texts of the cells.
    whole
        Width of the table [cm].

    Returns
    -------
    widths
        One per column [cm], `whole` together.
    """
    least, wanted = [], []
    for place, head in enumerate(heads):
        texts = [head, *(row[place] for row in rows)]
        least.append(_PADDING_CM + _CHARACTER_CM * min(max(map(_longest_word, texts)), 16.0))
        lengths = sorted(max(map(_length, row[place].split("\n"))) for row in rows)
        usual = lengths[int(0.9 * (len(lengths) - 1))]
        wanted.append(_PADDING_CM + _CHARACTER_CM * min(max(usual, _length(head) / 2), 60.0))
    spare = whole - sum(least)
    if spare <= 0:
        return [whole * one / sum(least) for one in least]
    more = [max(want - low, 0.0) for want, low in zip(wanted, least, strict=True)]
    if sum(more) <= spare:  # everything fits on one line: what is left goes to all alike
        rest = (spare - sum(more)) / len(heads)
        return [low + extra + rest for low, extra in zip(least, more, strict=True)]
    return [low + spare * extra / sum(more) for low, extra in zip(least, more, strict=True)]


def _length(text: str) -> float:
    return sum(2.0 if unicodedata.east_asian_width(one) in "WF" else 1.0 for one in text)


def _longest_word(text: str) -> float:
    """Measure what should not be broken: a Latin word, or four characters of Chinese."""
    longest, latin, chinese = 0.0, 0.0, 0.0
    for one in text:
        wide = unicodedata.east_asian_width(one) in "WF"
        latin = 0.0 if wide or one in " \n-/" else latin + 1.0
        chinese = min(chinese + 2.0, 8.0) if wide else 0.0
        longest = max(longest, latin, chinese)
    return longest
