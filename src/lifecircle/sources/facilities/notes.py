"""
What a note, a name or a cell of hours says of a facility -> its status, whom it serves, when.

A bureau writes 已注销 or 仅限业主使用 where there is room, which is the column of notes: it is
evidence like any other, and the words that decided are kept.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_TO_COME = "(?:拟|计划|预计|将于?|准备)"
# Read from the top, the first that fits decides: what will end one day still exists today, what
# has begun again is not closed, and what was planned may have been built since.
_STATUS = tuple(
    (code, re.compile(text))
    for code, text in (
        ("existing", rf"{_TO_COME}[^,;。]{{0,10}}(?:关闭|关停|停用|停业|撤并|撤销|拆除|搬迁|迁建)"),
        ("existing", "(?:恢复|重新|正常)(?:营业|开放|运营|使用)"),
        (
            "building",
            "在建|建设中(?!心)|施工|装修中|改造中|修缮中|(?:未|尚未|暂未|即将|等待|待)(?:投用|启用|投入使用|"
            "开业)|预计[^,;。]{0,12}(?:投用|启用|建成|开放|完工|竣工|交付)|under construction",
        ),
        (
            "closed",
            "关停|关闭|停用|停业|停办|歇业|注销|吊销|撤销|撤并|拆除|已拆|废弃|荒废|弃用|倒闭|闲置|"
            "腾退|房屋收回|(?:暂停|停止)(?:营业|服务|开放|使用|运营|对外)?|不再(?:使用|开放|营业|运营)|"
            "已?(?:搬离|迁出|搬走)|closed|disused",
        ),
        ("promised", "承诺|promised"),
        (
            "planned",
            "规划(?:待建|新建|建设|中|期)|^规划$|拟建|待建|筹建|未建(?!筑)|未开工|已立项|计划(?:新建|建设)|"
            "选址中|planned|proposed",
        ),
        ("existing", "已?(?:建成|投用|启用)(?:投用|使用|开放|运营)?$"),
    )
)
_OPEN_TO = tuple(
    (code, re.compile(text))
    for code, text in (
        (
            "residents",
            "业主(?:专用|专享|使用|会所)|(?:仅限|只限|限|只对|仅供|专供)[^,;。]{0,6}(?:业主|住户|居民)|"
            "(?:小区|住户)会所|residents only",
        ),
        (
            "members",
            "(?:仅限|只限|限|只对|仅供|专供|供)[^,;。]{0,6}(?:职工|员工|会员|学生|师生|教职工?|内部|本单位|"
            "本公司|本校)|内部(?:使用|职工|员工|食堂|设施)|不对外|未对外|不向(?:社会|公众)|会员制|"
            "(?:员工|职工)(?:专用|健身房|健身中心|食堂|活动(?:室|中心)|阅览室|球场)|"
            "(?:公司|集团|厂|部队|机关)(?:健身房|健身中心|食堂|活动室|阅览室|图书室|医务室|球场)|"
            "staff only|members only",
        ),
        ("anyone", "对外开放|向(?:社会|公众|居民|市民)[^,;。]{0,4}开放|免费开放|面向(?:社会|公众)"),
    )
)
_ALIAS = re.compile(
    "(?:(?:现|已)?(?:更名|改名|改称|更)为|现名为?|原名为?|曾用名为?|又名|别名|亦称|前身为?|"
    "(?<![还])原(?!址|有|因|则|规划|计划|定|拟))"
    "[:：]?[\"'“‘「]?([^,;。()\"'”’」\\s]{3,24})"
)
_FORMER_SITE = re.compile("[原旧]址[^,;。]*")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_DAILY = re.compile(
    "每[天日]|天天|全天|全年|24小时|24h|24/7|周一至周[日天七]|周一到周[日天七]|星期一至星期[日天]|"
    "mo-su|daily|无休"
)
_WORKDAYS = re.compile("工作日|周[一1]\\s*[至到\\-~]\\s*周?[五5]|星期一至(?:星期)?五|mo-fr")
_SIX_DAYS = re.compile(
    "周[一1]\\s*[至到\\-~]\\s*周?[六6]|周[二2]\\s*[至到\\-~]\\s*周?[日天七7]|mo-sa|tu-su"
)
_WEEKEND = re.compile("周末|双休日|节假日|周[六日]|星期[六日天]|\\bsa\\b|\\bsu\\b|sa-su")
_SHUT = re.compile("(?:周末|双休日|节假日)[^,;。]{0,4}(?:休息|不开|闭馆|关闭|除外|休)")


@dataclass(frozen=True, kw_only=True)
class Said:
    """
    What some words say of a place.

    Parameters
    ----------
    status
        ``existing building planned promised closed``; None where nothing is said.
    open_to
        ``anyone residents members``; None where nothing is said.
    status_words, open_words
        The words that decided; empty where nothing did.
    aliases
        Other names the place had or has.
    """

    status: str | None = None
    open_to: str | None = None
    status_words: str = ""
    open_words: str = ""
    aliases: tuple[str, ...] = ()


def read_note(note: str | None) -> Said:
    """
    Read a note on a facility.

    Parameters
    ----------
    note
        Text of a cell; None where there is none.

    Returns
    -------
    said
        Status, audience and other names, as far as they are said.

    Examples
    --------
    >>> from lifecircle.sources.facilities.notes import read_note
    >>> read_note("小区会所内，仅限业主使用").open_to, read_note("已注销").status
    ('residents', 'closed')
    >>> read_note("规划待建").status, read_note("在建，预计2027年投用").status
    ('planned', 'building')
    >>> read_note("原临江村卫生室").aliases
    ('临江村卫生室',)
    """
    plain = "" if note is None else _plain(note)
    status, status_words = _first(_FORMER_SITE.sub("", plain), _STATUS)
    open_to, open_words = _first(plain, _OPEN_TO)
    return Said(
        status=status,
        open_to=open_to,
        status_words=status_words,
        open_words=open_words,
        aliases=tuple(hit.group(1) for hit in _ALIAS.finditer(plain)),
    )


def read_name_notes(name: str | None) -> Said:
    """
    Read what a name says beside naming: in brackets, and for whom the place is.

    Parameters
    ----------
    name
        Name of a place.

    Returns
    -------
    said
        As `read_note`; a status counts only from within brackets.

    Examples
    --------
    >>> from lifecircle.sources.facilities.notes import read_name_notes
    >>> read_name_notes("临江健身中心（暂停营业）").status
    'closed'
    >>> read_name_notes("望澜里业主会所健康小屋").open_to
    'residents'
    """
    plain = "" if name is None else _plain(name)
    inside = read_note(",".join(_BRACKETS.findall(plain)))
    open_to, words = _first(plain, _OPEN_TO)
    return Said(
        status=inside.status,
        status_words=inside.status_words,
        open_to=open_to,
        open_words=words,
        aliases=inside.aliases,
    )


def open_days(hours: str | None) -> tuple[bool | None, bool | None]:
    """
    Tell from opening hours whether a place is open on workdays and at weekends.

    Parameters
    ----------
    hours
        Opening hours as written; None where nobody wrote them.

    Returns
    -------
    workdays, weekend
        Each None where the words do not say it plainly.

    Examples
    --------
    >>> from lifecircle.sources.facilities.notes import open_days
    >>> open_days("周一至周五 8:30-17:00"), open_days("每天 6:00-21:00"), open_days("8:00-17:00")
    ((True, False), (True, True), (None, None))
    """
    plain = "" if hours is None else _plain(hours)
    if _SHUT.search(plain):
        return True, False
    if _DAILY.search(plain) or _SIX_DAYS.search(plain):
        return True, True
    workdays, weekend = bool(_WORKDAYS.search(plain)), bool(_WEEKEND.search(plain))
    return (workdays, weekend) if workdays or weekend else (None, None)


def _plain(text: str) -> str:
    plain = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    return plain.replace("、", ",").replace("；", ";")


def _first(text: str, rules: tuple[tuple[str, re.Pattern[str]], ...]) -> tuple[str | None, str]:
    for code, pattern in rules:
        hit = pattern.search(text)
        if hit is not None:
            return code, hit.group()
    return None, ""
