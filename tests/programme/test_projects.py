"""Projects out of gaps and sites: stable names, nobody counted away, everything linked."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from lifecircle import tables
from lifecircle.programme import Grounds, draw_up
from lifecircle.siting.sites import Sites
from lifecircle.standards import Evidence, Norm
from lifecircle.study import Study


@pytest.fixture(scope="module")
def draw(toy_findings):
    """Draw up the toy town's programme, with other gaps or sites where a test wants them."""
    results = toy_findings.results
    bare = results.gaps.table.assign(site_id=None, project_id=None, year=np.nan)

    def drawn(
        *,
        gaps=bare,
        sites=results.sites,
        language="en",
        communities=None,
        standard=None,
        grounds=None,
    ):
        return draw_up(
            standard or results.standard,
            dataclasses.replace(results.gaps, table=gaps.reset_index(drop=True)),
            dataclasses.replace(sites, table=sites.table.assign(project_id=None)),
            homes=results.waist.homes.table,
            communities=results.waist.communities if communities is None else communities,
            language=language,
            grounds=grounds,
        )

    return drawn


@pytest.fixture(scope="module")
def bare(toy_findings):
    table = toy_findings.results.gaps.table
    return table.assign(site_id=None, project_id=None, year=np.nan)


@pytest.fixture(scope="module")
def nothing():
    return Sites(
        table=pd.DataFrame(columns=list(tables.SITES)), solution=None, served={}, newly_covered=0.0
    )


def people_of(toy_findings, homes):
    people = toy_findings.results.waist.homes.table["people"].to_numpy()
    return people[np.unique(np.concatenate([np.empty(0, dtype=int), *homes]))].sum()


# -- columns -----------------------------------------------------------------------------------
def test_tables_have_their_columns_also_when_there_is_nothing(draw, bare, nothing):
    for programme in (draw(), draw(sites=nothing), draw(sites=nothing, gaps=bare.iloc[:0])):
        assert tuple(programme.projects.columns) == tables.PROJECTS
        assert tuple(programme.programme.columns) == tables.PROGRAMME
        assert tuple(programme.gaps.columns) == tables.GAPS
        assert tuple(programme.sites.columns) == tables.SITES
    empty = draw(sites=nothing)
    assert len(empty.projects) == len(empty.programme) == 0
    assert empty.gaps["project_id"].isna().all()
    assert empty._repr_html_().startswith("<table")


def test_what_goes_in_stays_as_it_was(draw, bare, toy_findings):
    gaps, sites = bare.copy(), toy_findings.results.sites
    before = sites.table.copy()
    draw(gaps=gaps)
    pd.testing.assert_frame_equal(gaps, bare)
    pd.testing.assert_frame_equal(sites.table, before)


# -- links -------------------------------------------------------------------------------------
def test_every_site_is_one_project_however_many_services_stand_on_it(draw, toy_findings):
    programme = draw()
    sites = toy_findings.sites.table
    assert programme.projects["site_id"].tolist() == sites["site_id"].tolist()
    assert programme.projects["project_id"].is_unique
    assert programme.sites["project_id"].tolist() == programme.projects["project_id"].tolist()
    assert sites["services"].str.contains(";").any()
    assert programme.projects["services"].tolist() == sites["services"].tolist()


def test_a_gap_belongs_to_the_first_site_that_serves_it(draw, toy_findings):
    programme = draw()
    homes = toy_findings.results.waist.homes.table
    for gap in programme.gaps.itertuples():
        serving = [
            site
            for site, served in toy_findings.sites.served.items()
            if gap.community_id
            in set(homes["community_id"].to_numpy()[served.get(gap.requirement, [])])
        ]
        listed = programme.projects[
            [gap.gap_id in text.split("; ") for text in programme.projects["gap_ids"]]
        ]
        assert set(listed["site_id"]) == set(serving)
        if serving:
            order = [one for one in programme.sites["site_id"] if one in serving]
            assert gap.site_id == order[0]
            site = programme.sites.set_index("site_id").loc[gap.site_id]
            assert (gap.year, gap.project_id) == (site["year"], site["project_id"])
        else:
            assert pd.isna(gap.site_id)
            assert pd.isna(gap.year)


# -- people ------------------------------------------------------------------------------------
def test_the_communities_of_a_project_add_up_to_what_its_site_newly_covers(draw, toy_findings):
    programme = draw()
    sums = programme.programme.groupby("project_id")["people_served"].sum()
    for site in programme.sites.itertuples():
        assert sums[site.project_id] == pytest.approx(site.newly_covered, abs=1e-9)
        mine = programme.projects.set_index("project_id").loc[site.project_id]
        assert mine["people_served"] == site.newly_covered
        served = toy_findings.sites.served[site.site_id].values()
        assert site.newly_covered == people_of(toy_findings, list(served))


def test_people_of_a_community_without_a_gap_count_too(draw, bare):
    """c2 falls short of nothing any more; its people are served by the site all the same."""
    whole = draw()
    without = draw(gaps=bare[bare["community_id"] != "c2"])
    assert "c2" in set(without.programme["community_id"])
    pd.testing.assert_frame_equal(without.programme, whole.programme)
    assert without.projects["people_served"].tolist() == whole.projects["people_served"].tolist()


# -- ids, years, names -------------------------------------------------------------------------
def test_ids_do_not_hang_on_other_gaps_or_sites(draw, bare, toy_findings):
    whole = draw().projects.set_index("site_id")["project_id"]
    fewer = draw(gaps=bare.iloc[1::2]).projects.set_index("site_id")["project_id"]
    assert fewer.equals(whole)
    sites = toy_findings.results.sites
    last = dataclasses.replace(sites, table=sites.table.iloc[1:].reset_index(drop=True))
    alone = draw(sites=last).projects.set_index("site_id")["project_id"]
    assert alone.to_dict() == whole.iloc[1:].to_dict()


@pytest.mark.parametrize("years", [1, 2, 5])
def test_years_run_from_the_first_on(years):
    study = Study.toytown()
    siting = study.config.siting.model_copy(update={"years": years})
    found = dataclasses.replace(
        study, config=study.config.model_copy(update={"siting": siting})
    ).run()
    used = sorted(set(found.sites.table["year"]))
    assert used == list(range(1, min(years, len(found.sites)) + 1))
    assert found.programme.programme["year"].is_monotonic_increasing
    # What helps most comes first.
    gains = found.sites.solution.opened_gain
    assert (np.diff(gains) <= 1e-9).all()
    assert (np.diff(found.sites.solution.opened_year) >= 0).all()


def test_bodies_are_named_once_each(draw):
    for language, mark in (("en", ", "), ("zh", "、")):
        projects = draw(language=language).projects
        for lead, helping in zip(projects["lead_body"], projects["cooperating_body"], strict=True):
            names = [*lead.split(mark), *helping.split(mark)]
            assert all(names)
            assert len(names) == len(set(names))


def test_a_project_is_named_after_where_it_stands_and_what_it_holds(draw, toy_findings):
    parcels = toy_findings.results.parcels
    programme = draw(grounds=Grounds(parcels=parcels))
    at = parcels.set_index("parcel_id")["community_id"]
    names = toy_findings.results.waist.communities.set_index("community_id")["name"]
    sites = programme.sites.set_index("project_id")["parcel_id"]
    for project in programme.projects.itertuples():
        assert f", {names[at[sites[project.project_id]]]}" in project.name
        assert project.name.startswith("centre for ") == (project.types.count(";") > 1)
    chinese = draw(language="zh").projects
    assert chinese["name"].str.contains("社区|村").all()
    assert not chinese["name"].str.contains("centre").any()


def test_a_project_says_how_the_place_is_got(draw, toy_findings):
    sites = toy_findings.results.sites
    kinds = {"stock_room": "lease", "extension": "extend", "gate": "open", "corner": "new"}
    for kind, mode in kinds.items():
        changed = dataclasses.replace(sites, table=sites.table.assign(kind=kind))
        assert set(draw(sites=changed).projects["mode"]) == {mode}
    assert set(draw().projects["status"]) == {"proposed"}


def test_a_first_facility_a_norm_asks_for_is_no_second_project(draw, bare, toy_findings):
    standard = toy_findings.results.standard
    floor = Norm(
        id="floor",
        service="elder_care",
        label_zh="用房",
        label_en="Rooms",
        measure="floor_m2",
        at_least=30.0,
        per=1000.0,
        evidence=(Evidence(field="at_least", clause="1", source="lifecircle", tag="P"),),
    )
    closed = draw().gaps
    closed = closed[closed["service"].eq("elder_care") & closed["project_id"].notna()]
    near = closed.iloc[0]
    size = bare.iloc[:1].assign(
        gap_id="gsize",
        community_id=near["community_id"],
        service="elder_care",
        requirement="floor",
        kind="size",
        reason="undersized",
        remedy=["new"],
    )
    with_norm = standard.model_copy(update={"norms": (floor,)})
    drawn = draw(gaps=pd.concat([bare, size]), standard=with_norm)
    row = drawn.gaps.set_index("gap_id").loc["gsize"]
    assert row["project_id"] == near["project_id"]
    assert len(drawn.projects) == len(draw().projects)
    named = drawn.projects.set_index("project_id").loc[near["project_id"], "gap_ids"]
    assert "gsize" in named.split("; ")
    # What stands and is too small is extended where it stands.
    extended = draw(gaps=pd.concat([bare, size.assign(remedy="extend")]), standard=with_norm)
    assert pd.isna(extended.gaps.set_index("gap_id").loc["gsize", "project_id"])
