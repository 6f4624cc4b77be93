"""A study whose lists have no coordinates: what is looked up, told, returned and judged."""

from __future__ import annotations

import dataclasses

import openpyxl
import pandas as pd
import pytest

from lifecircle.config import load_config
from lifecircle.errors import InputError
from lifecircle.study import Study
from lifecircle.study.inputs import read_inputs
from lifecircle.study.placing import (
    Placing,
    lost_communities,
    lost_shares,
    placing_of,
    warn_of_lost,
)
from tests.small_town import SOUTH, STEP_LAT, STEP_LON, WEST, write_study, write_town
from tests.sources.planner_files import heard
from tests.sources.sheet_making import book

LISTS = '[[facilities.tables]]\nfile = "care.xlsx"\n'
GEOCODE = LISTS + '[geocode]\naddresses = [{ file = "doors.xlsx", datum = "wgs84" }]\n'
CARE = [
    ["机构名称", "地址"],
    ["甲社区居家养老服务站", "文澜街12号"],
    ["乙社区居家养老服务站", "位置待核实"],
    ["丙社区居家养老服务站", "位置待核实"],
]


def place(column, row):
    return WEST + STEP_LON * (column + 0.3), SOUTH + STEP_LAT * row + 0.00005


def town(folder, extra=GEOCODE, care=CARE, services=("medical", "culture", "fitness")):
    """The small town with a list of elder care that says addresses only."""
    write_town(folder, services=services)
    book(folder, care, name="care.xlsx")
    doors = [["地址", "经度", "纬度"], ["文澜街12号", *place(1, 3)]]
    book(folder, doors, name="doors.xlsx")
    return write_study(folder, extra)


def read(path):
    with heard() as said:
        inputs = read_inputs(load_config(path))
    return inputs, said


# -- bad input ---------------------------------------------------------------------------------
def test_without_the_section_such_a_list_is_refused(tmp_path):
    with heard(), pytest.raises(InputError, match="no columns of coordinates"):
        read_inputs(load_config(town(tmp_path, LISTS)))


# -- reading -----------------------------------------------------------------------------------
def test_what_is_found_is_a_facility_and_what_is_not_is_kept_apart(tmp_path):
    inputs, said = read(town(tmp_path))
    table = inputs.survey.facilities
    assert table["name"].tolist() == ["甲社区居家养老服务站"]
    assert (table.geometry[0].x, table.geometry[0].y) == pytest.approx(place(1, 3))
    assert table["placed"].tolist() == ["address"]
    assert inputs.placing.to_place["row"].tolist() == [3, 4]
    assert inputs.placing.lost() == {"elder_care": 2}
    assert inputs.placing.facts() == {"care.xlsx": "address 1, unplaced 2"}
    names = [source.name for source in inputs.survey.sources]
    assert {"doors.xlsx", "care.xlsx"} <= set(names)
    assert any("2 of 3 rows have no coordinates and no address" in one for one in said)


def test_an_empty_section_looks_up_in_what_the_study_knows(tmp_path):
    inputs, _ = read(town(tmp_path, LISTS + "[geocode]\n"))
    assert inputs.placing.facts() == {"care.xlsx": "unplaced 3"}
    assert inputs.survey.facilities is None


def test_a_list_with_coordinates_places_rows_of_another(tmp_path):
    known = [["名称", "地址", "经度", "纬度"], ["老年食堂", "文澜街12号", *place(1, 3)]]
    book(tmp_path, known, name="canteens.xlsx")
    other = '[[facilities.tables]]\nfile = "canteens.xlsx"\ndatum = "wgs84"\n'
    inputs, _ = read(town(tmp_path, LISTS + other + "[geocode]\n"))
    assert dict(inputs.placing.placed["care.xlsx"]) == {"address": 1}
    assert dict(inputs.placing.placed["canteens.xlsx"]) == {"coordinates": 1}


def test_check_says_how_rows_were_placed(tmp_path):
    report = Study.load(town(tmp_path)).check()
    assert report.facts["places of facility lists"] == {"care.xlsx": "address 1, unplaced 2"}
    without = Study.load(write_study(tmp_path)).check()
    assert "places of facility lists" not in without.facts


# -- the round trip ----------------------------------------------------------------------------
def test_the_sheet_comes_back_filled_in_again_and_again(tmp_path):
    path = town(tmp_path)
    found = Study.load(path).run()
    found.save(tmp_path / "run")
    assert found.content.to_place["name"].tolist() == [
        "乙社区居家养老服务站",
        "丙社区居家养老服务站",
    ]
    assert any("facilities without a place" in one for one in found.warnings)
    unknown = found.results.unknown
    assert {one for one in unknown if one.startswith("elder")} == {"elder_care_5", "elder_care_15"}
    filled = openpyxl.load_workbook(tmp_path / "run" / "gaps.xlsx")
    page = filled["Places to find"]
    heads = {cell.value: cell.column for cell in page[3]}
    assert page.cell(4, heads["name"]).value == "乙社区居家养老服务站"
    for row, at in ((4, place(2, 3)), (5, place(3, 3))):
        page.cell(row, heads["lon"]).value, page.cell(row, heads["lat"]).value = at
    filled.save(tmp_path / "back.xlsx")
    write_study(tmp_path, GEOCODE + 'placed = "back.xlsx"\n')
    again = Study.load(path).run()
    again.save(tmp_path / "run")
    assert again.inputs.placing.facts() == {"care.xlsx": "address 1, planner 2"}
    table = again.content.facilities
    care = table[table["service"] == "elder_care"]
    assert sorted(care["placed"]) == ["address", "planner", "planner"]
    assert not any("facilities without a place" in one for one in again.warnings)
    assert again.results.unknown.isdisjoint({"elder_care_5", "elder_care_15"})
    # The new sheet alone is enough for the next run.
    write_study(tmp_path, GEOCODE + 'placed = "run/gaps.xlsx"\n')
    third, _ = read(path)
    assert third.placing.facts() == {"care.xlsx": "address 1, planner 2"}


def test_places_of_rows_that_are_gone_are_told(tmp_path):
    back = [["place_key", "lon", "lat"], ["p000000000000", *place(2, 3)]]
    book(tmp_path, back, name="back.xlsx")
    _, said = read(town(tmp_path, GEOCODE + 'placed = "back.xlsx"\n'))
    assert any("1 of 1 places belong to no row without coordinates" in one for one in said)


# -- who did not report ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("key", "communities"),
    [
        ("", ("丁社区", "戊村")),  # what the list itself says
        ('not_reported = ["己社区"]\n', ("己社区",)),
        ("not_reported = []\n", None),
    ],
)
def test_who_did_not_report_is_what_the_list_says_or_the_planner(tmp_path, key, communities):
    note = ["注：丁社区、戊村未报送，待补", None]
    path = town(tmp_path, GEOCODE.replace("[geocode]", f"{key}[geocode]"), [*CARE, note])
    inputs, said = read(path)
    found = [(one.name, one.services, one.communities) for one in inputs.placing.unreported]
    assert found == ([("care.xlsx", ("elder_care",), communities)] if communities else [])
    assert any("is not complete, for it says" in one for one in said)


# -- what is lost ------------------------------------------------------------------------------
def asked(*rows):
    columns = ["services", "status", "community", "lon", "list", "guess_lon"]
    return Placing(to_place=pd.DataFrame(rows, columns=columns, dtype=object))


def facilities(*rows):
    return pd.DataFrame(rows, columns=["service", "status"], dtype=object)


def test_only_what_would_count_is_lost():
    placing = asked(
        ("medical;elder_care", None, "河东社区", float("nan"), "a", None),
        ("medical;medical", "existing", None, float("nan"), "a", None),
        ("medical", "closed", "河东社区", float("nan"), "a", None),
        ("medical", "existing", "河东社区", 121.0, "a", None),
    )
    assert placing.lost() == {"elder_care": 1, "medical": 2}
    table = facilities(*[("medical", "existing")] * 5, ("medical", None), ("medical", "planned"))
    assert lost_shares(placing, table) == {"elder_care": 1.0, "medical": 0.25}
    areas = pd.DataFrame(
        {"community_id": ["c1", "c2"], "name": ["河东社区居民委员会", "河西社区"]}, dtype=object
    )
    assert lost_communities(placing, areas) == {
        "elder_care": frozenset({"c1"}),
        "medical": frozenset({"c1"}),
    }


def test_nothing_lost_is_nothing_said():
    assert Placing().lost() == {}
    assert lost_shares(Placing(), facilities()) == {}
    assert lost_communities(Placing(), pd.DataFrame({"community_id": [], "name": []})) == {}
    assert placing_of([], None).facts() == {}
    with heard() as said:
        warn_of_lost({}, {}, most=0.15)
    assert said == []


@pytest.mark.parametrize(("most", "then"), [(0.1, "no_data"), (0.3, "verdicts stand")])
def test_the_warning_counts_and_says_what_follows(most, then):
    with heard() as said:
        warn_of_lost({"medical": 0.25}, {"medical": 2}, most=most)
    assert "medical 2 (25%)" in said[0]
    assert then in said[0]


def test_a_placing_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Placing().placed = {}
