"""Estates found on the map: strong evidence closes one, any doubt leaves it open."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import shapely.ops

from lifecircle import geo
from lifecircle.network.compounds import enclose
from lifecircle.network.streets import StreetNetwork
from lifecircle.places.estates import AREA_M2, WALLED_SHARE, detect_estates
from lifecircle.sources.osm.file import read_osm_file
from lifecircle.tables import BARRIERS, BUILDINGS, ESTATES, GATES, GROUND, check, empty
from tests.making import CRS, gate_table, streets

YARD = shapely.box(0, 0, 100, 100)
# Round the yard at 20 m, and a drive from it through the middle of the south side.
ROUND = [(-20, -20), (120, -20), (120, 120), (-20, 120), (-20, -20)]
DRIVE = [(50, -20), (50, 80)]
THROUGH = [(50, -20), (50, 120)]
SOUTH, NORTH = (50, 0), (50, 100)
NO_GATES, NO_WALLS, NO_GROUND = empty(GATES, CRS), empty(BARRIERS, CRS), empty(GROUND, CRS)


def ground(*shapes, kind="residential"):
    ids = [f"g{k}" for k in range(len(shapes))]
    table = gpd.GeoDataFrame(
        {"ground_id": ids, "kind": kind, "name": "甲苑"}, geometry=list(shapes), crs=CRS
    )
    return check(table, GROUND, where="ground")


def walls(*lines, kind="wall"):
    ids = [f"b{k}" for k in range(len(lines))]
    shapes = [shapely.LineString(one.coords) for one in lines]
    table = gpd.GeoDataFrame({"barrier_id": ids, "kind": kind}, geometry=shapes, crs=CRS)
    return check(table, BARRIERS, where="barriers")


def blocks(count=3, use="apartments", west=5, size=20):
    shapes = [shapely.box(west + 30 * k, 60, west + 30 * k + size, 80) for k in range(count)]
    table = gpd.GeoDataFrame(
        {"building_id": [f"h{k}" for k in range(count)], "use": use}, geometry=shapes, crs=CRS
    )
    return check(table, BUILDINGS, where="buildings")


def found(
    *, land=None, barriers=NO_WALLS, gates=NO_GATES, lines=(ROUND, DRIVE), buildings=None, **columns
):
    return detect_estates(
        ground=ground(YARD) if land is None else land,
        barriers=barriers,
        gates=gates,
        network=streets(*lines, **columns),
        buildings=blocks() if buildings is None else buildings,
    )


WALLED = walls(YARD.exterior)


# -- nothing to find ---------------------------------------------------------------------------
def test_an_empty_map_has_none_and_all_columns():
    result = found(land=NO_GROUND, buildings=empty(BUILDINGS, CRS))
    assert len(result.estates) == len(result.gates) == result.left_open == 0
    assert list(result.estates.columns)[:3] == list(ESTATES.columns)[:3]
    assert {"evidence", "confidence", "walled_share", "ways_in"} <= set(result.estates.columns)
    assert list(result.gates.columns) == [*GATES.columns, "geometry"]
    assert result.estates.crs == result.gates.crs == CRS


def test_housing_without_walls_gates_or_private_streets_stays_open():
    assert len(found().estates) == 0
    assert len(found(gates=gate_table((50, 90))).estates) == 0  # a gate amid the yard says nothing


# -- walls -------------------------------------------------------------------------------------
def test_walls_all_round_and_one_way_in():
    result = found(barriers=WALLED)
    (row,) = result.estates.itertuples()
    assert (row.estate_id, row.name, row.closed) == ("map/g0", "甲苑", True)
    assert (row.walled_share, row.ways_in, row.private_share) == (1.0, 1.0, 0.0)
    assert row.confidence == "medium"
    assert row.evidence == "walls or fences along 100% of the rim; 0 of 1 ways in at a mapped gate"
    assert result.gates["estate_id"].tolist() == ["map/g0"]
    assert shapely.get_coordinates(result.gates.geometry.to_numpy()).tolist() == [[50.0, 0.5]]


def test_two_kinds_of_evidence_make_it_certain():
    lines = (ROUND, [(50, -20), (50, 95)], [(50, 20), (90, 20)])
    result = found(barriers=WALLED, gates=gate_table(SOUTH), lines=lines)
    assert result.estates["confidence"].tolist() == ["high"]
    assert result.gates["kind"].tolist() == ["gate"]


def test_a_street_through_two_openings_leaves_it_open_and_counted():
    result = found(barriers=WALLED, lines=(ROUND, THROUGH))
    assert (len(result.estates), result.left_open) == (0, 1)
    one_gate = found(barriers=WALLED, lines=(ROUND, THROUGH), gates=gate_table(SOUTH))
    assert (len(one_gate.estates), one_gate.left_open) == (0, 1)
    both = found(barriers=WALLED, lines=(ROUND, THROUGH), gates=gate_table(SOUTH, NORTH))
    assert both.estates["ways_in"].tolist() == [2.0]
    private = found(barriers=WALLED, lines=(ROUND, THROUGH), access=[None, "residents"])
    assert len(private.estates) == 1


@pytest.mark.parametrize(("metres", "closed"), [(281, True), (279, False)])
def test_seventy_per_cent_of_the_rim(metres, closed):
    assert WALLED_SHARE == 0.7
    # a fence 5 m off is still beside the rim; its round end reaches no farther along it
    rim = shapely.LineString([(0, 0), (0, 100), (100, 100), (100, 0), (0, 0)])
    wall = shapely.ops.substring(rim, 0, metres - 10)
    result = found(barriers=walls(wall, kind="fence"))
    assert len(result.estates) == closed


def test_hedges_railways_and_far_walls_are_no_walls():
    for kind in ("hedge", "rail", "water"):
        assert len(found(barriers=walls(YARD.exterior, kind=kind)).estates) == 0
    # on three sides and a half, 6 m away
    far = shapely.ops.substring(YARD.buffer(6, join_style="mitre").exterior, 0, 390)
    assert len(found(barriers=walls(far)).estates) == 0


def test_walls_without_any_way_in_prove_nothing():
    assert len(found(barriers=WALLED, lines=(ROUND,)).estates) == 0


def test_a_small_yard_with_two_houses_is_a_garden():
    assert len(found(barriers=WALLED, buildings=blocks(2)).estates) == 0
    assert len(found(barriers=WALLED, buildings=blocks(3, size=2.9)).estates) == 0  # sheds


def test_only_sizes_an_estate_has():
    least, most = AREA_M2
    tiny = shapely.box(0, 0, 100, least / 100 - 1)
    huge = shapely.box(-1000, 0, 1000, most / 2000 + 1)
    for shape in (tiny, huge):
        assert len(found(land=ground(shape), barriers=walls(shape.exterior)).estates) == 0


# -- gates -------------------------------------------------------------------------------------
def test_gates_on_every_way_in_close_it_without_walls():
    lines = (ROUND, [(50, -20), (50, 95)], [(50, 20), (90, 20)])
    assert len(found(lines=lines, gates=gate_table(SOUTH)).estates) == 1
    # less than 100 m of streets inside: a gated drive between houses on the street
    assert len(found(lines=(ROUND, DRIVE), gates=gate_table(SOUTH)).estates) == 0
    # 20.6 m from the crossing, which lies half a metre inside
    assert len(found(lines=lines, gates=gate_table((70.6, 0))).estates) == 0


def test_large_ground_needs_no_streets_inside_but_a_gate_on_its_rim():
    big = ground(shapely.box(0, 0, 200, 100))
    bare = empty(BUILDINGS, CRS)
    lines = ([(-20, -20), (220, -20)],)
    result = found(land=big, buildings=bare, lines=lines, gates=gate_table((80, -4)))
    assert result.estates["ways_in"].tolist() == [1.0]
    assert shapely.get_coordinates(result.gates.geometry.to_numpy()).tolist() == [[80, -4]]
    assert (
        len(found(land=big, buildings=bare, lines=lines, gates=gate_table((80, -6))).estates) == 0
    )
    smaller = ground(shapely.box(0, 0, 199, 100))
    assert (
        len(found(land=smaller, buildings=bare, lines=lines, gates=gate_table((80, 0))).estates)
        == 0
    )


# -- private streets ---------------------------------------------------------------------------
def test_private_streets_that_leave_through_a_gate():
    lines = (ROUND, [(50, -20), (50, 120)], [(50, 50), (120, 50)])
    private = [None, "private", "permit"]
    closed = found(lines=lines, access=private, gates=gate_table(SOUTH))
    assert closed.estates["private_share"].tolist() == [1.0]
    assert closed.estates["ways_in"].tolist() == [3.0]
    assert closed.gates["kind"].tolist() == ["gate", "street", "street"]
    assert len(found(lines=lines, access=private).estates) == 0  # no gate at all
    public = [None, "private", None]
    assert len(found(lines=lines, access=public, gates=gate_table(SOUTH)).estates) == 0


# -- rings of walls ----------------------------------------------------------------------------
def test_a_ring_of_walls_round_flats_with_an_opening_for_the_gate():
    ring = walls(shapely.LineString([(55, 0), (100, 0), (100, 100), (0, 100), (0, 0), (45, 0)]))
    result = found(land=NO_GROUND, barriers=ring)
    (row,) = result.estates.itertuples()
    assert (row.estate_id, row.name) == ("map/wall/0/0", None)
    assert row.geometry.equals(YARD)
    wide = walls(shapely.LineString([(60, 0), (100, 0), (100, 100), (0, 100), (0, 0), (40, 0)]))
    assert len(found(land=NO_GROUND, barriers=wide).estates) == 0


def test_a_ring_round_a_school_or_two_villas_is_no_estate():
    for buildings in (blocks(use="school"), blocks(2), empty(BUILDINGS, CRS)):
        assert len(found(land=NO_GROUND, barriers=WALLED, buildings=buildings).estates) == 0


def test_the_mapped_outline_stands_for_its_own_wall():
    result = found(barriers=WALLED)
    assert result.estates["estate_id"].tolist() == ["map/g0"]
    assert found(land=ground(YARD, YARD), barriers=WALLED).estates["estate_id"].tolist() == [
        "map/g0"
    ]


# -- laws --------------------------------------------------------------------------------------
def test_no_detected_wall_cuts_a_street():
    lines = (ROUND, THROUGH)
    result = found(barriers=WALLED, lines=lines, gates=gate_table(SOUTH, NORTH))
    town = enclose(streets(*lines), result.estates, result.gates)
    assert (town.walled_streets, town.without_gates) == (0, ())


def test_the_order_of_rows_changes_nothing_and_inputs_stay():
    beside = shapely.box(150, 0, 250, 100)
    land, ring = ground(YARD, beside), walls(YARD.exterior, beside.exterior)
    lines = (ROUND, DRIVE, [(200, -20), (200, 80)])
    homes = pd.concat([blocks(), blocks(west=155).assign(building_id=list("xyz"))])
    before = land.copy(deep=True)
    one = found(land=land, barriers=ring, lines=lines, buildings=homes)
    two = found(
        land=land.iloc[::-1],
        barriers=ring.iloc[::-1],
        lines=lines[::-1],
        buildings=homes.iloc[::-1],
    )
    assert one.estates["estate_id"].tolist() == ["map/g0", "map/g1"]
    pd.testing.assert_frame_equal(one.estates, two.estates)
    pd.testing.assert_frame_equal(one.gates, two.gates)
    pd.testing.assert_frame_equal(land, before)


# -- a real town -------------------------------------------------------------------------------
@pytest.mark.filterwarnings("ignore::lifecircle.errors.LifecircleWarning")
def test_a_town_of_open_blocks_has_none():
    path = Path(__file__).resolve().parents[2] / "data/neubrandenburg/neubrandenburg.osm.pbf"
    survey = read_osm_file(path)
    crs = geo.metric_crs(13.26, 53.55)
    tables = {
        name: geo.to_crs(getattr(survey, name), crs, where=name)
        for name in ("ground", "barriers", "gates", "buildings")
    }
    result = detect_estates(network=StreetNetwork.from_ways(survey.streets, crs), **tables)
    assert len(tables["gates"]) > 100
    assert len(result.estates) == 0


@pytest.mark.filterwarnings("ignore::lifecircle.errors.LifecircleWarning")
def test_gated_estates_of_a_chinese_district():
    path = Path(__file__).resolve().parents[2] / "../shared/data/cn_lanpu/16_osm.osm.pbf"
    if not path.exists():
        pytest.skip("needs the sample district beside the checkout")
    survey = read_osm_file(path)
    crs = geo.metric_crs(121.1, 30.46)
    tables = {
        name: geo.to_crs(getattr(survey, name), crs, where=name)
        for name in ("ground", "barriers", "gates", "buildings")
    }
    result = detect_estates(network=StreetNetwork.from_ways(survey.streets, crs), **tables)
    assert len(result.estates) == 17
    given = gpd.read_file(path.parent / "07_小区.shp", encoding="gbk").to_crs(crs)
    closed = given[given["SFFB"] == "是"]
    spots = result.estates.geometry.representative_point().to_numpy()
    hit = shapely.STRtree(closed.geometry.to_numpy()).query(spots, predicate="intersects")[0]
    assert set(hit) == set(np.arange(17))  # all of them are managed as closed
