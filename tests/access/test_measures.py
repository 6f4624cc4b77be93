"""Sums, medians and scores by hand and against brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.access.measures import median_by, service_score, sum_by

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
