"""
Says which types of facility there is room for on each parcel, and what stands against the others.

The rule is the one sites are chosen by, so that what fits here is what can be proposed.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np

from lifecircle.siting.options import codes_in, fitting, need_m2, room_m2
from lifecircle.standards import FacilityType, Standard

REASONS = ("small", "narrow", "open_ground", "floor", "sport_only", "no_building", "short_term")
"""What stands against a type, in the order it is looked for."""


def with_fits(standard: Standard, parcels: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Add what fits on each parcel.

    Parameters
    ----------
    standard
        The standard, with its types.
    parcels
        `tables.PARCELS`, judged.

    Returns
    -------
    parcels
        The same rows with ``fits`` (ids of types with ``; ``) and ``misfits`` (``type=reason``
        with ``; ``), both missing for what is refused. Only types that are ever proposed, and
        whose size the standard names, count.

    Notes
    -----
    Reasons: ``small`` less land (or floor, in a room) than the least size; ``narrow`` an inscribed
    circle below the least width; ``open_ground`` a room, and the type needs a ground outside;
    ``floor`` not enough of the room is known to lie on the ground floor; ``no_building`` the land
    is free for a few years only; ``short_term`` so is the room; ``sport_only`` it lies under a
    road, along rails or a river.
    """
    table = parcels.copy()
    which = [place for place, one in enumerate(standard.types) if sized(one)]
    types = [standard.types[place] for place in which]
    could = fitting(standard, table)[:, which]
    room = room_m2(table)
    is_room = (table["kind"] == "stock_room").to_numpy()
    width = table["inscribed_m"].to_numpy(dtype=np.float64)
    checks = [codes_in(text) for text in table["checks"]]
    need = np.array(
        [[need_m2(one, in_room=inside) for one in types] for inside in (False, True)]
    ).reshape(2, -1)
    small = room[:, None] < need[is_room.astype(int)]
    fits: list[str | None] = []
    misfits: list[str | None] = []
    for row, refused in enumerate((table["status"] == "refused").to_numpy()):
        good = could[row] & ~small[row]
        reasons = [
            f"{one.id}={'small' if small[row, at] else _reason(one, width[row], checks[row])}"
            for at, one in enumerate(types)
            if not good[at]
        ]
        named = [one.id for at, one in enumerate(types) if good[at]]
        fits.append(None if refused else "; ".join(named) or None)
        misfits.append(None if refused else "; ".join(reasons) or None)
    table["fits"], table["misfits"] = fits, misfits
    return table


def sized(one: FacilityType) -> bool:
    """Tell whether it can be said what room a type needs, and sites are ever proposed for it."""
    return one.proposed and (one.site_min_m2 is not None or one.floor_min_m2 is not None)


def _reason(one: FacilityType, width_m: float, checks: tuple[str, ...]) -> str:
    """Say why there is no place for a type although there is room; rooms have no width."""
    open_air = one.site_min_m2 is not None and one.floor_min_m2 is None
    if np.isnan(width_m):
        brief = bool({"temporary", "short_term"} & {*checks})
        return "open_ground" if open_air else "short_term" if brief else "floor"
    if width_m < (one.width_min_m or 0.0):
        return "narrow"
    return "sport_only" if "sport_only" in checks else "no_building"
