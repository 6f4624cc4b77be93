"""Reached streets: cut where the walk meets the limit, linear between their ends."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.errors import CrsError, RuleError
from lifecircle.network.pins import Pins, pin_points
from lifecircle.network.router import Ends, Router
from lifecircle.network.streets import StreetNetwork
from lifecircle.reach.reached import reached_streets
from lifecircle.walk import PROFILES
from tests.making import CRS, points, streets
from tests.network.test_router import random_points, random_town

STREET = streets([(0, 0), (4000, 0)])
COLUMNS = ["point", "minutes", "edge_id", "from_s", "to_s", "geometry"]


def places(*xy: tuple[float, float], crs: str = CRS, index=None) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=points(*xy), crs=CRS, index=index).to_crs(crs)


@pytest.mark.parametrize("wrong", [{"profile": "bird"}, {"direction": "up"}, {"minutes": [0]}])
def test_unknown_words_are_refused(wrong):
    with pytest.raises(RuleError):
        reached_streets(STREET, places((0, 0)), **{"minutes": [5], **wrong})


def test_points_without_a_system_are_refused():
    with pytest.raises(CrsError, match="points"):
        reached_streets(STREET, gpd.GeoDataFrame(geometry=points((0, 0))), [5])


def test_columns_types_and_order():
    spots = places((2000, 0), (1000, 0), (0, 9000), index=["b", "a", "far"])
    before = spots.copy()
    table = reached_streets(STREET, spots, [15, 5])
    assert list(table.columns) == COLUMNS
    assert table["point"].tolist() == ["b"] * 4 + ["a"] * 4
    assert table["minutes"].tolist() == [5.0, 5.0, 15.0, 15.0] * 2
    assert set(table.geom_type) == {"LineString"}
    assert spots.equals(before)
    for empty in (places(), places((0, 9000))):
        none = reached_streets(STREET, empty, [5])
        assert len(none) == 0
        assert list(none.columns) == COLUMNS
        assert none.crs == CRS
    degrees = reached_streets(STREET, places((2000, 0), crs="EPSG:4326"), [5])
    assert degrees.crs == "EPSG:4326"
    assert degrees.to_crs(CRS).length.sum() == pytest.approx(2000 / 3, abs=0.1)


def test_a_bent_street_is_cut_by_hand():
    """18 m aside (16.2 s), 300 s: 283.8 s are 315.3 m each way, round the corner to the east."""
    bent = streets([(0, 0), (1000, 0), (1000, 1000)])
    table = reached_streets(bent, places((800, -18)), [5])
    assert table["from_s"].tolist() == pytest.approx([300.0, 16.2])
    assert table["to_s"].tolist() == pytest.approx([16.2, 300.0])
    west, east = table.geometry
    assert shapely.get_coordinates(west).round(3).tolist() == [[484.667, 0], [800, 0]]
    assert shapely.get_coordinates(east).round(3).tolist() == [[800, 0], [1000, 0], [1000, 115.333]]


def test_both_directions_of_a_one_way_street():
    one_way = streets([(0, 0), (4000, 0)], foot_backward=[False])
    to = reached_streets(one_way, places((2000, 0)), [15])
    assert to[["from_s", "to_s"]].values.tolist() == [[900.0, 0.0]]
    assert to.geometry[0].bounds == (1000, 0, 2000, 0)
    away = reached_streets(one_way, places((2000, 0)), [15], direction="from_facility")
    assert away[["from_s", "to_s"]].values.tolist() == [[0.0, 900.0]]
    assert away.geometry[0].bounds == (2000, 0, 3000, 0)


def test_a_circle_is_cut_where_both_ways_round_are_equal():
    ring = streets([(0, 0), (300, 0)], [(300, 0), (300, 300)], [(300, 300), (0, 300), (0, 0)])
    table = reached_streets(ring, places((0, 0)), [60])
    assert table.length.sum() == pytest.approx(1200)
    last = table[["from_s", "to_s"]].to_numpy().max()
    assert last == pytest.approx(600 * 0.9)
    # the farthest place is the corner opposite, a node: no edge has its turn inside
    assert len(table) == 3


def test_loops_and_edges_of_no_length():
    network = streets(
        [(0, 0), (1000, 0)],
        [(1000, 0), (1000, 0)],
        [(1000, 0), (1100, 50), (1100, -50), (1000, 0)],
    )
    loop_m = 100 + 2 * np.hypot(100, 50)
    table = reached_streets(network, places((1000, 0)), [0.001, 2, 15])
    assert (table.length > 0).all()
    at_two = table[table["minutes"] == 2]
    # 133.33 m to every side: along the street and into both ends of the loop
    assert at_two.length.sum() == pytest.approx(3 * 400 / 3, abs=0.05)
    assert table[table["minutes"] == 15].length.sum() == pytest.approx(1000 + loop_m, abs=0.05)
    assert table[table["minutes"] == 0.001].length.sum() == pytest.approx(3 * 0.0667, abs=0.01)


def placed(network: StreetNetwork, shares: np.ndarray) -> Pins:
    """One pin on every edge at every share."""
    edges = np.repeat(np.arange(len(network.length_m), dtype=np.int32), len(shares))
    n = len(edges)
    return Pins(
        n=n,
        point=np.arange(n, dtype=np.int32),
        edge=edges,
        share=np.tile(shares, len(network.length_m)),
        leg_m=np.zeros(n),
        status=np.full(n, "ok", dtype=object),
    )


@given(st.integers(0, 10_000), st.booleans(), st.sampled_from(["gb", "elder"]))
@settings(max_examples=20, deadline=None)
def test_pieces_hold_exactly_the_places_within_reach(seed, from_facility, name):
    network = random_town(seed)
    spots = gpd.GeoDataFrame(geometry=random_points(seed, 2), crs=CRS)
    direction = "from_facility" if from_facility else "to_facility"
    table = reached_streets(network, spots, [1, 3], profile=name, direction=direction)
    shares = np.linspace(0.013, 0.987, 23)
    on_edges = placed(network, shares)
    router = Router(network=network, profile=PROFILES[name])
    spread = np.full((on_edges.n, 2), np.nan)
    pairs = router.matrix(
        Ends.single(on_edges),
        Ends.single(pin_points(network, spots.geometry.to_numpy())),
        limit=30_000,
        from_facility=from_facility,
    )
    spread[pairs.home, pairs.facility] = pairs.cost / 100
    spread = np.where(np.isnan(spread), 1e9, spread)
    length = shapely.length(network.lines)
    for (point, minutes), rows in table.groupby(["point", "minutes"]):
        held = np.full(on_edges.n, np.nan)
        for row in rows.itertuples():
            line = network.lines[row.edge_id]
            ends = shapely.get_coordinates(row.geometry)[[0, -1]]
            low, high = shapely.line_locate_point(line, shapely.points(ends), normalized=True)
            mine = (on_edges.edge == row.edge_id) & (on_edges.share > low) & (on_edges.share < high)
            assert np.isnan(held[mine]).all()  # no overlap
            part = (on_edges.share[mine] - low) / (high - low)
            held[mine] = row.from_s + part * (row.to_s - row.from_s)
            assert row.geometry.length == pytest.approx((high - low) * length[row.edge_id])
        walk = spread[:, point]
        clear = np.abs(walk - minutes * 60) > 0.03
        np.testing.assert_array_equal(np.isfinite(held)[clear], (walk <= minutes * 60)[clear])
        both = np.isfinite(held) & (walk < 1e9)
        np.testing.assert_allclose(held[both], walk[both], atol=0.03)
