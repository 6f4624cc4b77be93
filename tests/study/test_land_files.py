"""A study that names lists of land, a land survey, a plan, rights, exclusions and records."""

from __future__ import annotations

import geopandas as gpd
import openpyxl
import pytest
import shapely

from lifecircle.config import load_config
from lifecircle.errors import LifecircleError, RuleError
from lifecircle.sources.geocoding.gazetteer import build_gazetteer
from lifecircle.study import Study
from lifecircle.study.areas import with_units
from lifecircle.study.land import read_land
from lifecircle.study.stages import Stages
from lifecircle.study.waist import build_waist
from tests.small_town import BBOX, SOUTH, STEP_LAT, STEP_LON, WEST, write_study
from tests.sources.planner_files import heard
from tests.sources.sheet_making import book

AREAS = 'file = "c.gpkg"'
WHITE = (0.0006, 0.0003)


def plot(column, row):
    """A plot of about 40 x 33 m in the middle of a block."""
    west, south = WEST + STEP_LON * (column + 0.3), SOUTH + STEP_LAT * (row + 0.35)
    return shapely.box(west, south, west + WHITE[0], south + WHITE[1])


def saved(folder, name, columns, shapes, layer=None):
    table = gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")
    table.to_file(folder / name, layer=layer or name.partition(".")[0])


@pytest.fixture
def town(small_study):
    folder = small_study.parent
    west, south, east, north = BBOX
    area = shapely.box(west, south, east, north)
    saved(folder, "c.gpkg", {"id": ["1"], "name": ["东街社区"]}, [area])
    head = ["编号", "坐落", "面积(亩)", "备注"]
    book(
        folder,
        (
            "批而未供",
            [head, ["PW-01", "东街社区1号", 2.0, None], ["PW-9", "位置待核实", None, None]],
        ),
        ("低效用地", [head, ["DX-01", "东街社区2号", 2.0, "土壤污染状况调查未完成"]]),
        name="ledger.xlsx",
    )
    saved(folder, "drawn.gpkg", {"BH": ["PW01", "DX01"]}, [plot(0, 0), plot(1, 0)])
    saved(
        folder,
        "dltb.gpkg",
        {"DLBM": ["1201", "1201", "0101"], "BSM": ["a", "b", "c"]},
        [plot(3, 0), plot(3, 3), shapely.box(WEST - 0.001, SOUTH - 0.0009, WEST, SOUTH)],
    )
    saved(folder, "plan.gpkg", {"DYBH": ["U1"], "GHRK": [5000]}, [area], "GHDY")
    saved(
        folder,
        "plan.gpkg",
        {"DKBH": ["k"], "YDDM": ["0702"], "PTSS": ["社区卫生服务站、物业用房"], "SFSX": ["否"]},
        [plot(0, 0).buffer(0.0001)],
        "GHDK",
    )
    saved(folder, "red.gpkg", {"HXMC": ["红线"]}, [plot(3, 3).buffer(0.001)])
    book(
        folder,
        [["名称", "坐落", "建筑面积", "楼层"], ["甲", "东街9号", 400, "1F"]],
        name="rooms.xlsx",
    )
    book(folder, [["社区", "需要的设施"], ["东街", "托育;养老"]], name="answers.xlsx")
    return folder


LAND = """
parcels = ["ledger.xlsx", "drawn.gpkg"]
survey = "dltb.gpkg"
detailed_plan = "plan.gpkg"
exclude = "red.gpkg"
stock_rooms = "rooms.xlsx"
"""


# -- bad input ---------------------------------------------------------------------------------
def test_records_need_named_communities(town):
    study = Study.load(write_study(town, record='survey = "answers.xlsx"'))
    with pytest.raises(RuleError, match="records are joined to communities by name"):
        study.run()


def test_a_system_of_rights_needs_rights(town):
    with pytest.raises(RuleError, match="has no effect without rights"):
        load_config(write_study(town, land='rights_crs = "EPSG:4549"'))


def test_a_file_that_is_not_there_is_told_with_its_key(town):
    with pytest.raises(LifecircleError, match=r"nowhere\.gpkg"):
        load_config(write_study(town, land='parcels = ["drawn.gpkg", "nowhere.gpkg"]'))


# -- a whole study -----------------------------------------------------------------------------
def test_every_row_of_land_is_a_candidate_refused_doubtful_or_without_a_place(town):
    path = write_study(town, communities=AREAS, land=LAND, record='survey = "answers.xlsx"')
    found = Study.load(path).run()
    parcels = found.results.parcels
    listed = parcels[parcels["origin"] == "listed"].set_index("parcel_id")
    assert listed.loc["PW01", ["status", "conforms"]].tolist() == ["candidate", "conform"]
    assert listed.loc["DX01", ["status", "reasons"]].tolist() == ["refused", "contaminated"]
    surveyed = parcels[parcels["origin"] == "surveyed"]
    assert sorted(surveyed["status"]) == ["candidate", "refused"]
    assert surveyed.set_index("status").loc["refused", "reasons"] == "ecological_red_line"
    refused = set(parcels.loc[parcels["status"] == "refused", "parcel_id"])
    assert not refused & set(found.sites.table["parcel_id"])
    unplaced = found.inputs.survey.land.unplaced
    assert sorted(unplaced["reason"]) == ["no_place", "not_located"]
    facilities = found.results.waist.facilities.table
    planned = facilities[facilities["status"] == "planned"]
    assert planned["type"].tolist() == ["medical.station"]
    assert set(found.results.waist.communities["unit_id"]) == {"U1"}
    assert found.inputs.survey.records["needs"]["needs"].tolist() == ["养老 1; 托育 1"]
    found.save(town / "out")
    sheet = openpyxl.load_workbook(town / "out/gaps.xlsx")["Land and rooms"]
    cells = {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row}
    assert {"DX01", "refused", "polluted, or soil survey unfinished", "PW-9"} <= cells
    drawn = gpd.read_file(town / "out/results.gpkg", layer="parcels").set_index("parcel_id")
    assert drawn.loc["DX01", ["drawn_as", "reasons"]].tolist() == ["refused", "contaminated"]


def test_a_refused_plot_cannot_be_forced(town):
    path = write_study(town, communities=AREAS, land=LAND, siting='must = ["DX01"]')
    with pytest.raises(RuleError, match=r"parcel 'DX01' is refused \(contaminated\)"):
        Study.load(path).run()


def test_check_counts_land_and_records(town):
    path = write_study(town, communities=AREAS, land=LAND, record='survey = "answers.xlsx"')
    report = Study.load(path).check()
    assert report.facts["land"]["plan_plots_not_built"] == 1
    assert report.facts["land"]["rows_without_a_place"] == 2
    assert report.facts["record"]["needs"] == "养老 1; 托育 1"
    told = report.facts["files"]
    assert told["ledger.xlsx"] == "3 rows in = 2 used + 1 doubtful + 0 refused"
    assert told["rooms.xlsx"] == "1 rows in = 0 used + 1 doubtful + 0 refused"


def test_a_promise_of_the_plan_never_counts(town):
    with_plan = write_study(town, communities=AREAS, land='detailed_plan = "plan.gpkg"')
    study, stages = Study.load(with_plan), Stages()
    waist = build_waist(study.config, study._inputs(stages), stages)
    without = Study.load(write_study(town, communities=AREAS)).run()
    assert len(waist.facilities.table) == len(without.results.waist.facilities.table) + 1
    again = Study.load(write_study(town, communities=AREAS, land=LAND)).run()
    for name, reach in without.results.reaches.items():
        assert (again.results.reaches[name].covered == reach.covered).all()


# -- rooms -------------------------------------------------------------------------------------
def test_a_room_whose_address_is_known_becomes_a_candidate(town):
    doors = gpd.GeoDataFrame(
        {"kind": "address", "street": ["东街"], "number": ["9号"]},
        geometry=[shapely.Point(WEST + 0.001, SOUTH + 0.001)],
        crs="EPSG:4326",
    )
    config = load_config(write_study(town, communities=AREAS, land='stock_rooms = "rooms.xlsx"'))
    land = read_land(config.land, communities=None, gazetteer=build_gazetteer([doors]))
    room = land.parcels.iloc[0]
    assert (room["kind"], room["status"], room["floor_m2"]) == ("stock_room", "candidate", 400)
    assert room.geometry.x == pytest.approx(WEST + 0.001)
    with heard():
        land = read_land(config.land, communities=None, gazetteer=None)
    assert land.parcels is None
    assert land.files.unplaced["reason"].tolist() == ["not_located"]


# -- units -------------------------------------------------------------------------------------
def test_communities_take_the_unit_that_holds_half_of_them_and_keep_their_own():
    boxes = [shapely.box(at, 0, at + 10, 10) for at in (0, 10, 20)]
    communities = gpd.GeoDataFrame({"unit_id": [None, "mine", None]}, geometry=boxes, crs=4528)
    units = gpd.GeoDataFrame({"unit_id": ["U"]}, geometry=[shapely.box(0, 0, 24, 10)], crs=4528)
    assert with_units(communities, units)["unit_id"].tolist() == ["U", "mine", None]
