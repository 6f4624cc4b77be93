"""Entrances: the best evidence wins and every facility keeps at least one."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from lifecircle.errors import SchemaError
from lifecircle.places.facilities import entrances_of
from lifecircle.tables import DOORS, FACILITIES, FACILITY_ENTRANCES, GATES, check, empty
from tests.making import CRS, gate_table, points, streets

HALL = shapely.box(0, 0, 40, 40)
STREET = streets([(-100, -20), (200, -20)])
NO_DOORS, NO_GATES = empty(DOORS, CRS), empty(GATES, CRS)


def facilities(*shapes: shapely.Geometry) -> gpd.GeoDataFrame:
    table = gpd.GeoDataFrame(
        {
            "facility_id": [f"f{k}" for k in range(len(shapes))],
            "service": "culture",
            "type": "culture.center",
        },
        geometry=list(shapes),
        crs=CRS,
    )
    return check(table, FACILITIES, where="facilities")


def doors(*xy: tuple[float, float]) -> gpd.GeoDataFrame:
    ids = [f"d{k}" for k in range(len(xy))]
    return check(
        gpd.GeoDataFrame({"entrance_id": ids}, geometry=points(*xy), crs=CRS), DOORS, where="doors"
    )


def given_at(*rows: tuple[str, float, float]) -> gpd.GeoDataFrame:
    return check(
        gpd.GeoDataFrame(
            {"facility_id": [row[0] for row in rows], "origin": "given"},
            geometry=points(*(row[1:] for row in rows)),
            crs=CRS,
        ),
        FACILITY_ENTRANCES,
        where="entrances",
    )


def found(table, *, given=None, doors=NO_DOORS, gates=NO_GATES, network=STREET) -> list[tuple]:
    result = entrances_of(table, given=given, doors=doors, gates=gates, network=network)
    assert list(result.columns) == ["facility_id", "origin", "geometry"]
    assert result.crs == CRS
    return [
        (row.facility_id, row.origin, round(row.geometry.x, 6), round(row.geometry.y, 6))
        for row in result.itertuples()
    ]


def test_no_facilities_give_no_entrances():
    assert found(empty(FACILITIES, CRS)) == []


def test_bad_facilities_are_refused():
    twice = pd.concat([facilities(HALL), facilities(HALL)])
    with pytest.raises(SchemaError, match="same id twice"):
        found(twice)


def test_a_point_is_its_own_entrance():
    table = facilities(shapely.Point(5, 5))
    assert found(table, doors=doors((5, 5))) == [("f0", "point", 5, 5)]


def test_evidence_in_order():
    table = facilities(HALL)
    gates, entries = gate_table((40, 20)), doors((20, 0), (0.5, 10), (20, 20))
    across = streets([(10, -20), (10, 60)])
    given = given_at(("f0", 3, 3), ("other", 9, 9))
    assert found(table, given=given, doors=entries, gates=gates, network=across) == [
        ("f0", "given", 3, 3)
    ]
    # doors on the outline or within a metre of it, not those inside
    assert found(table, doors=entries, gates=gates, network=across) == [
        ("f0", "entrance", 0.5, 10),
        ("f0", "entrance", 20, 0),
    ]
    # gates on the outline, and where streets meet it besides
    assert found(table, gates=gates) == [("f0", "gate", 40, 20)]
    assert found(table, gates=gates, network=across) == [
        ("f0", "street", 10, 0),
        ("f0", "street", 10, 40),
        ("f0", "gate", 40, 20),
    ]
    assert found(table, network=across) == [("f0", "street", 10, 0), ("f0", "street", 10, 40)]
    ((_, origin, _, y),) = found(table)
    assert (origin, y) == ("outline", 0)  # anywhere on the side along the street


def test_a_street_through_a_gate_is_that_gate():
    across = streets([(10, -20), (10, 60)])
    assert found(facilities(HALL), gates=gate_table((10.5, 0)), network=across) == [
        ("f0", "street", 10, 40),
        ("f0", "gate", 10.5, 0),
    ]


@pytest.mark.parametrize("access", ["private", "no", "residents"])
def test_a_private_gate_is_no_entrance_nor_is_the_street_through_it(access):
    table = facilities(HALL)
    across = streets([(10, -20), (10, 60)])
    gates = gate_table((10, 0)).assign(access=access)
    assert found(table, gates=gates, network=across) == [("f0", "street", 10, 40)]
    # nothing else is known: the private way in is better than none
    inward = streets([(10, -20), (10, 20)])
    assert found(table, gates=gates, network=inward) == [("f0", "street", 10, 0)]
    assert found(table, gates=gates)[0][1] == "outline"
    assert found(table, gates=gates.assign(access="yes"), network=inward) == [("f0", "gate", 10, 0)]


def test_a_private_street_is_an_entrance_only_where_there_is_no_public_one():
    table = facilities(HALL)
    lines = [(10, -20), (10, 20)], [(30, -20), (30, 20)]
    assert found(table, network=streets(*lines, access=["private", None])) == [
        ("f0", "street", 30, 0)
    ]
    assert found(table, network=streets(lines[0], access=["private"])) == [("f0", "street", 10, 0)]
    # a private drive that leaves a public path on the outline itself
    fork = streets([(10, -20), (10, 0)], [(10, 0), (10, 20)], access=[None, "private"])
    assert found(table, network=fork) == [("f0", "street", 10, 0)]


def test_doors_for_goods_and_emergencies_are_for_no_visitor():
    entries = doors((20, 0), (40, 20)).assign(kind=["emergency", "main"])
    assert found(facilities(HALL), doors=entries) == [("f0", "entrance", 40, 20)]
    assert found(facilities(HALL), doors=entries.assign(kind="service"))[0][1] == "outline"


def test_the_outline_point_nearest_to_a_street():
    slanted = shapely.Polygon([(0, 0), (40, 5), (40, 40), (0, 40)])
    assert found(facilities(slanted)) == [("f0", "outline", 0, 0)]
    nowhere = streets([(0, -50), (9, -50)], foot_forward=[False], foot_backward=[False])
    ((_, origin, x, y),) = found(facilities(HALL), network=nowhere)
    assert origin == "outline"
    assert HALL.contains(shapely.Point(x, y))
    assert found(facilities(HALL), doors=doors((40, 7)), network=nowhere)[0][1] == "entrance"


def test_a_court_counts_by_its_outer_rim_and_a_campus_by_its_parts():
    campus = shapely.MultiPolygon([HALL, shapely.box(100, 0, 140, 40)])
    path = streets([(20, -20), (20, 10)], [(120, -20), (120, 10)])
    assert found(facilities(campus), network=path) == [
        ("f0", "street", 20, 0),
        ("f0", "street", 120, 0),
    ]


def test_neighbours_share_a_door_and_keep_their_order():
    table = facilities(HALL, shapely.box(40, 0, 80, 40), shapely.Point(0, 99))
    rows = found(table, doors=doors((40, 20)))
    assert rows == [("f0", "entrance", 40, 20), ("f1", "entrance", 40, 20), ("f2", "point", 0, 99)]


def test_the_order_of_doors_and_streets_changes_nothing():
    table = facilities(HALL)
    entries = doors((40, 20), (0, 20), (20, 40))
    assert found(table, doors=entries) == found(table, doors=entries.iloc[::-1])
    before = entries.copy(deep=True)
    found(table, doors=entries)
    pd.testing.assert_frame_equal(entries, before)
