"""Years of opening, from notes and cells as offices write them."""

from __future__ import annotations

import math

import pytest

from lifecircle.sources.facilities.openings import opening_year, year_in


@pytest.mark.parametrize(
    "note", [None, 3, "", "已注销", "2024年11月起停业", "计划2026年开工", "无"]
)
def test_what_says_no_opening_gives_no_year(note):
    assert math.isnan(opening_year(note))


@pytest.mark.parametrize(
    ("note", "year"),
    [
        ("在建，预计2027年投用", 2027),
        ("预计２０２７年底投入使用", 2027),
        ("2026年12月建成", 2026),
        ("2023年开工，2026年上半年竣工", 2026),
        ("计划2028年第三季度交付", 2028),
        ("opens in 2029", 2029),
    ],
)
def test_the_end_of_building_is_the_opening(note, year):
    assert opening_year(note) == year


def test_a_cell_holds_a_year_in_many_ways():
    cells = ["2027", "2027.6", "2027年底", "2027-06-30", "二〇二七", None, "待定"]
    assert [year_in(cell) for cell in cells[:4]] == [2027.0] * 4
    assert all(math.isnan(year_in(cell)) for cell in cells[4:])
