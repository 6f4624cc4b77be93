"""The table of an annual check-up, worked by hand."""

import numpy as np
import pandas as pd
import pytest

from lifecircle.access.checkup import checkup_table
from lifecircle.standards import load_standard
from lifecircle.tables import CHECKUP, NORMS, SCORES

TDT1063 = load_standard("tdt1063")
MOHURD = load_standard("mohurd_check")


def scores(*rows):
    """Level, requirement, people, covered, verdict."""
    return pd.DataFrame(
        [
            dict.fromkeys(SCORES)
            | {
                "level": level,
                "area_id": level,
                "area_name": f"The {level}",
                "requirement": name,
                "people": people,
                "covered": covered,
                "share": covered / people,
                "verdict": verdict,
            }
            for level, name, people, covered, verdict in rows
        ],
        columns=list(SCORES),
    )


PEOPLE = scores(
    ("estate", "park_5", 10.0, 10.0, "met"),
    ("community", "park_5", 100.0, 40.0, "short"),
    ("study", "park_5", 200.0, 150.0, "met"),
    ("study", "market_10", 200.0, 0.0, "unknown"),
    ("study", "fire_5", 200.0, 100.0, "short"),
)


def test_another_standard_has_no_table():
    table = checkup_table(load_standard("basic"), PEOPLE)
    assert (len(table), list(table.columns)) == (0, list(CHECKUP))


def test_columns_also_without_rows():
    table = checkup_table(TDT1063, PEOPLE.iloc[:0])
    assert (len(table), list(table.columns)) == (0, list(CHECKUP))


def test_people_along_the_network():
    before = PEOPLE.copy()
    table = checkup_table(TDT1063, PEOPLE, language="zh").set_index(["level", "indicator"])
    assert list(table.index.get_level_values("level")) == ["community", *["study"] * 3]
    row = table.loc[("study", "park_5")]
    assert (row["value"], row["covered"], row["total"]) == (0.75, 150.0, 200.0)
    assert (row["unit"], row["base"], row["method"]) == ("share", "people", "network")
    assert row["label"] == "公园绿地、广场步行5分钟覆盖率"
    assert (row["clause"], row["tag"]) == ("TD/T 1063-2021 体检指标", "V")
    assert not table["official"].any()  # the edition takes residential land
    assert before.equals(PEOPLE)


def test_what_cannot_be_judged_has_no_value():
    table = checkup_table(TDT1063, PEOPLE).set_index("indicator")
    row = table.loc["market_10"]
    assert np.isnan(row["value"])
    assert np.isnan(row["covered"])
    assert (row["total"], row["verdict"]) == (200.0, "unknown")


def test_the_official_base_is_marked_and_nothing_is_told_twice():
    coverage = pd.DataFrame(
        [
            ("study", "study", "Town", name, base, method, 8.0, 2.0, 0.25)
            for name in ("park_5", "fire_5", "market_10")
            for base, method in (
                ("people", "network"),
                ("people", "radius"),
                ("residential_land", "network"),
                ("residential_land", "radius"),
                ("floor_area", "network"),
            )
        ],
        columns=[
            *("level", "area_id", "area_name", "requirement", "base", "method"),
            *("total", "covered", "share"),
        ],
    )
    table = checkup_table(TDT1063, PEOPLE[PEOPLE["level"] == "study"], coverage=coverage)
    assert not table.duplicated(["level", "area_id", "indicator", "base", "method"]).any()
    assert len(table) == 3 * 5
    marked = table[table["official"]].set_index("indicator")
    assert sorted(marked.index) == ["market_10", "park_5"]  # the base of fire was not read
    assert set(marked["base"] + marked["method"]) == {"residential_landnetwork"}
    assert marked.loc["park_5", "value"] == 0.25
    assert np.isnan(marked.loc["market_10", "value"])


def test_what_communities_lack_is_counted():
    norms = pd.DataFrame(
        [
            dict.fromkeys(NORMS)
            | {
                "level": "study",
                "area_id": "study",
                "area_name": "Town",
                "norm": name,
                "have": 9.0,
                "need": 10.0,
                "share": share,
                "short_by": short_by,
                "verdict": verdict,
            }
            for name, share, short_by, verdict in (
                ("elder_each", 0.7, 3.0, "short"),
                ("nursery_each", np.nan, np.nan, "unknown"),
            )
        ],
        columns=list(NORMS),
    )
    table = checkup_table(MOHURD, scores(), norms=norms).set_index("indicator")
    row = table.loc["elder_each"]
    assert (row["value"], row["unit"], row["base"]) == (3.0, "areas_lacking", "community")
    assert (row["covered"], row["total"], row["method"]) == (7.0, 10.0, "count")
    assert (bool(row["official"]), row["tag"]) == (True, "R")
    assert np.isnan(table.loc["nursery_each", "value"])
    assert table.loc["nursery_each", "verdict"] == "unknown"


@pytest.mark.parametrize("standard", [TDT1063, MOHURD])
def test_every_indicator_has_a_clause_and_a_tag(standard):
    rows = scores(*(("study", one.id, 10.0, 5.0, "short") for one in standard.requirements))
    table = checkup_table(standard, rows)
    assert table["clause"].notna().all()
    assert set(table["tag"]) <= {"V", "R", "P"}
