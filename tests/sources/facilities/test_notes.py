"""What notes, names and hours say of a facility, and what they leave open."""

from __future__ import annotations

import pytest

from lifecircle.sources.facilities.notes import Said, open_days, read_name_notes, read_note


@pytest.mark.parametrize(
    "note", [None, "", "  ", "产权未办", "符合规划", "与党群中心合用", "建设中心大院内"]
)
def test_what_says_nothing_of_status_or_audience(note):
    assert read_note(note) == Said()


@pytest.mark.parametrize(
    ("note", "status"),
    [
        ("已关停", "closed"),
        ("暂停营业，房屋收回", "closed"),
        ("已注销", "closed"),
        ("2024年11月起停业", "closed"),
        ("闲置", "closed"),
        ("在建，预计2027年投用", "building"),
        ("尚未投用", "building"),
        ("装修中", "building"),
        ("规划待建", "planned"),
        ("规划", "planned"),
        ("已立项未开工", "planned"),
        ("开发商承诺配建", "promised"),
        ("计划2026年关闭", "existing"),
        ("恢复营业", "existing"),
        ("已建成投用", "existing"),
        ("原址已拆除", None),
        ("已迁建", None),
    ],
)
def test_the_status_of_a_note(note, status):
    said = read_note(note)
    assert said.status == status
    assert said.status_words in note
    assert bool(said.status_words) == (status is not None)


@pytest.mark.parametrize(
    ("note", "open_to"),
    [
        ("业主专用", "residents"),
        ("小区会所内，仅限业主使用", "residents"),
        ("内部使用", "members"),
        ("仅限本单位职工", "members"),
        ("不对外开放", "members"),
        ("免费向市民开放", "anyone"),
        ("对外开放", "anyone"),
    ],
)
def test_the_audience_of_a_note(note, open_to):
    assert read_note(note).open_to == open_to


def test_former_and_new_names_are_found_and_a_former_site_is_no_name():
    assert read_note("更名为临江社区卫生服务站").aliases == ("临江社区卫生服务站",)
    assert read_note("原横浦文化站，2023年更名").aliases == ("横浦文化站",)
    assert read_note("原址重建").aliases == ()


def test_a_name_says_for_whom_it_is_and_its_brackets_whether_it_exists():
    assert read_name_notes("望澜里业主会所健康小屋").open_to == "residents"
    assert read_name_notes("澜浦纺织有限公司健身房").open_to == "members"
    assert read_name_notes("临江健身中心（暂停营业）").status == "closed"
    assert read_name_notes("停业街卫生站").status is None
    assert read_name_notes("玉泉公司职工医院") == Said()
    assert read_name_notes(None) == Said()


@pytest.mark.parametrize(
    ("hours", "days"),
    [
        (None, (None, None)),
        ("8:30-17:00", (None, None)),
        ("周一至周五 8:30-17:00", (True, False)),
        ("工作日", (True, False)),
        ("每天 6:00-21:00", (True, True)),
        ("周二至周日 9:00-17:00（周一闭馆）", (True, True)),
        ("周末开放", (False, True)),
        ("8:00-17:00，节假日休息", (True, False)),
        ("Mo-Su 08:00-20:00", (True, True)),
        ("Mo-Fr 08:00-17:00", (True, False)),
    ],
)
def test_days_of_opening_hours(hours, days):
    assert open_days(hours) == days
