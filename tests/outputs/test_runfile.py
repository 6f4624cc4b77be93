"""run.json: what went in and out, without a single absolute path."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path, PureWindowsPath

import numpy as np
import pytest

from lifecircle.outputs.runfile import write_run


def _write(content, folder, **study):
    (folder / "tables").mkdir(exist_ok=True)
    made = folder / "tables" / "a.csv"
    made.write_bytes(b"a")
    path = write_run(
        content,
        folder / "run.json",
        study=study,
        seeds={"siting": 7},
        timings_s={"reach": 1.23456},
        files=[made],
    )
    return json.loads(path.read_text(encoding="utf-8")), path


def test_a_missing_file_is_not_passed_over(content, tmp_path):
    with pytest.raises(OSError, match=r"gone\.csv"):
        write_run(
            content,
            tmp_path / "run.json",
            study={},
            seeds={},
            timings_s={},
            files=[tmp_path / "gone.csv"],
        )


def test_record_names_sources_counts_and_files(content, tmp_path):
    record, _ = _write(content, tmp_path)
    assert record["files"] == {"tables/a.csv": hashlib.sha256(b"a").hexdigest()}
    assert record["counts"]["gaps"] == len(content.gaps)
    assert record["sources"][0]["sha256"] == "0" * 64
    assert record["timings_s"] == {"reach": 1.235}
    assert record["standard"]["name"] == content.standard.name
    assert record["warnings"] == list(content.warnings)


def test_no_absolute_path_is_written(content, tmp_path):
    record, path = _write(
        content,
        tmp_path,
        osm=tmp_path / "in" / "town.osm.pbf",
        dem=Path("/somewhere/else/dem.tif"),
        old="/var/data/old.gpkg",
        office=PureWindowsPath("C:/plan/人口.xlsx"),
        listed=[r"D:\plan\poi.csv", "data/poi.csv", "和平/南湖"],
        share=np.float64(0.5),
        unknown=float("nan"),
    )
    assert record["study"] == {
        "osm": "in/town.osm.pbf",
        "dem": "dem.tif",
        "old": "old.gpkg",
        "office": "人口.xlsx",
        "listed": ["poi.csv", "data/poi.csv", "和平/南湖"],
        "share": 0.5,
        "unknown": None,
    }
    assert str(tmp_path) not in path.read_text(encoding="utf-8")


def test_public_record_counts_no_homes(content_public, tmp_path):
    record, _ = _write(content_public, tmp_path)
    assert record["counts"]["homes"] == 0
