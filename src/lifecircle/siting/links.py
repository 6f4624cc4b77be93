"""
From homes behind a barrier to the short links that would bring them inside.

A link joins two places of the streets that lie near each other and far apart on foot. Who it would
serve follows from walks that are searched anyway: home to one end, the link, other end to facility.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.network import search
from lifecircle.network.pins import Pins
from lifecircle.network.streets import StreetNetwork
from lifecircle.network.walks import Ends
from lifecircle.reach.matrix import Pinned, Reach
from lifecircle.siting.link_gains import (
    Asked,
    Gain,
    asked_behind_barriers,
    best_links,
    costs_at,
    link_id,
    main_of,
    row_of,
    walk_units,
    ways_of,
)
from lifecircle.siting.link_ground import LinkGround
from lifecircle.siting.link_words import told_link
from lifecircle.siting.ways import Ways, no_ways
from lifecircle.standards import Standard

LINK_M = 80.0
"""Longest new link [m] (P)."""

DETOUR = 4.0
"""The way round today is at least so many times as long as the link (P)."""

SAVES = 0.2
"""A link takes at least this share of the limit off the walk (P)."""

_STEP_M = 20.0  # ends are looked for at junctions and this far apart between them
_NEAR = 4  # best other ends that are tried for each end
_TRIED = 40  # links measured exactly for each requirement
_CELL_M = 30.0  # of links whose middles lie in one cell one is measured


@dataclass(frozen=True, kw_only=True)
class Places:
    """
    Places on the streets a link could begin or end at.

    Parameters
    ----------
    pins
        Where they are, without a leg.
    xy
        The same in metres, shape (n, 2).
    points
        The same as Shapely points, shape (n,).
    """

    pins: Pins
    xy: NDArray[np.float64]
    points: NDArray[np.object_]

    def of(self, rows: NDArray[np.int64]) -> Ends:
        """Take some places, in this order, as ends of walks."""
        pins = Pins(
            n=len(rows),
            point=np.arange(len(rows), dtype=np.int32),
            edge=self.pins.edge[rows],
            share=self.pins.share[rows],
            leg_m=np.zeros(len(rows)),
            status=np.full(len(rows), "ok", dtype=object),
        )
        return Ends.single(pins)


def find_links(
    standard: Standard,
    reaches: Mapping[str, Reach],
    home_reason: Mapping[str, NDArray[np.object_]],
    *,
    homes: Pinned,
    facilities: Pinned,
    ground: LinkGround,
    language: str,
    estates: bool = False,
) -> tuple[Ways, Mapping[str, NDArray[np.float64]]]:
    """
    Propose short links over open ground, and through fences that could be opened.

    Parameters
    ----------
    standard
        The standard.
    reaches
        Requirement id to who reaches what today.
    home_reason
        Requirement id to the reason of each home, as `Gaps` holds it.
    homes, facilities
        Both sides, pinned.
    ground
        What lies between streets.
    language
        ``zh`` or ``en``: of the evidence.
    estates
        Whether links through the walls of housing estates are asked for.

    Returns
    -------
    ways, ends
        Kind ``gate``; and where each begins and ends [m], shape (2, 2).

    Notes
    -----
    All numbers are this project's own (P): links of at most `LINK_M` over which the walk is at
    least `DETOUR` times shorter. What has to be bridged is never proposed.
    """
    network = ground.compounds.network
    asked = asked_behind_barriers(
        standard,
        reaches,
        home_reason,
        homes=homes,
        facilities=facilities,
        network=network,
    )
    if not asked:
        return no_ways(network.crs), {}
    places = _places(network)
    pairs, what = _pairs(asked, places, homes, facilities, ground, estates=estates)
    gains = [_gains(one, places, pairs, homes, facilities) for one in asked]
    rows = []
    serves: dict[str, dict[str, NDArray[np.int64]]] = {}
    ends_of: dict[str, NDArray[np.float64]] = {}
    for pick, kept in best_links(asked, gains, reaches):
        ends = places.xy[pairs[pick]]
        way_id = link_id(ends)
        served = {asked[k].requirement.id: gains[k][pick].homes for k in kept}
        serves[way_id], ends_of[way_id] = served, ends
        rows.append(
            row_of(
                way_id,
                str(what[pick]),
                middle=ends.mean(axis=0),
                told=told_link(
                    network,
                    ends,
                    main_of(asked, gains, kept, pick, reaches),
                    what=str(what[pick]),
                    language=language,
                ),
                served=served,
                asked=asked,
                homes=homes,
            )
        )
    return ways_of(rows, serves, network), ends_of


def _places(network: StreetNetwork) -> Places:
    """Lay places along the streets of the ground, but for islands."""
    usable = network.walkable[network.edge_compound[network.walkable] < 0]
    usable = usable[~network.island_nodes[network.edge_node[usable, 0]]]
    flags = network.edges[["bridge", "tunnel"]].to_numpy(dtype=bool).any(axis=1)
    usable = usable[(network.edges["layer"].to_numpy()[usable] == 0) & ~flags[usable]]
    ends = network.edge_node[usable]
    _, first = np.unique(ends.ravel(), return_index=True)
    edges, shares = [usable[first // 2]], [(first % 2).astype(np.float64)]
    length = shapely.length(network.lines[usable])
    parts = np.maximum(np.ceil(length / _STEP_M).astype(int), 1)
    between = np.repeat(np.arange(len(usable)), parts - 1)
    step = np.arange(len(between)) - np.repeat(np.cumsum(parts - 1) - (parts - 1), parts - 1) + 1
    edges.append(usable[between])
    shares.append(step / parts[between])
    edge, share = np.concatenate(edges), np.concatenate(shares)
    spots = shapely.line_interpolate_point(network.lines[edge], share, normalized=True)
    return Places(
        pins=Pins(
            n=len(edge),
            point=np.arange(len(edge), dtype=np.int32),
            edge=edge.astype(np.int32),
            share=share,
            leg_m=np.zeros(len(edge)),
            status=np.full(len(edge), "ok", dtype=object),
        ),
        xy=shapely.get_coordinates(spots),
        points=spots,
    )


def _pairs(
    asked: tuple[Asked, ...],
    places: Places,
    homes: Pinned,
    facilities: Pinned,
    ground: LinkGround,
    *,
    estates: bool,
) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Find the pairs of places worth measuring, over all requirements, and what they open."""
    found = []
    for one in asked:
        for served, serving in one.pairs:
            behind = served & one.behind
            if behind.any():
                found.append(_promising(one, places, homes, facilities, behind, serving))
    pairs = np.concatenate(found) if found else np.empty((0, 3))
    if len(pairs) == 0:
        return np.empty((0, 2), dtype=np.int64), np.empty(0, dtype=object)
    ends = np.sort(pairs[:, :2].astype(np.int64), axis=1)
    links, where = np.unique(ends, axis=0, return_inverse=True)
    what = ground.judge(shapely.linestrings(places.xy[links]))
    allowed = np.array([one is not None and (estates or one != "estate") for one in what])
    kept: set[int] = set()
    start = 0
    for part in found:
        mine = where[start : start + len(part)]
        start += len(part)
        kept |= _thinned(mine, part[:, 2], links, allowed, places)
    rows = np.array(sorted(kept), dtype=np.int64)
    return links[rows], what[rows]


def _promising(
    one: Asked,
    places: Places,
    homes: Pinned,
    facilities: Pinned,
    behind: NDArray[np.bool_],
    serving: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """List home end, facility end and least walk over the link of pairs that save enough."""
    everywhere = places.of(np.arange(places.pins.n))
    away = one.requirement.direction == "from_facility"
    home_s = costs_at(
        one, homes.ends.select(behind), everywhere, limit=one.limit, from_ends=not away
    )
    goal_s = costs_at(
        one, facilities.ends.select(serving), everywhere, limit=2 * one.limit, from_ends=away
    )
    round_s = np.minimum(goal_s, 2 * one.limit)
    least = _least_near(places, goal_s)
    a = np.flatnonzero((home_s + least <= one.limit) & (round_s - least >= SAVES * one.limit))
    b = np.flatnonzero(goal_s < one.limit)
    if len(a) == 0 or len(b) == 0:
        return np.empty((0, 3))
    start, end = shapely.STRtree(places.points[b]).query(
        places.points[a], predicate="dwithin", distance=LINK_M
    )
    start, end = a[start], b[end]
    link = walk_units(one, np.hypot(*(places.xy[start] - places.xy[end]).T))
    whole = home_s[start] + link + goal_s[end]
    saved = round_s[start] - goal_s[end] - link
    keep = (
        (link > 0)
        & (whole <= one.limit)
        & (saved >= (DETOUR - 1) * link)
        & (saved >= SAVES * one.limit)
    )
    start, end, whole = start[keep], end[keep], whole[keep]
    order = np.lexsort((end, whole, start))
    start, end, whole = start[order], end[order], whole[order]
    rank = np.arange(len(start)) - np.searchsorted(start, start)
    best = rank < _NEAR
    promising: NDArray[np.float64] = np.column_stack([start, end, whole])[best].astype(np.float64)
    return promising


def _least_near(places: Places, cost: NDArray[np.int64]) -> NDArray[np.int64]:
    """Bound from below what places within a link's length cost, by square cells of that size."""
    cell = np.floor(places.xy / LINK_M).astype(np.int64)
    cell -= cell.min(axis=0) - 1
    least = np.full(cell.max(axis=0) + 2, search.FAR, dtype=np.int64)
    np.minimum.at(least, (cell[:, 0], cell[:, 1]), cost)
    x, y = cell.T
    around = [least[x + i, y + j] for i in (-1, 0, 1) for j in (-1, 0, 1)]
    return np.asarray(np.min(around, axis=0), dtype=np.int64)


def _thinned(
    mine: NDArray[np.int64],
    whole: NDArray[np.float64],
    links: NDArray[np.int64],
    allowed: NDArray[np.bool_],
    places: Places,
) -> set[int]:
    """Keep the shortest walk of each cell, and of those the shortest few."""
    mine, whole = mine[allowed[mine]], whole[allowed[mine]]
    cell = np.floor(places.xy[links[mine]].mean(axis=1) / _CELL_M).astype(np.int64)
    order = np.lexsort((mine, whole))
    _, first = np.unique(cell[order], axis=0, return_index=True)
    picked = order[np.sort(first)][:_TRIED]
    return set(mine[picked].tolist())


def _gains(
    one: Asked,
    places: Places,
    pairs: NDArray[np.int64],
    homes: Pinned,
    facilities: Pinned,
) -> list[Gain]:
    """Find, for every link, the homes it would bring inside, exactly."""
    away = one.requirement.direction == "from_facility"
    # Both ways over each link: into its first end and on from its second, then the other way.
    into = np.concatenate([pairs[:, 0], pairs[:, 1]])
    out = np.concatenate([pairs[:, 1], pairs[:, 0]])
    metres = np.hypot(*(places.xy[into] - places.xy[out]).T)
    link = walk_units(one, metres)
    cost = np.full((len(pairs), len(homes)), search.FAR, dtype=np.int64)
    for served, serving in one.pairs:
        who = served & one.short
        if not who.any():
            continue
        goal = costs_at(
            one, facilities.ends.select(serving), places.of(out), limit=one.limit, from_ends=away
        )
        beyond = np.minimum(link + goal, one.limit + 1)
        use = np.flatnonzero(beyond <= one.limit)
        if len(use) == 0:
            continue
        found = one.router.matrix(
            homes.ends.select(who),
            places.of(into[use]),
            limit=one.limit,
            from_facility=away,
            beyond=beyond[use],
        )
        np.minimum.at(cost, (use[found.facility] % len(pairs), found.home), found.cost)
    return [
        Gain(homes=rows, cost=cost[k, rows])
        for k in range(len(pairs))
        for rows in [np.flatnonzero(cost[k] <= one.limit)]
    ]
