"""A sheet of paper: frame, title block, texts and tables in millimetres from its upper left."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.printing import font_of, printable
from lifecircle.provenance import OSM_CREDIT

A3 = (420.0, 297.0)
A4 = (210.0, 297.0)
MARGIN_MM = 10.0
"""Between the edge of the paper and the frame [mm]."""
STRIP_MM = 12.0
"""Height of the strip of the title block at the foot [mm]."""
MM_OF_POINT = 25.4 / 72
"""Millimetres of one typographic point."""
_CLOSING = "，。、；：！？）】》」』”’,.;:!?)]%"  # no line begins with one of these
INK = "#22262c"
"""Colour of texts."""
_RULE = "#8b9098"


@dataclass(frozen=True, kw_only=True)
class Frame:
    """
    What the title block of every sheet of a plan says.

    Parameters
    ----------
    organisation, date
        Who drew it up, and when; empty is left to be filled in by hand.
    number
        What sheet numbers begin with.
    """

    organisation: str = ""
    date: str = ""
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class Page:
    """
    One sheet while it is drawn.

    Parameters
    ----------
    figure
        The whole sheet.
    paper
        Axes over the whole sheet, in millimetres, y downwards.
    width, height
        Of the paper [mm].
    """

    figure: Figure
    paper: Axes
    width: float
    height: float

    def axes(self, x: float, y: float, width: float, height: float) -> Axes:
        """
        Open axes on the sheet.

        Parameters
        ----------
        x, y, width, height
            Upper left corner and size [mm].

        Returns
        -------
        axes
            Without ticks, framed by a thin line.
        """
        rect = (
            x / self.width,
            1 - (y + height) / self.height,
            width / self.width,
            height / self.height,
        )
        axes = self.figure.add_axes(rect)
        axes.set_xticks([])
        axes.set_yticks([])
        for side in axes.spines.values():
            side.set_color(_RULE)
            side.set_linewidth(0.6)
        return axes

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 8.0,
        colour: str = INK,
        across: str = "left",
        bold: bool = False,
    ) -> None:
        """
        Write one line.

        Parameters
        ----------
        x, y
            Where it stands: its left end, middle or right end, and its middle height [mm].
        text
            The line; never markup.
        size
            Of the letters [points].
        colour
            Of the letters.
        across
            ``left``, ``center`` or ``right``.
        bold
            Whether in a heavy weight.
        """
        self.paper.text(
            x,
            y,
            printable(text).replace("$", r"\$"),  # a dollar sign would start a formula
            fontsize=size,
            color=colour,
            ha=across,
            va="center",
            fontweight="bold" if bold else "normal",
        )

    def rule(self, x: float, y: float, width: float, *, weight: float = 0.5) -> None:
        """
        Draw a line across.

        Parameters
        ----------
        x, y, width
            Left end and length [mm].
        weight
            Of the line [points].
        """
        self.paper.plot([x, x + width], [y, y], color=_RULE, linewidth=weight)

    def box(
        self, x: float, y: float, width: float, height: float, *, fill: str, edge: str = "none"
    ) -> None:
        """
        Fill a rectangle.

        Parameters
        ----------
        x, y, width, height
            Upper left corner and size [mm].
        fill, edge
            Colours.
        """
        self.paper.add_patch(
            Rectangle((x, y), width, height, facecolor=fill, edgecolor=edge, linewidth=0.5)
        )


def open_page(size: tuple[float, float]) -> Page:
    """
    Take an empty sheet.

    Parameters
    ----------
    size
        Width and height [mm].

    Returns
    -------
    page
        White.
    """
    width, height = size
    figure = Figure(figsize=(width / 25.4, height / 25.4), facecolor="white")
    FigureCanvasAgg(figure)
    paper = figure.add_axes((0, 0, 1, 1))
    paper.set_xlim(0, width)
    paper.set_ylim(height, 0)
    paper.axis("off")
    return Page(figure=figure, paper=paper, width=width, height=height)


def frame_page(
    page: Page,
    content: Content,
    names: Names,
    frame: Frame,
    *,
    title: str,
    place: str,
    number: str,
    scale: int | None,
) -> None:
    """
    Draw frame, title and title block.

    Parameters
    ----------
    page
        The sheet.
    content
        What the run has to show.
    names
        Its words.
    frame
        What every sheet says.
    title
        Name of the sheet (图名).
    place
        What it is of.
    number
        Its number within the set.
    scale
        Denominator of the map's scale; None where there is no single one.
    """
    inner = page.width - 2 * MARGIN_MM
    page.box(MARGIN_MM, MARGIN_MM, inner, page.height - 2 * MARGIN_MM, fill="none", edge="#3b4048")
    middle = page.width / 2
    page.text(middle, MARGIN_MM + 7, title, size=15 if page.width > A4[0] else 13, bold=True,
              across="center")  # fmt: skip
    page.text(middle, MARGIN_MM + 13.5, place, size=8, colour="#5b6068", across="center")
    top = page.height - MARGIN_MM - STRIP_MM
    page.rule(MARGIN_MM, top, inner, weight=0.8)
    cells = (
        (names.say("图号", "Sheet"), f"{frame.number}{number}"),
        (names.say("坐标系", "Reference system"), content.crs.name),
        (names.say("比例尺", "Scale"), "" if scale is None else f"1:{scale:,}"),
        (names.say("编制单位", "Drawn up by"), frame.organisation),
        (names.say("日期", "Date"), frame.date),
        (names.say("密级", "Secrecy"), content.secrecy or ""),
        (names.say("审图号", "Approval no."), content.map_approval or ""),
    )
    shares = (0.1, 0.26, 0.1, 0.22, 0.12, 0.08, 0.12)
    x = MARGIN_MM
    for (label, value), share in zip(cells, shares, strict=True):
        width = share * inner
        if x > MARGIN_MM:
            page.paper.plot([x, x], [top, top + STRIP_MM], color=_RULE, linewidth=0.5)
        page.text(x + 1.5, top + 3, label, size=5.5, colour="#5b6068")
        size = 7.5 if page.width > A4[0] else 5.5
        shown = wrapped(value, width - 3, size)[:2]
        for line, text in enumerate(shown):
            page.text(x + 1.5, top + 7 + 2.9 * line - (1.0 if len(shown) > 1 else 0), text,
                      size=size if len(shown) == 1 else 0.8 * size)  # fmt: skip
        x += width
    page.text(MARGIN_MM, page.height - MARGIN_MM + 3.5, credit(content, names), size=5.5,
              colour="#5b6068")  # fmt: skip


def credit(content: Content, names: Names) -> str:
    """
    Say whose data a sheet is drawn from, and what it is not.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    line
        One line.
    """
    if names.language == "zh" and font_of("zh") is None:
        return "no Chinese font on this machine: install one, for example Noto Sans CJK SC"
    parts = [content.title]
    if any("ODbL" in source.licence for source in content.sources):
        parts.append(OSM_CREDIT)
    if content.release == "public":
        parts.append(names.say("边界为示意，不作为法定依据", "boundaries are a sketch"))
    else:
        parts.append(names.say("内部工作稿", "internal working draft"))
    return " · ".join(parts)


def wrapped(text: str, width: float, size: float) -> list[str]:
    """
    Break a text into lines.

    Parameters
    ----------
    text
        Any text.
    width
        Of the lines [mm].
    size
        Of the letters [points].

    Returns
    -------
    lines
        At least one; Latin words stay whole where they fit.

    Examples
    --------
    >>> from lifecircle.outputs.sheets.page import wrapped
    >>> wrapped("社区卫生服务站", 12.0, 8.0)
    ['社区卫生', '服务站']
    """
    em = size * MM_OF_POINT
    lines, held, used = [], "", 0.0
    for word in _words(printable(text)):
        wide = sum(em * (1.0 if ord(one) > 0x2E80 else 0.58) for one in word)
        if held and used + wide > width:
            lines.append(held.rstrip())
            held, used = "", 0.0
            word = word.lstrip()  # noqa: PLW2901 - a line does not begin with a space
        held += word
        used += wide
    return [*lines, held] if held or not lines else lines


def _words(text: str) -> list[str]:
    """Cut a text where a line may end: around every wide sign, behind spaces and marks."""
    words: list[str] = []
    for sign in text.replace("\n", " "):
        if words and sign in _CLOSING:
            words[-1] += sign
            continue
        wide = ord(sign) > 0x2E80
        if wide or not words or words[-1][-1] in " -/;," or ord(words[-1][-1]) > 0x2E80:
            words.append(sign)
        else:
            words[-1] += sign
    return words
