"""
A standard as rows a planner can read: every requirement with its limit and where that is from.

A row never hides its tag: what was not read in a text is marked in every language.
"""

from __future__ import annotations

from lifecircle.errors import RuleError
from lifecircle.standards.model import Requirement, Standard

_UNITS = {"zh": ("分钟", "米"), "en": ("min", "m")}


def describe(standard: Standard, language: str) -> list[dict[str, object]]:
    """
    List the requirements of a standard.

    Parameters
    ----------
    standard
        The standard.
    language
        ``zh`` or ``en``, for labels and units.

    Returns
    -------
    rows
        One per requirement, in report order: ``requirement, service, label, circle, limit`` (text
        with its unit), ``profile, group, view, obligation, target_share, clause, source`` (the
        text or place), ``tag`` (of the limit), ``target_tag`` and ``unverified`` (whether the
        limit was neither read in a text nor corroborated).

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
    return [_row(standard, requirement, language) for requirement in standard.requirements]


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
    }
