"""Areas of single facilities: what is asked of each, whom they hold, and how they nest."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal

from lifecircle.errors import LifecircleWarning
from lifecircle.network.router import Router
from lifecircle.reach import facility_areas as module
from lifecircle.reach.facility_areas import FACILITY_AREAS, facility_areas
from lifecircle.reach.raster import CELL_M, prepare_raster
from lifecircle.walk import PROFILES
from tests.making import facilities_at, homes_at, requirement, streets

STREET = streets([(0, 0), (4000, 0)])
IN_5, IN_15 = requirement("medical_5"), requirement("medical_15")
METRES = requirement("medical_5", id="medical_300", minutes=None, limit_m=300.0)


@pytest.fixture(scope="module")
def raster():
    return prepare_raster(STREET, shapely.box(0, -100, 4000, 100))


def areas_of(raster, *asked, homes=None, **facility):
    homes = homes or homes_at(STREET, (1000, 5), (1250, 5), (1900, 5), (2100, 5))
    places = facilities_at(STREET, (1000, 5), **facility)
    return facility_areas(raster, asked, homes=homes, facilities=places)


# -- what cannot be drawn ----------------------------------------------------------------------
def test_too_many_facilities_are_told_and_not_drawn(raster, monkeypatch):
    monkeypatch.setattr(module, "MOST_FACILITIES", 0)
    with pytest.warns(LifecircleWarning, match="1 facilities are more than 0"):
        table = areas_of(raster, IN_15)
    assert len(table) == 0
    assert list(table.columns) == [*FACILITY_AREAS, "geometry"]


@pytest.mark.parametrize("facility", [{"status": "planned"}, {"open_to": "members"}])
def test_what_nobody_can_use_has_no_area(raster, facility):
    table = areas_of(raster, IN_15, **facility)
    assert len(table) == 0
    assert table.crs == STREET.crs
    assert list(table.columns) == [*FACILITY_AREAS, "geometry"]


# -- what is asked -----------------------------------------------------------------------------
def test_metres_stand_for_their_circle_and_the_other_circle_comes_in_minutes(raster):
    station = requirement(accepted=("medical.hospital",))  # of the 15-minute circle, not for it
    table = areas_of(raster, METRES, station)
    assert table["limit_m"].dropna().tolist() == [300.0]
    assert table["minutes"].dropna().tolist() == [15.0]
    # 0, 250, 900 and 1,100 m along the street, with legs of 5 m at both ends
    assert table.set_index("limit_m")["people"][300.0] == 20.0
    assert table.set_index("minutes")["people"][15.0] == 30.0


def test_a_rule_for_rural_communities_draws_nothing_in_an_urban_one(raster):
    homes = homes_at(STREET, (1000, 5), (3000, 5), community=["c1", "c2"])
    homes.table["where"] = ["rural", "urban"]
    far = requirement("medical_15", id="far", minutes=None, limit_m=1500.0, where="rural")
    near = requirement("medical_15", id="near", minutes=None, limit_m=1000.0, where="urban")
    places = facilities_at(STREET, (1000, 5), (3000, 5), community=["c1", "c2"])
    table = facility_areas(raster, [far, near, IN_5], homes=homes, facilities=places)
    metres = table.dropna(subset="limit_m").set_index("facility_id")["limit_m"]
    assert metres.to_dict() == {"f000": 1500.0, "f001": 1000.0}


def test_a_ride_is_not_joined_by_walks_and_quality_asks_for_nothing(raster):
    bike = requirement(profile="bike")
    elder = requirement("medical_5", profile="elder", view="quality")
    table = areas_of(raster, bike, elder)
    assert table[["minutes", "profile"]].to_numpy().tolist() == [[15.0, "bike"]]


@pytest.mark.parametrize(
    ("asked", "facility", "audience", "people"),
    [
        ({}, {}, "anyone", [20.0, 30.0]),
        ({"serves": "community"}, {"community": "c1"}, "community", [20.0, 20.0]),
        ({"serves": "community"}, {"community": None}, "community", [0.0, 0.0]),
        ({}, {"open_to": "residents"}, "residents", [0.0, 0.0]),  # in no estate: of nobody
    ],
)
def test_only_those_it_is_for_are_counted(raster, asked, facility, audience, people):
    homes = homes_at(
        STREET, (1000, 5), (1250, 5), (1900, 5), community=["c1", "c1", "c2"], people=10.0
    )
    both = [one.model_copy(update=asked) for one in (IN_5, IN_15)]
    table = areas_of(raster, *both, homes=homes, **facility)
    assert table["audience"].unique().tolist() == [audience]
    assert table["people"].tolist() == people


def test_inputs_stay_and_the_order_of_rows_is_the_facilities(raster):
    homes = homes_at(STREET, (1000, 5))
    places = facilities_at(STREET, (3000, 5), (1000, 5))
    turned = facilities_at(STREET, (1000, 5), (3000, 5))
    turned.table["facility_id"] = ["f001", "f000"]
    before = places.table.copy()
    table = facility_areas(raster, [IN_5, IN_15], homes=homes, facilities=places)
    again = facility_areas(raster, [IN_15, IN_5], homes=homes, facilities=turned)
    assert_geodataframe_equal(table, again)
    assert_geodataframe_equal(places.table, before)


# -- the toy town ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("facility", "in_5", "in_15"),
    [
        # Within 300 s by the walks of the town: all of c2 but h15 (468 s), and h16 (288 s). Within
        # 1,000 m also h15, and over the bridge (660 m to (200, 300)) h01, h02 and h07 (920 m).
        ("M2", 888.0, 1320.0),
        ("K1", 160.0 + 144.0, 1456.0),  # h05, h06; all of c1, and h08, h13, h14, h15
        ("F2", 440.0, 440.0),  # the gym of estate A is for h03 and h04 only
        ("E1", 240.0 + 200.0 + 96.0, 1904.0),  # h03, h04, and h07 as a visitor
    ],
)
def test_people_of_the_toy_town(toy_findings, facility, in_5, in_15):
    table = toy_findings.results.facility_areas.set_index(["facility_id", "minutes"])
    assert table.loc[(facility, 5.0), "people"] == in_5
    assert table.loc[(facility, 15.0), "people"] == in_15


def test_the_only_facility_of_a_service_holds_the_covered(toy_findings):
    table = toy_findings.results.facility_areas.set_index(["facility_id", "minutes"])
    scores = toy_findings.results.scorecard.scores
    whole = scores[scores["level"] == "study"].set_index("requirement")["covered"]
    for minutes in (5, 15):  # K2 is closed
        assert table.loc[("K1", minutes), "people"] == whole[f"culture_{minutes}"]


def test_people_are_those_of_single_walks_and_live_in_nested_areas(toy_findings):
    waist = toy_findings.results.waist
    table = toy_findings.results.facility_areas.set_index(["facility_id", "minutes"])
    router = Router(network=waist.network, profile=PROFILES["gb"])
    people = waist.homes.table["people"].to_numpy()
    points = waist.homes.table.geometry.to_numpy()
    for row, place in enumerate(waist.facilities.table["facility_id"]):
        if place not in table.index or place == "F2":  # F2 is for residents
            continue
        one = waist.facilities.ends.select(np.arange(len(waist.facilities)) == row)
        walk = router.nearest(waist.homes.ends, one, limit=90_000).walk_cs
        for minutes in (5.0, 15.0):
            with np.errstate(invalid="ignore"):
                near = walk <= minutes * 6000
            assert table.loc[(place, minutes), "people"] == pytest.approx(people[near].sum())
            area = table.loc[(place, minutes), "geometry"]
            assert (shapely.distance(area, points[near]) <= CELL_M).all()
        inner, outer = (table.loc[(place, minutes), "geometry"] for minutes in (5.0, 15.0))
        assert inner.difference(outer).area < 1e-6
        assert inner.area < outer.area
