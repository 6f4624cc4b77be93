"""Facilities of several lists: every place once, what is unsure apart, no row lost."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from lifecircle.places.merging import merge_facilities
from lifecircle.sources.facilities.lists import read_facility_list
from lifecircle.tables import FACILITIES, check, empty
from tests.sources.planner_files import LANPU, heard

CRS = "EPSG:4528"
STATION = "临江社区卫生服务站"


def rows(source, *entries, origin="bureau", service="medical", kind="medical.station"):
    """Facilities of one list: (name, x) or (name, x, other columns)."""
    records = []
    for at, (name, x, *more) in enumerate(entries, start=1):
        records.append(
            {
                "facility_id": f"{source}{at}:{service}",
                "place_id": f"{source}{at}",
                "name": name,
                "service": service,
                "type": kind,
                "confidence": 0.85,
                "rule": "name",
                "origin": origin,
                "placed": {"bureau": "surveyed", "poi": "picked", "osm": "mapped"}[origin],
                "source": source,
                "geometry": shapely.Point(x, 0.0),
                **(more[0] if more else {}),
            }
        )
    return check(gpd.GeoDataFrame(records, crs=CRS), FACILITIES, where=source)


def poi(*entries, **options):
    return rows("p.csv", *entries, origin="poi", **options)


def osm(*entries, **options):
    return rows("OSM", *entries, origin="osm", **options)


def merged(*lists, mapped=None, **options):
    table = gpd.GeoDataFrame(pd.concat(lists, ignore_index=True), crs=CRS)
    nothing = empty(FACILITIES, CRS)
    return merge_facilities(table, nothing if mapped is None else mapped, **options)


def sources(found):
    return found.table["source"].tolist()


def decisions(found):
    return found.report["decision"].tolist()


# -- empty -------------------------------------------------------------------------------------
def test_nothing_is_merged_to_nothing():
    nothing = empty(FACILITIES, CRS)
    found = merge_facilities(nothing, nothing)
    assert len(found.table) == len(found.report) == len(found.pairs) == 0
    assert (found.merged, found.doubtful) == ({}, {})
    assert found.table.crs == CRS


def test_inputs_are_not_changed_and_the_table_passes_its_schema():
    one, other = rows("a", (STATION, 0.0)), poi((STATION, 10.0))
    before = one.copy(), other.copy()
    found = merged(one, other)
    pd.testing.assert_frame_equal(one, before[0])
    pd.testing.assert_frame_equal(other, before[1])
    pd.testing.assert_frame_equal(check(found.table, FACILITIES, where="again"), found.table)


# -- what is one place -------------------------------------------------------------------------
@pytest.mark.parametrize(
    "name",
    [
        STATION,
        "临江卫生服务站",
        "浙江省海州区城东街道临江社区卫生服务站",
        "临江社区 卫生服务站",
        "城东街道临江卫生站",
    ],
)
def test_spellings_of_one_name_are_one_place(name):
    found = merged(rows("a", (STATION, 0.0)), poi((name, 40.0)))
    assert sources(found) == ["a; p.csv"]
    assert found.report[["decision", "evidence"]].to_numpy().tolist() == [["merged", "same_name"]]
    assert found.report["distance_m"].tolist() == [40.0]
    assert (found.merged["p.csv"], found.merged["a"]) == (1, 0)


@pytest.mark.parametrize(
    "name",
    [
        "临江社区卫生服务站（第二分点）",
        "临江村卫生室",
        "临河社区卫生服务站",
        "临江社区卫生服务中心",
    ],
)
def test_branches_villages_others_and_centres_are_other_places(name):
    found = merged(rows("a", (STATION, 0.0)), poi((name, 10.0)))
    assert len(found.table) == 2
    assert "merged" not in decisions(found)


def test_other_services_of_one_name_and_place_stay_apart():
    other = poi((STATION, 0.0), service="culture", kind="culture.station")
    assert len(merged(rows("a", (STATION, 0.0)), other).table) == 2


def test_how_far_apart_one_place_may_be_hangs_on_how_it_was_found():
    near = {"placed": "surveyed"}
    assert len(merged(rows("a", (STATION, 0.0)), poi((STATION, 50.0))).table) == 1
    far = merged(rows("a", (STATION, 0.0)), poi((STATION, 51.0)))
    assert len(far.table) == 2
    assert far.report.loc[far.report["decision"] == "doubtful", "evidence"].tolist() == [
        "same_name_apart"
    ]
    vague = rows("a", (STATION, 0.0, {"placed": "community"}))
    assert len(merged(vague, poi((STATION, 800.0))).table) == 1
    doors = ({"address": "横浦镇丽水路702号"}, {"address": "丽水路702号", **near})
    at_door = merged(rows("a", (STATION, 0.0, doors[0])), poi((STATION, 299.0, doors[1])))
    assert len(at_door.table) == 1


def test_the_nearest_of_two_namesakes_is_the_one():
    found = merged(
        rows("a", (STATION, 0.0)), poi((STATION, 45.0, {"address": "甲路1号"}), (STATION, 5.0))
    )
    assert dict(zip(found.table["facility_id"], found.table["source"], strict=True)) == {
        "a1:medical": "a; p.csv",
        "p.csv1:medical": "p.csv",
    }


def test_a_note_of_a_former_name_joins():
    new = rows("a", ("滨江社区卫生服务站", 0.0, {"note": "原临江社区卫生服务站"}))
    found = merged(new, poi((STATION, 10.0)))
    assert found.report["evidence"].tolist() == ["former_name"]


def test_what_has_no_name_is_the_listed_place_of_its_type_nearby():
    listed = rows("a", (STATION, 0.0))
    assert sources(merged(listed, mapped=osm((None, 30.0)))) == ["a; OSM"]
    assert len(merged(listed, mapped=osm((None, 51.0))).table) == 2
    other = osm((None, 30.0), kind="medical.clinic")
    assert len(merged(listed, mapped=other).table) == 2
    named = merged(rows("a", ("Praxis Dr. Alt", 0.0)), mapped=osm(("Praxis Dr. Neu", 5.0)))
    assert (len(named.table), decisions(named).count("doubtful")) == (2, 1)


def test_another_name_at_one_door_is_one_place_if_neither_has_a_namesake():
    door = {"address": "迎宾路932号"}
    listed = rows("a", (STATION, 0.0, {"address": "城东街道迎宾路932号"}))
    found = merged(listed, poi(("临江社区医疗服务点", 10.0, door)))
    assert found.report["evidence"].tolist() == ["same_door"]
    both = merged(listed, poi(("临江社区医疗服务点", 10.0, door), (STATION, 5.0, door)))
    assert len(both.table) == 2
    elsewhere = merged(listed, poi(("临江社区医疗服务点", 10.0, {"address": "迎宾路934号"})))
    assert decisions(elsewhere).count("doubtful") == 1
    stranger = merged(listed, poi(("临河社区医疗服务点", 10.0, door)))
    assert len(stranger.table) == 2


def test_two_names_of_one_room_in_one_list_are_one_place():
    room = {"address": "学院路5号2幢", "floor_m2": 124.0}
    found = merged(rows("a", ("临江村卫生室", 0.0, room), ("临江村智慧健康站", 60.0, room)))
    assert found.table["name"].tolist() == ["临江村卫生室"]
    assert found.report["evidence"].tolist() == ["same_address_and_size"]
    larger = {**room, "floor_m2": 300.0}
    apart = merged(rows("a", ("临江村卫生室", 0.0, room), ("临江村智慧健康站", 0.0, larger)))
    assert len(apart.table) == 2


def test_a_row_that_stands_twice_counts_once_and_is_counted():
    found = merged(rows("a", (STATION, 0.0), (STATION, 0.0)))
    assert len(found.table) == 1
    assert (found.merged, found.report["evidence"].tolist()) == ({"a": 1}, ["same_row"])


# -- what is kept of each ----------------------------------------------------------------------
def test_the_bureau_goes_first_wherever_it_stands_and_fills_up_from_the_others():
    pois = poi((STATION, 8.0, {"beds": 9.0, "hours": "每天", "confidence": 0.95}))
    bureau = rows("b", (STATION, 0.0, {"beds": 4.0, "placed": "address"}))
    found = merged(pois, bureau, mapped=osm((STATION, 4.0, {"owner": "卫健局"})))
    row = found.table.iloc[0]
    assert (row["facility_id"], row["beds"], row["hours"]) == ("b1:medical", 4.0, "每天")
    assert (row["owner"], row["source"]) == ("卫健局", "b; p.csv; OSM")
    assert (row["geometry"].x, row["placed"]) == (8.0, "picked")  # surer than an address
    assert row["confidence"] == 0.95


def test_the_bureaus_type_holds():
    bureau = rows("b", (STATION, 0.0), kind="medical.center")
    assert merged(poi((STATION, 0.0)), bureau).table["type"].tolist() == ["medical.center"]


@pytest.mark.parametrize(
    ("ours", "theirs", "status"),
    [
        ("closed", None, "closed"),
        ("planned", "existing", "planned"),
        (None, "closed", "existing"),
    ],
)
def test_the_bureau_says_whether_a_place_exists_and_a_contradiction_is_told(ours, theirs, status):
    found = merged(
        rows("a", (STATION, 0.0, {"status": ours})), poi((STATION, 0.0, {"status": theirs}))
    )
    assert found.table["status"].tolist() == [status]
    assert found.report["evidence"].tolist() == ["same_name;status_differs"]


def test_all_a_place_offers_stands_at_one_spot():
    place = {"place_id": "a1", "placed": "address"}
    day = rows("a", (STATION, 0.0, place), service="elder_care", kind="elder_care.daycare")
    food = day.assign(facility_id="a1:elder_care.canteen", type="elder_care.canteen")
    mapped = osm((STATION, 20.0), service="elder_care", kind="elder_care.daycare")
    found = merged(day, food, mapped=mapped)
    assert len(found.table) == 2
    assert {point.x for point in found.table.geometry} == {20.0}


# -- lists that are complete -------------------------------------------------------------------
def test_what_a_complete_service_lacks_in_its_lists_is_left_in_doubt():
    pois = poi((STATION, 0.0), ("临河社区卫生服务站", 500.0), ("临湖社区卫生服务站", 5000.0))
    clinic = poi(("康宁诊所", 700.0), kind="medical.clinic").assign(facility_id="p9:medical")
    found = merged(
        rows("a", (STATION, 0.0)),
        pois,
        clinic,
        complete={"medical"},
        area=shapely.box(-100, -100, 1000, 100),
    )
    by_name = found.table.set_index("name")["status"].to_dict()
    assert by_name["临河社区卫生服务站"] == "unconfirmed"
    assert by_name["临湖社区卫生服务站"] == "existing"  # across the border the list says nothing
    assert by_name["康宁诊所"] == "existing"  # anybody may run one
    assert by_name[STATION] == "existing"
    assert found.doubtful == {"a": 0, "p.csv": 1}
    assert decisions(found).count("unconfirmed") == 1


# -- laws --------------------------------------------------------------------------------------
def random_lists(seed):
    rng = np.random.default_rng(seed)
    owners = [f"{a}{b}" for a in "临东西南" for b in "江河湖"]
    kinds = ["社区卫生服务站", "卫生服务站", "智慧健康站", "社区卫生服务站（第二分点）", "村卫生室"]

    def some(n):
        return [
            (f"{rng.choice(owners)}{rng.choice(kinds)}", float(rng.integers(0, 1500)))
            for _ in range(n)
        ]

    return rows("a", *some(25)), rows("b", *some(20)), poi(*some(30)), osm(*some(20))


@pytest.mark.parametrize("seed", range(8))
def test_no_row_is_lost_and_none_counts_twice(seed):
    a, b, pois, mapped = random_lists(seed)
    found = merged(a, b, pois, mapped=mapped)
    everything = [
        *a["facility_id"],
        *b["facility_id"],
        *pois["facility_id"],
        *mapped["facility_id"],
    ]
    of_facilities = found.report[found.report["decision"] != "doubtful"]
    members = [one.split(" ")[0] for text in of_facilities["members"] for one in text.split("; ")]
    assert sorted(members) == sorted(everything)
    assert set(found.table["facility_id"]) <= set(everything)
    assert len(found.table) + sum(found.merged.values()) == len(everything)
    for row in found.pairs.itertuples():
        has = [set(text.split("; ")) for text in found.table["source"]]
        assert row.both == sum({row.list_a, row.list_b} <= one for one in has)


@pytest.mark.parametrize("seed", range(4))
def test_merging_again_changes_nothing(seed):
    a, b, pois, mapped = random_lists(seed)
    once = merged(a, b, pois, mapped=mapped).table
    again = merged(once).table
    assert set(again["facility_id"]) <= set(once["facility_id"])
    assert again["facility_id"].is_unique


def test_branches_are_never_one_place():
    a, b, pois, mapped = random_lists(99)
    found = merged(a, b, pois, mapped=mapped)
    for text in found.report.loc[found.report["decision"] == "merged", "members"]:
        numbered = ["第二分点" in one for one in text.split("; ")]
        assert all(numbered) or not any(numbered)


# -- one district's lists ----------------------------------------------------------------------
def test_a_bureau_and_a_map_service_know_the_same_stations():
    if not LANPU.exists():
        pytest.skip("no data of Lanpu")
    with heard():
        bureau, _ = read_facility_list(LANPU / "13a_卫健_医疗机构.xlsx", number=2)
        pois, _ = read_facility_list(LANPU / "15_poi_gaode.csv", datum="gcj02", codes="amap")
    bureau, pois = bureau.to_crs(CRS), pois.to_crs(CRS)
    found = merged(pois, bureau)
    medical = found.table[found.table["service"] == "medical"]
    # Every name both have is one place now, but for none: all lie within metres of each other.
    both = set(bureau["name"]) & set(pois.loc[pois["service"] == "medical", "name"])
    together = medical[medical["source"].str.contains("; ")]
    assert both <= set(together["name"]) | {"东升村卫生室（第二分点）"}
    assert medical["name"].is_unique
    # Two names of one station: listed twice by the bureau, and by one name by the map service.
    names = set(medical["name"])
    assert "安澜社区卫生服务站（第二分点）" in names
    assert "安澜智慧健康站" not in names
    closed = medical.set_index("name").loc["华庭社区卫生服务站（第三分点）"]
    assert (closed["status"], "poi" in closed["source"]) == ("closed", True)
