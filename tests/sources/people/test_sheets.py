"""Which sheet counts: the latest, by what its name and the lines above it say."""

from __future__ import annotations

import pytest

from lifecircle.sources.people.sheets import date_in, latest_sheet
from lifecircle.sources.people.tables import PEOPLE_COLUMNS, read_people_table
from tests.sources.planner_files import heard
from tests.sources.sheet_making import book

HEAD = ["社区", "常住人口"]
NEEDED = ("people", "name")


def latest(path):
    return latest_sheet(path, wanted=PEOPLE_COLUMNS, columns=None, needed=NEEDED)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("标准时点：2020年11月1日零时", (2020, 11, 1)),
        ("七普2020、公安2025", (2025, 0, 0)),
        ("２０２５年１２月", (2025, 12, 0)),
        ("2025-12-31", (2025, 12, 31)),
        ("2025年99月", None),
        ("12025号", None),
        ("单位：人", None),
    ],
)
def test_dates_as_offices_write_them(text, date):
    assert date_in(text) == date


def test_the_latest_sheet_is_read_whatever_its_place_and_length(tmp_path):
    path = book(
        tmp_path,
        ("公安2025", [HEAD, ["文澜社区", 12]]),
        ("七普", [["2020年11月1日"], HEAD, ["文澜社区", 10], ["姚庄村", 5]]),
    )
    with heard() as said:
        people = read_people_table(path)
    assert people.table["people"].tolist() == [12.0]
    assert said == [
        "LifecircleWarning: list.xlsx: sheet '公安2025' is read, the latest (2025); others: "
        "'七普' (2020-11-01)"
    ]


def test_a_sheet_without_communities_does_not_count(tmp_path):
    sums = ("汇总2026", [["街道", "常住人口"], ["东街", 12]])
    path = book(tmp_path, sums, ("2025", [HEAD, ["文澜社区", 12]]))
    assert latest(path) is None


def test_sheets_no_date_tells_apart_are_left_to_the_reader(tmp_path):
    rows = [HEAD, ["文澜社区", 12]]
    assert latest(book(tmp_path, ("甲", rows), ("乙", rows))) is None
    assert latest(book(tmp_path, ("甲2025", rows), ("乙2025", rows))) is None
