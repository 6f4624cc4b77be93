"""What a gazetteer is made of."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lifecircle import geo
from lifecircle.sources.geocoding.gazetteer import (
    GATE_COLUMNS,
    NAME_COLUMNS,
    POINT_COLUMNS,
    build_gazetteer,
)
from tests.sources import hand_town

TOWN = hand_town.gazetteer()


@pytest.mark.parametrize("entries", [[], [hand_town.doors().iloc[:0]]])
def test_nothing_known_is_an_empty_gazetteer(entries):
    empty = build_gazetteer(entries)
    assert len(empty) == 0
    assert list(empty.points.columns) == list(POINT_COLUMNS)
    assert list(empty.names.columns) == list(NAME_COLUMNS)
    assert list(empty.gates.columns) == list(GATE_COLUMNS)
    assert dict(empty.by_number) == {}
    assert empty.vocabulary.streets == frozenset()


def test_the_words_it_knows():
    words = TOWN.vocabulary
    assert words.counties == {"临江区"}
    assert words.subdistricts == {"城南镇", "城北街道"}
    assert words.communities == {
        "北庄村": "城南镇",
        "新桥社区": "城北街道",
        "河东社区": "城南镇",
        "河西社区": "城南镇",
    }
    assert words.streets == {"文澜街", "人民路", "花园路", "港西浜", "桂花巷", "长堤路"}
    assert words.estates == {"水岸家园", "大湾新村"}
    assert words.stems["河东"] == "河东社区"


def test_doors_buildings_names_and_gates_are_told_apart():
    (row,) = TOWN.by_number["文澜街", 12]
    assert (TOWN.xy(np.array([row]))[0] - hand_town.CORNER).round(1).tolist() == [120.0, 490.0]
    assert len(TOWN.by_number["人民路", 5]) == 2
    assert len(TOWN.by_estate["水岸家园"]) == 4
    assert len(TOWN.by_building["水岸家园", "3"]) == 1
    assert sorted(TOWN.gates["side"]) == ["东", "西"]
    assert "棋牌室" in set(TOWN.names["text"])
    assert not TOWN.names["text"].str.contains("门").any()


def test_an_address_alone_is_read_as_well_as_columns():
    places = hand_town.frame(
        {"address": ["临江区城南镇文澜街12号", "水岸家园2幢"], "kind": "place"}, [(1, 2), (3, 4)]
    )
    town = build_gazetteer([places], estates=hand_town.estates())
    assert town.points[["street", "estate", "building"]].to_numpy().tolist() == [
        ["文澜街", "", ""],
        ["", "水岸家园", "2"],
    ]
    np.testing.assert_array_equal(town.points["number"].to_numpy(dtype=float), [12, np.nan])
    assert set(town.points["rank"]) == {2}


def test_estates_of_one_name_are_one_shape_of_two_parts_and_outlines_give_a_point_inside():
    two = hand_town.estates().assign(name="水岸家园")
    town = build_gazetteer([], estates=two)
    assert len(shapely.get_parts(town.estates["水岸家园"])) == 2
    hook = shapely.box(0, 0, 100, 100) - shapely.box(20, 20, 100, 100)
    hall = gpd.GeoDataFrame({"name": ["文化礼堂"]}, geometry=hand_town.shapes(hook), crs=geo.WGS84)
    known = build_gazetteer([hall]).names.iloc[0]
    x, y = np.array([known["x"], known["y"]]) - hand_town.CORNER
    assert shapely.contains_xy(hook, x, y)


def test_frames_given_stay_what_they_were():
    doors = hand_town.doors()
    before = doors.copy()
    build_gazetteer([doors])
    assert doors.equals(before)
