"""
From gaps and candidate land to sites: what to build where, in which year, and whom it serves.

The choice is proved by `siting.plan` and then re-verified here by a fresh search over the streets:
the people a site is said to serve are those the search finds, never those the model assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle import geo
from lifecircle.config import SitingSection
from lifecircle.gaps.diagnosis import Gaps
from lifecircle.network.compounds import Compounds
from lifecircle.places.asked import people_asked
from lifecircle.places.units import UnitPlan
from lifecircle.reach.matrix import Pinned, Reach, modes_of
from lifecircle.siting.capacity import told_capacity
from lifecircle.siting.complete import (
    claims_of,
    closing,
    fair_lacks,
    joined_lacks,
    lacks_of,
    left_to_tiers,
    told,
)
from lifecircle.siting.everybody import Everybody, fewest_for_all
from lifecircle.siting.names import check_names
from lifecircle.siting.options import (
    accepts,
    demands_of,
    open_air,
    options_of,
)
from lifecircle.siting.places import pinned_places, places_of, site_id_of
from lifecircle.siting.plan import solve
from lifecircle.siting.pricing import option_costs, refuse_unpriced, size_m2
from lifecircle.siting.problem import SitingSolution
from lifecircle.siting.question import Question, problem_of
from lifecircle.siting.verified import newly_covered
from lifecircle.siting.warned import warn_of_choice, warn_of_ways
from lifecircle.siting.ways import Ways
from lifecircle.standards import FacilityType, Requirement, Standard
from lifecircle.tables import LACKS, SITES
from lifecircle.tables.costs import UnitCosts
from lifecircle.tables.shown import shown

_NO_COSTS = UnitCosts()


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
    lacks
        What goes first (`tables.LACKS`): which site closes it, or why none does.
    candidates
        Ids of what competed, in the order of the solution's parcels.
    claims
        Which candidate could close what goes first (`complete.claims_of`).
    everybody
        How many sites it would take to serve all whom any candidate could serve.
    """

    table: pd.DataFrame
    solution: SitingSolution | None
    served: Mapping[str, Mapping[str, NDArray[np.int64]]]
    newly_covered: float
    lacks: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(LACKS)))
    candidates: tuple[str, ...] = ()
    claims: pd.DataFrame | None = None
    everybody: Everybody | None = None

    def __len__(self) -> int:
        return len(self.table)

    def __repr__(self) -> str:
        gap = "" if self.solution is None else f", proved within {self.solution.gap:.2%}"
        return f"<Sites: {len(self)}, newly covering {self.newly_covered:,.0f} people{gap}>"

    def _repr_html_(self) -> str:
        columns = ["site_id", "kind", "types", "year", "area_m2", "newly_covered", "chosen_in"]
        lead = repr(self).strip("<>")
        return shown(self.table[columns], lead=lead, most=20)


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
    facilities: Pinned | None = None,
    units: UnitPlan | None = None,
    unit_costs: UnitCosts = _NO_COSTS,
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
    facilities
        What is there today, pinned: the set rule and what is shared or extended need it.
    units
        The service units, for the set rule.
    unit_costs
        What things cost; needed for a budget.

    Returns
    -------
    sites
        The chosen sites, largest gain first, with their proof.

    Raises
    ------
    RuleError
        If the study names a parcel, a way, a service or a group that is not there, or if there is
        a budget and a type that could be built has no cost.
    SitingError
        If more parcels are forced than may be used or paid for.

    Warns
    -----
    LifecircleWarning
        If a forced parcel has room for nothing or would serve nobody new, if ways have no cost
        under a budget, of what no site closes although it goes first, and of sites that newly
        cover more people than they can serve.
    """
    check_names(standard, parcels, ways, config)
    places = places_of(parcels, ways, homes.table)
    wanted = _wanted(standard, gaps)
    if len(places) == 0 or not wanted or config.max_sites == 0:
        return _nothing(config)
    pinned = pinned_places(places, compounds, obstacles, modes_of(wanted))
    demands = demands_of(wanted, gaps, reaches, homes, config)
    priced = None if config.budget is None else set(unit_costs.table["type"])
    options = options_of(standard, wanted, demands, places, pinned, homes, compounds, priced=priced)
    if len(options.parcel) == 0:
        return _nothing(config)
    cost = option_costs(standard, options, places, unit_costs)
    if config.budget is not None:
        refuse_unpriced(standard, options, places, cost)
        warn_of_ways(options, places, cost)
    lacks = [fair_lacks(homes, demands)] if config.fair is True else []
    if config.complete_first and facilities is not None:
        lacks.append(lacks_of(wanted, reaches, homes, facilities, demands, units))
    case = Question(
        standard=standard,
        wanted=wanted,
        places=places,
        pinned=pinned,
        options=options,
        cost=cost,
        lacks=closing(joined_lacks(lacks), wanted, options, places, homes, demands),
        reaches=reaches,
        homes=homes,
        facilities=facilities,
        compounds=compounds,
        config=config,
    )
    problem = problem_of(case, demands)
    sites = _described(case, solve(problem, years=config.years, seed=config.seed))
    warn_of_choice(sites.table, sites.lacks, config)
    return replace(sites, everybody=fewest_for_all(problem))


def _wanted(standard: Standard, gaps: Gaps) -> tuple[Requirement, ...]:
    """List the requirements with gaps that a facility could close."""
    real = gaps.table[gaps.table["reason"] != "no_data"]
    ids = set(real["requirement"])
    return tuple(one for one in standard.requirements if one.id in ids and not one.counts)


def _described(case: Question, solution: SitingSolution) -> Sites:
    """Re-verify the choice by a fresh search and write the table."""
    standard, places, options = case.standard, case.places, case.options
    homes = case.homes
    opened = [int(row) for row in solution.opened]
    chosen: dict[int, list[int]] = {row: [] for row in opened}
    for option in solution.chosen.tolist():
        chosen[int(options.parcel[option])].append(option)
    opened = [row for row in opened if chosen[row]]
    types = {
        row: sorted(
            (
                standard.types[int(options.type[one])]
                for one in chosen[row]
                if options.type[one] < len(standard.types)
            ),
            key=lambda one: one.id,
        )
        for row in opened
    }
    gained = newly_covered(
        case.wanted,
        _serving(case, types),
        opened,
        places,
        case.pinned,
        reaches=case.reaches,
        homes=homes,
        facilities=case.facilities,
        compounds=case.compounds,
    )
    xy = shapely.get_coordinates(shapely.point_on_surface(places.table.geometry.to_numpy()))
    lonlat = geo.unproject(xy, places.table.crs)
    place_of = {int(row): order for order, row in enumerate(solution.opened)}
    rows = []
    served: dict[str, Mapping[str, NDArray[np.int64]]] = {}
    site_of: dict[int, str] = {}
    for row in opened:
        place = places.table.iloc[row]
        order = place_of[row]
        site_id = site_of[row] = site_id_of(place["parcel_id"])
        served[site_id] = gained[row]
        built = types[row]
        services = {one.service for one in built}
        if places.is_way[row]:
            way = places.ways.table.iloc[row - len(places.land)]
            services = {standard.requirement(name).service for name in gained[row]}
            named, area, floor, outdoor = way["types"], None, None, None
        else:
            in_room = place["kind"] == "stock_room"
            grounds = [one for one in built if open_air(one)]
            need = sum(size_m2(one, in_room=in_room) for one in built if one not in grounds)
            named = "; ".join(one.id for one in built)
            area = place["area_m2"]
            floor = place["floor_m2"] if in_room and pd.notna(place["floor_m2"]) else need
            outdoor = sum(size_m2(one, in_room=False) for one in grounds)
        rows.append(
            {
                "site_id": site_id,
                "parcel_id": place["parcel_id"],
                "kind": place["kind"],
                "services": "; ".join(name for name in standard.services if name in services),
                "types": named if isinstance(named, str) else "",
                "year": int(solution.opened_year[order]),
                "x": xy[row, 0],
                "y": xy[row, 1],
                "lon": lonlat[row, 0],
                "lat": lonlat[row, 1],
                "area_m2": area,
                "floor_m2": floor,
                "newly_covered": float(people_gained(standard, gained[row], homes.table).sum()),
                "conforms": place["conforms"],
                "project_id": None,
                "score": float(solution.opened_gain[order]),
                "cost_wan": float(case.cost[chosen[row]].sum()),
                "outdoor_m2": outdoor,
            }
        )
    every = [people_gained(standard, one, homes.table) for one in served.values()]
    lacks = told(
        case.lacks,
        options,
        places,
        chosen=solution.chosen,
        site_of=site_of,
        never=frozenset(case.config.never),
        payable=case.payable,
        left=left_to_tiers(standard, case.wanted, places),
    )
    numbers = dict.fromkeys(["area_m2", "floor_m2", "cost_wan", "outdoor_m2"], "float64")
    table = pd.DataFrame(rows, columns=list(SITES)).astype(numbers)
    built_at = {site_id: types[row] for row, site_id in site_of.items()}
    room = told_capacity(standard, served, built_at, homes.table).reindex(table["site_id"])
    return Sites(
        table=table.assign(**{name: room[name].to_numpy() for name in room}),
        solution=solution,
        served=served,
        newly_covered=float(np.max(every, axis=0).sum()) if every else 0.0,
        lacks=lacks,
        candidates=tuple(places.table["parcel_id"]),
        claims=claims_of(case.lacks, options, places),
    )


def _serving(
    case: Question, types: Mapping[int, list[FacilityType]]
) -> dict[str, NDArray[np.bool_]]:
    """Which chosen places would answer which requirement."""
    ids = case.places.table["parcel_id"].tolist()
    is_way = case.places.is_way
    serving = {}
    for one in case.wanted:
        at = serving[one.id] = np.zeros(len(case.places), dtype=bool)
        for row, built in types.items():
            at[row] = (
                one.id in case.places.ways.serves.get(ids[row], {})
                if is_way[row]
                else any(accepts(one, kind) for kind in built)
            )
    return serving


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


def _nothing(config: SitingSection) -> Sites:
    sites = Sites(
        table=pd.DataFrame(columns=list(SITES)), solution=None, served={}, newly_covered=0.0
    )
    warn_of_choice(sites.table, sites.lacks, config)
    return sites
