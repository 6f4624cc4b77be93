from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.siting.bound import lagrangian_bound
from lifecircle.siting.bundles import MOST_BUNDLES, bundle
from lifecircle.siting.choose import greedy_swap, shake
from lifecircle.siting.cover import Limits, build_cover, gather, merge_demand, sums
from lifecircle.siting.exact import Rules


def cover_of(weight, reach):
    ptr = np.cumsum([0, *map(len, reach)]).astype(np.int64)
    flat = np.array([d for row in reach for d in row], dtype=np.int64)
    return build_cover(np.array(weight, dtype=float), ptr, flat)


def at_most(cover, sites, **given_values):
    values = {
        "group": np.arange(cover.columns),
        "cost": np.zeros(cover.columns),
        "required": np.zeros(cover.columns, dtype=bool),
        "forbidden": np.zeros(cover.columns, dtype=bool),
        "max_groups": sites,
        "budget": None,
    }
    return Limits(**{**values, **given_values})


@st.composite
def covers(draw):
    demands = draw(st.integers(1, 8))
    columns = draw(st.integers(1, 7))
    weight = draw(st.lists(st.integers(0, 9), min_size=demands, max_size=demands))
    ids = st.integers(0, demands - 1)
    return cover_of(weight, [sorted(draw(st.sets(ids, max_size=5))) for _ in range(columns)])


def test_rows_are_joined_and_summed_also_when_empty():
    ptr, values = np.array([0, 2, 2, 3]), np.array([7, 8, 9])
    assert gather(ptr, values, np.array([2, 1, 0])).tolist() == [9, 7, 8]
    assert gather(ptr, values, np.zeros(0, dtype=np.int64)).tolist() == []
    assert sums(ptr, values.astype(float)).tolist() == [15.0, 0.0, 9.0]


def test_the_table_is_read_only_and_has_no_doubles():
    cover = cover_of([1, 2], [[1, 0, 1], []])
    assert cover.demand.tolist() == [0, 1]
    assert cover.demand_ptr.tolist() == [0, 1, 2]
    with pytest.raises(ValueError, match="read-only"):
        cover.weight[0] = 5.0


def test_identical_demands_are_merged_and_hopeless_ones_dropped():
    merged = merge_demand(cover_of([1, 2, 4, 8, 0], [[0, 1, 2], [2, 4], [0, 1]]))
    assert sorted(merged.weight.tolist()) == [3.0, 4.0]  # 8 is never covered, 0 weighs nothing
    assert merged.covered(np.array([0])) == 7.0
    assert merged.covered(np.array([1])) == 4.0


@settings(deadline=None)
@given(covers(), st.data())
def test_merging_changes_nothing_that_is_covered(cover, data):
    merged = merge_demand(cover)
    chosen = data.draw(st.sets(st.integers(0, cover.columns - 1)))
    chosen = np.array(sorted(chosen), dtype=np.int64)
    assert merged.covered(chosen) == cover.covered(chosen)
    sets = [
        tuple(merged.column[merged.demand_ptr[d] : merged.demand_ptr[d + 1]])
        for d in range(len(merged.weight))
    ]
    assert len(set(sets)) == len(sets)


@settings(deadline=None)
@given(covers(), st.integers(0, 4))
def test_greedy_is_near_and_the_bound_is_above_the_optimum(cover, sites):
    limits = at_most(cover, sites)
    best = max(
        cover.covered(np.array(chosen, dtype=np.int64))
        for chosen in combinations(range(cover.columns), min(sites, cover.columns))
    )
    found = greedy_swap(cover, limits)
    assert len(found) <= sites
    assert cover.covered(found) >= (1 - 1 / np.e) * best - 1e-9
    bound = lagrangian_bound(cover, limits, reached=cover.covered(found))
    assert bound.value >= best - 1e-9
    for column in range(cover.columns):
        with_it = [
            cover.covered(np.array(chosen, dtype=np.int64))
            for size in range(1, sites + 1)
            for chosen in combinations(range(cover.columns), size)
            if column in chosen
        ]
        assert bound.with_column[column] >= max(with_it, default=-np.inf) - 1e-9


@settings(deadline=None)
@given(covers(), st.integers(0, 9), st.data())
def test_a_budget_is_kept_and_bounded(cover, budget, data):
    price = st.lists(st.integers(0, 5), min_size=cover.columns, max_size=cover.columns)
    cost = np.array(data.draw(price), dtype=float)
    limits = at_most(cover, None, cost=cost, budget=float(budget))
    best = max(
        cover.covered(np.array(chosen, dtype=np.int64))
        for size in range(cover.columns + 1)
        for chosen in combinations(range(cover.columns), size)
        if cost[list(chosen)].sum() <= budget
    )
    found = greedy_swap(cover, limits)
    assert cost[found].sum() <= budget
    assert cover.covered(found) <= best + 1e-9
    assert lagrangian_bound(cover, limits, reached=0.0).value >= best - 1e-9


def test_shaking_leaves_a_local_optimum_and_never_loses():
    random = np.random.default_rng(3)
    homes, places = random.random((300, 2)), random.random((80, 2))
    near = ((homes - places[:, np.newaxis]) ** 2).sum(axis=2) < 0.12**2
    cover = cover_of(random.integers(1, 9, 300), [np.flatnonzero(row).tolist() for row in near])
    limits = at_most(cover, 8)
    worst = np.arange(8)
    better = shake(cover, limits, worst, appeal=np.ones(80), enough=np.inf, kicks=20, seed=0)
    assert len(better) == 8
    assert cover.covered(better) > cover.covered(worst)
    same = shake(cover, limits, worst, appeal=np.ones(80), enough=0.0, kicks=20, seed=0)
    assert same.tolist() == worst.tolist()


def rules(parcel, kind, area, room, budget=None, cost=None):
    return Rules(
        parcel=np.array(parcel),
        kind=np.array(kind),
        area_m2=np.array(area, dtype=float),
        cost=np.array(cost if cost is not None else np.zeros(len(parcel)), dtype=float),
        parcel_area_m2=np.array(room, dtype=float),
        required=np.zeros(len(room), dtype=bool),
        max_sites=None,
        budget=budget,
    )


def listed(bundles):
    return [
        tuple(bundles.option[a:b].tolist())
        for a, b in zip(bundles.ptr[:-1], bundles.ptr[1:], strict=True)
    ]


def test_bundles_hold_what_fits_and_cannot_grow():
    given_rules = rules([0, 0, 0, 1], [0, 1, 1, 0], [60, 50, 40, 10], [100, 20])
    found = bundle(given_rules, np.arange(4), np.array([3.0, 2.0, 1.0, 1.0]))
    assert sorted(listed(found)) == [(0, 2), (1,), (3,)]
    assert found.parcel.tolist() == [0, 0, 1]
    assert found.relaxed == 0


def test_with_a_budget_smaller_bundles_are_listed_too():
    given_rules = rules([0, 0], [0, 1], [1, 1], [9], budget=5.0, cost=[2, 4])
    found = bundle(given_rules, np.arange(2), np.ones(2))
    assert sorted(zip(listed(found), found.cost.tolist(), strict=True)) == [
        ((0,), 2.0),
        ((0, 1), 6.0),
        ((1,), 4.0),
    ]


def test_a_parcel_with_too_many_bundles_keeps_the_bound_honest():
    size = 20
    given_rules = rules([0] * size, range(size), [10.0] * size, [100.0])
    found = bundle(given_rules, np.arange(size), np.ones(size))
    assert found.relaxed == 1
    assert len(found.parcel) == MOST_BUNDLES + 1
    assert listed(found)[-1] == tuple(range(size))
    assert all(len(held) == 10 for held in listed(found)[:-1])
