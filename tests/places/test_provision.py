"""Three estates worked by hand: what was promised, built, handed over and asked for."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from lifecircle.places.provision import UNJOINED, provision_of
from lifecircle.standards.provision import load_provision
from lifecircle.tables import PROVISION

ESTATES = gpd.GeoDataFrame(
    {
        "estate_id": ["e1", "e2", "e3", "e4"],
        "name": ["甲苑", "乙苑", "丙苑", "丙苑"],
        "closed": True,
        "year_built": [2018.0, 1995.0, np.nan, 2001.0],
        "dwellings": [500.0, 200.0, 100.0, np.nan],
    },
    geometry=[shapely.box(x, 0, x + 90, 90) for x in (0, 100, 200, 300)],
    crs="EPSG:4549",
)


def facility(estate, service, floor, *, place="p1", kind="day"):
    return {
        "facility_id": f"{place}:{kind}",
        "place_id": place,
        "name": f"{service} {place}",
        "service": service,
        "type": f"{service}.{kind}",
        "floor_m2": floor,
        "site_m2": np.nan,
        "estate_id": estate,
        "community_id": "c1",
    }


def room(number, estate, **keys):
    plain = {
        "row_id": f"handover{number}",
        "estate": estate,
        "name": None,
        "services": "",
        "use": None,
        "floor_m2": 50.0,
        "promised_m2": np.nan,
        "date": "2019.1",
        "handed_over": "yes",
        "note": None,
    }
    return plain | keys


def checked(*, facilities=(), promised=(), rooms=(), **keys):
    return provision_of(
        ESTATES,
        facilities=pd.DataFrame(
            list(facilities), columns=list(facility("e", "s", 1.0)) if not facilities else None
        ),
        promised=pd.DataFrame(promised, columns=["plot_id", "name", "service", "estate_id"]),
        handover=pd.DataFrame(list(rooms), columns=list(room(1, ""))),
        rules=load_provision(**keys),
        people={"e1": 1400.0},
        communities={"e1": ("c1", "甲社区"), "e2": ("c1", "甲社区")},
    )


def one(found, estate, service):
    rows = found.table[(found.table["estate_id"] == estate) & (found.table["service"] == service)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_nothing_known_leaves_what_is_asked_of_every_estate():
    found = checked()
    assert tuple(found.table.columns) == PROVISION
    assert tuple(found.unjoined.columns) == UNJOINED
    assert len(found.unjoined) == 0
    new, old = one(found, "e1", "elder_care"), one(found, "e2", "elder_care")
    assert (new["required_m2"], new["short_m2"], new["status"]) == (100.0, 100.0, "absent")
    assert (old["required_m2"], old["short_m2"], old["status"]) == (30.0, 30.0, "absent")
    assert (new["new"], old["new"]) == (True, False)
    assert new["people"] == 1400


def test_an_estate_of_unknown_age_is_asked_for_the_smaller_number():
    row = one(checked(), "e3", "elder_care")
    assert row["new"] is None
    assert row["required_m2"] == 15.0


def test_without_households_nothing_can_be_asked_for():
    row = one(checked(), "e4", "elder_care")
    assert np.isnan(row["required_m2"])
    assert np.isnan(row["short_m2"])
    assert row["status"] == "size_unknown"


def test_a_place_of_two_types_is_as_large_as_it_is_once():
    found = checked(
        facilities=[
            facility("e1", "elder_care", 60.0),
            facility("e1", "elder_care", 60.0, kind="canteen"),
        ]
    )
    row = one(found, "e1", "elder_care")
    assert row["built_m2"] == 60
    assert row["short_m2"] == 40
    assert row["status"] == "short"
    assert row["types"] == "elder_care.canteen; elder_care.day"


def test_what_is_large_enough_is_in_order():
    found = checked(facilities=[facility("e1", "elder_care", 120.0)])
    row = one(found, "e1", "elder_care")
    assert (row["short_m2"], row["status"]) == (0.0, "met")
    neighbour = one(found, "e2", "elder_care")
    assert "its community has 120 m²" in neighbour["evidence"]


def test_what_has_no_size_is_said_to_have_none():
    row = one(checked(facilities=[facility("e1", "elder_care", np.nan)]), "e1", "elder_care")
    assert row["status"] == "size_unknown"


def test_promised_and_not_built_is_told_before_it_is_called_absent():
    found = checked(
        promised=[("k1", "托育", "childcare", "e1"), ("k2", "养老", "elder_care", "e2")]
    )
    assert one(found, "e1", "childcare")["status"] == "not_built"
    assert one(found, "e2", "elder_care")["status"] == "not_built"
    assert "plan k1: 托育" in one(found, "e1", "childcare")["evidence"]


def test_rooms_of_a_service_tell_whether_they_were_handed_over():
    rooms = [
        room(3, "甲苑", services="elder_care", floor_m2=110.0),
        room(4, "乙苑", services="elder_care", floor_m2=80.0, handed_over="partly"),
        room(5, "乙苑", services="culture", handed_over="no"),
    ]
    found = checked(rooms=rooms)
    assert one(found, "e1", "elder_care")["status"] == "met"
    assert one(found, "e1", "elder_care")["built_m2"] == 110
    assert one(found, "e2", "elder_care")["status"] == "title_open"
    assert one(found, "e2", "culture")["status"] == "not_handed_over"


@pytest.mark.parametrize(
    ("use", "handed", "status"),
    [
        ("let", "partly", "let"),
        ("idle", "yes", "idle"),
        ("property", "yes", "met"),
        ("property", "partly", "title_open"),
        ("other", "yes", "other_use"),
        (None, "yes", "use_unknown"),
    ],
)
def test_rooms_of_no_service_say_what_became_of_them(use, handed, status):
    found = checked(rooms=[room(3, "甲苑", use=use, handed_over=handed)])
    assert one(found, "e1", "other")["status"] == status


def test_promised_property_rooms_without_a_record_are_told():
    row = one(checked(promised=[("k1", "物业用房", "other", "e1")]), "e1", "other")
    assert (row["status"], row["handed_over"]) == ("no_record", "unknown")


def test_rows_that_fit_no_estate_are_listed_never_dropped():
    rooms = [room(3, "丁苑"), room(4, "丙苑"), room(5, None), room(6, "甲苑")]
    found = checked(rooms=rooms, promised=[("k9", "托育", "childcare", None)])
    assert found.unjoined[["row_id", "reason"]].values.tolist() == [
        ["handover3", "no_estate"],
        ["handover4", "several_estates"],
        ["handover5", "no_estate"],
        ["k9", "no_estate"],
    ]
    told = " ".join(found.table["evidence"].dropna())
    assert "handover6" in told
    assert "handover3" not in told


def test_the_planners_numbers_and_year_take_the_place_of_ours():
    found = checked(new_since=2020, per_100_households={"elder_care": 30, "service_centre": 0})
    row = one(found, "e1", "elder_care")
    assert row["new"] is False
    assert row["required_m2"] == 150
    assert "study.toml" in row["evidence"]
    assert "service_centre" not in set(found.table["service"])


def test_every_packaged_number_has_its_evidence():
    for norm in load_provision().norms.values():
        assert {one.field for one in norm.evidence} == {"new_m2", "old_m2"}
        assert all(one.tag in "VCRNP" and one.note for one in norm.evidence)
        assert norm.said(new=True)
