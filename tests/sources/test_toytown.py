"""The toy town: valid tables, exact lengths, and answers that a second engine agrees with."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lifecircle import tables
from lifecircle.errors import SchemaError
from lifecircle.geo import WGS84, ground_m, metric_crs, project
from lifecircle.sources import toytown as module
from lifecircle.sources.toytown import TOYTOWN_CRS, TOYTOWN_ORIGIN, toytown, toytown_area
from lifecircle.walk import PROFILES
from tests.sources.toytown_oracle import DIRECT_FACTOR, Oracle, metres
from tests.toytown_answers import (
    EXPECTED_SHARES,
    EXPECTED_STATUS,
    EXPECTED_WALKS,
    REQUIREMENTS,
    SERVICES,
)

TOWN = toytown()
ORACLE = Oracle(TOWN)
SCHEMAS = {
    "pois": tables.PLACES_OF_INTEREST,
    "buildings": tables.BUILDINGS,
    "ground": tables.GROUND,
    "barriers": tables.BARRIERS,
    "gates": tables.GATES,
    "doors": tables.DOORS,
    "named_places": tables.NAMED_PLACES,
    "admin_areas": tables.ADMIN_AREAS,
    "communities": tables.COMMUNITIES,
    "estates": tables.ESTATES,
    "facilities": tables.FACILITIES,
    "facility_entrances": tables.FACILITY_ENTRANCES,
    "parcels": tables.PARCELS,
}


# -- tables ------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", SCHEMAS)
def test_every_table_passes_its_schema_and_stays_what_it_was(name):
    table = getattr(TOWN, name)
    again = tables.check(table, SCHEMAS[name], where=name)
    assert table.crs == WGS84
    assert list(again.columns) == list(table.columns)
    assert len(table) > 0
    assert table.geometry.is_valid.all()


def test_a_broken_home_is_refused():
    homes = TOWN.homes.assign(status="ok", community_id=None)
    tables.check(homes, tables.HOMES, where="homes")
    homes.loc[3, "people"] = -1
    with pytest.raises(SchemaError, match="row 3"):
        tables.check(homes, tables.HOMES, where="homes")


def test_homes_come_without_what_later_stages_find_out():
    assert not {"status", "community_id"} & set(TOWN.homes.columns)
    whole = TOWN.homes[["people", "people_60plus", "people_0_3"]]
    assert (whole == whole.round()).all(axis=None)
    assert whole.sum().tolist() == [2088, 595, 62]
    assert (whole["people_60plus"] + whole["people_0_3"] <= whole["people"]).all()


def test_the_same_town_every_time_and_no_state_shared():
    first, second = toytown(), toytown()
    for name in SCHEMAS:
        assert getattr(first, name).equals(getattr(second, name))
    first.homes.loc[0, "people"] = 0
    assert toytown().homes.loc[0, "people"] == 120
    assert np.array_equal(first.streets.way_node, second.streets.way_node)
    with pytest.raises(ValueError, match="read-only"):
        first.streets.lonlat[0, 0] = 0


def test_streets_have_every_column_and_valid_runs():
    streets = TOWN.streets
    texts = ["way_id", "highway", *tables.STREET_TEXTS]
    expected = {*texts, *tables.STREET_FLAGS, "layer", "maxspeed_kmh"}
    assert set(streets.ways.columns) == expected
    assert all(streets.ways[flag].dtype == bool for flag in tables.STREET_FLAGS)
    assert (np.diff(streets.way_ptr) >= 2).all()
    assert set(streets.way_node) == set(range(len(streets.lonlat)))
    assert streets.way_ptr[-1] == len(streets.way_node)
    only = streets.ways.set_index("way_id")
    assert only.index[only["steps"]].tolist() == ["stairs"]
    assert only.index[only["bridge"]].tolist() == ["bridge"]
    assert only.index[only["foot_forward"] & ~only["foot_backward"]].tolist() == ["passage"]
    assert only["foot_forward"].all()


def test_gates_stand_on_street_nodes_and_on_walls():
    walls = TOWN.barriers[TOWN.barriers["kind"] == "wall"].geometry.union_all()
    walls = shapely.transform(walls, metres)
    streets = TOWN.streets
    kinds = np.flatnonzero(streets.node_kind == tables.NODE_KINDS.index("gate"))
    on_streets = {tuple(xy) for xy in metres(streets.lonlat)[kinds]}
    estate_gates = TOWN.gates.dropna(subset="estate_id")
    in_table = {tuple(xy) for xy in metres(shapely.get_coordinates(estate_gates.geometry))}
    assert on_streets == in_table
    assert len(in_table) == 5
    assert all(walls.distance(shapely.Point(xy)) < 1e-6 for xy in in_table)


# -- lengths -----------------------------------------------------------------------------------
def test_lengths_on_the_ellipsoid_are_the_drawn_metres():
    streets = TOWN.streets
    joined = np.ones(len(streets.way_node) - 1, dtype=bool)
    joined[streets.way_ptr[1:-1] - 1] = False
    a, b = streets.way_node[:-1][joined], streets.way_node[1:][joined]
    length_m = ground_m(streets.lonlat[a], streets.lonlat[b])
    xy = metres(streets.lonlat)
    assert np.abs(length_m - np.abs(xy[a] - xy[b]).sum(axis=1)).max() < 1e-3
    assert np.array_equal(xy, np.round(xy, 0))
    # 6 rows and 9 columns of two halves, less x = 500 in the north; then what was added by name
    assert length_m.sum() == pytest.approx(
        6 * 800 + 9 * 400 - 100 + 100 + 180 + 10 + 10 + 100 + 100 + 200 + 60, abs=0.01
    )


def test_the_study_would_be_computed_in_the_system_the_town_is_drawn_in():
    middle = toytown_area().centroid
    assert metric_crs(middle.x, middle.y) == TOYTOWN_CRS
    corners = project(shapely.get_coordinates(toytown_area()), TOYTOWN_CRS)
    assert corners.min(axis=0) - np.array(TOYTOWN_ORIGIN) == pytest.approx([-50, -100], abs=1e-3)
    assert np.ptp(corners, axis=0) == pytest.approx([1300, 650], abs=1e-3)


def test_the_island_is_less_than_a_hundredth_of_the_streets():
    streets = TOWN.streets
    length_m = {
        way_id: shapely.LineString(metres(streets.lonlat[streets.way_node[low:high]])).length
        for way_id, low, high in zip(
            streets.ways["way_id"], streets.way_ptr[:-1], streets.way_ptr[1:], strict=True
        )
    }
    assert length_m["island"] < 0.01 * sum(length_m.values())


# -- areas -------------------------------------------------------------------------------------
def test_communities_tile_the_area_and_the_wharf_is_empty():
    whole = shapely.transform(toytown_area(), metres)
    parts = shapely.transform(TOWN.communities.geometry.to_numpy(), metres)
    assert sum(part.area for part in parts) == pytest.approx(whole.area)
    assert shapely.union_all(parts).equals(whole)
    people = _people_by_community()
    assert people == {"c1": 1040, "c2": 864, "c3": 184, "c4": 0}
    assert TOWN.communities.groupby("subdistrict").size().tolist() == [2, 2]
    assert TOWN.communities.loc[~TOWN.communities["urban"], "community_id"].tolist() == ["c3"]


def test_the_data_reach_beyond_the_area_by_more_than_any_limit():
    extent = shapely.transform(TOWN.extent, metres)
    area = shapely.transform(toytown_area(), metres)
    assert extent.contains(area.buffer(1400))


def test_floor_area_would_share_out_the_same_people():
    buildings = TOWN.buildings.dropna(subset="people").to_crs(TOYTOWN_CRS)
    floor_m2 = buildings.area * buildings["levels"]
    assert (floor_m2 / buildings["people"]).to_numpy() == pytest.approx(20.0, rel=1e-4)
    assert buildings["people"].sum() == TOWN.homes["people"].sum()
    points = TOWN.homes.to_crs(TOYTOWN_CRS).geometry
    assert (points.reset_index(drop=True).within(buildings.geometry.reset_index(drop=True))).all()


def test_homes_and_facilities_inside_an_estate_say_so():
    estates = TOWN.estates.set_index("estate_id").geometry
    for home in TOWN.homes.itertuples():
        inside = estates.index[estates.contains(home.geometry)].tolist()
        assert inside == ([home.estate_id] if home.estate_id else [])
    inside_a = TOWN.facilities[TOWN.facilities.within(estates["A"])]
    assert dict(zip(inside_a["facility_id"], inside_a["open_to"], strict=True)) == {
        "F2": "residents",
        "E1": "anyone",
    }
    assert set(TOWN.facilities["service"]) == set(SERVICES)
    assert set(TOWN.facility_entrances["facility_id"]) == set(TOWN.facilities["facility_id"])


def test_parcels_measure_what_they_say():
    parcels = TOWN.parcels.to_crs(TOYTOWN_CRS)
    outlined = parcels[parcels.geom_type == "Polygon"]
    assert outlined["kind"].tolist() == ["corner", "vacant"]
    assert outlined.area.to_numpy() == pytest.approx(outlined["area_m2"].to_numpy(), rel=1e-5)


# -- answers -----------------------------------------------------------------------------------
def test_the_answers_are_complete():
    asked = [(walk.home_id, walk.service) for walk in EXPECTED_WALKS]
    assert asked == [(home, service) for home in TOWN.homes["home_id"] for service in SERVICES]
    assert len(EXPECTED_SHARES) == 4 * len(REQUIREMENTS)


@pytest.mark.parametrize("walk", EXPECTED_WALKS, ids=lambda w: f"{w.home_id}-{w.service}")
def test_the_oracle_walks_as_worked_by_hand(walk):
    walk_s, facilities = ORACLE.nearest(walk.home_id, walk.service)
    assert walk_s == walk.walk_s
    assert facilities == ([walk.facility_id] if walk.facility_id else [])


@pytest.mark.parametrize(
    "walk",
    [walk for walk in EXPECTED_WALKS if walk.walk_s is not None],
    ids=lambda w: f"{w.home_id}-{w.service}",
)
def test_the_metres_in_the_reason_make_the_time(walk):
    metres_walked = sum(map(int, walk.why.split(":")[0].split("+")))
    assert int(PROFILES["gb"].centiseconds(metres_walked)) == round(walk.walk_s * 100)


def test_shares_follow_from_walks():
    area_of = _community_of_home()
    people = TOWN.homes.set_index("home_id")["people"]
    totals = _people_by_community()
    for expected in EXPECTED_SHARES:
        service, minutes = expected.requirement.rsplit("_", 1)
        covered = sum(
            people[walk.home_id]
            for walk in EXPECTED_WALKS
            if walk.service == service
            and area_of[walk.home_id] == expected.community_id
            and walk.walk_s is not None
            and walk.walk_s <= int(minutes) * 60
        )
        assert (covered, totals[expected.community_id]) == (expected.covered, expected.people)


def test_the_docstring_tells_the_same_times():
    lines = re.findall(r"^ +(h\d\d +c\d .*)$", module.__doc__, flags=re.MULTILINE)
    told, community_of = {}, _community_of_home()
    for line in lines:
        home_id, community_id, people, *rest = line.split()
        row = TOWN.homes.set_index("home_id").loc[home_id]
        assert int(people) == row["people"]
        assert community_id == community_of[home_id]
        pairs = list(zip(rest[::2], rest[1::2], strict=True))
        cells = [(None, None)] * 4 if set(rest) == {"-"} else pairs
        for service, (walk_s, facility_id) in zip(SERVICES, cells, strict=True):
            told[home_id, service] = (walk_s and float(walk_s), facility_id)
    assert told == {(w.home_id, w.service): (w.walk_s, w.facility_id) for w in EXPECTED_WALKS}


def test_the_docstring_tells_the_same_shares():
    told = re.findall(r"^ +(c\d)((?: +\d+){9})$", module.__doc__, flags=re.MULTILINE)
    said = {
        (community_id, name): (int(covered), int(numbers.split()[0]))
        for community_id, numbers in told
        for name, covered in zip(REQUIREMENTS, numbers.split()[1:], strict=True)
    }
    assert said == {(s.community_id, s.requirement): (s.covered, s.people) for s in EXPECTED_SHARES}


def test_every_pin_is_one_point_of_the_streets():
    doors = {f"{f} {i}": door for i, (f, door) in enumerate(ORACLE.doors)}
    for name, point in {**ORACLE.homes, **doors}.items():
        spots = set()
        for pin in ORACLE.pins(point):
            a, b, *_ = ORACLE.edges[pin.edge]
            spot = shapely.LineString([a, b]).interpolate(pin.offset_m)
            spots.add((round(spot.x, 6), round(spot.y, 6), round(pin.leg_m, 6)))
        without_paths = ORACLE.estate_of(point) == "B"
        assert len(spots) == (0 if without_paths or name == "h18" else 1), name


@pytest.mark.parametrize(
    ("home_id", "service", "change", "walk_s"),
    [
        # what each obstacle costs: without it the walk is this long
        ("h01", "elder_care", "open C", 108.0),
        ("h07", "fitness", "gym for anyone", 234.0),
        ("h14", "fitness", "passage both ways", 378.0),
        ("h16", "fitness", "passage both ways", 828.0),
        ("h15", "medical", "no passage", 558.0),
        ("h06", "culture", "no stairs", 360.0),
        ("h13", "medical", "no path D", 193.5),
        ("h16", "medical", "hospital built", 108.0),
        ("h08", "culture", "no bridge", None),
    ],
)
def test_each_obstacle_matters(home_id, service, change, walk_s):
    usual, _ = ORACLE.nearest(home_id, service)
    changed, _ = Oracle(_changed(change)).nearest(home_id, service)
    assert changed == walk_s
    assert changed != usual


def test_stairs_slow_an_elder_down():
    # 10 + 50 + 100 + 40 m flat at 0.8 m/s and 100 m of stairs at half of it
    assert Oracle(TOWN, profile="elder").nearest("h06", "culture") == (500.0, ["K1"])


def test_the_limit_is_met_exactly_once():
    on_limit = [w.home_id for w in EXPECTED_WALKS if w.walk_s in (300.0, 900.0)]
    assert on_limit == ["h08"]


def test_far_and_island_homes_are_what_they_are_called():
    far = ORACLE.homes["h18"]
    streets = [shapely.LineString([a, b]) for a, b, *_ in ORACLE.edges]
    assert min(line.distance(far) for line in streets) == pytest.approx(212.1, abs=0.1)
    assert ORACLE.walks("h17") == {}
    mainland = [line for line in streets if line.bounds[0] < 1100]
    assert min(line.distance(ORACLE.homes["h17"]) for line in mainland) > 200
    assert set(EXPECTED_STATUS) == {w.home_id for w in EXPECTED_WALKS if w.walk_s is None}
    assert DIRECT_FACTOR * 50 == 65


def _changed(change: str) -> tables.Survey:
    town = toytown()
    ways, facilities = town.streets.ways, town.facilities
    if change == "open C":
        town.estates.loc[town.estates["estate_id"] == "C", "closed"] = False
    elif change == "gym for anyone":
        facilities.loc[facilities["facility_id"] == "F2", "open_to"] = "anyone"
    elif change == "hospital built":
        facilities.loc[facilities["facility_id"] == "M3", "status"] = "existing"
    elif change == "passage both ways":
        ways.loc[ways["way_id"] == "passage", "foot_backward"] = True
    else:
        way_id = {"no path D": "D_path"}.get(change, change.removeprefix("no "))
        assert (ways["way_id"] == way_id).any()
        ways.loc[ways["way_id"] == way_id, ["foot_forward", "foot_backward"]] = False
    return town


def _community_of_home() -> dict[str, str]:
    joined = gpd.sjoin(TOWN.homes, TOWN.communities[["community_id", "geometry"]])
    assert len(joined) == len(TOWN.homes)
    return dict(zip(joined["home_id"], joined["community_id"], strict=True))


def _people_by_community() -> dict[str, float]:
    totals = dict.fromkeys(TOWN.communities["community_id"], 0.0)
    people = TOWN.homes.set_index("home_id")["people"]
    for home_id, community_id in _community_of_home().items():
        totals[community_id] += people[home_id]
    return totals
