"""`Study` loads, checks and runs; `Findings` shows, saves and repeats itself."""

from __future__ import annotations

import dataclasses
import shutil

import folium
import pytest

from lifecircle.errors import RuleError, SourceError
from lifecircle.study import Findings, Study
from lifecircle.study import __file__ as study_file
from lifecircle.study.demo_data import DEMOS, embedded


# -- what is refused ---------------------------------------------------------------------------
def test_a_study_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(SourceError, match=r"study\.toml: there is no such study file"):
        Study.load(tmp_path)
    with pytest.raises(SourceError, match=r"mine\.toml"):
        Study.load(str(tmp_path / "mine.toml"))


def test_an_unknown_standard_is_told_with_the_known_ones():
    with pytest.raises(RuleError, match="zhejiang"):
        Study.toytown(standard="zheijang")


def test_an_embedded_study_that_is_missing_is_told():
    with pytest.raises(SourceError, match=r"'atlantis' is missing .* install lifecircle again"):
        embedded("atlantis")


# -- loading -----------------------------------------------------------------------------------
def test_the_embedded_study_is_found_in_a_checkout_and_in_a_wheel(tmp_path, monkeypatch):
    assert (embedded(DEMOS["en"]) / "neubrandenburg.osm.pbf").stat().st_size > 1_000_000
    package = tmp_path / "site-packages" / "lifecircle"
    beside = package / "data" / DEMOS["en"]
    beside.mkdir(parents=True)
    shutil.copy(embedded(DEMOS["en"]) / "study.toml", beside)
    monkeypatch.setitem(embedded.__globals__, "__file__", str(package / "study" / "__init__.py"))
    assert embedded(DEMOS["en"]) == beside
    shutil.rmtree(beside)
    with pytest.raises(SourceError):
        embedded(DEMOS["en"])
    assert study_file


def test_the_demos_are_a_real_town_and_a_fictional_district():
    study = Study.demo()
    assert study == Study.demo(language="en")
    assert study.config.study.name == "Neubrandenburg"
    assert study.config.study.language == "en"
    assert study.config.homes.total == 63437
    assert study.given is None
    chinese = Study.demo(language="zh").config
    assert chinese.study.language == "zh"
    assert "虚构" in chinese.study.name
    with pytest.raises(SourceError, match="'fr'"):
        Study.demo(language="fr")


def test_the_chinese_demo_is_what_init_writes_of_its_folder(tmp_path):
    folder = embedded(DEMOS["zh"])
    beside = tmp_path / folder.name
    shutil.copytree(folder, beside)
    (beside / "study.toml").unlink()
    Study.init(beside)

    def statements(path):
        lines = path.read_text(encoding="utf-8").splitlines()
        return [one for one in lines if not one.startswith(("#", "name ="))]

    assert statements(beside / "study.toml") == statements(folder / "study.toml")


def test_a_folder_or_its_file_load_the_same_study(small_study):
    assert Study.load(small_study) == Study.load(str(small_study.parent))


def test_nothing_is_read_before_it_is_asked_for(small_study):
    (small_study.parent / "town.osm").write_bytes(b"")
    assert Study.load(small_study).config.study.name == "Small town"


def test_a_study_and_its_findings_are_values(toy_findings):
    study = Study.toytown()
    with pytest.raises(dataclasses.FrozenInstanceError):
        study.given = None
    with pytest.raises(dataclasses.FrozenInstanceError):
        toy_findings.stages = None


# -- findings ----------------------------------------------------------------------------------
def test_findings_are_reached_by_the_names_a_planner_types(toy_findings):
    assert isinstance(toy_findings, Findings)
    assert toy_findings.scorecard.worst(1)["area_id"].tolist() == ["c3"]
    assert set(toy_findings.gaps.for_service("elder_care")["community_id"]) == {"c2", "c3"}
    assert len(toy_findings.homes) == 18
    assert len(toy_findings.communities) == 4
    assert len(toy_findings.sites) == len(toy_findings.programme.projects)
    assert repr(toy_findings) == (
        f"<Findings of Toytown: 4 communities, {len(toy_findings.gaps)} gaps, "
        f"{len(toy_findings.sites)} sites>"
    )


def test_everything_shows_itself_in_a_notebook(toy_findings):
    for shown in (
        toy_findings.scorecard,
        toy_findings.gaps,
        toy_findings.sites,
        toy_findings.programme,
    ):
        assert shown._repr_html_().startswith("<table")
    drawn = toy_findings.map()
    assert isinstance(drawn, folium.Map)
    page = drawn._repr_html_()
    assert "北岸社区" in page or "lc-facts" in page


def test_running_twice_gives_the_same(toy_findings):
    again = Study.toytown().run()
    assert again.summary() == toy_findings.summary()
    assert again.scorecard.scores.equals(toy_findings.scorecard.scores)
    assert again.gaps.table.equals(toy_findings.gaps.table)


@pytest.mark.parametrize("standard", ["gb50180", "zhejiang"])
def test_other_standards_run_on_the_same_town(standard, tmp_path):
    found = Study.toytown(standard=standard, language="zh").run()
    asked = {one.id for one in found.content.standard.requirements}
    assert set(found.scorecard.scores["requirement"]) == asked
    assert not set(found.gaps.table["requirement"]) - asked
    found.save(tmp_path / "out")
    assert (tmp_path / "out" / "gaps.xlsx").stat().st_size > 10_000
