"""
The study at later moments: who is covered then, which gaps close by themselves, which are new.

Today's run is never changed by it. What does not differ from today is taken from today: walks of
homes to facilities that stay are not searched again, and streets only where roads are to come.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.access.levels import Level, levels_of
from lifecircle.access.scorecard import Scorecard, score
from lifecircle.config import HorizonSection, StudyConfig
from lifecircle.errors import DoubtfulRowsWarning, LifecircleWarning
from lifecircle.network.additions import add_roads
from lifecircle.reach.matrix import Pinned, Reach, concerned, modes_of, reach_of, usable_facilities
from lifecircle.standards import Requirement, Standard
from lifecircle.study.horizons.inputs import HorizonInputs
from lifecircle.study.horizons.new_homes import Expected, expected_homes, joined, pinned_points
from lifecircle.study.inputs import Inputs
from lifecircle.study.stages import Stages
from lifecircle.study.waist import Waist, build_waist
from lifecircle.walk import Mode


@dataclass(frozen=True, kw_only=True)
class Today:
    """
    The run every horizon is compared with.

    Parameters
    ----------
    waist
        Streets, homes, facilities and communities.
    reaches
        Requirement id to who reaches what.
    levels
        The areas of every level.
    scorecard
        How they do.
    unknown
        Requirements the data say too little about, then as today.
    doubted
        Requirement id to the homes nobody can judge, shape (homes,), then as today.
    people_per_home
        Where counts are of homes: how many people live in one; None where they are of people.
    sites
        `tables.SITES`: what the programme would build.
    """

    waist: Waist
    reaches: Mapping[str, Reach]
    levels: tuple[Level, ...]
    scorecard: Scorecard
    unknown: frozenset[str]
    doubted: Mapping[str, NDArray[np.bool_]]
    people_per_home: float | None
    sites: pd.DataFrame


@dataclass(frozen=True, kw_only=True)
class Horizon:
    """
    What one horizon brings.

    Parameters
    ----------
    section
        Its section of the study file.
    waist
        Streets and communities then.
    homes, facilities
        Both sides then; rows of today keep their place, new ones follow.
    reaches
        Requirement id to who reaches what then.
    levels
        The areas, with the homes and facilities of then.
    scorecard
        How they do then.
    promised
        The same without the sites of the programme: what is promised already. The same value where
        the horizon counts no sites.
    opened
        Rows of `facilities` that count then and not today.
    expected
        Who lives where, and where these numbers come from.
    roads
        Roads to come that were joined to the streets.
    """

    section: HorizonSection
    waist: Waist
    homes: Pinned
    facilities: Pinned
    reaches: Mapping[str, Reach]
    levels: tuple[Level, ...]
    scorecard: Scorecard
    promised: Scorecard
    opened: NDArray[np.intp]
    expected: Expected
    roads: int


def run_horizons(
    config: StudyConfig, inputs: Inputs, today: Today, stages: Stages
) -> tuple[Horizon, ...]:
    """
    Compute every horizon of a study.

    Parameters
    ----------
    config
        The study file.
    inputs
        What was read.
    today
        The run as it stands.
    stages
        Stopwatch and collector of warnings.

    Returns
    -------
    horizons
        In the order of the study file; empty where it names none.

    Warns
    -----
    DoubtfulRowsWarning
        If people have no place, facilities say no year, or roads to come meet no street.
    """
    found = []
    for one in inputs.horizons:
        with stages.stage(f"horizon {one.section.name}"):
            found.append(_horizon(config, inputs, one, today))
    return tuple(found)


def _horizon(config: StudyConfig, inputs: Inputs, one: HorizonInputs, today: Today) -> Horizon:
    standard = inputs.standard
    waist, roads = today.waist, 0
    if one.roads is not None and len(one.roads):
        waist, roads = _with_roads(config, inputs, one, waist)
    modes = modes_of(standard.requirements)
    expected = expected_homes(one, waist, modes)
    counting, opened = _opened(one.section, waist.facilities.table)
    facilities = Pinned(
        table=counting, ends=waist.facilities.ends, compound=waist.facilities.compound
    )
    same_streets = waist is today.waist
    reaches = _reaches(standard, today, expected, facilities, waist, same_streets=same_streets)
    scored = _scored(config, standard, today, expected, facilities, waist, reaches)
    promised = scored[1]
    sites = _sites(one.section, today.sites)
    if len(sites):
        more = site_facilities(standard, sites, waist, modes)
        opened = np.concatenate([opened, len(facilities) + np.arange(len(more))])
        facilities = joined(facilities, more)
        reaches = _reaches(standard, today, expected, facilities, waist, same_streets=same_streets)
        scored = _scored(config, standard, today, expected, facilities, waist, reaches)
    return Horizon(
        section=one.section,
        waist=waist,
        homes=expected.homes,
        facilities=facilities,
        reaches=reaches,
        levels=scored[0],
        scorecard=scored[1],
        promised=promised,
        opened=opened,
        expected=expected,
        roads=roads,
    )


def _with_roads(
    config: StudyConfig, inputs: Inputs, one: HorizonInputs, today: Waist
) -> tuple[Waist, int]:
    """Survey the same town once more, with the roads to come in its streets."""
    if one.roads is None:
        return today, 0
    added = add_roads(inputs.survey.streets, one.roads.to_crs(inputs.crs), inputs.crs)
    if added.loose:
        _say(one.section, f"{added.loose} roads to come meet no street and lead nowhere")
    survey = replace(inputs.survey, streets=added.streets)
    with warnings.catch_warnings():  # today's run has said all of it
        warnings.simplefilter("ignore", LifecircleWarning)
        waist = build_waist(config, replace(inputs, survey=survey), Stages())
    return waist, len(added.streets) - len(inputs.survey.streets)


def _opened(
    section: HorizonSection, table: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, NDArray[np.intp]]:
    """Let count what will be there: by status, and by the year it opens where one is said."""
    status = table["status"].fillna("existing")
    coming = status.isin(set(section.facilities) - {"existing"}).to_numpy(dtype=bool)
    if section.year is not None:
        opens = table["opens"].to_numpy(dtype=np.float64)
        with np.errstate(invalid="ignore"):
            late = coming & (opens > section.year)
        silent = int((coming & np.isnan(opens)).sum())
        coming = coming & ~late
        if silent:
            _say(
                section,
                f"{silent} facilities to come do not say when they open and count by "
                f"{section.year}; {int(late.sum())} open later and do not",
            )
    counting = table.assign(status=status.mask(coming, "existing"))
    return counting, np.flatnonzero(coming & usable_facilities(counting))


def _sites(section: HorizonSection, sites: pd.DataFrame) -> pd.DataFrame:
    return sites[sites["year"].astype(float) <= section.years_built].reset_index(drop=True)


def site_facilities(
    standard: Standard, sites: pd.DataFrame, waist: Waist, modes: tuple[Mode, ...]
) -> Pinned:
    """
    Make of each site of the programme the facilities it would hold.

    Parameters
    ----------
    standard
        The standard, which knows the service of every type.
    sites
        `tables.SITES`; an opened link holds nothing.
    waist
        Streets and communities.
    modes
        Who else than walkers is asked for.

    Returns
    -------
    facilities
        One row per site and type, open to anyone.
    """
    service = {one.id: one.service for one in standard.types}
    rows = [
        {
            "facility_id": f"{site.site_id}:{kind}",
            "place_id": site.site_id,
            "name": site.site_id,
            "service": service[kind],
            "type": kind,
            "status": "existing",
            "open_to": "anyone",
            "floor_m2": site.floor_m2 if ";" not in site.types else np.nan,
            "geometry": shapely.Point(site.x, site.y),
        }
        for site in sites.itertuples()
        for kind in site.types.split("; ")
        if kind
    ]
    table = gpd.GeoDataFrame(rows, geometry="geometry", crs=waist.network.crs)
    pinned = pinned_points(table, waist, modes)
    return Pinned(
        table=pinned.table.assign(status="existing"), ends=pinned.ends, compound=pinned.compound
    )


def _reaches(
    standard: Standard,
    today: Today,
    expected: Expected,
    facilities: Pinned,
    waist: Waist,
    *,
    same_streets: bool,
) -> dict[str, Reach]:
    """Search only what can differ from today: new homes, and requirements with new facilities."""
    old = len(expected.homes) - expected.new
    before = usable_facilities(today.waist.facilities.table)
    after = usable_facilities(facilities.table)
    before = np.concatenate([before, np.zeros(len(after) - len(before), dtype=bool)])
    found = {}
    for one in standard.requirements:
        kept = same_streets and not concerned(one, facilities.table[after & ~before])
        if kept and expected.new == 0:
            found[one.id] = replace(today.reaches[one.id], counting=_grown(today, one, after))
            continue
        if not kept:
            found[one.id] = reach_of(one, expected.homes, facilities, waist.network)
            continue
        new = np.arange(len(expected.homes)) >= old
        homes = expected.homes
        fresh = reach_of(
            one,
            Pinned(table=homes.table, ends=homes.ends.select(new), compound=homes.compound),
            facilities,
            waist.network,
        )
        found[one.id] = _put_behind(today.reaches[one.id], fresh, old)
    return found


def _grown(today: Today, requirement: Requirement, after: NDArray[np.bool_]) -> NDArray[np.bool_]:
    counting = today.reaches[requirement.id].counting
    return np.concatenate([counting, np.zeros(len(after) - len(counting), dtype=bool)])


def _put_behind(first: Reach, second: Reach, rows: int) -> Reach:
    """Take a reach's first rows from today, the rest from a search of the new homes."""
    return replace(
        second,
        walk_s=np.concatenate([first.walk_s, second.walk_s[rows:]]),
        length_m=np.concatenate([first.length_m, second.length_m[rows:]]),
        facility=np.concatenate([first.facility, second.facility[rows:]]),
        covered=np.concatenate([first.covered, second.covered[rows:]]),
        rule=np.concatenate([first.rule, second.rule[rows:]]),
    )


def _scored(
    config: StudyConfig,
    standard: Standard,
    today: Today,
    expected: Expected,
    facilities: Pinned,
    waist: Waist,
    reaches: Mapping[str, Reach],
) -> tuple[tuple[Level, ...], Scorecard]:
    more = len(expected.homes) - len(today.waist.homes)  # new homes stand behind today's
    levels = levels_of(
        waist.communities,
        expected.homes,
        facilities,
        study_name=config.study.name,
        estates=waist.survey.get("estates"),
    )
    return levels, score(
        standard,
        reaches,
        homes=expected.homes,
        facilities=facilities,
        levels=levels,
        unknown=today.unknown,
        doubted={name: np.pad(homes, (0, more)) for name, homes in today.doubted.items()},
        people_per_home=today.people_per_home,
        before=today.scorecard.scores,
    )


def _say(section: HorizonSection, text: str) -> None:
    warnings.warn(f"horizon {section.name}: {text}", DoubtfulRowsWarning, stacklevel=5)
