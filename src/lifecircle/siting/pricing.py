"""What options cost, by the unit costs of a planner."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lifecircle.errors import Problem, RuleError
from lifecircle.siting.options import ASSUMED_AREA_M2, Options, need_m2
from lifecircle.siting.places import Places
from lifecircle.standards import FacilityType, Standard
from lifecircle.tables.costs import GATE, UnitCosts

_MODE = {"stock_room": "lease", "extension": "extend", "share": "share", "gate": "open"}
_ROOM = ("lease", "convert", "buy", "swap")
"""Modes whose cost a room takes, the first the planner names."""


def mode_of(kind: str) -> str:
    """
    Say how a facility is brought about at a kind of place.

    Parameters
    ----------
    kind
        One of `tables.SITE_KINDS`.

    Returns
    -------
    mode
        ``lease`` for a room, ``extend``, ``share``, ``open`` for a link, ``new`` on land.

    Examples
    --------
    >>> from lifecircle.siting.pricing import mode_of
    >>> mode_of("stock_room"), mode_of("vacant")
    ('lease', 'new')
    """
    return _MODE.get(kind, "new")


def size_m2(one: FacilityType, *, in_room: bool) -> float:
    """
    Size that is paid for: the floor of a type, or its site where it has no floor [m²].

    Parameters
    ----------
    one
        The type.
    in_room
        Whether it stands in a room that is there.

    Returns
    -------
    size
        What the standard asks at least, else what is assumed.
    """
    if in_room:
        return need_m2(one, in_room=True)
    sizes = (one.floor_min_m2, one.site_min_m2)
    return next((size for size in sizes if size is not None), ASSUMED_AREA_M2)


def option_costs(
    standard: Standard, options: Options, places: Places, costs: UnitCosts
) -> NDArray[np.float64]:
    """
    Work out what every option costs.

    Parameters
    ----------
    standard
        The standard, with the size of each type.
    options
        What could be built where.
    places
        Where.
    costs
        Unit costs.

    Returns
    -------
    cost
        [10,000 CNY], shape (options,); missing where no cost is named for it.
    """
    kinds = places.table["kind"].tolist()
    first = len(places) - len(places.ways)
    types = {one.id: one for one in standard.types}
    listed = set(zip(costs.table["type"], costs.table["mode"], strict=True))
    known: dict[tuple[str, str], float] = {}

    def of(type_id: str, kind: str) -> float:
        if (type_id, kind) not in known:
            one = types.get(type_id)
            size = 0.0 if one is None else size_m2(one, in_room=kind == "stock_room")
            modes = _ROOM if kind == "stock_room" else (mode_of(kind),)
            mode = next((mode for mode in modes if (type_id, mode) in listed), modes[0])
            found = costs.of(type_id, mode, size)
            known[type_id, kind] = np.nan if found is None else found
        return known[type_id, kind]

    cost = np.full(len(options.parcel), np.nan)
    for at, (row, position) in enumerate(zip(options.parcel, options.type, strict=True)):
        kind = str(kinds[row])
        if row < first:
            cost[at] = of(standard.types[position].id, kind)
            continue
        named = str(places.ways.table["types"].iloc[int(row) - first] or "")
        held = [GATE] if kind == "gate" else [one for one in named.split("; ") if one]
        if held:
            cost[at] = sum(of(one, kind) for one in held)
    return cost


def refuse_unpriced(
    standard: Standard, options: Options, places: Places, cost: NDArray[np.float64]
) -> None:
    """
    Refuse a budget where types that could be built have no cost.

    Parameters
    ----------
    standard
        The standard.
    options, places
        What could be built where; ways without a cost are no reason to refuse.
    cost
        From `option_costs`.

    Raises
    ------
    RuleError
        Naming all of them, with the way they would be brought about.
    """
    lost = np.isnan(cost) & ~places.is_way[options.parcel]
    kinds = places.table["kind"].to_numpy(dtype=object)[options.parcel[lost]]
    pairs = sorted(
        {
            (standard.types[position].id, mode_of(str(kind)))
            for position, kind in zip(options.type[lost].tolist(), kinds, strict=True)
        }
    )
    if not pairs:
        return
    modes: dict[str, list[str]] = {}
    for name, mode in pairs:
        modes.setdefault(name, []).append(mode)
    labels = {one.id: one.label_zh for one in standard.types}
    said = {"new": "new 新建", "lease": "lease 租赁 or 改造"}
    words = [
        f"{name} {labels[name]} ({', '.join(said[mode] for mode in held)})"
        for name, held in modes.items()
    ]
    raise RuleError(
        Problem(
            what=f"there is a budget, and no cost for {len(words)} types that could be built: "
            + "; ".join(words),
            where="study.toml, siting.unit_costs",
            remedy="add a row for each of them, or use max_sites instead of budget",
        )
    )
