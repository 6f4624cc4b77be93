"""Which requirements leave an area without an index, and what would settle them, in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lifecircle.access.index import scored_requirements
from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.workbook.grid import Block, Field

Key = tuple[str, str, int]
"""Level, area and circle [min]."""


def unjudged(content: Content) -> Mapping[Key, tuple[str, ...]]:
    """
    Find what leaves areas without an index.

    Parameters
    ----------
    content
        What the run has to show.

    Returns
    -------
    unjudged
        Level, area and circle to the ids of the requirements nobody can judge there, in report
        order; areas with an index are not in it.

    Examples
    --------
    >>> from lifecircle.outputs.unjudged import unjudged  # doctest: +SKIP
    >>> unjudged(content)[("study", "study", 15)]  # doctest: +SKIP
    ('fitness_field_15',)
    """
    scores = content.scores
    rows = scores[scores["verdict"] == "unknown"]
    silent = set(zip(rows["level"], rows["area_id"], rows["requirement"], strict=True))
    asked: dict[int, list[str]] = {}
    for one in scored_requirements(content.standard):
        asked.setdefault(one.circle, []).append(one.id)
    index = content.index[content.index["index"].isna()]
    found = {}
    for level, area, minutes in zip(
        index["level"], index["area_id"], index["minutes"], strict=True
    ):
        names = tuple(one for one in asked.get(int(minutes), ()) if (level, area, one) in silent)
        if names:
            found[(str(level), str(area), int(minutes))] = names
    return MappingProxyType(found)


def why_unjudged(content: Content, requirement: str, language: str) -> str:
    """
    Say why a requirement cannot be judged and what would settle it.

    Parameters
    ----------
    content
        What the run has to show.
    requirement
        Its id.
    language
        ``zh`` or ``en``: used where a public edition does not tell.

    Returns
    -------
    words
        One sentence.
    """
    one = content.unsure.get(requirement)
    if language == "zh":
        return f"{one.what}。所需资料：{one.cure}" if one else "设施数据不足，暂不能判断"
    return f"{one.what}; needed: {one.cure}" if one else "too little is known of its facilities"


def cure_block(content: Content, names: Names) -> Block:
    """
    Lay out what leaves areas without an index.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    table
        One row per circle and requirement: in how many communities, what is not known and what
        would settle it. No rows where every area has an index.
    """
    say, head = names.say, names.heading
    held: dict[tuple[int, str], int] = {}
    for (level, _, minutes), those in unjudged(content).items():
        for requirement in those:
            held.setdefault((minutes, requirement), 0)
            held[(minutes, requirement)] += level == "community"
    order = {one: place for place, one in enumerate(names.requirements)}
    rows = []
    for minutes, requirement in sorted(held, key=lambda key: (key[0], order.get(key[1], 999))):
        one = content.unsure.get(requirement)
        rows.append(
            (
                float(minutes),
                names.requirements[requirement],
                float(held[(minutes, requirement)]),
                one.what if one else None,
                one.cure if one else None,
            )
        )
    return Block(
        title=say("指数为何空缺，补什么资料", "Why there is no index, and what would give one"),
        fields=(
            Field(heading=say("层级（分钟）", "circle (min)"), form="number"),
            Field(heading=head("requirement"), form="wide"),
            Field(heading=say("无法判断的社区（个）", "communities not judged"), form="number"),
            Field(heading=say("不知道什么", "what is not known"), form="prose"),
            Field(heading=say("所需资料", "what would settle it"), form="prose"),
        ),
        rows=tuple(rows),
        empty=say("各级均有指数。", "Every area has an index."),
    )
