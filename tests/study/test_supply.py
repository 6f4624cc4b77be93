"""Sizes of a whole study: norms with rows nobody could place, and gaps of size beside others."""

from __future__ import annotations

import pandas as pd
import pytest

from lifecircle import tables
from lifecircle.standards import Evidence, Norm
from lifecircle.study.placing import Placing
from lifecircle.study.supply import sizes_of_study, with_size_gaps

pytestmark = pytest.mark.filterwarnings("ignore:sizes are known for under")

PROOF = (Evidence(field="at_least", clause="5.1", source="lifecircle", tag="P"),)
FLOOR = Norm(
    id="medical_floor",
    service="medical",
    label_zh="用房",
    label_en="Rooms",
    types=("medical.station", "medical.center"),
    measure="floor_m2",
    at_least=500.0,
    per=1000.0,
    evidence=PROOF,
)


@pytest.fixture
def sized(toy_findings):
    results = toy_findings.results
    standard = results.standard.model_copy(update={"norms": (FLOOR,)})

    def made(*, lost=(), complete=("medical",), people_known=True):
        to_place = pd.DataFrame(
            {
                "services": ["medical"] * len(lost),
                "community": list(lost),
                "lon": float("nan"),
                "status": None,
            }
        )
        sizes = sizes_of_study(
            standard,
            results.reaches,
            results.waist,
            results.levels,
            Placing(to_place=to_place) if lost else Placing(),
            complete=complete,
            lost_shares={},
            people_known=people_known,
        )
        gaps = with_size_gaps(
            results.gaps,
            sizes,
            standard,
            results.reaches,
            results.waist,
            results.levels,
            language="en",
        )
        return sizes, gaps

    return made


def verdicts(sizes):
    mine = sizes.norms[sizes.norms["level"] == "community"]
    return mine.set_index("area_id")["verdict"].to_dict()


def test_the_toy_towns_floor(sized, toy_findings):
    # 1,040 people need 520 m² and have 1,700; 864 need 432 and have 150; 184 need 92 and have none.
    sizes, gaps = sized()
    assert verdicts(sizes) == {"c1": "met", "c2": "short", "c3": "short", "c4": "empty"}
    mine = gaps.table[gaps.table["kind"] == "size"].set_index("community_id")
    assert set(mine.index) == {"c2", "c3"}
    assert mine.loc["c2", "people_short"] == pytest.approx(864 * (1 - 150 / 432))
    assert mine["remedy"].to_dict() == {"c2": "extend", "c3": "new"}
    before = toy_findings.results.gaps.table
    rest = gaps.table[gaps.table["kind"] != "size"]
    assert sorted(rest["gap_id"]) == sorted(before["gap_id"])
    assert tuple(gaps.table.columns) == tables.GAPS


def test_a_row_nobody_could_place_leaves_its_community_open(sized):
    sizes, gaps = sized(lost=["南岸社区", "不知道"])
    assert sizes.listing.lost_rows == {"medical": {"c2": 1, "": 1}}
    assert verdicts(sizes)["c2"] == "unknown"
    assert verdicts(sizes)["c3"] == "short"
    assert "c2" not in set(gaps.table.loc[gaps.table["kind"] == "size", "community_id"])


def test_an_incomplete_list_changes_nothing(sized, toy_findings):
    _, gaps = sized(complete=())
    assert gaps is toy_findings.results.gaps


def test_homes_are_no_people(sized):
    sizes, _ = sized(people_known=False)
    assert len(sizes.supply) == len(sizes.loads) == 0
    assert set(verdicts(sizes).values()) <= {"unknown", "empty"}
