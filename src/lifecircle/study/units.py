"""From the communities of a study to its service units: given, taken from a plan, or proposed."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.config import StudyConfig
from lifecircle.errors import LifecircleWarning
from lifecircle.network.streets import StreetNetwork
from lifecircle.places.unit_graph import main_roads, unit_graph
from lifecircle.places.units import WIDEST_MINUTES, Band, Unit, UnitPlan, propose_units
from lifecircle.reach.matrix import Pinned
from lifecircle.standards import Standard
from lifecircle.tables import LandFiles

TIERS = (15, 5)
"""Tiers units are proposed for: 空间统筹单元 and 公共服务基本单元 [min]."""
PROPOSED_TIER = 5
"""Tier whose proposals count as the unit of a community where the study does not say [min] (P)."""


def units_of_study(
    config: StudyConfig,
    standard: Standard,
    communities: gpd.GeoDataFrame,
    homes: Pinned,
    network: StreetNetwork,
    *,
    given: frozenset[str],
    land: LandFiles,
    barriers: gpd.GeoDataFrame,
) -> UnitPlan:
    """
    Take the units that are given and propose the others.

    Parameters
    ----------
    config
        The study file.
    standard
        Whose circles say how many people a unit is for.
    communities
        `tables.COMMUNITIES` with ``people``.
    homes
        The homes, pinned.
    network
        The streets.
    given
        Unit ids the file of communities names; others come from a detailed plan.
    land
        What offices say of land, in the network's system.
    barriers
        `tables.BARRIERS` in the network's system.

    Returns
    -------
    plan
        Every community in exactly one proposed unit of each tier, where any are proposed.

    Warns
    -----
    LifecircleWarning
        If facilities that serve a unit are counted by proposed units.
    """
    bands = {
        one.minutes: Band(minutes=one.minutes, people_min=one.people_min, people_max=one.people_max)
        for one in standard.circles
    }
    table = communities.sort_values("community_id", kind="stable").reset_index(drop=True)
    graph = unit_graph(
        table,
        homes.table,
        homes.ends,
        network,
        barriers=dividing_lines(network, barriers, land),
        limit_minutes=max(WIDEST_MINUTES.values()),
    )
    people = table["people"].to_numpy(dtype=float)
    subdistrict = [None if pd.isna(one) else str(one) for one in table["subdistrict"]]
    names = [
        str(key if pd.isna(name) else name)
        for key, name in zip(table["community_id"], table["name"], strict=True)
    ]
    known = table["unit_id"].notna()
    units = _given(config, table, given, land)
    used = frozenset(one.unit_id for one in units)
    costs = {}
    wanted = config.units.propose
    if wanted or (wanted is None and not known.all()):
        for tier in TIERS:
            if tier not in bands:
                continue
            proposed, costs[tier] = propose_units(
                graph,
                people,
                subdistrict,
                bands[tier],
                names=names,
                language=config.study.language,
            )
            units += proposed
            if not known.any() and tier == (config.units.tier or PROPOSED_TIER):
                used = frozenset(one.unit_id for one in proposed)
                _warn(standard, tier)
    return UnitPlan(units=units, graph=graph, bands=bands, costs=costs, in_use=used)


def with_proposed(plan: UnitPlan, *tables: gpd.GeoDataFrame) -> None:
    """
    Name the proposed unit of whatever lies in a community, where no unit is given at all.

    Parameters
    ----------
    plan
        The units.
    tables
        Communities, homes or facilities; their ``unit_id`` is set.
    """
    proposed = {
        member: one.unit_id
        for one in plan.units
        if one.origin == "proposed" and one.unit_id in plan.in_use
        for member in one.members
    }
    for table in tables if proposed else ():
        named = [proposed.get(key) for key in table["community_id"]]
        table["unit_id"] = pd.Series(named, index=table.index, dtype=object)


def unit_names(plan: UnitPlan) -> Mapping[str, str]:
    """
    Name the units this run counts by.

    Parameters
    ----------
    plan
        The units.

    Returns
    -------
    names
        Unit id to name.
    """
    return {one.unit_id: one.name for one in plan.units if one.unit_id in plan.in_use}


def _given(
    config: StudyConfig, table: gpd.GeoDataFrame, given: frozenset[str], land: LandFiles
) -> tuple[Unit, ...]:
    called = (
        {}
        if land.units is None
        else dict(zip(land.units["unit_id"].map(str), land.units["name"], strict=True))
    )
    units = []
    for key, part in table.dropna(subset="unit_id").groupby("unit_id", sort=True):
        name = called.get(str(key))
        units.append(
            Unit(
                unit_id=str(key),
                name=str(key) if name is None or pd.isna(name) else str(name),
                tier=config.units.tier,
                origin="given" if str(key) in given else "plan",
                members=tuple(sorted(part["community_id"])),
            )
        )
    return tuple(units)


def dividing_lines(
    network: StreetNetwork, barriers: gpd.GeoDataFrame, land: LandFiles
) -> dict[str, NDArray[np.object_]]:
    """
    Gather what divides communities.

    Parameters
    ----------
    network
        The streets.
    barriers, land
        `tables.BARRIERS` and what offices say of land, in the network's system.

    Returns
    -------
    lines
        Kind of `unit_graph.BARRIERS` to lines.
    """

    def mapped(*kinds: str) -> list[shapely.Geometry]:
        return list(barriers.geometry.array[barriers["kind"].isin(kinds).to_numpy()])

    def covered(kind: str) -> list[shapely.Geometry]:
        if land.cover is None:
            return []
        shapes = land.cover.geometry.to_numpy()[(land.cover["kind"] == kind).to_numpy()]
        return list(shapely.boundary(shapes))

    planned = [] if land.units is None else list(shapely.boundary(land.units.geometry.to_numpy()))
    lines = {
        "road": [*main_roads(network), *mapped("motorway")],
        "rail": [*mapped("rail"), *covered("railway")],
        "water": [*mapped("water"), *covered("water")],
        "plan": planned,
    }
    return {kind: np.array(shapes, dtype=object) for kind, shapes in lines.items()}


def _warn(standard: Standard, tier: int) -> None:
    ids = [one.id for one in standard.requirements if one.serves == "unit"]
    if ids:
        warnings.warn(
            f"no unit is given: for {', '.join(ids)} a facility serves the proposed unit of the "
            f"{tier}-minute circle it lies in (give the column unit of the communities)",
            LifecircleWarning,
            stacklevel=3,
        )
