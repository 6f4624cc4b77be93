"""Verdicts, levels, services and the index, worked by hand on one street."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from lifecircle.access.levels import levels_of
from lifecircle.access.scorecard import Scorecard, score
from lifecircle.reach.matrix import reach_of
from lifecircle.standards import CountRule
from lifecircle.tables import INDEX, SCORES, SERVICES
from tests.making import (
    community_table,
    facilities_at,
    homes_at,
    requirement,
    standard,
    streets,
)

STREET = streets([(0, 0), (5000, 0)])
NEAR, FAR = (500, 0), (2500, 0)  # of a facility at 0: covered in 15 minutes, not covered


def scored(
    homes,
    town,
    communities,
    *asked,
    unknown=(),
    network=STREET,
    people_per_home=None,
    doubted=None,
    before=None,
    **changes,
) -> Scorecard:
    rule = standard(*(asked or (requirement(),)), **changes)
    return score(
        rule,
        {one.id: reach_of(one, homes, town, network) for one in rule.requirements},
        homes=homes,
        facilities=town,
        levels=levels_of(communities, homes, town, study_name="Town"),
        unknown=frozenset(unknown),
        people_per_home=people_per_home,
        doubted=doubted,
        before=before,
    )


def row(table: pd.DataFrame, area: str, **where) -> pd.Series:
    found = table[table["area_id"] == area]
    for name, value in where.items():
        found = found[found[name] == value]
    assert len(found) == 1
    return found.iloc[0]


# -- levels ------------------------------------------------------------------------------------
def test_levels_are_those_that_are_known_from_community_to_study():
    communities = community_table(
        "a", "b", "c", subdistrict=["s2", "s1", None], unit_id=["u", "u", "u"], county=[None] * 3
    )
    homes = homes_at(STREET, NEAR, NEAR, NEAR, NEAR, community=["c", "b", "a", None])
    town = facilities_at(STREET, (0, 0), (0, 0), community=["b", None])
    levels = levels_of(communities, homes, town, study_name="Town")
    assert [level.name for level in levels] == ["community", "unit", "subdistrict", "study"]
    by_name = {level.name: level for level in levels}
    assert by_name["community"].area_id == ("a", "b", "c")
    assert by_name["community"].area_name == ("Community a", "Community b", "Community c")
    assert by_name["community"].of_home.tolist() == [2, 1, 0, -1]
    assert by_name["community"].of_facility.tolist() == [1, -1]
    assert by_name["subdistrict"].area_id == ("s1", "s2")
    assert by_name["subdistrict"].of_home.tolist() == [-1, 0, 1, -1]
    assert by_name["unit"].of_home.tolist() == [0, 0, 0, -1]
    assert by_name["study"].of_home.tolist() == [0, 0, 0, 0]
    assert by_name["study"].area_name == ("Town",)


def test_subdistricts_of_one_name_in_two_counties_keep_their_people_apart():
    communities = community_table("a", "b", subdistrict=["s", "s"], county=["East", "West"])
    homes = homes_at(STREET, NEAR, FAR, people=[30.0, 10.0], community=["a", "b"])
    card = scored(homes, facilities_at(STREET, (0, 0)), communities)
    east = row(card.scores, "East/s", level="subdistrict")
    west = row(card.scores, "West/s", level="subdistrict")
    assert (east["area_name"], west["area_name"]) == ("s (East)", "s (West)")
    assert (east["people"], east["share"]) == (30, 1)
    assert (west["people"], west["share"]) == (10, 0)


def test_a_community_without_a_name_is_called_by_its_id():
    communities = community_table("a", "b").assign(name=["Old Town", None])
    homes, town = homes_at(STREET, NEAR), facilities_at(STREET)
    (level, *_) = levels_of(communities, homes, town, study_name="Town")
    assert level.area_name == ("Old Town", "b")


def test_areas_numbered_with_numbers_keep_their_people():
    communities = community_table("a", "b", subdistrict=[330106, 330102])
    homes = homes_at(STREET, NEAR, FAR, community=["a", "b"], people=[30.0, 70.0])
    card = scored(homes, facilities_at(STREET, (0, 0)), communities)
    assert row(card.scores, "330106")["people"] == 30.0
    assert row(card.scores, "330102")["people"] == 70.0


# -- verdicts ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("near", "far", "verdict"),
    [
        (800.0, 200.0, "met"),  # exactly the target of 80 %
        (799.0, 201.0, "short"),
        (0.0, 99.0, "met"),  # fewer than 100 people lack it
        (0.0, 100.0, "short"),
        (0.0, 0.0, "empty"),
    ],
)
def test_a_shortfall_needs_the_share_and_the_people(near, far, verdict):
    homes = homes_at(STREET, NEAR, FAR, people=[near, far])
    card = scored(homes, facilities_at(STREET, (0, 0)), community_table("c1"))
    for area in ("c1", "study"):
        found = row(card.scores, area)
        assert found["verdict"] == verdict
        assert found["people"] == near + far
        assert found["covered"] == near
        share = near / (near + far) if near + far else np.nan
        np.testing.assert_equal(found["share"], share)


def test_where_only_homes_are_counted_the_fewest_people_become_homes():
    homes = homes_at(STREET, NEAR, FAR, FAR, people=1.0)
    town, communities = facilities_at(STREET, (0, 0)), community_table("c1")
    assert row(scored(homes, town, communities).scores, "c1")["verdict"] == "met"
    # at least 100 people must be short: two homes of 49 are too few, two of 51 are not
    for in_each, verdict in ((49.0, "met"), (51.0, "short")):
        counted = scored(homes, town, communities, people_per_home=in_each)
        assert row(counted.scores, "c1")["verdict"] == verdict


@pytest.mark.parametrize(
    ("near", "far", "doubtful", "verdict"),
    [
        (900, 1000, 0, "short"),
        (900, 1000, 1, "unknown"),  # if they are served, nobody is short
        (900, 0, 1, "met"),
        (0, 2000, 1, "unknown"),
    ],
)
def test_homes_nobody_can_judge_decide_only_where_they_matter(near, far, doubtful, verdict):
    homes = homes_at(STREET, NEAR, FAR, people=[float(near), float(far)])
    town, communities = facilities_at(STREET, (0, 0)), community_table("c1")
    mask = np.array([False, bool(doubtful)])
    card = scored(homes, town, communities, doubted={"medical_15": mask})
    assert row(card.scores, "c1")["verdict"] == verdict
    known = card.services["score"].notna().all()
    assert known == (verdict != "unknown")


def test_a_shortfall_that_stands_without_those_in_doubt_stays_one():
    homes = homes_at(STREET, NEAR, FAR, FAR, people=[100.0, 300.0, 600.0])
    mask = np.array([False, True, False])  # at most 400 of 1,000 can be covered
    card = scored(
        homes,
        facilities_at(STREET, (0, 0)),
        community_table("c1"),
        doubted={"medical_15": mask},
    )
    assert row(card.scores, "c1")["verdict"] == "short"


def test_a_place_more_never_makes_a_shortfall_an_open_question():
    # 300 of 1,000 are in doubt and none covered: short. With 600 covered, the 300 could make it up.
    homes = homes_at(STREET, NEAR, FAR, (4900, 0), people=[600.0, 300.0, 100.0])
    communities = community_table("c1")
    doubt = {"medical_15": np.array([False, True, False])}
    today = scored(homes, facilities_at(STREET), communities, doubted=doubt).scores
    assert row(today, "c1", level="community")["verdict"] == "short"
    town = facilities_at(STREET, (0, 0))
    alone = scored(homes, town, communities, doubted=doubt)
    assert row(alone.scores, "c1", level="community")["verdict"] == "unknown"
    then = scored(homes, town, communities, doubted=doubt, before=today)
    assert row(then.scores, "c1", level="community")["verdict"] == "short"
    assert then.services["score"].notna().all()
    both = facilities_at(STREET, (0, 0), (2500, 0))
    met = scored(homes, both, communities, doubted=doubt, before=today).scores
    assert row(met, "c1", level="community")["verdict"] == "met"


def test_what_is_not_known_is_no_shortfall_but_what_is_met_stays_met():
    homes = homes_at(STREET, NEAR, FAR, people=[100.0, 900.0], community=["a", "b"])
    town = facilities_at(STREET, (0, 0), community="a")
    card = scored(homes, town, community_table("a", "b"), unknown=["medical_15"])
    verdicts = {area: row(card.scores, area)["verdict"] for area in ("a", "b", "study")}
    assert verdicts == {"a": "met", "b": "unknown", "study": "unknown"}
    assert card.services["score"].isna().all()
    assert card.services["weak"].isna().all()
    assert card.index["index"].isna().all()
    assert card.index["grade"].isna().all()
    assert (card.index["gaps"] == 0).all()
    assert len(card.worst()) == 0


# -- columns -----------------------------------------------------------------------------------
def test_columns_are_those_of_the_contract_even_with_nobody_there():
    homes, town = homes_at(STREET), facilities_at(STREET)
    card = scored(homes, town, community_table("a", "b"))
    assert list(card.scores.columns) == list(SCORES)
    assert list(card.services.columns) == list(SERVICES)
    assert list(card.index.columns) == list(INDEX)
    assert set(card.scores["verdict"]) == {"empty"}
    assert card.scores["share"].isna().all()
    assert card.index["index"].isna().all()
    assert len(card.scores) == 3


def test_a_standard_that_scores_nothing_gives_empty_tables():
    extra = requirement(obligation="as_needed")
    card = scored(
        homes_at(STREET, FAR, people=500.0),
        facilities_at(STREET, (0, 0)),
        community_table("c1"),
        extra,
    )
    assert row(card.scores, "c1")["verdict"] == "short"
    assert list(card.services.columns) == list(SERVICES)
    assert list(card.index.columns) == list(INDEX)
    assert len(card.services) == len(card.index) == 0


def test_exactly_one_of_minutes_and_metres_is_set():
    asked = requirement(), requirement("culture_5", minutes=None, limit_m=300.0)
    card = scored(
        homes_at(STREET, NEAR), facilities_at(STREET, (0, 0)), community_table("c1"), *asked
    )
    both = card.scores[["minutes", "limit_m"]].notna().sum(axis=1)
    assert (both == 1).all()
    assert card.scores["limit_m"].dropna().unique().tolist() == [300.0]
    assert set(card.services["minutes"]) == {5, 15}  # services are reported by circle


def test_a_group_is_counted_by_itself_and_one_nobody_counts_is_unknown():
    homes = homes_at(STREET, NEAR, FAR, people=[100.0, 900.0], people_60plus=[300.0, 100.0])
    town, communities = facilities_at(STREET, (0, 0)), community_table("c1")
    elders = requirement(group="60plus", target_share=0.75)
    found = row(scored(homes, town, communities, elders).scores, "c1")
    assert (found["people"], found["covered"], found["share"]) == (400.0, 300.0, 0.75)
    assert found["verdict"] == "met"
    children = requirement(group="0_3")
    found = row(scored(homes, town, communities, children).scores, "c1")
    assert found["verdict"] == "unknown"
    assert np.isnan([found["people"], found["covered"], found["share"]]).all()


def test_supply_and_facilities_are_those_that_count_in_the_area():
    homes = homes_at(STREET, NEAR, community="a")
    town = facilities_at(
        STREET, (0, 0), (10, 0), (20, 0), (30, 0),
        kind=["medical.station"] * 3 + ["culture.library"],
        community=["a", "a", "b", "a"], floor_m2=[100.0, np.nan, 70.0, 9.0],
        status=["existing", "existing", "existing", "existing"],
    )  # fmt: skip
    card = scored(homes, town, community_table("a", "b", "c"))
    found = {area: row(card.scores, area) for area in ("a", "b", "c", "study")}
    assert [found[area]["facilities"] for area in found] == [2, 1, 0, 3]
    np.testing.assert_equal([found[area]["supply"] for area in found], [100, 70, np.nan, 170])


def test_the_median_person_and_the_one_not_reached():
    homes = homes_at(STREET, (100, 0), (1500, 0), (4000, 0), people=[2.0, 2.0, 3.0])
    card = scored(homes, facilities_at(STREET, (0, 0)), community_table("c1"))
    assert row(card.scores, "c1")["median_s"] == 1350.0
    beyond = homes_at(STREET, (100, 0), (4000, 0), people=[2.0, 3.0])
    card = scored(beyond, facilities_at(STREET, (0, 0)), community_table("c1"))
    assert np.isnan(row(card.scores, "c1")["median_s"])


# -- services and the index --------------------------------------------------------------------
def test_services_index_and_grades_by_hand():
    asked = requirement("medical_15"), requirement("culture_15")
    homes = homes_at(
        STREET, NEAR, FAR, NEAR, people=[700.0, 300.0, 500.0], community=["a", "a", "b"]
    )
    town = facilities_at(
        STREET, (0, 0), (100, 0), kind=["medical.clinic", "culture.library"], community="a"
    )
    card = scored(homes, town, community_table("a", "b"), *asked)
    assert row(card.services, "a", service="medical")["score"] == pytest.approx(70.0)
    assert row(card.services, "study", service="culture")["coverage"] == pytest.approx(0.8)
    assert card.services["adequacy"].isna().all()
    assert not card.services["weak"].any()
    found = row(card.index, "a")
    assert (found["index"], found["grade"], found["gaps"]) == (pytest.approx(70.0), "fair", 2)
    assert found["weakest_service"] == "medical"  # of two equal ones the first
    assert row(card.index, "b")["grade"] == "excellent"
    study = row(card.index, "study")
    assert (study["index"], study["grade"], study["gaps"]) == (pytest.approx(80.0), "good", 2)
    assert study["people"] == 1500.0
    assert card.worst(1)["area_id"].tolist() == ["a"]
    assert card.worst(9)["area_id"].tolist() == ["a", "b"]
    assert len(card.worst(minutes=5)) == 0
    heavier = scored(
        homes,
        facilities_at(STREET, (0, 0), kind="culture.library"),
        community_table("a", "b"),
        *asked,
        weights={"medical": 3.0, "culture": 1.0},
    )
    assert row(heavier.index, "a")["index"] == pytest.approx((3 * 0.0 + 70.0) / 4)
    assert row(heavier.index, "a")["weakest_service"] == "medical"
    assert row(heavier.services, "a", service="medical")["weak"]
    bound = scored(
        homes,
        facilities_at(STREET, (0, 0), kind="culture.library"),
        community_table("a", "b"),
        *asked,
        index_mean="geometric",
    )
    # A score of 0 counts as 1: culture cannot buy what medical lacks.
    assert row(bound.index, "a")["index"] == pytest.approx(70.0**0.5)
    assert row(bound.index, "a")["grade"] == "poor"


def test_adequacy_enters_where_sizes_are_known_and_count_rules_where_asked():
    homes = homes_at(STREET, NEAR, FAR, people=[50.0, 50.0])
    town = facilities_at(STREET, (0, 0), floor_m2=[60.0])
    card = scored(homes, town, community_table("c1"))
    found = row(card.services, "c1")
    assert (found["coverage"], found["adequacy"]) == (0.5, 0.5)
    assert found["score"] == pytest.approx(100 * (0.6 * 0.5 + 0.25 * 0.5) / 0.85)
    ruled = requirement(counts=(CountRule(types=("medical.station",), at_least=1),))
    card = scored(homes, town, community_table("c1"), ruled)
    found = row(card.services, "c1")
    assert found["count_rule"] == 0.5
    assert found["score"] == pytest.approx(50.0)


def test_quality_and_as_needed_never_enter_scores_or_gaps():
    base = requirement("medical_15")
    extra = (
        requirement("medical_5", view="quality"),
        requirement("culture_15", obligation="as_needed"),
    )
    homes = homes_at(STREET, NEAR, people=500.0)
    town = facilities_at(STREET, (0, 0))
    card = scored(homes, town, community_table("c1"), base, *extra)
    assert set(card.services["service"]) == {"medical"}
    assert set(card.services["minutes"]) == {15}
    assert (card.index["gaps"] == 0).all()
    assert set(card.scores.loc[card.scores["verdict"] == "short", "requirement"]) == {
        "medical_5",
        "culture_15",
    }


def test_levels_are_summed_from_homes_and_never_averaged():
    communities = community_table("a", "b", subdistrict=["s", "s"])
    homes = homes_at(STREET, NEAR, FAR, people=[900.0, 100.0], community=["a", "b"])
    card = scored(homes, facilities_at(STREET, (0, 0)), communities)
    assert row(card.scores, "s")["share"] == pytest.approx(0.9)  # not (1.0 + 0.0) / 2
    assert row(card.index, "s")["gaps"] == 1
    for level in ("community", "subdistrict", "study"):
        of_level = card.scores[card.scores["level"] == level]
        assert of_level["people"].sum() == pytest.approx(1000.0, rel=1e-9)


def test_the_order_of_rows_changes_no_byte():
    rng = np.random.default_rng(4)
    xy = [(float(x), 0.0) for x in rng.uniform(0, 3000, 40)]
    people, where = rng.uniform(1, 90, 40), [["a", "b", None][k % 3] for k in range(40)]
    communities = community_table("a", "b", subdistrict=["s", "s"])
    town = facilities_at(STREET, (0, 0), (2900, 0), floor_m2=[60.0, 100.0])

    def tables(order):
        homes = homes_at(
            STREET,
            *(xy[k] for k in order),
            people=[people[k] for k in order],
            community=[where[k] for k in order],
        )
        # as a study does: in the order of the homes' ids, which are their places here
        card = scored(homes, town, communities)
        return [one.round(9).to_csv() for one in (card.scores, card.services, card.index)]

    assert tables(range(40)) == tables(rng.permutation(40))


def test_the_table_shown_in_a_notebook_escapes_names():
    communities = community_table("a").assign(name=["<b>x</b>"])
    homes, town = homes_at(STREET, NEAR, community="a"), facilities_at(STREET, (0, 0))
    levels = levels_of(communities, homes, town, study_name="<script>alert(1)</script>")
    ask = requirement()
    card = score(
        standard(ask),
        {ask.id: reach_of(ask, homes, town, STREET)},
        homes=homes,
        facilities=town,
        levels=levels,
        unknown=frozenset(),
    )
    assert "<script>" not in card._repr_html_()


# -- town and country --------------------------------------------------------------------------
def _town_and_country(**columns):
    """A near home in the town, one near and one far in the country."""
    town = requirement("medical_15", id="town", minutes=None, limit_m=1000.0, where="urban")
    country = requirement("medical_15", id="country", minutes=None, limit_m=2500.0, where="rural")
    homes = homes_at(
        STREET, (500, 0), (2000, 0), (4000, 0), people=100.0, community=["a", "b", "b"], **columns
    )
    here = facilities_at(STREET, (0, 0), community="a")
    return scored(homes, here, community_table("a", "b"), town, country)


def test_each_class_is_asked_its_own_limit():
    card = _town_and_country(where=["urban", "rural", "rural"])
    assert row(card.scores, "a", requirement="town")["share"] == 1.0
    assert row(card.scores, "a", requirement="country")["verdict"] == "empty"
    assert row(card.scores, "b", requirement="town")["people"] == 0
    assert row(card.scores, "b", requirement="country")["share"] == 0.5
    whole = card.scores[card.scores["level"] == "study"].set_index("requirement")
    assert whole["people"].to_dict() == {"town": 100.0, "country": 200.0}
    assert whole["covered"].to_dict() == {"town": 100.0, "country": 100.0}


def test_a_community_is_scored_by_what_it_is_asked():
    card = _town_and_country(where=["urban", "rural", "rural"])
    assert row(card.services, "a")["coverage"] == 1.0
    assert row(card.services, "b")["coverage"] == 0.5
    assert row(card.services, "study")["coverage"] == pytest.approx((1.0 + 0.5) / 2)


def test_of_unknown_class_counts_as_urban():
    card = _town_and_country()
    whole = card.scores[card.scores["level"] == "study"].set_index("requirement")
    assert whole["people"].to_dict() == {"town": 300.0, "country": 0.0}
    assert whole.loc["country", "verdict"] == "empty"
    assert row(card.services, "b")["coverage"] == 0.0
