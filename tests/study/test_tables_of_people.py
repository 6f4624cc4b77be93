"""A study with people by community and facility lists as workbooks and text tables."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from lifecircle.config import load_config
from lifecircle.errors import LifecircleError, LifecircleWarning, RuleError
from lifecircle.study import Study
from lifecircle.study.inputs import read_inputs
from lifecircle.study.stages import Stages
from lifecircle.study.waist import build_waist
from tests.small_town import BBOX, STEP_LON, WEST, write_study
from tests.sources.planner_files import heard
from tests.sources.sheet_making import book, text

MIDDLE = WEST + 2.5 * STEP_LON
AREAS = 'file = "c.gpkg"'


@pytest.fixture
def halves(small_study):
    """The small town in two communities, a west and an east one."""
    folder = small_study.parent
    west, south, east, north = BBOX
    gpd.GeoDataFrame(
        {"id": ["1", "2"], "name": ["西社区居民委员会", "东社区"]},
        geometry=[shapely.box(west, south, MIDDLE, north), shapely.box(MIDDLE, south, east, north)],
        crs="EPSG:4326",
    ).to_file(folder / "c.gpkg")
    return folder


def homes_of(path):
    study, stages = Study.load(path), Stages()
    waist = build_waist(study.config, study._inputs(stages), stages)
    return waist.homes.table, stages.warnings


# -- bad input ---------------------------------------------------------------------------------
def test_people_by_community_need_communities_of_a_file(small_study):
    folder = small_study.parent
    text(folder, ["社区,人口", "西社区,5"], name="people.csv")
    with pytest.raises(RuleError, match="counts people by community, and the communities are draw"):
        load_config(write_study(folder, homes='table = "people.csv"'))


def test_what_is_wrong_with_a_list_is_told_before_the_run(halves):
    text(halves, ["名称,地址", "某社区卫生服务站,1号"], name="poi.csv")
    path = write_study(halves, extra='\n[[facilities.tables]]\nfile = "poi.csv"\ndatum = "wgs84"\n')
    with pytest.raises(LifecircleError, match=r"poi\.csv: no columns of coordinates"):
        read_inputs(load_config(path))


# -- people ------------------------------------------------------------------------------------
def test_the_homes_of_a_community_hold_the_people_and_groups_of_its_row(halves):
    book(
        halves,
        [
            ["2025年人口", None, None],
            ["社区", "常住人口", "60岁及以上"],
            ["西社区", 1000, 250],
            ["东社区居委会", 600, 60],
            ["合计", 1600, 310],
        ],
        name="people.xlsx",
    )
    homes, _ = homes_of(write_study(halves, communities=AREAS, homes='table = "people.xlsx"'))
    sums = homes.groupby("community_id")[["people", "people_60plus"]].sum()
    assert sums.loc["1"].tolist() == pytest.approx([1000, 250])
    assert sums.loc["2"].tolist() == pytest.approx([600, 60])


def test_a_group_nobody_counted_there_takes_the_declared_share_and_says_so(halves):
    text(halves, ["代码,人口,60岁及以上", "1,1000,250", "2,600,"], name="people.csv")
    homes, said = homes_of(
        write_study(
            halves,
            communities=AREAS,
            homes='table = "people.csv"\ngroups = {60plus = 0.1}',
        )
    )
    sums = homes.groupby("community_id")["people_60plus"].sum()
    assert sums.tolist() == pytest.approx([250, 60])
    assert any(
        "not counted where 600 people live: its share there is that of homes.gr" in one
        for one in said
    )


def test_a_sheet_and_columns_can_be_named(halves):
    rows = [["SQ", "N"], ["西社区", 10], ["东社区", 20]]
    book(halves, ("a", rows), ("b", [rows[0], ["西社区", 30], ["东社区", 40]]), name="p.xlsx")
    path = write_study(
        halves,
        communities=AREAS,
        homes='table = "p.xlsx"\nsheet = "b"\ntable_columns = {name = "SQ", people = "N"}',
    )
    inputs = read_inputs(load_config(path))
    assert inputs.survey.communities["people"].tolist() == [30.0, 40.0]
    assert [one.name for one in inputs.survey.sources] == ["town.osm", "c.gpkg", "p.xlsx"]


# -- facilities --------------------------------------------------------------------------------
def test_a_text_table_of_facilities_joins_the_survey(halves):
    text(
        halves,
        ["name,typecode,location", f'仁爱,090300,"{MIDDLE},{BBOX[1] + 0.003}"'],
        name="poi.csv",
        encoding="gb18030",
    )
    extra = '\n[[facilities.tables]]\nfile = "poi.csv"\ndatum = "wgs84"\ncodes = "amap"\n'
    survey = read_inputs(load_config(write_study(halves, extra=extra))).survey
    assert survey.facilities["type"].tolist() == ["medical.clinic"]
    assert survey.facilities["facility_id"].tolist() == ["t1_2:medical"]
    assert [one.name for one in survey.sources] == ["town.osm", "poi.csv"]


def test_how_the_datum_of_a_list_is_known_is_told(halves):
    lines = ["名称,经度,纬度", f"某社区卫生服务站,{MIDDLE},{BBOX[1] + 0.003}"]
    text(halves, lines, name="poi.csv")
    for typed, told in (('datum = "wgs84"', "declared: wgs84"), ("", "found out: wgs84")):
        extra = f'\n[[facilities.tables]]\nfile = "poi.csv"\n{typed}\n'
        with heard() as said:
            inputs = read_inputs(load_config(write_study(halves, extra=extra)))
        assert inputs.datums["poi.csv"].startswith(told)
        assert any("nobody declares the datum" in one for one in said) == (not typed)


def test_a_complete_list_that_loses_rows_is_told(halves):
    lines = ["名称,经度,纬度", f"某社区卫生服务站,{MIDDLE},{BBOX[1] + 0.003}", "他社区卫生服务站,,"]
    text(halves, lines, name="poi.csv")
    extra = '\n[[facilities.tables]]\nfile = "poi.csv"\ndatum = "wgs84"\ncomplete = true\n'
    extra += 'as_of = 2026-06-30\nservice = "medical"\n'
    with heard() as said:
        read_inputs(load_config(write_study(halves, extra=extra)))
    assert any("declared complete, but 1 of its 2 rows are not used" in one for one in said)


def test_warnings_of_tables_are_the_projects_own(halves):
    text(halves, ["社区,人口", "西社区,5", "远社区,7"], name="people.csv")
    path = write_study(halves, communities=AREAS, homes='table = "people.csv"')
    with pytest.warns(
        LifecircleWarning, match=r"1 rows with 7 people are in no community \(远社区\)"
    ):
        read_inputs(load_config(path))
