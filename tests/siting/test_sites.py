"""Sites are what a fresh search finds, proved and re-verified: nobody served who is not."""

from __future__ import annotations

import dataclasses
import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from lifecircle import tables
from lifecircle.config import SitingSection
from lifecircle.errors import LifecircleWarning, RuleError, SitingError
from lifecircle.network.pins import pin_points
from lifecircle.network.router import Ends
from lifecircle.places.groups import people_of
from lifecircle.reach.matrix import Pinned, reach_of
from lifecircle.siting.options import ASSUMED_AREA_M2
from lifecircle.siting.sites import propose
from lifecircle.study import Study


@pytest.fixture(scope="module")
def town(toy_findings):
    """The toy town with the planner's three parcels only: p1, p2 and the room p3."""
    parcels = toy_findings.results.parcels
    return parcels[parcels["origin"] == "listed"].reset_index(drop=True)


@pytest.fixture(scope="module")
def choose(toy_findings, town):
    results = toy_findings.results

    def chosen(parcels=town, *, gaps=results.gaps, **siting):
        return propose(
            results.standard,
            results.reaches,
            gaps,
            parcels,
            homes=results.waist.homes,
            compounds=results.waist.compounds,
            obstacles=results.waist.obstacles,
            config=SitingSection(**siting),
        )

    return chosen


def reaches_with(results, parcels, built):
    """Reaches as they would be if these types stood on these parcels: a run of its own."""
    waist = results.waist
    rows = parcels.set_index("parcel_id").loc[[parcel for parcel, _ in built]]
    points = shapely.point_on_surface(rows.geometry.to_numpy())
    new = gpd.GeoDataFrame(
        {
            "facility_id": [f"new {parcel} {kind}" for parcel, kind in built],
            "service": [kind.split(".")[0] for _, kind in built],
            "type": [kind for _, kind in built],
            "community_id": rows["community_id"].to_numpy(),
        },
        geometry=points,
        crs=parcels.crs,
    )
    compound = waist.compounds.locate(points)
    pins = pin_points(waist.network, points, obstacles=waist.obstacles, compound=compound)
    old = waist.facilities
    ends = old.ends
    both = Pinned(
        table=gpd.GeoDataFrame(pd.concat([old.table, new], ignore_index=True), crs=parcels.crs),
        ends=_joined(ends, Ends.single(pins), len(old), len(new)),
        compound=np.concatenate([old.compound, compound]),
    )
    return {
        name: reach_of(reach.requirement, waist.homes, both, waist.network)
        for name, reach in results.reaches.items()
    }


def _joined(first, second, n_first, n_second):
    """Two sets of pinned points as one: points of the second follow those of the first."""
    pins = {}
    for field in dataclasses.fields(first.pins):
        one, two = getattr(first.pins, field.name), getattr(second.pins, field.name)
        if isinstance(one, np.ndarray):
            shift = len(first.row) if field.name == "point" else 0
            pins[field.name] = np.concatenate([one, two + shift if shift else two])
    return Ends(
        n=n_first + n_second,
        row=np.concatenate([first.row, second.row + n_first]).astype(np.int32),
        pins=dataclasses.replace(first.pins, **pins),
    )


def built_by(sites):
    return [
        (site.parcel_id, kind)
        for site in sites.table.itertuples()
        for kind in site.types.split("; ")
    ]


def gains(results, parcels, built):
    """Requirement id -> homes newly covered, by brute force."""
    after = reaches_with(results, parcels, built)
    return {
        name: np.flatnonzero(after[name].covered & ~results.reaches[name].covered) for name in after
    }


# -- what is refused ---------------------------------------------------------------------------
@pytest.mark.parametrize("key", ["must", "never"])
def test_a_parcel_that_is_not_there_is_told(choose, key):
    with pytest.raises(RuleError) as caught:
        choose(**{key: ("p1", "p9", "p8")})
    assert [str(one).split(" — ")[0] for one in caught.value.problems] == [
        f"study.toml, siting.{key}: there is no parcel 'p9'",
        f"study.toml, siting.{key}: there is no parcel 'p8'",
    ]
    assert "results.gpkg, layer parcels" in caught.value.problems[0].remedy


def test_a_weight_of_nothing_known_is_told(choose):
    with pytest.raises(
        RuleError, match=r"siting\.weights: .*'elders' to weigh — known: .*elder_care"
    ):
        choose(weights={"elders": 2.0, "elder_care": 2.0})


def test_more_forced_parcels_than_sites_are_told(choose):
    with pytest.raises(SitingError, match="2 parcels must be used but only 1 may be"):
        choose(must=("p1", "p2"), max_sites=1)


def test_a_forced_parcel_that_helps_nobody_is_said(choose, town):
    lost = town.assign(
        geometry=[*town.geometry.to_list()[:2], shapely.Point(town.total_bounds[0] - 9000, 0)]
    )
    with pytest.warns(LifecircleWarning, match=r"^1 parcels of siting\.must take no .*: p3$"):
        sites = choose(lost, must=("p3",))
    assert "p3" not in set(sites.table["parcel_id"])
    with pytest.warns(LifecircleWarning, match="p1, p2"):
        assert len(choose(must=("p1", "p2"), max_sites=0)) == 0


# -- nothing to choose -------------------------------------------------------------------------
def test_without_parcels_gaps_or_sites_there_is_nothing(choose, town, toy_findings):
    gaps = toy_findings.results.gaps
    none = dataclasses.replace(gaps, table=gaps.table.iloc[:0])
    unknown = dataclasses.replace(gaps, table=gaps.table.assign(reason="no_data"))
    tiny = town.assign(area_m2=1.0, floor_m2=1.0)
    for sites in (
        choose(town.iloc[:0]),
        choose(gaps=none),
        choose(gaps=unknown),
        choose(max_sites=0),
        choose(tiny),
        choose(never=("p1", "p2", "p3")),
    ):
        assert len(sites) == 0
        assert tuple(sites.table.columns) == tables.SITES
        assert sites.newly_covered == 0
        assert not sites.served
        assert sites._repr_html_().startswith("<table")


# -- the fresh search against brute force ------------------------------------------------------
@pytest.mark.parametrize("max_sites", [1, 2, 3])
def test_who_is_newly_covered_is_who_a_whole_new_run_would_cover(
    choose, town, toy_findings, max_sites
):
    sites = choose(max_sites=max_sites)
    expected = gains(toy_findings.results, town, built_by(sites))
    wanted = set(toy_findings.gaps.table["requirement"])
    for name in wanted:
        said = [served[name] for served in sites.served.values() if name in served]
        homes = np.concatenate([np.empty(0, dtype=int), *said])
        assert len(homes) == len(set(homes)), "a home belongs to one site for one requirement"
        assert sorted(homes) == expected[name].tolist()
    people = toy_findings.results.waist.homes.table["people"].to_numpy()
    every = np.unique(np.concatenate([expected[name] for name in wanted]))
    assert sites.newly_covered == pytest.approx(people[every].sum())
    for site in sites.table.itertuples():
        mine = np.unique(np.concatenate([*sites.served[site.site_id].values()]))
        assert site.newly_covered == pytest.approx(people[mine].sum())


def test_a_home_goes_to_the_site_it_is_nearest_to(choose, town, toy_findings):
    sites = choose(max_sites=3)
    after = reaches_with(toy_findings.results, town, built_by(sites))
    site_of = dict(zip(sites.table["parcel_id"], sites.table["site_id"], strict=True))
    ids = [*toy_findings.results.waist.facilities.table["facility_id"]]
    ids += [f"new {parcel} {kind}" for parcel, kind in built_by(sites)]
    for site_id, served in sites.served.items():
        for name, homes in served.items():
            nearest = {ids[row].split()[1] for row in after[name].facility[homes]}
            assert {site_of[parcel] for parcel in nearest} == {site_id}


@pytest.mark.parametrize("standard", ["gb50180", "zhejiang"])
def test_other_standards_are_re_verified_too(standard):
    """A centre may stand in for a station (satisfied_by), a day-care may serve its own only."""
    found = Study.toytown(standard=standard).run()
    results, sites = found.results, found.sites
    assert len(sites) > 0
    # Ways change what is there instead of adding a place: their own tests follow them.
    land = set(results.parcels["parcel_id"])
    built = [one for one in built_by(sites) if one[0] in land]
    expected = gains(results, results.parcels, built)
    on_land = sites.table[sites.table["parcel_id"].isin(land)]
    assert len(on_land) > 0
    for site in on_land["site_id"]:
        for name, homes in sites.served[site].items():
            assert set(homes) <= set(expected[name].tolist())
    real = results.gaps.table[results.gaps.table["reason"] != "no_data"]
    wanted = {name for name in real["requirement"] if not results.reaches[name].requirement.counts}
    assert len(wanted) >= 5
    for name in wanted:
        said = {home for served in sites.served.values() for home in served.get(name, ())}
        assert said >= set(expected[name].tolist()), name


# -- the best choice ---------------------------------------------------------------------------
def best_by_hand(results, parcels, max_sites):
    """Most uncovered people, counted once per requirement, over every choice there is."""
    short = results.gaps.table.groupby("requirement")["community_id"].agg(set)
    homes = results.waist.homes.table
    weight = {
        name: np.nan_to_num(people_of(homes, results.reaches[name].requirement.group))
        * homes["community_id"].isin(places).to_numpy()
        for name, places in short.items()
    }
    kinds = [one for one in results.standard.types if one.circle is not None]
    covers = {}
    for parcel in parcels.itertuples():
        in_room = parcel.kind == "stock_room"
        room = parcel.floor_m2 if in_room and parcel.floor_m2 > 0 else parcel.area_m2
        for kind in kinds:
            sizes = [kind.site_min_m2, kind.floor_min_m2]
            need = next(
                (one for one in (sizes[::-1] if in_room else sizes) if one is not None),
                ASSUMED_AREA_M2,
            )
            narrow = kind.width_min_m is not None and not parcel.inscribed_m >= kind.width_min_m
            if need > room or (narrow and not in_room):
                continue
            gained = gains(results, parcels, [(parcel.parcel_id, kind.id)])
            covers.setdefault(parcel.parcel_id, []).append(
                (need, room, {(name, home) for name in weight for home in gained[name]})
            )
    per_parcel = {}
    for parcel, options in covers.items():
        sets = set()
        for size in range(len(options) + 1):
            for some in itertools.combinations(options, size):
                if sum(need for need, _, _ in some) <= options[0][1]:
                    sets.add(frozenset().union(*(demand for _, _, demand in some)))
        per_parcel[parcel] = [one for one in sets if not any(one < other for other in sets)]
    best = 0.0
    for some in itertools.combinations(sorted(per_parcel), min(max_sites, len(per_parcel))):
        for pick in itertools.product(*(per_parcel[parcel] for parcel in some)):
            together = frozenset().union(*pick)
            best = max(best, sum(weight[name][home] for name, home in together))
    return best


@pytest.mark.parametrize("max_sites", [1, 2])
def test_the_choice_is_the_best_there_is_and_proved(choose, town, toy_findings, max_sites):
    solution = choose(max_sites=max_sites).solution
    assert solution.gap == 0
    assert solution.method == "exact"
    assert solution.covered == solution.bound
    assert solution.covered == pytest.approx(best_by_hand(toy_findings.results, town, max_sites))


def test_the_whole_toy_town_is_proved_too(toy_findings):
    assert toy_findings.sites.solution.gap == 0
    assert toy_findings.sites.solution.method == "exact"


def test_forced_and_forbidden_parcels_are_kept(choose):
    free = choose(max_sites=1)
    assert free.table["parcel_id"].tolist() == ["p2"]
    forced = choose(max_sites=1, must=("p1",))
    assert forced.table["parcel_id"].tolist() == ["p1"]
    assert forced.solution.covered < free.solution.covered
    without = choose(never=("p2",))
    assert set(without.table["parcel_id"]) == {"p1", "p3"}


def test_services_stand_together_where_there_is_room(choose, town):
    sites = choose(max_sites=1)
    (row,) = sites.table.itertuples()
    assert len(row.types.split("; ")) >= 2
    room = town.set_index("parcel_id")["area_m2"]
    assert row.floor_m2 <= room["p2"]
    assert row.services == "; ".join(
        one
        for one in ("medical", "culture", "fitness", "elder_care")
        if one in {kind.split(".")[0] for kind in row.types.split("; ")}
    )


def test_a_weight_moves_the_choice(choose):
    assert choose(max_sites=1).table["parcel_id"].tolist() == ["p2"]
    away = dict.fromkeys(("culture", "fitness", "elder_care"), 0.0)
    assert choose(max_sites=1, weights=away).table["parcel_id"].tolist() == ["p3"]


def test_more_sites_never_serve_fewer(choose):
    covered = [choose(max_sites=count).newly_covered for count in range(4)]
    assert covered == sorted(covered)
    assert covered[0] == 0 < covered[1]


# -- the table ---------------------------------------------------------------------------------
def test_the_table_says_where_and_what(choose, town):
    sites = choose()
    table = sites.table
    assert tuple(table.columns) == tables.SITES
    assert table["site_id"].is_unique
    parcels = town.set_index("parcel_id")
    for row in table.itertuples():
        assert row.kind == parcels.loc[row.parcel_id, "kind"]
        assert row.area_m2 == parcels.loc[row.parcel_id, "area_m2"]
        spot = shapely.Point(row.x, row.y)
        assert shapely.dwithin(parcels.geometry[row.parcel_id], spot, 1e-6)
        assert row.newly_covered > 0
        assert 1 <= row.year <= 3


def test_ids_and_rows_do_not_hang_on_the_order_of_parcels(choose, town):
    one, two = choose(town), choose(town.iloc[::-1])
    pd.testing.assert_frame_equal(one.table, two.table)
    few = choose(town[town["parcel_id"] != "p1"].reset_index(drop=True))
    ids = dict(zip(one.table["parcel_id"], one.table["site_id"], strict=True))
    assert all(ids[row.parcel_id] == row.site_id for row in few.table.itertuples())


def test_what_goes_in_stays_as_it_was(choose, town, toy_findings):
    parcels, gaps = town.copy(), toy_findings.results.gaps.table.copy()
    choose()
    assert parcels.equals(town)
    assert gaps.equals(toy_findings.results.gaps.table)
