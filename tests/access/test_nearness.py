"""How near things are: the toy town by hand, and quantiles by people."""

from __future__ import annotations

import numpy as np
import pytest

from lifecircle.access.levels import levels_of
from lifecircle.access.nearness import nearness
from lifecircle.reach.matrix import reach_of
from lifecircle.reach.nearest_few import nearest_few
from lifecircle.tables import NEARNESS
from tests.making import community_table, facilities_at, homes_at, requirement, standard, streets
from tests.toytown_answers import SECOND_MEDICAL, TOLERANCE_S, WITHIN_15_MEDICAL

STREET = streets([(0, 0), (5000, 0)])


@pytest.fixture(scope="module")
def toy(toy_findings):
    table = toy_findings.results.measures.nearness
    return table.set_index(["area_id", "requirement"])


@pytest.mark.parametrize(("area", "walk_s"), SECOND_MEDICAL.items())
def test_toy_second_nearest_is_that_worked_by_hand(toy, area, walk_s):
    row = toy.loc[(area, "medical_15")]
    assert row["nearest_2_s"] == pytest.approx(walk_s, abs=TOLERANCE_S)
    assert np.isnan(row["nearest_3_s"])  # there are two


def test_toy_figures_of_the_whole_town(toy):
    row = toy.loc[("study", "medical_15")]
    # 58.5 (72), 103.5 (48), 108 (240), 198 (240), 244.8 (176), 256.5 (88), 288 (264: past 1,044),
    # 324 (240), 333 (80), 351 (200), 378 (120), 468 (296: past 1,879.2), never (24)
    assert row["median_s"] == pytest.approx(288.0, abs=TOLERANCE_S)
    assert row["p90_s"] == pytest.approx(468.0, abs=TOLERANCE_S)
    assert row["within"] == pytest.approx(WITHIN_15_MEDICAL)
    assert toy.loc[("c1", "culture_15")]["within"] == 1
    assert np.isnan(toy.loc[("study", "culture_15")]["nearest_2_s"])  # K2 is closed


def test_nobody_has_no_walk(toy):
    row = toy.loc[("c4", "medical_15")]
    assert row["people"] == 0
    assert row[["median_s", "p90_s", "nearest_2_s", "nearest_3_s", "within"]].isna().all()


def test_a_walk_is_missing_where_its_person_reaches_nothing():
    rule = standard(requirement())
    homes = homes_at(STREET, (500, 0), (600, 0), (4900, 0), people=[5.0, 4.0, 1.1])
    town = facilities_at(STREET, (0, 0))
    table = nearness(
        rule,
        {one.id: reach_of(one, homes, town, STREET) for one in rule.requirements},
        nearest_few(rule.requirements, homes, town, STREET),
        homes=homes,
        levels=levels_of(community_table("c1"), homes, town, study_name="Town"),
    )
    assert list(table.columns) == list(NEARNESS)
    row = table[table["level"] == "study"].iloc[0]
    assert row["median_s"] == 540.0  # 5 of 10.1 people are nearer than half
    assert np.isnan(row["p90_s"])
    assert row["within"] == pytest.approx(9 / 10.1)


def test_a_group_nobody_counts_is_missing():
    rule = standard(requirement(group="60plus"))
    homes, town = homes_at(STREET, (500, 0)), facilities_at(STREET, (0, 0))
    table = nearness(
        rule,
        {one.id: reach_of(one, homes, town, STREET) for one in rule.requirements},
        nearest_few(rule.requirements, homes, town, STREET),
        homes=homes,
        levels=levels_of(community_table("c1"), homes, town, study_name="Town"),
    )
    assert table[["people", "median_s", "p90_s", "within"]].isna().all(axis=None)
