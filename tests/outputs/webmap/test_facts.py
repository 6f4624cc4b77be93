from __future__ import annotations

import dataclasses
import json
import math

import pandas as pd
import pytest

from lifecircle.outputs.webmap import facts
from tests.outputs.conftest import HOSTILE_COMMUNITY, HOSTILE_FACILITY


@pytest.fixture(scope="module")
def told(content):
    return facts.facts(content)


def row_of(rows, key, value):
    return next(row for row in rows if row[key] == value)


def test_facts_are_plain_data(told, content_empty):
    for said in (told, facts.facts(content_empty)):
        text = json.dumps(said, allow_nan=False)
        assert json.loads(text).keys() == said.keys()


def test_a_community_worked_by_hand(told):
    row = row_of(told["communities"], "id", "c1")
    assert (row["name"], row["people"], row["within"]) == ("和平社区", 2000, "西街道")
    # Five of its 25 homes stand within 333 m of the health station: 400 of 2,000 people.
    assert row["scores"]["medical_5"]["share"] == 0.2
    assert row["scores"]["medical_5"]["covered"] == 400
    assert row["scores"]["medical_15"]["share"] == 0.96
    # 77 is the mean of 96, 100, 76 and 36.
    assert row["index"]["15"] == {
        "index": 77,
        "grade": "fair",
        "weakest": "elder_care",
        "gaps": 2,
        "unjudged": [],
    }


def test_numbers_are_those_of_the_tables(told, content):
    scores = content.scores[content.scores["level"] == "community"]
    for row in scores.to_dict("records"):
        said = row_of(told["communities"], "id", row["area_id"])["scores"][row["requirement"]]
        assert said["covered"] == row["covered"]
        if math.isnan(row["share"]):
            assert said["share"] is None
        else:
            assert said["share"] == pytest.approx(row["share"], abs=5e-5)
    assert told["study"]["people"] == content.communities["people"].sum()
    assert [gap["gap_id"] for gap in told["gaps"]] == sorted(content.gaps["gap_id"])
    assert sum(gap["people"] for gap in told["gaps"]) == content.gaps["people_short"].sum()


def test_whom_a_facility_serves_adds_up_to_the_covered_people(told, content):
    covered = {}
    for row in told["facilities"]:
        for requirement, people, inside in row["served"]:
            assert inside <= people
            covered[requirement] = covered.get(requirement, 0) + inside
    homes = content.homes
    for requirement, inside in covered.items():
        mine = homes[f"{requirement}_covered"] & homes[f"{requirement}_facility_id"].notna()
        assert inside == pytest.approx(homes.loc[mine, "people"].sum(), abs=0.51)
    for row in told["communities"]:
        for requirement, facility in row["nearest"].items():
            mine = homes[homes["community_id"] == row["id"]]
            sums = mine.groupby(f"{requirement}_facility_id")["people"].sum()
            assert sums[facility] == sums.max()


def test_areas_of_a_facility_come_smallest_first_and_limits_with_one_area_share_it(told, content):
    areas = content.facility_areas
    for row in told["facilities"]:
        mine = areas[areas["facility_id"] == row["facility_id"]]
        in_5, in_15 = mine["people"]
        assert [one[0] for one in row["areas"]] == [[[5, None, in_5]], [[15, None, in_15]]]
        assert all(len(one[3][0]) == 8 for one in row["areas"])
    outer = areas[areas["minutes"] == 15]
    metres = outer.assign(minutes=math.nan, limit_m=1000.0, people=outer["people"] + 1)
    others = outer.assign(profile="bike")
    more = pd.concat([metres, areas, others], ignore_index=True)
    told = facts.facts(dataclasses.replace(content, facility_areas=more))
    for row, in_15 in zip(told["facilities"], outer["people"], strict=True):
        on_foot = [one[0] for one in row["areas"] if one[1] == "gb"]
        assert on_foot[1:] == [[[None, 1000, in_15 + 1], [15, None, in_15]]]
        assert [one[0] for one in row["areas"] if one[1] == "bike"] == [[[15, None, in_15]]]


def test_land_that_is_not_proposed_is_told_with_its_reasons(content, content_public):
    parcels = content.parcels.copy()
    parcels["status"] = ["refused", *["candidate"] * (len(parcels) - 1)]
    parcels["reasons"] = ["water; farmland", *[None] * (len(parcels) - 1)]
    said = facts.facts(dataclasses.replace(content, parcels=parcels))
    first = parcels["parcel_id"].iloc[0]
    assert [(row["parcel_id"], row["reasons"]) for row in said["refused"]] == [
        (first, ["water", "farmland"])
    ]
    assert first not in {row["parcel_id"] for row in said["parcels"]}
    assert facts.facts(content_public)["refused"] == []


def test_remedies_of_a_gap_come_best_first_and_stay_inside(told, content, content_public):
    shown = {gap["gap_id"]: gap["remedies"] for gap in told["gaps"]}
    for gap_id, rows in content.remedies.sort_values("rank").groupby("gap_id"):
        assert shown[gap_id][0]["people"] == pytest.approx(rows["people"].iloc[0], abs=0.051)
    assert not any(gap["remedies"] for gap in facts.facts(content_public)["gaps"])


def test_a_community_without_people_says_nothing(told):
    row = row_of(told["communities"], "id", "c4")
    assert row["people"] == 0
    assert row["index"]["15"]["grade"] is None
    assert row["scores"]["medical_5"]["verdict"] == "empty"


def test_names_stay_as_they_are(told):
    assert row_of(told["communities"], "id", "c2")["name"] == HOSTILE_COMMUNITY
    assert row_of(told["facilities"], "facility_id", "f2")["name"] == HOSTILE_FACILITY
    assert row_of(told["facilities"], "facility_id", "f5")["name"] is None


def test_only_unions_are_drawn(told, content):
    unions = content.isochrones[content.isochrones["facility_id"] == ""]
    assert len(told["isochrones"]) == len(unions) < len(content.isochrones)


def test_homes_letters_are_the_covered_people(content):
    homes = facts.homes(content)
    for requirement in content.standard.requirements:
        letters = homes["state"][requirement.id]
        covered = sum(
            people for people, letter in zip(homes["people"], letters, strict=True) if letter == "c"
        )
        study = content.scores[
            (content.scores["level"] == "study") & (content.scores["requirement"] == requirement.id)
        ]
        assert covered == study["covered"].iloc[0]
        assert set(letters) <= {"c", "A"}


def test_homes_tell_reasons_and_empty_groups_where_they_are_known(content):
    frame = content.homes.assign(
        medical_5_reason="barrier", culture_5_covered=content.homes["people"] > 70
    )
    first = content.standard.requirements[0].model_copy(update={"group": "60plus"})
    frame.loc[frame["community_id"] == "c3", "people_60plus"] = 0.0
    standard = content.standard.model_copy(
        update={"requirements": (first, *content.standard.requirements[1:])}
    )
    homes = facts.homes(dataclasses.replace(content, homes=frame, standard=standard))
    assert first.id == "medical_5"
    assert homes["reasons"] == ["uncovered", "barrier"]
    assert homes["state"]["medical_5"].count("c") == 5
    assert homes["state"]["medical_5"].count("B") == 45
    assert homes["state"]["medical_5"].count("-") == 2
    assert homes["state"]["culture_5"].count("c") == 25


def test_the_order_of_rows_does_not_matter(content, told):
    names = ("communities", "homes", "facilities", "gaps", "sites", "parcels", "scores", "index")
    turned = dataclasses.replace(
        content, **{name: getattr(content, name).iloc[::-1] for name in names}
    )
    assert facts.facts(turned) == told
    assert facts.homes(turned) == facts.homes(content)


def test_the_chinese_note_follows_the_reference_system(told, content_en):
    assert told["meta"]["china"] is True
    assert facts.facts(content_en)["meta"]["china"] is False


def test_the_credit_follows_the_licence(content, told):
    assert told["meta"]["credit"] == "© OpenStreetMap contributors, ODbL"
    own = dataclasses.replace(content, sources=(content.sources[1],))
    assert facts.facts(own)["meta"]["credit"] == ""


@pytest.fixture(scope="module")
def public(content_public):
    return facts.facts(content_public)


class TestPublicEdition:
    def test_no_homes(self, content_public):
        assert facts.homes(content_public) is None

    def test_no_plot_has_a_place(self, public, content_public):
        text = json.dumps([public["sites"], public["parcels"]])
        assert '"at"' not in text
        assert '"rings"' not in text
        for row in content_public.sites.itertuples():
            for value in (row.lon, row.lat, row.x, row.y):
                assert str(round(value, 3)) not in text

    def test_few_people_are_not_told(self, public):
        row = row_of(public["communities"], "id", "c3")
        assert row["people"] is None
        assert row["scores"]["medical_5"]["people"] is None
        assert row["scores"]["medical_5"]["share"] is None
        assert row["index"]["5"]["index"] is None
        assert row_of(public["sites"], "site_id", "s2")["newly_covered"] is None
        assert row_of(public["sites"], "site_id", "s1")["newly_covered"] == 840

    @pytest.mark.parametrize(("people", "covered"), [(500.0, 4.0), (500.0, 493.0), (7.0, 0.0)])
    def test_neither_the_part_nor_the_rest_gives_the_few_away(
        self, content_public, people, covered
    ):
        scores = content_public.scores.copy()
        mine = (scores["area_id"] == "c1") & (scores["requirement"] == "medical_5")
        scores.loc[mine, ["people", "covered", "share"]] = [people, covered, covered / people]
        changed = dataclasses.replace(content_public, scores=scores)
        said = row_of(facts.facts(changed)["communities"], "id", "c1")["scores"]["medical_5"]
        assert said["covered"] is None
        assert said["share"] is None

    def test_zero_is_told(self, public):
        row = row_of(public["communities"], "id", "c1")
        assert row["scores"]["elder_care_5"]["covered"] == 0
        assert row["people"] == 2000

    def test_warnings_stay_inside(self, public, told):
        assert told["meta"]["warnings"]
        assert public["meta"]["warnings"] == []


def test_frames_are_not_changed(content):
    before = {name: getattr(content, name).copy() for name in ("scores", "gaps", "homes", "sites")}
    facts.facts(content)
    facts.homes(content)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(pd.DataFrame(frame), pd.DataFrame(getattr(content, name)))
