"""One subdistrict written in several ways is one, and said so; two are two."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest

from lifecircle.errors import DoubtfulRowsWarning
from lifecircle.sources.people.area_spelling import one_spelling


def spelt(subdistricts, counties=None):
    table = pd.DataFrame(
        {"subdistrict": subdistricts, "county": counties or [None] * len(subdistricts)},
        dtype=object,
    )
    before = table.copy()
    found = one_spelling(table, "c.shp")
    pd.testing.assert_frame_equal(table, before)
    return list(zip(found["subdistrict"], found["county"], strict=True))


@pytest.mark.parametrize(
    "texts",
    [
        ["澜城街道", "澜城街道", "澜城街道办事处"],
        ["澜城街道", "澜城街道", "澜城街道办"],
        ["横浦镇", "横浦镇", "横浦镇人民政府"],
    ],
)
def test_offices_are_their_subdistricts_and_it_is_told(texts):
    with pytest.warns(DoubtfulRowsWarning, match=rf"'{texts[0]}' = '{texts[2]}'"):
        assert {one for one, _ in spelt(texts)} == {texts[0]}


def test_a_county_before_some_of_the_names_is_told_apart():
    with pytest.warns(DoubtfulRowsWarning, match="taken as one"):
        found = spelt(["澜浦区澜城街道", "澜城街道", "开发区街道"])
    assert found == [("澜城街道", "澜浦区"), ("澜城街道", "澜浦区"), ("开发区街道", None)]


def test_a_county_before_all_of_them_is_nothing_to_tell_of():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = spelt(["西湖区北山街道", "西湖区转塘街道", "西湖区北山街道"])
    assert found == [("北山街道", "西湖区"), ("转塘街道", "西湖区"), ("北山街道", "西湖区")]


def test_a_county_of_its_own_column_is_taken_off_the_name():
    with pytest.warns(DoubtfulRowsWarning, match="taken as one"):
        found = spelt(["东县城关镇", "城关镇", "城关镇"], ["东县", "东县", "西县"])
    assert found == [("城关镇", "东县"), ("城关镇", "东县"), ("城关镇", "西县")]


def test_what_nobody_says_stays_missing():
    assert spelt([None, None]) == [(None, None)] * 2
    assert spelt([]) == []
    assert spelt(["Old Town", None], ["East", None]) == [("Old Town", "East"), (None, None)]
