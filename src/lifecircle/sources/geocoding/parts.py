"""
Texts that say where something is -> the parts they are made of, by the names that are known.

What a text does not say stays empty; what could not be read is kept as the rest.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz.distance import Levenshtein

from lifecircle.sources.geocoding.text import BUILDING, community_key, number_of, plain

_ORDINAL = re.compile(
    r"[((]?第([一二三四五六七八九十\d]+)(?:分?[点站院部馆园]|服务点|门诊部)[))]?"
    r"|[((]([一二三四五六七八九十\d]+)(?:号|分)?[点站馆][))]"
)
_PROVINCE = re.compile(r"^(?:中国)?.{2,3}(?:省|自治区)")
_TOWN = re.compile(r"^.{2,5}?(?:街道|镇|乡)(?!路|街|巷|弄)")
_STREET = re.compile(
    r"^(.{1,10}?(?:大道|支路|[路街巷弄道浜埭庄]|自然村|农居点))(?=\d|[东南西北]侧|交叉|与|和|$)"
)
_NUMBER = re.compile(r"^(\d{1,5})(?:[-—–~之/](\d+))?(?:号|弄|#)?(?!\s*(?:幢|楼|栋|座))")
_SIDE = re.compile(r"([东南西北]{1,2})(?:侧|面|边|首|角|部)")
_GATE = re.compile(r"\(?([东南西北]|正|大)?(?:\d号)?门(?:口|卫|岗|旁|内|外|侧)?\)?")
_ENDINGS = ("社区居民委员会", "村民委员会", "社区居委会", "居委会", "村委会", "社区", "村")
_CROSSING = re.compile(r"^(?:与|和|、|/|-)(.+?)(?:的?(?:交叉口|交汇处|交界处|路口|口))")


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """
    Names of places that are known, by which texts are taken apart.

    Parameters
    ----------
    counties, subdistricts
        Their names.
    communities
        Keys of communities to the subdistrict they belong to, empty where it is not known.
    streets
        Roads, lanes and hamlets: what carries numbers.
    estates
        Housing estates.
    """

    counties: frozenset[str] = frozenset()
    subdistricts: frozenset[str] = frozenset()
    communities: Mapping[str, str] = field(default_factory=dict)
    streets: frozenset[str] = frozenset()
    estates: frozenset[str] = frozenset()

    @cached_property
    def stems(self) -> Mapping[str, str]:
        """Names of communities without their ending, where they mean only one of them."""
        stems: dict[str, list[str]] = {}
        for key in self.communities:
            ending = "社区" if key.endswith("社区") else "村"  # 二轻新村社区 is 二轻新村
            stem = key.removesuffix(ending)
            if len(stem) > 1:
                stems.setdefault(stem, []).append(key)
        return {stem: keys[0] for stem, keys in stems.items() if len(keys) == 1}


@dataclass(frozen=True, kw_only=True)
class Address:
    """
    A text taken apart.

    Parameters
    ----------
    text
        The whole text in one spelling.
    subdistrict, community, street, estate, building
        Its parts; empty where it does not say them. `street` and `estate` may be names nobody
        knows.
    number
        Number of the door; None where there is none.
    gate
        ``东``, ``南``, ``西``, ``北`` or ``门`` where it says a gate, else empty.
    side
        Side of the road or estate, such as ``东``.
    crossing
        The other road, where two of them say the place.
    beside
        Whether it says to be next to what it names (旁, 附近, 对面).
    rest
        What could not be read.
    """

    text: str
    subdistrict: str = ""
    community: str = ""
    street: str = ""
    number: int | None = None
    estate: str = ""
    building: str = ""
    gate: str = ""
    side: str = ""
    crossing: str = ""
    beside: bool = False
    rest: str = ""

    @property
    def label(self) -> str:
        """The parts that say the place, written together."""
        number = "" if self.number is None else f"{self.number}号"
        building = f"{self.building}幢" if self.building else ""
        return f"{self.street}{number}{self.estate}{building}" or self.community or self.text


def split_address(text: str | None, known: Vocabulary) -> Address:
    """
    Take an address apart.

    Parameters
    ----------
    text
        The address, with or without province, county, subdistrict and community.
    known
        Names of places that are known; the longest one that fits is taken.

    Returns
    -------
    address
        Its parts.

    Examples
    --------
    >>> from lifecircle.sources.geocoding.parts import Vocabulary, split_address
    >>> known = Vocabulary(
    ...     counties=frozenset({"临江区"}), subdistricts=frozenset({"城南镇"}),
    ...     communities={"北庄村": "城南镇"}, estates=frozenset({"水岸家园"}),
    ... )
    >>> a = split_address("浙江省临江区城南镇滨江路375号水岸家园6号楼", known)
    >>> a.subdistrict, a.street, a.number, a.estate, a.building
    ('城南镇', '滨江路', 375, '水岸家园', '6')
    >>> split_address("北庄村港西浜１２", known).number
    12
    """
    whole = plain(text)
    rest = _without_remarks(whole)
    rest, subdistrict, community = _areas(rest, known)
    street, rest = _first_of(rest, known.streets)
    estate = ""
    if not street:
        estate, rest = _first_of(rest, known.estates)
    elif (longer := _first_of(street + rest, known.estates))[0] and len(longer[0]) > len(street):
        # 新村街 is a road, 新村街花园 an estate.
        street, (estate, rest) = "", longer
    if not street and not estate:
        hit = _STREET.match(rest)
        if hit is not None:
            street, rest = hit[1], rest[hit.end() :]
        elif (head := re.match(r"^([^\d()]{2,12}?)(?=\d|[东南西北]?门|$)", rest)) is not None:
            estate, rest = head[1], rest[head.end() :]
    number, crossing = None, ""
    if street:
        across = _CROSSING.match(rest)
        if across is not None:
            crossing, rest = across[1], rest[across.end() :]
        hit = _NUMBER.match(rest)
        if hit is not None:
            number, rest = int(hit[1]), rest[hit.end() :]
        if not estate:
            estate, rest = _estate_after(rest, known)
    building = ""
    hit = BUILDING.match(rest)
    if hit is not None:
        building, rest = hit[1].casefold(), rest[hit.end() :]
    elif estate and not street and (hit := _NUMBER.match(rest)) is not None:
        # A hamlet nobody knows carries numbers too: keep it as a street.
        street, number, estate, rest = estate, int(hit[1]), "", rest[hit.end() :]
    gate, side = _GATE.search(rest), _SIDE.search(rest)
    return Address(
        text=whole,
        subdistrict=subdistrict,
        community=community,
        street=street,
        number=number,
        estate=estate,
        building=building,
        gate="" if gate is None else (gate[1] if gate[1] in tuple("东南西北") else "门"),
        side="" if side is None else side[1],
        crossing=crossing,
        beside=re.search("旁|附近|对面|隔壁|边上|斜对", rest) is not None,
        rest=rest,
    )


def _without_remarks(text: str) -> str:
    """Drop what stands in brackets, but for a gate and a building."""
    return re.sub(
        r"\(([^()]*)\)",
        lambda hit: hit[1] if BUILDING.match(hit[1]) or _GATE.fullmatch(hit[1]) else "",
        text,
    )


def _first_of(text: str, words: Collection[str]) -> tuple[str, str]:
    """Take the longest known word a text begins with."""
    for end in range(min(len(text), 16), 1, -1):
        if text[:end] in words:
            return text[:end], text[end:]
    return "", text


def _areas(text: str, known: Vocabulary) -> tuple[str, str, str]:
    rest = _PROVINCE.sub("", text)
    for county in known.counties:
        at = rest.find(county)
        if 0 <= at <= 8:
            rest = rest[at + len(county) :]
            break
    subdistrict, rest = _first_of(rest, known.subdistricts)
    if not subdistrict:
        hit = _TOWN.match(rest)
        if hit is not None and not _first_of(rest, known.streets)[0]:
            subdistrict, rest = _as_known(hit[0], known.subdistricts), rest[hit.end() :]
    for key, length in _communities_of(rest, known):
        after = rest[length:]
        street, _ = _first_of(rest, known.streets)
        estate, _ = _first_of(rest, known.estates)
        if max(len(street), len(estate)) > length and not _reads(after, known):
            continue  # 东升村路 is a road, not the village of 东升
        return after, subdistrict, key
    return rest, subdistrict, ""


def _communities_of(text: str, known: Vocabulary) -> Iterator[tuple[str, int]]:
    """Give the known communities a text begins with, and how many letters name each."""
    for ending in _ENDINGS:
        hits = re.finditer(ending, text[: 8 + len(ending)])
        # 文村村 goes before 文村: of two endings in a row the last one counts.
        for hit in sorted(hits, key=lambda one: text.startswith(ending, one.end())):
            key = community_key(text[: hit.end()]) if hit.start() else ""
            if key in known.communities:
                yield key, hit.end()


def _as_known(text: str, words: Collection[str]) -> str:
    """Take a word that is one letter away from what was written, where there is only one."""
    alike = [one for one in words if Levenshtein.distance(text, one, score_cutoff=1) <= 1]
    return alike[0] if len(alike) == 1 and len(text) > 2 else text


def _reads(text: str, known: Vocabulary) -> bool:
    return bool(_first_of(text, known.streets)[0] or _first_of(text, known.estates)[0])


def _estate_after(text: str, known: Vocabulary) -> tuple[str, str]:
    estate, rest = _first_of(text, known.estates)
    if estate:
        return estate, rest
    hit = re.match(r"^([^\d()东南西北侧]{2,10})(?=\d{1,4}(?:幢|号楼|栋|座|#))", text)
    return ("", text) if hit is None else (hit[1], text[hit.end() :])


@dataclass(frozen=True, kw_only=True)
class Name:
    """
    The name of a place taken apart.

    Parameters
    ----------
    text
        The name in one spelling.
    key
        What two spellings of one name have in common; the same for all branches of a place.
    branch
        1 for the main place, 2 for 第二分点 and so on: other branches are other places.
    community, subdistrict, estate
        Where it says to be; empty where it does not.
    """

    text: str
    key: str
    branch: int = 1
    community: str = ""
    subdistrict: str = ""
    estate: str = ""


def split_name(text: str | None, known: Vocabulary) -> Name:
    """
    Take the name of a place apart.

    Parameters
    ----------
    text
        The name.
    known
        Names of places that are known.

    Returns
    -------
    name
        Its parts. A community is read with and without its ending, where that means only one.

    Examples
    --------
    >>> from lifecircle.sources.geocoding.parts import Vocabulary, split_name
    >>> known = Vocabulary(communities={"北庄社区": "城南镇"})
    >>> one = split_name("北庄社区卫生服务站（第二分点）", known)
    >>> one.branch, one.community, one.key == split_name("北庄卫生服务站", known).key
    (2, '北庄社区', True)
    """
    whole = plain(text)
    branch = 1
    hit = _ORDINAL.search(whole)
    bare = whole
    if hit is not None:
        branch = max(1, number_of(hit[1] or hit[2]))
        bare = whole[: hit.start()] + whole[hit.end() :]
    rest = bare
    for county in known.counties:
        rest = rest.removeprefix(county)
    subdistrict, rest = _first_of(rest, known.subdistricts)
    community, estate = "", _first_of(rest, known.estates)[0]
    for key, length in _communities_of(rest, known):
        if len(estate) <= length:
            community, rest, estate = key, rest[length:], ""
            break
    else:
        stem, after = _first_of(rest, known.stems)
        street = _first_of(rest, known.streets)[0]
        if stem and not estate and len(street) <= len(stem):
            community, rest = known.stems[stem], after
        elif (inside := re.search(r"\(?([^()]{2,6})馆\)?$", rest)) is not None:
            community = known.stems.get(inside[1], "")
    key = f"{subdistrict}|{community}|{rest.replace('社区', '')}".casefold()
    return Name(
        text=whole,
        key=re.sub(r"[()·.\-_,、。]", "", key),
        branch=branch,
        community=community,
        subdistrict=subdistrict or known.communities.get(community, ""),
        estate=estate,
    )
