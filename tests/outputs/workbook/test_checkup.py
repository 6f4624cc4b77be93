from dataclasses import replace

import pandas as pd
import pytest

from lifecircle.outputs.csvs import write_tables
from lifecircle.outputs.names import Names
from lifecircle.outputs.release import released
from lifecircle.outputs.workbook.checkup import checkup_sheet
from lifecircle.standards import load_standard
from lifecircle.tables import CHECKUP

ROWS = [
    ("park_5", "study", "people", "network", False, 0.75, 150.0, 200.0, "met"),
    ("park_5", "community", "people", "network", False, 0.95, 95.0, 100.0, "met"),
    ("park_5", "community", "residential_land", "network", True, 0.5, 5.0, 10.0, "met"),
    ("elder_each", "study", "community", "count", True, 3.0, 7.0, 10.0, "short"),
    ("market_10", "study", "people", "network", False, None, None, 200.0, "unknown"),
]


@pytest.fixture
def checked(content):
    table = pd.DataFrame(
        [
            dict.fromkeys(CHECKUP)
            | {
                "indicator": indicator,
                "label": f"=label of {indicator}",
                "level": level,
                "area_id": level,
                "area_name": "Town",
                "value": value,
                "unit": "areas_lacking" if method == "count" else "share",
                "base": base,
                "method": method,
                "official": official,
                "covered": covered,
                "total": total,
                "verdict": verdict,
            }
            for indicator, level, base, method, official, value, covered, total, verdict in ROWS
        ],
        columns=list(CHECKUP),
    )
    return replace(content, standard=load_standard("tdt1063"), checkup=table)


def test_another_standard_has_neither_sheet_nor_file(content, tmp_path):
    assert checkup_sheet(content, Names.of(content)) is None
    write_tables(content, tmp_path)
    assert not (tmp_path / "checkup.csv").exists()


def test_the_whole_area_comes_first(checked):
    sheet = checkup_sheet(checked, Names.of(checked))
    whole, parts = sheet.blocks
    assert (len(whole.rows), len(parts.rows)) == (3, 2)
    for block in sheet.blocks:
        assert all(len(row) == len(block.fields) for row in block.rows)
    values = [row[3] for row in whole.rows]
    assert sorted(value for value in values if value is not None) == [0.75, 3.0]
    assert [row[7] for row in parts.rows] == [False, True]


def test_the_file_is_written_and_inert(checked, tmp_path):
    write_tables(checked, tmp_path)
    lines = (tmp_path / "checkup.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == ",".join(CHECKUP)
    assert len(lines) == 1 + len(ROWS)
    assert "'=label of park_5" in lines[1]


def test_a_public_edition_tells_of_no_few_people(checked):
    shown = released(replace(checked, release="public")).checkup
    kept = shown.set_index(["level", "base"])
    # 5 of 100 people are not covered: neither share nor count may tell.
    assert kept.loc[("community", "people"), ["value", "covered"]].isna().all()
    assert kept.loc[("community", "people"), "total"] == 100
    assert kept.loc[("community", "residential_land"), "value"] == 0.5
    assert kept.loc[("study", "community"), "value"] == 3.0
    assert checked.checkup["value"].notna().sum() == 4
