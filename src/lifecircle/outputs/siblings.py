"""
Requirements that are two clauses of one rule: the same places within a time and within a distance.

Both stay requirements, for neither limit follows from the other; but what a community lacks of one
rule is one thing, and a list that is handed in should say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from lifecircle.outputs.names import Names
from lifecircle.standards import Standard


def families(standard: Standard) -> Mapping[str, str]:
    """
    Find the requirements that ask for the same, once in minutes and once in metres.

    Parameters
    ----------
    standard
        The standard.

    Returns
    -------
    families
        Id of a requirement to that of the first of its family; those that stand alone are not in
        it. Clauses for towns and for villages belong to one family: no community is asked both.

    Examples
    --------
    >>> from lifecircle.outputs.siblings import families
    >>> from lifecircle.standards import load_standard
    >>> families(load_standard("zhejiang"))["culture_circle_1km"]
    'culture_circle_15'
    """
    held: dict[object, list[str]] = {}
    units: dict[object, set[bool]] = {}
    for one in standard.requirements:
        alike = (one.service, one.circle, one.group, one.view, one.obligation, one.serves)
        key = (*alike, one.types, one.satisfied_by, one.counts)
        held.setdefault(key, []).append(one.id)
        units.setdefault(key, set()).add(one.minutes is None)
    return MappingProxyType(
        {name: those[0] for key, those in held.items() if len(units[key]) == 2 for name in those}
    )


def twice_listed(standard: Standard, gaps: pd.DataFrame) -> pd.Series:
    """
    Find gaps whose community has another gap of the same rule.

    Parameters
    ----------
    standard
        The standard.
    gaps
        Rows of `tables.GAPS`, in the order they are listed.

    Returns
    -------
    other
        The requirement of the other gap, by the index of `gaps`; missing where there is none.
    """
    family = families(standard)
    rule = gaps["requirement"].map(lambda name: family.get(str(name)))
    other = pd.Series(None, index=gaps.index, dtype=object)
    for _, part in gaps[rule.notna()].groupby(["community_id", rule[rule.notna()]], sort=False):
        for row in part.index if len(part) > 1 else ():
            other[row] = next(part.loc[one, "requirement"] for one in part.index if one != row)
    return other


def counted_once(standard: Standard, gaps: pd.DataFrame) -> int:
    """
    Count gaps, two clauses of one rule in one community once.

    Parameters
    ----------
    standard
        The standard.
    gaps
        Rows of `tables.GAPS`.

    Returns
    -------
    count
        Never more than the rows.
    """
    family = families(standard)
    rules = [family.get(str(name), str(name)) for name in gaps["requirement"]]
    return len(set(zip(gaps["community_id"], rules, strict=True)))


def joined_label(names: Names, first: str, second: str) -> str:
    """
    Name two clauses of one rule at once.

    Parameters
    ----------
    names
        Words of the run.
    first, second
        Ids of both.

    Returns
    -------
    label
        What both begin with, with both endings in one pair of brackets where they have them.

    Examples
    --------
    >>> from lifecircle.outputs.names import Names
    >>> from lifecircle.outputs.siblings import joined_label
    >>> words = {"a": "文化圈（15分钟）", "b": "文化圈（1公里）"}
    >>> names = Names(language="zh", services={}, types={}, requirements=words, communities={},
    ...               facilities={})
    >>> joined_label(names, "a", "b")
    '文化圈（15分钟；1公里）'
    """
    one, two = names.requirements.get(first, first), names.requirements.get(second, second)
    for opening, closing, mark in (("（", "）", "；"), (" (", ")", "; ")):
        head, found, _ = one.partition(opening)
        if found and two.startswith(head + opening) and one.endswith(closing):
            return one.removesuffix(closing) + mark + two[len(head) + len(opening) :]
    return f"{one}{names.say('；', '; ')}{two}"
