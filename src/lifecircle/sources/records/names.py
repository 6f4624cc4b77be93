"""
The name of a building project -> the facility it is about, and whether it builds or renews one.

新桥社区卫生服务站提升改造 is about 新桥社区卫生服务站, which was there before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from lifecircle.sources.facilities.tagging import classify_name, plain_name

_NEW = r"新建|迁建|重建|改建|异地新建|建设|筹建|选址"
_RENEWED = r"提升改造|改造提升|扩容提升|提升|改造|改扩建|扩建|修缮|装修|更新|升级|整治|维修|完善"
_WORKS = re.compile(rf"(?:{_NEW}|{_RENEWED}|工程|项目|一期|二期|三期|及|与|[、,，\s])+$")
_LEADING = re.compile(rf"^(?:{_NEW}|{_RENEWED})(?=.{{4}})")
_SAYS_RENEWED, _SAYS_NEW = re.compile(_RENEWED), re.compile(r"新建|迁建|重建|筹建|建设")
# Houses of several services: what is meant stands in the list's column of types.
_MIXED = re.compile(r"邻里中心|综合体|综合楼|配套用房|生活圈|一站式")
_SERVICES: Mapping[str, re.Pattern[str]] = {
    "medical": re.compile(r"医疗|卫生|医院|健康服务|medical"),
    "elder_care": re.compile(r"养老|老年|助老|助餐|elder"),
    "culture": re.compile(r"文化|文体|图书|culture"),
    "fitness": re.compile(r"健身|体育|运动|fitness|sport"),
    "childcare": re.compile(r"托育|托幼|幼儿|婴幼|childcare"),
    "service_centre": re.compile(r"党群|便民|社区服务|综合服务|政务"),
    "daily": re.compile(r"菜场|菜市|商业|超市|daily"),
}


@dataclass(frozen=True, kw_only=True)
class ProjectName:
    """
    What a project is about.

    Parameters
    ----------
    facility
        Name of the facility, without the words of building.
    works
        ``new``, ``renewed`` (a facility that was there), or empty where the name does not say.
    service, type
        Of the facility; empty where nobody knows.
    disputed
        The service the list's column of types names where the name says another, else empty.
    """

    facility: str
    works: str
    service: str
    type: str
    disputed: str


def read_project_name(name: str | None, category: str | None) -> ProjectName:
    """
    Take the name of a project apart.

    Parameters
    ----------
    name
        As the list writes it.
    category
        What the list's column of types says.

    Returns
    -------
    parts
        The name goes before the category, except where it names a house of several services.

    Examples
    --------
    >>> from lifecircle.sources.records.names import read_project_name
    >>> one = read_project_name("新桥社区卫生服务站提升改造", "医疗")
    >>> one.facility, one.works, one.type
    ('新桥社区卫生服务站', 'renewed', 'medical.station')
    >>> read_project_name("临江社区邻里中心", "养老").service
    'elder_care'
    """
    plain = plain_name(name or "")
    facility = _LEADING.sub("", _WORKS.sub("", plain)) or plain
    rest = plain.replace(facility, "", 1)
    works = ""
    if _SAYS_RENEWED.search(rest):
        works = "renewed"
    elif _SAYS_NEW.search(rest):
        works = "new"
    by_list = next(
        (key for key, words in _SERVICES.items() if words.search(plain_name(category or ""))), ""
    )
    found = classify_name(facility)
    mine = next((one for one in found if one.service == by_list), found[0] if found else None)
    if mine is None or (_MIXED.search(facility) and by_list and mine.service != by_list):
        return ProjectName(facility=facility, works=works, service=by_list, type="", disputed="")
    disputed = by_list if by_list and by_list != mine.service else ""
    return ProjectName(
        facility=facility, works=works, service=mine.service, type=mine.type, disputed=disputed
    )


def name_likeness(one: str, other: str) -> float:
    """
    Say how alike two names are written.

    Parameters
    ----------
    one, other
        Names in the spelling of `plain_name`.

    Returns
    -------
    likeness
        From 0 to 1 (all signs alike); a slip of one sign in ten gives about 0.9.

    Examples
    --------
    >>> from lifecircle.sources.records.names import name_likeness
    >>> round(name_likeness("临江社区居家养老服务站", "临江社区居家养老服务点"), 2)
    0.91
    """
    return float(fuzz.ratio(one, other)) / 100
