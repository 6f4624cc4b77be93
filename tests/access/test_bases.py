"""Coverage on several bases: the toy town by hand, and what must hold on every base."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from lifecircle.access.bases import BASES, Ground, coverage_by_base, known_floor
from lifecircle.access.levels import levels_of
from lifecircle.reach.matrix import reach_of
from lifecircle.reach.radius import within_radius
from lifecircle.standards import CountRule
from lifecircle.tables import COVERAGE
from tests.making import community_table, facilities_at, homes_at, requirement, standard, streets
from tests.reach.test_radius import entrances
from tests.toytown_answers import (
    EXPECTED_BASES,
    EXPECTED_SHARES,
    FLOOR_M2,
    LAND_M2,
    ON_LAND,
    PEOPLE,
)

STREET = streets([(0, 0), (5000, 0)])


def ground(rows, town, rule, communities=None) -> Ground:
    communities = community_table("c1") if communities is None else communities
    return Ground(
        rows=rows,
        levels=levels_of(communities, rows, town, study_name="Town"),
        reaches={one.id: reach_of(one, rows, town, STREET) for one in rule.requirements},
        circles={
            one.id: within_radius(one, rows, town, entrances(town)) for one in rule.requirements
        },
    )


@pytest.fixture(scope="module")
def toy(toy_findings) -> pd.DataFrame:
    return toy_findings.results.measures.coverage


def amount(table, requirement_id, base, method="network", area="study") -> pd.Series:
    found = table[
        (table["area_id"] == area)
        & (table["requirement"] == requirement_id)
        & (table["base"] == base)
        & (table["method"] == method)
    ]
    assert len(found) == 1
    return found.iloc[0]


# -- the toy town ------------------------------------------------------------------------------
@pytest.mark.parametrize("expected", EXPECTED_BASES, ids=lambda one: one.requirement)
def test_toy_bases_are_those_worked_by_hand(toy, expected):
    circle = amount(toy, expected.requirement, "people", "radius")
    assert circle["covered"] == pytest.approx(expected.people_in_circle), expected.why
    land = amount(toy, expected.requirement, "residential_land")
    assert land["total"] == LAND_M2
    if expected.land_m2 is not None:
        assert land["covered"] == expected.land_m2, expected.why
        assert land["share"] == pytest.approx(expected.land_m2 / LAND_M2)


@pytest.mark.parametrize("expected", EXPECTED_SHARES, ids=lambda one: one.requirement)
def test_toy_people_and_floor_are_those_of_the_scores(toy, expected):
    people = amount(toy, expected.requirement, "people", area=expected.community_id)
    floor = amount(toy, expected.requirement, "floor_area", area=expected.community_id)
    assert people["covered"] == pytest.approx(expected.covered)
    assert floor["covered"] == pytest.approx(20 * expected.covered)  # 20 m² a person
    if expected.people == 0:
        assert np.isnan(people["share"])


def test_toy_bases_tell_how_many_people_they_speak_of(toy):
    assert amount(toy, "medical_5", "people")["known"] == 1
    assert amount(toy, "medical_5", "floor_area")["known"] == 1
    assert amount(toy, "medical_5", "floor_area")["total"] == pytest.approx(FLOOR_M2)
    assert amount(toy, "medical_5", "residential_land")["known"] == pytest.approx(ON_LAND / PEOPLE)
    assert np.isnan(amount(toy, "medical_5", "residential_land", area="c4")["known"])


def test_the_official_row_is_one_per_area_and_requirement(toy):
    official = toy[toy["official"]]
    assert not official.duplicated(["level", "area_id", "requirement"]).any()
    assert set(official["base"]) == {"people"}
    assert set(official["method"]) == {"network"}
    assert len(official) == len(toy[["level", "area_id", "requirement"]].drop_duplicates())


def test_totals_are_conserved_over_levels(toy):
    keys = ["requirement", "base", "method"]
    sums = toy.groupby(["level", *keys])[["total", "covered"]].sum()
    for level in ("unit", "subdistrict", "county", "city", "study"):
        pd.testing.assert_frame_equal(sums.loc[level], sums.loc["community"])
    known = toy["share"].dropna()
    assert known.between(0, 1).all()


# -- by hand on one street ---------------------------------------------------------------------
def test_an_edition_names_its_base_and_method():
    rule = standard(requirement(official_base="floor_area", official_method="radius"))
    homes = homes_at(STREET, (500, 0), floor_m2=80.0)
    table = coverage_by_base(rule, ground(homes, facilities_at(STREET, (0, 0)), rule), None)
    official = table[table["official"]]
    assert set(zip(official["base"], official["method"], strict=True)) == {("floor_area", "radius")}


def test_homes_without_floor_area_are_missing_and_counted():
    rule = standard(requirement())
    homes = homes_at(
        STREET, (500, 0), (600, 0), (2500, 0), people=[30.0, 10.0, 10.0], floor_m2=[60, None, 40]
    )
    table = coverage_by_base(rule, ground(homes, facilities_at(STREET, (0, 0)), rule), None)
    row = amount(table, "medical_15", "floor_area")
    assert (row["total"], row["covered"], row["known"]) == (100, 60, 0.8)
    assert set(table["base"]) == {"people", "floor_area"}
    assert list(table.columns) == list(COVERAGE)


def test_land_that_stands_for_homes_is_no_floor():
    homes = homes_at(STREET, (500, 0), (600, 0), floor_m2=2500.0).table
    assert np.isnan(known_floor(homes)).all()
    homes = homes_at(STREET, (500, 0), (600, 0), floor_m2=[2500.0, 80.0]).table
    assert known_floor(homes).tolist() == [2500.0, 80.0]
    homes = homes.assign(origin=["residential_land", "people"], floor_m2=[90.0, 0.0])
    assert np.isnan(known_floor(homes)).all()
    assert homes["floor_m2"].tolist() == [90.0, 0.0]


def test_a_group_nobody_counts_has_no_people_base():
    rule = standard(requirement(group="60plus"))
    homes = homes_at(STREET, (500, 0), floor_m2=80.0)
    table = coverage_by_base(rule, ground(homes, facilities_at(STREET, (0, 0)), rule), None)
    assert set(table["base"]) == {"floor_area"}


def test_no_requirement_gives_no_rows():
    rule = standard(requirement())
    homes = homes_at(STREET, (500, 0))
    empty = rule.model_copy(update={"requirements": ()})
    table = coverage_by_base(empty, ground(homes, facilities_at(STREET), rule), None)
    assert len(table) == 0
    assert list(table.columns) == list(COVERAGE)


def test_a_facility_more_never_lowers_a_share_of_any_base():
    counted = requirement(counts=(CountRule(types=("medical.station",), at_least=2),))
    rule = standard(counted)
    homes = homes_at(
        STREET, *((400.0 * k, 0.0) for k in range(10)), people=list(range(1, 11)), floor_m2=50.0
    )
    shares = []
    for count in range(1, 5):
        town = facilities_at(STREET, *((900.0 * k, 0.0) for k in range(count)))
        side = ground(homes, town, rule)
        table = coverage_by_base(rule, side, side, cell_m2=1.0, on_land=np.ones(10, dtype=bool))
        study = table[table["level"] == "study"]
        assert set(study["base"]) == set(BASES)
        shares.append(study.set_index(["base", "method"])["share"])
    for before, after in pairwise(shares):
        assert (after >= before).all()
    assert (shares[-1] > shares[0]).all()
