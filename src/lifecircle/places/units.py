"""
Communities -> service units (公共服务基本单元): whole communities of the people one circle is for.

Units a planner gives are taken as they are; others are proposed, and a proposal is no decision.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lifecircle.places.partition import partition
from lifecircle.places.patchwork import Cost, Patchwork, areas_in, total
from lifecircle.places.unit_graph import BARRIERS, UnitGraph

WIDEST_MINUTES: Mapping[int, float] = {5: 20.0, 15: 60.0}
"""Longest walk from the middle of a unit to the centre of each member, by tier [min] (P)."""
SPARE: Mapping[int, float] = {5: 0.05, 15: 0.2}
"""Share by which a unit may miss the band before that counts against a proposal, by tier (P)."""
OBJECTIVE = ("outside", "cut", "balance", "units", "person_minutes")
"""
What a division into units costs, compared in this order (P).

``outside``, in thousandths of the band's lower end: people in units under the band, times how far
under it they are, and people in excess of it, beyond what `SPARE` lets pass; and `ACROSS` for every
subdistrict of a unit beyond the first, since a unit needs one body that answers for it. ``cut``:
border inside a unit along which a barrier runs [100 m]. ``balance``: people times how far their
unit is from the middle of the band, in quarters of its lower end. ``units``: how many.
``person_minutes``: walks of members' people from their centre to that of the middle member.
"""
ACROSS = 0.1
"""What a further subdistrict in a unit weighs, in people over the band's lower end (P)."""
_STEP = 0.001
_BALANCE_STEP = 0.25
_COMMITTEE = re.compile(r"(居民委员会|居委会|(?<=村)村?民委员会|(?<=村)村?委会)$")


@dataclass(frozen=True, kw_only=True)
class Band:
    """
    How many people a unit of a tier is for.

    Parameters
    ----------
    minutes
        The tier [min].
    people_min, people_max
        Both ends of the band, inclusive.
    """

    minutes: int
    people_min: float
    people_max: float

    def side(self, people: float) -> str:
        """
        Say where a number of people lies.

        Parameters
        ----------
        people
            How many.

        Returns
        -------
        code
            ``below``, ``within`` or ``above``.
        """
        if people < self.people_min - 1e-6:
            return "below"
        return "above" if people > self.people_max + 1e-6 else "within"


@dataclass(frozen=True, kw_only=True)
class Unit:
    """
    One service unit.

    Parameters
    ----------
    unit_id
        Its id; of a proposed one made from its members, so that it is the same in every run.
    name
        What it is called.
    tier
        Circle it is for [min]; None where nobody says.
    origin
        ``given`` by the planner, ``plan`` (unit of a detailed plan) or ``proposed``.
    members
        Ids of its communities, ascending.
    """

    unit_id: str
    name: str
    tier: int | None
    origin: str
    members: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class UnitPlan:
    """
    All units of a study, given and proposed.

    Parameters
    ----------
    units
        Given ones first, then proposals by tier.
    graph
        The communities they are made of.
    bands
        Tier to how many people its units are for.
    costs
        Tier to what its proposals cost together (`OBJECTIVE`).
    in_use
        Ids of the units the communities of this run belong to.
    """

    units: tuple[Unit, ...]
    graph: UnitGraph
    bands: Mapping[int, Band]
    costs: Mapping[int, Cost]
    in_use: frozenset[str]

    def of_tier(self, tier: int) -> tuple[Unit, ...]:
        """
        Take the proposals of a tier.

        Parameters
        ----------
        tier
            The tier [min].

        Returns
        -------
        units
            Empty where none was drawn up.
        """
        return tuple(one for one in self.units if one.tier == tier and one.origin == "proposed")


def patchwork_of(
    graph: UnitGraph,
    people: NDArray[np.float64],
    subdistrict: Sequence[str | None],
    band: Band,
) -> Patchwork:
    """
    Say what units cost.

    Parameters
    ----------
    graph
        The communities.
    people
        In each of them, shape (n,).
    subdistrict
        Of each of them, None where it is not known.
    band
        How many people a unit is for.

    Returns
    -------
    patchwork
        With a cost of `OBJECTIVE`.
    """
    barrier = np.max([graph.barrier_m[kind] for kind in BARRIERS], axis=0)
    widest_s = WIDEST_MINUTES.get(band.minutes, 3.0 * band.minutes) * 60
    walk_s = np.where(np.isnan(graph.walk_s), np.inf, graph.walk_s)
    middle = (band.people_min + band.people_max) / 2
    spare = SPARE.get(band.minutes, 0.0)

    walks = [{int(at): row[at] / 60 for at in np.flatnonzero(row <= widest_s)} for row in walk_s]
    cuts = [{int(at): row[at] for at in np.flatnonzero(row > 0)} for row in barrier]
    number = people.tolist()

    def outside(living: float) -> int:
        under = living * max(1 - spare - living / band.people_min, 0.0)
        over = max(living - (1 + spare) * band.people_max, 0.0)
        return int((under + over) / (_STEP * band.people_min) + 1e-6)

    def price(members: tuple[int, ...]) -> Cost:
        inside = set(members)
        living = sum(number[row] for row in members)
        cut = sum(
            metres for row in members for other, metres in cuts[row].items() if other in inside
        )
        named = {subdistrict[row] for row in members if subdistrict[row] is not None}
        off = living * abs(living - middle) / middle
        hub = min(
            sum(number[row] * walks[middle_one][row] for row in members)
            for middle_one in members
            if inside <= walks[middle_one].keys()
        )
        return (
            outside(living) + round(ACROSS / _STEP) * max(len(named) - 1, 0),
            int(cut / 200 + 1e-9),
            int(off / (_BALANCE_STEP * band.people_min) + 1e-9),
            1,
            round(hub),
        )

    def allowed(members: tuple[int, ...]) -> bool:
        inside = set(members)
        return any(inside <= walks[row].keys() for row in members)

    known = sorted({one for one in subdistrict if one is not None})
    return Patchwork(
        linked=graph.linked,
        price=price,
        allowed=allowed,
        weight=number,
        # Summed in another order the last digit may differ: one step less is surely the least.
        least=lambda living: outside(living) - 1,
        districts=tuple(
            sum(1 << row for row, one in enumerate(subdistrict) if one == name) for name in known
        ),
    )


def propose_units(
    graph: UnitGraph,
    people: NDArray[np.float64],
    subdistrict: Sequence[str | None],
    band: Band,
    *,
    names: Sequence[str],
    language: str = "zh",
) -> tuple[tuple[Unit, ...], Cost]:
    """
    Propose units of one tier.

    Parameters
    ----------
    graph
        The communities.
    people, subdistrict, names
        Of each of them, in its order.
    band
        How many people a unit is for.
    language
        Of the units' names.

    Returns
    -------
    units, cost
        Every community in exactly one unit, units by their first community; what they cost
        together (`OBJECTIVE`).
    """
    patchwork = patchwork_of(graph, people, subdistrict, band)
    groups = partition(patchwork)
    ids = graph.community_id
    whole = {
        name: tuple(row for row, one in enumerate(subdistrict) if one == name)
        for name in set(subdistrict)
        if name is not None
    }
    units = []
    for group in groups:
        rows = areas_in(group)
        members = tuple(ids[row] for row in rows)
        within = next((name for name, areas in whole.items() if areas == rows), None)
        largest = min(rows, key=lambda row: (-people[row], ids[row]))
        units.append(
            Unit(
                unit_id=unit_id_of(members, band.minutes),
                name=_name(names[largest], within, len(rows), band.minutes, language),
                tier=band.minutes,
                origin="proposed",
                members=members,
            )
        )
    return tuple(units), total(patchwork, groups)


def unit_id_of(members: Sequence[str], tier: int) -> str:
    """
    Make the id of a proposed unit from its members.

    Parameters
    ----------
    members
        Ids of its communities in any order.
    tier
        The tier [min].

    Returns
    -------
    unit_id
        The same for the same members, whatever else changes.

    Examples
    --------
    >>> from lifecircle.places.units import unit_id_of
    >>> unit_id_of(["c2", "c1"], 5) == unit_id_of(["c1", "c2"], 5)
    True
    """
    text = "\n".join(sorted(members)).encode()
    return f"u{tier}-{hashlib.sha256(text).hexdigest()[:8]}"


def _name(largest: str, subdistrict: str | None, count: int, tier: int, language: str) -> str:
    if language != "zh":
        base = subdistrict if subdistrict is not None and count > 1 else largest
        more = f" and {count - 1} more" if count > 1 and subdistrict is None else ""
        return f"{base}{more}"
    kind = "基本单元" if tier <= 5 else "统筹单元"
    if subdistrict is not None and count > 1:
        return f"{subdistrict}{kind}"
    base = _COMMITTEE.sub("", largest) or largest
    return f"{base}等{count}个社区{kind}" if count > 1 else f"{base}{kind}"
