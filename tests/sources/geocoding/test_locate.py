"""Where rows say to be: every answer is set by hand in `hand_town`."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal

from lifecircle import geo
from lifecircle.sources.geocoding.gazetteer import build_gazetteer
from lifecircle.sources.geocoding.gazetteer_files import entries_of_list, read_addresses
from lifecircle.sources.geocoding.locate import ACCEPT, DOUBTS, METHODS, locate
from lifecircle.sources.people.communities import read_communities
from tests.sources import hand_town
from tests.sources.planner_files import LANPU, heard

TOWN = hand_town.gazetteer()


def one(address, name=None, **more):
    columns = {key: [value] for key, value in more.items()}
    found = locate(TOWN, addresses=[address], names=[name], **columns)
    return found.iloc[0], hand_town.metres(found)[0] if found.geometry.notna()[0] else None


# -- bad input ---------------------------------------------------------------------------------
def test_lengths_must_agree():
    with pytest.raises(ValueError, match="lengths differ"):
        locate(TOWN, addresses=["文澜街1号"], names=[])


def test_an_empty_gazetteer_knows_nothing():
    empty = build_gazetteer([])
    found = locate(empty, addresses=["文澜街1号", None], names=[None, "卫生室"])
    assert len(empty) == 0
    assert found["confidence"].tolist() == [0.0, 0.0]
    assert found["doubts"].tolist() == ["not_found", "not_found"]
    assert found.geometry.isna().all()


@pytest.mark.parametrize("address", ["位置待核实", "不详", "", None])
def test_what_says_no_place_has_none(address):
    found, _ = one(address)
    assert pd.isna(found["method"])
    assert found["confidence"] == 0
    assert found["doubts"] == "nowhere"


# -- types and columns -------------------------------------------------------------------------
def test_columns_types_and_no_rows():
    for texts in ([], ["文澜街1号", "位置待核实"]):
        found = locate(TOWN, addresses=texts)
        assert list(found.columns) == ["confidence", "method", "evidence", "doubts", "geometry"]
        assert found["confidence"].dtype == np.float64
        assert found.crs == geo.WGS84
        assert len(found) == len(texts)


def test_inputs_stay_what_they_were():
    addresses, before = ["文澜街1号"], TOWN.points.copy()
    locate(TOWN, addresses=addresses, names=["河东社区卫生服务站"])
    assert addresses == ["文澜街1号"]
    pd.testing.assert_frame_equal(TOWN.points, before)


# -- hand-worked places ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("address", "place", "method"),
    [
        ("文澜街12号", (120, 490), "address"),
        ("浙江省临江区城南镇文澜街１２", (120, 490), "address"),
        ("城南镇河东社区文澜街\n12号（二楼）", (120, 490), "address"),
        # Even numbers stand south of the street, odd ones north; 32 lies between 30 and 52.
        ("文澜街32号", (320, 490), "interpolated"),
        ("文澜街41号", (410, 510), "interpolated"),
        ("文澜街82号", (800, 490), "nearest_number"),
        ("文蓝街12号", (120, 490), "address"),
        ("花园路8号水岸家园3幢", (680, 680), "building"),
        ("水岸家园三号楼旁", (680, 680), "building"),
        ("水岸家园", (650, 650), "estate"),
        # The list calls this gate 西门; it stands in the east.
        ("水岸家园东门旁", (700, 650), "gate"),
        ("水岸家园北门", (650, 700), "estate_side"),
        ("城南镇北庄村港西浜8号", (140, 1500), "address"),
        ("北庄村港西浜", (152.5, 1500), "street"),
        ("文澜街与桂花巷交叉口", (400, 500), "crossing"),
        ("河东社区桂花巷东侧", (400, 500), "street"),
        ("城南镇人民路5号", (1500, 500), "address"),
        ("城北街道人民路5号", (1500, 1500), "address"),
        ("新桥社区人民路5号", (1500, 1500), "address"),
    ],
)
def test_places_worked_by_hand(address, place, method):
    found, at = one(address)
    assert found["method"] == method
    assert np.hypot(*(at - place)) < 12.0, at
    assert found["confidence"] >= ACCEPT


def test_numbers_run_on_by_their_side():
    exact, _ = one("文澜街12号")
    between, _ = one("文澜街32号")
    beyond, _ = one("文澜街82号")
    assert exact["confidence"] > between["confidence"] > beyond["confidence"] >= ACCEPT
    far, _ = one("文澜街300号")
    assert far["confidence"] < ACCEPT
    assert far["doubts"] == "number_unknown"


def test_one_road_in_two_subdistricts_is_in_doubt_until_something_tells():
    unclear, _ = one("人民路5号")
    assert unclear["confidence"] < ACCEPT
    assert "several_places" in unclear["doubts"]
    for more in (
        {"name": "新桥社区卫生服务站"},
        {"communities": "新桥社区居民委员会"},
        {"subdistricts": "城北街道"},
    ):
        told, at = one("人民路5号", **more)
        assert told["confidence"] >= ACCEPT, more
        assert np.hypot(*(at - (1500, 1500))) < 1.0
    wrong, _ = one("城南镇文澜街12号", communities="新桥社区")
    assert wrong["confidence"] < ACCEPT


def test_a_place_known_by_its_name():
    for name in ("河东社区卫生服务站", "河东卫生服务站", "河东居委会卫生服务站"):
        found, at = one(None, name)
        assert (found["method"], found["doubts"]) == ("name", "")
        assert np.hypot(*(at - (300, 520))) < 1.0
    _, at = one(None, "河东社区卫生服务站（第二分点）")
    assert np.hypot(*(at - (800, 200))) < 1.0
    # A branch nobody knows is not the main place.
    third, _ = one(None, "河东社区卫生服务站（第三分点）")
    assert third["confidence"] < ACCEPT
    similar, at = one(None, "河西社区文化家苑")
    assert similar["method"] != "name"


def test_a_name_any_place_could_have_says_nothing():
    found, _ = one(None, "棋牌室")
    assert found["method"] == "name"
    town = build_gazetteer(
        [hand_town.frame({"name": ["卫生室"], "kind": "place"}, [(5, 5)])],
        communities=hand_town.communities(),
    )
    assert locate(town, addresses=[None], names=["卫生室"])["doubts"][0] == "not_found"


def test_name_and_address_that_agree_are_surer_and_that_contradict_are_in_doubt():
    alone, _ = one("文澜街29号")
    both, at = one("文澜街29号", "河东社区卫生服务站")
    assert both["confidence"] > alone["confidence"]
    assert np.hypot(*(at - (290, 510))) < 1.0
    against, _ = one("文澜街80号", "河东社区卫生服务站")
    assert against["confidence"] < ACCEPT
    assert "two_places" in against["doubts"]
    assert "河东社区卫生服务站" in against["evidence"]


def test_a_place_outside_the_community_it_speaks_of_is_in_doubt():
    found, _ = one("文澜街12号", "新桥社区卫生服务站")
    assert found["confidence"] < ACCEPT
    assert "outside_community" in found["doubts"]
    assert "新桥社区" in found["evidence"]


def test_the_larger_the_shape_the_less_sure():
    small, _ = one("水岸家园")
    large, _ = one("大湾新村")
    lane, _ = one("河东社区桂花巷")
    road, _ = one("河东社区长堤路")
    assert small["confidence"] >= ACCEPT > large["confidence"]
    assert lane["confidence"] >= ACCEPT > road["confidence"]
    area, _ = one("河东社区")
    assert area["method"] == "community"
    assert area["confidence"] < ACCEPT


def test_old_numbers_are_used_where_nothing_else_is_known_and_told():
    found, at = one("文澜街99号")
    assert np.hypot(*(at - (50, 900))) < 1.0
    assert found["doubts"] == "old_address"
    assert found["confidence"] < one("文澜街12号")[0]["confidence"]


def test_a_place_elsewhere_is_in_doubt():
    found, _ = one("海浦县海浦镇文澜街12号")
    assert found["confidence"] < ACCEPT


# -- laws --------------------------------------------------------------------------------------
TEXTS = [
    *("文澜街12号", "人民路5号", "水岸家园东门", "北庄村港西浜", "河东社区", "位置待核实"),
    *("文澜街32号", "文蓝街12号", "大湾新村", "没有的路3号", None, "=1+1"),
]


def test_codes_and_confidence_are_what_they_are_said_to_be():
    found = locate(TOWN, addresses=TEXTS, names=["河东社区卫生服务站"] * len(TEXTS))
    assert found["confidence"].between(0, 1).all()
    assert set(found["method"].dropna()) <= set(METHODS)
    assert {code for row in found["doubts"] for code in row.split(";") if code} <= set(DOUBTS)
    assert (found.geometry.isna() == found["method"].isna()).all()


def test_the_order_of_rows_and_of_what_is_known_changes_nothing():
    there = locate(TOWN, addresses=TEXTS)
    back = locate(TOWN, addresses=TEXTS[::-1]).iloc[::-1].reset_index(drop=True)
    assert_geodataframe_equal(there, back)
    entries = [one.iloc[::-1] for one in (hand_town.known_places(), hand_town.doors())]
    turned = build_gazetteer(
        entries,
        communities=hand_town.communities().iloc[::-1],
        estates=hand_town.estates().iloc[::-1],
        streets=hand_town.streets().iloc[::-1],
    )
    again = locate(turned, addresses=TEXTS)
    assert_geodataframe_equal(there, again)


def test_hidden_coordinates_of_a_district_are_found_again():
    if not LANPU.exists():
        pytest.skip("no data of Lanpu")
    with heard():
        areas = read_communities(LANPU / "01_社区界线.shp")[0]
        doors, _ = read_addresses(LANPU / "14_门牌.shp")
        lists = [
            entries_of_list(LANPU / file)
            for file in ("13a_卫健_医疗机构.xlsx", "13d_体育_健身设施.xlsx")
        ]
    town = build_gazetteer([doors], communities=geo.to_crs(areas, geo.WGS84, where="areas"))
    rows = pd.concat(lists, ignore_index=True)
    found = locate(town, addresses=rows["address"].tolist(), names=rows["name"].tolist())
    sure = (found["confidence"] >= ACCEPT).to_numpy()
    apart = geo.ground_m(
        shapely.get_coordinates(found.geometry.to_numpy()[sure]),
        shapely.get_coordinates(rows.geometry.to_numpy()[sure]),
    )
    assert sure.mean() > 0.8
    assert np.median(apart) < 20
    assert (apart > 200).mean() < 0.05
