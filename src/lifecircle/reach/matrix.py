"""
From pinned homes and facilities to who reaches what, one requirement at a time.

Coverage is decided here, per home, on the network, with inclusive limits; nothing drawn later
changes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.network.router import Router
from lifecircle.network.streets import StreetNetwork
from lifecircle.network.walks import Ends, Matrix, Nearest
from lifecircle.standards import CountRule, Requirement
from lifecircle.walk import PROFILES, Mode

SEARCH_FACTOR = 2.0
"""Searches run to twice the limit, so that "too far" can be told from "none"."""


@dataclass(frozen=True, kw_only=True)
class Pinned:
    """
    A table on the streets: homes, facilities or parcels.

    Parameters
    ----------
    table
        The rows; facilities carry ``community_id``, ``subdistrict`` and ``unit_id`` beside the
        columns of their schema.
    ends
        Their pinned points.
    compound
        Closed estate each row lies in, -1 in none, shape (rows,).
    """

    table: gpd.GeoDataFrame
    ends: Ends
    compound: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.table)


@dataclass(frozen=True, kw_only=True)
class Reach:
    """
    Who reaches what a requirement asks for.

    Parameters
    ----------
    requirement
        The question.
    walk_s, length_m
        Time [s] and length [m] of each home's walk to its nearest counting facility, missing
        beyond twice the limit, shape (homes,). Where a requirement counts places, to the one
        that completes them: the second library where two are asked for.
    facility
        Row of that facility, -1 where there is none, shape (homes,).
    covered
        Whether the requirement is met for each home, shape (homes,): whether that walk is within
        the limit.
    counting
        Which facilities count, shape (facilities,).
    rule
        The count rule of the requirement that is met last, by its place among them, -1 where
        nothing is counted, shape (homes,).
    """

    requirement: Requirement
    walk_s: NDArray[np.float64]
    length_m: NDArray[np.float64]
    facility: NDArray[np.int32]
    covered: NDArray[np.bool_]
    counting: NDArray[np.bool_]
    rule: NDArray[np.int8]

    @property
    def measured(self) -> NDArray[np.float64]:
        """The walks in the unit of the limit: minutes or metres, shape (homes,)."""
        return self.length_m if self.requirement.minutes is None else self.walk_s / 60.0


def reach_of(
    requirement: Requirement, homes: Pinned, facilities: Pinned, network: StreetNetwork
) -> Reach:
    """
    Answer one requirement for every home.

    Parameters
    ----------
    requirement
        The question.
    homes, facilities
        Both sides, pinned.
    network
        The streets.

    Returns
    -------
    reach
        Nearest walks and who is covered.

    Notes
    -----
    A facility open to residents counts only for homes of its own closed estate; one that serves a
    community, subdistrict or unit only for homes there. Only what exists today counts.
    """
    counting = counting_facilities(requirement, facilities.table)
    router = Router(
        network=network,
        profile=PROFILES[requirement.profile],
        metric="time" if requirement.minutes is not None else "distance",
    )
    limit = limit_units(requirement)
    search_limit = int(limit * SEARCH_FACTOR)
    if requirement.counts:
        best, rule = _completing(requirement, homes, facilities, router, search_limit)
    else:
        best = _nearest(requirement, homes, facilities, counting, router, search_limit)
        rule = np.full(len(homes), -1, dtype=np.int8)
    primary = best.walk_cs if requirement.minutes is not None else best.length_cm
    with np.errstate(invalid="ignore"):
        covered = primary <= limit
    return Reach(
        requirement=requirement,
        walk_s=best.walk_cs / 100.0,
        length_m=best.length_cm / 100.0,
        facility=best.to,
        covered=covered,
        counting=counting,
        rule=rule,
    )


def modes_of(requirements: Iterable[Requirement]) -> tuple[Mode, ...]:
    """
    Say who else than walkers some requirements ask for.

    Parameters
    ----------
    requirements
        The questions.

    Returns
    -------
    modes
        Modes of their profiles without ``foot``, sorted.
    """
    modes: set[Mode] = {PROFILES[one.profile].mode for one in requirements}
    return tuple(sorted(modes - {"foot"}))


def limit_units(requirement: Requirement) -> int:
    """
    Turn a limit into the integers searches run on.

    Parameters
    ----------
    requirement
        The requirement.

    Returns
    -------
    limit
        1/100 s for a time clause, cm for a distance clause.
    """
    return round(requirement.limit * (6000 if requirement.minutes is not None else 100))


def counting_facilities(requirement: Requirement, table: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """
    Say which facilities a requirement accepts.

    Parameters
    ----------
    requirement
        The requirement.
    table
        `tables.FACILITIES`.

    Returns
    -------
    counting
        True for existing facilities of an accepted type that are not for members only, shape
        (facilities,).
    """
    if requirement.accepted:
        right = table["type"].isin(requirement.accepted).to_numpy()
    else:
        right = (table["service"] == requirement.service).to_numpy()
    for rule in requirement.counts:
        right = right | table["type"].isin(rule.types).to_numpy()
    return np.asarray(right & usable_facilities(table), dtype=bool)


def concerned(requirement: Requirement, table: pd.DataFrame) -> bool:
    """
    Say whether any of some facilities is of a kind a requirement asks for.

    Parameters
    ----------
    requirement
        The requirement.
    table
        `tables.FACILITIES`, whatever their status.

    Returns
    -------
    concerned
        If not, walks of the requirement are the same with them and without.
    """
    kinds = {kind for rule in requirement.counts for kind in rule.types}
    if requirement.accepted:
        return bool(table["type"].isin(kinds | set(requirement.accepted)).any())
    right = table["type"].isin(kinds) | (table["service"] == requirement.service)
    return bool(right.any())


def usable_facilities(table: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """
    Say which facilities anybody can use today.

    Parameters
    ----------
    table
        `tables.FACILITIES`.

    Returns
    -------
    usable
        True for those that exist and are not for members only, shape (facilities,). What is
        closed, planned, being built or unconfirmed stays in the table and is never counted.
    """
    existing = table["status"].fillna("existing").eq("existing").to_numpy()
    members = table["open_to"].fillna("anyone").eq("members").to_numpy()
    return np.asarray(existing & ~members, dtype=bool)


def _nearest(
    requirement: Requirement,
    homes: Pinned,
    facilities: Pinned,
    counting: NDArray[np.bool_],
    router: Router,
    limit: int,
) -> Nearest:
    """Search once per audience and keep each home's best."""
    walk = np.full(len(homes), np.nan)
    length = np.full(len(homes), np.nan)
    to = np.full(len(homes), -1, dtype=np.int32)
    for served, serving in audiences(requirement, homes, facilities, counting):
        found = router.nearest(
            homes.ends.select(served),
            facilities.ends.select(serving),
            limit=limit,
            from_facility=requirement.direction == "from_facility",
        )
        new, old = (found.walk_cs, walk) if router.metric == "time" else (found.length_cm, length)
        with np.errstate(invalid="ignore"):
            better = (found.to >= 0) & (
                np.isnan(old) | (new < old) | ((new == old) & (found.to < to))
            )
        walk[better] = found.walk_cs[better]
        length[better] = found.length_cm[better]
        to[better] = found.to[better]
    return Nearest(walk_cs=walk, length_cm=length, to=to)


def audiences(
    requirement: Requirement,
    homes: Pinned,
    facilities: Pinned,
    counting: NDArray[np.bool_],
) -> list[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """
    Pair the homes that may use a set of facilities with that set.

    Parameters
    ----------
    requirement
        Whom facilities serve.
    homes, facilities
        Both sides.
    counting
        Which facilities count, shape (facilities,).

    Returns
    -------
    pairs
        Homes and the facilities that serve them, shapes (homes,) and (facilities,); a home may be
        in several.
    """
    private = facilities.table["open_to"].fillna("anyone").eq("residents").to_numpy()
    pairs = []
    everybody = np.ones(len(homes), dtype=bool)
    column = {"community": "community_id", "subdistrict": "subdistrict", "unit": "unit_id"}
    groups: list[tuple[NDArray[np.bool_], NDArray[np.bool_]]] = [(everybody, counting)]
    if requirement.serves != "anyone":
        key = column[requirement.serves]
        ours = homes.table[key].to_numpy(dtype=object)
        theirs = facilities.table[key].to_numpy(dtype=object)
        groups = [
            (ours == area, counting & (theirs == area))
            for area in sorted({area for area in theirs[counting] if pd.notna(area)})
        ]
    for served, serving in groups:
        if (serving & ~private).any():
            pairs.append((served, serving & ~private))
        # A residents' facility outside every closed estate has residents nobody can name.
        for estate in np.unique(facilities.compound[serving & private]):
            if estate >= 0:
                inside = serving & private & (facilities.compound == estate)
                pairs.append((served & (homes.compound == estate), inside))
    return pairs


def _completing(
    requirement: Requirement,
    homes: Pinned,
    facilities: Pinned,
    router: Router,
    limit: int,
) -> tuple[Nearest, NDArray[np.int8]]:
    """Find the place that completes what is counted, and the rule it completes."""
    usable = usable_facilities(facilities.table)
    last = np.zeros(len(homes))
    to = np.full(len(homes), -1, dtype=np.int32)
    rule = np.full(len(homes), -1, dtype=np.int8)
    for number, asked in enumerate(requirement.counts):
        right = facilities.table["type"].isin(asked.types).to_numpy() & usable
        cost, place = _at_place(requirement, homes, facilities, right, router, limit, asked)
        # What is nowhere in reach (inf) is met later than anything; ties keep the first rule.
        later = (cost > last) | (rule < 0)
        last[later], to[later], rule[later] = cost[later], place[later], number
    walk = np.full(len(homes), np.nan)
    length = np.full(len(homes), np.nan)
    for one in np.unique(to[to >= 0]):
        found = router.nearest(
            homes.ends.select(to == one),
            facilities.ends.select(np.arange(len(facilities)) == one),
            limit=limit,
            from_facility=requirement.direction == "from_facility",
        )
        mine = found.to >= 0
        walk[mine], length[mine] = found.walk_cs[mine], found.length_cm[mine]
    return Nearest(walk_cs=walk, length_cm=length, to=to), rule


def _at_place(
    requirement: Requirement,
    homes: Pinned,
    facilities: Pinned,
    right: NDArray[np.bool_],
    router: Router,
    limit: int,
    asked: CountRule,
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Find each home's n-th nearest of some facilities: its cost (inf for none) and its row."""
    pairs: list[Matrix] = [
        router.matrix(
            homes.ends.select(served),
            facilities.ends.select(serving),
            limit=limit,
            from_facility=requirement.direction == "from_facility",
        )
        for served, serving in audiences(requirement, homes, facilities, right)
    ]
    cost = np.full(len(homes), np.inf)
    to = np.full(len(homes), -1, dtype=np.int32)
    if pairs:
        home = np.concatenate([one.home for one in pairs])
        walk = np.concatenate([one.cost for one in pairs])
        place = np.concatenate([one.facility for one in pairs])
        order = np.lexsort((place, walk, home))
        start = np.searchsorted(home[order], np.arange(len(homes)))
        enough = np.bincount(home, minlength=len(homes)) >= asked.at_least
        nth = order[start[enough] + asked.at_least - 1]
        cost[enough], to[enough] = walk[nth], place[nth]
    return cost, to
