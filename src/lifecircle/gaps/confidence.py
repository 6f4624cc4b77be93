"""How far a gap can be trusted, by what is known of the lists it rests on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from lifecircle.standards import Requirement

_CONFIDENCE = {"complete": 0.9, "mapped": 0.6, "unknown": 0.3, "unplaced": 0.3}

SURE_HOMES = 20.0
"""Where nobody counted people: with fewer homes one more or less moves a share by over 5 % (P)."""


@dataclass(frozen=True, kw_only=True)
class Lost:
    """
    Facilities that are listed but have no place, and therefore serve nobody on the map.

    Parameters
    ----------
    shares
        Service to their share of all that are listed.
    communities
        Service to the ids of the communities they belong to.
    """

    shares: Mapping[str, float] = field(default_factory=dict)
    communities: Mapping[str, frozenset[str]] = field(default_factory=dict)


def confidence_of(
    requirement: Requirement,
    score: object,
    *,
    blind: bool,
    complete: Collection[str],
    lost: Lost,
    homes: float | None,
) -> float:
    """
    Say how far the list of facilities behind a gap can be trusted (P).

    Parameters
    ----------
    requirement
        The requirement.
    score
        The community's row of `tables.SCORES`.
    blind
        Whether the data say too little about the requirement everywhere.
    complete
        Services whose list of facilities is declared complete.
    lost
        Listed facilities without a place.
    homes
        Homes left out where nobody counted people; None where people are counted.

    Returns
    -------
    confidence
        0 to 1.
    """
    sure = _CONFIDENCE["complete" if requirement.service in complete else "mapped"]
    if homes is not None:
        sure *= min(1.0, homes / SURE_HOMES)
    if blind or getattr(score, "verdict", None) == "unknown":
        sure = _CONFIDENCE["unknown"]
    sure *= 1 - lost.shares.get(requirement.service, 0.0)
    if getattr(score, "area_id", None) in lost.communities.get(requirement.service, ()):
        sure = min(sure, _CONFIDENCE["unplaced"])
    return sure
