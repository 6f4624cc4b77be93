"""People in a study: grids say where in a community they live, totals stay to the person."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lifecircle.errors import RuleError
from lifecircle.study import Study
from tests.small_town import SOUTH, STEP_LAT, STEP_LON, WEST, write_study, write_town
from tests.sources.sheet_making import text

MIDDLE, EAST, NORTH = WEST + 2.5 * STEP_LON, WEST + 6 * STEP_LON, SOUTH + 6 * STEP_LAT


def box(west, south, east, north):
    return shapely.box(west, south, east, north)


def town(folder, *, people=("东门社区,100", "塘湾村,60"), grids=(90.0, 30.0, 40.0), **sections):
    """Two communities side by side; the western one in two grids, north and south."""
    write_town(folder)
    shapes = [
        box(WEST - 0.001, SOUTH - 0.001, MIDDLE, NORTH),
        box(MIDDLE, SOUTH - 0.001, EAST, NORTH),
    ]
    gpd.GeoDataFrame(
        {"id": ["1", "2"], "name": ["东门社区", "塘湾村"]}, geometry=shapes, crs="EPSG:4326"
    ).to_file(folder / "communities.gpkg")
    half = SOUTH + 2.95 * STEP_LAT
    cells = [
        box(WEST - 0.001, SOUTH - 0.001, MIDDLE, half),
        box(WEST - 0.001, half, MIDDLE, NORTH),
        shapes[1],
    ]
    gpd.GeoDataFrame(
        {"WGDM": ["a", "b", "c"], "RK": grids}, geometry=cells, crs="EPSG:4326"
    ).to_file(folder / "grids.gpkg")
    text(folder, ["社区,常住人口", *people], name="people.csv")
    options = {
        "communities": 'file = "communities.gpkg"',
        "homes": 'table = "people.csv"\ngrids = "grids.gpkg"',
        **sections,
    }
    return Study.load(write_study(folder, **options))


def homes_of(study):
    found = study.run()
    return found.homes, found.warnings


def test_a_raster_beside_grids_is_a_contradiction(tmp_path):
    (tmp_path / "pop.tif").touch()
    with pytest.raises(RuleError, match="from a raster and from grids"):
        town(tmp_path, homes='grids = "grids.gpkg"\nraster = "pop.tif"')


def test_grid_keys_without_grids_are_refused(tmp_path):
    with pytest.raises(RuleError, match="no effect without grids"):
        town(tmp_path, homes='grid_layer = "a"')


def test_grids_share_out_the_people_of_a_community(tmp_path):
    homes, _ = homes_of(town(tmp_path))
    by_community = homes.groupby("community_id")["people"].sum()
    assert by_community.to_dict() == pytest.approx({"1": 100, "2": 60})
    west = homes[homes["community_id"] == "1"]
    south = west.geometry.to_crs(4326).y < SOUTH + 2.95 * STEP_LAT
    assert west.loc[south, "people"].sum() == pytest.approx(75)
    assert west.loc[~south, "people"].sum() == pytest.approx(25)


def test_a_community_no_row_counts_has_the_people_of_its_grids(tmp_path):
    homes, _ = homes_of(town(tmp_path, people=("东门社区,100",)))
    by_community = homes.groupby("community_id")["people"].sum()
    assert by_community.to_dict() == pytest.approx({"1": 100, "2": 40})


def test_homes_of_a_grid_nobody_counted_are_as_dense_as_their_community(tmp_path):
    homes, said = homes_of(town(tmp_path, grids=(90.0, np.nan, 40.0)))
    west = homes[homes["community_id"] == "1"]
    assert west["people"].sum() == pytest.approx(100)
    assert west["people"].min() == pytest.approx(west["people"].max(), rel=1e-3)
    assert any("homes no grid speaks of" in one for one in said)


def test_where_a_file_has_no_grid_and_no_total_is_known_nobody_lives(tmp_path):
    study = town(tmp_path, homes='grids = "grids.gpkg"')
    grids = gpd.read_file(tmp_path / "grids.gpkg")
    grids.iloc[[0, 2]].to_file(tmp_path / "grids.gpkg")
    homes, said = homes_of(study)
    assert homes["people"].sum() == pytest.approx(130)
    assert any("homes where the file of grids counts nobody" in one for one in said)
    assert not any("no grid speaks of" in one for one in said)


def test_people_nobody_counted_are_told_where_a_grid_leaves_them_out(tmp_path):
    homes, said = homes_of(town(tmp_path, homes='grids = "grids.gpkg"', grids=(90, np.nan, 40)))
    added = homes["people"].sum() - 130
    assert added > 0
    assert any(f"adds {added:,.0f} people nobody counted" in one for one in said)


def test_a_crosswalk_shares_a_former_community_by_the_grids(tmp_path):
    text(tmp_path, ["原社区,现社区", "老城社区,东门社区", "老城社区,塘湾村"], name="walk.csv")
    study = town(
        tmp_path,
        people=("老城社区,320",),
        communities='file = "communities.gpkg"\ncrosswalk = "walk.csv"',
    )
    homes, said = homes_of(study)
    by_community = homes.groupby("community_id")["people"].sum()
    assert by_community.to_dict() == pytest.approx({"1": 240, "2": 80})
    assert any("became 东门社区 75.0%, 塘湾村 25.0%, shared by homes" in one for one in said)


def test_a_community_nobody_built_in_has_its_people_in_its_middle(tmp_path):
    write_town(tmp_path)
    far = box(WEST + 20 * STEP_LON, SOUTH, WEST + 21 * STEP_LON, SOUTH + STEP_LAT)
    near = box(WEST - 0.001, SOUTH - 0.001, EAST, NORTH)
    gpd.GeoDataFrame(
        {"id": ["1", "2"], "name": ["东门社区", "塘湾村"]}, geometry=[near, far], crs="EPSG:4326"
    ).to_file(tmp_path / "communities.gpkg")
    text(tmp_path, ["社区,常住人口", "东门社区,100", "塘湾村,60"], name="people.csv")
    study = write_study(
        tmp_path,
        area='boundary = "communities.gpkg"',
        communities='file = "communities.gpkg"',
        homes='buildings = "osm"\ntable = "people.csv"',
    )
    homes, said = homes_of(Study.load(study))
    assert homes["people"].sum() == pytest.approx(160)
    lone = homes[homes["community_id"] == "2"]
    assert lone["origin"].tolist() == ["community"]
    assert lone["people"].tolist() == pytest.approx([60])
    assert any("without a known home: 1, with 60 people" in one and "塘湾村" in one for one in said)


# -- the account of a run ----------------------------------------------------------------------
def saved(study, folder):
    found = study.run()
    found.save(folder / "run")
    return found, json.loads((folder / "run" / "run.json").read_text(encoding="utf-8"))


def test_a_run_accounts_for_everybody(tmp_path):
    people = ("东门社区,100", "塘湾村,60", "远方社区,7")
    _, record = saved(town(tmp_path, people=people), tmp_path)
    account = record["people"]
    assert account["people"] == pytest.approx(160)
    assert account["table"] == {"counts": 167.0, "in_communities": 160.0, "in_none": 7.0}
    assert sum(one["people"] for one in account["by_origin"].values()) == pytest.approx(160)
    assert sum(one["people"] for one in account["by_status"].values()) == pytest.approx(160)
    assert account["assumed_storeys"]["people"] == pytest.approx(160)  # shared out by floor area
    assert account["assumed_use"]["people"] == 0
    assert account["classes"] == {
        "urban": {"communities": 1, "people": pytest.approx(100)},
        "rural": {"communities": 1, "people": pytest.approx(60)},
        "evidence": {"name": 2},
    }
    assert any(
        "1 rows with 7 people are in no community (远方社区)" in w for w in record["warnings"]
    )
    assert record["notes"]["share of people that rests on assumed storeys"] == "100.0%"
    assert record["notes"]["table of people (all = in communities + in none)"] == "167 = 160 + 7"


def test_a_public_run_keeps_its_account_to_itself(tmp_path):
    study = town(tmp_path, study='name = "Town"\nlanguage = "en"\nrelease = "public"')
    _, record = saved(study, tmp_path)
    assert record["people"] == {}


# -- groups ------------------------------------------------------------------------------------
ELDERS = """
name = "elders"
extends = "basic"
edition = "1"
title_zh = "老年"
title_en = "Elders"

[[requirements]]
id = "medical_elders"
service = "medical"
label_zh = "老年人就医"
label_en = "Medical care for elders"
circle = 5
minutes = 1
profile = "elder"
group = "60plus"
obligation = "must"
view = "base"
target_share = 0.9
min_people_short = 1
evidence = [
  { field = "min_people_short", clause = "P", source = "lifecircle", tag = "P" },
  { field = "minutes", clause = "P", source = "lifecircle", tag = "P" },
  { field = "profile", clause = "P", source = "lifecircle", tag = "P" },
  { field = "target_share", clause = "P", source = "lifecircle", tag = "P" },
]
"""


def elders(folder, people, groups=""):
    (folder / "elders.toml").write_text(ELDERS, encoding="utf-8")
    homes = f'table = "people.csv"\ngrids = "grids.gpkg"\n{groups}'
    study = town(folder, people=(), homes=homes, standard='file = "elders.toml"')
    text(folder, people, name="people.csv")
    return study.run()


def test_a_flat_share_of_elders_gives_no_gap_and_no_site_only_a_note(tmp_path):
    people = ["社区,常住人口", "东门社区,100", "塘湾村,60"]
    found = elders(tmp_path, people, "groups = { 60plus = 0.25 }")
    assert found.homes["people_60plus"].sum() == pytest.approx(40)
    assert "medical_elders" not in set(found.gaps.table["requirement"])
    scores = found.scorecard.scores
    mine = scores[scores["requirement"] == "medical_elders"]
    assert "unknown" in set(mine["verdict"]) <= {"unknown", "met", "empty"}
    assert any("60plus is the same declared share of everybody" in one for one in found.warnings)


def test_counted_elders_give_gaps(tmp_path):
    people = ["社区,常住人口,60岁以上", "东门社区,100,30", "塘湾村,60,12"]
    found = elders(tmp_path, people, "groups = { 60plus = 0.25 }")
    assert found.homes["people_60plus"].sum() == pytest.approx(42)
    assert "medical_elders" in set(found.gaps.table["requirement"])
    assert not any("declared share of everybody" in one for one in found.warnings)
