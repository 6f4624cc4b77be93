"""
What must hold in every town: the laws of the numbers, from streets to scores.

On the toy town, whose answers are worked by hand, on random towns, and on a real one.
"""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyproj import CRS

from lifecircle import geo
from lifecircle.access.measures import sum_by
from lifecircle.network.compounds import enclose
from lifecircle.network.pins import Pins, pin_points
from lifecircle.network.router import Ends, Router
from lifecircle.network.streets import StreetNetwork
from lifecircle.places.communities import communities_of_grid, community_of
from lifecircle.places.homes import homes_of_buildings, people_homes
from lifecircle.reach.matrix import Pinned, reach_of
from lifecircle.standards import load_standard
from lifecircle.study import Findings, Study
from lifecircle.tables import StreetWays
from lifecircle.walk import PROFILES, Profile
from tests.making import estate_table, facilities_at, gate_table, homes_at, pin_rows, requirement
from tests.network.oracle import walk_cs
from tests.network.test_router import random_points, random_town
from tests.toytown_answers import (
    EXPECTED_SHARES,
    EXPECTED_STATUS,
    EXPECTED_WALKS,
    REQUIREMENTS,
    TOLERANCE_S,
)

SEEDS = st.integers(0, 10_000)
GB = PROFILES["gb"]
LIMIT = 60_000


def coordinates(seed: int, count: int) -> list[tuple[float, float]]:
    return [tuple(xy) for xy in shapely.get_coordinates(random_points(seed, count)).tolist()]


def dense(router: Router, homes: Ends, facilities: Ends, limit: int = LIMIT) -> np.ndarray:
    """Walks as a full table, infinite where there is none within the limit."""
    matrix = router.matrix(homes, facilities, limit=limit)
    table = np.full((homes.n, facilities.n), np.inf)
    table[matrix.home, matrix.facility] = matrix.cost
    return table


# -- the toy town, end to end ------------------------------------------------------------------
@pytest.fixture(scope="module")
def toy_homes(toy_findings: Findings) -> gpd.GeoDataFrame:
    return toy_findings.homes.set_index("home_id")


@pytest.mark.parametrize("walk", EXPECTED_WALKS, ids=lambda one: f"{one.home_id}-{one.service}")
def test_toy_walks_are_those_worked_by_hand(toy_homes, walk):
    home = toy_homes.loc[walk.home_id]
    for minutes in (5, 15):
        name = f"{walk.service}_{minutes}"
        found, facility = home[f"{name}_s"], home[f"{name}_facility_id"]
        if walk.walk_s is None or walk.walk_s > 2 * 60 * minutes:  # searched to twice the limit
            assert np.isnan(found), walk.why
            assert pd.isna(facility)
        else:
            assert found == pytest.approx(walk.walk_s, abs=TOLERANCE_S), walk.why
            assert facility == walk.facility_id


def test_toy_statuses_are_those_worked_by_hand(toy_homes):
    status = toy_homes["status"].to_dict()
    assert {home: told for home, told in status.items() if told != "ok"} == EXPECTED_STATUS
    assert len(status) == 18


@pytest.mark.parametrize(
    "expected", EXPECTED_SHARES, ids=lambda one: f"{one.community_id}-{one.requirement}"
)
def test_toy_shares_are_those_worked_by_hand(toy_findings, expected):
    scores = toy_findings.scorecard.scores
    (row,) = scores[
        (scores["level"] == "community")
        & (scores["area_id"] == expected.community_id)
        & (scores["requirement"] == expected.requirement)
    ].itertuples()
    assert row.covered == expected.covered
    assert row.people == expected.people
    share = expected.covered / expected.people if expected.people else np.nan
    np.testing.assert_equal(row.share, share)
    assert (row.verdict == "empty") == (expected.people == 0)


def test_toy_walks_equal_the_state_space_of_closed_estates(toy_findings):
    waist = toy_findings.results.waist
    for name in ("gb", "elder"):
        router = Router(network=waist.network, profile=PROFILES[name])
        homes, doors = waist.homes.ends, waist.facilities.ends
        by_door = walk_cs(waist.network, PROFILES[name], homes.pins, doors.pins, 10**6)
        expected = np.full((homes.n, doors.n), np.inf)
        for door, facility in enumerate(doors.row):
            expected[:, facility] = np.fmin(expected[:, facility], by_door[:, door])
        np.testing.assert_array_equal(dense(router, homes, doors, 10**6), expected)


# -- people ------------------------------------------------------------------------------------
def test_toy_people_are_conserved_on_every_level(toy_findings):
    homes = toy_findings.results.waist.homes.table
    given = toy_findings.inputs.survey.homes["people"].sum()
    scores, index = toy_findings.scorecard.scores, toy_findings.scorecard.index
    levels = set(scores["level"])
    assert {"community", "unit", "subdistrict", "county", "city", "study"} <= levels
    for level in levels:
        # not everybody lives in an estate; all else covers everybody
        inside = homes["estate_id"].notna() if level == "estate" else homes["people"] >= 0
        people = homes.loc[inside, "people"].sum()
        assert level == "estate" or people == pytest.approx(given, rel=1e-9)
        for name in REQUIREMENTS:
            rows = scores[(scores["level"] == level) & (scores["requirement"] == name)]
            assert rows["people"].sum() == pytest.approx(people, rel=1e-9)
            covered = toy_findings.results.reaches[name].covered & inside.to_numpy()
            assert rows["covered"].sum() == pytest.approx(
                homes.loc[covered, "people"].sum(), rel=1e-9
            )
        for minutes in (5, 15):
            rows = index[(index["level"] == level) & (index["minutes"] == minutes)]
            assert rows["people"].sum() == pytest.approx(people, rel=1e-9)
    assert toy_findings.communities["people"].sum() == pytest.approx(given, rel=1e-9)


def test_the_people_of_a_real_town_are_conserved(neubrandenburg):
    crs = CRS.from_epsg(32633)
    buildings, ground = neubrandenburg.buildings.to_crs(crs), neubrandenburg.ground.to_crs(crs)
    area = geo.project_shape(neubrandenburg.extent, geo.WGS84, crs)
    rules = load_standard("basic").home_rules
    homes = people_homes(
        homes_of_buildings(buildings, ground, area=area, rules=rules), total=63_437.0
    )
    assert len(homes) > 5_000
    assert homes["people"].sum() == pytest.approx(63_437.0, rel=1e-9)
    grid = communities_of_grid(area=area, cell_m=1500.0, crs=crs)
    row = community_of(homes.geometry.to_numpy(), grid)
    people = homes["people"].to_numpy()
    lost = people[row < 0].sum()
    told = sum_by(people, row, len(grid)).sum()
    assert told + lost == pytest.approx(63_437.0, rel=1e-9)
    assert lost < 1e-6 * told  # the grid covers the area but for slivers


# -- more, faster, longer ----------------------------------------------------------------------
@given(SEEDS)
@settings(max_examples=15, deadline=None)
def test_more_facilities_never_lower_a_share(seed):
    network = random_town(seed)
    homes = homes_at(network, *coordinates(seed, 15))
    sites = coordinates(seed + 5, 4)
    ask = requirement(minutes=4)
    before = np.zeros(15, dtype=bool)
    walk = np.full(15, np.inf)
    for count in range(len(sites) + 1):
        reach = reach_of(ask, homes, facilities_at(network, *sites[:count]), network)
        assert (reach.covered >= before).all()
        now = np.where(np.isnan(reach.walk_s), np.inf, reach.walk_s)
        assert (now <= walk).all()
        before, walk = reach.covered, now


def test_closing_a_toy_facility_never_helps(toy_findings):
    waist, standard = toy_findings.results.waist, toy_findings.results.standard
    table = waist.facilities.table
    for row in range(len(table)):
        closed = table.copy()
        closed.loc[row, "status"] = "closed"
        fewer = Pinned(table=closed, ends=waist.facilities.ends, compound=waist.facilities.compound)
        for ask in standard.requirements:
            reach = reach_of(ask, waist.homes, fewer, waist.network)
            assert (reach.covered <= toy_findings.results.reaches[ask.id].covered).all()


@given(SEEDS, st.floats(0.5, 2.0), st.floats(1.0, 1.5))
@settings(max_examples=15, deadline=None)
def test_a_faster_profile_reaches_a_superset(seed, speed, faster):
    network = random_town(seed)
    pins = [Ends.single(pin_points(network, random_points(seed + k, 10))) for k in (0, 3)]
    slow, fast = (
        Profile(name="walker", speed_mps=one, source="test", stairs_up=2.0, crossing_s=5.0)
        for one in (speed, speed * faster)
    )
    walks = [dense(Router(network=network, profile=one), *pins) for one in (slow, fast)]
    assert (walks[1] <= walks[0]).all()


def test_toy_profiles_reach_supersets_of_slower_ones(toy_findings):
    waist = toy_findings.results.waist
    ends = waist.homes.ends, waist.facilities.ends
    walks = {
        name: dense(Router(network=waist.network, profile=PROFILES[name]), *ends, 10**6)
        for name in PROFILES
    }
    # Adults slow down on stairs and wait at crossings: the planning speed is not theirs to beat.
    for slow, fast in (
        ("elder", "child"),
        ("child", "adult"),
        ("elder", "gb"),
        ("wheelchair", "stroller"),
    ):
        assert (walks[fast] <= walks[slow]).all()


def test_a_longer_limit_covers_at_least_as_many(toy_findings):
    scores = toy_findings.scorecard.scores
    for service in ("medical", "culture", "fitness", "elder_care"):
        short, long = (
            scores[scores["requirement"] == f"{service}_{minutes}"].reset_index(drop=True)
            for minutes in (5, 15)
        )
        assert (short[["level", "area_id"]] == long[["level", "area_id"]]).all(axis=None)
        assert (short["covered"] <= long["covered"]).all()
    for five, fifteen in ((f"{one}_5", f"{one}_15") for one in ("medical", "culture")):
        reaches = toy_findings.results.reaches
        assert (reaches[five].covered <= reaches[fifteen].covered).all()


# -- streets and gates -------------------------------------------------------------------------
def held(pins: Pins, old: StreetNetwork, new: StreetNetwork) -> Pins:
    """The same pins on a network that has every edge of the old one."""
    place = {shapely.to_wkb(line): edge for edge, line in enumerate(new.lines)}
    moved = [place[shapely.to_wkb(line)] for line in old.lines]
    return dataclasses.replace(pins, edge=np.asarray(moved, dtype=np.int32)[pins.edge])


@given(SEEDS, st.integers(0, 35), st.integers(0, 35))
@settings(max_examples=20, deadline=None)
def test_with_pins_held_a_new_street_never_reduces_access(seed, a, b):
    town = random_town(seed)
    a, b = a % len(town.node_xy), b % len(town.node_xy)
    lines = gpd.GeoDataFrame(
        town.edges[["foot_forward", "foot_backward", "steps"]], geometry=town.lines, crs=town.crs
    )
    link = gpd.GeoDataFrame(
        {"foot_forward": [True], "foot_backward": [seed % 2 == 0], "steps": [False]},
        geometry=[shapely.LineString(town.node_xy[[a, b]])],
        crs=town.crs,
    )
    # Pins are held by the shapes of streets: a second one on the same line would be taken for it.
    assume(not shapely.equals_exact(town.lines, link.geometry[0]).any())
    old = StreetNetwork.from_lines(lines)
    new = StreetNetwork.from_lines(gpd.GeoDataFrame(pd.concat([lines, link], ignore_index=True)))
    assert len(new.length_m) == len(old.length_m) + 1
    pins = [pin_points(old, random_points(seed + k, 10)) for k in (0, 2)]
    before = dense(Router(network=old, profile=GB), *(Ends.single(one) for one in pins))
    after = dense(
        Router(network=new, profile=GB), *(Ends.single(held(one, old, new)) for one in pins)
    )
    assert (after <= before).all()


@given(SEEDS, st.booleans())
@settings(max_examples=20, deadline=None)
def test_another_gate_never_reduces_access(seed, with_paths):
    network = random_town(seed)
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(50, 250, 2)
    side = 180.0 if with_paths else 40.0
    box = shapely.box(x, y, x + side, y + side)
    rim = box.exterior
    gates = [rim.interpolate(rng.uniform(0, rim.length)).coords[0] for _ in range(4)]
    shapes = np.concatenate(
        [random_points(seed, 12), shapely.points(rng.uniform(x, x + 40, (4, 2)))]
    )
    others = random_points(seed + 4, 6)
    before = None
    for count in range(1, len(gates) + 1):
        town = enclose(network, estate_table(box), gate_table(*gates[:count]))
        router = Router(network=town.network, profile=GB)
        after = dense(router, pin_rows(town, shapes), pin_rows(town, others))
        if before is not None:
            assert (after <= before).all()
        before = after


# -- the order of rows, datums and systems -----------------------------------------------------
def shuffled_ways(streets: StreetWays, rng: np.random.Generator) -> StreetWays:
    order, nodes = rng.permutation(len(streets)), rng.permutation(len(streets.lonlat))
    place = np.argsort(nodes).astype(np.int32)
    runs = [
        place[streets.way_node[streets.way_ptr[way] : streets.way_ptr[way + 1]]] for way in order
    ]
    return StreetWays(
        lonlat=streets.lonlat[nodes].copy(),
        node_id=streets.node_id[nodes].copy(),
        node_kind=streets.node_kind[nodes].copy(),
        way_ptr=np.cumsum([0, *map(len, runs)], dtype=np.int64),
        way_node=np.concatenate(runs),
        ways=streets.ways.iloc[order].reset_index(drop=True),
    )


def told(found: Findings) -> dict[str, str]:
    tables = {
        "scores": found.scorecard.scores,
        "services": found.scorecard.services,
        "index": found.scorecard.index,
        "gaps": found.gaps.table,
        "sites": found.sites.table,
        "homes": found.homes.sort_values("home_id"),
        "streets": found.results.waist.network.to_frame(),
        "projects": found.programme.projects,
        "programme": found.programme.programme,
        "isochrones": found.results.isochrones,
        "coverage": found.results.measures.coverage,
        "nearness": found.results.measures.nearness,
        "equity": found.results.measures.equity,
    }
    return {name: pd.DataFrame(table).to_csv(index=False) for name, table in tables.items()}


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_changes_no_byte_of_the_results(toy_findings, seed):
    study = Study.toytown()
    survey = study.given.survey
    rng = np.random.default_rng(seed)
    frames = {
        field.name: getattr(survey, field.name).sample(
            frac=1.0, random_state=int(rng.integers(2**31))
        )
        for field in dataclasses.fields(survey)
        if isinstance(getattr(survey, field.name), gpd.GeoDataFrame)
    }
    assert len(frames) >= 13
    mixed = dataclasses.replace(survey, **frames, streets=shuffled_ways(survey.streets, rng))
    given = dataclasses.replace(study.given, survey=mixed)
    again = told(Study(config=study.config, given=given).run())
    for name, text in told(toy_findings).items():
        assert again[name] == text, name


def assert_same_verdicts(found: Findings, base: Findings) -> None:
    """No home's verdict changes that lies farther than 1 s from its limit."""
    for name, reach in found.results.reaches.items():
        old = base.results.reaches[name]
        firm = ~(np.abs(old.walk_s - old.requirement.limit * 60) <= 1.0)
        assert firm.sum() >= 15
        np.testing.assert_array_equal(reach.covered[firm], old.covered[firm], err_msg=name)
        both = ~np.isnan(reach.walk_s) & ~np.isnan(old.walk_s)
        assert both.sum() >= (~np.isnan(old.walk_s)).sum() - 1
        assert np.abs(reach.walk_s - old.walk_s)[both].max() < 1.0


def moved(shape: shapely.Geometry | np.ndarray, steps) -> shapely.Geometry | np.ndarray:
    for step in steps:
        shape = shapely.transform(shape, step)
    return shape


@pytest.mark.parametrize(
    "steps",
    [
        (geo.wgs84_to_gcj02, geo.gcj02_to_wgs84),
        (geo.wgs84_to_gcj02, geo.gcj02_to_bd09, geo.bd09_to_gcj02, geo.gcj02_to_wgs84),
    ],
    ids=["gcj02", "bd09"],
)
def test_a_datum_there_and_back_changes_no_firm_verdict(toy_findings, steps):
    study = Study.toytown()
    survey = study.given.survey
    frames = {
        name: getattr(survey, name).set_geometry(
            moved(getattr(survey, name).geometry.to_numpy(), steps), crs=geo.WGS84
        )
        for name in ("homes", "facilities", "facility_entrances")
    }
    given = dataclasses.replace(study.given, survey=dataclasses.replace(survey, **frames))
    assert_same_verdicts(Study(config=study.config, given=given).run(), toy_findings)


@pytest.mark.parametrize("code", [32651, 4549])
def test_another_metric_system_changes_no_firm_verdict(toy_findings, code):
    # UTM zone 51, and the zone to the west of the right one
    study = Study.toytown()
    given = dataclasses.replace(study.given, crs=CRS.from_epsg(code))
    assert_same_verdicts(Study(config=study.config, given=given).run(), toy_findings)
