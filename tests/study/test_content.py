"""The bundle every output is written from says what the stages found, no more and no less."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from lifecircle.study import Study
from lifecircle.study.content import AROUND_M, content_of, homes_with_walks
from lifecircle.study.pipeline import run_stages
from lifecircle.study.stages import Stages
from tests.toytown_answers import REQUIREMENTS


def test_every_home_has_a_walk_or_nothing_for_every_requirement(toy_findings):
    homes = homes_with_walks(toy_findings.results)
    assert len(homes) == 18
    for name in REQUIREMENTS:
        reach = toy_findings.results.reaches[name]
        np.testing.assert_array_equal(homes[f"{name}_s"], reach.walk_s)
        np.testing.assert_array_equal(homes[f"{name}_m"], reach.length_m)
        assert (homes[f"{name}_s"].isna() == homes[f"{name}_facility_id"].isna()).all()
    numbers = homes[[f"{name}_{unit}" for name in REQUIREMENTS for unit in ("s", "m")]]
    assert np.isfinite(numbers.to_numpy(dtype=float)[~numbers.isna().to_numpy()]).all()
    assert (numbers.min() >= 0).all()
    assert homes.crs == toy_findings.inputs.crs


def test_the_waist_keeps_its_homes_as_they_were(toy_findings):
    before = list(toy_findings.results.waist.homes.table.columns)
    homes_with_walks(toy_findings.results)
    assert list(toy_findings.results.waist.homes.table.columns) == before
    assert "medical_5_s" not in before


def test_tables_are_those_of_the_stages(toy_findings):
    content, results = toy_findings.content, toy_findings.results
    for shown, found in (
        (content.scores, results.scorecard.scores),
        (content.services, results.scorecard.services),
        (content.index, results.scorecard.index),
        (content.gaps, results.gaps.table),
        (content.sites.drop(columns="sentence"), results.sites.table.drop(columns="sentence")),
        (content.projects, results.programme.projects),
        (content.programme, results.programme.programme),
    ):
        pd.testing.assert_frame_equal(shown, found)
    assert content.warnings == results.warnings
    assert content.sources == toy_findings.inputs.survey.sources


def test_the_backdrop_stays_around_the_area(toy_findings):
    content = toy_findings.content
    assert set(content.backdrop["kind"]) == {"built", "green", "water"}
    near = shapely.buffer(shapely.envelope(content.area), AROUND_M + 1e-6)
    assert shapely.covers(near, content.backdrop.geometry.to_numpy()).all()
    assert shapely.intersects(content.area, content.buildings.geometry.to_numpy()).all()
    assert list(content.buildings.columns) == ["geometry"]
    for layer in (content.backdrop, content.buildings, content.streets, content.isochrones):
        assert layer.crs == content.crs


def test_notes_count_what_the_tables_hold(toy_findings):
    notes = toy_findings.content.notes
    assert notes["people"] == "2,088"
    assert notes["homes"] == "18"
    assert notes["closed estates"] == "3"
    assert float(notes["people newly covered by all sites"].replace(",", "")) == pytest.approx(
        toy_findings.sites.newly_covered
    )
    assert all(isinstance(text, str) and text for text in notes.values())


def test_without_sites_nothing_is_said_of_their_proof(toy_findings):
    study = Study.toytown()
    siting = study.config.siting.model_copy(update={"max_sites": 0})
    config = study.config.model_copy(update={"siting": siting})
    content = content_of(config, study.given, run_stages(config, study.given, Stages()))
    assert not [key for key in content.notes if "siting" in key or "sites" in key]
    assert len(content.sites) == len(content.projects) == len(content.programme) == 0
    assert list(content.sites.columns) == list(toy_findings.content.sites.columns)
