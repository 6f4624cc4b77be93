"""Who answers for a project or a gap, helps and runs: a planner's table, else the standard."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from lifecircle.standards import FacilityType, Standard
from lifecircle.tables.bodies import Bodies

_OFFICE = re.compile(
    r"(?:所在|属地|各|相关)?(?:街道|镇街|乡镇|街镇|镇)(?:办事处)?(?:[（(](?:镇|乡)?[^（）()]*[)）])?"
    r"|subdistrict office"
)
_BETWEEN = re.compile(r"[、,，;；/\n]+")
_LINK = {
    "zh": ("街道办事处（镇人民政府）", "社区、物业服务企业、业主委员会"),
    "en": ("subdistrict office (town government)", "community, property manager, owners"),
}
# Who usually runs what (P): a suggestion, where nobody says otherwise.
_OPERATORS = {
    "medical": ("卫生健康部门所属机构", "the public health service"),
    "elder_care": ("养老服务机构（公建民营）", "a care provider, in public rooms"),
    "culture": ("社区（街道）", "the community"),
    "fitness": ("社区（街道）", "the community"),
    "childcare": ("托育服务机构（普惠）", "a childcare provider at capped fees"),
    "service_centre": ("街道（社区）", "the subdistrict"),
}


class Who(NamedTuple):
    """
    The bodies of a project.

    Attributes
    ----------
    lead, cooperating, operator
        Names with the language's comma between them; `operator` None where nobody suggests one.
    """

    lead: str
    cooperating: str
    operator: str | None


def who_does(
    types: Iterable[FacilityType],
    *,
    bodies: Bodies,
    subdistricts: Iterable[str],
    language: str,
) -> Who:
    """
    Name the bodies of a project.

    Parameters
    ----------
    types
        Types of facility it builds; none for a link that is opened.
    bodies
        The planner's table; may be empty.
    subdistricts
        Those it serves, the one with most people first.
    language
        ``zh`` or ``en``.

    Returns
    -------
    who
        Each body once, whoever leads does not help as well. Where a word such as 街道 or 属地街道
        stands for the office of the subdistrict, it becomes the offices of those served; only that
        of the first leads.
    """
    kinds = list(types)
    places = list(subdistricts)
    place = places[0] if places else None
    named: dict[str, list[str]] = {"lead": [], "cooperating": [], "operator": []}
    for one in kinds:
        for role, names in named.items():
            said = bodies.of(role, one.id, one.service, place)
            if said is not None:
                names.extend(_offices(said, places if role != "lead" else places[:1]))
            elif role == "operator":
                names.extend(_usual(one.service, language))
            else:
                names.extend(_known(str(getattr(one, f"{role}_body_{language}")), role, places))
    if not kinds:
        for role, text in zip(("lead", "cooperating"), _LINK[language], strict=True):
            named[role] = _BETWEEN.split(text)
    mark = "、" if language == "zh" else ", "
    first, others, last = (
        dict.fromkeys(name.strip() for name in names if name.strip()) for names in named.values()
    )
    return Who(
        lead=mark.join(first),
        cooperating=mark.join(name for name in others if name not in first),
        operator=mark.join(last) or None,
    )


def with_bodies(
    gaps: pd.DataFrame, standard: Standard, *, bodies: Bodies, language: str
) -> pd.DataFrame:
    """
    Say of each gap who answers for it, whether or not a project answers it.

    Parameters
    ----------
    gaps
        `tables.GAPS`.
    standard
        The standard, whose types suggest the bodies.
    bodies
        The planner's table; may be empty.
    language
        ``zh`` or ``en``.

    Returns
    -------
    gaps
        A copy with ``lead_body`` and ``cooperating_body``, those of the types each gap asks for.
    """
    kinds: dict[str, tuple[str, ...]] = {one.id: one.types for one in standard.norms}
    for one in standard.requirements:
        counted = tuple(kind for rule in one.counts for kind in rule.types)
        kinds[one.id] = one.types or counted
    found: dict[tuple[str, str, str], Who] = {}
    rows = []
    for asked, service, place in zip(
        gaps["requirement"], gaps["service"], gaps["subdistrict"], strict=True
    ):
        key = (str(asked), str(service), place if isinstance(place, str) else "")
        if key not in found:
            those = kinds.get(key[0]) or ()
            found[key] = who_does(
                [one for one in standard.types if one.id in those]
                or [one for one in standard.types if one.service == key[1]],
                bodies=bodies,
                subdistricts=[key[2]] if key[2] else [],
                language=language,
            )
        rows.append((found[key].lead, found[key].cooperating))
    return gaps.assign(
        lead_body=pd.Series([one for one, _ in rows], index=gaps.index, dtype=object),
        cooperating_body=pd.Series([one for _, one in rows], index=gaps.index, dtype=object),
    )


def _usual(service: str, language: str) -> list[str]:
    pair = _OPERATORS.get(service)
    return [] if pair is None else [pair[0] if language == "zh" else pair[1]]


def _known(said: str, role: str, places: list[str]) -> list[str]:
    """Name the offices the standard only speaks of, where the names of places say what they are."""
    if all(place.endswith(("街道", "镇", "乡")) for place in places):
        return _offices(said, places if role != "lead" else places[:1])
    return _BETWEEN.split(said)


def _offices(said: str, subdistricts: list[str]) -> list[str]:
    """Put the names of subdistricts where a planner's table only says that it is their office."""
    names: list[str] = []
    for one in _BETWEEN.split(said):
        if subdistricts and _OFFICE.fullmatch(one.strip()):
            names += [_office(place) for place in subdistricts]
        else:
            names.append(one)
    return names


def _office(place: str) -> str:
    if place.endswith("街道"):
        return f"{place}办事处"
    return f"{place}人民政府" if place.endswith(("镇", "乡")) else place
