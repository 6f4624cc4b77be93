"""One run, one set of numbers: tables, workbook, layers, map and page never differ."""

from __future__ import annotations

import re

import openpyxl
import pandas as pd
import pyogrio
import pytest

from lifecircle.outputs.offline import unpack

SHEET_OF_GAPS = "Gaps"
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
        heads = [str(head).replace("\\n", " ").replace("\n", " ") for head in next(rows)]
        kept = []
        for row in rows:
            if all(value is None for value in row):
                break
            kept.append(dict(zip(heads, row, strict=True)))
        found[sheet.title] = kept
    return found


def column(rows, *words):
    """The one heading that holds all these words."""
    (name,) = [head for head in rows[0] if all(word in head.lower() for word in words)]
    return name


def by_name(rows, key):
    return {row[key]: row for row in rows}


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


def test_index_and_grade_agree(tables, layers, facts, toy_findings):
    communities = layers["communities"].set_index("community_id")
    on_map = {one["id"]: one for one in facts["communities"]}
    rows = tables["index"][tables["index"]["level"] == "community"]
    page = toy_findings.summary()
    for row in rows.itertuples():
        drawn = on_map[row.area_id]["index"][str(row.minutes)]
        layer = communities.loc[row.area_id]
        assert drawn["gaps"] == layer[f"gaps_{row.minutes}"] == row.gaps
        if pd.isna(row.index_value if hasattr(row, "index_value") else row._6):
            assert drawn["index"] is None
    worst = rows[rows["minutes"] == 15].dropna(subset=["index"]).sort_values("index").iloc[0]
    assert f"{worst['area_name']}    {worst['people']:,.0f}    {worst['index']:.1f}" in page


def test_gaps_agree(tables, layers, facts, sheets, toy_findings):
    csv = tables["gaps"].set_index("gap_id")
    layer = layers["gaps"].set_index("gap_id")
    on_map = {one["gap_id"]: one for one in facts["gaps"]}
    sheet = sheets[SHEET_OF_GAPS]
    in_book = by_name(sheet, column(sheet, "gap", "id"))
    short, all_people = column(sheet, "people", "not"), column(sheet, "people", "group")
    assert set(csv.index) == set(layer.index) == set(on_map) == set(in_book)
    assert len(csv) == len(toy_findings.gaps)
    for gap_id, row in csv.iterrows():
        assert layer.loc[gap_id, "people_short"] == row["people_short"]
        assert on_map[gap_id]["people"] == row["people_short"]
        assert in_book[gap_id][short] == row["people_short"]
        assert in_book[gap_id][all_people] == row["people"]
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
    rows = next(rows for title, rows in sheets.items() if "layout" in title.lower())
    in_book = by_name(rows, next(iter(rows[0])))
    gained = column(rows, "new")
    for site_id, row in csv.iterrows():
        assert layer.loc[site_id, "newly_covered"] == row["newly_covered"]
        assert on_map[site_id]["newly_covered"] == row["newly_covered"]
        assert site_id in {value for one in rows for value in one.values()}
        assert any(
            one[gained] == row["newly_covered"] for one in rows if site_id in one.values()
        )
        assert on_map[site_id]["types"] == row["types"].split("; ")
        assert (layer.loc[site_id].geometry.x, layer.loc[site_id].geometry.y) == pytest.approx(
            (row["x"], row["y"]), abs=0.01
        )
    assert in_book
    sums = tables["programme"].groupby("project_id")["people_served"].sum()
    served = tables["projects"].set_index("project_id")["people_served"]
    for site_id, row in csv.iterrows():
        assert served[row["project_id"]] == row["newly_covered"]
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
