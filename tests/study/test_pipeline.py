"""The stages in their order: each gets what the one before gave, and says what it warns of."""

from __future__ import annotations

import dataclasses
import warnings

import pandas as pd
import pytest

from lifecircle.study import Study
from lifecircle.study.pipeline import run_stages
from lifecircle.study.stages import Stages
from tests.small_town import SERVICES, write_study, write_town
from tests.toytown_answers import EXPECTED_SHARES, EXPECTED_WALKS, REQUIREMENTS, TOLERANCE_S

ORDER = (
    "streets",
    "communities",
    "facilities",
    "homes",
    "units",
    "reach",
    "access",
    "robustness",
    "sizes",
    "gaps",
    "provision",
    "land",
    "ways",
    "siting",
    "remedies",
    "programme",
    "choice",
    "isochrones",
    "measures",
)


def small(folder, extra="", services=tuple(SERVICES), **sections):
    write_town(folder, services=services)
    return Study.load(write_study(folder, extra, **sections)).run()


def test_stages_run_in_order_and_are_announced_as_they_begin():
    heard = []
    study = Study.toytown()
    found = study.run(heard.append)
    assert tuple(heard) == ORDER
    assert tuple(found.results.timings) == ORDER


def test_reading_is_a_stage_of_its_own(small_study):
    heard = []
    Study.load(small_study).run(heard.append)
    assert tuple(heard) == ("read", *ORDER)


def test_there_is_one_reach_for_every_requirement(toy_findings):
    assert tuple(sorted(toy_findings.results.reaches)) == tuple(sorted(REQUIREMENTS))
    for name, reach in toy_findings.results.reaches.items():
        assert reach.requirement.id == name
        assert len(reach.walk_s) == 18


def test_walks_and_shares_come_through_as_worked_by_hand(toy_findings):
    homes = toy_findings.homes.set_index("home_id")
    for walk in EXPECTED_WALKS:
        found = homes.loc[walk.home_id, f"{walk.service}_15_s"]
        if walk.walk_s is None or walk.walk_s > 1800:
            assert pd.isna(found)
        else:
            assert found == pytest.approx(walk.walk_s, abs=TOLERANCE_S), walk.why
            assert homes.loc[walk.home_id, f"{walk.service}_15_facility_id"] == walk.facility_id
    scores = toy_findings.scorecard.scores.set_index(["area_id", "requirement"])
    for share in EXPECTED_SHARES:
        row = scores.loc[(share.community_id, share.requirement)]
        assert row["covered"] == share.covered
        assert row["people"] == share.people


def test_gaps_know_the_site_and_the_project_that_close_them(toy_findings):
    gaps, sites = toy_findings.gaps.table, toy_findings.sites.table
    closed = gaps.dropna(subset=["site_id"])
    assert len(closed) > 0
    assert set(closed["site_id"]) <= set(sites["site_id"])
    assert sites["project_id"].notna().all()
    year = sites.set_index("site_id")["year"]
    assert (closed["year"] == closed["site_id"].map(year)).all()
    assert toy_findings.programme.gaps["site_id"].equals(gaps["site_id"])


def test_what_the_data_do_not_know_is_no_gap_and_is_said(tmp_path):
    found = small(tmp_path, services=("medical", "culture", "fitness"))
    assert "no facility of elder_care is in the data" in found.warnings
    told = [one for one in found.warnings if one.startswith("too few facilities are known")]
    assert len(told) == 1
    assert "elder_care_5, elder_care_15" in told[0]
    assert "facilities.complete" in told[0]
    scores = found.scorecard.scores.set_index(["area_id", "requirement"])
    assert scores.loc[("study", "elder_care_15"), "verdict"] == "unknown"
    assert set(found.gaps.for_service("elder_care")["reason"]) == {"no_data"}
    assert found.scorecard.index["gaps"].max() < len(found.gaps)
    assert "elder_care" not in set("; ".join(found.sites.table["services"]).split("; "))


def test_a_list_declared_complete_makes_nothing_a_gap_again(tmp_path):
    """Nobody can reach what is not there: with a complete list that is known, not unknown."""
    found = small(tmp_path, services=("medical",), facilities='complete = ["elder_care"]')
    scores = found.scorecard.scores.set_index(["area_id", "requirement"])
    assert scores.loc[("study", "elder_care_15"), "verdict"] == "short"
    assert scores.loc[("study", "elder_care_15"), "share"] == 0
    assert scores.loc[("study", "culture_15"), "verdict"] == "unknown"
    assert set(found.gaps.for_service("elder_care")["reason"]) == {"none"}


def test_land_of_the_map_can_be_left_out(toy_findings):
    study = Study.toytown()
    land = study.config.land.model_copy(update={"osm": False})
    config = study.config.model_copy(update={"land": land})
    results = run_stages(config, study.given, Stages())
    assert set(results.parcels["origin"]) == {"listed"}
    assert set(results.parcels["parcel_id"]) == {"p1", "p2", "p3"}
    every = toy_findings.results.parcels
    assert {"p1", "p2", "p3"} <= set(every["parcel_id"])
    assert set(every["origin"]) <= {"listed", "tagged", "residual"}


def test_results_do_not_hang_on_the_order_of_rows():
    study = Study.toytown()
    survey = study.given.survey
    names = ("homes", "facilities", "communities", "parcels", "estates", "barriers", "ground")
    turned = dataclasses.replace(
        survey, **{name: getattr(survey, name).iloc[::-1] for name in names}
    )
    one = run_stages(study.config, study.given, Stages())
    two = run_stages(study.config, dataclasses.replace(study.given, survey=turned), Stages())
    for left, right in (
        (one.scorecard.scores, two.scorecard.scores),
        (one.scorecard.services, two.scorecard.services),
        (one.scorecard.index, two.scorecard.index),
        (one.gaps.table, two.gaps.table),
        (one.sites.table, two.sites.table),
        (one.programme.projects, two.programme.projects),
        (one.programme.programme, two.programme.programme),
    ):
        pd.testing.assert_frame_equal(left, right)


def test_warnings_of_others_are_not_swallowed():
    stages = Stages()

    def stage():
        with stages.stage("any"):
            warnings.warn("of somebody else", DeprecationWarning, stacklevel=1)

    with pytest.raises(DeprecationWarning, match="of somebody else"):
        stage()
    assert stages.warnings == []
