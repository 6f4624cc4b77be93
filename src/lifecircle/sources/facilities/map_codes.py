"""
A name and the type code or type text a map service gives -> the services of a place.

What a place is not comes first, then its name, then its code; a code alone is never sure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from lifecircle.sources.facilities.name_words import NOT_IT
from lifecircle.sources.facilities.recognition import NO_RULES, Recognition
from lifecircle.sources.facilities.tagging import (
    NAME_AND_TAG,
    WEAK_TAG,
    Classified,
    classify_name,
    plain_name,
)

# Amap's classes of points of interest, six digits: broad, middle and small class.
_AMAP: Mapping[str, str] = {
    **dict.fromkeys(("090100", "090101"), "medical.hospital"),
    "090102": "medical.center",
    "090300": "medical.clinic",
    **dict.fromkeys(("080100", "080101", "080110"), "fitness.center"),
    **dict.fromkeys(("080103", "080104"), "fitness.court"),
    "080105": "fitness.field",
    "080108": "fitness.outdoor",
    **dict.fromkeys(("080111", "080112", "080118"), "fitness.hall"),
    **dict.fromkeys(("140100", "140200", "140400", "140600", "080603"), "culture.venue"),
    "140500": "culture.library",
    "140800": "culture.center",
    "141204": "childcare.kindergarten",
    **dict.fromkeys(("060200", "060400"), "daily.shop"),
    **dict.fromkeys(("060703", "060705"), "daily.market"),
    **dict.fromkeys(("090600", "090601"), "daily.pharmacy"),
}
# Animals, billiards, golf, amusement, resorts, cinemas, fairs, archives, book shops.
_AMAP_NOT_IT = re.compile(r"0907..|080113|0802..|0803..|080401|080601|140300|140900|061205")
# The same classes by their words, the smallest that is known decides.
_AMAP_TEXT: Mapping[str, str] = {
    **dict.fromkeys(("综合医院", "三级甲等医院"), "medical.hospital"),
    "卫生院": "medical.center",
    "诊所": "medical.clinic",
    **dict.fromkeys(("综合体育馆", "游泳馆"), "fitness.center"),
    **dict.fromkeys(("网球场", "篮球场馆"), "fitness.court"),
    "足球场": "fitness.field",
    "户外健身场所": "fitness.outdoor",
    **dict.fromkeys(("健身中心", "乒乓球馆", "羽毛球场"), "fitness.hall"),
    **dict.fromkeys(("博物馆", "展览馆", "美术馆", "科技馆", "剧场"), "culture.venue"),
    "图书馆": "culture.library",
    "文化宫": "culture.center",
    "幼儿园": "childcare.kindergarten",
    **dict.fromkeys(("便民商店/便利店", "超级市场", "超市"), "daily.shop"),
    **dict.fromkeys(("农副产品市场", "蔬菜市场"), "daily.market"),
    **dict.fromkeys(("医药保健销售店", "药房"), "daily.pharmacy"),
}
_AMAP_TEXT_NOT_IT = re.compile(
    "动物医疗|宠物|台球|高尔夫|娱乐场所|度假|电影院|会展中心|档案馆|书店|洗浴推拿|培训机构|口腔"
)
# Baidu's two levels, as "医疗;诊所"; welfare, social bodies and offices have too wide a class.
_BAIDU: Mapping[str, str] = {
    "医疗;综合医院": "medical.hospital",
    "医疗;诊所": "medical.clinic",
    "医疗;药店": "daily.pharmacy",
    "运动健身;体育场馆": "fitness.center",
    "运动健身;健身中心": "fitness.hall",
    "教育培训;图书馆": "culture.library",
    "教育培训;科技馆": "culture.venue",
    "教育培训;幼儿园": "childcare.kindergarten",
    **dict.fromkeys(("文化传媒;美术馆", "文化传媒;展览馆"), "culture.venue"),
    **dict.fromkeys(("旅游景点;博物馆", "休闲娱乐;剧院"), "culture.venue"),
    "文化传媒;文化宫": "culture.center",
    "政府机构;居民委员会": "service_centre.community",
    **dict.fromkeys(("购物;超市", "购物;便利店"), "daily.shop"),
}
_BAIDU_NOT_IT = re.compile(
    "医疗;(?:专科医院|体检机构|疗养院|急救中心|疾控中心|医疗器械|其他)|运动健身;极限运动场所|"
    "教育培训;(?:培训机构|成人教育|留学中介机构)|丽人|休闲娱乐;(?!剧院)|汽车服务|交通设施;|美食;|酒店|"
    "门址|出入口"
)
# Restaurants, shops, pharmacies and hotels are often named after what they stand beside.
_SELLS = re.compile(r"(?:^|[|;,])\s*(?:05|06|10|0906)\d{2,4}|餐饮服务|购物服务|住宿服务|药房")
_NAMED_AFTER = ("culture", "fitness")
_READING_ROOM = re.compile("书房|书屋|阅览室|图书流通")


def classify_amap(name: str, code: str, own: Recognition = NO_RULES) -> tuple[Classified, ...]:
    """
    Tell from its name and Amap type code which services a place offers.

    Parameters
    ----------
    name
        Name of the place.
    code
        Six digits, or the words of the class (``医疗保健服务;诊所;诊所``); several are divided by
        ``|``. An empty code decides nothing.
    own
        Rules of the standard; they go before the general ones.

    Returns
    -------
    services
        As `classify_name`; surer where the code says the same service. Where the name says
        nothing, what the code says, with the confidence of a weak tag: never elder care, a
        station of culture or a service centre, which have no class of their own.

    Examples
    --------
    >>> from lifecircle.sources.facilities.map_codes import classify_amap
    >>> [(one.type, one.confidence) for one in classify_amap("临江卫生服务站", "090300")]
    [('medical.station', 0.95)]
    >>> [one.rule for one in classify_amap("临江大药房", "医疗保健服务;医药保健销售店;药房")]
    ['name 药房, amap 药房']
    >>> classify_amap("爱宠动物医院", "090701")
    ()
    """
    refused = False
    by_code: dict[str, Classified] = {}
    for one in re.split(r"\|", code):
        if re.search(r"[^\d\s;,]", one):
            words = [word.strip() for word in re.split("[;；]", one) if word.strip()]
            refused |= any(_AMAP_TEXT_NOT_IT.search(word) for word in words)
            said = next((word for word in reversed(words) if word in _AMAP_TEXT), "")
            _add(by_code, _AMAP_TEXT.get(said), f"amap {said}")
            continue
        for digits in re.split("[;,]", one):
            refused |= bool(_AMAP_NOT_IT.fullmatch(digits.strip()))
            _add(by_code, _AMAP.get(digits.strip()), f"amap {digits.strip()}")
    return _decided(name, by_code, refused=refused, own=own, code=code)


def classify_baidu(name: str, tag: str, own: Recognition = NO_RULES) -> tuple[Classified, ...]:
    """
    Tell from its name and Baidu type text which services a place offers.

    Parameters
    ----------
    name
        Name of the place.
    tag
        Two levels, such as ``医疗;诊所``; several are divided by ``|``. An empty one decides
        nothing.
    own
        Rules of the standard; they go before the general ones.

    Returns
    -------
    services
        As `classify_amap`; 福利机构 alone is nothing, for it holds children's homes too.

    Examples
    --------
    >>> from lifecircle.sources.facilities.map_codes import classify_baidu
    >>> [(one.type, one.rule) for one in classify_baidu("康宁堂", "医疗;诊所")]
    [('medical.clinic', 'baidu 医疗;诊所')]
    >>> classify_baidu("临江度假村", "休闲娱乐;度假村")
    ()
    """
    refused = False
    by_code: dict[str, Classified] = {}
    for one in tag.split("|"):
        plain = "".join(one.split()).replace("；", ";")
        refused |= bool(_BAIDU_NOT_IT.search(plain))
        _add(by_code, _BAIDU.get(";".join(plain.split(";")[:2])), f"baidu {plain}")
    return _decided(name, by_code, refused=refused, own=own, code=tag)


def _add(by_code: dict[str, Classified], kind: str | None, rule: str) -> None:
    if kind is not None:
        service = kind.partition(".")[0]
        by_code.setdefault(
            service, Classified(service=service, type=kind, confidence=WEAK_TAG, rule=rule)
        )


def _decided(
    name: str,
    by_code: dict[str, Classified],
    *,
    refused: bool,
    own: Recognition,
    code: str,
) -> tuple[Classified, ...]:
    _, plain = own.read_name(plain_name(name))
    if NOT_IT.search(plain):
        return ()
    ours: dict[str, Classified] = {}
    for kind, rule in own.by_code(code):
        _add(ours, kind, rule)
    if refused and not _READING_ROOM.search(plain):
        # What a standard asks for by its code is wanted, whatever else the code is refused for.
        return tuple(ours.values())
    by_code = {**by_code, **ours}
    by_name = classify_name(name, own)
    if _SELLS.search(code):
        # 少年宫快餐 is a restaurant; 云栖书房 among the book shops stays what it calls itself.
        bare = re.sub(r"\([^()]*\)", "", plain)
        by_name = tuple(
            one
            for one in by_name
            if one.service not in _NAMED_AFTER
            or one.service in by_code
            or bare.endswith(one.rule.removeprefix("name "))
        )
    if not by_name:
        return tuple(by_code.values())
    return tuple(
        replace(one, confidence=NAME_AND_TAG, rule=f"{one.rule}, {by_code[one.service].rule}")
        if one.service in by_code
        else one
        for one in by_name
    )
