"""A public edition tells nothing about homes, parcels or a handful of people."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from lifecircle.outputs.release import released


def test_internal_edition_is_the_content_itself(content):
    assert released(content) is content


def test_public_edition_has_no_homes_parcels_or_site_coordinates(content_public):
    edition = released(content_public)
    assert len(edition.homes) == 0
    assert len(edition.parcels) == 0
    assert len(edition.sites) == len(content_public.sites)
    assert edition.sites[["x", "y", "lon", "lat"]].isna().all(axis=None)


def test_counts_of_one_to_nine_people_are_missing(content_public):
    edition = released(content_public)
    # The third community has 8 people; the second site newly covers 6.
    row = edition.communities.set_index("community_id").loc["c3"]
    assert np.isnan(row["people"])
    assert edition.sites.set_index("site_id")["newly_covered"].isna().to_dict() == {
        "s1": False,
        "s2": True,
    }
    scores = edition.scores[edition.scores["area_id"] == "c3"]
    assert scores[["people", "covered", "share"]].isna().all(axis=None)
    services = edition.services[edition.services["area_id"] == "c3"]
    assert services[["coverage", "score"]].isna().all(axis=None)


@pytest.mark.parametrize("covered", [1994.0, 6.0])
def test_few_people_covered_or_left_out_hide_the_share(content_public, covered):
    scores = content_public.scores.copy()
    at = scores.index[(scores["area_id"] == "c1") & (scores["requirement"] == "medical_15")][0]
    scores.loc[at, ["covered", "share"]] = covered, covered / 2000
    edition = released(dataclasses.replace(content_public, scores=scores))
    assert edition.scores.loc[at, ["covered", "share"]].isna().all()
    assert edition.scores.loc[at, "people"] == 2000
    hidden = edition.services
    mine = (hidden["area_id"] == "c1") & (hidden["service"] == "medical")
    assert hidden.loc[mine, "coverage"].isna().all()
    assert hidden.loc[(hidden["area_id"] == "c1") & ~mine, "coverage"].notna().any()


def test_nobody_stays_nobody(content_public):
    edition = released(content_public)
    assert edition.communities.set_index("community_id")["people"]["c4"] == 0


def test_few_people_in_the_reasons_are_hidden(content_public):
    gaps = content_public.gaps.copy()
    gaps.loc[0, "reasons"] = "too_far:1200;barrier:4;edge:9.5;none:0"
    edition = released(dataclasses.replace(content_public, gaps=gaps))
    assert edition.gaps.loc[0, "reasons"] == "too_far:1200;barrier:<10;edge:<10;none:0"


def test_gaps_are_placed_coarsely(content_public):
    edition = released(content_public)
    assert edition.gaps["lon"].tolist() == content_public.gaps["lon"].round(3).tolist()
    assert edition.gaps["lon"].tolist() != content_public.gaps["lon"].tolist()


def test_content_is_unchanged(content_public):
    before = content_public.scores.copy(deep=True), content_public.sites.copy(deep=True)
    released(content_public)
    assert before[0].equals(content_public.scores)
    assert before[1].equals(content_public.sites)


def test_needs_and_loads_of_few_people_are_missing(content_public):
    edition = released(content_public)
    # c3 has 8 people, whose need of 0.4 m² would tell them; c1 has 2000.
    norms = edition.norms.set_index("area_id")
    assert norms.loc["c3", ["need", "share", "short_by"]].isna().all()
    assert norms.loc["c1", "need"] == 100
    supply = edition.supply.set_index("area_id")
    assert supply.loc["c3", ["supply_per_1000", "demand_ratio", "people"]].isna().all()
    assert supply.loc["c1", "supply_per_1000"] == 40
    few, many = edition.loads["people_nearest"].isna(), content_public.loads["people_nearest"] > 10
    assert few[content_public.loads["people_nearest"] == 6].all()
    assert edition.loads.loc[~many, ["people_nearest", "load", "over"]].isna().all(axis=None)
    assert edition.loads.loc[many, "load"].tolist() == [1.5]


def test_a_public_programme_names_no_owner_and_few_people(content_public):
    edition = released(content_public)
    assert content_public.projects["owner"].notna().all()
    assert edition.projects[["owner", "rights"]].isna().all(axis=None)
    people = edition.community_programme["people"]
    assert content_public.community_programme["people"].lt(10).any()
    shown = edition.communities.set_index("community_id")["people"]
    mine = shown.loc[edition.community_programme["community_id"]]
    assert people.isna().tolist() == mine.isna().tolist()
    assert people.isna().any()


def test_units_and_advice_of_a_public_edition_tell_of_no_few_people(content_public):
    edition = released(content_public)
    assert edition.units["people"].notna().all()
    advice = edition.advice.set_index("community_id")
    assert advice.loc["c3", ["people", "people_concerned", "sentence"]].isna().all()
    assert advice.loc["c1", "people_concerned"] == 400.0
    assert advice["sentence"].isna().loc["c1"]  # it counts eight people who cannot walk across
    few = content_public.unit_services.assign(people=8.0, covered=3.0)
    hidden = released(dataclasses.replace(content_public, unit_services=few)).unit_services
    assert hidden[["people", "covered", "share"]].isna().all(axis=None)


def test_remedies_tell_no_place_of_land_and_no_few_people(content_public):
    remedies = content_public.remedies.copy()
    remedies.loc[0, "people"] = 6.0
    content_public = dataclasses.replace(content_public, remedies=remedies)
    public = released(content_public)
    edition = public.remedies
    assert edition[["lon", "lat"]].isna().all(axis=None)
    land = content_public.remedies["parcel_id"].notna()
    assert edition.loc[land, ["name", "evidence"]].isna().all(axis=None)
    assert edition.loc[~land, "name"].notna().all()
    before = content_public.remedies["people"]
    few = (before > 0) & (before < 10)
    assert few.any()
    assert edition.loc[few, ["people", "share_after", "closes"]].isna().all(axis=None)
    short = edition["gap_id"].map(public.gaps.set_index("gap_id")["people_short"])
    assert edition.loc[(before >= 30) & short.notna(), "people"].notna().all()
    assert edition.loc[short.isna(), "people"].isna().all()


def test_areas_of_facilities_tell_no_few_people(content_public):
    everybody = content_public.homes["people"].sum()
    first, second, third = content_public.facilities["facility_id"].iloc[:3]
    rows = [
        (first, "anyone", 5.0, 7.0, False),  # few
        (first, "anyone", 15.0, 1500.0, True),
        (second, "anyone", 5.0, 1493.0, False),  # 7 more in the larger area
        (second, "anyone", 10.0, 1500.0, True),
        (second, "anyone", 15.0, everybody - 6.0, False),  # 6 outside
        (third, "community", 15.0, 1500.0, False),  # with those of the community it may tell few
    ]
    table = content_public.facility_areas.iloc[: len(rows)].copy()
    for place, name in enumerate(("facility_id", "audience", "minutes", "people")):
        table[name] = [row[place] for row in rows]
    scores = content_public.scores
    large = content_public.communities.assign(people=1000.0)
    shown = dataclasses.replace(
        content_public,
        facility_areas=table,
        communities=large,
        scores=scores[scores["level"] == "none"],
    )
    edition = released(shown)
    assert edition.facility_areas["people"].notna().tolist() == [row[4] for row in rows]
    assert table["people"].notna().all()
    again = released(edition)
    assert again.facility_areas["people"].equals(edition.facility_areas["people"])
