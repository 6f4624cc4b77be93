from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecircle.outputs.webmap.offline import pack, unpack
from lifecircle.outputs.webmap.tabled import SAME, TABLE, rows_again, tabled

CELLS = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text("ab<"),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.sampled_from("xyz"), inner),
    max_leaves=40,
)


@given(CELLS)
def test_what_is_packed_comes_back(value):
    assert rows_again(tabled(value)) == value


def test_rows_that_lack_a_name_lack_it_again():
    rows = [{"a": 1}, {"a": 1, "b": None}, {}, {"b": 2}]
    assert tabled(rows)[TABLE] == [
        4,
        ["a", "b"],
        [{SAME: 1}, [None, 2]],
        {"a": "1100", "b": "0101"},
    ]
    assert unpack(pack(rows)) == rows


@pytest.mark.parametrize("cells", [[1, 1.0, 1, 1], [0, False, 0, 0], ["1", 1, "1", "1"]])
def test_one_value_is_one_only_of_one_kind(cells):
    rows = [{"a": cell} for cell in cells]
    again = rows_again(tabled(rows))
    assert [type(row["a"]) for row in again] == [type(cell) for cell in cells]
