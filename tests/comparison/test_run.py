"""A folder that is compared: what is refused, and what is read from it."""

from __future__ import annotations

import dataclasses
import json
import shutil
import sqlite3
from contextlib import closing

import pandas as pd
import pytest

from lifecircle.comparison import compare_runs, read_run, run_of
from lifecircle.errors import SourceError
from lifecircle.provenance import sha256_of
from lifecircle.study.save import save_run
from lifecircle.study.stages import Stages


@pytest.fixture(scope="module")
def saved(toy_findings, tmp_path_factory):
    out = tmp_path_factory.mktemp("saved") / "run"
    toy_findings.save(out)
    return out


@pytest.fixture
def run(saved, tmp_path):
    return shutil.copytree(saved, tmp_path / "run")


def change_record(run, change):
    record = json.loads((run / "run.json").read_text(encoding="utf-8"))
    change(record)
    (run / "run.json").write_text(json.dumps(record), encoding="utf-8")


# -- what is refused ---------------------------------------------------------------------------
def test_a_folder_that_is_not_there_or_no_run(tmp_path):
    with pytest.raises(SourceError, match="there is no such folder"):
        read_run(tmp_path / "nowhere")
    with pytest.raises(SourceError, match=r"is no run: it holds no run\.json"):
        read_run(tmp_path)
    (tmp_path / "run.json").write_text("[1, 2]")
    with pytest.raises(SourceError, match="not the record of a run"):
        read_run(tmp_path)


def test_every_missing_or_edited_file_is_told_at_once(run):
    (run / "tables" / "gaps.csv").unlink()
    with (run / "tables" / "scores.csv").open("a") as stream:
        stream.write("community,c9\n")
    with pytest.raises(SourceError) as caught:
        read_run(run)
    told = str(caught.value)
    assert "gaps.csv: is missing" in told
    assert "scores.csv: was changed after the run was written" in told


def test_edited_homes_are_refused(run):
    (run / "tables" / "homes.parquet").write_bytes(b"PAR1")
    with pytest.raises(SourceError, match=r"homes\.parquet: was changed"):
        read_run(run)


@pytest.mark.parametrize("key", ["standard", "crs"])
def test_a_record_of_another_version_is_told(run, key):
    change_record(run, lambda record: record.pop(key))
    with pytest.raises(SourceError, match="another version of lifecircle"):
        read_run(run)


def test_a_standard_nobody_knows_is_told(run):
    change_record(run, lambda record: record["standard"].update(colour="red"))
    with pytest.raises(SourceError, match="another version of lifecircle"):
        read_run(run)


def test_a_table_of_another_version_is_told(run):
    path = run / "tables" / "index.csv"
    table = pd.read_csv(path, dtype=str).drop(columns="grade")
    table.to_csv(path, index=False, encoding="utf-8-sig")
    change_record(run, lambda record: record["files"].update({"tables/index.csv": sha256_of(path)}))
    with pytest.raises(SourceError, match="lacks grade"):
        read_run(run)


def test_a_geopackage_a_gis_has_opened_is_read_and_told(run):
    with closing(sqlite3.connect(run / "results.gpkg")) as base:
        base.execute("UPDATE layer_styles SET description = 'seen'")
        base.commit()
    assert "results.gpkg was changed" in read_run(run).warnings[0]


def test_layers_of_other_communities_are_refused(run):
    with closing(sqlite3.connect(run / "results.gpkg")) as base:
        base.execute("DROP TRIGGER IF EXISTS rtree_communities_geom_update1")
        for (name,) in base.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            base.execute(f'DROP TRIGGER "{name}"')
        base.execute("UPDATE communities SET community_id = 'c9' WHERE community_id = 'c1'")
        base.commit()
    with pytest.raises(SourceError, match="communities of the layers are not those"):
        read_run(run)


# -- what is read ------------------------------------------------------------------------------
def test_a_saved_run_is_the_run_in_memory(saved, toy_findings):
    found = compare_runs(read_run(saved), run_of(toy_findings.content))
    assert len(found.changes) == 0
    assert found.notes == ()
    assert set(found.gaps["state"]) == {"stays"}


def test_texts_made_harmless_for_spreadsheets_are_read_as_they_were(run):
    path = run / "tables" / "scores.csv"
    text = path.read_text(encoding="utf-8-sig").replace("北岸社区", "'=北岸社区")
    path.write_text(text, encoding="utf-8-sig")
    change_record(
        run, lambda record: record["files"].update({"tables/scores.csv": sha256_of(path)})
    )
    assert "=北岸社区" in set(read_run(run).scores["area_name"])


def test_numbers_are_numbers_and_texts_are_texts(saved):
    run = read_run(saved)
    assert run.scores["share"].dtype == float
    assert run.scores["share"].isna().any()  # nobody lives in c4
    assert all(isinstance(one, str) for one in run.scores["area_id"])
    assert run.homes.crs == run.crs
    assert len(run.homes) == 18


def test_a_public_run_is_read_without_homes(toy_findings, saved, tmp_path):
    public = dataclasses.replace(toy_findings.content, release="public")
    save_run(public, tmp_path / "public", study={}, seeds={}, stages=Stages())
    run = read_run(tmp_path / "public")
    assert run.homes is None
    found = compare_runs(run, read_run(saved))
    assert "no homes were saved" in found.notes[0]
    assert found.changes["by_people"].isna().all()
    assert len(compare_runs(run, run).changes) == 0  # what is held back in both does not differ
