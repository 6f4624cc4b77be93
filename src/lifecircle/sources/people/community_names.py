"""
Names of communities, as tables and texts write them -> the communities they mean.

城东社区居民委员会, 城东社区 and 城东居委会 are one; 塘湾村 and 塘湾社区 are two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_ENDINGS = (
    ("社区", re.compile(r"社区(?:居民委员会|居委会|居委)?$|(?:居民委员会|居委会|居委)$")),
    ("村", re.compile(r"村(?:村民委员会|民委员会|村委会|委会)?$|(?:村民委员会|村委会)$")),
)


def name_key(name: str) -> tuple[str, str]:
    """
    Split a name into what is its own and what every community is called.

    Parameters
    ----------
    name
        Name of a community.

    Returns
    -------
    key
        Its stem, and 社区, 村 or nothing.

    Examples
    --------
    >>> from lifecircle.sources.people.community_names import name_key
    >>> name_key("城东社区居民委员会"), name_key("塘湾村"), name_key("浦明")
    (('城东', '社区'), ('塘湾', '村'), ('浦明', ''))
    """
    plain = re.sub(r"\([^()]*\)$", "", _plain(name))
    for kind, ending in _ENDINGS:
        stem = ending.sub("", plain)
        if stem and stem != plain:
            return stem, kind
    return plain, ""


def match_names(
    names: Sequence[str | None], communities: Sequence[str | None]
) -> NDArray[np.int64]:
    """
    Find the community each name means.

    Parameters
    ----------
    names
        Names as a table writes them, n of them.
    communities
        Names of the communities.

    Returns
    -------
    row
        Row of the community, shape (n,); -1 where none or several could be meant.

    Examples
    --------
    >>> from lifecircle.sources.people.community_names import match_names
    >>> match_names(["浦明", "塘湾村", "全区"], ["浦明社区居委会", "塘湾村", "塘湾社区"]).tolist()
    [0, 1, -1]
    """
    keys: dict[tuple[str, str], list[int]] = {}
    stems: dict[str, list[int]] = {}
    for row, name in enumerate(communities):
        if isinstance(name, str):
            keys.setdefault(name_key(name), []).append(row)
            stems.setdefault(name_key(name)[0], []).append(row)
    found = np.full(len(names), -1, dtype=np.int64)
    for at, name in enumerate(names):
        if not isinstance(name, str):
            continue
        stem, kind = name_key(name)
        fits = stems.get(stem, [])
        if kind:
            # 二轻新村 may be short for 二轻新村社区.
            known = (keys.get((stem, kind)), keys.get((stem, "")), stems.get(stem + kind))
            fits = next((rows for rows in known if rows), [])
        if len(fits) == 1:
            found[at] = fits[0]
    return found


def named_in(text: str | None, communities: Sequence[str | None]) -> int:
    """
    Find the community a text names, such as the place of a plot.

    Parameters
    ----------
    text
        The text.
    communities
        Names of the communities.

    Returns
    -------
    row
        Row of the one with the longest name in it; -1 where there is none, or two are as long.

    Examples
    --------
    >>> from lifecircle.sources.people.community_names import named_in
    >>> named_in("城中街道北寺社区桂花巷东侧", ["桂花社区", "北寺社区居委会"])
    1
    """
    if text is None:
        return -1
    plain = _plain(text)
    fits = []
    for row, name in enumerate(communities):
        if not isinstance(name, str):
            continue
        stem, kind = name_key(name)
        if kind and stem + kind in plain:
            fits.append((len(stem), row))
    best = [row for length, row in fits if length == max(fits)[0]]
    return best[0] if len(best) == 1 else -1


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
