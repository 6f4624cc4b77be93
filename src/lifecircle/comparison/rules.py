"""Standards of two runs -> where they ask for something else, and which requirements are one."""

from __future__ import annotations

from collections.abc import Mapping

from lifecircle.comparison.run import Run
from lifecircle.errors import Problem, RuleError
from lifecircle.standards import Requirement, Standard

_WORDS = {"label_zh", "label_en", "evidence"}
_TYPE_WORDS = _WORDS | {
    *("lead_body_zh", "lead_body_en", "cooperating_body_zh", "cooperating_body_en"),
    "land_code_2023",
    "land_code_rural",
}
_TOLD = 12


def rule_differences(a: Run, b: Run) -> dict[str, str]:
    """
    List what two standards ask otherwise.

    Parameters
    ----------
    a, b
        The runs.

    Returns
    -------
    differences
        Requirement id, or ``standard``, ``types``, ``scale``, to words: the fields that differ
        with both values. Empty where one standard was asked.
    """
    one, other = a.standard, b.standard
    found: dict[str, str] = {}
    if (one.name, one.edition) != (other.name, other.edition):
        found["standard"] = f"{one.name} {one.edition} → {other.name} {other.edition}"
    for name, asked in _by_id(one).items():
        partner = _by_id(other).get(name)
        if partner is None:
            found[name] = "only in A"
        elif said := _otherwise(_definition(asked), _definition(partner)):
            found[name] = said
    found |= {name: "only in B" for name in _by_id(other) if name not in _by_id(one)}
    if said := _otherwise(_types(one), _types(other)):
        found["types"] = said
    if said := _otherwise(_scale(one), _scale(other)):
        found["scale"] = said
    return found


def refuse_other_rules(a: Run, b: Run, differences: Mapping[str, str]) -> None:
    """
    Refuse to compare what was measured otherwise.

    Parameters
    ----------
    a, b
        The runs.
    differences
        From `rule_differences`.

    Raises
    ------
    RuleError
        With every difference.
    """
    if differences:
        told = [
            Problem(what=f"the runs were measured otherwise: {words}", where=name)
            for name, words in list(differences.items())[:_TOLD]
        ]
        more = len(differences) - len(told)
        last = Problem(
            what=f"'{a.title}' and '{b.title}' were not measured by one standard"
            + (f" (and {more} more differences)" if more > 0 else ""),
            remedy="run both with one standard, or compare with --across-standards: then only "
            "requirements both ask alike are compared",
        )
        raise RuleError([*told, last])


def same_requirements(a: Run, b: Run, differences: Mapping[str, str]) -> tuple[Requirement, ...]:
    """
    List the requirements that are one in both runs.

    Parameters
    ----------
    a, b
        The runs.
    differences
        From `rule_differences`.

    Returns
    -------
    requirements
        In B's order.
    """
    known = _by_id(a.standard)
    return tuple(
        one for one in b.standard.requirements if one.id in known and one.id not in differences
    )


def _by_id(standard: Standard) -> dict[str, Requirement]:
    return {one.id: one for one in standard.requirements}


def _definition(requirement: Requirement) -> dict[str, object]:
    return requirement.model_dump(mode="json", exclude=_WORDS)


def _types(standard: Standard) -> dict[str, object]:
    return {one.id: one.model_dump(mode="json", exclude=_TYPE_WORDS) for one in standard.types}


def _scale(standard: Standard) -> dict[str, object]:
    return standard.model_dump(
        mode="json", include={"weights", "grades", "weak_below", "no_data_factor"}
    )


def _otherwise(one: Mapping[str, object], other: Mapping[str, object]) -> str:
    names = [name for name in (*one, *other) if one.get(name) != other.get(name)]
    parts = []
    for name in dict.fromkeys(names):
        before, after = one.get(name), other.get(name)
        if isinstance(before, dict) and isinstance(after, dict):
            parts.append(f"{name} ({_otherwise(before, after)})")
        else:
            parts.append(f"{name} {_short(before)} → {_short(after)}")
    return "; ".join(parts)


def _short(value: object) -> str:
    text = "–" if value is None else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
