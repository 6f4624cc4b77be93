"""
Turns tagged OpenStreetMap ways into street ways that say who may pass them in which direction.

Every road of every mode is kept; only what is not built, or is no way at all, is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.sources.facilities.tagging import tag_values
from lifecircle.sources.osm.raw import RawOsm
from lifecircle.tables import NODE_KINDS, STREET_FLAGS, STREET_TEXTS, StreetWays

# Not built, not a way, or only ever a point.
_NO_STREET = tag_values(
    "abandoned bus_stop construction demolished disused dismantled emergency_bay escape no "
    "planned proposed raceway razed removed rest_area services street_lamp traffic_island "
    "traffic_signals via_ferrata"
)
_CAR_ROADS = tag_values(
    "motorway motorway_link trunk trunk_link primary primary_link secondary secondary_link "
    "tertiary tertiary_link unclassified residential living_street service road"
)
_FAST_ROADS = frozenset(("motorway", "motorway_link"))
_TRUNKS = frozenset(("trunk", "trunk_link"))
_BUS_ROADS = frozenset(("busway", "bus_guideway"))
# Where a bicycle has no place unless a tag says so.
_NO_BIKE = tag_values(
    "bridleway bus_guideway busway corridor elevator ferry footway pedestrian platform steps"
)
_YES = tag_values("yes designated permissive official permit destination customers")
_NO = frozenset(("no", "use_sidepath", "none"))
_RESTRICTED = frozenset(("private", "residents", "customers", "permit"))
_BACK = frozenset(("-1", "reverse", "backward"))
_ON = frozenset(("yes", "true", "1"))
_OFF = frozenset(("no", "false", "0"))

GATES = tag_values(
    "gate lift_gate swing_gate sliding_gate sliding_beam hampshire_gate wicket_gate entrance "
    "sally_port"
)
"""Values of ``barrier`` that open."""
STILES = tag_values("stile kissing_gate turnstile full-height_turnstile horse_stile")
"""Values of ``barrier`` a walker gets over or through, one at a time."""
_BOLLARDS = tag_values(
    "block bollard bus_trap cattle_grid chain cycle_barrier horse_jump jersey_barrier log "
    "motorcycle_barrier planter rope sump_buster tank_trap"
)
_CLOSED = tag_values("city_wall debris fence guard_rail hedge retaining_wall wall")
_SPEED = re.compile(r"(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|mph)?")


@dataclass(frozen=True, kw_only=True)
class Passage:
    """
    Who may pass a way, along it (forward) and against it (backward).

    Parameters
    ----------
    foot_forward, foot_backward, bike_forward, bike_backward, car_forward, car_backward
        Whether the mode may go in the direction.
    """

    foot_forward: bool
    foot_backward: bool
    bike_forward: bool
    bike_backward: bool
    car_forward: bool
    car_backward: bool


def passage(tags: Mapping[str, str]) -> Passage:
    """
    Decide who may pass a way.

    Parameters
    ----------
    tags
        The way's tags.

    Returns
    -------
    passage
        Directions per mode.

    Notes
    -----
    A walker may pass everything but motorways, motor-vehicle-only trunk roads and ways that
    forbid it; ``access=private`` stays walkable, since closed estates are handled by their gates.
    One-way rules bind walkers only where they are written for them (``oneway:foot``,
    ``foot:backward=no``) and on moving stairs.

    Examples
    --------
    >>> from lifecircle.sources.osm.streets import passage
    >>> there = passage({"highway": "residential", "oneway": "yes"})
    >>> there.foot_backward, there.car_forward, there.car_backward
    (True, True, False)
    """
    highway = _class(tags)
    along, against = _oneway(tags, highway)
    foot = _foot(tags, highway)
    foot_along, foot_against = _oneway_foot(tags, highway)
    bike = _bike(tags, highway)
    bike_along, bike_against = _oneway_bike(tags, (along, against))
    car = _car(tags, highway)
    return Passage(
        foot_forward=foot and foot_along,
        foot_backward=foot and foot_against,
        bike_forward=bike and bike_along,
        bike_backward=bike and bike_against,
        car_forward=car and along,
        car_backward=car and against,
    )


def _class(tags: Mapping[str, str]) -> str:
    highway = tags.get("highway")
    if highway:
        return highway
    return "ferry" if tags.get("route") == "ferry" else "platform"


def _foot(tags: Mapping[str, str], highway: str) -> bool:
    said = tags.get("foot")
    if said is not None:
        return said not in _NO
    if tags.get("access") in _NO or highway in _FAST_ROADS or highway in _BUS_ROADS:
        return False
    if tags.get("motorroad") == "yes":
        return False
    # A trunk road is a street in one country and a fenced expressway in the next.
    walled = tags.get("expressway") == "yes" or tags.get("sidewalk") in _NO
    return not (highway in _TRUNKS and walled)


def _oneway_foot(tags: Mapping[str, str], highway: str) -> tuple[bool, bool]:
    said = tags.get("oneway:foot")
    if said is None and highway == "steps" and "conveying" in tags:
        said = {"forward": "yes", "backward": "-1"}.get(tags["conveying"])
    if said in _ON:
        return True, False
    if said in _BACK:
        return False, True
    return tags.get("foot:forward") not in _NO, tags.get("foot:backward") not in _NO


def _bike(tags: Mapping[str, str], highway: str) -> bool:
    said = tags.get("bicycle")
    if said is not None:
        return said not in _NO and said != "dismount"
    if highway in _FAST_ROADS or tags.get("motorroad") == "yes" or highway in _NO_BIKE:
        return False
    return tags.get("vehicle", tags.get("access")) not in _NO


def _oneway_bike(tags: Mapping[str, str], road: tuple[bool, bool]) -> tuple[bool, bool]:
    said = tags.get("oneway:bicycle")
    if said in _OFF:
        return True, True
    if said in _ON:
        return True, False
    if said in _BACK:
        return False, True
    for key in ("cycleway", "cycleway:left", "cycleway:right", "cycleway:both"):
        if tags.get(key, "").startswith("opposite") or tags.get(f"{key}:oneway") in _OFF:
            return True, True
    return road


def _car(tags: Mapping[str, str], highway: str) -> bool:
    for key in ("motorcar", "motor_vehicle", "vehicle", "access"):
        said = tags.get(key)
        if said is None:
            continue
        if said in _NO or said in ("agricultural", "forestry"):
            return False
        # Only what names motor vehicles opens a path to them.
        opens = key in ("motorcar", "motor_vehicle") and said in _YES
        return highway in _CAR_ROADS or opens
    return highway in _CAR_ROADS


def _oneway(tags: Mapping[str, str], highway: str) -> tuple[bool, bool]:
    said = tags.get("oneway")
    if said in _BACK:
        return False, True
    if said in _OFF:
        return True, True
    circle = tags.get("junction") in ("roundabout", "circular")
    return True, not (said in _ON or circle or highway in _FAST_ROADS)


def speed_kmh(text: str | None) -> float:
    """
    Read a speed limit.

    Parameters
    ----------
    text
        Value of ``maxspeed``.

    Returns
    -------
    speed
        Kilometres per hour; NaN where the text holds no single number ("DE:urban", "walk").

    Examples
    --------
    >>> from lifecircle.sources.osm.streets import speed_kmh
    >>> speed_kmh("50"), round(speed_kmh("30 mph"), 1), speed_kmh("DE:urban")
    (50.0, 48.3, nan)
    """
    found = _SPEED.fullmatch(text.strip()) if text else None
    if found is None:
        return float("nan")
    value = float(found.group(1))
    return value * 1.609344 if found.group(2) == "mph" else value


def node_kind(tags: Mapping[str, str]) -> str:
    """
    Say what stands on a street node.

    Parameters
    ----------
    tags
        The node's tags.

    Returns
    -------
    kind
        One of `lifecircle.tables.NODE_KINDS`; a barrier outranks a signal, a signal a crossing.

    Examples
    --------
    >>> from lifecircle.sources.osm.streets import node_kind
    >>> node_kind({"barrier": "lift_gate"}), node_kind({"highway": "crossing"})
    ('gate', 'crossing')
    """
    barrier = tags.get("barrier")
    if barrier is not None:
        said = tags.get("foot", tags.get("access"))
        listed = barrier in GATES or barrier in STILES or barrier in _BOLLARDS
        if (listed and said in _NO) or (barrier in _CLOSED and said not in _YES):
            return "blocked"
        for kind, values in (("gate", GATES), ("stile", STILES), ("bollard", _BOLLARDS)):
            if barrier in values:
                return kind
    highway = tags.get("highway")
    if highway == "traffic_signals":
        return "signals"
    if highway == "crossing" and tags.get("crossing") != "no":
        lights = tags.get("crossing") == "traffic_signals" or tags.get("crossing:signals") == "yes"
        return "signals" if lights else "crossing"
    return "entrance" if tags.get("entrance", "no") != "no" else "plain"


def street_ways(raw: RawOsm) -> StreetWays:
    """
    Collect the streets of a file.

    Parameters
    ----------
    raw
        The file.

    Returns
    -------
    streets
        Ways by ascending id, nodes by ascending id; a way cut into pieces gives one row per piece
        (``w7/1``, ``w7/2``).
    """
    rows: list[list[object]] = []
    refs: list[list[int]] = []
    places = []
    for position in sorted(raw.way_refs):
        tags = raw.way_tags[position]
        if tags.get("highway") in _NO_STREET:
            continue
        pieces = raw.way_refs[position]
        row = _row(tags)
        for number, piece in enumerate(pieces, start=1):
            suffix = f"/{number}" if len(pieces) > 1 else ""
            rows.append([f"w{raw.way_id[position]}{suffix}", *row])
            refs.append(piece)
        places.append(shapely.get_coordinates(raw.way_line[position]))
    names = ["way_id", "highway", *STREET_FLAGS, "layer", *STREET_TEXTS, "maxspeed_kmh"]
    ways = pd.DataFrame(rows, columns=names, dtype=object)
    ways = ways.astype(
        {**dict.fromkeys(STREET_FLAGS, bool), "layer": "int64", "maxspeed_kmh": "float64"}
    )

    along = np.array([ref for piece in refs for ref in piece], dtype=np.int64)
    lonlat = np.concatenate(places) if places else np.empty((0, 2))
    node_id, first, way_node = np.unique(along, return_index=True, return_inverse=True)
    kinds = np.zeros(len(node_id), dtype=np.uint8)
    at = np.searchsorted(node_id, raw.node_id)
    hit = np.flatnonzero(at < len(node_id))
    hit = hit[node_id[at[hit]] == raw.node_id[hit]]
    for tagged in hit.tolist():
        kinds[at[tagged]] = NODE_KINDS.index(node_kind(raw.node_tags[tagged]))
    return StreetWays(
        lonlat=lonlat[first],
        node_id=node_id,
        node_kind=kinds,
        way_ptr=np.concatenate([[0], np.cumsum([len(piece) for piece in refs], dtype=np.int64)]),
        way_node=way_node.astype(np.int32),
        ways=ways,
    )


def _row(tags: Mapping[str, str]) -> list[object]:
    highway = _class(tags)
    who = passage(tags)
    ramp = (
        tags.get("ramp") == "yes"
        or tags.get("ramp:wheelchair") == "yes"
        or tags.get("ramp:stroller") == "yes"
    )
    passes_house = tags.get("tunnel") == "building_passage"
    crossing = tags.get("crossing")
    if crossing is None and (
        highway == "crossing" or "crossing" in (tags.get("footway"), tags.get("path"))
    ):
        crossing = "yes"
    access = tags.get("access")
    if access is None and tags.get("foot") in _RESTRICTED:
        access = tags["foot"]
    return [
        highway,
        who.foot_forward,
        who.foot_backward,
        who.bike_forward,
        who.bike_backward,
        who.car_forward,
        who.car_backward,
        highway == "steps",
        ramp,
        tags.get("bridge", "no") != "no",
        tags.get("tunnel", "no") != "no" and not passes_house,
        tags.get("covered", "no") != "no" or passes_house,
        _layer(tags.get("layer")),
        tags.get("name") or tags.get("name:zh") or tags.get("name:en"),
        tags.get("surface"),
        tags.get("incline"),
        access,
        tags.get("wheelchair"),
        crossing,
        speed_kmh(tags.get("maxspeed")),
    ]


def _layer(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"[+-]?\d", text) else 0


def clipped(streets: StreetWays, keep: NDArray[np.bool_]) -> StreetWays:
    """
    Keep some ways, whole, and only the nodes they use.

    Parameters
    ----------
    streets
        The streets; not changed.
    keep
        Which ways stay, shape (ways,).

    Returns
    -------
    streets
        The ways kept, in the same order.
    """
    length = np.diff(streets.way_ptr)
    used = streets.way_node[np.repeat(keep, length)]
    nodes, way_node = np.unique(used, return_inverse=True)
    return StreetWays(
        lonlat=streets.lonlat[nodes],
        node_id=streets.node_id[nodes],
        node_kind=streets.node_kind[nodes],
        way_ptr=np.concatenate([[0], np.cumsum(length[keep], dtype=np.int64)]),
        way_node=way_node.astype(np.int32),
        ways=streets.ways[keep].reset_index(drop=True),
    )
