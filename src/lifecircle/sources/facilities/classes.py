"""
What a row of a facility list says of itself -> the services it offers, each with its rule.

A name goes first, then the list's own column of classes, then a map service's type; a size or a
yes in a column of canteens can add to what they say.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lifecircle.errors import InputError, Problem
from lifecircle.sources.facilities.map_codes import classify_amap, classify_baidu
from lifecircle.sources.facilities.name_words import NOT_IT
from lifecircle.sources.facilities.recognition import NO_RULES, Recognition
from lifecircle.sources.facilities.tagging import (
    NAME_AND_TAG,
    NAME_ONLY,
    Classified,
    classify_name,
    plain_name,
)

MANY_BEDS = 50
"""Day care with so many beds is an institution (P): 老年养护院 begin at 100, rests need few."""

CLASS_PART = 0.7
"""Confidence where only a part of what a column of classes says is known."""
DISAGREE = 0.55
"""Confidence where name and class name two types of a service: below it a row is for review."""

_UNSURE = re.compile("其[他它]|不详|未分类|待定")
_YES = re.compile("有|是|已有|设有|提供|[1√✓y]|yes|true|\\d+[人份座]?", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Row:
    """
    What a row of a list says that its services may be told by.

    Parameters
    ----------
    name, category, code
        Its name, what the list's column of classes says, a map service's type; empty where there
        is nothing.
    canteen
        What a column of canteens (助餐点) says.
    beds
        Number of beds; NaN where unknown.
    """

    name: str = ""
    category: str = ""
    code: str = ""
    canteen: str = ""
    beds: float = np.nan


def classify_rows(
    rows: Sequence[Row], *, codes: str | None = None, own: Recognition = NO_RULES
) -> list[tuple[Classified, ...]]:
    """
    Find the services of every row of a list.

    Parameters
    ----------
    rows
        What they say.
    codes
        ``amap`` or ``baidu`` where `Row.code` is that service's type; then `Row.category` is not
        asked.
    own
        Rules of the standard; they go before the general ones.

    Returns
    -------
    services
        Per row; empty where no rule knows it, or it is none of them.

    Notes
    -----
    A class that is a known word as a whole (社区卫生服务站) is the bureau's own finding: it gives
    the type where the name says another of the same service, with a confidence that sends the row
    to review. One that leaves a choice (诊所/其他) only confirms.

    Examples
    --------
    >>> from lifecircle.sources.facilities.classes import Row, classify_rows
    >>> rows = [Row(name="临江幸福苑", category="居家养老服务站", canteen="有"),
    ...         Row(name="安心宠物医院", category="诊所/其他")]
    >>> [[(one.type, one.rule) for one in found] for found in classify_rows(rows)]
    [[('elder_care.daycare', 'class 居家养老服务站'), ('elder_care.canteen', 'canteen 有')], []]
    """
    return [_classify(row, codes, own) for row in rows]


def check_codes(codes: str, *, known: Collection[str], where: str) -> None:
    """
    Refuse type codes nobody knows or no column holds.

    Parameters
    ----------
    codes
        Whose codes a list has, as the study says.
    known
        Meanings of the columns that were found.
    where
        The list.

    Raises
    ------
    InputError
        If they are unknown or without a column.
    """
    asked = codes.strip().casefold()
    if asked not in ("amap", "baidu"):
        raise InputError(
            Problem(
                what=f"type codes '{codes}' are unknown",
                where=where,
                remedy='known: "amap", "baidu"; or leave codes out: names are classified',
            )
        )
    if "category" not in known and ("code" not in known or asked == "baidu"):
        raise InputError(
            Problem(
                what="no column of type codes was found",
                where=where,
                remedy='give columns = {code = "…"} or {category = "…"}, or leave codes out: '
                "names are classified",
            )
        )


def _classify(row: Row, codes: str | None, own: Recognition) -> tuple[Classified, ...]:
    if codes == "amap":
        found = list(classify_amap(row.name, row.code, own))
    elif codes == "baidu":
        found = list(classify_baidu(row.name, row.code, own))
    else:
        found = _by_name_and_class(row.name, row.category, own)
    found = [_with_beds(one, row.beds) for one in found]
    canteen = plain_name(row.canteen)
    fed = any(one.type == "elder_care.canteen" for one in found)
    if any(one.service == "elder_care" for one in found) and not fed and _YES.fullmatch(canteen):
        found.append(
            Classified(
                service="elder_care",
                type="elder_care.canteen",
                confidence=NAME_ONLY,
                rule=f"canteen {canteen}",
            )
        )
    return tuple(found)


def _by_name_and_class(name: str, category: str, own: Recognition) -> list[Classified]:
    plain = plain_name(category)
    if any(NOT_IT.search(own.read_name(text)[1]) for text in (plain_name(name), plain)):
        return []
    by_name = list(classify_name(name, own))
    by_class, whole = _by_class(plain, own)
    found = []
    for one in by_name:
        other = by_class.pop(one.service, None)
        if other is None:
            found.append(one)
        elif other.type == one.type:
            found.append(
                replace(one, confidence=NAME_AND_TAG, rule=f"{one.rule}, class {other.rule}")
            )
        elif not whole:  # 运动场地 is no sports field, only some word of it is
            found.append(one)
        else:
            rule = f"{one.rule}, but class {other.rule}"
            found.append(replace(one, type=other.type, confidence=DISAGREE, rule=rule))
    for other in by_class.values():
        if by_name and not whole:
            continue
        sure = (NAME_ONLY if whole else CLASS_PART) if not by_name else DISAGREE
        found.append(replace(other, confidence=sure, rule=f"class {other.rule}"))
    return found


def _by_class(plain: str, own: Recognition) -> tuple[dict[str, Classified], bool]:
    """Read a class; `whole` where each of its parts is a known word and none leaves a choice."""
    parts = [part for part in re.split(r"[/;、,，|]", plain) if part]
    known: dict[str, Classified] = {}
    whole = bool(parts) and not any(_UNSURE.search(part) for part in parts)
    types = set()
    for part in parts:
        for one in classify_name(part, own):
            word = one.rule.removeprefix("name ")
            types.add(one.type)
            whole &= word == part or len(parts) > 1
            known.setdefault(one.service, replace(one, rule=part))
    return known, whole and len(types) <= 1


def _with_beds(one: Classified, beds: float) -> Classified:
    if one.type == "elder_care.daycare" and beds >= MANY_BEDS:
        return replace(one, type="elder_care.institution", rule=f"{one.rule}, {beds:.0f} beds")
    return one
