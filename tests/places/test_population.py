"""Cells to homes: everybody of a cell's part in the area lives in a home of that cell."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.errors import InputError
from lifecircle.places.groups import share_groups
from lifecircle.places.population import cells_in_area, homes_of_cells, scale_people
from lifecircle.tables import HOMES, POPULATION_CELLS, check
from tests.making import CRS

AREA = shapely.box(0, 0, 1000, 1000)
NAN = float("nan")


def cells(*rows: tuple[float, tuple[float, float, float, float]]) -> gpd.GeoDataFrame:
    return check(
        gpd.GeoDataFrame(
            {"cell_id": [f"c0_{k}" for k in range(len(rows))], "people": [one[0] for one in rows]},
            geometry=[shapely.box(*one[1]) for one in rows],
            crs=CRS,
        ),
        POPULATION_CELLS,
        where="cells",
    )


def houses(*xy: tuple[float, float], **columns) -> gpd.GeoDataFrame:
    """As buildings give them: 100 m² each unless said otherwise."""
    count = len(xy)
    given_columns = {"floor_m2": 100.0, "flats": NAN, "known_people": NAN, **columns}
    return gpd.GeoDataFrame(
        {
            "home_id": np.array([f"b{k}" for k in range(count)], dtype=object),
            "community_id": np.full(count, None),
            "estate_id": np.full(count, None),
            "status": np.full(count, "ok", dtype=object),
            "people": np.zeros(count),
            "origin": np.full(count, "floor_area", dtype=object),
            "assumed_use": np.zeros(count, dtype=bool),
            "assumed_storeys": np.zeros(count, dtype=bool),
            **{
                name: np.broadcast_to(np.asarray(values, dtype=float), count).copy()
                for name, values in given_columns.items()
            },
        },
        geometry=shapely.points(np.asarray(xy, dtype=float).reshape(-1, 2)),
        crs=CRS,
    )


def shared(table, buildings, area=AREA):
    return homes_of_cells(buildings, cells_in_area(table, area=area), area=area)


def people_by_id(homes):
    return dict(zip(homes["home_id"], homes["people"], strict=True))


# -- cells -------------------------------------------------------------------------------------
def test_a_cell_counts_by_the_share_of_it_in_the_area():
    table = cells(
        (40, (0, 0, 100, 100)),
        (40, (-75, 0, 25, 100)),
        (40, (-100, 0, 0, 100)),  # only touches
        (40, (2000, 0, 2100, 100)),
        (40, (900, 900, 1100, 1100)),
    )
    found = cells_in_area(table, area=AREA)
    assert found["cell_id"].tolist() == ["c0_0", "c0_1", "c0_4"]
    assert found["people"].tolist() == [40, 10, 10]
    assert found["share"].tolist() == [1, 0.25, 0.25]
    assert found.geometry.tolist() == table.geometry[[0, 1, 4]].tolist()


def test_no_cell_in_the_area_is_an_empty_table():
    found = cells_in_area(cells((5, (2000, 0, 2100, 100))), area=AREA)
    assert len(found) == 0
    assert list(found.columns) == ["cell_id", "people", "geometry", "share"]


# -- homes -------------------------------------------------------------------------------------
def test_homes_of_a_cell_share_its_people_by_floor_area():
    table = cells((90, (0, 0, 100, 100)), (50, (100, 0, 200, 100)))
    homes = shared(table, houses((10, 10), (20, 20), (150, 50), floor_m2=[100, 200, 10]))
    assert people_by_id(homes) == {"b0": 30, "b1": 60, "b2": 50}
    assert set(homes["origin"]) == {"floor_area"}


def test_flats_go_before_floor_area():
    homes = shared(cells((90, (0, 0, 100, 100))), houses((1, 1), (2, 2), flats=[1, 2]))
    assert people_by_id(homes) == {"b0": 30, "b1": 60}
    assert set(homes["origin"]) == {"flats"}


def test_a_cell_without_a_home_gets_one_at_the_middle_of_its_part():
    table = cells((90, (0, 0, 100, 100)), (50, (950, 400, 1050, 500)), (7, (200, 0, 300, 100)))
    homes = shared(table, houses((10, 10)))
    assert people_by_id(homes) == {"b0": 90, "raster_c0_1": 25, "raster_c0_2": 7}
    own = homes[homes["origin"] == "raster"].set_index("home_id")
    assert own.geometry.loc["raster_c0_1"] == shapely.Point(975, 450)
    assert own.geometry.loc["raster_c0_2"] == shapely.Point(250, 50)
    assert own["floor_m2"].isna().all()
    assert not own[["assumed_use", "assumed_storeys"]].any().any()


def test_the_middle_lies_in_the_area_even_where_the_area_is_bent():
    ring = shapely.difference(shapely.box(0, 0, 100, 100), shapely.box(10, 0, 90, 90))
    homes = shared(cells((80, (0, 0, 100, 100))), houses(), area=ring)
    assert homes["people"].tolist() == pytest.approx([80 * 2800 / 10_000])
    assert shapely.intersects(ring, homes.geometry.iloc[0])


def test_without_any_building_every_cell_is_a_home():
    homes = shared(cells((90, (0, 0, 100, 100)), (50, (100, 0, 200, 100))), houses())
    assert people_by_id(homes) == {"raster_c0_0": 90, "raster_c0_1": 50}
    assert list(homes.columns[:7]) == list(HOMES.columns)


def test_a_home_in_no_cell_has_nobody():
    homes = shared(cells((90, (0, 0, 100, 100))), houses((10, 10), (500, 500)))
    assert people_by_id(homes) == {"b0": 90, "b1": 0}


def test_a_home_on_the_line_belongs_to_the_first_cell():
    table = cells((90, (0, 0, 100, 100)), (50, (100, 0, 200, 100)))
    homes = shared(table, houses((100, 50)))
    assert people_by_id(homes) == {"b0": 90, "raster_c0_1": 50}


def test_counted_homes_keep_their_people_and_the_others_share_the_rest():
    homes = shared(cells((90, (0, 0, 100, 100))), houses((1, 1), (2, 2), known_people=[70, NAN]))
    assert people_by_id(homes) == {"b0": 70, "b1": 20}
    more = shared(cells((90, (0, 0, 100, 100))), houses((1, 1), (2, 2), known_people=[170, NAN]))
    assert people_by_id(more) == {"b0": 170, "b1": 0}


def test_groups_the_buildings_count_are_kept():
    table = cells((90, (0, 0, 100, 100)), (50, (100, 0, 200, 100)))
    homes = shared(table, houses((1, 1), people_60plus=[12.0]))
    assert homes["people_60plus"].tolist() == [12, 0]
    assert "people_0_3" not in homes
    assert share_groups(homes, {"0_3": 0.1})["people_0_3"].tolist() == [9, 5]


def test_inputs_stay_as_they_were_and_the_order_of_rows_changes_nothing():
    table = cells((90, (0, 0, 100, 100)), (50, (100, 0, 200, 100)), (7, (200, 0, 300, 100)))
    buildings = houses((10, 10), (100, 50), (150, 50), floor_m2=[1, 2, 3])
    before = table.copy(), buildings.copy()
    one = shared(table, buildings)
    two = shared(table.iloc[::-1], buildings.iloc[::-1])
    assert one.equals(two)
    assert table.equals(before[0])
    assert buildings.equals(before[1])


# -- better totals -----------------------------------------------------------------------------
def test_a_total_scales_everything():
    homes = shared(cells((90, (0, 0, 100, 100)), (30, (100, 0, 200, 100))), houses((1, 1)))
    scaled = scale_people(homes, total=1200)
    assert people_by_id(scaled) == {"b0": 900, "raster_c0_1": 300}
    assert people_by_id(scale_people(homes, total=None)) == people_by_id(homes)


def test_areas_with_a_better_number_win_and_the_rest_takes_what_is_left():
    table = cells((90, (0, 0, 100, 100)), (30, (100, 0, 200, 100)), (10, (200, 0, 300, 100)))
    homes = shared(table, houses((1, 1)))
    options = {"area_of": np.array([0, 0, 1], dtype=np.int32), "area_people": np.array([60.0, NAN])}
    assert scale_people(homes, total=None, **options)["people"].tolist() == [45, 15, 10]
    assert scale_people(homes, total=100, **options)["people"].tolist() == [45, 15, 40]
    assert scale_people(homes, total=50, **options)["people"].tolist() == [45, 15, 0]


def test_counted_homes_are_not_scaled():
    table = cells((90, (0, 0, 100, 100)), (30, (100, 0, 200, 100)))
    homes = shared(table, houses((1, 1), known_people=[90.0]))
    assert people_by_id(scale_people(homes, total=150)) == {"b0": 90, "raster_c0_1": 60}
    areas = {"area_of": np.array([0, 0], dtype=np.int32), "area_people": np.array([100.0])}
    assert people_by_id(scale_people(homes, total=None, **areas)) == {"b0": 90, "raster_c0_1": 10}


def test_where_the_raster_has_nobody_floor_area_decides_a_better_number():
    homes = shared(
        cells((90, (0, 0, 100, 100))), houses((1, 1), (500, 1), (600, 1), floor_m2=[1, 1, 3])
    )
    areas = {"area_of": np.array([0, 1, 1], dtype=np.int32), "area_people": np.array([NAN, 40.0])}
    assert scale_people(homes, total=None, **areas)["people"].tolist() == [90, 10, 30]


def test_people_of_an_area_without_a_home_are_told_all_at_once():
    homes = shared(cells((90, (0, 0, 100, 100))), houses((1, 1)))
    areas = {"area_of": np.array([1], dtype=np.int32), "area_people": np.array([5.0, 9, 7, 0])}
    with pytest.raises(InputError) as caught:
        scale_people(homes, total=None, **areas)
    assert [one.where for one in caught.value.problems] == ["area number 1", "area number 3"]
    assert "5 people are known for an area without any home" in caught.value.problems[0].what


# -- laws --------------------------------------------------------------------------------------
@settings(max_examples=40, deadline=None)
@given(
    people=st.lists(st.floats(0, 1e5), min_size=9, max_size=9),
    at=st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), max_size=12),
    west=st.integers(0, 120),
    total=st.floats(1, 1e6),
)
def test_people_are_conserved(people, at, west, total):
    table = cells(
        *(
            (one, (100 * i, 100 * j, 100 * i + 100, 100 * j + 100))
            for one, (i, j) in zip(people, np.ndindex(3, 3), strict=True)
        )
    )
    area = shapely.box(west, 0, 250, 300)
    inside = [xy for xy in at if west <= xy[0] <= 250]
    held = cells_in_area(table, area=area)
    width = [
        max(0, min(250, 100 * i + 100) - max(west, 100 * i)) / 100 for i, _ in np.ndindex(3, 3)
    ]
    known = float(np.dot(people, width))
    assert held["people"].sum() == pytest.approx(known, rel=1e-9, abs=1e-6)
    if len(held) == 0:
        return
    homes = homes_of_cells(houses(*inside), held, area=area)
    assert homes["people"].sum() == pytest.approx(held["people"].sum(), rel=1e-9)
    assert shapely.intersects(area, homes.geometry.to_numpy()).all()
    assert scale_people(homes, total=total)["people"].sum() == pytest.approx(total, rel=1e-9)
