"""
Codes become words and colours here: the only place that holds labels in Chinese and English.

Every code of the result tables has a label in both languages; a code nobody declared is shown as
it stands, so a standard may add its own groups or types without anything disappearing.
"""

from __future__ import annotations

from bisect import bisect, bisect_left
from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from types import MappingProxyType

from lifecircle.errors import RuleError
from lifecircle.outputs.headings import HEADINGS
from lifecircle.outputs.words import LABELS

LANGUAGES = ("zh", "en")

GRADE_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "excellent": "#2f73b7",
        "good": "#7cc39c",
        "fair": "#f5dc75",
        "low": "#ee9446",
        "poor": "#b3262e",
        "none": "#c9ccd1",
    }
)
"""Blue, green, yellow, orange, red from best to worst, and grey where there is nothing to grade.

Neighbours differ in lightness as well as in hue, so they stay apart without colour vision.
"""
GRADE_INK: Mapping[str, str] = MappingProxyType(
    {
        "excellent": "#ffffff",
        "good": "#12301f",
        "fair": "#3d3100",
        "low": "#3a1c00",
        "poor": "#ffffff",
        "none": "#2b2f36",
    }
)
"""Text colour that can be read on each grade's colour."""
LIGHT_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "excellent": "#1f7f4c",
        "good": "#1f7f4c",
        "fair": "#f2c230",
        "low": "#f2c230",
        "poor": "#c0272d",
        "none": "#c9ccd1",
    }
)
"""Green, yellow, red (红黄绿): two grades each to green and yellow (P), for the page of the map."""
LIGHT_INK: Mapping[str, str] = MappingProxyType(
    {**dict.fromkeys(("excellent", "good", "poor"), "#ffffff"), "none": "#2b2f36"}
    | dict.fromkeys(("fair", "low"), "#3d3100")
)
"""Text colour that can be read on each of `LIGHT_COLOURS`."""
SHARE_CLASSES: tuple[tuple[float, str], ...] = (
    (0.9, "excellent"),
    (0.8, "good"),
    (0.7, "fair"),
    (0.6, "low"),
    (0.0, "poor"),
)
"""Lower end of each class of a covered share, with the grade whose colour it is drawn in."""
GAP_COUNT_COLOURS: tuple[tuple[int, str], ...] = (
    (0, "#eef0f2"),
    (1, "#f6d3a5"),
    (2, "#ec9f62"),
    (4, "#cf5b3f"),
    (6, "#8c1d2c"),
)
"""Fewest gaps of each class of the gap view, with its colour; see `gap_classes`."""
REASON_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "no_data": "#8b9098",
        "edge": "#b9a7d6",
        "tier_missing": "#4a8fc2",
        "barrier": "#7a3e9d",
        "too_far": "#e08a2e",
        "none": "#b3262e",
        "undersized": "#8a6d1d",
        "over_capacity": "#c99a06",
        "uncovered": "#d6464b",
    }
)
SITE_KIND_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "corner": "#0f766e",
        "interlocked": "#2563a8",
        "enclosed": "#6d4aa8",
        "underused": "#9a6212",
        "vacant": "#4d7c0f",
        "in_estate": "#a8326e",
        "stock_room": "#475569",
        "extension": "#0e7490",
        "share": "#7c5c2e",
        "gate": "#b91c1c",
    }
)
BASE_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "page": "#f6f5f1",
        "outside": "#efeee9",
        "water": "#cfe0ea",
        "green": "#e0eadb",
        "built": "#edebe5",
        "rail": "#b9b6b0",
        "building": "#dbd7cf",
        "street": "#ffffff",
        "street_casing": "#d6d2c8",
        "path": "#d9d3c4",
        "site": "#0b7a5b",
        "isochrone": "#16324f",
        "covered_home": "#2f73b7",
    }
)
AREA_TOLERANCE_M = 5.0
"""How far the drawn area of a facility may leave its contour, a quarter of a cell [m]."""
SAFE_SITE = 0.9
"""A site that this share of draws chooses is told as a safe one (P)."""
WEAK_SITE = 0.5
"""A site that fewer draws choose is told as one that others could stand in for (P)."""
_SERVICE_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "medical": "#c2255c",
        "culture": "#6741a8",
        "fitness": "#0b7285",
        "elder_care": "#a3510b",
        "childcare": "#2b7a3d",
        "service_centre": "#3b5bab",
        "daily": "#7a6a00",
    }
)
_SPARE_COLOURS = ("#495057", "#862e9c", "#5c940d", "#d9480f", "#1864ab", "#a61e4d")


def gap_classes(counts: Sequence[int]) -> tuple[tuple[int, str], ...]:
    """
    Choose classes of gap counts that tell communities apart.

    Parameters
    ----------
    counts
        Gaps of each community.

    Returns
    -------
    classes
        Fewest gaps of each class with its colour, first those without any. Those of
        `GAP_COUNT_COLOURS`, the same from run to run; where more than half of the communities
        with gaps would share one of them, up to four classes as equal as they can be.

    Examples
    --------
    >>> [least for least, _ in gap_classes([0, 1, 2, 5, 6])]
    [0, 1, 2, 4, 6]
    >>> [least for least, _ in gap_classes([0, 9, 11, 12, 12, 15])]
    [0, 9, 11, 12, 15]
    """
    fixed = [least for least, _ in GAP_COUNT_COLOURS]
    some = sorted(count for count in counts if count > 0)
    values = sorted(set(some))
    held = [sum(bisect(fixed, count) == place for count in some) for place in range(2, 6)]
    if 2 * max(held) <= len(some) or len(values) < 2:
        return GAP_COUNT_COLOURS
    colours = [colour for _, colour in GAP_COUNT_COLOURS[1:]]
    most = min(len(values), len(colours))
    starts = min(
        ((values[0], *later) for later in combinations(values[1:], most - 1)),
        key=lambda ends: (sum(size**2 for size in _sizes(some, ends)), ends),
    )
    # Few classes take colours that are far from each other.
    chosen = {2: (0, 3), 3: (0, 1, 3)}.get(most, range(most))
    return (
        GAP_COUNT_COLOURS[0],
        *((least, colours[place]) for least, place in zip(starts, chosen, strict=True)),
    )


def _sizes(values: Sequence[int], starts: Sequence[int]) -> list[int]:
    """Count the values of each class."""
    ends = [bisect_left(values, start) for start in starts] + [len(values)]
    return [last - first for first, last in pairwise(ends)]


def service_colour(service: str, services: Sequence[str]) -> str:
    """
    Give the colour a service is drawn in.

    Parameters
    ----------
    service
        Id of the service.
    services
        All services of the standard, in report order: services without a colour of their own
        take a spare one by their place in it.

    Returns
    -------
    colour
        ``#rrggbb``.

    Examples
    --------
    >>> service_colour("medical", ["medical"])
    '#c2255c'
    """
    if service in _SERVICE_COLOURS:
        return _SERVICE_COLOURS[service]
    others = [name for name in services if name not in _SERVICE_COLOURS]
    place = others.index(service) if service in others else 0
    return _SPARE_COLOURS[place % len(_SPARE_COLOURS)]


def label(domain: str, code: object, language: str) -> str:
    """
    Name a code in a language.

    Parameters
    ----------
    domain
        What kind of code it is: one of `domains`.
    code
        The code; missing gives empty text.
    language
        ``zh`` or ``en``.

    Returns
    -------
    text
        The label, or the code itself where nobody declared one.

    Raises
    ------
    RuleError
        If the domain or the language is unknown.

    Examples
    --------
    >>> label("reason", "too_far", "en")
    'too far'
    >>> label("group", "7_12", "zh")
    '7_12'
    """
    if domain not in LABELS:
        raise RuleError(f"unknown kind of label '{domain}'; known: {', '.join(domains())}")
    text = "" if code is None or code != code else str(code)  # noqa: PLR0124 - NaN
    pair = LABELS[domain].get(text)
    return text if pair is None else pair[_place(language)]


def domains() -> tuple[str, ...]:
    """
    List the kinds of codes that have labels.

    Returns
    -------
    names
        In the order they are declared.
    """
    return tuple(LABELS)


def codes(domain: str) -> tuple[str, ...]:
    """
    List the codes of a kind, in the order they are declared.

    Parameters
    ----------
    domain
        One of `domains`.

    Returns
    -------
    codes
        Best first for grades, otherwise the order of the design.

    Raises
    ------
    RuleError
        If the domain is unknown.
    """
    if domain not in LABELS:
        raise RuleError(f"unknown kind of label '{domain}'; known: {', '.join(domains())}")
    return tuple(LABELS[domain])


def _place(language: str) -> int:
    if language not in LANGUAGES:
        raise RuleError(f"unknown language '{language}'; known: {', '.join(LANGUAGES)}")
    return LANGUAGES.index(language)


def heading(column: str, language: str) -> str:
    """
    Name a column in a language.

    Parameters
    ----------
    column
        Column of a table of the design.
    language
        ``zh`` or ``en``.

    Returns
    -------
    text
        The heading, or the column itself where nobody declared one.

    Raises
    ------
    RuleError
        If the language is unknown.

    Examples
    --------
    >>> heading("people_short", "en")
    'people not covered'
    """
    place = _place(language)
    pair = HEADINGS.get(column)
    return column if pair is None else pair[place]
