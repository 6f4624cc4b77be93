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
from lifecircle.network.pins import Pins, pin_points
from lifecircle.network.walks import Ends
from lifecircle.places.asked import people_asked
from lifecircle.reach.matrix import Pinned, Reach, limit_units, modes_of
from lifecircle.siting.options import (
    Options,
    accepts,
    demands_of,
    need_m2,
    options_of,
    room_m2,
    router_of,
)
from lifecircle.siting.plan import solve
from lifecircle.siting.problem import SitingProblem, SitingSolution
from lifecircle.siting.ways import Ways
from lifecircle.standards import FacilityType, Requirement, Standard
from lifecircle.tables import SITES
from lifecircle.walk import Mode


@dataclass(frozen=True, kw_only=True, repr=False)
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
    candidates
        Ids of what competed, in the order of the solution's parcels.
    """

    table: pd.DataFrame
    solution: SitingSolution | None
    served: Mapping[str, Mapping[str, NDArray[np.int64]]]
    newly_covered: float
    candidates: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.table)

    def __repr__(self) -> str:
        gap = "" if self.solution is None else f", proved within {self.solution.gap:.2%}"
        return f"<Sites: {len(self)}, newly covering {self.newly_covered:,.0f} people{gap}>"

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
    ways: Ways | None = None,
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
        `tables.PARCELS`: candidate land and rooms; those refused or in doubt are not proposed.
    homes
        Where people live, pinned.
    compounds
        Streets and closed estates.
    obstacles
        Lines that legs should not cross.
    config
        Numbers of sites and years, weights, forced and forbidden parcels.
    ways
        What needs no land and competes with it.

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
    _check_names(standard, parcels, config)
    parcels = parcels[parcels["status"].isna() | (parcels["status"] == "candidate")]
    # Ties go to the lowest row: what the planner listed before what the map only suggests.
    rank = parcels["origin"].map({"listed": 0, "surveyed": 1, "tagged": 2, "residual": 3})
    table = parcels.assign(rank=rank).sort_values(["rank", "parcel_id"], kind="stable")
    table = table.drop(columns="rank").reset_index(drop=True)
    wanted = _wanted(standard, gaps)
    if len(table) == 0 or not wanted or config.max_sites == 0:
        return _told(_nothing(), config)
    pinned = _pinned_parcels(table, compounds, obstacles, modes_of(wanted))
    demands = demands_of(wanted, gaps, reaches, homes, config)
    options = options_of(standard, wanted, demands, table, pinned, homes, compounds)
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
            parcel_area_m2=room_m2(table),
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
            what=f"parcel '{row.parcel_id}' is {row.status} ({row.reasons or row.checks})",
            where="study.toml, siting.must",
            remedy="take it out of siting.must, or correct the lists of land",
        )
        for row in parcels.itertuples()
        if row.parcel_id in config.must and row.status in ("refused", "doubtful")
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
    table: gpd.GeoDataFrame,
    compounds: Compounds,
    obstacles: NDArray[np.object_],
    modes: tuple[Mode, ...],
) -> Pinned:
    points = shapely.point_on_surface(table.geometry.to_numpy())
    compound = compounds.locate(points)

    def pinned(mode: Mode) -> Pins:
        return pin_points(
            compounds.network, points, mode=mode, obstacles=obstacles, compound=compound
        )

    ends = Ends.single(pinned("foot"), {mode: pinned(mode) for mode in modes})
    return Pinned(table=table, ends=ends, compound=compound)


def _described(
    standard: Standard,
    wanted: tuple[Requirement, ...],
    parcels: gpd.GeoDataFrame,
    pinned: Pinned,
    options: Options,
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
        need = sum(need_m2(one, in_room=row["kind"] == "stock_room") for one in types)
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
                "newly_covered": float(people_gained(standard, gained[parcel], homes.table).sum()),
                "conforms": row["conforms"],
                "project_id": None,
                "score": float(solution.opened_gain[order]),
            }
        )
    every = [people_gained(standard, one, homes.table) for one in served.values()]
    return Sites(
        table=pd.DataFrame(rows, columns=list(SITES)),
        solution=solution,
        served=served,
        newly_covered=float(np.max(every, axis=0).sum()) if every else 0.0,
        candidates=tuple(parcels["parcel_id"]),
    )


def people_gained(
    standard: Standard, served: Mapping[str, NDArray[np.int64]], homes: gpd.GeoDataFrame
) -> NDArray[np.float64]:
    """
    Count the people a site newly covers in every home, each once.

    Parameters
    ----------
    standard
        The standard, whose requirements say whom they count.
    served
        Requirement id to the homes (rows) newly covered for it.
    homes
        `tables.HOMES`.

    Returns
    -------
    people
        Per home, shape (homes,): those of the largest group newly covered there.
    """
    gained = np.zeros(len(homes))
    for name, rows in served.items():
        people = np.nan_to_num(people_asked(homes, standard.requirement(name)))
        gained[rows] = np.maximum(gained[rows], people[rows])
    return gained


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
            serving[parcel] = any(accepts(requirement, one) for one in types)
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
            found = router_of(requirement, compounds).nearest(
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
    return f"s{hashlib.sha256(str(parcel_id).encode()).hexdigest()[:12]}"
