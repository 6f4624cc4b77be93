"""A table of bodies: bad ones first, then what each row means."""

from __future__ import annotations

import pytest

from lifecircle.errors import InputError
from lifecircle.sources.records.bodies import read_bodies
from lifecircle.standards import load_standard
from lifecircle.tables.bodies import BODIES
from tests.sources.planner_files import heard, is_balanced
from tests.sources.sheet_making import book

HEAD = ["设施类型", "街道", "牵头单位", "配合单位", "运营主体"]
BASIC = load_standard("basic")


def read(path, **how):
    with heard() as said:
        bodies, source = read_bodies(path, BASIC, **how)
    assert is_balanced(source)
    return bodies, source, [str(one) for one in said]


# -- bad input ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("head", "lacks"), [(["牵头单位", "配合单位"], "of types"), (["设施类型", "街道"], "of bodies")]
)
def test_a_table_without_its_columns_is_refused_with_those_found(tmp_path, head, lacks):
    with pytest.raises(InputError, match=lacks):
        read_bodies(book(tmp_path, [head, ["文化活动站", "区文旅局"]]), BASIC)


def test_unknown_types_are_named_and_left_out(tmp_path):
    rows = [
        ["篮球公园", "", "甲局"],
        ["文化活动站", "", "乙局"],
        ["文化活动站、篮球公园", "", "丙局"],
    ]
    bodies, source, said = read(book(tmp_path, [HEAD, *rows]))
    assert bodies.table["lead"].tolist() == ["乙局"]
    assert (source.rows_used, source.rows_doubtful) == (1, 2)
    assert any("'篮球公园'" in text and "row 2, 4" in text for text in said)


def test_rows_without_a_body_are_left_out(tmp_path):
    bodies, source, said = read(
        book(tmp_path, [HEAD, ["文化活动站", "东门街道", None, None, None]])
    )
    assert len(bodies) == 0
    assert tuple(bodies.table.columns) == BODIES
    assert source.rows_doubtful == 1
    assert any("name no body" in text for text in said)


def test_of_repeated_rows_the_first_holds_and_a_different_one_is_told(tmp_path):
    rows = [
        ["文化活动站", "", "甲局", "街道"],
        ["文化活动站", "", "甲局", "街道"],
        ["文化活动站", "", "乙局", "街道"],
        ["文化活动站", "东门街道", "丙局", None],
    ]
    bodies, source, said = read(book(tmp_path, [HEAD, *rows]))
    assert bodies.table["lead"].tolist() == ["甲局", "丙局"]
    assert (source.rows_used, source.rows_doubtful) == (3, 1)
    told = [text for text in said if "otherwise" in text]
    assert len(told) == 1
    assert "row 4" in told[0]


# -- what rows mean ----------------------------------------------------------------------------
def test_a_gbk_file_and_columns_of_other_names_are_read(tmp_path):
    path = tmp_path / "责任主体.csv"
    path.write_text("服务类别,责任主体\n医疗卫生,区卫健局\n", encoding="gb18030")
    bodies, _, said = read(path)
    assert bodies.of("lead", "medical.station", "medical", None) == "区卫健局"
    assert not said
    named = tmp_path / "own.csv"
    named.write_text("甲,乙\n医疗卫生,区卫健局\n", encoding="utf-8")
    bodies, *_ = read(named, columns={"type": "甲", "lead": "乙"})
    assert len(bodies) == 1


@pytest.mark.parametrize(
    ("word", "kind", "service"),
    [
        ("medical.station", "medical.station", "medical"),
        ("社区卫生服务站", "medical.station", "medical"),
        (" 社区卫生服务站 ", "medical.station", "medical"),
        ("村卫生室", "medical.station", "medical"),
        ("养老服务", None, "elder_care"),
        ("体育", None, "fitness"),
        ("其他", None, None),
        ("全部设施", None, None),
    ],
)
def test_what_a_row_names(tmp_path, word, kind, service):
    bodies, *_ = read(book(tmp_path, [HEAD, [word, "", "甲局"]]))
    assert bodies.table[["type", "service"]].values.tolist() == [[kind, service]]


def test_one_cell_may_name_several(tmp_path):
    bodies, source, _ = read(book(tmp_path, [HEAD, ["文化活动站、社区卫生服务站", "", "甲局"]]))
    assert bodies.table["type"].tolist() == ["culture.station", "medical.station"]
    assert source.rows_used == 1


def test_the_table_is_looked_up_from_the_narrowest_row_on(tmp_path):
    rows = [
        ["其他", "", "丁局", None, None],
        ["医疗卫生", "", "丙局", "街道", None],
        ["医疗卫生", "东门街道", "乙局", None, None],
        ["社区卫生服务站", "", "甲局", None, None],
    ]
    bodies, *_ = read(book(tmp_path, [HEAD, *rows]))
    asked = ("medical.station", "medical")
    assert bodies.of("lead", *asked, "东门街道") == "甲局"
    assert bodies.of("lead", "medical.center", "medical", "东门街道") == "乙局"
    assert bodies.of("cooperating", *asked, "东门街道") == "街道"
    assert bodies.of("lead", "culture.station", "culture", None) == "丁局"
    assert bodies.of("operator", *asked, None) is None
