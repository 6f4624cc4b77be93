"""
Projects get their years: what matters most first, as much a year as people or money allow.

The order is this project's rule (P); a year a planner entered stands, and the others go round it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_ROUNDING = 1e-9


@dataclass(frozen=True, kw_only=True)
class Limits:
    """
    How long the programme is and how much fits into a year.

    Parameters
    ----------
    years
        Its length.
    per_year
        Most projects of one year; None spreads them evenly.
    budget_per_year
        Money of one year [10,000 CNY]; None sets no bound.
    """

    years: int = 3
    per_year: int | None = None
    budget_per_year: float | None = None


@dataclass(frozen=True, kw_only=True)
class Task:
    """
    What of a project decides its year.

    Parameters
    ----------
    key
        Its id.
    must
        Whether it closes a gap of what must be provided.
    quick
        Whether nothing has to be built: a share or a link.
    people, elders
        People served, and those of them aged 60 or more as far as known.
    urgency
        Priority of the first of its gaps, 1 the most pressing; missing where it has none.
    cost
        In 10,000 CNY; None where nobody says, then it takes no money.
    earliest
        First year its ground can be used.
    latest
        Last year it is worth opening there; None where nothing ends.
    """

    key: str
    must: bool = True
    quick: bool = False
    people: float = 0.0
    elders: float = 0.0
    urgency: float = float("inf")
    cost: float | None = None
    earliest: int = 1
    latest: int | None = None

    @property
    def rank(self) -> tuple[bool, bool, float, float, float, str]:
        """Must, then quick, then what cannot wait, then people (elders twice), then urgency."""
        people = round(self.people + self.elders, 6)
        last = float("inf") if self.latest is None else self.latest
        return not self.must, not self.quick, last, -people, self.urgency, self.key


def schedule(
    tasks: Iterable[Task], limits: Limits, *, settled: Mapping[str, int] | None = None
) -> dict[str, int | None]:
    """
    Give every project a year, or none where the years are full.

    Parameters
    ----------
    tasks
        The projects, in any order.
    limits
        Years and what fits into each.
    settled
        Years a planner has entered, by project: they stand, whatever fits, and use up their year.

    Returns
    -------
    years
        Project to its year from 1, None for the reserve. In the order of `Task.rank` each takes
        the first year, from its earliest to its latest, that still has room; a later and smaller
        one may take what a larger one leaves. With neither limit all get a year: what needs no
        building the first, the rest as many a year as another; so do projects without a price
        under a budget.

    Examples
    --------
    >>> from lifecircle.programme.schedule import Limits, Task, schedule
    >>> tasks = [Task(key="a", people=50), Task(key="b", people=90), Task(key="c", people=70)]
    >>> schedule(tasks, Limits(years=2, per_year=1))
    {'b': 1, 'c': 2, 'a': None}
    """
    settled = settled or {}
    order = sorted(tasks, key=lambda one: one.rank)
    free = limits.per_year is None and limits.budget_per_year is None
    taken = dict.fromkeys(range(1, limits.years + 1), 0)
    spent = dict.fromkeys(taken, 0.0)
    built = [one for one in order if not one.quick]
    most = dict.fromkeys(taken, limits.per_year)
    if free:
        each, more = divmod(len(built), limits.years)
        most = {year: each + (year <= more) for year in taken}
    for one in order:
        year = settled.get(one.key)
        if year in taken:
            taken[year] += not (free and one.quick)
            spent[year] += one.cost or 0.0

    def fits(one: Task, year: int) -> bool:
        if free and one.quick:
            return True
        enough = (
            limits.budget_per_year is None
            or spent[year] + (one.cost or 0.0) <= limits.budget_per_year + _ROUNDING
        )
        room = most[year]
        return enough and (room is None or taken[year] < room)

    found: dict[str, int | None] = {}
    for one in order:
        if one.key in settled:
            found[one.key] = settled[one.key]
            continue
        last = limits.years if one.latest is None else one.latest
        possible = [year for year in taken if one.earliest <= year <= last]
        chosen = next((year for year in possible if fits(one, year)), None)
        # Where neither number nor money says when, a year as empty as any other is as good.
        unpriced = limits.per_year is None and one.cost is None and not one.quick
        if possible and ((chosen is None and free) or (not free and unpriced)):
            chosen = min(possible, key=lambda year: (taken[year], year))
        if chosen is not None:
            taken[chosen] += not (free and one.quick)
            spent[chosen] += one.cost or 0.0
        found[one.key] = chosen
    return found
