"""Searches against networkx on random graphs, with and without closed estates."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.network.compounds import enclose
from lifecircle.network.pins import pin_points
from lifecircle.network.router import Ends, Router
from lifecircle.network.streets import StreetNetwork
from lifecircle.tables import GATES, empty
from lifecircle.walk import PROFILES, Profile
from tests.network.oracle import walk_cs

CRS = "EPSG:4550"
LIMIT = 120_000


def random_town(seed: int, *, size: int = 6) -> StreetNetwork:
    """A jittered grid with a third of its streets missing, some one-way, some stairs."""
    rng = np.random.default_rng(seed)
    xy = np.stack(np.meshgrid(np.arange(size), np.arange(size)), axis=-1).reshape(-1, 2) * 100.0
    xy = np.round(xy + rng.uniform(-25, 25, xy.shape), 2)
    pairs = [(a, a + 1) for a in range(size * size) if (a + 1) % size]
    pairs += [(a, a + size) for a in range(size * (size - 1))]
    kept = [pair for pair in pairs if rng.random() > 0.25]
    one_way = rng.random(len(kept)) < 0.15
    return StreetNetwork.from_lines(
        gpd.GeoDataFrame(
            {
                "foot_backward": ~one_way,
                "steps": rng.random(len(kept)) < 0.1,
            },
            geometry=[shapely.LineString(xy[list(pair)]) for pair in kept],
            crs=CRS,
        )
    )


def random_points(seed: int, count: int, *, size: int = 6) -> np.ndarray:
    rng = np.random.default_rng(seed + 1)
    return shapely.points(np.round(rng.uniform(-20, size * 100 - 80, (count, 2)), 2))


def dense(router: Router, homes: Ends, facilities: Ends, *, from_facility: bool = False):
    matrix = router.matrix(homes, facilities, limit=LIMIT, from_facility=from_facility)
    table = np.full((homes.n, facilities.n), np.nan)
    table[matrix.home, matrix.facility] = matrix.cost
    return table


@given(st.integers(0, 10_000), st.sampled_from(["gb", "elder"]))
@settings(max_examples=25, deadline=None)
def test_matrix_and_nearest_equal_networkx(seed: int, name: str) -> None:
    network = random_town(seed)
    profile = PROFILES[name]
    home_pins = pin_points(network, random_points(seed, 12))
    facility_pins = pin_points(network, random_points(seed + 7, 4))
    homes, facilities = Ends.single(home_pins), Ends.single(facility_pins)
    router = Router(network=network, profile=profile)
    expected = walk_cs(network, profile, home_pins, facility_pins, LIMIT)
    np.testing.assert_array_equal(dense(router, homes, facilities), expected)
    back = walk_cs(network, profile, facility_pins, home_pins, LIMIT).T
    np.testing.assert_array_equal(dense(router, homes, facilities, from_facility=True), back)
    for from_facility, table in ((False, expected), (True, back)):
        found = router.nearest(homes, facilities, limit=LIMIT, from_facility=from_facility)
        filled = np.where(np.isnan(table), np.inf, table)
        best = filled.min(axis=1)
        np.testing.assert_array_equal(found.walk_cs, np.where(np.isinf(best), np.nan, best))
        lowest = np.where(np.isinf(best), -1, filled.argmin(axis=1))
        np.testing.assert_array_equal(found.to, lowest)


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_closed_estates_equal_the_state_space(seed: int) -> None:
    network = random_town(seed)
    rng = np.random.default_rng(seed + 2)
    corners = rng.uniform(0, 350, (2, 2))
    outlines = [shapely.box(x, y, x + 130 + 20 * k, y + 140) for k, (x, y) in enumerate(corners)]
    if outlines[0].intersects(outlines[1]):
        outlines = outlines[:1]
    estates = gpd.GeoDataFrame(
        {"estate_id": [f"e{k}" for k in range(len(outlines))], "closed": True},
        geometry=outlines,
        crs=CRS,
    )
    compounds = enclose(network, estates, empty(GATES, CRS))
    points, others = random_points(seed, 14), random_points(seed + 9, 5)
    pins = [
        pin_points(compounds.network, group, compound=compounds.locate(group))
        for group in (points, others)
    ]
    for profile in (PROFILES["gb"], PROFILES["elder"]):
        router = Router(network=compounds.network, profile=profile)
        found = dense(router, Ends.single(pins[0]), Ends.single(pins[1]))
        expected = walk_cs(compounds.network, profile, *pins, LIMIT)
        np.testing.assert_array_equal(found, expected)


def test_unrounded_networkx_agrees_to_a_tenth_of_a_second() -> None:
    network = random_town(3, size=9)
    profile = Profile(name="odd", speed_mps=1.237, source="test")
    fine = Profile(name="fine", speed_mps=1.237 / 1000, source="test: a thousand times finer")
    pins = [pin_points(network, random_points(seed, 20, size=9)) for seed in (1, 2)]
    quantised = walk_cs(network, profile, *pins, 10**9)
    unrounded = walk_cs(network, fine, *pins, 10**12) / 1000
    assert np.nanmax(np.abs(quantised - unrounded)) / 100 < 0.1
    assert (np.isnan(quantised) == np.isnan(unrounded)).all()


def test_distance_metric_minimises_metres_and_sums_time() -> None:
    # A short stair and a long flat way round between the same two corners.
    lines = gpd.GeoDataFrame(
        {"steps": [True, False, False]},
        geometry=[
            shapely.LineString([(0, 0), (100, 0)]),
            shapely.LineString([(0, 0), (50, 75)]),
            shapely.LineString([(50, 75), (100, 0)]),
        ],
        crs=CRS,
    )
    network = StreetNetwork.from_lines(lines)
    ends = [
        Ends.single(pin_points(network, shapely.points([xy]))) for xy in ((0.0, 0.0), (100.0, 0.0))
    ]
    elder = PROFILES["elder"]
    by_metres = Router(network=network, profile=elder, metric="distance").nearest(
        *ends, limit=10**6
    )
    assert by_metres.length_cm.tolist() == [10_000]
    assert by_metres.walk_cs.tolist() == [25_000]  # 100 m of stairs at half of 0.8 m/s
    by_time = Router(network=network, profile=elder).nearest(*ends, limit=10**6)
    side_m = float(np.hypot(50, 75))
    assert by_time.length_cm.tolist() == [2 * round(side_m * 100)]
    assert by_time.walk_cs.tolist() == [2 * round(side_m / 0.8 * 100)]


@pytest.mark.parametrize("limit", [0, 8999, 9000])
def test_limit_is_inclusive(limit: int) -> None:
    network = StreetNetwork.from_lines(
        gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (100, 0)])], crs=CRS)
    )
    ends = [
        Ends.single(pin_points(network, shapely.points([xy]))) for xy in ((0.0, 0.0), (100.0, 0.0))
    ]
    router = Router(network=network, profile=PROFILES["gb"])
    found = router.nearest(*ends, limit=limit)
    assert (found.walk_cs[0] == 9000) == (limit == 9000)
    assert len(router.matrix(*ends, limit=limit).home) == (limit == 9000)


def test_nothing_to_reach_and_nobody_to_walk() -> None:
    network = random_town(1)
    router = Router(network=network, profile=PROFILES["gb"])
    nobody = Ends.single(pin_points(network, np.empty(0, dtype=object)))
    some = Ends.single(pin_points(network, random_points(1, 3)))
    assert np.isnan(router.nearest(some, nobody, limit=LIMIT).walk_cs).all()
    assert len(router.nearest(nobody, some, limit=LIMIT).walk_cs) == 0
    assert len(router.matrix(some, nobody, limit=LIMIT).home) == 0
    assert len(router.matrix(nobody, some, limit=LIMIT).home) == 0


def test_at_limit_zero_one_is_where_one_stands_and_nowhere_else() -> None:
    network = StreetNetwork.from_lines(
        gpd.GeoDataFrame(
            geometry=[
                shapely.LineString([(0, 0), (100, 0)]),
                shapely.LineString([(100, 0), (100, 0)]),  # no length
            ],
            crs=CRS,
        )
    )
    # on a node, on an edge; a metre beside the street is no place within nothing
    spots = shapely.points([(100.0, 0.0), (50.0, 0.0), (50.0, 1.0)])
    ends = Ends.single(pin_points(network, spots))
    router = Router(network=network, profile=PROFILES["gb"])
    pairs = router.matrix(ends, ends, limit=0)
    assert list(zip(pairs.home, pairs.facility, pairs.cost, strict=True)) == [(0, 0, 0), (1, 1, 0)]
    nearest = router.nearest(ends, ends, limit=0)
    assert nearest.to.tolist() == [0, 1, -1]
    assert nearest.walk_cs[:2].tolist() == [0, 0]
