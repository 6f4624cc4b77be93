"""Slopes: hills worked by hand in both directions, bridges, noise, stairs, and a real country."""

from __future__ import annotations

import warnings
from math import exp
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import CRS as Crs

from lifecircle import geo
from lifecircle.errors import MissingDataWarning
from lifecircle.network.compounds import enclose
from lifecircle.network.heights import slopes_of
from lifecircle.network.reading import read_streets
from lifecircle.network.streets import StreetNetwork
from lifecircle.sources.heights import Heights
from lifecircle.walk import PROFILES, Profile
from tests.making import CRS, edge_of, estate_table, gate_table, streets
from tests.network.test_streets import walks

ANDORRA = Path(__file__).resolve().parents[2] / "../shared/data/ad_andorra"
ELDER = PROFILES["elder"]
# One metre a second on the flat.
HIKER = Profile(name="hiker", speed_mps=1.0, source="test", slope=True)


def ground(height_of, *, cell_m: float = 10.0, size: int = 120) -> Heights:
    """A grid of heights around the origin of the tests' metres, height given by x and y."""
    at = cell_m * (np.arange(size) - size / 2 + 0.5)
    x, y = np.meshgrid(at, at)
    corner = -cell_m * size / 2
    return Heights(
        height_m=np.asarray(height_of(x, y), dtype=np.float64),
        to_place=(cell_m, 0.0, corner, 0.0, cell_m, corner),
        crs=Crs.from_user_input(CRS),
        cell_m=cell_m,
    )


def test_a_hill_worked_by_hand_in_both_directions():
    # 200 m to the east at 10 % up, then 100 m at 5 % down; the crest is the middle of a cell.
    hill = ground(lambda x, _: np.where(x < 205, 0.1 * x, 20.5 - 0.05 * (x - 205)))
    lines = [(5, 0), (205, 0)], [(205, 0), (305, 0)]
    flat = streets(*lines)
    network = flat.with_heights(hill)
    up, down = (edge_of(network, line) for line in lines)
    assert network.edges["rise_m"][[up, down]].round(3).tolist() == [20.0, -5.0]
    # Up at 10 %: exp(3.5 (0.15 - 0.05)) = 1.419; down at 5 % the best there is: exp(-0.175);
    # back up at 5 %: exp(3.5 · 0.05) = 1.191; back down at 10 %: as fast as on the flat.
    assert network.prices(HIKER)[0][[up, down]].tolist() == [28_381, 8_395]
    assert network.prices(HIKER)[1][[up, down]].tolist() == [20_000, 11_912]
    assert walks(network, (5, 0), (305, 0), profile=HIKER) == [367.76]
    assert walks(network, (305, 0), (5, 0), profile=HIKER) == [319.12]
    elder = Profile(name="elder", speed_mps=0.8, source="test", slope=True)
    assert walks(network, (5, 0), (305, 0), profile=elder) == [
        pytest.approx(367.76 / 0.8, abs=0.02)
    ]
    # who sets no store by slopes pays nothing, and the streets themselves are unchanged
    assert walks(network, (5, 0), (305, 0), profile=PROFILES["gb"]) == [270.0]
    assert flat.edges["slope_forward"].tolist() == [1.0, 1.0]


def test_an_even_slope_is_exact():
    network = streets([(0, 0), (30, 40)], [(30, 40), (130, 40)]).with_heights(
        ground(lambda x, _: 50 + 0.2 * x)
    )
    first, second = edge_of(network, [(0, 0), (30, 40)]), edge_of(network, [(30, 40), (130, 40)])
    # 6 m up in 50 m of way is 12 %; 20 m in 100 is 20 %
    table = network.edges[["slope_forward", "slope_backward"]].to_numpy()
    np.testing.assert_allclose(table[first], [exp(3.5 * 0.12), exp(3.5 * 0.02)], rtol=1e-6)
    np.testing.assert_allclose(table[second], [exp(3.5 * 0.20), exp(3.5 * 0.10)], rtol=1e-6)
    forward, backward = network.prices(HIKER)
    assert forward[first] == round(5000 * exp(0.42))
    assert backward[second] == round(10_000 * exp(0.35))


def test_flat_ground_changes_no_price():
    plain = streets([(0, 0), (77, 13)], [(77, 13), (200, 0)], bridge=[True, False])
    level = plain.with_heights(ground(lambda x, _: 0 * x + 431.7))
    for profile in PROFILES.values():
        for one, other in zip(plain.prices(profile), level.prices(profile), strict=True):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("column", ["bridge", "tunnel", "covered"])
def test_what_spans_a_valley_or_runs_through_a_hill_is_level(column):
    def valley(x, _):
        return 0.05 * x - 40 * np.exp(-(((x - 150) / 60) ** 2))

    lines = [(0, 0), (100, 0)], [(100, 0), (150, 0)], [(150, 0), (210, 0)], [(210, 0), (300, 0)]
    runs = streets([(-300, 0), (-100, 0)], [(-100, 0), (400, 0)], **{column: [False, True]})
    over = edge_of(runs, [(-100, 0), (400, 0)])
    network = runs.with_heights(ground(valley))
    # 5 % from end to end
    assert network.edges["slope_forward"][over] == pytest.approx(exp(3.5 * 0.05), rel=1e-3)
    assert network.edges["slope_backward"][over] == pytest.approx(exp(-0.175), rel=1e-3)
    # A bridge in pieces takes no height from the ground under the joints.
    pieces = streets(*lines, **{column: [False, True, True, False]})
    network = pieces.with_heights(ground(valley))
    ends = ground(valley).at(_lonlat(network, [(100, 0), (210, 0)]))
    two, three = edge_of(network, lines[1]), edge_of(network, lines[2])
    rises = network.edges["rise_m"][[two, three]].to_numpy()
    np.testing.assert_allclose(rises, (ends[1] - ends[0]) * np.array([50, 60]) / 110, atol=0.05)


def _lonlat(network: StreetNetwork, xy) -> np.ndarray:
    return geo.unproject(np.asarray(xy, dtype=float), network.crs)


def test_noise_along_a_street_is_smoothed_and_cliffs_are_cut_off():
    long = streets([(-510, 0), (510, 0)])
    raw = slopes_of(
        long.lines,
        long.length_m,
        long.edge_node,
        level=np.zeros(1, dtype=bool),
        height_at=lambda xy: 20.0 * (np.arange(len(xy)) % 2),
        cell_m=30.0,
    )
    # 34 pieces, up and down 20 m each: averaged over three heights 6.67 m, but at the ends
    # from 0 to 6.67 and from 13.33 to 20, which is a slope of 22.2 % everywhere.
    s = 20 / 3 / 30
    assert raw.forward[0] == pytest.approx((exp(3.5 * s) + exp(3.5 * (s - 0.1))) / 2, rel=0.02)
    cliff = streets([(0, 0), (10, 0)]).with_heights(ground(lambda x, _: 3.0 * x))
    assert cliff.edges["slope_forward"].tolist() == [pytest.approx(exp(3.5 * 0.4))]
    assert cliff.edges["slope_backward"].tolist() == [pytest.approx(exp(3.5 * 0.3))]


def test_streets_without_heights_count_as_flat_and_are_counted():
    lines = [(0, 0), (100, 0)], [(100, 0), (100, 200)], [(100, 200), (100, 9_000)]
    network = streets(*lines)
    with pytest.warns(MissingDataWarning, match=r"1 of 3 pieces of street \(8\.8 km\)"):
        high = network.with_heights(ground(lambda x, _: 0.1 * x))
    away = edge_of(high, lines[2])
    assert high.edges["slope_forward"][away] == 1.0
    assert np.isnan(high.edges["rise_m"][away])
    assert high.edges["slope_forward"][edge_of(high, lines[0])] == pytest.approx(exp(0.35))


def test_stairs_by_direction_from_the_tag_else_from_heights_else_the_mean():
    lines = [[(0, 100 * k), (80, 100 * k)] for k in range(4)]
    network = streets(*lines, steps=[True] * 4, incline=["up", "-30%", None, "yes"])
    edge = [edge_of(network, line) for line in lines]
    up, down, mean = 80 / 0.8 * 225, 80 / 0.8 * 175, 80 / 0.8 * 200
    forward, backward = network.prices(ELDER)
    assert forward[edge].tolist() == [up, down, mean, mean]
    assert backward[edge].tolist() == [down, up, mean, mean]
    # the ground falls to the east: what no tag says heights do, and slopes are not paid twice
    forward, backward = network.with_heights(ground(lambda x, _: -0.3 * x)).prices(ELDER)
    assert forward[edge].tolist() == [up, down, down, down]
    assert backward[edge].tolist() == [down, up, up, up]
    assert network.prices(PROFILES["gb"])[0][edge].tolist() == [7_200] * 4


def test_wheels_take_no_stairs_but_a_ramp_and_heed_the_tag():
    lines = [[(0, 100 * k), (80, 100 * k)] for k in range(4)]
    network = streets(
        *lines,
        steps=[True, True, False, False],
        ramp=[False, True, False, False],
        wheelchair=[None, None, "no", "yes"],
        surface=["asphalt", "asphalt", "ground", "sett"],
    )
    edge = [edge_of(network, line) for line in lines]
    assert network.prices(PROFILES["wheelchair"])[0][edge].tolist() == [-1, 12_000, -1, 18_000]
    assert network.prices(PROFILES["wheelchair"])[1][edge].tolist() == [-1, 12_000, -1, 18_000]
    assert network.prices(PROFILES["stroller"])[0][edge].tolist() == [-1, 8_000, 12_000, 10_000]
    assert network.prices(ELDER)[0][edge].tolist() == [20_000, 20_000, 12_500, 11_000]
    assert network.prices(PROFILES["gb"])[0][edge].tolist() == [7_200] * 4


def test_a_street_cut_by_an_estate_keeps_its_slope():
    network = streets([(0, 0), (100, 0)]).with_heights(ground(lambda x, _: 0.1 * x))
    cut = enclose(network, estate_table(shapely.box(40, -9, 120, 9)), gate_table()).network
    assert len(cut.length_m) == 2
    np.testing.assert_allclose(cut.edges["slope_forward"], exp(0.35), rtol=1e-6)


def test_the_order_of_rows_changes_nothing():
    lines = [[(0, 0), (200, 30)], [(200, 30), (310, 0)], [(200, 30), (190, 200)]]
    hill = ground(lambda x, y: 10 * np.sin(x / 70) + 0.05 * y)
    one, other = (streets(*order).with_heights(hill) for order in (lines, lines[::-1]))
    columns = ["slope_forward", "slope_backward", "rise_m"]
    assert one.edges[columns].equals(other.edges[columns])


def test_andorra_is_slower_uphill_than_down():
    if not ANDORRA.is_dir():
        pytest.skip("no Andorra beside the checkout")
    flat = read_streets(ANDORRA / "andorra_20260403.osm.pbf")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MissingDataWarning)  # streets across the border
        network = flat.with_heights(ANDORRA / "andorra_srtm90m.tif")
    for one, other in zip(flat.prices(PROFILES["gb"]), network.prices(PROFILES["gb"]), strict=True):
        np.testing.assert_array_equal(one, other)
    forward, backward = network.prices(ELDER)
    rise = network.edges["rise_m"].to_numpy()
    open_both = (forward >= 0) & (backward >= 0) & (np.abs(rise) > 2)
    up, down = np.where(rise > 0, forward, backward), np.where(rise > 0, backward, forward)
    assert (up >= down)[open_both].mean() > 0.99
    assert 1.2 < up[open_both].sum() / down[open_both].sum() < 1.45
    # streets of the towns: gentle ones, the steepest tenth under a quarter
    town = network.edges["highway"].isin(["residential", "tertiary", "secondary", "primary"])
    steep = (np.abs(rise) / network.length_m)[town.to_numpy() & (network.length_m > 60)]
    assert 0.03 < np.nanmedian(steep) < 0.09
    assert np.nanquantile(steep, 0.9) < 0.25
    missing = np.isnan(rise)
    assert missing.mean() < 0.01
