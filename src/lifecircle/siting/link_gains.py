"""
Whom a link would bring inside, measured on walks to the streets it joins; the better ones chosen.

The same for links over open ground and for gates of estates: both are a row of `Ways`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle import geo
from lifecircle.network import search
from lifecircle.network.router import Router
from lifecircle.network.streets import StreetNetwork
from lifecircle.network.walks import Ends
from lifecircle.places.asked import people_asked
from lifecircle.reach.matrix import Pinned, Reach, audiences, limit_units
from lifecircle.siting.link_ground import CONSENT
from lifecircle.siting.ways import WAYS, Ways, no_ways
from lifecircle.standards import Requirement, Standard
from lifecircle.walk import PROFILES

LEAST_SAVED = 0.1
"""Nor is one whose people are saved less than this share of the limit, taken at the median (P)."""

LEAST_PEOPLE = 20.0
"""A link that brings fewer people inside is not proposed (P)."""

SAME_SHARE = 0.5
"""A link of whose people more than this share are served by a better one is left out (P)."""

MOST = 20
"""Links that are listed at most (P)."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A requirement with what is known of it: who is asked, who is inside, whom barriers stop."""

    requirement: Requirement
    router: Router
    limit: int
    people: NDArray[np.float64]
    short: NDArray[np.bool_]
    behind: NDArray[np.bool_]
    pairs: tuple[tuple[NDArray[np.bool_], NDArray[np.bool_]], ...]


@dataclass(frozen=True, kw_only=True)
class Gain:
    """Homes a link would bring inside for a requirement, and their walks over it."""

    homes: NDArray[np.int64]
    cost: NDArray[np.int64]


def asked_behind_barriers(
    standard: Standard,
    reaches: Mapping[str, Reach],
    home_reason: Mapping[str, NDArray[np.object_]],
    *,
    homes: Pinned,
    facilities: Pinned,
    network: StreetNetwork,
) -> tuple[Asked, ...]:
    """
    Take the requirements that homes miss because of a barrier.

    Parameters
    ----------
    standard
        The standard.
    reaches
        Requirement id to who reaches what today.
    home_reason
        Requirement id to the reason of each home, as `Gaps` holds it.
    homes, facilities
        Both sides.
    network
        The streets.

    Returns
    -------
    asked
        In the standard's order. Requirements that count several places are left out: one link is
        rarely what completes them.
    """
    found = []
    routers: dict[tuple[str, bool], Router] = {}
    for one in standard.requirements:
        reasons = home_reason.get(one.id)
        if reasons is None or one.counts or not (reasons == "barrier").any():
            continue
        people = np.nan_to_num(people_asked(homes.table, one))
        known = np.array([reason not in (None, "no_data", "edge") for reason in reasons])
        timed = one.minutes is not None
        router = routers.setdefault(
            (one.profile, timed),
            Router(
                network=network,
                profile=PROFILES[one.profile],
                metric="time" if timed else "distance",
            ),
        )
        found.append(
            Asked(
                requirement=one,
                router=router,
                limit=limit_units(one),
                people=people,
                short=known & ~reaches[one.id].covered & (people > 0),
                behind=(reasons == "barrier") & (people > 0),
                pairs=tuple(audiences(one, homes, facilities, reaches[one.id].counting)),
            )
        )
    return tuple(found)


def ways_of(
    rows: list[dict[str, object]],
    serves: Mapping[str, Mapping[str, NDArray[np.int64]]],
    network: StreetNetwork,
) -> Ways:
    """
    Make ways of rows.

    Parameters
    ----------
    rows
        As `row_of` writes them.
    serves
        Way to requirement to homes.
    network
        The streets, for their system.

    Returns
    -------
    ways
        None where there is no row.
    """
    if not rows:
        return no_ways(network.crs)
    points = shapely.points(np.array([row["xy"] for row in rows]))
    table = gpd.GeoDataFrame(rows, geometry=points, crs=network.crs)
    return Ways(table=table[[*WAYS, "geometry"]], serves=serves)


def row_of(
    way_id: str,
    what: str,
    *,
    middle: NDArray[np.float64],
    told: tuple[str, str],
    served: Mapping[str, NDArray[np.int64]],
    asked: tuple[Asked, ...],
    homes: Pinned,
) -> dict[str, object]:
    """
    Write the row of a link: where it is, who has to agree and what it brings.

    Parameters
    ----------
    way_id, what
        Its name, and one of `link_ground.WHAT`.
    middle
        Where it is done [m], shape (2,).
    told
        What it is called, and its evidence.
    served
        Requirement id to the homes it brings inside.
    asked
        The requirements.
    homes
        Where people live.

    Returns
    -------
    row
        Columns of `WAYS` and ``xy``; its community is the one most of its people live in.
    """
    network = asked[0].router.network
    lon, lat = geo.unproject(middle[None, :], network.crs)[0]
    people = np.zeros(len(homes))
    for one in asked:
        rows = served.get(one.requirement.id, np.empty(0, dtype=np.int64))
        people[rows] = np.maximum(people[rows], one.people[rows])
    by_community = homes.table.assign(gained=people).groupby("community_id")["gained"].sum()
    return {
        "way_id": way_id,
        "kind": "gate",
        "facility_id": None,
        "name": told[0],
        "types": "",
        "what": what,
        "consent": CONSENT[what],
        "competes": True,
        "evidence": told[1],
        "community_id": by_community.idxmax(),
        "lon": lon,
        "lat": lat,
        "xy": middle,
    }


def link_id(ends: NDArray[np.float64]) -> str:
    """
    Name a link by where it is, whichever end comes first.

    Parameters
    ----------
    ends
        Both ends [m], shape (2, 2).

    Returns
    -------
    way_id
        The same in every run.
    """
    text = "/".join(sorted(f"{x:.1f},{y:.1f}" for x, y in ends))
    return f"g{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def main_of(
    asked: tuple[Asked, ...],
    gains: list[list[Gain]],
    kept: list[int],
    pick: int,
    reaches: Mapping[str, Reach],
) -> tuple[Requirement, float, float, float]:
    """
    Take the requirement most people gain, and their median walk before and after.

    Parameters
    ----------
    asked, gains
        The requirements, and per requirement and link whom it brings inside.
    kept
        Which requirements the link serves anybody for.
    pick
        The link.
    reaches
        Requirement id to who reaches what today.

    Returns
    -------
    requirement, people, before, after
        Medians weighted by people in the unit of the limit, infinite beyond twice the limit.
    """
    best = max(kept, key=lambda k: (asked[k].people[gains[k][pick].homes].sum(), -k))
    one, gain = asked[best], gains[best][pick]
    weight = one.people[gain.homes]
    before = reaches[one.requirement.id].measured[gain.homes]
    unit = 6000.0 if one.requirement.minutes is not None else 100.0
    return (
        one.requirement,
        float(weight.sum()),
        _median(np.where(np.isnan(before), np.inf, before), weight),
        _median(gain.cost / unit, weight),
    )


def _median(values: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    order = np.argsort(values, kind="stable")
    heap = np.cumsum(weight[order])
    return float(values[order][np.searchsorted(heap, heap[-1] / 2)])


def costs_at(
    one: Asked, ends: Ends, places: Ends, *, limit: int, from_ends: bool
) -> NDArray[np.int64]:
    """
    Find the walk between every place and the nearest of some ends.

    Parameters
    ----------
    one
        The requirement.
    ends
        Homes or facilities.
    places
        Places on the streets.
    limit
        Longest walk kept.
    from_ends
        Whether walks run from the ends to the places.

    Returns
    -------
    cost
        In the metric's unit, `search.FAR` beyond the limit, shape (places,).
    """
    mode = one.router.profile.mode
    ends, places = ends.of(mode), places.of(mode)
    seeds = one.router.doors(ends.pins, leaving=from_ends)
    readers = one.router.doors(places.pins, leaving=not from_ends)
    first, second = one.router.ranked(seeds.time, seeds.length)
    cost, _, _ = search.nearest(
        *one.router.graph(from_facility=from_ends),
        seeds.node,
        first,
        second,
        np.zeros(len(first), dtype=np.int32),
        np.arange(len(first), dtype=np.int32),
        limit,
    )
    more, _ = one.router.ranked(readers.time, readers.length)
    found = np.full(places.n, search.FAR, dtype=np.int64)
    seen = cost[readers.node] != search.FAR
    whole = cost[readers.node].astype(np.int64) + more
    np.minimum.at(found, places.row[places.pins.point[readers.pin[seen]]], whole[seen])
    direct = one.router.direct(places, ends, from_facility=from_ends)
    along, _ = one.router.ranked(direct.time, direct.length)
    np.minimum.at(found, direct.home, along)
    return np.where(found <= limit, found, search.FAR)


def walk_units(one: Asked, metres: NDArray[np.float64]) -> NDArray[np.int64]:
    """
    Price metres of a new footpath in the unit of a requirement's searches.

    Parameters
    ----------
    one
        The requirement.
    metres
        Lengths [m], any shape.

    Returns
    -------
    units
        1/100 s or cm, the same shape; new paths are taken to be level.
    """
    if one.router.metric == "distance":
        return np.rint(metres * 100).astype(np.int64)
    return np.asarray(one.router.profile.centiseconds(metres), dtype=np.int64)


def best_links(
    asked: tuple[Asked, ...], gains: list[list[Gain]], reaches: Mapping[str, Reach]
) -> list[tuple[int, list[int]]]:
    """
    Choose links by the people they bring inside, each after those that are better.

    Parameters
    ----------
    asked
        The requirements.
    gains
        Per requirement and link.
    reaches
        Requirement id to who reaches what today.

    Returns
    -------
    chosen
        Link, and the requirements it serves anybody for.
    """
    homes, count = len(asked[0].people), len(gains[0])
    whole = np.zeros(count)
    people: list[NDArray[np.float64]] = []
    for link in range(count):
        each = np.zeros(homes)
        for one, gain in zip(asked, gains, strict=True):
            rows = gain[link].homes
            each[rows] = np.maximum(each[rows], one.people[rows])
        people.append(each)
        whole[link] = each.sum()
    served = np.zeros(homes, dtype=bool)
    chosen: list[tuple[int, list[int]]] = []
    for link in np.lexsort((np.arange(count), -np.round(whole, 6))).tolist():
        if whole[link] < LEAST_PEOPLE or len(chosen) == MOST:
            break
        fresh = float(people[link][~served].sum())
        if fresh < LEAST_PEOPLE or fresh < (1 - SAME_SHARE) * whole[link]:
            continue
        kept = [k for k in range(len(asked)) if len(gains[k][link].homes)]
        main, _, before, after = main_of(asked, gains, kept, link, reaches)
        if before - after < LEAST_SAVED * main.limit:
            continue
        served |= people[link] > 0
        chosen.append((link, kept))
    return chosen
