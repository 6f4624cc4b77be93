"""What a project is called, in the study's language: where it is and what it does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence

from lifecircle.siting.options import open_air
from lifecircle.standards import FacilityType, Standard

_WAYS = {
    "share": ("{}共享开放", "Sharing of {}"),
    "extension": ("{}改扩建", "Extension of {}"),
    "gate": ("{}步行通道", "Link at {}"),
}
_BRACKETED = re.compile(r"[（(][^（()）]*[）)]$")
_NAMED = 2  # types a name lists one by one


def site_name(
    standard: Standard,
    types: Sequence[FacilityType],
    place: str,
    language: str,
    *,
    room: str | None = None,
) -> str:
    """
    Name a project by the community it stands in and what it holds.

    Parameters
    ----------
    standard
        The standard.
    types
        What it holds.
    place
        The community; empty where it lies in none.
    language
        ``zh`` or ``en``.
    room
        The room it makes use of.

    Returns
    -------
    name
        One or two types, and open-air grounds alone, by their labels; more as a centre for their
        services.
    """
    chinese = language == "zh"
    if len(types) <= _NAMED or all(open_air(one) for one in types):
        labels = [one.label_zh if chinese else one.label_en for one in types]
        kind = ("、" if chinese else ", ").join(_BRACKETED.sub("", one) for one in labels)
    else:
        labels = [
            standard.service_labels[name][language]
            for name in standard.services
            if name in {one.service for one in types}
        ]
        kind = (
            f"综合体（{'、'.join(labels)}）"
            if chinese
            else f"centre for {', '.join(label.lower() for label in labels)}"
        )
    if chinese:
        return f"{place}{kind}" + (f"（依托{room}）" if room else "")
    return ", ".join(part for part in (kind, place) if part) + (f" (in {room})" if room else "")


def told_apart(names: Sequence[str], grounds: Sequence[str | None], language: str) -> list[str]:
    """
    Tell projects of one name apart by what they stand on.

    Parameters
    ----------
    names
        Their names.
    grounds
        What each stands on is called; None where nobody says.
    language
        ``zh`` or ``en``.

    Returns
    -------
    names
        In their order, unique ones as they were.

    Examples
    --------
    >>> from lifecircle.programme.naming import told_apart
    >>> told_apart(["东门文化站"] * 2 + ["西门文化站"], ["河边地", "路边地", "山边地"], "zh")
    ['东门文化站（河边地）', '东门文化站（路边地）', '西门文化站']
    """
    both, many = "{}（{}）" if language == "zh" else "{} ({})", Counter(names)
    return [
        both.format(name, ground) if ground and many[name] > 1 else name
        for name, ground in zip(names, grounds, strict=True)
    ]


def way_name(kind: str, label: str, language: str) -> str:
    """
    Name a project that needs no land.

    Parameters
    ----------
    kind
        ``share``, ``extension`` or ``gate``.
    label
        What it is done to, or where.
    language
        ``zh`` or ``en``.

    Returns
    -------
    name
        The label itself where the kind is another one.

    Examples
    --------
    >>> from lifecircle.programme.naming import way_name
    >>> way_name("share", "东门小学", "zh")
    '东门小学共享开放'
    """
    words = _WAYS.get(kind)
    return label if words is None else words[language != "zh"].format(label)


def facility_name(
    facility: Mapping[Hashable, object],
    kind: FacilityType | None,
    communities: Mapping[str, str],
    language: str,
) -> str:
    """
    Name the extension of a facility.

    Parameters
    ----------
    facility
        Its row of `tables.FACILITIES`.
    kind
        Its type; None where the standard does not know it.
    communities
        Community to its name.
    language
        ``zh`` or ``en``.

    Returns
    -------
    name
        After its own name, else after its community and type.
    """
    said = facility.get("name")
    if isinstance(said, str) and said:
        return way_name("extension", said, language)
    label = str(facility["type"])
    if kind is not None:
        label = kind.label_zh if language == "zh" else kind.label_en
    place = communities.get(str(facility.get("community_id")), "")
    return way_name(
        "extension", f"{place}{label}" if language == "zh" else f"{label}, {place}", language
    )
