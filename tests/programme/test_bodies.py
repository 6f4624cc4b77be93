"""Who leads, helps and runs: the planner's table before the standard's words."""

from __future__ import annotations

import pandas as pd
import pytest

from lifecircle.programme.bodies import who_does, with_bodies
from lifecircle.standards import load_standard
from lifecircle.tables.bodies import BODIES, Bodies

TYPES = {one.id: one for one in load_standard("basic").types}


def table(*rows):
    return Bodies(table=pd.DataFrame(rows, columns=list(BODIES)))


def who(*types, bodies=None, places=("东门街道", "河湾镇"), language="zh"):
    return who_does(
        [TYPES[one] for one in types],
        bodies=bodies or Bodies(),
        subdistricts=places,
        language=language,
    )


def test_an_empty_table_leaves_the_standard_s_bodies_with_the_offices_named():
    found = who("medical.station")
    assert found.lead == "卫生健康部门"
    assert found.cooperating == "东门街道办事处、河湾镇人民政府、社区"
    assert who("medical.station", places=("West",)).cooperating == "街道办事处（镇人民政府）、社区"
    assert (
        who("medical.station", places=(), language="en").lead
        == TYPES["medical.station"].lead_body_en
    )


def test_the_narrowest_row_holds_and_what_it_does_not_say_comes_from_a_wider_one():
    bodies = table(
        (None, None, None, "区政府", None, "国资公司", 2),
        (None, "medical", None, "区卫健局", "街道", None, 3),
        ("medical.station", "medical", None, None, "属地街道、社区", None, 4),
        ("medical.station", "medical", "东门街道", "东门街道办事处", None, None, 5),
    )
    assert who("medical.station", bodies=bodies) == (
        "东门街道办事处", "河湾镇人民政府、社区", "国资公司",
    )  # fmt: skip
    assert who("medical.center", bodies=bodies) == (
        "区卫健局", "东门街道办事处、河湾镇人民政府", "国资公司",
    )  # fmt: skip
    assert who("culture.station", bodies=bodies, places=()).lead == "区政府"


@pytest.mark.parametrize(
    "word", ["街道", "属地街道", "所在街道", "镇街", "街道办事处（镇人民政府）"]
)
def test_words_for_the_office_become_its_name(word):
    bodies = table((None, None, None, "甲局", word, None, 2))
    assert (
        who("medical.clinic", bodies=bodies, places=("东门街道",)).cooperating == "东门街道办事处"
    )
    # Nobody knows which: the word stays.
    assert who("medical.clinic", bodies=bodies, places=()).cooperating == word


def test_whoever_leads_does_not_help_and_nobody_is_named_twice():
    bodies = table(("medical.station", "medical", None, "甲局、乙局", "乙局，丙局；丙局", None, 2))
    found = who("medical.station", "medical.station", bodies=bodies)
    assert (found.lead, found.cooperating) == ("甲局、乙局", "丙局")


def test_a_link_has_bodies_of_its_own():
    assert who().lead == "街道办事处（镇人民政府）"
    assert who().operator is None


def test_every_gap_has_its_own_body_whatever_project_answers_it():
    gaps = pd.DataFrame(
        {
            "requirement": ["medical_15", "elder_care_5", "medical_15"],
            "service": ["medical", "elder_care", "medical"],
            "subdistrict": ["东门街道", None, "河湾镇"],
        },
        index=[4, 2, 9],
    )
    bodies = table((None, "medical", "河湾镇", "区卫健局", None, None, 2))
    told = with_bodies(gaps, load_standard("basic"), bodies=bodies, language="zh")
    assert told.index.tolist() == [4, 2, 9]
    assert told["lead_body"].str.startswith("卫生健康部门").tolist() == [True, False, False]
    assert told["lead_body"][2].startswith("民政部门")
    assert "区卫健局" in told["lead_body"][9]
    assert "lead_body" not in gaps
    assert with_bodies(gaps[:0], load_standard("basic"), bodies=bodies, language="en").empty
