"""
From sites to what a detailed plan takes over: code, least sizes, setting, conformity, what to do.

One row per site and type of facility. Sizes and settings are the standard's, each with its
clause; which land-use code a new facility takes is a proposal (P), to be settled by the plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.standards import FacilityType, Standard
from lifecircle.tables import HANDOVER, LandFiles

SYSTEM = "2023"
"""The classification the target codes are of."""
AS_IT_STANDS = ("share", "extension", "gate")
"""Kinds of sites whose land keeps its use."""
_PARK = ("1401", "1403")
_MOST = 0.5  # a plot decides where it holds half of the land
_PROVED = ("site_min_m2", "floor_min_m2", "width_min_m", "setting", "ground_floor")


@dataclass(frozen=True, kw_only=True)
class _Place:
    """One site: where it lies, and what offices say of its land."""

    kind: str
    parcel: Mapping[str, object]
    community: Mapping[str, object]
    present: tuple[str | None, str | None]
    plan: tuple[str | None, str | None]
    plan_unit: str | None
    plan_plot: str | None

    @property
    def rural(self) -> bool:
        urban = self.community.get("urban")
        return urban is not None and not pd.isna(urban) and not bool(urban)


def hand_on(
    standard: Standard,
    sites: pd.DataFrame,
    *,
    parcels: gpd.GeoDataFrame,
    communities: gpd.GeoDataFrame,
    land: LandFiles,
) -> pd.DataFrame:
    """
    Say of every site what a detailed plan has to take over.

    Parameters
    ----------
    standard
        The standard, whose types say what a new facility needs.
    sites
        `tables.SITES`, of land, rooms and ways.
    parcels
        `tables.PARCELS`, judged.
    communities
        `tables.COMMUNITIES`, in the system of `parcels`.
    land
        What offices say of land, in the same system.

    Returns
    -------
    handover
        `tables.HANDOVER`: one row per site and type; one without a type for a link that is opened.

    Notes
    -----
    Land takes the code of its type, the rural one in communities known to be rural; an outdoor
    ground on land planned as a park keeps the park's. A room keeps the code it stands on, and
    so does what is shared, extended or opened. ``main_code`` is that of the type which needs most
    land. ``action``: ``none``; ``compatible``, the plan names another public use; ``adjust_plan``;
    ``make_plan`` where no detailed plan covers it; ``change_use``, of a room; ``check_plan`` where
    no plan was given. ``size`` compares the room there is with the sum of what the types ask:
    ``met``, ``short``, ``narrow`` (too narrow for one of them), or missing where nothing is known.
    """
    rows: list[dict[str, object]] = []
    places = _places(sites, parcels, communities, land)
    for site, place in zip(sites.to_dict("records"), places, strict=True):
        given = site["types"] if isinstance(site["types"], str) else ""
        named = [name.strip() for name in given.split(";")]
        types = [standard.type(name) for name in named if name]
        needed = _needed(types, place.kind)
        main = max(types, key=lambda one: (_need(one, place.kind), one.id), default=None)
        shared: dict[str, object] = {
            "site_id": site["site_id"],
            "project_id": site["project_id"],
            "parcel_id": site["parcel_id"],
            "kind": place.kind,
            "community_id": place.community.get("community_id"),
            "community": place.community.get("name"),
            "subdistrict": place.community.get("subdistrict"),
            "present_code": place.present[0],
            "present_system": place.present[1],
            "plan_code": place.plan[0],
            "plan_system": place.plan[1],
            "main_code": _target(main, place)[0],
            "area_m2": site["area_m2"],
            "floor_m2": site["floor_m2"],
            "needed_m2": needed or None,
            "conforms": site["conforms"],
            "plan_unit": place.plan_unit,
            "plan_plot": place.plan_plot,
            "rights": place.parcel.get("rights"),
        }
        size = _size(site, types, place, needed)
        asked: list[FacilityType | None] = [*types] or [None]
        for one in asked:
            code, system, note = _target(one, place)
            rows.append(
                shared
                | {
                    "service": None if one is None else one.service,
                    "type": None if one is None else one.id,
                    "target_code": code,
                    "target_system": system,
                    "target_note": note,
                    **{name: None if one is None else getattr(one, name) for name in _PROVED},
                    "clause": _clauses(one),
                    "size": size,
                    "action": _action(site["conforms"], code, place),
                }
            )
    return pd.DataFrame(rows, columns=list(HANDOVER))


def _places(
    sites: pd.DataFrame,
    parcels: gpd.GeoDataFrame,
    communities: gpd.GeoDataFrame,
    land: LandFiles,
) -> list[_Place]:
    known = parcels.drop_duplicates("parcel_id").set_index("parcel_id")
    at = [name if name in known.index else None for name in sites["parcel_id"]]
    spots = shapely.points(sites[["x", "y"]].to_numpy(dtype=np.float64)) if len(sites) else []
    shapes = np.array(
        [
            spot if name is None else known.geometry[name]
            for name, spot in zip(at, spots, strict=True)
        ],
        dtype=object,
    )
    units, plots = _held(shapes, land.units, 0.0), _held(shapes, land.plots, _MOST)
    cover = _held(shapes, land.cover, _MOST)
    inside = _held(shapes, communities, 0.0)
    areas = communities.set_index("community_id")
    places = []
    for row, name in enumerate(at):
        parcel = {} if name is None else known.drop(columns="geometry").loc[name].to_dict()
        community = parcel.get("community_id")
        if community in areas.index:
            home = areas.drop(columns="geometry").loc[community].to_dict()
            home["community_id"] = community
        else:
            home = dict(inside[row])
        plot = plots[row]
        # Where a plan covers it, a parcel's own code is the plan's by now.
        own = cover[row] or ({} if plot else parcel)
        places.append(
            _Place(
                kind=str(sites["kind"].iloc[row]),
                parcel=parcel,
                community=home,
                present=(_word(own.get("code")), _word(own.get("code_system"))),
                plan=(_word(plot.get("code")), _word(plot.get("code_system"))),
                plan_unit=_word(units[row].get("unit_id")),
                plan_plot=_word(plot.get("plot_id")),
            )
        )
    return places


def _held(
    shapes: NDArray[np.object_], table: gpd.GeoDataFrame | None, least: float
) -> list[Mapping[str, object]]:
    """Give the row of a table that holds most of each shape, nothing below the least share."""
    found: list[Mapping[str, object]] = [{} for _ in shapes]
    if table is None or len(table) == 0 or len(shapes) == 0:
        return found
    theirs = shapely.make_valid(table.geometry.to_numpy())
    at, row = shapely.STRtree(theirs).query(shapes, predicate="intersects")
    size = shapely.area(shapes)
    share = np.ones(len(at))
    flat = size[at] > 0
    share[flat] = shapely.area(shapely.intersection(shapes[at[flat]], theirs[row[flat]]))
    share[flat] /= size[at[flat]]
    plain = table.drop(columns=table.geometry.name)
    for place in np.lexsort((-row, share)):  # the largest share is written last
        if share[place] >= least:
            found[at[place]] = plain.iloc[row[place]].to_dict()
    return found


def _target(one: FacilityType | None, place: _Place) -> tuple[str | None, str | None, str | None]:
    """Propose a code: the code, its system, and the rule it comes from."""
    if place.kind in AS_IT_STANDS:
        return (*place.present, "as_is")
    if place.kind == "stock_room":
        return (*place.present, "room")
    if one is None or not one.land_code_2023:
        return None, None, "no_code"
    outdoor = one.floor_min_m2 is None and one.site_min_m2 is not None
    code, system = place.plan
    if outdoor and one.service == "fitness" and system == SYSTEM and (code or "")[:4] in _PARK:
        return code, SYSTEM, "park"
    if place.rural and one.land_code_rural:
        return one.land_code_rural, SYSTEM, "rural"
    return one.land_code_2023, SYSTEM, "type"


def _action(conforms: object, target: str | None, place: _Place) -> str:
    if place.kind in AS_IT_STANDS:
        return "none"
    if place.kind == "stock_room":
        return "change_use"
    if conforms == "not_covered":
        return "make_plan"
    code, system = place.plan
    same = False
    if target is not None and code is not None and system == SYSTEM:
        same = code.startswith(target) or target.startswith(code)
    if same:
        return "none"
    if conforms == "adjust":
        return "adjust_plan"
    return "compatible" if conforms == "conform" else "check_plan"


def _need(one: FacilityType, kind: str) -> float:
    """Give the least room a standard names: the floor in a room, else the site, else the floor."""
    sizes = (one.floor_min_m2, one.site_min_m2)
    wanted = sizes if kind == "stock_room" else sizes[::-1]
    return next((size for size in wanted if size is not None), 0.0)


def _needed(types: Sequence[FacilityType], kind: str) -> float:
    return 0.0 if kind in ("share", "gate") else sum(_need(one, kind) for one in types)


def _size(
    site: Mapping[str, object], types: Sequence[FacilityType], place: _Place, needed: float
) -> str | None:
    room = site["floor_m2"] if place.kind == "stock_room" else site["area_m2"]
    if place.kind in AS_IT_STANDS or needed == 0 or not isinstance(room, int | float):
        return None
    if pd.isna(room):
        return None
    if float(room) < needed:
        return "short"
    width = place.parcel.get("inscribed_m")
    known = isinstance(width, int | float) and not pd.isna(width) and place.kind != "stock_room"
    wide = [one.width_min_m for one in types if one.width_min_m is not None]
    return "narrow" if known and wide and float(str(width)) < max(wide) else "met"


def _clauses(one: FacilityType | None) -> str | None:
    """Name where each number is from: field, clause and tag; a proposal has no clause."""
    if one is None:
        return None
    told = {entry.field: entry for entry in one.evidence}
    parts = []
    for name in _PROVED:
        if getattr(one, name) is None or name not in told:
            continue
        clause = "" if told[name].tag == "P" else f" {told[name].clause}"
        parts.append(f"{name}{clause} [{told[name].tag}]")
    return "; ".join(parts) or None


def _word(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
