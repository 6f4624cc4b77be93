"""
Turns a siting question into checked arrays, and carries its answer.

A `SitingProblem` that exists is consistent in itself: sizes fit, numbers can be, nothing is both
required and forbidden.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lifecircle.errors import InputError, Problem, SitingError
from lifecircle.siting.cover import Flags, Floats, Longs


@dataclass(frozen=True, kw_only=True)
class Areas:
    """
    How well areas are served today.

    Parameters
    ----------
    demand
        Area of each demand, -1 for none, shape (d,).
    covered, total
        Weight covered in each area today, and all there is (positive), shapes (a,).
    """

    demand: Longs
    covered: Floats
    total: Floats

    def __len__(self) -> int:
        return len(self.total)


@dataclass(frozen=True, kw_only=True)
class Capacities:
    """
    How much of what an option covers it is credited with.

    Parameters
    ----------
    kind
        Kind of each demand (what a place is used for), -1 for none, shape (d,).
    most
        Most weight an option is credited with of each kind, infinite where nothing limits it,
        shape (o, kinds).
    """

    kind: Longs
    most: Floats


@dataclass(frozen=True, kw_only=True)
class SitingProblem:
    """
    What may be built where, and whom it would serve.

    Parameters
    ----------
    demand_weight
        People of each demand, shape (d,): the uncovered people of one home for one requirement,
        times the requirement's weight.
    option_parcel, option_type
        Parcel and facility type (indices) of each option, shape (o,).
    option_area_m2
        Area an option takes on its parcel [m²], shape (o,).
    option_cost
        Cost of an option, in the unit of `budget`, shape (o,).
    cover_ptr, cover_demand
        CSR option -> demands it would cover, shapes (o + 1,) and (nnz,).
    parcel_area_m2
        Room on each parcel [m²], shape (p,); infinite where unlimited.
    parcel_required, parcel_forbidden
        Parcels that must and must not be used, shape (p,).
    max_sites, budget
        Most parcels opened; most cost in all. At least one of them is set.
    demand_first
        Demands that go before all others, shape (d,): a plan that meets more of them is better,
        however few people it covers, and their weight only says which of them come before which.
        They are not counted in what is covered. None for no such demand.
    areas
        Areas of which the worst-off one goes first; None where that is not asked.
    parcel_effort
        How much each parcel takes, shape (p,): of parcels that serve nearly as many people the
        one of least effort is used. None where all are alike.
    capacities
        What each option is credited with at most; None for all it covers.

    Raises
    ------
    InputError
        If arrays do not fit together or hold values that cannot be (all problems at once).
    SitingError
        If what is required cannot be had: forbidden at once, too many, or too dear.
    """

    demand_weight: Floats
    option_parcel: NDArray[np.int32]
    option_area_m2: Floats
    option_type: NDArray[np.int32]
    option_cost: Floats
    cover_ptr: Longs
    cover_demand: NDArray[np.int32]
    parcel_area_m2: Floats
    parcel_required: Flags
    parcel_forbidden: Flags
    max_sites: int | None
    budget: float | None
    demand_first: Flags | None = None
    parcel_effort: Floats | None = None
    areas: Areas | None = None
    capacities: Capacities | None = None

    def __post_init__(self) -> None:
        problems = _misfits(self) or _bad_values(self)
        if problems:
            raise InputError(problems)
        contradictions = _contradictions(self)
        if contradictions:
            raise SitingError(contradictions)


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """
    The best plan known where one parcel cannot be had.

    Parameters
    ----------
    without
        The parcel.
    chosen, opened
        Options and parcels, ascending.
    covered
        Weight covered.
    first_lost
        How many fewer demands of the first kind it meets than the plan.
    """

    without: int
    chosen: Longs
    opened: Longs
    covered: float
    first_lost: int = 0


@dataclass(frozen=True, kw_only=True)
class SitingSolution:
    """
    A plan: what is built, how good it provably is, and in which order.

    Parameters
    ----------
    chosen
        Options, ascending, shape (c,).
    opened
        Parcels, largest gain first, shape (s,), those that meet demands of the first kind before
        the others; required ones without a useful option come last.
    opened_gain
        Weight each parcel adds to those before it, shape (s,).
    opened_year
        Year of each parcel from 1, shape (s,).
    covered, coverable
        Weight covered by the plan, and by all usable options together.
    bound
        No plan covers more than this, among those that meet as many demands of the first kind.
    gap
        ``(bound - covered) / bound``: the proved relative gap; 0 where nothing can be covered.
    method
        ``exact`` when the best plan is proved, else ``heuristic``.
    curve
        Best weight known to be covered with 1, 2, … parcels, shape (s,); never falling, and
        `covered` at the end.
    alternatives
        For each parcel that is not required the best plan known without it, least loss first.
    given_up
        Weight given up for parcels of less effort; part of the gap.
    credited
        What of `covered` places have the capacity for; None where capacities do not count. Where
        they do, `bound` and `gap` speak of it.
    """

    chosen: Longs
    opened: Longs
    opened_gain: Floats
    opened_year: Longs
    covered: float
    coverable: float
    bound: float
    gap: float
    method: str
    curve: Floats
    alternatives: tuple[Alternative, ...]
    given_up: float = 0.0
    credited: float | None = None


def _misfits(problem: SitingProblem) -> list[Problem]:
    problems = []
    options, parcels = len(problem.option_parcel), len(problem.parcel_area_m2)
    for name, size in (
        ("option_area_m2", options),
        ("option_type", options),
        ("option_cost", options),
        ("cover_ptr", options + 1),
        ("parcel_required", parcels),
        ("parcel_forbidden", parcels),
        ("demand_first", len(problem.demand_weight)),
        ("parcel_effort", parcels),
    ):
        values = getattr(problem, name)
        found = size if values is None else len(values)
        if found != size:
            problems.append(Problem(what=f"has {found} entries, not {size}", where=name))
    ptr = np.asarray(problem.cover_ptr)
    if len(ptr) and (
        ptr[0] != 0 or (np.diff(ptr) < 0).any() or ptr[-1] != len(problem.cover_demand)
    ):
        problems.append(
            Problem(what="does not start at 0, rise and end at the entries", where="cover_ptr")
        )
    for name, size in (
        ("cover_demand", len(problem.demand_weight)),
        ("option_parcel", parcels),
    ):
        index = np.asarray(getattr(problem, name))
        if ((index < 0) | (index >= size)).any():
            problems.append(Problem(what=f"must lie between 0 and {size - 1}", where=name))
    return problems


def _bad_values(problem: SitingProblem) -> list[Problem]:
    problems = []
    for name in ("demand_weight", "option_area_m2", "option_cost", "parcel_area_m2"):
        values = np.asarray(getattr(problem, name), dtype=np.float64)
        bad = np.isnan(values) | (values < 0)
        if name != "parcel_area_m2":
            bad |= np.isinf(values)
        if bad.any():
            rows = ", ".join(map(str, np.flatnonzero(bad)[:5].tolist()))
            problems.append(
                Problem(
                    what="holds values that are missing, negative or infinite",
                    where=f"{name}, entry {rows}",
                )
            )
    if problem.max_sites is None and problem.budget is None:
        problems.append(Problem(what="nothing limits the plan", remedy="set max_sites or budget"))
    if problem.max_sites is not None and problem.max_sites < 0:
        problems.append(Problem(what="max_sites cannot be negative"))
    if problem.budget is not None and not (0 <= problem.budget < np.inf):
        problems.append(Problem(what="budget must be a number that is not negative"))
    return problems


def _contradictions(problem: SitingProblem) -> list[Problem]:
    problems = []
    both = np.flatnonzero(problem.parcel_required & problem.parcel_forbidden)
    if len(both):
        rows = ", ".join(map(str, both[:5].tolist()))
        problems.append(
            Problem(
                what="must and must not be used at once",
                where=f"parcel {rows}",
                remedy="take it out of one of the two lists",
            )
        )
    required = int(problem.parcel_required.sum())
    if problem.max_sites is not None and required > problem.max_sites:
        problems.append(
            Problem(
                what=f"{required} parcels must be used but only {problem.max_sites} may be",
                remedy="raise max_sites or shorten the list",
            )
        )
    return problems
