"""Roads to come: joined where they meet the streets, and nothing else moved."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString

from lifecircle.network.additions import add_roads
from lifecircle.network.noding import node_lines

CRS = "EPSG:4549"
X, Y = 500_000.0, 3_370_000.0


def lines(*shapes, **columns):
    moved = [LineString([(x + X, y + Y) for x, y in shape]) for shape in shapes]
    return gpd.GeoDataFrame(columns, geometry=moved, crs=CRS)


TWO_BANKS = lines([(0, 0), (200, 0)], [(0, 100), (200, 100)])


def streets():
    return node_lines(TWO_BANKS).streets


def test_nothing_to_add_gives_the_very_same_streets():
    before = streets()
    assert add_roads(before, TWO_BANKS.iloc[:0], TWO_BANKS.crs).streets is before


def test_a_bridge_joins_both_banks_and_cuts_them():
    before = streets()
    added = add_roads(before, lines([(50, 0), (50, 100)]), TWO_BANKS.crs)
    assert (added.joined, added.loose) == (2, 0)
    after = added.streets
    assert len(after) == 3
    assert len(after.lonlat) == len(before.lonlat) + 2
    np.testing.assert_array_equal(after.lonlat[: len(before.lonlat)], before.lonlat)
    assert np.diff(after.way_ptr).tolist() == [3, 3, 2]


def test_an_end_a_little_short_is_drawn_onto_the_street_and_a_far_one_is_not():
    near = add_roads(streets(), lines([(50, 0.6), (50, 99.5)]), TWO_BANKS.crs)
    assert (near.joined, near.loose) == (2, 0)
    far = add_roads(streets(), lines([(50, 5), (50, 95)]), TWO_BANKS.crs)
    assert (far.joined, far.loose) == (0, 1)


def test_roads_hang_together_through_each_other():
    added = add_roads(
        streets(),
        lines([(50, 0), (50, 40)], [(50, 40), (50, 100)], [(90, 50), (95, 50)]),
        TWO_BANKS.crs,
    )
    assert added.loose == 1
    assert added.joined == 2


def test_a_road_crosses_a_street_of_the_ground_and_not_one_above():
    ground = node_lines(lines([(0, 0), (200, 0)], layer=[0])).streets
    above = node_lines(lines([(0, 0), (200, 0)], layer=[1])).streets
    crossing = lines([(100, -50), (100, 50)])
    assert add_roads(ground, crossing, TWO_BANKS.crs).joined == 1
    assert add_roads(above, crossing, TWO_BANKS.crs).joined == 0


def test_an_end_at_a_corner_takes_the_corner():
    before = streets()
    added = add_roads(before, lines([(0.4, 0.3), (0, 100)]), TWO_BANKS.crs)
    assert len(added.streets.lonlat) == len(before.lonlat)
    assert added.joined == 2


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_the_order_of_roads_changes_nothing(order):
    both = lines([(50, 0), (50, 100)], [(150, 0), (150, 100)])
    first = add_roads(streets(), both, TWO_BANKS.crs).streets
    again = add_roads(streets(), both.iloc[order].reset_index(drop=True), TWO_BANKS.crs).streets
    np.testing.assert_array_equal(first.lonlat, again.lonlat)
    np.testing.assert_array_equal(first.way_node, again.way_node)


def test_inputs_stay_as_they_are():
    before, road = streets(), lines([(50, 0), (50, 100)])
    kept = before.way_node.copy(), road.copy()
    add_roads(before, road, TWO_BANKS.crs)
    np.testing.assert_array_equal(before.way_node, kept[0])
    assert road.equals(kept[1])
