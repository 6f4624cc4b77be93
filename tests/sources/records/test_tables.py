"""Residents' answers, earlier projects and opinions, joined to communities by name."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from lifecircle.errors import InputError
from lifecircle.sources.people.community_names import match_names, named_in
from lifecircle.sources.records.tables import (
    needs_by_community,
    read_answers,
    read_opinions,
    read_projects,
)
from tests.sources.planner_files import heard, is_balanced
from tests.sources.sheet_making import book

COMMUNITIES = gpd.GeoDataFrame(
    {"community_id": ["1", "2", "3"], "name": ["东街社区居委会", "塘湾村", "塘湾社区"]},
    geometry=[shapely.box(at, 0, at + 1, 1) for at in range(3)],
    crs="EPSG:4326",
)


def test_tables_without_their_main_column_are_refused(tmp_path):
    path = book(tmp_path, [["甲", "乙"], ["1", "2"]])
    for read in (read_answers, read_projects, read_opinions):
        with pytest.raises(InputError):
            read(path, COMMUNITIES)


def test_names_are_matched_whole_or_by_stem_and_never_guessed():
    names = COMMUNITIES["name"].tolist()
    assert match_names(["东街", "塘湾", "塘湾村委会", "塘湾社区", None], names).tolist() == [
        *(0, -1, 1, 2, -1)
    ]
    assert match_names(["二轻新村"], ["二轻社区", "二轻新村社区"]).tolist() == [1]
    assert named_in("建议塘湾村增设步行桥", names) == 1
    assert named_in("全区", names) == -1


def test_answers_are_split_ranked_and_counted(tmp_path):
    path = book(
        tmp_path,
        [
            [
                "问卷编号",
                "社区",
                "年龄段",
                "最需要的设施(多选;)",
                "满意度(1-5)",
                "步行可接受(分钟)",
            ],
            [1, "东街", "36-59", "养老服务/助餐点;托育", 2, "不超过10"],
            [2, "东街社区", "60-79", "托育", 4, "15分钟"],
            [3, "北街", "60-79", "托育", 9, "5"],
            [3, "塘湾村", "60-79", "停车；托育", None, "5"],
        ],
    )
    with heard() as said:
        record = read_answers(path, COMMUNITIES)
    assert record.table["community_id"].tolist() == ["1", "1", None, "2"]
    assert record.table["minutes"].tolist() == [10, 15, 5, 5]
    assert record.table["satisfaction"].isna().tolist() == [False, False, True, True]
    assert (record.source.rows_used, record.source.rows_doubtful) == (3, 1)
    assert is_balanced(record.source)
    assert any("share a number" in one for one in said)
    assert any("name no community of the study (北街)" in one for one in said)
    needs = needs_by_community(record.table).set_index("community_id")
    assert needs.loc["1"].tolist() == [2, 3.0, "托育 2; 养老服务/助餐点 1"]


def test_projects_have_states_and_money_and_tell_doubles(tmp_path):
    path = book(
        tmp_path,
        [
            ["编号", "项目", "社区", "类型", "年度", "责任主体", "投资", "状态"],
            ["P1", "东街社区卫生站", "东街社区", "医疗", 2024, "卫健局", 700.5, "在建"],
            ["P2", "塘湾村礼堂", None, "文化", 2025, "镇", "0.1亿元", "已完成"],
            ["P3", "塘湾村礼堂", "塘湾村", "文化", 2025, "镇", 5, "取消"],
            ["P4", "某处", "开发区", "文化", 2025, "镇", 5, "搁置了"],
        ],
    )
    with heard() as said:
        record = read_projects(path, COMMUNITIES)
    assert record.table["status"].tolist() == ["building", "done", "cancelled", None]
    assert record.table["cost_wan"].tolist() == [700.5, 1000, 5, 5]
    assert record.table["community_id"].tolist() == ["1", "2", "2", None]
    assert (record.source.rows_in, record.source.rows_doubtful) == (4, 1)
    for what in ("state nobody knows", "repeat the name", "cancelled", "开发区"):
        assert any(what in one for one in said)


@pytest.mark.parametrize(
    ("title", "column", "cost"),
    [("单位：亿元", "投资", 2e4), ("名录", "总投资(亿元)", 2e4), ("单位：亿元", "投资(万元)", 2)],
)
def test_money_is_in_the_unit_that_is_said(tmp_path, title, column, cost):
    rows = [["项目", "社区", column, "状态"], ["甲", "东街社区", 2, "在建"]]
    with heard():
        record = read_projects(book(tmp_path, [[title, None, None, None], *rows]), COMMUNITIES)
    assert record.table["cost_wan"].tolist() == [cost]


def test_an_opinion_on_the_whole_area_is_used(tmp_path):
    path = book(
        tmp_path,
        [
            ["单位", "条目", "意见", "涉及社区"],
            ["教育局", "1.1", "建议塘湾村增设步行桥", None],
            ["财政局", "1.2", "原则同意", "全区"],
            ["财政局", "1.3", "原则同意", "北街社区"],
        ],
    )
    with heard():
        record = read_opinions(path, COMMUNITIES)
    assert record.table["community_id"].tolist() == ["2", None, None]
    assert (record.source.rows_used, record.source.rows_doubtful) == (2, 1)
