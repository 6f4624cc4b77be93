"""Ids of a run become words; what nobody knows stays as it stands."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lifecircle.outputs.names import Names, community_of


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("too_far 120; none 30", "设施过远 120；两倍限值内没有设施 30"),
        ("too_far:120;new_code:3", "设施过远 120；new_code 3"),
        (
            "barrier(wall: by none 5) 30; barrier 7",
            "有阻隔需绕行：围墙（by none 5） 30；有阻隔需绕行 7",
        ),
        ("barrier(no_street) 30", "有阻隔需绕行：无直达道路 30"),
        ("", ""),
        (None, ""),
        (np.nan, ""),
    ],
)
def test_reasons_are_spelled_out(content, cell, expected):
    assert Names.of(content).reasons(cell) == expected


def test_lists_of_ids_are_named_in_order(content, content_en):
    labels = content.standard.service_labels
    zh = Names.of(content)
    assert zh.listed(zh.services, "culture; medical;other") == "、".join(
        (labels["culture"]["zh"], labels["medical"]["zh"], "other")
    )
    en = Names.of(content_en)
    assert en.listed(en.services, "culture") == labels["culture"]["en"]
    assert en.listed(en.services, None) == ""


def test_unnamed_facilities_keep_their_id(content):
    names = Names.of(content)
    assert names.listed(names.facilities, "f5") == "f5"


def test_a_point_on_a_border_goes_to_the_lowest_id():
    squares = gpd.GeoDataFrame(
        {"community_id": ["b", "a"]},
        geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)],
        crs="EPSG:4549",
    )
    points = gpd.GeoSeries(
        [shapely.Point(1, 0.5), shapely.Point(0.5, 0.5), shapely.Point(9, 9)], crs="EPSG:4549"
    )
    assert community_of(points, squares).tolist() == ["a", "b", None]
    assert community_of(points, squares.iloc[::-1]).tolist() == ["a", "b", None]
    assert community_of(points.iloc[:0], squares).tolist() == []
    assert community_of(points, squares.iloc[:0]).tolist() == [None] * 3
