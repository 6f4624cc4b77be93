"""Places raised to another type, and places enlarged: how much floor, and whom it serves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from lifecircle.siting.extending import ENLARGED, enlargements, raised_places, told_enlargement
from lifecircle.standards import Evidence, Norm
from tests.making import requirement

from .ways_town import town_of

CENTRE = requirement(types=("medical.center",), minutes=None, limit_m=300.0)
PER_1000 = Norm(
    id="floor",
    service="medical",
    label_zh="面积",
    label_en="floor",
    measure="floor_m2",
    at_least=50.0,
    per=1000.0,
    evidence=(Evidence(field="at_least", clause="P", source="test", tag="P"),),
)
GAP = pd.Series({"people": 2000.0, "people_short": 400.0})


def raised(**columns):
    return raised_places(town_of(CENTRE, at=((300, 0),), kind="medical.station", **columns))


def test_a_place_that_already_counts_is_not_raised():
    assert len(raised_places(town_of(CENTRE, at=((300, 0),), kind="medical.center"))) == 0


@pytest.mark.parametrize("closed", [{"status": ["planned"]}, {"open_to": ["residents"]}])
def test_only_what_people_can_use_is_raised(closed):
    assert len(raised(floor_m2=[1700.0], **closed)) == 0


def test_a_station_of_1000_m2_becomes_a_centre_by_700_m2_more():
    ways = raised(floor_m2=[1000.0], place_id=["p"])
    row = ways.table.iloc[0]
    assert (row["kind"], row["what"], row["types"]) == ("extension", "raise", "medical.center")
    assert (row["consent"], row["competes"]) == ("operator", True)
    assert row["evidence"] == "1,000 m² today, about 700 m² more are needed (P)"
    assert ways.serves[row["way_id"]][CENTRE.id].tolist() == [0, 1]


def test_nothing_is_more_than_doubled():
    assert len(raised(floor_m2=[850.0])) == 1
    assert len(raised(floor_m2=[849.0])) == 0


def test_a_place_of_unknown_size_is_taken_as_its_type_asks():
    assert len(raised()) == 0  # a station asks for 120 m²: no centre
    clinic = requirement(types=("medical.clinic",), minutes=None, limit_m=300.0)
    ways = raised_places(town_of(clinic, at=((300, 0),), kind="medical.station"))
    assert ways.table["competes"].tolist() == [False]
    assert "not known" in ways.table["evidence"].iloc[0]


def test_a_larger_place_takes_a_smaller_service_in_beside_its_own():
    station = requirement(types=("medical.station",), minutes=None, limit_m=300.0)
    ways = raised_places(town_of(station, at=((300, 0),), kind="medical.center", floor_m2=[1800.0]))
    # 1,700 for the centre and 120 for the station: 20 m² are lacking.
    row = ways.table.iloc[0]
    assert (row["what"], row["evidence"]) == (
        "take_in",
        "1,800 m² today, about 20 m² more are needed (P)",
    )


def test_a_hall_is_no_open_ground():
    court = requirement("fitness_15", types=("fitness.court",), minutes=None, limit_m=300.0)
    hall = town_of(court, at=((300, 0),), kind="fitness.hall", floor_m2=[900.0])
    corner = town_of(court, at=((300, 0),), kind="fitness.outdoor", site_m2=[900.0])
    assert (len(raised_places(hall)), len(raised_places(corner))) == (0, 1)


def test_one_house_under_two_types_is_raised_once():
    town = town_of(
        CENTRE,
        at=((300, 0), (300, 0)),
        kind=["medical.station", "medical.clinic"],
        community=["c1", "c1"],
        floor_m2=[1700.0, 1700.0],
        place_id=["p", "p"],
    )
    assert raised_places(town).table["facility_id"].tolist() == ["f000"]


def enlarged(norm=PER_1000, gap=GAP, **columns):
    town = town_of(CENTRE, at=((300, 0), (400, 0)), community=["c1", "c1"], **columns)
    return enlargements(gap, norm, town.facilities, np.ones(2, dtype=bool))


def test_enlarging_gives_what_lacks_at_most_as_much_again():
    # 400 people lack 20 m². 15 m² can be doubled: 15 more serve 300. 80 m² take all 20.
    found = enlarged(floor_m2=[15.0, 80.0], site_m2=[np.nan, 40.0])
    assert tuple(found.columns) == ENLARGED
    assert found["facility_id"].tolist() == ["f001", "f000"]
    assert found["more"].tolist() == [20.0, 15.0]
    assert found["serves"].tolist() == [400.0, 300.0]
    # 80 + 20 m² of floor are more than twice 40 m² of ground; of the other nobody knows.
    assert found["fits"].tolist() == [False, None]
    assert told_enlargement(found.iloc[0].to_dict(), "en") == (
        "80 m² of floor today, about 20 m² of floor more; its site is too small (P)"
    )


def test_a_place_of_unknown_size_might_take_all_of_it():
    found = enlarged(floor_m2=[np.nan, np.nan])
    assert found["more"].tolist() == [20.0, 20.0]
    assert found["has"].isna().all()


def test_where_places_are_counted_none_is_enlarged():
    count = PER_1000.model_copy(update={"measure": "facilities", "at_least": 1.0})
    empty = enlarged(norm=count)
    assert len(empty) == 0
    assert tuple(empty.columns) == ENLARGED


def test_a_norm_for_every_area_lacks_its_share():
    whole = PER_1000.model_copy(update={"per": None, "at_least": 100.0})
    # 400 of 2,000 people are a fifth of the 100 m² asked for.
    assert enlarged(norm=whole, floor_m2=[80.0, np.nan])["more"].tolist() == [20.0, 20.0]
