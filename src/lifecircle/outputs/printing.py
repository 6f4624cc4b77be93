"""A picture on paper: its size, its bytes, fonts that hold its texts, and what may be printed."""

from __future__ import annotations

import io
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from lifecircle.outputs.names import Names

_CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "SimHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "Noto Serif CJK SC",
    "SimSun",
    "Noto Sans CJK JP",
)
_WIDE, _HIGH = 6.7, 5.2  # inches: as wide as the text of an A4 page
_DPI = 150


@dataclass(frozen=True, kw_only=True)
class Picture:
    """
    A figure ready to be placed.

    Parameters
    ----------
    caption
        What it shows, without a number.
    png
        The image.
    """

    caption: str
    png: bytes


def font_of(language: str) -> str | None:
    """
    Find a font of this machine for a language.

    Parameters
    ----------
    language
        ``zh`` or ``en``.

    Returns
    -------
    name
        The font; None where Chinese is asked for and no font holds it.
    """
    if language != "zh":
        return "DejaVu Sans"
    known = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in _CHINESE if name in known), None)


def printable(text: object) -> str:
    r"""
    Take out what no XML file and no picture may hold.

    Parameters
    ----------
    text
        Text from anywhere.

    Returns
    -------
    text
        Without control characters but line breaks and tabs.

    Examples
    --------
    >>> from lifecircle.outputs.printing import printable
    >>> printable("a\x00b<c>")
    'ab<c>'
    """
    plain = str(text)
    if plain.isprintable():  # then there is nothing to take out
        return plain
    return "".join(
        one for one in plain if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs", "Cn")
    )


def new_figure(*, height: float = _HIGH) -> Figure:
    """
    Begin a picture as wide as the text of a page.

    Parameters
    ----------
    height
        Height [inch].

    Returns
    -------
    figure
        Drawn without a screen.
    """
    figure = Figure(figsize=(_WIDE, height), dpi=_DPI)
    FigureCanvasAgg(figure)
    return figure


def png_of(figure: Figure, names: Names) -> bytes:
    """
    Finish a picture.

    Parameters
    ----------
    figure
        The picture; its texts are set in fonts that hold them.
    names
        Words of the run, for its language.

    Returns
    -------
    png
        The image, without date or version.
    """
    set_fonts(figure, names)
    stream = io.BytesIO()
    with quiet():
        # No date and no version in the file: the same content gives the same bytes.
        figure.savefig(stream, format="png", metadata={"Software": None})
    return stream.getvalue()


def set_fonts(figure: Figure, names: Names) -> None:
    """
    Set every text of a picture in fonts that hold it.

    Parameters
    ----------
    figure
        The picture.
    names
        Words of the run, for its language.
    """
    # A font that lacks a sign leaves it to the next one: names come in any writing.
    fonts = [font for font in (font_of(names.language), "DejaVu Sans", font_of("zh")) if font]
    for text in figure.findobj(match=Text):
        if isinstance(text, Text):
            text.set_fontfamily(fonts)
            text.set_text(printable(text.get_text()))


@contextmanager
def quiet() -> Iterator[None]:
    """
    Let missing signs of a font pass: where Chinese has no font, the page says so once.

    Yields
    ------
    nothing
        While pictures are drawn.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        yield
