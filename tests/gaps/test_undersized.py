"""Gaps of size: who goes without, why, and which of them are no gaps at all."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from lifecircle.access.levels import levels_of
from lifecircle.access.loads import loads_of
from lifecircle.access.norms import Listing, judge_norms
from lifecircle.gaps.diagnosis import Gaps
from lifecircle.gaps.marks import gap_id
from lifecircle.gaps.undersized import add_size_gaps
from lifecircle.reach.matrix import reach_of
from lifecircle.tables import GAPS
from tests.access.test_norms import norm
from tests.making import community_table, facilities_at, homes_at, requirement, standard, streets

STREET = streets([(0, 0), (4000, 0)])
ASK = requirement(types=("medical.station",), limit_m=1200.0, minutes=None)
NO_GAPS = Gaps(table=pd.DataFrame(columns=list(GAPS)))


def gaps_of(
    *norms,
    people=(2000.0, 1000.0),
    at=((100, 0),),
    community=("c1",),
    complete=("medical",),
    before: Gaps = NO_GAPS,
    units=("u1", "u1"),
    language="en",
    **columns,
):
    homes = homes_at(STREET, (100, 0), (1100, 0), people=list(people), community=["c1", "c2"])
    facilities = facilities_at(STREET, *at, community=list(community), **columns)
    communities = community_table("c1", "c2", unit_id=list(units))
    levels = levels_of(communities, homes, facilities, study_name="town")
    asked = standard(ASK, norms=norms or (norm(),))
    reaches = {ASK.id: reach_of(ASK, homes, facilities, STREET)}
    judged = judge_norms(
        asked,
        homes=homes,
        facilities=facilities,
        levels=levels,
        listing=Listing(complete=set(complete)),
    )
    return add_size_gaps(
        before,
        asked,
        judged,
        loads_of(asked, reaches, homes=homes, facilities=facilities),
        reaches,
        homes=homes,
        facilities=facilities,
        communities=communities,
        levels=levels,
        listed=frozenset(complete),
        language=language,
    )


def test_nothing_short_gives_nothing_and_leaves_the_list():
    assert gaps_of(at=((100, 0), (1100, 0)), community=("c1", "c2"), floor_m2=[100.0, 50.0]) is (
        NO_GAPS
    )
    assert tuple(NO_GAPS.table.columns) == GAPS


def test_a_row_worked_by_hand():
    # c1: 80 of 100 m² for 2000 people leave 400 of them without. c2 depends on nobody's size here.
    table = gaps_of(
        at=((100, 0), (1100, 0)),
        community=("c1", "c2"),
        floor_m2=[80.0, 60.0],
        name=["East", "West"],
    ).table
    assert tuple(table.columns) == GAPS
    assert len(table) == 1
    row = table.iloc[0]
    assert (row["community_id"], row["requirement"], row["kind"]) == ("c1", "floor", "size")
    assert (row["reason"], row["remedy"], row["obligation"]) == ("undersized", "extend", "must")
    assert (row["people"], row["priority"]) == (2000, 1)
    assert row["people_short"] == pytest.approx(400)
    assert row["reasons"].startswith("undersized 400")
    assert row["existing"] == "East 80 m² of floor area"
    assert row["required"] == (
        "at least 50 m² of floor area per 1,000 people (100 m² of floor area in all)"
    )
    assert row["lacking"] == "20 m² of floor area"
    assert row[["minutes", "limit_m", "missing_m", "nearest_s"]].isna().all()
    assert (row["robust"], row["confidence"]) == ("robust", 0.9)
    assert row["gap_id"] == gap_id("c1", "floor")
    assert row["clause"] == "5.1"


def test_the_words_are_the_studys():
    row = gaps_of(floor_m2=[80.0], people=(2000.0, 0.0), language="zh").table.iloc[0]
    assert row["required"] == "每1000人不少于50㎡建筑面积（共需100㎡建筑面积）"
    assert row["lacking"] == "20㎡建筑面积"


def test_nearly_enough_is_marginal():
    at = {"people": (2000.0, 0.0)}
    assert gaps_of(floor_m2=[90.0], **at).table["robust"].tolist() == ["robust"]
    assert gaps_of(floor_m2=[94.0], **at).table["robust"].tolist() == ["marginal"]
    assert len(gaps_of(floor_m2=[96.0], **at)) == 0  # fewer than 100 people go without


@pytest.mark.parametrize("changes", [{"obligation": "as_needed"}, {"level": "county"}])
def test_what_need_not_be_met_or_not_near_makes_no_gap(changes):
    assert len(gaps_of(norm(**changes), floor_m2=[10.0])) == 0


@pytest.mark.filterwarnings("ignore:nobody counts whom")
def test_people_nobody_counted_make_no_gap():
    assert len(gaps_of(norm(of="60plus"), floor_m2=[10.0])) == 0


def test_an_incomplete_list_makes_no_gap():
    assert len(gaps_of(complete=(), floor_m2=[10.0])) == 0


def test_without_any_facility_one_is_to_be_built():
    table = gaps_of(floor_m2=[900.0]).table
    row = table[table["community_id"] == "c2"].iloc[0]
    assert (row["remedy"], row["reason"], row["existing"]) == ("new", "undersized", "")
    assert row["people_short"] == 1000


def test_people_of_a_crowded_facility_are_told_where_their_own_area_has_enough():
    # c2 has 50 m² it never walks to: the map has it far away; all depend on the 100 m² in c1.
    table = gaps_of(at=((100, 0), (3900, 0)), community=("c1", "c2"), floor_m2=[100.0, 50.0]).table
    # 3000 people on a size for 2000: a third of each community goes without.
    by_area = table.set_index("community_id")
    assert set(table["reason"]) == {"over_capacity"}
    assert by_area["people_short"].to_dict() == pytest.approx({"c1": 2000 / 3, "c2": 1000 / 3})
    assert by_area.loc["c1", "remedy"] == "extend"
    assert table["lacking"].isna().all()


def test_both_reasons_stand_in_one_row():
    row = gaps_of(floor_m2=[80.0]).table.set_index("community_id").loc["c1"]
    assert row["reason"] == "undersized"
    # 3000 on a size for 1600.
    assert row["reasons"] == "undersized 400; over_capacity 933"


def test_a_units_gap_stands_at_its_largest_community():
    table = gaps_of(norm(level="unit"), people=(1000.0, 2000.0), floor_m2=[75.0]).table
    assert table["community_id"].tolist() == ["c2"]
    assert table["unit_id"].tolist() == ["u1"]
    assert table["people_short"].tolist() == [1500]
    assert table["gap_id"].tolist() == [gap_id("u1", "floor")]


def test_gaps_of_access_stay_and_priorities_run_over_both():
    before = gaps_of(norm(id="other"), floor_m2=[80.0], people=(2000.0, 0.0)).table.assign(
        gap_id="g1", kind="access", reason="too_far", people_short=300.0, year=np.nan
    )
    kept = before.copy()
    after = gaps_of(floor_m2=[80.0], people=(2000.0, 0.0), before=Gaps(table=before)).table
    assert after["kind"].tolist() == ["size", "access"]
    assert after["priority"].tolist() == [1, 2]
    pd.testing.assert_frame_equal(before, kept)
