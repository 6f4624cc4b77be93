"""Service units -> their people, their shape, and which services of their tier they have."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.access.levels import Level
from lifecircle.access.scorecard import scores_of
from lifecircle.places.unit_graph import BARRIERS
from lifecircle.places.units import Unit, UnitPlan
from lifecircle.reach.matrix import Pinned, Reach
from lifecircle.standards import Requirement, Standard
from lifecircle.tables import UNIT_SERVICES, UNITS

MARK = ";"
"""What stands between the values of a cell that holds several."""


def unit_services(
    plan: UnitPlan,
    standard: Standard,
    reaches: Mapping[str, Reach],
    *,
    homes: Pinned,
    facilities: Pinned,
    unknown: frozenset[str],
    doubted: Mapping[str, NDArray[np.bool_]] | None = None,
    people_per_home: float | None = None,
) -> pd.DataFrame:
    """
    Say which services of its tier each unit has.

    Parameters
    ----------
    plan
        The units.
    standard
        What is asked.
    reaches
        Requirement id to its reach.
    homes, facilities
        With ``community_id``.
    unknown
        Requirements the data say too little about.
    doubted, people_per_home
        As `scorecard.score` takes them.

    Returns
    -------
    services
        `tables.UNIT_SERVICES`: one row per unit and requirement that must be met at its tier, those
        of 5 minutes for the 5-minute tier, longer ones for the 15-minute tier, all for units whose
        tier nobody says. ``facilities`` counts those inside that count; ``met`` is that of the
        unit's people, missing where nobody lives there or the data say too little.
    """
    blocks = []
    kinds = sorted({(one.origin == "proposed", one.tier or 0) for one in plan.units})
    for proposed, tier in kinds:
        units = [
            one
            for one in plan.units
            if (one.origin == "proposed", one.tier or 0) == (proposed, tier)
        ]
        asked = tuple(one for one in standard.requirements if _asked(one, tier))
        if not asked:
            continue
        found = scores_of(
            asked,
            reaches,
            homes=homes,
            facilities=facilities,
            levels=(_level(units, homes, facilities),),
            unknown=unknown,
            doubted=doubted,
            people_per_home=people_per_home,
        )
        verdict = found["verdict"]
        met = verdict.map({"met": True, "short": False}).astype(object)
        met[met.isna()] = None
        columns = {"unit_id": found["area_id"], "name": found["area_name"], "met": met}
        blocks.append(found.assign(**columns, tier=float(tier) if tier else np.nan))
    if not blocks:
        return pd.DataFrame(columns=list(UNIT_SERVICES))
    return pd.concat(blocks, ignore_index=True)[list(UNIT_SERVICES)]


def _asked(requirement: Requirement, tier: int) -> bool:
    if not requirement.makes_gaps:
        return False
    return not tier or (requirement.circle <= 5 if tier <= 5 else 5 < requirement.circle <= tier)


def _level(units: list[Unit], homes: Pinned, facilities: Pinned) -> Level:
    owner = {member: at for at, one in enumerate(units) for member in one.members}
    rows = [
        np.array([owner.get(key, -1) for key in table["community_id"]], dtype=np.int32)
        for table in (homes.table, facilities.table)
    ]
    return Level(
        name="unit",
        area_id=tuple(one.unit_id for one in units),
        area_name=tuple(one.name for one in units),
        of_home=rows[0],
        of_facility=rows[1],
    )


def unit_table(
    plan: UnitPlan,
    communities: gpd.GeoDataFrame,
    homes: gpd.GeoDataFrame,
    services: pd.DataFrame,
) -> gpd.GeoDataFrame:
    """
    Describe every unit.

    Parameters
    ----------
    plan
        The units.
    communities
        `tables.COMMUNITIES` with ``people``.
    homes
        `tables.HOMES`.
    services
        `tables.UNIT_SERVICES`.

    Returns
    -------
    units
        `tables.UNITS` and the outline. ``walk_s`` is the median walk between the centres of its
        communities, ``farthest_s`` the longest to the most central of them, both missing for one
        community and where a walk is beyond the widest that is looked for. ``cut_by`` names the
        barriers along `cut_m` metres of the borders inside. ``asked``, ``met`` and ``missing``
        count and name requirements of its tier.
    """
    table = communities.set_index("community_id")
    groups = [name for name in ("people_60plus", "people_0_3") if name in homes]
    living = homes.groupby("community_id")[groups].sum(min_count=1)
    of_unit = dict(tuple(services.groupby("unit_id")))
    rows = [_row(plan, one, table, living, of_unit.get(one.unit_id)) for one in plan.units]
    shapes = [
        shapely.union_all(table.loc[list(one.members), "geometry"].to_numpy()) for one in plan.units
    ]
    frame = pd.DataFrame(rows, columns=list(UNITS))
    return gpd.GeoDataFrame(frame, geometry=np.array(shapes, dtype=object), crs=communities.crs)


def _row(
    plan: UnitPlan,
    unit: Unit,
    table: pd.DataFrame,
    living: pd.DataFrame,
    services: pd.DataFrame | None,
) -> dict[str, object]:
    part = table.loc[list(unit.members)]
    people = float(part["people"].sum())
    band = plan.bands.get(unit.tier or 0)
    groups = living.reindex(list(unit.members)).sum(min_count=1)
    asked = 0 if services is None else len(services)
    lacking = [] if services is None else services.loc[services["met"].eq(False), "requirement"]  # noqa: FBT003
    return {
        "unit_id": unit.unit_id,
        "name": unit.name,
        "tier": np.nan if unit.tier is None else float(unit.tier),
        "origin": unit.origin,
        "communities": MARK.join(unit.members),
        "subdistricts": MARK.join(sorted({str(one) for one in part["subdistrict"].dropna()})),
        "people": people,
        "people_60plus": groups.get("people_60plus", np.nan),
        "people_0_3": groups.get("people_0_3", np.nan),
        "area_m2": float(shapely.area(part["geometry"].to_numpy()).sum()),
        "people_min": np.nan if band is None else band.people_min,
        "people_max": np.nan if band is None else band.people_max,
        "in_band": None if band is None else band.side(people),
        **_shape(plan, unit),
        "asked": asked,
        "met": 0 if services is None else int(services["met"].eq(True).sum()),  # noqa: FBT003
        "missing": MARK.join(lacking),
        "in_use": unit.unit_id in plan.in_use,
    }


def _shape(plan: UnitPlan, unit: Unit) -> dict[str, object]:
    """Say whether a unit hangs together, what cuts it and how far its centres are apart."""
    graph = plan.graph
    place = {key: at for at, key in enumerate(graph.community_id)}
    at = np.array([place[key] for key in unit.members])
    square = np.ix_(at, at)
    linked, reached = graph.linked[square], np.zeros(len(at), dtype=bool)
    reached[0] = True
    for _ in at:
        reached |= linked[reached].any(axis=0)
    cuts = {kind: float(graph.barrier_m[kind][square].sum() / 2) for kind in BARRIERS}
    most = np.max([graph.barrier_m[kind][square] for kind in BARRIERS], axis=0)
    walks = graph.walk_s[square]
    walks = np.where(np.isnan(walks), np.inf, walks)
    pairs = walks[np.triu_indices(len(at), 1)]
    middle = float(np.median(pairs)) if len(pairs) else np.inf
    farthest = float(walks.max(axis=1).min()) if len(pairs) else np.inf
    return {
        "connected": bool(reached.all()),
        "cut_by": MARK.join(kind for kind, metres in cuts.items() if metres > 0),
        "cut_m": float(most.sum() / 2),
        "walk_s": middle if np.isfinite(middle) else np.nan,
        "farthest_s": farthest if np.isfinite(farthest) else np.nan,
    }
