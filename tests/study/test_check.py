"""What `check` adds for a planner: how files are read, what is missing, what to do next."""

from __future__ import annotations

import json

import pytest

from lifecircle.study import Study
from tests.small_town import write_study, write_town
from tests.sources.planner_files import heard
from tests.study.test_people import town


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    with heard():
        return town(tmp_path_factory.mktemp("town")).check()


def test_each_file_says_how_it_is_read(report):
    columns = report.facts["columns"]
    assert columns["homes.table people.csv"].startswith("name = 社区, people = 常住人口")
    assert "texts utf-8" in columns["homes.table people.csv"]
    places = columns["communities.file communities.gpkg"]
    assert "id = id, name = name" in places
    assert "EPSG:4326" in places
    assert "100% of its rows in the area" in places
    assert "table_columns" in columns["where a column is wrong"]


def test_people_are_summed_beside_what_their_table_says(report):
    people = report.facts["people"]
    assert people["people.csv: residents (常住)"] == 160
    assert people["people of all homes"] == pytest.approx(160)


def test_facilities_stand_beside_what_so_many_people_would_have(report):
    assert report.facts["expected"]["medical"] == "1 of about 0: plausible"


def test_advice_is_numbered_and_whole_in_json(report):
    plain = json.loads(json.dumps(report.as_dict(), ensure_ascii=False))
    assert [set(one) for one in plain["advice"]] == [{"missing", "follows", "do"}] * len(
        report.advice
    )
    page = str(report)
    assert "what to do next\n  1. " in page
    assert "no list of leftover land" in page


def test_what_is_missing_comes_first(tmp_path):
    write_town(tmp_path, services=("medical",))
    with heard():
        advice = Study.load(write_study(tmp_path, homes=None)).check().advice
    assert advice[0].missing == "no number of people is known"
    assert advice[1].missing == "culture: 0 facilities"
    assert "no_data" in advice[1].follows


def test_a_service_declared_complete_is_not_asked_for(tmp_path):
    write_town(tmp_path, services=("medical",))
    declared = 'complete = ["culture", "fitness", "elder_care"]\nas_of = 2026-01-01'
    with heard():
        report = Study.load(write_study(tmp_path, facilities=declared)).check()
    assert not any(one.missing.startswith("culture") for one in report.advice)
