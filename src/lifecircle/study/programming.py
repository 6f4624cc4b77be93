"""From a study's sites, land, estates and entries to its projects and their programme."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from lifecircle.access.levels import Level
from lifecircle.config import StudyConfig
from lifecircle.gaps.diagnosis import Gaps
from lifecircle.places.provision import Provision
from lifecircle.programme import Grounds, Limits, Programme, Terms, draw_up, needs_of
from lifecircle.programme.communities import community_programme
from lifecircle.reach.matrix import Reach
from lifecircle.siting.easy import with_easy
from lifecircle.siting.sites import Sites
from lifecircle.siting.ways import Ways
from lifecircle.standards import Standard
from lifecircle.study.supply import Sizes
from lifecircle.study.waist import Waist
from lifecircle.tables import Entries
from lifecircle.tables.bodies import Bodies
from lifecircle.tables.costs import UnitCosts


@dataclass(frozen=True, kw_only=True)
class Known:
    """
    What earlier stages know and a programme needs.

    Parameters
    ----------
    reaches
        Requirement id to who reaches what today.
    levels
        The areas of every level.
    sizes
        Norms judged and loads of facilities.
    provision
        What estates had to provide; None where nobody knows.
    """

    reaches: Mapping[str, Reach]
    levels: Sequence[Level]
    sizes: Sizes
    provision: Provision | None


def programme_of_study(
    config: StudyConfig,
    waist: Waist,
    standard: Standard,
    gaps: Gaps,
    sites: Sites,
    *,
    parcels: gpd.GeoDataFrame,
    ways: Ways,
    known: Known,
    bodies: Bodies,
    entries: Entries,
    costs: UnitCosts | None = None,
    easy: Sites | None = None,
) -> tuple[Programme, pd.DataFrame]:
    """
    Draw up the programme of a study.

    Parameters
    ----------
    config
        The study file.
    waist
        Streets, homes, facilities, communities and estates.
    standard
        What is asked.
    gaps, sites
        What falls short and what was chosen.
    parcels, ways
        What the sites stand on.
    known
        From earlier stages.
    bodies
        The planner's table of bodies.
    entries
        What a planner wrote into returned workbooks: years and costs of projects count.
    costs
        The planner's unit costs.
    easy
        What closes gaps without land or building.

    Returns
    -------
    programme
        Projects and the programme by year.
    communities
        `tables.COMMUNITY_PROGRAMME`.

    Warns
    -----
    LifecircleWarning
        As `programme.draw_up`.
    """
    siting = config.siting
    years, prices = _entered(entries)
    provision = None if known.provision is None else known.provision.table
    estates = waist.survey.get("estates")
    drawn = draw_up(
        standard,
        gaps,
        sites,
        homes=waist.homes.table,
        communities=waist.communities,
        language=config.study.language,
        terms=Terms(
            limits=Limits(
                years=siting.years,
                per_year=siting.per_year,
                budget_per_year=siting.budget_per_year,
            ),
            bodies=bodies,
            costs=costs,
            first_year=config.programme.first_year,
            years=years,
            prices=prices,
        ),
        grounds=Grounds(parcels=parcels, ways=ways, estates=estates, provision=provision),
        needs=needs_of(
            standard,
            gaps,
            known.sizes.norms,
            known.sizes.loads,
            known.reaches,
            homes=waist.homes,
            facilities=waist.facilities,
            levels=known.levels,
        ),
        facilities=pd.DataFrame(waist.facilities.table.drop(columns="geometry")),
        easy=easy,
    )
    communities = community_programme(
        standard,
        drawn,
        sites if easy is None else with_easy(sites, easy),
        homes=waist.homes.table,
        communities=waist.communities,
        estates=None if estates is None else pd.DataFrame(estates.drop(columns="geometry")),
        language=config.study.language,
    )
    return drawn, communities


def _entered(entries: Entries) -> tuple[dict[str, int], dict[str, float]]:
    """Take the years and costs of projects a planner has entered, where they are numbers."""
    years: dict[str, int] = {}
    prices: dict[str, float] = {}
    for one in entries.cells:
        if one.table != "projects" or one.field not in ("year", "cost"):
            continue
        said = re.sub(r"(?:年|万元|万|,|，|\s)", "", str(one.value))
        try:
            number = float(said)
        except ValueError:
            continue
        if one.field == "year" and number.is_integer():
            years[one.key] = int(number)
        elif one.field == "cost" and 0 <= number < float("inf"):
            prices[one.key] = number
    return years, prices
