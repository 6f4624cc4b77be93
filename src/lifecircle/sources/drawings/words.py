"""
Names of layers and labels of a topographic map -> what they mean.

Layers are known by the names mapping software and offices give them; labels are those of
GB/T 20257.1, which write a building's structure and its storeys into the outline.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

LAYERS: Mapping[str, str] = {
    "buildings": r"jmd|jzw|resa|fwm?|buildings?|居民地(及设施|面)?|.*(房屋|建筑物)(面|轮廓)?|建筑",
    "labels": r"(jmd|fw|jzw)?zj|.*(注记|标注)|text|anno(tation)?|文字|文本",
    "walls": r"wq|yzh|walls?|.*(围墙|垣栅).*",
    "fences": r"zl|lg|sl|fences?|.*(栅栏|栏杆|铁丝网|篱笆|围栏).*",
    "hedges": r"hedges?|活树篱笆|.*绿篱.*",
    "gates": r"dm|md|gates?|.*(大门|小门|门墩|出入口).*|门",
    "roads": r"dlss|lrdl|lrrl|lfcp|dl|roads?|.*(道路|路边线|铁路|公路|交通).*",
    "water": r"sxss|hyd[alp]|sx|water|.*(水系|河流|河道|水域|池塘|沟渠).*",
    "ground": r"zbtz|dmtz|kzd|gxyz|dldw|jj|tk|dgx|gcd|veg[alp]|ter[lp]|boua|pip[lp]|cptp|aan[p]|0"
    r"|z|zdh|jzd|bound|axes|value|label|defpoints|.*(植被|地貌|等高线|高程点|控制点|管线|境界|图廓|独立地物).*",
}
"""What a layer holds -> names it is known by. The last three kinds are counted, never read."""

USED = ("buildings", "labels", "walls", "fences", "hedges", "gates")

_STRUCTURES = "砼钢混砖石土木竹铁框简棚破建"
_LONG_WORDS = {"混凝土": "砼", "在建": "建", "建筑中": "建", "简易": "简"}
_USES = {"简": "hut", "棚": "shed", "破": "ruins", "建": "construction"}
_LABEL = re.compile(
    rf"(?P<structure>[{_STRUCTURES}]{{1,2}})房?(?P<levels>\d{{1,3}})?[层f]?"
    r"(?:[-/+(]+(?P<more>\d{1,2})\)?)?"
)
_MOST_STOREYS = 200
_MOST_BASEMENTS = 5


@dataclass(frozen=True, kw_only=True)
class Label:
    """
    What a label says about the building it stands in.

    Parameters
    ----------
    structure
        The word for the structure, as written.
    use
        ``shed``, ``hut``, ``ruins`` or ``construction`` where nobody lives; None elsewhere.
    levels
        Storeys above ground; None for a building that is not finished.
    """

    structure: str
    use: str | None
    levels: int | None


def kind_of_layer(name: str, layers: Mapping[str, str] | None = None) -> str | None:
    """
    Tell what a layer holds from its name.

    Parameters
    ----------
    name
        Of the layer.
    layers
        Kind to the name the planner says; several are divided by commas. Such a kind has no other
        layers.

    Returns
    -------
    kind
        A key of `LAYERS`; None for a name nobody knows.

    Examples
    --------
    >>> from lifecircle.sources.drawings.words import kind_of_layer
    >>> kind_of_layer("JMD"), kind_of_layer("现状围墙"), kind_of_layer("8"), kind_of_layer("图层8")
    ('buildings', 'walls', None, None)
    """
    plain = _plain(name)
    for kind, said in (layers or {}).items():
        if plain in {_plain(one) for one in re.split("[,，、;；]", said)}:
            return kind
    kinds = (kind for kind in ("hedges", *LAYERS) if re.fullmatch(LAYERS[kind], plain))
    found = next(kinds, None)
    return None if found in (layers or {}) else found


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def read_label(text: str) -> Label | None:
    """
    Read the label of a building.

    Parameters
    ----------
    text
        As the drawing holds it, formatting included.

    Returns
    -------
    label
        Structure, use and storeys; None where the text is no such label.

    Notes
    -----
    Maps after GB/T 20257.1 write the structure and, from two storeys on, their number: 砖 has one
    storey, 混6 has six. Storeys below ground stand behind a dash (混6-1) and do not count.

    Examples
    --------
    >>> from lifecircle.sources.drawings.words import read_label
    >>> [read_label(text).levels for text in ("混6", "砖", "砼18-2", "建", "混６")]
    [6, 1, 18, None, 6]
    >>> read_label("棚").use, read_label("红旗小学")
    ('shed', None)
    """
    plain = re.sub(r"\s", "", _plain(drawn_text(text)))
    for word, short in _LONG_WORDS.items():
        plain = plain.replace(word, short)
    found = _LABEL.fullmatch(plain)
    if found is None:
        return None
    structure, said, more = found["structure"], found["levels"], found["more"]
    levels = 1 if said is None else int(said)
    if not 0 < levels <= _MOST_STOREYS or (more and said is None):
        return None
    # More below ground than above, or many: the two numbers mean something else.
    if more and int(more) > min(levels, _MOST_BASEMENTS):
        return None
    use = next((_USES[letter] for letter in structure if letter in _USES), None)
    unfinished = use == "construction" and said is None
    return Label(structure=structure, use=use, levels=None if unfinished else levels)


def drawn_text(text: str) -> str:
    r"""
    Take the formatting out of a text of a drawing.

    Parameters
    ----------
    text
        Content of a TEXT or MTEXT.

    Returns
    -------
    plain
        The letters that are seen.

    Examples
    --------
    >>> from lifecircle.sources.drawings.words import drawn_text
    >>> drawn_text(r"{\fSimSun|b0;混6}"), drawn_text(r"\U+7816" + "2")
    ('混6', '砖2')
    """
    text = re.sub(r"\\U\+([0-9A-Fa-f]{4})", lambda code: chr(int(code[1], 16)), text)
    text = re.sub(r"\\[PX~]|\^J", " ", text)
    text = re.sub(r"\\[ACFHQTWacfhqtwp][^;\\]*;|\\[LlOoKk]|%%[uodcUOk]", "", text)
    return text.replace("{", "").replace("}", "").strip()
