"""The curve of sites counts each person once; its knee is where it lies highest above its chord."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from lifecircle import tables
from lifecircle.places.asked import people_asked
from lifecircle.siting.explained import alternatives_of, knee
from lifecircle.siting.problem import Alternative
from lifecircle.siting.sites import Sites
from lifecircle.study.after import covered_after


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ([], None),
        ([5.0], None),
        ([5.0, 9.0], None),
        ([0.0, 0.0, 0.0], None),
        ([10.0, 20.0, 30.0], None),  # a straight line has no bend
        ([1.0, 2.0, 9.0], None),  # and one that bends the other way neither
        ([60.0, 90.0, 95.0, 100.0], 2),  # 0.35, 0.40, 0.20 above
        ([100.0, 100.0, 100.0], 1),
        ([50.0, 75.0, 100.0, 100.0], 1),  # 0.25 three times: the lowest number
    ],
)
def test_the_knee_is_the_largest_distance_to_the_chord(people, expected):
    assert knee(np.array(people)) == expected


def test_scaling_people_moves_no_knee():
    people = np.cumsum([9.0, 5.0, 4.0, 1.0, 0.5])
    assert knee(people) == knee(people * 1234.5)


def test_the_curve_is_what_full_searches_of_its_first_sites_say(toy_findings):
    results = toy_findings.results
    curve = results.choice.curve
    homes = results.waist.homes.table
    sites = results.sites
    ordered = sites.table.set_index("site_id").loc[curve.loc[curve["planned"], "site_id"]]
    for count in range(1, len(ordered) + 1):
        first = ordered.head(count).reset_index()
        alone = Sites(table=first, solution=None, served={}, newly_covered=0.0)
        covered = covered_after(results.standard, results.today, alone, ())
        gained = np.zeros(len(homes))
        for asked in results.standard.requirements:
            if asked.id not in set(results.gaps.table["requirement"]):
                continue
            fresh = covered[asked.id] & ~results.reaches[asked.id].covered
            gained = np.maximum(gained, np.nan_to_num(people_asked(homes, asked)) * fresh)
        assert curve["people"].iloc[count - 1] == pytest.approx(gained.sum())


def test_the_curve_never_falls_and_ends_at_what_all_sites_bring(toy_findings):
    curve, sites = toy_findings.results.choice.curve, toy_findings.results.sites
    assert list(curve.columns) == list(tables.CURVE)
    plan = curve[curve["planned"]]
    assert plan["people"].iloc[-1] == pytest.approx(sites.newly_covered)
    assert (curve["added"] >= 0).all()
    assert curve["added"].sum() == pytest.approx(curve["people"].iloc[-1])
    assert plan["share"].iloc[-1] == pytest.approx(1.0)
    assert curve["knee"].sum() <= 1
    assert not curve.loc[~curve["planned"], "knee"].any()
    assert (plan["needs"] >= plan["people"] - 1e-9).all()


def test_alternatives_name_what_leaves_and_what_comes(toy_findings):
    solution = toy_findings.results.sites.solution
    import dataclasses  # noqa: PLC0415

    asked = dataclasses.replace(
        solution,
        opened=np.array([0, 2]),
        covered=200.0,
        alternatives=(
            Alternative(without=0, chosen=np.array([1]), opened=np.array([1, 2]), covered=198.0),
            Alternative(
                without=2, chosen=np.array([1]), opened=np.array([1]), covered=197.0, first_lost=1
            ),
        ),
    )
    sites = Sites(
        table=pd.DataFrame({"site_id": ["s0", "s2"], "parcel_id": ["p0", "p2"]}),
        solution=asked,
        served={},
        newly_covered=0.0,
        candidates=("p0", "p1", "p2"),
    )
    found = alternatives_of(asked, sites)
    assert list(found.columns) == list(tables.CHOICES)
    assert found["leaves"].tolist() == ["s0", "s2; s0"]
    assert found["comes"].tolist() == ["p1", "p1"]
    assert found["lacks_lost"].tolist() == [0.0, 1.0]
    assert found["needs_lost"].tolist() == [2.0, 3.0]
    assert found["loss"].tolist() == pytest.approx([0.01, 0.015])


def test_without_a_choice_there_is_no_alternative():
    nothing = Sites(table=pd.DataFrame(), solution=None, served={}, newly_covered=0.0)
    assert alternatives_of(None, nothing).empty
    assert list(alternatives_of(None, nothing).columns) == list(tables.CHOICES)
