"""What lies between a home and a place: the heaviest, named, told by what it stands beside."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lifecircle.gaps.between import what_lies_between
from lifecircle.gaps.words import BETWEEN, between_words
from tests.making import CRS

LINK = np.array([shapely.LineString([(0, 0), (0, 100)])])
NOTHING = gpd.GeoDataFrame({"kind": [], "name": []}, geometry=[], crs=CRS)


def things(*rows):
    if not rows:
        return NOTHING
    kinds, names, shapes = zip(*rows, strict=True)
    return gpd.GeoDataFrame({"kind": kinds, "name": names}, geometry=list(shapes), crs=CRS)


def across(y):
    return shapely.LineString([(-50, y), (50, y)])


def told(barriers=(), ground=(), landmarks=(), *, links=LINK, language="en"):
    return what_lies_between(
        links, things(*barriers), things(*ground), things(*landmarks), language=language
    ).tolist()


def test_without_lines_there_is_nothing_to_tell():
    assert told(links=LINK[:0]) == []
    assert told() == ["no_street"]


@pytest.mark.parametrize(
    ("barriers", "name"),
    [
        ([("wall", "W", across(50)), ("water", "R", across(60))], "water: R"),
        ([("water", None, across(50)), ("water", "R", across(60))], "water: R"),
        ([("hedge", None, across(150))], "no_street"),
        ([("wall", " a;b\n c ", across(50))], "wall: a,b c"),
        ([("wall", "", across(50))], "wall"),
    ],
)
def test_the_heaviest_barrier_on_the_line_is_named(barriers, name):
    assert told(barriers) == [name]
    assert told(barriers[::-1]) == [name]


def test_a_barrier_without_a_name_is_told_by_what_it_stands_beside():
    wall = ("wall", None, across(50))
    estate = ("estate", "望澜里", shapely.box(10, 55, 40, 90))  # 11 m from the crossing
    school = ("ground", "School", shapely.box(2, 55, 9, 60))  # 5 m
    street = ("street", "Mill Lane", across(95))  # 45 m
    assert told([wall], landmarks=[street, school, estate]) == ["wall: by 望澜里"]
    assert told([wall], landmarks=[street, school], language="zh") == ["wall: School旁"]
    assert told([wall], landmarks=[street]) == ["wall: by Mill Lane"]
    assert told([wall], landmarks=[("street", "Far", across(111))]) == ["wall"]
    assert told([wall], landmarks=[("estate", "Far", shapely.box(0, 81, 9, 99))]) == ["wall"]


def test_one_barrier_has_one_name_wherever_it_is_crossed():
    links = np.array([shapely.LineString([(x, 0), (x, 100)]) for x in (-40, 0, 40)])
    names = told(
        [("wall", None, across(50))],
        landmarks=[
            ("street", "A", shapely.LineString([(-40, 60), (-30, 60)])),
            ("street", "B", shapely.LineString([(0, 60), (1, 60)])),
        ],
        links=links,
    )
    assert names == ["wall: by B"] * 3


def test_where_no_barrier_is_drawn_the_ground_crossed_most_is_told():
    school = ("school", "Hill School", shapely.box(-50, 20, 50, 39))  # 19 m of 100
    works = ("industrial", None, shapely.box(-50, 40, 50, 61))  # 21 m
    homes = ("residential", "Old Town", shapely.box(-50, 0, 50, 100))
    assert told(ground=[homes, school]) == ["no_street"]
    assert told(ground=[homes, school, works]) == ["industrial"]
    wide = ("school", "Hill School", shapely.box(-50, 0, 50, 39))
    assert told(ground=[works, wide]) == ["school: Hill School"]
    assert told([("fence", None, across(5))], ground=[wide]) == ["fence"]


def test_words_name_the_kind_in_both_languages():
    assert between_words("wall: 望澜里旁", "zh") == "围墙（望澜里旁）"
    assert between_words("no_street", "en") == "no street through"
    assert between_words("odd: x", "en") == "odd (x)"
    assert all(zh and en for zh, en in BETWEEN.values())
