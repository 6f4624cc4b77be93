"""
From gaps and sites to projects and a programme by year.

Many gaps go to one project: a site is one project, however many services stand on it, and so is a
facility that has to grow. Ids depend on what a project is, not on its place in a list, so they stay
the same from run to run.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import geopandas as gpd
import numpy as np
import pandas as pd

from lifecircle.errors import LifecircleWarning
from lifecircle.gaps.diagnosis import Gaps
from lifecircle.programme.bodies import who_does, with_bodies
from lifecircle.programme.drafts import Draft, drafts_of_sites, with_needs
from lifecircle.programme.grounds import Grounds, first_year_of, last_year_of
from lifecircle.programme.needs import Need
from lifecircle.programme.schedule import Limits, Task, schedule
from lifecircle.siting.easy import with_easy
from lifecircle.siting.sites import Sites
from lifecircle.sources.land.terms import GROUND_YEARS, ROOM_YEARS
from lifecircle.standards import FacilityType, Standard
from lifecircle.tables import PROGRAMME, PROJECTS
from lifecircle.tables.bodies import Bodies
from lifecircle.tables.costs import UnitCosts
from lifecircle.tables.shown import shown

_FAIR_PART = 0.1  # of the people a project serves, for a subdistrict's office to be named (P)
_QUICK = ("share", "gate")
_MORE = {
    "floor_m2": ("增加建筑面积{:,.0f}㎡", "{:,.0f} m² more floor"),
    "site_m2": ("增加用地{:,.0f}㎡", "{:,.0f} m² more ground"),
    "beds": ("增加床位{:,.0f}张", "{:,.0f} more beds"),
    "places": ("增加{:,.0f}座（托位）", "{:,.0f} more places"),
}


@dataclass(frozen=True, kw_only=True)
class Terms:
    """
    Limits, prices and bodies a programme is drawn up under.

    Parameters
    ----------
    limits
        Years, and what fits into each.
    bodies
        The planner's table of bodies.
    costs
        The planner's unit costs; None without any.
    first_year
        Calendar year of the first year; None where nobody says.
    years, prices
        Year and cost [10,000 CNY] a planner has entered, by project.
    """

    limits: Limits = field(default_factory=Limits)
    bodies: Bodies = field(default_factory=Bodies)
    costs: UnitCosts | None = None
    first_year: int | None = None
    years: Mapping[str, int] = field(default_factory=dict)
    prices: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Programme:
    """
    What is to be done, by whom and when.

    Parameters
    ----------
    projects, programme
        Tables with the columns of `tables.PROJECTS` and `tables.PROGRAMME`.
    gaps, sites
        The gap list and the sites with their project, site and year filled in.
    project_of
        Parcel or way to its project.
    """

    projects: pd.DataFrame
    programme: pd.DataFrame
    gaps: pd.DataFrame
    sites: pd.DataFrame
    project_of: Mapping[str, str] = field(default_factory=dict)

    def _repr_html_(self) -> str:
        columns = ["year", "name", "services", "mode", "lead_body", "people_served"]
        years = self.projects["year"].dropna().astype(int).value_counts().sort_index()
        lead = f"{len(self.projects)} projects " + ", ".join(f"{y}: {n}" for y, n in years.items())
        return shown(self.projects[columns].sort_values("year"), lead=lead, most=20)


def draw_up(
    standard: Standard,
    gaps: Gaps,
    sites: Sites,
    *,
    homes: gpd.GeoDataFrame,
    communities: gpd.GeoDataFrame,
    language: str,
    terms: Terms | None = None,
    grounds: Grounds | None = None,
    needs: Sequence[Need] = (),
    facilities: pd.DataFrame | None = None,
    easy: Sites | None = None,
) -> Programme:
    """
    Turn sites and facilities that have to grow into projects, and spread them over the years.

    Parameters
    ----------
    standard
        The standard, whose types suggest the responsible bodies (proposals, to be settled).
    gaps
        The gap list.
    sites
        The chosen sites.
    homes
        `tables.HOMES`, which the sites' served rows point into.
    communities
        `tables.COMMUNITIES`.
    language
        ``zh`` or ``en``: language of names and bodies.
    terms
        Limits, prices and bodies; three years without limits where nobody says.
    grounds
        What is known of the land, rooms, ways and estates.
    needs
        Gaps of size that an existing facility answers, from `needs.needs_of`.
    facilities
        `tables.FACILITIES`, which the needs name.
    easy
        What closes gaps without land or building: projects that are no sites.

    Returns
    -------
    programme
        Projects, the yearly programme, and gaps and sites linked to them. Gaps nobody knows enough
        of are no project's. A project that fits no year has none and the status ``reserve``. The
        year of a project a planner has given one is what it would have without: entries are laid
        over the tables where they are shown, and the other projects go round them.

    Warns
    -----
    LifecircleWarning
        If projects fit no year, or have no price under a yearly budget.
    """
    terms = terms or Terms()
    grounds = grounds or Grounds()
    gap_table = with_bodies(gaps.table, standard, bodies=terms.bodies, language=language)
    site_table = sites.table.copy()
    labels = communities["name"].where(communities["name"].notna(), communities["community_id"])
    names = dict(zip(communities["community_id"], labels.astype(str), strict=True))
    every = sites if easy is None else with_easy(sites, easy)
    drafts = drafts_of_sites(
        standard,
        gap_table,
        every,
        homes=homes,
        names=names,
        grounds=grounds,
        language=language,
    )
    refs = every.table["parcel_id"].tolist()
    project_of = {str(refs[row]): one.project_id for one in drafts for row in one.sites}
    drafts = [
        replace(one, sites=tuple(at for at in one.sites if at < len(sites))) for one in drafts
    ]
    if needs and facilities is not None:
        drafts = with_needs(
            drafts,
            needs,
            gap_table,
            facilities=facilities,
            names=names,
            grounds=grounds,
            standard=standard,
            language=language,
        )
    costs = {one.project_id: _cost_of(one, terms) for one in drafts}
    tasks = [_task(one, gap_table, costs[one.project_id], terms) for one in drafts]
    years = _years(tasks, terms)
    _tell(tasks, years, terms)
    # A gap is shown with the first project that answers it and has a year, else with the first.
    for one in sorted(drafts, key=lambda one: years[one.project_id] is None):
        year = years[one.project_id]
        fresh = one.closed & gap_table["project_id"].isna().to_numpy()
        gap_table.loc[fresh, "project_id"] = one.project_id
        gap_table.loc[fresh, "year"] = np.nan if year is None else float(year)
        rows = site_table.index[list(one.sites)]
        site_table.loc[rows, "project_id"] = one.project_id
        if len(rows):
            gap_table.loc[fresh, "site_id"] = site_table.loc[rows[0], "site_id"]
    site_table["year"] = _numbers([years[str(one)] for one in site_table["project_id"]])
    place = communities.set_index("community_id")["subdistrict"]
    rows_of = [
        _rows(
            one,
            years[one.project_id],
            costs[one.project_id],
            gap_table,
            site_table,
            names,
            place,
            terms,
            language,
        )
        for one in drafts
    ]
    programme = pd.DataFrame([row for _, plan in rows_of for row in plan], columns=list(PROGRAMME))
    if len(programme):
        programme = programme.sort_values(["year", "project_id", "community_id"])
    return Programme(
        projects=pd.DataFrame([project for project, _ in rows_of], columns=list(PROJECTS)),
        programme=programme.reset_index(drop=True),
        gaps=gap_table,
        sites=site_table,
        project_of=project_of,
    )


def _numbers(years: Sequence[int | None]) -> pd.Series:
    """Whole numbers as long as every one is known."""
    known = all(one is not None for one in years)
    return pd.Series(years, dtype=np.int64 if known else np.float64)


def _task(draft: Draft, gaps: pd.DataFrame, cost: float | None, terms: Terms) -> Task:
    mine = gaps[draft.closed]
    first = mine["priority"].astype(float).min()
    return Task(
        key=draft.project_id,
        must=bool((mine["obligation"] == "must").any()),
        quick=draft.kind in _QUICK and not draft.more,
        people=draft.people,
        elders=draft.elders,
        urgency=float("inf") if pd.isna(first) else float(first),
        cost=cost,
        earliest=first_year_of(draft.ground.available, terms.first_year),
        latest=last_year_of(draft.kind, draft.ground.available, terms.limits.years),
    )


def _years(tasks: Sequence[Task], terms: Terms) -> dict[str, int | None]:
    alone = schedule(tasks, terms.limits)
    settled = {key: year for key, year in terms.years.items() if key in alone}
    if not settled:
        return alone
    return schedule(tasks, terms.limits, settled=settled) | {key: alone[key] for key in settled}


def _cost_of(draft: Draft, terms: Terms) -> float | None:
    """Price a project: what a planner entered, what its sites cost, else by unit costs."""
    said = terms.prices.get(draft.project_id)
    if said is not None:
        return said
    if draft.cost is not None or terms.costs is None or not draft.types:
        return draft.cost
    parts = [terms.costs.of(one.id, draft.mode, _size(one, draft)) for one in draft.types]
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def _size(one: FacilityType, draft: Draft) -> float:
    """Floor of a type, or its site where it has no floor; of an extension what is added."""
    if draft.more:
        return draft.more.get("floor_m2", draft.more.get("site_m2", 0.0))
    return one.floor_min_m2 or one.site_min_m2 or 0.0


def _tell(tasks: Sequence[Task], years: Mapping[str, int | None], terms: Terms) -> None:
    left = [one for one in tasks if years[one.key] is None]
    if left:
        people = sum(one.people for one in left)
        warnings.warn(
            f"{len(left)} of {len(tasks)} projects, for {people:,.0f} people, fit no year of the "
            "programme and are listed as a reserve (储备) without a year: raise siting.years, "
            "per_year or budget_per_year, or give them a year by hand",
            LifecircleWarning,
            stacklevel=4,
        )
    unpriced = sum(one.cost is None for one in tasks)
    if terms.limits.budget_per_year is not None and unpriced:
        warnings.warn(
            f"{unpriced} of {len(tasks)} projects have no price and take nothing of the yearly "
            "budget: add their types and modes to siting.unit_costs",
            LifecircleWarning,
            stacklevel=4,
        )


def _rows(
    draft: Draft,
    year: int | None,
    cost: float | None,
    gaps: pd.DataFrame,
    sites: pd.DataFrame,
    names: Mapping[str, str],
    place: pd.Series,
    terms: Terms,
    language: str,
) -> tuple[dict[str, object], list[dict[str, object]]]:
    """Write a project's row, and its rows by community."""
    where = sorted(draft.gains)
    by_people = sorted(where, key=lambda one: (-draft.gains[one], one))
    offices = _subdistricts(draft, by_people, place)
    who = who_does(draft.types, bodies=terms.bodies, subdistricts=offices, language=language)
    first = sites.iloc[draft.sites[0]] if draft.sites else None
    shared: dict[str, object] = {
        "project_id": draft.project_id,
        "name": draft.name,
        "services": draft.services,
        "types": "; ".join(sorted(one.id for one in draft.types)),
        "mode": draft.mode,
        "lead_body": who.lead,
        "cooperating_body": who.cooperating,
        "year": np.nan if year is None else year,
        "status": "reserve" if year is None else "proposed",
    }
    project = shared | {
        "communities": "; ".join(where),
        "gap_ids": "; ".join(gaps.loc[draft.closed, "gap_id"]),
        "site_id": None if first is None else first["site_id"],
        "people_served": draft.people,
        "area_m2": draft.area_m2,
        "floor_m2": draft.floor_m2,
        "facility_id": draft.ground.facility_id,
        "rights": draft.ground.rights,
        "owner": draft.ground.owner,
        "consent": draft.ground.consent,
        "conforms": None if first is None else first["conforms"],
        "handover": draft.ground.handover,
        "operator": who.operator,
        "cost_wan": np.nan if cost is None else cost,
        "note": _note(draft, year, cost, terms, language),
        "outdoor_m2": draft.outdoor_m2,
    }
    plan = [
        shared
        | {
            "community_id": one,
            "community": names[one],
            "subdistrict": place.get(one),
            "people_served": draft.gains[one],
        }
        for one in where
    ]
    return project, plan


def _subdistricts(draft: Draft, by_people: Sequence[str], place: pd.Series) -> list[str]:
    """List the subdistricts with a fair part of the people served, the one with most first."""
    people: dict[str, float] = {}
    for one in by_people:
        if isinstance(place.get(one), str):
            people[str(place[one])] = people.get(str(place[one]), 0.0) + draft.gains[one]
    fair = {one: said for one, said in people.items() if said >= _FAIR_PART * sum(people.values())}
    return sorted(fair, key=lambda one: (-fair[one], one))


def _note(
    draft: Draft, year: int | None, cost: float | None, terms: Terms, language: str
) -> str | None:
    """Say what the columns do not: how much is added, how long the place is free, why no year."""
    chinese = language == "zh"
    said = [
        words[not chinese].format(draft.more[measure])
        for measure, words in _MORE.items()
        if draft.more.get(measure, 0.0) > 0
    ]
    if draft.ground.available:
        said.append(("可用期限：" if chinese else "available: ") + draft.ground.available)
    last = last_year_of(draft.kind, draft.ground.available, terms.limits.years)
    least = ROOM_YEARS if draft.kind == "stock_room" else GROUND_YEARS
    if last:
        said.append(
            f"须在第{last}年内开放，开放后至少可用{least}年（本项目口径）"
            if chinese
            else f"to open by year {last}, so that {least} years are left (our rule)"
        )
    if year is None and draft.project_id not in terms.years:
        most = terms.limits.budget_per_year
        start = first_year_of(draft.ground.available, terms.first_year)
        if start > terms.limits.years:
            why = ("规划期内尚不可用", "not free within the programme")
        elif last is not None and last < start:
            why = (f"开放后可用不足{least}年", f"free for under {least} years from its opening")
        elif most is not None and cost is not None and cost > most:
            why = ("单项投资超过年度额度", "costs more than the budget of a year")
        else:
            why = ("各年度额度已满", "the years are full")
        said.append(why[not chinese])
    return ("；" if chinese else "; ").join(said) or None
