"""Sheets become files: one PDF a kind, or one PNG a sheet."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from matplotlib import rc_context
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.printing import quiet, set_fonts
from lifecircle.outputs.release import released
from lifecircle.outputs.sheets.atlas import atlas
from lifecircle.outputs.sheets.cards import cards
from lifecircle.outputs.sheets.page import Frame
from lifecircle.outputs.sheets.unit_sheets import unit_sheets

_KINDS: Mapping[str, Callable[[Content, Names, Frame], Iterator[Figure]]] = MappingProxyType(
    {"atlas": atlas, "units": unit_sheets, "cards": cards}
)
_NO_FRAME = Frame()


def write_sheets(
    content: Content,
    folder: Path,
    *,
    draw: Collection[str],
    formats: Collection[str] = ("pdf",),
    frame: Frame = _NO_FRAME,
    dpi: int = 150,
) -> tuple[Path, ...]:
    """
    Draw sheets and write them.

    Parameters
    ----------
    content
        What the run has to show; a public edition holds back what it must.
    folder
        Where they are written; made where there is anything to write.
    draw
        ``atlas``, ``units``, ``cards``.
    formats
        ``pdf``: ``atlas.pdf`` and so on; ``png``: ``atlas-01.png`` and so on.
    frame
        What the title block of every sheet says.
    dpi
        Points per inch of PNG sheets.

    Returns
    -------
    files
        What was written, in order; a kind without sheets (no units) gives none.
    """
    content = released(content)
    names = Names.of(content)
    files: list[Path] = []
    for kind in [one for one in _KINDS if one in draw]:
        pages: PdfPages | None = None
        # Type 42 keeps texts of a PDF searchable; fonts it cannot hold are drawn as outlines.
        with rc_context({"pdf.fonttype": 3}), quiet():
            for number, figure in enumerate(_KINDS[kind](content, names, frame), start=1):
                folder.mkdir(exist_ok=True)
                set_fonts(figure, names)
                if "pdf" in formats:
                    if pages is None:
                        # No date in the file: the same content gives the same bytes.
                        meta = {"CreationDate": None, "Producer": None, "Creator": None}
                        pages = PdfPages(folder / f"{kind}.pdf", metadata=meta)
                        files.append(folder / f"{kind}.pdf")
                    pages.savefig(figure)
                if "png" in formats:
                    path = folder / f"{kind}-{number:02d}.png"
                    figure.savefig(path, dpi=dpi, metadata={"Software": None})
                    files.append(path)
            if pages is not None:
                pages.close()
    return tuple(files)
