"""The names a planner types: few, documented, and there when they are asked for."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys

import geopandas as gpd
import pytest
import shapely

import lifecircle as lc
from tests.small_town import SOUTH, STEP_LAT, STEP_LON, WEST, write_town

NAMES = {
    "Findings",
    "StreetNetwork",
    "Study",
    "__version__",
    "compare",
    "cost_matrix",
    "isochrones",
    "load_standard",
    "prepare_raster",
    "reached_streets",
    "read_streets",
    "time_field",
}
METHODS = {
    "Study": {"load", "demo", "toytown", "check", "run"},
    "Findings": {
        "scorecard",
        "gaps",
        "sites",
        "programme",
        "communities",
        "homes",
        "warnings",
        "content",
        "summary",
        "compare",
        "map",
        "save",
    },
    "StreetNetwork": {"from_networkx", "from_frames", "to_frame", "to_networkx"},
}


def test_the_root_holds_these_names_and_no_others():
    assert set(lc.__all__) == NAMES
    assert set(dir(lc)) == NAMES
    with pytest.raises(AttributeError, match="no attribute 'utils'"):
        lc.utils  # noqa: B018


@pytest.mark.parametrize("name", sorted(NAMES - {"__version__"}))
def test_every_name_is_there_and_says_what_it_does(name):
    found = getattr(lc, name)
    assert inspect.getdoc(found)
    assert found.__name__ == name
    assert getattr(lc, name) is found


@pytest.mark.parametrize("name", sorted(METHODS))
def test_methods_of_the_contract_are_there_and_documented(name):
    found = getattr(lc, name)
    for method in METHODS[name]:
        assert inspect.getdoc(getattr(found, method)), method


def test_the_version_is_a_version():
    assert lc.__version__[0].isdigit()


def test_importing_it_imports_nothing_heavy():
    code = (
        "import sys, lifecircle\nlifecircle.__version__\n"
        "print(sorted({'numpy', 'pandas', 'geopandas', 'numba', 'shapely'} & set(sys.modules)))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert ended.stdout.strip() == "[]"


def test_streets_and_circles_can_be_used_alone(tmp_path):
    """A planner with a street file and two points needs no study."""
    network = lc.read_streets(write_town(tmp_path))
    assert isinstance(network, lc.StreetNetwork)
    middle = shapely.Point(WEST + 2.5 * STEP_LON, SOUTH + 2 * STEP_LAT)
    corner = shapely.Point(WEST, SOUTH)
    points = gpd.GeoDataFrame({"name": ["m", "c"]}, geometry=[middle, corner], crs=4326)
    before = points.copy()
    bands = lc.isochrones(network, points, minutes=[2, 5], profile="gb")
    assert isinstance(bands, gpd.GeoDataFrame)
    assert bands.crs == points.crs
    assert points.equals(before)
    assert sorted(set(bands["minutes"])) == [2, 5]
    metric = bands.to_crs(network.crs)
    size = metric.assign(area=metric.area).groupby("minutes")["area"].sum()
    assert 0 < size[2] < size[5]
    near, far = (
        shapely.union_all(metric.geometry[metric["minutes"] == minutes].to_numpy())
        for minutes in (2, 5)
    )
    assert shapely.area(shapely.difference(near, far)) < 1e-3 * size[2]
    # Walked along streets nothing is farther than the straight line.
    spots = points.to_crs(network.crs).geometry
    reach = shapely.union_all(shapely.buffer(spots.to_numpy(), 300 / 0.9 + 40))
    assert shapely.covers(reach, far)
