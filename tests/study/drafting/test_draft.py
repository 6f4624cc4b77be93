"""`init`: a folder as it is handed over becomes a study that works as it stands."""

from __future__ import annotations

import tomllib
import zipfile
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from lifecircle.errors import SourceError
from lifecircle.study import Study
from tests.small_town import SOUTH, STEP_LAT, STEP_LON, WEST, write_town
from tests.sources.planner_files import LANPU, heard
from tests.sources.sheet_making import book, text

SMALL = LANPU.parent / "cn_lanpu_small"


@pytest.fixture
def folder(tmp_path):
    """The small town with communities, people, a list and what else lies about."""
    made = tmp_path / "given"
    made.mkdir()
    write_town(made)
    edges = [WEST - 0.001, WEST + 2.5 * STEP_LON, WEST + 6 * STEP_LON]
    boxes = [
        shapely.box(west, SOUTH - 0.001, east, SOUTH + 6 * STEP_LAT)
        for west, east in pairwise(edges)
    ]
    gpd.GeoDataFrame(
        {"code": ["1", "2"], "name": ["东门社区", "塘湾村"]}, geometry=boxes, crs="EPSG:4326"
    ).to_file(made / "a.gpkg")
    head = ["社区", "常住人口"]
    book(
        made,
        ("2020", [head, ["东门社区", 90], ["塘湾村", 40]]),
        ("2025", [head, ["东门社区", 100], ["塘湾村", 50]]),
        name="b.xlsx",
    )
    lines = ["名称,经度,纬度", f"东门社区卫生服务站,{WEST + 0.001},{SOUTH + 0.001}"]
    text(made, ["坐标：WGS84,,", *lines], name="c.csv")
    text(made, ["坐标：WGS84,,", *lines], name="c - 副本.csv")
    (made / "d.dwg").touch()
    (made / "d.dxf").touch()
    (made / "README.md").write_text("read me")
    with zipfile.ZipFile(made / "e.zip", "w") as archive:
        archive.write(made / "a.gpkg", "a.gpkg")
    return made


# -- what cannot be drawn up -------------------------------------------------------------------
def test_a_study_file_is_never_written_over(folder):
    (folder / "study.toml").write_text("mine")
    with pytest.raises(SourceError, match="there is a study file already"):
        Study.init(folder)
    assert (folder / "study.toml").read_text() == "mine"


def test_nothing_there_is_said(tmp_path):
    with pytest.raises(SourceError, match="no such folder, file or study"):
        Study.init(tmp_path / "gone" / "town.osm.pbf")
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match="holds no file"):
        Study.init(tmp_path / "empty")


def test_without_streets_there_is_no_study(folder):
    (folder / "town.osm").unlink()
    with pytest.raises(SourceError, match=r"no file with streets.*recognised: .*communities"):
        Study.init(folder)
    assert not (folder / "study.toml").exists()


def test_a_place_that_cannot_be_written_to_is_said(folder):
    (folder / "file").touch()
    with pytest.raises(SourceError, match="cannot be written"):
        Study.init(folder, out=folder / "file" / "study.toml")


# -- what is drawn up --------------------------------------------------------------------------
def test_a_folder_becomes_a_study_that_works_as_it_stands(folder):
    drafted = Study.init(folder)
    said = tomllib.loads(drafted.text)
    assert drafted.path == folder / "study.toml"
    assert said["area"] == {"boundary": "a.gpkg"}
    assert said["network"] == {"osm": "town.osm"}
    assert said["communities"] == {"file": "a.gpkg"}
    assert said["homes"] == {"buildings": "osm", "table": "b.xlsx", "sheet": "2025"}
    (listed,) = said["facilities"]["tables"]
    assert (listed["file"], listed["datum"], listed["complete"]) == ("c.csv", "wgs84", False)
    assert said["standard"]["name"] == "basic"
    with heard():
        report = Study.load(drafted.path).check()
    assert report.facts["homes"]["people"] == pytest.approx(150)


def test_every_file_is_named_with_a_reason(folder):
    lines = Study.init(folder).text.splitlines()
    for path in folder.iterdir():
        if path.name != "study.toml":
            assert any(path.name in line for line in lines), path.name
    unused = lines[lines.index("# Not used:") + 1 :]
    assert any("d.dwg: the same drawing as d.dxf" in line for line in unused)
    assert any("c - 副本.csv" in line and "same rows as c.csv" in line for line in unused)
    assert any("e.zip: holds the same files as lie beside it" in line for line in unused)
    assert any("b.xlsx, 2020" in line and "b.xlsx, 2025 says it better" in line for line in unused)


def test_drawing_up_changes_nothing_and_is_the_same_twice(folder, tmp_path):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    one = Study.init(folder, out=tmp_path / "one.toml")
    two = Study.init(folder, out=tmp_path / "two.toml")
    assert one.text == two.text
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_names_of_files_are_hostile(folder):
    name = 'q"]\n[study] x.csv'
    (folder / "c.csv").rename(folder / name)
    (folder / "c - 副本.csv").unlink()
    said = tomllib.loads(Study.init(folder).text)
    assert said["facilities"]["tables"][0]["file"] == name
    assert said["study"]["name"] == "given"


def test_an_extract_alone_becomes_a_study(tmp_path):
    write_town(tmp_path)
    drafted = Study.init(tmp_path / "town.osm")
    said = tomllib.loads(drafted.text)
    assert said["communities"]["draw"] in ("places", "grid")
    with heard():
        assert Study.load(drafted.path).check().facts["homes"]["homes"] == 30


def test_centrelines_alone_say_where_the_area_is(tmp_path):
    lines = [shapely.LineString([(120.0, 30.0), (120.1, 30.05)])] * 3
    roads = gpd.GeoDataFrame({"DLMC": list("abc"), "DLDJ": "支路"}, geometry=lines, crs=4326)
    roads.to_file(tmp_path / "roads.gpkg")
    said = tomllib.loads(Study.init(tmp_path).text)
    assert said["area"]["bbox"] == pytest.approx([120.01, 30.005, 120.09, 30.045])


def test_a_name_becomes_a_study_that_asks_the_internet(tmp_path):
    said = tomllib.loads(Study.init("Xihu, Hangzhou", out=tmp_path / "study.toml").text)
    assert said["study"] == {"name": "Xihu, Hangzhou", "online": True}
    assert said["area"] == {"place": "Xihu, Hangzhou"}


def test_a_slip_of_the_pen_is_no_place(folder, monkeypatch):
    monkeypatch.chdir(folder.parent)
    with pytest.raises(SourceError, match="did you mean 'given'"):
        Study.init("givn")
    assert not Path("study.toml").exists()


def test_office_files_of_a_district_are_all_recognised(tmp_path):
    if not SMALL.exists():
        pytest.skip("no data of Lanpu")
    drafted = Study.init(SMALL, out=tmp_path / "study.toml")
    said = tomllib.loads(drafted.text)
    assert Path(said["communities"]["file"]).name == "01_社区界线.shp"
    assert Path(said["homes"]["grids"]).name == "02_网格.gdb"
    assert said["homes"]["sheet"] == "公安2025"
    assert said["standard"]["name"] == "zhejiang"
    lists = [Path(one["file"]).name[:3] for one in said["facilities"]["tables"]]
    assert lists == ["13a", "13b", "13c", "13d", "13e", "13g", "15_", "13f"]
    assert "nothing a study reads was recognised" not in drafted.text
