"""
Names and addresses of facilities -> what two lists would both have written.

A name is taken apart into whose place it is, what it is, which branch, and what stands in
brackets; two lists agree when all of it does, whatever they put before or behind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lifecircle.sources.facilities.name_words import NAME_RULES
from lifecircle.sources.facilities.tagging import plain_name

_NUMBERS = {sign: at for at, sign in enumerate("零一二三四五六七八九十")}
_BRANCH = re.compile(
    r"\(?第?([一二三四五六七八九十]{1,3}|\d{1,2})(?:号)?(?:分点|分站|分院|分馆|分店|分中心|分部|服务点|点|站点)\)?$"
)
_BRACKETS = re.compile(r"\(([^()]*)\)")
_FIRM = re.compile(r"(?:有限责任公司|股份有限公司|有限公司|公司)$")
_COUNTY = re.compile(
    r"^[^省市区县]{2,3}省|^[^省市区县]{1,3}市|^[^省市区县]{1,4}(?<![社小园校院景片])[区县]"
)
_TOWN = re.compile(r"^.{1,4}?(?:街道办事处|街道|镇|乡)(?=.{2})")
_VILLAGE = re.compile(r"(?:村民委员会|村委会|行政村|村)$")
_COMMUNITY = re.compile(r"(?:社区居民委员会|社区居委会|居民委员会|居委会|社区)$")
_FILLER = re.compile(
    r"(?:婴幼儿|婴幼|综合|全民|百姓|公共|便民|党群|多功能|居家|老年人|老年|老人|公益|示范|新时代)+$"
)
_WEAK = re.compile("社区|村|服务|公共|综合|全民|百姓|便民")
_DOOR = re.compile(r"^(.*?[^\d])(\d{1,5})(?:-\d+)?(?=号|弄|$|[^\d幢栋座楼号弄室单元])(?:号|弄)?")
_AREA_END = re.compile(r"(?:省|市|区|县|街道|镇|乡|村|社区)$")


@dataclass(frozen=True, kw_only=True)
class PlaceName:
    """
    A name taken apart.

    Parameters
    ----------
    whole
        The name without province, county, subdistrict, branch and a firm's ending.
    head
        Whose place it is: 临江 of 临江社区卫生服务站; empty where a name only says what it is.
    level
        ``community``, ``village`` or empty: what the head is called.
    kind
        What it is, without words that lists put in or leave out.
    branch
        Number of the branch; 1 without any.
    label
        What stands in brackets and is no branch: 新桥馆.
    """

    whole: str
    head: str
    level: str
    kind: str
    branch: int
    label: str


def read_place_name(name: str | None, service: str) -> PlaceName:
    """
    Take a facility's name apart.

    Parameters
    ----------
    name
        The name; None where there is none.
    service
        The service it is asked about, for a place may say several.

    Returns
    -------
    parts
        Its parts, in the spelling of `plain_name`.

    Examples
    --------
    >>> from lifecircle.places.place_names import read_place_name
    >>> parts = read_place_name("浙江省海州区横浦镇临江社区卫生服务站（第二分点）", "medical")
    >>> parts.head, parts.level, parts.kind, parts.branch
    ('临江', 'community', '卫生站', 2)
    >>> read_place_name("海州城市书房(新桥馆)", "culture").label
    '新桥馆'
    """
    plain = _FIRM.sub("", plain_name(name or ""))
    branch = 1
    hit = _BRANCH.search(plain)
    if hit is not None and hit.start() > 0:
        branch = _number(hit[1])
        plain = plain[: hit.start()]
    label = "".join(_BRACKETS.findall(plain))
    whole = _BRACKETS.sub("", plain)
    whole = _without_town(_without_county(whole, service), service)
    start = _said_at(whole, service)
    head, kind = whole[:start], whole[start:]
    # 社区卫生服务站 and 村卫生室 are words as a whole: whose they are shows in their first sign.
    for word in ("社区", "村"):
        if kind.startswith(word) and not head.endswith(word):
            head, kind = head + word, kind.removeprefix(word)
    head = _FILLER.sub("", head)
    level = ""
    for pattern, code in ((_VILLAGE, "village"), (_COMMUNITY, "community")):
        bare = pattern.sub("", head)
        if bare and bare != head:
            head, level = bare, code
            break
    return PlaceName(
        whole=whole,
        head=head,
        level=level,
        kind=_WEAK.sub("", kind),
        branch=branch,
        label=label,
    )


def same_owner(one: PlaceName, other: PlaceName) -> bool:
    """
    Tell whether two names say whose place it is alike.

    Parameters
    ----------
    one, other
        Names taken apart.

    Returns
    -------
    same
        临江 is 临江社区 and the 临江馆 in brackets, never both a village and a community.

    Examples
    --------
    >>> from lifecircle.places.place_names import read_place_name, same_owner
    >>> names = ("临江图书流通点", "海州城市书房(临江馆)", "临河文化家园")
    >>> one, two, three = (read_place_name(name, "culture") for name in names)
    >>> same_owner(one, two), same_owner(one, three)
    (True, False)
    """
    if one.level and other.level and one.level != other.level:
        return False
    if one.head and one.head == other.head:
        return True
    for head, label in ((one.head, other.label), (other.head, one.label)):
        if len(head) >= 2 and label.startswith(head):
            return True
    # 映月南浦书屋: another name between the place and what it is
    short, long = sorted((one.head, other.head), key=len)
    return len(short) >= 2 and long.startswith(short)


def same_name(one: PlaceName, other: PlaceName) -> bool:
    """
    Tell whether two names are one as far as lists spell alike.

    Parameters
    ----------
    one, other
        Names taken apart.

    Returns
    -------
    same
        The same branch and label, and either all of the name or both who and what.

    Examples
    --------
    >>> from lifecircle.places.place_names import read_place_name, same_name
    >>> names = ["临江卫生服务站", "临江社区卫生服务站", "临江卫生服务站（第二分点）"]
    >>> names.append("临江村卫生室")
    >>> first, *others = (read_place_name(name, "medical") for name in names)
    >>> [same_name(first, other) for other in others]
    [True, False, False]
    """
    if not one.whole or one.branch != other.branch or one.label != other.label:
        return False
    if one.whole == other.whole:
        return True
    if one.level and other.level and one.level != other.level:
        return False
    return bool(one.head) and one.head == other.head and one.kind == other.kind


def door_of(address: str | None) -> str:
    """
    Take the street and the number out of an address.

    Parameters
    ----------
    address
        An address; None where there is none.

    Returns
    -------
    door
        All up to the number, without 号; empty where there is no number of a door.

    Examples
    --------
    >>> from lifecircle.places.place_names import door_of
    >>> door_of("横浦镇文澜支路1441号望澜里4幢"), door_of("南塘新村8幢旁"), door_of("丽水路702")
    ('横浦镇文澜支路1441', '', '丽水路702')
    """
    hit = _DOOR.match(plain_name(address or ""))
    return "" if hit is None else f"{hit[1]}{hit[2]}"


def same_door(one: str, other: str) -> bool:
    """
    Tell whether two doors are one, however much of the county stands before them.

    Parameters
    ----------
    one, other
        What `door_of` gave.

    Returns
    -------
    same
        Whether the longer ends in the shorter, and what is left is a place's name.

    Examples
    --------
    >>> from lifecircle.places.place_names import same_door
    >>> same_door("横浦镇丽水路702", "丽水路702"), same_door("北丽水路702", "丽水路702")
    (True, False)
    """
    short, long = sorted((one, other), key=len)
    if len(short) < 3 or not long.endswith(short):
        return False
    before = long.removesuffix(short)
    return not before or bool(_AREA_END.search(before))


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    tens, _, ones = text.rpartition("十")
    if "十" in text:
        return (_NUMBERS[tens] if tens else 1) * 10 + (_NUMBERS[ones] if ones else 0)
    return _NUMBERS[text[-1]]


def _said_at(name: str, service: str) -> int:
    """Find where a name begins to say what it is; its end where it does not."""
    hits = (pattern.search(name) for kind, pattern in NAME_RULES if kind.startswith(f"{service}."))
    return min((hit.start() for hit in hits if hit is not None), default=len(name))


def _without_county(name: str, service: str) -> str:
    for _ in range(3):
        hit = _COUNTY.match(name)
        if hit is None or not _owned(name[hit.end() :], service):
            return name
        name = name[hit.end() :]
    return name


def _without_town(name: str, service: str) -> str:
    hit = _TOWN.match(name)
    return name if hit is None or not _owned(name[hit.end() :], service) else name[hit.end() :]


def _owned(rest: str, service: str) -> bool:
    """Tell whether what is left still says whose place it is."""
    start = _said_at(rest, service)
    head = _COMMUNITY.sub("", _VILLAGE.sub("", _FILLER.sub("", rest[:start])))
    return start < len(rest) and len(head) >= 2
