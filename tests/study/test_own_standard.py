"""A service nobody thought of, from a planner's own file alone: public toilets of the demo town."""

from __future__ import annotations

import warnings

import geopandas as gpd
import pytest

from lifecircle.errors import LifecircleWarning
from lifecircle.sources.facilities.recognition import Recognition
from lifecircle.sources.osm.facilities import facilities_from_pois
from lifecircle.sources.osm.file import read_osm_file
from lifecircle.standards import load_standard
from lifecircle.study import Study
from tests.conftest import NEUBRANDENBURG

OURS = """
name = "ours"
title_zh = "公厕与公园"
title_en = "Toilets and parks"
edition = "2026"
services = ["toilet", "green"]

[service_labels]
toilet = { zh = "公共厕所", en = "Public toilets" }
green = { zh = "绿地", en = "Green" }

[sources]
council = "resolution of the city council, 2026"

[[types]]
id = "toilet.public"
service = "toilet"
label_zh = "公共厕所"
label_en = "Public toilets"
circle = 10
tags = [{ amenity = "toilets" }]
names = ["公厕|公共厕所"]
codes = ["200300"]

[[types]]
id = "green.park"
service = "green"
label_zh = "公园"
label_en = "Park"
tags = [{ leisure = "park" }]

[[requirements]]
id = "toilet_10"
service = "toilet"
label_zh = "公共厕所（10分钟）"
label_en = "Public toilets within 10 minutes"
circle = 10
minutes = 10
evidence = [{ field = "minutes", clause = "3", source = "council", tag = "V" }]

[[requirements]]
id = "park_5"
service = "green"
label_zh = "公园（5分钟）"
label_en = "Park within 5 minutes"
circle = 5
minutes = 5
evidence = [{ field = "minutes", clause = "4", source = "council", tag = "V" }]
"""
STUDY = f"""
[study]
name = "Toilets"
language = "en"

[area]
relation = 62705

[network]
osm = "{NEUBRANDENBURG.as_posix()}"

[communities]
draw = "places"
place_kinds = ["suburb"]

[homes]
buildings = "osm"
total = 63437

[standard]
file = "ours.toml"

[siting]
years = 1
max_sites = 1
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    (folder / "ours.toml").write_text(OURS, encoding="utf-8")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LifecircleWarning)
        findings = Study.load(folder / "study.toml").run()
    return findings, folder


def test_without_the_file_toilets_and_parks_are_no_facilities(neubrandenburg):
    table, _ = facilities_from_pois(neubrandenburg.pois)
    assert set(table["service"]).isdisjoint(("toilet", "green"))


def test_the_extract_is_read_for_what_the_file_names(tmp_path):
    file = tmp_path / "ours.toml"
    file.write_text(OURS, encoding="utf-8")
    own = Recognition.of(load_standard(file=file).types)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LifecircleWarning)
        survey = read_osm_file(NEUBRANDENBURG, own=own)
    table, _ = facilities_from_pois(survey.pois, own)
    toilets = table[table["service"] == "toilet"]
    assert len(toilets) == 4  # counted in the file with osmium: three nodes and a building
    assert set(toilets["rule"]) == {"tag amenity=toilets"}
    parks = table[table["service"] == "green"]
    assert len(parks) > 5
    assert set(parks.geom_type) <= {"Polygon", "MultiPolygon", "Point"}
    assert "Polygon" in set(parks.geom_type)


def test_the_run_judges_what_the_file_asks(found):
    findings, _ = found
    scores = findings.scorecard.scores
    study = scores[scores["level"] == "study"].set_index("requirement")
    assert list(study.index) == ["toilet_10", "park_5"]
    assert study.loc["toilet_10", "facilities"] == 4
    assert 0 < study.loc["toilet_10", "share"] < 0.5  # four of them, all near the centre
    assert 0 < study.loc["park_5", "share"] < 0.5
    assert set(scores["service"]) == {"toilet", "green"}


def test_parks_are_entered_where_streets_meet_their_outline(found):
    findings, _ = found
    content = findings.content
    parks = content.facilities[content.facilities["service"] == "green"]
    outlines = parks[parks.geom_type != "Point"].set_index("facility_id").geometry
    doors = content.entrances[content.entrances["facility_id"].isin(outlines.index)]
    assert set(doors["origin"]) <= {"gate", "street", "outline", "entrance"}
    assert (doors["origin"] == "street").any()
    assert len(doors) > len(outlines)
    for row in doors.itertuples():
        assert outlines[row.facility_id].boundary.distance(row.geometry) < 1.1


def test_the_outputs_hold_the_new_service(found, tmp_path):
    findings, _ = found
    findings.save(tmp_path / "run")
    text = (tmp_path / "run/tables/services.csv").read_text(encoding="utf-8-sig")
    assert ",toilet,10," in text
    layer = gpd.read_file(tmp_path / "run/results.gpkg", layer="facilities")
    assert (layer["type"] == "toilet.public").sum() == 4
