"""Ways that close a gap by themselves become projects, and nothing is counted twice."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from lifecircle.siting.easy import easy_sites, still_open, with_easy, with_easy_remedies
from lifecircle.siting.extending import raised_places
from lifecircle.siting.sharing import opened_places
from lifecircle.siting.ways import joined, no_ways
from lifecircle.tables import SITES
from tests.making import CRS

from .test_remedies import remedies
from .ways_town import NO_SITES, STATION, town_of

FIRST = STATION.model_copy(update={"min_people_short": 0.0})


@pytest.fixture
def asked():
    """A station for members at 300 m and a clinic at 290 m: either brings half of c1 inside."""
    town = town_of(
        FIRST,
        at=((300, 0), (290, 0)),
        kind=["medical.station", "medical.clinic"],
        community=["c1", "c1"],
        open_to=["members", "anyone"],
        floor_m2=[150.0, 400.0],
    )
    ways = joined((opened_places(town), raised_places(town)), CRS)
    return town, ways, remedies(town, ways=ways)


def easy(town, ways, table, sites=NO_SITES, **more):
    homes = town.homes.table
    return easy_sites(town.standard, town.gaps.table, table, ways, sites, homes=homes, **more)


def test_without_ways_there_is_nothing_easy():
    town = town_of(STATION)
    found = easy(town, no_ways(CRS), remedies(town))
    assert len(found) == 0
    assert tuple(found.table.columns) == SITES
    assert found.newly_covered == 0.0
    assert with_easy(NO_SITES, found) is NO_SITES


def test_one_way_closes_a_gap_and_a_second_is_not_taken(asked):
    town, ways, table = asked
    before = table.copy()
    found = easy(town, ways, table)
    assert len(found) == 1  # both close the gap of c1, nothing reaches c2
    assert found.newly_covered == 30.0
    assert found.table["newly_covered"].tolist() == [30.0]
    (served,) = found.served.values()
    assert served[STATION.id].tolist() == [0, 1]
    marked = with_easy_remedies(table, found)
    assert marked.loc[marked["chosen"], "way_id"].tolist() == found.table["parcel_id"].tolist()
    pd.testing.assert_frame_equal(table, before)


def test_what_a_site_closes_needs_no_easy_way_and_what_is_forbidden_is_left(asked):
    town, ways, table = asked
    site = dataclasses.replace(
        NO_SITES,
        table=pd.DataFrame([{"site_id": "s1", "parcel_id": "l1"}]),
        served={"s1": {STATION.id: np.array([2])}},
    )
    assert len(easy(town, ways, table, site)) == 0
    both = ways.table["way_id"].tolist()
    assert len(easy(town, ways, table, never=both[:1])) == 1
    assert len(easy(town, ways, table, never=both)) == 0


def test_a_gap_is_open_until_its_target_is_met():
    town = town_of(FIRST)
    gaps = town.gaps.table.assign(year=np.nan)
    homes = town.homes.table

    def left(*rows):
        served = [{FIRST.id: np.array(rows, dtype=int)}] if rows else []
        return still_open(town.standard, gaps, served, homes).tolist()

    # Half of the 60 people of c1 is the target, and 30 live in its first two homes.
    assert left() == [True, True]
    assert left(0)[0]
    assert not left(0, 1)[0]
