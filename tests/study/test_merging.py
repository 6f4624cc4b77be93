"""Lists of a study become one set: what is complete, what counts, and where every row went."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import shapely

from lifecircle.study import Study
from lifecircle.study.merging import complete_services, merged_sources, merging_facts
from lifecircle.study.stages import Stages
from lifecircle.study.waist import build_waist
from tests.small_town import SOUTH, STEP_LAT, STEP_LON, WEST, write_study, write_town
from tests.sources.planner_files import is_balanced

STATIONS = ("临江社区卫生服务站", "临河社区卫生服务站", "临湖社区卫生服务站")


def written(folder, name, names, columns=(0, 1, 2), **more):
    shapes = [shapely.Point(WEST + (0.3 + at) * STEP_LON, SOUTH + 2.2 * STEP_LAT) for at in columns]
    table = gpd.GeoDataFrame({"名称": list(names), **more}, geometry=shapes, crs=4326)
    table.to_file(folder / name)


def study_of(folder, *lists, **sections):
    write_town(folder, services=(), houses=True, places=True)
    extra = "".join(f'\n[[facilities.tables]]\nfile = "{name}"\n{more}' for name, more in lists)
    return Study.load(write_study(folder, extra, **sections))


def waist_of(study):
    stages = Stages()
    inputs = study._inputs(stages)
    return build_waist(study.config, inputs, stages), inputs, stages.warnings


def two_lists(folder, bureau="", **sections):
    written(folder, "bureau.gpkg", STATIONS[:2], columns=(0, 1), 备注=[None, "已注销"])
    written(folder, "poi.gpkg", STATIONS, type=["医疗保健服务;诊所;诊所"] * 3)
    lists = (("poi.gpkg", 'codes = "amap"\n'), ("bureau.gpkg", bureau))
    return study_of(folder, *lists, **sections)


def test_a_study_without_lists_has_nothing_to_compare():
    waist, inputs, _ = waist_of_toytown()
    assert merging_facts(waist.merged) == {}
    assert merged_sources(inputs.survey.sources, waist.merged) == inputs.survey.sources


def waist_of_toytown():
    study, stages = Study.toytown(), Stages()
    return build_waist(study.config, study.given, stages), study.given, stages.warnings


def test_lists_become_one_set_and_every_row_is_accounted_for(tmp_path):
    waist, inputs, said = waist_of(two_lists(tmp_path))
    table = waist.facilities.table.set_index("name")
    assert table.loc[STATIONS[0], "source"] == "bureau.gpkg; poi.gpkg"
    assert table.loc[STATIONS[1], "status"] == "closed"  # the bureau knows
    assert len(table) == 3
    sources = {one.name: one for one in merged_sources(inputs.survey.sources, waist.merged)}
    assert (sources["poi.gpkg"].rows_used, sources["poi.gpkg"].rows_merged) == (1, 2)
    assert sources["bureau.gpkg"].rows_used == 2
    for one in sources.values():
        assert is_balanced(dataclasses.replace(one, rows_in=one.rows_in - one.rows_merged))
    assert merging_facts(waist.merged)["poi.gpkg / bureau.gpkg"] == (
        "2 in both, 1 only in the first, 0 only in the second"
    )
    assert any("do not agree whether they exist" in one and STATIONS[1] in one for one in said)


def test_what_a_complete_list_lacks_is_in_doubt_unless_the_study_says_count(tmp_path):
    waist, inputs, said = waist_of(two_lists(tmp_path, "complete = true\n"))
    assert waist.complete == {"medical"}
    status = waist.facilities.table.set_index("name")["status"]
    assert status[STATIONS[2]] == "unconfirmed"
    assert any(STATIONS[2] in one and 'unlisted = "count"' in one for one in said)
    sources = {one.name: one for one in merged_sources(inputs.survey.sources, waist.merged)}
    assert sources["poi.gpkg"].rows_doubtful == 1
    counted, *_ = waist_of(
        two_lists(tmp_path, "complete = true\n", facilities='unlisted = "count"')
    )
    assert counted.facilities.table.set_index("name")["status"][STATIONS[2]] == "existing"


def test_a_complete_list_speaks_for_what_it_is_about_only(tmp_path):
    names = [f"{one}社区卫生服务站" for one in "甲乙丙丁戊己庚辛壬癸子"] + ["仁济大药房"]
    written(tmp_path, "health.gpkg", names, columns=range(12))
    study = study_of(tmp_path, ("health.gpkg", "complete = true\n"))
    given = study._inputs(Stages()).survey.facilities
    assert set(given["service"]) == {"medical", "daily"}
    assert complete_services(study.config, given) == {"medical"}
    assert complete_services(study.config, None) == frozenset()
