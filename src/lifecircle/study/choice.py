"""What is told of a study's sites: curve, near equals, steadiness, wishes, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.access.draws import Spreads
from lifecircle.access.robustness import Steadiness
from lifecircle.config import StudyConfig
from lifecircle.gaps.diagnosis import Gaps
from lifecircle.places.asked import people_asked
from lifecircle.reach.matrix import Pinned, modes_of
from lifecircle.siting.brought import Brought, brought, pin_candidates
from lifecircle.siting.easy import still_open
from lifecircle.siting.explained import NEXT, alternatives_of, curve_of
from lifecircle.siting.steadiness import DRAWS, certain, chosen_in, drawn, picks
from lifecircle.siting.ways import Ways, no_ways
from lifecircle.siting.wishes import Land, wishes_of
from lifecircle.standards import Requirement, Standard
from lifecircle.study.after import after_table, covered_after
from lifecircle.study.answers import Answers
from lifecircle.study.horizons.run import Today
from lifecircle.tables import AFTER, CHOICES, CURVE, FREQUENCY, WISHES

SPREADS = Spreads(draws=DRAWS)
"""What a study's choice is drawn from (P)."""

OFTEN = 0.05
"""A candidate chosen in at least this share of draws is listed (P)."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """
    What is told of the choice of sites.

    Parameters
    ----------
    curve, alternatives, frequency, wishes, after
        Columns of `tables.CURVE`, `CHOICES`, `FREQUENCY`, `WISHES` and `AFTER`.
    sites
        `tables.SITES` with the share of draws that choose each.
    """

    curve: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(CURVE)))
    alternatives: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(CHOICES)))
    frequency: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(FREQUENCY)))
    wishes: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(WISHES)))
    after: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(AFTER)))
    sites: pd.DataFrame


def choice_of_study(
    config: StudyConfig,
    standard: Standard,
    today: Today,
    gaps: Gaps,
    answers: Answers,
    steady: Steadiness,
) -> Choice:
    """
    Tell what the choice of sites brings, how steady it is and what it leaves open.

    Parameters
    ----------
    config
        The study file.
    standard
        What is asked.
    today
        The run as it stands.
    gaps
        What falls short.
    answers
        Land, ways and sites.
    steady
        Draws of the verdicts, with every home's nearest few facilities.

    Returns
    -------
    choice
        Tables to be shown.
    """
    waist, sites = today.waist, answers.sites
    homes = waist.homes.table
    real = gaps.table[gaps.table["reason"] != "no_data"]
    short = set(real["requirement"])
    wanted = tuple(one for one in standard.requirements if one.id in short and not one.counts)
    covered = covered_after(standard, today, sites, tuple(one.id for one in wanted))
    after = after_table(standard, today, covered)
    open_gaps = _still_open(real, after)
    brought_in = list(answers.easy.served.values())
    if brought_in:
        closed = ~still_open(standard, real, [*sites.served.values(), *brought_in], homes)
        open_gaps = open_gaps[~open_gaps["gap_id"].isin(real.loc[closed, "gap_id"])]
    land = _competed(answers.competing)
    uncovered = {one.id: ~today.reaches[one.id].covered for one in wanted}
    weight = {one.id: _weight(one, real, waist.homes, config) for one in wanted}
    ids = np.concatenate(
        [land["parcel_id"], answers.ways.table["way_id"][_competing_ways(answers.ways)]]
    ).astype(object)
    inputs = drawn(
        wanted,
        ids,
        steady.choices,
        homes=waist.homes,
        facilities=waist.facilities,
        spreads=SPREADS,
    )
    asked = {
        one.id: (np.nan_to_num(people_asked(waist.homes.table, one)) > 0)
        & (uncovered[one.id] | ~inputs.covered[one.id].all(axis=0))
        for one in wanted
    }
    found = _brought(standard, wanted, land, answers.ways, asked, today)
    plan = _places(found, sites.table["parcel_id"])
    never = np.isin(found.ids.astype(str), config.siting.never)
    must = _places(found, pd.Series(config.siting.must, dtype=object))
    picked = picks(
        found, weight, inputs, sites=len(sites), first=must, never=never, claims=sites.claims
    )
    share = chosen_in(picked, len(found.ids))
    further = picks(
        found,
        weight,
        certain(wanted, {name: ~left for name, left in uncovered.items()}, len(found.ids)),
        sites=len(plan) + NEXT,
        first=plan,
        never=never,
        claims=sites.claims,
    )[0, len(plan) :]
    told = sites.table.assign(
        chosen_in=sites.table["parcel_id"].map(dict(zip(found.ids, share, strict=True)))
    )
    aside = _aside(answers, land)
    then = {name: there.copy() for name, there in covered.items()}
    for served in brought_in:
        for name, rows in served.items():
            then[name][rows] = True
    residual = {name: ~then[name] & asked[name] for name in asked}
    return Choice(
        curve=curve_of(standard, sites, found, uncovered, waist.homes.table, further=further),
        alternatives=alternatives_of(sites.solution, sites),
        frequency=_frequency(found, share, told, land, answers.ways),
        wishes=wishes_of(
            standard,
            open_gaps,
            then,
            homes=waist.homes,
            land=Land.of(found, land),
            aside=Land.of(
                _brought(standard, wanted, aside, no_ways(land.crs), residual, today), aside
            ),
            opened=tuple(sites.table["parcel_id"].astype(str)),
            never=config.siting.never,
        ),
        after=after,
        sites=told,
    )


def _competed(parcels: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Take candidates, what the planner listed first: ties go to the lowest row."""
    held = parcels[parcels["status"].isna() | (parcels["status"] == "candidate")]
    rank = held["origin"].map({"listed": 0, "surveyed": 1, "tagged": 2, "residual": 3})
    order = held.assign(rank=rank).sort_values(["rank", "parcel_id"], kind="stable")
    return order.drop(columns="rank").reset_index(drop=True)


def _competing_ways(ways: Ways) -> NDArray[np.bool_]:
    return np.asarray(ways.table["competes"], dtype=bool)


def _still_open(real: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Keep the gaps whose community falls short even with all sites."""
    there = after[after["level"] == "community"]
    met = there[there["verdict_after"].isin(["met", "empty"])]
    closed = set(zip(met["area_id"], met["requirement"], strict=True))
    still = [
        pair not in closed for pair in zip(real["community_id"], real["requirement"], strict=True)
    ]
    return real[np.array(still, dtype=bool)]


def _weight(
    one: Requirement, real: pd.DataFrame, homes: Pinned, config: StudyConfig
) -> NDArray[np.float64]:
    """Weigh the people of the communities that fall short, as the choice does."""
    rows = real[real["requirement"] == one.id]
    people = np.nan_to_num(people_asked(homes.table, one))
    people = people * config.siting.weights.get(one.service, 1.0)
    people = people * config.siting.weights.get(one.group, 1.0)
    living = homes.table["community_id"].isin(rows["community_id"])
    return np.asarray(people * living.to_numpy(), dtype=np.float64)


def _brought(
    standard: Standard,
    wanted: tuple[Requirement, ...],
    parcels: gpd.GeoDataFrame,
    ways: Ways,
    asked: Mapping[str, NDArray[np.bool_]],
    today: Today,
) -> Brought:
    waist = today.waist
    pinned = pin_candidates(parcels, waist.compounds, waist.obstacles, modes_of(wanted))
    return brought(
        standard, wanted, pinned, ways, asked=asked, homes=waist.homes, compounds=waist.compounds
    )


def _places(found: Brought, ids: pd.Series) -> NDArray[np.int64]:
    at = {name: place for place, name in enumerate(found.ids)}
    return np.array([at[name] for name in ids if name in at], dtype=np.int64)


def _aside(answers: Answers, land: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Take the land that did not compete: refused, in doubt, or shown as a lead only."""
    rest = answers.parcels[~answers.parcels["parcel_id"].isin(land["parcel_id"])]
    return rest.reset_index(drop=True)


def _frequency(
    found: Brought,
    share: NDArray[np.float64],
    sites: pd.DataFrame,
    land: gpd.GeoDataFrame,
    ways: Ways,
) -> pd.DataFrame:
    site = dict(zip(sites["parcel_id"], sites["site_id"], strict=True))
    table = pd.DataFrame(
        {
            "parcel_id": found.ids,
            "site_id": [site.get(name) for name in found.ids],
            "chosen_in": share,
        }
    )
    facts = pd.concat(
        [
            land[["parcel_id", "kind", "community_id", "area_m2"]],
            ways.table.rename(columns={"way_id": "parcel_id"})[
                ["parcel_id", "kind", "community_id"]
            ],
        ]
    ).drop_duplicates("parcel_id")
    table = table.merge(facts, on="parcel_id", how="left")
    shown = (table["chosen_in"] >= OFTEN) | table["site_id"].notna()
    return table[shown].sort_values(
        ["chosen_in", "parcel_id"], ascending=[False, True], ignore_index=True
    )[list(FREQUENCY)]
