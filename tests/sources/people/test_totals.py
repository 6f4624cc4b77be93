"""Numbers that are left out: found where sums leave no choice, shared where they leave some."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lifecircle.sources.people.totals import recover

NAN = float("nan")
ROW = np.array([2, 3, 5, 6])  # two blocks of two rows, their sums in rows 4 and 7, all in row 8
SUM_ROW = np.array([4, 7, 8])
BESIDE = (np.array([1.0, 2, 3, 4]), np.array([3.0, 7, 10]))


def found(values, sums, *, beside=(BESIDE,), weights=(), row=ROW, sum_row=SUM_ROW):
    return recover(
        np.array(values, dtype=float),
        np.array(sums, dtype=float),
        row=row,
        sum_row=sum_row,
        beside=beside,
        weights=weights,
    )


# -- what cannot be used -----------------------------------------------------------------------
def test_without_a_sum_that_agrees_nothing_is_filled():
    assert np.isnan(found([10, NAN, 30, 40], [30, 99, NAN], beside=()).values[1])


def test_a_sum_that_contradicts_a_column_beside_it_is_not_trusted():
    beside = (np.array([1.0, 2, 3, 4]), np.array([99.0, 7, 99]))
    assert np.isnan(found([10, NAN, 30, 40], [30, 70, 100], beside=[beside]).values[1])


def test_a_sum_smaller_than_its_rows_leaves_nothing():
    assert np.isnan(found([10, NAN, 30, 40], [5, 70, 75]).values[1])


def test_no_rows_and_no_sums_are_no_fault():
    assert found([1.0], [], beside=(), row=ROW[:1], sum_row=SUM_ROW[:0]).values.tolist() == [1.0]


# -- what is found -----------------------------------------------------------------------------
def test_one_missing_number_is_what_its_sum_leaves():
    one = found([10, NAN, 30, 40], [30, 70, 100])
    assert one.values.tolist() == [10, 20, 30, 40]
    assert one.exact.tolist() == [False, True, False, False]
    assert not one.shared.any()


def test_sums_may_stand_above_their_rows():
    one = found(
        [10, NAN, 30, 40],
        [100, 30, 70],
        beside=[(BESIDE[0], np.array([10.0, 3, 7]))],
        row=np.array([4, 5, 7, 8]),
        sum_row=np.array([2, 3, 6]),
    )
    assert one.values.tolist() == [10, 20, 30, 40]


def test_several_missing_numbers_share_what_is_left_by_the_first_weight_all_have():
    weights = [np.array([NAN, 1, 1, 1]), np.array([2.0, 1, 1, 1])]
    one = found([NAN, NAN, 30, 40], [100, 70, 170], weights=weights)
    assert one.values.tolist() == [67, 33, 30, 40]  # whole people, the sum is kept
    assert one.shared.tolist() == [4, 4, 0, 0]


def test_the_sum_of_the_table_fills_what_no_part_does():
    one = found([10, 20, NAN, 40], [30, NAN, 100])
    assert one.values.tolist() == [10, 20, 30, 40]


@given(
    st.lists(st.integers(0, 10_000), min_size=4, max_size=4),
    st.integers(0, 3),
)
def test_a_number_left_out_is_found_again(people, gone):
    values = np.array(people, dtype=float)
    sums = np.array([values[:2].sum(), values[2:].sum(), values.sum()])
    before = values.copy()
    before[gone] = NAN
    kept = before.copy()
    assert found(before, sums).values.tolist() == values.tolist()
    assert np.array_equal(before, kept, equal_nan=True)
