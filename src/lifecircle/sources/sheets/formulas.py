"""
The formulas of a workbook -> rows in which they failed or were never worked out.

Readers of workbooks give such cells as empty, and an empty cell looks like nothing at all.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

from lifecircle.errors import LifecircleWarning

_FAILED = re.compile(rb'<c\b(?=[^>]*\bt="e")[^>]*\br="[A-Z]+(\d+)"')
# A text that a formula gave may be empty; a cell without a type and a value never got one.
_NEVER = re.compile(
    rb'<c\b(?![^>]*\bt=)[^>]*\br="[A-Z]+(\d+)"[^>]*>'
    rb"<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>"
)
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def tell_of_formulas(data: bytes, names: Sequence[str], *, where: str) -> None:
    """
    Warn of formulas that give nothing to read.

    Parameters
    ----------
    data
        Bytes of an ``.xlsx`` or ``.xlsm`` file; nothing is said of other kinds.
    names
        The sheets that are read.
    where
        Name for messages.

    Warns
    -----
    LifecircleWarning
        Rows whose formulas give an error, or have no result in the file.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            pages = [archive.read(path) for path in _paths(archive, names)]
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, RuntimeError):
        return  # whoever reads the cells says what is wrong with the file
    for pattern, what, remedy in (
        (_FAILED, "give an error", ""),
        (
            _NEVER,
            "have no result in the file",
            ": open it in a spreadsheet program and save it",
        ),
    ):
        rows = sorted({int(row) for page in pages for row in pattern.findall(page)})
        if rows:
            named = ", ".join(map(str, rows[:5]))
            warnings.warn(
                f"{where}: formulas of {len(rows)} rows {what}, taken as empty{remedy} "
                f"(row {named})",
                LifecircleWarning,
                stacklevel=4,
            )


def _paths(archive: zipfile.ZipFile, names: Sequence[str]) -> Iterator[str]:
    """Find the part of the file in which each sheet stands."""
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target = {link.get("Id"): str(link.get("Target")) for link in links}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    for element in book.iter():
        if element.tag.endswith("}sheet") and element.get("name") in names:
            path = target.get(element.get(_RELATION), "")
            yield path.removeprefix("/") if path.startswith("/") else f"xl/{path}"
