"""What `check` says: every file, what it holds, what is doubtful, and nothing analysed."""

from __future__ import annotations

import json

import pytest

from lifecircle.study import Study
from lifecircle.study.checking.report import CheckReport
from tests.small_town import write_study, write_town


@pytest.fixture(scope="module")
def report():
    return Study.toytown().check()


def test_the_report_counts_what_is_there(report):
    assert list(report.facts) == [
        "study",
        "files",
        "streets",
        "homes",
        "communities",
        "people",
        "facilities",
        "expected",
    ]
    assert report.facts["study"]["name"] == "Toytown"
    assert report.facts["study"]["area_km2"] == pytest.approx(1.3 * 0.65, abs=0.01)
    assert report.facts["study"]["area_within_data"] == 1.0
    assert report.facts["streets"]["closed_estates"] == 3
    assert report.facts["homes"] == {
        "homes": 18,
        "people": 2088.0,
        "status far": 1,
        "status island": 1,
        "status ok": 16,
        "people from people": 18,
    }
    assert report.facts["communities"] == {
        "communities": 4,
        "without people": 1,
        "homes in none": 0,
    }
    assert report.facts["facilities"]["fitness"] == (
        "fitness.field 1, fitness.hall 1, fitness.outdoor 1"
    )


def test_the_report_is_plain_data_and_a_page(report):
    plain = json.loads(json.dumps(report.as_dict(), ensure_ascii=False))
    assert plain["homes"]["people"] == 2088.0
    assert plain["warnings"] == list(report.warnings)
    page = str(report).splitlines()
    assert page[0] == "study"
    assert "  people: 2088.0" in page
    doubts, steps = page.index("doubts") + 1, page.index("what to do next")
    assert page[doubts:steps] == [f"  - {text}" for text in report.warnings]
    assert len(page[steps + 1 :]) == len(report.advice) == len(plain["advice"])
    assert "doubts" not in str(CheckReport(facts=report.facts, warnings=()))
    chinese = CheckReport(facts={}, warnings=("in English",), worded=("用中文",))
    assert str(chinese) == "doubts\n  - 用中文"
    assert chinese.as_dict()["warnings"] == ["in English"]


def test_every_file_is_listed_and_its_rows_add_up(small_study):
    heard = []
    report = Study.load(small_study).check(heard.append)
    assert list(report.facts["files"]) == ["town.osm"]
    words = report.facts["files"]["town.osm"].split()
    rows_in, used, doubtful, refused = (int(words[at]) for at in (0, 4, 7, 10))
    assert rows_in == used + doubtful + refused == 48
    assert heard == ["read", "streets", "communities", "facilities", "homes", "units"]


def test_a_service_without_facilities_is_none_and_a_doubt(tmp_path):
    write_town(tmp_path, services=("medical",))
    report = Study.load(write_study(tmp_path, homes=None)).check()
    assert report.facts["facilities"]["culture"] == "none"
    assert report.facts["homes"]["people from equal"] == 30
    assert [one.split(":")[0] for one in report.warnings] == [
        "no facility of culture, fitness, elder_care is in the data",
        "no population is known",
    ]
