"""Headers of groups: any ages, some words, and no shares."""

from __future__ import annotations

import pytest

from lifecircle.sources.people.groups import asked_groups, group_of, groups_among, nested_groups


@pytest.mark.parametrize(
    "header",
    [
        *("", "60岁及以上占比", "老龄化率", "60岁以上比重(%)", "平均年龄", "0-3岁占比", "年龄"),
        *("60岁", "3-3岁", "6-3岁", "户籍人口", "人口", "社区", None, 60, "2020-2025", "1-3"),
    ],
)
def test_what_counts_no_group(header):
    assert group_of(header) is None


@pytest.mark.parametrize(
    ("header", "group"),
    [
        ("60岁及以上", "60plus"),
        ("６５岁以上人口", "65plus"),
        ("80周岁及以上老年人数", "80plus"),
        ("其中：60岁及以上人口（人）", "60plus"),
        ("≥60岁", "60plus"),
        ("60+", "60plus"),
        ("0-3岁", "0_3"),
        ("3~6岁儿童数", "3_6"),
        ("0—14周岁", "0_14"),
        ("7至12岁学生", "7_12"),
        ("3岁以下", "0_3"),
        ("18岁及以下", "0_18"),
        ("老年人口", "60plus"),
        ("婴幼儿数", "0_3"),
        ("残疾人数", "disabled"),
        ("残疾人", "disabled"),
        ("失能老人", "dependent"),
        ("独居老人数", "alone"),
        ("低保人员", "low_income"),
        ("people_80plus", "80plus"),
        ("PEOPLE_low_income", "low_income"),
    ],
)
def test_what_counts_a_group(header, group):
    assert group_of(header) == group


def test_the_first_column_of_a_group_counts_and_none_that_means_something_else():
    headers = ["老年人口", "60岁及以上", "残疾人", "80岁以上"]
    assert groups_among(headers, ["残疾人", "people_80plus"]) == {"people_60plus": "老年人口"}


def test_groups_a_planner_asks_for():
    columns = {"people_carers": "护工", "people": "人口", "people_": "x", "people_A": "y"}
    assert asked_groups(columns) == {"people_carers": ("people_carers",)}
    assert asked_groups(None) == {}


def test_ages_within_ages():
    groups = ["60plus", "65plus", "80plus", "0_3", "3_6", "0_6", "disabled"]
    assert nested_groups(groups) == [
        *(("0_3", "0_6"), ("3_6", "0_6")),
        *(("65plus", "60plus"), ("80plus", "60plus"), ("80plus", "65plus")),
    ]
