"""The command line: what it prints and writes, how it ends, what it says when it cannot."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely

from lifecircle import cli, tables
from lifecircle.outputs.webmap.offline import unpack
from lifecircle.standards import packaged_standards
from lifecircle.study import Study
from lifecircle.study.demo_data import embedded
from tests.small_town import BBOX, write_study, write_town
from tests.study.test_save import FILES, HEADS, LAYERS

EMBEDDED = Path(__file__).resolve().parents[1] / "data/neubrandenburg/neubrandenburg.osm.pbf"
DONE, FAULT_OF_OURS, INPUTS_WRONG = 0, 1, 2


@dataclasses.dataclass(frozen=True)
class Ended:
    status: int
    out: str
    err: str


@pytest.fixture
def lifecircle(monkeypatch, capsys):
    """Run the command line in this process: the same door, without starting Python anew."""

    def run(*words) -> Ended:
        monkeypatch.setattr(sys, "argv", ["lifecircle", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return Ended(status=int(ended.value.code or 0), out=said.out, err=said.err)

    return run


@pytest.fixture
def refused(lifecircle):
    """Check a study that cannot be used and give the one thing that is said about it."""

    def check(study, *words) -> str:
        ended = lifecircle("check", study, "-q", *words)
        assert ended.status == INPUTS_WRONG, ended.err
        assert "Traceback" not in ended.err
        assert ended.out == ""
        lines = ended.err.strip().splitlines()
        assert all(line.startswith("error: ") for line in lines), ended.err
        return "\n".join(line.removeprefix("error: ") for line in lines)

    return check


def python(*words, **environment):
    return subprocess.run(
        [sys.executable, *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
    )


# -- the door ----------------------------------------------------------------------------------
def test_help_names_every_verb_and_imports_nothing_heavy():
    code = (
        "import sys\nfrom lifecircle.cli import main\nsys.argv = ['lifecircle', '--help']\n"
        "try:\n    main()\nexcept SystemExit as ended:\n    assert not ended.code\n"
        "heavy = {'numpy', 'pandas', 'geopandas', 'numba', 'shapely', 'pydantic', 'osmium'}\n"
        "print('heavy:', sorted(heavy & set(sys.modules)))"
    )
    ended = python("-c", code)
    assert ended.returncode == 0, ended.stderr
    for verb in ("demo", "run", "check", "compare", "standards"):
        assert re.search(rf"^\W*{verb}\b", ended.stdout, re.MULTILINE), verb
    assert "heavy: []" in ended.stdout


def test_a_broken_study_ends_with_2_and_no_traceback_in_a_shell(tmp_path):
    file = str(tmp_path / "study.toml")
    ended = python("-m", "lifecircle", "check", file, PYTHONIOENCODING="ascii")
    assert ended.returncode == INPUTS_WRONG
    assert ended.stdout == ""
    assert ended.stderr.startswith("error: study.toml: there is no such study file")
    assert "Traceback" not in ended.stderr


def test_words_that_are_no_command_are_told(lifecircle):
    assert lifecircle("walk").status == INPUTS_WRONG
    assert lifecircle("demo", "--lang", "fr").status == INPUTS_WRONG
    assert lifecircle("run").status == INPUTS_WRONG


def test_a_fault_of_ours_is_called_one(lifecircle, small_study, monkeypatch):
    def broken(self, announce=None):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(Study, "check", broken)
    ended = lifecircle("check", small_study)
    assert ended.status == FAULT_OF_OURS
    assert "ZeroDivisionError" in ended.err
    assert ended.err.endswith("error: this is a fault of lifecircle, not of your files\n")


# -- files that cannot be used -----------------------------------------------------------------
@pytest.fixture
def small_study(tmp_path):
    write_town(tmp_path)
    return write_study(tmp_path)


def test_missing_study_file(refused, tmp_path):
    said = refused(tmp_path / "nowhere.toml")
    assert said.startswith("nowhere.toml: there is no such study file — name the study.toml")


def test_no_remedy_names_a_command_that_does_not_exist(refused, tmp_path, lifecircle):
    verbs = set(re.findall(r"lifecircle ([a-z]+)", refused(tmp_path / "nowhere.toml")))
    known = {command.name or command.callback.__name__ for command in cli.app.registered_commands}
    assert verbs <= known


def test_missing_osm_file(refused, small_study):
    (small_study.parent / "town.osm").rename(small_study.parent / "town2.osm")
    said = refused(small_study)
    assert "osm" in said
    assert "'town.osm' does not exist" in said
    assert "did you mean 'town2.osm'?" in said


def test_text_that_is_called_an_osm_file(refused, tmp_path):
    (tmp_path / "town.osm.pbf").write_text("Dear colleague,\nplease find the data attached.\n")
    said = refused(write_study(tmp_path, network='osm = "town.osm.pbf"'))
    assert said.startswith("town.osm.pbf: ")
    assert " — " in said


def test_an_osm_file_that_is_cut_off(refused, tmp_path):
    (tmp_path / "town.osm.pbf").write_bytes(EMBEDDED.read_bytes()[:200_000])
    said = refused(write_study(tmp_path, network='osm = "town.osm.pbf"'))
    assert said.startswith("town.osm.pbf: ")
    assert " — " in said


def test_an_outline_without_a_polygon(refused, small_study):
    points = gpd.GeoDataFrame({"name": ["x"]}, geometry=[shapely.Point(13, 53)], crs=4326)
    points.to_file(small_study.parent / "area.gpkg")
    said = refused(write_study(small_study.parent, area='boundary = "area.gpkg"'))
    assert "area.boundary (area.gpkg)" in said
    assert " — " in said


def test_an_outline_without_a_feature(refused, small_study):
    (small_study.parent / "area.geojson").write_text('{"type":"FeatureCollection","features":[]}')
    said = refused(write_study(small_study.parent, area='boundary = "area.geojson"'))
    assert "area.geojson" in said
    assert " — " in said


@pytest.mark.parametrize("box", [[7.0, 50.0, 7.1, 50.1], [BBOX[1], BBOX[0], BBOX[3], BBOX[2]]])
def test_an_area_outside_the_extract_and_swapped_axes(refused, small_study, box):
    said = refused(write_study(small_study.parent, area=f"bbox = {box}"))
    assert said.startswith(f"study.toml, area: the study area ({box[0]:.3f}/{box[1]:.3f}/")
    assert "lies outside town.osm — the file covers 12.9400, 52.9600, 13.0700, 53.0500" in said
    assert "swapped x and y" in said


def test_a_box_from_east_to_west(refused, small_study):
    said = refused(write_study(small_study.parent, area="bbox = [13.01, 53.0, 13.0, 53.01]"))
    assert "bbox: runs from west 13.01 to east 13 — " in said
    assert re.match(r"study\.toml, line \d+", said)


def test_an_unknown_key(refused, small_study):
    said = refused(write_study(small_study.parent, siting="max_site = 3"))
    assert "siting" in said
    assert "max_site" in said
    assert "did you mean 'max_sites'?" in said


def test_an_unknown_standard(refused, small_study):
    said = refused(write_study(small_study.parent, standard='name = "zheijang"'))
    assert "zheijang" in said
    assert "zhejiang" in said


def test_an_unknown_override(refused, small_study):
    path = write_study(small_study.parent, extra="\n[standard.override]\nmedical_15.minute = 10\n")
    said = refused(path)
    assert "unknown key 'medical_15.minute'" in said
    assert "medical_15.minutes" in said


@pytest.mark.parametrize(("total", "why"), [("-5", "greater than 0"), ('"many"', "a number")])
def test_a_total_that_cannot_be(refused, small_study, total, why):
    said = refused(write_study(small_study.parent, homes=f"total = {total}"))
    assert "total" in said
    assert why in said


def test_a_relation_that_is_not_in_the_file(refused, tmp_path):
    path = write_study(tmp_path, area="relation = 62706", network=f'osm = "{EMBEDDED.as_posix()}"')
    said = refused(path)
    assert said.startswith("study.toml, area.relation: boundary relation 62706 is not in the OSM")
    assert "62705 Neubrandenburg" in said


def test_no_building(refused, tmp_path):
    write_town(tmp_path, houses=False)
    said = refused(write_study(tmp_path))
    assert said.startswith("homes: neither a residential building nor residential land")
    assert "homes.buildings" in said


def test_no_community(refused, small_study):
    draw = 'draw = "places"\nplace_kinds = ["village"]'
    said = refused(write_study(small_study.parent, communities=draw))
    assert "place" in said
    assert " — " in said


def test_a_map_of_another_place_for_communities(refused, small_study):
    far = gpd.GeoDataFrame({"id": ["a"]}, geometry=[shapely.box(5, 50, 6, 51)], crs=4326)
    far.to_file(small_study.parent / "c.gpkg")
    said = refused(write_study(small_study.parent, communities='file = "c.gpkg"'))
    assert said.startswith("communities.file: no community lies in the study area — check its coor")


def test_every_mistake_is_told_at_once(refused, small_study):
    path = write_study(
        small_study.parent,
        area="bbox = [1, 2]",
        homes="total = -1",
        siting="years = 0\nmax_site = 3",
        communities='draw = "place"',
    )
    said = refused(path)
    assert len(said.splitlines()) >= 5
    for word in ("bbox", "total", "years", "max_site", "draw"):
        assert word in said


def test_out_is_a_file_or_a_folder_of_somebody_elses(lifecircle, small_study, tmp_path):
    (tmp_path / "notes").write_text("mine")
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_text("mine")
    for name, why in (("notes", "is a file"), ("photos", "holds files that are not a run")):
        ended = lifecircle("run", small_study, "-q", "--out", tmp_path / name)
        assert ended.status == INPUTS_WRONG
        assert ended.err.startswith(f"error: {name}: {why}")
        assert "--out" in ended.err


def test_a_file_open_in_excel(lifecircle, small_study, monkeypatch):
    assert lifecircle("run", small_study, "-q").status == DONE
    run = small_study.parent / "run"
    rename = Path.rename

    def locked(self, target):
        if self == run:
            raise PermissionError(13, "used by another process", str(run / "gaps.xlsx"))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", locked)
    ended = lifecircle("run", small_study, "-q")
    assert ended.status == INPUTS_WRONG
    assert ended.err == (
        "error: gaps.xlsx: is open in another program; the old run is left as it was — "
        "close it (Excel, QGIS, a browser) and run again\n"
    )
    assert (run / "gaps.xlsx").exists()


# -- runs that end well and say what is doubtful -----------------------------------------------
def test_a_service_nobody_mapped_is_no_error(lifecircle, tmp_path):
    write_town(tmp_path, services=("medical", "culture", "fitness"))
    ended = lifecircle("run", write_study(tmp_path), "-q")
    assert ended.status == DONE
    assert "warning: no facility of elder_care is in the data" in ended.err
    assert "no verdict is given" in ended.err
    assert "An elder-care facility within 15 minutes" in ended.out
    gaps = pd.read_csv(tmp_path / "run" / "tables" / "gaps.csv")
    assert set(gaps.loc[gaps["service"] == "elder_care", "reason"]) == {"no_data"}


def test_without_a_population_homes_weigh_the_same(lifecircle, tmp_path):
    write_town(tmp_path)
    ended = lifecircle("run", write_study(tmp_path, homes=None), "-q", "--out", tmp_path / "out")
    assert ended.status == DONE
    assert "warning: no population is known: 30 homes weigh the same" in ended.err
    scores = pd.read_csv(tmp_path / "out" / "tables" / "scores.csv")
    assert set(scores.loc[scores["level"] == "study", "people"]) == {30}


def test_edits_of_a_planner_are_kept_and_told(lifecircle, small_study):
    assert lifecircle("run", small_study, "-q").status == DONE
    run = small_study.parent / "run"
    (run / "tables" / "gaps.csv").write_text("my remarks", encoding="utf-8")
    ended = lifecircle("run", small_study.parent, "-q")
    assert ended.status == DONE
    kept = small_study.parent / "run.edited" / "tables" / "gaps.csv"
    assert f"kept your edits: {kept}" in ended.out
    assert kept.read_text(encoding="utf-8") == "my remarks"


def test_progress_goes_to_stderr_and_can_be_silenced(lifecircle, small_study):
    loud = lifecircle("check", small_study)
    assert [line.split()[-1] for line in loud.err.splitlines()][:2] == ["read", "streets"]
    quiet = lifecircle("check", small_study.parent, "--quiet")
    assert quiet.err == ""
    assert quiet.out == loud.out


def test_check_writes_nothing(lifecircle, small_study):
    before = sorted(small_study.parent.iterdir())
    assert lifecircle("check", small_study).status == DONE
    assert sorted(small_study.parent.iterdir()) == before


def test_check_speaks_json(lifecircle, small_study):
    ended = lifecircle("check", small_study, "--json")
    told = json.loads(ended.out)
    assert told["homes"]["people"] == 300
    assert told["facilities"]["medical"] == "medical.clinic 1"
    assert told["warnings"] == []
    assert told["study"]["name"] == "Small town"


def test_a_part_of_the_embedded_town_runs(lifecircle, tmp_path):
    path = write_study(
        tmp_path,
        study='name = "The old town"',
        area="bbox = [13.250, 53.550, 13.272, 53.562]",
        network=f'osm = "{EMBEDDED.as_posix()}"',
        communities='draw = "grid"\ncell_m = 500',
        homes="total = 5000",
        siting="max_sites = 2",
    )
    ended = lifecircle("run", path)
    assert ended.status == DONE, ended.err
    assert ended.out.startswith("The old town\n")
    assert "人口覆盖率" in ended.out
    assert "run" in ended.out.rstrip().splitlines()[-1]
    run = tmp_path / "run"
    record = json.loads((run / "run.json").read_text(encoding="utf-8"))
    assert record["study"]["network"]["osm"] == "neubrandenburg.osm.pbf"
    assert str(EMBEDDED.parent) not in json.dumps(record)
    (source,) = record["sources"]
    assert source["licence"] == "ODbL"
    assert len(source["sha256"]) == 64
    people = pd.read_csv(run / "tables" / "index.csv").query("level == 'study'")["people"]
    assert people.iloc[0] == pytest.approx(5000, abs=0.1)


# -- standards ---------------------------------------------------------------------------------
def test_standards_lists_what_is_packaged(lifecircle):
    ended = lifecircle("standards", "--lang", "en")
    names = [line.split()[0] for line in ended.out.splitlines()]
    assert names == list(packaged_standards())
    assert {"basic", "gb50180", "zhejiang"} <= set(names)


def test_a_standard_is_shown_number_by_number_with_its_clauses(lifecircle):
    ended = lifecircle("standards", "zhejiang", "--lang", "en")
    assert ended.status == DONE
    assert re.search(r"^[!? ] medical_\w+: .*; .*\[[VCRP][^]]*\]", ended.out, re.MULTILINE)
    assert re.search(r"^! medical_circle_15: .*\[P, satisfied_by P\]", ended.out, re.MULTILINE)
    assert re.search(r"^! culture_circle_15: .*\[V, counts V, types P\]", ended.out, re.MULTILINE)
    assert "9 C corroborated, needs check" in ended.out
    assert "! = not read in the printed text" in ended.out
    assert lifecircle("standards", "atlantis").status == INPUTS_WRONG


# -- the files of an embedded study ------------------------------------------------------------
def test_files_are_never_copied_into_what_is_there(lifecircle, tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    for target in (tmp_path, tmp_path / "mine.txt"):
        ended = lifecircle("demo", "--files", target)
        assert ended.status == INPUTS_WRONG
        assert "there is something there already" in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_files_are_those_the_study_came_with_but_not_its_study_file(lifecircle, tmp_path):
    for language, name in (("zh", "lanpu"), ("en", "neubrandenburg")):
        ended = lifecircle("demo", "--lang", language, "--files", tmp_path / name)
        assert ended.status == DONE
        given = embedded(name)
        wanted = {path.relative_to(given) for path in given.rglob("*")} - {Path("study.toml")}
        found = {path.relative_to(tmp_path / name) for path in (tmp_path / name).rglob("*")}
        assert found == wanted
        count = len(list((tmp_path / name).iterdir()))
        assert ended.out.startswith(f"{count} files in ")


# -- the demo, once ----------------------------------------------------------------------------
def test_the_demo_prints_what_it_found(demo_folder):
    page = (demo_folder.parent / "stdout.txt").read_text(encoding="utf-8")
    lines = page.splitlines()
    assert lines[0] == "Neubrandenburg"
    assert "63,437 people" in lines[1]
    assert str(demo_folder / "map.html") in lines[-1]
    assert re.search(r"\d+ gaps", page)
    assert re.search(r"\d+ sites", page)
    said = (demo_folder.parent / "stderr.txt").read_text(encoding="utf-8")
    assert "345 m" in said
    assert "isochrones" in said


def test_the_demo_writes_every_file_and_column(demo_folder):
    found = {p.relative_to(demo_folder).as_posix() for p in demo_folder.rglob("*") if p.is_file()}
    assert found == FILES
    for name in (*HEADS, "projects", "programme"):
        rows = pd.read_csv(demo_folder / "tables" / f"{name}.csv")
        assert ",".join(rows.columns) == HEADS.get(name, ",".join(getattr(tables, name.upper())))
        assert len(rows) > 0
    layers = {name for name, kind in pyogrio.list_layers(demo_folder / "results.gpkg") if kind}
    assert layers >= LAYERS


def test_the_demo_loses_nobody_and_adds_up(demo_folder):
    scores = pd.read_csv(demo_folder / "tables" / "scores.csv")
    homes = pd.read_parquet(demo_folder / "tables" / "homes.parquet")
    assert homes["people"].sum() == pytest.approx(63437, abs=1e-6)
    study = scores[scores["level"] == "study"].set_index("requirement")
    assert (study["people"] == 63437).all()
    parts = scores[scores["level"] == "community"].groupby("requirement")[["people", "covered"]]
    outside = homes.loc[homes["community_id"].isna(), "people"].sum()
    assert (parts.sum()["people"] + outside - study["people"]).abs().max() < 2
    for service in ("medical", "culture", "fitness", "elder_care"):
        assert study.loc[f"{service}_5", "share"] <= study.loc[f"{service}_15", "share"]
        near = homes[f"{service}_15_s"] <= 900
        assert study.loc[f"{service}_15", "covered"] == pytest.approx(
            homes.loc[near, "people"].sum(), abs=0.1
        )


def quantile(walks, people, part):
    """The walk that this part of the people do not exceed; none where that person has none."""
    rows = sorted(zip(walks.fillna(np.inf), people, strict=True))
    held = 0.0
    for walk, count in rows:
        held += count
        if held >= part * people.sum() * (1 - 1e-9):
            return walk
    return np.inf


def test_the_demos_measures_follow_from_its_homes(demo_folder):
    """Worked out once more from the files alone, home by home."""
    read = {
        name: pd.read_csv(demo_folder / "tables" / f"{name}.csv")
        for name in ("nearness", "equity", "coverage", "scores")
    }
    homes = pd.read_parquet(demo_folder / "tables" / "homes.parquet")
    homes = homes[homes["people"] > 0]
    parts = {"study": homes, **dict(iter(homes.groupby("community_id")))}
    near = read["nearness"].set_index(["area_id", "requirement"])
    for (area, name), row in near.iterrows():
        if area not in parts or parts[area]["people"].sum() == 0:
            continue
        people = parts[area]["people"]
        for column, part in (("median_s", 0.5), ("p90_s", 0.9)):
            walk = quantile(parts[area][f"{name}_s"], people, part)
            told = row[column] if pd.notna(row[column]) else np.inf
            assert told == pytest.approx(walk, abs=0.011), (area, name, column)
        assert not row["nearest_2_s"] < row["median_s"] - 0.011
        assert not row["nearest_3_s"] < row["nearest_2_s"] - 0.011
    equity = read["equity"][read["equity"]["level"] == "study"]
    value = equity.set_index(["requirement", "measure", "of"])["value"]
    people = homes["people"].to_numpy()
    for service in ("medical", "culture", "fitness", "elder_care"):
        name = f"{service}_15"
        walk = homes[f"{name}_s"].fillna(1800).to_numpy()
        order = np.argsort(walk)
        walk, weight = walk[order], people[order]
        # Twice the covariance of the walk with the rank of who walks it, over the mean walk.
        rank = (np.cumsum(weight) - weight / 2) / weight.sum()
        mean = np.average(walk, weights=weight)
        gini = 2 * np.average((walk - mean) * (rank - 0.5), weights=weight) / mean
        assert value[name, "gini", "all"] == pytest.approx(gini, abs=1e-4)
        left = homes.assign(left=homes["people"] * ~(homes[f"{name}_s"] <= 900))
        by = left.groupby("community_id")[["people", "left"]].sum()
        apart = (by["left"] / by["left"].sum() - by["people"] / by["people"].sum()).abs().sum() / 2
        assert value[name, "concentration", "uncovered"] == pytest.approx(apart, abs=1e-4)
    coverage = read["coverage"]
    official = coverage[coverage["official"]].set_index(["level", "area_id", "requirement"])
    scores = read["scores"].set_index(["level", "area_id", "requirement"])
    scores = scores[scores.index.get_level_values("level") != "estate"]
    assert len(official) == len(scores)
    assert (official["share"] - scores.loc[official.index, "share"]).abs().max() == 0
    wide = coverage.pivot_table(
        index=["level", "area_id", "requirement", "base"], columns="method", values="share"
    )
    assert (wide["radius"] >= wide["network"] - 0.002).all()  # walks are rounded, circles are not


def test_the_demos_programme_is_what_its_sites_promise(demo_folder):
    read = {
        name: pd.read_csv(demo_folder / "tables" / f"{name}.csv")
        for name in ("sites", "projects", "programme", "gaps")
    }
    assert 1 <= len(read["sites"]) <= 12
    assert sorted(set(read["sites"]["year"])) == [1, 2, 3]
    sums = read["programme"].groupby("project_id")["people_served"].sum()
    promised = read["sites"].set_index("project_id")["newly_covered"]
    communities = read["programme"].groupby("project_id").size()
    assert ((sums - promised).abs() <= 0.05 * (communities + 1)).all()
    assert set(read["gaps"]["project_id"].dropna()) <= set(read["projects"]["project_id"])


def test_the_demos_map_needs_no_network(demo_folder):
    page = (demo_folder / "map.html").read_text(encoding="utf-8")
    assert not re.search(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//""", page)
    packed = re.search(r'id="lc-facts">([^<]*)</script>', page)
    told = json.dumps(unpack(packed[1]), ensure_ascii=False)
    assert "© OpenStreetMap contributors" in told


def test_the_chinese_demo_goes_from_office_files_to_the_deliverables(chinese_folder):
    page = (chinese_folder.parent / "stdout.txt").read_text(encoding="utf-8")
    assert page.splitlines()[0] == "澜浦区（虚构示例）"
    assert "53,120 人" in page.splitlines()[1]
    assert "短板" in page
    assert re.search(r"选址 \d+ 处", page)
    found = {p.relative_to(chinese_folder).as_posix() for p in chinese_folder.rglob("*")}
    assert found >= FILES
    assert found >= {f"tables/{name}.csv" for name in ("needs", "provision", "horizons")}
    homes = pd.read_parquet(chinese_folder / "tables" / "homes.parquet")
    assert homes["people"].sum() == pytest.approx(53120)
    names = openpyxl.load_workbook(chinese_folder / "gaps.xlsx", read_only=True).sheetnames
    assert names[:5] == ["短板清单", "目录", "短板汇总", "措施比选", "补短板项目库"]


def test_the_demos_study_can_be_checked(lifecircle):
    ended = lifecircle("check", EMBEDDED.parent, "--json", "-q")
    assert ended.status == DONE
    told = json.loads(ended.out)
    assert told["homes"]["people"] == pytest.approx(63437)
    assert told["study"]["area_within_data"] > 0.99
    assert any("345 m" in text for text in told["warnings"])
    plain = lifecircle("check", EMBEDDED.parent / "study.toml", "-q").out
    assert "neubrandenburg.osm.pbf: " in plain
    assert "doubts\n" in plain


# -- init --------------------------------------------------------------------------------------
def test_init_writes_a_study_once_and_never_again(lifecircle, tmp_path):
    write_town(tmp_path)
    done = lifecircle("init", tmp_path)
    assert (done.status, done.err) == (DONE, "")
    assert "files used: 1" in done.out
    written = (tmp_path / "study.toml").read_text(encoding="utf-8")
    again = lifecircle("init", tmp_path)
    assert again.status == INPUTS_WRONG
    assert "there is a study file already" in again.err
    assert "Traceback" not in again.err
    assert (tmp_path / "study.toml").read_text(encoding="utf-8") == written
    assert lifecircle("check", tmp_path, "-q").status == DONE


# -- two runs ----------------------------------------------------------------------------------
def test_two_runs_are_compared_and_what_cannot_be_is_readable(lifecircle, toy_findings, tmp_path):
    toy_findings.save(tmp_path / "run")
    out = tmp_path / "changes"
    ended = lifecircle("compare", tmp_path / "run", tmp_path / "run", "--out", out, "--lang", "zh")
    assert ended.status == 0, ended.err
    assert "两次评价结果一致" in ended.out
    assert (out / "changes.csv").exists()
    other = tmp_path / "other"
    Study.toytown(standard="gb50180").run().save(other)
    refused = lifecircle("compare", tmp_path / "run", other, "--out", out)
    assert refused.status == INPUTS_WRONG
    assert "--across-standards" in refused.err
    assert "Traceback" not in refused.err
    across = lifecircle("compare", tmp_path / "run", other, "--out", out, "--across-standards")
    assert across.status == 0, across.err
    assert "different standards" in across.out
    nowhere = lifecircle("compare", tmp_path / "run", tmp_path / "nowhere")
    assert nowhere.status == INPUTS_WRONG
    assert "there is no such folder" in nowhere.err
