"""What a good study file becomes."""

from __future__ import annotations

import copy
import datetime
import json
import pickle
import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError

from lifecircle.config import (
    AreaSection,
    NetworkSection,
    StudyConfig,
    StudySection,
    load_config,
)
from lifecircle.config.contradictions import find_contradictions
from lifecircle.config.lines import key_lines, line_of
from lifecircle.errors import LifecircleError
from tests.config_making import fill, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return fill(tmp_path)


def test_byte_order_mark_and_windows_line_ends_are_accepted(folder):
    path = write(folder, study='name = "镇区"')
    text = path.read_text(encoding="utf-8").replace("\n", "\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load_config(path).study.name == "镇区"


def test_defaults(folder):
    config = load_config(write(folder))
    assert config.study == StudySection(
        name="Town", language="zh", release="internal", online=False
    )
    assert config.communities.draw == "places"
    assert config.communities.place_kinds == ("suburb", "quarter", "neighbourhood")
    assert config.communities.cell_m == 500.0
    assert config.homes.buildings == "osm"
    assert config.homes.total is None
    assert dict(config.homes.groups) == {}
    assert config.facilities.osm
    assert config.facilities.tables == ()
    assert config.estates is None
    assert config.land.osm
    assert config.standard.name == "basic"
    assert (config.siting.years, config.siting.max_sites, config.siting.seed) == (3, 12, 0)
    assert config.has_osm
    assert config.folder == folder


def test_files_of_addresses_are_named_alone_or_described(tmp_path):
    fill(tmp_path)
    files = 'addresses = ["roads.shp", {file = "poi.csv", datum = "GCJ02", columns = {name = "a"}}]'
    path = write(tmp_path, geocode=f'{files}\nplaced = "costs.xlsx"\nplaced_datum = "bd09"')
    part = load_config(path).geocode
    assert part is not None
    first, second = part.addresses
    assert (first.file, first.datum, first.columns) == (tmp_path / "roads.shp", None, None)
    assert (second.datum, dict(second.columns or {})) == ("gcj02", {"name": "a"})
    assert (part.placed, part.placed_datum, part.accept) == (tmp_path / "costs.xlsx", "bd09", 0.6)
    empty = load_config(write(tmp_path, geocode="")).geocode
    assert empty is not None
    assert empty.addresses == ()
    assert load_config(write(tmp_path)).geocode is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('addresses = ["none.shp"]', "none.shp"),
        ("addresses = [3]", "addresses"),
        ('addresses = [{datum = "gcj02"}]', "file"),
        ('addresses = [{file = "roads.shp", datum = "mars"}]', "'mars' is no known datum"),
        ("accept = 1.5", "accept"),
        ('placed_datum = "wgs84"', "placed"),
    ],
)
def test_a_wrong_section_of_places_is_refused(tmp_path, text, said):
    with pytest.raises(LifecircleError, match=said):
        load_config(write(fill(tmp_path), geocode=text))


FULL = """
[study]
name = "澜浦区"
language = "en"
release = "public"
online = true
[area]
boundary = "sub/../Area.gpkg"
crs = "EPSG:4528"
[network]
osm = "extract.osm.pbf"
roads = 'deep\\roads.shp'
columns = { name = "DLMC" }
[communities]
file = "communities.gpkg"
columns = {id = "XZQDM", name = "XZQMC"}
encoding = "gbk"
[homes]
buildings = false
total = 63437
groups = {"60plus" = 0.23, "0_3" = 0.02}
[facilities]
osm = false
complete = ["medical"]
[[facilities.tables]]
file = "poi.csv"
datum = "GCJ02"
codes = "amap"
complete = true
as_of = 2026-06-30
[[facilities.tables]]
file = "poi.csv"
datum = "epsg:4528"
as_of = "2025-12-31"
[estates]
file = "Area.gpkg"
[land]
exclude = ["roads.shp", "Area.gpkg"]
code_system = "2023"
[standard]
name = "zhejiang"
[standard.override]
medical_15 = {target_share = 0.9, since = 2026-01-01}
[siting]
budget = 3000
unit_costs = "costs.xlsx"
weights = {medical = 2}
must = ["p1"]
never = ["p2"]
"""


@pytest.fixture
def full(folder: Path) -> Path:
    (folder / "deep").mkdir()
    (folder / "deep" / "roads.shp").touch()
    path = folder / "study.toml"
    path.write_text(FULL, encoding="utf-8")
    return path


def test_values_of_a_full_study(full):
    config = load_config(full)
    assert config.area.boundary == full.parent / "Area.gpkg"
    assert config.network.roads == full.parent / "deep" / "roads.shp"
    assert dict(config.communities.columns or {}) == {"id": "XZQDM", "name": "XZQMC"}
    assert config.homes.buildings is None
    assert config.homes.total == 63437.0
    first, second = config.facilities.tables
    assert (first.datum, first.complete, first.as_of) == (
        "gcj02",
        True,
        datetime.date(2026, 6, 30),
    )
    assert (second.datum, second.as_of) == ("epsg:4528", datetime.date(2025, 12, 31))
    assert config.siting.max_sites is None
    assert config.siting.budget == 3000.0
    assert config.estates is not None
    assert config.estates.leg_factor == 1.3
    assert config.estates.detect is True
    assert config.network.mend_m == 0


def test_resolved_is_plain_and_holds_no_absolute_path(full, tmp_path_factory):
    outside = tmp_path_factory.mktemp("elsewhere") / "dem.tif"
    outside.touch()
    text = FULL.replace("[network]\n", f"[network]\ndem = '{outside}'\n")
    full.write_text(text, encoding="utf-8")
    resolved = load_config(full).resolved()
    plain = json.dumps(resolved, ensure_ascii=False)
    assert str(full.parent) not in plain
    assert str(outside.parent) not in plain
    assert json.loads(plain) == resolved
    assert resolved["network"]["dem"] == "dem.tif"
    assert resolved["network"]["roads"] == "deep/roads.shp"
    assert resolved["area"]["boundary"] == "Area.gpkg"
    assert resolved["land"]["exclude"] == ["roads.shp", "Area.gpkg"]
    assert resolved["standard"]["override"] == {
        "medical_15": {"target_share": 0.9, "since": "2026-01-01"}
    }
    assert "path" not in resolved


def test_the_same_study_in_another_folder_resolves_alike(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    fill(other)
    assert load_config(write(folder)).resolved() == load_config(write(other)).resolved()


def test_the_file_is_not_changed_and_reading_twice_gives_the_same(full):
    before = full.read_bytes()
    assert load_config(full) == load_config(full.parent)
    assert full.read_bytes() == before


def test_a_study_is_frozen_and_travels(full):
    config = load_config(full)
    with pytest.raises(ValidationError):
        config.study.name = "other"
    with pytest.raises(ValidationError):
        config.study = StudySection(name="other")
    assert pickle.loads(pickle.dumps(config)) == config
    assert copy.deepcopy(config) == config


def test_a_study_made_in_code_must_agree_with_itself_too():
    with pytest.raises(ValidationError, match="looked up on the internet"):
        StudyConfig(
            path=Path("study.toml"),
            study=StudySection(name="x"),
            area=AreaSection(place="Town"),
            network=NetworkSection(osm=Path("x.pbf")),
        )


def test_contradictions_count_only_typed_keys():
    assert find_contradictions({"siting": {"max_sites": 12}}) == []
    assert find_contradictions(tomllib.loads(FULL)) == []
    assert len(find_contradictions({"siting": {"max_sites": 0, "budget": 1}})) == 2


def test_lines_of_keys_in_awkward_texts():
    text = (
        "# [no.table]\n"
        "'quoted key' = 1\n"
        '[a . "b"] # comment\n'
        'text = """\n'
        "[not.a.table]\n"
        'x = 1 """\n'
        "list = [ # ]\n"
        '  \'[\', "]\\"",\n'
        "]\n"
        "c.d = 2\n"
        "[[e]]\n"
        "f = 1\n"
        "[[e]]\n"
        "f = {g = 1}\n"
    )
    tomllib.loads(text)
    lines = key_lines(text)
    assert lines == {
        ("quoted key",): 2,
        ("a", "b"): 3,
        ("a", "b", "text"): 4,
        ("a", "b", "list"): 7,
        ("a", "b", "c", "d"): 10,
        ("e", 0): 11,
        ("e", 0, "f"): 12,
        ("e", 1): 13,
        ("e", 1, "f"): 14,
    }
    assert line_of(("e", 1, "f", "g"), lines) == 14
    assert line_of(("a", "b", "nothing"), lines) == 3
    assert line_of(("zzz",), lines) is None
