"""
Codes, words and names of communities -> whether each is urban or rural, and what says so.

A code of the statistics goes before a word, a word before the ending of a name; what nobody says
stays missing, and what contradicts itself is told.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.errors import DoubtfulRowsWarning, Problem

_CODE = re.compile(r"(111|112|121|122|210|220)(?:\D.*)?|\D*[(（](111|112|121|122|210|220)[)）]")
_ANY_CODE = re.compile(r"[12]\d\d")
_URBAN = re.compile(
    r"1|true|yes|y|是|城镇?|城市|城区|市区|镇区|主城区|镇乡结合区|城乡结合区|镇中心区|特殊区域|"
    r"urban|(?:城市|城镇|城区|镇区)?(?:社区|居委会|居民委员会|居委|居)"
)
_RURAL = re.compile(
    r"0|false|no|n|否|乡|乡村|农村|村庄|乡中心区|rural|"
    r"(?:农村|行政|建制)?(?:村|村委会|村民委员会|村委|农村社区)"
)
_URBAN_NAME = re.compile(r".+(?:社区|居委会|居民委员会|居委)")
_RURAL_NAME = re.compile(r".+(?:村委会|村民委员会|村委|(?<!新)村)")


@dataclass(frozen=True, kw_only=True)
class Classes:
    """
    Urban or rural, community by community.

    Parameters
    ----------
    urban
        True, False or missing, shape (n,).
    evidence
        ``code`` of the statistics, ``word`` in a column, ``name`` of the community, or None,
        shape (n,).
    problems
        Cells that say neither.
    """

    urban: pd.Series
    evidence: NDArray[np.object_]
    problems: tuple[Problem, ...]


def classes_of(texts: pd.Series | None, names: pd.Series, where: str) -> Classes:
    """
    Class communities as urban or rural.

    Parameters
    ----------
    texts
        What a column of classes says, None where there is no such column or cell.
    names
        Names of the communities, None where there is none.
    where
        Name for messages.

    Returns
    -------
    classes
        For every community.

    Warns
    -----
    DoubtfulRowsWarning
        If a code or word and the ending of a name contradict each other: the code stands.

    Notes
    -----
    Codes of the statistics (国函〔2008〕60号): 111 main city, 112 its fringe, 121 town, 122 its
    fringe: urban; 210 seat of a township, 220 village: rural. At the end of a name 社区 and 居委会
    speak for urban, 村 and 村委会 for rural; 新村 is what many housing estates are called and says
    nothing.

    Examples
    --------
    >>> import pandas as pd
    >>> from lifecircle.sources.people.urban_rural import classes_of
    >>> found = classes_of(
    ...     pd.Series(["111", "乡村", None, None], dtype=object),
    ...     pd.Series(["城东社区", "塘湾村", "姚庄村", "曹杨新村"], dtype=object), "c.shp",
    ... )
    >>> found.urban.tolist(), found.evidence.tolist()
    ([True, False, False, <NA>], ['code', 'word', 'name', None])
    """
    flags: list[bool | None] = []
    evidence: list[str | None] = []
    problems, against = [], []
    said = [None] * len(names) if texts is None else texts.tolist()
    for row, (text, name) in enumerate(zip(said, names, strict=True), start=1):
        flag, way = (None, None) if text is None else _class_of(text)
        by_name = _class_of_name(name)
        if text is not None and flag is None:
            problems.append(
                Problem(
                    what=f"'{text}' is neither urban nor rural",
                    where=f"{where}, row {row}",
                    remedy="write 城镇 or 乡村, or a code such as 111 or 220",
                )
            )
        if flag is None and by_name is not None and text is None:
            flag, way = by_name, "name"
        elif flag is not None and by_name is not None and flag != by_name:
            against.append(f"{name} ({text})")
        flags.append(flag)
        evidence.append(way)
    if against:
        some = ", ".join(against[:8]) + (f" and {len(against) - 8} more" if against[8:] else "")
        warnings.warn(
            f"{where}: {len(against)} communities have a name that says another class than their "
            f"code or word, which stands ({some})",
            DoubtfulRowsWarning,
            stacklevel=4,
        )
    return Classes(
        urban=pd.Series(flags, index=names.index, dtype="boolean"),
        evidence=np.array(evidence, dtype=object),
        problems=tuple(problems),
    )


def _class_of(text: str) -> tuple[bool | None, str | None]:
    plain = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    code = _CODE.fullmatch(plain)
    if code is not None:
        return (code[1] or code[2])[0] == "1", "code"
    if _ANY_CODE.fullmatch(plain):  # a code of another edition: its first figure is the class
        return plain[0] == "1", "code"
    if _URBAN.fullmatch(plain):
        return True, "word"
    if _RURAL.fullmatch(plain):
        return False, "word"
    return None, None


def _class_of_name(name: object) -> bool | None:
    if not isinstance(name, str):
        return None
    plain = "".join(unicodedata.normalize("NFKC", name).split())
    plain = re.sub(r"\(.*?\)$", "", plain)
    if _URBAN_NAME.fullmatch(plain):
        return True
    return False if _RURAL_NAME.fullmatch(plain) else None
