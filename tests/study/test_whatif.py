"""What if: hand-worked on the toy town, and row for row what a run with changed inputs gives."""

from __future__ import annotations

import dataclasses
import warnings
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from lifecircle import geo
from lifecircle.errors import LifecircleWarning, RuleError
from lifecircle.network.additions import add_roads
from lifecircle.sources.osm.facilities import facilities_from_pois
from lifecircle.sources.toytown import TOYTOWN_CRS, TOYTOWN_ORIGIN, toytown
from lifecircle.study import Study, pipeline, waist
from tests.small_town import SERVICES, write_study, write_town

LATER = [
    "remedy",
    "site_id",
    "project_id",
    "year",
    "closes",
    "robust",
    "lead_body",
    "cooperating_body",
]
"""What only the stages after the gaps fill in, and how steady a verdict is."""


def lonlat(x, y):
    at = geo.unproject(np.array([[x, y]], dtype=float) + np.array(TOYTOWN_ORIGIN), TOYTOWN_CRS)
    return tuple(at[0].tolist())


@pytest.fixture
def gaps_of(monkeypatch):
    """Runs a study as far as its gaps: no site is chosen and no verdict shaken."""

    class Answered(Exception):
        pass

    def run(study):
        held = {}

        def steady(standard, waist, levels, scorecard, **rest):
            held.update(scorecard=scorecard)
            return scorecard, None

        def stop(config, inputs, waist, standard, reaches, gaps, *rest):
            held.update(gaps=gaps, reaches=reaches)
            raise Answered

        with monkeypatch.context() as patch:
            patch.setattr(pipeline, "with_steadiness", steady)
            patch.setattr(pipeline, "answers_of_study", stop)
            with pytest.raises(Answered):
                study.run()
        return SimpleNamespace(**held)

    return run


@pytest.fixture
def run(gaps_of):
    """Runs the toy town with another survey, as far as its gaps."""

    def changed(survey):
        study = Study.toytown()
        return gaps_of(
            dataclasses.replace(study, given=dataclasses.replace(study.given, survey=survey))
        )

    return changed


def assert_same(tried, found):
    """The same scores, services, index and gaps, to the last digit."""
    for name in ("scores", "services", "index"):
        ours, theirs = getattr(tried.scorecard, name), getattr(found.scorecard, name)
        pd.testing.assert_frame_equal(
            ours.drop(columns="robust", errors="ignore"),
            theirs.drop(columns="robust", errors="ignore"),
            check_dtype=False,
            check_exact=True,
        )
    pd.testing.assert_frame_equal(
        tried.gaps.table.drop(columns=LATER),
        found.gaps.table.drop(columns=LATER),
        check_dtype=False,
        check_exact=True,
    )
    assert list(tried.gaps.home_reason) == list(found.gaps.home_reason)
    for name, reason in tried.gaps.home_reason.items():
        assert reason.tolist() == found.gaps.home_reason[name].tolist()


def with_row(survey, facility_id, kind, x, y):
    row = survey.facilities[survey.facilities["facility_id"] == "M2"].copy()
    row[["facility_id", "name", "type"]] = [facility_id, None, kind]
    row["service"] = kind.split(".")[0]
    for name in ("floor_m2", "site_m2", "beds"):
        row[name] = np.nan
    row = row.set_geometry([shapely.Point(lonlat(x, y))], crs=row.crs)
    both = pd.concat([survey.facilities, row], ignore_index=True)
    return dataclasses.replace(survey, facilities=gpd.GeoDataFrame(both, crs=row.crs))


def without(survey, facility_id):
    table = survey.facilities
    kept = table[table["facility_id"] != facility_id].reset_index(drop=True)
    doors = survey.facility_entrances
    doors = doors[doors["facility_id"] != facility_id].reset_index(drop=True)
    return dataclasses.replace(survey, facilities=kept, facility_entrances=doors)


# -- bad input ---------------------------------------------------------------------------------
def test_an_unknown_facility_is_refused_with_the_closest_one(toy_findings):
    with pytest.raises(RuleError, match="did you mean 'M2'"):
        toy_findings.without_facility("m2")


def test_an_unknown_type_is_refused_with_the_closest_one(toy_findings):
    lon, lat = lonlat(750, 190)
    with pytest.raises(RuleError, match=r"did you mean 'medical\.station'"):
        toy_findings.with_site(lon=lon, lat=lat, type="medical.staton")


def test_a_site_outside_the_area_is_refused(toy_findings):
    lon, lat = lonlat(750, 190)
    with pytest.raises(RuleError, match="outside the study area"):
        toy_findings.with_site(lon=lat, lat=lon, type="medical.station")
    with pytest.raises(RuleError, match="outside the study area"):
        toy_findings.with_site(lon=lon + 1, lat=lat, type="medical.station")


def test_a_site_on_no_street_is_refused(toy_findings):
    lon, lat = lonlat(1150, -50)
    with pytest.raises(RuleError, match="no street within 200 m"):
        toy_findings.with_site(lon=lon, lat=lat, type="medical.station")


def test_a_gate_away_from_every_wall_or_of_no_estate_is_refused(toy_findings):
    lon, lat = lonlat(640, 300)
    with pytest.raises(RuleError, match="m away"):
        toy_findings.with_gate(lon=lon, lat=lat)
    with pytest.raises(RuleError, match="no closed estate 'D'"):
        toy_findings.with_gate(lon=lon, lat=lat, estate_id="D")


def test_a_link_far_from_streets_is_refused_for_both_ends(toy_findings):
    far = lonlat(1150, -50)
    with pytest.raises(RuleError) as told:
        toy_findings.with_link(far, far)
    assert "start" in str(told.value)
    assert "end" in str(told.value)


# -- hand-worked -------------------------------------------------------------------------------
def test_nothing_changed_makes_no_difference(toy_findings):
    assert len(toy_findings.what_if.difference()) == 0
    assert "nothing changed" in repr(toy_findings.what_if)


def test_without_m2_the_south_bank_has_no_doctor_within_five_minutes(toy_findings):
    table = toy_findings.without_facility("M2").difference()
    told = table.set_index(["area_id", "requirement"])
    assert told.loc[("c2", "medical_5"), "people_gained"] == -728
    assert told.loc[("c2", "medical_5"), "verdict_after"] == "short"
    assert told.loc[("c3", "medical_15"), "share_after"] == 0
    assert set(table["service"]) == {"medical"}


def test_a_culture_centre_on_the_plot_by_the_river_serves_the_south_bank(toy_findings):
    lon, lat = lonlat(780, 190)  # 10 m from y = 200
    told = toy_findings.with_site(lon=lon, lat=lat, type="culture.center").difference()
    told = told.set_index(["area_id", "requirement"])
    # h08 130 + 20 m away and h09 30 + 20, h12, h13 within 333 m; h16 380 m
    assert told.loc[("c2", "culture_5"), "people_gained"] == 128 + 112 + 72 + 48
    assert told.loc[("c3", "culture_15"), "people_gained"] == 160


def test_a_gate_in_the_south_wall_brings_those_of_estate_a_to_the_culture_centre(toy_findings):
    # h03: 50 m to the gate times 1.3, 10 m to y = 300, 100 m on; h04: 58.3 x 1.3 + 10 + 100.
    lon, lat = lonlat(540, 310)
    tried = toy_findings.with_gate(lon=lon, lat=lat)
    assert "gate of A" in repr(tried)
    walk = tried.reaches["culture_15"].walk_s
    ids = tried.waist.homes.table["home_id"].tolist()
    assert walk[ids.index("h03")] == pytest.approx((65 + 10 + 100) * 0.9, abs=0.05)
    assert walk[ids.index("h04")] == pytest.approx((58.3095 * 1.3 + 10 + 100) * 0.9, abs=0.05)
    told = tried.difference().set_index(["area_id", "requirement"])
    assert told.loc[("c1", "culture_5"), "people_gained"] == 240 + 200


def test_changes_add_up_and_undo_each_other(toy_findings):
    lon, lat = lonlat(780, 190)
    both = toy_findings.with_site(lon=lon, lat=lat, type="culture.center").without_facility("M2")
    assert set(both.difference()["service"]) == {"culture", "medical"}
    back = both.without_facility("what-if-1")
    assert set(back.difference()["service"]) == {"medical"}
    assert_same(back, toy_findings.without_facility("M2"))


def test_a_notebook_is_shown_safe_text(toy_findings):
    html = toy_findings.without_facility("M2")._repr_html_()
    assert "<table" in html
    assert "南岸社区" in html


def test_the_findings_are_not_changed(toy_findings):
    before = toy_findings.scorecard.scores.copy()
    gaps = toy_findings.gaps.table.copy()
    toy_findings.without_facility("E2")
    toy_findings.with_gate(lon=lonlat(540, 310)[0], lat=lonlat(540, 310)[1])
    pd.testing.assert_frame_equal(toy_findings.scorecard.scores, before)
    pd.testing.assert_frame_equal(toy_findings.gaps.table, gaps)


# -- laws --------------------------------------------------------------------------------------
@pytest.mark.parametrize("at", [(540, 310), (500, 310), (590, 350), (480, 390)])
def test_a_further_gate_never_takes_access_away(toy_findings, at):
    lon, lat = lonlat(*at)
    tried = toy_findings.with_gate(lon=lon, lat=lat, estate_id="A")
    assert (tried.difference("study")["people_gained"] >= 0).all()


@pytest.mark.parametrize("ends", [((450, 200), (450, 300)), ((650, 100), (650, 200))])
def test_a_link_never_takes_access_away(toy_findings, ends):
    tried = toy_findings.with_link(lonlat(*ends[0]), lonlat(*ends[1]))
    assert (tried.difference("study")["people_gained"] >= 0).all()


# -- a run with changed inputs -----------------------------------------------------------------
@pytest.mark.parametrize("facility_id", ["M1", "M2", "K1", "F1", "F2", "E1", "E3", "K2"])
def test_without_a_facility_is_a_run_without_it(toy_findings, run, facility_id):
    assert_same(toy_findings.without_facility(facility_id), run(without(toytown(), facility_id)))


@pytest.mark.parametrize(
    ("kind", "at"),
    [
        ("medical.station", (780, 190)),
        ("culture.library", (350, 190)),
        ("fitness.hall", (560, 360)),
    ],
)
def test_with_a_site_is_a_run_with_it(toy_findings, run, kind, at):
    lon, lat = lonlat(*at)
    tried = toy_findings.with_site(lon=lon, lat=lat, type=kind)
    assert_same(tried, run(with_row(toytown(), "what-if-1", kind, *at)))


@pytest.mark.parametrize("at", [(540, 310), (590, 350)])
def test_with_a_gate_is_a_run_with_it(toy_findings, run, at):
    survey = toytown()
    row = survey.gates[survey.gates["estate_id"] == "A"].iloc[:1].copy()
    row["gate_id"] = "gA2"
    row = row.set_geometry([shapely.Point(lonlat(*at))], crs=row.crs)
    both = gpd.GeoDataFrame(pd.concat([survey.gates, row], ignore_index=True), crs=row.crs)
    lon, lat = lonlat(*at)
    tried = toy_findings.with_gate(lon=lon, lat=lat, estate_id="A")
    assert_same(tried, run(dataclasses.replace(survey, gates=both)))


def test_with_a_link_is_a_run_with_it(toy_findings, run):
    survey = toytown()
    crs = toy_findings.inputs.crs
    ends = [lonlat(450, 200), lonlat(450, 300)]  # a footbridge beside K1's side of the town
    road = gpd.GeoDataFrame(
        {"highway": ["footway"]}, geometry=[shapely.LineString(ends)], crs=geo.WGS84
    ).to_crs(crs)
    streets = add_roads(survey.streets, road, crs).streets
    tried = toy_findings.with_link(*ends)
    found = run(dataclasses.replace(survey, streets=streets))
    assert len(tried.difference()) > 0
    assert_same(tried, found)


def test_a_town_from_files_answers_as_its_changed_file_would(tmp_path):
    whole, less = tmp_path / "whole", tmp_path / "less"
    for folder in (whole, less):
        folder.mkdir()
    write_town(whole)
    write_town(less, services=[one for one in SERVICES if one != "culture"])
    # A file that stops before the last service keeps the ids of the others only by their place.
    ours = Study.load(write_study(whole)).run()
    theirs = Study.load(write_study(less)).run()
    table = ours.results.waist.facilities.table
    mine = table.loc[table["service"] == "culture", "facility_id"]
    assert len(mine) == 1
    tried = ours.without_facility(mine.iloc[0])
    key = ["level", "area_id", "requirement"]
    culture = tried.scorecard.scores["service"] == "culture"
    pd.testing.assert_frame_equal(
        tried.scorecard.scores[culture].set_index(key).drop(columns="robust"),
        theirs.scorecard.scores[theirs.scorecard.scores["service"] == "culture"]
        .set_index(key)
        .drop(columns="robust"),
        check_dtype=False,
    )


def test_in_the_middle_of_a_real_town_too_an_answer_is_that_of_a_run(monkeypatch, gaps_of):
    def all_but(facility_id):
        def mapped(*given):
            table, rest = facilities_from_pois(*given)
            return table[table["facility_id"] != facility_id].reset_index(drop=True), rest

        return mapped

    study = Study.demo()
    less = {
        "area": {"relation": None, "bbox": (13.245, 53.548, 13.275, 53.566)},
        "homes": {"total": 20_000.0},
        "land": {"osm": False},
        "siting": {"max_sites": 0},
    }
    sections = {
        name: getattr(study.config, name).model_copy(update=values) for name, values in less.items()
    }
    study = dataclasses.replace(study, config=study.config.model_copy(update=sections))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LifecircleWarning)
        found = study.run()
        table = found.results.waist.facilities.table
        gone = table.loc[table["type"] == "culture.library", "facility_id"].iloc[0]
        tried = found.without_facility(gone)
        monkeypatch.setattr(waist, "facilities_from_pois", all_but(gone))
        theirs = gaps_of(dataclasses.replace(study, given=found.inputs))
    assert len(tried.difference()) > 0
    for name, reach in theirs.reaches.items():
        assert tried.reaches[name].covered.tolist() == reach.covered.tolist()
    assert_same(tried, theirs)
