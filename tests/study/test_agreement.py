"""One run, one set of numbers: tables, workbook, layers, map and page never differ."""

from __future__ import annotations

import re

import openpyxl
import pandas as pd
import pyogrio
import pytest

from lifecircle.outputs.webmap.offline import unpack

HEAD = 3  # row of a sheet's headings


@pytest.fixture(scope="module")
def tables(toy_folder):
    names = ("scores", "services", "index", "gaps", "sites", "projects", "programme")
    return {name: pd.read_csv(toy_folder / "tables" / f"{name}.csv") for name in names}


@pytest.fixture(scope="module")
def layers(toy_folder):
    names = ("communities", "gaps", "sites", "homes", "facilities")
    return {name: pyogrio.read_dataframe(toy_folder / "results.gpkg", layer=name) for name in names}


@pytest.fixture(scope="module")
def facts(toy_folder):
    page = (toy_folder / "map.html").read_text(encoding="utf-8")
    packed = re.search(r'<script type="text/plain" id="lc-facts">([^<]*)</script>', page)
    return unpack(packed[1])


@pytest.fixture(scope="module")
def sheets(toy_folder):
    book = openpyxl.load_workbook(toy_folder / "gaps.xlsx", read_only=False)
    found = {}
    for sheet in book:
        if sheet.sheet_state != "visible" or sheet.max_row < HEAD:
            continue
        rows = sheet.iter_rows(min_row=HEAD, values_only=True)
        heads = [str(head).replace("\n", " ") for head in next(rows)]
        kept = []
        for row in rows:
            if all(value is None for value in row):
                break
            kept.append(dict(zip(heads, row, strict=True)))
        found[sheet.title] = kept
    return found


def test_shares_of_communities_agree(tables, layers, facts):
    communities = layers["communities"].set_index("community_id")
    on_map = {one["id"]: one for one in facts["communities"]}
    rows = tables["scores"][tables["scores"]["level"] == "community"]
    assert len(rows) == 4 * 8
    for row in rows.itertuples():
        drawn = on_map[row.area_id]["scores"][row.requirement]
        assert drawn["covered"] == row.covered
        assert drawn["people"] == row.people
        layer_share = communities.loc[row.area_id, f"{row.requirement}_share"]
        if pd.isna(row.share):
            assert row.people == 0
            assert pd.isna(layer_share)
            assert drawn["share"] is None
        else:
            assert row.share == pytest.approx(row.covered / row.people, abs=5e-5)
            assert layer_share == pytest.approx(row.share, abs=5e-5)
            assert drawn["share"] == pytest.approx(row.share, abs=5e-4)


def test_the_study_is_the_sum_of_its_communities(tables, facts):
    scores = tables["scores"]
    for name, rows in scores[scores["level"] == "community"].groupby("requirement"):
        whole = scores[(scores["level"] == "study") & (scores["requirement"] == name)].iloc[0]
        assert whole["covered"] == rows["covered"].sum()
        assert whole["people"] == rows["people"].sum() == 2088
        assert facts["study"]["scores"][name]["covered"] == whole["covered"]


def test_index_and_grade_agree(tables, layers, facts, sheets, toy_findings):
    communities = layers["communities"].set_index("community_id")
    on_map = {one["id"]: one for one in facts["communities"]}
    in_book = {row["area id"]: row for row in sheets["Evaluation"] if row["level"] == "community"}
    rows = tables["index"][tables["index"]["level"] == "community"]
    assert len(rows) == len(in_book) * 2 == 8
    for row in rows.to_dict("records"):
        minutes, area_id = row["minutes"], row["area_id"]
        drawn, layer = on_map[area_id]["index"][str(minutes)], communities.loc[area_id]
        sheet = in_book[area_id]
        assert drawn["gaps"] == layer[f"gaps_{minutes}"] == row["gaps"]
        assert sheet["people"] == row["people"]
        if pd.isna(row["index"]):
            assert drawn["index"] is sheet[f"{minutes} min index"] is None
            assert pd.isna(layer[f"index_{minutes}"])
        else:
            assert drawn["index"] == pytest.approx(row["index"], abs=0.051)
            assert sheet[f"{minutes} min index"] == row["index"]
            assert layer[f"index_{minutes}"] == row["index"]
            assert drawn["grade"] == layer[f"grade_{minutes}"] == row["grade"]
    worst = rows[rows["minutes"] == 15].dropna(subset=["index"]).sort_values("index").iloc[0]
    (line,) = [one for one in toy_findings.summary().splitlines() if worst["area_name"] in one]
    assert line.split()[:3] == [
        worst["area_name"],
        f"{worst['people']:,.0f}",
        f"{worst['index']:.1f}",
    ]


def test_gaps_agree(tables, layers, facts, sheets, toy_findings):
    csv = tables["gaps"].set_index("gap_id")
    layer = layers["gaps"].set_index("gap_id")
    on_map = {one["gap_id"]: one for one in facts["gaps"]}
    in_book = {row["gap id"]: row for row in sheets["Gaps"]}
    assert set(csv.index) == set(layer.index) == set(on_map) == set(in_book)
    assert len(csv) == len(toy_findings.gaps)
    for gap_id, row in csv.iterrows():
        assert layer.loc[gap_id, "people_short"] == row["people_short"]
        assert on_map[gap_id]["people"] == row["people_short"]
        assert in_book[gap_id]["people not covered"] == row["people_short"]
        assert in_book[gap_id]["people of the group"] == row["people"]
        assert on_map[gap_id]["reason"] == row["reason"] == layer.loc[gap_id, "reason"]
        for name in ("site_id", "project_id"):
            shown = on_map[gap_id][name]
            assert (shown or None) == (None if pd.isna(row[name]) else row[name])


def test_gaps_are_the_uncovered_of_the_scores(tables):
    scores = tables["scores"].set_index(["area_id", "requirement"])
    for row in tables["gaps"].itertuples():
        score = scores.loc[(row.community_id, row.requirement)]
        assert score["verdict"] == "short"
        assert row.people_short == score["people"] - score["covered"]
        assert row.people == score["people"]


def test_sites_and_projects_agree(tables, layers, facts, sheets, toy_findings):
    csv = tables["sites"].set_index("site_id")
    layer = layers["sites"].set_index("site_id")
    on_map = {one["site_id"]: one for one in facts["sites"]}
    assert set(csv.index) == set(layer.index) == set(on_map) != set()
    in_book = {row["id"]: row for row in sheets["Facilities and sites"]}
    for site_id, row in csv.iterrows():
        assert layer.loc[site_id, "newly_covered"] == row["newly_covered"]
        assert on_map[site_id]["newly_covered"] == row["newly_covered"]
        assert in_book[site_id]["newly covered"] == row["newly_covered"]
        assert in_book[site_id]["year"] == on_map[site_id]["year"] == row["year"]
        assert on_map[site_id]["types"] == row["types"].split("; ")
        spot = layer.loc[site_id].geometry
        assert (spot.x, spot.y) == pytest.approx((row["x"], row["y"]), abs=0.01)
    # One site may bring somebody a clinic and another a library: sites do not add up.
    assert facts["gained"] == round(toy_findings.sites.newly_covered, 1)
    assert facts["gained"] <= csv["newly_covered"].sum()
    projects = {row["project id"]: row for row in sheets["Projects"]}
    assert set(projects) == set(tables["projects"]["project_id"])
    sums = tables["programme"].groupby("project_id")["people_served"].sum()
    served = tables["projects"].set_index("project_id")["people_served"]
    for site_id, row in csv.iterrows():
        assert served[row["project_id"]] == row["newly_covered"]
        assert projects[row["project_id"]]["people served"] == row["newly_covered"]
        assert sums[row["project_id"]] == pytest.approx(row["newly_covered"], abs=0.2)
        assert f"+{row['newly_covered']:,.0f} people" in toy_findings.summary(), site_id


def test_homes_agree(toy_folder, layers, toy_findings):
    parquet = pd.read_parquet(toy_folder / "tables" / "homes.parquet").set_index("home_id")
    layer = layers["homes"].set_index("home_id")
    assert len(parquet) == len(layer) == 18
    for name in parquet.columns:
        if name.endswith(("_s", "_m")) and name in layer:
            both = pd.concat([parquet[name], layer[name]], axis=1).dropna(how="all")
            assert (both.iloc[:, 0] - both.iloc[:, 1]).abs().max() < 0.006
    assert parquet["people"].sum() == toy_findings.communities["people"].sum() == 2088
