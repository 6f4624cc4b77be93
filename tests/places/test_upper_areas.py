"""Subdistricts, counties and cities: areas of their own, whatever they are called."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from lifecircle.places.upper_areas import upper_areas, with_area_ids


def communities(*rows):
    """Rows of city, county, subdistrict."""
    return gpd.GeoDataFrame(
        {
            "city": [row[0] for row in rows],
            "county": [row[1] for row in rows],
            "subdistrict": [row[2] for row in rows],
        },
        geometry=[shapely.box(n, 0, n + 1, 1) for n in range(len(rows))],
        crs="EPSG:4550",
    )


def ids(level, *rows):
    return upper_areas(communities(*rows), level).of_community.tolist()


def test_no_communities_and_no_names_give_no_areas():
    assert upper_areas(communities(), "subdistrict").names == {}
    assert upper_areas(communities((None, None, None)), "county").names == {}
    assert ids("county", (None, None, None)) == [None]


def test_a_name_that_is_there_once_is_the_id():
    rows = (("甲市", "东县", "城关镇"), ("甲市", "西县", "河东镇"), ("甲市", "西县", None))
    assert ids("subdistrict", *rows) == ["城关镇", "河东镇", None]
    assert ids("county", *rows) == ["东县", "西县", "西县"]
    assert ids("city", *rows) == ["甲市"] * 3


def test_one_name_in_two_counties_is_two_areas():
    rows = ((None, "东县", "城关镇"), (None, "西县", "城关镇"), (None, "西县", "城关镇"))
    areas = upper_areas(communities(*rows), "subdistrict")
    assert areas.of_community.tolist() == ["东县/城关镇", "西县/城关镇", "西县/城关镇"]
    assert areas.names == {"东县/城关镇": "城关镇（东县）", "西县/城关镇": "城关镇（西县）"}


def test_one_county_name_in_two_cities_is_two_areas():
    rows = (("甲市", "城区", "一街道"), ("乙市", "城区", "一街道"))
    assert ids("county", *rows) == ["甲市/城区", "乙市/城区"]
    assert ids("subdistrict", *rows) == ["甲市/城区/一街道", "乙市/城区/一街道"]


def test_a_community_that_says_no_county_means_the_only_one_there_is():
    assert ids("subdistrict", (None, "东县", "城关镇"), (None, None, "城关镇")) == ["城关镇"] * 2


def test_where_there_are_two_it_is_in_neither():
    rows = ((None, "东县", "城关镇"), (None, "西县", "城关镇"), (None, None, "城关镇"))
    assert ids("subdistrict", *rows) == ["东县/城关镇", "西县/城关镇", "城关镇"]


def test_names_in_other_letters_are_told_apart_in_their_own_way():
    rows = ((None, "East", "Old Town"), (None, "West", "Old Town"))
    names = upper_areas(communities(*rows), "subdistrict").names
    assert list(names.values()) == ["Old Town (East)", "Old Town (West)"]


def test_ids_take_the_place_of_names_and_the_input_stays():
    table = communities((None, "东县", "城关镇"), (None, "西县", "城关镇"))
    keyed = with_area_ids(table)
    assert keyed["subdistrict"].tolist() == ["东县/城关镇", "西县/城关镇"]
    assert table["subdistrict"].tolist() == ["城关镇", "城关镇"]
    with pytest.raises(ValueError, match="read-only"):
        upper_areas(table, "county").of_community[0] = "x"
