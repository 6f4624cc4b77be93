"""Centres go by subdistrict: as many as are needed, and no lower tier on their plot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lifecircle.siting.options import codes_in, fitting
from lifecircle.siting.tiers import only_counts, with_tiers
from lifecircle.siting.ways import no_ways
from tests.making import CRS, requirement

from .ways_town import STATION, land_of, town_of

# 3,000 people in s1 west of 1,000 m, 40 in s2: what is asked of a centre reaches 500 m.
CENTRE = requirement(
    types=("medical.center",), minutes=None, limit_m=500.0, target_share=0.5, id="centre"
)
BIG = (("l1", "vacant", 100, 9000), ("l2", "vacant", 700, 9000), ("l3", "vacant", 1300, 9000))


def town(*asked, areas=("s1", "s1", "s1", "s2"), **more):
    made = town_of(*asked, **more)
    made.homes.table["subdistrict"] = areas
    made.facilities.table["subdistrict"] = "s2"  # they stand at the end of the street
    return made


def barred(made, *plots):
    land = land_of(made, *plots)
    before = land.table.copy()
    table, _ = with_tiers(made, land, no_ways(CRS))
    pd.testing.assert_frame_equal(land.table, before)
    return {
        name: set(codes_in(cell))
        for name, cell in zip(table["parcel_id"], table["barred"], strict=True)
    }


def test_no_plots_give_an_empty_column():
    table, ways = with_tiers(town(CENTRE), land_of(town(CENTRE)), no_ways(CRS))
    assert len(table) == len(ways) == 0
    assert "barred" in table
    assert fitting(town(CENTRE).standard, table).shape[0] == 0


def test_each_subdistrict_gets_one_centre_where_it_brings_most():
    # l1 reaches the 10 and 20 at 100 and 400; l2 the 20 and 30 at 400 and 900; l3 the 40 of s2.
    told = barred(town(CENTRE, STATION), *BIG)
    assert "medical.center" in told["l1"]
    assert "medical.center" not in told["l2"] | told["l3"]
    # and no other building of its service beside it
    assert {"medical.station", "medical.clinic"} <= told["l2"]
    assert "medical.station" not in told["l1"]
    assert not {one for one in told["l2"] if not one.startswith("medical")}


def test_a_subdistrict_that_has_its_centre_gets_no_other():
    # The centre stands at the end of the street, in s2, where nobody lives; s1 still lacks one.
    made = town(CENTRE, at=((1990, 0),), kind=["medical.center"], community=["c3"])
    told = barred(made, *BIG)
    assert "medical.center" in told["l3"]
    assert "medical.center" not in told["l2"]


@pytest.mark.parametrize(("most", "plots"), [(100_000.0, 1), (50.0, 2), (20.0, 2)])
def test_people_ask_for_more_than_one(most, plots):
    # 100 people in one subdistrict: one centre, two at 50 each, and no more than two of the five
    # at 20, for l3 brings 70 inside, l1 30 more, and l2 then nobody.
    made = town(CENTRE, areas=("s1",) * 4)
    types = tuple(
        one.model_copy(update={"people_per_facility": most}) if one.id == "medical.center" else one
        for one in made.standard.types
    )
    standard = made.standard.model_copy(update={"types": types})
    told = barred(replace(made, standard=standard), *BIG)
    assert sum("medical.center" not in one for one in told.values()) == plots


@pytest.mark.parametrize("serves", ["subdistrict", "unit", "community"])
def test_a_centre_may_serve_its_own_area_only(serves):
    made = town(CENTRE.model_copy(update={"serves": serves}))
    made.homes.table["unit_id"] = ["u1", "u1", "u1", "u2"]
    told = barred(made, *BIG)
    # l2 reaches 50 people of its own side, l1 but 30; l3 reaches 40 of its own
    assert [name for name, held in told.items() if "medical.center" not in held] == ["l2", "l3"]


def test_each_unit_gets_its_centre_before_its_subdistrict_is_counted():
    # One subdistrict of 100 people that asks for one centre; its two units have none each.
    made = town(CENTRE, areas=("s1",) * 4)
    made.homes.table["unit_id"] = ["u1", "u1", "u1", "u2"]
    made.facilities.table["unit_id"] = None
    land = land_of(made, *BIG)

    def free(*units):
        table, _ = with_tiers(made, land, no_ways(CRS), units=units)
        barred = [set(codes_in(cell)) for cell in table["barred"]]
        return [
            name
            for name, held in zip(table["parcel_id"], barred, strict=True)
            if "medical.center" not in held
        ]

    assert free() == ["l3"]
    assert free("u1", "u2") == ["l2", "l3"]
    assert free("u1") == ["l2"]  # the subdistrict has one then


def test_what_only_counts_is_not_built():
    asked = requirement(types=("medical.center",), satisfied_by=("medical.hospital",), id="one")
    made = town(asked)
    hospital = next(one for one in made.standard.types if one.id == "medical.hospital")
    centre = next(one for one in made.standard.types if one.id == "medical.center")
    assert only_counts(made.standard, hospital)
    assert not only_counts(made.standard, centre)
    assert all("medical.hospital" in one for one in barred(made, *BIG).values())


def test_without_subdistricts_the_study_area_counts_as_one():
    told = barred(town_of(CENTRE), *BIG)
    assert sum("medical.center" not in one for one in told.values()) == 1


def test_what_is_barred_does_not_fit_unless_tiers_are_left_aside():
    made = town(CENTRE)
    table, _ = with_tiers(made, land_of(made, *BIG), no_ways(CRS))
    at = [one.id for one in made.standard.types].index("medical.center")
    assert fitting(made.standard, table)[:, at].tolist() == [False, True, True]
    assert fitting(made.standard, table, tiers=False)[:, at].all()
    assert np.array_equal(
        fitting(made.standard, table, tiers=False),
        fitting(made.standard, table.drop(columns="barred")),
    )
