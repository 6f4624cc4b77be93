"""From a survey to the tables every later stage trusts: nobody lost, nothing counted twice."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lifecircle.errors import InputError
from lifecircle.study import Study
from lifecircle.study.inputs import Inputs
from lifecircle.study.stages import Stages
from lifecircle.study.waist import build_waist
from tests.small_town import (
    BBOX,
    SERVICES,
    SOUTH,
    STEP_LAT,
    STEP_LON,
    WEST,
    write_study,
    write_town,
)
from tests.toytown_answers import EXPECTED_STATUS


def waist_of(study, inputs=None):
    stages = Stages()
    given = inputs if inputs is not None else study.given or study._inputs(stages)
    return build_waist(study.config, given, stages), stages.warnings


def small(folder, extra="", services=tuple(SERVICES), houses=True, places=True, **sections):
    write_town(folder, services=services, houses=houses, places=places)
    return Study.load(write_study(folder, extra, **sections))


# -- what is refused ---------------------------------------------------------------------------
def test_without_any_home_there_is_no_study(tmp_path):
    with pytest.raises(InputError) as caught:
        waist_of(small(tmp_path, houses=False))
    assert "homes: neither a residential building nor residential land" in str(caught.value)
    assert "homes.buildings" in caught.value.problems[0].remedy


def test_without_places_of_the_kind_there_are_no_communities(tmp_path):
    with pytest.raises(InputError) as caught:
        waist_of(small(tmp_path, places=False))
    assert "places" in str(caught.value)
    assert caught.value.problems[0].remedy


def test_communities_somewhere_else_are_told(tmp_path):
    far = gpd.GeoDataFrame({"id": ["a"]}, geometry=[shapely.box(5, 50, 6, 51)], crs=4326)
    far.to_file(tmp_path / "c.gpkg")
    with pytest.raises(InputError, match=r"communities\.file: no community lies in the study area"):
        waist_of(small(tmp_path, communities='file = "c.gpkg"'))


# -- warnings ----------------------------------------------------------------------------------
def test_without_people_every_home_weighs_the_same_and_it_is_said(tmp_path):
    waist, said = waist_of(small(tmp_path, homes='buildings = "osm"'))
    assert said == [
        "no population is known: 30 homes weigh the same, and every count of people is a count "
        "of homes"
    ]
    assert set(waist.homes.table["people"]) == {1.0}
    assert set(waist.homes.table["origin"]) == {"equal"}


def test_a_service_without_facilities_is_named(tmp_path):
    waist, said = waist_of(small(tmp_path, services=("medical", "fitness")))
    assert said == ["no facility of culture, elder_care is in the data"]
    assert set(waist.facilities.table["service"]) == {"medical", "fitness"}


def test_homes_and_facilities_far_from_streets_are_counted(toy_findings):
    homes = toy_findings.results.waist.homes.table.set_index("home_id")
    assert homes.loc[homes["status"] != "ok", "status"].to_dict() == EXPECTED_STATUS
    assert toy_findings.warnings == (
        "homes farther than 200 m from any street, counted as not covered: 1, with 8 people",
        "homes on an island of streets, counted as not covered: 1, with 16 people; 1 of 2 parts "
        "of the streets are islands",
        "closed estates without known paths inside: 1; the way of 2 homes, with 264 people "
        "(12.6%), to the gates is taken as 1.3 times the straight line",
        "sizes are known for under 80% of what fitness_5, fitness_15 reach: how much supply people "
        "share is not told there (add floor areas, sites, beds or places)",
    )


def test_a_facility_nobody_can_walk_to_is_named():
    study = Study.toytown()
    survey = study.given.survey
    moved = survey.facilities.copy()
    lost = moved["facility_id"] == "F3"
    moved.loc[lost, "geometry"] = survey.homes.geometry[survey.homes["home_id"] == "h18"].to_list()
    entrances = survey.facility_entrances[survey.facility_entrances["facility_id"] != "F3"]
    survey = dataclasses.replace(survey, facilities=moved, facility_entrances=entrances)
    waist, said = waist_of(study, dataclasses.replace(study.given, survey=survey))
    assert said[0] == (
        "facilities on no street within 200 m, or on an island of streets, counted as reached by "
        "nobody: 1 (F3)"
    )
    assert "F3" in set(waist.facilities.table["facility_id"])


# -- tables ------------------------------------------------------------------------------------
def test_people_of_the_input_are_the_people_of_the_homes_and_communities(tmp_path, toy_findings):
    town, _ = waist_of(small(tmp_path))
    assert town.homes.table["people"].sum() == pytest.approx(300, abs=1e-9)
    assert town.communities["people"].sum() == pytest.approx(300, abs=1e-9)
    toy = toy_findings.results.waist
    assert toy.homes.table["people"].sum() == pytest.approx(2088, abs=1e-9)
    assert toy.communities.set_index("community_id")["people"].to_dict() == {
        "c1": 1040,
        "c2": 864,
        "c3": 184,
        "c4": 0,
    }


def test_people_of_the_communities_file_stay_in_their_community(tmp_path):
    middle = WEST + 2.5 * STEP_LON
    halves = [
        shapely.box(BBOX[0], BBOX[1], middle, BBOX[3]),
        shapely.box(middle, BBOX[1], BBOX[2], BBOX[3]),
    ]
    names = {"id": ["w", "e"], "name": ["W", "E"], "人口": [70, 130]}
    frame = gpd.GeoDataFrame(names, geometry=halves, crs=4326)
    frame.to_file(tmp_path / "c.gpkg")
    waist, said = waist_of(small(tmp_path, communities='file = "c.gpkg"', homes=None))
    assert said == []
    people = waist.communities.set_index("community_id")["people"]
    assert people["w"] == pytest.approx(70, abs=1e-9)
    assert people["e"] == pytest.approx(130, abs=1e-9)


@pytest.mark.parametrize(
    ("draw", "count"),
    [('draw = "grid"\ncell_m = 250', 12), ('draw = "places"\nplace_kinds = ["suburb"]', 2)],
)
def test_communities_are_drawn_over_the_whole_area(tmp_path, draw, count):
    waist, _ = waist_of(small(tmp_path, communities=draw))
    assert len(waist.communities) >= count
    together = shapely.union_all(waist.communities.geometry.to_numpy())
    assert shapely.area(shapely.difference(waist.area, together)) < 1e-3 * waist.area.area
    assert waist.homes.table["community_id"].notna().all()


def test_homes_outside_the_area_or_the_data_are_kept_with_a_status(tmp_path):
    study = Study.toytown()
    area = shapely.box(*study.given.area.bounds)
    west, south, east, north = area.bounds
    half = shapely.box(west, south, (west + east) / 2, north)
    waist, said = waist_of(study, dataclasses.replace(study.given, area=half))
    homes = waist.homes.table
    assert len(homes) == 18
    outside = ~shapely.intersects(waist.area, homes.geometry.to_numpy())
    assert outside.any()
    assert (homes.loc[outside, "status"] == "outside").all()
    assert any(one.startswith("homes outside the study area") for one in said)

    survey = dataclasses.replace(study.given.survey, extent=half)
    waist, said = waist_of(study, dataclasses.replace(study.given, survey=survey))
    beyond = ~shapely.intersects(waist.extent, waist.homes.table.geometry.to_numpy())
    assert (waist.homes.table.loc[beyond, "status"] == "edge").all()
    assert any(one.startswith("homes beyond the data, marked as edge") for one in said)


def test_a_listed_facility_and_the_same_one_on_the_map_count_once(tmp_path):
    clinic = shapely.Point(WEST + 0.3 * STEP_LON, SOUTH + 2 * STEP_LAT)
    other = shapely.Point(WEST + 4.5 * STEP_LON, SOUTH)
    frame = gpd.GeoDataFrame({"name": ["Clinic", "B"]}, geometry=[clinic, other], crs=4326)
    frame.to_file(tmp_path / "list.gpkg")
    listed = '\n[[facilities.tables]]\nfile = "list.gpkg"\nservice = "medical"\ntype = "{}"\n'
    same, _ = waist_of(small(tmp_path, listed.format("medical.clinic")))
    medical = same.facilities.table[same.facilities.table["service"] == "medical"]
    assert sorted(medical["source"]) == ["list.gpkg", "list.gpkg; OSM"]
    another, _ = waist_of(small(tmp_path, listed.format("medical.center")))
    kinds = another.facilities.table.loc[another.facilities.table["service"] == "medical", "type"]
    assert sorted(kinds) == ["medical.center", "medical.center"]  # one name, one place


def test_facilities_of_the_map_can_be_left_out(tmp_path):
    waist, said = waist_of(small(tmp_path, facilities="osm = false"))
    assert len(waist.facilities.table) == 0
    assert said == ["no facility of medical, culture, fitness, elder_care is in the data"]


def test_everything_is_in_one_metric_system(toy_findings):
    waist = toy_findings.results.waist
    for table in (waist.homes.table, waist.facilities.table, waist.communities, waist.entrances):
        assert table.crs == toy_findings.inputs.crs
    assert all(table.crs == toy_findings.inputs.crs for table in waist.survey.values())
    width, height = np.diff(np.reshape(waist.area.bounds, (2, 2)), axis=0)[0]
    assert width == pytest.approx(1300, abs=1)
    assert height == pytest.approx(650, abs=1)


def test_the_order_of_rows_changes_nothing():
    study = Study.toytown()
    survey = study.given.survey
    names = ("homes", "facilities", "communities", "estates", "gates", "pois", "facility_entrances")
    turned = dataclasses.replace(
        survey, **{name: getattr(survey, name).iloc[::-1] for name in names}
    )
    shuffled = dataclasses.replace(study.given, survey=turned)
    one, _ = waist_of(study)
    two, _ = waist_of(study, shuffled)
    for name in ("homes", "facilities"):
        left, right = getattr(one, name), getattr(two, name)
        assert left.table.equals(right.table)
        assert np.array_equal(left.compound, right.compound)
    assert one.communities.equals(two.communities)


def test_the_inputs_stay_as_they_were():
    study = Study.toytown()
    survey = study.given.survey
    before = {name: getattr(survey, name).copy() for name in ("homes", "facilities", "communities")}
    waist_of(study, Inputs(**vars(study.given)))
    for name, table in before.items():
        assert getattr(survey, name).equals(table)
