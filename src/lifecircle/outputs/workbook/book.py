"""
Sheets become an Excel file.

Every text cell is written as text, so nothing from a file can become a formula or a link, and no
date of writing goes in, so the same sheets give the same bytes.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet as Page

from lifecircle.errors import Problem, SourceError
from lifecircle.outputs.names import Names
from lifecircle.outputs.style import GRADE_COLOURS, GRADE_INK
from lifecircle.outputs.workbook.grid import Block, Cell, Field, Form, Row, Worksheet

_FONT = "Microsoft YaHei"
_PAPER = {"A3": 8, "A4": 9}
_NUMBERS: dict[Form, str] = {
    "number": "0.##",
    "people": "#,##0",
    "share": "0.0%",
    "metres": "#,##0",
    "minutes": "0.0",
    "score": "0.0",
    "ratio": "0.00",
}
_NARROWEST, _WIDEST_OTHER = 7, 22
_WIDEST: dict[Form, int] = {"wide": 34, "prose": 60}
_LINE = 14  # points a line of text takes
_LONGEST_CELL = 32_000  # Excel refuses more than 32,767 characters
_LONGEST_TITLE = 60  # header and footer take 255 characters, codes included
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
"""Date of a file whose inputs have none."""
_NOTHING: Mapping[str, Sequence[str]] = MappingProxyType({})


def write_sheets(
    sheets: Sequence[Worksheet],
    path: Path,
    names: Names,
    *,
    title: str,
    release: str,
    credit: str = "",
    created: datetime = UNDATED,
    hidden: Mapping[str, Sequence[str]] = _NOTHING,
) -> Path:
    """
    Write sheets as an Excel file.

    Parameters
    ----------
    sheets
        What is drawn, in order.
    path
        The ``.xlsx`` file.
    names
        Words of the run.
    title, release, credit
        What stands at the foot of every page.
    created
        The file's date.
    hidden
        Name of a hidden sheet to the texts of its rows.

    Returns
    -------
    path
        The file written.

    Raises
    ------
    SourceError
        If the file cannot be written, for instance while Excel holds it.
    """
    book = xlsxwriter.Workbook(
        str(path),
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": False,
        },
    )
    book.set_properties({"title": _clipped(title, 250), "created": created})
    pen = _Pen(book=book)
    shown = _clipped(title, _LONGEST_TITLE).replace("&", "&&")
    foot = f"&L&8{_spaced(shown)} · {names.label('release', release)}&C&8{credit}&R&8&P / &N"
    lists = _Lists(name=names.say("选项", "lists"))
    for sheet in sheets:
        _draw(book.add_worksheet(sheet.name), sheet, pen, lists, foot, names)
    if lists.columns:
        lists.write(book.add_worksheet(lists.name), pen)
    for name, lines in hidden.items():
        page = book.add_worksheet(name)
        for row, line in enumerate(lines):
            for column, start in enumerate(range(0, len(line), _LONGEST_CELL)):
                page.write_string(row, column, line[start : start + _LONGEST_CELL])
        page.very_hidden()
    book.worksheets()[0].activate()
    try:
        book.close()
    except FileCreateError as error:
        raise SourceError(
            Problem(
                what="the workbook cannot be written",
                where=path.name,
                remedy="close it in Excel, or check that the folder is there",
            )
        ) from error
    return path


def _clipped(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


@dataclass(frozen=True, kw_only=True)
class _Pen:
    """Formats of one workbook, made when first asked for."""

    book: Workbook
    made: dict[tuple[tuple[str, object], ...], Format] = field(default_factory=dict)

    def format(self, looks: dict[str, object]) -> Format:
        whole = {"font_name": _FONT, "font_size": 10, "valign": "vcenter", **looks}
        key = tuple(sorted(whole.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format(whole)
        return self.made[key]


@dataclass(frozen=True, kw_only=True)
class _Lists:
    """What the drop-downs offer, on a hidden sheet: a rule itself holds only 255 characters."""

    name: str
    columns: dict[tuple[str, ...], int] = field(default_factory=dict)

    def reference(self, choices: tuple[str, ...]) -> str:
        column = self.columns.setdefault(choices, len(self.columns))
        letter = chr(ord("A") + column)
        return f"='{self.name}'!${letter}$1:${letter}${len(choices)}"

    def write(self, page: Page, pen: _Pen) -> None:
        for choices, column in self.columns.items():
            for row, choice in enumerate(choices):
                if choice.isdecimal():  # years stay numbers, or picking one would leave text
                    page.write_number(row, column, int(choice), pen.format({}))
                else:
                    page.write_string(row, column, choice, pen.format({}))
        page.hide()


def _draw(page: Page, sheet: Worksheet, pen: _Pen, lists: _Lists, foot: str, names: Names) -> None:
    widths = _widths(sheet, names)
    for column, width in widths.items():
        page.set_column(column, column, width)
    page.set_row(0, 26)
    page.write_string(0, 0, sheet.name, pen.format({"bold": True, "font_size": 15}))
    page.write_string(1, 0, sheet.note, pen.format({"font_color": "#5a6270", "font_size": 9}))
    page.repeat_rows(0, 1)
    page.freeze_panes(2, 0)
    at = 2
    for number, block in enumerate(sheet.blocks):
        if block.title != sheet.name and (number or not sheet.held):
            title = pen.format({"bold": True, "font_size": 12})
            page.write_string(at, block.column, block.title, title)
            at += 1
        _head(page, at, block, widths, pen)
        if number == 0 and sheet.held:
            page.freeze_panes(at + 1, sheet.held)
            page.repeat_rows(0, at)
            page.autofilter(at, 0, at + max(len(block.rows), 1), len(block.fields) - 1)
        for row, values in enumerate(block.rows, start=at + 1):
            total = row > at + len(block.rows) - block.totals
            _row(page, row, values, block, widths, pen, names, total=total)
        _offer(page, at + 1, block, lists, names)
        at += 1 + len(block.rows)
        if not block.rows and block.empty:
            page.write_string(at, block.column, block.empty, pen.format({"italic": True}))
            at += 1
        at += 1
    _print(page, sheet, foot)


def _places(block: Block) -> list[tuple[int, Field]]:
    places, column = [], block.column
    for spec in block.fields:
        places.append((column, spec))
        column += spec.span
    return places


def _head(page: Page, row: int, block: Block, widths: Mapping[int, float], pen: _Pen) -> None:
    deepest = 1
    for column, spec in _places(block):
        looks: dict[str, object] = {
            "bold": True,
            "text_wrap": True,
            "align": "center",
            "border": 1,
            "border_color": "#aab2bd",
            "bg_color": "#fff3c4" if spec.planner else "#dfe7ef",
        }
        lines = _lines(spec.heading)
        _put(page, row, column, "\n".join(lines), spec.span, pen.format(looks))
        deepest = max(deepest, _depth("\n".join(lines), column, spec, widths))
    page.set_row(row, _LINE * deepest + 8)


def _lines(heading: str) -> list[str]:
    # A unit in brackets goes on a line of its own rather than being broken somewhere.
    if "\n" in heading or _width(heading) <= _NARROWEST:
        return heading.split("\n")
    return heading.replace("（", "\n（", 1).replace(" (", "\n(", 1).split("\n")


def _depth(text: str, column: int, spec: Field, widths: Mapping[int, float]) -> int:
    # Lines a wrapped text takes: Excel and others do not agree on fitting rows by themselves.
    room = max(sum(widths[column + k] for k in range(spec.span)) - 1, 1)
    return sum(max(math.ceil(_width(line) / room), 1) for line in text.split("\n"))


def _row(
    page: Page,
    row: int,
    values: Row,
    block: Block,
    widths: Mapping[int, float],
    pen: _Pen,
    names: Names,
    *,
    total: bool,
) -> None:
    deepest = 1
    for (column, spec), value in zip(_places(block), values, strict=True):
        looks: dict[str, object] = {"border": 1, "border_color": "#d5dae1"}
        if total:
            looks |= {"bold": True, "bg_color": "#eef2f6"}
        if spec.planner:
            looks["bg_color"] = "#fffbe8"
        if spec.form == "grade" and value is not None:
            code = str(value)
            looks |= {"align": "center", "bold": True}
            looks |= {"bg_color": GRADE_COLOURS.get(code, "#ffffff")}
            looks |= {"font_color": GRADE_INK.get(code, "#000000")}
            value = "—" if code == "none" else names.label("grade", code)  # noqa: PLW2901
        if isinstance(value, bool):
            value = names.label("flag", value)  # noqa: PLW2901
        if value is None or isinstance(value, str):
            text = _safe(value or "")
            if spec.form in ("wide", "prose"):
                looks["text_wrap"] = True
                deepest = max(deepest, _depth(text, column, spec, widths))
            if spec.form == "sheet":
                looks |= {"font_color": "#1f5f99", "underline": 1}
                page.write_url(row, column, f"internal:'{text}'!A1", pen.format(looks), text)
                continue
            _put(page, row, column, text, spec.span, pen.format(looks))
        else:
            looks |= {"align": "right", "indent": 1, "num_format": _number_format(value, spec)}
            page.write_number(row, column, float(value), pen.format(looks))
    # Excel's tallest row has 409 points.
    page.set_row(row, min(_LINE * deepest + 3, 409))


def _put(page: Page, row: int, column: int, text: str, span: int, look: Format) -> None:
    if span > 1:
        page.merge_range(row, column, row, column + span - 1, "", look)
    if text:
        page.write_string(row, column, text, look)
    else:
        page.write_blank(row, column, None, look)


def _number_format(value: float, spec: Field) -> str:
    shown = _NUMBERS.get(spec.form, "General")
    # "0.##" would leave a bare decimal point behind whole numbers.
    return "0" if shown == "0.##" and float(value).is_integer() else shown


def _safe(text: str) -> str:
    if not text.isprintable():  # what is printable holds no sign to be replaced
        text = "".join(
            "\ufffd" if unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\t\n" else sign
            for sign in text.replace("\r\n", "\n").replace("\r", "\n")
        )
    return _clipped(text, _LONGEST_CELL)


def _offer(page: Page, first: int, block: Block, lists: _Lists, names: Names) -> None:
    for column, spec in _places(block):
        if spec.choices and block.rows:
            page.data_validation(
                first,
                column,
                first + len(block.rows) - 1,
                column,
                {
                    "validate": "list",
                    "source": lists.reference(spec.choices),
                    "error_type": "information",
                    "error_title": names.say("不在选项中", "not in the list"),
                    "error_message": names.say(
                        "该值不在选项中，确定要保留吗？", "This is not in the list. Keep it?"
                    ),
                },
            )


def _widths(sheet: Worksheet, names: Names) -> dict[int, float]:
    widths: dict[int, float] = {}
    for block in sheet.blocks:
        for place, (column, spec) in enumerate(_places(block)):
            # Headings may take several lines, texts that wrap too.
            lines = [_width(line) for line in _lines(spec.heading)]
            need = max(lines) if len(lines) > 1 else -(-lines[0] // 2)
            # … but between words, which Chinese may be broken within and English not.
            need = max([need, *(len(word) for word in spec.heading.split() if word.isascii())])
            for row in block.rows:
                need = max(need, _value_width(row[place], spec, names))
            width = float(min(max(need + 2, _NARROWEST), _WIDEST.get(spec.form, _WIDEST_OTHER)))
            for k in range(column, column + spec.span):
                widths[k] = max(width / spec.span, widths.get(k, 0.0))
    return widths


def _value_width(value: Cell, spec: Field, names: Names) -> int:
    if value is None or spec.form == "grade":
        return 4
    if isinstance(value, bool):
        return _width(names.label("flag", value))
    if isinstance(value, str):
        return max(_width(line) for line in value[:400].split("\n"))
    return len(f"{value:,.0f}") + (3 if spec.form in ("share", "score", "minutes") else 0)


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def _print(page: Page, sheet: Worksheet, foot: str) -> None:
    page.set_landscape()
    page.set_paper(_PAPER[sheet.paper])
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.fit_to_pages(sheet.pages_wide, 0)
    page.hide_gridlines(2)
    if sheet.held and sheet.pages_wide > 1:
        page.repeat_columns(0, sheet.held - 1)
    page.set_footer(foot)


def _spaced(title: str) -> str:
    # A digit right after the size code would be read as part of the size.
    return f" {title}"
