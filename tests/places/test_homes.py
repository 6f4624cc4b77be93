"""Homes: who is one, how big it is, and people shared out to the last one."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.errors import InputError
from lifecircle.places.groups import people_of
from lifecircle.places.homes import homes_of_buildings, homes_of_land, people_homes
from lifecircle.tables import BUILDINGS, GROUND, check, empty
from tests.making import BASIC, CRS

AREA = shapely.box(0, 0, 1000, 1000)
RULES = BASIC.home_rules


def buildings(*rows: dict) -> gpd.GeoDataFrame:
    """10 x 10 m unless ``side`` says otherwise, 20 m apart from x = 100."""
    shapes = []
    for k, row in enumerate(rows):
        x, y, side = row.pop("x", 100 + 20 * k), row.pop("y", 500), row.pop("side", 10)
        shapes.append(shapely.box(x, y, x + side, y + side))
        row.setdefault("building_id", f"b{k}")
    table = gpd.GeoDataFrame(pd.DataFrame(rows), geometry=shapes, crs=CRS)
    return check(table, BUILDINGS, where="buildings")


def ground(*rows: tuple[str, tuple[float, float, float, float]]) -> gpd.GeoDataFrame:
    return check(
        gpd.GeoDataFrame(
            {"ground_id": [f"g{k}" for k in range(len(rows))], "kind": [row[0] for row in rows]},
            geometry=[shapely.box(*row[1]) for row in rows],
            crs=CRS,
        ),
        GROUND,
        where="ground",
    )


RESIDENTIAL = ground(("residential", (0, 0, 1000, 1000)))


def found(table: gpd.GeoDataFrame, land: gpd.GeoDataFrame = RESIDENTIAL, **options) -> list[str]:
    homes = homes_of_buildings(table, land, area=AREA, rules=RULES, **options)
    return homes["home_id"].tolist()


# -- which buildings are homes -----------------------------------------------------------------
def test_tagged_untagged_and_other_buildings():
    table = buildings(
        {"use": "apartments"},
        {"use": "house"},
        {"use": "school"},
        {"use": "yes"},
        {"use": None},
        {"use": "yes", "side": 7},  # 49 m², under the 50 m² of the rule
        {"use": "yes", "side": 8},
        {"use": "garage", "people": 3},
        {"use": "office", "flats": 2},
        {"use": "office", "flats": 0},
        {"use": "retail", "people": 0},
    )
    assert found(table) == ["b0", "b1", "b3", "b4", "b6", "b7", "b8"]
    assert found(table, not_homes=frozenset({"b3", "b0"})) == ["b0", "b1", "b4", "b6", "b7", "b8"]
    assert found(table, empty(GROUND, CRS)) == ["b0", "b1", "b7", "b8"]


def test_untagged_buildings_on_a_school_ground_are_no_homes():
    land = ground(("residential", (0, 0, 1000, 1000)), ("school", (0, 490, 125, 520)))
    table = buildings({"use": "yes"}, {"use": "yes", "x": 300}, {"use": "apartments", "x": 105})
    assert found(table, land) == ["b1", "b2"]


def test_only_what_stands_in_the_area():
    table = buildings({"use": "house", "x": -8}, {"use": "house", "x": -3}, {"use": "house"})
    assert found(table) == ["b1", "b2"]  # by the point inside the outline


def test_floors_come_from_storeys_given_or_the_rule():
    table = buildings(
        {"use": "apartments", "levels": 7},
        {"use": "apartments"},
        {"use": "apartments", "levels": 0},
        {"use": "house"},
        {"use": "yes", "levels": 3},
    )
    homes = homes_of_buildings(table, RESIDENTIAL, area=AREA, rules=RULES)
    assert homes["floor_m2"].tolist() == [700.0, 500.0, 500.0, 200.0, 300.0]
    assert homes["assumed_use"].tolist() == [False, False, False, False, True]
    assert homes["assumed_storeys"].tolist() == [False, True, True, True, False]
    assert (homes.geom_type == "Point").all()
    assert shapely.contains(table.geometry.array, homes.geometry.array).all()
    assert (homes["people"] == 0).all()


def test_no_buildings_give_no_homes_with_all_columns():
    nothing = homes_of_buildings(empty(BUILDINGS, CRS), RESIDENTIAL, area=AREA, rules=RULES)
    some = homes_of_buildings(buildings({"use": "house"}), RESIDENTIAL, area=AREA, rules=RULES)
    assert len(nothing) == 0
    assert list(nothing.columns) == list(some.columns)
    assert nothing.crs == CRS


def test_inputs_stay_as_they_were():
    table = buildings({"use": "house"}, {"use": None})
    before = table.copy(deep=True)
    homes = homes_of_buildings(table, RESIDENTIAL, area=AREA, rules=RULES)
    kept = homes.copy(deep=True)
    people_homes(homes, total=7)
    pd.testing.assert_frame_equal(table, before)
    pd.testing.assert_frame_equal(homes, kept)


# -- land --------------------------------------------------------------------------------------
def test_residential_land_becomes_points_fifty_metres_apart():
    land = ground(("residential", (0, 0, 200, 100)), ("forest", (200, 0, 400, 100)))
    homes = homes_of_land(land, area=AREA)
    assert len(homes) == 4 * 2
    xy = shapely.get_coordinates(homes.geometry.array)
    assert sorted({x for x, _ in xy}) == [25, 75, 125, 175]
    assert homes["home_id"].is_unique
    assert (homes["origin"] == "residential_land").all()
    assert len(homes_of_land(land, area=shapely.box(0, 0, 60, 60))) == 1
    assert len(homes_of_land(empty(GROUND, CRS), area=AREA)) == 0


# -- people ------------------------------------------------------------------------------------
def shared(table: gpd.GeoDataFrame, **options) -> pd.DataFrame:
    homes = homes_of_buildings(table, RESIDENTIAL, area=AREA, rules=RULES)
    return people_homes(homes, **options).set_index("home_id")


def test_people_are_shared_by_floor_area():
    table = buildings(
        {"use": "apartments", "levels": 6}, {"use": "apartments", "levels": 3}, {"use": "bungalow"}
    )
    homes = shared(table, total=100)
    assert homes["people"].tolist() == [60.0, 30.0, 10.0]
    assert set(homes["origin"]) == {"floor_area"}
    assert shared(table, total=0)["people"].tolist() == [0, 0, 0]


def test_flats_take_the_place_of_floors_where_all_are_known():
    rows = [{"use": "house", "flats": 1}, {"use": "apartments", "levels": 9, "flats": 3}]
    homes = shared(buildings(*map(dict, rows)), total=100)
    assert homes["people"].tolist() == [25.0, 75.0]
    assert set(homes["origin"]) == {"flats"}
    rows[0]["flats"] = None
    homes = shared(buildings(*map(dict, rows)), total=110)
    assert homes["people"].tolist() == [20.0, 90.0]
    assert set(homes["origin"]) == {"floor_area"}


def test_counted_people_stay_and_the_rest_is_shared_out():
    table = buildings(
        {"use": "house", "people": 40}, {"use": "house"}, {"use": "house"}, {"use": "house"}
    )
    homes = shared(table, total=100)
    assert homes["people"].tolist() == [40.0, 20.0, 20.0, 20.0]
    assert homes["origin"].tolist() == ["people"] + ["floor_area"] * 3
    # more counted than were given: what was counted wins, nobody is negative
    assert shared(table, total=30)["people"].tolist() == [40.0, 0.0, 0.0, 0.0]
    one_area = {"area_of": np.zeros(4, int), "area_people": np.array([30.0])}
    assert shared(table, total=None, **one_area)["people"].tolist() == [40.0, 0.0, 0.0, 0.0]


def test_the_smallest_known_area_comes_first():
    table = buildings(*({"use": "house", "x": 100 * k} for k in range(6)))
    homes = shared(
        table,
        total=1000,
        area_of=np.array([0, 0, 1, 1, -1, 2]),
        area_people=np.array([100.0, 300.0, np.nan]),
    )
    assert homes["people"].tolist() == [50.0, 50.0, 150.0, 150.0, 300.0, 300.0]


@pytest.mark.parametrize("ids", [["b2", "b10", "b1"], [2, 10, 1]])
def test_areas_follow_their_homes_whatever_the_order_of_ids(ids):
    table = buildings(*({"use": "house"} for _ in ids))
    homes = homes_of_buildings(table, RESIDENTIAL, area=AREA, rules=RULES)
    homes["home_id"] = ids
    told = people_homes(
        homes, total=None, area_of=np.array([0, 1, 2]), area_people=np.array([10.0, 20.0, 30.0])
    )
    by_id = dict(zip(told["home_id"], told["people"], strict=True))
    assert by_id == dict(zip(ids, [10.0, 20.0, 30.0], strict=True))


def test_nobody_known_means_every_home_weighs_the_same():
    homes = shared(buildings({"use": "house"}, {"use": "apartments"}), total=None)
    assert homes["people"].tolist() == [1.0, 1.0]
    assert set(homes["origin"]) == {"equal"}


def test_people_without_a_home_are_refused():
    nothing = homes_of_buildings(empty(BUILDINGS, CRS), RESIDENTIAL, area=AREA, rules=RULES)
    with pytest.raises(InputError, match="63,437 people were given, but no home was found"):
        people_homes(nothing, total=63_437)
    one = homes_of_buildings(buildings({"use": "house"}), RESIDENTIAL, area=AREA, rules=RULES)
    with pytest.raises(InputError, match="area number 2: 50 people are known for an area without"):
        people_homes(one, total=None, area_of=np.array([0]), area_people=np.array([10.0, 50.0]))


def test_groups_are_shares_of_everybody():
    homes = shared(
        buildings({"use": "house"}, {"use": "house"}), total=10, groups={"60plus": 0.3, "0_3": 0.1}
    )
    assert homes["people_60plus"].tolist() == [1.5, 1.5]
    assert people_of(homes, "all").tolist() == [5.0, 5.0]
    assert people_of(homes, "0_3").tolist() == [0.5, 0.5]
    assert np.isnan(people_of(homes, "wheelchair")).all()
    assert people_of(homes.iloc[:0], "wheelchair").shape == (0,)


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(-1, 3), st.none() | st.floats(0, 500)),
        min_size=1,
        max_size=25,
    ),
    st.floats(0, 1e7),
    st.permutations(range(25)),
)
@settings(max_examples=40, deadline=None)
def test_people_are_conserved_in_every_area_and_in_any_order(rows, total, order):
    table = buildings(*({"use": "house", "levels": levels} for levels, _, _ in rows))
    homes = homes_of_buildings(table, RESIDENTIAL, area=AREA, rules=RULES)
    homes["known_people"] = [np.nan if known is None else known for _, _, known in rows]
    area_of = np.array([area for _, area, _ in rows])
    known = homes["known_people"].to_numpy()
    # areas 0 to 2 have people, and more than are counted in them; 3 is unknown
    area_people = np.array(
        [np.nansum(known[area_of == k]) + 100.0 * (area_of == k).any() for k in range(3)] + [np.nan]
    )
    total = total + float(np.nansum(known) + 300.0)
    done = people_homes(homes, total=total, area_of=area_of, area_people=area_people)
    done = done.set_index("home_id").loc[homes["home_id"]]
    people = done["people"].to_numpy()
    assert (people >= 0).all()
    free = np.isnan(known)
    for k in range(3):
        if (free & (area_of == k)).any():
            assert people[area_of == k].sum() == pytest.approx(area_people[k], rel=1e-9)
    if (free & ~np.isin(area_of, (0, 1, 2))).any():
        assert people.sum() == pytest.approx(total, rel=1e-9)
    np.testing.assert_array_equal(people[~free], known[~free])
    shuffled = [k for k in order if k < len(rows)]
    again = people_homes(
        homes.iloc[shuffled], total=total, area_of=area_of[shuffled], area_people=area_people
    )
    assert again["people"].to_numpy().tobytes() == (
        people_homes(homes, total=total, area_of=area_of, area_people=area_people)["people"]
        .to_numpy()
        .tobytes()
    )


# -- groups areas count ------------------------------------------------------------------------
