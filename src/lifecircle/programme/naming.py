"""What a project is called, in the study's language: where it is and what it does."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from lifecircle.standards import FacilityType, Standard

_WAYS = {
    "share": ("{}共享开放", "Sharing of {}"),
    "extension": ("{}改扩建", "Extension of {}"),
    "gate": ("{}步行通道", "Link at {}"),
}


def site_name(
    standard: Standard, types: Sequence[FacilityType], places: Sequence[str], language: str
) -> str:
    """
    Name a project by where it is and what it holds.

    Parameters
    ----------
    standard
        The standard.
    types
        What it holds.
    places
        Communities it serves, the one with most people first.
    language
        ``zh`` or ``en``.

    Returns
    -------
    name
        One type by its label, several as a centre for their services.
    """
    place = (places[0] if places else "") + ("等" if language == "zh" and len(places) > 1 else "")
    if len(types) == 1:
        kind = types[0].label_zh if language == "zh" else types[0].label_en
    else:
        labels = [
            standard.service_labels[name][language]
            for name in standard.services
            if name in {one.service for one in types}
        ]
        kind = (
            f"综合体（{'、'.join(labels)}）"
            if language == "zh"
            else (f"centre for {', '.join(label.lower() for label in labels)}")
        )
    if language == "zh":
        return f"{place}{kind}"
    more = " and others" if len(places) > 1 else ""
    return f"{kind}, {place}{more}" if place else kind


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
