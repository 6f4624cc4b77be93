"""Control points: a system from a table, with a bad point named."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import CRS, Transformer

from lifecircle.errors import CrsError
from lifecircle.sources.systems.control_points import read_control_points
from lifecircle.sources.systems.local_systems import gauss_system
from tests.sources.planner_files import heard, is_balanced
from tests.sources.sheet_making import book

LOCAL = gauss_system("甲2000", central_meridian="121°05′", false_northing=-3_000_000)
ODD = gauss_system("甲", central_meridian=121.0917, false_easting=88_123.4, scale=1.00003)
PLACES = np.random.default_rng(4).uniform([121.05, 30.43], [121.15, 30.49], (6, 2))


def at(crs, lonlat=PLACES):
    return np.column_stack(Transformer.from_crs(4490, crs, always_xy=True).transform(*lonlat.T))


def table(folder, *, local=LOCAL, known="EPSG:4528", bad=None, heads=None):
    """X is north in both systems, as surveys write it."""
    here, there = at(local), at(known)
    if bad is not None:
        there[bad] += [3.0, 0.0]
    heads = heads or ["点号", "地方坐标X", "地方坐标Y", "国家2000X", "国家2000Y"]
    rows = [
        [f"K{one}", here[one, 1], here[one, 0], there[one, 1], there[one, 0]]
        for one in range(len(here))
    ]
    return book(
        folder,
        [
            heads,
            *([cell if isinstance(cell, str) else float(cell) for cell in row] for row in rows),
        ],
    )


# -- bad input ---------------------------------------------------------------------------------
def test_too_few_points_and_no_known_columns_are_refused(tmp_path):
    path = book(tmp_path, [["点号", "X", "Y"], ["K1", 1.0, 2.0]])
    with pytest.raises(CrsError, match="no columns of known coordinates"):
        read_control_points(path, name="甲")
    here, there = at(LOCAL), at("EPSG:4528")
    rows = [[f"K{n}", *map(float, here[n]), *map(float, there[n])] for n in range(2)]
    path = book(tmp_path, [["点号", "X", "Y", "known_x", "known_y"], *rows])
    with pytest.raises(CrsError, match="only 2 of its 2 points are known in both systems"):
        read_control_points(path, name="甲")


def test_metres_that_do_not_say_their_zone_need_crs(tmp_path):
    path = table(tmp_path, known="EPSG:4549")
    with pytest.raises(CrsError, match=r"do not say their system.*EPSG:4549"):
        read_control_points(path, name="甲")
    found = read_control_points(path, name="甲", known=CRS.from_epsg(4549))
    assert found.fit.used.all()


def test_points_that_do_not_agree_are_refused(tmp_path):
    mixed = np.random.default_rng(0).permutation(len(PLACES))
    here, there = at(LOCAL)[mixed], at("EPSG:4528")
    rows = [[f"K{n}", *map(float, here[n]), *map(float, there[n])] for n in range(6)]
    path = book(tmp_path, [["点号", "X", "Y", "known_x", "known_y"], *rows])
    with pytest.raises(CrsError, match="do not agree"):
        read_control_points(path, name="甲")


# -- hand-worked -------------------------------------------------------------------------------
def test_round_parameters_are_recognised_and_exact(tmp_path):
    found = read_control_points(table(tmp_path), name="甲2000")
    np.testing.assert_allclose(at(found.crs), at(LOCAL), atol=1e-6)
    assert (
        "central meridian 121°05′, false easting 500 km and false northing -3000 km" in found.words
    )
    assert "6 of 6 control points" in found.words
    assert is_balanced(found.source)
    assert found.source.rows_used == 6


def test_a_bad_point_is_named_and_left_out(tmp_path):
    with heard() as said:
        found = read_control_points(table(tmp_path, bad=2), name="甲2000")
    assert (
        "1 of 6 control points do not follow the others and are left out: K2 (row 4) by 3.0"
        in said[0]
    )
    assert (found.source.rows_used, found.source.rows_doubtful) == (5, 1)
    np.testing.assert_allclose(at(found.crs), at(LOCAL), atol=1e-6)


def test_odd_parameters_are_fitted_to_centimetres(tmp_path):
    found = read_control_points(table(tmp_path, local=ODD), name="甲")
    np.testing.assert_allclose(at(found.crs), at(ODD), atol=0.1)
    assert found.fit.rms_m < 0.05
    assert found.fit.swapped
    assert "turned by" in found.words


def test_known_degrees(tmp_path):
    here = at(LOCAL)
    rows = [[f"K{n}", *map(float, here[n]), *map(float, PLACES[n])] for n in range(6)]
    path = book(tmp_path, [["点号", "X", "Y", "经度", "纬度"], *rows])
    found = read_control_points(path, name="甲2000")
    np.testing.assert_allclose(at(found.crs), here, atol=1e-6)
