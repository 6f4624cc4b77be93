"""The table of remedies: who is brought inside, what closes a gap, and what is the best."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from lifecircle.places.asked import people_asked
from lifecircle.siting.extending import raised_places
from lifecircle.siting.remedies import MOST_LISTED, remedies_of, with_projects, with_remedies
from lifecircle.siting.sharing import opened_places
from lifecircle.siting.standing import one_short
from lifecircle.siting.ways import joined, no_ways
from lifecircle.standards import CountRule
from lifecircle.tables import LOADS, REMEDIES
from tests.making import CRS, requirement

from .test_extending import PER_1000
from .test_sites import reaches_with
from .ways_town import NO_SITES, STATION, land_of, town_of, with_gap

NO_LOADS = pd.DataFrame(columns=list(LOADS))
PLOTS = (("l1", "vacant", 800, 400), ("l2", "stock_room", 300, 150), ("l3", "vacant", 1300, 400))


def remedies(town, *plots, ways=None, sites=NO_SITES, loads=NO_LOADS, **more):
    ways = no_ways(CRS) if ways is None else ways
    return remedies_of(town, land_of(town, *plots), ways, sites, loads, **more)


def test_nothing_to_do_gives_an_empty_table_and_says_so():
    town = town_of(STATION)
    table = remedies(town)
    assert tuple(table.columns) == REMEDIES
    assert len(table) == 0
    told = with_remedies(town.gaps.table, table)
    assert set(told["remedy"]) == {"none_found"}
    assert set(town.gaps.table["remedy"]) == {"new"}


def test_rooms_and_land_worked_by_hand():
    # Of 60 people in c1 the room at 300 reaches 10 + 20, the plot at 800 the 30 at 900. The plot
    # at 1300 reaches none of them: 900 is 400 m away.
    table = remedies(town_of(STATION), *PLOTS)
    mine = table[table["community_id"] == "c1"]
    assert mine["kind"].tolist() == ["convert", "new"]
    assert mine["parcel_id"].tolist() == ["l2", "l1"]
    assert mine["types"].tolist() == ["medical.station"] * 2
    assert mine["people"].tolist() == [30.0, 30.0]
    assert mine["people_60plus"].tolist() == [9.0, 6.0]
    assert mine["share_after"].tolist() == [0.5, 0.5]
    assert mine["closes"].tolist() == [True, True]  # half is the target here
    assert mine["rank"].tolist() == [1, 2]
    assert mine["consent"].tolist() == ["owner", None]
    assert mine["people_0_3"].isna().all()


def test_a_plot_with_no_room_for_the_type_is_none():
    assert len(remedies(town_of(STATION), ("l1", "vacant", 800, 119))) == 0
    assert len(remedies(town_of(STATION), ("l1", "vacant", 800, 120))) == 1


def test_sharing_and_raising_worked_by_hand_and_what_takes_least_first():
    # All three reach the same 30 people: sharing before raising before converting.
    town = town_of(
        STATION,
        at=((300, 0), (290, 0)),
        kind=["medical.station", "medical.clinic"],
        community=["c1", "c1"],
        open_to=["members", "anyone"],
        floor_m2=[150.0, 400.0],
    )
    ways = joined((opened_places(town), raised_places(town)), CRS)
    table = remedies(town, *PLOTS, ways=ways)
    mine = table[table["gap_id"] == f"{STATION.id} c1"]
    assert mine["kind"].tolist() == ["share", "extend", "convert", "new"]
    assert mine["people"].tolist() == [30.0] * 4
    assert mine["way_id"].notna().tolist() == [True, True, False, False]
    told = with_remedies(town.gaps.table, table).set_index("gap_id")["remedy"]
    assert told[f"{STATION.id} c1"] == "share"
    assert told[f"{STATION.id} c2"] == "new"


def test_what_may_only_be_negotiated_comes_last():
    town = town_of(STATION, at=((300, 0),), open_to=["residents"], origin=["bureau"])
    table = remedies(town, ("l1", "vacant", 800, 400), ways=opened_places(town))
    assert table[table["community_id"] == "c1"]["kind"].tolist() == ["new", "share"]


def test_enlarging_worked_by_hand():
    town = town_of(STATION, at=((300, 0),), floor_m2=[15.0], norms=(PER_1000,))
    size = town.gaps.table.iloc[0].to_dict() | {
        "gap_id": "g",
        "requirement": "floor",
        "kind": "size",
        "reason": "undersized",
        "people": 2000.0,
        "people_short": 400.0,
        "remedy": "extend",
    }
    town = dataclasses.replace(
        town, gaps=dataclasses.replace(town.gaps, table=pd.DataFrame([size]))
    )
    row = remedies(town).iloc[0]
    # 400 people lack 20 m²; the house of 15 m² can be doubled: 300 of them, 1,900 of 2,000.
    assert (row["kind"], row["what"], row["facility_id"]) == ("extend", "enlarge", "f000")
    assert (row["people"], row["share_after"], row["closes"]) == (300.0, 0.95, False)
    # Whom a crowded house serves: the loads say which it is.
    crowded = with_gap(town, reason="over_capacity")
    assert len(remedies(crowded)) == 0
    loads = pd.DataFrame(
        [{"facility_id": "f000", "norm": "floor", "over": True, "requirement": STATION.id}]
    )
    assert remedies(crowded, loads=loads)["people"].tolist() == [300.0]


def test_several_places_are_completed_by_one_more():
    # Asked: one centre or library and three places in all. Two stations at 300: a library
    # completes them at 100 and 400, a third station does not. At 900 all three are lacking.
    circle = requirement(
        "culture_15",
        types=("culture.library", "culture.station"),
        minutes=None,
        limit_m=300.0,
        counts=(
            CountRule(types=("culture.library",), at_least=1),
            CountRule(types=("culture.library", "culture.station"), at_least=3),
        ),
        evidence=(
            *requirement("culture_15", minutes=None, limit_m=300.0).evidence,
            requirement("culture_15").evidence[0].model_copy(update={"field": "counts"}),
        ),
    )
    town = town_of(circle, at=((300, 0), (310, 0)), kind="culture.station", community=["c1", "c1"])
    lacking = one_short(circle, town)
    assert lacking["culture.library"].tolist() == [True, True, False, False]
    assert not lacking["culture.station"].any()
    table = remedies(town, ("l2", "stock_room", 300, 260), ("l1", "vacant", 800, 400))
    assert table["parcel_id"].tolist() == ["l2"]
    assert (table["types"].iloc[0], table["people"].iloc[0]) == ("culture.library", 30.0)


def test_a_gap_in_the_data_has_no_remedy_but_to_be_checked():
    town = with_gap(town_of(STATION), reason="no_data")
    table = remedies(town, *PLOTS)
    assert len(table) == 0
    assert set(with_remedies(town.gaps.table, table)["remedy"]) == {"survey"}
    edge = with_gap(town_of(STATION), reason="edge")
    found = remedies(edge, *PLOTS)
    assert len(found) > 0
    assert set(with_remedies(edge.gaps.table, found)["remedy"]) == {"survey"}


def test_the_first_thing_of_its_kind_is_to_be_built_even_without_land():
    size = with_gap(
        town_of(STATION, kind="fitness.hall", norms=(PER_1000,)), kind="size", requirement="floor"
    )
    assert set(with_remedies(size.gaps.table, remedies(size))["remedy"]) == {"new"}


def test_few_of_a_kind_are_listed_and_what_was_chosen_is():
    many = [(f"l{k}", "vacant", 700 + 10 * k, 400) for k in range(MOST_LISTED + 2)]
    town = town_of(STATION)
    assert len(remedies(town, *many)) == MOST_LISTED
    last = many[-1][0]
    sites = dataclasses.replace(
        NO_SITES,
        table=pd.DataFrame([{"site_id": "s1", "parcel_id": last, "project_id": "x1"}]),
        served={"s1": {STATION.id: np.array([2])}},
    )
    table = remedies(town, *many, sites=sites)
    assert len(table) == MOST_LISTED + 1
    chosen = table[table["chosen"]]
    assert chosen["parcel_id"].tolist() == [last]
    assert chosen["site_id"].tolist() == ["s1"]
    with_ids = with_projects(table, {last: "x1"})
    assert with_ids["project_id"].tolist().count("x1") == 1
    assert table["project_id"].isna().all()


def test_a_declared_share_is_no_count_of_elders():
    table = remedies(town_of(STATION), *PLOTS, flat=frozenset({"60plus"}))
    assert table["people_60plus"].isna().all()


@pytest.mark.parametrize("turned", [False, True])
def test_the_order_of_plots_changes_nothing_and_nobody_is_counted_twice(turned):
    town = town_of(STATION)
    before = town.gaps.table.copy()
    table = remedies(town, *(PLOTS[::-1] if turned else PLOTS))
    pd.testing.assert_frame_equal(table, remedies(town, *PLOTS))
    pd.testing.assert_frame_equal(town.gaps.table, before)
    short = table["gap_id"].map(before.set_index("gap_id")["people_short"])
    assert (table["people"] <= short + 1e-9).all()
    assert table["remedy_id"].is_unique


def test_each_remedy_does_what_a_full_run_with_it_finds(toy_findings):
    results = toy_findings.results
    homes = results.waist.homes.table
    table = results.remedies
    land = table[table["parcel_id"].notna()]
    assert len(land) > 0
    for row in land.itertuples():
        now = reaches_with(results, results.parcels, [(row.parcel_id, row.types)])
        gained = now[row.requirement].covered & ~results.reaches[row.requirement].covered
        gained &= (homes["community_id"] == row.community_id).to_numpy()
        people = people_asked(homes, results.standard.requirement(row.requirement))
        assert row.people == pytest.approx(people[gained].sum())


def test_a_run_tells_for_each_gap_what_was_chosen_or_is_best(toy_findings):
    results = toy_findings.results
    gaps, table = results.gaps.table.set_index("gap_id"), results.remedies
    assert set(table["gap_id"]) <= set(gaps.index)
    chosen = table[table["chosen"]]
    assert set(chosen["site_id"]) <= set(results.sites.table["site_id"])
    assert chosen["project_id"].notna().all()
    for gap_id, mine in table.groupby("gap_id"):
        told = mine[mine["chosen"]] if mine["chosen"].any() else mine[mine["rank"] == 1]
        if gaps.loc[gap_id, "remedy"] != "survey":
            assert gaps.loc[gap_id, "remedy"] in set(told["kind"])
