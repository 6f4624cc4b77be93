"""
From closed estates to the places in their walls where a further gate would bring people inside.

Whether a housing estate is opened is for its owners to decide: only looked for on request, and
worded as a proposal to negotiate.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.network import search
from lifecircle.network.pins import GATE_OPENS_M, Pins, pin_points
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
    ways_of,
)
from lifecircle.siting.link_ground import LinkGround
from lifecircle.siting.link_words import told_link
from lifecircle.siting.ways import Ways, no_ways
from lifecircle.standards import Standard

STEP_M = 20.0
"""Gates are tried this far apart along a wall [m] (P)."""

OUTSIDE_M = 30.0
"""A gate opens onto a street at most this far away [m] (P)."""

APART_M = 50.0
"""And is at least this far from any gate the estate has [m] (P)."""


def find_gates(
    standard: Standard,
    reaches: Mapping[str, Reach],
    home_reason: Mapping[str, NDArray[np.object_]],
    *,
    homes: Pinned,
    facilities: Pinned,
    ground: LinkGround,
    obstacles: NDArray[np.object_],
    names: Mapping[str, str],
    leg_factor: float,
    language: str,
) -> tuple[Ways, Mapping[str, str]]:
    """
    Propose further gates of closed estates, to be negotiated with their owners.

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
        What lies between walls and streets.
    obstacles
        Lines that legs should not cross.
    names
        Estate id to name.
    leg_factor
        Walk inside an estate over the straight line to its gate, where no paths are known.
    language
        ``zh`` or ``en``: of the evidence.

    Returns
    -------
    ways, estates
        Kind ``gate``, what ``estate``: for residents who want to get out, and for people outside
        who want to reach what is open to them inside; and the estate of each.

    Notes
    -----
    Inside the estate people walk straight to the new gate times `leg_factor`, the rule for every
    gate no mapped path leads to. An estate whose gates are not known is left out: every street
    into it passes already.
    """
    compounds = ground.compounds
    network = compounds.network
    asked = asked_behind_barriers(
        standard, reaches, home_reason, homes=homes, facilities=facilities, network=network
    )
    if not asked or len(compounds.outline) == 0:
        return no_ways(network.crs), {}
    wanted = _concerned(asked, homes, facilities, ground)
    points, owner = _along_walls(ground, wanted)
    if len(points) == 0:
        return no_ways(network.crs), {}
    pins = pin_points(network, points, obstacles=obstacles, opens_m=GATE_OPENS_M)
    points, owner, pins, feet = _with_street(ground, points, owner, pins)
    if len(points) == 0:
        return no_ways(network.crs), {}
    gains = [
        _gains(one, points, owner, pins, homes, facilities, leg_factor=leg_factor) for one in asked
    ]
    rows = []
    serves: dict[str, dict[str, NDArray[np.int64]]] = {}
    estate_of: dict[str, str] = {}
    for pick, kept in best_links(asked, gains, reaches):
        ends = np.stack([shapely.get_coordinates(points[pick])[0], feet[pick]])
        way_id = link_id(ends)
        served = {asked[k].requirement.id: gains[k][pick].homes for k in kept}
        serves[way_id] = served
        estate = compounds.estate_id[owner[pick]]
        estate_of[way_id] = estate
        told = told_link(
            network,
            ends,
            main_of(asked, gains, kept, pick, reaches),
            what="estate",
            language=language,
            estate=names.get(estate, estate),
        )
        rows.append(
            row_of(
                way_id,
                "estate",
                middle=ends[0],
                told=told,
                served=served,
                asked=asked,
                homes=homes,
            )
        )
    return ways_of(rows, serves, network), estate_of


def _concerned(
    asked: tuple[Asked, ...], homes: Pinned, facilities: Pinned, ground: LinkGround
) -> NDArray[np.bool_]:
    """Say which estates hold homes behind a barrier, or places such homes could use."""
    count = len(ground.compounds.outline)
    wanted = np.zeros(count, dtype=bool)
    for one in asked:
        inside = homes.compound[one.behind]
        wanted[inside[inside >= 0]] = True
        for served, serving in one.pairs:
            if (served & one.behind).any():
                held = facilities.compound[serving]
                wanted[held[held >= 0]] = True
    unknown = np.isin(
        np.asarray(ground.compounds.estate_id, dtype=object), ground.compounds.without_gates
    )
    return wanted & ~unknown


def _along_walls(
    ground: LinkGround, wanted: NDArray[np.bool_]
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Lay places along the walls of some estates, away from the gates there are."""
    compounds = ground.compounds
    points, owner = [], []
    for estate in np.flatnonzero(wanted).tolist():
        rim = shapely.boundary(compounds.outline[estate])
        for part in shapely.get_parts(rim):
            steps = np.arange(STEP_M / 2, part.length, STEP_M)
            spots = shapely.line_interpolate_point(part, steps)
            gates = shapely.multipoints(compounds.gate_xy[compounds.gate_compound == estate])
            away = shapely.distance(spots, gates)
            spots = spots[~(away < APART_M)]
            points.append(spots)
            owner.append(np.full(len(spots), estate, dtype=np.int64))
    if not points:
        return np.empty(0, dtype=object), np.empty(0, dtype=np.int64)
    return np.concatenate(points), np.concatenate(owner)


def _with_street(
    ground: LinkGround, points: NDArray[np.object_], owner: NDArray[np.int64], pins: Pins
) -> tuple[NDArray[np.object_], NDArray[np.int64], Pins, NDArray[np.float64]]:
    """Keep the places with a street close outside and nothing that stands between."""
    network = ground.compounds.network
    order = np.lexsort((pins.edge, pins.leg_m, pins.point))
    at, first = np.unique(pins.point[order], return_index=True)
    nearest = order[first]
    spots = shapely.line_interpolate_point(
        network.lines[pins.edge[nearest]], pins.share[nearest], normalized=True
    )
    feet = shapely.get_coordinates(spots)
    legs = np.stack([shapely.get_coordinates(points[at]), feet], axis=1)
    near = (pins.leg_m[nearest] <= OUTSIDE_M) & (pins.leg_m[nearest] > 0)
    free = np.zeros(len(at), dtype=bool)
    judged = ground.judge(shapely.linestrings(legs[near]))
    free[np.flatnonzero(near)] = np.array([one is not None for one in judged], dtype=bool)
    kept = at[free]
    rank = np.full(pins.n, -1, dtype=np.int32)
    rank[kept] = np.arange(len(kept), dtype=np.int32)
    mine = rank[pins.point] >= 0
    chosen = Pins(
        n=len(kept),
        point=rank[pins.point[mine]],
        edge=pins.edge[mine],
        share=pins.share[mine],
        leg_m=pins.leg_m[mine],
        status=np.full(len(kept), "ok", dtype=object),
    )
    return points[kept], owner[kept], chosen, feet[free]


def _through(
    table: NDArray[np.float64],
    compound: NDArray[np.int32],
    rows: NDArray[np.int64],
    points: NDArray[np.object_],
    owner: NDArray[np.int64],
    pins: Pins,
    leg_factor: float,
) -> tuple[NDArray[np.int64], NDArray[np.int64], Ends]:
    """Pair rows inside estates with the new gates of theirs: row, gate, and pins through it."""
    pair_row, pair_gate = np.nonzero(compound[rows][:, None] == owner[None, :])
    inside, gate = rows[pair_row], pair_gate
    gate_xy = shapely.get_coordinates(points)
    straight = np.hypot(*(table[inside] - gate_xy[gate]).T) * leg_factor
    ptr = np.searchsorted(pins.point, np.arange(pins.n + 1))
    count = np.diff(ptr)[gate]
    pair = np.repeat(np.arange(len(gate)), count)
    step = np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count)
    pin = ptr[gate[pair]] + step
    ends = Ends.single(
        Pins(
            n=len(gate),
            point=pair.astype(np.int32),
            edge=pins.edge[pin],
            share=pins.share[pin],
            leg_m=straight[pair] + pins.leg_m[pin],
            status=np.full(len(gate), "ok", dtype=object),
        )
    )
    return inside, gate, ends


def _gains(
    one: Asked,
    points: NDArray[np.object_],
    owner: NDArray[np.int64],
    pins: Pins,
    homes: Pinned,
    facilities: Pinned,
    *,
    leg_factor: float,
) -> list[Gain]:
    """Find, for every gate, the homes it would bring inside: out of the estate and into it."""
    away = one.requirement.direction == "from_facility"
    cost = np.full((len(points), len(homes)), search.FAR, dtype=np.int64)
    home_xy = shapely.get_coordinates(homes.table.geometry.to_numpy())
    doors = shapely.get_coordinates(shapely.point_on_surface(facilities.table.geometry.to_numpy()))
    for served, serving in one.pairs:
        who = np.flatnonzero(served & one.short)
        if len(who) == 0:
            continue
        inside, gate, ends = _through(home_xy, homes.compound, who, points, owner, pins, leg_factor)
        if len(inside):
            found = costs_at(
                one, facilities.ends.select(serving), ends, limit=one.limit, from_ends=away
            )
            np.minimum.at(cost, (gate, inside), found)
        place, gate, ends = _through(
            doors, facilities.compound, np.flatnonzero(serving), points, owner, pins, leg_factor
        )
        if len(place):
            matrix = one.router.matrix(
                homes.ends.select(served & one.short), ends, limit=one.limit, from_facility=away
            )
            np.minimum.at(cost, (gate[matrix.facility], matrix.home), matrix.cost)
    return [
        Gain(homes=rows, cost=cost[k, rows])
        for k in range(len(points))
        for rows in [np.flatnonzero(cost[k] <= one.limit)]
    ]
