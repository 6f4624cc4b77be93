"""
A standard as rows a planner can read: what it asks, each number with where it is from.

A row never hides its tag: what was not read in a text is marked in every language.
"""

from __future__ import annotations

import re

from lifecircle.errors import RuleError
from lifecircle.standards.model import Evidence, Norm, Requirement, Standard

_CHINESE = re.compile("[\u4e00-\u9fff]")
_UNITS = {"zh": ("分钟", "米"), "en": ("min", "m")}
_GROUPS = {
    "all": ("人", "people"),
    "60plus": ("名60岁及以上老年人", "people of 60 and older"),
    "65plus": ("名65岁及以上老年人", "people of 65 and older"),
    "80plus": ("名80岁及以上老年人", "people of 80 and older"),
    "0_3": ("名0—3岁婴幼儿", "children under 3"),
    "households": ("户", "households"),
}
_AREAS = {
    "community": "每社区（村）",
    "unit": "每个公共服务基本单元",
    "subdistrict": "每街道（镇）",
    "county": "每县（市、区）",
    "study": "全域",
}
_MEASURES = {
    "facilities": ("处", "facilities"),
    "floor_m2": ("㎡建筑面积", "m² of floor area"),
    "site_m2": ("㎡用地", "m² of site"),
    "beds": ("张床位", "beds"),
    "places": ("个名额（托位、座位）", "places"),
}


def describe(standard: Standard, language: str) -> list[dict[str, object]]:
    """
    List the requirements and norms of a standard.

    Parameters
    ----------
    standard
        The standard.
    language
        ``zh`` or ``en``, for labels and units.

    Returns
    -------
    rows
        One per requirement, then one per norm, in report order: ``requirement`` (its id),
        ``service, label, circle, limit`` (text with its unit), ``profile, group, view, obligation,
        target_share, clause, source`` (the text or place), ``tag`` (of the limit), ``target_tag``
        ``unverified`` (whether the limit was neither read in a text nor corroborated) and
        ``others``: the tags of its other fields, such as ``{"types": "R"}``, targets aside. A norm
        has no circle, no profile and no target.

    Raises
    ------
    RuleError
        If the language is another one.

    Examples
    --------
    >>> from lifecircle.standards import describe, load_standard
    >>> describe(load_standard("gb50180"), "en")[0]["limit"]
    '1000 m'
    """
    if language not in _UNITS:
        raise RuleError(f"no labels in '{language}'; known: {', '.join(sorted(_UNITS))}")
    rows = [_row(standard, requirement, language) for requirement in standard.requirements]
    return [*rows, *(_norm_row(standard, norm, language) for norm in standard.norms)]


def note_in(note: str, language: str) -> str:
    """
    Take a note of a standard in one language.

    Parameters
    ----------
    note
        In Chinese and, after a slash between blanks, in English; or in one of them only.
    language
        ``zh`` or ``en``.

    Returns
    -------
    text
        The half in that language; the whole note where it has no halves.

    Examples
    --------
    >>> from lifecircle.standards.describe import note_in
    >>> note_in("半径按路网。 / Radii follow streets.", "en")
    'Radii follow streets.'
    """
    chinese, slash, english = note.partition(" / ")
    if not slash or not _CHINESE.search(chinese) or _CHINESE.search(english):
        return note
    return chinese if language == "zh" else english


def amount(norm: Norm, number: float, language: str) -> str:
    """
    Write a number in the unit of a norm.

    Parameters
    ----------
    norm
        The norm.
    number
        How much.
    language
        ``zh`` or ``en``.

    Returns
    -------
    words
        With at most two decimals.
    """
    chinese, english = _MEASURES[norm.measure]
    text = f"{number:,.2f}".rstrip("0").removesuffix(".")
    return f"{text} {english}" if language == "en" else f"{text}{chinese}"


def norm_words(norm: Norm, language: str) -> str:
    """
    Say what a norm asks for.

    Parameters
    ----------
    norm
        The norm.
    language
        ``zh`` or ``en``.

    Returns
    -------
    words
        Its number with unit and base.

    Examples
    --------
    >>> from lifecircle.standards import Evidence, Norm
    >>> proof = Evidence(field="at_least", clause="5.1", source="ours", tag="V")
    >>> beds = Norm(
    ...     id="beds", service="elder_care", label_zh="床位", label_en="Beds", measure="beds",
    ...     at_least=40.0, per=1000.0, of="60plus", evidence=(proof,),
    ... )
    >>> norm_words(beds, "en")
    'at least 40 beds per 1,000 people of 60 and older'
    """
    number = amount(norm, norm.at_least, language)
    chinese, english = _GROUPS.get(norm.of, (f"人（{norm.of}）", f"people ({norm.of})"))
    if language == "zh":
        base = _AREAS[norm.level] if norm.per is None else f"每{norm.per:g}{chinese}"
        return f"{base}不少于{number}"
    base = f"in every {norm.level}" if norm.per is None else f"per {norm.per:,g} {english}"
    return f"at least {number} {base}"


def _norm_row(standard: Standard, norm: Norm, language: str) -> dict[str, object]:
    evidence = norm.number_evidence
    return {
        "requirement": norm.id,
        "service": standard.service_labels[norm.service][language],
        "label": norm.label_zh if language == "zh" else norm.label_en,
        "circle": None,
        "limit": norm_words(norm, language),
        "profile": "",
        "group": norm.of,
        "view": "base",
        "obligation": norm.obligation,
        "target_share": None,
        "clause": evidence.clause,
        "source": standard.sources[evidence.source],
        "tag": evidence.tag,
        "target_tag": "",
        "unverified": evidence.tag not in ("V", "C"),
        "others": _others(norm.evidence, evidence),
    }


def _row(standard: Standard, requirement: Requirement, language: str) -> dict[str, object]:
    minutes, metres = _UNITS[language]
    evidence = requirement.limit_evidence
    target = next(item for item in requirement.evidence if item.field == "target_share")
    return {
        "requirement": requirement.id,
        "service": standard.service_labels[requirement.service][language],
        "label": requirement.label_zh if language == "zh" else requirement.label_en,
        "circle": requirement.circle,
        "limit": f"{requirement.limit:g} {metres if requirement.minutes is None else minutes}",
        "profile": requirement.profile,
        "group": requirement.group,
        "view": requirement.view,
        "obligation": requirement.obligation,
        "target_share": requirement.target_share,
        "clause": evidence.clause,
        "source": standard.sources[evidence.source],
        "tag": evidence.tag,
        "target_tag": target.tag,
        "unverified": evidence.tag not in ("V", "C"),
        "others": _others(requirement.evidence, evidence),
    }


def _others(entries: tuple[Evidence, ...], limit: Evidence) -> dict[str, str]:
    """Tag what else a row rests on, but what nearly all share: targets, the planning speed."""
    return {
        item.field: item.tag
        for item in entries
        if item is not limit
        and item.field not in ("target_share", "min_people_short")
        and (item.field, item.tag) != ("profile", "C")
    }
