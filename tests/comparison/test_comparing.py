"""What changed between two runs of the toy town, worked by hand from its walking times."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from lifecircle.comparison import compare_runs, run_of
from lifecircle.comparison.homes import match_homes
from lifecircle.comparison.results import CHANGES, GAPS, GRADES, direction_of
from lifecircle.errors import RuleError
from lifecircle.study import Study

EFFECTS = ["by_people", "by_facilities", "by_streets", "by_areas", "by_other"]


def row_of(found, area, requirement, level="community", **more):
    table = found.changes
    mine = (table["level"] == level) & (table["area_id"] == area)
    mine &= table["requirement"] == requirement
    for name, value in more.items():
        mine &= table[name] == value
    assert mine.sum() == 1
    return table[mine].iloc[0]


# -- what is refused ---------------------------------------------------------------------------
def test_other_standards_are_never_compared_silently(base):
    other = run_of(Study.toytown(standard="gb50180").run().content)
    with pytest.raises(RuleError, match="--across-standards") as caught:
        compare_runs(base, other)
    assert "gb50180" in str(caught.value)
    found = compare_runs(base, other, across_standards=True)
    assert "different standards" in found.notes[0]
    assert found.requirements == ()  # not one requirement is defined alike
    assert set(found.changes["why"]) == {"rule"}
    assert found.changes["change"].isna().all()
    assert set(found.changes["direction"]) == {"unknown"}
    assert found.grades["index_change"].isna().all()


def test_one_number_changed_makes_another_standard_and_leaves_the_rest(base):
    changed = tuple(
        one.model_copy(update={"target_share": 0.5}) if one.id == "culture_15" else one
        for one in base.standard.requirements
    )
    standard = base.standard.model_copy(update={"requirements": changed})
    other = dataclasses.replace(base, standard=standard)
    with pytest.raises(RuleError, match=r"culture_15: .*target_share 0\.8 → 0\.5"):
        compare_runs(base, other)
    found = compare_runs(base, other, across_standards=True)
    assert len(found.requirements) == len(base.standard.requirements) - 1
    assert set(found.changes["requirement"]) == {"culture_15"}


def test_other_words_in_a_standard_are_the_same_standard(base):
    renamed = tuple(
        one.model_copy(update={"label_en": f"{one.label_en}!"})
        for one in base.standard.requirements
    )
    standard = base.standard.model_copy(update={"requirements": renamed})
    assert len(compare_runs(base, dataclasses.replace(base, standard=standard)).changes) == 0


def test_another_place_is_refused(base):
    away = base.communities.copy()
    away.geometry = away.geometry.translate(50_000, 0)
    with pytest.raises(RuleError, match="different places"):
        compare_runs(base, dataclasses.replace(base, communities=away))


# -- nothing changed ---------------------------------------------------------------------------
def test_a_run_does_not_differ_from_itself(base):
    found = compare_runs(base, base)
    assert list(found.changes.columns) == list(CHANGES)
    assert list(found.grades.columns) == list(GRADES)
    assert list(found.gaps.columns) == list(GAPS)
    assert len(found.changes) == 0
    assert found.notes == ()
    assert set(found.gaps["state"]) == {"stays"}
    assert (found.gaps["change"] == 0).all()
    assert set(found.grades["direction"]) <= {"same", "unknown"}


# -- one thing changed -------------------------------------------------------------------------
def test_a_facility_more_is_told_by_name_where_it_helps(base, richer):
    found = compare_runs(base, richer)
    assert set(found.changes["requirement"]) == {"culture_5", "culture_15"}
    here = found.changes[found.changes["level"] == "community"]
    assert set(here["area_id"]) == {"c2", "c3"}
    assert set(here["why"]) == {"facilities"}
    row = row_of(found, "c2", "culture_15")
    assert (row["verdict_a"], row["verdict_b"], row["direction"]) == ("short", "met", "better")
    assert row["share_a"] == pytest.approx(416 / 864, abs=5e-5)
    assert row["share_b"] == 1
    assert row["by_facilities"] == row["change"]
    assert row[["by_people", "by_streets", "by_areas", "by_other"]].eq(0).all()
    assert "东乡文化站" in row["evidence"]
    assert "448 people gained" in row["evidence"]
    # h09 walks 10 + 50 + 100 + 150 + 10 = 320 m, 288 s; h16 20 m.
    assert row_of(found, "c2", "culture_5")["share_b"] == pytest.approx(112 / 864, abs=5e-5)
    assert row_of(found, "c3", "culture_5")["share_b"] == pytest.approx(160 / 184, abs=5e-5)
    whole = row_of(found, "study", "culture_15", level="study")
    assert whole["change"] == pytest.approx((448 + 160) / 2088, abs=1e-4)
    closed = found.gaps[found.gaps["state"] == "closed"]
    assert ("c2", "culture_15") in set(
        zip(closed["community_id"], closed["requirement"], strict=True)
    )
    assert closed["gap_id_a"].notna().all()
    assert closed["gap_id_b"].isna().all()


def test_a_facility_less_is_the_same_backwards(base, richer):
    there, back = compare_runs(base, richer).changes, compare_runs(richer, base).changes
    keys = ["level", "area_id", "requirement"]
    both = there.merge(back, on=keys, suffixes=("_there", "_back"))
    assert len(both) == len(there) == len(back)
    for name in ("change", "by_facilities"):
        assert (both[f"{name}_there"] == -both[f"{name}_back"]).all()
    assert both["evidence_back"].str.contains("no longer in the data: “东乡文化站”").all()


def test_more_people_in_one_home_are_an_effect_of_people(base, fuller):
    found = compare_runs(base, fuller)
    assert set(found.changes["why"]) == {"people"}
    row = row_of(found, "c1", "culture_5")
    assert row["change"] == pytest.approx(304 / 1280 - 304 / 1040, abs=1e-4)
    assert row["by_people"] == row["change"]
    assert row["direction"] == "worse"
    assert "people 1,040 → 1,280 (+240)" in row["evidence"]
    up = row_of(found, "c1", "fitness_5")
    assert up["change"] == pytest.approx(984 / 1280 - 744 / 1040, abs=1e-4)
    here = found.changes[found.changes["level"] == "community"]
    assert set(here["area_id"]) == {"c1"}


def test_a_bridge_that_is_gone_is_an_effect_of_streets(base, bridge_down):
    found = compare_runs(base, bridge_down)
    here = found.changes[found.changes["level"] == "community"]
    assert set(zip(here["area_id"], here["requirement"], strict=True)) == {("c2", "culture_15")}
    row = row_of(found, "c2", "culture_15")
    assert row["share_b"] == 0
    assert row["by_streets"] == row["change"] == pytest.approx(-416 / 864, abs=1e-4)
    assert row["why"] == "streets"
    assert "the way to “北岸文化活动中心”" in row["evidence"]


def test_a_community_cut_in_two_is_an_effect_of_areas(base, divided):
    found = compare_runs(base, divided)
    # h05 (160 people, culture within 5 minutes) went to c5; 880 people stayed.
    old, rest = 304 / 1040, 144 / 880
    row = row_of(found, "c1", "culture_5")
    assert row["relation"] == "split"
    assert row["by_areas"] == row["change"] == pytest.approx(rest - old, abs=1e-4)
    east = row_of(found, "c5", "culture_5")
    assert (east["relation"], east["area_a"], east["why"]) == ("split", "c1", "areas")
    assert east["by_areas"] == pytest.approx(1 - old, abs=1e-4)
    assert "北岸社区" in east["evidence"]
    assert "15% of it" in east["evidence"]
    assert "x2" not in set(found.changes["area_id"])  # renamed, and nothing else
    grades = found.grades.set_index(["area_id", "minutes"])
    assert grades.loc[("x2", 5), "relation"] == "renamed"
    assert grades.loc[("x2", 5), "area_a"] == "c2"
    stays = found.gaps[found.gaps["community_id"] == "x2"]
    assert set(stays["state"]) == {"stays"}
    assert (stays["gap_id_a"] != stays["gap_id_b"]).all()  # followed through the new id


def test_two_communities_put_together_are_told_as_merged(base, divided):
    found = compare_runs(divided, base)
    rows = found.changes[
        (found.changes["area_id"] == "c1") & (found.changes["level"] == "community")
    ]
    assert set(rows["relation"]) == {"merged"}
    assert set(rows["area_a"]) == {"c1", "c5"}


# -- everything at once ------------------------------------------------------------------------
def test_effects_add_up_to_the_change(base, everything):
    table = compare_runs(base, everything).changes
    told = table.dropna(subset=["change"])
    assert len(told) > 20
    assert np.allclose(told[EFFECTS].sum(axis=1), told["change"], atol=1e-9)
    assert (told["change"] - (told["share_b"] - told["share_a"])).abs().max() < 1e-9
    assert (told["by_other"] == 0).all()
    assert {"people", "facilities", "areas"} <= set(told["why"])


def test_the_effect_of_people_is_what_old_walks_give_with_new_people(base, everything):
    """Worked again from the homes alone."""
    found = compare_runs(base, everything)
    a = base.homes.set_index("home_id")
    b = everything.homes.set_index("home_id").loc[a.index]
    covered = a["culture_5_s"].astype(float) <= 300
    for area, part in b.groupby("community_id"):
        if area not in set(found.changes["area_id"]):
            continue
        at = part.index
        swapped = [
            (home.loc[at, "people"] * covered[at]).sum() / home.loc[at, "people"].sum()
            for home in (a, b)
        ]
        rows = found.changes[
            (found.changes["area_id"] == area) & (found.changes["requirement"] == "culture_5")
        ]
        for row in rows.itertuples():
            assert row.by_people == pytest.approx(swapped[1] - swapped[0], abs=2e-4)


def test_inputs_are_left_as_they_were(base, richer):
    before = [run.homes.copy() for run in (base, richer)]
    compare_runs(base, richer)
    for run, homes in zip((base, richer), before, strict=True):
        pd.testing.assert_frame_equal(pd.DataFrame(run.homes), pd.DataFrame(homes))


# -- less to go by -----------------------------------------------------------------------------
def test_without_homes_nothing_is_taken_apart_and_it_is_said(base, richer):
    found = compare_runs(base, dataclasses.replace(richer, homes=None))
    assert "no homes were saved" in found.notes[0]
    row = row_of(found, "c2", "culture_15")
    assert row["by_other"] == row["change"]
    assert pd.isna(row["by_facilities"])
    assert row["why"] == "other"


def test_homes_that_do_not_give_the_scores_explain_nothing(base, richer):
    homes = richer.homes.copy()
    homes["culture_15_s"] = 1.0
    found = compare_runs(base, dataclasses.replace(richer, homes=homes))
    row = row_of(found, "c2", "culture_15")
    assert row["by_other"] == row["change"]
    assert "do not give the saved scores" in row["evidence"]
    assert row_of(found, "c2", "culture_5")["by_other"] == 0


def test_homes_are_matched_by_place_whatever_their_ids_and_system(base, fuller):
    homes = fuller.homes.to_crs("EPSG:32651").sample(frac=1, random_state=3)
    homes["home_id"] = [f"row{k}" for k in range(len(homes))]
    moved = dataclasses.replace(
        fuller,
        homes=homes.reset_index(drop=True),
        crs=homes.crs,
        communities=fuller.communities.to_crs(homes.crs),
        facilities=fuller.facilities.to_crs(homes.crs),
    )
    both = match_homes(base, moved)
    assert len(both) == len(base.homes)
    assert (both.rows >= 0).all()
    pd.testing.assert_frame_equal(
        compare_runs(base, moved).changes, compare_runs(base, fuller).changes
    )


def test_a_home_that_is_gone_or_new_is_an_effect_of_people(base):
    homes = base.homes[base.homes["home_id"] != "h05"].reset_index(drop=True)
    both = match_homes(base, dataclasses.replace(base, homes=homes))
    gone = both.rows[both.rows[:, 1] < 0]
    assert len(gone) == 1
    assert base.homes["home_id"].iloc[gone[0, 0]] == "h05"
    assert both.communities[both.rows[:, 1] < 0, 1].tolist() == ["c1"]  # by its place


def test_facilities_are_known_by_name_and_place_not_by_row_number(base):
    renumbered = base.facilities.copy()
    renumbered["facility_id"] = renumbered["facility_id"].to_numpy()[::-1]
    homes = base.homes.copy()
    new_id = dict(zip(base.facilities["facility_id"], renumbered["facility_id"], strict=True))
    for name in [one for one in homes if str(one).endswith("_facility_id")]:
        homes[name] = homes[name].map(new_id)
    found = compare_runs(base, dataclasses.replace(base, facilities=renumbered, homes=homes))
    assert (found.facilities.moved_m[0] == 0).all()
    assert [found.facilities.change_of(0, row) for row in range(len(renumbered))] == [""] * len(
        renumbered
    )
    assert len(found.changes) == 0


@pytest.mark.parametrize(
    ("column", "value", "change"),
    [
        ("status", "closed", "closed"),
        ("type", "culture.station", "reclassified"),
        ("open_to", "residents", "audience"),
        ("name", "北岸文化馆新馆", ""),
    ],
)
def test_what_became_of_a_facility_is_named(base, column, value, change):
    other = base.facilities.copy()
    other.loc[other["facility_id"] == "K1", column] = value
    found = compare_runs(base, dataclasses.replace(base, facilities=other))
    row = int(np.flatnonzero(base.facilities["facility_id"] == "K1")[0])
    assert found.facilities.change_of(0, row) == change


def test_a_facility_that_moved_is_told(base):
    other = base.facilities.copy()
    at = other["facility_id"] == "K1"
    other.loc[at, "geometry"] = other.loc[at].geometry.translate(30, 40)
    found = compare_runs(base, dataclasses.replace(base, facilities=other))
    row = int(np.flatnonzero(at)[0])
    assert found.facilities.change_of(0, row) == "moved"
    assert found.facilities.moved_m[0][row] == pytest.approx(50)


@pytest.mark.parametrize(
    ("before", "after", "change", "direction"),
    [
        ("short", "met", 0.1, "better"),
        ("met", "short", -0.1, "worse"),
        ("short", "met", 0.0, "better"),
        ("short", "short", 0.1, "better"),
        ("met", "met", -0.1, "worse"),
        ("met", "met", 0.0, "same"),
        ("unknown", "short", 0.0, "unknown"),
        ("unknown", "unknown", 0.1, "unknown"),
        ("empty", "empty", 0.0, "same"),
        (None, "short", float("nan"), "unknown"),
        ("short", "short", float("nan"), "unknown"),
    ],
)
def test_a_verdict_goes_before_a_share(before, after, change, direction):
    assert direction_of(before, after, change) == direction
