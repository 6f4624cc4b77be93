"""Loads of facilities: who depends on which, beside how many it serves and who says so."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from lifecircle.access.loads import loads_of
from lifecircle.reach.matrix import reach_of
from lifecircle.tables import LOADS
from tests.access.test_norms import norm
from tests.making import BASIC, facilities_at, homes_at, requirement, standard, streets

STREET = streets([(0, 0), (4000, 0)])
NEAR = requirement(types=("medical.station",), limit_m=900.0, minutes=None)


def loads(*asked, norms=(), people=(9000.0, 9000.0, 9000.0), at=((0, 0), (2000, 0)), **columns):
    asked = asked or (NEAR,)
    homes = homes_at(STREET, (0, 0), (500, 0), (3900, 0), people=list(people))
    town = facilities_at(STREET, *at, **columns)
    reaches = {one.id: reach_of(one, homes, town, STREET) for one in asked}
    return loads_of(standard(*asked, norms=norms), reaches, homes=homes, facilities=town).set_index(
        "facility_id", drop=False
    )


def test_columns_also_when_there_is_nothing():
    table = loads(at=((0, 0),), kind="culture.library")
    assert tuple(table.columns) == LOADS
    assert len(table) == 0
    assert tuple(loads().columns) == LOADS


def test_covered_people_whose_nearest_it_is_beside_what_the_type_serves():
    # 18,000 people depend on a station for 12,000; nobody on the other; the third home is too far.
    assert BASIC.type("medical.station").people_per_facility == 12_000
    table = loads()
    one, other = table.loc["f000"], table.loc["f001"]
    assert (one["people_nearest"], one["capacity"], one["load"]) == (18_000, 12_000, 1.5)
    assert one["over"]
    assert (other["people_nearest"], other["load"], other["over"]) == (0, 0, False)
    # A proposal is told as one.
    assert one["clause"].endswith("[P]")
    assert pd.isna(one["norm"])


def test_a_facility_smaller_than_its_type_asks_serves_fewer():
    assert BASIC.type("medical.station").floor_min_m2 == 120
    assert loads(floor_m2=[60.0, 600.0])["capacity"].tolist() == [6000, 12_000]


def test_what_nobody_knows_stays_missing():
    table = loads(
        requirement(types=("medical.clinic",), limit_m=900.0, minutes=None), kind="medical.clinic"
    )
    assert table["capacity"].isna().all()
    assert table["over"].isna().all()
    assert table.loc["f000", "people_nearest"] == 18_000


def test_a_norm_of_the_neighbourhood_says_what_a_size_serves():
    table = loads(norms=(norm(at_least=50.0, per=1000.0),), floor_m2=[100.0, None])
    assert table.loc["f000", ["capacity", "load", "norm"]].tolist() == [2000, 9, "floor"]
    assert table.loc["f000", "clause"] == "5.1 [V]"
    assert pd.isna(table.loc["f001", "norm"])  # its size is not known
    county = norm(level="county")
    assert loads(norms=(county,), floor_m2=[100.0, 1.0])["norm"].isna().all()
    wish = norm(id="wish", at_least=10.0, obligation="as_needed")
    both = loads(norms=(wish, norm()), floor_m2=[100.0, 100.0])
    assert both.loc["f000", "norm"] == "floor"


def test_a_norm_counts_its_own_group():
    elders = norm(of="60plus", measure="facilities", at_least=1.0, per=500.0)
    table = loads(norms=(elders,))
    assert np.isnan(table.loc["f000", "people_nearest"])  # nobody counted them
    homes = homes_at(STREET, (0, 0), people=9000.0, people_60plus=1000.0)
    town = facilities_at(STREET, (0, 0))
    reaches = {NEAR.id: reach_of(NEAR, homes, town, STREET)}
    told = loads_of(standard(NEAR, norms=(elders,)), reaches, homes=homes, facilities=town)
    assert told.loc[0, ["people_nearest", "capacity", "load"]].tolist() == [1000, 500, 2]


def test_the_requirement_that_names_the_type_is_asked():
    whole = requirement("medical_5", limit_m=100.0, minutes=None)
    assert set(loads(whole, NEAR)["requirement"]) == {NEAR.id}
    wider = NEAR.model_copy(update={"id": "wider", "limit_m": 3000.0})
    assert loads(NEAR, wider).loc["f000", "requirement"] in (NEAR.id, "wider")
    assert loads(NEAR, wider)["people_nearest"].max() == pytest.approx(18_000)
