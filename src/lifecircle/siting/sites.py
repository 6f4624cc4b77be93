"""
From gaps and candidate land to sites: what to build where, in which year, and whom it serves.

The choice is proved by `siting.plan` and then re-verified here by a fresh search over the streets:
the people a site is said to serve are those the search finds, never those the model assumed.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle import geo
from lifecircle.config import SitingSection
from lifecircle.errors import LifecircleWarning, Problem, RuleError
from lifecircle.gaps.diagnosis import Gaps
from lifecircle.network.compounds import Compounds
from lifecircle.network.pins import pin_points
from lifecircle.network.router import Ends, Router
from lifecircle.places.homes import people_of
from lifecircle.reach.matrix import Pinned, Reach, limit_units
from lifecircle.siting.plan import solve
from lifecircle.siting.problem import SitingProblem, SitingSolution
from lifecircle.standards import FacilityType, Requirement, Standard
from lifecircle.tables import SITES
from lifecircle.walk import PROFILES

ASSUMED_AREA_M2 = 150.0
"""Room taken for a type for which no standard names a size [m²] (P)."""


@dataclass(frozen=True, kw_only=True)
class Sites:
    """
    Proposed sites.

    Parameters
    ----------
    table
        One row per site with the columns of `tables.SITES`.
    solution
        The proved choice; None when there was nothing to choose.
    served
        Site id to the homes (rows) it newly covers and for which requirements.
    newly_covered
        People newly covered for at least one requirement, over all sites together.
    """

    table: pd.DataFrame
    solution: SitingSolution | None
    served: Mapping[str, Mapping[str, NDArray[np.int64]]]
    newly_covered: float

    def __len__(self) -> int:
        return len(self.table)

    def _repr_html_(self) -> str:
        shown = ["site_id", "kind", "types", "year", "area_m2", "newly_covered"]
        html: str = self.table[shown].to_html(index=False, na_rep="–", escape=True)
        return html


def propose(
    standard: Standard,
    reaches: Mapping[str, Reach],
    gaps: Gaps,
    parcels: gpd.GeoDataFrame,
    *,
    homes: Pinned,
    compounds: Compounds,
    obstacles: NDArray[np.object_],
    config: SitingSection,
) -> Sites:
    """
    Choose sites that bring the most uncovered people inside.

    Parameters
    ----------
    standard
        The standard, with the room each type needs.
    reaches
        Requirement id to who reaches what today.
    gaps
        What falls short; gaps without data are left alone.
    parcels
        `tables.PARCELS`: candidate land and rooms.
    homes
        Where people live, pinned.
    compounds
        Streets and closed estates.
    obstacles
        Lines that legs should not cross.
    config
        Numbers of sites and years, weights, forced and forbidden parcels.

    Returns
    -------
    sites
        The chosen sites, largest gain first, with their proof.

    Raises
    ------
    RuleError
        If the study names a parcel, a service or a group that is not there.
    SitingError
        If more parcels are forced than may be used.

    Warns
    -----
    LifecircleWarning
        If a forced parcel has room for nothing or would serve nobody new.
    """
    table = parcels.sort_values("parcel_id", kind="stable").reset_index(drop=True)
    _check_names(standard, table, config)
    wanted = _wanted(standard, gaps)
    if len(table) == 0 or not wanted or config.max_sites == 0:
        return _told(_nothing(), config)
    pinned = _pinned_parcels(table, compounds, obstacles)
    demands = _demands(wanted, gaps, reaches, homes, config)
    options = _options(standard, wanted, demands, table, pinned, homes, compounds)
    if len(options.parcel) == 0:
        return _told(_nothing(), config)
    solution = solve(
        SitingProblem(
            demand_weight=demands.weight,
            option_parcel=options.parcel,
            option_area_m2=options.area_m2,
            option_type=options.type,
            option_cost=np.zeros(len(options.parcel)),
            cover_ptr=options.ptr,
            cover_demand=options.demand,
            parcel_area_m2=_room(table),
            parcel_required=table["parcel_id"].isin(config.must).to_numpy(),
            parcel_forbidden=table["parcel_id"].isin(config.never).to_numpy(),
            max_sites=config.max_sites,
            budget=None,
        ),
        years=config.years,
        seed=config.seed,
    )
    return _told(
        _described(standard, wanted, table, pinned, options, solution, reaches, homes, compounds),
        config,
    )


def _told(sites: Sites, config: SitingSection) -> Sites:
    """Warn of forced parcels that became no site."""
    idle = sorted(set(config.must) - set(sites.table["parcel_id"]))
    if idle:
        warnings.warn(
            f"{len(idle)} parcels of siting.must take no facility, for want of room or of anybody "
            f"to serve who is not covered today: {', '.join(idle[:5])}",
            LifecircleWarning,
            stacklevel=3,
        )
    return sites


@dataclass(frozen=True, kw_only=True)
class _Demands:
    """Uncovered people of one home for one requirement, each."""

    home: NDArray[np.int64]
    requirement: NDArray[np.int32]
    weight: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class _Options:
    """A type on a parcel, each, with the demands it would cover."""

    parcel: NDArray[np.int32]
    type: NDArray[np.int32]
    area_m2: NDArray[np.float64]
    ptr: NDArray[np.int64]
    demand: NDArray[np.int32]


def _check_names(standard: Standard, parcels: gpd.GeoDataFrame, config: SitingSection) -> None:
    known = set(parcels["parcel_id"])
    weighable = {*standard.services, *(one.group for one in standard.requirements)}
    problems = [
        Problem(
            what=f"there is no parcel '{name}'",
            where=f"study.toml, siting.{key}",
            remedy="take the id from sites.csv or results.gpkg, layer parcels",
        )
        for key, names in (("must", config.must), ("never", config.never))
        for name in names
        if name not in known
    ]
    problems += [
        Problem(
            what=f"there is no service or group '{name}' to weigh",
            where="study.toml, siting.weights",
            remedy=f"known: {', '.join(sorted(weighable))}",
        )
        for name in config.weights
        if name not in weighable
    ]
    if problems:
        raise RuleError(problems)


def _wanted(standard: Standard, gaps: Gaps) -> tuple[Requirement, ...]:
    """List the requirements with gaps that a facility could close."""
    real = gaps.table[gaps.table["reason"] != "no_data"]
    ids = set(real["requirement"])
    return tuple(one for one in standard.requirements if one.id in ids and not one.counts)


def _pinned_parcels(
    table: gpd.GeoDataFrame, compounds: Compounds, obstacles: NDArray[np.object_]
) -> Pinned:
    points = shapely.point_on_surface(table.geometry.to_numpy())
    compound = compounds.locate(points)
    pins = pin_points(compounds.network, points, obstacles=obstacles, compound=compound)
    return Pinned(table=table, ends=Ends.single(pins), compound=compound)


def _demands(
    wanted: tuple[Requirement, ...],
    gaps: Gaps,
    reaches: Mapping[str, Reach],
    homes: Pinned,
    config: SitingSection,
) -> _Demands:
    """Collect the uncovered homes of the communities that fall short."""
    home, which, weight = [], [], []
    for index, requirement in enumerate(wanted):
        rows = gaps.table[gaps.table["requirement"] == requirement.id]
        people = np.nan_to_num(people_of(homes.table, requirement.group))
        people = people * config.weights.get(requirement.service, 1.0)
        people = people * config.weights.get(requirement.group, 1.0)
        short = (
            homes.table["community_id"].isin(rows["community_id"]).to_numpy()
            & ~reaches[requirement.id].covered
            & (people > 0)
        )
        at = np.flatnonzero(short)
        home.append(at)
        which.append(np.full(len(at), index, dtype=np.int32))
        weight.append(people[at])
    return _Demands(
        home=np.concatenate(home),
        requirement=np.concatenate(which),
        weight=np.concatenate(weight),
    )


def _options(
    standard: Standard,
    wanted: tuple[Requirement, ...],
    demands: _Demands,
    parcels: gpd.GeoDataFrame,
    pinned: Pinned,
    homes: Pinned,
    compounds: Compounds,
) -> _Options:
    """Pair each parcel with the types it has room for, and find whom each pair would cover."""
    room = _room(parcels)
    is_room = (parcels["kind"] == "stock_room").to_numpy()
    width = parcels["inscribed_m"].to_numpy(dtype=np.float64)
    reached = {
        index: _reached(requirement, pinned, homes, compounds)
        for index, requirement in enumerate(wanted)
    }
    nobody = np.empty(0, dtype=np.int64)
    rows_of = np.full((len(wanted), len(homes)), -1, dtype=np.int64)
    rows_of[demands.requirement, demands.home] = np.arange(len(demands.home))
    parcel, kind, area, covers = [], [], [], []
    for serving, positions in _alike(standard, wanted):
        for row in range(len(parcels)):
            fitting = (
                (_need_m2(standard.types[position], in_room=bool(is_room[row])), position)
                for position in positions
                if is_room[row] or not width[row] < (standard.types[position].width_min_m or 0.0)
            )
            need, position = next(
                ((need, position) for need, position in fitting if need <= room[row]), (0.0, -1)
            )
            if position < 0:
                continue
            demand = np.concatenate(
                [rows_of[index][reached[index].get(row, nobody)] for index in serving]
            )
            demand = np.sort(demand[demand >= 0])
            if len(demand):
                parcel.append(row)
                kind.append(position)
                area.append(need)
                covers.append(demand)
    ptr = np.concatenate(([0], np.cumsum([len(one) for one in covers]))).astype(np.int64)
    return _Options(
        parcel=np.asarray(parcel, dtype=np.int32),
        type=np.asarray(kind, dtype=np.int32),
        area_m2=np.asarray(area, dtype=np.float64),
        ptr=ptr,
        demand=np.concatenate([*covers, nobody]).astype(np.int32),
    )


def _alike(
    standard: Standard, wanted: tuple[Requirement, ...]
) -> list[tuple[tuple[int, ...], list[int]]]:
    """Group types that answer the same requirements; those of known, small size come first."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for position, one in enumerate(standard.types):
        serving = tuple(
            index for index, requirement in enumerate(wanted) if _accepts(requirement, one)
        )
        if serving:
            groups.setdefault(serving, []).append(position)

    def size(position: int) -> tuple[bool, float, int]:
        one = standard.types[position]
        known = one.site_min_m2 is not None or one.floor_min_m2 is not None
        return not known, _need_m2(one, in_room=False), position

    return [(serving, sorted(positions, key=size)) for serving, positions in groups.items()]


def _accepts(requirement: Requirement, one: FacilityType) -> bool:
    if requirement.accepted:
        return one.id in requirement.types
    # Where any type of a service counts, only what a plan would build for the circle is proposed.
    return one.service == requirement.service and one.circle is not None


def _need_m2(one: FacilityType, *, in_room: bool) -> float:
    """Room a type takes: its floor in a stock room, its site (else its floor) on land."""
    sizes = (one.floor_min_m2, one.site_min_m2) if in_room else (one.site_min_m2, one.floor_min_m2)
    return next((size for size in sizes if size is not None), ASSUMED_AREA_M2)


def _room(parcels: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Room on each parcel: floor area of a stock room, area of land [m²]."""
    floor = parcels["floor_m2"].to_numpy(dtype=np.float64)
    area = parcels["area_m2"].to_numpy(dtype=np.float64)
    is_room = (parcels["kind"] == "stock_room").to_numpy()
    return np.asarray(np.where(is_room & np.isfinite(floor), floor, area), dtype=np.float64)


def _router(requirement: Requirement, compounds: Compounds) -> Router:
    return Router(
        network=compounds.network,
        profile=PROFILES[requirement.profile],
        metric="time" if requirement.minutes is not None else "distance",
    )


def _reached(
    requirement: Requirement, parcels: Pinned, homes: Pinned, compounds: Compounds
) -> dict[int, NDArray[np.int32]]:
    """Find the homes within the limit of each parcel that it may serve."""
    matrix = _router(requirement, compounds).matrix(
        homes.ends,
        parcels.ends,
        limit=limit_units(requirement),
        from_facility=requirement.direction == "from_facility",
    )
    found = {row: matrix.home[matrix.ptr[row] : matrix.ptr[row + 1]] for row in range(len(parcels))}
    if requirement.serves == "community":
        ours = homes.table["community_id"].to_numpy(dtype=object)
        theirs = parcels.table["community_id"].to_numpy(dtype=object)
        found = {row: rows[ours[rows] == theirs[row]] for row, rows in found.items()}
    return {row: rows for row, rows in found.items() if len(rows)}


def _described(
    standard: Standard,
    wanted: tuple[Requirement, ...],
    parcels: gpd.GeoDataFrame,
    pinned: Pinned,
    options: _Options,
    solution: SitingSolution,
    reaches: Mapping[str, Reach],
    homes: Pinned,
    compounds: Compounds,
) -> Sites:
    """Re-verify the choice by a fresh search and write the table."""
    chosen: dict[int, list[FacilityType]] = {int(parcel): [] for parcel in solution.opened}
    for option in solution.chosen:
        chosen[int(options.parcel[option])].append(standard.types[int(options.type[option])])
    gained = _fresh_search(wanted, chosen, pinned, reaches, homes, compounds)
    crs = parcels.crs
    rows = []
    served: dict[str, Mapping[str, NDArray[np.int64]]] = {}
    people = homes.table["people"].to_numpy(dtype=np.float64)
    points = shapely.point_on_surface(parcels.geometry.to_numpy())
    xy = shapely.get_coordinates(points)
    lonlat = geo.unproject(xy, crs)
    for order, parcel in enumerate(solution.opened.tolist()):
        row = parcels.iloc[parcel]
        types = sorted(chosen[parcel], key=lambda one: one.id)
        if not types:
            continue
        site_id = _site_id(row["parcel_id"])
        served[site_id] = gained[parcel]
        new = np.unique(np.concatenate([*gained[parcel].values(), np.empty(0, dtype=np.int64)]))
        need = sum(_need_m2(one, in_room=row["kind"] == "stock_room") for one in types)
        rows.append(
            {
                "site_id": site_id,
                "parcel_id": row["parcel_id"],
                "kind": row["kind"],
                "services": "; ".join(
                    name for name in standard.services if name in {one.service for one in types}
                ),
                "types": "; ".join(one.id for one in types),
                "year": int(solution.opened_year[order]),
                "x": xy[parcel, 0],
                "y": xy[parcel, 1],
                "lon": lonlat[parcel, 0],
                "lat": lonlat[parcel, 1],
                "area_m2": row["area_m2"],
                "floor_m2": row["floor_m2"] if pd.notna(row["floor_m2"]) else need,
                "newly_covered": float(people[new.astype(np.int64)].sum()),
                "conforms": row["conforms"],
                "project_id": None,
                "score": float(solution.opened_gain[order]),
            }
        )
    every = [rows_ for one in served.values() for rows_ in one.values()]
    together = np.unique(np.concatenate(every)) if every else np.empty(0, dtype=np.int64)
    return Sites(
        table=pd.DataFrame(rows, columns=list(SITES)),
        solution=solution,
        served=served,
        newly_covered=float(people[together].sum()),
    )


def _fresh_search(
    wanted: tuple[Requirement, ...],
    chosen: Mapping[int, list[FacilityType]],
    pinned: Pinned,
    reaches: Mapping[str, Reach],
    homes: Pinned,
    compounds: Compounds,
) -> dict[int, dict[str, NDArray[np.int64]]]:
    """Search anew from the sites alone: homes uncovered today that each site is nearest to."""
    gained: dict[int, dict[str, NDArray[np.int64]]] = {parcel: {} for parcel in chosen}
    for requirement in wanted:
        serving = np.zeros(len(pinned), dtype=bool)
        for parcel, types in chosen.items():
            serving[parcel] = any(_accepts(requirement, one) for one in types)
        if not serving.any():
            continue
        groups = [(np.ones(len(homes), dtype=bool), serving)]
        if requirement.serves == "community":
            ours = homes.table["community_id"].to_numpy(dtype=object)
            theirs = pinned.table["community_id"].to_numpy(dtype=object)
            groups = [
                (ours == area, serving & (theirs == area)) for area in sorted(set(theirs[serving]))
            ]
        for who, where in groups:
            found = _router(requirement, compounds).nearest(
                homes.ends.select(who & ~reaches[requirement.id].covered),
                pinned.ends.select(where),
                limit=limit_units(requirement),
                from_facility=requirement.direction == "from_facility",
            )
            for parcel in np.unique(found.to[found.to >= 0]).tolist():
                rows = np.flatnonzero(found.to == parcel)
                before = gained[parcel].get(requirement.id, np.empty(0, dtype=np.int64))
                gained[parcel][requirement.id] = np.concatenate([before, rows])
    return gained


def _nothing() -> Sites:
    return Sites(
        table=pd.DataFrame(columns=list(SITES)), solution=None, served={}, newly_covered=0.0
    )


def _site_id(parcel_id: object) -> str:
    return f"s{hashlib.sha256(str(parcel_id).encode()).hexdigest()[:8]}"
