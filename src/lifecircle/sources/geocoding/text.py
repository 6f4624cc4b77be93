"""
Names, addresses and numbers of places -> one spelling.

The one place where two ways of writing the same thing become one.
"""

from __future__ import annotations

import re
import unicodedata

_DIGITS = "零一二三四五六七八九"
_CHINESE_NUMBER = re.compile(r"[一二三四五六七八九十百零〇两]+(?=(?:幢|号楼|栋|座|号|弄))")
_NOWHERE = re.compile(
    r"(?:(?:位置|地址|地点|坐落|四至)?(?:待核实|待核|待定|待查|待补|不详|不明|未知|未定|暂无|无)"
    r"|图上无对应|[-—/\\?？*]+|unknown|n/?a|none)",
    re.IGNORECASE,
)
_COMMUNITY = (
    ("社区", re.compile(r"(.+?)(?:社区)?(?:居民委员会|居委会|居委)$|(.+?)社区$")),
    ("村", re.compile(r"(.+?)村?(?:村民委员会|村委会)$|(.+?)村$")),
)
BUILDING = re.compile(r"^#?([0-9a-z]{1,5})(?:幢|号楼|栋|座|#楼?|楼栋)", re.IGNORECASE)
"""How a text begins that says the number of a building."""


def plain(text: object) -> str:
    r"""
    Bring a text to one spelling.

    Parameters
    ----------
    text
        What a cell says; whatever is no text says nothing.

    Returns
    -------
    plain
        Half-width letters, no blanks and line breaks, ordinary brackets; numbers of buildings and
        doors in digits.

    Examples
    --------
    >>> from lifecircle.sources.geocoding.text import plain
    >>> plain("文澜街１２６３\n号 （三幢）")
    '文澜街1263号(3幢)'
    """
    if not isinstance(text, str):
        return ""
    half = unicodedata.normalize("NFKC", text)
    bare = "".join(one for one in half if not one.isspace() and unicodedata.category(one) != "Cf")
    bare = bare.replace("【", "(").replace("】", ")").replace("[", "(").replace("]", ")")
    return _CHINESE_NUMBER.sub(lambda hit: str(number_of(hit[0])), bare)


def number_of(text: str) -> int:
    """
    Read a small whole number in digits or Chinese.

    Parameters
    ----------
    text
        Such as ``12`` or ``十二``.

    Returns
    -------
    number
        The number; 0 for what is none.

    Examples
    --------
    >>> from lifecircle.sources.geocoding.text import number_of
    >>> number_of("二十三"), number_of("7"), number_of("百")
    (23, 7, 100)
    """
    if text.isdigit():
        return int(text)
    total, digit = 0, 0
    for letter in text.replace("〇", "零").replace("两", "二"):
        if letter in _DIGITS:
            digit = _DIGITS.index(letter)
        elif letter in "十百":
            total += (digit or 1) * (10 if letter == "十" else 100)
            digit = 0
        else:
            return 0
    return total + digit


def community_key(name: object) -> str:
    """
    Write the name of a community one way.

    Parameters
    ----------
    name
        Such as ``瑞景社区居民委员会``, ``瑞景居委会`` or ``东升村委会``.

    Returns
    -------
    key
        ``瑞景社区`` or ``东升村``; a name of another kind as it is.

    Examples
    --------
    >>> from lifecircle.sources.geocoding.text import community_key
    >>> community_key("瑞景社区居民委员会"), community_key("东升村村民委员会")
    ('瑞景社区', '东升村')
    """
    key = plain(name)
    for ending, pattern in _COMMUNITY:
        hit = pattern.fullmatch(key)
        if hit is not None:
            return f"{hit[1] or hit[2]}{ending}"
    return key


def building_key(text: object) -> str:
    """
    Write the number of a building one way.

    Parameters
    ----------
    text
        Such as ``6号楼``, ``六幢`` or ``6``.

    Returns
    -------
    key
        ``6``; empty for nothing.
    """
    key = plain(text).casefold()
    hit = BUILDING.match(key)
    return hit[1] if hit is not None else key


def is_nowhere(text: object) -> bool:
    """
    Tell whether a text says that the place is not known.

    Parameters
    ----------
    text
        What a cell says.

    Returns
    -------
    nowhere
        Whether it is empty or says so, as 位置待核实 does.

    Examples
    --------
    >>> from lifecircle.sources.geocoding.text import is_nowhere
    >>> is_nowhere("位置待核实"), is_nowhere("待庄路3号")
    (True, False)
    """
    key = plain(text)
    return not key or _NOWHERE.fullmatch(key) is not None
