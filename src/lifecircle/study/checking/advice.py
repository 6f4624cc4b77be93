"""
From inputs to what is missing for which result, and what a planner can do about it.

The first line is the one that changes most; a study nothing is missing in has no advice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lifecircle.config import StudyConfig
from lifecircle.reach.matrix import usable_facilities
from lifecircle.standards import Standard
from lifecircle.study.inputs import Inputs
from lifecircle.study.waist import Waist

_SIZES_KNOWN = 0.8  # share of facilities with a size under which sizes will hardly count


@dataclass(frozen=True, kw_only=True)
class Advice:
    """
    One thing to do next.

    Parameters
    ----------
    missing
        What is missing or doubtful.
    follows
        Which result suffers, and how.
    do
        What to do.
    """

    missing: str
    follows: str
    do: str

    def __str__(self) -> str:
        return f"{self.missing}: {self.follows}. {self.do}"


@dataclass(frozen=True, kw_only=True)
class Supply:
    """
    How many facilities of a service are known, and how many such a population would have.

    Parameters
    ----------
    service
        The service.
    known
        Facilities in the data.
    expected
        By the people one facility serves in the standard; None where it does not say or nobody
        knows the people.
    types
        Type to its number of facilities.
    verdict
        ``declared`` complete, ``none``, ``thin`` or ``plausible``.
    sizes
        Share of the facilities the standard sets a size for whose size is known; None without any.
    """

    service: str
    known: int
    expected: float | None
    types: dict[str, int]
    verdict: str
    sizes: float | None

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind} {count}" for kind, count in self.types.items())
        about = "" if self.expected is None else f" (about {self.expected:,.0f} expected)"
        return f"{self.known}{about}, {self.verdict}{f': {kinds}' if kinds else ''}"


def supplies(inputs: Inputs, waist: Waist) -> tuple[Supply, ...]:
    """
    Compare the facilities of each service with what so many people would be expected to have.

    Parameters
    ----------
    inputs
        The standard.
    waist
        Facilities and people.

    Returns
    -------
    supplies
        One per service of the standard.
    """
    table = waist.facilities.table[usable_facilities(waist.facilities.table)]
    origin = waist.homes.table["origin"]
    people = None if (origin == "equal").all() else float(waist.homes.table["people"].sum())
    found = []
    for service in inputs.standard.services:
        rows = table[table["service"] == service]
        counts = {str(kind): int(n) for kind, n in sorted(rows["type"].value_counts().items())}
        serves = [
            one.people_per_facility
            for one in inputs.standard.types
            if one.service == service and one.people_per_facility is not None
        ]
        expected = people / min(serves) if people is not None and serves else None
        thin = expected is not None and len(rows) < inputs.standard.no_data_factor * expected
        if service in waist.complete:
            verdict = "declared complete"
        else:
            verdict = "none" if len(rows) == 0 else "thin" if thin else "plausible"
        found.append(
            Supply(
                service=service,
                known=len(rows),
                expected=expected,
                types=counts,
                verdict=verdict,
                sizes=_sizes(inputs.standard, service, rows),
            )
        )
    return tuple(found)


def _sizes(standard: Standard, service: str, rows: object) -> float | None:
    sized = {
        one.id: "floor_m2" if one.floor_min_m2 is not None else "site_m2"
        for one in standard.types
        if one.service == service and (one.floor_min_m2 is not None or one.site_min_m2 is not None)
    }
    asked = rows[rows["type"].isin(sized)]  # type: ignore[index]
    if not len(asked):
        return None
    known = [
        bool(np.isfinite(value))
        for kind, column in sized.items()
        for value in asked.loc[asked["type"] == kind, column].to_numpy(dtype=np.float64)
    ]
    return float(np.mean(known))


def advice_on(
    config: StudyConfig, inputs: Inputs, waist: Waist, found: tuple[Supply, ...]
) -> tuple[Advice, ...]:
    """
    Say what to do next.

    Parameters
    ----------
    config, inputs, waist
        The study, what was read and what it became.
    found
        As `supplies` gives them.

    Returns
    -------
    advice
        What changes most first.
    """
    return (
        *_people(inputs, waist),
        *_services(found),
        *_unplaced(config, inputs),
        *_streets(waist),
        *_estates(waist),
        *_rest(config),
    )


def _people(inputs: Inputs, waist: Waist) -> Iterator[Advice]:
    homes, communities = waist.homes.table, waist.communities
    if len(homes) == 0:
        yield Advice(
            missing="no home is known",
            follows="land is judged, and nothing else is",
            do="Give homes.buildings, homes.raster, or an extract with residential buildings",
        )
    elif (homes["origin"] == "equal").all():
        yield Advice(
            missing="no number of people is known",
            follows="every home weighs the same, shares are shares of homes",
            do="Give homes.table with communities.file, homes.grids, or homes.total",
        )
    empty = communities[communities["people"] == 0]
    if len(empty) and len(empty) < len(communities):
        names = ", ".join(str(name) for name in empty["name"].head(5))
        yield Advice(
            missing=f"{len(empty)} of {len(communities)} communities have no people ({names})",
            follows="they get no score and no gap",
            do="Look for their rows in the table of people (communities.same_as, "
            "communities.crosswalk) or for their homes among the buildings",
        )
    groups = {one.group for one in inputs.standard.requirements if one.group != "all"}
    lacking = sorted(group for group in groups if f"people_{group}" not in homes)
    if lacking:
        yield Advice(
            missing=f"groups nobody counts: {', '.join(lacking)}",
            follows="requirements for them have no verdict",
            do='Name their columns under homes.table_columns, such as people_60plus = "60岁及以上"',
        )


def _services(found: tuple[Supply, ...]) -> Iterator[Advice]:
    for one in found:
        if one.verdict in ("none", "thin"):
            about = "" if one.expected is None else f" of about {one.expected:,.0f} to be expected"
            yield Advice(
                missing=f"{one.service}: {one.known} facilities{about}",
                follows="its requirements are no_data, no gap is drawn from an empty map",
                do="Add the bureau's list; if it holds every one, say complete = true and as_of",
            )
    sizeless = [
        f"{one.service} {one.sizes:.0%}"
        for one in found
        if one.sizes is not None and one.sizes < _SIZES_KNOWN and one.known
    ]
    if sizeless:
        yield Advice(
            missing=f"sizes of facilities are known for few: {', '.join(sizeless)}",
            follows="no adequacy and no size gap there, the score rests on coverage",
            do='Name the column of floor areas: columns = { floor = "…" }, or site for open air',
        )
    open_lists = [one.service for one in found if one.verdict == "plausible"]
    if open_lists:
        yield Advice(
            missing=f"lists not declared complete: {', '.join(open_lists)}",
            follows="they are judged as they are, and a facility nobody listed looks like a gap",
            do="Ask each bureau whether its list is complete, and of which day",
        )


def _unplaced(config: StudyConfig, inputs: Inputs) -> Iterator[Advice]:
    # Of a map service's points most are no facility at all.
    lists = {part.file.name for part in config.facilities.tables if part.codes is None}
    for source in inputs.survey.sources:
        lost = source.rows_in - source.rows_used
        if source.name in lists and source.rows_in and lost > 0.2 * source.rows_in:
            yield Advice(
                missing=f"{source.name}: {lost} of {source.rows_in} rows are not used",
                follows="services in it look worse than they are",
                do="The doubts say which rows and why: no place, or no service by their name",
            )


def _streets(waist: Waist) -> Iterator[Advice]:
    homes = waist.homes.table
    far = homes[homes["status"].isin(["far", "island"])]
    people = float(far["people"].sum())
    if people > 0.005 * max(float(homes["people"].sum()), 1.0):
        yield Advice(
            missing=f"{len(far):,} homes with {people:,.0f} people are far from every street or on "
            "an island of streets",
            follows="they count as not covered by anything",
            do="Add lanes and paths to the roads, or close breaks with network.mend_m",
        )
    edge = homes[homes["status"] == "edge"]
    if len(edge):
        yield Advice(
            missing=f"{len(edge):,} homes lie beyond the streets' data",
            follows="their walks may be shorter than they look",
            do="Take an extract that reaches 2 km beyond the area",
        )


def _estates(waist: Waist) -> Iterator[Advice]:
    without = waist.compounds.without_gates
    if without:
        yield Advice(
            missing=f"{len(without)} closed estates have no known gate",
            follows="walks out of them start at any street across their outline",
            do="Give estates.gates, or add the gates of these: " + ", ".join(without[:5]),
        )


def _rest(config: StudyConfig) -> Iterator[Advice]:
    if not config.land.parcels:
        yield Advice(
            missing="no list of leftover land",
            follows="sites come from the map only, and are leads, not parcels",
            do="Give land.parcels",
        )
    if config.network.dem is None:
        yield Advice(
            missing="no heights",
            follows="the quality view walks as on flat ground",
            do="Give network.dem, a terrain model, where there are hills",
        )
    if config.communities.file is None:
        yield Advice(
            missing="communities are drawn, not given",
            follows="gaps are listed for areas nobody administers",
            do="Give communities.file, the outlines of civil affairs",
        )
