"""What the ground says of points: houses, streets, communities and names."""

from __future__ import annotations

import numpy as np
import shapely

from lifecircle.sources.systems.clues import Clues, plain_name
from tests.sources.town_making import SIDE, SOUTH, WEST, ground, houses, streets

MIDDLE = np.array([[WEST + SIDE * 0.75, SOUTH + SIDE * 0.75]])


def clue(clues, rows, xy, name):
    return next((one for one in clues.of(xy, rows) if one.name == name), None)


# -- bad input ---------------------------------------------------------------------------------
def test_a_ground_that_knows_nothing_gives_no_clue():
    nothing = ground(with_houses=False, with_streets=False, with_quarters=False)
    assert not nothing
    clues = Clues(nothing)
    assert clues.of(MIDDLE, clues.rows([None], [None])) == ()


def test_rows_without_texts_point_at_nothing():
    rows = Clues(ground()).rows([None, ""], [None, "无"])
    assert rows.area.tolist() == [-1, -1]
    assert rows.place.tolist() == [-1, -1]
    assert rows.roads == ((), ())


# -- hand-worked -------------------------------------------------------------------------------
def test_distances_to_houses_and_streets():
    inside = shapely.centroid(houses()[0])
    on_street = streets()[0].interpolate(100)
    xy = np.array([[one.x, one.y] for one in (inside, on_street)])
    clues = Clues(ground())
    rows = clues.rows([None, None], [None, None])
    assert clue(clues, rows, xy, "building").metres[0] == 0
    assert clue(clues, rows, xy, "building").of[0] == 0
    assert clue(clues, rows, xy, "street").metres[1] < 1e-6
    assert clue(clues, rows, xy, "community") is None


def test_names_tell_the_community_and_streets_do_not():
    clues = Clues(ground())
    names = [
        "城东社区卫生站",
        "城东口腔",
        "城东路超市",
        "城东新村活动室",
        "城西社区与城东社区站",
        "南门居委会",
        None,
    ]
    rows = clues.rows(names, [None] * 6 + ["某区北山村5号"])
    assert rows.area.tolist() == [0, 0, -1, -1, -1, 2, 3]
    here = np.repeat(MIDDLE, 7, axis=0)
    found = clue(clues, rows, here, "community")
    assert found.of.tolist() == [0, 0, -1, -1, -1, 1, 1]


def test_an_address_tells_its_one_street():
    clues = Clues(ground())
    rows = clues.rows([None] * 3, ["一路12号", "一路与二路交叉口", "九路"])
    assert rows.roads == ((0,), (), (8,))
    found = clue(clues, rows, np.repeat(MIDDLE, 3, axis=0), "address")
    wanted = shapely.distance(streets()[0], shapely.Point(MIDDLE[0]))
    assert found.metres[0] == wanted
    assert found.of[1] == -1


def test_a_place_of_the_same_name_counts_where_there_is_one_only():
    places = [("和平 诊所", MIDDLE[0] + 10), ("药房", MIDDLE[0]), ("药房", MIDDLE[0] + 500)]
    clues = Clues(ground(places=places))
    rows = clues.rows(["和平诊所", "药房"], [None, None])
    assert rows.place.tolist() == [0, -1]
    found = clue(clues, rows, np.repeat(MIDDLE, 2, axis=0), "same_name")
    assert np.round(found.metres[0], 2) == 14.14
    assert plain_name(" Ａ 诊\n所") == "a诊所"
