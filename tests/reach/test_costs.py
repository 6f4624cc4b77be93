"""Cost matrices: the router's times in the shapes spopt and access take."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.errors import CrsError, RuleError
from lifecircle.network.pins import pin_points
from lifecircle.reach.costs import cost_matrix
from lifecircle.walk import PROFILES
from tests.making import CRS, points, streets
from tests.network.oracle import walk_cs
from tests.network.test_router import random_points, random_town

STREET = streets([(0, 0), (4000, 0)], foot_backward=[False])


def places(*xy: tuple[float, float], index=None) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=points(*xy), crs=CRS, index=index)


@pytest.mark.parametrize("wrong", [{"profile": "bird"}, {"limit_minutes": 0}, {"form": "square"}])
def test_unknown_words_are_refused(wrong):
    with pytest.raises(RuleError):
        cost_matrix(STREET, places((0, 0)), places((0, 0)), **wrong)


@pytest.mark.parametrize("side", ["origins", "destinations"])
def test_a_table_without_a_system_is_named(side):
    tables = {"origins": places((0, 0)), "destinations": places((0, 0))}
    tables[side] = gpd.GeoDataFrame(geometry=points((0, 0)))
    with pytest.raises(CrsError, match=side):
        cost_matrix(STREET, **tables)


def test_walks_run_from_origins_to_destinations():
    origins = places((0, 0), (1000, 0), (0, 5000), index=["a", "b", "far"])
    destinations = places((1500, 0), (500, 0), index=[7, 3])
    dense = cost_matrix(STREET, origins, destinations, limit_minutes=22.5)
    np.testing.assert_array_equal(dense, [[22.5, 7.5], [7.5, np.nan], [np.nan, np.nan]])
    big = cost_matrix(STREET, origins, destinations, limit_minutes=22, beyond=1e6)
    assert big.tolist() == [[1e6, 7.5], [7.5, 1e6], [1e6, 1e6]]
    table = cost_matrix(STREET, origins, destinations, limit_minutes=22.5, form="long")
    assert list(table.columns) == ["origin", "dest", "cost"]
    assert table.values.tolist() == [["a", 7, 22.5], ["a", 3, 7.5], ["b", 7, 7.5]]


def test_empty_tables_keep_their_shapes():
    assert cost_matrix(STREET, places(), places((0, 0))).shape == (0, 1)
    assert cost_matrix(STREET, places((0, 0)), places()).shape == (1, 0)
    table = cost_matrix(STREET, places(), places((0, 0)), form="long")
    assert list(table.columns) == ["origin", "dest", "cost"]
    assert table["cost"].dtype == np.float64


@given(st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_both_forms_equal_networkx(seed):
    network = random_town(seed)
    origins, destinations = (
        gpd.GeoDataFrame(geometry=random_points(seed + k, 6 - k), crs=CRS) for k in (0, 2)
    )
    pins = [pin_points(network, one.geometry.to_numpy()) for one in (origins, destinations)]
    expected = walk_cs(network, PROFILES["elder"], *pins, 60_000) / 6000
    dense = cost_matrix(network, origins, destinations, profile="elder", limit_minutes=10)
    np.testing.assert_array_equal(dense, expected)
    table = cost_matrix(
        network, origins, destinations, profile="elder", limit_minutes=10, form="long"
    )
    assert len(table) == np.isfinite(dense).sum()
    np.testing.assert_array_equal(dense[table["origin"], table["dest"]], table["cost"])
