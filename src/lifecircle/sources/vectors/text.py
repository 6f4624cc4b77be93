"""
Texts of a shapefile, whose encoding nobody wrote down -> readable texts.

The bytes are kept as they are until the encoding is settled, so nothing is lost by a wrong guess.
"""

from __future__ import annotations

import codecs
import re
import warnings
from pathlib import Path

import geopandas as gpd
import pandas as pd

from lifecircle.errors import LifecircleWarning, Problem, SourceError

RAW = "ISO-8859-1"
"""Reads every byte as one letter and can be undone without loss."""

_GBK_LANGUAGE_DRIVER = 0x4D  # byte 29 of a .dbf written under Chinese Windows
_GBK_NAMES = ("936", "cp936", "gbk", "gb2312", "gb18030", "ansi936", "oem936", "euccn", "chinese")
_FIRST_UTF8_RELEASE = 1021  # AutoCAD 2007


def read_texts(
    frame: gpd.GeoDataFrame, *, file: Path, encoding: str | None, where: str
) -> gpd.GeoDataFrame:
    """
    Settle the encoding of a shapefile that was read as `RAW`.

    Parameters
    ----------
    frame
        The layer, its texts and column names read as `RAW`; not changed.
    file
        The ``.shp``, beside which a ``.cpg`` may say the encoding.
    encoding
        What the planner declares; wins over all else.
    where
        Name for messages.

    Returns
    -------
    layer
        The layer with readable texts; a letter that the field's width cut in two is left out.

    Raises
    ------
    SourceError
        If the declared encoding is unknown or does not fit the texts.

    Warns
    -----
    LifecircleWarning
        If the .cpg is wrong, or neither UTF-8 nor GB18030 fits.
    """
    texts = [name for name in frame.columns if _is_text(frame[name])]
    raw = {value for name in texts for value in frame[name] if isinstance(value, str)}
    raw |= {str(name) for name in frame.columns}
    samples = [value.encode(RAW) for value in sorted(raw) if not value.isascii()]
    if not samples:
        return frame
    chosen = _encoding(samples, file, encoding, where)
    decoded = {value: _decoded(value.encode(RAW), chosen) for value in sorted(raw)}
    table = frame.copy()
    for name in texts:
        table[name] = [decoded.get(value, value) for value in frame[name]]
    table = table.rename(columns={name: decoded[str(name)] for name in table.columns})
    table.attrs["encoding"] = chosen
    return table


def drawing_encoding(file: Path, *, encoding: str | None, where: str) -> str | None:
    """
    Settle the encoding of a drawing from its texts, whatever its header says.

    Parameters
    ----------
    file
        The DXF file.
    encoding
        What the planner declares; wins over all else.
    where
        Name for messages.

    Returns
    -------
    codec
        Name GDAL knows; None where every text is plain ASCII.

    Raises
    ------
    SourceError
        If the declared encoding is unknown or does not fit the texts.
    """
    with file.open("rb") as stream:
        samples = sorted({line.rstrip() for line in stream if not line.isascii()})
    if not samples:
        return None
    chosen = None if encoding else _by_header(samples, file)
    chosen = chosen or _encoding(samples, file, encoding, where)
    return chosen.upper().replace("ISO8859", "ISO-8859")


def _by_header(samples: list[bytes], file: Path) -> str | None:
    """Take the header's word where the texts agree: 砖 alone would pass as UTF-8 too."""
    with file.open("rb") as stream:
        head = stream.read(4000)
    release = re.search(rb"\$ACADVER\s+1\s+AC(\d+)", head)
    page = re.search(rb"\$DWGCODEPAGE\s+3[ \t]*\r?\n[ \t]*(\S+)", head)
    if page is None or (release is not None and int(release[1]) >= _FIRST_UTF8_RELEASE):
        return None
    codec = _codec(page[1].decode("ascii", "ignore"))
    fits = codec == "gb18030" and _fits(samples, codec) and _is_chinese(samples)
    return codec if fits else None


def _is_text(column: pd.Series) -> bool:
    return column.dtype == object or isinstance(column.dtype, pd.StringDtype)


def _encoding(samples: list[bytes], file: Path, declared: str | None, where: str) -> str:
    if declared is not None:
        codec = _codec(declared)
        if codec is None or not _fits(samples, codec):
            raise SourceError(
                Problem(
                    what=f"encoding '{declared}' "
                    + ("is not known" if codec is None else "does not fit its texts"),
                    where=where,
                    remedy='leave encoding out, or give "utf-8", "gb18030" or "cp1252"',
                )
            )
        return codec
    stated = _stated(file)
    if stated is not None and _fits(samples, stated):
        return stated
    for codec in ("utf-8", "gb18030"):
        if _fits(samples, codec) and (codec == "utf-8" or _is_chinese(samples)):
            if stated is not None:
                _warn(f"{where}: its texts are {codec}, not {stated} as stated beside it")
            return codec
    _warn(
        f'{where}: its texts are neither UTF-8 nor GB18030 and are read as "cp1252"; '
        'give encoding = "…" if names look wrong'
    )
    # Every byte has a meaning in ISO 8859-1, not in cp1252.
    return "cp1252" if _fits(samples, "cp1252") else RAW


def _warn(text: str) -> None:
    warnings.warn(text, LifecircleWarning, stacklevel=6)


def _stated(file: Path) -> str | None:
    for suffix in (".cpg", ".CPG"):
        said = file.with_suffix(suffix)
        if said.exists():
            return _codec(said.read_bytes()[:40].decode("ascii", "ignore"))
    for suffix in (".dbf", ".DBF"):
        table = file.with_suffix(suffix)
        if table.exists():
            with table.open("rb") as stream:
                header = stream.read(32)
            if len(header) == 32 and header[29] == _GBK_LANGUAGE_DRIVER:
                return "gb18030"
    return None


def _codec(name: str) -> str | None:
    plain = re.sub(r"[\s_-]", "", name).lower()
    if plain in _GBK_NAMES:
        return "gb18030"  # holds all of GBK and GB2312
    if plain == "65001":
        return "utf-8"
    if latin := re.fullmatch(r"8859(\d{1,2})", plain):
        plain = f"iso8859-{latin[1]}"
    if re.fullmatch(r"\d{3,4}", plain):
        plain = f"cp{plain}"
    try:
        return codecs.lookup(plain or "?").name
    except LookupError:
        return None


def _fits(samples: list[bytes], codec: str) -> bool:
    try:
        for sample in samples:
            _decoded(sample, codec)
    except UnicodeDecodeError:
        return False
    return True


def _decoded(value: bytes, codec: str) -> str:
    # Fields are cut at a number of bytes, sometimes within a letter: final=False drops that rest.
    return codecs.getincrementaldecoder(codec)().decode(value, final=False)


def _is_chinese(samples: list[bytes]) -> bool:
    """
    Tell Chinese from Western European texts, most of which would pass as GB18030 too.

    Common Chinese characters lie in GB 2312; an accented letter followed by a plain one does not.
    """
    letters = [
        letter
        for sample in samples
        for letter in _decoded(sample, "gb18030")
        if not letter.isascii()
    ]
    common = sum(_in_gb2312(letter) for letter in letters)
    return 2 * common >= len(letters)


def _in_gb2312(letter: str) -> bool:
    try:
        letter.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
