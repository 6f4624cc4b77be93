"""
Turns the tags and the name of a place into the services it offers.

What a place is not comes first, then what its name says, then what its tags say; every answer
carries the rule that gave it and how far it can be trusted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

NAME_AND_TAG = 0.95
"""Confidence where name and tag agree."""
NAME_ONLY = 0.85
"""Confidence where only the name says so."""
TAG_ONLY = 0.6
"""Confidence where only a tag says so; anything below wants a look."""
WEAK_TAG = 0.5
"""Confidence where the tag leaves open for whom the place is."""


@dataclass(frozen=True, kw_only=True)
class Classified:
    """
    One service a place offers.

    Parameters
    ----------
    service
        Service id, such as ``medical``.
    type
        Type id, such as ``medical.station``.
    confidence
        From 0 to 1.
    rule
        What decided: ``name 社区卫生服务站``, ``tag amenity=clinic``, or both.
    """

    service: str
    type: str
    confidence: float
    rule: str


def tag_values(text: str) -> frozenset[str]:
    """
    Write down a set of tag keys or values.

    Parameters
    ----------
    text
        The words, separated by spaces.

    Returns
    -------
    values
        The set of them.

    Examples
    --------
    >>> from lifecircle.sources.tagging import tag_values
    >>> sorted(tag_values("fence wall"))
    ['fence', 'wall']
    """
    return frozenset(text.split())


# What a name may hold that means the place is something else, or only a part or the way to it.
NOT_IT = re.compile(
    "宠物|动物|兽|停车|超市药|口腔|牙科|牙医|美容|整形|培训|售票|装修|养生|足浴|推拿|台球|书店|"
    "公交|地铁|宿舍|家属|工地|筹建处|(?<!老年)棋牌|(?<!业主)(?<!小区)(?<!住户)会所|"
    r"[东南西北正侧后前大]\d*门$|[出入]口$|"
    r"\([^()]*(?:门|[出入]口)\)$"
)
"""Words of a name that is no service at all, in the spelling of `plain_name`."""
# Read from the top: the first pattern of a service that fits gives its type; a type may come
# twice, its sure words before another type's, its loose ones after. A fitting stretch is taken
# out of the name before the next pattern is asked, so that 社区卫生服务中心 is no 社区服务中心
# and 老年活动中心 no place of culture.
_NAMES: tuple[tuple[str, str], ...] = (
    ("medical.center", "社区卫生服务中心|卫生院|街道医院"),
    (
        "medical.station",
        "社区卫生服务站|卫生服务[站点]|村?卫生[室所]|卫生站|(?:社区)?医疗服务[站点]|"
        "智慧健康站|健康驿站|健康小屋",
    ),
    ("medical.hospital", r"(?:医院|医学中心)(?:\([^()]*\)|[^()]{0,3}院区|总院|分院|本部)?$"),
    ("medical.clinic", r"诊所|门诊部|中医馆|医务室"),
    ("elder_care.canteen", "老年食堂|社区食堂|长者食堂|幸福食堂|共享食堂|助餐|敬老食堂|爱心食堂"),
    (
        "elder_care.daycare",
        "日间照料(?:服务)?(?:中心|站)?|托老所|居家养老(?:服务)?(?:照料)?(?:中心|站)?|"
        "(?:综合)?养老服务(?:综合体|中心|站|驿站)|养老驿站|照料中心|乐龄|互助养老|颐养之家|"
        "长者(?:服务|照护)(?:中心|站)",
    ),
    (
        "elder_care.institution",
        "养老院|敬老院|(?<!儿童)(?<!儿童社会)福利院|颐养(?:院|中心)?|养护院|护理院|老年公寓|"
        "养老公寓|养老中心|康养中心",
    ),
    ("elder_care.activity", "老年(?:人)?(?:活动(?:中心|室|站)?|学堂|大学|之家)|老人活动"),
    ("culture.library", "图书馆|图书室"),
    (
        "culture.station",
        "城市书房|书房|书屋|文化驿站|文化礼堂|文化家园|文化活动室|会客厅|阅览室|图书流通[站点]",
    ),
    (
        "culture.center",
        "文化馆|文化宫|文化艺术中心|(?:综合)?文化站|(?:社区)?文化(?:活动)?中心|群艺馆|"
        "(?:青少年|妇女儿童)活动中心|少年宫",
    ),
    ("culture.venue", "博物馆|博物院|美术馆|纪念馆|科技馆|大剧院|剧院|音乐厅|陈列馆"),
    ("fitness.court", "笼式|多功能运动场|门球|(?:篮|网|排|羽毛)球场"),
    ("fitness.field", "体育场(?!馆|路|站)|田径场|足球场|运动场"),
    (
        "fitness.center",
        "体育(?:馆|中心|公园)|健身中心|游泳(?:馆|池|中心)|文体中心",
    ),
    ("fitness.hall", "健身房|健身俱乐部|健身工作室|羽毛球馆|乒乓球馆|篮球馆|网球馆|球类馆"),
    ("fitness.outdoor", "健身(?:苑|点|广场|驿站|步道|路径|角|公园)"),
    ("fitness.court", "球场(?!馆|路|站)"),
    ("childcare.kindergarten", "幼儿园|幼稚园"),
    ("childcare.nursery", "托育|托儿所|照护驿站|向日葵|宝宝屋|亲子园"),
    ("service_centre.community", "(?:社区|村)(?:党群|综合|便民|公共)*服务(?:中心|站)"),
    (
        "service_centre.street",
        "(?:街道|镇|乡)(?:党群|便民|公共|综合|政务|为民)*服务(?:中心|大厅)|"
        "(?:便民|行政|政务|公共)服务(?:中心|大厅)",
    ),
    (
        "service_centre.community",
        "党群服务(?:中心|站|驿站)|便民服务站|邻里(?:中心|汇)|居委会|居民委员会|村委会|"
        "村民委员会|社区综合体",
    ),
    ("daily.market", "菜市场|农贸(?:市场|中心)|生鲜(?:市场|超市)|菜场|集贸市场|农产品市场"),
    ("daily.pharmacy", "药店|药房|药堂"),
    ("daily.shop", "超市|便利店|便民店|小卖部|小卖铺"),
)
NAME_RULES = tuple((kind, re.compile(text)) for kind, text in _NAMES)
"""Type and the words of a name that say it, in the order they are asked."""

# The same key says one thing, so the first line that fits decides for its key.
_TAGS: tuple[tuple[str, str, str, float], ...] = (
    ("amenity", "hospital", "medical.hospital", TAG_ONLY),
    ("amenity", "clinic doctors", "medical.clinic", TAG_ONLY),
    ("amenity", "library", "culture.library", TAG_ONLY),
    ("amenity", "arts_centre community_centre", "culture.center", TAG_ONLY),
    ("amenity", "theatre", "culture.venue", TAG_ONLY),
    ("amenity", "kindergarten", "childcare.kindergarten", TAG_ONLY),
    ("amenity", "childcare", "childcare.nursery", TAG_ONLY),
    ("amenity", "nursing_home retirement_home", "elder_care.institution", TAG_ONLY),
    ("amenity", "gym", "fitness.hall", TAG_ONLY),
    ("amenity", "marketplace", "daily.market", TAG_ONLY),
    ("amenity", "pharmacy", "daily.pharmacy", TAG_ONLY),
    ("healthcare", "hospital", "medical.hospital", TAG_ONLY),
    ("healthcare", "centre", "medical.center", WEAK_TAG),
    ("healthcare", "clinic doctor", "medical.clinic", TAG_ONLY),
    ("tourism", "museum gallery", "culture.venue", TAG_ONLY),
    ("leisure", "sports_centre sports_hall ice_rink", "fitness.center", TAG_ONLY),
    ("leisure", "fitness_centre", "fitness.hall", TAG_ONLY),
    ("leisure", "fitness_station", "fitness.outdoor", TAG_ONLY),
    ("leisure", "stadium track", "fitness.field", TAG_ONLY),
    ("leisure", "pitch", "fitness.court", TAG_ONLY),
    ("leisure", "swimming_pool", "fitness.center", WEAK_TAG),
    ("shop", "supermarket convenience greengrocer general chemist", "daily.shop", TAG_ONLY),
    ("building", "hospital", "medical.hospital", WEAK_TAG),
    ("building", "clinic", "medical.clinic", WEAK_TAG),
    ("building", "museum", "culture.venue", WEAK_TAG),
    ("building", "kindergarten", "childcare.kindergarten", WEAK_TAG),
    ("building", "sports_hall stadium", "fitness.center", WEAK_TAG),
)
_BY_TAG = {
    (key, value): (kind, confidence)
    for key, values, kind, confidence in _TAGS
    for value in values.split()
}
_NO_PUBLIC_SPORT = tag_values(
    "10pin 9pin billiards bowling chess dog_racing equestrian golf gun horse_racing karting "
    "model_aerodrome motocross motor motorcycle paintball rc_car shooting skiing"
)
_SHUT = tag_values("private no")
_FOR_OTHERS = {"dentist", "pharmacy", "alternative", "veterinary", "optometrist", "psychotherapist"}
_WAYS_TO = tag_values("bus_stop platform station stop_position subway_entrance tram_stop halt")

# Words of other languages that make a type more exact, once a tag has named the service.
_FINER: tuple[tuple[str, str, str], ...] = (
    (
        "medical",
        "medical.center",
        r"centros? de salud|centre d.atenció primària|gesundheitszentrum|health cent(?:er|re)|"
        r"ärztehaus|poliklinik",
    ),
    ("medical", "medical.station", r"consultorio|consultori"),
    ("elder_care", "elder_care.daycare", r"centro de d[ií]a|tagespflege|day cent(?:er|re)"),
    ("elder_care", "elder_care.activity", r"club de la tercera edad|seniorentreff|seniorenclub"),
)
_FINER_RULES = tuple((service, kind, re.compile(text)) for service, kind, text in _FINER)


def classify_name(name: str) -> tuple[Classified, ...]:
    """
    Tell from a Chinese name alone which services a place offers.

    Parameters
    ----------
    name
        Name of a place, such as a point of interest or a row of a bureau's list.

    Returns
    -------
    services
        At most one per service, in the order medical, elder care, culture, fitness, childcare,
        service centre, daily needs; empty where the name says nothing, or says it is none of
        them (停车场, 宠物医院, 东门).

    Notes
    -----
    A shop that sells medicine inside a hospital's name, a dentist or a gate is refused by a list
    of words that is asked first.

    Examples
    --------
    >>> from lifecircle.sources.tagging import classify_name
    >>> [found.type for found in classify_name("临江社区卫生服务站")]
    ['medical.station']
    >>> classify_name("金色宠物医院")
    ()
    """
    rest = plain_name(name)
    if not rest or rest.isascii() or NOT_IT.search(rest):
        return ()
    found: dict[str, Classified] = {}
    for kind, pattern in NAME_RULES:
        service = kind.split(".")[0]
        hit = pattern.search(rest)
        if hit is None:
            continue
        # Taken out even where the service is known, so that its words mean nothing else as well.
        rest = f"{rest[: hit.start()]}|{rest[hit.end() :]}"
        if service not in found:
            found[service] = Classified(
                service=service, type=kind, confidence=NAME_ONLY, rule=f"name {hit.group()}"
            )
    return tuple(found.values())


def plain_name(name: str) -> str:
    """
    Bring a name into one spelling: no spaces, half-width signs, small letters.

    Parameters
    ----------
    name
        Any name.

    Returns
    -------
    plain
        The name in Unicode form NFKC without white space, in lower case.

    Examples
    --------
    >>> from lifecircle.sources.tagging import plain_name
    >>> plain_name("Stadt　Bibliothek（北馆）")
    'stadtbibliothek(北馆)'
    """
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def classify_osm(tags: Mapping[str, str]) -> tuple[Classified, ...]:
    """
    Tell from OpenStreetMap tags which services a place offers.

    Parameters
    ----------
    tags
        Tags of a node or an area, name included.

    Returns
    -------
    services
        At most one per service; empty where the place offers none that is counted. A strong name
        outranks the tags; where both name the same service, the name gives the type.

    Notes
    -----
    Dentists, pharmacies, vets, playgrounds, cinemas, book boxes and private pitches and pools are
    none of the services counted as medical, fitness or culture.

    Examples
    --------
    >>> from lifecircle.sources.tagging import classify_osm
    >>> [(found.type, found.rule) for found in classify_osm({"amenity": "clinic"})]
    [('medical.clinic', 'tag amenity=clinic')]
    """
    if _out_of_use(tags) or not _WAYS_TO.isdisjoint(
        (tags.get("highway", ""), tags.get("railway", ""), tags.get("public_transport", ""))
    ):
        return ()
    name = tags.get("name") or tags.get("name:zh") or ""
    plain = plain_name(name)
    if not plain.isascii() and NOT_IT.search(plain):
        return ()
    by_tag = {found.service: found for found in _by_tags(tags)}
    by_name = classify_name(name)
    if not by_name:
        return tuple(_finer(found, name) for found in by_tag.values())
    return tuple(
        replace(found, confidence=NAME_AND_TAG, rule=f"{found.rule}, {by_tag[found.service].rule}")
        if found.service in by_tag
        else found
        for found in by_name
    )


def _out_of_use(tags: Mapping[str, str]) -> bool:
    return any(tags.get(key) == "yes" for key in ("disused", "abandoned", "demolished", "ruins"))


def _by_tags(tags: Mapping[str, str]) -> list[Classified]:
    elder = _elder_care(tags)
    found = [elder] if elder is not None else []
    taken = {each.service for each in found}
    for key in ("amenity", "healthcare", "tourism", "leisure", "shop", "building"):
        kind, confidence = _BY_TAG.get((key, tags.get(key, "")), ("", 0.0))
        service = kind.split(".")[0]
        if not kind or service in taken or not _counts(tags, key, kind):
            continue
        # A senior citizens' club is mapped as a community centre: it is the one, not both.
        if elder is not None and (key, service) == ("amenity", "culture"):
            continue
        taken.add(service)
        found.append(
            Classified(
                service=service, type=kind, confidence=confidence, rule=f"tag {key}={tags[key]}"
            )
        )
    return found


def _counts(tags: Mapping[str, str], key: str, kind: str) -> bool:
    if kind.startswith("medical."):
        return tags.get("healthcare") not in _FOR_OTHERS
    if kind.startswith("fitness."):
        sports = set(tags.get("sport", "").split(";"))
        if sports and sports <= _NO_PUBLIC_SPORT:
            return False
        if kind == "fitness.court" or tags.get(key) == "swimming_pool":
            if tags.get("access") in _SHUT:
                return False
            # Most pools on the map lie in back gardens.
            return kind == "fitness.court" or "name" in tags or "access" in tags
    return True


def _elder_care(tags: Mapping[str, str]) -> Classified | None:
    kind, said = tags.get("social_facility", ""), tags.get("social_facility:for", "")
    seniors = not {"senior", "seniors", "elderly"}.isdisjoint(said.split(";"))
    rule = f"tag social_facility={kind}" + (f" for {said}" if said else "")
    if said and not seniors:
        return None
    type_id, confidence = {
        "nursing_home": ("elder_care.institution", TAG_ONLY),
        "assisted_living": ("elder_care.institution", TAG_ONLY if seniors else WEAK_TAG),
        "group_home": ("elder_care.institution", TAG_ONLY if seniors else 0.0),
        "day_care": ("elder_care.daycare", TAG_ONLY if seniors else WEAK_TAG),
        "outreach": ("elder_care.activity", WEAK_TAG if seniors else 0.0),
    }.get(kind, ("", 0.0))
    if not confidence and tags.get("amenity") in ("community_centre", "social_centre"):
        for key in ("community_centre:for", "social_centre:for", "community_centre"):
            if tags.get(key) in ("senior", "seniors", "elderly"):
                type_id, confidence = "elder_care.activity", TAG_ONLY
                rule = f"tag {key}={tags[key]}"
    if not confidence and seniors and tags.get("amenity") == "community_centre":
        type_id, confidence = "elder_care.activity", TAG_ONLY
    if not confidence:
        return None
    return Classified(service="elder_care", type=type_id, confidence=confidence, rule=rule)


def _finer(found: Classified, name: str) -> Classified:
    text = name.casefold()
    for service, kind, pattern in _FINER_RULES:
        hit = pattern.search(text)
        if hit is not None and service == found.service:
            return replace(
                found,
                type=kind,
                confidence=NAME_AND_TAG,
                rule=f"name {hit.group()}, {found.rule}",
            )
    return found
