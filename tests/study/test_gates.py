"""Gates of a study: listed ones, those of the map, and the hour it is made for."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lifecircle.config import EstatesSection, load_config
from lifecircle.errors import LifecircleError
from lifecircle.sources.toytown import toytown
from lifecircle.study import Study
from lifecircle.study.gates import with_shut_gates
from lifecircle.tables import NODE_KINDS
from tests.small_town import SOUTH, STEP_LAT, STEP_LON, WEST, write_study, write_town
from tests.sources.planner_files import heard
from tests.sources.sheet_making import book

# One block of the small town, between its streets, with the house in it.
BLOCK = shapely.box(
    WEST + 2.1 * STEP_LON, SOUTH + 2.1 * STEP_LAT, WEST + 2.9 * STEP_LON, SOUTH + 2.9 * STEP_LAT
)


def town_with_gates(folder, *rows, more=""):
    """The small town with one closed estate and a sheet of gates in WGS 84."""
    write_town(folder)
    gpd.GeoDataFrame(
        {"XQBH": ["7"], "XQMC": ["文澜苑"], "SFFB": ["是"]}, geometry=[BLOCK], crs="EPSG:4326"
    ).to_file(folder / "estates.gpkg")
    head = ["名称", "类型", "是否刷卡", "开放时段", "经度", "纬度"]
    book(folder, [["出入口调查表"], head, *rows], name="gates.xlsx")
    section = f'file = "estates.gpkg"\ngates = "gates.xlsx"\ngate_datum = "wgs84"\n{more}'
    return Study.load(write_study(folder, estates=section))


def checked(folder, *rows, more=""):
    report = town_with_gates(folder, *rows, more=more).check()
    return report.facts["gates"], [one for one in report.warnings if "gate" in one]


def at(column, row):
    return WEST + column * STEP_LON, SOUTH + row * STEP_LAT


NORTH = ["文澜苑北门", "人行", "是", "6:00-22:00", *at(2.5, 2.9)]
EAST = ["文澜苑东门", "车行", "否", "0:00-24:00", *at(2.9, 2.5)]
WESTERN = ["文澜苑西门", "人行", "是", "6:00-22:00", *at(2.1, 2.5)]
FIRE = ["文澜苑消防门", "消防", "否", "应急", *at(2.1, 2.5)]


# -- the study file ------------------------------------------------------------------------------
@pytest.mark.parametrize("value", ['"10 Uhr"', '"25:00"', '"9:5"', "10", '""', '"8:00-9:00-10:00"'])
def test_an_hour_nobody_can_read_is_refused(tmp_path, value):
    write_town(tmp_path)
    with pytest.raises(LifecircleError, match="open_at"):
        load_config(write_study(tmp_path, estates=f"open_at = {value}"))


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ('"7:30"', "07:30"),
        ('"06:30-21:00"', "06:30-21:00"),
        ('"6:30 – 21:00"', "06:30-21:00"),
        ("07:30:00", "07:30"),
        ('"24:00"', "24:00"),
    ],
)
def test_the_hour_is_one_moment_or_all_the_time_between(tmp_path, value, read):
    write_town(tmp_path)
    config = load_config(write_study(tmp_path, estates=f"open_at = {value}"))
    assert config.estates.open_at == read
    assert EstatesSection().open_at == "10:00"


# -- a sheet of gates ------------------------------------------------------------------------------
def test_listed_gates_are_used_shut_or_kept_and_told_with_people(tmp_path):
    facts, said = checked(tmp_path, NORTH, EAST, FIRE)
    assert facts == {
        "listed": 3,
        "in_use": 2,
        "of_open_estates": 0,
        "by_card": 1,
        "no_walkers": 1,
    }
    assert [one for one in said if "emergencies" in one] == [
        "gates for emergencies (消防, 应急) or cars only, or shut for good: 1 (文澜苑消防门); "
        "1 closed estates with 10 people; nobody walks through them"
    ]


def test_the_hour_shuts_gates_and_the_last_ones_stay(tmp_path):
    facts, said = checked(tmp_path, NORTH, EAST, more='open_at = "23:00"')
    assert (facts["in_use"], facts["shut"]) == (1, 1)
    assert any(
        "gates shut at 23:00: 1 (文澜苑北门); 1 closed estates with 10 people" in one
        for one in said
    )


def test_an_estate_whose_gates_are_all_shut_keeps_them(tmp_path):
    facts, said = checked(tmp_path, NORTH, FIRE, more='open_at = "23:00"')
    assert (facts["in_use"], facts["all_shut"], facts["no_walkers"]) == (1, 1, 1)
    assert any("with 10 people; they are kept open" in one for one in said)


def test_a_longer_way_round_when_the_near_gate_is_shut(tmp_path):
    # The clinic lies west: by the gate in the east the way is a block of 100 m longer, 90 s.
    walks = []
    for number, hour in enumerate(("10:00", "23:00")):
        folder = tmp_path / str(number)
        folder.mkdir()
        study = town_with_gates(folder, WESTERN, EAST, more=f'open_at = "{hour}"')
        with heard():
            found = study.run()
        homes = found.results.reaches["medical_15"]
        home = found.results.waist.homes
        row = int(np.flatnonzero(home.compound >= 0)[0])
        walks.append(float(homes.walk_s[row]))
        assert home.table["estate_id"].iloc[row] == "7"
    assert walks[1] - walks[0] == pytest.approx(90, abs=8)


def test_an_estate_without_a_usable_gate_and_a_gate_without_an_estate(tmp_path):
    stray = ["锦绣园北门", "人行", "是", None, *at(0.5, 0.5)]
    facts, said = checked(tmp_path, FIRE, stray)
    assert (facts["in_use"], facts["unknown_estate"]) == (0, 1)
    assert any("closed estates without a known gate: 1 (7), with 10 people" in one for one in said)
    assert any("that estates.file does not know: 1 (锦绣园北门)" in one for one in said)


# -- gates of the map ------------------------------------------------------------------------------
def mapped(hours):
    """The toy town with opening hours on the first gate that a street runs through."""
    survey = toytown()
    gates = survey.gates.assign(hours=None)
    xy = shapely.get_coordinates(gates.geometry.to_numpy())
    on = [int(np.hypot(*(survey.streets.lonlat - one).T).argmin()) for one in xy]
    gates["gate_id"] = [f"n{survey.streets.node_id[node]}" for node in on]
    gates.loc[0, "hours"] = hours
    return dataclasses.replace(survey, gates=gates), on[0]


@pytest.mark.parametrize(
    ("hours", "shut"),
    [("06:00-22:00", False), ("22:00-24:00", True), ("off", True), (None, False)],
)
def test_a_gate_of_the_map_shut_at_the_hour_lets_nobody_pass(hours, shut):
    survey, node = mapped(hours)
    before = survey.streets.node_kind.copy()
    with heard() as said:
        found = with_shut_gates(survey, EstatesSection())
    assert (found.gates["access"].iloc[0] == "no") == shut
    blocked = np.flatnonzero(found.streets.node_kind != before).tolist()
    assert blocked == ([node] if shut else [])
    if shut:
        assert found.streets.node_kind[node] == NODE_KINDS.index("blocked")
        assert said == ["LifecircleWarning: gates of the map shut at 10:00: 1; nobody passes them"]
    else:
        assert (found, said) == (survey, [])
    np.testing.assert_array_equal(survey.streets.node_kind, before)  # the input stays
