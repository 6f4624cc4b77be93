"""What a gap's requirement asks for, and what of it most people lack, in words."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from lifecircle.reach.matrix import Reach
from lifecircle.standards import CountRule, Requirement, Standard


def required_words(standard: Standard, requirement: Requirement, language: str) -> str:
    """
    Say what a requirement asks for.

    Parameters
    ----------
    standard
        The standard, for labels of types.
    requirement
        The requirement.
    language
        ``zh`` or ``en``.

    Returns
    -------
    words
        What, within which limit, for which share.
    """
    chinese = language == "zh"
    limit = (
        f"≤{requirement.minutes:g}{'分钟' if chinese else ' min'}"
        if requirement.minutes is not None
        else f"≤{requirement.limit_m:g}{'米' if chinese else ' m'}"
    )
    counted = [_counted(standard, rule, language) for rule in requirement.counts]
    label = " + ".join(counted) or _named(standard, requirement.types, language)
    if not label:
        label = requirement.label_zh if language == "zh" else requirement.label_en
    if chinese:
        return f"{label}，步行{limit}，人口覆盖率≥{requirement.target_share:.0%}"
    return f"{label} {limit}, ≥{requirement.target_share:.0%}"


def lacking_words(
    standard: Standard,
    reach: Reach,
    people: NDArray[np.float64],
    at: NDArray[np.int64],
    language: str,
) -> str | None:
    """
    Name what most people lack of several things that are counted.

    Parameters
    ----------
    standard
        The standard, for labels of types.
    reach
        Who reaches what.
    people
        People of each home, shape (homes,).
    at
        Rows of the homes that are not covered, shape (k,).
    language
        ``zh`` or ``en``.

    Returns
    -------
    words
        The rule; None where one thing is asked for.
    """
    rules = reach.requirement.counts
    if not rules:
        return None
    held = np.bincount(reach.rule[at], weights=people[at], minlength=len(rules))
    return _counted(standard, rules[int(held.argmax())], language)


def _counted(standard: Standard, rule: CountRule, language: str) -> str:
    named = _named(standard, rule.types, language)
    if language == "zh":
        any_of = "任意" if len(rule.types) > 1 else ""
        return f"{named}{any_of}至少{rule.at_least}处"
    return f"{named} ≥{rule.at_least}"


def _named(standard: Standard, types: Collection[str], language: str) -> str:
    asked = [one for one in standard.types if one.id in types]
    if language == "zh":
        return "、".join(one.label_zh for one in asked)
    return "; ".join(one.label_en for one in asked)
