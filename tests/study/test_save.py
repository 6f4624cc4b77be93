"""A run's folder: what is in it, how it takes its place, what is never lost."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path, PurePosixPath, PureWindowsPath

import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest

from lifecircle import tables
from lifecircle.errors import SourceError
from lifecircle.outputs.swap import repair
from lifecircle.provenance import sha256_of
from lifecircle.study import Study
from lifecircle.study.save import save_run
from lifecircle.study.stages import Stages
from tests.small_town import write_study, write_town
from tests.toytown_answers import REQUIREMENTS

FILES = {
    "map.html",
    "report.docx",
    "gaps.xlsx",
    "results.gpkg",
    "run.json",
    "run.log",
    "tables/scores.csv",
    "tables/services.csv",
    "tables/index.csv",
    "tables/gaps.csv",
    "tables/sites.csv",
    "tables/projects.csv",
    "tables/programme.csv",
    "tables/community_programme.csv",
    "tables/coverage.csv",
    "tables/nearness.csv",
    "tables/equity.csv",
    "tables/needs.csv",
    "tables/norms.csv",
    "tables/supply.csv",
    "tables/loads.csv",
    "tables/units.csv",
    "tables/unit_services.csv",
    "tables/advice.csv",
    "tables/robustness.csv",
    "tables/remedies.csv",
    "tables/lacks.csv",
    "tables/last_round.csv",
    "tables/handover.csv",
    "tables/curve.csv",
    "tables/alternatives.csv",
    "tables/frequency.csv",
    "tables/wishes.csv",
    "tables/after.csv",
    "tables/homes.parquet",
}
# The contract, typed out once more: a change of a table must be meant.
HEADS = {
    "scores": "level,area_id,area_name,service,requirement,minutes,limit_m,profile,group,"
    "obligation,people,covered,share,target_share,verdict,median_s,facilities,supply,robust",
    "services": "level,area_id,area_name,service,minutes,coverage,adequacy,count_rule,score,weak",
    "index": "level,area_id,area_name,people,minutes,index,grade,weakest_service,gaps",
    "gaps": "gap_id,community_id,community,subdistrict,unit_id,service,requirement,obligation,"
    "minutes,limit_m,group,kind,reason,reasons,people,people_short,missing_m,nearest_s,"
    "nearest_facility_id,existing,required,remedy,site_id,project_id,priority,year,clause,"
    "confidence,robust,lon,lat,lacking,evidence,closes,lead_body,cooperating_body",
    "sites": "site_id,parcel_id,kind,services,types,year,x,y,lon,lat,area_m2,floor_m2,"
    "newly_covered,conforms,project_id,score,cost_wan,sentence,chosen_in,"
    "outdoor_m2,capacity,over_people",
    "coverage": "level,area_id,area_name,service,requirement,base,method,total,covered,share,"
    "official,known",
    "nearness": "level,area_id,area_name,service,requirement,group,people,median_s,p90_s,"
    "nearest_2_s,nearest_3_s,within",
    "equity": "level,area_id,area_name,service,requirement,measure,of,against,value,of_value,"
    "against_value,of_people,against_people,note",
    "robustness": "level,area_id,area_name,requirement,verdict,kept,share_low,share_high,tips,"
    "speed_tip",
}
LAYERS = {
    "communities",
    "homes",
    "facilities",
    "streets",
    "isochrones",
    "facility_areas",
    "gaps",
    "parcels",
    "sites",
}


def files_of(folder):
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def texts_within(value):
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from texts_within(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts_within(item)
    elif isinstance(value, str):
        yield value


@pytest.fixture
def save(toy_findings, monkeypatch):
    """Save the toy town with hollow files: the swap does not care what is in them."""
    for name in ("save_map", "write_workbook", "write_geopackage"):
        monkeypatch.setattr(
            f"lifecircle.study.save.{name}",
            lambda content, path: path.write_text(content.title, encoding="utf-8"),
        )

    def saved(out: Path, *, title: str = "Toytown") -> tuple[Path, ...]:
        named = dataclasses.replace(toy_findings.content, title=title)
        return save_run(named, out, study={}, seeds={}, stages=Stages())

    return saved


@pytest.fixture
def run(toy_folder, tmp_path):
    """A run of its own for a test to spoil."""
    return Path(shutil.copytree(toy_folder, tmp_path / "run"))


# -- what is refused ---------------------------------------------------------------------------
def test_a_file_is_no_folder(save, tmp_path):
    out = tmp_path / "notes.txt"
    out.write_text("mine")
    with pytest.raises(SourceError, match=r"notes\.txt: is a file, not a folder — .*--out"):
        save(out)
    assert out.read_text() == "mine"
    assert files_of(tmp_path) == {"notes.txt"}


@pytest.mark.parametrize("record", [None, "no json", "[]", '{"name": "a package"}'])
def test_a_folder_that_is_no_run_is_left_alone(save, tmp_path, record):
    out = tmp_path / "holiday"
    out.mkdir()
    (out / "photo.jpg").write_text("mine")
    if record is not None:
        (out / "run.json").write_text(record)
    before = files_of(tmp_path)
    with pytest.raises(SourceError, match="holiday: holds files that are not a run; nothing was"):
        save(out)
    assert files_of(tmp_path) == before


def test_a_folder_called_previous_that_is_no_run_is_left_alone(save, run):
    mine = run.with_name("run.previous")
    mine.mkdir()
    (mine / "thesis.docx").write_text("mine")
    with pytest.raises(SourceError, match=r"run\.previous: holds files that are not a run"):
        save(run)
    assert (mine / "thesis.docx").read_text() == "mine"


def test_a_folder_nobody_may_write_to_is_told(save, tmp_path, monkeypatch):
    def refuse(self, *args, **kwargs):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(SourceError, match=r"out\.new: cannot be written \(Permission denied\)"):
        save(tmp_path / "out")


# -- the swap ----------------------------------------------------------------------------------
def test_an_empty_or_new_folder_takes_a_run(save, tmp_path):
    (tmp_path / "empty").mkdir()
    for out in (tmp_path / "empty", tmp_path / "deep" / "new"):
        assert save(out) == ()
        assert files_of(out) == FILES
        assert [p.name for p in out.parent.iterdir() if p.name.startswith(f"{out.name}.")] in (
            [],
            [f"{out.name}.previous"],
        )


def test_the_run_before_becomes_previous_and_the_one_before_that_goes(save, run):
    first = (run / "run.json").read_bytes()
    save(run, title="second")
    assert (run.with_name("run.previous") / "run.json").read_bytes() == first
    save(run, title="third")
    titles = {
        folder.name: json.loads((folder / "run.json").read_text(encoding="utf-8"))["title"]
        for folder in run.parent.iterdir()
    }
    assert titles == {"run": "third", "run.previous": "second"}


def test_the_folder_one_stands_in_can_be_named_by_a_dot(save, run, monkeypatch):
    monkeypatch.chdir(run)
    save(Path(), title="here")
    record = json.loads((run / "run.json").read_text(encoding="utf-8"))
    assert record["title"] == "here"
    assert run.with_name("run.previous").is_dir()


def test_a_swap_cut_off_after_the_first_step_is_finished(run):
    """The old run stands aside, the new one is whole: the new one takes its place."""
    shutil.copytree(run, run.with_name("run.new"))
    (run / "which").write_text("old")
    run.rename(run.with_name("run.previous"))
    repair(run)
    assert files_of(run) == FILES
    assert (run.with_name("run.previous") / "which").exists()
    assert not run.with_name("run.new").exists()


def test_a_swap_whose_new_run_is_not_whole_is_undone(save, run):
    """The record is written last; without it the old run comes back."""
    fresh = run.with_name("run.new")
    (fresh / "tables").mkdir(parents=True)
    (fresh / "tables" / "scores.csv").write_text("half")
    before = (run / "run.json").read_bytes()
    run.rename(run.with_name("run.previous"))
    repair(run)
    assert (run / "run.json").read_bytes() == before
    assert not run.with_name("run.previous").exists()
    save(run, title="next")
    assert not fresh.exists()
    assert files_of(run) == FILES


def test_repair_touches_nothing_where_nothing_was_cut_off(run, tmp_path):
    before = files_of(tmp_path)
    repair(run)
    repair(tmp_path / "never")
    assert files_of(tmp_path) == before


@pytest.mark.parametrize("step", ["old run away", "new run in"])
def test_a_file_open_elsewhere_leaves_the_old_run(save, run, monkeypatch, step):
    rename = Path.rename
    before = (run / "run.json").read_bytes()
    locked = run / "gaps.xlsx"

    def refuse(self, target):
        moving = "old run away" if self == run else "new run in"
        if moving == step and self.name != "run.previous":
            raise PermissionError(13, "The process cannot access the file", str(locked))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(SourceError) as caught:
        save(run, title="new")
    assert str(caught.value) == (
        "gaps.xlsx: is open in another program; the old run is left as it was — "
        "close it (Excel, QGIS, a browser) and run again"
    )
    assert (run / "run.json").read_bytes() == before
    monkeypatch.undo()
    save(run, title="new")
    assert json.loads((run / "run.json").read_text(encoding="utf-8"))["title"] == "new"


# -- what a planner edited ---------------------------------------------------------------------
def test_edited_and_added_files_are_kept_beside_the_run(save, run):
    (run / "tables" / "gaps.csv").write_text("my remarks", encoding="utf-8")
    (run / "notes.docx").write_text("my notes", encoding="utf-8")
    (run / "~$gaps.xlsx").write_text("a lock of Excel's", encoding="utf-8")
    edited = run.with_name("run.edited")
    assert save(run) == (edited / "notes.docx", edited / "tables" / "gaps.csv")
    assert (edited / "tables" / "gaps.csv").read_text(encoding="utf-8") == "my remarks"
    assert files_of(edited) == {"notes.docx", "tables/gaps.csv"}
    assert (run / "tables" / "gaps.csv").read_text(encoding="utf-8") != "my remarks"


def test_a_kept_edit_is_never_replaced(save, run):
    for text in ("first", "second", "third"):
        (run / "gaps.xlsx").write_text(text, encoding="utf-8")
        save(run)
    kept = {p.name: p.read_text(encoding="utf-8") for p in run.with_name("run.edited").iterdir()}
    assert kept == {"gaps.xlsx": "first", "gaps-2.xlsx": "second", "gaps-3.xlsx": "third"}


def test_a_run_nobody_edited_keeps_nothing(save, run):
    assert save(run) == ()
    assert not run.with_name("run.edited").exists()


# -- what is in the folder ---------------------------------------------------------------------
def test_a_run_holds_the_files_it_promises(toy_folder):
    assert files_of(toy_folder) == FILES


@pytest.mark.parametrize("table", [*HEADS, "projects", "programme"])
def test_tables_have_the_columns_of_the_contract(toy_folder, table):
    content = (toy_folder / "tables" / f"{table}.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    head = content.decode("utf-8-sig").split("\n", 1)[0]
    assert head == HEADS.get(table, ",".join(getattr(tables, table.upper())))
    assert content.count(b"\n") > 1


def test_homes_have_the_columns_of_the_contract(toy_folder):
    table = pq.read_table(toy_folder / "tables" / "homes.parquet")
    head = ["home_id", "community_id", "estate_id", "x", "y", "lon", "lat", "status"]
    head += ["pin_leg_m", "people"]
    walks = [f"{one}_{what}" for one in REQUIREMENTS for what in ("s", "m", "facility_id")]
    assert table.column_names[:10] == head
    assert table.column_names[10:12] == ["people_0_3", "people_60plus"]
    where = ["unit_id", "subdistrict", "county", "city"]
    assert set(table.column_names[12:-8]) == set(walks)
    origin = ["origin", "assumed_use", "assumed_storeys", "where"]
    assert table.column_names[-8:] == [*where, *origin]
    homes = table.to_pandas()
    assert (homes.filter(regex="_(s|m)$").to_numpy(dtype=float) >= 0).any()
    assert not (homes.filter(regex="_(s|m)$").to_numpy(dtype=float) < 0).any()
    assert homes.loc[homes["home_id"] == "h18", "medical_15_s"].isna().all()


def test_layers_are_those_of_the_contract(toy_folder, toy_findings):
    package = toy_folder / "results.gpkg"
    found = {name for name, kind in pyogrio.list_layers(package) if kind}
    assert found >= LAYERS
    for name in LAYERS:
        assert pyogrio.read_info(package, layer=name)["crs"] == toy_findings.inputs.crs.to_string()


def test_exactly_one_of_minutes_and_metres_is_set(toy_folder):
    for name in ("scores", "gaps"):
        rows = pd.read_csv(toy_folder / "tables" / f"{name}.csv")
        assert (rows["minutes"].isna() != rows["limit_m"].isna()).all()


def test_the_same_inputs_give_the_same_bytes(toy_folder, tmp_path):
    again = tmp_path / "again"
    Study.toytown().run().save(again)
    assert len(list((toy_folder / "tables").iterdir())) == sum(
        one.startswith("tables/") for one in FILES
    )
    for name in FILES - {"run.json", "run.log"}:
        assert (again / name).read_bytes() == (toy_folder / name).read_bytes(), name
    records = [json.loads((one / "run.json").read_text("utf-8")) for one in (toy_folder, again)]
    for record in records:
        del record["timings_s"]
    assert records[0] == records[1]


def test_a_public_run_holds_no_homes(toy_findings, tmp_path):
    public = dataclasses.replace(toy_findings.content, release="public")
    save_run(public, tmp_path / "out", study={}, seeds={}, stages=Stages())
    assert files_of(tmp_path / "out") == FILES - {"tables/homes.parquet"}
    layers = {name for name, _ in pyogrio.list_layers(tmp_path / "out" / "results.gpkg")}
    assert "communities" in layers
    assert not layers & {"homes", "parcels"}


# -- the record --------------------------------------------------------------------------------
def test_the_record_tells_what_went_in_and_how_long_it_took(toy_folder, toy_findings):
    record = json.loads((toy_folder / "run.json").read_text(encoding="utf-8"))
    assert {"lifecircle", "numpy", "geopandas", "highspy"} <= set(record["versions"])
    assert record["versions"]["numpy"].count(".") >= 1
    assert record["study"]["study"]["name"] == "Toytown"
    assert record["study"]["siting"]["max_sites"] == 12
    assert record["standard"]["name"] == "basic"
    assert record["seeds"] == {"siting": 0, "robustness": 0}
    assert record["robustness"]["draws"] == 200
    stages = ["streets", "communities", "facilities", "homes", "units", "reach", "access"]
    stages += ["robustness", "sizes", "gaps", "provision", "land", "ways", "siting", "remedies"]
    stages += ["programme", "choice", "isochrones", "measures", "entries", "tables", "map"]
    stages += ["workbook", "layers", "report", "exports"]
    assert list(record["timings_s"]) == stages
    assert all(seconds >= 0 for seconds in record["timings_s"].values())
    assert record["warnings"] == list(toy_findings.warnings)
    assert any("212" in text or "200 m" in text for text in record["warnings"])
    assert [one["name"] for one in record["sources"]] == ["toytown"]


def test_the_record_counts_what_the_tables_hold(toy_folder):
    record = json.loads((toy_folder / "run.json").read_text(encoding="utf-8"))
    for name in (*HEADS, "projects", "programme"):
        assert record["counts"][name] == len(pd.read_csv(toy_folder / "tables" / f"{name}.csv"))
    assert record["counts"]["homes"] == 18
    assert record["counts"]["communities"] == 4


def test_the_record_knows_every_file_by_its_sha256(toy_folder):
    record = json.loads((toy_folder / "run.json").read_text(encoding="utf-8"))
    assert set(record["files"]) == FILES - {"run.json", "run.log"}
    for name, digest in record["files"].items():
        assert digest == sha256_of(toy_folder / name)


def test_nothing_tells_where_it_was_run(toy_folder):
    record = json.loads((toy_folder / "run.json").read_text(encoding="utf-8"))
    for text in texts_within(record):
        assert not PurePosixPath(text).is_absolute(), text
        assert not PureWindowsPath(text).is_absolute(), text
    for name in ("run.json", "run.log", "map.html"):
        assert str(toy_folder.parent) not in (toy_folder / name).read_text(encoding="utf-8")
        assert str(Path.home()) not in (toy_folder / name).read_text(encoding="utf-8")


def test_the_log_names_stages_and_warnings(toy_folder, toy_findings):
    lines = (toy_folder / "run.log").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "Toytown"
    assert lines[1].startswith("streets: ")
    told = [f"warning: {text}" for text in toy_findings.warnings]
    assert len(told) > 1
    assert lines[-len(told) :] == told


def test_sheets_are_printed_where_the_study_asks(tmp_path):
    write_town(tmp_path)
    asked = '[sheets]\ndraw = ["cards"]\nformats = ["png"]\ndpi = 50\nnumber = "T-"\n'
    found = Study.load(write_study(tmp_path, asked)).run()
    found.save(tmp_path / "out")
    drawn = sorted(path.name for path in (tmp_path / "out/sheets").iterdir())
    assert drawn == [f"cards-{n + 1:02d}.png" for n in range(len(found.communities))]
    record = json.loads((tmp_path / "out/run.json").read_text(encoding="utf-8"))
    assert "sheets" in record["timings_s"]
