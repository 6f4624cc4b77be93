"""Sums, medians and scores by hand and against brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.access.measures import (
    LEAST_SCORE,
    gini,
    joined_scores,
    median_by,
    quantile_by,
    service_score,
    sum_by,
    worst_part,
)

ROWS = st.lists(
    st.tuples(
        st.one_of(st.just(np.nan), st.integers(0, 5).map(float)),
        st.one_of(st.just(0.0), st.integers(1, 4).map(float)),
        st.integers(-1, 2),
    ),
    max_size=15,
)


def arrays(rows) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    return (
        np.asarray(columns[0], dtype=np.float64),
        np.asarray(columns[1], dtype=np.float64),
        np.asarray(columns[2], dtype=np.int32),
    )


def test_sums_leave_out_who_is_nowhere():
    values, area = np.array([1.0, 2.0, 4.0, 8.0]), np.array([0, -1, 2, 0], np.int32)
    assert sum_by(values, area, 4).tolist() == [9.0, 0.0, 4.0, 0.0]
    assert sum_by(values[:0], area[:0], 2).tolist() == [0.0, 0.0]
    assert sum_by(values, area, 4).dtype == np.float64
    assert sum_by(values, np.full(4, -1, np.int32), 0).shape == (0,)


@pytest.mark.parametrize(
    ("values", "weights", "median"),
    [
        ([3.0, 1.0, 2.0], [1, 1, 1], 2.0),
        ([1.0, 2.0], [1, 1], 1.0),  # half the weight does not exceed 1
        ([1.0, 2.0], [1, 1.001], 2.0),
        ([1.0, 9.0], [1, 3], 9.0),
        ([5.0, np.nan], [1, 1], 5.0),
        ([5.0, np.nan], [1, 2], np.nan),
        ([5.0, np.nan], [1, 0], 5.0),
        ([np.nan], [1], np.nan),
        ([5.0], [0], np.nan),
        ([1.0, 2.0, 3.0, 4.0], [0.7, 0.3, 0.1, 0.3], 1.0),  # 0.7 is half of 1.4 in any rounding
    ],
)
def test_the_median_person_by_hand(values, weights, median):
    found = median_by(
        np.array(values), np.array(weights, dtype=float), np.zeros(len(values), np.int32), 1
    )
    np.testing.assert_equal(found, [median])


@given(ROWS)
@settings(max_examples=150, deadline=None)
def test_the_median_is_the_middle_of_people_written_out_one_by_one(rows):
    values, weights, area = arrays(rows)
    found = median_by(values, weights, area, 3)
    for index in range(3):
        people = sorted(
            (np.inf if np.isnan(value) else value)
            for value, weight, where in rows
            if where == index
            for _ in range(int(weight))
        )
        middle = people[(len(people) - 1) // 2] if people else np.inf
        np.testing.assert_equal(found[index], middle if np.isfinite(middle) else np.nan)


@given(ROWS, st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_rows_in_any_order_sum_the_same_and_the_given_arrays_stay(rows, shuffle):
    before = arrays(rows)
    kept = [one.copy() for one in before]
    one = median_by(*before, 3), sum_by(before[1], before[2], 3)
    rows = list(rows)
    shuffle.shuffle(rows)
    again = arrays(rows)
    np.testing.assert_equal(median_by(*again, 3), one[0])
    np.testing.assert_equal(sum_by(again[1], again[2], 3), one[1])
    for now, then in zip(before, kept, strict=True):
        np.testing.assert_equal(now, then)


def test_the_score_weighs_only_the_terms_in_use():
    c, a, n = np.array([1.0, 0.5, np.nan]), np.array([0.0, 1.0, 1.0]), np.array([1.0, 0.0, 1.0])
    use = {"use_adequacy": True, "use_count": True}
    np.testing.assert_allclose(service_score(c, a, n, **use), [75.0, 55.0, np.nan])
    use = {"use_adequacy": False, "use_count": False}
    np.testing.assert_allclose(service_score(c, a, n, **use), [100.0, 50.0, np.nan])
    use = {"use_adequacy": True, "use_count": False}
    np.testing.assert_allclose(
        service_score(c, a, n, **use), [100 * 0.6 / 0.85, 100 * 0.55 / 0.85, np.nan]
    )
    use = {"use_adequacy": False, "use_count": True}
    np.testing.assert_allclose(service_score(c, a, n, **use), [100.0, 40.0, np.nan])
    # a term that is not used may be missing
    missing = np.full(3, np.nan)
    assert service_score(c, missing, n, **use)[1] == pytest.approx(40.0)


# -- quantiles, the worst part, the Gini ---------------------------------------------------------
@pytest.mark.parametrize(
    ("part", "quantile"),
    [(0.1, 1.0), (0.5, 2.0), (0.51, 4.0), (0.9, 4.0), (0.91, np.nan), (1, np.nan)],
)
def test_a_quantile_is_somebodys_value(part, quantile):
    values = np.array([4.0, np.nan, 1.0, 2.0])
    weights = np.array([4.0, 1.0, 2.0, 3.0])
    found = quantile_by(values, weights, np.zeros(4, np.int32), 2, part)
    np.testing.assert_array_equal(found, [quantile, np.nan])


@given(ROWS)
@settings(max_examples=60)
def test_the_median_is_the_half_quantile(rows):
    values, weights, area = arrays(rows)
    np.testing.assert_array_equal(
        median_by(values, weights, area, 3), quantile_by(values, weights, area, 3, 0.5)
    )


def test_the_worst_part_splits_homes_of_one_value_alike():
    values = np.array([1.0, 5.0, np.nan, 5.0, 9.0])
    weights = np.array([50.0, 20.0, 4.0, 10.0, 16.0])
    picked = worst_part(values, weights, 0.35)
    np.testing.assert_allclose(picked, [0.0, 10.0, 4.0, 5.0, 16.0])
    assert worst_part(values, weights, 1.0).tolist() == weights.tolist()
    assert worst_part(values, np.zeros(5), 0.1).tolist() == [0.0] * 5
    assert worst_part(values[:0], weights[:0], 0.1).shape == (0,)


@given(ROWS, st.sampled_from([0.1, 0.25, 0.5]))
@settings(max_examples=60)
def test_the_worst_part_holds_its_share_and_nobody_nearer(rows, part):
    values, weights, _ = arrays(rows)
    picked = worst_part(values, weights, part)
    assert (picked >= 0).all()
    assert (picked <= weights + 1e-12).all()
    assert picked.sum() == pytest.approx(part * weights.sum())
    filled = np.where(np.isnan(values), np.inf, values)
    left = (weights - picked) > 1e-9
    if (picked > 1e-9).any() and left.any():
        assert filled[picked > 1e-9].min() >= filled[left].max()


def test_gini_by_hand():
    assert gini(np.array([3.0, 3.0]), np.array([1.0, 9.0])) == 0
    assert gini(np.array([0.0, 1.0]), np.array([9.0, 1.0])) == pytest.approx(0.9)
    # 1, 2, 3: mean difference (1+1+2) * 2 / 9 = 8/9 over twice the mean 4
    assert gini(np.array([2.0, 1.0, 3.0]), np.ones(3)) == pytest.approx(2 / 9)
    assert np.isnan(gini(np.zeros(2), np.ones(2)))
    assert np.isnan(gini(np.ones(2), np.zeros(2)))


@given(
    st.lists(st.tuples(st.floats(0, 100), st.integers(0, 5).map(float)), min_size=1, max_size=12)
)
@settings(max_examples=80)
def test_gini_is_the_mean_difference_of_two_people(rows):
    values, weights = (np.array(column) for column in zip(*rows, strict=True))
    total = weights.sum()
    mean = (values * weights).sum()
    if total == 0 or mean < 1e-6:
        return
    apart = np.abs(values[:, None] - values) * weights[:, None] * weights
    found = gini(values, weights)
    assert found == pytest.approx(apart.sum() / (2 * mean * total), abs=1e-9)
    assert 0 <= found < 1
    doubled = gini(np.tile(values, 2), np.tile(weights, 2))
    assert doubled == pytest.approx(found, abs=1e-9)


# -- joining scores ------------------------------------------------------------------------------
def test_a_missing_service_cannot_be_bought_in_a_geometric_mean():
    weights = np.ones(4)
    points = np.array([[100.0, 100.0, 100.0, 0.0], [75.0] * 4, [80.0, 70.0, np.nan, 60.0]])
    plain = joined_scores(points, weights, geometric=False)
    bound = joined_scores(points, weights, geometric=True)
    np.testing.assert_allclose(plain, [75.0, 75.0, np.nan])
    np.testing.assert_allclose(bound, [100**0.75, 75.0, np.nan])


@given(
    st.lists(st.floats(0, 100), min_size=1, max_size=6),
    st.lists(st.floats(0.1, 9), min_size=6, max_size=6),
)
@settings(max_examples=60)
def test_a_geometric_mean_lies_between_the_lowest_and_the_plain_mean(scores, weights):
    points = np.maximum(np.array([scores]), LEAST_SCORE)
    given_weights = np.array(weights[: len(scores)])
    (plain,) = joined_scores(points, given_weights, geometric=False)
    (bound,) = joined_scores(points, given_weights, geometric=True)
    assert points.min() - 1e-9 <= bound <= plain + 1e-9


def test_a_service_of_no_weight_does_not_count():
    points, weights = np.array([[90.0, 0.0]]), np.array([2.0, 0.0])
    for geometric in (False, True):
        assert joined_scores(points, weights, geometric=geometric) == pytest.approx([90.0])
