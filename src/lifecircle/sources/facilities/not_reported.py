"""
A note of a list (百乐社区、塘湾村未报送，待补) -> the names of communities that are not in it.

A community that did not report has no facilities in the list for a reason nobody can see on a map.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_SAYS = (
    r"未报送|未上报|未填报|未申报|未提供|未提交|未报|未纳入|未统计|未收集|没有报送|没有上报|没有提供"
    r"|缺报|漏报|缺失|暂缺|尚缺|缺少|缺|待补充|待补报|待补"
    r"|did not report|not reported|have not reported|has not reported|missing"
)
_MISSING = re.compile(_SAYS, re.IGNORECASE)
_SENTENCE = re.compile(r"[。;；\n!]|(?<=[a-z])\.\s")
_BETWEEN = re.compile(
    r"[、,，/]|\s+(?:and|&)\s+|(?<=[社区村])[和及与](?=.)|(?<=[\u3400-\u9fff])\s+"
)
_HEAD = re.compile(r"^.*[:：]")
_LEADING = re.compile(
    r"^(?:注|备注|说明|其中|目前|截至[^、，,]*?|另|除|因|由于|以下|下列|本表|本次|名录|尚有|还有|不含|有)+"
)
_TRAILING = re.compile(r"(?:的|数据|资料|名单|信息|情况|均|都|尚|还|仍|暂|外)+$")
_COUNTED = re.compile(
    r"(?:等|共|合计)*[\d一二三四五六七八九十两]+个?(?:社区|村|单位).*$|等(?:社区|村|单位)?$"
)
_LATIN = re.compile(r"^[a-z0-9 .'-]{2,40}$", re.IGNORECASE)
_CHINESE = re.compile(r"^[\u3400-\u9fff0-9]{2,16}$")
_NO_NAME = re.compile(
    r"数据|资料|坐标|名单|名录|其余|其他|全部|均已|已报|后补|完整|电话|地址|面积|设施|统计|经纬|来源|截止"
    r"|口径|局$|^(?:个|等)?(?:社区|村)$"
)


def says_missing(text: str) -> bool:
    """
    Say whether a note speaks of what a list leaves out.

    Parameters
    ----------
    text
        A line of a list that is no record.

    Returns
    -------
    missing
        Whether it holds such a word (未报送, 暂缺, 待补 …).
    """
    return _MISSING.search(unicodedata.normalize("NFKC", text)) is not None


def names_not_reported(notes: Iterable[str]) -> tuple[str, ...]:
    """
    Find the communities that notes say did not report.

    Parameters
    ----------
    notes
        Titles and notes of a list, a line each.

    Returns
    -------
    names
        As they are written, in their order, each once. Whether they are communities is for whoever
        knows the communities: `community_names.match_names`.

    Notes
    -----
    Names stand before the word (甲、乙未报送) or after it (未报送：甲、乙; 缺甲、乙社区), in one
    sentence with it. What is no name by its looks is left out.

    Examples
    --------
    >>> from lifecircle.sources.facilities.not_reported import names_not_reported
    >>> names_not_reported(["注：百乐社区、塘湾村未报送，待补；坐标为百度坐标"])
    ('百乐社区', '塘湾村')
    >>> names_not_reported(["以下社区暂缺：城东、城西等2个社区"])
    ('城东', '城西')
    """
    found: dict[str, None] = {}
    for note in notes:
        for sentence in _SENTENCE.split(unicodedata.normalize("NFKC", note)):
            word = _MISSING.search(sentence)
            if word is None:
                continue
            before = _names(_HEAD.sub("", sentence[: word.start()]))
            rest = sentence[word.end() :]
            after = _names(_HEAD.sub("", rest)) if not before or ":" in rest else []
            found.update(dict.fromkeys([*before, *after]))
    return tuple(found)


def _names(text: str) -> list[str]:
    """Take what looks like names out of a list of them."""
    names = []
    for piece in _BETWEEN.split(text.strip(" ()《》\"'“”")):
        plain = _COUNTED.sub("", _TRAILING.sub("", _LEADING.sub("", piece.strip())))
        looks = _CHINESE.match(plain) or _LATIN.match(plain)
        if looks and not _NO_NAME.search(plain):
            names.append(plain)
    return names
