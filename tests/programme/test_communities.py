"""The programme of communities: age, type, start and what is left, worked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lifecircle import tables
from lifecircle.errors import LifecircleWarning
from lifecircle.programme import Limits, Terms
from lifecircle.programme.communities import community_programme
from tests.programme.row_town import communities, drawn, gaps, homes, sites, standard


def told(programme=None, *, estates=None, where=None, language="zh"):
    return community_programme(
        standard(),
        programme or drawn(),
        where or sites(),
        homes=homes(),
        communities=communities(),
        estates=estates,
        language=language,
    ).set_index("community_id")


def test_columns_also_without_anything():
    empty = drawn(sites=sites(only=()), needs=())
    table = told(empty, where=sites(only=()))
    assert (table.index.name, *table.columns) == tables.COMMUNITY_PROGRAMME
    assert table["projects"].tolist() == [0] * 8
    assert table[["kind", "start_year", "estate_kind"]].isna().all(axis=None)
    assert set(table["why"]) == {"短板尚未安排项目"}


def test_every_community_starts_with_its_first_project_and_tells_what_is_left():
    table = told()
    assert table["gaps_now"].tolist() == [1] * 8
    assert table["gaps_left"].tolist() == [0] * 8
    assert table["people"].tolist() == [100.0] * 8
    years = drawn().programme.set_index("community_id")["year"]
    assert table["start_year"].to_dict() == years.to_dict()


def test_what_is_in_reserve_or_served_too_little_is_left():
    with pytest.warns(LifecircleWarning, match="5 of 8"):
        short = drawn(terms=Terms(limits=Limits(years=1, per_year=3)))
    table = told(short)
    assert table["gaps_left"].tolist() == [0, 1, 1, 1, 0, 0, 1, 1]
    assert table.loc["c2", "services_left"] == "medical"
    assert table.loc["c8", "services_left"] == "elder_care"
    # Of 400 people of c1 short a site serves 100: 300 are left, of 500 in all.
    few = gaps().table
    few.loc[0, ["people", "people_short"]] = [500.0, 400.0]
    assert told(drawn(gaps=replace(gaps(), table=few))).loc["c1", "gaps_left"] == 1
    # With 900 people in all two thirds are inside: the target of 60 % is met.
    few.loc[0, "people"] = 900.0
    assert told(drawn(gaps=replace(gaps(), table=few))).loc["c1", "gaps_left"] == 0


def test_a_community_a_centre_is_built_for_is_leading():
    centre = sites()
    centre.table.loc[0, ["services", "types"]] = [
        "medical; culture; elder_care",
        "medical.station; culture.station; elder_care.daycare",
    ]
    table = told(drawn(sites=centre), where=centre)
    assert table["kind"].tolist() == ["leading"] + ["basic"] * 7
    assert table.loc["c1", "why"] == "拟建三项以上服务的综合体，主要服务本社区"


@pytest.mark.parametrize("flats", [True, False])
def test_age_is_that_of_dwellings_else_of_people(flats):
    estates = pd.DataFrame(
        {
            "estate_id": ["e1", "e2", "e3"],
            "year_built": [1985.0, 2000.0, np.nan],
            "dwellings": [30.0, 40.0, 50.0 if flats else np.nan],
        }
    )
    table = told(estates=estates)
    assert table.loc[["c1", "c2"], "estate_kind"].tolist() == ["old", "new"]
    assert table.loc[["c1", "c2"], "old_share"].tolist() == [1.0, 0.0]
    assert table.loc["c1", "built_median"] == 1985.0
    assert pd.isna(table.loc["c3", "estate_kind"])


def test_dwellings_of_unknown_age_are_not_guessed():
    """Three estates in c1: 100 dwellings of 1990, 60 of 2010; then 200 nobody knows of."""
    where = homes()
    where["community_id"] = ["c1", "c1", "c1", "c4", "c5", "c6", "c7", "c8"]
    estates = pd.DataFrame(
        {
            "estate_id": [f"e{n}" for n in range(1, 9)],
            "year_built": [1990.0, 2010.0] + [np.nan] * 6,
            "dwellings": [100.0, 60.0, 100.0] + [1.0] * 5,
        }
    )

    def of_c1(table):
        found = community_programme(
            standard(), drawn(), sites(), homes=where, communities=communities(), estates=table
        )
        return found.set_index("community_id").loc["c1"]

    row = of_c1(estates)
    assert (row["estate_kind"], row["built_median"]) == ("old", 1990.0)
    assert row["old_share"] == pytest.approx(100 / 160)
    unknown = estates.assign(dwellings=[100.0, 60.0, 200.0, *[1.0] * 5])
    assert pd.isna(of_c1(unknown)["estate_kind"])


def test_what_is_left_is_what_the_search_behind_all_sites_found(toy_findings):
    table = toy_findings.content.community_programme.set_index("community_id")
    gaps = toy_findings.content.real_gaps
    open_gaps = set(toy_findings.content.wishes["gap_id"])
    size = gaps["kind"] == "size"
    left = gaps[(size & gaps["year"].isna()) | (~size & gaps["gap_id"].isin(open_gaps))]
    for community, row in table.iterrows():
        mine = left[left["community_id"] == community]
        assert row["gaps_left"] == len(mine)
        named = row["services_left"]
        assert set(named.split("; ") if isinstance(named, str) else ()) == set(mine["service"])
