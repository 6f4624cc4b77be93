"""
Turns the tags and the name of a place into the services it offers.

What a place is not comes first, then what its name says, then what its tags say; every answer
carries the rule that gave it and how far it can be trusted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from lifecircle.sources.facilities.name_words import NAME_RULES, NOT_IT
from lifecircle.sources.facilities.recognition import NO_RULES, Recognition

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
    >>> from lifecircle.sources.facilities.tagging import tag_values
    >>> sorted(tag_values("fence wall"))
    ['fence', 'wall']
    """
    return frozenset(text.split())


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
_WHOSE = re.compile(r"[^()|、和及与]{1,8}?(?=社区|村|街道|镇|乡)")
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


def classify_name(name: str, own: Recognition = NO_RULES) -> tuple[Classified, ...]:
    """
    Tell from a Chinese name alone which services a place offers.

    Parameters
    ----------
    name
        Name of a place, such as a point of interest or a row of a bureau's list.
    own
        Rules of the standard, in any language; they go before the general ones.

    Returns
    -------
    services
        At most one per service, in the order medical, elder care, culture, fitness, childcare,
        service centre, daily needs, those of `own`; empty where the name says nothing, or says it
        is none of them (停车场, 宠物医院, 东门).

    Notes
    -----
    A shop that sells medicine inside a hospital's name, a dentist or a gate is refused by a list
    of words that is asked first. What stands before 社区, 村, 街道, 镇 or 乡 is a name of that
    area and says nothing, as long as what follows says something.

    Examples
    --------
    >>> from lifecircle.sources.facilities.tagging import classify_name
    >>> [found.type for found in classify_name("临江社区卫生服务站")]
    ['medical.station']
    >>> classify_name("金色宠物医院")
    ()
    """
    said, rest = own.read_name(plain_name(name))
    rest = _without_whose(rest)
    if NOT_IT.search(rest):
        return ()
    found: dict[str, Classified] = {}
    for kind, pattern in () if rest.isascii() else NAME_RULES:
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
    return _with_own(found, ((kind, f"name {words}", NAME_ONLY) for kind, words in said))


def _without_whose(name: str) -> str:
    """Leave out what a community is called: 大剧院社区卫生服务站 is no theatre."""
    whose = _WHOSE.match(name)
    if whose is None:
        return name
    rest = name[whose.end() :]
    # 锦绣邻里中心社区卫生服务站 is two places: there a word stands behind a name of its own.
    own = any(hit.start() for _, words in NAME_RULES for hit in words.finditer(whose[0]))
    says = any(words.search(rest) for _, words in NAME_RULES)
    return rest if says and not own else name


def _with_own(
    found: dict[str, Classified], said: Iterable[tuple[str, str, float]]
) -> tuple[Classified, ...]:
    """Put what a standard's own rules say in place of what the general ones say of a service."""
    own: dict[str, Classified] = {}
    for kind, rule, sure in said:
        service = kind.split(".")[0]
        first = own.get(service)
        if first is None:
            own[service] = Classified(service=service, type=kind, confidence=sure, rule=rule)
        elif first.type == kind:
            both = f"{first.rule}, {rule}"
            own[service] = replace(first, confidence=NAME_AND_TAG, rule=both)
    return tuple({**found, **own}.values())


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
    >>> from lifecircle.sources.facilities.tagging import plain_name
    >>> plain_name("Stadt　Bibliothek（北馆）")
    'stadtbibliothek(北馆)'
    """
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def classify_osm(tags: Mapping[str, str], own: Recognition = NO_RULES) -> tuple[Classified, ...]:
    """
    Tell from OpenStreetMap tags which services a place offers.

    Parameters
    ----------
    tags
        Tags of a node or an area, name included.
    own
        Rules of the standard; they go before the general ones.

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
    >>> from lifecircle.sources.facilities.tagging import classify_osm
    >>> [(found.type, found.rule) for found in classify_osm({"amenity": "clinic"})]
    [('medical.clinic', 'tag amenity=clinic')]
    """
    if _out_of_use(tags):
        return ()
    said, rest = own.read_name(plain_name(tags.get("name") or tags.get("name:zh") or ""))
    if NOT_IT.search(rest):
        said = ()
    ours = [(kind, f"name {words}", NAME_ONLY) for kind, words in said]
    ours += [(kind, rule, TAG_ONLY) for kind, rule in own.by_tags(tags)]
    return _with_own({one.service: one for one in _in_general(tags, rest)}, ours)


def _in_general(tags: Mapping[str, str], plain: str) -> tuple[Classified, ...]:
    if not _WAYS_TO.isdisjoint(
        (tags.get("highway", ""), tags.get("railway", ""), tags.get("public_transport", ""))
    ):
        return ()
    if not plain.isascii() and NOT_IT.search(plain):
        return ()
    by_tag = {found.service: found for found in _by_tags(tags)}
    by_name = () if plain.isascii() else classify_name(plain)
    if not by_name:
        name = tags.get("name") or tags.get("name:zh") or ""
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
