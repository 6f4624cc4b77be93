"""One project of each mode, worked by hand in a row of communities."""

from __future__ import annotations

import warnings
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point

from lifecircle.errors import LifecircleWarning
from lifecircle.programme import Limits, Terms
from lifecircle.programme.drafts import project_id
from lifecircle.tables.bodies import BODIES, Bodies
from lifecircle.tables.costs import UNIT_COSTS, UnitCosts
from tests.programme.row_town import PLACES, drawn, gaps, grounds, need, sites


def by_site(programme):
    return programme.projects.set_index("site_id")


def costs(*rows):
    return UnitCosts(table=pd.DataFrame(rows, columns=list(UNIT_COSTS)))


# -- what becomes a project --------------------------------------------------------------------
def test_there_is_one_project_of_each_mode_and_every_gap_has_one():
    programme = drawn()
    assert len(programme.projects) == 8
    own = by_site(programme)
    for site, (_, _, rights, owner, _, mode) in PLACES.items():
        assert own.loc[site, "mode"] == mode
        assert own.loc[site, "gap_ids"] == f"g{site[1:]}"
        if mode in ("new", "purchase", "exchange", "lease"):
            said = own.loc[site, ["rights", "owner"]]
            assert [one if isinstance(one, str) else None for one in said] == [rights, owner]
    assert set(programme.projects["mode"]) == {
        *("new", "extend", "purchase", "exchange", "lease", "share", "open")
    }
    assert programme.gaps["project_id"].notna().all()
    assert programme.gaps["year"].notna().all()


def test_a_facility_that_is_too_small_is_one_project_with_what_it_needs():
    both = drawn(needs=(need(), need(gap_id="g1", short=300.0, behind={"f8": (300.0, 40.0)})))
    extended = both.projects[both.projects["site_id"].isna()]
    assert len(extended) == 1
    row = extended.iloc[0]
    assert (row["name"], row["mode"], row["facility_id"]) == (
        "东门日间照料中心改扩建",
        "extend",
        "f8",
    )
    assert row["gap_ids"] == "g1; g8"
    assert (row["floor_m2"], row["people_served"]) == (300.0, 60.0)
    assert row["note"] == "增加建筑面积300㎡"
    mine = both.programme[both.programme["project_id"] == row["project_id"]]
    assert dict(zip(mine["community_id"], mine["people_served"], strict=True)) == {
        "c1": 40.0,
        "c8": 20.0,
    }


def test_a_new_site_nearby_takes_a_gap_of_size_only_where_it_builds_all_that_is_short():
    care = sites()
    care.table.loc[0, "types"] = "elder_care.daycare"
    near = need(where=frozenset(["c1", "c8"]))
    joined = drawn(sites=care, needs=(near,))
    assert joined.projects["site_id"].notna().all()
    assert by_site(joined).loc["s1", "gap_ids"] == "g1; g8"
    # 350 m² are built: more than that is short.
    apart = drawn(sites=care, needs=(need(where=frozenset(["c1", "c8"]), short=351.0),))
    assert len(apart.projects) == 8


def test_what_is_done_to_one_facility_is_one_project():
    """The way that extends f7, a second way to it, and its lack of floor go together."""
    ways = grounds().ways
    ways.table.loc[ways.table["way_id"] == "p5", "facility_id"] = "f7"
    both = drawn(grounds=grounds(ways=ways), needs=(need(behind={"f7": (120.0, 20.0)}),))
    assert len(both.projects) == 6
    row = by_site(both).loc["s5"]
    assert row["mode"] == "extend"
    assert row["gap_ids"] == "g5; g7; g8"
    assert row["people_served"] == 200.0
    assert both.sites.set_index("site_id").loc[["s5", "s7"], "project_id"].nunique() == 1


def test_gaps_nobody_knows_enough_of_are_no_project_s():
    table = gaps().table
    table.loc[0, "reason"] = "no_data"
    programme = drawn(gaps=replace(gaps(), table=table))
    assert pd.isna(programme.gaps.loc[0, "project_id"])
    assert by_site(programme).loc["s1", "gap_ids"] == ""


# -- ids ---------------------------------------------------------------------------------------
def test_ids_are_of_what_a_project_is_and_stay_when_others_go():
    whole = by_site(drawn())["project_id"]
    assert whole["s1"] == project_id("s1")
    assert whole["s7"] == project_id("facility:f7")
    for gone in PLACES:
        rest = tuple(one for one in PLACES if one != gone)
        fewer = by_site(drawn(sites=sites(only=rest)))["project_id"].dropna()
        assert fewer.to_dict() == whole.drop(gone).to_dict()
    assert drawn().projects["project_id"].is_unique


# -- years -------------------------------------------------------------------------------------
def test_without_limits_nothing_is_left_and_what_needs_no_building_comes_first():
    programme = drawn()
    years = by_site(programme)["year"]
    assert (years["s5"], years["s6"]) == (1, 1)
    rest = programme.projects[~programme.projects["mode"].isin(["share", "open"])]
    assert rest["year"].value_counts().to_dict() == {1: 2, 2: 2, 3: 2}
    assert set(programme.projects["status"]) == {"proposed"}


def test_years_by_number_leave_the_rest_in_reserve():
    """Share and link first, then sites by people: 900, 300, 200, 100, 100 (s4 before s7)."""
    people = {"s3": 900.0, "s2": 300.0, "s1": 200.0}
    with pytest.warns(LifecircleWarning, match="2 of 8 projects"):
        programme = drawn(
            sites=sites(people=people), terms=Terms(limits=Limits(years=3, per_year=2))
        )
    years = by_site(programme)["year"]
    assert years[["s5", "s6"]].tolist() == [1, 1]
    assert years[["s3", "s2"]].tolist() == [2, 2]
    assert years[["s1", "s4"]].tolist() == [3, 3]
    left = programme.projects[programme.projects["year"].isna()]
    assert set(left["status"]) == {"reserve"}
    assert left["note"].str.contains("各年度额度已满").all()
    assert (
        programme.gaps.set_index("gap_id").loc["g7", "project_id"]
        == by_site(programme).loc["s7", "project_id"]
    )
    assert np.isnan(programme.sites.set_index("site_id").loc["s7", "year"])
    assert programme.programme["year"].isna().sum() == 2


def test_years_by_budget_take_the_next_that_fits_and_name_what_never_will():
    """A station costs 100, an extension 0.5 a metre: f7 60, f8 60; s6 is a link without a price."""
    table = costs(
        ("medical.station", None, 100.0, None, 2),
        ("medical.station", "share", 10.0, None, 3),
        ("medical.station", "extend", None, 0.5, 4),
        ("elder_care.daycare", "extend", None, 0.5, 5),
        ("medical.station", "purchase", 500.0, None, 6),
    )
    with pytest.warns(LifecircleWarning) as told:
        programme = drawn(terms=Terms(limits=Limits(years=2, budget_per_year=210.0), costs=table))
    assert any("no price" in str(one.message) for one in told)
    own = by_site(programme)
    assert own.drop(index=np.nan)["cost_wan"].dropna().to_dict() == {
        "s1": 100.0, "s2": 500.0, "s3": 100.0, "s4": 100.0, "s5": 10.0, "s7": 60.0,
    }  # fmt: skip
    years = own["year"]
    # Year 1: share 10, link, s1 100, s3 100 = 210; year 2: s4 100, s7 60, none left for f8's 60.
    assert years[["s5", "s6", "s1", "s3"]].tolist() == [1] * 4
    assert years[["s4", "s7"]].tolist() == [2] * 2
    assert np.isnan(years["s2"])
    assert own.loc["s2", "note"] == "单项投资超过年度额度"
    spent = programme.projects.groupby("year")["cost_wan"].sum()
    assert (spent.dropna() <= 210.0).all()


def test_a_place_that_gets_free_later_waits_for_it():
    late = grounds()
    late.parcels.loc[late.parcels["parcel_id"] == "p1", "available"] = "2027年底腾空"
    terms = Terms(limits=Limits(years=3), first_year=2026)
    own = by_site(drawn(grounds=grounds(parcels=late.parcels), terms=terms))
    assert own.loc["s1", "year"] == 3
    with pytest.warns(LifecircleWarning, match="1 of 8"):
        short = by_site(
            drawn(
                grounds=grounds(parcels=late.parcels),
                terms=replace(terms, limits=Limits(years=2)),
            )
        )
    assert np.isnan(short.loc["s1", "year"])
    assert "规划期内尚不可用" in short.loc["s1", "note"]


def test_an_entered_year_stands_and_the_others_go_round_it():
    ids = {site: row["project_id"] for site, row in by_site(drawn()).iterrows()}
    limits = Limits(years=4, per_year=2)
    order = ["s5", "s6", "s1", "s2", "s3", "s4", "s7", "f8"]

    def years(terms):
        projects = drawn(terms=terms).projects
        return projects.set_index(projects["site_id"].fillna("f8"))["year"][order].tolist()

    assert years(Terms(limits=limits)) == [1, 1, 2, 2, 3, 3, 4, 4]
    # Its own row keeps what was computed, for the entry is laid over it where it is shown.
    assert years(Terms(limits=limits, years={ids["s1"]: 4})) == [1, 1, 2, 2, 2, 3, 3, 4]
    assert years(Terms(limits=limits, years={ids["s1"]: 9})) == [1, 1, 2, 2, 2, 3, 3, 4]


def test_an_entered_cost_counts():
    ids = by_site(drawn())["project_id"]
    terms = Terms(limits=Limits(years=1, budget_per_year=5.0), prices={ids["s1"]: 6.0})
    with pytest.warns(LifecircleWarning) as told:
        own = by_site(drawn(terms=terms))
    assert any("1 of 8 projects, for" in str(one.message) for one in told)
    assert np.isnan(own.loc["s1", "year"])
    assert own.loc["s1", "cost_wan"] == 6.0


# -- who and on what ---------------------------------------------------------------------------
def test_bodies_of_the_planner_s_table_name_the_offices():
    rows = [
        ("medical.station", "medical", None, "区卫健局", "属地街道", "社区卫生服务中心", 2),
        ("medical.station", "medical", "河湾镇", "河湾镇人民政府", None, None, 3),
    ]
    table = Bodies(table=pd.DataFrame(rows, columns=list(BODIES)))
    own = by_site(drawn(terms=Terms(bodies=table)))
    assert own.loc["s1", ["lead_body", "cooperating_body", "operator"]].tolist() == [
        "区卫健局",
        "东门街道办事处",
        "社区卫生服务中心",
    ]
    assert own.loc["s7", "lead_body"] == "河湾镇人民政府"
    assert "cooperating_body" in own
    # A link has bodies of its own.
    assert own.loc["s6", "lead_body"] == "街道办事处（镇人民政府）"


def test_consent_handover_and_plan_stand_with_the_project():
    estates = gpd.GeoDataFrame(
        {"estate_id": ["e1"]}, geometry=[Point(500_000, 3_370_000).buffer(50)], crs="EPSG:4549"
    )
    provision = pd.DataFrame(
        {
            "estate_id": ["e1", "e1", "e8", "e8"],
            "service": ["medical", "culture", "elder_care", "elder_care"],
            "status": ["not_handed_over", "not_built", "short", "met"],
        }
    )
    own = drawn(grounds=grounds(estates=estates, provision=provision)).projects
    by = own.set_index(own["site_id"].fillna("f8"))
    assert by.loc["s1", "handover"] == "not_handed_over"
    assert by.loc["f8", "handover"] == "short"
    assert pd.isna(by.loc["s2", "handover"])
    assert by.loc["s4", "consent"] == "collective"
    assert by.loc["s6", "consent"] == "owners_consent"
    assert by.loc["s1", "conforms"] == "adjust"
    assert by.loc["s4", "note"] == "可用期限：10年"


@pytest.mark.parametrize(
    ("term", "year", "note"),
    [
        ("5年", True, "可用期限：5年；须在第2年内开放，开放后至少可用3年（本项目口径）"),
        ("3个月", False, "可用期限：3个月；开放后可用不足3年"),
    ],
)
def test_a_room_free_for_few_years_opens_early_or_tells_why_not(term, year, note):
    parcels = grounds().parcels
    parcels.loc[parcels["parcel_id"] == "p4", "available"] = term
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LifecircleWarning)
        programme = drawn(grounds=grounds(parcels=parcels), terms=Terms(limits=Limits(years=3)))
    row = by_site(programme).loc["s4"]
    assert (row["note"], row["year"] in (1, 2)) == (note, year)


def test_names_say_what_is_done_in_both_languages():
    zh, en = by_site(drawn())["name"], by_site(drawn(language="en"))["name"]
    assert zh[["s5", "s6", "s7"]].tolist() == [
        "东门小学共享开放",
        "北围墙步行通道",
        "河湾卫生站改扩建",
    ]
    assert en["s5"] == "Sharing of 东门小学"
