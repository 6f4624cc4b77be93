"""Urban and rural: codes before words before names, and nothing where nobody says it."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest

from lifecircle.errors import DoubtfulRowsWarning
from lifecircle.sources.people.urban_rural import classes_of


def classed(texts, names=None):
    names = [None] * len(texts) if names is None else names
    return classes_of(
        pd.Series(texts, dtype=object), pd.Series(names, dtype=object), "communities.shp"
    )


def test_a_word_that_says_neither_is_a_problem_with_its_row():
    found = classed(["111", "未定"])
    assert [str(one) for one in found.problems] == [
        "communities.shp, row 2: '未定' is neither urban nor rural — "
        "write 城镇 or 乡村, or a code such as 111 or 220"
    ]


def test_a_code_against_a_name_is_told_and_stands():
    with pytest.warns(DoubtfulRowsWarning, match=r"1 communities .* stands \(塘湾村 \(111\)\)"):
        found = classed(["111", "220"], ["塘湾村", "姚庄村"])
    assert found.urban.tolist() == [True, False]
    assert found.evidence.tolist() == ["code", "code"]


@pytest.mark.parametrize("code", ["111", "112", "121", "122", "１２１", "112城乡结合区"])
def test_urban_codes(code):
    assert classed([code]).urban.tolist() == [True]


@pytest.mark.parametrize("code", ["210", "220", "220 村庄", "乡中心区（210）"])
def test_rural_codes(code):
    assert classed([code]).urban.tolist() == [False]


@pytest.mark.parametrize(
    ("word", "urban"),
    [
        *(("城镇", True), ("是", True), ("社区", True), ("居委会", True), ("城乡结合区", True)),
        *(("乡村", False), ("否", False), ("村", False), ("行政村", False), ("村委会", False)),
        *(("农村社区", False), ("城市社区", True), ("urban", True), ("Rural", False)),
    ],
)
def test_words(word, urban):
    found = classed([word])
    assert found.urban.tolist() == [urban]
    assert found.evidence.tolist() == ["word"]


@pytest.mark.parametrize(
    ("name", "urban"),
    [
        *(("瑞景社区", True), ("瑞景社区居民委员会", True), ("城东居委会", True)),
        *(("塘湾村", False), ("塘湾村民委员会", False), ("塘湾村委会", False)),
        *(("东升村社区", True), ("塘湾村（城中村）", False)),
        *(("曹杨新村", None), ("瑞景", None), ("村", None), (None, None), ("Old Town", None)),
    ],
)
def test_the_ending_of_a_name_speaks_where_nothing_else_does(name, urban):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = classes_of(None, pd.Series([name], dtype=object), "c.shp")
    (flag,) = found.urban
    assert (None if pd.isna(flag) else flag) == urban
    assert found.evidence[0] == (None if urban is None else "name")


def test_an_empty_cell_leaves_the_name_to_speak():
    found = classed([None, "210"], ["瑞景社区", "新安"])
    assert found.urban.tolist() == [True, False]
    assert found.evidence.tolist() == ["name", "code"]


def test_no_rows():
    assert classed([]).urban.tolist() == []
