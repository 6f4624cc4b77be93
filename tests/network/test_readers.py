"""Prepared readers give what the router gives, to the last digit, wherever they look."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.network.compounds import enclose
from lifecircle.network.pins import pin_points
from lifecircle.network.readers import Readers
from lifecircle.network.router import Ends, Router
from lifecircle.network.search import FAR
from lifecircle.tables import GATES, empty
from lifecircle.walk import PROFILES
from tests.network.test_router import CRS, random_points, random_town

COLUMNS = 7


def towns(seed: int, *, closed: bool):
    """A network, cells and sources on it; with a closed estate in the middle if asked."""
    network = random_town(seed)
    groups = [random_points(seed, 35), random_points(seed + 3, 6)]
    if not closed:
        return network, *(pin_points(network, one) for one in groups)
    estates = gpd.GeoDataFrame(
        {"estate_id": ["e"], "closed": True}, geometry=[shapely.box(120, 120, 320, 330)], crs=CRS
    )
    compounds = enclose(network, estates, empty(GATES, CRS))
    network = compounds.network
    return network, *(pin_points(network, one, compound=compounds.locate(one)) for one in groups)


def table_of(readers: Readers, sources: Ends, at: np.ndarray, *, limit: int) -> np.ndarray:
    """Costs by cell and source, put together from the windows."""
    found = np.full((len(at), sources.n), np.nan)
    for first, last in ((0, 4), (4, sources.n)):
        windows = readers.windows(
            sources, limit=limit, at=at, columns=COLUMNS, first=first, last=last
        )
        for source, window in enumerate(windows, start=first):
            if not window.cost.size:
                continue
            frame = np.ones(window.cost.shape, dtype=bool)
            frame[1:-1, 1:-1] = False
            assert (window.cost[frame] == FAR).all()
            for side in (window.cost[1], window.cost[-2], window.cost[:, 1], window.cost[:, -2]):
                assert (side != FAR).any()  # no larger than it must be
            row, column = np.nonzero(window.cost != FAR)
            place = (row + window.row) * COLUMNS + column + window.column
            cell = np.searchsorted(at, place)
            assert (at[cell] == place).all()
            found[cell, source] = window.cost[row, column]
    return found


@given(
    st.integers(0, 10_000),
    st.sampled_from(["time", "distance"]),
    st.booleans(),
    st.booleans(),
    st.sampled_from([0, 3_000, 20_000, 90_000]),
)
@settings(max_examples=25, deadline=None)
def test_readers_equal_the_router(seed, metric, from_facility, closed, limit):
    network, cells, source_pins = towns(seed, closed=closed)
    router = Router(network=network, profile=PROFILES["elder"], metric=metric)
    sources = Ends.single(source_pins)
    readers = Readers(router=router, pins=cells, from_facility=from_facility)
    asked = {"limit": limit, "from_facility": from_facility}
    nearest = router.nearest(Ends.single(cells), sources, **asked)
    cost, to = readers.nearest(sources, limit=limit)
    expected = nearest.walk_cs if metric == "time" else nearest.length_cm
    np.testing.assert_array_equal(cost, expected)
    np.testing.assert_array_equal(to, nearest.to)
    pairs = router.matrix(Ends.single(cells), sources, **asked)
    expected = np.full((cells.n, sources.n), np.nan)
    expected[pairs.home, pairs.facility] = pairs.cost
    # cells lie anywhere in a raster: in order, with gaps
    at = np.flatnonzero(np.random.default_rng(seed).permutation(60) < cells.n).astype(np.int64)
    np.testing.assert_array_equal(table_of(readers, sources, at, limit=limit), expected)


def test_several_entrances_count_as_one_source():
    network = random_town(1)
    cells = pin_points(network, random_points(1, 30))
    doors = pin_points(network, random_points(5, 4))
    sources = Ends(n=2, row=np.array([1, 0, 1, 0], dtype=np.int32), pins=doors)
    router = Router(network=network, profile=PROFILES["gb"])
    cost, to = Readers(router=router, pins=cells).nearest(sources, limit=50_000)
    expected = router.nearest(Ends.single(cells), sources, limit=50_000)
    np.testing.assert_array_equal(cost, expected.walk_cs)
    np.testing.assert_array_equal(to, expected.to)


@pytest.mark.parametrize("count", [0, 3])
def test_nothing_to_read_and_nowhere_to_start(count):
    network = random_town(1)
    nowhere = pin_points(network, shapely.points(np.full((count, 2), 1e6)))
    cells = pin_points(network, random_points(1, 5))
    router = Router(network=network, profile=PROFILES["gb"])
    for pins, sources in ((nowhere, cells), (cells, nowhere)):
        readers = Readers(router=router, pins=pins)
        cost, to = readers.nearest(Ends.single(sources), limit=10_000)
        assert np.isnan(cost).all()
        assert (to == -1).all()
        windows = list(
            readers.windows(
                Ends.single(sources),
                limit=10_000,
                at=np.arange(pins.n),
                columns=COLUMNS,
                first=0,
                last=sources.n,
            )
        )
        assert [window.cost.size for window in windows] == [0] * sources.n
