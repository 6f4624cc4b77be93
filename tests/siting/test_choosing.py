"""Ways, lacks, costs and fairness in the choice of sites, on the toy town."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from lifecircle import tables
from lifecircle.config import SitingSection
from lifecircle.errors import LifecircleWarning, RuleError, SitingError
from lifecircle.places.asked import people_asked
from lifecircle.siting.complete import ANY
from lifecircle.siting.sites import propose
from lifecircle.siting.ways import WAYS, Ways, joined
from lifecircle.tables.costs import GATE, UNIT_COSTS, UnitCosts


@pytest.fixture(scope="module")
def town(toy_findings):
    parcels = toy_findings.results.parcels
    return parcels[parcels["origin"] == "listed"].reset_index(drop=True)


@pytest.fixture(scope="module")
def choose(toy_findings, town):
    results = toy_findings.results

    def chosen(parcels=town, *, ways=None, costs=None, **siting):
        siting.setdefault("complete_first", False)
        return propose(
            results.standard,
            results.reaches,
            results.gaps,
            parcels,
            homes=results.waist.homes,
            compounds=results.waist.compounds,
            obstacles=results.waist.obstacles,
            config=SitingSection(**siting),
            ways=ways,
            facilities=results.waist.facilities,
            units=results.waist.units,
            unit_costs=UnitCosts() if costs is None else costs,
        )

    return chosen


def way(toy_findings, name, kind, serves, *, facility=None, types="", competes=True):
    waist = toy_findings.results.waist
    facilities = waist.facilities.table.set_index("facility_id")
    spot = waist.homes.table.geometry.iloc[0]
    community = waist.homes.table["community_id"].iloc[0]
    if facility is not None:
        spot = shapely.point_on_surface(facilities.geometry[facility])
        community = facilities["community_id"][facility]
    row = dict.fromkeys(WAYS) | {
        "way_id": name,
        "kind": kind,
        "facility_id": facility,
        "types": types,
        "competes": competes,
        "community_id": community,
    }
    table = gpd.GeoDataFrame([row], geometry=[spot], crs=waist.homes.table.crs)
    return Ways(table=table, serves={name: serves})


def uncovered(toy_findings, requirement, count=99):
    results = toy_findings.results
    short = results.gaps.table
    where = short.loc[short["requirement"] == requirement, "community_id"]
    homes = results.waist.homes.table
    left = ~results.reaches[requirement].covered & homes["community_id"].isin(where).to_numpy()
    return np.flatnonzero(left)[:count]


def costs(*rows):
    return UnitCosts(table=pd.DataFrame(rows, columns=list(UNIT_COSTS)))


# -- bad input ---------------------------------------------------------------------------------
def test_types_without_a_cost_are_named_all_at_once(choose):
    with pytest.raises(RuleError) as caught:
        choose(costs=costs(("medical.station", None, 50.0, None, 2)), max_sites=None, budget=500)
    (problem,) = caught.value.problems
    assert problem.where == "study.toml, siting.unit_costs"
    for name in ("culture.station", "elder_care.daycare", "fitness.outdoor"):
        assert name in problem.what
    assert "medical.station" not in problem.what
    assert "(lease 租赁 or 改造, new 新建)" in problem.what


def test_a_way_that_is_only_listed_cannot_be_forced(choose, toy_findings):
    listed = way(toy_findings, "w1", "share", {}, competes=False)
    with pytest.raises(RuleError, match="way 'w1' is only listed"):
        choose(ways=listed, must=("w1",))


# -- ways --------------------------------------------------------------------------------------
def test_a_link_is_taken_for_those_nobody_else_serves(choose, toy_findings, town):
    homes = uncovered(toy_findings, "culture_5")
    gate = way(toy_findings, "g1", "gate", {"culture_5": homes})
    alone = choose(town.iloc[:0], ways=gate, max_sites=1)
    (row,) = alone.table.itertuples()
    assert (row.parcel_id, row.kind, row.types, row.services) == ("g1", "gate", "", "culture")
    assert pd.isna(row.area_m2)
    assert pd.isna(row.floor_m2)
    assert tuple(alone.table.columns) == tables.SITES
    assert alone.served[row.site_id]["culture_5"].tolist() == homes.tolist()
    both = choose(ways=gate, max_sites=12)
    served = [one.get("culture_5", np.empty(0, dtype=int)) for one in both.served.values()]
    told = np.concatenate(served)
    assert len(told) == len(set(told.tolist())) == len(homes)
    # the same homes are served by land too: the link is left with those beyond it
    with_gate = dict(zip(both.table["parcel_id"], both.table["site_id"], strict=True))
    mine = both.served[with_gate["g1"]]["culture_5"]
    others = [
        one["culture_5"]
        for site, one in both.served.items()
        if site != with_gate["g1"] and "culture_5" in one
    ]
    assert not set(mine.tolist()) & set(np.concatenate(others).tolist())


def test_what_is_extended_is_searched_anew_from_its_own_entrances(choose, toy_findings, town):
    everybody = np.arange(len(toy_findings.results.waist.homes))
    raised = way(
        toy_findings,
        "e1",
        "extension",
        {"culture_5": everybody},
        facility="M2",
        types="culture.station",
    )
    sites = choose(town.iloc[:0], ways=raised, max_sites=1)
    (row,) = sites.table.itertuples()
    assert (row.kind, row.types, row.services) == ("extension", "culture.station", "culture")
    # as many as reach M2 for its own service within the same five minutes, and are not covered
    reach = toy_findings.results.reaches
    facilities = toy_findings.results.waist.facilities
    m2 = facilities.table["facility_id"].tolist().index("M2")
    near = reach["medical_5"].covered & (reach["medical_5"].facility == m2)
    found = sites.served[row.site_id]["culture_5"]
    assert set(np.flatnonzero(near & ~reach["culture_5"].covered)) <= set(found.tolist())
    assert len(found) < len(everybody)


def test_ways_that_are_only_listed_never_come_in(choose, toy_findings, town):
    homes = uncovered(toy_findings, "culture_5")
    listed = way(toy_findings, "g1", "gate", {"culture_5": homes}, competes=False)
    pd.testing.assert_frame_equal(choose(ways=listed).table, choose().table)
    assert len(choose(town.iloc[:0], ways=listed)) == 0


def test_of_equals_the_way_that_takes_least_is_chosen(choose, toy_findings):
    # who is served by the parcel p2 alone, served by ways too: the share takes less
    best = choose(max_sites=1)
    assert best.table["parcel_id"].tolist() == ["p2"]
    (serves,) = best.served.values()
    kinds = [("z1", "share", "K1"), ("a1", "gate", None), ("b1", "extension", "K1")]
    ways = joined(
        [
            way(toy_findings, *one[:2], serves, facility=one[2], types="culture.center")
            for one in kinds
        ],
        toy_findings.results.waist.homes.table.crs,
    )
    assert choose(ways=ways, max_sites=1).table["parcel_id"].tolist() == ["z1"]
    assert choose(ways=ways, max_sites=1, never=("z1",)).table["parcel_id"].tolist() == ["a1"]
    assert choose(ways=ways, max_sites=1, must=("b1",)).table["parcel_id"].tolist() == ["b1"]
    turned = Ways(table=ways.table.iloc[::-1].reset_index(drop=True), serves=ways.serves)
    pd.testing.assert_frame_equal(
        choose(ways=turned, max_sites=2).table, choose(ways=ways, max_sites=2).table
    )


# -- what areas lack altogether ----------------------------------------------------------------
def test_lacks_are_what_a_unit_or_subdistrict_has_nowhere(choose, toy_findings):
    lacks = choose(complete_first=True).lacks
    assert tuple(lacks.columns) == tables.LACKS
    # the south has a library that is planned and nothing else of culture; its other services are
    # there, however few reach them
    assert lacks[["level", "area_id", "requirement"]].to_numpy().tolist() == [
        ["unit", "u2", "culture_5"],
        ["unit", "u2", "culture_15"],
        ["subdistrict", "南街道", "culture_15"],
    ]
    homes = toy_findings.results.waist.homes.table
    short = homes.loc[uncovered(toy_findings, "culture_5"), :]
    south = short.loc[short["unit_id"] == "u2", "people"].sum()
    assert lacks["people"].iloc[0] == pytest.approx(south)


def test_the_first_site_goes_where_something_is_lacking(choose):
    # where little counts but care, the room in the north serves most, and the north lacks nothing
    little = dict.fromkeys(("culture", "fitness", "elder_care"), 0.01)
    free = choose(max_sites=1, weights=little)
    assert free.table["parcel_id"].tolist() == ["p3"]
    first = choose(max_sites=1, weights=little, complete_first=True)
    assert first.table["parcel_id"].tolist() == ["p2"]
    assert first.solution.covered < free.solution.covered
    assert first.lacks["site_id"].tolist() == first.table["site_id"].tolist() * 3


def test_why_a_lack_stays_is_told(choose, town, toy_findings):
    def why(**given):
        with pytest.warns(LifecircleWarning, match="3 get no site"):
            return set(choose(complete_first=True, **given).lacks["why"])

    assert why(parcels=town[town["parcel_id"] == "p3"]) == {"no_place"}
    small = town.assign(area_m2=np.where(town["parcel_id"] == "p3", 400.0, 1.0))
    assert why(parcels=small) == {"no_room"}
    every = "; ".join(one.id for one in toy_findings.results.standard.types)
    barred = np.where(town["parcel_id"] == "p3", None, every)
    assert why(parcels=town.assign(barred=barred)) == {"tier"}
    # what has no room in any case is not left to another tier
    assert why(parcels=small.assign(barred=barred)) == {"no_room"}
    assert why(never=("p1", "p2")) == {"forbidden"}
    assert why(max_sites=1, must=("p3",)) == {"limit"}


def test_a_link_makes_no_unit_complete(choose, toy_findings, town):
    homes = uncovered(toy_findings, "culture_5")
    gate = way(toy_findings, "g1", "gate", {"culture_5": homes}, facility="K2")
    with pytest.warns(LifecircleWarning, match="go first"):
        sites = choose(town.iloc[:0], ways=gate, complete_first=True)
    assert sites.table["parcel_id"].tolist() == ["g1"]
    assert sites.lacks["site_id"].isna().all()


def test_fairness_asks_for_a_site_in_every_subdistrict(choose):
    sites = choose(max_sites=2, fair=True)
    assert sites.lacks[["level", "area_id", "requirement"]].to_numpy().tolist() == [
        ["subdistrict", "北街道", ANY],
        ["subdistrict", "南街道", ANY],
    ]
    assert sites.lacks["site_id"].nunique() == 2
    assert set(sites.table["parcel_id"]) == {"p2", "p3"}


def test_the_worst_off_unit_is_raised_first_where_that_is_asked(choose, toy_findings):
    def lowest(sites):
        results = toy_findings.results
        homes = results.waist.homes.table
        level = "unit_id" if homes["unit_id"].notna().any() else "subdistrict"
        share = {}
        for name, rows in homes.groupby(level).groups.items():
            at = homes.index.get_indexer(rows)
            have = all_ = 0.0
            for one in results.standard.requirements:
                if one.counts or one.id not in set(results.gaps.table["requirement"]):
                    continue
                people = np.nan_to_num(people_asked(homes, one))
                covered = results.reaches[one.id].covered.copy()
                for served in sites.served.values():
                    covered[served.get(one.id, [])] = True
                have += (people * covered)[at].sum()
                all_ += people[at].sum()
            share[name] = have / all_
        return min(share.values())

    most, fair = choose(max_sites=1), choose(max_sites=1, fair="worst_first")
    assert fair.solution.method == "exact"
    assert lowest(fair) >= lowest(most)
    assert fair.solution.covered <= most.solution.covered
    assert not len(fair.lacks)


# -- money -------------------------------------------------------------------------------------
PRICES = costs(
    ("medical.station", None, 100.0, None, 2),
    ("culture.station", None, 40.0, 0.1, 3),
    ("elder_care.daycare", None, None, 0.2, 4),
    ("fitness.outdoor", None, 10.0, None, 5),
    ("culture.station", "lease", 5.0, None, 6),
)


def test_costs_are_told_without_a_budget_and_kept_to_with_one(choose, toy_findings):
    free = choose(costs=PRICES)
    types = {one.id: one for one in toy_findings.results.standard.types}
    for row in free.table.itertuples():
        expected = sum(
            PRICES.of(
                name,
                "lease" if row.kind == "stock_room" else "new",
                types[name].floor_min_m2 or types[name].site_min_m2 or 150.0,
            )
            for name in row.types.split("; ")
        )
        assert row.cost_wan == pytest.approx(expected)
    assert choose().table["cost_wan"].isna().all()
    last = np.inf
    for budget in (free.table["cost_wan"].sum(), 200.0, 60.0, 1.0):
        sites = choose(costs=PRICES, max_sites=None, budget=budget)
        assert sites.table["cost_wan"].sum() <= budget + 1e-6
        covered = 0.0 if sites.solution is None else sites.solution.covered
        assert covered <= last
        last = covered
    assert last == 0.0


def test_a_way_without_a_cost_stays_out_under_a_budget(choose, toy_findings):
    homes = uncovered(toy_findings, "culture_5")
    gate = way(toy_findings, "g1", "gate", {"culture_5": homes})
    with pytest.warns(LifecircleWarning, match=r"1 ways \(gate\) have no cost"):
        sites = choose(ways=gate, costs=PRICES, max_sites=None, budget=1000.0)
    assert "g1" not in set(sites.table["parcel_id"])
    known = costs(*PRICES.table.itertuples(index=False), (GATE, None, 3.0, None, 7))
    sites = choose(ways=gate, costs=known, max_sites=None, budget=3.0)
    assert sites.table[["parcel_id", "cost_wan"]].to_numpy().tolist() == [["g1", 3.0]]


def test_forced_parcels_dearer_than_the_budget_are_told(choose):
    with pytest.warns(LifecircleWarning, match="1 parcels .* or money"):
        assert len(choose(costs=PRICES, max_sites=None, budget=1.0, must=("p2",))) == 0
    with pytest.raises(SitingError, match="the budget is 12"):
        choose(costs=PRICES, max_sites=None, budget=12.0, must=("p1", "p2", "p3"))


def test_a_site_is_held_against_what_it_can_serve(toy_findings, town):
    results = toy_findings.results
    types = tuple(
        one.model_copy(update={"people_per_facility": 10.0 if one.service == "culture" else None})
        for one in results.standard.types
    )
    tight = results.standard.model_copy(update={"types": types})

    def chosen(**siting):
        return propose(
            tight,
            results.reaches,
            results.gaps,
            town,
            homes=results.waist.homes,
            compounds=results.waist.compounds,
            obstacles=results.waist.obstacles,
            config=SitingSection(complete_first=False, **siting),
        )

    with pytest.warns(LifecircleWarning, match="can serve.*siting.capacity"):
        told = chosen()
    homes = results.waist.homes.table
    for site in told.table.to_dict("records"):
        most = max(
            np.nan_to_num(people_asked(homes, tight.requirement(name)))[rows].sum()
            for name, rows in told.served[site["site_id"]].items()
            if tight.requirement(name).service == "culture"
        )
        rooms = sum(one.startswith("culture") for one in site["types"].split("; ")) * 10.0
        assert (site["capacity"], site["over_people"]) == (rooms, max(most - rooms, 0.0))
    assert (told.table["over_people"] > 0).any()
    assert told.solution.credited is None
    with pytest.warns(LifecircleWarning, match="can serve"):
        roomy = chosen(capacity=True)
    assert roomy.solution.credited < roomy.solution.covered
    assert roomy.solution.bound >= roomy.solution.credited


def test_where_no_type_says_what_it_serves_nothing_is_told(choose, toy_findings):
    table = choose(max_sites=2).table
    types = {one.id: one for one in toy_findings.results.standard.types}
    for site in table.to_dict("records"):
        known = [types[one].people_per_facility for one in site["types"].split("; ")]
        assert np.isnan(site["capacity"]) == all(one is None for one in known)
