"""Units of a study: given ones first, proposals where there are none, people conserved."""

from __future__ import annotations

import pandas as pd
import pytest

from lifecircle.study import Study
from tests.small_town import write_study, write_town


def found_in(folder, extra=""):
    write_town(folder)
    return Study.load(write_study(folder, extra)).run()


def test_given_units_stay_and_none_is_proposed_beside_them(toy_findings):
    units = toy_findings.results.units
    assert units["unit_id"].tolist() == ["u1", "u2"]
    assert set(units["origin"]) == {"given"}
    assert units["people"].tolist() == [1040.0, 1048.0]
    assert units["in_use"].all()
    level = toy_findings.scorecard.scores
    assert set(level.loc[level["level"] == "unit", "area_id"]) == {"u1", "u2"}


def test_services_of_given_units_are_those_of_the_scores(toy_findings):
    services = toy_findings.results.unit_services.set_index(["unit_id", "requirement"])
    scores = toy_findings.scorecard.scores
    scores = scores[scores["level"] == "unit"].set_index(["area_id", "requirement"])
    for key, row in services.iterrows():
        assert row["covered"] == scores.loc[key, "covered"]
        assert row["met"] == {"met": True, "short": False}.get(scores.loc[key, "verdict"])


def test_where_none_is_given_both_tiers_are_proposed_and_five_minutes_count(tmp_path):
    found = found_in(tmp_path)
    units = found.results.units
    assert set(units["tier"]) == {5.0, 15.0}
    for _, tier in units.groupby("tier"):
        members = [one for text in tier["communities"] for one in text.split(";")]
        assert sorted(members) == sorted(found.communities["community_id"])
        assert tier["people"].sum() == pytest.approx(found.communities["people"].sum(), abs=1e-9)
    used = set(units.loc[units["in_use"], "unit_id"])
    assert used == set(found.communities["unit_id"])
    assert set(found.homes["unit_id"].dropna()) <= used
    assert set(units.loc[units["in_use"], "tier"]) == {5.0}
    assert len(found.results.advice) == 0  # communities were drawn by the program


def test_the_tier_that_counts_can_be_chosen_and_proposals_be_left_out(tmp_path):
    chosen = found_in(tmp_path, "[units]\ntier = 15\n").results.units
    assert set(chosen.loc[chosen["in_use"], "tier"]) == {15.0}
    none = found_in(tmp_path, "[units]\npropose = false\n")
    assert len(none.results.units) == 0
    assert none.communities["unit_id"].isna().all()


def test_the_tables_are_written(tmp_path):
    found = found_in(tmp_path)
    found.save(tmp_path / "out")
    for name in ("units", "unit_services", "advice"):
        assert (tmp_path / "out" / "tables" / f"{name}.csv").exists()
    told = pd.read_csv(tmp_path / "out" / "tables" / "units.csv")
    assert told["people"].sum() == pytest.approx(2 * found.communities["people"].sum(), abs=0.2)
