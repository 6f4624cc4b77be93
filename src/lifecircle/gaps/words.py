"""Words for what lies between a home and a place, the same in every file."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

NO_STREET = "no_street"
"""Nothing is drawn between the two, but no street leads from one to the other."""

BETWEEN: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "rail": ("铁路", "railway"),
        "water": ("河流水面", "water"),
        "motorway": ("封闭式快速路", "motorway"),
        "estate": ("封闭小区", "closed estate"),
        "wall": ("围墙", "wall"),
        "fence": ("围栏", "fence"),
        "hedge": ("绿篱", "hedge"),
        NO_STREET: ("无直达道路", "no street through"),
        "school": ("校园", "school grounds"),
        "hospital": ("医院用地", "hospital grounds"),
        "industrial": ("工业用地", "industrial land"),
        "commercial": ("商业商务用地", "commercial land"),
        "retail": ("商业用地", "shopping land"),
        "military": ("特殊用地", "military land"),
        "railway": ("铁路用地", "railway land"),
        "farmland": ("农用地", "farmland"),
        "cemetery": ("墓地", "cemetery"),
        "wetland": ("湿地", "wetland"),
        "forest": ("林地", "wood"),
        "park": ("公园", "park"),
        "sports": ("体育用地", "sports ground"),
        "garden": ("园林", "garden"),
        "construction": ("工地", "building site"),
        "allotments": ("菜园", "allotments"),
        "quarry": ("采石场", "quarry"),
        "landfill": ("填埋场", "landfill"),
        "grass": ("绿地", "grass"),
        "meadow": ("草地", "meadow"),
        "brownfield": ("废弃地", "brownfield"),
        "greenfield": ("待建地", "greenfield"),
        "vacant": ("空闲地", "vacant land"),
    }
)
"""Kind to its words in Chinese and English."""


def between_words(told: str, language: str) -> str:
    """
    Put what lies between a home and a place into words.

    Parameters
    ----------
    told
        ``kind`` or ``kind: name``.
    language
        ``zh`` or ``en``.

    Returns
    -------
    words
        The kind in that language, its name in brackets where it has one.

    Examples
    --------
    >>> from lifecircle.gaps.words import between_words
    >>> between_words("wall: by Rose Court", "en")
    'wall (by Rose Court)'
    """
    kind, _, name = told.partition(": ")
    zh, en = BETWEEN.get(kind, (kind, kind))
    if language == "zh":
        return f"{zh}（{name}）" if name else zh
    return f"{en} ({name})" if name else en
