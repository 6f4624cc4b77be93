"""Isochrones: nested, honest about their error, and never wider than the walk."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.errors import CrsError, RuleError, SchemaError
from lifecircle.network.pins import pin_points
from lifecircle.network.router import Ends, Router
from lifecircle.reach.isochrone import isochrones, isochrones_of_study
from lifecircle.reach.matrix import reach_of
from lifecircle.reach.raster import prepare_raster
from lifecircle.standards import CountRule
from lifecircle.walk import PROFILES
from tests.making import CRS, facilities_at, homes_at, points, requirement, streets
from tests.network.test_router import random_points, random_town

STREET = streets([(0, 0), (4000, 0)])
COLUMNS = ["point", "minutes", "wrongly_in", "wrongly_out", "geometry"]


def places(*xy: tuple[float, float], crs: str = CRS, index=None) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=points(*xy), crs=CRS, index=index).to_crs(crs)


# -- bad input ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "wrong",
    [
        {"profile": "bird"},
        {"direction": "sideways"},
        {"minutes": []},
        {"minutes": [5, 0]},
        {"minutes": [-5]},
        {"minutes": [float("nan")]},
        {"minutes": [float("inf")]},
        {"form": "star"},
        {"cell_m": 0.0},
    ],
)
def test_unknown_words_and_empty_limits_are_refused(wrong):
    with pytest.raises(RuleError, match=r"unknown profile|positive number|unknown form"):
        isochrones(STREET, places((0, 0)), **{"minutes": [5], **wrong})


def test_points_without_a_system_are_refused():
    nowhere = gpd.GeoDataFrame(geometry=points((0, 0)))
    with pytest.raises(CrsError, match="points: has no coordinate reference system"):
        isochrones(STREET, nowhere, [5])


def test_rows_that_are_no_points_are_named():
    shapes = [shapely.Point(0, 0), shapely.box(0, 0, 9, 9), shapely.Point(), None]
    wrong = gpd.GeoDataFrame(geometry=shapes, crs=CRS, index=["a", "b", "c", "d"])
    with pytest.raises(SchemaError, match=r"points: 3 rows are no points \(index b, c, d\)"):
        isochrones(STREET, wrong, [5])


def test_a_raster_of_another_network_is_refused():
    raster = prepare_raster(streets([(0, 0), (4000, 0)]))
    with pytest.raises(RuleError, match="another network"):
        isochrones(STREET, places((0, 0)), [5], raster=raster)


# -- columns and shapes ------------------------------------------------------------------------
def test_columns_order_and_system_are_those_of_the_points():
    table = isochrones(STREET, places((2000, 0), (1000, 0), index=["b", "a"]), [15, 5])
    assert list(table.columns) == COLUMNS
    assert table["point"].tolist() == ["b", "b", "a", "a"]
    assert table["minutes"].tolist() == [5.0, 15.0, 5.0, 15.0]
    assert table[["wrongly_in", "wrongly_out"]].isna().all(axis=None)
    assert table.geometry.is_valid.all()
    degrees = isochrones(STREET, places((2000, 0), crs="EPSG:4326"), [5])
    assert degrees.crs == "EPSG:4326"
    back = degrees.to_crs(CRS).geometry[0]
    assert back.symmetric_difference(table.geometry[0]).area < 0.05 * back.area


def test_no_points_give_an_empty_table():
    table = isochrones(STREET, places(), [5, 15])
    assert len(table) == 0
    assert list(table.columns) == COLUMNS
    assert table.crs == CRS


def test_points_far_from_every_street_have_empty_areas():
    table = isochrones(STREET, places((2000, 900)), [5, 15], homes=places((2000, 0)))
    assert table.geometry.is_empty.all()
    assert table["wrongly_in"].isna().all()


# -- values ------------------------------------------------------------------------------------
def test_an_area_on_one_street_is_a_diamond():
    table = isochrones(STREET, places((2000, 0)), [5, 15])
    for minutes, reach_m in ((5, 1000 / 3), (15, 1000.0)):
        shape = table.set_index("minutes").geometry[minutes]
        west, south, east, north = shape.bounds
        assert (2000 - west, east - 2000) == pytest.approx((reach_m, reach_m), abs=2)
        # beside the point the leg is the whole walk, and 200 m at most
        assert (north, -south) == pytest.approx((min(reach_m, 200),) * 2, abs=21)


def test_a_band_too_short_for_any_cell_is_empty():
    # 150 m off the street: 135 s of leg alone
    table = isochrones(STREET, places((2000, 150)), [1, 15]).set_index("minutes")
    assert table.geometry[1].is_empty
    assert table.geometry[15].area > 0


def test_both_directions_of_a_one_way_street():
    one_way = streets([(0, 0), (4000, 0)], foot_backward=[False])
    to = isochrones(one_way, places((2000, 0)), [15]).geometry[0].bounds
    away = (
        isochrones(one_way, places((2000, 0)), [15], direction="from_facility").geometry[0].bounds
    )
    assert to[0] == pytest.approx(1000, abs=2)
    assert to[2] < 2050
    assert away[2] == pytest.approx(3000, abs=2)
    assert away[0] > 1950


def test_the_measured_error_is_that_of_the_homes():
    network = random_town(2, size=8)
    homes = gpd.GeoDataFrame(
        {"people": np.arange(1.0, 301.0)}, geometry=random_points(2, 300, size=8), crs=CRS
    )
    place = places((350, 350))
    table = isochrones(network, place, [3, 5], homes=homes)
    router = Router(network=network, profile=PROFILES["gb"])
    ends = [Ends.single(pin_points(network, one.geometry.to_numpy())) for one in (homes, place)]
    walk = router.nearest(*ends, limit=10**6).walk_cs
    people = homes["people"].to_numpy()
    for row in table.itertuples():
        truly = walk <= row.minutes * 6000
        drawn = shapely.intersects(row.geometry, homes.geometry.to_numpy())
        assert row.wrongly_in == pytest.approx(people[drawn & ~truly].sum() / people[truly].sum())
        assert row.wrongly_out == pytest.approx(people[~drawn & truly].sum() / people[truly].sum())
        assert row.wrongly_in < 0.1
        assert row.wrongly_out < 0.1
    unweighted = isochrones(network, place, [5], homes=homes[["geometry"]])
    assert unweighted["wrongly_in"].notna().all()


def test_the_union_of_a_requirement_is_measured_on_the_studys_homes():
    homes = homes_at(STREET, (1000, 0), (2000, 10), (2990, 0), (3050, 0), people=[1, 2, 3, 4])
    town = facilities_at(STREET, (2000, 0), (300, 0), status=["existing", "planned"])
    ask = requirement()
    reach = reach_of(ask, homes, town, STREET)
    raster = prepare_raster(STREET, shapely.box(0, -100, 4000, 100))
    table = isochrones_of_study(raster, [reach], homes=homes, facilities=town)
    assert table["requirement"].tolist() == [ask.id]
    assert table["facility_id"].tolist() == [""]
    assert table.geometry[0].bounds[0] == pytest.approx(
        1000, abs=2
    )  # the planned one draws nothing
    assert table["wrongly_in"].tolist() == [0.0]
    assert table["wrongly_out"].tolist() == [0.0]
    nothing = isochrones_of_study(raster, [], homes=homes, facilities=town)
    assert len(nothing) == 0
    assert "geometry" in nothing.columns


def test_where_places_are_counted_there_must_be_enough_of_them():
    kinds = ["culture.center", "culture.library", "culture.venue", "culture.library"]
    town = facilities_at(STREET, (0, 0), (500, 0), (1500, 0), (1600, 0), kind=kinds)
    rules = (
        CountRule(types=("culture.center",), at_least=1),
        CountRule(types=("culture.library", "culture.venue"), at_least=2),
    )
    homes = homes_at(STREET, (100, 0), (450, 0), (560, 0), (940, 0), (1060, 0), (1500, 0))
    raster = prepare_raster(STREET, shapely.box(-200, -100, 4000, 100))
    reach = reach_of(requirement("culture_15", counts=rules), homes, town, STREET)
    table = isochrones_of_study(raster, [reach], homes=homes, facilities=town)
    # two of the others from 500 m on, the centre up to 1,000 m
    west, _, east, _ = table.geometry[0].bounds
    assert (west, east) == pytest.approx((500, 1000), abs=3)
    assert table[["wrongly_in", "wrongly_out"]].to_numpy().tolist() == [[0.0, 0.0]]
    three = (CountRule(types=("culture.library",), at_least=3),)
    reach = reach_of(requirement("culture_15", counts=three), homes, town, STREET)
    assert isochrones_of_study(raster, [reach], homes=homes, facilities=town).geometry[0].is_empty


# -- forms -------------------------------------------------------------------------------------
def test_a_union_has_one_row_per_limit_and_is_that_of_each():
    spots = places((500, 0), (1100, 20), (3900, 0), (2000, 900))
    each = isochrones(STREET, spots, [5, 15])
    union = isochrones(STREET, spots, [15, 5], form="union")
    assert union["minutes"].tolist() == [5.0, 15.0]
    assert union["point"].isna().all()
    assert list(union.columns) == COLUMNS
    for minutes in (5, 15):
        whole = shapely.union_all(each.geometry[each["minutes"] == minutes].to_numpy())
        drawn = union.set_index("minutes").geometry[minutes]
        # cells between two areas may join them, never part them
        assert whole.difference(drawn).area < 0.01 * drawn.area
        assert drawn.difference(whole).area < 0.01 * drawn.area


def test_nearest_shares_the_union_out_half_way():
    spots = places((1000, 0), (2000, 0), (9000, 9000), index=["x", "y", "far"])
    shares = isochrones(STREET, spots, [5, 15], form="nearest")
    union = isochrones(STREET, spots, [5, 15], form="union").set_index("minutes")
    assert shares["point"].tolist() == ["x", "x", "y", "y", "far", "far"]
    assert shares.geometry[4:].is_empty.all()
    x, y = shares.geometry[1], shares.geometry[3]
    assert x.bounds[2] == pytest.approx(1500, abs=20)
    assert y.bounds[0] == pytest.approx(1500, abs=20)
    assert x.intersection(y).area < 1e-6
    assert x.area + y.area == pytest.approx(union.geometry[15.0].area)


def test_two_points_on_one_place_share_by_row():
    shares = isochrones(STREET, places((1000, 0), (1000, 0)), [5], form="nearest")
    assert shares.geometry[0].area > 0
    assert shares.geometry[1].is_empty


def test_the_errors_of_union_and_nearest_are_counted_on_the_drawn_shapes():
    network = random_town(2, size=8)
    homes = gpd.GeoDataFrame(
        {"people": np.arange(1.0, 301.0)}, geometry=random_points(2, 300, size=8), crs=CRS
    )
    spots = places((150, 150), (500, 500))
    ends = [Ends.single(pin_points(network, one.geometry.to_numpy())) for one in (homes, spots)]
    found = Router(network=network, profile=PROFILES["gb"]).nearest(*ends, limit=10**6)
    people = homes["people"].to_numpy()
    for form, owner in (("union", [None]), ("nearest", [0, 1])):
        table = isochrones(network, spots, [4], form=form, homes=homes)
        for row, mine in zip(table.itertuples(), owner, strict=True):
            truly = found.walk_cs <= 24_000
            truly &= True if mine is None else found.to == mine
            drawn = shapely.intersects(row.geometry, homes.geometry.to_numpy())
            reached = people[truly].sum()
            assert row.wrongly_in == pytest.approx(people[drawn & ~truly].sum() / reached)
            assert row.wrongly_out == pytest.approx(people[~drawn & truly].sum() / reached)


# -- a raster prepared once --------------------------------------------------------------------
def test_a_prepared_raster_draws_what_each_call_draws():
    network = random_town(4, size=9)
    spots = gpd.GeoDataFrame(geometry=random_points(4, 40, size=9), crs=CRS)
    raster = prepare_raster(network)
    for direction in ("to_facility", "from_facility"):
        fresh = isochrones(network, spots, [2, 5], direction=direction)
        again = isochrones(network, spots, [2, 5], direction=direction, raster=raster)
        np.testing.assert_array_equal(
            shapely.to_wkb(shapely.normalize(fresh.geometry.to_numpy())),
            shapely.to_wkb(shapely.normalize(again.geometry.to_numpy())),
        )
    assert len(raster.prepared) == 2
    assert raster.readers(PROFILES["gb"]) is raster.readers(PROFILES["gb"])


def test_points_far_apart_are_drawn_in_fine_cells_each():
    wide = streets([(0, 0), (1000, 0)], [(400_000, 300_000), (401_000, 300_000)])
    spots = places((500, 0), (400_500, 300_000))
    table = isochrones(wide, spots, [5])
    first, second = table.geometry
    moved = shapely.transform(second, lambda xy: xy - [400_000, 300_000])
    assert first.symmetric_difference(moved).area < 1e-3 * first.area
    union = isochrones(wide, spots, [5], form="union").geometry[0]
    assert union.area == pytest.approx(first.area + second.area)
    assert len(union.geoms) == 2


# -- degenerate places -------------------------------------------------------------------------
def test_odd_streets_and_places_have_defined_areas():
    network = streets(
        [(0, 0), (1000, 0)],
        [(1000, 0), (1000, 0)],  # no length
        [(1000, 0), (1100, 50), (1100, -50), (1000, 0)],  # a loop
        [(1000, 0), (20_000, 0)],
        [(500, 5000), (550, 5000)],  # an island
    )
    spots = places((1000, 0), (1090, 0), (400, 0), (600, 0), (525, 5000), (500, 3000))
    for form in ("each", "nearest"):
        table = isochrones(network, spots, [0.001, 5, 15], form=form)
        assert table.geometry.is_valid.all()
        assert set(table.geom_type) == {"MultiPolygon"}
        assert table.geometry[table["point"] >= 4].is_empty.all()
        for point in range(4):
            tiny, near, far = table.geometry[table["point"] == point]
            assert tiny.area <= near.area < far.area
            assert near.difference(far).area < 1e-6
    union = isochrones(network, spots, [5, 15], form="union")
    assert union.geometry.is_valid.all()


def test_a_block_nobody_reaches_stays_a_hole():
    side = 800
    ring = streets(
        [(0, 0), (side, 0)],
        [(side, 0), (side, side)],
        [(side, side), (0, side)],
        [(0, side), (0, 0)],
    )
    area = isochrones(ring, places((0, 0)), [30]).geometry[0]
    assert [len(part.interiors) for part in area.geoms] == [1]
    assert not area.intersects(shapely.Point(side / 2, side / 2))
    assert area.intersects(shapely.Point(side, side))


def test_a_far_neighbour_does_not_pull_the_edge():
    """Two streets 60 m apart that meet far away: the area ends half way between cells."""
    hairpin = streets([(-3000, 0), (2000, 0)], [(2000, 0), (2000, 60)], [(2000, 60), (-3000, 60)])
    area = isochrones(hairpin, places((100, 0)), [5]).geometry[0]
    # within a pin's slack of the lower street the walk is short, beyond it 4 km long
    north = area.bounds[3]
    assert 30 <= north <= 60
    assert not area.intersects(shapely.Point(100, 60))


# -- laws --------------------------------------------------------------------------------------
@given(st.integers(0, 10_000), st.sampled_from(["each", "union", "nearest"]))
@settings(max_examples=15, deadline=None)
def test_areas_nest_and_hold_exactly_the_cells_within_reach(seed, form):
    network = random_town(seed)
    raster = prepare_raster(network)
    spots = gpd.GeoDataFrame(geometry=random_points(seed, 3), crs=CRS)
    minutes = [0.5, 2, 2.0001, 5, 10]
    table = isochrones(network, spots, minutes, form=form, raster=raster)
    assert table.geometry.is_valid.all()
    for _, rows in table.groupby("point", dropna=False):
        for inner, outer in pairwise(rows.geometry):
            assert inner.difference(outer).area < 1e-6
    xs = raster.west + raster.cell_m * np.arange(raster.columns)
    ys = raster.south + raster.cell_m * np.arange(raster.rows)
    cells = shapely.points(*(axis.ravel() for axis in np.meshgrid(xs, ys)))[raster.at]
    router = Router(network=network, profile=PROFILES["gb"])
    ends = Ends.single(pin_points(network, spots.geometry.to_numpy()))
    best = router.nearest(raster.ends, ends, limit=10**6)
    pairs = router.matrix(raster.ends, ends, limit=10**6)
    walk = np.full((3, len(cells)), np.nan)
    walk[pairs.facility, pairs.home] = pairs.cost
    for row in table.itertuples():
        if form == "each":
            cost = walk[row.point]
        else:
            mine = best.to >= 0 if form == "union" else best.to == row.point
            cost = np.where(mine, best.walk_cs, np.nan)
        np.testing.assert_array_equal(
            shapely.intersects(row.geometry, cells), cost <= round(row.minutes * 6000)
        )


@given(st.integers(0, 10_000))
@settings(max_examples=8, deadline=None)
def test_shares_never_overlap_and_lose_nothing(seed):
    network = random_town(seed)
    spots = gpd.GeoDataFrame(geometry=random_points(seed, 5), crs=CRS)
    shares = isochrones(network, spots, [4], form="nearest").geometry.to_numpy()
    union = isochrones(network, spots, [4], form="union").geometry[0]
    assert shapely.area(shares).sum() == pytest.approx(union.area)
    assert shapely.union_all(shares).symmetric_difference(union).area < 1e-6 * (1 + union.area)


def test_the_order_of_points_changes_nothing():
    network = random_town(6)
    spots = gpd.GeoDataFrame(geometry=random_points(6, 4), crs=CRS)
    one = isochrones(network, spots, [4]).set_index("point").sort_index()
    other = isochrones(network, spots.iloc[::-1], [4]).set_index("point").sort_index()
    assert one.geometry.to_wkb().tolist() == other.geometry.to_wkb().tolist()


# -- the raster --------------------------------------------------------------------------------
def test_the_raster_grows_coarser_rather_than_too_big():
    raster = prepare_raster(STREET, shapely.box(0, 0, 60_000, 60_000), cell_m=10.0)
    assert raster.rows * raster.columns < 4_100_000
    assert raster.cell_m > 10.0
    again = prepare_raster(STREET, shapely.box(0, 0, 60_000, 60_000), cell_m=10.0)
    assert again.ends.pins.leg_m.tobytes() == raster.ends.pins.leg_m.tobytes()
