"""Before and after, steadiness and wishes of a whole run: laws, and searches of their own."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from lifecircle import tables
from lifecircle.places.asked import people_asked
from lifecircle.siting.wishes import WHY
from lifecircle.study import Study
from lifecircle.study.after import after_table, covered_after


@pytest.fixture(scope="module")
def results(toy_findings):
    return toy_findings.results


@pytest.fixture(scope="module")
def one_site():
    """The toy town with one site only, so that gaps stay open."""
    study = Study.toytown()
    siting = study.config.siting.model_copy(update={"max_sites": 1})
    config = study.config.model_copy(update={"siting": siting})
    return dataclasses.replace(study, config=config).run().results


def test_columns_are_the_contracts(results):
    choice = results.choice
    assert list(choice.curve.columns) == list(tables.CURVE)
    assert list(choice.alternatives.columns) == list(tables.CHOICES)
    assert list(choice.frequency.columns) == list(tables.FREQUENCY)
    assert list(choice.wishes.columns) == list(tables.WISHES)
    assert list(choice.after.columns) == list(tables.AFTER)
    assert list(results.sites.table.columns) == list(tables.SITES)


def test_what_siting_verified_is_what_a_full_search_finds(results):
    wanted = tuple(sorted(set(results.gaps.table["requirement"])))
    verified = covered_after(results.standard, results.today, results.sites, wanted)
    searched = covered_after(
        results.standard,
        results.today,
        dataclasses.replace(results.sites, served={}),
        (),
    )
    for name in verified:
        assert (verified[name] == searched[name]).all()


def test_sites_never_take_anything_away(results):
    after = results.choice.after
    assert (after["gained"] >= -1e-9).all()
    known = after.dropna(subset=["share"])
    assert (known["share_after"] >= known["share"] - 1e-12).all()
    assert not ((after["verdict"] == "met") & (after["verdict_after"] != "met")).any()
    assert not ((after["verdict"] != "unknown") & (after["verdict_after"] == "unknown")).any()


def test_what_areas_gain_adds_up(results):
    after = results.choice.after
    whole = after[after["level"] == "study"].set_index("requirement")["gained"]
    parts = after[after["level"] == "community"].groupby("requirement")["gained"].sum()
    assert parts.reindex(whole.index).tolist() == pytest.approx(whole.tolist())


def test_shares_of_today_are_those_of_the_scores(results):
    scores = results.scorecard.scores
    keys = ["level", "area_id", "requirement"]
    both = results.choice.after.merge(scores, on=keys, suffixes=("", "_scored"))
    assert len(both) == len(results.choice.after)
    assert len(both) == (scores["level"] != "estate").sum()
    pd.testing.assert_series_equal(both["share"], both["share_scored"], check_names=False)
    pd.testing.assert_series_equal(both["verdict"], both["verdict_scored"], check_names=False)


def test_gains_are_the_people_the_sites_serve(results):
    homes = results.waist.homes.table
    after = results.choice.after
    whole = after[after["level"] == "study"].set_index("requirement")["gained"]
    for name in sorted(set(results.gaps.table["requirement"])):
        rows = [np.empty(0, dtype=np.int64)]
        rows += [served[name] for served in results.sites.served.values() if name in served]
        people = np.nan_to_num(people_asked(homes, results.standard.requirement(name)))
        served = people[np.unique(np.concatenate(rows))].sum()
        assert whole[name] == pytest.approx(served)


def test_without_sites_nothing_changes(results):
    none = dataclasses.replace(
        results.sites, table=results.sites.table.iloc[:0], served={}, newly_covered=0.0
    )
    covered = covered_after(results.standard, results.today, none, ())
    after = after_table(results.standard, results.today, covered)
    assert (after["gained"] == 0).all()
    pd.testing.assert_series_equal(after["share"], after["share_after"], check_names=False)


def test_wishes_are_the_people_who_stay_outside(one_site):
    wishes, after = one_site.choice.wishes, one_site.choice.after
    assert len(one_site.sites) == 1
    assert len(wishes)
    assert set(wishes["why"]) <= set(WHY)
    there = after[after["level"] == "community"].set_index(["area_id", "requirement"])
    open_gaps = one_site.gaps.table[one_site.gaps.table["reason"] != "no_data"]
    told = wishes.groupby("gap_id")["people_left"].sum()
    for gap in open_gaps.itertuples():
        row = there.loc[(gap.community_id, gap.requirement)]
        if row["verdict_after"] == "met":
            assert gap.gap_id not in told.index
        else:
            left = row["people"] * (1 - row["share_after"])
            assert told[gap.gap_id] == pytest.approx(left)


def test_more_sites_would_help_where_only_their_number_is_short(one_site):
    wishes = one_site.choice.wishes
    first = wishes[wishes["why"] == "one_more"].iloc[0]
    assert first["would_help"] == "more_sites"
    assert 0 < first["gain"] <= first["people_left"] + 1e-9


def test_the_same_study_says_the_same_again(results):
    again = Study.toytown().run().results.choice
    for name in ("curve", "alternatives", "frequency", "wishes", "after", "sites"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(results.choice, name))
