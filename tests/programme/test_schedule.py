"""Years: in order, within what a year holds, the same whatever order the projects come in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecircle.programme import Limits, Task, schedule

TASKS = st.lists(
    st.builds(
        Task,
        key=st.text("abcdefgh", min_size=1, max_size=4),
        must=st.booleans(),
        quick=st.booleans(),
        people=st.floats(0, 1000),
        elders=st.floats(0, 1000),
        urgency=st.floats(1, 50),
        cost=st.one_of(st.none(), st.floats(0, 100)),
        earliest=st.integers(1, 5),
    ),
    max_size=12,
    unique_by=lambda one: one.key,
)
LIMITS = st.builds(
    Limits,
    years=st.integers(1, 4),
    per_year=st.one_of(st.none(), st.integers(1, 4)),
    budget_per_year=st.one_of(st.none(), st.floats(1, 150)),
)


def test_nothing_to_do_has_no_years():
    assert schedule([], Limits()) == {}


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (Task(key="b", must=True), Task(key="a", must=False, people=9.0)),
        (Task(key="b", quick=True), Task(key="a", people=9.0)),
        (Task(key="b", people=9.0), Task(key="a", people=8.0)),
        (Task(key="b", people=8.0, elders=2.0), Task(key="a", people=9.0)),
        (Task(key="b", urgency=1.0), Task(key="a", urgency=2.0)),
        (Task(key="a"), Task(key="b")),
    ],
)
def test_what_goes_first(first, then):
    found = schedule([then, first], Limits(years=2, per_year=1))
    assert (found[first.key], found[then.key]) == (1, 2)


def test_without_limits_years_are_as_full_as_another_and_quick_ones_are_beside():
    tasks = [Task(key=f"t{n}", people=float(n)) for n in range(7)]
    quick = [Task(key=f"q{n}", quick=True) for n in range(5)]
    found = schedule([*tasks, *quick], Limits(years=3))
    assert [found[f"t{n}"] for n in reversed(range(7))] == [1, 1, 1, 2, 2, 3, 3]
    assert {found[one.key] for one in quick} == {1}


def test_a_settled_year_may_be_any_and_uses_its_year_up():
    tasks = [Task(key="a", people=3.0), Task(key="b", people=2.0), Task(key="c", people=1.0)]
    limits = Limits(years=2, per_year=1)
    assert schedule(tasks, limits, settled={"c": 1}) == {"a": 2, "b": None, "c": 1}
    assert schedule(tasks, limits, settled={"c": 8}) == {"a": 1, "b": 2, "c": 8}


@given(tasks=TASKS, limits=LIMITS)
def test_laws(tasks, limits):
    found = schedule(tasks, limits)
    assert set(found) == {one.key for one in tasks}
    assert schedule(tasks[::-1], limits) == found
    for one in tasks:
        year = found[one.key]
        assert year is None or one.earliest <= year <= limits.years
    for year in range(1, limits.years + 1):
        mine = [one for one in tasks if found[one.key] == year]
        if limits.per_year is not None:
            assert len(mine) <= limits.per_year
        if limits.budget_per_year is not None:
            assert sum(one.cost or 0.0 for one in mine) <= limits.budget_per_year + 1e-6
    if limits.per_year is None and limits.budget_per_year is None:
        assert all((found[one.key] is None) == (one.earliest > limits.years) for one in tasks)


@given(tasks=TASKS, limits=LIMITS)
def test_nothing_is_left_over_that_would_fit(tasks, limits):
    found = schedule(tasks, limits)
    for one in tasks:
        if found[one.key] is not None:
            continue
        for year in range(one.earliest, limits.years + 1):
            mine = [other for other in tasks if found[other.key] == year]
            full = limits.per_year is not None and len(mine) >= limits.per_year
            dear = limits.budget_per_year is not None and (
                sum(other.cost or 0.0 for other in mine) + (one.cost or 0.0)
                > limits.budget_per_year - 1e-6
            )
            assert full or dear


def test_without_prices_a_budget_spreads_projects_evenly():
    tasks = [Task(key=f"t{n}", people=float(n)) for n in range(6)]
    found = schedule(tasks, Limits(years=3, budget_per_year=10.0))
    assert sorted(year for year in found.values() if year) == [1, 1, 2, 2, 3, 3]
