"""Walks of three real places equal those of networkx on the same arcs."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
import shapely

from lifecircle import geo
from lifecircle.errors import LifecircleWarning
from lifecircle.network.pins import pin_points
from lifecircle.network.router import Ends, Router
from lifecircle.network.streets import StreetNetwork
from lifecircle.sources.osm.file import read_osm_file
from lifecircle.walk import PROFILES
from tests.network.whole_graph import networkx_walks

SHARED = Path(__file__).resolve().parents[2] / "../shared/data"
LIMIT = 180_000


def first_places(survey, lon, lat, *, within_m=2500.0, heights=None):
    """Streets of a survey, and 40 buildings and 20 places pinned around a point."""
    crs = geo.metric_crs(lon, lat)
    network = StreetNetwork.from_ways(survey.streets, crs)
    if heights is not None:
        network = network.with_heights(heights)
    centre = shapely.Point(geo.project(np.array([[lon, lat]]), crs)[0])
    pinned = []
    for table, count in ((survey.buildings, 40), (survey.pois, 20)):
        spots = shapely.point_on_surface(table.to_crs(crs).geometry.to_numpy())
        near = spots[shapely.distance(spots, centre) < within_m]
        chosen = np.random.default_rng(7).choice(near, count, replace=False)
        pinned.append(pin_points(network, chosen))
    return network, *pinned


def assert_equal_to_networkx(network, homes, facilities, profile, *, tolerance_s=0.1):
    """The same digits on quantised arcs, nearly the same seconds on unrounded ones."""
    exact, unrounded = networkx_walks(network, profile, homes, facilities, limit=LIMIT)
    router = Router(network=network, profile=profile)
    ends = Ends.single(homes), Ends.single(facilities)
    matrix = router.matrix(*ends, limit=LIMIT)
    found = np.full((homes.n, facilities.n), np.nan)
    found[matrix.home, matrix.facility] = matrix.cost
    np.testing.assert_array_equal(found, exact)
    assert np.isfinite(exact).sum() > 100
    assert np.nanmax(np.abs(exact / 100 - unrounded)) < tolerance_s
    nearest = router.nearest(*ends, limit=LIMIT)
    filled = np.where(np.isnan(exact), np.inf, exact)
    best = filled.min(axis=1)
    np.testing.assert_array_equal(nearest.walk_cs, np.where(np.isinf(best), np.nan, best))
    np.testing.assert_array_equal(nearest.to, np.where(np.isinf(best), -1, filled.argmin(axis=1)))


def read(path: Path, bbox):
    if not path.exists():
        pytest.skip("no shared data beside the checkout")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LifecircleWarning)
        return read_osm_file(path, bbox=bbox)


@pytest.mark.parametrize("name", ["gb", "elder"])
def test_neubrandenburg(neubrandenburg, name):
    assert_equal_to_networkx(*first_places(neubrandenburg, 13.2608, 53.5567), PROFILES[name])


def test_las_palmas():
    survey = read(
        SHARED / "es_las_palmas/las_palmas_20230221.osm.pbf", (-15.455, 28.10, -15.405, 28.16)
    )
    town = first_places(survey, -15.43, 28.13)
    for name in ("gb", "elder"):
        assert_equal_to_networkx(*town, PROFILES[name])


def test_andorra_with_its_hills():
    survey = read(SHARED / "ad_andorra/andorra_20260403.osm.pbf", (1.48, 42.48, 1.56, 42.53))
    heights = SHARED / "ad_andorra/andorra_srtm90m.tif"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LifecircleWarning)
        town = first_places(survey, 1.521, 42.507, heights=heights)
    network = town[0]
    forward, backward = network.prices(PROFILES["elder"])
    assert ((forward != backward) & (forward > 0) & (backward > 0)).mean() > 0.3
    for name in ("gb", "elder", "wheelchair"):
        assert_equal_to_networkx(*town, PROFILES[name])
