"""CSV and Parquet: contract columns, fixed decimals, inert text, the same bytes twice."""

from __future__ import annotations

import csv
import dataclasses
import math

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from lifecircle import tables
from lifecircle.errors import SchemaError
from lifecircle.outputs.csvs import COLUMNS, in_order, inert, write_homes, write_tables

from .conftest import FORMULA, HOSTILE_COMMUNITY


def _read(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_missing_columns_are_all_named(content):
    broken = content.scores.drop(columns=["share", "verdict"])
    with pytest.raises(SchemaError) as caught:
        in_order(broken, "scores")
    assert [problem.what for problem in caught.value.problems] == [
        "column 'share' is missing",
        "column 'verdict' is missing",
    ]


def test_an_infinite_number_is_refused(content):
    broken = content.gaps.assign(nearest_s=math.inf)
    with pytest.raises(SchemaError, match="infinite"):
        in_order(broken, "gaps")


@pytest.mark.parametrize("empty", [False, True])
def test_columns_are_the_contracts(content, content_empty, tmp_path, empty):
    write_tables(content_empty if empty else content, tmp_path)
    assert not (tmp_path / "checkup.csv").exists()  # the standard is no check-up
    for table, columns in COLUMNS.items():
        if table == "checkup":
            continue
        raw = (tmp_path / f"{table}.csv").read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in raw
        header = raw.decode("utf-8-sig").split("\n")[0]
        assert header == ",".join(columns)
        quiet = ("last_round", "lacks", "handover")  # where nothing was asked
        assert (raw.count(b"\n") == 1) is (empty or table in quiet)
    assert COLUMNS["gaps"] == tables.GAPS


def test_values_are_written_with_their_decimals(content, tmp_path):
    write_tables(content, tmp_path)
    rows = {(r["area_id"], r["requirement"]): r for r in _read(tmp_path / "scores.csv")}
    # Community c1: 25 homes of 80 people, the culture house reaches 333 m in 5 minutes: 4 homes.
    row = rows["c1", "culture_5"]
    assert (row["people"], row["covered"], row["share"]) == ("2000.0", "320.0", "0.1600")
    assert (row["minutes"], row["limit_m"]) == ("5", "")
    nobody = rows["c4", "culture_5"]
    assert (nobody["people"], nobody["share"], nobody["median_s"]) == ("0.0", "", "")
    gap = next(r for r in _read(tmp_path / "gaps.csv") if r["gap_id"] == "g002")
    assert (gap["nearest_s"], gap["year"], gap["confidence"]) == ("180.00", "", "0.85")
    assert len(gap["lon"].split(".")[1]) == 6
    weak = {r["weak"] for r in _read(tmp_path / "services.csv")}
    assert weak == {"true", "false"}


def test_minus_zero_is_zero(content):
    assert str(in_order(content.sites.assign(score=-0.0), "sites")["score"][0]) == "0.0"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+86 571", "'+86 571"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "' =1"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("a\r\nb", "a  b"),
        ("a\x00b\ud800", "a\ufffdb\ufffd"),
        ("社区=A", "社区=A"),
        ("", ""),
    ],
)
def test_text_is_made_inert(text, expected):
    assert inert(text) == expected


def test_hostile_names_stay_in_their_field(content, tmp_path):
    communities = content.index.assign(area_name=FORMULA)
    write_tables(dataclasses.replace(content, index=communities), tmp_path)
    rows = _read(tmp_path / "index.csv")
    assert {row["area_name"] for row in rows} == {f"'{FORMULA}"}
    assert HOSTILE_COMMUNITY in {r["community"] for r in _read(tmp_path / "gaps.csv")}


def test_negative_numbers_are_no_text(content):
    ordered = in_order(content.sites.assign(x=-12.5), "sites")
    assert ordered["x"].tolist() == [-12.5, -12.5]


def test_row_order_does_not_matter_and_bytes_are_equal(content, tmp_path):
    shuffled = dataclasses.replace(
        content,
        **{name: getattr(content, name).iloc[::-1] for name in COLUMNS},
        homes=content.homes.sample(frac=1.0, random_state=1),
    )
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = write_tables(content, tmp_path / "a")
    second = write_tables(shuffled, tmp_path / "b")
    assert [path.name for path in first] == [path.name for path in second]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_inputs_are_unchanged(content, tmp_path):
    before = content.gaps.copy(deep=True), content.homes.copy(deep=True)
    write_tables(content, tmp_path)
    assert before[0].equals(content.gaps)
    assert before[1].equals(content.homes)


def test_homes_have_the_contracts_columns(content, tmp_path):
    frame = pd.read_parquet(write_homes(content, tmp_path / "homes.parquet"))
    walks = [
        f"{r.id}_{unit}"
        for r in content.standard.requirements
        for unit in ("s", "m", "facility_id")
    ]
    assert list(frame.columns) == [
        *("home_id", "community_id", "estate_id", "x", "y", "lon", "lat"),
        *("status", "pin_leg_m", "people", "people_60plus"),
        *walks,
        *("unit_id", "subdistrict", "county", "city"),
        *("origin", "assumed_use", "assumed_storeys", "where"),
    ]
    assert frame["people"].sum() == content.homes["people"].sum() == 3508
    first = frame.set_index("home_id").loc["h001"]
    # 200 m east and 200 m north of the station: 400 m, 360 s; CGCS2000 zone 120° E.
    assert (first["medical_5_m"], first["medical_5_s"]) == (400.0, 360.0)
    assert first["medical_5_facility_id"] == "f1"
    assert 120 < first["lon"] < 121
    assert 30 < first["lat"] < 31


def test_unreached_homes_are_missing_not_infinite(content, tmp_path):
    frame = pd.read_parquet(write_homes(content, tmp_path / "homes.parquet"))
    far = frame[frame["status"] == "far"].iloc[0]
    assert np.isnan(far["medical_15_s"])
    assert pd.isna(far["medical_15_facility_id"])


def test_empty_homes_keep_their_types(content, content_empty, tmp_path):
    full = pq.read_schema(write_homes(content, tmp_path / "full.parquet"))
    none = pq.read_table(write_homes(content_empty, tmp_path / "none.parquet"))
    assert none.num_rows == 0
    assert none.schema.equals(full)


def test_homes_lacking_a_column_are_refused(content, tmp_path):
    broken = dataclasses.replace(content, homes=content.homes.drop(columns="pin_leg_m"))
    with pytest.raises(SchemaError, match="pin_leg_m"):
        write_homes(broken, tmp_path / "homes.parquet")


def test_public_edition_writes_no_homes_and_no_small_counts(content_public, tmp_path):
    names = {path.name for path in write_tables(content_public, tmp_path)}
    assert "homes.parquet" not in names
    index = {row["area_id"]: row for row in _read(tmp_path / "index.csv")}
    assert index["c3"]["people"] == ""
    assert all(row["lon"] == row["x"] == "" for row in _read(tmp_path / "sites.csv"))
