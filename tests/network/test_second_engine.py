"""Walks on real streets against another engine, where one is installed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lifecircle.network import search
from lifecircle.network.reading import read_streets
from lifecircle.network.router import Router
from lifecircle.walk import PROFILES

TOWN = Path(__file__).resolve().parents[2] / "data/neubrandenburg/neubrandenburg.osm.pbf"
LIMIT = 90_000


@pytest.mark.parametrize("profile", ["gb", "elder"])
def test_igraph_reaches_the_same_nodes_at_the_same_times(profile):
    igraph = pytest.importorskip("igraph")
    router = Router(network=read_streets(TOWN), profile=PROFILES[profile])
    indptr, heads, costs, _ = router.graph(from_facility=True)
    n = len(indptr) - 1
    tails = np.repeat(np.arange(n), np.diff(indptr))
    other = igraph.Graph(n=n, edges=np.column_stack([tails, heads]), directed=True)
    source = np.random.default_rng(0).choice(n, 20, replace=False).astype(np.int32)
    expected = np.asarray(other.distances(source=source.tolist(), weights=costs.tolist()))
    count, node, cost = search.nodes_each(
        indptr, heads, costs, np.arange(21, dtype=np.int32), source, np.zeros(20, np.int32), LIMIT
    )
    found = np.full(expected.shape, np.inf)
    found[np.repeat(np.arange(20), count), node] = cost
    np.testing.assert_array_equal(found, np.where(expected > LIMIT, np.inf, expected))
