"""
Headers of columns -> the group of people each counts: ages in any spelling, and a few words.

A share, a rate or a mean is no count and names no group.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

GROUP_COLUMN = re.compile(r"people_[a-z0-9]+(?:_[a-z0-9]+)*")
"""What a column that counts a group is called."""

_TAIL = r"(?:的?(?:常住)?(?:人口|人员|老年人口|老年人|老人|幼儿|婴幼儿|儿童|学生)?(?:数量?|人数)?)"
_AGES = (
    (re.compile(rf"(?:其中:?)?(\d{{1,3}})(?:周?岁)?(?:及|含|\(含\))?以上{_TAIL}"), "{}plus"),
    (re.compile(rf"(?:其中:?)?(?:≥|>=)(\d{{1,3}})(?:周?岁)?{_TAIL}"), "{}plus"),
    (re.compile(rf"(?:其中:?)?(\d{{1,3}})(?:周?岁)?\+{_TAIL}"), "{}plus"),
    (
        re.compile(rf"(?:其中:?)?(\d{{1,2}})(?:周?岁)?[-—–~～至到](\d{{1,2}})(?:周?岁){_TAIL}"),
        "{}_{}",
    ),
    (re.compile(rf"(?:其中:?)?(\d{{1,2}})(?:周?岁)(?:及|含)?以下{_TAIL}"), "0_{}"),
)
_WORDS = (
    ("60plus", r"老年人口?|老人"),
    ("0_3", r"婴幼儿"),
    ("disabled", r"残疾人|残疾人口|持证残疾人"),
    ("dependent", r"失能(?:半失能)?(?:老年人|老人|人员)?|失能[、/]半失能(?:老年人|老人|人员)?"),
    ("alone", r"(?:独居|空巢|孤寡|独居[、/]空巢)(?:老年人|老人)"),
    ("low_income", r"低保(?:对象|人员|人口)?|(?:困难|低收入)(?:群众|人群|人口)"),
    ("left_behind", r"留守(?:儿童|老人)?"),
)
_COUNT = r"(?:数量?|人数|人口数?)?"


def group_of(header: object) -> str | None:
    """
    Tell which group of people a column counts.

    Parameters
    ----------
    header
        Name of a column.

    Returns
    -------
    group
        Its id (``60plus``, ``3_6``, ``disabled`` …); None where it names none.

    Examples
    --------
    >>> from lifecircle.sources.people.groups import group_of
    >>> [group_of(one) for one in ("80岁及以上（人）", "３-６岁", "残疾人数", "60岁以上占比")]
    ['80plus', '3_6', 'disabled', None]
    """
    plain = "".join(unicodedata.normalize("NFKC", str(header)).casefold().split())
    if GROUP_COLUMN.fullmatch(plain):
        return plain.removeprefix("people_")
    plain = re.sub(r"\((?:万?人|单位:?万?人)\)$", "", plain)
    for pattern, group in _AGES:
        found = pattern.fullmatch(plain)
        if found is not None:
            ages = [int(age) for age in found.groups()]
            return group.format(*ages) if ages == sorted(set(ages)) else None
    for group, words in _WORDS:
        if re.fullmatch(f"(?:{words}){_COUNT}", plain):
            return group
    return None


def groups_among(headers: Iterable[object], taken: Iterable[object]) -> Mapping[str, str]:
    """
    Find the columns that count groups.

    Parameters
    ----------
    headers
        Names of all columns.
    taken
        Names of columns that mean something already, and of groups that are found.

    Returns
    -------
    columns
        ``people_<group>`` to the first column that counts it.
    """
    used = set(taken)
    found: dict[str, str] = {}
    for header in headers:
        group = None if header in used else group_of(header)
        if group is not None and f"people_{group}" not in used:
            found.setdefault(f"people_{group}", str(header))
    return found


def asked_groups(columns: Mapping[str, str] | None) -> Mapping[str, tuple[str, ...]]:
    """
    Take the groups a planner names columns for.

    Parameters
    ----------
    columns
        Meaning to the column the planner says.

    Returns
    -------
    wanted
        ``people_<group>`` to its own name, as what may be looked for.
    """
    return {name: (name,) for name in columns or {} if GROUP_COLUMN.fullmatch(name)}


def nested_groups(groups: Iterable[str]) -> list[tuple[str, str]]:
    """
    List the groups that are part of another one.

    Parameters
    ----------
    groups
        Ids.

    Returns
    -------
    pairs
        The part and the whole, by ages: 80plus is part of 65plus, 0_3 of 0_6.

    Examples
    --------
    >>> from lifecircle.sources.people.groups import nested_groups
    >>> nested_groups(["60plus", "80plus", "0_3", "0_6", "disabled"])
    [('0_3', '0_6'), ('80plus', '60plus')]
    """
    spans = {}
    for group in groups:
        found = re.fullmatch(r"(\d+)(?:plus|_(\d+))", group)
        if found is not None:
            spans[group] = (int(found[1]), int(found[2]) if found[2] else 999)
    return sorted(
        (part, whole)
        for part, (low, high) in spans.items()
        for whole, (least, most) in spans.items()
        if part != whole and least <= low and high <= most
    )
